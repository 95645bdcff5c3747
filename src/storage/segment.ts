import { assert } from '../base/assert.ts'
import { readInt32, readInt64 } from '../base/bytes.ts'
import {
  BATCH_HEADER_BYTES,
  BATCH_MAGIC,
  batchBaseOffset,
  batchBytes,
  batchLastOffset,
  batchMagic,
  batchMaxTimestamp,
  batchNextOffset,
  batchRecordCount,
} from '../protocol/record-batch.ts'
import { walkHeaders } from './batch-walk.ts'
import { markSegmentDeleted, unlinkDeletedSegment } from './deleted-segment.ts'
import { offsetName } from './file-names.ts'
import { type FileSystem, type OpenFile, readWhole } from './file-system.ts'
import { IndexFiles } from './index-files.ts'
import type { LogConfig } from './log-config.ts'
import type { OpenFiles } from './open-files.ts'
import { SegmentFile } from './segment-file.ts'
import { OFFSET_ENTRY_BYTES, OffsetIndex, TIME_ENTRY_BYTES, TimeIndex } from './sparse-index.ts'
import { isUnreadable, StorageError, unlessLack } from './storage-error.ts'

const RELATIVE_OFFSET_MAX = 2 ** 31 - 1
const NO_TIMESTAMP = -1
/**
 * A stretch of a log: `<base offset>.log` with its `.index` and `.timeindex`, in Kafka's bytes. What is queued for the
 * file counts as part of the segment; whoever reads the file keeps to what was written. Indexes lag on the disk and
 * are rebuilt where they are missing or make no sense: the log file alone is the truth.
 */
export class Segment {
  readonly baseOffset: number
  readonly path: string
  readonly createdMs: number
  readonly jitterMs: number
  readonly file: SegmentFile
  readonly #fileSystem: FileSystem
  readonly #openFiles: OpenFiles
  readonly #files: IndexFiles
  byteLength = 0
  /** Behind the last batch. */
  endOffset: number
  maxTimestamp = NO_TIMESTAMP
  /** Last offset of the batch that has the largest timestamp. */
  maxTimestampOffset = NO_TIMESTAMP
  /** Timestamp that segment.ms counts from: the first batch's largest. */
  firstTimestamp = NO_TIMESTAMP
  #offsetIndex: OffsetIndex | null
  #timeIndex: TimeIndex | null
  #loading: Promise<void> | null = null
  /** Why no index can be made of the file, once that was tried. */
  #unindexable: StorageError | null = null
  #bytesSinceEntry = 0
  /** Length at which the index files were found complete, as long as nothing has changed them; −1: not known. */
  #completeAt = -1
  #persisting: Promise<void> = Promise.resolve()

  constructor(options: {
    fileSystem: FileSystem
    openFiles: OpenFiles
    directory: string
    baseOffset: number
    createdMs: number
    jitterMs: number
    isOnDisk: boolean
    /** Length that the file is made with: as in Kafka of zeros, which take no room on most file systems. 0 if not said. */
    preallocatedBytes?: number
  }) {
    this.#fileSystem = options.fileSystem
    this.baseOffset = options.baseOffset
    this.endOffset = options.baseOffset
    this.path = `${options.directory}/${offsetName(options.baseOffset)}`
    this.createdMs = options.createdMs
    this.jitterMs = options.jitterMs
    this.#openFiles = options.openFiles
    this.file = new SegmentFile({
      openFiles: options.openFiles,
      path: `${this.path}.log`,
      isOnDisk: options.isOnDisk,
      preallocatedBytes: options.preallocatedBytes ?? 0,
    })
    this.#files = new IndexFiles(options.fileSystem, this.path)
    this.#offsetIndex = options.isOnDisk ? null : new OffsetIndex()
    this.#timeIndex = options.isOnDisk ? null : new TimeIndex()
  }

  get logPath(): string {
    return this.file.path
  }

  /** In memory, or null: see loadIndexes. */
  get offsetIndex(): OffsetIndex | null {
    return this.#offsetIndex
  }

