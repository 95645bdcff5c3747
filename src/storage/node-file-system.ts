import * as fs from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type { FileLock, FileStat, FileSystem, OpenFile, OpenMode } from './file-system.ts'
import { StorageError } from './storage-error.ts'

const { flockSync } = createRequire(import.meta.url)('fs-ext') as {
  flockSync(fd: number, flags: 'exnb'): void
}

const FLAGS: Record<OpenMode, number> = {
  read: fs.constants.O_RDONLY,
  update: fs.constants.O_RDWR,
  create: fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_EXCL,
  'append-or-create': fs.constants.O_RDWR | fs.constants.O_CREAT,
}

function translate(error: NodeJS.ErrnoException, path: string): StorageError {
  const code = error.code
  const fault =
    code === 'ENOSPC' || code === 'EDQUOT'
      ? 'no-space'
      : code === 'EEXIST'
        ? 'exists'
        : code === 'ENOENT'
          ? 'missing'
          : code === 'EMFILE' || code === 'ENFILE'
            ? 'no-descriptors'
            : 'io'
  return new StorageError(fault, path, error.message, { cause: error })
}

type Callback<T> = (error: NodeJS.ErrnoException | null, value: T) => void

/**
 * Calls that the thread pool has at a time; the others wait here. What has ended while the event loop was busy is told in one
 * turn of it: without this, where thousands of logs are written to at once, each turn would be as long as the one before it let
 * it become.
 */
const CALLS_MAX = 128
let callCount = 0
/** In the order in which they came. Those before `startedCount` have been started. */
let waiting: (() => void)[] = []
let startedCount = 0

/** One call on the thread pool, as a promise that fails with our error. */
function run<T = void>(path: string, start: (done: Callback<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const begin = (): void => {
      try {
        start((error, value) => {
          ended()
          if (error) reject(translate(error, path))
          else resolve(value)
        })
      } catch (error) {
        ended()
        reject(error)
      }
    }
    if (callCount < CALLS_MAX) {
      callCount++
      begin()
    } else waiting.push(begin)
  })
}

/** A call has ended: the one that has waited for longest takes its place. */
function ended(): void {
  const next = waiting[startedCount]
  if (next === undefined) {
    callCount--
    return
  }
  startedCount++
  if (startedCount * 2 > waiting.length) {
    waiting = waiting.slice(startedCount)
    startedCount = 0
  }
  next()
}

/** Raw descriptors: a FileHandle costs several times as much a call, and sendfile wants the number. */
class NodeFile implements OpenFile {
  readonly fd: number
  readonly #path: string

  constructor(fd: number, path: string) {
    this.fd = fd
    this.#path = path
  }

  async read(target: Buffer, position: number): Promise<number> {
    let count = 0
    while (count < target.length) {
      const step = await run<number>(this.#path, (done) =>
        fs.read(this.fd, target, count, target.length - count, position + count, done),
      ).catch((error: StorageError) => {
        const { fault, path, message } = error
        throw fault === 'io'
          ? new StorageError('unreadable', path, message, { position, cause: error })
          : error
      })
      if (step === 0) break
      count += step
    }
    return count
  }

