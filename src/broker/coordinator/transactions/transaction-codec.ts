import type { EventCodec } from '../../../base/machine.ts'
import {
  defaultTransactionLogValue,
  readTransactionLogKey,
  readTransactionLogValue,
  TRANSACTION_LOG_KEY_TYPE,
  writeTransactionLogKey,
  writeTransactionLogValue,
} from '../../../protocol/generated/transaction-records.ts'
import { MalformedError } from '../../../protocol/reader.ts'
import {
  decodeRecordKey,
  decodeVersioned,
  encodeRecordKey,
  encodeVersioned,
  prefixOf,
} from '../../../protocol/versioned.ts'
import { TRANSACTION_STATES, type TransactionEvent, type TransactionRecord } from './transaction-types.ts'

/** Kafka writes this version where transaction.version is 1 or 2. */
const VALUE_VERSION = 1

/** Kafka's records of __transaction_state. */
export const transactionCodec: EventCodec<TransactionEvent> = {
  encode({ transactionalId, record }) {
    return {
      key: encodeRecordKey(writeTransactionLogKey, TRANSACTION_LOG_KEY_TYPE, { transactionalId }),
      value: record === null ? null : encodeRecord(record),
    }
  },

  decode(key, value) {
    if (key === null || prefixOf(key) !== TRANSACTION_LOG_KEY_TYPE) return null
    const { transactionalId } = decodeRecordKey(readTransactionLogKey, key)
    return { transactionalId, record: value === null ? null : decodeRecord(value) }
  },
}

function encodeRecord(record: TransactionRecord): Buffer {
  return encodeVersioned(writeTransactionLogValue, VALUE_VERSION, {
    ...defaultTransactionLogValue(),
    producerId: record.producerId,
    previousProducerId: record.previousProducerId,
    nextProducerId: record.nextProducerId,
    producerEpoch: record.producerEpoch,
    transactionTimeoutMs: record.timeoutMs,
    transactionStatus: TRANSACTION_STATES.indexOf(record.state),
    transactionPartitions:
      record.state === 'Empty'
        ? null
        : record.partitions.map(({ topic, partitions }) => ({ topic, partitionIds: [...partitions] })),
    transactionLastUpdateTimestampMs: record.updatedMs,
    transactionStartTimestampMs: record.startedMs,
    clientTransactionVersion: record.clientVersion,
  })
}

function decodeRecord(bytes: Buffer): TransactionRecord {
  const value = decodeVersioned(readTransactionLogValue, VALUE_VERSION, bytes)
  const state = TRANSACTION_STATES[value.transactionStatus]
  if (state === undefined) throw new MalformedError(`transaction status ${value.transactionStatus}`)
  return {
    producerId: value.producerId,
    producerEpoch: value.producerEpoch,
    previousProducerId: value.previousProducerId,
    nextProducerId: value.nextProducerId,
    timeoutMs: value.transactionTimeoutMs,
    state,
    partitions: (value.transactionPartitions ?? []).map(({ topic, partitionIds }) => ({
      topic,
      partitions: partitionIds,
    })),
    updatedMs: value.transactionLastUpdateTimestampMs,
    startedMs: value.transactionStartTimestampMs,
    clientVersion: value.clientTransactionVersion,
  }
}
