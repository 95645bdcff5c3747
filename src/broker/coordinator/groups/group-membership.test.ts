import { describe, expect, test } from 'vitest'
import type { ErrorName } from '../../../protocol/error-codes.ts'
import type { JoinCommand } from './group-types.ts'
import {
  heartbeat,
  joinOf,
  leave,
  MachineBench,
  stable,
  stablePair,
  stateOf,
  subscription,
  sync,
} from './machine-bench.ts'

describe('F1: member ids', () => {
  test('F1: a dynamic member without id is given one to come back with', () => {
    const bench = new MachineBench()
    const given = bench.ask<'join'>(joinOf({ memberIdRequired: true }))
    expect(given).toMatchObject({ error: 'MEMBER_ID_REQUIRED', memberId: 'c-id1', generation: -1 })
    const joined = bench.ask<'join'>(joinOf({ memberIdRequired: true, memberId: given.memberId }))
    expect(joined).toMatchObject({ error: 'NONE', memberId: 'c-id1', generation: 1 })
  })

  test('F1: an id that is not used within the session timeout is forgotten, and the group with it', () => {
    const bench = new MachineBench()
    const given = bench.ask<'join'>(joinOf({ memberIdRequired: true }))
    bench.advance(9_999)
    expect(bench.machine.groups.size).toBe(1)
    bench.advance(1)
    expect(bench.machine.groups.size).toBe(0)
    expect(bench.ask<'join'>(joinOf({ memberId: given.memberId })).error).toBe('UNKNOWN_MEMBER_ID')
  })

  test('F1: a static member needs no id first', () => {
    const joined = new MachineBench().ask<'join'>(joinOf({ memberIdRequired: true, instanceId: 'i' }))
    expect(joined).toMatchObject({ error: 'NONE', memberId: 'i-id1' })
  })

  test('F1: ids given out are bounded', () => {
    const bench = new MachineBench({ pendingMembersMax: 1 })
    bench.ask<'join'>(joinOf({ memberIdRequired: true }))
    expect(bench.ask<'join'>(joinOf({ memberIdRequired: true })).error).toBe('GROUP_MAX_SIZE_REACHED')
  })

  test('F1: a member id of a group that is not there is unknown', () => {
    expect(new MachineBench().ask<'join'>(joinOf({ memberId: 'x' }))).toMatchObject({
      error: 'UNKNOWN_MEMBER_ID',
      memberId: 'x',
    })
  })
})

describe('F2: the first rebalance', () => {
  test('F2: with a configured delay all who come meanwhile complete together', () => {
    const bench = new MachineBench({ initialRebalanceDelayMs: 3_000 })
    const first = bench.send(joinOf())
    bench.advance(2_000)
    const second = bench.send(joinOf())
    bench.advance(3_999)
    expect(bench.isParked(first)).toBe(true)
    bench.advance(1)
    expect(bench.answered<'join'>(first)).toMatchObject({ generation: 1 })
    expect(bench.answered<'join'>(second)).toMatchObject({ generation: 1 })
  })

  test('F2: a configured delay is extended no longer than the rebalance timeout', () => {
    const bench = new MachineBench({ initialRebalanceDelayMs: 3_000 })
    const first = bench.send(joinOf({ rebalanceTimeoutMs: 7_000 }))
    for (let elapsedMs = 0; elapsedMs < 6_900; elapsedMs += 100) {
      bench.advance(100)
      bench.send(joinOf({ rebalanceTimeoutMs: 7_000 }))
      expect(bench.isParked(first)).toBe(true)
    }
    bench.advance(100)
    expect(bench.answered<'join'>(first).generation).toBe(1)
  })

  test('F2: without one an idle group starts at once', () => {
    expect(new MachineBench().ask<'join'>(joinOf())).toMatchObject({ error: 'NONE', generation: 1 })
  })
})

