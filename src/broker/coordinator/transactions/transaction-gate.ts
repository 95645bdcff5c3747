import type { ErrorName } from '../../../protocol/error-codes.ts'
import type { ProducerEpoch, TopicPartitions } from './transaction-types.ts'

/** A producer is about to write to partitions that its transaction has not written to yet. */
export interface TransactionWrite extends ProducerEpoch {
  readonly transactionalId: string
  readonly partitions: readonly TopicPartitions[]
  /** They are made part of the transaction (KIP-890, version 2), instead of being expected to be. */
  readonly adds: boolean
}

export interface AdmittedWrite {
  /** For all of them, when not NONE. */
  readonly error: ErrorName
  /** Those that are no part of the transaction. */
  readonly missing: readonly TopicPartitions[]
}

/** Asks the coordinator of a transactional id, wherever it is. What it says is committed. Never rejects. */
export interface TransactionGate {
  admit(write: TransactionWrite): Promise<AdmittedWrite>
}

/** A coordinator that can't be asked: to the one who writes it passes. */
const COORDINATOR_AWAY: ReadonlySet<ErrorName> = new Set<ErrorName>([
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
])

export function isCoordinatorAway(error: ErrorName): boolean {
  return COORDINATOR_AWAY.has(error)
}
