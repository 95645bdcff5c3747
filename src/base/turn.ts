import type { Environment } from './environment.ts'

/** How long one piece of work holds the event loop. Between two, whoever else waits is served. */
const TURN_MS = 4

/**
 * One turn of the event loop for work on many things. After each of them: `if (turn.isOver) await turn.next()`. After
 * `next` everything may have changed.
 */
export class Turn {
  readonly #environment: Environment
  #startMs: number

  constructor(environment: Environment) {
    this.#environment = environment
    this.#startMs = environment.monotonicMs()
  }

  get isOver(): boolean {
    return this.#environment.monotonicMs() - this.#startMs > TURN_MS
  }

  async next(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#environment.setTimer(0, resolve)
    })
    this.#startMs = this.#environment.monotonicMs()
  }
}
