import { type BlockCodec, compress, PACKED_APART_BYTES_MIN } from '../protocol/compression.ts'
import {
  BATCH_HEADER_BYTES,
  batchAttributes,
  batchBaseOffset,
  batchBaseSequence,
  batchBaseTimestamp,
  batchBytes,
  batchCompression,
  batchHasDeleteHorizon,
  batchHasLogAppendTime,
  batchIsControl,
  batchLastOffset,
  batchLastOffsetDelta,
  batchLeaderEpoch,
  batchMaxTimestamp,
  batchProducerEpoch,
  batchProducerId,
  batchRecordCount,
  COMPRESSION_MASK,
  checkBatchCrc,
  DELETE_HORIZON_BIT,
  NO_TIMESTAMP,
  writeBatchHeader,
} from '../protocol/record-batch.ts'
import { RecordCursor, varlongBytes, writeVarint, writeVarlong } from '../protocol/records.ts'
import type { CompactionTransactions } from './compaction-transactions.ts'
import type { KeyOffsets } from './key-offsets.ts'

const OUTPUT_BYTES = 1048576

/** See CompactionFilter.add. */
export const TO_BE_PACKED = -2
export const TO_BE_CONTINUED = -3

/** What is looked at in one turn of the event loop: a record's share is its own, and a byte of its key one. */
export const SLICE_COST = 524288
const RECORD_COST = 64

/** What it costs to read a record and to hash its key. */
export function recordCost(cursor: RecordCursor): number {
  return RECORD_COST + Math.max(0, cursor.keyLength)
}

/** Which records of a batch stay; unfinished: it is not known yet. */
type Selection = 'all' | 'some' | 'unfinished'

export interface CompactionRules {
  readonly keys: KeyOffsets
  /** Up to where the keys are known: records from there on stay. */
  readonly keysEnd: number
  readonly nowMs: number
  readonly deleteRetentionMs: number
  readonly transactions: CompactionTransactions
  /** Whether the producer's state is read off this batch: then it stays, emptied if need be. */
  isLastOfProducer(buffer: Buffer, position: number): boolean
}

/**
 * What compaction leaves of batches: the last record of each key, tombstones and transaction markers until their delete
 * horizon (KIP-534: nowMs + delete.retention.ms of the pass that first saw that nothing else is left to delete; it
 * stands in the base timestamp), nothing of aborted transactions. Batches keep their offsets, epochs and sequences, and
 * their bytes where every record stays.
 */
export class CompactionFilter {
  /** What stays, one batch behind the other; valid until `flushed`. */
  output: Buffer = Buffer.allocUnsafe(OUTPUT_BYTES)
  outputBytes = 0
  /** Offsets of the markers that are gone. */
  readonly droppedMarkers: number[] = []
  /** Whether any batch came out other than it went in. */
  isChanged = false
  /** Records that are to be packed with gzip before their batch can be added again. */
  toPack: Buffer | null = null
  /** What `toPack` has become. */
  packed: Buffer | null = null
  readonly #rules: CompactionRules
  readonly #cursor: RecordCursor
  #starts = new Int32Array(1024)
  #ends = new Int32Array(1024)
  #timestamps = new Float64Array(1024)
  /** Of the batch being looked at, from its start. */
  #keptCount = 0
  #keptBytes = 0
  /** Whether a batch has been looked at in part. */
  #isWithin = false
  #maxTimestamp = NO_TIMESTAMP
  #hasTombstone = false

  constructor(rules: CompactionRules) {
    this.#rules = rules
    this.#cursor = new RecordCursor(EMPTY_BATCH, 0)
  }

  get isFull(): boolean {
    return this.outputBytes >= OUTPUT_BYTES
  }

  /** The output has been written. */
  flushed(): void {
    this.outputBytes = 0
  }

  /** Another segment begins. */
  begin(): void {
    this.outputBytes = 0
    this.isChanged = false
    this.#isWithin = false
    this.droppedMarkers.length = 0
  }

