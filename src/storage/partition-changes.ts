import type { LogContext } from './log-context.ts'
import { asStorageError, isLack, StorageError } from './storage-error.ts'

const LACK_PROBE_MS = 1000

/** What is being made and deleted in a data directory: whoever closes it waits for that, and nothing is begun any more. */
export class PartitionChanges {
  readonly #context: LogContext
  readonly #underWay = new Set<Promise<number>>()
  /** Those who wait for room. */
  readonly #waiting = new Set<() => void>()
  #isClosing = false

  constructor(context: LogContext) {
    this.#context = context
  }

  get isClosing(): boolean {
    return this.#isClosing
  }

  /** Throws StorageError: the directory of this path is being closed. */
  refuseIfClosing(path: string): void {
    if (this.#isClosing) throw new StorageError('io', path, 'the data directory is being closed')
  }

  /** Does `work`, which resolves to what the journal was told. */
  async run(work: () => Promise<number>): Promise<number> {
    const change = work()
    this.#underWay.add(change)
    try {
      return await change
    } finally {
      this.#underWay.delete(change)
    }
  }

  /**
   * Does `step` again until there is room for it, or a descriptor; not once the directory is being closed. What else fails
   * ends the directory.
   */
  async insist(step: () => Promise<void>, path: string): Promise<void> {
    const { environment, health } = this.#context
    for (;;) {
      try {
        return await step()
      } catch (error) {
        const failure = asStorageError(error, path)
        if (!isLack(failure)) health.fail(failure)
        if (!isLack(failure) || this.#isClosing) throw failure
      }
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          timer.cancel()
          this.#waiting.delete(wake)
          resolve()
        }
        const timer = environment.setTimer(LACK_PROBE_MS, wake)
        this.#waiting.add(wake)
      })
    }
  }

  /** Resolves when nothing is under way, and nothing will be. */
  async close(): Promise<void> {
    this.#isClosing = true
    for (const wake of this.#waiting) wake()
    await Promise.allSettled(this.#underWay)
  }
}
