import { Worker } from 'node:worker_threads'
import { loadCompression, UnpackScratch } from '../../protocol/compression.ts'
import type { Recompressed } from '../../protocol/recompression.ts'
import { type BatchResult, type BatchTask, type BatchWork, workOn } from './batch-work.ts'

const THREADS_MAX = 2
/** Batches that a thread has at a time: one it works on, and one so that it need not wait for the next. */
const THREAD_BATCHES_MAX = 2

interface Pending {
  readonly batch: Buffer
  readonly copy: Uint8Array<ArrayBuffer> | null
  readonly work: BatchWork
  done(result: Recompressed): void
  failed(error: unknown): void
}

interface Thread {
  readonly worker: Worker
  readonly pending: Map<number, Pending>
}

/**
 * Works on batches in threads of their own, which are made when they are first needed. What is unpacked there is bounded:
 * one batch a thread, each within its limits. Those who have several batches to be worked on take turns, so that nobody
 * waits for all that another one has sent. Run from its source, which threads can't load on every Node, it works in the
 * calling thread; so it does with what a thread that died had to do, and where the system gives no thread.
 */
export class BatchThreads {
  readonly #threads: Thread[] = []
  /** null: all is done in the calling thread. */
  readonly #start: (() => Worker) | null
  /** By whose turn it is: what no thread has yet, in the order in which it came. */
  readonly #waiting = new Map<object, Pending[]>()
  #nextId = 0
  #isClosed = false

  /** `start` makes a thread that serves as `batch-worker.ts` does. */
  constructor(start: (() => Worker) | null = import.meta.url.endsWith('.ts') ? null : startWorker) {
    this.#start = start
  }

  /**
   * Does the work on a batch of `owner`, whose shape has been checked. `batch` is borrowed until it resolves. `copy` is the
   * same bytes, which a thread may have for good; null: they are copied when a thread is free, which is for batches that
   * are quickly copied.
   */
  run(
    owner: object,
    batch: Buffer,
    work: BatchWork,
    copy: Uint8Array<ArrayBuffer> | null = null,
  ): Promise<Recompressed> {
    const start = this.#start
    if (start === null || this.#isClosed) return workHere(batch, work)
    return new Promise((resolve, reject) => {
      const pending = { batch, copy, work, done: resolve, failed: reject }
      const waiting = this.#waiting.get(owner)
      if (waiting === undefined) this.#waiting.set(owner, [pending])
      else waiting.push(pending)
      this.#handOut(start)
    })
  }

  /** Ends the threads. What waits, and what comes later, is done in the calling one. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#finishWaiting()
    await Promise.all([...this.#threads].map(({ worker }) => worker.terminate()))
  }

  #finishWaiting(): void {
    const waiting = [...this.#waiting.values()].flat()
    this.#waiting.clear()
    for (const pending of waiting) finishHere(pending)
  }

  /** Gives threads that have room what waits, of each owner one. */
  #handOut(start: () => Worker): void {
    for (const [owner, waiting] of this.#waiting) {
      const thread = this.#idlest(start)
      if (thread === null) {
        this.#finishWaiting()
        return
      }
      if (thread.pending.size >= THREAD_BATCHES_MAX) return
      const pending = waiting.shift()!
      // Whoever has more is at the end of the line again.
      this.#waiting.delete(owner)
      if (waiting.length > 0) this.#waiting.set(owner, waiting)
      const bytes = pending.copy ?? new Uint8Array(pending.batch)
      const id = this.#nextId++
      thread.pending.set(id, pending)
      const task: BatchTask = { id, bytes, ...pending.work }
      thread.worker.postMessage(task, [bytes.buffer])
    }
  }

  /** null: there is none, and the system gives none. */
  #idlest(start: () => Worker): Thread | null {
    let idlest: Thread | null = null
    for (const thread of this.#threads)
      if (idlest === null || thread.pending.size < idlest.pending.size) idlest = thread
    const isBusy = idlest === null || idlest.pending.size > 0
    return isBusy && this.#threads.length < THREADS_MAX ? (this.#begin(start) ?? idlest) : idlest
  }

  #begin(start: () => Worker): Thread | null {
    let worker: Worker
    try {
      worker = start()
    } catch {
      return null
    }
    const thread: Thread = { worker, pending: new Map() }
    worker.unref()
    worker.on('message', ({ id, verdict, bytes }: BatchResult) => {
      const pending = thread.pending.get(id)
      thread.pending.delete(id)
      const batch = bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      pending?.done({ verdict, batch })
      if (!this.#isClosed) this.#handOut(start)
    })
    // An error is followed by the exit.
    worker.on('error', () => {})
    worker.once('exit', () => {
      const at = this.#threads.indexOf(thread)
      if (at >= 0) this.#threads.splice(at, 1)
      for (const pending of thread.pending.values()) finishHere(pending)
      thread.pending.clear()
      if (!this.#isClosed) this.#handOut(start)
    })
    this.#threads.push(thread)
    return thread
  }
}

function startWorker(): Worker {
  return new Worker(new URL('./batch-worker.js', import.meta.url))
}

/** What nobody foresaw, as that there is no memory for it here either, is the affair of who asked. */
function finishHere({ batch, work, done, failed }: Pending): void {
  workHere(batch, work).then(done, failed)
}

async function workHere(batch: Buffer, work: BatchWork): Promise<Recompressed> {
  await loadCompression()
  return workOn(batch, work, new UnpackScratch(0))
}
