import { MemoryFileSystem } from '../../../src/storage/memory-file-system.ts'
import { StorageError } from '../../../src/storage/storage-error.ts'
import { Ledger } from './ledger.ts'
import { type Trial, variation } from './trial.ts'

/** From some read on the disk does not give a log at one start, and gives it at the next: nothing is lost by that. */
export const unreadable: Trial = {
  name: 'a start that can not read a part of a log',
  async run() {
    for (let failing = 0; ; failing++) {
      const isReached = await variation(`read ${failing}`, () => startWithout(failing))
      if (!isReached) return failing
    }
  },
}

async function startWithout(failing: number): Promise<boolean> {
  const ledger = new Ledger()
  let disk = new MemoryFileSystem()
  const { log, producers } = await ledger.lead(disk)
  await ledger.write(log, producers, 40)
  disk = disk.kill()
  let reads = 0
  disk.onOperation = ({ kind, path }) => {
    if (kind !== 'read' || !path.endsWith('.log')) return null
    return reads++ >= failing ? 'io' : null
  }
  await ledger.open(disk).catch((error: unknown) => {
    if (!(error instanceof StorageError)) throw error
  })
  disk = disk.kill()
  const again = await ledger.open(disk)
  await ledger.checkReads(again.log!, false)
  return reads > failing
}
