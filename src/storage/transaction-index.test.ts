import { describe, expect, it } from 'vitest'
import fc from '../../test/support/property.ts'
import { openLed, openTestLog } from '../../test/support/storage.ts'
import { producerHooks } from '../broker/partition/producer-hooks.ts'
import { encodeEndTransactionMarker } from '../protocol/control-record.ts'
import { stampBatch } from '../protocol/record-batch.ts'
import { encodeBatch } from '../protocol/records.ts'
import type { Log } from './log.ts'
import { MemoryFileSystem } from './memory-file-system.ts'
import type { ProducerStates } from './producer-state.ts'
import {
  type AbortedTransaction,
  decodeAborted,
  encodeAborted,
  TransactionIndex,
} from './transaction-index.ts'

const FIRST = { producerId: 7, firstOffset: 10, lastOffset: 13, lastStableOffset: 14 }
const SECOND = { producerId: 8, firstOffset: 20, lastOffset: 31, lastStableOffset: 25 }
const THIRD = { producerId: 9, firstOffset: 25, lastOffset: 32, lastStableOffset: 33 }

function indexOf(...transactions: AbortedTransaction[]): TransactionIndex {
  const index = new TransactionIndex(new MemoryFileSystem(), '/p')
  for (const transaction of transactions) index.add(transaction)
  return index
}

describe('the file', () => {
  it("has Kafka's entries of 34 bytes", () => {
    expect(encodeAborted([FIRST]).toString('hex')).toBe(
      '00000000000000000007000000000000000a000000000000000d000000000000000e',
    )
    expect(decodeAborted(encodeAborted([FIRST, SECOND, THIRD]), 0)).toEqual([FIRST, SECOND, THIRD])
  })

  it('is read up to where a write was torn', () => {
    const bytes = encodeAborted([FIRST, SECOND])
    for (let length = 34; length < 68; length++)
      expect(decodeAborted(bytes.subarray(0, length), 0)).toEqual([FIRST])
    expect(decodeAborted(Buffer.concat([bytes.subarray(0, 34), Buffer.alloc(68)]), 0)).toEqual([FIRST])
    expect(decodeAborted(encodeAborted([SECOND, FIRST]), 0)).toEqual([SECOND])
  })
})

describe('TransactionIndex', () => {
  it('E11: finds the transactions with records in a range, by their first offset', () => {
    const index = indexOf(FIRST, SECOND, THIRD)
    expect(index.between(0, 10)).toEqual([])
    expect(index.between(0, 11)).toEqual([FIRST])
    expect(index.between(14, 20)).toEqual([])
    expect(index.between(13, 21)).toEqual([FIRST, SECOND])
    expect(index.between(14, 40)).toEqual([SECOND, THIRD])
    expect(index.between(32, 40)).toEqual([THIRD])
  })

  it('E11: agrees with a search through all transactions of any interleaving', () => {
    const steps = fc.array(fc.record({ producer: fc.nat(4), ends: fc.boolean(), isAborted: fc.boolean() }))
    fc.assert(
      fc.property(steps, fc.nat(60), fc.nat(60), (taken, from, length) => {
        const open = new Map<number, number>()
        const aborted: AbortedTransaction[] = []
        taken.forEach(({ producer, ends, isAborted }, offset) => {
          const firstOffset = open.get(producer)
          if (firstOffset === undefined) open.set(producer, offset)
          else if (ends) {
            open.delete(producer)
            const lastStableOffset = Math.min(offset + 1, ...open.values())
            if (isAborted)
              aborted.push({ producerId: producer, firstOffset, lastOffset: offset, lastStableOffset })
          }
        })
        const index = new TransactionIndex(new MemoryFileSystem(), '/p')
        for (const transaction of aborted) index.add(transaction)
        // A reader never comes behind the last stable offset.
        const end = Math.min(from + length, taken.length, ...open.values())
        const expected = aborted
          .filter(({ firstOffset, lastOffset }) => lastOffset >= from && firstOffset < end)
          .sort((left, right) => left.firstOffset - right.firstOffset)
        if (from < end) expect(index.between(from, end)).toEqual(expected)
      }),
    )
  })

  it('keeps what ended below the durable end, in the file of the segment that holds the marker', async () => {
    const fileSystem = new MemoryFileSystem()
    await fileSystem.makeDirectory('/p')
    await fileSystem.syncDirectory('/')
    const index = new TransactionIndex(fileSystem, '/p')
    for (const transaction of [FIRST, SECOND, THIRD]) index.add(transaction)
    await index.persist([0, 12, 32], 32)
    expect(fileSystem.peek('/p/00000000000000000012.txnindex')).toEqual(encodeAborted([FIRST, SECOND]))
    expect(await fileSystem.list('/p')).toEqual(['00000000000000000012.txnindex'])
    await index.persist([0, 12, 32], 33)
    expect(fileSystem.peek('/p/00000000000000000032.txnindex')).toEqual(encodeAborted([THIRD]))
    const next = new TransactionIndex(fileSystem.crash(), '/p')
    await next.load(0, 33)
    expect(next.between(0, 33)).toEqual([FIRST, SECOND, THIRD])
    await next.load(14, 32)
    expect(next.between(0, 33)).toEqual([SECOND])
  })

  it('holds nothing of what was cut off, in memory and in the files', async () => {
    const fileSystem = new MemoryFileSystem()
    await fileSystem.makeDirectory('/p')
    await fileSystem.syncDirectory('/')
    const index = new TransactionIndex(fileSystem, '/p')
    for (const transaction of [FIRST, SECOND, THIRD]) index.add(transaction)
    await index.persist([0], 33)
    await index.truncateTo(31, [0])
    expect(index.count).toBe(1)
    const next = new TransactionIndex(fileSystem.crash(), '/p')
    await next.load(0, 100)
    expect(next.between(0, 100)).toEqual([FIRST])
  })

  it('takes a transaction once, also one from before those it has', () => {
    const index = indexOf(THIRD, FIRST, THIRD, SECOND)
    expect(index.count).toBe(3)
    index.forgetBelow(14)
    expect(index.between(0, 100)).toEqual([SECOND, THIRD])
  })
})

