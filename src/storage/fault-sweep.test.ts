import { describe, expect, it } from 'vitest'
import { append, openDirectory, readAll, TOPIC_ID } from '../../test/support/storage.ts'
import { ManualEnvironment } from '../base/environment.ts'
import type { DataDirectory } from './data-directory.ts'
import type { Log } from './log.ts'
import { type DiskFault, MemoryFileSystem } from './memory-file-system.ts'
import { StorageError } from './storage-error.ts'

const CONFIG = { segmentBytesMax: 600, indexIntervalBytes: 100, retentionBytes: 1500, fileDeleteDelayMs: 10 }

/** What the outside was told, and so must find again; and what it may find at most. */
class Promises {
  /** Batches ever appended at an offset, in the order of their making: the last one counts. */
  readonly batches = new Map<number, Buffer>()
  endMin = 0
  startMin = 0
  /** Starts that were asked for. */
  startMax = 0
  termMin = 0
  isCreated = false
  second: 'none' | 'maybe' | 'there' | 'gone' = 'none'
}

interface Life {
  readonly fileSystem: MemoryFileSystem
  readonly environment: ManualEnvironment
  readonly told: Promises
}

/** Waits for `promise` while time goes on, so that what waits for room tries again. */
async function withTime<T>({ environment }: Life, promise: Promise<T>): Promise<T> {
  let isSettled = false
  const mark = (): void => {
    isSettled = true
  }
  promise.then(mark, mark)
  for (let turn = 0; !isSettled; turn++) {
    if (turn > 500) throw new Error('never settled')
    await new Promise((resolve) => setImmediate(resolve))
    if (turn > 5) environment.advance(500)
  }
  return promise
}

async function appendDurably(life: Life, log: Log, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    if (log.refusal() !== null) break
    const offset = log.endOffset
    life.told.batches.set(offset, append(log, { valueBytes: (offset * 37) % 150 }))
  }
  await withTime(life, log.flushAll())
  life.told.endMin = log.endOffset
  log.highWatermark = log.endOffset
}

async function startTerm(life: Life, directory: DataDirectory, log: Log): Promise<void> {
  const term = log.hardState.term + 1
  await withTime(life, directory.journal.durable(log.startTerm(term, 1, [1])))
  life.told.termMin = term
}

/** One of everything. Throws where the disk makes it. */
async function live(life: Life, directory: DataDirectory): Promise<void> {
  const { told, environment } = life
  const existing = directory.get('t', 0)
  const log =
    existing ??
    (await withTime(
      life,
      directory.createPartition({ topic: 't', topicId: TOPIC_ID, partition: 0, voters: [1] }),
    ))
  told.isCreated = true
  await startTerm(life, directory, log)
  await appendDurably(life, log, 12)
  await withTime(life, directory.checkpoint())
  told.second = 'maybe'
  const second = await withTime(
    life,
    directory.createPartition({ topic: 'u', topicId: TOPIC_ID, partition: 0, voters: [1] }),
  )
  told.second = 'there'
  await startTerm(life, directory, log)
  await appendDurably(life, log, 10)
  // An uncommitted tail is cut off again.
  const committed = log.endOffset
  for (let index = 0; index < 8 && log.refusal() === null; index++) {
    const offset = log.endOffset
    told.batches.set(offset, append(log, { valueBytes: 100 }))
  }
  const { term, minor } = log.marks.last()
  const next = { term: term + 1, minor: 0, startOffset: committed, voters: [1], oldVoters: null }
  log.setHardState({ term: next.term, votedFor: 1 })
  await withTime(life, log.truncateTo({ term, minor, offset: committed }, [next]))
  told.termMin = next.term
  await appendDurably(life, log, 3)
  told.startMax = log.startOffset + 4
  await withTime(life, log.advanceStartTo(told.startMax))
  told.startMin = told.startMax
  told.startMax = log.endOffset
  await withTime(life, log.applyRetention(environment.wallMs()))
  told.startMin = log.startOffset
  told.startMax = log.startOffset
  told.second = 'maybe'
  await withTime(life, directory.deletePartition(second))
  told.second = 'gone'
  environment.advance(20)
  await appendDurably(life, log, 5)
  await withTime(life, directory.close())
}

