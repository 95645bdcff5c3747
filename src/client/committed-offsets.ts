import {
  defaultOffsetCommitRequest,
  defaultOffsetCommitRequestTopic,
  defaultOffsetCommitRequestTopicPartition,
  defaultOffsetDeleteRequest,
  defaultOffsetFetchRequest,
  defaultOffsetFetchRequestGroup,
  defaultOffsetFetchRequestGroupTopic,
} from '../protocol/generated/offsets.ts'
import { throwOnError } from './client-error.ts'
import type { Cluster } from './cluster.ts'
import { groupByTopic, type TopicPartition } from './position.ts'

/** Where a group will go on reading a partition: the offset of the next record that it has not done. */
export interface CommittedOffset extends TopicPartition {
  readonly offset: number
  readonly metadata: string
}

/** Who commits. A commit from outside a group has neither member nor generation and needs the group to be empty. */
export interface Committer {
  readonly memberId: string
  readonly generation: number
  readonly instanceId: string | null
}

export const OUTSIDE_COMMITTER: Committer = { memberId: '', generation: -1, instanceId: null }

/** The last versions that name topics. */
const COMMIT_VERSION_BY_NAME = 9
const FETCH_VERSION_BY_NAME = 9
const FETCH_VERSION_OF_MANY_GROUPS = 8

/** What a group has committed, of all partitions or of those asked for; without those that it never did. */
export async function fetchCommitted(
  cluster: Cluster,
  groupId: string,
  partitions: readonly TopicPartition[] | null = null,
): Promise<CommittedOffset[]> {
  return cluster.retrying({ groupId }, async () => {
    const connection = await cluster.connection(await cluster.coordinator(groupId), 'main')
    const many = connection.versionOf('OffsetFetch', FETCH_VERSION_BY_NAME) >= FETCH_VERSION_OF_MANY_GROUPS
    const topics =
      partitions === null
        ? null
        : [...groupByTopic(partitions)].map(([name, list]) => ({
            name,
            partitionIndexes: list.map(({ partition }) => partition),
          }))
    const group = {
      ...defaultOffsetFetchRequestGroup(),
      groupId,
      topics: topics?.map((topic) => ({ ...defaultOffsetFetchRequestGroupTopic(), ...topic })) ?? null,
    }
    const answer = await connection.request(
      'OffsetFetch',
      {
        ...defaultOffsetFetchRequest(),
        groupId: many ? '' : groupId,
        topics: many ? [] : topics,
        groups: many ? [group] : [],
        requireStable: connection.versionOf('OffsetFetch', FETCH_VERSION_BY_NAME) >= 7,
      },
      { versionMax: FETCH_VERSION_BY_NAME },
    )
    const found = many ? answer.groups.find((entry) => entry.groupId === groupId) : answer
    throwOnError(found?.errorCode ?? 0, `read the offsets of group ${groupId}`)
    const offsets: CommittedOffset[] = []
    for (const { name: topic, partitions: list } of found?.topics ?? [])
      for (const { partitionIndex, committedOffset, metadata, errorCode } of list) {
        throwOnError(errorCode, `read the offset of group ${groupId} in ${topic} [${partitionIndex}]`)
        if (committedOffset >= 0)
          offsets.push({
            topic,
            partition: partitionIndex,
            offset: committedOffset,
            metadata: metadata ?? '',
          })
      }
    return offsets
  })
}

/**
 * Commits offsets. Throws KafkaError: REBALANCE_IN_PROGRESS, ILLEGAL_GENERATION or UNKNOWN_MEMBER_ID when the
 * committer is not (or not now) a member in good standing; what could not be committed is then not.
 */
export async function commitOffsets(
  cluster: Cluster,
  groupId: string,
  offsets: readonly (TopicPartition & { offset: number; metadata?: string })[],
  committer: Committer = OUTSIDE_COMMITTER,
): Promise<void> {
  if (offsets.length === 0) return
  await cluster.retrying({ groupId }, async () => {
    const answer = await cluster.onNode(
      await cluster.coordinator(groupId),
      'OffsetCommit',
      {
        ...defaultOffsetCommitRequest(),
        groupId,
        generationIdOrMemberEpoch: committer.generation,
        memberId: committer.memberId,
        groupInstanceId: committer.instanceId,
        topics: [...groupByTopic(offsets)].map(([name, list]) => ({
          ...defaultOffsetCommitRequestTopic(),
          name,
          partitions: list.map(({ partition, offset, metadata }) => ({
            ...defaultOffsetCommitRequestTopicPartition(),
            partitionIndex: partition,
            committedOffset: offset,
            committedMetadata: metadata ?? '',
          })),
        })),
      },
      { lane: `group:${groupId}`, versionMax: COMMIT_VERSION_BY_NAME },
    )
    for (const { name, partitions } of answer.topics)
      for (const { partitionIndex, errorCode } of partitions)
        throwOnError(errorCode, `commit the offset of group ${groupId} in ${name} [${partitionIndex}]`)
  })
}

/**
 * Deletes what a group has committed of partitions. Throws KafkaError: GROUP_SUBSCRIBED_TO_TOPIC while members read the
 * topic, GROUP_ID_NOT_FOUND.
 */
export async function deleteOffsets(
  cluster: Cluster,
  groupId: string,
  partitions: readonly TopicPartition[],
): Promise<void> {
  await cluster.retrying({ groupId }, async () => {
    const answer = await cluster.onNode(await cluster.coordinator(groupId), 'OffsetDelete', {
      ...defaultOffsetDeleteRequest(),
      groupId,
      topics: [...groupByTopic(partitions)].map(([name, list]) => ({
        name,
        partitions: list.map(({ partition }) => ({ partitionIndex: partition })),
      })),
    })
    throwOnError(answer.errorCode, `delete offsets of group ${groupId}`, null, {
      kind: 'group',
      name: groupId,
    })
    for (const { name, partitions: list } of answer.topics)
      for (const { partitionIndex, errorCode } of list)
        throwOnError(errorCode, `delete the offset of group ${groupId} in ${name} [${partitionIndex}]`)
  })
}
