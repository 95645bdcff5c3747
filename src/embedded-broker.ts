import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemEnvironment } from './base/environment.ts'
import { type Logger, silentLogger } from './base/logger.ts'
import { Broker } from './broker/broker.ts'
import { BrokerOptions } from './broker/options.ts'
import { Cluster } from './client/cluster.ts'
import { createTopic, type TopicSpecification } from './client/topic-admin.ts'
import type { FileSystem } from './storage/file-system.ts'
import { MemoryFileSystem } from './storage/memory-file-system.ts'

/** Where a broker inside a program keeps its data, and where it listens. All of it may be left out. */
export interface EmbeddedBrokerOptions {
  /** 127.0.0.1 if not said. */
  readonly host?: string
  /** 0, a free one, if not said. */
  readonly port?: number
  /**
   * `'memory'` (if not said): no file is touched, all is gone with the process. `'temporary'`: a directory of its own
   * under the system's, removed by `close`. Any other text: a directory that stays.
   */
  readonly dataDirectory?: string
  /** With `'memory'`: the disk, so that a second broker can find what a first one left there. */
  readonly disk?: MemoryFileSystem
  /** Any broker config by Kafka's name. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>
  /** Made before `start` returns: names, or more of what they are to be. */
  readonly topics?: readonly (string | TopicSpecification)[]
  /** Says nothing if not given. */
  readonly logger?: Logger
}

const MEMORY_PATH = '/millrace'

/** What suits a broker of one program's own: fewer internal partitions, no wait for members who never come. */
const SETTINGS_OF_SHORT_LIFE: Readonly<Record<string, string>> = {
  'group.initial.rebalance.delay.ms': '0',
  'offsets.topic.num.partitions': '1',
  'transaction.state.log.num.partitions': '1',
}

/**
 * A whole broker inside a program: for tests, and for applications that bring their own. Clients connect to
 * `bootstrap` as to any other. Several may run side by side.
 */
export class EmbeddedBroker {
  readonly host: string
  readonly port: number
  /** Of the data directory; under `'memory'` a path on `disk`. */
  readonly dataDirectory: string
  /** The disk of `'memory'`, else null. */
  readonly disk: MemoryFileSystem | null
  readonly #broker: Broker
  readonly #temporaryDirectory: string | null
  #closing: Promise<void> | null = null

  private constructor(broker: Broker, place: Place) {
    const { host, port } = broker.listeners[0]!
    this.host = host
    this.port = port
    this.dataDirectory = broker.dataDirectory
    this.disk = place.disk
    this.#broker = broker
    this.#temporaryDirectory = place.temporaryDirectory
  }

  /**
   * Resolves when clients can connect and the topics are there. Rejects when the port is taken, the directory is not
   * usable or in use, or a setting is wrong (OptionsError, which names everything that is); nothing is left open then.
   */
  static async start(options: EmbeddedBrokerOptions = {}): Promise<EmbeddedBroker> {
    const { host = '127.0.0.1', port = 0, settings = {}, topics = [], logger = silentLogger } = options
    const place = await placeOf(options)
    try {
      const broker = await Broker.start({
        options: BrokerOptions.from({
          'log.dirs': place.path,
          listeners: `PLAINTEXT://${host.includes(':') ? `[${host}]` : host}:${port}`,
          ...(place.isShortLived ? SETTINGS_OF_SHORT_LIFE : {}),
          ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)])),
        }),
        environment: systemEnvironment,
        logger,
        ...(place.disk === null ? {} : { fileSystem: place.disk as FileSystem }),
      })
      const embedded = new EmbeddedBroker(broker, place)
      if (topics.length > 0) await embedded.#createTopics(topics)
      return embedded
    } catch (error) {
      await removeTemporary(place.temporaryDirectory)
      throw error
    }
  }

  /** What clients are told: `host:port`. */
  get bootstrap(): string {
    return `${this.host.includes(':') ? `[${this.host}]` : this.host}:${this.port}`
  }

  /** With the setting `http.listener` (`127.0.0.1:0` for a free port): `http://host:port`, else null. */
  get httpUrl(): string | null {
    const address = this.#broker.http
    if (address === null) return null
    return `http://${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`
  }

  /** Creates topics; rejects with a KafkaError (TOPIC_ALREADY_EXISTS and so on). */
  async createTopics(...topics: readonly (string | TopicSpecification)[]): Promise<void> {
    const bootstrap = [{ host: this.host, port: this.port }]
    const cluster = await Cluster.open({ bootstrap, environment: systemEnvironment })
    try {
      for (const topic of topics)
        await createTopic(cluster, typeof topic === 'string' ? { name: topic } : topic)
    } finally {
      cluster.close()
    }
  }

  /** Answers what was asked, writes what was taken, frees port, files and timers, removes a temporary directory. */
  close(): Promise<void> {
    this.#closing ??= this.#broker.close().finally(() => removeTemporary(this.#temporaryDirectory))
    return this.#closing
  }

  /** `await using broker = await Broker.start()`, where Node has it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #createTopics(topics: readonly (string | TopicSpecification)[]): Promise<void> {
    try {
      await this.createTopics(...topics)
    } catch (error) {
      await this.close()
      throw error
    }
  }
}

interface Place {
  readonly path: string
  readonly disk: MemoryFileSystem | null
  readonly temporaryDirectory: string | null
  readonly isShortLived: boolean
}

async function placeOf({ dataDirectory = 'memory', disk }: EmbeddedBrokerOptions): Promise<Place> {
  if (dataDirectory === 'memory') {
    const memory = disk ?? new MemoryFileSystem()
    return { path: MEMORY_PATH, disk: memory, temporaryDirectory: null, isShortLived: true }
  }
  if (dataDirectory !== 'temporary')
    return { path: dataDirectory, disk: null, temporaryDirectory: null, isShortLived: false }
  const path = await mkdtemp(join(tmpdir(), 'millrace-'))
  return { path, disk: null, temporaryDirectory: path, isShortLived: true }
}

async function removeTemporary(path: string | null): Promise<void> {
  if (path !== null) await rm(path, { recursive: true, force: true })
}
