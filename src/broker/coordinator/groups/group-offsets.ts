import type { Now } from '../../../base/machine.ts'
import { ZERO_UUID } from '../../../base/uuid.ts'
import type { ErrorName } from '../../../protocol/error-codes.ts'
import type { Group } from './group.ts'
import type { GroupConfig } from './group-config.ts'
import { refusedGrowth } from './group-memory.ts'
import type {
  CommitCommand,
  CommitReply,
  CommittedOffset,
  DeleteOffsetsCommand,
  DeleteOffsetsReply,
  FetchedOffset,
  FetchOffsetsCommand,
  FetchOffsetsReply,
  OffsetToCommit,
  TransactionalCommitCommand,
} from './group-types.ts'
import type { Outcome } from './outcome.ts'
import { extendSession } from './rebalance.ts'

/** OffsetCommit. The group is there: made for this command if it named no generation. */
export function commit(
  group: Group,
  command: CommitCommand,
  config: GroupConfig,
  now: Now,
  out: Outcome,
): CommitReply {
  const error = refusedCommit(group, command)
  if (error !== 'NONE') return { kind: 'commit', error, errors: command.offsets.map(() => error) }
  const member = group.members.get(command.memberId)
  if (member !== undefined) extendSession(group, member, now, out)
  const expireTimestampMs = command.retentionMs < 0 ? -1 : now.wallMs + command.retentionMs
  return writeOffsets(group, command.offsets, expireTimestampMs, config, now, out)
}

/** A committer outside any generation is heard while the group has no members; a member, in its own generation. */
function refusedCommit(group: Group, command: CommitCommand): ErrorName {
  const { generation, memberId, instanceId } = command
  if (generation < 0 && group.state === 'Empty') return 'NONE'
  if (generation < 0 && memberId === '' && instanceId === null) return 'UNKNOWN_MEMBER_ID'
  const error = group.checkMember(memberId, instanceId)
  if (error !== 'NONE') return error
  if (generation !== group.generation) return 'ILLEGAL_GENERATION'
  return group.state === 'CompletingRebalance' ? 'REBALANCE_IN_PROGRESS' : 'NONE'
}

/** TxnOffsetCommit. Old producers name neither member nor generation and are heard in any state (KIP-447). */
export function commitInTransaction(
  group: Group,
  command: TransactionalCommitCommand,
  config: GroupConfig,
  now: Now,
  out: Outcome,
): CommitReply {
  const { generation, memberId, instanceId } = command
  const isMember = generation >= 0 || memberId !== '' || instanceId !== null
  let error: ErrorName = 'NONE'
  if (isMember && !(generation < 0 && group.state === 'Empty')) {
    error = group.checkMember(memberId, instanceId)
    if (error === 'NONE' && generation !== group.generation) error = 'ILLEGAL_GENERATION'
  }
  if (error !== 'NONE') return { kind: 'commit', error, errors: command.offsets.map(() => error) }
  out.producer = { id: command.producerId, epoch: command.producerEpoch }
  return writeOffsets(group, command.offsets, -1, config, now, out)
}

/**
 * The record that holds an expiry has no place for the leader epoch and the topic id, so neither is kept then. What would
 * take more memory than the group, or all groups, may have is refused; what takes the place of a commit of the same size
 * never is.
 */
function writeOffsets(
  group: Group,
  offsets: readonly OffsetToCommit[],
  expireTimestampMs: number,
  config: GroupConfig,
  now: Now,
  out: Outcome,
): CommitReply {
  const hasExpiry = expireTimestampMs !== -1
  const isInTransaction = out.producer !== null
  let growthBytes = 0
  const errors = offsets.map((one): ErrorName => {
    if (one.metadata.length > config.offsetMetadataLengthMax) return 'OFFSET_METADATA_TOO_LARGE'
    const moreBytes = group.offsets.growthBy(one.topic, one.partition, one.metadata, isInTransaction)
    if (moreBytes > 0) {
      const { kept } = group.offsets
      const error = refusedGrowth(kept, growthBytes + moreBytes, 'INVALID_COMMIT_OFFSET_SIZE')
      if (error !== 'NONE') return error
      growthBytes += moreBytes
    }
    out.write({
      kind: 'offset',
      groupId: group.id,
      topic: one.topic,
      partition: one.partition,
      committed: {
        offset: one.offset,
        leaderEpoch: hasExpiry ? -1 : one.leaderEpoch,
        metadata: one.metadata,
        commitTimestampMs: now.wallMs,
        expireTimestampMs,
        topicId: hasExpiry ? ZERO_UUID : one.topicId,
      },
    })
    return 'NONE'
  })
  return { kind: 'commit', error: 'NONE', errors }
}

/** OffsetFetch. A group that is not there has committed nothing, which is no error. */
export function fetchOffsets(group: Group | undefined, command: FetchOffsetsCommand): FetchOffsetsReply {
  const topics = command.topics ?? committedPartitions(group, command.requireStable)
  return {
    kind: 'fetch-offsets',
    topics: topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map((partition) => fetchOffset(group, topic, partition, command.requireStable)),
    })),
  }
}

