// From ../messages/share-group-records.ts. Written by scripts/generate-codecs.ts: change the source and run `npm run generate`.

import { ZERO_UUID } from '../../base/uuid.ts'
import type * as schema from '../messages/share-group-records.ts'
import type { Reader } from '../reader.ts'
import type { Infer } from '../schema.ts'
import type { Writer } from '../writer.ts'

// ── ShareGroupCurrentMemberAssignmentKey (14) 0 ──

export const SHARE_GROUP_CURRENT_MEMBER_ASSIGNMENT_KEY_TYPE = 14

export interface ShareGroupCurrentMemberAssignmentKey extends Infer<typeof schema.ShareGroupCurrentMemberAssignmentKey> {}

export function defaultShareGroupCurrentMemberAssignmentKey(): ShareGroupCurrentMemberAssignmentKey {
  return {
    groupId: '',
    memberId: '',
  }
}

export function readShareGroupCurrentMemberAssignmentKey(reader: Reader, _version: number): ShareGroupCurrentMemberAssignmentKey {
  const groupId = reader.string(false)
  const memberId = reader.string(false)
  return { groupId, memberId }
}

export function writeShareGroupCurrentMemberAssignmentKey(writer: Writer, _version: number, value: ShareGroupCurrentMemberAssignmentKey): void {
  writer.string(value.groupId, false)
  writer.string(value.memberId, false)
}

// ── ShareGroupCurrentMemberAssignmentValue (14) 0 ──

export interface ShareGroupCurrentMemberAssignmentValue extends Infer<typeof schema.ShareGroupCurrentMemberAssignmentValue> {}
export type ShareGroupCurrentMemberAssignmentValueAssignedPartition = ShareGroupCurrentMemberAssignmentValue['assignedPartitions'][number]

export function defaultShareGroupCurrentMemberAssignmentValue(): ShareGroupCurrentMemberAssignmentValue {
  return {
    memberEpoch: 0,
    previousMemberEpoch: 0,
    state: 0,
    assignedPartitions: [],
  }
}

export function readShareGroupCurrentMemberAssignmentValue(reader: Reader, version: number): ShareGroupCurrentMemberAssignmentValue {
  const memberEpoch = reader.int32()
  const previousMemberEpoch = reader.int32()
  const state = reader.int8()
  const assignedPartitionsCount = reader.arrayCount(true, 18)
  const assignedPartitions: ShareGroupCurrentMemberAssignmentValueAssignedPartition[] = []
  for (let index = 0; index < assignedPartitionsCount; index++) assignedPartitions.push(readShareGroupCurrentMemberAssignmentValueAssignedPartition(reader, version))
  reader.skipTags()
  return { memberEpoch, previousMemberEpoch, state, assignedPartitions }
}

