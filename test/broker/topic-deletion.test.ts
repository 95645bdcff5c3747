import { expect, it } from 'vitest'
import type { MemoryFileSystem } from '../../src/storage/memory-file-system.ts'
import { batchOf, produce } from '../support/data-requests.ts'
import { MemoryBroker } from '../support/memory-broker.ts'
import type { WireClient } from '../support/wire-client.ts'

const PARTITIONS = 600

/** A disk on which one of the directories of topic `t` after the other gets its new name, up to `renamesMax` of them. */
function holdRenames(
  fileSystem: MemoryFileSystem,
  renamesMax: number,
): { reached: Promise<void>; goOn(): void } {
  const held: (() => void)[] = []
  let count = 0
  let isHeld = true
  const reached = new Promise<void>((resolve) => {
    fileSystem.delay = async ({ kind, path }) => {
      if (!isHeld || kind !== 'rename' || !/^\/data\/t-\d+$/.test(path) || ++count <= renamesMax) return
      resolve()
      await new Promise<void>((go) => held.push(go))
    }
  })
  const goOn = () => {
    isHeld = false
    for (const go of held) go()
  }
  return { reached, goOn }
}

async function deleteTopic(client: WireClient): Promise<void> {
  await client.call('DeleteTopics', 5, { timeoutMs: 10_000, topics: [], topicNames: ['t'] })
}

async function filled(partitions: number): Promise<{ broker: MemoryBroker; client: WireClient }> {
  const broker = await MemoryBroker.start()
  const client = await broker.connect()
  await broker.createTopic(client, 't', {}, partitions)
  for (const index of [0, partitions - 1]) await produce(client, 't', batchOf(['old']), { index })
  return { broker, client }
}

async function expectEmpty(client: WireClient, partitions: number): Promise<void> {
  for (const index of [0, partitions >> 1, partitions - 1])
    expect(await produce(client, 't', batchOf(['new']), { index })).toMatchObject({
      errorCode: 0,
      baseOffset: 0,
    })
}

it('a deletion that a crash ends halfway goes on at the next start', async () => {
  const { broker, client } = await filled(PARTITIONS)
  const { reached } = holdRenames(broker.fileSystem, 100)
  await deleteTopic(client)
  await reached
  const next = broker.fileSystem.kill()
  // A broker whose disk has gone never ends, but lets go of its port and its clients.
  void broker.stop()
  const again = await MemoryBroker.start({}, next)
  const other = await again.connect()
  await again.createTopic(other, 't', {}, PARTITIONS)
  await expectEmpty(other, PARTITIONS)
  await again.stop()
})

it('a deletion that a stop ends halfway is no failure, and goes on at the next start', async () => {
  const { broker, client } = await filled(PARTITIONS)
  const failures: Error[] = []
  broker.broker.onFailure((error) => failures.push(error))
  const { reached, goOn } = holdRenames(broker.fileSystem, 100)
  await deleteTopic(client)
  await reached
  const restarted = broker.restart()
  goOn()
  await restarted
  expect(failures).toEqual([])
  const other = await broker.connect()
  await broker.createTopic(other, 't', {}, PARTITIONS)
  await expectEmpty(other, PARTITIONS)
  await broker.stop()
})

it('a topic that was deleted and made anew before a crash is the new one', async () => {
  const { broker, client } = await filled(3)
  const { reached } = holdRenames(broker.fileSystem, 1)
  await deleteTopic(client)
  await reached
  // Its partitions can't be made while those of before are there.
  void broker.createTopic(client, 't', {}, 3).catch(() => {})
  const watcher = await broker.connect()
  for (let isMade = false; !isMade; ) {
    const { topics } = await watcher.call('Metadata', 8, {
      topics: null,
      allowAutoTopicCreation: false,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    })
    isMade = topics.length === 1
  }
  const next = broker.fileSystem.kill()
  void broker.stop()
  const again = await MemoryBroker.start({}, next)
  await expectEmpty(await again.connect(), 3)
  await again.stop()
})
