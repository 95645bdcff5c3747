import { assert } from '../base/assert.ts'
import { readInt32, readInt64, writeInt32, writeInt64 } from '../base/bytes.ts'

/** Bytes of an entry of `.index`: int32 offset relative to the segment's base, int32 position. */
export const OFFSET_ENTRY_BYTES = 8
/** Bytes of an entry of `.timeindex`: int64 timestamp, int32 relative offset. */
export const TIME_ENTRY_BYTES = 12

const UNKNOWN = -1
const CAPACITY_START = 16
/** Shared by all that have no entry yet. */
const NO_INTS = new Int32Array(0)
const NO_DOUBLES = new Float64Array(0)

/**
 * Some batches of one segment, in order: where each starts and the offset of its last record (which is what Kafka
 * stores), relative to the segment's base. The offset that it starts with is known too where this process has seen
 * the batch: then the entry names a boundary exactly.
 */
export class OffsetIndex {
  count = 0
  /** Entries at the start of the file that are these. */
  persistedCount = 0
  /** Length of the file, −1 where there is none yet. */
  fileBytes = -1
  #last: Int32Array = NO_INTS
  #position: Int32Array = NO_INTS
  #base: Int32Array = NO_INTS

  get byteLength(): number {
    return this.#last.length * 12
  }

  lastAt(index: number): number {
    return this.#last[index]!
  }

  positionAt(index: number): number {
    return this.#position[index]!
  }

  /** Relative offset that the batch starts with, −1 where it is not known. */
  baseAt(index: number): number {
    return this.#base[index]!
  }

  learnBase(index: number, relativeBase: number): void {
    this.#base[index] = relativeBase
  }

