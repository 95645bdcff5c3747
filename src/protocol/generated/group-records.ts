// From ../messages/group-records.ts. Written by scripts/generate-codecs.ts: change the source and run `npm run generate`.

import type { Uuid } from '../../base/uuid.ts'
import { ZERO_UUID } from '../../base/uuid.ts'
import type * as schema from '../messages/group-records.ts'
import { EMPTY_BYTES } from '../reader.ts'
import type { Reader } from '../reader.ts'
import type { Infer } from '../schema.ts'
import type { Writer } from '../writer.ts'

// ── ConsumerGroupCurrentMemberAssignmentKey (8) 0 ──

export const CONSUMER_GROUP_CURRENT_MEMBER_ASSIGNMENT_KEY_TYPE = 8

export interface ConsumerGroupCurrentMemberAssignmentKey extends Infer<typeof schema.ConsumerGroupCurrentMemberAssignmentKey> {}

export function defaultConsumerGroupCurrentMemberAssignmentKey(): ConsumerGroupCurrentMemberAssignmentKey {
  return {
    groupId: '',
    memberId: '',
  }
}

export function readConsumerGroupCurrentMemberAssignmentKey(reader: Reader, _version: number): ConsumerGroupCurrentMemberAssignmentKey {
  const groupId = reader.string(false)
  const memberId = reader.string(false)
  return { groupId, memberId }
}

export function writeConsumerGroupCurrentMemberAssignmentKey(writer: Writer, _version: number, value: ConsumerGroupCurrentMemberAssignmentKey): void {
  writer.string(value.groupId, false)
  writer.string(value.memberId, false)
}

// ── ConsumerGroupCurrentMemberAssignmentValue (8) 0 ──

export interface ConsumerGroupCurrentMemberAssignmentValue extends Infer<typeof schema.ConsumerGroupCurrentMemberAssignmentValue> {}
export type ConsumerGroupCurrentMemberAssignmentValueAssignedPartition = ConsumerGroupCurrentMemberAssignmentValue['assignedPartitions'][number]

export function defaultConsumerGroupCurrentMemberAssignmentValue(): ConsumerGroupCurrentMemberAssignmentValue {
  return {
    memberEpoch: 0,
    previousMemberEpoch: 0,
    state: 0,
    assignedPartitions: [],
    partitionsPendingRevocation: [],
  }
}

export function readConsumerGroupCurrentMemberAssignmentValue(reader: Reader, version: number): ConsumerGroupCurrentMemberAssignmentValue {
  const memberEpoch = reader.int32()
  const previousMemberEpoch = reader.int32()
  const state = reader.int8()
  const assignedPartitionsCount = reader.arrayCount(true, 18)
  const assignedPartitions: ConsumerGroupCurrentMemberAssignmentValueAssignedPartition[] = []
  for (let index = 0; index < assignedPartitionsCount; index++) assignedPartitions.push(readConsumerGroupCurrentMemberAssignmentValueAssignedPartition(reader, version))
  const partitionsPendingRevocationCount = reader.arrayCount(true, 18)
  const partitionsPendingRevocation: ConsumerGroupCurrentMemberAssignmentValueAssignedPartition[] = []
  for (let index = 0; index < partitionsPendingRevocationCount; index++) partitionsPendingRevocation.push(readConsumerGroupCurrentMemberAssignmentValueAssignedPartition(reader, version))
  reader.skipTags()
  return { memberEpoch, previousMemberEpoch, state, assignedPartitions, partitionsPendingRevocation }
}

