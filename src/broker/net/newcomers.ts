import type { Environment, Timer } from '../../base/environment.ts'

const LOOK_MS = 1000

/** A connection that may have said nothing yet. */
export interface Newcomer {
  readonly hasSpoken: boolean
}

/**
 * Finds connections that say nothing after they were made. One is given up at the second look that finds it silent: in a
 * process that stood still, what has come meanwhile is read between the two. Nothing is done for each byte or request.
 */
export class Newcomers<Kind extends Newcomer> {
  readonly #environment: Environment
  readonly #silentMsMax: number
  readonly #giveUp: (newcomer: Kind) => void
  /** In the order in which they came: since when, and whether a look has found it silent for too long. */
  readonly #all = new Map<Kind, { readonly sinceMs: number; isLate: boolean }>()
  #timer: Timer | null = null

  /** `silentMsMax` of 0: none is given up. `giveUp` ends in `forget`. */
  constructor(environment: Environment, silentMsMax: number, giveUp: (newcomer: Kind) => void) {
    this.#environment = environment
    this.#silentMsMax = silentMsMax
    this.#giveUp = giveUp
  }

  add(newcomer: Kind): void {
    if (this.#silentMsMax === 0) return
    this.#all.set(newcomer, { sinceMs: this.#environment.monotonicMs(), isLate: false })
    this.#timer ??= this.#environment.setTimer(LOOK_MS, this.#look)
  }

  /** It is gone. */
  forget(newcomer: Kind): void {
    this.#all.delete(newcomer)
  }

  close(): void {
    this.#all.clear()
    this.#timer?.cancel()
    this.#timer = null
  }

  readonly #look = (): void => {
    this.#timer = null
    const nowMs = this.#environment.monotonicMs()
    for (const [newcomer, state] of this.#all) {
      if (nowMs - state.sinceMs < this.#silentMsMax) break
      if (newcomer.hasSpoken) this.#all.delete(newcomer)
      else if (state.isLate) this.#giveUp(newcomer)
      else state.isLate = true
    }
    if (this.#all.size > 0) this.#timer = this.#environment.setTimer(LOOK_MS, this.#look)
  }
}
