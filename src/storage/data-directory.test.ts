import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import {
  append,
  baseOffsets,
  openDirectory,
  openLed,
  openTestLog,
  readAll,
  readBytes,
  settled,
  TOPIC_ID,
} from '../../test/support/storage.ts'
import { ManualEnvironment } from '../base/environment.ts'
import { uuidToString } from '../base/uuid.ts'
import { parseLeaderEpochCheckpoint, parseMetaProperties, parseOffsetCheckpoint } from './checkpoint-files.ts'
import { MemoryFileSystem } from './memory-file-system.ts'
import { nodeFileSystem } from './node-file-system.ts'

const temporary: string[] = []

afterEach(async () => {
  for (const path of temporary.splice(0)) await rm(path, { recursive: true, force: true })
})

function text(fileSystem: MemoryFileSystem, path: string): string {
  return fileSystem.peek(path).toString('utf8')
}

describe('whose directory it is', () => {
  it('is written down once, in Kafka words', async () => {
    const fileSystem = new MemoryFileSystem()
    const first = await openDirectory(fileSystem)
    const meta = parseMetaProperties(text(fileSystem, '/data/meta.properties'))
    expect(meta).toEqual({
      clusterId: first.clusterId,
      nodeId: 1,
      directoryId: uuidToString(first.directoryId),
    })
    await first.close()
    const second = await openDirectory(fileSystem.crash(), { clusterId: first.clusterId })
    expect([second.clusterId, second.directoryId]).toEqual([first.clusterId, first.directoryId])
  })

  it('another node or another cluster is sent away', async () => {
    const fileSystem = new MemoryFileSystem()
    await (await openDirectory(fileSystem, { clusterId: 'ours' })).close()
    await expect(openDirectory(fileSystem, { nodeId: 2 })).rejects.toMatchObject({ fault: 'mismatch' })
    await expect(openDirectory(fileSystem, { clusterId: 'theirs' })).rejects.toMatchObject({
      fault: 'mismatch',
    })
    await (await openDirectory(fileSystem, { clusterId: 'ours' })).close()
  })

  it('a second process is sent away, and told who is there', async () => {
    const fileSystem = new MemoryFileSystem()
    const directory = await openDirectory(fileSystem, { processId: 4711 })
    await expect(openDirectory(fileSystem)).rejects.toMatchObject({
      fault: 'locked',
      message: expect.stringMatching(/\/data.*4711/),
    })
    await directory.close()
    await (await openDirectory(fileSystem)).close()
  })

  it('gibberish in its files is damage, not a fresh start', async () => {
    const fileSystem = new MemoryFileSystem()
    fileSystem.poke('/data/meta.properties', 0, Buffer.from('gibberish'))
    await expect(openDirectory(fileSystem)).rejects.toMatchObject({ fault: 'corrupt' })
  })
})

