// From ../messages/metadata.ts. Written by scripts/generate-codecs.ts: change the source and run `npm run generate`.

import { ZERO_UUID } from '../../base/uuid.ts'
import type * as schema from '../messages/metadata.ts'
import type { Reader } from '../reader.ts'
import type { Infer } from '../schema.ts'
import { unwritable } from '../writer.ts'
import type { Writer } from '../writer.ts'

// ── DescribeClusterRequest (60) 0-2 ──

export interface DescribeClusterRequest extends Infer<typeof schema.DescribeClusterRequest> {}

export function defaultDescribeClusterRequest(): DescribeClusterRequest {
  return {
    includeClusterAuthorizedOperations: false,
    endpointType: 1,
    includeFencedBrokers: false,
  }
}

export function readDescribeClusterRequest(reader: Reader, version: number): DescribeClusterRequest {
  const includeClusterAuthorizedOperations = reader.bool()
  const endpointType = version >= 1 ? reader.int8() : 1
  const includeFencedBrokers = version >= 2 ? reader.bool() : false
  reader.skipTags()
  return { includeClusterAuthorizedOperations, endpointType, includeFencedBrokers }
}

export function writeDescribeClusterRequest(writer: Writer, version: number, value: DescribeClusterRequest): void {
  writer.bool(value.includeClusterAuthorizedOperations)
  if (version >= 1) writer.int8(value.endpointType)
  else if (value.endpointType !== 1) throw unwritable('DescribeClusterRequest', 'endpointType', version)
  if (version >= 2) writer.bool(value.includeFencedBrokers)
  else if (value.includeFencedBrokers !== false) throw unwritable('DescribeClusterRequest', 'includeFencedBrokers', version)
  writer.unsignedVarint(0)
}

// ── DescribeClusterResponse (60) 0-2 ──

export interface DescribeClusterResponse extends Infer<typeof schema.DescribeClusterResponse> {}
export type DescribeClusterResponseBroker = DescribeClusterResponse['brokers'][number]

export function defaultDescribeClusterResponse(): DescribeClusterResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    errorMessage: null,
    endpointType: 1,
    clusterId: '',
    controllerId: -1,
    brokers: [],
    clusterAuthorizedOperations: -2147483648,
  }
}

export function readDescribeClusterResponse(reader: Reader, version: number): DescribeClusterResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  const endpointType = version >= 1 ? reader.int8() : 1
  const clusterId = reader.string(true)
  const controllerId = reader.int32()
  const brokersCount = reader.arrayCount(true, 11)
  const brokers: DescribeClusterResponseBroker[] = []
  for (let index = 0; index < brokersCount; index++) brokers.push(readDescribeClusterResponseBroker(reader, version))
  const clusterAuthorizedOperations = reader.int32()
  reader.skipTags()
  return {
    throttleTimeMs,
    errorCode,
    errorMessage,
    endpointType,
    clusterId,
    controllerId,
    brokers,
    clusterAuthorizedOperations,
  }
}

export function writeDescribeClusterResponse(writer: Writer, version: number, value: DescribeClusterResponse): void {
  writer.int32(value.throttleTimeMs)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  if (version >= 1) writer.int8(value.endpointType)
  else if (value.endpointType !== 1) throw unwritable('DescribeClusterResponse', 'endpointType', version)
  writer.string(value.clusterId, true)
  writer.int32(value.controllerId)
  writer.arrayCount(value.brokers.length, true)
  for (const element of value.brokers) writeDescribeClusterResponseBroker(writer, version, element)
  writer.int32(value.clusterAuthorizedOperations)
  writer.unsignedVarint(0)
}

export function defaultDescribeClusterResponseBroker(): DescribeClusterResponseBroker {
  return {
    brokerId: 0,
    host: '',
    port: 0,
    rack: null,
    isFenced: false,
  }
}

function readDescribeClusterResponseBroker(reader: Reader, version: number): DescribeClusterResponseBroker {
  const brokerId = reader.int32()
  const host = reader.string(true)
  const port = reader.int32()
  const rack = reader.nullableString(true)
  const isFenced = version >= 2 ? reader.bool() : false
  reader.skipTags()
  return { brokerId, host, port, rack, isFenced }
}

