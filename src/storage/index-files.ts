import { type FileSystem, writeFully, writeSynced } from './file-system.ts'
import { OFFSET_ENTRY_BYTES, type OffsetIndex, TIME_ENTRY_BYTES, type TimeIndex } from './sparse-index.ts'
import { isLack } from './storage-error.ts'

type Index = OffsetIndex | TimeIndex

/**
 * `<base offset>.index` and `.timeindex` of one segment, one change at a time. They are a cache of what the log file
 * says: where there is no room for them there are none, rather than some that end too early.
 */
export class IndexFiles {
  readonly #fileSystem: FileSystem
  readonly #offsetPath: string
  readonly #timePath: string

  constructor(fileSystem: FileSystem, segmentPath: string) {
    this.#fileSystem = fileSystem
    this.#offsetPath = `${segmentPath}.index`
    this.#timePath = `${segmentPath}.timeindex`
  }

  /** Adds the entries that the files do not have; of an index that is not in memory, nothing. Not synced. */
  async append(offsetIndex: OffsetIndex | null, timeIndex: TimeIndex | null): Promise<void> {
    await this.#append(this.#offsetPath, offsetIndex, OFFSET_ENTRY_BYTES, false)
    await this.#append(this.#timePath, timeIndex, TIME_ENTRY_BYTES, false)
  }

  /** As `append`, and on stable storage; where there is no room for both, neither is left. */
  async complete(offsetIndex: OffsetIndex | null, timeIndex: TimeIndex | null): Promise<void> {
    try {
      await this.#append(this.#offsetPath, offsetIndex, OFFSET_ENTRY_BYTES, true)
      await this.#append(this.#timePath, timeIndex, TIME_ENTRY_BYTES, true)
    } catch (error) {
      if (!isLack(error)) throw error
      await this.#remove(this.#offsetPath, offsetIndex)
      await this.#remove(this.#timePath, timeIndex)
    }
  }

  /** Puts whole indexes in the place of the files, so that a crash leaves the old or the new one; if there is room. */
  async replace(offsetIndex: OffsetIndex | null, timeIndex: TimeIndex | null): Promise<void> {
    try {
      await this.#replace(this.#offsetPath, offsetIndex, OFFSET_ENTRY_BYTES)
      await this.#replace(this.#timePath, timeIndex, TIME_ENTRY_BYTES)
    } catch (error) {
      if (!isLack(error)) throw error
    }
  }

  async #append(path: string, index: Index | null, entryBytes: number, syncs: boolean): Promise<void> {
    if (index === null) return
    const { count, persistedCount } = index
    if (count === persistedCount && index.fileBytes === count * entryBytes && !syncs) return
    const bytes = index.encode(persistedCount)
    const file = await this.#fileSystem.open(path, 'append-or-create')
    try {
      if (index.fileBytes !== persistedCount * entryBytes) await file.truncate(persistedCount * entryBytes)
      if (bytes.length > 0) await writeFully(file, [bytes], persistedCount * entryBytes)
      if (syncs) await file.sync()
      // A truncation may have come in between: then fewer entries than were written are the index's.
      if (index.persistedCount === persistedCount) index.persistedCount = Math.min(count, index.count)
      index.fileBytes = count * entryBytes
    } catch (error) {
      index.fileBytes = -1
      throw error
    } finally {
      await file.close()
    }
  }

  async #replace(path: string, index: Index | null, entryBytes: number): Promise<void> {
    if (index === null) return
    const { count } = index
    await writeSynced(this.#fileSystem, `${path}.tmp`, index.encode(0))
    await this.#fileSystem.rename(`${path}.tmp`, path)
    index.persistedCount = Math.min(count, index.count)
    index.fileBytes = count * entryBytes
  }

  async #remove(path: string, index: Index | null): Promise<void> {
    if ((await this.#fileSystem.stat(path)) !== null) await this.#fileSystem.unlink(path)
    if (index === null) return
    index.persistedCount = 0
    index.fileBytes = -1
  }
}
