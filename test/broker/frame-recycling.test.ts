import { afterEach, describe, expect, it } from 'vitest'
import { ByteBudget } from '../../src/base/byte-budget.ts'
import { ManualEnvironment } from '../../src/base/environment.ts'
import { silentLogger } from '../../src/base/logger.ts'
import { ZERO_UUID } from '../../src/base/uuid.ts'
import { produceHandler } from '../../src/broker/api/data/produce.ts'
import { createDispatcher } from '../../src/broker/net/dispatcher.ts'
import { FrameMemory } from '../../src/broker/net/frame-memory.ts'
import { Listener } from '../../src/broker/net/listener.ts'
import { RegionSender } from '../../src/broker/net/sendfile.ts'
import { BrokerOptions, topicConfigOf } from '../../src/broker/options.ts'
import { BatchThreads } from '../../src/broker/partition/batch-threads.ts'
import { logConfigOf, PartitionRegistry } from '../../src/broker/partition/registry.ts'
import { API_TABLE, decodeResponse } from '../../src/protocol/api.ts'
import { ERROR_CODES } from '../../src/protocol/error-codes.ts'
import type { ProduceRequest } from '../../src/protocol/generated/produce-fetch.ts'
import { batchBytes } from '../../src/protocol/record-batch.ts'
import { decodeRecords, encodeBatch } from '../../src/protocol/records.ts'
import type { DataDirectory } from '../../src/storage/data-directory.ts'
import { MemoryFileSystem } from '../../src/storage/memory-file-system.ts'
import { openDirectory, TOPIC_ID } from '../support/storage.ts'
import { WireClient } from '../support/wire-client.ts'

/** What a frame holds once it has been given back: no record is made of it. */
const POISON = 0xee
const VERSION = 9
const PARTITIONS = 2

/** One topic on a disk in memory behind a listener whose frames are poisoned when they are given back. */
class RecyclingBroker {
  readonly memory = new FrameMemory({ recycling: true, poisonByte: POISON })
  readonly environment = new ManualEnvironment()
  readonly fileSystem = new MemoryFileSystem()
  readonly budget = new ByteBudget(64 * 1024 * 1024)
  readonly clients: WireClient[] = []
  readonly #registry = new PartitionRegistry({
    nodeId: 1,
    environment: this.environment,
    logger: silentLogger,
  })
  #directory: DataDirectory | null = null
  #listener: Listener | null = null

  async start(readsDirectly: boolean): Promise<void> {
    const { environment, memory, budget } = this
    const config = { ...topicConfigOf(new Map(), BrokerOptions.from({})), messageBytesMax: 4 * 1024 * 1024 }
    this.#directory = await openDirectory(this.fileSystem, {
      environment,
      config: logConfigOf(config),
      hooksOf: (topic, index) => this.#registry.hooksOf(topic, index),
    })
    this.#registry.attach(this.#directory)
    const topic = { name: 't', id: TOPIC_ID, partitionCount: PARTITIONS, internal: false, config }
    await this.#registry.open([topic])
    const gate = { admit: async () => ({ error: 'NONE', missing: [] }) as const }
    const handlers = { Produce: produceHandler(this.#registry, gate, new BatchThreads(), this.environment) }
    this.#listener = new Listener({
      name: 'PLAINTEXT',
      host: '127.0.0.1',
      port: 0,
      dispatcher: createDispatcher({ handlers, environment, logger: silentLogger }),
      budget,
      memory,
      readsDirectly,
      sender: new RegionSender(null),
      environment,
      logger: silentLogger,
    })
    await this.#listener.listen()
  }

  async connect(): Promise<WireClient> {
    const client = await WireClient.open(this.#listener!.port)
    this.clients.push(client)
    return client
  }

  /** What partition `index` holds: for each batch the text of its only record. Fails where a batch is not whole. */
  values(index: number): string[] {
    const { log } = this.#registry.get('t', index)!
    const bytes = this.fileSystem.peek(`${log.path}/${'0'.repeat(20)}.log`).subarray(0, log.sizeBytes)
    const values: string[] = []
    for (let at = 0; at < bytes.length; ) {
      const end = at + batchBytes(bytes, at)
      if (end <= at || end > bytes.length) throw new Error(`no batch at ${at} of partition ${index}`)
      values.push(decodeRecords(bytes.subarray(at, end)).map(({ value }) => value!.toString())[0]!)
      at = end
    }
    return values
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.close()
    const closed = this.#listener!.close(0)
    this.environment.advance(0)
    await closed
    this.#registry.close()
    await this.#directory!.close()
  }
}

