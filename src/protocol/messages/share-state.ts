/** What the share coordinator keeps of a share partition (KIP-932). */

import { array, int8, int16, int32, int64, message, string, uuid } from '../schema.ts'

export const InitializeShareGroupStateRequest = message({
  kind: 'request',
  name: 'InitializeShareGroupState',
  key: 83,
  versions: '0',
  flexible: '0+',
  fields: {
    groupId: string(),
    topics: array().of({
      topicId: uuid(),
      partitions: array().of({
        partition: int32(),
        stateEpoch: int32(),
        startOffset: int64(),
      }),
    }),
  },
})

export const InitializeShareGroupStateResponse = message({
  kind: 'response',
  name: 'InitializeShareGroupState',
  key: 83,
  versions: '0',
  flexible: '0+',
  fields: {
    results: array().of({
      topicId: uuid(),
      partitions: array().of({
        partition: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: true, default: null }),
      }),
    }),
  },
})

export const ReadShareGroupStateRequest = message({
  kind: 'request',
  name: 'ReadShareGroupState',
  key: 84,
  versions: '0',
  flexible: '0+',
  fields: {
    groupId: string(),
    topics: array().of({
      topicId: uuid(),
      partitions: array().of({
        partition: int32(),
        leaderEpoch: int32(),
      }),
    }),
  },
})

export const ReadShareGroupStateResponse = message({
  kind: 'response',
  name: 'ReadShareGroupState',
  key: 84,
  versions: '0',
  flexible: '0+',
  fields: {
    results: array().of({
      topicId: uuid(),
      partitions: array().of({
        partition: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: true, default: null }),
        stateEpoch: int32(),
        startOffset: int64(),
        stateBatches: array().of({
          firstOffset: int64(),
          lastOffset: int64(),
          deliveryState: int8(),
          deliveryCount: int16(),
        }),
      }),
    }),
  },
})

export const WriteShareGroupStateRequest = message({
  kind: 'request',
  name: 'WriteShareGroupState',
  key: 85,
  versions: '0-1',
  flexible: '0+',
  fields: {
    groupId: string(),
    topics: array().of({
      topicId: uuid(),
      partitions: array().of({
        partition: int32(),
        stateEpoch: int32(),
        leaderEpoch: int32(),
        startOffset: int64(),
        deliveryCompleteCount: int32({ versions: '1+', default: -1, ignorable: true }),
        stateBatches: array().of({
          firstOffset: int64(),
          lastOffset: int64(),
          deliveryState: int8(),
          deliveryCount: int16(),
        }),
      }),
    }),
  },
})

export const WriteShareGroupStateResponse = message({
  kind: 'response',
  name: 'WriteShareGroupState',
  key: 85,
  versions: '0-1',
  flexible: '0+',
  fields: {
    results: array().of({
      topicId: uuid(),
      partitions: array().of({
        partition: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: true, default: null }),
      }),
    }),
  },
})

export const DeleteShareGroupStateRequest = message({
  kind: 'request',
  name: 'DeleteShareGroupState',
  key: 86,
  versions: '0',
  flexible: '0+',
  fields: {
    groupId: string(),
    topics: array().of({
      topicId: uuid(),
      partitions: array().of({
        partition: int32(),
      }),
    }),
  },
})

export const DeleteShareGroupStateResponse = message({
  kind: 'response',
  name: 'DeleteShareGroupState',
  key: 86,
  versions: '0',
  flexible: '0+',
  fields: {
    results: array().of({
      topicId: uuid(),
      partitions: array().of({
        partition: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: true, default: null }),
      }),
    }),
  },
})

export const ReadShareGroupStateSummaryRequest = message({
  kind: 'request',
  name: 'ReadShareGroupStateSummary',
  key: 87,
  versions: '0-1',
  flexible: '0+',
  fields: {
    groupId: string(),
    topics: array().of({
      topicId: uuid(),
      partitions: array().of({
        partition: int32(),
        leaderEpoch: int32(),
      }),
    }),
  },
})

export const ReadShareGroupStateSummaryResponse = message({
  kind: 'response',
  name: 'ReadShareGroupStateSummary',
  key: 87,
  versions: '0-1',
  flexible: '0+',
  fields: {
    results: array().of({
      topicId: uuid(),
      partitions: array().of({
        partition: int32(),
        errorCode: int16(),
        errorMessage: string({ nullable: true, default: null }),
        stateEpoch: int32(),
        leaderEpoch: int32(),
        startOffset: int64(),
        deliveryCompleteCount: int32({ versions: '1+', default: -1, ignorable: true }),
      }),
    }),
  },
})
