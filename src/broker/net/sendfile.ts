import type { Socket } from 'node:net'
import { assert } from '../../base/assert.ts'
import type { FileRegion } from '../../base/byte-source.ts'
import { type KernelCalls, NUDGE_BYTES } from './kernel-calls.ts'

/** Sent on the loop's own thread in one call where the page cache has the bytes: some 40 us. */
const HOT_STEP_BYTES = 256 * 1024
/** Sent by one call on a pool thread where the disk is needed. */
const COLD_STEP_BYTES = 1024 * 1024
/** How far apart pages are asked whether they are cached. What lies between is read in well under 10 ms if it isn't. */
const PROBE_STEP_BYTES = 64 * 1024
/** Sent before other work of the loop gets its turn. */
const TURN_BYTES = 1024 * 1024
/** One read and one write of the portable path. */
const COPY_BYTES = 256 * 1024
/** Calls at once on the thread pool that the log's writes and syncs share. */
const COLD_CALLS_MAX = 2
/** Calls in a row that send nothing right after the kernel took a nudge: sendfile doesn't work on this file. */
const REFUSALS_MAX = 3
const SPARE_BUFFERS_MAX = 8

/** The region is shorter than it said: what was promised to the client can't be sent any more. */
export class RegionTruncated extends Error {
  override readonly name = 'RegionTruncated'
}

/** A region on its way. `sentBytes` only grows; when it stands still the client doesn't read. */
export interface RegionTransfer {
  readonly sentBytes: number
}

export type TransferDone = (error: Error | null) => void

/**
 * Sends file regions to sockets: by sendfile(2) where there is a descriptor on both sides, else by reads into a
 * buffer and ordinary writes. One serves all connections of a process: it bounds the calls that wait for the disk
 * and keeps the few copy buffers.
 */
export class RegionSender {
  readonly calls: KernelCalls | null
  /** Bytes that left by sendfile(2). */
  sendfileBytes = 0
  /** Bytes that left through a buffer of ours, the nudges of the sendfile path included. */
  copiedBytes = 0
  #coldCalls = 0
  readonly #coldWaiting: (() => void)[] = []
  readonly #spareBuffers: Buffer[] = []

  /** `calls` null: the portable path only. */
  constructor(calls: KernelCalls | null) {
    this.calls = calls
  }

  /**
   * Sends the whole region. Nothing may be queued on the socket (`writableLength` 0), and nobody else may write to
   * it before `done`, which is called exactly once, perhaps before this returns. The region stays the caller's: it
   * must not be released before `done`, also when the socket is destroyed meanwhile.
   */
  send(socket: Socket, region: FileRegion, done: TransferDone): RegionTransfer {
    assert(socket.writableLength === 0, 'a region is sent when the socket holds nothing')
    const transfer = new Transfer(this, socket, region, done)
    transfer.start()
    return transfer
  }

  /** Bounds what the kernel takes of a plain socket before the client has read it; where it can't, nothing happens. */
  setSendBuffer(socket: Socket, byteLength: number): void {
    const socketFd = socketDescriptor(socket)
    if (socketFd >= 0) this.calls?.setSendBuffer(socketFd, byteLength)
  }

  /** Runs `call` when fewer than the allowed number wait for the disk. @internal */
  enterCold(call: () => void): void {
    if (this.#coldCalls >= COLD_CALLS_MAX) {
      this.#coldWaiting.push(call)
      return
    }
    this.#coldCalls++
    call()
  }

  /** @internal */
  leaveCold(): void {
    const next = this.#coldWaiting.shift()
    if (next === undefined) this.#coldCalls--
    else next()
  }

  /** @internal */
  borrowBuffer(): Buffer {
    return this.#spareBuffers.pop() ?? Buffer.allocUnsafeSlow(COPY_BYTES)
  }

  /** @internal */
  returnBuffer(buffer: Buffer): void {
    if (this.#spareBuffers.length < SPARE_BUFFERS_MAX) this.#spareBuffers.push(buffer)
  }
}

class Transfer implements RegionTransfer {
  sentBytes = 0
  readonly #sender: RegionSender
  readonly #socket: Socket
  readonly #region: FileRegion
  readonly #done: TransferDone
  #calls: KernelCalls | null
  #buffer: Buffer | null = null
  #refusals = 0
  #copyingBytes = 0

  constructor(sender: RegionSender, socket: Socket, region: FileRegion, done: TransferDone) {
    this.#sender = sender
    this.#socket = socket
    this.#region = region
    this.#done = done
    this.#calls = region.fd >= 0 && socketDescriptor(socket) >= 0 ? sender.calls : null
  }

