import { connect, type Socket } from 'node:net'
import {
  API_TABLE,
  type Api,
  type ApiName,
  decodeResponse,
  encodeRequest,
  type IncomingResponseOf,
  type OutgoingRequestOf,
} from '../../src/protocol/api.ts'

const SIZE_BYTES = 4
const CLIENT_ID = 'bench'
/** Answers are told apart by their order, so that a frame that was written once can be sent again and again. */
const CORRELATION_ID = 1

/** Where every connection is read into: what arrives is dealt with before the next read. */
const readBuffer = Buffer.allocUnsafeSlow(512 * 1024)

/** A request as it is sent, as often as one likes. */
export interface Request {
  readonly api: ApiName
  readonly version: number
  readonly pieces: readonly Buffer[]
}

/** Encodes a request once. Large records are not copied: they are the request's from now on. */
export function requestOf<Name extends ApiName>(
  api: Name,
  version: number,
  body: OutgoingRequestOf<Name>,
): Request {
  const { pieces } = encodeRequest(API_TABLE[api] as Api<Name>, version, CORRELATION_ID, CLIENT_ID, body)
  return { api, version, pieces: pieces as readonly Buffer[] }
}

/** Reads an answer to a request in this version. */
export function answerOf<Name extends ApiName>(
  api: Name,
  version: number,
  frame: Buffer,
): IncomingResponseOf<Name> {
  return decodeResponse(API_TABLE[api] as Api<Name>, version, CORRELATION_ID, frame)
}

interface Waiting {
  readonly onAnswer: (frame: Buffer) => void
  readonly onLost: () => void
}

function ignore(): void {}

/** One connection that costs its process as little as it can: one read buffer for all, no object for an answer. */
export class WireConnection {
  readonly #socket: Socket
  readonly #waiting: Waiting[] = []
  readonly #size = Buffer.alloc(SIZE_BYTES)
  #sizeBytes = 0
  #frame: Buffer = Buffer.alloc(0)
  #frameBytes = 0
  #filled = 0
  #isClosed = false
  #onClose: () => void = ignore

  private constructor(port: number, host: string, localAddress: string | undefined) {
    this.#socket = connect({
      port,
      host,
      noDelay: true,
      ...(localAddress !== undefined && { localAddress }),
      onread: {
        buffer: readBuffer,
        callback: (count: number, buffer: Uint8Array): boolean => {
          this.#received(buffer as Buffer, count)
          return true
        },
      },
    })
    this.#socket.on('error', ignore)
    this.#socket.once('close', () => {
      this.#isClosed = true
      for (const { onLost } of this.#waiting.splice(0)) onLost()
      this.#onClose()
    })
  }

  static open(port: number, localAddress?: string): Promise<WireConnection> {
    return new Promise((resolve, reject) => {
      const connection = new WireConnection(port, '127.0.0.1', localAddress)
      connection.#socket.once('error', reject)
      connection.#socket.once('connect', () => resolve(connection))
    })
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Calls back once when it ends, by whichever side. */
  onClose(callback: () => void): void {
    this.#onClose = callback
  }

  /** Sends; `onAnswer` gets the frame without its size, borrowed until it returns. */
  send({ pieces }: Request, onAnswer: (frame: Buffer) => void, onLost: () => void = ignore): void {
    this.#waiting.push({ onAnswer, onLost })
    if (pieces.length === 1) {
      this.#socket.write(pieces[0]!)
      return
    }
    this.#socket.cork()
    for (const piece of pieces) this.#socket.write(piece)
    this.#socket.uncork()
  }

  /** Sends one request and resolves to its answer. Rejects when the connection ends before. */
  call<Name extends ApiName>(
    api: Name,
    version: number,
    body: OutgoingRequestOf<Name>,
  ): Promise<IncomingResponseOf<Name>> {
    return new Promise((resolve, reject) => {
      this.send(
        requestOf(api, version, body),
        (frame) => resolve(answerOf(api, version, Buffer.from(frame))),
        () => reject(new Error(`the connection ended before the answer to ${api}`)),
      )
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #received(chunk: Buffer, count: number): void {
    let at = 0
    while (at < count) {
      if (this.#frameBytes === 0) {
        at = this.#readSize(chunk, at, count)
        if (this.#frameBytes === 0) return
      }
      const missing = this.#frameBytes - this.#filled
      if (this.#filled === 0 && count - at >= missing) {
        this.#answer(chunk.subarray(at, at + missing))
        at += missing
        continue
      }
      if (this.#frame.length < this.#frameBytes) this.#frame = Buffer.allocUnsafeSlow(this.#frameBytes)
      const taken = Math.min(missing, count - at)
      chunk.copy(this.#frame, this.#filled, at, at + taken)
      this.#filled += taken
      at += taken
      if (this.#filled === this.#frameBytes) this.#answer(this.#frame.subarray(0, this.#frameBytes))
    }
  }

  #readSize(chunk: Buffer, from: number, end: number): number {
    const taken = Math.min(SIZE_BYTES - this.#sizeBytes, end - from)
    chunk.copy(this.#size, this.#sizeBytes, from, from + taken)
    this.#sizeBytes += taken
    if (this.#sizeBytes === SIZE_BYTES) this.#frameBytes = this.#size.readInt32BE(0)
    return from + taken
  }

  #answer(frame: Buffer): void {
    this.#sizeBytes = 0
    this.#frameBytes = 0
    this.#filled = 0
    this.#waiting.shift()!.onAnswer(frame)
  }
}