describe('F3: the leader and the protocol', () => {
  test('F3: only the leader learns who is in the group', () => {
    const [a, b] = stablePair(new MachineBench())
    expect(a.members.map(({ memberId }) => memberId)).toEqual([a.memberId, b.memberId])
    expect(a.leader).toBe(a.memberId)
    expect(b.members).toEqual([])
    expect(b.leader).toBe(a.memberId)
  })

  test('F3: the protocol that most put first among those that all know is chosen', () => {
    const bench = new MachineBench()
    const of = (...names: string[]) => ({
      protocols: names.map((name) => ({ name, metadata: subscription('t') })),
    })
    const first = bench.ask<'join'>(joinOf(of('a', 'b', 'c')))
    bench.send(joinOf(of('b', 'a')))
    bench.send(joinOf(of('c', 'b', 'a')))
    bench.send(joinOf({ ...of('b', 'a'), memberId: '' }))
    const ticket = bench.send(joinOf({ ...of('a', 'b', 'c'), memberId: first.memberId }))
    bench.advance(1_000)
    expect(bench.answered<'join'>(ticket).protocol).toBe('b')
  })

  test.each<[string, Partial<JoinCommand>]>([
    ['none', { protocols: [] }],
    ['no type', { protocolType: '' }],
  ])('F3: joining an empty group with %s is inconsistent', (_name, change) => {
    const bench = new MachineBench()
    expect(bench.ask<'join'>(joinOf(change)).error).toBe('INCONSISTENT_GROUP_PROTOCOL')
    expect(bench.machine.groups.size).toBe(0)
  })

  test.each<[string, Partial<JoinCommand>]>([
    ['another type', { protocolType: 'connect' }],
    ['no protocol in common', { protocols: [{ name: 'other', metadata: subscription() }] }],
  ])('F3: joining others with %s is inconsistent', (_name, change) => {
    const bench = new MachineBench()
    stable(bench)
    expect(bench.ask<'join'>(joinOf(change)).error).toBe('INCONSISTENT_GROUP_PROTOCOL')
    expect(stateOf(bench)).toBe('Stable')
  })
})

describe('F4: who is missing when a rebalance ends', () => {
  test('F4: a dynamic member that does not come back in time is dropped', () => {
    const bench = new MachineBench()
    const a = stable(bench, { rebalanceTimeoutMs: 4_000, sessionTimeoutMs: 30_000 })
    bench.advance(5_000)
    const ticket = bench.send(joinOf({ rebalanceTimeoutMs: 4_000 }))
    bench.advance(3_999)
    expect(bench.isParked(ticket)).toBe(true)
    bench.advance(1)
    const b = bench.answered<'join'>(ticket)
    expect(b.members.map(({ memberId }) => memberId)).toEqual([b.memberId])
    expect(bench.ask<'heartbeat'>(heartbeat(a.memberId, 1)).error).toBe('UNKNOWN_MEMBER_ID')
  })

  test('F4: a static member that does not come back is kept until its session ends', () => {
    const bench = new MachineBench()
    const a = stable(bench, { instanceId: 'a', rebalanceTimeoutMs: 4_000, sessionTimeoutMs: 30_000 })
    bench.advance(5_000)
    const ticket = bench.send(joinOf({ rebalanceTimeoutMs: 4_000, sessionTimeoutMs: 60_000 }))
    bench.advance(4_000)
    const b = bench.answered<'join'>(ticket)
    expect(b.members.map(({ instanceId }) => instanceId)).toEqual(['a', null])
    expect(b.leader).toBe(b.memberId)
    expect(bench.ask<'heartbeat'>(heartbeat(a.memberId, 1, 'a')).error).toBe('ILLEGAL_GENERATION')
    bench.advance(30_000)
    expect(bench.ask<'heartbeat'>(heartbeat(a.memberId, 1, 'a')).error).toBe('UNKNOWN_MEMBER_ID')
  })

  test('F4: while only static members are left that did not come back, the rebalance waits for them', () => {
    const bench = new MachineBench()
    const a = stable(bench, { instanceId: 'a', rebalanceTimeoutMs: 1_000, sessionTimeoutMs: 30_000 })
    bench.advance(5_000)
    const b = bench.send(joinOf({ rebalanceTimeoutMs: 1_000 }))
    const [, second] = [...bench.machine.groups.get('g')!.members.keys()]
    bench.ask<'leave'>(leave({ memberId: second! }))
    expect(bench.answered<'join'>(b).error).toBe('UNKNOWN_MEMBER_ID')
    bench.advance(3_000)
    expect(stateOf(bench)).toBe('PreparingRebalance')
    const back = bench.ask<'join'>(joinOf({ memberId: a.memberId, instanceId: 'a' }))
    expect(back).toMatchObject({ error: 'NONE', generation: 2 })
  })
})

