import type { TransactionCoordinator } from '../../coordinator/transaction-coordinator.ts'
import type { HandlersFor } from '../../net/handler.ts'
import type { BatchThreads } from '../../partition/batch-threads.ts'
import { deleteRecordsHandler } from './delete-records.ts'
import { type FetchOptions, fetchHandler } from './fetch.ts'
import { offsetForLeaderEpochHandler } from './leader-epochs.ts'
import { listOffsetsHandler } from './list-offsets.ts'
import { produceHandler } from './produce.ts'
import { initProducerIdHandler, type ProducerIds } from './producer-ids.ts'

/** APIs that write and read records. */
export type DataApi =
  | 'Produce'
  | 'Fetch'
  | 'ListOffsets'
  | 'OffsetForLeaderEpoch'
  | 'InitProducerId'
  | 'DeleteRecords'

/** The handlers of what is written and read. */
export function dataHandlers(
  options: FetchOptions & {
    readonly producerIds: ProducerIds
    readonly transactions: TransactionCoordinator
    readonly batchThreads: BatchThreads
  },
): HandlersFor<DataApi> {
  const { registry, environment } = options
  return {
    Produce: produceHandler(registry, options.transactions, options.batchThreads, environment),
    Fetch: fetchHandler(options),
    ListOffsets: listOffsetsHandler(registry, environment),
    OffsetForLeaderEpoch: offsetForLeaderEpochHandler(registry),
    InitProducerId: initProducerIdHandler(options.producerIds, options.transactions),
    DeleteRecords: deleteRecordsHandler(registry, environment),
  }
}
