import { describe, expect, it } from 'vitest'
import type { ErrorName } from '../../../src/protocol/error-codes.ts'
import { MemoryFileSystem } from '../../../src/storage/memory-file-system.ts'
import { committedValues } from '../../support/committed-values.ts'
import { MemoryBroker } from '../../support/memory-broker.ts'
import { TransactionalClient } from '../../support/transactional-client.ts'

const TOPICS = ['a', 'b'] as const
const GROUP_ID = 'copiers'

/** How a broker ends: its process is killed, or the power goes and with it what was not synced. */
type Ending = 'kill' | 'crash'
/** Which transactions a client makes: with one epoch for all, or one for each (KIP-890). */
type TransactionVersion = 1 | 2

const SETTINGS = { 'offsets.topic.num.partitions': '1', 'transaction.state.log.num.partitions': '1' }

/** The answers of a coordinator that is not ready yet. */
const PASSING: ReadonlySet<string> = new Set([
  'CONCURRENT_TRANSACTIONS',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'UNSTABLE_OFFSET_COMMIT',
])

/** A broker on a disk in memory, and a client of it that copies in transactions. */
class Copier {
  readonly #broker: MemoryBroker
  readonly #client: TransactionalClient
  readonly #version: TransactionVersion
  #sequence = 0

  private constructor(broker: MemoryBroker, client: TransactionalClient, version: TransactionVersion) {
    this.#broker = broker
    this.#client = client
    this.#version = version
  }

  static async start(fileSystem: MemoryFileSystem, version: TransactionVersion): Promise<Copier> {
    const broker = await MemoryBroker.start(SETTINGS, fileSystem)
    return new Copier(broker, new TransactionalClient(await broker.connect(), 'copier'), version)
  }

  async createTopics(): Promise<void> {
    for (const topic of TOPICS) await this.#broker.createTopic(this.#client.wire, topic)
    await this.#client.findCoordinators(GROUP_ID)
  }

  /** Takes over the transactional id. What it had open is over when this resolves. */
  async init(): Promise<void> {
    await untilDone(async () => (await this.#client.init()).error)
    this.#sequence = 0
  }

  /** One record to each topic and one offset, as one transaction; resolves when its end is acknowledged. */
  async copy(value: string, offset: number, isCommit: boolean): Promise<void> {
    const client = this.#client
    if (this.#version === 1) {
      await untilDone(async () => (await client.addPartitions({ a: [0], b: [0] }))[0]!)
      await untilDone(() => client.addOffsets(GROUP_ID))
    }
    const [produceVersion, commitVersion, endVersion] = this.#version === 1 ? [11, 4, 4] : [12, 5, 5]
    for (const topic of TOPICS) {
      const said = { version: produceVersion, value }
      await untilDone(async () => (await client.write(topic, this.#sequence, said)).error)
    }
    await untilDone(() => client.commitOffset(GROUP_ID, 'a', offset, { version: commitVersion }))
    await untilDone(async () => (await client.end(isCommit, { version: endVersion })).error)
    this.#sequence = this.#version === 1 ? this.#sequence + 1 : 0
  }

  settled(): Promise<void> {
    return this.#client.settled()
  }

  /** What a reader finds, and the records that an open transaction holds back from it. */
  async committed(): Promise<{ values: string[][]; offset: number | ErrorName; heldBack: number }> {
    const values: string[][] = []
    let heldBack = 0
    for (const topic of TOPICS) {
      const fetched = await this.#client.fetchCommitted(topic)
      heldBack += fetched.highWatermark - fetched.lastStableOffset
      values.push(committedValues(fetched.records!, fetched.abortedTransactions))
    }
    return { values, offset: await this.#client.committedOffset(GROUP_ID, 'a'), heldBack }
  }

  stop(): Promise<void> {
    return this.#broker.stop()
  }
}

async function untilDone(ask: () => Promise<ErrorName>): Promise<void> {
  for (;;) {
    const error = await ask()
    if (error === 'NONE') return
    if (!PASSING.has(error)) throw new Error(error)
  }
}

/** The disk takes its time: meanwhile answers reach the client. */
async function fewTurns(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** Lets a transaction begin and ends the broker at the given operation of the disk from there on. */
async function endAt(
  operation: number,
  ending: Ending,
  version: TransactionVersion,
): Promise<{ wasEnded: boolean; wasAcknowledged: boolean; next: MemoryFileSystem }> {
  const fileSystem = new MemoryFileSystem()
  const copier = await Copier.start(fileSystem, version)
  await copier.createTopics()
  await copier.init()
  await copier.copy('before', 1, true)
  await copier.settled()
  fileSystem.delay = fewTurns
  let next: MemoryFileSystem | null = null
  const ended = new Promise<void>((resolve) => {
    let count = 0
    fileSystem.onOperation = () => {
      if (count++ === operation) {
        next = fileSystem[ending]()
        resolve()
      }
      return null
    }
  })
  let wasAcknowledged = false
  const copied = copier.copy('during', 2, true).then(async () => {
    wasAcknowledged = true
    await copier.settled()
  })
  await Promise.race([ended, copied])
  copied.catch(() => {})
  fileSystem.onOperation = null
  const stopped = copier.stop()
  // A broker whose disk has gone never ends, but lets go of its port and its clients.
  if (next !== null) return { wasEnded: true, wasAcknowledged, next }
  await stopped
  return { wasEnded: false, wasAcknowledged, next: fileSystem.kill() }
}

describe.each([
  ['kill', 1],
  ['kill', 2],
  ['crash', 1],
  ['crash', 2],
] as const)('a broker that ends by %s in a transaction of version %i', (ending, version) => {
  it('G10, G12: has all of it or nothing afterwards, all if it said so, and goes on', async () => {
    const outcomes = new Set<string>()
    for (let operation = 0; ; operation++) {
      const { wasEnded, wasAcknowledged, next } = await endAt(operation, ending, version)
      const copier = await Copier.start(next, version)
      await copier.init()
      const found = await copier.committed()
      const all = { values: TOPICS.map(() => ['before', 'during']), offset: 2, heldBack: 0 }
      const nothing = { values: TOPICS.map(() => ['before']), offset: 1, heldBack: 0 }
      const isAll = found.offset === 2
      expect(found, `operation ${operation}`).toEqual(isAll ? all : nothing)
      if (wasAcknowledged) expect(isAll, `operation ${operation} acknowledged`).toBe(true)
      await copier.copy('aborted', 3, false)
      await copier.copy('after', 4, true)
      await copier.settled()
      expect(await copier.committed(), `operation ${operation}`).toEqual({
        values: found.values.map((before) => [...before, 'after']),
        offset: 4,
        heldBack: 0,
      })
      await copier.stop()
      if (!wasEnded) break
      outcomes.add(`${isAll ? 'all' : 'nothing'}${wasAcknowledged ? ', acknowledged' : ''}`)
    }
    expect([...outcomes].sort()).toEqual(expect.arrayContaining(['all, acknowledged', 'nothing']))
  })
})
