import { describe, expect, it } from 'vitest'
import { append, openDirectory, openLed, SeenOffsets } from '../../test/support/storage.ts'
import type { DataDirectory } from './data-directory.ts'
import { MemoryFileSystem } from './memory-file-system.ts'

const HOOKS = { hooksOf: () => new SeenOffsets() }
const CHANGES = new Set(['write', 'sync', 'truncate', 'rename', 'unlink', 'sync-directory'])

/** What is asked of the disk about the log `t-0` from now on, as `kind name`. */
function watch(fileSystem: MemoryFileSystem): string[] {
  const seen: string[] = []
  fileSystem.onOperation = ({ kind, path }) => {
    if (path === '/data/t-0' || path.startsWith('/data/t-0/')) seen.push(`${kind} ${path.slice(10)}`.trim())
    return null
  }
  return seen
}

function changesAmong(operations: readonly string[]): string[] {
  return operations.filter((operation) => CHANGES.has(operation.split(' ')[0]!))
}

/** A directory whose log `t-0` holds `count` batches, closed in order. */
async function closedWith(count: number): Promise<MemoryFileSystem> {
  const fileSystem = new MemoryFileSystem()
  const directory = await openDirectory(fileSystem, HOOKS)
  const log = await openLed(directory)
  for (let index = 0; index < count; index++) append(log)
  await log.flushAll()
  log.highWatermark = log.durableEndOffset
  await directory.close()
  return fileSystem
}

async function reopened(fileSystem: MemoryFileSystem): Promise<DataDirectory> {
  const directory = await openDirectory(fileSystem, HOOKS)
  await openLed(directory)
  return directory
}

describe('a log that nobody has written to', () => {
  it('has no file beside the one that names its topic', async () => {
    const fileSystem = await closedWith(0)
    expect(await fileSystem.list('/data/t-0')).toEqual(['partition.metadata'])
  })

  it('costs a start one list of its directory, and a checkpoint and a stop nothing', async () => {
    const fileSystem = await closedWith(0)
    const seen = watch(fileSystem)
    const directory = await reopened(fileSystem)
    expect(seen).toEqual(['list'])
    await directory.checkpoint()
    await directory.close()
    expect(seen).toEqual(['list'])
  })

  it('is there after a crash, and takes records', async () => {
    const fileSystem = new MemoryFileSystem()
    await openLed(await openDirectory(fileSystem, HOOKS))
    const next = fileSystem.crash()
    const log = await openLed(await openDirectory(next, HOOKS))
    append(log)
    await log.flushAll()
    const again = await openDirectory(next.crash(), HOOKS)
    expect(again.get('t', 0)!.endOffset).toBe(1)
    expect(again.reports).toMatchObject([{ outcome: 'whole' }])
  })

  it('costs a stop no record of the journal', async () => {
    const fileSystem = await closedWith(0)
    const directory = await reopened(fileSystem)
    const before = directory.journal.lastLsn
    await directory.close()
    expect(directory.journal.lastLsn).toBe(before + 1)
  })
})

describe('a log that nobody has written to since the start', () => {
  it('changes nothing on the disk at a checkpoint and a stop', async () => {
    const fileSystem = await closedWith(3)
    const directory = await reopened(fileSystem)
    const seen = watch(fileSystem)
    await directory.checkpoint()
    await directory.close()
    expect(changesAmong(seen)).toEqual([])
  })

  it('is opened with one list, and each of its files once', async () => {
    const fileSystem = await closedWith(3)
    const seen = watch(fileSystem)
    await reopened(fileSystem)
    expect(seen.filter((operation) => operation.startsWith('list'))).toEqual(['list'])
    const opened = seen.filter((operation) => operation.startsWith('open'))
    expect(new Set(opened).size).toBe(opened.length)
    expect(changesAmong(seen)).toEqual([])
  })

  it('says so when it is: snapshot, indexes and epochs follow what is appended', async () => {
    const fileSystem = await closedWith(3)
    const directory = await reopened(fileSystem)
    append(directory.get('t', 0)!, { valueBytes: 20_000 })
    await directory.close()
    expect(fileSystem.peek('/data/t-0/leader-epoch-checkpoint').toString()).toBe('0\n2\n1 0\n2 3\n')
    const seen = new SeenOffsets()
    await openDirectory(fileSystem, { hooksOf: () => seen })
    expect(seen.restoredAt).toBe(4)
  })

  it('is told of again by what comes after a crash', async () => {
    const fileSystem = new MemoryFileSystem()
    const log = await openLed(await openDirectory(fileSystem, HOOKS))
    append(log)
    await log.flushAll()
    const next = fileSystem.crash()
    const directory = await reopened(next)
    await directory.checkpoint()
    expect(next.peek('/data/t-0/leader-epoch-checkpoint').toString()).toBe('0\n1\n1 0\n')
  })
})
