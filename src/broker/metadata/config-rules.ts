import { type OptionDefinition, parseOption, splitList, unknownName } from '../../base/options.ts'
import { ERROR_CODES } from '../../protocol/error-codes.ts'
import {
  type DynamicBrokerConfigs,
  explainTopicOption,
  isTopicOption,
  type StaticSettings,
} from '../options/explained-option.ts'
import { JVM } from '../options/reasons.ts'
import { topicDefaultsFault } from '../options/topic-config.ts'
import {
  type BrokerOptions,
  brokerOptions,
  clientMetricsOptions,
  groupOptions,
  isBrokerOption,
  topicOptions,
} from '../options.ts'
import type { ConfigAlteration, ItemOutcome } from './metadata-command.ts'
import type { ConfigChange, ConfigResource } from './metadata-event.ts'
import { lengthOf, type MetadataImage } from './metadata-image.ts'

/** Configs that one topic, group or broker may carry. */
export const CONFIGS_MAX = 200

/** Characters of all their names and values. */
export const CONFIGS_LENGTH_MAX = 256 * 1024

/** Characters of the configs of all resources together. */
export const CONFIGS_TOTAL_LENGTH_MAX = 32 * 1024 * 1024

/** The options that a resource of this kind has. */
export const OPTIONS_OF: {
  readonly [Resource in ConfigResource]: Readonly<Record<string, OptionDefinition>>
} = {
  topic: topicOptions,
  broker: brokerOptions,
  group: groupOptions,
  'client-metrics': clientMetricsOptions,
}

/** Checks a topic's overrides, each and together. Says what is wrong, or null. */
export function topicConfigsFault(
  overrides: ReadonlyMap<string, string>,
  options: StaticSettings,
  dynamic: DynamicBrokerConfigs,
): string | null {
  const tooMuch = sizeFault(overrides)
  if (tooMuch !== null) return tooMuch
  for (const [name, text] of overrides) {
    if (!isTopicOption(name)) return unknownName(name, Object.keys(topicOptions))
    const parsed = parseOption(name, topicOptions[name], text)
    if ('fault' in parsed) return parsed.fault
  }
  const effective = (name: 'min.compaction.lag.ms' | 'max.compaction.lag.ms'): number =>
    Number(explainTopicOption(name, overrides, options, dynamic).value)
  const least = effective('min.compaction.lag.ms')
  const most = effective('max.compaction.lag.ms')
  if (least > most) return `min.compaction.lag.ms (${least}) exceeds max.compaction.lag.ms (${most})`
  return null
}

/** Why one option may not be given to this resource while the broker runs, or null. */
function nameRefusal({ resource, name: target }: ConfigAlteration, name: string): ItemOutcome | null {
  const options = OPTIONS_OF[resource]
  const definition = Object.hasOwn(options, name) ? options[name] : undefined
  if (definition === undefined) return refused(NAME_ERROR[resource], unknownName(name, Object.keys(options)))
  if (resource !== 'broker') return null
  if (definition.dynamic !== true)
    return refused(ERROR_CODES.INVALID_REQUEST, `${name} can only be set when the broker starts`)
  if (definition.type === 'password')
    return refused(
      ERROR_CODES.INVALID_REQUEST,
      `${name} is a secret, it can only be set when the broker starts`,
    )
  if (definition.accepted === JVM) return refused(ERROR_CODES.INVALID_REQUEST, `${name}: ${JVM}`)
  if (target === '' && OF_ONE_BROKER.test(name))
    return refused(ERROR_CODES.INVALID_REQUEST, `${name} can only be given to one broker, by its number`)
  return null
}

/** Options that Kafka takes for a single broker and not for all at once. */
const OF_ONE_BROKER = /^(ssl|sasl)\./

/** What clients hear of a wrong value: Kafka tells topics and groups from brokers. */
const VALUE_ERROR: { readonly [Resource in ConfigResource]: number } = {
  topic: ERROR_CODES.INVALID_CONFIG,
  group: ERROR_CODES.INVALID_CONFIG,
  broker: ERROR_CODES.INVALID_REQUEST,
  'client-metrics': ERROR_CODES.INVALID_CONFIG,
}

/** Of subscriptions Kafka tells a number that is out of its bounds from a text that is none. */
function valueError(resource: ConfigResource, text: string): number {
  return resource === 'client-metrics' && /^-?\d+$/.test(text)
    ? ERROR_CODES.INVALID_REQUEST
    : VALUE_ERROR[resource]
}

