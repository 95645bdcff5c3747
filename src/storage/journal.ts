import { assert } from '../base/assert.ts'
import type { Environment, Timer } from '../base/environment.ts'
import type { LogPosition } from '../base/log-position.ts'
import { Turn } from '../base/turn.ts'
import type { DirectoryHealth } from './directory-health.ts'
import { type FileSystem, type OpenFile, writeFully, writeSynced } from './file-system.ts'
import { JOURNAL_NAME, loadJournal, SNAPSHOT_NAME } from './journal-loader.ts'
import { applyRecord, encodeFrame, type JournalGroup, type JournalRecord } from './journal-record.ts'
import { GroupsSnapshot } from './journal-snapshot.ts'
import { asStorageError, isLack, StorageError, unlessLack } from './storage-error.ts'

/** The file grows by zeros written ahead: syncing what lies inside a file is cheaper than syncing a longer one. */
const ROOM_BYTES = 262144
/** So much of it is always there, if the disk has it: what a start and a stop on a full disk have to say fits. */
const ROOM_BYTES_MIN = 131072
const COMPACT_BYTES = 8388608
const CLAIM_MS = 1000
const CLAIM_BYTES = 8388608
const SPACE_PROBE_MS = 1000

export interface JournalOptions {
  readonly fileSystem: FileSystem
  readonly environment: Environment
  readonly health: DirectoryHealth
  readonly directory: string
  /** Bytes of frames from which the journal is folded into a snapshot. */
  readonly compactBytes?: number
}

/**
 * The memory of all replicated logs of a directory: terms, votes, marks, starts and claims, in one file, so that any
 * number of changes made in one turn cost one sync. A record takes effect in memory at once; it survives a crash when
 * `durable(lsn)` resolves.
 */
export class Journal {
  readonly #options: JournalOptions
  readonly #groups: Map<number, JournalGroup>
  readonly #wasClosed: boolean
  #nextRef: number
  #lastLsn: number
  #durableLsn: number
  #file: OpenFile
  #end: number
  #roomEnd: number
  /** Bytes of frames from which it is folded. */
  #compactAt: number
  #queue: { record: JournalRecord; lsn: number }[] = []
  /** While one is being made: of the groups as they were. */
  #snapshot: GroupsSnapshot | null = null
  #isBusy = false
  #isClosing = false
  #isClosed = false
  #waiting: { lsn: number; resolve: () => void; reject: (error: StorageError) => void }[] = []
  readonly #idle: (() => void)[] = []
  readonly #claims = new Map<number, () => LogPosition>()
  readonly #claimable = new Set<number>()
  #claimableBytes = 0
  #claimTimer: Timer | null = null

