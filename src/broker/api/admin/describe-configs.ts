import { Turn } from '../../../base/turn.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import {
  type DescribeConfigsRequestResource,
  type DescribeConfigsResponseResult,
  defaultDescribeConfigsResponse,
} from '../../../protocol/generated/index.ts'
import { topicNameFault } from '../../metadata/topic-name.ts'
import type { Handler } from '../../net/handler.ts'
import {
  brokerConfigEntries,
  type ConfigEntry,
  clientMetricsConfigEntries,
  clusterConfigEntries,
  groupConfigEntries,
  loggerEntries,
  TopicConfigEntries,
} from './config-entries.ts'
import type { AdminPorts } from './ports.ts'

/** Kafka's numbers of what has configs. */
export const CONFIG_RESOURCE = { topic: 2, broker: 4, logger: 8, clientMetrics: 16, group: 32 } as const

type Described =
  | { readonly entries: readonly ConfigEntry[] }
  | { readonly errorCode: number; readonly message: string }

interface Asked {
  readonly resource: DescribeConfigsRequestResource
  /** null: every config. */
  wanted: Set<string> | null
}

/** Configs in one answer: enough for every topic that a broker may have. What is asked for beyond is refused. */
export const ENTRIES_MAX = 400_000

const TOO_MUCH: Described = {
  errorCode: ERROR_CODES.POLICY_VIOLATION,
  message: `One answer holds about ${ENTRIES_MAX} configurations: ask for fewer resources at a time`,
}

/**
 * Tells every config of topics, brokers, groups, subscriptions and loggers with where its value comes from (C11). Each
 * resource once, with all that is asked about it: Kafka 4.3 tells all of it again for each time that it is named.
 */
export function describeConfigsHandler(ports: AdminPorts): Handler<'DescribeConfigs'> {
  return async (request) => {
    const turn = new Turn(ports.environment)
    const topicEntries = new TopicConfigEntries(ports.options, ports.metadata.image.dynamicConfigs)
    let room = ENTRIES_MAX
    const describeOne = ({ resource, wanted }: Asked): DescribeConfigsResponseResult => {
      const described: Described = room > 0 ? describe(ports, resource, topicEntries) : TOO_MUCH
      const { resourceType, resourceName } = resource
      if ('errorCode' in described) {
        const { errorCode, message } = described
        return { errorCode, errorMessage: message, resourceType, resourceName, configs: [] }
      }
      const entries =
        wanted === null ? described.entries : described.entries.filter(({ name }) => wanted.has(name))
      room -= entries.length
      return {
        errorCode: ERROR_CODES.NONE,
        errorMessage: '',
        resourceType,
        resourceName,
        configs: entries.map((entry) => told(entry, request.includeSynonyms, request.includeDocumentation)),
      }
    }
    const results: DescribeConfigsResponseResult[] = []
    for (const asked of await askedOnce(request.resources, turn)) {
      results.push(describeOne(asked))
      if (turn.isOver) await turn.next()
    }
    return { ...defaultDescribeConfigsResponse(), results }
  }
}

async function askedOnce(
  resources: readonly DescribeConfigsRequestResource[],
  turn: Turn,
): Promise<Iterable<Asked>> {
  const once = new Map<string, Asked>()
  for (const resource of resources) {
    const names = resource.configurationKeys ?? []
    const key = `${resource.resourceType}:${resource.resourceName}`
    const before = once.get(key)
    if (before === undefined) once.set(key, { resource, wanted: names.length === 0 ? null : new Set(names) })
    else if (names.length === 0) before.wanted = null
    else for (const name of names) before.wanted?.add(name)
    if (turn.isOver) await turn.next()
  }
  return once.values()
}

function describe(
  ports: AdminPorts,
  { resourceType, resourceName }: DescribeConfigsRequestResource,
  topicEntries: TopicConfigEntries,
): Described {
  const { options, metadata, loggers } = ports
  const { image } = metadata
  switch (resourceType) {
    case CONFIG_RESOURCE.topic: {
      const fault = topicNameFault(resourceName)
      if (fault !== null) return { errorCode: ERROR_CODES.INVALID_TOPIC_EXCEPTION, message: fault }
      const topic = image.topics.get(resourceName)
      return topic === undefined
        ? { errorCode: ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION, message: '' }
        : { entries: topicEntries.of(topic.configs) }
    }
    case CONFIG_RESOURCE.broker:
      if (resourceName === '') return { entries: clusterConfigEntries(image.brokerConfigs('')) }
      return (
        brokerFault(resourceName, image.nodeId) ?? {
          entries: brokerConfigEntries(options, image.dynamicConfigs),
        }
      )
    case CONFIG_RESOURCE.logger:
      if (resourceName === '') return invalid('The number of the broker must not be empty')
      return brokerFault(resourceName, image.nodeId) ?? { entries: loggerEntries(loggers()) }
    case CONFIG_RESOURCE.group:
      if (resourceName === '') return invalid('The name of the group must not be empty')
      return { entries: groupConfigEntries(image.groupConfigs(resourceName), options, image.dynamicConfigs) }
    case CONFIG_RESOURCE.clientMetrics:
      if (resourceName === '') return invalid('The name of the subscription must not be empty')
      return { entries: clientMetricsConfigEntries(image.clientMetrics.get(resourceName) ?? new Map()) }
    default:
      return invalid(`There is no kind of resource ${resourceType}`)
  }
}

/** A broker tells of itself only. */
function brokerFault(name: string, nodeId: number): Described | null {
  if (!/^-?\d{1,10}$/.test(name))
    return invalid(`The number of a broker must be whole, it is: ${name.slice(0, 100)}`)
  return Number(name) === nodeId ? null : invalid(`This is broker ${nodeId}, the request is for ${name}`)
}

function invalid(message: string): Described {
  return { errorCode: ERROR_CODES.INVALID_REQUEST, message }
}

function told(
  entry: ConfigEntry,
  withSynonyms: boolean,
  withDocumentation: boolean,
): DescribeConfigsResponseResult['configs'][number] {
  return {
    name: entry.name,
    value: entry.value,
    readOnly: entry.readOnly,
    configSource: entry.source,
    isSensitive: entry.sensitive,
    synonyms: withSynonyms ? entry.synonyms : [],
    configType: entry.type,
    documentation: withDocumentation ? entry.doc : null,
  }
}
