import { assert } from '../base/assert.ts'
import type { FileLock, FileStat, FileSystem, OpenFile, OpenMode } from './file-system.ts'
import { StorageError, unlessLack } from './storage-error.ts'

const PAGE_BYTES = 4096

/** What a process may ask of the disk. */
export type DiskOperationKind =
  | 'open'
  | 'read'
  | 'write'
  | 'sync'
  | 'truncate'
  | 'rename'
  | 'unlink'
  | 'list'
  | 'make-directory'
  | 'remove-directory'
  | 'stat'
  | 'sync-directory'
  | 'free-bytes'
  | 'total-bytes'

export interface DiskOperation {
  readonly kind: DiskOperationKind
  readonly path: string
  /** Counts from 0 since the file system was made or came back from a crash. */
  readonly index: number
}

/** io, no-space and no-descriptors: the operation fails, having done nothing. short: a write takes the first half of its bytes. */
export type DiskFault = 'io' | 'no-space' | 'no-descriptors' | 'short'

/** One file: what a process sees, and what a power cut would leave of it. */
class Inode {
  content: Buffer = Buffer.alloc(0)
  byteLength = 0
  durable: Buffer = Buffer.alloc(0)
  durableLength = 0
  /** Pages that differ from their durable form, with the change that made them so. */
  readonly dirty = new Map<number, number>()
  lockedBy: MemoryFileSystem | null = null
  #changes = 0

  write(bytes: Buffer, position: number): void {
    this.content = grown(this.content, position + bytes.length)
    bytes.copy(this.content, position)
    this.touch(position, position + bytes.length)
    this.byteLength = Math.max(this.byteLength, position + bytes.length)
  }

  truncate(byteLength: number): void {
    this.content = grown(this.content, byteLength)
    if (byteLength < this.byteLength) this.content.fill(0, byteLength, this.byteLength)
    this.touch(Math.min(byteLength, this.byteLength), Math.max(byteLength, this.byteLength))
    this.byteLength = byteLength
  }

  touch(start: number, end: number): void {
    this.#changes++
    for (let page = Math.floor(start / PAGE_BYTES); page * PAGE_BYTES < end; page++) {
      this.dirty.set(page, this.#changes)
    }
  }

  persistPage(page: number, bytes: Buffer): void {
    this.durable = grown(this.durable, (page + 1) * PAGE_BYTES)
    bytes.copy(this.durable, page * PAGE_BYTES)
  }

  page(page: number): Buffer {
    this.content = grown(this.content, (page + 1) * PAGE_BYTES)
    return this.content.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES)
  }

  /** Some pages, and the length, come to the disk. */
  writeBack(isWritten: () => boolean): void {
    for (const page of [...this.dirty.keys()]) {
      if (!isWritten()) continue
      this.persistPage(page, this.page(page))
      this.dirty.delete(page)
    }
    if (isWritten()) this.durableLength = this.byteLength
  }

  /** What lies on the disk becomes what there is; `survives` decides for each unsynced page and for the length. */
  powerCut(survives: () => boolean): void {
    for (const page of this.dirty.keys()) if (survives()) this.persistPage(page, this.page(page))
    if (survives()) this.durableLength = this.byteLength
    this.durable = grown(this.durable, this.durableLength)
    this.durable.fill(0, this.durableLength)
    this.content = Buffer.from(this.durable)
    this.byteLength = this.durableLength
    this.dirty.clear()
  }
}

function grown(buffer: Buffer, byteLength: number): Buffer {
  if (buffer.length >= byteLength) return buffer
  const larger = Buffer.alloc(Math.max(byteLength, buffer.length * 2, PAGE_BYTES))
  buffer.copy(larger)
  return larger
}

type Directory = Map<string, Inode | Directory>

/** A directory's names as they are, and as they were when it was last synced. */
class Tree {
  readonly root: Directory = new Map()
  readonly synced = new Map<Directory, Directory>()

  directory(path: string): Directory | null {
    let at: Directory = this.root
    for (const name of path.split('/')) {
      if (name === '') continue
      const next = at.get(name)
      if (!(next instanceof Map)) return null
      at = next
    }
    return at
  }

  lookup(path: string): Inode | Directory | null {
    const [parent, name] = this.split(path)
    return name === '' ? this.root : (parent?.get(name) ?? null)
  }

  split(path: string): [Directory | null, string] {
    const cut = path.lastIndexOf('/')
    return [this.directory(path.slice(0, Math.max(0, cut))), path.slice(cut + 1)]
  }

  powerCut(directory: Directory, survives: () => boolean): void {
    const names = new Set([...directory.keys(), ...(this.synced.get(directory)?.keys() ?? [])])
    for (const name of names) {
      const durable = this.synced.get(directory)?.get(name)
      if (directory.get(name) !== durable && !survives()) {
        if (durable === undefined) directory.delete(name)
        else directory.set(name, durable)
      }
    }
    for (const entry of directory.values()) {
      if (entry instanceof Map) this.powerCut(entry, survives)
      else entry.powerCut(survives)
    }
    this.synced.set(directory, new Map(directory))
  }
}

