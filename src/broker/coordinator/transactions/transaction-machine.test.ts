import { describe, expect, it } from 'vitest'
import { ByteAccount } from '../../../base/byte-account.ts'
import { TRANSACTION_CONFIG_DEFAULTS } from './transaction-config.ts'
import { TransactionMachine } from './transaction-machine.ts'
import { TransactionRig } from './transaction-rig.ts'
import type { ListCommand, ProducerEpoch } from './transaction-types.ts'

const A = [{ topic: 'a', partitions: [0] }]
const B = [{ topic: 'b', partitions: [1, 2] }]

function next({ producerId, producerEpoch }: ProducerEpoch, by = 1): ProducerEpoch {
  return { producerId, producerEpoch: producerEpoch + by }
}

describe('InitProducerId with a transactional id', () => {
  it('G7: takes over with the next epoch each time, and fences who was there', async () => {
    const rig = await TransactionRig.start()
    const first = await rig.init()
    expect(first).toMatchObject({ error: 'NONE', producerId: 1000, producerEpoch: 0 })
    const second = await rig.init()
    expect(second).toMatchObject({ error: 'NONE', producerId: 1000, producerEpoch: 1 })
    expect(await rig.add(first, A)).toBe('PRODUCER_FENCED')
    expect(await rig.add(second, A)).toBe('NONE')
  })

  it('G7: refuses timeouts that are none, or longer than the broker allows', async () => {
    const rig = await TransactionRig.start({ timeoutMsMax: 900_000 })
    for (const timeoutMs of [0, -1, 900_001])
      expect((await rig.init(null, timeoutMs)).error).toBe('INVALID_TRANSACTION_TIMEOUT')
    expect((await rig.init(null, 900_000)).error).toBe('NONE')
  })

  it('G7: a producer that names its epoch goes on, may ask again, and is fenced by another one', async () => {
    const rig = await TransactionRig.start()
    const first = await rig.init()
    expect(await rig.init(first)).toMatchObject({ error: 'NONE', producerEpoch: 1 })
    expect(await rig.init(first)).toMatchObject({ error: 'NONE', producerEpoch: 1 })
    expect(await rig.init(next(first))).toMatchObject({ error: 'NONE', producerEpoch: 2 })
    expect((await rig.init(first)).error).toBe('PRODUCER_FENCED')
    expect((await rig.init({ producerId: 7, producerEpoch: 2 })).error).toBe('PRODUCER_FENCED')
    await rig.init()
    expect((await rig.init(next(first, 2))).error).toBe('PRODUCER_FENCED')
  })

  it('aborts the open transaction with the next epoch, and answers when its markers are written', async () => {
    const rig = await TransactionRig.start()
    const first = await rig.init()
    await rig.add(first, A)
    const second = rig.init()
    expect(rig.state).toBe('PrepareAbort 1000/1')
    expect(rig.effects).toMatchObject([{ producerEpoch: 1, isCommit: false, partitions: A }])
    await rig.complete()
    expect(await second).toMatchObject({ error: 'NONE', producerEpoch: 2 })
    expect((await rig.end(first, true)).error).toBe('PRODUCER_FENCED')
  })

  it('G7: says that transactions are concurrent when the markers take their time', async () => {
    const rig = await TransactionRig.start({ completionWaitMs: 100 })
    await rig.add(await rig.init(), A)
    const waiting = rig.init()
    rig.environment.advance(100)
    expect(await waiting).toMatchObject({ error: 'CONCURRENT_TRANSACTIONS', producerId: -1 })
    await rig.complete()
    expect(await rig.init()).toMatchObject({ error: 'NONE', producerEpoch: 2 })
  })

  it('a producer whose transaction was aborted for it goes on with the epoch of the abort', async () => {
    const rig = await TransactionRig.start()
    const first = await rig.init()
    await rig.add(first, A)
    const again = rig.init(first)
    await rig.complete()
    expect(await again).toMatchObject({ error: 'NONE', producerEpoch: 1 })
  })
})

