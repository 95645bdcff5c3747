import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ERROR_CODES } from '../../src/protocol/error-codes.ts'
import { defaultListOffsetsRequest } from '../../src/protocol/generated/produce-fetch.ts'
import { batchIsControl, batchIsTransactional, batchLastOffset } from '../../src/protocol/record-batch.ts'
import { decodeRecords } from '../../src/protocol/records.ts'
import { committedValues } from '../support/committed-values.ts'
import { batchOf, fetchOne, produce } from '../support/data-requests.ts'
import { MemoryBroker } from '../support/memory-broker.ts'
import { TransactionalClient } from '../support/transactional-client.ts'
import type { WireClient } from '../support/wire-client.ts'

let broker: MemoryBroker
let wire: WireClient
let names = 0

beforeAll(async () => {
  broker = await MemoryBroker.start({
    'offsets.topic.num.partitions': '1',
    'transaction.state.log.num.partitions': '2',
    'transaction.abort.timed.out.transaction.cleanup.interval.ms': '20',
  })
  wire = await broker.connect()
})

afterAll(() => broker.stop())

/** A topic of its own, and an initialized producer of its own. */
async function start(
  options: { timeoutMs?: number } = {},
): Promise<{ topic: string; client: TransactionalClient }> {
  const topic = `topic-${names++}`
  await broker.createTopic(wire, topic, {}, 2)
  const client = new TransactionalClient(await broker.connect(), `id-${topic}`)
  await client.findCoordinators(topic)
  expect(await client.init(undefined, options)).toMatchObject({ error: 'NONE', producerEpoch: 0 })
  return { topic, client }
}

describe('a transaction of version 1', () => {
  it('G11: takes records for the partitions that were added to it, and for no others', async () => {
    const { topic, client } = await start()
    expect((await client.write(topic, 0, { version: 9 })).error).toBe('INVALID_TXN_STATE')
    expect((await client.write(topic, 0, { version: 11 })).error).toBe('TRANSACTION_ABORTABLE')
    expect(await client.addPartitions({ [topic]: [0] })).toEqual(['NONE'])
    expect(await client.write(topic, 0)).toMatchObject({ error: 'NONE', baseOffset: 0 })
    expect((await client.write(topic, 0, { index: 1 })).error).toBe('INVALID_TXN_STATE')
    expect(await client.addPartitions({ [topic]: [0, 1] }, { version: 5, verifyOnly: true })).toEqual([
      'NONE',
      'TRANSACTION_ABORTABLE',
    ])
  })

  it('G4, G11: hears why it may not write, as the version of Produce knows it', async () => {
    const { topic, client } = await start()
    await client.addPartitions({ [topic]: [0] })
    const epoch = client.producerEpoch
    expect((await client.write(topic, 0, { producerEpoch: epoch + 1 })).error).toBe('INVALID_PRODUCER_EPOCH')
    expect((await client.write(topic, 0, { producerId: 999_999 })).error).toBe('INVALID_PRODUCER_ID_MAPPING')
    const unknown = { transactionalId: 'nobody' }
    expect((await client.write(topic, 0, unknown)).error).toBe('INVALID_PRODUCER_ID_MAPPING')
    expect((await client.write(topic, 0, { transactionalId: null })).error).toBe(
      'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
    )
    expect((await client.write(topic, 0)).error).toBe('NONE')
    expect((await client.write(topic, 0)).error).toBe('NONE')
    expect((await client.write(topic, 2)).error).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
  })

  it('adds all partitions or none', async () => {
    const { topic, client } = await start()
    expect(await client.addPartitions({ [topic]: [0, 7] })).toEqual([
      'OPERATION_NOT_ATTEMPTED',
      'UNKNOWN_TOPIC_OR_PARTITION',
    ])
    expect(await client.state()).toBe('Empty')
  })

  it('G4: fenced producers hear so by the name that their version knows', async () => {
    const { topic, client } = await start()
    const old = { producerEpoch: client.producerEpoch }
    await client.init()
    for (const [version, error] of [
      [1, 'INVALID_PRODUCER_EPOCH'],
      [2, 'PRODUCER_FENCED'],
    ] as const) {
      expect(await client.addPartitions({ [topic]: [0] }, { ...old, version })).toEqual([error])
      expect(await client.addOffsets('group', { ...old, version })).toBe(error)
      expect((await client.end(true, { ...old, version })).error).toBe(error)
    }
    const expected = { producerId: client.producerId, ...old }
    expect((await client.init(expected, { version: 3 })).error).toBe('INVALID_PRODUCER_EPOCH')
    expect((await client.init(expected, { version: 4 })).error).toBe('PRODUCER_FENCED')
  })

  it('G7: a producer id without an epoch, and the other way round, is no request', async () => {
    const { client } = await start()
    const { producerId } = client
    expect((await client.init({ producerId, producerEpoch: -1 })).error).toBe('INVALID_REQUEST')
    expect((await client.init({ producerId: -1, producerEpoch: 0 })).error).toBe('INVALID_REQUEST')
    const timeoutMs = 900_001
    expect((await client.init(undefined, { timeoutMs })).error).toBe('INVALID_TRANSACTION_TIMEOUT')
  })

  it('G10: ends with a marker in each partition that was added, written to or not (E12)', async () => {
    const { topic, client } = await start()
    await client.addPartitions({ [topic]: [0, 1] })
    await client.write(topic, 0)
    expect((await client.end(true)).error).toBe('NONE')
    await client.settled()
    for (const [index, end] of [2, 1].entries()) {
      const { records } = await fetchOne(wire, topic, { fetchOffset: end - 1 }, { index })
      expect([batchIsControl(records!, 0), batchIsTransactional(records!, 0)]).toEqual([true, true])
      expect(batchLastOffset(records!, 0)).toBe(end - 1)
      const [marker] = decodeRecords(records!)
      expect([marker!.key!.toString('hex'), marker!.value!.length]).toEqual(['00000001', 6])
    }
  })

  it('G10: that takes too long is aborted, and its producer fenced', async () => {
    const { topic, client } = await start({ timeoutMs: 1 })
    await client.addPartitions({ [topic]: [0] })
    await client.write(topic, 0)
    const waiting = await client.fetchCommitted(topic, 600_000)
    expect(waiting.abortedTransactions).toEqual([{ producerId: client.producerId, firstOffset: 0 }])
    expect((await client.end(true)).error).toBe('PRODUCER_FENCED')
    expect((await client.write(topic, 1)).error).toBe('INVALID_PRODUCER_EPOCH')
  })
})

