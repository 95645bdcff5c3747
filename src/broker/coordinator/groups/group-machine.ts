import { unreachable } from '../../../base/assert.ts'
import type { Decision, Now } from '../../../base/machine.ts'
import type { HostedDecision, HostedMachine } from '../runtime.ts'
import { describeGroup, listGroup } from './describe.ts'
import { Group } from './group.ts'
import type { GroupConfig } from './group-config.ts'
import { GroupMemory } from './group-memory.ts'
import {
  commit,
  commitInTransaction,
  deleteAllOffsets,
  deleteOffsets,
  expireOffsets,
  fetchOffsets,
} from './group-offsets.ts'
import type {
  CommitCommand,
  DeleteGroupsCommand,
  DeleteGroupsReply,
  DesertedCommand,
  GroupCommand,
  GroupEvent,
  GroupReply,
  HeartbeatCommand,
  JoinCommand,
  LeaveCommand,
  SyncCommand,
  TransactionalCommitCommand,
} from './group-types.ts'
import { join, refusedJoin } from './join.ts'
import { desert, expireSessions, expireSyncs, heartbeat, leave, sync } from './membership.ts'
import { Outcome } from './outcome.ts'
import { alarmBy, endJoinPhase, joinFailure, rebalance, syncFailure } from './rebalance.ts'

const RETENTION_TIMER = 'retention'
/** Offsets that one decision lets expire, or looks at, but for those of one more group: some milliseconds. */
const EXPIRED_AT_ONCE = 2_000
const LOOKED_AT_AT_ONCE = 20_000

/**
 * The groups of one partition of __consumer_offsets: the classic protocol and committed offsets, as the coordinator
 * of Kafka 4.3 answers. Where it knowingly differs:
 *
 * - A group that has nothing but an id given out is not written down, and is gone when that id expires.
 * - A parked request that another one of the same member takes the place of, or whose member leaves, is answered
 *   (REBALANCE_IN_PROGRESS, UNKNOWN_MEMBER_ID); Kafka lets it time out.
 * - The first rebalance need not wait: see join-phase.ts.
 * - A member whose client goes away while it waits is not kept for as long as that wait may be: see `desert`.
 * - What would take too much memory is refused: see group-memory.ts. Kafka keeps it until its heap is full.
 */
export class GroupMachine implements HostedMachine<GroupCommand, GroupEvent, GroupReply> {
  readonly #config: GroupConfig
  readonly #memory: GroupMemory
  readonly #groups = new Map<string, Group>()
  /** Groups in which a producer's transaction has committed offsets that are undecided. */
  readonly #transactions = new Map<number, Set<string>>()
  /** Groups that the pass of retention which is under way has yet to look at, the next one last. */
  #unexpired: string[] = []
  /** Counts applied offsets: their order in the log. */
  #sequence = 0

  /** `memory`: of all machines of a broker. */
  constructor(config: GroupConfig, memory: GroupMemory = GroupMemory.of(config.memoryBytesMax)) {
    this.#config = config
    this.#memory = memory.part()
  }

  /** It is of no more use: what it kept is given back. */
  close(): void {
    this.#memory.clear()
  }

  decide(
    command: GroupCommand,
    ticket: number,
    now: Now,
  ): HostedDecision<GroupCommand, GroupEvent, GroupReply> {
    const out = new Outcome()
    const reply = this.#decide(command, ticket, now, out)
    if (reply !== null) out.answer(ticket, reply)
    return out.toDecision()
  }

