import type { Environment } from '../src/base/environment.ts'
import { delay } from '../src/client/retry.ts'

/** Lets things through at a rate, evenly: a thing that comes late is not made up for by a burst of more than a second. */
export class Pacer {
  readonly #environment: Environment
  readonly #intervalMs: number
  #nextMs: number

  constructor(environment: Environment, perSecond: number) {
    this.#environment = environment
    this.#intervalMs = 1_000 / perSecond
    this.#nextMs = environment.monotonicMs()
  }

  /** Resolves when the next thing may go; at once where it is due. */
  async turn(): Promise<void> {
    const nowMs = this.#environment.monotonicMs()
    const waitMs = this.#nextMs - nowMs
    this.#nextMs = Math.max(this.#nextMs, nowMs - 1_000) + this.#intervalMs
    if (waitMs >= 1) await delay(this.#environment, waitMs)
  }
}
