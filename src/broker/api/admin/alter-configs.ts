import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import type { AlterConfigsResponseResponse } from '../../../protocol/generated/index.ts'
import type { ConfigAlteration, ConfigOperation, ItemOutcome } from '../../metadata/metadata-command.ts'
import type { ConfigResource } from '../../metadata/metadata-event.ts'
import type { Handler } from '../../net/handler.ts'
import { quoted } from '../quoted.ts'
import { CONFIG_RESOURCE } from './describe-configs.ts'
import type { AdminPorts } from './ports.ts'
import { refusalCode } from './refusal-codes.ts'
import { CHANGES_MAX, RESOURCES_NAMED_MAX } from './request-limits.ts'
import { repeated } from './topic-results.ts'

/** Kafka's numbers of what is done to a config, as positions. */
const OPERATIONS: readonly ConfigOperation[] = ['set', 'delete', 'append', 'subtract']

/** Alterations that one command of the metadata takes. */
const ALTERATIONS_PER_COMMAND = 500

/** One resource of a request, of either API. */
interface WantedResource {
  readonly resourceType: number
  readonly resourceName: string
  /** null: an operation that there is none of. */
  readonly changes: ConfigAlteration['changes'] | null
  readonly replace: boolean
}

const RESOURCE_OF: ReadonlyMap<number, ConfigResource> = new Map([
  [CONFIG_RESOURCE.topic, 'topic'],
  [CONFIG_RESOURCE.broker, 'broker'],
  [CONFIG_RESOURCE.group, 'group'],
  [CONFIG_RESOURCE.clientMetrics, 'client-metrics'],
])

/** Replaces all that a resource was given by what the request names (C12). */
export function alterConfigsHandler(ports: AdminPorts): Handler<'AlterConfigs'> {
  return async ({ resources, validateOnly }) => {
    const wanted = resources.map(({ resourceType, resourceName, configs }) => ({
      resourceType,
      resourceName,
      changes: configs.map(({ name, value }) => ({ name, value, operation: 'set' as const })),
      replace: true,
    }))
    return { throttleTimeMs: 0, responses: await altered(ports, wanted, validateOnly) }
  }
}

/** Sets, drops and edits single configs (C12, KIP-339). */
export function incrementalAlterConfigsHandler(ports: AdminPorts): Handler<'IncrementalAlterConfigs'> {
  return async ({ resources, validateOnly }) => {
    const wanted = resources.map(({ resourceType, resourceName, configs }): WantedResource => {
      const changes = configs.flatMap(({ name, value, configOperation }) => {
        const operation = OPERATIONS[configOperation]
        return operation === undefined ? [] : [{ name, value, operation }]
      })
      const isKnown = changes.length === configs.length
      return { resourceType, resourceName, changes: isKnown ? changes : null, replace: false }
    })
    return { throttleTimeMs: 0, responses: await altered(ports, wanted, validateOnly) }
  }
}

/** Every resource of the request is answered, in its order; those that are named twice are not touched. */
async function altered(
  ports: AdminPorts,
  wanted: readonly WantedResource[],
  validateOnly: boolean,
): Promise<AlterConfigsResponseResponse[]> {
  if (wanted.length > RESOURCES_NAMED_MAX) {
    const errorMessage = `One request alters at most ${RESOURCES_NAMED_MAX} resources`
    return wanted.map(({ resourceType, resourceName }) => ({
      errorCode: ERROR_CODES.POLICY_VIOLATION,
      errorMessage,
      resourceType,
      resourceName,
    }))
  }
  const twice = repeated(wanted.map(keyOf))
  const outcomes: (ItemOutcome | null)[] = wanted.map((resource) =>
    twice.has(keyOf(resource)) ? invalid('The resource is named more than once') : refusalOf(ports, resource),
  )
  const open = outcomes.flatMap((outcome, position) => (outcome === null ? [position] : []))
  for (let from = 0; from < open.length; from += ALTERATIONS_PER_COMMAND) {
    const positions = open.slice(from, from + ALTERATIONS_PER_COMMAND)
    const alterations = positions.map((position) => alterationOf(wanted[position]!))
    const outcome = await ports.metadata.submit({ kind: 'alter-configs', alterations, validateOnly })
    for (const [index, position] of positions.entries())
      outcomes[position] =
        'refused' in outcome
          ? { errorCode: refusalCode(outcome.refused), message: null }
          : outcome.alterations[index]!
  }
  return wanted.map(({ resourceType, resourceName }, position) => ({
    errorCode: outcomes[position]!.errorCode,
    errorMessage: outcomes[position]!.message,
    resourceType,
    resourceName,
  }))
}

function keyOf({ resourceType, resourceName }: WantedResource): string {
  return `${resourceType}:${resourceName}`
}

/** What the metadata need not be asked about, or null. */
function refusalOf(ports: AdminPorts, resource: WantedResource): ItemOutcome | null {
  const { resourceType, changes, replace } = resource
  if (resourceType === CONFIG_RESOURCE.logger && !replace) return loggerRefusal(ports, resource)
  if (!RESOURCE_OF.has(resourceType))
    return invalid(`There is no kind of resource ${resourceType} to be altered`)
  if (changes === null) return invalid('There is no such operation on a configuration')
  return changes.length > CHANGES_MAX
    ? invalid(`One request alters at most ${CHANGES_MAX} configurations of a resource`)
    : null
}

/** The levels of loggers are set when the broker starts. */
function loggerRefusal(
  { metadata, loggers }: AdminPorts,
  { resourceName, changes }: WantedResource,
): ItemOutcome {
  if (resourceName !== String(metadata.image.nodeId))
    return invalid(`This is broker ${metadata.image.nodeId}, the request is for ${quoted(resourceName)}`)
  if (changes === null || changes.some(({ operation }) => operation === 'append' || operation === 'subtract'))
    return invalid('The level of a logger can be set or dropped and nothing else')
  const known = loggers()
  const unknown = changes.find(({ name }) => !known.has(name))
  if (unknown !== undefined)
    return { errorCode: ERROR_CODES.INVALID_CONFIG, message: `There is no logger ${quoted(unknown.name)}` }
  return changes.length === 0
    ? { errorCode: ERROR_CODES.NONE, message: null }
    : invalid('The levels of the loggers can only be set when the broker starts')
}

function alterationOf({ resourceType, resourceName, changes, replace }: WantedResource): ConfigAlteration {
  return { resource: RESOURCE_OF.get(resourceType)!, name: resourceName, replace, changes: changes ?? [] }
}

function invalid(message: string): ItemOutcome {
  return { errorCode: ERROR_CODES.INVALID_REQUEST, message }
}
