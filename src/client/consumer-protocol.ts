import {
  defaultConsumerProtocolAssignment,
  defaultConsumerProtocolSubscription,
  readConsumerProtocolAssignment,
  readConsumerProtocolSubscription,
  writeConsumerProtocolAssignment,
  writeConsumerProtocolSubscription,
} from '../protocol/generated/consumer-protocol.ts'
import { MalformedError, Reader } from '../protocol/reader.ts'
import { encodeVersioned, prefixOf } from '../protocol/versioned.ts'
import { BadAnswerError } from './client-error.ts'
import { groupByTopic, type TopicPartition } from './position.ts'

/** The protocol type of groups of consumers. */
export const CONSUMER_PROTOCOL = 'consumer'
export const RANGE_ASSIGNOR = 'range'

const VERSION_SENT = 1
/** The version that brought all that is read here. Later ones only append fields. */
const VERSION_READ = 0

/** What a member tells its group's leader: which topics it wants. */
export function encodeSubscription(topics: readonly string[]): Buffer {
  const subscription = { ...defaultConsumerProtocolSubscription(), topics: [...topics] }
  return encodeVersioned(writeConsumerProtocolSubscription, VERSION_SENT, subscription)
}

/** The topics of a member, whichever version its bytes claim: some clients leave out what that appends. Throws BadAnswerError. */
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
    prefixOf(bytes)
    return read(new Reader(bytes, 2), VERSION_READ)
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error
    throw new BadAnswerError(`the ${what} of a group member is malformed: ${error.message}`)
  }
}
