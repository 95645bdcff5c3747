import { type Command, Option } from 'commander'
import { Consumer } from '../../src/client/consumer.ts'
import { resolveOffsets } from '../../src/client/offsets.ts'
import { partitionKey } from '../../src/client/position.ts'
import { Producer } from '../../src/client/producer.ts'
import { createTopic, deleteTopic, findTopic, requestTopic } from '../../src/client/topic-admin.ts'
import { COMPRESSIONS, type Compression } from '../../src/protocol/record-batch.ts'
import { EXIT_FAILED, EXIT_OK } from '../exit-code.ts'
import { Latencies } from '../latencies.ts'
import { Pacer } from '../pacer.ts'
import { parseCount } from '../parse.ts'
import { formatBytes, Progress } from '../progress.ts'
import type { Session } from '../session.ts'
import { renderTable } from '../table.ts'
import type { Wiring } from '../wiring.ts'
import { acksOption } from './produce.ts'

/** What `bench` was told. */
export interface BenchOptions {
  readonly records: number
  readonly recordBytes: number
  readonly partitions: number
  readonly acks: -1 | 0 | 1
  readonly compression: Compression
  readonly rate?: number
  readonly topic?: string
  readonly keep?: boolean
}

/** One half of a run. */
interface Result {
  readonly what: 'produce' | 'consume'
  readonly records: number
  readonly seconds: number
  readonly bytes: number
  /** p50, p95, p99, p99.9 and the largest, ms; none for consuming. */
  readonly latencies: readonly (number | null)[] | null
}

const PERCENTILES = [0.5, 0.95, 0.99, 0.999, 1]
/** Records that may be on their way: enough to fill batches, and few enough that a latency is not that of a queue. */
const UNSETTLED_MAX = 10_000
const POLL_MS = 500

/** `bench`: writes records to a topic and reads them again, and tells how quick that was. */
export async function bench(session: Session, options: BenchOptions): Promise<number> {
  const { io, json, cluster } = session
  const topic = options.topic ?? `millrace-bench-${io.environment.randomBytes(6).toString('hex')}`
  let stopped = false
  const unsubscribe = io.onInterrupt(() => {
    stopped = true
  })
  if (options.topic !== undefined) await findTopic(cluster, topic)
  else await createTopic(cluster, { name: topic, partitions: options.partitions })
  await cluster.retrying({ topics: [topic] }, () => requestTopic(cluster, topic))
  try {
    const starts = await endsOf(session, topic)
    const isStopped = (): boolean => stopped
    const produced = await produceLoad(session, topic, options, isStopped)
    await tell(session, produced)
    const consumed = await consumeLoad(session, topic, starts, isStopped)
    await tell(session, consumed)
    if (!json) await io.out(resultTable(session, options, [produced, consumed]))
    return stopped ? EXIT_FAILED : EXIT_OK
  } finally {
    unsubscribe()
    if (options.topic === undefined && options.keep !== true) await deleteTopic(cluster, topic)
    else if (!json) io.note(`the records are in topic ${topic}`)
  }
}

async function endsOf({ cluster }: Session, topic: string): Promise<Map<string, number>> {
  const { partitions } = await findTopic(cluster, topic)
  return resolveOffsets(
    cluster,
    partitions.map(({ index }) => ({ topic, partition: index, start: { kind: 'latest' as const } })),
  )
}

async function produceLoad(
  session: Session,
  topic: string,
  options: BenchOptions,
  isStopped: () => boolean,
): Promise<Result> {
  const { cluster, io } = session
  const { environment } = io
  const { acks, compression, records, recordBytes } = options
  const producer = new Producer(cluster, { acks, compression })
  const latencies = new Latencies()
  const pacer = options.rate === undefined ? null : new Pacer(environment, options.rate)
  const progress = new Progress(io, 'producing')
  const values = payloads(environment.randomBytes(recordBytes * 2), recordBytes)
  const startMs = environment.monotonicMs()
  let sent = 0
  let settled = 0
  let failure: unknown = null
  let wake: (() => void) | null = null
  const settle = (sentMs: number): void => {
    settled++
    latencies.add(environment.monotonicMs() - sentMs)
    if (sent - settled < UNSETTLED_MAX / 2) wake?.()
  }
  const fail = (error: unknown): void => {
    settled++
    failure ??= error
    wake?.()
  }
  while (sent < records && failure === null && !isStopped()) {
    if (pacer !== null) await pacer.turn()
    const sentMs = environment.monotonicMs()
    producer.send(topic, { value: values[sent % values.length]! }).then(() => settle(sentMs), fail)
    sent++
    if (sent - settled >= UNSETTLED_MAX)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    progress.show(settled, records, `${settled} records`)
  }
  await producer.close()
  const seconds = (environment.monotonicMs() - startMs) / 1_000
  progress.end()
  if (failure !== null) throw failure
  const bytes = sent * recordBytes
  return { what: 'produce', records: sent, seconds, bytes, latencies: latencies.percentiles(PERCENTILES) }
}

