import { encodeEndTransactionMarker } from '../../protocol/control-record.ts'
import { ERROR_CODES } from '../../protocol/error-codes.ts'
import type { ProducerStates } from '../../storage/producer-state.ts'
import type { TransactionMarker } from '../coordinator/transactions/completions.ts'

/** 0, or why the marker must not be written: a newer epoch of the producer or of its coordinator has been here. */
export function markerErrorCode(marker: TransactionMarker, producers: ProducerStates): number {
  const { producerId, producerEpoch, coordinatorEpoch, transactionVersion } = marker
  const verdict = producers.checkMarker(producerId, producerEpoch, coordinatorEpoch, transactionVersion)
  if (verdict === 'ok') return 0
  return verdict === 'fenced'
    ? ERROR_CODES.INVALID_PRODUCER_EPOCH
    : ERROR_CODES.TRANSACTION_COORDINATOR_FENCED
}

/** The marker as an unstamped batch (E12). */
export function markerBatch(marker: TransactionMarker, timestampMs: number): Buffer {
  return encodeEndTransactionMarker({
    producerId: marker.producerId,
    producerEpoch: marker.producerEpoch,
    coordinatorEpoch: marker.coordinatorEpoch,
    committed: marker.isCommit,
    timestamp: timestampMs,
  })
}