  private constructor(
    options: JournalOptions,
    file: OpenFile,
    loaded: Awaited<ReturnType<typeof loadJournal>>,
    roomEnd: number,
  ) {
    this.#options = options
    this.#file = file
    this.#groups = loaded.groups
    this.#wasClosed = loaded.wasClosed
    this.#nextRef = loaded.nextRef
    this.#lastLsn = loaded.lastLsn
    this.#durableLsn = loaded.lastLsn
    this.#end = loaded.end
    this.#roomEnd = roomEnd
    this.#compactAt = this.#compactBytes
    options.health.onFailure((error) => this.#failed(error))
  }

  /**
   * Loads the journal of a directory, or begins one. What an interrupted write left at its end is cut off; damage
   * before that is a StorageError `corrupt` that names the place: the directory is not to be used.
   */
  static async open(options: JournalOptions): Promise<Journal> {
    const { fileSystem, directory } = options
    const loaded = await loadJournal(fileSystem, directory)
    const file = await fileSystem.open(`${directory}/${JOURNAL_NAME}`, 'append-or-create')
    const byteLength = await file.byteLength()
    // The remains of a torn write would be taken for damage behind the next one.
    if (loaded.hasTornEnd) await file.truncate(loaded.end)
    const journal = new Journal(options, file, loaded, loaded.hasTornEnd ? loaded.end : byteLength)
    // What was read may only be in the page cache.
    await journal.#rewriteTail(loaded.syncedEnd, loaded.tail)
    await fileSystem.syncDirectory(directory)
    return journal
  }

  async #rewriteTail(position: number, tail: Buffer): Promise<void> {
    if (tail.length > 0) await writeFully(this.#file, [tail], position)
    await this.#file.sync()
  }

  /** Every group, by its ref. */
  get groups(): ReadonlyMap<number, JournalGroup> {
    return this.#groups
  }

  /** Whether the last thing that was said was goodbye. */
  get wasClosed(): boolean {
    return this.#wasClosed
  }

  get durableLsn(): number {
    return this.#durableLsn
  }

  get lastLsn(): number {
    return this.#lastLsn
  }

  /** Bytes of frames since the last snapshot. */
  get byteLength(): number {
    return this.#end
  }

  nextRef(): number {
    return this.#nextRef++
  }

  /** Applies a record and queues it. Returns the LSN that makes it, and all before it, durable. */
  append(record: JournalRecord): number {
    assert(!this.#isClosed, 'a closed journal takes no record')
    const lsn = this.#take(record)
    this.#wake()
    return lsn
  }

  #take(record: JournalRecord): number {
    this.#snapshot?.changing(record.ref)
    applyRecord(this.#groups, record)
    const lsn = ++this.#lastLsn
    this.#queue.push({ record, lsn })
    return lsn
  }

  /** Resolves when everything up to `lsn` is on stable storage; rejects when the directory fails. */
  durable(lsn: number): Promise<void> {
    if (lsn <= this.#durableLsn) return Promise.resolve()
    const failure = this.#options.health.failure
    if (failure !== null) return Promise.reject(failure)
    return new Promise((resolve, reject) => this.#waiting.push({ lsn, resolve, reject }))
  }

  /** Calls back, synchronously, when everything up to `lsn` is on stable storage; never when the directory fails. */
  whenDurable(lsn: number, callback: () => void): void {
    if (lsn <= this.#durableLsn) callback()
    else this.#waiting.push({ lsn, resolve: callback, reject: () => {} })
  }

  /** Where a group's claim is to be had when the journal writes: what its log then holds durably. */
  registerClaim(ref: number, position: () => LogPosition): void {
    this.#claims.set(ref, position)
  }

  forget(ref: number): void {
    this.#claims.delete(ref)
    this.#claimable.delete(ref)
  }

  /** `bytes` more of a group's log are durable: its claim rides with the next write, or soon makes one. */
  claimMoved(ref: number, bytes: number): void {
    if (this.#isClosing) return
    this.#claimable.add(ref)
    this.#claimableBytes += bytes
    if (this.#claimableBytes >= CLAIM_BYTES) this.writeClaims()
    else
      this.#claimTimer ??= this.#options.environment.setTimer(CLAIM_MS, () => {
        this.#claimTimer = null
        this.writeClaims()
      })
  }

  /** Queues the claims that have moved. */
  writeClaims(): void {
    this.#claimTimer?.cancel()
    this.#claimTimer = null
    if (this.#isClosed || this.#options.health.failure !== null) return
    this.#queueClaims()
    this.#wake()
  }

  #queueClaims(): void {
    this.#claimableBytes = 0
    for (const ref of this.#claimable) {
      const position = this.#claims.get(ref)?.()
      if (position === undefined || !this.#groups.has(ref)) continue
      this.#take({ type: 'claim', ref, position })
    }
    this.#claimable.clear()
  }

  /** Says goodbye: after this the logs need no scan. Everything else has been closed before. */
  async close(): Promise<void> {
    this.#claimTimer?.cancel()
    this.#isClosing = true
    if (this.#options.health.failure === null) {
      this.#queueClaims()
      await this.durable(this.append({ type: 'clean', ref: 0 })).catch(unlessLack)
    }
    await this.abandon()
  }

  /** Ends without a goodbye. */
  async abandon(): Promise<void> {
    this.#isClosed = true
    this.#isClosing = true
    this.#claimTimer?.cancel()
    while (this.#isBusy) await new Promise<void>((resolve) => this.#idle.push(resolve))
    await this.#file.close()
  }

  #wake(): void {
    if (this.#isBusy || this.#queue.length === 0 || this.#isClosed) return
    if (this.#options.health.failure !== null) return
    this.#isBusy = true
    void this.#run()
  }

  async #run(): Promise<void> {
    // The rest of this turn's records join the first write.
    await Promise.resolve()
    try {
      while (this.#queue.length > 0 && this.#options.health.failure === null) {
        await this.#writeGroup()
        if (this.#end >= this.#compactAt && !this.#isClosing) await this.#compact()
      }
    } catch (error) {
      const failure = asStorageError(error, `${this.#options.directory}/${JOURNAL_NAME}`)
      if (isLack(failure)) this.#gaveUp(failure)
      else this.#options.health.fail(failure)
    }
    this.#isBusy = false
    for (const wake of this.#idle.splice(0)) wake()
    this.#wake()
  }

  /** There is no room for what was to be said last: the next start finds no goodbye, and looks for itself. */
  #gaveUp(failure: StorageError): void {
    this.#isClosed = true
    this.#failed(failure)
  }

  async #writeGroup(): Promise<void> {
    if (this.#claimable.size > 0 && !this.#isClosed && this.#queue[0]!.record.type !== 'clean')
      this.#queueClaims()
    const group = this.#queue
    this.#queue = []
    const lastLsn = group.at(-1)!.lsn
    const frames = group.map(({ record, lsn }) => encodeFrame(record, lsn, lsn - this.#durableLsn))
    const bytes = frames.reduce((sum, frame) => sum + frame.length, 0)
    const joined = Buffer.allocUnsafe(bytes)
    let at = 0
    for (const frame of frames) at += frame.copy(joined, at)
    await this.#withRoom(async () => {
      await this.#makeRoom(this.#end + bytes)
      await writeFully(this.#file, [joined], this.#end)
    })
    await this.#sync()
    this.#end += bytes
    this.#durableLsn = lastLsn
    this.#settle()
  }

  /** Lack of space in a sync is a loss like any other: what was written is not known to be on the disk. */
  async #sync(): Promise<void> {
    try {
      await this.#file.sync()
    } catch (error) {
      const { path, message } = asStorageError(error, `${this.#options.directory}/${JOURNAL_NAME}`)
      throw new StorageError('io', path, message, { cause: error })
    }
  }

  async #makeRoom(end: number): Promise<void> {
    if (end + ROOM_BYTES_MIN <= this.#roomEnd) return
    const zeros = Buffer.alloc(Math.max(ROOM_BYTES, end - this.#roomEnd))
    try {
      await writeFully(this.#file, [zeros], this.#roomEnd)
      this.#roomEnd += zeros.length
    } catch (error) {
      if (end > this.#roomEnd || !isLack(error)) throw error
    }
  }

  /** Does `write` again, from the start, until there is room, or a descriptor, for it. */
  async #withRoom(write: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        await write()
        return
      } catch (error) {
        if (!isLack(error) || this.#isClosing) throw error
      }
      await new Promise<void>((resolve) => this.#options.environment.setTimer(SPACE_PROBE_MS, resolve))
    }
  }

  #settle(): void {
    const done = this.#waiting.filter((waiter) => waiter.lsn <= this.#durableLsn)
    this.#waiting = this.#waiting.filter((waiter) => waiter.lsn > this.#durableLsn)
    for (const waiter of done) waiter.resolve()
  }

  #failed(error: StorageError): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const waiter of waiting) waiter.reject(error)
  }

  /**
   * Folds everything durable into a snapshot and begins the journal anew. Of both the generation before is kept: at
   * any moment of a crash one snapshot and the journals behind it tell the whole.
   */
  async #compact(): Promise<void> {
    const { fileSystem, directory } = this.#options
    // Records that are queued are applied already: the snapshot is what makes them durable.
    const snapshotLsn = this.#lastLsn
    const bytes = await this.#encodeSnapshot()
    const snapshotPath = `${directory}/${SNAPSHOT_NAME}`
    const journalPath = `${directory}/${JOURNAL_NAME}`
    const file = await this.#prepare(bytes)
    // The journal goes on as it is until there is room for it to be folded.
    if (file === null) return
    const rename = (from: string, to: string) => this.#withRoom(() => fileSystem.rename(from, to))
    if ((await fileSystem.stat(snapshotPath)) !== null) await rename(snapshotPath, `${snapshotPath}.old`)
    await rename(`${snapshotPath}.tmp`, snapshotPath)
    await this.#withRoom(() => fileSystem.syncDirectory(directory))
    await rename(journalPath, `${journalPath}.old`)
    await rename(`${journalPath}.tmp`, journalPath)
    await this.#withRoom(() => fileSystem.syncDirectory(directory))
    await this.#file.close()
    this.#file = file
    this.#end = 0
    this.#roomEnd = ROOM_BYTES
    this.#compactAt = this.#compactBytes
    this.#queue = this.#queue.filter(({ lsn }) => lsn > snapshotLsn)
    this.#durableLsn = snapshotLsn
    this.#settle()
  }

  async #encodeSnapshot(): Promise<Buffer> {
    this.#snapshot = new GroupsSnapshot(this.#groups, this.#lastLsn, this.#nextRef)
    const bytes = await this.#snapshot.encode(new Turn(this.#options.environment))
    this.#snapshot = null
    return bytes
  }

  /** Writes the snapshot, and an empty journal, under names of their own. null: there is no room for them. */
  async #prepare(snapshot: Buffer): Promise<OpenFile | null> {
    const { fileSystem, directory } = this.#options
    let file: OpenFile | null = null
    try {
      await writeSynced(fileSystem, `${directory}/${SNAPSHOT_NAME}.tmp`, snapshot)
      file = await fileSystem.open(`${directory}/${JOURNAL_NAME}.tmp`, 'append-or-create')
      await file.truncate(0)
      await writeFully(file, [Buffer.alloc(ROOM_BYTES)], 0)
      await file.sync()
      return file
    } catch (error) {
      await file?.close()
      if (!isLack(error)) throw error
      this.#compactAt = this.#end + this.#compactBytes / 8
      return null
    }
  }

  get #compactBytes(): number {
    return this.#options.compactBytes ?? COMPACT_BYTES
  }
}
