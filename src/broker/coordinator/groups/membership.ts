import type { Now } from '../../../base/machine.ts'
import type { ErrorName } from '../../../protocol/error-codes.ts'
import type { Group } from './group.ts'
import type { GroupConfig } from './group-config.ts'
import type {
  DesertedCommand,
  HeartbeatCommand,
  LeaveCommand,
  LeaveReply,
  LeavingMember,
  SyncCommand,
} from './group-types.ts'
import { effectiveDeadlineMs, type Member, NO_BYTES } from './member.ts'
import type { Outcome } from './outcome.ts'
import {
  alarmBy,
  answerSyncs,
  endJoinPhase,
  expel,
  extendSession,
  limitSilence,
  rebalance,
  setState,
  syncFailure,
  syncReply,
} from './rebalance.ts'

/** SyncGroup: parked until the leader's comes, which makes the generation durable and the group stable. */
export function sync(
  group: Group,
  command: SyncCommand,
  ticket: number,
  config: GroupConfig,
  now: Now,
  out: Outcome,
): void {
  const error = refusedSync(group, command)
  if (error !== 'NONE') {
    out.answer(ticket, syncFailure(error))
    return
  }
  const member = group.members.get(command.memberId)!
  member.owesSync = false
  if (group.state === 'Stable') {
    extendSession(group, member, now, out)
    out.answer(ticket, syncReply(group, member))
  } else {
    if (member.syncTicket !== null) out.answer(member.syncTicket, syncFailure('REBALANCE_IN_PROGRESS'))
    member.syncTicket = ticket
    member.isDeserted = false
    if (group.leader === member.id) assign(group, command, config, now, out)
  }
  if (!owesAnySync(group)) out.clearTimer(`sync/${group.id}`)
}

function refusedSync(group: Group, command: SyncCommand): ErrorName {
  const error = group.checkMember(command.memberId, command.instanceId)
  if (error !== 'NONE') return error
  if (command.generation !== group.generation) return 'ILLEGAL_GENERATION'
  if (differs(command.protocolType, group.protocolType) || differs(command.protocol, group.protocol))
    return 'INCONSISTENT_GROUP_PROTOCOL'
  return group.state === 'PreparingRebalance' ? 'REBALANCE_IN_PROGRESS' : 'NONE'
}

function differs(said: string | null, known: string | null): boolean {
  return said !== null && known !== null && said !== known
}

/** What does not fit in a record of the log, or in memory, fails for all, and they begin again, as in Kafka. */
function assign(group: Group, command: SyncCommand, config: GroupConfig, now: Now, out: Outcome): void {
  for (const member of group.members.values()) group.assign(member, NO_BYTES)
  for (const { memberId, assignment } of command.assignments) {
    const member = group.members.get(memberId)
    if (member !== undefined) group.assign(member, assignment)
  }
  const isTooLarge = group.recordBytes > config.groupRecordBytesMax
  if (isTooLarge || !group.fitsRecord) {
    for (const member of group.members.values()) group.assign(member, NO_BYTES)
    answerSyncs(group, isTooLarge ? 'UNKNOWN_SERVER_ERROR' : 'COORDINATOR_NOT_AVAILABLE', now, out)
    rebalance(group, false, config, now, out)
    return
  }
  out.write({ kind: 'group', groupId: group.id, record: group.toRecord() })
  setState(group, 'Stable', now)
  answerSyncs(group, 'NONE', now, out)
}

function owesAnySync(group: Group): boolean {
  for (const member of group.members.values()) if (member.owesSync) return true
  return false
}

/** Heartbeat: whether the member is still in the generation, and that it lives. */
export function heartbeat(group: Group, command: HeartbeatCommand, now: Now, out: Outcome): ErrorName {
  const error = group.checkMember(command.memberId, command.instanceId)
  if (error !== 'NONE') return error
  if (command.generation !== group.generation) return 'ILLEGAL_GENERATION'
  extendSession(group, group.members.get(command.memberId)!, now, out)
  return group.state === 'PreparingRebalance' ? 'REBALANCE_IN_PROGRESS' : 'NONE'
}

