import { unzigzag32 } from '../base/bytes.ts'
import {
  DECOMPRESSION_LIMITS,
  type DecompressionError,
  type DecompressionLimits,
  decompress,
  isDecompressionError,
} from './compression.ts'
import {
  BATCH_HEADER_BYTES,
  batchBaseOffset,
  batchBaseTimestamp,
  batchBytes,
  batchCompression,
  batchHasLogAppendTime,
  batchLastOffsetDelta,
  batchMaxTimestamp,
  batchRecordCount,
} from './record-batch.ts'

/**
 * What is wrong with the records of a batch. truncated: a field leads beyond its record. bad-varint: a number longer
 * than its type. bad-length: a record longer than the batch, or than its fields. bad-offset: not behind the record
 * before it, or outside the batch. bad-headers: more than there are bytes for, or one without a name. trailing-bytes:
 * something behind the last record. bad-compression: the block does not decompress within the limits.
 */
export type RecordFault =
  | 'truncated'
  | 'bad-varint'
  | 'bad-length'
  | 'bad-offset'
  | 'bad-headers'
  | 'trailing-bytes'
  | 'bad-compression'

/** Attributes, two deltas, key, value and header count, a byte each. */
const RECORD_BYTES_MIN = 6
/** Two lengths. */
const HEADER_BYTES_MIN = 2
const TWO_28 = 2 ** 28

/**
 * Goes through the records of a batch without making objects: `next()` moves on and fills the fields, which are
 * positions into `bytes` (the batch, or the block it was decompressed to) and lengths, −1 for null (D14). It never
 * throws on what the bytes are: `next()` is then false and `fault` says why. Reusable by `reset`.
 *
 *   record: length varint · attributes int8 · timestamp delta varlong · offset delta varint · key · value ·
 *   header count varint · headers (name, value); a field is a length varint and its bytes
 */
export class RecordCursor {
  bytes: Buffer
  offset = -1
  /** ms since 1970 or −1; the broker's time in a batch with log append time. */
  timestamp = -1
  keyPosition = 0
  keyLength = -1
  valuePosition = 0
  valueLength = -1
  headerCount = 0
  /** The record with its length field. */
  recordPosition = 0
  recordEnd = 0
  headerKeyPosition = 0
  headerKeyLength = 0
  headerValuePosition = 0
  headerValueLength = -1
  fault: RecordFault | null = null
  /** Why there is a bad-compression fault. */
  decompressionError: DecompressionError | null = null

  readonly #limits: DecompressionLimits
  #position = 0
  /** Nothing is read from here on: the end of the block or of the record. */
  #limit = 0
  #end = 0
  #index = 0
  #count = 0
  #baseOffset = 0
  #baseTimestamp = 0
  /** −1 where the records have their own. */
  #appendTimestamp = -1
  #hasAppendTime = false
  #lastOffsetDelta = 0
  #previousOffsetDelta = -1
  #origin = 0
  #isBorrowed = false
  #headersPosition = 0
  #headerIndex = 0

  /** The shape of the batch at `position` has been checked. Decompresses it if need be. */
  constructor(batch: Buffer, position = 0, limits: DecompressionLimits = DECOMPRESSION_LIMITS) {
    this.#limits = limits
    this.bytes = batch
    this.reset(batch, position)
  }

  /** Starts over with another batch. */
  reset(batch: Buffer, position = 0): void {
    this.fault = null
    this.decompressionError = null
    this.#index = 0
    this.#previousOffsetDelta = -1
    this.headerCount = 0
    this.#headerIndex = 0
    this.#count = batchRecordCount(batch, position)
    this.#baseOffset = batchBaseOffset(batch, position)
    this.#baseTimestamp = batchBaseTimestamp(batch, position)
    this.#lastOffsetDelta = batchLastOffsetDelta(batch, position)
    this.#hasAppendTime = batchHasLogAppendTime(batch, position)
    this.#appendTimestamp = batchMaxTimestamp(batch, position)
    const end = position + batchBytes(batch, position)
    const compression = batchCompression(batch, position)
    this.#isBorrowed = compression === 'none'
    this.#origin = this.#isBorrowed ? position : 0
    if (compression === 'none') {
      this.bytes = batch
      this.#position = position + BATCH_HEADER_BYTES
      this.#end = end
    } else {
      this.bytes = this.#decompress(compression, batch.subarray(position + BATCH_HEADER_BYTES, end))
      this.#position = 0
      this.#end = this.bytes.length
    }
  }

  /** Where in `bytes` the batch begins, or the block that it was decompressed to. */
  get origin(): number {
    return this.#origin
  }

