/** What a program gets that runs a broker inside itself. */
export { type Environment, systemEnvironment } from './base/environment.ts'
export { type Logger, lineLogger, silentLogger } from './base/logger.ts'
export { Broker } from './broker/broker.ts'
export type { BoundAddress, BrokerSettings } from './broker/broker-settings.ts'
export { BrokerOptions, parseProperties } from './broker/options.ts'
