import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ZERO_UUID } from '../../src/base/uuid.ts'
import { loadCompression } from '../../src/protocol/compression.ts'
import { ERROR_CODES } from '../../src/protocol/error-codes.ts'
import { defaultListOffsetsRequest } from '../../src/protocol/generated/produce-fetch.ts'
import {
  BATCH_HEADER_BYTES,
  batchMaxTimestamp,
  checkBatchCrc,
  sealBatch,
} from '../../src/protocol/record-batch.ts'
import { type BatchInput, decodeRecords, encodeBatch } from '../../src/protocol/records.ts'
import { fetchOne, produce } from '../support/data-requests.ts'
import { MemoryBroker } from '../support/memory-broker.ts'
import type { WireClient } from '../support/wire-client.ts'

let broker: MemoryBroker
let client: WireClient
let now: number

beforeAll(async () => {
  await loadCompression()
  broker = await MemoryBroker.start()
  client = await broker.connect()
  now = Date.now()
})

afterAll(() => broker.stop())

/** A batch of so many records, with these timestamps, and what is changed in it. */
function batchOf(times: readonly number[], more: Partial<BatchInput> = {}, change?: (batch: Buffer) => void) {
  const batch = encodeBatch({
    records: times.map((timestamp, index) => ({
      timestamp,
      key: Buffer.from('k'),
      value: Buffer.from(`${index}`),
    })),
    ...more,
  })
  change?.(batch)
  sealBatch(batch, 0)
  return batch
}

async function offsetAt(topic: string, timestamp: number): Promise<{ offset: number; timestamp: number }> {
  const { topics } = await client.call('ListOffsets', 7, {
    ...defaultListOffsetsRequest(),
    replicaId: -1,
    isolationLevel: 0,
    topics: [
      {
        name: topic,
        partitions: [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp }],
      },
    ],
  })
  const { errorCode, offset, timestamp: found } = topics[0]!.partitions[0]!
  expect(errorCode).toBe(0)
  return { offset, timestamp: found }
}

const MAX_TIMESTAMP = -3
const LATEST = -1

describe('a batch whose records nobody could read', () => {
  const counted = (count: number) => (batch: Buffer) => {
    batch.writeInt32BE(count - 1, 23)
    batch.writeInt32BE(count, 57)
  }
  const cut = batchOf([0, 0], { compression: 'gzip' })
  cut.writeInt32BE(cut.length - 12 - 9, 8)
  const short = Buffer.from(cut.subarray(0, cut.length - 9))
  sealBatch(short, 0)

  it.each<[string, () => Buffer, number[]]>([
    ['that counts one record too many', () => batchOf([now, now], {}, counted(3)), [2]],
    ['that counts one record too few', () => batchOf([now, now], {}, counted(1)), []],
    ['that counts 2^31-1 records', () => batchOf([now, now], {}, counted(2 ** 31 - 1)), [2]],
    [
      'with a record that is longer than it says',
      () => batchOf([now], {}, (batch) => batch.writeInt8(6, 61)),
      [0],
    ],
    ['that says gzip and is none', () => batchOf([now], {}, (batch) => batch.writeInt8(1, 22)), []],
    ['of gzip that ends too early', () => short, []],
  ])('%s is refused, and readers go on', async (name, batch, indexes) => {
    const topic = name.replaceAll(/[^a-z0-9]+/g, '-')
    await broker.createTopic(client, topic)
    expect((await produce(client, topic, batchOf([now]))).baseOffset).toBe(0)
    const refused = await produce(client, topic, batch())
    expect(refused).toMatchObject({ errorCode: ERROR_CODES.INVALID_RECORD, baseOffset: -1 })
    expect(refused.recordErrors.map(({ batchIndex }) => batchIndex)).toEqual(indexes)
    expect((await produce(client, topic, batchOf([now]))).baseOffset).toBe(1)
    expect((await offsetAt(topic, LATEST)).offset).toBe(2)
  })

  it('that unpacks to more than there is room for is too large', async () => {
    await broker.createTopic(client, 'bomb')
    const bomb = batchOf([now])
    const block = gzipSync(Buffer.alloc(70 * 1024 * 1024))
    const batch = Buffer.concat([bomb.subarray(0, BATCH_HEADER_BYTES), block])
    batch[22] = 1
    batch.writeInt32BE(batch.length - 12, 8)
    sealBatch(batch, 0)
    const refused = await produce(client, 'bomb', batch)
    expect(refused.errorCode).toBe(ERROR_CODES.MESSAGE_TOO_LARGE)
    expect(refused.errorMessage).toContain('67108864')
  })
})

