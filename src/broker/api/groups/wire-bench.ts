import { ManualEnvironment } from '../../../base/environment.ts'
import { silentLogger } from '../../../base/logger.ts'
import { type Uuid, uuidFromString } from '../../../base/uuid.ts'
import type { IncomingResponseOf, OutgoingRequestOf } from '../../../protocol/api.ts'
import { GroupCoordinator } from '../../coordinator/group-coordinator.ts'
import { GROUP_CONFIG_DEFAULTS } from '../../coordinator/groups/group-config.ts'
import { MemoryMachineLog } from '../../coordinator/memory-machine-log.ts'
import type { Handler } from '../../net/handler.ts'
import { throughCodecs } from '../test-kit.ts'
import { type GroupApiName, groupHandlers } from './handlers.ts'

export const TOPIC_ID = uuidFromString('RPd2yrtDQ5iGAV7mwspVcQ') as Uuid
const PARTITIONS = 4

/** The handlers of this folder behind their codecs: requests go in and answers come out as bytes. */
export class WireBench {
  /** Whether there is room for requests that wait. */
  mayWait = true
  readonly environment = new ManualEnvironment()
  readonly logs = new Map<number, MemoryMachineLog>()
  readonly coordinator: GroupCoordinator
  /** What `ensure` of the topic comes to. */
  ensureTopic: () => Promise<boolean>
  hasLeader = true
  #partitionCount: number | null = null
  readonly #handlers: { readonly [Name in GroupApiName]: Handler<Name> }

  constructor() {
    this.ensureTopic = () => this.lead()
    this.coordinator = new GroupCoordinator({
      topic: { ensure: () => this.ensureTopic(), partitionCount: () => this.#partitionCount },
      config: GROUP_CONFIG_DEFAULTS,
      environment: this.environment,
      logger: silentLogger,
      batchBytesMax: 1_000_000,
    })
    this.#handlers = groupHandlers({
      environment: this.environment,
      coordinator: this.coordinator,
      topics: {
        idOf: (name) => (name === 't' ? TOPIC_ID : null),
        nameOf: (id) => (id === TOPIC_ID ? 't' : null),
        partitionCountOf: (name) => (name === 't' ? 2 : 0),
      },
      groupLocator: {
        ensureTopic: () => this.coordinator.ensureTopic(),
        partitionFor: (key) => this.coordinator.partitionFor(key),
        leaderOf: () => (this.hasLeader ? { nodeId: 1, host: 'broker', port: 9092 } : null),
      },
      transactionLocator: null,
    })
  }

  /** Makes the topic and leads all of it. */
  async lead(): Promise<boolean> {
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const log = new MemoryMachineLog()
      this.logs.set(partition, log)
      await this.coordinator.lead(partition, log)
    }
    this.#partitionCount = PARTITIONS
    return true
  }

  async call<Name extends GroupApiName>(
    name: Name,
    apiVersion: number,
    request: OutgoingRequestOf<Name>,
    clientId: string | null = 'client',
  ): Promise<IncomingResponseOf<Name>> {
    const handler = this.#handlers[name] as unknown as Handler<Name>
    const connection = { clientHost: '10.0.0.1', onClose: () => () => {} }
    return throughCodecs(handler, name, apiVersion, request, connection, clientId, () => this.mayWait)
  }
}
