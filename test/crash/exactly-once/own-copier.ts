import { systemEnvironment } from '../../../src/base/environment.ts'
import { Cluster } from '../../../src/client/cluster.ts'
import { fetchCommitted } from '../../../src/client/committed-offsets.ts'
import { Consumer } from '../../../src/client/consumer.ts'
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
import { type SourceRange, targetPartition, writeCopy } from './copy.ts'
import { TransactionalWriter } from './transactional-writer.ts'

/**
 * Copies in transactions of version 2 (KIP-890). It reads every partition of the source and is no member of a group:
 * only its transactional id fences it. Whatever fails, beyond what a broker that comes back can answer, ends it.
 */
const settings = copierSettings()
const { source, target, targetPartitions, group } = settings
let isStopping = false

async function run(): Promise<void> {
  const [host = '', port] = settings.bootstrap.split(':')
  const bootstrap = [{ host, port: Number(port) }]
  const cluster = await Cluster.open({ bootstrap, environment: systemEnvironment })
  // First the transactional id, then the offsets: what a predecessor had open is over when they are read.
  const { transactionalId, transactionTimeoutMs } = settings
  const writer = await TransactionalWriter.open(cluster, transactionalId, transactionTimeoutMs)
  sayReady()
  const consumer = new Consumer(cluster, { maxWaitMs: 50, whenOutOfRange: 'fail' })
  let positions = await startPositions(cluster)
  consumer.assign(positions)
  while (!isStopping) {
    const taken = await copySome(consumer, writer)
    if (taken.length === 0) continue
    if (Math.random() < ABORT_CHANCE) {
      await writer.end(false)
      consumer.assign(positions)
      continue
    }
    await writer.sendOffsets(group, source, new Map(taken.map(({ partition, end }) => [partition, end])))
    await writer.end(true)
    sayCommitted(taken)
    positions = consumer.positions()
  }
  process.exit(0)
}

async function startPositions(cluster: Cluster) {
  const { partitions } = await cluster.topic(source)
  const committed = await fetchCommitted(cluster, group)
  const offsets = new Map(committed.map(({ partition, offset }) => [partition, offset]))
  return partitions.map(({ index }) => ({
    topic: source,
    partition: index,
    offset: offsets.get(index) ?? 0,
  }))
}

/** Writes what there is, for a while. Returns what was taken; nothing is open when that is nothing. */
async function copySome(consumer: Consumer, writer: TransactionalWriter): Promise<SourceRange[]> {
  const ranges = new Map<number, SourceRange>()
  const endMs = performance.now() + Math.random() * TRANSACTION_MS_MAX
  let count = 0
  do {
    const records = await consumer.poll(20)
    if (records.length === 0) continue
    const { partition, offset: first } = records[0]!
    const values = new Map<number, string[]>()
    for (const { offset, value } of records) {
      const to = targetPartition({ partition, offset }, targetPartitions)
      values.set(to, [...(values.get(to) ?? []), writeCopy({ partition, offset }, String(value))])
    }
    for (const [to, list] of values) await writer.write(target, to, list)
    const end = records.at(-1)!.offset + 1
    ranges.set(partition, { partition, first: ranges.get(partition)?.first ?? first, end })
    count += records.length
  } while (count < RECORDS_PER_TRANSACTION_MAX && performance.now() < endMs)
  if (count > 0) await sleep(Math.random() * TRANSACTION_MS_MAX)
  return [...ranges.values()]
}

void inputEnded().then(() => {
  isStopping = true
})
await run().catch(endForGood)
