import type { Uuid } from '../../../base/uuid.ts'
import { ZERO_UUID } from '../../../base/uuid.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import {
  defaultOffsetCommitResponse,
  type OffsetCommitRequestTopic,
} from '../../../protocol/generated/index.ts'
import type { OffsetToCommit } from '../../coordinator/groups/group-types.ts'
import type { Handler } from '../../net/handler.ts'
import type { GroupApiPorts, TopicNames } from './ports.ts'
import { refusalCode } from './refusal-codes.ts'

/** From here on a group that is not there is said to be so. */
const GROUP_NOT_FOUND_MIN = 9
/** From here on topics are named by their ids. */
const TOPIC_IDS_MIN = 10

/** One partition of the request: what it is answered unless it goes to the coordinator. */
interface Place {
  readonly partitionIndex: number
  errorCode: number
}

/** The request as places to answer, and the offsets whose topic and partition exist, with their places. */
interface Plan {
  readonly topics: readonly {
    readonly name: string
    readonly topicId: Uuid
    readonly partitions: readonly Place[]
  }[]
  readonly offsets: readonly OffsetToCommit[]
  readonly places: readonly Place[]
}

/** Answers when the offsets are durable; partitions that are not there are answered beside those that are. */
export function offsetCommitHandler({
  coordinator,
  topics,
}: Pick<GroupApiPorts, 'coordinator' | 'topics'>): Handler<'OffsetCommit'> {
  return async (request, { apiVersion }) => {
    const plan = planOf(request.topics, apiVersion >= TOPIC_IDS_MIN, topics)
    if (plan.offsets.length > 0) {
      const reply = await coordinator.submit<'commit'>({
        kind: 'commit',
        groupId: request.groupId,
        generation: request.generationIdOrMemberEpoch,
        memberId: request.memberId,
        instanceId: request.groupInstanceId,
        retentionMs: request.retentionTimeMs,
        offsets: plan.offsets,
      })
      plan.places.forEach((place, index) => {
        place.errorCode =
          'refused' in reply ? refusalCode(reply.refused) : codeOf(reply.errors[index]!, apiVersion)
      })
    }
    const answered = plan.topics.map(({ partitions, ...topic }) => ({
      ...topic,
      partitions: [...partitions],
    }))
    return { ...defaultOffsetCommitResponse(), topics: answered }
  }
}

/** Old clients know a group that is not there by a generation that is not right. */
function codeOf(error: keyof typeof ERROR_CODES, apiVersion: number): number {
  const isHidden = error === 'GROUP_ID_NOT_FOUND' && apiVersion < GROUP_NOT_FOUND_MIN
  return isHidden ? ERROR_CODES.ILLEGAL_GENERATION : ERROR_CODES[error]
}

function planOf(requested: readonly OffsetCommitRequestTopic[], byId: boolean, topics: TopicNames): Plan {
  const offsets: OffsetToCommit[] = []
  const places: Place[] = []
  const planned = requested.map((topic) => {
    const name = byId ? topics.nameOf(topic.topicId) : topic.name
    const partitionCount = name === null ? 0 : topics.partitionCountOf(name)
    const topicId = byId ? topic.topicId : name === null ? null : topics.idOf(name)
    const missing = name === null ? ERROR_CODES.UNKNOWN_TOPIC_ID : ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION
    const partitions = topic.partitions.map((partition) => {
      const { partitionIndex } = partition
      const isThere = partitionIndex >= 0 && partitionIndex < partitionCount
      const place: Place = { partitionIndex, errorCode: missing }
      if (name !== null && isThere) {
        places.push(place)
        offsets.push({
          topic: name,
          topicId: topicId ?? ZERO_UUID,
          partition: partitionIndex,
          offset: partition.committedOffset,
          leaderEpoch: partition.committedLeaderEpoch,
          metadata: partition.committedMetadata ?? '',
        })
      }
      return place
    })
    return { name: topic.name, topicId: topic.topicId, partitions }
  })
  return { topics: planned, offsets, places }
}
