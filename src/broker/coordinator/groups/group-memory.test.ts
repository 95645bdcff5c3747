import { describe, expect, test } from 'vitest'
import { GROUP_CONFIG_DEFAULTS } from './group-config.ts'
import { GroupMachine } from './group-machine.ts'
import { GroupMemory, UNDECIDED_BYTES } from './group-memory.ts'
import {
  commitOf,
  heartbeat,
  joinOf,
  leave,
  MachineBench,
  offsetOf,
  stable,
  stablePair,
  stateOf,
  subscription,
  sync,
} from './machine-bench.ts'

const MEMORY_BYTES = 1_600_000
/** What one group may have in members, and in offsets. */
const MEMBERS_BYTES = MEMORY_BYTES / 16
const OFFSETS_BYTES = MEMORY_BYTES / 8

function bounded(): MachineBench {
  return new MachineBench({ memoryBytesMax: MEMORY_BYTES, offsetMetadataLengthMax: 1_000_000 })
}

function protocols(byteLength: number) {
  return [{ name: 'range', metadata: Buffer.alloc(byteLength) }]
}

/** Groups that leave no room: each as full as one may be. */
function fillMembers(bench: MachineBench): void {
  for (let group = 0; ; group++) {
    const join = joinOf({ groupId: `full-${group}`, protocols: protocols(MEMBERS_BYTES - 5_000) })
    if (bench.ask<'join'>(join).error !== 'NONE') return
  }
}

describe('what members keep', () => {
  test('a member that says more than its group may keep is refused for good', () => {
    const bench = bounded()
    const reply = bench.ask<'join'>(joinOf({ protocols: protocols(MEMBERS_BYTES) }))
    expect(reply.error).toBe('GROUP_MAX_SIZE_REACHED')
    expect(bench.machine.groups.size).toBe(0)
    expect(bench.memory.all.usedBytes).toBe(0)
  })

  test('members count together: the one that is too much is refused, the others go on', () => {
    const bench = bounded()
    const half = MEMBERS_BYTES / 2
    const first = stable(bench, { protocols: protocols(half) })
    expect(bench.ask<'join'>(joinOf({ protocols: protocols(half) })).error).toBe('GROUP_MAX_SIZE_REACHED')
    expect(bench.ask<'heartbeat'>(heartbeat(first.memberId, 1)).error).toBe('NONE')
  })

  test('where all groups together have no room, a newcomer is to come again, and has room when others have left', () => {
    const bench = bounded()
    fillMembers(bench)
    const newcomer = joinOf({ groupId: 'new', protocols: protocols(MEMBERS_BYTES - 5_000) })
    expect(bench.ask<'join'>(newcomer).error).toBe('COORDINATOR_NOT_AVAILABLE')
    const [memberId] = bench.machine.groups.get('full-0')!.members.keys()
    bench.ask<'leave'>({ ...leave({ memberId: memberId! }), groupId: 'full-0' })
    expect(bench.ask<'join'>(newcomer).error).toBe('NONE')
  })

  test('a member that is there may join again with as much as before, whatever others keep', () => {
    const bench = bounded()
    const known = stable(bench, { protocols: protocols(1_000) })
    fillMembers(bench)
    const again = joinOf({ memberId: known.memberId, protocols: protocols(1_000) })
    expect(bench.ask<'join'>(again).error).toBe('NONE')
    const more = { ...again, protocols: protocols(90_000) }
    expect(bench.ask<'join'>(more).error).toBe('COORDINATOR_NOT_AVAILABLE')
    expect(bench.ask<'join'>({ ...again, protocols: protocols(100_000) }).error).toBe(
      'GROUP_MAX_SIZE_REACHED',
    )
  })

  test('a static member that comes back with too much is refused, and the one that is there stays', () => {
    const bench = bounded()
    const known = stable(bench, { instanceId: 'i' })
    const back = joinOf({ instanceId: 'i', protocols: protocols(MEMBERS_BYTES) })
    expect(bench.ask<'join'>(back).error).toBe('GROUP_MAX_SIZE_REACHED')
    expect(bench.ask<'heartbeat'>(heartbeat(known.memberId, 1, 'i')).error).toBe('NONE')
  })

  test('ids given out count, and are given back when they expire', () => {
    const bench = bounded()
    const ask = joinOf({ memberIdRequired: true, clientId: 'c'.repeat(200) })
    const errors = new Set<string>()
    for (let count = 0; count < 1_000; count++) errors.add(bench.ask<'join'>(ask).error)
    expect([...errors]).toEqual(['MEMBER_ID_REQUIRED', 'GROUP_MAX_SIZE_REACHED'])
    expect(bench.memory.all.usedBytes).toBeLessThan(MEMBERS_BYTES + 10_000)
    bench.advance(10_000)
    expect(bench.memory.all.usedBytes).toBe(0)
  })

  test('an assignment that has no room in memory fails for everybody, and they begin again', () => {
    const bench = bounded()
    const [a, b] = stablePair(bench)
    bench.send(joinOf({ memberId: a.memberId }))
    bench.send(joinOf({ memberId: b.memberId }))
    const parked = bench.send(sync(b.memberId, 3))
    fillMembers(bench)
    const large = { [a.memberId]: 'x'.repeat(90_000) }
    expect(bench.ask<'sync'>(sync(a.memberId, 3, large)).error).toBe('COORDINATOR_NOT_AVAILABLE')
    expect(bench.answered<'sync'>(parked).error).toBe('COORDINATOR_NOT_AVAILABLE')
    expect(stateOf(bench)).toBe('PreparingRebalance')
  })
})

