// From ../messages/share-groups.ts. Written by scripts/generate-codecs.ts: change the source and run `npm run generate`.

import { ZERO_UUID } from '../../base/uuid.ts'
import type * as schema from '../messages/share-groups.ts'
import { EMPTY_BYTES } from '../reader.ts'
import type { Reader } from '../reader.ts'
import type { Infer, RecordsSource } from '../schema.ts'
import { unwritable } from '../writer.ts'
import type { Writer } from '../writer.ts'

// ── AlterShareGroupOffsetsRequest (91) 0 ──

export interface AlterShareGroupOffsetsRequest extends Infer<typeof schema.AlterShareGroupOffsetsRequest> {}
export type AlterShareGroupOffsetsRequestTopic = AlterShareGroupOffsetsRequest['topics'][number]
export type AlterShareGroupOffsetsRequestTopicPartition = AlterShareGroupOffsetsRequestTopic['partitions'][number]

export function defaultAlterShareGroupOffsetsRequest(): AlterShareGroupOffsetsRequest {
  return {
    groupId: '',
    topics: [],
  }
}

export function readAlterShareGroupOffsetsRequest(reader: Reader, version: number): AlterShareGroupOffsetsRequest {
  const groupId = reader.string(true)
  const topicsCount = reader.arrayCount(true, 3)
  const topics: AlterShareGroupOffsetsRequestTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readAlterShareGroupOffsetsRequestTopic(reader, version))
  reader.skipTags()
  return { groupId, topics }
}

export function writeAlterShareGroupOffsetsRequest(writer: Writer, version: number, value: AlterShareGroupOffsetsRequest): void {
  writer.string(value.groupId, true)
  writer.arrayCount(value.topics.length, true)
  for (const element of value.topics) writeAlterShareGroupOffsetsRequestTopic(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultAlterShareGroupOffsetsRequestTopic(): AlterShareGroupOffsetsRequestTopic {
  return {
    topicName: '',
    partitions: [],
  }
}

function readAlterShareGroupOffsetsRequestTopic(reader: Reader, version: number): AlterShareGroupOffsetsRequestTopic {
  const topicName = reader.string(true)
  const partitionsCount = reader.arrayCount(true, 13)
  const partitions: AlterShareGroupOffsetsRequestTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readAlterShareGroupOffsetsRequestTopicPartition(reader, version))
  reader.skipTags()
  return { topicName, partitions }
}

function writeAlterShareGroupOffsetsRequestTopic(writer: Writer, version: number, value: AlterShareGroupOffsetsRequestTopic): void {
  writer.string(value.topicName, true)
  writer.arrayCount(value.partitions.length, true)
  for (const element of value.partitions) writeAlterShareGroupOffsetsRequestTopicPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultAlterShareGroupOffsetsRequestTopicPartition(): AlterShareGroupOffsetsRequestTopicPartition {
  return {
    partitionIndex: 0,
    startOffset: 0,
  }
}

function readAlterShareGroupOffsetsRequestTopicPartition(reader: Reader, _version: number): AlterShareGroupOffsetsRequestTopicPartition {
  const partitionIndex = reader.int32()
  const startOffset = reader.int64()
  reader.skipTags()
  return { partitionIndex, startOffset }
}

function writeAlterShareGroupOffsetsRequestTopicPartition(writer: Writer, _version: number, value: AlterShareGroupOffsetsRequestTopicPartition): void {
  writer.int32(value.partitionIndex)
  writer.int64(value.startOffset)
  writer.unsignedVarint(0)
}

// ── AlterShareGroupOffsetsResponse (91) 0 ──

export interface AlterShareGroupOffsetsResponse extends Infer<typeof schema.AlterShareGroupOffsetsResponse> {}
export type AlterShareGroupOffsetsResponseResponse = AlterShareGroupOffsetsResponse['responses'][number]
export type AlterShareGroupOffsetsResponseResponsePartition = AlterShareGroupOffsetsResponseResponse['partitions'][number]

export function defaultAlterShareGroupOffsetsResponse(): AlterShareGroupOffsetsResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    errorMessage: null,
    responses: [],
  }
}

export function readAlterShareGroupOffsetsResponse(reader: Reader, version: number): AlterShareGroupOffsetsResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  const responsesCount = reader.arrayCount(true, 19)
  const responses: AlterShareGroupOffsetsResponseResponse[] = []
  for (let index = 0; index < responsesCount; index++) responses.push(readAlterShareGroupOffsetsResponseResponse(reader, version))
  reader.skipTags()
  return { throttleTimeMs, errorCode, errorMessage, responses }
}

