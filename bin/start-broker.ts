import type { Environment } from '../src/base/environment.ts'
import type { Logger } from '../src/base/logger.ts'
import { Broker } from '../src/broker/broker.ts'
import type { BrokerOptions } from '../src/broker/options.ts'
import type { Address } from '../src/client/address.ts'

/** A broker as the command line sees it. */
export interface RunningBroker {
  readonly nodeId: number
  readonly clusterId: string
  readonly dataDirectory: string
  /** As bound: with the port that was chosen for port 0. */
  readonly listeners: readonly Address[]
  /** Where HTTP is served, as bound; null: nowhere. */
  readonly http: Address | null
  /** Calls back once when the broker can be of no more use; it is still to be closed. */
  onFailure(callback: (error: Error) => void): void
  close(): Promise<void>
}

/** Starts a broker; rejects with the error of the system or the storage. */
export type StartBroker = (
  options: BrokerOptions,
  environment: Environment,
  logger: Logger,
) => Promise<RunningBroker>

/** Starts the real one. */
export const startBroker: StartBroker = (options, environment, logger) =>
  Broker.start({ options, environment, logger, processId: process.pid })
