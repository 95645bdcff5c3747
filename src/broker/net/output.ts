import type { Socket } from 'node:net'
import { assert } from '../../base/assert.ts'
import type { BytePart, FileRegion } from '../../base/byte-source.ts'
import type { RegionSender, RegionTransfer } from './sendfile.ts'

/** One answer on its way. */
export interface Outgoing {
  readonly parts: readonly BytePart[]
  readonly byteLength: number
  /** Called exactly once: the kernel has all the bytes, or the connection is gone and they will never be sent. */
  sent(): void
}

/**
 * The writing side of one socket, and its only writer. Answers leave in the order of `push`: what is in memory and
 * was pushed in one turn of the loop by one writev(2), file regions by the RegionSender when nothing is queued before
 * them. It releases every region that is pushed to it.
 */
export class Output {
  /** Bytes of answers that the kernel has not taken yet. An answer counts whole until its last byte has gone. */
  pendingBytes = 0
  /** Answers that have gone. */
  sentCount = 0
  readonly #socket: Socket
  readonly #sender: RegionSender
  readonly #onSent: () => void
  readonly #onFault: (error: Error) => void
  /** Not yet handed to the socket; of the first one, `#partIndex` parts have been. */
  readonly #queue: Outgoing[] = []
  #partIndex = 0
  /** One entry for each write whose callback is due: the answer that it ends, or null in the middle of one. */
  readonly #written: (Outgoing | null)[] = []
  #region: FileRegion | null = null
  #transfer: RegionTransfer | null = null
  #takenBytes = 0
  #driving = false
  #scheduled = false
  #closed = false

  /** `onSent`: an answer has gone. `onFault`: nothing more can be sent; `close` is expected. */
  constructor(socket: Socket, sender: RegionSender, onSent: () => void, onFault: (error: Error) => void) {
    this.#socket = socket
    this.#sender = sender
    this.#onSent = onSent
    this.#onFault = onFault
  }

  push(outgoing: Outgoing): void {
    assert(!this.#closed, 'nothing is pushed to a closed output')
    this.#queue.push(outgoing)
    this.pendingBytes += outgoing.byteLength
    if (this.#scheduled) return
    this.#scheduled = true
    process.nextTick(this.#drive)
  }

  /** A number that changes whenever the kernel takes bytes. */
  get progressMark(): number {
    return this.#takenBytes + (this.#transfer?.sentBytes ?? 0) - handleQueueBytes(this.#socket)
  }

  /** Forgets everything unsent, and calls each answer's `sent`. A region that is just being sent is let go later. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    const inTransfer = this.#region === null ? null : this.#queue[0]!
    let partIndex = inTransfer === null ? this.#partIndex : this.#partIndex + 1
    for (const outgoing of this.#queue) {
      for (; partIndex < outgoing.parts.length; partIndex++) releasePart(outgoing.parts[partIndex]!)
      partIndex = 0
      if (outgoing !== inTransfer) outgoing.sent()
    }
    for (const outgoing of this.#written) outgoing?.sent()
    this.#queue.length = inTransfer === null ? 0 : 1
    this.#written.length = 0
    this.pendingBytes = 0
  }

  readonly #drive = (): void => {
    this.#scheduled = false
    if (this.#driving) return
    this.#driving = true
    while (!this.#closed && this.#region === null && this.#queue.length > 0) {
      this.#socket.cork()
      const region = this.#writeBuffers()
      this.#socket.uncork()
      if (region === null || this.#socket.writableLength > 0) break
      this.#region = region
      this.#transfer = null
      const transfer = this.#sender.send(this.#socket, region, this.#regionSent)
      if (this.#region !== null) this.#transfer = transfer
    }
    this.#driving = false
  }

  /** Writes what lies before the next region, which it returns. */
  #writeBuffers(): FileRegion | null {
    for (;;) {
      const outgoing = this.#queue[0]
      if (outgoing === undefined) return null
      while (this.#partIndex < outgoing.parts.length) {
        const part = outgoing.parts[this.#partIndex]!
        if (!Buffer.isBuffer(part)) return part
        this.#partIndex++
        const next = outgoing.parts[this.#partIndex]
        if (next === undefined || !Buffer.isBuffer(next)) {
          this.#written.push(next === undefined ? outgoing : null)
          this.#socket.write(part, this.#afterWrite)
        } else {
          this.#socket.write(part)
        }
      }
      this.#queue.shift()
      this.#partIndex = 0
    }
  }

  readonly #afterWrite = (error?: Error | null): void => {
    if (this.#closed) return
    if (error) {
      this.#onFault(error)
      return
    }
    const outgoing = this.#written.shift()
    if (outgoing) this.#finish(outgoing)
    this.#drive()
  }

  readonly #regionSent = (error: Error | null): void => {
    this.#region!.release()
    this.#region = null
    this.#transfer = null
    const outgoing = this.#queue[0]!
    if (this.#closed) {
      this.#queue.length = 0
      outgoing.sent()
      return
    }
    this.#partIndex++
    if (error !== null) {
      this.#onFault(error)
      return
    }
    if (this.#partIndex === outgoing.parts.length) {
      this.#queue.shift()
      this.#partIndex = 0
      this.#finish(outgoing)
    }
    this.#drive()
  }

  #finish(outgoing: Outgoing): void {
    this.pendingBytes -= outgoing.byteLength
    this.#takenBytes += outgoing.byteLength
    this.sentCount++
    outgoing.sent()
    this.#onSent()
  }
}

/** Gives back the file regions of an answer that will not be pushed. */
export function releaseParts(parts: readonly BytePart[]): void {
  for (const part of parts) releasePart(part)
}

function releasePart(part: BytePart): void {
  if (!Buffer.isBuffer(part)) part.release()
}

/** What libuv still holds of the write under way: Node tells nothing of a write's progress before its end. */
function handleQueueBytes(socket: Socket): number {
  if (!('_handle' in socket)) return 0
  const handle: unknown = socket._handle
  if (typeof handle !== 'object' || handle === null || !('writeQueueSize' in handle)) return 0
  return typeof handle.writeQueueSize === 'number' ? handle.writeQueueSize : 0
}
