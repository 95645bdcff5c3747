import { describe, expect, it } from 'vitest'
import { openDirectory, TOPIC_ID } from '../../../../test/support/storage.ts'
import { ManualEnvironment } from '../../../base/environment.ts'
import { silentLogger } from '../../../base/logger.ts'
import { ZERO_UUID } from '../../../base/uuid.ts'
import { type ErrorName, errorName } from '../../../protocol/error-codes.ts'
import { encodeBatch } from '../../../protocol/records.ts'
import { MemoryFileSystem } from '../../../storage/memory-file-system.ts'
import type { AdmittedWrite, TransactionWrite } from '../../coordinator/transactions/transaction-gate.ts'
import type { RequestContext } from '../../net/handler.ts'
import { until } from '../../net/test-kit.ts'
import { BrokerOptions, topicConfigOf } from '../../options.ts'
import { BatchThreads } from '../../partition/batch-threads.ts'
import { PartitionRegistry } from '../../partition/registry.ts'
import { produceHandler } from './produce.ts'

const PRODUCER = { producerId: 7, producerEpoch: 1 }
const YES: AdmittedWrite = { error: 'NONE', missing: [] }

/** A partition `t-0`, and a coordinator whose answers the test gives. */
async function start() {
  const environment = new ManualEnvironment()
  const registry = new PartitionRegistry({ nodeId: 1, environment, logger: silentLogger })
  const directory = await openDirectory(new MemoryFileSystem(), {
    environment,
    hooksOf: (topic, index) => registry.hooksOf(topic, index),
  })
  registry.attach(directory)
  const config = topicConfigOf(new Map(), BrokerOptions.from({ 'log.dirs': '/data' }))
  await registry.open([{ name: 't', id: TOPIC_ID, partitionCount: 1, internal: false, config }])
  const asked: { write: TransactionWrite; answer: (admitted: AdmittedWrite) => void }[] = []
  const gate = {
    admit: (write: TransactionWrite) => new Promise<AdmittedWrite>((answer) => asked.push({ write, answer })),
  }
  const handler = produceHandler(registry, gate, new BatchThreads(), new ManualEnvironment())
  const produce = async (sequence: number, more: { epoch?: number; version?: number } = {}) => {
    const { epoch = PRODUCER.producerEpoch, version = 11 } = more
    const records = encodeBatch({
      records: [{ timestamp: environment.wallMs(), key: null, value: Buffer.from('v') }],
      producerId: PRODUCER.producerId,
      producerEpoch: epoch,
      baseSequence: sequence,
      isTransactional: true,
    })
    const topicData = [{ name: 't', topicId: ZERO_UUID, partitionData: [{ index: 0, records }] }]
    const request = { transactionalId: 'id', acks: 1, timeoutMs: 1000, topicData }
    const answer = await handler(request, { apiVersion: version } as RequestContext)
    if (typeof answer === 'symbol') throw new Error('not answered')
    const { errorCode, baseOffset } = answer.responses[0]!.partitionResponses[0]!
    return [errorName(errorCode), baseOffset]
  }
  const marker = { ...PRODUCER, coordinatorEpoch: 0, isCommit: true, transactionVersion: 0 }
  return { partition: registry.get('t', 0)!, asked, produce, marker }
}

describe('the first write of a transaction to a partition', () => {
  it('G11: waits for the coordinator, later ones do not ask', async () => {
    const { asked, produce, partition } = await start()
    const first = produce(0)
    expect(asked.map(({ write }) => write)).toEqual([
      { transactionalId: 'id', ...PRODUCER, partitions: [{ topic: 't', partitions: [0] }], adds: false },
    ])
    expect(partition.log.endOffset).toBe(0)
    asked[0]!.answer(YES)
    expect(await first).toEqual(['NONE', 0])
    expect(await produce(1)).toEqual(['NONE', 1])
    expect([asked.length, partition.admissions.count]).toEqual([1, 0])
  })

  it('G6: those that come meanwhile are appended after it, in their order', async () => {
    const { asked, produce } = await start()
    const writes = [produce(0), produce(1), produce(2)]
    expect(asked.length).toBe(1)
    asked[0]!.answer(YES)
    expect(await Promise.all(writes)).toEqual([
      ['NONE', 0],
      ['NONE', 1],
      ['NONE', 2],
    ])
    expect(asked.length).toBe(1)
  })

  it('G12: does not begin a transaction behind the marker that ended it meanwhile', async () => {
    const { asked, produce, partition, marker } = await start()
    const late = produce(0)
    partition.appendMarker(marker)
    asked[0]!.answer(YES)
    expect(await late).toEqual(['INVALID_TXN_STATE', -1])
    expect(partition.producers.firstOpenOffset(Number.POSITIVE_INFINITY)).toBe(null)
    const next = produce(0)
    asked[1]!.answer(YES)
    expect(await next).toEqual(['NONE', 1])
  })

  it('G11: is asked for again in the next transaction', async () => {
    const { asked, produce, partition, marker } = await start()
    const first = produce(0)
    asked[0]!.answer(YES)
    await first
    partition.appendMarker(marker)
    const second = produce(1)
    expect(asked.length).toBe(2)
    asked[1]!.answer({ error: 'NONE', missing: [{ topic: 't', partitions: [0] }] })
    expect(await second).toEqual(['TRANSACTION_ABORTABLE', -1])
  })

  it('a request that fails by a fault of the broker leaves the producer its turn, and no admission behind', async () => {
    const { asked, produce, partition } = await start()
    const first = produce(0)
    const second = produce(0)
    asked[0]!.answer(null as never)
    await expect(first).rejects.toThrow(TypeError)
    await until(() => asked.length === 2)
    asked[1]!.answer(YES)
    expect(await second).toEqual(['NONE', 0])
    expect(partition.admissions.count).toBe(0)
  })

  it('G8: of a client of version 2 makes the partition part of the transaction', async () => {
    const { asked, produce } = await start()
    void produce(0, { version: 12 })
    expect(asked[0]!.write.adds).toBe(true)
  })

  it.each<readonly [ErrorName, number, ErrorName]>([
    ['PRODUCER_FENCED', 11, 'INVALID_PRODUCER_EPOCH'],
    ['INVALID_PRODUCER_ID_MAPPING', 11, 'INVALID_PRODUCER_ID_MAPPING'],
    ['NOT_COORDINATOR', 11, 'NOT_ENOUGH_REPLICAS'],
    ['COORDINATOR_LOAD_IN_PROGRESS', 12, 'NOT_ENOUGH_REPLICAS'],
    ['CONCURRENT_TRANSACTIONS', 11, 'NOT_ENOUGH_REPLICAS'],
    ['CONCURRENT_TRANSACTIONS', 12, 'CONCURRENT_TRANSACTIONS'],
  ])('G11: when the coordinator says %s, hears in version %i %s', async (error, version, heard) => {
    const { asked, produce } = await start()
    const answered = produce(0, { version })
    asked[0]!.answer({ error, missing: [] })
    expect(await answered).toEqual([heard, -1])
  })
})
