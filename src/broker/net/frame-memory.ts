import { assert } from '../../base/assert.ts'
import type { FrameBuffers } from '../../protocol/frame-splitter.ts'

const SCRATCH_BYTES = 64 * 1024
const CLASS_BITS_MIN = 12
const CLASS_BYTES_MIN = 1 << CLASS_BITS_MIN
const CLASS_BYTES_MAX = 2 * 1024 * 1024
const IDLE_BYTES_MAX = 32 * 1024 * 1024
const FORESEEN_BYTES_MAX = 8 * 1024 * 1024

export interface FrameMemoryOptions {
  /**
   * Whether what is given back is used again. Only where everybody who is handed a Produce frame is done with its
   * bytes when the exchange is, or has said keepFrame().
   */
  readonly recycling?: boolean
  readonly idleBytesMax?: number
  /** For tests: what a returned buffer is filled with, so that whoever still reads it sees that. */
  readonly poisonByte?: number
}

/**
 * The memory that connections read into; one a process. Frames from 4 KiB to 2 MiB get buffers of a power of two of
 * bytes, so of less than twice the frame; with recycling those that were given back are used again, the latest first.
 * Idle ones are bounded here, and so are those that wait for a frame that is foreseen; those in use by the request budget.
 */
export class FrameMemory implements FrameBuffers {
  /**
   * Where every connection reads to while it doesn't know what comes: a read and the handling of its bytes are one
   * synchronous step, so nobody else's read comes between.
   */
  readonly scratch: Buffer = Buffer.allocUnsafeSlow(SCRATCH_BYTES)
  readonly #recycling: boolean
  readonly #idleBytesMax: number
  readonly #poisonByte: number | null
  /** By the power of two above the smallest class. */
  readonly #idle: Buffer[][] = []
  #idleBytes = 0
  #foreseenBytes = 0
  /** Buffers of these classes that had to be allocated, and that were used again. */
  allocatedCount = 0
  reusedCount = 0

  constructor(options: FrameMemoryOptions = {}) {
    this.#recycling = options.recycling ?? false
    this.#idleBytesMax = options.idleBytesMax ?? IDLE_BYTES_MAX
    this.#poisonByte = options.poisonByte ?? null
    for (let bytes = CLASS_BYTES_MIN; bytes <= CLASS_BYTES_MAX; bytes *= 2) this.#idle.push([])
  }

  get idleBytes(): number {
    return this.#idleBytes
  }

  get foreseenBytes(): number {
    return this.#foreseenBytes
  }

  take(bytesMin: number, bytesBest: number): Buffer {
    if (bytesMin < CLASS_BYTES_MIN) return Buffer.allocUnsafe(bytesMin)
    if (!this.#recycling || bytesMin > CLASS_BYTES_MAX) return Buffer.allocUnsafeSlow(bytesMin)
    const idle = this.#takeIdle(bytesBest) ?? this.#takeIdle(bytesMin)
    if (idle !== null) return idle
    this.allocatedCount++
    return Buffer.allocUnsafeSlow(CLASS_BYTES_MIN << classOf(bytesMin))
  }

  /**
   * A buffer for `bytes` that are likely to come, before anybody is asked for a lease; null where there are enough of such, or
   * where it would not be used again. A connection that falls silent keeps its one.
   */
  foresee(bytes: number): Buffer | null {
    if (!this.#recycling || bytes > CLASS_BYTES_MAX) return null
    const length = CLASS_BYTES_MIN << classOf(bytes)
    if (this.#foreseenBytes + length > FORESEEN_BYTES_MAX) return null
    this.#foreseenBytes += length
    return this.take(length, length)
  }

  /** The buffer is somebody's frame, or is given back next. */
  unforesee(buffer: Buffer): void {
    this.#foreseenBytes -= buffer.length
  }

  give(buffer: Buffer): void {
    const { length } = buffer
    if (!this.#recycling || length < CLASS_BYTES_MIN || length > CLASS_BYTES_MAX) return
    assert(buffer.buffer.byteLength === length, 'what is given back is the whole of what was taken')
    if (this.#poisonByte !== null) buffer.fill(this.#poisonByte)
    if (this.#idleBytes + length > this.#idleBytesMax) return
    this.#idle[classOf(length)]!.push(buffer)
    this.#idleBytes += length
  }

  #takeIdle(bytes: number): Buffer | null {
    const buffer = this.#idle[classOf(bytes)]?.pop()
    if (buffer === undefined) return null
    this.#idleBytes -= buffer.length
    this.reusedCount++
    return buffer
  }
}

/** The class of the smallest buffers that hold so many bytes. */
function classOf(bytes: number): number {
  return bytes <= CLASS_BYTES_MIN ? 0 : 32 - Math.clz32((bytes - 1) >>> CLASS_BITS_MIN)
}
