import { describe, expect, it } from 'vitest'
import {
  append,
  baseOffsets,
  batchFor,
  openDirectory,
  openTestLog,
  readAll,
  readBytes,
  SeenOffsets,
  settled,
} from '../../test/support/storage.ts'
import { AssertionError } from '../base/assert.ts'
import { ManualEnvironment } from '../base/environment.ts'
import { asStorageError } from './storage-error.ts'
import { TailCache } from './tail-cache.ts'

const SMALL_SEGMENTS = { segmentBytesMax: 1000 }

describe('append and read', () => {
  it('gives back what was appended, and says when it is written and durable', async () => {
    const { log } = await openTestLog()
    let calls = 0
    log.onProgress = () => calls++
    const batches = [append(log, { records: 2 }), append(log, { records: 3 })]
    expect([log.endOffset, log.writtenEndOffset, log.durableEndOffset]).toEqual([5, 0, 0])
    expect(log.queuedBytes).toBe(batches[0]!.length + batches[1]!.length)
    await log.flushAll()
    expect([log.writtenEndOffset, log.durableEndOffset, log.queuedBytes]).toEqual([5, 5, 0])
    expect(calls).toBeGreaterThanOrEqual(2)
    const read = await readBytes(log, 0)
    expect(read.endOffset).toBe(5)
    expect(read.bytes.equals(Buffer.concat(batches))).toBe(true)
  })

  it('E5: serves the batch that contains the offset', async () => {
    for (const capacity of [0, 1048576]) {
      const { log } = await openTestLog({ tailCache: new TailCache(capacity) })
      for (let index = 0; index < 10; index++) append(log, { records: 5 })
      await log.flushAll()
      const { bytes } = await readBytes(log, 27, 100_000)
      expect(baseOffsets(bytes)[0]).toBe(25)
    }
  })

  it('E4: ends on a batch boundary within the bytes asked for and below the limit', async () => {
    for (const capacity of [0, 1048576]) {
      const { log } = await openTestLog({ tailCache: new TailCache(capacity) })
      const batchBytes = append(log).length
      for (let index = 1; index < 400; index++) append(log)
      await log.flushAll()
      for (const count of [1, 7, 150, 399]) {
        const bySize = await readBytes(log, 0, batchBytes * (count + 1) - 1)
        // Without anything in memory the end may be the last index entry instead.
        const slack = capacity === 0 ? Math.ceil(4096 / batchBytes) : 0
        expect(bySize.bytes.length).toBe(batchBytes * bySize.endOffset)
        expect(bySize.endOffset).toBeLessThanOrEqual(count)
        expect(bySize.endOffset).toBeGreaterThanOrEqual(Math.max(1, count - slack))
        const byLimit = await readBytes(log, 0, 1e9, count)
        expect([byLimit.bytes.length, byLimit.endOffset]).toEqual([batchBytes * count, count])
        const second = await readBytes(log, count, batchBytes, 400)
        expect([baseOffsets(second.bytes)[0], second.endOffset]).toEqual([count, count + 1])
      }
    }
  })

  it('E3: serves the first batch whole above the limit of bytes, if asked to', async () => {
    for (const capacity of [0, 1048576]) {
      const { log } = await openTestLog({ tailCache: new TailCache(capacity) })
      const batch = append(log, { valueBytes: 5000 })
      append(log)
      await log.flushAll()
      expect((await readBytes(log, 0, 10, 2, true)).bytes.length).toBe(batch.length)
      expect((await readBytes(log, 0, 10, 2, false)).bytes.length).toBe(0)
    }
  })

  it('E7: nothing at the end, out of range beyond it and below the start', async () => {
    const { log } = await openTestLog()
    append(log)
    await log.flushAll()
    expect(log.read(1, 100, 1, true)).toMatchObject({ endOffset: 1, source: { byteLength: 0 } })
    expect(log.read(2, 100, 1, true)).toEqual({ outOfRange: true })
    expect(log.read(-1, 100, 1, true)).toEqual({ outOfRange: true })
  })

  it('serves nothing that is not yet written', async () => {
    const { log } = await openTestLog()
    append(log)
    expect(log.read(0, 1000, 1, true)).toMatchObject({ source: { byteLength: 0 } })
    await log.flushAll()
  })

  it('answers small reads at the tail from memory, larger ones from the file', async () => {
    const { log } = await openTestLog()
    append(log)
    append(log, { valueBytes: 100_000 })
    await log.flushAll()
    expect((await readBytes(log, 0, 1e6, 1)).isFromFile).toBe(false)
    expect((await readBytes(log, 0, 1e6, 2)).isFromFile).toBe(true)
  })

  it('reads on without looking at the disk', async () => {
    const { log, fileSystem } = await openTestLog({ tailCache: new TailCache(0) })
    for (let index = 0; index < 500; index++) append(log, { valueBytes: 500 })
    await log.flushAll()
    let from = 0
    const before = fileSystem.operationCount
    while (from < 500) {
      const read = log.read(from, 20_000, 500, true)
      if (read instanceof Promise || 'outOfRange' in read) throw new Error(`a read of ${from} took the disk`)
      expect(read.endOffset).toBeGreaterThan(from)
      from = read.endOffset
      for (const part of read.source.parts) if (!Buffer.isBuffer(part)) part.release()
    }
    expect(fileSystem.operationCount).toBe(before)
  })

  it('reads across segments, and lets gaps lie between them', async () => {
    const { log } = await openTestLog({ config: SMALL_SEGMENTS, tailCache: new TailCache(0) })
    for (let index = 0; index < 30; index++) append(log, { records: 2 })
    append(log, { baseOffset: 100 })
    append(log, { baseOffset: 200 })
    await log.flushAll()
    expect(log.segmentCount).toBeGreaterThan(3)
    const offsets = baseOffsets(await readAll(log, 300))
    expect(offsets).toEqual([...Array.from({ length: 30 }, (_, index) => index * 2), 100, 200])
    expect(baseOffsets((await readBytes(log, 70)).bytes)).toEqual([100])
    const seen: number[] = []
    await log.forEachBatchFrom(31, (buffer, at) => seen.push(baseOffsets(buffer.subarray(at, at + 61))[0]!))
    expect(seen).toEqual([...Array.from({ length: 15 }, (_, index) => 30 + index * 2), 100, 200])
  })

  it('stands on batches of whatever size', async () => {
    const { log } = await openTestLog({ tailCache: new TailCache(0) })
    const sizes = [10, 70_000, 10, 2_000_000, 10, 3_000_000, 10]
    const batches = sizes.map((valueBytes) => append(log, { valueBytes }))
    await log.flushAll()
    expect((await readAll(log, 1000)).equals(Buffer.concat(batches))).toBe(true)
    let count = 0
    await log.forEachBatchFrom(0, () => count++)
    expect(count).toBe(sizes.length)
  })
})

