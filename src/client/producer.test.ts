import { afterEach, describe, expect, it } from 'vitest'
import { advanceUntilSettled, untilTrue } from '../../test/support/advance.ts'
import { type FakeBroker, HANG_UP, NO_ANSWER } from '../../test/support/fake-broker.ts'
import { FakeCluster, type Leaders, topicId } from '../../test/support/fake-cluster.ts'
import { ManualEnvironment } from '../base/environment.ts'
import type { RequestOf, ResponseOf } from '../protocol/api.ts'
import { ERROR_CODES } from '../protocol/error-codes.ts'
import {
  defaultProduceResponse,
  defaultProduceResponseResponse,
  defaultProduceResponseResponsePartitionResponse,
} from '../protocol/generated/produce-fetch.ts'
import { defaultInitProducerIdResponse } from '../protocol/generated/transactions.ts'
import { batchBaseSequence, batchProducerId, batchRecordCount } from '../protocol/record-batch.ts'
import { decodeRecords } from '../protocol/records.ts'
import { RefusedError } from './client-error.ts'
import { Cluster } from './cluster.ts'
import { Producer, type ProducerOptions } from './producer.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step()
})

/** What a broker does with one batch: stores it, or answers an error. */
type Verdict = (batch: Buffer, partition: number) => number

async function setUp(leaders: Leaders, options: ProducerOptions, brokers = 1) {
  const environment = new ManualEnvironment()
  const fake = await FakeCluster.listen(brokers, leaders)
  cleanUp.push(() => fake.close())
  const log = new Map<string, string[]>()
  const verdicts: { current: Verdict } = { current: () => 0 }
  for (const broker of fake.brokers)
    broker.handlers.Produce = (request) =>
      request.acks === 0 ? NO_ANSWER : store(request, log, verdicts.current)
  const cluster = await Cluster.open({ bootstrap: fake.bootstrap, environment })
  cleanUp.push(() => cluster.close())
  const producer = new Producer(cluster, options)
  const settle = <T>(promise: Promise<T>): Promise<T> => advanceUntilSettled(environment, promise)
  return { environment, fake, cluster, producer, log, verdicts, settle, broker: fake.broker(1) }
}

function store(
  request: RequestOf<'Produce'>,
  log: Map<string, string[]>,
  verdict: Verdict,
): ResponseOf<'Produce'> {
  return {
    ...defaultProduceResponse(),
    responses: request.topicData.map(({ name, topicId: id, partitionData }) => ({
      ...defaultProduceResponseResponse(),
      name,
      topicId: id,
      partitionResponses: partitionData.map(({ index, records }) => {
        const errorCode = verdict(records!, index)
        const stored = log.get(`${index}`) ?? []
        log.set(`${index}`, stored)
        const baseOffset = errorCode === 0 ? stored.length : -1
        if (errorCode === 0) stored.push(...valuesOf(records!))
        return { ...defaultProduceResponseResponsePartitionResponse(), index, errorCode, baseOffset }
      }),
    })),
  }
}

const valuesOf = (batch: Buffer): string[] => decodeRecords(batch).map(({ value }) => `${value}`)
const record = (value: string, partition = 0) => ({ value: Buffer.from(value), partition })
const batchesOf = (broker: FakeBroker): Buffer[] =>
  broker
    .requestsOf('Produce')
    .flatMap(({ topicData }) =>
      topicData.flatMap((topic) => topic.partitionData.map(({ records }) => records!)),
    )

