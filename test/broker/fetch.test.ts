import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ZERO_UUID } from '../../src/base/uuid.ts'
import { ERROR_CODES } from '../../src/protocol/error-codes.ts'
import {
  defaultFetchRequest,
  defaultFetchRequestTopicPartition,
} from '../../src/protocol/generated/produce-fetch.ts'
import { batchBaseOffset, batchLeaderEpoch, batchNextOffset } from '../../src/protocol/record-batch.ts'
import { decodeRecords } from '../../src/protocol/records.ts'
import { batchOf, fetchOne, produce } from '../support/data-requests.ts'
import { MemoryBroker } from '../support/memory-broker.ts'
import type { WireClient } from '../support/wire-client.ts'

let broker: MemoryBroker
let client: WireClient
let writer: WireClient

beforeAll(async () => {
  broker = await MemoryBroker.start()
  client = await broker.connect()
  writer = await broker.connect()
  await broker.createTopic(client, 'three')
  for (const values of [['a', 'b'], ['c', 'd', 'e'], ['f']]) await produce(client, 'three', batchOf(values))
})

afterAll(() => broker.stop())

describe('Fetch', () => {
  it('E5: an offset inside a batch gets the batch that holds it', async () => {
    const { records } = await fetchOne(client, 'three', { fetchOffset: 3 })
    expect(batchBaseOffset(records!, 0)).toBe(2)
  })

  it('E3: the first batch comes whole although it is larger than every limit', async () => {
    await broker.createTopic(client, 'large')
    const value = 'x'.repeat(100_000)
    await produce(client, 'large', batchOf([value]))
    const { records } = await fetchOne(
      client,
      'large',
      { fetchOffset: 0, partitionMaxBytes: 10 },
      { maxBytes: 10 },
    )
    expect(decodeRecords(records!)[0]!.value!.length).toBe(100_000)
  })

  it('E4: above the first only whole batches come, up to the limit', async () => {
    const all = (await fetchOne(client, 'three', { fetchOffset: 0 })).records!
    const firstTwo = (await fetchOne(client, 'three', { fetchOffset: 0, partitionMaxBytes: all.length - 1 }))
      .records!
    expect(batchNextOffset(firstTwo, 0)).toBe(2)
    expect(firstTwo.equals(all.subarray(0, firstTwo.length))).toBe(true)
    expect(firstTwo.length).toBeLessThan(all.length)
  })

  it('E6, E7: at the end of the log there are no records, which is not null, and no error', async () => {
    const { errorCode, records, highWatermark } = await fetchOne(client, 'three', { fetchOffset: 6 })
    expect([errorCode, records!.length, highWatermark]).toEqual([0, 0, 6])
  })

  it('E7: beyond it the answer is 1, with unknown watermarks', async () => {
    const answer = await fetchOne(client, 'three', { fetchOffset: 7 })
    expect([answer.errorCode, answer.highWatermark, answer.logStartOffset]).toEqual([
      ERROR_CODES.OFFSET_OUT_OF_RANGE,
      -1,
      -1,
    ])
  })

  it('E1, E2: a fetch that waits is answered when the batch is committed, long before its time is over', async () => {
    await broker.createTopic(client, 'awaited')
    const waiting = fetchOne(client, 'awaited', { fetchOffset: 0 }, { maxWaitMs: 600_000 })
    await produce(writer, 'awaited', batchOf(['now']))
    const { records } = await waiting
    expect(decodeRecords(records!)[0]!.value!.toString()).toBe('now')
  })

  it('E1: an error is not made to wait', async () => {
    const answer = await fetchOne(client, 'nowhere', { fetchOffset: 0 }, { maxWaitMs: 600_000 })
    expect(answer.errorCode).toBe(ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION)
  })

  it('E16: nobody is sent to another replica', async () => {
    expect((await fetchOne(client, 'three', { fetchOffset: 0 }, { rackId: 'r1' })).preferredReadReplica).toBe(
      -1,
    )
  })

  it('H4, C6: batches carry the epoch of the leader that took them', async () => {
    const { records } = await fetchOne(client, 'three', { fetchOffset: 0 })
    expect(batchLeaderEpoch(records!, 0)).toBe(1)
  })

  it('E9: by topic id, an unknown one is 100', async () => {
    const topicId = '0123456789abcdef' as typeof ZERO_UUID
    const partition = { ...defaultFetchRequestTopicPartition(), partitionMaxBytes: 1000 }
    const response = await client.call('Fetch', 13, {
      ...defaultFetchRequest(),
      topics: [{ topic: '', topicId, partitions: [partition] }],
    })
    expect(response.responses[0]!.partitions[0]!.errorCode).toBe(ERROR_CODES.UNKNOWN_TOPIC_ID)
  })

  it('E10: an older leader epoch is 74, a newer 75, and a log that parted is told where', async () => {
    const at = (currentLeaderEpoch: number) =>
      fetchOne(client, 'three', { fetchOffset: 0, currentLeaderEpoch })
    expect((await at(0)).errorCode).toBe(ERROR_CODES.FENCED_LEADER_EPOCH)
    expect((await at(1)).errorCode).toBe(0)
    expect((await at(9)).errorCode).toBe(ERROR_CODES.UNKNOWN_LEADER_EPOCH)
    await broker.createTopic(client, 'parted')
    const parted = await fetchOne(client, 'parted', { fetchOffset: 0, lastFetchedEpoch: 0 })
    expect([parted.errorCode, parted.divergingEpoch]).toEqual([0, { epoch: -1, endOffset: -1 }])
  })

  it('C15: deleting the topic answers whoever waits on it', async () => {
    await broker.createTopic(client, 'doomed')
    const waiting = fetchOne(client, 'doomed', { fetchOffset: 0 }, { maxWaitMs: 600_000 })
    await writer.call('DeleteTopics', 3, { topics: [], topicNames: ['doomed'], timeoutMs: 1000 })
    expect((await waiting).errorCode).toBe(ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION)
  })

  it('E8: a session answers with what changed, and serves what it was told before', async () => {
    await broker.createTopic(client, 'session', {}, 2)
    const targets = [0, 1].map((partition) => ({
      ...defaultFetchRequestTopicPartition(),
      partition,
      partitionMaxBytes: 1024,
    }))
    const full = { ...defaultFetchRequest(), sessionEpoch: 0 }
    const topic = { topic: 'session', topicId: ZERO_UUID }
    const opened = await client.call('Fetch', 11, { ...full, topics: [{ ...topic, partitions: targets }] })
    expect(opened.sessionId).toBeGreaterThan(0)
    expect(opened.responses[0]!.partitions.length).toBe(2)
    const next = (sessionEpoch: number) =>
      client.call('Fetch', 11, { ...full, sessionId: opened.sessionId, sessionEpoch, topics: [] })
    expect((await next(1)).responses).toEqual([])
    await produce(writer, 'session', batchOf(['news']), { index: 1 })
    const news = await next(2)
    expect(news.responses[0]!.partitions.map(({ partitionIndex }) => partitionIndex)).toEqual([1])
  })

  it('E18: a topic with several partitions appears once', async () => {
    await broker.createTopic(client, 'pair', {}, 2)
    const partitions = [0, 1].map((partition) => ({ ...defaultFetchRequestTopicPartition(), partition }))
    const topic = { topic: 'pair', topicId: ZERO_UUID }
    const { responses } = await client.call('Fetch', 11, {
      ...defaultFetchRequest(),
      topics: [
        { ...topic, partitions: [partitions[0]!] },
        { ...topic, partitions: [partitions[1]!] },
      ],
    })
    expect(responses.length).toBe(1)
    expect(responses[0]!.partitions.length).toBe(2)
  })

  it('C17: a fetch in the name of a replica is refused, and told who leads where the version can say it', async () => {
    const old = await fetchOne(client, 'three', { fetchOffset: 0 }, { version: 11, replicaId: 2 })
    expect(old.errorCode).toBe(ERROR_CODES.NOT_LEADER_OR_FOLLOWER)
    const answer = await fetchOne(client, 'three', { fetchOffset: 0 }, { version: 12, replicaId: 2 })
    expect(answer.errorCode).toBe(ERROR_CODES.NOT_LEADER_OR_FOLLOWER)
    expect(answer.currentLeader).toEqual({ leaderId: 1, leaderEpoch: 1 })
  })

  it('D14: null and empty keys and values and headers come back as they were', async () => {
    await broker.createTopic(client, 'bytes')
    const records = [
      {
        key: null,
        value: Buffer.alloc(0),
        headers: [
          { key: 'h', value: null },
          { key: 'h', value: Buffer.alloc(0) },
        ],
      },
      { key: Buffer.alloc(0), value: null, headers: [] },
    ]
    await produce(client, 'bytes', batchOf([], { records }))
    const read = decodeRecords((await fetchOne(client, 'bytes', { fetchOffset: 0 })).records!)
    expect(read.map(({ key, value, headers }) => ({ key, value, headers }))).toEqual(records)
  })
})

