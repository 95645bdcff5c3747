import { constants, gunzip, gunzipSync, gzip, gzipSync } from 'node:zlib'
import { Lane } from '../base/lane.ts'
import { corrupt, type DecompressionError, tooLarge } from './compression-error.ts'
import { compressLz4, decompressLz4, decompressProducedLz4, lz4BytesBound } from './compression-lz4.ts'
import type { UnpackScratch } from './compression-scratch.ts'
import { compressSnappy, decompressSnappy, snappyBytesBound } from './compression-snappy.ts'
import { compressZstd, decompressZstd, isZstdLoaded, loadZstd, zstdBytesBound } from './compression-zstd.ts'
import type { Compression } from './record-batch.ts'

export { DecompressionError, type DecompressionFault, isDecompressionError } from './compression-error.ts'
export { UnpackScratch } from './compression-scratch.ts'

/** A codec that does something. */
export type BlockCodec = Exclude<Compression, 'none'>

/** What a block may come to: at most `bytesMax`, and at most `ratioMax` times its size beyond `bytesFree`. */
export interface DecompressionLimits {
  readonly bytesMax: number
  readonly ratioMax: number
  readonly bytesFree: number
}

/**
 * 64 MiB, and beyond 16 MiB no more than the ratio that an honest block can reach: 128 KiB out of the 4 bytes of a zstd
 * block. A batch of one repeated text is read, and a small request can't have much memory taken at once.
 */
export const DECOMPRESSION_LIMITS: DecompressionLimits = {
  bytesMax: 64 * 1024 * 1024,
  ratioMax: 32_768,
  bytesFree: 16 * 1024 * 1024,
}

/** What may be unpacked and read within one turn of the event loop: some 10 ms of work, whatever the codec. */
export const LOOP_LIMITS = {
  bytesMax: 8 * 1024 * 1024,
  ratioMax: 1,
  bytesFree: 8 * 1024 * 1024,
  recordsMax: 200_000,
} as const

/** Makes the codecs that load asynchronously ready; await it once before zstd may be met. Never rejects. */
export function loadCompression(): Promise<void> {
  return loadZstd()
}

/**
 * What to wait for before a batch of this codec can be unpacked, null: nothing. A codec that takes memory and time to load
 * (zstd on a Node that has none of its own) is loaded when it is first met, not before. Never rejects.
 */
export function codecLoading(codec: Compression | number): Promise<void> | null {
  return codec === 'zstd' && !isZstdLoaded() ? loadZstd() : null
}

/**
 * The body of a batch as a producer compresses it. `level` is the codec's own, of gzip (-1 to 9) and zstd; the others have
 * one. Throws DecompressionError (unavailable) without the codec.
 */
export function compress(codec: BlockCodec, data: Buffer, level?: number): Buffer {
  switch (codec) {
    case 'gzip':
      return gzipSync(data, level === undefined ? {} : { level })
    case 'snappy':
      return compressSnappy(data)
    case 'lz4':
      return compressLz4(data)
    case 'zstd':
      return compressZstd(data, level)
  }
}

function outputBytesMax(data: Buffer, limits: DecompressionLimits): number {
  return Math.min(limits.bytesMax, Math.max(limits.bytesFree, data.length * limits.ratioMax))
}

/** The body of a batch, decompressed: bytes of its own. Throws DecompressionError. */
export function decompress(
  codec: BlockCodec,
  data: Buffer,
  limits: DecompressionLimits = DECOMPRESSION_LIMITS,
): Buffer {
  const bytesMax = outputBytesMax(data, limits)
  switch (codec) {
    case 'gzip':
      return decompressGzip(data, bytesMax)
    case 'snappy':
      return decompressSnappy(data, bytesMax)
    case 'lz4':
      return decompressLz4(data, bytesMax)
    case 'zstd':
      return decompressZstd(data, bytesMax)
  }
}

