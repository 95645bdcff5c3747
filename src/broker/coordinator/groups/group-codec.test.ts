import { describe, expect, test } from 'vitest'
import { type Uuid, uuidFromString, ZERO_UUID } from '../../../base/uuid.ts'
import { MalformedError } from '../../../protocol/reader.ts'
import { groupCodec } from './group-codec.ts'
import type { CommittedOffset, GroupEvent, GroupRecord } from './group-types.ts'
import { subscription } from './machine-bench.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ''), 'hex')

const committed: CommittedOffset = {
  offset: 5,
  leaderEpoch: 0,
  metadata: 'm',
  commitTimestampMs: 1795501008682,
  expireTimestampMs: -1,
  topicId: uuidFromString('RPd2yrtDQ5iGAV7mwspVcQ') as Uuid,
}

const offsetEvent = (change: Partial<CommittedOffset> = {}): GroupEvent => ({
  kind: 'offset',
  groupId: 'cp15148-st',
  topic: 'cp15148-t',
  partition: 0,
  committed: { ...committed, ...change },
})

const record: GroupRecord = {
  protocolType: 'consumer',
  generation: 7,
  protocol: 'range',
  leader: 'a-1',
  stateTimestampMs: 1795501008684,
  members: [
    {
      memberId: 'a-1',
      instanceId: 'a',
      clientId: 'client',
      clientHost: '/127.0.0.1',
      rebalanceTimeoutMs: 20_000,
      sessionTimeoutMs: 10_000,
      subscription: subscription('t'),
      assignment: Buffer.from('AA'),
    },
    {
      memberId: 'b-1',
      instanceId: null,
      clientId: '',
      clientHost: '/127.0.0.1',
      rebalanceTimeoutMs: 20_000,
      sessionTimeoutMs: 10_000,
      subscription: Buffer.alloc(0),
      assignment: Buffer.alloc(0),
    },
  ],
}

describe('groupCodec', () => {
  test('an offset is written byte for byte as Kafka 4.3.1 writes it', () => {
    const { key, value } = groupCodec.encode(offsetEvent())
    expect(key).toEqual(hex('0001 000a 637031353134382d7374 0009 637031353134382d74 00000000'))
    expect(value).toEqual(
      hex('0004 0000000000000005 00000000 02 6d 000001a20c33272a 01 00 10 44f776cabb43439886015ee6c2ca5571'),
    )
  })

  test('an empty group is written byte for byte as Kafka 4.3.1 writes it', () => {
    const empty = { protocolType: '', generation: 0, protocol: null, leader: null, members: [] }
    const { key, value } = groupCodec.encode({
      kind: 'group',
      groupId: 'cp15148-st',
      record: { ...empty, stateTimestampMs: 1795501008573 },
    })
    expect(key).toEqual(hex('0002 000a 637031353134382d7374'))
    expect(value).toEqual(hex('0003 0000 00000000 ffff ffff 000001a20c3326bd 00000000'))
  })

  test('an offset with its own expiry is written in the version that can say it', () => {
    const { value } = groupCodec.encode(offsetEvent({ expireTimestampMs: 1795504608682 }))
    expect(value).toEqual(hex('0001 0000000000000005 0001 6d 000001a20c33272a 000001a20c6a15aa'))
  })

  test.each<[string, GroupEvent]>([
    ['an offset', offsetEvent()],
    ['an offset of no known topic id', offsetEvent({ topicId: ZERO_UUID, leaderEpoch: -1, metadata: '' })],
    [
      'an offset with its own expiry',
      offsetEvent({ expireTimestampMs: 9, topicId: ZERO_UUID, leaderEpoch: -1 }),
    ],
    ['an offset tombstone', { kind: 'offset', groupId: 'g', topic: 't', partition: 9, committed: null }],
    ['a group', { kind: 'group', groupId: 'g', record }],
    ['a group tombstone', { kind: 'group', groupId: 'g', record: null }],
  ])('%s comes back as it was', (_name, event) => {
    const { key, value } = groupCodec.encode(event)
    expect(groupCodec.decode(key, value)).toEqual(event)
  })

  test('values of old brokers are read: offsets of version 0 under a key of type 0, groups of version 0', () => {
    const key = hex('0000 0001 67 0001 74 00000003')
    expect(groupCodec.decode(key, hex('0000 0000000000000009 0001 6d 0000000000000001'))).toEqual({
      kind: 'offset',
      groupId: 'g',
      topic: 't',
      partition: 3,
      committed: {
        offset: 9,
        leaderEpoch: -1,
        metadata: 'm',
        commitTimestampMs: 1,
        expireTimestampMs: -1,
        topicId: ZERO_UUID,
      },
    })
    const group = hex(
      '0000 0001 63 00000004 0001 70 0001 6c 00000001 0001 6c 0000 0000 00001770 00000000 00000000',
    )
    expect(groupCodec.decode(hex('0002 0001 67'), group)).toMatchObject({
      record: {
        generation: 4,
        stateTimestampMs: -1,
        members: [{ memberId: 'l', sessionTimeoutMs: 6000, rebalanceTimeoutMs: 6000 }],
      },
    })
  })

  test('records of other kinds of groups are passed over', () => {
    expect(groupCodec.decode(hex('0003 0001 67'), hex('0000 00000001'))).toBeNull()
    expect(groupCodec.decode(null, hex('00'))).toBeNull()
  })

  test('every truncation of a value is damage', () => {
    for (const event of [offsetEvent(), { kind: 'group', groupId: 'g', record } as const]) {
      const { key, value } = groupCodec.encode(event)
      for (let length = 0; length < value!.length; length++)
        expect(() => groupCodec.decode(key, value!.subarray(0, length))).toThrow(MalformedError)
    }
  })
})
