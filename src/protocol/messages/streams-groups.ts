/** Groups of Kafka Streams (KIP-1071). */

import { array, bool, int8, int16, int32, int64, message, string, struct, uint16 } from '../schema.ts'

const keyValue = {
  key: string(),
  value: string(),
}

const topicInfo = {
  name: string(),
  partitions: int32(),
  replicationFactor: int16(),
  topicConfigs: array().of(keyValue),
}

const taskOffset = {
  subtopologyId: string(),
  partition: int32(),
  offset: int64(),
}

const taskIds = {
  subtopologyId: string(),
  partitions: array().of(int32()),
}

export const StreamsGroupHeartbeatRequest = message({
  kind: 'request',
  name: 'StreamsGroupHeartbeat',
  key: 88,
  versions: '0',
  flexible: '0+',
  fields: {
    groupId: string(),
    memberId: string(),
    memberEpoch: int32(),
    endpointInformationEpoch: int32(),
    instanceId: string({ nullable: true, default: null }),
    rackId: string({ nullable: true, default: null }),
    rebalanceTimeoutMs: int32({ default: -1 }),
    topology: struct({ nullable: true, default: null }).of({
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
    }),
    activeTasks: array({ nullable: true, default: null }).of(taskIds),
    standbyTasks: array({ nullable: true, default: null }).of(taskIds),
    warmupTasks: array({ nullable: true, default: null }).of(taskIds),
    processId: string({ nullable: true, default: null }),
    userEndpoint: struct({ nullable: true, default: null }).of({
      host: string(),
      port: uint16(),
    }),
    clientTags: array({ nullable: true, default: null }).of(keyValue),
    taskOffsets: array({ nullable: true, default: null }).of(taskOffset),
    taskEndOffsets: array({ nullable: true, default: null }).of(taskOffset),
    shutdownApplication: bool(),
  },
})

const topicPartition = {
  topic: string(),
  partitions: array().of(int32()),
}

const streamsGroupHeartbeatResponseTaskIds = {
  subtopologyId: string(),
  partitions: array().of(int32()),
}

export const StreamsGroupHeartbeatResponse = message({
  kind: 'response',
  name: 'StreamsGroupHeartbeat',
  key: 88,
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: true, default: null }),
    memberId: string(),
    memberEpoch: int32(),
    heartbeatIntervalMs: int32(),
    acceptableRecoveryLag: int32(),
    taskOffsetIntervalMs: int32(),
    status: array({ nullable: true }).of({
      statusCode: int8(),
      statusDetail: string(),
    }),
    activeTasks: array({ nullable: true, default: null }).of(streamsGroupHeartbeatResponseTaskIds),
    standbyTasks: array({ nullable: true, default: null }).of(streamsGroupHeartbeatResponseTaskIds),
    warmupTasks: array({ nullable: true, default: null }).of(streamsGroupHeartbeatResponseTaskIds),
    endpointInformationEpoch: int32(),
    partitionsByUserEndpoint: array({ nullable: true, default: null }).of({
      userEndpoint: struct().of({
        host: string(),
        port: uint16(),
      }),
      activePartitions: array().of(topicPartition),
      standbyPartitions: array().of(topicPartition),
    }),
  },
})

export const StreamsGroupDescribeRequest = message({
  kind: 'request',
  name: 'StreamsGroupDescribe',
  key: 89,
  versions: '0',
  flexible: '0+',
  fields: {
    groupIds: array().of(string()),
    includeAuthorizedOperations: bool(),
  },
})

const streamsGroupDescribeResponseTaskOffset = {
  subtopologyId: string(),
  partition: int32(),
  offset: int64(),
}

const streamsGroupDescribeResponseTaskIds = {
  subtopologyId: string(),
  partitions: array().of(int32()),
}

const assignment = {
  activeTasks: array().of(streamsGroupDescribeResponseTaskIds),
  standbyTasks: array().of(streamsGroupDescribeResponseTaskIds),
  warmupTasks: array().of(streamsGroupDescribeResponseTaskIds),
}

const streamsGroupDescribeResponseKeyValue = {
  key: string(),
  value: string(),
}

const streamsGroupDescribeResponseTopicInfo = {
  name: string(),
  partitions: int32(),
  replicationFactor: int16(),
  topicConfigs: array().of(streamsGroupDescribeResponseKeyValue),
}

export const StreamsGroupDescribeResponse = message({
  kind: 'response',
  name: 'StreamsGroupDescribe',
  key: 89,
  versions: '0',
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
      topology: struct({ nullable: true, default: null }).of({
        epoch: int32(),
        subtopologies: array({ nullable: true, default: null }).of({
          subtopologyId: string(),
          sourceTopics: array().of(string()),
          repartitionSinkTopics: array().of(string()),
          stateChangelogTopics: array().of(streamsGroupDescribeResponseTopicInfo),
          repartitionSourceTopics: array().of(streamsGroupDescribeResponseTopicInfo),
        }),
      }),
      members: array().of({
        memberId: string(),
        memberEpoch: int32(),
        instanceId: string({ nullable: true, default: null }),
        rackId: string({ nullable: true, default: null }),
        clientId: string(),
        clientHost: string(),
        topologyEpoch: int32(),
        processId: string(),
        userEndpoint: struct({ nullable: true, default: null }).of({
          host: string(),
          port: uint16(),
        }),
        clientTags: array().of(streamsGroupDescribeResponseKeyValue),
        taskOffsets: array().of(streamsGroupDescribeResponseTaskOffset),
        taskEndOffsets: array().of(streamsGroupDescribeResponseTaskOffset),
        assignment: struct().of(assignment),
        targetAssignment: struct().of(assignment),
        isClassic: bool(),
      }),
      authorizedOperations: int32({ default: -2147483648 }),
    }),
  },
})
