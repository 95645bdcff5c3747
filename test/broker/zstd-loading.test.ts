import { afterEach, beforeEach, expect, it } from 'vitest'
import { defaultListOffsetsRequest } from '../../src/protocol/generated/produce-fetch.ts'
import { batchOf, produce } from '../support/data-requests.ts'
import { MemoryBroker } from '../support/memory-broker.ts'
import type { WireClient } from '../support/wire-client.ts'

// Nothing in this file may load zstd but the broker: the batches were compressed before.

/** Two records with keys, of times 1000 and 2000. */
const WITH_KEYS =
  'AAAAAAAAAAAAAABb/////wJci4vpAAQAAAABAAAAAAAAA+gAAAAAAAAH0P//////////////////AAAAAii1L/1gpQAFAQCooAMAAAACa5AD' +
  'enN0ZCAAogMA0A8CAgBKq6EMIKiiBA=='
/** One record without a key. */
const WITHOUT_KEY =
  'AAAAAAAAAAAAAABP/////wLtTCqEAAQAAAAAAAAAAAAAA+gAAAAAAAAD6P//////////////////AAAAASi1L/0g0a0AAHCeAwAAAAGQA3pz' +
  'dGQgAAEAQFDlCw=='

let broker: MemoryBroker
let client: WireClient

beforeEach(async () => {
  broker = await MemoryBroker.start()
  client = await broker.connect()
})

afterEach(() => broker.stop())

it('G6: the first zstd batch of a compacted topic waits for its codec, and what comes behind it waits with it', async () => {
  await broker.createTopic(client, 'compacted', { 'cleanup.policy': 'compact' })
  const answers = await Promise.all([
    produce(client, 'compacted', Buffer.from(WITHOUT_KEY, 'base64')),
    produce(client, 'compacted', Buffer.from(WITH_KEYS, 'base64')),
    produce(client, 'compacted', batchOf(['plain'])),
  ])
  expect(answers.map(({ errorCode, baseOffset }) => [errorCode, baseOffset])).toEqual([
    [87, -1],
    [0, 0],
    [0, 2],
  ])
})

it('E13: a record is found by time in a zstd batch', async () => {
  await broker.createTopic(client, 'plain')
  expect((await produce(client, 'plain', Buffer.from(WITH_KEYS, 'base64'))).errorCode).toBe(0)
  const topics = [
    {
      name: 'plain',
      partitions: [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp: 1500, maxNumOffsets: 1 }],
    },
  ]
  const answer = await client.call('ListOffsets', 5, {
    ...defaultListOffsetsRequest(),
    replicaId: -1,
    isolationLevel: 0,
    topics,
  })
  expect(answer.topics[0]!.partitions[0]).toMatchObject({ errorCode: 0, offset: 1, timestamp: 2000 })
})
