import { describe, expect, it } from 'vitest'
import { appendKeyed } from '../../test/support/compaction.ts'
import {
  append,
  baseOffsets,
  openDirectory,
  openLed,
  openTestLog,
  readAll,
  readBytes,
  settled,
} from '../../test/support/storage.ts'
import { ManualEnvironment } from '../base/environment.ts'
import { producerHooks } from '../broker/partition/producer-hooks.ts'
import type { Log } from './log.ts'
import { MemoryFileSystem } from './memory-file-system.ts'
import { TailCache } from './tail-cache.ts'

const SMALL_SEGMENTS = { segmentBytesMax: 1000 }

describe('retention', () => {
  it('lets go of segments by age, never beyond the high watermark', async () => {
    const environment = new ManualEnvironment()
    const { log, fileSystem } = await openTestLog({
      environment,
      config: { ...SMALL_SEGMENTS, retentionMs: 1000, fileDeleteDelayMs: 5000 },
    })
    for (let index = 0; index < 50; index++) append(log, { timestamp: environment.wallMs() })
    await log.flushAll()
    environment.advance(2000)
    expect(await log.applyRetention(environment.wallMs())).toBe(0)
    log.highWatermark = 20
    const segments = log.segmentCount
    const deleted = await log.applyRetention(environment.wallMs())
    expect(deleted).toBeGreaterThan(0)
    expect(log.segmentCount).toBe(segments - deleted)
    expect(log.startOffset).toBeLessThanOrEqual(20)
    expect(log.read(0, 100, 50, true)).toEqual({ outOfRange: true })
    expect((await fileSystem.list('/data/t-0')).some((name) => name.endsWith('.deleted'))).toBe(true)
    environment.advance(5000)
    await settled()
    expect((await fileSystem.list('/data/t-0')).some((name) => name.endsWith('.deleted'))).toBe(false)
  })

  it('lets go of segments whose files can not be renamed for a lack of room: they are removed at the next start', async () => {
    const environment = new ManualEnvironment()
    const { log, directory, fileSystem } = await openTestLog({
      environment,
      config: { ...SMALL_SEGMENTS, retentionMs: 1000, fileDeleteDelayMs: 100 },
    })
    for (let index = 0; index < 30; index++) append(log, { timestamp: environment.wallMs() })
    await log.flushAll()
    log.highWatermark = 20
    environment.advance(2000)
    fileSystem.onOperation = ({ kind }) => (kind === 'rename' ? 'no-space' : null)
    expect(await log.applyRetention(environment.wallMs())).toBeGreaterThan(0)
    environment.advance(100)
    await settled()
    expect(directory.failure).toBeNull()
    const next = fileSystem.crash()
    const again = (await openDirectory(next)).get('t', 0)!
    expect([again.startOffset, again.damage]).toEqual([log.startOffset, null])
    expect((await next.list('/data/t-0')).filter((name) => name.endsWith('.log'))).toHaveLength(
      again.segmentCount,
    )
  })

  it('lets go of everything that is old, and goes on behind it', async () => {
    const environment = new ManualEnvironment()
    const { log } = await openTestLog({ environment, config: { retentionMs: 1000 } })
    append(log, { timestamp: environment.wallMs() })
    await log.flushAll()
    log.highWatermark = 1
    environment.advance(2000)
    expect(await log.applyRetention(environment.wallMs())).toBe(1)
    expect([log.startOffset, log.endOffset, log.segmentCount]).toEqual([1, 1, 1])
    append(log)
    await log.flushAll()
    expect(baseOffsets(await readAll(log))).toEqual([1])
  })

  it('H3: without a cleanup policy it keeps everything for ever', async () => {
    const environment = new ManualEnvironment()
    const config = { ...SMALL_SEGMENTS, retentionMs: 1000, retentionBytes: 1, deletes: false }
    const { log } = await openTestLog({ environment, config })
    for (let index = 0; index < 30; index++) append(log, { timestamp: environment.wallMs() })
    await log.flushAll()
    log.highWatermark = 30
    environment.advance(2000)
    expect(await log.applyRetention(environment.wallMs())).toBe(0)
    expect(log.startOffset).toBe(0)
  })

  it('keeps a deleted segment readable for who has a region of it', async () => {
    const { log, environment } = await openTestLog({ config: SMALL_SEGMENTS, tailCache: new TailCache(0) })
    const first = append(log)
    for (let index = 0; index < 30; index++) append(log)
    await log.flushAll()
    const read = await log.read(0, first.length, 30, true)
    if ('outOfRange' in read || Buffer.isBuffer(read.source.parts[0])) throw new Error('no region')
    const region = read.source.parts[0]!
    log.highWatermark = 30
    await log.advanceStartTo(20)
    ;(environment as ManualEnvironment).advance(100_000)
    await settled()
    const bytes = Buffer.alloc(first.length)
    expect(await region.read(bytes, 0)).toBe(first.length)
    expect(bytes.equals(first)).toBe(true)
    region.release()
  })

  it('deletes no segment that is still being completed', async () => {
    const { log, fileSystem, directory } = await openTestLog({ config: SMALL_SEGMENTS })
    let committed = 0
    let complete = (): void => {}
    const gate = new Promise<void>((resolve) => {
      complete = resolve
    })
    fileSystem.delay = ({ kind, path }) =>
      kind === 'open' && path.endsWith('0.index') ? gate : Promise.resolve()
    while (log.segmentCount === 1) {
      committed = log.endOffset
      append(log)
      if (log.segmentCount === 1) await log.flushAll()
      log.highWatermark = committed
    }
    // All before the last batch may go, but the segment's index is only now being written.
    await log.advanceStartTo(committed)
    expect([log.startOffset, log.segmentCount]).toEqual([committed, 2])
    complete()
    await log.flushAll()
    expect(await log.applyRetention(0)).toBe(1)
    expect([directory.failure, log.segmentCount]).toEqual([null, 1])
    const names = await fileSystem.list('/data/t-0')
    expect(names.filter((name) => /^0{20}\.\w+$/.test(name))).toEqual([])
  })

  it('H1: moves the start for DeleteRecords, durably, also inside a segment', async () => {
    const { log, fileSystem } = await openTestLog()
    for (let index = 0; index < 10; index++) append(log)
    await log.flushAll()
    log.highWatermark = 10
    await log.advanceStartTo(4)
    expect(log.read(3, 100, 10, true)).toEqual({ outOfRange: true })
    const again = await openDirectory(fileSystem.crash())
    expect([again.get('t', 0)!.startOffset, again.get('t', 0)!.endOffset]).toEqual([4, 10])
  })

  it('H1: moves the start no further than what a power cut leaves', async () => {
    const config = { durability: 'cached' } as const
    const { log, fileSystem } = await openTestLog({ config })
    append(log)
    await log.flushAll()
    for (let index = 0; index < 4; index++) append(log)
    await settled()
    expect([log.writtenEndOffset, log.durableEndOffset]).toEqual([5, 1])
    log.highWatermark = 5
    await log.advanceStartTo(3)
    const again = await openLed(await openDirectory(fileSystem.crash(), { config }))
    expect(again.startOffset).toBe(3)
    expect(again.endOffset).toBeGreaterThanOrEqual(3)
  })
})