export function writeConsumerGroupCurrentMemberAssignmentValue(writer: Writer, version: number, value: ConsumerGroupCurrentMemberAssignmentValue): void {
  writer.int32(value.memberEpoch)
  writer.int32(value.previousMemberEpoch)
  writer.int8(value.state)
  writer.arrayCount(value.assignedPartitions.length, true)
  for (const element of value.assignedPartitions) writeConsumerGroupCurrentMemberAssignmentValueAssignedPartition(writer, version, element)
  writer.arrayCount(value.partitionsPendingRevocation.length, true)
  for (const element of value.partitionsPendingRevocation) writeConsumerGroupCurrentMemberAssignmentValueAssignedPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultConsumerGroupCurrentMemberAssignmentValueAssignedPartition(): ConsumerGroupCurrentMemberAssignmentValueAssignedPartition {
  return {
    topicId: ZERO_UUID,
    partitions: [],
    assignmentEpochs: [],
  }
}

function readConsumerGroupCurrentMemberAssignmentValueAssignedPartition(reader: Reader, _version: number): ConsumerGroupCurrentMemberAssignmentValueAssignedPartition {
  let assignmentEpochs: number[] | null = []
  const topicId = reader.uuid()
  const partitionsCount = reader.arrayCount(true, 4)
  const partitions = reader.int32Array(partitionsCount)
  for (let count = reader.tagCount(); count > 0; count--) {
    const tag = reader.unsignedVarint()
    const end = reader.tagEnd()
    switch (tag) {
      case 0: {
        const assignmentEpochsCount = reader.nullableArrayCount(true, 4)
        assignmentEpochs = assignmentEpochsCount < 0 ? null : reader.int32Array(assignmentEpochsCount)
        break
      }
      default:
        reader.position = end
    }
    reader.leaveTag(end)
  }
  return { topicId, partitions, assignmentEpochs }
}

function writeConsumerGroupCurrentMemberAssignmentValueAssignedPartition(writer: Writer, _version: number, value: ConsumerGroupCurrentMemberAssignmentValueAssignedPartition): void {
  writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, true)
  writer.int32Array(value.partitions)
  let tags = 0
  if (value.assignmentEpochs === null || value.assignmentEpochs.length !== 0) tags++
  writer.unsignedVarint(tags)
  if (value.assignmentEpochs === null || value.assignmentEpochs.length !== 0) {
    const mark = writer.beginTag(0)
    writer.arrayCount(value.assignmentEpochs === null ? -1 : value.assignmentEpochs.length, true)
    if (value.assignmentEpochs !== null) writer.int32Array(value.assignmentEpochs)
    writer.endTag(mark)
  }
}

// ── ConsumerGroupMemberMetadataKey (5) 0 ──

export const CONSUMER_GROUP_MEMBER_METADATA_KEY_TYPE = 5

export interface ConsumerGroupMemberMetadataKey extends Infer<typeof schema.ConsumerGroupMemberMetadataKey> {}

export function defaultConsumerGroupMemberMetadataKey(): ConsumerGroupMemberMetadataKey {
  return {
    groupId: '',
    memberId: '',
  }
}

export function readConsumerGroupMemberMetadataKey(reader: Reader, _version: number): ConsumerGroupMemberMetadataKey {
  const groupId = reader.string(false)
  const memberId = reader.string(false)
  return { groupId, memberId }
}

export function writeConsumerGroupMemberMetadataKey(writer: Writer, _version: number, value: ConsumerGroupMemberMetadataKey): void {
  writer.string(value.groupId, false)
  writer.string(value.memberId, false)
}

// ── ConsumerGroupMemberMetadataValue (5) 0 ──

export interface ConsumerGroupMemberMetadataValue extends Infer<typeof schema.ConsumerGroupMemberMetadataValue> {}
export type ConsumerGroupMemberMetadataValueClassicMemberMetadata = NonNullable<ConsumerGroupMemberMetadataValue['classicMemberMetadata']>
export type ConsumerGroupMemberMetadataValueClassicMemberMetadataSupportedProtocol = ConsumerGroupMemberMetadataValueClassicMemberMetadata['supportedProtocols'][number]

export function defaultConsumerGroupMemberMetadataValue(): ConsumerGroupMemberMetadataValue {
  return {
    instanceId: '',
    rackId: '',
    clientId: '',
    clientHost: '',
    subscribedTopicNames: [],
    subscribedTopicRegex: '',
    rebalanceTimeoutMs: -1,
    serverAssignor: '',
    classicMemberMetadata: defaultConsumerGroupMemberMetadataValueClassicMemberMetadata(),
  }
}

export function readConsumerGroupMemberMetadataValue(reader: Reader, version: number): ConsumerGroupMemberMetadataValue {
  let classicMemberMetadata: ConsumerGroupMemberMetadataValueClassicMemberMetadata | null = defaultConsumerGroupMemberMetadataValueClassicMemberMetadata()
  const instanceId = reader.nullableString(true)
  const rackId = reader.nullableString(true)
  const clientId = reader.string(true)
  const clientHost = reader.string(true)
  const subscribedTopicNamesCount = reader.arrayCount(true, 1)
  const subscribedTopicNames = reader.stringArray(subscribedTopicNamesCount, true)
  const subscribedTopicRegex = reader.nullableString(true)
  const rebalanceTimeoutMs = reader.int32()
  const serverAssignor = reader.nullableString(true)
  for (let count = reader.tagCount(); count > 0; count--) {
    const tag = reader.unsignedVarint()
    const end = reader.tagEnd()
    switch (tag) {
      case 0: {
        classicMemberMetadata = reader.taggedPresent() ? readConsumerGroupMemberMetadataValueClassicMemberMetadata(reader, version) : null
        break
      }
      default:
        reader.position = end
    }
    reader.leaveTag(end)
  }
  return {
    instanceId,
    rackId,
    clientId,
    clientHost,
    subscribedTopicNames,
    subscribedTopicRegex,
    rebalanceTimeoutMs,
    serverAssignor,
    classicMemberMetadata,
  }
}

