import type { Environment } from '../base/environment.ts'
import type { FileSystem, OpenFile, OpenMode } from './file-system.ts'
import { StorageError } from './storage-error.ts'

/** Where the descriptors of log files come from. */
export interface FileSlots {
  /** So many may stay open when they are not needed. */
  readonly keptMax: number
  /** Takes one; false where there is none left. */
  take(): boolean
  release(): void
}

/** As many as are asked for: for tools that open a file at a time. */
export const UNLIMITED_SLOTS: FileSlots = {
  keptMax: Number.POSITIVE_INFINITY,
  take: () => true,
  release: () => {},
}

/** Whoever has a file open that it can do without. */
export interface FileHolder {
  /** Whether the file is needed now: something is being written or not synced, or somebody else holds it. */
  readonly isBusy: boolean
  /** Lets the file go; it is closed when no reader holds it any more. */
  closeFile(): void
}

/** How long somebody who opens a file waits for others who write to theirs. */
const WAIT_MS_MAX = 1000

/**
 * The open files of all logs of a directory, least recently used first out: those that are in use stay. A file that nobody
 * has used for a while is closed too, so that logs which nobody writes to or reads hold none.
 */
export class OpenFiles {
  readonly #fileSystem: FileSystem
  readonly #slots: FileSlots
  /** In the order of their last use. */
  readonly #holders = new Set<FileHolder>()
  readonly #recent = new Set<FileHolder>()
  readonly #environment: Environment
  #waiting: (() => void)[] = []
  #count = 0

  constructor(fileSystem: FileSystem, environment: Environment, slots: FileSlots) {
    this.#fileSystem = fileSystem
    this.#environment = environment
    this.#slots = slots
  }

  /** Open files, with those that only readers hold. */
  get count(): number {
    return this.#count
  }

  /**
   * Opens a file, if need be in the place of others. Throws StorageError `no-descriptors` where all are in use
   * for longer than a second. `closed` is to be called when it has been closed.
   */
  async open(path: string, mode: OpenMode): Promise<OpenFile> {
    const deadlineMs = this.#environment.monotonicMs() + WAIT_MS_MAX
    while (!this.#slots.take()) {
      if (this.#closeOldest()) continue
      const waitMs = deadlineMs - this.#environment.monotonicMs()
      if (waitMs <= 0) throw new StorageError('no-descriptors', path, 'too many files are open')
      await this.#change(waitMs)
    }
    this.#count++
    try {
      for (;;) {
        try {
          return await this.#fileSystem.open(path, mode)
        } catch (error) {
          // Others of the process have taken what the limit of the system allows.
          const isLack = error instanceof StorageError && error.fault === 'no-descriptors'
          if (!isLack || !this.#closeOldest()) throw error
        }
      }
    } catch (error) {
      this.closed()
      throw error
    }
  }

  /** The descriptor of a file is free again. */
  closed(): void {
    this.#count--
    this.#slots.release()
    this.idle()
  }

  /** A holder can do without its file now: whoever has waited for longest may have its place. */
  idle(): void {
    this.#waiting.shift()?.()
  }

  #change(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        timer.cancel()
        resolve()
      }
      const timer = this.#environment.setTimer(waitMs, () => {
        this.#waiting.splice(this.#waiting.indexOf(wake), 1)
        resolve()
      })
      this.#waiting.push(wake)
    })
  }

  /** Its file is open, and has just been used. */
  touch(holder: FileHolder): void {
    this.#holders.delete(holder)
    this.#holders.add(holder)
    this.#recent.add(holder)
    while (this.#holders.size > this.#slots.keptMax) if (!this.#closeOldest()) return
  }

  /** It has let its file go. */
  forget(holder: FileHolder): void {
    this.#holders.delete(holder)
    this.#recent.delete(holder)
  }

  /** Closes what nobody has used since the last call. */
  closeUnused(): void {
    for (const holder of this.#holders) if (!this.#recent.has(holder) && !holder.isBusy) holder.closeFile()
    this.#recent.clear()
  }

  #closeOldest(): boolean {
    for (const holder of this.#holders) {
      if (holder.isBusy) continue
      const before = this.#holders.size
      holder.closeFile()
      if (this.#holders.size < before) return true
    }
    return false
  }
}
