import { assert } from '../base/assert.ts'
import type { OpenFile } from './file-system.ts'
import type { FileHolder, OpenFiles } from './open-files.ts'
import { SegmentRegion, SharedFile } from './shared-file.ts'
import { StorageError } from './storage-error.ts'

/** The `.log` file of a segment: made when it is first needed, open while it is in use, or as long as others don't need more. */
export class SegmentFile implements FileHolder {
  readonly path: string
  /** Whether the file has been made. */
  isOnDisk: boolean
  /** It stays open: its name is being changed. */
  isPinned = false
  /** The disk did not give what a reader had been promised: from then on nothing is promised before it has been read. */
  isSuspect = false
  /** The file is longer than what has been written to it. */
  hasRoom = false
  #isInUse = false
  readonly #openFiles: OpenFiles
  readonly #preallocatedBytes: number
  /** Another has taken its place: it is not opened any more, and who holds it may read on. */
  #isRetired = false
  #shared: SharedFile | null = null
  #opening: Promise<SharedFile> | null = null
  /** Those who are to hold what is being opened. */
  #awaiting = 0

  constructor(options: {
    openFiles: OpenFiles
    path: string
    isOnDisk: boolean
    preallocatedBytes: number
  }) {
    this.#openFiles = options.openFiles
    this.path = options.path
    this.isOnDisk = options.isOnDisk
    this.#preallocatedBytes = options.preallocatedBytes
  }

  /** Something is being written to it, or is not synced. Set by who does that. */
  set isInUse(isInUse: boolean) {
    if (this.#isInUse === isInUse) return
    this.#isInUse = isInUse
    if (!isInUse) this.#idle()
  }

  get isBusy(): boolean {
    return this.#isInUse || this.#shared?.isLent === true
  }

  readonly #idle = (): void => {
    if (!this.isBusy) this.#openFiles.idle(this)
  }

  /** The open file, or null: see hold. */
  get shared(): SharedFile | null {
    return this.#shared
  }

  /**
   * Opens the file, and makes it where it was not. The caller holds it until it releases it: whoever only opened it would
   * lose it to others who need a descriptor. Throws StorageError: `missing` where another has taken its place,
   * `no-descriptors`.
   */
  hold(): Promise<SharedFile> {
    if (this.#shared !== null) {
      this.#shared.retain()
      this.#openFiles.touch(this)
      return Promise.resolve(this.#shared)
    }
    this.#awaiting++
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = null
      this.#awaiting = 0
      throw error
    })
    return this.#opening
  }

  /** Does `work` with the file, open as long as it takes. */
  async use<T>(work: (file: OpenFile) => Promise<T>): Promise<T> {
    const shared = await this.hold()
    try {
      return await work(shared.file)
    } finally {
      shared.release()
    }
  }

  async #open(): Promise<SharedFile> {
    if (this.#isRetired) throw this.#retired()
    const mode = this.isOnDisk ? 'update' : 'append-or-create'
    const file = await this.#openFiles.open(this.path, mode)
    try {
      if (this.#isRetired) throw this.#retired()
      if (!this.isOnDisk) await this.#begin(file)
    } catch (error) {
      this.#openFiles.closed()
      await file.close()
      throw error
    }
    return this.#take(file)
  }

  async #begin(file: OpenFile): Promise<void> {
    // What an earlier attempt left is not part of the log.
    if ((await file.byteLength()) > 0) await file.truncate(0)
    if (this.#preallocatedBytes > 0) await file.truncate(this.#preallocatedBytes)
    this.hasRoom = this.#preallocatedBytes > 0
    this.isOnDisk = true
  }

  #take(file: OpenFile): SharedFile {
    const shared = new SharedFile(file, this.#suspect, this.#idle, this.#closed)
    // Held for them from the start: it could be closed before they come to it.
    for (; this.#awaiting > 0; this.#awaiting--) shared.retain()
    this.#shared = shared
    this.#opening = null
    this.#openFiles.touch(this)
    return shared
  }

  readonly #suspect = (): void => {
    this.isSuspect = true
  }

  readonly #closed = (): void => this.#openFiles.closed()

  #retired(): StorageError {
    return new StorageError('missing', this.path, 'the segment has been compacted')
  }

  /** Opens, empty, the file that this one is first written to, under another name; `takeOver` makes it this one. */
  async openElsewhere(path: string): Promise<OpenFile> {
    const file = await this.#openFiles.open(path, 'append-or-create')
    try {
      await file.truncate(0)
      return file
    } catch (error) {
      await this.discard(file)
      throw error
    }
  }

  /** The file that `openElsewhere` opened is this one's from now on; it is pinned until its name follows. */
  takeOver(file: OpenFile): void {
    assert(this.#shared === null && !this.isOnDisk, 'a segment has one file')
    this.isPinned = true
    this.isOnDisk = true
    this.#take(file)
  }

  /** Closes what `openElsewhere` opened and was not taken over. */
  async discard(file: OpenFile): Promise<void> {
    this.#openFiles.closed()
    await file.close()
  }

  /** Another segment takes its place. */
  retire(): void {
    this.#isRetired = true
    this.closeFile()
  }

  /** Lets the file go; it closes when no region of it is lent any more. */
  closeFile(): void {
    if (this.isPinned || this.#shared === null) return
    this.#openFiles.forget(this)
    this.#shared.release()
    this.#shared = null
  }

  /** A stretch of the open file, held until released. */
  region(position: number, byteLength: number): SegmentRegion {
    assert(this.#shared !== null, 'a region needs its file open')
    return new SegmentRegion(this.#shared, position, byteLength)
  }

  /** Makes `byteLength` its end. */
  async cutTo(byteLength: number): Promise<void> {
    await this.use((file) => file.truncate(byteLength))
    this.hasRoom = false
  }

  async sync(): Promise<void> {
    await this.use((file) => file.sync())
  }
}
