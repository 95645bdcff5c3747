import { ERROR_CODES } from '../../protocol/error-codes.ts'
import type { Log } from '../../storage/log.ts'
import type { OffsetWaiters } from './waiters.ts'

/**
 * Tells those whose batches are queued for a disk that is full or hangs, or for a descriptor: KAFKA_STORAGE_ERROR. The batches stay queued, and
 * may be written when the disk takes them again, so nobody is promised that they are stored or that they are not. Nobody
 * waits for it either: later answers on the same connection would wait behind. A repetition is refused while the disk is
 * as it is; after that it finds its original, where the producer is idempotent.
 */
export function refuseQueued(
  { log, highWatermark }: { readonly log: Log; readonly highWatermark: number },
  written: OffsetWaiters,
  committed: OffsetWaiters,
): void {
  if (written.count === 0 && committed.count === 0) return
  const refusal = log.refusal()
  if (refusal !== 'full' && refusal !== 'no-descriptors' && refusal !== 'stalled') return
  const { writtenEndOffset } = log
  written.failBeyond(writtenEndOffset, ERROR_CODES.KAFKA_STORAGE_ERROR)
  // On a full disk what is written can still be synced.
  const end = refusal === 'stalled' ? highWatermark : writtenEndOffset
  committed.failBeyond(end, ERROR_CODES.KAFKA_STORAGE_ERROR)
}
