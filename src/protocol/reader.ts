import { readInt16, readInt32, readInt64, unzigzag32 } from '../base/bytes.ts'
import type { Uuid } from '../base/uuid.ts'

/** Bytes from outside that are not what the protocol says: the connection they came from is of no more use. */
export class MalformedError extends Error {
  override readonly name = 'MalformedError'
}

/** The default of bytes fields. It has nothing to change. */
export const EMPTY_BYTES: Buffer = Buffer.alloc(0)

const STRING_BYTES_MAX = 0x7fff
const TAGS_MAX = 128
const UNBOUNDED_ELEMENTS = 2 ** 30 - 1

/**
 * Reads Kafka's types from one frame. It owns nothing: bytes and records are slices of the frame, valid as long as
 * the frame is. Every method throws MalformedError rather than go beyond `end`; `flexible` chooses the compact
 * lengths of KIP-482.
 */
export class Reader {
  readonly buffer: Buffer
  readonly end: number
  /** Of the next byte to read. */
  position: number
  /** Elements of arrays that may still be announced; whoever sets it bounds what the bytes become when decoded. */
  elementsLeft = UNBOUNDED_ELEMENTS

  constructor(buffer: Buffer, position = 0, end: number = buffer.length) {
    this.buffer = buffer
    this.position = position
    this.end = end
  }

  get bytesLeft(): number {
    return this.end - this.position
  }

  bool(): boolean {
    return this.buffer[this.#take(1)] !== 0
  }

  int8(): number {
    return (this.buffer[this.#take(1)]! << 24) >> 24
  }

  int16(): number {
    return readInt16(this.buffer, this.#take(2))
  }

  uint16(): number {
    return readInt16(this.buffer, this.#take(2)) & 0xffff
  }

  int32(): number {
    return readInt32(this.buffer, this.#take(4))
  }

  /** Exact within ±2^53, the nearest double outside. */
  int64(): number {
    return readInt64(this.buffer, this.#take(8))
  }

  float64(): number {
    return this.buffer.readDoubleBE(this.#take(8))
  }

  uuid(): Uuid {
    const position = this.#take(16)
    return this.buffer.latin1Slice(position, position + 16) as Uuid
  }

  /** An unsigned 32-bit varint, of at most 5 bytes. */
  unsignedVarint(): number {
    const first = this.buffer[this.#take(1)]!
    if (first < 0x80) return first
    let value = first & 0x7f
    for (let shift = 7; shift < 28; shift += 7) {
      const byte = this.buffer[this.#take(1)]!
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    const last = this.buffer[this.#take(1)]!
    if (last > 0x0f) throw new MalformedError('varint over 32 bits')
    return (value | (last << 28)) >>> 0
  }

  /** A zig-zagged int32. */
  varint(): number {
    return unzigzag32(this.unsignedVarint())
  }

  /** A zig-zagged int64 of at most 10 bytes: exact within ±2^53. */
  varlong(): number {
    const negative = (this.buffer[this.position]! & 1) === 1
    let value = 0
    let scale = 1
    for (let count = 0; count < 10; count++) {
      const byte = this.buffer[this.#take(1)]!
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return negative ? -(value + 1) / 2 : value / 2
      scale *= 128
    }
    throw new MalformedError('varint over 64 bits')
  }

  string(flexible: boolean): string {
    const text = this.nullableString(flexible)
    if (text === null) throw new MalformedError('null where a string must be')
    return text
  }

  nullableString(flexible: boolean): string | null {
    const length = flexible ? this.unsignedVarint() - 1 : this.int16()
    if (length < 0) {
      if (length === -1) return null
      throw new MalformedError(`string of ${length} bytes`)
    }
    if (length > STRING_BYTES_MAX) throw new MalformedError(`string of ${length} bytes`)
    if (length === 0) return ''
    const position = this.#take(length)
    return this.buffer.utf8Slice(position, position + length)
  }

  /** A slice of the frame, not a copy. */
  bytes(flexible: boolean): Buffer {
    const slice = this.nullableBytes(flexible)
    if (slice === null) throw new MalformedError('null where bytes must be')
    return slice
  }

  /** A slice of the frame, not a copy. */
  nullableBytes(flexible: boolean): Buffer | null {
    const length = flexible ? this.unsignedVarint() - 1 : this.int32()
    if (length < 0) {
      if (length === -1) return null
      throw new MalformedError(`bytes of length ${length}`)
    }
    const position = this.#take(length)
    return this.buffer.subarray(position, position + length)
  }

  /** How many elements follow; refused when the bytes left cannot hold them, each being `elementBytesMin` or more. */
  arrayCount(flexible: boolean, elementBytesMin: number): number {
    const count = this.nullableArrayCount(flexible, elementBytesMin)
    if (count < 0) throw new MalformedError('null where an array must be')
    return count
  }

  /** As arrayCount; -1 is null. */
  nullableArrayCount(flexible: boolean, elementBytesMin: number): number {
    const count = flexible ? this.unsignedVarint() - 1 : this.int32()
    if (count < -1 || count * elementBytesMin > this.end - this.position) {
      throw new MalformedError(`array of ${count} elements in ${this.bytesLeft} bytes`)
    }
    if (count > 0) this.#takeElements(count)
    return count
  }

  int8Array(count: number): number[] {
    const values: number[] = []
    for (let index = 0; index < count; index++) values.push(this.int8())
    return values
  }

  int16Array(count: number): number[] {
    const values: number[] = []
    for (let index = 0; index < count; index++) values.push(this.int16())
    return values
  }

  int32Array(count: number): number[] {
    const values: number[] = []
    for (let index = 0; index < count; index++) values.push(this.int32())
    return values
  }

  int64Array(count: number): number[] {
    const values: number[] = []
    for (let index = 0; index < count; index++) values.push(this.int64())
    return values
  }

  uuidArray(count: number): Uuid[] {
    const values: Uuid[] = []
    for (let index = 0; index < count; index++) values.push(this.uuid())
    return values
  }

  stringArray(count: number, flexible: boolean): string[] {
    const values: string[] = []
    for (let index = 0; index < count; index++) values.push(this.string(flexible))
    return values
  }

  /** The byte in front of a struct that may be null. */
  present(): boolean {
    return this.int8() >= 0
  }

  /** As `present`, of a tagged field. */
  taggedPresent(): boolean {
    return this.unsignedVarint() > 0
  }

  /** How many tagged fields follow. */
  tagCount(): number {
    const count = this.unsignedVarint()
    if (count > TAGS_MAX) throw new MalformedError(`${count} tagged fields`)
    return count
  }

  /** The end position of the tagged field whose number was just read. */
  tagEnd(): number {
    const size = this.unsignedVarint()
    if (size > this.end - this.position) throw new MalformedError(`tagged field of ${size} bytes`)
    return this.position + size
  }

  /** Leaves a tagged field that was read: it must have been exactly as long as it said. */
  leaveTag(end: number): void {
    if (this.position !== end) throw new MalformedError('tagged field of another length than it says')
  }

  /** Passes over the rest of a section whose fields nobody here knows. */
  skipTags(): void {
    for (let count = this.tagCount(); count > 0; count--) {
      this.unsignedVarint()
      this.position = this.tagEnd()
    }
  }

  #takeElements(count: number): void {
    if (count > this.elementsLeft) throw new MalformedError(`${count} more elements than a request may have`)
    this.elementsLeft -= count
  }

  #take(size: number): number {
    const position = this.position
    if (size > this.end - position) throw new MalformedError(`${size} bytes wanted, ${this.bytesLeft} left`)
    this.position = position + size
    return position
  }
}
