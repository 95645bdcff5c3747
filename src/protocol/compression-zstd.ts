import * as zlib from 'node:zlib'
import { corrupt, DecompressionError, tooLarge } from './compression-error.ts'
import type { UnpackScratch } from './compression-scratch.ts'

/**
 * Zstandard (RFC 8878): node:zlib's where this Node has it (22.15, 23.8), else WebAssembly, which is loaded once. Before
 * either sees a frame its headers are walked: that bounds the output without trusting what is declared. Windows are read up
 * to 128 MiB, as they are by zstd's own programs and by Kafka (a frame of a single segment is its own window, and bounded
 * as such); what a decoder is told of one is never more than can come out, so that it takes no memory for the rest.
 */

const WINDOW_BYTES_MAX = 128 * 1024 * 1024
/** The most that RFC 8878 asks every decoder to support: up to here a window is left as it is. */
const PLAIN_WINDOW_BYTES = 8 * 1024 * 1024
/** ZSTD_c_compressionLevel, of zstd.h. */
const LEVEL_PARAMETER = 100
const FRAME_MAGIC = 0xfd2fb528
const SKIPPABLE_MAGIC = 0x184d2a50
const BLOCK_BYTES_MAX = 128 * 1024
const BLOCK_RLE = 1
const BLOCK_COMPRESSED = 2
const BLOCK_RESERVED = 3

export interface ZstdCodec {
  /** `level` is zstd's own; undefined: its default, 3. */
  compress(data: Buffer, level?: number): Buffer
  /** `bytes` is one frame, and `frame` what its headers tell; may use `scratch`. Throws anything on damage. */
  decompress(bytes: Buffer, frame: ZstdFrame, bytesMax: number, scratch: UnpackScratch | null): Buffer
}

let codec: ZstdCodec | null = builtInCodec()
let loading: Promise<void> | null = null

/** Makes zstd available where Node has none of its own. Never rejects: what is missing then says so at its use. */
export function loadZstd(): Promise<void> {
  if (codec !== null) return Promise.resolve()
  loading ??= loadWasmCodec().then(
    (loaded) => {
      codec = loaded
    },
    () => {
      loading = null
    },
  )
  return loading
}

export function isZstdLoaded(): boolean {
  return codec !== null
}

export function compressZstd(data: Buffer, level?: number): Buffer {
  return availableCodec().compress(data, level)
}

/** The result may be `scratch`'s. Throws DecompressionError. */
export function decompressZstd(data: Buffer, bytesMax: number, scratch: UnpackScratch | null = null): Buffer {
  return decompressFrames(availableCodec(), data, bytesMax, scratch)
}

/** Frames joined end to end, by whichever codec. Throws DecompressionError. */
export function decompressFrames(
  by: ZstdCodec,
  data: Buffer,
  bytesMax: number,
  scratch: UnpackScratch | null = null,
): Buffer {
  const frames = zstdFrames(data, bytesMax)
  const outputs: Buffer[] = []
  let bytesLeft = bytesMax
  for (const frame of frames) {
    const bytes = withinWindow(data, frame, bytesLeft)
    const output = decompressFrame(by, bytes, frame, bytesLeft, frames.length === 1 ? scratch : null)
    if (output.length > bytesLeft) throw tooLarge(bytesMax)
    bytesLeft -= output.length
    outputs.push(output)
  }
  return outputs.length === 1 ? outputs[0]! : joined(outputs, bytesMax - bytesLeft)
}

function joined(parts: readonly Buffer[], byteLength: number): Buffer {
  const whole = Buffer.allocUnsafe(byteLength)
  let at = 0
  for (const part of parts) at += part.copy(whole, at)
  return whole
}

/**
 * The bytes of a frame. A window that is larger than what can come of it, or may, is written smaller in a copy: a match
 * never reaches further back than that, and blocks stay as large as they may be.
 */
function withinWindow(data: Buffer, frame: ZstdFrame, bytesMax: number): Buffer {
  const bytes = data.subarray(frame.position, frame.end)
  const needed = Math.max(BLOCK_BYTES_MAX, Math.min(frame.bytesBound, bytesMax + 1))
  if (frame.windowBytes <= PLAIN_WINDOW_BYTES || frame.isSingleSegment || needed >= frame.windowBytes)
    return bytes
  const copy = Buffer.from(bytes)
  copy[5] = (Math.ceil(Math.log2(needed)) - 10) << 3
  return copy
}

