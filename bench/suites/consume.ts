import { uniqueName } from '../../test/support/names.ts'
import { runWireLoad, WireLoad } from '../load/wire-load.ts'
import type { RunningPeer } from '../peers/running-peer.ts'
import { settleDisk, sleep } from '../peers/running-peer.ts'
import type { Bar, Row, Section } from '../report/result.ts'
import { Samples } from './samples.ts'
import { contendersOf, type Plan, type Suite, type SuiteFindings, withPeers } from './suite.ts'

const PARTITIONS = 4
/** How much is read each time: some seconds' worth for the quickest. */
const SIZES = [
  { name: '100 B', recordBytes: 100, bytes: 500e6 },
  { name: '1 KiB', recordBytes: 1024, bytes: 2500e6 },
  { name: '16 KiB', recordBytes: 16_384, bytes: 3500e6 },
]
const BARE_BYTES = 3e9
const LAG_BYTES = 1200e6
const LAG_RECORD_BYTES = 1024
/** 40 MB/s. */
const WRITER = { batchRecords: 64, batchesPerSecond: 610 }
const WRITER_LEAD_MS = 500

const BARS = {
  throughput: { of: 'ratio', atLeast: 1.3 },
  cpu: { of: 'ratio', atMost: 0.5 },
} as const satisfies Record<string, Bar>
/** The cost of larger records is measured beside what it can be at least (see limit.ts). */
const LARGE_BARS = { throughput: BARS.throughput }
const LARGE_BYTES_MIN = 1024

/** Reading what is in the page cache, and reading what is far behind while more is written. */
export const consumeSuite: Suite = { name: 'consume', title: 'Consume', run: runConsume }

async function runConsume(plan: Plan): Promise<SuiteFindings> {
  const samples = new Samples()
  await withPeers(plan, {}, async (peers) => {
    for (const size of SIZES) await measureSize(size, peers, plan, samples)
    await measureLag(peers, plan, samples)
  })
  return { sections: sections(plan, samples) }
}

async function measureSize(
  { name, recordBytes, bytes }: (typeof SIZES)[number],
  peers: readonly RunningPeer[],
  plan: Plan,
  samples: Samples,
): Promise<void> {
  const topic = uniqueName('load')
  const recordCount = Math.ceil((bytes * plan.scale) / recordBytes)
  const read = async (peer: RunningPeer): Promise<number> =>
    await plan.load.consume({ bootstrap: peer.bootstrap, topic, recordCount, recordBytes })
  for (const peer of peers) {
    await peer.createTopic(topic, PARTITIONS)
    await plan.load.produce({ bootstrap: peer.bootstrap, topic, recordCount, recordBytes })
  }
  await settleDisk()
  for (const peer of peers) await read(peer)
  for (let run = 0; run < plan.runs; run++) {
    for (const peer of inTurn(plan, run, peers)) {
      const contender = peer.contender.name
      await sample(peer, samples, name, recordCount * recordBytes, async () => await read(peer))
      const bare = { topic, recordBytes, bytes: BARE_BYTES * plan.scale }
      await sample(peer, samples, `${name}, bare fetches`, bare.bytes, async () => await readBare(peer, bare))
      plan.log(
        `  consume ${name}, run ${run + 1}, ${contender}: ` +
          `${samples.of(contender, `${name}: throughput`).at(-1)?.toFixed(0)} MB/s, ` +
          `bare ${samples.of(contender, `${name}, bare fetches: throughput`).at(-1)?.toFixed(0)} MB/s`,
      )
    }
  }
  for (const peer of peers) await peer.deleteTopic(topic)
}

/** Fetches without a look at the records: what the broker can give where the client is no limit. */
async function readBare(
  peer: RunningPeer,
  { topic, bytes }: { topic: string; bytes: number },
): Promise<number> {
  const { seconds } = await runWireLoad({
    mode: 'fetch',
    port: peer.port,
    topic,
    partitions: PARTITIONS,
    connections: PARTITIONS,
    inFlight: PARTITIONS,
    partitionBytes: 1024 * 1024,
    bytes,
    from: [0],
  })
  return seconds
}

