import type { LogConfig } from './log-config.ts'
import type { LogContext } from './log-context.ts'
import type { RetainedSegment } from './retention.ts'
import { Segment } from './segment.ts'
import { asStorageError } from './storage-error.ts'

/** The segments of one log, oldest first, at least one; the last takes appends. */
export class LogSegments {
  readonly list: Segment[]
  readonly #context: LogContext
  readonly #directory: string
  #isClosed = false

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

  baseOffsets(): readonly number[] {
    return this.list.map((segment) => segment.baseOffset)
  }

  get byteLength(): number {
    return this.list.reduce((sum, segment) => sum + segment.byteLength, 0)
  }

  /** Puts a new segment, which has no file yet, at the end. */
  add(baseOffset: number, config: LogConfig): Segment {
    const { fileSystem, environment } = this.#context
    const jitterMsMax = Math.min(config.segmentJitterMs, config.segmentMs)
    const segment = new Segment({
      fileSystem,
      directory: this.#directory,
      baseOffset,
      createdMs: environment.wallMs(),
      jitterMs: Math.floor(environment.random() * jitterMsMax),
      isOnDisk: false,
    })
    this.list.push(segment)
    return segment
  }

  /** Nothing more is written to a segment: what of it is in memory may go when others need the room. */
  sealed(segment: Segment): void {
    if (this.list.includes(segment)) this.#context.segmentCache.touch(segment)
  }

  /** Removes the segments that start behind `offset`, names and all; the last one left is ready to be changed. */
  async cutBehind(offset: number, config: LogConfig): Promise<void> {
    const before = this.list.length
    while (this.list.length > 1 && this.active.baseOffset > offset) await this.#remove(this.list.pop()!)
    if (this.list.length < before) await this.#context.fileSystem.syncDirectory(this.#directory)
    const { active } = this
    this.#context.segmentCache.forget(active)
    if (!active.isOnDisk) return
    await active.open()
    await active.loadIndexes(config.indexIntervalBytes)
  }

  /** Removes them all; one that starts at `startOffset` takes their place. */
  async replaceAll(startOffset: number, config: LogConfig): Promise<void> {
    for (const segment of this.list.splice(0)) await this.#remove(segment)
    await this.#context.fileSystem.syncDirectory(this.#directory)
    this.add(startOffset, config)
  }

  async #remove(segment: Segment): Promise<void> {
    this.#context.segmentCache.forget(segment)
    segment.closeFile()
    if (!segment.isOnDisk) return
    await segment.markDeleted()
    await segment.unlinkDeleted()
  }

  /**
   * Deletes what lies wholly below `startOffset`, of the segments before `busy`: at once for readers to come, the files
   * after the delay. Resolves to the number of segments.
   */
  async deleteBelow(startOffset: number, busy: Segment, config: LogConfig): Promise<number> {
    let count = 0
    while (this.list.length > 1 && this.list[0] !== busy && this.list[1]!.baseOffset <= startOffset) {
      const segment = this.list.shift()!
      count++
      this.#context.segmentCache.forget(segment)
      segment.closeFile()
      await this.#deleteLater(segment, config.fileDeleteDelayMs)
    }
    return count
  }

  async #deleteLater(segment: Segment, delayMs: number): Promise<void> {
    const { environment, health } = this.#context
    const failed = (error: unknown): void => health.fail(asStorageError(error, segment.path))
    await segment.markDeleted().catch(failed)
    environment.setTimer(delayMs, () => {
      if (!this.#isClosed && health.failure === null) segment.unlinkDeleted().catch(failed)
    })
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
    for (const segment of this.list) {
      this.#context.segmentCache.forget(segment)
      segment.closeFile()
    }
  }
}