describe('partitions', () => {
  it('are made, found again, and made only once', async () => {
    const fileSystem = new MemoryFileSystem()
    const directory = await openDirectory(fileSystem)
    const wanted = { topic: 'a.b-c_1', topicId: TOPIC_ID, partition: 3, voters: [1] }
    const [log, again] = await Promise.allSettled([
      directory.createPartition(wanted),
      directory.createPartition(wanted),
    ])
    expect(log.status).toBe('fulfilled')
    expect(again).toMatchObject({ status: 'rejected', reason: { fault: 'exists' } })
    await expect(directory.createPartition(wanted)).rejects.toMatchObject({ fault: 'exists' })
    const next = await openDirectory(fileSystem.crash())
    expect([...next.logs.keys()]).toEqual(['a.b-c_1-3'])
    expect(next.get('a.b-c_1', 3)).toMatchObject({ topicId: TOPIC_ID, startOffset: 0, endOffset: 0 })
    expect(next.get('a.b-c_1', 3)!.marks.list()).toEqual([
      { term: 0, minor: 0, startOffset: 0, voters: [1], oldVoters: null },
    ])
  })

  it('are deleted for good: also from a crash the moment after', async () => {
    const environment = new ManualEnvironment()
    const { fileSystem, directory, log } = await openTestLog({
      environment,
      config: { fileDeleteDelayMs: 100 },
    })
    append(log)
    await log.flushAll()
    await directory.deletePartition(log)
    expect([directory.logs.size, log.refusal()]).toEqual([0, 'closed'])
    expect(
      (await fileSystem.list('/data')).filter((name) => /^t-0\.[0-9a-f]{32}-delete$/.test(name)).length,
    ).toBe(1)
    environment.advance(100)
    await settled()
    expect((await fileSystem.list('/data')).filter((name) => name.startsWith('t-0')).length).toBe(0)
    const made = await directory.createPartition({ topic: 't', topicId: TOPIC_ID, partition: 0, voters: [1] })
    expect(made.endOffset).toBe(0)
    const next = await openDirectory(fileSystem.crash())
    expect(next.get('t', 0)!.endOffset).toBe(0)
  })

  it.each([
    ['rename', 'no-space'],
    ['sync-directory', 'no-descriptors'],
    ['remove-directory', 'no-descriptors'],
  ] as const)('are deleted as soon as there is what a %s lacks', async (kind, fault) => {
    const environment = new ManualEnvironment()
    const { fileSystem, directory, log } = await openTestLog({
      environment,
      config: { fileDeleteDelayMs: 100 },
    })
    append(log)
    await log.flushAll()
    fileSystem.onOperation = (operation) => (operation.kind === kind ? fault : null)
    const deleted = directory.deletePartition(log)
    await settled()
    environment.advance(1000)
    await settled()
    expect(directory.failure).toBeNull()
    fileSystem.onOperation = null
    environment.advance(1000)
    await deleted
    await directory.close()
    expect((await openDirectory(fileSystem.crash())).logs.size).toBe(0)
  })

  it('whose deletion is under way when the directory is closed are gone at the next start', async () => {
    const { fileSystem, directory, log } = await openTestLog()
    append(log)
    await log.flushAll()
    let rename: () => void = () => {}
    fileSystem.delay = ({ kind }) =>
      kind === 'rename'
        ? new Promise((resolve) => {
            rename = resolve
          })
        : Promise.resolve()
    const deletion = directory.deletePartition(log)
    await settled()
    const renameLog = rename
    fileSystem.delay = () => Promise.resolve()
    const closed = directory.close()
    await settled()
    renameLog()
    await Promise.all([deletion, closed])
    expect((await openDirectory(fileSystem.crash())).logs.size).toBe(0)
  })

  it('that the journal knows and that are not there are damage', async () => {
    const { fileSystem, directory } = await openTestLog()
    await directory.close()
    const next = fileSystem.kill()
    await next.removeDirectory('/data/t-0')
    await expect(openDirectory(next)).rejects.toMatchObject({ fault: 'corrupt', path: '/data/t-0' })
  })

  it('that are being made or deleted when the directory closes are waited for, and no others are begun', async () => {
    const fileSystem = new MemoryFileSystem()
    const directory = await openDirectory(fileSystem)
    const make = (partition: number) =>
      directory.createPartition({ topic: 't', topicId: TOPIC_ID, partition, voters: [1] })
    const logs = [await make(0), await make(1)]
    let goOn = () => {}
    const held = new Promise<void>((resolve) => {
      goOn = resolve
    })
    fileSystem.delay = ({ kind }) => (kind === 'rename' ? held : Promise.resolve())
    const changes = [directory.deletePartition(logs[0]!), make(2)]
    await settled()
    const closed = directory.close()
    await settled()
    await expect(directory.deletePartition(logs[1]!)).rejects.toMatchObject({ fault: 'io' })
    await expect(make(3)).rejects.toMatchObject({ fault: 'io' })
    goOn()
    await closed
    const [deleted, made] = await Promise.allSettled(changes)
    expect([deleted!.status, made!.status, directory.failure]).toEqual(['fulfilled', 'rejected', null])
    fileSystem.delay = () => Promise.resolve()
    const again = await openDirectory(fileSystem.kill())
    expect([...again.logs.keys()]).toEqual(['t-1', 't-2'])
    expect(again.journal.wasClosed).toBe(true)
  })

  it('with the longest of names live and die like others', async () => {
    const fileSystem = new MemoryFileSystem()
    const directory = await openDirectory(fileSystem)
    const topic = 'x'.repeat(249)
    const log = await directory.createPartition({ topic, topicId: TOPIC_ID, partition: 0, voters: [1] })
    const names = await fileSystem.list('/data')
    expect(names).toContain(`${topic}-0`)
    let renamed = false
    fileSystem.onOperation = ({ kind }) => {
      if (kind === 'rename') renamed = true
      return renamed && kind === 'write' ? 'io' : null
    }
    await expect(directory.deletePartition(log)).rejects.toMatchObject({ fault: 'io' })
    const next = await openDirectory(fileSystem.crash())
    expect(next.logs.size).toBe(0)
  })
})

