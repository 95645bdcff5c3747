import type { OptionDefinition, OptionType } from '../../../base/options.ts'
import {
  type ConfigSource,
  type ConfigSynonym,
  type DynamicBrokerConfigs,
  type ExplainedOption,
  explainBrokerOption,
  explainTopicOption,
  type TopicOptionName,
} from '../../options/explained-option.ts'
import {
  type BrokerOptions,
  brokerOptions,
  clientMetricsOptions,
  groupOptions,
  isBrokerOption,
  topicOptions,
} from '../../options.ts'

/** Kafka's numbers of where a value comes from. */
export const CONFIG_SOURCE = {
  topic: 1,
  dynamicBroker: 2,
  dynamicCluster: 3,
  static: 4,
  default: 5,
  logger: 6,
  clientMetrics: 7,
  group: 8,
} as const

/** Kafka's numbers of option types. */
const CONFIG_TYPE: { readonly [Type in OptionType]: number } = {
  boolean: 1,
  string: 2,
  int: 3,
  short: 4,
  long: 5,
  double: 6,
  list: 7,
  class: 8,
  password: 9,
}

/** One config as DescribeConfigs and CreateTopics tell it. Values of passwords are never told. */
export interface ConfigEntry {
  readonly name: string
  readonly value: string | null
  readonly readOnly: boolean
  readonly source: number
  readonly sensitive: boolean
  readonly type: number
  readonly doc: string
  readonly synonyms: {
    readonly name: string
    readonly value: string | null
    readonly source: number
  }[]
}

const SOURCE_OF: { readonly [Source in ConfigSource]: number } = {
  override: CONFIG_SOURCE.topic,
  'dynamic-broker': CONFIG_SOURCE.dynamicBroker,
  'dynamic-cluster': CONFIG_SOURCE.dynamicCluster,
  static: CONFIG_SOURCE.static,
  default: CONFIG_SOURCE.default,
}

/** Every config of topics; what no topic overrides is put together once, for as many topics as are asked about. */
export class TopicConfigEntries {
  readonly #options: BrokerOptions
  readonly #dynamic: DynamicBrokerConfigs
  readonly #inherited: readonly ConfigEntry[]

  constructor(options: BrokerOptions, dynamic: DynamicBrokerConfigs) {
    this.#options = options
    this.#dynamic = dynamic
    const names = Object.keys(topicOptions) as TopicOptionName[]
    this.#inherited = names.map((name) => this.#entry(name, new Map()))
  }

  of(overrides: ReadonlyMap<string, string>): readonly ConfigEntry[] {
    if (overrides.size === 0) return this.#inherited
    return this.#inherited.map((inherited) =>
      overrides.has(inherited.name) ? this.#entry(inherited.name as TopicOptionName, overrides) : inherited,
    )
  }

  #entry(name: TopicOptionName, overrides: ReadonlyMap<string, string>): ConfigEntry {
    const explained = explainTopicOption(name, overrides, this.#options, this.#dynamic)
    return entry(name, topicOptions[name], explained, false)
  }
}

/** Every config of this broker. */
export function brokerConfigEntries(options: BrokerOptions, dynamic: DynamicBrokerConfigs): ConfigEntry[] {
  return Object.entries<OptionDefinition>(brokerOptions).map(([name, definition]) =>
    entry(name, definition, explainBrokerOption(name, options, dynamic), definition.dynamic !== true),
  )
}

/** The configs that were set for every broker while they run. */
export function clusterConfigEntries(configs: ReadonlyMap<string, string>): ConfigEntry[] {
  return [...configs].flatMap(([name, value]) => {
    const definition: OptionDefinition | undefined = brokerOptions[name as keyof typeof brokerOptions]
    if (definition === undefined) return []
    const source = 'dynamic-cluster'
    return [entry(name, definition, { value, source, synonyms: [{ name, value, source }] }, false)]
  })
}

/** Every config of a group with these overrides. */
export function groupConfigEntries(
  overrides: ReadonlyMap<string, string>,
  options: BrokerOptions,
  dynamic: DynamicBrokerConfigs,
): ConfigEntry[] {
  return Object.entries<OptionDefinition>(groupOptions).map(([name, definition]) => {
    const brokerName = `group.${name}`
    const broker = isBrokerOption(brokerName)
      ? explainBrokerOption(brokerName, options, dynamic)
      : fallback(name, definition)
    const override = overrides.get(name)
    if (override === undefined) return entry(name, definition, broker, false)
    const own: ConfigSynonym = { name, value: override, source: 'override' }
    const whole = entry(name, definition, { ...own, synonyms: [own, ...broker.synonyms] }, false)
    const [first, ...rest] = whole.synonyms
    return {
      ...whole,
      source: CONFIG_SOURCE.group,
      synonyms: [{ ...first!, source: CONFIG_SOURCE.group }, ...rest],
    }
  })
}

/** Every config of a subscription to the metrics of clients. What it was not given has no synonyms, as in Kafka. */
export function clientMetricsConfigEntries(configs: ReadonlyMap<string, string>): ConfigEntry[] {
  return Object.entries<OptionDefinition>(clientMetricsOptions).map(([name, definition]) => {
    const value = configs.get(name)
    const source = CONFIG_SOURCE.clientMetrics
    if (value === undefined)
      return { ...entry(name, definition, fallback(name, definition), false), synonyms: [] }
    const own = entry(name, definition, { value, source: 'override', synonyms: [] }, false)
    return { ...own, source, synonyms: [{ name, value, source }] }
  })
}

/** The levels of the broker's loggers. They have no type, no synonyms and no documentation, as in Kafka. */
export function loggerEntries(levels: ReadonlyMap<string, string>): ConfigEntry[] {
  return [...levels].map(([name, value]) => ({
    name,
    value,
    readOnly: true,
    source: CONFIG_SOURCE.logger,
    sensitive: false,
    type: 0,
    doc: '',
    synonyms: [],
  }))
}

function documentationOf({ doc, accepted }: OptionDefinition): string {
  return accepted === undefined ? doc : `${doc} Accepted without effect: ${accepted}.`
}

function fallback(name: string, definition: OptionDefinition): ExplainedOption {
  const value = definition.default
  const source = 'default'
  return { value, source, synonyms: [{ name, value, source }] }
}

function entry(
  name: string,
  definition: OptionDefinition,
  explained: ExplainedOption,
  readOnly: boolean,
): ConfigEntry {
  const sensitive = definition.type === 'password'
  return {
    name,
    value: sensitive ? null : explained.value,
    readOnly,
    source: SOURCE_OF[explained.source],
    sensitive,
    type: CONFIG_TYPE[definition.type],
    doc: documentationOf(definition),
    synonyms: explained.synonyms.map((synonym) => ({
      name: synonym.name,
      value: sensitive ? null : synonym.value,
      source: SOURCE_OF[synonym.source],
    })),
  }
}
