// From ../messages/share-records.ts. Written by scripts/generate-codecs.ts: change the source and run `npm run generate`.

import { ZERO_UUID } from '../../base/uuid.ts'
import type * as schema from '../messages/share-records.ts'
import type { Reader } from '../reader.ts'
import type { Infer } from '../schema.ts'
import type { Writer } from '../writer.ts'

// ── ShareSnapshotKey (0) 0 ──

export const SHARE_SNAPSHOT_KEY_TYPE = 0

export interface ShareSnapshotKey extends Infer<typeof schema.ShareSnapshotKey> {}

export function defaultShareSnapshotKey(): ShareSnapshotKey {
  return {
    groupId: '',
    topicId: ZERO_UUID,
    partition: 0,
  }
}

export function readShareSnapshotKey(reader: Reader, _version: number): ShareSnapshotKey {
  const groupId = reader.string(false)
  const topicId = reader.uuid()
  const partition = reader.int32()
  return { groupId, topicId, partition }
}

export function writeShareSnapshotKey(writer: Writer, _version: number, value: ShareSnapshotKey): void {
  writer.string(value.groupId, false)
  writer.uuid(value.topicId)
  writer.int32(value.partition)
}

// ── ShareSnapshotValue (0) 0 ──

export interface ShareSnapshotValue extends Infer<typeof schema.ShareSnapshotValue> {}
export type ShareSnapshotValueStateBatche = ShareSnapshotValue['stateBatches'][number]

export function defaultShareSnapshotValue(): ShareSnapshotValue {
  return {
    snapshotEpoch: 0,
    stateEpoch: 0,
    leaderEpoch: 0,
    startOffset: 0,
    deliveryCompleteCount: -1,
    createTimestamp: 0,
    writeTimestamp: 0,
    stateBatches: [],
  }
}

export function readShareSnapshotValue(reader: Reader, version: number): ShareSnapshotValue {
  let deliveryCompleteCount: number = -1
  const snapshotEpoch = reader.int32()
  const stateEpoch = reader.int32()
  const leaderEpoch = reader.int32()
  const startOffset = reader.int64()
  const createTimestamp = reader.int64()
  const writeTimestamp = reader.int64()
  const stateBatchesCount = reader.arrayCount(true, 20)
  const stateBatches: ShareSnapshotValueStateBatche[] = []
  for (let index = 0; index < stateBatchesCount; index++) stateBatches.push(readShareSnapshotValueStateBatche(reader, version))
  for (let count = reader.tagCount(); count > 0; count--) {
    const tag = reader.unsignedVarint()
    const end = reader.tagEnd()
    switch (tag) {
      case 0: {
        deliveryCompleteCount = reader.int32()
        break
      }
      default:
        reader.position = end
    }
    reader.leaveTag(end)
  }
  return {
    snapshotEpoch,
    stateEpoch,
    leaderEpoch,
    startOffset,
    deliveryCompleteCount,
    createTimestamp,
    writeTimestamp,
    stateBatches,
  }
}

export function writeShareSnapshotValue(writer: Writer, version: number, value: ShareSnapshotValue): void {
  writer.int32(value.snapshotEpoch)
  writer.int32(value.stateEpoch)
  writer.int32(value.leaderEpoch)
  writer.int64(value.startOffset)
  writer.int64(value.createTimestamp)
  writer.int64(value.writeTimestamp)
  writer.arrayCount(value.stateBatches.length, true)
  for (const element of value.stateBatches) writeShareSnapshotValueStateBatche(writer, version, element)
  let tags = 0
  if (value.deliveryCompleteCount !== -1) tags++
  writer.unsignedVarint(tags)
  if (value.deliveryCompleteCount !== -1) {
    writer.tag(0, 4)
    writer.int32(value.deliveryCompleteCount)
  }
}

export function defaultShareSnapshotValueStateBatche(): ShareSnapshotValueStateBatche {
  return {
    firstOffset: 0,
    lastOffset: 0,
    deliveryState: 0,
    deliveryCount: 0,
  }
}

function readShareSnapshotValueStateBatche(reader: Reader, _version: number): ShareSnapshotValueStateBatche {
  const firstOffset = reader.int64()
  const lastOffset = reader.int64()
  const deliveryState = reader.int8()
  const deliveryCount = reader.int16()
  reader.skipTags()
  return { firstOffset, lastOffset, deliveryState, deliveryCount }
}

