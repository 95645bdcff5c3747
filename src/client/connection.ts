import { connect, type Socket } from 'node:net'
import type { Environment, Timer } from '../base/environment.ts'
import {
  API_TABLE,
  type Api,
  type ApiName,
  decodeResponse,
  encodeRequest,
  type IncomingResponseOf,
  type OutgoingRequestOf,
} from '../protocol/api.ts'
import { FrameSplitter } from '../protocol/frame-splitter.ts'
import { MalformedError, Reader } from '../protocol/reader.ts'
import { UnwritableError, type WrittenFrame } from '../protocol/writer.ts'
import { type Address, formatAddress } from './address.ts'
import {
  BadAnswerError,
  type ClientError,
  ConnectionError,
  TimeoutError,
  UnsupportedError,
} from './client-error.ts'
import type { Obstacles } from './obstacles.ts'

/** What a broker said it has of one API. */
export interface VersionRange {
  readonly min: number
  readonly max: number
}

/** How to open a connection. */
export interface SocketOptions {
  readonly address: Address
  readonly clientId: string
  readonly environment: Environment
  readonly connectTimeoutMs: number
  /** Takes note of what is not answered. */
  readonly obstacles?: Obstacles
  /** For requests that name no limit of their own. */
  readonly requestTimeoutMs: number
}

/** How one request is sent. */
export interface RequestOptions {
  readonly timeoutMs?: number
  /** Versions beyond these are not used though both sides have them. */
  readonly versionMax?: number
}

interface Pending {
  readonly correlationId: number
  readonly description: string
  /** Reads the frame and settles the request; throws MalformedError. */
  readonly answer: (frame: Buffer) => void
  readonly fail: (error: ClientError) => void
  readonly timer: Timer
}

/** Larger answers end the connection. A fetch of one huge batch may go over the bytes that were asked for. */
const RESPONSE_BYTES_MAX = 256 * 1024 * 1024

/**
 * One socket to one broker. Requests leave in the order in which they were made, as many at a time as there are, and
 * the answers come in that order. The first failure of any kind (also a request that takes too long, since
 * what follows it would be late too) closes the connection and fails everything that was under way.
 *
 * Errors: ConnectionError, TimeoutError, BadAnswerError. Error codes inside answers are the caller's to look at.
 */
export class Connection {
  readonly address: Address
  readonly #socket: Socket
  readonly #options: SocketOptions
  readonly #splitter = new FrameSplitter(RESPONSE_BYTES_MAX)
  readonly #pending: Pending[] = []
  readonly #closeListeners: (() => void)[] = []
  #versions: ReadonlyMap<number, VersionRange> = new Map()
  #correlationId = 0
  #closedBy: ClientError | null = null

