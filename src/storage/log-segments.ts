import type { Timer } from '../base/environment.ts'
import type { LogConfig } from './log-config.ts'
import type { LogContext } from './log-context.ts'
import type { RetainedSegment } from './retention.ts'
import { Segment } from './segment.ts'
import { decideSwap, finishSwap } from './segment-swaps.ts'
import { asStorageError, isLack } from './storage-error.ts'

/** The segments of one log, oldest first, at least one; the last takes appends. */
export class LogSegments {
  readonly list: Segment[]
  readonly #context: LogContext
  readonly #directory: string
  /** The change of files that is under way. */
  #changing: Promise<unknown> = Promise.resolve()
  #isClosed = false
  /** Of the files of segments that are gone; what is cancelled is done at the next opening. */
  readonly #removals = new Set<Timer>()

  constructor(context: LogContext, directory: string, segments: Segment[]) {
    this.#context = context
    this.#directory = directory
    this.list = segments
  }

  get count(): number {
    return this.list.length
  }

  get active(): Segment {
    return this.list[this.list.length - 1]!
  }

  /** Changes of files come one after the other, so that each finds the names as they were left. */
  #exclusive<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#changing.then(change)
    this.#changing = done.catch(() => {})
    return done
  }

  /** Resolves when no change of files is under way. */
  async settled(): Promise<void> {
    await this.#changing
  }

  baseOffsets(): readonly number[] {
    return this.list.map((segment) => segment.baseOffset)
  }

  get byteLength(): number {
    return this.list.reduce((sum, segment) => sum + segment.byteLength, 0)
  }

  /** Puts a new segment, which has no file yet, at the end. */
  add(baseOffset: number, config: LogConfig): Segment {
    const { fileSystem, openFiles, environment } = this.#context
    const jitterMsMax = Math.min(config.segmentJitterMs, config.segmentMs)
    const segment = new Segment({
      fileSystem,
      openFiles,
      directory: this.#directory,
      baseOffset,
      createdMs: environment.wallMs(),
      jitterMs: Math.floor(environment.random() * jitterMsMax),
      isOnDisk: false,
      preallocatedBytes: config.preallocates ? config.segmentBytesMax : 0,
    })
    this.list.push(segment)
    return segment
  }

  /** Nothing more is written to a segment: what of it is in memory may go when others need the room. */
  sealed(segment: Segment): void {
    if (this.list.includes(segment)) this.#context.segmentCache.touch(segment)
  }

  /**
   * Removes the segments that start behind `offset`, names and all, and makes it the end of the last one left: `positionOf`
   * says where in its file that is. The file itself is not cut.
   */
  async cutTo(
    offset: number,
    config: LogConfig,
    positionOf: (segment: Segment) => Promise<number>,
  ): Promise<void> {
    await this.#exclusive(() => this.#cutBehind(offset, config))
    const { active } = this
    // What was to be its first batch has been cut off before it was written.
    if (!active.isOnDisk) return active.beginAnew()
    const end = offset >= active.endOffset ? active.byteLength : await positionOf(active)
    await active.truncateTo(end, config.indexIntervalBytes)
  }

  async #cutBehind(offset: number, config: LogConfig): Promise<void> {
    const before = this.list.length
    while (this.list.length > 1 && this.active.baseOffset > offset) await this.#remove(this.list.pop()!)
    if (this.list.length < before) await this.#context.fileSystem.syncDirectory(this.#directory)
    const { active } = this
    this.#context.segmentCache.forget(active)
    if (!active.isOnDisk) return
    await active.loadIndexes(config.indexIntervalBytes)
  }

  /** Removes them all; one that starts at `startOffset` takes their place. */
  replaceAll(startOffset: number, config: LogConfig): Promise<void> {
    return this.#exclusive(async () => {
      for (const segment of this.list.splice(0)) await this.#remove(segment)
      await this.#context.fileSystem.syncDirectory(this.#directory)
      this.add(startOffset, config)
    })
  }

  /**
   * Puts `fresh`, whose bytes are synced under its name with `.cleaned` and whose file is pinned, in the place of the
   * neighbours `old`, of which the first has the same base offset. False: they are not there any more, and nothing has
   * changed. Readers that hold an old file read on. `before` runs when nothing can come in between any more, and may lack
   * room: nothing has changed then. What else fails here ends the directory.
   */
  compact(
    old: readonly Segment[],
    fresh: Segment,
    delayMs: number,
    before: () => Promise<void>,
  ): Promise<boolean> {
    return this.#exclusive(async () => {
      const { fileSystem, health, segmentCache } = this.#context
      const at = this.list.indexOf(old[0]!)
      const areThere = at >= 0 && old.every((segment, index) => this.list[at + index] === segment)
      if (!areThere || this.#isClosed || health.failure !== null) return false
      try {
        await before()
      } catch (error) {
        if (!isLack(error)) health.fail(asStorageError(error, fresh.path))
        throw error
      }
      try {
        await decideSwap(fileSystem, this.#directory, fresh.baseOffset)
        this.list.splice(at, old.length, fresh)
        for (const segment of old) {
          segmentCache.forget(segment)
          segment.file.retire()
        }
        for (const segment of old) await segment.markDeleted(segment === old[0])
        // The old indexes are gone for good before there is a log file that they don't belong to.
        await fileSystem.syncDirectory(this.#directory)
        // As long as the swap is not finished a start makes them anew: from then on nobody looks whether they are whole.
        await fresh.seal(true)
        await finishSwap(fileSystem, this.#directory, fresh.baseOffset)
      } catch (error) {
        health.fail(asStorageError(error, fresh.path))
        throw error
      } finally {
        fresh.file.isPinned = false
      }
      this.sealed(fresh)
      this.#unlinkLater(old, delayMs)
      return true
    })
  }

  async #remove(segment: Segment): Promise<void> {
    this.#context.segmentCache.forget(segment)
    segment.file.closeFile()
    if (!segment.isOnDisk) return
    await segment.markDeleted()
    await segment.unlinkDeleted()
  }

  /**
   * Deletes what lies wholly below `startOffset`, of the segments before `busy`: at once for readers to come, the files
   * after the delay. Resolves to the number of segments.
   */
  deleteBelow(startOffset: number, busy: Segment, config: LogConfig): Promise<number> {
    return this.#exclusive(() => this.#deleteBelow(startOffset, busy, config))
  }

  async #deleteBelow(startOffset: number, busy: Segment, config: LogConfig): Promise<number> {
    let count = 0
    while (this.list.length > 1 && this.list[0] !== busy && this.list[1]!.baseOffset <= startOffset) {
      const segment = this.list.shift()!
      count++
      this.#context.segmentCache.forget(segment)
      segment.file.closeFile()
      await this.#deleteLater(segment, config.fileDeleteDelayMs)
    }
    return count
  }

  async #deleteLater(segment: Segment, delayMs: number): Promise<void> {
    await segment.markDeleted().catch((error: unknown) => this.#removalFailed(error, segment.path))
    this.#unlinkLater([segment], delayMs)
  }

  #unlinkLater(segments: readonly Segment[], delayMs: number): void {
    const { environment, health } = this.#context
    const removal = environment.setTimer(delayMs, () => {
      this.#removals.delete(removal)
      void this.#exclusive(async () => {
        for (const segment of segments) {
          if (this.#isClosed || health.failure !== null) return
          await segment.unlinkDeleted()
        }
      }).catch((error: unknown) => this.#removalFailed(error, this.#directory))
    })
    if (this.#isClosed) removal.cancel()
    else this.#removals.add(removal)
  }

  /** What is left of a segment that is gone, for a lack of room or descriptors, is removed at the next opening. */
  #removalFailed(error: unknown, path: string): void {
    if (!isLack(error)) this.#context.health.fail(asStorageError(error, path))
  }

  /** What retention decides by. */
  retained(): RetainedSegment[] {
    return this.list.map((segment) => ({
      byteLength: segment.byteLength,
      timestampMs: segment.maxTimestamp >= 0 ? segment.maxTimestamp : segment.createdMs,
      endOffset: segment.endOffset,
    }))
  }

  close(): void {
    this.#isClosed = true
    for (const removal of this.#removals) removal.cancel()
    this.#removals.clear()
    for (const segment of this.list) {
      this.#context.segmentCache.forget(segment)
      segment.file.closeFile()
    }
  }
}
