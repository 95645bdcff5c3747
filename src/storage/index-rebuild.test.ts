import { describe, expect, it } from 'vitest'
import {
  append,
  baseOffsets,
  openDirectory,
  openTestLog,
  readBytes,
  SeenOffsets,
} from '../../test/support/storage.ts'
import type { ManualEnvironment } from '../base/environment.ts'
import type { Log } from './log.ts'
import type { MemoryFileSystem } from './memory-file-system.ts'
import { TailCache } from './tail-cache.ts'

const FIRST = '/data/t-0/00000000000000000000'
const hooksOf = () => new SeenOffsets()

/** Segments, closed in order, the index of the first gone; the sizes of the batches. */
async function withoutIndex(count: number, segmentBytesMax: number) {
  const config = { segmentBytesMax, indexIntervalBytes: 4096 }
  const { fileSystem, directory, log } = await openTestLog({ config, hooksOf })
  const sizes: number[] = []
  for (let index = 0; index < count; index++) sizes.push(append(log, { valueBytes: 900 }).length)
  await log.flushAll()
  await directory.close()
  await fileSystem.unlink(`${FIRST}.index`)
  return { fileSystem, sizes, config }
}

async function reopened(fileSystem: MemoryFileSystem, config: object) {
  const directory = await openDirectory(fileSystem, { config, tailCache: new TailCache(0), hooksOf })
  return { directory, log: directory.get('t', 0)! }
}

/** The first batch that a read from `offset` gives. */
async function firstFrom(log: Log, offset: number): Promise<number> {
  return baseOffsets((await readBytes(log, offset, 5000, log.endOffset)).bytes)[0]!
}

describe('while the index of a segment is made anew', () => {
  it('every reader gets the records it asks for, at whatever moment it comes', async () => {
    const { fileSystem, config } = await withoutIndex(1500, 500_000)
    for (let ticks = 0; ticks < 60; ticks += 2) {
      const { directory, log } = await reopened(fileSystem, config)
      const first = firstFrom(log, 0)
      for (let tick = 0; tick < ticks; tick++) await Promise.resolve()
      expect([ticks, await firstFrom(log, 400), await first]).toEqual([ticks, 400, 0])
      await directory.close()
      await fileSystem.unlink(`${FIRST}.index`)
    }
  })

  it('a broken batch stops nobody before it, and nobody behind it is given something else', async () => {
    const { fileSystem, sizes, config } = await withoutIndex(300, 100_000)
    const at = sizes.slice(0, 20).reduce((sum, size) => sum + size, 0)
    fileSystem.poke(`${FIRST}.log`, at + 16, Buffer.from([0x42]))
    const { log } = await reopened(fileSystem, config)
    for (let round = 0; round < 2; round++) {
      await expect(firstFrom(log, 50)).rejects.toMatchObject({ fault: 'corrupt', position: at })
      expect(await firstFrom(log, 10)).toBe(10)
      expect(await firstFrom(log, 200)).toBe(200)
    }
  })
})

describe('the time index of a segment that others follow', () => {
  const config = { segmentBytesMax: 20_000, indexIntervalBytes: 200 }
  const START = 1_700_000_000_000
  const COUNT = 600

  async function expectTimes(log: Log): Promise<void> {
    const found: (number | undefined)[] = []
    for (let index = 0; index < COUNT; index++)
      found.push((await log.offsetForTimestamp(START + index * 10, COUNT))?.offset)
    expect(found).toEqual(Array.from({ length: COUNT }, (_, index) => index))
  }

  it('is whole after a power cut, whatever of its files the kernel had written before', async () => {
    const { fileSystem, directory, log, environment } = await openTestLog({ config })
    for (let index = 0; index < COUNT; index++) {
      append(log, { timestamp: START + index * 10 })
      if (index !== 50) continue
      await log.flushAll()
      await log.checkpoint()
      for (const name of await fileSystem.list('/data/t-0')) {
        if (!name.endsWith('index')) continue
        const file = await fileSystem.open(`/data/t-0/${name}`, 'update')
        await file.sync()
        await file.close()
      }
      await fileSystem.syncDirectory('/data/t-0')
    }
    await log.flushAll()
    ;(environment as ManualEnvironment).advance(5000)
    await directory.journal.durable(directory.journal.lastLsn)
    const again = await openDirectory(fileSystem.crash(), { config })
    await expectTimes(again.get('t', 0)!)
  })

  it('is not there, rather than too short, where there was no room for it', async () => {
    const { fileSystem, log } = await openTestLog({ config })
    fileSystem.onOperation = ({ kind, path }) =>
      kind === 'write' && path.endsWith('.timeindex') ? 'no-space' : null
    for (let index = 0; index < COUNT; index++) append(log, { timestamp: START + index * 10 })
    await log.flushAll()
    expect((await fileSystem.list('/data/t-0')).filter((name) => name.endsWith('index'))).toEqual([])
    await expectTimes(log)
    const next = fileSystem.kill()
    const again = await openDirectory(next, { config })
    await expectTimes(again.get('t', 0)!)
    await again.close()
    expect(await next.list('/data/t-0')).toContain('00000000000000000000.timeindex')
  })
})
