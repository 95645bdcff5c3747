import { expect, it } from 'vitest'
import { compact, readCommitted } from '../../test/support/compaction.ts'
import { laneTwin } from '../../test/support/lane-twin.ts'
import { openTestLog } from '../../test/support/storage.ts'
import { producerHooks } from '../broker/partition/producer-hooks.ts'
import { stampBatch } from '../protocol/record-batch.ts'
import { encodeBatch } from '../protocol/records.ts'

it('compaction keeps the record of a key although somebody wrote one that was made to be taken for it', async () => {
  const { producers, hooks } = producerHooks()
  const config = { segmentBytesMax: 400, indexIntervalBytes: 100, deletes: false }
  const { log, directory } = await openTestLog({ config, hooksOf: () => hooks })
  const put = (key: Buffer, value: string): void => {
    const batch = encodeBatch({ records: [{ timestamp: 1_700_000_000_000, key, value: Buffer.from(value) }] })
    stampBatch(batch, 0, log.endOffset, log.marks.last().term)
    log.append(batch)
  }
  const victim = Buffer.from('account/0000000000000000000000042')
  put(victim, 'a balance')
  put(laneTwin(victim), 'anything')
  for (let index = 0; index < 20; index++) put(Buffer.from(`other ${index}`), 'x'.repeat(50))
  await log.flushAll()
  log.highWatermark = log.endOffset
  expect(await compact(log, producers)).toMatchObject({ isComplete: true })
  expect(log.compaction.cleanedEnd).toBeGreaterThan(2)
  expect((await readCommitted(log)).slice(0, 2).map(({ value }) => value)).toEqual(['a balance', 'anything'])
  await directory.close()
})
