import { describe, expect, it } from 'vitest'
import { ManualEnvironment } from '../../base/environment.ts'
import { silentLogger } from '../../base/logger.ts'
import type { EventCodec } from '../../base/machine.ts'
import { MemoryMachineLog } from './memory-machine-log.ts'
import { type HostedMachine, MachineRuntime } from './runtime.ts'

/** Remembers what it was told to do, and asks for it until it is told that it is done. */
class Errands implements HostedMachine<string, string, string, string> {
  readonly open = new Set<string>()

  decide(errand: string, ticket: number) {
    const replies = [{ ticket, reply: errand }]
    return { events: [errand], replies, timers: [], effects: [errand] }
  }

  apply(errand: string): void {
    this.open.add(errand)
  }

  resume() {
    return { events: [], replies: [], timers: [], effects: [...this.open] }
  }
}

const codec: EventCodec<string> = {
  encode: (errand) => ({ key: null, value: Buffer.from(errand) }),
  decode: (_key, value) => String(value),
}

async function start(log: MemoryMachineLog) {
  const told: string[] = []
  const runtime = new MachineRuntime({
    machine: new Errands(),
    codec,
    log,
    environment: new ManualEnvironment(),
    logger: silentLogger,
    batchBytesMax: 1_000_000,
    onEffect: (errand) => told.push(errand),
  })
  await runtime.start()
  return { runtime, told }
}

describe('effects', () => {
  it('leave in order, each when the state that asks for it is committed', async () => {
    const log = new MemoryMachineLog({ isAutoCommitting: false })
    const { runtime, told } = await start(log)
    for (const errand of ['a', 'b', 'c']) void runtime.submit(errand)
    expect(told).toEqual([])
    log.commitTo(2)
    expect(told).toEqual(['a', 'b'])
    log.commitTo(3)
    expect(told).toEqual(['a', 'b', 'c'])
  })

  it('are lost with the leadership, and asked for again at the start', async () => {
    const log = new MemoryMachineLog({ isAutoCommitting: false })
    const { runtime, told } = await start(log)
    void runtime.submit('a')
    runtime.close()
    log.commitTo()
    expect(told).toEqual([])
    const next = await start(new MemoryMachineLog({ batches: log.batches }))
    expect(next.told).toEqual(['a'])
  })

  it('of the replay wait until all of that is committed', async () => {
    const before = new MemoryMachineLog()
    await (await start(before)).runtime.submit('a')
    const log = new MemoryMachineLog({ batches: before.batches, isAutoCommitting: false })
    const { told } = await start(log)
    expect(told).toEqual([])
    log.commitTo()
    expect(told).toEqual(['a'])
  })
})
