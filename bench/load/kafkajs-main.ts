import { randomBytes } from 'node:crypto'
import { CompressionTypes, Kafka, logLevel, Partitioners } from 'kafkajs'
import type { Load } from './load-generator.ts'

/** What the process is asked for, as JSON in its first argument. */
export interface KafkajsTask extends Load {
  readonly mode: 'produce' | 'consume' | 'latencies'
  readonly perSecond?: number
}

const BATCH_BYTES = 512 * 1024
const BATCHES_IN_FLIGHT = 5

const task = JSON.parse(process.argv[2]!) as KafkajsTask
const kafka = new Kafka({ brokers: [task.bootstrap], logLevel: logLevel.NOTHING })
const value = randomBytes(task.recordBytes)
const result = task.mode === 'consume' ? await consume() : await withProducer(task.mode)
console.log(JSON.stringify(result))

async function withProducer(mode: 'produce' | 'latencies'): Promise<number | number[]> {
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
  await producer.connect()
  const send = async (count: number): Promise<void> => {
    const messages = Array.from({ length: count }, () => ({ value }))
    await producer.send({ topic: task.topic, acks: -1, compression: CompressionTypes.None, messages })
  }
  await send(1)
  const outcome = mode === 'produce' ? await produce(send) : await pace(send)
  await producer.disconnect()
  return outcome
}

async function produce(send: (count: number) => Promise<void>): Promise<number> {
  const batchRecords = Math.max(1, Math.floor(BATCH_BYTES / task.recordBytes))
  let left = task.recordCount - 1
  const lane = async (): Promise<void> => {
    while (left > 0) {
      const count = Math.min(left, batchRecords)
      left -= count
      await send(count)
    }
  }
  const startMs = performance.now()
  await Promise.all(Array.from({ length: BATCHES_IN_FLIGHT }, lane))
  return (performance.now() - startMs) / 1000
}

async function pace(send: (count: number) => Promise<void>): Promise<number[]> {
  const latencies: number[] = []
  const pending: Promise<void>[] = []
  const startMs = performance.now()
  for (let index = 0; index < task.recordCount; index++) {
    const dueMs = startMs + (index * 1000) / task.perSecond!
    const waitMs = dueMs - performance.now()
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
    const sentMs = performance.now()
    pending.push(send(1).then(() => void latencies.push(performance.now() - sentMs)))
  }
  await Promise.all(pending)
  return latencies
}

async function consume(): Promise<number> {
  const consumer = kafka.consumer({ groupId: `bench-${randomBytes(6).toString('hex')}` })
  await consumer.connect()
  await consumer.subscribe({ topic: task.topic, fromBeginning: true })
  let count = 0
  let startMs = 0
  const seconds = await new Promise<number>((resolve, reject) => {
    consumer.on('consumer.crash', ({ payload }) => reject(payload.error))
    const eachBatch = async ({ batch }: { batch: { messages: readonly unknown[] } }): Promise<void> => {
      if (count === 0) startMs = performance.now()
      count += batch.messages.length
      if (count >= task.recordCount) resolve((performance.now() - startMs) / 1000)
    }
    consumer.run({ eachBatch }).catch(reject)
  })
  await consumer.disconnect()
  return seconds
}
