import { type Environment, systemEnvironment } from '../../src/base/environment.ts'
import { type Logger, silentLogger } from '../../src/base/logger.ts'
import { Broker } from '../../src/broker/broker.ts'
import { BrokerOptions } from '../../src/broker/options.ts'
import { defaultCreateTopicsRequestTopic } from '../../src/protocol/generated/topics.ts'
import { MemoryFileSystem } from '../../src/storage/memory-file-system.ts'
import { WireClient } from './wire-client.ts'

/** A whole broker in this process, on a disk in memory and a free port. */
export class MemoryBroker {
  readonly fileSystem: MemoryFileSystem
  readonly #settings: Readonly<Record<string, string>>
  readonly #environment: Environment
  readonly #logger: Logger
  #broker: Broker
  readonly #clients: WireClient[] = []

  private constructor(
    broker: Broker,
    fileSystem: MemoryFileSystem,
    settings: Readonly<Record<string, string>>,
    environment: Environment,
    logger: Logger,
  ) {
    this.#logger = logger
    this.#broker = broker
    this.fileSystem = fileSystem
    this.#settings = settings
    this.#environment = environment
  }

  static async start(
    settings: Readonly<Record<string, string>> = {},
    fileSystem = new MemoryFileSystem(),
    environment: Environment = systemEnvironment,
    logger: Logger = silentLogger,
  ): Promise<MemoryBroker> {
    const broker = await startBroker(settings, fileSystem, environment, logger)
    return new MemoryBroker(broker, fileSystem, settings, environment, logger)
  }

  get port(): number {
    return this.#broker.listeners[0]!.port
  }

  get broker(): Broker {
    return this.#broker
  }

  async connect(): Promise<WireClient> {
    const client = await WireClient.open(this.port)
    this.#clients.push(client)
    return client
  }

  /** Stops in good order and starts again on the same disk, at another port. */
  async restart(): Promise<void> {
    await this.stop()
    this.#broker = await startBroker(this.#settings, this.fileSystem, this.#environment, this.#logger)
  }

  async stop(): Promise<void> {
    for (const client of this.#clients.splice(0)) client.close()
    await this.#broker.close()
  }

  /** A topic with these configs, ready to be written to. */
  async createTopic(
    client: WireClient,
    name: string,
    configs: Readonly<Record<string, string>> = {},
    partitions = 1,
  ): Promise<void> {
    const { topics } = await client.call('CreateTopics', 5, {
      timeoutMs: 10_000,
      validateOnly: false,
      topics: [
        {
          ...defaultCreateTopicsRequestTopic(),
          name,
          numPartitions: partitions,
          replicationFactor: 1,
          configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
        },
      ],
    })
    if (topics[0]!.errorCode !== 0) throw new Error(`${name}: ${topics[0]!.errorMessage}`)
  }
}

function startBroker(
  settings: Readonly<Record<string, string>>,
  fileSystem: MemoryFileSystem,
  environment: Environment,
  logger: Logger,
): Promise<Broker> {
  const options = BrokerOptions.from({
    'log.dirs': '/data',
    listeners: 'PLAINTEXT://127.0.0.1:0',
    'group.initial.rebalance.delay.ms': '0',
    ...settings,
  })
  return Broker.start({ options, environment, logger, fileSystem })
}