  private constructor(socket: Socket, options: SocketOptions) {
    this.address = options.address
    this.#socket = socket
    this.#options = options
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('error', (error) => this.#fail(connectionBroke(options.address, error)))
    socket.on('close', () =>
      this.#fail(new ConnectionError(options.address, 'the broker closed the connection', { sent: true })),
    )
  }

  /** Connects. Nothing is known of the broker yet: see negotiate.ts. Throws ConnectionError. */
  static async open(options: SocketOptions): Promise<Connection> {
    return new Connection(await openSocket(options), options)
  }

  /** Why the connection is of no more use; null while it is. */
  get closedBy(): ClientError | null {
    return this.#closedBy
  }

  /** Requests that wait for their answer. */
  get pendingCount(): number {
    return this.#pending.length
  }

  /** What the broker advertised, by API key. */
  get versions(): ReadonlyMap<number, VersionRange> {
    return this.#versions
  }

  /** Takes what the broker advertised: from now on `request` chooses by it. */
  setVersions(versions: ReadonlyMap<number, VersionRange>): void {
    this.#versions = versions
  }

  /** Calls back once when the connection ends, at once when it has. */
  onClose(callback: () => void): void {
    if (this.#closedBy !== null) callback()
    else this.#closeListeners.push(callback)
  }

  /** The highest version of an API that both sides have. Throws UnsupportedError. */
  versionOf(api: ApiName, versionMax = Number.POSITIVE_INFINITY): number {
    const own = API_TABLE[api]
    const theirs = this.#versions.get(own.key)
    if (theirs === undefined) throw new UnsupportedError(`the broker does not have ${api}`)
    const version = Math.min(own.versionMax, theirs.max, versionMax)
    if (version < Math.max(own.versionMin, theirs.min))
      throw new UnsupportedError(
        `the broker has ${api} ${theirs.min} to ${theirs.max}; this client has ${own.versionMin} to ${Math.min(own.versionMax, versionMax)}`,
      )
    return version
  }

  /** Whether the broker has a version of an API that this client has. */
  supports(api: ApiName): boolean {
    const own = API_TABLE[api]
    const theirs = this.#versions.get(own.key)
    return theirs !== undefined && theirs.max >= own.versionMin && theirs.min <= own.versionMax
  }

  /** Sends in the highest common version and resolves to the answer, whose bytes are the caller's. */
  request<Name extends ApiName>(
    api: Name,
    body: OutgoingRequestOf<Name>,
    options: RequestOptions = {},
  ): Promise<IncomingResponseOf<Name>> {
    const version = this.versionOf(api, options.versionMax)
    return this.requestRaw(
      api,
      version,
      body,
      (frame, correlationId) => decodeResponse(API_TABLE[api] as Api<Name>, version, correlationId, frame),
      options,
    )
  }

  /** Sends in `version` and resolves to what `decode` makes of the answer's frame (without its size). */
  requestRaw<Name extends ApiName, Answer>(
    api: Name,
    version: number,
    body: OutgoingRequestOf<Name>,
    decode: (frame: Buffer, correlationId: number) => Answer,
    options: RequestOptions = {},
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const correlationId = this.#nextCorrelationId()
      const frame = this.#encode(api, version, correlationId, body)
      if (this.#closedBy !== null) return reject(unsent(this.address, this.#closedBy))
      const timeoutMs = options.timeoutMs ?? this.#options.requestTimeoutMs
      const pending: Pending = {
        correlationId,
        description: api,
        answer: (bytes) => resolve(decode(bytes, correlationId)),
        fail: reject,
        timer: this.#options.environment.setTimer(timeoutMs, () =>
          this.#fail(
            new TimeoutError(`${formatAddress(this.address)}: no answer to ${api} within ${timeoutMs} ms`),
          ),
        ),
      }
      this.#pending.push(pending)
      this.#options.obstacles?.meet(
        pending,
        UNANSWERED[api] ??
          `${formatAddress(this.address)} has not answered ${api} yet: look at the broker's log`,
      )
      this.#write(frame)
    })
  }

  /** Sends a request that has no answer (Produce with acks 0); resolves when the socket has taken it. */
  async sendOnly<Name extends ApiName>(
    api: Name,
    body: OutgoingRequestOf<Name>,
    options: RequestOptions = {},
  ): Promise<void> {
    const frame = this.#encode(api, this.versionOf(api, options.versionMax), this.#nextCorrelationId(), body)
    if (this.#closedBy !== null) throw unsent(this.address, this.#closedBy)
    await new Promise<void>((resolve, reject) => {
      this.#write(frame, (error) => {
        if (error) reject(connectionBroke(this.address, error))
        else resolve()
      })
    })
  }

  /** Ends the connection; what waits fails with a ConnectionError. */
  close(): void {
    this.#fail(new ConnectionError(this.address, 'the connection was closed by this client', { sent: true }))
  }

  #nextCorrelationId(): number {
    this.#correlationId = (this.#correlationId + 1) & 0x7fffffff
    return this.#correlationId
  }

  #encode<Name extends ApiName>(
    api: Name,
    version: number,
    correlationId: number,
    body: OutgoingRequestOf<Name>,
  ): WrittenFrame {
    try {
      const table = API_TABLE[api] as Api<Name>
      return encodeRequest(table, version, correlationId, this.#options.clientId, body)
    } catch (error) {
      if (error instanceof UnwritableError)
        throw new UnsupportedError(`${error.message}; the broker has no newer version of ${api}`, {
          cause: error,
        })
      throw error
    }
  }

  #write(frame: WrittenFrame, done?: (error?: Error | null) => void): void {
    this.#socket.cork()
    const last = frame.pieces.length - 1
    for (const [index, piece] of frame.pieces.entries())
      this.#socket.write(piece as Buffer, index === last ? done : undefined)
    this.#socket.uncork()
  }

  #receive(chunk: Buffer): void {
    if (this.#closedBy !== null) return
    this.#splitter.push(chunk)
    for (;;) {
      const step = this.#splitter.next()
      if (step.kind === 'more') return
      if (step.kind === 'need-lease') this.#splitter.grant()
      else if (step.kind === 'invalid') this.#fail(badSize(this.address, step.size))
      else this.#answer(step.frame)
      if (this.#closedBy !== null) return
    }
  }

  #answer(frame: Buffer): void {
    const pending = this.#pending[0]
    try {
      const answered = new Reader(frame).int32()
      if (answered !== pending?.correlationId)
        throw new MalformedError(`it answers request ${answered}, not ${pending?.correlationId ?? 'any'}`)
      pending.answer(frame)
      this.#pending.shift()
      this.#settled(pending)
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error
      const subject = pending === undefined ? '' : ` to ${pending.description}`
      this.#fail(new BadAnswerError(`the broker's answer${subject} is malformed: ${error.message}`))
    }
  }

  #settled(pending: Pending): void {
    pending.timer.cancel()
    this.#options.obstacles?.clear(pending)
  }

  #fail(error: ClientError): void {
    if (this.#closedBy !== null) return
    this.#closedBy = error
    this.#socket.destroy()
    for (const pending of this.#pending.splice(0)) {
      this.#settled(pending)
      pending.fail(error)
    }
    for (const listener of this.#closeListeners.splice(0)) listener()
  }
}

