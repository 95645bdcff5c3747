/** Topics and the placing of their partitions (KIP-4, KIP-195, KIP-455, KIP-460). */

import { array, bool, int8, int16, int32, message, string, uuid } from '../schema.ts'

export const CreateTopicsRequest = message({
  kind: 'request',
  name: 'CreateTopics',
  key: 19,
  versions: '2-7',
  flexible: '5+',
  fields: {
    topics: array().of({
      name: string(),
      numPartitions: int32(),
      replicationFactor: int16(),
      assignments: array().of({
        partitionIndex: int32(),
        brokerIds: array().of(int32()),
      }),
      configs: array().of({
        name: string(),
        value: string({ nullable: true }),
      }),
    }),
    timeoutMs: int32({ default: 60000 }),
    validateOnly: bool(),
  },
})

export const CreateTopicsResponse = message({
  kind: 'response',
  name: 'CreateTopics',
  key: 19,
  versions: '2-7',
  flexible: '5+',
  fields: {
    throttleTimeMs: int32(),
    topics: array().of({
      name: string(),
      topicId: uuid({ versions: '7+', ignorable: true }),
      errorCode: int16(),
      errorMessage: string({ nullable: true }),
      topicConfigErrorCode: int16({ versions: '5+', tag: 0, ignorable: true }),
      numPartitions: int32({ versions: '5+', default: -1, ignorable: true }),
      replicationFactor: int16({ versions: '5+', default: -1, ignorable: true }),
      configs: array({ versions: '5+', nullable: true, ignorable: true }).of({
        name: string(),
        value: string({ nullable: true }),
        readOnly: bool(),
        configSource: int8({ default: -1, ignorable: true }),
        isSensitive: bool(),
      }),
    }),
  },
})

export const DeleteTopicsRequest = message({
  kind: 'request',
  name: 'DeleteTopics',
  key: 20,
  versions: '1-6',
  flexible: '4+',
  fields: {
    topics: array({ versions: '6+' }).of({
      name: string({ nullable: true, default: null }),
      topicId: uuid(),
    }),
    topicNames: array({ versions: '1-5', ignorable: true }).of(string()),
    timeoutMs: int32(),
  },
})

export const DeleteTopicsResponse = message({
  kind: 'response',
  name: 'DeleteTopics',
  key: 20,
  versions: '1-6',
  flexible: '4+',
  fields: {
    throttleTimeMs: int32(),
    responses: array().of({
      name: string({ nullable: '6+' }),
      topicId: uuid({ versions: '6+', ignorable: true }),
      errorCode: int16(),
      errorMessage: string({ versions: '5+', nullable: true, default: null, ignorable: true }),
    }),
  },
})

export const CreatePartitionsRequest = message({
  kind: 'request',
  name: 'CreatePartitions',
  key: 37,
  versions: '0-3',
  flexible: '2+',
  fields: {
    topics: array().of({
      name: string(),
      count: int32(),
      assignments: array({ nullable: true }).of({
        brokerIds: array().of(int32()),
      }),
    }),
    timeoutMs: int32(),
    validateOnly: bool(),
  },
})

export const CreatePartitionsResponse = message({
  kind: 'response',
  name: 'CreatePartitions',
  key: 37,
  versions: '0-3',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32(),
    results: array().of({
      name: string(),
      errorCode: int16(),
      errorMessage: string({ nullable: true, default: null }),
    }),
  },
})

export const ElectLeadersRequest = message({
  kind: 'request',
  name: 'ElectLeaders',
  key: 43,
  versions: '0-2',
  flexible: '2+',
  fields: {
    electionType: int8({ versions: '1+' }),
    topicPartitions: array({ nullable: true }).of({
      topic: string(),
      partitions: array().of(int32()),
    }),
    timeoutMs: int32({ default: 60000 }),
  },
})

export const ElectLeadersResponse = message({
  kind: 'response',
  name: 'ElectLeaders',
  key: 43,
  versions: '0-2',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16({ versions: '1+' }),
    replicaElectionResults: array().of({
      topic: string(),
      partitionResult: array().of({
        partitionId: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: true }),
      }),
    }),
  },
})

export const AlterPartitionReassignmentsRequest = message({
  kind: 'request',
  name: 'AlterPartitionReassignments',
  key: 45,
  versions: '0-1',
  flexible: '0+',
  fields: {
    timeoutMs: int32({ default: 60000 }),
    allowReplicationFactorChange: bool({ versions: '1+', default: true }),
    topics: array().of({
      name: string(),
      partitions: array().of({
        partitionIndex: int32(),
        replicas: array({ nullable: true, default: null }).of(int32()),
      }),
    }),
  },
})

export const AlterPartitionReassignmentsResponse = message({
  kind: 'response',
  name: 'AlterPartitionReassignments',
  key: 45,
  versions: '0-1',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32(),
    allowReplicationFactorChange: bool({ versions: '1+', default: true, ignorable: true }),
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
    responses: array().of({
      name: string(),
      partitions: array().of({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: true }),
      }),
    }),
  },
})

export const ListPartitionReassignmentsRequest = message({
  kind: 'request',
  name: 'ListPartitionReassignments',
  key: 46,
  versions: '0',
  flexible: '0+',
  fields: {
    timeoutMs: int32({ default: 60000 }),
    topics: array({ nullable: true, default: null }).of({
      name: string(),
      partitionIndexes: array().of(int32()),
    }),
  },
})

export const ListPartitionReassignmentsResponse = message({
  kind: 'response',
  name: 'ListPartitionReassignments',
  key: 46,
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
    topics: array().of({
      name: string(),
      partitions: array().of({
        partitionIndex: int32(),
        replicas: array().of(int32()),
        addingReplicas: array().of(int32()),
        removingReplicas: array().of(int32()),
      }),
    }),
  },
})
