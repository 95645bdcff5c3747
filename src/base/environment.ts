import { randomBytes } from 'node:crypto'

/** A timer that has been set; cancelling one that has fired does nothing. */
export interface Timer {
  cancel(): void
}

/** Time, timers and chance, as ports: nothing else in the broker asks the machine for them. */
export interface Environment {
  /** Wall clock, ms since 1970. May jump. For timestamps only. */
  wallMs(): number
  /** Monotonic clock, ms (fractions allowed) from an arbitrary start. For every interval. */
  monotonicMs(): number
  /**
   * Calls back once, not before `delayMs` from now. Does not keep the process alive, but for 0: who only gives the event
   * loop back goes on with what is under way.
   */
  setTimer(delayMs: number, callback: () => void): Timer
  /** `count` unpredictable bytes. */
  randomBytes(count: number): Buffer
  /** Uniform in [0, 1): jitter and the like, not secrets. */
  random(): number
}

const TIMER_MS_MAX = 2 ** 31 - 1

/** The machine's own clock, timers and random source. */
export const systemEnvironment: Environment = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer(delayMs, callback) {
    const handle = setTimeout(callback, Math.min(TIMER_MS_MAX, Math.max(0, delayMs)))
    if (delayMs > 0) handle.unref()
    return { cancel: () => clearTimeout(handle) }
  },
  randomBytes: (count) => randomBytes(count),
  random: () => Math.random(),
}

interface ManualTimer {
  readonly dueMs: number
  readonly sequence: number
  readonly callback: () => void
}

/** A clock that moves only when told to, for tests and simulation: timers fire in order of their due time. */
export class ManualEnvironment implements Environment {
  #nowMs: number
  readonly #wallStartMs: number
  #sequence = 0
  #seed: number
  readonly #timers = new Set<ManualTimer>()

  constructor(options: { wallMs?: number; seed?: number } = {}) {
    this.#nowMs = 0
    this.#wallStartMs = options.wallMs ?? 1_700_000_000_000
    this.#seed = options.seed ?? 1
  }

  wallMs(): number {
    return this.#wallStartMs + Math.floor(this.#nowMs)
  }

  monotonicMs(): number {
    return this.#nowMs
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    const timer = { dueMs: this.#nowMs + Math.max(0, delayMs), sequence: this.#sequence++, callback }
    this.#timers.add(timer)
    return { cancel: () => this.#timers.delete(timer) }
  }

  randomBytes(count: number): Buffer {
    const bytes = Buffer.alloc(count)
    for (let index = 0; index < count; index++) bytes[index] = Math.floor(this.random() * 256)
    return bytes
  }

  /** mulberry32: small, seeded, good enough for schedules. */
  random(): number {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0
    let t = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  /** Timers that are set and have not fired. */
  get pendingTimers(): number {
    return this.#timers.size
  }

  /** Moves both clocks and fires what falls due, each at its own time. */
  advance(byMs: number): void {
    const endMs = this.#nowMs + byMs
    for (;;) {
      let next: ManualTimer | null = null
      for (const timer of this.#timers) {
        if (timer.dueMs > endMs) continue
        if (
          next === null ||
          timer.dueMs < next.dueMs ||
          (timer.dueMs === next.dueMs && timer.sequence < next.sequence)
        )
          next = timer
      }
      if (next === null) break
      this.#timers.delete(next)
      this.#nowMs = Math.max(this.#nowMs, next.dueMs)
      next.callback()
    }
    this.#nowMs = endMs
  }
}
