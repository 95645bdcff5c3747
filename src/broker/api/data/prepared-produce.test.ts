import { beforeAll, describe, expect, it } from 'vitest'
import { ManualEnvironment } from '../../../base/environment.ts'
import { ZERO_UUID } from '../../../base/uuid.ts'
import type { RequestOf } from '../../../protocol/api.ts'
import { loadCompression, UnpackScratch } from '../../../protocol/compression.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import { batchCompression, sealBatch } from '../../../protocol/record-batch.ts'
import { type BatchInput, encodeBatch } from '../../../protocol/records.ts'
import { NO_RESPONSE } from '../../net/handler.ts'
import { BrokerOptions, type TopicConfig, topicConfigOf } from '../../options.ts'
import type { BatchThreads } from '../../partition/batch-threads.ts'
import { type BatchWork, workOn } from '../../partition/batch-work.ts'
import type { Partition } from '../../partition/partition.ts'
import { isJudged, recordsRefusal, sizeRefusal, verdictOn } from '../../partition/record-verdicts.ts'
import type { PartitionRegistry } from '../../partition/registry.ts'
import { PreparedProduce } from './prepared-produce.ts'

type ProduceRequest = RequestOf<'Produce'>

const CONFIG = topicConfigOf(new Map(), BrokerOptions.from({ 'log.dirs': '/data' }))

/** Of a topic that takes large batches. */
const ROOMY: TopicConfig = { ...CONFIG, messageBytesMax: 20_000_000 }

/** Five partitions of a topic; threads that answer when the test lets them; and what has been handed on. */
function start(config: TopicConfig = CONFIG) {
  const environment = new ManualEnvironment()
  const partitions = [0, 1, 2, 3, 4].map((index) => ({ index, config }) as Partition)
  const registry = {
    hasUnpackedTopics: config !== CONFIG,
    get: (_: string, index: number) => partitions[index],
  } as unknown as PartitionRegistry
  const waiting: (() => void)[] = []
  const threads = {
    run: (_: object, batch: Buffer, work: BatchWork) =>
      new Promise((resolve) => {
        waiting.push(() => resolve(workOn(batch, work, new UnpackScratch(0))))
      }),
  } as unknown as BatchThreads
  const prepared = new PreparedProduce(registry, threads, environment)
  const handed: ProduceRequest[] = []
  const send = (...batches: (Buffer | null)[]) => produceTo(0, ...batches)
  const produceTo = (index: number, ...batches: (Buffer | null)[]) => {
    const partitionData = batches.map((records, at) => ({ index: index + at, records }))
    const topicData = [{ name: 't', topicId: ZERO_UUID, partitionData }]
    const request = { transactionalId: null, acks: 1, timeoutMs: 1000, topicData }
    const answer = prepared.run(request, 9, (ready) => {
      handed.push(ready)
      return NO_RESPONSE
    })
    return answer
  }
  const order = () => handed.map(({ topicData }) => topicData[0]!.partitionData[0]!.records as Buffer | null)
  return { environment, waiting, send, produceTo, handed, order, partitions }
}

function batchOf(bytes: number, more: Partial<BatchInput> = {}): Buffer {
  const value = Buffer.alloc(1000, 'some words that repeat, ')
  const records = Array.from({ length: Math.ceil(bytes / 1000) }, () => ({ timestamp: 5, key: null, value }))
  return encodeBatch({ records, ...more })
}

/** Of records that are read in one turn of the loop, and of ones that are not. */
const SMALL = 20_000
const LARGE = 9_000_000
const CODECS = ['gzip', 'snappy', 'lz4', 'zstd'] as const
const refusalOf = (batch: Buffer) => recordsRefusal(verdictOn(batch, CONFIG, 5), CONFIG)

beforeAll(loadCompression)

