import { expect, test } from 'vitest'
import { appendKeyed, compact } from '../../test/support/compaction.ts'
import { openDirectory, openLed, readAll } from '../../test/support/storage.ts'
import { ManualEnvironment } from '../base/environment.ts'
import { producerHooks } from '../broker/partition/producer-hooks.ts'
import { batchBytes, checkBatchCrc, sealBatch, stampBatch } from '../protocol/record-batch.ts'
import { checkRecords, encodeBatch, type RecordInput } from '../protocol/records.ts'
import { MemoryFileSystem } from './memory-file-system.ts'

// Such batches are refused at the door; a log that was written by something else may hold them.

const NOW_MS = 1_700_000_000_000
const RECORDS: RecordInput[] = [0, 1].map((index) => ({
  timestamp: NOW_MS + index,
  key: Buffer.from('k1'),
  value: Buffer.from(`v${index}`),
}))

function counted(batch: Buffer, count: number): void {
  batch.writeInt32BE(count - 1, 23)
  batch.writeInt32BE(count, 57)
}

test.each<[string, (batch: Buffer) => void, Partial<Parameters<typeof encodeBatch>[0]>]>([
  ['gzip that is none', (batch) => batch.writeInt8(1, 22), {}],
  [
    'gzip that is damaged',
    (batch) => batch.writeInt32BE(0x55555555, batch.length - 12),
    { compression: 'gzip' },
  ],
  ['lz4 that is none', (batch) => batch.writeInt8(3, 22), {}],
  ['one record less than it counts', (batch) => counted(batch, 3), {}],
  ['one record more than it counts', (batch) => counted(batch, 1), {}],
  ['2^31-1 records by its header', (batch) => counted(batch, 2 ** 31 - 1), {}],
  ['a record that is longer than it says', (batch) => batch.writeInt8(6, 61), {}],
  [
    'a latest time that none of its records has',
    (batch) => batch.writeBigInt64BE(BigInt(NOW_MS + 999), 35),
    {},
  ],
])(
  'a stored batch with %s is passed by those who look for a time, and kept by compaction',
  async (_, change, more) => {
    const { producers, hooks } = producerHooks()
    const directory = await openDirectory(new MemoryFileSystem(), {
      environment: new ManualEnvironment(),
      config: { segmentBytesMax: 400, indexIntervalBytes: 100, fileDeleteDelayMs: 10, deletes: false },
      hooksOf: () => hooks,
    })
    const log = await openLed(directory)
    const fill = (from: number) => {
      for (let index = from; index < from + 10; index++)
        appendKeyed(log, producers, [
          { key: `k${index % 2}`, value: `v${index}`, timestamp: NOW_MS - 1000 + index },
        ])
    }
    fill(0)
    const bad = encodeBatch({ records: RECORDS, ...more })
    change(bad)
    sealBatch(bad, 0)
    stampBatch(bad, 0, log.endOffset, log.marks.last().term)
    const kept = Buffer.from(bad)
    log.append(bad)
    const behind = log.endOffset
    fill(10)
    await log.flushAll()
    log.highWatermark = log.endOffset

    const end = log.endOffset
    expect(await log.offsetForTimestamp(NOW_MS - 1000, end)).toMatchObject({ offset: 0 })
    const found = await log.offsetForTimestamp(NOW_MS + 500, end)
    expect(found === null || found.offset < behind).toBe(true)
    const latest = await log.maxTimestampOffset(end)
    expect(latest === null || latest.offset < end).toBe(true)

    expect(await compact(log, producers)).toMatchObject({ isComplete: true })
    const bytes = await readAll(log, 1 << 30)
    const batches: Buffer[] = []
    for (let at = 0; at < bytes.length; at += batchBytes(bytes, at))
      batches.push(bytes.subarray(at, at + batchBytes(bytes, at)))
    expect(batches.every((batch) => checkBatchCrc(batch, 0))).toBe(true)
    if (checkRecords(kept) !== null) expect(batches.some((batch) => batch.equals(kept))).toBe(true)
    await directory.close()
  },
)
