import { assert } from '../../../base/assert.ts'
import type { Now } from '../../../base/machine.ts'
import type { ErrorName } from '../../../protocol/error-codes.ts'
import type { Group } from './group.ts'
import type { GroupConfig } from './group-config.ts'
import type { JoinReply, JoinReplyMember, SyncReply } from './group-types.ts'
import {
  beginJoinPhase,
  CALM,
  churnAtBegin,
  extendedJoinPhase,
  isJoinPhaseOver,
  joinPhaseDueMs,
  withNewcomer,
} from './join-phase.ts'
import { effectiveDeadlineMs, type Member, NO_BYTES, protocolMetadata } from './member.ts'
import type { Outcome } from './outcome.ts'

/**
 * The round of a classic group. Empty or Stable -> PreparingRebalance (everybody sends JoinGroup, which is parked) ->
 * CompletingRebalance (a generation has begun, all have been answered; SyncGroup is parked until the leader hands in
 * the assignment) -> Stable. Every function here works on the copy of the coordinator that leads; what is to last is
 * written to `out`.
 */

const NO_MEMBERS: readonly JoinReplyMember[] = []

/** Begins a rebalance where the state allows it; else sees whether the one in progress can end. */
export function rebalance(
  group: Group,
  byNewcomer: boolean,
  config: GroupConfig,
  now: Now,
  out: Outcome,
): void {
  if (group.state === 'PreparingRebalance') {
    if (byNewcomer)
      group.joinPhase = withNewcomer(
        group.joinPhase!,
        config.initialRebalanceDelayMs,
        group.churn,
        now.monotonicMs,
      )
  } else beginRebalance(group, byNewcomer, config, now, out)
  endJoinPhase(group, config, now, out)
}

function beginRebalance(
  group: Group,
  byNewcomer: boolean,
  config: GroupConfig,
  now: Now,
  out: Outcome,
): void {
  if (group.state === 'CompletingRebalance') answerSyncs(group, 'REBALANCE_IN_PROGRESS', now, out)
  for (const member of group.members.values()) member.owesSync = false
  out.clearTimer(`sync/${group.id}`)
  const initial = group.state === 'Empty'
  group.churn = churnAtBegin(group.churn, byNewcomer, now.monotonicMs)
  group.joinPhase = beginJoinPhase(
    initial,
    byNewcomer,
    config.initialRebalanceDelayMs,
    group.rebalanceTimeoutMs,
    group.churn,
    now.monotonicMs,
  )
  setState(group, 'PreparingRebalance', now)
}

/** Ends the join phase if it is over, or sets the alarm for when to look again. */
export function endJoinPhase(group: Group, config: GroupConfig, now: Now, out: Outcome): void {
  if (group.state !== 'PreparingRebalance') return
  const phase = group.joinPhase
  assert(phase !== null, 'a group that prepares has a join phase')
  if (isJoinPhaseOver(phase, group.everybodyJoined, now.monotonicMs)) {
    const extended = extendedJoinPhase(phase, config.initialRebalanceDelayMs, now.monotonicMs)
    if (extended === null) {
      completeJoin(group, now, out)
      return
    }
    group.joinPhase = extended
  }
  const dueMs = joinPhaseDueMs(group.joinPhase!, group.everybodyJoined)
  out.setTimer(`join/${group.id}`, dueMs - now.monotonicMs, { kind: 'join-due', groupId: group.id })
}

/** Begins the next generation with those who have joined. Static members may be missing until their session ends. */
function completeJoin(group: Group, now: Now, out: Outcome): void {
  for (const member of [...group.members.values()])
    if (member.joinTicket === null && member.instanceId === null) group.remove(member)
  if (group.members.size > 0 && group.joinedCount === 0) {
    const deadlineMs = now.monotonicMs + group.rebalanceTimeoutMs
    group.joinPhase = { ...group.joinPhase!, initial: false, holdUntilMs: now.monotonicMs, deadlineMs }
    out.setTimer(`join/${group.id}`, group.rebalanceTimeoutMs, { kind: 'join-due', groupId: group.id })
    return
  }
  group.joinPhase = null
  out.clearTimer(`join/${group.id}`)
  group.generation = group.generation === GENERATION_MAX ? 1 : group.generation + 1
  if (group.members.size === 0) {
    becomeEmpty(group, now, out)
    return
  }
  if (group.members.get(group.leader ?? '')?.joinTicket == null) group.leader = firstJoined(group).id
  group.protocol = group.vote()
  group.refreshSubscription()
  group.churn = { ...group.churn, generationMs: now.monotonicMs }
  setState(group, 'CompletingRebalance', now)
  answerJoins(group, now, out)
  out.setTimer(`sync/${group.id}`, group.rebalanceTimeoutMs, { kind: 'sync-due', groupId: group.id })
}