/**
 * A disk in memory that knows what was synced. A test can cut the power (`crash`), kill the process (`kill`), fill the
 * disk, or let any operation fail. After crash or kill the old object is a dead process's: its operations never end.
 */
export class MemoryFileSystem implements FileSystem {
  /** Asked before every operation. */
  onOperation: ((operation: DiskOperation) => DiskFault | null) | null = null
  /** Bytes that all files together may hold. */
  capacityBytes = Number.POSITIVE_INFINITY
  /** How long an operation takes; the default is one turn of the microtask queue. */
  delay: (operation: DiskOperation) => Promise<void> = () => Promise.resolve()
  operationCount = 0
  readonly #tree: Tree
  #alive = true

  constructor(tree: unknown = new Tree()) {
    assert(tree instanceof Tree, 'a memory file system starts empty or from another one')
    this.#tree = tree
  }

  /**
   * Cuts the power: what was not synced is gone, or, with `random`, each unsynced page, length and name is kept or
   * lost by chance. Returns the file system that the next process finds.
   */
  crash(random?: () => number): MemoryFileSystem {
    this.#tree.powerCut(this.#tree.root, random === undefined ? () => false : () => random() < 0.5)
    return this.kill()
  }

  /** The kernel brings some of what was not synced to the disk, by chance. */
  writeBack(random: () => number): void {
    const visit = (directory: Directory): void => {
      for (const entry of directory.values()) {
        if (entry instanceof Map) visit(entry)
        else entry.writeBack(() => random() < 0.5)
      }
      if (random() < 0.5) this.#tree.synced.set(directory, new Map(directory))
    }
    visit(this.#tree.root)
  }

  /** Ends the process; everything written stays. */
  kill(): MemoryFileSystem {
    this.#alive = false
    const next = new MemoryFileSystem(this.#tree)
    next.capacityBytes = this.capacityBytes
    return next
  }

  /** A file's bytes as they are now, for tests that look or that put something back. */
  peek(path: string): Buffer {
    const inode = this.#inode(path)
    return Buffer.from(inode.content.subarray(0, inode.byteLength))
  }

  /** Overwrites bytes of a file, durably: damage, or a fixture. Makes file and directories where missing. */
  poke(path: string, position: number, bytes: Buffer): void {
    this.#makePath(path.slice(0, path.lastIndexOf('/')))
    const [parent, name] = this.#tree.split(path)
    if (!parent!.has(name)) parent!.set(name, new Inode())
    const inode = this.#inode(path)
    inode.write(bytes, position)
    inode.powerCut(() => true)
    let at = this.#tree.root
    for (const part of path.split('/')) {
      this.#tree.synced.set(at, new Map(at))
      const next = at.get(part)
      if (next instanceof Map) at = next
    }
  }

  /** What may still be written. Looks at every file, unless there is no limit. */
  roomBytes(): number {
    return this.capacityBytes === Number.POSITIVE_INFINITY
      ? this.capacityBytes
      : this.capacityBytes - this.usedBytes()
  }

  usedBytes(): number {
    const sum = (directory: Directory): number => {
      let bytes = 0
      for (const entry of directory.values()) bytes += entry instanceof Map ? sum(entry) : entry.byteLength
      return bytes
    }
    return sum(this.#tree.root)
  }

  async open(path: string, mode: OpenMode): Promise<OpenFile> {
    await this.enter('open', path)
    const [parent, name] = this.#tree.split(path)
    const found = parent?.get(name)
    if (parent === null || found instanceof Map) throw new StorageError('missing', path, 'no such directory')
    if (mode === 'create' && found !== undefined) throw new StorageError('exists', path, 'file exists')
    if (found !== undefined) return new MemoryFile(this, path, found)
    if (mode === 'read' || mode === 'update') throw new StorageError('missing', path, 'no such file')
    const inode = new Inode()
    parent.set(name, inode)
    return new MemoryFile(this, path, inode)
  }

  async rename(from: string, to: string): Promise<void> {
    await this.enter('rename', from)
    const [source, name] = this.#tree.split(from)
    const [target, newName] = this.#tree.split(to)
    const entry = source?.get(name)
    if (entry === undefined || target === null) throw new StorageError('missing', from, 'no such file')
    source!.delete(name)
    target.set(newName, entry)
  }

  async unlink(path: string): Promise<void> {
    await this.enter('unlink', path)
    const [parent, name] = this.#tree.split(path)
    if (!parent?.delete(name)) throw new StorageError('missing', path, 'no such file')
  }

  async list(path: string): Promise<string[]> {
    await this.enter('list', path)
    const directory = this.#tree.directory(path)
    if (directory === null) throw new StorageError('missing', path, 'no such directory')
    return [...directory.keys()].sort()
  }

  async makeDirectory(path: string): Promise<void> {
    await this.enter('make-directory', path)
    this.#makePath(path)
  }

  async removeDirectory(path: string): Promise<void> {
    await this.enter('remove-directory', path)
    const [parent, name] = this.#tree.split(path)
    parent?.delete(name)
  }

  async stat(path: string): Promise<FileStat | null> {
    await this.enter('stat', path)
    const entry = this.#tree.lookup(path)
    if (entry === null) return null
    const isDirectory = entry instanceof Map
    return { byteLength: isDirectory ? 0 : entry.byteLength, isDirectory, modifiedMs: 0 }
  }

  async syncDirectory(path: string): Promise<void> {
    await this.enter('sync-directory', path)
    const directory = this.#tree.directory(path)
    if (directory === null) throw new StorageError('missing', path, 'no such directory')
    this.#tree.synced.set(directory, new Map(directory))
  }

  async freeBytes(path: string): Promise<number> {
    await this.enter('free-bytes', path)
    return Math.max(0, this.capacityBytes - this.usedBytes())
  }

  async totalBytes(path: string): Promise<number> {
    await this.enter('total-bytes', path)
    return this.capacityBytes
  }

  async lock(path: string, content: string): Promise<FileLock> {
    const file = await this.open(path, 'append-or-create')
    const inode = this.#inode(path)
    if (inode.lockedBy?.isAlive) {
      const holder = inode.content.toString('utf8', 0, inode.byteLength).trim()
      throw new StorageError('locked', path, `in use by ${holder}`)
    }
    inode.lockedBy = this
    const bytes = Buffer.from(content)
    await file.write([bytes], 0).catch(unlessLack)
    await file.truncate(bytes.length)
    return {
      release: () => {
        inode.lockedBy = null
      },
    }
  }

  get isAlive(): boolean {
    return this.#alive
  }

  /** Counts an operation, lets time pass, and fails it if it is told to. Returns whether a write is to be short. */
  async enter(kind: DiskOperationKind, path: string): Promise<boolean> {
    const operation = { kind, path, index: this.operationCount++ }
    await this.delay(operation)
    if (!this.#alive) await new Promise<never>(() => {})
    const fault = this.onOperation?.(operation) ?? null
    if (fault === 'io')
      throw new StorageError(kind === 'read' ? 'unreadable' : 'io', path, `injected failure of ${kind}`)
    if (fault === 'no-descriptors')
      throw new StorageError(fault, path, `injected lack of descriptors in ${kind}`)
    if (fault === 'no-space') throw new StorageError('no-space', path, `injected lack of space in ${kind}`)
    return fault === 'short'
  }

  #inode(path: string): Inode {
    const entry = this.#tree.lookup(path)
    if (!(entry instanceof Inode)) throw new StorageError('missing', path, 'no such file')
    return entry
  }

  #makePath(path: string): void {
    let at = this.#tree.root
    for (const name of path.split('/')) {
      if (name === '') continue
      let next = at.get(name)
      if (next === undefined) {
        next = new Map()
        at.set(name, next)
      }
      if (!(next instanceof Map)) throw new StorageError('exists', path, 'a file is in the way')
      at = next
    }
  }
}

class MemoryFile implements OpenFile {
  readonly fd = -1
  readonly #system: MemoryFileSystem
  readonly #path: string
  readonly #inode: Inode
  #isOpen = true

  constructor(system: MemoryFileSystem, path: string, inode: Inode) {
    this.#system = system
    this.#path = path
    this.#inode = inode
  }

  async read(target: Buffer, position: number): Promise<number> {
    await this.#enter('read')
    const end = Math.min(this.#inode.byteLength, position + target.length)
    return end <= position ? 0 : this.#inode.content.copy(target, 0, position, end)
  }

  async write(buffers: readonly Buffer[], position: number): Promise<number> {
    const isShort = await this.#enter('write')
    let bytesMax = buffers.reduce((sum, buffer) => sum + buffer.length, 0)
    if (isShort && bytesMax > 1) bytesMax >>= 1
    const growth = position + bytesMax - this.#inode.byteLength
    const room = this.#system.roomBytes()
    if (growth > room) {
      bytesMax -= growth - Math.max(0, room)
      if (bytesMax <= 0) throw new StorageError('no-space', this.#path, 'the disk is full')
    }
    let written = 0
    for (const buffer of buffers) {
      const part = buffer.subarray(0, bytesMax - written)
      this.#inode.write(part, position + written)
      written += part.length
    }
    return written
  }

  async sync(): Promise<void> {
    const inode = this.#inode
    const { byteLength } = inode
    const taken = [...inode.dirty].map(([page, change]) => ({
      page,
      change,
      bytes: Buffer.from(inode.page(page)),
    }))
    await this.#enter('sync')
    for (const { page, change, bytes } of taken) {
      inode.persistPage(page, bytes)
      if (inode.dirty.get(page) === change) inode.dirty.delete(page)
    }
    inode.durableLength = byteLength
  }

  async truncate(byteLength: number): Promise<void> {
    await this.#enter('truncate')
    this.#inode.truncate(byteLength)
  }

  async byteLength(): Promise<number> {
    await this.#enter('stat')
    return this.#inode.byteLength
  }

  async close(): Promise<void> {
    assert(this.#isOpen, `${this.#path} closed twice`)
    this.#isOpen = false
  }

  #enter(kind: DiskOperationKind): Promise<boolean> {
    assert(this.#isOpen, `${kind} of ${this.#path} after it was closed`)
    return this.#system.enter(kind, this.#path)
  }
}
