import type { Environment, Timer } from '../../base/environment.ts'
import type { Logger } from '../../base/logger.ts'
import { Turn } from '../../base/turn.ts'
import type { Log } from '../../storage/log.ts'
import type { CompactionCandidate, CompactionResult } from '../../storage/log-compaction.ts'
import { asStorageError, isLack } from '../../storage/storage-error.ts'
import type { Partition } from './partition.ts'
import type { PartitionRegistry } from './registry.ts'

export interface CompactorSettings {
  /** Pause when there is nothing to be done. */
  readonly backoffMs: number
  /** Memory of the table of keys, while a log is compacted. */
  readonly keyBytesMax: number
  readonly bytesPerSecondMax: number
}

/** What compaction has done since the start. Read only for others. */
export class CompactionCounters {
  runs = 0
  failures = 0
  readBytes = 0
  writtenBytes = 0
  durationMs = 0
  /** Of the dirtiest log when the logs were last looked at; 0 where none is to be compacted. */
  dirtyRatioMax = 0
}

interface Dirty {
  readonly partition: Partition
  readonly candidate: CompactionCandidate
}

/** Compacts the logs of topics that want it, one at a time: first what has waited too long, then the dirtiest. */
export class Compactor {
  readonly counters = new CompactionCounters()
  readonly #registry: PartitionRegistry
  readonly #environment: Environment
  readonly #logger: Logger
  readonly #settings: () => CompactorSettings
  readonly #keepCleanedEnds: () => Promise<void>
  /** Logs that could not be read: left alone until the next start. */
  readonly #unreadable = new WeakSet<Log>()
  #timer: Timer | null = null
  #working: Promise<void> | null = null
  #isClosed = false

  constructor(options: {
    registry: PartitionRegistry
    environment: Environment
    logger: Logger
    settings: () => CompactorSettings
    /** See DataDirectory.keepCleanedEnds. */
    keepCleanedEnds: () => Promise<void>
  }) {
    this.#registry = options.registry
    this.#environment = options.environment
    this.#logger = options.logger
    this.#settings = options.settings
    this.#keepCleanedEnds = options.keepCleanedEnds
  }

  start(): void {
    if (this.#isClosed) return
    this.#timer = this.#environment.setTimer(this.#settings().backoffMs, () => {
      void this.compactAll().then(() => this.start())
    })
  }

  /** Resolves when no log is being compacted any more; what was begun is undone or completed. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#timer?.cancel()
    await this.#working
  }

  /** Compacts until nothing is dirty enough. Never rejects. */
  compactAll(): Promise<void> {
    this.#working ??= this.#compactAll().finally(() => {
      this.#working = null
    })
    return this.#working
  }

  async #compactAll(): Promise<void> {
    // A log that was stopped at is looked at again in the next round.
    const seen = new Set<Log>()
    while (!this.#isClosed) {
      const dirtiest = await this.#dirtiest(seen)
      if (dirtiest === null) return
      seen.add(dirtiest.partition.log)
      await this.#compact(dirtiest)
    }
  }

  async #dirtiest(seen: ReadonlySet<Log>): Promise<Dirty | null> {
    let found: Dirty | null = null
    let dirtyRatioMax = 0
    const turn = new Turn(this.#environment)
    for (const partition of [...this.#registry.partitions()]) {
      if (turn.isOver) await turn.next()
      const { log, config } = partition
      if (!config.cleanupPolicy.includes('compact') || seen.has(log) || this.#unreadable.has(log)) continue
      const candidate = await this.#candidateOf(partition)
      if (candidate === null || this.#isClosed) continue
      dirtyRatioMax = Math.max(dirtyRatioMax, candidate.dirtyRatio)
      if (!candidate.isOverdue && candidate.dirtyRatio <= config.minCleanableDirtyRatio) continue
      if (found === null || comesBefore(candidate, found.candidate)) found = { partition, candidate }
    }
    this.counters.dirtyRatioMax = dirtyRatioMax
    return found
  }

  async #candidateOf(partition: Partition): Promise<CompactionCandidate | null> {
    const { log, config, lastStableOffset } = partition
    try {
      return await log.compaction.candidate({
        limitOffset: lastStableOffset,
        nowMs: this.#environment.wallMs(),
        lagMsMin: config.minCompactionLagMs,
        lagMsMax: config.maxCompactionLagMs,
      })
    } catch (error) {
      this.#failed(partition, error)
      return null
    }
  }

  async #compact({ partition, candidate }: Dirty): Promise<void> {
    const { log, config, producers } = partition
    const { keyBytesMax, bytesPerSecondMax } = this.#settings()
    const bytesBefore = log.sizeBytes
    const startMs = this.#environment.monotonicMs()
    try {
      const result = await log.compaction.run({
        endOffset: candidate.endOffset,
        nowMs: this.#environment.wallMs(),
        deleteRetentionMs: config.deleteRetentionMs,
        keyBytesMax,
        bytesPerSecondMax,
        isLastOfProducer: (buffer, position) => producers.isLastOfProducer(buffer, position),
        isStopped: () => this.#isClosed,
        cleanedEndMoved: this.#keepCleanedEnds,
      })
      const elapsedMs = this.#environment.monotonicMs() - startMs
      this.#count(result, elapsedMs)
      this.#logger.info('log compacted', {
        topic: partition.topic,
        partition: partition.index,
        ...result,
        bytesBefore,
        bytesAfter: log.sizeBytes,
        elapsedMs: Math.round(elapsedMs),
      })
    } catch (error) {
      this.#failed(partition, error)
    }
  }

  #count(result: CompactionResult, elapsedMs: number): void {
    this.counters.runs++
    this.counters.readBytes += result.readBytes
    this.counters.writtenBytes += result.writtenBytes
    this.counters.durationMs += elapsedMs
  }

  #failed(partition: Partition, error: unknown): void {
    this.counters.failures++
    const failure = asStorageError(error, partition.log.path)
    if (!isLack(failure)) this.#unreadable.add(partition.log)
    const { topic, index } = partition
    this.#logger.error('a log cannot be compacted', { topic, partition: index, reason: failure.message })
  }
}

function comesBefore(one: CompactionCandidate, other: CompactionCandidate): boolean {
  if (one.isOverdue !== other.isOverdue) return one.isOverdue
  return one.dirtyRatio > other.dirtyRatio
}
