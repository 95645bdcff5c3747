import { assert } from '../base/assert.ts'
import { readInt16, readInt32 } from '../base/bytes.ts'

/** As Kafka's socket.request.max.bytes. */
export const FRAME_BYTES_MAX = 100 * 1024 * 1024

const SIZE_BYTES = 4
const FIRST_BUFFER_BYTES_MAX = 1024 * 1024
/** Frames above this are worth a read of their own, without a copy. */
const DIRECT_BYTES_MIN = 32 * 1024

/** Where the buffers of frames come from that are not slices of a pushed chunk. */
export interface FrameBuffers {
  /**
   * A buffer of at least `bytesMin` with anything in it; of `bytesBest` or more where that makes nobody allocate more
   * than `bytesMin`.
   */
  take(bytesMin: number, bytesBest: number): Buffer
  /** Takes back what `take` gave. Nobody refers to it any more. */
  give(buffer: Buffer): void
}

/**
 * What the splitter wants or has. `need-lease`: a frame of `bytes` is coming, call `grant` when it may be held in
 * memory; `more`: push another chunk; `frame`: one whole frame without its size; `invalid`: the size is negative or
 * over the limit, nothing more can be read from this stream.
 */
export type SplitterStep =
  | { readonly kind: 'need-lease'; readonly bytes: number }
  | FrameStep
  | { readonly kind: 'more' }
  | { readonly kind: 'invalid'; readonly size: number }

export interface FrameStep {
  readonly kind: 'frame'
  readonly frame: Buffer
  /** The one of FrameBuffers that the frame lies in, alone: it may be given back. null: a slice of a pushed chunk. */
  readonly buffer: Buffer | null
}

const MORE: SplitterStep = { kind: 'more' }

/** Takes nothing back. */
const PLAIN_BUFFERS: FrameBuffers = {
  take: (bytesMin) => Buffer.allocUnsafeSlow(bytesMin),
  give() {},
}

/**
 * Cuts a stream into frames of an int32 size and as many bytes. No I/O; steps are pulled. The bytes come in three ways:
 * - `push`: a chunk that is the splitter's from then on. A frame that lies in one is a slice of it.
 * - `lend`: a chunk that is the splitter's until `keep`. No frame shares its memory.
 * - `target` and `filled`: read into the frame itself, no copy.
 *
 * A frame that is not a slice gets a buffer of its own, at first of at most 1 MiB, which then grows with what has
 * arrived (at most to its double), whatever the size in front says. While a lease is awaited, chunks are held: the
 * caller stops reading its socket.
 *
 * What comes at a boundary may also be `adopt`ed: the buffer that it was read to becomes the frame's.
 */
export class FrameSplitter {
  readonly #frameBytesMax: number
  readonly #buffers: FrameBuffers
  readonly #chunks: Buffer[] = []
  #head = 0
  /** In the chunk at `#head`. */
  #position = 0
  /** The last chunk is lent. */
  #isLent = false
  #sizeBytes = 0
  #size = 0
  #state: 'size' | 'lease' | 'body' | 'invalid' = 'size'
  #assembled: Buffer | null = null
  /** Where in it the frame begins. */
  #assembledStart = 0
  #assembledBytes = 0
  #likelyBytes = 0

  constructor(frameBytesMax: number = FRAME_BYTES_MAX, buffers: FrameBuffers = PLAIN_BUFFERS) {
    this.#frameBytesMax = frameBytesMax
    this.#buffers = buffers
  }

