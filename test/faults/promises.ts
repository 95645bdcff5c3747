import assert from 'node:assert/strict'
import type { ManualEnvironment } from '../../src/base/environment.ts'
import type { DataDirectory } from '../../src/storage/data-directory.ts'
import type { MemoryFileSystem } from '../../src/storage/memory-file-system.ts'
import { openDirectory, readAll } from '../support/storage.ts'

/** Small, so that a short life has segments, index entries and retention. */
export const CONFIG = {
  segmentBytesMax: 600,
  indexIntervalBytes: 100,
  retentionBytes: 1500,
  fileDeleteDelayMs: 10,
}

/** What the outside was told, and so must find again; and what it may find at most. */
export class Promises {
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

/** A data directory's life: its disk, its time, and what it has promised. */
export interface Life {
  readonly fileSystem: MemoryFileSystem
  readonly environment: ManualEnvironment
  readonly told: Promises
}

/** Opens what is left: it must be what was promised, and nothing that never was. Throws AssertionError. */
export async function checkPromises(life: Life, fileSystem: MemoryFileSystem): Promise<DataDirectory> {
  const { told, environment } = life
  const directory = await openDirectory(fileSystem, { environment, config: CONFIG })
  assert.equal(directory.failure, null)
  const log = directory.get('t', 0)
  if (told.isCreated) assert(log !== undefined, 'the partition is gone')
  const second = directory.get('u', 0)
  if (told.second === 'there') assert(second !== undefined, 'the second partition is gone')
  if (told.second === 'gone' || told.second === 'none')
    assert(second === undefined, 'there is a second partition')
  if (log === undefined) return directory
  assert.equal(log.damage, null)
  assert(log.endOffset >= told.endMin, `it ends at ${log.endOffset}, and ${told.endMin} was durable`)
  assert(log.hardState.term >= told.termMin, `term ${log.hardState.term} after ${told.termMin}`)
  const starts = `${told.startMin} to ${told.startMax}`
  assert(log.startOffset >= told.startMin && log.startOffset <= told.startMax, `start not in ${starts}`)
  const wanted: Buffer[] = []
  for (let offset = log.startOffset; offset < log.endOffset; offset++) {
    const batch = told.batches.get(offset)
    assert(batch !== undefined, `offset ${offset} was never appended`)
    wanted.push(batch)
  }
  assert((await readAll(log, 300)).equals(Buffer.concat(wanted)), 'its bytes are others')
  return directory
}
