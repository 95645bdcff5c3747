import { describe, expect, it } from 'vitest'
import {
  append,
  baseOffsets,
  openDirectory,
  openLed,
  openTestLog,
  readAll,
  readBytes,
  SeenOffsets,
  TOPIC_ID,
} from '../../test/support/storage.ts'
import { ManualEnvironment } from '../base/environment.ts'
import { formatPartitionMetadata } from './checkpoint-files.ts'
import type { DataDirectory } from './data-directory.ts'
import type { Log } from './log.ts'
import type { MemoryFileSystem } from './memory-file-system.ts'

const LOG_PATH = '/data/t-0/00000000000000000000.log'
const SMALL = { segmentBytesMax: 2000, indexIntervalBytes: 300 }

async function filled(
  count: number,
  config = {},
): Promise<{ fileSystem: MemoryFileSystem; log: Log; directory: DataDirectory }> {
  const opened = await openTestLog({ config })
  for (let index = 0; index < count; index++) append(opened.log)
  await opened.log.flushAll()
  return opened
}

async function reopened(
  fileSystem: MemoryFileSystem,
  config = {},
): Promise<{ log: Log; directory: DataDirectory; outcome: string; scannedBytes: number; cutBytes: number }> {
  const directory = await openDirectory(fileSystem, { config })
  const { outcome, scannedBytes, cutBytes } = directory.reports[0]!
  return { log: directory.get('t', 0)!, directory, outcome, scannedBytes, cutBytes }
}

function offsetsTo(end: number): number[] {
  return Array.from({ length: end }, (_, index) => index)
}

describe('a start after an orderly end', () => {
  it('scans nothing and finds everything', async () => {
    const { fileSystem, directory } = await filled(100, SMALL)
    await directory.close()
    let next = fileSystem
    for (const end of ['kill', 'crash', 'kill'] as const) {
      next = next[end]()
      const { log, outcome, scannedBytes, directory: again } = await reopened(next, SMALL)
      expect([outcome, scannedBytes, log.endOffset]).toEqual(['clean', 0, 100])
      expect(baseOffsets(await readAll(log, 500))).toEqual(offsetsTo(100))
      expect(log.hardState).toEqual({ term: 1, votedFor: 1 })
      await again.close()
    }
  })

  it('gives the hooks the newest snapshot and nothing to see again', async () => {
    const first = new SeenOffsets()
    const { fileSystem, directory, log } = await openTestLog({ hooksOf: () => first })
    for (let index = 0; index < 10; index++) {
      first.offsets.push(log.endOffset)
      append(log, { valueBytes: 2000 })
    }
    await directory.close()
    const second = new SeenOffsets()
    let visits = 0
    second.visit = () => {
      visits++
      return null
    }
    await openDirectory(fileSystem.kill(), { hooksOf: () => second })
    expect([second.restoredAt, visits]).toEqual([10, 0])
    expect(second.offsets).toEqual(offsetsTo(10))
  })

  it('has the hooks see again what was little, and writes no snapshot for it', async () => {
    const first = new SeenOffsets()
    const { fileSystem, directory, log } = await openTestLog({ hooksOf: () => first })
    for (let index = 0; index < 3; index++) append(log)
    await directory.close()
    expect((await fileSystem.list('/data/t-0')).filter((name) => name.endsWith('.snapshot'))).toEqual([])
    let next = fileSystem
    for (const end of ['kill', 'crash'] as const) {
      next = next[end]()
      const second = new SeenOffsets()
      await openDirectory(next, { hooksOf: () => second })
      expect([second.restoredAt, second.offsets]).toEqual([0, [0, 1, 2]])
    }
  })

  it('notices what was changed meanwhile', async () => {
    const { fileSystem, directory } = await filled(10)
    await directory.close()
    const next = fileSystem.kill()
    next.poke(LOG_PATH, next.peek(LOG_PATH).length, Buffer.from('something else'))
    const { log, outcome, directory: again } = await reopened(next)
    expect([outcome, log.refusal()]).toEqual(['damaged', 'damaged'])
    expect(again.reports[0]!.fault!.message).toContain('00000000000000000000.log')
  })
})

