import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { uniqueName } from '../../test/support/names.ts'
import { WireLoad } from '../load/wire-load.ts'
import type { FetchTask, ProduceTask, PullTask } from '../load/wire-tasks.ts'
import { limitOnNode, prepareLimit, type RunningLimit, startLimit } from '../peers/limit.ts'
import { RunningPeer, settleDisk } from '../peers/running-peer.ts'
import { threadSeconds } from '../process-stats.ts'
import type { Row } from '../report/result.ts'
import { Samples } from './samples.ts'
import type { Plan, Suite, SuiteFindings } from './suite.ts'

/** A batch a request: of the megabyte that librdkafka makes by its defaults where it is kept busy, and smaller ones. */
const SIZES = [
  { name: '1 KiB, batches of 1 MB', recordBytes: 1024, batchRecords: 950, inFlight: 8 },
  { name: '1 KiB, batches of 100 KiB', recordBytes: 1024, batchRecords: 100, inFlight: 32 },
  { name: '16 KiB, batches of 256 KiB', recordBytes: 16_384, batchRecords: 16, inFlight: 32 },
] as const
type Size = (typeof SIZES)[number]

const PRODUCE_BYTES = 2e9
const FETCH_BYTES = 4e9
const WARM_UP_BYTES = 1e9
const FETCHES_IN_FLIGHT = 4
const MIB = 1024 * 1024
const LIMIT = 'the limit program'
const ON_NODE = 'the same in JavaScript'
/** What a broker may cost, to what the work costs. */
const COST_MAX = 1.25

/** What the broker costs beside a program that does with the same bytes only what no broker can leave out. */
export const limitSuite: Suite = { name: 'limit', title: 'Beside the limit', run: runLimit }

async function runLimit(plan: Plan): Promise<SuiteFindings> {
  const samples = new Samples()
  const prepared = await prepareLimit()
  if ('missing' in prepared) plan.log(`limit: measured without its program: ${prepared.missing}`)
  const broker = await RunningPeer.start(plan.ours, plan.directory)
  try {
    for (const size of SIZES) await measureBroker(broker, size, plan, WARM_UP_BYTES, new Samples())
    for (let run = 0; run < plan.runs; run++) {
      for (const size of SIZES) {
        const turns = [
          async () => await measureBroker(broker, size, plan, PRODUCE_BYTES, samples),
          async () => {
            if ('program' in prepared) await measureLimit(prepared.program, size, plan, samples)
          },
          async () => await measureOnNode(size, plan, samples),
        ]
        for (const turn of run % 2 === 0 ? turns : turns.reverse()) await turn()
        plan.log(`  limit: ${size.name}, run ${run + 1}: ${told(plan, samples, size)}`)
      }
    }
  } finally {
    await broker.remove()
  }
  return findings(plan, samples, 'missing' in prepared ? [`Not measured here: ${prepared.missing}.`] : [])
}

/** A new topic each time, as the program has a new file: memory that was never used costs more than such that was. */
async function measureBroker(
  broker: RunningPeer,
  size: Size,
  plan: Plan,
  bytes: number,
  samples: Samples,
): Promise<void> {
  const topic = uniqueName('limit')
  await broker.createTopic(topic, 1)
  const { name } = broker.contender
  const produced = await costOf(broker.pid, produceTask(broker.port, topic, size, bytes * plan.scale))
  samples.add(name, `${size.name}, produce`, produced)
  const fetched = await costOf(broker.pid, {
    mode: 'fetch',
    port: broker.port,
    topic,
    partitions: 1,
    connections: 1,
    inFlight: FETCHES_IN_FLIGHT,
    partitionBytes: MIB,
    bytes: FETCH_BYTES * plan.scale,
    from: [0],
  })
  samples.add(name, `${size.name}, consume`, fetched)
  await broker.deleteTopic(topic)
}

async function measureLimit(program: string, size: Size, plan: Plan, samples: Samples): Promise<void> {
  await withLimit(program, plan, async ({ pid, port }) => {
    await measureProduce(LIMIT, { pid, port }, size, plan, samples)
    const fetched = await costOf(pid, {
      mode: 'pull',
      port,
      inFlight: FETCHES_IN_FLIGHT,
      answerBytes: MIB,
      bytes: FETCH_BYTES * plan.scale,
    })
    samples.add(LIMIT, `${size.name}, consume`, fetched)
  })
}

