import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { systemEnvironment } from '../../src/base/environment.ts'
import { silentLogger } from '../../src/base/logger.ts'
import { keptLog } from '../../src/base/test-kit.ts'
import { Broker } from '../../src/broker/broker.ts'
import { type HttpRoute, jsonAnswer } from '../../src/broker/http/http-routes.ts'
import { BrokerOptions } from '../../src/broker/options.ts'
import { ERROR_CODES } from '../../src/protocol/error-codes.ts'
import {
  defaultOffsetCommitRequest,
  defaultOffsetCommitRequestTopic,
  defaultOffsetCommitRequestTopicPartition,
} from '../../src/protocol/generated/offsets.ts'
import type { FileLock } from '../../src/storage/file-system.ts'
import { MemoryFileSystem } from '../../src/storage/memory-file-system.ts'
import { batchOf, fetchOne, produce } from '../support/data-requests.ts'
import { MemoryBroker } from '../support/memory-broker.ts'
import { Scrape } from '../support/scrape.ts'
import type { WireClient } from '../support/wire-client.ts'

const HTTP = { 'http.listener': '127.0.0.1:0' }

const brokers: MemoryBroker[] = []
afterEach(async () => {
  for (const broker of brokers.splice(0)) await broker.stop()
})

async function start(settings: Record<string, string> = {}): Promise<MemoryBroker> {
  const broker = await MemoryBroker.start({ ...HTTP, 'offsets.topic.num.partitions': '1', ...settings })
  brokers.push(broker)
  return broker
}

function urlOf({ broker }: MemoryBroker): string {
  return `http://127.0.0.1:${broker.http!.port}`
}

async function commit(client: WireClient, groupId: string, topic: string, offset: number): Promise<number> {
  await client.call('FindCoordinator', 3, { key: groupId, keyType: 0, coordinatorKeys: [] })
  const answer = await client.call('OffsetCommit', 8, {
    ...defaultOffsetCommitRequest(),
    groupId,
    topics: [
      {
        ...defaultOffsetCommitRequestTopic(),
        name: topic,
        partitions: [
          {
            ...defaultOffsetCommitRequestTopicPartition(),
            partitionIndex: 0,
            committedOffset: offset,
          },
        ],
      },
    ],
  })
  return answer.topics[0]!.partitions[0]!.errorCode
}

