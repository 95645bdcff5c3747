import type { Environment } from '../../base/environment.ts'
import type { LogFields, Logger, LogLevel } from '../../base/logger.ts'

const LINES_MAX = 20
const WINDOW_MS = 10_000

/**
 * Lets strangers cause only so many lines: at most 20 in 10 s for all of them together. The first line of the next
 * window says how many were left out.
 */
export class LogThrottle {
  readonly #logger: Logger
  readonly #environment: Environment
  #windowStartMs = Number.NEGATIVE_INFINITY
  #lines = 0
  #suppressed = 0

  constructor(logger: Logger, environment: Environment) {
    this.#logger = logger
    this.#environment = environment
  }

  log(level: LogLevel, message: string, fields: LogFields): void {
    const nowMs = this.#environment.monotonicMs()
    if (nowMs - this.#windowStartMs >= WINDOW_MS) {
      this.#windowStartMs = nowMs
      this.#lines = 0
    }
    if (this.#lines >= LINES_MAX) {
      this.#suppressed++
      return
    }
    this.#lines++
    if (this.#suppressed === 0) this.#logger[level](message, fields)
    else this.#logger[level](message, { ...fields, suppressed: this.#suppressed })
    this.#suppressed = 0
  }
}
