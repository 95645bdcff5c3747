import { Distribution } from '../base/distribution.ts'
import type { Environment } from '../base/environment.ts'
import type { FileLock, FileStat, FileSystem, OpenFile, OpenMode } from './file-system.ts'
import { JOURNAL_NAME } from './journal-loader.ts'
import { asStorageError, type StorageFault } from './storage-error.ts'

/** What a file is for, as far as it matters to whoever looks at the disk: records, the journal, all else. */
export type FileKind = 'log' | 'journal' | 'other'

const FILE_KINDS: readonly FileKind[] = ['log', 'journal', 'other']
const GROUP_BATCHES: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]

/** What was asked of the files of one kind. Times in ms. */
export class FileMeter {
  readonly syncs = new Distribution()
  writes = 0
  writtenBytes = 0
  /** Buffers of one write: of a log's file, the batches that were committed together. */
  readonly groups = new Distribution(GROUP_BATCHES)
  /** Operations that failed, by what they were and why. */
  readonly failures = new Map<'write' | 'sync', Map<StorageFault, number>>([
    ['write', new Map()],
    ['sync', new Map()],
  ])

  failed(operation: 'write' | 'sync', error: unknown, path: string): void {
    const counts = this.failures.get(operation)!
    const { fault } = asStorageError(error, path)
    counts.set(fault, (counts.get(fault) ?? 0) + 1)
  }
}

/** A file system that counts what it is asked to write and measures how long its syncs take. Changes nothing else. */
export class DiskMeter implements FileSystem {
  readonly kinds: ReadonlyMap<FileKind, FileMeter> = new Map(
    FILE_KINDS.map((kind) => [kind, new FileMeter()]),
  )
  readonly #disk: FileSystem
  readonly #environment: Environment

  constructor(disk: FileSystem, environment: Environment) {
    this.#disk = disk
    this.#environment = environment
  }

  async open(path: string, mode: OpenMode): Promise<OpenFile> {
    const file = await this.#disk.open(path, mode)
    return new MeteredFile(file, path, this.kinds.get(kindOf(path))!, this.#environment)
  }

  rename(from: string, to: string): Promise<void> {
    return this.#disk.rename(from, to)
  }

  unlink(path: string): Promise<void> {
    return this.#disk.unlink(path)
  }

  list(path: string): Promise<string[]> {
    return this.#disk.list(path)
  }

  makeDirectory(path: string): Promise<void> {
    return this.#disk.makeDirectory(path)
  }

  removeDirectory(path: string): Promise<void> {
    return this.#disk.removeDirectory(path)
  }

  stat(path: string): Promise<FileStat | null> {
    return this.#disk.stat(path)
  }

  syncDirectory(path: string): Promise<void> {
    return this.#disk.syncDirectory(path)
  }

  freeBytes(path: string): Promise<number> {
    return this.#disk.freeBytes(path)
  }

  totalBytes(path: string): Promise<number> {
    return this.#disk.totalBytes(path)
  }

  lock(path: string, content: string): Promise<FileLock> {
    return this.#disk.lock(path, content)
  }
}

class MeteredFile implements OpenFile {
  readonly fd: number
  readonly #file: OpenFile
  readonly #path: string
  readonly #meter: FileMeter
  readonly #environment: Environment

  constructor(file: OpenFile, path: string, meter: FileMeter, environment: Environment) {
    this.fd = file.fd
    this.#file = file
    this.#path = path
    this.#meter = meter
    this.#environment = environment
  }

  read(target: Buffer, position: number): Promise<number> {
    return this.#file.read(target, position)
  }

  async write(buffers: readonly Buffer[], position: number): Promise<number> {
    const meter = this.#meter
    try {
      const written = await this.#file.write(buffers, position)
      meter.writes++
      meter.writtenBytes += written
      meter.groups.record(buffers.length)
      return written
    } catch (error) {
      meter.failed('write', error, this.#path)
      throw error
    }
  }

  async sync(): Promise<void> {
    const startedMs = this.#environment.monotonicMs()
    try {
      await this.#file.sync()
    } catch (error) {
      this.#meter.failed('sync', error, this.#path)
      throw error
    }
    this.#meter.syncs.record(this.#environment.monotonicMs() - startedMs)
  }

  truncate(byteLength: number): Promise<void> {
    return this.#file.truncate(byteLength)
  }

  byteLength(): Promise<number> {
    return this.#file.byteLength()
  }

  close(): Promise<void> {
    return this.#file.close()
  }
}

function kindOf(path: string): FileKind {
  if (path.endsWith('.log')) return 'log'
  return path.endsWith(`/${JOURNAL_NAME}`) ? 'journal' : 'other'
}
