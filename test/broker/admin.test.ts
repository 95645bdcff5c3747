import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ManualEnvironment } from '../../src/base/environment.ts'
import { ERROR_CODES } from '../../src/protocol/error-codes.ts'
import { MemoryFileSystem } from '../../src/storage/memory-file-system.ts'
import { advanceUntilSettled } from '../support/advance.ts'
import { batchOf, fetchOne, produce } from '../support/data-requests.ts'
import { MemoryBroker } from '../support/memory-broker.ts'
import type { WireClient } from '../support/wire-client.ts'

const TOPIC = 2
const BROKER = 4
const RETENTION_CHECK_MS = 1000

let environment: ManualEnvironment
let broker: MemoryBroker
let client: WireClient

beforeEach(async () => {
  environment = new ManualEnvironment({ wallMs: Date.now() })
  const settings = { 'log.retention.check.interval.ms': String(RETENTION_CHECK_MS) }
  broker = await MemoryBroker.start(settings, new MemoryFileSystem(), environment)
  client = await broker.connect()
  await broker.createTopic(client, 'a')
})

afterEach(() => advanceUntilSettled(environment, broker.stop()))

/** Sets configs (null: drops them) of a topic or a broker. */
async function configure(
  resourceType: number,
  resourceName: string,
  configs: Readonly<Record<string, string | null>>,
): Promise<void> {
  const { responses } = await client.call('IncrementalAlterConfigs', 1, {
    resources: [
      {
        resourceType,
        resourceName,
        configs: Object.entries(configs).map(([name, value]) => ({
          name,
          value,
          configOperation: value === null ? 1 : 0,
        })),
      },
    ],
    validateOnly: false,
  })
  expect(responses[0]).toMatchObject({ errorCode: 0 })
}

async function logStart(): Promise<number> {
  return (await fetchOne(client, 'a', { fetchOffset: 2 })).logStartOffset
}

describe('configs of a topic take effect while the broker runs', () => {
  it('max.message.bytes with the next batch, from the topic, the broker, and all brokers', async () => {
    const code = async () => (await produce(client, 'a', batchOf(['x'.repeat(500)]))).errorCode
    expect(await code()).toBe(0)
    await configure(BROKER, '', { 'message.max.bytes': '300' })
    expect(await code()).toBe(ERROR_CODES.MESSAGE_TOO_LARGE)
    await configure(BROKER, '1', { 'message.max.bytes': '3000' })
    expect(await code()).toBe(0)
    await configure(TOPIC, 'a', { 'max.message.bytes': '200' })
    expect(await code()).toBe(ERROR_CODES.MESSAGE_TOO_LARGE)
    await configure(TOPIC, 'a', { 'max.message.bytes': null })
    expect(await code()).toBe(0)
  })

  it('message.timestamp.type with the next batch', async () => {
    expect((await produce(client, 'a', batchOf(['x']))).logAppendTimeMs).toBe(-1)
    await configure(TOPIC, 'a', { 'message.timestamp.type': 'LogAppendTime' })
    expect((await produce(client, 'a', batchOf(['x']))).logAppendTimeMs).toBe(environment.wallMs())
  })

  it('cleanup.policy with the next batch', async () => {
    const keyless = () =>
      produce(client, 'a', batchOf([], { records: [{ timestamp: 1, key: null, value: Buffer.from('v') }] }))
    expect((await keyless()).errorCode).toBe(0)
    await configure(TOPIC, 'a', { 'cleanup.policy': 'compact' })
    expect((await keyless()).errorCode).toBe(ERROR_CODES.INVALID_RECORD)
  })

  it('retention.ms with the next pass', async () => {
    await produce(client, 'a', batchOf(['x', 'y']))
    environment.advance(60_000)
    expect(await logStart()).toBe(0)
    await configure(TOPIC, 'a', { 'retention.ms': '5000' })
    await advanceUntilSettled(
      environment,
      (async () => {
        while ((await logStart()) === 0);
      })(),
      RETENTION_CHECK_MS,
    )
    expect(await logStart()).toBe(2)
  })

  it('and stay over a restart', async () => {
    await configure(TOPIC, 'a', { 'max.message.bytes': '200' })
    await configure(BROKER, '', { 'log.message.timestamp.type': 'LogAppendTime' })
    await advanceUntilSettled(environment, broker.restart())
    client = await broker.connect()
    expect((await produce(client, 'a', batchOf(['x'.repeat(500)]))).errorCode).toBe(
      ERROR_CODES.MESSAGE_TOO_LARGE,
    )
    expect((await produce(client, 'a', batchOf(['x']))).logAppendTimeMs).toBe(environment.wallMs())
  })
})

describe('configs of a broker take effect while it runs', () => {
  it('max.connections.per.ip with the next connection', async () => {
    await configure(BROKER, '1', { 'max.connections.per.ip': '1' })
    const second = await broker.connect()
    await second.closed
    await configure(BROKER, '1', { 'max.connections.per.ip': null })
    const third = await broker.connect()
    expect((await third.call('ListConfigResources', 1, { resourceTypes: [BROKER] })).errorCode).toBe(0)
  })
})

describe('a whole broker', () => {
  it('C13: tells how much each partition takes and how much room there is', async () => {
    broker.fileSystem.capacityBytes = 500_000_000
    await broker.createTopic(client, 'b', {}, 2)
    const batch = batchOf(['x'])
    await produce(client, 'b', batch, { index: 1 })
    const { results } = await client.call('DescribeLogDirs', 4, { topics: null })
    const [directory] = results
    expect(directory).toMatchObject({ errorCode: 0, logDir: '/data', totalBytes: 500_000_000 })
    expect(directory!.usableBytes).toBeGreaterThan(0)
    expect(directory!.usableBytes).toBeLessThan(500_000_000)
    const sizes = directory!.topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, partitionSize }) => [`${name}-${partitionIndex}`, partitionSize]),
    )
    expect(Object.fromEntries(sizes)).toEqual({ 'a-0': 0, 'b-0': 0, 'b-1': batch.length })
  })

  it('tells the state of the log of its metadata', async () => {
    const quorum = async () => {
      const { topics } = await client.call('DescribeQuorum', 2, {
        topics: [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }],
      })
      return topics[0]!.partitions[0]!
    }
    const before = await quorum()
    await broker.createTopic(client, 'b')
    const after = await quorum()
    expect(after.highWatermark).toBeGreaterThan(before.highWatermark)
    expect(after.leaderEpoch).toBe(before.leaderEpoch)
    expect(after.currentVoters[0]!.logEndOffset).toBe(after.highWatermark)
  })
})