function committedPartitions(
  group: Group | undefined,
  withUndecided: boolean,
): readonly { readonly topic: string; readonly partitions: readonly number[] }[] {
  const byTopic = new Map<string, number[]>()
  for (const { topic, partition } of group?.offsets.partitions() ?? []) {
    if (!withUndecided && group!.offsets.get(topic, partition) === undefined) continue
    const partitions = byTopic.get(topic)
    if (partitions === undefined) byTopic.set(topic, [partition])
    else partitions.push(partition)
  }
  return [...byTopic].map(([topic, partitions]) => ({ topic, partitions }))
}

function fetchOffset(
  group: Group | undefined,
  topic: string,
  partition: number,
  requireStable: boolean,
): FetchedOffset {
  if (requireStable && group?.offsets.isUndecided(topic, partition))
    return { partition, offset: -1, leaderEpoch: -1, metadata: '', error: 'UNSTABLE_OFFSET_COMMIT' }
  const stored = group?.offsets.get(topic, partition)
  if (stored === undefined) return { partition, offset: -1, leaderEpoch: -1, metadata: '', error: 'NONE' }
  const { offset, leaderEpoch, metadata } = stored
  return { partition, offset, leaderEpoch, metadata, error: 'NONE' }
}

/** OffsetDelete: of topics that no live consumer of the group reads (KIP-496). */
export function deleteOffsets(
  group: Group | undefined,
  command: DeleteOffsetsCommand,
  out: Outcome,
): DeleteOffsetsReply {
  if (command.groupId === '') return { kind: 'delete-offsets', error: 'INVALID_GROUP_ID', topics: [] }
  if (group === undefined) return { kind: 'delete-offsets', error: 'GROUP_ID_NOT_FOUND', topics: [] }
  if (group.state !== 'Empty' && !group.isOfConsumers)
    return { kind: 'delete-offsets', error: 'NON_EMPTY_GROUP', topics: [] }
  const topics = command.topics.map(({ topic, partitions }) => {
    const error: ErrorName = group.isSubscribedTo(topic) ? 'GROUP_SUBSCRIBED_TO_TOPIC' : 'NONE'
    return {
      topic,
      partitions: partitions.map((partition) => {
        if (error === 'NONE') deleteOffset(group, topic, partition, out)
        return { partition, error }
      }),
    }
  })
  return { kind: 'delete-offsets', error: 'NONE', topics }
}

function deleteOffset(group: Group, topic: string, partition: number, out: Outcome): void {
  if (group.offsets.get(topic, partition) === undefined && !group.offsets.isUndecided(topic, partition))
    return
  out.write({ kind: 'offset', groupId: group.id, topic, partition, committed: null })
}

/** Deletes what the group has committed in the topics, or everywhere. */
export function deleteAllOffsets(group: Group, topics: ReadonlySet<string> | null, out: Outcome): void {
  if (topics === null)
    for (const { topic, partition } of group.offsets.partitions()) deleteOffset(group, topic, partition, out)
  else
    for (const name of topics)
      for (const { topic, partition } of group.offsets.partitionsOf(name))
        deleteOffset(group, topic, partition, out)
}

/**
 * Deletes what has outlived its retention (KIP-211): from the day on which the group became empty; while it has
 * consumers, topics that none of them reads, from their last commit; where no group management was ever used, from
 * the last commit. A commit that named its own retention goes by that. Then the group itself, if empty of all. Returns
 * how many offsets it has looked at.
 */
export function expireOffsets(group: Group, config: GroupConfig, now: Now, out: Outcome): number {
  let count = 0
  let left = 0
  for (const { topic, partition } of group.offsets.partitions()) {
    count++
    const stored = group.offsets.get(topic, partition)
    if (
      stored !== undefined &&
      !group.offsets.isUndecided(topic, partition) &&
      isExpired(group, topic, stored, config, now)
    )
      deleteOffset(group, topic, partition, out)
    else left++
  }
  if (left === 0 && group.record !== null && group.state === 'Empty' && group.pendingMembers.size === 0)
    out.write({ kind: 'group', groupId: group.id, record: null })
  return count
}

function isExpired(
  group: Group,
  topic: string,
  committed: CommittedOffset,
  config: GroupConfig,
  now: Now,
): boolean {
  let sinceMs = committed.commitTimestampMs
  if (group.protocolType !== null) {
    if (group.state === 'Empty') {
      if (group.stateTimestampMs !== -1) sinceMs = group.stateTimestampMs
    } else if (group.state !== 'Stable' || group.subscribedTopics === null || group.isSubscribedTo(topic))
      return false
  }
  if (committed.expireTimestampMs !== -1) return now.wallMs >= committed.expireTimestampMs
  return now.wallMs - sinceMs >= config.offsetsRetentionMs
}
