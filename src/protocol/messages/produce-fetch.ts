/**
 * The data plane: what is appended, read and looked up by time or epoch (KIP-98, KIP-227, KIP-320, KIP-516).
 */

import {
  array,
  INT64_MAX,
  int8,
  int16,
  int32,
  int64,
  message,
  records,
  string,
  struct,
  uuid,
} from '../schema.ts'

export const ProduceRequest = message({
  kind: 'request',
  name: 'Produce',
  key: 0,
  versions: '3-13',
  flexible: '9+',
  fields: {
    transactionalId: string({ nullable: true, default: null }),
    acks: int16(),
    timeoutMs: int32(),
    topicData: array().of({
      name: string({ versions: '3-12', ignorable: true }),
      topicId: uuid({ versions: '13+', ignorable: true }),
      partitionData: array().of({
        index: int32(),
        records: records({ nullable: true }),
      }),
    }),
  },
})

export const ProduceResponse = message({
  kind: 'response',
  name: 'Produce',
  key: 0,
  versions: '3-13',
  flexible: '9+',
  fields: {
    responses: array().of({
      name: string({ versions: '3-12', ignorable: true }),
      topicId: uuid({ versions: '13+', ignorable: true }),
      partitionResponses: array().of({
        index: int32(),
        errorCode: int16(),
        baseOffset: int64(),
        logAppendTimeMs: int64({ default: -1 }),
        logStartOffset: int64({ versions: '5+', default: -1, ignorable: true }),
        recordErrors: array({ versions: '8+', ignorable: true }).of({
          batchIndex: int32(),
          batchIndexErrorMessage: string({ nullable: true, default: null }),
        }),
        errorMessage: string({ versions: '8+', nullable: true, default: null, ignorable: true }),
        currentLeader: struct({ versions: '10+', tag: 0 }).of({
          leaderId: int32({ default: -1 }),
          leaderEpoch: int32({ default: -1 }),
        }),
      }),
    }),
    throttleTimeMs: int32(),
    nodeEndpoints: array({ versions: '10+', tag: 0 }).of({
      nodeId: int32(),
      host: string(),
      port: int32(),
      rack: string({ nullable: true, default: null }),
    }),
  },
})

export const FetchRequest = message({
  kind: 'request',
  name: 'Fetch',
  key: 1,
  versions: '4-18',
  flexible: '12+',
  fields: {
    clusterId: string({ versions: '12+', tag: 0, nullable: true, default: null, ignorable: true }),
    replicaId: int32({ versions: '4-14', default: -1 }),
    replicaState: struct({ versions: '15+', tag: 1 }).of({
      replicaId: int32({ default: -1 }),
      replicaEpoch: int64({ default: -1 }),
    }),
    maxWaitMs: int32(),
    minBytes: int32(),
    maxBytes: int32({ default: 0x7fffffff }),
    isolationLevel: int8(),
    sessionId: int32({ versions: '7+', ignorable: true }),
    sessionEpoch: int32({ versions: '7+', default: -1, ignorable: true }),
    topics: array().of({
      topic: string({ versions: '4-12', ignorable: true }),
      topicId: uuid({ versions: '13+', ignorable: true }),
      partitions: array().of({
        partition: int32(),
        currentLeaderEpoch: int32({ versions: '9+', default: -1, ignorable: true }),
        fetchOffset: int64(),
        lastFetchedEpoch: int32({ versions: '12+', default: -1 }),
        logStartOffset: int64({ versions: '5+', default: -1, ignorable: true }),
        partitionMaxBytes: int32(),
        replicaDirectoryId: uuid({ versions: '17+', tag: 0, ignorable: true }),
        highWatermark: int64({ versions: '18+', tag: 1, default: INT64_MAX, ignorable: true }),
      }),
    }),
    forgottenTopicsData: array({ versions: '7+' }).of({
      topic: string({ versions: '7-12', ignorable: true }),
      topicId: uuid({ versions: '13+', ignorable: true }),
      partitions: array().of(int32()),
    }),
    rackId: string({ versions: '11+', ignorable: true }),
  },
})