describe('a start after the process was killed', () => {
  it('keeps all that was written, and has it on the disk before it serves', async () => {
    const { fileSystem, log } = await filled(20)
    fileSystem.onOperation = ({ kind }) => (kind === 'sync' ? 'io' : null)
    append(log)
    await expect(log.flushAll()).rejects.toThrow()
    const next = fileSystem.kill()
    const second = await reopened(next)
    expect([second.outcome, second.log.endOffset]).toEqual(['whole', 21])
    expect((await reopened(next.crash())).log.endOffset).toBe(21)
  })

  it.each([
    ['that the index has been told of', true],
    ['whatever the index has been told of', false],
  ])('scans from the last claim, not from the start, %s', async (_, hasCheckpoint) => {
    const environment = new ManualEnvironment()
    const { fileSystem, log, directory } = await openTestLog({
      environment,
      config: { indexIntervalBytes: 300 },
    })
    for (let index = 0; index < 1000; index++) append(log)
    await log.flushAll()
    environment.advance(1000)
    if (hasCheckpoint) await directory.checkpoint()
    await directory.journal.durable(directory.journal.lastLsn)
    for (let index = 0; index < 10; index++) append(log)
    await log.flushAll()
    const {
      log: again,
      outcome,
      scannedBytes,
    } = await reopened(fileSystem.kill(), { indexIntervalBytes: 300 })
    expect([outcome, again.endOffset]).toEqual(['whole', 1010])
    expect(scannedBytes).toBeGreaterThan(0)
    expect(scannedBytes).toBeLessThan(2000)
    expect(baseOffsets(await readAll(again))).toEqual(offsetsTo(1010))
    expect(baseOffsets((await readBytes(again, 777, 100)).bytes)[0]).toBe(777)
  })

  it('scans from the start where the headers below the claim are not those of one log', async () => {
    const { fileSystem, log, directory, environment } = await openTestLog()
    for (let index = 0; index < 20; index++) append(log)
    await log.flushAll()
    ;(environment as ManualEnvironment).advance(1000)
    await directory.journal.durable(directory.journal.lastLsn)
    const next = fileSystem.kill()
    const batchBytes = next.peek(LOG_PATH).length / 20
    // The base offset of one in the middle, which no CRC covers.
    next.poke(LOG_PATH, batchBytes * 12 + 7, Buffer.from([99]))
    const { outcome, directory: again } = await reopened(next)
    expect(outcome).toBe('damaged')
    expect(again.reports[0]!.fault!.position).toBe(batchBytes * 12)
  })

  it('makes indexes anew that are missing, short, or nonsense', async () => {
    for (const damage of ['missing', 'short', 'nonsense', 'zeros'] as const) {
      const { fileSystem, directory } = await filled(200, SMALL)
      await directory.close()
      const next = fileSystem.kill()
      for (const name of await next.list('/data/t-0')) {
        if (!name.endsWith('index')) continue
        const path = `/data/t-0/${name}`
        const bytes = next.peek(path)
        if (damage === 'missing') await next.unlink(path)
        if (damage === 'short') next.poke(path, bytes.length, Buffer.from([1, 2, 3]))
        if (damage === 'nonsense') next.poke(path, 0, Buffer.alloc(bytes.length, 0x55))
        if (damage === 'zeros') next.poke(path, 0, Buffer.alloc(bytes.length))
      }
      const { log } = await reopened(next, SMALL)
      expect(baseOffsets(await readAll(log, 400))).toEqual(offsetsTo(200))
      expect(await log.offsetForTimestamp(0, 200)).toMatchObject({ offset: 0 })
    }
  })

  it('shows the hooks every batch behind the newest usable snapshot', async () => {
    const { fileSystem, log } = await filled(100, SMALL)
    await log.checkpoint()
    const seen = new SeenOffsets()
    await openDirectory(fileSystem.kill(), { config: SMALL, hooksOf: () => seen })
    expect(seen.offsets).toEqual(offsetsTo(100))
  })
})

