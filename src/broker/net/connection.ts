import type { Socket } from 'node:net'
import { AssertionError } from '../../base/assert.ts'
import type { ByteAccount } from '../../base/byte-account.ts'
import type { ByteBudget } from '../../base/byte-budget.ts'
import type { Environment, Timer } from '../../base/environment.ts'
import { faultFields, type LogFields } from '../../base/logger.ts'
import { FrameSplitter, type FrameStep } from '../../protocol/frame-splitter.ts'
import { ConnectionFacts } from './connection-facts.ts'
import { type DirectReader, readDirectly } from './direct-read.ts'
import type { Dispatcher } from './dispatcher.ts'
import { Exchange, type ExchangeOwner } from './exchange.ts'
import type { FrameMemory } from './frame-memory.ts'
import type { LogThrottle } from './log-throttle.ts'
import { Output, releaseParts } from './output.ts'
import { Pace, stallMsMax } from './pace.ts'
import { ReadTarget } from './read-target.ts'
import { requestBytesMax, UNCHECKED_BYTES_MAX } from './request-limits.ts'
import type { RegionSender } from './sendfile.ts'
import { strayProtocol } from './stray-protocol.ts'
import type { Traffic } from './traffic.ts'
import type { Debtor, UnreadAnswers } from './unread-answers.ts'

const SIZE_BYTES = 4
/** Produce requests of one connection whose answers have not left. */
const PIPELINED_MAX = 64
/** The same in bytes of requests: what a disk takes in some 20 ms. More would only wait in memory, and in no cache. */
const PIPELINED_BYTES_MAX = 8 * 1024 * 1024
/** Unsent bytes of answers above which no further request is read. */
const UNSENT_BYTES_MAX = 1024 * 1024
/** Frames up to this, and to this share of the budget, wait for no lease: who asks little is served in any case. */
const UNQUEUED_BYTES_MAX = 16 * 1024
const UNQUEUED_SHARE = 1 / 16_384

/** What the connections of one listener share. */
export interface ConnectionSetting {
  readonly listenerName: string
  readonly dispatcher: Dispatcher
  /** Bytes of requests that may be in memory. */
  readonly budget: ByteBudget
  /** Bytes that are kept of requests that wait for what others do. */
  readonly waiting: ByteAccount
  readonly unread: UnreadAnswers
  readonly memory: FrameMemory
  readonly traffic: Traffic
  /** Whether sockets read into `memory`, where Node lets them. */
  readonly readsDirectly: boolean
  readonly sender: RegionSender
  readonly environment: Environment
  readonly log: LogThrottle
  readonly frameBytesMax: number
  readonly idleMsMax: number
}

/**
 * One client. Requests are handled in the order of their frames and answers leave in that order; only Produce is
 * pipelined, everything else waits until all before it is answered. It reads no further while the request budget is
 * empty, a request waits for its turn, answers pile up unsent or the client is muted.
 */
export class Connection implements ExchangeOwner, DirectReader, Debtor {
  readonly info: ConnectionFacts
  readonly #socket: Socket
  readonly #setting: ConnectionSetting
  readonly #onClosed: (connection: Connection) => void
  readonly #splitter: FrameSplitter
  readonly #target: ReadTarget
  readonly #output: Output
  /** Handled, in the order of the requests. The first ones leave as soon as they are settled. */
  readonly #exchanges: Exchange[] = []
  /** Bytes of requests that were handled and whose answers have not gone. */
  #unfinishedBytes = 0
  unreadBytes = 0
  /** They are of the kind that lets another of its kind be handled meanwhile. */
  #pipelining = false
  /** A whole request that waits for its turn. */
  #held: FrameStep | null = null
  /** Taken for the request that is being read or held. */
  #leasedBytes = 0
  #wantedBytes = 0
  #muteTimer: Timer | null = null
  #mutedUntilMs = 0
  /** Requests are handled. Once false, the connection closes when all answers have been sent. */
  #open = true
  /** Answers that come now are dropped: nobody waits for them, or they come after the end. */
  #cut = false
  #inputEnded = false
  #reading = false
  #pumping = false
  #frameCount = 0
  readonly #inputPace = new Pace()
  readonly #outputPace = new Pace()
  #seenBytesRead = 0
  #seenOutputMark = 0
  #activeMs: number

