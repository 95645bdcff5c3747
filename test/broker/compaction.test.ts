import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ManualEnvironment } from '../../src/base/environment.ts'
import { ZERO_UUID } from '../../src/base/uuid.ts'
import {
  defaultOffsetCommitRequest,
  defaultOffsetCommitRequestTopicPartition,
  defaultOffsetFetchRequest,
} from '../../src/protocol/generated/offsets.ts'
import { batchBytes, batchNextOffset } from '../../src/protocol/record-batch.ts'
import { decodeRecords, encodeBatch } from '../../src/protocol/records.ts'
import { advanceUntilSettled } from '../support/advance.ts'
import { fetchOne, produce } from '../support/data-requests.ts'
import { MemoryBroker } from '../support/memory-broker.ts'
import type { WireClient } from '../support/wire-client.ts'

const TURNS_MAX = 20_000
const SEGMENT_BYTES = 1048576

let environment: ManualEnvironment
let broker: MemoryBroker
let client: WireClient

beforeEach(async () => {
  environment = new ManualEnvironment()
  const settings = {
    'log.cleaner.backoff.ms': '1000',
    'offsets.topic.num.partitions': '1',
    'offsets.topic.segment.bytes': String(SEGMENT_BYTES),
  }
  broker = await MemoryBroker.start(settings, undefined, environment)
  client = await broker.connect()
})

afterEach(() => advanceUntilSettled(environment, broker.stop()))

function during<T>(promise: Promise<T>): Promise<T> {
  return advanceUntilSettled(environment, promise)
}

/** Offset up to which the log has been compacted, once that is kept. */
async function compactedEnd(log: string): Promise<number> {
  for (let turn = 0; turn < TURNS_MAX; turn++) {
    environment.advance(5)
    await new Promise((resolve) => setImmediate(resolve))
    const path = '/data/cleaner-offset-checkpoint'
    const stat = await broker.fileSystem.stat(path)
    if (stat === null) continue
    const file = await broker.fileSystem.open(path, 'read')
    const bytes = Buffer.alloc(stat.byteLength)
    await file.read(bytes, 0)
    await file.close()
    const offset = new RegExp(`^${log.replace('-', ' ')} (\\d+)$`, 'm').exec(bytes.toString())?.[1]
    if (Number(offset) > 0) return Number(offset)
  }
  throw new Error(`${log} was not compacted`)
}

async function readAll(topic: string): Promise<Map<string, string[]>> {
  const values = new Map<string, string[]>()
  for (let offset = 0; ; ) {
    const { records, highWatermark } = await during(
      fetchOne(client, topic, { fetchOffset: offset, partitionMaxBytes: 300_000 }),
    )
    if (records === null || records.length === 0) return values
    for (let at = 0; at < records.length; at += batchBytes(records, at)) {
      for (const { key, value } of decodeRecords(records, at))
        values.set(String(key), [...(values.get(String(key)) ?? []), String(value?.subarray(0, 8))])
      offset = batchNextOffset(records, at)
    }
    if (offset >= highWatermark) return values
  }
}

describe('a compacted topic', () => {
  it('H2: is cleaned in the background, and found as it was left by the next start', async () => {
    await during(
      broker.createTopic(client, 'keyed', {
        'cleanup.policy': 'compact',
        'segment.bytes': String(SEGMENT_BYTES),
      }),
    )
    const padding = 'x'.repeat(100_000)
    for (let index = 0; index < 40; index++) {
      const value = Buffer.from(`${String(index).padStart(8)}${padding}`)
      const batch = encodeBatch({
        records: [{ timestamp: environment.wallMs(), key: Buffer.from(`k${index % 4}`), value }],
      })
      expect((await during(produce(client, 'keyed', batch))).errorCode).toBe(0)
    }
    const end = await compactedEnd('keyed-0')
    const found = await readAll('keyed')
    for (const [key, values] of found) {
      expect(values.at(-1)!.trim(), key).toBe(String(36 + Number(key.slice(1))))
      expect(values.filter((value) => Number(value) < end).length, key).toBeLessThanOrEqual(1)
    }
    await during(broker.restart())
    client = await during(broker.connect())
    expect(await readAll('keyed')).toEqual(found)
  })

  it('committed offsets are all there when the topic that holds them was cleaned and is read again', async () => {
    await during(broker.createTopic(client, 'read', {}, 1))
    const key = { key: 'g0', keyType: 0, coordinatorKeys: [] }
    await during(client.call('FindCoordinator', 3, key))
    const committedMetadata = 'm'.repeat(3000)
    for (let offset = 0; offset < 800; offset++) {
      const partition = {
        ...defaultOffsetCommitRequestTopicPartition(),
        committedOffset: offset,
        committedMetadata,
      }
      const { topics } = await during(
        client.call('OffsetCommit', 8, {
          ...defaultOffsetCommitRequest(),
          groupId: `g${offset % 3}`,
          topics: [{ name: 'read', topicId: ZERO_UUID, partitions: [partition] }],
        }),
      )
      expect(topics[0]!.partitions[0]!.errorCode).toBe(0)
    }
    expect(await compactedEnd('__consumer_offsets-0')).toBeGreaterThan(300)
    await during(broker.restart())
    client = await during(broker.connect())
    for (const [group, offset] of [
      ['g0', 798],
      ['g1', 799],
      ['g2', 797],
    ] as const) {
      const request = { ...defaultOffsetFetchRequest(), groupId: group, topics: null }
      const { topics } = await during(client.call('OffsetFetch', 5, request))
      expect(topics[0]!.partitions[0]!.committedOffset).toBe(offset)
    }
  })
})
