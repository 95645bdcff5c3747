import { describe, expect, test } from 'vitest'
import type { ErrorName } from '../../../protocol/error-codes.ts'
import { commitOf, fetch, heartbeat, joinOf, leave, MachineBench, offsetOf, stable } from './machine-bench.ts'

const DAY_MS = 24 * 3_600_000

describe('F8: commits', () => {
  const cases: [string, (bench: MachineBench) => Parameters<typeof commitOf>[0], ErrorName][] = [
    ['from outside into a group that is not there', () => ({}), 'NONE'],
    ['from outside with a member id', () => ({ memberId: 'x' }), 'NONE'],
    ['from a generation of a group that is not there', () => ({ generation: 1 }), 'GROUP_ID_NOT_FOUND'],
    [
      'from outside into a stable group',
      (bench) => ({ memberId: stable(bench).memberId.slice(0, 0) }),
      'UNKNOWN_MEMBER_ID',
    ],
    [
      'from a member that names no generation',
      (bench) => ({ memberId: stable(bench).memberId }),
      'ILLEGAL_GENERATION',
    ],
    [
      'from another generation',
      (bench) => ({ memberId: stable(bench).memberId, generation: 9 }),
      'ILLEGAL_GENERATION',
    ],
    [
      'from a stranger',
      (bench) => ({ memberId: `${stable(bench).memberId}x`, generation: 1 }),
      'UNKNOWN_MEMBER_ID',
    ],
    [
      'before the assignment',
      (bench) => ({ memberId: bench.ask<'join'>(joinOf()).memberId, generation: 1 }),
      'REBALANCE_IN_PROGRESS',
    ],
    ['from a stable member', (bench) => ({ memberId: stable(bench).memberId, generation: 1 }), 'NONE'],
    [
      'while others are waited for',
      (bench) => {
        const { memberId } = stable(bench)
        bench.send(joinOf())
        return { memberId, generation: 1 }
      },
      'NONE',
    ],
    [
      'with a generation into an empty group',
      (bench) => {
        bench.ask<'commit'>(commitOf())
        return { generation: 0 }
      },
      'UNKNOWN_MEMBER_ID',
    ],
    [
      'from an unknown instance',
      (bench) => ({ memberId: stable(bench).memberId, generation: 1, instanceId: 'i' }),
      'UNKNOWN_MEMBER_ID',
    ],
  ]
  test.each(cases)('F8: %s', (_name, change, error) => {
    const bench = new MachineBench()
    expect(bench.ask<'commit'>(commitOf(change(bench))).errors).toEqual([error])
  })

  test('F8: metadata over the limit is refused alone, counted as Java counts', () => {
    const bench = new MachineBench()
    const offsets = [
      offsetOf(0, 1, { metadata: 'm'.repeat(4097) }),
      offsetOf(1, 2, { metadata: 'é'.repeat(4096) }),
    ]
    expect(bench.ask<'commit'>(commitOf({ offsets })).errors).toEqual(['OFFSET_METADATA_TOO_LARGE', 'NONE'])
    expect(bench.ask<'fetch-offsets'>(fetch()).topics[0]!.partitions).toMatchObject([{ partition: 1 }])
  })

  test('F8: a commit of nothing leaves no group behind', () => {
    const bench = new MachineBench()
    bench.ask<'commit'>(commitOf({ offsets: [] }))
    expect(bench.machine.groups.size).toBe(0)
  })
})