export function writeConsumerGroupMemberMetadataValue(writer: Writer, version: number, value: ConsumerGroupMemberMetadataValue): void {
  writer.string(value.instanceId, true)
  writer.string(value.rackId, true)
  writer.string(value.clientId, true)
  writer.string(value.clientHost, true)
  writer.arrayCount(value.subscribedTopicNames.length, true)
  writer.stringArray(value.subscribedTopicNames, true)
  writer.string(value.subscribedTopicRegex, true)
  writer.int32(value.rebalanceTimeoutMs)
  writer.string(value.serverAssignor, true)
  let tags = 0
  if (value.classicMemberMetadata === null || !isDefaultConsumerGroupMemberMetadataValueClassicMemberMetadata(value.classicMemberMetadata)) tags++
  writer.unsignedVarint(tags)
  if (value.classicMemberMetadata === null || !isDefaultConsumerGroupMemberMetadataValueClassicMemberMetadata(value.classicMemberMetadata)) {
    const mark = writer.beginTag(0)
    writer.taggedPresent(value.classicMemberMetadata !== null)
    if (value.classicMemberMetadata !== null) writeConsumerGroupMemberMetadataValueClassicMemberMetadata(writer, version, value.classicMemberMetadata)
    writer.endTag(mark)
  }
}

export function defaultConsumerGroupMemberMetadataValueClassicMemberMetadata(): ConsumerGroupMemberMetadataValueClassicMemberMetadata {
  return {
    sessionTimeoutMs: 0,
    supportedProtocols: [],
  }
}

function readConsumerGroupMemberMetadataValueClassicMemberMetadata(reader: Reader, version: number): ConsumerGroupMemberMetadataValueClassicMemberMetadata {
  const sessionTimeoutMs = reader.int32()
  const supportedProtocolsCount = reader.arrayCount(true, 3)
  const supportedProtocols: ConsumerGroupMemberMetadataValueClassicMemberMetadataSupportedProtocol[] = []
  for (let index = 0; index < supportedProtocolsCount; index++) supportedProtocols.push(readConsumerGroupMemberMetadataValueClassicMemberMetadataSupportedProtocol(reader, version))
  reader.skipTags()
  return { sessionTimeoutMs, supportedProtocols }
}

