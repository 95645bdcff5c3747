import { Worker } from 'node:worker_threads'
import { loadCompression } from '../../protocol/compression.ts'
import { recompressed } from '../../protocol/recompression.ts'
import type { Compression } from '../../protocol/record-batch.ts'
import type { RecompressionResult, RecompressionTask } from './recompression-worker.ts'

const THREADS_MAX = 2

interface Thread {
  readonly worker: Worker
  readonly pending: Map<
    number,
    {
      readonly batch: Buffer
      readonly codec: Compression
      readonly level: number | undefined
      done(result: Buffer | null): void
    }
  >
}

/**
 * Recompresses batches on threads of their own, which are made when they are first needed. Run from its source, which
 * threads can't load on every Node, it works in the calling thread; so it does with what a thread that died had to do.
 */
export class Recompressor {
  readonly #threads: Thread[] = []
  readonly #isThreaded = !import.meta.url.endsWith('.ts')
  #nextId = 0
  #isClosed = false

  /**
   * The batch, whose shape has been checked, with another codec at `level` (see `compress`): bytes of its own. null where its records can't be read.
   * `batch` is borrowed until it resolves.
   */
  recompress(batch: Buffer, codec: Compression, level?: number): Promise<Buffer | null> {
    if (!this.#isThreaded || this.#isClosed) return recompressHere(batch, codec, level)
    const thread = this.#idlest()
    const id = this.#nextId++
    const bytes = new Uint8Array(batch)
    return new Promise((resolve) => {
      thread.pending.set(id, { batch, codec, level, done: resolve })
      const task: RecompressionTask = { id, bytes, codec, level }
      thread.worker.postMessage(task, [bytes.buffer])
    })
  }

  /** Ends the threads. What comes later is done in the calling one. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()))
  }

  #idlest(): Thread {
    let idlest: Thread | null = null
    for (const thread of this.#threads)
      if (idlest === null || thread.pending.size < idlest.pending.size) idlest = thread
    const isBusy = idlest === null || idlest.pending.size > 0
    return isBusy && this.#threads.length < THREADS_MAX ? this.#begin() : idlest!
  }

  #begin(): Thread {
    const worker = new Worker(new URL('./recompression-worker.js', import.meta.url))
    const thread: Thread = { worker, pending: new Map() }
    worker.unref()
    worker.on('message', ({ id, bytes }: RecompressionResult) => {
      const task = thread.pending.get(id)
      thread.pending.delete(id)
      task?.done(bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    })
    // An error is followed by the exit.
    worker.on('error', () => {})
    worker.once('exit', () => {
      const at = this.#threads.indexOf(thread)
      if (at >= 0) this.#threads.splice(at, 1)
      for (const { batch, codec, level, done } of thread.pending.values())
        void recompressHere(batch, codec, level).then(done)
      thread.pending.clear()
    })
    this.#threads.push(thread)
    return thread
  }
}

async function recompressHere(
  batch: Buffer,
  codec: Compression,
  level: number | undefined,
): Promise<Buffer | null> {
  await loadCompression()
  return recompressed(batch, codec, level)
}
