import { assert } from '../base/assert.ts'
import { sortInTurns } from '../base/sort-in-turns.ts'
import type { Turn } from '../base/turn.ts'
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
} from '../protocol/record-batch.ts'
import type { FormatFault } from './format-error.ts'
import type { DuplicateBatch, ProducerSlab } from './producer-slab.ts'
import { type ProducerSnapshotEntry, visitProducerSnapshot } from './producer-snapshot.ts'
import { ProducerTable, rowOf } from './producer-table.ts'
import type { TakenProducers } from './taken-producers.ts'

/**
 * What is to become of a producer's batch. duplicate: it is in the log already, there (G1). out-of-order: it does not
 * follow the last one (OUT_OF_ORDER_SEQUENCE_NUMBER 45). fenced: a newer epoch has written (INVALID_PRODUCER_EPOCH 47).
 * in-transaction: not transactional while the producer's transaction is open (INVALID_TXN_STATE 48).
 */
export type ProducerVerdict =
  | { readonly kind: 'ok' }
  | DuplicateBatch
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

const OK: ProducerVerdict = { kind: 'ok' }
const OUT_OF_ORDER: ProducerVerdict = { kind: 'out-of-order' }
const FENCED: ProducerVerdict = { kind: 'fenced' }
const IN_TRANSACTION: ProducerVerdict = { kind: 'in-transaction' }

const NONE = -1
const PRODUCERS_MAX = 100_000
/** Slots that are looked at between two looks at the clock. */
const SLICE_SLOTS = 256

/** `firstOffset`: of a transaction that the marker has ended, or of an older one that a marker before it has. */
interface DecidedTransaction {
  readonly firstOffset: number
  readonly markerOffset: number
}

/**
 * Who has written what to one partition: recognizes repetitions, gaps and superseded producers (G1-G4, KIP-98), and
 * knows which transactions are open. Follows the log: every batch of a producer that is appended, or replayed at
 * recovery behind a snapshot, comes to `append` once and in order. Holds no bytes of batches.
 */
export class ProducerStates {
  readonly #producersMax: number
  readonly #table = new ProducerTable()
  /**
   * Ended, by markers that may not be committed yet; markers and first offsets ascend. One that began behind another that
   * ended later is left out: it holds nobody back who is not held back by that.
   */
  #decided: DecidedTransaction[] = []
  #headOffset = 0

  /** Above `producersMax` those who have been silent for longest are forgotten, except in open transactions. */
  constructor(options: { readonly producersMax?: number } = {}) {
    this.#producersMax = options.producersMax ?? PRODUCERS_MAX
  }

  get count(): number {
    return this.#table.count
  }

  /**
   * What is to become of the batch at `position`, which has a producer id. A producer that is not known may begin with
   * any sequence, or with 0 only if `startsAtZero` (transactions of version 2, KIP-890); a new epoch begins with 0
   * (G3). Changes nothing.
   */
  check(batch: Buffer, position: number, startsAtZero = false): ProducerVerdict {
    const slot = this.#table.find(batchProducerId(batch, position))
    const baseSequence = batchBaseSequence(batch, position)
    if (slot === NONE) return startsAtZero && baseSequence !== 0 ? OUT_OF_ORDER : OK
    const slab = this.#table.slab(slot)
    const row = rowOf(slot)
    const epoch = batchProducerEpoch(batch, position)
    if (epoch === slab.epoch(row)) {
      const duplicate = slab.find(row, baseSequence, batchLastSequence(batch, position))
      if (duplicate !== null) return duplicate
    } else if (epoch < slab.epoch(row)) return FENCED
    if (!follows(slab, row, epoch, baseSequence)) return OUT_OF_ORDER
    const isOpen = slab.transactionFirstOffset(row) !== NONE
    return isOpen && !batchIsTransactional(batch, position) ? IN_TRANSACTION : OK
  }

