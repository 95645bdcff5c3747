import { expect, test } from 'vitest'
import { compress, decompress, LOOP_LIMITS } from '../../src/protocol/compression.ts'
import { append, openDirectory, openTestLog } from '../support/storage.ts'

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
