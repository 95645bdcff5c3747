import { connect, type Socket } from 'node:net'
import { systemEnvironment } from '../../src/base/environment.ts'
import { ZERO_UUID } from '../../src/base/uuid.ts'
import { API_TABLE, type Api, encodeRequest } from '../../src/protocol/api.ts'
import {
  batchRecordCount,
  checkBatchCrc,
  checkBatchShape,
  onlyOneBatch,
} from '../../src/protocol/record-batch.ts'
import { UnwritableError } from '../../src/protocol/writer.ts'
import { MemoryFileSystem } from '../../src/storage/memory-file-system.ts'
import { batchOf, produce } from '../support/data-requests.ts'
import { MemoryBroker } from '../support/memory-broker.ts'
import type { WireClient } from '../support/wire-client.ts'
import { hostileBatch, recordsOf } from './batches.ts'
import type { Chance } from './chance.ts'
import { messageOf } from './decoders.ts'
import { type Dictionary, randomFields } from './message-values.ts'
import { mutated } from './mutation.ts'
import { promised, type Target, type Tried } from './target.ts'

const TOPIC = 'topic'
const COMPACTED = 'compacted'
/** Its batches are packed anew by the broker. */
const PACKED = 'packed'
/** A broker that has seen so much is closed, and a new one takes its place: what it did is bounded, and so is closing. */
const LIFE_ITERATIONS = 1500
/** How many turns of the loop an answer may take before the client goes away without it. */
const TURNS_MAX = 40
const SOFTWARE = { clientSoftwareName: 'neighbour', clientSoftwareVersion: '1' }

const DICTIONARY: Dictionary = {
  texts: [
    TOPIC,
    COMPACTED,
    PACKED,
    'group',
    'member',
    'range',
    'consumer',
    'txn',
    '',
    '1',
    'retention.ms',
    'cleanup.policy',
    '-1',
  ],
  ids: [ZERO_UUID],
  records: hostileBatch,
}

/** A broker on a port, its well-behaved neighbour, and what of it is served. */
interface Life {
  readonly broker: MemoryBroker
  readonly neighbour: WireClient
  readonly apis: readonly Api[]
  iterations: number
}

/** What the live targets share: one broker at a time. */
export class LiveBroker {
  #life: Life | null = null

  async get(): Promise<Life> {
    if (this.#life !== null && this.#life.iterations++ >= LIFE_ITERATIONS) await this.close()
    this.#life ??= await begin()
    return this.#life
  }

  async close(): Promise<void> {
    const life = this.#life
    this.#life = null
    await life?.broker.stop()
  }
}

async function begin(): Promise<Life> {
  const settings = { 'max.broker.partitions': '200', 'auto.create.topics.enable': 'false' }
  const broker = await MemoryBroker.start(settings, new MemoryFileSystem(), systemEnvironment)
  const neighbour = await broker.connect()
  await prepare(broker, neighbour)
  const { apiKeys } = await neighbour.call('ApiVersions', 3, SOFTWARE)
  const keys = new Set(apiKeys.map(({ apiKey }) => apiKey))
  const apis = (Object.values(API_TABLE) as Api[]).filter(({ key }) => keys.has(key))
  promised(apis.length > 0 && apis.length === apiKeys.length, 'what is served is known')
  return { broker, neighbour, apis, iterations: 0 }
}

async function prepare(broker: MemoryBroker, neighbour: WireClient): Promise<void> {
  await broker.createTopic(neighbour, TOPIC, {}, 2)
  await broker.createTopic(neighbour, COMPACTED, { 'cleanup.policy': 'compact' })
  await broker.createTopic(neighbour, PACKED, { 'compression.type': 'gzip' })
  promised((await produce(neighbour, TOPIC, batchOf(['first']))).errorCode === 0, 'a record is taken')
}

/** Requests that make sense, ones that make none, and no requests at all, on connections of their own. */
export class LiveTarget implements Target {
  readonly name = 'live'
  readonly weight = 8
  readonly #live: LiveBroker

  constructor(live: LiveBroker) {
    this.#live = live
  }

  async run(chance: Chance, tried: Tried): Promise<string> {
    const life = await this.#live.get()
    const { what, bytes } = hostileStream(chance, life.apis)
    tried.set(what, bytes)
    const end = await say(chance, life.broker.port, bytes)
    const { errorCode } = await life.neighbour.call('ApiVersions', 3, SOFTWARE)
    promised(errorCode === 0, 'another client is served')
    return `${what} ${end}`
  }

