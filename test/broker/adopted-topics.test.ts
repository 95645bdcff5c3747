import { expect, it } from 'vitest'
import { MemoryFileSystem } from '../../src/storage/memory-file-system.ts'
import { batchOf, fetchOne, produce } from '../support/data-requests.ts'
import { MemoryBroker } from '../support/memory-broker.ts'
import { settled } from '../support/storage.ts'

/** A data directory as Kafka leaves it: the logs of a topic `a`, of which nothing else is known. */
async function copiedDirectory(partitions: number): Promise<MemoryFileSystem> {
  const broker = await MemoryBroker.start()
  const client = await broker.connect()
  await broker.createTopic(client, 'a', {}, partitions)
  for (let partition = 0; partition < partitions; partition++)
    await produce(client, 'a', batchOf([`record ${partition}`]), { index: partition })
  await broker.stop()
  const copy = new MemoryFileSystem()
  for (let partition = 0; partition < partitions; partition++)
    for (const name of ['partition.metadata', '00000000000000000000.log']) {
      const path = `/data/a-${partition}/${name}`
      copy.poke(path, 0, broker.fileSystem.peek(path))
    }
  return copy
}

it('a directory that was copied here is taken over also where the first start was killed on the way', async () => {
  const copy = await copiedDirectory(2)
  copy.delay = ({ kind, path }) =>
    kind === 'write' && path.startsWith('/data/__millrace_metadata-0/')
      ? new Promise(() => {})
      : Promise.resolve()
  void MemoryBroker.start({}, copy)
  for (let turn = 0; turn < 20; turn++) await settled()
  const broker = await MemoryBroker.start({}, copy.kill())
  const client = await broker.connect()
  for (const partition of [0, 1])
    expect((await fetchOne(client, 'a', { fetchOffset: 0 }, { index: partition })).highWatermark).toBe(1)
  await broker.stop()
})
