import { createRequire } from 'node:module'
import { corrupt, DecompressionError, tooLarge } from './compression-error.ts'
import type { UnpackScratch } from './compression-scratch.ts'
import { xxhash32 } from './compression-xxhash32.ts'

/**
 * LZ4 frames (github.com/lz4/lz4, lz4_Frame_format.md 1.6), little-endian:
 *
 *   magic 0x184D2204 · flags · block size · [content size uint64] · [dictionary id] · header checksum · blocks: length
 *   uint32 (top bit: stored), bytes, [checksum] · 0 · [content checksum]
 *
 * Read are independent and linked blocks (Java writes the former, librdkafka the latter), checksums and content size if
 * there, skippable frames, frames joined end to end; no dictionaries. Written are independent blocks of 64 KiB.
 */

const FRAME_MAGIC = 0x184d2204
const SKIPPABLE_MAGIC = 0x184d2a50
const VERSION_FLAGS = 0x40
const INDEPENDENT_FLAG = 0x20
const BLOCK_CHECKSUM_FLAG = 0x10
const CONTENT_SIZE_FLAG = 0x08
const CONTENT_CHECKSUM_FLAG = 0x04
const RESERVED_FLAG = 0x02
const DICTIONARY_FLAG = 0x01
const BLOCK_64_KIB = 0x40
const STORED_BIT = 0x80000000
const BLOCK_BYTES = 64 * 1024
const WRITTEN_HEADER_BYTES = 7
/** A byte of a run length stands for 255 bytes at most. */
const EXPANSION_MAX = 255
/** Copies shorter than this are made byte by byte. */
const COPY_BYTES_MIN = 24

type BlockFunction = (input: Buffer, output: Buffer) => number

interface BlockFunctions {
  /** null: only the addon's is checked against the bounds of its buffers. */
  readonly decode: BlockFunction | null
  readonly encode: BlockFunction
  readonly encodeBound: (bytes: number) => number
}

const require = createRequire(import.meta.url)
let functions: BlockFunctions | null = null

/** The addon of the lz4 package where it was built, else the package's JavaScript. */
function blockFunctions(): BlockFunctions {
  if (functions !== null) return functions
  try {
    const { decodeBlock, encodeBlock, encodeBound } = require('lz4') as Record<string, BlockFunction> & {
      encodeBound: (bytes: number) => number
    }
    functions = { decode: decodeBlock!, encode: encodeBlock!, encodeBound }
  } catch {
    functions = portableFunctions()
  }
  return functions
}

function portableFunctions(): BlockFunctions {
  try {
    const { compress, compressBound } = require('lz4/lib/binding.js') as {
      compress: BlockFunction
      compressBound: (bytes: number) => number
    }
    return { decode: null, encode: compress, encodeBound: compressBound }
  } catch (error) {
    throw new DecompressionError('unavailable', `lz4: ${(error as Error).message}`)
  }
}

/** One LZ4 frame of independent blocks, as Kafka's clients read it. Throws DecompressionError where the codec is missing. */
export function compressLz4(data: Buffer): Buffer {
  const { encode, encodeBound } = blockFunctions()
  const blocks = Math.ceil(data.length / BLOCK_BYTES)
  const output = Buffer.allocUnsafe(WRITTEN_HEADER_BYTES + blocks * 4 + data.length + 4)
  const scratch = Buffer.allocUnsafe(encodeBound(Math.min(BLOCK_BYTES, data.length)))
  output.writeUInt32LE(FRAME_MAGIC, 0)
  output[4] = VERSION_FLAGS | INDEPENDENT_FLAG
  output[5] = BLOCK_64_KIB
  output[6] = headerChecksum(output, 4, 6)
  let at = WRITTEN_HEADER_BYTES
  for (let position = 0; position < data.length; position += BLOCK_BYTES) {
    const block = data.subarray(position, position + BLOCK_BYTES)
    const bytes = encode(block, scratch)
    const stored = bytes <= 0 || bytes >= block.length
    output.writeUInt32LE(stored ? (STORED_BIT | block.length) >>> 0 : bytes, at)
    at += 4
    at += stored ? block.copy(output, at) : scratch.copy(output, at, 0, bytes)
  }
  output.writeUInt32LE(0, at)
  return output.subarray(0, at + 4)
}

export function decompressLz4(data: Buffer, bytesMax: number): Buffer {
  return new FrameDecoder(data, bytesMax, null).decode()
}

/**
 * As `decompressLz4`, of a block that every client can read: Kafka's stop behind the first frame, at the first skippable
 * one, and at blocks that refer to the ones before them. The result is `scratch`'s.
 */
