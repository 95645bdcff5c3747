import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  CompressionTypes,
  type Consumer,
  Kafka,
  type KafkaMessage,
  logLevel,
  Partitioners,
  ResourcePatternTypes,
} from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BrokerProcess, startBroker } from '../support/broker-process.ts'
import { patternBytes, uniqueName } from '../support/names.ts'
import { createTopic } from '../support/topics.ts'

let broker: BrokerProcess
let kafka: Kafka

beforeAll(async () => {
  broker = await startBroker()
  kafka = new Kafka({ brokers: [broker.bootstrap], logLevel: logLevel.NOTHING })
})

afterAll(async () => {
  await broker.stop()
})

async function newTopic(partitions: number): Promise<string> {
  const topic = uniqueName('kafkajs')
  await createTopic(broker.bootstrap, topic, partitions)
  return topic
}

function newProducer(options: { idempotent?: boolean } = {}) {
  return kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, ...options })
}

function newConsumer(groupId: string): Consumer {
  return kafka.consumer({ groupId, heartbeatInterval: 100, sessionTimeout: 6000, maxWaitTimeInMs: 100 })
}

/** Reads from the start until `count` messages have come. */
async function consume(topic: string, count: number): Promise<(KafkaMessage & { partition: number })[]> {
  const consumer = newConsumer(uniqueName('group'))
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  const messages: (KafkaMessage & { partition: number })[] = []
  await new Promise<void>((resolve, reject) => {
    consumer.on('consumer.crash', ({ payload }) => reject(payload.error))
    consumer
      .run({
        eachMessage: async ({ message, partition }) => {
          messages.push({ ...message, partition })
          if (messages.length === count) resolve()
        },
      })
      .catch(reject)
  })
  await consumer.disconnect()
  return messages
}

