import { ERROR_CODES } from '../protocol/error-codes.ts'
import {
  type ConsumerGroupDescribeResponseGroup,
  defaultConsumerGroupDescribeRequest,
} from '../protocol/generated/consumer-groups.ts'
import {
  type DescribeGroupsResponseGroup,
  defaultDeleteGroupsRequest,
  defaultDescribeGroupsRequest,
  defaultListGroupsRequest,
} from '../protocol/generated/groups.ts'
import { BadAnswerError, ClientError, throwOnError } from './client-error.ts'
import type { Cluster } from './cluster.ts'
import { fetchCommitted } from './committed-offsets.ts'
import { CONSUMER_PROTOCOL, decodeAssignment } from './consumer-protocol.ts'
import { resolveOffsets } from './offsets.ts'
import { partitionKey, type TopicPartition } from './position.ts'

/** A group in a list. `type` is empty where the broker is too old to say: `classic`, `consumer`, `share`, `streams`. */
export interface GroupListing {
  readonly groupId: string
  readonly protocolType: string
  readonly state: string
  readonly type: string
}

/** A member and what it reads. */
export interface MemberDescription {
  readonly memberId: string
  readonly instanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly assignment: readonly TopicPartition[]
}

/** How far a group is in one partition. `end` and `lag` are null while the partition cannot be asked. */
export interface PartitionProgress extends TopicPartition {
  readonly committed: number | null
  readonly end: number | null
  readonly lag: number | null
  readonly memberId: string | null
}

/** A group, who is in it and how far it is. */
export interface GroupDescription {
  readonly groupId: string
  readonly state: string
  readonly type: string
  readonly assignor: string
  readonly members: readonly MemberDescription[]
  readonly progress: readonly PartitionProgress[]
}

/** Every group of every broker, by name. */
export async function listGroups(cluster: Cluster): Promise<GroupListing[]> {
  const answers = await Promise.all(
    cluster.nodeIds.map((nodeId) =>
      cluster.retrying({}, async () => {
        const answer = await cluster.onNode(nodeId, 'ListGroups', defaultListGroupsRequest())
        throwOnError(answer.errorCode, 'list the groups')
        return answer.groups
      }),
    ),
  )
  return answers
    .flat()
    .map(({ groupId, protocolType, groupState, groupType }) => ({
      groupId,
      protocolType,
      state: groupState,
      type: groupType,
    }))
    .sort((a, b) => (a.groupId < b.groupId ? -1 : 1))
}

/** One group in full, of the classic or the consumer protocol. Throws KafkaError: GROUP_ID_NOT_FOUND. */
export async function describeGroup(cluster: Cluster, groupId: string): Promise<GroupDescription> {
  const group =
    (await describeConsumerGroup(cluster, groupId)) ?? (await describeClassicGroup(cluster, groupId))
  return { ...group, progress: await progressOf(cluster, groupId, group.members) }
}

/** Deletes a group and its offsets. Throws KafkaError: NON_EMPTY_GROUP, GROUP_ID_NOT_FOUND. */
export async function deleteGroup(cluster: Cluster, groupId: string): Promise<void> {
  await cluster.retrying({ groupId }, async () => {
    const body = { ...defaultDeleteGroupsRequest(), groupsNames: [groupId] }
    const answer = await cluster.onNode(await cluster.coordinator(groupId), 'DeleteGroups', body)
    const result = answer.results.find((entry) => entry.groupId === groupId)
    if (result === undefined)
      throw new BadAnswerError(`the broker's answer does not mention group ${groupId}`)
    throwOnError(result.errorCode, `delete group ${groupId}`, null, { kind: 'group', name: groupId })
  })
}

type GroupShape = Omit<GroupDescription, 'progress'>

/** null: the group is not of the newer protocol, or the broker does not have it. */
async function describeConsumerGroup(cluster: Cluster, groupId: string): Promise<GroupShape | null> {
  return cluster.retrying({ groupId }, async () => {
    const connection = await cluster.connection(await cluster.coordinator(groupId), 'main')
    if (!connection.supports('ConsumerGroupDescribe')) return null
    const body = { ...defaultConsumerGroupDescribeRequest(), groupIds: [groupId] }
    const answer = await connection.request('ConsumerGroupDescribe', body)
    const group = answer.groups.find((entry) => entry.groupId === groupId)
    if (group === undefined || group.errorCode === ERROR_CODES.GROUP_ID_NOT_FOUND) return null
    throwOnError(group.errorCode, `describe group ${groupId}`, group.errorMessage, {
      kind: 'group',
      name: groupId,
    })
    return consumerShape(group)
  })
}

