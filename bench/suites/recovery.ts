import { uniqueName } from '../../test/support/names.ts'
import { endOffsets } from '../load/fetch-load.ts'
import { readLastBatches } from '../load/last-batches.ts'
import { WireConnection } from '../load/wire-connection.ts'
import { runWireLoad, WireLoad } from '../load/wire-load.ts'
import type { ProduceTask } from '../load/wire-tasks.ts'
import { freePorts } from '../peers/kafka.ts'
import { RunningPeer, sleep } from '../peers/running-peer.ts'
import type { Row, Section } from '../report/result.ts'
import { Samples } from './samples.ts'
import { dropCaches, startToFirstAck } from './start.ts'
import type { Plan, Suite, SuiteFindings } from './suite.ts'

const PARTITIONS = 1_000
const BYTES = 10e9
const RECORDS = { recordBytes: 1024, batchRecords: 100 }
const RUNS_MAX = 3
const KILL_AFTER_MS = 1_500
const SECONDS_MAX = 5
/** Each with one small batch. */
const MANY_PARTITIONS = 10_000
const SMALL_BATCH = { recordBytes: 100, batchRecords: 1 }
const MANY_START_SECONDS_MAX = 3
const MANY_STOP_SECONDS_MAX = 2

/** How long a broker that was killed under load takes to be whole again, and one with many partitions to stop and start. */
export const recoverySuite: Suite = { name: 'recovery', title: 'Recovery', run: runRecovery }

async function runRecovery(plan: Plan): Promise<SuiteFindings> {
  const samples = new Samples()
  const peer = await RunningPeer.start(plan.ours, plan.directory)
  const runs = Math.min(plan.runs, RUNS_MAX)
  try {
    const topic = uniqueName('recovery')
    await peer.createTopic(topic, PARTITIONS)
    const batchBytes = RECORDS.recordBytes * RECORDS.batchRecords
    const write = { mode: 'produce', topic, partitions: PARTITIONS, connections: 1, ...RECORDS } as const
    const bytes = BYTES * plan.scale
    await runWireLoad({ ...write, port: peer.port, inFlight: 64, batches: Math.ceil(bytes / batchBytes) })
    const [port] = await freePorts(1)
    for (let run = 0; run < runs; run++) {
      for (const kind of ['warm', 'cold'] as const) {
        plan.log(`recovery: run ${run + 1} of ${runs}, ${kind}`)
        await killUnderLoad(peer, { ...write, port: peer.port, inFlight: 64 })
        if (kind === 'cold' && !(await dropCaches())) continue
        const startMs = performance.now()
        const firstAckMs = await startToFirstAck(peer, port!, topic)
        const lost = await readAll(port!, topic)
        if (lost > 0) throw new Error(`${lost} partitions cannot be read`)
        samples.add(kind, 'ack', firstAckMs / 1000)
        samples.add(kind, 'all', (performance.now() - startMs) / 1000)
      }
    }
  } finally {
    await peer.remove()
  }
  const many = await measureMany(plan, samples, runs)
  return {
    sections: [
      many,
      {
        title: 'After kill -9',
        reference: null,
        rows: (['warm', 'cold'] as const).flatMap((kind) => {
          const state = kind === 'warm' ? '' : ', nothing in the page cache'
          const bars = [{ of: 'value', atMost: SECONDS_MAX }] as const
          return [
            { what: `first acknowledgement${state}`, unit: 's', ours: samples.of(kind, 'ack'), bars },
            { what: `all partitions read from${state}`, unit: 's', ours: samples.of(kind, 'all'), bars },
          ]
        }),
        notes: [
          `${PARTITIONS.toLocaleString('en-US')} partitions with 10 GB in all, SIGKILL while a client writes to all of them; from the start of the ` +
            'process to the answer to the first record, and to the last record of every partition having been fetched. ' +
            `${runs} runs.`,
        ],
      },
    ],
  }
}

async function measureMany(plan: Plan, samples: Samples, runs: number): Promise<Section> {
  const peer = await RunningPeer.start(plan.ours, plan.directory)
  try {
    const topic = uniqueName('many')
    await peer.createTopic(topic, MANY_PARTITIONS)
    const write = {
      topic,
      partitions: MANY_PARTITIONS,
      connections: 1,
      inFlight: 64,
      batches: MANY_PARTITIONS,
    }
    await runWireLoad({ mode: 'produce', port: peer.port, ...write, ...SMALL_BATCH })
    const [port] = await freePorts(1)
    for (let run = 0; run < runs; run++) {
      plan.log(`recovery: ${MANY_PARTITIONS} partitions, run ${run + 1} of ${runs}`)
      const stopMs = performance.now()
      await peer.stop()
      samples.add('many', 'stop', (performance.now() - stopMs) / 1000)
      samples.add('many', 'start', (await startToFirstAck(peer, port!, topic)) / 1000)
      await peer.kill()
      samples.add('many', 'start after a kill', (await startToFirstAck(peer, port!, topic)) / 1000)
    }
  } finally {
    await peer.remove()
  }
  const row = (what: string, name: string, atMost: number): Row => {
    return { what, unit: 's', ours: samples.of('many', name), bars: [{ of: 'value', atMost }] }
  }
  return {
    title: '10,000 partitions',
    reference: null,
    rows: [
      row('stop', 'stop', MANY_STOP_SECONDS_MAX),
      row('start, to the first acknowledgement', 'start', MANY_START_SECONDS_MAX),
      row('the same after kill -9', 'start after a kill', MANY_START_SECONDS_MAX),
    ],
    notes: [
      `${MANY_PARTITIONS.toLocaleString('en-US')} partitions with one record each: SIGTERM to the end of the process; the start of the ` +
        `process to the answer to the first record. ${runs} runs.`,
    ],
  }
}

async function killUnderLoad(peer: RunningPeer, task: ProduceTask): Promise<void> {
  const writer = await WireLoad.prepare(task)
  writer.start()
  await sleep(KILL_AFTER_MS)
  await peer.kill()
  await writer.kill()
}

/** Fetches the last batch of every partition. Returns how many gave nothing. */
async function readAll(port: number, topic: string): Promise<number> {
  const connection = await WireConnection.open(port)
  const ends = await endOffsets(connection, { topic, partitions: PARTITIONS })
  const read = await readLastBatches(connection, topic, ends)
  connection.close()
  return PARTITIONS - read
}
