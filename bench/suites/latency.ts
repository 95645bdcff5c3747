import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { uniqueName } from '../../test/support/names.ts'
import { deviceSyncs } from '../load/device-sync.ts'
import { WireLoad } from '../load/wire-load.ts'
import { RunningPeer, settleDisk, sleep } from '../peers/running-peer.ts'
import type { Section } from '../report/result.ts'
import { median, percentile } from '../statistics.ts'
import { Samples } from './samples.ts'
import { contendersOf, type Plan, type Suite, type SuiteFindings } from './suite.ts'

const RECORDS_PER_SECOND = 1_000
const RECORD_BYTES = 200
/** A batch of one such record on the disk. */
const BATCH_BYTES = 270
const SECONDS = 8
const DEVICE_TRIES = 1_000
const BACKGROUND_LEAD_MS = 3_000

/** Segments are short and looked at often, so that something is always being cleaned or deleted. */
const SETTINGS = {
  'log.cleaner.backoff.ms': '200',
  'log.retention.check.interval.ms': '500',
}
const SEGMENTS = { 'segment.bytes': '1048576', 'file.delete.delay.ms': '500' }
const BACKGROUND = {
  compacted: { ...SEGMENTS, 'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0.01' },
  expiring: { ...SEGMENTS, 'cleanup.policy': 'delete', 'retention.bytes': '4194304' },
}
/** 4 MB/s to each of the two. */
const WRITER = { recordBytes: 1024, batchRecords: 16, batchesPerSecond: 250, connections: 1, inFlight: 50 }

/** How long an acknowledgement takes at a modest rate, at rest and while logs are compacted and deleted. */
export const latencySuite: Suite = { name: 'latency', title: 'Latency', run: runLatency }

async function runLatency(plan: Plan): Promise<SuiteFindings> {
  const samples = new Samples()
  const pooled = new Map<string, number[]>()
  const notes: string[] = []
  for (let run = 0; run < plan.runs; run++) {
    for (const contender of contendersOf(plan, run)) {
      plan.log(`latency: run ${run + 1} of ${plan.runs}, ${contender.name}`)
      const peer = await RunningPeer.start(contender, plan.directory, SETTINGS)
      try {
        const device = percentile(await deviceSyncs(plan.directory, BATCH_BYTES, DEVICE_TRIES), 0.5)
        await peer.createTopic('latency', 1)
        await latencies(peer, plan, 3)
        const rest = await latencies(peer, plan, SECONDS)
        addPercentiles(samples, contender.name, 'at rest', rest)
        samples.add(contender.name, 'device', device)
        samples.add(contender.name, 'p50 above device', percentile(rest, 0.5) - device)
        pool(pooled, `${contender.name} at rest`, rest)
        if (contender !== plan.ours) continue
        const write = await withBackground(peer, plan, 'plain', samples)
        addPercentiles(samples, contender.name, 'plain', write.values)
        pool(pooled, `${contender.name} plain`, write.values)
        const busy = await withBackground(peer, plan, 'cleaned', samples)
        addPercentiles(samples, contender.name, 'cleaned', busy.values)
        pool(pooled, `${contender.name} cleaned`, busy.values)
        if (!busy.isCleaned)
          notes.push(`In run ${run + 1} ${contender.name} did not compact or delete while it was measured.`)
      } finally {
        await peer.remove()
        await settleDisk()
      }
    }
  }
  return { sections: sections(plan, samples, pooled, notes) }
}

async function latencies(peer: RunningPeer, plan: Plan, seconds: number): Promise<number[]> {
  const recordCount = Math.ceil(RECORDS_PER_SECOND * seconds * Math.max(0.2, plan.scale))
  const load = { bootstrap: peer.bootstrap, topic: 'latency', recordBytes: RECORD_BYTES, recordCount }
  return await plan.load.latencies(load, RECORDS_PER_SECOND)
}

function addPercentiles(samples: Samples, contender: string, what: string, values: readonly number[]): void {
  samples.add(contender, `p50 ${what}`, percentile(values, 0.5))
  samples.add(contender, `p99 ${what}`, percentile(values, 0.99))
  samples.add(contender, `p99.9 ${what}`, percentile(values, 0.999))
}

function pool(pooled: Map<string, number[]>, name: string, values: readonly number[]): void {
  const all = pooled.get(name) ?? []
  for (const value of values) all.push(value)
  pooled.set(name, all)
}

