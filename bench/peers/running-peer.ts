import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { run } from '../../test/support/child.ts'
import { uniqueName } from '../../test/support/names.ts'
import { fillPageCache } from '../held-memory.ts'
import { cpuSeconds, residentBytes } from '../process-stats.ts'
import type { Contender, Peer } from './peer.ts'

const MIB = 1024 * 1024
const CREATED_MS = 60_000
/** Both take at most 10,000 records of metadata in a request. */
const PARTITIONS_AT_ONCE = 5_000
const DELETED_MS = 60_000
const LOOK_MS = 50
const SYNC_MS = 120_000

/** Of both: what is deleted goes from the disk at once, which has to hold many loads one after the other. */
const SETTINGS = { 'log.segment.delete.delay.ms': '500' }
/** Kafka's first look for what is to be deleted; not a config of Millrace. */
const KAFKA_SETTINGS = { 'log.initial.task.delay.ms': '500' }

/** A contender that runs on a directory of its own, which goes with it. */
export class RunningPeer {
  readonly contender: Contender
  readonly directory: string
  #peer: Peer | null

  private constructor(contender: Contender, directory: string, peer: Peer) {
    this.contender = contender
    this.directory = directory
    this.#peer = peer
  }

  /** Starts on an empty directory under `parent`. */
  static async start(
    contender: Contender,
    parent: string,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<RunningPeer> {
    const directory = join(parent, uniqueName('data'))
    await mkdir(directory, { recursive: true })
    const peer = await contender.start({
      dataDirectory: directory,
      settings: settingsOf(contender, settings),
    })
    return new RunningPeer(contender, directory, peer)
  }

  get bootstrap(): string {
    return this.#running.bootstrap
  }

  get port(): number {
    return this.#running.port
  }

  get pid(): number {
    return this.#running.pid
  }

  /** User and system time of all its threads so far. */
  cpuSeconds(): number {
    return cpuSeconds(this.pid)
  }

  residentMib(): number {
    return residentBytes(this.pid) / MIB
  }

  /** Creates a topic and resolves when its partitions have leaders. */
  async createTopic(
    topic: string,
    partitions: number,
    configs: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const admin = this.#admin()
    await admin.connect()
    try {
      const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }))
      const timeout = CREATED_MS
      const numPartitions = Math.min(partitions, PARTITIONS_AT_ONCE)
      const topics = [{ topic, numPartitions, replicationFactor: 1, configEntries }]
      await admin.createTopics({ waitForLeaders: true, timeout, topics })
      for (let count = numPartitions; count < partitions; ) {
        count = Math.min(partitions, count + PARTITIONS_AT_ONCE)
        await admin.createPartitions({ timeout, topicPartitions: [{ topic, count }] })
      }
    } finally {
      await admin.disconnect()
    }
  }

  /** Deletes a topic and resolves when its files are gone and nothing waits to be written to the disk. */
  async deleteTopic(topic: string): Promise<void> {
    const admin = this.#admin()
    await admin.connect()
    try {
      await admin.deleteTopics({ topics: [topic] })
    } finally {
      await admin.disconnect()
    }
    const deadlineMs = performance.now() + DELETED_MS
    while ((await this.partitionDirectories(topic)).length > 0) {
      if (performance.now() > deadlineMs)
        throw new Error(`${this.contender.name} keeps the files of deleted ${topic}`)
      await sleep(LOOK_MS)
    }
    await settleDisk()
  }

  /** Where the files of a topic are. */
  async partitionDirectories(topic: string): Promise<string[]> {
    const data = join(this.directory, 'data')
    const names = await readdir(data)
    return names.filter((name) => name.startsWith(`${topic}-`)).map((name) => join(data, name))
  }

  /** Ends by SIGTERM; the data stay for a restart. */
  async stop(): Promise<void> {
    await this.#peer?.stop()
    this.#peer = null
  }

  /** Ends by SIGKILL; the data stay for a restart. */
  async kill(): Promise<void> {
    await this.#peer?.kill()
    this.#peer = null
  }

  /** Starts again on the same data. */
  async restart(port: number, settings: Readonly<Record<string, string>> = {}): Promise<void> {
    this.#peer = await this.contender.start({
      dataDirectory: this.directory,
      port,
      settings: settingsOf(this.contender, settings),
    })
  }

  /** Ends it however it stands, and removes its data. */
  async remove(): Promise<void> {
    await this.kill()
    await rm(this.directory, { recursive: true, force: true })
  }

  get #running(): Peer {
    if (this.#peer === null) throw new Error(`${this.contender.name} does not run`)
    return this.#peer
  }

  #admin(): ReturnType<Kafka['admin']> {
    const requestTimeout = 2 * CREATED_MS
    return new Kafka({ brokers: [this.bootstrap], logLevel: logLevel.NOTHING, requestTimeout }).admin()
  }
}

function settingsOf({ name }: Contender, more: Readonly<Record<string, string>>): Record<string, string> {
  return { ...SETTINGS, ...(name.startsWith('Kafka') && KAFKA_SETTINGS), ...more }
}

/** Resolves when what was written is on the disk: nothing of it disturbs the next measure. */
export async function settleDisk(): Promise<void> {
  await run('sync', [], { timeoutMs: SYNC_MS })
  await fillPageCache()
}

export async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}
