import type { Environment } from '../../../base/environment.ts'
import type { Uuid } from '../../../base/uuid.ts'
import type { GroupCoordinator } from '../../coordinator/group-coordinator.ts'
import type { TransactionCoordinator } from '../../coordinator/transaction-coordinator.ts'
import type { MarkerTargets } from '../../coordinator/transactions/completions.ts'
import type { Partition } from '../../partition/partition.ts'

/** What the handlers of this folder are made of. */
export interface TransactionApiPorts {
  readonly environment: Environment
  readonly transactions: TransactionCoordinator
  readonly groups: GroupCoordinator
  readonly targets: MarkerTargets
  readonly topics: {
    /** null: there is no such topic. */
    idOf(name: string): Uuid | null
    /** 0: there is no such topic. */
    partitionCountOf(name: string): number
  }
  readonly partitions: { get(topic: string, index: number): Partition | undefined }
}
