import type { Environment } from '../../../base/environment.ts'
import type { Logger } from '../../../base/logger.ts'
import type { ErrorName } from '../../../protocol/error-codes.ts'
import type { CompletionEffect } from './transaction-types.ts'

/** What ends a producer's transaction in one partition. */
export interface TransactionMarker {
  readonly producerId: number
  readonly producerEpoch: number
  /** Leader epoch of the coordinator's partition. */
  readonly coordinatorEpoch: number
  readonly isCommit: boolean
  /** transaction.version that the transaction was made with. */
  readonly transactionVersion: number
}

/** The partitions that transactions write to, wherever they are led. */
export interface MarkerTargets {
  /**
   * Writes the marker; resolves to NONE when it is committed. UNKNOWN_TOPIC_OR_PARTITION: there is no such partition
   * any more. INVALID_PRODUCER_EPOCH, TRANSACTION_COORDINATOR_FENCED: what it would end has been ended by others.
   * Anything else passes. Never rejects.
   */
  write(topic: string, partition: number, marker: TransactionMarker): Promise<ErrorName>
}

const RETRY_MS = 100
/** A marker that is not needed any more: nothing is left to do in that partition. */
const DONE: ReadonlySet<ErrorName> = new Set<ErrorName>([
  'NONE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'INVALID_PRODUCER_EPOCH',
  'TRANSACTION_COORDINATOR_FENCED',
])

/**
 * Carries out what one leadership of a coordinator's partition decides: writes the markers of a transaction to every
 * partition, each until it is there, and then says so. A crash loses all of it, which is asked for again at the start.
 */
export class Completions {
  readonly #targets: MarkerTargets
  readonly #environment: Environment
  readonly #logger: Logger
  readonly #coordinatorEpoch: number
  readonly #finished: (effect: CompletionEffect) => void
  #isClosed = false

  constructor(options: {
    targets: MarkerTargets
    environment: Environment
    logger: Logger
    coordinatorEpoch: number
    /** Every marker of the transaction is committed. */
    finished: (effect: CompletionEffect) => void
  }) {
    this.#targets = options.targets
    this.#environment = options.environment
    this.#logger = options.logger
    this.#coordinatorEpoch = options.coordinatorEpoch
    this.#finished = options.finished
  }

  begin(effect: CompletionEffect): void {
    const marker: TransactionMarker = {
      producerId: effect.producerId,
      producerEpoch: effect.producerEpoch,
      coordinatorEpoch: this.#coordinatorEpoch,
      isCommit: effect.isCommit,
      transactionVersion: effect.clientVersion,
    }
    const writes: Promise<boolean>[] = []
    for (const { topic, partitions } of effect.partitions)
      for (const partition of partitions) writes.push(this.#write(topic, partition, marker))
    void Promise.all(writes).then(() => {
      if (!this.#isClosed) this.#finished(effect)
    })
  }

  /** The leadership is lost, or the broker stops: nothing more is written. */
  close(): void {
    this.#isClosed = true
  }

  async #write(topic: string, partition: number, marker: TransactionMarker): Promise<boolean> {
    for (;;) {
      const error = await this.#targets.write(topic, partition, marker)
      if (this.#isClosed) return false
      if (DONE.has(error)) {
        if (error !== 'NONE')
          this.#logger.warn('a transaction marker was not written', { topic, partition, error })
        return true
      }
      await new Promise<void>((resolve) => {
        this.#environment.setTimer(RETRY_MS, resolve)
      })
      if (this.#isClosed) return false
    }
  }
}
