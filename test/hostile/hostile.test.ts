import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { keptLog } from '../../src/base/test-kit.ts'
import { API_TABLE, type ApiName, encodeRequest, type OutgoingRequestOf } from '../../src/protocol/api.ts'
import { ERROR_CODES } from '../../src/protocol/error-codes.ts'
import { defaultMetadataRequest, defaultMetadataRequestTopic } from '../../src/protocol/generated/metadata.ts'
import {
  defaultFetchRequest,
  defaultFetchRequestTopicPartition,
} from '../../src/protocol/generated/produce-fetch.ts'
import { encodeBatch } from '../../src/protocol/records.ts'
import { batchOf, fetchOne, produce } from '../support/data-requests.ts'
import { MemoryBroker } from '../support/memory-broker.ts'
import type { WireClient } from '../support/wire-client.ts'

let broker: MemoryBroker
let neighbour: WireClient
let lines: string[]
let turnsAtRest = 0
const sockets: Socket[] = []

async function start(settings: Record<string, string> = {}): Promise<void> {
  const log = keptLog('warn')
  lines = log.lines
  broker = await MemoryBroker.start(settings, undefined, undefined, log.logger)
  neighbour = await broker.connect()
  await broker.createTopic(neighbour, 'topic')
  turnsAtRest = 0
  for (let count = 0; count < 3; count++) turnsAtRest = Math.max(turnsAtRest, await turnsOfNeighbour())
}

beforeEach(() => start())

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await broker.stop()
})

async function restartWith(settings: Record<string, string>): Promise<void> {
  await broker.stop()
  await start(settings)
}

