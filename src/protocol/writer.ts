import { assert } from '../base/assert.ts'
import { unsignedVarintSize, writeInt16, writeInt32, writeInt64, zigzag32 } from '../base/bytes.ts'
import type { Uuid } from '../base/uuid.ts'
import type { RecordsSource } from './schema.ts'

/** A value that the version it is written for cannot carry, or that no version can (a string over 32767 bytes). */
export class UnwritableError extends Error {
  override readonly name = 'UnwritableError'
}

/** What the generated writers throw for a field that has a value and no place. */
export function unwritable(message: string, field: string, version: number): UnwritableError {
  return new UnwritableError(`${message}.${field} cannot be carried by version ${version}`)
}

/**
 * Bytes to send, in order. A piece that is not a Buffer is a source that was handed to the writer; large Buffers too
 * are the ones that were handed in: borrowed until they are sent.
 */
export interface WrittenFrame {
  readonly pieces: readonly (Buffer | RecordsSource)[]
  readonly byteLength: number
  /** The error codes in it that are not 0, as often as they are. */
  readonly errorCodes: readonly number[]
}

const NO_ERROR_CODES: readonly number[] = []

const SLAB_BYTES = 64 * 1024
const SPARE_BYTES_MIN = 512
const SPLICE_BYTES_MIN = 8 * 1024
const ASCII_LOOP_MAX = 64
const STRING_BYTES_MAX = 0x7fff

const EMPTY: Buffer = Buffer.alloc(0)

/** Tails of slabs that no frame uses. A writer takes one and hands back what it leaves. */
const spares: Buffer[] = []
const SPARES_MAX = 4

/**
 * Appends Kafka's types. Small frames are cut one after the other from a shared slab of 64 KiB, which lives as long
 * as any frame in it: frames are to be sent and let go. Nothing is written after `finish`.
 */
export class Writer {
  readonly #contiguous: boolean
  readonly #pieces: (Buffer | RecordsSource)[] = []
  #sealedBytes = 0
  #buffer: Buffer
  /** Where the piece that is being written begins. */
  #start = 0
  #position = 0
  #openTags = 0
  #errorCodes: number[] | null = null

  /** `contiguous`: everything is copied into one piece, records too, which must be Buffers then. */
  constructor(contiguous = false) {
    this.#contiguous = contiguous
    this.#buffer = spares.pop() ?? EMPTY
  }

  /** Bytes written so far, in all pieces. */
  get byteLength(): number {
    return this.#sealedBytes + this.#position - this.#start
  }

  bool(value: boolean): void {
    this.#reserve(1)
    this.#buffer[this.#position++] = value ? 1 : 0
  }

  int8(value: number): void {
    this.#reserve(1)
    this.#buffer[this.#position++] = value
  }

