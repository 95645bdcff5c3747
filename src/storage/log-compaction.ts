import { gzipApart } from '../protocol/compression.ts'
import {
  batchIsControl,
  batchLastOffset,
  batchMaxTimestamp,
  batchNextOffset,
  checkBatchCrc,
} from '../protocol/record-batch.ts'
import { RecordCursor } from '../protocol/records.ts'
import { walkBatches, walkHeaders } from './batch-walk.ts'
import {
  CompactionFilter,
  recordCost,
  SLICE_COST,
  TO_BE_CONTINUED,
  TO_BE_PACKED,
} from './compaction-filter.ts'
import { CompactionTransactions } from './compaction-transactions.ts'
import { CLEANED_SUFFIX } from './file-names.ts'
import { type OpenFile, writeFully } from './file-system.ts'
import { KeyOffsets } from './key-offsets.ts'
import type { LogConfig } from './log-config.ts'
import type { LogContext } from './log-context.ts'
import type { LogSegments } from './log-segments.ts'
import { Segment } from './segment.ts'
import { SIP_KEY_BYTES } from './sip-hash.ts'
import { asStorageError, isLack } from './storage-error.ts'
import type { CachedRun } from './tail-cache.ts'
import type { TransactionIndex } from './transaction-index.ts'
import { UnpackedBatch } from './unpacked-batch.ts'

/** Time that one turn of the event loop may go on for. */
const SLICE_MS = 4
const RELATIVE_OFFSET_MAX = 2 ** 31 - 1
const INDEX_ENTRY_BYTES_MAX = 12

/** What compaction needs of its log. */
interface CompactedLog {
  readonly path: string
  readonly startOffset: number
  readonly endOffset: number
  readonly durableEndOffset: number
  readonly highWatermark: number
  readonly config: LogConfig
  refusal(): string | null
}

interface CompactedParts {
  readonly context: LogContext
  readonly segments: LogSegments
  readonly aborted: TransactionIndex
  readonly run: CachedRun
}

/** Which records may be compacted, and when they must be. Times in ms. */
export interface CompactionLimits {
  /** Nothing from there on: the last stable offset. */
  readonly limitOffset: number
  readonly nowMs: number
  readonly lagMsMin: number
  readonly lagMsMax: number
}

/** What there is to compact, in whole segments. */
export interface CompactionCandidate {
  /** Behind the last segment that may be compacted. */
  readonly endOffset: number
  /** Share of it that has not been compacted yet. */
  readonly dirtyRatio: number
  readonly dirtyBytes: number
  /** Whether its oldest record that was not yet compacted has waited for as long as it may. */
  readonly isOverdue: boolean
}

export interface CompactionRun {
  readonly endOffset: number
  readonly nowMs: number
  readonly deleteRetentionMs: number
  /** Memory of the table of keys: where it does not hold all keys, there is more than one pass. */
  readonly keyBytesMax: number
  /** Bytes a second that are read and written at most. */
  readonly bytesPerSecondMax: number
  isLastOfProducer(buffer: Buffer, position: number): boolean
  /** Asked between slices. */
  isStopped(): boolean
  /** After every pass, and before the first change to a log that was never compacted: `cleanedEnd` is to be kept. */
  cleanedEndMoved(): Promise<void>
}

export interface CompactionResult {
  /** false: it was stopped, or the log was closed; what was done is done. */
  readonly isComplete: boolean
  readonly passes: number
  readonly readBytes: number
  readonly writtenBytes: number
}

/** How a walk goes on behind a batch: on, on from the same one after a pause, or not at all. */
type Step = 'on' | 'pause' | 'stop'

/** `plain`: the batch without compression, where unpacking it would have held the loop. */
type Visit = (buffer: Buffer, position: number, plain: Buffer | null) => Step

/** Ends a run between slices. */
class CompactionStopped extends Error {}

/**
 * Compaction of one log (KIP-58, KIP-534): of each key the last record stays, where it is, with its offset. Works on
 * segments that others with durable records follow, so that a log never ends in what was compacted. Groups of segments
 * become one; the last batch of a group stays, emptied if need be, so that the end is known from the file.
 */
export class LogCompaction {
  /** First offset that has not been compacted; null: the log never was, and has no gaps. */
  cleanedEnd: number | null
  readonly #context: LogContext
  readonly #segments: LogSegments
  readonly #aborted: TransactionIndex
  readonly #run: CachedRun
  readonly #log: CompactedLog
  #readBytes = 0
  #writtenBytes = 0
  #startedMs = 0

  constructor(log: CompactedLog, cleanedEnd: number | null, parts: CompactedParts) {
    this.#context = parts.context
    this.#segments = parts.segments
    this.#aborted = parts.aborted
    this.#run = parts.run
    this.#log = log
    this.cleanedEnd = cleanedEnd
  }