describe('what Kafka looks at', () => {
  it('is exported at every checkpoint and at the end', async () => {
    const environment = new ManualEnvironment()
    const { fileSystem, directory, log } = await openTestLog({ environment, checkpointMs: 1000 })
    for (let index = 0; index < 10; index++) append(log)
    await log.flushAll()
    log.highWatermark = 10
    await log.advanceStartTo(4)
    await directory.journal.durable(log.startTerm(6, 1, [1]))
    environment.advance(1000)
    await settled()
    const offsets = (name: string): unknown => parseOffsetCheckpoint(text(fileSystem, `/data/${name}`))
    const entry = (offset: number): unknown => [{ topic: 't', partition: 0, offset }]
    expect(offsets('recovery-point-offset-checkpoint')).toEqual(entry(10))
    expect(offsets('log-start-offset-checkpoint')).toEqual(entry(4))
    expect(offsets('replication-offset-checkpoint')).toEqual(entry(10))
    expect(parseLeaderEpochCheckpoint(text(fileSystem, '/data/t-0/leader-epoch-checkpoint'))).toEqual([
      { epoch: 1, startOffset: 0 },
    ])
    append(log)
    await directory.close()
    expect(offsets('recovery-point-offset-checkpoint')).toEqual(entry(11))
  })
})

describe('on a real disk', () => {
  it('everything works the same', async () => {
    const path = await mkdtemp(join(tmpdir(), 'millrace-log-'))
    temporary.push(path)
    const config = { segmentBytesMax: 5000, indexIntervalBytes: 500 }
    let directory = await openDirectory(nodeFileSystem, { path, config })
    const log = await openLed(directory)
    const batches: Buffer[] = []
    for (let index = 0; index < 200; index++) {
      batches.push(append(log, { valueBytes: (index * 31) % 400 }))
      if (index % 20 === 0) await log.flushAll()
    }
    await log.flushAll()
    expect((await readAll(log, 3000)).equals(Buffer.concat(batches))).toBe(true)
    const first = await readFile(join(path, 't-0', '00000000000000000000.log'))
    expect(first.equals(Buffer.concat(batches).subarray(0, first.length))).toBe(true)
    await expect(openDirectory(nodeFileSystem, { path, config })).rejects.toMatchObject({ fault: 'locked' })
    await directory.close()
    directory = await openDirectory(nodeFileSystem, { path, config })
    expect(directory.reports[0]!.outcome).toBe('clean')
    const again = directory.get('t', 0)!
    expect((await readAll(again, 3000)).equals(Buffer.concat(batches))).toBe(true)
    const { bytes, isFromFile } = await readBytes(again, 150, 1000)
    expect([baseOffsets(bytes)[0], isFromFile]).toEqual([150, true])
    await directory.close()
  })
})
