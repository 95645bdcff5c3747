import { afterEach, describe, expect, test } from 'vitest'
import { type LogFields, silentLogger } from '../../src/base/logger.ts'
import { ERROR_CODES } from '../../src/protocol/error-codes.ts'
import { batchOf, fetchOne, produce } from '../support/data-requests.ts'
import { MemoryBroker } from '../support/memory-broker.ts'

let broker: MemoryBroker

afterEach(() => broker.stop())

const PATH = '/data/t-0/00000000000000000000.log'

/** A segment of ten batches, damaged somewhere and read again; resolves to what was said of it. */
async function damagedAt(
  batch: number,
  byte: number,
): Promise<{ said: LogFields[]; client: Awaited<ReturnType<MemoryBroker['connect']>> }> {
  const said: LogFields[] = []
  let heard = (): void => {}
  const found = new Promise<void>((resolve) => {
    heard = resolve
  })
  const logger = {
    ...silentLogger,
    error: (message: string, fields: LogFields = {}) => {
      if (!message.startsWith('records are damaged')) return
      said.push(fields)
      heard()
    },
  }
  const settings = { 'log.scrub.interval.ms': '100' }
  broker = await MemoryBroker.start(settings, undefined, undefined, logger)
  const client = await broker.connect()
  await broker.createTopic(client, 't', { 'segment.bytes': '1048576', 'max.message.bytes': '2000000' })
  // Ten batches of 100 KB fill the first segment, the next ones begin another.
  for (let count = 0; count < 12; count++) await produce(client, 't', batchOf(['x'.repeat(100_000)]))
  const bytes = broker.fileSystem.peek(PATH)
  const at = batch * (bytes.length / 10) + byte
  broker.fileSystem.poke(PATH, at, Buffer.from([bytes[at]! ^ 0x10]))
  await found
  return { said, client }
}

describe('a bit that the disk has changed', () => {
  test('R-6: is found and said with its place; its records are answered with CORRUPT_MESSAGE, all others are served', async () => {
    const { said, client } = await damagedAt(3, 5000)
    expect(said).toEqual([
      expect.objectContaining({
        topic: 't',
        partition: 0,
        path: PATH,
        fault: 'bad-crc',
        firstOffset: 3,
        lastOffset: 3,
      }),
    ])
    const errorAt = async (fetchOffset: number) => (await fetchOne(client, 't', { fetchOffset })).errorCode
    expect(await errorAt(3)).toBe(ERROR_CODES.CORRUPT_MESSAGE)
    for (const offset of [0, 2, 4, 9, 11]) expect(await errorAt(offset)).toBe(0)
    // What is before it ends where it begins.
    const { records } = await fetchOne(client, 't', { fetchOffset: 2 })
    expect((records as Buffer).length).toBe(broker.fileSystem.peek(PATH).length / 10)
  })

  test.each([
    ['length', 9],
    ['base offset', 3],
  ])('R-6: in the %s of a batch costs that batch alone', async (_field, byte) => {
    const { said, client } = await damagedAt(5, byte)
    expect(said.map(({ firstOffset, lastOffset }) => [firstOffset, lastOffset])).toEqual([[5, 5]])
    expect((await fetchOne(client, 't', { fetchOffset: 6 })).errorCode).toBe(0)
  })
})
