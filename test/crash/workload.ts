import { type Consumer, Kafka, logLevel, Partitioners } from 'kafkajs'
import { systemEnvironment } from '../../src/base/environment.ts'
import { Cluster } from '../../src/client/cluster.ts'
import { Producer } from '../../src/client/producer.ts'
import { Child } from '../support/child.ts'
import { clientProgram } from '../support/clients.ts'
import { type CrashEvent, parseValue, writeValue } from './history.ts'

/** Something that loads the broker through its crashes until it is told to stop. */
export interface Workload {
  readonly name: string
  /** Sends nothing new, and resolves when everything that was sent is settled. */
  stop(): Promise<void>
}

/** What a workload works on, and where it tells what happens. */
export interface Target {
  readonly port: number
  readonly topic: string
  readonly partitions: number
  readonly record: (event: CrashEvent) => void
  /** Records that a producer sends in 20 ms where it can choose (default 20). */
  readonly recordsPerTick?: number
}

const TICK_MS = 20
const RECORDS_PER_TICK = 20
const OUTSTANDING_MAX = 1000
const COORDINATOR_TRIES = 200
const COORDINATOR_WAIT_MS = 50

/** librdkafka's idempotent producer, by way of Python. */
export function librdkafkaProducer(target: Target, python: string): Workload {
  const producer = 'librdkafka'
  const { port, topic, partitions, record, recordsPerTick = RECORDS_PER_TICK } = target
  const rate = String((1000 / TICK_MS) * recordsPerTick)
  const program = clientProgram('idempotent-producer.py', 'crash')
  const child = new Child(python, [program, `127.0.0.1:${port}`, topic, String(partitions), rate], {
    onLine(line) {
      const [kind, partitionText, sequenceText, rest = ''] = line.split(' ', 4)
      const base = { producer, partition: Number(partitionText), sequence: Number(sequenceText) }
      if (kind === 's') record({ kind: 'sent', ...base })
      else if (kind === 'a') record({ kind: 'acked', ...base, offset: Number(rest) })
      else if (kind === 'f') record({ kind: 'failed', ...base, error: line })
    },
  })
  return {
    name: producer,
    async stop() {
      child.process.stdin!.end()
      const { code, stderr } = await child.exited
      if (code !== 0) throw new Error(`the ${producer} producer ended with ${code}: ${stderr}`)
    },
  }
}

/** The idempotent producer of src/client. */
export async function ownProducer(target: Target): Promise<Workload> {
  const producer = 'own'
  const { port, topic, partitions, record, recordsPerTick = RECORDS_PER_TICK } = target
  const cluster = await Cluster.open({
    bootstrap: [{ host: '127.0.0.1', port }],
    environment: systemEnvironment,
  })
  const client = new Producer(cluster, { idempotent: true, deliveryTimeoutMs: 600_000, compression: 'gzip' })
  const sequences = new Array<number>(partitions).fill(0)
  let outstanding = 0
  let turn = 0
  const send = async (): Promise<void> => {
    const partition = turn++ % partitions
    const sequence = sequences[partition]!++
    const written = { producer, partition, sequence }
    record({ kind: 'sent', ...written })
    outstanding++
    try {
      const { offset } = await client.send(topic, { value: Buffer.from(writeValue(written)), partition })
      record({ kind: 'acked', ...written, offset })
    } catch (error) {
      record({ kind: 'failed', ...written, error: String(error) })
    }
    outstanding--
  }
  const ticker = setInterval(() => {
    for (let index = 0; index < recordsPerTick && outstanding < OUTSTANDING_MAX; index++) void send()
  }, TICK_MS)
  return {
    name: producer,
    async stop() {
      clearInterval(ticker)
      await client.close()
      cluster.close()
    },
  }
}

const RETRY = { initialRetryTime: 50, maxRetryTime: 300, factor: 0, multiplier: 1, retries: 100_000 }

function kafkajsClient(port: number): Kafka {
  return new Kafka({ brokers: [`127.0.0.1:${port}`], logLevel: logLevel.NOTHING, retry: RETRY })
}

