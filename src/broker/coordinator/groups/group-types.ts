import type { Uuid } from '../../../base/uuid.ts'
import type { ErrorName } from '../../../protocol/error-codes.ts'

/**
 * What the group machine is asked, what it writes down and what it answers. Nothing here knows a wire version.
 * Buffers in commands, events and replies belong to the machine once handed over: callers pass copies of what lies
 * in a request frame.
 */

/** States of a classic group, as DescribeGroups prints them. A group that is not there is 'Dead'. */
export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead'

/** One way a member can take part, best first in its list; the metadata is opaque but for consumers. */
export interface GroupProtocol {
  readonly name: string
  readonly metadata: Buffer
}

/** A member as the log keeps it. */
export interface MemberRecord {
  readonly memberId: string
  readonly instanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly rebalanceTimeoutMs: number
  readonly sessionTimeoutMs: number
  readonly subscription: Buffer
  readonly assignment: Buffer
}

/** A group as the log keeps it: its last completed generation. No members: empty since `stateTimestampMs`. */
export interface GroupRecord {
  /** '' where no member ever joined. */
  readonly protocolType: string
  readonly generation: number
  readonly protocol: string | null
  readonly leader: string | null
  /** Wall clock, ms, of the last change of state; -1 in records of old brokers. */
  readonly stateTimestampMs: number
  readonly members: readonly MemberRecord[]
}

/** A committed position in one partition. */
export interface CommittedOffset {
  readonly offset: number
  /** -1 where the committer did not know it. */
  readonly leaderEpoch: number
  readonly metadata: string
  readonly commitTimestampMs: number
  /** Wall clock, ms, at which the committer wanted it gone (commits of version 2 to 4); -1: the broker's retention. */
  readonly expireTimestampMs: number
  /** ZERO_UUID where the committer did not know it. */
  readonly topicId: Uuid
}

/** What the log of a group partition is made of. null in place of a value is a tombstone. */
export type GroupEvent =
  | { readonly kind: 'group'; readonly groupId: string; readonly record: GroupRecord | null }
  | {
      readonly kind: 'offset'
      readonly groupId: string
      readonly topic: string
      readonly partition: number
      readonly committed: CommittedOffset | null
    }

/** JoinGroup: to be in the next generation. Parked until that begins. */
export interface JoinCommand {
  readonly kind: 'join'
  readonly groupId: string
  /** '' asks for a new one. */
  readonly memberId: string
  /** Static membership (KIP-345). */
  readonly instanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly protocolType: string
  readonly protocols: readonly GroupProtocol[]
  /** The client comes back with the id it is given before it counts as a member (KIP-394). */
  readonly memberIdRequired: boolean
  /** The client understands a leader's answer without the duty to assign (KIP-814). */
  readonly canSkipAssignment: boolean
}

/** SyncGroup: the leader hands in the assignment, everybody gets their part. Parked until it is there. */
export interface SyncCommand {
  readonly kind: 'sync'
  readonly groupId: string
  readonly generation: number
  readonly memberId: string
  readonly instanceId: string | null
  /** null where the client does not say. */
  readonly protocolType: string | null
  readonly protocol: string | null
  /** From the leader; empty from everybody else. */
  readonly assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[]
}

/** Heartbeat: the member lives, and asks whether its generation still stands. */
export interface HeartbeatCommand {
  readonly kind: 'heartbeat'
  readonly groupId: string
  readonly generation: number
  readonly memberId: string
  readonly instanceId: string | null
}

/** One whom LeaveGroup names. */
export interface LeavingMember {
  /** '' with an instance id: an administrator removes a static member. */
  readonly memberId: string
  readonly instanceId: string | null
}

/** LeaveGroup, of members themselves or by an administrator. */
export interface LeaveCommand {
  readonly kind: 'leave'
  readonly groupId: string
  readonly members: readonly LeavingMember[]
}

/** A position to commit in one partition. */
export interface OffsetToCommit {
  readonly topic: string
  readonly topicId: Uuid
  readonly partition: number
  readonly offset: number
  readonly leaderEpoch: number
  readonly metadata: string
}

