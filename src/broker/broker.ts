import type { DescriptorBudget } from '../base/descriptor-budget.ts'
import type { AdvertisedApi } from '../protocol/api.ts'
import { DataDirectory } from '../storage/data-directory.ts'
import { nodeFileSystem } from '../storage/node-file-system.ts'
import type { FileSlots } from '../storage/open-files.ts'
import { TailCache } from '../storage/tail-cache.ts'
import type { BoundAddress, BrokerSettings } from './broker-settings.ts'
import { cleanerSettingsOf } from './cleaner-settings.ts'
import type { GroupCoordinator } from './coordinator/group-coordinator.ts'
import type { TransactionCoordinator } from './coordinator/transaction-coordinator.ts'
import { openCoordinators } from './coordinators.ts'
import { dynamicNumber } from './dynamic-number.ts'
import { openListeners } from './listeners.ts'
import type { MetadataNode } from './metadata/metadata-node.ts'
import { adoptFound, openMetadata } from './metadata-log.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { Dispatcher } from './net/dispatcher.ts'
import type { Listener } from './net/listener.ts'
import { processDescriptors } from './net/open-files.ts'
import type { Observation } from './observation.ts'
import { type TopicConfig, topicConfigOf } from './options.ts'
import { BatchThreads } from './partition/batch-threads.ts'
import { Compactor } from './partition/compactor.ts'
import { Housekeeping } from './partition/housekeeping.ts'
import { logConfigOf, PartitionRegistry } from './partition/registry.ts'
import { Scrubber } from './partition/scrubber.ts'
import { TopicFollower } from './partition/topic-follower.ts'
import { createBrokerDispatcher } from './served-apis.ts'

/** What is made once and lives as long as the broker. */
interface Parts {
  readonly settings: BrokerSettings
  readonly directory: DataDirectory
  readonly registry: PartitionRegistry
  readonly metadata: MetadataNode
  readonly follower: TopicFollower
  readonly coordinator: GroupCoordinator
  readonly transactions: TransactionCoordinator
  readonly housekeeping: Housekeeping
  readonly compactor: Compactor
  readonly batchThreads: BatchThreads
  readonly scrubber: Scrubber
  readonly listeners: readonly Listener[]
  readonly dispatcher: Dispatcher
  /** null: nobody is shown anything. */
  readonly observation: Observation | null
}