describe('a producer id whose epochs are used up', () => {
  async function atLastEpoch(): Promise<{ rig: TransactionRig; producer: ProducerEpoch }> {
    const rig = await TransactionRig.start()
    let producer: ProducerEpoch = await rig.init()
    while (producer.producerEpoch < 32_766) producer = await rig.init(producer)
    return { rig, producer }
  }

  it('G7: is replaced at the next initialization, which may be asked for again', async () => {
    const { rig, producer } = await atLastEpoch()
    for (let times = 0; times < 3; times++)
      expect(await rig.init(producer)).toMatchObject({ error: 'NONE', producerId: 1001, producerEpoch: 0 })
    expect(await rig.init()).toMatchObject({ error: 'NONE', producerId: 1001, producerEpoch: 1 })
  })

  it('G8: is replaced at the end of a transaction, whose markers carry the epoch above the last', async () => {
    const { rig, producer } = await atLastEpoch()
    await rig.add(producer, A, 2)
    expect(await rig.end(producer, true, 2)).toMatchObject({
      error: 'NONE',
      producerId: 1001,
      producerEpoch: 0,
    })
    expect(await rig.complete()).toMatchObject({ producerId: 1000, producerEpoch: 32_767 })
    expect(rig.state).toBe('CompleteCommit 1001/0')
    expect(await rig.end(producer, true, 2)).toMatchObject({
      error: 'NONE',
      producerId: 1001,
      producerEpoch: 0,
    })
    expect((await rig.end(producer, false, 2)).error).toBe('INVALID_TXN_STATE')
    const restarted = await rig.restart()
    expect(await restarted.init(producer)).toMatchObject({
      error: 'NONE',
      producerId: 1001,
      producerEpoch: 0,
    })
  })

  it('is replaced after a transaction that another producer had aborted', async () => {
    const { rig, producer } = await atLastEpoch()
    await rig.add(producer, A)
    const second = rig.init()
    expect(await rig.complete()).toMatchObject({ producerEpoch: 32_767 })
    expect(await second).toMatchObject({ error: 'NONE', producerId: 1001, producerEpoch: 0 })
  })
})

