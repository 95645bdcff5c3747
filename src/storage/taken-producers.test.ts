import { describe, expect, it } from 'vitest'
import { hurriedEnvironment } from '../../test/support/hurried.ts'
import { ProducerModel } from '../../test/support/producer-model.ts'
import fc from '../../test/support/property.ts'
import { snapshotFile } from '../../test/support/storage.ts'
import { Turn } from '../base/turn.ts'
import { encodeEndTransactionMarker } from '../protocol/control-record.ts'
import { stampBatch } from '../protocol/record-batch.ts'
import { encodeBatch } from '../protocol/records.ts'
import type { OpenFile } from './file-system.ts'
import { MemoryFileSystem } from './memory-file-system.ts'
import { type ProducerSnapshotEntry, readProducerSnapshot } from './producer-snapshot.ts'
import { ProducerStates } from './producer-state.ts'
import type { TakenProducers } from './taken-producers.ts'

const EXPIRATION_MS = 1000

type Batch = Parameters<ProducerModel['append']>[1]

/** The entries in a file, by producer id; those of one producer stay in their order. */
function entriesOf(file: Buffer): ProducerSnapshotEntry[] {
  return entriesInOrder(file).sort((left, right) => left.producerId - right.producerId)
}

function entriesInOrder(file: Buffer): ProducerSnapshotEntry[] {
  const entries = readProducerSnapshot(file)
  if ('fault' in entries) throw new Error(entries.fault)
  return entries
}

/** States and their model, driven together. */
class Pair {
  readonly model: ProducerModel
  states: ProducerStates
  readonly #producersMax: number
  #taken: { snapshot: TakenProducers; entries: ProducerSnapshotEntry[] }[] = []

  constructor(producersMax: number) {
    this.#producersMax = producersMax
    this.model = new ProducerModel(producersMax)
    this.states = new ProducerStates({ producersMax })
  }

  append(producerId: number, batch: Batch): void {
    const bytes = encodeBatch({
      producerId,
      producerEpoch: batch.epoch,
      baseSequence: batch.sequence,
      isTransactional: batch.isTransactional,
      records: new Array(batch.count).fill({ timestamp: batch.timestampMs, key: null, value: null }),
    })
    stampBatch(bytes, 0, this.model.endOffset, 0)
    this.states.append(bytes, 0)
    this.model.append(producerId, batch)
  }

  end(producerId: number, epoch: number, timestampMs: number): void {
    const coordinatorEpoch = epoch + 3
    const marker = encodeEndTransactionMarker({
      committed: true,
      coordinatorEpoch,
      producerId,
      producerEpoch: epoch,
      timestamp: timestampMs,
    })
    stampBatch(marker, 0, this.model.endOffset, 0)
    this.states.append(marker, 0)
    this.model.end(producerId, { epoch, coordinatorEpoch, timestampMs })
  }

  take(): void {
    this.#taken.push({ snapshot: this.states.take(), entries: this.model.entries() })
  }

  /** Writes what was taken as the one of so many, or lets go of it. */
  async settle(index: number, isWritten: boolean): Promise<void> {
    const [taken] = this.#taken.splice(index % Math.max(1, this.#taken.length), 1)
    if (taken === undefined) return
    if (isWritten) expect(entriesOf(await snapshotFile(taken.snapshot))).toEqual(taken.entries)
    else taken.snapshot.release()
  }

  async expire(nowMs: number): Promise<void> {
    await this.states.expire(nowMs, EXPIRATION_MS, new Turn(hurriedEnvironment()))
    this.model.expire(nowMs, EXPIRATION_MS)
  }

