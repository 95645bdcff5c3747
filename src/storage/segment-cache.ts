import type { Segment } from './segment.ts'

/**
 * Open files and indexes of sealed segments, least recently used first out: one for all logs of a broker. A file that
 * is lent to a reader stays open until given back.
 */
export class SegmentCache {
  readonly #filesMax: number
  readonly #indexBytesMax: number
  readonly #held = new Map<Segment, number>()
  #indexBytes = 0

  constructor(options: { filesMax: number; indexBytesMax: number }) {
    this.#filesMax = options.filesMax
    this.#indexBytesMax = options.indexBytesMax
  }

  get fileCount(): number {
    return this.#held.size
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
      if (this.#held.size <= this.#filesMax && this.#indexBytes <= this.#indexBytesMax) break
      if (oldest === segment) break
      this.forget(oldest)
      oldest.closeFile()
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
