import { Turn } from '../../../base/turn.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import type {
  AlterPartitionReassignmentsResponseResponse,
  AlterPartitionReassignmentsResponseResponsePartition,
} from '../../../protocol/generated/index.ts'
import type { Handler } from '../../net/handler.ts'
import { mapInTurns } from '../in-turns.ts'
import type { AdminPorts } from './ports.ts'
import { tooManyPartitions } from './request-limits.ts'

type Refusal = readonly [errorCode: number, message: string | null]

/**
 * Moves replicas as far as there is anywhere to move them: to where they are. Every partition that was named is answered
 * (C14). No message repeats the name of the topic, which is once in the request for many partitions.
 */
export function alterPartitionReassignmentsHandler(
  ports: AdminPorts,
): Handler<'AlterPartitionReassignments'> {
  return async ({ topics, allowReplicationFactorChange }) => {
    const tooMany = tooManyPartitions(topics)
    const turn = new Turn(ports.environment)
    const responses: AlterPartitionReassignmentsResponseResponse[] = []
    for (const { name, partitions } of tooMany === null ? topics : []) {
      const answered = await mapInTurns(
        turn,
        partitions,
        ({ partitionIndex, replicas }): AlterPartitionReassignmentsResponseResponsePartition => {
          const [errorCode, errorMessage] = reassignment(ports, name, partitionIndex, replicas)
          return { partitionIndex, errorCode, errorMessage }
        },
      )
      responses.push({ name, partitions: answered })
    }
    return {
      throttleTimeMs: 0,
      allowReplicationFactorChange,
      errorCode: tooMany === null ? ERROR_CODES.NONE : ERROR_CODES.POLICY_VIOLATION,
      errorMessage: tooMany,
      responses,
    }
  }
}

/** Nothing is ever on its way. */
export function listPartitionReassignmentsHandler(): Handler<'ListPartitionReassignments'> {
  return () => ({ throttleTimeMs: 0, errorCode: ERROR_CODES.NONE, errorMessage: null, topics: [] })
}

function reassignment(
  { metadata }: AdminPorts,
  name: string,
  index: number,
  replicas: readonly number[] | null,
): Refusal {
  const topic = metadata.image.topics.get(name)
  if (topic === undefined) return [ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION, 'There is no such topic']
  const partition = topic.partitions[index]
  if (partition === undefined)
    return [ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION, 'The topic has no such partition']
  if (replicas === null) return [ERROR_CODES.NO_REASSIGNMENT_IN_PROGRESS, null]
  const wrong = (message: string): Refusal => [ERROR_CODES.INVALID_REPLICA_ASSIGNMENT, message]
  if (replicas.length === 0) return wrong('A partition needs at least one replica')
  const unknown = replicas.find((broker) => !metadata.image.brokers.has(broker))
  if (unknown !== undefined) return wrong(`There is no broker ${unknown}`)
  if (new Set(replicas).size < replicas.length)
    return wrong('A broker holds at most one replica of a partition')
  const isSame =
    replicas.length === partition.replicas.length && partition.replicas.every((id) => replicas.includes(id))
  return isSame ? [ERROR_CODES.NONE, null] : wrong('The replicas of a partition cannot be moved')
}
