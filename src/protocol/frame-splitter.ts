import { assert } from '../base/assert.ts'

/** As Kafka's socket.request.max.bytes. */
export const FRAME_BYTES_MAX = 100 * 1024 * 1024

const SIZE_BYTES = 4
const FIRST_BUFFER_BYTES_MAX = 1024 * 1024

/**
 * What the splitter wants or has. `need-lease`: a frame of `bytes` is coming, call `grant` when it may be held in
 * memory; `more`: push another chunk; `frame`: one whole frame without its size; `invalid`: the size is negative or
 * over the limit, nothing more can be read from this stream.
 */
export type SplitterStep =
  | { readonly kind: 'need-lease'; readonly bytes: number }
  | { readonly kind: 'frame'; readonly frame: Buffer }
  | { readonly kind: 'more' }
  | { readonly kind: 'invalid'; readonly size: number }

const MORE: SplitterStep = { kind: 'more' }

/**
 * Cuts a stream into frames of an int32 size and as many bytes. No I/O: chunks are pushed, steps are pulled.
 *
 * Chunks are owned by the splitter from `push` on: a frame that lies in one chunk is a slice of it, one that spans
 * several is copied into a buffer of its own. That buffer is at first at most 1 MiB, and then grows with what has
 * arrived (at most to its double), whatever the size in front says. While a lease is awaited, chunks are held: the
 * caller stops reading its socket.
 */
export class FrameSplitter {
  readonly #frameBytesMax: number
  readonly #chunks: Buffer[] = []
  #head = 0
  /** In the chunk at `#head`. */
  #position = 0
  #sizeBytes = 0
  #size = 0
  #state: 'size' | 'lease' | 'body' | 'invalid' = 'size'
  #assembled: Buffer | null = null
  #assembledBytes = 0

  constructor(frameBytesMax: number = FRAME_BYTES_MAX) {
    this.#frameBytesMax = frameBytesMax
  }

  push(chunk: Buffer): void {
    if (chunk.length > 0) this.#chunks.push(chunk)
  }

  /** Says that the frame of the last `need-lease` may be held; until then `next` repeats that step. */
  grant(): void {
    assert(this.#state === 'lease', 'no lease was asked for')
    this.#state = 'body'
  }

  /** Whether no byte of an unfinished frame has been seen: the stream may end here. */
  get atBoundary(): boolean {
    return this.#state === 'size' && this.#sizeBytes === 0 && this.#head === this.#chunks.length
  }

  next(): SplitterStep {
    if (this.#state === 'size' && !this.#readSize()) return MORE
    if (this.#state === 'invalid') return { kind: 'invalid', size: this.#size }
    if (this.#state === 'lease') return { kind: 'need-lease', bytes: this.#size }
    const frame = this.#readBody()
    if (frame === null) return MORE
    this.#state = 'size'
    this.#sizeBytes = 0
    this.#size = 0
    return { kind: 'frame', frame }
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

  #readBody(): Buffer | null {
    for (;;) {
      const missing = this.#size - this.#assembledBytes
      if (missing === 0) return this.#takeAssembled()
      const chunk = this.#chunks[this.#head]
      if (chunk === undefined) return null
      const position = this.#position
      const taken = Math.min(missing, chunk.length - position)
      this.#advance(chunk, taken)
      if (taken === this.#size) return chunk.subarray(position, position + taken)
      this.#assemble(chunk, position, taken)
    }
  }

  #assemble(chunk: Buffer, position: number, taken: number): void {
    const needed = this.#assembledBytes + taken
    if (this.#assembled === null || this.#assembled.length < needed) {
      const capacity = Math.max(FIRST_BUFFER_BYTES_MAX, 2 * needed)
      const grown = Buffer.allocUnsafeSlow(Math.min(this.#size, capacity))
      if (this.#assembled !== null) grown.set(this.#assembled.subarray(0, this.#assembledBytes))
      this.#assembled = grown
    }
    this.#assembled.set(chunk.subarray(position, position + taken), this.#assembledBytes)
    this.#assembledBytes = needed
  }

  #takeAssembled(): Buffer {
    const frame = this.#assembled ?? Buffer.alloc(0)
    this.#assembled = null
    this.#assembledBytes = 0
    return frame
  }

  #advance(chunk: Buffer, count: number): void {
    this.#position += count
    if (this.#position < chunk.length) return
    this.#position = 0
    this.#head++
    if (this.#head === this.#chunks.length) {
      this.#chunks.length = 0
      this.#head = 0
    }
  }
}
