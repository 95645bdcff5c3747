import { Turn } from '../../../base/turn.ts'
import { ZERO_UUID } from '../../../base/uuid.ts'
import { ERROR_CODES, errorMessage } from '../../../protocol/error-codes.ts'
import {
  type DescribeQuorumResponseTopic,
  type DescribeQuorumResponseTopicPartition,
  defaultDescribeQuorumResponse,
  defaultDescribeQuorumResponseTopicPartition,
} from '../../../protocol/generated/index.ts'
import { KAFKA_METADATA_TOPIC } from '../../metadata/internal-topics.ts'
import type { Handler } from '../../net/handler.ts'
import { mapInTurns } from '../in-turns.ts'
import { reachableBrokers } from './cluster-view.ts'
import type { AdminPorts } from './ports.ts'
import { tooManyPartitions } from './request-limits.ts'

const NODES_FROM = 2

/**
 * Who keeps the metadata, and how far each of them is. Clients know its log by Kafka's name; a question for anything
 * beside that one partition is answered for every partition with the same error, as in Kafka.
 */
export function describeQuorumHandler(ports: AdminPorts): Handler<'DescribeQuorum'> {
  return async ({ topics }, { apiVersion, connection }) => {
    const tooMany = tooManyPartitions(topics)
    if (tooMany !== null)
      return {
        ...defaultDescribeQuorumResponse(),
        errorCode: ERROR_CODES.POLICY_VIOLATION,
        errorMessage: tooMany,
      }
    const [topic] = topics
    const isOne =
      topics.length === 1 && topic?.topicName === KAFKA_METADATA_TOPIC && topic.partitions.length === 1
    const isKnown = isOne && topic.partitions[0]!.partitionIndex === 0
    const { nodeId } = ports.metadata.image
    const errorCode = ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION
    const turn = new Turn(ports.environment)
    const described: DescribeQuorumResponseTopic[] = []
    for (const { topicName, partitions } of topics) {
      const answered = await mapInTurns(turn, partitions, ({ partitionIndex }) =>
        isKnown
          ? quorum(ports)
          : {
              ...defaultDescribeQuorumResponseTopicPartition(),
              partitionIndex,
              errorCode,
              errorMessage: errorMessage(errorCode),
            },
      )
      described.push({ topicName, partitions: answered })
    }
    return {
      ...defaultDescribeQuorumResponse(),
      topics: described,
      nodes:
        !isKnown || apiVersion < NODES_FROM
          ? []
          : reachableBrokers(ports, connection)
              .filter((broker) => broker.nodeId === nodeId)
              .map(({ host, port }) => ({
                nodeId,
                listeners: [{ name: connection.listenerName, host, port }],
              })),
    }
  }
}

function quorum({ metadata, environment, metadataLog }: AdminPorts): DescribeQuorumResponseTopicPartition {
  const { nodeId } = metadata.image
  const { leaderEpoch, highWatermark, endOffset } = metadataLog()
  const nowMs = environment.wallMs()
  const voter = {
    replicaId: nodeId,
    replicaDirectoryId: ZERO_UUID,
    logEndOffset: endOffset,
    lastFetchTimestamp: nowMs,
    lastCaughtUpTimestamp: nowMs,
  }
  return {
    ...defaultDescribeQuorumResponseTopicPartition(),
    leaderId: nodeId,
    leaderEpoch,
    highWatermark,
    currentVoters: [voter],
  }
}
