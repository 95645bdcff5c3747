import { describe, expect, it } from 'vitest'
import { openDirectory, settled, TOPIC_ID } from '../../test/support/storage.ts'
import { MemoryFileSystem } from './memory-file-system.ts'
import { SharedSync } from './shared-sync.ts'

describe('syncs of one directory', () => {
  it('are shared by those who ask before one begins, and by no one who asks after that', async () => {
    const fileSystem = new MemoryFileSystem()
    await fileSystem.makeDirectory('/data')
    const begun: (() => void)[] = []
    fileSystem.delay = ({ kind }) =>
      kind === 'sync-directory' ? new Promise((resolve) => begun.push(resolve)) : Promise.resolve()
    const shared = new SharedSync(fileSystem, '/data')
    const done: string[] = []
    const ask = (name: string) => void shared.sync().then(() => done.push(name))
    ask('first')
    ask('second')
    await settled()
    ask('third')
    ask('fourth')
    await settled()
    expect(begun.length).toBe(1)
    begun[0]!()
    await settled()
    expect([done, begun.length]).toEqual([['first', 'second'], 2])
    begun[1]!()
    await settled()
    expect(done).toEqual(['first', 'second', 'third', 'fourth'])
  })

  it('fail for those who shared one, and are tried for who comes next', async () => {
    const fileSystem = new MemoryFileSystem()
    await fileSystem.makeDirectory('/data')
    let isBroken = true
    fileSystem.onOperation = ({ kind }) => (kind === 'sync-directory' && isBroken ? 'no-descriptors' : null)
    const shared = new SharedSync(fileSystem, '/data')
    const both = await Promise.allSettled([shared.sync(), shared.sync()])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    isBroken = false
    await shared.sync()
  })

  it('are few where many partitions are created or deleted at once', async () => {
    const fileSystem = new MemoryFileSystem()
    const directory = await openDirectory(fileSystem)
    let count = 0
    fileSystem.onOperation = ({ kind, path }) => {
      if (kind === 'sync-directory' && path === '/data') count++
      return null
    }
    const partitions = Array.from({ length: 100 }, (_, partition) => partition)
    const logs = await Promise.all(
      partitions.map((partition) =>
        directory.createPartition({ topic: 't', topicId: TOPIC_ID, partition, voters: [1] }),
      ),
    )
    const created = count
    await Promise.all(logs.map((log) => directory.deletePartition(log)))
    expect(created).toBeLessThan(50)
    expect(count - created).toBeLessThan(50)
    expect((await openDirectory(fileSystem.crash())).logs.size).toBe(0)
  })
})