function writeShareSnapshotValueStateBatche(writer: Writer, _version: number, value: ShareSnapshotValueStateBatche): void {
  writer.int64(value.firstOffset)
  writer.int64(value.lastOffset)
  writer.int8(value.deliveryState)
  writer.int16(value.deliveryCount)
  writer.unsignedVarint(0)
}

// ── ShareUpdateKey (1) 0 ──

export const SHARE_UPDATE_KEY_TYPE = 1

export interface ShareUpdateKey extends Infer<typeof schema.ShareUpdateKey> {}

export function defaultShareUpdateKey(): ShareUpdateKey {
  return {
    groupId: '',
    topicId: ZERO_UUID,
    partition: 0,
  }
}

export function readShareUpdateKey(reader: Reader, _version: number): ShareUpdateKey {
  const groupId = reader.string(false)
  const topicId = reader.uuid()
  const partition = reader.int32()
  return { groupId, topicId, partition }
}

export function writeShareUpdateKey(writer: Writer, _version: number, value: ShareUpdateKey): void {
  writer.string(value.groupId, false)
  writer.uuid(value.topicId)
  writer.int32(value.partition)
}

// ── ShareUpdateValue (1) 0 ──

export interface ShareUpdateValue extends Infer<typeof schema.ShareUpdateValue> {}
export type ShareUpdateValueStateBatche = ShareUpdateValue['stateBatches'][number]

export function defaultShareUpdateValue(): ShareUpdateValue {
  return {
    snapshotEpoch: 0,
    leaderEpoch: 0,
    startOffset: 0,
    deliveryCompleteCount: -1,
    stateBatches: [],
  }
}

export function readShareUpdateValue(reader: Reader, version: number): ShareUpdateValue {
  let deliveryCompleteCount: number = -1
  const snapshotEpoch = reader.int32()
  const leaderEpoch = reader.int32()
  const startOffset = reader.int64()
  const stateBatchesCount = reader.arrayCount(true, 20)
  const stateBatches: ShareUpdateValueStateBatche[] = []
  for (let index = 0; index < stateBatchesCount; index++) stateBatches.push(readShareUpdateValueStateBatche(reader, version))
  for (let count = reader.tagCount(); count > 0; count--) {
    const tag = reader.unsignedVarint()
    const end = reader.tagEnd()
    switch (tag) {
      case 0: {
        deliveryCompleteCount = reader.int32()
        break
      }
      default:
        reader.position = end
    }
    reader.leaveTag(end)
  }
  return { snapshotEpoch, leaderEpoch, startOffset, deliveryCompleteCount, stateBatches }
}

export function writeShareUpdateValue(writer: Writer, version: number, value: ShareUpdateValue): void {
  writer.int32(value.snapshotEpoch)
  writer.int32(value.leaderEpoch)
  writer.int64(value.startOffset)
  writer.arrayCount(value.stateBatches.length, true)
  for (const element of value.stateBatches) writeShareUpdateValueStateBatche(writer, version, element)
  let tags = 0
  if (value.deliveryCompleteCount !== -1) tags++
  writer.unsignedVarint(tags)
  if (value.deliveryCompleteCount !== -1) {
    writer.tag(0, 4)
    writer.int32(value.deliveryCompleteCount)
  }
}

export function defaultShareUpdateValueStateBatche(): ShareUpdateValueStateBatche {
  return {
    firstOffset: 0,
    lastOffset: 0,
    deliveryState: 0,
    deliveryCount: 0,
  }
}

function readShareUpdateValueStateBatche(reader: Reader, _version: number): ShareUpdateValueStateBatche {
  const firstOffset = reader.int64()
  const lastOffset = reader.int64()
  const deliveryState = reader.int8()
  const deliveryCount = reader.int16()
  reader.skipTags()
  return { firstOffset, lastOffset, deliveryState, deliveryCount }
}

function writeShareUpdateValueStateBatche(writer: Writer, _version: number, value: ShareUpdateValueStateBatche): void {
  writer.int64(value.firstOffset)
  writer.int64(value.lastOffset)
  writer.int8(value.deliveryState)
  writer.int16(value.deliveryCount)
  writer.unsignedVarint(0)
}
