import { describe, expect, test } from 'vitest'
import { AssertionError } from '../../base/assert.ts'
import { ManualEnvironment } from '../../base/environment.ts'
import { silentLogger } from '../../base/logger.ts'
import type { EventCodec, Now } from '../../base/machine.ts'
import { batchBytes, batchIsTransactional, batchRecordCount } from '../../protocol/record-batch.ts'
import { MemoryMachineLog } from './memory-machine-log.ts'
import { type HostedDecision, type HostedMachine, MachineRuntime } from './runtime.ts'

/** A tally: adds, reads, waits for a sum, adds later, adds inside a transaction. */
type Command =
  | { kind: 'add'; by: number; times?: number }
  | { kind: 'read' }
  | { kind: 'wait'; sum: number }
  | { kind: 'later'; by: number; delayMs: number | null }
  | { kind: 'transaction'; by: number; producer: number }
  | { kind: 'gone'; ticket: number }
  | { kind: 'broken' }
type Event = { by: number }
type Reply = { sum: number }
type Outcome = HostedDecision<Command, Event, Reply>

class Tally implements HostedMachine<Command, Event, Reply> {
  sum = 0
  resumed = 0
  readonly undecided = new Map<number, number>()
  readonly waiting: { sum: number; ticket: number }[] = []

  decide(command: Command, ticket: number, _now: Now): Outcome {
    const none = { events: [], replies: [], timers: [] }
    switch (command.kind) {
      case 'add': {
        const events = Array.from({ length: command.times ?? 1 }, () => ({ by: command.by }))
        const sum = this.sum + command.by * events.length
        const due = this.waiting.filter((one) => one.sum <= sum)
        for (const one of due) this.waiting.splice(this.waiting.indexOf(one), 1)
        const answered = ticket < 0 ? due : [...due, { ticket }]
        return { ...none, events, replies: answered.map((one) => ({ ticket: one.ticket, reply: { sum } })) }
      }
      case 'read':
        return { ...none, replies: [{ ticket, reply: { sum: this.sum } }] }
      case 'wait':
        this.waiting.push({ sum: command.sum, ticket })
        return none
      case 'later': {
        const change =
          command.delayMs === null
            ? { key: 'later', delayMs: null }
            : {
                key: 'later',
                delayMs: command.delayMs,
                command: { kind: 'add', by: command.by } as const,
              }
        return { ...none, replies: [{ ticket, reply: { sum: this.sum } }], timers: [change] }
      }
      case 'broken':
        throw new TypeError('no such thing')
      case 'gone': {
        const at = this.waiting.findIndex((one) => one.ticket === command.ticket)
        if (at >= 0) this.waiting.splice(at, 1)
        return { ...none, replies: [{ ticket: command.ticket, reply: { sum: -1 } }] }
      }
      case 'transaction':
        return {
          ...none,
          events: [{ by: command.by }],
          replies: [{ ticket, reply: { sum: this.sum } }],
          producer: { id: command.producer, epoch: 0 },
        }
    }
  }

  apply(event: Event): void {
    this.sum += event.by
  }

  applyInTransaction(event: Event, producerId: number): void {
    this.undecided.set(producerId, (this.undecided.get(producerId) ?? 0) + event.by)
  }

  endTransaction(producerId: number, isCommit: boolean): void {
    if (isCommit) this.sum += this.undecided.get(producerId) ?? 0
    this.undecided.delete(producerId)
  }

  resume(): Outcome {
    this.resumed++
    return { events: [], replies: [], timers: [] }
  }
}

const codec: EventCodec<Event> = {
  encode: ({ by }) => ({ key: null, value: Buffer.from(String(by)) }),
  decode: (_key, value) => (value === null ? null : { by: Number(value.toString()) }),
}

async function started(
  options: { log?: MemoryMachineLog; batchBytesMax?: number; unansweredMax?: number } = {},
) {
  const log = options.log ?? new MemoryMachineLog()
  const environment = new ManualEnvironment()
  const machine = new Tally()
  const dropped: string[] = []
  const runtime = new MachineRuntime<Command, Event, Reply>({
    machine,
    codec,
    log,
    environment,
    logger: silentLogger,
    batchBytesMax: options.batchBytesMax ?? 1_000_000,
    ...(options.unansweredMax === undefined ? {} : { unansweredMax: options.unansweredMax }),
    onDropped: (refusal) => dropped.push(refusal),
  })
  await runtime.start()
  return { log, environment, machine, runtime, dropped }
}

