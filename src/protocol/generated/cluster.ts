// From ../messages/cluster.ts. Written by scripts/generate-codecs.ts: change the source and run `npm run generate`.

import { ZERO_UUID } from '../../base/uuid.ts'
import type * as schema from '../messages/cluster.ts'
import type { Reader } from '../reader.ts'
import type { Infer } from '../schema.ts'
import { unwritable } from '../writer.ts'
import type { Writer } from '../writer.ts'

// ── AddRaftVoterRequest (80) 0-1 ──

export interface AddRaftVoterRequest extends Infer<typeof schema.AddRaftVoterRequest> {}
export type AddRaftVoterRequestListener = AddRaftVoterRequest['listeners'][number]

export function defaultAddRaftVoterRequest(): AddRaftVoterRequest {
  return {
    clusterId: '',
    timeoutMs: 0,
    voterId: 0,
    voterDirectoryId: ZERO_UUID,
    listeners: [],
    ackWhenCommitted: true,
  }
}

export function readAddRaftVoterRequest(reader: Reader, version: number): AddRaftVoterRequest {
  const clusterId = reader.nullableString(true)
  const timeoutMs = reader.int32()
  const voterId = reader.int32()
  const voterDirectoryId = reader.uuid()
  const listenersCount = reader.arrayCount(true, 5)
  const listeners: AddRaftVoterRequestListener[] = []
  for (let index = 0; index < listenersCount; index++) listeners.push(readAddRaftVoterRequestListener(reader, version))
  const ackWhenCommitted = version >= 1 ? reader.bool() : true
  reader.skipTags()
  return { clusterId, timeoutMs, voterId, voterDirectoryId, listeners, ackWhenCommitted }
}

export function writeAddRaftVoterRequest(writer: Writer, version: number, value: AddRaftVoterRequest): void {
  writer.string(value.clusterId, true)
  writer.int32(value.timeoutMs)
  writer.int32(value.voterId)
  writer.uuid(value.voterDirectoryId)
  writer.arrayCount(value.listeners.length, true)
  for (const element of value.listeners) writeAddRaftVoterRequestListener(writer, version, element)
  if (version >= 1) writer.bool(value.ackWhenCommitted)
  else if (value.ackWhenCommitted !== true) throw unwritable('AddRaftVoterRequest', 'ackWhenCommitted', version)
  writer.unsignedVarint(0)
}

export function defaultAddRaftVoterRequestListener(): AddRaftVoterRequestListener {
  return {
    name: '',
    host: '',
    port: 0,
  }
}

function readAddRaftVoterRequestListener(reader: Reader, _version: number): AddRaftVoterRequestListener {
  const name = reader.string(true)
  const host = reader.string(true)
  const port = reader.uint16()
  reader.skipTags()
  return { name, host, port }
}

function writeAddRaftVoterRequestListener(writer: Writer, _version: number, value: AddRaftVoterRequestListener): void {
  writer.string(value.name, true)
  writer.string(value.host, true)
  writer.uint16(value.port)
  writer.unsignedVarint(0)
}

// ── AddRaftVoterResponse (80) 0-1 ──

export interface AddRaftVoterResponse extends Infer<typeof schema.AddRaftVoterResponse> {}

export function defaultAddRaftVoterResponse(): AddRaftVoterResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    errorMessage: '',
  }
}

export function readAddRaftVoterResponse(reader: Reader, _version: number): AddRaftVoterResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  reader.skipTags()
  return { throttleTimeMs, errorCode, errorMessage }
}

export function writeAddRaftVoterResponse(writer: Writer, _version: number, value: AddRaftVoterResponse): void {
  writer.int32(value.throttleTimeMs)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.unsignedVarint(0)
}

// ── DescribeQuorumRequest (55) 0-2 ──

export interface DescribeQuorumRequest extends Infer<typeof schema.DescribeQuorumRequest> {}
export type DescribeQuorumRequestTopic = DescribeQuorumRequest['topics'][number]
export type DescribeQuorumRequestTopicPartition = DescribeQuorumRequestTopic['partitions'][number]

export function defaultDescribeQuorumRequest(): DescribeQuorumRequest {
  return {
    topics: [],
  }
}

export function readDescribeQuorumRequest(reader: Reader, version: number): DescribeQuorumRequest {
  const topicsCount = reader.arrayCount(true, 3)
  const topics: DescribeQuorumRequestTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readDescribeQuorumRequestTopic(reader, version))
  reader.skipTags()
  return { topics }
}