describe('a transaction of version 2', () => {
  it('G8, G12: begins with what is written, and ends with an epoch of its own', async () => {
    const { topic, client } = await start()
    expect(await client.write(topic, 0, { version: 12 })).toMatchObject({ error: 'NONE', baseOffset: 0 })
    expect(await client.state()).toBe('Ongoing')
    const first = client.producer
    expect(await client.end(true, { version: 5 })).toMatchObject({ error: 'NONE', producerEpoch: 1 })
    await client.settled()
    expect(await client.end(true, { version: 5, ...first })).toMatchObject({
      error: 'NONE',
      producerEpoch: 1,
    })
    expect((await client.end(false, { version: 5, ...first })).error).toBe('INVALID_TXN_STATE')
    expect((await client.write(topic, 1, { version: 12, ...first })).error).toBe('INVALID_PRODUCER_EPOCH')
    expect(await client.write(topic, 0, { version: 12 })).toMatchObject({ error: 'NONE', baseOffset: 2 })
  })

  it('G3: every epoch begins with sequence 0, also where nothing is known of the producer', async () => {
    const { topic, client } = await start()
    expect((await client.write(topic, 3, { version: 12 })).error).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect((await client.write(topic, 0, { version: 12 })).error).toBe('NONE')
    await client.end(false, { version: 5 })
    expect((await client.write(topic, 1, { version: 12 })).error).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect((await client.write(topic, 0, { version: 12 })).error).toBe('NONE')
  })

  it('G8: the next one begins at once: the write waits for the markers of the one before', async () => {
    const { topic, client } = await start()
    for (let turn = 0; turn < 20; turn++) {
      expect((await client.write(topic, 0, { version: 12 })).error).toBe('NONE')
      expect((await client.end(turn % 2 === 0, { version: 5 })).error).toBe('NONE')
    }
    expect(client.producerEpoch).toBe(20)
  })

  it('G6: records that are sent without waiting keep their order', async () => {
    const { topic, client } = await start()
    const writes = [0, 1, 2, 3, 4].map((sequence) => client.write(topic, sequence, { version: 12 }))
    const written = await Promise.all(writes)
    expect(written).toEqual(written.map((_, baseOffset) => ({ error: 'NONE', baseOffset })))
  })
})