  readonly start = (): void => {
    if (this.#socket.destroyed) {
      this.#finish(socketGone())
      return
    }
    if (this.sentBytes === this.#region.byteLength) {
      this.#finish(null)
      return
    }
    if (this.#calls === null) {
      this.#copy(COPY_BYTES)
      return
    }
    let turnBytes = 0
    while (this.sentBytes < this.#region.byteLength) {
      if (turnBytes >= TURN_BYTES) {
        setImmediate(this.start)
        return
      }
      const stepBytes = Math.min(HOT_STEP_BYTES, this.#region.byteLength - this.sentBytes)
      if (!this.#isHot(this.#calls, stepBytes)) {
        this.#sender.enterCold(this.#sendCold)
        return
      }
      const socketFd = socketDescriptor(this.#socket)
      if (socketFd < 0) {
        this.#copy(COPY_BYTES)
        return
      }
      const position = this.#region.position + this.sentBytes
      const sentBytes = this.#calls.sendNow(socketFd, this.#region.fd, position, stepBytes)
      if (!this.#sent(sentBytes, stepBytes)) return
      turnBytes += sentBytes
    }
    this.#finish(null)
  }

  #isHot(calls: KernelCalls, byteLength: number): boolean {
    const position = this.#region.position + this.sentBytes
    for (let ahead = 0; ahead < byteLength; ahead += PROBE_STEP_BYTES)
      if (!calls.isCached(this.#region.fd, position + ahead)) return false
    return calls.isCached(this.#region.fd, position + byteLength - 1)
  }

  /** Holds its own descriptor of the socket: one that is closed meanwhile must not come to mean another file. */
  readonly #sendCold = (): void => {
    const calls = this.#calls
    assert(calls !== null, 'sendfile is asked for where it is')
    const socketFd = socketDescriptor(this.#socket)
    const ownFd = socketFd < 0 ? -1 : calls.duplicate(socketFd)
    if (ownFd < 0) {
      this.#sender.leaveCold()
      if (this.#socket.destroyed) this.#finish(socketGone())
      else this.#copy(COPY_BYTES)
      return
    }
    const stepBytes = Math.min(COLD_STEP_BYTES, this.#region.byteLength - this.sentBytes)
    const position = this.#region.position + this.sentBytes
    calls.send(ownFd, this.#region.fd, position, stepBytes, (sentBytes) => {
      calls.close(ownFd)
      this.#sender.leaveCold()
      if (this.#sent(sentBytes, stepBytes)) this.start()
    })
  }

  /** Counts what a call sent. False: the transfer goes on elsewhere. */
  #sent(sentBytes: number, askedBytes: number): boolean {
    if (sentBytes > 0) {
      this.sentBytes += sentBytes
      this.#sender.sendfileBytes += sentBytes
      this.#refusals = 0
      if (sentBytes === askedBytes) return true
    } else if (++this.#refusals >= REFUSALS_MAX) {
      this.#calls = null
    }
    if (this.#socket.destroyed) this.#finish(socketGone())
    else this.#copy(this.#calls === null ? COPY_BYTES : NUDGE_BYTES)
    return false
  }

  #copy(byteLengthMax: number): void {
    this.#buffer ??= this.#sender.borrowBuffer()
    const byteLength = Math.min(byteLengthMax, this.#region.byteLength - this.sentBytes)
    const target = this.#buffer.subarray(0, byteLength)
    // While a thread of the pool read a nudge, the client would have read all that the socket holds.
    if (this.#calls?.readCached(this.#region.fd, target, this.#region.position + this.sentBytes)) {
      this.#writeCopy(byteLength)
      return
    }
    this.#region
      .read(target, this.sentBytes)
      .then(this.#writeCopy, (error: unknown) => this.#finish(asError(error)))
  }

  readonly #writeCopy = (byteLength: number): void => {
    if (this.#socket.destroyed) {
      this.#finish(socketGone())
      return
    }
    if (byteLength <= 0) {
      this.#finish(new RegionTruncated('the file ends before the region'))
      return
    }
    this.#copyingBytes = byteLength
    this.#socket.write(this.#buffer!.subarray(0, byteLength), this.#copied)
  }

  readonly #copied = (error?: Error | null): void => {
    if (error) {
      this.#finish(error)
      return
    }
    this.sentBytes += this.#copyingBytes
    this.#sender.copiedBytes += this.#copyingBytes
    this.start()
  }

  #finish(error: Error | null): void {
    if (this.#buffer !== null) this.#sender.returnBuffer(this.#buffer)
    this.#buffer = null
    this.#done(error)
  }
}

/**
 * The descriptor of a plain socket in Node's own keeping, -1 where there is none: closed, not a real socket, or TLS,
 * whose handle shows the descriptor below the encryption.
 */
function socketDescriptor(socket: Socket): number {
  if (socket.destroyed || 'encrypted' in socket || !('_handle' in socket)) return -1
  const handle: unknown = socket._handle
  if (typeof handle !== 'object' || handle === null || !('fd' in handle)) return -1
  return typeof handle.fd === 'number' ? handle.fd : -1
}

function socketGone(): Error {
  return new Error('the socket was closed while a region was being sent')
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