function decompressFrame(
  by: ZstdCodec,
  bytes: Buffer,
  frame: ZstdFrame,
  bytesMax: number,
  scratch: UnpackScratch | null,
): Buffer {
  if (frame.contentBytes > bytesMax) throw tooLarge(bytesMax)
  try {
    return by.decompress(bytes, frame, bytesMax, scratch)
  } catch (error) {
    if (error instanceof DecompressionError) throw error
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(bytesMax)
    throw corrupt(`zstd: ${(error as Error).message}`)
  }
}

function availableCodec(): ZstdCodec {
  if (codec === null) throw new DecompressionError('unavailable', 'zstd: not loaded')
  return codec
}

/** The part of node:zlib that Node 20 and its types do not have. */
interface ZlibZstd {
  zstdCompressSync?: (data: Buffer, options: { params?: Record<number, number> }) => Buffer
  zstdDecompressSync?: (data: Buffer, options: { maxOutputLength: number }) => Buffer
}

function builtInCodec(): ZstdCodec | null {
  const { zstdCompressSync, zstdDecompressSync } = zlib as unknown as ZlibZstd
  if (zstdCompressSync === undefined || zstdDecompressSync === undefined) return null
  return {
    compress: (data, level) =>
      zstdCompressSync(data, level === undefined ? {} : { params: { [LEVEL_PARAMETER]: level } }),
    // The limit of node:zlib is at least 1.
    decompress: (bytes, _frame, bytesMax) =>
      zstdDecompressSync(bytes, { maxOutputLength: Math.max(1, bytesMax) }),
  }
}

/** WebAssembly in place of node:zlib. Rejects where the package is not installed. */
export async function loadWasmCodec(): Promise<ZstdCodec> {
  const { Zstd } = await import('@hpcc-js/wasm-zstd')
  const zstd = await Zstd.load()
  const heap = copyFromHeap(zstd)
  return {
    compress: (data, level) => asBuffer(zstd.compress(data, level)),
    decompress(bytes, frame, bytesMax, scratch) {
      heap.scratch = scratch
      try {
        if (frame.contentBytes > 0) return asBuffer(zstd.decompress(bytes))
        return asBuffer(decompressUnsized(zstd, bytes, frame.bytesBound, bytesMax))
      } finally {
        heap.scratch = null
      }
    },
  }
}

/** The part of the binding that takes results out of the WebAssembly heap. */
interface WasmHeap {
  heapView?: (block: unknown) => Uint8Array
  heapToUint8Array?: (block: unknown) => Uint8Array
}

/**
 * Takes results out by a copy of bytes, to `scratch` while there is one: the binding goes through an array of numbers, a
 * hundred times slower.
 */
function copyFromHeap(zstd: object): { scratch: UnpackScratch | null } {
  const target: { scratch: UnpackScratch | null } = { scratch: null }
  const heap = (zstd as { _mainModule?: WasmHeap })._mainModule
  if (typeof heap?.heapView !== 'function' || typeof heap.heapToUint8Array !== 'function') return target
  heap.heapToUint8Array = (block) => {
    const view = heap.heapView!(block)
    if (target.scratch === null) return Buffer.from(view)
    const output = target.scratch.take(view.length)
    output.set(view)
    return output
  }
  return target
}