  get timeIndex(): TimeIndex | null {
    return this.#timeIndex
  }

  get indexBytes(): number {
    return (this.#offsetIndex?.byteLength ?? 0) + (this.#timeIndex?.byteLength ?? 0)
  }

  /** Whether the file has been made. */
  get isOnDisk(): boolean {
    return this.file.isOnDisk
  }

  /** Whether `batch` belongs into a new segment: by size, age, full index, or an offset too far from the base. */
  shouldRoll(batch: Buffer, config: LogConfig): boolean {
    const bytes = batchBytes(batch, 0)
    if (batchLastOffset(batch, 0) - this.baseOffset > RELATIVE_OFFSET_MAX) return true
    if (this.byteLength === 0) return false
    if (this.byteLength + bytes > config.segmentBytesMax) return true
    if (this.#ageMs(batchMaxTimestamp(batch, 0)) > config.segmentMs - this.jitterMs) return true
    return this.#isIndexFull(config.segmentIndexBytesMax)
  }

  /** As Kafka: by timestamps of the records where they have any. */
  #ageMs(timestampMs: number): number {
    return this.firstTimestamp >= 0 ? timestampMs - this.firstTimestamp : timestampMs - this.createdMs
  }

  #isIndexFull(indexBytesMax: number): boolean {
    const offsetEntriesMax = Math.floor(indexBytesMax / OFFSET_ENTRY_BYTES)
    const timeEntriesMax = Math.floor(indexBytesMax / TIME_ENTRY_BYTES)
    return this.#offsetIndex!.count >= offsetEntriesMax || this.#timeIndex!.count >= timeEntriesMax - 1
  }

  /** Takes a batch (its header is enough) as the next one of the segment. Returns its position. */
  add(buffer: Buffer, at: number, indexIntervalBytes: number): number {
    const position = this.byteLength
    const bytes = batchBytes(buffer, at)
    const baseOffset = batchBaseOffset(buffer, at)
    const lastOffset = batchLastOffset(buffer, at)
    const timestamp = batchMaxTimestamp(buffer, at)
    assert(baseOffset >= this.endOffset, 'offsets of a segment increase')
    if (position === 0) this.firstTimestamp = timestamp
    // A batch that compaction has emptied has no record with that timestamp.
    if (timestamp > this.maxTimestamp && batchRecordCount(buffer, at) > 0) {
      this.maxTimestamp = timestamp
      this.maxTimestampOffset = lastOffset
    }
    if (this.#bytesSinceEntry > indexIntervalBytes) {
      this.#offsetIndex!.append(lastOffset - this.baseOffset, position, baseOffset - this.baseOffset)
      this.#timeIndex!.append(this.maxTimestamp, this.maxTimestampOffset - this.baseOffset)
      this.#bytesSinceEntry = 0
    }
    this.#bytesSinceEntry += bytes
    this.byteLength = position + bytes
    this.endOffset = lastOffset + 1
    return position
  }

