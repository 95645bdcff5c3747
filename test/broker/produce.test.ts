import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ZERO_UUID } from '../../src/base/uuid.ts'
import { loadCompression } from '../../src/protocol/compression.ts'
import { ERROR_CODES } from '../../src/protocol/error-codes.ts'
import { sealBatch } from '../../src/protocol/record-batch.ts'
import { decodeRecords } from '../../src/protocol/records.ts'
import { batchOf, fetchOne, produce } from '../support/data-requests.ts'
import { MemoryBroker } from '../support/memory-broker.ts'
import type { WireClient } from '../support/wire-client.ts'

let broker: MemoryBroker
let client: WireClient

beforeAll(async () => {
  await loadCompression()
  broker = await MemoryBroker.start()
  client = await broker.connect()
  await broker.createTopic(client, 'plain')
})

afterAll(() => broker.stop())

describe('Produce', () => {
  it('D10: answers with the offset of the first record of the batch', async () => {
    await broker.createTopic(client, 'offsets')
    expect((await produce(client, 'offsets', batchOf(['a', 'b', 'c']))).baseOffset).toBe(0)
    expect((await produce(client, 'offsets', batchOf(['d']))).baseOffset).toBe(3)
  })

  it('D1, D15: refuses two batches for one partition, and batches of the formats before 2', async () => {
    const two = Buffer.concat([batchOf(['a']), batchOf(['b'])])
    expect((await produce(client, 'plain', two)).errorCode).toBe(ERROR_CODES.INVALID_RECORD)
    for (const magic of [0, 1]) {
      const old = batchOf(['a'])
      old[16] = magic
      expect((await produce(client, 'plain', old)).errorCode).toBe(ERROR_CODES.INVALID_RECORD)
    }
  })

  it('D3: refuses a batch whose CRC is not that of its bytes', async () => {
    const batch = batchOf(['a'])
    batch[batch.length - 1]! ^= 1
    expect((await produce(client, 'plain', batch)).errorCode).toBe(ERROR_CODES.CORRUPT_MESSAGE)
  })

  it('D4: refuses offsets that are not 0 to n-1, and control batches of clients', async () => {
    const gap = batchOf(['a', 'b'])
    gap.writeInt32BE(5, 23)
    sealBatch(gap, 0)
    expect((await produce(client, 'plain', gap)).errorCode).toBe(ERROR_CODES.INVALID_RECORD)
    const control = batchOf(['a'], { isControl: true })
    expect((await produce(client, 'plain', control)).errorCode).toBe(ERROR_CODES.INVALID_RECORD)
  })

  it('D5: refuses a batch above max.message.bytes of the topic', async () => {
    await broker.createTopic(client, 'narrow', { 'max.message.bytes': '200' })
    expect((await produce(client, 'narrow', batchOf(['x'.repeat(300)]))).errorCode).toBe(
      ERROR_CODES.MESSAGE_TOO_LARGE,
    )
    expect((await produce(client, 'narrow', batchOf(['x']))).errorCode).toBe(0)
  })

  it('D6: refuses zstd before version 7 and takes it from then on', async () => {
    const batch = (): Buffer => batchOf(['a'], { compression: 'zstd' })
    expect((await produce(client, 'plain', batch(), { version: 6 })).errorCode).toBe(
      ERROR_CODES.UNSUPPORTED_COMPRESSION_TYPE,
    )
    expect((await produce(client, 'plain', batch(), { version: 7 })).errorCode).toBe(0)
  })

  it('D7: names the records without a key that a compacted topic refuses', async () => {
    await broker.createTopic(client, 'compacted', { 'cleanup.policy': 'compact' })
    const key = Buffer.from('k')
    const value = Buffer.from('v')
    const batch = batchOf([], {
      records: [
        { key, value },
        { key: null, value },
      ],
      compression: 'gzip',
    })
    const refused = await produce(client, 'compacted', batch)
    expect(refused.errorCode).toBe(ERROR_CODES.INVALID_RECORD)
    expect(refused.recordErrors.map(({ batchIndex }) => batchIndex)).toEqual([1])
    const keyed = batchOf([], { records: [{ key, value: null }] })
    expect((await produce(client, 'compacted', keyed)).errorCode).toBe(0)
  })

  it('D8: refuses a timestamp more than an hour ahead', async () => {
    const timestamp = Date.now() + 2 * 3_600_000
    const batch = batchOf([], { records: [{ timestamp, key: null, value: null }] })
    expect((await produce(client, 'plain', batch)).errorCode).toBe(ERROR_CODES.INVALID_TIMESTAMP)
  })

  it('D8: LogAppendTime stamps the batch, says so in the answer, and its CRC holds', async () => {
    await broker.createTopic(client, 'stamped', { 'message.timestamp.type': 'LogAppendTime' })
    const before = Date.now()
    const batch = batchOf([], { records: [{ timestamp: 5, key: null, value: Buffer.from('v') }] })
    const { logAppendTimeMs } = await produce(client, 'stamped', batch)
    expect(logAppendTimeMs).toBeGreaterThanOrEqual(before)
    const { records } = await fetchOne(client, 'stamped', { fetchOffset: 0 })
    expect(decodeRecords(records!)[0]!.timestamp).toBe(logAppendTimeMs)
  })

  it('B4: refuses acks other than 0, 1 and all', async () => {
    expect((await produce(client, 'plain', batchOf(['a']), { acks: 2 })).errorCode).toBe(
      ERROR_CODES.INVALID_REQUIRED_ACKS,
    )
  })

  it('B3: acks=0 gets no answer, and an error closes the connection', async () => {
    await broker.createTopic(client, 'quiet')
    const other = await broker.connect()
    const request = (topic: string) => ({
      transactionalId: null,
      acks: 0,
      timeoutMs: 1000,
      topicData: [
        {
          name: topic,
          topicId: ZERO_UUID,
          partitionData: [{ index: 0, records: batchOf(['q']) }],
        },
      ],
    })
    other.sendUnanswered('Produce', 9, request('quiet'))
    // An answer to the first would be taken for that of the second, and have another correlation id.
    await other.call('ApiVersions', 0, { clientSoftwareName: '', clientSoftwareVersion: '' })
    const read = await fetchOne(client, 'quiet', { fetchOffset: 0 }, { maxWaitMs: 5000 })
    expect(decodeRecords(read.records!)[0]!.value!.toString()).toBe('q')
    const third = await broker.connect()
    third.sendUnanswered('Produce', 9, request('no-such-topic'))
    await third.closed
  })

  it('D12: acks=all on a topic that wants more replicas than there are is refused before anything is appended', async () => {
    await broker.createTopic(client, 'wide', { 'min.insync.replicas': '2' })
    expect((await produce(client, 'wide', batchOf(['a']))).errorCode).toBe(ERROR_CODES.NOT_ENOUGH_REPLICAS)
    expect((await produce(client, 'wide', batchOf(['a']), { acks: 1 })).baseOffset).toBe(0)
  })

  it('D9: answers for exactly the partitions that were asked for, each with its own outcome', async () => {
    await broker.createTopic(client, 'several', {}, 3)
    const partition = (index: number) => ({ index, records: batchOf(['a']) })
    const { responses } = await client.call('Produce', 9, {
      transactionalId: null,
      acks: -1,
      timeoutMs: 30_000,
      topicData: [
        { name: 'several', topicId: ZERO_UUID, partitionData: [partition(2), partition(7), partition(0)] },
        { name: 'nowhere', topicId: ZERO_UUID, partitionData: [partition(1)] },
      ],
    })
    const told = responses.map(({ name, partitionResponses }) => [
      name,
      partitionResponses.map(({ index, errorCode }) => [index, errorCode]),
    ])
    expect(told).toEqual([
      [
        'several',
        [
          [2, 0],
          [7, ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION],
          [0, 0],
        ],
      ],
      ['nowhere', [[1, ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION]]],
    ])
  })

  it('keeps clients out of internal topics', async () => {
    await client.call('FindCoordinator', 3, { key: 'g', keyType: 0, coordinatorKeys: [] })
    expect((await produce(client, '__consumer_offsets', batchOf(['a']))).errorCode).toBe(
      ERROR_CODES.INVALID_TOPIC_EXCEPTION,
    )
  })

  it('an unknown topic or partition is 3', async () => {
    expect((await produce(client, 'nowhere', batchOf(['a']))).errorCode).toBe(
      ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION,
    )
    expect((await produce(client, 'plain', batchOf(['a']), { index: 9 })).errorCode).toBe(
      ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION,
    )
  })
})

