import { uniqueName } from '../../test/support/names.ts'
import type { RunningPeer } from '../peers/running-peer.ts'
import type { Bar, Row, Section } from '../report/result.ts'
import { median } from '../statistics.ts'
import { Samples } from './samples.ts'
import { contendersOf, type Plan, type Suite, type SuiteFindings, withPeers } from './suite.ts'

const RECORD_BYTES = [100, 1024, 16_384]
const PARTITIONS = [1, 4, 100]
const MEASURE_SECONDS = 3
const WARM_UP_SECONDS = 3
/** More than this of new page cache at once measures where a virtual machine gets its memory from. */
const CASE_BYTES_MAX = 2e9
const WARM_UP_BYTES = 250e6
const PROBE_BYTES = 30e6
const SYNCING_PROBE_BYTES = 10e6
/** Kafka that promises what Millrace does. */
const SYNCING = { 'flush.messages': '1' }

interface Case {
  readonly recordBytes: number
  readonly partitions: number
}

/** A contender's broker, and the configuration of the topics that it is measured with. */
interface Entrant {
  readonly name: string
  readonly peer: RunningPeer
  readonly configs: Readonly<Record<string, string>>
}

/** Writing as fast as one client can, and what the broker is like afterwards. */
export const produceSuite: Suite = { name: 'produce', title: 'Produce', run: runProduce }

async function runProduce(plan: Plan): Promise<SuiteFindings> {
  const samples = new Samples()
  for (let run = 0; run < plan.runs; run++) {
    plan.log(`produce: run ${run + 1} of ${plan.runs}`)
    await withPeers(plan, {}, async (peers) => {
      for (const peer of peers) await warmUp(peer, plan)
      for (const kind of cases()) {
        for (const entrant of entrants(plan, run, peers)) await measure(entrant, kind, plan, samples)
      }
      for (const peer of peers) samples.add(peer.contender.name, 'memory', peer.residentMib())
    })
  }
  return { sections: sections(plan, samples) }
}

function cases(): Case[] {
  return RECORD_BYTES.flatMap((recordBytes) => PARTITIONS.map((partitions) => ({ recordBytes, partitions })))
}

function entrants(plan: Plan, run: number, peers: readonly RunningPeer[]): Entrant[] {
  return contendersOf(plan, run).flatMap((contender) => {
    const peer = peers.find((candidate) => candidate.contender === contender)!
    const plain = { name: contender.name, peer, configs: {} }
    if (contender !== plan.kafka) return [plain]
    return [plain, { name: syncingName(contender.name), peer, configs: SYNCING }]
  })
}

function syncingName(name: string): string {
  return `${name}, flush.messages=1`
}

async function warmUp(peer: RunningPeer, plan: Plan): Promise<void> {
  for (const recordBytes of RECORD_BYTES) {
    const topic = uniqueName('warm-up')
    await peer.createTopic(topic, 4)
    let seconds = 0
    while (seconds < (WARM_UP_SECONDS / RECORD_BYTES.length) * plan.scale)
      seconds += await plan.load.produce(loadOf(peer, topic, recordBytes, WARM_UP_BYTES * plan.scale))
    await peer.deleteTopic(topic)
  }
}

