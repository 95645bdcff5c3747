import { type ByteSource, EMPTY_SOURCE } from '../../base/byte-source.ts'
import { ERROR_CODES } from '../../protocol/error-codes.ts'
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