/** One call with room for all that the blocks can hold, since the binding does not say how much of its input it took. */
function decompressUnsized(
  zstd: { reset(): void; decompressChunk(data: Uint8Array, bytes: number): Uint8Array },
  frame: Buffer,
  bytesBound: number,
  bytesMax: number,
): Uint8Array {
  const room = Math.min(bytesMax + 1, Math.max(1, bytesBound))
  zstd.reset()
  const output = zstd.decompressChunk(frame, room)
  // That it failed, the binding says by no bytes.
  if (output.length === 0 && bytesBound > 0) throw corrupt('zstd: bad block')
  return output
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** One frame of the data, and what its headers tell about its contents. */
export interface ZstdFrame {
  readonly position: number
  readonly end: number
  /** No more than this can come out. */
  readonly bytesBound: number
  /** The declared content size, or −1 where it does not say. */
  readonly contentBytes: number
  readonly windowBytes: number
  readonly isSingleSegment: boolean
}

/**
 * Walks frame and block headers; skippable frames are left out. Throws DecompressionError on frames that are cut,
 * damaged in their headers, declared above `bytesMax`, or with a window above 128 MiB.
 */
export function zstdFrames(data: Buffer, bytesMax: number): ZstdFrame[] {
  const frames: ZstdFrame[] = []
  let position = 0
  while (position < data.length) {
    need(data, position, 8)
    const magic = data.readUInt32LE(position)
    if ((magic & 0xfffffff0) === SKIPPABLE_MAGIC) {
      position += 8 + data.readUInt32LE(position + 4)
      need(data, position, 0)
      continue
    }
    if (magic !== FRAME_MAGIC) throw corrupt('zstd: no frame')
    const header = readFrameHeader(data, position + 4)
    if (header.contentBytes > bytesMax) throw tooLarge(bytesMax)
    if (header.windowBytes > WINDOW_BYTES_MAX && !header.isSingleSegment)
      throw new DecompressionError('too-large', 'zstd: window above 128 MiB')
    const blocks = walkBlocks(data, header.end, Math.min(BLOCK_BYTES_MAX, header.windowBytes))
    const end = blocks.end + (header.hasChecksum ? 4 : 0)
    need(data, end, 0)
    if (header.contentBytes > blocks.bytesBound) throw corrupt('zstd: less than the content size')
    const { contentBytes, windowBytes, isSingleSegment } = header
    frames.push({
      position,
      end,
      bytesBound: blocks.bytesBound,
      contentBytes,
      windowBytes,
      isSingleSegment,
    })
    position = end
  }
  if (frames.length === 0) throw corrupt('zstd: no frame')
  return frames
}

interface FrameHeader {
  readonly end: number
  readonly windowBytes: number
  readonly isSingleSegment: boolean
  /** −1 where the frame does not say. */
  readonly contentBytes: number
  readonly hasChecksum: boolean
}

/** RFC 8878, 3.1.1.1. */
function readFrameHeader(data: Buffer, position: number): FrameHeader {
  need(data, position, 2)
  const descriptor = data[position]!
  const isSingleSegment = (descriptor & 0x20) !== 0
  if ((descriptor & 0x08) !== 0) throw corrupt('zstd: reserved bit')
  let at = position + 1
  let windowBytes = 0
  if (!isSingleSegment) {
    const window = data[at++]!
    const base = 2 ** (10 + (window >> 3))
    windowBytes = base + (base / 8) * (window & 7)
  }
  const dictionaryIdBytes = [0, 1, 2, 4][descriptor & 3]!
  need(data, at, dictionaryIdBytes)
  for (let index = 0; index < dictionaryIdBytes; index++)
    if (data[at + index] !== 0) throw corrupt('zstd: a dictionary that nobody has')
  at += dictionaryIdBytes
  const sizeCode = descriptor >> 6
  const sizeBytes = sizeCode === 0 ? (isSingleSegment ? 1 : 0) : 1 << sizeCode
  need(data, at, sizeBytes)
  let contentBytes = -1
  if (sizeBytes === 1) contentBytes = data[at]!
  else if (sizeBytes === 2) contentBytes = data.readUInt16LE(at) + 256
  else if (sizeBytes === 4) contentBytes = data.readUInt32LE(at)
  else if (sizeBytes === 8) contentBytes = data.readUInt32LE(at) + data.readUInt32LE(at + 4) * 4294967296
  if (isSingleSegment) windowBytes = contentBytes
  return {
    end: at + sizeBytes,
    windowBytes,
    isSingleSegment,
    contentBytes,
    hasChecksum: (descriptor & 0x04) !== 0,
  }
}

/** What the frames can come to by their headers; damage counts for nothing. */
export function zstdBytesBound(data: Buffer): number {
  try {
    return zstdFrames(data, Number.MAX_SAFE_INTEGER).reduce(
      (sum, { bytesBound, contentBytes }) => sum + (contentBytes < 0 ? bytesBound : contentBytes),
      0,
    )
  } catch (error) {
    if (error instanceof DecompressionError) return 0
    throw error
  }
}

/** RFC 8878, 3.1.1.2: blocks up to the last one, and what they can come to. */
function walkBlocks(
  data: Buffer,
  position: number,
  blockBytesMax: number,
): { readonly end: number; readonly bytesBound: number } {
  let at = position
  let bytesBound = 0
  for (;;) {
    need(data, at, 3)
    const header = data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16)
    const type = (header >> 1) & 3
    const size = header >> 3
    if (type === BLOCK_RESERVED) throw corrupt('zstd: reserved block')
    at += 3 + (type === BLOCK_RLE ? 1 : size)
    need(data, at, 0)
    bytesBound += type === BLOCK_COMPRESSED ? blockBytesMax : size
    if ((header & 1) === 1) return { end: at, bytesBound }
  }
}

function need(data: Buffer, position: number, bytes: number): void {
  if (position + bytes > data.length) throw corrupt('zstd: the frame is truncated')
}