  /** Whether this epoch of the producer has a transaction open here: then the next batch of it needs no leave. */
  isInTransaction(producerId: number, epoch: number): boolean {
    const slot = this.#table.find(producerId)
    if (slot === NONE) return false
    const slab = this.#table.slab(slot)
    return slab.epoch(rowOf(slot)) === epoch && slab.transactionFirstOffset(rowOf(slot)) !== NONE
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
    const slot = this.#table.find(producerId)
    if (slot === NONE) return 'ok'
    const slab = this.#table.slab(slot)
    const row = rowOf(slot)
    if (epoch < slab.epoch(row)) return 'fenced'
    const isOpen = slab.transactionFirstOffset(row) !== NONE
    if (transactionVersion >= 2 && epoch === slab.epoch(row) && isOpen) return 'fenced'
    return coordinatorEpoch < slab.coordinatorEpoch(row) ? 'coordinator-fenced' : 'ok'
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
    const slot = this.#slot(producerId, epoch)
    const slab = this.#table.writable(slot)
    const row = rowOf(slot)
    slab.moveTo(row, epoch)
    const baseOffset = batchBaseOffset(batch, position)
    const offsetDelta = batchLastOffsetDelta(batch, position)
    slab.add(
      row,
      batchLastSequence(batch, position),
      baseOffset + offsetDelta,
      offsetDelta,
      batchMaxTimestamp(batch, position),
    )
    if (slab.transactionFirstOffset(row) !== NONE) return null
    if (batchIsTransactional(batch, position)) this.#table.setTransaction(slot, baseOffset)
    else this.#table.touch(slot)
    return null
  }