describe('a request', () => {
  it.each(CODECS)('of a small batch is judged and handed on in the same turn (%s)', (compression) => {
    const { send, order } = start()
    const batch = batchOf(SMALL, { compression })
    expect(send(batch)).toBe(NO_RESPONSE)
    expect(order()).toEqual([batch])
    expect([isJudged(batch), refusalOf(batch)]).toEqual([true, null])
  })

  it('of plain batches leaves them to the partition', () => {
    const { send, order } = start()
    const batches = [batchOf(SMALL), batchOf(3_000_000)]
    expect(send(...batches)).toBe(NO_RESPONSE)
    expect(order()).toEqual([batches[0]])
    expect(batches.map(isJudged)).toEqual([false, false])
  })

  it.each(CODECS)('of a large batch waits for another thread (%s)', async (compression) => {
    const { send, order, waiting } = start()
    const batch = batchOf(LARGE, { compression })
    const answer = send(batch)
    await Promise.resolve()
    expect([order(), waiting.length]).toEqual([[], 1])
    waiting[0]!()
    expect(await answer).toBe(NO_RESPONSE)
    expect([order(), isJudged(batch)]).toEqual([[batch], true])
  })

  it('is judged again where the topic came to ask for more while another thread was at it', async () => {
    const { send, waiting, partitions } = start()
    const batch = batchOf(LARGE, { compression: 'lz4' })
    const answer = send(batch)
    await Promise.resolve()
    const compacted: TopicConfig = { ...CONFIG, cleanupPolicy: ['compact'], messageBytesMax: 20_000_000 }
    partitions[0]!.config = compacted
    waiting[0]!()
    await answer
    expect(recordsRefusal(verdictOn(batch, compacted, 5), compacted)).toMatchObject({
      errorCode: ERROR_CODES.INVALID_RECORD,
      message: 'a compacted topic takes no record without a key',
    })
  })

  it('of gzip that says too little of itself is unpacked by another thread all the same', async () => {
    const { send, waiting } = start()
    const batch = batchOf(LARGE, { compression: 'gzip' })
    batch.writeUInt32LE(100, batch.length - 4)
    sealBatch(batch, 0)
    const answer = send(batch)
    await Promise.resolve()
    waiting[0]!()
    await answer
    expect(refusalOf(batch)).toMatchObject({ errorCode: 87, message: expect.stringContaining('gzip') })
  })

  it('whose batches are together more than a turn has time for goes on in the next ones', async () => {
    const { send, order, waiting } = start(ROOMY)
    const batches = [batchOf(5_000_000), batchOf(5_000_000)]
    const answer = send(...batches)
    expect([order(), waiting.length]).toEqual([[], 0])
    await answer
    expect(batches.map(isJudged)).toEqual([false, true])
  })

  it('of a plain batch that holds the loop alone waits for another thread, which gets a copy of its own', async () => {
    const { send, environment, waiting } = start(ROOMY)
    const batch = batchOf(LARGE)
    const answer = send(batch)
    while (waiting.length === 0) {
      environment.advance(1)
      await Promise.resolve()
    }
    waiting[0]!()
    await answer
    expect([isJudged(batch), refusalOf(batch)]).toEqual([true, null])
  })

  it('of what is not a batch, or larger than its topic takes, is handed on as it is', () => {
    const { send, handed } = start()
    const damaged = batchOf(SMALL, { compression: 'gzip' })
    damaged[damaged.length - 1]! ^= 1
    const batches = [null, Buffer.alloc(0), Buffer.alloc(60, 0xff), damaged, batchOf(2_000_000)]
    for (const batch of batches) expect(send(batch)).toBe(NO_RESPONSE)
    expect(handed.length).toBe(batches.length)
    for (const batch of batches) expect(batch !== null && isJudged(batch)).toBe(false)
  })
})

describe('requests behind one that waits', () => {
  it('G6: to the same partition keep their order; those to another do not wait', async () => {
    const { produceTo, order, waiting } = start()
    const large = batchOf(LARGE, { compression: 'gzip' })
    const [next, other] = [batchOf(SMALL), batchOf(SMALL, { compression: 'lz4' })]
    const first = produceTo(0, large)
    const second = produceTo(0, next)
    expect(produceTo(1, other)).toBe(NO_RESPONSE)
    expect(order()).toEqual([other])
    await Promise.resolve()
    waiting[0]!()
    await Promise.all([first, second])
    expect(order()).toEqual([other, large, next])
    expect(produceTo(0, batchOf(SMALL))).toBe(NO_RESPONSE)
  })
})

describe('a topic with a codec of its own', () => {
  it('gets batches of that codec, which were judged on the way', async () => {
    const { send, order, waiting } = start({ ...CONFIG, compressionType: 'lz4' })
    const batch = batchOf(SMALL, { compression: 'gzip' })
    const answer = send(batch)
    await Promise.resolve()
    waiting[0]!()
    await answer
    const made = order()[0]!
    expect([batchCompression(made, 0), isJudged(made), refusalOf(made)]).toEqual(['lz4', true, null])
  })

  it('gets what is larger than it takes as it came, whatever another codec would make of it', () => {
    const { send, order } = start({ ...CONFIG, compressionType: 'lz4' })
    const batch = batchOf(2_000_000)
    expect(send(batch)).toBe(NO_RESPONSE)
    expect([order()[0], isJudged(batch)]).toEqual([batch, false])
  })

  it('is not given what takes more than its batches may, and it is not kept', async () => {
    const { send, order, waiting } = start({ ...CONFIG, compressionType: 'uncompressed' })
    const batch = batchOf(8_000_000, { compression: 'gzip' })
    const answer = send(batch)
    await Promise.resolve()
    waiting[0]!()
    await answer
    expect([order()[0], isJudged(batch)]).toEqual([batch, true])
    expect(sizeRefusal(batch, CONFIG)).toMatchObject({ errorCode: ERROR_CODES.MESSAGE_TOO_LARGE })
  })

  it('is given a bounded number of bytes by one request, and of requests at a time', async () => {
    const { produceTo, handed, waiting } = start({ ...ROOMY, compressionType: 'uncompressed' })
    const bombs = Array.from({ length: 5 }, () => batchOf(15_000_000, { compression: 'gzip' }))
    const answers = [produceTo(0, ...bombs)]
    for (let index = 0; index < 5; index++)
      answers.push(produceTo(index, batchOf(SMALL, { compression: 'lz4' })))
    for (let index = 0; index < 5; index++) await Promise.resolve()
    expect(waiting.length).toBe(5 + 3)
    for (let at = 0; at < waiting.length; at++) {
      waiting[at]!()
      for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    }
    await Promise.all(answers)
    expect(handed.length).toBe(6)
    const refused = bombs.filter((batch) => sizeRefusal(batch, ROOMY) !== null)
    expect(refused).toEqual([bombs[4]])
  })

  it('gets what can’t be read as it came, with what is wrong', async () => {
    const { send, order, waiting } = start({ ...CONFIG, compressionType: 'lz4' })
    const batch = batchOf(SMALL)
    batch[61] = 3
    sealBatch(batch, 0)
    const answer = send(batch)
    await Promise.resolve()
    waiting[0]!()
    await answer
    expect([order()[0], refusalOf(batch)]).toMatchObject([batch, { errorCode: 87 }])
  })
})