/**
 * As `decompress`, of what a client produces: besides, it is what every client can read (see `decompressProducedLz4`). The
 * result is `scratch`'s where the codec can write there, good until that is used again.
 */
export function unpackProduced(
  codec: BlockCodec,
  data: Buffer,
  limits: DecompressionLimits,
  scratch: UnpackScratch,
): Buffer {
  const bytesMax = outputBytesMax(data, limits)
  switch (codec) {
    case 'gzip':
      return decompressGzip(data, bytesMax)
    case 'snappy':
      return decompressSnappy(data, bytesMax, scratch)
    case 'lz4':
      return decompressProducedLz4(data, bytesMax, scratch)
    case 'zstd':
      return decompressZstd(data, bytesMax, scratch)
  }
}

/**
 * What a block comes to at most, by what its headers say, without unpacking it. Of gzip that is what its last member says
 * of itself, which may be too little; where that can't be, all that DEFLATE could make of the bytes.
 */
export function unpackedBytesBound(codec: BlockCodec, data: Buffer): number {
  switch (codec) {
    case 'gzip':
      return gzipBytesHint(data)
    case 'snappy':
      return snappyBytesBound(data)
    case 'lz4':
      return lz4BytesBound(data)
    case 'zstd':
      return zstdBytesBound(data)
  }
}

const DEFLATE_RATIO_MAX = 1032

function gzipBytesHint(data: Buffer): number {
  const bytesMax = data.length * DEFLATE_RATIO_MAX
  if (data.length < 18) return bytesMax
  const bytes = data.readUInt32LE(data.length - 4)
  return Math.min(bytes, bytesMax)
}

const GZIP_CHUNK_BYTES_MIN = 16 * 1024
const GZIP_CHUNK_BYTES_MAX = 1024 * 1024

function decompressGzip(data: Buffer, bytesMax: number): Buffer {
  try {
    return gunzipSync(data, gunzipOptions(data, bytesMax))
  } catch (error) {
    throw gunzipError(error, bytesMax)
  }
}

function gunzipOptions(data: Buffer, bytesMax: number) {
  // What the last member says of itself is nearly always all there is, so that one chunk holds it and shows its end.
  const bytes = Math.min(bytesMax, gzipBytesHint(data)) + 64
  const chunkSize = Math.min(GZIP_CHUNK_BYTES_MAX, Math.max(GZIP_CHUNK_BYTES_MIN, bytes))
  return { maxOutputLength: bytesMax, chunkSize, finishFlush: constants.Z_FINISH }
}

function gunzipError(error: unknown, bytesMax: number): DecompressionError {
  const { code, message } = error as NodeJS.ErrnoException
  return code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge(bytesMax) : corrupt(`gzip: ${message}`)
}

/** A gzip block of fewer bytes is unpacked in some 4 ms, whatever it holds. */
export const APART_BYTES_MIN = 4096
/** Bytes that gzip packs in some 2 ms. */
export const PACKED_APART_BYTES_MIN = 64 * 1024

/** One block at a time each: the threads are those of the files, which must not wait for this. */
const unpacking = new Lane()
const packing = new Lane()

/** As `decompress` of gzip, on another thread. `data` is borrowed until it settles. Rejects with a DecompressionError. */
export function gunzipApart(data: Buffer, limits: DecompressionLimits): Promise<Buffer> {
  const bytesMax = outputBytesMax(data, limits)
  return unpacking.run(
    () =>
      new Promise((resolve, reject) => {
        gunzip(data, gunzipOptions(data, bytesMax), (error, plain) => {
          if (error === null) resolve(plain)
          else reject(gunzipError(error, bytesMax))
        })
      }),
  )
}

/** As `compress` with gzip, on another thread. `data` is borrowed until it settles. */
export function gzipApart(data: Buffer): Promise<Buffer> {
  return packing.run(
    () =>
      new Promise((resolve, reject) => {
        gzip(data, (error, block) => {
          if (error === null) resolve(block)
          else reject(error)
        })
      }),
  )
}
