/** What a program gets that runs a broker inside itself. */
export { type Environment, systemEnvironment } from './base/environment.ts'
export { type Logger, lineLogger, silentLogger } from './base/logger.ts'
export { type BoundAddress, Broker, type BrokerSettings } from './broker/broker.ts'
export { BrokerOptions, parseProperties } from './broker/options.ts'
