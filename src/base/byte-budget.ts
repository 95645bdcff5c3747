import { assert } from './assert.ts'

/**
 * Bytes that may be held in memory at once for one purpose. A lease is taken before the bytes are, and given back
 * when they are gone; whoever finds the budget empty waits in line (FIFO) and takes no input meanwhile.
 */
export class ByteBudget {
  readonly capacityBytes: number
  #usedBytes = 0
  readonly #waiting: { bytes: number; granted: () => void }[] = []

  constructor(capacityBytes: number) {
    this.capacityBytes = capacityBytes
  }

  get usedBytes(): number {
    return this.#usedBytes
  }

  get waitingCount(): number {
    return this.#waiting.length
  }

  /**
   * Takes `bytes` now if they fit and nobody waits before; otherwise queues and calls `granted` when they are taken.
   * A lease larger than the capacity is granted when the budget is otherwise empty, so that it can't wait for ever.
   * Returns whether it was taken at once.
   */
  take(bytes: number, granted: () => void): boolean {
    if (this.#waiting.length === 0 && this.#fits(bytes)) {
      this.#usedBytes += bytes
      return true
    }
    this.#waiting.push({ bytes, granted })
    return false
  }

  /** Takes bytes that are there already, even beyond the capacity: those in line wait the longer. */
  charge(bytes: number): void {
    this.#usedBytes += bytes
  }

  /** Withdraws a queued `take` (its owner is gone). Returns whether it was still waiting. */
  withdraw(granted: () => void): boolean {
    const index = this.#waiting.findIndex((entry) => entry.granted === granted)
    if (index < 0) return false
    this.#waiting.splice(index, 1)
    this.#grant()
    return true
  }

  /** Gives back what was taken. */
  release(bytes: number): void {
    this.#usedBytes -= bytes
    assert(this.#usedBytes >= 0, 'byte budget released more than was taken')
    this.#grant()
  }

  #fits(bytes: number): boolean {
    return this.#usedBytes + bytes <= this.capacityBytes || this.#usedBytes === 0
  }

  #grant(): void {
    while (this.#waiting.length > 0 && this.#fits(this.#waiting[0]!.bytes)) {
      const entry = this.#waiting.shift()!
      this.#usedBytes += entry.bytes
      entry.granted()
    }
  }
}