describe('a reader of committed records', () => {
  it('E11: reads up to the first open transaction, a reader of everything to the end', async () => {
    const { topic, client } = await start()
    await produce(wire, topic, batchOf(['before']))
    await client.write(topic, 0, { version: 12, value: 'open' })
    await produce(wire, topic, batchOf(['behind']))
    const fetched = await client.fetchCommitted(topic)
    expect(committedValues(fetched.records!, fetched.abortedTransactions)).toEqual(['before'])
    expect([fetched.lastStableOffset, fetched.highWatermark]).toEqual([1, 3])
    const everything = await fetchOne(wire, topic, { fetchOffset: 0 })
    expect(everything.abortedTransactions ?? []).toEqual([])
    expect(committedValues(everything.records!, null)).toEqual(['before', 'open', 'behind'])
    const timestamps = [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp: -1 }]
    const offsets = await Promise.all(
      [0, 1].map(async (isolationLevel) => {
        const topics = [{ name: topic, partitions: timestamps }]
        const request = { ...defaultListOffsetsRequest(), replicaId: -1, isolationLevel, topics }
        const answer = await wire.call('ListOffsets', 5, request)
        return answer.topics[0]!.partitions[0]!.offset
      }),
    )
    expect(offsets).toEqual([3, 1])
  })

  it('E2: that waits is answered when the transaction ends, also for what it was not woken for', async () => {
    const { topic, client } = await start()
    const reader = await broker.connect()
    await client.write(topic, 0, { version: 12, value: 'x'.repeat(2000) })
    const waiting = fetchOne(
      reader,
      topic,
      { fetchOffset: 0 },
      { isolationLevel: 1, minBytes: 2000, maxWaitMs: 600_000 },
    )
    await client.end(true, { version: 5 })
    const { records, abortedTransactions } = await waiting
    expect(committedValues(records!, abortedTransactions)).toEqual(['x'.repeat(2000)])
  })

  it('E11: is told of the aborted transactions in what it reads, by their first offsets', async () => {
    const { topic, client: first } = await start()
    const second = new TransactionalClient(await broker.connect(), `other-${topic}`)
    await second.init()
    await first.write(topic, 0, { version: 12, value: 'a' })
    await second.write(topic, 0, { version: 12, value: 'b' })
    const [a, b] = [first.producerId, second.producerId]
    await second.end(false, { version: 5 })
    await second.settled()
    await first.end(false, { version: 5 })
    await first.settled()
    await first.write(topic, 0, { version: 12, value: 'c' })
    await first.end(true, { version: 5 })
    await first.settled()
    const fetched = await first.fetchCommitted(topic)
    expect(fetched.abortedTransactions).toEqual([
      { producerId: a, firstOffset: 0 },
      { producerId: b, firstOffset: 1 },
    ])
    expect(committedValues(fetched.records!, fetched.abortedTransactions)).toEqual(['c'])
    const rest = await fetchOne(wire, topic, { fetchOffset: 4 }, { isolationLevel: 1 })
    expect(rest.abortedTransactions).toEqual([])
  })

  it('E11: finds the same after a restart', async () => {
    const own = await MemoryBroker.start({ 'transaction.state.log.num.partitions': '1' })
    const client = new TransactionalClient(await own.connect(), 'id')
    await own.createTopic(client.wire, 'kept')
    await client.findCoordinators('group')
    await client.init()
    for (let turn = 0; turn < 4; turn++) {
      await client.write('kept', 0, { version: 12, value: String(turn) })
      await client.end(turn % 2 === 0, { version: 5 })
    }
    await client.settled()
    const before = await client.fetchCommitted('kept')
    expect(before.abortedTransactions?.length).toBe(2)
    await own.restart()
    const after = await new TransactionalClient(await own.connect(), 'id').fetchCommitted('kept')
    expect(after.abortedTransactions).toEqual(before.abortedTransactions)
    expect(after.lastStableOffset).toBe(before.lastStableOffset)
    await own.stop()
  })

  it('E11: begun before the start of the log, holds readers back at the start, also after a restart', async () => {
    const own = await MemoryBroker.start({ 'transaction.state.log.num.partitions': '1' })
    const client = new TransactionalClient(await own.connect(), 'id')
    await own.createTopic(client.wire, 'cut')
    await client.findCoordinators('group')
    await client.init()
    for (const sequence of [0, 1]) await client.write('cut', sequence, { version: 12 })
    const partitions = [{ partitionIndex: 0, offset: 1 }]
    await client.wire.call('DeleteRecords', 2, { topics: [{ name: 'cut', partitions }], timeoutMs: 10_000 })
    const held = { lastStableOffset: 1, logStartOffset: 1, highWatermark: 2 }
    expect(await fetchOne(client.wire, 'cut', { fetchOffset: 1 })).toMatchObject(held)
    await own.restart()
    expect(await fetchOne(await own.connect(), 'cut', { fetchOffset: 1 })).toMatchObject(held)
    await own.stop()
  })
})