  push(chunk: Buffer): void {
    assert(!this.#isLent, 'a lent chunk is kept before the next one comes')
    if (chunk.length > 0) this.#chunks.push(chunk)
  }

  /** `keep` must follow before the chunk's bytes change. */
  lend(chunk: Buffer): void {
    this.push(chunk)
    this.#isLent = chunk.length > 0
  }

  /** Copies what is left of the lent chunk, if anything is. */
  keep(): void {
    if (!this.#isLent) return
    this.#isLent = false
    const last = this.#chunks.length - 1
    const isHead = this.#head === last
    this.#chunks[last] = Buffer.from(this.#chunks[last]!.subarray(isHead ? this.#position : 0))
    if (isHead) this.#position = 0
  }

  /**
   * Where the next bytes of the stream may be put instead of a chunk: the rest of a large frame, or a part of it. null
   * where that is not known or not worth it. Good until `filled`, for as many calls of `next` as there may be between.
   */
  target(): Buffer | null {
    if (this.#state !== 'body' || this.#size <= DIRECT_BYTES_MIN || this.#chunks.length > 0) return null
    if (this.#assembledBytes === this.#size) return null
    const buffer = this.#reserve(1)
    const start = this.#assembledStart
    return buffer.subarray(start + this.#assembledBytes, Math.min(start + this.#size, buffer.length))
  }

  /** The first `count` bytes of the last `target` are the next ones of the stream. */
  filled(count: number): void {
    const room = (this.#assembled?.length ?? 0) - this.#assembledStart
    const end = this.#assembledBytes + count
    assert(this.#chunks.length === 0 && end <= Math.min(room, this.#size), 'only a target is filled')
    this.#assembledBytes = end
  }

  /** What a frame of the size of the last one takes with its size in front; 0 where that is not worth a read of its own, or in a frame. */
  get likelyBytes(): number {
    return this.atBoundary ? this.#likelyBytes : 0
  }

  /** The size of a frame is known, and nobody has said that it may be held. */
  get awaitsLease(): boolean {
    return this.#state === 'lease'
  }

  /**
   * At a boundary: the next `count` bytes of the stream are the first of `buffer`, one of FrameBuffers. True: the frame lies
   * in it from now on, whole or what has come of it; what came behind it is copied. False, and nothing has happened: it does
   * not fit, or fills less than half.
   */
  adopt(buffer: Buffer, count: number): boolean {
    assert(this.atBoundary, 'a buffer is adopted at a boundary')
    const size = count < SIZE_BYTES ? 0 : readInt32(buffer, 0)
    if (size <= DIRECT_BYTES_MIN || size > this.#frameBytesMax) return false
    if (size + SIZE_BYTES > buffer.length || 2 * size < buffer.length) return false
    this.#size = size
    this.#sizeBytes = SIZE_BYTES
    this.#state = 'lease'
    this.#assembled = buffer
    this.#assembledStart = SIZE_BYTES
    this.#assembledBytes = Math.min(size, count - SIZE_BYTES)
    const end = SIZE_BYTES + size
    if (count > end) this.push(Buffer.from(buffer.subarray(end, count)))
    return true
  }

  /** Says that the frame of the last `need-lease` may be held; until then `next` repeats that step. */
  grant(): void {
    assert(this.#state === 'lease', 'no lease was asked for')
    this.#state = 'body'
  }

  /** The first two bytes of the frame that a lease is asked for, as an int16; null while they have not come. */
  peekInt16(): number | null {
    if (this.#state !== 'lease') return null
    if (this.#assembledBytes >= 2) return readInt16(this.#assembled!, this.#assembledStart)
    let high = this.#assembledBytes === 1 ? this.#assembled![this.#assembledStart]! : -1
    let position = this.#position
    for (let index = this.#head; index < this.#chunks.length; index++) {
      const chunk = this.#chunks[index]!
      for (; position < chunk.length; position++) {
        if (high >= 0) return ((high << 24) >> 16) | chunk[position]!
        high = chunk[position]!
      }
      position = 0
    }
    return null
  }

  /** Whether no byte of an unfinished frame has been seen: the stream may end here. */
  get atBoundary(): boolean {
    return this.#state === 'size' && this.#sizeBytes === 0 && this.#head === this.#chunks.length
  }

  next(): SplitterStep {
    if (this.#state === 'size' && !this.#readSize()) return MORE
    if (this.#state === 'invalid') return { kind: 'invalid', size: this.#size }
    if (this.#state === 'lease') return { kind: 'need-lease', bytes: this.#size }
    const step = this.#readBody()
    if (step === null) return MORE
    this.#likelyBytes = this.#size > DIRECT_BYTES_MIN ? this.#size + SIZE_BYTES : 0
    this.#state = 'size'
    this.#sizeBytes = 0
    this.#size = 0
    return step
  }

  #readSize(): boolean {
    while (this.#sizeBytes < SIZE_BYTES) {
      const chunk = this.#chunks[this.#head]
      if (chunk === undefined) return false
      this.#size = (this.#size << 8) | chunk[this.#position]!
      this.#sizeBytes++
      this.#advance(chunk, 1)
    }
    this.#state = this.#size < 0 || this.#size > this.#frameBytesMax ? 'invalid' : 'lease'
    return true
  }

  #readBody(): FrameStep | null {
    for (;;) {
      const missing = this.#size - this.#assembledBytes
      if (missing === 0) return this.#takeAssembled()
      const chunk = this.#chunks[this.#head]
      if (chunk === undefined) return null
      const position = this.#position
      const taken = Math.min(missing, chunk.length - position)
      const isLent = this.#isLent && this.#head === this.#chunks.length - 1
      if (taken === this.#size && !isLent) {
        this.#advance(chunk, taken)
        return { kind: 'frame', frame: chunk.subarray(position, position + taken), buffer: null }
      }
      const target = this.#reserve(taken)
      target.set(chunk.subarray(position, position + taken), this.#assembledStart + this.#assembledBytes)
      this.#assembledBytes += taken
      this.#advance(chunk, taken)
    }
  }

  /** The buffer of the frame, with room for `count` more bytes. */
  #reserve(count: number): Buffer {
    const needed = this.#assembledBytes + count
    const before = this.#assembled
    const start = this.#assembledStart
    if (before !== null && before.length >= start + needed) return before
    const capacity = Math.max(FIRST_BUFFER_BYTES_MAX, 2 * needed)
    const grown = this.#buffers.take(Math.min(this.#size, capacity), this.#size)
    if (before !== null) {
      grown.set(before.subarray(start, start + this.#assembledBytes))
      this.#buffers.give(before)
    }
    this.#assembled = grown
    this.#assembledStart = 0
    return grown
  }

  #takeAssembled(): FrameStep {
    const buffer = this.#assembled
    const start = this.#assembledStart
    this.#assembled = null
    this.#assembledStart = 0
    this.#assembledBytes = 0
    if (buffer === null) return { kind: 'frame', frame: Buffer.alloc(0), buffer }
    return { kind: 'frame', frame: buffer.subarray(start, start + this.#size), buffer }
  }

  #advance(chunk: Buffer, count: number): void {
    this.#position += count
    if (this.#position < chunk.length) return
    this.#position = 0
    this.#head++
    if (this.#head === this.#chunks.length) {
      this.#chunks.length = 0
      this.#head = 0
      this.#isLent = false
    }
  }
}
