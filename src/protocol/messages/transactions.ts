/** Idempotent and transactional producers (KIP-98, KIP-360, KIP-447, KIP-664, KIP-890). */

import { array, bool, int8, int16, int32, int64, message, string } from '../schema.ts'

export const InitProducerIdRequest = message({
  kind: 'request',
  name: 'InitProducerId',
  key: 22,
  versions: '0-5',
  flexible: '2+',
  fields: {
    transactionalId: string({ nullable: true }),
    transactionTimeoutMs: int32(),
    producerId: int64({ versions: '3+', default: -1 }),
    producerEpoch: int16({ versions: '3+', default: -1 }),
  },
})

export const InitProducerIdResponse = message({
  kind: 'response',
  name: 'InitProducerId',
  key: 22,
  versions: '0-5',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    producerId: int64({ default: -1 }),
    producerEpoch: int16(),
  },
})

const addPartitionsToTxnTopic = {
  name: string(),
  partitions: array().of(int32()),
}

export const AddPartitionsToTxnRequest = message({
  kind: 'request',
  name: 'AddPartitionsToTxn',
  key: 24,
  versions: '0-5',
  flexible: '3+',
  fields: {
    transactions: array({ versions: '4+' }).of({
      transactionalId: string(),
      producerId: int64(),
      producerEpoch: int16(),
      verifyOnly: bool(),
      topics: array().of(addPartitionsToTxnTopic),
    }),
    v3AndBelowTransactionalId: string({ versions: '0-3' }),
    v3AndBelowProducerId: int64({ versions: '0-3' }),
    v3AndBelowProducerEpoch: int16({ versions: '0-3' }),
    v3AndBelowTopics: array({ versions: '0-3' }).of(addPartitionsToTxnTopic),
  },
})

const addPartitionsToTxnPartitionResult = {
  partitionIndex: int32(),
  partitionErrorCode: int16(),
}

const addPartitionsToTxnTopicResult = {
  name: string(),
  resultsByPartition: array().of(addPartitionsToTxnPartitionResult),
}

export const AddPartitionsToTxnResponse = message({
  kind: 'response',
  name: 'AddPartitionsToTxn',
  key: 24,
  versions: '0-5',
  flexible: '3+',
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16({ versions: '4+', ignorable: true }),
    resultsByTransaction: array({ versions: '4+' }).of({
      transactionalId: string(),
      topicResults: array().of(addPartitionsToTxnTopicResult),
    }),
    resultsByTopicV3AndBelow: array({ versions: '0-3' }).of(addPartitionsToTxnTopicResult),
  },
})

export const AddOffsetsToTxnRequest = message({
  kind: 'request',
  name: 'AddOffsetsToTxn',
  key: 25,
  versions: '0-4',
  flexible: '3+',
  fields: {
    transactionalId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    groupId: string(),
  },
})

export const AddOffsetsToTxnResponse = message({
  kind: 'response',
  name: 'AddOffsetsToTxn',
  key: 25,
  versions: '0-4',
  flexible: '3+',
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
  },
})

export const EndTxnRequest = message({
  kind: 'request',
  name: 'EndTxn',
  key: 26,
  versions: '0-5',
  flexible: '3+',
  fields: {
    transactionalId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    committed: bool(),
  },
})

export const EndTxnResponse = message({
  kind: 'response',
  name: 'EndTxn',
  key: 26,
  versions: '0-5',
  flexible: '3+',
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    producerId: int64({ versions: '5+', default: -1, ignorable: true }),
    producerEpoch: int16({ versions: '5+', default: -1, ignorable: true }),
  },
})

export const WriteTxnMarkersRequest = message({
  kind: 'request',
  name: 'WriteTxnMarkers',
  key: 27,
  versions: '1-2',
  flexible: '1+',
  fields: {
    markers: array().of({
      producerId: int64(),
      producerEpoch: int16(),
      transactionResult: bool(),
      topics: array().of({
        name: string(),
        partitionIndexes: array().of(int32()),
      }),
      coordinatorEpoch: int32(),
      transactionVersion: int8({ versions: '2+', ignorable: true }),
    }),
  },
})

