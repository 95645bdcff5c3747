/** The metadata quorum and the features of the cluster (KIP-584, KIP-595, KIP-853). */

import { array, bool, int8, int16, int32, int64, message, string, uint16, uuid } from '../schema.ts'

export const DescribeQuorumRequest = message({
  kind: 'request',
  name: 'DescribeQuorum',
  key: 55,
  versions: '0-2',
  flexible: '0+',
  fields: {
    topics: array().of({
      topicName: string(),
      partitions: array().of({
        partitionIndex: int32(),
      }),
    }),
  },
})

const replicaState = {
  replicaId: int32(),
  replicaDirectoryId: uuid({ versions: '2+' }),
  logEndOffset: int64(),
  lastFetchTimestamp: int64({ versions: '1+', default: -1, ignorable: true }),
  lastCaughtUpTimestamp: int64({ versions: '1+', default: -1, ignorable: true }),
}

export const DescribeQuorumResponse = message({
  kind: 'response',
  name: 'DescribeQuorum',
  key: 55,
  versions: '0-2',
  flexible: '0+',
  fields: {
    errorCode: int16(),
    errorMessage: string({ versions: '2+', nullable: true, ignorable: true }),
    topics: array().of({
      topicName: string(),
      partitions: array().of({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string({ versions: '2+', nullable: true, ignorable: true }),
        leaderId: int32(),
        leaderEpoch: int32(),
        highWatermark: int64(),
        currentVoters: array().of(replicaState),
        observers: array().of(replicaState),
      }),
    }),
    nodes: array({ versions: '2+' }).of({
      nodeId: int32(),
      listeners: array().of({
        name: string(),
        host: string(),
        port: uint16(),
      }),
    }),
  },
})

export const UpdateFeaturesRequest = message({
  kind: 'request',
  name: 'UpdateFeatures',
  key: 57,
  versions: '0-2',
  flexible: '0+',
  fields: {
    timeoutMs: int32({ default: 60000 }),
    featureUpdates: array().of({
      feature: string(),
      maxVersionLevel: int16(),
      allowDowngrade: bool({ versions: '0' }),
      upgradeType: int8({ versions: '1+', default: 1 }),
    }),
    validateOnly: bool({ versions: '1+' }),
  },
})

export const UpdateFeaturesResponse = message({
  kind: 'response',
  name: 'UpdateFeatures',
  key: 57,
  versions: '0-2',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
    results: array({ versions: '0-1', ignorable: true }).of({
      feature: string(),
      errorCode: int16(),
      errorMessage: string({ nullable: true }),
    }),
  },
})

export const UnregisterBrokerRequest = message({
  kind: 'request',
  name: 'UnregisterBroker',
  key: 64,
  versions: '0',
  flexible: '0+',
  fields: {
    brokerId: int32(),
  },
})

export const UnregisterBrokerResponse = message({
  kind: 'response',
  name: 'UnregisterBroker',
  key: 64,
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
  },
})

export const AddRaftVoterRequest = message({
  kind: 'request',
  name: 'AddRaftVoter',
  key: 80,
  versions: '0-1',
  flexible: '0+',
  fields: {
    clusterId: string({ nullable: true }),
    timeoutMs: int32(),
    voterId: int32(),
    voterDirectoryId: uuid(),
    listeners: array().of({
      name: string(),
      host: string(),
      port: uint16(),
    }),
    ackWhenCommitted: bool({ versions: '1+', default: true }),
  },
})

export const AddRaftVoterResponse = message({
  kind: 'response',
  name: 'AddRaftVoter',
  key: 80,
  versions: '0-1',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
  },
})

export const RemoveRaftVoterRequest = message({
  kind: 'request',
  name: 'RemoveRaftVoter',
  key: 81,
  versions: '0',
  flexible: '0+',
  fields: {
    clusterId: string({ nullable: true }),
    voterId: int32(),
    voterDirectoryId: uuid(),
  },
})

export const RemoveRaftVoterResponse = message({
  kind: 'response',
  name: 'RemoveRaftVoter',
  key: 81,
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
  },
})
