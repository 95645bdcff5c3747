import { describe, expect, it } from 'vitest'
import {
  appendKeyed,
  appendMarker,
  compact,
  type KeyedRecord,
  readCommitted,
  type SeenRecord,
  type Writer,
} from '../../test/support/compaction.ts'
import fc from '../../test/support/property.ts'
import { openDirectory, openLed, readBytes, settled } from '../../test/support/storage.ts'
import { ManualEnvironment } from '../base/environment.ts'
import { producerHooks } from '../broker/partition/producer-hooks.ts'
import {
  batchBaseOffset,
  batchBaseSequence,
  batchBytes,
  batchHasDeleteHorizon,
  batchLastOffset,
  batchRecordCount,
} from '../protocol/record-batch.ts'
import type { DataDirectory } from './data-directory.ts'
import type { Log } from './log.ts'
import { MemoryFileSystem } from './memory-file-system.ts'
import type { ProducerStates } from './producer-state.ts'
import { StorageError } from './storage-error.ts'

const NOW_MS = 1_700_000_000_000
const CONFIG = { segmentBytesMax: 400, indexIntervalBytes: 100, fileDeleteDelayMs: 10, deletes: false }

interface Opened {
  readonly fileSystem: MemoryFileSystem
  readonly environment: ManualEnvironment
  readonly directory: DataDirectory
  readonly log: Log
  readonly producers: ProducerStates
}

async function open(fileSystem = new MemoryFileSystem(), config: object = CONFIG): Promise<Opened> {
  const { producers, hooks } = producerHooks()
  const environment = new ManualEnvironment()
  const directory = await openDirectory(fileSystem, { environment, config, hooksOf: () => hooks })
  const log = await openLed(directory)
  log.highWatermark = log.endOffset
  return { fileSystem, environment, directory, log, producers }
}

async function flush({ log }: Opened): Promise<void> {
  await log.flushAll()
  log.highWatermark = log.endOffset
}

function kept(opened: Opened, moves: () => Promise<void> = () => opened.directory.keepCleanedEnds()) {
  return { cleanedEndMoved: moves }
}

/** The last record of each key in the whole, in the order of the offsets. */
function lastOfKeys(records: readonly SeenRecord[]): SeenRecord[] {
  const last = new Map(records.map((record) => [record.key, record.offset]))
  return records.filter((record) => last.get(record.key) === record.offset)
}

async function batchesOf(log: Log): Promise<{ base: number; last: number; count: number; bytes: Buffer }[]> {
  const batches: { base: number; last: number; count: number; bytes: Buffer }[] = []
  await log.forEachBatchFrom(log.startOffset, (buffer, at) => {
    const bytes = Buffer.from(buffer.subarray(at, at + batchBytes(buffer, at)))
    batches.push({
      base: batchBaseOffset(bytes, 0),
      last: batchLastOffset(bytes, 0),
      count: batchRecordCount(bytes, 0),
      bytes,
    })
  })
  return batches
}

function fill({ log, producers }: Opened, count: number, keys = 5): void {
  for (let index = 0; index < count; index++)
    appendKeyed(log, producers, [{ key: `k${index % keys}`, value: `v${index}-${'x'.repeat(30)}` }])
}

