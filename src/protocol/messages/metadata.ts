/** Where things are: brokers, topics, partitions and their leaders (KIP-700, KIP-966). */

import { array, bool, int8, int16, int32, message, string, struct, uuid } from '../schema.ts'

export const MetadataRequest = message({
  kind: 'request',
  name: 'Metadata',
  key: 3,
  versions: '0-13',
  flexible: '9+',
  fields: {
    topics: array({ nullable: '1+' }).of({
      topicId: uuid({ versions: '10+', ignorable: true }),
      name: string({ nullable: '10+' }),
    }),
    allowAutoTopicCreation: bool({ versions: '4+', default: true }),
    includeClusterAuthorizedOperations: bool({ versions: '8-10' }),
    includeTopicAuthorizedOperations: bool({ versions: '8+' }),
  },
})

export const MetadataResponse = message({
  kind: 'response',
  name: 'Metadata',
  key: 3,
  versions: '0-13',
  flexible: '9+',
  fields: {
    throttleTimeMs: int32({ versions: '3+', ignorable: true }),
    brokers: array().of({
      nodeId: int32(),
      host: string(),
      port: int32(),
      rack: string({ versions: '1+', nullable: true, default: null, ignorable: true }),
    }),
    clusterId: string({ versions: '2+', nullable: true, default: null, ignorable: true }),
    controllerId: int32({ versions: '1+', default: -1, ignorable: true }),
    topics: array().of({
      errorCode: int16(),
      name: string({ nullable: '12+' }),
      topicId: uuid({ versions: '10+', ignorable: true }),
      isInternal: bool({ versions: '1+', ignorable: true }),
      partitions: array().of({
        errorCode: int16(),
        partitionIndex: int32(),
        leaderId: int32(),
        leaderEpoch: int32({ versions: '7+', default: -1, ignorable: true }),
        replicaNodes: array().of(int32()),
        isrNodes: array().of(int32()),
        offlineReplicas: array({ versions: '5+', ignorable: true }).of(int32()),
      }),
      topicAuthorizedOperations: int32({ versions: '8+', default: -2147483648 }),
    }),
    clusterAuthorizedOperations: int32({ versions: '8-10', default: -2147483648 }),
    errorCode: int16({ versions: '13+', ignorable: true }),
  },
})

export const DescribeTopicPartitionsRequest = message({
  kind: 'request',
  name: 'DescribeTopicPartitions',
  key: 75,
  versions: '0',
  flexible: '0+',
  fields: {
    topics: array().of({
      name: string(),
    }),
    responsePartitionLimit: int32({ default: 2000 }),
    cursor: struct({ nullable: true, default: null }).of({
      topicName: string(),
      partitionIndex: int32(),
    }),
  },
})

export const DescribeTopicPartitionsResponse = message({
  kind: 'response',
  name: 'DescribeTopicPartitions',
  key: 75,
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32(),
    topics: array().of({
      errorCode: int16(),
      name: string({ nullable: true }),
      topicId: uuid(),
      isInternal: bool(),
      partitions: array().of({
        errorCode: int16(),
        partitionIndex: int32(),
        leaderId: int32(),
        leaderEpoch: int32({ default: -1 }),
        replicaNodes: array().of(int32()),
        isrNodes: array().of(int32()),
        eligibleLeaderReplicas: array({ nullable: true, default: null }).of(int32()),
        lastKnownElr: array({ nullable: true, default: null }).of(int32()),
        offlineReplicas: array().of(int32()),
      }),
      topicAuthorizedOperations: int32({ default: -2147483648 }),
    }),
    nextCursor: struct({ nullable: true, default: null }).of({
      topicName: string(),
      partitionIndex: int32(),
    }),
  },
})

export const DescribeClusterRequest = message({
  kind: 'request',
  name: 'DescribeCluster',
  key: 60,
  versions: '0-2',
  flexible: '0+',
  fields: {
    includeClusterAuthorizedOperations: bool(),
    endpointType: int8({ versions: '1+', default: 1 }),
    includeFencedBrokers: bool({ versions: '2+' }),
  },
})

export const DescribeClusterResponse = message({
  kind: 'response',
  name: 'DescribeCluster',
  key: 60,
  versions: '0-2',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: true, default: null }),
    endpointType: int8({ versions: '1+', default: 1 }),
    clusterId: string(),
    controllerId: int32({ default: -1 }),
    brokers: array().of({
      brokerId: int32(),
      host: string(),
      port: int32(),
      rack: string({ nullable: true, default: null }),
      isFenced: bool({ versions: '2+' }),
    }),
    clusterAuthorizedOperations: int32({ default: -2147483648 }),
  },
})
