import { ERROR_CODES } from '../protocol/error-codes.ts'
import {
  defaultDescribeConfigsRequest,
  defaultDescribeConfigsRequestResource,
  defaultIncrementalAlterConfigsRequest,
} from '../protocol/generated/configs.ts'
import { BadAnswerError, throwOnError } from './client-error.ts'
import type { Cluster } from './cluster.ts'

/** What has a configuration. */
export type ConfigKind = 'topic' | 'broker' | 'group'

/** One of them. The broker with the empty name stands for what all brokers share. */
export interface ConfigResource {
  readonly kind: ConfigKind
  readonly name: string
}

/** Where a value comes from. */
export type ConfigOrigin =
  | 'topic'
  | 'broker'
  | 'all brokers'
  | 'broker file'
  | 'default'
  | 'group'
  | 'client metrics'
  | 'unknown'

/** One entry. `value` is null where it is not told (a secret) or not set. */
export interface ConfigEntry {
  readonly name: string
  readonly value: string | null
  readonly origin: ConfigOrigin
  /** Whether it was set on the resource itself, and `unset` would change something. */
  readonly own: boolean
  readonly readOnly: boolean
  readonly sensitive: boolean
}

/** What is to be with an entry: a text is set, null goes back to what holds without; a list can also gain or lose elements. */
export type ConfigChange = string | null | { readonly append: string } | { readonly subtract: string }
export type ConfigChanges = ReadonlyMap<string, ConfigChange>

const RESOURCE_TYPE = { topic: 2, broker: 4, group: 32 } as const satisfies Record<ConfigKind, number>
const OPERATION_SET = 0
const OPERATION_DELETE = 1
const OPERATION_APPEND = 2
const OPERATION_SUBTRACT = 3

const ORIGINS: Readonly<Record<number, ConfigOrigin>> = {
  1: 'topic',
  2: 'broker',
  3: 'all brokers',
  4: 'broker file',
  5: 'default',
  7: 'client metrics',
  8: 'group',
}

/** Entries of a resource, all or those named, by name. Throws KafkaError. */
export async function describeConfigs(
  cluster: Cluster,
  resource: ConfigResource,
  names: readonly string[] | null = null,
): Promise<ConfigEntry[]> {
  const body = {
    ...defaultDescribeConfigsRequest(),
    resources: [
      {
        ...defaultDescribeConfigsRequestResource(),
        resourceType: RESOURCE_TYPE[resource.kind],
        resourceName: resource.name,
        configurationKeys: names === null ? null : [...names],
      },
    ],
  }
  const result = await cluster.retrying({}, async () => {
    const nodeId = brokerOf(resource)
    const answer = await (nodeId === null
      ? cluster.any('DescribeConfigs', body)
      : cluster.onNode(nodeId, 'DescribeConfigs', body))
    return answer.results[0]
  })
  checkResult(result, resource, 'read')
  return result!.configs
    .map(({ name, value, configSource, readOnly, isSensitive }) => {
      const origin = ORIGINS[configSource] ?? 'unknown'
      return { name, value, origin, own: isOwn(resource, origin), readOnly, sensitive: isSensitive }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/**
 * Changes entries of one resource, all or none. With `validateOnly` the broker only says whether it would. Throws
 * KafkaError: INVALID_CONFIG, UNKNOWN_TOPIC_OR_PARTITION.
 */
export async function alterConfigs(
  cluster: Cluster,
  resource: ConfigResource,
  changes: ConfigChanges,
  options: { validateOnly?: boolean } = {},
): Promise<void> {
  const body = {
    ...defaultIncrementalAlterConfigsRequest(),
    validateOnly: options.validateOnly === true,
    resources: [
      {
        resourceType: RESOURCE_TYPE[resource.kind],
        resourceName: resource.name,
        configs: [...changes].map(([name, change]) => ({ name, ...operationOf(change) })),
      },
    ],
  }
  const result = await cluster.retrying({}, async () => {
    const nodeId = brokerOf(resource)
    const answer = await (nodeId === null
      ? cluster.controller('IncrementalAlterConfigs', body)
      : cluster.onNode(nodeId, 'IncrementalAlterConfigs', body))
    const [first] = answer.responses
    if (first?.errorCode === ERROR_CODES.NOT_CONTROLLER) checkResult(first, resource, 'change')
    return first
  })
  checkResult(result, resource, 'change')
}

function operationOf(change: ConfigChange): { value: string | null; configOperation: number } {
  if (change === null) return { value: null, configOperation: OPERATION_DELETE }
  if (typeof change === 'string') return { value: change, configOperation: OPERATION_SET }
  return 'append' in change
    ? { value: change.append, configOperation: OPERATION_APPEND }
    : { value: change.subtract, configOperation: OPERATION_SUBTRACT }
}

/** Not within a retry: a topic that is not there is not worth waiting for. */
function checkResult(
  result: { readonly errorCode: number; readonly errorMessage: string | null } | undefined,
  resource: ConfigResource,
  verb: 'read' | 'change',
): void {
  if (result === undefined) throw new BadAnswerError(`the broker's answer leaves out ${label(resource)}`)
  throwOnError(result.errorCode, `${verb} the configuration of ${label(resource)}`, result.errorMessage, {
    kind: resource.kind,
    name: resource.name,
  })
}

/** A broker by number speaks for itself. */
function brokerOf({ kind, name }: ConfigResource): number | null {
  return kind === 'broker' && name !== '' ? Number(name) : null
}

function isOwn({ kind, name }: ConfigResource, origin: ConfigOrigin): boolean {
  if (kind === 'broker') return origin === (name === '' ? 'all brokers' : 'broker')
  return origin === kind
}

function label({ kind, name }: ConfigResource): string {
  return kind === 'broker' && name === '' ? 'all brokers' : `${kind} ${name}`
}
