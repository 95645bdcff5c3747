import { ERROR_CODES } from '../../protocol/error-codes.ts'
import type { PartitionAssignment } from './metadata-command.ts'
import type { Assignment } from './metadata-event.ts'

/** Why replicas cannot be placed so; the message is for the client. */
export interface AssignmentFault {
  readonly errorCode: number
  readonly message: string
}

/**
 * Spreads replicas over brokers in turn, from a start that chance picks (`random` in [0, 1)), so that leaders and
 * followers come out even.
 */
export function spreadReplicas(
  count: number,
  replicationFactor: number,
  brokers: readonly number[],
  random: number,
): Assignment | AssignmentFault {
  if (replicationFactor > brokers.length)
    return {
      errorCode: ERROR_CODES.INVALID_REPLICATION_FACTOR,
      message: `A replication factor of ${replicationFactor} cannot be reached, there are ${brokers.length} broker(s)`,
    }
  const sorted = [...brokers].sort((a, b) => a - b)
  const start = Math.floor(random * sorted.length)
  return Array.from({ length: count }, (_, partition) =>
    Array.from(
      { length: replicationFactor },
      (_, replica) => sorted[(start + partition + replica) % sorted.length]!,
    ),
  )
}

/** Checks the replicas that somebody chose for one partition. */
export function replicasFault(
  replicas: readonly number[],
  replicationFactor: number | null,
  brokers: ReadonlySet<number>,
): AssignmentFault | null {
  const wrong = (message: string): AssignmentFault => ({
    errorCode: ERROR_CODES.INVALID_REPLICA_ASSIGNMENT,
    message,
  })
  if (replicas.length === 0) return wrong('An assignment has no replicas')
  const seen = new Set<number>()
  for (const broker of replicas) {
    if (seen.has(broker)) return wrong(`An assignment names broker ${broker} more than once`)
    seen.add(broker)
    if (!brokers.has(broker)) return wrong(`An assignment names broker ${broker}, which is not registered`)
  }
  if (replicationFactor !== null && replicas.length !== replicationFactor)
    return wrong(`An assignment has ${replicas.length} replica(s), the others have ${replicationFactor}`)
  return null
}

/** Puts the partitions that somebody chose replicas for in order: from 0, without a gap. */
export function orderedAssignment(
  chosen: readonly PartitionAssignment[],
  brokers: ReadonlySet<number>,
): Assignment | AssignmentFault {
  const wrong = (message: string): AssignmentFault => ({
    errorCode: ERROR_CODES.INVALID_REPLICA_ASSIGNMENT,
    message,
  })
  const assignment: (readonly number[])[] = []
  const replicationFactor = chosen[0]?.replicas.length ?? 0
  for (const { index, replicas } of [...chosen].sort((a, b) => a.index - b.index)) {
    if (index === assignment.length - 1) return wrong(`Partition ${index} is assigned more than once`)
    if (index !== assignment.length) return wrong('The assigned partitions must count from 0 without a gap')
    const fault = replicasFault(replicas, replicationFactor, brokers)
    if (fault !== null) return fault
    assignment.push(replicas)
  }
  return assignment
}

/** True for what went wrong rather than an assignment. */
export function isFault(value: Assignment | AssignmentFault): value is AssignmentFault {
  return !Array.isArray(value)
}