export function decompressProducedLz4(data: Buffer, bytesMax: number, scratch: UnpackScratch): Buffer {
  if (data.length < 5 || data.readUInt32LE(0) !== FRAME_MAGIC) throw corrupt('lz4: no frame')
  if ((data[4]! & INDEPENDENT_FLAG) === 0)
    throw corrupt('lz4: linked blocks, which Kafka’s clients do not read')
  const decoder = new FrameDecoder(data, bytesMax, scratch)
  const plain = decoder.decode()
  if (decoder.frameCount > 1) throw corrupt('lz4: a second frame, which Kafka’s clients do not read')
  return plain
}

/** What a frame can come to by the lengths of its blocks, without unpacking them; damage counts for nothing. */
export function lz4BytesBound(data: Buffer): number {
  if (data.length < WRITTEN_HEADER_BYTES) return 0
  const flags = data[4]!
  const blockBytesMax = 1 << (8 + 2 * Math.max(4, (data[5]! >> 4) & 7))
  const trailerBytes = (flags & BLOCK_CHECKSUM_FLAG) === 0 ? 0 : 4
  let at = WRITTEN_HEADER_BYTES + ((flags & CONTENT_SIZE_FLAG) === 0 ? 0 : 8)
  let bytes = 0
  while (at + 4 <= data.length) {
    const header = data.readUInt32LE(at)
    if (header === 0) break
    const length = header & 0x7fffffff
    bytes += header >= STORED_BIT ? length : Math.min(blockBytesMax, length * EXPANSION_MAX)
    at += 4 + length + trailerBytes
  }
  return bytes
}

function headerChecksum(buffer: Buffer, start: number, end: number): number {
  return (xxhash32(buffer, start, end) >>> 8) & 0xff
}

/** One decompression: the output grows with what really comes, never with what a header promises. */
class FrameDecoder {
  readonly #data: Buffer
  readonly #bytesMax: number
  readonly #decodeBlock: BlockFunction | null
  /** Where the output lies; null: in bytes of its own. */
  readonly #scratch: UnpackScratch | null
  #position = 0
  #output: Buffer
  #outputBytes = 0
  /** Frames that were read, skippable ones too. */
  frameCount = 0

  constructor(data: Buffer, bytesMax: number, scratch: UnpackScratch | null) {
    this.#data = data
    this.#bytesMax = bytesMax
    this.#scratch = scratch
    this.#decodeBlock = blockFunctions().decode
    const bytes = Math.min(bytesMax, Math.max(1024, data.length * 4))
    this.#output = scratch === null ? Buffer.allocUnsafe(bytes) : scratch.take(bytes)
  }