describe('what is remembered of what members read', () => {
  const topics = (prefix: string, count: number) =>
    subscription(...Array.from({ length: count }, (_, index) => `${prefix}${index}`))
  const joinWith = (metadata: Buffer) => joinOf({ protocols: [{ name: 'range', metadata }] })

  test('is counted, and given back when the group is empty', () => {
    const bench = new MachineBench()
    const few = stable(bench, joinWith(topics('t', 10)))
    const fewBytes = bench.memory.all.usedBytes
    bench.ask<'leave'>(leave({ memberId: few.memberId }))
    stable(bench, joinWith(topics('t', 1_000)))
    expect(bench.memory.all.usedBytes - fewBytes).toBeGreaterThan(990 * 80)
    expect(bench.machine.groups.get('g')!.subscribedTopics!.size).toBe(1_000)
  })

  test.each([
    ['more topics than anybody reads', topics('t', 20_001)],
    ['millions of elements in a few megabytes', topics('', 1).fill(0xff, 2, 4)],
  ])('%s are not looked at: the group counts as reading everything', (_what, metadata) => {
    const bench = new MachineBench()
    stable(bench, joinWith(metadata))
    const group = bench.machine.groups.get('g')!
    expect(group.subscribedTopics).toBeNull()
    expect(group.isSubscribedTo('anything')).toBe(true)
  })

  test('members together name so many and no more', () => {
    const bench = new MachineBench({ initialRebalanceDelayMs: 1_000 })
    const metadata = topics('t', 20_000)
    for (let count = 0; count < 6; count++) bench.send(joinWith(metadata))
    bench.advance(2_000)
    expect(stateOf(bench)).toBe('CompletingRebalance')
    const group = bench.machine.groups.get('g')!
    expect([group.members.size, group.subscribedTopics?.size ?? null]).toEqual([6, null])
  })

  test('where there is no room for it, it is not remembered', () => {
    const bench = bounded()
    fillMembers(bench)
    const free = MEMORY_BYTES - bench.memory.all.usedBytes
    const metadata = topics('t', Math.floor((free - 10_000) / 60))
    expect(bench.ask<'join'>(joinWith(metadata)).error).toBe('NONE')
    expect(bench.machine.groups.get('g')!.subscribedTopics).toBeNull()
    expect(bench.memory.all.usedBytes).toBeLessThanOrEqual(MEMORY_BYTES)
  })
})

