/** The records of streams groups in __consumer_offsets (KIP-1071). */

import { array, int8, int16, int32, int64, message, string, struct, uint16 } from '../schema.ts'

export const StreamsGroupMetadataKey = message({
  kind: 'record-key',
  name: 'StreamsGroupMetadataKey',
  key: 17,
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
  },
})

export const StreamsGroupMetadataValue = message({
  kind: 'record-value',
  name: 'StreamsGroupMetadataValue',
  key: 17,
  versions: '0',
  flexible: '0+',
  fields: {
    epoch: int32(),
    metadataHash: int64(),
    validatedTopologyEpoch: int32({ tag: 0, default: -1 }),
    lastAssignmentConfigs: array({ tag: 1, nullable: true }).of({
      key: string(),
      value: string(),
    }),
  },
})

export const StreamsGroupMemberMetadataKey = message({
  kind: 'record-key',
  name: 'StreamsGroupMemberMetadataKey',
  key: 19,
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
    memberId: string(),
  },
})

export const StreamsGroupMemberMetadataValue = message({
  kind: 'record-value',
  name: 'StreamsGroupMemberMetadataValue',
  key: 19,
  versions: '0',
  flexible: '0+',
  fields: {
    instanceId: string({ nullable: true }),
    rackId: string({ nullable: true }),
    clientId: string(),
    clientHost: string(),
    rebalanceTimeoutMs: int32({ default: -1 }),
    topologyEpoch: int32(),
    processId: string(),
    userEndpoint: struct({ nullable: true, default: null }).of({
      host: string(),
      port: uint16(),
    }),
    clientTags: array().of({
      key: string(),
      value: string(),
    }),
  },
})

export const StreamsGroupTargetAssignmentMetadataKey = message({
  kind: 'record-key',
  name: 'StreamsGroupTargetAssignmentMetadataKey',
  key: 20,
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
  },
})

export const StreamsGroupTargetAssignmentMetadataValue = message({
  kind: 'record-value',
  name: 'StreamsGroupTargetAssignmentMetadataValue',
  key: 20,
  versions: '0',
  flexible: '0+',
  fields: {
    assignmentEpoch: int32(),
    assignmentTimestamp: int64({ tag: 0 }),
  },
})

export const StreamsGroupTargetAssignmentMemberKey = message({
  kind: 'record-key',
  name: 'StreamsGroupTargetAssignmentMemberKey',
  key: 21,
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
    memberId: string(),
  },
})

const taskIds = {
  subtopologyId: string(),
  partitions: array().of(int32()),
}

export const StreamsGroupTargetAssignmentMemberValue = message({
  kind: 'record-value',
  name: 'StreamsGroupTargetAssignmentMemberValue',
  key: 21,
  versions: '0',
  flexible: '0+',
  fields: {
    activeTasks: array().of(taskIds),
    standbyTasks: array().of(taskIds),
    warmupTasks: array().of(taskIds),
  },
})

export const StreamsGroupCurrentMemberAssignmentKey = message({
  kind: 'record-key',
  name: 'StreamsGroupCurrentMemberAssignmentKey',
  key: 22,
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
    memberId: string(),
  },
})

const streamsGroupCurrentMemberAssignmentValueTaskIds = {
  subtopologyId: string(),
  partitions: array().of(int32()),
  assignmentEpochs: array({ tag: 0, nullable: true }).of(int32()),
}

export const StreamsGroupCurrentMemberAssignmentValue = message({
  kind: 'record-value',
  name: 'StreamsGroupCurrentMemberAssignmentValue',
  key: 22,
  versions: '0',
  flexible: '0+',
  fields: {
    memberEpoch: int32(),
    previousMemberEpoch: int32(),
    state: int8(),
    activeTasks: array().of(streamsGroupCurrentMemberAssignmentValueTaskIds),
    standbyTasks: array().of(streamsGroupCurrentMemberAssignmentValueTaskIds),
    warmupTasks: array().of(streamsGroupCurrentMemberAssignmentValueTaskIds),
    activeTasksPendingRevocation: array().of(streamsGroupCurrentMemberAssignmentValueTaskIds),
    standbyTasksPendingRevocation: array().of(streamsGroupCurrentMemberAssignmentValueTaskIds),
    warmupTasksPendingRevocation: array().of(streamsGroupCurrentMemberAssignmentValueTaskIds),
  },
})

export const StreamsGroupTopologyKey = message({
  kind: 'record-key',
  name: 'StreamsGroupTopologyKey',
  key: 23,
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
  },
})

const topicConfig = {
  key: string(),
  value: string(),
}

const topicInfo = {
  name: string(),
  partitions: int32(),
  replicationFactor: int16(),
  topicConfigs: array().of(topicConfig),
}

export const StreamsGroupTopologyValue = message({
  kind: 'record-value',
  name: 'StreamsGroupTopologyValue',
  key: 23,
  versions: '0',
  flexible: '0+',
  fields: {
    epoch: int32(),
    subtopologies: array().of({
      subtopologyId: string(),
      sourceTopics: array().of(string()),
      sourceTopicRegex: array().of(string()),
      stateChangelogTopics: array().of(topicInfo),
      repartitionSinkTopics: array().of(string()),
      repartitionSourceTopics: array().of(topicInfo),
      copartitionGroups: array().of({
        sourceTopics: array().of(int16()),
        sourceTopicRegex: array().of(int16()),
        repartitionSourceTopics: array().of(int16()),
      }),
    }),
  },
})