function writeDescribeClusterResponseBroker(writer: Writer, version: number, value: DescribeClusterResponseBroker): void {
  writer.int32(value.brokerId)
  writer.string(value.host, true)
  writer.int32(value.port)
  writer.string(value.rack, true)
  if (version >= 2) writer.bool(value.isFenced)
  else if (value.isFenced !== false) throw unwritable('DescribeClusterResponse', 'isFenced', version)
  writer.unsignedVarint(0)
}

// ── DescribeTopicPartitionsRequest (75) 0 ──

export interface DescribeTopicPartitionsRequest extends Infer<typeof schema.DescribeTopicPartitionsRequest> {}
export type DescribeTopicPartitionsRequestTopic = DescribeTopicPartitionsRequest['topics'][number]
export type DescribeTopicPartitionsRequestCursor = NonNullable<DescribeTopicPartitionsRequest['cursor']>

export function defaultDescribeTopicPartitionsRequest(): DescribeTopicPartitionsRequest {
  return {
    topics: [],
    responsePartitionLimit: 2000,
    cursor: null,
  }
}

export function readDescribeTopicPartitionsRequest(reader: Reader, version: number): DescribeTopicPartitionsRequest {
  const topicsCount = reader.arrayCount(true, 2)
  const topics: DescribeTopicPartitionsRequestTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readDescribeTopicPartitionsRequestTopic(reader, version))
  const responsePartitionLimit = reader.int32()
  const cursor = reader.present() ? readDescribeTopicPartitionsRequestCursor(reader, version) : null
  reader.skipTags()
  return { topics, responsePartitionLimit, cursor }
}

export function writeDescribeTopicPartitionsRequest(writer: Writer, version: number, value: DescribeTopicPartitionsRequest): void {
  writer.arrayCount(value.topics.length, true)
  for (const element of value.topics) writeDescribeTopicPartitionsRequestTopic(writer, version, element)
  writer.int32(value.responsePartitionLimit)
  writer.present(value.cursor !== null)
  if (value.cursor !== null) writeDescribeTopicPartitionsRequestCursor(writer, version, value.cursor)
  writer.unsignedVarint(0)
}

export function defaultDescribeTopicPartitionsRequestTopic(): DescribeTopicPartitionsRequestTopic {
  return {
    name: '',
  }
}

function readDescribeTopicPartitionsRequestTopic(reader: Reader, _version: number): DescribeTopicPartitionsRequestTopic {
  const name = reader.string(true)
  reader.skipTags()
  return { name }
}

function writeDescribeTopicPartitionsRequestTopic(writer: Writer, _version: number, value: DescribeTopicPartitionsRequestTopic): void {
  writer.string(value.name, true)
  writer.unsignedVarint(0)
}

export function defaultDescribeTopicPartitionsRequestCursor(): DescribeTopicPartitionsRequestCursor {
  return {
    topicName: '',
    partitionIndex: 0,
  }
}

function readDescribeTopicPartitionsRequestCursor(reader: Reader, _version: number): DescribeTopicPartitionsRequestCursor {
  const topicName = reader.string(true)
  const partitionIndex = reader.int32()
  reader.skipTags()
  return { topicName, partitionIndex }
}

function writeDescribeTopicPartitionsRequestCursor(writer: Writer, _version: number, value: DescribeTopicPartitionsRequestCursor): void {
  writer.string(value.topicName, true)
  writer.int32(value.partitionIndex)
  writer.unsignedVarint(0)
}

// ── DescribeTopicPartitionsResponse (75) 0 ──

export interface DescribeTopicPartitionsResponse extends Infer<typeof schema.DescribeTopicPartitionsResponse> {}
export type DescribeTopicPartitionsResponseTopic = DescribeTopicPartitionsResponse['topics'][number]
export type DescribeTopicPartitionsResponseTopicPartition = DescribeTopicPartitionsResponseTopic['partitions'][number]
export type DescribeTopicPartitionsResponseNextCursor = NonNullable<DescribeTopicPartitionsResponse['nextCursor']>

export function defaultDescribeTopicPartitionsResponse(): DescribeTopicPartitionsResponse {
  return {
    throttleTimeMs: 0,
    topics: [],
    nextCursor: null,
  }
}

