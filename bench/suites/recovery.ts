import { uniqueName } from '../../test/support/names.ts'
import { endOffsets } from '../load/fetch-load.ts'
import { readLastBatches } from '../load/last-batches.ts'
import { WireConnection } from '../load/wire-connection.ts'
import { runWireLoad, WireLoad } from '../load/wire-load.ts'
import type { ProduceTask } from '../load/wire-tasks.ts'
import { freePorts } from '../peers/kafka.ts'
import { RunningPeer, sleep } from '../peers/running-peer.ts'
import { Samples } from './samples.ts'
import { dropCaches, startToFirstAck } from './start.ts'
import type { Plan, Suite, SuiteFindings } from './suite.ts'

const PARTITIONS = 1_000
const BYTES = 10e9
const RECORDS = { recordBytes: 1024, batchRecords: 100 }
const RUNS_MAX = 3
const KILL_AFTER_MS = 1_500
const SECONDS_MAX = 5

/** How long a broker that was killed under load takes to be whole again. */
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
  return {
    sections: [
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