describe('group commit', () => {
  it('writes what comes in one turn at once, and syncs it once', async () => {
    const { log, fileSystem } = await openTestLog()
    append(log)
    await log.flushAll()
    const kinds: string[] = []
    fileSystem.onOperation = (operation) => {
      kinds.push(operation.kind)
      return null
    }
    for (let index = 0; index < 100; index++) append(log)
    await log.flushAll()
    expect(kinds).toEqual(['write', 'sync'])
  })

  it('counts as durable what was written before the sync began, not what came meanwhile', async () => {
    const { log, fileSystem } = await openTestLog()
    append(log)
    await log.flushAll()
    const syncs: (() => void)[] = []
    fileSystem.delay = ({ kind }) =>
      kind === 'sync' ? new Promise((resolve) => syncs.push(resolve)) : Promise.resolve()
    append(log)
    await settled()
    append(log, { valueBytes: 100_000 })
    await settled()
    expect([log.writtenEndOffset, log.durableEndOffset, syncs.length]).toEqual([3, 1, 1])
    syncs[0]!()
    await settled()
    expect([log.writtenEndOffset, log.durableEndOffset, syncs.length]).toEqual([3, 2, 2])
    syncs[1]!()
    await settled()
    expect(log.durableEndOffset).toBe(3)
  })

  it('in the cached mode syncs in the background, after a while or enough bytes', async () => {
    const environment = new ManualEnvironment()
    const { log } = await openTestLog({ environment, config: { durability: 'cached' } })
    await log.flushAll()
    append(log)
    await settled()
    expect([log.writtenEndOffset, log.durableEndOffset]).toEqual([1, 0])
    environment.advance(100)
    await settled()
    expect(log.durableEndOffset).toBe(1)
    append(log, { valueBytes: 300_000 })
    await settled()
    expect(log.durableEndOffset).toBe(2)
  })

  it('goes on with what a short write left', async () => {
    const { log, fileSystem } = await openTestLog()
    await log.flushAll()
    let shortWrites = 3
    fileSystem.onOperation = ({ kind }) => (kind === 'write' && shortWrites-- > 0 ? 'short' : null)
    const batches = [append(log), append(log, { valueBytes: 3000 }), append(log)]
    await log.flushAll()
    expect((await readAll(log)).equals(Buffer.concat(batches))).toBe(true)
    expect(fileSystem.peek('/data/t-0/00000000000000000000.log').equals(Buffer.concat(batches))).toBe(true)
  })
})