/** OffsetCommit, outside transactions. */
export interface CommitCommand {
  readonly kind: 'commit'
  readonly groupId: string
  /** -1: a committer that is in no generation. */
  readonly generation: number
  readonly memberId: string
  readonly instanceId: string | null
  /** -1: the broker's retention. */
  readonly retentionMs: number
  readonly offsets: readonly OffsetToCommit[]
}

/** Offsets committed inside a transaction: seen by nobody until its marker says commit (KIP-98, KIP-447). */
export interface TransactionalCommitCommand {
  readonly kind: 'transactional-commit'
  readonly groupId: string
  readonly producerId: number
  readonly producerEpoch: number
  readonly generation: number
  readonly memberId: string
  readonly instanceId: string | null
  readonly offsets: readonly OffsetToCommit[]
}

/** Partitions of one topic. */
export interface TopicPartitions {
  readonly topic: string
  readonly partitions: readonly number[]
}

/** OffsetFetch for one group. */
export interface FetchOffsetsCommand {
  readonly kind: 'fetch-offsets'
  readonly groupId: string
  /** null: everything the group has committed. */
  readonly topics: readonly TopicPartitions[] | null
  /** Partitions with an undecided transactional commit answer UNSTABLE_OFFSET_COMMIT (KIP-447). */
  readonly requireStable: boolean
}

/** OffsetDelete (KIP-496). */
export interface DeleteOffsetsCommand {
  readonly kind: 'delete-offsets'
  readonly groupId: string
  readonly topics: readonly TopicPartitions[]
}

/** DeleteGroups of the groups of one partition. A name that is repeated counts once. */
export interface DeleteGroupsCommand {
  readonly kind: 'delete-groups'
  readonly groupIds: readonly string[]
}

/** DescribeGroups of the groups of one partition. */
export interface DescribeGroupsCommand {
  readonly kind: 'describe-groups'
  readonly groupIds: readonly string[]
}

/** Every group of the partition. */
export interface ListGroupsCommand {
  readonly kind: 'list-groups'
}

/** The topics are gone: so are the offsets in them. */
export interface TopicsDeletedCommand {
  readonly kind: 'topics-deleted'
  readonly topics: readonly string[]
}

/** The client is gone that waited for the answer to its JoinGroup or SyncGroup. */
export interface DesertedCommand {
  readonly kind: 'deserted'
  readonly groupId: string
  /** As the request said it. */
  readonly memberId: string
  /** Of the request. */
  readonly ticket: number
}

/** The machine's own alarms. */
export type GroupTimerCommand =
  | { readonly kind: 'sessions-due'; readonly groupId: string }
  | { readonly kind: 'join-due'; readonly groupId: string }
  | { readonly kind: 'sync-due'; readonly groupId: string }
  | { readonly kind: 'retention-due' }

/** Everything that the machine decides. */
export type GroupCommand =
  | JoinCommand
  | SyncCommand
  | HeartbeatCommand
  | LeaveCommand
  | CommitCommand
  | TransactionalCommitCommand
  | FetchOffsetsCommand
  | DeleteOffsetsCommand
  | DeleteGroupsCommand
  | DescribeGroupsCommand
  | ListGroupsCommand
  | TopicsDeletedCommand
  | DesertedCommand
  | GroupTimerCommand

/** What the leader is told of a member. */
export interface JoinReplyMember {
  readonly memberId: string
  readonly instanceId: string | null
  readonly metadata: Buffer
}

/** What became of a JoinGroup. With an error only `memberId` says something. */
export interface JoinReply {
  readonly kind: 'join'
  readonly error: ErrorName
  readonly generation: number
  readonly protocolType: string | null
  readonly protocol: string | null
  readonly leader: string
  readonly skipAssignment: boolean
  readonly memberId: string
  /** The whole group for the leader, empty for everybody else. */
  readonly members: readonly JoinReplyMember[]
}

