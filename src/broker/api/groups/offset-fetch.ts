import { Turn } from '../../../base/turn.ts'
import { type Uuid, ZERO_UUID } from '../../../base/uuid.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import {
  defaultOffsetFetchResponse,
  defaultOffsetFetchResponseGroup,
  type OffsetFetchRequestGroup,
  type OffsetFetchResponseGroup,
  type OffsetFetchResponseGroupTopic,
} from '../../../protocol/generated/index.ts'
import type { FetchedOffset, TopicPartitions } from '../../coordinator/groups/group-types.ts'
import type { Handler } from '../../net/handler.ts'
import { mapInTurns } from '../in-turns.ts'
import type { GroupApiPorts, TopicNames } from './ports.ts'
import { refusalCode } from './refusal-codes.ts'

/** Before this version an error has its place with each partition only. */
const GROUP_ERROR_MIN = 2
/** From here on several groups are asked for at once (KIP-709). */
const GROUP_LIST_MIN = 8
/** From here on topics are named by their ids. */
const TOPIC_IDS_MIN = 10

type Ports = Pick<GroupApiPorts, 'coordinator' | 'topics' | 'environment'>
type AskedTopic = NonNullable<OffsetFetchRequestGroup['topics']>[number]

/**
 * F9: a partition without an offset is no error, nor is a group that is not there; an id that no topic has is one. Each
 * group is answered once, and in it each partition: Kafka 4.3 tells offsets and their metadata again for each time that
 * they are asked about.
 */
export function offsetFetchHandler(ports: Ports): Handler<'OffsetFetch'> {
  return async (request, { apiVersion }) => {
    const response = defaultOffsetFetchResponse()
    if (apiVersion >= GROUP_LIST_MIN) {
      const byId = apiVersion >= TOPIC_IDS_MIN
      const turn = new Turn(ports.environment)
      const fetched = await mapInTurns(turn, groupsOnce(request.groups), (group) =>
        fetchGroup(ports, group, request.requireStable, byId),
      )
      return { ...response, groups: await Promise.all(fetched) }
    }
    const topics = request.topics?.map((topic) => ({ ...topic, topicId: ZERO_UUID })) ?? null
    const asked = { groupId: request.groupId, memberId: null, memberEpoch: -1, topics }
    const group = await fetchGroup(ports, asked, request.requireStable, false)
    if (group.errorCode === ERROR_CODES.NONE) return { ...response, topics: group.topics }
    if (apiVersion >= GROUP_ERROR_MIN) return { ...response, errorCode: group.errorCode }
    return {
      ...response,
      topics: (topics ?? []).map(({ name, partitionIndexes }) => ({
        name,
        partitions: partitionIndexes.map((partition) => nothingAt(partition, group.errorCode)),
      })),
    }
  }
}

async function fetchGroup(
  { coordinator, topics }: Ports,
  asked: OffsetFetchRequestGroup,
  requireStable: boolean,
  byId: boolean,
): Promise<OffsetFetchResponseGroup> {
  const group = { ...defaultOffsetFetchResponseGroup(), groupId: asked.groupId }
  const { known, unknown } = resolve(asked.topics, byId, topics)
  const reply = await coordinator.submit<'fetch-offsets'>({
    kind: 'fetch-offsets',
    groupId: asked.groupId,
    topics: known,
    requireStable,
  })
  if ('refused' in reply) return { ...group, errorCode: refusalCode(reply.refused) }
  const fetched: OffsetFetchResponseGroupTopic[] = []
  for (const { topic, partitions } of reply.topics) {
    const topicId = byId ? topics.idOf(topic) : ZERO_UUID
    if (topicId === null) continue
    fetched.push({ name: byId ? '' : topic, topicId, partitions: partitions.map(partitionOf) })
  }
  return { ...group, topics: [...fetched, ...unknown] }
}

/** Each group with all that is asked about it; about all of its partitions where that is asked once. */
function groupsOnce(groups: readonly OffsetFetchRequestGroup[]): Iterable<OffsetFetchRequestGroup> {
  const once = new Map<string, OffsetFetchRequestGroup & { readonly topics: AskedTopic[] | null }>()
  for (const group of groups) {
    const before = once.get(group.groupId)
    if (before === undefined)
      once.set(group.groupId, { ...group, topics: group.topics === null ? null : [...group.topics] })
    else if (group.topics === null) once.set(group.groupId, { ...before, topics: null })
    else if (before.topics !== null) for (const topic of group.topics) before.topics.push(topic)
  }
  return once.values()
}

/** Each topic with each of its partitions that is asked about. */
function topicsOnce(topics: readonly AskedTopic[]): Iterable<AskedTopic> {
  const once = new Map<string, AskedTopic & { readonly indexes: Set<number> }>()
  for (const topic of topics) {
    const key = `${topic.topicId}${topic.name}`
    const before = once.get(key)
    if (before === undefined) once.set(key, { ...topic, indexes: new Set(topic.partitionIndexes) })
    else for (const index of topic.partitionIndexes) before.indexes.add(index)
  }
  return Array.from(once.values(), ({ indexes, ...topic }) => ({ ...topic, partitionIndexes: [...indexes] }))
}

/** Names the topics that are asked for, and answers for the ids that nobody has. */
function resolve(
  asked: OffsetFetchRequestGroup['topics'],
  byId: boolean,
  topics: TopicNames,
): { readonly known: readonly TopicPartitions[] | null; readonly unknown: OffsetFetchResponseGroupTopic[] } {
  const unknown: OffsetFetchResponseGroupTopic[] = []
  if (asked === null) return { known: null, unknown }
  const known: TopicPartitions[] = []
  for (const { name, topicId, partitionIndexes } of topicsOnce(asked)) {
    const topic = byId ? topics.nameOf(topicId) : name
    if (topic !== null) known.push({ topic, partitions: partitionIndexes })
    else unknown.push(unknownTopic(topicId, partitionIndexes))
  }
  return { known, unknown }
}

function unknownTopic(topicId: Uuid, partitions: readonly number[]): OffsetFetchResponseGroupTopic {
  const answers = partitions.map((partition) => nothingAt(partition, ERROR_CODES.UNKNOWN_TOPIC_ID))
  return { name: '', topicId, partitions: answers }
}

function nothingAt(partition: number, errorCode: number) {
  return {
    partitionIndex: partition,
    committedOffset: -1,
    committedLeaderEpoch: -1,
    metadata: '',
    errorCode,
  }
}

function partitionOf({ partition, offset, leaderEpoch, metadata, error }: FetchedOffset) {
  return {
    partitionIndex: partition,
    committedOffset: offset,
    committedLeaderEpoch: leaderEpoch,
    metadata,
    errorCode: ERROR_CODES[error],
  }
}
