// From ../messages/transaction-records.ts. Written by scripts/generate-codecs.ts: change the source and run `npm run generate`.

import type * as schema from '../messages/transaction-records.ts'
import type { Reader } from '../reader.ts'
import type { Infer } from '../schema.ts'
import { unwritable } from '../writer.ts'
import type { Writer } from '../writer.ts'

// ── ControlRecordTypeSchema 0 ──

export interface ControlRecordTypeSchema extends Infer<typeof schema.ControlRecordTypeSchema> {}

export function defaultControlRecordTypeSchema(): ControlRecordTypeSchema {
  return {
    type: 0,
  }
}

export function readControlRecordTypeSchema(reader: Reader, _version: number): ControlRecordTypeSchema {
  const type = reader.int16()
  return { type }
}

export function writeControlRecordTypeSchema(writer: Writer, _version: number, value: ControlRecordTypeSchema): void {
  writer.int16(value.type)
}

// ── EndTxnMarker 0 ──

export interface EndTxnMarker extends Infer<typeof schema.EndTxnMarker> {}

export function defaultEndTxnMarker(): EndTxnMarker {
  return {
    coordinatorEpoch: 0,
  }
}

export function readEndTxnMarker(reader: Reader, _version: number): EndTxnMarker {
  const coordinatorEpoch = reader.int32()
  return { coordinatorEpoch }
}

export function writeEndTxnMarker(writer: Writer, _version: number, value: EndTxnMarker): void {
  writer.int32(value.coordinatorEpoch)
}

// ── TransactionLogKey (0) 0 ──

export const TRANSACTION_LOG_KEY_TYPE = 0

export interface TransactionLogKey extends Infer<typeof schema.TransactionLogKey> {}

export function defaultTransactionLogKey(): TransactionLogKey {
  return {
    transactionalId: '',
  }
}

export function readTransactionLogKey(reader: Reader, _version: number): TransactionLogKey {
  const transactionalId = reader.string(false)
  return { transactionalId }
}

export function writeTransactionLogKey(writer: Writer, _version: number, value: TransactionLogKey): void {
  writer.string(value.transactionalId, false)
}

// ── TransactionLogValue (0) 0-1 ──

export interface TransactionLogValue extends Infer<typeof schema.TransactionLogValue> {}
export type TransactionLogValueTransactionPartition = NonNullable<TransactionLogValue['transactionPartitions']>[number]

export function defaultTransactionLogValue(): TransactionLogValue {
  return {
    producerId: 0,
    previousProducerId: -1,
    nextProducerId: -1,
    producerEpoch: 0,
    nextProducerEpoch: -1,
    transactionTimeoutMs: 0,
    transactionStatus: 0,
    transactionPartitions: [],
    transactionLastUpdateTimestampMs: 0,
    transactionStartTimestampMs: 0,
    clientTransactionVersion: 0,
  }
}

export function readTransactionLogValue(reader: Reader, version: number): TransactionLogValue {
  const flexible = version >= 1
  let previousProducerId: number = -1
  let nextProducerId: number = -1
  let nextProducerEpoch: number = -1
  let clientTransactionVersion: number = 0
  const producerId = reader.int64()
  const producerEpoch = reader.int16()
  const transactionTimeoutMs = reader.int32()
  const transactionStatus = reader.int8()
  const transactionPartitionsCount = reader.nullableArrayCount(flexible, 3)
  const transactionPartitions: TransactionLogValueTransactionPartition[] | null = transactionPartitionsCount < 0 ? null : []
  for (let index = 0; index < transactionPartitionsCount; index++) transactionPartitions!.push(readTransactionLogValueTransactionPartition(reader, version))
  const transactionLastUpdateTimestampMs = reader.int64()
  const transactionStartTimestampMs = reader.int64()
  if (flexible) {
    for (let count = reader.tagCount(); count > 0; count--) {
      const tag = reader.unsignedVarint()
      const end = reader.tagEnd()
      switch (tag) {
        case 0: {
          previousProducerId = reader.int64()
          break
        }
        case 1: {
          nextProducerId = reader.int64()
          break
        }
        case 3: {
          nextProducerEpoch = reader.int16()
          break
        }
        case 2: {
          clientTransactionVersion = reader.int16()
          break
        }
        default:
          reader.position = end
      }
      reader.leaveTag(end)
    }
  }
  return {
    producerId,
    previousProducerId,
    nextProducerId,
    producerEpoch,
    nextProducerEpoch,
    transactionTimeoutMs,
    transactionStatus,
    transactionPartitions,
    transactionLastUpdateTimestampMs,
    transactionStartTimestampMs,
    clientTransactionVersion,
  }
}

export function writeTransactionLogValue(writer: Writer, version: number, value: TransactionLogValue): void {
  const flexible = version >= 1
  writer.int64(value.producerId)
  writer.int16(value.producerEpoch)
  writer.int32(value.transactionTimeoutMs)
  writer.int8(value.transactionStatus)
  writer.arrayCount(value.transactionPartitions === null ? -1 : value.transactionPartitions.length, flexible)
  if (value.transactionPartitions !== null) for (const element of value.transactionPartitions) writeTransactionLogValueTransactionPartition(writer, version, element)
  writer.int64(value.transactionLastUpdateTimestampMs)
  writer.int64(value.transactionStartTimestampMs)
  if (!(version >= 1) && value.previousProducerId !== -1) throw unwritable('TransactionLogValue', 'previousProducerId', version)
  if (!(version >= 1) && value.nextProducerId !== -1) throw unwritable('TransactionLogValue', 'nextProducerId', version)
  if (!(version >= 1) && value.nextProducerEpoch !== -1) throw unwritable('TransactionLogValue', 'nextProducerEpoch', version)
  if (!(version >= 1) && value.clientTransactionVersion !== 0) throw unwritable('TransactionLogValue', 'clientTransactionVersion', version)
  if (flexible) {
    let tags = 0
    if (value.previousProducerId !== -1) tags++
    if (value.nextProducerId !== -1) tags++
    if (value.clientTransactionVersion !== 0) tags++
    if (value.nextProducerEpoch !== -1) tags++
    writer.unsignedVarint(tags)
    if (value.previousProducerId !== -1) {
      writer.tag(0, 8)
      writer.int64(value.previousProducerId)
    }
    if (value.nextProducerId !== -1) {
      writer.tag(1, 8)
      writer.int64(value.nextProducerId)
    }
    if (value.clientTransactionVersion !== 0) {
      writer.tag(2, 2)
      writer.int16(value.clientTransactionVersion)
    }
    if (value.nextProducerEpoch !== -1) {
      writer.tag(3, 2)
      writer.int16(value.nextProducerEpoch)
    }
  }
}

export function defaultTransactionLogValueTransactionPartition(): TransactionLogValueTransactionPartition {
  return {
    topic: '',
    partitionIds: [],
  }
}

function readTransactionLogValueTransactionPartition(reader: Reader, version: number): TransactionLogValueTransactionPartition {
  const flexible = version >= 1
  const topic = reader.string(flexible)
  const partitionIdsCount = reader.arrayCount(flexible, 4)
  const partitionIds = reader.int32Array(partitionIdsCount)
  if (flexible) reader.skipTags()
  return { topic, partitionIds }
}

function writeTransactionLogValueTransactionPartition(writer: Writer, version: number, value: TransactionLogValueTransactionPartition): void {
  const flexible = version >= 1
  writer.string(value.topic, flexible)
  writer.arrayCount(value.partitionIds.length, flexible)
  writer.int32Array(value.partitionIds)
  if (flexible) writer.unsignedVarint(0)
}
