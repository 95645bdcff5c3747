import { type DecompressionLimits, LOOP_LIMITS } from '../../protocol/compression.ts'
import { ERROR_CODES } from '../../protocol/error-codes.ts'
import { batchRecordCount } from '../../protocol/record-batch.ts'
import { RecordCursor } from '../../protocol/records.ts'
import { isUnpackedApart, unpackedApart } from '../../protocol/records-body.ts'

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

/** Of batches that were judged before they are appended. */
const judged = new WeakMap<Buffer, CompactedRefusal | null>()

/**
 * A compacted topic takes no record that nothing names (D7), and so none that can't be read. All records are read in
 * this turn of the loop: a batch that is too large for that is refused with MESSAGE_TOO_LARGE, at which Java's producer
 * sends it again in halves. `batchBytesMax` is the topic's; where it is large the limit is four times that.
 */
export function compactedRefusal(batch: Buffer, batchBytesMax: number): CompactedRefusal | null {
  const known = judged.get(batch)
  return known === undefined ? judge(batch, batchBytesMax) : known
}

/**
 * Makes `compactedRefusal` know about a batch that would hold the loop while it is unpacked: another thread does that.
 * null: there is nothing to wait for. The bytes are not to be changed between the two.
 */
export function judgedApart(batch: Buffer, batchBytesMax: number): Promise<void> | null {
  if (!isUnpackedApart(batch) || batch.length > batchBytesMax) return null
  return unpackedApart(batch, 0, limitsOf(batchBytesMax)).then((plain) => {
    const isTooLarge = !Buffer.isBuffer(plain) && plain.kind === 'too-large'
    const refusal = Buffer.isBuffer(plain) ? judge(plain, batchBytesMax) : unreadable(0, 'bad-compression')
    judged.set(batch, isTooLarge ? tooLarge(batchBytesMax) : refusal)
  })
}

function limitsOf(batchBytesMax: number): DecompressionLimits {
  const bytesMax = Math.max(LOOP_LIMITS.bytesMax, 4 * batchBytesMax)
  return { ...LOOP_LIMITS, bytesMax, bytesFree: bytesMax }
}

function judge(batch: Buffer, batchBytesMax: number): CompactedRefusal | null {
  if (batchRecordCount(batch, 0) > LOOP_LIMITS.recordsMax) return tooLarge(batchBytesMax)
  const cursor = new RecordCursor(batch, 0, limitsOf(batchBytesMax))
  if (cursor.decompressionError?.kind === 'too-large') return tooLarge(batchBytesMax)
  const errors = keylessRecords(cursor)
  if (cursor.fault !== null) errors.push(...unreadable(errors.length, cursor.fault).recordErrors)
  return errors.length === 0 ? null : invalid(errors)
}

function tooLarge(batchBytesMax: number): CompactedRefusal {
  const { bytesMax } = limitsOf(batchBytesMax)
  return {
    errorCode: ERROR_CODES.MESSAGE_TOO_LARGE,
    message: `a batch for a compacted topic has at most ${LOOP_LIMITS.recordsMax} records and ${bytesMax} bytes of them`,
    recordErrors: [],
  }
}

function invalid(recordErrors: readonly RecordError[]): CompactedRefusal {
  const message = 'a compacted topic takes no record without a key'
  return { errorCode: ERROR_CODES.INVALID_RECORD, message, recordErrors }
}

function unreadable(batchIndex: number, fault: string): CompactedRefusal {
  return invalid([{ batchIndex, message: `the records are unreadable: ${fault}` }])
}

function keylessRecords(cursor: RecordCursor): RecordError[] {
  const errors: RecordError[] = []
  for (let index = 0; errors.length < RECORD_ERRORS_MAX && cursor.next(); index++)
    if (cursor.keyLength < 0) errors.push({ batchIndex: index, message: 'the record has no key' })
  return errors
}