export function writeAlterShareGroupOffsetsResponse(writer: Writer, version: number, value: AlterShareGroupOffsetsResponse): void {
  writer.int32(value.throttleTimeMs)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.arrayCount(value.responses.length, true)
  for (const element of value.responses) writeAlterShareGroupOffsetsResponseResponse(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultAlterShareGroupOffsetsResponseResponse(): AlterShareGroupOffsetsResponseResponse {
  return {
    topicName: '',
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readAlterShareGroupOffsetsResponseResponse(reader: Reader, version: number): AlterShareGroupOffsetsResponseResponse {
  const topicName = reader.string(true)
  const topicId = reader.uuid()
  const partitionsCount = reader.arrayCount(true, 8)
  const partitions: AlterShareGroupOffsetsResponseResponsePartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readAlterShareGroupOffsetsResponseResponsePartition(reader, version))
  reader.skipTags()
  return { topicName, topicId, partitions }
}

function writeAlterShareGroupOffsetsResponseResponse(writer: Writer, version: number, value: AlterShareGroupOffsetsResponseResponse): void {
  writer.string(value.topicName, true)
  writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, true)
  for (const element of value.partitions) writeAlterShareGroupOffsetsResponseResponsePartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultAlterShareGroupOffsetsResponseResponsePartition(): AlterShareGroupOffsetsResponseResponsePartition {
  return {
    partitionIndex: 0,
    errorCode: 0,
    errorMessage: null,
  }
}

function readAlterShareGroupOffsetsResponseResponsePartition(reader: Reader, _version: number): AlterShareGroupOffsetsResponseResponsePartition {
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  reader.skipTags()
  return { partitionIndex, errorCode, errorMessage }
}

function writeAlterShareGroupOffsetsResponseResponsePartition(writer: Writer, _version: number, value: AlterShareGroupOffsetsResponseResponsePartition): void {
  writer.int32(value.partitionIndex)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.unsignedVarint(0)
}

// ── DeleteShareGroupOffsetsRequest (92) 0 ──

export interface DeleteShareGroupOffsetsRequest extends Infer<typeof schema.DeleteShareGroupOffsetsRequest> {}
export type DeleteShareGroupOffsetsRequestTopic = DeleteShareGroupOffsetsRequest['topics'][number]

export function defaultDeleteShareGroupOffsetsRequest(): DeleteShareGroupOffsetsRequest {
  return {
    groupId: '',
    topics: [],
  }
}

export function readDeleteShareGroupOffsetsRequest(reader: Reader, version: number): DeleteShareGroupOffsetsRequest {
  const groupId = reader.string(true)
  const topicsCount = reader.arrayCount(true, 2)
  const topics: DeleteShareGroupOffsetsRequestTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readDeleteShareGroupOffsetsRequestTopic(reader, version))
  reader.skipTags()
  return { groupId, topics }
}

export function writeDeleteShareGroupOffsetsRequest(writer: Writer, version: number, value: DeleteShareGroupOffsetsRequest): void {
  writer.string(value.groupId, true)
  writer.arrayCount(value.topics.length, true)
  for (const element of value.topics) writeDeleteShareGroupOffsetsRequestTopic(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultDeleteShareGroupOffsetsRequestTopic(): DeleteShareGroupOffsetsRequestTopic {
  return {
    topicName: '',
  }
}

function readDeleteShareGroupOffsetsRequestTopic(reader: Reader, _version: number): DeleteShareGroupOffsetsRequestTopic {
  const topicName = reader.string(true)
  reader.skipTags()
  return { topicName }
}

function writeDeleteShareGroupOffsetsRequestTopic(writer: Writer, _version: number, value: DeleteShareGroupOffsetsRequestTopic): void {
  writer.string(value.topicName, true)
  writer.unsignedVarint(0)
}

// ── DeleteShareGroupOffsetsResponse (92) 0 ──

export interface DeleteShareGroupOffsetsResponse extends Infer<typeof schema.DeleteShareGroupOffsetsResponse> {}
export type DeleteShareGroupOffsetsResponseResponse = DeleteShareGroupOffsetsResponse['responses'][number]

export function defaultDeleteShareGroupOffsetsResponse(): DeleteShareGroupOffsetsResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    errorMessage: null,
    responses: [],
  }
}

export function readDeleteShareGroupOffsetsResponse(reader: Reader, version: number): DeleteShareGroupOffsetsResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  const responsesCount = reader.arrayCount(true, 21)
  const responses: DeleteShareGroupOffsetsResponseResponse[] = []
  for (let index = 0; index < responsesCount; index++) responses.push(readDeleteShareGroupOffsetsResponseResponse(reader, version))
  reader.skipTags()
  return { throttleTimeMs, errorCode, errorMessage, responses }
}

export function writeDeleteShareGroupOffsetsResponse(writer: Writer, version: number, value: DeleteShareGroupOffsetsResponse): void {
  writer.int32(value.throttleTimeMs)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.arrayCount(value.responses.length, true)
  for (const element of value.responses) writeDeleteShareGroupOffsetsResponseResponse(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultDeleteShareGroupOffsetsResponseResponse(): DeleteShareGroupOffsetsResponseResponse {
  return {
    topicName: '',
    topicId: ZERO_UUID,
    errorCode: 0,
    errorMessage: null,
  }
}

function readDeleteShareGroupOffsetsResponseResponse(reader: Reader, _version: number): DeleteShareGroupOffsetsResponseResponse {
  const topicName = reader.string(true)
  const topicId = reader.uuid()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  reader.skipTags()
  return { topicName, topicId, errorCode, errorMessage }
}

function writeDeleteShareGroupOffsetsResponseResponse(writer: Writer, _version: number, value: DeleteShareGroupOffsetsResponseResponse): void {
  writer.string(value.topicName, true)
  writer.uuid(value.topicId)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.unsignedVarint(0)
}

// ── DescribeShareGroupOffsetsRequest (90) 0-1 ──

export interface DescribeShareGroupOffsetsRequest extends Infer<typeof schema.DescribeShareGroupOffsetsRequest> {}
export type DescribeShareGroupOffsetsRequestGroup = DescribeShareGroupOffsetsRequest['groups'][number]
export type DescribeShareGroupOffsetsRequestGroupTopic = NonNullable<DescribeShareGroupOffsetsRequestGroup['topics']>[number]

export function defaultDescribeShareGroupOffsetsRequest(): DescribeShareGroupOffsetsRequest {
  return {
    groups: [],
  }
}

export function readDescribeShareGroupOffsetsRequest(reader: Reader, version: number): DescribeShareGroupOffsetsRequest {
  const groupsCount = reader.arrayCount(true, 3)
  const groups: DescribeShareGroupOffsetsRequestGroup[] = []
  for (let index = 0; index < groupsCount; index++) groups.push(readDescribeShareGroupOffsetsRequestGroup(reader, version))
  reader.skipTags()
  return { groups }
}

export function writeDescribeShareGroupOffsetsRequest(writer: Writer, version: number, value: DescribeShareGroupOffsetsRequest): void {
  writer.arrayCount(value.groups.length, true)
  for (const element of value.groups) writeDescribeShareGroupOffsetsRequestGroup(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultDescribeShareGroupOffsetsRequestGroup(): DescribeShareGroupOffsetsRequestGroup {
  return {
    groupId: '',
    topics: [],
  }
}

function readDescribeShareGroupOffsetsRequestGroup(reader: Reader, version: number): DescribeShareGroupOffsetsRequestGroup {
  const groupId = reader.string(true)
  const topicsCount = reader.nullableArrayCount(true, 3)
  const topics: DescribeShareGroupOffsetsRequestGroupTopic[] | null = topicsCount < 0 ? null : []
  for (let index = 0; index < topicsCount; index++) topics!.push(readDescribeShareGroupOffsetsRequestGroupTopic(reader, version))
  reader.skipTags()
  return { groupId, topics }
}

function writeDescribeShareGroupOffsetsRequestGroup(writer: Writer, version: number, value: DescribeShareGroupOffsetsRequestGroup): void {
  writer.string(value.groupId, true)
  writer.arrayCount(value.topics === null ? -1 : value.topics.length, true)
  if (value.topics !== null) for (const element of value.topics) writeDescribeShareGroupOffsetsRequestGroupTopic(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultDescribeShareGroupOffsetsRequestGroupTopic(): DescribeShareGroupOffsetsRequestGroupTopic {
  return {
    topicName: '',
    partitions: [],
  }
}

function readDescribeShareGroupOffsetsRequestGroupTopic(reader: Reader, _version: number): DescribeShareGroupOffsetsRequestGroupTopic {
  const topicName = reader.string(true)
  const partitionsCount = reader.arrayCount(true, 4)
  const partitions = reader.int32Array(partitionsCount)
  reader.skipTags()
  return { topicName, partitions }
}

function writeDescribeShareGroupOffsetsRequestGroupTopic(writer: Writer, _version: number, value: DescribeShareGroupOffsetsRequestGroupTopic): void {
  writer.string(value.topicName, true)
  writer.arrayCount(value.partitions.length, true)
  writer.int32Array(value.partitions)
  writer.unsignedVarint(0)
}

// ── DescribeShareGroupOffsetsResponse (90) 0-1 ──

export interface DescribeShareGroupOffsetsResponse extends Infer<typeof schema.DescribeShareGroupOffsetsResponse> {}
export type DescribeShareGroupOffsetsResponseGroup = DescribeShareGroupOffsetsResponse['groups'][number]
export type DescribeShareGroupOffsetsResponseGroupTopic = DescribeShareGroupOffsetsResponseGroup['topics'][number]
export type DescribeShareGroupOffsetsResponseGroupTopicPartition = DescribeShareGroupOffsetsResponseGroupTopic['partitions'][number]

export function defaultDescribeShareGroupOffsetsResponse(): DescribeShareGroupOffsetsResponse {
  return {
    throttleTimeMs: 0,
    groups: [],
  }
}

export function readDescribeShareGroupOffsetsResponse(reader: Reader, version: number): DescribeShareGroupOffsetsResponse {
  const throttleTimeMs = reader.int32()
  const groupsCount = reader.arrayCount(true, 6)
  const groups: DescribeShareGroupOffsetsResponseGroup[] = []
  for (let index = 0; index < groupsCount; index++) groups.push(readDescribeShareGroupOffsetsResponseGroup(reader, version))
  reader.skipTags()
  return { throttleTimeMs, groups }
}

export function writeDescribeShareGroupOffsetsResponse(writer: Writer, version: number, value: DescribeShareGroupOffsetsResponse): void {
  writer.int32(value.throttleTimeMs)
  writer.arrayCount(value.groups.length, true)
  for (const element of value.groups) writeDescribeShareGroupOffsetsResponseGroup(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultDescribeShareGroupOffsetsResponseGroup(): DescribeShareGroupOffsetsResponseGroup {
  return {
    groupId: '',
    topics: [],
    errorCode: 0,
    errorMessage: null,
  }
}

function readDescribeShareGroupOffsetsResponseGroup(reader: Reader, version: number): DescribeShareGroupOffsetsResponseGroup {
  const groupId = reader.string(true)
  const topicsCount = reader.arrayCount(true, 19)
  const topics: DescribeShareGroupOffsetsResponseGroupTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readDescribeShareGroupOffsetsResponseGroupTopic(reader, version))
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  reader.skipTags()
  return { groupId, topics, errorCode, errorMessage }
}

function writeDescribeShareGroupOffsetsResponseGroup(writer: Writer, version: number, value: DescribeShareGroupOffsetsResponseGroup): void {
  writer.string(value.groupId, true)
  writer.arrayCount(value.topics.length, true)
  for (const element of value.topics) writeDescribeShareGroupOffsetsResponseGroupTopic(writer, version, element)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.unsignedVarint(0)
}

export function defaultDescribeShareGroupOffsetsResponseGroupTopic(): DescribeShareGroupOffsetsResponseGroupTopic {
  return {
    topicName: '',
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readDescribeShareGroupOffsetsResponseGroupTopic(reader: Reader, version: number): DescribeShareGroupOffsetsResponseGroupTopic {
  const topicName = reader.string(true)
  const topicId = reader.uuid()
  const partitionsCount = reader.arrayCount(true, 20)
  const partitions: DescribeShareGroupOffsetsResponseGroupTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readDescribeShareGroupOffsetsResponseGroupTopicPartition(reader, version))
  reader.skipTags()
  return { topicName, topicId, partitions }
}

function writeDescribeShareGroupOffsetsResponseGroupTopic(writer: Writer, version: number, value: DescribeShareGroupOffsetsResponseGroupTopic): void {
  writer.string(value.topicName, true)
  writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, true)
  for (const element of value.partitions) writeDescribeShareGroupOffsetsResponseGroupTopicPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultDescribeShareGroupOffsetsResponseGroupTopicPartition(): DescribeShareGroupOffsetsResponseGroupTopicPartition {
  return {
    partitionIndex: 0,
    startOffset: 0,
    leaderEpoch: 0,
    lag: -1,
    errorCode: 0,
    errorMessage: null,
  }
}

function readDescribeShareGroupOffsetsResponseGroupTopicPartition(reader: Reader, version: number): DescribeShareGroupOffsetsResponseGroupTopicPartition {
  const partitionIndex = reader.int32()
  const startOffset = reader.int64()
  const leaderEpoch = reader.int32()
  const lag = version >= 1 ? reader.int64() : -1
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  reader.skipTags()
  return { partitionIndex, startOffset, leaderEpoch, lag, errorCode, errorMessage }
}

function writeDescribeShareGroupOffsetsResponseGroupTopicPartition(writer: Writer, version: number, value: DescribeShareGroupOffsetsResponseGroupTopicPartition): void {
  writer.int32(value.partitionIndex)
  writer.int64(value.startOffset)
  writer.int32(value.leaderEpoch)
  if (version >= 1) writer.int64(value.lag)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.unsignedVarint(0)
}

// ── ShareAcknowledgeRequest (79) 1-2 ──

export interface ShareAcknowledgeRequest extends Infer<typeof schema.ShareAcknowledgeRequest> {}
export type ShareAcknowledgeRequestTopic = ShareAcknowledgeRequest['topics'][number]
export type ShareAcknowledgeRequestTopicPartition = ShareAcknowledgeRequestTopic['partitions'][number]
export type ShareAcknowledgeRequestTopicPartitionAcknowledgementBatche = ShareAcknowledgeRequestTopicPartition['acknowledgementBatches'][number]

export function defaultShareAcknowledgeRequest(): ShareAcknowledgeRequest {
  return {
    groupId: null,
    memberId: '',
    shareSessionEpoch: 0,
    isRenewAck: false,
    topics: [],
  }
}

export function readShareAcknowledgeRequest(reader: Reader, version: number): ShareAcknowledgeRequest {
  const groupId = reader.nullableString(true)
  const memberId = reader.nullableString(true)
  const shareSessionEpoch = reader.int32()
  const isRenewAck = version >= 2 ? reader.bool() : false
  const topicsCount = reader.arrayCount(true, 18)
  const topics: ShareAcknowledgeRequestTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readShareAcknowledgeRequestTopic(reader, version))
  reader.skipTags()
  return { groupId, memberId, shareSessionEpoch, isRenewAck, topics }
}

export function writeShareAcknowledgeRequest(writer: Writer, version: number, value: ShareAcknowledgeRequest): void {
  writer.string(value.groupId, true)
  writer.string(value.memberId, true)
  writer.int32(value.shareSessionEpoch)
  if (version >= 2) writer.bool(value.isRenewAck)
  else if (value.isRenewAck !== false) throw unwritable('ShareAcknowledgeRequest', 'isRenewAck', version)
  writer.arrayCount(value.topics.length, true)
  for (const element of value.topics) writeShareAcknowledgeRequestTopic(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultShareAcknowledgeRequestTopic(): ShareAcknowledgeRequestTopic {
  return {
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readShareAcknowledgeRequestTopic(reader: Reader, version: number): ShareAcknowledgeRequestTopic {
  const topicId = reader.uuid()
  const partitionsCount = reader.arrayCount(true, 6)
  const partitions: ShareAcknowledgeRequestTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readShareAcknowledgeRequestTopicPartition(reader, version))
  reader.skipTags()
  return { topicId, partitions }
}

function writeShareAcknowledgeRequestTopic(writer: Writer, version: number, value: ShareAcknowledgeRequestTopic): void {
  writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, true)
  for (const element of value.partitions) writeShareAcknowledgeRequestTopicPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultShareAcknowledgeRequestTopicPartition(): ShareAcknowledgeRequestTopicPartition {
  return {
    partitionIndex: 0,
    acknowledgementBatches: [],
  }
}

function readShareAcknowledgeRequestTopicPartition(reader: Reader, version: number): ShareAcknowledgeRequestTopicPartition {
  const partitionIndex = reader.int32()
  const acknowledgementBatchesCount = reader.arrayCount(true, 18)
  const acknowledgementBatches: ShareAcknowledgeRequestTopicPartitionAcknowledgementBatche[] = []
  for (let index = 0; index < acknowledgementBatchesCount; index++) acknowledgementBatches.push(readShareAcknowledgeRequestTopicPartitionAcknowledgementBatche(reader, version))
  reader.skipTags()
  return { partitionIndex, acknowledgementBatches }
}

function writeShareAcknowledgeRequestTopicPartition(writer: Writer, version: number, value: ShareAcknowledgeRequestTopicPartition): void {
  writer.int32(value.partitionIndex)
  writer.arrayCount(value.acknowledgementBatches.length, true)
  for (const element of value.acknowledgementBatches) writeShareAcknowledgeRequestTopicPartitionAcknowledgementBatche(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultShareAcknowledgeRequestTopicPartitionAcknowledgementBatche(): ShareAcknowledgeRequestTopicPartitionAcknowledgementBatche {
  return {
    firstOffset: 0,
    lastOffset: 0,
    acknowledgeTypes: [],
  }
}

function readShareAcknowledgeRequestTopicPartitionAcknowledgementBatche(reader: Reader, _version: number): ShareAcknowledgeRequestTopicPartitionAcknowledgementBatche {
  const firstOffset = reader.int64()
  const lastOffset = reader.int64()
  const acknowledgeTypesCount = reader.arrayCount(true, 1)
  const acknowledgeTypes = reader.int8Array(acknowledgeTypesCount)
  reader.skipTags()
  return { firstOffset, lastOffset, acknowledgeTypes }
}

function writeShareAcknowledgeRequestTopicPartitionAcknowledgementBatche(writer: Writer, _version: number, value: ShareAcknowledgeRequestTopicPartitionAcknowledgementBatche): void {
  writer.int64(value.firstOffset)
  writer.int64(value.lastOffset)
  writer.arrayCount(value.acknowledgeTypes.length, true)
  writer.int8Array(value.acknowledgeTypes)
  writer.unsignedVarint(0)
}

// ── ShareAcknowledgeResponse (79) 1-2 ──

export interface ShareAcknowledgeResponse extends Infer<typeof schema.ShareAcknowledgeResponse> {}
export type ShareAcknowledgeResponseResponse = ShareAcknowledgeResponse['responses'][number]
export type ShareAcknowledgeResponseResponsePartition = ShareAcknowledgeResponseResponse['partitions'][number]
export type ShareAcknowledgeResponseResponsePartitionCurrentLeader = ShareAcknowledgeResponseResponsePartition['currentLeader']
export type ShareAcknowledgeResponseNodeEndpoint = ShareAcknowledgeResponse['nodeEndpoints'][number]

export function defaultShareAcknowledgeResponse(): ShareAcknowledgeResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    errorMessage: null,
    acquisitionLockTimeoutMs: 0,
    responses: [],
    nodeEndpoints: [],
  }
}

export function readShareAcknowledgeResponse(reader: Reader, version: number): ShareAcknowledgeResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  const acquisitionLockTimeoutMs = version >= 2 ? reader.int32() : 0
  const responsesCount = reader.arrayCount(true, 18)
  const responses: ShareAcknowledgeResponseResponse[] = []
  for (let index = 0; index < responsesCount; index++) responses.push(readShareAcknowledgeResponseResponse(reader, version))
  const nodeEndpointsCount = reader.arrayCount(true, 11)
  const nodeEndpoints: ShareAcknowledgeResponseNodeEndpoint[] = []
  for (let index = 0; index < nodeEndpointsCount; index++) nodeEndpoints.push(readShareAcknowledgeResponseNodeEndpoint(reader, version))
  reader.skipTags()
  return {
    throttleTimeMs,
    errorCode,
    errorMessage,
    acquisitionLockTimeoutMs,
    responses,
    nodeEndpoints,
  }
}

export function writeShareAcknowledgeResponse(writer: Writer, version: number, value: ShareAcknowledgeResponse): void {
  writer.int32(value.throttleTimeMs)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  if (version >= 2) writer.int32(value.acquisitionLockTimeoutMs)
  writer.arrayCount(value.responses.length, true)
  for (const element of value.responses) writeShareAcknowledgeResponseResponse(writer, version, element)
  writer.arrayCount(value.nodeEndpoints.length, true)
  for (const element of value.nodeEndpoints) writeShareAcknowledgeResponseNodeEndpoint(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultShareAcknowledgeResponseResponse(): ShareAcknowledgeResponseResponse {
  return {
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readShareAcknowledgeResponseResponse(reader: Reader, version: number): ShareAcknowledgeResponseResponse {
  const topicId = reader.uuid()
  const partitionsCount = reader.arrayCount(true, 17)
  const partitions: ShareAcknowledgeResponseResponsePartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readShareAcknowledgeResponseResponsePartition(reader, version))
  reader.skipTags()
  return { topicId, partitions }
}

function writeShareAcknowledgeResponseResponse(writer: Writer, version: number, value: ShareAcknowledgeResponseResponse): void {
  writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, true)
  for (const element of value.partitions) writeShareAcknowledgeResponseResponsePartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultShareAcknowledgeResponseResponsePartition(): ShareAcknowledgeResponseResponsePartition {
  return {
    partitionIndex: 0,
    errorCode: 0,
    errorMessage: null,
    currentLeader: defaultShareAcknowledgeResponseResponsePartitionCurrentLeader(),
  }
}

function readShareAcknowledgeResponseResponsePartition(reader: Reader, version: number): ShareAcknowledgeResponseResponsePartition {
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  const currentLeader = readShareAcknowledgeResponseResponsePartitionCurrentLeader(reader, version)
  reader.skipTags()
  return { partitionIndex, errorCode, errorMessage, currentLeader }
}

function writeShareAcknowledgeResponseResponsePartition(writer: Writer, version: number, value: ShareAcknowledgeResponseResponsePartition): void {
  writer.int32(value.partitionIndex)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writeShareAcknowledgeResponseResponsePartitionCurrentLeader(writer, version, value.currentLeader)
  writer.unsignedVarint(0)
}

export function defaultShareAcknowledgeResponseResponsePartitionCurrentLeader(): ShareAcknowledgeResponseResponsePartitionCurrentLeader {
  return {
    leaderId: 0,
    leaderEpoch: 0,
  }
}

function readShareAcknowledgeResponseResponsePartitionCurrentLeader(reader: Reader, _version: number): ShareAcknowledgeResponseResponsePartitionCurrentLeader {
  const leaderId = reader.int32()
  const leaderEpoch = reader.int32()
  reader.skipTags()
  return { leaderId, leaderEpoch }
}

function writeShareAcknowledgeResponseResponsePartitionCurrentLeader(writer: Writer, _version: number, value: ShareAcknowledgeResponseResponsePartitionCurrentLeader): void {
  writer.int32(value.leaderId)
  writer.int32(value.leaderEpoch)
  writer.unsignedVarint(0)
}

export function defaultShareAcknowledgeResponseNodeEndpoint(): ShareAcknowledgeResponseNodeEndpoint {
  return {
    nodeId: 0,
    host: '',
    port: 0,
    rack: null,
  }
}

function readShareAcknowledgeResponseNodeEndpoint(reader: Reader, _version: number): ShareAcknowledgeResponseNodeEndpoint {
  const nodeId = reader.int32()
  const host = reader.string(true)
  const port = reader.int32()
  const rack = reader.nullableString(true)
  reader.skipTags()
  return { nodeId, host, port, rack }
}

function writeShareAcknowledgeResponseNodeEndpoint(writer: Writer, _version: number, value: ShareAcknowledgeResponseNodeEndpoint): void {
  writer.int32(value.nodeId)
  writer.string(value.host, true)
  writer.int32(value.port)
  writer.string(value.rack, true)
  writer.unsignedVarint(0)
}

// ── ShareFetchRequest (78) 1-2 ──

export interface ShareFetchRequest extends Infer<typeof schema.ShareFetchRequest> {}
export type ShareFetchRequestTopic = ShareFetchRequest['topics'][number]
export type ShareFetchRequestTopicPartition = ShareFetchRequestTopic['partitions'][number]
export type ShareFetchRequestTopicPartitionAcknowledgementBatche = ShareFetchRequestTopicPartition['acknowledgementBatches'][number]
export type ShareFetchRequestForgottenTopicsData = ShareFetchRequest['forgottenTopicsData'][number]

export function defaultShareFetchRequest(): ShareFetchRequest {
  return {
    groupId: null,
    memberId: '',
    shareSessionEpoch: 0,
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: 2147483647,
    maxRecords: 0,
    batchSize: 0,
    shareAcquireMode: 0,
    isRenewAck: false,
    topics: [],
    forgottenTopicsData: [],
  }
}

export function readShareFetchRequest(reader: Reader, version: number): ShareFetchRequest {
  const groupId = reader.nullableString(true)
  const memberId = reader.nullableString(true)
  const shareSessionEpoch = reader.int32()
  const maxWaitMs = reader.int32()
  const minBytes = reader.int32()
  const maxBytes = reader.int32()
  const maxRecords = reader.int32()
  const batchSize = reader.int32()
  const shareAcquireMode = version >= 2 ? reader.int8() : 0
  const isRenewAck = version >= 2 ? reader.bool() : false
  const topicsCount = reader.arrayCount(true, 18)
  const topics: ShareFetchRequestTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readShareFetchRequestTopic(reader, version))
  const forgottenTopicsDataCount = reader.arrayCount(true, 18)
  const forgottenTopicsData: ShareFetchRequestForgottenTopicsData[] = []
  for (let index = 0; index < forgottenTopicsDataCount; index++) forgottenTopicsData.push(readShareFetchRequestForgottenTopicsData(reader, version))
  reader.skipTags()
  return {
    groupId,
    memberId,
    shareSessionEpoch,
    maxWaitMs,
    minBytes,
    maxBytes,
    maxRecords,
    batchSize,
    shareAcquireMode,
    isRenewAck,
    topics,
    forgottenTopicsData,
  }
}

export function writeShareFetchRequest(writer: Writer, version: number, value: ShareFetchRequest): void {
  writer.string(value.groupId, true)
  writer.string(value.memberId, true)
  writer.int32(value.shareSessionEpoch)
  writer.int32(value.maxWaitMs)
  writer.int32(value.minBytes)
  writer.int32(value.maxBytes)
  writer.int32(value.maxRecords)
  writer.int32(value.batchSize)
  if (version >= 2) writer.int8(value.shareAcquireMode)
  if (version >= 2) writer.bool(value.isRenewAck)
  else if (value.isRenewAck !== false) throw unwritable('ShareFetchRequest', 'isRenewAck', version)
  writer.arrayCount(value.topics.length, true)
  for (const element of value.topics) writeShareFetchRequestTopic(writer, version, element)
  writer.arrayCount(value.forgottenTopicsData.length, true)
  for (const element of value.forgottenTopicsData) writeShareFetchRequestForgottenTopicsData(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultShareFetchRequestTopic(): ShareFetchRequestTopic {
  return {
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readShareFetchRequestTopic(reader: Reader, version: number): ShareFetchRequestTopic {
  const topicId = reader.uuid()
  const partitionsCount = reader.arrayCount(true, 6)
  const partitions: ShareFetchRequestTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readShareFetchRequestTopicPartition(reader, version))
  reader.skipTags()
  return { topicId, partitions }
}

function writeShareFetchRequestTopic(writer: Writer, version: number, value: ShareFetchRequestTopic): void {
  writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, true)
  for (const element of value.partitions) writeShareFetchRequestTopicPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultShareFetchRequestTopicPartition(): ShareFetchRequestTopicPartition {
  return {
    partitionIndex: 0,
    acknowledgementBatches: [],
  }
}

function readShareFetchRequestTopicPartition(reader: Reader, version: number): ShareFetchRequestTopicPartition {
  const partitionIndex = reader.int32()
  const acknowledgementBatchesCount = reader.arrayCount(true, 18)
  const acknowledgementBatches: ShareFetchRequestTopicPartitionAcknowledgementBatche[] = []
  for (let index = 0; index < acknowledgementBatchesCount; index++) acknowledgementBatches.push(readShareFetchRequestTopicPartitionAcknowledgementBatche(reader, version))
  reader.skipTags()
  return { partitionIndex, acknowledgementBatches }
}

function writeShareFetchRequestTopicPartition(writer: Writer, version: number, value: ShareFetchRequestTopicPartition): void {
  writer.int32(value.partitionIndex)
  writer.arrayCount(value.acknowledgementBatches.length, true)
  for (const element of value.acknowledgementBatches) writeShareFetchRequestTopicPartitionAcknowledgementBatche(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultShareFetchRequestTopicPartitionAcknowledgementBatche(): ShareFetchRequestTopicPartitionAcknowledgementBatche {
  return {
    firstOffset: 0,
    lastOffset: 0,
    acknowledgeTypes: [],
  }
}

function readShareFetchRequestTopicPartitionAcknowledgementBatche(reader: Reader, _version: number): ShareFetchRequestTopicPartitionAcknowledgementBatche {
  const firstOffset = reader.int64()
  const lastOffset = reader.int64()
  const acknowledgeTypesCount = reader.arrayCount(true, 1)
  const acknowledgeTypes = reader.int8Array(acknowledgeTypesCount)
  reader.skipTags()
  return { firstOffset, lastOffset, acknowledgeTypes }
}

function writeShareFetchRequestTopicPartitionAcknowledgementBatche(writer: Writer, _version: number, value: ShareFetchRequestTopicPartitionAcknowledgementBatche): void {
  writer.int64(value.firstOffset)
  writer.int64(value.lastOffset)
  writer.arrayCount(value.acknowledgeTypes.length, true)
  writer.int8Array(value.acknowledgeTypes)
  writer.unsignedVarint(0)
}

export function defaultShareFetchRequestForgottenTopicsData(): ShareFetchRequestForgottenTopicsData {
  return {
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readShareFetchRequestForgottenTopicsData(reader: Reader, _version: number): ShareFetchRequestForgottenTopicsData {
  const topicId = reader.uuid()
  const partitionsCount = reader.arrayCount(true, 4)
  const partitions = reader.int32Array(partitionsCount)
  reader.skipTags()
  return { topicId, partitions }
}

function writeShareFetchRequestForgottenTopicsData(writer: Writer, _version: number, value: ShareFetchRequestForgottenTopicsData): void {
  writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, true)
  writer.int32Array(value.partitions)
  writer.unsignedVarint(0)
}

// ── ShareFetchResponse (78) 1-2 ──

export interface ShareFetchResponse<Records extends RecordsSource = RecordsSource> extends Infer<typeof schema.ShareFetchResponse, Records> {}
export type ShareFetchResponseResponse<Records extends RecordsSource = RecordsSource> = ShareFetchResponse<Records>['responses'][number]
export type ShareFetchResponseResponsePartition<Records extends RecordsSource = RecordsSource> = ShareFetchResponseResponse<Records>['partitions'][number]
export type ShareFetchResponseResponsePartitionCurrentLeader = ShareFetchResponseResponsePartition['currentLeader']
export type ShareFetchResponseResponsePartitionAcquiredRecord = ShareFetchResponseResponsePartition['acquiredRecords'][number]
export type ShareFetchResponseNodeEndpoint = ShareFetchResponse['nodeEndpoints'][number]

export function defaultShareFetchResponse(): ShareFetchResponse<Buffer> {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    errorMessage: null,
    acquisitionLockTimeoutMs: 0,
    responses: [],
    nodeEndpoints: [],
  }
}

export function readShareFetchResponse(reader: Reader, version: number): ShareFetchResponse<Buffer> {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  const acquisitionLockTimeoutMs = reader.int32()
  const responsesCount = reader.arrayCount(true, 18)
  const responses: ShareFetchResponseResponse<Buffer>[] = []
  for (let index = 0; index < responsesCount; index++) responses.push(readShareFetchResponseResponse(reader, version))
  const nodeEndpointsCount = reader.arrayCount(true, 11)
  const nodeEndpoints: ShareFetchResponseNodeEndpoint[] = []
  for (let index = 0; index < nodeEndpointsCount; index++) nodeEndpoints.push(readShareFetchResponseNodeEndpoint(reader, version))
  reader.skipTags()
  return {
    throttleTimeMs,
    errorCode,
    errorMessage,
    acquisitionLockTimeoutMs,
    responses,
    nodeEndpoints,
  }
}

export function writeShareFetchResponse(writer: Writer, version: number, value: ShareFetchResponse<RecordsSource>): void {
  writer.int32(value.throttleTimeMs)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.int32(value.acquisitionLockTimeoutMs)
  writer.arrayCount(value.responses.length, true)
  for (const element of value.responses) writeShareFetchResponseResponse(writer, version, element)
  writer.arrayCount(value.nodeEndpoints.length, true)
  for (const element of value.nodeEndpoints) writeShareFetchResponseNodeEndpoint(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultShareFetchResponseResponse(): ShareFetchResponseResponse<Buffer> {
  return {
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readShareFetchResponseResponse(reader: Reader, version: number): ShareFetchResponseResponse<Buffer> {
  const topicId = reader.uuid()
  const partitionsCount = reader.arrayCount(true, 22)
  const partitions: ShareFetchResponseResponsePartition<Buffer>[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readShareFetchResponseResponsePartition(reader, version))
  reader.skipTags()
  return { topicId, partitions }
}

function writeShareFetchResponseResponse(writer: Writer, version: number, value: ShareFetchResponseResponse<RecordsSource>): void {
  writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, true)
  for (const element of value.partitions) writeShareFetchResponseResponsePartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultShareFetchResponseResponsePartition(): ShareFetchResponseResponsePartition<Buffer> {
  return {
    partitionIndex: 0,
    errorCode: 0,
    errorMessage: null,
    acknowledgeErrorCode: 0,
    acknowledgeErrorMessage: null,
    currentLeader: defaultShareFetchResponseResponsePartitionCurrentLeader(),
    records: EMPTY_BYTES,
    acquiredRecords: [],
  }
}

function readShareFetchResponseResponsePartition(reader: Reader, version: number): ShareFetchResponseResponsePartition<Buffer> {
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  const acknowledgeErrorCode = reader.int16()
  const acknowledgeErrorMessage = reader.nullableString(true)
  const currentLeader = readShareFetchResponseResponsePartitionCurrentLeader(reader, version)
  const records = reader.bytes(true)
  const acquiredRecordsCount = reader.arrayCount(true, 19)
  const acquiredRecords: ShareFetchResponseResponsePartitionAcquiredRecord[] = []
  for (let index = 0; index < acquiredRecordsCount; index++) acquiredRecords.push(readShareFetchResponseResponsePartitionAcquiredRecord(reader, version))
  reader.skipTags()
  return {
    partitionIndex,
    errorCode,
    errorMessage,
    acknowledgeErrorCode,
    acknowledgeErrorMessage,
    currentLeader,
    records,
    acquiredRecords,
  }
}

function writeShareFetchResponseResponsePartition(writer: Writer, version: number, value: ShareFetchResponseResponsePartition<RecordsSource>): void {
  writer.int32(value.partitionIndex)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.int16(value.acknowledgeErrorCode)
  writer.string(value.acknowledgeErrorMessage, true)
  writeShareFetchResponseResponsePartitionCurrentLeader(writer, version, value.currentLeader)
  writer.records(value.records, true)
  writer.arrayCount(value.acquiredRecords.length, true)
  for (const element of value.acquiredRecords) writeShareFetchResponseResponsePartitionAcquiredRecord(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultShareFetchResponseResponsePartitionCurrentLeader(): ShareFetchResponseResponsePartitionCurrentLeader {
  return {
    leaderId: 0,
    leaderEpoch: 0,
  }
}

function readShareFetchResponseResponsePartitionCurrentLeader(reader: Reader, _version: number): ShareFetchResponseResponsePartitionCurrentLeader {
  const leaderId = reader.int32()
  const leaderEpoch = reader.int32()
  reader.skipTags()
  return { leaderId, leaderEpoch }
}

function writeShareFetchResponseResponsePartitionCurrentLeader(writer: Writer, _version: number, value: ShareFetchResponseResponsePartitionCurrentLeader): void {
  writer.int32(value.leaderId)
  writer.int32(value.leaderEpoch)
  writer.unsignedVarint(0)
}

export function defaultShareFetchResponseResponsePartitionAcquiredRecord(): ShareFetchResponseResponsePartitionAcquiredRecord {
  return {
    firstOffset: 0,
    lastOffset: 0,
    deliveryCount: 0,
  }
}

function readShareFetchResponseResponsePartitionAcquiredRecord(reader: Reader, _version: number): ShareFetchResponseResponsePartitionAcquiredRecord {
  const firstOffset = reader.int64()
  const lastOffset = reader.int64()
  const deliveryCount = reader.int16()
  reader.skipTags()
  return { firstOffset, lastOffset, deliveryCount }
}

function writeShareFetchResponseResponsePartitionAcquiredRecord(writer: Writer, _version: number, value: ShareFetchResponseResponsePartitionAcquiredRecord): void {
  writer.int64(value.firstOffset)
  writer.int64(value.lastOffset)
  writer.int16(value.deliveryCount)
  writer.unsignedVarint(0)
}

export function defaultShareFetchResponseNodeEndpoint(): ShareFetchResponseNodeEndpoint {
  return {
    nodeId: 0,
    host: '',
    port: 0,
    rack: null,
  }
}

function readShareFetchResponseNodeEndpoint(reader: Reader, _version: number): ShareFetchResponseNodeEndpoint {
  const nodeId = reader.int32()
  const host = reader.string(true)
  const port = reader.int32()
  const rack = reader.nullableString(true)
  reader.skipTags()
  return { nodeId, host, port, rack }
}

function writeShareFetchResponseNodeEndpoint(writer: Writer, _version: number, value: ShareFetchResponseNodeEndpoint): void {
  writer.int32(value.nodeId)
  writer.string(value.host, true)
  writer.int32(value.port)
  writer.string(value.rack, true)
  writer.unsignedVarint(0)
}

// ── ShareGroupDescribeRequest (77) 1 ──

export interface ShareGroupDescribeRequest extends Infer<typeof schema.ShareGroupDescribeRequest> {}

export function defaultShareGroupDescribeRequest(): ShareGroupDescribeRequest {
  return {
    groupIds: [],
    includeAuthorizedOperations: false,
  }
}

export function readShareGroupDescribeRequest(reader: Reader, _version: number): ShareGroupDescribeRequest {
  const groupIdsCount = reader.arrayCount(true, 1)
  const groupIds = reader.stringArray(groupIdsCount, true)
  const includeAuthorizedOperations = reader.bool()
  reader.skipTags()
  return { groupIds, includeAuthorizedOperations }
}

export function writeShareGroupDescribeRequest(writer: Writer, _version: number, value: ShareGroupDescribeRequest): void {
  writer.arrayCount(value.groupIds.length, true)
  writer.stringArray(value.groupIds, true)
  writer.bool(value.includeAuthorizedOperations)
  writer.unsignedVarint(0)
}

// ── ShareGroupDescribeResponse (77) 1 ──

export interface ShareGroupDescribeResponse extends Infer<typeof schema.ShareGroupDescribeResponse> {}
export type ShareGroupDescribeResponseGroup = ShareGroupDescribeResponse['groups'][number]
export type ShareGroupDescribeResponseGroupMember = ShareGroupDescribeResponseGroup['members'][number]
export type ShareGroupDescribeResponseGroupMemberAssignment = ShareGroupDescribeResponseGroupMember['assignment']
export type ShareGroupDescribeResponseGroupMemberAssignmentTopicPartition = ShareGroupDescribeResponseGroupMemberAssignment['topicPartitions'][number]

export function defaultShareGroupDescribeResponse(): ShareGroupDescribeResponse {
  return {
    throttleTimeMs: 0,
    groups: [],
  }
}

export function readShareGroupDescribeResponse(reader: Reader, version: number): ShareGroupDescribeResponse {
  const throttleTimeMs = reader.int32()
  const groupsCount = reader.arrayCount(true, 20)
  const groups: ShareGroupDescribeResponseGroup[] = []
  for (let index = 0; index < groupsCount; index++) groups.push(readShareGroupDescribeResponseGroup(reader, version))
  reader.skipTags()
  return { throttleTimeMs, groups }
}

export function writeShareGroupDescribeResponse(writer: Writer, version: number, value: ShareGroupDescribeResponse): void {
  writer.int32(value.throttleTimeMs)
  writer.arrayCount(value.groups.length, true)
  for (const element of value.groups) writeShareGroupDescribeResponseGroup(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultShareGroupDescribeResponseGroup(): ShareGroupDescribeResponseGroup {
  return {
    errorCode: 0,
    errorMessage: null,
    groupId: '',
    groupState: '',
    groupEpoch: 0,
    assignmentEpoch: 0,
    assignorName: '',
    members: [],
    authorizedOperations: -2147483648,
  }
}

function readShareGroupDescribeResponseGroup(reader: Reader, version: number): ShareGroupDescribeResponseGroup {
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  const groupId = reader.string(true)
  const groupState = reader.string(true)
  const groupEpoch = reader.int32()
  const assignmentEpoch = reader.int32()
  const assignorName = reader.string(true)
  const membersCount = reader.arrayCount(true, 12)
  const members: ShareGroupDescribeResponseGroupMember[] = []
  for (let index = 0; index < membersCount; index++) members.push(readShareGroupDescribeResponseGroupMember(reader, version))
  const authorizedOperations = reader.int32()
  reader.skipTags()
  return {
    errorCode,
    errorMessage,
    groupId,
    groupState,
    groupEpoch,
    assignmentEpoch,
    assignorName,
    members,
    authorizedOperations,
  }
}

function writeShareGroupDescribeResponseGroup(writer: Writer, version: number, value: ShareGroupDescribeResponseGroup): void {
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.string(value.groupId, true)
  writer.string(value.groupState, true)
  writer.int32(value.groupEpoch)
  writer.int32(value.assignmentEpoch)
  writer.string(value.assignorName, true)
  writer.arrayCount(value.members.length, true)
  for (const element of value.members) writeShareGroupDescribeResponseGroupMember(writer, version, element)
  writer.int32(value.authorizedOperations)
  writer.unsignedVarint(0)
}

export function defaultShareGroupDescribeResponseGroupMember(): ShareGroupDescribeResponseGroupMember {
  return {
    memberId: '',
    rackId: null,
    memberEpoch: 0,
    clientId: '',
    clientHost: '',
    subscribedTopicNames: [],
    assignment: defaultShareGroupDescribeResponseGroupMemberAssignment(),
  }
}

function readShareGroupDescribeResponseGroupMember(reader: Reader, version: number): ShareGroupDescribeResponseGroupMember {
  const memberId = reader.string(true)
  const rackId = reader.nullableString(true)
  const memberEpoch = reader.int32()
  const clientId = reader.string(true)
  const clientHost = reader.string(true)
  const subscribedTopicNamesCount = reader.arrayCount(true, 1)
  const subscribedTopicNames = reader.stringArray(subscribedTopicNamesCount, true)
  const assignment = readShareGroupDescribeResponseGroupMemberAssignment(reader, version)
  reader.skipTags()
  return { memberId, rackId, memberEpoch, clientId, clientHost, subscribedTopicNames, assignment }
}

function writeShareGroupDescribeResponseGroupMember(writer: Writer, version: number, value: ShareGroupDescribeResponseGroupMember): void {
  writer.string(value.memberId, true)
  writer.string(value.rackId, true)
  writer.int32(value.memberEpoch)
  writer.string(value.clientId, true)
  writer.string(value.clientHost, true)
  writer.arrayCount(value.subscribedTopicNames.length, true)
  writer.stringArray(value.subscribedTopicNames, true)
  writeShareGroupDescribeResponseGroupMemberAssignment(writer, version, value.assignment)
  writer.unsignedVarint(0)
}

export function defaultShareGroupDescribeResponseGroupMemberAssignment(): ShareGroupDescribeResponseGroupMemberAssignment {
  return {
    topicPartitions: [],
  }
}

function readShareGroupDescribeResponseGroupMemberAssignment(reader: Reader, version: number): ShareGroupDescribeResponseGroupMemberAssignment {
  const topicPartitionsCount = reader.arrayCount(true, 19)
  const topicPartitions: ShareGroupDescribeResponseGroupMemberAssignmentTopicPartition[] = []
  for (let index = 0; index < topicPartitionsCount; index++) topicPartitions.push(readShareGroupDescribeResponseGroupMemberAssignmentTopicPartition(reader, version))
  reader.skipTags()
  return { topicPartitions }
}

function writeShareGroupDescribeResponseGroupMemberAssignment(writer: Writer, version: number, value: ShareGroupDescribeResponseGroupMemberAssignment): void {
  writer.arrayCount(value.topicPartitions.length, true)
  for (const element of value.topicPartitions) writeShareGroupDescribeResponseGroupMemberAssignmentTopicPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultShareGroupDescribeResponseGroupMemberAssignmentTopicPartition(): ShareGroupDescribeResponseGroupMemberAssignmentTopicPartition {
  return {
    topicId: ZERO_UUID,
    topicName: '',
    partitions: [],
  }
}

function readShareGroupDescribeResponseGroupMemberAssignmentTopicPartition(reader: Reader, _version: number): ShareGroupDescribeResponseGroupMemberAssignmentTopicPartition {
  const topicId = reader.uuid()
  const topicName = reader.string(true)
  const partitionsCount = reader.arrayCount(true, 4)
  const partitions = reader.int32Array(partitionsCount)
  reader.skipTags()
  return { topicId, topicName, partitions }
}

function writeShareGroupDescribeResponseGroupMemberAssignmentTopicPartition(writer: Writer, _version: number, value: ShareGroupDescribeResponseGroupMemberAssignmentTopicPartition): void {
  writer.uuid(value.topicId)
  writer.string(value.topicName, true)
  writer.arrayCount(value.partitions.length, true)
  writer.int32Array(value.partitions)
  writer.unsignedVarint(0)
}

// ── ShareGroupHeartbeatRequest (76) 1 ──

export interface ShareGroupHeartbeatRequest extends Infer<typeof schema.ShareGroupHeartbeatRequest> {}

export function defaultShareGroupHeartbeatRequest(): ShareGroupHeartbeatRequest {
  return {
    groupId: '',
    memberId: '',
    memberEpoch: 0,
    rackId: null,
    subscribedTopicNames: null,
  }
}

export function readShareGroupHeartbeatRequest(reader: Reader, _version: number): ShareGroupHeartbeatRequest {
  const groupId = reader.string(true)
  const memberId = reader.string(true)
  const memberEpoch = reader.int32()
  const rackId = reader.nullableString(true)
  const subscribedTopicNamesCount = reader.nullableArrayCount(true, 1)
  const subscribedTopicNames = subscribedTopicNamesCount < 0 ? null : reader.stringArray(subscribedTopicNamesCount, true)
  reader.skipTags()
  return { groupId, memberId, memberEpoch, rackId, subscribedTopicNames }
}

export function writeShareGroupHeartbeatRequest(writer: Writer, _version: number, value: ShareGroupHeartbeatRequest): void {
  writer.string(value.groupId, true)
  writer.string(value.memberId, true)
  writer.int32(value.memberEpoch)
  writer.string(value.rackId, true)
  writer.arrayCount(value.subscribedTopicNames === null ? -1 : value.subscribedTopicNames.length, true)
  if (value.subscribedTopicNames !== null) writer.stringArray(value.subscribedTopicNames, true)
  writer.unsignedVarint(0)
}

// ── ShareGroupHeartbeatResponse (76) 1 ──

export interface ShareGroupHeartbeatResponse extends Infer<typeof schema.ShareGroupHeartbeatResponse> {}
export type ShareGroupHeartbeatResponseAssignment = NonNullable<ShareGroupHeartbeatResponse['assignment']>
export type ShareGroupHeartbeatResponseAssignmentTopicPartition = ShareGroupHeartbeatResponseAssignment['topicPartitions'][number]

export function defaultShareGroupHeartbeatResponse(): ShareGroupHeartbeatResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    errorMessage: null,
    memberId: null,
    memberEpoch: 0,
    heartbeatIntervalMs: 0,
    assignment: null,
  }
}

export function readShareGroupHeartbeatResponse(reader: Reader, version: number): ShareGroupHeartbeatResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  const memberId = reader.nullableString(true)
  const memberEpoch = reader.int32()
  const heartbeatIntervalMs = reader.int32()
  const assignment = reader.present() ? readShareGroupHeartbeatResponseAssignment(reader, version) : null
  reader.skipTags()
  return {
    throttleTimeMs,
    errorCode,
    errorMessage,
    memberId,
    memberEpoch,
    heartbeatIntervalMs,
    assignment,
  }
}

export function writeShareGroupHeartbeatResponse(writer: Writer, version: number, value: ShareGroupHeartbeatResponse): void {
  writer.int32(value.throttleTimeMs)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.string(value.memberId, true)
  writer.int32(value.memberEpoch)
  writer.int32(value.heartbeatIntervalMs)
  writer.present(value.assignment !== null)
  if (value.assignment !== null) writeShareGroupHeartbeatResponseAssignment(writer, version, value.assignment)
  writer.unsignedVarint(0)
}

export function defaultShareGroupHeartbeatResponseAssignment(): ShareGroupHeartbeatResponseAssignment {
  return {
    topicPartitions: [],
  }
}

function readShareGroupHeartbeatResponseAssignment(reader: Reader, version: number): ShareGroupHeartbeatResponseAssignment {
  const topicPartitionsCount = reader.arrayCount(true, 18)
  const topicPartitions: ShareGroupHeartbeatResponseAssignmentTopicPartition[] = []
  for (let index = 0; index < topicPartitionsCount; index++) topicPartitions.push(readShareGroupHeartbeatResponseAssignmentTopicPartition(reader, version))
  reader.skipTags()
  return { topicPartitions }
}

function writeShareGroupHeartbeatResponseAssignment(writer: Writer, version: number, value: ShareGroupHeartbeatResponseAssignment): void {
  writer.arrayCount(value.topicPartitions.length, true)
  for (const element of value.topicPartitions) writeShareGroupHeartbeatResponseAssignmentTopicPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultShareGroupHeartbeatResponseAssignmentTopicPartition(): ShareGroupHeartbeatResponseAssignmentTopicPartition {
  return {
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readShareGroupHeartbeatResponseAssignmentTopicPartition(reader: Reader, _version: number): ShareGroupHeartbeatResponseAssignmentTopicPartition {
  const topicId = reader.uuid()
  const partitionsCount = reader.arrayCount(true, 4)
  const partitions = reader.int32Array(partitionsCount)
  reader.skipTags()
  return { topicId, partitions }
}

function writeShareGroupHeartbeatResponseAssignmentTopicPartition(writer: Writer, _version: number, value: ShareGroupHeartbeatResponseAssignmentTopicPartition): void {
  writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, true)
  writer.int32Array(value.partitions)
  writer.unsignedVarint(0)
}
