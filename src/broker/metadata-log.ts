import type { Logger } from '../base/logger.ts'
import type { DataDirectory } from '../storage/data-directory.ts'
import type { Log } from '../storage/log.ts'
import type { BrokerSettings } from './broker-settings.ts'
import { MachineRuntime } from './coordinator/runtime.ts'
import { KAFKA_METADATA_TOPIC, METADATA_TOPIC, METADATA_TOPIC_ID } from './metadata/internal-topics.ts'
import { metadataEventCodec } from './metadata/metadata-event.ts'
import { MetadataMachine } from './metadata/metadata-machine.ts'
import { MetadataNode } from './metadata/metadata-node.ts'
import type { TopicConfig } from './options.ts'
import { MachinePartition } from './partition/machine-partition.ts'
import type { PartitionRegistry } from './partition/registry.ts'

const METADATA_BATCH_BYTES_MAX = 1024 * 1024

/** The metadata log is a partition like any other, which no client sees. */
export async function openMetadata(
  { options, environment, logger }: BrokerSettings,
  directory: DataDirectory,
  registry: PartitionRegistry,
  defaults: TopicConfig,
): Promise<MetadataNode> {
  const partition = await registry.openPrivate({
    name: METADATA_TOPIC,
    id: METADATA_TOPIC_ID,
    partitionCount: 1,
    internal: true,
    config: {
      ...defaults,
      cleanupPolicy: [],
      retentionMs: -1,
      retentionBytes: -1,
      durability: 'fsync',
      minInsyncReplicas: 1,
    },
  })
  const machine = new MetadataMachine(directory.clusterId, options)
  const runtime = new MachineRuntime({
    machine,
    codec: metadataEventCodec,
    log: new MachinePartition(partition),
    environment,
    logger,
    batchBytesMax: METADATA_BATCH_BYTES_MAX,
  })
  const metadata = new MetadataNode({ machine, runtime, options, environment, logger })
  await metadata.start()
  return metadata
}

/**
 * Topics whose logs were put into the directory from elsewhere (a copy of Kafka's) become topics of this broker: those that
 * the metadata know nothing of, nor that they were deleted. Not only what this start has found: one before may have been
 * killed in between.
 */
export async function adoptFound(
  directory: DataDirectory,
  metadata: MetadataNode,
  logger: Logger,
): Promise<void> {
  const found = new Map<string, { name: string; id: Log['topicId']; partitionCount: number }>()
  const isNew = new Set<string>()
  for (const { topic, partition, outcome } of directory.reports)
    if (outcome === 'adopted') isNew.add(`${topic}-${partition}`)
  for (const [name, { topic, partition, topicId }] of directory.logs) {
    if (topic === METADATA_TOPIC || topic === KAFKA_METADATA_TOPIC) continue
    if (metadata.image.topicsById.has(topicId) || (metadata.wasDeleted(topicId) && !isNew.has(name))) continue
    const known = found.get(topic) ?? { name: topic, id: topicId, partitionCount: 0 }
    known.partitionCount = Math.max(known.partitionCount, partition + 1)
    found.set(topic, known)
  }
  if (found.size === 0) return
  const topics = [...found.values()]
  const outcomes = await metadata.adoptTopics(topics)
  for (const [index, { name, partitionCount }] of topics.entries())
    logger.info('topic found in the directory', {
      topic: name,
      partitions: partitionCount,
      outcome: 'refused' in outcomes ? outcomes.refused : outcomes[index],
    })
}
