import type { Now } from '../../../base/machine.ts'
import type { ErrorName } from '../../../protocol/error-codes.ts'
import { distinct, type Group } from './group.ts'
import type { GroupConfig } from './group-config.ts'
import { memberBytes, pendingBytes, refusedGrowth } from './group-memory.ts'
import type { GroupProtocol, JoinCommand, JoinReply } from './group-types.ts'
import { type Member, NO_BYTES, sameProtocols } from './member.ts'
import type { Outcome } from './outcome.ts'
import {
  alarmBy,
  endJoinPhase,
  extendSession,
  failParked,
  generationReply,
  joinFailure,
  limitSilence,
  rebalance,
} from './rebalance.ts'

const OWNER_LENGTH_MAX = 200

/** Why a JoinGroup is refused whatever its group is like; null: it is not. */
export function refusedJoin(command: JoinCommand, config: GroupConfig): JoinReply | null {
  const { groupId, memberId, sessionTimeoutMs } = command
  if (groupId === '') return joinFailure('INVALID_GROUP_ID', memberId)
  if (sessionTimeoutMs < config.sessionTimeoutMsMin || sessionTimeoutMs > config.sessionTimeoutMsMax)
    return joinFailure('INVALID_SESSION_TIMEOUT', memberId)
  return null
}

/** JoinGroup. The group is there: made for this command if it had no member id. */
export function join(
  group: Group,
  command: JoinCommand,
  ticket: number,
  config: GroupConfig,
  now: Now,
  out: Outcome,
): void {
  if (!hasRoom(group, command.memberId, config)) {
    const member = group.members.get(command.memberId)
    if (member !== undefined) {
      failParked(group, member, 'GROUP_MAX_SIZE_REACHED', '', out)
      group.remove(member)
    }
    group.pendingMembers.delete(command.memberId)
    out.answer(ticket, joinFailure('GROUP_MAX_SIZE_REACHED', ''))
    endJoinPhase(group, config, now, out)
  } else if (!group.supports(command.protocolType, command.protocols)) {
    out.answer(ticket, joinFailure('INCONSISTENT_GROUP_PROTOCOL', command.memberId))
  } else if (command.memberId === '') joinAsNew(group, command, ticket, config, now, out)
  else joinAsKnown(group, command, ticket, config, now, out)
}

/**
 * The number of waiting members counts while a rebalance is prepared: the others are about to be dropped, and the
 * last to come back are the ones that have no place.
 */
function hasRoom(group: Group, memberId: string, config: GroupConfig): boolean {
  const member = group.members.get(memberId)
  switch (group.state) {
    case 'Empty':
      return true
    case 'PreparingRebalance':
      return (member !== undefined && member.joinTicket !== null) || group.joinedCount < config.membersMax
    case 'CompletingRebalance':
    case 'Stable':
      return member !== undefined || group.members.size < config.membersMax
  }
}

function joinAsNew(
  group: Group,
  command: JoinCommand,
  ticket: number,
  config: GroupConfig,
  now: Now,
  out: Outcome,
): void {
  const memberId = newMemberId(command.instanceId ?? command.clientId, now)
  if (command.instanceId !== null) {
    const previous = group.members.get(group.staticMembers.get(command.instanceId) ?? '')
    if (previous !== undefined) replaceStatic(group, previous, memberId, command, ticket, config, now, out)
    else addMember(group, memberId, command, ticket, config, now, out)
  } else if (!command.memberIdRequired) {
    addMember(group, memberId, command, ticket, config, now, out)
  } else {
    const isFull = group.pendingMembers.size >= config.pendingMembersMax
    const error = isFull
      ? 'GROUP_MAX_SIZE_REACHED'
      : refusedGrowth(group.kept, pendingBytes(memberId), 'GROUP_MAX_SIZE_REACHED')
    if (error !== 'NONE') {
      out.answer(ticket, joinFailure(error, ''))
      return
    }
    const deadlineMs = now.monotonicMs + command.sessionTimeoutMs
    group.pendingMembers.add(memberId, deadlineMs)
    alarmBy(group, deadlineMs, now, out)
    out.answer(ticket, joinFailure('MEMBER_ID_REQUIRED', memberId))
  }
}

/** Says whose it is, as far as a string of the protocol has room for it. */
function newMemberId(owner: string, now: Now): string {
  const prefix = owner.length <= OWNER_LENGTH_MAX ? owner : [...owner].slice(0, OWNER_LENGTH_MAX).join('')
  return `${prefix}-${now.uniqueId()}`
}

