import { uniqueName } from '../../test/support/names.ts'
import { WireLoad } from '../load/wire-load.ts'
import type { FetchTask, ProduceTask } from '../load/wire-tasks.ts'
import { RunningPeer, settleDisk } from '../peers/running-peer.ts'
import { threadSeconds } from '../process-stats.ts'
import type { Curve, Row, Section } from '../report/result.ts'
import { median } from '../statistics.ts'
import { Samples } from './samples.ts'
import { dropCaches } from './start.ts'
import type { Plan, Suite, SuiteFindings } from './suite.ts'

const RECORD_BYTES = 1024
/** The same in every case: a batch of 100 KiB, alone in its request. */
const BATCH_RECORDS = 100
const BATCH_BYTES = RECORD_BYTES * BATCH_RECORDS
/** Room for five batches and not for six: every fetch brings as many. */
const FETCH_BATCHES = 5
const FETCH_BYTES = Math.floor(BATCH_BYTES * (FETCH_BATCHES + 0.5))
const LOG_BYTES = [1e6, 1e7, 1e8, 1e9, 1e10]
const CONNECTIONS = [1, 10, 100, 1_000]
const PARTITIONS = [...CONNECTIONS, 10_000]
/** With what is filled in before, twice as many batches as a fetch brings to each of the most partitions. */
const PRODUCED_BATCHES = 8_000
const FILLED_BATCHES = 2
const MANY_PARTITIONS = 1_000
const FILLED_BATCHES_OF_MANY = 9
const FETCHED_BYTES = 1.5e9
/** What is written to a log whose size is the point. */
const GROWTH_BYTES = 200e6
const IN_FLIGHT = 32
const LOG_READERS = 8
const PARTITIONS_OF_MANY_CONNECTIONS = 4
const CLIENT_PARTITIONS = [1, 10, 100, 1_000]
const CLIENT_BYTES = 500e6
/** The largest cost over the smallest. Of partitions from ten on: what more files than one cost is told beside it. */
const FLAT_MAX = { log: 1.2, partitions: 1.3, connections: 1.2 } as const

/** One of the three things that the cost of a record should not hang on. */
type Dimension = 'log' | 'partitions' | 'connections'
type Direction = 'produce' | 'fetch'

/** Whether a record costs the same whatever there is of logs, partitions and connections. */
export const flatSuite: Suite = { name: 'flat', title: 'Flat cost', run: runFlat }

async function runFlat(plan: Plan): Promise<SuiteFindings> {
  const samples = new Samples()
  const peer = await RunningPeer.start(plan.ours, plan.directory)
  try {
    await warmUp(peer, plan)
    await measureCounts('partitions', peer, plan, samples)
    await measureCounts('connections', peer, plan, samples)
    await measureClient(peer, plan, samples)
    await measureLogs(peer, plan, samples)
  } finally {
    await peer.remove()
  }
  return { sections: sections(plan, samples), curves: curves(samples) }
}

async function warmUp(peer: RunningPeer, plan: Plan): Promise<void> {
  const topic = uniqueName('warm-up')
  await peer.createTopic(topic, 4)
  await load(peer, produceTask(peer, topic, { partitions: 4, bytes: 2e9 * plan.scale }))
  await load(peer, fetchTask(peer, topic, { partitions: 4, bytes: 4e9 * plan.scale }))
  await peer.deleteTopic(topic)
}

interface Kind {
  readonly partitions?: number
  readonly connections?: number
  readonly inFlight?: number
  readonly bytes: number
  /** Where fetches begin, as shares of a partition. */
  readonly from?: readonly number[]
}

function produceTask({ port }: RunningPeer, topic: string, kind: Kind): ProduceTask {
  const { partitions = 1, connections = 1, inFlight = IN_FLIGHT, bytes } = kind
  const batches = Math.max(inFlight, Math.ceil(bytes / BATCH_BYTES))
  const sizes = { recordBytes: RECORD_BYTES, batchRecords: BATCH_RECORDS }
  return { mode: 'produce', port, topic, partitions, connections, inFlight, batches, ...sizes }
}

function fetchTask({ port }: RunningPeer, topic: string, kind: Kind): FetchTask {
  const { partitions = 1, connections = 1, inFlight = IN_FLIGHT, bytes, from = [0] } = kind
  const sizes = { partitionBytes: FETCH_BYTES, bytes }
  return { mode: 'fetch', port, topic, partitions, connections, inFlight, from, ...sizes }
}

interface Cost {
  /** Broker CPU, microseconds. */
  readonly perRecord: number
  readonly recordsPerSecond: number
}

/** Runs a load, and the broker's CPU is counted from its first request to its last answer. */
async function load(peer: RunningPeer, task: ProduceTask | FetchTask): Promise<Cost> {
  const generator = await WireLoad.prepare(task)
  const cpuBefore = threadSeconds(peer.pid)
  generator.start()
  const { records, seconds } = await generator.done()
  const cpu = threadSeconds(peer.pid) - cpuBefore
  return { perRecord: (cpu / records) * 1e6, recordsPerSecond: records / seconds }
}

