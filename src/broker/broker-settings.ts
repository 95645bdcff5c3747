import type { DescriptorBudget } from '../base/descriptor-budget.ts'
import type { Environment } from '../base/environment.ts'
import type { Logger } from '../base/logger.ts'
import type { FileSystem } from '../storage/file-system.ts'
import type { HttpRoute } from './http/http-routes.ts'
import type { BrokerOptions } from './options.ts'

/** What a broker is started with. */
export interface BrokerSettings {
  readonly options: BrokerOptions
  readonly environment: Environment
  readonly logger: Logger
  /** The machine's, if not said. */
  readonly fileSystem?: FileSystem
  /** Served over HTTP beside the broker's own, where there is an HTTP listener. */
  readonly httpRoutes?: readonly HttpRoute[]
  /** What may be open at once: the process', if not said. */
  readonly descriptors?: DescriptorBudget
  /** Named to whoever finds the data directory locked. */
  readonly processId?: number
}

/** Where clients connect, as bound. */
export interface BoundAddress {
  readonly host: string
  readonly port: number
}