describe.each(['none', 'gzip', 'lz4'] as const)('the latest timestamp of a batch (%s)', (compression) => {
  it.each([-1, 0, 1, 10 ** 12])('is that of its records where its header is off by %d', async (off) => {
    const topic = `latest-${compression}-${off}`
    await broker.createTopic(client, topic)
    const times = [now, now + 700, now + 200]
    const lie = off < 0 ? -1 : now + off
    const batch = batchOf(times, { compression }, (it) => it.writeBigInt64BE(BigInt(lie), 35))
    expect((await produce(client, topic, batch)).errorCode).toBe(0)
    const { records } = await fetchOne(client, topic, { fetchOffset: 0 })
    expect(batchMaxTimestamp(records!, 0)).toBe(now + 700)
    expect(checkBatchCrc(records!, 0)).toBe(true)
    expect(await offsetAt(topic, MAX_TIMESTAMP)).toEqual({ offset: 1, timestamp: now + 700 })
    expect(await offsetAt(topic, now + 1)).toEqual({ offset: 1, timestamp: now + 700 })
    expect((await offsetAt(topic, now + 701)).offset).toBe(-1)
  })

  it('is none where all are before 1970, and every record keeps its own', async () => {
    const topic = `negative-${compression}`
    await broker.createTopic(client, topic)
    for (const time of [-1, -5000, 0])
      expect((await produce(client, topic, batchOf([time], { compression }))).errorCode).toBe(0)
    const { records } = await fetchOne(client, topic, { fetchOffset: 0, partitionMaxBytes: 1 })
    expect([batchMaxTimestamp(records!, 0), decodeRecords(records!)[0]!.timestamp]).toEqual([-1, -1])
    expect(await offsetAt(topic, 0)).toEqual({ offset: 2, timestamp: 0 })
  })

  it('is checked record by record: those out of range are named, whatever the header says', async () => {
    const topic = `ranges-${compression}`
    await broker.createTopic(client, topic, { 'message.timestamp.before.max.ms': '1000000' })
    const ahead = now + 7_200_000
    const honest = (it: Buffer) => it.writeBigInt64BE(BigInt(now), 35)
    const refused = await produce(
      client,
      topic,
      batchOf([now, ahead, now - 2_000_000, -1], { compression }, honest),
    )
    expect(refused).toMatchObject({ errorCode: ERROR_CODES.INVALID_TIMESTAMP, baseOffset: -1 })
    expect(refused.recordErrors.map(({ batchIndex }) => batchIndex)).toEqual([1, 2])
    expect(refused.errorMessage).toContain('3600000 ms ahead')
  })

  it('is the broker’s where it stamps them, and nothing is out of range', async () => {
    const topic = `appended-${compression}`
    await broker.createTopic(client, topic, { 'message.timestamp.type': 'LogAppendTime' })
    expect((await produce(client, topic, batchOf([now + 10 ** 10], { compression }))).errorCode).toBe(0)
  })
})

it('G6: batches that another thread unpacks keep their place among those that the loop does', async () => {
  await broker.createTopic(client, 'ordered', { 'max.message.bytes': '20000000' })
  const value = Buffer.alloc(3_000_000, 'some words that repeat, ')
  const sent = Array.from({ length: 12 }, (_, index) =>
    produce(
      client,
      'ordered',
      encodeBatch({
        compression: (['gzip', 'none', 'zstd', 'lz4'] as const)[index % 4]!,
        producerId: 5,
        producerEpoch: 0,
        baseSequence: index,
        records: [{ timestamp: now, key: null, value: index % 2 === 0 ? value : null }],
      }),
    ),
  )
  const answers = await Promise.all(sent)
  expect(answers.map(({ errorCode, baseOffset }) => [errorCode, baseOffset])).toEqual(
    sent.map((_, index) => [0, index]),
  )
})

describe('a request of many batches that are refused', () => {
  it('is told of a thousand records, however many there are', async () => {
    await broker.createTopic(client, 'compacted-many', { 'cleanup.policy': 'compact' }, 20)
    const records = Array.from({ length: 1000 }, () => ({ timestamp: now, key: null, value: null }))
    const batch = encodeBatch({ records, compression: 'gzip' })
    const { responses } = await client.call('Produce', 9, {
      transactionalId: null,
      acks: -1,
      timeoutMs: 30_000,
      topicData: [
        {
          name: 'compacted-many',
          topicId: ZERO_UUID,
          partitionData: Array.from({ length: 20 }, (_, index) => ({ index, records: Buffer.from(batch) })),
        },
      ],
    })
    const { partitionResponses } = responses[0]!
    const codes = new Set(partitionResponses.map(({ errorCode }) => errorCode))
    expect([...codes]).toEqual([ERROR_CODES.INVALID_RECORD])
    expect(partitionResponses.flatMap(({ recordErrors }) => recordErrors)).toHaveLength(1000)
  })
})
