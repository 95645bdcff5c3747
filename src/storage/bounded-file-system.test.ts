import { expect, it } from 'vitest'
import { boundedFileSystem } from './bounded-file-system.ts'
import { writeSynced } from './file-system.ts'
import { MemoryFileSystem } from './memory-file-system.ts'

it('has no more files open than it may, and in the end does all that was asked', async () => {
  const disk = new MemoryFileSystem()
  await disk.makeDirectory('/d')
  let open = 0
  let most = 0
  disk.delay = async ({ kind }) => {
    if (kind === 'open' || kind === 'sync-directory') most = Math.max(most, ++open)
    await Promise.resolve()
    if (kind === 'sync-directory' || kind === 'sync') open--
  }
  const fileSystem = boundedFileSystem(disk, 3)
  const names = Array.from({ length: 20 }, (_, index) => `/d/${index}`)
  await Promise.all([
    ...names.map((name) => writeSynced(fileSystem, name, Buffer.from(name))),
    ...names.map(() => fileSystem.syncDirectory('/d')),
  ])
  expect(await disk.list('/d')).toHaveLength(20)
  expect(most).toBe(3)
})

it('an open that fails takes no place', async () => {
  const fileSystem = boundedFileSystem(new MemoryFileSystem(), 1)
  for (let attempt = 0; attempt < 3; attempt++)
    await expect(fileSystem.open('/none', 'read')).rejects.toMatchObject({ fault: 'missing' })
})