describe('what commits keep', () => {
  const large = 'x'.repeat(40_000)

  test('a group commits so much and no more; what fits beside it is committed', () => {
    const bench = bounded()
    const offsets = [0, 1, 2, 3].map((partition) => offsetOf(partition, 1, { metadata: large }))
    const reply = bench.ask<'commit'>(commitOf({ offsets: [...offsets, offsetOf(9, 1)] }))
    expect(reply.errors).toEqual([
      'NONE',
      'NONE',
      'INVALID_COMMIT_OFFSET_SIZE',
      'INVALID_COMMIT_OFFSET_SIZE',
      'NONE',
    ])
    expect(bench.memory.offsets.usedBytes).toBeLessThanOrEqual(OFFSETS_BYTES)
  })

  test('what takes the place of a commit of the same size is never refused', () => {
    const bench = bounded()
    const commit = commitOf({ offsets: [offsetOf(0, 1, { metadata: large })] })
    bench.ask<'commit'>(commit)
    for (let group = 0; group < 20; group++) bench.ask<'commit'>({ ...commit, groupId: `other-${group}` })
    const other = bench.ask<'commit'>({ ...commit, groupId: 'one-more' })
    expect(other.errors).toEqual(['COORDINATOR_NOT_AVAILABLE'])
    expect(bench.ask<'commit'>(commit).errors).toEqual(['NONE'])
  })

  test('offsets leave a quarter to members: where no more can be committed, groups still meet', () => {
    const bench = bounded()
    const commit = commitOf({ offsets: [offsetOf(0, 1, { metadata: large })] })
    for (let group = 0; group < 20; group++) bench.ask<'commit'>({ ...commit, groupId: `g-${group}` })
    expect(bench.ask<'commit'>({ ...commit, groupId: 'h' }).errors).toEqual(['COORDINATOR_NOT_AVAILABLE'])
    expect(bench.ask<'join'>(joinOf({ groupId: 'h' })).error).toBe('NONE')
  })

  test('offsets of a transaction count beside those that they will replace, until it ends', () => {
    const bench = bounded()
    const offsets = [offsetOf(0, 1, { metadata: large })]
    bench.ask<'commit'>(commitOf({ offsets }))
    const committedBytes = bench.memory.offsets.usedBytes
    const inTransaction = {
      ...commitOf({ offsets }),
      kind: 'transactional-commit' as const,
      producerEpoch: 0,
    }
    expect(bench.ask<'transactional-commit'>({ ...inTransaction, producerId: 1 }).errors).toEqual(['NONE'])
    const refused = bench.ask<'transactional-commit'>({ ...inTransaction, producerId: 2 })
    expect(refused.errors).toEqual(['INVALID_COMMIT_OFFSET_SIZE'])
    expect(bench.memory.offsets.usedBytes).toBe(2 * committedBytes + UNDECIDED_BYTES)
    bench.machine.endTransaction(1, true)
    expect(bench.memory.offsets.usedBytes).toBe(committedBytes)
    bench.ask<'transactional-commit'>({ ...inTransaction, producerId: 3 })
    bench.machine.endTransaction(3, false)
    expect(bench.memory.offsets.usedBytes).toBe(committedBytes)
  })

  test('deleted offsets are given back, and a group that is gone keeps nothing', () => {
    const bench = bounded()
    bench.ask<'commit'>(commitOf({ offsets: [offsetOf(0, 1, { metadata: large })] }))
    bench.send({ kind: 'delete-groups', groupIds: ['g'] })
    expect(bench.machine.groups.size).toBe(0)
    expect(bench.memory.all.usedBytes).toBe(0)
  })

  test('what the log holds is loaded even beyond the bound', () => {
    const before = new MachineBench({ offsetMetadataLengthMax: 1_000_000 })
    const offsets = [0, 1, 2].map((partition) => offsetOf(partition, 1, { metadata: 'x'.repeat(400_000) }))
    before.ask<'commit'>(commitOf({ offsets }))
    const after = new MachineBench({ memoryBytesMax: MEMORY_BYTES }, before.events)
    expect(after.memory.all.usedBytes).toBeGreaterThan(MEMORY_BYTES)
    expect(after.ask<'commit'>(commitOf({ offsets: [offsetOf(0, 2)] })).errors).toEqual(['NONE'])
    const more = after.ask<'commit'>(commitOf({ offsets: [offsetOf(5, 2)] }))
    expect(more.errors).toEqual(['INVALID_COMMIT_OFFSET_SIZE'])
  })
})