describe('a full disk', () => {
  it('refuses appends, leaves no partial batch, and heals by itself', async () => {
    const environment = new ManualEnvironment()
    const { log, fileSystem } = await openTestLog({ environment })
    append(log)
    await log.flushAll()
    fileSystem.capacityBytes = fileSystem.usedBytes() + 50
    const before = fileSystem.peek('/data/t-0/00000000000000000000.log')
    append(log, { valueBytes: 1000 })
    await settled()
    expect([log.refusal(), log.endOffset, log.writtenEndOffset]).toEqual(['full', 2, 1])
    expect(fileSystem.peek('/data/t-0/00000000000000000000.log').equals(before)).toBe(true)
    environment.advance(1000)
    await settled()
    expect(log.refusal()).toBe('full')
    fileSystem.capacityBytes = Number.POSITIVE_INFINITY
    environment.advance(1000)
    await log.flushAll()
    expect([log.refusal(), log.durableEndOffset]).toEqual([null, 2])
  })

  it('is not forgotten by closing: what was never written is gone, what was stays', async () => {
    const { log, fileSystem, directory } = await openTestLog()
    append(log)
    await log.flushAll()
    fileSystem.capacityBytes = fileSystem.usedBytes() + 50
    append(log, { valueBytes: 1000 })
    await settled()
    fileSystem.capacityBytes = Number.POSITIVE_INFINITY
    await directory.close()
    const again = await openDirectory(fileSystem.kill())
    expect(again.get('t', 0)!.endOffset).toBe(1)
    expect(again.reports[0]!.outcome).toBe('clean')
  })

  it('is no damage to who stops on it: what was written is synced before the log is called closed', async () => {
    const { log, fileSystem, directory } = await openTestLog()
    append(log)
    await log.flushAll()
    let goOn: () => void = () => {}
    fileSystem.delay = ({ kind }) =>
      kind === 'sync'
        ? new Promise((resolve) => {
            goOn = resolve
          })
        : Promise.resolve()
    append(log)
    await settled()
    append(log, { valueBytes: 100_000 })
    await settled()
    fileSystem.capacityBytes = fileSystem.usedBytes() + 50
    append(log, { valueBytes: 100_000 })
    await settled()
    fileSystem.delay = () => Promise.resolve()
    goOn()
    await settled()
    expect([log.refusal(), log.durableEndOffset, log.writtenEndOffset]).toEqual(['full', 2, 3])
    fileSystem.capacityBytes = Number.POSITIVE_INFINITY
    await directory.close()
    let asked = 0
    const next = await openDirectory(fileSystem.crash(() => (asked++ % 3 === 0 ? 0.9 : 0.1)))
    expect(next.reports).toMatchObject([{ outcome: 'whole', endOffset: 3 }])
  })
})

