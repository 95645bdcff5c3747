import type { ByteAccount } from '../../../base/byte-account.ts'
import { pendingBytes } from './group-memory.ts'

/** Ids that were given out and not yet come back with, and until when each counts (monotonic, ms). */
export class PendingMembers {
  readonly #deadlines = new Map<string, number>()
  readonly #kept: ByteAccount

  /** `kept` is told of what is kept here. */
  constructor(kept: ByteAccount) {
    this.#kept = kept
  }

  get size(): number {
    return this.#deadlines.size
  }

  has(memberId: string): boolean {
    return this.#deadlines.has(memberId)
  }

  add(memberId: string, deadlineMs: number): void {
    if (!this.#deadlines.has(memberId)) this.#kept.add(pendingBytes(memberId))
    this.#deadlines.set(memberId, deadlineMs)
  }

  delete(memberId: string): boolean {
    if (!this.#deadlines.delete(memberId)) return false
    this.#kept.add(-pendingBytes(memberId))
    return true
  }

  clear(): void {
    for (const memberId of [...this.#deadlines.keys()]) this.delete(memberId)
  }

  /** Forgets those whose time has come. */
  expire(nowMs: number): void {
    for (const [memberId, deadlineMs] of [...this.#deadlines]) if (deadlineMs <= nowMs) this.delete(memberId)
  }

  /** Infinity where there is none. */
  get earliestDeadlineMs(): number {
    let earliestMs = Number.POSITIVE_INFINITY
    for (const deadlineMs of this.#deadlines.values()) earliestMs = Math.min(earliestMs, deadlineMs)
    return earliestMs
  }
}
