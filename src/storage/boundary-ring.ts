import type { Segment } from './segment.ts'

const CAPACITY = 64

/** The latest batch boundaries that reads ended at: where those who read on will start. */
export class BoundaryRing {
  readonly #segments: (Segment | null)[] = new Array<Segment | null>(CAPACITY).fill(null)
  readonly #offsets = new Float64Array(CAPACITY).fill(-1)
  readonly #positions = new Float64Array(CAPACITY)
  #next = 0

  remember(segment: Segment, offset: number, position: number): void {
    if (this.find(segment, offset) >= 0) return
    this.#segments[this.#next] = segment
    this.#offsets[this.#next] = offset
    this.#positions[this.#next] = position
    this.#next = (this.#next + 1) % CAPACITY
  }

  /** Position of the batch that starts at `offset`, or −1. */
  find(segment: Segment, offset: number): number {
    const at = this.#offsets.indexOf(offset)
    return at >= 0 && this.#segments[at] === segment ? this.#positions[at]! : -1
  }

  clear(): void {
    this.#segments.fill(null)
    this.#offsets.fill(-1)
  }
}
