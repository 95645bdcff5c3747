import { afterAll, beforeAll, expect, it } from 'vitest'
import { ZERO_UUID } from '../../src/base/uuid.ts'
import {
  defaultFetchRequest,
  defaultFetchRequestTopicPartition,
  defaultFindCoordinatorRequest,
  defaultJoinGroupRequest,
} from '../../src/protocol/generated/index.ts'
import { batchOf, produce } from '../support/data-requests.ts'
import { MemoryBroker } from '../support/memory-broker.ts'
import type { WireClient } from '../support/wire-client.ts'

const MIB = 1024 * 1024

let broker: MemoryBroker
let producer: WireClient

/** As much request memory as one of its largest requests takes, and groups whose first generation is long in coming. */
beforeAll(async () => {
  broker = await MemoryBroker.start({
    'socket.request.max.bytes': String(MIB),
    'queued.max.request.bytes': String(MIB),
    'waiting.max.request.bytes': '100000',
    'group.initial.rebalance.delay.ms': '600000',
    'offsets.topic.num.partitions': '1',
  })
  producer = await broker.connect()
  await broker.createTopic(producer, 't')
  await producer.call('FindCoordinator', 0, { ...defaultFindCoordinatorRequest(), key: 'g' })
})

afterAll(() => broker.stop())

function join(client: WireClient, groupId: string, metadataBytes: number): Promise<unknown> {
  const protocols = [{ name: 'range', metadata: Buffer.alloc(metadataBytes) }]
  return client.call('JoinGroup', 0, {
    ...defaultJoinGroupRequest(),
    groupId,
    sessionTimeoutMs: 600_000,
    protocolType: 'consumer',
    protocols,
  })
}

it('members that wait for their generation do not take the request memory from producers', async () => {
  const members = await Promise.all(Array.from({ length: 4 }, () => broker.connect()))
  const joins = members.map((member, index) => join(member, `g-${index}`, 900_000).catch(() => 'closed'))
  const large = batchOf(['x'.repeat(900_000)])
  for (let count = 0; count < 3; count++) expect((await produce(producer, 't', large)).errorCode).toBe(0)
  for (const member of members) member.close()
  expect(await Promise.all(joins)).toEqual(['closed', 'closed', 'closed', 'closed'])
})

/** A fetch at the end of so many partitions. */
function fetchOf(partitionCount: number) {
  const indexes = Array.from({ length: partitionCount }, (_, index) => index)
  const partitions = indexes.map((partition) => ({ ...defaultFetchRequestTopicPartition(), partition }))
  const topics = [{ topic: 'wide', topicId: ZERO_UUID, partitions }]
  return { ...defaultFetchRequest(), maxWaitMs: 100, minBytes: 1, maxBytes: MIB, topics }
}

it('a large fetch that may not wait is answered at once and throttled; a small one waits', async () => {
  await broker.createTopic(producer, 'wide', {}, 300)
  const reader = await broker.connect()
  const large = await reader.call('Fetch', 12, fetchOf(300))
  expect(large.throttleTimeMs).toBeGreaterThan(0)
  expect(large.responses[0]!.partitions).toHaveLength(300)
  const small = await reader.call('Fetch', 12, fetchOf(1))
  expect(small.throttleTimeMs).toBe(0)
})
