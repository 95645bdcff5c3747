import { createServer, type Server, type Socket } from 'node:net'
import type { ByteBudget } from '../../base/byte-budget.ts'
import type { Environment, Timer } from '../../base/environment.ts'
import type { Logger } from '../../base/logger.ts'
import { FRAME_BYTES_MAX } from '../../protocol/frame-splitter.ts'
import { Connection, type ConnectionSetting } from './connection.ts'
import { plainHost } from './connection-facts.ts'
import type { Dispatcher } from './dispatcher.ts'
import { FrameMemory } from './frame-memory.ts'
import { LogThrottle } from './log-throttle.ts'
import type { RegionSender } from './sendfile.ts'

const SWEEP_MS = 5000
const IDLE_MS_MAX = 10 * 60 * 1000
const BACKLOG = 511
const SIZE_BYTES = 4

export interface ListenerOptions {
  /** As clients see it in the log and in ConnectionInfo. */
  readonly name: string
  readonly host: string
  /** 0: one that is free. */
  readonly port: number
  readonly dispatcher: Dispatcher
  /** Bytes of requests that may be in memory, of every listener that shares it. No request may be larger. */
  readonly budget: ByteBudget
  readonly sender: RegionSender
  /** One for all listeners of a process; if none is given, one that recycles nothing. */
  readonly memory?: FrameMemory | undefined
  /** False: requests are read through the stream's own buffers, whatever Node can do. */
  readonly readsDirectly?: boolean | undefined
  readonly environment: Environment
  readonly logger: Logger
  /** socket.request.max.bytes: 100 MiB if not said. */
  readonly frameBytesMax?: number | undefined
  /** connections.max.idle.ms: 10 minutes if not said. */
  readonly idleMsMax?: number | undefined
  /** max.connections and max.connections.per.ip: no limit if not said. */
  readonly connectionsMax?: number | undefined
  readonly connectionsPerHostMax?: number | undefined
}

/** One Kafka port: accepts clients within the limits, watches over them and ends them in good order. */
export class Listener {
  readonly #options: ListenerOptions
  readonly #setting: ConnectionSetting
  readonly #log: LogThrottle
  readonly #server: Server
  readonly #connections = new Set<Connection>()
  readonly #perHost = new Map<string, number>()
  #sweepTimer: Timer | null = null
  #closing = false
  readonly #whenEmpty: (() => void)[] = []
  /** Connections that were refused for a limit. */
  refusedCount = 0

  constructor(options: ListenerOptions) {
    this.#options = options
    this.#log = new LogThrottle(options.logger, options.environment)
    this.#setting = {
      listenerName: options.name,
      dispatcher: options.dispatcher,
      budget: options.budget,
      memory: options.memory ?? new FrameMemory(),
      readsDirectly: options.readsDirectly ?? true,
      sender: options.sender,
      environment: options.environment,
      log: this.#log,
      // A lease above the capacity is granted only when nothing is leased, and long polls always hold some.
      frameBytesMax: Math.min(
        options.frameBytesMax ?? FRAME_BYTES_MAX,
        options.budget.capacityBytes - SIZE_BYTES,
      ),
      idleMsMax: options.idleMsMax ?? IDLE_MS_MAX,
    }
    this.#server = createServer({
      allowHalfOpen: true,
      noDelay: true,
      keepAlive: true,
      pauseOnConnect: true,
    })
    this.#server.on('connection', (socket) => this.#accept(socket))
  }

  get connectionCount(): number {
    return this.#connections.size
  }

  /** The port that is listened on; 0 before `listen` and after `close`. */
  get port(): number {
    const address = this.#server.address()
    return address === null || typeof address === 'string' ? 0 : address.port
  }

  /** Resolves when clients can connect; rejects with the system's error (EADDRINUSE and the like). */
  async listen(): Promise<void> {
    const { host, port } = this.#options
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen({ host, port, backlog: BACKLOG }, () => {
        this.#server.off('error', reject)
        resolve()
      })
    })
    this.#server.on('error', (error) => this.#log.log('error', 'accepting failed', { reason: error.message }))
    this.#scheduleSweep()
  }

  /**
   * Accepts nobody any more and handles no further request. Resolves when every client has the answers to what it
   * had asked, or after `deadlineMs`, when those that are left have been cut off. May be called again with another
   * deadline: the earliest counts.
   */
  async close(deadlineMs: number): Promise<void> {
    this.#closing = true
    this.#sweepTimer?.cancel()
    const serverClosed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    for (const connection of [...this.#connections]) connection.end()
    if (this.#connections.size > 0) await this.#waitForConnections(deadlineMs)
    await serverClosed
  }

  async #waitForConnections(deadlineMs: number): Promise<void> {
    const deadline = this.#options.environment.setTimer(deadlineMs, () => {
      for (const connection of [...this.#connections]) connection.destroy()
    })
    await new Promise<void>((resolve) => this.#whenEmpty.push(resolve))
    deadline.cancel()
  }

  #accept(socket: Socket): void {
    const host = plainHost(socket.remoteAddress)
    const fromHost = this.#perHost.get(host) ?? 0
    const refusal = this.#refusal(fromHost)
    if (refusal !== null) {
      this.refusedCount++
      this.#log.log('warn', `${refusal}: connection refused`, { client: host, listener: this.#options.name })
      socket.destroy()
      return
    }
    this.#perHost.set(host, fromHost + 1)
    this.#connections.add(new Connection(socket, this.#setting, this.#forget))
  }

  #refusal(fromHost: number): string | null {
    const { connectionsMax, connectionsPerHostMax } = this.#options
    if (this.#closing) return 'shutting down'
    if (connectionsMax !== undefined && this.#connections.size >= connectionsMax)
      return 'max.connections reached'
    if (connectionsPerHostMax !== undefined && fromHost >= connectionsPerHostMax)
      return 'max.connections.per.ip reached'
    return null
  }

  readonly #forget = (connection: Connection): void => {
    const host = connection.info.clientHost
    const left = (this.#perHost.get(host) ?? 1) - 1
    if (left === 0) this.#perHost.delete(host)
    else this.#perHost.set(host, left)
    this.#connections.delete(connection)
    if (this.#connections.size === 0) for (const resolve of this.#whenEmpty.splice(0)) resolve()
  }

  #scheduleSweep(): void {
    const { environment } = this.#options
    this.#sweepTimer = environment.setTimer(SWEEP_MS, () => {
      const nowMs = environment.monotonicMs()
      for (const connection of [...this.#connections]) connection.checkProgress(nowMs)
      this.#scheduleSweep()
    })
  }
}
