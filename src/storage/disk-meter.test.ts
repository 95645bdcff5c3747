import { expect, test } from 'vitest'
import { ManualEnvironment } from '../base/environment.ts'
import { DiskMeter } from './disk-meter.ts'
import type { OpenFile } from './file-system.ts'
import { MemoryFileSystem } from './memory-file-system.ts'
import type { StorageError } from './storage-error.ts'

async function rig() {
  const environment = new ManualEnvironment()
  const disk = new MemoryFileSystem()
  await disk.makeDirectory('/data/t-0')
  const meter = new DiskMeter(disk, environment)
  return { environment, disk, meter, log: await meter.open('/data/t-0/00000000000000000000.log', 'create') }
}

test('what is written is counted by what the file is for', async () => {
  const { disk, meter, log } = await rig()
  await log.write([Buffer.from('ab'), Buffer.from('c')], 0)
  await log.write([Buffer.from('d')], 3)
  const journal = await meter.open('/data/raft.journal', 'create')
  await journal.write([Buffer.from('xyz')], 0)
  await (await meter.open('/data/meta.properties', 'create')).write([Buffer.from('1')], 0)
  const counted = Array.from(meter.kinds, ([kind, { writes, writtenBytes }]) => [kind, writes, writtenBytes])
  expect(counted).toEqual([
    ['log', 2, 4],
    ['journal', 1, 3],
    ['other', 1, 1],
  ])
  expect(meter.kinds.get('log')!.groups).toMatchObject({ count: 2, sum: 3 })
  expect(await disk.list('/data')).toEqual(['meta.properties', 'raft.journal', 't-0'])
  const target = Buffer.alloc(4)
  expect(await log.read(target, 0)).toBe(4)
  expect(target.toString()).toBe('abcd')
})

test('a sync is timed', async () => {
  const { environment, disk, meter, log } = await rig()
  disk.onOperation = ({ kind }) => {
    if (kind === 'sync') environment.advance(7)
    return null
  }
  await log.sync()
  expect(meter.kinds.get('log')!.syncs).toMatchObject({ count: 1, sum: 7 })
})

test.each([
  ['write', 'no-space', (file: OpenFile) => file.write([Buffer.from('x')], 0)],
  ['sync', 'io', (file: OpenFile) => file.sync()],
] as const)('a %s that fails is counted, and fails as before', async (operation, fault, act) => {
  const { disk, meter, log } = await rig()
  disk.onOperation = () => fault
  const error = await act(log).catch((reason: unknown) => reason)
  expect((error as StorageError).fault).toBe(fault)
  const { failures, syncs, writes } = meter.kinds.get('log')!
  expect(failures.get(operation)).toEqual(new Map([[fault, 1]]))
  expect([syncs.count, writes]).toEqual([0, 0])
})
