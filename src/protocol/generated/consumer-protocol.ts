// From ../messages/consumer-protocol.ts. Written by scripts/generate-codecs.ts: change the source and run `npm run generate`.

import type * as schema from '../messages/consumer-protocol.ts'
import type { Reader } from '../reader.ts'
import type { Infer } from '../schema.ts'
import type { Writer } from '../writer.ts'

// ── ConsumerProtocolAssignment 0-3 ──

export interface ConsumerProtocolAssignment extends Infer<typeof schema.ConsumerProtocolAssignment> {}
export type ConsumerProtocolAssignmentAssignedPartition = ConsumerProtocolAssignment['assignedPartitions'][number]

export function defaultConsumerProtocolAssignment(): ConsumerProtocolAssignment {
  return {
    assignedPartitions: [],
    userData: null,
  }
}

export function readConsumerProtocolAssignment(reader: Reader, version: number): ConsumerProtocolAssignment {
  const assignedPartitionsCount = reader.arrayCount(false, 6)
  const assignedPartitions: ConsumerProtocolAssignmentAssignedPartition[] = []
  for (let index = 0; index < assignedPartitionsCount; index++) assignedPartitions.push(readConsumerProtocolAssignmentAssignedPartition(reader, version))
  const userData = reader.nullableBytes(false)
  return { assignedPartitions, userData }
}

export function writeConsumerProtocolAssignment(writer: Writer, version: number, value: ConsumerProtocolAssignment): void {
  writer.arrayCount(value.assignedPartitions.length, false)
  for (const element of value.assignedPartitions) writeConsumerProtocolAssignmentAssignedPartition(writer, version, element)
  writer.bytes(value.userData, false)
}

export function defaultConsumerProtocolAssignmentAssignedPartition(): ConsumerProtocolAssignmentAssignedPartition {
  return {
    topic: '',
    partitions: [],
  }
}

function readConsumerProtocolAssignmentAssignedPartition(reader: Reader, _version: number): ConsumerProtocolAssignmentAssignedPartition {
  const topic = reader.string(false)
  const partitionsCount = reader.arrayCount(false, 4)
  const partitions = reader.int32Array(partitionsCount)
  return { topic, partitions }
}

function writeConsumerProtocolAssignmentAssignedPartition(writer: Writer, _version: number, value: ConsumerProtocolAssignmentAssignedPartition): void {
  writer.string(value.topic, false)
  writer.arrayCount(value.partitions.length, false)
  writer.int32Array(value.partitions)
}

// ── ConsumerProtocolSubscription 0-3 ──

export interface ConsumerProtocolSubscription extends Infer<typeof schema.ConsumerProtocolSubscription> {}
export type ConsumerProtocolSubscriptionOwnedPartition = ConsumerProtocolSubscription['ownedPartitions'][number]

export function defaultConsumerProtocolSubscription(): ConsumerProtocolSubscription {
  return {
    topics: [],
    userData: null,
    ownedPartitions: [],
    generationId: -1,
    rackId: null,
  }
}

export function readConsumerProtocolSubscription(reader: Reader, version: number): ConsumerProtocolSubscription {
  const topicsCount = reader.arrayCount(false, 2)
  const topics = reader.stringArray(topicsCount, false)
  const userData = reader.nullableBytes(false)
  const ownedPartitionsCount = version >= 1 ? reader.arrayCount(false, 6) : 0
  const ownedPartitions: ConsumerProtocolSubscriptionOwnedPartition[] = []
  for (let index = 0; index < ownedPartitionsCount; index++) ownedPartitions.push(readConsumerProtocolSubscriptionOwnedPartition(reader, version))
  const generationId = version >= 2 ? reader.int32() : -1
  const rackId = version >= 3 ? reader.nullableString(false) : null
  return { topics, userData, ownedPartitions, generationId, rackId }
}

export function writeConsumerProtocolSubscription(writer: Writer, version: number, value: ConsumerProtocolSubscription): void {
  writer.arrayCount(value.topics.length, false)
  writer.stringArray(value.topics, false)
  writer.bytes(value.userData, false)
  if (version >= 1) {
    writer.arrayCount(value.ownedPartitions.length, false)
    for (const element of value.ownedPartitions) writeConsumerProtocolSubscriptionOwnedPartition(writer, version, element)
  }
  if (version >= 2) writer.int32(value.generationId)
  if (version >= 3) writer.string(value.rackId, false)
}

export function defaultConsumerProtocolSubscriptionOwnedPartition(): ConsumerProtocolSubscriptionOwnedPartition {
  return {
    topic: '',
    partitions: [],
  }
}

function readConsumerProtocolSubscriptionOwnedPartition(reader: Reader, _version: number): ConsumerProtocolSubscriptionOwnedPartition {
  const topic = reader.string(false)
  const partitionsCount = reader.arrayCount(false, 4)
  const partitions = reader.int32Array(partitionsCount)
  return { topic, partitions }
}

function writeConsumerProtocolSubscriptionOwnedPartition(writer: Writer, _version: number, value: ConsumerProtocolSubscriptionOwnedPartition): void {
  writer.string(value.topic, false)
  writer.arrayCount(value.partitions.length, false)
  writer.int32Array(value.partitions)
}
