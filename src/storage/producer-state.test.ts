import { describe, expect, it } from 'vitest'
import { hurriedEnvironment } from '../../test/support/hurried.ts'
import { producerSnapshotOf } from '../../test/support/producer-snapshot.ts'
import fc from '../../test/support/property.ts'
import { snapshotFile } from '../../test/support/storage.ts'
import { Turn } from '../base/turn.ts'
import { encodeEndTransactionMarker } from '../protocol/control-record.ts'
import { addToSequence, stampBatch } from '../protocol/record-batch.ts'
import { encodeBatch } from '../protocol/records.ts'
import { type ProducerSnapshotEntry, readProducerSnapshot } from './producer-snapshot.ts'
import { ProducerStates, type ProducerVerdict } from './producer-state.ts'

const MAX = 2 ** 31 - 1
const RECORD = { timestamp: 1000, key: null, value: null }

interface BatchOf {
  producerId?: number
  epoch?: number
  sequence: number
  count?: number
  isTransactional?: boolean
  timestamp?: number
}

/** A log end and the states that follow it, driven as a leader does. */
class Driver {
  readonly states: ProducerStates
  endOffset = 0

  constructor(states = new ProducerStates()) {
    this.states = states
  }

  /** Checks and, if it may, appends: the verdict's kind, or the offset. */
  produce(input: BatchOf): number | Exclude<ProducerVerdict['kind'], 'ok'> | { duplicateOf: number } {
    const batch = batchOf(input)
    const verdict = this.states.check(batch, 0)
    if (verdict.kind === 'duplicate') return { duplicateOf: verdict.baseOffset }
    if (verdict.kind !== 'ok') return verdict.kind
    const offset = this.endOffset
    stampBatch(batch, 0, offset, 0)
    this.states.append(batch, 0)
    this.endOffset += input.count ?? 1
    return offset
  }

  end(
    producerId: number,
    committed: boolean,
    epoch = 0,
    coordinatorEpoch = 3,
  ): ReturnType<ProducerStates['append']> {
    const marker = encodeEndTransactionMarker({
      committed,
      coordinatorEpoch,
      producerId,
      producerEpoch: epoch,
      timestamp: 2000,
    })
    stampBatch(marker, 0, this.endOffset++, 0)
    return this.states.append(marker, 0)
  }
}

function batchOf({
  producerId = 7,
  epoch = 0,
  sequence,
  count = 1,
  isTransactional = false,
  timestamp = 1000,
}: BatchOf): Buffer {
  return encodeBatch({
    producerId,
    producerEpoch: epoch,
    baseSequence: sequence,
    isTransactional,
    records: new Array(count).fill({ ...RECORD, timestamp }),
  })
}

/** The entries of the file that a snapshot of the states becomes. */
async function keptBy(states: ProducerStates): Promise<ProducerSnapshotEntry[]> {
  const entries = readProducerSnapshot(await snapshotFile(states.take()))
  if ('fault' in entries) throw new Error(entries.fault)
  return entries
}

/** States that start from a snapshot with these entries, and are as far as `log`. */
async function restoredFrom(entries: readonly ProducerSnapshotEntry[], log: Driver): Promise<Driver> {
  const restored = new Driver()
  const turn = new Turn(hurriedEnvironment())
  expect(await restored.states.load(producerSnapshotOf(entries), log.endOffset, turn)).toBe(null)
  restored.endOffset = log.endOffset
  return restored
}

