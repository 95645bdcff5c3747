import { describe, expect, it } from 'vitest'
import { append, openTestLog, SeenOffsets, settled } from '../../test/support/storage.ts'
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
})