describe('G5: what is known of producers survives a power cut', () => {
  const trimming =
    (...offsets: number[]) =>
    async (log: Log) => {
      for (const offset of offsets) await log.advanceStartTo(offset)
    }
  const lives = {
    'when DeleteRecords went past their batches before there was a snapshot': {
      filler: 3,
      trim: trimming(3),
    },
    'when it went past a snapshot, into the segment behind it': { filler: 15, trim: trimming(14) },
    'when it took every segment but the last': { filler: 60, trim: trimming(20, 40, 60) },
    'when retention let go of everything': {
      filler: 15,
      trim: (log: Log) => log.applyRetention(Number.MAX_VALUE),
    },
  }
  for (const [life, { filler, trim }] of Object.entries(lives)) {
    for (const end of ['crash', 'kill'] as const) {
      it(`${life}: ${end}`, async () => {
        const config = { ...SMALL_SEGMENTS, retentionMs: 1 }
        const { producers, hooks } = producerHooks()
        const { fileSystem, log } = await openTestLog({ config, hooksOf: () => hooks })
        const writer = { producerId: 7, sequence: 0, isTransactional: false }
        appendKeyed(log, producers, [{ key: null, value: 'x' }], { writer })
        for (let index = 0; index < filler; index++)
          appendKeyed(log, producers, [{ key: null, value: 'y'.repeat(40) }])
        await log.flushAll()
        log.highWatermark = log.endOffset
        await trim(log)
        const { startOffset, endOffset } = log
        expect(startOffset).toBeGreaterThan(0)
        let next = fileSystem[end]()
        for (let start = 0; start < 2; start++) {
          const again = producerHooks()
          const directory = await openDirectory(next, { config, hooksOf: () => again.hooks })
          expect(directory.get('t', 0)).toMatchObject({ startOffset, endOffset })
          expect([...again.producers.snapshot()]).toMatchObject([
            { producerId: 7, lastSequence: 0, lastOffset: 0 },
          ])
          next = next[end]()
        }
      })
    }
  }
})

