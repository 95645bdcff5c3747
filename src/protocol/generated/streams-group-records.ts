// From ../messages/streams-group-records.ts. Written by scripts/generate-codecs.ts: change the source and run `npm run generate`.

import type * as schema from '../messages/streams-group-records.ts'
import type { Reader } from '../reader.ts'
import type { Infer } from '../schema.ts'
import type { Writer } from '../writer.ts'

// ── StreamsGroupCurrentMemberAssignmentKey (22) 0 ──

export const STREAMS_GROUP_CURRENT_MEMBER_ASSIGNMENT_KEY_TYPE = 22

export interface StreamsGroupCurrentMemberAssignmentKey extends Infer<typeof schema.StreamsGroupCurrentMemberAssignmentKey> {}

export function defaultStreamsGroupCurrentMemberAssignmentKey(): StreamsGroupCurrentMemberAssignmentKey {
  return {
    groupId: '',
    memberId: '',
  }
}

export function readStreamsGroupCurrentMemberAssignmentKey(reader: Reader, _version: number): StreamsGroupCurrentMemberAssignmentKey {
  const groupId = reader.string(false)
  const memberId = reader.string(false)
  return { groupId, memberId }
}

export function writeStreamsGroupCurrentMemberAssignmentKey(writer: Writer, _version: number, value: StreamsGroupCurrentMemberAssignmentKey): void {
  writer.string(value.groupId, false)
  writer.string(value.memberId, false)
}

// ── StreamsGroupCurrentMemberAssignmentValue (22) 0 ──

export interface StreamsGroupCurrentMemberAssignmentValue extends Infer<typeof schema.StreamsGroupCurrentMemberAssignmentValue> {}
export type StreamsGroupCurrentMemberAssignmentValueActiveTask = StreamsGroupCurrentMemberAssignmentValue['activeTasks'][number]

export function defaultStreamsGroupCurrentMemberAssignmentValue(): StreamsGroupCurrentMemberAssignmentValue {
  return {
    memberEpoch: 0,
    previousMemberEpoch: 0,
    state: 0,
    activeTasks: [],
    standbyTasks: [],
    warmupTasks: [],
    activeTasksPendingRevocation: [],
    standbyTasksPendingRevocation: [],
    warmupTasksPendingRevocation: [],
  }
}

export function readStreamsGroupCurrentMemberAssignmentValue(reader: Reader, version: number): StreamsGroupCurrentMemberAssignmentValue {
  const memberEpoch = reader.int32()
  const previousMemberEpoch = reader.int32()
  const state = reader.int8()
  const activeTasksCount = reader.arrayCount(true, 3)
  const activeTasks: StreamsGroupCurrentMemberAssignmentValueActiveTask[] = []
  for (let index = 0; index < activeTasksCount; index++) activeTasks.push(readStreamsGroupCurrentMemberAssignmentValueActiveTask(reader, version))
  const standbyTasksCount = reader.arrayCount(true, 3)
  const standbyTasks: StreamsGroupCurrentMemberAssignmentValueActiveTask[] = []
  for (let index = 0; index < standbyTasksCount; index++) standbyTasks.push(readStreamsGroupCurrentMemberAssignmentValueActiveTask(reader, version))
  const warmupTasksCount = reader.arrayCount(true, 3)
  const warmupTasks: StreamsGroupCurrentMemberAssignmentValueActiveTask[] = []
  for (let index = 0; index < warmupTasksCount; index++) warmupTasks.push(readStreamsGroupCurrentMemberAssignmentValueActiveTask(reader, version))
  const activeTasksPendingRevocationCount = reader.arrayCount(true, 3)
  const activeTasksPendingRevocation: StreamsGroupCurrentMemberAssignmentValueActiveTask[] = []
  for (let index = 0; index < activeTasksPendingRevocationCount; index++) activeTasksPendingRevocation.push(readStreamsGroupCurrentMemberAssignmentValueActiveTask(reader, version))
  const standbyTasksPendingRevocationCount = reader.arrayCount(true, 3)
  const standbyTasksPendingRevocation: StreamsGroupCurrentMemberAssignmentValueActiveTask[] = []
  for (let index = 0; index < standbyTasksPendingRevocationCount; index++) standbyTasksPendingRevocation.push(readStreamsGroupCurrentMemberAssignmentValueActiveTask(reader, version))
  const warmupTasksPendingRevocationCount = reader.arrayCount(true, 3)
  const warmupTasksPendingRevocation: StreamsGroupCurrentMemberAssignmentValueActiveTask[] = []
  for (let index = 0; index < warmupTasksPendingRevocationCount; index++) warmupTasksPendingRevocation.push(readStreamsGroupCurrentMemberAssignmentValueActiveTask(reader, version))
  reader.skipTags()
  return {
    memberEpoch,
    previousMemberEpoch,
    state,
    activeTasks,
    standbyTasks,
    warmupTasks,
    activeTasksPendingRevocation,
    standbyTasksPendingRevocation,
    warmupTasksPendingRevocation,
  }
}

