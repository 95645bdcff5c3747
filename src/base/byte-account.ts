/**
 * Bytes that are kept for somebody for as long as they are theirs, not for the time of a request: whoever keeps them adds
 * what comes and takes off what goes, and asks before it takes more. Accounts form a tree: what is in a part is in the
 * whole too. Unlike a ByteBudget nobody waits here: what has no room is refused.
 */
export class ByteAccount {
  readonly capacityBytes: number
  readonly #whole: ByteAccount | null
  #usedBytes = 0

  /** `whole`: what this is a part of. */
  constructor(capacityBytes: number, whole: ByteAccount | null = null) {
    this.capacityBytes = capacityBytes
    this.#whole = whole
  }

  get usedBytes(): number {
    return this.#usedBytes
  }

  /** Whether so many more would stay within the bound of this account alone. What does not grow has room. */
  hasRoom(bytes: number): boolean {
    return bytes <= 0 || this.#usedBytes + bytes <= this.capacityBytes
  }

  /** Whether so many more would stay within the bounds of this account and of all that it is part of. */
  fits(bytes: number): boolean {
    return this.hasRoom(bytes) && (this.#whole === null || this.#whole.fits(bytes))
  }

  /** Counts bytes, fewer than none where they go. What is there already counts beyond the bound too. */
  add(bytes: number): void {
    this.#usedBytes += bytes
    this.#whole?.add(bytes)
  }

  /** Its owner is gone, with all that was kept. */
  clear(): void {
    this.add(-this.#usedBytes)
  }
}
