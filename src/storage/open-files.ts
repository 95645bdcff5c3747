import type { Environment } from '../base/environment.ts'
import type { Turn } from '../base/turn.ts'
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
/** Files that are closed for one that is used, where there are more than are kept: those of a burst go by and by. */
const CLOSED_FOR_ONE_MAX = 2

/**
 * The open files of all logs of a directory, least recently used first out: those that are in use stay. A file that nobody
 * has used for a while is closed too, so that logs which nobody writes to or reads hold none.
 */
export class OpenFiles {
  readonly #fileSystem: FileSystem
  readonly #slots: FileSlots
  readonly #holders = new Set<FileHolder>()
  /**
   * Those that were not busy when they were last heard of, in the order of their last use. However many files are busy at a
   * time, nobody looks for an idle one among them.
   */
  readonly #idle = new Set<FileHolder>()
  #recent = new Set<FileHolder>()
  readonly #environment: Environment
  /** In the order in which they came. */
  readonly #waiting = new Set<() => void>()
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
    this.#wakeNext()
  }

  /** A holder can do without its file now: whoever has waited for longest may have its place. */
  idle(holder: FileHolder): void {
    this.#noteIdle(holder)
    this.#wakeNext()
  }

  #noteIdle(holder: FileHolder): void {
    this.#idle.delete(holder)
    if (this.#holders.has(holder)) this.#idle.add(holder)
  }

  #wakeNext(): void {
    for (const wake of this.#waiting) {
      wake()
      return
    }
  }

  #change(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        timer.cancel()
        this.#waiting.delete(wake)
        resolve()
      }
      const timer = this.#environment.setTimer(waitMs, wake)
      this.#waiting.add(wake)
    })
  }

  /** Its file is open, and has just been used. */
  touch(holder: FileHolder): void {
    this.#holders.add(holder)
    this.#recent.add(holder)
    this.#noteIdle(holder)
    for (let closed = 0; closed < CLOSED_FOR_ONE_MAX; closed++)
      if (this.#holders.size <= this.#slots.keptMax || !this.#closeOldest()) return
  }

  /** It has let its file go. */
  forget(holder: FileHolder): void {
    this.#holders.delete(holder)
    this.#idle.delete(holder)
    this.#recent.delete(holder)
  }

  /** Closes what nobody has used since the last call. */
  async closeUnused(turn: Turn): Promise<void> {
    const recent = this.#recent
    this.#recent = new Set()
    for (const holder of this.#holders) {
      if (!recent.has(holder) && !this.#recent.has(holder) && !holder.isBusy) holder.closeFile()
      if (turn.isOver) await turn.next()
    }
  }

  #closeOldest(): boolean {
    for (const holder of this.#idle) {
      if (holder.isBusy) {
        // It is heard of again when it is not.
        this.#idle.delete(holder)
        continue
      }
      const before = this.#holders.size
      holder.closeFile()
      if (this.#holders.size < before) return true
    }
    return false
  }
}