describe('kafkajs', () => {
  it.each([
    ['none', CompressionTypes.None],
    ['gzip', CompressionTypes.GZIP],
  ])('produces and consumes with %s: keys, values, headers, nulls and tombstones', async (_, compression) => {
    const topic = await newTopic(1)
    const producer = newProducer()
    await producer.connect()
    const sent = [
      { key: 'k', value: 'v', headers: { one: '1', two: ['a', 'b'] } },
      { key: null, value: 'no key' },
      { key: 'tombstone', value: null },
      { key: '', value: '' },
      { key: 'é', value: '日本語' },
    ]
    const [result] = await producer.send({ topic, compression, acks: -1, messages: sent })
    expect(result).toMatchObject({ topicName: topic, partition: 0, errorCode: 0, baseOffset: '0' })
    await producer.disconnect()
    const messages = await consume(topic, sent.length)
    expect(messages.map(({ offset }) => offset)).toEqual(['0', '1', '2', '3', '4'])
    expect(messages.map(({ key }) => key?.toString() ?? null)).toEqual(['k', null, 'tombstone', '', 'é'])
    const values = messages.map(({ value }) => value?.toString() ?? null)
    expect(values).toEqual(['v', 'no key', null, '', '日本語'])
    const headers = messages[0]!.headers!
    expect(String(headers['one'])).toBe('1')
    expect((headers['two'] as Buffer[]).map(String)).toEqual(['a', 'b'])
  })

  it('moves messages of nearly 1 MiB unharmed', async () => {
    const topic = await newTopic(1)
    const producer = newProducer()
    await producer.connect()
    const value = patternBytes(1024 * 1024 - 200)
    for (let index = 0; index < 3; index++) {
      await producer.send({ topic, messages: [{ key: String(index), value }] })
    }
    await producer.disconnect()
    const messages = await consume(topic, 3)
    for (const message of messages) expect(value.equals(message.value!)).toBe(true)
  })

  it('numbers the records of an idempotent producer without a gap', async () => {
    const topic = await newTopic(1)
    const producer = newProducer({ idempotent: true })
    await producer.connect()
    for (let batch = 0; batch < 20; batch++) {
      const messages = Array.from({ length: 5 }, (_, index) => ({ value: String(batch * 5 + index) }))
      await producer.send({ topic, messages })
    }
    await producer.disconnect()
    const messages = await consume(topic, 100)
    expect(messages.map(({ value }) => Number(value))).toEqual(
      Array.from({ length: 100 }, (_, index) => index),
    )
    expect(messages.at(-1)!.offset).toBe('99')
  })

  it('seeks by time', async () => {
    const topic = await newTopic(1)
    const producer = newProducer()
    await producer.connect()
    for (let index = 0; index < 10; index++) {
      const timestamp = String(1_600_000_000_000 + index * 1000)
      await producer.send({ topic, messages: [{ value: String(index), timestamp }] })
    }
    await producer.disconnect()
    const admin = kafka.admin()
    await admin.connect()
    expect(await admin.fetchTopicOffsetsByTimestamp(topic, 1_600_000_000_000 + 6500)).toEqual([
      { partition: 0, offset: '7' },
    ])
    expect(await admin.fetchTopicOffsets(topic)).toEqual([
      { partition: 0, offset: '10', high: '10', low: '0' },
    ])
    await admin.disconnect()
    const consumer = newConsumer(uniqueName('group'))
    await consumer.connect()
    await consumer.subscribe({ topic })
    const first = new Promise<string>((resolve) => {
      void consumer.run({ eachMessage: async ({ message }) => resolve(String(message.value)) })
    })
    consumer.seek({ topic, partition: 0, offset: '7' })
    expect(await first).toBe('7')
    await consumer.disconnect()
  })

  it('commits offsets with their metadata, and tells the lag', async () => {
    const topic = await newTopic(2)
    const groupId = uniqueName('group')
    const producer = newProducer()
    await producer.connect()
    await producer.send({
      topic,
      messages: [
        { value: 'a', partition: 0 },
        { value: 'b', partition: 0 },
      ],
    })
    await producer.disconnect()
    const consumer = newConsumer(groupId)
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    const joined = joinedAs(consumer)
    await consumer.run({ autoCommit: false, eachMessage: async () => {} })
    await joined
    await consumer.commitOffsets([{ topic, partition: 0, offset: '1', metadata: 'half way' }])
    const admin = kafka.admin()
    await admin.connect()
    const { members, state } = (await admin.describeGroups([groupId])).groups[0]!
    expect([state, members.length]).toEqual(['Stable', 1])
    await consumer.disconnect()
    const fetched = await admin.fetchOffsets({ groupId, topics: [topic] })
    const partitions = [...fetched[0]!.partitions].sort((a, b) => a.partition - b.partition)
    expect(partitions).toMatchObject([
      { partition: 0, offset: '1', metadata: 'half way' },
      { partition: 1, offset: '-1' },
    ])
    const ends = await admin.fetchTopicOffsets(topic)
    const end = ends.find(({ partition }) => partition === 0)!.high
    expect(Number(end) - Number(partitions[0]!.offset)).toBe(1)
    expect((await admin.listGroups()).groups.map((group) => group.groupId)).toContain(groupId)
    await admin.deleteGroups([groupId])
    expect((await admin.listGroups()).groups.map((group) => group.groupId)).not.toContain(groupId)
    await admin.disconnect()
  })

  it('creates, lists, describes and deletes topics, and grows them', async () => {
    const topic = await newTopic(3)
    const admin = kafka.admin()
    await admin.connect()
    expect(await admin.listTopics()).toContain(topic)
    expect(await admin.createTopics({ topics: [{ topic }] })).toBe(false)
    await admin.createPartitions({ topicPartitions: [{ topic, count: 5 }] })
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    expect(topics[0]!.partitions.map(({ partitionId }) => partitionId).sort()).toEqual([0, 1, 2, 3, 4])
    await admin.deleteTopics({ topics: [topic] })
    expect(await admin.listTopics()).not.toContain(topic)
    await admin.disconnect()
  })

  it('tells an end behind every record that acks=1 acknowledged', async () => {
    const topic = await newTopic(1)
    const [admin, producer] = [kafka.admin(), newProducer()]
    await Promise.all([admin.connect(), producer.connect()])
    for (let count = 1; count <= 30; count++) {
      await producer.send({ topic, acks: 1, messages: [{ value: 'v' }] })
      expect((await admin.fetchTopicOffsets(topic))[0]!.high).toBe(String(count))
    }
    await Promise.all([admin.disconnect(), producer.disconnect()])
  })

  it('goes on where a feature is off', async () => {
    const admin = kafka.admin()
    await admin.connect()
    const rules = {
      resourceType: AclResourceTypes.ANY,
      resourcePatternType: ResourcePatternTypes.ANY,
      operation: AclOperationTypes.ANY,
      permissionType: AclPermissionTypes.ANY,
    }
    await expect(admin.describeAcls(rules)).rejects.toMatchObject({ type: 'SECURITY_DISABLED' })
    expect(await admin.listTopics()).toEqual(expect.any(Array))
    await admin.disconnect()
  })

  it('shares partitions when a second member joins, and takes them back when it leaves', async () => {
    const topic = await newTopic(4)
    const groupId = uniqueName('group')
    const first = newConsumer(groupId)
    const second = newConsumer(groupId)
    const seen = new Set<string>()
    for (const consumer of [first, second]) {
      await consumer.connect()
      await consumer.subscribe({ topic, fromBeginning: true })
    }
    const eachMessage = async ({ message }: { message: KafkaMessage }): Promise<void> => {
      seen.add(String(message.value))
    }
    const alone = joinedAs(first, 4)
    await first.run({ eachMessage })
    expect(await alone).toEqual([0, 1, 2, 3])
    const shared = [joinedAs(first, 2), joinedAs(second, 2)]
    await second.run({ eachMessage })
    expect((await Promise.all(shared)).flat().sort()).toEqual([0, 1, 2, 3])
    const aloneAgain = joinedAs(first, 4)
    await second.disconnect()
    expect(await aloneAgain).toEqual([0, 1, 2, 3])
    await first.disconnect()
  })
})

/** Resolves to the partitions of the first generation in which the consumer has `count` of them. */
async function joinedAs(consumer: Consumer, count?: number): Promise<number[]> {
  return await new Promise((resolve) => {
    const remove = consumer.on('consumer.group_join', ({ payload }) => {
      const partitions = Object.values(payload.memberAssignment).flat()
      if (count !== undefined && partitions.length !== count) return
      remove()
      resolve([...partitions].sort())
    })
  })
}
