// From ../messages/streams-groups.ts. Written by scripts/generate-codecs.ts: change the source and run `npm run generate`.

import type * as schema from '../messages/streams-groups.ts'
import type { Reader } from '../reader.ts'
import type { Infer } from '../schema.ts'
import type { Writer } from '../writer.ts'

// ── StreamsGroupDescribeRequest (89) 0 ──

export interface StreamsGroupDescribeRequest extends Infer<typeof schema.StreamsGroupDescribeRequest> {}

export function defaultStreamsGroupDescribeRequest(): StreamsGroupDescribeRequest {
  return {
    groupIds: [],
    includeAuthorizedOperations: false,
  }
}

export function readStreamsGroupDescribeRequest(reader: Reader, _version: number): StreamsGroupDescribeRequest {
  const groupIdsCount = reader.arrayCount(true, 1)
  const groupIds = reader.stringArray(groupIdsCount, true)
  const includeAuthorizedOperations = reader.bool()
  reader.skipTags()
  return { groupIds, includeAuthorizedOperations }
}

export function writeStreamsGroupDescribeRequest(writer: Writer, _version: number, value: StreamsGroupDescribeRequest): void {
  writer.arrayCount(value.groupIds.length, true)
  writer.stringArray(value.groupIds, true)
  writer.bool(value.includeAuthorizedOperations)
  writer.unsignedVarint(0)
}

// ── StreamsGroupDescribeResponse (89) 0 ──

export interface StreamsGroupDescribeResponse extends Infer<typeof schema.StreamsGroupDescribeResponse> {}
export type StreamsGroupDescribeResponseGroup = StreamsGroupDescribeResponse['groups'][number]
export type StreamsGroupDescribeResponseGroupTopology = NonNullable<StreamsGroupDescribeResponseGroup['topology']>
export type StreamsGroupDescribeResponseGroupTopologySubtopology = NonNullable<StreamsGroupDescribeResponseGroupTopology['subtopologies']>[number]
export type StreamsGroupDescribeResponseGroupTopologySubtopologyStateChangelogTopic = StreamsGroupDescribeResponseGroupTopologySubtopology['stateChangelogTopics'][number]
export type StreamsGroupDescribeResponseGroupTopologySubtopologyStateChangelogTopicTopicConfig = StreamsGroupDescribeResponseGroupTopologySubtopologyStateChangelogTopic['topicConfigs'][number]
export type StreamsGroupDescribeResponseGroupMember = StreamsGroupDescribeResponseGroup['members'][number]
export type StreamsGroupDescribeResponseGroupMemberUserEndpoint = NonNullable<StreamsGroupDescribeResponseGroupMember['userEndpoint']>
export type StreamsGroupDescribeResponseGroupMemberTaskOffset = StreamsGroupDescribeResponseGroupMember['taskOffsets'][number]
export type StreamsGroupDescribeResponseGroupMemberAssignment = StreamsGroupDescribeResponseGroupMember['assignment']
export type StreamsGroupDescribeResponseGroupMemberAssignmentActiveTask = StreamsGroupDescribeResponseGroupMemberAssignment['activeTasks'][number]

export function defaultStreamsGroupDescribeResponse(): StreamsGroupDescribeResponse {
  return {
    throttleTimeMs: 0,
    groups: [],
  }
}

export function readStreamsGroupDescribeResponse(reader: Reader, version: number): StreamsGroupDescribeResponse {
  const throttleTimeMs = reader.int32()
  const groupsCount = reader.arrayCount(true, 20)
  const groups: StreamsGroupDescribeResponseGroup[] = []
  for (let index = 0; index < groupsCount; index++) groups.push(readStreamsGroupDescribeResponseGroup(reader, version))
  reader.skipTags()
  return { throttleTimeMs, groups }
}