describe('compaction', () => {
  it('thins batches of gzip that are packed and unpacked by another thread as it does any others', async () => {
    const outcomes: string[][] = []
    for (const compression of ['gzip', 'none'] as const) {
      const opened = await open(new MemoryFileSystem(), { ...CONFIG, segmentBytesMax: 1 })
      for (let batch = 0; batch < 6; batch++) {
        const records = Array.from({ length: 2000 }, (_, index) => ({
          key: `k${(batch * 700 + index) % 3000}`,
          value: `${batch}-${index}-${'x'.repeat(80)}`,
        }))
        appendKeyed(opened.log, opened.producers, records, { compression })
      }
      await flush(opened)
      expect(await compact(opened.log, opened.producers, kept(opened))).toMatchObject({ isComplete: true })
      outcomes.push((await readCommitted(opened.log)).map(({ key, offset }) => `${key}@${offset}`))
      await opened.directory.close()
    }
    expect(outcomes[0]!.length).toBeLessThan(6000)
    expect(outcomes[0]).toEqual(outcomes[1])
  })

  it('H2: keeps the last record of each key at its offset, and all of the active segment', async () => {
    const opened = await open()
    fill(opened, 40)
    await flush(opened)
    const before = await readCommitted(opened.log)
    const result = await compact(opened.log, opened.producers, kept(opened))
    expect(result).toMatchObject({ isComplete: true, passes: 1 })
    const cleanedEnd = opened.log.compaction.cleanedEnd!
    expect(cleanedEnd).toBeGreaterThan(30)
    expect(cleanedEnd).toBeLessThan(40)
    const compacted = lastOfKeys(before.filter(({ offset }) => offset < cleanedEnd))
    const rest = before.filter(({ offset }) => offset >= cleanedEnd)
    expect(await readCommitted(opened.log)).toEqual([...compacted, ...rest])
    expect(opened.log.endOffset).toBe(40)
    // Nothing is left to do.
    expect(await compact(opened.log, opened.producers, kept(opened))).toBeNull()
  })

  it('merges small segments, and removes the old files after their delay', async () => {
    const opened = await open()
    fill(opened, 60)
    await flush(opened)
    const before = opened.log.segmentCount
    await compact(opened.log, opened.producers, kept(opened))
    fill(opened, 10)
    await flush(opened)
    await compact(opened.log, opened.producers, kept(opened))
    expect(opened.log.segmentCount).toBeLessThan(before)
    opened.environment.advance(20)
    await settled()
    const names = await opened.fileSystem.list('/data/t-0')
    expect(names.filter((name) => /deleted|cleaned|swap/.test(name))).toEqual([])
    expect(names.filter((name) => name.endsWith('.log'))).toHaveLength(opened.log.segmentCount)
  })

  it('a tombstone removes its key, stays until delete.retention.ms is over, and then goes itself', async () => {
    const opened = await open()
    const { log, producers } = opened
    appendKeyed(log, producers, [
      { key: 'gone', value: 'x' },
      { key: 'stays', value: 'y' },
    ])
    appendKeyed(log, producers, [{ key: 'gone', value: null, timestamp: NOW_MS - 5 }])
    fill(opened, 10)
    await flush(opened)
    await compact(log, producers, { ...kept(opened), nowMs: NOW_MS })
    const tombstone = (await readCommitted(log)).find(({ key }) => key === 'gone')
    expect(tombstone).toEqual({ offset: 2, key: 'gone', value: null, timestamp: NOW_MS - 5 })
    expect((await batchesOf(log)).some(({ bytes }) => batchHasDeleteHorizon(bytes, 0))).toBe(true)
    fill(opened, 10)
    await flush(opened)
    await compact(log, producers, { ...kept(opened), nowMs: NOW_MS + 999 })
    expect((await readCommitted(log)).some(({ key }) => key === 'gone')).toBe(true)
    fill(opened, 10)
    await flush(opened)
    await compact(log, producers, { ...kept(opened), nowMs: NOW_MS + 1000 })
    const left = await readCommitted(log)
    expect(left.some(({ key }) => key === 'gone')).toBe(false)
    expect(left.some(({ key }) => key === 'stays')).toBe(true)
  })

  it('E17: the last batch of a producer stays, emptied, and no reader gets it alone', async () => {
    const opened = await open()
    const { log, producers } = opened
    const writer: Writer = { producerId: 7, sequence: 40, isTransactional: false }
    appendKeyed(
      log,
      producers,
      [
        { key: 'k0', value: 'x' },
        { key: 'k1', value: 'y' },
      ],
      { writer },
    )
    fill(opened, 20)
    await flush(opened)
    await compact(log, producers, kept(opened))
    const first = (await batchesOf(log))[0]!
    expect(first).toMatchObject({ base: 0, last: 1, count: 0 })
    expect(batchBaseSequence(first.bytes, 0)).toBe(40)
    const { bytes } = await readBytes(log, 0, 1)
    expect(batchRecordCount(bytes, 0)).toBe(1)
    for (let offset = 0; offset < log.endOffset; offset++)
      expect(batchRecordCount((await readBytes(log, offset, 1)).bytes, 0)).toBeGreaterThan(0)
    // Known again without a snapshot.
    for (const name of await opened.fileSystem.list('/data/t-0'))
      if (name.endsWith('.snapshot')) await opened.fileSystem.unlink(`/data/t-0/${name}`)
    const again = await open(opened.fileSystem.kill())
    expect([...again.producers.snapshot()]).toMatchObject([
      { producerId: 7, lastSequence: 41, lastOffset: 1 },
    ])
  })

  it('drops what was aborted at once, and markers when nothing of theirs is left and their time is over', async () => {
    const opened = await open()
    const { log, producers } = opened
    const writer: Writer = { producerId: 9, sequence: 0, isTransactional: true }
    appendKeyed(log, producers, [{ key: 'a', value: 'committed' }], { writer })
    appendMarker(log, producers, writer, true)
    appendKeyed(
      log,
      producers,
      [
        { key: 'a', value: 'aborted' },
        { key: 'b', value: 'aborted' },
      ],
      { writer },
    )
    appendMarker(log, producers, writer, false)
    appendKeyed(log, producers, [{ key: 'c', value: 'committed' }], { writer })
    appendMarker(log, producers, writer, true)
    fill(opened, 12)
    await flush(opened)
    const offsets = async () =>
      (await batchesOf(log)).filter(({ base, count }) => base < 7 && count > 0).map(({ base }) => base)
    await compact(log, producers, kept(opened))
    expect(await offsets()).toEqual([0, 1, 4, 5, 6])
    const committed = [0, 5]
    expect((await readCommitted(log)).map(({ offset }) => offset).slice(0, 2)).toEqual(committed)
    fill(opened, 12)
    await flush(opened)
    // Of the aborted transaction nothing is left, so its marker's time begins; the others still end something.
    await compact(log, producers, { ...kept(opened), nowMs: NOW_MS + 500 })
    fill(opened, 12)
    await flush(opened)
    await compact(log, producers, { ...kept(opened), nowMs: NOW_MS + 1500 })
    expect(await offsets()).toEqual([0, 1, 5, 6])
    expect(log.abortedBetween(0, log.endOffset)).toEqual([])
    expect((await readCommitted(log)).map(({ offset }) => offset).slice(0, 2)).toEqual(committed)
  })

  it('goes through a log in several passes where its keys have no room at once', async () => {
    const opened = await open(undefined, { ...CONFIG, segmentBytesMax: 3000 })
    fill(opened, 600, 150)
    await flush(opened)
    const before = await readCommitted(opened.log)
    const result = await compact(opened.log, opened.producers, { ...kept(opened), keyBytesMax: 64 * 20 })
    expect(result!.passes).toBeGreaterThan(3)
    const cleanedEnd = opened.log.compaction.cleanedEnd!
    const compacted = lastOfKeys(before.filter(({ offset }) => offset < cleanedEnd))
    const rest = before.filter(({ offset }) => offset >= cleanedEnd)
    expect(await readCommitted(opened.log)).toEqual([...compacted, ...rest])
  })

  it('waits for min.compaction.lag.ms, and says when max.compaction.lag.ms is over', async () => {
    const opened = await open()
    fill(opened, 20)
    await flush(opened)
    const limits = { limitOffset: 20, nowMs: NOW_MS + 100, lagMsMin: 101, lagMsMax: 50 }
    expect(await opened.log.compaction.candidate(limits)).toBeNull()
    expect(await opened.log.compaction.candidate({ ...limits, lagMsMin: 100 })).toMatchObject({
      isOverdue: true,
      dirtyRatio: 1,
    })
    const later = { ...limits, lagMsMin: 0, lagMsMax: 100 }
    expect(await opened.log.compaction.candidate(later)).toMatchObject({ isOverdue: false })
  })

  it('a reader that holds an old file reads on in it, and one that comes later in the new one', async () => {
    const opened = await open()
    fill(opened, 20)
    await flush(opened)
    const again = await open(opened.fileSystem.kill())
    const { log, producers } = again
    const read = await log.read(0, 200, log.highWatermark, true)
    if ('outOfRange' in read) throw new Error('in range')
    await compact(log, producers, kept(again))
    const part = read.source.parts[0]!
    if (Buffer.isBuffer(part)) throw new Error('from the file')
    const bytes = Buffer.alloc(part.byteLength)
    await part.read(bytes, 0)
    expect(batchBaseOffset(bytes, 0)).toBe(0)
    part.release()
    expect(batchBaseOffset((await readBytes(log, 0, 1)).bytes, 0)).toBeGreaterThan(0)
  })

  it('leaves a batch that is damaged as it is', async () => {
    const opened = await open()
    fill(opened, 20)
    await flush(opened)
    const file = await opened.fileSystem.open('/data/t-0/00000000000000000000.log', 'update')
    const byte = Buffer.alloc(1)
    await file.read(byte, 70)
    await file.write([Buffer.from([byte[0]! ^ 0xff])], 70)
    await file.close()
    await compact(opened.log, opened.producers, kept(opened))
    expect((await batchesOf(opened.log))[0]).toMatchObject({ base: 0, count: 1 })
  })
})

