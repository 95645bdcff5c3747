import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import type { ListConfigResourcesResponseConfigResource } from '../../../protocol/generated/index.ts'
import type { Handler } from '../../net/handler.ts'
import { CONFIG_RESOURCE } from './describe-configs.ts'
import type { AdminPorts } from './ports.ts'

/** Before, the API listed subscriptions to the metrics of clients and nothing else (KIP-1142). */
const ALL_KINDS_SINCE = 1

/** Who there is that has configs. */
export function listConfigResourcesHandler(ports: AdminPorts): Handler<'ListConfigResources'> {
  return ({ resourceTypes }, { apiVersion }) => {
    const kinds = new Set(resourceTypes)
    const known: Set<number> = new Set(Object.values(CONFIG_RESOURCE))
    if ([...kinds].some((kind) => !known.has(kind)))
      return { throttleTimeMs: 0, errorCode: ERROR_CODES.UNSUPPORTED_VERSION, configResources: [] }
    const isWanted = (kind: number): boolean =>
      apiVersion >= ALL_KINDS_SINCE
        ? kinds.size === 0 || kinds.has(kind)
        : kind === CONFIG_RESOURCE.clientMetrics
    const configResources = resources(ports).filter(({ resourceType }) => isWanted(resourceType))
    return { throttleTimeMs: 0, errorCode: ERROR_CODES.NONE, configResources }
  }
}

function resources({ metadata }: AdminPorts): ListConfigResourcesResponseConfigResource[] {
  const { topics, configuredGroups, clientMetrics, brokers } = metadata.image
  const of = (resourceType: number, names: Iterable<string | number>) =>
    [...names].map((name) => ({ resourceName: String(name), resourceType }))
  return [
    ...of(CONFIG_RESOURCE.group, configuredGroups.keys()),
    ...of(CONFIG_RESOURCE.clientMetrics, clientMetrics.keys()),
    ...of(CONFIG_RESOURCE.logger, brokers.keys()),
    ...of(CONFIG_RESOURCE.broker, brokers.keys()),
    ...of(CONFIG_RESOURCE.topic, topics.keys()),
  ]
}