  decode(): Buffer {
    if (this.#data.length < 4) throw corrupt('lz4: no frame')
    while (this.#position < this.#data.length) {
      const magic = this.#uint32()
      this.frameCount++
      if (magic === FRAME_MAGIC) this.#frame()
      else if ((magic & 0xfffffff0) === SKIPPABLE_MAGIC) this.#skip(this.#uint32())
      else throw corrupt('lz4: no frame')
    }
    return this.#output.subarray(0, this.#outputBytes)
  }

  #frame(): void {
    const start = this.#position
    this.#skip(2)
    const flags = this.#data[start]!
    const blockCode = (this.#data[start + 1]! >> 4) & 7
    if ((flags & 0xc0) !== VERSION_FLAGS || (flags & RESERVED_FLAG) !== 0)
      throw corrupt('lz4: unknown version')
    if ((flags & DICTIONARY_FLAG) !== 0) throw corrupt('lz4: a dictionary that nobody has')
    if (blockCode < 4) throw corrupt('lz4: unknown block size')
    const contentBytes = (flags & CONTENT_SIZE_FLAG) !== 0 ? this.#contentSize() : -1
    const checksum = headerChecksum(this.#data, start, this.#position)
    this.#skip(1)
    if (this.#data[this.#position - 1] !== checksum) throw corrupt('lz4: bad header checksum')
    const outputStart = this.#outputBytes
    this.#blocks(flags, 1 << (8 + 2 * blockCode))
    if (contentBytes >= 0 && this.#outputBytes - outputStart !== contentBytes)
      throw corrupt('lz4: not the content size of the header')
    if ((flags & CONTENT_CHECKSUM_FLAG) === 0) return
    if (this.#uint32() !== xxhash32(this.#output, outputStart, this.#outputBytes))
      throw corrupt('lz4: bad content checksum')
  }

  #blocks(flags: number, blockBytesMax: number): void {
    const isLinked = (flags & INDEPENDENT_FLAG) === 0
    const frameStart = this.#outputBytes
    for (;;) {
      const header = this.#uint32()
      if (header === 0) return
      const length = header & 0x7fffffff
      const start = this.#position
      if (length > blockBytesMax) throw corrupt('lz4: a block above its frame’s size')
      this.#skip(length)
      if ((header & STORED_BIT) !== 0) this.#store(start, length)
      else this.#decompressBlock(start, length, blockBytesMax, isLinked ? frameStart : this.#outputBytes)
      if ((flags & BLOCK_CHECKSUM_FLAG) === 0) continue
      if (this.#uint32() !== xxhash32(this.#data, start, start + length))
        throw corrupt('lz4: bad block checksum')
    }
  }

  #store(start: number, length: number): void {
    this.#makeRoom(length)
    if (length > this.#output.length - this.#outputBytes) throw tooLarge(this.#bytesMax)
    this.#outputBytes += this.#data.copy(this.#output, this.#outputBytes, start, start + length)
  }

  #decompressBlock(start: number, length: number, blockBytesMax: number, historyStart: number): void {
    const wanted = Math.min(blockBytesMax, length * EXPANSION_MAX)
    this.#makeRoom(wanted)
    const room = Math.min(wanted, this.#output.length - this.#outputBytes)
    const decode = this.#decodeBlock
    let bytes: number
    if (decode !== null && historyStart === this.#outputBytes) {
      const target = this.#output.subarray(this.#outputBytes, this.#outputBytes + room)
      bytes = decode(this.#data.subarray(start, start + length), target)
    } else {
      bytes = decodeBlock(
        this.#data,
        start,
        start + length,
        this.#output,
        this.#outputBytes,
        room,
        historyStart,
      )
    }
    if (bytes < 0) {
      if (room < wanted) throw tooLarge(this.#bytesMax)
      throw corrupt('lz4: bad block')
    }
    this.#outputBytes += bytes
  }

  /** Grows the output by doubling, at most to the limit. */
  #makeRoom(bytes: number): void {
    const needed = this.#outputBytes + bytes
    if (needed <= this.#output.length || this.#output.length === this.#bytesMax) return
    const room = Math.min(this.#bytesMax, Math.max(needed, this.#output.length * 2))
    const grown = this.#scratch === null ? Buffer.allocUnsafe(room) : this.#scratch.take(room)
    this.#output.copy(grown, 0, 0, this.#outputBytes)
    this.#output = grown
  }

  #contentSize(): number {
    const low = this.#uint32()
    const bytes = this.#uint32() * 4294967296 + low
    if (bytes > this.#bytesMax) throw tooLarge(this.#bytesMax)
    return bytes
  }

  #uint32(): number {
    this.#skip(4)
    return this.#data.readUInt32LE(this.#position - 4)
  }

  #skip(bytes: number): void {
    if (bytes > this.#data.length - this.#position) throw corrupt('lz4: the frame is truncated')
    this.#position += bytes
  }
}

/**
 * Decodes the block `input[start, end)` to `output` from `outputStart`, at most `room` bytes; matches may reach back to
 * `historyStart`. Returns the count, or −1 for a block that is bad or has no room. For blocks that refer to the ones
 * before them, which the addon can't see, and for every block without the addon.
 */
export function decodeBlock(
  input: Buffer,
  start: number,
  end: number,
  output: Buffer,
  outputStart: number,
  room: number,
  historyStart: number,
): number {
  const outputEnd = outputStart + room
  let from = start
  let to = outputStart
  while (from < end) {
    const token = input[from++]!
    let literals = token >> 4
    if (literals === 15) {
      let more: number
      do {
        if (from >= end) return -1
        more = input[from++]!
        literals += more
      } while (more === 255)
    }
    if (literals > end - from || literals > outputEnd - to) return -1
    if (literals < COPY_BYTES_MIN)
      for (let count = literals; count > 0; count--) output[to++] = input[from++]!
    else {
      input.copy(output, to, from, from + literals)
      from += literals
      to += literals
    }
    if (from === end) return to - outputStart
    if (end - from < 2) return -1
    const distance = input[from]! | (input[from + 1]! << 8)
    from += 2
    let length = token & 15
    if (length === 15) {
      let more: number
      do {
        if (from >= end) return -1
        more = input[from++]!
        length += more
      } while (more === 255)
    }
    length += 4
    let match = to - distance
    if (distance === 0 || match < historyStart || length > outputEnd - to) return -1
    if (length >= COPY_BYTES_MIN && distance >= length) {
      output.copyWithin(to, match, match + length)
      to += length
    } else for (let count = length; count > 0; count--) output[to++] = output[match++]!
  }
  // A block ends with literals, so that this is only reached by an empty or a cut one.
  return -1
}
