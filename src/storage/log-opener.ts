import { comparePositions, type LogPosition } from '../base/log-position.ts'
import { batchBaseOffset, batchLeaderEpoch, batchNextOffset } from '../protocol/record-batch.ts'
import { walkOutlines } from './batch-walk.ts'
import { DELETED_SUFFIX, offsetOfName } from './file-names.ts'
import type { JournalGroup } from './journal-record.ts'
import { Log } from './log.ts'
import type { LogConfig } from './log-config.ts'
import type { LogContext, LogHooks } from './log-context.ts'
import { isRoomFrom, type ScanRules, scanSegment, searchBeyond } from './log-scan.ts'
import { judgeScan, type ScanFault, type Verdict } from './recovery-table.ts'
import { Segment } from './segment.ts'
import { completeSwaps } from './segment-swaps.ts'
import { isUnreadable, StorageError } from './storage-error.ts'

/** Kinds of leftovers that are no part of a log. */
const INDEX = /\.(?:index|timeindex)$/
/** `.log.swap` has been dealt with before. */
const LEFTOVER = /\.(?:tmp|cleaned|swap)$/

/**
 * How a log was found. clean: closed in order, not scanned. whole: scanned, nothing wrong. cut: a torn write at its
 * end is gone. adopted: a copy of a Kafka directory, scanned from its start. damaged: see `fault`; it is readable up
 * to `endOffset`.
 */
export interface RecoveryReport {
  readonly topic: string
  readonly partition: number
  readonly outcome: 'clean' | 'whole' | 'cut' | 'adopted' | 'damaged'
  readonly endOffset: number
  readonly scannedBytes: number
  readonly cutBytes: number
  readonly fault: StorageError | null
}

/** First offset of an epoch that batches carry. */
export interface FoundEpoch {
  readonly epoch: number
  readonly startOffset: number
}

export interface LogToOpen {
  readonly path: string
  readonly topic: string
  readonly partition: number
  readonly config: LogConfig
  readonly hooks: LogHooks
  /** null: the journal knows nothing of it, it comes from elsewhere. */
  readonly group: JournalGroup | null
  /** Where such a log starts, if its directory says so. */
  readonly startOffset: number | null
  /** Enters such a log into the journal, by what its batches say. */
  adopt(epochs: readonly FoundEpoch[], startOffset: number, endOffset: number): JournalGroup
  /** Whether the process before ended in order. */
  readonly wasClosed: boolean
  /** Up to where the log has been compacted; null: never. */
  readonly cleanedEnd: number | null
}

/** Opens a log: finds its segments, makes sure of its end, and brings the hooks up to it. */
export async function openLog(
  context: LogContext,
  request: LogToOpen,
): Promise<{ log: Log; report: RecoveryReport }> {
  const opening = new LogOpening(context, request)
  return opening.run()
}

class LogOpening {
  readonly #context: LogContext
  readonly #request: LogToOpen
  readonly #segments: Segment[] = []
  readonly #fileBytes = new Map<Segment, number>()
  readonly #epochs: FoundEpoch[] = []
  /** What the directory holds; null: it has been changed since that was asked. */
  #names: readonly string[] | null = null
  #scannedBytes = 0
  #cutBytes = 0
  #fault: StorageError | null = null
  /** What a damaged log has once said that it holds. */
  #owed: LogPosition | null = null

  constructor(context: LogContext, request: LogToOpen) {
    this.#context = context
    this.#request = request
  }