  /**
   * Brings both indexes into memory: from their files or, where these make no sense, from the log file. Throws StorageError
   * (see isUnreadable) where that is broken too; it is not gone through again for that.
   */
  loadIndexes(indexIntervalBytes: number): Promise<void> {
    if (this.#offsetIndex !== null && this.#timeIndex !== null) return Promise.resolve()
    if (this.#unindexable !== null) return Promise.reject(this.#unindexable)
    this.#loading ??= this.#load(indexIntervalBytes)
      .catch((error: unknown) => {
        if (isUnreadable(error)) this.#unindexable = error
        throw error
      })
      .finally(() => {
        this.#loading = null
      })
    return this.#loading
  }

  async #load(indexIntervalBytes: number): Promise<void> {
    const [offsetBytes, timeBytes] = await Promise.all([
      readWhole(this.#fileSystem, `${this.path}.index`),
      readWhole(this.#fileSystem, `${this.path}.timeindex`),
    ])
    const offsetIndex = offsetBytes === null ? null : OffsetIndex.decode(offsetBytes, this.byteLength)
    const timeIndex = timeBytes === null ? null : TimeIndex.decode(timeBytes)
    if (offsetIndex === null || timeIndex === null) {
      await this.#rebuildIndexes(indexIntervalBytes)
      return
    }
    this.#offsetIndex = offsetIndex
    this.#timeIndex = timeIndex
  }

  /** As `add`, of a batch that a file holds: the file may be damaged. */
  #addFound(buffer: Buffer, at: number, indexIntervalBytes: number): void {
    const baseOffset = batchBaseOffset(buffer, at)
    const isAhead = batchLastOffset(buffer, at) - this.baseOffset <= RELATIVE_OFFSET_MAX
    if (baseOffset < this.endOffset || !isAhead)
      throw new StorageError(
        'corrupt',
        this.logPath,
        `offset ${baseOffset} can't follow ${this.endOffset - 1}`,
        {
          position: this.byteLength,
        },
      )
    this.add(buffer, at, indexIntervalBytes)
  }

  /** Takes the first `byteLength` bytes of the file, which are whole batches, for what the segment holds, with new indexes. */
  async rebuild(byteLength: number, indexIntervalBytes: number): Promise<void> {
    const found = await this.#foundInFile(byteLength, indexIntervalBytes)
    this.byteLength = found.byteLength
    this.endOffset = found.endOffset
    await this.#takeIndexes(found)
  }

  /** Both indexes anew, for a segment of which it is known what it holds. Where that fails, all is as it was. */
  async #rebuildIndexes(indexIntervalBytes: number): Promise<void> {
    await this.#takeIndexes(await this.#foundInFile(this.byteLength, indexIntervalBytes))
  }

  /** What the headers in the file say, put together beside this segment: others use it meanwhile. */
  async #foundInFile(byteLength: number, indexIntervalBytes: number): Promise<Segment> {
    const { baseOffset, createdMs, jitterMs, isOnDisk } = this
    const directory = this.path.slice(0, this.path.lastIndexOf('/'))
    const found = new Segment({
      fileSystem: this.#fileSystem,
      openFiles: this.#openFiles,
      ...{ directory, baseOffset, createdMs, jitterMs, isOnDisk },
    })
    found.beginAnew()
    await this.file.use((file) =>
      walkHeaders(file, this.logPath, 0, byteLength, (buffer, at) => {
        found.#addFound(buffer, at, indexIntervalBytes)
        return true
      }),
    )
    found.#addLastTimestamp()
    return found
  }