describe('lookups by time', () => {
  it('E13: finds the first record that is not before a timestamp', async () => {
    const { log } = await openTestLog({ config: { segmentBytesMax: 5000, indexIntervalBytes: 100 } })
    for (let index = 0; index < 100; index++) append(log, { records: 3, timestamp: 1000 + index * 10 })
    await log.flushAll()
    expect(await log.offsetForTimestamp(0, 300)).toMatchObject({ offset: 0, timestamp: 1000 })
    expect(await log.offsetForTimestamp(1500, 300)).toMatchObject({
      offset: 150,
      timestamp: 1500,
      leaderEpoch: 1,
    })
    expect(await log.offsetForTimestamp(1501, 300)).toMatchObject({ offset: 151, timestamp: 1501 })
    expect(await log.offsetForTimestamp(1503, 300)).toMatchObject({ offset: 153, timestamp: 1510 })
    expect(await log.offsetForTimestamp(1503, 153)).toBeNull()
    expect(await log.offsetForTimestamp(5000, 300)).toBeNull()
  })

  it('E13: finds the first record with the largest timestamp', async () => {
    const { log } = await openTestLog({ config: { segmentBytesMax: 2000 } })
    expect(await log.maxTimestampOffset(0)).toBeNull()
    for (const timestamp of [10, 50, 5000, 20, 40]) append(log, { records: 3, timestamp })
    for (let index = 0; index < 50; index++) append(log)
    append(log, { records: 2, timestamp: 1_800_000_000_000 })
    append(log)
    await log.flushAll()
    expect(await log.maxTimestampOffset(1000)).toMatchObject({ offset: 66, timestamp: 1_800_000_000_001 })
  })
})

