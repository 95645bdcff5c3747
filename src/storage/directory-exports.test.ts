import { expect, it } from 'vitest'
import { openTestLog } from '../../test/support/storage.ts'
import { ManualEnvironment } from '../base/environment.ts'
import { DirectoryExports } from './directory-exports.ts'
import type { Log } from './log.ts'

it('up to where logs are compacted is looked up once for all who ask at a time, as it is then', async () => {
  const { fileSystem, log } = await openTestLog()
  const exports = new DirectoryExports(fileSystem, new ManualEnvironment(), '/data')
  let passes = 0
  const logs: Iterable<Log> = {
    [Symbol.iterator]: () => {
      passes++
      return [log].values()
    },
  }
  log.compaction.cleanedEnd = 1
  const first = exports.writeCleaned(logs)
  const second = exports.writeCleaned(logs)
  await Promise.resolve()
  await Promise.resolve()
  log.compaction.cleanedEnd = 2
  const later = Array.from({ length: 100 }, () => exports.writeCleaned(logs))
  await Promise.all([first, second, ...later])
  expect(passes).toBeLessThanOrEqual(2)
  expect(fileSystem.peek('/data/cleaner-offset-checkpoint').toString()).toBe('0\n1\nt 0 2\n')
})