describe('metrics', () => {
  it('tell what was produced, fetched and committed', async () => {
    const broker = await start()
    const client = await broker.connect()
    await broker.createTopic(client, 'orders', {}, 2)
    const batches = [['a'], ['b', 'c'], ['d', 'e', 'f']].map((values) => batchOf(values))
    const bytes = batches.reduce((sum, batch) => sum + batch.length, 0)
    for (const batch of batches) expect((await produce(client, 'orders', batch)).errorCode).toBe(0)
    await fetchOne(client, 'orders', { fetchOffset: 0 })
    expect(await commit(client, 'readers', 'orders', 2)).toBe(0)

    const scrape = await Scrape.of(urlOf(broker))
    const orders = { topic: 'orders' }
    expect(scrape.value('millrace_topic_produced_bytes_total', orders)).toBe(bytes)
    expect(scrape.value('millrace_topic_produced_records_total', orders)).toBe(6)
    expect(scrape.value('millrace_topic_fetched_bytes_total', orders)).toBe(bytes)
    expect(scrape.value('millrace_topic_fetched_records_total', orders)).toBe(6)
    expect(scrape.value('millrace_topic_size_bytes', orders)).toBe(bytes)
    expect(scrape.value('millrace_topic_partitions', orders)).toBe(2)
    const first = { topic: 'orders', partition: '0' }
    const end = scrape.value('millrace_partition_high_watermark', first)!
    expect(end).toBe(6)
    expect(scrape.value('millrace_partition_end_offset', first)).toBe(6)
    expect(scrape.value('millrace_group_lag_records', { group: 'readers', ...first })).toBe(end - 2)
    expect(scrape.value('millrace_group_members', { group: 'readers' })).toBe(0)
    expect(scrape.value('millrace_log_queued_bytes')).toBe(0)
  })

  it('count requests by API with their errors and durations, and what went over the listener', async () => {
    const broker = await start()
    const client = await broker.connect()
    await broker.createTopic(client, 't')
    await produce(client, 't', batchOf(['x']))
    await produce(client, 'missing', batchOf(['x']))
    const scrape = await Scrape.of(urlOf(broker))
    const api = { api: 'Produce' }
    expect(scrape.value('millrace_requests_total', api)).toBe(2)
    expect(
      scrape.value('millrace_request_errors_total', { ...api, error: 'UNKNOWN_TOPIC_OR_PARTITION' }),
    ).toBe(1)
    expect(scrape.value('millrace_request_duration_seconds_count', api)).toBe(2)
    expect(scrape.value('millrace_request_duration_seconds_bucket', { ...api, le: '+Inf' })).toBe(2)
    expect(scrape.value('millrace_request_duration_seconds_sum', api)).toBeGreaterThan(0)
    const listener = { listener: 'PLAINTEXT' }
    expect(scrape.value('millrace_connections', listener)).toBe(1)
    expect(scrape.value('millrace_connections_accepted_total', listener)).toBe(1)
    expect(scrape.value('millrace_network_received_bytes_total', listener)).toBeGreaterThan(100)
    expect(scrape.value('millrace_network_sent_bytes_total', listener)).toBeGreaterThan(100)
    expect(scrape.value('millrace_request_memory_bytes')).toBe(0)
  })

  it('measure the disk', async () => {
    const broker = await start()
    const client = await broker.connect()
    await broker.createTopic(client, 't')
    const before = await Scrape.of(urlOf(broker))
    const batch = batchOf(['x'])
    await produce(client, 't', batch)
    const after = await Scrape.of(urlOf(broker))
    const gained = (name: string, labels?: Record<string, string>): number =>
      after.value(name, labels)! - before.value(name, labels)!
    expect(gained('millrace_disk_sync_duration_seconds_count', { file: 'log' })).toBeGreaterThanOrEqual(1)
    expect(gained('millrace_disk_written_bytes_total', { file: 'log' })).toBe(batch.length)
    expect(gained('millrace_disk_group_batches_count')).toBe(1)
    expect(after.value('millrace_disk_full')).toBe(0)
    expect(after.value('millrace_recovery_duration_seconds')).toBeGreaterThan(0)
  })

  it('name a bounded number of topics, partitions and groups, and add up the rest', async () => {
    const broker = await start({
      'metrics.topics.max': '3',
      'metrics.partitions.max': '1',
      'metrics.groups.max': '1',
    })
    const client = await broker.connect()
    for (const topic of ['a', 'b', 'c', 'd']) {
      await broker.createTopic(client, topic)
      await produce(client, topic, batchOf(['x', 'y']))
    }
    for (const topic of ['a', 'b', 'c']) expect(await commit(client, `of-${topic}`, topic, 1)).toBe(0)
    const scrape = await Scrape.of(urlOf(broker))
    const produced = (topic: string) => scrape.value('millrace_topic_produced_records_total', { topic })
    // The broker's own log is the oldest.
    expect([produced('a'), produced('b'), produced('c'), produced('__other')]).toEqual([2, 2, undefined, 4])
    const lag = (group: string, topic: string, partition: string) =>
      scrape.value('millrace_group_lag_records', { group, topic, partition })
    expect(lag('of-a', 'a', '0')).toBe(1)
    expect(lag('of-b', 'b', '0')).toBeUndefined()
    expect(lag('__other', '__other', '__other')).toBe(2)
    expect(scrape.value('millrace_partition_end_offset', { topic: 'a', partition: '0' })).toBeUndefined()
  })

  it('belong to one broker each where several run in one process', async () => {
    const [one, other] = [await start(), await start()]
    const client = await one.connect()
    await one.createTopic(client, 't')
    await produce(client, 't', batchOf(['x']))
    const produced = async (broker: MemoryBroker) =>
      (await Scrape.of(urlOf(broker))).value('millrace_topic_produced_records_total', { topic: 't' })
    expect(await produced(one)).toBe(1)
    expect(await produced(other)).toBeUndefined()
  })

  it('are all in docs/metrics.md, with type, labels and meaning', async () => {
    const broker = await start()
    const families = broker.broker.metrics!.families
    const rows = families.map(({ name, type, labels, help }) => [name, type, labels.join(', '), help])
    expect(documented()).toEqual(rows)
    const { types } = await Scrape.of(urlOf(broker))
    expect([...types]).toEqual(families.map(({ name, type }) => [name, type]))
  })

  it('have names of Prometheus’ form', async () => {
    const broker = await start()
    for (const { name, type, labels, help } of broker.broker.metrics!.families) {
      expect(name).toMatch(/^(millrace|process|nodejs)(_[a-z]+)+$/)
      expect(name.endsWith('_total'), name).toBe(type === 'counter')
      expect(help, name).toMatch(/^[A-Z0-9/].*\.$/)
      for (const label of labels) expect(label, name).toMatch(/^[a-z]+$/)
    }
  })
})

/** The rows of its tables: name, type, labels, meaning. */
function documented(): string[][] {
  const text = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8')
  const rows = text.split('\n').filter((line) => line.startsWith('| `'))
  const cells = rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replace(/^`(.*)`$/, '$1')),
  )
  return cells.filter(({ length }) => length === 4)
}

