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

/** Topics whose logs were put into the directory from elsewhere (a copy of Kafka's) become topics of this broker. */
export async function adoptFound(
  directory: DataDirectory,
  metadata: MetadataNode,
  logger: Logger,
): Promise<void> {
  const found = new Map<string, { name: string; id: Log['topicId']; partitionCount: number }>()
  for (const report of directory.reports) {
    if (report.outcome !== 'adopted' || report.topic === KAFKA_METADATA_TOPIC) continue
    const log = directory.logs.get(`${report.topic}-${report.partition}`)
    if (log === undefined) continue
    const topic = found.get(report.topic) ?? { name: report.topic, id: log.topicId, partitionCount: 0 }
    topic.partitionCount = Math.max(topic.partitionCount, report.partition + 1)
    found.set(report.topic, topic)
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
