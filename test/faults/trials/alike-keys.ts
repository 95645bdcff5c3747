import assert from 'node:assert/strict'
import { producerHooks } from '../../../src/broker/partition/producer-hooks.ts'
import { MemoryFileSystem } from '../../../src/storage/memory-file-system.ts'
import { appendKeyed, compact, readCommitted } from '../../support/compaction.ts'
import { openDirectory, openLed } from '../../support/storage.ts'
import type { Trial } from './trial.ts'

const KEYS = 40

/** Keys that differ in one byte, wherever it is: compaction takes none for another. */
export const alikeKeys: Trial = {
  name: 'keys that differ in one byte',
  async run() {
    const { producers, hooks } = producerHooks()
    const config = { segmentBytesMax: 400, indexIntervalBytes: 100, fileDeleteDelayMs: 10, deletes: false }
    const directory = await openDirectory(new MemoryFileSystem(), { config, hooksOf: () => hooks })
    const log = await openLed(directory)
    const keys = Array.from(
      { length: KEYS },
      (_, place) => `${'k'.repeat(place)}x${'k'.repeat(KEYS - place)}`,
    )
    for (const key of keys) appendKeyed(log, producers, [{ key, value: key }])
    for (let other = 0; other < 20; other++)
      appendKeyed(log, producers, [{ key: `o${other}`, value: 'v'.repeat(50) }])
    await log.flushAll()
    log.highWatermark = log.endOffset
    await compact(log, producers)
    const left = new Set((await readCommitted(log)).map(({ value }) => value))
    for (const key of keys) assert(left.has(key), `the record of ${key} is gone`)
    return KEYS
  },
}