  /** `accepted` is paused, of a server with `pauseOnConnect`. It is not to be used any more by the caller. */
  constructor(accepted: Socket, setting: ConnectionSetting, onClosed: (connection: Connection) => void) {
    this.#setting = setting
    this.#onClosed = onClosed
    this.#splitter = new FrameSplitter(setting.frameBytesMax, setting.memory)
    this.#target = new ReadTarget(this.#splitter, setting.memory)
    const socket = (setting.readsDirectly ? readDirectly(accepted, this) : null) ?? accepted
    this.#socket = socket
    this.info = new ConnectionFacts(socket, setting.listenerName)
    this.#output = new Output(socket, setting.sender, this.#pump, (error) => this.#lost(error))
    this.#activeMs = setting.environment.monotonicMs()
    setting.unread.enter(this)
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    socket.on('end', () => {
      this.#inputEnded = true
      this.#pump()
    })
    socket.on('error', (error) => this.#lost(error))
    socket.on('close', () => this.destroy())
    this.#read(true)
  }

  /** See DirectReader. Who has requests under way is likely to send more of them. */
  target(): Buffer {
    return this.#target.next(this.#exchanges.length > 0)
  }

  filled(count: number): void {
    try {
      this.#target.filled(count)
      this.#pump()
      this.#target.settle()
    } catch (error) {
      this.#failed(error)
    }
  }

  #take(chunk: Buffer): void {
    try {
      this.#splitter.push(chunk)
      this.#pump()
    } catch (error) {
      this.#failed(error)
    }
  }

  /** Handles no further request; closes when what has been asked is answered and sent. */
  end(): void {
    this.#open = false
    this.#pump()
  }

  /** Closes at once. Handlers that are under way run on, their answers are dropped. */
  destroy(): void {
    if (this.info.closed) return
    this.#cutOff()
    this.#socket.destroy()
    this.#output.close()
    this.#muteTimer?.cancel()
    if (this.#wantedBytes > 0) this.#setting.budget.withdraw(this.#leaseGranted)
    this.#setting.budget.release(this.#leasedBytes)
    this.#leasedBytes = 0
    if (this.#held?.buffer) this.#setting.memory.give(this.#held.buffer)
    this.#held = null
    this.#target.release()
    this.#setting.unread.leave(this)
    this.info.close((error) => this.#tellFault(error))
    this.#onClosed(this)
  }

  giveUp(): void {
    const { unreadBytes } = this
    this.#closeBecause('unread answers have used up their memory', { unreadBytes })
  }

  /** Whether its client has sent a byte. */
  get hasSpoken(): boolean {
    return this.#socket.bytesRead > 0
  }

  /** Closes a client that has said nothing since it came. */
  endSilence(): void {
    this.#closeBecause('client says nothing', {})
  }

  /** Called now and then: closes a client that has been idle or has stood still for too long. */
  checkProgress(nowMs: number): void {
    const bytesRead = this.#socket.bytesRead
    const outputMark = this.#output.progressMark
    if (bytesRead !== this.#seenBytesRead || outputMark !== this.#seenOutputMark) {
      this.#seenBytesRead = bytesRead
      this.#seenOutputMark = outputMark
      this.#activeMs = nowMs
      this.#checkPace(nowMs)
      return
    }
    const unsentBytes = this.#output.pendingBytes
    const stillMs = nowMs - this.#activeMs
    if (unsentBytes > 0) {
      if (stillMs >= stallMsMax(false))
        this.#closeBecause('client does not read its answers', { unsentBytes })
    } else if (!this.#reading) {
      this.#activeMs = nowMs
    } else if (!this.#splitter.atBoundary) {
      if (stillMs >= stallMsMax(this.#keepsOthersWaiting))
        this.#closeBecause('client stopped in the middle of a request', {})
    } else if (this.#exchanges.length > 0) {
      this.#activeMs = nowMs
    } else if (stillMs >= this.#setting.idleMsMax) {
      this.#setting.log.log('debug', 'idle connection closed', this.info.logFields)
      this.destroy()
    }
  }

  /** Closes a client that moves bytes, but so few that it only holds on to what it has. */
  #checkPace(nowMs: number): void {
    const isReading = this.#reading && !this.#splitter.atBoundary
    const sendsSlowly = this.#inputPace.isTooSlow(
      isReading ? this.#frameCount : -1,
      this.#socket.bytesRead,
      nowMs,
      this.#keepsOthersWaiting,
    )
    const { pendingBytes, sentCount, progressMark } = this.#output
    const readsSlowly = this.#outputPace.isTooSlow(
      pendingBytes > 0 ? sentCount : -1,
      progressMark,
      nowMs,
      false,
    )
    if (sendsSlowly) this.#closeBecause('client sends a request too slowly', {})
    else if (readsSlowly)
      this.#closeBecause('client reads its answers too slowly', { unsentBytes: pendingBytes })
  }

  charged(_exchange: Exchange, bytes: number): void {
    this.#setting.budget.charge(bytes)
    this.#unfinishedBytes += bytes
  }

  waits(exchange: Exchange, keptBytes: number): boolean {
    const { budget, waiting } = this.#setting
    if (keptBytes > this.#unqueuedBytesMax && !waiting.fits(keptBytes)) return false
    const moreBytes = this.#cut ? 0 : keptBytes - exchange.waitingBytes
    exchange.waitingBytes += moreBytes
    waiting.add(moreBytes)
    const { leasedBytes } = exchange
    exchange.leasedBytes = 0
    this.#unfinishedBytes -= leasedBytes
    budget.release(leasedBytes)
    return true
  }

  settled(exchange: Exchange): void {
    if (this.#cut) {
      this.#drop(exchange)
      return
    }
    while (!this.#cut && this.#exchanges.length > 0 && this.#exchanges[0]!.outcome !== 'pending')
      this.#leave(this.#exchanges.shift()!)
    this.#pump()
  }

  finished(exchange: Exchange): void {
    const buffer = exchange.takeBuffer()
    if (buffer !== null) this.#setting.memory.give(buffer)
    this.#unfinishedBytes -= exchange.leasedBytes
    this.#setting.budget.release(exchange.leasedBytes)
    this.#endWait(exchange)
    if (exchange.isOwed) this.#owe(-exchange.ownBytes)
  }

  #owe(bytes: number): void {
    this.unreadBytes += bytes
    this.#setting.unread.add(bytes)
  }

  #endWait(exchange: Exchange): void {
    this.#setting.waiting.add(-exchange.waitingBytes)
    exchange.waitingBytes = 0
  }

  #leave(exchange: Exchange): void {
    if (exchange.outcome === 'answer') {
      this.#setting.traffic.sentBytes += exchange.byteLength
      this.#output.push(exchange)
      exchange.isOwed = true
      this.#owe(exchange.ownBytes)
    } else this.#drop(exchange)
    if (this.info.closed) return
    if (exchange.muteMs > 0) this.#mute(exchange.muteMs)
    if (exchange.outcome === 'close') this.#cutOff()
  }

  #drop(exchange: Exchange): void {
    releaseParts(exchange.parts)
    exchange.sent()
  }

