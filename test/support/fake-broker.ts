import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import {
  API_TABLE,
  type Api,
  type ApiName,
  apiOfKey,
  decodeRequest,
  encodeResponse,
  type RequestOf,
  type ResponseOf,
  readRequestHeader,
} from '../../src/protocol/api.ts'
import { FrameSplitter } from '../../src/protocol/frame-splitter.ts'
import { defaultApiVersionsResponse } from '../../src/protocol/generated/connection.ts'
import { Reader } from '../../src/protocol/reader.ts'

/** What a handler may say instead of an answer. */
export const NO_ANSWER = Symbol('no answer')
export const HANG_UP = Symbol('hang up')

/** A raw frame body behind the size, for answers that no codec writes. */
export type RawAnswer = { readonly raw: Buffer }

type Answer<Name extends ApiName> = ResponseOf<Name> | RawAnswer | typeof NO_ANSWER | typeof HANG_UP

/** How a fake broker answers: one function an API; what has none is not advertised and ends the connection. */
export type FakeHandlers = {
  [Name in ApiName]?: (
    request: RequestOf<Name>,
    call: { version: number; correlationId: number; connection: number },
  ) => Answer<Name> | Promise<Answer<Name>>
}

/** A request as it came. */
export interface ReceivedRequest {
  readonly api: ApiName
  readonly version: number
  readonly correlationId: number
  readonly connection: number
  readonly request: unknown
}

/**
 * A server in this process that speaks Kafka's framing and codecs and says what a test tells it to. It answers a
 * connection in order, as brokers do.
 */
export class FakeBroker {
  readonly received: ReceivedRequest[] = []
  handlers: FakeHandlers
  /** Ranges to advertise instead of our own. */
  versions: Partial<Record<ApiName, readonly [min: number, max: number]>> = {}
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #connections = 0

  private constructor(server: Server, handlers: FakeHandlers) {
    this.#server = server
    this.handlers = handlers
    server.on('connection', (socket) => this.#serve(socket))
  }

  static async listen(handlers: FakeHandlers = {}): Promise<FakeBroker> {
    const server = createServer()
    const broker = new FakeBroker(server, handlers)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return broker
  }

  get address(): { host: string; port: number } {
    return { host: '127.0.0.1', port: (this.#server.address() as AddressInfo).port }
  }

  /** Requests of one API, in order. */
  requestsOf<Name extends ApiName>(api: Name): RequestOf<Name>[] {
    return this.received.filter((entry) => entry.api === api).map(({ request }) => request as RequestOf<Name>)
  }

  /** Ends every connection; new ones are taken. */
  dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async close(): Promise<void> {
    this.dropConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #serve(socket: Socket): void {
    const connection = this.#connections++
    const splitter = new FrameSplitter()
    let last = Promise.resolve()
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      splitter.push(chunk)
      for (let step = splitter.next(); step.kind !== 'more'; step = splitter.next()) {
        if (step.kind === 'need-lease') splitter.grant()
        else if (step.kind === 'invalid') return void socket.destroy()
        else {
          const { frame } = step
          last = last.then(() => this.#answer(socket, connection, frame))
        }
      }
    })
  }

  async #answer(socket: Socket, connection: number, frame: Buffer): Promise<void> {
    const header = readRequestHeader(new Reader(frame))
    const api = apiOfKey(header.apiKey)
    const handler = api === undefined ? undefined : this.#handlerOf(api.name)
    if (api === undefined || handler === undefined) return void socket.destroy()
    const { apiVersion: version, correlationId } = header
    const known = version <= api.versionMax
    const request = known ? decodeRequest(api, version, frame, header.bodyStart) : null
    this.received.push({ api: api.name, version, correlationId, connection, request })
    const answer = await handler(request, { version, correlationId, connection })
    if (answer === NO_ANSWER) return
    if (answer === HANG_UP) return void socket.destroy()
    if (typeof answer === 'object' && 'raw' in answer) return void socket.write(framed(answer.raw))
    for (const piece of encodeResponse(api as Api<ApiName>, version, correlationId, answer).pieces)
      socket.write(piece as Buffer)
  }

  #handlerOf(
    name: ApiName,
  ): ((request: unknown, call: object) => Promise<AnyAnswer> | AnyAnswer) | undefined {
    const handler = this.handlers[name] as ((request: unknown, call: object) => AnyAnswer) | undefined
    return handler ?? (name === 'ApiVersions' ? () => this.apiVersions() : undefined)
  }

  /** What it has: the APIs that have handlers. */
  apiVersions(): ResponseOf<'ApiVersions'> {
    const names = new Set(['ApiVersions', ...Object.keys(this.handlers)]) as Set<ApiName>
    const apiKeys = [...names].map((name) => {
      const { key, versionMin, versionMax } = API_TABLE[name]
      const [minVersion, maxVersion] = this.versions[name] ?? [versionMin, versionMax]
      return { apiKey: key, minVersion, maxVersion }
    })
    return { ...defaultApiVersionsResponse(), apiKeys }
  }
}

type AnyAnswer = ResponseOf<ApiName> | RawAnswer | typeof NO_ANSWER | typeof HANG_UP

function framed(body: Buffer): Buffer {
  const frame = Buffer.alloc(4 + body.length)
  frame.writeInt32BE(body.length, 0)
  body.copy(frame, 4)
  return frame
}
