import { type OptionDefinition, parseOption, splitList, unknownName } from '../../base/options.ts'
import { ERROR_CODES } from '../../protocol/error-codes.ts'
import {
  type DynamicBrokerConfigs,
  explainTopicOption,
  isTopicOption,
  type StaticSettings,
} from '../options/explained-option.ts'
import { brokerOptions, groupOptions, topicOptions } from '../options.ts'
import type { ConfigAlteration, ItemOutcome } from './metadata-command.ts'
import type { ConfigChange, ConfigResource } from './metadata-event.ts'

/** Configs that one topic, group or broker may carry. */
export const CONFIGS_MAX = 200

/** The options that a resource of this kind has. */
export const OPTIONS_OF: {
  readonly [Resource in ConfigResource]: Readonly<Record<string, OptionDefinition>>
} = { topic: topicOptions, broker: brokerOptions, group: groupOptions }

/** Checks a topic's overrides, each and together. Says what is wrong, or null. */
export function topicConfigsFault(
  overrides: ReadonlyMap<string, string>,
  options: StaticSettings,
  dynamic: DynamicBrokerConfigs,
): string | null {
  if (overrides.size > CONFIGS_MAX) return `More than ${CONFIGS_MAX} configurations`
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

/** Why one name may not be altered in this kind of resource, or null. */
function nameFault(resource: ConfigResource, name: string): string | null {
  const options = OPTIONS_OF[resource]
  const definition = Object.hasOwn(options, name) ? options[name] : undefined
  if (definition === undefined) return unknownName(name, Object.keys(options))
  return definition.dynamic === true ? null : `${name} can only be set when the broker starts`
}

/**
 * What an alteration comes to, given the configs that are there. Taking away what is not there is no change. Values are
 * checked one by one; what they are together is the caller's to check on the result.
 */
export function plannedChanges(
  alteration: ConfigAlteration,
  present: ReadonlyMap<string, string>,
): { readonly changes: readonly ConfigChange[] } | ItemOutcome {
  const refused = (errorCode: number, message: string): ItemOutcome => ({ errorCode, message })
  const planned = new Map<string, string | null>()
  const named = new Set<string>()
  for (const { name, operation, value } of alteration.changes) {
    if (named.has(name))
      return refused(ERROR_CODES.INVALID_REQUEST, `The configuration ${name} is named more than once`)
    named.add(name)
    const wrongName = nameFault(alteration.resource, name)
    if (wrongName !== null) return refused(ERROR_CODES.INVALID_CONFIG, wrongName)
    const definition = OPTIONS_OF[alteration.resource][name]!
    if (operation === 'delete') {
      planned.set(name, null)
      continue
    }
    if (value === null)
      return refused(ERROR_CODES.INVALID_CONFIG, `The configuration ${name} has no value to be set to`)
    if (operation !== 'set' && definition.type !== 'list')
      return refused(ERROR_CODES.INVALID_CONFIG, `The configuration ${name} is not a list`)
    const text =
      operation === 'set' ? value.trim() : edited(operation, present.get(name) ?? definition.default, value)
    const parsed = parseOption(name, definition, text)
    if ('fault' in parsed) return refused(ERROR_CODES.INVALID_CONFIG, parsed.fault)
    planned.set(name, text)
  }
  if (alteration.replace) for (const name of present.keys()) if (!named.has(name)) planned.set(name, null)
  const changes = [...planned].filter(([name, value]) => (present.get(name) ?? null) !== value)
  return { changes }
}

function edited(operation: 'append' | 'subtract', present: string | null, value: string): string {
  const elements = new Set(splitList(present ?? ''))
  for (const element of splitList(value)) {
    if (operation === 'append') elements.add(element)
    else elements.delete(element)
  }
  return [...elements].join(',')
}