export function readDescribeTopicPartitionsResponse(reader: Reader, version: number): DescribeTopicPartitionsResponse {
  const throttleTimeMs = reader.int32()
  const topicsCount = reader.arrayCount(true, 26)
  const topics: DescribeTopicPartitionsResponseTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readDescribeTopicPartitionsResponseTopic(reader, version))
  const nextCursor = reader.present() ? readDescribeTopicPartitionsResponseNextCursor(reader, version) : null
  reader.skipTags()
  return { throttleTimeMs, topics, nextCursor }
}

export function writeDescribeTopicPartitionsResponse(writer: Writer, version: number, value: DescribeTopicPartitionsResponse): void {
  writer.int32(value.throttleTimeMs)
  writer.arrayCount(value.topics.length, true)
  for (const element of value.topics) writeDescribeTopicPartitionsResponseTopic(writer, version, element)
  writer.present(value.nextCursor !== null)
  if (value.nextCursor !== null) writeDescribeTopicPartitionsResponseNextCursor(writer, version, value.nextCursor)
  writer.unsignedVarint(0)
}

export function defaultDescribeTopicPartitionsResponseTopic(): DescribeTopicPartitionsResponseTopic {
  return {
    errorCode: 0,
    name: '',
    topicId: ZERO_UUID,
    isInternal: false,
    partitions: [],
    topicAuthorizedOperations: -2147483648,
  }
}

function readDescribeTopicPartitionsResponseTopic(reader: Reader, version: number): DescribeTopicPartitionsResponseTopic {
  const errorCode = reader.int16()
  const name = reader.nullableString(true)
  const topicId = reader.uuid()
  const isInternal = reader.bool()
  const partitionsCount = reader.arrayCount(true, 20)
  const partitions: DescribeTopicPartitionsResponseTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readDescribeTopicPartitionsResponseTopicPartition(reader, version))
  const topicAuthorizedOperations = reader.int32()
  reader.skipTags()
  return { errorCode, name, topicId, isInternal, partitions, topicAuthorizedOperations }
}

function writeDescribeTopicPartitionsResponseTopic(writer: Writer, version: number, value: DescribeTopicPartitionsResponseTopic): void {
  writer.errorCode(value.errorCode)
  writer.string(value.name, true)
  writer.uuid(value.topicId)
  writer.bool(value.isInternal)
  writer.arrayCount(value.partitions.length, true)
  for (const element of value.partitions) writeDescribeTopicPartitionsResponseTopicPartition(writer, version, element)
  writer.int32(value.topicAuthorizedOperations)
  writer.unsignedVarint(0)
}

export function defaultDescribeTopicPartitionsResponseTopicPartition(): DescribeTopicPartitionsResponseTopicPartition {
  return {
    errorCode: 0,
    partitionIndex: 0,
    leaderId: 0,
    leaderEpoch: -1,
    replicaNodes: [],
    isrNodes: [],
    eligibleLeaderReplicas: null,
    lastKnownElr: null,
    offlineReplicas: [],
  }
}

function readDescribeTopicPartitionsResponseTopicPartition(reader: Reader, _version: number): DescribeTopicPartitionsResponseTopicPartition {
  const errorCode = reader.int16()
  const partitionIndex = reader.int32()
  const leaderId = reader.int32()
  const leaderEpoch = reader.int32()
  const replicaNodesCount = reader.arrayCount(true, 4)
  const replicaNodes = reader.int32Array(replicaNodesCount)
  const isrNodesCount = reader.arrayCount(true, 4)
  const isrNodes = reader.int32Array(isrNodesCount)
  const eligibleLeaderReplicasCount = reader.nullableArrayCount(true, 4)
  const eligibleLeaderReplicas = eligibleLeaderReplicasCount < 0 ? null : reader.int32Array(eligibleLeaderReplicasCount)
  const lastKnownElrCount = reader.nullableArrayCount(true, 4)
  const lastKnownElr = lastKnownElrCount < 0 ? null : reader.int32Array(lastKnownElrCount)
  const offlineReplicasCount = reader.arrayCount(true, 4)
  const offlineReplicas = reader.int32Array(offlineReplicasCount)
  reader.skipTags()
  return {
    errorCode,
    partitionIndex,
    leaderId,
    leaderEpoch,
    replicaNodes,
    isrNodes,
    eligibleLeaderReplicas,
    lastKnownElr,
    offlineReplicas,
  }
}

