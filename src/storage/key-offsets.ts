/** Bytes of an entry: 16 of the key's hash, 4 of the offset. */
const ENTRY_BYTES = 20
const LOAD_MAX = 0.75
const ENTRIES_MIN = 64
const RELATIVE_OFFSET_MAX = 2 ** 32 - 2

/**
 * The last offset of each key in a stretch of a log, in a memory that is fixed beforehand: open addressing over hashes
 * of 128 bits (MurmurHash3, with a seed that producers don't know), so that two keys are taken for one about as often
 * as two random ids are the same. Holds no keys.
 */
export class KeyOffsets {
  readonly baseOffset: number
  readonly countMax: number
  count = 0
  readonly #slots: number
  readonly #seed: number
  readonly #hashes: Int32Array
  /** Offset less the base plus 1; 0 where there is no entry. */
  readonly #offsets: Uint32Array
  #a = 0
  #b = 0
  #c = 0
  #d = 0

  /** For records from `baseOffset` on, at most `recordsMax` of them, in at most `bytesMax`. */
  constructor(options: { baseOffset: number; recordsMax: number; bytesMax: number; seed: number }) {
    this.baseOffset = options.baseOffset
    this.#seed = options.seed
    const slotsMax = Math.floor(options.bytesMax / ENTRY_BYTES)
    const slotsWanted = Math.ceil(options.recordsMax / LOAD_MAX) + 1
    this.#slots = Math.max(ENTRIES_MIN, Math.min(slotsMax, slotsWanted))
    this.countMax = Math.floor(this.#slots * LOAD_MAX)
    this.#hashes = new Int32Array(this.#slots * 4)
    this.#offsets = new Uint32Array(this.#slots)
  }

  get byteLength(): number {
    return this.#slots * ENTRY_BYTES
  }

  /** Notes that the key `bytes[position, position + length)` has a record at `offset`. False: there is no room. */
  put(bytes: Buffer, position: number, length: number, offset: number): boolean {
    const relative = offset - this.baseOffset
    if (relative > RELATIVE_OFFSET_MAX) return false
    const slot = this.#find(bytes, position, length)
    if (this.#offsets[slot] === 0) {
      if (this.count >= this.countMax) return false
      this.count++
      const at = slot * 4
      this.#hashes[at] = this.#a
      this.#hashes[at + 1] = this.#b
      this.#hashes[at + 2] = this.#c
      this.#hashes[at + 3] = this.#d
    }
    this.#offsets[slot] = relative + 1
    return true
  }

  /** Offset of the last record of the key, −1 where none was noted. */
  offsetOf(bytes: Buffer, position: number, length: number): number {
    const relative = this.#offsets[this.#find(bytes, position, length)]!
    return relative === 0 ? -1 : this.baseOffset + relative - 1
  }

  #find(bytes: Buffer, position: number, length: number): number {
    this.#hash(bytes, position, length)
    const hashes = this.#hashes
    let slot = (this.#a >>> 0) % this.#slots
    while (this.#offsets[slot] !== 0) {
      const at = slot * 4
      if (
        hashes[at] === this.#a &&
        hashes[at + 1] === this.#b &&
        hashes[at + 2] === this.#c &&
        hashes[at + 3] === this.#d
      )
        return slot
      slot = slot + 1 === this.#slots ? 0 : slot + 1
    }
    return slot
  }

  /** MurmurHash3 in its form of four 32-bit lanes. */
  #hash(bytes: Buffer, position: number, length: number): void {
    let a = this.#seed
    let b = this.#seed
    let c = this.#seed
    let d = this.#seed
    const blocksEnd = position + (length & ~15)
    let at = position
    for (; at < blocksEnd; at += 16) {
      a = (Math.imul(rotate(a ^ laneA(word(bytes, at)), 19) + b, 5) + 0x561ccd1b) | 0
      b = (Math.imul(rotate(b ^ laneB(word(bytes, at + 4)), 17) + c, 5) + 0x0bcaa747) | 0
      c = (Math.imul(rotate(c ^ laneC(word(bytes, at + 8)), 15) + d, 5) + 0x96cd1c35) | 0
      d = (Math.imul(rotate(d ^ laneD(word(bytes, at + 12)), 13) + a, 5) + 0x32ac3b17) | 0
    }
    const end = position + length
    a ^= laneA(partialWord(bytes, at, end))
    b ^= laneB(partialWord(bytes, at + 4, end))
    c ^= laneC(partialWord(bytes, at + 8, end))
    d ^= laneD(partialWord(bytes, at + 12, end))
    a ^= length
    b ^= length
    c ^= length
    d ^= length
    a = (a + b + c + d) | 0
    b = mixed((b + a) | 0)
    c = mixed((c + a) | 0)
    d = mixed((d + a) | 0)
    a = mixed(a)
    a = (a + b + c + d) | 0
    this.#a = a
    this.#b = (b + a) | 0
    this.#c = (c + a) | 0
    this.#d = (d + a) | 0
  }
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}

function word(bytes: Buffer, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
}

/** What there is of a word before `end`. */
function partialWord(bytes: Buffer, at: number, end: number): number {
  if (at >= end) return 0
  let value = bytes[at]!
  if (at + 1 < end) value |= bytes[at + 1]! << 8
  if (at + 2 < end) value |= bytes[at + 2]! << 16
  if (at + 3 < end) value |= bytes[at + 3]! << 24
  return value
}

const LANE_A = 0x239b961b
const LANE_B = 0xab0e9789 | 0
const LANE_C = 0x38b34ae5
const LANE_D = 0xa1e38b93 | 0

function laneA(value: number): number {
  return Math.imul(rotate(Math.imul(value, LANE_A), 15), LANE_B)
}

function laneB(value: number): number {
  return Math.imul(rotate(Math.imul(value, LANE_B), 16), LANE_C)
}

function laneC(value: number): number {
  return Math.imul(rotate(Math.imul(value, LANE_C), 17), LANE_D)
}

function laneD(value: number): number {
  return Math.imul(rotate(Math.imul(value, LANE_D), 18), LANE_A)
}

function mixed(value: number): number {
  let hash = value ^ (value >>> 16)
  hash = Math.imul(hash, 0x85ebca6b)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
