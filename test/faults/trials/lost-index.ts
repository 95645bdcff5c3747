import { MemoryFileSystem } from '../../../src/storage/memory-file-system.ts'
import { Ledger } from './ledger.ts'
import { type Trial, variation } from './trial.ts'

const MOMENTS = 60

/** The index of a segment is gone, and two readers come: each gets what it asks for, at whatever moment. */
export const lostIndex: Trial = {
  name: 'an index that is made anew while others read',
  async run() {
    const ledger = new Ledger({ config: { segmentBytesMax: 200_000, indexIntervalBytes: 1000 } })
    let disk = new MemoryFileSystem()
    const { directory, log, producers } = await ledger.lead(disk)
    await ledger.write(log, producers, 3000)
    await directory.close()
    disk = disk.kill()
    for (let moment = 0; moment < MOMENTS; moment++)
      await variation(`after ${moment} steps`, async () => {
        await disk.unlink('/data/t-0/00000000000000000000.index')
        const again = await ledger.open(disk)
        const first = again.log!.read(0, 1, again.log!.endOffset, true)
        for (let step = 0; step < moment; step++) await Promise.resolve()
        await ledger.checkRead(again.log!, 900)
        const read = await first
        if ('source' in read) for (const part of read.source.parts) if (!Buffer.isBuffer(part)) part.release()
        await again.directory.close()
      })
    return MOMENTS
  },
}