function consumerShape(group: ConsumerGroupDescribeResponseGroup): GroupShape {
  return {
    groupId: group.groupId,
    state: group.groupState,
    type: 'consumer',
    assignor: group.assignorName,
    members: group.members.map(({ memberId, instanceId, clientId, clientHost, assignment }) => ({
      memberId,
      instanceId,
      clientId,
      clientHost,
      assignment: assignment.topicPartitions.flatMap(({ topicName, partitions }) =>
        partitions.map((partition) => ({ topic: topicName, partition })),
      ),
    })),
  }
}

async function describeClassicGroup(cluster: Cluster, groupId: string): Promise<GroupShape> {
  return cluster.retrying({ groupId }, async () => {
    const body = { ...defaultDescribeGroupsRequest(), groups: [groupId] }
    const answer = await cluster.onNode(await cluster.coordinator(groupId), 'DescribeGroups', body)
    const group = answer.groups.find((entry) => entry.groupId === groupId)
    if (group === undefined) throw new BadAnswerError(`the broker's answer does not mention group ${groupId}`)
    throwOnError(group.errorCode, `describe group ${groupId}`, group.errorMessage, {
      kind: 'group',
      name: groupId,
    })
    if (group.groupState === 'Dead')
      throwOnError(ERROR_CODES.GROUP_ID_NOT_FOUND, `describe group ${groupId}`, null, {
        kind: 'group',
        name: groupId,
      })
    return classicShape(group)
  })
}

function classicShape(group: DescribeGroupsResponseGroup): GroupShape {
  return {
    groupId: group.groupId,
    state: group.groupState,
    type: 'classic',
    assignor: group.protocolData,
    members: group.members.map(({ memberId, groupInstanceId, clientId, clientHost, memberAssignment }) => ({
      memberId,
      instanceId: groupInstanceId,
      clientId,
      clientHost,
      assignment: group.protocolType === CONSUMER_PROTOCOL ? decodeAssignment(memberAssignment) : [],
    })),
  }
}

/** Every partition that the group has committed or reads, by topic and number. */
async function progressOf(
  cluster: Cluster,
  groupId: string,
  members: readonly MemberDescription[],
): Promise<PartitionProgress[]> {
  const committed = new Map<string, number>()
  const partitions = new Map<string, TopicPartition>()
  const owners = new Map<string, string>()
  for (const { topic, partition, offset } of await fetchCommitted(cluster, groupId)) {
    committed.set(partitionKey(topic, partition), offset)
    partitions.set(partitionKey(topic, partition), { topic, partition })
  }
  for (const { memberId, assignment } of members)
    for (const { topic, partition } of assignment) {
      owners.set(partitionKey(topic, partition), memberId)
      partitions.set(partitionKey(topic, partition), { topic, partition })
    }
  const ends = await endsOf(cluster, [...partitions.values()])
  return [...partitions]
    .map(([key, { topic, partition }]) => {
      const offset = committed.get(key) ?? null
      const end = ends.get(key) ?? null
      const lag = offset === null || end === null ? null : Math.max(0, end - offset)
      return { topic, partition, committed: offset, end, lag, memberId: owners.get(key) ?? null }
    })
    .sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1))
}

/** The ends of those partitions that are there and led; a topic that was deleted leaves its offsets behind. */
async function endsOf(cluster: Cluster, partitions: readonly TopicPartition[]): Promise<Map<string, number>> {
  const names = [...new Set(partitions.map(({ topic }) => topic))]
  const led = new Set<string>()
  for (const topic of names.length > 0 ? await cluster.describeTopics(names) : [])
    for (const { partitionIndex, leaderId } of topic.partitions)
      if (leaderId >= 0) led.add(partitionKey(topic.name ?? '', partitionIndex))
  const questions = partitions
    .filter(({ topic, partition }) => led.has(partitionKey(topic, partition)))
    .map(({ topic, partition }) => ({ topic, partition, start: { kind: 'latest' as const } }))
  try {
    return await resolveOffsets(cluster, questions)
  } catch (error) {
    if (error instanceof ClientError) return new Map()
    throw error
  }
}
