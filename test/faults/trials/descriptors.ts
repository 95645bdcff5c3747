import assert from 'node:assert/strict'
import { MemoryFileSystem } from '../../../src/storage/memory-file-system.ts'
import { diskSlots } from '../../support/disk-slots.ts'
import { append, openDirectory, readBytes, TOPIC_ID } from '../../support/storage.ts'
import { type Trial, variation } from './trial.ts'

const LOGS = 12

/** There are fewer descriptors than logs: all are written, read and found again. */
export const descriptors: Trial = {
  name: 'descriptors that run out',
  async run() {
    for (const count of [1, 2, 5])
      await variation(`${count} descriptors`, async () => {
        const slots = diskSlots(count)
        let disk = new MemoryFileSystem()
        for (let start = 1; start <= 2; start++) {
          const directory = await openDirectory(disk, { fileSlots: slots, config: { segmentBytesMax: 400 } })
          for (let partition = 0; partition < LOGS; partition++) {
            const log =
              directory.get('t', partition) ??
              (await directory.createPartition({ topic: 't', topicId: TOPIC_ID, partition, voters: [1] }))
            await directory.journal.durable(log.startTerm(log.hardState.term + 1, 1, [1]))
            for (let batch = 0; batch < 8; batch++) append(log, { valueBytes: 100 })
            await log.flushAll()
            for (let offset = 0; offset < 8 * start; offset++) await readBytes(log, offset)
          }
          assert.equal(directory.failure, null)
          await directory.close()
          disk = disk.kill()
        }
        assert.equal(slots.most, count, `${slots.most} were taken of ${count}`)
        assert.equal(slots.taken, 0)
      })
    return 3
  },
}