describe('F5: heartbeats', () => {
  test('F5: a heartbeat in a rebalance says so and keeps the session', () => {
    const bench = new MachineBench()
    const a = stable(bench)
    bench.advance(5_000)
    bench.send(joinOf())
    bench.advance(5_000 - 1)
    expect(bench.ask<'heartbeat'>(heartbeat(a.memberId, 1)).error).toBe('REBALANCE_IN_PROGRESS')
    bench.advance(9_999)
    expect(bench.ask<'heartbeat'>(heartbeat(a.memberId, 1)).error).toBe('REBALANCE_IN_PROGRESS')
  })

  test('F5: a heartbeat before the assignment and after it is well', () => {
    const bench = new MachineBench()
    const a = bench.ask<'join'>(joinOf())
    expect(bench.ask<'heartbeat'>(heartbeat(a.memberId, 1)).error).toBe('NONE')
    bench.ask<'sync'>(sync(a.memberId, 1))
    expect(bench.ask<'heartbeat'>(heartbeat(a.memberId, 1)).error).toBe('NONE')
  })

  test.each<[string, string, number, ErrorName]>([
    ['another generation', 'mine', 2, 'ILLEGAL_GENERATION'],
    ['a stranger', 'x', 1, 'UNKNOWN_MEMBER_ID'],
  ])('F5: a heartbeat of %s', (_name, who, generation, error) => {
    const bench = new MachineBench()
    const a = stable(bench)
    const memberId = who === 'mine' ? a.memberId : who
    expect(bench.ask<'heartbeat'>(heartbeat(memberId, generation)).error).toBe(error)
  })

  test('F5: an empty group and one that is not there know no member', () => {
    const bench = new MachineBench()
    expect(bench.ask<'heartbeat'>(heartbeat('x', 1)).error).toBe('UNKNOWN_MEMBER_ID')
    const a = stable(bench)
    bench.ask<'leave'>(leave({ memberId: a.memberId }))
    expect(stateOf(bench)).toBe('Empty')
    expect(bench.ask<'heartbeat'>(heartbeat(a.memberId, 2)).error).toBe('UNKNOWN_MEMBER_ID')
    const nameless = { ...heartbeat('x', 1), groupId: '' }
    expect(bench.ask<'heartbeat'>(nameless).error).toBe('INVALID_GROUP_ID')
  })
})