  async write(buffers: readonly Buffer[], position: number): Promise<number> {
    const written =
      buffers.length === 1
        ? await run<number>(this.#path, (done) =>
            fs.write(this.fd, buffers[0]!, 0, buffers[0]!.length, position, done),
          )
        : await run<number>(this.#path, (done) => fs.writev(this.fd, buffers as Buffer[], position, done))
    if (written === 0 && buffers.some((buffer) => buffer.length > 0)) {
      throw new StorageError('io', this.#path, 'a write made no progress', { position })
    }
    return written
  }

  sync(): Promise<void> {
    return run(this.#path, (done) => fs.fdatasync(this.fd, done as fs.NoParamCallback))
  }

  truncate(byteLength: number): Promise<void> {
    return run(this.#path, (done) => fs.ftruncate(this.fd, byteLength, done as fs.NoParamCallback))
  }

  async byteLength(): Promise<number> {
    return (await run<fs.Stats>(this.#path, (done) => fs.fstat(this.fd, done))).size
  }

  close(): Promise<void> {
    return run(this.#path, (done) => fs.close(this.fd, done as fs.NoParamCallback))
  }
}

/** With what is missing above it. Node's own recursive mkdir never returns where a file system takes no directories. */
async function makeDirectories(path: string): Promise<void> {
  try {
    await run<void>(path, (done) => fs.mkdir(path, done as fs.NoParamCallback))
  } catch (error) {
    if (!(error instanceof StorageError)) throw error
    if (error.fault === 'exists' && (await nodeFileSystem.stat(path))?.isDirectory === true) return
    const parent = dirname(path)
    if (error.fault !== 'missing' || parent === path || (await nodeFileSystem.stat(parent)) !== null)
      throw error
    await makeDirectories(parent)
    await makeDirectories(path)
  }
}

/** Over what is there, so that a full disk has room for it. Who holds the lock is said as far as there is. */
function writeHolder(fd: number, content: string): void {
  try {
    const byteLength = fs.writeSync(fd, content, 0)
    fs.ftruncateSync(fd, byteLength)
  } catch (error) {
    if (translate(error as NodeJS.ErrnoException, '').fault === 'no-space') return
    fs.closeSync(fd)
    throw error
  }
}

/** The machine's files, through Node's thread pool. Rename, unlink and sync see no retry. */
export const nodeFileSystem: FileSystem = {
  async open(path, mode) {
    const fd = await run<number>(path, (done) => fs.open(path, FLAGS[mode], 0o644, done))
    return new NodeFile(fd, path)
  },

  rename: (from, to) => run(from, (done) => fs.rename(from, to, done as fs.NoParamCallback)),

  unlink: (path) => run(path, (done) => fs.unlink(path, done as fs.NoParamCallback)),

  async list(path) {
    return (await run<string[]>(path, (done) => fs.readdir(path, done))).sort()
  },

  makeDirectory: (path) => makeDirectories(path),

  removeDirectory: (path) =>
    run(path, (done) => fs.rm(path, { recursive: true, force: true }, done as fs.NoParamCallback)),

  async stat(path): Promise<FileStat | null> {
    try {
      const stats = await run<fs.Stats>(path, (done) => fs.stat(path, done))
      return {
        byteLength: stats.size,
        isDirectory: stats.isDirectory(),
        modifiedMs: Math.floor(stats.mtimeMs),
      }
    } catch (error) {
      if (error instanceof StorageError && error.fault === 'missing') return null
      throw error
    }
  },

  async syncDirectory(path) {
    const fd = await run<number>(path, (done) => fs.open(path, fs.constants.O_RDONLY, done))
    try {
      await run(path, (done) => fs.fsync(fd, done as fs.NoParamCallback))
    } finally {
      await run(path, (done) => fs.close(fd, done as fs.NoParamCallback))
    }
  },

  async freeBytes(path) {
    const stats = await run<fs.StatsFs>(path, (done) => fs.statfs(path, done))
    return stats.bavail * stats.bsize
  },

  async totalBytes(path) {
    const stats = await run<fs.StatsFs>(path, (done) => fs.statfs(path, done))
    return stats.blocks * stats.bsize
  },

  async lock(path, content): Promise<FileLock> {
    const fd = await run<number>(path, (done) => fs.open(path, FLAGS['append-or-create'], 0o644, done))
    try {
      flockSync(fd, 'exnb')
    } catch {
      const holder = fs.readFileSync(path, 'utf8').trim()
      fs.closeSync(fd)
      throw new StorageError('locked', path, `in use by ${holder === '' ? 'another process' : holder}`)
    }
    writeHolder(fd, content)
    return { release: () => fs.closeSync(fd) }
  },
}