describe('F9, F10: fetching offsets', () => {
  test('F9: nothing committed is -1 and no error, also in a group that is not there', () => {
    const topics = [{ topic: 't', partitions: [0, 7] }]
    const none = { offset: -1, leaderEpoch: -1, metadata: '', error: 'NONE' }
    expect(new MachineBench().ask<'fetch-offsets'>({ ...fetch(), topics }).topics).toEqual([
      {
        topic: 't',
        partitions: [
          { partition: 0, ...none },
          { partition: 7, ...none },
        ],
      },
    ])
    expect(new MachineBench().ask<'fetch-offsets'>(fetch()).topics).toEqual([])
  })

  test('F10: what was committed comes back as it was', () => {
    const bench = new MachineBench()
    const offsets = [
      offsetOf(3, 2 ** 40, { leaderEpoch: 7, metadata: 'né\u0000' }),
      offsetOf(1, -5, { topic: 'u' }),
    ]
    bench.ask<'commit'>(commitOf({ offsets }))
    expect(bench.ask<'fetch-offsets'>(fetch()).topics).toEqual([
      {
        topic: 't',
        partitions: [{ partition: 3, offset: 2 ** 40, leaderEpoch: 7, metadata: 'né\u0000', error: 'NONE' }],
      },
      {
        topic: 'u',
        partitions: [{ partition: 1, offset: -5, leaderEpoch: -1, metadata: '', error: 'NONE' }],
      },
    ])
  })

  test('F9: offsets of an open transaction are unstable, then count, or never did', () => {
    const bench = new MachineBench()
    const inTransaction = (producerId: number, partition: number) => ({
      kind: 'transactional-commit' as const,
      groupId: 'g',
      producerId,
      producerEpoch: 0,
      generation: -1,
      memberId: '',
      instanceId: null,
      offsets: [offsetOf(partition, 100 + partition)],
    })
    bench.ask<'commit'>(commitOf())
    expect(bench.ask<'transactional-commit'>(inTransaction(1, 0)).errors).toEqual(['NONE'])
    bench.ask<'transactional-commit'>(inTransaction(2, 1))
    expect(bench.ask<'fetch-offsets'>(fetch(true)).topics[0]!.partitions).toMatchObject([
      { partition: 0, offset: -1, error: 'UNSTABLE_OFFSET_COMMIT' },
      { partition: 1, offset: -1, error: 'UNSTABLE_OFFSET_COMMIT' },
    ])
    expect(bench.ask<'fetch-offsets'>(fetch(false)).topics[0]!.partitions).toMatchObject([
      { partition: 0, offset: 5, error: 'NONE' },
    ])
    bench.machine.endTransaction(1, true)
    bench.machine.endTransaction(2, false)
    expect(bench.ask<'fetch-offsets'>(fetch(true)).topics[0]!.partitions).toMatchObject([
      { partition: 0, offset: 100, error: 'NONE' },
    ])
  })

  test('F9: a plain commit after a transactional one is not undone by its marker', () => {
    const bench = new MachineBench()
    bench.ask<'transactional-commit'>({
      kind: 'transactional-commit',
      groupId: 'g',
      producerId: 1,
      producerEpoch: 0,
      generation: -1,
      memberId: '',
      instanceId: null,
      offsets: [offsetOf(0, 100)],
    })
    bench.ask<'commit'>(commitOf({ offsets: [offsetOf(0, 200)] }))
    bench.machine.endTransaction(1, true)
    expect(bench.ask<'fetch-offsets'>(fetch()).topics[0]!.partitions[0]!.offset).toBe(200)
  })
})

