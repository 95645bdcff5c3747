import { Turn } from '../../../base/turn.ts'
import type { ResponseOf } from '../../../protocol/api.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import {
  type DescribeTopicPartitionsRequest,
  type DescribeTopicPartitionsResponseTopic,
  type DescribeTopicPartitionsResponseTopicPartition,
  defaultDescribeTopicPartitionsResponse,
  defaultDescribeTopicPartitionsResponseTopic,
} from '../../../protocol/generated/index.ts'
import { isInternalTopic } from '../../metadata/internal-topics.ts'
import type { PartitionImage, TopicImage } from '../../metadata/metadata-image.ts'
import { topicNameFault } from '../../metadata/topic-name.ts'
import type { Handler } from '../../net/handler.ts'
import { inOrder } from '../in-turns.ts'
import { TOPIC_OPERATIONS } from './authorized-operations.ts'
import { leadershipOf, offlineReplicasOf } from './cluster-view.ts'
import type { AdminPorts } from './ports.ts'

type DescribeTopicPartitionsResponse = ResponseOf<'DescribeTopicPartitions'>

/**
 * Topics in the order of their names, a bounded number of partitions at a time (KIP-966). The cursor of an answer names
 * the first partition that did not fit; a request that brings it back goes on there. No topics named is every topic. One
 * that is not there takes the room of a partition.
 */
export function describeTopicPartitionsHandler(ports: AdminPorts): Handler<'DescribeTopicPartitions'> {
  return async (request) => {
    const turn = new Turn(ports.environment)
    const { topics: topicImages } = ports.metadata.image
    const { cursor } = request
    const every = request.topics.length === 0
    const names = new Set(every ? topicImages.keys() : request.topics.map(({ name }) => name))
    if (cursor !== null && (cursor.partitionIndex < 0 || (!every && !names.has(cursor.topicName))))
      return refusedCursor(request)
    const from = cursor?.topicName ?? ''
    const limit = Math.min(
      Math.max(1, request.responsePartitionLimit),
      ports.options.get('max.request.partition.size.limit'),
    )
    const topics: DescribeTopicPartitionsResponseTopic[] = []
    let nextCursor: DescribeTopicPartitionsResponse['nextCursor'] = null
    let room = limit
    for await (const name of inOrder(turn, names, from)) {
      const first = cursor !== null && name === cursor.topicName ? cursor.partitionIndex : 0
      if (room === 0) {
        nextCursor = { topicName: name, partitionIndex: first }
        break
      }
      const topic = topicImages.get(name)
      if (topic === undefined) {
        topics.push(unknownTopic(name))
        room--
        continue
      }
      const partitions = topic.partitions.slice(first, first + room)
      topics.push(knownTopic(ports, topic, partitions))
      room -= partitions.length
      if (first + partitions.length < topic.partitions.length) {
        nextCursor = { topicName: name, partitionIndex: first + partitions.length }
        break
      }
    }
    return { ...defaultDescribeTopicPartitionsResponse(), topics, nextCursor }
  }
}

function refusedCursor(request: DescribeTopicPartitionsRequest): DescribeTopicPartitionsResponse {
  return {
    ...defaultDescribeTopicPartitionsResponse(),
    topics: request.topics.map(({ name }) => ({
      ...defaultDescribeTopicPartitionsResponseTopic(),
      errorCode: ERROR_CODES.INVALID_REQUEST,
      name,
    })),
  }
}

function unknownTopic(name: string): DescribeTopicPartitionsResponseTopic {
  return {
    ...defaultDescribeTopicPartitionsResponseTopic(),
    errorCode:
      topicNameFault(name) === null
        ? ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION
        : ERROR_CODES.INVALID_TOPIC_EXCEPTION,
    name,
    isInternal: isInternalTopic(name),
    topicAuthorizedOperations: TOPIC_OPERATIONS,
  }
}

function knownTopic(
  ports: AdminPorts,
  topic: TopicImage,
  partitions: readonly PartitionImage[],
): DescribeTopicPartitionsResponseTopic {
  return {
    errorCode: ERROR_CODES.NONE,
    name: topic.name,
    topicId: topic.id,
    isInternal: topic.internal,
    partitions: partitions.map((partition): DescribeTopicPartitionsResponseTopicPartition => {
      const { leaderId, leaderEpoch, led } = leadershipOf(ports, topic, partition)
      return {
        errorCode: led ? ERROR_CODES.NONE : ERROR_CODES.LEADER_NOT_AVAILABLE,
        partitionIndex: partition.index,
        leaderId,
        leaderEpoch,
        replicaNodes: [...partition.replicas],
        isrNodes: [...partition.isr],
        eligibleLeaderReplicas: [],
        lastKnownElr: [],
        offlineReplicas: offlineReplicasOf(ports, topic, partition),
      }
    }),
    topicAuthorizedOperations: TOPIC_OPERATIONS,
  }
}
