import { assert } from '../base/assert.ts'
import type { LogPosition } from '../base/log-position.ts'
import type { Uuid } from '../base/uuid.ts'
import { batchBaseOffset, batchBytes, batchLeaderEpoch } from '../protocol/record-batch.ts'
import { Appender } from './appender.ts'
import { walkBatches, walkOutlines } from './batch-walk.ts'
import type { JournalGroup } from './journal-record.ts'
import { LogClaim } from './log-claim.ts'
import { LogCompaction } from './log-compaction.ts'
import type { LogConfig } from './log-config.ts'
import type { LogContext, LogRefusal, OpenedLog } from './log-context.ts'
import { LogMarks } from './log-marks.ts'
import type { LogRead } from './log-read.ts'
import { type FoundRecord, LogReader } from './log-reader.ts'
import { type ReplayVisitor, replayBatches } from './log-replay.ts'
import { LogScrub } from './log-scrub.ts'
import { LogSegments } from './log-segments.ts'
import { LogSnapshots } from './log-snapshots.ts'
import type { Mark, Marks } from './marks.ts'
import { countExpiredSegments } from './retention.ts'
import type { Segment } from './segment.ts'
import { asStorageError, StorageError } from './storage-error.ts'
import type { CachedRun } from './tail-cache.ts'
import { type AbortedTransaction, TransactionIndex } from './transaction-index.ts'

export type { LogHooks, LogRefusal, TakenSnapshot } from './log-context.ts'
export type { LogRead } from './log-read.ts'
export type { FoundRecord } from './log-reader.ts'

/**
 * One partition's bytes: segments of record batches, the marks between them, and how far all of it is on the disk.
 * State changes synchronously; what the disk does about it comes back through `onProgress`.
 */
export class Log {
  readonly path: string
  readonly group: JournalGroup
  readonly compaction: LogCompaction
  readonly scrub: LogScrub
  /** Limit of retention, set by the owner. Nothing below it is ever cut off. */
  highWatermark: number
  config: LogConfig
  /** Called, synchronously, when written or durable end, the durability of a mark, or `refusal` changed. */
  onProgress: (() => void) | null = null
  readonly #context: LogContext
  readonly #marks: LogMarks
  readonly #claim: LogClaim
  readonly #snapshots: LogSnapshots
  readonly #segments: LogSegments
  readonly #aborted: TransactionIndex
  readonly #appender: Appender
  readonly #reader: LogReader
  readonly #run: CachedRun
  readonly #unwatchHealth: () => void
  #endOffset: number
  #damage: StorageError | null
  #isCutting = false
  #isClosed = false
  #checkpointing: Promise<void> = Promise.resolve()