async function measureLogs(peer: RunningPeer, plan: Plan, samples: Samples): Promise<void> {
  const sizes = LOG_BYTES.map((nominal) => ({ nominal, bytes: nominal * plan.scale }))
  const largest = sizes.at(-1)!
  const large = await filledTopic(peer, largest.bytes)
  await dropCaches()
  const growth = { bytes: GROWTH_BYTES * plan.scale }
  for (let run = 0; run < plan.runs; run++) {
    plan.log(`flat: writing to logs, run ${run + 1} of ${plan.runs}`)
    for (const size of sizes) {
      const topic = size === largest ? large : await filledTopic(peer, size.bytes)
      add(samples, 'log', 'produce', size.nominal, await load(peer, produceTask(peer, topic, growth)))
      if (topic === large) await settleDisk()
      else await peer.deleteTopic(topic)
    }
  }
  const topics: string[] = []
  for (const size of sizes) topics.push(size === largest ? large : await filledTopic(peer, size.bytes))
  await load(
    peer,
    fetchTask(peer, large, { bytes: largest.bytes, inFlight: LOG_READERS, from: spread(LOG_READERS) }),
  )
  for (let run = 0; run < plan.runs; run++) {
    plan.log(`flat: reading from logs, run ${run + 1} of ${plan.runs}`)
    for (const [index, { nominal }] of sizes.entries()) {
      const read = { bytes: FETCHED_BYTES * plan.scale, inFlight: LOG_READERS, from: spread(LOG_READERS) }
      add(samples, 'log', 'fetch', nominal, await load(peer, fetchTask(peer, topics[index]!, read)))
    }
  }
  for (const topic of topics) await peer.deleteTopic(topic)
}

/** Places that readers begin at, apart from each other: none finds what another has just pulled into a CPU's cache. */
function spread(readers: number): number[] {
  return Array.from({ length: readers }, (_, reader) => reader / readers)
}

async function filledTopic(peer: RunningPeer, bytes: number): Promise<string> {
  const topic = uniqueName('log')
  await peer.createTopic(topic, 1)
  await load(peer, produceTask(peer, topic, { bytes, inFlight: 8 }))
  await settleDisk()
  return topic
}

async function measureCounts(
  dimension: 'partitions' | 'connections',
  peer: RunningPeer,
  plan: Plan,
  samples: Samples,
): Promise<void> {
  for (let run = 0; run < plan.runs; run++) {
    plan.log(`flat: ${dimension}, run ${run + 1} of ${plan.runs}`)
    for (const count of sizesOf(dimension)) {
      const partitions = dimension === 'partitions' ? count : PARTITIONS_OF_MANY_CONNECTIONS
      const connections = dimension === 'connections' ? count : 1
      const topic = uniqueName(dimension)
      await peer.createTopic(topic, partitions)
      const isMany = partitions > MANY_PARTITIONS
      const filled = partitions * (isMany ? FILLED_BATCHES_OF_MANY : FILLED_BATCHES)
      await load(peer, produceTask(peer, topic, { partitions, bytes: filled * BATCH_BYTES }))
      const written = isMany ? partitions : PRODUCED_BATCHES * plan.scale
      const write = { partitions, connections, bytes: written * BATCH_BYTES }
      add(samples, dimension, 'produce', count, await load(peer, produceTask(peer, topic, write)))
      await settleDisk()
      const read = { partitions, connections, bytes: FETCHED_BYTES * plan.scale, from: spread(IN_FLIGHT) }
      add(samples, dimension, 'fetch', count, await load(peer, fetchTask(peer, topic, read)))
      await peer.deleteTopic(topic)
    }
  }
}

/** A client with its defaults: the more partitions, the smaller its batches. */
async function measureClient(peer: RunningPeer, plan: Plan, samples: Samples): Promise<void> {
  for (const partitions of CLIENT_PARTITIONS) {
    const topic = uniqueName('client')
    await peer.createTopic(topic, partitions)
    const recordCount = Math.ceil((CLIENT_BYTES * plan.scale) / RECORD_BYTES)
    const cpuBefore = threadSeconds(peer.pid)
    const seconds = await plan.load.produce({
      bootstrap: peer.bootstrap,
      topic,
      recordCount,
      recordBytes: RECORD_BYTES,
    })
    const cpu = threadSeconds(peer.pid) - cpuBefore
    samples.add(`client ${partitions}`, 'cost', (cpu / recordCount) * 1e6)
    samples.add(`client ${partitions}`, 'rate', recordCount / seconds / 1000)
    await peer.deleteTopic(topic)
  }
}

