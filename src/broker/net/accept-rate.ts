import type { Environment, Timer } from '../../base/environment.ts'

/** Kafka's largest int: no limit. */
const UNLIMITED = 2 ** 31 - 1

/**
 * Lets new connections in at a rate, in the order in which they came: what is above it waits, as Kafka's acceptor does.
 * After a quiet second as many as a second's worth come in at once. One for all listeners that share a limit.
 */
export class AcceptRate {
  readonly #environment: Environment
  readonly #perSecondMax: () => number
  readonly #waiting = new Set<() => void>()
  #allowed = Number.POSITIVE_INFINITY
  #countedMs: number
  #timer: Timer | null = null

  /** `perSecondMax` may change at any time. Below 1 it counts as 1: somebody must be able to raise it again. */
  constructor(environment: Environment, perSecondMax: () => number) {
    this.#environment = environment
    this.#perSecondMax = perSecondMax
    this.#countedMs = environment.monotonicMs()
  }

  /** Connections that wait for their turn. */
  get waitingCount(): number {
    return this.#waiting.size
  }

  /** Calls `enter` once: before this returns, or when it is its turn. */
  admit(enter: () => void): void {
    this.#waiting.add(enter)
    if (this.#timer === null) this.#letIn()
  }

  /** Forgets one that waits; of one that has been called nothing is known any more. */
  withdraw(enter: () => void): void {
    this.#waiting.delete(enter)
    if (this.#waiting.size > 0) return
    this.#timer?.cancel()
    this.#timer = null
  }

  #letIn(): void {
    const perSecond = Math.max(1, this.#perSecondMax())
    const nowMs = this.#environment.monotonicMs()
    const gained = ((nowMs - this.#countedMs) / 1000) * perSecond
    this.#allowed = Math.min(perSecond, this.#allowed + gained)
    this.#countedMs = nowMs
    for (const enter of this.#waiting) {
      if (perSecond < UNLIMITED && this.#allowed < 1) break
      this.#allowed--
      this.#waiting.delete(enter)
      enter()
    }
    if (this.#waiting.size === 0) return
    const waitMs = Math.max(1, Math.ceil(((1 - this.#allowed) / perSecond) * 1000))
    this.#timer = this.#environment.setTimer(waitMs, () => {
      this.#timer = null
      this.#letIn()
    })
  }
}
