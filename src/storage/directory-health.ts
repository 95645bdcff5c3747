import type { Lack, StorageError } from './storage-error.ts'

/**
 * Whether what a log directory says can still be believed. After the first failed write, sync, truncate or rename it
 * can't: the kernel may have dropped the pages and called them clean, and a second sync would lie. So failure is for
 * good, for every log of the directory, in the turn it is seen.
 */
export class DirectoryHealth {
  #failure: StorageError | null = null
  readonly #listeners = new Set<(failure: StorageError) => void>()
  /** Logs that wait for room. */
  readonly #full = new Map<string, Lack>()
  /** The disk has not answered for so long that nothing more is taken until it does (see StallWatch, who sets it). */
  isStalled = false
  /** Called when the first log finds no room, and when the last one has room again. Set by the directory. */
  onFullness: ((lack: Lack | null, log: string) => void) | null = null

  get failure(): StorageError | null {
    return this.#failure
  }

  /** Whether a log waits for room on the disk. */
  get isFull(): boolean {
    for (const lack of this.#full.values()) if (lack === 'no-space') return true
    return false
  }

  /** Called once, synchronously, when the directory fails. Returns how to take it back. */
  onFailure(listener: (failure: StorageError) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The log of that directory finds no room, or no descriptor, for what it has taken. */
  foundFull(log: string, lack: Lack): void {
    this.#full.set(log, lack)
    if (this.#full.size === 1) this.onFullness?.(lack, log)
  }

  /** It has room again, or is closed. */
  foundRoom(log: string): void {
    if (this.#full.delete(log) && this.#full.size === 0) this.onFullness?.(null, log)
  }

  fail(error: StorageError): void {
    if (this.#failure !== null) return
    this.#failure = error
    for (const listener of this.#listeners) listener(error)
  }
}
