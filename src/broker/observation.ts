import type { Environment } from '../base/environment.ts'
import type { DataDirectory } from '../storage/data-directory.ts'
import { DiskMeter } from '../storage/disk-meter.ts'
import type { FileSystem } from '../storage/file-system.ts'
import { nodeFileSystem } from '../storage/node-file-system.ts'
import type { BoundAddress, BrokerSettings } from './broker-settings.ts'
import type { Coordinators } from './coordinators.ts'
import { Health, healthRoutes } from './http/health.ts'
import { HttpListener } from './http/http-listener.ts'
import { type HttpRoute, HttpRoutes } from './http/http-routes.ts'
import { profileRoutes } from './http/profile-routes.ts'
import { Profiler } from './http/profiler.ts'
import { coordinatorMetrics } from './metrics/coordinator-metrics.ts'
import { LoopDelay } from './metrics/loop-delay.ts'
import { single } from './metrics/metric-family.ts'
import { Metrics } from './metrics/metrics.ts'
import { networkMetrics } from './metrics/network-metrics.ts'
import { processMetrics } from './metrics/process-metrics.ts'
import { cleaningMetrics, directoryMetrics, diskMetrics } from './metrics/storage-metrics.ts'
import { type SeriesLimits, topicMetrics } from './metrics/topic-metrics.ts'
import type { Dispatcher } from './net/dispatcher.ts'
import type { Listener } from './net/listener.ts'
import type { BrokerOptions } from './options.ts'
import type { Compactor } from './partition/compactor.ts'
import type { Housekeeping } from './partition/housekeeping.ts'
import type { PartitionRegistry } from './partition/registry.ts'
import type { Scrubber } from './partition/scrubber.ts'

/** What there is to see of a broker that serves. */
export interface ObservedParts extends Pick<Coordinators, 'coordinator' | 'transactions'> {
  readonly registry: PartitionRegistry
  readonly dispatcher: Dispatcher
  readonly listeners: readonly Listener[]
  readonly compactor: Compactor
  readonly housekeeping: Housekeeping
  readonly scrubber: Scrubber
}

const CLOSE_MS_MAX = 2000

/**
 * What a broker shows of itself over HTTP: health, metrics, profiles. It is open before the data directory is and
 * until everything else is closed, so that whoever asks is told what is going on. A broker without an HTTP listener
 * has none of this, and loads none of it.
 */
export class Observation {
  readonly health = new Health()
  readonly metrics = new Metrics()
  /** The broker's disk, metered. */
  readonly fileSystem: DiskMeter
  readonly #environment: Environment
  readonly #options: BrokerOptions
  readonly #delay: LoopDelay
  readonly #profiler: Profiler
  #listener: HttpListener | null = null
  #recoveryStartedMs = 0

  private constructor(options: BrokerOptions, environment: Environment, fileSystem: FileSystem) {
    this.#options = options
    this.#environment = environment
    this.#delay = new LoopDelay(environment)
    this.#profiler = new Profiler(environment)
    this.fileSystem = new DiskMeter(fileSystem, environment)
  }

  /** Opens the listener that `http.listener` names. Rejects with the system's error (EADDRINUSE and the like). */
  static async open(settings: BrokerSettings): Promise<Observation> {
    const { options, environment, logger, fileSystem } = settings
    const observation = new Observation(options, environment, fileSystem ?? nodeFileSystem)
    const { health, metrics } = observation
    metrics.add(processMetrics(observation.#delay))
    metrics.add({
      families: [
        single('gauge', 'millrace_ready', '1 while /health/ready says so.', () => (health.isReady ? 1 : 0)),
      ],
    })
    metrics.add(diskMetrics(observation.fileSystem))
    const routes = new HttpRoutes()
    routes.add(...healthRoutes(health), metricsRoute(metrics))
    routes.add(...profileRoutes(observation.#profiler, options.get('http.profiles.remote')))
    routes.add(...(settings.httpRoutes ?? []))
    observation.#listener = await HttpListener.open({
      ...options.httpListener!,
      routes,
      environment,
      logger,
      connectionsMax: options.get('http.max.connections'),
      descriptors: settings.descriptors,
      bodyBytesMax: options.get('http.request.max.bytes'),
      headerTimeoutMs: options.get('http.header.timeout.ms'),
    })
    observation.#delay.start()
    observation.#recoveryStartedMs = environment.monotonicMs()
    logger.info('serving HTTP', { ...observation.address })
    return observation
  }

  /** As bound. */
  get address(): BoundAddress {
    return { host: this.#options.httpListener!.host, port: this.#listener?.port ?? 0 }
  }

  /** The data directory is open. */
  recovered(directory: DataDirectory): void {
    const openingMs = this.#environment.monotonicMs() - this.#recoveryStartedMs
    this.health.phase = 'loading'
    this.health.isFull = () => directory.isFull
    this.metrics.add(directoryMetrics(directory, this.fileSystem, openingMs))
  }

  /** Clients can connect, and everything is loaded. */
  ready(parts: ObservedParts): void {
    const { coordinator, transactions, registry } = parts
    const limits = this.#seriesLimits()
    this.metrics.add(networkMetrics(parts.dispatcher.counters, parts.listeners))
    this.metrics.add(topicMetrics(registry, limits))
    this.metrics.add(coordinatorMetrics(coordinator, transactions, registry, limits))
    this.metrics.add(cleaningMetrics(parts.compactor.counters, parts.housekeeping, parts.scrubber))
    this.health.phase = 'ready'
  }

  draining(): void {
    this.health.phase = 'draining'
  }

  failed(error: Error): void {
    this.health.failure = error.message
  }

  /** Leaves nothing open. */
  async close(): Promise<void> {
    this.#delay.close()
    this.#profiler.stop()
    await this.#listener?.close(CLOSE_MS_MAX)
  }

  #seriesLimits(): SeriesLimits {
    return {
      topicsMax: this.#options.get('metrics.topics.max'),
      partitionsMax: this.#options.get('metrics.partitions.max'),
      groupsMax: this.#options.get('metrics.groups.max'),
    }
  }
}

function metricsRoute(metrics: Metrics): HttpRoute {
  return {
    method: 'GET',
    path: '/metrics',
    audience: 'anyone',
    async handle() {
      const { contentType, text } = await metrics.scrape()
      return { status: 200, contentType, body: text }
    },
  }
}