describe('F13: retention', () => {
  test('F13: offsets go seven days after the group emptied, and the group with them', () => {
    const bench = new MachineBench()
    const a = stable(bench)
    bench.ask<'commit'>(commitOf({ memberId: a.memberId, generation: 1 }))
    for (let day = 0; day < 8; day++) {
      for (let hour = 0; hour < 24 * 720; hour++) {
        bench.advance(5_000)
        bench.ask<'heartbeat'>(heartbeat(a.memberId, 1))
      }
    }
    expect(bench.ask<'fetch-offsets'>(fetch()).topics.length).toBe(1)
    bench.ask<'leave'>(leave({ memberId: a.memberId }))
    bench.advance(7 * DAY_MS - 600_000)
    expect(bench.ask<'fetch-offsets'>(fetch()).topics.length).toBe(1)
    bench.advance(1_200_000)
    expect(bench.machine.groups.size).toBe(0)
    expect(bench.events.slice(-2).map(({ event }) => event)).toMatchObject([
      { kind: 'offset', committed: null },
      { kind: 'group', record: null },
    ])
  })

  test('F13: a group that never had members keeps offsets seven days from each commit', () => {
    const bench = new MachineBench()
    bench.ask<'commit'>(commitOf({ offsets: [offsetOf(0, 1)] }))
    bench.advance(4 * DAY_MS)
    bench.ask<'commit'>(commitOf({ offsets: [offsetOf(1, 1)] }))
    bench.advance(3 * DAY_MS + 600_000)
    expect(bench.ask<'fetch-offsets'>(fetch()).topics[0]!.partitions).toMatchObject([{ partition: 1 }])
    bench.advance(4 * DAY_MS + 600_000)
    expect(bench.machine.groups.size).toBe(0)
  })

  test('F13: a commit with its own retention goes by that', () => {
    const bench = new MachineBench()
    bench.ask<'commit'>(commitOf({ retentionMs: 3_600_000 }))
    bench.advance(3_000_000)
    expect(bench.ask<'fetch-offsets'>(fetch()).topics.length).toBe(1)
    bench.advance(1_200_000)
    expect(bench.ask<'fetch-offsets'>(fetch()).topics.length).toBe(0)
  })

  test('F13: live consumers keep the topics they read, and no others', () => {
    const bench = new MachineBench({ offsetsRetentionMs: 60_000, offsetsRetentionCheckMs: 10_000 })
    const a = stable(bench)
    const offsets = [offsetOf(0, 1), offsetOf(0, 1, { topic: 'u' })]
    bench.ask<'commit'>(commitOf({ memberId: a.memberId, generation: 1, offsets }))
    for (let elapsedMs = 0; elapsedMs < 80_000; elapsedMs += 5_000) {
      bench.advance(5_000)
      bench.ask<'heartbeat'>(heartbeat(a.memberId, 1))
    }
    expect(bench.ask<'fetch-offsets'>(fetch()).topics.map(({ topic }) => topic)).toEqual(['t'])
  })

  test('F13: offsets of a deleted topic go with it, in every group', () => {
    const bench = new MachineBench()
    bench.ask<'commit'>(commitOf({ offsets: [offsetOf(0, 1), offsetOf(0, 2, { topic: 'u' })] }))
    bench.ask<'commit'>(commitOf({ groupId: 'h' }))
    bench.send({ kind: 'topics-deleted', topics: ['t'] })
    expect(bench.ask<'fetch-offsets'>(fetch()).topics.map(({ topic }) => topic)).toEqual(['u'])
    expect(bench.ask<'fetch-offsets'>({ ...fetch(), groupId: 'h' }).topics).toEqual([])
  })
})

describe('deleting', () => {
  const deleteOf = (topic: string, groupId = 'g') => ({
    kind: 'delete-offsets' as const,
    groupId,
    topics: [{ topic, partitions: [0, 1] }],
  })

  test('offsets of a topic that is read are kept', () => {
    const bench = new MachineBench()
    const a = stable(bench)
    const offsets = [offsetOf(0, 1), offsetOf(0, 1, { topic: 'u' })]
    bench.ask<'commit'>(commitOf({ memberId: a.memberId, generation: 1, offsets }))
    expect(bench.ask<'delete-offsets'>(deleteOf('t')).topics[0]!.partitions).toEqual([
      { partition: 0, error: 'GROUP_SUBSCRIBED_TO_TOPIC' },
      { partition: 1, error: 'GROUP_SUBSCRIBED_TO_TOPIC' },
    ])
    expect(bench.ask<'delete-offsets'>(deleteOf('u')).topics[0]!.partitions[0]!.error).toBe('NONE')
    expect(bench.ask<'fetch-offsets'>(fetch()).topics.map(({ topic }) => topic)).toEqual(['t'])
    bench.ask<'leave'>(leave({ memberId: a.memberId }))
    expect(bench.ask<'delete-offsets'>(deleteOf('t')).topics[0]!.partitions[0]!.error).toBe('NONE')
  })

  test('offsets of a live group that is not of consumers, of none, and of no name', () => {
    const bench = new MachineBench()
    stable(bench, { protocolType: 'connect' })
    expect(bench.ask<'delete-offsets'>(deleteOf('t')).error).toBe('NON_EMPTY_GROUP')
    expect(bench.ask<'delete-offsets'>(deleteOf('t', 'no')).error).toBe('GROUP_ID_NOT_FOUND')
    expect(bench.ask<'delete-offsets'>(deleteOf('t', '')).error).toBe('INVALID_GROUP_ID')
  })

  test('a group whose subscriptions can not be read is taken to read everything', () => {
    const bench = new MachineBench()
    stable(bench, { protocols: [{ name: 'range', metadata: Buffer.from([0]) }] })
    expect(bench.ask<'delete-offsets'>(deleteOf('t')).topics[0]!.partitions[0]!.error).toBe(
      'GROUP_SUBSCRIBED_TO_TOPIC',
    )
  })

  test('groups go when they are empty, with all their offsets, each name once', () => {
    const bench = new MachineBench()
    bench.ask<'commit'>(commitOf({ groupId: 'simple' }))
    stable(bench)
    const ticket = bench.send({ kind: 'delete-groups', groupIds: ['simple', 'g', 'no', 'no'] })
    expect(bench.replies.get(ticket)).toEqual({
      kind: 'delete-groups',
      groups: [
        { groupId: 'simple', error: 'NONE' },
        { groupId: 'g', error: 'NON_EMPTY_GROUP' },
        { groupId: 'no', error: 'GROUP_ID_NOT_FOUND' },
      ],
    })
    expect([...bench.machine.groups.keys()]).toEqual(['g'])
  })

  test('a group whose offsets were deleted one by one can still be deleted', () => {
    const bench = new MachineBench()
    bench.ask<'commit'>(commitOf())
    bench.ask<'delete-offsets'>(deleteOf('t'))
    const ticket = bench.send({ kind: 'delete-groups', groupIds: ['g'] })
    expect(bench.replies.get(ticket)).toMatchObject({ groups: [{ error: 'NONE' }] })
  })
})

