/** The records of share groups in __consumer_offsets (KIP-932). */

import { array, int8, int32, int64, message, string, uuid } from '../schema.ts'

export const ShareGroupMemberMetadataKey = message({
  kind: 'record-key',
  name: 'ShareGroupMemberMetadataKey',
  key: 10,
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
    memberId: string(),
  },
})

export const ShareGroupMemberMetadataValue = message({
  kind: 'record-value',
  name: 'ShareGroupMemberMetadataValue',
  key: 10,
  versions: '0',
  flexible: '0+',
  fields: {
    rackId: string({ nullable: true }),
    clientId: string(),
    clientHost: string(),
    subscribedTopicNames: array().of(string()),
  },
})

export const ShareGroupMetadataKey = message({
  kind: 'record-key',
  name: 'ShareGroupMetadataKey',
  key: 11,
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
  },
})

export const ShareGroupMetadataValue = message({
  kind: 'record-value',
  name: 'ShareGroupMetadataValue',
  key: 11,
  versions: '0',
  flexible: '0+',
  fields: {
    epoch: int32(),
    metadataHash: int64(),
  },
})

export const ShareGroupTargetAssignmentMetadataKey = message({
  kind: 'record-key',
  name: 'ShareGroupTargetAssignmentMetadataKey',
  key: 12,
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
  },
})

export const ShareGroupTargetAssignmentMetadataValue = message({
  kind: 'record-value',
  name: 'ShareGroupTargetAssignmentMetadataValue',
  key: 12,
  versions: '0',
  flexible: '0+',
  fields: {
    assignmentEpoch: int32(),
    assignmentTimestamp: int64({ tag: 0 }),
  },
})

export const ShareGroupTargetAssignmentMemberKey = message({
  kind: 'record-key',
  name: 'ShareGroupTargetAssignmentMemberKey',
  key: 13,
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
    memberId: string(),
  },
})

export const ShareGroupTargetAssignmentMemberValue = message({
  kind: 'record-value',
  name: 'ShareGroupTargetAssignmentMemberValue',
  key: 13,
  versions: '0',
  flexible: '0+',
  fields: {
    topicPartitions: array().of({
      topicId: uuid(),
      partitions: array().of(int32()),
    }),
  },
})

export const ShareGroupCurrentMemberAssignmentKey = message({
  kind: 'record-key',
  name: 'ShareGroupCurrentMemberAssignmentKey',
  key: 14,
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
    memberId: string(),
  },
})

export const ShareGroupCurrentMemberAssignmentValue = message({
  kind: 'record-value',
  name: 'ShareGroupCurrentMemberAssignmentValue',
  key: 14,
  versions: '0',
  flexible: '0+',
  fields: {
    memberEpoch: int32(),
    previousMemberEpoch: int32(),
    state: int8(),
    assignedPartitions: array().of({
      topicId: uuid(),
      partitions: array().of(int32()),
    }),
  },
})

export const ShareGroupStatePartitionMetadataKey = message({
  kind: 'record-key',
  name: 'ShareGroupStatePartitionMetadataKey',
  key: 15,
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
  },
})

const topicPartitionsInfo = {
  topicId: uuid(),
  topicName: string(),
  partitions: array().of(int32()),
}

export const ShareGroupStatePartitionMetadataValue = message({
  kind: 'record-value',
  name: 'ShareGroupStatePartitionMetadataValue',
  key: 15,
  versions: '0',
  flexible: '0+',
  fields: {
    initializingTopics: array().of(topicPartitionsInfo),
    initializedTopics: array().of(topicPartitionsInfo),
    deletingTopics: array().of({
      topicId: uuid(),
      topicName: string(),
    }),
  },
})
