/** Committed offsets of groups (KIP-447, KIP-496, KIP-709, KIP-848). */

import { array, bool, int16, int32, int64, message, string, uuid } from '../schema.ts'

export const OffsetCommitRequest = message({
  kind: 'request',
  name: 'OffsetCommit',
  key: 8,
  versions: '2-10',
  flexible: '8+',
  fields: {
    groupId: string(),
    generationIdOrMemberEpoch: int32({ default: -1 }),
    memberId: string(),
    groupInstanceId: string({ versions: '7+', nullable: true, default: null }),
    retentionTimeMs: int64({ versions: '2-4', default: -1, ignorable: true }),
    topics: array().of({
      name: string({ versions: '2-9', ignorable: true }),
      topicId: uuid({ versions: '10+', ignorable: true }),
      partitions: array().of({
        partitionIndex: int32(),
        committedOffset: int64(),
        committedLeaderEpoch: int32({ versions: '6+', default: -1, ignorable: true }),
        committedMetadata: string({ nullable: true }),
      }),
    }),
  },
})

export const OffsetCommitResponse = message({
  kind: 'response',
  name: 'OffsetCommit',
  key: 8,
  versions: '2-10',
  flexible: '8+',
  fields: {
    throttleTimeMs: int32({ versions: '3+', ignorable: true }),
    topics: array().of({
      name: string({ versions: '2-9', ignorable: true }),
      topicId: uuid({ versions: '10+', ignorable: true }),
      partitions: array().of({
        partitionIndex: int32(),
        errorCode: int16(),
      }),
    }),
  },
})

export const OffsetFetchRequest = message({
  kind: 'request',
  name: 'OffsetFetch',
  key: 9,
  versions: '1-10',
  flexible: '6+',
  fields: {
    groupId: string({ versions: '1-7' }),
    topics: array({ versions: '1-7', nullable: '2+' }).of({
      name: string(),
      partitionIndexes: array().of(int32()),
    }),
    groups: array({ versions: '8+' }).of({
      groupId: string(),
      memberId: string({ versions: '9+', nullable: true, default: null, ignorable: true }),
      memberEpoch: int32({ versions: '9+', default: -1, ignorable: true }),
      topics: array({ nullable: true }).of({
        name: string({ versions: '8-9', ignorable: true }),
        topicId: uuid({ versions: '10+', ignorable: true }),
        partitionIndexes: array().of(int32()),
      }),
    }),
    requireStable: bool({ versions: '7+' }),
  },
})

export const OffsetFetchResponse = message({
  kind: 'response',
  name: 'OffsetFetch',
  key: 9,
  versions: '1-10',
  flexible: '6+',
  fields: {
    throttleTimeMs: int32({ versions: '3+', ignorable: true }),
    topics: array({ versions: '1-7' }).of({
      name: string(),
      partitions: array().of({
        partitionIndex: int32(),
        committedOffset: int64(),
        committedLeaderEpoch: int32({ versions: '5+', default: -1, ignorable: true }),
        metadata: string({ nullable: true }),
        errorCode: int16(),
      }),
    }),
    errorCode: int16({ versions: '2-7', ignorable: true }),
    groups: array({ versions: '8+' }).of({
      groupId: string(),
      topics: array().of({
        name: string({ versions: '8-9', ignorable: true }),
        topicId: uuid({ versions: '10+', ignorable: true }),
        partitions: array().of({
          partitionIndex: int32(),
          committedOffset: int64(),
          committedLeaderEpoch: int32({ default: -1, ignorable: true }),
          metadata: string({ nullable: true }),
          errorCode: int16(),
        }),
      }),
      errorCode: int16(),
    }),
  },
})

export const OffsetDeleteRequest = message({
  kind: 'request',
  name: 'OffsetDelete',
  key: 47,
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
    topics: array().of({
      name: string(),
      partitions: array().of({
        partitionIndex: int32(),
      }),
    }),
  },
})

export const OffsetDeleteResponse = message({
  kind: 'response',
  name: 'OffsetDelete',
  key: 47,
  versions: '0',
  flexible: 'none',
  fields: {
    errorCode: int16(),
    throttleTimeMs: int32(),
    topics: array().of({
      name: string(),
      partitions: array().of({
        partitionIndex: int32(),
        errorCode: int16(),
      }),
    }),
  },
})