  /** Uses what was found from this turn on, and puts it in the place of the files, as far as there is room. */
  #takeIndexes(found: Segment): Promise<void> {
    this.#offsetIndex = found.#offsetIndex
    this.#timeIndex = found.#timeIndex
    this.maxTimestamp = found.maxTimestamp
    this.maxTimestampOffset = found.maxTimestampOffset
    this.firstTimestamp = found.firstTimestamp
    this.#bytesSinceEntry = found.#bytesSinceEntry
    this.#completeAt = -1
    return this.#inTurn(() => this.#files.replace(this.#offsetIndex, this.#timeIndex))
  }

  /** Forgets what it holds: the file is gone through again from its start. */
  beginAnew(): void {
    this.#offsetIndex = new OffsetIndex()
    this.#timeIndex = new TimeIndex()
    this.byteLength = 0
    this.endOffset = this.baseOffset
    this.maxTimestamp = NO_TIMESTAMP
    this.maxTimestampOffset = NO_TIMESTAMP
    this.firstTimestamp = NO_TIMESTAMP
    this.#bytesSinceEntry = 0
    this.#completeAt = -1
  }

  /** Frees the indexes of a segment that gets no more batches. */
  dropIndexes(): void {
    if (this.file.isPinned) return
    this.#offsetIndex = null
    this.#timeIndex = null
  }

  /**
   * Takes over a file of `byteLength` bytes that end in a whole batch: walks what lies behind the last index entry, so
   * that end, timestamps and distance to the next entry are known. Nothing before it is read but the first header.
   */
  async resume(byteLength: number, indexIntervalBytes: number): Promise<void> {
    this.byteLength = byteLength
    await this.loadIndexes(indexIntervalBytes)
    await this.truncateTo(byteLength, indexIntervalBytes)
    this.#completeAt = byteLength
  }

  /**
   * Takes over a file that gets no more batches and that the next segment follows at `endOffset`: its timestamps are in
   * the last time index entry, and nothing else need be known. Where that is missing, the headers are gone through.
   */
  async describe(byteLength: number, endOffset: number, indexIntervalBytes: number): Promise<void> {
    this.byteLength = byteLength
    this.endOffset = endOffset
    const entry = await this.#lastTimeEntry()
    if (entry === null) {
      await this.#rebuildIndexes(indexIntervalBytes)
      return
    }
    this.maxTimestamp = entry.timestamp
    this.maxTimestampOffset = entry.offset
  }

  async #lastTimeEntry(): Promise<{ timestamp: number; offset: number } | null> {
    const path = `${this.path}.timeindex`
    const stat = await this.#fileSystem.stat(path)
    if (stat === null || stat.byteLength === 0 || stat.byteLength % TIME_ENTRY_BYTES !== 0) return null
    const file = await this.#fileSystem.open(path, 'read')
    try {
      const bytes = Buffer.alloc(TIME_ENTRY_BYTES)
      await file.read(bytes, stat.byteLength - TIME_ENTRY_BYTES)
      const timestamp = readInt64(bytes, 0)
      const offset = this.baseOffset + readInt32(bytes, 8)
      return timestamp > 0 && offset >= this.baseOffset && offset < this.endOffset
        ? { timestamp, offset }
        : null
    } finally {
      await file.close()
    }
  }

  /** Whether a batch starts at `position` whose last offset is `relativeLast` behind the base. */
  async isBatchAt(position: number, relativeLast: number): Promise<boolean> {
    const header = Buffer.alloc(BATCH_HEADER_BYTES)
    if ((await this.file.use((file) => file.read(header, position))) < header.length) return false
    return (
      batchMagic(header, 0) === BATCH_MAGIC && batchLastOffset(header, 0) === this.baseOffset + relativeLast
    )
  }

  /**
   * Makes `position`, a batch boundary, the end: indexes, end offset and timestamps follow; the file's length and the
   * index files do not (see cutFiles). The indexes are in memory.
   */
  async truncateTo(position: number, indexIntervalBytes: number): Promise<void> {
    await this.file.use((file) => this.#truncateTo(file, position, indexIntervalBytes))
  }

  async #truncateTo(file: OpenFile, position: number, indexIntervalBytes: number): Promise<void> {
    const offsetIndex = this.#offsetIndex!
    const timeIndex = this.#timeIndex!
    this.#completeAt = -1
    offsetIndex.truncateToPosition(position)
    const entry = offsetIndex.count - 1
    const entryEnd = entry < 0 ? this.baseOffset : this.baseOffset + offsetIndex.lastAt(entry) + 1
    timeIndex.truncateToOffset(entryEnd - this.baseOffset)
    const lastTime = timeIndex.count - 1
    this.maxTimestamp = lastTime < 0 ? NO_TIMESTAMP : timeIndex.timestampAt(lastTime)
    this.maxTimestampOffset = lastTime < 0 ? NO_TIMESTAMP : this.baseOffset + timeIndex.offsetAt(lastTime)
    const from = entry < 0 ? 0 : offsetIndex.positionAt(entry)
    if (from > 0) {
      await walkHeaders(
        file,
        this.logPath,
        0,
        position,
        (buffer, at) => {
          this.firstTimestamp = batchMaxTimestamp(buffer, at)
          return false
        },
        64,
      )
    } else this.firstTimestamp = NO_TIMESTAMP
    this.byteLength = from
    this.endOffset = entry < 0 ? this.baseOffset : -1
    this.#bytesSinceEntry = 0
    await walkHeaders(file, this.logPath, from, position, (buffer, at, filePosition) => {
      if (filePosition === from && entry >= 0) this.#resumeAtEntry(buffer, at, entry)
      else this.#addFound(buffer, at, indexIntervalBytes)
      return true
    })
  }

  /** The batch of the last index entry: counted, but its entry is there. */
  #resumeAtEntry(buffer: Buffer, at: number, entry: number): void {
    const base = batchBaseOffset(buffer, at) - this.baseOffset
    const last = batchLastOffset(buffer, at) - this.baseOffset
    if (last !== this.#offsetIndex!.lastAt(entry)) {
      throw new StorageError('corrupt', `${this.path}.index`, 'an entry does not match the log')
    }
    this.#offsetIndex!.learnBase(entry, base)
    this.endOffset = batchNextOffset(buffer, at)
    this.#bytesSinceEntry = batchBytes(buffer, at)
    this.byteLength += this.#bytesSinceEntry
    if (batchMaxTimestamp(buffer, at) > this.maxTimestamp) {
      this.maxTimestamp = batchMaxTimestamp(buffer, at)
      this.maxTimestampOffset = this.endOffset - 1
    }
  }

  /** Writes index entries that are not yet in the files. Not synced: what is lost is rebuilt. */
  persistIndexes(): Promise<void> {
    return this.hasUnwritten ? this.#writeIndexes() : Promise.resolve()
  }

  /** Whether the index files lag behind, as far as is known. An empty segment needs none. */
  get hasUnwritten(): boolean {
    return this.isOnDisk && this.byteLength > 0 && this.#completeAt !== this.byteLength
  }

  #writeIndexes(): Promise<void> {
    this.#completeAt = -1
    return this.#inTurn(() => this.#files.append(this.#offsetIndex, this.#timeIndex))
  }

  /** Changes of the index files come one after the other. */
  #inTurn(change: () => Promise<void>): Promise<void> {
    const done = this.#persisting.then(change)
    this.#persisting = done.catch(() => {})
    return done
  }

  /** Ends the segment: its largest timestamp becomes the last time index entry, as Kafka has it. */
  #addLastTimestamp(): void {
    if (this.maxTimestamp < 0) return
    this.#timeIndex!.append(this.maxTimestamp, this.maxTimestampOffset - this.baseOffset)
  }

  /**
   * Nothing more comes: gives back what room is left, and completes the indexes on the disk; durably where another segment
   * follows, since then nobody looks whether they are complete. The log file has been synced.
   */
  async seal(isFollowed: boolean): Promise<void> {
    if (this.file.hasRoom) await this.#giveBackRoom()
    if (!isFollowed && !this.hasUnwritten) return
    this.#completeAt = -1
    this.#addLastTimestamp()
    if (isFollowed) await this.#inTurn(() => this.#files.complete(this.#offsetIndex, this.#timeIndex))
    else await this.#writeIndexes().catch(unlessLack)
  }

  /** Durable before the next segment is made: of all but the last, the length of the file is taken for its end. */
  async #giveBackRoom(): Promise<void> {
    await this.file.cutTo(this.byteLength)
    await this.file.sync()
  }

  /** Cuts the log file, and the index files, to what the segment holds. */
  async cutFiles(): Promise<void> {
    await this.file.cutTo(this.byteLength)
    await this.#writeIndexes().catch(unlessLack)
  }

  /** Renames the files for deletion, of one that was replaced those that are no longer true. Who holds the file reads on. */
  markDeleted(isReplaced = false): Promise<void> {
    return markSegmentDeleted(this.#fileSystem, this.path, isReplaced)
  }

  /** Removes the renamed files. */
  unlinkDeleted(): Promise<void> {
    return unlinkDeletedSegment(this.#fileSystem, this.path)
  }
}