function joinAsKnown(
  group: Group,
  command: JoinCommand,
  ticket: number,
  config: GroupConfig,
  now: Now,
  out: Outcome,
): void {
  const { memberId } = command
  if (group.pendingMembers.has(memberId)) {
    if (command.instanceId === null) addMember(group, memberId, command, ticket, config, now, out)
    else out.answer(ticket, joinFailure('UNKNOWN_MEMBER_ID', memberId))
    return
  }
  const error = group.checkMember(memberId, command.instanceId)
  if (error !== 'NONE') {
    out.answer(ticket, joinFailure(error, memberId))
    return
  }
  const member = group.members.get(memberId)!
  const protocols = distinct(command.protocols)
  const refusal = refusedProtocols(group, member, protocols)
  if (refusal !== 'NONE') {
    out.answer(ticket, joinFailure(refusal, memberId))
    return
  }
  const unchanged = sameProtocols(member.protocols, protocols)
  if (group.state === 'CompletingRebalance' && unchanged) {
    extendSession(group, member, now, out)
    out.answer(ticket, generationReply(group, member, group.leader === memberId))
  } else if (group.state === 'Stable' && unchanged && group.leader !== memberId) {
    extendSession(group, member, now, out)
    out.answer(ticket, generationReply(group, member, false))
  } else {
    rejoin(group, member, command, ticket, out)
    rebalance(group, false, config, now, out)
  }
}

/** Why a member may not say this from now on in place of what it said before: it would take too much memory. */
function refusedProtocols(group: Group, member: Member, protocols: readonly GroupProtocol[]): ErrorName {
  const growthBytes = memberBytes({ ...member, protocols }) - memberBytes(member)
  return refusedGrowth(group.kept, growthBytes, 'GROUP_MAX_SIZE_REACHED')
}

function addMember(
  group: Group,
  memberId: string,
  command: JoinCommand,
  ticket: number,
  config: GroupConfig,
  now: Now,
  out: Outcome,
): void {
  const member: Member = {
    id: memberId,
    instanceId: command.instanceId,
    clientId: command.clientId,
    clientHost: command.clientHost,
    sessionTimeoutMs: command.sessionTimeoutMs,
    rebalanceTimeoutMs: command.rebalanceTimeoutMs,
    protocols: distinct(command.protocols),
    assignment: NO_BYTES,
    isNew: true,
    joinTicket: null,
    syncTicket: null,
    owesSync: false,
    isNameless: command.memberId === '' && command.instanceId === null,
    isDeserted: false,
    deadlineMs: 0,
  }
  const error = refusedGrowth(group.kept, memberBytes(member), 'GROUP_MAX_SIZE_REACHED')
  if (error !== 'NONE') {
    out.answer(ticket, joinFailure(error, command.memberId))
    return
  }
  group.add(member, command.protocolType)
  group.parkJoin(member, ticket)
  limitSilence(group, member, now.monotonicMs + config.newMemberJoinTimeoutMs, now, out)
  rebalance(group, true, config, now, out)
}

/** The member joins once more: what it had parked before is told to come again. */
function rejoin(group: Group, member: Member, command: JoinCommand, ticket: number, out: Outcome): void {
  failParked(group, member, 'REBALANCE_IN_PROGRESS', member.id, out)
  group.setProtocols(member, command.protocols)
  member.sessionTimeoutMs = command.sessionTimeoutMs
  member.rebalanceTimeoutMs = command.rebalanceTimeoutMs
  group.parkJoin(member, ticket)
}

/**
 * A static member is back without its id: it gets a new one and the old one is fenced. While the group is stable and
 * would still choose the same protocol nobody else notices, not even when the subscription has changed (KIP-345).
 */
function replaceStatic(
  group: Group,
  previous: Member,
  memberId: string,
  command: JoinCommand,
  ticket: number,
  config: GroupConfig,
  now: Now,
  out: Outcome,
): void {
  const refusal = refusedProtocols(group, previous, distinct(command.protocols))
  if (refusal !== 'NONE') {
    out.answer(ticket, joinFailure(refusal, ''))
    return
  }
  const leaderBefore = group.leader
  failParked(group, previous, 'FENCED_INSTANCE_ID', previous.id, out)
  const member: Member = {
    ...previous,
    id: memberId,
    clientId: command.clientId,
    clientHost: command.clientHost,
    protocols: distinct(command.protocols),
    sessionTimeoutMs: command.sessionTimeoutMs,
    rebalanceTimeoutMs: command.rebalanceTimeoutMs,
    isNew: false,
    isNameless: false,
    isDeserted: false,
  }
  group.replace(previous, member)
  extendSession(group, member, now, out)
  const fits = group.recordBytes <= config.groupRecordBytesMax
  if (group.state !== 'Stable' || group.vote() !== group.protocol || !fits) {
    group.parkJoin(member, ticket)
    rebalance(group, false, config, now, out)
    return
  }
  group.refreshSubscription()
  out.write({ kind: 'group', groupId: group.id, record: group.toRecord() })
  const leads = group.leader === memberId
  out.answer(ticket, {
    ...generationReply(group, member, leads && command.canSkipAssignment),
    leader: (command.canSkipAssignment ? group.leader : leaderBefore) ?? '',
    skipAssignment: leads && command.canSkipAssignment,
  })
}
