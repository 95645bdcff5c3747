// From ../messages/transactions.ts. Written by scripts/generate-codecs.ts: change the source and run `npm run generate`.

import type * as schema from '../messages/transactions.ts'
import type { Reader } from '../reader.ts'
import type { Infer } from '../schema.ts'
import { unwritable } from '../writer.ts'
import type { Writer } from '../writer.ts'

// ── AddOffsetsToTxnRequest (25) 0-4 ──

export interface AddOffsetsToTxnRequest extends Infer<typeof schema.AddOffsetsToTxnRequest> {}

export function defaultAddOffsetsToTxnRequest(): AddOffsetsToTxnRequest {
  return {
    transactionalId: '',
    producerId: 0,
    producerEpoch: 0,
    groupId: '',
  }
}

export function readAddOffsetsToTxnRequest(reader: Reader, version: number): AddOffsetsToTxnRequest {
  const flexible = version >= 3
  const transactionalId = reader.string(flexible)
  const producerId = reader.int64()
  const producerEpoch = reader.int16()
  const groupId = reader.string(flexible)
  if (flexible) reader.skipTags()
  return { transactionalId, producerId, producerEpoch, groupId }
}

export function writeAddOffsetsToTxnRequest(writer: Writer, version: number, value: AddOffsetsToTxnRequest): void {
  const flexible = version >= 3
  writer.string(value.transactionalId, flexible)
  writer.int64(value.producerId)
  writer.int16(value.producerEpoch)
  writer.string(value.groupId, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── AddOffsetsToTxnResponse (25) 0-4 ──

export interface AddOffsetsToTxnResponse extends Infer<typeof schema.AddOffsetsToTxnResponse> {}

export function defaultAddOffsetsToTxnResponse(): AddOffsetsToTxnResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
  }
}

export function readAddOffsetsToTxnResponse(reader: Reader, version: number): AddOffsetsToTxnResponse {
  const flexible = version >= 3
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  if (flexible) reader.skipTags()
  return { throttleTimeMs, errorCode }
}

export function writeAddOffsetsToTxnResponse(writer: Writer, version: number, value: AddOffsetsToTxnResponse): void {
  const flexible = version >= 3
  writer.int32(value.throttleTimeMs)
  writer.errorCode(value.errorCode)
  if (flexible) writer.unsignedVarint(0)
}

// ── AddPartitionsToTxnRequest (24) 0-5 ──

export interface AddPartitionsToTxnRequest extends Infer<typeof schema.AddPartitionsToTxnRequest> {}
export type AddPartitionsToTxnRequestTransaction = AddPartitionsToTxnRequest['transactions'][number]
export type AddPartitionsToTxnRequestTransactionTopic = AddPartitionsToTxnRequestTransaction['topics'][number]

export function defaultAddPartitionsToTxnRequest(): AddPartitionsToTxnRequest {
  return {
    transactions: [],
    v3AndBelowTransactionalId: '',
    v3AndBelowProducerId: 0,
    v3AndBelowProducerEpoch: 0,
    v3AndBelowTopics: [],
  }
}

export function readAddPartitionsToTxnRequest(reader: Reader, version: number): AddPartitionsToTxnRequest {
  const flexible = version >= 3
  const transactionsCount = version >= 4 ? reader.arrayCount(flexible, 14) : 0
  const transactions: AddPartitionsToTxnRequestTransaction[] = []
  for (let index = 0; index < transactionsCount; index++) transactions.push(readAddPartitionsToTxnRequestTransaction(reader, version))
  const v3AndBelowTransactionalId = version <= 3 ? reader.string(flexible) : ''
  const v3AndBelowProducerId = version <= 3 ? reader.int64() : 0
  const v3AndBelowProducerEpoch = version <= 3 ? reader.int16() : 0
  const v3AndBelowTopicsCount = version <= 3 ? reader.arrayCount(flexible, 3) : 0
  const v3AndBelowTopics: AddPartitionsToTxnRequestTransactionTopic[] = []
  for (let index = 0; index < v3AndBelowTopicsCount; index++) v3AndBelowTopics.push(readAddPartitionsToTxnRequestTransactionTopic(reader, version))
  if (flexible) reader.skipTags()
  return {
    transactions,
    v3AndBelowTransactionalId,
    v3AndBelowProducerId,
    v3AndBelowProducerEpoch,
    v3AndBelowTopics,
  }
}

export function writeAddPartitionsToTxnRequest(writer: Writer, version: number, value: AddPartitionsToTxnRequest): void {
  const flexible = version >= 3
  if (version >= 4) {
    writer.arrayCount(value.transactions.length, flexible)
    for (const element of value.transactions) writeAddPartitionsToTxnRequestTransaction(writer, version, element)
  } else if (value.transactions.length !== 0) throw unwritable('AddPartitionsToTxnRequest', 'transactions', version)
  if (version <= 3) writer.string(value.v3AndBelowTransactionalId, flexible)
  else if (value.v3AndBelowTransactionalId !== '') throw unwritable('AddPartitionsToTxnRequest', 'v3AndBelowTransactionalId', version)
  if (version <= 3) writer.int64(value.v3AndBelowProducerId)
  else if (value.v3AndBelowProducerId !== 0) throw unwritable('AddPartitionsToTxnRequest', 'v3AndBelowProducerId', version)
  if (version <= 3) writer.int16(value.v3AndBelowProducerEpoch)
  else if (value.v3AndBelowProducerEpoch !== 0) throw unwritable('AddPartitionsToTxnRequest', 'v3AndBelowProducerEpoch', version)
  if (version <= 3) {
    writer.arrayCount(value.v3AndBelowTopics.length, flexible)
    for (const element of value.v3AndBelowTopics) writeAddPartitionsToTxnRequestTransactionTopic(writer, version, element)
  } else if (value.v3AndBelowTopics.length !== 0) throw unwritable('AddPartitionsToTxnRequest', 'v3AndBelowTopics', version)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultAddPartitionsToTxnRequestTransaction(): AddPartitionsToTxnRequestTransaction {
  return {
    transactionalId: '',
    producerId: 0,
    producerEpoch: 0,
    verifyOnly: false,
    topics: [],
  }
}

function readAddPartitionsToTxnRequestTransaction(reader: Reader, version: number): AddPartitionsToTxnRequestTransaction {
  const transactionalId = reader.string(true)
  const producerId = reader.int64()
  const producerEpoch = reader.int16()
  const verifyOnly = reader.bool()
  const topicsCount = reader.arrayCount(true, 3)
  const topics: AddPartitionsToTxnRequestTransactionTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readAddPartitionsToTxnRequestTransactionTopic(reader, version))
  reader.skipTags()
  return { transactionalId, producerId, producerEpoch, verifyOnly, topics }
}

