/**
 * Integers as Kafka writes them: big-endian, varints zig-zagged (protobuf). int64 is a JS number: exact within
 * ±2^53, nearest double outside; the writer saturates at the int64 bounds, so Long.MAX and Long.MIN survive a trip.
 */

declare global {
  /** Methods that Node's Buffer has in every version and its types leave out: toString and write less the dispatch. */
  interface Buffer {
    latin1Slice(start: number, end: number): string
    utf8Slice(start: number, end: number): string
    latin1Write(text: string, position: number, length: number): number
    utf8Write(text: string, position: number, length: number): number
  }
}

const TWO_32 = 4294967296
const TWO_63 = 2 ** 63

/** Reads a big-endian int64. The caller has checked that 8 bytes are there. */
export function readInt64(buffer: Uint8Array, position: number): number {
  const high =
    (buffer[position]! << 24) |
    (buffer[position + 1]! << 16) |
    (buffer[position + 2]! << 8) |
    buffer[position + 3]!
  const low =
    ((buffer[position + 4]! << 24) |
      (buffer[position + 5]! << 16) |
      (buffer[position + 6]! << 8) |
      buffer[position + 7]!) >>>
    0
  return high * TWO_32 + low
}

/** Writes a big-endian int64; values outside the int64 range saturate. */
export function writeInt64(buffer: Uint8Array, position: number, value: number): void {
  let high: number
  let low: number
  if (value >= TWO_63) {
    high = 0x7fffffff
    low = 0xffffffff
  } else if (value <= -TWO_63) {
    high = 0x80000000
    low = 0
  } else {
    high = Math.floor(value / TWO_32)
    low = value - high * TWO_32
  }
  writeInt32(buffer, position, high)
  writeInt32(buffer, position + 4, low)
}

/** Reads a big-endian int32. */
export function readInt32(buffer: Uint8Array, position: number): number {
  return (
    (buffer[position]! << 24) |
    (buffer[position + 1]! << 16) |
    (buffer[position + 2]! << 8) |
    buffer[position + 3]!
  )
}

/** Writes the low 32 bits of `value`, signed or not, big-endian. */
export function writeInt32(buffer: Uint8Array, position: number, value: number): void {
  buffer[position] = value >>> 24
  buffer[position + 1] = value >>> 16
  buffer[position + 2] = value >>> 8
  buffer[position + 3] = value
}

/** Reads a big-endian int16. */
export function readInt16(buffer: Uint8Array, position: number): number {
  return ((buffer[position]! << 24) >> 16) | buffer[position + 1]!
}

/** Writes the low 16 bits of `value`, big-endian. */
export function writeInt16(buffer: Uint8Array, position: number, value: number): void {
  buffer[position] = value >>> 8
  buffer[position + 1] = value
}

/** Bytes that `value` (0 ≤ value < 2^32) takes as an unsigned varint. */
export function unsignedVarintSize(value: number): number {
  if (value < 0x80) return 1
  if (value < 0x4000) return 2
  if (value < 0x200000) return 3
  if (value < 0x10000000) return 4
  return 5
}

/** Zig-zags an int32 into an unsigned int32. */
export function zigzag32(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0
}

/** Undoes zigzag32. */
export function unzigzag32(value: number): number {
  return (value >>> 1) ^ -(value & 1)
}

/** A copy that keeps no memory but its own: one of Node's pool would hold on to a piece of it of 8 KiB. */
export function ownCopy(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length)
  bytes.copy(copy)
  return copy
}