describe('many offsets', () => {
  const COUNT = 20_000
  const partitions = Array.from({ length: COUNT }, (_, partition) => partition)

  test('of as many transactions are looked up, and deleted, one by one', () => {
    const bench = new MachineBench()
    const commit = { ...commitOf(), kind: 'transactional-commit' as const, producerEpoch: 0 }
    for (const partition of partitions)
      bench.ask<'transactional-commit'>({
        ...commit,
        producerId: partition,
        offsets: [offsetOf(partition, 1)],
      })
    const topics = [{ topic: 't', partitions }]
    const asked = { kind: 'fetch-offsets' as const, groupId: 'g', topics, requireStable: true }
    const errorsOf = () => bench.ask<'fetch-offsets'>(asked).topics[0]!.partitions.map(({ error }) => error)
    expect(new Set(errorsOf())).toEqual(new Set(['UNSTABLE_OFFSET_COMMIT']))
    bench.machine.endTransaction(1, true)
    expect(errorsOf().filter((error) => error === 'NONE')).toHaveLength(1)
    bench.send({ kind: 'delete-groups', groupIds: ['g'] })
    expect(bench.machine.groups.size).toBe(0)
    expect(bench.memory.all.usedBytes).toBe(0)
  }, 8_000)

  test('are no matter to who deletes other topics', () => {
    const bench = new MachineBench()
    for (const topic of ['t0', 't1', 't2'])
      bench.ask<'commit'>(
        commitOf({ offsets: partitions.map((partition) => offsetOf(partition, 1, { topic })) }),
      )
    const before = bench.events.length
    for (let topic = 0; topic < 5_000; topic++)
      bench.send({ kind: 'topics-deleted', topics: [`other${topic}`] })
    expect(bench.events.length).toBe(before)
    bench.send({ kind: 'topics-deleted', topics: ['t0', 't1', 't2'] })
    expect(bench.machine.groups.get('g')!.offsets.isEmpty).toBe(true)
  }, 8_000)

  test('expire some in each decision, until the pass is through', () => {
    const bench = new MachineBench()
    for (let group = 0; group < 5; group++)
      bench.ask<'commit'>(
        commitOf({
          groupId: `g${group}`,
          offsets: partitions.slice(0, 3_000).map((partition) => offsetOf(partition, 1)),
        }),
      )
    const late = { ...bench.now(), wallMs: bench.now().wallMs + 8 * DAY_MS }
    const delays: (number | null)[] = []
    const counts: number[] = []
    for (let decisions = 0; decisions < 5; decisions++) {
      const { events, timers } = bench.machine.decide({ kind: 'retention-due' }, -1, late)
      for (const event of events) bench.machine.apply(event)
      counts.push(events.length)
      delays.push(timers.find(({ key }) => key === 'retention')!.delayMs)
    }
    expect(counts).toEqual([3_000, 3_000, 3_000, 3_000, 3_000])
    expect(delays).toEqual([0, 0, 0, 0, 600_000])
    bench.machine.decide({ kind: 'retention-due' }, -1, late)
    expect([bench.machine.groups.size, bench.memory.all.usedBytes]).toEqual([0, 0])
  })
})
