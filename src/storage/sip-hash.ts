import { assert } from '../base/assert.ts'

/** Bytes of the secret that a hash is made with. */
export const SIP_KEY_BYTES = 16

const COMPRESSION_ROUNDS = 2
const FINALIZATION_ROUNDS = 4

/**
 * SipHash-2-4 with 128 bits of result (Aumasson and Bernstein, "SipHash: a fast short-input PRF", and its authors'
 * reference code): who does not know the key can't find two inputs of one hash but by trying 2^64 of them, whatever they
 * have seen others do. 64-bit words are pairs of int32, low half first. A hash allocates nothing.
 */
export class SipHash128 {
  /** The last result, as the reference writes it: bytes 0-3, 4-7, 8-11 and 12-15, each an int32 of little-endian bytes. */
  a = 0
  b = 0
  c = 0
  d = 0
  /** v0 to v3 of the paper as they are before the first byte of input. */
  readonly #initial: Int32Array
  readonly #state = new Int32Array(8)

  /** `key`: 16 bytes that nobody else knows; borrowed. */
  constructor(key: Buffer) {
    assert(key.length === SIP_KEY_BYTES, 'a key of SipHash has 16 bytes')
    const [low0, high0, low1, high1] = [word(key, 0), word(key, 4), word(key, 8), word(key, 12)]
    this.#initial = Int32Array.of(
      low0 ^ 0x70736575,
      high0 ^ 0x736f6d65,
      // 0xee: what tells the result of 128 bits from the one of 64.
      low1 ^ 0x6e646f6d ^ 0xee,
      high1 ^ 0x646f7261,
      low0 ^ 0x6e657261,
      high0 ^ 0x6c796765,
      low1 ^ 0x79746573,
      high1 ^ 0x74656462,
    )
  }

  /** Hashes `bytes[position, position + length)` into `a` to `d`. */
  hash(bytes: Buffer, position: number, length: number): void {
    const state = this.#state
    state.set(this.#initial)
    const wordsEnd = position + (length & ~7)
    for (let at = position; at < wordsEnd; at += 8) absorb(state, word(bytes, at), word(bytes, at + 4))
    const end = position + length
    absorb(state, partialWord(bytes, wordsEnd, end), partialWord(bytes, wordsEnd + 4, end) | (length << 24))
    state[4]! ^= 0xee
    mix(state, FINALIZATION_ROUNDS)
    this.a = state[0]! ^ state[2]! ^ state[4]! ^ state[6]!
    this.b = state[1]! ^ state[3]! ^ state[5]! ^ state[7]!
    state[2]! ^= 0xdd
    mix(state, FINALIZATION_ROUNDS)
    this.c = state[0]! ^ state[2]! ^ state[4]! ^ state[6]!
    this.d = state[1]! ^ state[3]! ^ state[5]! ^ state[7]!
  }
}

/** One word of the input. */
function absorb(state: Int32Array, low: number, high: number): void {
  state[6]! ^= low
  state[7]! ^= high
  mix(state, COMPRESSION_ROUNDS)
  state[0]! ^= low
  state[1]! ^= high
}

/** SipRounds. Carries are worked out without a comparison: a branch on them would be guessed wrong every other time. */
function mix(state: Int32Array, rounds: number): void {
  let v0 = state[0]!
  let v0h = state[1]!
  let v1 = state[2]!
  let v1h = state[3]!
  let v2 = state[4]!
  let v2h = state[5]!
  let v3 = state[6]!
  let v3h = state[7]!
  let low = 0
  for (let round = 0; round < rounds; round++) {
    low = (v0 + v1) | 0
    v0h = (v0h + v1h + (((v0 & v1) | ((v0 | v1) & ~low)) >>> 31)) | 0
    v0 = low
    low = ((v1 << 13) | (v1h >>> 19)) ^ v0
    v1h = ((v1h << 13) | (v1 >>> 19)) ^ v0h
    v1 = low
    low = v0
    v0 = v0h
    v0h = low
    low = (v2 + v3) | 0
    v2h = (v2h + v3h + (((v2 & v3) | ((v2 | v3) & ~low)) >>> 31)) | 0
    v2 = low
    low = ((v3 << 16) | (v3h >>> 16)) ^ v2
    v3h = ((v3h << 16) | (v3 >>> 16)) ^ v2h
    v3 = low
    low = (v0 + v3) | 0
    v0h = (v0h + v3h + (((v0 & v3) | ((v0 | v3) & ~low)) >>> 31)) | 0
    v0 = low
    low = ((v3 << 21) | (v3h >>> 11)) ^ v0
    v3h = ((v3h << 21) | (v3 >>> 11)) ^ v0h
    v3 = low
    low = (v2 + v1) | 0
    v2h = (v2h + v1h + (((v2 & v1) | ((v2 | v1) & ~low)) >>> 31)) | 0
    v2 = low
    low = ((v1 << 17) | (v1h >>> 15)) ^ v2
    v1h = ((v1h << 17) | (v1 >>> 15)) ^ v2h
    v1 = low
    low = v2
    v2 = v2h
    v2h = low
  }
  state[0] = v0
  state[1] = v0h
  state[2] = v1
  state[3] = v1h
  state[4] = v2
  state[5] = v2h
  state[6] = v3
  state[7] = v3h
}

function word(bytes: Buffer, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
}

/** What there is of a word before `end`, zeros behind it. */
function partialWord(bytes: Buffer, at: number, end: number): number {
  if (at >= end) return 0
  let value = bytes[at]!
  if (at + 1 < end) value |= bytes[at + 1]! << 8
  if (at + 2 < end) value |= bytes[at + 2]! << 16
  if (at + 3 < end) value |= bytes[at + 3]! << 24
  return value
}
