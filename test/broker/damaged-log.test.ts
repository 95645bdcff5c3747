import { expect, it } from 'vitest'
import { ERROR_CODES } from '../../src/protocol/error-codes.ts'
import { batchBytes } from '../../src/protocol/record-batch.ts'
import { MemoryFileSystem } from '../../src/storage/memory-file-system.ts'
import { batchOf, fetchOne, produce } from '../support/data-requests.ts'
import { MemoryBroker } from '../support/memory-broker.ts'

const LOG_PATH = '/data/t-0/00000000000000000000.log'

it('a damaged log is read up to where it breaks off, says so there, and takes nothing, start after start', async () => {
  const fileSystem = new MemoryFileSystem()
  const broker = await MemoryBroker.start({}, fileSystem)
  let client = await broker.connect()
  for (const topic of ['t', 'u']) await broker.createTopic(client, topic)
  for (let index = 0; index < 20; index++) await produce(client, 't', batchOf([`v${index}`]))
  await broker.stop()
  const bytes = fileSystem.peek(LOG_PATH)
  let at = 0
  for (let index = 0; index < 10; index++) at += batchBytes(bytes, at)
  fileSystem.poke(LOG_PATH, at, Buffer.alloc(bytes.length - at))
  for (let start = 1; start <= 3; start++) {
    await broker.restart()
    client = await broker.connect()
    const produced = await produce(client, 't', batchOf(['of a new offset']))
    const begun = await fetchOne(client, 't', { fetchOffset: 0 })
    const ended = await fetchOne(client, 't', { fetchOffset: 10 })
    expect([start, produced.errorCode, begun.errorCode, ended.errorCode]).toEqual([
      start,
      ERROR_CODES.KAFKA_STORAGE_ERROR,
      0,
      ERROR_CODES.CORRUPT_MESSAGE,
    ])
    expect([begun.highWatermark, begun.records!.length]).toEqual([10, at])
    // Its neighbour does not suffer.
    expect((await produce(client, 'u', batchOf([`u${start}`]))).baseOffset).toBe(start - 1)
  }
  await broker.stop()
})
