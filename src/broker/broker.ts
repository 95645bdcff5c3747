import { ByteBudget } from '../base/byte-budget.ts'
import type { Environment } from '../base/environment.ts'
import type { Logger } from '../base/logger.ts'
import type { Uuid } from '../base/uuid.ts'
import { loadCompression } from '../protocol/compression.ts'
import { DataDirectory } from '../storage/data-directory.ts'
import type { FileSystem } from '../storage/file-system.ts'
import type { Log } from '../storage/log.ts'
import { nodeFileSystem } from '../storage/node-file-system.ts'
import { TailCache } from '../storage/tail-cache.ts'
import { createAdminHandlers } from './api/admin/handlers.ts'
import { FetchSessions } from './api/data/fetch-sessions.ts'
import { dataHandlers } from './api/data/handlers.ts'
import { groupHandlers } from './api/groups/handlers.ts'
import { transactionHandlers } from './api/transactions/handlers.ts'
import { GroupCoordinator } from './coordinator/group-coordinator.ts'
import { GROUP_CONFIG_DEFAULTS, type GroupConfig } from './coordinator/groups/group-config.ts'
import { MachineRuntime } from './coordinator/runtime.ts'
import { TransactionCoordinator } from './coordinator/transaction-coordinator.ts'
import {
  TRANSACTION_CONFIG_DEFAULTS,
  type TransactionConfig,
} from './coordinator/transactions/transaction-config.ts'
import { CoordinatorPartitions } from './coordinator-partitions.ts'
import {
  KAFKA_METADATA_TOPIC,
  METADATA_TOPIC,
  METADATA_TOPIC_ID,
  OFFSETS_TOPIC,
  TRANSACTION_TOPIC,
} from './metadata/internal-topics.ts'
import { metadataEventCodec } from './metadata/metadata-event.ts'
import { MetadataMachine } from './metadata/metadata-machine.ts'
import { MetadataNode } from './metadata/metadata-node.ts'
import { createDispatcher, type Dispatcher } from './net/dispatcher.ts'
import { FrameMemory } from './net/frame-memory.ts'
import type { ConnectionInfo } from './net/handler.ts'
import { loadKernelCalls } from './net/kernel-calls.ts'
import { Listener } from './net/listener.ts'
import { RegionSender } from './net/sendfile.ts'
import { explainBrokerOption } from './options/explained-option.ts'
import { type BrokerOptions, type TopicConfig, topicConfigOf } from './options.ts'
import { Housekeeping } from './partition/housekeeping.ts'
import { MachinePartition } from './partition/machine-partition.ts'
import { logConfigOf, PartitionRegistry } from './partition/registry.ts'
import { TopicFollower } from './partition/topic-follower.ts'
import { ProducerIdBlocks } from './producer-id-blocks.ts'
import { TransactionPartitions } from './transaction-partitions.ts'

export interface BrokerSettings {
  readonly options: BrokerOptions
  readonly environment: Environment
  readonly logger: Logger
  /** The machine's, if not said. */
  readonly fileSystem?: FileSystem
  /** Named to whoever finds the data directory locked. */
  readonly processId?: number
}

/** Where clients connect, as bound. */
export interface BoundAddress {
  readonly host: string
  readonly port: number
}

/** What is made once and lives as long as the broker. */
interface Parts {
  readonly settings: BrokerSettings
  readonly directory: DataDirectory
  readonly registry: PartitionRegistry
  readonly metadata: MetadataNode
  readonly coordinator: GroupCoordinator
  readonly transactions: TransactionCoordinator
  readonly housekeeping: Housekeeping
  readonly listeners: readonly Listener[]
  readonly dispatcher: Dispatcher
}

const TAIL_CACHE_BYTES = 16 * 1024 * 1024
const METADATA_BATCH_BYTES_MAX = 1024 * 1024
const CLOSE_MS_MAX = 10_000

/**
 * A whole broker in one object: the composition of everything else, and nothing beside. Several may live in one process;
 * each owns its data directory.
 */
export class Broker {
  readonly #parts: Parts
  readonly #failureCallbacks: ((error: Error) => void)[] = []
  #closing: Promise<void> | null = null