describe('F6: SyncGroup', () => {
  test('F6: a follower waits for the leader and gets exactly its own assignment', () => {
    const bench = new MachineBench()
    const [a, b] = stablePair(bench)
    bench.advance(5_000)
    const joinA = bench.send(joinOf({ memberId: a.memberId }))
    bench.send(joinOf({ memberId: b.memberId }))
    expect(bench.answered<'join'>(joinA).generation).toBe(3)
    const parked = bench.send(sync(b.memberId, 3))
    expect(bench.isParked(parked)).toBe(true)
    bench.ask<'sync'>(sync(a.memberId, 3, { [a.memberId]: 'new a', [b.memberId]: 'new b', ghost: 'boo' }))
    expect(bench.answered<'sync'>(parked).assignment.toString()).toBe('new b')
    const record = bench.machine.groups.get('g')!.record!
    expect(record.members.map(({ assignment }) => assignment.toString())).toEqual(['new a', 'new b'])
  })

  test('F6: members that the leader leaves out get nothing, not what they had', () => {
    const bench = new MachineBench()
    const [a, b] = stablePair(bench)
    bench.send(joinOf({ memberId: a.memberId }))
    bench.send(joinOf({ memberId: b.memberId }))
    bench.ask<'sync'>(sync(a.memberId, 3, {}))
    expect(bench.ask<'sync'>(sync(b.memberId, 3)).assignment.length).toBe(0)
  })

  test('F6: another generation, a stranger, another protocol and a rebalance are refused', () => {
    const bench = new MachineBench()
    const a = stable(bench)
    expect(bench.ask<'sync'>(sync(a.memberId, 2)).error).toBe('ILLEGAL_GENERATION')
    expect(bench.ask<'sync'>(sync('x', 1)).error).toBe('UNKNOWN_MEMBER_ID')
    const other = { ...sync(a.memberId, 1), protocol: 'sticky' }
    expect(bench.ask<'sync'>(other).error).toBe('INCONSISTENT_GROUP_PROTOCOL')
    const type = { ...sync(a.memberId, 1), protocolType: 'connect' }
    expect(bench.ask<'sync'>(type).error).toBe('INCONSISTENT_GROUP_PROTOCOL')
    bench.send(joinOf())
    expect(bench.ask<'sync'>(sync(a.memberId, 1)).error).toBe('REBALANCE_IN_PROGRESS')
    expect(bench.ask<'sync'>({ ...sync(a.memberId, 1), groupId: '' }).error).toBe('INVALID_GROUP_ID')
    expect(bench.ask<'sync'>({ ...sync(a.memberId, 1), groupId: 'no' }).error).toBe('UNKNOWN_MEMBER_ID')
  })

  test('F6: a second SyncGroup of the same member takes the place of the first, which is answered', () => {
    const bench = new MachineBench()
    const [a, b] = stablePair(bench)
    bench.send(joinOf({ memberId: a.memberId }))
    bench.send(joinOf({ memberId: b.memberId }))
    const first = bench.send(sync(b.memberId, 3))
    const second = bench.send(sync(b.memberId, 3))
    expect(bench.answered<'sync'>(first).error).toBe('REBALANCE_IN_PROGRESS')
    bench.ask<'leave'>(leave({ memberId: b.memberId }))
    expect(bench.answered<'sync'>(second).error).toBe('UNKNOWN_MEMBER_ID')
  })
})

describe('F7: limits on a join', () => {
  test.each([5_999, 1_800_001])('F7: a session timeout of %d ms is out of bounds', (sessionTimeoutMs) => {
    const reply = new MachineBench().ask<'join'>(joinOf({ sessionTimeoutMs, memberId: 'x' }))
    expect(reply).toMatchObject({ error: 'INVALID_SESSION_TIMEOUT', memberId: 'x' })
  })

  test('F7: an assignment that does not fit in a record fails for everybody, and they begin again', () => {
    const bench = new MachineBench({ groupRecordBytesMax: 1_000 })
    const [a, b] = stablePair(bench)
    bench.send(joinOf({ memberId: a.memberId }))
    bench.send(joinOf({ memberId: b.memberId }))
    const parked = bench.send(sync(b.memberId, 3))
    const large = { [a.memberId]: 'x'.repeat(1_000) }
    expect(bench.ask<'sync'>(sync(a.memberId, 3, large)).error).toBe('UNKNOWN_SERVER_ERROR')
    expect(bench.answered<'sync'>(parked).error).toBe('UNKNOWN_SERVER_ERROR')
    expect(stateOf(bench)).toBe('PreparingRebalance')
  })

  test('F7: member ids stay short whatever a client calls itself, and whole characters', () => {
    const reply = new MachineBench().ask<'join'>(joinOf({ clientId: `x${'😀'.repeat(16_000)}` }))
    expect(reply.memberId).toBe(`x${'😀'.repeat(199)}-id1`)
  })

  test('F7: a group has a name', () => {
    expect(new MachineBench().ask<'join'>(joinOf({ groupId: '' })).error).toBe('INVALID_GROUP_ID')
  })

  test('F7: a full group takes nobody more', () => {
    const bench = new MachineBench({ membersMax: 1 })
    const a = stable(bench)
    expect(bench.ask<'join'>(joinOf()).error).toBe('GROUP_MAX_SIZE_REACHED')
    expect(bench.ask<'heartbeat'>(heartbeat(a.memberId, 1)).error).toBe('NONE')
  })

  test('F7: a group that is loaded above its limit rebalances down to it', () => {
    const before = new MachineBench()
    const [a, b] = stablePair(before)
    const bench = new MachineBench({ membersMax: 1 }, before.events)
    expect(bench.ask<'heartbeat'>(heartbeat(a.memberId, 2)).error).toBe('REBALANCE_IN_PROGRESS')
    const first = bench.send(joinOf({ memberId: a.memberId }))
    expect(bench.ask<'join'>(joinOf({ memberId: b.memberId })).error).toBe('GROUP_MAX_SIZE_REACHED')
    expect(bench.answered<'join'>(first)).toMatchObject({ error: 'NONE', generation: 3 })
  })
})

