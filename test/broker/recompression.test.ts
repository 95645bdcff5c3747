import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadCompression } from '../../src/protocol/compression.ts'
import { ERROR_CODES } from '../../src/protocol/error-codes.ts'
import { batchBytes, batchCompression, sealBatch } from '../../src/protocol/record-batch.ts'
import { decodeRecords } from '../../src/protocol/records.ts'
import { batchOf, fetchOne, produce } from '../support/data-requests.ts'
import { MemoryBroker } from '../support/memory-broker.ts'
import type { WireClient } from '../support/wire-client.ts'

let broker: MemoryBroker
let client: WireClient

beforeAll(async () => {
  await loadCompression()
  broker = await MemoryBroker.start()
  client = await broker.connect()
})

afterAll(() => broker.stop())

async function stored(topic: string): Promise<{ codecs: unknown[]; values: string[] }> {
  const { records } = await fetchOne(client, topic, { fetchOffset: 0 })
  const codecs: unknown[] = []
  const values: string[] = []
  for (let at = 0; at < records!.length; at += batchBytes(records!, at)) {
    codecs.push(batchCompression(records!, at))
    for (const { value } of decodeRecords(records!, at)) values.push(value!.toString())
  }
  return { codecs, values }
}

describe('compression.type of a topic', () => {
  for (const codec of ['gzip', 'snappy', 'lz4', 'zstd', 'uncompressed'] as const) {
    it(`${codec}: is the codec of what is stored, whatever came`, async () => {
      const topic = `as-${codec}`
      await broker.createTopic(client, topic, { 'compression.type': codec })
      for (const compression of ['none', 'gzip', 'zstd'] as const)
        expect((await produce(client, topic, batchOf(['a', 'b'], { compression }))).errorCode).toBe(0)
      const name = codec === 'uncompressed' ? 'none' : codec
      expect(await stored(topic)).toEqual({
        codecs: [name, name, name],
        values: ['a', 'b', 'a', 'b', 'a', 'b'],
      })
    })
  }

  it('G6: batches keep the order of their requests, those that need no other codec too', async () => {
    await broker.createTopic(client, 'ordered', { 'compression.type': 'gzip' })
    const sent = Array.from({ length: 30 }, (_, index) =>
      produce(
        client,
        'ordered',
        batchOf([`v${index}`], {
          compression: index % 3 === 0 ? 'gzip' : 'none',
          producerId: 5,
          producerEpoch: 0,
          baseSequence: index,
        }),
      ),
    )
    const answers = await Promise.all(sent)
    expect(answers.map(({ errorCode, baseOffset }) => [errorCode, baseOffset])).toEqual(
      sent.map((_, index) => [0, index]),
    )
    expect((await stored('ordered')).values).toEqual(sent.map((_, index) => `v${index}`))
  })

  it('records that cannot be read are refused', async () => {
    await broker.createTopic(client, 'broken', { 'compression.type': 'gzip' })
    const batch = batchOf(['a'.repeat(100)])
    batch[61] = 0x7f
    sealBatch(batch, 0)
    expect((await produce(client, 'broken', batch)).errorCode).toBe(ERROR_CODES.INVALID_RECORD)
    expect((await produce(client, 'broken', batchOf(['b']))).baseOffset).toBe(0)
  })
})