/** What is found must be what was promised, and nothing that never was. */
async function check(life: Life, fileSystem: MemoryFileSystem): Promise<DataDirectory> {
  const { told, environment } = life
  const directory = await openDirectory(fileSystem, { environment, config: CONFIG })
  expect(directory.failure).toBeNull()
  const log = directory.get('t', 0)
  if (told.isCreated) expect(log).toBeDefined()
  if (told.second === 'there') expect(directory.get('u', 0)).toBeDefined()
  if (told.second === 'gone' || told.second === 'none') expect(directory.get('u', 0)).toBeUndefined()
  if (log === undefined) return directory
  expect(log.damage).toBeNull()
  expect(log.endOffset).toBeGreaterThanOrEqual(told.endMin)
  expect(log.hardState.term).toBeGreaterThanOrEqual(told.termMin)
  expect(log.startOffset).toBeGreaterThanOrEqual(told.startMin)
  expect(log.startOffset).toBeLessThanOrEqual(told.startMax)
  const wanted: Buffer[] = []
  for (let offset = log.startOffset; offset < log.endOffset; offset++) {
    const batch = told.batches.get(offset)
    expect(batch, `offset ${offset} was never appended`).toBeDefined()
    wanted.push(batch!)
  }
  expect((await readAll(log, 300)).equals(Buffer.concat(wanted))).toBe(true)
  return directory
}

/** Lives until operation `failing` fails in the given way. Returns whether there was such an operation. */
async function liveUntil(life: Life, failing: number, fault: DiskFault): Promise<boolean> {
  let isReached = false
  life.fileSystem.onOperation = ({ index, kind }) => {
    if (index !== failing) return null
    isReached = true
    // Only what takes room can lack it.
    return fault !== 'no-space' || kind === 'write' ? fault : 'io'
  }
  try {
    const opening = openDirectory(life.fileSystem, { environment: life.environment, config: CONFIG })
    await live(life, await withTime(life, opening))
  } catch (error) {
    if (!(error instanceof StorageError)) throw error
  }
  life.fileSystem.onOperation = null
  return isReached
}

describe('whatever operation fails', () => {
  for (const fault of ['io', 'no-space', 'short'] as const) {
    for (const end of ['crash', 'kill'] as const) {
      it(`nothing promised is lost and nothing invented: ${fault}, then ${end}`, async () => {
        let failing = 0
        for (; ; failing++) {
          const fileSystem = new MemoryFileSystem()
          const life = { fileSystem, environment: new ManualEnvironment(), told: new Promises() }
          const isReached = await liveUntil(life, failing, fault)
          let next = fileSystem[end]()
          await check(life, next)
          // And once more: the recovery's own work survives too.
          next = next[end]()
          await check(life, next)
          if (!isReached) break
        }
        expect(failing).toBeGreaterThan(100)
      })
    }
  }

  it('also in a start that has something to repair', async () => {
    const template = async (): Promise<Life> => {
      const fileSystem = new MemoryFileSystem()
      const life = { fileSystem, environment: new ManualEnvironment(), told: new Promises() }
      // The power goes in the middle of it.
      await liveUntil(life, 170, 'io')
      return { ...life, fileSystem: fileSystem.crash() }
    }
    for (let failing = 0; ; failing++) {
      const life = await template()
      let isReached = false
      life.fileSystem.onOperation = ({ index }) => {
        if (index !== failing) return null
        isReached = true
        return 'io'
      }
      try {
        const directory = await openDirectory(life.fileSystem, {
          environment: life.environment,
          config: CONFIG,
        })
        await directory.close()
      } catch (error) {
        if (!(error instanceof StorageError)) throw error
      }
      await check(life, life.fileSystem.crash())
      if (!isReached) break
    }
  })
})