export function writeDescribeQuorumRequest(writer: Writer, version: number, value: DescribeQuorumRequest): void {
  writer.arrayCount(value.topics.length, true)
  for (const element of value.topics) writeDescribeQuorumRequestTopic(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultDescribeQuorumRequestTopic(): DescribeQuorumRequestTopic {
  return {
    topicName: '',
    partitions: [],
  }
}

function readDescribeQuorumRequestTopic(reader: Reader, version: number): DescribeQuorumRequestTopic {
  const topicName = reader.string(true)
  const partitionsCount = reader.arrayCount(true, 5)
  const partitions: DescribeQuorumRequestTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readDescribeQuorumRequestTopicPartition(reader, version))
  reader.skipTags()
  return { topicName, partitions }
}

function writeDescribeQuorumRequestTopic(writer: Writer, version: number, value: DescribeQuorumRequestTopic): void {
  writer.string(value.topicName, true)
  writer.arrayCount(value.partitions.length, true)
  for (const element of value.partitions) writeDescribeQuorumRequestTopicPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultDescribeQuorumRequestTopicPartition(): DescribeQuorumRequestTopicPartition {
  return {
    partitionIndex: 0,
  }
}

function readDescribeQuorumRequestTopicPartition(reader: Reader, _version: number): DescribeQuorumRequestTopicPartition {
  const partitionIndex = reader.int32()
  reader.skipTags()
  return { partitionIndex }
}

function writeDescribeQuorumRequestTopicPartition(writer: Writer, _version: number, value: DescribeQuorumRequestTopicPartition): void {
  writer.int32(value.partitionIndex)
  writer.unsignedVarint(0)
}

// ── DescribeQuorumResponse (55) 0-2 ──

export interface DescribeQuorumResponse extends Infer<typeof schema.DescribeQuorumResponse> {}
export type DescribeQuorumResponseTopic = DescribeQuorumResponse['topics'][number]
export type DescribeQuorumResponseTopicPartition = DescribeQuorumResponseTopic['partitions'][number]
export type DescribeQuorumResponseTopicPartitionCurrentVoter = DescribeQuorumResponseTopicPartition['currentVoters'][number]
export type DescribeQuorumResponseNode = DescribeQuorumResponse['nodes'][number]
export type DescribeQuorumResponseNodeListener = DescribeQuorumResponseNode['listeners'][number]

export function defaultDescribeQuorumResponse(): DescribeQuorumResponse {
  return {
    errorCode: 0,
    errorMessage: '',
    topics: [],
    nodes: [],
  }
}

export function readDescribeQuorumResponse(reader: Reader, version: number): DescribeQuorumResponse {
  const errorCode = reader.int16()
  const errorMessage = version >= 2 ? reader.nullableString(true) : ''
  const topicsCount = reader.arrayCount(true, 3)
  const topics: DescribeQuorumResponseTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readDescribeQuorumResponseTopic(reader, version))
  const nodesCount = version >= 2 ? reader.arrayCount(true, 6) : 0
  const nodes: DescribeQuorumResponseNode[] = []
  for (let index = 0; index < nodesCount; index++) nodes.push(readDescribeQuorumResponseNode(reader, version))
  reader.skipTags()
  return { errorCode, errorMessage, topics, nodes }
}

export function writeDescribeQuorumResponse(writer: Writer, version: number, value: DescribeQuorumResponse): void {
  writer.errorCode(value.errorCode)
  if (version >= 2) writer.string(value.errorMessage, true)
  writer.arrayCount(value.topics.length, true)
  for (const element of value.topics) writeDescribeQuorumResponseTopic(writer, version, element)
  if (version >= 2) {
    writer.arrayCount(value.nodes.length, true)
    for (const element of value.nodes) writeDescribeQuorumResponseNode(writer, version, element)
  } else if (value.nodes.length !== 0) throw unwritable('DescribeQuorumResponse', 'nodes', version)
  writer.unsignedVarint(0)
}

export function defaultDescribeQuorumResponseTopic(): DescribeQuorumResponseTopic {
  return {
    topicName: '',
    partitions: [],
  }
}

function readDescribeQuorumResponseTopic(reader: Reader, version: number): DescribeQuorumResponseTopic {
  const topicName = reader.string(true)
  const partitionsCount = reader.arrayCount(true, 25)
  const partitions: DescribeQuorumResponseTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readDescribeQuorumResponseTopicPartition(reader, version))
  reader.skipTags()
  return { topicName, partitions }
}

