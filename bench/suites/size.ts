import { WireLoad } from '../load/wire-load.ts'
import { freePorts } from '../peers/kafka.ts'
import { RunningPeer, sleep } from '../peers/running-peer.ts'
import type { Row, Section } from '../report/result.ts'
import { Samples } from './samples.ts'
import { dropCaches, startToFirstAck } from './start.ts'
import { contendersOf, type Plan, type Suite, type SuiteFindings } from './suite.ts'

const IDLE_MS = 3_000
const IDLE_WINDOW_MS = 2_000
const CONNECTIONS = 1_000
const CONNECTIONS_HELD = 10_000
const SETTLE_MS = 500
const HOLD_MS = 5_000
const TOPIC = 'first'

/** How quickly it is there, and how much it takes while it does nothing. */
export const sizeSuite: Suite = { name: 'size', title: 'Size', run: runSize }

async function runSize(plan: Plan): Promise<SuiteFindings> {
  const samples = new Samples()
  const mayDrop = await dropCaches()
  for (let run = 0; run < plan.runs; run++) {
    for (const contender of contendersOf(plan, run)) {
      plan.log(`size: run ${run + 1} of ${plan.runs}, ${contender.name}`)
      const peer = await RunningPeer.start(contender, plan.directory)
      try {
        await measureOne(peer, plan, samples, mayDrop, run === 0)
      } finally {
        await peer.remove()
      }
    }
  }
  return { sections: [section(plan, samples, mayDrop)] }
}

async function measureOne(
  peer: RunningPeer,
  plan: Plan,
  samples: Samples,
  mayDrop: boolean,
  isFirst: boolean,
): Promise<void> {
  const { name } = peer.contender
  await sleep(IDLE_MS)
  samples.add(name, 'idle memory', peer.residentMib())
  const cpuBefore = peer.cpuSeconds()
  await sleep(IDLE_WINDOW_MS)
  samples.add(name, 'idle CPU', ((peer.cpuSeconds() - cpuBefore) * 1e6) / IDLE_WINDOW_MS)
  await peer.createTopic(TOPIC, 1)
  const before = peer.residentMib()
  const { held } = await holdConnections(peer, CONNECTIONS, 0, () => {
    samples.add(name, 'connections', peer.residentMib() - before)
  })
  if (held < CONNECTIONS) throw new Error(`${name} held ${held} of ${CONNECTIONS} connections`)
  if (isFirst) {
    const connectionsHeld = CONNECTIONS_HELD * plan.scale
    const outcome = await holdConnections(peer, connectionsHeld, HOLD_MS, () => {
      samples.add(name, 'memory with held', peer.residentMib())
    })
    samples.add(name, 'held', outcome.held)
  }
  const [port] = await freePorts(1)
  await peer.stop()
  samples.add(name, 'warm start', await startToFirstAck(peer, port!, TOPIC))
  await peer.stop()
  if (!mayDrop) return
  await dropCaches()
  samples.add(name, 'cold start', await startToFirstAck(peer, port!, TOPIC))
}

async function holdConnections(
  peer: RunningPeer,
  connections: number,
  holdMs: number,
  whenOpen: () => void,
): Promise<{ held: number; refused: number }> {
  const load = await WireLoad.prepare({ mode: 'idle', port: peer.port, connections })
  await sleep(SETTLE_MS)
  whenOpen()
  load.start()
  await sleep(holdMs)
  return await load.stop()
}

function section(plan: Plan, samples: Samples, mayDrop: boolean): Section {
  const reference = plan.kafka?.name ?? 'Kafka'
  const both = (measure: string): Pick<Row, 'ours' | 'theirs'> => ({
    ours: samples.of(plan.ours.name, measure),
    theirs: samples.of(reference, measure),
  })
  const heldMin = CONNECTIONS_HELD * plan.scale
  return {
    title: 'Start, memory and connections',
    reference,
    rows: [
      { what: 'start to first ack', unit: 'ms', ...both('warm start'), bars: [{ of: 'ratio', atMost: 0.1 }] },
      {
        what: 'start to first ack, nothing in the page cache',
        unit: 'ms',
        ...both('cold start'),
        bars: [
          { of: 'value', atMost: 400 },
          { of: 'ratio', atMost: 0.1 },
        ],
      },
      { what: 'memory, idle', unit: 'MiB', ...both('idle memory'), bars: [{ of: 'ratio', atMost: 0.2 }] },
      { what: 'CPU, idle', unit: 'ms/s', ...both('idle CPU') },
      {
        what: `memory of ${CONNECTIONS.toLocaleString('en-US')} idle connections`,
        unit: 'MiB',
        ...both('connections'),
        bars: [{ of: 'value', atMost: 19.07 }],
      },
      {
        what: `connections held of ${CONNECTIONS_HELD.toLocaleString('en-US')}`,
        unit: '',
        ...both('held'),
        bars: [{ of: 'value', atLeast: heldMin }],
      },
      { what: 'memory while they are held', unit: 'MiB', ...both('memory with held') },
    ],
    notes: [
      'A start is on a directory with one topic, after a clean stop, from the start of the process to the answer to a ' +
        'record with acks=all, which is asked for every 2 ms from the first moment on. Idle is 3 s after the start on an empty directory. ' +
        'A connection has asked for ApiVersions and Metadata. 20 MB are 19.07 MiB.',
      ...(mayDrop ? [] : ['Only root may empty the page cache: there is no cold start.']),
    ],
  }
}
