import type { BytePart, ByteSource } from '../base/byte-source.ts'
import { codecLoading, LOOP_LIMITS } from '../protocol/compression.ts'
import {
  batchBaseOffset,
  batchBytes,
  batchCompression,
  batchLastOffset,
  batchLeaderEpoch,
  batchMaxTimestamp,
  batchNextOffset,
  batchRecordCount,
} from '../protocol/record-batch.ts'
import { firstRecordAtOrAfter, maxTimestampRecord, type TimedOffset } from '../protocol/records.ts'
import { isUnpackedApart, unpackedApart } from '../protocol/records-body.ts'
import { readExactly, walkHeaders } from './batch-walk.ts'
import { BoundaryRing } from './boundary-ring.ts'
import { bytesRead, emptyRead, type LogRead, OUT_OF_RANGE, regionRead } from './log-read.ts'
import { OffsetOrder } from './offset-order.ts'
import type { Segment } from './segment.ts'
import type { SegmentCache } from './segment-cache.ts'
import type { SharedFile } from './shared-file.ts'
import type { OffsetIndex } from './sparse-index.ts'
import { isUnreadable, StorageError } from './storage-error.ts'
import type { CachedRun } from './tail-cache.ts'

/** Up to this much of what is in memory goes out from there; beyond it sendfile from the page cache is cheaper. */
const SLICED_BYTES_MAX = 65536
const SLICES_MAX = 64
/** What is looked at around an index entry: its interval and a batch of ordinary size. */
const LOOKUP_CHUNK_BYTES = 16384
/** Of a file that the disk did not give once: what is read ahead of an answer, at the most but for one batch. */
const SUSPECT_BYTES_MAX = 1048576

export interface FoundRecord extends TimedOffset {
  readonly leaderEpoch: number
}

/** What reading needs of a log. */
export interface ReadableLog {
  readonly startOffset: number
  readonly endOffset: number
  readonly writtenEndOffset: number
  /** Of a log that was ever compacted: there may be batches without records. */
  readonly compaction: { readonly cleanedEnd: number | null }
  readonly config: { readonly indexIntervalBytes: number }
  writtenBytes(segment: Segment): number
}

/** Index of the segment that `offset` falls into: the last one that does not start behind it. */
export function segmentIndexOf(segments: readonly Segment[], offset: number): number {
  let low = 0
  let high = segments.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (segments[middle]!.baseOffset <= offset) low = middle + 1
    else high = middle
  }
  return Math.max(0, low - 1)
}

/**
 * Where a log's offsets lie. At the tail, and for a reader that goes on where the last read ended, it answers from
 * memory; otherwise it looks at headers around an index entry.
 */
export class LogReader {
  readonly #log: ReadableLog
  readonly #segments: readonly Segment[]
  readonly #run: CachedRun
  readonly #cache: SegmentCache
  readonly #ring = new BoundaryRing()

  constructor(log: ReadableLog, segments: readonly Segment[], run: CachedRun, cache: SegmentCache) {
    this.#log = log
    this.#segments = segments
    this.#run = run
    this.#cache = cache
  }

  /** Boundaries may have changed: the log was cut. */
  forget(): void {
    this.#ring.clear()
  }

  read(
    fromOffset: number,
    maxBytes: number,
    limitOffset: number,
    atLeastOneBatch: boolean,
  ): LogRead | Promise<LogRead> {
    const log = this.#log
    if (fromOffset < log.startOffset || fromOffset > log.endOffset) return OUT_OF_RANGE
    const limit = Math.min(limitOffset, log.writtenEndOffset)
    if (fromOffset >= limit) return emptyRead(fromOffset)
    return (
      this.#readCached(fromOffset, maxBytes, limit, atLeastOneBatch) ??
      this.#readIndexed(fromOffset, maxBytes, limit) ??
      this.#readSlowly(fromOffset, maxBytes, limit, atLeastOneBatch)
    )
  }

