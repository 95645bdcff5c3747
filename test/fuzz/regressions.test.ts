import { expect, test } from 'vitest'
import { ManualEnvironment } from '../../src/base/environment.ts'
import { compress, decompress, LOOP_LIMITS } from '../../src/protocol/compression.ts'
import { append, openDirectory, openTestLog, TOPIC_ID } from '../support/storage.ts'

test('an empty compressed block is refused by its codec, whatever the limits', () => {
  for (const codec of ['gzip', 'snappy', 'lz4'] as const)
    expect(() => decompress(codec, Buffer.alloc(0), LOOP_LIMITS)).toThrow(/gzip|snappy|LZ4|lz4|frame|ends/)
  expect(decompress('lz4', compress('lz4', Buffer.alloc(0)), LOOP_LIMITS).length).toBe(0)
})

test('a closed log in whose file an offset goes back is damage, which is reported', async () => {
  const { fileSystem, directory, log } = await openTestLog()
  for (let count = 0; count < 3; count++) append(log, { records: 2 })
  await log.flushAll()
  const logPath = '/data/t-0/00000000000000000000.log'
  await directory.close()
  const content = fileSystem.peek(logPath)
  const second = 12 + content.readInt32BE(8)
  const third = second + 12 + content.readInt32BE(second + 8)
  const back = Buffer.alloc(8)
  back.writeBigInt64BE(1n)
  fileSystem.poke(logPath, third, back)
  await fileSystem.unlink('/data/t-0/00000000000000000000.index')
  const reopened = await openDirectory(fileSystem)
  expect(reopened.reports.map(({ outcome }) => outcome)).toContain('damaged')
  await reopened.close()
})

test('a directory that is closed has no timer left that keeps it in memory, whatever was deleted', async () => {
  const environment = new ManualEnvironment()
  const config = { segmentBytesMax: 300, retentionBytes: 500, fileDeleteDelayMs: 60_000 }
  const { directory, log } = await openTestLog({ environment, config })
  for (let count = 0; count < 20; count++) append(log, { records: 2 })
  await log.flushAll()
  log.highWatermark = log.endOffset
  expect(await log.applyRetention(environment.wallMs())).toBeGreaterThan(0)
  const second = await directory.createPartition({ topic: 'u', topicId: TOPIC_ID, partition: 0, voters: [1] })
  await directory.deletePartition(second)
  expect(environment.pendingTimers).toBeGreaterThan(0)
  await directory.close()
  expect(environment.pendingTimers).toBe(0)
})
