import { readInt16, readInt64, writeInt16, writeInt64 } from '../base/bytes.ts'
import { offsetName, offsetOfName } from './file-names.ts'
import { type FileSystem, type OpenFile, replaceFile, writeFully } from './file-system.ts'

/**
 * The file `<base offset>.txnindex` beside a segment: Kafka's. The transactions that were aborted by a marker in the
 * segment, in the order of the markers; no file, or an empty one, where there are none. Entries of 34 bytes:
 *
 *   version int16 0 · producerId int64 · firstOffset int64 · lastOffset int64 · lastStableOffset int64
 */

/** Of its first record, of the marker, and of where the last stable offset was put by it. */
export interface AbortedTransaction {
  readonly producerId: number
  readonly firstOffset: number
  readonly lastOffset: number
  readonly lastStableOffset: number
}

export const TRANSACTION_INDEX_SUFFIX = '.txnindex'

const ENTRY_BYTES = 34
const ENTRY_VERSION = 0
/** Entries that are read or written at once: a fraction of a millisecond. */
const SLICE_ENTRIES = 4096

/** Entries as the file holds them. */
export function encodeAborted(transactions: readonly AbortedTransaction[]): Buffer {
  const bytes = Buffer.allocUnsafe(transactions.length * ENTRY_BYTES)
  let at = 0
  for (const transaction of transactions) {
    writeInt16(bytes, at, ENTRY_VERSION)
    writeInt64(bytes, at + 2, transaction.producerId)
    writeInt64(bytes, at + 10, transaction.firstOffset)
    writeInt64(bytes, at + 18, transaction.lastOffset)
    writeInt64(bytes, at + 26, transaction.lastStableOffset)
    at += ENTRY_BYTES
  }
  return bytes
}

/** The entries of a file up to the first that makes no sense: what a crash has torn is found in the log again. */
export function decodeAborted(bytes: Buffer, baseOffset: number): AbortedTransaction[] {
  const transactions: AbortedTransaction[] = []
  let last = baseOffset - 1
  for (let at = 0; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES) {
    const transaction = {
      producerId: readInt64(bytes, at + 2),
      firstOffset: readInt64(bytes, at + 10),
      lastOffset: readInt64(bytes, at + 18),
      lastStableOffset: readInt64(bytes, at + 26),
    }
    const { producerId, firstOffset, lastOffset } = transaction
    if (readInt16(bytes, at) !== ENTRY_VERSION || producerId < 0 || firstOffset < 0) break
    if (lastOffset <= last || firstOffset >= lastOffset) break
    last = lastOffset
    transactions.push(transaction)
  }
  return transactions
}

/**
 * The aborted transactions of one log, for readers of committed records (E11). All of them are in memory. A snapshot
 * of the producers is only written behind `persist`: what the files do not hold follows from the batches behind it.
 */
export class TransactionIndex {
  readonly #fileSystem: FileSystem
  readonly #directory: string
  /** By the offset of the marker. */
  readonly #entries: AbortedTransaction[] = []
  /** So many of the first entries are in the files, durably. */
  #persistedCount = 0
  /** The file that what comes next is put behind; any other is written anew. */
  #tail = noTail()
  /** Segments whose file tells of more than is known: of what a crash has torn, or has taken from the end of the log. */
  readonly #stale = new Set<number>()
  #persisting: Promise<void> = Promise.resolve()

  constructor(fileSystem: FileSystem, directory: string) {
    this.#fileSystem = fileSystem
    this.#directory = directory
  }

  get count(): number {
    return this.#entries.length
  }