function writeAddPartitionsToTxnRequestTransaction(writer: Writer, version: number, value: AddPartitionsToTxnRequestTransaction): void {
  writer.string(value.transactionalId, true)
  writer.int64(value.producerId)
  writer.int16(value.producerEpoch)
  writer.bool(value.verifyOnly)
  writer.arrayCount(value.topics.length, true)
  for (const element of value.topics) writeAddPartitionsToTxnRequestTransactionTopic(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultAddPartitionsToTxnRequestTransactionTopic(): AddPartitionsToTxnRequestTransactionTopic {
  return {
    name: '',
    partitions: [],
  }
}

function readAddPartitionsToTxnRequestTransactionTopic(reader: Reader, version: number): AddPartitionsToTxnRequestTransactionTopic {
  const flexible = version >= 3
  const name = reader.string(flexible)
  const partitionsCount = reader.arrayCount(flexible, 4)
  const partitions = reader.int32Array(partitionsCount)
  if (flexible) reader.skipTags()
  return { name, partitions }
}

function writeAddPartitionsToTxnRequestTransactionTopic(writer: Writer, version: number, value: AddPartitionsToTxnRequestTransactionTopic): void {
  const flexible = version >= 3
  writer.string(value.name, flexible)
  writer.arrayCount(value.partitions.length, flexible)
  writer.int32Array(value.partitions)
  if (flexible) writer.unsignedVarint(0)
}

// ── AddPartitionsToTxnResponse (24) 0-5 ──

export interface AddPartitionsToTxnResponse extends Infer<typeof schema.AddPartitionsToTxnResponse> {}
export type AddPartitionsToTxnResponseResultsByTransaction = AddPartitionsToTxnResponse['resultsByTransaction'][number]
export type AddPartitionsToTxnResponseResultsByTransactionTopicResult = AddPartitionsToTxnResponseResultsByTransaction['topicResults'][number]
export type AddPartitionsToTxnResponseResultsByTransactionTopicResultResultsByPartition = AddPartitionsToTxnResponseResultsByTransactionTopicResult['resultsByPartition'][number]

export function defaultAddPartitionsToTxnResponse(): AddPartitionsToTxnResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    resultsByTransaction: [],
    resultsByTopicV3AndBelow: [],
  }
}

export function readAddPartitionsToTxnResponse(reader: Reader, version: number): AddPartitionsToTxnResponse {
  const flexible = version >= 3
  const throttleTimeMs = reader.int32()
  const errorCode = version >= 4 ? reader.int16() : 0
  const resultsByTransactionCount = version >= 4 ? reader.arrayCount(flexible, 3) : 0
  const resultsByTransaction: AddPartitionsToTxnResponseResultsByTransaction[] = []
  for (let index = 0; index < resultsByTransactionCount; index++) resultsByTransaction.push(readAddPartitionsToTxnResponseResultsByTransaction(reader, version))
  const resultsByTopicV3AndBelowCount = version <= 3 ? reader.arrayCount(flexible, 3) : 0
  const resultsByTopicV3AndBelow: AddPartitionsToTxnResponseResultsByTransactionTopicResult[] = []
  for (let index = 0; index < resultsByTopicV3AndBelowCount; index++) resultsByTopicV3AndBelow.push(readAddPartitionsToTxnResponseResultsByTransactionTopicResult(reader, version))
  if (flexible) reader.skipTags()
  return { throttleTimeMs, errorCode, resultsByTransaction, resultsByTopicV3AndBelow }
}

