import { describe, expect, it } from 'vitest'
import { append, baseOffsets, openDirectory, openTestLog, readAll } from '../../test/support/storage.ts'
import { ManualEnvironment } from '../base/environment.ts'
import type { MemoryFileSystem } from './memory-file-system.ts'

const SEGMENT_BYTES = 20_000
const CONFIG = { preallocates: true, segmentBytesMax: SEGMENT_BYTES, indexIntervalBytes: 500 }

function logFiles(fileSystem: MemoryFileSystem, ...bases: readonly number[]): number[] {
  return bases.map((base) => fileSystem.peek(`/data/t-0/${String(base).padStart(20, '0')}.log`).length)
}

describe('a log whose files are made at their largest length', () => {
  it('cuts a file to its end when the next begins, and the last one when it is closed', async () => {
    const { fileSystem, directory, log } = await openTestLog({ config: CONFIG })
    const batch = append(log, { valueBytes: 5000 })
    await log.flushAll()
    expect(logFiles(fileSystem, 0)).toEqual([SEGMENT_BYTES])
    for (let count = 1; count < 5; count++) append(log, { valueBytes: 5000 })
    await log.flushAll()
    expect(logFiles(fileSystem, 0, 3)).toEqual([3 * batch.length, SEGMENT_BYTES])
    expect(baseOffsets(await readAll(log))).toEqual([0, 1, 2, 3, 4])
    await directory.close()
    expect(logFiles(fileSystem, 0, 3)).toEqual([3 * batch.length, 2 * batch.length])
    const again = await openDirectory(fileSystem, { config: CONFIG })
    expect(again.reports[0]).toMatchObject({ outcome: 'clean', endOffset: 5 })
    await again.close()
  })

  it.each(['kill', 'crash'] as const)(
    'takes the zeros for room after a %s, and nothing is said to be cut',
    async (end) => {
      const { fileSystem, log } = await openTestLog({ config: CONFIG })
      for (let count = 0; count < 5; count++) append(log, { valueBytes: 5000 })
      await log.flushAll()
      const next = fileSystem[end]()
      const directory = await openDirectory(next, { config: CONFIG })
      const again = directory.get('t', 0)!
      expect(directory.reports[0]).toMatchObject({ outcome: 'whole', endOffset: 5, cutBytes: 0 })
      await directory.journal.durable(again.startTerm(again.hardState.term + 1, 1, [1]))
      append(again)
      await again.flushAll()
      expect(baseOffsets(await readAll(again))).toEqual([0, 1, 2, 3, 4, 5])
      await directory.close()
    },
  )

  it('does not take what was acknowledged, and is zeros now, for room', async () => {
    const { fileSystem, directory, log } = await openTestLog({ config: CONFIG })
    const batch = append(log)
    for (let count = 1; count < 4; count++) append(log)
    await directory.close()
    fileSystem.poke('/data/t-0/00000000000000000000.log', batch.length, Buffer.alloc(3 * batch.length))
    const again = await openDirectory(fileSystem, { config: CONFIG })
    expect(again.reports[0]).toMatchObject({ outcome: 'damaged', endOffset: 1 })
    await again.close()
  })
})

describe('segment.jitter.ms', () => {
  it('takes up to so much off the age at which each segment ends, by chance', async () => {
    const ages = new Set<number>()
    for (let seed = 1; seed <= 5; seed++) {
      const environment = new ManualEnvironment({ seed })
      const config = { segmentMs: 10_000, segmentJitterMs: 5000 }
      const { directory, log } = await openTestLog({ environment, config })
      // The first segment of a log has no jitter: only those that follow one another would end at once.
      append(log, { timestamp: 1_000_000 })
      append(log, { timestamp: 1_010_001 })
      expect(log.segmentCount).toBe(2)
      let ageMs = 0
      while (log.segmentCount === 2) append(log, { timestamp: 1_010_001 + ++ageMs * 100 })
      expect(ageMs * 100).toBeGreaterThan(5000)
      expect(ageMs * 100).toBeLessThanOrEqual(10_100)
      ages.add(ageMs)
      await log.flushAll()
      await directory.close()
    }
    expect(ages.size).toBeGreaterThan(1)
  })
})
