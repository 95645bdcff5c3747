import { describe, expect, it } from 'vitest'
import { appendKeyed, appendMarker, compact, readCommitted } from '../../test/support/compaction.ts'
import {
  baseOffsets,
  openDirectory,
  openTestLog,
  readAll,
  readBytes,
  settled,
} from '../../test/support/storage.ts'
import { releaseSource } from '../base/byte-source.ts'
import type { MemoryFileSystem } from './memory-file-system.ts'
import { ProducerStates } from './producer-state.ts'
import { TailCache } from './tail-cache.ts'

/** A log of many small segments, with three keys and an aborted transaction, all of it committed. */
async function dirtyLog(options: Parameters<typeof openTestLog>[0] = {}) {
  const opened = await openTestLog({
    config: { segmentBytesMax: 1000 },
    tailCache: new TailCache(0),
    ...options,
  })
  const { log } = opened
  const producers = new ProducerStates()
  const writer = { producerId: 7, sequence: 0, isTransactional: true }
  appendKeyed(log, producers, [{ key: 'aborted', value: 'a' }], { writer })
  appendMarker(log, producers, writer, false)
  for (let index = 0; index < 60; index++)
    appendKeyed(log, producers, [{ key: `k${index % 3}`, value: `${index}` }])
  await log.flushAll()
  log.highWatermark = log.endOffset
  return { ...opened, producers }
}

describe('a compaction that lacks', () => {
  it.each([
    ['a descriptor for its file', 'open', '.cleaned', 'no-descriptors'],
    ['room for its file', 'write', '.cleaned', 'no-space'],
    ['room for what was aborted', 'write', '.txnindex.tmp', 'no-space'],
  ] as const)('%s leaves the log as it is, and is done another time', async (_, kind, ending, fault) => {
    const { log, directory, fileSystem, producers } = await dirtyLog()
    const before = await readCommitted(log)
    fileSystem.onOperation = (operation) =>
      operation.kind === kind && operation.path.endsWith(ending) ? fault : null
    await expect(compact(log, producers)).rejects.toMatchObject({ fault })
    expect(directory.failure).toBeNull()
    expect(await readCommitted(log)).toEqual(before)
    fileSystem.onOperation = null
    expect(await compact(log, producers)).toMatchObject({ isComplete: true })
    expect((await readCommitted(log)).slice(-3)).toEqual(before.slice(-3))
    expect((await fileSystem.list('/data/t-0')).filter((name) => name.endsWith('.cleaned'))).toEqual([])
  })
})

it('a log has no gap before it is on the disk that it may have some', async () => {
  const { log, directory, fileSystem, producers } = await dirtyLog()
  const cleanedEndMoved = () => directory.keepCleanedEnds()
  fileSystem.onOperation = ({ kind, path }) =>
    kind === 'write' && path.includes('cleaner-offset-checkpoint') ? 'no-space' : null
  await expect(compact(log, producers, { cleanedEndMoved })).rejects.toMatchObject({ fault: 'no-space' })
  // There is room again, and the power goes in the middle of the next run.
  fileSystem.onOperation = null
  const crashed = new Promise<MemoryFileSystem>((resolve) => {
    let swaps = 0
    fileSystem.delay = ({ kind, path }) => {
      if (kind === 'open' && path.endsWith('.cleaned') && swaps++ === 1) resolve(fileSystem.crash())
      return Promise.resolve()
    }
  })
  void compact(log, producers, { cleanedEndMoved })
  const again = (await openDirectory(await crashed, { tailCache: new TailCache(0) })).get('t', 0)!

  for (const offset of [0, 3, 5]) expect((await readBytes(again, offset)).bytes.length).toBeGreaterThan(0)
})

it('a compaction of a log that is deleted meanwhile is no failure of the directory', async () => {
  const { log, directory, fileSystem, producers } = await dirtyLog()
  let open: () => void = () => {}
  fileSystem.delay = ({ kind, path }) =>
    kind === 'open' && path.endsWith('.cleaned')
      ? new Promise((resolve) => {
          open = resolve
        })
      : Promise.resolve()
  const compaction = compact(log, producers)
  await settled()
  await directory.deletePartition(log)
  open()
  expect(await compaction).toMatchObject({ isComplete: false })
  expect(directory.failure).toBeNull()
})

it('readers get what compaction leaves at any moment of it, however few files may be open', async () => {
  const fileSlots = { keptMax: 1, take: () => true, release: () => {} }
  const { log, directory, fileSystem, producers } = await dirtyLog({ fileSlots })
  const tail = await log.read(log.endOffset - 1, 1 << 20, log.endOffset, true)
  let isReading = false
  let count = 0
  fileSystem.delay = async ({ kind }) => {
    if (isReading || (kind !== 'rename' && kind !== 'sync-directory')) return
    isReading = true
    for (const offset of [0, 20, 40]) expect((await readBytes(log, offset)).bytes.length).toBeGreaterThan(0)
    count++
    isReading = false
  }
  expect(await compact(log, producers)).toMatchObject({ isComplete: true })
  expect(count).toBeGreaterThan(0)
  if ('source' in tail) releaseSource(tail.source)
  expect(baseOffsets(await readAll(log)).at(-1)).toBe(log.endOffset - 1)
  expect(directory.failure).toBeNull()
})