describe('an idempotent producer', () => {
  it('G1: a batch that comes again is answered with its first offset and stored once', async () => {
    await broker.createTopic(client, 'idempotent')
    const identity = { producerId: 7000, producerEpoch: 0 }
    for (let baseSequence = 0; baseSequence < 5; baseSequence++)
      await produce(client, 'idempotent', batchOf(['a'], { ...identity, baseSequence }))
    const again = await produce(client, 'idempotent', batchOf(['a'], { ...identity, baseSequence: 2 }))
    expect([again.errorCode, again.baseOffset]).toEqual([0, 2])
    expect((await fetchOne(client, 'idempotent', { fetchOffset: 0 })).highWatermark).toBe(5)
  })

  it('G1, G4: a gap is 45, an older epoch 47', async () => {
    const batch = (producerEpoch: number, baseSequence: number): Buffer =>
      batchOf(['a'], { producerId: 7001, producerEpoch, baseSequence })
    expect((await produce(client, 'plain', batch(1, 0))).errorCode).toBe(0)
    expect((await produce(client, 'plain', batch(1, 5))).errorCode).toBe(
      ERROR_CODES.OUT_OF_ORDER_SEQUENCE_NUMBER,
    )
    expect((await produce(client, 'plain', batch(0, 1))).errorCode).toBe(ERROR_CODES.INVALID_PRODUCER_EPOCH)
  })

  it('G5: is known again after a restart, from the snapshot and the log', async () => {
    const restarted = await MemoryBroker.start()
    let own = await restarted.connect()
    await restarted.createTopic(own, 't')
    const batch = (baseSequence: number): Buffer =>
      batchOf(['a'], { producerId: 7002, producerEpoch: 0, baseSequence })
    await produce(own, 't', batch(0))
    await produce(own, 't', batch(1))
    await restarted.restart()
    own = await restarted.connect()
    expect((await produce(own, 't', batch(1))).baseOffset).toBe(1)
    expect((await produce(own, 't', batch(3))).errorCode).toBe(ERROR_CODES.OUT_OF_ORDER_SEQUENCE_NUMBER)
    expect((await produce(own, 't', batch(2))).baseOffset).toBe(2)
    await restarted.stop()
  })

  it('G7: gets an id that was never given before, also after a restart', async () => {
    const restarted = await MemoryBroker.start()
    const request = { transactionalId: null, transactionTimeoutMs: 1000, producerId: -1, producerEpoch: -1 }
    const ids = new Set<number>()
    for (let round = 0; round < 2; round++) {
      const own = await restarted.connect()
      for (let index = 0; index < 3; index++) {
        const { errorCode, producerId } = await own.call('InitProducerId', 4, request as never)
        expect(errorCode).toBe(0)
        expect(ids.has(producerId)).toBe(false)
        ids.add(producerId)
      }
      await restarted.restart()
    }
    await restarted.stop()
  })
})
