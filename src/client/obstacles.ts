import type { Environment } from '../base/environment.ts'

/** What a client waits for and does not get. */
export interface Obstacle {
  /** A sentence for its user. */
  readonly text: string
  /** On the environment's monotonic clock. */
  readonly sinceMs: number
}

/**
 * What is in the way of whatever a client is doing: requests that nobody has answered yet, and failures after which it tries
 * again. Nothing is thrown for those until their time is over; whoever sits before the client can be told of them here.
 */
export class Obstacles {
  readonly #environment: Environment
  readonly #met = new Map<object, Obstacle>()

  constructor(environment: Environment) {
    this.#environment = environment
  }

  /** `who` is held up by this from now on, or by this instead of what it was held up by. */
  meet(who: object, text: string): void {
    const sinceMs = this.#met.get(who)?.sinceMs ?? this.#environment.monotonicMs()
    this.#met.set(who, { text, sinceMs })
  }

  /** `who` goes on, or has given up. */
  clear(who: object): void {
    this.#met.delete(who)
  }

  /** What has held somebody up for the longest; null: nobody is held up. */
  get oldest(): Obstacle | null {
    let oldest: Obstacle | null = null
    for (const obstacle of this.#met.values())
      if (oldest === null || obstacle.sinceMs < oldest.sinceMs) oldest = obstacle
    return oldest
  }
}