/** kafkajs's idempotent producer: one batch at a time for each partition in turn. */
export async function kafkajsProducer(target: Target): Promise<Workload> {
  const name = 'kafkajs'
  const { port, topic, partitions, record } = target
  const producer = kafkajsClient(port).producer({
    idempotent: true,
    createPartitioner: Partitioners.DefaultPartitioner,
  })
  await producer.connect()
  const sequences = new Array<number>(partitions).fill(0)
  let stopped = false
  const sendBatch = async (partition: number): Promise<void> => {
    const batch = Array.from({ length: 10 }, () => ({
      producer: name,
      partition,
      sequence: sequences[partition]!++,
    }))
    for (const written of batch) record({ kind: 'sent', ...written })
    try {
      const messages = batch.map((written) => ({ partition, value: writeValue(written) }))
      const [answer] = await producer.send({ topic, acks: -1, messages })
      const base = Number(answer!.baseOffset)
      batch.forEach((written, index) => {
        record({ kind: 'acked', ...written, offset: base < 0 ? -1 : base + index })
      })
    } catch (error) {
      for (const written of batch) record({ kind: 'failed', ...written, error: String(error) })
    }
  }
  const loop = (async () => {
    for (let turn = 0; !stopped; turn++) {
      await sendBatch(turn % partitions)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })()
  return {
    name,
    async stop() {
      stopped = true
      await loop
      await producer.disconnect()
    },
  }
}

/** A kafkajs consumer, alone in its group, that commits after every batch and waits for the commit. */
export async function committingConsumer(target: Target, groupId: string): Promise<Workload> {
  const { port, topic, record } = target
  const consumer: Consumer = kafkajsClient(port).consumer({
    groupId,
    heartbeatInterval: 300,
    sessionTimeout: 10_000,
    maxWaitTimeInMs: 100,
    retry: { ...RETRY, restartOnFailure: async () => true },
  })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    async eachBatch({ batch: { partition, messages }, resolveOffset }) {
      for (const { offset, value } of messages) {
        const written = parseValue(String(value)) ?? { producer: 'nobody', partition, sequence: -1 }
        record({ kind: 'consumed', ...written, offset: Number(offset) })
      }
      const next = Number(messages.at(-1)!.offset) + 1
      record({ kind: 'commit-sent', partition, offset: next })
      await consumer.commitOffsets([{ topic, partition, offset: String(next) }])
      record({ kind: 'commit-acked', partition, offset: next })
      resolveOffset(messages.at(-1)!.offset)
    },
  })
  return {
    name: 'consumer',
    stop: async () => await consumer.disconnect(),
  }
}

/** The group's committed offset of each partition, -1 where there is none. Waits until the coordinator is there. */
export async function readCommitted(
  port: number,
  groupId: string,
  topic: string,
): Promise<Map<number, number>> {
  const admin = kafkajsClient(port).admin()
  await admin.connect()
  try {
    for (let tries = 0; ; tries++) {
      try {
        const [answer] = await admin.fetchOffsets({ groupId, topics: [topic] })
        return new Map(answer!.partitions.map(({ partition, offset }) => [partition, Number(offset)]))
      } catch (error) {
        if ((error as { retriable?: boolean }).retriable !== true || tries === COORDINATOR_TRIES) throw error
        await new Promise((resolve) => setTimeout(resolve, COORDINATOR_WAIT_MS))
      }
    }
  } finally {
    await admin.disconnect()
  }
}

/** Every record of the topic, by partition, from the first to the end as it is now. */
export async function readWhole(
  port: number,
  topic: string,
): Promise<Map<number, { offset: number; value: string }[]>> {
  const kafka = kafkajsClient(port)
  const admin = kafka.admin()
  await admin.connect()
  const ends = new Map<number, number>()
  for (const { partition, high } of await admin.fetchTopicOffsets(topic)) ends.set(partition, Number(high))
  await admin.disconnect()
  const records = new Map(
    [...ends.keys()].map((partition) => [partition, [] as { offset: number; value: string }[]]),
  )
  const unread = new Set([...ends].filter(([, end]) => end > 0).map(([partition]) => partition))
  if (unread.size === 0) return records
  const consumer = kafka.consumer({ groupId: `${topic}-reader`, maxWaitTimeInMs: 100 })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await new Promise<void>((resolve, reject) => {
    consumer.on('consumer.crash', ({ payload }) => reject(payload.error))
    const eachBatch = async ({ batch }: { batch: { partition: number; messages: readonly Read[] } }) => {
      const found = records.get(batch.partition)!
      for (const { offset, value } of batch.messages)
        found.push({ offset: Number(offset), value: String(value) })
      if (found.at(-1)!.offset + 1 >= ends.get(batch.partition)!) unread.delete(batch.partition)
      if (unread.size === 0) resolve()
    }
    consumer.run({ autoCommit: false, eachBatch }).catch(reject)
  })
  await consumer.disconnect()
  return records
}

interface Read {
  readonly offset: string
  readonly value: Buffer | null
}
