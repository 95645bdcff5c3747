import { createServer, type Server, type Socket } from 'node:net'
import { ByteAccount } from '../../base/byte-account.ts'
import type { ByteBudget } from '../../base/byte-budget.ts'
import type { DescriptorBudget } from '../../base/descriptor-budget.ts'
import type { Environment, Timer } from '../../base/environment.ts'
import type { Logger } from '../../base/logger.ts'
import { FRAME_BYTES_MAX } from '../../protocol/frame-splitter.ts'
import type { AcceptRate } from './accept-rate.ts'
import { Connection, type ConnectionSetting } from './connection.ts'
import { plainHost } from './connection-facts.ts'
import type { Dispatcher } from './dispatcher.ts'
import { FrameMemory } from './frame-memory.ts'
import { LogThrottle } from './log-throttle.ts'
import { Newcomers } from './newcomers.ts'
import type { RegionSender } from './sendfile.ts'
import { Traffic } from './traffic.ts'
import { UnreadAnswers } from './unread-answers.ts'

const SWEEP_MS = 5000
const IDLE_MS_MAX = 10 * 60 * 1000
const SILENT_MS_MAX = 5000
const BACKLOG = 511
const SIZE_BYTES = 4
const NO_DESCRIPTORS = 'open files used up'
/** The share of its connections for which there must be room again before a listener says so. */
const ROOM_AGAIN_SHARE = 0.1

export interface ListenerOptions {
  /** As clients see it in the log and in ConnectionInfo. */
  readonly name: string
  readonly host: string
  /** 0: one that is free. */
  readonly port: number
  readonly dispatcher: Dispatcher
  /** Bytes of requests that may be in memory, of every listener that shares it. No request may be larger. */
  readonly budget: ByteBudget
  /** Bytes that are kept of requests that wait for what others do, of every listener that shares it; unbounded if none is given. */
  readonly waiting?: ByteAccount | undefined
  /** Answers that have not left, of every listener that shares it; unbounded if none is given. */
  readonly unread?: UnreadAnswers | undefined
  readonly sender: RegionSender
  /** One for all listeners of a process; if none is given, one that recycles nothing. */
  readonly memory?: FrameMemory | undefined
  /** What the kernel takes of a connection's output before the client has read it; undefined: as it likes. */
  readonly sendBufferBytes?: number | undefined
  /** False: requests are read through the stream's own buffers, whatever Node can do. */
  readonly readsDirectly?: boolean | undefined
  readonly environment: Environment
  readonly logger: Logger
  /** socket.request.max.bytes: 100 MiB if not said. */
  readonly frameBytesMax?: number | undefined
  /** connections.max.idle.ms: 10 minutes if not said. */
  readonly idleMsMax?: number | undefined
  /** connections.max.silent.ms: 5 seconds if not said, 0 for no limit. */
  readonly silentMsMax?: number | undefined
  /** socket.listen.backlog.size: 511 if not said. */
  readonly backlog?: number | undefined
  /** max.connections, and max.connections.per.ip with its overrides: no limit if not said. */
  readonly connectionsMax?: number | undefined
  readonly connectionsPerHostMax?: number | ((host: string) => number) | undefined
  /** What the process may have open: a connection takes one. No limit if there is none. */
  readonly descriptors?: DescriptorBudget | undefined
  /** max.connection.creation.rate: no limit if there is none. */
  readonly acceptRate?: AcceptRate | undefined
}

/** One Kafka port: accepts clients within the limits, watches over them and ends them in good order. */
export class Listener {
  readonly #options: ListenerOptions
  readonly #setting: ConnectionSetting
  readonly #log: LogThrottle
  readonly #server: Server
  /** With their clients' hosts. */
  readonly #connections = new Map<Connection, string>()
  readonly #perHost = new Map<string, number>()
  /** Accepted and counted, but not yet let in: nothing is read of them. How to withdraw each. */
  readonly #waiting = new Map<Socket, () => void>()
  readonly #newcomers: Newcomers<Connection>
  #sweepTimer: Timer | null = null
  #closing = false
  /** Connections that were refused since there were no descriptors left; null: there are. */
  #refusedForDescriptors: number | null = null
  readonly #whenEmpty: (() => void)[] = []
  readonly traffic = new Traffic()
  /** Connections that were refused for a limit. */
  refusedCount = 0
  /** Connections that were closed since they said nothing. */
  silentCount = 0