  /**
   * Reads the files of a log that starts at `startOffset`, up to before `endOffset`: that of the snapshot that was restored,
   * since below it they are whole. `names` are those in the directory, null where they are to be asked for.
   */
  async load(startOffset: number, endOffset: number, names: readonly string[] | null = null): Promise<void> {
    this.#entries.length = 0
    for (const name of names ?? (await this.#fileSystem.list(this.#directory))) {
      const baseOffset = offsetOfName(name, TRANSACTION_INDEX_SUFFIX)
      if (baseOffset === null) continue
      const file = await this.#fileSystem.open(`${this.#directory}/${name}`, 'read')
      try {
        const length = await this.#loadFile(file, baseOffset, startOffset, endOffset)
        const isWhole = length === (await file.byteLength())
        this.#tail = isWhole ? { baseOffset, byteLength: length } : noTail()
        if (!isWhole) this.#stale.add(baseOffset)
      } finally {
        await file.close()
      }
    }
    this.#persistedCount = this.#entries.length
  }

  /** Resolves to where in the file the first entry stands that makes no sense, or is not below `endOffset`. */
  async #loadFile(
    file: OpenFile,
    baseOffset: number,
    startOffset: number,
    endOffset: number,
  ): Promise<number> {
    const slice = Buffer.allocUnsafe(SLICE_ENTRIES * ENTRY_BYTES)
    let position = 0
    let nextOffset = baseOffset
    for (;;) {
      const bytes = await file.read(slice, position)
      const entries = decodeAborted(slice.subarray(0, bytes), nextOffset)
      for (const entry of entries) {
        if (entry.lastOffset >= endOffset) return position
        if (entry.lastOffset >= startOffset) this.add(entry)
        position += ENTRY_BYTES
        nextOffset = entry.lastOffset + 1
      }
      if (entries.length < SLICE_ENTRIES) return position
    }
  }

  /** Takes note of a transaction; one that is known already is passed over. */
  add({ producerId, firstOffset, lastOffset, lastStableOffset }: AbortedTransaction): void {
    const last = this.#entries[this.#entries.length - 1]
    const isNext = last === undefined || last.lastOffset < lastOffset
    const index = isNext ? this.#entries.length : this.#indexOf(lastOffset)
    if (this.#entries[index]?.lastOffset === lastOffset) return
    const entry = { producerId, firstOffset, lastOffset, lastStableOffset }
    if (isNext) this.#entries.push(entry)
    else this.#entries.splice(index, 0, entry)
    if (index >= this.#persistedCount) return
    this.#persistedCount = index
    this.#tail = noTail()
  }

  /** Those that have records among the offsets from `from` to before `end`, by their first offset. */
  between(from: number, end: number): readonly AbortedTransaction[] {
    if (this.#entries.length === 0) return NONE
    const found: AbortedTransaction[] = []
    for (let index = this.#indexOf(from); index < this.#entries.length; index++) {
      const entry = this.#entries[index]!
      if (entry.firstOffset < end) found.push(entry)
      // Nothing that was open behind this marker began before `end`.
      if (entry.lastStableOffset >= end) break
    }
    return found.sort((left, right) => left.firstOffset - right.firstOffset)
  }

  /** The log starts at `startOffset`: what ended before is of no use to anybody. */
  forgetBelow(startOffset: number): void {
    const count = this.#indexOf(startOffset)
    this.#entries.splice(0, count)
    this.#persistedCount = Math.max(0, this.#persistedCount - count)
  }

  /** The log was cut to `endOffset`. Resolves when no file holds anything of what was behind. */
  truncateTo(endOffset: number, baseOffsets: readonly number[]): Promise<void> {
    const end = this.#indexOf(endOffset)
    const wasPersisted = this.#persistedCount > end
    this.#entries.length = end
    this.#persistedCount = Math.min(this.#persistedCount, end)
    this.#tail = noTail()
    const last = baseOffsets[baseOffsets.length - 1]
    return this.#enqueue(async () => {
      if (wasPersisted && last !== undefined) await this.#write(last, Number.POSITIVE_INFINITY, endOffset)
    })
  }

  /** Brings to stable storage what ended before `limitOffset`, up to which the log is durable. */
  persist(baseOffsets: readonly number[], limitOffset: number): Promise<void> {
    return this.#enqueue(() => this.#persist(baseOffsets, limitOffset))
  }

  /**
   * Compaction is about to put one segment in the place of those from `baseOffset` to before `endOffset`, which are
   * durable; the markers at `droppedMarkers` (ascending) go, and nothing of what they ended is left. Resolves when the one
   * file has what the old ones had.
   */
  merge(baseOffset: number, endOffset: number, droppedMarkers: readonly number[]): Promise<void> {
    const entries = this.#entries
    const persistedCount = this.#persistedCount
    const start = this.#indexOf(baseOffset)
    const end = this.#indexOf(endOffset)
    if (start === end) return Promise.resolve()
    let kept = start
    let marker = 0
    for (let index = start; index < end; index++) {
      const entry = entries[index]!
      while (marker < droppedMarkers.length && droppedMarkers[marker]! < entry.lastOffset) marker++
      if (droppedMarkers[marker] !== entry.lastOffset) entries[kept++] = entry
      else if (index < persistedCount) this.#persistedCount--
    }
    entries.splice(kept, end - kept)
    this.#tail = noTail()
    return this.#enqueue(() => this.#write(baseOffset, endOffset, Number.POSITIVE_INFINITY))
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    const done = this.#persisting.then(work)
    this.#persisting = done.catch(() => {})
    return done
  }

  async #persist(baseOffsets: readonly number[], limitOffset: number): Promise<void> {
    for (let index = 0; index < baseOffsets.length; index++) {
      const nextBase = baseOffsets[index + 1] ?? Number.POSITIVE_INFINITY
      const end = this.#indexOf(Math.min(nextBase, limitOffset))
      if (end <= this.#persistedCount && !this.#stale.has(baseOffsets[index]!)) continue
      const last = this.#entries[end - 1]
      await this.#extend(baseOffsets[index]!, end)
      const persisted = last === undefined ? 0 : this.#indexOf(last.lastOffset + 1)
      if (persisted > 0 && this.#entries[persisted - 1] === last)
        this.#persistedCount = Math.max(this.#persistedCount, persisted)
    }
  }

  /** Makes the file of one segment go up to before the entry at `end`. */
  async #extend(baseOffset: number, end: number): Promise<void> {
    const tail = this.#tail
    const start = this.#indexOf(baseOffset)
    if (tail.baseOffset === baseOffset) {
      const entries = this.#entries.slice(Math.max(start, this.#persistedCount), end)
      await this.#append(baseOffset, entries, tail.byteLength)
      tail.byteLength += entries.length * ENTRY_BYTES
    } else {
      const entries = this.#entries.slice(start, end)
      await this.#replace(baseOffset, entries)
      this.#stale.delete(baseOffset)
      tail.baseOffset = baseOffset
      tail.byteLength = entries.length * ENTRY_BYTES
    }
  }

  async #append(baseOffset: number, entries: readonly AbortedTransaction[], position: number): Promise<void> {
    const file = await this.#fileSystem.open(`${this.#directory}/${nameOf(baseOffset)}`, 'update')
    try {
      await writeEntries(file, entries, position)
      await file.sync()
    } finally {
      await file.close()
    }
  }

