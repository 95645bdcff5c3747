import { describe, expect, test } from 'vitest'
import {
  commitOf,
  heartbeat,
  joinOf,
  leave,
  MachineBench,
  stable,
  stateOf,
  subscription,
  sync,
} from './machine-bench.ts'

describe('F11: static members', () => {
  test('F11: a restart in a stable group gets a new id and the same assignment, durably', () => {
    const bench = new MachineBench()
    const a = stable(bench, { instanceId: 'i' })
    const again = bench.ask<'join'>(joinOf({ instanceId: 'i' }))
    expect(again).toMatchObject({ error: 'NONE', generation: 1, leader: a.memberId, members: [] })
    expect(again.memberId).not.toBe(a.memberId)
    expect(bench.machine.groups.get('g')!.record!.members.map(({ memberId }) => memberId)).toEqual([
      again.memberId,
    ])
    expect(bench.ask<'sync'>(sync(again.memberId, 1)).assignment.toString()).toBe('all')
    expect(bench.ask<'heartbeat'>(heartbeat(a.memberId, 1, 'i')).error).toBe('FENCED_INSTANCE_ID')
    expect(bench.ask<'heartbeat'>(heartbeat(a.memberId, 1)).error).toBe('UNKNOWN_MEMBER_ID')
  })

  test('F11: a leader that understands it is told to leave the assignment alone', () => {
    const bench = new MachineBench()
    stable(bench, { instanceId: 'i' })
    const again = bench.ask<'join'>(joinOf({ instanceId: 'i', canSkipAssignment: true }))
    expect(again).toMatchObject({ skipAssignment: true, leader: again.memberId })
    expect(again.members.map(({ memberId }) => memberId)).toEqual([again.memberId])
  })

  test('F11: a restart that changes the vote rebalances', () => {
    const bench = new MachineBench()
    stable(bench, { instanceId: 'i' })
    const protocols = [{ name: 'sticky', metadata: subscription('t') }]
    expect(bench.ask<'join'>(joinOf({ instanceId: 'i', protocols })).error).toBe(
      'INCONSISTENT_GROUP_PROTOCOL',
    )
    const both = [...protocols, { name: 'range', metadata: subscription('t') }]
    expect(bench.ask<'join'>(joinOf({ instanceId: 'i', protocols: both }))).toMatchObject({
      generation: 2,
      protocol: 'sticky',
    })
  })

  test('F11: what the fenced one was waiting for is answered', () => {
    const bench = new MachineBench()
    stable(bench)
    bench.advance(5_000)
    const waiting = bench.send(joinOf({ instanceId: 'i' }))
    bench.send(joinOf({ instanceId: 'i' }))
    expect(bench.answered<'join'>(waiting)).toMatchObject({ error: 'FENCED_INSTANCE_ID' })
  })

  test('F11: LeaveGroup names several, each with its own answer', () => {
    const bench = new MachineBench()
    const a = stable(bench, { instanceId: 'i' })
    const reply = bench.ask<'leave'>(
      leave(
        { memberId: 'x' },
        { memberId: '', instanceId: 'j' },
        { memberId: '' },
        { memberId: 'y', instanceId: 'i' },
        { memberId: '', instanceId: 'i' },
        { memberId: a.memberId },
      ),
    )
    expect(reply.error).toBe('NONE')
    expect(reply.members.map(({ error }) => error)).toEqual([
      'UNKNOWN_MEMBER_ID',
      'UNKNOWN_MEMBER_ID',
      'UNKNOWN_MEMBER_ID',
      'FENCED_INSTANCE_ID',
      'NONE',
      'UNKNOWN_MEMBER_ID',
    ])
    expect(stateOf(bench)).toBe('Empty')
  })

  test('F11: leaving a group that is not there, or has no name', () => {
    const bench = new MachineBench()
    expect(bench.ask<'leave'>(leave({ memberId: 'x' }))).toMatchObject({
      error: 'NONE',
      members: [{ memberId: 'x', error: 'UNKNOWN_MEMBER_ID' }],
    })
    expect(bench.ask<'leave'>({ ...leave(), groupId: '' }).error).toBe('INVALID_GROUP_ID')
  })

  test('F11: an id that was given out can leave, and nobody rebalances for it', () => {
    const bench = new MachineBench()
    stable(bench)
    const given = bench.ask<'join'>(joinOf({ memberIdRequired: true }))
    expect(bench.ask<'leave'>(leave({ memberId: given.memberId })).members[0]!.error).toBe('NONE')
    expect(stateOf(bench)).toBe('Stable')
    expect(bench.ask<'join'>(joinOf({ memberId: given.memberId })).error).toBe('UNKNOWN_MEMBER_ID')
  })
})

describe('C16: describing', () => {
  test('C16: metadata and protocol are shown while the group is stable', () => {
    const bench = new MachineBench()
    const a = bench.ask<'join'>(joinOf())
    const described = () => bench.replies.get(bench.send({ kind: 'describe-groups', groupIds: ['g', 'no'] }))
    expect(described()).toMatchObject({
      groups: [
        {
          state: 'CompletingRebalance',
          protocolType: 'consumer',
          protocol: '',
          members: [{ memberId: a.memberId }],
        },
        { groupId: 'no', state: 'Dead', protocolType: '', protocol: '', members: [] },
      ],
    })
    bench.ask<'sync'>(sync(a.memberId, 1, { [a.memberId]: 'x' }))
    expect(described()).toMatchObject({
      groups: [
        {
          state: 'Stable',
          protocol: 'range',
          members: [
            {
              clientId: 'c',
              clientHost: '/10.0.0.1',
              metadata: subscription('t'),
              assignment: Buffer.from('x'),
            },
          ],
        },
        {},
      ],
    })
  })

  test('C16: the list has every group with its state', () => {
    const bench = new MachineBench()
    stable(bench)
    bench.ask<'commit'>(commitOf({ groupId: 'simple' }))
    expect(bench.replies.get(bench.send({ kind: 'list-groups' }))).toEqual({
      kind: 'list-groups',
      groups: [
        { groupId: 'g', protocolType: 'consumer', state: 'Stable' },
        { groupId: 'simple', protocolType: '', state: 'Empty' },
      ],
    })
  })
})