function add(samples: Samples, dimension: Dimension, direction: Direction, size: number, cost: Cost): void {
  samples.add(`${dimension} ${direction} ${size}`, 'cost', cost.perRecord)
  samples.add(`${dimension} ${direction} ${size}`, 'rate', cost.recordsPerSecond / 1000)
}

const DIRECTIONS: readonly Direction[] = ['produce', 'fetch']
const DIMENSIONS: readonly Dimension[] = ['log', 'partitions', 'connections']

function sizesOf(dimension: Dimension): readonly number[] {
  return { log: LOG_BYTES, partitions: PARTITIONS, connections: CONNECTIONS }[dimension]
}

function sizeName(dimension: Dimension, size: number): string {
  if (dimension === 'log') return size >= 1e9 ? `${size / 1e9} GB` : `${size / 1e6} MB`
  const noun = size === 1 ? dimension.slice(0, -1) : dimension
  return `${size.toLocaleString('en-US')} ${noun}`
}

function sections(plan: Plan, samples: Samples): Section[] {
  const titles = { log: 'Size of the log', partitions: 'Partitions', connections: 'Connections' }
  const measured = DIMENSIONS.map((dimension): Section => {
    const rows = DIRECTIONS.flatMap((direction) => dimensionRows(samples, dimension, direction))
    return { title: titles[dimension], reference: null, rows, notes: [NOTES[dimension]] }
  })
  const client: Section = {
    title: "Partitions, by a client's defaults",
    reference: null,
    rows: CLIENT_PARTITIONS.flatMap((count) => [
      {
        what: `${sizeName('partitions', count)}, broker CPU`,
        unit: 'µs/record',
        ours: samples.of(`client ${count}`, 'cost'),
      },
      { what: sizeName('partitions', count), unit: 'k/s', ours: samples.of(`client ${count}`, 'rate') },
    ]),
    notes: [
      `${plan.load.name} with its defaults, 1 KiB records: the records that wait in the client are spread over all partitions, so ` +
        'that a batch holds fewer of them the more partitions there are, and what a request costs falls on fewer records.',
    ],
  }
  return [...measured, client]
}

const LOAD_NOTE = `Broker CPU for a record of 1 KiB. A request holds one batch of ${BATCH_RECORDS} records for one partition, in all cases the same; a fetch brings five of one partition.`
const NOTES: Record<Dimension, string> = {
  log: `${LOAD_NOTE} One partition, to whose log 200 MB are added, the log of 10 GB being out of the page cache then, so that the memory for what is new comes from the same place for all; fetches from eight places of the log, all of it in the page cache.`,
  partitions: `${LOAD_NOTE} One connection with ${IN_FLIGHT} requests under way, to the partitions in turn. What is under way goes to one file with one partition and to ${IN_FLIGHT} files with many, each of which is written and synced by itself.`,
  connections: `${LOAD_NOTE} ${PARTITIONS_OF_MANY_CONNECTIONS} partitions; ${IN_FLIGHT} requests under way over all connections, which take turns.`,
}

function dimensionRows(samples: Samples, dimension: Dimension, direction: Direction): Row[] {
  const sizes = sizesOf(dimension)
  const costs = sizes.map((size) => median(samples.of(`${dimension} ${direction} ${size}`, 'cost')))
  const isPartitions = dimension === 'partitions'
  const compared = isPartitions ? costs.slice(1) : costs
  return [
    ...sizes.flatMap((size) => [
      {
        what: `${direction}, ${sizeName(dimension, size)}, broker CPU`,
        unit: 'µs/record',
        ours: samples.of(`${dimension} ${direction} ${size}`, 'cost'),
      },
      {
        what: `${direction}, ${sizeName(dimension, size)}`,
        unit: 'k/s',
        ours: samples.of(`${dimension} ${direction} ${size}`, 'rate'),
      },
    ]),
    {
      what: `${direction}, largest cost to the smallest${isPartitions ? ', from 10 partitions on' : ''}`,
      unit: '×',
      ours: [Math.max(...compared) / Math.min(...compared)],
      bars: [{ of: 'value', atMost: FLAT_MAX[dimension] }],
    },
  ]
}

function curves(samples: Samples): Curve[] {
  const titles = {
    log: ['log-size', 'Cost of a record by the size of its log', 'size of the log before'],
    partitions: ['partitions', 'Cost of a record by the number of partitions', 'partitions in use'],
    connections: ['connections', 'Cost of a record by the number of connections', 'connections in use'],
  } as const
  return DIMENSIONS.map((dimension): Curve => {
    const [name, title, xTitle] = titles[dimension]
    return {
      name,
      title,
      xTitle,
      yTitle: 'broker CPU, µs for a record of 1 KiB',
      xUnit: dimension === 'log' ? 'bytes' : 'count',
      series: DIRECTIONS.map((direction) => ({
        name: direction,
        points: sizesOf(dimension).map((size) => ({
          x: size,
          y: median(samples.of(`${dimension} ${direction} ${size}`, 'cost')),
        })),
      })),
    }
  })
}