  /** The file of one segment, anew. */
  #write(baseOffset: number, nextBase: number, limitOffset: number): Promise<void> {
    const start = this.#indexOf(baseOffset)
    return this.#replace(
      baseOffset,
      this.#entries.slice(start, this.#indexOf(Math.min(nextBase, limitOffset))),
    )
  }

  #replace(baseOffset: number, entries: readonly AbortedTransaction[]): Promise<void> {
    return replaceFile(this.#fileSystem, this.#directory, nameOf(baseOffset), (file) =>
      writeEntries(file, entries, 0),
    )
  }

  /** Of the first entry whose marker is not before `offset`. */
  #indexOf(offset: number): number {
    let low = 0
    let high = this.#entries.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#entries[middle]!.lastOffset < offset) low = middle + 1
      else high = middle
    }
    return low
  }
}

const NONE: readonly AbortedTransaction[] = []

/**
 * A file that ends, whole and durably, with the last persisted entry of its segment. Whatever changes more than that there
 * is more puts another object in the place of it, so that who is writing meanwhile does not bring it back.
 */
interface Tail {
  baseOffset: number
  byteLength: number
}

function noTail(): Tail {
  return { baseOffset: -1, byteLength: 0 }
}

function nameOf(baseOffset: number): string {
  return `${offsetName(baseOffset)}${TRANSACTION_INDEX_SUFFIX}`
}

async function writeEntries(
  file: OpenFile,
  entries: readonly AbortedTransaction[],
  position: number,
): Promise<void> {
  for (let index = 0; index < entries.length; index += SLICE_ENTRIES) {
    const bytes = encodeAborted(entries.slice(index, index + SLICE_ENTRIES))
    await writeFully(file, [bytes], position + index * ENTRY_BYTES)
  }
}