function writeDescribeTopicPartitionsResponseTopicPartition(writer: Writer, _version: number, value: DescribeTopicPartitionsResponseTopicPartition): void {
  writer.errorCode(value.errorCode)
  writer.int32(value.partitionIndex)
  writer.int32(value.leaderId)
  writer.int32(value.leaderEpoch)
  writer.arrayCount(value.replicaNodes.length, true)
  writer.int32Array(value.replicaNodes)
  writer.arrayCount(value.isrNodes.length, true)
  writer.int32Array(value.isrNodes)
  writer.arrayCount(value.eligibleLeaderReplicas === null ? -1 : value.eligibleLeaderReplicas.length, true)
  if (value.eligibleLeaderReplicas !== null) writer.int32Array(value.eligibleLeaderReplicas)
  writer.arrayCount(value.lastKnownElr === null ? -1 : value.lastKnownElr.length, true)
  if (value.lastKnownElr !== null) writer.int32Array(value.lastKnownElr)
  writer.arrayCount(value.offlineReplicas.length, true)
  writer.int32Array(value.offlineReplicas)
  writer.unsignedVarint(0)
}

export function defaultDescribeTopicPartitionsResponseNextCursor(): DescribeTopicPartitionsResponseNextCursor {
  return {
    topicName: '',
    partitionIndex: 0,
  }
}

function readDescribeTopicPartitionsResponseNextCursor(reader: Reader, _version: number): DescribeTopicPartitionsResponseNextCursor {
  const topicName = reader.string(true)
  const partitionIndex = reader.int32()
  reader.skipTags()
  return { topicName, partitionIndex }
}

function writeDescribeTopicPartitionsResponseNextCursor(writer: Writer, _version: number, value: DescribeTopicPartitionsResponseNextCursor): void {
  writer.string(value.topicName, true)
  writer.int32(value.partitionIndex)
  writer.unsignedVarint(0)
}

// ── MetadataRequest (3) 0-13 ──

export interface MetadataRequest extends Infer<typeof schema.MetadataRequest> {}
export type MetadataRequestTopic = NonNullable<MetadataRequest['topics']>[number]

export function defaultMetadataRequest(): MetadataRequest {
  return {
    topics: [],
    allowAutoTopicCreation: true,
    includeClusterAuthorizedOperations: false,
    includeTopicAuthorizedOperations: false,
  }
}

export function readMetadataRequest(reader: Reader, version: number): MetadataRequest {
  const flexible = version >= 9
  const topicsCount = version >= 1 ? reader.nullableArrayCount(flexible, 2) : reader.arrayCount(flexible, 2)
  const topics: MetadataRequestTopic[] | null = topicsCount < 0 ? null : []
  for (let index = 0; index < topicsCount; index++) topics!.push(readMetadataRequestTopic(reader, version))
  const allowAutoTopicCreation = version >= 4 ? reader.bool() : true
  const includeClusterAuthorizedOperations = version >= 8 && version <= 10 ? reader.bool() : false
  const includeTopicAuthorizedOperations = version >= 8 ? reader.bool() : false
  if (flexible) reader.skipTags()
  return {
    topics,
    allowAutoTopicCreation,
    includeClusterAuthorizedOperations,
    includeTopicAuthorizedOperations,
  }
}