  /** First offset that is not compacted. What was kept of another log of that name may lie outside of this one. */
  get firstDirtyOffset(): number {
    const { startOffset, endOffset } = this.#log
    const cleaned = this.cleanedEnd ?? startOffset
    return cleaned > endOffset || cleaned < startOffset ? startOffset : cleaned
  }

  /** What there is to be done; null where there is nothing. */
  async candidate(limits: CompactionLimits): Promise<CompactionCandidate | null> {
    if (this.#log.refusal() !== null) return null
    const { list } = this.#segments
    const dirtyFrom = this.firstDirtyOffset
    const committedEnd = Math.min(this.#log.highWatermark, this.#log.durableEndOffset)
    let cleanBytes = 0
    let dirtyBytes = 0
    let endOffset = dirtyFrom
    let firstDirty: Segment | null = null
    for (let index = 0; index + 1 < list.length; index++) {
      const segment = list[index]!
      const next = list[index + 1]!.baseOffset
      if (next >= committedEnd || next > limits.limitOffset) break
      if (next <= dirtyFrom || segment.baseOffset < dirtyFrom) {
        cleanBytes += segment.byteLength
        continue
      }
      if (limits.lagMsMin > 0 && segment.maxTimestamp > limits.nowMs - limits.lagMsMin) break
      firstDirty ??= segment
      dirtyBytes += segment.byteLength
      endOffset = next
    }
    if (firstDirty === null) return null
    const isOverdue = await this.#isOverdue(firstDirty, limits)
    return { endOffset, dirtyBytes, dirtyRatio: dirtyBytes / (cleanBytes + dirtyBytes), isOverdue }
  }

  async #isOverdue(segment: Segment, { nowMs, lagMsMax }: CompactionLimits): Promise<boolean> {
    const since = nowMs - lagMsMax
    if (since <= 0) return false
    if (segment.firstTimestamp < 0) {
      const setFirst = (buffer: Buffer, at: number): boolean => {
        segment.firstTimestamp = batchMaxTimestamp(buffer, at)
        return false
      }
      await segment.file.use((file) =>
        walkHeaders(file, segment.logPath, 0, segment.byteLength, setFirst, 64),
      )
      this.#segments.sealed(segment)
    }
    return segment.firstTimestamp >= 0 && segment.firstTimestamp < since
  }

  /**
   * Compacts up to `endOffset`, as `candidate` has said. Throws StorageError: a lack and `corrupt` leave the log as
   * it is; where a write or a sync fails, the directory has failed.
   */
  async run(run: CompactionRun): Promise<CompactionResult> {
    this.#readBytes = 0
    this.#writtenBytes = 0
    this.#startedMs = this.#nowMs()
    let passes = 0
    let isComplete = false
    try {
      while (this.firstDirtyOffset < run.endOffset) {
        await this.#pass(run)
        passes++
      }
      isComplete = true
    } catch (error) {
      const isGone = this.#log.refusal() !== null
      if (!(error instanceof CompactionStopped) && !isGone) throw error
    }
    return { isComplete, passes, readBytes: this.#readBytes, writtenBytes: this.#writtenBytes }
  }

  async #pass(run: CompactionRun): Promise<void> {
    if (this.cleanedEnd === null) await this.#mayHaveGaps(run)
    const { keys, keysEnd } = await this.#gatherKeys(run)
    const { startOffset } = this.#log
    const transactions = new CompactionTransactions(this.#aborted.between(startOffset, run.endOffset))
    const { nowMs, deleteRetentionMs } = run
    const filter = new CompactionFilter({
      keys,
      keysEnd,
      nowMs,
      deleteRetentionMs,
      transactions,
      isLastOfProducer: run.isLastOfProducer,
    })
    for (const group of this.#groups(keysEnd)) await this.#compactGroup(run, filter, group)
    this.cleanedEnd = keysEnd
    await run.cleanedEndMoved()
  }

  /** Gaps are damage in a log of which the disk does not say that it may have some: before that there is none. */
  async #mayHaveGaps(run: CompactionRun): Promise<void> {
    this.cleanedEnd = this.#log.startOffset
    try {
      await run.cleanedEndMoved()
    } catch (error) {
      this.cleanedEnd = null
      throw error
    }
  }

  /** The last offset of each key from the first dirty offset on, as far as there is room. */
  async #gatherKeys(run: CompactionRun): Promise<{ keys: KeyOffsets; keysEnd: number }> {
    const from = this.firstDirtyOffset
    const keys = new KeyOffsets({
      baseOffset: from,
      recordsMax: run.endOffset - from,
      bytesMax: run.keyBytesMax,
      secret: this.#context.environment.randomBytes(SIP_KEY_BYTES),
    })
    const transactions = new CompactionTransactions(this.#aborted.between(from, run.endOffset))
    let keysEnd = run.endOffset
    let cursor: RecordCursor | null = null
    let isWithin = false
    const gather: Visit = (buffer, position, plain) => {
      const [readable, at] = plain === null ? [buffer, position] : [plain, 0]
      if (cursor !== null && isWithin) cursor.moved(readable, at)
      else {
        if (batchLastOffset(buffer, position) < from) return 'on'
        if (batchIsControl(buffer, position)) {
          transactions.passMarker(buffer, position)
          return 'on'
        }
        if (transactions.isAborted(buffer, position) || !checkBatchCrc(buffer, position)) return 'on'
        if (cursor === null) cursor = new RecordCursor(readable, at)
        else cursor.reset(readable, at)
      }
      isWithin = true
      for (let left = SLICE_COST; left > 0; left -= recordCost(cursor)) {
        if (!cursor.next()) {
          isWithin = false
          return 'on'
        }
        const { offset, keyLength } = cursor
        if (keyLength < 0 || offset < from) continue
        if (keys.put(cursor.bytes, cursor.keyPosition, keyLength, offset)) continue
        keysEnd = offset
        return 'stop'
      }
      return 'pause'
    }
    for (const segment of this.#range(from, run.endOffset)) {
      await this.#walk(run, segment, gather)
      if (keysEnd < run.endOffset) break
    }
    return { keys, keysEnd }
  }

  /** The segments with offsets in a stretch that ends with a segment. */
  #range(from: number, endOffset: number): Segment[] {
    const { list } = this.#segments
    return list.filter((segment, index) => {
      const next = list[index + 1]?.baseOffset ?? Number.POSITIVE_INFINITY
      return next > from && segment.baseOffset < endOffset
    })
  }

  /** Neighbours that together are within the limits of a segment, from the first one to the one that ends the keys. */
  #groups(keysEnd: number): Segment[][] {
    const { segmentBytesMax, segmentIndexBytesMax, indexIntervalBytes } = this.#log.config
    const bytesMax = Math.min(
      segmentBytesMax,
      (segmentIndexBytesMax / INDEX_ENTRY_BYTES_MAX) * Math.max(1, indexIntervalBytes),
    )
    const groups: Segment[][] = []
    let group: Segment[] = []
    let bytes = 0
    for (const segment of this.#range(-1, keysEnd)) {
      const isTooMuch =
        bytes + segment.byteLength > bytesMax ||
        segment.endOffset - (group[0]?.baseOffset ?? 0) > RELATIVE_OFFSET_MAX
      if (group.length > 0 && isTooMuch) {
        groups.push(group)
        group = []
        bytes = 0
      }
      group.push(segment)
      bytes += segment.byteLength
    }
    if (group.length > 0) groups.push(group)
    return groups
  }