type Step =
  | { kind: 'data'; writer: number; records: KeyedRecord[]; isCompressed: boolean }
  | { kind: 'end'; writer: number; committed: boolean }
  | { kind: 'compact'; keyBytes: number; laterMs: number }
  | { kind: 'crash' | 'kill' | 'close' | 'trim' }

const STEPS = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('data' as const),
        writer: fc.integer({ min: 0, max: 3 }),
        records: fc.array(
          fc.record({
            key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
            value: fc.option(fc.string({ maxLength: 40 })),
          }),
          { minLength: 1, maxLength: 5 },
        ),
        isCompressed: fc.boolean(),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('end' as const),
        writer: fc.integer({ min: 2, max: 3 }),
        committed: fc.boolean(),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('compact' as const),
        keyBytes: fc.constantFrom(1, 1 << 20),
        laterMs: fc.constantFrom(0, 400, 2000),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constantFrom('crash', 'kill', 'close', 'trim') }),
    },
  ),
  { minLength: 30, maxLength: 120 },
)

/** A log beside everything that was ever committed to it. */
class Life {
  opened!: Opened
  nowMs = NOW_MS
  /** Records in the order of their offsets, and of which transaction. */
  readonly records: { seen: SeenRecord; transaction: { state: 'open' | 'committed' | 'aborted' } }[] = []
  readonly writers: Writer[] = [
    { producerId: -1, sequence: -1, isTransactional: false },
    { producerId: 100, sequence: 0, isTransactional: false },
    { producerId: 200, sequence: 0, isTransactional: true },
    { producerId: 300, sequence: 0, isTransactional: true },
  ]
  readonly #open: ({ state: 'open' | 'committed' | 'aborted' } | null)[] = [null, null, null, null]