/** What became of a SyncGroup. */
export interface SyncReply {
  readonly kind: 'sync'
  readonly error: ErrorName
  readonly protocolType: string | null
  readonly protocol: string | null
  readonly assignment: Buffer
}

/** What became of a heartbeat. */
export interface HeartbeatReply {
  readonly kind: 'heartbeat'
  readonly error: ErrorName
}

/** What became of each that was to leave, in the order of the command. */
export interface LeaveReply {
  readonly kind: 'leave'
  readonly error: ErrorName
  readonly members: readonly (LeavingMember & { readonly error: ErrorName })[]
}

/** What became of a commit. */
export interface CommitReply {
  readonly kind: 'commit'
  /** For all of them, when not NONE. */
  readonly error: ErrorName
  /** One for each offset of the command, in its order. */
  readonly errors: readonly ErrorName[]
}

/** What is committed in one partition. */
export interface FetchedOffset {
  readonly partition: number
  /** -1: nothing committed. */
  readonly offset: number
  readonly leaderEpoch: number
  readonly metadata: string
  readonly error: ErrorName
}

/** What is committed, in the order in which it was asked for. */
export interface FetchOffsetsReply {
  readonly kind: 'fetch-offsets'
  readonly topics: readonly {
    readonly topic: string
    readonly partitions: readonly FetchedOffset[]
  }[]
}

/** What became of each partition, in the order of the command; no topics where the error is for all. */
export interface DeleteOffsetsReply {
  readonly kind: 'delete-offsets'
  readonly error: ErrorName
  readonly topics: readonly {
    readonly topic: string
    readonly partitions: readonly { readonly partition: number; readonly error: ErrorName }[]
  }[]
}

/** What became of each group, each once, in the order of the command. */
export interface DeleteGroupsReply {
  readonly kind: 'delete-groups'
  readonly groups: readonly { readonly groupId: string; readonly error: ErrorName }[]
}

/** A member as administrators see it. */
export interface DescribedMember {
  readonly memberId: string
  readonly instanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly metadata: Buffer
  readonly assignment: Buffer
}

/** A group as administrators see it; 'Dead' where there is none. */
export interface DescribedGroup {
  readonly groupId: string
  readonly state: GroupState
  readonly protocolType: string
  readonly protocol: string
  readonly members: readonly DescribedMember[]
}

/** The groups in the order of the command. */
export interface DescribeGroupsReply {
  readonly kind: 'describe-groups'
  readonly groups: readonly DescribedGroup[]
}

/** Every group of the partition, in no order. */
export interface ListGroupsReply {
  readonly kind: 'list-groups'
  readonly groups: readonly {
    readonly groupId: string
    readonly protocolType: string
    readonly state: GroupState
  }[]
}

/** The offsets are gone. */
export interface TopicsDeletedReply {
  readonly kind: 'topics-deleted'
}

/** Everything that it answers. */
export type GroupReply =
  | JoinReply
  | SyncReply
  | HeartbeatReply
  | LeaveReply
  | CommitReply
  | FetchOffsetsReply
  | DeleteOffsetsReply
  | DeleteGroupsReply
  | DescribeGroupsReply
  | ListGroupsReply
  | TopicsDeletedReply

/** The commands that concern one group, and what each is answered with. */
export interface GroupRequests {
  readonly join: { readonly command: JoinCommand; readonly reply: JoinReply }
  readonly sync: { readonly command: SyncCommand; readonly reply: SyncReply }
  readonly heartbeat: { readonly command: HeartbeatCommand; readonly reply: HeartbeatReply }
  readonly leave: { readonly command: LeaveCommand; readonly reply: LeaveReply }
  readonly commit: { readonly command: CommitCommand; readonly reply: CommitReply }
  readonly 'transactional-commit': {
    readonly command: TransactionalCommitCommand
    readonly reply: CommitReply
  }
  readonly 'fetch-offsets': { readonly command: FetchOffsetsCommand; readonly reply: FetchOffsetsReply }
  readonly 'delete-offsets': { readonly command: DeleteOffsetsCommand; readonly reply: DeleteOffsetsReply }
}