  async run(): Promise<{ log: Log; report: RecoveryReport }> {
    const { group, path, config, hooks, topic, partition } = this.#request
    const { journal } = this.#context
    await this.#listSegments()
    if (group?.isResetting) {
      await this.#removeSegments(0)
      await this.#context.fileSystem.syncDirectory(path)
      journal.append({ type: 'log-start', ref: group.ref, startOffset: group.startOffset })
    }
    const startOffset = group?.startOffset ?? this.#request.startOffset ?? this.#segments[0]?.baseOffset ?? 0
    await this.#removeBelow(startOffset)
    const firstBase = this.#segments[0]?.baseOffset ?? startOffset
    if (this.#segments.length === 0) this.#segments.push(this.#newSegment(startOffset))
    const outcome = await this.#recover()
    if (group !== null && firstBase > startOffset) this.#missingBefore(group, firstBase)
    // The process before may not have come to sync the names of its last files. That of the directory is older than the log.
    const isEmpty = this.#fileBytes.size === 0 && this.#names !== null
    if (outcome !== 'clean' && !isEmpty) await this.#context.fileSystem.syncDirectory(path)
    const owned = group ?? this.#request.adopt(this.#epochs, startOffset, this.#segments.at(-1)!.endOffset)
    if (group !== null && this.#fault === null) this.#dropMarksBeyondEnd(group)
    // What is missing stays claimed: the next start finds the same, whatever the file is by then.
    this.#noteDamage(owned)
    const log = new Log(this.#context, {
      path,
      group: owned,
      segments: this.#segments,
      config,
      hooks,
      damage: this.#fault,
      cleanedEnd: this.#request.cleanedEnd,
    })
    await this.#restoreState(log)
    const { endOffset } = log
    const fault = log.damage
    const report = { topic, partition, endOffset, scannedBytes: this.#scannedBytes, cutBytes: this.#cutBytes }
    return { log, report: { ...report, outcome: fault === null ? outcome : 'damaged', fault } }
  }

  /** What follows from records that can't be read is not known: the log takes no others. */
  async #restoreState(log: Log): Promise<void> {
    try {
      await log.restoreState(this.#names)
    } catch (error) {
      if (!isUnreadable(error)) throw error
      log.foundDamaged(error)
    }
  }

  #noteDamage({ ref, damagedFrom }: JournalGroup): void {
    const from = this.#owed === null ? null : this.#segments.at(-1)!.endOffset
    const claim = this.#owed ?? this.#end(this.#segments.at(-1)!)
    if (from !== damagedFrom) this.#context.journal.append({ type: 'damage', ref, from, claim })
  }

  async #listSegments(): Promise<void> {
    const { fileSystem, openFiles } = this.#context
    const { path } = this.#request
    const names = await completeSwaps(fileSystem, path, await fileSystem.list(path))
    this.#names = names
    const logs = new Set(names.filter((name) => name.endsWith('.log')))
    for (const name of names) {
      const isOrphan = INDEX.test(name) && !logs.has(name.replace(INDEX, '.log'))
      if (name.endsWith(DELETED_SUFFIX) || LEFTOVER.test(name) || isOrphan) {
        await fileSystem.unlink(`${path}/${name}`)
        continue
      }
      const baseOffset = offsetOfName(name, '.log')
      if (baseOffset === null) continue
      const stat = await fileSystem.stat(`${path}/${name}`)
      const segment = new Segment({
        fileSystem,
        openFiles,
        directory: path,
        baseOffset,
        createdMs: stat!.modifiedMs,
        jitterMs: 0,
        isOnDisk: true,
      })
      this.#segments.push(segment)
      this.#fileBytes.set(segment, stat!.byteLength)
    }
  }