export function writeAddPartitionsToTxnResponse(writer: Writer, version: number, value: AddPartitionsToTxnResponse): void {
  const flexible = version >= 3
  writer.int32(value.throttleTimeMs)
  if (version >= 4) writer.errorCode(value.errorCode)
  if (version >= 4) {
    writer.arrayCount(value.resultsByTransaction.length, flexible)
    for (const element of value.resultsByTransaction) writeAddPartitionsToTxnResponseResultsByTransaction(writer, version, element)
  } else if (value.resultsByTransaction.length !== 0) throw unwritable('AddPartitionsToTxnResponse', 'resultsByTransaction', version)
  if (version <= 3) {
    writer.arrayCount(value.resultsByTopicV3AndBelow.length, flexible)
    for (const element of value.resultsByTopicV3AndBelow) writeAddPartitionsToTxnResponseResultsByTransactionTopicResult(writer, version, element)
  } else if (value.resultsByTopicV3AndBelow.length !== 0) throw unwritable('AddPartitionsToTxnResponse', 'resultsByTopicV3AndBelow', version)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultAddPartitionsToTxnResponseResultsByTransaction(): AddPartitionsToTxnResponseResultsByTransaction {
  return {
    transactionalId: '',
    topicResults: [],
  }
}

function readAddPartitionsToTxnResponseResultsByTransaction(reader: Reader, version: number): AddPartitionsToTxnResponseResultsByTransaction {
  const transactionalId = reader.string(true)
  const topicResultsCount = reader.arrayCount(true, 3)
  const topicResults: AddPartitionsToTxnResponseResultsByTransactionTopicResult[] = []
  for (let index = 0; index < topicResultsCount; index++) topicResults.push(readAddPartitionsToTxnResponseResultsByTransactionTopicResult(reader, version))
  reader.skipTags()
  return { transactionalId, topicResults }
}

function writeAddPartitionsToTxnResponseResultsByTransaction(writer: Writer, version: number, value: AddPartitionsToTxnResponseResultsByTransaction): void {
  writer.string(value.transactionalId, true)
  writer.arrayCount(value.topicResults.length, true)
  for (const element of value.topicResults) writeAddPartitionsToTxnResponseResultsByTransactionTopicResult(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultAddPartitionsToTxnResponseResultsByTransactionTopicResult(): AddPartitionsToTxnResponseResultsByTransactionTopicResult {
  return {
    name: '',
    resultsByPartition: [],
  }
}

function readAddPartitionsToTxnResponseResultsByTransactionTopicResult(reader: Reader, version: number): AddPartitionsToTxnResponseResultsByTransactionTopicResult {
  const flexible = version >= 3
  const name = reader.string(flexible)
  const resultsByPartitionCount = reader.arrayCount(flexible, 6)
  const resultsByPartition: AddPartitionsToTxnResponseResultsByTransactionTopicResultResultsByPartition[] = []
  for (let index = 0; index < resultsByPartitionCount; index++) resultsByPartition.push(readAddPartitionsToTxnResponseResultsByTransactionTopicResultResultsByPartition(reader, version))
  if (flexible) reader.skipTags()
  return { name, resultsByPartition }
}

function writeAddPartitionsToTxnResponseResultsByTransactionTopicResult(writer: Writer, version: number, value: AddPartitionsToTxnResponseResultsByTransactionTopicResult): void {
  const flexible = version >= 3
  writer.string(value.name, flexible)
  writer.arrayCount(value.resultsByPartition.length, flexible)
  for (const element of value.resultsByPartition) writeAddPartitionsToTxnResponseResultsByTransactionTopicResultResultsByPartition(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultAddPartitionsToTxnResponseResultsByTransactionTopicResultResultsByPartition(): AddPartitionsToTxnResponseResultsByTransactionTopicResultResultsByPartition {
  return {
    partitionIndex: 0,
    partitionErrorCode: 0,
  }
}

function readAddPartitionsToTxnResponseResultsByTransactionTopicResultResultsByPartition(reader: Reader, version: number): AddPartitionsToTxnResponseResultsByTransactionTopicResultResultsByPartition {
  const flexible = version >= 3
  const partitionIndex = reader.int32()
  const partitionErrorCode = reader.int16()
  if (flexible) reader.skipTags()
  return { partitionIndex, partitionErrorCode }
}

function writeAddPartitionsToTxnResponseResultsByTransactionTopicResultResultsByPartition(writer: Writer, version: number, value: AddPartitionsToTxnResponseResultsByTransactionTopicResultResultsByPartition): void {
  const flexible = version >= 3
  writer.int32(value.partitionIndex)
  writer.int16(value.partitionErrorCode)
  if (flexible) writer.unsignedVarint(0)
}

// ── DescribeProducersRequest (61) 0 ──

export interface DescribeProducersRequest extends Infer<typeof schema.DescribeProducersRequest> {}
export type DescribeProducersRequestTopic = DescribeProducersRequest['topics'][number]

export function defaultDescribeProducersRequest(): DescribeProducersRequest {
  return {
    topics: [],
  }
}

export function readDescribeProducersRequest(reader: Reader, version: number): DescribeProducersRequest {
  const topicsCount = reader.arrayCount(true, 3)
  const topics: DescribeProducersRequestTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readDescribeProducersRequestTopic(reader, version))
  reader.skipTags()
  return { topics }
}

export function writeDescribeProducersRequest(writer: Writer, version: number, value: DescribeProducersRequest): void {
  writer.arrayCount(value.topics.length, true)
  for (const element of value.topics) writeDescribeProducersRequestTopic(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultDescribeProducersRequestTopic(): DescribeProducersRequestTopic {
  return {
    name: '',
    partitionIndexes: [],
  }
}

function readDescribeProducersRequestTopic(reader: Reader, _version: number): DescribeProducersRequestTopic {
  const name = reader.string(true)
  const partitionIndexesCount = reader.arrayCount(true, 4)
  const partitionIndexes = reader.int32Array(partitionIndexesCount)
  reader.skipTags()
  return { name, partitionIndexes }
}

function writeDescribeProducersRequestTopic(writer: Writer, _version: number, value: DescribeProducersRequestTopic): void {
  writer.string(value.name, true)
  writer.arrayCount(value.partitionIndexes.length, true)
  writer.int32Array(value.partitionIndexes)
  writer.unsignedVarint(0)
}

// ── DescribeProducersResponse (61) 0 ──

export interface DescribeProducersResponse extends Infer<typeof schema.DescribeProducersResponse> {}
export type DescribeProducersResponseTopic = DescribeProducersResponse['topics'][number]
export type DescribeProducersResponseTopicPartition = DescribeProducersResponseTopic['partitions'][number]
export type DescribeProducersResponseTopicPartitionActiveProducer = DescribeProducersResponseTopicPartition['activeProducers'][number]

export function defaultDescribeProducersResponse(): DescribeProducersResponse {
  return {
    throttleTimeMs: 0,
    topics: [],
  }
}

export function readDescribeProducersResponse(reader: Reader, version: number): DescribeProducersResponse {
  const throttleTimeMs = reader.int32()
  const topicsCount = reader.arrayCount(true, 3)
  const topics: DescribeProducersResponseTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readDescribeProducersResponseTopic(reader, version))
  reader.skipTags()
  return { throttleTimeMs, topics }
}

export function writeDescribeProducersResponse(writer: Writer, version: number, value: DescribeProducersResponse): void {
  writer.int32(value.throttleTimeMs)
  writer.arrayCount(value.topics.length, true)
  for (const element of value.topics) writeDescribeProducersResponseTopic(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultDescribeProducersResponseTopic(): DescribeProducersResponseTopic {
  return {
    name: '',
    partitions: [],
  }
}

function readDescribeProducersResponseTopic(reader: Reader, version: number): DescribeProducersResponseTopic {
  const name = reader.string(true)
  const partitionsCount = reader.arrayCount(true, 9)
  const partitions: DescribeProducersResponseTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readDescribeProducersResponseTopicPartition(reader, version))
  reader.skipTags()
  return { name, partitions }
}

function writeDescribeProducersResponseTopic(writer: Writer, version: number, value: DescribeProducersResponseTopic): void {
  writer.string(value.name, true)
  writer.arrayCount(value.partitions.length, true)
  for (const element of value.partitions) writeDescribeProducersResponseTopicPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultDescribeProducersResponseTopicPartition(): DescribeProducersResponseTopicPartition {
  return {
    partitionIndex: 0,
    errorCode: 0,
    errorMessage: null,
    activeProducers: [],
  }
}

function readDescribeProducersResponseTopicPartition(reader: Reader, version: number): DescribeProducersResponseTopicPartition {
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  const activeProducersCount = reader.arrayCount(true, 37)
  const activeProducers: DescribeProducersResponseTopicPartitionActiveProducer[] = []
  for (let index = 0; index < activeProducersCount; index++) activeProducers.push(readDescribeProducersResponseTopicPartitionActiveProducer(reader, version))
  reader.skipTags()
  return { partitionIndex, errorCode, errorMessage, activeProducers }
}

function writeDescribeProducersResponseTopicPartition(writer: Writer, version: number, value: DescribeProducersResponseTopicPartition): void {
  writer.int32(value.partitionIndex)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.arrayCount(value.activeProducers.length, true)
  for (const element of value.activeProducers) writeDescribeProducersResponseTopicPartitionActiveProducer(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultDescribeProducersResponseTopicPartitionActiveProducer(): DescribeProducersResponseTopicPartitionActiveProducer {
  return {
    producerId: 0,
    producerEpoch: 0,
    lastSequence: -1,
    lastTimestamp: -1,
    coordinatorEpoch: 0,
    currentTxnStartOffset: -1,
  }
}

function readDescribeProducersResponseTopicPartitionActiveProducer(reader: Reader, _version: number): DescribeProducersResponseTopicPartitionActiveProducer {
  const producerId = reader.int64()
  const producerEpoch = reader.int32()
  const lastSequence = reader.int32()
  const lastTimestamp = reader.int64()
  const coordinatorEpoch = reader.int32()
  const currentTxnStartOffset = reader.int64()
  reader.skipTags()
  return {
    producerId,
    producerEpoch,
    lastSequence,
    lastTimestamp,
    coordinatorEpoch,
    currentTxnStartOffset,
  }
}

function writeDescribeProducersResponseTopicPartitionActiveProducer(writer: Writer, _version: number, value: DescribeProducersResponseTopicPartitionActiveProducer): void {
  writer.int64(value.producerId)
  writer.int32(value.producerEpoch)
  writer.int32(value.lastSequence)
  writer.int64(value.lastTimestamp)
  writer.int32(value.coordinatorEpoch)
  writer.int64(value.currentTxnStartOffset)
  writer.unsignedVarint(0)
}

// ── DescribeTransactionsRequest (65) 0 ──

export interface DescribeTransactionsRequest extends Infer<typeof schema.DescribeTransactionsRequest> {}

export function defaultDescribeTransactionsRequest(): DescribeTransactionsRequest {
  return {
    transactionalIds: [],
  }
}

export function readDescribeTransactionsRequest(reader: Reader, _version: number): DescribeTransactionsRequest {
  const transactionalIdsCount = reader.arrayCount(true, 1)
  const transactionalIds = reader.stringArray(transactionalIdsCount, true)
  reader.skipTags()
  return { transactionalIds }
}

export function writeDescribeTransactionsRequest(writer: Writer, _version: number, value: DescribeTransactionsRequest): void {
  writer.arrayCount(value.transactionalIds.length, true)
  writer.stringArray(value.transactionalIds, true)
  writer.unsignedVarint(0)
}

// ── DescribeTransactionsResponse (65) 0 ──

export interface DescribeTransactionsResponse extends Infer<typeof schema.DescribeTransactionsResponse> {}
export type DescribeTransactionsResponseTransactionState = DescribeTransactionsResponse['transactionStates'][number]
export type DescribeTransactionsResponseTransactionStateTopic = DescribeTransactionsResponseTransactionState['topics'][number]

export function defaultDescribeTransactionsResponse(): DescribeTransactionsResponse {
  return {
    throttleTimeMs: 0,
    transactionStates: [],
  }
}

export function readDescribeTransactionsResponse(reader: Reader, version: number): DescribeTransactionsResponse {
  const throttleTimeMs = reader.int32()
  const transactionStatesCount = reader.arrayCount(true, 28)
  const transactionStates: DescribeTransactionsResponseTransactionState[] = []
  for (let index = 0; index < transactionStatesCount; index++) transactionStates.push(readDescribeTransactionsResponseTransactionState(reader, version))
  reader.skipTags()
  return { throttleTimeMs, transactionStates }
}

export function writeDescribeTransactionsResponse(writer: Writer, version: number, value: DescribeTransactionsResponse): void {
  writer.int32(value.throttleTimeMs)
  writer.arrayCount(value.transactionStates.length, true)
  for (const element of value.transactionStates) writeDescribeTransactionsResponseTransactionState(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultDescribeTransactionsResponseTransactionState(): DescribeTransactionsResponseTransactionState {
  return {
    errorCode: 0,
    transactionalId: '',
    transactionState: '',
    transactionTimeoutMs: 0,
    transactionStartTimeMs: 0,
    producerId: 0,
    producerEpoch: 0,
    topics: [],
  }
}

function readDescribeTransactionsResponseTransactionState(reader: Reader, version: number): DescribeTransactionsResponseTransactionState {
  const errorCode = reader.int16()
  const transactionalId = reader.string(true)
  const transactionState = reader.string(true)
  const transactionTimeoutMs = reader.int32()
  const transactionStartTimeMs = reader.int64()
  const producerId = reader.int64()
  const producerEpoch = reader.int16()
  const topicsCount = reader.arrayCount(true, 3)
  const topics: DescribeTransactionsResponseTransactionStateTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readDescribeTransactionsResponseTransactionStateTopic(reader, version))
  reader.skipTags()
  return {
    errorCode,
    transactionalId,
    transactionState,
    transactionTimeoutMs,
    transactionStartTimeMs,
    producerId,
    producerEpoch,
    topics,
  }
}

function writeDescribeTransactionsResponseTransactionState(writer: Writer, version: number, value: DescribeTransactionsResponseTransactionState): void {
  writer.errorCode(value.errorCode)
  writer.string(value.transactionalId, true)
  writer.string(value.transactionState, true)
  writer.int32(value.transactionTimeoutMs)
  writer.int64(value.transactionStartTimeMs)
  writer.int64(value.producerId)
  writer.int16(value.producerEpoch)
  writer.arrayCount(value.topics.length, true)
  for (const element of value.topics) writeDescribeTransactionsResponseTransactionStateTopic(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultDescribeTransactionsResponseTransactionStateTopic(): DescribeTransactionsResponseTransactionStateTopic {
  return {
    topic: '',
    partitions: [],
  }
}

function readDescribeTransactionsResponseTransactionStateTopic(reader: Reader, _version: number): DescribeTransactionsResponseTransactionStateTopic {
  const topic = reader.string(true)
  const partitionsCount = reader.arrayCount(true, 4)
  const partitions = reader.int32Array(partitionsCount)
  reader.skipTags()
  return { topic, partitions }
}

function writeDescribeTransactionsResponseTransactionStateTopic(writer: Writer, _version: number, value: DescribeTransactionsResponseTransactionStateTopic): void {
  writer.string(value.topic, true)
  writer.arrayCount(value.partitions.length, true)
  writer.int32Array(value.partitions)
  writer.unsignedVarint(0)
}

// ── EndTxnRequest (26) 0-5 ──

export interface EndTxnRequest extends Infer<typeof schema.EndTxnRequest> {}

export function defaultEndTxnRequest(): EndTxnRequest {
  return {
    transactionalId: '',
    producerId: 0,
    producerEpoch: 0,
    committed: false,
  }
}

export function readEndTxnRequest(reader: Reader, version: number): EndTxnRequest {
  const flexible = version >= 3
  const transactionalId = reader.string(flexible)
  const producerId = reader.int64()
  const producerEpoch = reader.int16()
  const committed = reader.bool()
  if (flexible) reader.skipTags()
  return { transactionalId, producerId, producerEpoch, committed }
}

export function writeEndTxnRequest(writer: Writer, version: number, value: EndTxnRequest): void {
  const flexible = version >= 3
  writer.string(value.transactionalId, flexible)
  writer.int64(value.producerId)
  writer.int16(value.producerEpoch)
  writer.bool(value.committed)
  if (flexible) writer.unsignedVarint(0)
}

// ── EndTxnResponse (26) 0-5 ──

export interface EndTxnResponse extends Infer<typeof schema.EndTxnResponse> {}

export function defaultEndTxnResponse(): EndTxnResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    producerId: -1,
    producerEpoch: -1,
  }
}

export function readEndTxnResponse(reader: Reader, version: number): EndTxnResponse {
  const flexible = version >= 3
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const producerId = version >= 5 ? reader.int64() : -1
  const producerEpoch = version >= 5 ? reader.int16() : -1
  if (flexible) reader.skipTags()
  return { throttleTimeMs, errorCode, producerId, producerEpoch }
}

export function writeEndTxnResponse(writer: Writer, version: number, value: EndTxnResponse): void {
  const flexible = version >= 3
  writer.int32(value.throttleTimeMs)
  writer.errorCode(value.errorCode)
  if (version >= 5) writer.int64(value.producerId)
  if (version >= 5) writer.int16(value.producerEpoch)
  if (flexible) writer.unsignedVarint(0)
}

// ── InitProducerIdRequest (22) 0-5 ──

export interface InitProducerIdRequest extends Infer<typeof schema.InitProducerIdRequest> {}

export function defaultInitProducerIdRequest(): InitProducerIdRequest {
  return {
    transactionalId: '',
    transactionTimeoutMs: 0,
    producerId: -1,
    producerEpoch: -1,
  }
}

export function readInitProducerIdRequest(reader: Reader, version: number): InitProducerIdRequest {
  const flexible = version >= 2
  const transactionalId = reader.nullableString(flexible)
  const transactionTimeoutMs = reader.int32()
  const producerId = version >= 3 ? reader.int64() : -1
  const producerEpoch = version >= 3 ? reader.int16() : -1
  if (flexible) reader.skipTags()
  return { transactionalId, transactionTimeoutMs, producerId, producerEpoch }
}

export function writeInitProducerIdRequest(writer: Writer, version: number, value: InitProducerIdRequest): void {
  const flexible = version >= 2
  writer.string(value.transactionalId, flexible)
  writer.int32(value.transactionTimeoutMs)
  if (version >= 3) writer.int64(value.producerId)
  else if (value.producerId !== -1) throw unwritable('InitProducerIdRequest', 'producerId', version)
  if (version >= 3) writer.int16(value.producerEpoch)
  else if (value.producerEpoch !== -1) throw unwritable('InitProducerIdRequest', 'producerEpoch', version)
  if (flexible) writer.unsignedVarint(0)
}

// ── InitProducerIdResponse (22) 0-5 ──

export interface InitProducerIdResponse extends Infer<typeof schema.InitProducerIdResponse> {}

export function defaultInitProducerIdResponse(): InitProducerIdResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    producerId: -1,
    producerEpoch: 0,
  }
}

export function readInitProducerIdResponse(reader: Reader, version: number): InitProducerIdResponse {
  const flexible = version >= 2
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const producerId = reader.int64()
  const producerEpoch = reader.int16()
  if (flexible) reader.skipTags()
  return { throttleTimeMs, errorCode, producerId, producerEpoch }
}

export function writeInitProducerIdResponse(writer: Writer, version: number, value: InitProducerIdResponse): void {
  const flexible = version >= 2
  writer.int32(value.throttleTimeMs)
  writer.errorCode(value.errorCode)
  writer.int64(value.producerId)
  writer.int16(value.producerEpoch)
  if (flexible) writer.unsignedVarint(0)
}

// ── ListTransactionsRequest (66) 0-2 ──

export interface ListTransactionsRequest extends Infer<typeof schema.ListTransactionsRequest> {}

export function defaultListTransactionsRequest(): ListTransactionsRequest {
  return {
    stateFilters: [],
    producerIdFilters: [],
    durationFilter: -1,
    transactionalIdPattern: null,
  }
}

export function readListTransactionsRequest(reader: Reader, version: number): ListTransactionsRequest {
  const stateFiltersCount = reader.arrayCount(true, 1)
  const stateFilters = reader.stringArray(stateFiltersCount, true)
  const producerIdFiltersCount = reader.arrayCount(true, 8)
  const producerIdFilters = reader.int64Array(producerIdFiltersCount)
  const durationFilter = version >= 1 ? reader.int64() : -1
  const transactionalIdPattern = version >= 2 ? reader.nullableString(true) : null
  reader.skipTags()
  return { stateFilters, producerIdFilters, durationFilter, transactionalIdPattern }
}

export function writeListTransactionsRequest(writer: Writer, version: number, value: ListTransactionsRequest): void {
  writer.arrayCount(value.stateFilters.length, true)
  writer.stringArray(value.stateFilters, true)
  writer.arrayCount(value.producerIdFilters.length, true)
  writer.int64Array(value.producerIdFilters)
  if (version >= 1) writer.int64(value.durationFilter)
  else if (value.durationFilter !== -1) throw unwritable('ListTransactionsRequest', 'durationFilter', version)
  if (version >= 2) writer.string(value.transactionalIdPattern, true)
  else if (value.transactionalIdPattern !== null) throw unwritable('ListTransactionsRequest', 'transactionalIdPattern', version)
  writer.unsignedVarint(0)
}

// ── ListTransactionsResponse (66) 0-2 ──

export interface ListTransactionsResponse extends Infer<typeof schema.ListTransactionsResponse> {}
export type ListTransactionsResponseTransactionState = ListTransactionsResponse['transactionStates'][number]

export function defaultListTransactionsResponse(): ListTransactionsResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    unknownStateFilters: [],
    transactionStates: [],
  }
}

export function readListTransactionsResponse(reader: Reader, version: number): ListTransactionsResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const unknownStateFiltersCount = reader.arrayCount(true, 1)
  const unknownStateFilters = reader.stringArray(unknownStateFiltersCount, true)
  const transactionStatesCount = reader.arrayCount(true, 11)
  const transactionStates: ListTransactionsResponseTransactionState[] = []
  for (let index = 0; index < transactionStatesCount; index++) transactionStates.push(readListTransactionsResponseTransactionState(reader, version))
  reader.skipTags()
  return { throttleTimeMs, errorCode, unknownStateFilters, transactionStates }
}

export function writeListTransactionsResponse(writer: Writer, version: number, value: ListTransactionsResponse): void {
  writer.int32(value.throttleTimeMs)
  writer.errorCode(value.errorCode)
  writer.arrayCount(value.unknownStateFilters.length, true)
  writer.stringArray(value.unknownStateFilters, true)
  writer.arrayCount(value.transactionStates.length, true)
  for (const element of value.transactionStates) writeListTransactionsResponseTransactionState(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultListTransactionsResponseTransactionState(): ListTransactionsResponseTransactionState {
  return {
    transactionalId: '',
    producerId: 0,
    transactionState: '',
  }
}

function readListTransactionsResponseTransactionState(reader: Reader, _version: number): ListTransactionsResponseTransactionState {
  const transactionalId = reader.string(true)
  const producerId = reader.int64()
  const transactionState = reader.string(true)
  reader.skipTags()
  return { transactionalId, producerId, transactionState }
}

function writeListTransactionsResponseTransactionState(writer: Writer, _version: number, value: ListTransactionsResponseTransactionState): void {
  writer.string(value.transactionalId, true)
  writer.int64(value.producerId)
  writer.string(value.transactionState, true)
  writer.unsignedVarint(0)
}

// ── TxnOffsetCommitRequest (28) 0-5 ──

export interface TxnOffsetCommitRequest extends Infer<typeof schema.TxnOffsetCommitRequest> {}
export type TxnOffsetCommitRequestTopic = TxnOffsetCommitRequest['topics'][number]
export type TxnOffsetCommitRequestTopicPartition = TxnOffsetCommitRequestTopic['partitions'][number]

export function defaultTxnOffsetCommitRequest(): TxnOffsetCommitRequest {
  return {
    transactionalId: '',
    groupId: '',
    producerId: 0,
    producerEpoch: 0,
    generationId: -1,
    memberId: '',
    groupInstanceId: null,
    topics: [],
  }
}

export function readTxnOffsetCommitRequest(reader: Reader, version: number): TxnOffsetCommitRequest {
  const flexible = version >= 3
  const transactionalId = reader.string(flexible)
  const groupId = reader.string(flexible)
  const producerId = reader.int64()
  const producerEpoch = reader.int16()
  const generationId = version >= 3 ? reader.int32() : -1
  const memberId = version >= 3 ? reader.string(flexible) : ''
  const groupInstanceId = version >= 3 ? reader.nullableString(flexible) : null
  const topicsCount = reader.arrayCount(flexible, 3)
  const topics: TxnOffsetCommitRequestTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readTxnOffsetCommitRequestTopic(reader, version))
  if (flexible) reader.skipTags()
  return {
    transactionalId,
    groupId,
    producerId,
    producerEpoch,
    generationId,
    memberId,
    groupInstanceId,
    topics,
  }
}

export function writeTxnOffsetCommitRequest(writer: Writer, version: number, value: TxnOffsetCommitRequest): void {
  const flexible = version >= 3
  writer.string(value.transactionalId, flexible)
  writer.string(value.groupId, flexible)
  writer.int64(value.producerId)
  writer.int16(value.producerEpoch)
  if (version >= 3) writer.int32(value.generationId)
  else if (value.generationId !== -1) throw unwritable('TxnOffsetCommitRequest', 'generationId', version)
  if (version >= 3) writer.string(value.memberId, flexible)
  else if (value.memberId !== '') throw unwritable('TxnOffsetCommitRequest', 'memberId', version)
  if (version >= 3) writer.string(value.groupInstanceId, flexible)
  else if (value.groupInstanceId !== null) throw unwritable('TxnOffsetCommitRequest', 'groupInstanceId', version)
  writer.arrayCount(value.topics.length, flexible)
  for (const element of value.topics) writeTxnOffsetCommitRequestTopic(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultTxnOffsetCommitRequestTopic(): TxnOffsetCommitRequestTopic {
  return {
    name: '',
    partitions: [],
  }
}

function readTxnOffsetCommitRequestTopic(reader: Reader, version: number): TxnOffsetCommitRequestTopic {
  const flexible = version >= 3
  const name = reader.string(flexible)
  const partitionsCount = reader.arrayCount(flexible, 14)
  const partitions: TxnOffsetCommitRequestTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readTxnOffsetCommitRequestTopicPartition(reader, version))
  if (flexible) reader.skipTags()
  return { name, partitions }
}

function writeTxnOffsetCommitRequestTopic(writer: Writer, version: number, value: TxnOffsetCommitRequestTopic): void {
  const flexible = version >= 3
  writer.string(value.name, flexible)
  writer.arrayCount(value.partitions.length, flexible)
  for (const element of value.partitions) writeTxnOffsetCommitRequestTopicPartition(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultTxnOffsetCommitRequestTopicPartition(): TxnOffsetCommitRequestTopicPartition {
  return {
    partitionIndex: 0,
    committedOffset: 0,
    committedLeaderEpoch: -1,
    committedMetadata: '',
  }
}

function readTxnOffsetCommitRequestTopicPartition(reader: Reader, version: number): TxnOffsetCommitRequestTopicPartition {
  const flexible = version >= 3
  const partitionIndex = reader.int32()
  const committedOffset = reader.int64()
  const committedLeaderEpoch = version >= 2 ? reader.int32() : -1
  const committedMetadata = reader.nullableString(flexible)
  if (flexible) reader.skipTags()
  return { partitionIndex, committedOffset, committedLeaderEpoch, committedMetadata }
}

function writeTxnOffsetCommitRequestTopicPartition(writer: Writer, version: number, value: TxnOffsetCommitRequestTopicPartition): void {
  const flexible = version >= 3
  writer.int32(value.partitionIndex)
  writer.int64(value.committedOffset)
  if (version >= 2) writer.int32(value.committedLeaderEpoch)
  writer.string(value.committedMetadata, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── TxnOffsetCommitResponse (28) 0-5 ──

export interface TxnOffsetCommitResponse extends Infer<typeof schema.TxnOffsetCommitResponse> {}
export type TxnOffsetCommitResponseTopic = TxnOffsetCommitResponse['topics'][number]
export type TxnOffsetCommitResponseTopicPartition = TxnOffsetCommitResponseTopic['partitions'][number]

export function defaultTxnOffsetCommitResponse(): TxnOffsetCommitResponse {
  return {
    throttleTimeMs: 0,
    topics: [],
  }
}

export function readTxnOffsetCommitResponse(reader: Reader, version: number): TxnOffsetCommitResponse {
  const flexible = version >= 3
  const throttleTimeMs = reader.int32()
  const topicsCount = reader.arrayCount(flexible, 3)
  const topics: TxnOffsetCommitResponseTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readTxnOffsetCommitResponseTopic(reader, version))
  if (flexible) reader.skipTags()
  return { throttleTimeMs, topics }
}

export function writeTxnOffsetCommitResponse(writer: Writer, version: number, value: TxnOffsetCommitResponse): void {
  const flexible = version >= 3
  writer.int32(value.throttleTimeMs)
  writer.arrayCount(value.topics.length, flexible)
  for (const element of value.topics) writeTxnOffsetCommitResponseTopic(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultTxnOffsetCommitResponseTopic(): TxnOffsetCommitResponseTopic {
  return {
    name: '',
    partitions: [],
  }
}

function readTxnOffsetCommitResponseTopic(reader: Reader, version: number): TxnOffsetCommitResponseTopic {
  const flexible = version >= 3
  const name = reader.string(flexible)
  const partitionsCount = reader.arrayCount(flexible, 6)
  const partitions: TxnOffsetCommitResponseTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readTxnOffsetCommitResponseTopicPartition(reader, version))
  if (flexible) reader.skipTags()
  return { name, partitions }
}

function writeTxnOffsetCommitResponseTopic(writer: Writer, version: number, value: TxnOffsetCommitResponseTopic): void {
  const flexible = version >= 3
  writer.string(value.name, flexible)
  writer.arrayCount(value.partitions.length, flexible)
  for (const element of value.partitions) writeTxnOffsetCommitResponseTopicPartition(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultTxnOffsetCommitResponseTopicPartition(): TxnOffsetCommitResponseTopicPartition {
  return {
    partitionIndex: 0,
    errorCode: 0,
  }
}

function readTxnOffsetCommitResponseTopicPartition(reader: Reader, version: number): TxnOffsetCommitResponseTopicPartition {
  const flexible = version >= 3
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  if (flexible) reader.skipTags()
  return { partitionIndex, errorCode }
}

function writeTxnOffsetCommitResponseTopicPartition(writer: Writer, version: number, value: TxnOffsetCommitResponseTopicPartition): void {
  const flexible = version >= 3
  writer.int32(value.partitionIndex)
  writer.errorCode(value.errorCode)
  if (flexible) writer.unsignedVarint(0)
}

// ── WriteTxnMarkersRequest (27) 1-2 ──

export interface WriteTxnMarkersRequest extends Infer<typeof schema.WriteTxnMarkersRequest> {}
export type WriteTxnMarkersRequestMarker = WriteTxnMarkersRequest['markers'][number]
export type WriteTxnMarkersRequestMarkerTopic = WriteTxnMarkersRequestMarker['topics'][number]

export function defaultWriteTxnMarkersRequest(): WriteTxnMarkersRequest {
  return {
    markers: [],
  }
}

export function readWriteTxnMarkersRequest(reader: Reader, version: number): WriteTxnMarkersRequest {
  const markersCount = reader.arrayCount(true, 17)
  const markers: WriteTxnMarkersRequestMarker[] = []
  for (let index = 0; index < markersCount; index++) markers.push(readWriteTxnMarkersRequestMarker(reader, version))
  reader.skipTags()
  return { markers }
}

export function writeWriteTxnMarkersRequest(writer: Writer, version: number, value: WriteTxnMarkersRequest): void {
  writer.arrayCount(value.markers.length, true)
  for (const element of value.markers) writeWriteTxnMarkersRequestMarker(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultWriteTxnMarkersRequestMarker(): WriteTxnMarkersRequestMarker {
  return {
    producerId: 0,
    producerEpoch: 0,
    transactionResult: false,
    topics: [],
    coordinatorEpoch: 0,
    transactionVersion: 0,
  }
}

function readWriteTxnMarkersRequestMarker(reader: Reader, version: number): WriteTxnMarkersRequestMarker {
  const producerId = reader.int64()
  const producerEpoch = reader.int16()
  const transactionResult = reader.bool()
  const topicsCount = reader.arrayCount(true, 3)
  const topics: WriteTxnMarkersRequestMarkerTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readWriteTxnMarkersRequestMarkerTopic(reader, version))
  const coordinatorEpoch = reader.int32()
  const transactionVersion = version >= 2 ? reader.int8() : 0
  reader.skipTags()
  return { producerId, producerEpoch, transactionResult, topics, coordinatorEpoch, transactionVersion }
}

function writeWriteTxnMarkersRequestMarker(writer: Writer, version: number, value: WriteTxnMarkersRequestMarker): void {
  writer.int64(value.producerId)
  writer.int16(value.producerEpoch)
  writer.bool(value.transactionResult)
  writer.arrayCount(value.topics.length, true)
  for (const element of value.topics) writeWriteTxnMarkersRequestMarkerTopic(writer, version, element)
  writer.int32(value.coordinatorEpoch)
  if (version >= 2) writer.int8(value.transactionVersion)
  writer.unsignedVarint(0)
}

export function defaultWriteTxnMarkersRequestMarkerTopic(): WriteTxnMarkersRequestMarkerTopic {
  return {
    name: '',
    partitionIndexes: [],
  }
}

function readWriteTxnMarkersRequestMarkerTopic(reader: Reader, _version: number): WriteTxnMarkersRequestMarkerTopic {
  const name = reader.string(true)
  const partitionIndexesCount = reader.arrayCount(true, 4)
  const partitionIndexes = reader.int32Array(partitionIndexesCount)
  reader.skipTags()
  return { name, partitionIndexes }
}

function writeWriteTxnMarkersRequestMarkerTopic(writer: Writer, _version: number, value: WriteTxnMarkersRequestMarkerTopic): void {
  writer.string(value.name, true)
  writer.arrayCount(value.partitionIndexes.length, true)
  writer.int32Array(value.partitionIndexes)
  writer.unsignedVarint(0)
}

// ── WriteTxnMarkersResponse (27) 1-2 ──

export interface WriteTxnMarkersResponse extends Infer<typeof schema.WriteTxnMarkersResponse> {}
export type WriteTxnMarkersResponseMarker = WriteTxnMarkersResponse['markers'][number]
export type WriteTxnMarkersResponseMarkerTopic = WriteTxnMarkersResponseMarker['topics'][number]
export type WriteTxnMarkersResponseMarkerTopicPartition = WriteTxnMarkersResponseMarkerTopic['partitions'][number]

export function defaultWriteTxnMarkersResponse(): WriteTxnMarkersResponse {
  return {
    markers: [],
  }
}

export function readWriteTxnMarkersResponse(reader: Reader, version: number): WriteTxnMarkersResponse {
  const markersCount = reader.arrayCount(true, 10)
  const markers: WriteTxnMarkersResponseMarker[] = []
  for (let index = 0; index < markersCount; index++) markers.push(readWriteTxnMarkersResponseMarker(reader, version))
  reader.skipTags()
  return { markers }
}

export function writeWriteTxnMarkersResponse(writer: Writer, version: number, value: WriteTxnMarkersResponse): void {
  writer.arrayCount(value.markers.length, true)
  for (const element of value.markers) writeWriteTxnMarkersResponseMarker(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultWriteTxnMarkersResponseMarker(): WriteTxnMarkersResponseMarker {
  return {
    producerId: 0,
    topics: [],
  }
}

function readWriteTxnMarkersResponseMarker(reader: Reader, version: number): WriteTxnMarkersResponseMarker {
  const producerId = reader.int64()
  const topicsCount = reader.arrayCount(true, 3)
  const topics: WriteTxnMarkersResponseMarkerTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readWriteTxnMarkersResponseMarkerTopic(reader, version))
  reader.skipTags()
  return { producerId, topics }
}

function writeWriteTxnMarkersResponseMarker(writer: Writer, version: number, value: WriteTxnMarkersResponseMarker): void {
  writer.int64(value.producerId)
  writer.arrayCount(value.topics.length, true)
  for (const element of value.topics) writeWriteTxnMarkersResponseMarkerTopic(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultWriteTxnMarkersResponseMarkerTopic(): WriteTxnMarkersResponseMarkerTopic {
  return {
    name: '',
    partitions: [],
  }
}

function readWriteTxnMarkersResponseMarkerTopic(reader: Reader, version: number): WriteTxnMarkersResponseMarkerTopic {
  const name = reader.string(true)
  const partitionsCount = reader.arrayCount(true, 7)
  const partitions: WriteTxnMarkersResponseMarkerTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readWriteTxnMarkersResponseMarkerTopicPartition(reader, version))
  reader.skipTags()
  return { name, partitions }
}

function writeWriteTxnMarkersResponseMarkerTopic(writer: Writer, version: number, value: WriteTxnMarkersResponseMarkerTopic): void {
  writer.string(value.name, true)
  writer.arrayCount(value.partitions.length, true)
  for (const element of value.partitions) writeWriteTxnMarkersResponseMarkerTopicPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultWriteTxnMarkersResponseMarkerTopicPartition(): WriteTxnMarkersResponseMarkerTopicPartition {
  return {
    partitionIndex: 0,
    errorCode: 0,
  }
}

function readWriteTxnMarkersResponseMarkerTopicPartition(reader: Reader, _version: number): WriteTxnMarkersResponseMarkerTopicPartition {
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  reader.skipTags()
  return { partitionIndex, errorCode }
}

function writeWriteTxnMarkersResponseMarkerTopicPartition(writer: Writer, _version: number, value: WriteTxnMarkersResponseMarkerTopicPartition): void {
  writer.int32(value.partitionIndex)
  writer.errorCode(value.errorCode)
  writer.unsignedVarint(0)
}
