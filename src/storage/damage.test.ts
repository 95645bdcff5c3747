import { describe, expect, it } from 'vitest'
import { append, openDirectory, openTestLog, SeenOffsets } from '../../test/support/storage.ts'
import type { DataDirectory } from './data-directory.ts'
import type { MemoryFileSystem } from './memory-file-system.ts'

const LOG_PATH = '/data/t-0/00000000000000000000.log'
const COUNT = 20

type Ending = 'kill' | 'crash' | 'close'

/** Records, claimed or not, the process killed. `at` is where the eleventh begins. */
async function killed(
  isClaimed = true,
): Promise<{ fileSystem: MemoryFileSystem; at: number; byteLength: number }> {
  const { fileSystem, directory, log } = await openTestLog({ hooksOf: () => new SeenOffsets() })
  let byteLength = 0
  let at = 0
  for (let index = 0; index < COUNT; index++) {
    if (index === COUNT / 2) at = byteLength
    byteLength += append(log).length
  }
  await log.flushAll()
  if (isClaimed) directory.journal.writeClaims()
  await directory.journal.durable(directory.journal.lastLsn)
  return { fileSystem: fileSystem.kill(), at, byteLength }
}

async function ended(directory: DataDirectory, fileSystem: MemoryFileSystem, ending: Ending) {
  if (ending !== 'close') return fileSystem[ending]()
  await directory.close()
  return fileSystem.kill()
}

const damages: readonly [
  string,
  (disk: MemoryFileSystem, at: number, byteLength: number) => Promise<void>,
][] = [
  ['zeros', async (disk, at, byteLength) => disk.poke(LOG_PATH, at, Buffer.alloc(byteLength - at))],
  [
    'a changed batch among others that were not claimed yet',
    async (disk, at) => disk.poke(LOG_PATH, at + 62, Buffer.from([0xff])),
  ],
  [
    'half of the file gone',
    async (disk, at) => {
      const file = await disk.open(LOG_PATH, 'update')
      await file.truncate(at)
      await file.sync()
      await file.close()
    },
  ],
  ['the file gone', async (disk) => disk.unlink(LOG_PATH)],
]

describe('a log that was found damaged', () => {
  for (const [name, damage] of damages)
    for (const ending of ['kill', 'crash', 'close'] as const)
      it(`is damaged at every later start, and owes the same: ${name}, then ${ending}`, async () => {
        const { fileSystem, at, byteLength } = await killed(!name.includes('not claimed'))
        let disk = fileSystem
        await damage(disk, at, byteLength)
        await disk.syncDirectory('/data/t-0')
        for (let start = 1; start <= 3; start++) {
          const directory = await openDirectory(disk, { hooksOf: () => new SeenOffsets() })
          const log = directory.get('t', 0)!
          expect([start, directory.reports[0]!.outcome, log.refusal()]).toEqual([start, 'damaged', 'damaged'])
          expect(log.group.claim!.offset).toBeGreaterThanOrEqual(COUNT)
          expect(() => log.startTerm(log.hardState.term + 1, 1, [1])).toThrow('damaged')
          disk = await ended(directory, disk, ending)
        }
      })

  it('a copy that is brought back makes it whole', async () => {
    const { fileSystem: disk, at } = await killed()
    const bytes = disk.peek(LOG_PATH)
    disk.poke(LOG_PATH, at, Buffer.alloc(bytes.length - at))
    await openDirectory(disk, { hooksOf: () => new SeenOffsets() })
    const next = disk.kill()
    next.poke(LOG_PATH, 0, bytes)
    const directory = await openDirectory(next, { hooksOf: () => new SeenOffsets() })
    expect([directory.reports[0]!.outcome, directory.get('t', 0)!.endOffset]).toEqual(['whole', COUNT])
  })
})