  async begin(): Promise<void> {
    this.opened = await open()
  }

  async step(step: Step): Promise<void> {
    const { log, producers, fileSystem, directory } = this.opened
    switch (step.kind) {
      case 'data':
        this.#append(step.writer, step.records, step.isCompressed)
        return flush(this.opened)
      case 'end': {
        const transaction = this.#open[step.writer]
        if (transaction === null || transaction === undefined) return
        appendMarker(log, producers, this.writers[step.writer]!, step.committed)
        transaction.state = step.committed ? 'committed' : 'aborted'
        this.#open[step.writer] = null
        return flush(this.opened)
      }
      case 'compact': {
        this.nowMs += step.laterMs
        const options = { nowMs: this.nowMs, keyBytesMax: step.keyBytes }
        await compact(log, producers, { ...kept(this.opened), ...options })
        return this.check()
      }
      case 'trim':
        await log.advanceStartTo(Math.min(log.startOffset + 3, log.highWatermark))
        return
      case 'close':
        await directory.close()
        this.opened = await open(fileSystem)
        return this.check()
      default:
        this.opened = await open(fileSystem[step.kind]())
        return this.check()
    }
  }

  #append(index: number, records: readonly KeyedRecord[], isCompressed: boolean): void {
    const { log, producers } = this.opened
    const writer = this.writers[index]!
    const compression = isCompressed ? 'gzip' : 'none'
    const base = log.endOffset
    if (writer.isTransactional) this.#open[index] ??= { state: 'open' }
    const transaction = this.#open[index] ?? { state: 'committed' as const }
    appendKeyed(log, producers, records, { compression, ...(index === 0 ? {} : { writer }) })
    for (const [at, { key, value }] of records.entries()) {
      this.records.push({ seen: { offset: base + at, key, value, timestamp: NOW_MS }, transaction })
    }
  }

  /** Nothing that is the last of its key is missing, nothing else is found but what was written, producers are known. */
  async check(): Promise<void> {
    const { log, producers } = this.opened
    const written = this.records.filter(
      ({ seen, transaction }) => seen.offset >= log.startOffset && transaction.state !== 'aborted',
    )
    const byOffset = new Map(written.map(({ seen }) => [seen.offset, seen]))
    const found = (await readCommitted(log, 300)).filter(({ offset }) => offset >= log.startOffset)
    for (const record of found) expect(record).toEqual(byOffset.get(record.offset))
    const offsets = new Set(found.map(({ offset }) => offset))
    const committed = written
      .filter(({ transaction }) => transaction.state === 'committed')
      .map(({ seen }) => seen)
    for (const record of lastOfKeys(committed))
      if (record.value !== null) expect(offsets).toContain(record.offset)
    for (const record of written)
      if (record.transaction.state === 'open') expect(offsets).toContain(record.seen.offset)
    // Compacted is compacted: of the records below, one for each key.
    const cleanedEnd = log.compaction.cleanedEnd ?? 0
    const keys = found.filter(({ offset }) => offset < cleanedEnd).map(({ key }) => key)
    expect(new Set(keys).size).toBe(keys.length)
    for (const { producerId, sequence } of this.writers) {
      if (producerId < 0 || sequence === 0) continue
      const entry = [...producers.snapshot()].find((producer) => producer.producerId === producerId)
      expect(entry?.lastSequence).toBe(sequence - 1)
    }
  }
}