/** What they hear of a name that there is none of. */
const NAME_ERROR: { readonly [Resource in ConfigResource]: number } = {
  topic: ERROR_CODES.INVALID_CONFIG,
  group: ERROR_CODES.INVALID_CONFIG,
  broker: ERROR_CODES.INVALID_CONFIG,
  'client-metrics': ERROR_CODES.INVALID_REQUEST,
}

function refused(errorCode: number, message: string): ItemOutcome {
  return { errorCode, message }
}

/**
 * What an alteration comes to, given the configs that are there. Taking away what is not there is no change, whatever
 * its name. Values are checked one by one; what they are together is for `configsFault` to say of the result.
 */
export function plannedChanges(
  alteration: ConfigAlteration,
  present: ReadonlyMap<string, string>,
): { readonly changes: readonly ConfigChange[] } | ItemOutcome {
  const planned = new Map<string, string | null>()
  const named = new Set<string>()
  for (const { name, operation, value } of alteration.changes) {
    if (named.has(name))
      return refused(ERROR_CODES.INVALID_REQUEST, `The configuration ${name} is named more than once`)
    named.add(name)
    if (operation === 'delete') {
      planned.set(name, null)
      continue
    }
    if (value === null)
      return refused(ERROR_CODES.INVALID_REQUEST, `The configuration ${name} has no value to be set to`)
    const refusal = nameRefusal(alteration, name)
    if (refusal !== null) return refusal
    const definition = OPTIONS_OF[alteration.resource][name]!
    if (operation !== 'set' && definition.type !== 'list')
      return refused(ERROR_CODES.INVALID_CONFIG, `The configuration ${name} is not a list`)
    const text =
      operation === 'set' ? value.trim() : edited(operation, present.get(name) ?? definition.default, value)
    const parsed = parseOption(name, definition, text)
    if ('fault' in parsed) return refused(valueError(alteration.resource, text), parsed.fault)
    planned.set(name, text)
  }
  if (alteration.replace) for (const name of present.keys()) if (!named.has(name)) planned.set(name, null)
  const changes = [...planned].filter(([name, value]) => (present.get(name) ?? null) !== value)
  return { changes }
}

/** Checks what a resource would have after an alteration, taken together. NONE, or why not. */
export function configsRefusal(
  { resource, name }: Pick<ConfigAlteration, 'resource' | 'name'>,
  configs: ReadonlyMap<string, string>,
  image: MetadataImage,
  options: BrokerOptions,
): ItemOutcome | null {
  const fault = sizeFault(configs) ?? togetherFault(resource, name, configs, image, options)
  return fault === null ? null : refused(VALUE_ERROR[resource], fault)
}

function togetherFault(
  resource: ConfigResource,
  name: string,
  configs: ReadonlyMap<string, string>,
  image: MetadataImage,
  options: BrokerOptions,
): string | null {
  const dynamic = image.dynamicConfigs
  switch (resource) {
    case 'topic':
      return topicConfigsFault(configs, options, dynamic)
    case 'group':
      return groupConfigsFault(configs, options)
    case 'client-metrics':
      return null
    case 'broker': {
      const isOwn = name === String(image.nodeId)
      if (name !== '' && !isOwn) return null
      const after = name === '' ? { ...dynamic, cluster: configs } : { ...dynamic, broker: configs }
      return topicDefaultsFault(options, after) ?? topicConfigsFault(new Map(), options, after)
    }
  }
}

function sizeFault(configs: ReadonlyMap<string, string>): string | null {
  if (configs.size > CONFIGS_MAX) return `More than ${CONFIGS_MAX} configurations`
  return lengthOf(configs) > CONFIGS_LENGTH_MAX
    ? `Configurations of more than ${CONFIGS_LENGTH_MAX} characters`
    : null
}

/** The broker bounds what groups may have: group.share.min.session.timeout.ms that of share.session.timeout.ms. */
function groupConfigsFault(configs: ReadonlyMap<string, string>, options: BrokerOptions): string | null {
  for (const [name, text] of configs) {
    const dot = name.indexOf('.')
    const [kind, rest] = [name.slice(0, dot), name.slice(dot + 1).replace(/^num\./, '')]
    for (const side of ['min', 'max'] as const) {
      const boundName = `group.${kind}.${side}.${rest}`
      const bound = isBrokerOption(boundName) ? Number(options.get(boundName)) : Number.NaN
      if (side === 'min' ? Number(text) < bound : Number(text) > bound)
        return `${name} is ${text}, ${boundName} is ${bound}`
    }
  }
  return null
}

function edited(operation: 'append' | 'subtract', present: string | null, value: string): string {
  const elements = new Set(splitList(present ?? ''))
  for (const element of splitList(value)) {
    if (operation === 'append') elements.add(element)
    else elements.delete(element)
  }
  return [...elements].join(',')
}