  append(relativeLast: number, position: number, relativeBase: number): void {
    assert(this.count === 0 || relativeLast > this.#last[this.count - 1]!, 'index offsets increase')
    if (this.count === this.#last.length) {
      this.#last = larger(this.#last)
      this.#position = larger(this.#position)
      this.#base = larger(this.#base)
    }
    this.#last[this.count] = relativeLast
    this.#position[this.count] = position
    this.#base[this.count++] = relativeBase
  }

  /** Index of the last entry whose batch ends at or before `relativeOffset` (its last record inclusive), or −1. */
  floorByOffset(relativeOffset: number): number {
    return floor(this.#last, this.count, relativeOffset)
  }

  /** Index of the last entry at or before `position`, or −1. */
  floorByPosition(position: number): number {
    return floor(this.#position, this.count, position)
  }

  /** Position of the batch that holds `relativeOffset`, where an entry says so for certain; otherwise −1. */
  positionOfBatchWith(relativeOffset: number): number {
    let index = floor(this.#last, this.count, relativeOffset - 1) + 1
    if (index < this.count && this.#base[index]! !== UNKNOWN && this.#base[index]! <= relativeOffset) {
      return this.#position[index]!
    }
    index = this.floorByOffset(relativeOffset)
    return index >= 0 && this.#last[index] === relativeOffset ? this.#position[index]! : -1
  }

  /** Position of the batch that starts with `relativeOffset`, where an entry says so; otherwise −1. */
  positionOfBatchFrom(relativeOffset: number): number {
    const index = floor(this.#last, this.count, relativeOffset - 1) + 1
    return index < this.count && this.#base[index] === relativeOffset ? this.#position[index]! : -1
  }

  /** Keeps the entries of batches that lie wholly before `position`. */
  truncateToPosition(position: number): void {
    while (this.count > 0 && this.#position[this.count - 1]! >= position) this.count--
    this.persistedCount = Math.min(this.persistedCount, this.count)
  }

  /** The entries [from, count) as the file has them. */
  encode(from: number): Buffer {
    const bytes = Buffer.allocUnsafe((this.count - from) * OFFSET_ENTRY_BYTES)
    for (let index = from; index < this.count; index++) {
      const at = (index - from) * OFFSET_ENTRY_BYTES
      writeInt32(bytes, at, this.#last[index]!)
      writeInt32(bytes, at + 4, this.#position[index]!)
    }
    return bytes
  }

  /** Reads a file's entries; null where they can't be of a segment of `segmentBytes`. Zeros at the end are room. */
  static decode(bytes: Buffer, segmentBytes: number): OffsetIndex | null {
    if (bytes.length % OFFSET_ENTRY_BYTES !== 0) return null
    const index = new OffsetIndex()
    for (let at = 0; at < bytes.length; at += OFFSET_ENTRY_BYTES) {
      const last = readInt32(bytes, at)
      const position = readInt32(bytes, at + 4)
      const previous = index.count - 1
      if (previous >= 0 && last === 0 && position === 0) break
      if (last < 0 || position < 0 || position >= segmentBytes) return null
      if (previous >= 0 && (last <= index.lastAt(previous) || position <= index.positionAt(previous)))
        return null
      index.append(last, position, UNKNOWN)
    }
    index.persistedCount = index.count
    index.fileBytes = bytes.length
    return index
  }
}

/** The largest timestamps of one segment up to some of its batches, and the offsets of the batches that had them. */
export class TimeIndex {
  count = 0
  persistedCount = 0
  fileBytes = -1
  #timestamp: Float64Array = NO_DOUBLES
  #offset: Int32Array = NO_INTS

  get byteLength(): number {
    return this.#timestamp.length * 12
  }

  timestampAt(index: number): number {
    return this.#timestamp[index]!
  }

  offsetAt(index: number): number {
    return this.#offset[index]!
  }

  /** Adds an entry if its timestamp is larger than the last one's. Returns whether it was. */
  append(timestamp: number, relativeOffset: number): boolean {
    if (this.count > 0 && timestamp <= this.#timestamp[this.count - 1]!) return false
    if (timestamp < 0) return false
    if (this.count === this.#offset.length) {
      this.#timestamp = larger(this.#timestamp)
      this.#offset = larger(this.#offset)
    }
    this.#timestamp[this.count] = timestamp
    this.#offset[this.count++] = relativeOffset
    return true
  }

  /** Index of the last entry whose timestamp is not above `timestamp`, or −1. */
  floorByTimestamp(timestamp: number): number {
    return floor(this.#timestamp, this.count, timestamp)
  }

  /** Keeps the entries of offsets below `relativeOffset`. */
  truncateToOffset(relativeOffset: number): void {
    while (this.count > 0 && this.#offset[this.count - 1]! >= relativeOffset) this.count--
    this.persistedCount = Math.min(this.persistedCount, this.count)
  }

  encode(from: number): Buffer {
    const bytes = Buffer.allocUnsafe((this.count - from) * TIME_ENTRY_BYTES)
    for (let index = from; index < this.count; index++) {
      const at = (index - from) * TIME_ENTRY_BYTES
      writeInt64(bytes, at, this.#timestamp[index]!)
      writeInt32(bytes, at + 8, this.#offset[index]!)
    }
    return bytes
  }

  static decode(bytes: Buffer): TimeIndex | null {
    if (bytes.length % TIME_ENTRY_BYTES !== 0) return null
    const index = new TimeIndex()
    for (let at = 0; at < bytes.length; at += TIME_ENTRY_BYTES) {
      const timestamp = readInt64(bytes, at)
      const offset = readInt32(bytes, at + 8)
      const previous = index.count - 1
      if (timestamp === 0 && offset === 0 && at > 0) break
      if (timestamp < 0 || offset < 0) return null
      if (previous >= 0 && offset < index.offsetAt(previous)) return null
      if (!index.append(timestamp, offset)) return null
    }
    index.persistedCount = index.count
    index.fileBytes = bytes.length
    return index
  }
}

function floor(column: Int32Array | Float64Array, count: number, value: number): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (column[middle]! <= value) low = middle + 1
    else high = middle
  }
  return low - 1
}

function larger<T extends Int32Array | Float64Array>(column: T): T {
  const copy = new (column.constructor as new (length: number) => T)(
    Math.max(CAPACITY_START, column.length * 2),
  )
  copy.set(column)
  return copy
}
