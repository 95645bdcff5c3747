import type { Environment, Timer } from '../base/environment.ts'
import type { Logger } from '../base/logger.ts'
import type { DirectoryHealth } from './directory-health.ts'

const LOOK_MS = 1000
/** Waiting for the disk for longer than this is said; longer than that, and nothing more is taken (see ADR 8). */
const SLOW_MS = 2000
const STALLED_MS = 10_000

/** What is asked of a log. */
export interface WatchedLog {
  readonly path: string
  readonly endOffset: number
  readonly durableEndOffset: number
  refusal(): string | null
}

interface Waiting {
  readonly durableEnd: number
  readonly sinceMs: number
  looks: number
  isSlow: boolean
}

/**
 * Finds logs whose writes and syncs come to no end. It looks at how far they are now and then, and counts only what two
 * looks have found: in a process that stood still, what the disk has done meanwhile is seen between them.
 */
export class StallWatch {
  /** Times that a log has waited for its disk for more than 2 s. */
  slowCount = 0
  readonly #environment: Environment
  readonly #logger: Logger
  readonly #health: DirectoryHealth
  readonly #busyLogs: Set<WatchedLog>
  readonly #waiting = new Map<WatchedLog, Waiting>()
  #timer: Timer | null = null

  constructor(options: {
    environment: Environment
    logger: Logger
    health: DirectoryHealth
    /** Every log that has something to wait for, and others; those that have nothing are taken out. */
    busyLogs: Set<WatchedLog>
  }) {
    this.#environment = options.environment
    this.#logger = options.logger
    this.#health = options.health
    this.#busyLogs = options.busyLogs
  }

  start(): void {
    this.#timer = this.#environment.setTimer(LOOK_MS, () => {
      this.#look()
      this.start()
    })
  }

  close(): void {
    this.#timer?.cancel()
    this.#waiting.clear()
  }

  #look(): void {
    const nowMs = this.#environment.monotonicMs()
    let longestMs = 0
    let newlySlow: WatchedLog | null = null
    const before = this.#waiting.size === 0 ? null : new Map(this.#waiting)
    for (const log of this.#busyLogs) {
      if (log.endOffset <= log.durableEndOffset) {
        this.#busyLogs.delete(log)
        continue
      }
      before?.delete(log)
      const waitedMs = this.#waitedMs(log, nowMs)
      if (waitedMs < SLOW_MS) continue
      longestMs = Math.max(longestMs, waitedMs)
      const waiting = this.#waiting.get(log)!
      if (waiting.isSlow) continue
      waiting.isSlow = true
      this.slowCount++
      newlySlow ??= log
    }
    for (const log of before?.keys() ?? []) this.#waiting.delete(log)
    if (newlySlow !== null)
      this.#logger.warn('the disk is slow: records wait for it', { path: newlySlow.path, ms: longestMs })
    this.#setStalled(longestMs >= STALLED_MS, longestMs)
  }

  /** Since when the log is where it is, as far as at least two looks have found it there. Lack of room is no stall. */
  #waitedMs(log: WatchedLog, nowMs: number): number {
    const known = this.#waiting.get(log)
    const refusal = log.refusal()
    const isStill = known !== undefined && known.durableEnd === log.durableEndOffset
    if (!isStill || (refusal !== null && refusal !== 'stalled')) {
      const durableEnd = log.durableEndOffset
      this.#waiting.set(log, { durableEnd, sinceMs: nowMs, looks: 0, isSlow: false })
      return 0
    }
    known.looks++
    return known.looks < 2 ? 0 : nowMs - known.sinceMs
  }

  #setStalled(isStalled: boolean, longestMs: number): void {
    if (isStalled === this.#health.isStalled) return
    this.#health.isStalled = isStalled
    if (isStalled)
      this.#logger.error('the disk does not answer: writes are refused until it does', { ms: longestMs })
    else this.#logger.info('the disk answers again: writes are taken', {})
  }
}