describe('a log with transactions', () => {
  class Rig {
    readonly log: Log
    readonly #producers: ProducerStates

    constructor(log: Log, producers: ProducerStates) {
      this.log = log
      this.#producers = producers
    }

    #append(batch: Buffer): void {
      stampBatch(batch, 0, this.log.endOffset, this.log.marks.last().term)
      this.log.append(batch)
      const completed = this.#producers.append(batch, 0)
      if (completed?.isAborted) this.log.addAborted(completed)
    }

    write(producerId: number, sequence: number): void {
      const records = [{ timestamp: 1_700_000_000_000, key: null, value: Buffer.alloc(300) }]
      this.#append(
        encodeBatch({
          producerId,
          producerEpoch: 0,
          baseSequence: sequence,
          isTransactional: true,
          records,
        }),
      )
    }

    end(producerId: number, committed: boolean): void {
      const timestamp = 1_700_000_000_000
      this.#append(
        encodeEndTransactionMarker({
          producerId,
          producerEpoch: 0,
          coordinatorEpoch: 0,
          committed,
          timestamp,
        }),
      )
    }
  }

  const config = { segmentBytesMax: 1500, indexIntervalBytes: 100 }

  it.each(['close', 'kill', 'crash'] as const)('knows after a %s what was aborted before', async (ending) => {
    const { producers, hooks } = producerHooks()
    const { fileSystem, directory, log } = await openTestLog({ config, hooksOf: () => hooks })
    const rig = new Rig(log, producers)
    for (let turn = 0; turn < 30; turn++) {
      rig.write(turn % 3, Math.floor(turn / 3))
      if (turn % 3 === 2) for (const producer of [2, 0, 1]) rig.end(producer, producer === turn % 4)
    }
    await log.flushAll()
    const aborted = log.abortedBetween(0, log.endOffset)
    expect(log.segmentCount).toBeGreaterThan(5)
    expect(aborted.length).toBeGreaterThan(10)
    if (ending === 'close') await directory.close()
    const next = ending === 'crash' ? fileSystem.crash() : fileSystem.kill()
    const again = await openTestLog({
      config,
      fileSystem: next,
      hooksOf: () => producerHooks().hooks,
    })
    expect(again.log.abortedBetween(0, log.endOffset)).toEqual(aborted)
  })

  it('finds it in the batches again where files are missing with the snapshots', async () => {
    const { producers, hooks } = producerHooks()
    const opened = await openTestLog({ config, hooksOf: () => hooks })
    const rig = new Rig(opened.log, producers)
    for (let turn = 0; turn < 12; turn++) {
      rig.write(1, turn)
      rig.end(1, turn % 2 === 0)
    }
    await opened.log.flushAll()
    const aborted = opened.log.abortedBetween(0, opened.log.endOffset)
    await opened.directory.close()
    const next = opened.fileSystem.kill()
    for (const name of await next.list('/data/t-0'))
      if (/\.(?:txnindex|snapshot)$/.test(name)) await next.unlink(`/data/t-0/${name}`)
    const again = await openTestLog({
      config,
      fileSystem: next,
      hooksOf: () => producerHooks().hooks,
    })
    expect(again.log.abortedBetween(0, opened.log.endOffset)).toEqual(aborted)
  })

  it('forgets with its oldest segments what was aborted there', async () => {
    const { producers, hooks } = producerHooks()
    const { fileSystem, directory, log } = await openTestLog({ config, hooksOf: () => hooks })
    const rig = new Rig(log, producers)
    for (let turn = 0; turn < 12; turn++) {
      rig.write(1, turn)
      rig.end(1, false)
    }
    await log.flushAll()
    log.highWatermark = log.endOffset
    await log.advanceStartTo(12)
    const left = log.abortedBetween(0, log.endOffset)
    expect(left.map(({ lastOffset }) => lastOffset)).toEqual([13, 15, 17, 19, 21, 23])
    await directory.close()
    const again = await openTestLog({
      config,
      fileSystem: fileSystem.kill(),
      hooksOf: () => producerHooks().hooks,
    })
    await openLed(again.directory)
    expect(again.log.abortedBetween(0, log.endOffset)).toEqual(left)
  })
})
