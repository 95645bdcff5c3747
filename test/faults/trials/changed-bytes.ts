import assert from 'node:assert/strict'
import { BATCH_HEADER_BYTES, batchBytes } from '../../../src/protocol/record-batch.ts'
import type { MemoryFileSystem } from '../../../src/storage/memory-file-system.ts'
import { MemoryFileSystem as Disk } from '../../../src/storage/memory-file-system.ts'
import { StorageError } from '../../../src/storage/storage-error.ts'
import { Ledger } from './ledger.ts'
import { type Trial, variation } from './trial.ts'

const RECORDS = 60
const PLACES_PER_FILE = 12

type Change = 'bit' | 'zeros' | 'cut' | 'gone'

/** A life that has ended; the claim covers all of it, or nothing. */
async function lived(
  isClosed: boolean,
  isClaimed: boolean,
): Promise<{ ledger: Ledger; disk: MemoryFileSystem }> {
  const ledger = new Ledger()
  const disk = new Disk()
  const { directory, log, producers } = await ledger.lead(disk)
  await ledger.write(log, producers, RECORDS)
  if (isClaimed) directory.journal.writeClaims()
  await directory.journal.durable(directory.journal.lastLsn)
  if (isClosed) await directory.close()
  return { ledger, disk: disk.kill() }
}

async function change(disk: MemoryFileSystem, path: string, at: number, how: Change): Promise<void> {
  const bytes = disk.peek(path)
  if (how === 'bit') disk.poke(path, at, Buffer.from([bytes[at]! ^ 0x40]))
  else if (how === 'zeros') disk.poke(path, at, Buffer.alloc(Math.min(bytes.length - at, 700)))
  else if (how === 'gone') await disk.unlink(path)
  else {
    const file = await disk.open(path, 'update')
    await file.truncate(at)
    await file.sync()
    await file.close()
  }
  await disk.syncDirectory(path.slice(0, path.lastIndexOf('/')))
}

/** Two starts in a row, each ended by a kill: what the first found the second finds, and no offset is given twice. */
async function judge(ledger: Ledger, disk: MemoryFileSystem): Promise<void> {
  let next = disk
  let wasDamaged = false
  for (let start = 1; start <= 2; start++) {
    const opened = await ledger.open(next).catch((error: unknown) => {
      if (error instanceof StorageError) return null
      throw error
    })
    // The directory can't be believed, and says so.
    if (opened === null) return
    const { directory, log, producers } = opened
    assert(log !== undefined, 'the log is gone')
    const isDamaged = log.damage !== null
    assert(isDamaged || !wasDamaged, 'a start has forgotten what the one before found')
    wasDamaged = isDamaged
    await ledger.checkReads(log, true)
    if (log.refusal() === null) {
      await directory.journal.durable(log.startTerm(log.hardState.term + 1, 1, [1]))
      assert(log.endOffset >= ledger.kept.length, `offset ${log.endOffset} is given to somebody else`)
      await ledger.write(log, producers, 1)
      directory.journal.writeClaims()
      await directory.journal.durable(directory.journal.lastLsn)
    }
    next = next.kill()
  }
}

/** Offsets are outside the CRC: whoever reads sealed segments again in the background finds them. */
async function scrubFinds(ledger: Ledger, disk: MemoryFileSystem): Promise<void> {
  const { log } = await ledger.open(disk)
  for (const segment of log!.scrub.sealed()) {
    const cursor = log!.scrub.begin(segment)
    while ((await log!.scrub.step(cursor, () => {})) > 0);
  }
  assert(log!.scrub.corruptions.length > 0, 'a changed offset is not found')
}

/** Bytes of a batch's header whose change its readers must notice: not the offset and the epoch, see scrubFinds. */
const NOTICED = [8, 9, 10, 11, 16, 17, 21, 22, 23, 24, 25, 26, 57, 60]

/** Bits, bytes and files change: under every file of a directory, before a start after a kill and after an orderly stop. */
export const changedBytes: Trial = {
  name: 'bits, bytes and files that change',
  async run(random) {
    let count = 0
    for (const isClosed of [true, false])
      for (const isClaimed of isClosed ? [true] : [true, false]) {
        const life = `${isClosed ? 'closed' : 'killed'}, ${isClaimed ? 'claimed' : 'not claimed'}`
        for (const [path, at, how] of await places(random, isClosed, isClaimed)) {
          await variation(`${life}: ${how} of ${path} at ${at}`, async () => {
            const { ledger, disk } = await lived(isClosed, isClaimed)
            await change(disk, path, at, how)
            await judge(ledger, disk)
          })
          count++
        }
      }
    for (const byte of [3, 6, 7])
      await variation(`offset byte ${byte}`, async () => {
        const { ledger, disk } = await lived(true, true)
        await change(disk, '/data/t-0/00000000000000000000.log', byte, 'bit')
        await scrubFinds(ledger, disk)
        count++
      })
    return count
  },
}

async function places(
  random: () => number,
  isClosed: boolean,
  isClaimed: boolean,
): Promise<[string, number, Change][]> {
  const { disk } = await lived(isClosed, isClaimed)
  const found: [string, number, Change][] = []
  for (const directory of ['/data', '/data/t-0']) {
    const names = await disk.list(directory)
    const lastLog = names.filter((name) => name.endsWith('.log')).at(-1)
    for (const name of names) {
      const path = `${directory}/${name}`
      if ((await disk.stat(path))!.isDirectory || name === '.lock') continue
      // The end of a log that nobody has claimed yet looks as a power cut leaves it.
      if (name === lastLog && !isClaimed) continue
      const bytes = disk.peek(path)
      if (!name.startsWith('raft')) found.push([path, 0, 'gone'])
      if (name.endsWith('.log')) found.push(...ofBatches(path, bytes, random))
      else found.push(...byChance(path, bytes, random))
    }
  }
  return found
}

function byChance(path: string, bytes: Buffer, random: () => number): [string, number, Change][] {
  const places = bytes.length === 0 ? 0 : PLACES_PER_FILE
  return Array.from({ length: places }, (_, index) => [
    path,
    Math.floor(random() * bytes.length),
    (['bit', 'zeros', 'cut'] as const)[index % 3]!,
  ])
}

function ofBatches(path: string, bytes: Buffer, random: () => number): [string, number, Change][] {
  const found: [string, number, Change][] = []
  for (let at = 0; at + BATCH_HEADER_BYTES <= bytes.length; at += batchBytes(bytes, at)) {
    if (random() > 0.15) continue
    for (const byte of NOTICED) found.push([path, at + byte, 'bit'])
    found.push([path, at, 'zeros'], [path, at + 5, 'cut'], [path, at, 'cut'])
  }
  return found
}