describe('a transaction', () => {
  it('G10: is decided by EndTxn, then its markers are asked for, then it is complete', async () => {
    const rig = await TransactionRig.start()
    const producer = await rig.init()
    expect(await rig.add(producer, A)).toBe('NONE')
    expect(await rig.add(producer, B)).toBe('NONE')
    expect(rig.state).toBe('Ongoing 1000/0')
    expect(await rig.end(producer, true)).toMatchObject({ error: 'NONE', producerEpoch: 0 })
    expect(rig.state).toBe('PrepareCommit 1000/0')
    for (const isCommit of [true, false])
      expect((await rig.end(producer, isCommit)).error).toBe('CONCURRENT_TRANSACTIONS')
    expect(await rig.complete()).toEqual({
      transactionalId: 't',
      producerId: 1000,
      producerEpoch: 0,
      isCommit: true,
      partitions: [...A, ...B],
      clientVersion: 0,
    })
    expect(rig.state).toBe('CompleteCommit 1000/0')
    expect((await rig.end(producer, true)).error).toBe('NONE')
    expect((await rig.end(producer, false)).error).toBe('INVALID_TXN_STATE')
  })

  it('is not ended before it is begun, where the epoch stays', async () => {
    const rig = await TransactionRig.start()
    const producer = await rig.init()
    expect((await rig.end(producer, true)).error).toBe('INVALID_TXN_STATE')
    expect((await rig.end(producer, false)).error).toBe('INVALID_TXN_STATE')
    expect((await rig.end(next(producer), true)).error).toBe('PRODUCER_FENCED')
    expect((await rig.end({ ...producer, producerId: 5 }, true)).error).toBe('INVALID_PRODUCER_ID_MAPPING')
  })

  it('the next one begins when the markers of this one are written', async () => {
    const rig = await TransactionRig.start()
    const producer = await rig.init()
    await rig.add(producer, A)
    await rig.end(producer, false)
    const begun = rig.add(producer, B)
    expect(rig.state).toBe('PrepareAbort 1000/0')
    await rig.complete()
    expect(await begun).toBe('NONE')
    expect(rig.machine.records.get('t')).toMatchObject({ state: 'Ongoing', partitions: B })
  })

  it('G8: with version 2 ends with an epoch of its own; a repeated end at the epoch before succeeds', async () => {
    const rig = await TransactionRig.start()
    const first = await rig.init()
    await rig.add(first, A, 2)
    expect(await rig.end(first, true, 2)).toMatchObject({ error: 'NONE', producerEpoch: 1 })
    expect((await rig.end(first, true, 2)).error).toBe('CONCURRENT_TRANSACTIONS')
    expect(await rig.complete()).toMatchObject({ producerEpoch: 1, clientVersion: 2 })
    expect(await rig.end(first, true, 2)).toMatchObject({ error: 'NONE', producerEpoch: 1 })
    expect((await rig.end(first, false, 2)).error).toBe('INVALID_TXN_STATE')
    expect(await rig.add(first, A, 2)).toBe('PRODUCER_FENCED')
    const second = next(first)
    expect((await rig.end(second, true, 2)).error).toBe('INVALID_TXN_STATE')
    expect(await rig.add(second, A, 2)).toBe('NONE')
  })

  it('G8: with version 2 may be aborted although nothing was added to it', async () => {
    const rig = await TransactionRig.start()
    const producer = await rig.init()
    expect(await rig.end(producer, false, 2)).toMatchObject({ error: 'NONE', producerEpoch: 1 })
    expect(await rig.complete()).toMatchObject({ partitions: [], isCommit: false })
    expect(await rig.end(next(producer), false, 2)).toMatchObject({ error: 'NONE', producerEpoch: 2 })
    await rig.complete()
    expect(rig.state).toBe('CompleteAbort 1000/2')
  })

  it('G11: says which partitions are part of it', async () => {
    const rig = await TransactionRig.start()
    const producer = await rig.init()
    expect(await rig.verify(producer, A)).toMatchObject({ error: 'NONE', missing: A })
    await rig.add(producer, B)
    const asked = [...A, { topic: 'b', partitions: [1, 3] }]
    const missing = [...A, { topic: 'b', partitions: [3] }]
    expect(await rig.verify(producer, asked)).toMatchObject({ error: 'NONE', missing })
    expect(await rig.verify(next(producer), B)).toMatchObject({ error: 'PRODUCER_FENCED' })
    await rig.end(producer, true)
    expect(await rig.verify(producer, B)).toMatchObject({ error: 'CONCURRENT_TRANSACTIONS' })
    await rig.complete()
    expect(await rig.verify(producer, B)).toMatchObject({ error: 'NONE', missing: B })
  })

  it('writes nothing for partitions that it has', async () => {
    const rig = await TransactionRig.start()
    const producer = await rig.init()
    await rig.add(producer, [...A, ...B])
    const { endOffset } = rig.log
    expect(await rig.add(producer, B)).toBe('NONE')
    expect(rig.log.endOffset).toBe(endOffset)
  })

  it('G10: that takes too long is aborted, and its producer fenced', async () => {
    const rig = await TransactionRig.start({ timeoutCheckMs: 1000 })
    const producer = await rig.init(null, 5000)
    await rig.add(producer, A)
    rig.environment.advance(5000)
    expect(rig.state).toBe('Ongoing 1000/0')
    rig.environment.advance(1000)
    expect(rig.state).toBe('PrepareAbort 1000/1')
    await rig.complete()
    expect((await rig.end(producer, true)).error).toBe('PRODUCER_FENCED')
    expect(await rig.add(producer, A)).toBe('PRODUCER_FENCED')
    expect(await rig.init(producer)).toMatchObject({ error: 'NONE', producerEpoch: 1 })
  })

  it('effects leave when the decision is committed, not before', async () => {
    const rig = await TransactionRig.start()
    const producer = await rig.init()
    await rig.add(producer, A)
    rig.log.isAutoCommitting = false
    const ended = rig.end(producer, true)
    expect([rig.state, rig.effects.length]).toEqual(['PrepareCommit 1000/0', 0])
    rig.log.commitTo()
    expect(rig.effects.length).toBe(1)
    expect((await ended).error).toBe('NONE')
  })
})

