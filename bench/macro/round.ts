import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel, Partitioners } from 'kafkajs'
import { createTopic } from '../../test/support/topics.ts'
import type { LoadGenerator } from '../load/load-generator.ts'
import type { Contender, Peer } from '../peers/peer.ts'
import { cpuSeconds, residentBytes } from '../process-stats.ts'
import { percentile } from '../statistics.ts'
import type { Sample } from './measures.ts'

/** How much is moved in a run. */
export interface RoundPlan {
  readonly load: LoadGenerator
  /** Bytes of record values for each size. */
  readonly loadBytes: number
  readonly latencySeconds: number
  readonly log: (line: string) => void
}

const PARTITIONS = 4
const IDLE_MS = 2_000
const RECORDS_PER_SECOND = 1_000
const LATENCY_RECORD_BYTES = 200
const MIB = 1024 * 1024

/** One contender's run: started on an empty directory, warmed up, loaded and measured, restarted, removed. */
export async function measureRound(contender: Contender, plan: RoundPlan): Promise<Sample> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'millrace-bench-'))
  let peer: Peer | null = null
  try {
    peer = await contender.start({ dataDirectory })
    await sleep(IDLE_MS)
    const idle = { 'memory, idle': residentBytes(peer.pid) / MIB }
    await warmUp(peer, plan)
    const latency = await measureLatency(peer, plan)
    const small = await measureThroughput(peer, plan, '100 B', 100)
    const large = await measureThroughput(peer, plan, '1 KiB', 1024)
    const loaded = { 'memory, after load': residentBytes(peer.pid) / MIB }
    const { port } = peer
    await peer.stop()
    peer = null
    const restart = await measureStart(async () => await contender.start({ dataDirectory, port }), port)
    peer = restart.peer
    return { ...idle, ...latency, ...small, ...large, ...loaded, 'start to first ack': restart.ms }
  } finally {
    await peer?.kill()
    await rm(dataDirectory, { recursive: true, force: true })
  }
}

async function warmUp(peer: Peer, plan: RoundPlan): Promise<void> {
  const load = { bootstrap: peer.bootstrap, topic: 'warm-up', recordBytes: 1024 }
  const recordCount = Math.ceil(plan.loadBytes / 4 / load.recordBytes)
  await createTopic(peer.bootstrap, load.topic, PARTITIONS)
  await plan.load.produce({ ...load, recordCount })
  await plan.load.consume({ ...load, recordCount })
}

async function measureThroughput<Name extends '100 B' | '1 KiB'>(
  peer: Peer,
  plan: RoundPlan,
  name: Name,
  recordBytes: number,
): Promise<Sample> {
  const topic = `load-${recordBytes}`
  await createTopic(peer.bootstrap, topic, PARTITIONS)
  const recordCount = Math.ceil(plan.loadBytes / recordBytes)
  const load = { bootstrap: peer.bootstrap, topic, recordCount, recordBytes }
  const sample: Record<string, number> = {}
  for (const direction of ['produce', 'consume'] as const) {
    const cpuBefore = cpuSeconds(peer.pid)
    const seconds = await plan.load[direction](load)
    const cpu = cpuSeconds(peer.pid) - cpuBefore
    const bytes = recordCount * recordBytes
    sample[`${direction} ${name}`] = bytes / seconds / 1e6
    sample[`${direction} ${name}, records`] = recordCount / seconds / 1000
    sample[`${direction} ${name}, broker CPU`] = cpu / (bytes / 1e9)
  }
  return sample
}

async function measureLatency(peer: Peer, plan: RoundPlan): Promise<Sample> {
  const topic = 'latency'
  await createTopic(peer.bootstrap, topic, 1)
  const load = { bootstrap: peer.bootstrap, topic, recordBytes: LATENCY_RECORD_BYTES }
  await plan.load.latencies({ ...load, recordCount: RECORDS_PER_SECOND }, RECORDS_PER_SECOND)
  const recordCount = RECORDS_PER_SECOND * plan.latencySeconds
  const latencies = await plan.load.latencies({ ...load, recordCount }, RECORDS_PER_SECOND)
  return {
    'ack at 1,000/s of 200 B, p50': percentile(latencies, 0.5),
    'ack at 1,000/s of 200 B, p99': percentile(latencies, 0.99),
  }
}

/** Starts on data that are there, and asks for an ack from the first moment on. */
async function measureStart(start: () => Promise<Peer>, port: number): Promise<{ peer: Peer; ms: number }> {
  const startMs = performance.now()
  const starting = start()
  const firstAck = (async () => {
    for (;;) {
      if (await tryToProduce(port)) return performance.now() - startMs
      await sleep(2)
    }
  })()
  const peer = await starting
  return { peer, ms: await firstAck }
}

async function tryToProduce(port: number): Promise<boolean> {
  const kafka = new Kafka({
    brokers: [`127.0.0.1:${port}`],
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
  })
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
  try {
    await producer.connect()
    await producer.send({ topic: 'latency', acks: -1, messages: [{ value: 'first' }] })
    return true
  } catch {
    return false
  } finally {
    await producer.disconnect()
  }
}

async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}
