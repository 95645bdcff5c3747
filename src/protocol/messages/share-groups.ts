/** Share groups: records handed out one by one and acknowledged (KIP-932, KIP-1206, KIP-1222). */

import { array, bool, int8, int16, int32, int64, message, records, string, struct, uuid } from '../schema.ts'

export const ShareGroupHeartbeatRequest = message({
  kind: 'request',
  name: 'ShareGroupHeartbeat',
  key: 76,
  versions: '1',
  flexible: '1+',
  fields: {
    groupId: string(),
    memberId: string(),
    memberEpoch: int32(),
    rackId: string({ nullable: true, default: null }),
    subscribedTopicNames: array({ nullable: true, default: null }).of(string()),
  },
})

export const ShareGroupHeartbeatResponse = message({
  kind: 'response',
  name: 'ShareGroupHeartbeat',
  key: 76,
  versions: '1',
  flexible: '1+',
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

export const ShareGroupDescribeRequest = message({
  kind: 'request',
  name: 'ShareGroupDescribe',
  key: 77,
  versions: '1',
  flexible: '1+',
  fields: {
    groupIds: array().of(string()),
    includeAuthorizedOperations: bool(),
  },
})

export const ShareGroupDescribeResponse = message({
  kind: 'response',
  name: 'ShareGroupDescribe',
  key: 77,
  versions: '1',
  flexible: '1+',
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
        rackId: string({ nullable: true, default: null }),
        memberEpoch: int32(),
        clientId: string(),
        clientHost: string(),
        subscribedTopicNames: array().of(string()),
        assignment: struct().of({
          topicPartitions: array().of({
            topicId: uuid(),
            topicName: string(),
            partitions: array().of(int32()),
          }),
        }),
      }),
      authorizedOperations: int32({ default: -2147483648 }),
    }),
  },
})

export const ShareFetchRequest = message({
  kind: 'request',
  name: 'ShareFetch',
  key: 78,
  versions: '1-2',
  flexible: '1+',
  fields: {
    groupId: string({ nullable: true, default: null }),
    memberId: string({ nullable: true }),
    shareSessionEpoch: int32(),
    maxWaitMs: int32(),
    minBytes: int32(),
    maxBytes: int32({ default: 0x7fffffff }),
    maxRecords: int32(),
    batchSize: int32(),
    shareAcquireMode: int8({ versions: '2+', ignorable: true }),
    isRenewAck: bool({ versions: '2+' }),
    topics: array().of({
      topicId: uuid(),
      partitions: array().of({
        partitionIndex: int32(),
        acknowledgementBatches: array().of({
          firstOffset: int64(),
          lastOffset: int64(),
          acknowledgeTypes: array().of(int8()),
        }),
      }),
    }),
    forgottenTopicsData: array().of({
      topicId: uuid(),
      partitions: array().of(int32()),
    }),
  },
})

export const ShareFetchResponse = message({
  kind: 'response',
  name: 'ShareFetch',
  key: 78,
  versions: '1-2',
  flexible: '1+',
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: true, default: null }),
    acquisitionLockTimeoutMs: int32(),
    responses: array().of({
      topicId: uuid(),
      partitions: array().of({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: true, default: null }),
        acknowledgeErrorCode: int16(),
        acknowledgeErrorMessage: string({ nullable: true, default: null }),
        currentLeader: struct().of({
          leaderId: int32(),
          leaderEpoch: int32(),
        }),
        records: records(),
        acquiredRecords: array().of({
          firstOffset: int64(),
          lastOffset: int64(),
          deliveryCount: int16(),
        }),
      }),
    }),
    nodeEndpoints: array().of({
      nodeId: int32(),
      host: string(),
      port: int32(),
      rack: string({ nullable: true, default: null }),
    }),
  },
})

export const ShareAcknowledgeRequest = message({
  kind: 'request',
  name: 'ShareAcknowledge',
  key: 79,
  versions: '1-2',
  flexible: '1+',
  fields: {
    groupId: string({ nullable: true, default: null }),
    memberId: string({ nullable: true }),
    shareSessionEpoch: int32(),
    isRenewAck: bool({ versions: '2+' }),
    topics: array().of({
      topicId: uuid(),
      partitions: array().of({
        partitionIndex: int32(),
        acknowledgementBatches: array().of({
          firstOffset: int64(),
          lastOffset: int64(),
          acknowledgeTypes: array().of(int8()),
        }),
      }),
    }),
  },
})

export const ShareAcknowledgeResponse = message({
  kind: 'response',
  name: 'ShareAcknowledge',
  key: 79,
  versions: '1-2',
  flexible: '1+',
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: true, default: null }),
    acquisitionLockTimeoutMs: int32({ versions: '2+', ignorable: true }),
    responses: array().of({
      topicId: uuid(),
      partitions: array().of({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: true, default: null }),
        currentLeader: struct().of({
          leaderId: int32(),
          leaderEpoch: int32(),
        }),
      }),
    }),
    nodeEndpoints: array().of({
      nodeId: int32(),
      host: string(),
      port: int32(),
      rack: string({ nullable: true, default: null }),
    }),
  },
})

export const DescribeShareGroupOffsetsRequest = message({
  kind: 'request',
  name: 'DescribeShareGroupOffsets',
  key: 90,
  versions: '0-1',
  flexible: '0+',
  fields: {
    groups: array().of({
      groupId: string(),
      topics: array({ nullable: true }).of({
        topicName: string(),
        partitions: array().of(int32()),
      }),
    }),
  },
})

export const DescribeShareGroupOffsetsResponse = message({
  kind: 'response',
  name: 'DescribeShareGroupOffsets',
  key: 90,
  versions: '0-1',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32(),
    groups: array().of({
      groupId: string(),
      topics: array().of({
        topicName: string(),
        topicId: uuid(),
        partitions: array().of({
          partitionIndex: int32(),
          startOffset: int64(),
          leaderEpoch: int32(),
          lag: int64({ versions: '1+', default: -1, ignorable: true }),
          errorCode: int16(),
          errorMessage: string({ nullable: true, default: null }),
        }),
      }),
      errorCode: int16(),
      errorMessage: string({ nullable: true, default: null }),
    }),
  },
})

export const AlterShareGroupOffsetsRequest = message({
  kind: 'request',
  name: 'AlterShareGroupOffsets',
  key: 91,
  versions: '0',
  flexible: '0+',
  fields: {
    groupId: string(),
    topics: array().of({
      topicName: string(),
      partitions: array().of({
        partitionIndex: int32(),
        startOffset: int64(),
      }),
    }),
  },
})

export const AlterShareGroupOffsetsResponse = message({
  kind: 'response',
  name: 'AlterShareGroupOffsets',
  key: 91,
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: true, default: null }),
    responses: array().of({
      topicName: string(),
      topicId: uuid(),
      partitions: array().of({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: true, default: null }),
      }),
    }),
  },
})

export const DeleteShareGroupOffsetsRequest = message({
  kind: 'request',
  name: 'DeleteShareGroupOffsets',
  key: 92,
  versions: '0',
  flexible: '0+',
  fields: {
    groupId: string(),
    topics: array().of({
      topicName: string(),
    }),
  },
})

export const DeleteShareGroupOffsetsResponse = message({
  kind: 'response',
  name: 'DeleteShareGroupOffsets',
  key: 92,
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: true, default: null }),
    responses: array().of({
      topicName: string(),
      topicId: uuid(),
      errorCode: int16(),
      errorMessage: string({ nullable: true, default: null }),
    }),
  },
})