describe('batching', () => {
  it('gathers records for the linger time, then sends them as one batch', async () => {
    const { environment, producer, broker, cluster } = await setUp({ t: [1] }, { lingerMs: 50 })
    await cluster.topic('t')
    const sent = Promise.all(['a', 'b', 'c'].map((value) => producer.send('t', record(value))))
    await untilTrue(() => environment.pendingTimers > 0)
    environment.advance(49)
    expect(broker.requestsOf('Produce')).toHaveLength(0)
    environment.advance(1)
    expect((await sent).map(({ offset }) => offset)).toEqual([0, 1, 2])
    expect(batchesOf(broker).map(valuesOf)).toEqual([['a', 'b', 'c']])
  })

  it('sends a batch that is full at once, and puts larger records in batches of their own', async () => {
    const { producer, broker } = await setUp({ t: [1] }, { lingerMs: 1e9, batchBytesMax: 200 })
    const values = ['a', 'x'.repeat(500), 'b']
    const sent = Promise.all(values.map((value) => producer.send('t', record(value))))
    await producer.flush()
    await sent
    expect(batchesOf(broker).map(valuesOf)).toEqual([['a'], ['x'.repeat(500)], ['b']])
  })

  it('lets records gather while a batch of their partition is under way', async () => {
    const { producer, broker, log } = await setUp({ t: [1] }, { lingerMs: 0 })
    let release = (): void => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const answer = broker.handlers.Produce!
    broker.handlers.Produce = async (request, call) => {
      if (valuesOf(request.topicData[0]!.partitionData[0]!.records!)[0] === 'first') await held
      return answer(request, call)
    }
    const first = producer.send('t', record('first'))
    const flushing = producer.flush()
    await untilTrue(() => broker.requestsOf('Produce').length === 1)
    const rest = Promise.all(['a', 'b'].map((value) => producer.send('t', record(value))))
    release()
    await flushing
    await producer.flush()
    expect((await rest).map(({ offset }) => offset)).toEqual([1, 2])
    expect((await first).offset).toBe(0)
    expect(log.get('0')).toEqual(['first', 'a', 'b'])
    expect(broker.requestsOf('Produce')).toHaveLength(2)
  })

  it('sends batches of one leader in one request, with topic ids', async () => {
    const { producer, fake } = await setUp({ t: [1, 2, 1] }, {}, 2)
    const sent = Promise.all([0, 1, 2].map((partition) => producer.send('t', record('v', partition))))
    await producer.flush()
    await sent
    expect(
      fake.brokers.map((broker) =>
        broker.requestsOf('Produce').map(({ topicData }) => topicData[0]!.partitionData.length),
      ),
    ).toEqual([[2], [1]])
    expect(fake.broker(1).requestsOf('Produce')[0]!.topicData[0]!.topicId).toBe(topicId('t'))
  })

  it('waits when the buffer is full, and goes on as it empties', async () => {
    const { producer, settle, log } = await setUp({ t: [1] }, { bufferBytesMax: 100, batchBytesMax: 60 })
    const values = Array.from({ length: 20 }, (_, index) => `record ${index}`)
    await settle(Promise.all(values.map((value) => producer.send('t', record(value)))))
    expect(log.get('0')).toEqual(values)
  })

  it('splits a batch that the broker finds too large', async () => {
    const { producer, settle, verdicts, log } = await setUp({ t: [1] }, {})
    verdicts.current = (batch) => (batchRecordCount(batch, 0) > 2 ? ERROR_CODES.MESSAGE_TOO_LARGE : 0)
    const values = ['a', 'b', 'c', 'd', 'e']
    const receipts = await settle(Promise.all(values.map((value) => producer.send('t', record(value)))))
    expect(log.get('0')).toEqual(values)
    expect(receipts.map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4])
  })
})

describe('failures', () => {
  it('are retried in order at the new leader', async () => {
    const { producer, fake, settle, verdicts, log } = await setUp({ t: [1] }, {}, 2)
    let refused = 0
    verdicts.current = () => {
      if (fake.leaders['t']![0] === 2) return 0
      if (++refused === 3) fake.leaders = { t: [2] }
      return ERROR_CODES.NOT_LEADER_OR_FOLLOWER
    }
    const sent = Promise.all(['a', 'b', 'c'].map((value) => producer.send('t', record(value))))
    await settle(sent)
    expect(log.get('0')).toEqual(['a', 'b', 'c'])
    expect(fake.broker(2).requestsOf('Produce')).toHaveLength(1)
  })

  it('never let a record pass another that waits for a look-up of the topic', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { environment, producer, fake, broker, settle, verdicts, log } = await setUp(
        { t: [1] },
        { lingerMs: 0 },
      )
      const chance = new ManualEnvironment({ seed })
      // Look-ups fail half the time, and are repeated after pauses of chance; so do writes.
      broker.handlers.Metadata = (request) => {
        if (chance.random() < 0.5) return fake.metadata(request)
        const topics = request.topics?.map(({ name }) => ({ name: name === 't' ? 'elsewhere' : name }))
        const answer = fake.metadata({ ...request, topics: topics as typeof request.topics })
        return { ...answer, topics: answer.topics.map((topic) => ({ ...topic, name: 't' })) }
      }
      let tries = 0
      verdicts.current = () => (++tries < 8 ? ERROR_CODES.NOT_LEADER_OR_FOLLOWER : 0)
      const values = Array.from({ length: 30 }, (_, index) => String(index))
      const sent: Promise<unknown>[] = []
      for (const value of values) {
        sent.push(producer.send('t', record(value)))
        for (let turn = chance.random() * 6; turn > 0; turn--) {
          await new Promise((resolve) => setImmediate(resolve))
          environment.advance(chance.random() * 40)
        }
      }
      await settle(Promise.all(sent))
      expect(log.get('0')).toEqual(values)
    }
  })

  it('that cannot be retried go to those who sent, with what the broker said', async () => {
    const { producer, settle, verdicts, log } = await setUp({ t: [1, 1] }, {})
    verdicts.current = (_, partition) => (partition === 1 ? ERROR_CODES.INVALID_RECORD : 0)
    const [good, bad] = await settle(
      Promise.allSettled([producer.send('t', record('a')), producer.send('t', record('b', 1))]),
    )
    expect(good).toMatchObject({ status: 'fulfilled' })
    expect(bad).toMatchObject({
      reason: { name: 'INVALID_RECORD', message: expect.stringContaining('cannot write to t [1]') },
    })
    verdicts.current = () => 0
    await settle(producer.send('t', record('c', 1)))
    expect(log.get('1')).toEqual(['c'])
  })

  it('end with the last error when the delivery time is over', async () => {
    const { producer, settle, broker } = await setUp({ t: [1] }, { deliveryTimeoutMs: 2_000 })
    broker.handlers.Produce = () => HANG_UP
    await expect(settle(producer.send('t', record('a')))).rejects.toMatchObject({ name: 'ConnectionError' })
    expect(broker.requestsOf('Produce').length).toBeGreaterThan(2)
  })

  it('of partitions that there are not are told before anything is sent', async () => {
    const { producer } = await setUp({ t: [1] }, {})
    await expect(producer.send('t', record('a', 5))).rejects.toEqual(
      new RefusedError('topic t has partition 0 only, not 5'),
    )
    await producer.close()
    await expect(producer.send('t', record('a'))).rejects.toEqual(new RefusedError('the producer is closed'))
  })
})

