import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadCompression } from '../../src/protocol/compression.ts'
import { ERROR_CODES } from '../../src/protocol/error-codes.ts'
import { defaultCreateTopicsRequestTopic } from '../../src/protocol/generated/topics.ts'
import { batchCompression } from '../../src/protocol/record-batch.ts'
import { decodeRecords, encodeBatch } from '../../src/protocol/records.ts'
import { type BrokerProcess, startBroker } from '../support/broker-process.ts'
import { fetchOne, produce } from '../support/data-requests.ts'
import { uniqueName } from '../support/names.ts'
import { createTopic } from '../support/topics.ts'
import { WireClient } from '../support/wire-client.ts'

// A built broker, since only that has threads.

let broker: BrokerProcess
let client: WireClient
const topic = uniqueName('threads')

beforeAll(async () => {
  await loadCompression()
  broker = await startBroker()
  await createTopic(broker.bootstrap, topic, 2)
  client = await WireClient.open(broker.port)
})

afterAll(async () => {
  client.close()
  await broker.stop()
})

const CODECS = ['gzip', 'snappy', 'lz4', 'zstd'] as const
const LARGE = Buffer.alloc(6_000_000, 'some words that repeat, ')

it('G6: batches that threads unpack and those that the loop does keep the order of their producer', async () => {
  const sent = Array.from({ length: 16 }, (_, index) =>
    produce(
      client,
      topic,
      encodeBatch({
        compression: CODECS[index % 4]!,
        producerId: 5,
        producerEpoch: 0,
        baseSequence: index,
        records: [{ timestamp: Date.now(), key: null, value: index % 3 === 0 ? null : LARGE }],
      }),
    ),
  )
  const answers = await Promise.all(sent)
  expect(answers.map(({ errorCode, baseOffset }) => [errorCode, baseOffset])).toEqual(
    sent.map((_, index) => [0, index]),
  )
})

it.each(CODECS)('what a thread finds wrong is named, record by record (%s)', async (compression) => {
  const now = Date.now()
  const batch = encodeBatch({
    compression,
    records: [now, now + 7_200_000, now].map((timestamp) => ({ timestamp, key: null, value: LARGE })),
  })
  const { errorCode, recordErrors } = await produce(client, topic, batch, { index: 1 })
  expect(errorCode).toBe(ERROR_CODES.INVALID_TIMESTAMP)
  expect(recordErrors.map(({ batchIndex }) => batchIndex)).toEqual([1])
})

it('a topic of another codec gets it from a thread, with the latest time of the records', async () => {
  const packed = uniqueName('packed')
  const { topics } = await client.call('CreateTopics', 5, {
    timeoutMs: 10_000,
    validateOnly: false,
    topics: [
      {
        ...defaultCreateTopicsRequestTopic(),
        name: packed,
        numPartitions: 1,
        replicationFactor: 1,
        configs: [{ name: 'compression.type', value: 'lz4' }],
      },
    ],
  })
  expect(topics[0]!.errorCode).toBe(0)
  const now = Date.now()
  const records = [now, now + 9].map((timestamp) => ({ timestamp, key: null, value: LARGE }))
  expect((await produce(client, packed, encodeBatch({ compression: 'zstd', records }))).errorCode).toBe(0)
  const { records: read } = await fetchOne(client, packed, { fetchOffset: 0, partitionMaxBytes: 1 })
  expect(batchCompression(read!, 0)).toBe('lz4')
  expect(decodeRecords(read!).map(({ timestamp }) => timestamp)).toEqual([now, now + 9])
})