describe('offsets in a transaction', () => {
  it('G10, F9: count when it commits; until then a reader that wants stable ones is told to wait', async () => {
    const { topic, client } = await start()
    const group = topic
    expect(await client.commitOffset(group, topic, 5)).toBe('INVALID_TXN_STATE')
    expect(await client.commitOffset(group, topic, 5, { version: 4 })).toBe('TRANSACTION_ABORTABLE')
    expect(await client.addOffsets(group)).toBe('NONE')
    expect(await client.commitOffset(group, topic, 5)).toBe('NONE')
    expect(await client.committedOffset(group, topic)).toBe('UNSTABLE_OFFSET_COMMIT')
    expect(await client.committedOffset(group, topic, false)).toBe(-1)
    await client.end(true)
    await client.settled()
    expect(await client.committedOffset(group, topic)).toBe(5)
    await client.addOffsets(group)
    await client.commitOffset(group, topic, 9)
    await client.end(false)
    await client.settled()
    expect(await client.committedOffset(group, topic)).toBe(5)
  })

  it('G8: need not be announced from version 5', async () => {
    const { topic, client } = await start()
    expect(await client.commitOffset(topic, topic, 7, { version: 5 })).toBe('NONE')
    await client.end(true, { version: 5 })
    await client.settled()
    expect(await client.committedOffset(topic, topic)).toBe(7)
  })

  it('are refused from who is not in the transaction or not in the group', async () => {
    const { topic, client } = await start()
    const commit = (said: Parameters<TransactionalClient['commitOffset']>[3]) =>
      client.commitOffset(topic, topic, 5, { version: 3, ...said })
    await client.addOffsets(topic)
    expect(await commit({ producerEpoch: client.producerEpoch + 1 })).toBe('INVALID_PRODUCER_EPOCH')
    expect(await commit({ producerId: 999_999 })).toBe('INVALID_PRODUCER_ID_MAPPING')
    expect(await commit({ transactionalId: 'nobody' })).toBe('INVALID_PRODUCER_ID_MAPPING')
    expect(await commit({ transactionalId: '' })).toBe('INVALID_REQUEST')
    expect(await commit({ generation: 5, memberId: 'm' })).toBe('ILLEGAL_GENERATION')
    expect(await client.commitOffset('', topic, 5)).toBe('INVALID_GROUP_ID')
    expect(await client.commitOffset(topic, 'nowhere', 5)).toBe('UNKNOWN_TOPIC_OR_PARTITION')
    expect(await commit({})).toBe('NONE')
    expect(await commit({ generation: 5, memberId: 'm' })).toBe('UNKNOWN_MEMBER_ID')
  })
})

