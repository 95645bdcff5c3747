import type { Environment, Timer } from '../../base/environment.ts'
import type { Logger } from '../../base/logger.ts'
import { Turn } from '../../base/turn.ts'
import type { Partition } from './partition.ts'
import type { PartitionRegistry } from './registry.ts'

/** What is done to every log now and then: old segments and silent producers go. */
export class Housekeeping {
  /** Segments that retention has deleted, and passes over a log that failed. */
  deletedSegments = 0
  failures = 0
  readonly #registry: PartitionRegistry
  readonly #environment: Environment
  readonly #logger: Logger
  readonly #intervalMs: number
  readonly #producerExpirationMs: () => number
  #timer: Timer | null = null
  #closed = false

  constructor(options: {
    registry: PartitionRegistry
    environment: Environment
    logger: Logger
    intervalMs: number
    producerExpirationMs: () => number
  }) {
    this.#registry = options.registry
    this.#environment = options.environment
    this.#logger = options.logger
    this.#intervalMs = options.intervalMs
    this.#producerExpirationMs = options.producerExpirationMs
  }

  start(): void {
    if (this.#closed) return
    this.#timer = this.#environment.setTimer(this.#intervalMs, () => {
      void this.pass().then(() => this.start())
    })
  }

  close(): void {
    this.#closed = true
    this.#timer?.cancel()
  }

  /** One pass over all partitions, one after the other. A log that fails is reported and does not stop the others. */
  async pass(): Promise<void> {
    const turn = new Turn(this.#environment)
    for (const partition of [...this.#registry.partitions()]) {
      if (this.#closed) return
      if (!isEmpty(partition)) await this.#tend(partition, turn)
      if (turn.isOver) await turn.next()
    }
  }

  async #tend(partition: Partition, turn: Turn): Promise<void> {
    const nowMs = this.#environment.wallMs()
    await partition.producers.expire(nowMs, this.#producerExpirationMs(), turn)
    try {
      const deleted = await partition.log.applyRetention(nowMs)
      if (deleted === 0) return
      this.deletedSegments += deleted
      partition.startMoved()
      const { topic, index, logStartOffset } = partition
      this.#logger.info('retention deleted segments', { topic, partition: index, deleted, logStartOffset })
    } catch (error) {
      this.failures++
      this.#logger.error('retention failed', {
        topic: partition.topic,
        partition: partition.index,
        reason: String(error),
      })
    }
  }
}

/** There is nothing that could go. */
function isEmpty({ log, producers }: Partition): boolean {
  return log.segmentCount === 1 && log.sizeBytes === 0 && producers.count === 0
}
