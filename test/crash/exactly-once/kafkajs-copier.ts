import { type EachBatchPayload, Kafka, type KafkaMessage, logLevel, Partitioners } from 'kafkajs'
import { sleep } from '../moments.ts'
import {
  ABORT_CHANCE,
  copierSettings,
  endForGood,
  inputEnded,
  RECORDS_PER_TRANSACTION_MAX,
  sayCommitted,
  sayReady,
  TRANSACTION_MS_MAX,
} from './copier-program.ts'
import { targetPartition, writeCopy } from './copy.ts'

/**
 * Copies with kafkajs, as the only member of its group: kafkajs does not tell the broker which member sends offsets to a
 * transaction, so that only its transactional id fences it. Whatever fails ends it.
 */
const settings = copierSettings()
const { source, target, group, targetPartitions, transactionalId } = settings

const retry = { initialRetryTime: 50, maxRetryTime: 300, factor: 0, multiplier: 1, retries: 100 }
const kafka = new Kafka({ brokers: [settings.bootstrap], logLevel: logLevel.NOTHING, retry })
const producer = kafka.producer({
  transactionalId,
  idempotent: true,
  maxInFlightRequests: 1,
  transactionTimeout: settings.transactionTimeoutMs,
  createPartitioner: Partitioners.DefaultPartitioner,
})
const consumer = kafka.consumer({
  groupId: group,
  sessionTimeout: settings.sessionTimeoutMs,
  heartbeatInterval: 200,
  maxWaitTimeInMs: 50,
  readUncommitted: false,
  retry: { ...retry, restartOnFailure: async () => false },
})

/** Resolves to whether it was committed. */
async function copy(partition: number, messages: readonly KafkaMessage[]): Promise<boolean> {
  const transaction = await producer.transaction()
  const copies = messages.map(({ offset, value }) => {
    const place = { partition, offset: Number(offset) }
    return { partition: targetPartition(place, targetPartitions), value: writeCopy(place, String(value)) }
  })
  await transaction.send({ topic: target, messages: copies })
  await sleep(Math.random() * TRANSACTION_MS_MAX)
  if (Math.random() < ABORT_CHANCE) {
    await transaction.abort()
    return false
  }
  const [first, end] = [Number(messages[0]!.offset), Number(messages.at(-1)!.offset) + 1]
  const partitions = [{ partition, offset: String(end) }]
  await transaction.sendOffsets({ consumerGroupId: group, topics: [{ topic: source, partitions }] })
  await transaction.commit()
  sayCommitted([{ partition, first, end }])
  return true
}

async function eachBatch(payload: EachBatchPayload): Promise<void> {
  const { batch, resolveOffset, heartbeat, isRunning, isStale } = payload
  for (let index = 0; index < batch.messages.length; ) {
    if (!isRunning() || isStale()) return
    const messages = batch.messages.slice(index, index + RECORDS_PER_TRANSACTION_MAX)
    if (await copy(batch.partition, messages)) {
      index += messages.length
      resolveOffset(messages.at(-1)!.offset)
    }
    await heartbeat()
  }
}

process.on('uncaughtException', endForGood)
process.on('unhandledRejection', endForGood)
consumer.on('consumer.crash', ({ payload }) => endForGood(payload.error))
// First the transactional id, then the offsets: what a predecessor had open is over when they are read.
await producer.connect()
sayReady()
await consumer.connect()
await consumer.subscribe({ topic: source, fromBeginning: true })
const failing = async (payload: EachBatchPayload): Promise<void> => await eachBatch(payload).catch(endForGood)
await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: failing })
await inputEnded()
await consumer.disconnect()
await producer.disconnect()
process.exit(0)