export const WriteTxnMarkersResponse = message({
  kind: 'response',
  name: 'WriteTxnMarkers',
  key: 27,
  versions: '1-2',
  flexible: '1+',
  fields: {
    markers: array().of({
      producerId: int64(),
      topics: array().of({
        name: string(),
        partitions: array().of({
          partitionIndex: int32(),
          errorCode: int16(),
        }),
      }),
    }),
  },
})

export const TxnOffsetCommitRequest = message({
  kind: 'request',
  name: 'TxnOffsetCommit',
  key: 28,
  versions: '0-5',
  flexible: '3+',
  fields: {
    transactionalId: string(),
    groupId: string(),
    producerId: int64(),
    producerEpoch: int16(),
    generationId: int32({ versions: '3+', default: -1 }),
    memberId: string({ versions: '3+' }),
    groupInstanceId: string({ versions: '3+', nullable: true, default: null }),
    topics: array().of({
      name: string(),
      partitions: array().of({
        partitionIndex: int32(),
        committedOffset: int64(),
        committedLeaderEpoch: int32({ versions: '2+', default: -1, ignorable: true }),
        committedMetadata: string({ nullable: true }),
      }),
    }),
  },
})

export const TxnOffsetCommitResponse = message({
  kind: 'response',
  name: 'TxnOffsetCommit',
  key: 28,
  versions: '0-5',
  flexible: '3+',
  fields: {
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

export const DescribeProducersRequest = message({
  kind: 'request',
  name: 'DescribeProducers',
  key: 61,
  versions: '0',
  flexible: '0+',
  fields: {
    topics: array().of({
      name: string(),
      partitionIndexes: array().of(int32()),
    }),
  },
})

export const DescribeProducersResponse = message({
  kind: 'response',
  name: 'DescribeProducers',
  key: 61,
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32(),
    topics: array().of({
      name: string(),
      partitions: array().of({
        partitionIndex: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: true, default: null }),
        activeProducers: array().of({
          producerId: int64(),
          producerEpoch: int32(),
          lastSequence: int32({ default: -1 }),
          lastTimestamp: int64({ default: -1 }),
          coordinatorEpoch: int32(),
          currentTxnStartOffset: int64({ default: -1 }),
        }),
      }),
    }),
  },
})

export const DescribeTransactionsRequest = message({
  kind: 'request',
  name: 'DescribeTransactions',
  key: 65,
  versions: '0',
  flexible: '0+',
  fields: {
    transactionalIds: array().of(string()),
  },
})

export const DescribeTransactionsResponse = message({
  kind: 'response',
  name: 'DescribeTransactions',
  key: 65,
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32(),
    transactionStates: array().of({
      errorCode: int16(),
      transactionalId: string(),
      transactionState: string(),
      transactionTimeoutMs: int32(),
      transactionStartTimeMs: int64(),
      producerId: int64(),
      producerEpoch: int16(),
      topics: array().of({
        topic: string(),
        partitions: array().of(int32()),
      }),
    }),
  },
})

export const ListTransactionsRequest = message({
  kind: 'request',
  name: 'ListTransactions',
  key: 66,
  versions: '0-2',
  flexible: '0+',
  fields: {
    stateFilters: array().of(string()),
    producerIdFilters: array().of(int64()),
    durationFilter: int64({ versions: '1+', default: -1 }),
    transactionalIdPattern: string({ versions: '2+', nullable: true, default: null }),
  },
})

export const ListTransactionsResponse = message({
  kind: 'response',
  name: 'ListTransactions',
  key: 66,
  versions: '0-2',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    unknownStateFilters: array().of(string()),
    transactionStates: array().of({
      transactionalId: string(),
      producerId: int64(),
      transactionState: string(),
    }),
  },
})
