/**
 * Memory that one thread unpacks into, batch after batch. What it has given is good until it is asked again; it keeps at
 * most `keptBytesMax`, and more is made for the batch that needs it.
 */
export class UnpackScratch {
  readonly #keptBytesMax: number
  #kept: Buffer = Buffer.alloc(0)

  constructor(keptBytesMax: number) {
    this.#keptBytesMax = keptBytesMax
  }

  /** Exactly so many bytes, with anything in them. Those that were given before may be the same. */
  take(bytes: number): Buffer {
    if (bytes > this.#keptBytesMax) return Buffer.allocUnsafeSlow(bytes)
    if (bytes > this.#kept.length)
      this.#kept = Buffer.allocUnsafeSlow(Math.min(this.#keptBytesMax, Math.max(bytes, KEPT_BYTES_MIN)))
    return this.#kept.subarray(0, bytes)
  }
}

const KEPT_BYTES_MIN = 256 * 1024