describe('WriteTxnMarkers', () => {
  it('E12: ends what a coordinator elsewhere has decided, unless a newer one has', async () => {
    const { topic, client } = await start()
    const { producerId } = client
    await client.write(topic, 0, { version: 12 })
    const write = async (producerEpoch: number, coordinatorEpoch: number, version = 1) => {
      const topics = [{ name: topic, partitionIndexes: [0, 9] }]
      const marker = { producerId, producerEpoch, coordinatorEpoch, transactionResult: false, topics }
      const markers = [{ ...marker, transactionVersion: version === 1 ? 0 : 2 }]
      const answer = await wire.call('WriteTxnMarkers', version, { markers })
      return answer.markers[0]!.topics[0]!.partitions.map(({ errorCode }) => errorCode)
    }
    const { INVALID_PRODUCER_EPOCH, TRANSACTION_COORDINATOR_FENCED } = ERROR_CODES
    const missing = ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION
    expect(await write(0, 5, 2)).toEqual([INVALID_PRODUCER_EPOCH, missing])
    expect(await write(1, 5, 2)).toEqual([0, missing])
    expect(await write(1, 5, 2)).toEqual([0, missing])
    expect(await write(0, 5)).toEqual([INVALID_PRODUCER_EPOCH, missing])
    expect(await write(2, 4)).toEqual([TRANSACTION_COORDINATOR_FENCED, missing])
    const fetched = await client.fetchCommitted(topic)
    expect(fetched.abortedTransactions).toEqual([{ producerId, firstOffset: 0 }])
  })
})

describe('who looks at transactions', () => {
  it('sees their state, and who writes where', async () => {
    const { topic, client } = await start()
    await client.write(topic, 0, { version: 12 })
    const { producerId, transactionalId } = client
    const described = await wire.call('DescribeTransactions', 0, {
      transactionalIds: [transactionalId, 'nobody', ''],
    })
    const [open, unknown, empty] = described.transactionStates
    expect(open).toMatchObject({
      errorCode: 0,
      transactionState: 'Ongoing',
      transactionTimeoutMs: 60_000,
      producerId,
      producerEpoch: 0,
      topics: [{ topic, partitions: [0] }],
    })
    expect(unknown!.errorCode).toBe(ERROR_CODES.TRANSACTIONAL_ID_NOT_FOUND)
    expect(empty!.errorCode).toBe(ERROR_CODES.INVALID_REQUEST)
    const producers = await wire.call('DescribeProducers', 0, {
      topics: [{ name: topic, partitionIndexes: [0, 1, 7] }],
    })
    const [first, second, third] = producers.topics[0]!.partitions
    expect(first!.activeProducers).toMatchObject([
      { producerId, producerEpoch: 0, lastSequence: 0, coordinatorEpoch: -1, currentTxnStartOffset: 0 },
    ])
    expect(second!.activeProducers).toEqual([])
    expect(third!.errorCode).toBe(ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION)
  })

  it('lists them by state, producer, pattern, and names states that there are not', async () => {
    const { topic, client } = await start()
    const { producerId, transactionalId } = client
    const list = async (filter: {
      stateFilters?: string[]
      durationFilter?: number
      transactionalIdPattern?: string
    }) =>
      await wire.call('ListTransactions', 2, {
        stateFilters: [],
        producerIdFilters: [producerId],
        durationFilter: -1,
        transactionalIdPattern: null,
        ...filter,
      })
    const state = { transactionalId, producerId, transactionState: 'Empty' }
    expect((await list({})).transactionStates).toEqual([state])
    expect((await list({ transactionalIdPattern: `id-${topic}` })).transactionStates).toEqual([state])
    expect((await list({ transactionalIdPattern: 'id-.*' })).transactionStates).toEqual([state])
    expect((await list({ transactionalIdPattern: 'id' })).transactionStates).toEqual([])
    expect(await list({ stateFilters: ['Ongoing', 'Strange'] })).toMatchObject({
      unknownStateFilters: ['Strange'],
      transactionStates: [],
    })
    expect(await list({ stateFilters: ['Strange'] })).toMatchObject({
      unknownStateFilters: ['Strange'],
      transactionStates: [],
    })
    const { errorCode } = await list({ transactionalIdPattern: '((' })
    expect(errorCode).toBe(ERROR_CODES.INVALID_REGULAR_EXPRESSION)
  })
})