describe('health', () => {
  const ask = async (broker: MemoryBroker | string, path: string) => {
    const url = typeof broker === 'string' ? broker : urlOf(broker)
    const response = await fetch(`${url}${path}`)
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }

  it('is live and not ready while the data directory is recovered', async () => {
    const disk = new SlowDisk()
    const { logger, lines } = keptLog('info')
    const starting = MemoryBroker.start(HTTP, disk, undefined, logger)
    await disk.isAsked
    const port = /serving HTTP .*port=(\d+)/.exec(lines.join('\n'))![1]!
    const url = `http://127.0.0.1:${port}`
    expect(await ask(url, '/health/live')).toMatchObject({ status: 200, body: { phase: 'recovering' } })
    expect(await ask(url, '/health/ready')).toMatchObject({
      status: 503,
      body: { type: 'urn:millrace:problem:not-ready', phase: 'recovering' },
    })
    expect((await fetch(`${url}/metrics`)).status).toBe(200)
    disk.goOn()
    const broker = await starting
    brokers.push(broker)
    expect(await ask(url, '/health/ready')).toEqual({
      status: 200,
      body: { status: 'ready', diskFull: false },
    })
  })

  it('is ready, and says so, while the disk is full', async () => {
    const broker = await start()
    const client = await broker.connect()
    await broker.createTopic(client, 't')
    broker.fileSystem.capacityBytes = broker.fileSystem.usedBytes() + 10
    const refused = produce(client, 't', batchOf(['x'.repeat(5000)]))
    const isFull = async () => (await ask(broker, '/health/ready')).body['diskFull'] === true
    while (!(await isFull()));
    expect((await Scrape.of(urlOf(broker))).value('millrace_disk_full')).toBe(1)
    expect((await ask(broker, '/health/ready')).status).toBe(200)
    broker.fileSystem.capacityBytes = Number.POSITIVE_INFINITY
    expect((await refused).errorCode).toBe(ERROR_CODES.KAFKA_STORAGE_ERROR)
  })

  it('is not live any more when the data directory has failed', async () => {
    const broker = await start()
    const client = await broker.connect()
    await broker.createTopic(client, 't')
    const { fileSystem } = broker
    fileSystem.onOperation = ({ kind }) => (kind === 'sync' ? 'io' : null)
    await produce(client, 't', batchOf(['lost']))
    for (const path of ['/health/live', '/health/ready'])
      expect(await ask(broker, path)).toMatchObject({
        status: 503,
        body: { type: 'urn:millrace:problem:directory-failed', title: 'The data directory has failed' },
      })
    const scrape = await Scrape.of(urlOf(broker))
    expect(scrape.value('millrace_directory_failed')).toBe(1)
    const fault = { file: 'log', operation: 'sync', fault: 'io' }
    expect(scrape.value('millrace_disk_failures_total', fault)).toBe(1)
  })
})

it('routes of others are served beside its own', async () => {
  const route: HttpRoute = {
    method: 'GET',
    path: '/extensions/:name',
    audience: 'anyone',
    handle: ({ parameters }) => jsonAnswer(200, parameters),
  }
  const broker = await Broker.start({
    options: BrokerOptions.from({ 'log.dirs': '/data', listeners: 'PLAINTEXT://127.0.0.1:0', ...HTTP }),
    environment: systemEnvironment,
    logger: silentLogger,
    fileSystem: new MemoryFileSystem(),
    httpRoutes: [route],
  })
  const response = await fetch(`http://127.0.0.1:${broker.http!.port}/extensions/limiter`)
  expect(await response.json()).toEqual({ name: 'limiter' })
  await broker.close()
})

describe('a broker that is stopped', () => {
  it('leaves no HTTP port behind, and none is there unless it is asked for', async () => {
    const broker = await start()
    const url = urlOf(broker)
    await broker.stop()
    await expect(fetch(`${url}/health/live`)).rejects.toThrow()
    brokers.splice(0)
    const silent = await MemoryBroker.start()
    brokers.push(silent)
    expect(silent.broker.http).toBeNull()
  })

  it('is not started, and leaves nothing open, where its HTTP port is taken', async () => {
    const broker = await start()
    const { port } = broker.broker.http!
    const disk = new MemoryFileSystem()
    const second = MemoryBroker.start({ 'http.listener': `127.0.0.1:${port}` }, disk)
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' })
    brokers.push(await MemoryBroker.start({}, disk))
  })
})

/** Its lock is not given until it is told to go on. */
class SlowDisk extends MemoryFileSystem {
  readonly isAsked: Promise<void>
  goOn: () => void = () => {}
  #ask: () => void = () => {}

  constructor() {
    super()
    this.isAsked = new Promise((resolve) => {
      this.#ask = resolve
    })
  }

  override async lock(path: string, content: string): Promise<FileLock> {
    const released = new Promise<void>((resolve) => {
      this.goOn = resolve
    })
    this.#ask()
    await released
    return await super.lock(path, content)
  }
}