function openSocket(options: SocketOptions): Promise<Socket> {
  const { address, environment, connectTimeoutMs, obstacles } = options
  const caller = {}
  obstacles?.meet(
    caller,
    `${formatAddress(address)} does not take a connection: look at its network and firewall`,
  )
  const opening = new Promise<Socket>((resolve, reject) => {
    const socket = connect({ host: address.host, port: address.port })
    const onError = (error: Error): void => {
      timer.cancel()
      reject(new ConnectionError(address, reasonOf(error), { sent: false, cause: error }))
    }
    const timer = environment.setTimer(connectTimeoutMs, () => {
      socket.off('error', onError)
      socket.on('error', () => {})
      socket.destroy()
      reject(new ConnectionError(address, `no connection within ${connectTimeoutMs} ms`, { sent: false }))
    })
    socket.once('error', onError)
    socket.once('connect', () => {
      timer.cancel()
      socket.off('error', onError)
      resolve(socket)
    })
  })
  return opening.finally(() => obstacles?.clear(caller))
}

/** Requests that wait for others by their nature. */
const UNANSWERED: Partial<Record<ApiName, string>> = {
  JoinGroup: 'the group gathers its members: one that does not come holds the others up',
  SyncGroup: 'the leader of the group has not shared out the partitions yet',
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused: nothing listens there',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name of the host could not be looked up',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the broker closed the connection',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'the host does not answer',
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return reasonOf(error.errors[0])
  return REASONS[error.code ?? ''] ?? (error.message || (error.code ?? 'the connection failed'))
}

function connectionBroke(address: Address, error: Error): ConnectionError {
  return new ConnectionError(address, reasonOf(error), { sent: true, cause: error })
}

function unsent(address: Address, cause: ClientError): ConnectionError {
  return new ConnectionError(address, `the connection is closed: ${cause.message}`, { sent: false, cause })
}

function badSize(address: Address, size: number): BadAnswerError {
  return new BadAnswerError(
    `${address.host}:${address.port} sent a frame of ${size} bytes: it does not speak the Kafka protocol, or speaks it over TLS`,
  )
}