  #newSegment(baseOffset: number): Segment {
    const { fileSystem, openFiles, environment } = this.#context
    const directory = this.#request.path
    const createdMs = environment.wallMs()
    return new Segment({
      fileSystem,
      openFiles,
      directory,
      baseOffset,
      createdMs,
      jitterMs: 0,
      isOnDisk: false,
    })
  }

  /** Segments that retention let go, and whose files were not yet removed. */
  async #removeBelow(startOffset: number): Promise<void> {
    while (this.#segments.length > 1 && this.#segments[1]!.baseOffset <= startOffset) {
      this.#names = null
      const segment = this.#segments.shift()!
      await segment.markDeleted()
      await segment.unlinkDeleted()
    }
  }

  async #removeSegments(from: number): Promise<void> {
    this.#names = null
    for (const segment of this.#segments.splice(from)) {
      segment.file.closeFile()
      await segment.markDeleted()
      await segment.unlinkDeleted()
    }
  }

  async #recover(): Promise<RecoveryReport['outcome']> {
    const { group, wasClosed } = this.#request
    if (group === null) return (await this.#scan(0, 0)) === 'damaged' ? 'damaged' : 'adopted'
    if (wasClosed && (await this.#resumeClosed(group))) return 'clean'
    const claimedEnd = group.damagedFrom ?? group.claim?.offset ?? group.startOffset
    const trusted = Math.max(claimedEnd, group.startOffset)
    const first = await this.#firstToScan(trusted)
    return this.#scan(first.index, first.position)
  }

  /** Takes a log that was closed in order for what its claim says. Returns whether it is that. */
  async #resumeClosed(group: JournalGroup): Promise<boolean> {
    const last = this.#segments.at(-1)!
    try {
      await this.#describeSealed(this.#segments.length - 1)
      if (last.isOnDisk) await this.#resume(last, this.#fileBytes.get(last)!)
    } catch (error) {
      if (isUnreadable(error)) return false
      throw error
    }
    return last.endOffset === (group.claim?.offset ?? group.startOffset)
  }

  /** Learns what must be known of the segments before `end` without reading them. */
  async #describeSealed(end: number): Promise<void> {
    for (let index = 0; index < end; index++) {
      const segment = this.#segments[index]!
      const next = this.#segments[index + 1]!.baseOffset
      try {
        await segment.describe(this.#fileBytes.get(segment)!, next, this.#request.config.indexIntervalBytes)
      } catch (error) {
        if (!isUnreadable(error)) throw error
        const { message, position } = error
        this.#context.logger.error('a segment has no index, and none can be made of it', {
          path: segment.logPath,
          position,
          error: message,
        })
      }
    }
  }

  /** Resumes at `byteLength`; an index that misleads is made anew. */
  async #resume(segment: Segment, byteLength: number): Promise<void> {
    const { indexIntervalBytes } = this.#request.config
    // Of an empty one there is nothing to be read.
    if (byteLength === 0) return segment.beginAnew()
    try {
      await segment.resume(byteLength, indexIntervalBytes)
    } catch (error) {
      if (!isUnreadable(error)) throw error
      await segment.rebuild(byteLength, indexIntervalBytes)
    }
  }

  /** The segment and the batch from which on nothing is known to be durable. */
  async #firstToScan(trustedEnd: number): Promise<{ index: number; position: number }> {
    let index = this.#segments.length - 1
    while (index > 0 && this.#segments[index]!.baseOffset >= trustedEnd) index--
    await this.#describeSealed(index)
    const segment = this.#segments[index]!
    if (segment.baseOffset >= trustedEnd || !segment.isOnDisk) return { index, position: 0 }
    return { index, position: await this.#trustedPosition(segment, trustedEnd) }
  }

  /** The end of the batches that lie wholly below `trustedEnd`; 0 where they are not what was claimed. */
  async #trustedPosition(segment: Segment, trustedEnd: number): Promise<number> {
    const { indexIntervalBytes } = this.#request.config
    segment.byteLength = this.#fileBytes.get(segment)!
    try {
      await segment.loadIndexes(indexIntervalBytes)
      const index = segment.offsetIndex!
      const entry = index.floorByOffset(trustedEnd - 1 - segment.baseOffset)
      if (entry < 0) segment.beginAnew()
      else {
        const position = index.positionAt(entry)
        const relativeLast = index.lastAt(entry)
        await segment.truncateTo(position, indexIntervalBytes)
        if (!(await segment.isBatchAt(position, relativeLast))) return 0
      }
      return (await this.#addTrusted(segment, trustedEnd)) ? segment.byteLength : 0
    } catch (error) {
      if (isUnreadable(error)) return 0
      throw error
    }
  }

  /** Adds what the index had not been told of yet, by its headers. Returns whether they are those of one log. */
  async #addTrusted(segment: Segment, trustedEnd: number): Promise<boolean> {
    const { indexIntervalBytes } = this.#request.config
    let isInOrder = true
    const add = (buffer: Buffer, position: number): boolean => {
      if (batchNextOffset(buffer, position) > trustedEnd) return false
      isInOrder = batchBaseOffset(buffer, position) === segment.endOffset
      if (isInOrder) segment.add(buffer, position, indexIntervalBytes)
      return isInOrder && segment.endOffset < trustedEnd
    }
    await segment.file.use((file) =>
      walkOutlines(file, segment.logPath, segment.byteLength, this.#fileBytes.get(segment)!, add),
    )
    return isInOrder
  }

  /** Checks everything from there to the end, and cuts off what was never acknowledged. */
  async #scan(firstIndex: number, firstPosition: number): Promise<'whole' | 'cut' | 'damaged'> {
    for (let index = firstIndex; index < this.#segments.length; index++) {
      const segment = this.#segments[index]!
      if (!segment.isOnDisk) continue
      const fileBytes = this.#fileBytes.get(segment)!
      const start = index === firstIndex ? firstPosition : 0
      if (start === 0) segment.beginAnew()
      const before = this.#segments[index - 1]
      const overlaps = before !== undefined && index > firstIndex && segment.baseOffset < before.endOffset
      const found = overlaps
        ? { position: 0, fault: 'bad-offset' as const }
        : await this.#scanSegment(segment, start, fileBytes, index === this.#segments.length - 1)
      this.#scannedBytes += found.position - start
      if (found.fault !== null) return this.#settle(index, found.position, found.fault)
      await this.#finishSegment(segment, index)
    }
    return this.#settleWhole()
  }

  async #scanSegment(
    segment: Segment,
    start: number,
    fileBytes: number,
    isLast: boolean,
  ): Promise<{ position: number; fault: ScanFault | null }> {
    const { group, config } = this.#request
    const rules: ScanRules = {
      expectedOffset: segment.endOffset,
      // Compaction leaves gaps, in segments that others follow.
      allowsGaps: group === null || !isLast,
      epochFits: (baseOffset, epoch) => this.#epochFits(group, baseOffset, epoch),
      accept: (buffer, position) => {
        if (group === null)
          this.#noteEpoch(batchLeaderEpoch(buffer, position), batchBaseOffset(buffer, position))
        segment.add(buffer, position, config.indexIntervalBytes)
      },
      rewrites: true,
    }
    return segment.file.use((file) => scanSegment(file, start, fileBytes, rules))
  }

  #epochFits(group: JournalGroup | null, baseOffset: number, epoch: number): boolean {
    if (group !== null) {
      // Below the start of the log the marks have been trimmed.
      const first = group.marks.first()
      return baseOffset < first.startOffset ? epoch <= first.term : epoch === group.marks.termAt(baseOffset)
    }
    return epoch >= (this.#epochs.at(-1)?.epoch ?? -1)
  }

  #noteEpoch(epoch: number, startOffset: number): void {
    const last = this.#epochs.at(-1)
    if (last === undefined || last.epoch < epoch) this.#epochs.push({ epoch, startOffset })
  }

  /** What was scanned is synced; all but the last segment are complete. */
  async #finishSegment(segment: Segment, index: number): Promise<void> {
    await segment.file.sync()
    if (index === this.#segments.length - 1) return
    await segment.seal(true)
    this.#context.segmentCache.touch(segment)
  }

  #end(segment: Segment): LogPosition {
    const { group } = this.#request
    const offset = segment.endOffset
    if (group === null) return { term: this.#epochs.at(-1)?.epoch ?? 0, minor: 0, offset }
    let index = group.marks.count - 1
    while (index > 0 && group.marks.at(index).startOffset > offset) index--
    const { term, minor } = group.marks.at(index)
    return { term, minor, offset }
  }

  #judge(segment: Segment, fault: ScanFault | null, beyond: number | null, hasZeroBlock: boolean): Verdict {
    return judgeScan({
      end: this.#end(segment),
      fault,
      validBeyond: beyond,
      hasZeroBlock,
      claim: this.#request.group?.claim ?? null,
      wasClosed: this.#request.wasClosed && this.#request.group !== null,
    })
  }

  #settleWhole(): 'whole' | 'damaged' {
    const last = this.#segments.at(-1)!
    const verdict = this.#judge(last, null, null, false)
    if (verdict.kind !== 'damaged') return 'whole'
    this.#damaged(last, last.byteLength, verdict.reason, verdict.claim)
    return 'damaged'
  }

  async #settle(index: number, position: number, fault: ScanFault): Promise<'whole' | 'cut' | 'damaged'> {
    const segment = this.#segments[index]!
    const fileBytes = this.#fileBytes.get(segment)!
    const isLast = index === this.#segments.length - 1
    const isRoom = fault === 'zeros' && isLast
    if (isRoom && (await segment.file.use((file) => isRoomFrom(file, position, fileBytes)))) {
      const outcome = this.#settleWhole()
      if (outcome === 'damaged') return outcome
      await segment.cutFiles()
      await segment.file.sync()
      return outcome
    }
    const search = (where: Segment, from: number) =>
      where.file.use((file) => searchBeyond(file, from, this.#fileBytes.get(where)!, segment.endOffset))
    let { validBeyond, hasZeroBlock } = await search(segment, position)
    for (const later of this.#segments.slice(index + 1)) {
      const found = await search(later, 0)
      if (found.validBeyond === null) continue
      validBeyond = Math.max(validBeyond ?? 0, found.validBeyond)
      // A segment is whole on the disk before the next is begun.
      hasZeroBlock = false
    }
    const verdict = this.#judge(segment, fault, validBeyond, hasZeroBlock)
    if (verdict.kind === 'damaged') {
      this.#damaged(segment, position, `${fault}: ${verdict.reason}`, verdict.claim)
      for (const later of this.#segments.splice(index + 1)) later.file.closeFile()
      return 'damaged'
    }
    this.#cutBytes = fileBytes - position
    if (position === 0 && index > 0) return this.#dropFrom(index)
    await this.#removeSegments(index + 1)
    await segment.cutFiles()
    await segment.file.sync()
    return 'cut'
  }

  /** Nothing of a segment is left: the one before it takes appends. */
  async #dropFrom(index: number): Promise<'cut'> {
    await this.#removeSegments(index)
    await this.#context.fileSystem.syncDirectory(this.#request.path)
    const last = this.#segments.at(-1)!
    this.#context.segmentCache.forget(last)
    await this.#resume(last, last.byteLength)
    return 'cut'
  }

  /** The log starts before its first file: what was there is gone, whatever the rest is like. */
  #missingBefore(group: JournalGroup, firstBase: number): void {
    const end = this.#end(this.#segments.at(-1)!)
    const claim = group.claim !== null && comparePositions(group.claim, end) > 0 ? group.claim : end
    this.#damaged(this.#segments[0]!, 0, `the records before ${firstBase} are missing`, claim)
  }

  #damaged(segment: Segment, position: number, reason: string, claim: LogPosition): void {
    this.#fault = new StorageError('corrupt', segment.logPath, reason, { position })
    this.#owed = claim
  }

  #dropMarksBeyondEnd(group: JournalGroup): void {
    const last = this.#segments.at(-1)!
    if (group.marks.last().startOffset <= last.endOffset) return
    const keep = this.#end(last)
    this.#context.journal.append({ type: 'marks', ref: group.ref, keep, append: [] })
  }
}
