import type { FileSystem } from './file-system.ts'

/**
 * Syncs of one directory for many who change names in it side by side: whoever asks while one is under way shares the next
 * with all others who do. A failure is that of all who shared it.
 */
export class SharedSync {
  readonly #fileSystem: FileSystem
  readonly #path: string
  #running: Promise<void> = Promise.resolve()
  #next: Promise<void> | null = null

  constructor(fileSystem: FileSystem, path: string) {
    this.#fileSystem = fileSystem
    this.#path = path
  }

  /** Resolves when the names are durable that were there when this was called. @throws StorageError */
  sync(): Promise<void> {
    this.#next ??= this.#begin(this.#running)
    return this.#next
  }

  async #begin(before: Promise<void>): Promise<void> {
    await before
    const syncing = this.#fileSystem.syncDirectory(this.#path)
    this.#next = null
    // Those who come next wait for its end, whatever that is.
    this.#running = syncing.catch(() => {})
    await syncing
  }
}