test('a newcomer whose JoinGroup is parked too long counts as gone', () => {
  const bench = new MachineBench({ newMemberJoinTimeoutMs: 20_000 })
  const a = stable(bench, { rebalanceTimeoutMs: 600_000, sessionTimeoutMs: 300_000 })
  bench.advance(5_000)
  const parked = bench.send(joinOf({ rebalanceTimeoutMs: 600_000 }))
  bench.advance(20_000)
  expect(bench.answered<'join'>(parked).error).toBe('UNKNOWN_MEMBER_ID')
  expect(bench.ask<'heartbeat'>(heartbeat(a.memberId, 1)).error).toBe('REBALANCE_IN_PROGRESS')
})

test('members that never ask for their assignment are dropped when the rebalance timeout has passed', () => {
  const bench = new MachineBench()
  const [a, b] = stablePair(bench, { rebalanceTimeoutMs: 5_000, sessionTimeoutMs: 60_000 })
  const again = { rebalanceTimeoutMs: 5_000, sessionTimeoutMs: 60_000 }
  bench.send(joinOf({ ...again, memberId: a.memberId }))
  bench.send(joinOf({ ...again, memberId: b.memberId }))
  bench.ask<'sync'>(sync(a.memberId, 3, {}))
  bench.advance(4_999)
  expect(stateOf(bench)).toBe('Stable')
  bench.advance(1)
  expect(bench.ask<'heartbeat'>(heartbeat(a.memberId, 3)).error).toBe('REBALANCE_IN_PROGRESS')
  expect(bench.ask<'heartbeat'>(heartbeat(b.memberId, 3)).error).toBe('UNKNOWN_MEMBER_ID')
})

test('a stable member that joins again with the same metadata learns its generation; the leader begins a new one', () => {
  const bench = new MachineBench()
  const [a, b] = stablePair(bench)
  expect(bench.ask<'join'>(joinOf({ memberId: b.memberId }))).toMatchObject({ generation: 2, members: [] })
  expect(stateOf(bench)).toBe('Stable')
  bench.send(joinOf({ memberId: a.memberId }))
  expect(stateOf(bench)).toBe('PreparingRebalance')
})

test('a member that lost the answer to its join is told again, the leader with the members', () => {
  const bench = new MachineBench()
  const a = bench.ask<'join'>(joinOf())
  const again = bench.ask<'join'>(joinOf({ memberId: a.memberId }))
  expect(again).toMatchObject({ generation: 1, leader: a.memberId })
  expect(again.members.length).toBe(1)
})

test('an empty group sets no alarm but the one for retention', () => {
  const bench = new MachineBench()
  const a = stable(bench)
  bench.ask<'leave'>(leave({ memberId: a.memberId }))
  bench.advance(60_000)
  expect(bench.alarmKeys).toEqual(['retention'])
})
