// From ../messages/topics.ts. Written by scripts/generate-codecs.ts: change the source and run `npm run generate`.

import { ZERO_UUID } from '../../base/uuid.ts'
import type * as schema from '../messages/topics.ts'
import type { Reader } from '../reader.ts'
import type { Infer } from '../schema.ts'
import { unwritable } from '../writer.ts'
import type { Writer } from '../writer.ts'

// ── AlterPartitionReassignmentsRequest (45) 0-1 ──

export interface AlterPartitionReassignmentsRequest extends Infer<typeof schema.AlterPartitionReassignmentsRequest> {}
export type AlterPartitionReassignmentsRequestTopic = AlterPartitionReassignmentsRequest['topics'][number]
export type AlterPartitionReassignmentsRequestTopicPartition = AlterPartitionReassignmentsRequestTopic['partitions'][number]

export function defaultAlterPartitionReassignmentsRequest(): AlterPartitionReassignmentsRequest {
  return {
    timeoutMs: 60000,
    allowReplicationFactorChange: true,
    topics: [],
  }
}

export function readAlterPartitionReassignmentsRequest(reader: Reader, version: number): AlterPartitionReassignmentsRequest {
  const timeoutMs = reader.int32()
  const allowReplicationFactorChange = version >= 1 ? reader.bool() : true
  const topicsCount = reader.arrayCount(true, 3)
  const topics: AlterPartitionReassignmentsRequestTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readAlterPartitionReassignmentsRequestTopic(reader, version))
  reader.skipTags()
  return { timeoutMs, allowReplicationFactorChange, topics }
}