/** Measures while two other topics are written to: plain ones, or one that is compacted and one that expires. */
async function withBackground(
  peer: RunningPeer,
  plan: Plan,
  kind: 'plain' | 'cleaned',
  samples: Samples,
): Promise<{ values: number[]; isCleaned: boolean }> {
  const names = [uniqueName('compacted'), uniqueName('expiring')] as const
  const plain = { 'segment.bytes': '1073741824' }
  await peer.createTopic(names[0], 1, kind === 'plain' ? plain : BACKGROUND.compacted)
  await peer.createTopic(names[1], 1, kind === 'plain' ? plain : BACKGROUND.expiring)
  const writers = await Promise.all(
    names.map((topic) =>
      WireLoad.prepare({ mode: 'produce', port: peer.port, topic, partitions: 1, keys: 200, ...WRITER }),
    ),
  )
  for (const writer of writers) writer.start()
  await sleep(BACKGROUND_LEAD_MS)
  const values = await latencies(peer, plan, SECONDS)
  const written = (await Promise.all(writers.map((writer) => writer.stop()))).map(({ bytes }) => bytes)
  const kept = await Promise.all(names.map((topic) => bytesOf(peer, topic)))
  const isCleaned = kept.every((bytes, index) => bytes < written[index]! * 0.75)
  samples.add(peer.contender.name, `${kind} kept`, (kept[0]! + kept[1]!) / (written[0]! + written[1]!))
  for (const topic of names) await peer.deleteTopic(topic)
  return { values, isCleaned }
}

/** What a topic's segments take on the disk. */
async function bytesOf(peer: RunningPeer, topic: string): Promise<number> {
  let bytes = 0
  for (const directory of await peer.partitionDirectories(topic)) {
    for (const name of await readdir(directory)) {
      if (!name.endsWith('.log')) continue
      const { size, blocks } = await stat(join(directory, name)).catch(() => ({ size: 0, blocks: 0 }))
      bytes += Math.min(size, blocks * 512)
    }
  }
  return bytes
}

function sections(
  plan: Plan,
  samples: Samples,
  pooled: ReadonlyMap<string, number[]>,
  notes: readonly string[],
): Section[] {
  const reference = plan.kafka?.name ?? 'Kafka'
  const both = (measure: string): { ours: readonly number[]; theirs: readonly number[] } => ({
    ours: samples.of(plan.ours.name, measure),
    theirs: samples.of(reference, measure),
  })
  const pooledRatio = (name: string): number =>
    percentile(pooled.get(`${name} cleaned`) ?? [], 0.999) /
    percentile(pooled.get(`${name} at rest`) ?? [], 0.999)
  const kept = (name: string): string => `${(median(samples.of(name, 'cleaned kept')) * 100).toFixed(0)} %`
  return [
    {
      title: 'Acknowledgements',
      reference,
      rows: [
        { what: "the device's own append and fdatasync, p50", unit: 'ms', ...both('device') },
        { what: 'p50', unit: 'ms', ...both('p50 at rest') },
        {
          what: 'p50, above the device',
          unit: 'ms',
          ours: samples.of(plan.ours.name, 'p50 above device'),
          bars: [{ of: 'value', atMost: 1.5 }],
        },
        { what: 'p99', unit: 'ms', ...both('p99 at rest'), bars: [{ of: 'ratio', atMost: 0.7 }] },
        { what: 'p99.9', unit: 'ms', ...both('p99.9 at rest') },
        { what: 'p50 beside 8 MB/s to other topics', unit: 'ms', ...both('p50 plain') },
        { what: 'p99 beside 8 MB/s to other topics', unit: 'ms', ...both('p99 plain') },
        { what: 'p99.9 beside 8 MB/s to other topics', unit: 'ms', ...both('p99.9 plain') },
        { what: 'p50 while those are compacted and deleted', unit: 'ms', ...both('p50 cleaned') },
        { what: 'p99 while those are compacted and deleted', unit: 'ms', ...both('p99 cleaned') },
        { what: 'p99.9 while those are compacted and deleted', unit: 'ms', ...both('p99.9 cleaned') },
        {
          what: 'p99.9 while compacting and deleting, to that at rest, all runs together',
          unit: '×',
          ours: [pooledRatio(plan.ours.name)],
          bars: [{ of: 'value', atMost: 2 }],
        },
      ],
      notes: [
        `${RECORDS_PER_SECOND} records/s of ${RECORD_BYTES} B with acks=all to 1 partition, no linger, from the send to the ` +
          `answer; ${SECONDS} s for each figure. The load generator keeps one core busy to be on time. The two other topics get ` +
          '4 MB/s each in segments of 1 MiB; one is compacted as soon as it can be, the other keeps 4 MiB. At the end ' +
          `${kept(plan.ours.name)} of what was written to them was still there.`,
        ...notes,
      ],
    },
  ]
}
