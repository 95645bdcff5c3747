import { expect, it } from 'vitest'
import type { MemoryFileSystem } from '../../src/storage/memory-file-system.ts'
import { batchOf, fetchOne, produce } from '../support/data-requests.ts'
import { MemoryBroker } from '../support/memory-broker.ts'

const FILES = ['partition.metadata', '00000000000000000000.log']

/** The files of a topic of another broker. */
async function foreignFiles(): Promise<ReadonlyMap<string, Buffer>> {
  const broker = await MemoryBroker.start()
  const client = await broker.connect()
  await broker.createTopic(client, 't')
  await produce(client, 't', batchOf(['from elsewhere']))
  await broker.stop()
  return new Map(FILES.map((name) => [`/data/t-0/${name}`, broker.fileSystem.peek(`/data/t-0/${name}`)]))
}

it('a topic that was put into the directory is there, wherever the first start with it was killed', async () => {
  const files = await foreignFiles()
  for (let operation = 0, isOver = false; !isOver; operation++) {
    const first = await MemoryBroker.start()
    await first.stop()
    const disk = first.fileSystem.kill()
    for (const [path, bytes] of files) disk.poke(path, 0, bytes)
    let count = 0
    let next: MemoryFileSystem | null = null
    const killed = new Promise<void>((resolve) => {
      disk.onOperation = () => {
        if (count++ === operation) next = disk.kill()
        if (next !== null) resolve()
        return null
      }
    })
    const started = MemoryBroker.start({}, disk)
    await Promise.race([killed, started])
    disk.onOperation = null
    isOver = next === null
    const broker = next === null ? await started : await MemoryBroker.start({}, next)
    const fetched = await fetchOne(await broker.connect(), 't', { fetchOffset: 0 })
    expect([operation, fetched.errorCode, fetched.highWatermark]).toEqual([operation, 0, 1])
    await broker.stop()
  }
})
