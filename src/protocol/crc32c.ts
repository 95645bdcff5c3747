import { createRequire } from 'node:module'

/** CRC-32C (Castagnoli, RFC 3720 appendix B.4) of `bytes`, continuing from `seed`. Result signed or not. */
type CrcFunction = (bytes: Uint8Array, seed: number) => number

const require = createRequire(import.meta.url)

const portable: CrcFunction = (require('crc-32/crc32c.js') as { buf: CrcFunction }).buf

/** Bytes from which the native addon's call overhead is repaid (measured: equal at about 280). */
const NATIVE_BYTES_MIN = 288

const native: CrcFunction = loadNative()

/** The addon comes prebuilt for the usual platforms; where there is none the portable code serves every length. */
function loadNative(): CrcFunction {
  try {
    const { crc32c } = require('@node-rs/crc32') as { crc32c?: CrcFunction }
    return typeof crc32c === 'function' ? crc32c : portable
  } catch {
    return portable
  }
}

/** Whether the SIMD addon is in use. */
export const crc32cIsNative = native !== portable

/** CRC-32C of `buffer[start, end)` as an unsigned int32; `seed` is the CRC of the bytes before them. */
export function crc32c(buffer: Buffer, start: number, end: number, seed = 0): number {
  const bytes = buffer.subarray(start, end)
  return (end - start < NATIVE_BYTES_MIN ? portable(bytes, seed | 0) : native(bytes, seed >>> 0)) >>> 0
}

/** The same without the addon: what the two are compared by. */
export function crc32cPortable(buffer: Buffer, start: number, end: number, seed = 0): number {
  return portable(buffer.subarray(start, end), seed | 0) >>> 0
}