  #readCached(fromOffset: number, maxBytes: number, limit: number, atLeastOneBatch: boolean): LogRead | null {
    const run = this.#run
    const from = run.find(fromOffset)
    if (from < 0) return null
    const first = run.at(from)
    if (first.segment.file.isSuspect) return null
    let end = run.endWithin(from, limit, first.position + maxBytes)
    if (end === from) {
      if (!atLeastOneBatch || first.endOffset > limit) return emptyRead(fromOffset)
      end = from + 1
    }
    const last = run.at(end - 1)
    const byteLength = last.position + last.byteLength - first.position
    const parts = end - from <= SLICES_MAX && byteLength <= SLICED_BYTES_MAX ? this.#slices(from, end) : null
    if (parts === null && first.segment.file.shared === null) return null
    const source: ByteSource =
      parts === null
        ? { byteLength, parts: [first.segment.file.region(first.position, byteLength)] }
        : { byteLength, parts }
    return { source, endOffset: last.endOffset }
  }

  #slices(from: number, end: number): BytePart[] | null {
    const parts: BytePart[] = []
    for (let index = from; index < end; index++) {
      const { bytes } = this.#run.at(index)
      if (bytes === null) return null
      parts.push(bytes)
    }
    return parts
  }

  /** Answers if start and end of the read are boundaries that are known. */
  #readIndexed(fromOffset: number, maxBytes: number, limit: number): LogRead | null {
    // What it knows of boundaries does not say whether an emptied batch lies there (E17).
    if (this.#log.compaction.cleanedEnd !== null) return null
    const segment = this.#segmentOf(fromOffset)
    const { offsetIndex } = segment
    const { shared, isSuspect } = segment.file
    if (offsetIndex === null || shared === null || isSuspect) return null
    const start = this.#knownStart(segment, offsetIndex, fromOffset)
    if (start < 0) return null
    this.#touch(segment)
    const limitPosition = this.#knownLimit(segment, offsetIndex, limit)
    if (limitPosition > start && limitPosition - start <= maxBytes) {
      return regionRead(shared, start, limitPosition, Math.min(limit, segment.endOffset))
    }
    // Where the limit is what ends the read, an entry before it would be too early.
    if (start + maxBytes >= this.#log.writtenBytes(segment)) return null
    const entry = offsetIndex.floorByPosition(start + maxBytes)
    if (entry < 0 || offsetIndex.positionAt(entry) <= start || offsetIndex.baseAt(entry) < 0) return null
    if (segment.baseOffset + offsetIndex.lastAt(entry) >= limit) return null
    const endOffset = segment.baseOffset + offsetIndex.baseAt(entry)
    const end = offsetIndex.positionAt(entry)
    this.#ring.remember(segment, endOffset, end)
    return regionRead(shared, start, end, endOffset)
  }

  #knownStart(segment: Segment, index: OffsetIndex, offset: number): number {
    if (offset === segment.baseOffset) return 0
    const position = this.#ring.find(segment, offset)
    return position >= 0 ? position : index.positionOfBatchWith(offset - segment.baseOffset)
  }

  /** Where what may be read of the segment ends, or −1. */
  #knownLimit(segment: Segment, index: OffsetIndex, limit: number): number {
    const log = this.#log
    if (limit === log.writtenEndOffset || limit >= segment.endOffset) return log.writtenBytes(segment)
    const cached = this.#run.find(limit)
    if (cached >= 0) {
      const batch = this.#run.at(cached)
      if (batch.segment === segment && batch.baseOffset === limit) return batch.position
    }
    const remembered = this.#ring.find(segment, limit)
    return remembered >= 0 ? remembered : index.positionOfBatchFrom(limit - segment.baseOffset)
  }

  async #readSlowly(
    fromOffset: number,
    maxBytes: number,
    limit: number,
    atLeastOneBatch: boolean,
  ): Promise<LogRead> {
    let offset = fromOffset
    for (;;) {
      if (offset < this.#log.startOffset) return OUT_OF_RANGE
      const segment = this.#segmentOf(offset)
      const read = await this.#withSegment(segment, (shared) =>
        this.#readSegment(segment, shared, offset, maxBytes, limit, atLeastOneBatch),
      )
      if (read === 'gone') continue
      if (read !== 'behind') return read
      // Replaced meanwhile: what takes its place may go further.
      if (!this.#segments.includes(segment)) continue
      // Nothing of this segment is left from `offset` on: there is a gap before the next.
      this.#checkGap(segment, offset, segment.byteLength)
      const next = this.#segments[segmentIndexOf(this.#segments, offset) + 1]
      if (next === undefined || next.baseOffset >= limit) return emptyRead(fromOffset)
      offset = next.baseOffset
    }
  }

  async #readSegment(
    segment: Segment,
    shared: SharedFile,
    offset: number,
    maxBytes: number,
    limit: number,
    atLeastOneBatch: boolean,
  ): Promise<LogRead | 'behind'> {
    const fileEnd = this.#log.writtenBytes(segment)
    const bytesMax = segment.file.isSuspect ? Math.min(maxBytes, SUSPECT_BYTES_MAX) : maxBytes
    const found = await this.#findBatch(segment, shared, offset, fileEnd, true)
    if (found === null) return 'behind'
    if (found.baseOffset > offset) this.#checkGap(segment, offset, found.position)
    if (found.endOffset > limit) return emptyRead(offset)
    if (found.byteLength > bytesMax) {
      if (!atLeastOneBatch) return emptyRead(offset)
      this.#ring.remember(segment, found.endOffset, found.position + found.byteLength)
      return this.#lend(segment, shared, found, found.position + found.byteLength, found.endOffset)
    }
    const end = await this.#findEnd(segment, shared, found, found.position + bytesMax, fileEnd, limit)
    this.#ring.remember(segment, found.baseOffset, found.position)
    this.#ring.remember(segment, end.offset, end.position)
    return this.#lend(segment, shared, found, end.position, end.offset)
  }

  /** Compaction leaves gaps, and nothing else does: in a log that was never compacted a file is gone, or part of one. */
  #checkGap(segment: Segment, offset: number, position: number): void {
    if (this.#log.compaction.cleanedEnd !== null) return
    throw new StorageError('corrupt', segment.logPath, `the records from ${offset} on are missing`, {
      position,
    })
  }

  /** The bytes from `first` on, which of a file that the disk did not give once are in memory before they are promised. */
  async #lend(
    segment: Segment,
    shared: SharedFile,
    first: FoundBatch,
    end: number,
    endOffset: number,
  ): Promise<LogRead> {
    const { position } = first
    if (!segment.file.isSuspect) return regionRead(shared, position, end, endOffset)
    const firstEnd = position + first.byteLength
    try {
      return bytesRead(await readExactly(shared.file, segment.logPath, position, end), endOffset)
    } catch (error) {
      if (!isUnreadable(error) || end === firstEnd) throw error
      return bytesRead(await readExactly(shared.file, segment.logPath, position, firstEnd), first.endOffset)
    }
  }

  /**
   * The batch that holds `offset`, or the first behind it in the segment, which has records where `isToBeRead` (E17);
   * null where there is none.
   */
  async #findBatch(
    segment: Segment,
    shared: SharedFile,
    offset: number,
    fileEnd: number,
    isToBeRead = false,
  ): Promise<FoundBatch | null> {
    const index = segment.offsetIndex
    const entry = index?.floorByOffset(offset - segment.baseOffset) ?? -1
    const from = entry < 0 ? 0 : index!.positionAt(entry)
    const order = new OffsetOrder(
      segment,
      entry < 0 ? segment.baseOffset : segment.baseOffset + index!.lastAt(entry),
    )
    let found: FoundBatch | null = null
    await walkHeaders(
      shared.file,
      segment.logPath,
      from,
      fileEnd,
      (buffer, at, position) => {
        order.check(buffer, at, position)
        if (batchLastOffset(buffer, at) < offset) return true
        if (isToBeRead && batchRecordCount(buffer, at) === 0) return true
        found = {
          position,
          byteLength: batchBytes(buffer, at),
          baseOffset: batchBaseOffset(buffer, at),
          endOffset: batchNextOffset(buffer, at),
        }
        return false
      },
      LOOKUP_CHUNK_BYTES,
    )
    return found
  }

  /** The last batch boundary up to `positionMax` and `limit`, at least behind `first`. */
  async #findEnd(
    segment: Segment,
    shared: SharedFile,
    first: FoundBatch,
    positionMax: number,
    fileEnd: number,
    limit: number,
  ): Promise<{ offset: number; position: number }> {
    const end = { offset: first.endOffset, position: first.position + first.byteLength }
    const known = segment.offsetIndex === null ? -1 : this.#knownLimit(segment, segment.offsetIndex, limit)
    if (known > first.position && known <= positionMax) {
      return { offset: Math.min(limit, segment.endOffset), position: known }
    }
    const index = segment.offsetIndex
    const entry = Math.min(
      index?.floorByPosition(positionMax) ?? -1,
      index?.floorByOffset(limit - 1 - segment.baseOffset) ?? -1,
    )
    const entryPosition = entry < 0 ? -1 : index!.positionAt(entry)
    const order = new OffsetOrder(segment, first.endOffset)
    const walk = walkHeaders(
      shared.file,
      segment.logPath,
      Math.max(end.position, entryPosition),
      fileEnd,
      (buffer, at, position) => {
        order.check(buffer, at, position)
        if (position === entryPosition) {
          end.offset = batchBaseOffset(buffer, at)
          end.position = position
          index!.learnBase(entry, end.offset - segment.baseOffset)
        }
        const behind = position + batchBytes(buffer, at)
        if (behind > positionMax || batchNextOffset(buffer, at) > limit) return false
        end.offset = batchNextOffset(buffer, at)
        end.position = behind
        return true
      },
      LOOKUP_CHUNK_BYTES,
    )
    // What lies before the break is given; whoever reads on to it is told.
    await walk.catch((error: unknown) => {
      if (!isUnreadable(error)) throw error
    })
    return end
  }

  /** Position of the batch that holds `offset`, or of the first behind it; the end where there is none. */
  async batchPosition(segment: Segment, offset: number): Promise<number> {
    const position = await this.#withSegment(segment, async (shared) => {
      const fileEnd = this.#log.writtenBytes(segment)
      return (await this.#findBatch(segment, shared, offset, fileEnd))?.position ?? fileEnd
    })
    if (position === 'gone') throw new StorageError('missing', segment.logPath, 'the segment is gone')
    return position
  }

  /** The first record that is not before `timestampMs` (E13), below `limit`. */
  async offsetForTimestamp(timestampMs: number, limit: number): Promise<FoundRecord | null> {
    for (const segment of [...this.#segments]) {
      if (segment.maxTimestamp < timestampMs) continue
      if (segment.baseOffset >= limit) return null
      const found = await this.#withSegment(segment, (shared) =>
        this.#findTimestamp(segment, shared, timestampMs),
      )
      if (found === 'gone' || found === null) continue
      return found.offset < limit ? found : null
    }
    return null
  }

  async #findTimestamp(
    segment: Segment,
    shared: SharedFile,
    timestampMs: number,
  ): Promise<FoundRecord | null> {
    const entry = segment.timeIndex?.floorByTimestamp(timestampMs) ?? -1
    const near = entry < 0 ? -1 : segment.timeIndex!.offsetAt(entry)
    const offsetEntry = segment.offsetIndex?.floorByOffset(near) ?? -1
    let from = offsetEntry < 0 ? 0 : segment.offsetIndex!.positionAt(offsetEntry)
    const fileEnd = this.#log.writtenBytes(segment)
    while (from < fileEnd) {
      const at = await walkHeaders(
        shared.file,
        segment.logPath,
        from,
        fileEnd,
        (buffer, position) => batchMaxTimestamp(buffer, position) < timestampMs,
      )
      if (at >= fileEnd) return null
      const batch = await readBatch(segment, shared, at)
      const plain = await unpackedForLoop(batch)
      const record =
        plain === null
          ? { offset: Math.max(this.#log.startOffset, batchBaseOffset(batch, 0)), timestamp: timestampMs }
          : firstRecordAtOrAfter(plain, 0, timestampMs, this.#log.startOffset)
      if (record !== null) return { ...record, leaderEpoch: batchLeaderEpoch(batch, 0) }
      from = at + batch.length
    }
    return null
  }

  /** The first record with the largest timestamp of all (E13), if below `limit`. */
  async maxTimestampOffset(limit: number): Promise<FoundRecord | null> {
    let latest: Segment | null = null
    for (const segment of this.#segments) {
      if (segment.maxTimestamp >= 0 && segment.maxTimestamp > (latest?.maxTimestamp ?? -1)) latest = segment
    }
    if (latest === null) return null
    const segment = latest
    const offset = segment.maxTimestampOffset
    const found = await this.#withSegment(segment, async (shared) => {
      const batch = await this.#findBatch(segment, shared, offset, this.#log.writtenBytes(segment))
      if (batch === null) return null
      const bytes = await readBatch(segment, shared, batch.position)
      const plain = await unpackedForLoop(bytes)
      const record =
        plain === null
          ? { offset: batchNextOffset(bytes, 0) - 1, timestamp: batchMaxTimestamp(bytes, 0) }
          : maxTimestampRecord(plain, 0)
      return record === null ? null : { ...record, leaderEpoch: batchLeaderEpoch(bytes, 0) }
    })
    return found === 'gone' || found === null || found.offset >= limit ? null : found
  }

  /** Runs `use` with file and indexes at hand. 'gone': the segment was deleted before it could be opened. */
  async #withSegment<T>(segment: Segment, use: (shared: SharedFile) => Promise<T>): Promise<T | 'gone'> {
    let shared: SharedFile
    try {
      shared = await segment.file.hold()
    } catch (error) {
      if (!this.#segments.includes(segment)) return 'gone'
      throw error
    }
    try {
      if (this.#segments.includes(segment)) {
        await this.#loadIndexes(segment)
        this.#touch(segment)
      }
      return await use(shared)
    } finally {
      shared.release()
    }
  }

  /** Of a broken file there are none: what lies before the break is found by its headers, whoever comes to it is told. */
  async #loadIndexes(segment: Segment): Promise<void> {
    try {
      await segment.loadIndexes(this.#log.config.indexIntervalBytes)
    } catch (error) {
      if (!isUnreadable(error)) throw error
    }
  }

  #touch(segment: Segment): void {
    const segments = this.#segments
    if (segment !== segments[segments.length - 1] && segments.includes(segment)) this.#cache.touch(segment)
  }

  #segmentOf(offset: number): Segment {
    const segments = this.#segments
    return segments[segmentIndexOf(segments, offset)]!
  }
}

interface FoundBatch {
  readonly position: number
  readonly byteLength: number
  readonly baseOffset: number
  readonly endOffset: number
}

/** A batch that can be unpacked. */
async function readBatch(segment: Segment, shared: SharedFile, position: number): Promise<Buffer> {
  let batch: Buffer | null = null
  await walkHeaders(
    shared.file,
    segment.logPath,
    position,
    segment.byteLength,
    (buffer, at) => {
      batch = Buffer.allocUnsafe(batchBytes(buffer, at))
      return false
    },
    64,
  )
  if (batch === null) throw new StorageError('corrupt', segment.logPath, 'no batch', { position })
  await shared.file.read(batch, position)
  await codecLoading(batchCompression(batch, 0))
  return batch
}

/** What is to be read instead of the batch, so that the loop is not held; null where it is too large to be read at all. */
async function unpackedForLoop(batch: Buffer): Promise<Buffer | null> {
  if (!isUnpackedApart(batch)) return batch
  const plain = await unpackedApart(batch, 0, LOOP_LIMITS)
  if (Buffer.isBuffer(plain)) return plain
  return plain.kind === 'too-large' ? null : batch
}