describe('sequences', () => {
  it('G1: a repetition of one of the last 5 batches is answered with its first offset', () => {
    const log = new Driver()
    log.endOffset = 100
    for (const [sequence, count] of [
      [0, 1],
      [1, 3],
      [4, 1],
      [5, 1],
      [6, 2],
    ] as const)
      log.produce({ sequence, count })
    expect(log.produce({ sequence: 0 })).toEqual({ duplicateOf: 100 })
    expect(log.produce({ sequence: 1, count: 3 })).toEqual({ duplicateOf: 101 })
    expect(log.produce({ sequence: 6, count: 2 })).toEqual({ duplicateOf: 106 })
    expect(log.states.check(batchOf({ sequence: 1, count: 3 }), 0)).toEqual({
      kind: 'duplicate',
      baseOffset: 101,
      lastOffset: 103,
      timestampMs: 1000,
    })
    expect(log.produce({ sequence: 8 })).toBe(108)
    expect(log.produce({ sequence: 0 })).toBe('out-of-order')
  })

  it('G1: only the same first and last sequence make a repetition', () => {
    const log = new Driver()
    log.produce({ sequence: 0, count: 3 })
    log.produce({ sequence: 3 })
    for (const [sequence, count] of [
      [0, 2],
      [1, 2],
      [1, 1],
      [2, 2],
      [0, 4],
    ] as const)
      expect(log.produce({ sequence, count })).toBe('out-of-order')
  })

  it('a gap is out of order and changes nothing', () => {
    const log = new Driver()
    log.produce({ sequence: 0 })
    expect(log.produce({ sequence: 2 })).toBe('out-of-order')
    expect(log.produce({ sequence: 1 })).toBe(1)
  })

  it('G2: sequences wrap from 2^31-1 to 0, between batches and inside one', () => {
    const log = new Driver()
    log.produce({ sequence: MAX })
    expect(log.produce({ sequence: 1 })).toBe('out-of-order')
    expect(log.produce({ sequence: 0 })).toBe(1)
    expect(log.produce({ sequence: MAX })).toEqual({ duplicateOf: 0 })
    const straddling = { producerId: 8, sequence: MAX - 1, count: 3 }
    expect(log.produce({ producerId: 8, sequence: MAX - 2 })).toBe(2)
    expect(log.produce(straddling)).toBe(3)
    expect(log.produce(straddling)).toEqual({ duplicateOf: 3 })
    expect(log.produce({ producerId: 8, sequence: 3 })).toBe('out-of-order')
    expect(log.produce({ producerId: 8, sequence: 1 })).toBe(6)
  })

  it('G3: an unknown producer begins with any sequence, or with 0 where that is asked for', () => {
    expect(new Driver().produce({ sequence: 41 })).toBe(0)
    const states = new ProducerStates()
    expect(states.check(batchOf({ sequence: 41 }), 0, true)).toEqual({ kind: 'out-of-order' })
    expect(states.check(batchOf({ sequence: 0 }), 0, true)).toEqual({ kind: 'ok' })
  })

  it('G3: a new epoch begins with 0, and what the old one wrote is no repetition any more', () => {
    const log = new Driver()
    log.produce({ sequence: 5 })
    expect(log.produce({ epoch: 1, sequence: 6 })).toBe('out-of-order')
    expect(log.produce({ epoch: 1, sequence: 0 })).toBe(1)
    expect(log.produce({ epoch: 1, sequence: 0 })).toEqual({ duplicateOf: 1 })
    expect(log.produce({ epoch: 4, sequence: 0 })).toBe(2)
    expect(log.produce({ epoch: 4, sequence: 1 })).toBe(3)
  })

  it('G4: an older epoch is fenced, also when it repeats', () => {
    const log = new Driver()
    log.produce({ sequence: 0 })
    log.produce({ epoch: 1, sequence: 0 })
    expect(log.produce({ epoch: 0, sequence: 0 })).toBe('fenced')
    expect(log.produce({ epoch: 0, sequence: 1 })).toBe('fenced')
  })

  it('a producer without an epoch is not held to its sequence', () => {
    const log = new Driver()
    log.produce({ epoch: -1, sequence: 9 })
    expect(log.produce({ epoch: -1, sequence: 20 })).toBe(1)
    expect(log.produce({ epoch: -1, sequence: 20 })).toEqual({ duplicateOf: 1 })
  })

  it('decides as a list of all batches would', () => {
    const step = fc.record({
      producerId: fc.constantFrom(1, 2),
      epoch: fc.integer({ min: 0, max: 2 }),
      back: fc.integer({ min: -1, max: 7 }),
      count: fc.integer({ min: 1, max: 3 }),
      start: fc.constantFrom(0, MAX - 3),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const log = new Driver()
        const written = new Map<
          number,
          { epoch: number; batches: { first: number; last: number; offset: number }[] }
        >()
        for (const { producerId, epoch, back, count, start } of steps) {
          const known = written.get(producerId)
          const kept = known?.batches.slice(-5) ?? []
          const again = kept[kept.length - back]
          const next = kept.length === 0 ? start : addToSequence(kept.at(-1)!.last, 1 + Math.max(0, -back))
          const sequence = again?.first ?? next
          const last = addToSequence(sequence, count - 1)
          const twin = kept.find((batch) => batch.first === sequence && batch.last === last)
          let expected: ReturnType<Driver['produce']> = log.endOffset
          if (known !== undefined && epoch < known.epoch) expected = 'fenced'
          else if (known !== undefined && epoch > known.epoch)
            expected = sequence === 0 ? log.endOffset : 'out-of-order'
          else if (twin !== undefined) expected = { duplicateOf: twin.offset }
          else if (known !== undefined && sequence !== addToSequence(kept.at(-1)!.last, 1))
            expected = 'out-of-order'
          expect(log.produce({ producerId, epoch, sequence, count })).toEqual(expected)
          if (typeof expected !== 'number') continue
          const batches = known !== undefined && known.epoch === epoch ? known.batches : []
          batches.push({ first: sequence, last, offset: expected })
          written.set(producerId, { epoch, batches })
        }
      }),
    )
  })
})

