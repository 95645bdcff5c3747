import { afterEach, describe, expect, it } from 'vitest'
import { systemEnvironment } from '../../src/base/environment.ts'
import type { ResponseOf } from '../../src/protocol/api.ts'
import { ERROR_CODES } from '../../src/protocol/error-codes.ts'
import { defaultDescribeConfigsResponse } from '../../src/protocol/generated/configs.ts'
import {
  defaultFindCoordinatorResponse,
  defaultFindCoordinatorResponseCoordinator,
} from '../../src/protocol/generated/groups.ts'
import {
  defaultListOffsetsResponse,
  defaultListOffsetsResponseTopicPartition,
} from '../../src/protocol/generated/produce-fetch.ts'
import { defaultInitProducerIdResponse } from '../../src/protocol/generated/transactions.ts'
import type { FakeHandlers } from '../../test/support/fake-broker.ts'
import { FakeCluster } from '../../test/support/fake-cluster.ts'
import { FakeIo } from '../../test/support/fake-io.ts'
import { run } from '../program.ts'

let cluster: FakeCluster | null = null
afterEach(async () => {
  await cluster?.close()
  cluster = null
})

async function fake(handlers: FakeHandlers, brokers = 1): Promise<FakeCluster> {
  cluster = await FakeCluster.listen(brokers, { t: [1, brokers] }, handlers)
  return cluster
}

async function say(...words: string[]) {
  const io = new FakeIo(systemEnvironment)
  const { host, port } = cluster!.bootstrap[0]!
  const exitCode = await run([...words, '--bootstrap', `${host}:${port}`], io)
  return { exitCode, out: io.outText, notes: io.notes, lines: io.outText.split('\n').slice(0, -1) }
}

const entry = (name: string, value: string | null, configSource: number, isSensitive = false) => ({
  name,
  value,
  configSource,
  isSensitive,
  readOnly: false,
  synonyms: [],
  configType: 1,
  documentation: null,
})

const CONFIGS: FakeHandlers = {
  DescribeConfigs: ({ resources }) => ({
    ...defaultDescribeConfigsResponse(),
    results: resources.map(({ resourceType, resourceName, configurationKeys }) => ({
      errorCode: resourceName === 'nosuch' ? ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION : 0,
      errorMessage: null,
      resourceType,
      resourceName,
      configs: [
        entry('retention.ms', '1000', 1),
        entry('segment.bytes', '2000', 5),
        entry('ssl.key', null, 3, true),
      ].filter(({ name }) => configurationKeys === null || configurationKeys.includes(name)),
    })),
  }),
  IncrementalAlterConfigs: ({ resources }) => ({
    throttleTimeMs: 0,
    responses: resources.map(({ resourceType, resourceName, configs }) => ({
      errorCode: configs.some(({ value }) => value === 'wrong') ? ERROR_CODES.INVALID_CONFIG : 0,
      errorMessage: null,
      resourceType,
      resourceName,
    })),
  }),
}

describe('config', () => {
  it('shows what is set on a topic, and the rest when it is asked for', async () => {
    await fake(CONFIGS)
    expect((await say('config', 'get', 'topic', 't')).lines).toEqual([
      'CONFIG        VALUE  FROM',
      'retention.ms  1000   topic',
    ])
    expect((await say('config', 'get', 'topic', 't', '--all')).lines).toHaveLength(4)
    const { lines } = await say('config', 'get', 'topic', 't', 'segment.bytes', '--json')
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        topic: 't',
        config: 'segment.bytes',
        value: '2000',
        origin: 'default',
        readOnly: false,
        sensitive: false,
      },
    ])
    expect((await say('config', 'get', 'broker', 'all')).lines[1]).toBe('ssl.key  (hidden)  all brokers')
    expect(await say('config', 'get', 'topic', 't', 'nonsense')).toMatchObject({ exitCode: 3 })
    expect(await say('config', 'get', 'topic', 'nosuch')).toMatchObject({ exitCode: 3 })
  })

  it('sets and unsets, and asks the broker that it is about', async () => {
    const { brokers } = await fake(CONFIGS, 2)
    expect(await say('config', 'set', 'broker', '2', 'a=1', 'b=x=y')).toMatchObject({
      exitCode: 0,
      notes: ['changed broker 2: a=1, b=x=y'],
    })
    expect(brokers[0]!.requestsOf('IncrementalAlterConfigs')).toEqual([])
    expect(brokers[1]!.requestsOf('IncrementalAlterConfigs')[0]).toEqual({
      validateOnly: false,
      resources: [
        {
          resourceType: 4,
          resourceName: '2',
          configs: [
            { name: 'a', configOperation: 0, value: '1' },
            { name: 'b', configOperation: 0, value: 'x=y' },
          ],
        },
      ],
    })
    expect(await say('config', 'unset', 'group', 'g', 'a', '--dry-run')).toMatchObject({
      exitCode: 0,
      notes: ['would change group g: a unset'],
    })
    expect(brokers[0]!.requestsOf('IncrementalAlterConfigs')[0]).toMatchObject({
      validateOnly: true,
      resources: [{ resourceType: 32, configs: [{ name: 'a', configOperation: 1, value: null }] }],
    })
  })

  it.each([
    [['set', 'broker', 'one', 'a=1'], 2],
    [['set', 'topic', 't', 'a'], 2],
    [['set', 'table', 't', 'a=1'], 2],
    [['set', 'topic', 't', 'a=wrong'], 1],
  ])('%j ends with %i', async (words, exitCode) => {
    await fake(CONFIGS)
    expect(await say('config', ...words)).toMatchObject({ exitCode })
  })
})

