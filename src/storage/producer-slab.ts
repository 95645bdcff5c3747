import { addToSequence } from '../protocol/record-batch.ts'
import { type ProducerSnapshotEntry, writeProducerEntry } from './producer-snapshot.ts'

/** Batches of a producer that a repetition is recognized among (G1, KIP-98). */
export const PRODUCER_BATCHES_KEPT = 5
/** Producers of one slab at most: so many are copied where one of them changes that a snapshot holds. */
export const SLAB_PRODUCERS = 256

const NONE = -1

/** A row of doubles: producer id, first offset of its transaction, last timestamp, and a ring of the batches kept. */
const PRODUCER_ID = 0
const TRANSACTION = 1
const TIMESTAMP = 2
const LAST_OFFSETS = 3
const TIMESTAMPS = LAST_OFFSETS + PRODUCER_BATCHES_KEPT
const DOUBLES = TIMESTAMPS + PRODUCER_BATCHES_KEPT

/** A row of int32: epochs, how many batches are kept, where in the ring the newest stands, and the rest of the ring. */
const EPOCH = 0
const COORDINATOR_EPOCH = 1
const COUNT = 2
const NEWEST = 3
const LAST_SEQUENCES = 4
const OFFSET_DELTAS = LAST_SEQUENCES + PRODUCER_BATCHES_KEPT
const WORDS = OFFSET_DELTAS + PRODUCER_BATCHES_KEPT

/** A batch that is in the log already. */
export interface DuplicateBatch {
  readonly kind: 'duplicate'
  readonly baseOffset: number
  readonly lastOffset: number
  /** The largest of the batch: the broker's time where that is kept. */
  readonly timestampMs: number
}

/**
 * The numbers of some producers, a row each: epochs, transaction, and a ring of the last batches. A producer costs 160
 * bytes and no object. Rows are free (their id is −1) or taken; −1 is "none", also where offsets are meant.
 */
export class ProducerSlab {
  readonly capacity: number
  /** Snapshots that still need it as it is: while there are any, it is a copy that is changed. */
  holders = 0
  /** Rows taken. */
  producerCount = 0
  /** Entries that they take in a snapshot: one for each batch that is kept, one where there is none. */
  entryCount = 0
  readonly #doubles: Float64Array
  readonly #words: Int32Array

  constructor(capacity: number) {
    this.capacity = capacity
    const doublesBytes = capacity * DOUBLES * Float64Array.BYTES_PER_ELEMENT
    const wordsBytes = capacity * WORDS * Int32Array.BYTES_PER_ELEMENT
    const bytes = new ArrayBuffer(doublesBytes + wordsBytes)
    this.#doubles = new Float64Array(bytes, 0, capacity * DOUBLES).fill(NONE)
    this.#words = new Int32Array(bytes, doublesBytes)
  }

  /** The same in arrays of its own, with room for `capacity`, and held by nobody. */
  copy(capacity: number): ProducerSlab {
    const copy = new ProducerSlab(capacity)
    copy.#doubles.set(this.#doubles)
    copy.#words.set(this.#words)
    copy.producerCount = this.producerCount
    copy.entryCount = this.entryCount
    return copy
  }

  /** Takes a free row, for a producer of which nothing is known but its epoch. */
  begin(row: number, producerId: number, epoch: number): void {
    this.#doubles[row * DOUBLES + PRODUCER_ID] = producerId
    this.#doubles[row * DOUBLES + TRANSACTION] = NONE
    this.#doubles[row * DOUBLES + TIMESTAMP] = NONE
    this.#words[row * WORDS + EPOCH] = epoch
    this.#words[row * WORDS + COORDINATOR_EPOCH] = NONE
    this.#words[row * WORDS + COUNT] = 0
    this.#words[row * WORDS + NEWEST] = 0
    this.producerCount++
    this.entryCount++
  }

  free(row: number): void {
    this.producerCount--
    this.entryCount -= Math.max(1, this.batchCount(row))
    this.#doubles[row * DOUBLES + PRODUCER_ID] = NONE
  }

  /** −1: the row is free. */
  producerId(row: number): number {
    return this.#doubles[row * DOUBLES + PRODUCER_ID]!
  }

  transactionFirstOffset(row: number): number {
    return this.#doubles[row * DOUBLES + TRANSACTION]!
  }

  lastTimestampMs(row: number): number {
    return this.#doubles[row * DOUBLES + TIMESTAMP]!
  }

  epoch(row: number): number {
    return this.#words[row * WORDS + EPOCH]!
  }

  coordinatorEpoch(row: number): number {
    return this.#words[row * WORDS + COORDINATOR_EPOCH]!
  }

  batchCount(row: number): number {
    return this.#words[row * WORDS + COUNT]!
  }

  lastSequence(row: number): number {
    if (this.batchCount(row) === 0) return NONE
    return this.#words[row * WORDS + LAST_SEQUENCES + this.#words[row * WORDS + NEWEST]!]!
  }

  lastOffset(row: number): number {
    if (this.batchCount(row) === 0) return NONE
    return this.#doubles[row * DOUBLES + LAST_OFFSETS + this.#words[row * WORDS + NEWEST]!]!
  }

