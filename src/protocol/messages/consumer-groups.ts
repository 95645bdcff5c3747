/** Groups whose assignment the broker computes (KIP-848). */

import { array, bool, int8, int16, int32, message, string, struct, uuid } from '../schema.ts'

export const ConsumerGroupHeartbeatRequest = message({
  kind: 'request',
  name: 'ConsumerGroupHeartbeat',
  key: 68,
  versions: '0-1',
  flexible: '0+',
  fields: {
    groupId: string(),
    memberId: string(),
    memberEpoch: int32(),
    instanceId: string({ nullable: true, default: null }),
    rackId: string({ nullable: true, default: null }),
    rebalanceTimeoutMs: int32({ default: -1 }),
    subscribedTopicNames: array({ nullable: true, default: null }).of(string()),
    subscribedTopicRegex: string({ versions: '1+', nullable: true, default: null }),
    serverAssignor: string({ nullable: true, default: null }),
    topicPartitions: array({ nullable: true, default: null }).of({
      topicId: uuid(),
      partitions: array().of(int32()),
    }),
  },
})

export const ConsumerGroupHeartbeatResponse = message({
  kind: 'response',
  name: 'ConsumerGroupHeartbeat',
  key: 68,
  versions: '0-1',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: true, default: null }),
    memberId: string({ nullable: true, default: null }),
    memberEpoch: int32(),
    heartbeatIntervalMs: int32(),
    assignment: struct({ nullable: true, default: null }).of({
      topicPartitions: array().of({
        topicId: uuid(),
        partitions: array().of(int32()),
      }),
    }),
  },
})

export const ConsumerGroupDescribeRequest = message({
  kind: 'request',
  name: 'ConsumerGroupDescribe',
  key: 69,
  versions: '0-1',
  flexible: '0+',
  fields: {
    groupIds: array().of(string()),
    includeAuthorizedOperations: bool(),
  },
})

const topicPartitions = {
  topicId: uuid(),
  topicName: string(),
  partitions: array().of(int32()),
}

const assignment = {
  topicPartitions: array().of(topicPartitions),
}

export const ConsumerGroupDescribeResponse = message({
  kind: 'response',
  name: 'ConsumerGroupDescribe',
  key: 69,
  versions: '0-1',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32(),
    groups: array().of({
      errorCode: int16(),
      errorMessage: string({ nullable: true, default: null }),
      groupId: string(),
      groupState: string(),
      groupEpoch: int32(),
      assignmentEpoch: int32(),
      assignorName: string(),
      members: array().of({
        memberId: string(),
        instanceId: string({ nullable: true, default: null }),
        rackId: string({ nullable: true, default: null }),
        memberEpoch: int32(),
        clientId: string(),
        clientHost: string(),
        subscribedTopicNames: array().of(string()),
        subscribedTopicRegex: string({ nullable: true, default: null }),
        assignment: struct().of(assignment),
        targetAssignment: struct().of(assignment),
        memberType: int8({ versions: '1+', default: -1, ignorable: true }),
      }),
      authorizedOperations: int32({ default: -2147483648 }),
    }),
  },
})