describe('a failing disk', () => {
  it.each(['write', 'sync'] as const)(
    'a failed %s ends the directory and is not tried again',
    async (kind) => {
      const { log, fileSystem, directory } = await openTestLog()
      append(log)
      await log.flushAll()
      let failures = 0
      directory.onFailure = () => failures++
      let progress = 0
      log.onProgress = () => progress++
      let attempts = 0
      fileSystem.onOperation = (operation) => {
        if (operation.kind !== kind) return null
        attempts++
        return 'io'
      }
      append(log)
      await expect(log.flushAll()).rejects.toThrow('injected')
      expect([log.refusal(), failures, attempts]).toEqual(['failed', 1, 1])
      expect(log.durableEndOffset).toBe(1)
      expect(progress).toBeGreaterThan(0)
      expect(directory.failure).not.toBeNull()
    },
  )

  it('lack of space in a sync is a failure, not a full disk', async () => {
    const { log, fileSystem } = await openTestLog()
    await log.flushAll()
    fileSystem.onOperation = ({ kind }) => (kind === 'sync' ? 'no-space' : null)
    append(log)
    await expect(log.flushAll()).rejects.toThrow('space')
    expect(log.refusal()).toBe('failed')
  })
})

describe('rolling', () => {
  it('starts a segment when the batch would make the last one too large', async () => {
    const { log, fileSystem } = await openTestLog({ config: SMALL_SEGMENTS })
    const batchBytes = append(log).length
    for (let index = 1; index < 25; index++) append(log)
    await log.flushAll()
    const perSegment = Math.floor(1000 / batchBytes)
    expect(log.segmentCount).toBe(Math.ceil(25 / perSegment))
    const names = (await fileSystem.list('/data/t-0')).filter((name) => name.endsWith('.log'))
    expect(names[1]).toBe(`${String(perSegment).padStart(20, '0')}.log`)
  })

  it('starts a segment when a batch is much later than the first one of it', async () => {
    const { log } = await openTestLog({ config: { segmentMs: 1000 } })
    append(log, { timestamp: 5_000_000 })
    append(log, { timestamp: 5_001_000 })
    expect(log.segmentCount).toBe(1)
    append(log, { timestamp: 5_001_001 })
    expect(log.segmentCount).toBe(2)
    await log.flushAll()
  })

  it('starts a segment when the index is full', async () => {
    const { log } = await openTestLog({ config: { segmentIndexBytesMax: 40, indexIntervalBytes: 1 } })
    for (let index = 0; index < 20; index++) append(log)
    expect(log.segmentCount).toBe(4)
    await log.flushAll()
    expect(baseOffsets(await readAll(log)).length).toBe(20)
  })

  it('starts a segment when an offset is too far from its base', async () => {
    const { log } = await openTestLog()
    append(log)
    append(log, { baseOffset: 2 ** 31 + 5 })
    append(log)
    await log.flushAll()
    expect(log.segmentCount).toBe(2)
    expect(baseOffsets(await readAll(log))).toEqual([0, 2 ** 31 + 5, 2 ** 31 + 6])
  })

  it('has the snapshot of what came before written beside the new segment', async () => {
    const seen = new SeenOffsets()
    const { log, fileSystem } = await openTestLog({ config: SMALL_SEGMENTS, hooksOf: () => seen })
    while (log.segmentCount < 3) {
      const batch = batchFor(log)
      const offset = log.endOffset
      log.append(batch)
      seen.offsets.push(offset)
    }
    await log.flushAll()
    const names = (await fileSystem.list('/data/t-0')).filter((name) => name.endsWith('.snapshot'))
    expect(names.length).toBe(2)
    const content = JSON.parse(fileSystem.peek(`/data/t-0/${names[0]}`).toString()) as number[]
    expect(content).toEqual(Array.from({ length: Number(names[0]!.slice(0, 20)) }, (_, index) => index))
  })
})

it('a log that was let go with something queued says so to whoever wants it flushed', async () => {
  const { log } = await openTestLog()
  append(log)
  const abandoned = log.abandon()
  await expect(log.flushAll()).rejects.toThrow('closed before it was written')
  await abandoned
})

it('a broken assertion of who listens to a log is no fault of its disk', async () => {
  expect(() => asStorageError(new AssertionError('a thought was wrong'), '/data')).toThrow(AssertionError)
})
