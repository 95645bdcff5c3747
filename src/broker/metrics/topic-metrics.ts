import type { Partition } from '../partition/partition.ts'
import type { PartitionRegistry } from '../partition/registry.ts'
import { countBy, type MetricFamily, type MetricSource, type Sample, single } from './metric-family.ts'

/** Whatever has no series of its own. */
export const OTHER = '__other'

/** How many series there may be of things that clients make. */
export interface SeriesLimits {
  readonly topicsMax: number
  /** Of partitions; and again of what groups have committed. */
  readonly partitionsMax: number
  readonly groupsMax: number
}

/** What the partitions of a topic come to. */
class TopicTotals {
  partitions = 0
  producedBytes = 0
  producedRecords = 0
  fetchedBytes = 0
  fetchedRecords = 0
  sizeBytes = 0
  segments = 0

  add({ log, traffic }: Partition): void {
    this.partitions++
    this.producedBytes += traffic.producedBytes
    this.producedRecords += traffic.producedRecords
    this.fetchedBytes += traffic.fetchedBytes
    this.fetchedRecords += traffic.fetchedRecords
    this.sizeBytes += log.sizeBytes
    this.segments += log.segmentCount
  }
}

/**
 * Topics and partitions. The oldest topics have series of their own; the sum of the rest is the topic `__other`, so
 * that a series never changes what it stands for but when a topic is deleted.
 */
export function topicMetrics(registry: PartitionRegistry, limits: SeriesLimits): MetricSource {
  const totals = new Map<string, TopicTotals>()
  const own: Partition[] = []
  const prepare = (): void => {
    totals.clear()
    own.length = 0
    for (const partition of registry.partitions()) {
      if (own.length < limits.partitionsMax) own.push(partition)
      const isNamed = totals.has(partition.topic) || totals.size < limits.topicsMax
      totalsOf(totals, isNamed ? partition.topic : OTHER).add(partition)
    }
  }
  return {
    families: [...topicFamilies(totals), ...partitionFamilies(own), ...queueFamilies(registry)],
    prepare,
  }
}

function totalsOf(totals: Map<string, TopicTotals>, topic: string): TopicTotals {
  const known = totals.get(topic)
  if (known !== undefined) return known
  const made = new TopicTotals()
  totals.set(topic, made)
  return made
}

function topicFamilies(totals: ReadonlyMap<string, TopicTotals>): readonly MetricFamily[] {
  const family = (
    type: 'counter' | 'gauge',
    name: string,
    help: string,
    value: (topic: TopicTotals) => number,
  ): MetricFamily => ({
    name,
    type,
    labels: ['topic'],
    help,
    read: () => Array.from(totals, ([topic, sums]) => ({ labels: { topic }, value: value(sums) })),
  })
  return [
    family(
      'counter',
      'millrace_topic_produced_bytes_total',
      'Bytes of batches that producers brought and that were taken.',
      (topic) => topic.producedBytes,
    ),
    family(
      'counter',
      'millrace_topic_produced_records_total',
      'Records that producers brought and that were taken.',
      (topic) => topic.producedRecords,
    ),
    family(
      'counter',
      'millrace_topic_fetched_bytes_total',
      'Bytes of batches in answers to fetches.',
      (topic) => topic.fetchedBytes,
    ),
    family(
      'counter',
      'millrace_topic_fetched_records_total',
      'Records in answers to fetches, counted by their offsets: those that compaction removed count too.',
      (topic) => topic.fetchedRecords,
    ),
    family('gauge', 'millrace_topic_partitions', 'Partitions that are open.', (topic) => topic.partitions),
    family(
      'gauge',
      'millrace_topic_size_bytes',
      'Bytes of segments, with what waits to be written.',
      (topic) => topic.sizeBytes,
    ),
    family('gauge', 'millrace_topic_segments', 'Segments.', (topic) => topic.segments),
  ]
}

function partitionFamilies(partitions: readonly Partition[]): readonly MetricFamily[] {
  const gauge = (name: string, help: string, value: (partition: Partition) => number): MetricFamily => ({
    name,
    type: 'gauge',
    labels: ['topic', 'partition'],
    help,
    read: () =>
      partitions.map((partition) => ({
        labels: { topic: partition.topic, partition: partition.index },
        value: value(partition),
      })),
  })
  return [
    gauge('millrace_partition_start_offset', 'First offset.', ({ log }) => log.startOffset),
    gauge(
      'millrace_partition_end_offset',
      'Offset of the next record, counting what is not yet durable.',
      ({ log }) => log.endOffset,
    ),
    gauge(
      'millrace_partition_high_watermark',
      'Offset up to which readers may read.',
      ({ highWatermark }) => highWatermark,
    ),
    gauge(
      'millrace_partition_size_bytes',
      'Bytes of segments, with what waits to be written.',
      ({ log }) => log.sizeBytes,
    ),
    gauge('millrace_partition_segments', 'Segments.', ({ log }) => log.segmentCount),
  ]
}

function queueFamilies(registry: PartitionRegistry): readonly MetricFamily[] {
  const sum = (value: (partition: Partition) => number): number => {
    let total = 0
    for (const partition of registry.partitions()) total += value(partition)
    return total
  }
  return [
    single('gauge', 'millrace_partitions', 'Partitions that are open.', () => sum(() => 1)),
    single(
      'gauge',
      'millrace_parked_requests',
      'Waits on partitions: of producers for the disk, of consumers for records.',
      () => sum(({ waitingCount }) => waitingCount),
    ),
    single('gauge', 'millrace_log_queued_bytes', 'Bytes of batches that wait to be written.', () =>
      sum(({ log }) => log.queuedBytes),
    ),
    single(
      'gauge',
      'millrace_log_queued_partitions',
      'Partitions with batches that wait to be written.',
      () => sum(({ log }) => (log.queuedBytes > 0 ? 1 : 0)),
    ),
    {
      name: 'millrace_logs_refusing',
      type: 'gauge',
      labels: ['reason'],
      help: 'Partitions that take no batch: full, stalled, failed, damaged or closed.',
      read: () => refusals(registry),
    },
  ]
}

function refusals(registry: PartitionRegistry): readonly Sample[] {
  const reasons = [...registry.partitions()].flatMap(({ log }) => log.refusal() ?? [])
  return Array.from(countBy(reasons), ([reason, value]) => ({ labels: { reason }, value }))
}
