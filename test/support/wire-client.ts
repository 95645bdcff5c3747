import { connect, type Socket } from 'node:net'
import {
  API_TABLE,
  type ApiName,
  decodeResponse,
  encodeRequest,
  type IncomingResponseOf,
  type OutgoingRequestOf,
} from '../../src/protocol/api.ts'
import { FrameSplitter } from '../../src/protocol/frame-splitter.ts'

interface Pending {
  readonly resolve: (frame: Buffer) => void
  readonly reject: (error: Error) => void
}

/** One connection that says exactly what a test wants, in the version it wants. Nothing is retried or routed. */
export class WireClient {
  readonly socket: Socket
  readonly closed: Promise<void>
  readonly #splitter = new FrameSplitter()
  readonly #pending: Pending[] = []
  #correlationId = 0

  private constructor(socket: Socket) {
    this.socket = socket
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()))
    socket.on('data', (chunk: Buffer) => this.#received(chunk))
    socket.on('error', () => {})
    socket.once('close', () => {
      for (const { reject } of this.#pending.splice(0)) reject(new Error('the broker closed the connection'))
    })
  }

  static open(port: number): Promise<WireClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true })
      socket.once('error', reject)
      socket.once('connect', () => resolve(new WireClient(socket)))
    })
  }

  /** Rejects when the connection ends before the answer. */
  async call<Name extends ApiName>(
    name: Name,
    version: number,
    request: OutgoingRequestOf<Name>,
  ): Promise<IncomingResponseOf<Name>> {
    const { correlationId, frame } = this.send(name, version, request)
    return decodeResponse(API_TABLE[name], version, correlationId, await frame)
  }

  /** Sends without waiting for the answer; the frame comes when it comes. */
  send<Name extends ApiName>(
    name: Name,
    version: number,
    request: OutgoingRequestOf<Name>,
  ): { readonly correlationId: number; readonly frame: Promise<Buffer> } {
    const correlationId = this.#correlationId++
    const { pieces } = encodeRequest(API_TABLE[name], version, correlationId, 'wire-client', request)
    const frame = new Promise<Buffer>((resolve, reject) => this.#pending.push({ resolve, reject }))
    frame.catch(() => {})
    if (this.socket.destroyed) this.#pending.pop()!.reject(new Error('the connection is closed'))
    for (const piece of pieces) this.socket.write(piece as Buffer)
    return { correlationId, frame }
  }

  /** Sends a request that gets no answer: Produce with acks=0. */
  sendUnanswered<Name extends ApiName>(name: Name, version: number, request: OutgoingRequestOf<Name>): void {
    const { pieces } = encodeRequest(API_TABLE[name], version, this.#correlationId++, 'wire-client', request)
    for (const piece of pieces) this.socket.write(piece as Buffer)
  }

  close(): void {
    this.socket.destroy()
  }

  #received(chunk: Buffer): void {
    this.#splitter.push(chunk)
    for (;;) {
      const step = this.#splitter.next()
      if (step.kind === 'need-lease') this.#splitter.grant()
      else if (step.kind === 'frame') this.#pending.shift()?.resolve(step.frame)
      else return
    }
  }
}
