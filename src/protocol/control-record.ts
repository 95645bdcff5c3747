import { readInt16, readInt32, writeInt16, writeInt32 } from '../base/bytes.ts'
import { batchIsControl, batchIsTransactional } from './record-batch.ts'
import { encodeBatch, RecordCursor } from './records.ts'

/**
 * The record that ends a transaction in a partition (E12): alone in a control batch of the producer,
 *
 *   key: version int16 0 · type int16 (0 abort, 1 commit)        value: version int16 0 · coordinator epoch int32
 *
 * Later versions may be longer; what is known of them reads the same.
 */

const ABORT_TYPE = 0
const COMMIT_TYPE = 1
const KEY_BYTES = 4
const VALUE_BYTES = 6

export interface EndTransactionMarker {
  readonly committed: boolean
  readonly coordinatorEpoch: number
}

/** The marker as a sealed batch of one record, base offset 0. */
export function encodeEndTransactionMarker(
  input: EndTransactionMarker & {
    readonly producerId: number
    readonly producerEpoch: number
    readonly timestamp: number
  },
): Buffer {
  const key = Buffer.alloc(KEY_BYTES)
  writeInt16(key, 2, input.committed ? COMMIT_TYPE : ABORT_TYPE)
  const value = Buffer.alloc(VALUE_BYTES)
  writeInt32(value, 2, input.coordinatorEpoch)
  return encodeBatch({
    producerId: input.producerId,
    producerEpoch: input.producerEpoch,
    isTransactional: true,
    isControl: true,
    records: [{ timestamp: input.timestamp, key, value }],
  })
}

/** The marker that the batch at `position` is, or null where it is none: data, another control type, damaged. */
export function readEndTransactionMarker(batch: Buffer, position: number): EndTransactionMarker | null {
  if (!batchIsControl(batch, position) || !batchIsTransactional(batch, position)) return null
  const cursor = new RecordCursor(batch, position)
  if (!cursor.next() || cursor.keyLength < KEY_BYTES || cursor.valueLength < VALUE_BYTES) return null
  const type = readInt16(cursor.bytes, cursor.keyPosition + 2)
  if (type !== ABORT_TYPE && type !== COMMIT_TYPE) return null
  return {
    committed: type === COMMIT_TYPE,
    coordinatorEpoch: readInt32(cursor.bytes, cursor.valuePosition + 2),
  }
}