describe('acks', () => {
  it('B3: of 0 resolve without an answer and without an offset', async () => {
    const { producer, settle, broker } = await setUp({ t: [1] }, { acks: 0 })
    expect(await settle(producer.send('t', record('a')))).toMatchObject({ offset: -1 })
    await untilTrue(() => broker.requestsOf('Produce').length === 1)
  })

  it('of less than all cannot be had with idempotence', async () => {
    const { cluster } = await setUp({}, {})
    expect(() => new Producer(cluster, { idempotent: true, acks: 1 })).toThrow(RefusedError)
  })
})

describe('idempotence', () => {
  it('G1: numbers the records of each partition, and keeps the number of a batch that is sent again', async () => {
    const { producer, settle, verdicts, broker } = await setUp({ t: [1, 1] }, { idempotent: true })
    broker.handlers.InitProducerId = () => ({
      ...defaultInitProducerIdResponse(),
      producerId: 77,
      producerEpoch: 0,
    })
    broker.dropConnections()
    let tries = 0
    verdicts.current = () => (++tries === 2 ? ERROR_CODES.REQUEST_TIMED_OUT : 0)
    const sendAll = async (...values: string[]): Promise<void> => {
      await settle(Promise.all(values.map((value) => producer.send('t', record(value)))))
    }
    await sendAll('a', 'b')
    await sendAll('c')
    await sendAll('d')
    const sequences = batchesOf(broker).map((batch) => batchBaseSequence(batch, 0))
    expect(sequences).toEqual([0, 2, 2, 3])
    expect(batchesOf(broker).every((batch) => batchProducerId(batch, 0) === 77)).toBe(true)
    expect(broker.requestsOf('InitProducerId')).toHaveLength(1)
  })

  it('numbers the halves of a split batch as the batch was', async () => {
    const { producer, settle, verdicts, broker } = await setUp({ t: [1] }, { idempotent: true })
    broker.handlers.InitProducerId = () => ({
      ...defaultInitProducerIdResponse(),
      producerId: 1,
      producerEpoch: 0,
    })
    broker.dropConnections()
    verdicts.current = (batch) => (batchRecordCount(batch, 0) > 2 ? ERROR_CODES.MESSAGE_TOO_LARGE : 0)
    await settle(Promise.all(['a', 'b', 'c', 'd'].map((value) => producer.send('t', record(value)))))
    await settle(producer.send('t', record('e')))
    expect(batchesOf(broker).map((batch) => batchBaseSequence(batch, 0))).toEqual([0, 0, 2, 4])
  })

  it('begins anew with another identity after a batch was given up', async () => {
    const { producer, settle, verdicts, broker } = await setUp({ t: [1] }, { idempotent: true })
    let next = 100
    broker.handlers.InitProducerId = () => ({
      ...defaultInitProducerIdResponse(),
      producerId: next++,
      producerEpoch: 0,
    })
    broker.dropConnections()
    await settle(producer.send('t', record('a')))
    verdicts.current = () => ERROR_CODES.OUT_OF_ORDER_SEQUENCE_NUMBER
    await expect(settle(producer.send('t', record('b')))).rejects.toMatchObject({
      name: 'OUT_OF_ORDER_SEQUENCE_NUMBER',
    })
    verdicts.current = () => 0
    await settle(producer.send('t', record('c')))
    expect(
      batchesOf(broker).map((batch) => [batchProducerId(batch, 0), batchBaseSequence(batch, 0)]),
    ).toEqual([
      [100, 0],
      [100, 1],
      [101, 0],
    ])
  })
})
