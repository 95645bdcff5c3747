import { describe, expect, it } from 'vitest'
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from './consumer-protocol.ts'
import { assignRange } from './range-assignor.ts'

const member = (memberId: string, topics: string[], instanceId: string | null = null) => ({
  memberId,
  topics,
  instanceId,
})
const print = (assignments: ReturnType<typeof assignRange>): Record<string, string> =>
  Object.fromEntries(
    [...assignments].map(([id, list]) => [
      id,
      list.map(({ topic, partition }) => `${topic}${partition}`).join(' '),
    ]),
  )

describe('range assignment', () => {
  it('gives each member neighbouring partitions, the first ones one more', () => {
    const members = [member('b', ['t']), member('a', ['t']), member('c', ['t'])]
    expect(print(assignRange(members, new Map([['t', 7]])))).toEqual({
      a: 't0 t1 t2',
      b: 't3 t4',
      c: 't5 t6',
    })
  })

  it('shares a topic among its subscribers only', () => {
    const members = [member('a', ['t', 'u']), member('b', ['u'])]
    const counts = new Map([
      ['t', 2],
      ['u', 2],
      ['nobody', 3],
    ])
    expect(print(assignRange(members, counts))).toEqual({ a: 't0 t1 u0', b: 'u1' })
  })

  it('leaves members without a partition when there are too few, or no topic', () => {
    const members = [member('a', ['t']), member('b', ['t', 'gone'])]
    expect(print(assignRange(members, new Map([['t', 1]])))).toEqual({ a: 't0', b: '' })
  })

  it('orders members with an instance id by that, before the others', () => {
    const members = [member('a', ['t']), member('z', ['t'], 'i1'), member('y', ['t'], 'i2')]
    expect(print(assignRange(members, new Map([['t', 3]])))).toEqual({ z: 't0', y: 't1', a: 't2' })
  })
})

describe('the consumer protocol', () => {
  it('carries subscriptions and assignments', () => {
    expect(decodeSubscription(encodeSubscription(['a', 'b']))).toEqual(['a', 'b'])
    const partitions = [
      { topic: 'a', partition: 1 },
      { topic: 'b', partition: 0 },
      { topic: 'a', partition: 3 },
    ]
    expect(decodeAssignment(encodeAssignment(partitions))).toEqual([
      partitions[0],
      partitions[2],
      partitions[1],
    ])
    expect(decodeAssignment(Buffer.alloc(0))).toEqual([])
  })

  it('is read whichever version it claims, as far as it is needed, and refused when malformed', () => {
    const future = Buffer.concat([encodeSubscription(['a']), Buffer.alloc(20)])
    const shorter = encodeSubscription(['a']).subarray(0, -4)
    for (const bytes of [future, shorter])
      for (const version of [-1, 0, 1, 3, 9]) {
        const claiming = Buffer.from(bytes)
        claiming.writeInt16BE(version, 0)
        expect(decodeSubscription(claiming)).toEqual(['a'])
      }
    expect(() => decodeAssignment(Buffer.from([0, 1, 0, 0, 0, 9]))).toThrow(
      'the assignment of a group member is malformed',
    )
  })
})