/** LeaveGroup, of members themselves or by an administrator. */
export function leave(
  group: Group,
  command: LeaveCommand,
  config: GroupConfig,
  now: Now,
  out: Outcome,
): LeaveReply {
  const membersBefore = group.members.size
  const members = command.members.map((leaving) => ({
    memberId: leaving.memberId,
    instanceId: leaving.instanceId,
    error: leaveOne(group, leaving, out),
  }))
  afterLoss(group, membersBefore, config, now, out)
  return { kind: 'leave', error: 'NONE', members }
}

function leaveOne(group: Group, leaving: LeavingMember, out: Outcome): ErrorName {
  if (group.pendingMembers.delete(leaving.memberId)) return 'NONE'
  const isRemoval = leaving.memberId === ''
  if (isRemoval && leaving.instanceId === null) return 'UNKNOWN_MEMBER_ID'
  const memberId = isRemoval ? (group.staticMembers.get(leaving.instanceId!) ?? '') : leaving.memberId
  const error = group.checkMember(memberId, leaving.instanceId)
  if (error === 'NONE') expel(group, group.members.get(memberId)!, 'UNKNOWN_MEMBER_ID', out)
  return error
}

/** Those who are left form a new generation if members of one are gone; else nobody more may be waited for. */
function afterLoss(group: Group, membersBefore: number, config: GroupConfig, now: Now, out: Outcome): void {
  const isInGeneration = group.state === 'Stable' || group.state === 'CompletingRebalance'
  if (!isInGeneration) endJoinPhase(group, config, now, out)
  else if (group.members.size < membersBefore) rebalance(group, false, config, now, out)
}

/**
 * The client is gone that waited for an answer. A member whose id only that answer would have told can't come
 * back, and is dropped at once; any other has its session timeout from now.
 */
export function desert(
  group: Group,
  command: DesertedCommand,
  config: GroupConfig,
  now: Now,
  out: Outcome,
): void {
  const member = waitingFor(group, command)
  if (member === undefined) return
  if (member.isNameless) {
    const membersBefore = group.members.size
    expel(group, member, 'UNKNOWN_MEMBER_ID', out)
    afterLoss(group, membersBefore, config, now, out)
    return
  }
  const sessionEndMs = now.monotonicMs + member.sessionTimeoutMs
  const deadlineMs = member.isNew ? Math.min(member.deadlineMs, sessionEndMs) : sessionEndMs
  member.isDeserted = true
  limitSilence(group, member, deadlineMs, now, out)
}

/** Those that had no id when they asked are looked for: only old clients and static members wait without one. */
function waitingFor(group: Group, { memberId, ticket }: DesertedCommand): Member | undefined {
  const isWaiting = (member: Member) => member.joinTicket === ticket || member.syncTicket === ticket
  const known = group.members.get(memberId)
  if (known !== undefined) return isWaiting(known) ? known : undefined
  for (const member of group.members.values()) if (isWaiting(member)) return member
  return undefined
}

/** The alarm for sessions: drops who has been silent too long and sets the next alarm. */
export function expireSessions(group: Group, config: GroupConfig, now: Now, out: Outcome): void {
  group.sessionAlarmMs = Number.POSITIVE_INFINITY
  const membersBefore = group.members.size
  group.pendingMembers.expire(now.monotonicMs)
  for (const member of [...group.members.values()])
    if (effectiveDeadlineMs(member) <= now.monotonicMs) expel(group, member, 'UNKNOWN_MEMBER_ID', out)
  afterLoss(group, membersBefore, config, now, out)
  let nextMs = group.pendingMembers.earliestDeadlineMs
  for (const member of group.members.values()) nextMs = Math.min(nextMs, effectiveDeadlineMs(member))
  alarmBy(group, nextMs, now, out)
}

/** The alarm for assignments: members that never asked for theirs are dropped. */
export function expireSyncs(group: Group, config: GroupConfig, now: Now, out: Outcome): void {
  if (group.state !== 'CompletingRebalance' && group.state !== 'Stable') return
  const owing = [...group.members.values()].filter((member) => member.owesSync)
  if (owing.length === 0) return
  for (const member of owing) expel(group, member, 'UNKNOWN_MEMBER_ID', out)
  rebalance(group, false, config, now, out)
}