describe('topic alter and add-partitions', () => {
  it('change a topic', async () => {
    const { brokers } = await fake({
      ...CONFIGS,
      CreatePartitions: ({ topics }) => ({
        throttleTimeMs: 0,
        results: topics.map(({ name, count }) => ({
          name,
          errorCode: count < 3 ? ERROR_CODES.INVALID_PARTITIONS : 0,
          errorMessage: null,
        })),
      }),
    })
    const altered = await say('topic', 'alter', 't', '--set', 'a=1', '--unset', 'b', '--json')
    expect(JSON.parse(altered.out)).toEqual({ topic: 't', configs: { a: '1', b: null }, executed: true })
    expect(await say('topic', 'alter', 't')).toMatchObject({ exitCode: 2 })
    expect(await say('topic', 'alter', 't', '--set', 'a=1', '--unset', 'a')).toMatchObject({ exitCode: 2 })
    expect((await say('topic', 'add-partitions', 't', '--to', '5')).notes[0]).toContain(
      'from 2 to 5 partitions',
    )
    expect(brokers[0]!.requestsOf('CreatePartitions')[0]).toMatchObject({
      topics: [{ name: 't', count: 5, assignments: null }],
    })
    expect(await say('topic', 'add-partitions', 't', '--to', '2')).toMatchObject({
      exitCode: 1,
      notes: [expect.stringContaining('INVALID_PARTITIONS')],
    })
  })
})

/** Every partition holds the offsets 10 to 99, and 40 was the first of some time. */
const OFFSETS: FakeHandlers = {
  ListOffsets: ({ topics }) => ({
    ...defaultListOffsetsResponse(),
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex, timestamp }) => ({
        ...defaultListOffsetsResponseTopicPartition(),
        partitionIndex,
        offset: timestamp === -2 ? 10 : timestamp === -1 ? 100 : 40,
      })),
    })),
  }),
}

describe('records delete', () => {
  it('shows what would go, and lets it go with --execute', async () => {
    const { brokers } = await fake(
      {
        ...OFFSETS,
        DeleteRecords: ({ topics }) => ({
          throttleTimeMs: 0,
          topics: topics.map(({ name, partitions }) => ({
            name,
            partitions: partitions.map(({ partitionIndex, offset }) => ({
              partitionIndex,
              lowWatermark: offset,
              errorCode: 0,
            })),
          })),
        }),
      },
      2,
    )
    const deletions = () => brokers.flatMap((broker) => broker.requestsOf('DeleteRecords'))
    const planned = await say('records', 'delete', 't', '--before', '1h')
    expect(planned.lines[1]).toBe('        0     10         40  100       30')
    expect(planned.notes).toEqual(['nothing was deleted: --execute does it, for good'])
    expect(deletions()).toEqual([])
    await say('records', 'delete', 't', '--before', 'end', '--execute')
    expect(deletions().map(({ topics }) => topics[0]!.partitions)).toEqual([
      [{ partitionIndex: 0, offset: 100 }],
      [{ partitionIndex: 1, offset: 100 }],
    ])
    await say('records', 'delete', 't', '--before', '5', '--execute', '--partition', '0')
    expect(deletions()).toHaveLength(2)
    expect(await say('records', 'delete', 't', '--before', 'beginning')).toMatchObject({ exitCode: 2 })
    expect(await say('records', 'delete', 't', '--before', '5', '--partition', '7')).toMatchObject({
      exitCode: 2,
    })
  })
})

const STATES: Readonly<Record<string, string>> = { open: 'Ongoing', done: 'CompleteCommit' }

