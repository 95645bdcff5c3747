import type { ApiName, RequestOf, ResponseOf } from '../../protocol/api.ts'

/** The request wants no answer (Produce with acks=0): nothing is sent, the next request is handled. */
export const NO_RESPONSE: unique symbol = Symbol('no response')

/** Nothing can or may be answered: what was asked before is still answered, then the connection is closed. */
export const CLOSE_CONNECTION: unique symbol = Symbol('close connection')

export type Answer<A extends ApiName> = ResponseOf<A> | typeof NO_RESPONSE | typeof CLOSE_CONNECTION

/**
 * Serves one API. Called synchronously in the order of the frames of a connection; what it does before its first
 * `await` is therefore ordered as the client sent it. Its bytes are charged to the request budget until the answer has
 * left, or until it `waits()`.
 *
 * Who owns the bytes: the request and every Buffer in it are the handler's for good (nothing else writes there), except
 * for Produce. There they are its own, to be stamped and written from, until it settles; then the frame is used for
 * other requests. Where some of its bytes are still needed behind that, as those of a batch that is answered with a
 * timeout while it waits for the disk, the handler says `keepFrame()` before it settles. A Produce handler that throws
 * keeps the frame.
 *
 * `records` of an answer may be a Buffer or a ByteSource: its file regions are released by the connection, whether
 * they are sent or not. A rejection or a throw is a bug, except for errors whose `closesConnection` is true. Both close
 * the one connection, with a line in the log; a broken assertion ends the process.
 */
export type Handler<A extends ApiName> = (
  request: RequestOf<A>,
  context: RequestContext,
) => Answer<A> | Promise<Answer<A>>

/** One handler for each API that is served, no fewer. */
export type HandlersFor<Served extends ApiName> = { readonly [A in Served]: Handler<A> }

/** Thrown by a handler where the world (not the client, not we) failed and no error code can say it. */
export class ConnectionFault extends Error {
  override readonly name = 'ConnectionFault'
  readonly closesConnection = true
}

/** What a handler may know of the request beside its body. Not to be kept after the answer. */
export interface RequestContext {
  readonly apiVersion: number
  readonly clientId: string | null
  readonly connection: ConnectionInfo
  /**
   * After this request's answer has been handed to the socket the connection reads nothing for `muteMs` (KIP-219).
   * The longest of several calls counts. The answer itself is never delayed.
   */
  muteAfterAnswer(muteMs: number): void
  /**
   * The request is about to wait for what others do, for as long as its client allows: nothing refers to its frame any
   * more, and `keptBytes` of what became of it stay with it. They are charged to the waiting requests, whose bound is
   * another than that of the requests that are worked on, and given back with the answer or when the connection closes,
   * whichever is first. False: there is no room for so many, nothing has changed, and it is to be answered now.
   */
  waits(keptBytes: number): boolean
  /** Somebody refers to bytes of this Produce request beyond its answer: they are left alone for good. */
  keepFrame(): void
}

/** A client's connection as handlers see it. */
export interface ConnectionInfo {
  /** Unique in this process. */
  readonly id: number
  /** Address of the client, without a port; IPv4 addresses in their own form also on a dual-stack socket. */
  readonly clientHost: string
  readonly clientPort: number
  readonly localHost: string
  readonly localPort: number
  readonly listenerName: string
  /** As the client said in ApiVersions 3 or later (KIP-511), else 'unknown'. Set by the ApiVersions handler. */
  clientSoftwareName: string
  clientSoftwareVersion: string
  readonly closed: boolean
  /** Calls back once when the connection is gone, also when it already is (in the next tick). Returns the way to unsubscribe. */
  onClose(callback: () => void): () => void
}
