/** What a program gets that runs a broker inside itself. */
export { type Logger, pinoLogger, silentLogger } from './base/logger.ts'
export { OptionsError } from './base/options.ts'
export { parseProperties } from './broker/options.ts'
export { KafkaError } from './client/client-error.ts'
export type { TopicSpecification } from './client/topic-admin.ts'
export { EmbeddedBroker as Broker, type EmbeddedBrokerOptions as BrokerOptions } from './embedded-broker.ts'
export { MemoryFileSystem } from './storage/memory-file-system.ts'
export { StorageError } from './storage/storage-error.ts'