  int16(value: number): void {
    this.#reserve(2)
    writeInt16(this.#buffer, this.#position, value)
    this.#position += 2
  }

  /** An int16, and noted for the frame where it is an error. */
  errorCode(value: number): void {
    if (value !== 0) {
      this.#errorCodes ??= []
      this.#errorCodes.push(value)
    }
    this.int16(value)
  }

  uint16(value: number): void {
    this.int16(value)
  }

  int32(value: number): void {
    this.#reserve(4)
    writeInt32(this.#buffer, this.#position, value)
    this.#position += 4
  }

  /** Saturates at the bounds of int64. */
  int64(value: number): void {
    this.#reserve(8)
    writeInt64(this.#buffer, this.#position, value)
    this.#position += 8
  }

  float64(value: number): void {
    this.#reserve(8)
    this.#buffer.writeDoubleBE(value, this.#position)
    this.#position += 8
  }

  uuid(value: Uuid): void {
    this.#reserve(16)
    this.#buffer.latin1Write(value, this.#position, 16)
    this.#position += 16
  }

  /** An unsigned 32-bit varint. */
  unsignedVarint(value: number): void {
    this.#reserve(5)
    this.#position = putUnsignedVarint(this.#buffer, this.#position, value)
  }

  /** A zig-zagged int32. */
  varint(value: number): void {
    this.unsignedVarint(zigzag32(value))
  }

  /** null is for fields that are nullable in the version: the generated code has looked. */
  string(value: string | null, flexible: boolean): void {
    if (value === null) {
      if (flexible) this.unsignedVarint(0)
      else this.int16(-1)
      return
    }
    if (value.length > ASCII_LOOP_MAX || !this.#shortAscii(value, flexible)) this.#longString(value, flexible)
  }

  /** False, with nothing written, when the text is not plain ASCII. */
  #shortAscii(value: string, flexible: boolean): boolean {
    const length = value.length
    this.#reserve(length + 2)
    const buffer = this.#buffer
    let position = this.#position
    if (flexible) {
      buffer[position++] = length + 1
    } else {
      buffer[position++] = 0
      buffer[position++] = length
    }
    for (let index = 0; index < length; index++) {
      const code = value.charCodeAt(index)
      if (code > 0x7f) return false
      buffer[position++] = code
    }
    this.#position = position
    return true
  }

  #longString(value: string, flexible: boolean): void {
    const size = Buffer.byteLength(value)
    if (size > STRING_BYTES_MAX) throw new UnwritableError(`string of ${size} bytes`)
    if (flexible) this.unsignedVarint(size + 1)
    else this.int16(size)
    this.#reserve(size)
    this.#buffer.utf8Write(value, this.#position, size)
    this.#position += size
  }

  /** Copied below 8 KiB, else borrowed until the frame is sent. */
  bytes(value: Buffer | null, flexible: boolean): void {
    this.records(value, flexible)
  }

  /** A Buffer below 8 KiB is copied; anything else becomes a piece of its own. */
  records(value: RecordsSource | null, flexible: boolean): void {
    if (value === null) {
      this.arrayCount(-1, flexible)
      return
    }
    const size = value.byteLength
    this.arrayCount(size, flexible)
    const onePiece = this.#contiguous || this.#openTags > 0
    if (value instanceof Uint8Array && (onePiece || size < SPLICE_BYTES_MIN)) {
      this.raw(value)
      return
    }
    assert(!onePiece, 'a source of records in what must be one piece')
    if (size === 0) return
    this.#seal()
    this.#pieces.push(value as Buffer | RecordsSource)
    this.#sealedBytes += size
  }

  /** Copies bytes as they are. */
  raw(value: Uint8Array): void {
    this.#reserve(value.length)
    this.#buffer.set(value, this.#position)
    this.#position += value.length
  }

  /** The length in front of an array or of bytes; -1 is null. */
  arrayCount(count: number, flexible: boolean): void {
    if (flexible) this.unsignedVarint(count + 1)
    else this.int32(count)
  }

  int8Array(values: readonly number[]): void {
    for (const value of values) this.int8(value)
  }

  int16Array(values: readonly number[]): void {
    for (const value of values) this.int16(value)
  }

  int32Array(values: readonly number[]): void {
    for (const value of values) this.int32(value)
  }

  int64Array(values: readonly number[]): void {
    for (const value of values) this.int64(value)
  }

  uuidArray(values: readonly Uuid[]): void {
    for (const value of values) this.uuid(value)
  }

  stringArray(values: readonly string[], flexible: boolean): void {
    for (const value of values) this.string(value, flexible)
  }

  /** The byte in front of a struct that may be null. */
  present(value: boolean): void {
    this.int8(value ? 1 : -1)
  }

  /** As `present`, of a tagged field. */
  taggedPresent(value: boolean): void {
    this.unsignedVarint(value ? 1 : 0)
  }

  /** Begins a tagged field whose content is `size` bytes long. */
  tag(tag: number, size: number): void {
    this.unsignedVarint(tag)
    this.unsignedVarint(size)
  }

  /** Begins a tagged field of unknown length; what it returns goes to endTag. */
  beginTag(tag: number): number {
    this.unsignedVarint(tag)
    this.#openTags++
    return this.#position - this.#start
  }

  /** Puts the length in front of what was written since beginTag. */
  endTag(mark: number): void {
    this.#openTags--
    const size = this.#position - this.#start - mark
    const lengthBytes = unsignedVarintSize(size)
    this.#reserve(lengthBytes)
    const begin = this.#start + mark
    this.#buffer.copyWithin(begin + lengthBytes, begin, begin + size)
    putUnsignedVarint(this.#buffer, begin, size)
    this.#position += lengthBytes
  }

  /** Reserves the 4 bytes in which finishFrame puts the size. They must be the first. */
  beginFrame(): void {
    assert(this.byteLength === 0, 'a frame begins with its size')
    this.int32(0)
  }

  /** Ends a frame: its size goes into the bytes that beginFrame reserved. */
  finishFrame(): WrittenFrame {
    const frame = this.finish()
    writeInt32(frame.pieces[0] as Buffer, 0, frame.byteLength - 4)
    return frame
  }

  /** Ends the writing and gives what was written. */
  finish(): WrittenFrame {
    this.#seal()
    const rest = this.#buffer.length - this.#position
    if (rest >= SPARE_BYTES_MIN && spares.length < SPARES_MAX)
      spares.push(this.#buffer.subarray(this.#position))
    this.#buffer = EMPTY
    this.#position = 0
    this.#start = 0
    return {
      pieces: this.#pieces,
      byteLength: this.#sealedBytes,
      errorCodes: this.#errorCodes ?? NO_ERROR_CODES,
    }
  }

  #seal(): void {
    const size = this.#position - this.#start
    if (size === 0) return
    this.#pieces.push(this.#buffer.subarray(this.#start, this.#position))
    this.#sealedBytes += size
    this.#start = this.#position
  }

  #reserve(size: number): void {
    if (size > this.#buffer.length - this.#position) this.#grow(size)
  }

  /** Moves the piece that is being written to a larger buffer. */
  #grow(size: number): void {
    const written = this.#position - this.#start
    const grown = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, 2 * (written + size)))
    grown.set(this.#buffer.subarray(this.#start, this.#position))
    this.#buffer = grown
    this.#start = 0
    this.#position = written
  }
}

function putUnsignedVarint(buffer: Buffer, position: number, value: number): number {
  let rest = value
  while (rest > 0x7f) {
    buffer[position++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  buffer[position++] = rest
  return position
}
