import { assert } from '../../base/assert.ts'
import type { BytePart, ByteSource } from '../../base/byte-source.ts'
import type { RecordsSource } from '../../protocol/schema.ts'
import type { WrittenFrame } from '../../protocol/writer.ts'
import type { ConnectionInfo, RequestContext } from './handler.ts'
import type { Outgoing } from './output.ts'

/** The connection as its exchanges see it. */
export interface ExchangeOwner {
  readonly info: ConnectionInfo
  /** The outcome is known; its turn to leave may come later. */
  settled(exchange: Exchange): void
  /** The request holds these bytes beside its frame until it is finished. */
  charged(exchange: Exchange, bytes: number): void
  /** See RequestContext. */
  waits(exchange: Exchange, keptBytes: number): boolean
  /** The answer has left, or never will: the request's bytes are no longer charged. */
  finished(exchange: Exchange): void
}

export type Outcome = 'pending' | 'answer' | 'nothing' | 'close'

const NO_PARTS: readonly BytePart[] = []

/** One request and what becomes of it: what the handler sees of it, and later what is sent. */
export class Exchange implements RequestContext, Outgoing {
  readonly #owner: ExchangeOwner
  /** Bytes of the request, as taken from the budget. */
  leasedBytes: number
  /** What it keeps while it waits for others, as charged to the waiting requests. */
  waitingBytes = 0
  apiVersion = 0
  clientId: string | null = null
  correlationId = 0
  outcome: Outcome = 'pending'
  parts: readonly BytePart[] = NO_PARTS
  byteLength = 0
  /** Of the answer, what is in memory for this client alone: all but its records. */
  ownBytes = 0
  /** The answer is with the output, and counts as unread. */
  isOwed = false
  muteMs = 0
  /** Monotonic; kept only where somebody asks how long requests take. */
  startedMs = 0
  #buffer: Buffer | null

  /** `buffer`: what the request lies in, if it may be used again when all is over. */
  constructor(owner: ExchangeOwner, leasedBytes: number, buffer: Buffer | null) {
    this.#owner = owner
    this.leasedBytes = leasedBytes
    this.#buffer = buffer
  }

  get connection(): ConnectionInfo {
    return this.#owner.info
  }

  muteAfterAnswer(muteMs: number): void {
    if (muteMs > this.muteMs) this.muteMs = muteMs
  }

  keepFrame(): void {
    this.#buffer = null
  }

  /** Before it is settled: what the request has become in memory, beside its frame. */
  charge(bytes: number): void {
    this.leasedBytes += bytes
    this.#owner.charged(this, bytes)
  }

  waits(keptBytes: number): boolean {
    return this.#owner.waits(this, keptBytes)
  }

  /** For the owner, when it is finished: what it may give back, once. */
  takeBuffer(): Buffer | null {
    const buffer = this.#buffer
    this.#buffer = null
    return buffer
  }

  /** To be called by the dispatcher, one of the three, once. Takes over the regions of the frame. */
  answer(frame: WrittenFrame): void {
    assert(this.outcome === 'pending', 'a request is settled once')
    this.outcome = 'answer'
    this.parts = flatten(frame.pieces)
    this.byteLength = frame.byteLength
    for (const piece of frame.pieces) if (Buffer.isBuffer(piece)) this.ownBytes += piece.length
    this.#owner.settled(this)
  }

  answerNothing(): void {
    assert(this.outcome === 'pending', 'a request is settled once')
    this.outcome = 'nothing'
    this.#owner.settled(this)
  }

  closeConnection(): void {
    assert(this.outcome === 'pending', 'a request is settled once')
    this.outcome = 'close'
    this.#owner.settled(this)
  }

  sent(): void {
    this.parts = NO_PARTS
    this.#owner.finished(this)
  }
}

function flatten(pieces: WrittenFrame['pieces']): readonly BytePart[] {
  if (pieces.every((piece) => Buffer.isBuffer(piece))) return pieces
  const parts: BytePart[] = []
  for (const piece of pieces) {
    if (Buffer.isBuffer(piece)) parts.push(piece)
    else for (const part of sourceParts(piece)) if (part.byteLength > 0) parts.push(part)
  }
  return parts
}

function sourceParts(source: RecordsSource): ByteSource['parts'] {
  assert(
    'parts' in source && Array.isArray(source.parts),
    'records of an answer are a Buffer or a ByteSource',
  )
  return source.parts
}
