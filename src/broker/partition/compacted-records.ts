import { LOOP_LIMITS } from '../../protocol/compression.ts'
import { ERROR_CODES } from '../../protocol/error-codes.ts'
import { batchRecordCount } from '../../protocol/record-batch.ts'
import { RecordCursor } from '../../protocol/records.ts'

/** Why one record of a batch keeps the whole batch out. */
export interface RecordError {
  readonly batchIndex: number
  readonly message: string
}

/** Why a compacted topic doesn't take a batch. */
export interface CompactedRefusal {
  readonly errorCode: number
  readonly message: string
  readonly recordErrors: readonly RecordError[]
}

/** Records that a refusal names; whoever has sent more learns of the others when these are mended. */
const RECORD_ERRORS_MAX = 1000

/**
 * A compacted topic takes no record that nothing names (D7), and so none that can't be read. All records are read in
 * this turn of the loop: a batch that is too large for that is refused with MESSAGE_TOO_LARGE, at which Java's producer
 * sends it again in halves. `batchBytesMax` is the topic's; where it is large the limit is four times that.
 */
export function compactedRefusal(batch: Buffer, batchBytesMax: number): CompactedRefusal | null {
  const bytesMax = Math.max(LOOP_LIMITS.bytesMax, 4 * batchBytesMax)
  const cursor = new RecordCursor(batch, 0, { ...LOOP_LIMITS, bytesMax, bytesFree: bytesMax })
  const isTooLarge = cursor.decompressionError?.kind === 'too-large'
  if (isTooLarge || batchRecordCount(batch, 0) > LOOP_LIMITS.recordsMax)
    return {
      errorCode: ERROR_CODES.MESSAGE_TOO_LARGE,
      message: `a batch for a compacted topic has at most ${LOOP_LIMITS.recordsMax} records and ${bytesMax} bytes of them`,
      recordErrors: [],
    }
  const errors = keylessRecords(cursor)
  if (errors.length === 0) return null
  return {
    errorCode: ERROR_CODES.INVALID_RECORD,
    message: 'a compacted topic takes no record without a key',
    recordErrors: errors,
  }
}

function keylessRecords(cursor: RecordCursor): readonly RecordError[] {
  const errors: RecordError[] = []
  for (let index = 0; errors.length < RECORD_ERRORS_MAX && cursor.next(); index++)
    if (cursor.keyLength < 0) errors.push({ batchIndex: index, message: 'the record has no key' })
  if (cursor.fault !== null)
    errors.push({ batchIndex: errors.length, message: `the records are unreadable: ${cursor.fault}` })
  return errors
}