export function writeShareGroupCurrentMemberAssignmentValue(writer: Writer, version: number, value: ShareGroupCurrentMemberAssignmentValue): void {
  writer.int32(value.memberEpoch)
  writer.int32(value.previousMemberEpoch)
  writer.int8(value.state)
  writer.arrayCount(value.assignedPartitions.length, true)
  for (const element of value.assignedPartitions) writeShareGroupCurrentMemberAssignmentValueAssignedPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultShareGroupCurrentMemberAssignmentValueAssignedPartition(): ShareGroupCurrentMemberAssignmentValueAssignedPartition {
  return {
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readShareGroupCurrentMemberAssignmentValueAssignedPartition(reader: Reader, _version: number): ShareGroupCurrentMemberAssignmentValueAssignedPartition {
  const topicId = reader.uuid()
  const partitionsCount = reader.arrayCount(true, 4)
  const partitions = reader.int32Array(partitionsCount)
  reader.skipTags()
  return { topicId, partitions }
}

function writeShareGroupCurrentMemberAssignmentValueAssignedPartition(writer: Writer, _version: number, value: ShareGroupCurrentMemberAssignmentValueAssignedPartition): void {
  writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, true)
  writer.int32Array(value.partitions)
  writer.unsignedVarint(0)
}

// ── ShareGroupMemberMetadataKey (10) 0 ──

export const SHARE_GROUP_MEMBER_METADATA_KEY_TYPE = 10

export interface ShareGroupMemberMetadataKey extends Infer<typeof schema.ShareGroupMemberMetadataKey> {}

export function defaultShareGroupMemberMetadataKey(): ShareGroupMemberMetadataKey {
  return {
    groupId: '',
    memberId: '',
  }
}

export function readShareGroupMemberMetadataKey(reader: Reader, _version: number): ShareGroupMemberMetadataKey {
  const groupId = reader.string(false)
  const memberId = reader.string(false)
  return { groupId, memberId }
}

export function writeShareGroupMemberMetadataKey(writer: Writer, _version: number, value: ShareGroupMemberMetadataKey): void {
  writer.string(value.groupId, false)
  writer.string(value.memberId, false)
}

// ── ShareGroupMemberMetadataValue (10) 0 ──

export interface ShareGroupMemberMetadataValue extends Infer<typeof schema.ShareGroupMemberMetadataValue> {}

export function defaultShareGroupMemberMetadataValue(): ShareGroupMemberMetadataValue {
  return {
    rackId: '',
    clientId: '',
    clientHost: '',
    subscribedTopicNames: [],
  }
}

export function readShareGroupMemberMetadataValue(reader: Reader, _version: number): ShareGroupMemberMetadataValue {
  const rackId = reader.nullableString(true)
  const clientId = reader.string(true)
  const clientHost = reader.string(true)
  const subscribedTopicNamesCount = reader.arrayCount(true, 1)
  const subscribedTopicNames = reader.stringArray(subscribedTopicNamesCount, true)
  reader.skipTags()
  return { rackId, clientId, clientHost, subscribedTopicNames }
}

export function writeShareGroupMemberMetadataValue(writer: Writer, _version: number, value: ShareGroupMemberMetadataValue): void {
  writer.string(value.rackId, true)
  writer.string(value.clientId, true)
  writer.string(value.clientHost, true)
  writer.arrayCount(value.subscribedTopicNames.length, true)
  writer.stringArray(value.subscribedTopicNames, true)
  writer.unsignedVarint(0)
}

// ── ShareGroupMetadataKey (11) 0 ──

export const SHARE_GROUP_METADATA_KEY_TYPE = 11

export interface ShareGroupMetadataKey extends Infer<typeof schema.ShareGroupMetadataKey> {}

export function defaultShareGroupMetadataKey(): ShareGroupMetadataKey {
  return {
    groupId: '',
  }
}

export function readShareGroupMetadataKey(reader: Reader, _version: number): ShareGroupMetadataKey {
  const groupId = reader.string(false)
  return { groupId }
}

export function writeShareGroupMetadataKey(writer: Writer, _version: number, value: ShareGroupMetadataKey): void {
  writer.string(value.groupId, false)
}

// ── ShareGroupMetadataValue (11) 0 ──

export interface ShareGroupMetadataValue extends Infer<typeof schema.ShareGroupMetadataValue> {}

export function defaultShareGroupMetadataValue(): ShareGroupMetadataValue {
  return {
    epoch: 0,
    metadataHash: 0,
  }
}

export function readShareGroupMetadataValue(reader: Reader, _version: number): ShareGroupMetadataValue {
  const epoch = reader.int32()
  const metadataHash = reader.int64()
  reader.skipTags()
  return { epoch, metadataHash }
}

export function writeShareGroupMetadataValue(writer: Writer, _version: number, value: ShareGroupMetadataValue): void {
  writer.int32(value.epoch)
  writer.int64(value.metadataHash)
  writer.unsignedVarint(0)
}

// ── ShareGroupStatePartitionMetadataKey (15) 0 ──

export const SHARE_GROUP_STATE_PARTITION_METADATA_KEY_TYPE = 15

export interface ShareGroupStatePartitionMetadataKey extends Infer<typeof schema.ShareGroupStatePartitionMetadataKey> {}

export function defaultShareGroupStatePartitionMetadataKey(): ShareGroupStatePartitionMetadataKey {
  return {
    groupId: '',
  }
}

export function readShareGroupStatePartitionMetadataKey(reader: Reader, _version: number): ShareGroupStatePartitionMetadataKey {
  const groupId = reader.string(false)
  return { groupId }
}

export function writeShareGroupStatePartitionMetadataKey(writer: Writer, _version: number, value: ShareGroupStatePartitionMetadataKey): void {
  writer.string(value.groupId, false)
}

// ── ShareGroupStatePartitionMetadataValue (15) 0 ──

export interface ShareGroupStatePartitionMetadataValue extends Infer<typeof schema.ShareGroupStatePartitionMetadataValue> {}
export type ShareGroupStatePartitionMetadataValueInitializingTopic = ShareGroupStatePartitionMetadataValue['initializingTopics'][number]
export type ShareGroupStatePartitionMetadataValueDeletingTopic = ShareGroupStatePartitionMetadataValue['deletingTopics'][number]

export function defaultShareGroupStatePartitionMetadataValue(): ShareGroupStatePartitionMetadataValue {
  return {
    initializingTopics: [],
    initializedTopics: [],
    deletingTopics: [],
  }
}

export function readShareGroupStatePartitionMetadataValue(reader: Reader, version: number): ShareGroupStatePartitionMetadataValue {
  const initializingTopicsCount = reader.arrayCount(true, 19)
  const initializingTopics: ShareGroupStatePartitionMetadataValueInitializingTopic[] = []
  for (let index = 0; index < initializingTopicsCount; index++) initializingTopics.push(readShareGroupStatePartitionMetadataValueInitializingTopic(reader, version))
  const initializedTopicsCount = reader.arrayCount(true, 19)
  const initializedTopics: ShareGroupStatePartitionMetadataValueInitializingTopic[] = []
  for (let index = 0; index < initializedTopicsCount; index++) initializedTopics.push(readShareGroupStatePartitionMetadataValueInitializingTopic(reader, version))
  const deletingTopicsCount = reader.arrayCount(true, 18)
  const deletingTopics: ShareGroupStatePartitionMetadataValueDeletingTopic[] = []
  for (let index = 0; index < deletingTopicsCount; index++) deletingTopics.push(readShareGroupStatePartitionMetadataValueDeletingTopic(reader, version))
  reader.skipTags()
  return { initializingTopics, initializedTopics, deletingTopics }
}

export function writeShareGroupStatePartitionMetadataValue(writer: Writer, version: number, value: ShareGroupStatePartitionMetadataValue): void {
  writer.arrayCount(value.initializingTopics.length, true)
  for (const element of value.initializingTopics) writeShareGroupStatePartitionMetadataValueInitializingTopic(writer, version, element)
  writer.arrayCount(value.initializedTopics.length, true)
  for (const element of value.initializedTopics) writeShareGroupStatePartitionMetadataValueInitializingTopic(writer, version, element)
  writer.arrayCount(value.deletingTopics.length, true)
  for (const element of value.deletingTopics) writeShareGroupStatePartitionMetadataValueDeletingTopic(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultShareGroupStatePartitionMetadataValueInitializingTopic(): ShareGroupStatePartitionMetadataValueInitializingTopic {
  return {
    topicId: ZERO_UUID,
    topicName: '',
    partitions: [],
  }
}

function readShareGroupStatePartitionMetadataValueInitializingTopic(reader: Reader, _version: number): ShareGroupStatePartitionMetadataValueInitializingTopic {
  const topicId = reader.uuid()
  const topicName = reader.string(true)
  const partitionsCount = reader.arrayCount(true, 4)
  const partitions = reader.int32Array(partitionsCount)
  reader.skipTags()
  return { topicId, topicName, partitions }
}

function writeShareGroupStatePartitionMetadataValueInitializingTopic(writer: Writer, _version: number, value: ShareGroupStatePartitionMetadataValueInitializingTopic): void {
  writer.uuid(value.topicId)
  writer.string(value.topicName, true)
  writer.arrayCount(value.partitions.length, true)
  writer.int32Array(value.partitions)
  writer.unsignedVarint(0)
}

export function defaultShareGroupStatePartitionMetadataValueDeletingTopic(): ShareGroupStatePartitionMetadataValueDeletingTopic {
  return {
    topicId: ZERO_UUID,
    topicName: '',
  }
}

function readShareGroupStatePartitionMetadataValueDeletingTopic(reader: Reader, _version: number): ShareGroupStatePartitionMetadataValueDeletingTopic {
  const topicId = reader.uuid()
  const topicName = reader.string(true)
  reader.skipTags()
  return { topicId, topicName }
}

function writeShareGroupStatePartitionMetadataValueDeletingTopic(writer: Writer, _version: number, value: ShareGroupStatePartitionMetadataValueDeletingTopic): void {
  writer.uuid(value.topicId)
  writer.string(value.topicName, true)
  writer.unsignedVarint(0)
}

// ── ShareGroupTargetAssignmentMemberKey (13) 0 ──

export const SHARE_GROUP_TARGET_ASSIGNMENT_MEMBER_KEY_TYPE = 13

export interface ShareGroupTargetAssignmentMemberKey extends Infer<typeof schema.ShareGroupTargetAssignmentMemberKey> {}

export function defaultShareGroupTargetAssignmentMemberKey(): ShareGroupTargetAssignmentMemberKey {
  return {
    groupId: '',
    memberId: '',
  }
}

export function readShareGroupTargetAssignmentMemberKey(reader: Reader, _version: number): ShareGroupTargetAssignmentMemberKey {
  const groupId = reader.string(false)
  const memberId = reader.string(false)
  return { groupId, memberId }
}

export function writeShareGroupTargetAssignmentMemberKey(writer: Writer, _version: number, value: ShareGroupTargetAssignmentMemberKey): void {
  writer.string(value.groupId, false)
  writer.string(value.memberId, false)
}

// ── ShareGroupTargetAssignmentMemberValue (13) 0 ──

export interface ShareGroupTargetAssignmentMemberValue extends Infer<typeof schema.ShareGroupTargetAssignmentMemberValue> {}
export type ShareGroupTargetAssignmentMemberValueTopicPartition = ShareGroupTargetAssignmentMemberValue['topicPartitions'][number]

export function defaultShareGroupTargetAssignmentMemberValue(): ShareGroupTargetAssignmentMemberValue {
  return {
    topicPartitions: [],
  }
}

export function readShareGroupTargetAssignmentMemberValue(reader: Reader, version: number): ShareGroupTargetAssignmentMemberValue {
  const topicPartitionsCount = reader.arrayCount(true, 18)
  const topicPartitions: ShareGroupTargetAssignmentMemberValueTopicPartition[] = []
  for (let index = 0; index < topicPartitionsCount; index++) topicPartitions.push(readShareGroupTargetAssignmentMemberValueTopicPartition(reader, version))
  reader.skipTags()
  return { topicPartitions }
}

export function writeShareGroupTargetAssignmentMemberValue(writer: Writer, version: number, value: ShareGroupTargetAssignmentMemberValue): void {
  writer.arrayCount(value.topicPartitions.length, true)
  for (const element of value.topicPartitions) writeShareGroupTargetAssignmentMemberValueTopicPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultShareGroupTargetAssignmentMemberValueTopicPartition(): ShareGroupTargetAssignmentMemberValueTopicPartition {
  return {
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readShareGroupTargetAssignmentMemberValueTopicPartition(reader: Reader, _version: number): ShareGroupTargetAssignmentMemberValueTopicPartition {
  const topicId = reader.uuid()
  const partitionsCount = reader.arrayCount(true, 4)
  const partitions = reader.int32Array(partitionsCount)
  reader.skipTags()
  return { topicId, partitions }
}

function writeShareGroupTargetAssignmentMemberValueTopicPartition(writer: Writer, _version: number, value: ShareGroupTargetAssignmentMemberValueTopicPartition): void {
  writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, true)
  writer.int32Array(value.partitions)
  writer.unsignedVarint(0)
}

// ── ShareGroupTargetAssignmentMetadataKey (12) 0 ──

export const SHARE_GROUP_TARGET_ASSIGNMENT_METADATA_KEY_TYPE = 12

export interface ShareGroupTargetAssignmentMetadataKey extends Infer<typeof schema.ShareGroupTargetAssignmentMetadataKey> {}

export function defaultShareGroupTargetAssignmentMetadataKey(): ShareGroupTargetAssignmentMetadataKey {
  return {
    groupId: '',
  }
}

export function readShareGroupTargetAssignmentMetadataKey(reader: Reader, _version: number): ShareGroupTargetAssignmentMetadataKey {
  const groupId = reader.string(false)
  return { groupId }
}

export function writeShareGroupTargetAssignmentMetadataKey(writer: Writer, _version: number, value: ShareGroupTargetAssignmentMetadataKey): void {
  writer.string(value.groupId, false)
}

// ── ShareGroupTargetAssignmentMetadataValue (12) 0 ──

export interface ShareGroupTargetAssignmentMetadataValue extends Infer<typeof schema.ShareGroupTargetAssignmentMetadataValue> {}

export function defaultShareGroupTargetAssignmentMetadataValue(): ShareGroupTargetAssignmentMetadataValue {
  return {
    assignmentEpoch: 0,
    assignmentTimestamp: 0,
  }
}

export function readShareGroupTargetAssignmentMetadataValue(reader: Reader, _version: number): ShareGroupTargetAssignmentMetadataValue {
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

export function writeShareGroupTargetAssignmentMetadataValue(writer: Writer, _version: number, value: ShareGroupTargetAssignmentMetadataValue): void {
  writer.int32(value.assignmentEpoch)
  let tags = 0
  if (value.assignmentTimestamp !== 0) tags++
  writer.unsignedVarint(tags)
  if (value.assignmentTimestamp !== 0) {
    writer.tag(0, 8)
    writer.int64(value.assignmentTimestamp)
  }
}
