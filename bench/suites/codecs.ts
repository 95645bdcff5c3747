import { COMPRESSIONS, type Compression } from '../../src/protocol/record-batch.ts'
import { uniqueName } from '../../test/support/names.ts'
import { WireLoad } from '../load/wire-load.ts'
import type { ProduceTask } from '../load/wire-tasks.ts'
import { type RunningPeer, sleep } from '../peers/running-peer.ts'
import { threadSeconds } from '../process-stats.ts'
import type { Row } from '../report/result.ts'
import { Samples } from './samples.ts'
import { contendersOf, type Plan, type Suite, type SuiteFindings, withPeers } from './suite.ts'

/** Batches of some 100 kB before they are compressed. */
const SIZES = [
  { name: '100 B', recordBytes: 100, batchRecords: 1_000 },
  { name: '1 KiB', recordBytes: 1024, batchRecords: 100 },
] as const
type Size = (typeof SIZES)[number]

const PARTITIONS = 4
const CONNECTIONS = 4
const IN_FLIGHT = 32
const SECONDS = 3
const WARM_UP_SECONDS = 2

/** Writing what clients have compressed: a broker has to look into it, and stores it as it came. */
export const codecsSuite: Suite = { name: 'codecs', title: 'Codecs', run: runCodecs }

async function runCodecs(plan: Plan): Promise<SuiteFindings> {
  const samples = new Samples()
  for (let run = 0; run < plan.runs; run++) {
    await withPeers(plan, {}, async (peers) => {
      for (const size of SIZES) {
        for (const codec of COMPRESSIONS) {
          for (const contender of contendersOf(plan, run)) {
            const peer = peers.find((candidate) => candidate.contender === contender)!
            await measure(peer, size, codec, WARM_UP_SECONDS * plan.scale, new Samples())
            await measure(peer, size, codec, SECONDS * plan.scale, samples)
            const rate = samples.of(contender.name, measureOf(size, codec, 'rate')).at(-1)!
            plan.log(`  ${size.name}, ${codec}, run ${run + 1}, ${contender.name}: ${rate.toFixed(0)} MB/s`)
          }
        }
      }
    })
  }
  return { sections: [section(plan, samples)] }
}

async function measure(
  peer: RunningPeer,
  size: Size,
  codec: Compression,
  seconds: number,
  samples: Samples,
): Promise<void> {
  const topic = uniqueName('codec')
  await peer.createTopic(topic, PARTITIONS)
  const load = await WireLoad.prepare<ProduceTask>({
    mode: 'produce',
    port: peer.port,
    topic,
    partitions: PARTITIONS,
    connections: CONNECTIONS,
    inFlight: IN_FLIGHT,
    recordBytes: size.recordBytes,
    batchRecords: size.batchRecords,
    compression: codec,
  })
  const before = threadSeconds(peer.pid)
  load.start()
  await sleep(seconds * 1000)
  const { bytes, seconds: taken } = await load.stop()
  const cpu = threadSeconds(peer.pid) - before
  const { name } = peer.contender
  samples.add(name, measureOf(size, codec, 'rate'), bytes / taken / 1e6)
  samples.add(name, measureOf(size, codec, 'CPU'), cpu / (bytes / 1e9))
  await peer.deleteTopic(topic)
}

function measureOf(size: Size, codec: Compression, what: 'rate' | 'CPU'): string {
  return `${size.name}, ${codec}: ${what}`
}

function section(plan: Plan, samples: Samples): SuiteFindings['sections'][number] {
  const kafka = plan.kafka?.name ?? 'Kafka'
  const figures = (measure: string): Pick<Row, 'ours' | 'theirs'> => ({
    ours: samples.of(plan.ours.name, measure),
    theirs: samples.of(kafka, measure),
  })
  const rows = SIZES.flatMap((size) =>
    COMPRESSIONS.flatMap((codec): Row[] => [
      {
        what: `${size.name}, ${codec}`,
        unit: 'MB/s',
        ...figures(measureOf(size, codec, 'rate')),
        bars: [{ of: 'ratio', atLeast: 1 }],
      },
      {
        what: `${size.name}, ${codec}, broker CPU`,
        unit: 's/GB',
        ...figures(measureOf(size, codec, 'CPU')),
        bars: [{ of: 'ratio', atMost: 1 }],
      },
    ]),
  )
  return {
    title: 'Produce by codec',
    reference: kafka,
    rows,
    notes: [
      'Batches of some 100 kB of record values that look like a log, compressed before the measure and sent again and again: the ' +
        `figures are the broker's. MB and GB are of values before compression. ${CONNECTIONS} connections, ${PARTITIONS} partitions, ${IN_FLIGHT} batches under way, acks=all; ` +
        'Millrace syncing, Kafka not.',
    ],
  }
}
