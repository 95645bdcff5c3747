import type { Uuid } from '../../base/uuid.ts'
import type { BrokerOptions } from '../options.ts'

/** The topic of the log that this folder's machine lives in. It is not a topic of the image. */
export const METADATA_TOPIC = '__millrace_metadata'

/** The same in every cluster; in ASCII, so that a dump tells what it is. */
export const METADATA_TOPIC_ID = 'millrace-metadat' as Uuid

/** Kafka's own metadata log: in a directory copied from Kafka it is left as it is, and its name is never given. */
export const KAFKA_METADATA_TOPIC = '__cluster_metadata'

export const OFFSETS_TOPIC = '__consumer_offsets'

export const TRANSACTION_TOPIC = '__transaction_state'

/** The topics that clients are told are internal. */
const INTERNAL_TOPICS: ReadonlySet<string> = new Set([
  OFFSETS_TOPIC,
  TRANSACTION_TOPIC,
  '__share_group_state',
])

/** True for a topic that belongs to the broker: clients read of it and neither create, change nor delete it. */
export function isInternalTopic(name: string): boolean {
  return INTERNAL_TOPICS.has(name)
}

/** True for a name that no client may create. */
export function isReservedTopic(name: string): boolean {
  return name === METADATA_TOPIC || name === KAFKA_METADATA_TOPIC || isInternalTopic(name)
}

/** How an internal topic is created. */
export interface InternalTopicShape {
  readonly name: string
  readonly partitionCount: number
  readonly replicationFactor: number
  readonly configs: ReadonlyMap<string, string>
}

/** The shape of an internal topic that this release serves, else null. Never more replicas than brokers. */
export function internalTopicShape(
  name: string,
  options: BrokerOptions,
  brokerCount: number,
): InternalTopicShape | null {
  if (name === TRANSACTION_TOPIC) return transactionTopicShape(options, brokerCount)
  if (name !== OFFSETS_TOPIC) return null
  return {
    name,
    partitionCount: options.get('offsets.topic.num.partitions'),
    replicationFactor: Math.min(options.get('offsets.topic.replication.factor'), brokerCount),
    configs: new Map([
      ['cleanup.policy', 'compact'],
      ['compression.type', 'producer'],
      ['segment.bytes', String(options.get('offsets.topic.segment.bytes'))],
    ]),
  }
}

/** In sync are never asked for more replicas than there are. */
function transactionTopicShape(options: BrokerOptions, brokerCount: number): InternalTopicShape {
  const replicationFactor = Math.min(options.get('transaction.state.log.replication.factor'), brokerCount)
  return {
    name: TRANSACTION_TOPIC,
    partitionCount: options.get('transaction.state.log.num.partitions'),
    replicationFactor,
    configs: new Map([
      ['cleanup.policy', 'compact'],
      ['compression.type', 'uncompressed'],
      [
        'min.insync.replicas',
        String(Math.min(options.get('transaction.state.log.min.isr'), replicationFactor)),
      ],
      ['segment.bytes', String(options.get('transaction.state.log.segment.bytes'))],
      ['unclean.leader.election.enable', 'false'],
    ]),
  }
}
