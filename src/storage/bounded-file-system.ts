import type { FileSystem, OpenFile } from './file-system.ts'

/**
 * A file system of which no more than `filesMax` files are open at once, directories that are being synced counted; whoever
 * wants another waits for one to be closed. For what is opened, read or written, and closed: indexes, snapshots, checkpoints
 * of any number of logs. Who holds one for long makes it fewer for all.
 */
export function boundedFileSystem(fileSystem: FileSystem, filesMax: number): FileSystem {
  const gate = new Gate(filesMax)
  return {
    open: async (path, mode) => {
      await gate.enter()
      try {
        return new CountedFile(await fileSystem.open(path, mode), () => gate.leave())
      } catch (error) {
        gate.leave()
        throw error
      }
    },
    syncDirectory: async (path) => {
      await gate.enter()
      try {
        await fileSystem.syncDirectory(path)
      } finally {
        gate.leave()
      }
    },
    rename: (from, to) => fileSystem.rename(from, to),
    unlink: (path) => fileSystem.unlink(path),
    list: (path) => fileSystem.list(path),
    makeDirectory: (path) => fileSystem.makeDirectory(path),
    removeDirectory: (path) => fileSystem.removeDirectory(path),
    stat: (path) => fileSystem.stat(path),
    freeBytes: (path) => fileSystem.freeBytes(path),
    totalBytes: (path) => fileSystem.totalBytes(path),
    lock: (path, content) => fileSystem.lock(path, content),
  }
}

/** Lets so many in at once, in the order they come. */
class Gate {
  #free: number
  readonly #waiting: (() => void)[] = []

  constructor(count: number) {
    this.#free = count
  }

  async enter(): Promise<void> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  leave(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#free++
    else next()
  }
}

class CountedFile implements OpenFile {
  readonly #file: OpenFile
  readonly #closed: () => void

  constructor(file: OpenFile, closed: () => void) {
    this.#file = file
    this.#closed = closed
  }

  get fd(): number {
    return this.#file.fd
  }

  read(target: Buffer, position: number): Promise<number> {
    return this.#file.read(target, position)
  }

  write(buffers: readonly Buffer[], position: number): Promise<number> {
    return this.#file.write(buffers, position)
  }

  sync(): Promise<void> {
    return this.#file.sync()
  }

  truncate(byteLength: number): Promise<void> {
    return this.#file.truncate(byteLength)
  }

  byteLength(): Promise<number> {
    return this.#file.byteLength()
  }

  async close(): Promise<void> {
    try {
      await this.#file.close()
    } finally {
      this.#closed()
    }
  }
}
