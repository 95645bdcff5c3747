// From ../messages/offsets.ts. Written by scripts/generate-codecs.ts: change the source and run `npm run generate`.

import { ZERO_UUID } from '../../base/uuid.ts'
import type * as schema from '../messages/offsets.ts'
import type { Reader } from '../reader.ts'
import type { Infer } from '../schema.ts'
import { unwritable } from '../writer.ts'
import type { Writer } from '../writer.ts'

// ── OffsetCommitRequest (8) 2-10 ──

export interface OffsetCommitRequest extends Infer<typeof schema.OffsetCommitRequest> {}
export type OffsetCommitRequestTopic = OffsetCommitRequest['topics'][number]
export type OffsetCommitRequestTopicPartition = OffsetCommitRequestTopic['partitions'][number]

export function defaultOffsetCommitRequest(): OffsetCommitRequest {
  return {
    groupId: '',
    generationIdOrMemberEpoch: -1,
    memberId: '',
    groupInstanceId: null,
    retentionTimeMs: -1,
    topics: [],
  }
}

export function readOffsetCommitRequest(reader: Reader, version: number): OffsetCommitRequest {
  const flexible = version >= 8
  const groupId = reader.string(flexible)
  const generationIdOrMemberEpoch = reader.int32()
  const memberId = reader.string(flexible)
  const groupInstanceId = version >= 7 ? reader.nullableString(flexible) : null
  const retentionTimeMs = version <= 4 ? reader.int64() : -1
  const topicsCount = reader.arrayCount(flexible, 3)
  const topics: OffsetCommitRequestTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readOffsetCommitRequestTopic(reader, version))
  if (flexible) reader.skipTags()
  return { groupId, generationIdOrMemberEpoch, memberId, groupInstanceId, retentionTimeMs, topics }
}