describe('a start after the power was cut', () => {
  it('has everything that was durable, and nothing that was not', async () => {
    const { fileSystem, log } = await filled(20, SMALL)
    for (let index = 0; index < 50; index++) append(log)
    const { log: again } = await reopened(fileSystem.crash(), SMALL)
    expect(again.endOffset).toBe(20)
    expect(baseOffsets(await readAll(again))).toEqual(offsetsTo(20))
  })

  it('cuts a torn batch off, and goes on behind the last whole one', async () => {
    const { fileSystem } = await filled(20)
    const next = fileSystem.kill()
    const bytes = next.peek(LOG_PATH)
    const batch = bytes.subarray(0, bytes.length / 20)
    next.poke(LOG_PATH, bytes.length, batch.subarray(0, 50))
    const { log, outcome, cutBytes } = await reopened(next)
    expect([outcome, cutBytes, log.endOffset]).toEqual(['cut', 50, 20])
    append(log)
    await log.flushAll()
    expect(baseOffsets(await readAll(log))).toEqual(offsetsTo(21))
    expect(next.peek(LOG_PATH).length).toBe(bytes.length + batch.length)
  })

  it('takes zeros at the end for room that was never written', async () => {
    const { fileSystem } = await filled(3)
    const next = fileSystem.kill()
    next.poke(LOG_PATH, next.peek(LOG_PATH).length, Buffer.alloc(10_000))
    const { log, outcome } = await reopened(next)
    expect([outcome, log.endOffset]).toEqual(['whole', 3])
  })

  it('is not fooled by old bytes of another term', async () => {
    const { fileSystem, log, directory } = await filled(20)
    const stale = fileSystem.peek(LOG_PATH)
    await log.truncateTo({ term: 1, minor: 0, offset: 10 })
    await directory.journal.durable(log.startTerm(2, 1, [1]))
    const next = fileSystem.kill()
    next.poke(LOG_PATH, stale.length / 2, stale.subarray(stale.length / 2))
    const { log: again, outcome } = await reopened(next)
    expect([outcome, again.endOffset, again.marks.last().term]).toEqual(['damaged', 10, 2])
  })

  it('keeps a durable mark at the end, also one whose term is empty', async () => {
    const { fileSystem, log, directory } = await filled(5)
    for (const term of [2, 3]) await directory.journal.durable(log.startTerm(term, 1, [1, 2, 3]))
    const { log: again } = await reopened(fileSystem.crash())
    // Of the first two only one is left: a lone voter had committed the one before.
    expect(again.marks.list().map(({ term, startOffset }) => [term, startOffset])).toEqual([
      [1, 0],
      [2, 5],
      [3, 5],
    ])
  })

  it('of empty terms of a lone voter, which nobody compares with, it keeps the last, however often it starts', async () => {
    const { fileSystem, directory } = await filled(5)
    await directory.close()
    let next = fileSystem
    for (let start = 0; start < 20; start++) {
      const again = await openDirectory(next)
      await openLed(again)
      next = next.crash()
    }
    const { log } = await reopened(next)
    expect(log.marks.list().map(({ term, startOffset }) => [term, startOffset])).toEqual([
      [1, 0],
      [21, 5],
    ])
  })

  it('takes a mark that another one is about to supersede for what is durable until that one is', async () => {
    const { directory, log } = await filled(0)
    const lsn = log.startTerm(2, 1, [1])
    expect(log.marks.last().term).toBe(2)
    expect(log.durablePosition()).toEqual({ term: 1, minor: 0, offset: 0 })
    await directory.journal.durable(lsn)
    expect(log.durablePosition()).toEqual({ term: 2, minor: 0, offset: 0 })
  })

  it('drops marks behind the end of what is left', async () => {
    const { fileSystem, log, directory } = await filled(5)
    append(log)
    await directory.journal.durable(log.startTerm(2, 1, [1]))
    const next = fileSystem.crash()
    const { log: again } = await reopened(next)
    if (again.endOffset === 5) expect(again.marks.last()).toMatchObject({ term: 1 })
    else expect(again.marks.last()).toMatchObject({ term: 2, startOffset: 6 })
  })
})

describe('leftovers', () => {
  it('of deletion, replacement and compaction go, as do indexes of nothing', async () => {
    const { fileSystem, directory } = await filled(5)
    await directory.close()
    const next = fileSystem.kill()
    const base = '/data/t-0/00000000000000000003'
    for (const name of [
      '.log.deleted',
      '.index.deleted',
      '.snapshot.tmp',
      '.log.cleaned',
      '.index',
      '.timeindex',
    ]) {
      next.poke(`${base}${name}`, 0, Buffer.from('left over'))
    }
    const { log } = await reopened(next)
    expect(log.endOffset).toBe(5)
    expect((await next.list('/data/t-0')).filter((name) => name.startsWith('00000000000000000003'))).toEqual(
      [],
    )
  })
})