describe('transactions', () => {
  it('E11: the first open transaction holds back, a marker counts once it is committed', () => {
    const log = new Driver()
    log.endOffset = 10
    log.produce({ producerId: 1, sequence: 0, isTransactional: true })
    log.produce({ producerId: 2, sequence: 0, isTransactional: true, count: 4 })
    log.produce({ producerId: 1, sequence: 1, isTransactional: true })
    expect(log.states.firstOpenOffset(16)).toBe(10)
    expect(log.end(1, false)).toEqual({
      producerId: 1,
      firstOffset: 10,
      lastOffset: 16,
      isAborted: true,
      lastStableOffset: 11,
    })
    expect(log.states.firstOpenOffset(16)).toBe(10)
    expect(log.states.firstOpenOffset(17)).toBe(11)
    expect(log.end(2, true)).toEqual({
      producerId: 2,
      firstOffset: 11,
      lastOffset: 17,
      isAborted: false,
      lastStableOffset: 18,
    })
    expect(log.states.firstOpenOffset(17)).toBe(11)
    expect(log.states.firstOpenOffset(18)).toBe(null)
  })

  it('a marker without a transaction ends none', () => {
    const log = new Driver()
    expect(log.end(1, true)).toBe(null)
    expect(log.states.firstOpenOffset(1)).toBe(null)
    expect([...log.states.snapshot()]).toEqual([
      {
        producerId: 1,
        producerEpoch: 0,
        lastSequence: -1,
        lastOffset: -1,
        offsetDelta: 0,
        timestampMs: 2000,
        coordinatorEpoch: 3,
        transactionFirstOffset: -1,
      },
    ])
    expect(log.produce({ producerId: 1, sequence: 4 })).toBe('out-of-order')
    expect(log.produce({ producerId: 1, sequence: 0 })).toBe(1)
  })

  it('sequences go on over a marker of the same epoch, and begin anew over one of the next', () => {
    const log = new Driver()
    log.produce({ sequence: 0, isTransactional: true })
    log.end(7, true)
    expect(log.produce({ sequence: 0, isTransactional: true })).toEqual({ duplicateOf: 0 })
    expect(log.produce({ sequence: 1, isTransactional: true })).toBe(2)
    log.end(7, true, 1)
    expect(log.produce({ epoch: 0, sequence: 2, isTransactional: true })).toBe('fenced')
    expect(log.produce({ epoch: 1, sequence: 2, isTransactional: true })).toBe('out-of-order')
    expect(log.produce({ epoch: 1, sequence: 0, isTransactional: true })).toBe(4)
  })

  it('a batch outside of the open transaction is refused, after its sequence was looked at', () => {
    const log = new Driver()
    log.produce({ sequence: 0, isTransactional: true })
    expect(log.produce({ sequence: 1 })).toBe('in-transaction')
    expect(log.produce({ sequence: 5 })).toBe('out-of-order')
    expect(log.produce({ sequence: 0 })).toEqual({ duplicateOf: 0 })
    expect(log.produce({ epoch: 1, sequence: 0 })).toBe('in-transaction')
  })

  it('fences markers of older epochs and older coordinators', () => {
    const log = new Driver()
    const { states } = log
    expect(states.checkMarker(7, 0, 0, 2)).toBe('ok')
    log.produce({ epoch: 2, sequence: 0, isTransactional: true })
    expect(states.checkMarker(7, 1, 9, 0)).toBe('fenced')
    expect(states.checkMarker(7, 2, 9, 1)).toBe('ok')
    expect(states.checkMarker(7, 2, 9, 2)).toBe('fenced')
    expect(states.checkMarker(7, 3, 9, 2)).toBe('ok')
    log.end(7, true, 3, 9)
    expect(states.checkMarker(7, 3, 8, 2)).toBe('coordinator-fenced')
    expect(states.checkMarker(7, 3, 9, 2)).toBe('ok')
  })

  it('never holds back before the start of the log', () => {
    const log = new Driver()
    log.produce({ sequence: 0, isTransactional: true, count: 5 })
    log.states.truncateHead(3)
    expect(log.states.firstOpenOffset(5)).toBe(3)
    expect(log.produce({ sequence: 5, isTransactional: true })).toBe(5)
  })
})