  async restart(): Promise<void> {
    const file = await snapshotFile(this.states.take())
    this.states = new ProducerStates({ producersMax: this.#producersMax })
    const turn = new Turn(hurriedEnvironment())
    expect(await this.states.load(file, this.model.endOffset, turn)).toBe(null)
    this.model.restarted(entriesInOrder(file).map((entry) => entry.producerId))
  }

  /** Checks what is known now, and all that was taken and not yet written. */
  async check(): Promise<void> {
    expect(this.states.count).toBe(this.model.count)
    expect(entriesOf(await snapshotFile(this.states.take()))).toEqual(this.model.entries())
    while (this.#taken.length > 0) await this.settle(0, true)
  }
}

describe('a snapshot of producers', () => {
  it('says what was known when it was taken, whatever happens until it is written', async () => {
    const producerId = fc.integer({ min: 0, max: 5 })
    const epoch = fc.integer({ min: 0, max: 2 })
    const timestampMs = fc.integer({ min: 0, max: 3000 })
    const count = fc.integer({ min: 1, max: 3 })
    const batch = { epoch, timestampMs, count, sequence: fc.nat(100), isTransactional: fc.boolean() }
    const step = fc.oneof(
      { weight: 12, arbitrary: fc.record({ kind: fc.constant('append' as const), producerId, ...batch }) },
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant('end' as const), producerId, epoch, timestampMs }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constant('many' as const), from: fc.nat(900), timestampMs }),
      },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('take' as const) }) },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('settle' as const),
          index: fc.nat(3),
          isWritten: fc.boolean(),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('expire' as const), nowMs: fc.nat(4500) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('commit' as const), lag: fc.nat(20) }) },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
        const pair = new Pair(600)
        let highWatermark = 0
        for (const each of steps) {
          if (each.kind === 'append') pair.append(each.producerId, each)
          else if (each.kind === 'end') pair.end(each.producerId, each.epoch, each.timestampMs)
          else if (each.kind === 'take') pair.take()
          else if (each.kind === 'settle') await pair.settle(each.index, each.isWritten)
          else if (each.kind === 'expire') await pair.expire(each.nowMs)
          else if (each.kind === 'restart') await pair.restart()
          else if (each.kind === 'commit')
            highWatermark = Math.max(highWatermark, pair.model.endOffset - each.lag)
          else
            for (let other = 0; other < 280; other++)
              pair.append(100 + each.from + other, {
                epoch: 0,
                sequence: 0,
                count: 1,
                timestampMs: each.timestampMs,
                isTransactional: false,
              })
          expect(pair.states.firstOpenOffset(highWatermark)).toBe(pair.model.firstOpenOffset(highWatermark))
        }
        await pair.check()
      }),
      { numRuns: 60 },
    )
  })

  it('is written in pieces, and what is appended between two of them is not in it', async () => {
    const pair = new Pair(2500)
    const write = (sequence: number): void => {
      for (let producerId = 0; producerId < 2500; producerId++)
        pair.append(producerId, {
          epoch: 0,
          sequence,
          count: 1,
          timestampMs: sequence,
          isTransactional: false,
        })
    }
    for (let sequence = 0; sequence < 5; sequence++) write(sequence)
    const known = pair.model.entries()
    const file = await new MemoryFileSystem().open('/file', 'create')
    let sequence = 5
    const between: OpenFile = {
      ...file,
      fd: -1,
      sync: () => file.sync(),
      write: (buffers, position) => {
        write(sequence++)
        expect(buffers.reduce((bytes, buffer) => bytes + buffer.length, 0)).toBeLessThan(300_000)
        return file.write(buffers, position)
      },
    }
    const taken = pair.states.take()
    await taken.writeTo(between)
    taken.release()
    const bytes = Buffer.alloc(await file.byteLength())
    await file.read(bytes, 0)
    // Two of 1,024 producers, one of the rest, and the header.
    expect(sequence).toBe(5 + 4)
    expect(entriesOf(bytes)).toEqual(known)
    await pair.check()
  })

  it('costs a list of slabs and no numbers: those are copied once somebody changes them', () => {
    const pair = new Pair(600)
    const batch = { epoch: 0, sequence: 0, count: 1, timestampMs: 0, isTransactional: false }
    for (let producerId = 0; producerId < 300; producerId++) pair.append(producerId, batch)
    const before = process.memoryUsage().arrayBuffers
    const taken = Array.from({ length: 1000 }, () => pair.states.take())
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000)
    for (const each of taken) each.release()
  })
})
