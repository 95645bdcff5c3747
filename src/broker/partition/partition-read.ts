import { type ByteSource, EMPTY_SOURCE } from '../../base/byte-source.ts'
import type { Environment } from '../../base/environment.ts'
import type { LogFields, Logger } from '../../base/logger.ts'
import { ERROR_CODES } from '../../protocol/error-codes.ts'
import { StorageError } from '../../storage/storage-error.ts'
import type { AbortedTransaction } from '../../storage/transaction-index.ts'

/** What a fetch gets of one partition. */
export interface PartitionRead {
  readonly errorCode: number
  readonly highWatermark: number
  readonly lastStableOffset: number
  readonly logStartOffset: number
  readonly source: ByteSource
  /** Behind the last record of `source`; where it is empty, where the reading began. */
  readonly endOffset: number
  /** Of the transactions with records in it those that were aborted, by first offset (E11); null: nobody asked. */
  readonly abortedTransactions: readonly AbortedTransaction[] | null
}

/** E7: an offset out of range is answered with unknown watermarks, so that nobody takes them for news. */
export function failedRead(errorCode: number = ERROR_CODES.OFFSET_OUT_OF_RANGE): PartitionRead {
  return {
    errorCode,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    source: EMPTY_SOURCE,
    endOffset: -1,
    abortedTransactions: null,
  }
}

/** A read that fails is said once in so long, however many come. */
const SAID_AGAIN_MS = 10_000

/** What becomes of reads that the disk lets fail. */
export class ReadFaults {
  readonly #environment: Environment
  readonly #logger: Logger
  readonly #fields: LogFields
  #saidMs = Number.NEGATIVE_INFINITY

  constructor(options: { environment: Environment; logger: Logger; topic: string; index: number }) {
    this.#environment = options.environment
    this.#logger = options.logger
    this.#fields = { topic: options.topic, partition: options.index }
  }

  /** The code for the reader, CORRUPT_MESSAGE or KAFKA_STORAGE_ERROR; says what is wrong. Throws what the disk has not done. */
  tell(error: unknown): number {
    if (!(error instanceof StorageError)) throw error
    const nowMs = this.#environment.monotonicMs()
    if (nowMs - this.#saidMs >= SAID_AGAIN_MS) {
      this.#saidMs = nowMs
      this.#logger.error('a log cannot be read', { ...this.#fields, error: error.message })
    }
    return error.fault === 'corrupt' ? ERROR_CODES.CORRUPT_MESSAGE : ERROR_CODES.KAFKA_STORAGE_ERROR
  }
}