describe('ListOffsets', () => {
  const ask = async (topic: string, timestamp: number, version = 9, partitionIndex = 0) => {
    const { topics } = await client.call('ListOffsets', version, {
      replicaId: -1,
      isolationLevel: 0,
      timeoutMs: 1000,
      topics: [{ name: topic, partitions: [{ partitionIndex, currentLeaderEpoch: -1, timestamp }] }],
    })
    return topics[0]!.partitions[0]!
  }

  it('E13: names and times, each from the version that knows it', async () => {
    await broker.createTopic(client, 'timed')
    const times = [1_700_000_000_000, 1_700_000_005_000, 1_700_000_003_000]
    for (const timestamp of times)
      await produce(client, 'timed', batchOf([], { records: [{ timestamp, key: null, value: null }] }))
    const offset = async (timestamp: number, version?: number) =>
      (await ask('timed', timestamp, version)).offset
    expect(await offset(-1)).toBe(3)
    expect(await offset(-2)).toBe(0)
    expect(await offset(-4)).toBe(0)
    expect(await offset(-5)).toBe(-1)
    expect(await ask('timed', -3)).toMatchObject({ offset: 1, timestamp: times[1], leaderEpoch: 1 })
    expect(await offset(times[0]! + 1)).toBe(1)
    expect(await ask('timed', times[1]! + 1)).toMatchObject({ errorCode: 0, offset: -1, timestamp: -1 })
    expect((await ask('timed', -3, 6)).errorCode).toBe(ERROR_CODES.UNSUPPORTED_VERSION)
    expect((await ask('timed', -6, 9)).errorCode).toBe(ERROR_CODES.UNSUPPORTED_VERSION)
    expect((await ask('timed', -6, 11)).offset).toBe(-1)
    expect((await ask('timed', -1, 1)).leaderEpoch).toBe(-1)
  })

  it('an unknown partition is 3', async () => {
    expect((await ask('three', -1, 9, 4)).errorCode).toBe(ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION)
  })
})

describe('OffsetForLeaderEpoch', () => {
  it('E15, C6: epochs grow with every restart, and each ends where the next begins', async () => {
    const restarted = await MemoryBroker.start()
    let own = await restarted.connect()
    await restarted.createTopic(own, 't')
    await produce(own, 't', batchOf(['a', 'b']))
    await restarted.restart()
    own = await restarted.connect()
    await produce(own, 't', batchOf(['c']))
    const ask = async (leaderEpoch: number) => {
      const { topics } = await own.call('OffsetForLeaderEpoch', 4, {
        replicaId: -1,
        topics: [{ topic: 't', partitions: [{ partition: 0, currentLeaderEpoch: -1, leaderEpoch }] }],
      })
      const { leaderEpoch: epoch, endOffset } = topics[0]!.partitions[0]!
      return [epoch, endOffset]
    }
    expect(await ask(1)).toEqual([1, 2])
    expect(await ask(2)).toEqual([2, 3])
    expect(await ask(7)).toEqual([-1, -1])
    await restarted.stop()
  })
})
