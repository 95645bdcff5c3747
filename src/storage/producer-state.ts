import { assert } from '../base/assert.ts'
import { readEndTransactionMarker } from '../protocol/control-record.ts'
import {
  addToSequence,
  batchBaseOffset,
  batchBaseSequence,
  batchIsControl,
  batchIsTransactional,
  batchLastOffset,
  batchLastOffsetDelta,
  batchLastSequence,
  batchMaxTimestamp,
  batchProducerEpoch,
  batchProducerId,
  NO_PRODUCER_EPOCH,
  NO_SEQUENCE,
  NO_TIMESTAMP,
} from '../protocol/record-batch.ts'

/** Batches of a producer that a repetition is recognized among (G1, KIP-98). */
export const PRODUCER_BATCHES_KEPT = 5

/**
 * What is to become of a producer's batch. duplicate: it is in the log already, there (G1). out-of-order: it does not
 * follow the last one (OUT_OF_ORDER_SEQUENCE_NUMBER 45). fenced: a newer epoch has written (INVALID_PRODUCER_EPOCH 47).
 * in-transaction: not transactional while the producer's transaction is open (INVALID_TXN_STATE 48).
 */
export type ProducerVerdict =
  | { readonly kind: 'ok' }
  | {
      readonly kind: 'duplicate'
      readonly baseOffset: number
      readonly lastOffset: number
      /** The largest of the batch: the broker's time where that is kept. */
      readonly timestampMs: number
    }
  | { readonly kind: 'out-of-order' }
  | { readonly kind: 'fenced' }
  | { readonly kind: 'in-transaction' }

/** As `ProducerVerdict`, for markers. coordinator-fenced: a newer coordinator has written (52). */
export type MarkerVerdict = 'ok' | 'fenced' | 'coordinator-fenced'

/** A transaction that its marker has ended, offsets inclusive: of its first record, and of the marker. */
export interface CompletedTransaction {
  readonly producerId: number
  readonly firstOffset: number
  readonly lastOffset: number
  readonly isAborted: boolean
  /** What the last stable offset may become by it: the first offset of the other open ones, else behind the marker. */
  readonly lastStableOffset: number
}

/** A producer with one of its batches. −1 is "none", also where offsets are meant. */
export interface ProducerSnapshotEntry {
  readonly producerId: number
  readonly producerEpoch: number
  readonly lastSequence: number
  readonly lastOffset: number
  /** Last offset less the first of the last batch. */
  readonly offsetDelta: number
  readonly timestampMs: number
  readonly coordinatorEpoch: number
  readonly transactionFirstOffset: number
}

const OK: ProducerVerdict = { kind: 'ok' }
const OUT_OF_ORDER: ProducerVerdict = { kind: 'out-of-order' }
const FENCED: ProducerVerdict = { kind: 'fenced' }
const IN_TRANSACTION: ProducerVerdict = { kind: 'in-transaction' }

const NONE = -1
const SLOT_FIELDS = 4
const SLOT_LAST_SEQUENCE = 0
const SLOT_LAST_OFFSET = 1
const SLOT_OFFSET_DELTA = 2
const SLOT_TIMESTAMP = 3

/** One producer's last batches: a ring of numbers, so that a batch costs no object. */
class ProducerEntry {
  epoch: number
  coordinatorEpoch = NONE
  transactionFirstOffset = NONE
  lastTimestampMs = NO_TIMESTAMP
  readonly #slots = new Float64Array(PRODUCER_BATCHES_KEPT * SLOT_FIELDS)
  #count = 0
  #newest = 0

  constructor(epoch: number) {
    this.epoch = epoch
  }

  get isEmpty(): boolean {
    return this.#count === 0
  }

  get lastSequence(): number {
    return this.#newestField(SLOT_LAST_SEQUENCE)
  }

  get lastOffset(): number {
    return this.#newestField(SLOT_LAST_OFFSET)
  }

  /** What an older or newer epoch has written is no longer compared with. */
  moveTo(epoch: number): void {
    if (epoch === this.epoch) return
    this.epoch = epoch
    this.#count = 0
  }

