import { describe, expect, it } from 'vitest'
import {
  append,
  baseOffsets,
  openTestLog,
  readAll,
  SeenOffsets,
  settled,
} from '../../test/support/storage.ts'
import { ManualEnvironment } from '../base/environment.ts'
import type { DiskOperation, MemoryFileSystem } from './memory-file-system.ts'

const MEGABYTE = 1_000_000

/** Lets operations of the disk stand until the returned function is called. */
function hold(fileSystem: MemoryFileSystem, isHeld: (operation: DiskOperation) => boolean): () => void {
  const held: (() => void)[] = []
  fileSystem.delay = (operation) =>
    isHeld(operation) ? new Promise((resolve) => held.push(resolve)) : Promise.resolve()
  return () => {
    fileSystem.delay = () => Promise.resolve()
    for (const go of held.splice(0)) go()
  }
}

describe('a checkpoint', () => {
  it('and a roll that come to the same snapshot write it once', async () => {
    const { log, directory, fileSystem } = await openTestLog({
      hooksOf: () => new SeenOffsets(),
      config: { segmentBytesMax: 6 * MEGABYTE },
    })
    for (let index = 0; index < 5; index++) append(log, { valueBytes: MEGABYTE })
    const release = hold(fileSystem, ({ kind, path }) => kind === 'write' && path.endsWith('.log'))
    const checkpoint = directory.checkpoint()
    await settled()
    for (let index = 0; index < 3; index++) append(log, { valueBytes: MEGABYTE })
    release()
    // Long enough for others to come to it.
    fileSystem.delay = ({ path }) => (path.includes('.snapshot') ? settled() : Promise.resolve())
    await log.flushAll()
    await checkpoint
    expect(directory.failure).toBeNull()
    const names = await fileSystem.list('/data/t-0')
    expect(names.filter((name) => name.includes('.snapshot'))).toEqual(['00000000000000000005.snapshot'])
    expect(fileSystem.peek('/data/t-0/00000000000000000005.snapshot').toString()).toBe('[]')
  })

  it('that waits for its records is no failure when the log is deleted, and leaves its place to the next', async () => {
    for (const held of ['write', 'open'] as const) {
      const { log, directory, fileSystem } = await openTestLog({ hooksOf: () => new SeenOffsets() })
      for (let index = 0; index < 3; index++) append(log, { valueBytes: MEGABYTE })
      await log.flushAll()
      const ending = held === 'write' ? '.log' : '.index'
      const release = hold(fileSystem, ({ kind, path }) => kind === held && path.endsWith(ending))
      for (let index = 0; index < 5; index++) append(log, { valueBytes: MEGABYTE })
      const checkpoint = directory.checkpoint()
      await settled()
      const deletion = directory.deletePartition(log)
      await settled()
      expect(await fileSystem.list('/data')).toContain('t-0')
      release()
      await Promise.all([deletion, checkpoint])
      expect(directory.failure).toBeNull()
      await directory.close()
    }
  })
})

describe('the start of a log', () => {
  it('that was asked for twice is durable for both', async () => {
    const { log, fileSystem } = await openTestLog()
    for (let index = 0; index < 9; index++) append(log)
    await log.flushAll()
    log.highWatermark = 9
    const release = hold(fileSystem, ({ kind, path }) => kind === 'sync' && path.endsWith('raft.journal'))
    const answered: number[] = []
    const first = log.advanceStartTo(5).then(() => answered.push(1))
    const second = log.advanceStartTo(5).then(() => answered.push(2))
    const below = log.advanceStartTo(3).then(() => answered.push(3))
    await settled()
    expect(answered).toEqual([])
    release()
    await Promise.all([first, second, below])
    expect(log.startOffset).toBe(5)
  })

  it('is moved by retention to where the old records end, whatever else goes and comes meanwhile', async () => {
    const environment = new ManualEnvironment()
    const { log, fileSystem } = await openTestLog({
      environment,
      config: { segmentBytesMax: 300, retentionMs: 1000 },
    })
    for (let index = 0; index < 6; index++) append(log, { timestamp: environment.wallMs() })
    await log.flushAll()
    log.onProgress = () => {
      log.highWatermark = log.durableEndOffset
    }
    log.highWatermark = 6
    environment.advance(5000)
    const release = hold(fileSystem, ({ kind, path }) => kind === 'open' && path.endsWith('6.log'))
    const retention = log.applyRetention(environment.wallMs())
    await settled()
    await log.advanceStartTo(5)
    for (let index = 0; index < 10; index++) append(log, { timestamp: environment.wallMs() })
    release()
    expect(await retention).toBe(1)
    await log.flushAll()
    expect(baseOffsets(await readAll(log))).toEqual([6, 7, 8, 9, 10, 11, 12, 13, 14, 15])
  })
})
