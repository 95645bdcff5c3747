import type { Server, Socket } from 'node:net'
import { type FastifyError, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import { AssertionError } from '../../base/assert.ts'
import type { DescriptorBudget } from '../../base/descriptor-budget.ts'
import type { Environment } from '../../base/environment.ts'
import type { Logger } from '../../base/logger.ts'
import { plainHost } from '../net/connection-facts.ts'
import type { HttpAnswer, HttpRoute, HttpRoutes } from './http-routes.ts'
import { HttpProblem, type ProblemName, problemAnswer } from './problem.ts'

export interface HttpListenerOptions {
  readonly host: string
  /** 0: one that is free. */
  readonly port: number
  /** Those that are there when the listener opens. */
  readonly routes: HttpRoutes
  readonly environment: Environment
  readonly logger: Logger
  readonly connectionsMax: number
  /**
   * What the process may have open. A connection takes one of the others' share, so that whoever looks at a broker can do so
   * while its clients have taken theirs. No limit if there is none.
   */
  readonly descriptors?: DescriptorBudget | undefined
  readonly bodyBytesMax: number
  /** For the head of a request; for all of it twice that. */
  readonly headerTimeoutMs: number
}

const KEEP_ALIVE_MS = 75_000
const TIMEOUT_CHECK_MS_MAX = 1000
const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1)$/
/** A name in it may be one that a web page has pointed at this machine. */
const HOST_WITHOUT_NAME = /^(?:localhost|\d+\.\d+\.\d+\.\d+|\[[0-9a-f:.]+\])(?::\d+)?$/i

const PROBLEM_OF_STATUS: { readonly [status: number]: ProblemName } = {
  400: 'bad-request',
  404: 'not-found',
  413: 'body-too-large',
  414: 'bad-request',
  415: 'unsupported-media-type',
}

/** One HTTP port: serves routes within the limits, and answers everything else with a problem of RFC 9457. */
export class HttpListener {
  readonly #app: ReturnType<typeof createApp>
  readonly #options: HttpListenerOptions

  private constructor(options: HttpListenerOptions) {
    this.#options = options
    this.#app = createApp(options)
  }

  /** Resolves when clients can connect; rejects with the system's error (EADDRINUSE and the like). */
  static async open(options: HttpListenerOptions): Promise<HttpListener> {
    const listener = new HttpListener(options)
    try {
      await listener.#app.listen({ host: options.host, port: options.port })
    } catch (error) {
      await listener.#app.close()
      throw error
    }
    return listener
  }

  /** As bound. */
  get port(): number {
    const address = this.#app.server.address()
    return address === null || typeof address === 'string' ? 0 : address.port
  }

  /** Accepts nobody any more. Resolves when what was asked is answered, or cut off after `deadlineMs`. */
  async close(deadlineMs: number): Promise<void> {
    const { server } = this.#app
    const deadline = this.#options.environment.setTimer(deadlineMs, () => server.closeAllConnections())
    await this.#app.close()
    deadline.cancel()
  }
}

function createApp(options: HttpListenerOptions) {
  const { headerTimeoutMs, bodyBytesMax, connectionsMax, routes, logger } = options
  const requestTimeout = headerTimeoutMs * 2
  const app = fastify({
    logger: false,
    bodyLimit: Math.max(1, bodyBytesMax),
    requestTimeout,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    clientErrorHandler: refuse,
    frameworkErrors: (error, _request, reply) => send(reply, problemAnswer('bad-request', error.message)),
    http: {
      headersTimeout: headerTimeoutMs,
      requestTimeout,
      connectionsCheckingInterval: Math.min(TIMEOUT_CHECK_MS_MAX, headerTimeoutMs),
    },
  })
  app.server.maxConnections = connectionsMax
  if (options.descriptors !== undefined) countConnections(app.server, options.descriptors)
  app.server.on('error', (error) => logger.error('accepting failed', { reason: error.message }))
  const methods = new Map<string, string[]>()
  for (const route of routes) {
    methods.set(route.path, [...(methods.get(route.path) ?? []), route.method])
    app.route({
      method: route.method,
      url: route.path,
      handler: (request, reply) => serve(route, request, reply, logger),
    })
  }
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0]!
    const allowed = methods.get(path)
    if (allowed === undefined) return send(reply, problemAnswer('not-found', path))
    void reply.header('allow', allowed.join(', '))
    return send(reply, problemAnswer('method-not-allowed', `${path} takes ${allowed.join(', ')}`))
  })
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = PROBLEM_OF_STATUS[error.statusCode ?? 500]
    if (problem !== undefined) return send(reply, problemAnswer(problem, error.message))
    return send(reply, failed(error, request.url, logger))
  })
  return app
}

/** A connection for which there is no descriptor is closed before anything is read of it. */
function countConnections(server: Server, descriptors: DescriptorBudget): void {
  server.prependListener('connection', (socket: Socket) => {
    if (descriptors.take('other')) socket.once('close', () => descriptors.release('other'))
    else socket.destroy()
  })
}

async function serve(
  route: HttpRoute,
  request: FastifyRequest,
  reply: FastifyReply,
  logger: Logger,
): Promise<FastifyReply> {
  const clientHost = plainHost(request.socket.remoteAddress)
  if (route.audience === 'machine' && !isFromMachine(clientHost, request.headers.host))
    return send(reply, problemAnswer('only-for-this-machine', 'ask from the machine that the broker runs on'))
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  try {
    const answer = await route.handle({
      clientHost,
      parameters: request.params as Record<string, string>,
      query: singles(request.query as Record<string, string | string[]>),
      body: request.body,
      aborted: gone.signal,
    })
    return send(reply, answer)
  } catch (error) {
    if (error instanceof HttpProblem) return send(reply, problemAnswer(error.problem, error.message))
    return send(reply, failed(error, route.path, logger))
  }
}

/** A fault of ours ends the process, here as everywhere; any other is told and survived. */
function failed(error: unknown, path: string, logger: Logger): HttpAnswer {
  if (error instanceof AssertionError)
    queueMicrotask(() => {
      throw error
    })
  const stack = error instanceof Error ? error.stack : undefined
  logger.error('an HTTP request failed', { path, reason: String(error), stack })
  return problemAnswer('internal', 'the log says more')
}

function send(reply: FastifyReply, answer: HttpAnswer): FastifyReply {
  if (answer.headers !== undefined) void reply.headers(answer.headers)
  return reply.code(answer.status).header('content-type', answer.contentType).send(answer.body)
}

/** Of what is given twice the last counts. */
function singles(query: Readonly<Record<string, string | string[]>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, Array.isArray(value) ? value.at(-1)! : value]),
  )
}

function isFromMachine(clientHost: string, host: string | undefined): boolean {
  return LOOPBACK.test(clientHost) && (host === undefined || HOST_WITHOUT_NAME.test(host))
}

/** What is no HTTP, too large in its head, or too slow: answered if it can be, then closed. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const [status, title] =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? [408, 'Request Timeout']
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? [431, 'Request Header Fields Too Large']
        : [400, 'Bad Request']
  const { body } = problemAnswer('bad-request', error.message, { title, status })
  const head = `HTTP/1.1 ${status} ${title}\r\ncontent-type: application/problem+json\r\nconnection: close\r\n`
  if (socket.writable)
    socket.write(`${head}content-length: ${Buffer.byteLength(String(body))}\r\n\r\n${String(body)}`)
  socket.destroySoon()
}