export function writeOffsetCommitRequest(writer: Writer, version: number, value: OffsetCommitRequest): void {
  const flexible = version >= 8
  writer.string(value.groupId, flexible)
  writer.int32(value.generationIdOrMemberEpoch)
  writer.string(value.memberId, flexible)
  if (version >= 7) writer.string(value.groupInstanceId, flexible)
  else if (value.groupInstanceId !== null) throw unwritable('OffsetCommitRequest', 'groupInstanceId', version)
  if (version <= 4) writer.int64(value.retentionTimeMs)
  writer.arrayCount(value.topics.length, flexible)
  for (const element of value.topics) writeOffsetCommitRequestTopic(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultOffsetCommitRequestTopic(): OffsetCommitRequestTopic {
  return {
    name: '',
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readOffsetCommitRequestTopic(reader: Reader, version: number): OffsetCommitRequestTopic {
  const flexible = version >= 8
  const name = version <= 9 ? reader.string(flexible) : ''
  const topicId = version >= 10 ? reader.uuid() : ZERO_UUID
  const partitionsCount = reader.arrayCount(flexible, 14)
  const partitions: OffsetCommitRequestTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readOffsetCommitRequestTopicPartition(reader, version))
  if (flexible) reader.skipTags()
  return { name, topicId, partitions }
}

function writeOffsetCommitRequestTopic(writer: Writer, version: number, value: OffsetCommitRequestTopic): void {
  const flexible = version >= 8
  if (version <= 9) writer.string(value.name, flexible)
  if (version >= 10) writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, flexible)
  for (const element of value.partitions) writeOffsetCommitRequestTopicPartition(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultOffsetCommitRequestTopicPartition(): OffsetCommitRequestTopicPartition {
  return {
    partitionIndex: 0,
    committedOffset: 0,
    committedLeaderEpoch: -1,
    committedMetadata: '',
  }
}

function readOffsetCommitRequestTopicPartition(reader: Reader, version: number): OffsetCommitRequestTopicPartition {
  const flexible = version >= 8
  const partitionIndex = reader.int32()
  const committedOffset = reader.int64()
  const committedLeaderEpoch = version >= 6 ? reader.int32() : -1
  const committedMetadata = reader.nullableString(flexible)
  if (flexible) reader.skipTags()
  return { partitionIndex, committedOffset, committedLeaderEpoch, committedMetadata }
}

function writeOffsetCommitRequestTopicPartition(writer: Writer, version: number, value: OffsetCommitRequestTopicPartition): void {
  const flexible = version >= 8
  writer.int32(value.partitionIndex)
  writer.int64(value.committedOffset)
  if (version >= 6) writer.int32(value.committedLeaderEpoch)
  writer.string(value.committedMetadata, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── OffsetCommitResponse (8) 2-10 ──

export interface OffsetCommitResponse extends Infer<typeof schema.OffsetCommitResponse> {}
export type OffsetCommitResponseTopic = OffsetCommitResponse['topics'][number]
export type OffsetCommitResponseTopicPartition = OffsetCommitResponseTopic['partitions'][number]

export function defaultOffsetCommitResponse(): OffsetCommitResponse {
  return {
    throttleTimeMs: 0,
    topics: [],
  }
}

export function readOffsetCommitResponse(reader: Reader, version: number): OffsetCommitResponse {
  const flexible = version >= 8
  const throttleTimeMs = version >= 3 ? reader.int32() : 0
  const topicsCount = reader.arrayCount(flexible, 3)
  const topics: OffsetCommitResponseTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readOffsetCommitResponseTopic(reader, version))
  if (flexible) reader.skipTags()
  return { throttleTimeMs, topics }
}

export function writeOffsetCommitResponse(writer: Writer, version: number, value: OffsetCommitResponse): void {
  const flexible = version >= 8
  if (version >= 3) writer.int32(value.throttleTimeMs)
  writer.arrayCount(value.topics.length, flexible)
  for (const element of value.topics) writeOffsetCommitResponseTopic(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultOffsetCommitResponseTopic(): OffsetCommitResponseTopic {
  return {
    name: '',
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readOffsetCommitResponseTopic(reader: Reader, version: number): OffsetCommitResponseTopic {
  const flexible = version >= 8
  const name = version <= 9 ? reader.string(flexible) : ''
  const topicId = version >= 10 ? reader.uuid() : ZERO_UUID
  const partitionsCount = reader.arrayCount(flexible, 6)
  const partitions: OffsetCommitResponseTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readOffsetCommitResponseTopicPartition(reader, version))
  if (flexible) reader.skipTags()
  return { name, topicId, partitions }
}

function writeOffsetCommitResponseTopic(writer: Writer, version: number, value: OffsetCommitResponseTopic): void {
  const flexible = version >= 8
  if (version <= 9) writer.string(value.name, flexible)
  if (version >= 10) writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, flexible)
  for (const element of value.partitions) writeOffsetCommitResponseTopicPartition(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultOffsetCommitResponseTopicPartition(): OffsetCommitResponseTopicPartition {
  return {
    partitionIndex: 0,
    errorCode: 0,
  }
}

function readOffsetCommitResponseTopicPartition(reader: Reader, version: number): OffsetCommitResponseTopicPartition {
  const flexible = version >= 8
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  if (flexible) reader.skipTags()
  return { partitionIndex, errorCode }
}

function writeOffsetCommitResponseTopicPartition(writer: Writer, version: number, value: OffsetCommitResponseTopicPartition): void {
  const flexible = version >= 8
  writer.int32(value.partitionIndex)
  writer.errorCode(value.errorCode)
  if (flexible) writer.unsignedVarint(0)
}

// ── OffsetDeleteRequest (47) 0 ──

export interface OffsetDeleteRequest extends Infer<typeof schema.OffsetDeleteRequest> {}
export type OffsetDeleteRequestTopic = OffsetDeleteRequest['topics'][number]
export type OffsetDeleteRequestTopicPartition = OffsetDeleteRequestTopic['partitions'][number]

export function defaultOffsetDeleteRequest(): OffsetDeleteRequest {
  return {
    groupId: '',
    topics: [],
  }
}

export function readOffsetDeleteRequest(reader: Reader, version: number): OffsetDeleteRequest {
  const groupId = reader.string(false)
  const topicsCount = reader.arrayCount(false, 6)
  const topics: OffsetDeleteRequestTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readOffsetDeleteRequestTopic(reader, version))
  return { groupId, topics }
}

export function writeOffsetDeleteRequest(writer: Writer, version: number, value: OffsetDeleteRequest): void {
  writer.string(value.groupId, false)
  writer.arrayCount(value.topics.length, false)
  for (const element of value.topics) writeOffsetDeleteRequestTopic(writer, version, element)
}

export function defaultOffsetDeleteRequestTopic(): OffsetDeleteRequestTopic {
  return {
    name: '',
    partitions: [],
  }
}

function readOffsetDeleteRequestTopic(reader: Reader, version: number): OffsetDeleteRequestTopic {
  const name = reader.string(false)
  const partitionsCount = reader.arrayCount(false, 4)
  const partitions: OffsetDeleteRequestTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readOffsetDeleteRequestTopicPartition(reader, version))
  return { name, partitions }
}

function writeOffsetDeleteRequestTopic(writer: Writer, version: number, value: OffsetDeleteRequestTopic): void {
  writer.string(value.name, false)
  writer.arrayCount(value.partitions.length, false)
  for (const element of value.partitions) writeOffsetDeleteRequestTopicPartition(writer, version, element)
}

export function defaultOffsetDeleteRequestTopicPartition(): OffsetDeleteRequestTopicPartition {
  return {
    partitionIndex: 0,
  }
}

function readOffsetDeleteRequestTopicPartition(reader: Reader, _version: number): OffsetDeleteRequestTopicPartition {
  const partitionIndex = reader.int32()
  return { partitionIndex }
}

function writeOffsetDeleteRequestTopicPartition(writer: Writer, _version: number, value: OffsetDeleteRequestTopicPartition): void {
  writer.int32(value.partitionIndex)
}

// ── OffsetDeleteResponse (47) 0 ──

export interface OffsetDeleteResponse extends Infer<typeof schema.OffsetDeleteResponse> {}
export type OffsetDeleteResponseTopic = OffsetDeleteResponse['topics'][number]
export type OffsetDeleteResponseTopicPartition = OffsetDeleteResponseTopic['partitions'][number]

export function defaultOffsetDeleteResponse(): OffsetDeleteResponse {
  return {
    errorCode: 0,
    throttleTimeMs: 0,
    topics: [],
  }
}

export function readOffsetDeleteResponse(reader: Reader, version: number): OffsetDeleteResponse {
  const errorCode = reader.int16()
  const throttleTimeMs = reader.int32()
  const topicsCount = reader.arrayCount(false, 6)
  const topics: OffsetDeleteResponseTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readOffsetDeleteResponseTopic(reader, version))
  return { errorCode, throttleTimeMs, topics }
}

export function writeOffsetDeleteResponse(writer: Writer, version: number, value: OffsetDeleteResponse): void {
  writer.errorCode(value.errorCode)
  writer.int32(value.throttleTimeMs)
  writer.arrayCount(value.topics.length, false)
  for (const element of value.topics) writeOffsetDeleteResponseTopic(writer, version, element)
}

export function defaultOffsetDeleteResponseTopic(): OffsetDeleteResponseTopic {
  return {
    name: '',
    partitions: [],
  }
}

function readOffsetDeleteResponseTopic(reader: Reader, version: number): OffsetDeleteResponseTopic {
  const name = reader.string(false)
  const partitionsCount = reader.arrayCount(false, 6)
  const partitions: OffsetDeleteResponseTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readOffsetDeleteResponseTopicPartition(reader, version))
  return { name, partitions }
}

function writeOffsetDeleteResponseTopic(writer: Writer, version: number, value: OffsetDeleteResponseTopic): void {
  writer.string(value.name, false)
  writer.arrayCount(value.partitions.length, false)
  for (const element of value.partitions) writeOffsetDeleteResponseTopicPartition(writer, version, element)
}

export function defaultOffsetDeleteResponseTopicPartition(): OffsetDeleteResponseTopicPartition {
  return {
    partitionIndex: 0,
    errorCode: 0,
  }
}

function readOffsetDeleteResponseTopicPartition(reader: Reader, _version: number): OffsetDeleteResponseTopicPartition {
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  return { partitionIndex, errorCode }
}

function writeOffsetDeleteResponseTopicPartition(writer: Writer, _version: number, value: OffsetDeleteResponseTopicPartition): void {
  writer.int32(value.partitionIndex)
  writer.errorCode(value.errorCode)
}

// ── OffsetFetchRequest (9) 1-10 ──

export interface OffsetFetchRequest extends Infer<typeof schema.OffsetFetchRequest> {}
export type OffsetFetchRequestTopic = NonNullable<OffsetFetchRequest['topics']>[number]
export type OffsetFetchRequestGroup = OffsetFetchRequest['groups'][number]
export type OffsetFetchRequestGroupTopic = NonNullable<OffsetFetchRequestGroup['topics']>[number]

export function defaultOffsetFetchRequest(): OffsetFetchRequest {
  return {
    groupId: '',
    topics: [],
    groups: [],
    requireStable: false,
  }
}

export function readOffsetFetchRequest(reader: Reader, version: number): OffsetFetchRequest {
  const flexible = version >= 6
  const groupId = version <= 7 ? reader.string(flexible) : ''
  const topicsCount = version <= 7 ? (version >= 2 ? reader.nullableArrayCount(flexible, 3) : reader.arrayCount(flexible, 3)) : 0
  const topics: OffsetFetchRequestTopic[] | null = topicsCount < 0 ? null : []
  for (let index = 0; index < topicsCount; index++) topics!.push(readOffsetFetchRequestTopic(reader, version))
  const groupsCount = version >= 8 ? reader.arrayCount(flexible, 3) : 0
  const groups: OffsetFetchRequestGroup[] = []
  for (let index = 0; index < groupsCount; index++) groups.push(readOffsetFetchRequestGroup(reader, version))
  const requireStable = version >= 7 ? reader.bool() : false
  if (flexible) reader.skipTags()
  return { groupId, topics, groups, requireStable }
}

export function writeOffsetFetchRequest(writer: Writer, version: number, value: OffsetFetchRequest): void {
  const flexible = version >= 6
  if (version <= 7) writer.string(value.groupId, flexible)
  else if (value.groupId !== '') throw unwritable('OffsetFetchRequest', 'groupId', version)
  if (version <= 7) {
    if (value.topics === null && !(version >= 2)) throw unwritable('OffsetFetchRequest', 'topics', version)
    writer.arrayCount(value.topics === null ? -1 : value.topics.length, flexible)
    if (value.topics !== null) for (const element of value.topics) writeOffsetFetchRequestTopic(writer, version, element)
  } else if (value.topics === null || value.topics.length !== 0) throw unwritable('OffsetFetchRequest', 'topics', version)
  if (version >= 8) {
    writer.arrayCount(value.groups.length, flexible)
    for (const element of value.groups) writeOffsetFetchRequestGroup(writer, version, element)
  } else if (value.groups.length !== 0) throw unwritable('OffsetFetchRequest', 'groups', version)
  if (version >= 7) writer.bool(value.requireStable)
  else if (value.requireStable !== false) throw unwritable('OffsetFetchRequest', 'requireStable', version)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultOffsetFetchRequestTopic(): OffsetFetchRequestTopic {
  return {
    name: '',
    partitionIndexes: [],
  }
}

function readOffsetFetchRequestTopic(reader: Reader, version: number): OffsetFetchRequestTopic {
  const flexible = version >= 6
  const name = reader.string(flexible)
  const partitionIndexesCount = reader.arrayCount(flexible, 4)
  const partitionIndexes = reader.int32Array(partitionIndexesCount)
  if (flexible) reader.skipTags()
  return { name, partitionIndexes }
}

function writeOffsetFetchRequestTopic(writer: Writer, version: number, value: OffsetFetchRequestTopic): void {
  const flexible = version >= 6
  writer.string(value.name, flexible)
  writer.arrayCount(value.partitionIndexes.length, flexible)
  writer.int32Array(value.partitionIndexes)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultOffsetFetchRequestGroup(): OffsetFetchRequestGroup {
  return {
    groupId: '',
    memberId: null,
    memberEpoch: -1,
    topics: [],
  }
}

function readOffsetFetchRequestGroup(reader: Reader, version: number): OffsetFetchRequestGroup {
  const groupId = reader.string(true)
  const memberId = version >= 9 ? reader.nullableString(true) : null
  const memberEpoch = version >= 9 ? reader.int32() : -1
  const topicsCount = reader.nullableArrayCount(true, 3)
  const topics: OffsetFetchRequestGroupTopic[] | null = topicsCount < 0 ? null : []
  for (let index = 0; index < topicsCount; index++) topics!.push(readOffsetFetchRequestGroupTopic(reader, version))
  reader.skipTags()
  return { groupId, memberId, memberEpoch, topics }
}

function writeOffsetFetchRequestGroup(writer: Writer, version: number, value: OffsetFetchRequestGroup): void {
  writer.string(value.groupId, true)
  if (version >= 9) writer.string(value.memberId, true)
  if (version >= 9) writer.int32(value.memberEpoch)
  writer.arrayCount(value.topics === null ? -1 : value.topics.length, true)
  if (value.topics !== null) for (const element of value.topics) writeOffsetFetchRequestGroupTopic(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultOffsetFetchRequestGroupTopic(): OffsetFetchRequestGroupTopic {
  return {
    name: '',
    topicId: ZERO_UUID,
    partitionIndexes: [],
  }
}

function readOffsetFetchRequestGroupTopic(reader: Reader, version: number): OffsetFetchRequestGroupTopic {
  const name = version <= 9 ? reader.string(true) : ''
  const topicId = version >= 10 ? reader.uuid() : ZERO_UUID
  const partitionIndexesCount = reader.arrayCount(true, 4)
  const partitionIndexes = reader.int32Array(partitionIndexesCount)
  reader.skipTags()
  return { name, topicId, partitionIndexes }
}

function writeOffsetFetchRequestGroupTopic(writer: Writer, version: number, value: OffsetFetchRequestGroupTopic): void {
  if (version <= 9) writer.string(value.name, true)
  if (version >= 10) writer.uuid(value.topicId)
  writer.arrayCount(value.partitionIndexes.length, true)
  writer.int32Array(value.partitionIndexes)
  writer.unsignedVarint(0)
}

// ── OffsetFetchResponse (9) 1-10 ──

export interface OffsetFetchResponse extends Infer<typeof schema.OffsetFetchResponse> {}
export type OffsetFetchResponseTopic = OffsetFetchResponse['topics'][number]
export type OffsetFetchResponseTopicPartition = OffsetFetchResponseTopic['partitions'][number]
export type OffsetFetchResponseGroup = OffsetFetchResponse['groups'][number]
export type OffsetFetchResponseGroupTopic = OffsetFetchResponseGroup['topics'][number]
export type OffsetFetchResponseGroupTopicPartition = OffsetFetchResponseGroupTopic['partitions'][number]

export function defaultOffsetFetchResponse(): OffsetFetchResponse {
  return {
    throttleTimeMs: 0,
    topics: [],
    errorCode: 0,
    groups: [],
  }
}

export function readOffsetFetchResponse(reader: Reader, version: number): OffsetFetchResponse {
  const flexible = version >= 6
  const throttleTimeMs = version >= 3 ? reader.int32() : 0
  const topicsCount = version <= 7 ? reader.arrayCount(flexible, 3) : 0
  const topics: OffsetFetchResponseTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readOffsetFetchResponseTopic(reader, version))
  const errorCode = version >= 2 && version <= 7 ? reader.int16() : 0
  const groupsCount = version >= 8 ? reader.arrayCount(flexible, 5) : 0
  const groups: OffsetFetchResponseGroup[] = []
  for (let index = 0; index < groupsCount; index++) groups.push(readOffsetFetchResponseGroup(reader, version))
  if (flexible) reader.skipTags()
  return { throttleTimeMs, topics, errorCode, groups }
}

export function writeOffsetFetchResponse(writer: Writer, version: number, value: OffsetFetchResponse): void {
  const flexible = version >= 6
  if (version >= 3) writer.int32(value.throttleTimeMs)
  if (version <= 7) {
    writer.arrayCount(value.topics.length, flexible)
    for (const element of value.topics) writeOffsetFetchResponseTopic(writer, version, element)
  } else if (value.topics.length !== 0) throw unwritable('OffsetFetchResponse', 'topics', version)
  if (version >= 2 && version <= 7) writer.errorCode(value.errorCode)
  if (version >= 8) {
    writer.arrayCount(value.groups.length, flexible)
    for (const element of value.groups) writeOffsetFetchResponseGroup(writer, version, element)
  } else if (value.groups.length !== 0) throw unwritable('OffsetFetchResponse', 'groups', version)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultOffsetFetchResponseTopic(): OffsetFetchResponseTopic {
  return {
    name: '',
    partitions: [],
  }
}

function readOffsetFetchResponseTopic(reader: Reader, version: number): OffsetFetchResponseTopic {
  const flexible = version >= 6
  const name = reader.string(flexible)
  const partitionsCount = reader.arrayCount(flexible, 16)
  const partitions: OffsetFetchResponseTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readOffsetFetchResponseTopicPartition(reader, version))
  if (flexible) reader.skipTags()
  return { name, partitions }
}

function writeOffsetFetchResponseTopic(writer: Writer, version: number, value: OffsetFetchResponseTopic): void {
  const flexible = version >= 6
  writer.string(value.name, flexible)
  writer.arrayCount(value.partitions.length, flexible)
  for (const element of value.partitions) writeOffsetFetchResponseTopicPartition(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultOffsetFetchResponseTopicPartition(): OffsetFetchResponseTopicPartition {
  return {
    partitionIndex: 0,
    committedOffset: 0,
    committedLeaderEpoch: -1,
    metadata: '',
    errorCode: 0,
  }
}

function readOffsetFetchResponseTopicPartition(reader: Reader, version: number): OffsetFetchResponseTopicPartition {
  const flexible = version >= 6
  const partitionIndex = reader.int32()
  const committedOffset = reader.int64()
  const committedLeaderEpoch = version >= 5 ? reader.int32() : -1
  const metadata = reader.nullableString(flexible)
  const errorCode = reader.int16()
  if (flexible) reader.skipTags()
  return { partitionIndex, committedOffset, committedLeaderEpoch, metadata, errorCode }
}

function writeOffsetFetchResponseTopicPartition(writer: Writer, version: number, value: OffsetFetchResponseTopicPartition): void {
  const flexible = version >= 6
  writer.int32(value.partitionIndex)
  writer.int64(value.committedOffset)
  if (version >= 5) writer.int32(value.committedLeaderEpoch)
  writer.string(value.metadata, flexible)
  writer.errorCode(value.errorCode)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultOffsetFetchResponseGroup(): OffsetFetchResponseGroup {
  return {
    groupId: '',
    topics: [],
    errorCode: 0,
  }
}

function readOffsetFetchResponseGroup(reader: Reader, version: number): OffsetFetchResponseGroup {
  const groupId = reader.string(true)
  const topicsCount = reader.arrayCount(true, 3)
  const topics: OffsetFetchResponseGroupTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readOffsetFetchResponseGroupTopic(reader, version))
  const errorCode = reader.int16()
  reader.skipTags()
  return { groupId, topics, errorCode }
}

function writeOffsetFetchResponseGroup(writer: Writer, version: number, value: OffsetFetchResponseGroup): void {
  writer.string(value.groupId, true)
  writer.arrayCount(value.topics.length, true)
  for (const element of value.topics) writeOffsetFetchResponseGroupTopic(writer, version, element)
  writer.errorCode(value.errorCode)
  writer.unsignedVarint(0)
}

export function defaultOffsetFetchResponseGroupTopic(): OffsetFetchResponseGroupTopic {
  return {
    name: '',
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readOffsetFetchResponseGroupTopic(reader: Reader, version: number): OffsetFetchResponseGroupTopic {
  const name = version <= 9 ? reader.string(true) : ''
  const topicId = version >= 10 ? reader.uuid() : ZERO_UUID
  const partitionsCount = reader.arrayCount(true, 20)
  const partitions: OffsetFetchResponseGroupTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readOffsetFetchResponseGroupTopicPartition(reader, version))
  reader.skipTags()
  return { name, topicId, partitions }
}

function writeOffsetFetchResponseGroupTopic(writer: Writer, version: number, value: OffsetFetchResponseGroupTopic): void {
  if (version <= 9) writer.string(value.name, true)
  if (version >= 10) writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, true)
  for (const element of value.partitions) writeOffsetFetchResponseGroupTopicPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultOffsetFetchResponseGroupTopicPartition(): OffsetFetchResponseGroupTopicPartition {
  return {
    partitionIndex: 0,
    committedOffset: 0,
    committedLeaderEpoch: -1,
    metadata: '',
    errorCode: 0,
  }
}

function readOffsetFetchResponseGroupTopicPartition(reader: Reader, _version: number): OffsetFetchResponseGroupTopicPartition {
  const partitionIndex = reader.int32()
  const committedOffset = reader.int64()
  const committedLeaderEpoch = reader.int32()
  const metadata = reader.nullableString(true)
  const errorCode = reader.int16()
  reader.skipTags()
  return { partitionIndex, committedOffset, committedLeaderEpoch, metadata, errorCode }
}

function writeOffsetFetchResponseGroupTopicPartition(writer: Writer, _version: number, value: OffsetFetchResponseGroupTopicPartition): void {
  writer.int32(value.partitionIndex)
  writer.int64(value.committedOffset)
  writer.int32(value.committedLeaderEpoch)
  writer.string(value.metadata, true)
  writer.errorCode(value.errorCode)
  writer.unsignedVarint(0)
}
