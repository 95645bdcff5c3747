/** Classic groups: joining, leaving and looking at them (KIP-345, KIP-394, KIP-559, KIP-699, KIP-800). */

import { array, bool, bytes, int8, int16, int32, message, string } from '../schema.ts'

export const FindCoordinatorRequest = message({
  kind: 'request',
  name: 'FindCoordinator',
  key: 10,
  versions: '0-6',
  flexible: '3+',
  fields: {
    key: string({ versions: '0-3' }),
    keyType: int8({ versions: '1+' }),
    coordinatorKeys: array({ versions: '4+' }).of(string()),
  },
})

export const FindCoordinatorResponse = message({
  kind: 'response',
  name: 'FindCoordinator',
  key: 10,
  versions: '0-6',
  flexible: '3+',
  fields: {
    throttleTimeMs: int32({ versions: '1+', ignorable: true }),
    errorCode: int16({ versions: '0-3' }),
    errorMessage: string({ versions: '1-3', nullable: true, ignorable: true }),
    nodeId: int32({ versions: '0-3' }),
    host: string({ versions: '0-3' }),
    port: int32({ versions: '0-3' }),
    coordinators: array({ versions: '4+' }).of({
      key: string(),
      nodeId: int32(),
      host: string(),
      port: int32(),
      errorCode: int16(),
      errorMessage: string({ nullable: true, ignorable: true }),
    }),
  },
})

export const JoinGroupRequest = message({
  kind: 'request',
  name: 'JoinGroup',
  key: 11,
  versions: '0-9',
  flexible: '6+',
  fields: {
    groupId: string(),
    sessionTimeoutMs: int32(),
    rebalanceTimeoutMs: int32({ versions: '1+', default: -1, ignorable: true }),
    memberId: string(),
    groupInstanceId: string({ versions: '5+', nullable: true, default: null }),
    protocolType: string(),
    protocols: array().of({
      name: string(),
      metadata: bytes(),
    }),
    reason: string({ versions: '8+', nullable: true, default: null, ignorable: true }),
  },
})

export const JoinGroupResponse = message({
  kind: 'response',
  name: 'JoinGroup',
  key: 11,
  versions: '0-9',
  flexible: '6+',
  fields: {
    throttleTimeMs: int32({ versions: '2+', ignorable: true }),
    errorCode: int16(),
    generationId: int32({ default: -1 }),
    protocolType: string({ versions: '7+', nullable: true, default: null, ignorable: true }),
    protocolName: string({ nullable: '7+' }),
    leader: string(),
    skipAssignment: bool({ versions: '9+' }),
    memberId: string(),
    members: array().of({
      memberId: string(),
      groupInstanceId: string({ versions: '5+', nullable: true, default: null, ignorable: true }),
      metadata: bytes(),
    }),
  },
})

export const SyncGroupRequest = message({
  kind: 'request',
  name: 'SyncGroup',
  key: 14,
  versions: '0-5',
  flexible: '4+',
  fields: {
    groupId: string(),
    generationId: int32(),
    memberId: string(),
    groupInstanceId: string({ versions: '3+', nullable: true, default: null }),
    protocolType: string({ versions: '5+', nullable: true, default: null, ignorable: true }),
    protocolName: string({ versions: '5+', nullable: true, default: null, ignorable: true }),
    assignments: array().of({
      memberId: string(),
      assignment: bytes(),
    }),
  },
})

export const SyncGroupResponse = message({
  kind: 'response',
  name: 'SyncGroup',
  key: 14,
  versions: '0-5',
  flexible: '4+',
  fields: {
    throttleTimeMs: int32({ versions: '1+', ignorable: true }),
    errorCode: int16(),
    protocolType: string({ versions: '5+', nullable: true, default: null, ignorable: true }),
    protocolName: string({ versions: '5+', nullable: true, default: null, ignorable: true }),
    assignment: bytes(),
  },
})

