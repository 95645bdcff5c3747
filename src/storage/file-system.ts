import { StorageError } from './storage-error.ts'

/**
 * The disk, as a port. Every operation may throw a StorageError; none is retried here. Nothing survives a power cut
 * but what `sync` (a file's bytes and length) and `syncDirectory` (names in a directory) have returned for.
 */
export interface FileSystem {
  /**
   * read: it must exist. update: it must exist, for reading and writing. create: must not exist. append-or-create:
   * as update, made empty where there is none.
   */
  open(path: string, mode: OpenMode): Promise<OpenFile>
  /** Replaces `to` if it exists. */
  rename(from: string, to: string): Promise<void>
  unlink(path: string): Promise<void>
  /** Names in a directory, sorted. */
  list(path: string): Promise<string[]>
  /** Makes it with its parents; fine when it is there. */
  makeDirectory(path: string): Promise<void>
  /** Removes a directory and what is in it; fine when it is not there. */
  removeDirectory(path: string): Promise<void>
  /** null where there is nothing. */
  stat(path: string): Promise<FileStat | null>
  syncDirectory(path: string): Promise<void>
  /** Bytes that an unprivileged writer may still take on the file system that holds `path`. */
  freeBytes(path: string): Promise<number>
  /** Bytes of the file system that holds `path`, taken or not. */
  totalBytes(path: string): Promise<number>
  /** Takes the file's advisory lock, made where it is missing, and writes `content` into it. */
  lock(path: string, content: string): Promise<FileLock>
}

export type OpenMode = 'read' | 'update' | 'create' | 'append-or-create'

export interface FileStat {
  readonly byteLength: number
  readonly isDirectory: boolean
  readonly modifiedMs: number
}

/** Held until released, or until the process ends. */
export interface FileLock {
  release(): void
}

/** An open file. Positions are given with every operation; operations on one file may run side by side. */
export interface OpenFile {
  /** Descriptor for sendfile(2), or -1 where there is none. */
  readonly fd: number
  /** Fills `target` from `position` as far as the file goes; resolves to the bytes read. */
  read(target: Buffer, position: number): Promise<number>
  /** Writes the buffers one behind the other; resolves to the bytes written, which may be fewer. */
  write(buffers: readonly Buffer[], position: number): Promise<number>
  /** Returns when bytes and length are on stable storage (fdatasync). */
  sync(): Promise<void>
  truncate(byteLength: number): Promise<void>
  byteLength(): Promise<number>
  close(): Promise<void>
}

/** Writes all of the buffers, continuing after short writes. One that makes no progress is an `io` error. */
export async function writeFully(
  file: OpenFile,
  buffers: readonly Buffer[],
  position: number,
): Promise<void> {
  let left = buffers
  let at = position
  while (left.length > 0) {
    const written = await file.write(left, at)
    at += written
    left = dropBytes(left, written)
  }
}

/** The buffers without their first `count` bytes. */
export function dropBytes(buffers: readonly Buffer[], count: number): readonly Buffer[] {
  let index = 0
  let left = count
  while (index < buffers.length && left >= buffers[index]!.length) left -= buffers[index++]!.length
  const rest = buffers.slice(index)
  if (left > 0) rest[0] = rest[0]!.subarray(left)
  return rest
}

/** The file, to be read, or null where there is none. */
export async function openIfThere(fileSystem: FileSystem, path: string): Promise<OpenFile | null> {
  try {
    return await fileSystem.open(path, 'read')
  } catch (error) {
    if (error instanceof StorageError && error.fault === 'missing') return null
    throw error
  }
}

/** The whole file, or null where there is none. */
export async function readWhole(fileSystem: FileSystem, path: string): Promise<Buffer | null> {
  const file = await openIfThere(fileSystem, path)
  if (file === null) return null
  try {
    const content = Buffer.allocUnsafe(await file.byteLength())
    const count = await file.read(content, 0)
    return count === content.length ? content : content.subarray(0, count)
  } finally {
    await file.close()
  }
}

/** What a file is to hold: bytes, or whoever writes them to the empty file. */
export type FileContent = Buffer | ((file: OpenFile) => Promise<void>)

/**
 * Puts `content` in the place of a file so that a crash leaves the old or the new one: beside it, synced, renamed, the
 * directory synced. What is left of an interrupted attempt ends in `.tmp` and is overwritten by the next.
 */
export async function replaceFile(
  fileSystem: FileSystem,
  directory: string,
  name: string,
  content: FileContent,
): Promise<void> {
  const path = `${directory}/${name}`
  await writeSynced(fileSystem, `${path}.tmp`, content)
  await fileSystem.rename(`${path}.tmp`, path)
  await fileSystem.syncDirectory(directory)
}

/** Writes a file anew and syncs its bytes; its name is not yet durable. */
export async function writeSynced(fileSystem: FileSystem, path: string, content: FileContent): Promise<void> {
  const file = await fileSystem.open(path, 'append-or-create')
  try {
    await file.truncate(0)
    await (Buffer.isBuffer(content) ? writeFully(file, [content], 0) : content(file))
    await file.sync()
  } finally {
    await file.close()
  }
}
