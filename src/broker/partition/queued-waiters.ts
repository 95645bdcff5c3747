import { ERROR_CODES } from '../../protocol/error-codes.ts'
import type { Log } from '../../storage/log.ts'
import type { OffsetWaiters } from './waiters.ts'

/**
 * The disk is full, or descriptors have run out: tells those whose batches are queued, KAFKA_STORAGE_ERROR. The batches stay queued, and may be written when
 * there is room, so nobody is promised that they are stored or that they are not. Nobody waits for it either: later answers
 * on the same connection would wait behind. A repetition is refused while the disk is full; after that it finds its original,
 * where the producer is idempotent (docs/adr/0008-a-disk-that-hangs.md).
 */
export function refuseQueued(log: Log, written: OffsetWaiters, committed: OffsetWaiters): void {
  // What is written can still be synced.
  const { writtenEndOffset } = log
  written.failBeyond(writtenEndOffset, ERROR_CODES.KAFKA_STORAGE_ERROR)
  committed.failBeyond(writtenEndOffset, ERROR_CODES.KAFKA_STORAGE_ERROR)
}