export const FetchResponse = message({
  kind: 'response',
  name: 'Fetch',
  key: 1,
  versions: '4-18',
  flexible: '12+',
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16({ versions: '7+', ignorable: true }),
    sessionId: int32({ versions: '7+' }),
    responses: array().of({
      topic: string({ versions: '4-12', ignorable: true }),
      topicId: uuid({ versions: '13+', ignorable: true }),
      partitions: array().of({
        partitionIndex: int32(),
        errorCode: int16(),
        highWatermark: int64(),
        lastStableOffset: int64({ default: -1 }),
        logStartOffset: int64({ versions: '5+', default: -1, ignorable: true }),
        divergingEpoch: struct({ versions: '12+', tag: 0 }).of({
          epoch: int32({ default: -1 }),
          endOffset: int64({ default: -1 }),
        }),
        currentLeader: struct({ versions: '12+', tag: 1 }).of({
          leaderId: int32({ default: -1 }),
          leaderEpoch: int32({ default: -1 }),
        }),
        snapshotId: struct({ versions: '12+', tag: 2 }).of({
          endOffset: int64({ default: -1 }),
          epoch: int32({ default: -1 }),
        }),
        abortedTransactions: array({ nullable: true }).of({
          producerId: int64(),
          firstOffset: int64(),
        }),
        preferredReadReplica: int32({ versions: '11+', default: -1 }),
        records: records({ nullable: true }),
      }),
    }),
    nodeEndpoints: array({ versions: '16+', tag: 0 }).of({
      nodeId: int32(),
      host: string(),
      port: int32(),
      rack: string({ nullable: true, default: null }),
    }),
  },
})

export const ListOffsetsRequest = message({
  kind: 'request',
  name: 'ListOffsets',
  key: 2,
  versions: '1-11',
  flexible: '6+',
  fields: {
    replicaId: int32(),
    isolationLevel: int8({ versions: '2+' }),
    topics: array().of({
      name: string(),
      partitions: array().of({
        partitionIndex: int32(),
        currentLeaderEpoch: int32({ versions: '4+', default: -1, ignorable: true }),
        timestamp: int64(),
      }),
    }),
    timeoutMs: int32({ versions: '10+', ignorable: true }),
  },
})

export const ListOffsetsResponse = message({
  kind: 'response',
  name: 'ListOffsets',
  key: 2,
  versions: '1-11',
  flexible: '6+',
  fields: {
    throttleTimeMs: int32({ versions: '2+', ignorable: true }),
    topics: array().of({
      name: string(),
      partitions: array().of({
        partitionIndex: int32(),
        errorCode: int16(),
        timestamp: int64({ default: -1 }),
        offset: int64({ default: -1 }),
        leaderEpoch: int32({ versions: '4+', default: -1 }),
      }),
    }),
  },
})

export const OffsetForLeaderEpochRequest = message({
  kind: 'request',
  name: 'OffsetForLeaderEpoch',
  key: 23,
  versions: '2-4',
  flexible: '4+',
  fields: {
    replicaId: int32({ versions: '3+', default: -2, ignorable: true }),
    topics: array().of({
      topic: string(),
      partitions: array().of({
        partition: int32(),
        currentLeaderEpoch: int32({ default: -1 }),
        leaderEpoch: int32(),
      }),
    }),
  },
})

export const OffsetForLeaderEpochResponse = message({
  kind: 'response',
  name: 'OffsetForLeaderEpoch',
  key: 23,
  versions: '2-4',
  flexible: '4+',
  fields: {
    throttleTimeMs: int32(),
    topics: array().of({
      topic: string(),
      partitions: array().of({
        errorCode: int16(),
        partition: int32(),
        leaderEpoch: int32({ default: -1 }),
        endOffset: int64({ default: -1 }),
      }),
    }),
  },
})

export const DeleteRecordsRequest = message({
  kind: 'request',
  name: 'DeleteRecords',
  key: 21,
  versions: '0-2',
  flexible: '2+',
  fields: {
    topics: array().of({
      name: string(),
      partitions: array().of({
        partitionIndex: int32(),
        offset: int64(),
      }),
    }),
    timeoutMs: int32(),
  },
})

export const DeleteRecordsResponse = message({
  kind: 'response',
  name: 'DeleteRecords',
  key: 21,
  versions: '0-2',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32(),
    topics: array().of({
      name: string(),
      partitions: array().of({
        partitionIndex: int32(),
        lowWatermark: int64(),
        errorCode: int16(),
      }),
    }),
  },
})
