// From ../messages/groups.ts. Written by scripts/generate-codecs.ts: change the source and run `npm run generate`.

import type * as schema from '../messages/groups.ts'
import { EMPTY_BYTES } from '../reader.ts'
import type { Reader } from '../reader.ts'
import type { Infer } from '../schema.ts'
import { unwritable } from '../writer.ts'
import type { Writer } from '../writer.ts'

// ── DeleteGroupsRequest (42) 0-2 ──

export interface DeleteGroupsRequest extends Infer<typeof schema.DeleteGroupsRequest> {}

export function defaultDeleteGroupsRequest(): DeleteGroupsRequest {
  return {
    groupsNames: [],
  }
}

export function readDeleteGroupsRequest(reader: Reader, version: number): DeleteGroupsRequest {
  const flexible = version >= 2
  const groupsNamesCount = reader.arrayCount(flexible, 1)
  const groupsNames = reader.stringArray(groupsNamesCount, flexible)
  if (flexible) reader.skipTags()
  return { groupsNames }
}

export function writeDeleteGroupsRequest(writer: Writer, version: number, value: DeleteGroupsRequest): void {
  const flexible = version >= 2
  writer.arrayCount(value.groupsNames.length, flexible)
  writer.stringArray(value.groupsNames, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── DeleteGroupsResponse (42) 0-2 ──

export interface DeleteGroupsResponse extends Infer<typeof schema.DeleteGroupsResponse> {}
export type DeleteGroupsResponseResult = DeleteGroupsResponse['results'][number]

export function defaultDeleteGroupsResponse(): DeleteGroupsResponse {
  return {
    throttleTimeMs: 0,
    results: [],
  }
}

export function readDeleteGroupsResponse(reader: Reader, version: number): DeleteGroupsResponse {
  const flexible = version >= 2
  const throttleTimeMs = reader.int32()
  const resultsCount = reader.arrayCount(flexible, 4)
  const results: DeleteGroupsResponseResult[] = []
  for (let index = 0; index < resultsCount; index++) results.push(readDeleteGroupsResponseResult(reader, version))
  if (flexible) reader.skipTags()
  return { throttleTimeMs, results }
}

export function writeDeleteGroupsResponse(writer: Writer, version: number, value: DeleteGroupsResponse): void {
  const flexible = version >= 2
  writer.int32(value.throttleTimeMs)
  writer.arrayCount(value.results.length, flexible)
  for (const element of value.results) writeDeleteGroupsResponseResult(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDeleteGroupsResponseResult(): DeleteGroupsResponseResult {
  return {
    groupId: '',
    errorCode: 0,
  }
}

function readDeleteGroupsResponseResult(reader: Reader, version: number): DeleteGroupsResponseResult {
  const flexible = version >= 2
  const groupId = reader.string(flexible)
  const errorCode = reader.int16()
  if (flexible) reader.skipTags()
  return { groupId, errorCode }
}

function writeDeleteGroupsResponseResult(writer: Writer, version: number, value: DeleteGroupsResponseResult): void {
  const flexible = version >= 2
  writer.string(value.groupId, flexible)
  writer.errorCode(value.errorCode)
  if (flexible) writer.unsignedVarint(0)
}

// ── DescribeGroupsRequest (15) 0-6 ──

export interface DescribeGroupsRequest extends Infer<typeof schema.DescribeGroupsRequest> {}

export function defaultDescribeGroupsRequest(): DescribeGroupsRequest {
  return {
    groups: [],
    includeAuthorizedOperations: false,
  }
}

export function readDescribeGroupsRequest(reader: Reader, version: number): DescribeGroupsRequest {
  const flexible = version >= 5
  const groupsCount = reader.arrayCount(flexible, 1)
  const groups = reader.stringArray(groupsCount, flexible)
  const includeAuthorizedOperations = version >= 3 ? reader.bool() : false
  if (flexible) reader.skipTags()
  return { groups, includeAuthorizedOperations }
}

export function writeDescribeGroupsRequest(writer: Writer, version: number, value: DescribeGroupsRequest): void {
  const flexible = version >= 5
  writer.arrayCount(value.groups.length, flexible)
  writer.stringArray(value.groups, flexible)
  if (version >= 3) writer.bool(value.includeAuthorizedOperations)
  else if (value.includeAuthorizedOperations !== false) throw unwritable('DescribeGroupsRequest', 'includeAuthorizedOperations', version)
  if (flexible) writer.unsignedVarint(0)
}

// ── DescribeGroupsResponse (15) 0-6 ──

export interface DescribeGroupsResponse extends Infer<typeof schema.DescribeGroupsResponse> {}
export type DescribeGroupsResponseGroup = DescribeGroupsResponse['groups'][number]
export type DescribeGroupsResponseGroupMember = DescribeGroupsResponseGroup['members'][number]

export function defaultDescribeGroupsResponse(): DescribeGroupsResponse {
  return {
    throttleTimeMs: 0,
    groups: [],
  }
}

export function readDescribeGroupsResponse(reader: Reader, version: number): DescribeGroupsResponse {
  const flexible = version >= 5
  const throttleTimeMs = version >= 1 ? reader.int32() : 0
  const groupsCount = reader.arrayCount(flexible, 12)
  const groups: DescribeGroupsResponseGroup[] = []
  for (let index = 0; index < groupsCount; index++) groups.push(readDescribeGroupsResponseGroup(reader, version))
  if (flexible) reader.skipTags()
  return { throttleTimeMs, groups }
}

export function writeDescribeGroupsResponse(writer: Writer, version: number, value: DescribeGroupsResponse): void {
  const flexible = version >= 5
  if (version >= 1) writer.int32(value.throttleTimeMs)
  writer.arrayCount(value.groups.length, flexible)
  for (const element of value.groups) writeDescribeGroupsResponseGroup(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDescribeGroupsResponseGroup(): DescribeGroupsResponseGroup {
  return {
    errorCode: 0,
    errorMessage: null,
    groupId: '',
    groupState: '',
    protocolType: '',
    protocolData: '',
    members: [],
    authorizedOperations: -2147483648,
  }
}

function readDescribeGroupsResponseGroup(reader: Reader, version: number): DescribeGroupsResponseGroup {
  const flexible = version >= 5
  const errorCode = reader.int16()
  const errorMessage = version >= 6 ? reader.nullableString(flexible) : null
  const groupId = reader.string(flexible)
  const groupState = reader.string(flexible)
  const protocolType = reader.string(flexible)
  const protocolData = reader.string(flexible)
  const membersCount = reader.arrayCount(flexible, 7)
  const members: DescribeGroupsResponseGroupMember[] = []
  for (let index = 0; index < membersCount; index++) members.push(readDescribeGroupsResponseGroupMember(reader, version))
  const authorizedOperations = version >= 3 ? reader.int32() : -2147483648
  if (flexible) reader.skipTags()
  return {
    errorCode,
    errorMessage,
    groupId,
    groupState,
    protocolType,
    protocolData,
    members,
    authorizedOperations,
  }
}

function writeDescribeGroupsResponseGroup(writer: Writer, version: number, value: DescribeGroupsResponseGroup): void {
  const flexible = version >= 5
  writer.errorCode(value.errorCode)
  if (version >= 6) writer.string(value.errorMessage, flexible)
  else if (value.errorMessage !== null) throw unwritable('DescribeGroupsResponse', 'errorMessage', version)
  writer.string(value.groupId, flexible)
  writer.string(value.groupState, flexible)
  writer.string(value.protocolType, flexible)
  writer.string(value.protocolData, flexible)
  writer.arrayCount(value.members.length, flexible)
  for (const element of value.members) writeDescribeGroupsResponseGroupMember(writer, version, element)
  if (version >= 3) writer.int32(value.authorizedOperations)
  else if (value.authorizedOperations !== -2147483648) throw unwritable('DescribeGroupsResponse', 'authorizedOperations', version)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDescribeGroupsResponseGroupMember(): DescribeGroupsResponseGroupMember {
  return {
    memberId: '',
    groupInstanceId: null,
    clientId: '',
    clientHost: '',
    memberMetadata: EMPTY_BYTES,
    memberAssignment: EMPTY_BYTES,
  }
}

function readDescribeGroupsResponseGroupMember(reader: Reader, version: number): DescribeGroupsResponseGroupMember {
  const flexible = version >= 5
  const memberId = reader.string(flexible)
  const groupInstanceId = version >= 4 ? reader.nullableString(flexible) : null
  const clientId = reader.string(flexible)
  const clientHost = reader.string(flexible)
  const memberMetadata = reader.bytes(flexible)
  const memberAssignment = reader.bytes(flexible)
  if (flexible) reader.skipTags()
  return { memberId, groupInstanceId, clientId, clientHost, memberMetadata, memberAssignment }
}

function writeDescribeGroupsResponseGroupMember(writer: Writer, version: number, value: DescribeGroupsResponseGroupMember): void {
  const flexible = version >= 5
  writer.string(value.memberId, flexible)
  if (version >= 4) writer.string(value.groupInstanceId, flexible)
  writer.string(value.clientId, flexible)
  writer.string(value.clientHost, flexible)
  writer.bytes(value.memberMetadata, flexible)
  writer.bytes(value.memberAssignment, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── FindCoordinatorRequest (10) 0-6 ──

export interface FindCoordinatorRequest extends Infer<typeof schema.FindCoordinatorRequest> {}

export function defaultFindCoordinatorRequest(): FindCoordinatorRequest {
  return {
    key: '',
    keyType: 0,
    coordinatorKeys: [],
  }
}

export function readFindCoordinatorRequest(reader: Reader, version: number): FindCoordinatorRequest {
  const flexible = version >= 3
  const key = version <= 3 ? reader.string(flexible) : ''
  const keyType = version >= 1 ? reader.int8() : 0
  const coordinatorKeysCount = version >= 4 ? reader.arrayCount(flexible, 1) : 0
  const coordinatorKeys = reader.stringArray(coordinatorKeysCount, flexible)
  if (flexible) reader.skipTags()
  return { key, keyType, coordinatorKeys }
}

export function writeFindCoordinatorRequest(writer: Writer, version: number, value: FindCoordinatorRequest): void {
  const flexible = version >= 3
  if (version <= 3) writer.string(value.key, flexible)
  else if (value.key !== '') throw unwritable('FindCoordinatorRequest', 'key', version)
  if (version >= 1) writer.int8(value.keyType)
  else if (value.keyType !== 0) throw unwritable('FindCoordinatorRequest', 'keyType', version)
  if (version >= 4) {
    writer.arrayCount(value.coordinatorKeys.length, flexible)
    writer.stringArray(value.coordinatorKeys, flexible)
  } else if (value.coordinatorKeys.length !== 0) throw unwritable('FindCoordinatorRequest', 'coordinatorKeys', version)
  if (flexible) writer.unsignedVarint(0)
}

// ── FindCoordinatorResponse (10) 0-6 ──

export interface FindCoordinatorResponse extends Infer<typeof schema.FindCoordinatorResponse> {}
export type FindCoordinatorResponseCoordinator = FindCoordinatorResponse['coordinators'][number]

export function defaultFindCoordinatorResponse(): FindCoordinatorResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    errorMessage: '',
    nodeId: 0,
    host: '',
    port: 0,
    coordinators: [],
  }
}

export function readFindCoordinatorResponse(reader: Reader, version: number): FindCoordinatorResponse {
  const flexible = version >= 3
  const throttleTimeMs = version >= 1 ? reader.int32() : 0
  const errorCode = version <= 3 ? reader.int16() : 0
  const errorMessage = version >= 1 && version <= 3 ? reader.nullableString(flexible) : ''
  const nodeId = version <= 3 ? reader.int32() : 0
  const host = version <= 3 ? reader.string(flexible) : ''
  const port = version <= 3 ? reader.int32() : 0
  const coordinatorsCount = version >= 4 ? reader.arrayCount(flexible, 14) : 0
  const coordinators: FindCoordinatorResponseCoordinator[] = []
  for (let index = 0; index < coordinatorsCount; index++) coordinators.push(readFindCoordinatorResponseCoordinator(reader, version))
  if (flexible) reader.skipTags()
  return { throttleTimeMs, errorCode, errorMessage, nodeId, host, port, coordinators }
}

export function writeFindCoordinatorResponse(writer: Writer, version: number, value: FindCoordinatorResponse): void {
  const flexible = version >= 3
  if (version >= 1) writer.int32(value.throttleTimeMs)
  if (version <= 3) writer.errorCode(value.errorCode)
  else if (value.errorCode !== 0) throw unwritable('FindCoordinatorResponse', 'errorCode', version)
  if (version >= 1 && version <= 3) writer.string(value.errorMessage, flexible)
  if (version <= 3) writer.int32(value.nodeId)
  else if (value.nodeId !== 0) throw unwritable('FindCoordinatorResponse', 'nodeId', version)
  if (version <= 3) writer.string(value.host, flexible)
  else if (value.host !== '') throw unwritable('FindCoordinatorResponse', 'host', version)
  if (version <= 3) writer.int32(value.port)
  else if (value.port !== 0) throw unwritable('FindCoordinatorResponse', 'port', version)
  if (version >= 4) {
    writer.arrayCount(value.coordinators.length, flexible)
    for (const element of value.coordinators) writeFindCoordinatorResponseCoordinator(writer, version, element)
  } else if (value.coordinators.length !== 0) throw unwritable('FindCoordinatorResponse', 'coordinators', version)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultFindCoordinatorResponseCoordinator(): FindCoordinatorResponseCoordinator {
  return {
    key: '',
    nodeId: 0,
    host: '',
    port: 0,
    errorCode: 0,
    errorMessage: '',
  }
}

function readFindCoordinatorResponseCoordinator(reader: Reader, _version: number): FindCoordinatorResponseCoordinator {
  const key = reader.string(true)
  const nodeId = reader.int32()
  const host = reader.string(true)
  const port = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  reader.skipTags()
  return { key, nodeId, host, port, errorCode, errorMessage }
}

function writeFindCoordinatorResponseCoordinator(writer: Writer, _version: number, value: FindCoordinatorResponseCoordinator): void {
  writer.string(value.key, true)
  writer.int32(value.nodeId)
  writer.string(value.host, true)
  writer.int32(value.port)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.unsignedVarint(0)
}

// ── HeartbeatRequest (12) 0-4 ──

export interface HeartbeatRequest extends Infer<typeof schema.HeartbeatRequest> {}

export function defaultHeartbeatRequest(): HeartbeatRequest {
  return {
    groupId: '',
    generationId: 0,
    memberId: '',
    groupInstanceId: null,
  }
}

export function readHeartbeatRequest(reader: Reader, version: number): HeartbeatRequest {
  const flexible = version >= 4
  const groupId = reader.string(flexible)
  const generationId = reader.int32()
  const memberId = reader.string(flexible)
  const groupInstanceId = version >= 3 ? reader.nullableString(flexible) : null
  if (flexible) reader.skipTags()
  return { groupId, generationId, memberId, groupInstanceId }
}

export function writeHeartbeatRequest(writer: Writer, version: number, value: HeartbeatRequest): void {
  const flexible = version >= 4
  writer.string(value.groupId, flexible)
  writer.int32(value.generationId)
  writer.string(value.memberId, flexible)
  if (version >= 3) writer.string(value.groupInstanceId, flexible)
  else if (value.groupInstanceId !== null) throw unwritable('HeartbeatRequest', 'groupInstanceId', version)
  if (flexible) writer.unsignedVarint(0)
}

// ── HeartbeatResponse (12) 0-4 ──

export interface HeartbeatResponse extends Infer<typeof schema.HeartbeatResponse> {}

export function defaultHeartbeatResponse(): HeartbeatResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
  }
}

export function readHeartbeatResponse(reader: Reader, version: number): HeartbeatResponse {
  const flexible = version >= 4
  const throttleTimeMs = version >= 1 ? reader.int32() : 0
  const errorCode = reader.int16()
  if (flexible) reader.skipTags()
  return { throttleTimeMs, errorCode }
}

export function writeHeartbeatResponse(writer: Writer, version: number, value: HeartbeatResponse): void {
  const flexible = version >= 4
  if (version >= 1) writer.int32(value.throttleTimeMs)
  writer.errorCode(value.errorCode)
  if (flexible) writer.unsignedVarint(0)
}

// ── JoinGroupRequest (11) 0-9 ──

export interface JoinGroupRequest extends Infer<typeof schema.JoinGroupRequest> {}
export type JoinGroupRequestProtocol = JoinGroupRequest['protocols'][number]

export function defaultJoinGroupRequest(): JoinGroupRequest {
  return {
    groupId: '',
    sessionTimeoutMs: 0,
    rebalanceTimeoutMs: -1,
    memberId: '',
    groupInstanceId: null,
    protocolType: '',
    protocols: [],
    reason: null,
  }
}

export function readJoinGroupRequest(reader: Reader, version: number): JoinGroupRequest {
  const flexible = version >= 6
  const groupId = reader.string(flexible)
  const sessionTimeoutMs = reader.int32()
  const rebalanceTimeoutMs = version >= 1 ? reader.int32() : -1
  const memberId = reader.string(flexible)
  const groupInstanceId = version >= 5 ? reader.nullableString(flexible) : null
  const protocolType = reader.string(flexible)
  const protocolsCount = reader.arrayCount(flexible, 3)
  const protocols: JoinGroupRequestProtocol[] = []
  for (let index = 0; index < protocolsCount; index++) protocols.push(readJoinGroupRequestProtocol(reader, version))
  const reason = version >= 8 ? reader.nullableString(flexible) : null
  if (flexible) reader.skipTags()
  return {
    groupId,
    sessionTimeoutMs,
    rebalanceTimeoutMs,
    memberId,
    groupInstanceId,
    protocolType,
    protocols,
    reason,
  }
}

export function writeJoinGroupRequest(writer: Writer, version: number, value: JoinGroupRequest): void {
  const flexible = version >= 6
  writer.string(value.groupId, flexible)
  writer.int32(value.sessionTimeoutMs)
  if (version >= 1) writer.int32(value.rebalanceTimeoutMs)
  writer.string(value.memberId, flexible)
  if (version >= 5) writer.string(value.groupInstanceId, flexible)
  else if (value.groupInstanceId !== null) throw unwritable('JoinGroupRequest', 'groupInstanceId', version)
  writer.string(value.protocolType, flexible)
  writer.arrayCount(value.protocols.length, flexible)
  for (const element of value.protocols) writeJoinGroupRequestProtocol(writer, version, element)
  if (version >= 8) writer.string(value.reason, flexible)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultJoinGroupRequestProtocol(): JoinGroupRequestProtocol {
  return {
    name: '',
    metadata: EMPTY_BYTES,
  }
}

function readJoinGroupRequestProtocol(reader: Reader, version: number): JoinGroupRequestProtocol {
  const flexible = version >= 6
  const name = reader.string(flexible)
  const metadata = reader.bytes(flexible)
  if (flexible) reader.skipTags()
  return { name, metadata }
}

function writeJoinGroupRequestProtocol(writer: Writer, version: number, value: JoinGroupRequestProtocol): void {
  const flexible = version >= 6
  writer.string(value.name, flexible)
  writer.bytes(value.metadata, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── JoinGroupResponse (11) 0-9 ──

export interface JoinGroupResponse extends Infer<typeof schema.JoinGroupResponse> {}
export type JoinGroupResponseMember = JoinGroupResponse['members'][number]

export function defaultJoinGroupResponse(): JoinGroupResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    generationId: -1,
    protocolType: null,
    protocolName: '',
    leader: '',
    skipAssignment: false,
    memberId: '',
    members: [],
  }
}

export function readJoinGroupResponse(reader: Reader, version: number): JoinGroupResponse {
  const flexible = version >= 6
  const throttleTimeMs = version >= 2 ? reader.int32() : 0
  const errorCode = reader.int16()
  const generationId = reader.int32()
  const protocolType = version >= 7 ? reader.nullableString(flexible) : null
  const protocolName = version >= 7 ? reader.nullableString(flexible) : reader.string(flexible)
  const leader = reader.string(flexible)
  const skipAssignment = version >= 9 ? reader.bool() : false
  const memberId = reader.string(flexible)
  const membersCount = reader.arrayCount(flexible, 4)
  const members: JoinGroupResponseMember[] = []
  for (let index = 0; index < membersCount; index++) members.push(readJoinGroupResponseMember(reader, version))
  if (flexible) reader.skipTags()
  return {
    throttleTimeMs,
    errorCode,
    generationId,
    protocolType,
    protocolName,
    leader,
    skipAssignment,
    memberId,
    members,
  }
}

export function writeJoinGroupResponse(writer: Writer, version: number, value: JoinGroupResponse): void {
  const flexible = version >= 6
  if (version >= 2) writer.int32(value.throttleTimeMs)
  writer.errorCode(value.errorCode)
  writer.int32(value.generationId)
  if (version >= 7) writer.string(value.protocolType, flexible)
  if (value.protocolName === null && !(version >= 7)) throw unwritable('JoinGroupResponse', 'protocolName', version)
  writer.string(value.protocolName, flexible)
  writer.string(value.leader, flexible)
  if (version >= 9) writer.bool(value.skipAssignment)
  else if (value.skipAssignment !== false) throw unwritable('JoinGroupResponse', 'skipAssignment', version)
  writer.string(value.memberId, flexible)
  writer.arrayCount(value.members.length, flexible)
  for (const element of value.members) writeJoinGroupResponseMember(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultJoinGroupResponseMember(): JoinGroupResponseMember {
  return {
    memberId: '',
    groupInstanceId: null,
    metadata: EMPTY_BYTES,
  }
}

function readJoinGroupResponseMember(reader: Reader, version: number): JoinGroupResponseMember {
  const flexible = version >= 6
  const memberId = reader.string(flexible)
  const groupInstanceId = version >= 5 ? reader.nullableString(flexible) : null
  const metadata = reader.bytes(flexible)
  if (flexible) reader.skipTags()
  return { memberId, groupInstanceId, metadata }
}

function writeJoinGroupResponseMember(writer: Writer, version: number, value: JoinGroupResponseMember): void {
  const flexible = version >= 6
  writer.string(value.memberId, flexible)
  if (version >= 5) writer.string(value.groupInstanceId, flexible)
  writer.bytes(value.metadata, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── LeaveGroupRequest (13) 0-5 ──

export interface LeaveGroupRequest extends Infer<typeof schema.LeaveGroupRequest> {}
export type LeaveGroupRequestMember = LeaveGroupRequest['members'][number]

export function defaultLeaveGroupRequest(): LeaveGroupRequest {
  return {
    groupId: '',
    memberId: '',
    members: [],
  }
}

export function readLeaveGroupRequest(reader: Reader, version: number): LeaveGroupRequest {
  const flexible = version >= 4
  const groupId = reader.string(flexible)
  const memberId = version <= 2 ? reader.string(flexible) : ''
  const membersCount = version >= 3 ? reader.arrayCount(flexible, 3) : 0
  const members: LeaveGroupRequestMember[] = []
  for (let index = 0; index < membersCount; index++) members.push(readLeaveGroupRequestMember(reader, version))
  if (flexible) reader.skipTags()
  return { groupId, memberId, members }
}

export function writeLeaveGroupRequest(writer: Writer, version: number, value: LeaveGroupRequest): void {
  const flexible = version >= 4
  writer.string(value.groupId, flexible)
  if (version <= 2) writer.string(value.memberId, flexible)
  else if (value.memberId !== '') throw unwritable('LeaveGroupRequest', 'memberId', version)
  if (version >= 3) {
    writer.arrayCount(value.members.length, flexible)
    for (const element of value.members) writeLeaveGroupRequestMember(writer, version, element)
  } else if (value.members.length !== 0) throw unwritable('LeaveGroupRequest', 'members', version)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultLeaveGroupRequestMember(): LeaveGroupRequestMember {
  return {
    memberId: '',
    groupInstanceId: null,
    reason: null,
  }
}

function readLeaveGroupRequestMember(reader: Reader, version: number): LeaveGroupRequestMember {
  const flexible = version >= 4
  const memberId = reader.string(flexible)
  const groupInstanceId = reader.nullableString(flexible)
  const reason = version >= 5 ? reader.nullableString(flexible) : null
  if (flexible) reader.skipTags()
  return { memberId, groupInstanceId, reason }
}

function writeLeaveGroupRequestMember(writer: Writer, version: number, value: LeaveGroupRequestMember): void {
  const flexible = version >= 4
  writer.string(value.memberId, flexible)
  writer.string(value.groupInstanceId, flexible)
  if (version >= 5) writer.string(value.reason, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── LeaveGroupResponse (13) 0-5 ──

export interface LeaveGroupResponse extends Infer<typeof schema.LeaveGroupResponse> {}
export type LeaveGroupResponseMember = LeaveGroupResponse['members'][number]

export function defaultLeaveGroupResponse(): LeaveGroupResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    members: [],
  }
}

export function readLeaveGroupResponse(reader: Reader, version: number): LeaveGroupResponse {
  const flexible = version >= 4
  const throttleTimeMs = version >= 1 ? reader.int32() : 0
  const errorCode = reader.int16()
  const membersCount = version >= 3 ? reader.arrayCount(flexible, 5) : 0
  const members: LeaveGroupResponseMember[] = []
  for (let index = 0; index < membersCount; index++) members.push(readLeaveGroupResponseMember(reader, version))
  if (flexible) reader.skipTags()
  return { throttleTimeMs, errorCode, members }
}

export function writeLeaveGroupResponse(writer: Writer, version: number, value: LeaveGroupResponse): void {
  const flexible = version >= 4
  if (version >= 1) writer.int32(value.throttleTimeMs)
  writer.errorCode(value.errorCode)
  if (version >= 3) {
    writer.arrayCount(value.members.length, flexible)
    for (const element of value.members) writeLeaveGroupResponseMember(writer, version, element)
  } else if (value.members.length !== 0) throw unwritable('LeaveGroupResponse', 'members', version)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultLeaveGroupResponseMember(): LeaveGroupResponseMember {
  return {
    memberId: '',
    groupInstanceId: '',
    errorCode: 0,
  }
}

function readLeaveGroupResponseMember(reader: Reader, version: number): LeaveGroupResponseMember {
  const flexible = version >= 4
  const memberId = reader.string(flexible)
  const groupInstanceId = reader.nullableString(flexible)
  const errorCode = reader.int16()
  if (flexible) reader.skipTags()
  return { memberId, groupInstanceId, errorCode }
}

function writeLeaveGroupResponseMember(writer: Writer, version: number, value: LeaveGroupResponseMember): void {
  const flexible = version >= 4
  writer.string(value.memberId, flexible)
  writer.string(value.groupInstanceId, flexible)
  writer.errorCode(value.errorCode)
  if (flexible) writer.unsignedVarint(0)
}

// ── ListGroupsRequest (16) 0-5 ──

export interface ListGroupsRequest extends Infer<typeof schema.ListGroupsRequest> {}

export function defaultListGroupsRequest(): ListGroupsRequest {
  return {
    statesFilter: [],
    typesFilter: [],
  }
}

export function readListGroupsRequest(reader: Reader, version: number): ListGroupsRequest {
  const flexible = version >= 3
  const statesFilterCount = version >= 4 ? reader.arrayCount(flexible, 1) : 0
  const statesFilter = reader.stringArray(statesFilterCount, flexible)
  const typesFilterCount = version >= 5 ? reader.arrayCount(flexible, 1) : 0
  const typesFilter = reader.stringArray(typesFilterCount, flexible)
  if (flexible) reader.skipTags()
  return { statesFilter, typesFilter }
}

export function writeListGroupsRequest(writer: Writer, version: number, value: ListGroupsRequest): void {
  const flexible = version >= 3
  if (version >= 4) {
    writer.arrayCount(value.statesFilter.length, flexible)
    writer.stringArray(value.statesFilter, flexible)
  } else if (value.statesFilter.length !== 0) throw unwritable('ListGroupsRequest', 'statesFilter', version)
  if (version >= 5) {
    writer.arrayCount(value.typesFilter.length, flexible)
    writer.stringArray(value.typesFilter, flexible)
  } else if (value.typesFilter.length !== 0) throw unwritable('ListGroupsRequest', 'typesFilter', version)
  if (flexible) writer.unsignedVarint(0)
}

// ── ListGroupsResponse (16) 0-5 ──

export interface ListGroupsResponse extends Infer<typeof schema.ListGroupsResponse> {}
export type ListGroupsResponseGroup = ListGroupsResponse['groups'][number]

export function defaultListGroupsResponse(): ListGroupsResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    groups: [],
  }
}

export function readListGroupsResponse(reader: Reader, version: number): ListGroupsResponse {
  const flexible = version >= 3
  const throttleTimeMs = version >= 1 ? reader.int32() : 0
  const errorCode = reader.int16()
  const groupsCount = reader.arrayCount(flexible, 3)
  const groups: ListGroupsResponseGroup[] = []
  for (let index = 0; index < groupsCount; index++) groups.push(readListGroupsResponseGroup(reader, version))
  if (flexible) reader.skipTags()
  return { throttleTimeMs, errorCode, groups }
}

export function writeListGroupsResponse(writer: Writer, version: number, value: ListGroupsResponse): void {
  const flexible = version >= 3
  if (version >= 1) writer.int32(value.throttleTimeMs)
  writer.errorCode(value.errorCode)
  writer.arrayCount(value.groups.length, flexible)
  for (const element of value.groups) writeListGroupsResponseGroup(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultListGroupsResponseGroup(): ListGroupsResponseGroup {
  return {
    groupId: '',
    protocolType: '',
    groupState: '',
    groupType: '',
  }
}

function readListGroupsResponseGroup(reader: Reader, version: number): ListGroupsResponseGroup {
  const flexible = version >= 3
  const groupId = reader.string(flexible)
  const protocolType = reader.string(flexible)
  const groupState = version >= 4 ? reader.string(flexible) : ''
  const groupType = version >= 5 ? reader.string(flexible) : ''
  if (flexible) reader.skipTags()
  return { groupId, protocolType, groupState, groupType }
}

function writeListGroupsResponseGroup(writer: Writer, version: number, value: ListGroupsResponseGroup): void {
  const flexible = version >= 3
  writer.string(value.groupId, flexible)
  writer.string(value.protocolType, flexible)
  if (version >= 4) writer.string(value.groupState, flexible)
  if (version >= 5) writer.string(value.groupType, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── SyncGroupRequest (14) 0-5 ──

export interface SyncGroupRequest extends Infer<typeof schema.SyncGroupRequest> {}
export type SyncGroupRequestAssignment = SyncGroupRequest['assignments'][number]

export function defaultSyncGroupRequest(): SyncGroupRequest {
  return {
    groupId: '',
    generationId: 0,
    memberId: '',
    groupInstanceId: null,
    protocolType: null,
    protocolName: null,
    assignments: [],
  }
}

export function readSyncGroupRequest(reader: Reader, version: number): SyncGroupRequest {
  const flexible = version >= 4
  const groupId = reader.string(flexible)
  const generationId = reader.int32()
  const memberId = reader.string(flexible)
  const groupInstanceId = version >= 3 ? reader.nullableString(flexible) : null
  const protocolType = version >= 5 ? reader.nullableString(flexible) : null
  const protocolName = version >= 5 ? reader.nullableString(flexible) : null
  const assignmentsCount = reader.arrayCount(flexible, 3)
  const assignments: SyncGroupRequestAssignment[] = []
  for (let index = 0; index < assignmentsCount; index++) assignments.push(readSyncGroupRequestAssignment(reader, version))
  if (flexible) reader.skipTags()
  return { groupId, generationId, memberId, groupInstanceId, protocolType, protocolName, assignments }
}

export function writeSyncGroupRequest(writer: Writer, version: number, value: SyncGroupRequest): void {
  const flexible = version >= 4
  writer.string(value.groupId, flexible)
  writer.int32(value.generationId)
  writer.string(value.memberId, flexible)
  if (version >= 3) writer.string(value.groupInstanceId, flexible)
  else if (value.groupInstanceId !== null) throw unwritable('SyncGroupRequest', 'groupInstanceId', version)
  if (version >= 5) writer.string(value.protocolType, flexible)
  if (version >= 5) writer.string(value.protocolName, flexible)
  writer.arrayCount(value.assignments.length, flexible)
  for (const element of value.assignments) writeSyncGroupRequestAssignment(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultSyncGroupRequestAssignment(): SyncGroupRequestAssignment {
  return {
    memberId: '',
    assignment: EMPTY_BYTES,
  }
}

function readSyncGroupRequestAssignment(reader: Reader, version: number): SyncGroupRequestAssignment {
  const flexible = version >= 4
  const memberId = reader.string(flexible)
  const assignment = reader.bytes(flexible)
  if (flexible) reader.skipTags()
  return { memberId, assignment }
}

function writeSyncGroupRequestAssignment(writer: Writer, version: number, value: SyncGroupRequestAssignment): void {
  const flexible = version >= 4
  writer.string(value.memberId, flexible)
  writer.bytes(value.assignment, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── SyncGroupResponse (14) 0-5 ──

export interface SyncGroupResponse extends Infer<typeof schema.SyncGroupResponse> {}

export function defaultSyncGroupResponse(): SyncGroupResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    protocolType: null,
    protocolName: null,
    assignment: EMPTY_BYTES,
  }
}

export function readSyncGroupResponse(reader: Reader, version: number): SyncGroupResponse {
  const flexible = version >= 4
  const throttleTimeMs = version >= 1 ? reader.int32() : 0
  const errorCode = reader.int16()
  const protocolType = version >= 5 ? reader.nullableString(flexible) : null
  const protocolName = version >= 5 ? reader.nullableString(flexible) : null
  const assignment = reader.bytes(flexible)
  if (flexible) reader.skipTags()
  return { throttleTimeMs, errorCode, protocolType, protocolName, assignment }
}

export function writeSyncGroupResponse(writer: Writer, version: number, value: SyncGroupResponse): void {
  const flexible = version >= 4
  if (version >= 1) writer.int32(value.throttleTimeMs)
  writer.errorCode(value.errorCode)
  if (version >= 5) writer.string(value.protocolType, flexible)
  if (version >= 5) writer.string(value.protocolName, flexible)
  writer.bytes(value.assignment, flexible)
  if (flexible) writer.unsignedVarint(0)
}
