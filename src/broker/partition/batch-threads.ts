import { Worker } from 'node:worker_threads'
import { loadCompression, UnpackScratch } from '../../protocol/compression.ts'
import type { Recompressed } from '../../protocol/recompression.ts'
import { type BatchResult, type BatchTask, type BatchWork, workOn } from './batch-work.ts'

const THREADS_MAX = 2

interface Pending {
  readonly batch: Buffer
  readonly work: BatchWork
  done(result: Recompressed): void
}

interface Thread {
  readonly worker: Worker
  readonly pending: Map<number, Pending>
}

/**
 * Works on batches in threads of their own, which are made when they are first needed. What is unpacked there is bounded:
 * one batch a thread, each within its limits. Run from its source, which threads can't load on every Node, it works in the
 * calling thread; so it does with what a thread that died had to do.
 */
export class BatchThreads {
  readonly #threads: Thread[] = []
  readonly #isThreaded = !import.meta.url.endsWith('.ts')
  #nextId = 0
  #isClosed = false

  /**
   * Does the work on a batch, whose shape has been checked. `batch` is borrowed until it resolves; `copy`, its bytes, is
   * the thread's from now on.
   */
  run(batch: Buffer, copy: Uint8Array<ArrayBuffer>, work: BatchWork): Promise<Recompressed> {
    if (!this.#isThreaded || this.#isClosed) return workHere(batch, work)
    const thread = this.#idlest()
    const id = this.#nextId++
    return new Promise((resolve) => {
      thread.pending.set(id, { batch, work, done: resolve })
      const task: BatchTask = { id, bytes: copy, ...work }
      thread.worker.postMessage(task, [copy.buffer])
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
    const worker = new Worker(new URL('./batch-worker.js', import.meta.url))
    const thread: Thread = { worker, pending: new Map() }
    worker.unref()
    worker.on('message', ({ id, verdict, bytes }: BatchResult) => {
      const pending = thread.pending.get(id)
      thread.pending.delete(id)
      const batch = bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      pending?.done({ verdict, batch })
    })
    // An error is followed by the exit.
    worker.on('error', () => {})
    worker.once('exit', () => {
      const at = this.#threads.indexOf(thread)
      if (at >= 0) this.#threads.splice(at, 1)
      for (const { batch, work, done } of thread.pending.values()) void workHere(batch, work).then(done)
      thread.pending.clear()
    })
    this.#threads.push(thread)
    return thread
  }
}

async function workHere(batch: Buffer, work: BatchWork): Promise<Recompressed> {
  await loadCompression()
  return workOn(batch, work, new UnpackScratch(0))
}