const TRANSACTIONS: FakeHandlers = {
  FindCoordinator: ({ coordinatorKeys }) => ({
    ...defaultFindCoordinatorResponse(),
    coordinators: coordinatorKeys.map((key) => ({
      ...defaultFindCoordinatorResponseCoordinator(),
      key,
      nodeId: 1,
    })),
  }),
  ListTransactions: ({ stateFilters }) => ({
    throttleTimeMs: 0,
    errorCode: 0,
    unknownStateFilters: stateFilters.filter((state) => state === 'Nonsense'),
    transactionStates: [{ transactionalId: 'open', producerId: 7, transactionState: 'Ongoing' }],
  }),
  DescribeTransactions: ({ transactionalIds }) => ({
    throttleTimeMs: 0,
    transactionStates: transactionalIds.map((transactionalId) => ({
      errorCode: transactionalId in STATES ? 0 : ERROR_CODES.TRANSACTIONAL_ID_NOT_FOUND,
      transactionalId,
      transactionState: STATES[transactionalId] ?? '',
      transactionTimeoutMs: 60_000,
      transactionStartTimeMs: transactionalId === 'open' ? 1_790_000_000_000 : -1,
      producerId: 7,
      producerEpoch: 2,
      topics: transactionalId === 'open' ? [{ topic: 't', partitions: [0, 1] }] : [],
    })),
  }),
  InitProducerId: () => ({ ...defaultInitProducerIdResponse(), producerId: 7, producerEpoch: 3 }),
  DescribeProducers: ({ topics }) => ({
    throttleTimeMs: 0,
    topics: topics.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex) => ({
        partitionIndex,
        errorCode: 0,
        errorMessage: null,
        activeProducers: [
          {
            producerId: 9,
            producerEpoch: 4,
            lastSequence: 5,
            lastTimestamp: 1,
            coordinatorEpoch: -1,
            currentTxnStartOffset: 42,
          },
        ],
      })),
    })),
  }),
  WriteTxnMarkers: ({ markers }): ResponseOf<'WriteTxnMarkers'> => ({
    markers: markers.map(({ producerId, topics }) => ({
      producerId,
      topics: topics.map(({ name, partitionIndexes }) => ({
        name,
        partitions: partitionIndexes.map((partitionIndex) => ({ partitionIndex, errorCode: 0 })),
      })),
    })),
  }),
}

describe('transaction', () => {
  it('lists and describes', async () => {
    const { brokers } = await fake(TRANSACTIONS)
    const listed = await say('transaction', 'list', '--state', 'Ongoing', '--open-for', '15m')
    expect(listed.lines[1]).toBe('open         Ongoing         7            1')
    expect(brokers[0]!.requestsOf('ListTransactions')[0]).toMatchObject({
      stateFilters: ['Ongoing'],
      durationFilter: 900_000,
    })
    expect(await say('transaction', 'list', '--state', 'Nonsense')).toMatchObject({ exitCode: 2 })
    const described = await say('transaction', 'describe', 'open')
    expect(described.lines[1]).toBe('producer 7, epoch 2, coordinator 1, timeout 1m00s')
    expect(described.lines.slice(-1)).toEqual(['t              1'])
    expect(await say('transaction', 'describe', 'nosuch')).toMatchObject({ exitCode: 3 })
  })

  it('aborts what an id has open, and fences nobody who has nothing open', async () => {
    const { brokers } = await fake(TRANSACTIONS)
    expect((await say('transaction', 'abort', 'open')).notes[0]).toContain('aborted transaction open')
    expect(brokers[0]!.requestsOf('InitProducerId')).toMatchObject([{ transactionalId: 'open' }])
    expect((await say('transaction', 'abort', 'done')).notes[0]).toContain('nothing to abort')
    expect(await say('transaction', 'abort', 'nosuch')).toMatchObject({ exitCode: 3 })
    expect(brokers[0]!.requestsOf('InitProducerId')).toHaveLength(1)
    expect(await say('transaction', 'abort')).toMatchObject({ exitCode: 2 })
  })

  it('tells who has written to a topic', async () => {
    await fake(TRANSACTIONS)
    expect((await say('transaction', 'producers', 't', '--open', '--partition', '1')).lines).toEqual([
      'PARTITION  PRODUCER  EPOCH  SEQUENCE  OPEN FROM  LAST WRITE',
      '        1         9      4         5         42  1970-01-01T00:00:00.001Z',
    ])
    expect(await say('transaction', 'producers', 'nosuch')).toMatchObject({ exitCode: 3 })
    expect(await say('transaction', 'producers', 't', '--partition', '5')).toMatchObject({ exitCode: 2 })
  })

  it('ends by hand what hangs in a partition', async () => {
    const { brokers } = await fake(TRANSACTIONS)
    const place = ['--topic', 't', '--partition', '0', '--start-offset']
    expect(await say('transaction', 'abort', ...place, '42')).toMatchObject({ exitCode: 0 })
    expect(brokers[0]!.requestsOf('WriteTxnMarkers')[0]!.markers).toMatchObject([
      { producerId: 9, producerEpoch: 4, transactionResult: false, coordinatorEpoch: 0 },
    ])
    expect(await say('transaction', 'abort', ...place, '43')).toMatchObject({ exitCode: 2 })
    expect(await say('transaction', 'abort', '--topic', 't')).toMatchObject({ exitCode: 2 })
  })
})
