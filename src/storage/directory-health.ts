import type { StorageError } from './storage-error.ts'

/**
 * Whether what a log directory says can still be believed. After the first failed write, sync, truncate or rename it
 * can't: the kernel may have dropped the pages and called them clean, and a second sync would lie. So failure is for
 * good, for every log of the directory, in the turn it is seen.
 */
export class DirectoryHealth {
  #failure: StorageError | null = null
  readonly #listeners = new Set<(failure: StorageError) => void>()

  get failure(): StorageError | null {
    return this.#failure
  }

  /** Called once, synchronously, when the directory fails. Returns how to take it back. */
  onFailure(listener: (failure: StorageError) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  fail(error: StorageError): void {
    if (this.#failure !== null) return
    this.#failure = error
    for (const listener of this.#listeners) listener(error)
  }
}
