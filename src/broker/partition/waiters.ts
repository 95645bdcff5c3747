import type { Environment, Timer } from '../../base/environment.ts'

/** Told once when the offset it waits for is reached, or why it never will be. 0 is "reached". */
export interface OffsetWaiter {
  reached(errorCode: number): void
}

interface Waiting {
  readonly endOffset: number
  readonly deadlineMs: number
  readonly waiter: OffsetWaiter
}

/**
 * Those who wait for a log to reach an offset, in order of it (appends are answered in order, so the queue is sorted
 * by construction). Reaching and failing is synchronous, on the turn that moved the log.
 */
export class OffsetWaiters {
  #queue: Waiting[] = []
  #head = 0

  get count(): number {
    return this.#queue.length - this.#head
  }

  add(endOffset: number, deadlineMs: number, waiter: OffsetWaiter): void {
    const last = this.#queue.length - 1
    const entry = { endOffset, deadlineMs, waiter }
    if (last < this.#head || this.#queue[last]!.endOffset <= endOffset) {
      this.#queue.push(entry)
      return
    }
    // A retry of an older batch that waits for its original: rare, so a linear search from the back.
    let index = last
    while (index >= this.#head && this.#queue[index]!.endOffset > endOffset) index--
    this.#queue.splice(index + 1, 0, entry)
  }

  /** The log has reached `endOffset`. */
  advance(endOffset: number): void {
    while (this.#head < this.#queue.length && this.#queue[this.#head]!.endOffset <= endOffset) {
      const { waiter } = this.#queue[this.#head]!
      this.#queue[this.#head++] = SPENT
      waiter.reached(0)
    }
    if (this.#head === this.#queue.length) {
      this.#queue.length = 0
      this.#head = 0
    } else if (this.#head > 1024 && this.#head * 2 > this.#queue.length) {
      this.#queue.splice(0, this.#head)
      this.#head = 0
    }
  }

  /** Nobody's offset will be reached: the partition is deleted, or its disk has failed. */
  fail(errorCode: number): void {
    const failed = this.#queue.slice(this.#head)
    this.#queue.length = 0
    this.#head = 0
    for (const { waiter } of failed) waiter.reached(errorCode)
  }

  /** Those behind `endOffset` need not wait: what they wait for is queued, and nobody knows for how long. */
  failBeyond(endOffset: number, errorCode: number): void {
    let end = this.#queue.length
    while (end > this.#head && this.#queue[end - 1]!.endOffset > endOffset) end--
    if (end === this.#queue.length) return
    const failed = this.#queue.splice(end)
    for (const { waiter } of failed) waiter.reached(errorCode)
  }

  /** Fails those whose deadline has passed. */
  expire(nowMs: number, errorCode: number): void {
    const expired: Waiting[] = []
    const kept: Waiting[] = []
    for (let index = this.#head; index < this.#queue.length; index++) {
      const entry = this.#queue[index]!
      if (entry.deadlineMs <= nowMs) expired.push(entry)
      else kept.push(entry)
    }
    if (expired.length === 0) return
    this.#queue = kept
    this.#head = 0
    for (const { waiter } of expired) waiter.reached(errorCode)
  }
}

const SPENT: Waiting = { endOffset: 0, deadlineMs: 0, waiter: { reached() {} } }

/**
 * A parked fetch: it counts what its partitions gain and wakes once when that is enough, when a partition has news
 * that can't wait, or when its time is over. It holds no buffers; who wakes plans again from the start.
 */
export class FetchWatch {
  #neededBytes: number
  #wake: (() => void) | null
  #timer: Timer | null = null
  #watched: FetchWatchers[] = []

  constructor(neededBytes: number, wake: () => void) {
    this.#neededBytes = neededBytes
    this.#wake = wake
  }

  /** Starts the clock. May be called once. */
  start(environment: Environment, waitMs: number): void {
    if (this.#wake !== null) this.#timer = environment.setTimer(waitMs, () => this.wake())
  }

  watch(watchers: FetchWatchers): void {
    if (this.#wake === null) return
    watchers.add(this)
    this.#watched.push(watchers)
  }

  gained(bytes: number): void {
    this.#neededBytes -= bytes
    if (this.#neededBytes <= 0) this.wake()
  }

  wake(): void {
    const wake = this.#wake
    this.cancel()
    wake?.()
  }

  /** Forgets everything without waking: its connection is gone. */
  cancel(): void {
    this.#wake = null
    this.#timer?.cancel()
    this.#timer = null
    for (const watchers of this.#watched) watchers.delete(this)
    this.#watched = []
  }
}

/** The parked fetches of one partition and isolation level. */
export class FetchWatchers {
  readonly #set = new Set<FetchWatch>()

  get count(): number {
    return this.#set.size
  }

  add(watch: FetchWatch): void {
    this.#set.add(watch)
  }

  delete(watch: FetchWatch): void {
    this.#set.delete(watch)
  }

  gained(bytes: number): void {
    if (this.#set.size === 0) return
    for (const watch of [...this.#set]) watch.gained(bytes)
  }

  wakeAll(): void {
    for (const watch of [...this.#set]) watch.wake()
  }
}
