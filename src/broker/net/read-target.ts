import type { FrameSplitter } from '../../protocol/frame-splitter.ts'
import type { FrameMemory } from './frame-memory.ts'

/**
 * Where the reads of one connection go: what is missing of a large frame into that frame; where nothing is known into the
 * memory's scratch; and where a frame of much the same size as the last one is foreseen, into a buffer that becomes that
 * frame's, its size in front, so that it comes by one read and is copied by nobody.
 */
export class ReadTarget {
  readonly #splitter: FrameSplitter
  readonly #memory: FrameMemory
  #kind: 'frame' | 'scratch' | 'foreseen' = 'scratch'
  /** Counted by the memory until it is a frame that may be held, or given back. */
  #foreseen: Buffer | null = null
  #isAdopted = false

  constructor(splitter: FrameSplitter, memory: FrameMemory) {
    this.#splitter = splitter
    this.#memory = memory
  }

  /** The buffer of the next read. `foresees`: a frame like the last one is likely to come soon. */
  next(foresees: boolean): Buffer {
    const rest = this.#splitter.target()
    if (rest !== null) {
      this.#kind = 'frame'
      return rest
    }
    const bytes = foresees && this.#foreseen === null ? this.#splitter.likelyBytes : 0
    if (bytes > 0) this.#foreseen = this.#memory.foresee(bytes)
    this.#kind = bytes > 0 && this.#foreseen !== null ? 'foreseen' : 'scratch'
    return this.#kind === 'foreseen' ? this.#foreseen!.subarray(0, bytes) : this.#memory.scratch
  }

  /** The read has brought `count` bytes: the splitter has them, and what lies in them is to be handled before `settle`. */
  filled(count: number): void {
    if (this.#kind === 'frame') {
      this.#splitter.filled(count)
      return
    }
    if (this.#kind === 'scratch') {
      this.#splitter.lend(this.#memory.scratch.subarray(0, count))
      return
    }
    const buffer = this.#foreseen!
    this.#isAdopted = this.#splitter.adopt(buffer, count)
    if (!this.#isAdopted) this.#splitter.lend(buffer.subarray(0, count))
  }

  settle(): void {
    this.#splitter.keep()
    const buffer = this.#foreseen
    const isAdopted = this.#isAdopted
    if (buffer === null || (isAdopted && this.#splitter.awaitsLease)) return
    this.release()
    if (!isAdopted) this.#memory.give(buffer)
  }

  /** What was foreseen has become a frame that may be held; or the connection is gone, and the next read was never made. */
  release(): void {
    if (this.#foreseen !== null) this.#memory.unforesee(this.#foreseen)
    this.#foreseen = null
    this.#isAdopted = false
  }
}