export function writeStreamsGroupDescribeResponse(writer: Writer, version: number, value: StreamsGroupDescribeResponse): void {
  writer.int32(value.throttleTimeMs)
  writer.arrayCount(value.groups.length, true)
  for (const element of value.groups) writeStreamsGroupDescribeResponseGroup(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupDescribeResponseGroup(): StreamsGroupDescribeResponseGroup {
  return {
    errorCode: 0,
    errorMessage: null,
    groupId: '',
    groupState: '',
    groupEpoch: 0,
    assignmentEpoch: 0,
    topology: null,
    members: [],
    authorizedOperations: -2147483648,
  }
}

function readStreamsGroupDescribeResponseGroup(reader: Reader, version: number): StreamsGroupDescribeResponseGroup {
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  const groupId = reader.string(true)
  const groupState = reader.string(true)
  const groupEpoch = reader.int32()
  const assignmentEpoch = reader.int32()
  const topology = reader.present() ? readStreamsGroupDescribeResponseGroupTopology(reader, version) : null
  const membersCount = reader.arrayCount(true, 28)
  const members: StreamsGroupDescribeResponseGroupMember[] = []
  for (let index = 0; index < membersCount; index++) members.push(readStreamsGroupDescribeResponseGroupMember(reader, version))
  const authorizedOperations = reader.int32()
  reader.skipTags()
  return {
    errorCode,
    errorMessage,
    groupId,
    groupState,
    groupEpoch,
    assignmentEpoch,
    topology,
    members,
    authorizedOperations,
  }
}

function writeStreamsGroupDescribeResponseGroup(writer: Writer, version: number, value: StreamsGroupDescribeResponseGroup): void {
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.string(value.groupId, true)
  writer.string(value.groupState, true)
  writer.int32(value.groupEpoch)
  writer.int32(value.assignmentEpoch)
  writer.present(value.topology !== null)
  if (value.topology !== null) writeStreamsGroupDescribeResponseGroupTopology(writer, version, value.topology)
  writer.arrayCount(value.members.length, true)
  for (const element of value.members) writeStreamsGroupDescribeResponseGroupMember(writer, version, element)
  writer.int32(value.authorizedOperations)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupDescribeResponseGroupTopology(): StreamsGroupDescribeResponseGroupTopology {
  return {
    epoch: 0,
    subtopologies: null,
  }
}

function readStreamsGroupDescribeResponseGroupTopology(reader: Reader, version: number): StreamsGroupDescribeResponseGroupTopology {
  const epoch = reader.int32()
  const subtopologiesCount = reader.nullableArrayCount(true, 6)
  const subtopologies: StreamsGroupDescribeResponseGroupTopologySubtopology[] | null = subtopologiesCount < 0 ? null : []
  for (let index = 0; index < subtopologiesCount; index++) subtopologies!.push(readStreamsGroupDescribeResponseGroupTopologySubtopology(reader, version))
  reader.skipTags()
  return { epoch, subtopologies }
}

function writeStreamsGroupDescribeResponseGroupTopology(writer: Writer, version: number, value: StreamsGroupDescribeResponseGroupTopology): void {
  writer.int32(value.epoch)
  writer.arrayCount(value.subtopologies === null ? -1 : value.subtopologies.length, true)
  if (value.subtopologies !== null) for (const element of value.subtopologies) writeStreamsGroupDescribeResponseGroupTopologySubtopology(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupDescribeResponseGroupTopologySubtopology(): StreamsGroupDescribeResponseGroupTopologySubtopology {
  return {
    subtopologyId: '',
    sourceTopics: [],
    repartitionSinkTopics: [],
    stateChangelogTopics: [],
    repartitionSourceTopics: [],
  }
}

function readStreamsGroupDescribeResponseGroupTopologySubtopology(reader: Reader, version: number): StreamsGroupDescribeResponseGroupTopologySubtopology {
  const subtopologyId = reader.string(true)
  const sourceTopicsCount = reader.arrayCount(true, 1)
  const sourceTopics = reader.stringArray(sourceTopicsCount, true)
  const repartitionSinkTopicsCount = reader.arrayCount(true, 1)
  const repartitionSinkTopics = reader.stringArray(repartitionSinkTopicsCount, true)
  const stateChangelogTopicsCount = reader.arrayCount(true, 9)
  const stateChangelogTopics: StreamsGroupDescribeResponseGroupTopologySubtopologyStateChangelogTopic[] = []
  for (let index = 0; index < stateChangelogTopicsCount; index++) stateChangelogTopics.push(readStreamsGroupDescribeResponseGroupTopologySubtopologyStateChangelogTopic(reader, version))
  const repartitionSourceTopicsCount = reader.arrayCount(true, 9)
  const repartitionSourceTopics: StreamsGroupDescribeResponseGroupTopologySubtopologyStateChangelogTopic[] = []
  for (let index = 0; index < repartitionSourceTopicsCount; index++) repartitionSourceTopics.push(readStreamsGroupDescribeResponseGroupTopologySubtopologyStateChangelogTopic(reader, version))
  reader.skipTags()
  return {
    subtopologyId,
    sourceTopics,
    repartitionSinkTopics,
    stateChangelogTopics,
    repartitionSourceTopics,
  }
}

function writeStreamsGroupDescribeResponseGroupTopologySubtopology(writer: Writer, version: number, value: StreamsGroupDescribeResponseGroupTopologySubtopology): void {
  writer.string(value.subtopologyId, true)
  writer.arrayCount(value.sourceTopics.length, true)
  writer.stringArray(value.sourceTopics, true)
  writer.arrayCount(value.repartitionSinkTopics.length, true)
  writer.stringArray(value.repartitionSinkTopics, true)
  writer.arrayCount(value.stateChangelogTopics.length, true)
  for (const element of value.stateChangelogTopics) writeStreamsGroupDescribeResponseGroupTopologySubtopologyStateChangelogTopic(writer, version, element)
  writer.arrayCount(value.repartitionSourceTopics.length, true)
  for (const element of value.repartitionSourceTopics) writeStreamsGroupDescribeResponseGroupTopologySubtopologyStateChangelogTopic(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupDescribeResponseGroupTopologySubtopologyStateChangelogTopic(): StreamsGroupDescribeResponseGroupTopologySubtopologyStateChangelogTopic {
  return {
    name: '',
    partitions: 0,
    replicationFactor: 0,
    topicConfigs: [],
  }
}

function readStreamsGroupDescribeResponseGroupTopologySubtopologyStateChangelogTopic(reader: Reader, version: number): StreamsGroupDescribeResponseGroupTopologySubtopologyStateChangelogTopic {
  const name = reader.string(true)
  const partitions = reader.int32()
  const replicationFactor = reader.int16()
  const topicConfigsCount = reader.arrayCount(true, 3)
  const topicConfigs: StreamsGroupDescribeResponseGroupTopologySubtopologyStateChangelogTopicTopicConfig[] = []
  for (let index = 0; index < topicConfigsCount; index++) topicConfigs.push(readStreamsGroupDescribeResponseGroupTopologySubtopologyStateChangelogTopicTopicConfig(reader, version))
  reader.skipTags()
  return { name, partitions, replicationFactor, topicConfigs }
}

function writeStreamsGroupDescribeResponseGroupTopologySubtopologyStateChangelogTopic(writer: Writer, version: number, value: StreamsGroupDescribeResponseGroupTopologySubtopologyStateChangelogTopic): void {
  writer.string(value.name, true)
  writer.int32(value.partitions)
  writer.int16(value.replicationFactor)
  writer.arrayCount(value.topicConfigs.length, true)
  for (const element of value.topicConfigs) writeStreamsGroupDescribeResponseGroupTopologySubtopologyStateChangelogTopicTopicConfig(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupDescribeResponseGroupTopologySubtopologyStateChangelogTopicTopicConfig(): StreamsGroupDescribeResponseGroupTopologySubtopologyStateChangelogTopicTopicConfig {
  return {
    key: '',
    value: '',
  }
}

function readStreamsGroupDescribeResponseGroupTopologySubtopologyStateChangelogTopicTopicConfig(reader: Reader, _version: number): StreamsGroupDescribeResponseGroupTopologySubtopologyStateChangelogTopicTopicConfig {
  const key = reader.string(true)
  const value = reader.string(true)
  reader.skipTags()
  return { key, value }
}

function writeStreamsGroupDescribeResponseGroupTopologySubtopologyStateChangelogTopicTopicConfig(writer: Writer, _version: number, value: StreamsGroupDescribeResponseGroupTopologySubtopologyStateChangelogTopicTopicConfig): void {
  writer.string(value.key, true)
  writer.string(value.value, true)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupDescribeResponseGroupMember(): StreamsGroupDescribeResponseGroupMember {
  return {
    memberId: '',
    memberEpoch: 0,
    instanceId: null,
    rackId: null,
    clientId: '',
    clientHost: '',
    topologyEpoch: 0,
    processId: '',
    userEndpoint: null,
    clientTags: [],
    taskOffsets: [],
    taskEndOffsets: [],
    assignment: defaultStreamsGroupDescribeResponseGroupMemberAssignment(),
    targetAssignment: defaultStreamsGroupDescribeResponseGroupMemberAssignment(),
    isClassic: false,
  }
}

function readStreamsGroupDescribeResponseGroupMember(reader: Reader, version: number): StreamsGroupDescribeResponseGroupMember {
  const memberId = reader.string(true)
  const memberEpoch = reader.int32()
  const instanceId = reader.nullableString(true)
  const rackId = reader.nullableString(true)
  const clientId = reader.string(true)
  const clientHost = reader.string(true)
  const topologyEpoch = reader.int32()
  const processId = reader.string(true)
  const userEndpoint = reader.present() ? readStreamsGroupDescribeResponseGroupMemberUserEndpoint(reader, version) : null
  const clientTagsCount = reader.arrayCount(true, 3)
  const clientTags: StreamsGroupDescribeResponseGroupTopologySubtopologyStateChangelogTopicTopicConfig[] = []
  for (let index = 0; index < clientTagsCount; index++) clientTags.push(readStreamsGroupDescribeResponseGroupTopologySubtopologyStateChangelogTopicTopicConfig(reader, version))
  const taskOffsetsCount = reader.arrayCount(true, 14)
  const taskOffsets: StreamsGroupDescribeResponseGroupMemberTaskOffset[] = []
  for (let index = 0; index < taskOffsetsCount; index++) taskOffsets.push(readStreamsGroupDescribeResponseGroupMemberTaskOffset(reader, version))
  const taskEndOffsetsCount = reader.arrayCount(true, 14)
  const taskEndOffsets: StreamsGroupDescribeResponseGroupMemberTaskOffset[] = []
  for (let index = 0; index < taskEndOffsetsCount; index++) taskEndOffsets.push(readStreamsGroupDescribeResponseGroupMemberTaskOffset(reader, version))
  const assignment = readStreamsGroupDescribeResponseGroupMemberAssignment(reader, version)
  const targetAssignment = readStreamsGroupDescribeResponseGroupMemberAssignment(reader, version)
  const isClassic = reader.bool()
  reader.skipTags()
  return {
    memberId,
    memberEpoch,
    instanceId,
    rackId,
    clientId,
    clientHost,
    topologyEpoch,
    processId,
    userEndpoint,
    clientTags,
    taskOffsets,
    taskEndOffsets,
    assignment,
    targetAssignment,
    isClassic,
  }
}

function writeStreamsGroupDescribeResponseGroupMember(writer: Writer, version: number, value: StreamsGroupDescribeResponseGroupMember): void {
  writer.string(value.memberId, true)
  writer.int32(value.memberEpoch)
  writer.string(value.instanceId, true)
  writer.string(value.rackId, true)
  writer.string(value.clientId, true)
  writer.string(value.clientHost, true)
  writer.int32(value.topologyEpoch)
  writer.string(value.processId, true)
  writer.present(value.userEndpoint !== null)
  if (value.userEndpoint !== null) writeStreamsGroupDescribeResponseGroupMemberUserEndpoint(writer, version, value.userEndpoint)
  writer.arrayCount(value.clientTags.length, true)
  for (const element of value.clientTags) writeStreamsGroupDescribeResponseGroupTopologySubtopologyStateChangelogTopicTopicConfig(writer, version, element)
  writer.arrayCount(value.taskOffsets.length, true)
  for (const element of value.taskOffsets) writeStreamsGroupDescribeResponseGroupMemberTaskOffset(writer, version, element)
  writer.arrayCount(value.taskEndOffsets.length, true)
  for (const element of value.taskEndOffsets) writeStreamsGroupDescribeResponseGroupMemberTaskOffset(writer, version, element)
  writeStreamsGroupDescribeResponseGroupMemberAssignment(writer, version, value.assignment)
  writeStreamsGroupDescribeResponseGroupMemberAssignment(writer, version, value.targetAssignment)
  writer.bool(value.isClassic)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupDescribeResponseGroupMemberUserEndpoint(): StreamsGroupDescribeResponseGroupMemberUserEndpoint {
  return {
    host: '',
    port: 0,
  }
}

function readStreamsGroupDescribeResponseGroupMemberUserEndpoint(reader: Reader, _version: number): StreamsGroupDescribeResponseGroupMemberUserEndpoint {
  const host = reader.string(true)
  const port = reader.uint16()
  reader.skipTags()
  return { host, port }
}

function writeStreamsGroupDescribeResponseGroupMemberUserEndpoint(writer: Writer, _version: number, value: StreamsGroupDescribeResponseGroupMemberUserEndpoint): void {
  writer.string(value.host, true)
  writer.uint16(value.port)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupDescribeResponseGroupMemberTaskOffset(): StreamsGroupDescribeResponseGroupMemberTaskOffset {
  return {
    subtopologyId: '',
    partition: 0,
    offset: 0,
  }
}

function readStreamsGroupDescribeResponseGroupMemberTaskOffset(reader: Reader, _version: number): StreamsGroupDescribeResponseGroupMemberTaskOffset {
  const subtopologyId = reader.string(true)
  const partition = reader.int32()
  const offset = reader.int64()
  reader.skipTags()
  return { subtopologyId, partition, offset }
}

function writeStreamsGroupDescribeResponseGroupMemberTaskOffset(writer: Writer, _version: number, value: StreamsGroupDescribeResponseGroupMemberTaskOffset): void {
  writer.string(value.subtopologyId, true)
  writer.int32(value.partition)
  writer.int64(value.offset)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupDescribeResponseGroupMemberAssignment(): StreamsGroupDescribeResponseGroupMemberAssignment {
  return {
    activeTasks: [],
    standbyTasks: [],
    warmupTasks: [],
  }
}

function readStreamsGroupDescribeResponseGroupMemberAssignment(reader: Reader, version: number): StreamsGroupDescribeResponseGroupMemberAssignment {
  const activeTasksCount = reader.arrayCount(true, 3)
  const activeTasks: StreamsGroupDescribeResponseGroupMemberAssignmentActiveTask[] = []
  for (let index = 0; index < activeTasksCount; index++) activeTasks.push(readStreamsGroupDescribeResponseGroupMemberAssignmentActiveTask(reader, version))
  const standbyTasksCount = reader.arrayCount(true, 3)
  const standbyTasks: StreamsGroupDescribeResponseGroupMemberAssignmentActiveTask[] = []
  for (let index = 0; index < standbyTasksCount; index++) standbyTasks.push(readStreamsGroupDescribeResponseGroupMemberAssignmentActiveTask(reader, version))
  const warmupTasksCount = reader.arrayCount(true, 3)
  const warmupTasks: StreamsGroupDescribeResponseGroupMemberAssignmentActiveTask[] = []
  for (let index = 0; index < warmupTasksCount; index++) warmupTasks.push(readStreamsGroupDescribeResponseGroupMemberAssignmentActiveTask(reader, version))
  reader.skipTags()
  return { activeTasks, standbyTasks, warmupTasks }
}

function writeStreamsGroupDescribeResponseGroupMemberAssignment(writer: Writer, version: number, value: StreamsGroupDescribeResponseGroupMemberAssignment): void {
  writer.arrayCount(value.activeTasks.length, true)
  for (const element of value.activeTasks) writeStreamsGroupDescribeResponseGroupMemberAssignmentActiveTask(writer, version, element)
  writer.arrayCount(value.standbyTasks.length, true)
  for (const element of value.standbyTasks) writeStreamsGroupDescribeResponseGroupMemberAssignmentActiveTask(writer, version, element)
  writer.arrayCount(value.warmupTasks.length, true)
  for (const element of value.warmupTasks) writeStreamsGroupDescribeResponseGroupMemberAssignmentActiveTask(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupDescribeResponseGroupMemberAssignmentActiveTask(): StreamsGroupDescribeResponseGroupMemberAssignmentActiveTask {
  return {
    subtopologyId: '',
    partitions: [],
  }
}

function readStreamsGroupDescribeResponseGroupMemberAssignmentActiveTask(reader: Reader, _version: number): StreamsGroupDescribeResponseGroupMemberAssignmentActiveTask {
  const subtopologyId = reader.string(true)
  const partitionsCount = reader.arrayCount(true, 4)
  const partitions = reader.int32Array(partitionsCount)
  reader.skipTags()
  return { subtopologyId, partitions }
}

function writeStreamsGroupDescribeResponseGroupMemberAssignmentActiveTask(writer: Writer, _version: number, value: StreamsGroupDescribeResponseGroupMemberAssignmentActiveTask): void {
  writer.string(value.subtopologyId, true)
  writer.arrayCount(value.partitions.length, true)
  writer.int32Array(value.partitions)
  writer.unsignedVarint(0)
}

// ── StreamsGroupHeartbeatRequest (88) 0 ──

export interface StreamsGroupHeartbeatRequest extends Infer<typeof schema.StreamsGroupHeartbeatRequest> {}
export type StreamsGroupHeartbeatRequestTopology = NonNullable<StreamsGroupHeartbeatRequest['topology']>
export type StreamsGroupHeartbeatRequestTopologySubtopology = StreamsGroupHeartbeatRequestTopology['subtopologies'][number]
export type StreamsGroupHeartbeatRequestTopologySubtopologyStateChangelogTopic = StreamsGroupHeartbeatRequestTopologySubtopology['stateChangelogTopics'][number]
export type StreamsGroupHeartbeatRequestTopologySubtopologyStateChangelogTopicTopicConfig = StreamsGroupHeartbeatRequestTopologySubtopologyStateChangelogTopic['topicConfigs'][number]
export type StreamsGroupHeartbeatRequestTopologySubtopologyCopartitionGroup = StreamsGroupHeartbeatRequestTopologySubtopology['copartitionGroups'][number]
export type StreamsGroupHeartbeatRequestActiveTask = NonNullable<StreamsGroupHeartbeatRequest['activeTasks']>[number]
export type StreamsGroupHeartbeatRequestUserEndpoint = NonNullable<StreamsGroupHeartbeatRequest['userEndpoint']>
export type StreamsGroupHeartbeatRequestTaskOffset = NonNullable<StreamsGroupHeartbeatRequest['taskOffsets']>[number]

export function defaultStreamsGroupHeartbeatRequest(): StreamsGroupHeartbeatRequest {
  return {
    groupId: '',
    memberId: '',
    memberEpoch: 0,
    endpointInformationEpoch: 0,
    instanceId: null,
    rackId: null,
    rebalanceTimeoutMs: -1,
    topology: null,
    activeTasks: null,
    standbyTasks: null,
    warmupTasks: null,
    processId: null,
    userEndpoint: null,
    clientTags: null,
    taskOffsets: null,
    taskEndOffsets: null,
    shutdownApplication: false,
  }
}

export function readStreamsGroupHeartbeatRequest(reader: Reader, version: number): StreamsGroupHeartbeatRequest {
  const groupId = reader.string(true)
  const memberId = reader.string(true)
  const memberEpoch = reader.int32()
  const endpointInformationEpoch = reader.int32()
  const instanceId = reader.nullableString(true)
  const rackId = reader.nullableString(true)
  const rebalanceTimeoutMs = reader.int32()
  const topology = reader.present() ? readStreamsGroupHeartbeatRequestTopology(reader, version) : null
  const activeTasksCount = reader.nullableArrayCount(true, 3)
  const activeTasks: StreamsGroupHeartbeatRequestActiveTask[] | null = activeTasksCount < 0 ? null : []
  for (let index = 0; index < activeTasksCount; index++) activeTasks!.push(readStreamsGroupHeartbeatRequestActiveTask(reader, version))
  const standbyTasksCount = reader.nullableArrayCount(true, 3)
  const standbyTasks: StreamsGroupHeartbeatRequestActiveTask[] | null = standbyTasksCount < 0 ? null : []
  for (let index = 0; index < standbyTasksCount; index++) standbyTasks!.push(readStreamsGroupHeartbeatRequestActiveTask(reader, version))
  const warmupTasksCount = reader.nullableArrayCount(true, 3)
  const warmupTasks: StreamsGroupHeartbeatRequestActiveTask[] | null = warmupTasksCount < 0 ? null : []
  for (let index = 0; index < warmupTasksCount; index++) warmupTasks!.push(readStreamsGroupHeartbeatRequestActiveTask(reader, version))
  const processId = reader.nullableString(true)
  const userEndpoint = reader.present() ? readStreamsGroupHeartbeatRequestUserEndpoint(reader, version) : null
  const clientTagsCount = reader.nullableArrayCount(true, 3)
  const clientTags: StreamsGroupHeartbeatRequestTopologySubtopologyStateChangelogTopicTopicConfig[] | null = clientTagsCount < 0 ? null : []
  for (let index = 0; index < clientTagsCount; index++) clientTags!.push(readStreamsGroupHeartbeatRequestTopologySubtopologyStateChangelogTopicTopicConfig(reader, version))
  const taskOffsetsCount = reader.nullableArrayCount(true, 14)
  const taskOffsets: StreamsGroupHeartbeatRequestTaskOffset[] | null = taskOffsetsCount < 0 ? null : []
  for (let index = 0; index < taskOffsetsCount; index++) taskOffsets!.push(readStreamsGroupHeartbeatRequestTaskOffset(reader, version))
  const taskEndOffsetsCount = reader.nullableArrayCount(true, 14)
  const taskEndOffsets: StreamsGroupHeartbeatRequestTaskOffset[] | null = taskEndOffsetsCount < 0 ? null : []
  for (let index = 0; index < taskEndOffsetsCount; index++) taskEndOffsets!.push(readStreamsGroupHeartbeatRequestTaskOffset(reader, version))
  const shutdownApplication = reader.bool()
  reader.skipTags()
  return {
    groupId,
    memberId,
    memberEpoch,
    endpointInformationEpoch,
    instanceId,
    rackId,
    rebalanceTimeoutMs,
    topology,
    activeTasks,
    standbyTasks,
    warmupTasks,
    processId,
    userEndpoint,
    clientTags,
    taskOffsets,
    taskEndOffsets,
    shutdownApplication,
  }
}

export function writeStreamsGroupHeartbeatRequest(writer: Writer, version: number, value: StreamsGroupHeartbeatRequest): void {
  writer.string(value.groupId, true)
  writer.string(value.memberId, true)
  writer.int32(value.memberEpoch)
  writer.int32(value.endpointInformationEpoch)
  writer.string(value.instanceId, true)
  writer.string(value.rackId, true)
  writer.int32(value.rebalanceTimeoutMs)
  writer.present(value.topology !== null)
  if (value.topology !== null) writeStreamsGroupHeartbeatRequestTopology(writer, version, value.topology)
  writer.arrayCount(value.activeTasks === null ? -1 : value.activeTasks.length, true)
  if (value.activeTasks !== null) for (const element of value.activeTasks) writeStreamsGroupHeartbeatRequestActiveTask(writer, version, element)
  writer.arrayCount(value.standbyTasks === null ? -1 : value.standbyTasks.length, true)
  if (value.standbyTasks !== null) for (const element of value.standbyTasks) writeStreamsGroupHeartbeatRequestActiveTask(writer, version, element)
  writer.arrayCount(value.warmupTasks === null ? -1 : value.warmupTasks.length, true)
  if (value.warmupTasks !== null) for (const element of value.warmupTasks) writeStreamsGroupHeartbeatRequestActiveTask(writer, version, element)
  writer.string(value.processId, true)
  writer.present(value.userEndpoint !== null)
  if (value.userEndpoint !== null) writeStreamsGroupHeartbeatRequestUserEndpoint(writer, version, value.userEndpoint)
  writer.arrayCount(value.clientTags === null ? -1 : value.clientTags.length, true)
  if (value.clientTags !== null) for (const element of value.clientTags) writeStreamsGroupHeartbeatRequestTopologySubtopologyStateChangelogTopicTopicConfig(writer, version, element)
  writer.arrayCount(value.taskOffsets === null ? -1 : value.taskOffsets.length, true)
  if (value.taskOffsets !== null) for (const element of value.taskOffsets) writeStreamsGroupHeartbeatRequestTaskOffset(writer, version, element)
  writer.arrayCount(value.taskEndOffsets === null ? -1 : value.taskEndOffsets.length, true)
  if (value.taskEndOffsets !== null) for (const element of value.taskEndOffsets) writeStreamsGroupHeartbeatRequestTaskOffset(writer, version, element)
  writer.bool(value.shutdownApplication)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupHeartbeatRequestTopology(): StreamsGroupHeartbeatRequestTopology {
  return {
    epoch: 0,
    subtopologies: [],
  }
}

function readStreamsGroupHeartbeatRequestTopology(reader: Reader, version: number): StreamsGroupHeartbeatRequestTopology {
  const epoch = reader.int32()
  const subtopologiesCount = reader.arrayCount(true, 8)
  const subtopologies: StreamsGroupHeartbeatRequestTopologySubtopology[] = []
  for (let index = 0; index < subtopologiesCount; index++) subtopologies.push(readStreamsGroupHeartbeatRequestTopologySubtopology(reader, version))
  reader.skipTags()
  return { epoch, subtopologies }
}

function writeStreamsGroupHeartbeatRequestTopology(writer: Writer, version: number, value: StreamsGroupHeartbeatRequestTopology): void {
  writer.int32(value.epoch)
  writer.arrayCount(value.subtopologies.length, true)
  for (const element of value.subtopologies) writeStreamsGroupHeartbeatRequestTopologySubtopology(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupHeartbeatRequestTopologySubtopology(): StreamsGroupHeartbeatRequestTopologySubtopology {
  return {
    subtopologyId: '',
    sourceTopics: [],
    sourceTopicRegex: [],
    stateChangelogTopics: [],
    repartitionSinkTopics: [],
    repartitionSourceTopics: [],
    copartitionGroups: [],
  }
}

function readStreamsGroupHeartbeatRequestTopologySubtopology(reader: Reader, version: number): StreamsGroupHeartbeatRequestTopologySubtopology {
  const subtopologyId = reader.string(true)
  const sourceTopicsCount = reader.arrayCount(true, 1)
  const sourceTopics = reader.stringArray(sourceTopicsCount, true)
  const sourceTopicRegexCount = reader.arrayCount(true, 1)
  const sourceTopicRegex = reader.stringArray(sourceTopicRegexCount, true)
  const stateChangelogTopicsCount = reader.arrayCount(true, 9)
  const stateChangelogTopics: StreamsGroupHeartbeatRequestTopologySubtopologyStateChangelogTopic[] = []
  for (let index = 0; index < stateChangelogTopicsCount; index++) stateChangelogTopics.push(readStreamsGroupHeartbeatRequestTopologySubtopologyStateChangelogTopic(reader, version))
  const repartitionSinkTopicsCount = reader.arrayCount(true, 1)
  const repartitionSinkTopics = reader.stringArray(repartitionSinkTopicsCount, true)
  const repartitionSourceTopicsCount = reader.arrayCount(true, 9)
  const repartitionSourceTopics: StreamsGroupHeartbeatRequestTopologySubtopologyStateChangelogTopic[] = []
  for (let index = 0; index < repartitionSourceTopicsCount; index++) repartitionSourceTopics.push(readStreamsGroupHeartbeatRequestTopologySubtopologyStateChangelogTopic(reader, version))
  const copartitionGroupsCount = reader.arrayCount(true, 4)
  const copartitionGroups: StreamsGroupHeartbeatRequestTopologySubtopologyCopartitionGroup[] = []
  for (let index = 0; index < copartitionGroupsCount; index++) copartitionGroups.push(readStreamsGroupHeartbeatRequestTopologySubtopologyCopartitionGroup(reader, version))
  reader.skipTags()
  return {
    subtopologyId,
    sourceTopics,
    sourceTopicRegex,
    stateChangelogTopics,
    repartitionSinkTopics,
    repartitionSourceTopics,
    copartitionGroups,
  }
}

function writeStreamsGroupHeartbeatRequestTopologySubtopology(writer: Writer, version: number, value: StreamsGroupHeartbeatRequestTopologySubtopology): void {
  writer.string(value.subtopologyId, true)
  writer.arrayCount(value.sourceTopics.length, true)
  writer.stringArray(value.sourceTopics, true)
  writer.arrayCount(value.sourceTopicRegex.length, true)
  writer.stringArray(value.sourceTopicRegex, true)
  writer.arrayCount(value.stateChangelogTopics.length, true)
  for (const element of value.stateChangelogTopics) writeStreamsGroupHeartbeatRequestTopologySubtopologyStateChangelogTopic(writer, version, element)
  writer.arrayCount(value.repartitionSinkTopics.length, true)
  writer.stringArray(value.repartitionSinkTopics, true)
  writer.arrayCount(value.repartitionSourceTopics.length, true)
  for (const element of value.repartitionSourceTopics) writeStreamsGroupHeartbeatRequestTopologySubtopologyStateChangelogTopic(writer, version, element)
  writer.arrayCount(value.copartitionGroups.length, true)
  for (const element of value.copartitionGroups) writeStreamsGroupHeartbeatRequestTopologySubtopologyCopartitionGroup(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupHeartbeatRequestTopologySubtopologyStateChangelogTopic(): StreamsGroupHeartbeatRequestTopologySubtopologyStateChangelogTopic {
  return {
    name: '',
    partitions: 0,
    replicationFactor: 0,
    topicConfigs: [],
  }
}

function readStreamsGroupHeartbeatRequestTopologySubtopologyStateChangelogTopic(reader: Reader, version: number): StreamsGroupHeartbeatRequestTopologySubtopologyStateChangelogTopic {
  const name = reader.string(true)
  const partitions = reader.int32()
  const replicationFactor = reader.int16()
  const topicConfigsCount = reader.arrayCount(true, 3)
  const topicConfigs: StreamsGroupHeartbeatRequestTopologySubtopologyStateChangelogTopicTopicConfig[] = []
  for (let index = 0; index < topicConfigsCount; index++) topicConfigs.push(readStreamsGroupHeartbeatRequestTopologySubtopologyStateChangelogTopicTopicConfig(reader, version))
  reader.skipTags()
  return { name, partitions, replicationFactor, topicConfigs }
}

function writeStreamsGroupHeartbeatRequestTopologySubtopologyStateChangelogTopic(writer: Writer, version: number, value: StreamsGroupHeartbeatRequestTopologySubtopologyStateChangelogTopic): void {
  writer.string(value.name, true)
  writer.int32(value.partitions)
  writer.int16(value.replicationFactor)
  writer.arrayCount(value.topicConfigs.length, true)
  for (const element of value.topicConfigs) writeStreamsGroupHeartbeatRequestTopologySubtopologyStateChangelogTopicTopicConfig(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupHeartbeatRequestTopologySubtopologyStateChangelogTopicTopicConfig(): StreamsGroupHeartbeatRequestTopologySubtopologyStateChangelogTopicTopicConfig {
  return {
    key: '',
    value: '',
  }
}

function readStreamsGroupHeartbeatRequestTopologySubtopologyStateChangelogTopicTopicConfig(reader: Reader, _version: number): StreamsGroupHeartbeatRequestTopologySubtopologyStateChangelogTopicTopicConfig {
  const key = reader.string(true)
  const value = reader.string(true)
  reader.skipTags()
  return { key, value }
}

function writeStreamsGroupHeartbeatRequestTopologySubtopologyStateChangelogTopicTopicConfig(writer: Writer, _version: number, value: StreamsGroupHeartbeatRequestTopologySubtopologyStateChangelogTopicTopicConfig): void {
  writer.string(value.key, true)
  writer.string(value.value, true)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupHeartbeatRequestTopologySubtopologyCopartitionGroup(): StreamsGroupHeartbeatRequestTopologySubtopologyCopartitionGroup {
  return {
    sourceTopics: [],
    sourceTopicRegex: [],
    repartitionSourceTopics: [],
  }
}

function readStreamsGroupHeartbeatRequestTopologySubtopologyCopartitionGroup(reader: Reader, _version: number): StreamsGroupHeartbeatRequestTopologySubtopologyCopartitionGroup {
  const sourceTopicsCount = reader.arrayCount(true, 2)
  const sourceTopics = reader.int16Array(sourceTopicsCount)
  const sourceTopicRegexCount = reader.arrayCount(true, 2)
  const sourceTopicRegex = reader.int16Array(sourceTopicRegexCount)
  const repartitionSourceTopicsCount = reader.arrayCount(true, 2)
  const repartitionSourceTopics = reader.int16Array(repartitionSourceTopicsCount)
  reader.skipTags()
  return { sourceTopics, sourceTopicRegex, repartitionSourceTopics }
}

function writeStreamsGroupHeartbeatRequestTopologySubtopologyCopartitionGroup(writer: Writer, _version: number, value: StreamsGroupHeartbeatRequestTopologySubtopologyCopartitionGroup): void {
  writer.arrayCount(value.sourceTopics.length, true)
  writer.int16Array(value.sourceTopics)
  writer.arrayCount(value.sourceTopicRegex.length, true)
  writer.int16Array(value.sourceTopicRegex)
  writer.arrayCount(value.repartitionSourceTopics.length, true)
  writer.int16Array(value.repartitionSourceTopics)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupHeartbeatRequestActiveTask(): StreamsGroupHeartbeatRequestActiveTask {
  return {
    subtopologyId: '',
    partitions: [],
  }
}

function readStreamsGroupHeartbeatRequestActiveTask(reader: Reader, _version: number): StreamsGroupHeartbeatRequestActiveTask {
  const subtopologyId = reader.string(true)
  const partitionsCount = reader.arrayCount(true, 4)
  const partitions = reader.int32Array(partitionsCount)
  reader.skipTags()
  return { subtopologyId, partitions }
}

function writeStreamsGroupHeartbeatRequestActiveTask(writer: Writer, _version: number, value: StreamsGroupHeartbeatRequestActiveTask): void {
  writer.string(value.subtopologyId, true)
  writer.arrayCount(value.partitions.length, true)
  writer.int32Array(value.partitions)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupHeartbeatRequestUserEndpoint(): StreamsGroupHeartbeatRequestUserEndpoint {
  return {
    host: '',
    port: 0,
  }
}

function readStreamsGroupHeartbeatRequestUserEndpoint(reader: Reader, _version: number): StreamsGroupHeartbeatRequestUserEndpoint {
  const host = reader.string(true)
  const port = reader.uint16()
  reader.skipTags()
  return { host, port }
}

function writeStreamsGroupHeartbeatRequestUserEndpoint(writer: Writer, _version: number, value: StreamsGroupHeartbeatRequestUserEndpoint): void {
  writer.string(value.host, true)
  writer.uint16(value.port)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupHeartbeatRequestTaskOffset(): StreamsGroupHeartbeatRequestTaskOffset {
  return {
    subtopologyId: '',
    partition: 0,
    offset: 0,
  }
}

function readStreamsGroupHeartbeatRequestTaskOffset(reader: Reader, _version: number): StreamsGroupHeartbeatRequestTaskOffset {
  const subtopologyId = reader.string(true)
  const partition = reader.int32()
  const offset = reader.int64()
  reader.skipTags()
  return { subtopologyId, partition, offset }
}

function writeStreamsGroupHeartbeatRequestTaskOffset(writer: Writer, _version: number, value: StreamsGroupHeartbeatRequestTaskOffset): void {
  writer.string(value.subtopologyId, true)
  writer.int32(value.partition)
  writer.int64(value.offset)
  writer.unsignedVarint(0)
}

// ── StreamsGroupHeartbeatResponse (88) 0 ──

export interface StreamsGroupHeartbeatResponse extends Infer<typeof schema.StreamsGroupHeartbeatResponse> {}
export type StreamsGroupHeartbeatResponseStatus = NonNullable<StreamsGroupHeartbeatResponse['status']>[number]
export type StreamsGroupHeartbeatResponseActiveTask = NonNullable<StreamsGroupHeartbeatResponse['activeTasks']>[number]
export type StreamsGroupHeartbeatResponsePartitionsByUserEndpoint = NonNullable<StreamsGroupHeartbeatResponse['partitionsByUserEndpoint']>[number]
export type StreamsGroupHeartbeatResponsePartitionsByUserEndpointUserEndpoint = StreamsGroupHeartbeatResponsePartitionsByUserEndpoint['userEndpoint']
export type StreamsGroupHeartbeatResponsePartitionsByUserEndpointActivePartition = StreamsGroupHeartbeatResponsePartitionsByUserEndpoint['activePartitions'][number]

export function defaultStreamsGroupHeartbeatResponse(): StreamsGroupHeartbeatResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    errorMessage: null,
    memberId: '',
    memberEpoch: 0,
    heartbeatIntervalMs: 0,
    acceptableRecoveryLag: 0,
    taskOffsetIntervalMs: 0,
    status: [],
    activeTasks: null,
    standbyTasks: null,
    warmupTasks: null,
    endpointInformationEpoch: 0,
    partitionsByUserEndpoint: null,
  }
}

export function readStreamsGroupHeartbeatResponse(reader: Reader, version: number): StreamsGroupHeartbeatResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  const memberId = reader.string(true)
  const memberEpoch = reader.int32()
  const heartbeatIntervalMs = reader.int32()
  const acceptableRecoveryLag = reader.int32()
  const taskOffsetIntervalMs = reader.int32()
  const statusCount = reader.nullableArrayCount(true, 3)
  const status: StreamsGroupHeartbeatResponseStatus[] | null = statusCount < 0 ? null : []
  for (let index = 0; index < statusCount; index++) status!.push(readStreamsGroupHeartbeatResponseStatus(reader, version))
  const activeTasksCount = reader.nullableArrayCount(true, 3)
  const activeTasks: StreamsGroupHeartbeatResponseActiveTask[] | null = activeTasksCount < 0 ? null : []
  for (let index = 0; index < activeTasksCount; index++) activeTasks!.push(readStreamsGroupHeartbeatResponseActiveTask(reader, version))
  const standbyTasksCount = reader.nullableArrayCount(true, 3)
  const standbyTasks: StreamsGroupHeartbeatResponseActiveTask[] | null = standbyTasksCount < 0 ? null : []
  for (let index = 0; index < standbyTasksCount; index++) standbyTasks!.push(readStreamsGroupHeartbeatResponseActiveTask(reader, version))
  const warmupTasksCount = reader.nullableArrayCount(true, 3)
  const warmupTasks: StreamsGroupHeartbeatResponseActiveTask[] | null = warmupTasksCount < 0 ? null : []
  for (let index = 0; index < warmupTasksCount; index++) warmupTasks!.push(readStreamsGroupHeartbeatResponseActiveTask(reader, version))
  const endpointInformationEpoch = reader.int32()
  const partitionsByUserEndpointCount = reader.nullableArrayCount(true, 7)
  const partitionsByUserEndpoint: StreamsGroupHeartbeatResponsePartitionsByUserEndpoint[] | null = partitionsByUserEndpointCount < 0 ? null : []
  for (let index = 0; index < partitionsByUserEndpointCount; index++) partitionsByUserEndpoint!.push(readStreamsGroupHeartbeatResponsePartitionsByUserEndpoint(reader, version))
  reader.skipTags()
  return {
    throttleTimeMs,
    errorCode,
    errorMessage,
    memberId,
    memberEpoch,
    heartbeatIntervalMs,
    acceptableRecoveryLag,
    taskOffsetIntervalMs,
    status,
    activeTasks,
    standbyTasks,
    warmupTasks,
    endpointInformationEpoch,
    partitionsByUserEndpoint,
  }
}

export function writeStreamsGroupHeartbeatResponse(writer: Writer, version: number, value: StreamsGroupHeartbeatResponse): void {
  writer.int32(value.throttleTimeMs)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.string(value.memberId, true)
  writer.int32(value.memberEpoch)
  writer.int32(value.heartbeatIntervalMs)
  writer.int32(value.acceptableRecoveryLag)
  writer.int32(value.taskOffsetIntervalMs)
  writer.arrayCount(value.status === null ? -1 : value.status.length, true)
  if (value.status !== null) for (const element of value.status) writeStreamsGroupHeartbeatResponseStatus(writer, version, element)
  writer.arrayCount(value.activeTasks === null ? -1 : value.activeTasks.length, true)
  if (value.activeTasks !== null) for (const element of value.activeTasks) writeStreamsGroupHeartbeatResponseActiveTask(writer, version, element)
  writer.arrayCount(value.standbyTasks === null ? -1 : value.standbyTasks.length, true)
  if (value.standbyTasks !== null) for (const element of value.standbyTasks) writeStreamsGroupHeartbeatResponseActiveTask(writer, version, element)
  writer.arrayCount(value.warmupTasks === null ? -1 : value.warmupTasks.length, true)
  if (value.warmupTasks !== null) for (const element of value.warmupTasks) writeStreamsGroupHeartbeatResponseActiveTask(writer, version, element)
  writer.int32(value.endpointInformationEpoch)
  writer.arrayCount(value.partitionsByUserEndpoint === null ? -1 : value.partitionsByUserEndpoint.length, true)
  if (value.partitionsByUserEndpoint !== null) for (const element of value.partitionsByUserEndpoint) writeStreamsGroupHeartbeatResponsePartitionsByUserEndpoint(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupHeartbeatResponseStatus(): StreamsGroupHeartbeatResponseStatus {
  return {
    statusCode: 0,
    statusDetail: '',
  }
}

function readStreamsGroupHeartbeatResponseStatus(reader: Reader, _version: number): StreamsGroupHeartbeatResponseStatus {
  const statusCode = reader.int8()
  const statusDetail = reader.string(true)
  reader.skipTags()
  return { statusCode, statusDetail }
}

function writeStreamsGroupHeartbeatResponseStatus(writer: Writer, _version: number, value: StreamsGroupHeartbeatResponseStatus): void {
  writer.int8(value.statusCode)
  writer.string(value.statusDetail, true)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupHeartbeatResponseActiveTask(): StreamsGroupHeartbeatResponseActiveTask {
  return {
    subtopologyId: '',
    partitions: [],
  }
}

function readStreamsGroupHeartbeatResponseActiveTask(reader: Reader, _version: number): StreamsGroupHeartbeatResponseActiveTask {
  const subtopologyId = reader.string(true)
  const partitionsCount = reader.arrayCount(true, 4)
  const partitions = reader.int32Array(partitionsCount)
  reader.skipTags()
  return { subtopologyId, partitions }
}

function writeStreamsGroupHeartbeatResponseActiveTask(writer: Writer, _version: number, value: StreamsGroupHeartbeatResponseActiveTask): void {
  writer.string(value.subtopologyId, true)
  writer.arrayCount(value.partitions.length, true)
  writer.int32Array(value.partitions)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupHeartbeatResponsePartitionsByUserEndpoint(): StreamsGroupHeartbeatResponsePartitionsByUserEndpoint {
  return {
    userEndpoint: defaultStreamsGroupHeartbeatResponsePartitionsByUserEndpointUserEndpoint(),
    activePartitions: [],
    standbyPartitions: [],
  }
}

function readStreamsGroupHeartbeatResponsePartitionsByUserEndpoint(reader: Reader, version: number): StreamsGroupHeartbeatResponsePartitionsByUserEndpoint {
  const userEndpoint = readStreamsGroupHeartbeatResponsePartitionsByUserEndpointUserEndpoint(reader, version)
  const activePartitionsCount = reader.arrayCount(true, 3)
  const activePartitions: StreamsGroupHeartbeatResponsePartitionsByUserEndpointActivePartition[] = []
  for (let index = 0; index < activePartitionsCount; index++) activePartitions.push(readStreamsGroupHeartbeatResponsePartitionsByUserEndpointActivePartition(reader, version))
  const standbyPartitionsCount = reader.arrayCount(true, 3)
  const standbyPartitions: StreamsGroupHeartbeatResponsePartitionsByUserEndpointActivePartition[] = []
  for (let index = 0; index < standbyPartitionsCount; index++) standbyPartitions.push(readStreamsGroupHeartbeatResponsePartitionsByUserEndpointActivePartition(reader, version))
  reader.skipTags()
  return { userEndpoint, activePartitions, standbyPartitions }
}

function writeStreamsGroupHeartbeatResponsePartitionsByUserEndpoint(writer: Writer, version: number, value: StreamsGroupHeartbeatResponsePartitionsByUserEndpoint): void {
  writeStreamsGroupHeartbeatResponsePartitionsByUserEndpointUserEndpoint(writer, version, value.userEndpoint)
  writer.arrayCount(value.activePartitions.length, true)
  for (const element of value.activePartitions) writeStreamsGroupHeartbeatResponsePartitionsByUserEndpointActivePartition(writer, version, element)
  writer.arrayCount(value.standbyPartitions.length, true)
  for (const element of value.standbyPartitions) writeStreamsGroupHeartbeatResponsePartitionsByUserEndpointActivePartition(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupHeartbeatResponsePartitionsByUserEndpointUserEndpoint(): StreamsGroupHeartbeatResponsePartitionsByUserEndpointUserEndpoint {
  return {
    host: '',
    port: 0,
  }
}

function readStreamsGroupHeartbeatResponsePartitionsByUserEndpointUserEndpoint(reader: Reader, _version: number): StreamsGroupHeartbeatResponsePartitionsByUserEndpointUserEndpoint {
  const host = reader.string(true)
  const port = reader.uint16()
  reader.skipTags()
  return { host, port }
}

function writeStreamsGroupHeartbeatResponsePartitionsByUserEndpointUserEndpoint(writer: Writer, _version: number, value: StreamsGroupHeartbeatResponsePartitionsByUserEndpointUserEndpoint): void {
  writer.string(value.host, true)
  writer.uint16(value.port)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupHeartbeatResponsePartitionsByUserEndpointActivePartition(): StreamsGroupHeartbeatResponsePartitionsByUserEndpointActivePartition {
  return {
    topic: '',
    partitions: [],
  }
}

function readStreamsGroupHeartbeatResponsePartitionsByUserEndpointActivePartition(reader: Reader, _version: number): StreamsGroupHeartbeatResponsePartitionsByUserEndpointActivePartition {
  const topic = reader.string(true)
  const partitionsCount = reader.arrayCount(true, 4)
  const partitions = reader.int32Array(partitionsCount)
  reader.skipTags()
  return { topic, partitions }
}

function writeStreamsGroupHeartbeatResponsePartitionsByUserEndpointActivePartition(writer: Writer, _version: number, value: StreamsGroupHeartbeatResponsePartitionsByUserEndpointActivePartition): void {
  writer.string(value.topic, true)
  writer.arrayCount(value.partitions.length, true)
  writer.int32Array(value.partitions)
  writer.unsignedVarint(0)
}
