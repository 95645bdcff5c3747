import { describe, expect, it } from 'vitest'
import fc from '../../test/support/property.ts'
import { ManualEnvironment } from '../base/environment.ts'
import { MemoryFileSystem } from './memory-file-system.ts'
import { type AbortedTransaction, decodeAborted, TransactionIndex } from './transaction-index.ts'

const SEGMENT_OFFSETS = 2000

async function emptyDirectory(): Promise<MemoryFileSystem> {
  const fileSystem = new MemoryFileSystem()
  await fileSystem.makeDirectory('/p')
  await fileSystem.syncDirectory('/')
  return fileSystem
}

/** One whose marker stands at `lastOffset`. */
function abortedAt(lastOffset: number): AbortedTransaction {
  return {
    producerId: lastOffset % 7,
    firstOffset: lastOffset - 1,
    lastOffset,
    lastStableOffset: lastOffset + 1,
  }
}

/** An index as a log uses it, beside a list of what it has to know. */
class Pair {
  fileSystem: MemoryFileSystem
  index: TransactionIndex
  known: AbortedTransaction[] = []
  /** Offset of the newest snapshot: written behind `persist`. */
  snapshotOffset = 0
  startOffset = 0
  endOffset = 1
  readonly #chance = new ManualEnvironment({ seed: 3 })

  constructor(fileSystem: MemoryFileSystem) {
    this.fileSystem = fileSystem
    this.index = new TransactionIndex(fileSystem, '/p')
  }

  get bases(): number[] {
    const count = Math.floor(this.endOffset / SEGMENT_OFFSETS) + 1
    return Array.from({ length: count }, (_, segment) => segment * SEGMENT_OFFSETS)
  }

  /** Transactions of `records` each. */
  abort(count: number, records: number): void {
    for (let turn = 0; turn < count; turn++) {
      const transaction = abortedAt(this.endOffset + records)
      this.endOffset += records + 1
      this.index.add(transaction)
      this.known.push(transaction)
    }
  }

  async snapshot(): Promise<void> {
    const offset = this.endOffset
    await this.index.persist(this.bases, offset)
    this.snapshotOffset = offset
  }

