import { createRequire } from 'node:module'
import { readInt32, writeInt32 } from '../base/bytes.ts'
import { corrupt, DecompressionError, tooLarge } from './compression-error.ts'
import type { UnpackScratch } from './compression-scratch.ts'

/**
 * Snappy as it is met in batches: one raw block (librdkafka, most others), or the framing of xerial's snappy-java (the
 * Java clients):
 *
 *   0x82 'SNAPPY' 0x00 · version int32 · least compatible version int32 · then, to the end: length int32, raw block
 *
 * all big-endian. Written is the framing, with both versions 1 (D11); read are both, whatever the versions say.
 */

const MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])
const HEADER_BYTES = 16
const VERSION = 1
/** snappy-java's block. */
const BLOCK_BYTES = 32 * 1024
/** The longest copy is 64 bytes in an element of 3, so that a block can't say more than this of itself. */
const EXPANSION_MAX = 22

/** Handing over the addon's own memory costs two to five times what the copy does. */
const COPIED = { asBuffer: true, copyOutputData: true } as const

interface SnappyAddon {
  compressSync(input: Buffer, options: { copyOutputData: true }): Buffer
  uncompressSync(input: Buffer, options: { asBuffer: true; copyOutputData: true }): Buffer
}

const require = createRequire(import.meta.url)
let addon: SnappyAddon | null = null

function loadAddon(): SnappyAddon {
  if (addon !== null) return addon
  try {
    addon = require('snappy') as SnappyAddon
    return addon
  } catch (error) {
    throw new DecompressionError('unavailable', `snappy: ${(error as Error).message}`)
  }
}

/** Blocks in xerial's framing, with big-endian versions (D11). */
export function compressSnappy(data: Buffer): Buffer {
  const snappy = loadAddon()
  const blocks: Buffer[] = []
  let bytes = HEADER_BYTES
  for (let position = 0; position < data.length; position += BLOCK_BYTES) {
    const block = snappy.compressSync(data.subarray(position, position + BLOCK_BYTES), COPIED)
    blocks.push(block)
    bytes += 4 + block.length
  }
  const framed = Buffer.allocUnsafe(bytes)
  framed.set(MAGIC, 0)
  writeInt32(framed, 8, VERSION)
  writeInt32(framed, 12, VERSION)
  let at = HEADER_BYTES
  for (const block of blocks) {
    writeInt32(framed, at, block.length)
    framed.set(block, at + 4)
    at += 4 + block.length
  }
  return framed
}

/**
 * Takes xerial's framing and a bare block. The result is `scratch`'s where there is one and more than a block. Throws
 * DecompressionError.
 */
export function decompressSnappy(
  data: Buffer,
  bytesMax: number,
  scratch: UnpackScratch | null = null,
): Buffer {
  if (!hasMagic(data, 0)) {
    blockBytes(data, 0, data.length, bytesMax)
    return uncompress(data)
  }
  const total = measureFrames(data, bytesMax)
  const output = scratch === null ? Buffer.allocUnsafe(total) : scratch.take(total)
  let at = 0
  let position = HEADER_BYTES
  while (position < data.length) {
    if (hasMagic(data, position)) {
      position += HEADER_BYTES
      continue
    }
    const end = position + 4 + readInt32(data, position)
    const block = uncompress(data.subarray(position + 4, end))
    if (block.length > total - at) throw corrupt('snappy: a block is longer than it says')
    output.set(block, at)
    at += block.length
    position = end
  }
  if (at !== total) throw corrupt('snappy: a block is shorter than it says')
  return output
}

/** What the block, or the blocks together, say that they come to; damage counts for nothing. */
export function snappyBytesBound(data: Buffer): number {
  try {
    return hasMagic(data, 0)
      ? measureFrames(data, Number.MAX_SAFE_INTEGER)
      : blockBytes(data, 0, data.length, Number.MAX_SAFE_INTEGER)
  } catch (error) {
    if (error instanceof DecompressionError) return 0
    throw error
  }
}

/** What the blocks say that they decompress to, all together; their bounds are then known to be good. */
function measureFrames(data: Buffer, bytesMax: number): number {
  if (data.length < HEADER_BYTES) throw corrupt('snappy: the frame ends in its header')
  let total = 0
  let position = HEADER_BYTES
  while (position < data.length) {
    // Streams may be joined end to end, each with its header.
    if (hasMagic(data, position)) {
      position += HEADER_BYTES
      continue
    }
    if (data.length - position < 4) throw corrupt('snappy: the frame ends in a length')
    const length = readInt32(data, position)
    position += 4
    if (length < 1 || length > data.length - position) throw corrupt('snappy: a block leads beyond the frame')
    total += blockBytes(data, position, position + length, bytesMax)
    if (total > bytesMax) throw tooLarge(bytesMax)
    position += length
  }
  if (position !== data.length) throw corrupt('snappy: the frame ends in a header')
  return total
}

/** What a raw block says that it decompresses to, once that is possible and within the limit. */
function blockBytes(data: Buffer, position: number, end: number, bytesMax: number): number {
  let bytes = 0
  let at = position
  for (let scale = 1; ; scale *= 128) {
    if (at >= end || at - position >= 5) throw corrupt('snappy: a block without its length')
    const byte = data[at++]!
    bytes += (byte & 0x7f) * scale
    if (byte < 0x80) break
  }
  if (bytes > (end - at) * EXPANSION_MAX) throw corrupt('snappy: a block promises more than it can hold')
  if (bytes > bytesMax) throw tooLarge(bytesMax)
  return bytes
}

function hasMagic(data: Buffer, position: number): boolean {
  return (
    data.length - position >= MAGIC.length &&
    data.compare(MAGIC, 0, MAGIC.length, position, position + MAGIC.length) === 0
  )
}

function uncompress(block: Buffer): Buffer {
  const snappy = loadAddon()
  try {
    return snappy.uncompressSync(block, COPIED)
  } catch (error) {
    throw corrupt(`snappy: ${(error as Error).message}`)
  }
}