  private constructor(parts: Parts) {
    this.#parts = parts
    parts.directory.onFailure = (error) => {
      parts.settings.logger.error('the data directory has failed', {
        path: error.path,
        reason: error.message,
      })
      for (const callback of this.#failureCallbacks) callback(error)
    }
  }

  /**
   * Opens the data directory, replays what was there, and serves. Rejects with an error of the storage (StorageError:
   * locked, damaged, no space) or of the system (a port that is taken), and leaves nothing open then.
   */
  static async start(settings: BrokerSettings): Promise<Broker> {
    const { options, environment, logger } = settings
    const registry = new PartitionRegistry({ nodeId: options.nodeId, environment, logger })
    const defaults = topicConfigOf(new Map(), options)
    const [directory] = await Promise.all([
      DataDirectory.open({
        path: options.dataDirectory,
        fileSystem: settings.fileSystem ?? nodeFileSystem,
        environment,
        logger,
        nodeId: options.nodeId,
        clusterId: null,
        tailCache: new TailCache(TAIL_CACHE_BYTES),
        ...(settings.processId === undefined ? {} : { processId: settings.processId }),
        configOf: () => logConfigOf(defaults),
        checkpointMs: options.get('log.flush.offset.checkpoint.interval.ms'),
        hooksOf: (topic, index) => registry.hooksOf(topic, index),
      }),
      loadCompression(),
    ])
    try {
      return new Broker(await compose(settings, directory, registry, defaults))
    } catch (error) {
      registry.close()
      await directory.close()
      throw error
    }
  }

  get nodeId(): number {
    return this.#parts.directory.nodeId
  }

  get clusterId(): string {
    return this.#parts.directory.clusterId
  }

  get dataDirectory(): string {
    return this.#parts.directory.path
  }

  get listeners(): readonly BoundAddress[] {
    const { options } = this.#parts.settings
    return options.listeners.map(({ host }, index) => ({ host, port: this.#parts.listeners[index]!.port }))
  }

  /** Calls back once when the broker can be of no more use: its directory has failed. It is still to be closed. */
  onFailure(callback: (error: Error) => void): void {
    this.#failureCallbacks.push(callback)
  }

  /** Answers what was asked, writes what was taken, and leaves a directory that opens without a scan. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    const { coordinator, directory, housekeeping, listeners, registry, transactions } = this.#parts
    housekeeping.close()
    registry.drain()
    coordinator.close()
    transactions.close()
    await Promise.all(listeners.map((listener) => listener.close(CLOSE_MS_MAX)))
    registry.close()
    await directory.close()
  }
}

async function compose(
  settings: BrokerSettings,
  directory: DataDirectory,
  registry: PartitionRegistry,
  defaults: TopicConfig,
): Promise<Parts> {
  const { options, environment, logger } = settings
  registry.attach(directory)
  const metadata = await openMetadata(settings, directory, registry, defaults)
  await adoptFound(directory, metadata, logger)
  const follower = new TopicFollower({ registry, metadata, logger })
  await follower.start()
  const offsetsTopic = new CoordinatorPartitions({ topic: OFFSETS_TOPIC, metadata, registry, follower })
  const coordinator = new GroupCoordinator({
    topic: offsetsTopic,
    config: groupConfigOf(options),
    environment,
    logger,
    batchBytesMax: defaults.messageBytesMax,
    commitTimeoutMs: options.get('offsets.commit.timeout.ms'),
  })
  await offsetsTopic.serve(coordinator)
  metadata.subscribe((change) => {
    if (change.kind === 'topic-deleted') coordinator.topicsDeleted([change.topic.name])
  })
  const producerIds = new ProducerIdBlocks(metadata)
  const targets = new TransactionPartitions(registry, coordinator)
  const transactionTopic = new CoordinatorPartitions({
    topic: TRANSACTION_TOPIC,
    metadata,
    registry,
    follower,
  })
  const transactions = new TransactionCoordinator({
    topic: transactionTopic,
    targets,
    config: transactionConfigOf(options),
    verifies: () => {
      const name = 'transaction.partition.verification.enable'
      return explainBrokerOption(name, options, metadata.image.dynamicConfigs).value === 'true'
    },
    environment,
    logger,
    batchBytesMax: defaults.messageBytesMax,
    nextProducerId: async () => {
      const allocated = await producerIds.next()
      return 'producerId' in allocated ? allocated.producerId : null
    },
  })
  await transactionTopic.serve(transactions)
  const services = { metadata, registry, follower, coordinator, transactions, targets, producerIds }
  const dispatcher = dispatcherOf(settings, services)
  const listeners = await listen(settings, dispatcher)
  const housekeeping = new Housekeeping({
    registry,
    environment,
    logger,
    intervalMs: options.get('log.retention.check.interval.ms'),
    producerExpirationMs: options.get('producer.id.expiration.ms'),
  })
  housekeeping.start()
  return {
    settings,
    directory,
    registry,
    metadata,
    coordinator,
    transactions,
    housekeeping,
    listeners,
    dispatcher,
  }
}

/** The metadata log is a partition like any other, which no client sees. */
async function openMetadata(
  { options, environment, logger }: BrokerSettings,
  directory: DataDirectory,
  registry: PartitionRegistry,
  defaults: TopicConfig,
): Promise<MetadataNode> {
  const partition = await registry.openPrivate({
    name: METADATA_TOPIC,
    id: METADATA_TOPIC_ID,
    partitionCount: 1,
    internal: true,
    config: {
      ...defaults,
      cleanupPolicy: [],
      retentionMs: -1,
      retentionBytes: -1,
      durability: 'fsync',
      minInsyncReplicas: 1,
    },
  })
  const machine = new MetadataMachine(directory.clusterId, options)
  const runtime = new MachineRuntime({
    machine,
    codec: metadataEventCodec,
    log: new MachinePartition(partition),
    environment,
    logger,
    batchBytesMax: METADATA_BATCH_BYTES_MAX,
  })
  const metadata = new MetadataNode({ machine, runtime, options, environment, logger })
  await metadata.start()
  return metadata
}

/** Topics whose logs were put into the directory from elsewhere (a copy of Kafka's) become topics of this broker. */
async function adoptFound(directory: DataDirectory, metadata: MetadataNode, logger: Logger): Promise<void> {
  const found = new Map<string, { name: string; id: Log['topicId']; partitionCount: number }>()
  for (const report of directory.reports) {
    if (report.outcome !== 'adopted' || report.topic === KAFKA_METADATA_TOPIC) continue
    const log = directory.logs.get(`${report.topic}-${report.partition}`)
    if (log === undefined) continue
    const topic = found.get(report.topic) ?? { name: report.topic, id: log.topicId, partitionCount: 0 }
    topic.partitionCount = Math.max(topic.partitionCount, report.partition + 1)
    found.set(report.topic, topic)
  }
  if (found.size === 0) return
  const topics = [...found.values()]
  const outcomes = await metadata.adoptTopics(topics)
  for (const [index, { name, partitionCount }] of topics.entries())
    logger.info('topic found in the directory', {
      topic: name,
      partitions: partitionCount,
      outcome: 'refused' in outcomes ? outcomes.refused : outcomes[index],
    })
}

function dispatcherOf(
  { options, environment, logger }: BrokerSettings,
  parts: {
    metadata: MetadataNode
    registry: PartitionRegistry
    follower: TopicFollower
    coordinator: GroupCoordinator
    transactions: TransactionCoordinator
    targets: TransactionPartitions
    producerIds: ProducerIdBlocks
  },
): Dispatcher {
  const { metadata, registry, follower, coordinator, transactions, targets, producerIds } = parts
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
    handlers: {
      ...dataHandlers({
        registry,
        environment,
        sessions: new FetchSessions(environment, options.get('max.incremental.fetch.session.cache.slots')),
        responseBytesMax: options.get('fetch.max.bytes'),
        producerIds,
        transactions,
      }),
      ...createAdminHandlers({
        metadata,
        options,
        environment,
        partitions: follower,
        advertised: () => dispatcher.served.advertised,
        loggers: () => new Map([['root', 'INFO']]),
      }),
      ...groupHandlers({
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
      ...transactionHandlers({ transactions, groups: coordinator, targets, topics, partitions: registry }),
    },
  })
  return dispatcher
}

function advertised(options: BrokerOptions, connection: ConnectionInfo): BoundAddress {
  return options.advertisedAddress(connection.listenerName, connection)
}

/** Opens every listener or none. */
async function listen(
  { options, environment, logger }: BrokerSettings,
  dispatcher: Dispatcher,
): Promise<readonly Listener[]> {
  const budget = new ByteBudget(options.requestMemoryBytes)
  const sender = new RegionSender(loadKernelCalls())
  const memory = new FrameMemory({ recycling: true })
  const listeners = options.listeners.map(
    ({ name, host, port }) =>
      new Listener({
        name,
        host,
        port,
        dispatcher,
        budget,
        sender,
        memory,
        environment,
        logger,
        frameBytesMax: options.get('socket.request.max.bytes'),
        idleMsMax: options.get('connections.max.idle.ms'),
        connectionsMax: options.get('max.connections'),
        connectionsPerHostMax: options.get('max.connections.per.ip'),
      }),
  )
  const opened: Listener[] = []
  try {
    for (const listener of listeners) {
      await listener.listen()
      opened.push(listener)
    }
    return listeners
  } catch (error) {
    await Promise.all(opened.map((listener) => listener.close(0)))
    throw error
  }
}

function transactionConfigOf(options: BrokerOptions): TransactionConfig {
  return {
    ...TRANSACTION_CONFIG_DEFAULTS,
    timeoutMsMax: options.get('transaction.max.timeout.ms'),
    timeoutCheckMs: options.get('transaction.abort.timed.out.transaction.cleanup.interval.ms'),
    idExpirationMs: options.get('transactional.id.expiration.ms'),
    expirationCheckMs: options.get('transaction.remove.expired.transaction.cleanup.interval.ms'),
    completionWaitMs: options.get('add.partitions.to.txn.retry.backoff.max.ms'),
  }
}

function groupConfigOf(options: BrokerOptions): GroupConfig {
  const delaySet = options.setText('group.initial.rebalance.delay.ms') !== null
  return {
    ...GROUP_CONFIG_DEFAULTS,
    sessionTimeoutMsMin: options.get('group.min.session.timeout.ms'),
    sessionTimeoutMsMax: options.get('group.max.session.timeout.ms'),
    initialRebalanceDelayMs: delaySet ? options.get('group.initial.rebalance.delay.ms') : null,
    membersMax: options.get('group.max.size'),
    offsetMetadataLengthMax: options.get('offset.metadata.max.bytes'),
    offsetsRetentionMs: options.get('offsets.retention.minutes') * 60_000,
    offsetsRetentionCheckMs: options.get('offsets.retention.check.interval.ms'),
  }
}