  /** Whatever is not yet with the output will not be sent. */
  #cutOff(): void {
    this.#open = false
    this.#cut = true
    for (const exchange of this.#exchanges)
      if (exchange.outcome === 'pending') this.#endWait(exchange)
      else this.#drop(exchange)
    this.#exchanges.length = 0
  }

  /** Does all that can be done now. What stops it calls it again: bytes, a lease, an answer, room, the end of a mute. */
  readonly #pump = (): void => {
    if (this.#pumping || this.info.closed) return
    this.#pumping = true
    let starved = false
    try {
      starved = this.#handleAll()
    } catch (error) {
      this.#failed(error)
    }
    this.#pumping = false
    if (this.info.closed) return
    if (starved && this.#inputEnded) this.#cutOff()
    if (!this.#open && this.#exchanges.length === 0 && this.#output.pendingBytes === 0) this.destroy()
    else this.#read(starved)
  }

  /** Handles what there is. True: it is stopped by nothing but missing bytes. */
  #handleAll(): boolean {
    while (this.#mayProceed()) {
      if (this.#held === null && !this.#readFrame()) return this.#wantedBytes === 0
      if (!this.#mayHandle(this.#held!.frame)) break
      this.#handleHeld()
    }
    return false
  }

  #mayProceed(): boolean {
    if (!this.#open || this.#muteTimer !== null || this.#wantedBytes > 0) return false
    return this.#output.pendingBytes <= UNSENT_BYTES_MAX
  }

  /** False: bytes are missing, a lease is (`#wantedBytes` > 0), or the connection has been closed. */
  #readFrame(): boolean {
    for (;;) {
      const step = this.#splitter.next()
      if (step.kind === 'frame') {
        this.#held = step
        this.#frameCount++
        return true
      }
      if (step.kind === 'more') return false
      if (step.kind === 'invalid') {
        this.#refuseStream(step.size)
        return false
      }
      if (step.bytes > UNCHECKED_BYTES_MAX && !this.#mayBeThatLarge(step.bytes)) return false
      const bytes = step.bytes + SIZE_BYTES
      if (bytes <= this.#unqueuedBytesMax) this.#setting.budget.charge(bytes)
      else if (!this.#setting.budget.take(bytes, this.#leaseGranted)) {
        this.#wantedBytes = bytes
        return false
      }
      this.#leasedBytes = bytes
      this.#splitter.grant()
    }
  }

  get #unqueuedBytesMax(): number {
    return Math.min(UNQUEUED_BYTES_MAX, this.#setting.budget.capacityBytes * UNQUEUED_SHARE)
  }

  /** The request that it is in the middle of holds bytes that somebody waits for. */
  get #keepsOthersWaiting(): boolean {
    return this.#leasedBytes > 0 && this.#setting.budget.waitingCount > 0
  }

  /** False: its API is not known yet, or has no requests of that size, and the connection has been closed. */
  #mayBeThatLarge(size: number): boolean {
    const apiKey = this.#splitter.peekInt16()
    if (apiKey === null) return false
    const sizeMax = requestBytesMax(apiKey)
    if (size <= sizeMax) return true
    this.#closeBecause('request too large for its API', { apiKey, size, sizeMax })
    return false
  }

  readonly #leaseGranted = (): void => {
    this.#leasedBytes = this.#wantedBytes
    this.#wantedBytes = 0
    try {
      this.#splitter.grant()
      this.#target.release()
    } catch (error) {
      this.#failed(error)
    }
    // Not at once: a request that is handled gives back its bytes, and many connections may stand in that line.
    process.nextTick(this.#pump)
  }

  #mayHandle(frame: Buffer): boolean {
    if (this.#exchanges.length === 0) return true
    const { dispatcher } = this.#setting
    if (this.#exchanges.length >= PIPELINED_MAX || this.#unfinishedBytes >= PIPELINED_BYTES_MAX) return false
    return this.#pipelining && dispatcher.pipelines(frame)
  }

  #handleHeld(): void {
    const { frame, buffer } = this.#held!
    const { dispatcher, traffic } = this.#setting
    traffic.receivedBytes += frame.length + SIZE_BYTES
    this.#pipelining = dispatcher.pipelines(frame)
    const exchange = new Exchange(this, this.#leasedBytes, dispatcher.borrows(frame) ? buffer : null)
    this.#held = null
    this.#leasedBytes = 0
    this.#exchanges.push(exchange)
    this.#unfinishedBytes += exchange.leasedBytes
    dispatcher.dispatch(exchange, frame)
  }

  #read(wanted: boolean): void {
    if (wanted === this.#reading) return
    this.#reading = wanted
    if (wanted) this.#socket.resume()
    else this.#socket.pause()
  }

  #mute(muteMs: number): void {
    const { environment } = this.#setting
    const untilMs = environment.monotonicMs() + muteMs
    if (this.#muteTimer !== null && untilMs <= this.#mutedUntilMs) return
    this.#muteTimer?.cancel()
    this.#mutedUntilMs = untilMs
    this.#muteTimer = environment.setTimer(muteMs, () => {
      this.#muteTimer = null
      this.#pump()
    })
  }

  #refuseStream(size: number): void {
    const stray = strayProtocol(size)
    if (stray === null) this.#closeBecause('invalid request size', { size })
    else this.#closeBecause(`${stray} on the Kafka port`, {})
  }

  #closeBecause(reason: string, fields: LogFields): void {
    this.#setting.log.log('warn', `${reason}: closing the connection`, { ...this.info.logFields, ...fields })
    this.destroy()
  }

  /** What nobody foresaw, as that memory for a frame is not to be had, costs the client its connection. */
  #failed(error: unknown): void {
    this.#tellFault(error)
    this.destroy()
  }

  #tellFault(error: unknown): void {
    if (error instanceof AssertionError) throw error
    const fields = { ...this.info.logFields, ...faultFields(error) }
    this.#setting.log.log('error', 'a fault of the broker: closing the connection', fields)
  }

  /** A client that goes away is nothing to speak of; what could not be read to be sent is. */
  #lost(error: Error): void {
    if (this.info.closed) return
    const level = this.#socket.destroyed ? 'debug' : 'warn'
    this.#setting.log.log(level, 'connection lost', { ...this.info.logFields, reason: error.message })
    this.destroy()
  }
}
