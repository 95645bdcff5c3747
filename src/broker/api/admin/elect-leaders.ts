import { Turn } from '../../../base/turn.ts'
import { ERROR_CODES, errorMessage } from '../../../protocol/error-codes.ts'
import type {
  ElectLeadersResponseReplicaElectionResult,
  ElectLeadersResponseReplicaElectionResultPartitionResult,
} from '../../../protocol/generated/index.ts'
import type { Handler } from '../../net/handler.ts'
import { mapInTurns } from '../in-turns.ts'
import type { AdminPorts } from './ports.ts'
import { tooManyPartitions } from './request-limits.ts'

/** What there is to choose, and what a client hears when nobody can be chosen. */
const NOBODY: readonly number[] = [
  ERROR_CODES.PREFERRED_LEADER_NOT_AVAILABLE,
  ERROR_CODES.ELIGIBLE_LEADERS_NOT_AVAILABLE,
]

/**
 * Leaders are elected by the partitions themselves, so that there is nothing to be done: a partition has its leader, or
 * cannot have one now. Every partition that was named is answered (C14); of all partitions those that need nothing are
 * left out. A message says nothing of the topic: its name, once in the request, would be in the answer for each partition.
 */
export function electLeadersHandler(ports: AdminPorts): Handler<'ElectLeaders'> {
  return async ({ electionType, topicPartitions }) => {
    if (tooManyPartitions(topicPartitions ?? []) !== null)
      return { throttleTimeMs: 0, errorCode: ERROR_CODES.POLICY_VIOLATION, replicaElectionResults: [] }
    const nobody = NOBODY[electionType]
    const { topics } = ports.metadata.image
    const turn = new Turn(ports.environment)
    const wanted =
      topicPartitions ??
      (await mapInTurns(turn, [...topics.values()], ({ name, partitions }) => ({
        topic: name,
        partitions: partitions.map(({ index }) => index),
      })))
    const isToldOf = ({ errorCode }: { readonly errorCode: number }): boolean =>
      topicPartitions !== null || errorCode !== ERROR_CODES.ELECTION_NOT_NEEDED
    const results: ElectLeadersResponseReplicaElectionResult[] = []
    for (const { topic, partitions } of wanted) {
      const elected = await mapInTurns(turn, partitions, (index) =>
        nobody === undefined
          ? result(index, ERROR_CODES.INVALID_REQUEST, `There is no kind of election ${electionType}`)
          : election(ports, topic, index, nobody),
      )
      results.push({ topic, partitionResult: elected.filter(isToldOf) })
    }
    const errorCode = nobody === undefined ? ERROR_CODES.INVALID_REQUEST : ERROR_CODES.NONE
    return { throttleTimeMs: 0, errorCode, replicaElectionResults: results }
  }
}

function election({ metadata, partitions }: AdminPorts, name: string, index: number, nobody: number) {
  const topic = metadata.image.topics.get(name)
  if (topic === undefined)
    return result(index, ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION, 'There is no such topic')
  if (topic.partitions[index] === undefined)
    return result(index, ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION, 'The topic has no such partition')
  const isLed = partitions.leaderEpochOf(topic.id, index) !== null
  const errorCode = isLed ? ERROR_CODES.ELECTION_NOT_NEEDED : nobody
  return result(index, errorCode, errorMessage(errorCode))
}

function result(
  partitionId: number,
  errorCode: number,
  message: string | null,
): ElectLeadersResponseReplicaElectionResultPartitionResult {
  return { partitionId, errorCode, errorMessage: message }
}
