import { AssertionError } from '../../base/assert.ts'
import { readInt16 } from '../../base/bytes.ts'
import { Distribution } from '../../base/distribution.ts'
import type { Environment } from '../../base/environment.ts'
import { faultFields, type LogFields, type Logger, type LogLevel } from '../../base/logger.ts'
import type { Api, ApiName, RequestHeader, ResponseOf } from '../../protocol/api.ts'
import {
  API_NAMES,
  API_TABLE,
  encodeResponse,
  readRequestHeader,
  type ServedApis,
  servedApis,
} from '../../protocol/api.ts'
import { ERROR_CODES } from '../../protocol/error-codes.ts'
import { defaultApiVersionsResponse } from '../../protocol/generated/connection.ts'
import { MalformedError, Reader } from '../../protocol/reader.ts'
import { UnwritableError, type WrittenFrame } from '../../protocol/writer.ts'
import type { Exchange } from './exchange.ts'
import { CLOSE_CONNECTION, type HandlersFor, NO_RESPONSE, type RequestContext } from './handler.ts'
import { LogThrottle } from './log-throttle.ts'
import { ELEMENT_BYTES, FREE_ELEMENTS, requestElementsMax } from './request-limits.ts'

/** What has been asked so far of one API. `faults`: requests that ended the connection. */
export interface ApiCounters {
  readonly name: ApiName
  requests: number
  answers: number
  faults: number
  /** The error codes in its answers, and how often each was there. */
  readonly errors: Map<number, number>
  /** From the whole frame to the encoded answer, ms; null: nobody asks. */
  readonly durations: Distribution | null
}

export interface DispatcherOptions<Served extends ApiName> {
  readonly handlers: HandlersFor<Served>
  readonly environment: Environment
  readonly logger: Logger
  /** Somebody wants to know how long requests take: each costs two looks at the clock. */
  readonly isTimed?: boolean | undefined
}

type AnyAnswer = ResponseOf<ApiName> | typeof NO_RESPONSE | typeof CLOSE_CONNECTION
type AnyHandler = (request: unknown, context: RequestContext) => AnyAnswer | Promise<AnyAnswer>

interface Entry {
  readonly api: Api
  readonly handler: AnyHandler
  readonly elementsMax: number
  readonly counters: ApiCounters
}

const PRODUCE_KEY = API_TABLE.Produce.key
const API_VERSIONS = API_TABLE.ApiVersions

/** Serves exactly the APIs that `handlers` has a handler for. */
export function createDispatcher<Served extends ApiName>(options: DispatcherOptions<Served>): Dispatcher {
  const handlers = options.handlers as { readonly [Name in ApiName]?: unknown }
  const isTimed = options.isTimed ?? false
  const entries: Entry[] = []
  for (const name of API_NAMES) {
    const handler = handlers[name]
    if (handler === undefined) continue
    // The one place where a handler's type is forgotten: the entry keeps it with the reader and writer of its API.
    const api = API_TABLE[name] as Api
    const elementsMax = requestElementsMax(api.key)
    entries.push({ api, handler: handler as AnyHandler, elementsMax, counters: newCounters(name, isTimed) })
  }
  const log = new LogThrottle(options.logger, options.environment)
  return new Dispatcher(entries, options.environment, log)
}

/** From a whole frame to a handler, and from what the handler returns to the bytes of the answer. */
export class Dispatcher {
  readonly served: ServedApis
  readonly counters: readonly ApiCounters[]
  readonly #entries: (Entry | undefined)[] = []
  readonly #environment: Environment
  readonly #log: LogThrottle

  constructor(entries: readonly Entry[], environment: Environment, log: LogThrottle) {
    for (const entry of entries) this.#entries[entry.api.key] = entry
    this.served = servedApis(entries.map((entry) => entry.api.name))
    this.counters = entries.map((entry) => entry.counters)
    this.#environment = environment
    this.#log = log
  }

  /** Whether this request may be handled while earlier ones of its kind are unanswered. */
  pipelines(frame: Buffer): boolean {
    return isProduce(frame)
  }

  /** Whether nobody refers to this request when its exchange is finished, unless its handler says so (see Handler). */
  borrows(frame: Buffer): boolean {
    return isProduce(frame)
  }

  /**
   * Settles the exchange, now or when the handler's promise does. What the client got wrong closes its connection,
   * with a line in the log, and so does what nobody foresaw, with its stack: the client may have caused it, and all others
   * are to be served. Only a broken assertion is left to the process.
   */
  dispatch(exchange: Exchange, frame: Buffer): void {
    const reader = new Reader(frame)
    const header = this.#readHeader(exchange, reader)
    if (header === null) return
    exchange.apiVersion = header.apiVersion
    exchange.clientId = header.clientId
    exchange.correlationId = header.correlationId
    const api = this.served.find(header.apiKey, header.apiVersion)
    if (api === undefined) {
      if (header.apiKey === API_VERSIONS.key) exchange.answer(unknownApiVersions(header.correlationId))
      else this.#refuse(exchange, header)
      return
    }
    const entry = this.#entries[header.apiKey]!
    entry.counters.requests++
    if (entry.counters.durations !== null) exchange.startedMs = this.#environment.monotonicMs()
    this.#handle(exchange, entry, reader)
  }