export function writeAlterPartitionReassignmentsRequest(writer: Writer, version: number, value: AlterPartitionReassignmentsRequest): void {
  writer.int32(value.timeoutMs)
  if (version >= 1) writer.bool(value.allowReplicationFactorChange)
  else if (value.allowReplicationFactorChange !== true) throw unwritable('AlterPartitionReassignmentsRequest', 'allowReplicationFactorChange', version)
  writer.arrayCount(value.topics.length, true)
  for (const element of value.topics) writeAlterPartitionReassignmentsRequestTopic(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultAlterPartitionReassignmentsRequestTopic(): AlterPartitionReassignmentsRequestTopic {
  return {
    name: '',
    partitions: [],
  }
}

function readAlterPartitionReassignmentsRequestTopic(reader: Reader, version: number): AlterPartitionReassignmentsRequestTopic {
  const name = reader.string(true)
  const partitionsCount = reader.arrayCount(true, 6)
  const partitions: AlterPartitionReassignmentsRequestTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readAlterPartitionReassignmentsRequestTopicPartition(reader, version))
  reader.skipTags()
  return { name, partitions }
}

function writeAlterPartitionReassignmentsRequestTopic(writer: Writer, version: number, value: AlterPartitionReassignmentsRequestTopic): void {
  writer.string(value.name, true)
  writer.arrayCount(value.partitions.length, true)
  for (const element of value.partitions) writeAlterPartitionReassignmentsRequestTopicPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultAlterPartitionReassignmentsRequestTopicPartition(): AlterPartitionReassignmentsRequestTopicPartition {
  return {
    partitionIndex: 0,
    replicas: null,
  }
}

function readAlterPartitionReassignmentsRequestTopicPartition(reader: Reader, _version: number): AlterPartitionReassignmentsRequestTopicPartition {
  const partitionIndex = reader.int32()
  const replicasCount = reader.nullableArrayCount(true, 4)
  const replicas = replicasCount < 0 ? null : reader.int32Array(replicasCount)
  reader.skipTags()
  return { partitionIndex, replicas }
}

function writeAlterPartitionReassignmentsRequestTopicPartition(writer: Writer, _version: number, value: AlterPartitionReassignmentsRequestTopicPartition): void {
  writer.int32(value.partitionIndex)
  writer.arrayCount(value.replicas === null ? -1 : value.replicas.length, true)
  if (value.replicas !== null) writer.int32Array(value.replicas)
  writer.unsignedVarint(0)
}

// ── AlterPartitionReassignmentsResponse (45) 0-1 ──

export interface AlterPartitionReassignmentsResponse extends Infer<typeof schema.AlterPartitionReassignmentsResponse> {}
export type AlterPartitionReassignmentsResponseResponse = AlterPartitionReassignmentsResponse['responses'][number]
export type AlterPartitionReassignmentsResponseResponsePartition = AlterPartitionReassignmentsResponseResponse['partitions'][number]

export function defaultAlterPartitionReassignmentsResponse(): AlterPartitionReassignmentsResponse {
  return {
    throttleTimeMs: 0,
    allowReplicationFactorChange: true,
    errorCode: 0,
    errorMessage: '',
    responses: [],
  }
}

export function readAlterPartitionReassignmentsResponse(reader: Reader, version: number): AlterPartitionReassignmentsResponse {
  const throttleTimeMs = reader.int32()
  const allowReplicationFactorChange = version >= 1 ? reader.bool() : true
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  const responsesCount = reader.arrayCount(true, 3)
  const responses: AlterPartitionReassignmentsResponseResponse[] = []
  for (let index = 0; index < responsesCount; index++) responses.push(readAlterPartitionReassignmentsResponseResponse(reader, version))
  reader.skipTags()
  return { throttleTimeMs, allowReplicationFactorChange, errorCode, errorMessage, responses }
}

export function writeAlterPartitionReassignmentsResponse(writer: Writer, version: number, value: AlterPartitionReassignmentsResponse): void {
  writer.int32(value.throttleTimeMs)
  if (version >= 1) writer.bool(value.allowReplicationFactorChange)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.arrayCount(value.responses.length, true)
  for (const element of value.responses) writeAlterPartitionReassignmentsResponseResponse(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultAlterPartitionReassignmentsResponseResponse(): AlterPartitionReassignmentsResponseResponse {
  return {
    name: '',
    partitions: [],
  }
}

function readAlterPartitionReassignmentsResponseResponse(reader: Reader, version: number): AlterPartitionReassignmentsResponseResponse {
  const name = reader.string(true)
  const partitionsCount = reader.arrayCount(true, 8)
  const partitions: AlterPartitionReassignmentsResponseResponsePartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readAlterPartitionReassignmentsResponseResponsePartition(reader, version))
  reader.skipTags()
  return { name, partitions }
}

function writeAlterPartitionReassignmentsResponseResponse(writer: Writer, version: number, value: AlterPartitionReassignmentsResponseResponse): void {
  writer.string(value.name, true)
  writer.arrayCount(value.partitions.length, true)
  for (const element of value.partitions) writeAlterPartitionReassignmentsResponseResponsePartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultAlterPartitionReassignmentsResponseResponsePartition(): AlterPartitionReassignmentsResponseResponsePartition {
  return {
    partitionIndex: 0,
    errorCode: 0,
    errorMessage: '',
  }
}

function readAlterPartitionReassignmentsResponseResponsePartition(reader: Reader, _version: number): AlterPartitionReassignmentsResponseResponsePartition {
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  reader.skipTags()
  return { partitionIndex, errorCode, errorMessage }
}

function writeAlterPartitionReassignmentsResponseResponsePartition(writer: Writer, _version: number, value: AlterPartitionReassignmentsResponseResponsePartition): void {
  writer.int32(value.partitionIndex)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.unsignedVarint(0)
}

// ── CreatePartitionsRequest (37) 0-3 ──

export interface CreatePartitionsRequest extends Infer<typeof schema.CreatePartitionsRequest> {}
export type CreatePartitionsRequestTopic = CreatePartitionsRequest['topics'][number]
export type CreatePartitionsRequestTopicAssignment = NonNullable<CreatePartitionsRequestTopic['assignments']>[number]

export function defaultCreatePartitionsRequest(): CreatePartitionsRequest {
  return {
    topics: [],
    timeoutMs: 0,
    validateOnly: false,
  }
}

export function readCreatePartitionsRequest(reader: Reader, version: number): CreatePartitionsRequest {
  const flexible = version >= 2
  const topicsCount = reader.arrayCount(flexible, 7)
  const topics: CreatePartitionsRequestTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readCreatePartitionsRequestTopic(reader, version))
  const timeoutMs = reader.int32()
  const validateOnly = reader.bool()
  if (flexible) reader.skipTags()
  return { topics, timeoutMs, validateOnly }
}

export function writeCreatePartitionsRequest(writer: Writer, version: number, value: CreatePartitionsRequest): void {
  const flexible = version >= 2
  writer.arrayCount(value.topics.length, flexible)
  for (const element of value.topics) writeCreatePartitionsRequestTopic(writer, version, element)
  writer.int32(value.timeoutMs)
  writer.bool(value.validateOnly)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultCreatePartitionsRequestTopic(): CreatePartitionsRequestTopic {
  return {
    name: '',
    count: 0,
    assignments: [],
  }
}

function readCreatePartitionsRequestTopic(reader: Reader, version: number): CreatePartitionsRequestTopic {
  const flexible = version >= 2
  const name = reader.string(flexible)
  const countField = reader.int32()
  const assignmentsCount = reader.nullableArrayCount(flexible, 2)
  const assignments: CreatePartitionsRequestTopicAssignment[] | null = assignmentsCount < 0 ? null : []
  for (let index = 0; index < assignmentsCount; index++) assignments!.push(readCreatePartitionsRequestTopicAssignment(reader, version))
  if (flexible) reader.skipTags()
  return { name, count: countField, assignments }
}

function writeCreatePartitionsRequestTopic(writer: Writer, version: number, value: CreatePartitionsRequestTopic): void {
  const flexible = version >= 2
  writer.string(value.name, flexible)
  writer.int32(value.count)
  writer.arrayCount(value.assignments === null ? -1 : value.assignments.length, flexible)
  if (value.assignments !== null) for (const element of value.assignments) writeCreatePartitionsRequestTopicAssignment(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultCreatePartitionsRequestTopicAssignment(): CreatePartitionsRequestTopicAssignment {
  return {
    brokerIds: [],
  }
}

function readCreatePartitionsRequestTopicAssignment(reader: Reader, version: number): CreatePartitionsRequestTopicAssignment {
  const flexible = version >= 2
  const brokerIdsCount = reader.arrayCount(flexible, 4)
  const brokerIds = reader.int32Array(brokerIdsCount)
  if (flexible) reader.skipTags()
  return { brokerIds }
}

function writeCreatePartitionsRequestTopicAssignment(writer: Writer, version: number, value: CreatePartitionsRequestTopicAssignment): void {
  const flexible = version >= 2
  writer.arrayCount(value.brokerIds.length, flexible)
  writer.int32Array(value.brokerIds)
  if (flexible) writer.unsignedVarint(0)
}

// ── CreatePartitionsResponse (37) 0-3 ──

export interface CreatePartitionsResponse extends Infer<typeof schema.CreatePartitionsResponse> {}
export type CreatePartitionsResponseResult = CreatePartitionsResponse['results'][number]

export function defaultCreatePartitionsResponse(): CreatePartitionsResponse {
  return {
    throttleTimeMs: 0,
    results: [],
  }
}

export function readCreatePartitionsResponse(reader: Reader, version: number): CreatePartitionsResponse {
  const flexible = version >= 2
  const throttleTimeMs = reader.int32()
  const resultsCount = reader.arrayCount(flexible, 5)
  const results: CreatePartitionsResponseResult[] = []
  for (let index = 0; index < resultsCount; index++) results.push(readCreatePartitionsResponseResult(reader, version))
  if (flexible) reader.skipTags()
  return { throttleTimeMs, results }
}

export function writeCreatePartitionsResponse(writer: Writer, version: number, value: CreatePartitionsResponse): void {
  const flexible = version >= 2
  writer.int32(value.throttleTimeMs)
  writer.arrayCount(value.results.length, flexible)
  for (const element of value.results) writeCreatePartitionsResponseResult(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultCreatePartitionsResponseResult(): CreatePartitionsResponseResult {
  return {
    name: '',
    errorCode: 0,
    errorMessage: null,
  }
}

function readCreatePartitionsResponseResult(reader: Reader, version: number): CreatePartitionsResponseResult {
  const flexible = version >= 2
  const name = reader.string(flexible)
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(flexible)
  if (flexible) reader.skipTags()
  return { name, errorCode, errorMessage }
}

function writeCreatePartitionsResponseResult(writer: Writer, version: number, value: CreatePartitionsResponseResult): void {
  const flexible = version >= 2
  writer.string(value.name, flexible)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── CreateTopicsRequest (19) 2-7 ──

export interface CreateTopicsRequest extends Infer<typeof schema.CreateTopicsRequest> {}
export type CreateTopicsRequestTopic = CreateTopicsRequest['topics'][number]
export type CreateTopicsRequestTopicAssignment = CreateTopicsRequestTopic['assignments'][number]
export type CreateTopicsRequestTopicConfig = CreateTopicsRequestTopic['configs'][number]

export function defaultCreateTopicsRequest(): CreateTopicsRequest {
  return {
    topics: [],
    timeoutMs: 60000,
    validateOnly: false,
  }
}

export function readCreateTopicsRequest(reader: Reader, version: number): CreateTopicsRequest {
  const flexible = version >= 5
  const topicsCount = reader.arrayCount(flexible, 10)
  const topics: CreateTopicsRequestTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readCreateTopicsRequestTopic(reader, version))
  const timeoutMs = reader.int32()
  const validateOnly = reader.bool()
  if (flexible) reader.skipTags()
  return { topics, timeoutMs, validateOnly }
}

export function writeCreateTopicsRequest(writer: Writer, version: number, value: CreateTopicsRequest): void {
  const flexible = version >= 5
  writer.arrayCount(value.topics.length, flexible)
  for (const element of value.topics) writeCreateTopicsRequestTopic(writer, version, element)
  writer.int32(value.timeoutMs)
  writer.bool(value.validateOnly)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultCreateTopicsRequestTopic(): CreateTopicsRequestTopic {
  return {
    name: '',
    numPartitions: 0,
    replicationFactor: 0,
    assignments: [],
    configs: [],
  }
}

function readCreateTopicsRequestTopic(reader: Reader, version: number): CreateTopicsRequestTopic {
  const flexible = version >= 5
  const name = reader.string(flexible)
  const numPartitions = reader.int32()
  const replicationFactor = reader.int16()
  const assignmentsCount = reader.arrayCount(flexible, 6)
  const assignments: CreateTopicsRequestTopicAssignment[] = []
  for (let index = 0; index < assignmentsCount; index++) assignments.push(readCreateTopicsRequestTopicAssignment(reader, version))
  const configsCount = reader.arrayCount(flexible, 3)
  const configs: CreateTopicsRequestTopicConfig[] = []
  for (let index = 0; index < configsCount; index++) configs.push(readCreateTopicsRequestTopicConfig(reader, version))
  if (flexible) reader.skipTags()
  return { name, numPartitions, replicationFactor, assignments, configs }
}

function writeCreateTopicsRequestTopic(writer: Writer, version: number, value: CreateTopicsRequestTopic): void {
  const flexible = version >= 5
  writer.string(value.name, flexible)
  writer.int32(value.numPartitions)
  writer.int16(value.replicationFactor)
  writer.arrayCount(value.assignments.length, flexible)
  for (const element of value.assignments) writeCreateTopicsRequestTopicAssignment(writer, version, element)
  writer.arrayCount(value.configs.length, flexible)
  for (const element of value.configs) writeCreateTopicsRequestTopicConfig(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultCreateTopicsRequestTopicAssignment(): CreateTopicsRequestTopicAssignment {
  return {
    partitionIndex: 0,
    brokerIds: [],
  }
}

function readCreateTopicsRequestTopicAssignment(reader: Reader, version: number): CreateTopicsRequestTopicAssignment {
  const flexible = version >= 5
  const partitionIndex = reader.int32()
  const brokerIdsCount = reader.arrayCount(flexible, 4)
  const brokerIds = reader.int32Array(brokerIdsCount)
  if (flexible) reader.skipTags()
  return { partitionIndex, brokerIds }
}

function writeCreateTopicsRequestTopicAssignment(writer: Writer, version: number, value: CreateTopicsRequestTopicAssignment): void {
  const flexible = version >= 5
  writer.int32(value.partitionIndex)
  writer.arrayCount(value.brokerIds.length, flexible)
  writer.int32Array(value.brokerIds)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultCreateTopicsRequestTopicConfig(): CreateTopicsRequestTopicConfig {
  return {
    name: '',
    value: '',
  }
}

function readCreateTopicsRequestTopicConfig(reader: Reader, version: number): CreateTopicsRequestTopicConfig {
  const flexible = version >= 5
  const name = reader.string(flexible)
  const value = reader.nullableString(flexible)
  if (flexible) reader.skipTags()
  return { name, value }
}

function writeCreateTopicsRequestTopicConfig(writer: Writer, version: number, value: CreateTopicsRequestTopicConfig): void {
  const flexible = version >= 5
  writer.string(value.name, flexible)
  writer.string(value.value, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── CreateTopicsResponse (19) 2-7 ──

export interface CreateTopicsResponse extends Infer<typeof schema.CreateTopicsResponse> {}
export type CreateTopicsResponseTopic = CreateTopicsResponse['topics'][number]
export type CreateTopicsResponseTopicConfig = NonNullable<CreateTopicsResponseTopic['configs']>[number]

export function defaultCreateTopicsResponse(): CreateTopicsResponse {
  return {
    throttleTimeMs: 0,
    topics: [],
  }
}

export function readCreateTopicsResponse(reader: Reader, version: number): CreateTopicsResponse {
  const flexible = version >= 5
  const throttleTimeMs = reader.int32()
  const topicsCount = reader.arrayCount(flexible, 6)
  const topics: CreateTopicsResponseTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readCreateTopicsResponseTopic(reader, version))
  if (flexible) reader.skipTags()
  return { throttleTimeMs, topics }
}

export function writeCreateTopicsResponse(writer: Writer, version: number, value: CreateTopicsResponse): void {
  const flexible = version >= 5
  writer.int32(value.throttleTimeMs)
  writer.arrayCount(value.topics.length, flexible)
  for (const element of value.topics) writeCreateTopicsResponseTopic(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultCreateTopicsResponseTopic(): CreateTopicsResponseTopic {
  return {
    name: '',
    topicId: ZERO_UUID,
    errorCode: 0,
    errorMessage: '',
    topicConfigErrorCode: 0,
    numPartitions: -1,
    replicationFactor: -1,
    configs: [],
  }
}

function readCreateTopicsResponseTopic(reader: Reader, version: number): CreateTopicsResponseTopic {
  const flexible = version >= 5
  let topicConfigErrorCode: number = 0
  const name = reader.string(flexible)
  const topicId = version >= 7 ? reader.uuid() : ZERO_UUID
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(flexible)
  const numPartitions = version >= 5 ? reader.int32() : -1
  const replicationFactor = version >= 5 ? reader.int16() : -1
  const configsCount = version >= 5 ? reader.nullableArrayCount(flexible, 6) : 0
  const configs: CreateTopicsResponseTopicConfig[] | null = configsCount < 0 ? null : []
  for (let index = 0; index < configsCount; index++) configs!.push(readCreateTopicsResponseTopicConfig(reader, version))
  if (flexible) {
    for (let count = reader.tagCount(); count > 0; count--) {
      const tag = reader.unsignedVarint()
      const end = reader.tagEnd()
      switch (tag) {
        case 0: {
          topicConfigErrorCode = reader.int16()
          break
        }
        default:
          reader.position = end
      }
      reader.leaveTag(end)
    }
  }
  return {
    name,
    topicId,
    errorCode,
    errorMessage,
    topicConfigErrorCode,
    numPartitions,
    replicationFactor,
    configs,
  }
}

function writeCreateTopicsResponseTopic(writer: Writer, version: number, value: CreateTopicsResponseTopic): void {
  const flexible = version >= 5
  writer.string(value.name, flexible)
  if (version >= 7) writer.uuid(value.topicId)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, flexible)
  if (version >= 5) writer.int32(value.numPartitions)
  if (version >= 5) writer.int16(value.replicationFactor)
  if (version >= 5) {
    writer.arrayCount(value.configs === null ? -1 : value.configs.length, flexible)
    if (value.configs !== null) for (const element of value.configs) writeCreateTopicsResponseTopicConfig(writer, version, element)
  }
  if (flexible) {
    let tags = 0
    if (value.topicConfigErrorCode !== 0) tags++
    writer.unsignedVarint(tags)
    if (value.topicConfigErrorCode !== 0) {
      writer.tag(0, 2)
      writer.int16(value.topicConfigErrorCode)
    }
  }
}

export function defaultCreateTopicsResponseTopicConfig(): CreateTopicsResponseTopicConfig {
  return {
    name: '',
    value: '',
    readOnly: false,
    configSource: -1,
    isSensitive: false,
  }
}

function readCreateTopicsResponseTopicConfig(reader: Reader, _version: number): CreateTopicsResponseTopicConfig {
  const name = reader.string(true)
  const value = reader.nullableString(true)
  const readOnly = reader.bool()
  const configSource = reader.int8()
  const isSensitive = reader.bool()
  reader.skipTags()
  return { name, value, readOnly, configSource, isSensitive }
}

function writeCreateTopicsResponseTopicConfig(writer: Writer, _version: number, value: CreateTopicsResponseTopicConfig): void {
  writer.string(value.name, true)
  writer.string(value.value, true)
  writer.bool(value.readOnly)
  writer.int8(value.configSource)
  writer.bool(value.isSensitive)
  writer.unsignedVarint(0)
}

// ── DeleteTopicsRequest (20) 1-6 ──

export interface DeleteTopicsRequest extends Infer<typeof schema.DeleteTopicsRequest> {}
export type DeleteTopicsRequestTopic = DeleteTopicsRequest['topics'][number]

export function defaultDeleteTopicsRequest(): DeleteTopicsRequest {
  return {
    topics: [],
    topicNames: [],
    timeoutMs: 0,
  }
}

export function readDeleteTopicsRequest(reader: Reader, version: number): DeleteTopicsRequest {
  const flexible = version >= 4
  const topicsCount = version >= 6 ? reader.arrayCount(flexible, 18) : 0
  const topics: DeleteTopicsRequestTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readDeleteTopicsRequestTopic(reader, version))
  const topicNamesCount = version <= 5 ? reader.arrayCount(flexible, 1) : 0
  const topicNames = reader.stringArray(topicNamesCount, flexible)
  const timeoutMs = reader.int32()
  if (flexible) reader.skipTags()
  return { topics, topicNames, timeoutMs }
}

export function writeDeleteTopicsRequest(writer: Writer, version: number, value: DeleteTopicsRequest): void {
  const flexible = version >= 4
  if (version >= 6) {
    writer.arrayCount(value.topics.length, flexible)
    for (const element of value.topics) writeDeleteTopicsRequestTopic(writer, version, element)
  } else if (value.topics.length !== 0) throw unwritable('DeleteTopicsRequest', 'topics', version)
  if (version <= 5) {
    writer.arrayCount(value.topicNames.length, flexible)
    writer.stringArray(value.topicNames, flexible)
  }
  writer.int32(value.timeoutMs)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDeleteTopicsRequestTopic(): DeleteTopicsRequestTopic {
  return {
    name: null,
    topicId: ZERO_UUID,
  }
}

function readDeleteTopicsRequestTopic(reader: Reader, _version: number): DeleteTopicsRequestTopic {
  const name = reader.nullableString(true)
  const topicId = reader.uuid()
  reader.skipTags()
  return { name, topicId }
}

function writeDeleteTopicsRequestTopic(writer: Writer, _version: number, value: DeleteTopicsRequestTopic): void {
  writer.string(value.name, true)
  writer.uuid(value.topicId)
  writer.unsignedVarint(0)
}

// ── DeleteTopicsResponse (20) 1-6 ──

export interface DeleteTopicsResponse extends Infer<typeof schema.DeleteTopicsResponse> {}
export type DeleteTopicsResponseResponse = DeleteTopicsResponse['responses'][number]

export function defaultDeleteTopicsResponse(): DeleteTopicsResponse {
  return {
    throttleTimeMs: 0,
    responses: [],
  }
}

export function readDeleteTopicsResponse(reader: Reader, version: number): DeleteTopicsResponse {
  const flexible = version >= 4
  const throttleTimeMs = reader.int32()
  const responsesCount = reader.arrayCount(flexible, 4)
  const responses: DeleteTopicsResponseResponse[] = []
  for (let index = 0; index < responsesCount; index++) responses.push(readDeleteTopicsResponseResponse(reader, version))
  if (flexible) reader.skipTags()
  return { throttleTimeMs, responses }
}

export function writeDeleteTopicsResponse(writer: Writer, version: number, value: DeleteTopicsResponse): void {
  const flexible = version >= 4
  writer.int32(value.throttleTimeMs)
  writer.arrayCount(value.responses.length, flexible)
  for (const element of value.responses) writeDeleteTopicsResponseResponse(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDeleteTopicsResponseResponse(): DeleteTopicsResponseResponse {
  return {
    name: '',
    topicId: ZERO_UUID,
    errorCode: 0,
    errorMessage: null,
  }
}

function readDeleteTopicsResponseResponse(reader: Reader, version: number): DeleteTopicsResponseResponse {
  const flexible = version >= 4
  const name = version >= 6 ? reader.nullableString(flexible) : reader.string(flexible)
  const topicId = version >= 6 ? reader.uuid() : ZERO_UUID
  const errorCode = reader.int16()
  const errorMessage = version >= 5 ? reader.nullableString(flexible) : null
  if (flexible) reader.skipTags()
  return { name, topicId, errorCode, errorMessage }
}

function writeDeleteTopicsResponseResponse(writer: Writer, version: number, value: DeleteTopicsResponseResponse): void {
  const flexible = version >= 4
  if (value.name === null && !(version >= 6)) throw unwritable('DeleteTopicsResponse', 'name', version)
  writer.string(value.name, flexible)
  if (version >= 6) writer.uuid(value.topicId)
  writer.errorCode(value.errorCode)
  if (version >= 5) writer.string(value.errorMessage, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── ElectLeadersRequest (43) 0-2 ──

export interface ElectLeadersRequest extends Infer<typeof schema.ElectLeadersRequest> {}
export type ElectLeadersRequestTopicPartition = NonNullable<ElectLeadersRequest['topicPartitions']>[number]

export function defaultElectLeadersRequest(): ElectLeadersRequest {
  return {
    electionType: 0,
    topicPartitions: [],
    timeoutMs: 60000,
  }
}

export function readElectLeadersRequest(reader: Reader, version: number): ElectLeadersRequest {
  const flexible = version >= 2
  const electionType = version >= 1 ? reader.int8() : 0
  const topicPartitionsCount = reader.nullableArrayCount(flexible, 3)
  const topicPartitions: ElectLeadersRequestTopicPartition[] | null = topicPartitionsCount < 0 ? null : []
  for (let index = 0; index < topicPartitionsCount; index++) topicPartitions!.push(readElectLeadersRequestTopicPartition(reader, version))
  const timeoutMs = reader.int32()
  if (flexible) reader.skipTags()
  return { electionType, topicPartitions, timeoutMs }
}

export function writeElectLeadersRequest(writer: Writer, version: number, value: ElectLeadersRequest): void {
  const flexible = version >= 2
  if (version >= 1) writer.int8(value.electionType)
  else if (value.electionType !== 0) throw unwritable('ElectLeadersRequest', 'electionType', version)
  writer.arrayCount(value.topicPartitions === null ? -1 : value.topicPartitions.length, flexible)
  if (value.topicPartitions !== null) for (const element of value.topicPartitions) writeElectLeadersRequestTopicPartition(writer, version, element)
  writer.int32(value.timeoutMs)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultElectLeadersRequestTopicPartition(): ElectLeadersRequestTopicPartition {
  return {
    topic: '',
    partitions: [],
  }
}

function readElectLeadersRequestTopicPartition(reader: Reader, version: number): ElectLeadersRequestTopicPartition {
  const flexible = version >= 2
  const topic = reader.string(flexible)
  const partitionsCount = reader.arrayCount(flexible, 4)
  const partitions = reader.int32Array(partitionsCount)
  if (flexible) reader.skipTags()
  return { topic, partitions }
}

function writeElectLeadersRequestTopicPartition(writer: Writer, version: number, value: ElectLeadersRequestTopicPartition): void {
  const flexible = version >= 2
  writer.string(value.topic, flexible)
  writer.arrayCount(value.partitions.length, flexible)
  writer.int32Array(value.partitions)
  if (flexible) writer.unsignedVarint(0)
}

// ── ElectLeadersResponse (43) 0-2 ──

export interface ElectLeadersResponse extends Infer<typeof schema.ElectLeadersResponse> {}
export type ElectLeadersResponseReplicaElectionResult = ElectLeadersResponse['replicaElectionResults'][number]
export type ElectLeadersResponseReplicaElectionResultPartitionResult = ElectLeadersResponseReplicaElectionResult['partitionResult'][number]

export function defaultElectLeadersResponse(): ElectLeadersResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    replicaElectionResults: [],
  }
}

export function readElectLeadersResponse(reader: Reader, version: number): ElectLeadersResponse {
  const flexible = version >= 2
  const throttleTimeMs = reader.int32()
  const errorCode = version >= 1 ? reader.int16() : 0
  const replicaElectionResultsCount = reader.arrayCount(flexible, 3)
  const replicaElectionResults: ElectLeadersResponseReplicaElectionResult[] = []
  for (let index = 0; index < replicaElectionResultsCount; index++) replicaElectionResults.push(readElectLeadersResponseReplicaElectionResult(reader, version))
  if (flexible) reader.skipTags()
  return { throttleTimeMs, errorCode, replicaElectionResults }
}

export function writeElectLeadersResponse(writer: Writer, version: number, value: ElectLeadersResponse): void {
  const flexible = version >= 2
  writer.int32(value.throttleTimeMs)
  if (version >= 1) writer.errorCode(value.errorCode)
  else if (value.errorCode !== 0) throw unwritable('ElectLeadersResponse', 'errorCode', version)
  writer.arrayCount(value.replicaElectionResults.length, flexible)
  for (const element of value.replicaElectionResults) writeElectLeadersResponseReplicaElectionResult(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultElectLeadersResponseReplicaElectionResult(): ElectLeadersResponseReplicaElectionResult {
  return {
    topic: '',
    partitionResult: [],
  }
}

function readElectLeadersResponseReplicaElectionResult(reader: Reader, version: number): ElectLeadersResponseReplicaElectionResult {
  const flexible = version >= 2
  const topic = reader.string(flexible)
  const partitionResultCount = reader.arrayCount(flexible, 8)
  const partitionResult: ElectLeadersResponseReplicaElectionResultPartitionResult[] = []
  for (let index = 0; index < partitionResultCount; index++) partitionResult.push(readElectLeadersResponseReplicaElectionResultPartitionResult(reader, version))
  if (flexible) reader.skipTags()
  return { topic, partitionResult }
}

function writeElectLeadersResponseReplicaElectionResult(writer: Writer, version: number, value: ElectLeadersResponseReplicaElectionResult): void {
  const flexible = version >= 2
  writer.string(value.topic, flexible)
  writer.arrayCount(value.partitionResult.length, flexible)
  for (const element of value.partitionResult) writeElectLeadersResponseReplicaElectionResultPartitionResult(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultElectLeadersResponseReplicaElectionResultPartitionResult(): ElectLeadersResponseReplicaElectionResultPartitionResult {
  return {
    partitionId: 0,
    errorCode: 0,
    errorMessage: '',
  }
}

function readElectLeadersResponseReplicaElectionResultPartitionResult(reader: Reader, version: number): ElectLeadersResponseReplicaElectionResultPartitionResult {
  const flexible = version >= 2
  const partitionId = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(flexible)
  if (flexible) reader.skipTags()
  return { partitionId, errorCode, errorMessage }
}

function writeElectLeadersResponseReplicaElectionResultPartitionResult(writer: Writer, version: number, value: ElectLeadersResponseReplicaElectionResultPartitionResult): void {
  const flexible = version >= 2
  writer.int32(value.partitionId)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── ListPartitionReassignmentsRequest (46) 0 ──

export interface ListPartitionReassignmentsRequest extends Infer<typeof schema.ListPartitionReassignmentsRequest> {}
export type ListPartitionReassignmentsRequestTopic = NonNullable<ListPartitionReassignmentsRequest['topics']>[number]

export function defaultListPartitionReassignmentsRequest(): ListPartitionReassignmentsRequest {
  return {
    timeoutMs: 60000,
    topics: null,
  }
}

export function readListPartitionReassignmentsRequest(reader: Reader, version: number): ListPartitionReassignmentsRequest {
  const timeoutMs = reader.int32()
  const topicsCount = reader.nullableArrayCount(true, 3)
  const topics: ListPartitionReassignmentsRequestTopic[] | null = topicsCount < 0 ? null : []
  for (let index = 0; index < topicsCount; index++) topics!.push(readListPartitionReassignmentsRequestTopic(reader, version))
  reader.skipTags()
  return { timeoutMs, topics }
}

export function writeListPartitionReassignmentsRequest(writer: Writer, version: number, value: ListPartitionReassignmentsRequest): void {
  writer.int32(value.timeoutMs)
  writer.arrayCount(value.topics === null ? -1 : value.topics.length, true)
  if (value.topics !== null) for (const element of value.topics) writeListPartitionReassignmentsRequestTopic(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultListPartitionReassignmentsRequestTopic(): ListPartitionReassignmentsRequestTopic {
  return {
    name: '',
    partitionIndexes: [],
  }
}

function readListPartitionReassignmentsRequestTopic(reader: Reader, _version: number): ListPartitionReassignmentsRequestTopic {
  const name = reader.string(true)
  const partitionIndexesCount = reader.arrayCount(true, 4)
  const partitionIndexes = reader.int32Array(partitionIndexesCount)
  reader.skipTags()
  return { name, partitionIndexes }
}

function writeListPartitionReassignmentsRequestTopic(writer: Writer, _version: number, value: ListPartitionReassignmentsRequestTopic): void {
  writer.string(value.name, true)
  writer.arrayCount(value.partitionIndexes.length, true)
  writer.int32Array(value.partitionIndexes)
  writer.unsignedVarint(0)
}

// ── ListPartitionReassignmentsResponse (46) 0 ──

export interface ListPartitionReassignmentsResponse extends Infer<typeof schema.ListPartitionReassignmentsResponse> {}
export type ListPartitionReassignmentsResponseTopic = ListPartitionReassignmentsResponse['topics'][number]
export type ListPartitionReassignmentsResponseTopicPartition = ListPartitionReassignmentsResponseTopic['partitions'][number]

export function defaultListPartitionReassignmentsResponse(): ListPartitionReassignmentsResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    errorMessage: '',
    topics: [],
  }
}

export function readListPartitionReassignmentsResponse(reader: Reader, version: number): ListPartitionReassignmentsResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  const topicsCount = reader.arrayCount(true, 3)
  const topics: ListPartitionReassignmentsResponseTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readListPartitionReassignmentsResponseTopic(reader, version))
  reader.skipTags()
  return { throttleTimeMs, errorCode, errorMessage, topics }
}

export function writeListPartitionReassignmentsResponse(writer: Writer, version: number, value: ListPartitionReassignmentsResponse): void {
  writer.int32(value.throttleTimeMs)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.arrayCount(value.topics.length, true)
  for (const element of value.topics) writeListPartitionReassignmentsResponseTopic(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultListPartitionReassignmentsResponseTopic(): ListPartitionReassignmentsResponseTopic {
  return {
    name: '',
    partitions: [],
  }
}

function readListPartitionReassignmentsResponseTopic(reader: Reader, version: number): ListPartitionReassignmentsResponseTopic {
  const name = reader.string(true)
  const partitionsCount = reader.arrayCount(true, 8)
  const partitions: ListPartitionReassignmentsResponseTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readListPartitionReassignmentsResponseTopicPartition(reader, version))
  reader.skipTags()
  return { name, partitions }
}

function writeListPartitionReassignmentsResponseTopic(writer: Writer, version: number, value: ListPartitionReassignmentsResponseTopic): void {
  writer.string(value.name, true)
  writer.arrayCount(value.partitions.length, true)
  for (const element of value.partitions) writeListPartitionReassignmentsResponseTopicPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultListPartitionReassignmentsResponseTopicPartition(): ListPartitionReassignmentsResponseTopicPartition {
  return {
    partitionIndex: 0,
    replicas: [],
    addingReplicas: [],
    removingReplicas: [],
  }
}

function readListPartitionReassignmentsResponseTopicPartition(reader: Reader, _version: number): ListPartitionReassignmentsResponseTopicPartition {
  const partitionIndex = reader.int32()
  const replicasCount = reader.arrayCount(true, 4)
  const replicas = reader.int32Array(replicasCount)
  const addingReplicasCount = reader.arrayCount(true, 4)
  const addingReplicas = reader.int32Array(addingReplicasCount)
  const removingReplicasCount = reader.arrayCount(true, 4)
  const removingReplicas = reader.int32Array(removingReplicasCount)
  reader.skipTags()
  return { partitionIndex, replicas, addingReplicas, removingReplicas }
}

function writeListPartitionReassignmentsResponseTopicPartition(writer: Writer, _version: number, value: ListPartitionReassignmentsResponseTopicPartition): void {
  writer.int32(value.partitionIndex)
  writer.arrayCount(value.replicas.length, true)
  writer.int32Array(value.replicas)
  writer.arrayCount(value.addingReplicas.length, true)
  writer.int32Array(value.addingReplicas)
  writer.arrayCount(value.removingReplicas.length, true)
  writer.int32Array(value.removingReplicas)
  writer.unsignedVarint(0)
}
