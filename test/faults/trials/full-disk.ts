import assert from 'node:assert/strict'
import { MemoryFileSystem } from '../../../src/storage/memory-file-system.ts'
import { appendKeyed, appendMarker, readCommitted, type Writer } from '../../support/compaction.ts'
import { withTime } from '../life.ts'
import { Promises } from '../promises.ts'
import { Ledger } from './ledger.ts'
import { type Trial, variation } from './trial.ts'

const ROOMS = [0, 30, 200, 1000, 3000]

/**
 * A disk is full, and the broker stops in good order: that ends, nothing of what was dropped is remembered, and it starts
 * again, on the full disk too.
 */
export const fullDisk: Trial = {
  name: 'a stop and a start on a full disk',
  async run() {
    let count = 0
    for (const roomBytes of ROOMS)
      for (const isFullAtStart of [true, false]) {
        await variation(`${roomBytes} bytes of room, ${isFullAtStart ? 'none' : 'some'} at the start`, () =>
          stopAndStart(roomBytes, isFullAtStart),
        )
        count++
      }
    for (const roomBytes of ROOMS) {
      await variation(`retention with ${roomBytes} bytes of room`, () => retention(roomBytes, false))
      count++
    }
    await variation('retention with no room for a file', () => retention(0, true))
    return count + 1
  },
}

async function stopAndStart(roomBytes: number, isFullAtStart: boolean): Promise<void> {
  const ledger = new Ledger()
  const disk = new MemoryFileSystem()
  const life = { fileSystem: disk, environment: ledger.environment, told: new Promises() }
  const first = await ledger.lead(disk)
  const transaction: Writer = { producerId: 9, sequence: 0, isTransactional: true }
  await ledger.write(first.log, first.producers, 30)
  ledger.kept.push(appendTransactional(first, transaction))
  await first.log.flushAll()
  disk.capacityBytes = disk.usedBytes() + roomBytes
  const sequence = ledger.writer.sequence
  const lost = ledger.append(first.log, first.producers, 1, 4000)
  if (first.log.refusal() === null) appendMarker(first.log, first.producers, transaction, false)
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
  await withTime(life, first.directory.close())
  const next = disk.kill()
  if (!isFullAtStart) next.capacityBytes = Number.POSITIVE_INFINITY
  const again = await withTime(life, ledger.open(next))
  const { log, producers } = again
  assert(log !== undefined && log.damage === null, 'the log is not whole')
  await ledger.checkReads(log, false)
  await ledger.checkTimes(log)
  const isThere = log.endOffset > ledger.kept.length
  const verdict = producers.check(lost[0]!, 0)
  assert(
    isThere || verdict.kind === 'ok',
    `sequence ${sequence} was dropped, and is answered ${verdict.kind}`,
  )
  const values = await readCommitted(log)
  const isHeldBack = producers.firstOpenOffset(log.endOffset) !== null
  const isVisible = values.some(({ value }) => value === 'of a transaction')
  assert(isHeldBack || !isVisible, 'what a transaction has written is seen without its end')
}

function appendTransactional(
  { log, producers }: Awaited<ReturnType<Ledger['lead']>>,
  writer: Writer,
): Buffer {
  const record = { key: 'k', value: 'of a transaction', timestamp: 1_700_000_000_000 + log.endOffset * 10 }
  return appendKeyed(log, producers, [record], { writer })
}

/** Retention makes room, and waits for none: of a log whose records have all expired as of another. */
async function retention(roomBytes: number, isWithoutFiles: boolean): Promise<void> {
  const ledger = new Ledger({ config: { retentionMs: 1000, deletes: true } })
  const disk = new MemoryFileSystem()
  const life = { fileSystem: disk, environment: ledger.environment, told: new Promises() }
  const { log, producers, directory } = await ledger.lead(disk)
  await ledger.write(log, producers, 60)
  disk.capacityBytes = disk.usedBytes() + roomBytes
  const before = disk.usedBytes()
  if (isWithoutFiles)
    disk.onOperation = ({ kind, path }) => (kind === 'open' && path.endsWith('060.log') ? 'no-space' : null)
  await withTime(life, log.applyRetention(1_700_000_000_000 + 3_600_000))
  for (let turn = 0; turn < 50; turn++) {
    await new Promise((resolve) => setImmediate(resolve))
    ledger.environment.advance(10)
  }
  assert(disk.usedBytes() < before - 3000, 'retention has made no room')
  await withTime(life, directory.close())
}
