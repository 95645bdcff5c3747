import { Kafka, logLevel, Partitioners } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BrokerProcess, startBroker } from '../support/broker-process.ts'
import { runJson } from '../support/child.ts'
import { clientProgram, findPythonWith } from '../support/clients.ts'
import { uniqueName } from '../support/names.ts'
import { createTopic } from '../support/topics.ts'

let broker: BrokerProcess

beforeAll(async () => {
  broker = await startBroker()
})

afterAll(async () => {
  await broker.stop()
})

const confluent = findPythonWith('confluent_kafka', 'python3-confluent-kafka')

describe.skipIf(confluent.missing)(`transactions of ${confluent.title}`, () => {
  it('G10, E11: what a transaction consumed and produced counts as a whole, once', async () => {
    const [source, target] = [uniqueName('source'), uniqueName('target')]
    for (const topic of [source, target]) await createTopic(broker.bootstrap, topic, 1)
    const args = [
      clientProgram('confluent-transactions.py'),
      broker.bootstrap,
      source,
      target,
      uniqueName('copy'),
    ]
    const [facts] = await runJson<Record<string, unknown>>(confluent.command ?? 'python3', args)
    expect(facts).toEqual({
      fenced: [expect.stringMatching(/^_?FENCED$|INVALID_PRODUCER_EPOCH|PRODUCER_FENCED/), true],
      offset: 60,
      committed: Array.from({ length: 60 }, (_, index) => String(index)),
      uncommitted: 75,
    })
  })
})

describe('transactions of kafkajs', () => {
  const kafka = (): Kafka => new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING })

  /** Values in the order in which a reader of committed records has them, until `count` have come. */
  async function readCommitted(topic: string, count: number): Promise<string[]> {
    const consumer = kafka().consumer({
      groupId: uniqueName('group'),
      readUncommitted: false,
      maxWaitTimeInMs: 100,
    })
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    const values: string[] = []
    await new Promise<void>((resolve, reject) => {
      consumer.on('consumer.crash', ({ payload }) => reject(payload.error))
      consumer
        .run({
          eachMessage: async ({ message }) => {
            values.push(String(message.value))
            if (values.length === count) resolve()
          },
        })
        .catch(reject)
    })
    await consumer.disconnect()
    return values
  }

  it('commits and aborts over several partitions, and hides what was aborted', async () => {
    const topic = uniqueName('kafkajs')
    await createTopic(broker.bootstrap, topic, 3)
    const producer = kafka().producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      transactionalId: uniqueName('transactional'),
      maxInFlightRequests: 1,
      idempotent: true,
    })
    await producer.connect()
    for (let turn = 0; turn < 8; turn++) {
      const transaction = await producer.transaction()
      const messages = [0, 1, 2].map((partition) => ({ value: `${turn}`, partition }))
      await transaction.send({ topic, messages })
      if (turn % 2 === 0) await transaction.commit()
      else await transaction.abort()
    }
    await producer.disconnect()
    const values = await readCommitted(topic, 12)
    expect(values.sort()).toEqual(['0', '2', '4', '6'].flatMap((value) => [value, value, value]))
  })

  it('sends offsets that count when the transaction commits, not when it aborts', async () => {
    const topic = uniqueName('kafkajs')
    const groupId = uniqueName('group')
    await createTopic(broker.bootstrap, topic, 1)
    const admin = kafka().admin()
    await admin.connect()
    const producer = kafka().producer({
      createPartitioner: Partitioners.DefaultPartitioner,
      transactionalId: uniqueName('transactional'),
      maxInFlightRequests: 1,
      idempotent: true,
    })
    await producer.connect()
    const committed = async (): Promise<string> => {
      const [fetched] = await admin.fetchOffsets({ groupId, topics: [topic] })
      return fetched!.partitions[0]!.offset
    }
    const sendOffset = async (offset: string) => {
      const transaction = await producer.transaction()
      await transaction.sendOffsets({
        consumerGroupId: groupId,
        topics: [{ topic, partitions: [{ partition: 0, offset }] }],
      })
      return transaction
    }
    await (await sendOffset('7')).commit()
    await expect.poll(committed, { timeout: 10_000, interval: 20 }).toBe('7')
    const aborted = await sendOffset('9')
    expect(await committed()).toBe('7')
    await aborted.abort()
    await (await sendOffset('11')).commit()
    await expect.poll(committed, { timeout: 10_000, interval: 20 }).toBe('11')
    await producer.disconnect()
    await admin.disconnect()
  })
})