  setTransactionFirstOffset(row: number, offset: number): void {
    this.#doubles[row * DOUBLES + TRANSACTION] = offset
  }

  setLastTimestampMs(row: number, timestampMs: number): void {
    this.#doubles[row * DOUBLES + TIMESTAMP] = timestampMs
  }

  setCoordinatorEpoch(row: number, epoch: number): void {
    this.#words[row * WORDS + COORDINATOR_EPOCH] = epoch
  }

  /** What an older or newer epoch has written is no longer compared with. */
  moveTo(row: number, epoch: number): void {
    if (epoch === this.epoch(row)) return
    this.#words[row * WORDS + EPOCH] = epoch
    this.entryCount -= Math.max(0, this.batchCount(row) - 1)
    this.#words[row * WORDS + COUNT] = 0
  }

  /** A batch that the producer has written; of the sixth the first is forgotten. */
  add(row: number, lastSequence: number, lastOffset: number, offsetDelta: number, timestampMs: number): void {
    const words = row * WORDS
    const doubles = row * DOUBLES
    const count = this.#words[words + COUNT]!
    const at = (this.#words[words + NEWEST]! + 1) % PRODUCER_BATCHES_KEPT
    this.#words[words + NEWEST] = at
    this.#words[words + LAST_SEQUENCES + at] = lastSequence
    this.#words[words + OFFSET_DELTAS + at] = offsetDelta
    this.#doubles[doubles + LAST_OFFSETS + at] = lastOffset
    this.#doubles[doubles + TIMESTAMPS + at] = timestampMs
    this.#doubles[doubles + TIMESTAMP] = timestampMs
    if (count === PRODUCER_BATCHES_KEPT) return
    this.#words[words + COUNT] = count + 1
    if (count > 0) this.entryCount++
  }

  /** The batch with exactly these sequences, or null. */
  find(row: number, baseSequence: number, lastSequence: number): DuplicateBatch | null {
    const words = row * WORDS
    const count = this.batchCount(row)
    for (let back = 0; back < count; back++) {
      const at = this.#place(row, back)
      if (this.#words[words + LAST_SEQUENCES + at] !== lastSequence) continue
      const offsetDelta = this.#words[words + OFFSET_DELTAS + at]!
      if (addToSequence(baseSequence, offsetDelta) !== lastSequence) continue
      const lastOffset = this.#doubles[row * DOUBLES + LAST_OFFSETS + at]!
      const timestampMs = this.#doubles[row * DOUBLES + TIMESTAMPS + at]!
      return { kind: 'duplicate', baseOffset: lastOffset - offsetDelta, lastOffset, timestampMs }
    }
    return null
  }

  /** The producer with its newest batch. */
  describe(row: number): ProducerSnapshotEntry {
    const hasBatch = this.batchCount(row) > 0
    return {
      producerId: this.producerId(row),
      producerEpoch: this.epoch(row),
      lastSequence: this.lastSequence(row),
      lastOffset: this.lastOffset(row),
      offsetDelta: hasBatch ? this.#words[row * WORDS + OFFSET_DELTAS + this.#place(row, 0)]! : 0,
      timestampMs: this.lastTimestampMs(row),
      coordinatorEpoch: this.coordinatorEpoch(row),
      transactionFirstOffset: this.transactionFirstOffset(row),
    }
  }

  /** Writes the entries of all rows from `at` on, those of a producer oldest batch first. Returns where they end. */
  encode(target: Buffer, at: number): number {
    let end = at
    for (let row = 0; row < this.capacity; row++) {
      if (this.producerId(row) < 0) continue
      for (let back = Math.max(0, this.batchCount(row) - 1); back >= 0; back--)
        end = this.#encodeOne(row, back, target, end)
    }
    return end
  }

  #encodeOne(row: number, back: number, target: Buffer, at: number): number {
    const words = row * WORDS
    const doubles = row * DOUBLES
    const place = this.#place(row, back)
    const hasBatch = this.#words[words + COUNT]! > 0
    return writeProducerEntry(
      target,
      at,
      this.#doubles[doubles + PRODUCER_ID]!,
      this.#words[words + EPOCH]!,
      hasBatch ? this.#words[words + LAST_SEQUENCES + place]! : NONE,
      hasBatch ? this.#doubles[doubles + LAST_OFFSETS + place]! : NONE,
      hasBatch ? this.#words[words + OFFSET_DELTAS + place]! : 0,
      back === 0 ? this.#doubles[doubles + TIMESTAMP]! : this.#doubles[doubles + TIMESTAMPS + place]!,
      this.#words[words + COORDINATOR_EPOCH]!,
      this.#doubles[doubles + TRANSACTION]!,
    )
  }

  /** Where in the ring the batch stands that is `back` from the newest. */
  #place(row: number, back: number): number {
    return (this.#words[row * WORDS + NEWEST]! - back + PRODUCER_BATCHES_KEPT) % PRODUCER_BATCHES_KEPT
  }
}
