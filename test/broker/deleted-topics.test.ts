import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultCreateTopicsRequestTopic } from '../../src/protocol/generated/topics.ts'
import { batchOf, fetchOne, produce } from '../support/data-requests.ts'
import { MemoryBroker } from '../support/memory-broker.ts'
import type { WireClient } from '../support/wire-client.ts'

let broker: MemoryBroker
let client: WireClient

beforeEach(async () => {
  broker = await MemoryBroker.start()
  client = await broker.connect()
  await broker.createTopic(client, 'gone')
  await produce(client, 'gone', batchOf(['old']))
})

afterEach(() => broker.stop())

/** Deletes the topic on a disk that never comes to its files. */
async function deleteUndone(): Promise<void> {
  broker.fileSystem.delay = ({ kind, path }) =>
    kind === 'rename' && path === '/data/gone-0' ? new Promise(() => {}) : Promise.resolve()
  const { responses } = await client.call('DeleteTopics', 5, {
    topics: [],
    topicNames: ['gone'],
    timeoutMs: 10_000,
  })
  expect(responses[0]!.errorCode).toBe(0)
}

/** Ends the process at once and starts another on the same disk. */
async function killed(): Promise<void> {
  broker = await MemoryBroker.start({}, broker.fileSystem.kill())
  client = await broker.connect()
}

describe('a broker that was killed before it came to the files of a deleted topic', () => {
  it('removes them, and its name is free', async () => {
    await deleteUndone()
    await killed()
    expect(await broker.fileSystem.list('/data')).not.toContain('gone-0')
    await broker.createTopic(client, 'gone')
    expect((await fetchOne(client, 'gone', { fetchOffset: 0 })).highWatermark).toBe(0)
    expect((await produce(client, 'gone', batchOf(['new']))).baseOffset).toBe(0)
  })

  it('starts also where the name has been taken again, with nothing in it', async () => {
    await deleteUndone()
    const topic = {
      ...defaultCreateTopicsRequestTopic(),
      name: 'gone',
      numPartitions: 1,
      replicationFactor: 1,
    }
    const late = await client.call('CreateTopics', 5, {
      topics: [topic],
      timeoutMs: 100,
      validateOnly: false,
    })
    expect(late.topics[0]!.errorCode).not.toBe(0)
    await killed()
    expect((await fetchOne(client, 'gone', { fetchOffset: 0 })).highWatermark).toBe(0)
    expect((await produce(client, 'gone', batchOf(['new']))).baseOffset).toBe(0)
  })
})
