import type { Readable } from 'node:stream'

/** What a route is told of a request. Not to be kept after its answer. */
export interface HttpRequest {
  /** The address of the client, without a port. */
  readonly clientHost: string
  /** The parts of the path that the route names with a colon. */
  readonly parameters: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  /** Parsed JSON; undefined where there is none. Nobody has checked its shape. */
  readonly body: unknown
  /** Fires when the client is gone before it was answered. */
  readonly aborted: AbortSignal
}

/** What is sent. A stream is sent as it comes; whatever fails in it ends the connection. */
export interface HttpAnswer {
  readonly status: number
  readonly contentType: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string | Buffer | Readable
}

/** One path of the HTTP listener. */
export interface HttpRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Parts that begin with a colon match one part of any name. */
  readonly path: string
  /** `machine`: served to clients on this machine only. */
  readonly audience: 'anyone' | 'machine'
  handle(request: HttpRequest): HttpAnswer | Promise<HttpAnswer>
}

/** Where routes are put before the listener opens, whoever brings them. */
export class HttpRoutes {
  readonly #routes: HttpRoute[] = []

  add(...routes: readonly HttpRoute[]): void {
    this.#routes.push(...routes)
  }

  [Symbol.iterator](): Iterator<HttpRoute> {
    return this.#routes.values()
  }
}

/** An answer in JSON. */
export function jsonAnswer(status: number, value: object): HttpAnswer {
  return { status, contentType: 'application/json', body: `${JSON.stringify(value)}\n` }
}