export function writeStreamsGroupCurrentMemberAssignmentValue(writer: Writer, version: number, value: StreamsGroupCurrentMemberAssignmentValue): void {
  writer.int32(value.memberEpoch)
  writer.int32(value.previousMemberEpoch)
  writer.int8(value.state)
  writer.arrayCount(value.activeTasks.length, true)
  for (const element of value.activeTasks) writeStreamsGroupCurrentMemberAssignmentValueActiveTask(writer, version, element)
  writer.arrayCount(value.standbyTasks.length, true)
  for (const element of value.standbyTasks) writeStreamsGroupCurrentMemberAssignmentValueActiveTask(writer, version, element)
  writer.arrayCount(value.warmupTasks.length, true)
  for (const element of value.warmupTasks) writeStreamsGroupCurrentMemberAssignmentValueActiveTask(writer, version, element)
  writer.arrayCount(value.activeTasksPendingRevocation.length, true)
  for (const element of value.activeTasksPendingRevocation) writeStreamsGroupCurrentMemberAssignmentValueActiveTask(writer, version, element)
  writer.arrayCount(value.standbyTasksPendingRevocation.length, true)
  for (const element of value.standbyTasksPendingRevocation) writeStreamsGroupCurrentMemberAssignmentValueActiveTask(writer, version, element)
  writer.arrayCount(value.warmupTasksPendingRevocation.length, true)
  for (const element of value.warmupTasksPendingRevocation) writeStreamsGroupCurrentMemberAssignmentValueActiveTask(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupCurrentMemberAssignmentValueActiveTask(): StreamsGroupCurrentMemberAssignmentValueActiveTask {
  return {
    subtopologyId: '',
    partitions: [],
    assignmentEpochs: [],
  }
}

function readStreamsGroupCurrentMemberAssignmentValueActiveTask(reader: Reader, _version: number): StreamsGroupCurrentMemberAssignmentValueActiveTask {
  let assignmentEpochs: number[] | null = []
  const subtopologyId = reader.string(true)
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
  return { subtopologyId, partitions, assignmentEpochs }
}

function writeStreamsGroupCurrentMemberAssignmentValueActiveTask(writer: Writer, _version: number, value: StreamsGroupCurrentMemberAssignmentValueActiveTask): void {
  writer.string(value.subtopologyId, true)
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

// ── StreamsGroupMemberMetadataKey (19) 0 ──

export const STREAMS_GROUP_MEMBER_METADATA_KEY_TYPE = 19

export interface StreamsGroupMemberMetadataKey extends Infer<typeof schema.StreamsGroupMemberMetadataKey> {}

export function defaultStreamsGroupMemberMetadataKey(): StreamsGroupMemberMetadataKey {
  return {
    groupId: '',
    memberId: '',
  }
}

export function readStreamsGroupMemberMetadataKey(reader: Reader, _version: number): StreamsGroupMemberMetadataKey {
  const groupId = reader.string(false)
  const memberId = reader.string(false)
  return { groupId, memberId }
}

export function writeStreamsGroupMemberMetadataKey(writer: Writer, _version: number, value: StreamsGroupMemberMetadataKey): void {
  writer.string(value.groupId, false)
  writer.string(value.memberId, false)
}

// ── StreamsGroupMemberMetadataValue (19) 0 ──

export interface StreamsGroupMemberMetadataValue extends Infer<typeof schema.StreamsGroupMemberMetadataValue> {}
export type StreamsGroupMemberMetadataValueUserEndpoint = NonNullable<StreamsGroupMemberMetadataValue['userEndpoint']>
export type StreamsGroupMemberMetadataValueClientTag = StreamsGroupMemberMetadataValue['clientTags'][number]

export function defaultStreamsGroupMemberMetadataValue(): StreamsGroupMemberMetadataValue {
  return {
    instanceId: '',
    rackId: '',
    clientId: '',
    clientHost: '',
    rebalanceTimeoutMs: -1,
    topologyEpoch: 0,
    processId: '',
    userEndpoint: null,
    clientTags: [],
  }
}

export function readStreamsGroupMemberMetadataValue(reader: Reader, version: number): StreamsGroupMemberMetadataValue {
  const instanceId = reader.nullableString(true)
  const rackId = reader.nullableString(true)
  const clientId = reader.string(true)
  const clientHost = reader.string(true)
  const rebalanceTimeoutMs = reader.int32()
  const topologyEpoch = reader.int32()
  const processId = reader.string(true)
  const userEndpoint = reader.present() ? readStreamsGroupMemberMetadataValueUserEndpoint(reader, version) : null
  const clientTagsCount = reader.arrayCount(true, 3)
  const clientTags: StreamsGroupMemberMetadataValueClientTag[] = []
  for (let index = 0; index < clientTagsCount; index++) clientTags.push(readStreamsGroupMemberMetadataValueClientTag(reader, version))
  reader.skipTags()
  return {
    instanceId,
    rackId,
    clientId,
    clientHost,
    rebalanceTimeoutMs,
    topologyEpoch,
    processId,
    userEndpoint,
    clientTags,
  }
}

export function writeStreamsGroupMemberMetadataValue(writer: Writer, version: number, value: StreamsGroupMemberMetadataValue): void {
  writer.string(value.instanceId, true)
  writer.string(value.rackId, true)
  writer.string(value.clientId, true)
  writer.string(value.clientHost, true)
  writer.int32(value.rebalanceTimeoutMs)
  writer.int32(value.topologyEpoch)
  writer.string(value.processId, true)
  writer.present(value.userEndpoint !== null)
  if (value.userEndpoint !== null) writeStreamsGroupMemberMetadataValueUserEndpoint(writer, version, value.userEndpoint)
  writer.arrayCount(value.clientTags.length, true)
  for (const element of value.clientTags) writeStreamsGroupMemberMetadataValueClientTag(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupMemberMetadataValueUserEndpoint(): StreamsGroupMemberMetadataValueUserEndpoint {
  return {
    host: '',
    port: 0,
  }
}

function readStreamsGroupMemberMetadataValueUserEndpoint(reader: Reader, _version: number): StreamsGroupMemberMetadataValueUserEndpoint {
  const host = reader.string(true)
  const port = reader.uint16()
  reader.skipTags()
  return { host, port }
}

function writeStreamsGroupMemberMetadataValueUserEndpoint(writer: Writer, _version: number, value: StreamsGroupMemberMetadataValueUserEndpoint): void {
  writer.string(value.host, true)
  writer.uint16(value.port)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupMemberMetadataValueClientTag(): StreamsGroupMemberMetadataValueClientTag {
  return {
    key: '',
    value: '',
  }
}

function readStreamsGroupMemberMetadataValueClientTag(reader: Reader, _version: number): StreamsGroupMemberMetadataValueClientTag {
  const key = reader.string(true)
  const value = reader.string(true)
  reader.skipTags()
  return { key, value }
}

function writeStreamsGroupMemberMetadataValueClientTag(writer: Writer, _version: number, value: StreamsGroupMemberMetadataValueClientTag): void {
  writer.string(value.key, true)
  writer.string(value.value, true)
  writer.unsignedVarint(0)
}

// ── StreamsGroupMetadataKey (17) 0 ──

export const STREAMS_GROUP_METADATA_KEY_TYPE = 17

export interface StreamsGroupMetadataKey extends Infer<typeof schema.StreamsGroupMetadataKey> {}

export function defaultStreamsGroupMetadataKey(): StreamsGroupMetadataKey {
  return {
    groupId: '',
  }
}

export function readStreamsGroupMetadataKey(reader: Reader, _version: number): StreamsGroupMetadataKey {
  const groupId = reader.string(false)
  return { groupId }
}

export function writeStreamsGroupMetadataKey(writer: Writer, _version: number, value: StreamsGroupMetadataKey): void {
  writer.string(value.groupId, false)
}

// ── StreamsGroupMetadataValue (17) 0 ──

export interface StreamsGroupMetadataValue extends Infer<typeof schema.StreamsGroupMetadataValue> {}
export type StreamsGroupMetadataValueLastAssignmentConfig = NonNullable<StreamsGroupMetadataValue['lastAssignmentConfigs']>[number]

export function defaultStreamsGroupMetadataValue(): StreamsGroupMetadataValue {
  return {
    epoch: 0,
    metadataHash: 0,
    validatedTopologyEpoch: -1,
    lastAssignmentConfigs: [],
  }
}

export function readStreamsGroupMetadataValue(reader: Reader, version: number): StreamsGroupMetadataValue {
  let validatedTopologyEpoch: number = -1
  let lastAssignmentConfigs: StreamsGroupMetadataValueLastAssignmentConfig[] | null = []
  const epoch = reader.int32()
  const metadataHash = reader.int64()
  for (let count = reader.tagCount(); count > 0; count--) {
    const tag = reader.unsignedVarint()
    const end = reader.tagEnd()
    switch (tag) {
      case 0: {
        validatedTopologyEpoch = reader.int32()
        break
      }
      case 1: {
        const lastAssignmentConfigsCount = reader.nullableArrayCount(true, 3)
        lastAssignmentConfigs = lastAssignmentConfigsCount < 0 ? null : []
        for (let index = 0; index < lastAssignmentConfigsCount; index++) lastAssignmentConfigs!.push(readStreamsGroupMetadataValueLastAssignmentConfig(reader, version))
        break
      }
      default:
        reader.position = end
    }
    reader.leaveTag(end)
  }
  return { epoch, metadataHash, validatedTopologyEpoch, lastAssignmentConfigs }
}

export function writeStreamsGroupMetadataValue(writer: Writer, version: number, value: StreamsGroupMetadataValue): void {
  writer.int32(value.epoch)
  writer.int64(value.metadataHash)
  let tags = 0
  if (value.validatedTopologyEpoch !== -1) tags++
  if (value.lastAssignmentConfigs === null || value.lastAssignmentConfigs.length !== 0) tags++
  writer.unsignedVarint(tags)
  if (value.validatedTopologyEpoch !== -1) {
    writer.tag(0, 4)
    writer.int32(value.validatedTopologyEpoch)
  }
  if (value.lastAssignmentConfigs === null || value.lastAssignmentConfigs.length !== 0) {
    const mark = writer.beginTag(1)
    writer.arrayCount(value.lastAssignmentConfigs === null ? -1 : value.lastAssignmentConfigs.length, true)
    if (value.lastAssignmentConfigs !== null) for (const element of value.lastAssignmentConfigs) writeStreamsGroupMetadataValueLastAssignmentConfig(writer, version, element)
    writer.endTag(mark)
  }
}

export function defaultStreamsGroupMetadataValueLastAssignmentConfig(): StreamsGroupMetadataValueLastAssignmentConfig {
  return {
    key: '',
    value: '',
  }
}

function readStreamsGroupMetadataValueLastAssignmentConfig(reader: Reader, _version: number): StreamsGroupMetadataValueLastAssignmentConfig {
  const key = reader.string(true)
  const value = reader.string(true)
  reader.skipTags()
  return { key, value }
}

function writeStreamsGroupMetadataValueLastAssignmentConfig(writer: Writer, _version: number, value: StreamsGroupMetadataValueLastAssignmentConfig): void {
  writer.string(value.key, true)
  writer.string(value.value, true)
  writer.unsignedVarint(0)
}

// ── StreamsGroupTargetAssignmentMemberKey (21) 0 ──

export const STREAMS_GROUP_TARGET_ASSIGNMENT_MEMBER_KEY_TYPE = 21

export interface StreamsGroupTargetAssignmentMemberKey extends Infer<typeof schema.StreamsGroupTargetAssignmentMemberKey> {}

export function defaultStreamsGroupTargetAssignmentMemberKey(): StreamsGroupTargetAssignmentMemberKey {
  return {
    groupId: '',
    memberId: '',
  }
}

export function readStreamsGroupTargetAssignmentMemberKey(reader: Reader, _version: number): StreamsGroupTargetAssignmentMemberKey {
  const groupId = reader.string(false)
  const memberId = reader.string(false)
  return { groupId, memberId }
}

export function writeStreamsGroupTargetAssignmentMemberKey(writer: Writer, _version: number, value: StreamsGroupTargetAssignmentMemberKey): void {
  writer.string(value.groupId, false)
  writer.string(value.memberId, false)
}

// ── StreamsGroupTargetAssignmentMemberValue (21) 0 ──

export interface StreamsGroupTargetAssignmentMemberValue extends Infer<typeof schema.StreamsGroupTargetAssignmentMemberValue> {}
export type StreamsGroupTargetAssignmentMemberValueActiveTask = StreamsGroupTargetAssignmentMemberValue['activeTasks'][number]

export function defaultStreamsGroupTargetAssignmentMemberValue(): StreamsGroupTargetAssignmentMemberValue {
  return {
    activeTasks: [],
    standbyTasks: [],
    warmupTasks: [],
  }
}

export function readStreamsGroupTargetAssignmentMemberValue(reader: Reader, version: number): StreamsGroupTargetAssignmentMemberValue {
  const activeTasksCount = reader.arrayCount(true, 3)
  const activeTasks: StreamsGroupTargetAssignmentMemberValueActiveTask[] = []
  for (let index = 0; index < activeTasksCount; index++) activeTasks.push(readStreamsGroupTargetAssignmentMemberValueActiveTask(reader, version))
  const standbyTasksCount = reader.arrayCount(true, 3)
  const standbyTasks: StreamsGroupTargetAssignmentMemberValueActiveTask[] = []
  for (let index = 0; index < standbyTasksCount; index++) standbyTasks.push(readStreamsGroupTargetAssignmentMemberValueActiveTask(reader, version))
  const warmupTasksCount = reader.arrayCount(true, 3)
  const warmupTasks: StreamsGroupTargetAssignmentMemberValueActiveTask[] = []
  for (let index = 0; index < warmupTasksCount; index++) warmupTasks.push(readStreamsGroupTargetAssignmentMemberValueActiveTask(reader, version))
  reader.skipTags()
  return { activeTasks, standbyTasks, warmupTasks }
}

export function writeStreamsGroupTargetAssignmentMemberValue(writer: Writer, version: number, value: StreamsGroupTargetAssignmentMemberValue): void {
  writer.arrayCount(value.activeTasks.length, true)
  for (const element of value.activeTasks) writeStreamsGroupTargetAssignmentMemberValueActiveTask(writer, version, element)
  writer.arrayCount(value.standbyTasks.length, true)
  for (const element of value.standbyTasks) writeStreamsGroupTargetAssignmentMemberValueActiveTask(writer, version, element)
  writer.arrayCount(value.warmupTasks.length, true)
  for (const element of value.warmupTasks) writeStreamsGroupTargetAssignmentMemberValueActiveTask(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupTargetAssignmentMemberValueActiveTask(): StreamsGroupTargetAssignmentMemberValueActiveTask {
  return {
    subtopologyId: '',
    partitions: [],
  }
}

function readStreamsGroupTargetAssignmentMemberValueActiveTask(reader: Reader, _version: number): StreamsGroupTargetAssignmentMemberValueActiveTask {
  const subtopologyId = reader.string(true)
  const partitionsCount = reader.arrayCount(true, 4)
  const partitions = reader.int32Array(partitionsCount)
  reader.skipTags()
  return { subtopologyId, partitions }
}

function writeStreamsGroupTargetAssignmentMemberValueActiveTask(writer: Writer, _version: number, value: StreamsGroupTargetAssignmentMemberValueActiveTask): void {
  writer.string(value.subtopologyId, true)
  writer.arrayCount(value.partitions.length, true)
  writer.int32Array(value.partitions)
  writer.unsignedVarint(0)
}

// ── StreamsGroupTargetAssignmentMetadataKey (20) 0 ──

export const STREAMS_GROUP_TARGET_ASSIGNMENT_METADATA_KEY_TYPE = 20

export interface StreamsGroupTargetAssignmentMetadataKey extends Infer<typeof schema.StreamsGroupTargetAssignmentMetadataKey> {}

export function defaultStreamsGroupTargetAssignmentMetadataKey(): StreamsGroupTargetAssignmentMetadataKey {
  return {
    groupId: '',
  }
}

export function readStreamsGroupTargetAssignmentMetadataKey(reader: Reader, _version: number): StreamsGroupTargetAssignmentMetadataKey {
  const groupId = reader.string(false)
  return { groupId }
}

export function writeStreamsGroupTargetAssignmentMetadataKey(writer: Writer, _version: number, value: StreamsGroupTargetAssignmentMetadataKey): void {
  writer.string(value.groupId, false)
}

// ── StreamsGroupTargetAssignmentMetadataValue (20) 0 ──

export interface StreamsGroupTargetAssignmentMetadataValue extends Infer<typeof schema.StreamsGroupTargetAssignmentMetadataValue> {}

export function defaultStreamsGroupTargetAssignmentMetadataValue(): StreamsGroupTargetAssignmentMetadataValue {
  return {
    assignmentEpoch: 0,
    assignmentTimestamp: 0,
  }
}

export function readStreamsGroupTargetAssignmentMetadataValue(reader: Reader, _version: number): StreamsGroupTargetAssignmentMetadataValue {
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

export function writeStreamsGroupTargetAssignmentMetadataValue(writer: Writer, _version: number, value: StreamsGroupTargetAssignmentMetadataValue): void {
  writer.int32(value.assignmentEpoch)
  let tags = 0
  if (value.assignmentTimestamp !== 0) tags++
  writer.unsignedVarint(tags)
  if (value.assignmentTimestamp !== 0) {
    writer.tag(0, 8)
    writer.int64(value.assignmentTimestamp)
  }
}

// ── StreamsGroupTopologyKey (23) 0 ──

export const STREAMS_GROUP_TOPOLOGY_KEY_TYPE = 23

export interface StreamsGroupTopologyKey extends Infer<typeof schema.StreamsGroupTopologyKey> {}

export function defaultStreamsGroupTopologyKey(): StreamsGroupTopologyKey {
  return {
    groupId: '',
  }
}

export function readStreamsGroupTopologyKey(reader: Reader, _version: number): StreamsGroupTopologyKey {
  const groupId = reader.string(false)
  return { groupId }
}

export function writeStreamsGroupTopologyKey(writer: Writer, _version: number, value: StreamsGroupTopologyKey): void {
  writer.string(value.groupId, false)
}

// ── StreamsGroupTopologyValue (23) 0 ──

export interface StreamsGroupTopologyValue extends Infer<typeof schema.StreamsGroupTopologyValue> {}
export type StreamsGroupTopologyValueSubtopology = StreamsGroupTopologyValue['subtopologies'][number]
export type StreamsGroupTopologyValueSubtopologyStateChangelogTopic = StreamsGroupTopologyValueSubtopology['stateChangelogTopics'][number]
export type StreamsGroupTopologyValueSubtopologyStateChangelogTopicTopicConfig = StreamsGroupTopologyValueSubtopologyStateChangelogTopic['topicConfigs'][number]
export type StreamsGroupTopologyValueSubtopologyCopartitionGroup = StreamsGroupTopologyValueSubtopology['copartitionGroups'][number]

export function defaultStreamsGroupTopologyValue(): StreamsGroupTopologyValue {
  return {
    epoch: 0,
    subtopologies: [],
  }
}

export function readStreamsGroupTopologyValue(reader: Reader, version: number): StreamsGroupTopologyValue {
  const epoch = reader.int32()
  const subtopologiesCount = reader.arrayCount(true, 8)
  const subtopologies: StreamsGroupTopologyValueSubtopology[] = []
  for (let index = 0; index < subtopologiesCount; index++) subtopologies.push(readStreamsGroupTopologyValueSubtopology(reader, version))
  reader.skipTags()
  return { epoch, subtopologies }
}

export function writeStreamsGroupTopologyValue(writer: Writer, version: number, value: StreamsGroupTopologyValue): void {
  writer.int32(value.epoch)
  writer.arrayCount(value.subtopologies.length, true)
  for (const element of value.subtopologies) writeStreamsGroupTopologyValueSubtopology(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupTopologyValueSubtopology(): StreamsGroupTopologyValueSubtopology {
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

function readStreamsGroupTopologyValueSubtopology(reader: Reader, version: number): StreamsGroupTopologyValueSubtopology {
  const subtopologyId = reader.string(true)
  const sourceTopicsCount = reader.arrayCount(true, 1)
  const sourceTopics = reader.stringArray(sourceTopicsCount, true)
  const sourceTopicRegexCount = reader.arrayCount(true, 1)
  const sourceTopicRegex = reader.stringArray(sourceTopicRegexCount, true)
  const stateChangelogTopicsCount = reader.arrayCount(true, 9)
  const stateChangelogTopics: StreamsGroupTopologyValueSubtopologyStateChangelogTopic[] = []
  for (let index = 0; index < stateChangelogTopicsCount; index++) stateChangelogTopics.push(readStreamsGroupTopologyValueSubtopologyStateChangelogTopic(reader, version))
  const repartitionSinkTopicsCount = reader.arrayCount(true, 1)
  const repartitionSinkTopics = reader.stringArray(repartitionSinkTopicsCount, true)
  const repartitionSourceTopicsCount = reader.arrayCount(true, 9)
  const repartitionSourceTopics: StreamsGroupTopologyValueSubtopologyStateChangelogTopic[] = []
  for (let index = 0; index < repartitionSourceTopicsCount; index++) repartitionSourceTopics.push(readStreamsGroupTopologyValueSubtopologyStateChangelogTopic(reader, version))
  const copartitionGroupsCount = reader.arrayCount(true, 4)
  const copartitionGroups: StreamsGroupTopologyValueSubtopologyCopartitionGroup[] = []
  for (let index = 0; index < copartitionGroupsCount; index++) copartitionGroups.push(readStreamsGroupTopologyValueSubtopologyCopartitionGroup(reader, version))
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

function writeStreamsGroupTopologyValueSubtopology(writer: Writer, version: number, value: StreamsGroupTopologyValueSubtopology): void {
  writer.string(value.subtopologyId, true)
  writer.arrayCount(value.sourceTopics.length, true)
  writer.stringArray(value.sourceTopics, true)
  writer.arrayCount(value.sourceTopicRegex.length, true)
  writer.stringArray(value.sourceTopicRegex, true)
  writer.arrayCount(value.stateChangelogTopics.length, true)
  for (const element of value.stateChangelogTopics) writeStreamsGroupTopologyValueSubtopologyStateChangelogTopic(writer, version, element)
  writer.arrayCount(value.repartitionSinkTopics.length, true)
  writer.stringArray(value.repartitionSinkTopics, true)
  writer.arrayCount(value.repartitionSourceTopics.length, true)
  for (const element of value.repartitionSourceTopics) writeStreamsGroupTopologyValueSubtopologyStateChangelogTopic(writer, version, element)
  writer.arrayCount(value.copartitionGroups.length, true)
  for (const element of value.copartitionGroups) writeStreamsGroupTopologyValueSubtopologyCopartitionGroup(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupTopologyValueSubtopologyStateChangelogTopic(): StreamsGroupTopologyValueSubtopologyStateChangelogTopic {
  return {
    name: '',
    partitions: 0,
    replicationFactor: 0,
    topicConfigs: [],
  }
}

function readStreamsGroupTopologyValueSubtopologyStateChangelogTopic(reader: Reader, version: number): StreamsGroupTopologyValueSubtopologyStateChangelogTopic {
  const name = reader.string(true)
  const partitions = reader.int32()
  const replicationFactor = reader.int16()
  const topicConfigsCount = reader.arrayCount(true, 3)
  const topicConfigs: StreamsGroupTopologyValueSubtopologyStateChangelogTopicTopicConfig[] = []
  for (let index = 0; index < topicConfigsCount; index++) topicConfigs.push(readStreamsGroupTopologyValueSubtopologyStateChangelogTopicTopicConfig(reader, version))
  reader.skipTags()
  return { name, partitions, replicationFactor, topicConfigs }
}

function writeStreamsGroupTopologyValueSubtopologyStateChangelogTopic(writer: Writer, version: number, value: StreamsGroupTopologyValueSubtopologyStateChangelogTopic): void {
  writer.string(value.name, true)
  writer.int32(value.partitions)
  writer.int16(value.replicationFactor)
  writer.arrayCount(value.topicConfigs.length, true)
  for (const element of value.topicConfigs) writeStreamsGroupTopologyValueSubtopologyStateChangelogTopicTopicConfig(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupTopologyValueSubtopologyStateChangelogTopicTopicConfig(): StreamsGroupTopologyValueSubtopologyStateChangelogTopicTopicConfig {
  return {
    key: '',
    value: '',
  }
}

function readStreamsGroupTopologyValueSubtopologyStateChangelogTopicTopicConfig(reader: Reader, _version: number): StreamsGroupTopologyValueSubtopologyStateChangelogTopicTopicConfig {
  const key = reader.string(true)
  const value = reader.string(true)
  reader.skipTags()
  return { key, value }
}

function writeStreamsGroupTopologyValueSubtopologyStateChangelogTopicTopicConfig(writer: Writer, _version: number, value: StreamsGroupTopologyValueSubtopologyStateChangelogTopicTopicConfig): void {
  writer.string(value.key, true)
  writer.string(value.value, true)
  writer.unsignedVarint(0)
}

export function defaultStreamsGroupTopologyValueSubtopologyCopartitionGroup(): StreamsGroupTopologyValueSubtopologyCopartitionGroup {
  return {
    sourceTopics: [],
    sourceTopicRegex: [],
    repartitionSourceTopics: [],
  }
}

function readStreamsGroupTopologyValueSubtopologyCopartitionGroup(reader: Reader, _version: number): StreamsGroupTopologyValueSubtopologyCopartitionGroup {
  const sourceTopicsCount = reader.arrayCount(true, 2)
  const sourceTopics = reader.int16Array(sourceTopicsCount)
  const sourceTopicRegexCount = reader.arrayCount(true, 2)
  const sourceTopicRegex = reader.int16Array(sourceTopicRegexCount)
  const repartitionSourceTopicsCount = reader.arrayCount(true, 2)
  const repartitionSourceTopics = reader.int16Array(repartitionSourceTopicsCount)
  reader.skipTags()
  return { sourceTopics, sourceTopicRegex, repartitionSourceTopics }
}

function writeStreamsGroupTopologyValueSubtopologyCopartitionGroup(writer: Writer, _version: number, value: StreamsGroupTopologyValueSubtopologyCopartitionGroup): void {
  writer.arrayCount(value.sourceTopics.length, true)
  writer.int16Array(value.sourceTopics)
  writer.arrayCount(value.sourceTopicRegex.length, true)
  writer.int16Array(value.sourceTopicRegex)
  writer.arrayCount(value.repartitionSourceTopics.length, true)
  writer.int16Array(value.repartitionSourceTopics)
  writer.unsignedVarint(0)
}
