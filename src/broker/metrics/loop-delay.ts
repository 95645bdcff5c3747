import { Distribution } from '../../base/distribution.ts'
import type { Environment, Timer } from '../../base/environment.ts'

const INTERVAL_MS = 100

/** How late the event loop comes to what is due: ten times a second it is asked for a turn, and the clock tells. */
export class LoopDelay {
  readonly delays = new Distribution()
  readonly #environment: Environment
  #timer: Timer | null = null

  constructor(environment: Environment) {
    this.#environment = environment
  }

  start(): void {
    const dueMs = this.#environment.monotonicMs() + INTERVAL_MS
    this.#timer = this.#environment.setTimer(INTERVAL_MS, () => {
      this.delays.record(Math.max(0, this.#environment.monotonicMs() - dueMs))
      this.start()
    })
  }

  close(): void {
    this.#timer?.cancel()
  }
}
