import {
  defaultConsumerProtocolAssignment,
  defaultConsumerProtocolSubscription,
  readConsumerProtocolAssignment,
  readConsumerProtocolSubscription,
  writeConsumerProtocolAssignment,
  writeConsumerProtocolSubscription,
} from '../protocol/generated/consumer-protocol.ts'
import { MalformedError, type Reader } from '../protocol/reader.ts'
import { decodeVersioned, encodeVersioned } from '../protocol/versioned.ts'
import { BadAnswerError } from './client-error.ts'
import { groupByTopic, type TopicPartition } from './position.ts'

/** The protocol type of groups of consumers. */
export const CONSUMER_PROTOCOL = 'consumer'
export const RANGE_ASSIGNOR = 'range'

const VERSION_SENT = 1
const VERSION_MAX = 3

/** What a member tells its group's leader: which topics it wants. */
export function encodeSubscription(topics: readonly string[]): Buffer {
  const subscription = { ...defaultConsumerProtocolSubscription(), topics: [...topics] }
  return encodeVersioned(writeConsumerProtocolSubscription, VERSION_SENT, subscription)
}

/** The topics of a member. Versions beyond those known are read as the last that is: they only add.
 * Throws BadAnswerError. */
export function decodeSubscription(bytes: Buffer): string[] {
  return decode(readConsumerProtocolSubscription, bytes, 'subscription').topics
}

/** What the leader tells a member: its partitions. */
export function encodeAssignment(partitions: readonly TopicPartition[]): Buffer {
  const assignedPartitions = [...groupByTopic(partitions)].map(([topic, list]) => ({
    topic,
    partitions: list.map(({ partition }) => partition),
  }))
  const assignment = { ...defaultConsumerProtocolAssignment(), assignedPartitions }
  return encodeVersioned(writeConsumerProtocolAssignment, VERSION_SENT, assignment)
}

/** A member's partitions; no bytes at all stand for none. Throws BadAnswerError. */
export function decodeAssignment(bytes: Buffer): TopicPartition[] {
  if (bytes.length === 0) return []
  const { assignedPartitions } = decode(readConsumerProtocolAssignment, bytes, 'assignment')
  return assignedPartitions.flatMap(({ topic, partitions }) =>
    partitions.map((partition) => ({ topic, partition })),
  )
}

function decode<Value>(read: (reader: Reader, version: number) => Value, bytes: Buffer, what: string): Value {
  try {
    return decodeVersioned(read, VERSION_MAX, capped(bytes))
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error
    throw new BadAnswerError(`the ${what} of a group member is malformed: ${error.message}`)
  }
}

function capped(bytes: Buffer): Buffer {
  if (bytes.length < 2 || bytes.readInt16BE(0) <= VERSION_MAX) return bytes
  const copy = Buffer.from(bytes)
  copy.writeInt16BE(VERSION_MAX, 0)
  return copy
}
