// From ../messages/consumer-groups.ts. Written by scripts/generate-codecs.ts: change the source and run `npm run generate`.

import { ZERO_UUID } from '../../base/uuid.ts'
import type * as schema from '../messages/consumer-groups.ts'
import type { Reader } from '../reader.ts'
import type { Infer } from '../schema.ts'
import { unwritable } from '../writer.ts'
import type { Writer } from '../writer.ts'

// ── ConsumerGroupDescribeRequest (69) 0-1 ──

export interface ConsumerGroupDescribeRequest extends Infer<typeof schema.ConsumerGroupDescribeRequest> {}

export function defaultConsumerGroupDescribeRequest(): ConsumerGroupDescribeRequest {
  return {
    groupIds: [],
    includeAuthorizedOperations: false,
  }
}

export function readConsumerGroupDescribeRequest(reader: Reader, _version: number): ConsumerGroupDescribeRequest {
  const groupIdsCount = reader.arrayCount(true, 1)
  const groupIds = reader.stringArray(groupIdsCount, true)
  const includeAuthorizedOperations = reader.bool()
  reader.skipTags()
  return { groupIds, includeAuthorizedOperations }
}

export function writeConsumerGroupDescribeRequest(writer: Writer, _version: number, value: ConsumerGroupDescribeRequest): void {
  writer.arrayCount(value.groupIds.length, true)
  writer.stringArray(value.groupIds, true)
  writer.bool(value.includeAuthorizedOperations)
  writer.unsignedVarint(0)
}

// ── ConsumerGroupDescribeResponse (69) 0-1 ──

export interface ConsumerGroupDescribeResponse extends Infer<typeof schema.ConsumerGroupDescribeResponse> {}
export type ConsumerGroupDescribeResponseGroup = ConsumerGroupDescribeResponse['groups'][number]
export type ConsumerGroupDescribeResponseGroupMember = ConsumerGroupDescribeResponseGroup['members'][number]
export type ConsumerGroupDescribeResponseGroupMemberAssignment = ConsumerGroupDescribeResponseGroupMember['assignment']
export type ConsumerGroupDescribeResponseGroupMemberAssignmentTopicPartition = ConsumerGroupDescribeResponseGroupMemberAssignment['topicPartitions'][number]

export function defaultConsumerGroupDescribeResponse(): ConsumerGroupDescribeResponse {
  return {
    throttleTimeMs: 0,
    groups: [],
  }
}

export function readConsumerGroupDescribeResponse(reader: Reader, version: number): ConsumerGroupDescribeResponse {
  const throttleTimeMs = reader.int32()
  const groupsCount = reader.arrayCount(true, 20)
  const groups: ConsumerGroupDescribeResponseGroup[] = []
  for (let index = 0; index < groupsCount; index++) groups.push(readConsumerGroupDescribeResponseGroup(reader, version))
  reader.skipTags()
  return { throttleTimeMs, groups }
}