  /**
   * Passes the batch at `position`. Where `isKept`, something of it stays, if only its header. Returns where in
   * `output` it begins, −1 if it is gone, TO_BE_PACKED if `toPack` is to become `packed` first, which would hold the
   * loop: then the same batch is added again. So it is after TO_BE_CONTINUED, which a batch of many records takes more than
   * one turn of the event loop for; it may lie elsewhere then. `plain` is the batch without compression, where that has been made.
   */
  add(buffer: Buffer, position: number, isKept: boolean, plain: Buffer | null = null): number {
    const { transactions, nowMs, deleteRetentionMs } = this.#rules
    const isControl = batchIsControl(buffer, position)
    const endsNothing = isControl && transactions.passMarker(buffer, position)
    const isOver = isControl
      ? endsNothing && isPastHorizon(buffer, position, nowMs)
      : transactions.isAborted(buffer, position)
    const staysEmpty = isKept || this.#isLastOfProducer(buffer, position)
    const selection = isOver ? 'some' : this.#select(buffer, position, isControl, plain)
    if (selection === 'unfinished') return TO_BE_CONTINUED
    if (selection === 'all') return this.#copy(buffer, position)
    if (isOver) this.#keptCount = 0
    if (this.#keptCount === 0) {
      if (isControl) this.droppedMarkers.push(batchLastOffset(buffer, position))
      this.isChanged = true
      return staysEmpty ? this.#writeEmptied(buffer, position) : -1
    }
    const needsHorizon = (endsNothing || this.#hasTombstone) && !batchHasDeleteHorizon(buffer, position)
    if (!needsHorizon && this.#keptCount === batchRecordCount(buffer, position))
      return this.#copy(buffer, position)
    this.isChanged = true
    return this.#writeThinned(buffer, position, needsHorizon ? nowMs + deleteRetentionMs : null)
  }

  #isLastOfProducer(buffer: Buffer, position: number): boolean {
    return batchProducerId(buffer, position) >= 0 && this.#rules.isLastOfProducer(buffer, position)
  }

  /** Finds the records that stay: all where what is in it can't be believed. Unfinished: the rest is to be looked at later. */
  #select(buffer: Buffer, position: number, isControl: boolean, plain: Buffer | null): Selection {
    const cursor = this.#cursor
    const keepsTombstones = !isPastHorizon(buffer, position, this.#rules.nowMs)
    const [readable, at] = plain === null ? [buffer, position] : [plain, 0]
    if (this.#isWithin) cursor.moved(readable, at)
    else {
      this.#keptCount = 0
      this.#keptBytes = 0
      this.#maxTimestamp = NO_TIMESTAMP
      this.#hasTombstone = false
      if (batchRecordCount(buffer, position) === 0) return 'some'
      if (!checkBatchCrc(buffer, position)) return 'all'
      cursor.reset(readable, at)
    }
    let left = SLICE_COST
    this.#isWithin = true
    while (left > 0) {
      if (!cursor.next()) {
        this.#isWithin = false
        return cursor.fault === null ? 'some' : 'all'
      }
      left -= recordCost(cursor)
      if (!isControl && !this.#stays(keepsTombstones)) continue
      if (!isControl && cursor.valueLength < 0) this.#hasTombstone = true
      this.#keep()
    }
    return 'unfinished'
  }

  #stays(keepsTombstones: boolean): boolean {
    const cursor = this.#cursor
    const { keys, keysEnd } = this.#rules
    if (cursor.offset >= keysEnd) return true
    if (cursor.keyLength < 0) return false
    if (cursor.valueLength < 0 && !keepsTombstones) return false
    return cursor.offset >= keys.offsetOf(cursor.bytes, cursor.keyPosition, cursor.keyLength)
  }

  #keep(): void {
    const { recordPosition, recordEnd, timestamp, origin } = this.#cursor
    const index = this.#keptCount++
    if (index === this.#starts.length) {
      this.#starts = doubled(this.#starts)
      this.#ends = doubled(this.#ends)
      this.#timestamps = doubled(this.#timestamps)
    }
    this.#starts[index] = recordPosition - origin
    this.#ends[index] = recordEnd - origin
    this.#timestamps[index] = timestamp
    this.#keptBytes += recordEnd - recordPosition
    if (timestamp > this.#maxTimestamp) this.#maxTimestamp = timestamp
  }

  #copy(buffer: Buffer, position: number): number {
    const bytes = batchBytes(buffer, position)
    const at = this.#reserve(bytes)
    buffer.copy(this.output, at, position, position + bytes)
    this.outputBytes = at + bytes
    return at
  }

  #writeEmptied(buffer: Buffer, position: number): number {
    const at = this.#reserve(BATCH_HEADER_BYTES)
    const attributes = batchAttributes(buffer, position) & ~(COMPRESSION_MASK | DELETE_HORIZON_BIT)
    this.#writeHeader(buffer, position, at, BATCH_HEADER_BYTES, {
      attributes,
      baseTimestamp: NO_TIMESTAMP,
      maxTimestamp: batchMaxTimestamp(buffer, position),
      recordCount: 0,
    })
    return at
  }

  #writeThinned(buffer: Buffer, position: number, horizonMs: number | null): number {
    const compression = batchCompression(buffer, position)
    const isPlain = compression === 'none' || typeof compression === 'number'
    // A timestamp delta may become longer, and with it the length before it.
    const bodyBytesMax = this.#keptBytes + this.#keptCount * VARINT_BYTES_MAX * 2
    const at = this.#reserve(BATCH_HEADER_BYTES + (isPlain ? bodyBytesMax : 0))
    const body = isPlain ? this.output : Buffer.allocUnsafe(bodyBytesMax)
    const bodyStart = isPlain ? at + BATCH_HEADER_BYTES : 0
    const bodyEnd = this.#writeRecords(body, bodyStart, horizonMs)
    let bytes = BATCH_HEADER_BYTES + bodyEnd - bodyStart
    let target = at
    if (!isPlain) {
      const block = this.#pack(compression, body.subarray(0, bodyEnd))
      if (block === null) return TO_BE_PACKED
      bytes = BATCH_HEADER_BYTES + block.length
      target = this.#reserve(bytes)
      block.copy(this.output, target + BATCH_HEADER_BYTES)
    }
    const attributes = batchAttributes(buffer, position)
    this.#writeHeader(buffer, position, target, bytes, {
      attributes: horizonMs === null ? attributes : attributes | DELETE_HORIZON_BIT,
      baseTimestamp: horizonMs ?? batchBaseTimestamp(buffer, position),
      maxTimestamp: batchHasLogAppendTime(buffer, position)
        ? batchMaxTimestamp(buffer, position)
        : this.#maxTimestamp,
      recordCount: this.#keptCount,
    })
    return target
  }

  /** null: `toPack` has to be packed by another thread first. */
  #pack(codec: BlockCodec, body: Buffer): Buffer | null {
    const { packed } = this
    this.packed = null
    if (packed !== null) return packed
    if (codec !== 'gzip' || body.length < PACKED_APART_BYTES_MIN) return compress(codec, body)
    this.toPack = body
    return null
  }

  /** The records that stay, with deltas from the horizon if there is a new one. Returns where they end. */
  #writeRecords(target: Buffer, start: number, horizonMs: number | null): number {
    const { bytes: source, origin } = this.#cursor
    let at = start
    for (let index = 0; index < this.#keptCount; index++) {
      const recordStart = origin + this.#starts[index]!
      const recordEnd = origin + this.#ends[index]!
      if (horizonMs === null) {
        at += source.copy(target, at, recordStart, recordEnd)
        continue
      }
      let from = recordStart
      while (source[from++]! >= 0x80);
      const attributes = source[from++]!
      while (source[from++]! >= 0x80);
      const delta = this.#timestamps[index]! - horizonMs
      at = writeVarint(target, at, 1 + varlongBytes(delta) + recordEnd - from)
      target[at++] = attributes
      at = writeVarlong(target, at, delta)
      at += source.copy(target, at, from, recordEnd)
    }
    return at
  }

  #writeHeader(
    buffer: Buffer,
    position: number,
    at: number,
    bytes: number,
    changed: { attributes: number; baseTimestamp: number; maxTimestamp: number; recordCount: number },
  ): void {
    writeBatchHeader(this.output, at, at + bytes, {
      baseOffset: batchBaseOffset(buffer, position),
      leaderEpoch: batchLeaderEpoch(buffer, position),
      lastOffsetDelta: batchLastOffsetDelta(buffer, position),
      producerId: batchProducerId(buffer, position),
      producerEpoch: batchProducerEpoch(buffer, position),
      baseSequence: batchBaseSequence(buffer, position),
      ...changed,
    })
    this.outputBytes = at + bytes
  }

  /** Room for so many bytes at the end of the output; returns where. */
  #reserve(bytes: number): number {
    const needed = this.outputBytes + bytes
    if (needed > this.output.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.output.length * 2))
      this.output.copy(larger, 0, 0, this.outputBytes)
      this.output = larger
    }
    return this.outputBytes
  }
}

const VARINT_BYTES_MAX = 10
const EMPTY_BATCH = Buffer.alloc(BATCH_HEADER_BYTES)
EMPTY_BATCH.writeInt32BE(BATCH_HEADER_BYTES - 12, 8)

/** Whether the batch has a delete horizon that is over. */
function isPastHorizon(buffer: Buffer, position: number, nowMs: number): boolean {
  return batchHasDeleteHorizon(buffer, position) && batchBaseTimestamp(buffer, position) <= nowMs
}

function doubled<T extends Int32Array | Float64Array>(column: T): T {
  const copy = new (column.constructor as new (length: number) => T)(column.length * 2)
  copy.set(column)
  return copy
}