  apply(event: GroupEvent): void {
    if (event.kind === 'group') {
      const group = this.#groupOf(event.groupId)
      group.record = event.record
      if (event.record === null) group.pendingMembers.clear()
      this.#forgetIfGone(group)
      return
    }
    const group = this.#groupOf(event.groupId)
    if (event.committed === null) group.offsets.delete(event.topic, event.partition)
    else group.offsets.put(event.topic, event.partition, { ...event.committed, sequence: this.#sequence++ })
  }

  /** Offsets that lie in a transactional batch: they wait for the producer's marker. */
  applyInTransaction(event: GroupEvent, producerId: number): void {
    if (event.kind !== 'offset' || event.committed === null) return
    const stored = { ...event.committed, sequence: this.#sequence++ }
    this.#groupOf(event.groupId).offsets.putUndecided(producerId, event.topic, event.partition, stored)
    const groupIds = this.#transactions.get(producerId)
    if (groupIds === undefined) this.#transactions.set(producerId, new Set([event.groupId]))
    else groupIds.add(event.groupId)
  }

  /** The marker that ends a producer's transaction in this partition. */
  endTransaction(producerId: number, isCommit: boolean): void {
    for (const groupId of this.#transactions.get(producerId) ?? []) {
      const group = this.#groups.get(groupId)
      if (group === undefined) continue
      group.offsets.decide(producerId, isCommit)
      this.#forgetIfGone(group)
    }
    this.#transactions.delete(producerId)
  }

  resume(now: Now): Decision<GroupCommand, GroupEvent, GroupReply> {
    const out = new Outcome()
    for (const group of this.#groups.values()) {
      this.#forgetIfGone(group)
      group.load(now.monotonicMs)
      for (const member of group.members.values()) alarmBy(group, member.deadlineMs, now, out)
      if (group.members.size > this.#config.membersMax) rebalance(group, false, this.#config, now, out)
    }
    this.#setRetentionTimer(out)
    return out.toDecision()
  }

  /** What the log says, in a form to compare: equal after a replay of the same log. */
  durableState(): unknown {
    const groups = [...this.#groups.values()]
      .filter((group) => group.record !== null || !group.offsets.isEmpty)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
    return groups.map((group) => ({
      id: group.id,
      record: group.record,
      offsets: [...group.offsets.partitions()]
        .map(({ topic, partition }) => {
          const stored = group.offsets.get(topic, partition)
          const committed = stored === undefined ? null : { ...stored, sequence: undefined }
          return { topic, partition, committed, isUndecided: group.offsets.isUndecided(topic, partition) }
        })
        .sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1)),
    }))
  }

  /** The groups as they are now: to be looked at within the turn. */
  get groups(): ReadonlyMap<string, Group> {
    return this.#groups
  }

  /** The answer to the command itself; null: it is parked, or was an alarm. */
  #decide(command: GroupCommand, ticket: number, now: Now, out: Outcome): GroupReply | null {
    switch (command.kind) {
      case 'join':
        return this.#join(command, ticket, now, out)
      case 'sync':
        return this.#sync(command, ticket, now, out)
      case 'heartbeat':
        return this.#heartbeat(command, now, out)
      case 'leave':
        return this.#leave(command, now, out)
      case 'commit':
      case 'transactional-commit':
        return this.#commit(command, now, out)
      case 'fetch-offsets':
        return fetchOffsets(this.#groups.get(command.groupId), command)
      case 'delete-offsets':
        return deleteOffsets(this.#groups.get(command.groupId), command, out)
      case 'delete-groups':
        return this.#deleteGroups(command, out)
      case 'describe-groups': {
        const groups = command.groupIds.map((groupId) => describeGroup(groupId, this.#groups.get(groupId)))
        return { kind: 'describe-groups', groups }
      }
      case 'list-groups':
        return { kind: 'list-groups', groups: [...this.#groups.values()].map(listGroup) }
      case 'topics-deleted': {
        const topics = new Set(command.topics)
        for (const group of this.#groups.values()) deleteAllOffsets(group, topics, out)
        return { kind: 'topics-deleted' }
      }
      case 'deserted':
        this.#desert(command, now, out)
        return null
      case 'sessions-due':
      case 'join-due':
      case 'sync-due':
        this.#alarm(command.kind, command.groupId, now, out)
        return null
      case 'retention-due':
        this.#expire(now, out)
        return null
      default:
        return unreachable(command)
    }
  }

  #join(command: JoinCommand, ticket: number, now: Now, out: Outcome): GroupReply | null {
    const refused = refusedJoin(command, this.#config)
    if (refused !== null) return refused
    const isNew = command.memberId === ''
    const group = isNew ? this.#groupOf(command.groupId) : this.#groups.get(command.groupId)
    if (group === undefined) return joinFailure('UNKNOWN_MEMBER_ID', command.memberId)
    join(group, command, ticket, this.#config, now, out)
    this.#forgetIfIdle(group, out)
    return null
  }

  #sync(command: SyncCommand, ticket: number, now: Now, out: Outcome): GroupReply | null {
    if (command.groupId === '') return syncFailure('INVALID_GROUP_ID')
    const group = this.#groups.get(command.groupId)
    if (group === undefined) return syncFailure('UNKNOWN_MEMBER_ID')
    sync(group, command, ticket, this.#config, now, out)
    return null
  }

  #heartbeat(command: HeartbeatCommand, now: Now, out: Outcome): GroupReply {
    const group = this.#groups.get(command.groupId)
    const missing = command.groupId === '' ? 'INVALID_GROUP_ID' : 'UNKNOWN_MEMBER_ID'
    return { kind: 'heartbeat', error: group === undefined ? missing : heartbeat(group, command, now, out) }
  }

  #desert(command: DesertedCommand, now: Now, out: Outcome): void {
    const group = this.#groups.get(command.groupId)
    if (group === undefined) return
    desert(group, command, this.#config, now, out)
    this.#forgetIfIdle(group, out)
  }

  #leave(command: LeaveCommand, now: Now, out: Outcome): GroupReply {
    if (command.groupId === '') return { kind: 'leave', error: 'INVALID_GROUP_ID', members: [] }
    const group = this.#groups.get(command.groupId)
    if (group === undefined) {
      const members = command.members.map((member) => ({ ...member, error: 'UNKNOWN_MEMBER_ID' as const }))
      return { kind: 'leave', error: 'NONE', members }
    }
    const reply = leave(group, command, this.#config, now, out)
    this.#forgetIfIdle(group, out)
    return reply
  }

  #commit(command: CommitCommand | TransactionalCommitCommand, now: Now, out: Outcome): GroupReply {
    let group = this.#groups.get(command.groupId)
    if (group === undefined && command.generation >= 0) {
      const errors = command.offsets.map(() => 'GROUP_ID_NOT_FOUND' as const)
      return { kind: 'commit', error: 'GROUP_ID_NOT_FOUND', errors }
    }
    group ??= this.#groupOf(command.groupId)
    const reply =
      command.kind === 'commit'
        ? commit(group, command, this.#config, now, out)
        : commitInTransaction(group, command, this.#config, now, out)
    this.#forgetIfIdle(group, out)
    return reply
  }

  #deleteGroups(command: DeleteGroupsCommand, out: Outcome): DeleteGroupsReply {
    const groups = [...new Set(command.groupIds)].map((groupId) => {
      const group = this.#groups.get(groupId)
      if (group === undefined) return { groupId, error: 'GROUP_ID_NOT_FOUND' as const }
      if (group.state !== 'Empty') return { groupId, error: 'NON_EMPTY_GROUP' as const }
      deleteAllOffsets(group, null, out)
      out.write({ kind: 'group', groupId, record: null })
      return { groupId, error: 'NONE' as const }
    })
    return { kind: 'delete-groups', groups }
  }

  #alarm(kind: 'sessions-due' | 'join-due' | 'sync-due', groupId: string, now: Now, out: Outcome): void {
    const group = this.#groups.get(groupId)
    if (group === undefined) return
    if (kind === 'sessions-due') expireSessions(group, this.#config, now, out)
    else if (kind === 'join-due') endJoinPhase(group, this.#config, now, out)
    else expireSyncs(group, this.#config, now, out)
    this.#forgetIfIdle(group, out)
  }

  /** A part of the pass of retention over all groups: the next one comes when others have had their turn. */
  #expire(now: Now, out: Outcome): void {
    if (this.#unexpired.length === 0) this.#unexpired = [...this.#groups.keys()].reverse()
    let count = 0
    while (this.#unexpired.length > 0 && count < LOOKED_AT_AT_ONCE && out.events.length < EXPIRED_AT_ONCE) {
      const group = this.#groups.get(this.#unexpired.pop()!)
      if (group === undefined) continue
      count += 1 + expireOffsets(group, this.#config, now, out)
      this.#forgetIfGone(group)
    }
    this.#setRetentionTimer(out, this.#unexpired.length > 0 ? 0 : this.#config.offsetsRetentionCheckMs)
  }

  #setRetentionTimer(out: Outcome, delayMs = this.#config.offsetsRetentionCheckMs): void {
    out.setTimer(RETENTION_TIMER, delayMs, { kind: 'retention-due' })
  }

  #groupOf(groupId: string): Group {
    let group = this.#groups.get(groupId)
    if (group === undefined) {
      group = new Group(groupId, this.#memory)
      this.#groups.set(groupId, group)
    }
    return group
  }

  /** After a decision that writes nothing: what it makes durable is applied after it, and looked at there. */
  #forgetIfIdle(group: Group, out: Outcome): void {
    if (out.events.length === 0) this.#forgetIfGone(group)
  }

  #forgetIfGone(group: Group): void {
    if (!group.isGone || !this.#groups.delete(group.id)) return
    group.forget()
  }
}
