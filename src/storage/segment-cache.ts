import type { Segment } from './segment.ts'

/** The indexes of sealed segments that are in memory, least recently used first out: one for all logs of a broker. */
export class SegmentCache {
  readonly #indexBytesMax: number
  readonly #held = new Map<Segment, number>()
  #indexBytes = 0

  constructor(options: { indexBytesMax: number }) {
    this.#indexBytesMax = options.indexBytesMax
  }

  get indexBytes(): number {
    return this.#indexBytes
  }

  /** A sealed segment is in use: it becomes the last to be let go. */
  touch(segment: Segment): void {
    this.forget(segment)
    const bytes = segment.indexBytes
    this.#held.set(segment, bytes)
    this.#indexBytes += bytes
    for (const oldest of this.#held.keys()) {
      if (this.#indexBytes <= this.#indexBytesMax || oldest === segment) break
      this.forget(oldest)
      oldest.dropIndexes()
    }
  }

  /** The segment is gone, or takes batches again. */
  forget(segment: Segment): void {
    const bytes = this.#held.get(segment)
    if (bytes === undefined) return
    this.#held.delete(segment)
    this.#indexBytes -= bytes
  }
}