function request(values: readonly string[], acks: number, timeoutMs = 30_000): ProduceRequest {
  const partitionData = values.map((value, index) => ({
    index,
    records: encodeBatch({ records: [{ timestamp: 1, key: null, value: Buffer.from(value) }] }),
  }))
  return {
    transactionalId: null,
    acks,
    timeoutMs,
    topicData: [{ name: 't', topicId: ZERO_UUID, partitionData }],
  }
}

async function errorsOf(sent: ReturnType<WireClient['send']>): Promise<number[]> {
  const { responses } = decodeResponse(API_TABLE.Produce, VERSION, sent.correlationId, await sent.frame)
  return responses[0]!.partitionResponses.map(({ errorCode }) => errorCode)
}

/** A value that tells which it is and that is nowhere the same. */
function textOf(id: string, bytes: number): string {
  return `${id}:`.repeat(Math.ceil(bytes / (id.length + 1))).slice(0, bytes)
}

function turns(count: number): Promise<void> {
  return new Promise((resolve) => (count <= 0 ? resolve() : setImmediate(() => resolve(turns(count - 1)))))
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turns(1)
}

let broker: RecyclingBroker

afterEach(() => broker.stop())

describe.each([
  ['read directly', true],
  ['read through the stream', false],
])('frames %s', (_, readsDirectly) => {
  it('hold what is written to the log until it is written, whatever else is read meanwhile', async () => {
    broker = new RecyclingBroker()
    await broker.start(readsDirectly)
    const random = new ManualEnvironment({ seed: 11 })
    const chance = (count: number): number => Math.floor(random.random() * count)
    broker.fileSystem.delay = () => turns(chance(4))
    const expected = [new Set<string>(), new Set<string>()]
    const possible = new Set<string>()
    const runClient = async (name: string): Promise<void> => {
      const client = await broker.connect()
      const answers: Promise<void>[] = []
      for (let count = 0; count < 40; count++) {
        const acks = [1, -1, 0][chance(3)]!
        const bytes = [200, 20_000, 70_000, 300_000, 1_300_000][chance(5)]!
        const values = [0, 1].map((index) => textOf(`${name}-${count}-${index}`, bytes - chance(100)))
        for (const value of values) possible.add(value)
        if (acks === 0) {
          client.sendUnanswered('Produce', VERSION, request(values, 0))
        } else {
          const sent = client.send('Produce', VERSION, request(values, acks))
          const keep = () => values.forEach((value, index) => void expected[index]!.add(value))
          answers.push(
            errorsOf(sent).then(
              (errors) => errors.every((code) => code === 0) && keep(),
              () => {},
            ) as never,
          )
        }
        if (chance(3) === 0) await turns(chance(20))
        if (name === 'leaving' && count === 25) client.close()
      }
      await Promise.all(answers)
    }
    await Promise.all(['first', 'second', 'leaving'].map(runClient))
    for (const client of broker.clients) client.close()
    await until(() => broker.budget.usedBytes === 0)
    for (const [index, acknowledged] of expected.entries()) {
      const values = broker.values(index)
      expect(values.filter((value) => !possible.has(value))).toEqual([])
      expect([...acknowledged].filter((value) => !values.includes(value))).toEqual([])
      expect(new Set(values).size).toBe(values.length)
    }
    expect(broker.memory.reusedCount).toBeGreaterThan(10)
  })

  it('are left alone for good when the answer comes before their bytes are written', async () => {
    broker = new RecyclingBroker()
    await broker.start(readsDirectly)
    const client = await broker.connect()
    const written = textOf('written', 200_000)
    expect(await errorsOf(client.send('Produce', VERSION, request([written], -1)))).toEqual([0])
    expect(broker.memory.idleBytes).toBeGreaterThan(0)
    let letWrite = () => {}
    const disk = new Promise<void>((resolve) => {
      letWrite = resolve
    })
    broker.fileSystem.delay = () => disk
    const values = ['late', 'later'].map((id) => textOf(id, 200_000))
    const late = values.map((value) => client.send('Produce', VERSION, request([value], -1, 1000)))
    await until(() => broker.budget.usedBytes > 400_000)
    await turns(10)
    broker.environment.advance(1100)
    for (const sent of late) expect(await errorsOf(sent)).toEqual([ERROR_CODES.REQUEST_TIMED_OUT])
    await until(() => broker.budget.usedBytes === 0)
    const { idleBytes } = broker.memory
    const next = client.send('Produce', VERSION, request([textOf('next', 200_000)], 1))
    await until(() => broker.budget.usedBytes > 0)
    await turns(10)
    letWrite()
    expect(await errorsOf(next)).toEqual([0])
    expect(broker.values(0)).toEqual([written, ...values, textOf('next', 200_000)])
    expect(broker.memory.idleBytes).toBeGreaterThan(idleBytes)
  })
})
