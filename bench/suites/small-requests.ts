import { uniqueName } from '../../test/support/names.ts'
import { WireLoad } from '../load/wire-load.ts'
import type { ProduceTask } from '../load/wire-tasks.ts'
import type { RunningPeer } from '../peers/running-peer.ts'
import { sleep } from '../peers/running-peer.ts'
import { threadSeconds } from '../process-stats.ts'
import type { Row } from '../report/result.ts'
import { Samples } from './samples.ts'
import { contendersOf, type Plan, type Suite, type SuiteFindings, withPeers } from './suite.ts'

const RECORD_BYTES = 100
const SECONDS = 4
const WARM_UP_SECONDS = 3
/** What one client has under way: far more than a sync takes with it. */
const PIPELINED = 256
const CONNECTIONS = 1_000
const PARTITIONS = 4
/** Kafka that promises what Millrace does. */
const SYNCING = { 'flush.messages': '1' }

/** Two ways of having many requests with next to nothing in them. */
const CASES = [
  { name: 'one pipelining client', connections: 1, inFlight: PIPELINED },
  { name: '1,000 connections', connections: CONNECTIONS, inFlight: CONNECTIONS },
] as const

/** What a request costs by itself: a batch of one small record each, acknowledged when it is on the disk. */
export const smallRequestsSuite: Suite = {
  name: 'small-requests',
  title: 'Small requests',
  run: runSmallRequests,
}

async function runSmallRequests(plan: Plan): Promise<SuiteFindings> {
  const samples = new Samples()
  for (let run = 0; run < plan.runs; run++) {
    await withPeers(plan, {}, async (peers) => {
      for (const kind of CASES) {
        for (const contender of contendersOf(plan, run)) {
          const peer = peers.find((candidate) => candidate.contender === contender)!
          await measure(peer, kind, WARM_UP_SECONDS * plan.scale, new Samples())
          await measure(peer, kind, SECONDS * plan.scale, samples)
          const rate = samples.of(contender.name, `${kind.name}: rate`).at(-1)!
          plan.log(`  small requests, ${kind.name}, run ${run + 1}, ${contender.name}: ${rate.toFixed(0)}/s`)
        }
      }
    })
  }
  return { sections: [section(plan, samples)] }
}

async function measure(
  peer: RunningPeer,
  { name, connections, inFlight }: (typeof CASES)[number],
  seconds: number,
  samples: Samples,
): Promise<void> {
  const topic = uniqueName('small')
  await peer.createTopic(topic, PARTITIONS, peer.contender.name.startsWith('Kafka') ? SYNCING : {})
  const load = await WireLoad.prepare<ProduceTask>({
    mode: 'produce',
    port: peer.port,
    topic,
    partitions: PARTITIONS,
    connections,
    inFlight,
    recordBytes: RECORD_BYTES,
    batchRecords: 1,
  })
  const before = threadSeconds(peer.pid)
  load.start()
  await sleep(seconds * 1000)
  const { records, seconds: taken, p99 } = await load.stop()
  const cpu = threadSeconds(peer.pid) - before
  const { contender } = peer
  samples.add(contender.name, `${name}: rate`, records / taken)
  samples.add(contender.name, `${name}: CPU`, (cpu / records) * 1e6)
  samples.add(contender.name, `${name}: p99`, p99)
  await peer.deleteTopic(topic)
}

function section(plan: Plan, samples: Samples): SuiteFindings['sections'][number] {
  const kafka = plan.kafka?.name ?? 'Kafka'
  const row = (what: string, unit: string, measure: string, bar: Row['bars']): Row => ({
    what,
    unit,
    ours: samples.of(plan.ours.name, measure),
    theirs: samples.of(kafka, measure),
    ...(bar !== undefined && { bars: bar }),
  })
  const [pipelined, many] = CASES
  return {
    title: 'A batch of one record',
    reference: `${kafka}, flush.messages=1`,
    rows: [
      row(`${pipelined.name}, rate`, '/s', `${pipelined.name}: rate`, [{ of: 'ratio', atLeast: 5 }]),
      row(`${pipelined.name}, CPU a record`, 'µs', `${pipelined.name}: CPU`, [{ of: 'ratio', atMost: 0.2 }]),
      row(`${pipelined.name}, p99`, 'ms', `${pipelined.name}: p99`, undefined),
      row(`${many.name}, rate`, '/s', `${many.name}: rate`, [{ of: 'ratio', atLeast: 2 }]),
      row(`${many.name}, CPU a record`, 'µs', `${many.name}: CPU`, undefined),
      row(`${many.name}, p99`, 'ms', `${many.name}: p99`, [{ of: 'ratio', atMost: 0.5 }]),
    ],
    notes: [
      `Each request brings one batch of one record of ${RECORD_BYTES} B to one of ${PARTITIONS} partitions, with acks=all; both brokers sync before ` +
        `they answer. One client has ${PIPELINED} requests under way on its connection; of ${CONNECTIONS} connections each has one. ${SECONDS} s each, ` +
        'after as many to warm up; times are from the send of a request to its answer.',
    ],
  }
}