function writeDescribeQuorumResponseTopic(writer: Writer, version: number, value: DescribeQuorumResponseTopic): void {
  writer.string(value.topicName, true)
  writer.arrayCount(value.partitions.length, true)
  for (const element of value.partitions) writeDescribeQuorumResponseTopicPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultDescribeQuorumResponseTopicPartition(): DescribeQuorumResponseTopicPartition {
  return {
    partitionIndex: 0,
    errorCode: 0,
    errorMessage: '',
    leaderId: 0,
    leaderEpoch: 0,
    highWatermark: 0,
    currentVoters: [],
    observers: [],
  }
}

function readDescribeQuorumResponseTopicPartition(reader: Reader, version: number): DescribeQuorumResponseTopicPartition {
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = version >= 2 ? reader.nullableString(true) : ''
  const leaderId = reader.int32()
  const leaderEpoch = reader.int32()
  const highWatermark = reader.int64()
  const currentVotersCount = reader.arrayCount(true, 13)
  const currentVoters: DescribeQuorumResponseTopicPartitionCurrentVoter[] = []
  for (let index = 0; index < currentVotersCount; index++) currentVoters.push(readDescribeQuorumResponseTopicPartitionCurrentVoter(reader, version))
  const observersCount = reader.arrayCount(true, 13)
  const observers: DescribeQuorumResponseTopicPartitionCurrentVoter[] = []
  for (let index = 0; index < observersCount; index++) observers.push(readDescribeQuorumResponseTopicPartitionCurrentVoter(reader, version))
  reader.skipTags()
  return {
    partitionIndex,
    errorCode,
    errorMessage,
    leaderId,
    leaderEpoch,
    highWatermark,
    currentVoters,
    observers,
  }
}

function writeDescribeQuorumResponseTopicPartition(writer: Writer, version: number, value: DescribeQuorumResponseTopicPartition): void {
  writer.int32(value.partitionIndex)
  writer.errorCode(value.errorCode)
  if (version >= 2) writer.string(value.errorMessage, true)
  writer.int32(value.leaderId)
  writer.int32(value.leaderEpoch)
  writer.int64(value.highWatermark)
  writer.arrayCount(value.currentVoters.length, true)
  for (const element of value.currentVoters) writeDescribeQuorumResponseTopicPartitionCurrentVoter(writer, version, element)
  writer.arrayCount(value.observers.length, true)
  for (const element of value.observers) writeDescribeQuorumResponseTopicPartitionCurrentVoter(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultDescribeQuorumResponseTopicPartitionCurrentVoter(): DescribeQuorumResponseTopicPartitionCurrentVoter {
  return {
    replicaId: 0,
    replicaDirectoryId: ZERO_UUID,
    logEndOffset: 0,
    lastFetchTimestamp: -1,
    lastCaughtUpTimestamp: -1,
  }
}

function readDescribeQuorumResponseTopicPartitionCurrentVoter(reader: Reader, version: number): DescribeQuorumResponseTopicPartitionCurrentVoter {
  const replicaId = reader.int32()
  const replicaDirectoryId = version >= 2 ? reader.uuid() : ZERO_UUID
  const logEndOffset = reader.int64()
  const lastFetchTimestamp = version >= 1 ? reader.int64() : -1
  const lastCaughtUpTimestamp = version >= 1 ? reader.int64() : -1
  reader.skipTags()
  return { replicaId, replicaDirectoryId, logEndOffset, lastFetchTimestamp, lastCaughtUpTimestamp }
}

function writeDescribeQuorumResponseTopicPartitionCurrentVoter(writer: Writer, version: number, value: DescribeQuorumResponseTopicPartitionCurrentVoter): void {
  writer.int32(value.replicaId)
  if (version >= 2) writer.uuid(value.replicaDirectoryId)
  else if (value.replicaDirectoryId !== ZERO_UUID) throw unwritable('DescribeQuorumResponse', 'replicaDirectoryId', version)
  writer.int64(value.logEndOffset)
  if (version >= 1) writer.int64(value.lastFetchTimestamp)
  if (version >= 1) writer.int64(value.lastCaughtUpTimestamp)
  writer.unsignedVarint(0)
}

export function defaultDescribeQuorumResponseNode(): DescribeQuorumResponseNode {
  return {
    nodeId: 0,
    listeners: [],
  }
}

function readDescribeQuorumResponseNode(reader: Reader, version: number): DescribeQuorumResponseNode {
  const nodeId = reader.int32()
  const listenersCount = reader.arrayCount(true, 5)
  const listeners: DescribeQuorumResponseNodeListener[] = []
  for (let index = 0; index < listenersCount; index++) listeners.push(readDescribeQuorumResponseNodeListener(reader, version))
  reader.skipTags()
  return { nodeId, listeners }
}

function writeDescribeQuorumResponseNode(writer: Writer, version: number, value: DescribeQuorumResponseNode): void {
  writer.int32(value.nodeId)
  writer.arrayCount(value.listeners.length, true)
  for (const element of value.listeners) writeDescribeQuorumResponseNodeListener(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultDescribeQuorumResponseNodeListener(): DescribeQuorumResponseNodeListener {
  return {
    name: '',
    host: '',
    port: 0,
  }
}

function readDescribeQuorumResponseNodeListener(reader: Reader, _version: number): DescribeQuorumResponseNodeListener {
  const name = reader.string(true)
  const host = reader.string(true)
  const port = reader.uint16()
  reader.skipTags()
  return { name, host, port }
}

function writeDescribeQuorumResponseNodeListener(writer: Writer, _version: number, value: DescribeQuorumResponseNodeListener): void {
  writer.string(value.name, true)
  writer.string(value.host, true)
  writer.uint16(value.port)
  writer.unsignedVarint(0)
}

// ── RemoveRaftVoterRequest (81) 0 ──

export interface RemoveRaftVoterRequest extends Infer<typeof schema.RemoveRaftVoterRequest> {}

export function defaultRemoveRaftVoterRequest(): RemoveRaftVoterRequest {
  return {
    clusterId: '',
    voterId: 0,
    voterDirectoryId: ZERO_UUID,
  }
}

export function readRemoveRaftVoterRequest(reader: Reader, _version: number): RemoveRaftVoterRequest {
  const clusterId = reader.nullableString(true)
  const voterId = reader.int32()
  const voterDirectoryId = reader.uuid()
  reader.skipTags()
  return { clusterId, voterId, voterDirectoryId }
}

export function writeRemoveRaftVoterRequest(writer: Writer, _version: number, value: RemoveRaftVoterRequest): void {
  writer.string(value.clusterId, true)
  writer.int32(value.voterId)
  writer.uuid(value.voterDirectoryId)
  writer.unsignedVarint(0)
}

// ── RemoveRaftVoterResponse (81) 0 ──

export interface RemoveRaftVoterResponse extends Infer<typeof schema.RemoveRaftVoterResponse> {}

export function defaultRemoveRaftVoterResponse(): RemoveRaftVoterResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    errorMessage: '',
  }
}

export function readRemoveRaftVoterResponse(reader: Reader, _version: number): RemoveRaftVoterResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  reader.skipTags()
  return { throttleTimeMs, errorCode, errorMessage }
}

export function writeRemoveRaftVoterResponse(writer: Writer, _version: number, value: RemoveRaftVoterResponse): void {
  writer.int32(value.throttleTimeMs)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.unsignedVarint(0)
}

// ── UnregisterBrokerRequest (64) 0 ──

export interface UnregisterBrokerRequest extends Infer<typeof schema.UnregisterBrokerRequest> {}

export function defaultUnregisterBrokerRequest(): UnregisterBrokerRequest {
  return {
    brokerId: 0,
  }
}

export function readUnregisterBrokerRequest(reader: Reader, _version: number): UnregisterBrokerRequest {
  const brokerId = reader.int32()
  reader.skipTags()
  return { brokerId }
}

export function writeUnregisterBrokerRequest(writer: Writer, _version: number, value: UnregisterBrokerRequest): void {
  writer.int32(value.brokerId)
  writer.unsignedVarint(0)
}

// ── UnregisterBrokerResponse (64) 0 ──

export interface UnregisterBrokerResponse extends Infer<typeof schema.UnregisterBrokerResponse> {}

export function defaultUnregisterBrokerResponse(): UnregisterBrokerResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    errorMessage: '',
  }
}

