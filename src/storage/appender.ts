import { assert } from '../base/assert.ts'
import type { Environment, Timer } from '../base/environment.ts'
import type { DirectoryHealth } from './directory-health.ts'
import { type FileSystem, writeFully } from './file-system.ts'
import type { Segment } from './segment.ts'
import type { SegmentFile } from './segment-file.ts'
import { asStorageError, isLack, type Lack, StorageError } from './storage-error.ts'

/** Bounds of one write: IOV_MAX of Linux, and less than the 2 MiB from which on the page cache takes huge pages (docs/benchmarks.md). */
const GROUP_BATCHES_MAX = 1024
const GROUP_BYTES_MAX = 1048576
/** While a sync runs, what is queued waits for it to grow into one write, up to this much. */
const OVERLAP_BYTES_MIN = 65536
/** In the cached mode a sync follows after this long, or this many bytes. */
const CACHED_SYNC_MS = 100
const CACHED_SYNC_BYTES = 262144
const SPACE_PROBE_MS = 1000

interface Entry {
  /** null: only the segment is to be made, or it is written. */
  buffer: Buffer | null
  readonly segment: Segment
  readonly position: number
  readonly endOffset: number
}

export interface AppenderOptions {
  readonly fileSystem: FileSystem
  readonly environment: Environment
  readonly health: DirectoryHealth
  /** The log's directory, synced when a file was made in it. */
  readonly directory: string
  readonly segment: Segment
  readonly endOffset: number
  isCached(): boolean
  /** `from` is complete and synced, `to` comes next: the time for what belongs between them. */
  onRoll(from: Segment, to: Segment): Promise<void>
  /** Written or durable end moved, or fullness changed. */
  onProgress(): void
}

/**
 * Group commit of one log: what is queued while the disk is busy goes out as one write and, by policy, one sync. The
 * buffers are borrowed until written. When the disk is full, or descriptors have run out, the file is cut back to whole
 * batches, nothing queued is lost, and writing goes on when there is room again; any other failure ends the directory (see DirectoryHealth).
 */
export class Appender {
  readonly #options: AppenderOptions
  #queue: Entry[] = []
  #head = 0
  #queuedBytes = 0
  #writtenEnd: number
  #durableEnd: number
  /** Segment that is being written, and how far. */
  #segment: Segment
  #writtenPosition: number
  /** That of the segment; null between one that is complete and the next. */
  #file: SegmentFile | null
  #unsyncedBytes = 0
  #nameUnsynced = false
  /** Raised when the end goes back: results of operations that were under way then don't count. */
  #generation = 0
  #isWriting = false
  #isSyncing = false
  #pauses = 0
  /** What is waited for before anything more is written. */
  #lack: Lack | null = null
  #isClosed = false
  #syncTimer: Timer | null = null
  #probeTimer: Timer | null = null
  readonly #idle: (() => void)[] = []
  /** Called, once, when there is no room. */
  #whenFull: (() => void)[] = []
  #flushes: { endOffset: number; resolve: () => void; reject: (error: StorageError) => void }[] = []

  constructor(options: AppenderOptions) {
    this.#options = options
    this.#segment = options.segment
    this.#file = options.segment.file
    this.#writtenPosition = options.segment.byteLength
    this.#writtenEnd = options.endOffset
    this.#durableEnd = options.endOffset
  }

  get writtenEnd(): number {
    return this.#writtenEnd
  }

  get durableEnd(): number {
    return this.#durableEnd
  }

  get queuedBytes(): number {
    return this.#queuedBytes
  }

  /** What is waited for before anything more is written: room, or a descriptor; null: nothing. */
  get lack(): Lack | null {
    return this.#lack
  }

  /** Segment that is being written: those before it are complete. */
  get segment(): Segment {
    return this.#segment
  }

  /** Bytes of `segment` that are in its file. */
  writtenBytes(segment: Segment): number {
    if (segment === this.#segment) return this.#writtenPosition
    return segment.baseOffset < this.#segment.baseOffset ? segment.byteLength : 0
  }

  enqueue(buffer: Buffer, segment: Segment, position: number, endOffset: number): void {
    this.#queuedBytes += buffer.length
    this.#push(buffer, segment, position, endOffset)
    this.#wake()
  }

  /** Queues the making of a segment that has no batch yet. */
  enqueueSegment(segment: Segment): void {
    this.#push(null, segment, 0, segment.baseOffset)
    this.#wake()
  }

  #push(buffer: Buffer | null, segment: Segment, position: number, endOffset: number): void {
    this.#queue.push({ buffer, segment, position, endOffset })
  }

  /** Starts what is queued; for the owner to call once when the log is set up. */
  start(): void {
    this.#wake()
  }