async function sample(
  peer: RunningPeer,
  samples: Samples,
  name: string,
  bytes: number,
  read: () => Promise<number>,
): Promise<void> {
  const cpuBefore = peer.cpuSeconds()
  const seconds = await read()
  const cpu = peer.cpuSeconds() - cpuBefore
  samples.add(peer.contender.name, `${name}: throughput`, bytes / seconds / 1e6)
  samples.add(peer.contender.name, `${name}: CPU`, cpu / (bytes / 1e9))
}

async function measureLag(peers: readonly RunningPeer[], plan: Plan, samples: Samples): Promise<void> {
  const recordCount = Math.ceil((LAG_BYTES * plan.scale) / LAG_RECORD_BYTES)
  for (let run = 0; run < plan.runs; run++) {
    for (const peer of inTurn(plan, run, peers)) {
      const topic = uniqueName('lag')
      const load = { bootstrap: peer.bootstrap, topic, recordCount, recordBytes: LAG_RECORD_BYTES }
      await peer.createTopic(topic, PARTITIONS)
      await plan.load.produce(load)
      await settleDisk()
      const writer = await WireLoad.prepare({
        mode: 'produce',
        port: peer.port,
        topic,
        partitions: PARTITIONS,
        connections: 1,
        inFlight: 100,
        recordBytes: LAG_RECORD_BYTES,
        ...WRITER,
      })
      writer.start()
      await sleep(WRITER_LEAD_MS)
      await sample(peer, samples, 'lagging group', recordCount * LAG_RECORD_BYTES, async () => {
        return await plan.load.consume(load)
      })
      await writer.stop()
      await peer.deleteTopic(topic)
    }
    plan.log(`  consume by a lagging group: run ${run + 1} of ${plan.runs}`)
  }
}

function inTurn(plan: Plan, run: number, peers: readonly RunningPeer[]): RunningPeer[] {
  return contendersOf(plan, run).map((contender) => peers.find((peer) => peer.contender === contender)!)
}

function sections(plan: Plan, samples: Samples): Section[] {
  const reference = plan.kafka?.name ?? 'Kafka'
  const rows = (name: string, bars: Partial<typeof BARS> = {}): Row[] => [
    {
      what: name,
      unit: 'MB/s',
      ours: samples.of(plan.ours.name, `${name}: throughput`),
      theirs: samples.of(reference, `${name}: throughput`),
      ...(bars.throughput !== undefined && { bars: [bars.throughput] }),
    },
    {
      what: `${name}, broker CPU`,
      unit: 's/GB',
      ours: samples.of(plan.ours.name, `${name}: CPU`),
      theirs: samples.of(reference, `${name}: CPU`),
      ...(bars.cpu !== undefined && { bars: [bars.cpu] }),
    },
  ]
  return [
    {
      title: 'By a client',
      reference,
      rows: [
        ...SIZES.flatMap(({ name, recordBytes }) =>
          rows(name, recordBytes < LARGE_BYTES_MIN ? BARS : LARGE_BARS),
        ),
        ...rows('lagging group', LARGE_BARS),
      ],
      notes: [
        `${PARTITIONS} partitions, all in the page cache, read from the start by a new group of one with the client's defaults; ` +
          'from the first record to the last. The lagging group reads 1 KiB records that lie there while 40 MB/s more are ' +
          'written to the same partitions; the broker CPU is then of both.',
      ],
    },
    {
      title: 'By bare fetches',
      reference,
      rows: SIZES.flatMap(({ name }) => rows(`${name}, bare fetches`)),
      notes: [
        'The same data, fetched by a process that does not look at the records: 4 connections, a fetch of 1 MiB of one ' +
          'partition under way on each. It shows the broker where a client that unpacks each record is itself the limit.',
      ],
    },
  ]
}
