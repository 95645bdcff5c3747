import { RecordCursor } from '../../protocol/records.ts'

/** Why one record of a batch keeps the whole batch out. */
export interface RecordError {
  readonly batchIndex: number
  readonly message: string
}

/**
 * The records that a compacted topic can't take because nothing names them (D7); empty when all have keys. What can't
 * be read has no keys either.
 */
export function keylessRecords(batch: Buffer): readonly RecordError[] {
  const errors: RecordError[] = []
  const cursor = new RecordCursor(batch, 0)
  for (let index = 0; cursor.next(); index++)
    if (cursor.keyLength < 0) errors.push({ batchIndex: index, message: 'the record has no key' })
  if (cursor.fault !== null)
    errors.push({ batchIndex: errors.length, message: `the records are unreadable: ${cursor.fault}` })
  return errors
}
