import { assert } from '../../base/assert.ts'
import { type OptionDefinition, type OptionValues, parseOption } from '../../base/options.ts'
import type { Compression } from '../../protocol/record-batch.ts'
import {
  type DynamicBrokerConfigs,
  explainTopicOption,
  NO_DYNAMIC_CONFIGS,
  type StaticSettings,
  type TopicOptionName,
} from './explained-option.ts'
import { topicOptions } from './topic-options.ts'

/** What a partition needs of its topic's configs, parsed. Times in ms; -1 is no bound where the option says so. */
export interface TopicConfig {
  readonly segmentBytesMax: number
  readonly segmentMs: number
  readonly segmentJitterMs: number
  readonly segmentIndexBytesMax: number
  readonly indexIntervalBytes: number
  /** -1: for ever. */
  readonly retentionMs: number
  /** -1: no bound. */
  readonly retentionBytes: number
  readonly fileDeleteDelayMs: number
  readonly preallocates: boolean
  readonly messageBytesMax: number
  readonly messageTimestampType: 'CreateTime' | 'LogAppendTime'
  readonly messageTimestampBeforeMaxMs: number
  readonly messageTimestampAfterMaxMs: number
  readonly cleanupPolicy: readonly ('compact' | 'delete')[]
  /** Of the cleanup policy: whether retention takes segments. */
  readonly deletes: boolean
  readonly compressionType: 'uncompressed' | 'zstd' | 'lz4' | 'snappy' | 'gzip' | 'producer'
  /** Of codecs that have more than one. */
  readonly compressionLevels: { readonly [Codec in Compression]?: number }
  readonly minInsyncReplicas: number
  /** fsync: a record is acknowledged once it is on disk; cached: once the operating system has it. */
  readonly durability: 'fsync' | 'cached'
  readonly deleteRetentionMs: number
  readonly minCompactionLagMs: number
  readonly maxCompactionLagMs: number
  readonly minCleanableDirtyRatio: number
}

/** The configs of a topic with these overrides. Overrides were checked when they were set; names from a newer release are not looked at. */
export function topicConfigOf(
  overrides: ReadonlyMap<string, string>,
  options: StaticSettings,
  dynamic: DynamicBrokerConfigs = NO_DYNAMIC_CONFIGS,
): TopicConfig {
  const value = <Name extends TopicOptionName>(name: Name): OptionValues<typeof topicOptions>[Name] => {
    const { value: text } = explainTopicOption(name, overrides, options, dynamic)
    const parsed = parseOption(name, topicOptions[name], text ?? '')
    assert('value' in parsed, `${name} was checked when it was set`)
    return parsed.value as OptionValues<typeof topicOptions>[Name]
  }
  const cleanupPolicy = value('cleanup.policy') as TopicConfig['cleanupPolicy']
  return {
    segmentBytesMax: value('segment.bytes'),
    segmentMs: value('segment.ms'),
    segmentJitterMs: value('segment.jitter.ms'),
    segmentIndexBytesMax: value('segment.index.bytes'),
    indexIntervalBytes: value('index.interval.bytes'),
    retentionMs: value('retention.ms'),
    retentionBytes: value('retention.bytes'),
    fileDeleteDelayMs: value('file.delete.delay.ms'),
    preallocates: value('preallocate'),
    messageBytesMax: value('max.message.bytes'),
    messageTimestampType: value('message.timestamp.type') as TopicConfig['messageTimestampType'],
    messageTimestampBeforeMaxMs: value('message.timestamp.before.max.ms'),
    messageTimestampAfterMaxMs: value('message.timestamp.after.max.ms'),
    cleanupPolicy,
    deletes: cleanupPolicy.includes('delete'),
    compressionType: value('compression.type') as TopicConfig['compressionType'],
    compressionLevels: { gzip: value('compression.gzip.level'), zstd: value('compression.zstd.level') },
    minInsyncReplicas: value('min.insync.replicas'),
    durability: value('durability') as TopicConfig['durability'],
    deleteRetentionMs: value('delete.retention.ms'),
    minCompactionLagMs: value('min.compaction.lag.ms'),
    maxCompactionLagMs: value('max.compaction.lag.ms'),
    minCleanableDirtyRatio: value('min.cleanable.dirty.ratio'),
  }
}

/** What is wrong with what topics without overrides would have, each by itself; null when nothing is. */
export function topicDefaultsFault(
  options: StaticSettings,
  dynamic: DynamicBrokerConfigs = NO_DYNAMIC_CONFIGS,
): string | null {
  for (const [name, definition] of Object.entries<OptionDefinition>(topicOptions)) {
    const { value, synonyms } = explainTopicOption(name as TopicOptionName, new Map(), options, dynamic)
    const parsed = parseOption(synonyms[0]?.name ?? name, definition, value ?? '')
    if ('fault' in parsed) return parsed.fault
  }
  return null
}
