import { assert } from '../../base/assert.ts'
import type { OptionDefinition } from '../../base/options.ts'
import { brokerOptions, isBrokerOption } from './broker-options.ts'
import { topicOptions } from './topic-options.ts'

export type TopicOptionName = keyof typeof topicOptions

/** What the broker was started with: the text of what was set, null where the default is used. */
export interface StaticSettings {
  setText(name: string): string | null
}

/** Values of brokers that were set while they run, by name: those of this broker and those of every broker. */
export interface DynamicBrokerConfigs {
  readonly broker: ReadonlyMap<string, string>
  readonly cluster: ReadonlyMap<string, string>
}

export const NO_DYNAMIC_CONFIGS: DynamicBrokerConfigs = { broker: new Map(), cluster: new Map() }

/** Who gave a value, strongest first. */
export type ConfigSource = 'override' | 'dynamic-broker' | 'dynamic-cluster' | 'static' | 'default'

/** One of the values that an option could take, under the name it was given by. */
export interface ConfigSynonym {
  readonly name: string
  readonly value: string | null
  readonly source: ConfigSource
}

/** Where an option's value comes from. `synonyms` are all the candidates in order; the first is the value's. */
export interface ExplainedOption {
  readonly value: string | null
  readonly source: ConfigSource
  readonly synonyms: readonly ConfigSynonym[]
}

interface BrokerSynonym {
  readonly name: string
  /** From the broker option's unit to the topic option's. */
  readonly multiplier: number
}

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

const same = (name: string): readonly BrokerSynonym[] => [{ name, multiplier: 1 }]

/** The broker options that a topic option falls back on, in order. A topic option that is not named here has none. */
const BROKER_SYNONYMS: { readonly [Name in TopicOptionName]?: readonly BrokerSynonym[] } = {
  'cleanup.policy': same('log.cleanup.policy'),
  'compression.gzip.level': same('compression.gzip.level'),
  'compression.lz4.level': same('compression.lz4.level'),
  'compression.type': same('compression.type'),
  'compression.zstd.level': same('compression.zstd.level'),
  'delete.retention.ms': same('log.cleaner.delete.retention.ms'),
  'file.delete.delay.ms': same('log.segment.delete.delay.ms'),
  'flush.messages': same('log.flush.interval.messages'),
  'flush.ms': [
    { name: 'log.flush.interval.ms', multiplier: 1 },
    { name: 'log.flush.scheduler.interval.ms', multiplier: 1 },
  ],
  'index.interval.bytes': same('log.index.interval.bytes'),
  'local.retention.bytes': same('log.local.retention.bytes'),
  'local.retention.ms': same('log.local.retention.ms'),
  'max.compaction.lag.ms': same('log.cleaner.max.compaction.lag.ms'),
  'max.message.bytes': same('message.max.bytes'),
  'message.timestamp.after.max.ms': same('log.message.timestamp.after.max.ms'),
  'message.timestamp.before.max.ms': same('log.message.timestamp.before.max.ms'),
  'message.timestamp.type': same('log.message.timestamp.type'),
  'min.cleanable.dirty.ratio': same('log.cleaner.min.cleanable.ratio'),
  'min.compaction.lag.ms': same('log.cleaner.min.compaction.lag.ms'),
  'min.insync.replicas': same('min.insync.replicas'),
  preallocate: same('log.preallocate'),
  'retention.bytes': same('log.retention.bytes'),
  'retention.ms': [
    { name: 'log.retention.ms', multiplier: 1 },
    { name: 'log.retention.minutes', multiplier: MINUTE_MS },
    { name: 'log.retention.hours', multiplier: HOUR_MS },
  ],
  'segment.bytes': same('log.segment.bytes'),
  'segment.index.bytes': same('log.index.size.max.bytes'),
  'segment.jitter.ms': [
    { name: 'log.roll.jitter.ms', multiplier: 1 },
    { name: 'log.roll.jitter.hours', multiplier: HOUR_MS },
  ],
  'segment.ms': [
    { name: 'log.roll.ms', multiplier: 1 },
    { name: 'log.roll.hours', multiplier: HOUR_MS },
  ],
  'unclean.leader.election.enable': same('unclean.leader.election.enable'),
  durability: same('durability'),
}

/** The names of the broker options that a topic option falls back on, in order. */
export function brokerSynonymNames(name: TopicOptionName): readonly string[] {
  return (BROKER_SYNONYMS[name] ?? []).map((synonym) => synonym.name)
}

function converted(text: string | null, multiplier: number): string | null {
  if (text === null || multiplier === 1) return text
  const value = Number(text)
  return value < 0 ? '-1' : String(value * multiplier)
}

/** True for a name that a topic can have a config of. */
export function isTopicOption(name: string): name is TopicOptionName {
  return Object.hasOwn(topicOptions, name)
}

/**
 * Resolves one config of a topic: override, then the broker's (dynamic, static), then the default. Of several broker
 * options in different units the first stands for them all unless another one was set, as Kafka tells it.
 */
export function explainTopicOption(
  name: TopicOptionName,
  overrides: ReadonlyMap<string, string>,
  options: StaticSettings,
  dynamic: DynamicBrokerConfigs = NO_DYNAMIC_CONFIGS,
): ExplainedOption {
  const synonyms: ConfigSynonym[] = []
  const multipliers = new Map<string, number>()
  const override = overrides.get(name)
  if (override !== undefined) synonyms.push({ name, value: override, source: 'override' })
  for (const [position, { name: fallback, multiplier }] of (BROKER_SYNONYMS[name] ?? []).entries()) {
    multipliers.set(fallback, multiplier)
    synonyms.push(...brokerSynonyms(fallback, options, dynamic, position === 0))
  }
  const first = synonyms[0]
  if (first === undefined) return { value: topicOptions[name].default, source: 'default', synonyms }
  const multiplier = first.source === 'override' ? 1 : (multipliers.get(first.name) ?? 1)
  return { value: converted(first.value, multiplier), source: first.source, synonyms }
}

/** Resolves one option of this broker: dynamic (its own, then every broker's), static, default. */
export function explainBrokerOption(
  name: string,
  options: StaticSettings,
  dynamic: DynamicBrokerConfigs = NO_DYNAMIC_CONFIGS,
): ExplainedOption {
  const synonyms = brokerSynonyms(name, options, dynamic, true)
  const first = synonyms[0]
  return first === undefined
    ? { value: null, source: 'default', synonyms }
    : { value: first.value, source: first.source, synonyms }
}

function brokerSynonyms(
  name: string,
  options: StaticSettings,
  dynamic: DynamicBrokerConfigs,
  withDefault: boolean,
): ConfigSynonym[] {
  assert(isBrokerOption(name), `${name} is an option of the broker`)
  const definition: OptionDefinition = brokerOptions[name]
  const candidates: readonly (readonly [string | null | undefined, ConfigSource])[] = [
    [dynamic.broker.get(name), 'dynamic-broker'],
    [dynamic.cluster.get(name), 'dynamic-cluster'],
    [options.setText(name), 'static'],
    [withDefault ? definition.default : null, 'default'],
  ]
  return candidates.flatMap(([value, source]) =>
    value === null || value === undefined ? [] : [{ name, value, source }],
  )
}