export function writeMetadataRequest(writer: Writer, version: number, value: MetadataRequest): void {
  const flexible = version >= 9
  if (value.topics === null && !(version >= 1)) throw unwritable('MetadataRequest', 'topics', version)
  writer.arrayCount(value.topics === null ? -1 : value.topics.length, flexible)
  if (value.topics !== null) for (const element of value.topics) writeMetadataRequestTopic(writer, version, element)
  if (version >= 4) writer.bool(value.allowAutoTopicCreation)
  else if (value.allowAutoTopicCreation !== true) throw unwritable('MetadataRequest', 'allowAutoTopicCreation', version)
  if (version >= 8 && version <= 10) writer.bool(value.includeClusterAuthorizedOperations)
  else if (value.includeClusterAuthorizedOperations !== false) throw unwritable('MetadataRequest', 'includeClusterAuthorizedOperations', version)
  if (version >= 8) writer.bool(value.includeTopicAuthorizedOperations)
  else if (value.includeTopicAuthorizedOperations !== false) throw unwritable('MetadataRequest', 'includeTopicAuthorizedOperations', version)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultMetadataRequestTopic(): MetadataRequestTopic {
  return {
    topicId: ZERO_UUID,
    name: '',
  }
}

function readMetadataRequestTopic(reader: Reader, version: number): MetadataRequestTopic {
  const flexible = version >= 9
  const topicId = version >= 10 ? reader.uuid() : ZERO_UUID
  const name = version >= 10 ? reader.nullableString(flexible) : reader.string(flexible)
  if (flexible) reader.skipTags()
  return { topicId, name }
}

function writeMetadataRequestTopic(writer: Writer, version: number, value: MetadataRequestTopic): void {
  const flexible = version >= 9
  if (version >= 10) writer.uuid(value.topicId)
  if (value.name === null && !(version >= 10)) throw unwritable('MetadataRequest', 'name', version)
  writer.string(value.name, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── MetadataResponse (3) 0-13 ──

export interface MetadataResponse extends Infer<typeof schema.MetadataResponse> {}
export type MetadataResponseBroker = MetadataResponse['brokers'][number]
export type MetadataResponseTopic = MetadataResponse['topics'][number]
export type MetadataResponseTopicPartition = MetadataResponseTopic['partitions'][number]

export function defaultMetadataResponse(): MetadataResponse {
  return {
    throttleTimeMs: 0,
    brokers: [],
    clusterId: null,
    controllerId: -1,
    topics: [],
    clusterAuthorizedOperations: -2147483648,
    errorCode: 0,
  }
}

export function readMetadataResponse(reader: Reader, version: number): MetadataResponse {
  const flexible = version >= 9
  const throttleTimeMs = version >= 3 ? reader.int32() : 0
  const brokersCount = reader.arrayCount(flexible, 10)
  const brokers: MetadataResponseBroker[] = []
  for (let index = 0; index < brokersCount; index++) brokers.push(readMetadataResponseBroker(reader, version))
  const clusterId = version >= 2 ? reader.nullableString(flexible) : null
  const controllerId = version >= 1 ? reader.int32() : -1
  const topicsCount = reader.arrayCount(flexible, 8)
  const topics: MetadataResponseTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readMetadataResponseTopic(reader, version))
  const clusterAuthorizedOperations = version >= 8 && version <= 10 ? reader.int32() : -2147483648
  const errorCode = version >= 13 ? reader.int16() : 0
  if (flexible) reader.skipTags()
  return {
    throttleTimeMs,
    brokers,
    clusterId,
    controllerId,
    topics,
    clusterAuthorizedOperations,
    errorCode,
  }
}

export function writeMetadataResponse(writer: Writer, version: number, value: MetadataResponse): void {
  const flexible = version >= 9
  if (version >= 3) writer.int32(value.throttleTimeMs)
  writer.arrayCount(value.brokers.length, flexible)
  for (const element of value.brokers) writeMetadataResponseBroker(writer, version, element)
  if (version >= 2) writer.string(value.clusterId, flexible)
  if (version >= 1) writer.int32(value.controllerId)
  writer.arrayCount(value.topics.length, flexible)
  for (const element of value.topics) writeMetadataResponseTopic(writer, version, element)
  if (version >= 8 && version <= 10) writer.int32(value.clusterAuthorizedOperations)
  else if (value.clusterAuthorizedOperations !== -2147483648) throw unwritable('MetadataResponse', 'clusterAuthorizedOperations', version)
  if (version >= 13) writer.errorCode(value.errorCode)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultMetadataResponseBroker(): MetadataResponseBroker {
  return {
    nodeId: 0,
    host: '',
    port: 0,
    rack: null,
  }
}

function readMetadataResponseBroker(reader: Reader, version: number): MetadataResponseBroker {
  const flexible = version >= 9
  const nodeId = reader.int32()
  const host = reader.string(flexible)
  const port = reader.int32()
  const rack = version >= 1 ? reader.nullableString(flexible) : null
  if (flexible) reader.skipTags()
  return { nodeId, host, port, rack }
}

function writeMetadataResponseBroker(writer: Writer, version: number, value: MetadataResponseBroker): void {
  const flexible = version >= 9
  writer.int32(value.nodeId)
  writer.string(value.host, flexible)
  writer.int32(value.port)
  if (version >= 1) writer.string(value.rack, flexible)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultMetadataResponseTopic(): MetadataResponseTopic {
  return {
    errorCode: 0,
    name: '',
    topicId: ZERO_UUID,
    isInternal: false,
    partitions: [],
    topicAuthorizedOperations: -2147483648,
  }
}

function readMetadataResponseTopic(reader: Reader, version: number): MetadataResponseTopic {
  const flexible = version >= 9
  const errorCode = reader.int16()
  const name = version >= 12 ? reader.nullableString(flexible) : reader.string(flexible)
  const topicId = version >= 10 ? reader.uuid() : ZERO_UUID
  const isInternal = version >= 1 ? reader.bool() : false
  const partitionsCount = reader.arrayCount(flexible, 18)
  const partitions: MetadataResponseTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readMetadataResponseTopicPartition(reader, version))
  const topicAuthorizedOperations = version >= 8 ? reader.int32() : -2147483648
  if (flexible) reader.skipTags()
  return { errorCode, name, topicId, isInternal, partitions, topicAuthorizedOperations }
}

function writeMetadataResponseTopic(writer: Writer, version: number, value: MetadataResponseTopic): void {
  const flexible = version >= 9
  writer.errorCode(value.errorCode)
  if (value.name === null && !(version >= 12)) throw unwritable('MetadataResponse', 'name', version)
  writer.string(value.name, flexible)
  if (version >= 10) writer.uuid(value.topicId)
  if (version >= 1) writer.bool(value.isInternal)
  writer.arrayCount(value.partitions.length, flexible)
  for (const element of value.partitions) writeMetadataResponseTopicPartition(writer, version, element)
  if (version >= 8) writer.int32(value.topicAuthorizedOperations)
  else if (value.topicAuthorizedOperations !== -2147483648) throw unwritable('MetadataResponse', 'topicAuthorizedOperations', version)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultMetadataResponseTopicPartition(): MetadataResponseTopicPartition {
  return {
    errorCode: 0,
    partitionIndex: 0,
    leaderId: 0,
    leaderEpoch: -1,
    replicaNodes: [],
    isrNodes: [],
    offlineReplicas: [],
  }
}

function readMetadataResponseTopicPartition(reader: Reader, version: number): MetadataResponseTopicPartition {
  const flexible = version >= 9
  const errorCode = reader.int16()
  const partitionIndex = reader.int32()
  const leaderId = reader.int32()
  const leaderEpoch = version >= 7 ? reader.int32() : -1
  const replicaNodesCount = reader.arrayCount(flexible, 4)
  const replicaNodes = reader.int32Array(replicaNodesCount)
  const isrNodesCount = reader.arrayCount(flexible, 4)
  const isrNodes = reader.int32Array(isrNodesCount)
  const offlineReplicasCount = version >= 5 ? reader.arrayCount(flexible, 4) : 0
  const offlineReplicas = reader.int32Array(offlineReplicasCount)
  if (flexible) reader.skipTags()
  return { errorCode, partitionIndex, leaderId, leaderEpoch, replicaNodes, isrNodes, offlineReplicas }
}

function writeMetadataResponseTopicPartition(writer: Writer, version: number, value: MetadataResponseTopicPartition): void {
  const flexible = version >= 9
  writer.errorCode(value.errorCode)
  writer.int32(value.partitionIndex)
  writer.int32(value.leaderId)
  if (version >= 7) writer.int32(value.leaderEpoch)
  writer.arrayCount(value.replicaNodes.length, flexible)
  writer.int32Array(value.replicaNodes)
  writer.arrayCount(value.isrNodes.length, flexible)
  writer.int32Array(value.isrNodes)
  if (version >= 5) {
    writer.arrayCount(value.offlineReplicas.length, flexible)
    writer.int32Array(value.offlineReplicas)
  }
  if (flexible) writer.unsignedVarint(0)
}