  /**
   * The power goes, in the midst of a snapshot if so asked, and takes some of the log's end. Then the log is opened, and
   * replayed behind the last one.
   */
  async crash(operations: number, lostShare: number): Promise<void> {
    let left = operations
    const { fileSystem } = this
    const isCut = new Promise<void>((resolve) => {
      fileSystem.delay = () => (left-- > 0 ? Promise.resolve() : new Promise(() => resolve()))
    })
    await Promise.race([this.snapshot(), isCut])
    this.fileSystem = fileSystem.crash(() => this.#chance.random())
    this.index = new TransactionIndex(this.fileSystem, '/p')
    await this.index.load(this.startOffset, this.snapshotOffset)
    this.check(this.snapshotOffset)
    this.endOffset -= Math.floor((this.endOffset - this.snapshotOffset) * lostShare)
    this.known = this.known.filter(({ lastOffset }) => lastOffset < this.endOffset)
    for (const transaction of this.known)
      if (transaction.lastOffset >= this.snapshotOffset) this.index.add(transaction)
  }

  forgetBelow(offset: number): void {
    this.startOffset = Math.max(this.startOffset, Math.min(offset, this.snapshotOffset))
    this.index.forgetBelow(this.startOffset)
    this.known = this.known.filter(({ lastOffset }) => lastOffset >= this.startOffset)
  }

  async cutTo(offset: number): Promise<void> {
    this.endOffset = Math.max(offset, this.startOffset + 1)
    this.snapshotOffset = Math.min(this.snapshotOffset, this.endOffset)
    // The segments that begin behind go with their files.
    for (const name of await this.fileSystem.list('/p'))
      if (Number(name.slice(0, 20)) > this.endOffset) await this.fileSystem.unlink(`/p/${name}`)
    await this.fileSystem.syncDirectory('/p')
    await this.index.truncateTo(this.endOffset, this.bases)
    this.known = this.known.filter(({ lastOffset }) => lastOffset < this.endOffset)
  }

  check(end = this.endOffset): void {
    const known = this.known.filter(({ lastOffset }) => lastOffset < end)
    expect(this.index.count).toBe(known.length)
    expect(this.index.between(0, end + 1)).toEqual(known)
  }
}

describe('the files of aborted transactions', () => {
  it('say below the newest snapshot what was known, whenever the power goes', async () => {
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          kind: fc.constant('abort' as const),
          count: fc.nat(200),
          records: fc.integer({ min: 1, max: 5 }),
        }),
      },
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('snapshot' as const) }) },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('crash' as const),
          operations: fc.nat(12),
          lostShare: fc.constantFrom(0, 0.5, 1),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const), offset: fc.nat(4000) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('write' as const), records: fc.nat(1000) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), back: fc.nat(400) }) },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30, size: 'max' }), async (steps) => {
        const pair = new Pair(await emptyDirectory())
        for (const each of steps) {
          if (each.kind === 'abort') pair.abort(each.count, each.records)
          else if (each.kind === 'write') pair.endOffset += each.records
          else if (each.kind === 'snapshot') await pair.snapshot()
          else if (each.kind === 'crash') await pair.crash(each.operations, each.lostShare)
          else if (each.kind === 'forget') pair.forgetBelow(each.offset)
          else await pair.cutTo(Math.max(0, pair.endOffset - each.back))
          pair.check()
        }
      }),
    )
  })

  it('get what has ended since behind what they have', async () => {
    const pair = new Pair(await emptyDirectory())
    pair.abort(500, 1)
    await pair.snapshot()
    pair.abort(1, 1)
    const touched: string[] = []
    pair.fileSystem.onOperation = ({ kind, path }) => {
      touched.push(`${kind} ${path}`)
      return null
    }
    await pair.snapshot()
    const name = '/p/00000000000000000000.txnindex'
    expect(touched).toEqual([`open ${name}`, `write ${name}`, `sync ${name}`])
    expect(decodeAborted(pair.fileSystem.peek(name), 0)).toEqual(pair.known)
  })

  it('get one that ended before others they have in its place', async () => {
    const fileSystem = await emptyDirectory()
    const index = new TransactionIndex(fileSystem, '/p')
    for (const offset of [5, 20]) index.add(abortedAt(offset))
    await index.persist([0], 30)
    index.add(abortedAt(10))
    await index.persist([0], 30)
    const next = new TransactionIndex(fileSystem.crash(), '/p')
    await next.load(0, 30)
    expect(next.between(0, 30)).toEqual([5, 10, 20].map(abortedAt))
  })

  it('are written in pieces where there is much to write', async () => {
    const fileSystem = await emptyDirectory()
    const index = new TransactionIndex(fileSystem, '/p')
    for (let turn = 1; turn <= 10_000; turn++) index.add(abortedAt(2 * turn))
    let writes = 0
    fileSystem.onOperation = ({ kind }) => {
      if (kind === 'write') writes++
      return null
    }
    await index.persist([0], 30_000)
    expect(writes).toBe(3)
    const next = new TransactionIndex(fileSystem.crash(), '/p')
    await next.load(0, 30_000)
    expect(next.count).toBe(10_000)
  })
})

it('compaction of segments takes from the index what it has dropped, and nothing else', async () => {
  const lists = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(lists, lists, fc.nat(40), fc.nat(40), async (markers, dropped, from, length) => {
      const fileSystem = await emptyDirectory()
      const index = new TransactionIndex(fileSystem, '/p')
      const known = markers.sort((left, right) => left - right).map(abortedAt)
      for (const transaction of known) index.add(transaction)
      await index.persist([0, from], 100)
      const end = from + length
      await index.merge(
        from,
        end,
        dropped.filter((at) => at >= from && at < end).sort((a, b) => a - b),
      )
      const isKept = ({ lastOffset }: AbortedTransaction): boolean =>
        lastOffset < from || lastOffset >= end || !dropped.includes(lastOffset)
      const kept = known.filter(isKept)
      expect(index.between(0, 100)).toEqual(kept)
      const name = `/p/${String(from).padStart(20, '0')}.txnindex`
      const merged = kept.filter(({ lastOffset }) => lastOffset >= from && lastOffset < end)
      const isRewritten = known.some(({ lastOffset }) => lastOffset >= from && lastOffset < end)
      if (isRewritten) expect(decodeAborted(fileSystem.peek(name), 0)).toEqual(merged)
      // What comes behind it is kept as before.
      index.add(abortedAt(60))
      await index.persist([0, from], 100)
      const next = new TransactionIndex(fileSystem.crash(), '/p')
      await next.load(0, 100)
      expect(next.between(50, 100)).toEqual([abortedAt(60)])
    }),
  )
})