test('machines of one broker share the bound, and one that is closed gives back what it kept', () => {
  const memory = GroupMemory.of(MEMORY_BYTES)
  const machines = [0, 1].map(() => new GroupMachine(GROUP_CONFIG_DEFAULTS, memory))
  const now = new MachineBench().now()
  for (const machine of machines) machine.decide(joinOf(), 0, now)
  const bothBytes = memory.all.usedBytes
  machines[0]!.close()
  expect(memory.all.usedBytes).toBe(bothBytes / 2)
  machines[0]!.close()
  expect(memory.all.usedBytes).toBe(bothBytes / 2)
})

describe('a client that is gone while it waits', () => {
  test('a member whose id nobody has been told is dropped at once', () => {
    const bench = new MachineBench({ initialRebalanceDelayMs: 3_000 })
    const ticket = bench.send(joinOf())
    expect(bench.memory.all.usedBytes).toBeGreaterThan(0)
    bench.tell({ kind: 'deserted', groupId: 'g', memberId: '', ticket })
    expect(bench.machine.groups.get('g')?.members.size ?? 0).toBe(0)
    expect(bench.answered<'join'>(ticket).error).toBe('UNKNOWN_MEMBER_ID')
  })

  test('it does not keep the others waiting', () => {
    const bench = new MachineBench()
    const first = stable(bench)
    bench.advance(5_000)
    const ticket = bench.send(joinOf())
    bench.tell({ kind: 'deserted', groupId: 'g', memberId: '', ticket })
    const again = bench.ask<'join'>(joinOf({ memberId: first.memberId }))
    expect(again).toMatchObject({ error: 'NONE', generation: 2 })
    expect(again.members).toHaveLength(1)
  })

  test('a member that knows its id has its session timeout to come back in', () => {
    const bench = new MachineBench()
    const [a, b] = stablePair(bench)
    const ticket = bench.send(joinOf({ memberId: b.memberId, protocols: protocols(9) }))
    bench.tell({ kind: 'deserted', groupId: 'g', memberId: b.memberId, ticket })
    bench.advance(9_000)
    bench.ask<'heartbeat'>(heartbeat(a.memberId, 2))
    expect(bench.machine.groups.get('g')!.members.has(b.memberId)).toBe(true)
    bench.advance(1_000)
    expect(bench.machine.groups.get('g')!.members.has(b.memberId)).toBe(false)
    expect(bench.answered<'join'>(ticket).error).toBe('UNKNOWN_MEMBER_ID')
  })

  test('one that is back within that time waits like any other', () => {
    const bench = new MachineBench()
    const [a, b] = stablePair(bench)
    const join = joinOf({ memberId: b.memberId, protocols: protocols(9) })
    const ticket = bench.send(join)
    bench.tell({ kind: 'deserted', groupId: 'g', memberId: b.memberId, ticket })
    const again = bench.send(join)
    bench.advance(9_000)
    bench.ask<'heartbeat'>(heartbeat(a.memberId, 2))
    bench.advance(9_000)
    expect(bench.isParked(again)).toBe(true)
    expect(bench.machine.groups.get('g')!.members.has(b.memberId)).toBe(true)
  })

  test('one that waits for its assignment has its session timeout too', () => {
    const bench = new MachineBench()
    const [a, b] = stablePair(bench)
    bench.send(joinOf({ memberId: a.memberId }))
    bench.send(joinOf({ memberId: b.memberId }))
    const ticket = bench.send(sync(b.memberId, 3))
    bench.tell({ kind: 'deserted', groupId: 'g', memberId: b.memberId, ticket })
    bench.advance(10_000)
    expect(bench.answered<'sync'>(ticket).error).toBe('UNKNOWN_MEMBER_ID')
  })

  test('a static member keeps its place: it comes back by its instance id', () => {
    const bench = new MachineBench({ initialRebalanceDelayMs: 3_000 })
    const ticket = bench.send(joinOf({ instanceId: 'i' }))
    bench.tell({ kind: 'deserted', groupId: 'g', memberId: '', ticket })
    expect(bench.machine.groups.get('g')!.staticMembers.has('i')).toBe(true)
  })

  test('once the answer has left, nothing happens', () => {
    const bench = new MachineBench()
    const ticket = bench.send(joinOf())
    bench.tell({ kind: 'deserted', groupId: 'g', memberId: '', ticket })
    bench.tell({ kind: 'deserted', groupId: 'nobody', memberId: '', ticket })
    expect(bench.machine.groups.get('g')!.members.size).toBe(1)
  })
})
