import { batchBaseOffset, batchLastOffset } from '../protocol/record-batch.ts'
import type { Segment } from './segment.ts'
import { StorageError } from './storage-error.ts'

/**
 * What is known of a batch by those around it: offsets grow, and stay in their segment. The CRC does not cover them, so a
 * changed bit in one would have a reader pass over a batch, or wait at it for ever, and never hear of it.
 */
export class OffsetOrder {
  readonly #segment: Segment
  #lastMin: number

  /** `lastMin`: what the last offset of the next batch is, at least. */
  constructor(segment: Segment, lastMin: number) {
    this.#segment = segment
    this.#lastMin = lastMin
  }

  /** Throws StorageError `corrupt`. */
  check(buffer: Buffer, at: number, position: number): void {
    const base = batchBaseOffset(buffer, at)
    const last = batchLastOffset(buffer, at)
    if (
      last < this.#lastMin ||
      base > last ||
      last >= this.#segment.endOffset ||
      base < this.#segment.baseOffset
    )
      throw new StorageError('corrupt', this.#segment.logPath, `offsets ${base} to ${last} can't be here`, {
        position,
      })
    this.#lastMin = last + 1
  }
}
