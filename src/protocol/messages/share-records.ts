/** The records of __share_group_state (KIP-932). */

import { array, int8, int16, int32, int64, message, string, uuid } from '../schema.ts'

export const ShareSnapshotKey = message({
  kind: 'record-key',
  name: 'ShareSnapshotKey',
  key: 0,
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
    topicId: uuid(),
    partition: int32(),
  },
})

export const ShareSnapshotValue = message({
  kind: 'record-value',
  name: 'ShareSnapshotValue',
  key: 0,
  versions: '0',
  flexible: '0+',
  fields: {
    snapshotEpoch: int32(),
    stateEpoch: int32(),
    leaderEpoch: int32(),
    startOffset: int64(),
    deliveryCompleteCount: int32({ tag: 0, default: -1 }),
    createTimestamp: int64(),
    writeTimestamp: int64(),
    stateBatches: array().of({
      firstOffset: int64(),
      lastOffset: int64(),
      deliveryState: int8(),
      deliveryCount: int16(),
    }),
  },
})

export const ShareUpdateKey = message({
  kind: 'record-key',
  name: 'ShareUpdateKey',
  key: 1,
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string(),
    topicId: uuid(),
    partition: int32(),
  },
})

export const ShareUpdateValue = message({
  kind: 'record-value',
  name: 'ShareUpdateValue',
  key: 1,
  versions: '0',
  flexible: '0+',
  fields: {
    snapshotEpoch: int32(),
    leaderEpoch: int32(),
    startOffset: int64(),
    deliveryCompleteCount: int32({ tag: 0, default: -1 }),
    stateBatches: array().of({
      firstOffset: int64(),
      lastOffset: int64(),
      deliveryState: int8(),
      deliveryCount: int16(),
    }),
  },
})
