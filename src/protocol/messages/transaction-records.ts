/**
 * The records of __transaction_state, and the marker that ends a transaction in a partition (KIP-98,
 * KIP-890).
 */

import { array, int8, int16, int32, int64, message, string } from '../schema.ts'

export const TransactionLogKey = message({
  kind: 'record-key',
  name: 'TransactionLogKey',
  key: 0,
  versions: '0',
  flexible: 'none',
  fields: {
    transactionalId: string(),
  },
})

export const TransactionLogValue = message({
  kind: 'record-value',
  name: 'TransactionLogValue',
  key: 0,
  versions: '0-1',
  flexible: '1+',
  fields: {
    producerId: int64(),
    previousProducerId: int64({ versions: '1+', tag: 0, default: -1 }),
    nextProducerId: int64({ versions: '1+', tag: 1, default: -1 }),
    producerEpoch: int16(),
    nextProducerEpoch: int16({ versions: '1+', tag: 3, default: -1 }),
    transactionTimeoutMs: int32(),
    transactionStatus: int8(),
    transactionPartitions: array({ nullable: true }).of({
      topic: string(),
      partitionIds: array().of(int32()),
    }),
    transactionLastUpdateTimestampMs: int64(),
    transactionStartTimestampMs: int64(),
    clientTransactionVersion: int16({ versions: '1+', tag: 2 }),
  },
})

export const ControlRecordTypeSchema = message({
  kind: 'data',
  name: 'ControlRecordTypeSchema',
  versions: '0',
  flexible: 'none',
  fields: {
    type: int16(),
  },
})

export const EndTxnMarker = message({
  kind: 'data',
  name: 'EndTxnMarker',
  versions: '0',
  flexible: 'none',
  fields: {
    coordinatorEpoch: int32(),
  },
})
