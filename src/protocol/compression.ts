import { constants, gunzip, gunzipSync, gzip, gzipSync } from 'node:zlib'
import { Lane } from '../base/lane.ts'
import { corrupt, type DecompressionError, tooLarge } from './compression-error.ts'
import { compressLz4, decompressLz4 } from './compression-lz4.ts'
import { compressSnappy, decompressSnappy } from './compression-snappy.ts'
import { compressZstd, decompressZstd, isZstdLoaded, loadZstd } from './compression-zstd.ts'
import type { Compression } from './record-batch.ts'

export { DecompressionError, type DecompressionFault, isDecompressionError } from './compression-error.ts'

/** A codec that does something. */
export type BlockCodec = Exclude<Compression, 'none'>

/** What a block may come to: at most `bytesMax`, and at most `ratioMax` times its size beyond `bytesFree`. */
export interface DecompressionLimits {
  readonly bytesMax: number
  readonly ratioMax: number
  readonly bytesFree: number
}

/**
 * 64 MiB, and beyond 16 MiB no more than the ratio that DEFLATE can reach (1032): a batch of zeros is read, a small
 * request can't fill the memory.
 */
export const DECOMPRESSION_LIMITS: DecompressionLimits = {
  bytesMax: 64 * 1024 * 1024,
  ratioMax: 1100,
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

/** Whether `codecLoading` has nothing to wait for, whatever the codec. */
export function isEveryCodecLoaded(): boolean {
  return isZstdLoaded()
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
  const chunkSize = Math.min(GZIP_CHUNK_BYTES_MAX, Math.max(GZIP_CHUNK_BYTES_MIN, data.length * 4))
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