  /** The same batch lies elsewhere now: the next record is read from there. Positions of the one before are over. */
  moved(batch: Buffer, position: number): void {
    if (!this.#isBorrowed) return
    const by = position - this.#origin
    this.bytes = batch
    this.#origin = position
    this.#position += by
    this.#end += by
  }

  /** Moves to the next record. False behind the last one, and for good once there is a fault. */
  next(): boolean {
    if (this.fault !== null) return false
    if (this.#index >= this.#count) {
      if (this.#position !== this.#end) this.fault = 'trailing-bytes'
      return false
    }
    this.recordPosition = this.#position
    this.#limit = this.#end
    const length = this.#varint()
    const end = this.#position + length
    if (length < RECORD_BYTES_MIN || end > this.#end) return this.#fail('bad-length')
    this.#limit = end
    this.#position++
    const timestampDelta = this.#varlong()
    const offsetDelta = this.#varint()
    this.keyLength = this.#field()
    this.keyPosition = this.#position - Math.max(0, this.keyLength)
    this.valueLength = this.#field()
    this.valuePosition = this.#position - Math.max(0, this.valueLength)
    this.headerCount = this.#varint()
    this.#headersPosition = this.#position
    this.#headerIndex = 0
    if (this.headerCount !== 0) this.#skipHeaders()
    if (this.fault !== null) return false
    if (this.#position !== end) return this.#fail('bad-length')
    if (offsetDelta <= this.#previousOffsetDelta || offsetDelta > this.#lastOffsetDelta)
      return this.#fail('bad-offset')
    this.#previousOffsetDelta = offsetDelta
    this.#index++
    this.recordEnd = end
    this.offset = this.#baseOffset + offsetDelta
    this.timestamp = this.#hasAppendTime ? this.#appendTimestamp : this.#baseTimestamp + timestampDelta
    return true
  }

  /** Moves to the next header of the record: its name and value are then at the header positions. */
  nextHeader(): boolean {
    if (this.fault !== null || this.#headerIndex >= this.headerCount) return false
    const recordsPosition = this.#position
    this.#position = this.#headersPosition
    this.#header()
    this.#headersPosition = this.#position
    this.#position = recordsPosition
    this.#headerIndex++
    return true
  }

  #skipHeaders(): void {
    const count = this.headerCount
    if (count < 0 || count * HEADER_BYTES_MIN > this.#limit - this.#position) {
      this.#fail('bad-headers')
      return
    }
    for (let index = 0; index < count && this.fault === null; index++) this.#header()
  }

  #header(): void {
    this.headerKeyLength = this.#field()
    this.headerKeyPosition = this.#position - this.headerKeyLength
    if (this.headerKeyLength < 0) this.#fail('bad-headers')
    this.headerValueLength = this.#field()
    this.headerValuePosition = this.#position - Math.max(0, this.headerValueLength)
  }

  /** Skips a length and that many bytes; any negative length is null, as it is to Kafka. */
  #field(): number {
    const length = this.#varint()
    if (length < 0) return -1
    if (length > this.#limit - this.#position) {
      this.#fail('truncated')
      return -1
    }
    this.#position += length
    return length
  }

  /** Most numbers are of one byte: that path is small enough to be inlined. */
  #varint(): number {
    const position = this.#position
    const byte = this.bytes[position]!
    if (position >= this.#limit || byte >= 0x80) return this.#longVarint()
    this.#position = position + 1
    return (byte >>> 1) ^ -(byte & 1)
  }

  #varlong(): number {
    const position = this.#position
    const byte = this.bytes[position]!
    if (position >= this.#limit || byte >= 0x80) return this.#longVarlong()
    this.#position = position + 1
    return (byte >>> 1) ^ -(byte & 1)
  }

  #longVarint(): number {
    const bytes = this.bytes
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      if (this.#position >= this.#limit) {
        this.#fail('truncated')
        return 0
      }
      const byte = bytes[this.#position++]!
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return unzigzag32(value)
    }
    this.#fail('bad-varint')
    return 0
  }

  /** Exact where the result is; timestamps are within ±2^53. */
  #longVarlong(): number {
    const bytes = this.bytes
    let low = 0
    let high = 0
    let scale = 1
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.#position >= this.#limit) {
        this.#fail('truncated')
        return 0
      }
      const byte = bytes[this.#position++]!
      if (shift < 28) low |= (byte & 0x7f) << shift
      else {
        high += (byte & 0x7f) * scale
        scale *= 0x80
      }
      if (byte >= 0x80) continue
      if (high === 0) return unzigzag32(low)
      const half = high * (TWO_28 / 2) + (low >>> 1)
      return (low & 1) === 0 ? half : -half - 1
    }
    this.#fail('bad-varint')
    return 0
  }

  /** Keeps the first fault. */
  #fail(fault: RecordFault): false {
    this.fault ??= fault
    return false
  }

  #decompress(compression: Exclude<ReturnType<typeof batchCompression>, 'none'>, block: Buffer): Buffer {
    if (typeof compression !== 'number') {
      try {
        return decompress(compression, block, this.#limits)
      } catch (error) {
        if (!isDecompressionError(error)) throw error
        this.decompressionError = error
      }
    }
    this.fault = 'bad-compression'
    return block
  }
}
