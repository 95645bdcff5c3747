import assert from 'node:assert/strict'
import { MemoryFileSystem } from '../../../src/storage/memory-file-system.ts'
import { Ledger } from './ledger.ts'
import type { Trial } from './trial.ts'

const STARTS = 40

/** A log is started again and again: what is kept of it does not grow by that. */
export const manyStarts: Trial = {
  name: 'many starts in a row',
  async run() {
    const ledger = new Ledger()
    let disk = new MemoryFileSystem()
    for (let start = 0; start < STARTS; start++) {
      const { directory, log, producers } = await ledger.lead(disk)
      if (start === 0) await ledger.write(log, producers, 5)
      assert(log.marks.count <= 3, `${log.marks.count} marks after ${start + 1} starts`)
      if (start % 2 === 0) await directory.close()
      disk = disk.kill()
    }
    return STARTS
  },
}
