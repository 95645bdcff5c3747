import { describe, expect, it } from 'vitest'
import { type DiskSlots, diskSlots } from '../../test/support/disk-slots.ts'
import {
  append,
  baseOffsets,
  openDirectory,
  readBytes,
  settled,
  TOPIC_ID,
} from '../../test/support/storage.ts'
import { releaseSource } from '../base/byte-source.ts'
import { ManualEnvironment } from '../base/environment.ts'
import type { DataDirectory } from './data-directory.ts'
import type { Log } from './log.ts'
import { MemoryFileSystem } from './memory-file-system.ts'
import { OpenFiles } from './open-files.ts'
import { SegmentFile } from './segment-file.ts'
import { TailCache } from './tail-cache.ts'

const SLOTS = 8

async function opened(
  slots: DiskSlots,
  fileSystem = new MemoryFileSystem(),
  environment = new ManualEnvironment(),
) {
  // Nothing is read from memory.
  const directory = await openDirectory(fileSystem, {
    environment,
    fileSlots: slots,
    tailCache: new TailCache(0),
  })
  return { directory, fileSystem, environment }
}

function led(directory: DataDirectory, count: number): Promise<Log[]> {
  const partitions = Array.from({ length: count }, (_, partition) => partition)
  return Promise.all(
    partitions.map(async (partition) => {
      const log =
        directory.get('t', partition) ??
        (await directory.createPartition({ topic: 't', topicId: TOPIC_ID, partition, voters: [1] }))
      await directory.journal.durable(log.startTerm(log.hardState.term + 1, 1, [1]))
      return log
    }),
  )
}

describe('more logs than files may be open', () => {
  it('are all written and read, and found again, by as many as may be', async () => {
    const slots = diskSlots(SLOTS)
    const { directory, fileSystem } = await opened(slots)
    const logs = await led(directory, 40)
    for (let round = 0; round < 3; round++)
      for (const log of logs) {
        append(log)
        await log.flushAll()
      }
    for (const log of logs) expect(baseOffsets((await readBytes(log, 0)).bytes)).toEqual([0, 1, 2])
    expect(slots.most).toBe(SLOTS)
    await directory.close()
    expect(slots.taken).toBe(0)
    const again = await opened(slots, fileSystem.kill())
    for (const log of await led(again.directory, 40)) expect(log.endOffset).toBe(3)
    expect(slots.most).toBe(SLOTS)
  })

  it('are written side by side: who finds no descriptor waits for one', async () => {
    const slots = diskSlots(SLOTS)
    const { directory } = await opened(slots)
    const logs = await led(directory, 40)
    const flushed = logs.map((log) => {
      append(log)
      return log.flushAll()
    })
    await Promise.all(flushed)
    expect(directory.failure).toBeNull()
    expect(slots.most).toBe(SLOTS)
  })

  it('those that nobody uses hold no file', async () => {
    const slots = diskSlots(100)
    const { directory } = await opened(slots)
    const [log] = await led(directory, 40)
    await settled()
    await directory.checkpoint()
    await directory.checkpoint()
    expect(slots.taken).toBe(0)
    append(log!)
    await log!.flushAll()
    expect(slots.taken).toBe(1)
  })
})

it('files that readers hold are not closed: others are refused by name, and served when these are given back', async () => {
  const slots = diskSlots(SLOTS)
  const { directory, environment } = await opened(slots)
  const logs = await led(directory, SLOTS + 1)
  for (const log of logs) {
    append(log, { valueBytes: 100_000 })
    await log.flushAll()
  }
  const reads = await Promise.all(logs.slice(0, SLOTS).map((log) => log.read(0, 1 << 20, 1, true)))
  const last = logs[SLOTS]!
  const refused = readBytes(last, 0).catch((error) => error)
  append(last)
  await settled()
  environment.advance(1000)
  expect(await refused).toMatchObject({ fault: 'no-descriptors' })
  await settled()
  expect([last.refusal(), directory.failure]).toEqual(['no-descriptors', null])
  for (const read of reads) if ('source' in read) releaseSource(read.source)
  environment.advance(1000)
  await last.flushAll()
  expect([last.refusal(), baseOffsets((await readBytes(last, 0)).bytes)]).toEqual([null, [0, 1]])
})

it('a file that can not be begun gives its descriptor back', async () => {
  const slots = diskSlots(SLOTS)
  const disk = new MemoryFileSystem()
  await disk.makeDirectory('/d')
  const openFiles = new OpenFiles(disk, new ManualEnvironment(), slots)
  const file = new SegmentFile({ openFiles, path: '/d/0.log', isOnDisk: false, preallocatedBytes: 4096 })
  disk.onOperation = ({ kind }) => (kind === 'truncate' ? 'io' : null)
  await expect(file.hold()).rejects.toMatchObject({ fault: 'io' })
  await expect(file.openElsewhere('/d/0.log.cleaned')).rejects.toMatchObject({ fault: 'io' })
  expect([slots.taken, openFiles.count]).toEqual([0, 0])
})

it('however many files are busy, whoever wants a descriptor looks at few of them', async () => {
  const disk = new MemoryFileSystem()
  await disk.makeDirectory('/d')
  const openFiles = new OpenFiles(disk, new ManualEnvironment(), { ...diskSlots(0), keptMax: 100 })
  let looks = 0
  const holders = Array.from({ length: 1000 }, () => ({
    isUsed: true,
    get isBusy() {
      looks++
      return this.isUsed
    },
    closeFile() {
      openFiles.forget(this)
      openFiles.closed()
    },
  }))
  for (const holder of holders) openFiles.touch(holder)
  const opened = holders.map((_, index) =>
    openFiles.open(`/d/${index}`, 'append-or-create').catch(() => null),
  )
  expect(looks).toBeLessThan(5 * holders.length)
  looks = 0
  for (const holder of holders) {
    holder.isUsed = false
    openFiles.idle(holder)
    await settled()
  }
  expect(looks).toBeLessThan(5 * holders.length)
  expect(opened.length).toBe(1000)
})
