import { readInt16, readInt64, writeInt16, writeInt64 } from '../base/bytes.ts'
import { offsetName, offsetOfName } from './file-names.ts'
import { type FileSystem, readWhole, replaceFile } from './file-system.ts'

/**
 * The file `<base offset>.txnindex` beside a segment: Kafka's. The transactions that were aborted by a marker in the
 * segment, in the order of the markers; no file where there are none. Entries of 34 bytes:
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
  #persisting: Promise<void> = Promise.resolve()

  constructor(fileSystem: FileSystem, directory: string) {
    this.#fileSystem = fileSystem
    this.#directory = directory
  }

  get count(): number {
    return this.#entries.length
  }

  /** Reads the files of a log that holds the offsets from `startOffset` to before `endOffset`. */
  async load(startOffset: number, endOffset: number): Promise<void> {
    this.#entries.length = 0
    for (const name of await this.#fileSystem.list(this.#directory)) {
      const baseOffset = offsetOfName(name, TRANSACTION_INDEX_SUFFIX)
      if (baseOffset === null) continue
      const bytes = await readWhole(this.#fileSystem, `${this.#directory}/${name}`)
      for (const entry of decodeAborted(bytes ?? Buffer.alloc(0), baseOffset))
        if (entry.lastOffset >= startOffset && entry.lastOffset < endOffset) this.add(entry)
    }
    this.#persistedCount = this.#entries.length
  }

  /** Takes note of a transaction; one that is known already is passed over. */
  add({ producerId, firstOffset, lastOffset, lastStableOffset }: AbortedTransaction): void {
    const index = this.#indexOf(lastOffset)
    if (this.#entries[index]?.lastOffset === lastOffset) return
    this.#entries.splice(index, 0, { producerId, firstOffset, lastOffset, lastStableOffset })
    this.#persistedCount = Math.min(this.#persistedCount, index)
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
   * durable; the markers at `droppedMarkers` go, and nothing of what they ended is left. Resolves when the one file has
   * what the old ones had.
   */
  merge(baseOffset: number, endOffset: number, droppedMarkers: readonly number[]): Promise<void> {
    const end = this.#indexOf(endOffset)
    if (this.#indexOf(baseOffset) === end) return Promise.resolve()
    for (const lastOffset of droppedMarkers) {
      const index = this.#indexOf(lastOffset)
      if (this.#entries[index]?.lastOffset !== lastOffset) continue
      this.#entries.splice(index, 1)
      if (index < this.#persistedCount) this.#persistedCount--
    }
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
      if (end <= this.#persistedCount) continue
      const last = this.#entries[end - 1]!
      await this.#write(baseOffsets[index]!, nextBase, limitOffset)
      const persisted = this.#indexOf(last.lastOffset + 1)
      if (this.#entries[persisted - 1] === last)
        this.#persistedCount = Math.max(this.#persistedCount, persisted)
    }
  }

  /** The file of one segment, anew. */
  async #write(baseOffset: number, nextBase: number, limitOffset: number): Promise<void> {
    const start = this.#indexOf(baseOffset)
    const entries = this.#entries.slice(start, this.#indexOf(Math.min(nextBase, limitOffset)))
    const name = `${offsetName(baseOffset)}${TRANSACTION_INDEX_SUFFIX}`
    await replaceFile(this.#fileSystem, this.#directory, name, encodeAborted(entries))
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