export const HeartbeatRequest = message({
  kind: 'request',
  name: 'Heartbeat',
  key: 12,
  versions: '0-4',
  flexible: '4+',
  fields: {
    groupId: string(),
    generationId: int32(),
    memberId: string(),
    groupInstanceId: string({ versions: '3+', nullable: true, default: null }),
  },
})

export const HeartbeatResponse = message({
  kind: 'response',
  name: 'Heartbeat',
  key: 12,
  versions: '0-4',
  flexible: '4+',
  fields: {
    throttleTimeMs: int32({ versions: '1+', ignorable: true }),
    errorCode: int16(),
  },
})

export const LeaveGroupRequest = message({
  kind: 'request',
  name: 'LeaveGroup',
  key: 13,
  versions: '0-5',
  flexible: '4+',
  fields: {
    groupId: string(),
    memberId: string({ versions: '0-2' }),
    members: array({ versions: '3+' }).of({
      memberId: string(),
      groupInstanceId: string({ nullable: true, default: null }),
      reason: string({ versions: '5+', nullable: true, default: null, ignorable: true }),
    }),
  },
})

export const LeaveGroupResponse = message({
  kind: 'response',
  name: 'LeaveGroup',
  key: 13,
  versions: '0-5',
  flexible: '4+',
  fields: {
    throttleTimeMs: int32({ versions: '1+', ignorable: true }),
    errorCode: int16(),
    members: array({ versions: '3+' }).of({
      memberId: string(),
      groupInstanceId: string({ nullable: true }),
      errorCode: int16(),
    }),
  },
})

export const DescribeGroupsRequest = message({
  kind: 'request',
  name: 'DescribeGroups',
  key: 15,
  versions: '0-6',
  flexible: '5+',
  fields: {
    groups: array().of(string()),
    includeAuthorizedOperations: bool({ versions: '3+' }),
  },
})

export const DescribeGroupsResponse = message({
  kind: 'response',
  name: 'DescribeGroups',
  key: 15,
  versions: '0-6',
  flexible: '5+',
  fields: {
    throttleTimeMs: int32({ versions: '1+', ignorable: true }),
    groups: array().of({
      errorCode: int16(),
      errorMessage: string({ versions: '6+', nullable: true, default: null }),
      groupId: string(),
      groupState: string(),
      protocolType: string(),
      protocolData: string(),
      members: array().of({
        memberId: string(),
        groupInstanceId: string({ versions: '4+', nullable: true, default: null, ignorable: true }),
        clientId: string(),
        clientHost: string(),
        memberMetadata: bytes(),
        memberAssignment: bytes(),
      }),
      authorizedOperations: int32({ versions: '3+', default: -2147483648 }),
    }),
  },
})

export const ListGroupsRequest = message({
  kind: 'request',
  name: 'ListGroups',
  key: 16,
  versions: '0-5',
  flexible: '3+',
  fields: {
    statesFilter: array({ versions: '4+' }).of(string()),
    typesFilter: array({ versions: '5+' }).of(string()),
  },
})

export const ListGroupsResponse = message({
  kind: 'response',
  name: 'ListGroups',
  key: 16,
  versions: '0-5',
  flexible: '3+',
  fields: {
    throttleTimeMs: int32({ versions: '1+', ignorable: true }),
    errorCode: int16(),
    groups: array().of({
      groupId: string(),
      protocolType: string(),
      groupState: string({ versions: '4+', ignorable: true }),
      groupType: string({ versions: '5+', ignorable: true }),
    }),
  },
})

export const DeleteGroupsRequest = message({
  kind: 'request',
  name: 'DeleteGroups',
  key: 42,
  versions: '0-2',
  flexible: '2+',
  fields: {
    groupsNames: array().of(string()),
  },
})

export const DeleteGroupsResponse = message({
  kind: 'response',
  name: 'DeleteGroups',
  key: 42,
  versions: '0-2',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32(),
    results: array().of({
      groupId: string(),
      errorCode: int16(),
    }),
  },
})