function writeConsumerGroupMemberMetadataValueClassicMemberMetadata(writer: Writer, version: number, value: ConsumerGroupMemberMetadataValueClassicMemberMetadata): void {
  writer.int32(value.sessionTimeoutMs)
  writer.arrayCount(value.supportedProtocols.length, true)
  for (const element of value.supportedProtocols) writeConsumerGroupMemberMetadataValueClassicMemberMetadataSupportedProtocol(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultConsumerGroupMemberMetadataValueClassicMemberMetadataSupportedProtocol(): ConsumerGroupMemberMetadataValueClassicMemberMetadataSupportedProtocol {
  return {
    name: '',
    metadata: EMPTY_BYTES,
  }
}

function readConsumerGroupMemberMetadataValueClassicMemberMetadataSupportedProtocol(reader: Reader, _version: number): ConsumerGroupMemberMetadataValueClassicMemberMetadataSupportedProtocol {
  const name = reader.string(true)
  const metadata = reader.bytes(true)
  reader.skipTags()
  return { name, metadata }
}

function writeConsumerGroupMemberMetadataValueClassicMemberMetadataSupportedProtocol(writer: Writer, _version: number, value: ConsumerGroupMemberMetadataValueClassicMemberMetadataSupportedProtocol): void {
  writer.string(value.name, true)
  writer.bytes(value.metadata, true)
  writer.unsignedVarint(0)
}

function isDefaultConsumerGroupMemberMetadataValueClassicMemberMetadata(value: ConsumerGroupMemberMetadataValueClassicMemberMetadata): boolean {
  return value.sessionTimeoutMs === 0 && !(value.supportedProtocols.length !== 0)
}

// ── ConsumerGroupMetadataKey (3) 0 ──

export const CONSUMER_GROUP_METADATA_KEY_TYPE = 3

export interface ConsumerGroupMetadataKey extends Infer<typeof schema.ConsumerGroupMetadataKey> {}

export function defaultConsumerGroupMetadataKey(): ConsumerGroupMetadataKey {
  return {
    groupId: '',
  }
}

export function readConsumerGroupMetadataKey(reader: Reader, _version: number): ConsumerGroupMetadataKey {
  const groupId = reader.string(false)
  return { groupId }
}

export function writeConsumerGroupMetadataKey(writer: Writer, _version: number, value: ConsumerGroupMetadataKey): void {
  writer.string(value.groupId, false)
}

// ── ConsumerGroupMetadataValue (3) 0 ──

export interface ConsumerGroupMetadataValue extends Infer<typeof schema.ConsumerGroupMetadataValue> {}

export function defaultConsumerGroupMetadataValue(): ConsumerGroupMetadataValue {
  return {
    epoch: 0,
    metadataHash: 0,
  }
}

export function readConsumerGroupMetadataValue(reader: Reader, _version: number): ConsumerGroupMetadataValue {
  let metadataHash: number = 0
  const epoch = reader.int32()
  for (let count = reader.tagCount(); count > 0; count--) {
    const tag = reader.unsignedVarint()
    const end = reader.tagEnd()
    switch (tag) {
      case 0: {
        metadataHash = reader.int64()
        break
      }
      default:
        reader.position = end
    }
    reader.leaveTag(end)
  }
  return { epoch, metadataHash }
}

export function writeConsumerGroupMetadataValue(writer: Writer, _version: number, value: ConsumerGroupMetadataValue): void {
  writer.int32(value.epoch)
  let tags = 0
  if (value.metadataHash !== 0) tags++
  writer.unsignedVarint(tags)
  if (value.metadataHash !== 0) {
    writer.tag(0, 8)
    writer.int64(value.metadataHash)
  }
}

// ── ConsumerGroupPartitionMetadataKey (4) 0 ──

export const CONSUMER_GROUP_PARTITION_METADATA_KEY_TYPE = 4

export interface ConsumerGroupPartitionMetadataKey extends Infer<typeof schema.ConsumerGroupPartitionMetadataKey> {}

export function defaultConsumerGroupPartitionMetadataKey(): ConsumerGroupPartitionMetadataKey {
  return {
    groupId: '',
  }
}

export function readConsumerGroupPartitionMetadataKey(reader: Reader, _version: number): ConsumerGroupPartitionMetadataKey {
  const groupId = reader.string(false)
  return { groupId }
}

export function writeConsumerGroupPartitionMetadataKey(writer: Writer, _version: number, value: ConsumerGroupPartitionMetadataKey): void {
  writer.string(value.groupId, false)
}

// ── ConsumerGroupPartitionMetadataValue (4) 0 ──

export interface ConsumerGroupPartitionMetadataValue extends Infer<typeof schema.ConsumerGroupPartitionMetadataValue> {}
export type ConsumerGroupPartitionMetadataValueTopic = ConsumerGroupPartitionMetadataValue['topics'][number]
export type ConsumerGroupPartitionMetadataValueTopicPartitionMetadata = ConsumerGroupPartitionMetadataValueTopic['partitionMetadata'][number]

export function defaultConsumerGroupPartitionMetadataValue(): ConsumerGroupPartitionMetadataValue {
  return {
    topics: [],
  }
}

export function readConsumerGroupPartitionMetadataValue(reader: Reader, version: number): ConsumerGroupPartitionMetadataValue {
  const topicsCount = reader.arrayCount(true, 23)
  const topics: ConsumerGroupPartitionMetadataValueTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readConsumerGroupPartitionMetadataValueTopic(reader, version))
  reader.skipTags()
  return { topics }
}

export function writeConsumerGroupPartitionMetadataValue(writer: Writer, version: number, value: ConsumerGroupPartitionMetadataValue): void {
  writer.arrayCount(value.topics.length, true)
  for (const element of value.topics) writeConsumerGroupPartitionMetadataValueTopic(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultConsumerGroupPartitionMetadataValueTopic(): ConsumerGroupPartitionMetadataValueTopic {
  return {
    topicId: ZERO_UUID,
    topicName: '',
    numPartitions: 0,
    partitionMetadata: [],
  }
}

function readConsumerGroupPartitionMetadataValueTopic(reader: Reader, version: number): ConsumerGroupPartitionMetadataValueTopic {
  const topicId = reader.uuid()
  const topicName = reader.string(true)
  const numPartitions = reader.int32()
  const partitionMetadataCount = reader.arrayCount(true, 6)
  const partitionMetadata: ConsumerGroupPartitionMetadataValueTopicPartitionMetadata[] = []
  for (let index = 0; index < partitionMetadataCount; index++) partitionMetadata.push(readConsumerGroupPartitionMetadataValueTopicPartitionMetadata(reader, version))
  reader.skipTags()
  return { topicId, topicName, numPartitions, partitionMetadata }
}

function writeConsumerGroupPartitionMetadataValueTopic(writer: Writer, version: number, value: ConsumerGroupPartitionMetadataValueTopic): void {
  writer.uuid(value.topicId)
  writer.string(value.topicName, true)
  writer.int32(value.numPartitions)
  writer.arrayCount(value.partitionMetadata.length, true)
  for (const element of value.partitionMetadata) writeConsumerGroupPartitionMetadataValueTopicPartitionMetadata(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultConsumerGroupPartitionMetadataValueTopicPartitionMetadata(): ConsumerGroupPartitionMetadataValueTopicPartitionMetadata {
  return {
    partition: 0,
    racks: [],
  }
}

function readConsumerGroupPartitionMetadataValueTopicPartitionMetadata(reader: Reader, _version: number): ConsumerGroupPartitionMetadataValueTopicPartitionMetadata {
  const partition = reader.int32()
  const racksCount = reader.arrayCount(true, 1)
  const racks = reader.stringArray(racksCount, true)
  reader.skipTags()
  return { partition, racks }
}

function writeConsumerGroupPartitionMetadataValueTopicPartitionMetadata(writer: Writer, _version: number, value: ConsumerGroupPartitionMetadataValueTopicPartitionMetadata): void {
  writer.int32(value.partition)
  writer.arrayCount(value.racks.length, true)
  writer.stringArray(value.racks, true)
  writer.unsignedVarint(0)
}

// ── ConsumerGroupRegularExpressionKey (16) 0 ──

export const CONSUMER_GROUP_REGULAR_EXPRESSION_KEY_TYPE = 16

export interface ConsumerGroupRegularExpressionKey extends Infer<typeof schema.ConsumerGroupRegularExpressionKey> {}

export function defaultConsumerGroupRegularExpressionKey(): ConsumerGroupRegularExpressionKey {
  return {
    groupId: '',
    regularExpression: '',
  }
}

export function readConsumerGroupRegularExpressionKey(reader: Reader, _version: number): ConsumerGroupRegularExpressionKey {
  const groupId = reader.string(false)
  const regularExpression = reader.string(false)
  return { groupId, regularExpression }
}

export function writeConsumerGroupRegularExpressionKey(writer: Writer, _version: number, value: ConsumerGroupRegularExpressionKey): void {
  writer.string(value.groupId, false)
  writer.string(value.regularExpression, false)
}

// ── ConsumerGroupRegularExpressionValue (16) 0 ──

export interface ConsumerGroupRegularExpressionValue extends Infer<typeof schema.ConsumerGroupRegularExpressionValue> {}

export function defaultConsumerGroupRegularExpressionValue(): ConsumerGroupRegularExpressionValue {
  return {
    topics: [],
    version: 0,
    timestamp: 0,
  }
}

export function readConsumerGroupRegularExpressionValue(reader: Reader, _version: number): ConsumerGroupRegularExpressionValue {
  const topicsCount = reader.arrayCount(true, 1)
  const topics = reader.stringArray(topicsCount, true)
  const versionField = reader.int64()
  const timestamp = reader.int64()
  reader.skipTags()
  return { topics, version: versionField, timestamp }
}

export function writeConsumerGroupRegularExpressionValue(writer: Writer, _version: number, value: ConsumerGroupRegularExpressionValue): void {
  writer.arrayCount(value.topics.length, true)
  writer.stringArray(value.topics, true)
  writer.int64(value.version)
  writer.int64(value.timestamp)
  writer.unsignedVarint(0)
}

// ── ConsumerGroupTargetAssignmentMemberKey (7) 0 ──

export const CONSUMER_GROUP_TARGET_ASSIGNMENT_MEMBER_KEY_TYPE = 7

export interface ConsumerGroupTargetAssignmentMemberKey extends Infer<typeof schema.ConsumerGroupTargetAssignmentMemberKey> {}

export function defaultConsumerGroupTargetAssignmentMemberKey(): ConsumerGroupTargetAssignmentMemberKey {
  return {
    groupId: '',
    memberId: '',
  }
}

export function readConsumerGroupTargetAssignmentMemberKey(reader: Reader, _version: number): ConsumerGroupTargetAssignmentMemberKey {
  const groupId = reader.string(false)
  const memberId = reader.string(false)
  return { groupId, memberId }
}

export function writeConsumerGroupTargetAssignmentMemberKey(writer: Writer, _version: number, value: ConsumerGroupTargetAssignmentMemberKey): void {
  writer.string(value.groupId, false)
  writer.string(value.memberId, false)
}

// ── ConsumerGroupTargetAssignmentMemberValue (7) 0 ──

export interface ConsumerGroupTargetAssignmentMemberValue extends Infer<typeof schema.ConsumerGroupTargetAssignmentMemberValue> {}
export type ConsumerGroupTargetAssignmentMemberValueTopicPartition = ConsumerGroupTargetAssignmentMemberValue['topicPartitions'][number]

export function defaultConsumerGroupTargetAssignmentMemberValue(): ConsumerGroupTargetAssignmentMemberValue {
  return {
    topicPartitions: [],
  }
}

export function readConsumerGroupTargetAssignmentMemberValue(reader: Reader, version: number): ConsumerGroupTargetAssignmentMemberValue {
  const topicPartitionsCount = reader.arrayCount(true, 18)
  const topicPartitions: ConsumerGroupTargetAssignmentMemberValueTopicPartition[] = []
  for (let index = 0; index < topicPartitionsCount; index++) topicPartitions.push(readConsumerGroupTargetAssignmentMemberValueTopicPartition(reader, version))
  reader.skipTags()
  return { topicPartitions }
}

export function writeConsumerGroupTargetAssignmentMemberValue(writer: Writer, version: number, value: ConsumerGroupTargetAssignmentMemberValue): void {
  writer.arrayCount(value.topicPartitions.length, true)
  for (const element of value.topicPartitions) writeConsumerGroupTargetAssignmentMemberValueTopicPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultConsumerGroupTargetAssignmentMemberValueTopicPartition(): ConsumerGroupTargetAssignmentMemberValueTopicPartition {
  return {
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readConsumerGroupTargetAssignmentMemberValueTopicPartition(reader: Reader, _version: number): ConsumerGroupTargetAssignmentMemberValueTopicPartition {
  const topicId = reader.uuid()
  const partitionsCount = reader.arrayCount(true, 4)
  const partitions = reader.int32Array(partitionsCount)
  reader.skipTags()
  return { topicId, partitions }
}

function writeConsumerGroupTargetAssignmentMemberValueTopicPartition(writer: Writer, _version: number, value: ConsumerGroupTargetAssignmentMemberValueTopicPartition): void {
  writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, true)
  writer.int32Array(value.partitions)
  writer.unsignedVarint(0)
}

// ── ConsumerGroupTargetAssignmentMetadataKey (6) 0 ──

export const CONSUMER_GROUP_TARGET_ASSIGNMENT_METADATA_KEY_TYPE = 6

export interface ConsumerGroupTargetAssignmentMetadataKey extends Infer<typeof schema.ConsumerGroupTargetAssignmentMetadataKey> {}

export function defaultConsumerGroupTargetAssignmentMetadataKey(): ConsumerGroupTargetAssignmentMetadataKey {
  return {
    groupId: '',
  }
}

export function readConsumerGroupTargetAssignmentMetadataKey(reader: Reader, _version: number): ConsumerGroupTargetAssignmentMetadataKey {
  const groupId = reader.string(false)
  return { groupId }
}

export function writeConsumerGroupTargetAssignmentMetadataKey(writer: Writer, _version: number, value: ConsumerGroupTargetAssignmentMetadataKey): void {
  writer.string(value.groupId, false)
}

// ── ConsumerGroupTargetAssignmentMetadataValue (6) 0 ──

export interface ConsumerGroupTargetAssignmentMetadataValue extends Infer<typeof schema.ConsumerGroupTargetAssignmentMetadataValue> {}

export function defaultConsumerGroupTargetAssignmentMetadataValue(): ConsumerGroupTargetAssignmentMetadataValue {
  return {
    assignmentEpoch: 0,
    assignmentTimestamp: 0,
  }
}

export function readConsumerGroupTargetAssignmentMetadataValue(reader: Reader, _version: number): ConsumerGroupTargetAssignmentMetadataValue {
  let assignmentTimestamp: number = 0
  const assignmentEpoch = reader.int32()
  for (let count = reader.tagCount(); count > 0; count--) {
    const tag = reader.unsignedVarint()
    const end = reader.tagEnd()
    switch (tag) {
      case 0: {
        assignmentTimestamp = reader.int64()
        break
      }
      default:
        reader.position = end
    }
    reader.leaveTag(end)
  }
  return { assignmentEpoch, assignmentTimestamp }
}

export function writeConsumerGroupTargetAssignmentMetadataValue(writer: Writer, _version: number, value: ConsumerGroupTargetAssignmentMetadataValue): void {
  writer.int32(value.assignmentEpoch)
  let tags = 0
  if (value.assignmentTimestamp !== 0) tags++
  writer.unsignedVarint(tags)
  if (value.assignmentTimestamp !== 0) {
    writer.tag(0, 8)
    writer.int64(value.assignmentTimestamp)
  }
}

// ── GroupMetadataKey (2) 0 ──

export const GROUP_METADATA_KEY_TYPE = 2

export interface GroupMetadataKey extends Infer<typeof schema.GroupMetadataKey> {}

export function defaultGroupMetadataKey(): GroupMetadataKey {
  return {
    group: '',
  }
}

export function readGroupMetadataKey(reader: Reader, _version: number): GroupMetadataKey {
  const group = reader.string(false)
  return { group }
}

export function writeGroupMetadataKey(writer: Writer, _version: number, value: GroupMetadataKey): void {
  writer.string(value.group, false)
}

// ── GroupMetadataValue (2) 0-4 ──

export interface GroupMetadataValue extends Infer<typeof schema.GroupMetadataValue> {}
export type GroupMetadataValueMember = GroupMetadataValue['members'][number]

export function defaultGroupMetadataValue(): GroupMetadataValue {
  return {
    protocolType: '',
    generation: 0,
    protocol: '',
    leader: '',
    currentStateTimestamp: -1,
    members: [],
  }
}

export function readGroupMetadataValue(reader: Reader, version: number): GroupMetadataValue {
  const flexible = version >= 4
  const protocolType = reader.string(flexible)
  const generation = reader.int32()
  const protocol = reader.nullableString(flexible)
  const leader = reader.nullableString(flexible)
  const currentStateTimestamp = version >= 2 ? reader.int64() : -1
  const membersCount = reader.arrayCount(flexible, 15)
  const members: GroupMetadataValueMember[] = []
  for (let index = 0; index < membersCount; index++) members.push(readGroupMetadataValueMember(reader, version))
  if (flexible) reader.skipTags()
  return { protocolType, generation, protocol, leader, currentStateTimestamp, members }
}

export function writeGroupMetadataValue(writer: Writer, version: number, value: GroupMetadataValue): void {
  const flexible = version >= 4
  writer.string(value.protocolType, flexible)
  writer.int32(value.generation)
  writer.string(value.protocol, flexible)
  writer.string(value.leader, flexible)
  if (version >= 2) writer.int64(value.currentStateTimestamp)
  writer.arrayCount(value.members.length, flexible)
  for (const element of value.members) writeGroupMetadataValueMember(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultGroupMetadataValueMember(): GroupMetadataValueMember {
  return {
    memberId: '',
    groupInstanceId: null,
    clientId: '',
    clientHost: '',
    rebalanceTimeout: -1,
    sessionTimeout: 0,
    subscription: EMPTY_BYTES,
    assignment: EMPTY_BYTES,
  }
}

function readGroupMetadataValueMember(reader: Reader, version: number): GroupMetadataValueMember {
  const flexible = version >= 4
  const memberId = reader.string(flexible)
  const groupInstanceId = version >= 3 ? reader.nullableString(flexible) : null
  const clientId = reader.string(flexible)
  const clientHost = reader.string(flexible)
  const rebalanceTimeout = version >= 1 ? reader.int32() : -1
  const sessionTimeout = reader.int32()
  const subscription = reader.bytes(flexible)
  const assignment = reader.bytes(flexible)
  if (flexible) reader.skipTags()
  return {
    memberId,
    groupInstanceId,
    clientId,
    clientHost,
    rebalanceTimeout,
    sessionTimeout,
    subscription,
    assignment,
  }
}

function writeGroupMetadataValueMember(writer: Writer, version: number, value: GroupMetadataValueMember): void {
  const flexible = version >= 4
  writer.string(value.memberId, flexible)
  if (version >= 3) writer.string(value.groupInstanceId, flexible)
  writer.string(value.clientId, flexible)
  writer.string(value.clientHost, flexible)
  if (version >= 1) writer.int32(value.rebalanceTimeout)
  writer.int32(value.sessionTimeout)
  writer.bytes(value.subscription, flexible)
  writer.bytes(value.assignment, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── LegacyOffsetCommitKey (0) 0 ──

export const LEGACY_OFFSET_COMMIT_KEY_TYPE = 0

export interface LegacyOffsetCommitKey extends Infer<typeof schema.LegacyOffsetCommitKey> {}

export function defaultLegacyOffsetCommitKey(): LegacyOffsetCommitKey {
  return {
    group: '',
    topic: '',
    partition: 0,
  }
}

export function readLegacyOffsetCommitKey(reader: Reader, _version: number): LegacyOffsetCommitKey {
  const group = reader.string(false)
  const topic = reader.string(false)
  const partition = reader.int32()
  return { group, topic, partition }
}

export function writeLegacyOffsetCommitKey(writer: Writer, _version: number, value: LegacyOffsetCommitKey): void {
  writer.string(value.group, false)
  writer.string(value.topic, false)
  writer.int32(value.partition)
}

// ── LegacyOffsetCommitValue (0) 0 ──

export interface LegacyOffsetCommitValue extends Infer<typeof schema.LegacyOffsetCommitValue> {}

export function defaultLegacyOffsetCommitValue(): LegacyOffsetCommitValue {
  return {
    offset: 0,
    metadata: '',
    commitTimestamp: 0,
  }
}

export function readLegacyOffsetCommitValue(reader: Reader, _version: number): LegacyOffsetCommitValue {
  const offset = reader.int64()
  const metadata = reader.string(false)
  const commitTimestamp = reader.int64()
  return { offset, metadata, commitTimestamp }
}

export function writeLegacyOffsetCommitValue(writer: Writer, _version: number, value: LegacyOffsetCommitValue): void {
  writer.int64(value.offset)
  writer.string(value.metadata, false)
  writer.int64(value.commitTimestamp)
}

// ── OffsetCommitKey (1) 0 ──

export const OFFSET_COMMIT_KEY_TYPE = 1

export interface OffsetCommitKey extends Infer<typeof schema.OffsetCommitKey> {}

export function defaultOffsetCommitKey(): OffsetCommitKey {
  return {
    group: '',
    topic: '',
    partition: 0,
  }
}

export function readOffsetCommitKey(reader: Reader, _version: number): OffsetCommitKey {
  const group = reader.string(false)
  const topic = reader.string(false)
  const partition = reader.int32()
  return { group, topic, partition }
}

export function writeOffsetCommitKey(writer: Writer, _version: number, value: OffsetCommitKey): void {
  writer.string(value.group, false)
  writer.string(value.topic, false)
  writer.int32(value.partition)
}

// ── OffsetCommitValue (1) 0-4 ──

export interface OffsetCommitValue extends Infer<typeof schema.OffsetCommitValue> {}

export function defaultOffsetCommitValue(): OffsetCommitValue {
  return {
    offset: 0,
    leaderEpoch: -1,
    metadata: '',
    commitTimestamp: 0,
    expireTimestamp: -1,
    topicId: ZERO_UUID,
  }
}

export function readOffsetCommitValue(reader: Reader, version: number): OffsetCommitValue {
  const flexible = version >= 4
  let topicId: Uuid = ZERO_UUID
  const offset = reader.int64()
  const leaderEpoch = version >= 3 ? reader.int32() : -1
  const metadata = reader.string(flexible)
  const commitTimestamp = reader.int64()
  const expireTimestamp = version === 1 ? reader.int64() : -1
  if (flexible) {
    for (let count = reader.tagCount(); count > 0; count--) {
      const tag = reader.unsignedVarint()
      const end = reader.tagEnd()
      switch (tag) {
        case 0: {
          topicId = reader.uuid()
          break
        }
        default:
          reader.position = end
      }
      reader.leaveTag(end)
    }
  }
  return { offset, leaderEpoch, metadata, commitTimestamp, expireTimestamp, topicId }
}

export function writeOffsetCommitValue(writer: Writer, version: number, value: OffsetCommitValue): void {
  const flexible = version >= 4
  writer.int64(value.offset)
  if (version >= 3) writer.int32(value.leaderEpoch)
  writer.string(value.metadata, flexible)
  writer.int64(value.commitTimestamp)
  if (version === 1) writer.int64(value.expireTimestamp)
  if (flexible) {
    let tags = 0
    if (value.topicId !== ZERO_UUID) tags++
    writer.unsignedVarint(tags)
    if (value.topicId !== ZERO_UUID) {
      writer.tag(0, 16)
      writer.uuid(value.topicId)
    }
  }
}
