import { readEndTransactionMarker } from '../protocol/control-record.ts'
import { batchIsTransactional, batchLastOffset, batchProducerId } from '../protocol/record-batch.ts'
import type { AbortedTransaction } from './transaction-index.ts'

/** Follows the transactions of a log while its batches are gone through in order: which data were aborted. */
export class CompactionTransactions {
  /** By first offset, the next one at `#next`. */
  readonly #aborted: readonly AbortedTransaction[]
  #next = 0
  /** Aborted transactions that the walk is within, by producer, and whether a batch of them has been met. */
  readonly #withinAborted = new Map<number, { readonly markerOffset: number; hasBatches: boolean }>()
  /** Producers of which data have been met that were not aborted, and no marker since. */
  readonly #withinCommitted = new Set<number>()

  /** `aborted`: all with records or markers in the stretch, by their first offset. */
  constructor(aborted: readonly AbortedTransaction[]) {
    this.#aborted = aborted
  }

  /** Whether the data batch at `position` belongs to a transaction that was aborted. */
  isAborted(buffer: Buffer, position: number): boolean {
    if (!batchIsTransactional(buffer, position)) return false
    const lastOffset = batchLastOffset(buffer, position)
    this.#advance(lastOffset)
    const producerId = batchProducerId(buffer, position)
    const within = this.#withinAborted.get(producerId)
    if (within !== undefined) {
      if (lastOffset < within.markerOffset) {
        within.hasBatches = true
        return true
      }
      this.#withinAborted.delete(producerId)
    }
    this.#withinCommitted.add(producerId)
    return false
  }

  /** Passes a marker. Returns whether nothing of the transaction that it ends has been met. */
  passMarker(buffer: Buffer, position: number): boolean {
    const marker = readEndTransactionMarker(buffer, position)
    if (marker === null) return true
    this.#advance(batchLastOffset(buffer, position))
    const producerId = batchProducerId(buffer, position)
    if (marker.committed) return !this.#withinCommitted.delete(producerId)
    const within = this.#withinAborted.get(producerId)
    this.#withinAborted.delete(producerId)
    return !(within?.hasBatches ?? false)
  }

  #advance(offset: number): void {
    for (; this.#next < this.#aborted.length; this.#next++) {
      const { producerId, firstOffset, lastOffset } = this.#aborted[this.#next]!
      if (firstOffset > offset) return
      this.#withinAborted.set(producerId, { markerOffset: lastOffset, hasBatches: false })
    }
  }
}
