import { describe, expect, it } from 'vitest'
import { ZERO_UUID } from '../../../base/uuid.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import { AdminRig, CLUSTER_ID } from './test-kit.ts'

const {
  NONE,
  BROKER_ID_NOT_REGISTERED,
  INCONSISTENT_CLUSTER_ID,
  INVALID_REQUEST,
  KAFKA_STORAGE_ERROR,
  LOG_DIR_NOT_FOUND,
  UNKNOWN_TOPIC_OR_PARTITION,
  UNSUPPORTED_VERSION,
} = ERROR_CODES

describe('client quotas', () => {
  it('are none, for whoever asks in a way that Kafka understands', async () => {
    const rig = await AdminRig.start()
    const kind = (entityType: string, matchType = 2, match: string | null = null) => ({
      entityType,
      matchType,
      match,
    })
    const cases: [number, ReturnType<typeof kind>[]][] = [
      [NONE, []],
      [NONE, [kind('user', 0, 'a'), kind('client-id', 1)]],
      [NONE, [kind('ip')]],
      [UNSUPPORTED_VERSION, [kind('nope')]],
      [INVALID_REQUEST, [kind('')]],
      [INVALID_REQUEST, [kind('user', 9, 'a')]],
      [INVALID_REQUEST, [kind('user', -1)]],
      [INVALID_REQUEST, [kind('user', 0)]],
      [INVALID_REQUEST, [kind('user', 1, 'a')]],
      [INVALID_REQUEST, [kind('user', 2, 'a')]],
      [INVALID_REQUEST, [kind('user'), kind('user')]],
      [INVALID_REQUEST, [kind('user'), kind('ip')]],
    ]
    for (const version of [0, 1])
      for (const [errorCode, components] of cases) {
        const answer = await rig.ask('DescribeClientQuotas', version, { components, strict: false })
        expect(answer).toMatchObject({ errorCode, entries: errorCode === NONE ? [] : null })
      }
  })

  it('are taken away where they are not, and given to nobody', async () => {
    const rig = await AdminRig.start()
    const of = (entityType: string, key: string, value: number, remove: boolean) => ({
      entity: [{ entityType, entityName: 'a' }],
      ops: [{ key, value, remove }],
    })
    const entries = [
      of('user', 'producer_byte_rate', 0, true),
      of('ip', 'no such', 0, true),
      { entity: [{ entityType: 'client-id', entityName: null }], ops: [] },
      of('client-id', 'producer_byte_rate', 1, false),
      of('ip', 'connection_creation_rate', 1, false),
      of('ip', 'producer_byte_rate', 1, false),
      of('user', 'producer_byte_rate', 0, false),
      of('user', 'request_percentage', Number.NaN, false),
      of('nope', 'producer_byte_rate', 1, true),
      { entity: [], ops: [] },
      { entity: ['ip', 'user'].map((entityType) => ({ entityType, entityName: 'a' })), ops: [] },
    ]
    for (const version of [0, 1])
      for (const validateOnly of [false, true]) {
        const answer = await rig.ask('AlterClientQuotas', version, { entries, validateOnly })
        expect(answer.entries.map(({ errorCode }) => errorCode)).toEqual([
          NONE,
          NONE,
          NONE,
          UNSUPPORTED_VERSION,
          UNSUPPORTED_VERSION,
          ...Array.from({ length: 6 }, () => INVALID_REQUEST),
        ])
        expect(answer.entries.map(({ entity }) => entity)).toEqual(entries.map(({ entity }) => entity))
      }
  })
})

describe('AlterReplicaLogDirs', () => {
  it('C13: leaves a partition where it lies, and puts it nowhere else', async () => {
    const rig = await AdminRig.start()
    rig.logDirectory.sizes.set('t-0', 1).set('t-1', 1)
    const dir = (path: string, ...partitions: number[]) => ({ path, topics: [{ name: 't', partitions }] })
    for (const version of [1, 2]) {
      const ask = async (...dirs: ReturnType<typeof dir>[]) => {
        const { results } = await rig.ask('AlterReplicaLogDirs', version, { dirs })
        return results.flatMap(({ topicName, partitions }) =>
          partitions.map(({ partitionIndex, errorCode }) => [`${topicName}-${partitionIndex}`, errorCode]),
        )
      }
      expect(await ask(dir('/data', 0, 7), dir('/other', 1))).toEqual([
        ['t-0', NONE],
        ['t-7', UNKNOWN_TOPIC_OR_PARTITION],
        ['t-1', LOG_DIR_NOT_FOUND],
      ])
      expect(await ask(dir('/data', 0), dir('data', 0))).toEqual([['t-0', LOG_DIR_NOT_FOUND]])
      expect(await ask()).toEqual([])
      rig.logDirectory.isBroken = true
      expect(await ask(dir('/data', 0))).toEqual([['t-0', KAFKA_STORAGE_ERROR]])
      rig.logDirectory.isBroken = false
    }
  })
})

describe('a cluster of one', () => {
  it('has no other broker to take away, and keeps its own', async () => {
    const rig = await AdminRig.start()
    const unregister = async (brokerId: number) =>
      (await rig.ask('UnregisterBroker', 0, { brokerId })).errorCode
    expect([await unregister(99), await unregister(-1)]).toEqual([
      BROKER_ID_NOT_REGISTERED,
      BROKER_ID_NOT_REGISTERED,
    ])
    expect(await unregister(1)).toBe(INVALID_REQUEST)
  })

  it('keeps its voter, and says so to those who ask this cluster', async () => {
    const rig = await AdminRig.start()
    const voter = { voterId: 9, voterDirectoryId: ZERO_UUID }
    for (const [clusterId, errorCode] of [
      [null, UNSUPPORTED_VERSION],
      [CLUSTER_ID, UNSUPPORTED_VERSION],
      ['other', INCONSISTENT_CLUSTER_ID],
    ] as const) {
      const removed = await rig.ask('RemoveRaftVoter', 0, { clusterId, ...voter })
      expect(removed.errorCode).toBe(errorCode)
      for (const version of [0, 1]) {
        const request = { clusterId, timeoutMs: 1000, ...voter, listeners: [], ackWhenCommitted: true }
        expect((await rig.ask('AddRaftVoter', version, request)).errorCode).toBe(errorCode)
      }
    }
  })
})