describe('damage', () => {
  async function claimed(count: number): Promise<MemoryFileSystem> {
    const environment = new ManualEnvironment()
    const { fileSystem, log, directory } = await openTestLog({ environment })
    for (let index = 0; index < count; index++) append(log)
    await log.flushAll()
    environment.advance(1000)
    await directory.journal.durable(directory.journal.lastLsn)
    return fileSystem.kill()
  }

  it('acknowledged records that are gone are not cut away in silence', async () => {
    const fileSystem = await claimed(20)
    const bytes = fileSystem.peek(LOG_PATH)
    const file = await fileSystem.open(LOG_PATH, 'update')
    await file.truncate((bytes.length / 20) * 15)
    await file.close()
    const { log, outcome, directory } = await reopened(fileSystem)
    expect([outcome, log.endOffset, log.refusal()]).toEqual(['damaged', 15, 'damaged'])
    expect(directory.reports[0]!.fault).toMatchObject({ fault: 'corrupt', path: LOG_PATH })
    expect(baseOffsets(await readAll(log))).toEqual(offsetsTo(15))
  })

  it('a flipped bit with whole batches behind it is damage, and names its place', async () => {
    const { fileSystem } = await filled(20)
    const next = fileSystem.kill()
    const batchBytes = next.peek(LOG_PATH).length / 20
    next.poke(LOG_PATH, batchBytes * 12 + 70, Buffer.from([0xff]))
    const { log, outcome, directory } = await reopened(next)
    expect([outcome, log.endOffset]).toEqual(['damaged', 12])
    expect(directory.reports[0]!.fault!.position).toBe(batchBytes * 12)
    expect(next.peek(LOG_PATH).length).toBe(batchBytes * 20)
  })

  it('a page that never reached the disk is a torn write, also before others that did', async () => {
    const { fileSystem, log } = await filled(1)
    for (let index = 0; index < 20; index++) append(log, { valueBytes: 1500 })
    await log.flushAll()
    const next = fileSystem.kill()
    next.poke(LOG_PATH, 8192, Buffer.alloc(4096))
    const { log: again, outcome } = await reopened(next)
    expect(outcome).toBe('cut')
    expect(again.endOffset).toBeGreaterThan(3)
    expect(baseOffsets(await readAll(again))).toEqual(offsetsTo(again.endOffset))
  })

  it('stays damaged until it is cut to what is whole, by order', async () => {
    const fileSystem = await claimed(20)
    const bytes = fileSystem.peek(LOG_PATH)
    const file = await fileSystem.open(LOG_PATH, 'update')
    await file.truncate(bytes.length - 10)
    await file.close()
    const first = await reopened(fileSystem)
    await first.directory.close()
    const next = fileSystem.kill()
    const second = await reopened(next)
    expect(second.outcome).toBe('damaged')
    const end = second.log.position()
    await second.log.truncateTo(end, [
      { term: 9, minor: 0, startOffset: end.offset, voters: [1], oldVoters: null },
    ])
    expect(second.log.refusal()).toBeNull()
    append(second.log)
    await second.log.flushAll()
    await second.directory.close()
    expect((await reopened(next.crash())).log.endOffset).toBe(end.offset + 1)
  })
})

describe('a directory from Kafka', () => {
  it('is adopted: epochs of its batches become marks', async () => {
    const { fileSystem, log, directory } = await filled(30, SMALL)
    await directory.journal.durable(log.startTerm(5, 1, [1]))
    for (let index = 0; index < 5; index++) append(log)
    await log.flushAll()
    await directory.close()
    const next = fileSystem.kill()
    for (const name of ['raft.journal', 'meta.properties']) await next.unlink(`/data/${name}`)
    next.poke('/data/t-0/leader-epoch-checkpoint', 0, Buffer.from('0\n3\n1 0\n5 30\n8 35\n'))
    const { log: again, outcome } = await reopened(next, SMALL)
    expect([outcome, again.endOffset, again.hardState.term]).toEqual(['adopted', 35, 8])
    expect(again.topicId).toBe(TOPIC_ID)
    expect(again.marks.list().map(({ term, startOffset }) => [term, startOffset])).toEqual([
      [1, 0],
      [5, 30],
      [8, 35],
    ])
    expect((await reopened(next.crash(), SMALL)).log.position()).toEqual({ term: 8, minor: 0, offset: 35 })
  })

  it('without segments is what a crash left of a creation, and goes', async () => {
    const { fileSystem, directory } = await filled(1)
    await directory.close()
    const next = fileSystem.kill()
    next.poke('/data/u-0/partition.metadata', 0, Buffer.from(formatPartitionMetadata(TOPIC_ID)))
    next.poke('/data/photos-2024/cat.jpg', 0, Buffer.from('cat'))
    const again = await openDirectory(next)
    expect([...again.logs.keys()]).toEqual(['t-0'])
    const names = await next.list('/data')
    expect(names).not.toContain('u-0')
    expect(names).toContain('photos-2024')
  })
})