describe('lifetime', () => {
  it('G5: what a snapshot and the batches behind it tell is what was known', async () => {
    const log = new Driver()
    for (let sequence = 0; sequence < 4; sequence++) log.produce({ sequence })
    log.produce({ producerId: 8, sequence: 3, isTransactional: true })
    log.produce({ producerId: 9, sequence: 0, isTransactional: true })
    const kept = await keptBy(log.states)
    const restored = await restoredFrom([...kept.slice(4).reverse(), ...kept.slice(0, 4)], log)
    expect([...restored.states.snapshot()].sort((a, b) => a.producerId - b.producerId)).toEqual([
      ...log.states.snapshot(),
    ])
    expect(restored.states.firstOpenOffset(6)).toBe(4)
    expect(restored.produce({ sequence: 3 })).toEqual({ duplicateOf: 3 })
    expect(restored.produce({ sequence: 0 })).toEqual({ duplicateOf: 0 })
    expect(restored.produce({ sequence: 5 })).toBe('out-of-order')
    expect(restored.produce({ sequence: 4 })).toBe(6)
    expect(restored.end(8, false)).toMatchObject({
      firstOffset: 4,
      lastOffset: 7,
      isAborted: true,
      lastStableOffset: 5,
    })
  })

  it('G1, G5: after a restart the last five batches are recognized, however many a snapshot tells of', async () => {
    const log = new Driver()
    for (let sequence = 0; sequence < 7; sequence++) log.produce({ sequence })
    const restored = await restoredFrom(await keptBy(log.states), log)
    expect([1, 2, 6].map((sequence) => restored.produce({ sequence }))).toEqual([
      'out-of-order',
      { duplicateOf: 2 },
      { duplicateOf: 6 },
    ])
  })

  it('G5: of a producer that a snapshot names once, as Kafka writes it, the last batch is recognized', async () => {
    const log = new Driver()
    for (let sequence = 0; sequence < 3; sequence++) log.produce({ sequence })
    const restored = await restoredFrom([...log.states.snapshot()], log)
    expect(restored.produce({ sequence: 1 })).toBe('out-of-order')
    expect(restored.produce({ sequence: 2 })).toEqual({ duplicateOf: 2 })
    expect(restored.produce({ sequence: 3 })).toBe(3)
  })

  it('G5: forgets producers that have been silent for long enough, except in a transaction', async () => {
    const log = new Driver()
    log.produce({ producerId: 1, sequence: 0, timestamp: 1000 })
    log.produce({ producerId: 2, sequence: 0, timestamp: 1001 })
    log.produce({ producerId: 3, sequence: 0, timestamp: 1000, isTransactional: true })
    const turn = new Turn(hurriedEnvironment())
    expect(await log.states.expire(1999, 1000, turn)).toBe(0)
    expect(await log.states.expire(2000, 1000, turn)).toBe(1)
    expect([...log.states.snapshot()].map((entry) => entry.producerId)).toEqual([2, 3])
    expect(log.produce({ producerId: 1, sequence: 9 })).toBe(3)
  })

  it('keeps no more producers than it may, and those who wrote last', () => {
    const log = new Driver(new ProducerStates({ producersMax: 10 }))
    log.produce({ producerId: 100, sequence: 0, isTransactional: true })
    for (let producerId = 0; producerId < 30; producerId++) log.produce({ producerId, sequence: 0 })
    expect(log.states.count).toBeLessThanOrEqual(10)
    expect(log.produce({ producerId: 29, sequence: 0 })).toEqual({ duplicateOf: 30 })
    expect(log.produce({ producerId: 100, sequence: 0, isTransactional: true })).toEqual({ duplicateOf: 0 })
  })

  it('keeps no more producers than it may of a snapshot either, but all that are in transactions', async () => {
    const log = new Driver()
    log.produce({ producerId: 100, sequence: 0, isTransactional: true })
    for (let producerId = 0; producerId < 30; producerId++) log.produce({ producerId, sequence: 0 })
    log.produce({ producerId: 3, sequence: 1 })
    const few = new ProducerStates({ producersMax: 4 })
    const file = await snapshotFile(log.states.take())
    expect(await few.load(file, log.endOffset, new Turn(hurriedEnvironment()))).toBe(null)
    expect([...few.snapshot()].map(({ producerId }) => producerId).sort()).toEqual([100, 28, 29, 3])
  })

  it('tells of its producers one by one, also while some go and others come', () => {
    const log = new Driver(new ProducerStates({ producersMax: 20 }))
    for (let producerId = 0; producerId < 20; producerId++) log.produce({ producerId, sequence: 0 })
    const seen: number[] = []
    for (const { producerId } of log.states.snapshot()) {
      seen.push(producerId)
      if (seen.length <= 5) log.produce({ producerId: 99 + seen.length, sequence: 0 })
      if (seen.length === 5) log.produce({ producerId: 19, sequence: 1 })
    }
    const stayed = seen.filter((producerId) => producerId >= 5 && producerId < 20)
    expect(stayed).toEqual([...new Set(stayed)])
    expect(stayed).toHaveLength(15)
  })

  it('restores and expires many producers in turns, so that others run meanwhile', async () => {
    const log = new Driver()
    for (let producerId = 0; producerId < 3000; producerId++) log.produce({ producerId, sequence: 0 })
    const file = await snapshotFile(log.states.take())
    const loading = hurriedEnvironment()
    const states = new ProducerStates()
    expect(await states.load(file, log.endOffset, new Turn(loading))).toBe(null)
    expect([states.count, loading.turns > 20]).toEqual([3000, true])
    const expiring = hurriedEnvironment(() => {
      // It has written again before it was looked at.
      const batch = batchOf({ producerId: 2999, sequence: 1, timestamp: 5000 })
      stampBatch(batch, 0, log.endOffset++, 0)
      states.append(batch, 0)
    })
    expect(await states.expire(5000, 1000, new Turn(expiring))).toBe(2999)
    expect([states.count, expiring.turns > 5]).toEqual([1, true])
  })

  it('knows nothing after a snapshot that is not whole, or that knows what was not yet written', async () => {
    const log = new Driver()
    log.produce({ sequence: 0 })
    log.produce({ producerId: 8, sequence: 0 })
    const file = await snapshotFile(log.states.take())
    const turn = new Turn(hurriedEnvironment())
    expect([await log.states.load(file, 1, turn), log.states.count]).toEqual(['bad-entry', 0])
    expect([await log.states.load(file.subarray(1), 2, turn), log.states.count]).toEqual(['bad-version', 0])
    expect([await log.states.load(file, 2, turn), log.states.count]).toEqual([null, 2])
  })

  it('takes no notice of batches without a producer id', () => {
    const states = new ProducerStates()
    expect(states.append(encodeBatch({ records: [RECORD] }), 0)).toBe(null)
    expect(states.count).toBe(0)
  })
})
