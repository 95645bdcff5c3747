import { assert } from '../base/assert.ts'
import type { Segment } from './segment.ts'

/** Larger batches are only known of: readers get them from the file, at less than what a copy costs. */
const COPIED_BYTES_MAX = 4096
/** What knowing of a batch costs, also without its bytes. */
const ENTRY_BYTES = 128

/** A batch that was appended a moment ago. */
export interface CachedBatch {
  /** Never changed; null where they are not kept: then it is only known where the batch lies. */
  bytes: Buffer | null
  readonly byteLength: number
  /** What it takes of the budget; 0 when it was dropped. */
  charge: number
  readonly baseOffset: number
  readonly endOffset: number
  readonly segment: Segment
  readonly position: number
  readonly run: CachedRun
}

/**
 * The latest batches of all logs, small ones with their bytes, within one budget; the oldest go first, whosever they are.
 */
export class TailCache {
  readonly #capacityBytes: number
  #usedBytes = 0
  #order: CachedBatch[] = []
  #head = 0

  constructor(capacityBytes: number) {
    this.#capacityBytes = capacityBytes
  }

  get usedBytes(): number {
    return this.#usedBytes
  }

  /** Room for one log. */
  openRun(): CachedRun {
    return new CachedRun(this)
  }

  /** For runs only. */
  admit(batch: CachedBatch): void {
    this.#order.push(batch)
    this.#usedBytes += batch.charge
    while (this.#usedBytes > this.#capacityBytes) this.#evictOldest()
  }

  /** For runs only. */
  discharge(batch: CachedBatch): void {
    this.#usedBytes -= batch.charge
    batch.charge = 0
    batch.bytes = null
  }

  #evictOldest(): void {
    const oldest = this.#order[this.#head++]!
    if (oldest.charge > 0) oldest.run.dropOldest(oldest)
    if (this.#head > 1024 && this.#head * 2 > this.#order.length) {
      this.#order = this.#order.slice(this.#head)
      this.#head = 0
    }
  }
}

/** The latest batches of one log: without a gap, up to its end. */
export class CachedRun {
  readonly #cache: TailCache
  #batches: CachedBatch[] = []
  #head = 0

  constructor(cache: TailCache) {
    this.#cache = cache
  }

  get count(): number {
    return this.#batches.length - this.#head
  }

  at(index: number): CachedBatch {
    return this.#batches[this.#head + index]!
  }

  /** Takes the log's next batch. */
  add(bytes: Buffer, baseOffset: number, endOffset: number, segment: Segment, position: number): void {
    const kept = keepable(bytes)
    const charge = ENTRY_BYTES + (kept?.length ?? 0)
    const byteLength = bytes.length
    const batch = { bytes: kept, byteLength, charge, baseOffset, endOffset, segment, position, run: this }
    this.#batches.push(batch)
    this.#cache.admit(batch)
  }

  /** Index of the batch that holds `offset`, or of the first behind it; −1 where that isn't known here. */
  find(offset: number): number {
    if (this.count === 0 || offset < this.at(0).baseOffset) return -1
    let low = 0
    let high = this.count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.at(middle).endOffset > offset) high = middle
      else low = middle + 1
    }
    return low < this.count ? low : -1
  }

  /** Index behind the last batch of the same segment as `first` that ends by `limitOffset` and `endPosition`. */
  endWithin(first: number, limitOffset: number, endPosition: number): number {
    const { segment } = this.at(first)
    let low = first
    let high = this.count
    while (low < high) {
      const middle = (low + high) >>> 1
      const batch = this.at(middle)
      const isIn =
        batch.segment === segment &&
        batch.endOffset <= limitOffset &&
        batch.position + batch.byteLength <= endPosition
      if (isIn) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The log was cut: batches that end behind `endOffset` are gone. */
  truncateTo(endOffset: number): void {
    while (this.count > 0 && this.at(this.count - 1).endOffset > endOffset) {
      this.#cache.discharge(this.#batches.pop()!)
    }
    if (this.count === 0) this.clear()
  }

  clear(): void {
    for (let index = 0; index < this.count; index++) this.#cache.discharge(this.at(index))
    this.#batches = []
    this.#head = 0
  }

  /** What the files hold of batches that end by `endOffset` is about to change. */
  dropUpTo(endOffset: number): void {
    while (this.count > 0 && this.at(0).endOffset <= endOffset) this.#dropFirst()
  }

  /** For the cache only: its oldest batch is this run's oldest. */
  dropOldest(batch: CachedBatch): void {
    assert(this.count > 0 && this.at(0) === batch, 'batches leave the cache in the order they came')
    this.#dropFirst()
  }

  #dropFirst(): void {
    this.#cache.discharge(this.at(0))
    this.#head++
    if (this.#head > 64 && this.#head * 2 > this.#batches.length) {
      this.#batches = this.#batches.slice(this.#head)
      this.#head = 0
    }
  }
}

/** A copy: the batch lies in a request frame, whose memory is used again once the request is answered. */
function keepable(bytes: Buffer): Buffer | null {
  return bytes.length <= COPIED_BYTES_MAX ? Buffer.from(bytes) : null
}