  constructor(context: LogContext, opened: OpenedLog) {
    this.#context = context
    this.#segments = new LogSegments(context, opened.path, opened.segments)
    this.#aborted = new TransactionIndex(context.fileSystem, opened.path)
    this.#snapshots = new LogSnapshots(context, opened.path, opened.hooks, (offset) =>
      this.#aborted.persist(this.#segments.baseOffsets(), offset),
    )
    this.#damage = opened.damage
    this.path = opened.path
    this.group = opened.group
    this.config = opened.config
    this.highWatermark = opened.group.startOffset
    const { active } = this.#segments
    this.#endOffset = active.endOffset
    this.#marks = new LogMarks(context.journal, opened.group, () => this.#progressed())
    this.#claim = new LogClaim(context.journal, opened.group, active.endOffset, () => this.durablePosition())
    this.#run = context.tailCache.openRun()
    const parts = { context, segments: this.#segments, aborted: this.#aborted, run: this.#run }
    this.scrub = new LogScrub(this.#segments, () => this.#appender.segment)
    this.compaction = new LogCompaction(this, opened.cleanedEnd, parts)
    this.#appender = new Appender({
      fileSystem: context.fileSystem,
      environment: context.environment,
      health: context.health,
      directory: opened.path,
      segment: active,
      endOffset: active.endOffset,
      isCached: () => this.config.durability === 'cached',
      onRoll: (from, to) => this.#completeRoll(from, to),
      onProgress: () => this.#progressed(),
    })
    this.#reader = new LogReader(this, this.#segments.list, this.#run, context.segmentCache)
    this.#unwatchHealth = context.health.onFailure((failure) => {
      this.#appender.failed(failure)
      this.onProgress?.()
    })
    if (this.#damage === null) {
      this.#claim.register()
      this.#appender.start()
    }
  }

  get topic(): string {
    return this.group.topic
  }

  get partition(): number {
    return this.group.partition
  }

  get topicId(): Uuid {
    return this.group.topicId
  }

  get startOffset(): number {
    return this.group.startOffset
  }

  /** Next offset to be given; counts what is queued. */
  get endOffset(): number {
    return this.#endOffset
  }

  get writtenEndOffset(): number {
    return this.#appender.writtenEnd
  }

  get durableEndOffset(): number {
    return this.#appender.durableEnd
  }

  /** For readers: bytes of a segment that are in its file. */
  writtenBytes(segment: Segment): number {
    return this.#appender.writtenBytes(segment)
  }

  /** Bytes appended and not yet written. */
  get queuedBytes(): number {
    return this.#appender.queuedBytes
  }

  get sizeBytes(): number {
    return this.#segments.byteLength
  }

  get segmentCount(): number {
    return this.#segments.count
  }

  /** Read only for others. */
  get marks(): Marks {
    return this.group.marks
  }

  get hardState(): { readonly term: number; readonly votedFor: number | null } {
    return { term: this.group.term, votedFor: this.group.votedFor }
  }

  get damage(): StorageError | null {
    return this.#damage
  }

  /** A start has found records that what it must know depends on broken: the log is read, and takes nothing. */
  foundDamaged(fault: StorageError): void {
    this.#damage ??= fault
    this.#context.journal.forget(this.group.ref)
  }

  /** Why `append` may not be called now, or null. */
  refusal(): LogRefusal | null {
    if (this.#context.health.failure !== null) return 'failed'
    if (this.#isClosed) return 'closed'
    if (this.#damage !== null) return 'damaged'
    const { lack } = this.#appender
    if (lack !== null) return lack === 'no-space' ? 'full' : lack
    return this.#context.health.isStalled ? 'stalled' : null
  }

  /**
   * Takes one validated batch, stamped with an offset of at least `endOffset` and the term of the last mark. The bytes
   * are borrowed until `writtenEndOffset` has passed them (on a full disk that may be long after whoever sent them was
   * answered) or the log is closed. A batch that starts a new segment has the hooks take a snapshot first: what is
   * derived from a batch is derived after this returns.
   */
  append(batch: Buffer): void {
    assert(this.refusal() === null && !this.#isCutting, 'append to a log that refuses it')
    const baseOffset = batchBaseOffset(batch, 0)
    assert(baseOffset >= this.#endOffset, 'offsets only grow')
    assert(batchLeaderEpoch(batch, 0) === this.marks.last().term, 'a batch carries the term of its mark')
    let segment = this.#segments.active
    // Left by compaction elsewhere. It only ever lies between segments: within one, the scan after a crash expects none.
    const isGap = baseOffset > this.#endOffset
    if (isGap) this.compaction.cleanedEnd ??= this.startOffset
    if (isGap || segment.shouldRoll(batch, this.config)) segment = this.#roll(baseOffset)
    const position = segment.add(batch, 0, this.config.indexIntervalBytes)
    const end = segment.endOffset
    this.#endOffset = end
    this.#context.busyLogs.add(this)
    this.#snapshots.bytesSince += batch.length
    this.#run.add(batch, baseOffset, end, segment, position)
    this.#appender.enqueue(batch, segment, position, end)
  }

  #roll(baseOffset: number): Segment {
    this.#snapshots.take(baseOffset)
    return this.#segments.add(baseOffset, this.config)
  }

  /** `from` is synced and gets no more batches. */
  async #completeRoll(from: Segment, to: Segment): Promise<void> {
    await this.#snapshots.writeTaken(to.baseOffset)
    await from.seal(true)
    this.#segments.sealed(from)
  }

  /**
   * Whole batches, from the one that holds `fromOffset` on (E5): up to `maxBytes`, or one whole batch above it where
   * `atLeastOneBatch` (E3); never beyond `limitOffset`, which is a batch boundary; of one segment. What was not yet
   * written is not read. A promise where headers must be looked up on the disk.
   */
  read(
    fromOffset: number,
    maxBytes: number,
    limitOffset: number,
    atLeastOneBatch: boolean,
  ): LogRead | Promise<LogRead> {
    return this.#reader.read(fromOffset, maxBytes, limitOffset, atLeastOneBatch)
  }

  /** The first record that is not before `timestampMs`, below `limitOffset` (E13). */
  offsetForTimestamp(timestampMs: number, limitOffset: number): Promise<FoundRecord | null> {
    return this.#reader.offsetForTimestamp(timestampMs, limitOffset)
  }

  /** The first record with the latest timestamp, below `limitOffset` (E13: −3). */
  maxTimestampOffset(limitOffset: number): Promise<FoundRecord | null> {
    return this.#reader.maxTimestampOffset(limitOffset)
  }

  /** Kafka's OffsetForLeaderEpoch (E15). */
  endOffsetForEpoch(epoch: number): { epoch: number; endOffset: number } {
    return this.marks.endOffsetForEpoch(epoch, this.#endOffset)
  }

  /**
   * Shows every written batch from the one that holds `offset` on; below the start of the log, what is still there. Whole,
   * unless `walk` reads less. The bytes are borrowed during the call. Keeps no turn of the event loop for long.
   */
  async forEachBatchFrom(offset: number, visit: ReplayVisitor, walk = walkBatches): Promise<void> {
    const writtenBytes = (segment: Segment): number => this.writtenBytes(segment)
    const source = { segments: this.#segments.list, reader: this.#reader, writtenBytes }
    const from = Math.max(offset, this.#segments.list[0]!.baseOffset)
    await replayBatches(source, from, this.writtenEndOffset, visit, walk)
  }

  /** A marker that was appended has aborted a transaction. */
  addAborted(transaction: AbortedTransaction): void {
    this.#aborted.add(transaction)
  }

  /** The aborted transactions with records among the offsets from `from` to before `end`, by first offset (E11). */
  abortedBetween(from: number, end: number): readonly AbortedTransaction[] {
    return this.#aborted.between(from, end)
  }

  /** Where the log ends, with what is queued. */
  position(): LogPosition {
    return this.marks.position(this.#endOffset)
  }

  /** What this replica holds on stable storage, marks and batches: what it may acknowledge. */
  durablePosition(): LogPosition {
    return this.#marks.durablePosition(this.durableEndOffset, this.#endOffset)
  }

  /** Term and vote; returns the LSN behind which they are durable. */
  setHardState(state: { readonly term: number; readonly votedFor: number | null }): number {
    const { term, votedFor } = state
    const before = this.group
    assert(term >= before.term, 'terms only grow')
    assert(term > before.term || (before.votedFor ?? votedFor) === votedFor, 'one vote a term')
    return this.#context.journal.append({ type: 'hard-state', ref: this.group.ref, term, votedFor })
  }

  /** Puts a mark at the end of the log; returns the LSN behind which it is durable. */
  appendMark(mark: Mark): number {
    assert(mark.startOffset === this.#endOffset && !this.#isCutting, 'a mark stands at the end of the log')
    assert(this.#damage === null, 'a damaged log has no end to put a mark at')
    return this.#marks.append(mark)
  }

  /** Begins a term as its leader: vote and mark in one; returns the LSN behind which both are durable. */
  startTerm(term: number, votedFor: number, voters: readonly number[]): number {
    this.setHardState({ term, votedFor })
    return this.appendMark({ term, minor: 0, startOffset: this.#endOffset, voters, oldVoters: null })
  }

  /**
   * Cuts the log to the prefix that `position` names, and appends `marks` there, in one journal record (a crash sees
   * all of it or nothing). Ends and marks have changed when this returns; until it resolves, when the cut is on stable
   * storage, nothing else may be asked of the log. Hooks are told nothing: see `restoreState`.
   */
  async truncateTo(position: LogPosition, marks: readonly Mark[] = []): Promise<void> {
    assert(
      !this.#isCutting && this.marks.contains(position, this.#endOffset),
      'a log is cut at what it contains',
    )
    assert(position.offset >= this.highWatermark, 'nothing committed is cut off')
    assert(
      marks.every((mark) => mark.startOffset === position.offset),
      'marks stand where the log is cut',
    )
    const { journal } = this.#context
    const { offset } = position
    const lsn = this.#marks.cut(position, marks)
    if (offset === this.#endOffset && this.#damage === null) return journal.durable(lsn)
    this.#isCutting = true
    this.#endOffset = offset
    this.#appender.cut(offset)
    this.#run.truncateTo(offset)
    this.#reader.forget()
    await this.#whileStill(async () => {
      await journal.durable(lsn)
      const positionOf = (segment: Segment): Promise<number> => this.#reader.batchPosition(segment, offset)
      await this.#segments.cutTo(offset, this.config, positionOf)
      await this.#appender.cutFiles(this.#segments.active, offset)
      await this.#snapshots.removeBeyond(offset)
      await this.#aborted.truncateTo(offset, this.#segments.baseOffsets())
    })
  }

  /** Runs `change` while the appender stands still. What goes wrong in it ends the directory. */
  async #whileStill(change: () => Promise<void>): Promise<void> {
    await this.#appender.drained()
    await this.#appender.pause()
    try {
      await change()
      if (this.#damage !== null) this.#claim.register()
      this.#damage = null
    } catch (error) {
      const failure = asStorageError(error, this.path)
      this.#context.health.fail(failure)
      throw failure
    } finally {
      this.#isCutting = false
      this.#appender.resume()
    }
    this.#progressed()
  }

  /** Drops everything: the log is empty and starts at `startOffset` under `mark` (a replica that is sent a newer start). */
  async resetTo(mark: Mark, startOffset: number): Promise<void> {
    assert(!this.#isCutting && startOffset >= mark.startOffset, 'a log starts behind its mark')
    const { journal } = this.#context
    const lsn = this.#marks.reset(mark, startOffset)
    this.#isCutting = true
    this.#endOffset = startOffset
    this.highWatermark = Math.max(this.highWatermark, startOffset)
    this.#appender.cut(-1)
    this.#run.clear()
    this.#reader.forget()
    await this.#whileStill(async () => {
      await journal.durable(lsn)
      await this.#segments.replaceAll(startOffset, this.config)
      await this.#snapshots.removeBeyond(-1)
      await this.#aborted.truncateTo(-1, [])
      this.#appender.startOver(this.#segments.active)
      journal.append({ type: 'log-start', ref: this.group.ref, startOffset })
    })
  }

  /**
   * Moves the start of the log up to `offset`, at most the high watermark. Resolves when that is on stable storage, and to
   * the number of segments that go, because they lie below it.
   */
  async advanceStartTo(offset: number): Promise<number> {
    assert(offset <= this.highWatermark, 'the log starts at or below its high watermark')
    if (this.#isClosed) throw new StorageError('missing', this.path, 'the log is closed')
    // In the cached mode that may lie behind what a power cut leaves: the log would end before its start.
    if (offset > this.durableEndOffset) await this.#appender.flush(offset)
    await this.#marks.moveStart(offset)
    return this.#deleteBelowStart()
  }

  async #deleteBelowStart(): Promise<number> {
    if (this.#isCutting || this.#isClosed) return 0
    const count = await this.#segments.deleteBelow(this.startOffset, this.#appender.segment, this.config)
    this.#aborted.forgetBelow(this.startOffset)
    if (count > 0) await this.#snapshots.prune(this.#segments.list)
    return count
  }

  /** Deletes what retention lets go, below the high watermark. Resolves to the number of segments. */
  async applyRetention(nowMs: number): Promise<number> {
    if (this.#isCutting || this.refusal() === 'failed' || this.#isClosed || this.#damage !== null) return 0
    const before = this.#segments.count
    const limits = { ...this.config, nowMs, highWatermark: this.highWatermark }
    const expired = this.config.deletes ? countExpiredSegments(this.#segments.retained(), limits) : 0
    if (expired === 0) return this.#deleteBelowStart()
    let startOffset = this.#segments.list[Math.min(expired, before - 1)]!.baseOffset
    if (expired === before) {
      const endOffset = this.#endOffset
      this.#appender.enqueueSegment(this.#roll(endOffset))
      // Without room for another segment the last one stays; those before it go, and make some.
      if (await this.#appender.drainedUnlessFull()) startOffset = endOffset
    }
    return this.#isClosed ? 0 : this.advanceStartTo(startOffset)
  }

  /** Brings to the disk what makes a restart quick: index entries and, now and then, a snapshot. null: it is there. */
  checkpoint(): Promise<void> | null {
    if (!this.#segments.active.hasUnwritten && !this.#snapshots.isDue) return null
    if (this.refusal() !== null || this.#isCutting) return null
    const done = this.#checkpoint().catch((error: unknown) => {
      // Closed meanwhile, or deleted: there is nothing to be brought to the disk any more.
      if (!this.#isClosed) throw error
    })
    this.#checkpointing = done.catch(() => {})
    return done
  }

  async #checkpoint(): Promise<void> {
    await this.#segments.active.persistIndexes()
    if (!this.#snapshots.isDue || this.#isClosed) return
    const offset = this.#endOffset
    this.#snapshots.take(offset)
    if (!(await this.#appender.flushed()) || this.#endOffset < offset) return
    await this.#snapshots.writeTaken(offset)
    await this.#snapshots.prune(this.#segments.list)
  }

  /**
   * Brings the hooks to the end: newest usable snapshot, then what is behind it, also below the start (G5). `names` are
   * those in its directory, if they are known.
   */
  async restoreState(names: readonly string[] | null = null): Promise<void> {
    const first = this.#segments.list[0]!.baseOffset
    const from = await this.#snapshots.restore(first, this.writtenEndOffset, names)
    await this.#aborted.load(this.startOffset, from, names)
    if (from >= this.writtenEndOffset) return
    const visit = (buffer: Buffer, position: number): void => {
      this.#snapshots.bytesSince += batchBytes(buffer, position)
      const aborted = this.#snapshots.hooks.visit(buffer, position)
      if (aborted !== null && aborted.lastOffset >= this.startOffset) this.#aborted.add(aborted)
    }
    await this.forEachBatchFrom(from, visit, walkOutlines)
  }

  /** Resolves when everything appended so far is on stable storage. */
  flushAll(): Promise<void> {
    return this.#appender.flush()
  }

  #progressed(): void {
    this.#claim.moved(this.durableEndOffset)
    this.onProgress?.()
  }

  /**
   * Ends in order, with indexes and a snapshot complete. What the full disk keeps from being written was never acknowledged:
   * it is dropped, with what was derived from it. The journal says that the log needs no scan, not this.
   */
  async close(): Promise<void> {
    if (this.#isClosed) return
    if (this.#context.health.failure === null && this.#damage === null) {
      if (await this.#appender.flushed()) {
        // Where little was appended since the last one, the next start goes through that.
        if (this.#snapshots.isDueAtClose) this.#snapshots.take(this.#endOffset)
        await this.#segments.active.seal(false)
      } else await this.#dropQueued()
      await this.#snapshots.writeTaken(this.#endOffset)
      this.#claim.complete(this.durableEndOffset)
    }
    await this.abandon()
  }

  async #dropQueued(): Promise<void> {
    this.#endOffset = this.#appender.writtenEnd
    this.#appender.cut(this.#endOffset)
    this.#run.truncateTo(this.#endOffset)
    this.#snapshots.forgetBeyond(this.#endOffset)
    // What was written before may not have been synced, and the next start believes what was closed.
    if (this.#appender.segment.isOnDisk) await this.#appender.segment.file.sync()
    await this.#context.fileSystem.syncDirectory(this.path)
  }

  /** Lets go of files and memory and writes nothing more. */
  async abandon(): Promise<void> {
    this.#isClosed = true
    this.#context.busyLogs.delete(this)
    await this.#appender.close()
    // Another log may come to lie at its path.
    await this.#checkpointing
    await this.#segments.settled()
    this.#unwatchHealth()
    this.#run.clear()
    this.#segments.close()
  }
}
