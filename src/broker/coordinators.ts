import type { BrokerSettings } from './broker-settings.ts'
import { GroupCoordinator } from './coordinator/group-coordinator.ts'
import { GROUP_CONFIG_DEFAULTS, type GroupConfig } from './coordinator/groups/group-config.ts'
import { TransactionCoordinator } from './coordinator/transaction-coordinator.ts'
import {
  TRANSACTION_CONFIG_DEFAULTS,
  type TransactionConfig,
} from './coordinator/transactions/transaction-config.ts'
import { CoordinatorPartitions } from './coordinator-partitions.ts'
import { OFFSETS_TOPIC, TRANSACTION_TOPIC } from './metadata/internal-topics.ts'
import type { MetadataNode } from './metadata/metadata-node.ts'
import { explainBrokerOption } from './options/explained-option.ts'
import type { BrokerOptions, TopicConfig } from './options.ts'
import type { PartitionRegistry } from './partition/registry.ts'
import type { TopicFollower } from './partition/topic-follower.ts'
import { ProducerIdBlocks } from './producer-id-blocks.ts'
import { TransactionPartitions } from './transaction-partitions.ts'

/** The machines that coordinate clients, and what they share. */
export interface Coordinators {
  readonly coordinator: GroupCoordinator
  readonly transactions: TransactionCoordinator
  readonly targets: TransactionPartitions
  readonly producerIds: ProducerIdBlocks
}

/** Loads groups and transactions from the partitions that are led here. Resolves when they are served. */
export async function openCoordinators(
  { options, environment, logger }: BrokerSettings,
  parts: {
    readonly metadata: MetadataNode
    readonly registry: PartitionRegistry
    readonly follower: TopicFollower
  },
  defaults: TopicConfig,
): Promise<Coordinators> {
  const { metadata, registry, follower } = parts
  const offsetsTopic = new CoordinatorPartitions({ topic: OFFSETS_TOPIC, metadata, registry, follower })
  const coordinator = new GroupCoordinator({
    topic: offsetsTopic,
    config: groupConfigOf(options),
    environment,
    logger,
    batchBytesMax: defaults.messageBytesMax,
    commitTimeoutMs: options.get('offsets.commit.timeout.ms'),
  })
  await offsetsTopic.serve(coordinator)
  metadata.subscribe((change) => {
    if (change.kind === 'topic-deleted') coordinator.topicsDeleted([change.topic.name])
  })
  const producerIds = new ProducerIdBlocks(metadata)
  const targets = new TransactionPartitions(registry, coordinator)
  const transactionTopic = new CoordinatorPartitions({
    topic: TRANSACTION_TOPIC,
    metadata,
    registry,
    follower,
  })
  const transactions = new TransactionCoordinator({
    topic: transactionTopic,
    targets,
    config: transactionConfigOf(options),
    verifies: () => {
      const name = 'transaction.partition.verification.enable'
      return explainBrokerOption(name, options, metadata.image.dynamicConfigs).value === 'true'
    },
    environment,
    logger,
    batchBytesMax: defaults.messageBytesMax,
    nextProducerId: async () => {
      const allocated = await producerIds.next()
      return 'producerId' in allocated ? allocated.producerId : null
    },
  })
  await transactionTopic.serve(transactions)
  return { coordinator, transactions, targets, producerIds }
}

function transactionConfigOf(options: BrokerOptions): TransactionConfig {
  return {
    ...TRANSACTION_CONFIG_DEFAULTS,
    timeoutMsMax: options.get('transaction.max.timeout.ms'),
    timeoutCheckMs: options.get('transaction.abort.timed.out.transaction.cleanup.interval.ms'),
    idExpirationMs: options.get('transactional.id.expiration.ms'),
    expirationCheckMs: options.get('transaction.remove.expired.transaction.cleanup.interval.ms'),
    completionWaitMs: options.get('add.partitions.to.txn.retry.backoff.max.ms'),
    memoryBytesMax: options.get('transaction.coordinator.memory.max.bytes'),
  }
}

function groupConfigOf(options: BrokerOptions): GroupConfig {
  const delaySet = options.setText('group.initial.rebalance.delay.ms') !== null
  return {
    ...GROUP_CONFIG_DEFAULTS,
    sessionTimeoutMsMin: options.get('group.min.session.timeout.ms'),
    sessionTimeoutMsMax: options.get('group.max.session.timeout.ms'),
    initialRebalanceDelayMs: delaySet ? options.get('group.initial.rebalance.delay.ms') : null,
    membersMax: options.get('group.max.size'),
    memoryBytesMax: options.get('group.coordinator.memory.max.bytes'),
    offsetMetadataLengthMax: options.get('offset.metadata.max.bytes'),
    offsetsRetentionMs: options.get('offsets.retention.minutes') * 60_000,
    offsetsRetentionCheckMs: options.get('offsets.retention.check.interval.ms'),
  }
}
