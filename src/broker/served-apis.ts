import type { Uuid } from '../base/uuid.ts'
import { adminPorts } from './admin-ports.ts'
import { createAdminHandlers } from './api/admin/handlers.ts'
import { FetchSessions } from './api/data/fetch-sessions.ts'
import { dataHandlers } from './api/data/handlers.ts'
import { groupHandlers } from './api/groups/handlers.ts'
import { securityHandlers } from './api/security/handlers.ts'
import { transactionHandlers } from './api/transactions/handlers.ts'
import type { BoundAddress, BrokerSettings } from './broker-settings.ts'
import type { Coordinators } from './coordinators.ts'
import { OFFSETS_TOPIC, TRANSACTION_TOPIC } from './metadata/internal-topics.ts'
import type { MetadataNode } from './metadata/metadata-node.ts'
import { createDispatcher, type Dispatcher } from './net/dispatcher.ts'
import type { ConnectionInfo } from './net/handler.ts'
import type { BrokerOptions } from './options.ts'
import type { BatchThreads } from './partition/batch-threads.ts'
import type { PartitionRegistry } from './partition/registry.ts'
import type { TopicFollower } from './partition/topic-follower.ts'

/** What the handlers work on. */
export interface BrokerServices extends Coordinators {
  readonly metadata: MetadataNode
  readonly registry: PartitionRegistry
  readonly follower: TopicFollower
  readonly batchThreads: BatchThreads
}

/** Every API that this broker serves, and nothing else. `isTimed`: requests are measured. */
export function createBrokerDispatcher(
  settings: BrokerSettings,
  services: BrokerServices,
  isTimed: boolean,
): Dispatcher {
  const { options, environment, logger } = settings
  const { metadata, registry, coordinator, transactions, targets, producerIds } = services
  const { image } = metadata
  const topics = {
    idOf: (name: string) => image.topics.get(name)?.id ?? null,
    nameOf: (id: Uuid) => image.topicsById.get(id)?.name ?? null,
    partitionCountOf: (name: string) => image.topics.get(name)?.partitions.length ?? 0,
  }
  const leaderOf = (topic: string) => (index: number, connection: ConnectionInfo) => {
    if (registry.get(topic, index) === undefined) return null
    return { nodeId: options.nodeId, ...advertised(options, connection) }
  }
  const dispatcher: Dispatcher = createDispatcher({
    environment,
    logger,
    isTimed,
    handlers: {
      ...dataHandlers({
        registry,
        environment,
        sessions: new FetchSessions(environment, options.get('max.incremental.fetch.session.cache.slots')),
        responseBytesMax: options.get('fetch.max.bytes'),
        producerIds,
        transactions,
        batchThreads: services.batchThreads,
      }),
      ...securityHandlers,
      ...createAdminHandlers(adminPorts(settings, services, () => dispatcher.served.advertised)),
      ...groupHandlers({
        environment,
        coordinator,
        topics,
        groupLocator: {
          ensureTopic: () => coordinator.ensureTopic(),
          partitionFor: (key) => coordinator.partitionFor(key),
          leaderOf: leaderOf(OFFSETS_TOPIC),
        },
        transactionLocator: {
          ensureTopic: () => transactions.ensureTopic(),
          partitionFor: (key) => transactions.partitionFor(key),
          leaderOf: leaderOf(TRANSACTION_TOPIC),
        },
      }),
      ...transactionHandlers({
        environment,
        transactions,
        groups: coordinator,
        targets,
        topics,
        partitions: registry,
      }),
    },
  })
  return dispatcher
}

function advertised(options: BrokerOptions, connection: ConnectionInfo): BoundAddress {
  return options.advertisedAddress(connection.listenerName, connection)
}