/** Writes for some seconds, after a probe: a topic's first records wait for more than the ones after them. */
async function measure(entrant: Entrant, kind: Case, plan: Plan, samples: Samples): Promise<void> {
  const { name, peer, configs } = entrant
  const topic = uniqueName('load')
  await peer.createTopic(topic, kind.partitions, configs)
  const write = async (bytes: number): Promise<{ megabytesPerSecond: number; cpuPerGigabyte: number }> => {
    const load = loadOf(peer, topic, kind.recordBytes, bytes)
    const cpuBefore = peer.cpuSeconds()
    const seconds = await plan.load.produce(load)
    const cpu = peer.cpuSeconds() - cpuBefore
    const written = load.recordCount * load.recordBytes
    return { megabytesPerSecond: written / seconds / 1e6, cpuPerGigabyte: cpu / (written / 1e9) }
  }
  const writeFor = (seconds: number, megabytesPerSecond: number): ReturnType<typeof write> =>
    write(Math.min(CASE_BYTES_MAX, megabytesPerSecond * 1e6 * seconds) * plan.scale)
  const probe = await write((configs === SYNCING ? SYNCING_PROBE_BYTES : PROBE_BYTES) * plan.scale)
  const known = samples.of(name, throughputOf(kind))
  const rate =
    known.length > 0 ? median(known) : (await writeFor(1, probe.megabytesPerSecond)).megabytesPerSecond
  const { megabytesPerSecond, cpuPerGigabyte } = await writeFor(MEASURE_SECONDS, rate)
  samples.add(name, throughputOf(kind), megabytesPerSecond)
  samples.add(name, cpuOf(kind), cpuPerGigabyte)
  plan.log(
    `  ${title(kind)}, ${name}: ${megabytesPerSecond.toFixed(0)} MB/s, ${cpuPerGigabyte.toFixed(2)} CPU-s/GB`,
  )
  await peer.deleteTopic(topic)
}

function loadOf(
  { bootstrap }: RunningPeer,
  topic: string,
  recordBytes: number,
  bytes: number,
): { bootstrap: string; topic: string; recordBytes: number; recordCount: number } {
  return { bootstrap, topic, recordBytes, recordCount: Math.max(100, Math.ceil(bytes / recordBytes)) }
}

function title({ recordBytes, partitions }: Case): string {
  const size = recordBytes < 1024 ? `${recordBytes} B` : `${recordBytes / 1024} KiB`
  return `${size}, ${partitions} partition${partitions === 1 ? '' : 's'}`
}

function throughputOf(kind: Case): string {
  return `${title(kind)}: throughput`
}

function cpuOf(kind: Case): string {
  return `${title(kind)}: CPU`
}

/** Of larger records the cost is measured beside what it can be at least (see limit.ts). */
const LARGE_BYTES_MIN = 1024

function sections(plan: Plan, samples: Samples): Section[] {
  const kafkaName = plan.kafka?.name ?? 'Kafka'
  const figures = (measure: string, reference: string): Pick<Row, 'ours' | 'theirs'> => ({
    ours: samples.of(plan.ours.name, measure),
    theirs: samples.of(reference, measure),
  })
  const rows = (reference: string, throughput: Bar, smallCpu: readonly Bar[]): Row[] =>
    cases().flatMap((kind) => [
      {
        what: title(kind),
        unit: 'MB/s',
        ...figures(throughputOf(kind), reference),
        bars: [throughput],
      },
      {
        what: `${title(kind)}, broker CPU`,
        unit: 's/GB',
        ...figures(cpuOf(kind), reference),
        ...(kind.recordBytes < LARGE_BYTES_MIN && smallCpu.length > 0 && { bars: smallCpu }),
      },
    ])
  return [
    {
      title: 'Millrace syncing, Kafka not',
      reference: kafkaName,
      rows: rows(kafkaName, { of: 'ratio', atLeast: 1 }, [{ of: 'ratio', atMost: 0.4 }]),
      notes: [
        'acks=all, one client process with its defaults otherwise (linger.ms=5), no compression. Each figure is of up to three ' +
          'seconds and 2 GB of writing to a new topic, from the first send to the last answer. Broker CPU is user and system time of all ' +
          'its threads; the settings are the defaults, but that deleted files go at once.',
        'What the kernel writes back by itself, as for Kafka, is counted to no process; what fdatasync makes it write is ' +
          'counted to Millrace.',
      ],
    },
    {
      title: 'Both syncing',
      reference: syncingName(kafkaName),
      rows: rows(syncingName(kafkaName), { of: 'ratio', atLeast: 1.3 }, []),
      notes: [],
    },
    {
      title: 'Memory after these loads',
      reference: kafkaName,
      rows: [
        {
          what: 'memory, after load',
          unit: 'MiB',
          ...figures('memory', kafkaName),
          bars: [{ of: 'ratio', atMost: 0.3 }],
        },
      ],
      notes: [],
    },
  ]
}
