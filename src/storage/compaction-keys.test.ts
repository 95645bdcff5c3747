import { expect, it } from 'vitest'
import { appendKeyed, compact, type KeyedRecord, readCommitted } from '../../test/support/compaction.ts'
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

it.each(['none', 'lz4', 'gzip'] as const)(
  'compaction looks at a batch of very many records in several turns, and leaves what it would leave of small ones: %s',
  async (compression) => {
    const outcomes: unknown[] = []
    const readCounts: number[] = []
    for (const size of [12_000, 500]) {
      const { producers, hooks } = producerHooks()
      const config = { segmentBytesMax: 1_000_000, indexIntervalBytes: 4096, deletes: false }
      const { log, directory, fileSystem } = await openTestLog({ config, hooksOf: () => hooks })
      const records = Array.from({ length: 24_000 }, (_, index): KeyedRecord => {
        const key = `k${(index * 7919) % 17_000}`
        return { key, value: index % 11 === 0 ? null : `v${index}`, timestamp: 1_700_000_000_000 + index }
      })
      // So that a batch does not begin where a chunk that is read does.
      appendKeyed(log, producers, [{ key: 'first', value: 'one' }])
      for (let from = 0; from < records.length; from += size)
        appendKeyed(log, producers, records.slice(from, from + size), { compression })
      appendKeyed(log, producers, [{ key: 'last', value: 'x'.repeat(1_000_000) }])
      appendKeyed(log, producers, [{ key: 'behind', value: 'the active segment' }])
      await log.flushAll()
      log.highWatermark = log.endOffset
      let reads = 0
      fileSystem.onOperation = ({ kind }) => {
        if (kind === 'read') reads++
        return null
      }
      expect(await compact(log, producers, { keyBytesMax: 1 << 22 })).toMatchObject({
        isComplete: true,
        passes: 1,
      })
      readCounts.push(reads)
      outcomes.push((await readCommitted(log)).filter(({ key }) => key !== 'last'))
      await directory.close()
    }
    expect((outcomes[0] as unknown[]).length).toBe(17_002)
    expect(outcomes[0]).toEqual(outcomes[1])
    // Two batches are gone through twice, each time in two turns. (Each batch of gzip is waited for anyway.)
    if (compression !== 'gzip') expect(readCounts[0]! - readCounts[1]!).toBe(2 * 2)
  },
)