  #readHeader(exchange: Exchange, reader: Reader): RequestHeader | null {
    try {
      return readRequestHeader(reader)
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error
      this.#closing(exchange, 'malformed request header', { reason: error.message })
      return null
    }
  }

  #refuse(exchange: Exchange, header: RequestHeader): void {
    this.#closing(exchange, 'unsupported request', {
      apiKey: header.apiKey,
      apiVersion: header.apiVersion,
      clientId: header.clientId,
    })
  }

  #handle(exchange: Exchange, entry: Entry, reader: Reader): void {
    let answer: AnyAnswer | Promise<AnyAnswer>
    try {
      reader.elementsLeft = entry.elementsMax
      const request = entry.api.readRequest(reader, exchange.apiVersion)
      const elements = entry.elementsMax - reader.elementsLeft
      if (elements > FREE_ELEMENTS) exchange.charge(elements * ELEMENT_BYTES)
      answer = entry.handler(request, exchange)
    } catch (error) {
      this.#failed(exchange, entry, error)
      return
    }
    if (answer instanceof Promise) {
      answer.then(
        (value) => this.#settle(exchange, entry, value),
        (error: unknown) => this.#failed(exchange, entry, error),
      )
    } else {
      this.#settle(exchange, entry, answer)
    }
  }

  #settle(exchange: Exchange, entry: Entry, answer: AnyAnswer): void {
    if (answer === NO_RESPONSE) {
      exchange.answerNothing()
      return
    }
    if (answer === CLOSE_CONNECTION) {
      exchange.closeConnection()
      return
    }
    let frame: WrittenFrame
    try {
      frame = encodeResponse(entry.api, exchange.apiVersion, exchange.correlationId, answer)
    } catch (error) {
      this.#failed(exchange, entry, error)
      return
    }
    const { counters } = entry
    counters.answers++
    counters.durations?.record(this.#environment.monotonicMs() - exchange.startedMs)
    for (const code of frame.errorCodes) counters.errors.set(code, (counters.errors.get(code) ?? 0) + 1)
    exchange.answer(frame)
  }

  #failed(exchange: Exchange, entry: Entry, error: unknown): void {
    if (error instanceof AssertionError) throw error
    exchange.keepFrame()
    entry.counters.faults++
    const fields = { api: entry.api.name, apiVersion: exchange.apiVersion, clientId: exchange.clientId }
    if (isForeseen(error)) {
      const message = error instanceof MalformedError ? 'malformed request' : 'request failed'
      this.#closing(exchange, message, { ...fields, reason: error.message })
    } else {
      const { reason, stack } = faultFields(error)
      this.#closing(
        exchange,
        'request failed by a fault of the broker',
        { ...fields, reason, stack },
        'error',
      )
    }
  }

  #closing(exchange: Exchange, message: string, fields: LogFields, level: LogLevel = 'warn'): void {
    const { id, clientHost, clientPort, listenerName } = exchange.connection
    const client = `${clientHost}:${clientPort}`
    this.#log.log(level, `${message}: closing the connection`, {
      connection: id,
      client,
      listener: listenerName,
      ...fields,
    })
    exchange.closeConnection()
  }
}

function isProduce(frame: Buffer): boolean {
  return frame.length >= 2 && readInt16(frame, 0) === PRODUCE_KEY
}

/** Errors that are made to close one connection. */
function isForeseen(error: unknown): error is Error {
  if (error instanceof MalformedError || error instanceof UnwritableError) return true
  return error instanceof Error && 'closesConnection' in error && error.closesConnection === true
}

/** A2: version 0 of the body, error 35 and the range of ApiVersions alone, as Kafka 4.3 answers. */
function unknownApiVersions(correlationId: number): WrittenFrame {
  const { key, versionMin, versionMax } = API_VERSIONS
  return encodeResponse(API_VERSIONS, 0, correlationId, {
    ...defaultApiVersionsResponse(),
    errorCode: ERROR_CODES.UNSUPPORTED_VERSION,
    apiKeys: [{ apiKey: key, minVersion: versionMin, maxVersion: versionMax }],
  })
}

function newCounters(name: ApiName, isTimed: boolean): ApiCounters {
  const durations = isTimed ? new Distribution() : null
  return { name, requests: 0, answers: 0, faults: 0, errors: new Map(), durations }
}