it('any life of a compacted log shows the last committed record of each key, and no other key twice', async () => {
  await fc.assert(
    fc.asyncProperty(STEPS, async (steps) => {
      const life = new Life()
      await life.begin()
      for (const step of steps) await life.step(step)
      await life.check()
    }),
    { numRuns: 60 },
  )
})

describe('whatever operation of a compaction fails', () => {
  for (const fault of ['io', 'no-space', 'short'] as const) {
    for (const end of ['crash', 'kill'] as const) {
      it(`the log says the same as before, or as after: ${fault}, then ${end}`, async () => {
        let failing = 0
        for (; ; failing++) {
          const opened = await open()
          const { log, producers, fileSystem } = opened
          const writer: Writer = { producerId: 9, sequence: 0, isTransactional: true }
          fill(opened, 10)
          appendKeyed(log, producers, [{ key: 'a', value: 'aborted' }], { writer })
          appendMarker(log, producers, writer, false)
          fill(opened, 30)
          await flush(opened)
          await settled()
          const before = await readCommitted(log)
          let isReached = false
          let index = 0
          fileSystem.onOperation = ({ kind }) => {
            if (index++ !== failing) return null
            isReached = true
            return fault !== 'no-space' || kind === 'write' ? fault : 'io'
          }
          try {
            await compact(log, producers, kept(opened))
          } catch (error) {
            if (!(error instanceof StorageError)) throw error
          }
          fileSystem.onOperation = null
          let next = fileSystem[end]()
          for (let start = 0; start < 2; start++) {
            const again = await open(next)
            expect(again.log.damage).toBeNull()
            expect(again.log.endOffset).toBe(log.endOffset)
            const found = await readCommitted(again.log, 300)
            const offsets = new Set(found.map(({ offset }) => offset))
            for (const record of lastOfKeys(before)) expect(offsets).toContain(record.offset)
            const all = new Map(before.map((record) => [record.offset, record]))
            for (const record of found) expect(record).toEqual(all.get(record.offset))
            // What was interrupted can be done.
            await compact(again.log, again.producers, kept(again))
            expect(lastOfKeys(await readCommitted(again.log))).toEqual(lastOfKeys(before))
            next = again.fileSystem[end]()
          }
          if (!isReached) break
        }
        expect(failing).toBeGreaterThan(20)
      })
    }
  }
})