  /** Resolves when everything queued so far, or what lies before `endOffset`, is on stable storage. */
  flush(endOffset: number = this.#lastQueuedEnd()): Promise<void> {
    const failure = this.#options.health.failure
    if (failure !== null) return Promise.reject(failure)
    if (this.#isFlushed(endOffset)) return Promise.resolve()
    if (this.#isClosed) return Promise.reject(this.#closedUnwritten())
    return new Promise((resolve, reject) => {
      this.#flushes.push({ endOffset, resolve, reject })
      this.#wake()
    })
  }

  #isFlushed(endOffset: number): boolean {
    return this.#durableEnd >= endOffset && this.#head === this.#queue.length
  }

  #lastQueuedEnd(): number {
    return this.#queue.at(-1)?.endOffset ?? this.#writtenEnd
  }

  /** Resolves when nothing is under way; nothing starts until as many `resume`s. */
  async pause(): Promise<void> {
    this.#pauses++
    while (this.#isWriting || this.#isSyncing) await this.#somethingEnds()
  }

  #somethingEnds(): Promise<void> {
    return new Promise((resolve) => this.#idle.push(resolve))
  }

  resume(): void {
    assert(this.#pauses > 0, 'resumed more often than paused')
    this.#pauses--
    this.#wake()
  }

  /** The log ends at `endOffset` from now on: nothing behind it counts, whatever is still under way. */
  cut(endOffset: number): void {
    this.#generation++
    const kept = this.#queue.slice(this.#head).filter((entry) => entry.endOffset <= endOffset)
    this.#queue = kept
    this.#head = 0
    this.#queuedBytes = kept.reduce((sum, entry) => sum + (entry.buffer?.length ?? 0), 0)
    this.#writtenEnd = Math.min(this.#writtenEnd, endOffset)
    this.#durableEnd = Math.min(this.#durableEnd, endOffset)
    for (const flush of this.#flushes) flush.endOffset = Math.min(flush.endOffset, endOffset)
  }

  /** Resolves when nothing is queued any more: all is in the files, or the log is closed or failed. */
  async drained(): Promise<void> {
    while (this.#isQueued) await this.#somethingEnds()
  }

  /** As `drained`, and to true; to false as soon as there is no room for what is queued. */
  async drainedUnlessFull(): Promise<boolean> {
    while (this.#isQueued && this.#lack === null) await this.#somethingEnds()
    return !this.#isQueued
  }

  get #isQueued(): boolean {
    return this.#head < this.#queue.length && !this.#isClosed && this.#options.health.failure === null
  }

  /** As `flush` of all that is queued, and to true; to false as soon as there is no room for it. */
  flushed(): Promise<boolean> {
    if (this.#lack !== null) return Promise.resolve(false)
    // Whoever has nothing to wait for leaves nothing behind that would be called some day.
    if (this.#isFlushed(this.#lastQueuedEnd()) && this.#options.health.failure === null)
      return Promise.resolve(true)
    const full = new Promise<boolean>((resolve) => this.#whenFull.push(() => resolve(false)))
    return Promise.race([this.flush().then(() => true), full])
  }

  /** While paused, drained and cut: brings the files to the log's new end, which is that of `segment`. */
  async cutFiles(segment: Segment, endOffset: number): Promise<void> {
    assert(this.#pauses > 0 && !this.#isWriting && !this.#isSyncing, 'files cut while they are written')
    if (!segment.isOnDisk && segment !== this.#segment) {
      // The one before is whole, and is completed as for any other roll before this one is made.
      this.#writtenEnd = endOffset
      return this.#push(null, segment, 0, endOffset)
    }
    if (segment.isOnDisk) {
      await segment.cutFiles()
      await segment.file.sync()
      if (this.#nameUnsynced) await this.#options.fileSystem.syncDirectory(this.#options.directory)
    }
    this.#restart(segment, endOffset)
  }

  #restart(segment: Segment, endOffset: number): void {
    this.#segment = segment
    this.#needFile(segment.file)
    this.#writtenPosition = segment.byteLength
    this.#writtenEnd = endOffset
    this.#durableEnd = endOffset
    this.#unsyncedBytes = 0
    this.#nameUnsynced = false
  }

  /** While paused: nothing of before counts, the log goes on with an empty segment. */
  startOver(segment: Segment): void {
    this.cut(-1)
    this.#restart(segment, segment.baseOffset)
  }

  /** Nothing is written any more; what is queued is dropped. Resolves when nothing is under way. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#options.health.foundRoom(this.#options.directory)
    this.#cancelTimers()
    for (const wake of this.#idle.splice(0)) wake()
    await this.pause()
    this.#rejectFlushes(this.#closedUnwritten())
  }

  #closedUnwritten(): StorageError {
    return new StorageError('io', this.#options.directory, 'closed before it was written')
  }

  /** The directory has failed: nobody need wait any longer. */
  failed(error: StorageError): void {
    this.#cancelTimers()
    this.#rejectFlushes(error)
    for (const wake of this.#idle.splice(0)) wake()
  }

  #cancelTimers(): void {
    this.#syncTimer?.cancel()
    this.#probeTimer?.cancel()
  }

  #rejectFlushes(error: StorageError): void {
    const flushes = this.#flushes
    this.#flushes = []
    for (const flush of flushes) flush.reject(error)
  }

  get #isStopped(): boolean {
    return this.#pauses > 0 || this.#isClosed || this.#options.health.failure !== null
  }

  /** Starts a write and a sync where there is something for them and none is running. */
  #wake(): void {
    if (this.#file !== null) this.#file.isInUse = !this.#isIdle
    if (this.#isStopped || this.#lack !== null) return
    if (!this.#isWriting && this.#head < this.#queue.length && this.#mayWrite()) {
      this.#isWriting = true
      void this.#writeGroups()
    }
    if (!this.#isSyncing && !this.#isWriting && this.#mustSync()) this.#startSync()
  }

  /** The file that is not to be closed while there is something to do. */
  #needFile(file: SegmentFile | null): void {
    if (this.#file !== null) this.#file.isInUse = false
    this.#file = file
    if (file !== null) file.isInUse = !this.#isIdle
  }

  /** Nothing is to be written or synced: the file is not needed. */
  get #isIdle(): boolean {
    if (this.#isClosed) return true
    if (this.#head < this.#queue.length || this.#isWriting || this.#isSyncing) return false
    return this.#durableEnd >= this.#writtenEnd && !this.#nameUnsynced
  }

  #mayWrite(): boolean {
    return !this.#isSyncing || this.#queuedBytes >= OVERLAP_BYTES_MIN || this.#options.isCached()
  }

  #mustSync(): boolean {
    if (this.#durableEnd >= this.#writtenEnd && !this.#nameUnsynced) return false
    if (!this.#options.isCached() || this.#flushes.length > 0) return true
    if (this.#unsyncedBytes >= CACHED_SYNC_BYTES) return true
    this.#syncTimer ??= this.#options.environment.setTimer(CACHED_SYNC_MS, () => {
      this.#syncTimer = null
      if (!this.#isStopped && !this.#isSyncing) this.#startSync()
    })
    return false
  }

  async #writeGroups(): Promise<void> {
    // The rest of this turn's batches join the first group.
    await Promise.resolve()
    try {
      while (!this.#isStopped && this.#head < this.#queue.length && this.#mayWrite()) {
        const entry = this.#queue[this.#head]!
        if (entry.segment !== this.#segment || !entry.segment.isOnDisk)
          await this.#changeSegment(entry.segment)
        else await this.#writeGroup(entry.segment)
        if (!this.#isSyncing && this.#mustSync()) this.#startSync()
      }
    } catch (error) {
      await this.#writeFailed(asStorageError(error, this.#segment.logPath))
    }
    this.#isWriting = false
    this.#settle()
  }

  /** Completes the segment before, and makes the file of the next: both are durable before a batch is. */
  async #changeSegment(next: Segment): Promise<void> {
    const generation = this.#generation
    if (next !== this.#segment) {
      while (this.#isSyncing) await this.#somethingEnds()
      await this.#sync()
      if (generation !== this.#generation || this.#isStopped) return
      await this.#options.onRoll(this.#segment, next)
      this.#needFile(null)
    }
    await next.file.use(async () => {})
    // Also if the log was cut meanwhile: the file is there now, and may come to be needed.
    this.#nameUnsynced = true
    if (generation !== this.#generation) return
    this.#segment = next
    this.#needFile(next.file)
    this.#writtenPosition = 0
    this.#skipEmpty()
  }

  #skipEmpty(): void {
    while (this.#head < this.#queue.length && this.#queue[this.#head]!.buffer === null) this.#head++
    this.#shrinkQueue()
  }

  async #writeGroup(segment: Segment): Promise<void> {
    const buffers: Buffer[] = []
    let bytes = 0
    let index = this.#head
    let endOffset = this.#writtenEnd
    for (; index < this.#queue.length && buffers.length < GROUP_BATCHES_MAX; index++) {
      const entry = this.#queue[index]!
      if (entry.segment !== segment) break
      if (entry.buffer === null) continue
      if (bytes > 0 && bytes + entry.buffer.length > GROUP_BYTES_MAX) break
      assert(entry.position === this.#writtenPosition + bytes, 'batches are written side by side')
      buffers.push(entry.buffer)
      bytes += entry.buffer.length
      endOffset = entry.endOffset
    }
    const generation = this.#generation
    await segment.file.use((file) => writeFully(file, buffers, this.#writtenPosition))
    if (generation !== this.#generation) return
    // A written entry lets its request frame go, however long the queue stays.
    for (let spent = this.#head; spent < index; spent++) this.#queue[spent]!.buffer = null
    this.#head = index
    this.#shrinkQueue()
    this.#queuedBytes -= bytes
    this.#unsyncedBytes += bytes
    this.#writtenPosition += bytes
    this.#writtenEnd = endOffset
    this.#options.onProgress()
  }

  #shrinkQueue(): void {
    if (this.#head === this.#queue.length) {
      this.#queue = []
      this.#head = 0
    } else if (this.#head > 4096 && this.#head * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head)
      this.#head = 0
    }
  }

  #startSync(): void {
    this.#isSyncing = true
    this.#syncTimer?.cancel()
    this.#syncTimer = null
    void this.#runSync()
  }

  async #runSync(): Promise<void> {
    try {
      do await this.#sync()
      while (!this.#isStopped && !this.#isWriting && this.#head === this.#queue.length && this.#mustSync())
    } catch (error) {
      if (isLack(error)) this.#wait(error.fault)
      else this.#options.health.fail(asStorageError(error, this.#segment.logPath))
    }
    this.#isSyncing = false
    this.#settle()
  }

  /** Makes durable what is written now. A failure is not to be tried again. */
  async #sync(): Promise<void> {
    const segment = this.#segment
    if (!segment.isOnDisk) return
    const generation = this.#generation
    const endOffset = this.#writtenEnd
    const isNew = this.#nameUnsynced
    const bytes = this.#unsyncedBytes
    try {
      await segment.file.sync()
      if (isNew) await this.#options.fileSystem.syncDirectory(this.#options.directory)
    } catch (error) {
      // Without a descriptor nothing was tried. Lack of space in a sync is a loss like any other.
      if (isLack(error) && error.fault === 'no-descriptors') throw error
      const failure = asStorageError(error, segment.logPath)
      this.#options.health.fail(new StorageError('io', failure.path, failure.message, { cause: error }))
      return
    }
    if (generation !== this.#generation) return
    if (isNew && segment === this.#segment) this.#nameUnsynced = false
    this.#unsyncedBytes -= bytes
    if (this.#durableEnd === endOffset) return this.#settleFlushes()
    this.#durableEnd = endOffset
    this.#options.onProgress()
    this.#settleFlushes()
  }

  #settleFlushes(): void {
    if (this.#flushes.length === 0) return
    const done = this.#flushes.filter((flush) => flush.endOffset <= this.#durableEnd)
    this.#flushes = this.#flushes.filter((flush) => flush.endOffset > this.#durableEnd)
    for (const flush of done) flush.resolve()
    if (this.#flushes.length === 0) this.#whenFull = []
  }

  #settle(): void {
    for (const wake of this.#idle.splice(0)) wake()
    this.#wake()
  }

  async #writeFailed(error: StorageError): Promise<void> {
    if (!isLack(error)) {
      this.#options.health.fail(error)
      return
    }
    const segment = this.#segment
    try {
      const position = this.#writtenPosition
      if (segment.isOnDisk && segment.file.shared !== null)
        await segment.file.use((file) => file.truncate(position))
    } catch (cause) {
      this.#options.health.fail(asStorageError(cause, segment.logPath))
      return
    }
    this.#wait(error.fault)
  }

  #wait(lack: Lack): void {
    this.#lack = lack
    for (const found of this.#whenFull.splice(0)) found()
    this.#options.health.foundFull(this.#options.directory, lack)
    this.#options.onProgress()
    this.#probe()
  }

  /** Looks from time to time whether there is room again. */
  #probe(): void {
    this.#probeTimer?.cancel()
    this.#probeTimer = this.#options.environment.setTimer(SPACE_PROBE_MS, () => {
      this.#probeTimer = null
      void this.#options.fileSystem.freeBytes(this.#options.directory).then(
        (bytes) => {
          if (this.#isClosed || this.#options.health.failure !== null) return
          if (bytes <= this.#queuedBytes && this.#lack === 'no-space') return this.#probe()
          this.#lack = null
          this.#options.health.foundRoom(this.#options.directory)
          this.#options.onProgress()
          this.#wake()
        },
        (error) => this.#options.health.fail(asStorageError(error, this.#options.directory)),
      )
    })
  }
}
