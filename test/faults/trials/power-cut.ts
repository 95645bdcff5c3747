import { MemoryFileSystem } from '../../../src/storage/memory-file-system.ts'
import { Ledger } from './ledger.ts'
import { type Trial, variation } from './trial.ts'

const LIVES = 12

/**
 * The kernel writes back what it likes, when it likes, and then the power goes: between what it has written of an index and
 * the end of the segment too. Records and times are found as before.
 */
export const powerCut: Trial = {
  name: 'a power cut, with some of what was not synced on the disk',
  async run(random) {
    for (let life = 0; life < LIVES; life++)
      await variation(`life ${life}`, async () => {
        const ledger = new Ledger()
        const disk = new MemoryFileSystem()
        const { directory, log, producers } = await ledger.lead(disk)
        for (let step = 0; step < 12; step++) {
          await ledger.write(log, producers, 1 + Math.floor(random() * 15))
          if (random() < 0.5) await log.checkpoint()
          disk.writeBack(random)
        }
        directory.journal.writeClaims()
        await directory.journal.durable(directory.journal.lastLsn)
        const again = await ledger.open(disk.crash(random))
        await ledger.checkReads(again.log!, false)
        await ledger.checkTimes(again.log!)
      })
    return LIVES
  },
}