/** Values that do not compress to nothing, without making one a record: windows of random letters. */
function payloads(random: Buffer, recordBytes: number): Buffer[] {
  const text = Buffer.from(random.toString('base64'))
  const step = Math.max(1, Math.floor((text.length - recordBytes) / 64))
  return Array.from({ length: 64 }, (_, index) => {
    const start = Math.min(index * step, text.length - recordBytes)
    return text.subarray(start, start + recordBytes)
  })
}

async function consumeLoad(
  session: Session,
  topic: string,
  starts: ReadonlyMap<string, number>,
  isStopped: () => boolean,
): Promise<Result> {
  const { cluster, io } = session
  const { environment } = io
  const ends = await endsOf(session, topic)
  const { partitions } = await findTopic(cluster, topic)
  const total = [...ends].reduce((sum, [key, end]) => sum + end - (starts.get(key) ?? 0), 0)
  const consumer = new Consumer(cluster, { whenOutOfRange: 'earliest' })
  const progress = new Progress(io, 'consuming')
  const startMs = environment.monotonicMs()
  let records = 0
  let bytes = 0
  consumer.assign(
    partitions.map(({ index }) => ({
      topic,
      partition: index,
      offset: starts.get(partitionKey(topic, index)) ?? 0,
    })),
  )
  const isBehind = (): boolean =>
    consumer
      .positions()
      .some(({ partition, offset }) => offset < (ends.get(partitionKey(topic, partition)) ?? 0))
  try {
    while (!isStopped() && isBehind()) {
      const polled = await consumer.poll(POLL_MS)
      records += polled.length
      for (const { key, value } of polled) bytes += (key?.length ?? 0) + (value?.length ?? 0)
      progress.show(records, total, `${records} records`)
    }
  } finally {
    consumer.close()
    progress.end()
  }
  const seconds = (environment.monotonicMs() - startMs) / 1_000
  return { what: 'consume', records, seconds, bytes, latencies: null }
}

async function tell({ io, json }: Session, result: Result): Promise<void> {
  if (!json) return
  const { what, records, seconds, bytes, latencies } = result
  const [p50, p95, p99, p999, max] = latencies ?? []
  const rates = { recordsPerSecond: records / seconds, megabytesPerSecond: bytes / seconds / 1e6 }
  const percentiles = latencies === null ? {} : { latencyMs: { p50, p95, p99, p999, max } }
  await io.out(`${JSON.stringify({ what, records, seconds, bytes, ...rates, ...percentiles })}\n`)
}

function resultTable({ io }: Session, options: BenchOptions, results: readonly Result[]): string {
  const acks = options.acks === -1 ? 'all' : String(options.acks)
  const title = `${options.records} records of ${formatBytes(options.recordBytes)}, acks ${acks}, compression ${options.compression}\n`
  const heading = [
    { title: '' },
    ...['RECORDS/S', 'MB/S', 'P50 MS', 'P95 MS', 'P99 MS', 'P99.9 MS', 'MAX MS'].map((name) => ({
      title: name,
      numeric: true,
    })),
  ]
  const rows = results.map(({ what, records, seconds, bytes, latencies }) => [
    what,
    Math.round(records / seconds),
    (bytes / seconds / 1e6).toFixed(1),
    ...PERCENTILES.map((_, index) => latencies?.[index]?.toFixed(1) ?? '-'),
  ])
  return title + renderTable(heading, rows, { columns: io.columns, colour: io.colourOut })
}

/** The `bench` command. */
export function benchCommand(program: Command, wiring: Wiring): void {
  const command = program
    .command('bench')
    .description('write records to a topic of its own, read them again, and tell how quick that was')
    .option('--records <count>', 'how many', parseCount, 100_000)
    .option('--record-bytes <count>', 'of what size', parseCount, 1_024)
    .option('--partitions <count>', 'over how many partitions', parseCount, 1)
    .addOption(acksOption('whose storing is waited for'))
    .addOption(
      new Option('--compression <codec>', 'how batches are compressed').choices(COMPRESSIONS).default('none'),
    )
    .option('--rate <count>', 'so many records a second (default: as many as go), for latencies', parseCount)
    .option('--topic <name>', 'a topic that is there, and stays (default: a new one, deleted at the end)')
    .option('--keep', 'do not delete the topic at the end')
    .action((options: BenchOptions) => wiring.client(command, (session) => bench(session, options)))
  wiring.example(
    command,
    'millrace bench --records 1000000 --partitions 4',
    'millrace bench --rate 1000 --records 10000 --record-bytes 200',
  )
}
