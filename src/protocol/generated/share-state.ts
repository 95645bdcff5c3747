// From ../messages/share-state.ts. Written by scripts/generate-codecs.ts: change the source and run `npm run generate`.

import { ZERO_UUID } from '../../base/uuid.ts'
import type * as schema from '../messages/share-state.ts'
import type { Reader } from '../reader.ts'
import type { Infer } from '../schema.ts'
import type { Writer } from '../writer.ts'

// ── DeleteShareGroupStateRequest (86) 0 ──

export interface DeleteShareGroupStateRequest extends Infer<typeof schema.DeleteShareGroupStateRequest> {}
export type DeleteShareGroupStateRequestTopic = DeleteShareGroupStateRequest['topics'][number]
export type DeleteShareGroupStateRequestTopicPartition = DeleteShareGroupStateRequestTopic['partitions'][number]

export function defaultDeleteShareGroupStateRequest(): DeleteShareGroupStateRequest {
  return {
    groupId: '',
    topics: [],
  }
}

export function readDeleteShareGroupStateRequest(reader: Reader, version: number): DeleteShareGroupStateRequest {
  const groupId = reader.string(true)
  const topicsCount = reader.arrayCount(true, 18)
  const topics: DeleteShareGroupStateRequestTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readDeleteShareGroupStateRequestTopic(reader, version))
  reader.skipTags()
  return { groupId, topics }
}