  async #compactGroup(
    run: CompactionRun,
    filter: CompactionFilter,
    group: readonly Segment[],
  ): Promise<void> {
    const { fileSystem, openFiles } = this.#context
    const first = group[0]!
    const fresh = new Segment({
      fileSystem,
      openFiles,
      directory: this.#log.path,
      baseOffset: first.baseOffset,
      createdMs: group[group.length - 1]!.createdMs,
      jitterMs: 0,
      isOnDisk: false,
    })
    const path = `${first.logPath}${CLEANED_SUFFIX}`
    this.#checkStopped(run)
    const file = await this.#changing(() => fresh.file.openElsewhere(path), path)
    let isTaken = false
    try {
      filter.begin()
      for (const segment of group) {
        await this.#filterSegment(run, filter, segment, fresh, file, segment === group[group.length - 1])
      }
      if (!filter.isChanged && group.length === 1) return
      await this.#changing(() => file.sync(), path)
      this.#checkStopped(run)
      fresh.file.takeOver(file)
      isTaken = await this.#replace(group, fresh, filter)
      if (!isTaken) throw new CompactionStopped()
    } finally {
      if (!isTaken) await this.#discard(fresh, file, path)
    }
  }

  #replace(group: readonly Segment[], fresh: Segment, filter: CompactionFilter): Promise<boolean> {
    const { droppedMarkers } = filter
    const { baseOffset, endOffset } = fresh
    return this.#segments.compact(group, fresh, this.#log.config.fileDeleteDelayMs, () => {
      // Readers would get from it what was aborted, and no word of that any more.
      this.#run.dropUpTo(endOffset)
      return this.#aborted.merge(baseOffset, endOffset, droppedMarkers)
    })
  }

  async #discard(fresh: Segment, file: OpenFile, path: string): Promise<void> {
    if (fresh.isOnDisk) {
      fresh.file.isPinned = false
      fresh.file.closeFile()
    } else await fresh.file.discard(file)
    // What can't be removed is at the next start.
    if (this.#log.refusal() === null) await this.#context.fileSystem.unlink(path).catch(() => {})
  }

  async #filterSegment(
    run: CompactionRun,
    filter: CompactionFilter,
    segment: Segment,
    fresh: Segment,
    file: OpenFile,
    isLast: boolean,
  ): Promise<void> {
    const { indexIntervalBytes } = this.#log.config
    const endOffset = isLast ? await this.#lastBatchEnd(segment) : -1
    let written = fresh.byteLength
    const flush = async (): Promise<void> => {
      if (filter.toPack !== null) {
        filter.packed = await gzipApart(filter.toPack)
        filter.toPack = null
      }
      const bytes = filter.output.subarray(0, filter.outputBytes)
      if (bytes.length === 0) return
      await this.#changing(() => writeFully(file, [bytes], written), segment.logPath)
      written += bytes.length
      this.#writtenBytes += bytes.length
      filter.flushed()
    }
    const visit: Visit = (buffer, position, plain) => {
      if (filter.isFull) return 'pause'
      const at = filter.add(buffer, position, batchNextOffset(buffer, position) === endOffset, plain)
      if (at === TO_BE_PACKED || at === TO_BE_CONTINUED) return 'pause'
      if (at >= 0) fresh.add(filter.output, at, indexIntervalBytes)
      return 'on'
    }
    await this.#walk(run, segment, visit, flush)
  }

  /** The end of the last batch in the file. */
  async #lastBatchEnd(segment: Segment): Promise<number> {
    const shared = await segment.file.hold()
    try {
      await segment.loadIndexes(this.#log.config.indexIntervalBytes)
      const index = segment.offsetIndex
      const from = index === null || index.count === 0 ? 0 : index.positionAt(index.count - 1)
      let endOffset = -1
      await walkHeaders(shared.file, segment.logPath, from, segment.byteLength, (buffer, at) => {
        endOffset = batchNextOffset(buffer, at)
        return true
      })
      return endOffset
    } finally {
      shared.release()
      // It is open now: the cache decides for how long.
      this.#segments.sealed(segment)
    }
  }

  /** Shows the batches of a segment in slices; between two, and at the end, `pause` runs. */
  async #walk(
    run: CompactionRun,
    segment: Segment,
    visit: Visit,
    pause: () => Promise<void> = NOTHING,
  ): Promise<void> {
    const end = segment.byteLength
    const shared = await segment.file.hold()
    try {
      let at = 0
      let step = 'on' as Step
      let sliceStartMs = 0
      const unpacked = new UnpackedBatch()
      const each = (buffer: Buffer, position: number, filePosition: number): boolean => {
        const nowMs = this.#nowMs()
        // Another chunk: others have run while it was read.
        if (position === 0) sliceStartMs = nowMs
        if (nowMs - sliceStartMs > SLICE_MS || !unpacked.isReady(buffer, position, filePosition))
          step = 'pause'
        else step = visit(buffer, position, unpacked.plain)
        return step === 'on'
      }
      while (at < end && step !== 'stop') {
        this.#checkStopped(run)
        const next = await walkBatches(shared.file, segment.logPath, at, end, each)
        this.#readBytes += next - at
        at = next
        await unpacked.ready()
        await pause()
        await this.#throttle(run)
      }
    } finally {
      shared.release()
      // It is open now: the cache decides for how long.
      this.#segments.sealed(segment)
    }
  }

  async #throttle({ bytesPerSecondMax }: CompactionRun): Promise<void> {
    const dueMs = ((this.#readBytes + this.#writtenBytes) / bytesPerSecondMax) * 1000
    const waitMs = Math.ceil(this.#startedMs + dueMs - this.#nowMs())
    if (waitMs <= 1) return
    await new Promise<void>((resolve) => {
      this.#context.environment.setTimer(Math.min(waitMs, 1000), resolve)
    })
  }

  #checkStopped(run: CompactionRun): void {
    if (run.isStopped() || this.#log.refusal() !== null) throw new CompactionStopped()
  }

  #nowMs(): number {
    return this.#context.environment.monotonicMs()
  }

  /**
   * A write to a file of the directory: when it fails for more than a lack, the directory has failed; but not where the log
   * was closed meanwhile, and may have been deleted.
   */
  async #changing<T>(change: () => Promise<T>, path: string): Promise<T> {
    try {
      return await change()
    } catch (error) {
      const failure = asStorageError(error, path)
      if (!isLack(failure) && this.#log.refusal() !== 'closed') this.#context.health.fail(failure)
      throw failure
    }
  }
}

const NOTHING = (): Promise<void> => Promise.resolve()