const GENERATION_MAX = 2 ** 31 - 1

function firstJoined(group: Group): Member {
  for (const member of group.members.values()) if (member.joinTicket !== null) return member
  assert(false, 'somebody has joined')
}

function becomeEmpty(group: Group, now: Now, out: Outcome): void {
  group.protocol = null
  group.leader = null
  group.churn = CALM
  group.refreshSubscription()
  setState(group, 'Empty', now)
  out.write({ kind: 'group', groupId: group.id, record: group.toRecord() })
}

function answerJoins(group: Group, now: Now, out: Outcome): void {
  for (const member of group.members.values()) {
    const ticket = group.takeJoin(member)
    if (ticket === null) continue
    member.isNew = false
    member.isNameless = false
    member.owesSync = true
    out.answer(ticket, generationReply(group, member, group.leader === member.id))
    extendSession(group, member, now, out)
  }
}

/** What a member is told of the current generation. */
export function generationReply(group: Group, member: Member, withMembers: boolean): JoinReply {
  return {
    kind: 'join',
    error: 'NONE',
    generation: group.generation,
    protocolType: group.protocolType,
    protocol: group.protocol,
    leader: group.leader ?? '',
    skipAssignment: false,
    memberId: member.id,
    members: withMembers ? replyMembers(group) : NO_MEMBERS,
  }
}

function replyMembers(group: Group): readonly JoinReplyMember[] {
  return [...group.members.values()].map((member) => ({
    memberId: member.id,
    instanceId: member.instanceId,
    metadata: protocolMetadata(member, group.protocol),
  }))
}

/** A refused JoinGroup. */
export function joinFailure(error: ErrorName, memberId: string): JoinReply {
  return {
    kind: 'join',
    error,
    generation: -1,
    protocolType: null,
    protocol: null,
    leader: '',
    skipAssignment: false,
    memberId,
    members: NO_MEMBERS,
  }
}

/** A refused SyncGroup. */
export function syncFailure(error: ErrorName): SyncReply {
  return { kind: 'sync', error, protocolType: null, protocol: null, assignment: NO_BYTES }
}

/** The member's assignment in the current generation. */
export function syncReply(group: Group, member: Member): SyncReply {
  return {
    kind: 'sync',
    error: 'NONE',
    protocolType: group.protocolType,
    protocol: group.protocol,
    assignment: member.assignment,
  }
}

/** Answers every parked SyncGroup: with its assignment, or with `error` for all. */
export function answerSyncs(group: Group, error: ErrorName, now: Now, out: Outcome): void {
  for (const member of group.members.values()) {
    if (member.syncTicket === null) continue
    out.answer(member.syncTicket, error === 'NONE' ? syncReply(group, member) : syncFailure(error))
    member.syncTicket = null
    extendSession(group, member, now, out)
  }
}

/** Answers what the member has parked and takes it out of the group. */
export function expel(group: Group, member: Member, error: ErrorName, out: Outcome): void {
  failParked(group, member, error, error === 'UNKNOWN_MEMBER_ID' ? '' : member.id, out)
  group.remove(member)
}

/** Answers what the member has parked with `error`; it stays. */
export function failParked(
  group: Group,
  member: Member,
  error: ErrorName,
  memberId: string,
  out: Outcome,
): void {
  const joinTicket = group.takeJoin(member)
  if (joinTicket !== null) out.answer(joinTicket, joinFailure(error, memberId))
  if (member.syncTicket !== null) out.answer(member.syncTicket, syncFailure(error))
  member.syncTicket = null
}

/** The member has shown that it lives: its session starts again. */
export function extendSession(group: Group, member: Member, now: Now, out: Outcome): void {
  limitSilence(group, member, now.monotonicMs + member.sessionTimeoutMs, now, out)
}

/** The member counts as gone at `deadlineMs`. The alarm only ever moves forward here; it is set anew when it rings. */
export function limitSilence(group: Group, member: Member, deadlineMs: number, now: Now, out: Outcome): void {
  member.deadlineMs = deadlineMs
  alarmBy(group, effectiveDeadlineMs(member), now, out)
}

/** Sees to it that the sessions of the group are looked at by `deadlineMs`. */
export function alarmBy(group: Group, deadlineMs: number, now: Now, out: Outcome): void {
  if (deadlineMs >= group.sessionAlarmMs) return
  group.sessionAlarmMs = deadlineMs
  out.setTimer(`sessions/${group.id}`, deadlineMs - now.monotonicMs, {
    kind: 'sessions-due',
    groupId: group.id,
  })
}

/** Changes the state and notes when. */
export function setState(group: Group, state: Group['state'], now: Now): void {
  group.state = state
  group.stateTimestampMs = now.wallMs
}