async function dial(): Promise<Socket> {
  const socket = connect({ port: broker.port, host: '127.0.0.1', noDelay: true })
  sockets.push(socket)
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

/** Sends the bytes and waits until the broker has closed the connection. */
async function closedAt(bytes: Buffer): Promise<void> {
  const socket = await dial()
  const closed = once(socket, 'close')
  socket.resume()
  socket.write(bytes)
  await closed
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** How many turns of the loop the neighbour waits for an answer. */
async function turnsOfNeighbour(): Promise<number> {
  let turns = 0
  let isAnswered = false
  const answer = fetchOne(neighbour, 'topic', { fetchOffset: 0 }).then(() => {
    isAnswered = true
  })
  for (; !isAnswered; turns++) await turn()
  await answer
  return turns
}

/** No more than twice what it waits at rest, and some turns for what shares the process with it. */
async function expectServed(): Promise<void> {
  expect(await turnsOfNeighbour()).toBeLessThanOrEqual(2 * turnsAtRest + 20)
}

function frameOf<Name extends ApiName>(
  name: Name,
  version: number,
  request: OutgoingRequestOf<Name>,
): Buffer {
  return Buffer.concat(encodeRequest(API_TABLE[name], version, 1, 'hostile', request).pieces as Buffer[])
}

/** A size, and the beginning of a Produce request of that size. */
function announced(size: number, apiKey = API_TABLE.Produce.key): Buffer {
  const bytes = Buffer.alloc(12)
  bytes.writeInt32BE(size, 0)
  bytes.writeInt16BE(apiKey, 4)
  bytes.writeInt16BE(9, 6)
  return bytes
}

function expectLine(text: string): void {
  expect(lines.some((line) => line.includes(text))).toBe(true)
}

describe('bytes that are no requests', () => {
  test.each([
    ['HTTP', Buffer.from('GET /metrics HTTP/1.1\r\nHost: broker\r\n\r\n'), 'HTTP on the Kafka port'],
    ['TLS', Buffer.from('16030100f1010000ed0303', 'hex'), 'TLS on the Kafka port'],
    ['a negative size', Buffer.from('ffffffff', 'hex'), 'invalid request size'],
    ['two gigabytes', Buffer.from('7fffffff0000', 'hex'), 'invalid request size'],
    ['a key that is none', Buffer.from('0000000a270f000000000001ffff', 'hex'), 'unsupported request'],
    ['a header that ends early', Buffer.from('000000020003', 'hex'), 'malformed request header'],
  ])('%s closes its connection with a line that says so', async (_name, bytes, line) => {
    await closedAt(bytes)
    expectLine(line)
    await expectServed()
  })

  test('a hundred at once concern nobody else', async () => {
    const garbage = Array.from({ length: 100 }, (_, index) => Buffer.alloc(40 + index, 0x80 + index))
    const gone = Promise.all(garbage.map(closedAt))
    await expectServed()
    await gone
    await expectServed()
    expect(lines.length).toBeLessThanOrEqual(20)
  })
})

describe('sizes and counts', () => {
  test('a request that is too large for its API is refused at its first bytes', async () => {
    await closedAt(announced(5000, API_TABLE.ApiVersions.key))
    expectLine('request too large for its API')
    await closedAt(announced(17 * 1024 * 1024, API_TABLE.Metadata.key))
    expect(lines.filter((line) => line.includes('request too large')).length).toBe(2)
  })

  test('an array of more elements than the bytes can hold is refused before anything is made of it', async () => {
    const body = Buffer.from('00000014' + '0003000100000001ffff' + '7ffffffe' + '000000000000', 'hex')
    await closedAt(body)
    expectLine('malformed request')
  })

  test('a frame of the smallest elements does not become a hundred times its size', async () => {
    // Metadata 1: names of no bytes, two bytes each.
    const count = 250_000
    const body = Buffer.alloc(10 + 4 + count * 2)
    body.set(Buffer.from('0003000100000001ffff', 'hex'))
    body.writeInt32BE(count, 10)
    const size = Buffer.alloc(4)
    size.writeInt32BE(body.length)
    await closedAt(Buffer.concat([size, body]))
    expectLine('more elements than a request may have')
    await expectServed()
  })

  test('10,000 topics asked for at once are all answered, and few of them made', async () => {
    const topics = Array.from({ length: 10_000 }, (_, index) => ({
      ...defaultMetadataRequestTopic(),
      name: `asked-${index}`,
    }))
    const request = { ...defaultMetadataRequest(), topics, allowAutoTopicCreation: true }
    const asker = await broker.connect()
    const asked = asker.call('Metadata', 9, request)
    await expectServed()
    expect((await asked).topics.length).toBe(10_000)
    const all = await neighbour.call('Metadata', 9, { ...defaultMetadataRequest(), topics: null })
    expect(all.topics.length).toBeLessThanOrEqual(101)
  })

  test('whoever announces much and sends little does not keep the others from being served', async () => {
    await restartWith({ 'queued.max.request.bytes': String(128 * 1024 * 1024) })
    for (let count = 0; count < 3; count++) (await dial()).write(announced(100 * 1024 * 1024 - 100))
    await turn()
    await expectServed()
    expect((await produce(neighbour, 'topic', batchOf(['small']))).errorCode).toBe(0)
  })
})

describe('clients that stay', () => {
  test('half-open peers and resets leave nothing behind', async () => {
    const request = frameOf('Fetch', 12, {
      ...defaultFetchRequest(),
      maxWaitMs: 60_000,
      minBytes: 1,
    })
    for (let count = 0; count < 20; count++) {
      const socket = await dial()
      socket.write(request)
      if (count % 2 === 0) socket.end()
      else socket.resetAndDestroy()
    }
    await expectServed()
  })

  test('a reader that does not read is sent no more than the kernel takes, and asked for nothing more', async () => {
    const value = 'x'.repeat(900_000)
    for (let count = 0; count < 8; count++) await produce(neighbour, 'topic', batchOf([value]))
    const request = frameOf('Fetch', 11, {
      ...defaultFetchRequest(),
      maxWaitMs: 0,
      minBytes: 1,
      maxBytes: 50_000_000,
      topics: [
        {
          topic: 'topic',
          topicId: '\0'.repeat(16) as never,
          partitions: [
            {
              ...defaultFetchRequestTopicPartition(),
              partition: 0,
              fetchOffset: 0,
              partitionMaxBytes: 50_000_000,
            },
          ],
        },
      ],
    })
    const before = process.memoryUsage()
    const reader = await dial()
    reader.pause()
    for (let count = 0; count < 200; count++) reader.write(request)
    for (let turns = 0; turns < 300; turns++) await turn()
    await expectServed()
    const after = process.memoryUsage()
    // 200 answers of 7 MB each were asked for.
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(200 * 1024 * 1024)
  })

  test('one connection too many is refused by name, and the others stay', async () => {
    await restartWith({ 'max.connections.per.ip': '5' })
    const socketsBefore = await Promise.all(Array.from({ length: 4 }, dial))
    await expectServed()
    const refused = await dial()
    await once(refused.resume(), 'close')
    expectLine('max.connections.per.ip reached')
    expect(socketsBefore.every((socket) => !socket.destroyed)).toBe(true)
  })
})

describe('what is small on the wire and large behind it', () => {
  const bomb = encodeBatch({
    compression: 'gzip',
    records: [{ timestamp: 1000, key: Buffer.from('k'), value: Buffer.alloc(60 * 1024 * 1024) }],
  })
  const crowd = encodeBatch({
    compression: 'gzip',
    records: Array.from({ length: 250_000 }, () => ({ timestamp: 1000, key: Buffer.from('k'), value: null })),
  })

  test('a compacted topic refuses a batch that is too large to be read at once, so that a producer splits it', async () => {
    await broker.createTopic(neighbour, 'compacted', { 'cleanup.policy': 'compact' })
    for (const batch of [bomb, crowd]) {
      const { errorCode, errorMessage } = await produce(neighbour, 'compacted', Buffer.from(batch))
      expect(errorCode).toBe(ERROR_CODES.MESSAGE_TOO_LARGE)
      expect(errorMessage).toContain('at most 200000 records')
    }
    await expectServed()
  })

  test('the errors of a batch without keys are not more than a client can use', async () => {
    await broker.createTopic(neighbour, 'compacted', { 'cleanup.policy': 'compact' })
    const keyless = encodeBatch({
      compression: 'gzip',
      records: Array.from({ length: 20_000 }, () => ({ timestamp: 1000, key: null, value: null })),
    })
    const { errorCode, recordErrors } = await produce(neighbour, 'compacted', keyless, { version: 9 })
    expect(errorCode).toBe(ERROR_CODES.INVALID_RECORD)
    expect(recordErrors.length).toBe(1000)
  })

  test('a time within such a batch is answered with the first offset of the batch', async () => {
    const large = encodeBatch({
      compression: 'gzip',
      records: [
        { timestamp: 500, key: null, value: null },
        { timestamp: 1000, key: null, value: Buffer.alloc(60 * 1024 * 1024) },
      ],
    })
    const small = encodeBatch({ records: [{ timestamp: 100, key: null, value: null }] })
    for (const batch of [small, large])
      expect((await produce(neighbour, 'topic', Buffer.from(batch))).errorCode).toBe(0)
    expect(await offsetAt(1000)).toBe(1)
    expect(await offsetAt(100)).toBe(0)
    // By its name: the last record of all that have the latest time.
    expect(await offsetAt(-3)).toBe(2)
    await expectServed()
  })
})

async function offsetAt(timestamp: number): Promise<number> {
  const { topics } = await neighbour.call('ListOffsets', 7, {
    replicaId: -1,
    isolationLevel: 0,
    timeoutMs: 0,
    topics: [{ name: 'topic', partitions: [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp }] }],
  })
  const { errorCode, offset } = topics[0]!.partitions[0]!
  expect(errorCode).toBe(0)
  return offset
}