  constructor(options: ListenerOptions) {
    this.#options = options
    this.#log = new LogThrottle(options.logger, options.environment)
    this.#setting = {
      listenerName: options.name,
      dispatcher: options.dispatcher,
      budget: options.budget,
      waiting: options.waiting ?? new ByteAccount(Number.POSITIVE_INFINITY),
      unread: options.unread ?? new UnreadAnswers(Number.POSITIVE_INFINITY),
      traffic: this.traffic,
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
    this.#newcomers = new Newcomers(
      options.environment,
      options.silentMsMax ?? SILENT_MS_MAX,
      (connection) => {
        this.silentCount++
        connection.endSilence()
      },
    )
    this.#server = createServer({
      allowHalfOpen: true,
      noDelay: true,
      keepAlive: true,
      pauseOnConnect: true,
    })
    this.#server.on('connection', (socket) => this.#accept(socket))
  }

  get name(): string {
    return this.#options.name
  }

  /** Of this listener and all that share it. */
  get budget(): ByteBudget {
    return this.#options.budget
  }

  /** The same. */
  get waiting(): ByteAccount {
    return this.#setting.waiting
  }

  /** The same. */
  get unread(): UnreadAnswers {
    return this.#setting.unread
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
    const { host, port, backlog = BACKLOG } = this.#options
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen({ host, port, backlog }, () => {
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
    this.#newcomers.close()
    for (const [socket, withdraw] of this.#waiting) {
      withdraw()
      socket.destroy()
      this.#options.descriptors?.release('connection')
    }
    this.#waiting.clear()
    const serverClosed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    for (const connection of [...this.#connections.keys()]) connection.end()
    if (this.#connections.size > 0) await this.#waitForConnections(deadlineMs)
    await serverClosed
  }

  async #waitForConnections(deadlineMs: number): Promise<void> {
    const deadline = this.#options.environment.setTimer(deadlineMs, () => {
      for (const connection of [...this.#connections.keys()]) connection.destroy()
    })
    await new Promise<void>((resolve) => this.#whenEmpty.push(resolve))
    deadline.cancel()
  }

  #accept(socket: Socket): void {
    const host = plainHost(socket.remoteAddress)
    const fromHost = this.#perHost.get(host) ?? 0
    const refusal = this.#refusal(host, fromHost)
    if (refusal !== null) {
      this.refusedCount++
      this.traffic.refuse(refusal)
      if (refusal === NO_DESCRIPTORS) this.#tellOfDescriptors()
      else
        this.#log.log('warn', `${refusal}: connection refused`, {
          client: host,
          listener: this.#options.name,
        })
      socket.destroy()
      return
    }
    this.#perHost.set(host, fromHost + 1)
    const { acceptRate } = this.#options
    if (acceptRate === undefined) {
      this.#serve(socket, host)
      return
    }
    socket.on('error', IGNORED)
    const enter = (): void => {
      this.#waiting.delete(socket)
      if (socket.destroyed) this.#leave(host)
      else this.#serve(socket, host)
    }
    this.#waiting.set(socket, () => acceptRate.withdraw(enter))
    acceptRate.admit(enter)
  }

  #serve(socket: Socket, host: string): void {
    this.traffic.acceptedCount++
    const { sender, sendBufferBytes } = this.#options
    if (sendBufferBytes !== undefined) sender.setSendBuffer(socket, sendBufferBytes)
    const connection = new Connection(socket, this.#setting, this.#forget)
    this.#connections.set(connection, host)
    this.#newcomers.add(connection)
  }

  #refusal(host: string, fromHost: number): string | null {
    const { connectionsMax, connectionsPerHostMax } = this.#options
    if (this.#closing) return 'shutting down'
    if (connectionsMax !== undefined && this.#connections.size + this.#waiting.size >= connectionsMax)
      return 'max.connections reached'
    const hostMax =
      typeof connectionsPerHostMax === 'function' ? connectionsPerHostMax(host) : connectionsPerHostMax
    if (hostMax !== undefined && fromHost >= hostMax) return 'max.connections.per.ip reached'
    return this.#options.descriptors?.take('connection') === false ? NO_DESCRIPTORS : null
  }

  /** Said once until there is room again, however many come. */
  #tellOfDescriptors(): void {
    if (this.#refusedForDescriptors === null)
      this.#options.logger.warn('open files used up: new connections are closed until others have gone', {
        listener: this.#options.name,
        connections: this.#options.descriptors?.used('connection'),
      })
    this.#refusedForDescriptors = (this.#refusedForDescriptors ?? 0) + 1
  }

  /** A client that was let in is gone, or has not waited for its turn. */
  #leave(host: string): void {
    const left = (this.#perHost.get(host) ?? 1) - 1
    if (left === 0) this.#perHost.delete(host)
    else this.#perHost.set(host, left)
    const { descriptors, logger, name } = this.#options
    if (descriptors === undefined) return
    descriptors.release('connection')
    const roomMin = descriptors.limit('connection') * ROOM_AGAIN_SHARE
    if (this.#refusedForDescriptors === null || descriptors.room('connection') < roomMin) return
    logger.info('there are open files again: new connections are let in', {
      listener: name,
      refused: this.#refusedForDescriptors,
    })
    this.#refusedForDescriptors = null
  }

  readonly #forget = (connection: Connection): void => {
    this.#leave(this.#connections.get(connection) ?? connection.info.clientHost)
    this.#connections.delete(connection)
    this.#newcomers.forget(connection)
    if (this.#connections.size === 0) for (const resolve of this.#whenEmpty.splice(0)) resolve()
  }

  #scheduleSweep(): void {
    const { environment } = this.#options
    this.#sweepTimer = environment.setTimer(SWEEP_MS, () => {
      const nowMs = environment.monotonicMs()
      for (const connection of [...this.#connections.keys()]) connection.checkProgress(nowMs)
      this.#scheduleSweep()
    })
  }
}

/** A client that resets its connection while it waits for its turn has no connection yet that would hear of it. */
const IGNORED = (): void => {}
