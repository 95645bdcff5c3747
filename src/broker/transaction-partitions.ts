import { type ErrorName, errorName } from '../protocol/error-codes.ts'
import type { GroupCoordinator } from './coordinator/group-coordinator.ts'
import type { MarkerTargets, TransactionMarker } from './coordinator/transactions/completions.ts'
import { OFFSETS_TOPIC } from './metadata/internal-topics.ts'
import type { PartitionRegistry } from './partition/registry.ts'

/** A marker that is not committed by then is said to be late; whoever asked for it asks again. */
const COMMIT_MS_MAX = 30_000

/** The partitions of this broker as transactions end in them; those with groups' offsets by way of their coordinator. */
export class TransactionPartitions implements MarkerTargets {
  readonly #registry: PartitionRegistry
  readonly #groups: GroupCoordinator

  constructor(registry: PartitionRegistry, groups: GroupCoordinator) {
    this.#registry = registry
    this.#groups = groups
  }

  async write(topic: string, index: number, marker: TransactionMarker): Promise<ErrorName> {
    const partition = this.#registry.get(topic, index)
    if (partition === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION'
    if (topic === OFFSETS_TOPIC) {
      const errorCode = partition.checkMarker(marker)
      if (errorCode !== 0) return errorName(errorCode)
      const producer = { id: marker.producerId, epoch: marker.producerEpoch }
      const { coordinatorEpoch, isCommit } = marker
      const refused = await this.#groups.endTransaction(index, producer, coordinatorEpoch, isCommit)
      return refused === null ? 'NONE' : 'COORDINATOR_NOT_AVAILABLE'
    }
    const appended = partition.appendMarker(marker)
    if (!('endOffset' in appended)) return errorName(appended.errorCode)
    return new Promise((resolve) => {
      partition.whenReached('committed', appended.endOffset, COMMIT_MS_MAX, {
        reached: (errorCode) => resolve(errorName(errorCode)),
      })
    })
  }
}