describe('terms and truncation', () => {
  it('E15: tells where epochs end', async () => {
    const { log } = await openTestLog()
    append(log)
    log.startTerm(4, 1, [1])
    append(log)
    append(log)
    await log.flushAll()
    expect(log.endOffsetForEpoch(1)).toEqual({ epoch: 1, endOffset: 1 })
    expect(log.endOffsetForEpoch(3)).toEqual({ epoch: 1, endOffset: 1 })
    expect(log.endOffsetForEpoch(4)).toEqual({ epoch: 4, endOffset: 3 })
    expect(log.endOffsetForEpoch(5)).toEqual({ epoch: -1, endOffset: -1 })
  })

  it('acknowledges a mark only when it is on the disk', async () => {
    const { log, directory } = await openTestLog()
    append(log)
    await log.flushAll()
    expect(log.durablePosition()).toEqual({ term: 1, minor: 0, offset: 1 })
    const lsn = log.startTerm(2, 1, [1])
    expect(log.position()).toEqual({ term: 2, minor: 0, offset: 1 })
    expect(log.durablePosition()).toEqual({ term: 1, minor: 0, offset: 1 })
    let told = false
    log.onProgress = () => (told = true)
    await directory.journal.durable(lsn)
    expect(log.durablePosition()).toEqual({ term: 2, minor: 0, offset: 1 })
    expect(told).toBe(true)
  })

  it('is cut at a position, and goes on from there', async () => {
    for (const capacity of [0, 1048576]) {
      const { log, fileSystem, directory } = await openTestLog({
        config: { ...SMALL_SEGMENTS, indexIntervalBytes: 200 },
        tailCache: new TailCache(capacity),
      })
      for (let index = 0; index < 40; index++) append(log)
      await log.flushAll()
      await directory.journal.durable(log.startTerm(2, 1, [1]))
      for (let index = 0; index < 40; index++) append(log)
      await log.flushAll()
      for (let offset = 20; offset < 40; offset++) await readBytes(log, offset, 100)
      const position = { term: 1, minor: 0, offset: 25 }
      const mark = { term: 7, minor: 0, startOffset: 25, voters: [1], oldVoters: null }
      const cutting = log.truncateTo(position, [mark])
      expect([log.endOffset, log.writtenEndOffset <= 25, log.marks.last().term]).toEqual([25, true, 7])
      await cutting
      append(log)
      append(log, { records: 10 })
      await log.flushAll()
      expect(baseOffsets(await readAll(log))).toEqual(Array.from({ length: 27 }, (_, index) => index))
      expect(baseOffsets((await readBytes(log, 28, 1000)).bytes)).toEqual([26])
      const again = (await openDirectory(fileSystem.crash(), { config: SMALL_SEGMENTS })).get('t', 0)!
      expect(again.position()).toEqual({ term: 7, minor: 0, offset: 36 })
    }
  })

  it('is cut while writes are under way: what they finish does not count', async () => {
    const { log, fileSystem } = await openTestLog()
    append(log)
    await log.flushAll()
    append(log, { valueBytes: 100 })
    append(log, { valueBytes: 100 })
    await Promise.resolve()
    await Promise.resolve()
    await log.truncateTo({ term: 1, minor: 0, offset: 2 })
    expect([log.endOffset, log.durableEndOffset]).toEqual([2, 2])
    append(log)
    await log.flushAll()
    const again = (await openDirectory(fileSystem.crash())).get('t', 0)!
    expect(baseOffsets(await readAll(again))).toEqual([0, 1, 2])
  })

  for (const durability of ['fsync', 'cached'] as const) {
    it(`G5: is cut where a segment begins that has no file yet, behind what is whole (${durability})`, async () => {
      const { producers, hooks } = producerHooks()
      const config = { ...SMALL_SEGMENTS, durability }
      const { fileSystem, log } = await openTestLog({ config, hooksOf: () => hooks })
      const writer = { producerId: 7, sequence: 0, isTransactional: false }
      appendKeyed(log, producers, [{ key: null, value: 'x' }], { writer })
      while (log.segmentCount === 1) appendKeyed(log, producers, [{ key: null, value: 'y'.repeat(40) }])
      const end = log.endOffset - 1
      await log.truncateTo({ ...log.position(), offset: end })
      // In the cached mode nothing has been synced, and nothing may be said to be.
      if (durability === 'cached') expect(log.durableEndOffset).toBe(0)
      await log.flushAll()
      expect(log.durableEndOffset).toBe(end)
      log.highWatermark = end
      await log.advanceStartTo(end)
      const again = producerHooks()
      const directory = await openDirectory(fileSystem.crash(), { config, hooksOf: () => again.hooks })
      expect(directory.get('t', 0)).toMatchObject({ damage: null, startOffset: end, endOffset: end })
      expect([...again.producers.snapshot()]).toMatchObject([
        { producerId: 7, lastSequence: 0, lastOffset: 0 },
      ])
    })
  }

  it('starts over at another place', async () => {
    const { log, fileSystem } = await openTestLog({ config: SMALL_SEGMENTS })
    for (let index = 0; index < 30; index++) append(log)
    await log.flushAll()
    await log.resetTo({ term: 5, minor: 2, startOffset: 90, voters: [1, 2], oldVoters: [1] }, 100)
    expect(log.position()).toEqual({ term: 5, minor: 2, offset: 100 })
    append(log)
    await log.flushAll()
    expect(baseOffsets(await readAll(log))).toEqual([100])
    const again = (await openDirectory(fileSystem.crash())).get('t', 0)!
    expect([again.startOffset, again.endOffset, again.marks.count]).toEqual([100, 101, 1])
    expect(again.marks.last()).toMatchObject({ term: 5, minor: 2, oldVoters: [1] })
  })
})

describe('many logs', () => {
  it('share one sync for the start of their terms', async () => {
    const fileSystem = new MemoryFileSystem()
    const directory = await openDirectory(fileSystem)
    const logs = await Promise.all(
      Array.from({ length: 50 }, (_, partition) =>
        directory.createPartition({ topic: 't', topicId: 'x'.repeat(16) as never, partition, voters: [1] }),
      ),
    )
    await Promise.all(logs.map((log) => log.flushAll()))
    const kinds: string[] = []
    fileSystem.onOperation = ({ kind }) => {
      kinds.push(kind)
      return null
    }
    const lsn = Math.max(...logs.map((log) => log.startTerm(3, 1, [1])))
    await directory.journal.durable(lsn)
    expect(kinds).toEqual(['write', 'sync'])
  })

  it('evicts the oldest batches from memory, whosever they are', async () => {
    const tailCache = new TailCache(20_000)
    const directory = await openDirectory(new MemoryFileSystem(), { tailCache })
    const first = await openLed(directory)
    const second = await directory.createPartition({
      topic: 'u',
      topicId: 'y'.repeat(16) as never,
      partition: 0,
      voters: [],
    })
    await directory.journal.durable(second.startTerm(1, 1, [1]))
    append(first)
    await first.flushAll()
    expect((await readBytes(first, 0)).isFromFile).toBe(false)
    for (let index = 0; index < 30; index++) append(second, { valueBytes: 1000 })
    await second.flushAll()
    expect(tailCache.usedBytes).toBeLessThanOrEqual(20_000)
    expect((await readBytes(first, 0)).isFromFile).toBe(true)
    expect((await readBytes(second, 29)).isFromFile).toBe(false)
  })
})
