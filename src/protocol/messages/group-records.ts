/** The records of __consumer_offsets: int16 type and key, int16 version and value (KIP-848, KIP-915). */

import { array, bytes, int8, int32, int64, message, string, struct, uuid } from '../schema.ts'

export const LegacyOffsetCommitKey = message({
  kind: 'record-key',
  name: 'LegacyOffsetCommitKey',
  key: 0,
  versions: '0',
  flexible: 'none',
  fields: {
    group: string(),
    topic: string(),
    partition: int32(),
  },
})

export const LegacyOffsetCommitValue = message({
  kind: 'record-value',
  name: 'LegacyOffsetCommitValue',
  key: 0,
  versions: '0',
  flexible: 'none',
  fields: {
    offset: int64(),
    metadata: string(),
    commitTimestamp: int64(),
  },
})

export const OffsetCommitKey = message({
  kind: 'record-key',
  name: 'OffsetCommitKey',
  key: 1,
  versions: '0',
  flexible: 'none',
  fields: {
    group: string(),
    topic: string(),
    partition: int32(),
  },
})

export const OffsetCommitValue = message({
  kind: 'record-value',
  name: 'OffsetCommitValue',
  key: 1,
  versions: '0-4',
  flexible: '4+',
  fields: {
    offset: int64(),
    leaderEpoch: int32({ versions: '3+', default: -1, ignorable: true }),
    metadata: string(),
    commitTimestamp: int64(),
    expireTimestamp: int64({ versions: '1', default: -1, ignorable: true }),
    topicId: uuid({ versions: '4+', tag: 0, ignorable: true }),
  },
})

export const GroupMetadataKey = message({
  kind: 'record-key',
  name: 'GroupMetadataKey',
  key: 2,
  versions: '0',
  flexible: 'none',
  fields: {
    group: string(),
  },
})

export const GroupMetadataValue = message({
  kind: 'record-value',
  name: 'GroupMetadataValue',
  key: 2,
  versions: '0-4',
  flexible: '4+',
  fields: {
    protocolType: string(),
    generation: int32(),
    protocol: string({ nullable: true }),
    leader: string({ nullable: true }),
    currentStateTimestamp: int64({ versions: '2+', default: -1, ignorable: true }),
    members: array().of({
      memberId: string(),
      groupInstanceId: string({ versions: '3+', nullable: true, default: null, ignorable: true }),
      clientId: string(),
      clientHost: string(),
      rebalanceTimeout: int32({ versions: '1+', default: -1, ignorable: true }),
      sessionTimeout: int32(),
      subscription: bytes(),
      assignment: bytes(),
    }),
  },
})

export const ConsumerGroupMetadataKey = message({
  kind: 'record-key',
  name: 'ConsumerGroupMetadataKey',
  key: 3,
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
  },
})

export const ConsumerGroupMetadataValue = message({
  kind: 'record-value',
  name: 'ConsumerGroupMetadataValue',
  key: 3,
  versions: '0',
  flexible: '0+',
  fields: {
    epoch: int32(),
    metadataHash: int64({ tag: 0 }),
  },
})

export const ConsumerGroupPartitionMetadataKey = message({
  kind: 'record-key',
  name: 'ConsumerGroupPartitionMetadataKey',
  key: 4,
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
  },
})

export const ConsumerGroupPartitionMetadataValue = message({
  kind: 'record-value',
  name: 'ConsumerGroupPartitionMetadataValue',
  key: 4,
  versions: '0',
  flexible: '0+',
  fields: {
    topics: array().of({
      topicId: uuid(),
      topicName: string(),
      numPartitions: int32(),
      partitionMetadata: array().of({
        partition: int32(),
        racks: array().of(string()),
      }),
    }),
  },
})

export const ConsumerGroupMemberMetadataKey = message({
  kind: 'record-key',
  name: 'ConsumerGroupMemberMetadataKey',
  key: 5,
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
    memberId: string(),
  },
})

export const ConsumerGroupMemberMetadataValue = message({
  kind: 'record-value',
  name: 'ConsumerGroupMemberMetadataValue',
  key: 5,
  versions: '0',
  flexible: '0+',
  fields: {
    instanceId: string({ nullable: true }),
    rackId: string({ nullable: true }),
    clientId: string(),
    clientHost: string(),
    subscribedTopicNames: array().of(string()),
    subscribedTopicRegex: string({ nullable: true }),
    rebalanceTimeoutMs: int32({ default: -1 }),
    serverAssignor: string({ nullable: true }),
    classicMemberMetadata: struct({ tag: 0, nullable: true }).of({
      sessionTimeoutMs: int32(),
      supportedProtocols: array().of({
        name: string(),
        metadata: bytes(),
      }),
    }),
  },
})

export const ConsumerGroupTargetAssignmentMetadataKey = message({
  kind: 'record-key',
  name: 'ConsumerGroupTargetAssignmentMetadataKey',
  key: 6,
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
  },
})

export const ConsumerGroupTargetAssignmentMetadataValue = message({
  kind: 'record-value',
  name: 'ConsumerGroupTargetAssignmentMetadataValue',
  key: 6,
  versions: '0',
  flexible: '0+',
  fields: {
    assignmentEpoch: int32(),
    assignmentTimestamp: int64({ tag: 0 }),
  },
})

export const ConsumerGroupTargetAssignmentMemberKey = message({
  kind: 'record-key',
  name: 'ConsumerGroupTargetAssignmentMemberKey',
  key: 7,
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
    memberId: string(),
  },
})

export const ConsumerGroupTargetAssignmentMemberValue = message({
  kind: 'record-value',
  name: 'ConsumerGroupTargetAssignmentMemberValue',
  key: 7,
  versions: '0',
  flexible: '0+',
  fields: {
    topicPartitions: array().of({
      topicId: uuid(),
      partitions: array().of(int32()),
    }),
  },
})

export const ConsumerGroupCurrentMemberAssignmentKey = message({
  kind: 'record-key',
  name: 'ConsumerGroupCurrentMemberAssignmentKey',
  key: 8,
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
    memberId: string(),
  },
})

const topicPartitions = {
  topicId: uuid(),
  partitions: array().of(int32()),
  assignmentEpochs: array({ tag: 0, nullable: true }).of(int32()),
}

export const ConsumerGroupCurrentMemberAssignmentValue = message({
  kind: 'record-value',
  name: 'ConsumerGroupCurrentMemberAssignmentValue',
  key: 8,
  versions: '0',
  flexible: '0+',
  fields: {
    memberEpoch: int32(),
    previousMemberEpoch: int32(),
    state: int8(),
    assignedPartitions: array().of(topicPartitions),
    partitionsPendingRevocation: array().of(topicPartitions),
  },
})

export const ConsumerGroupRegularExpressionKey = message({
  kind: 'record-key',
  name: 'ConsumerGroupRegularExpressionKey',
  key: 16,
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
    regularExpression: string(),
  },
})

export const ConsumerGroupRegularExpressionValue = message({
  kind: 'record-value',
  name: 'ConsumerGroupRegularExpressionValue',
  key: 16,
  versions: '0',
  flexible: '0+',
  fields: {
    topics: array().of(string()),
    version: int64(),
    timestamp: int64(),
  },
})
