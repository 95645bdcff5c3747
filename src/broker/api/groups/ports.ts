import type { Environment } from '../../../base/environment.ts'
import type { Uuid } from '../../../base/uuid.ts'
import type { GroupCoordinator } from '../../coordinator/group-coordinator.ts'
import type { ConnectionInfo } from '../../net/handler.ts'

/** Topics as clients name them. */
export interface TopicNames {
  /** null: there is no such topic. */
  idOf(name: string): Uuid | null
  nameOf(id: Uuid): string | null
  /** 0: there is no such topic. */
  partitionCountOf(name: string): number
}

/** A broker as the client of a connection reaches it. */
export interface CoordinatorEndpoint {
  readonly nodeId: number
  readonly host: string
  readonly port: number
}

/** Where the coordinators of one kind of key are: the leaders of the partitions of an internal topic. */
export interface CoordinatorLocator {
  /** Waits for the topic to be there, a second at most. */
  ensureTopic(): Promise<boolean>
  /** null while the topic is not there. */
  partitionFor(key: string): number | null
  /** null: the partition has no leader, or none that this listener reaches. */
  leaderOf(partition: number, connection: ConnectionInfo): CoordinatorEndpoint | null
}

/** What the handlers of this folder are made of. */
export interface GroupApiPorts {
  readonly environment: Environment
  readonly coordinator: GroupCoordinator
  readonly topics: TopicNames
  readonly groupLocator: CoordinatorLocator
  /** null: this broker coordinates no transactions. */
  readonly transactionLocator: CoordinatorLocator | null
}