export function writeDeleteShareGroupStateRequest(writer: Writer, version: number, value: DeleteShareGroupStateRequest): void {
  writer.string(value.groupId, true)
  writer.arrayCount(value.topics.length, true)
  for (const element of value.topics) writeDeleteShareGroupStateRequestTopic(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultDeleteShareGroupStateRequestTopic(): DeleteShareGroupStateRequestTopic {
  return {
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readDeleteShareGroupStateRequestTopic(reader: Reader, version: number): DeleteShareGroupStateRequestTopic {
  const topicId = reader.uuid()
  const partitionsCount = reader.arrayCount(true, 5)
  const partitions: DeleteShareGroupStateRequestTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readDeleteShareGroupStateRequestTopicPartition(reader, version))
  reader.skipTags()
  return { topicId, partitions }
}

function writeDeleteShareGroupStateRequestTopic(writer: Writer, version: number, value: DeleteShareGroupStateRequestTopic): void {
  writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, true)
  for (const element of value.partitions) writeDeleteShareGroupStateRequestTopicPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultDeleteShareGroupStateRequestTopicPartition(): DeleteShareGroupStateRequestTopicPartition {
  return {
    partition: 0,
  }
}

function readDeleteShareGroupStateRequestTopicPartition(reader: Reader, _version: number): DeleteShareGroupStateRequestTopicPartition {
  const partition = reader.int32()
  reader.skipTags()
  return { partition }
}

function writeDeleteShareGroupStateRequestTopicPartition(writer: Writer, _version: number, value: DeleteShareGroupStateRequestTopicPartition): void {
  writer.int32(value.partition)
  writer.unsignedVarint(0)
}

// ── DeleteShareGroupStateResponse (86) 0 ──

export interface DeleteShareGroupStateResponse extends Infer<typeof schema.DeleteShareGroupStateResponse> {}
export type DeleteShareGroupStateResponseResult = DeleteShareGroupStateResponse['results'][number]
export type DeleteShareGroupStateResponseResultPartition = DeleteShareGroupStateResponseResult['partitions'][number]

export function defaultDeleteShareGroupStateResponse(): DeleteShareGroupStateResponse {
  return {
    results: [],
  }
}

export function readDeleteShareGroupStateResponse(reader: Reader, version: number): DeleteShareGroupStateResponse {
  const resultsCount = reader.arrayCount(true, 18)
  const results: DeleteShareGroupStateResponseResult[] = []
  for (let index = 0; index < resultsCount; index++) results.push(readDeleteShareGroupStateResponseResult(reader, version))
  reader.skipTags()
  return { results }
}

export function writeDeleteShareGroupStateResponse(writer: Writer, version: number, value: DeleteShareGroupStateResponse): void {
  writer.arrayCount(value.results.length, true)
  for (const element of value.results) writeDeleteShareGroupStateResponseResult(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultDeleteShareGroupStateResponseResult(): DeleteShareGroupStateResponseResult {
  return {
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readDeleteShareGroupStateResponseResult(reader: Reader, version: number): DeleteShareGroupStateResponseResult {
  const topicId = reader.uuid()
  const partitionsCount = reader.arrayCount(true, 8)
  const partitions: DeleteShareGroupStateResponseResultPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readDeleteShareGroupStateResponseResultPartition(reader, version))
  reader.skipTags()
  return { topicId, partitions }
}

function writeDeleteShareGroupStateResponseResult(writer: Writer, version: number, value: DeleteShareGroupStateResponseResult): void {
  writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, true)
  for (const element of value.partitions) writeDeleteShareGroupStateResponseResultPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultDeleteShareGroupStateResponseResultPartition(): DeleteShareGroupStateResponseResultPartition {
  return {
    partition: 0,
    errorCode: 0,
    errorMessage: null,
  }
}

function readDeleteShareGroupStateResponseResultPartition(reader: Reader, _version: number): DeleteShareGroupStateResponseResultPartition {
  const partition = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  reader.skipTags()
  return { partition, errorCode, errorMessage }
}

function writeDeleteShareGroupStateResponseResultPartition(writer: Writer, _version: number, value: DeleteShareGroupStateResponseResultPartition): void {
  writer.int32(value.partition)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.unsignedVarint(0)
}

// ── InitializeShareGroupStateRequest (83) 0 ──

export interface InitializeShareGroupStateRequest extends Infer<typeof schema.InitializeShareGroupStateRequest> {}
export type InitializeShareGroupStateRequestTopic = InitializeShareGroupStateRequest['topics'][number]
export type InitializeShareGroupStateRequestTopicPartition = InitializeShareGroupStateRequestTopic['partitions'][number]

export function defaultInitializeShareGroupStateRequest(): InitializeShareGroupStateRequest {
  return {
    groupId: '',
    topics: [],
  }
}

export function readInitializeShareGroupStateRequest(reader: Reader, version: number): InitializeShareGroupStateRequest {
  const groupId = reader.string(true)
  const topicsCount = reader.arrayCount(true, 18)
  const topics: InitializeShareGroupStateRequestTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readInitializeShareGroupStateRequestTopic(reader, version))
  reader.skipTags()
  return { groupId, topics }
}

export function writeInitializeShareGroupStateRequest(writer: Writer, version: number, value: InitializeShareGroupStateRequest): void {
  writer.string(value.groupId, true)
  writer.arrayCount(value.topics.length, true)
  for (const element of value.topics) writeInitializeShareGroupStateRequestTopic(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultInitializeShareGroupStateRequestTopic(): InitializeShareGroupStateRequestTopic {
  return {
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readInitializeShareGroupStateRequestTopic(reader: Reader, version: number): InitializeShareGroupStateRequestTopic {
  const topicId = reader.uuid()
  const partitionsCount = reader.arrayCount(true, 17)
  const partitions: InitializeShareGroupStateRequestTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readInitializeShareGroupStateRequestTopicPartition(reader, version))
  reader.skipTags()
  return { topicId, partitions }
}

function writeInitializeShareGroupStateRequestTopic(writer: Writer, version: number, value: InitializeShareGroupStateRequestTopic): void {
  writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, true)
  for (const element of value.partitions) writeInitializeShareGroupStateRequestTopicPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultInitializeShareGroupStateRequestTopicPartition(): InitializeShareGroupStateRequestTopicPartition {
  return {
    partition: 0,
    stateEpoch: 0,
    startOffset: 0,
  }
}

function readInitializeShareGroupStateRequestTopicPartition(reader: Reader, _version: number): InitializeShareGroupStateRequestTopicPartition {
  const partition = reader.int32()
  const stateEpoch = reader.int32()
  const startOffset = reader.int64()
  reader.skipTags()
  return { partition, stateEpoch, startOffset }
}

function writeInitializeShareGroupStateRequestTopicPartition(writer: Writer, _version: number, value: InitializeShareGroupStateRequestTopicPartition): void {
  writer.int32(value.partition)
  writer.int32(value.stateEpoch)
  writer.int64(value.startOffset)
  writer.unsignedVarint(0)
}

// ── InitializeShareGroupStateResponse (83) 0 ──

export interface InitializeShareGroupStateResponse extends Infer<typeof schema.InitializeShareGroupStateResponse> {}
export type InitializeShareGroupStateResponseResult = InitializeShareGroupStateResponse['results'][number]
export type InitializeShareGroupStateResponseResultPartition = InitializeShareGroupStateResponseResult['partitions'][number]

export function defaultInitializeShareGroupStateResponse(): InitializeShareGroupStateResponse {
  return {
    results: [],
  }
}

export function readInitializeShareGroupStateResponse(reader: Reader, version: number): InitializeShareGroupStateResponse {
  const resultsCount = reader.arrayCount(true, 18)
  const results: InitializeShareGroupStateResponseResult[] = []
  for (let index = 0; index < resultsCount; index++) results.push(readInitializeShareGroupStateResponseResult(reader, version))
  reader.skipTags()
  return { results }
}

export function writeInitializeShareGroupStateResponse(writer: Writer, version: number, value: InitializeShareGroupStateResponse): void {
  writer.arrayCount(value.results.length, true)
  for (const element of value.results) writeInitializeShareGroupStateResponseResult(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultInitializeShareGroupStateResponseResult(): InitializeShareGroupStateResponseResult {
  return {
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readInitializeShareGroupStateResponseResult(reader: Reader, version: number): InitializeShareGroupStateResponseResult {
  const topicId = reader.uuid()
  const partitionsCount = reader.arrayCount(true, 8)
  const partitions: InitializeShareGroupStateResponseResultPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readInitializeShareGroupStateResponseResultPartition(reader, version))
  reader.skipTags()
  return { topicId, partitions }
}

function writeInitializeShareGroupStateResponseResult(writer: Writer, version: number, value: InitializeShareGroupStateResponseResult): void {
  writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, true)
  for (const element of value.partitions) writeInitializeShareGroupStateResponseResultPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultInitializeShareGroupStateResponseResultPartition(): InitializeShareGroupStateResponseResultPartition {
  return {
    partition: 0,
    errorCode: 0,
    errorMessage: null,
  }
}

function readInitializeShareGroupStateResponseResultPartition(reader: Reader, _version: number): InitializeShareGroupStateResponseResultPartition {
  const partition = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  reader.skipTags()
  return { partition, errorCode, errorMessage }
}

function writeInitializeShareGroupStateResponseResultPartition(writer: Writer, _version: number, value: InitializeShareGroupStateResponseResultPartition): void {
  writer.int32(value.partition)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.unsignedVarint(0)
}

// ── ReadShareGroupStateRequest (84) 0 ──

export interface ReadShareGroupStateRequest extends Infer<typeof schema.ReadShareGroupStateRequest> {}
export type ReadShareGroupStateRequestTopic = ReadShareGroupStateRequest['topics'][number]
export type ReadShareGroupStateRequestTopicPartition = ReadShareGroupStateRequestTopic['partitions'][number]

export function defaultReadShareGroupStateRequest(): ReadShareGroupStateRequest {
  return {
    groupId: '',
    topics: [],
  }
}

export function readReadShareGroupStateRequest(reader: Reader, version: number): ReadShareGroupStateRequest {
  const groupId = reader.string(true)
  const topicsCount = reader.arrayCount(true, 18)
  const topics: ReadShareGroupStateRequestTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readReadShareGroupStateRequestTopic(reader, version))
  reader.skipTags()
  return { groupId, topics }
}

export function writeReadShareGroupStateRequest(writer: Writer, version: number, value: ReadShareGroupStateRequest): void {
  writer.string(value.groupId, true)
  writer.arrayCount(value.topics.length, true)
  for (const element of value.topics) writeReadShareGroupStateRequestTopic(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultReadShareGroupStateRequestTopic(): ReadShareGroupStateRequestTopic {
  return {
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readReadShareGroupStateRequestTopic(reader: Reader, version: number): ReadShareGroupStateRequestTopic {
  const topicId = reader.uuid()
  const partitionsCount = reader.arrayCount(true, 9)
  const partitions: ReadShareGroupStateRequestTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readReadShareGroupStateRequestTopicPartition(reader, version))
  reader.skipTags()
  return { topicId, partitions }
}

function writeReadShareGroupStateRequestTopic(writer: Writer, version: number, value: ReadShareGroupStateRequestTopic): void {
  writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, true)
  for (const element of value.partitions) writeReadShareGroupStateRequestTopicPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultReadShareGroupStateRequestTopicPartition(): ReadShareGroupStateRequestTopicPartition {
  return {
    partition: 0,
    leaderEpoch: 0,
  }
}

function readReadShareGroupStateRequestTopicPartition(reader: Reader, _version: number): ReadShareGroupStateRequestTopicPartition {
  const partition = reader.int32()
  const leaderEpoch = reader.int32()
  reader.skipTags()
  return { partition, leaderEpoch }
}

function writeReadShareGroupStateRequestTopicPartition(writer: Writer, _version: number, value: ReadShareGroupStateRequestTopicPartition): void {
  writer.int32(value.partition)
  writer.int32(value.leaderEpoch)
  writer.unsignedVarint(0)
}

// ── ReadShareGroupStateResponse (84) 0 ──

export interface ReadShareGroupStateResponse extends Infer<typeof schema.ReadShareGroupStateResponse> {}
export type ReadShareGroupStateResponseResult = ReadShareGroupStateResponse['results'][number]
export type ReadShareGroupStateResponseResultPartition = ReadShareGroupStateResponseResult['partitions'][number]
export type ReadShareGroupStateResponseResultPartitionStateBatche = ReadShareGroupStateResponseResultPartition['stateBatches'][number]

export function defaultReadShareGroupStateResponse(): ReadShareGroupStateResponse {
  return {
    results: [],
  }
}

export function readReadShareGroupStateResponse(reader: Reader, version: number): ReadShareGroupStateResponse {
  const resultsCount = reader.arrayCount(true, 18)
  const results: ReadShareGroupStateResponseResult[] = []
  for (let index = 0; index < resultsCount; index++) results.push(readReadShareGroupStateResponseResult(reader, version))
  reader.skipTags()
  return { results }
}

export function writeReadShareGroupStateResponse(writer: Writer, version: number, value: ReadShareGroupStateResponse): void {
  writer.arrayCount(value.results.length, true)
  for (const element of value.results) writeReadShareGroupStateResponseResult(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultReadShareGroupStateResponseResult(): ReadShareGroupStateResponseResult {
  return {
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readReadShareGroupStateResponseResult(reader: Reader, version: number): ReadShareGroupStateResponseResult {
  const topicId = reader.uuid()
  const partitionsCount = reader.arrayCount(true, 21)
  const partitions: ReadShareGroupStateResponseResultPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readReadShareGroupStateResponseResultPartition(reader, version))
  reader.skipTags()
  return { topicId, partitions }
}

function writeReadShareGroupStateResponseResult(writer: Writer, version: number, value: ReadShareGroupStateResponseResult): void {
  writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, true)
  for (const element of value.partitions) writeReadShareGroupStateResponseResultPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultReadShareGroupStateResponseResultPartition(): ReadShareGroupStateResponseResultPartition {
  return {
    partition: 0,
    errorCode: 0,
    errorMessage: null,
    stateEpoch: 0,
    startOffset: 0,
    stateBatches: [],
  }
}

function readReadShareGroupStateResponseResultPartition(reader: Reader, version: number): ReadShareGroupStateResponseResultPartition {
  const partition = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  const stateEpoch = reader.int32()
  const startOffset = reader.int64()
  const stateBatchesCount = reader.arrayCount(true, 20)
  const stateBatches: ReadShareGroupStateResponseResultPartitionStateBatche[] = []
  for (let index = 0; index < stateBatchesCount; index++) stateBatches.push(readReadShareGroupStateResponseResultPartitionStateBatche(reader, version))
  reader.skipTags()
  return { partition, errorCode, errorMessage, stateEpoch, startOffset, stateBatches }
}

function writeReadShareGroupStateResponseResultPartition(writer: Writer, version: number, value: ReadShareGroupStateResponseResultPartition): void {
  writer.int32(value.partition)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.int32(value.stateEpoch)
  writer.int64(value.startOffset)
  writer.arrayCount(value.stateBatches.length, true)
  for (const element of value.stateBatches) writeReadShareGroupStateResponseResultPartitionStateBatche(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultReadShareGroupStateResponseResultPartitionStateBatche(): ReadShareGroupStateResponseResultPartitionStateBatche {
  return {
    firstOffset: 0,
    lastOffset: 0,
    deliveryState: 0,
    deliveryCount: 0,
  }
}

function readReadShareGroupStateResponseResultPartitionStateBatche(reader: Reader, _version: number): ReadShareGroupStateResponseResultPartitionStateBatche {
  const firstOffset = reader.int64()
  const lastOffset = reader.int64()
  const deliveryState = reader.int8()
  const deliveryCount = reader.int16()
  reader.skipTags()
  return { firstOffset, lastOffset, deliveryState, deliveryCount }
}

function writeReadShareGroupStateResponseResultPartitionStateBatche(writer: Writer, _version: number, value: ReadShareGroupStateResponseResultPartitionStateBatche): void {
  writer.int64(value.firstOffset)
  writer.int64(value.lastOffset)
  writer.int8(value.deliveryState)
  writer.int16(value.deliveryCount)
  writer.unsignedVarint(0)
}

// ── ReadShareGroupStateSummaryRequest (87) 0-1 ──

export interface ReadShareGroupStateSummaryRequest extends Infer<typeof schema.ReadShareGroupStateSummaryRequest> {}
export type ReadShareGroupStateSummaryRequestTopic = ReadShareGroupStateSummaryRequest['topics'][number]
export type ReadShareGroupStateSummaryRequestTopicPartition = ReadShareGroupStateSummaryRequestTopic['partitions'][number]

export function defaultReadShareGroupStateSummaryRequest(): ReadShareGroupStateSummaryRequest {
  return {
    groupId: '',
    topics: [],
  }
}

export function readReadShareGroupStateSummaryRequest(reader: Reader, version: number): ReadShareGroupStateSummaryRequest {
  const groupId = reader.string(true)
  const topicsCount = reader.arrayCount(true, 18)
  const topics: ReadShareGroupStateSummaryRequestTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readReadShareGroupStateSummaryRequestTopic(reader, version))
  reader.skipTags()
  return { groupId, topics }
}

export function writeReadShareGroupStateSummaryRequest(writer: Writer, version: number, value: ReadShareGroupStateSummaryRequest): void {
  writer.string(value.groupId, true)
  writer.arrayCount(value.topics.length, true)
  for (const element of value.topics) writeReadShareGroupStateSummaryRequestTopic(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultReadShareGroupStateSummaryRequestTopic(): ReadShareGroupStateSummaryRequestTopic {
  return {
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readReadShareGroupStateSummaryRequestTopic(reader: Reader, version: number): ReadShareGroupStateSummaryRequestTopic {
  const topicId = reader.uuid()
  const partitionsCount = reader.arrayCount(true, 9)
  const partitions: ReadShareGroupStateSummaryRequestTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readReadShareGroupStateSummaryRequestTopicPartition(reader, version))
  reader.skipTags()
  return { topicId, partitions }
}

function writeReadShareGroupStateSummaryRequestTopic(writer: Writer, version: number, value: ReadShareGroupStateSummaryRequestTopic): void {
  writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, true)
  for (const element of value.partitions) writeReadShareGroupStateSummaryRequestTopicPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultReadShareGroupStateSummaryRequestTopicPartition(): ReadShareGroupStateSummaryRequestTopicPartition {
  return {
    partition: 0,
    leaderEpoch: 0,
  }
}

function readReadShareGroupStateSummaryRequestTopicPartition(reader: Reader, _version: number): ReadShareGroupStateSummaryRequestTopicPartition {
  const partition = reader.int32()
  const leaderEpoch = reader.int32()
  reader.skipTags()
  return { partition, leaderEpoch }
}

function writeReadShareGroupStateSummaryRequestTopicPartition(writer: Writer, _version: number, value: ReadShareGroupStateSummaryRequestTopicPartition): void {
  writer.int32(value.partition)
  writer.int32(value.leaderEpoch)
  writer.unsignedVarint(0)
}

// ── ReadShareGroupStateSummaryResponse (87) 0-1 ──

export interface ReadShareGroupStateSummaryResponse extends Infer<typeof schema.ReadShareGroupStateSummaryResponse> {}
export type ReadShareGroupStateSummaryResponseResult = ReadShareGroupStateSummaryResponse['results'][number]
export type ReadShareGroupStateSummaryResponseResultPartition = ReadShareGroupStateSummaryResponseResult['partitions'][number]

export function defaultReadShareGroupStateSummaryResponse(): ReadShareGroupStateSummaryResponse {
  return {
    results: [],
  }
}

export function readReadShareGroupStateSummaryResponse(reader: Reader, version: number): ReadShareGroupStateSummaryResponse {
  const resultsCount = reader.arrayCount(true, 18)
  const results: ReadShareGroupStateSummaryResponseResult[] = []
  for (let index = 0; index < resultsCount; index++) results.push(readReadShareGroupStateSummaryResponseResult(reader, version))
  reader.skipTags()
  return { results }
}

export function writeReadShareGroupStateSummaryResponse(writer: Writer, version: number, value: ReadShareGroupStateSummaryResponse): void {
  writer.arrayCount(value.results.length, true)
  for (const element of value.results) writeReadShareGroupStateSummaryResponseResult(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultReadShareGroupStateSummaryResponseResult(): ReadShareGroupStateSummaryResponseResult {
  return {
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readReadShareGroupStateSummaryResponseResult(reader: Reader, version: number): ReadShareGroupStateSummaryResponseResult {
  const topicId = reader.uuid()
  const partitionsCount = reader.arrayCount(true, 24)
  const partitions: ReadShareGroupStateSummaryResponseResultPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readReadShareGroupStateSummaryResponseResultPartition(reader, version))
  reader.skipTags()
  return { topicId, partitions }
}

function writeReadShareGroupStateSummaryResponseResult(writer: Writer, version: number, value: ReadShareGroupStateSummaryResponseResult): void {
  writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, true)
  for (const element of value.partitions) writeReadShareGroupStateSummaryResponseResultPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultReadShareGroupStateSummaryResponseResultPartition(): ReadShareGroupStateSummaryResponseResultPartition {
  return {
    partition: 0,
    errorCode: 0,
    errorMessage: null,
    stateEpoch: 0,
    leaderEpoch: 0,
    startOffset: 0,
    deliveryCompleteCount: -1,
  }
}

function readReadShareGroupStateSummaryResponseResultPartition(reader: Reader, version: number): ReadShareGroupStateSummaryResponseResultPartition {
  const partition = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  const stateEpoch = reader.int32()
  const leaderEpoch = reader.int32()
  const startOffset = reader.int64()
  const deliveryCompleteCount = version >= 1 ? reader.int32() : -1
  reader.skipTags()
  return {
    partition,
    errorCode,
    errorMessage,
    stateEpoch,
    leaderEpoch,
    startOffset,
    deliveryCompleteCount,
  }
}

function writeReadShareGroupStateSummaryResponseResultPartition(writer: Writer, version: number, value: ReadShareGroupStateSummaryResponseResultPartition): void {
  writer.int32(value.partition)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.int32(value.stateEpoch)
  writer.int32(value.leaderEpoch)
  writer.int64(value.startOffset)
  if (version >= 1) writer.int32(value.deliveryCompleteCount)
  writer.unsignedVarint(0)
}

// ── WriteShareGroupStateRequest (85) 0-1 ──

export interface WriteShareGroupStateRequest extends Infer<typeof schema.WriteShareGroupStateRequest> {}
export type WriteShareGroupStateRequestTopic = WriteShareGroupStateRequest['topics'][number]
export type WriteShareGroupStateRequestTopicPartition = WriteShareGroupStateRequestTopic['partitions'][number]
export type WriteShareGroupStateRequestTopicPartitionStateBatche = WriteShareGroupStateRequestTopicPartition['stateBatches'][number]

export function defaultWriteShareGroupStateRequest(): WriteShareGroupStateRequest {
  return {
    groupId: '',
    topics: [],
  }
}

export function readWriteShareGroupStateRequest(reader: Reader, version: number): WriteShareGroupStateRequest {
  const groupId = reader.string(true)
  const topicsCount = reader.arrayCount(true, 18)
  const topics: WriteShareGroupStateRequestTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readWriteShareGroupStateRequestTopic(reader, version))
  reader.skipTags()
  return { groupId, topics }
}

export function writeWriteShareGroupStateRequest(writer: Writer, version: number, value: WriteShareGroupStateRequest): void {
  writer.string(value.groupId, true)
  writer.arrayCount(value.topics.length, true)
  for (const element of value.topics) writeWriteShareGroupStateRequestTopic(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultWriteShareGroupStateRequestTopic(): WriteShareGroupStateRequestTopic {
  return {
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readWriteShareGroupStateRequestTopic(reader: Reader, version: number): WriteShareGroupStateRequestTopic {
  const topicId = reader.uuid()
  const partitionsCount = reader.arrayCount(true, 22)
  const partitions: WriteShareGroupStateRequestTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readWriteShareGroupStateRequestTopicPartition(reader, version))
  reader.skipTags()
  return { topicId, partitions }
}

function writeWriteShareGroupStateRequestTopic(writer: Writer, version: number, value: WriteShareGroupStateRequestTopic): void {
  writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, true)
  for (const element of value.partitions) writeWriteShareGroupStateRequestTopicPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultWriteShareGroupStateRequestTopicPartition(): WriteShareGroupStateRequestTopicPartition {
  return {
    partition: 0,
    stateEpoch: 0,
    leaderEpoch: 0,
    startOffset: 0,
    deliveryCompleteCount: -1,
    stateBatches: [],
  }
}

function readWriteShareGroupStateRequestTopicPartition(reader: Reader, version: number): WriteShareGroupStateRequestTopicPartition {
  const partition = reader.int32()
  const stateEpoch = reader.int32()
  const leaderEpoch = reader.int32()
  const startOffset = reader.int64()
  const deliveryCompleteCount = version >= 1 ? reader.int32() : -1
  const stateBatchesCount = reader.arrayCount(true, 20)
  const stateBatches: WriteShareGroupStateRequestTopicPartitionStateBatche[] = []
  for (let index = 0; index < stateBatchesCount; index++) stateBatches.push(readWriteShareGroupStateRequestTopicPartitionStateBatche(reader, version))
  reader.skipTags()
  return { partition, stateEpoch, leaderEpoch, startOffset, deliveryCompleteCount, stateBatches }
}

function writeWriteShareGroupStateRequestTopicPartition(writer: Writer, version: number, value: WriteShareGroupStateRequestTopicPartition): void {
  writer.int32(value.partition)
  writer.int32(value.stateEpoch)
  writer.int32(value.leaderEpoch)
  writer.int64(value.startOffset)
  if (version >= 1) writer.int32(value.deliveryCompleteCount)
  writer.arrayCount(value.stateBatches.length, true)
  for (const element of value.stateBatches) writeWriteShareGroupStateRequestTopicPartitionStateBatche(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultWriteShareGroupStateRequestTopicPartitionStateBatche(): WriteShareGroupStateRequestTopicPartitionStateBatche {
  return {
    firstOffset: 0,
    lastOffset: 0,
    deliveryState: 0,
    deliveryCount: 0,
  }
}

function readWriteShareGroupStateRequestTopicPartitionStateBatche(reader: Reader, _version: number): WriteShareGroupStateRequestTopicPartitionStateBatche {
  const firstOffset = reader.int64()
  const lastOffset = reader.int64()
  const deliveryState = reader.int8()
  const deliveryCount = reader.int16()
  reader.skipTags()
  return { firstOffset, lastOffset, deliveryState, deliveryCount }
}

function writeWriteShareGroupStateRequestTopicPartitionStateBatche(writer: Writer, _version: number, value: WriteShareGroupStateRequestTopicPartitionStateBatche): void {
  writer.int64(value.firstOffset)
  writer.int64(value.lastOffset)
  writer.int8(value.deliveryState)
  writer.int16(value.deliveryCount)
  writer.unsignedVarint(0)
}

// ── WriteShareGroupStateResponse (85) 0-1 ──

export interface WriteShareGroupStateResponse extends Infer<typeof schema.WriteShareGroupStateResponse> {}
export type WriteShareGroupStateResponseResult = WriteShareGroupStateResponse['results'][number]
export type WriteShareGroupStateResponseResultPartition = WriteShareGroupStateResponseResult['partitions'][number]

export function defaultWriteShareGroupStateResponse(): WriteShareGroupStateResponse {
  return {
    results: [],
  }
}

export function readWriteShareGroupStateResponse(reader: Reader, version: number): WriteShareGroupStateResponse {
  const resultsCount = reader.arrayCount(true, 18)
  const results: WriteShareGroupStateResponseResult[] = []
  for (let index = 0; index < resultsCount; index++) results.push(readWriteShareGroupStateResponseResult(reader, version))
  reader.skipTags()
  return { results }
}

export function writeWriteShareGroupStateResponse(writer: Writer, version: number, value: WriteShareGroupStateResponse): void {
  writer.arrayCount(value.results.length, true)
  for (const element of value.results) writeWriteShareGroupStateResponseResult(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultWriteShareGroupStateResponseResult(): WriteShareGroupStateResponseResult {
  return {
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readWriteShareGroupStateResponseResult(reader: Reader, version: number): WriteShareGroupStateResponseResult {
  const topicId = reader.uuid()
  const partitionsCount = reader.arrayCount(true, 8)
  const partitions: WriteShareGroupStateResponseResultPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readWriteShareGroupStateResponseResultPartition(reader, version))
  reader.skipTags()
  return { topicId, partitions }
}

function writeWriteShareGroupStateResponseResult(writer: Writer, version: number, value: WriteShareGroupStateResponseResult): void {
  writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, true)
  for (const element of value.partitions) writeWriteShareGroupStateResponseResultPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultWriteShareGroupStateResponseResultPartition(): WriteShareGroupStateResponseResultPartition {
  return {
    partition: 0,
    errorCode: 0,
    errorMessage: null,
  }
}

function readWriteShareGroupStateResponseResultPartition(reader: Reader, _version: number): WriteShareGroupStateResponseResultPartition {
  const partition = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  reader.skipTags()
  return { partition, errorCode, errorMessage }
}

function writeWriteShareGroupStateResponseResultPartition(writer: Writer, _version: number, value: WriteShareGroupStateResponseResultPartition): void {
  writer.int32(value.partition)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.unsignedVarint(0)
}