/** One that asks, and that the test takes away. */
function callerOf() {
  const callbacks = new Set<() => void>()
  return {
    callbacks,
    leave: () => {
      for (const callback of [...callbacks]) callback()
    },
    caller: {
      onClose(callback: () => void) {
        callbacks.add(callback)
        return () => void callbacks.delete(callback)
      },
      gone: (ticket: number): Command => ({ kind: 'gone', ticket }),
    },
  }
}

/** What a promise has come to by now. */
async function soFar<T>(promise: Promise<T>): Promise<T | 'pending'> {
  return Promise.race([promise, new Promise<'pending'>((resolve) => setImmediate(() => resolve('pending')))])
}

describe('MachineRuntime', () => {
  test('refuses as loading until the log is replayed', async () => {
    const runtime = new MachineRuntime<Command, Event, Reply>({
      machine: new Tally(),
      codec,
      log: new MemoryMachineLog(),
      environment: new ManualEnvironment(),
      logger: silentLogger,
      batchBytesMax: 1000,
    })
    const early = runtime.submit({ kind: 'read' })
    const starting = runtime.start()
    const alsoEarly = runtime.submit({ kind: 'add', by: 1 })
    await starting
    expect(await early).toEqual({ refused: 'loading' })
    expect(await alsoEarly).toEqual({ refused: 'loading' })
    expect(await runtime.submit({ kind: 'read' })).toEqual({ sum: 0 })
  })

  test('decides inside the call, so that a later command sees the earlier one', async () => {
    const { runtime, machine } = await started()
    void runtime.submit({ kind: 'add', by: 2 })
    expect(machine.sum).toBe(2)
    expect(await runtime.submit({ kind: 'read' })).toEqual({ sum: 2 })
  })

  test('holds the reply of a write until the high watermark covers it', async () => {
    const { runtime, log } = await started({ log: new MemoryMachineLog({ isAutoCommitting: false }) })
    const reply = runtime.submit({ kind: 'add', by: 2, times: 3 })
    expect(await soFar(reply)).toBe('pending')
    log.commitTo(2)
    expect(await soFar(reply)).toBe('pending')
    log.commitTo(3)
    expect(await reply).toEqual({ sum: 6 })
  })

  test('holds the reply of a read that saw what is not committed, and not of one that did not', async () => {
    const { runtime, log } = await started({ log: new MemoryMachineLog({ isAutoCommitting: false }) })
    expect(await soFar(runtime.submit({ kind: 'read' }))).toEqual({ sum: 0 })
    void runtime.submit({ kind: 'add', by: 5 })
    const read = runtime.submit({ kind: 'read' })
    expect(await soFar(read)).toBe('pending')
    log.commitTo()
    expect(await read).toEqual({ sum: 5 })
  })

  test('holds replies after a replay until what was replayed is committed', async () => {
    const first = await started()
    await first.runtime.submit({ kind: 'add', by: 7 })
    const log = new MemoryMachineLog({ batches: first.log.batches, isAutoCommitting: false })
    const { runtime } = await started({ log })
    const read = runtime.submit({ kind: 'read' })
    expect(await soFar(read)).toBe('pending')
    log.commitTo()
    expect(await read).toEqual({ sum: 7 })
  })

  test('answers a parked command with the decision that answers it, and its timers fire as commands', async () => {
    const { runtime, environment } = await started()
    const waiting = runtime.submit({ kind: 'wait', sum: 10 })
    await runtime.submit({ kind: 'later', by: 10, delayMs: 50 })
    environment.advance(49)
    expect(await soFar(waiting)).toBe('pending')
    environment.advance(1)
    expect(await waiting).toEqual({ sum: 10 })
  })

  test('the machine hears when the caller of a parked command is gone', async () => {
    const { runtime, machine } = await started()
    const { caller, leave, callbacks } = callerOf()
    const parked = runtime.submit({ kind: 'wait', sum: 5 }, caller)
    expect(await soFar(parked)).toBe('pending')
    leave()
    expect(machine.waiting).toEqual([])
    expect(await parked).toEqual({ sum: -1 })
    expect(callbacks.size).toBe(0)
  })

  test('nobody is listened to whose command is answered, or whose instance is dropped', async () => {
    const { runtime } = await started()
    const answered = callerOf()
    await runtime.submit({ kind: 'read' }, answered.caller)
    expect(answered.callbacks.size).toBe(0)
    const later = callerOf()
    const parked = runtime.submit({ kind: 'wait', sum: 5 }, later.caller)
    await runtime.submit({ kind: 'add', by: 5 })
    expect(await parked).toEqual({ sum: 5 })
    expect(later.callbacks.size).toBe(0)
    const left = callerOf()
    void runtime.submit({ kind: 'wait', sum: 50 }, left.caller)
    runtime.close()
    expect(left.callbacks.size).toBe(0)
  })

  test('a timer set again replaces the first, and null takes it back', async () => {
    const { runtime, environment, machine } = await started()
    await runtime.submit({ kind: 'later', by: 1, delayMs: 10 })
    await runtime.submit({ kind: 'later', by: 100, delayMs: 20 })
    environment.advance(30)
    expect(machine.sum).toBe(100)
    await runtime.submit({ kind: 'later', by: 1, delayMs: 10 })
    await runtime.submit({ kind: 'later', by: 1, delayMs: null })
    environment.advance(30)
    expect(machine.sum).toBe(100)
    expect(environment.pendingTimers).toBe(0)
  })

  test('does not decide while the log refuses, and tries a timer again', async () => {
    const { runtime, log, environment, machine } = await started()
    await runtime.submit({ kind: 'later', by: 1, delayMs: 10 })
    log.refuse('unavailable')
    expect(await runtime.submit({ kind: 'add', by: 5 })).toEqual({ refused: 'unavailable' })
    environment.advance(15)
    expect(machine.sum).toBe(0)
    log.refuse(null)
    environment.advance(100)
    expect(machine.sum).toBe(1)
  })

  test('a reply that is not committed in time is refused, and the next one waits its own time', async () => {
    const log = new MemoryMachineLog({ isAutoCommitting: false })
    const { runtime, environment } = await started({ log })
    const first = runtime.submit({ kind: 'add', by: 1 })
    environment.advance(3000)
    const second = runtime.submit({ kind: 'read' })
    environment.advance(2000)
    expect(await first).toEqual({ refused: 'unavailable' })
    expect(await soFar(second)).toBe('pending')
    log.commitTo()
    expect(await second).toEqual({ sum: 1 })
    expect(runtime.unanswered).toBe(0)
  })

  test('a lost leadership drops the instance and refuses everything unanswered', async () => {
    const log = new MemoryMachineLog({ isAutoCommitting: false })
    const { runtime, environment, dropped } = await started({ log })
    const held = runtime.submit({ kind: 'add', by: 1 })
    const parked = runtime.submit({ kind: 'wait', sum: 100 })
    void runtime.submit({ kind: 'later', by: 1, delayMs: 10 })
    log.refuse('not-leader')
    expect(await held).toEqual({ refused: 'not-leader' })
    expect(await parked).toEqual({ refused: 'not-leader' })
    expect(await runtime.submit({ kind: 'read' })).toEqual({ refused: 'not-leader' })
    expect(dropped).toEqual(['not-leader'])
    expect(environment.pendingTimers).toBe(0)
  })

  test('a disk that refuses an append drops the instance as unavailable', async () => {
    const { runtime, log, dropped } = await started()
    log.appendError = new Error('no space')
    expect(await runtime.submit({ kind: 'add', by: 1 })).toEqual({ refused: 'unavailable' })
    expect(await runtime.submit({ kind: 'read' })).toEqual({ refused: 'unavailable' })
    expect(dropped).toEqual(['unavailable'])
  })

  test('a machine that throws drops the instance with all that waited, and nothing reaches the process', async () => {
    const { runtime, dropped, environment } = await started()
    const parked = runtime.submit({ kind: 'wait', sum: 5 })
    expect(await runtime.submit({ kind: 'broken' })).toEqual({ refused: 'unavailable' })
    expect(await parked).toEqual({ refused: 'unavailable' })
    expect(await runtime.submit({ kind: 'read' })).toEqual({ refused: 'unavailable' })
    expect(dropped).toEqual(['unavailable'])
    expect(environment.pendingTimers).toBe(0)
  })

  test('a timer whose command the machine throws at drops the instance too', async () => {
    const { runtime, dropped, environment, machine } = await started()
    await runtime.submit({ kind: 'later', by: 1, delayMs: 10 })
    machine.decide = () => {
      throw new TypeError('no such thing')
    }
    environment.advance(10)
    expect(dropped).toEqual(['unavailable'])
    expect(runtime.refusal).toBe('unavailable')
  })

  test('a broken assertion of a machine is left to the process', async () => {
    const { runtime, machine } = await started()
    machine.decide = () => {
      throw new AssertionError('broken')
    }
    await expect(runtime.submit({ kind: 'read' })).rejects.toThrow('broken')
  })

  test('a log that can not be read makes start reject and drops the instance', async () => {
    const log = new MemoryMachineLog()
    log.replay = () => Promise.reject(new Error('bad sector'))
    await expect(started({ log })).rejects.toThrow('bad sector')
  })

  test('close during the replay leaves the machine alone', async () => {
    const log = new MemoryMachineLog()
    const machine = new Tally()
    const runtime = new MachineRuntime<Command, Event, Reply>({
      machine,
      codec,
      log,
      environment: new ManualEnvironment(),
      logger: silentLogger,
      batchBytesMax: 1000,
    })
    const starting = runtime.start()
    runtime.close()
    await starting
    expect(machine.resumed).toBe(0)
    expect(runtime.refusal).toBe('not-leader')
  })

  test('refuses as overloaded beyond the bound on unanswered commands', async () => {
    const { runtime } = await started({ unansweredMax: 2 })
    void runtime.submit({ kind: 'wait', sum: 1 })
    void runtime.submit({ kind: 'wait', sum: 1 })
    expect(await runtime.submit({ kind: 'read' })).toEqual({ refused: 'overloaded' })
    expect(runtime.unanswered).toBe(2)
  })

  test('splits the events of a decision over batches within the limit, in order', async () => {
    const { runtime, log } = await started({ batchBytesMax: 400 })
    expect(await runtime.submit({ kind: 'add', by: 1, times: 30 })).toEqual({ sum: 30 })
    expect(log.batches.length).toBeGreaterThan(1)
    for (const batch of log.batches) expect(batchBytes(batch, 0)).toBeLessThanOrEqual(400)
    expect(log.batches.reduce((count, batch) => count + batchRecordCount(batch, 0), 0)).toBe(30)
  })

  test('events of a transaction count when its marker commits it, live and after a replay', async () => {
    const { runtime, log, machine } = await started()
    await runtime.submit({ kind: 'add', by: 1 })
    await runtime.submit({ kind: 'transaction', by: 10, producer: 5 })
    await runtime.submit({ kind: 'transaction', by: 100, producer: 6 })
    expect(machine.sum).toBe(1)
    expect(batchIsTransactional(log.batches[1]!, 0)).toBe(true)
    expect(await runtime.endTransaction({ id: 5, epoch: 0 }, 3, true)).toBeNull()
    expect(await runtime.endTransaction({ id: 6, epoch: 0 }, 3, false)).toBeNull()
    expect(machine.sum).toBe(11)
    const again = await started({ log: new MemoryMachineLog({ batches: log.batches }) })
    expect(again.machine.sum).toBe(11)
    expect(again.machine.undecided.size).toBe(0)
  })

  test('the state after a replay equals the live state', async () => {
    const { runtime, log, machine } = await started({ batchBytesMax: 300 })
    for (let by = -20; by < 20; by++) await runtime.submit({ kind: 'add', by, times: 1 + (by & 3) })
    const again = await started({ log: new MemoryMachineLog({ batches: log.batches }) })
    expect(again.machine.sum).toBe(machine.sum)
    expect(again.machine.resumed).toBe(1)
  })
})