export function readUnregisterBrokerResponse(reader: Reader, _version: number): UnregisterBrokerResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  reader.skipTags()
  return { throttleTimeMs, errorCode, errorMessage }
}

export function writeUnregisterBrokerResponse(writer: Writer, _version: number, value: UnregisterBrokerResponse): void {
  writer.int32(value.throttleTimeMs)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.unsignedVarint(0)
}

// ── UpdateFeaturesRequest (57) 0-2 ──

export interface UpdateFeaturesRequest extends Infer<typeof schema.UpdateFeaturesRequest> {}
export type UpdateFeaturesRequestFeatureUpdate = UpdateFeaturesRequest['featureUpdates'][number]

export function defaultUpdateFeaturesRequest(): UpdateFeaturesRequest {
  return {
    timeoutMs: 60000,
    featureUpdates: [],
    validateOnly: false,
  }
}

export function readUpdateFeaturesRequest(reader: Reader, version: number): UpdateFeaturesRequest {
  const timeoutMs = reader.int32()
  const featureUpdatesCount = reader.arrayCount(true, 5)
  const featureUpdates: UpdateFeaturesRequestFeatureUpdate[] = []
  for (let index = 0; index < featureUpdatesCount; index++) featureUpdates.push(readUpdateFeaturesRequestFeatureUpdate(reader, version))
  const validateOnly = version >= 1 ? reader.bool() : false
  reader.skipTags()
  return { timeoutMs, featureUpdates, validateOnly }
}