  add(lastSequence: number, lastOffset: number, offsetDelta: number, timestampMs: number): void {
    this.#newest = (this.#newest + 1) % PRODUCER_BATCHES_KEPT
    if (this.#count < PRODUCER_BATCHES_KEPT) this.#count++
    const at = this.#newest * SLOT_FIELDS
    this.#slots[at + SLOT_LAST_SEQUENCE] = lastSequence
    this.#slots[at + SLOT_LAST_OFFSET] = lastOffset
    this.#slots[at + SLOT_OFFSET_DELTA] = offsetDelta
    this.#slots[at + SLOT_TIMESTAMP] = timestampMs
    this.lastTimestampMs = timestampMs
  }

  /** The batch with exactly these sequences, or null. */
  find(baseSequence: number, lastSequence: number): ProducerVerdict | null {
    for (let back = 0; back < this.#count; back++) {
      const at = ((this.#newest - back + PRODUCER_BATCHES_KEPT) % PRODUCER_BATCHES_KEPT) * SLOT_FIELDS
      if (this.#slots[at + SLOT_LAST_SEQUENCE] !== lastSequence) continue
      const offsetDelta = this.#slots[at + SLOT_OFFSET_DELTA]!
      if (addToSequence(baseSequence, offsetDelta) !== lastSequence) continue
      const lastOffset = this.#slots[at + SLOT_LAST_OFFSET]!
      const timestampMs = this.#slots[at + SLOT_TIMESTAMP]!
      return { kind: 'duplicate', baseOffset: lastOffset - offsetDelta, lastOffset, timestampMs }
    }
    return null
  }

  /** The batches that are kept, oldest first; the entry itself where there are none. */
  *kept(producerId: number): IterableIterator<ProducerSnapshotEntry> {
    for (let back = Math.max(0, this.#count - 1); back >= 0; back--) yield this.describe(producerId, back)
  }

  /** With the newest batch, or one `back` from it. */
  describe(producerId: number, back = 0): ProducerSnapshotEntry {
    const isEmpty = this.#count === 0
    const at = ((this.#newest - back + PRODUCER_BATCHES_KEPT) % PRODUCER_BATCHES_KEPT) * SLOT_FIELDS
    return {
      producerId,
      producerEpoch: this.epoch,
      lastSequence: isEmpty ? NONE : this.#slots[at + SLOT_LAST_SEQUENCE]!,
      lastOffset: isEmpty ? NONE : this.#slots[at + SLOT_LAST_OFFSET]!,
      offsetDelta: isEmpty ? 0 : this.#slots[at + SLOT_OFFSET_DELTA]!,
      timestampMs: back === 0 ? this.lastTimestampMs : this.#slots[at + SLOT_TIMESTAMP]!,
      coordinatorEpoch: this.coordinatorEpoch,
      transactionFirstOffset: this.transactionFirstOffset,
    }
  }

  clone(): ProducerEntry {
    const copy = new ProducerEntry(this.epoch)
    copy.coordinatorEpoch = this.coordinatorEpoch
    copy.transactionFirstOffset = this.transactionFirstOffset
    copy.lastTimestampMs = this.lastTimestampMs
    copy.#slots.set(this.#slots)
    copy.#count = this.#count
    copy.#newest = this.#newest
    return copy
  }

  #newestField(field: number): number {
    return this.#count === 0 ? NONE : this.#slots[this.#newest * SLOT_FIELDS + field]!
  }
}

interface DecidedTransaction {
  readonly firstOffset: number
  readonly markerOffset: number
}

const PRODUCERS_MAX = 100_000
/** Share of the producers that goes at once when there are too many. */
const EVICTED_SHARE = 0.1

/**
 * Who has written what to one partition: recognizes repetitions, gaps and superseded producers (G1-G4, KIP-98), and
 * knows which transactions are open. Follows the log: every batch of a producer that is appended, or replayed at
 * recovery behind a snapshot, comes to `append` once and in order. Holds no bytes of batches.
 */
export class ProducerStates {
  readonly #producersMax: number
  readonly #entries = new Map<number, ProducerEntry>()
  /** First offsets of open transactions by producer id; in the order of the offsets, since they begin at the end. */
  readonly #open = new Map<number, number>()
  /** Ended, by markers that may not be committed yet. */
  #decided: DecidedTransaction[] = []
  #headOffset = 0

  /** Above `producersMax` those who have been silent for longest are forgotten, except in open transactions. */
  constructor(options: { readonly producersMax?: number } = {}) {
    this.#producersMax = options.producersMax ?? PRODUCERS_MAX
  }

  get count(): number {
    return this.#entries.size
  }

  /**
   * What is to become of the batch at `position`, which has a producer id. A producer that is not known may begin with
   * any sequence, or with 0 only if `startsAtZero` (transactions of version 2, KIP-890); a new epoch begins with 0
   * (G3). Changes nothing.
   */
  check(batch: Buffer, position: number, startsAtZero = false): ProducerVerdict {
    const entry = this.#entries.get(batchProducerId(batch, position))
    const baseSequence = batchBaseSequence(batch, position)
    if (entry === undefined) return startsAtZero && baseSequence !== 0 ? OUT_OF_ORDER : OK
    const epoch = batchProducerEpoch(batch, position)
    if (epoch === entry.epoch) {
      const duplicate = entry.find(baseSequence, batchLastSequence(batch, position))
      if (duplicate !== null) return duplicate
    } else if (epoch < entry.epoch) return FENCED
    if (!follows(entry, epoch, baseSequence)) return OUT_OF_ORDER
    if (entry.transactionFirstOffset !== NONE && !batchIsTransactional(batch, position)) return IN_TRANSACTION
    return OK
  }

  /** Whether this epoch of the producer has a transaction open here: then the next batch of it needs no leave. */
  isInTransaction(producerId: number, epoch: number): boolean {
    const entry = this.#entries.get(producerId)
    return entry !== undefined && entry.epoch === epoch && entry.transactionFirstOffset !== NONE
  }

  /**
   * Whether the coordinator of `coordinatorEpoch` may end the producer's transaction here. Transactions of version 2
   * end with an epoch of their own, so that theirs must be newer than what was written, unless it ended this already.
   */
  checkMarker(
    producerId: number,
    epoch: number,
    coordinatorEpoch: number,
    transactionVersion: number,
  ): MarkerVerdict {
    const entry = this.#entries.get(producerId)
    if (entry === undefined) return 'ok'
    if (epoch < entry.epoch) return 'fenced'
    if (transactionVersion >= 2 && epoch === entry.epoch && entry.transactionFirstOffset !== NONE)
      return 'fenced'
    return coordinatorEpoch < entry.coordinatorEpoch ? 'coordinator-fenced' : 'ok'
  }

  /**
   * Takes note of the batch at `position`, stamped with its offset and now in the log: data or the marker that ends a
   * transaction, which it then returns. Checks nothing: what is in the log has happened. Without a producer id, nothing.
   */
  append(batch: Buffer, position: number): CompletedTransaction | null {
    const producerId = batchProducerId(batch, position)
    if (producerId < 0) return null
    if (batchIsControl(batch, position)) return this.#appendMarker(producerId, batch, position)
    const epoch = batchProducerEpoch(batch, position)
    const entry = this.#entry(producerId, epoch)
    entry.moveTo(epoch)
    const baseOffset = batchBaseOffset(batch, position)
    const offsetDelta = batchLastOffsetDelta(batch, position)
    entry.add(
      batchLastSequence(batch, position),
      baseOffset + offsetDelta,
      offsetDelta,
      batchMaxTimestamp(batch, position),
    )
    if (batchIsTransactional(batch, position) && entry.transactionFirstOffset === NONE) {
      entry.transactionFirstOffset = baseOffset
      this.#open.set(producerId, baseOffset)
    }
    return null
  }

  #appendMarker(producerId: number, batch: Buffer, position: number): CompletedTransaction | null {
    const marker = readEndTransactionMarker(batch, position)
    if (marker === null) return null
    const epoch = batchProducerEpoch(batch, position)
    const entry = this.#entry(producerId, epoch)
    entry.moveTo(epoch)
    entry.coordinatorEpoch = marker.coordinatorEpoch
    entry.lastTimestampMs = batchMaxTimestamp(batch, position)
    const firstOffset = entry.transactionFirstOffset
    if (firstOffset === NONE) return null
    entry.transactionFirstOffset = NONE
    this.#open.delete(producerId)
    const lastOffset = batchBaseOffset(batch, position)
    this.#decided.push({ firstOffset, markerOffset: lastOffset })
    const lastStableOffset = this.#firstOpen() ?? lastOffset + 1
    return { producerId, firstOffset, lastOffset, isAborted: !marker.committed, lastStableOffset }
  }

  /**
   * Offset of the first record whose transaction is open, or ended by a marker at or behind `highWatermark`: readers of
   * committed records stop before it (E11). null: nothing holds them back. The high watermark never goes back.
   */
  firstOpenOffset(highWatermark: number): number | null {
    let first = this.#firstOpen()
    if (this.#decided.length > 0) {
      this.#decided = this.#decided.filter((transaction) => transaction.markerOffset >= highWatermark)
      for (const { firstOffset } of this.#decided)
        if (first === null || firstOffset < first) first = firstOffset
    }
    return first === null ? null : Math.max(first, this.#headOffset)
  }

  /**
   * Whether what is known of a producer is read off this batch of the log: its last data, or a marker of its epoch
   * where there are none. Compaction keeps such a batch, so that a start without a snapshot knows the same.
   */
  isLastOfProducer(batch: Buffer, position: number): boolean {
    const entry = this.#entries.get(batchProducerId(batch, position))
    if (entry === undefined) return false
    if (!entry.isEmpty) return entry.lastOffset === batchLastOffset(batch, position)
    return batchIsControl(batch, position) && batchProducerEpoch(batch, position) === entry.epoch
  }

  /** Producers as they now are, with the last batch of each, in no order. */
  *snapshot(): IterableIterator<ProducerSnapshotEntry> {
    for (const [producerId, entry] of this.#entries) yield entry.describe(producerId)
  }

  /**
   * What a snapshot has to keep: a producer once for each of its batches that a repetition is recognized among, oldest
   * first. Kafka keeps the last only, so that after a crash it refuses the repetition of one before; it reads this too,
   * since the last entry of a producer counts there.
   */
  *kept(): IterableIterator<ProducerSnapshotEntry> {
    for (const [producerId, entry] of this.#entries) yield* entry.kept(producerId)
  }

  /** Starts from what `kept` gave, or from a snapshot of Kafka's; what was known before is forgotten. */
  load(snapshot: Iterable<ProducerSnapshotEntry>): void {
    this.clear()
    for (const producer of snapshot) {
      const entry = this.#entries.get(producer.producerId) ?? new ProducerEntry(producer.producerEpoch)
      entry.moveTo(producer.producerEpoch)
      if (producer.lastOffset >= 0)
        entry.add(producer.lastSequence, producer.lastOffset, producer.offsetDelta, producer.timestampMs)
      entry.lastTimestampMs = producer.timestampMs
      entry.coordinatorEpoch = producer.coordinatorEpoch
      entry.transactionFirstOffset = producer.transactionFirstOffset
      this.#entries.set(producer.producerId, entry)
    }
    const open = [...this.#entries].filter(([, entry]) => entry.transactionFirstOffset >= 0)
    open.sort(([, left], [, right]) => left.transactionFirstOffset - right.transactionFirstOffset)
    for (const [producerId, entry] of open) this.#open.set(producerId, entry.transactionFirstOffset)
  }

  /** Forgets producers whose last timestamp is `expirationMs` old, but for open transactions. Returns their number. */
  expire(nowMs: number, expirationMs: number): number {
    const before = this.#entries.size
    for (const [producerId, entry] of this.#entries)
      if (entry.transactionFirstOffset === NONE && nowMs - entry.lastTimestampMs >= expirationMs)
        this.#entries.delete(producerId)
    return before - this.#entries.size
  }

  /**
   * Records before `logStartOffset` are gone. Producers stay known by what they wrote there; a transaction that began
   * there holds readers back from the new start at most.
   */
  truncateHead(logStartOffset: number): void {
    assert(logStartOffset >= this.#headOffset, 'a log start never goes back')
    this.#headOffset = logStartOffset
  }

  /** Forgets everything: the log starts anew. */
  clear(): void {
    this.#entries.clear()
    this.#open.clear()
    this.#decided = []
    this.#headOffset = 0
  }

  /** A copy that goes its own way. */
  clone(): ProducerStates {
    const copy = new ProducerStates({ producersMax: this.#producersMax })
    for (const [producerId, entry] of this.#entries) copy.#entries.set(producerId, entry.clone())
    for (const [producerId, firstOffset] of this.#open) copy.#open.set(producerId, firstOffset)
    copy.#decided = [...this.#decided]
    copy.#headOffset = this.#headOffset
    return copy
  }

  #entry(producerId: number, epoch: number): ProducerEntry {
    const known = this.#entries.get(producerId)
    if (known !== undefined) return known
    if (this.#entries.size >= this.#producersMax) this.#evict()
    const entry = new ProducerEntry(epoch)
    this.#entries.set(producerId, entry)
    return entry
  }

  #evict(): void {
    const idle = [...this.#entries].filter(([, entry]) => entry.transactionFirstOffset === NONE)
    idle.sort(([, left], [, right]) => left.lastOffset - right.lastOffset)
    const count = Math.ceil(this.#producersMax * EVICTED_SHARE)
    for (const [producerId] of idle.slice(0, count)) this.#entries.delete(producerId)
  }

  #firstOpen(): number | null {
    for (const firstOffset of this.#open.values()) return firstOffset
    return null
  }
}

/** Whether a batch of `epoch` (the entry's or newer) may come next. */
function follows(entry: ProducerEntry, epoch: number, baseSequence: number): boolean {
  if (entry.epoch === NO_PRODUCER_EPOCH) return true
  if (epoch !== entry.epoch) return baseSequence === 0
  const last = entry.lastSequence
  return baseSequence === (last === NO_SEQUENCE ? 0 : addToSequence(last, 1))
}
