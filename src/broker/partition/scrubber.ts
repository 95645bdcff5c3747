import type { Environment, Timer } from '../../base/environment.ts'
import type { Logger } from '../../base/logger.ts'
import { Turn } from '../../base/turn.ts'
import type { Log } from '../../storage/log.ts'
import type { Corruption } from '../../storage/log-scrub.ts'
import type { Segment } from '../../storage/segment.ts'
import type { PartitionRegistry } from './registry.ts'

/** Pause when there is nothing to be read, or when reading failed. */
const IDLE_MS = 60_000
const PAUSE_MS_MIN = 20

interface Sealed {
  readonly log: Log
  readonly segment: Segment
}

/**
 * Reads what gets no more records again, all of it in `intervalMs`: a megabyte at a time, at the rate that this takes, and
 * one file after the other. What the disk has changed is said with its place, and readers of it are told.
 */
export class Scrubber {
  /** Since the start. */
  checkedBytes = 0
  corruptionCount = 0
  readonly #registry: PartitionRegistry
  readonly #environment: Environment
  readonly #logger: Logger
  readonly #intervalMs: number
  #timer: Timer | null = null
  #wake: (() => void) | null = null
  #working: Promise<void> | null = null
  #isClosed = false

  /** `intervalMs` of -1: nothing is read. */
  constructor(options: {
    registry: PartitionRegistry
    environment: Environment
    logger: Logger
    intervalMs: number
  }) {
    this.#registry = options.registry
    this.#environment = options.environment
    this.#logger = options.logger
    this.#intervalMs = options.intervalMs
  }

  start(): void {
    if (this.#intervalMs > 0) this.#working = this.#run()
  }

  /** Resolves when nothing is being read any more. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#timer?.cancel()
    this.#wake?.()
    await this.#working
  }

  async #run(): Promise<void> {
    // A start in the middle of what there is: also of brokers that are often started anew, all is read in time.
    let isFirst = true
    while (!this.#isClosed) {
      const round = await this.#sealed()
      const from = isFirst ? Math.floor(this.#environment.random() * round.length) : 0
      isFirst = false
      const bytes = round.reduce((sum, { segment }) => sum + segment.byteLength, 0)
      if (bytes === 0) await this.#pause(Math.min(IDLE_MS, this.#intervalMs))
      for (const sealed of round.slice(from)) if (!this.#isClosed) await this.#scrub(sealed, bytes)
    }
  }

  async #sealed(): Promise<Sealed[]> {
    const all: Sealed[] = []
    const turn = new Turn(this.#environment)
    for (const { log } of [...this.#registry.partitions()]) {
      if (turn.isOver) await turn.next()
      log.scrub.forget(log.startOffset, log.endOffset)
      for (const segment of log.scrub.sealed()) all.push({ log, segment })
    }
    return all
  }

  async #scrub({ log, segment }: Sealed, roundBytes: number): Promise<void> {
    const cursor = log.scrub.begin(segment)
    try {
      while (!this.#isClosed && log.refusal() !== 'closed') {
        const count = await log.scrub.step(cursor, (corruption) => this.#found(log, corruption))
        if (count === 0) return
        this.checkedBytes += count
        await this.#pause(Math.max(PAUSE_MS_MIN, (count / roundBytes) * this.#intervalMs))
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.#logger.error('a log cannot be checked', { path: segment.path, reason })
      await this.#pause(IDLE_MS)
    }
  }

  #found({ topic, partition }: Log, { path, position, fault, baseOffset, endOffset }: Corruption): void {
    this.corruptionCount++
    this.#logger.error('records are damaged on the disk: whoever reads them is answered CORRUPT_MESSAGE', {
      ...{ topic, partition, path, position, fault },
      firstOffset: baseOffset,
      lastOffset: endOffset - 1,
    })
  }

  async #pause(ms: number): Promise<void> {
    if (this.#isClosed) return
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      this.#timer = this.#environment.setTimer(ms, resolve)
    })
    this.#wake = null
  }
}