export function writeUpdateFeaturesRequest(writer: Writer, version: number, value: UpdateFeaturesRequest): void {
  writer.int32(value.timeoutMs)
  writer.arrayCount(value.featureUpdates.length, true)
  for (const element of value.featureUpdates) writeUpdateFeaturesRequestFeatureUpdate(writer, version, element)
  if (version >= 1) writer.bool(value.validateOnly)
  else if (value.validateOnly !== false) throw unwritable('UpdateFeaturesRequest', 'validateOnly', version)
  writer.unsignedVarint(0)
}

export function defaultUpdateFeaturesRequestFeatureUpdate(): UpdateFeaturesRequestFeatureUpdate {
  return {
    feature: '',
    maxVersionLevel: 0,
    allowDowngrade: false,
    upgradeType: 1,
  }
}

function readUpdateFeaturesRequestFeatureUpdate(reader: Reader, version: number): UpdateFeaturesRequestFeatureUpdate {
  const feature = reader.string(true)
  const maxVersionLevel = reader.int16()
  const allowDowngrade = version <= 0 ? reader.bool() : false
  const upgradeType = version >= 1 ? reader.int8() : 1
  reader.skipTags()
  return { feature, maxVersionLevel, allowDowngrade, upgradeType }
}

function writeUpdateFeaturesRequestFeatureUpdate(writer: Writer, version: number, value: UpdateFeaturesRequestFeatureUpdate): void {
  writer.string(value.feature, true)
  writer.int16(value.maxVersionLevel)
  if (version <= 0) writer.bool(value.allowDowngrade)
  else if (value.allowDowngrade !== false) throw unwritable('UpdateFeaturesRequest', 'allowDowngrade', version)
  if (version >= 1) writer.int8(value.upgradeType)
  else if (value.upgradeType !== 1) throw unwritable('UpdateFeaturesRequest', 'upgradeType', version)
  writer.unsignedVarint(0)
}

// ── UpdateFeaturesResponse (57) 0-2 ──

export interface UpdateFeaturesResponse extends Infer<typeof schema.UpdateFeaturesResponse> {}
export type UpdateFeaturesResponseResult = UpdateFeaturesResponse['results'][number]

export function defaultUpdateFeaturesResponse(): UpdateFeaturesResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    errorMessage: '',
    results: [],
  }
}

export function readUpdateFeaturesResponse(reader: Reader, version: number): UpdateFeaturesResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  const resultsCount = version <= 1 ? reader.arrayCount(true, 5) : 0
  const results: UpdateFeaturesResponseResult[] = []
  for (let index = 0; index < resultsCount; index++) results.push(readUpdateFeaturesResponseResult(reader, version))
  reader.skipTags()
  return { throttleTimeMs, errorCode, errorMessage, results }
}

export function writeUpdateFeaturesResponse(writer: Writer, version: number, value: UpdateFeaturesResponse): void {
  writer.int32(value.throttleTimeMs)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  if (version <= 1) {
    writer.arrayCount(value.results.length, true)
    for (const element of value.results) writeUpdateFeaturesResponseResult(writer, version, element)
  }
  writer.unsignedVarint(0)
}

export function defaultUpdateFeaturesResponseResult(): UpdateFeaturesResponseResult {
  return {
    feature: '',
    errorCode: 0,
    errorMessage: '',
  }
}

function readUpdateFeaturesResponseResult(reader: Reader, _version: number): UpdateFeaturesResponseResult {
  const feature = reader.string(true)
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  reader.skipTags()
  return { feature, errorCode, errorMessage }
}

function writeUpdateFeaturesResponseResult(writer: Writer, _version: number, value: UpdateFeaturesResponseResult): void {
  writer.string(value.feature, true)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.unsignedVarint(0)
}