  close(): Promise<void> {
    return this.#live.close()
  }
}

function hostileStream(chance: Chance, apis: readonly Api[]): { what: string; bytes: Buffer } {
  if (chance.is(0.03)) return { what: 'garbage', bytes: chance.bytes(1 + chance.length(400)) }
  const { what, frame } = randomRequest(chance, apis)
  if (chance.is(0.5)) return { what, bytes: frame }
  if (chance.is(0.5)) {
    const body = mutated(chance, frame.subarray(4))
    const size = Buffer.alloc(4)
    size.writeInt32BE(body.length)
    return { what: `${what} changed`, bytes: Buffer.concat([size, body]) }
  }
  if (chance.is(0.4)) return { what: `${what} torn`, bytes: mutated(chance, frame) }
  const more = Array.from({ length: 1 + chance.below(4) }, () => randomRequest(chance, apis).frame)
  return { what: `${what} in a row`, bytes: Buffer.concat([frame, ...more]) }
}

function randomRequest(chance: Chance, apis: readonly Api[]): { what: string; frame: Buffer } {
  for (;;) {
    const api = chance.pick(apis)
    const version = api.versionMin + chance.below(api.versionMax - api.versionMin + 1)
    const request = randomFields(chance, messageOf(`${api.name}Request`).fields, version, DICTIONARY)
    try {
      const { pieces } = encodeRequest(api, version, chance.below(1000), 'fuzz', request as never)
      return { what: `${api.name} ${version}`, frame: Buffer.concat(pieces as Buffer[]) }
    } catch (error) {
      if (!(error instanceof UnwritableError)) throw error
    }
  }
}

/** Sends the bytes in pieces and waits a while for what comes of it. */
async function say(chance: Chance, port: number, bytes: Buffer): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let received = 0
  let isClosed = false
  socket.on('error', () => {})
  socket.on('close', () => {
    isClosed = true
  })
  socket.on('data', (chunk) => {
    received += chunk.length
  })
  for (let position = 0; position < bytes.length && !isClosed; ) {
    const end = chance.is(0.7) ? bytes.length : position + 1 + chance.below(bytes.length - position)
    socket.write(bytes.subarray(position, end))
    position = end
    if (position < bytes.length) await turn()
  }
  if (chance.is(0.1)) socket.end()
  for (let turns = 0; turns < TURNS_MAX && received === 0 && !isClosed; turns++) await turn()
  const end = received > 0 ? 'answered' : isClosed ? 'closed' : 'waited'
  await leave(chance, socket)
  return end
}

async function leave(chance: Chance, socket: Socket): Promise<void> {
  if (chance.is(0.2)) socket.resetAndDestroy()
  else socket.destroy()
  await turn()
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** What is appended was whole; what is refused leaves no byte behind. */
export class ProduceTarget implements Target {
  readonly name = 'produce'
  readonly weight = 3
  readonly #live: LiveBroker

  constructor(live: LiveBroker) {
    this.#live = live
  }

  async run(chance: Chance, tried: Tried): Promise<string> {
    const { broker, neighbour } = await this.#live.get()
    const topic = chance.pick([TOPIC, COMPACTED, PACKED])
    const batch = hostileBatch(chance)
    tried.set(topic, batch)
    const before = await endOffset(neighbour, topic)
    if (before === null) {
      // Another target has deleted it.
      await this.#live.close()
      return 'topic gone'
    }
    const { errorCode } = await produce(neighbour, topic, batch, { version: 9 })
    const after = await endOffset(neighbour, topic)
    if (errorCode === 0) {
      promised(
        checkBatchShape(batch, 0, batch.length) === null &&
          onlyOneBatch(batch, 0, batch.length) &&
          checkBatchCrc(batch, 0),
        'only a batch that is whole is taken',
      )
      promised(
        recordsOf(batch)?.length === batchRecordCount(batch, 0),
        'only a batch that can be read to its end is taken',
      )
      promised(after! >= before, 'the end of a partition never moves back')
    } else if (after !== before) {
      // A request that the fuzzer did not wait for may have come in between. It does so once.
      const again = await produce(neighbour, topic, batch, { version: 9 })
      const end = await endOffset(neighbour, topic)
      promised(again.errorCode === 0 || end === after, `a refused batch (error ${errorCode}) appends nothing`)
    }
    promised(broker.port > 0, 'the broker listens')
    return `${topic} error ${errorCode}`
  }

  close(): Promise<void> {
    return this.#live.close()
  }
}

const LATEST = -1

async function endOffset(client: WireClient, topic: string): Promise<number | null> {
  const { topics } = await client.call('ListOffsets', 5, {
    replicaId: -1,
    isolationLevel: 0,
    timeoutMs: 0,
    topics: [{ name: topic, partitions: [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp: LATEST }] }],
  })
  const { errorCode, offset } = topics[0]!.partitions[0]!
  return errorCode === 0 ? offset : null
}