export function writeConsumerGroupDescribeResponse(writer: Writer, version: number, value: ConsumerGroupDescribeResponse): void {
  writer.int32(value.throttleTimeMs)
  writer.arrayCount(value.groups.length, true)
  for (const element of value.groups) writeConsumerGroupDescribeResponseGroup(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultConsumerGroupDescribeResponseGroup(): ConsumerGroupDescribeResponseGroup {
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

function readConsumerGroupDescribeResponseGroup(reader: Reader, version: number): ConsumerGroupDescribeResponseGroup {
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  const groupId = reader.string(true)
  const groupState = reader.string(true)
  const groupEpoch = reader.int32()
  const assignmentEpoch = reader.int32()
  const assignorName = reader.string(true)
  const membersCount = reader.arrayCount(true, 16)
  const members: ConsumerGroupDescribeResponseGroupMember[] = []
  for (let index = 0; index < membersCount; index++) members.push(readConsumerGroupDescribeResponseGroupMember(reader, version))
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

function writeConsumerGroupDescribeResponseGroup(writer: Writer, version: number, value: ConsumerGroupDescribeResponseGroup): void {
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.string(value.groupId, true)
  writer.string(value.groupState, true)
  writer.int32(value.groupEpoch)
  writer.int32(value.assignmentEpoch)
  writer.string(value.assignorName, true)
  writer.arrayCount(value.members.length, true)
  for (const element of value.members) writeConsumerGroupDescribeResponseGroupMember(writer, version, element)
  writer.int32(value.authorizedOperations)
  writer.unsignedVarint(0)
}

export function defaultConsumerGroupDescribeResponseGroupMember(): ConsumerGroupDescribeResponseGroupMember {
  return {
    memberId: '',
    instanceId: null,
    rackId: null,
    memberEpoch: 0,
    clientId: '',
    clientHost: '',
    subscribedTopicNames: [],
    subscribedTopicRegex: null,
    assignment: defaultConsumerGroupDescribeResponseGroupMemberAssignment(),
    targetAssignment: defaultConsumerGroupDescribeResponseGroupMemberAssignment(),
    memberType: -1,
  }
}

function readConsumerGroupDescribeResponseGroupMember(reader: Reader, version: number): ConsumerGroupDescribeResponseGroupMember {
  const memberId = reader.string(true)
  const instanceId = reader.nullableString(true)
  const rackId = reader.nullableString(true)
  const memberEpoch = reader.int32()
  const clientId = reader.string(true)
  const clientHost = reader.string(true)
  const subscribedTopicNamesCount = reader.arrayCount(true, 1)
  const subscribedTopicNames = reader.stringArray(subscribedTopicNamesCount, true)
  const subscribedTopicRegex = reader.nullableString(true)
  const assignment = readConsumerGroupDescribeResponseGroupMemberAssignment(reader, version)
  const targetAssignment = readConsumerGroupDescribeResponseGroupMemberAssignment(reader, version)
  const memberType = version >= 1 ? reader.int8() : -1
  reader.skipTags()
  return {
    memberId,
    instanceId,
    rackId,
    memberEpoch,
    clientId,
    clientHost,
    subscribedTopicNames,
    subscribedTopicRegex,
    assignment,
    targetAssignment,
    memberType,
  }
}

function writeConsumerGroupDescribeResponseGroupMember(writer: Writer, version: number, value: ConsumerGroupDescribeResponseGroupMember): void {
  writer.string(value.memberId, true)
  writer.string(value.instanceId, true)
  writer.string(value.rackId, true)
  writer.int32(value.memberEpoch)
  writer.string(value.clientId, true)
  writer.string(value.clientHost, true)
  writer.arrayCount(value.subscribedTopicNames.length, true)
  writer.stringArray(value.subscribedTopicNames, true)
  writer.string(value.subscribedTopicRegex, true)
  writeConsumerGroupDescribeResponseGroupMemberAssignment(writer, version, value.assignment)
  writeConsumerGroupDescribeResponseGroupMemberAssignment(writer, version, value.targetAssignment)
  if (version >= 1) writer.int8(value.memberType)
  writer.unsignedVarint(0)
}

export function defaultConsumerGroupDescribeResponseGroupMemberAssignment(): ConsumerGroupDescribeResponseGroupMemberAssignment {
  return {
    topicPartitions: [],
  }
}

function readConsumerGroupDescribeResponseGroupMemberAssignment(reader: Reader, version: number): ConsumerGroupDescribeResponseGroupMemberAssignment {
  const topicPartitionsCount = reader.arrayCount(true, 19)
  const topicPartitions: ConsumerGroupDescribeResponseGroupMemberAssignmentTopicPartition[] = []
  for (let index = 0; index < topicPartitionsCount; index++) topicPartitions.push(readConsumerGroupDescribeResponseGroupMemberAssignmentTopicPartition(reader, version))
  reader.skipTags()
  return { topicPartitions }
}

function writeConsumerGroupDescribeResponseGroupMemberAssignment(writer: Writer, version: number, value: ConsumerGroupDescribeResponseGroupMemberAssignment): void {
  writer.arrayCount(value.topicPartitions.length, true)
  for (const element of value.topicPartitions) writeConsumerGroupDescribeResponseGroupMemberAssignmentTopicPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultConsumerGroupDescribeResponseGroupMemberAssignmentTopicPartition(): ConsumerGroupDescribeResponseGroupMemberAssignmentTopicPartition {
  return {
    topicId: ZERO_UUID,
    topicName: '',
    partitions: [],
  }
}

function readConsumerGroupDescribeResponseGroupMemberAssignmentTopicPartition(reader: Reader, _version: number): ConsumerGroupDescribeResponseGroupMemberAssignmentTopicPartition {
  const topicId = reader.uuid()
  const topicName = reader.string(true)
  const partitionsCount = reader.arrayCount(true, 4)
  const partitions = reader.int32Array(partitionsCount)
  reader.skipTags()
  return { topicId, topicName, partitions }
}

function writeConsumerGroupDescribeResponseGroupMemberAssignmentTopicPartition(writer: Writer, _version: number, value: ConsumerGroupDescribeResponseGroupMemberAssignmentTopicPartition): void {
  writer.uuid(value.topicId)
  writer.string(value.topicName, true)
  writer.arrayCount(value.partitions.length, true)
  writer.int32Array(value.partitions)
  writer.unsignedVarint(0)
}

// ── ConsumerGroupHeartbeatRequest (68) 0-1 ──

export interface ConsumerGroupHeartbeatRequest extends Infer<typeof schema.ConsumerGroupHeartbeatRequest> {}
export type ConsumerGroupHeartbeatRequestTopicPartition = NonNullable<ConsumerGroupHeartbeatRequest['topicPartitions']>[number]

export function defaultConsumerGroupHeartbeatRequest(): ConsumerGroupHeartbeatRequest {
  return {
    groupId: '',
    memberId: '',
    memberEpoch: 0,
    instanceId: null,
    rackId: null,
    rebalanceTimeoutMs: -1,
    subscribedTopicNames: null,
    subscribedTopicRegex: null,
    serverAssignor: null,
    topicPartitions: null,
  }
}

export function readConsumerGroupHeartbeatRequest(reader: Reader, version: number): ConsumerGroupHeartbeatRequest {
  const groupId = reader.string(true)
  const memberId = reader.string(true)
  const memberEpoch = reader.int32()
  const instanceId = reader.nullableString(true)
  const rackId = reader.nullableString(true)
  const rebalanceTimeoutMs = reader.int32()
  const subscribedTopicNamesCount = reader.nullableArrayCount(true, 1)
  const subscribedTopicNames = subscribedTopicNamesCount < 0 ? null : reader.stringArray(subscribedTopicNamesCount, true)
  const subscribedTopicRegex = version >= 1 ? reader.nullableString(true) : null
  const serverAssignor = reader.nullableString(true)
  const topicPartitionsCount = reader.nullableArrayCount(true, 18)
  const topicPartitions: ConsumerGroupHeartbeatRequestTopicPartition[] | null = topicPartitionsCount < 0 ? null : []
  for (let index = 0; index < topicPartitionsCount; index++) topicPartitions!.push(readConsumerGroupHeartbeatRequestTopicPartition(reader, version))
  reader.skipTags()
  return {
    groupId,
    memberId,
    memberEpoch,
    instanceId,
    rackId,
    rebalanceTimeoutMs,
    subscribedTopicNames,
    subscribedTopicRegex,
    serverAssignor,
    topicPartitions,
  }
}

export function writeConsumerGroupHeartbeatRequest(writer: Writer, version: number, value: ConsumerGroupHeartbeatRequest): void {
  writer.string(value.groupId, true)
  writer.string(value.memberId, true)
  writer.int32(value.memberEpoch)
  writer.string(value.instanceId, true)
  writer.string(value.rackId, true)
  writer.int32(value.rebalanceTimeoutMs)
  writer.arrayCount(value.subscribedTopicNames === null ? -1 : value.subscribedTopicNames.length, true)
  if (value.subscribedTopicNames !== null) writer.stringArray(value.subscribedTopicNames, true)
  if (version >= 1) writer.string(value.subscribedTopicRegex, true)
  else if (value.subscribedTopicRegex !== null) throw unwritable('ConsumerGroupHeartbeatRequest', 'subscribedTopicRegex', version)
  writer.string(value.serverAssignor, true)
  writer.arrayCount(value.topicPartitions === null ? -1 : value.topicPartitions.length, true)
  if (value.topicPartitions !== null) for (const element of value.topicPartitions) writeConsumerGroupHeartbeatRequestTopicPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultConsumerGroupHeartbeatRequestTopicPartition(): ConsumerGroupHeartbeatRequestTopicPartition {
  return {
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readConsumerGroupHeartbeatRequestTopicPartition(reader: Reader, _version: number): ConsumerGroupHeartbeatRequestTopicPartition {
  const topicId = reader.uuid()
  const partitionsCount = reader.arrayCount(true, 4)
  const partitions = reader.int32Array(partitionsCount)
  reader.skipTags()
  return { topicId, partitions }
}

function writeConsumerGroupHeartbeatRequestTopicPartition(writer: Writer, _version: number, value: ConsumerGroupHeartbeatRequestTopicPartition): void {
  writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, true)
  writer.int32Array(value.partitions)
  writer.unsignedVarint(0)
}

// ── ConsumerGroupHeartbeatResponse (68) 0-1 ──

export interface ConsumerGroupHeartbeatResponse extends Infer<typeof schema.ConsumerGroupHeartbeatResponse> {}
export type ConsumerGroupHeartbeatResponseAssignment = NonNullable<ConsumerGroupHeartbeatResponse['assignment']>
export type ConsumerGroupHeartbeatResponseAssignmentTopicPartition = ConsumerGroupHeartbeatResponseAssignment['topicPartitions'][number]

export function defaultConsumerGroupHeartbeatResponse(): ConsumerGroupHeartbeatResponse {
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

export function readConsumerGroupHeartbeatResponse(reader: Reader, version: number): ConsumerGroupHeartbeatResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  const memberId = reader.nullableString(true)
  const memberEpoch = reader.int32()
  const heartbeatIntervalMs = reader.int32()
  const assignment = reader.present() ? readConsumerGroupHeartbeatResponseAssignment(reader, version) : null
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

export function writeConsumerGroupHeartbeatResponse(writer: Writer, version: number, value: ConsumerGroupHeartbeatResponse): void {
  writer.int32(value.throttleTimeMs)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.string(value.memberId, true)
  writer.int32(value.memberEpoch)
  writer.int32(value.heartbeatIntervalMs)
  writer.present(value.assignment !== null)
  if (value.assignment !== null) writeConsumerGroupHeartbeatResponseAssignment(writer, version, value.assignment)
  writer.unsignedVarint(0)
}

export function defaultConsumerGroupHeartbeatResponseAssignment(): ConsumerGroupHeartbeatResponseAssignment {
  return {
    topicPartitions: [],
  }
}

function readConsumerGroupHeartbeatResponseAssignment(reader: Reader, version: number): ConsumerGroupHeartbeatResponseAssignment {
  const topicPartitionsCount = reader.arrayCount(true, 18)
  const topicPartitions: ConsumerGroupHeartbeatResponseAssignmentTopicPartition[] = []
  for (let index = 0; index < topicPartitionsCount; index++) topicPartitions.push(readConsumerGroupHeartbeatResponseAssignmentTopicPartition(reader, version))
  reader.skipTags()
  return { topicPartitions }
}

function writeConsumerGroupHeartbeatResponseAssignment(writer: Writer, version: number, value: ConsumerGroupHeartbeatResponseAssignment): void {
  writer.arrayCount(value.topicPartitions.length, true)
  for (const element of value.topicPartitions) writeConsumerGroupHeartbeatResponseAssignmentTopicPartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultConsumerGroupHeartbeatResponseAssignmentTopicPartition(): ConsumerGroupHeartbeatResponseAssignmentTopicPartition {
  return {
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readConsumerGroupHeartbeatResponseAssignmentTopicPartition(reader: Reader, _version: number): ConsumerGroupHeartbeatResponseAssignmentTopicPartition {
  const topicId = reader.uuid()
  const partitionsCount = reader.arrayCount(true, 4)
  const partitions = reader.int32Array(partitionsCount)
  reader.skipTags()
  return { topicId, partitions }
}

function writeConsumerGroupHeartbeatResponseAssignmentTopicPartition(writer: Writer, _version: number, value: ConsumerGroupHeartbeatResponseAssignmentTopicPartition): void {
  writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, true)
  writer.int32Array(value.partitions)
  writer.unsignedVarint(0)
}