async function measureOnNode(size: Size, plan: Plan, samples: Samples): Promise<void> {
  await withLimit(limitOnNode, plan, (limit) => measureProduce(ON_NODE, limit, size, plan, samples))
}

async function measureProduce(
  who: string,
  { pid, port }: Pick<RunningLimit, 'pid' | 'port'>,
  size: Size,
  plan: Plan,
  samples: Samples,
): Promise<void> {
  const task = produceTask(port, 'limit', size, PRODUCE_BYTES * plan.scale)
  samples.add(who, `${size.name}, produce`, await costOf(pid, task))
}

/** Runs `work` with the program on a file of its own, which is gone when it is done. */
async function withLimit(
  program: string | readonly string[],
  plan: Plan,
  work: (limit: RunningLimit) => Promise<void>,
): Promise<void> {
  const file = join(plan.directory, uniqueName('limit'))
  const limit = await startLimit(program, file)
  try {
    await work(limit)
  } finally {
    await limit.stop()
    await rm(file, { force: true })
    await settleDisk()
  }
}

function produceTask(
  port: number,
  topic: string,
  { recordBytes, batchRecords, inFlight }: Size,
  bytes: number,
): ProduceTask {
  const batches = Math.max(inFlight, Math.ceil(bytes / (recordBytes * batchRecords)))
  const sizes = { recordBytes, batchRecords, batches }
  return { mode: 'produce', port, topic, partitions: 1, connections: 1, inFlight, ...sizes }
}

/** CPU of the process that serves the load, s/GB, from the first request to the last answer. */
async function costOf(pid: number, task: ProduceTask | FetchTask | PullTask): Promise<number> {
  const load = await WireLoad.prepare(task)
  const before = threadSeconds(pid)
  load.start()
  const { bytes } = await load.done()
  return (threadSeconds(pid) - before) / (bytes / 1e9)
}

function told(plan: Plan, samples: Samples, { name }: Size): string {
  const last = (who: string, what: string): string =>
    samples.of(who, `${name}, ${what}`).at(-1)?.toFixed(3) ?? '-'
  return ['produce', 'consume']
    .map((what) => `${what} ${last(plan.ours.name, what)} beside ${last(LIMIT, what)} CPU-s/GB`)
    .join(', ')
}

function findings(plan: Plan, samples: Samples, notes: readonly string[]): SuiteFindings {
  const measures = SIZES.flatMap(({ name }) => [`${name}, produce`, `${name}, consume`])
  const rows = measures.map(
    (measure): Row => ({
      what: measure,
      unit: 's/GB',
      ours: samples.of(plan.ours.name, measure),
      theirs: samples.of(LIMIT, measure),
      bars: [{ of: 'ratio', atMost: COST_MAX }],
    }),
  )
  const note =
    'CPU of the serving process. The limit program (bench/limit/limit.c) reads the same Produce requests from a socket, checks each ' +
    "batch's CRC-32C with the processor's own instruction, writes what has arrived, up to a MiB at a time, syncs it and answers; a " +
    'fetch it answers with a MiB of that file by sendfile. Both write to a new file each time, in turns. One connection, ' +
    `8 MB of batches under way, or 32 smaller ones; or ${FETCHES_IN_FLIGHT} fetches of 1 MiB.`
  const onNode = SIZES.map(
    ({ name }): Row => ({
      what: `${name}, produce`,
      unit: 's/GB',
      ours: samples.of(plan.ours.name, `${name}, produce`),
      theirs: samples.of(ON_NODE, `${name}, produce`),
    }),
  )
  const nodeNote =
    'What the limit program does with Produce requests, written in JavaScript (bench/limit/limit-node.ts) with nothing of a broker: ' +
    "the share of the cost that is Node's, and in reach of no program on it."
  return {
    sections: [
      { title: 'CPU', reference: LIMIT, rows, notes: [note, ...notes] },
      { title: 'CPU of the runtime', reference: ON_NODE, rows: onNode, notes: [nodeNote] },
    ],
  }
}