describe('while a transaction is being completed', () => {
  /** Committed by EndTxn of this version; its markers are not written. */
  async function committed(clientVersion: number) {
    const rig = await TransactionRig.start({ completionWaitMs: 100 })
    const old = await rig.init()
    await rig.add(old, A, clientVersion)
    const { producerId, producerEpoch } = await rig.end(old, true, clientVersion)
    return { rig, old, now: { producerId, producerEpoch }, other: { producerId: 7, producerEpoch: 0 } }
  }

  it('G8: EndTxn of version 2 is told to come again, whoever asks, and what counts is what it then finds', async () => {
    const { rig, old, now, other } = await committed(2)
    for (const producer of [old, now, other, next(now, 5)])
      for (const isCommit of [true, false])
        expect((await rig.end(producer, isCommit, 2)).error).toBe('CONCURRENT_TRANSACTIONS')
    await rig.complete()
    expect((await rig.end(other, false, 2)).error).toBe('INVALID_PRODUCER_ID_MAPPING')
    expect((await rig.end(next(now, 5), false, 2)).error).toBe('PRODUCER_FENCED')
    expect((await rig.end(old, false, 2)).error).toBe('INVALID_TXN_STATE')
    expect((await rig.end(now, false, 2)).error).toBe('NONE')
  })

  it('G8: where the epoch stays EndTxn looks at the producer first', async () => {
    const { rig, old, other } = await committed(0)
    expect((await rig.end(next(old), true)).error).toBe('PRODUCER_FENCED')
    expect((await rig.end(other, true)).error).toBe('INVALID_PRODUCER_ID_MAPPING')
  })

  it('G7: whoever adds or initializes waits, then is told to come again', async () => {
    const { rig, old, now, other } = await committed(2)
    const adding = [old, now, other].map((producer) => rig.add(producer, B, 2))
    const initializing = [old, now, other].map((producer) => rig.init(producer))
    rig.environment.advance(100)
    for (const error of await Promise.all(adding)) expect(error).toBe('CONCURRENT_TRANSACTIONS')
    for (const { error } of await Promise.all(initializing)) expect(error).toBe('CONCURRENT_TRANSACTIONS')
  })

  it('G7: whoever waited is looked at by what the producer goes on with', async () => {
    const { rig, old, now, other } = await committed(2)
    const adding = [old, other, now].map((producer) => rig.add(producer, B, 2))
    await rig.complete()
    expect(await Promise.all(adding)).toEqual(['PRODUCER_FENCED', 'INVALID_PRODUCER_ID_MAPPING', 'NONE'])
  })

  it('G8: a producer id that takes the place of a used up one is known as soon as it was told', async () => {
    const rig = await TransactionRig.start()
    let producer: ProducerEpoch = await rig.init()
    while (producer.producerEpoch < 32_766) producer = await rig.init(producer)
    await rig.add(producer, A, 2)
    const fresh = await rig.end(producer, true, 2)
    expect(fresh.producerEpoch).toBe(0)
    expect((await rig.end(fresh, false, 2)).error).toBe('CONCURRENT_TRANSACTIONS')
    const [added, initialized] = [rig.add(fresh, B, 2), rig.init(fresh)]
    await rig.complete()
    expect(await added).toBe('NONE')
    await rig.complete()
    expect((await initialized).error).toBe('NONE')
  })
})

describe('after a restart', () => {
  it('what was decided is asked for again, once complete no more', async () => {
    const before = await TransactionRig.start()
    const producer = await before.init()
    await before.add(producer, B)
    await before.end(producer, true)
    const rig = await before.restart()
    expect(rig.state).toBe('PrepareCommit 1000/0')
    expect(rig.effects).toEqual(before.effects)
    await rig.complete()
    const again = await rig.restart()
    expect([again.state, again.effects.length]).toEqual(['CompleteCommit 1000/0', 0])
  })

  it('an open transaction goes on, or times out', async () => {
    const before = await TransactionRig.start()
    const producer = await before.init(null, 5000)
    await before.add(producer, A)
    const rig = await before.restart({ timeoutCheckMs: 1000 })
    expect(await rig.add(producer, B)).toBe('NONE')
    rig.environment.advance(6000)
    expect(rig.effects).toMatchObject([{ isCommit: false, partitions: [...A, ...B] }])
  })

  it('the log of every step leads to the same records', async () => {
    const rig = await TransactionRig.start()
    const producer = await rig.init()
    await rig.add(producer, A, 2)
    await rig.end(producer, true, 2)
    await rig.complete()
    await rig.add(next(producer), B, 2)
    void rig.init(next(producer))
    expect(rig.state).toBe('PrepareAbort 1000/2')
    expect((await rig.restart()).machine.records).toEqual(rig.machine.records)
  })

  it('a second report that markers are written changes nothing', async () => {
    const rig = await TransactionRig.start()
    const producer = await rig.init()
    await rig.add(producer, A)
    await rig.end(producer, true)
    const { producerId, producerEpoch } = await rig.complete()
    await rig.add(producer, B)
    const { endOffset } = rig.log
    await rig.submit({ kind: 'markers-written', transactionalId: 't', producerId, producerEpoch })
    expect(rig.log.endOffset).toBe(endOffset)
  })
})

