import { SipHash128 } from './sip-hash.ts'

/** Bytes of an entry: 16 of the key's hash, 4 of the offset. */
const ENTRY_BYTES = 20
const LOAD_MAX = 0.75
const ENTRIES_MIN = 64
const RELATIVE_OFFSET_MAX = 2 ** 32 - 2

/**
 * The last offset of each key in a stretch of a log, in a memory that is fixed beforehand: open addressing over hashes
 * of 128 bits. Holds no keys: whoever wrote two that have one hash would delete a record with the other, so the hash is
 * one that nobody finds such keys of who does not know its secret. Two are taken for one as often as two random ids are.
 */
export class KeyOffsets {
  readonly baseOffset: number
  readonly countMax: number
  count = 0
  readonly #slots: number
  readonly #hash: SipHash128
  readonly #hashes: Int32Array
  /** Offset less the base plus 1; 0 where there is no entry. */
  readonly #offsets: Uint32Array

  /** For records from `baseOffset` on, at most `recordsMax` of them, in at most `bytesMax`. `secret`: SIP_KEY_BYTES of chance. */
  constructor(options: { baseOffset: number; recordsMax: number; bytesMax: number; secret: Buffer }) {
    this.baseOffset = options.baseOffset
    this.#hash = new SipHash128(options.secret)
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
      this.#hashes[at] = this.#hash.a
      this.#hashes[at + 1] = this.#hash.b
      this.#hashes[at + 2] = this.#hash.c
      this.#hashes[at + 3] = this.#hash.d
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
    const hash = this.#hash
    const hashes = this.#hashes
    hash.hash(bytes, position, length)
    let slot = (hash.a >>> 0) % this.#slots
    while (this.#offsets[slot] !== 0) {
      const at = slot * 4
      if (
        hashes[at] === hash.a &&
        hashes[at + 1] === hash.b &&
        hashes[at + 2] === hash.c &&
        hashes[at + 3] === hash.d
      )
        return slot
      slot = slot + 1 === this.#slots ? 0 : slot + 1
    }
    return slot
  }
}