const TAIL_CACHE_BYTES = 16 * 1024 * 1024
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
      parts.observation?.failed(error)
      for (const callback of this.#failureCallbacks) callback(error)
    }
  }

  /**
   * Opens the data directory, replays what was there, and serves. Rejects with an error of the storage (StorageError:
   * locked, damaged, no space) or of the system (a port that is taken), and leaves nothing open then.
   */
  static async start(given: BrokerSettings): Promise<Broker> {
    const counted = { descriptors: processDescriptors(), ...given }
    const observation = await observe(counted)
    const settings = observation === null ? counted : { ...counted, fileSystem: observation.fileSystem }
    try {
      return new Broker(await open(settings, observation))
    } catch (error) {
      await observation?.close()
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

  /** Where HTTP is served, as bound; null: nowhere. */
  get http(): BoundAddress | null {
    return this.#parts.observation?.address ?? null
  }

  /** What is shown at `/metrics`; null: nobody is shown anything. */
  get metrics(): Metrics | null {
    return this.#parts.observation?.metrics ?? null
  }

  /** Everything that is served, with its versions, as clients are told. */
  get apis(): readonly AdvertisedApi[] {
    return this.#parts.dispatcher.served.advertised
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
    const { compactor, coordinator, directory, housekeeping, batchThreads, scrubber } = this.#parts
    const { follower, listeners, observation, registry, transactions } = this.#parts
    observation?.draining()
    housekeeping.close()
    follower.close()
    registry.drain()
    coordinator.close()
    transactions.close()
    await Promise.all(listeners.map((listener) => listener.close(CLOSE_MS_MAX)))
    await Promise.all([compactor.close(), batchThreads.close(), scrubber.close()])
    registry.close()
    try {
      await directory.close()
    } finally {
      await observation?.close()
    }
  }
}

/** Without an HTTP listener nothing of what serves it is loaded. */
async function observe(settings: BrokerSettings): Promise<Observation | null> {
  if (settings.options.httpListener === null) return null
  const { Observation } = await import('./observation.ts')
  return Observation.open(settings)
}

async function open(settings: BrokerSettings, observation: Observation | null): Promise<Parts> {
  const { options, environment, logger } = settings
  const registry = new PartitionRegistry({ nodeId: options.nodeId, environment, logger })
  const defaults = topicConfigOf(new Map(), options)
  const directory = await DataDirectory.open({
    path: options.dataDirectory,
    fileSystem: settings.fileSystem ?? nodeFileSystem,
    environment,
    logger,
    nodeId: options.nodeId,
    clusterId: null,
    tailCache: new TailCache(TAIL_CACHE_BYTES),
    ...(settings.processId === undefined ? {} : { processId: settings.processId }),
    configOf: () => logConfigOf(defaults),
    ...(settings.descriptors === undefined ? {} : { fileSlots: logFileSlots(settings.descriptors) }),
    checkpointMs: options.get('log.flush.offset.checkpoint.interval.ms'),
    hooksOf: (topic, index) => registry.hooksOf(topic, index),
  })
  try {
    observation?.recovered(directory)
    return await compose(settings, directory, registry, defaults, observation)
  } catch (error) {
    registry.close()
    await directory.close()
    throw error
  }
}

/** Beside what is theirs alone the files of logs leave half of the descriptors to others, unless they are needed. */
function logFileSlots(descriptors: DescriptorBudget): FileSlots {
  return {
    keptMax: Math.floor(descriptors.limit('log') / 2),
    take: () => descriptors.take('log'),
    release: () => descriptors.release('log'),
  }
}

async function compose(
  settings: BrokerSettings,
  directory: DataDirectory,
  registry: PartitionRegistry,
  defaults: TopicConfig,
  observation: Observation | null,
): Promise<Parts> {
  const { options, environment, logger } = settings
  registry.attach(directory)
  const metadata = await openMetadata(settings, directory, registry, defaults)
  await adoptFound(directory, metadata, logger)
  const follower = new TopicFollower({ registry, metadata, environment, logger })
  await follower.start()
  const coordinators = await openCoordinators(settings, { metadata, registry, follower }, defaults)
  const batchThreads = new BatchThreads()
  const services = { metadata, registry, follower, batchThreads, ...coordinators }
  const dispatcher = createBrokerDispatcher(settings, services, observation !== null)
  const listeners = await openListeners(settings, dispatcher, metadata)
  const housekeeping = new Housekeeping({
    registry,
    environment,
    logger,
    intervalMs: options.get('log.retention.check.interval.ms'),
    producerExpirationMs: dynamicNumber('producer.id.expiration.ms', options, metadata),
  })
  housekeeping.start()
  const compactor = new Compactor({
    registry,
    environment,
    logger,
    settings: () => cleanerSettingsOf(options, metadata.image.dynamicConfigs),
    keepCleanedEnds: () => directory.keepCleanedEnds(),
  })
  if (options.get('log.cleaner.enable')) compactor.start()
  const scrubber = startScrubber(settings, registry)
  observation?.ready({ ...coordinators, registry, dispatcher, listeners, compactor, housekeeping, scrubber })
  return {
    settings,
    directory,
    registry,
    metadata,
    follower,
    coordinator: coordinators.coordinator,
    transactions: coordinators.transactions,
    housekeeping,
    compactor,
    batchThreads,
    scrubber,
    listeners,
    dispatcher,
    observation,
  }
}

function startScrubber(
  { options, environment, logger }: BrokerSettings,
  registry: PartitionRegistry,
): Scrubber {
  const scrubber = new Scrubber({
    registry,
    environment,
    logger,
    intervalMs: options.get('log.scrub.interval.ms'),
  })
  scrubber.start()
  return scrubber
}