describe('transactional ids', () => {
  it('G5: are forgotten when nothing was done with them for a week, except in a transaction', async () => {
    const rig = await TransactionRig.start({
      idExpirationMs: 10_000,
      expirationCheckMs: 1000,
      timeoutCheckMs: 1e9,
    })
    const producer = await rig.init()
    rig.environment.advance(9000)
    await rig.add(producer, A)
    rig.environment.advance(20_000)
    expect(rig.state).toBe('Ongoing 1000/0')
    await rig.end(producer, true)
    await rig.complete()
    rig.environment.advance(11_000)
    expect(rig.state).toBe('none')
    expect((await rig.end(producer, true)).error).toBe('INVALID_PRODUCER_ID_MAPPING')
    expect((await rig.restart()).state).toBe('none')
  })

  it('are listed by state, producer and how long their transaction is open', async () => {
    const rig = await TransactionRig.start()
    const producer = await rig.init()
    const everything: ListCommand = {
      kind: 'list',
      states: new Set(),
      producerIds: new Set(),
      durationMs: -1,
    }
    const listed = { transactionalId: 't', producerId: 1000, state: 'Ongoing' }
    await rig.add(producer, A)
    rig.environment.advance(1000)
    expect(await rig.submit(everything)).toEqual({ kind: 'list', transactions: [listed] })
    expect(await rig.submit({ ...everything, durationMs: 999 })).toMatchObject({ transactions: [listed] })
    const filters: Partial<ListCommand>[] = [
      { durationMs: 1000 },
      { producerIds: new Set([1]) },
      { states: new Set(['Empty']) },
    ]
    for (const filter of filters)
      expect(await rig.submit({ ...everything, ...filter })).toEqual({ kind: 'list', transactions: [] })
  })
})

describe('what transactional ids keep in memory', () => {
  const init = (transactionalId: string) =>
    ({ kind: 'init', transactionalId, timeoutMs: 60_000, expected: null, freshProducerId: 7 }) as const

  it('is bounded for all together: a new one is to come again, one that is there goes on', async () => {
    const rig = await TransactionRig.start({ memoryBytesMax: 3_000 })
    expect(await rig.submit(init('a'))).toMatchObject({ error: 'NONE' })
    expect(await rig.submit(init('b'))).toMatchObject({ error: 'NONE' })
    expect(await rig.submit(init('c'))).toMatchObject({ error: 'COORDINATOR_NOT_AVAILABLE' })
    expect(await rig.submit(init('a'))).toMatchObject({ error: 'NONE' })
  })

  it('counts the partitions of an open transaction, which can end where no more fit', async () => {
    const rig = await TransactionRig.start({ memoryBytesMax: 3_000 })
    const producer = await rig.init()
    const many = [{ topic: 't', partitions: Array.from({ length: 200 }, (_, index) => index) }]
    expect(await rig.add(producer, [{ topic: 't', partitions: [0] }])).toBe('NONE')
    expect(await rig.add(producer, many)).toBe('COORDINATOR_NOT_AVAILABLE')
    expect((await rig.end(producer, true)).error).toBe('NONE')
    await rig.complete()
    expect(rig.state).toMatch(/^CompleteCommit/)
  })

  it('is given back when an id expires, and when the machine is closed', async () => {
    const memory = new ByteAccount(1_000_000)
    const machine = new TransactionMachine(TRANSACTION_CONFIG_DEFAULTS, memory)
    const rig = await TransactionRig.start()
    await rig.init()
    const record = rig.machine.records.get('t')!
    machine.apply({ transactionalId: 't', record })
    const keptBytes = memory.usedBytes
    expect(keptBytes).toBeGreaterThan(1_000)
    machine.apply({ transactionalId: 't', record: null })
    expect(memory.usedBytes).toBe(0)
    machine.apply({ transactionalId: 't', record })
    machine.close()
    expect(memory.usedBytes).toBe(0)
  })
})

it('thousands of transactions whose time is up, or ids that are forgotten, are so some at a time', async () => {
  const rig = await TransactionRig.start()
  const { producerId } = await rig.init()
  const [record] = rig.machine.records.values()
  const machine = new TransactionMachine(TRANSACTION_CONFIG_DEFAULTS, new ByteAccount(2 ** 30))
  const now = { wallMs: record!.updatedMs + 2 ** 40, monotonicMs: 0, uniqueId: () => '', random: () => 0 }
  const ends = [
    { state: 'Ongoing', kind: 'timeouts-due' },
    { state: 'Empty', kind: 'expirations-due' },
  ] as const
  for (const { state, kind } of ends) {
    for (let id = 0; id < 1200; id++)
      machine.apply({ transactionalId: `${state}${id}`, record: { ...record!, state, producerId } })
    const counts: number[] = []
    for (let delayMs = 0; delayMs < 1000; ) {
      const { events, timers } = machine.decide({ kind }, -1, now)
      counts.push(events.length)
      for (const event of events) machine.apply(event)
      delayMs = timers[0]!.delayMs!
    }
    expect(Math.max(...counts)).toBeLessThanOrEqual(25)
    expect(counts.reduce((sum, count) => sum + count)).toBe(1200)
  }
})