  #appendMarker(producerId: number, batch: Buffer, position: number): CompletedTransaction | null {
    const marker = readEndTransactionMarker(batch, position)
    if (marker === null) return null
    const epoch = batchProducerEpoch(batch, position)
    const slot = this.#slot(producerId, epoch)
    const slab = this.#table.writable(slot)
    const row = rowOf(slot)
    slab.moveTo(row, epoch)
    slab.setCoordinatorEpoch(row, marker.coordinatorEpoch)
    slab.setLastTimestampMs(row, batchMaxTimestamp(batch, position))
    const firstOffset = slab.transactionFirstOffset(row)
    this.#table.setTransaction(slot, NONE)
    if (firstOffset === NONE) return null
    const lastOffset = batchBaseOffset(batch, position)
    this.#decide(firstOffset, lastOffset)
    const lastStableOffset = this.#firstOpen() ?? lastOffset + 1
    return { producerId, firstOffset, lastOffset, isAborted: !marker.committed, lastStableOffset }
  }

  #decide(firstOffset: number, markerOffset: number): void {
    const decided = this.#decided
    while (decided.length > 0 && decided[decided.length - 1]!.firstOffset > firstOffset) decided.pop()
    decided.push({ firstOffset, markerOffset })
  }

  /**
   * Offset of the first record whose transaction is open, or ended by a marker at or behind `highWatermark`: readers of
   * committed records stop before it (E11). null: nothing holds them back. The high watermark never goes back.
   */
  firstOpenOffset(highWatermark: number): number | null {
    const decided = this.#decided
    let committed = 0
    while (committed < decided.length && decided[committed]!.markerOffset < highWatermark) committed++
    if (committed > 0) decided.splice(0, committed)
    const open = this.#firstOpen()
    const ended = decided[0]?.firstOffset ?? null
    const first = open === null || ended === null ? (open ?? ended) : Math.min(open, ended)
    return first === null ? null : Math.max(first, this.#headOffset)
  }

  /**
   * Whether what is known of a producer is read off this batch of the log: its last data, or a marker of its epoch
   * where there are none. Compaction keeps such a batch, so that a start without a snapshot knows the same.
   */
  isLastOfProducer(batch: Buffer, position: number): boolean {
    const slot = this.#table.find(batchProducerId(batch, position))
    if (slot === NONE) return false
    const slab = this.#table.slab(slot)
    const row = rowOf(slot)
    if (slab.batchCount(row) > 0) return slab.lastOffset(row) === batchLastOffset(batch, position)
    return batchIsControl(batch, position) && batchProducerEpoch(batch, position) === slab.epoch(row)
  }

  /**
   * Producers with the last batch of each, in no order. May be gone on with in another turn of the event loop: each is as it
   * is when its turn comes, and one that is in all the time comes once.
   */
  *snapshot(): IterableIterator<ProducerSnapshotEntry> {
    const table = this.#table
    for (let slot = 0; slot < table.slotsEnd; slot++)
      if (table.isTaken(slot)) yield table.slab(slot).describe(rowOf(slot))
  }

  /** What a snapshot has to keep, as it is now; to be released. */
  take(): TakenProducers {
    return this.#table.take()
  }

  /**
   * Starts from the file of a snapshot that was taken when the log ended at `endOffset`, ours or Kafka's; what was known
   * before is forgotten. Resolves to what is wrong with it, and then nothing is known. Until then nothing else may be asked.
   */
  async load(snapshot: Buffer, endOffset: number, turn: Turn): Promise<FormatFault | null> {
    this.clear()
    const fault = await visitProducerSnapshot(snapshot, endOffset, turn, (entry) => this.#restore(entry))
    if (fault !== null) this.clear()
    await this.#putInOrder(turn)
    while (this.count > this.#producersMax && this.#evict()) if (turn.isOver) await turn.next()
    return fault
  }

  #restore(producer: ProducerSnapshotEntry): void {
    const { producerId, producerEpoch, lastOffset } = producer
    const known = this.#table.find(producerId)
    const slot = known === NONE ? this.#table.add(producerId, producerEpoch) : known
    const slab = this.#table.writable(slot)
    const row = rowOf(slot)
    slab.moveTo(row, producerEpoch)
    if (lastOffset >= 0)
      slab.add(row, producer.lastSequence, lastOffset, producer.offsetDelta, producer.timestampMs)
    slab.setLastTimestampMs(row, producer.timestampMs)
    slab.setCoordinatorEpoch(row, producer.coordinatorEpoch)
    this.#table.setTransaction(slot, Math.max(NONE, producer.transactionFirstOffset))
  }

  /**
   * A file has its producers in any order: the idle ones are put in that of their last batches, those of which it knows
   * markers alone before them as they stand in it, the others in that of their transactions.
   */
  async #putInOrder(turn: Turn): Promise<void> {
    const table = this.#table
    const slots = new Uint32Array(table.slotsEnd)
    const offsets = new Float64Array(table.slotsEnd)
    for (let slot = 0; slot < slots.length; slot++) {
      const slab = table.slab(slot)
      const open = slab.transactionFirstOffset(rowOf(slot))
      slots[slot] = slot
      offsets[slot] = open === NONE ? slab.lastOffset(rowOf(slot)) : open
      if (slot % SLICE_SLOTS === 0 && turn.isOver) await turn.next()
    }
    const sorted = await sortInTurns(slots, offsets, turn)
    for (let index = 0; index < sorted.length; index++) {
      table.touch(sorted[index]!)
      if (index % SLICE_SLOTS === 0 && turn.isOver) await turn.next()
    }
  }

  /**
   * Forgets producers whose last timestamp is `expirationMs` old, but for open transactions, in turns of the event loop.
   * Resolves to their number. What is appended meanwhile counts.
   */
  async expire(nowMs: number, expirationMs: number, turn: Turn): Promise<number> {
    const table = this.#table
    let expired = 0
    for (let slot = 0; slot < table.slotsEnd; slot++) {
      if (slot % SLICE_SLOTS === 0 && turn.isOver) await turn.next()
      if (!table.isTaken(slot)) continue
      const slab = table.slab(slot)
      const row = rowOf(slot)
      if (slab.transactionFirstOffset(row) !== NONE) continue
      if (nowMs - slab.lastTimestampMs(row) < expirationMs) continue
      table.remove(slot)
      expired++
    }
    return expired
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
    this.#table.clear()
    this.#decided = []
    this.#headOffset = 0
  }

  #slot(producerId: number, epoch: number): number {
    const known = this.#table.find(producerId)
    if (known !== NONE) return known
    if (this.count >= this.#producersMax) this.#evict()
    return this.#table.add(producerId, epoch)
  }

  /** Makes room for one producer; false where all are in transactions. */
  #evict(): boolean {
    const slot = this.#table.longestIdle()
    if (slot === NONE) return false
    this.#table.remove(slot)
    return true
  }

  #firstOpen(): number | null {
    const slot = this.#table.firstOpen()
    return slot === NONE ? null : this.#table.slab(slot).transactionFirstOffset(rowOf(slot))
  }
}

/** Whether a batch of `epoch` (the producer's or newer) may come next. */
function follows(slab: ProducerSlab, row: number, epoch: number, baseSequence: number): boolean {
  if (slab.epoch(row) === NO_PRODUCER_EPOCH) return true
  if (epoch !== slab.epoch(row)) return baseSequence === 0
  const last = slab.lastSequence(row)
  return baseSequence === (last === NO_SEQUENCE ? 0 : addToSequence(last, 1))
}
