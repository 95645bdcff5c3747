import { afterEach, describe, expect, test } from 'vitest'
import { ByteBudget } from '../../base/byte-budget.ts'
import { ManualEnvironment } from '../../base/environment.ts'
import type { ApiName, ResponseOf } from '../../protocol/api.ts'
import { CLOSE_CONNECTION, type HandlersFor, NO_RESPONSE } from './handler.ts'
import type { Manual, Rig, RigOptions } from './test-kit.ts'
import {
  BEATEN,
  frameOf,
  heartbeatFrame,
  manual,
  PRODUCED,
  produceFrame,
  startRig,
  turn,
  until,
} from './test-kit.ts'

const rigs: Rig[] = []

async function rigOf<Served extends ApiName>(
  handlers: HandlersFor<Served>,
  options?: RigOptions,
): Promise<Rig> {
  const rig = await startRig(handlers, options)
  rigs.push(rig)
  return rig
}

afterEach(async () => {
  for (const rig of rigs.splice(0)) {
    const closed = rig.listener.close(0)
    if (rig.environment instanceof ManualEnvironment) rig.environment.advance(0)
    await closed
    expect(rig.listener.connectionCount).toBe(0)
  }
})

/** A Produce handler whose answers come when the test says. */
function manualProduce() {
  const calls: Manual<ResponseOf<'Produce'> | typeof NO_RESPONSE | typeof CLOSE_CONNECTION>[] = []
  return {
    calls,
    Produce: () => {
      const call = manual<ResponseOf<'Produce'> | typeof NO_RESPONSE | typeof CLOSE_CONNECTION>()
      calls.push(call)
      return call.promise
    },
  }
}

describe('order', () => {
  test('B1: answers leave in the order of the requests, whatever order the handlers finish in', async () => {
    const { calls, Produce } = manualProduce()
    const rig = await rigOf({ Produce })
    const client = await rig.connect()
    const random = new ManualEnvironment({ seed: 7 })
    const order = Array.from({ length: 40 }, (_, index) => index)
    client.write(Buffer.concat(order.map((id) => produceFrame(id))))
    await until(() => calls.length === order.length)
    const finishing = [...order].sort(() => random.random() - 0.5)
    for (const index of finishing) {
      calls[index]!.resolve(PRODUCED)
      if (random.random() < 0.5) await turn()
    }
    for (const id of order) expect(await client.nextId()).toBe(id)
    expect(rig.budget.usedBytes).toBe(0)
  })

  test('Produce is pipelined up to 64 requests and no further', async () => {
    const { calls, Produce } = manualProduce()
    const rig = await rigOf({ Produce })
    const client = await rig.connect()
    client.write(Buffer.concat(Array.from({ length: 70 }, (_, id) => produceFrame(id))))
    await until(() => calls.length >= 64)
    await turn()
    expect(calls.length).toBe(64)
    calls[1]!.resolve(PRODUCED)
    await turn()
    expect(calls.length).toBe(64)
    calls[0]!.resolve(PRODUCED)
    await until(() => calls.length === 66)
    for (const call of calls) call.resolve(PRODUCED)
    await until(() => calls.length === 70)
    for (const call of calls) call.resolve(PRODUCED)
    for (let id = 0; id < 70; id++) expect(await client.nextId()).toBe(id)
  })

  test('Produce is pipelined up to 8 MiB of requests and no further, but for a larger one alone', async () => {
    const { calls, Produce } = manualProduce()
    const rig = await rigOf({ Produce })
    const client = await rig.connect()
    const large = Buffer.alloc(3 * 1024 * 1024)
    client.write(Buffer.concat([1, 2, 3, 4].map((id) => produceFrame(id, large))))
    client.write(produceFrame(5, Buffer.alloc(9 * 1024 * 1024)))
    client.write(produceFrame(6))
    await until(() => calls.length >= 3)
    for (let spins = 0; spins < 20; spins++) await turn()
    expect(calls.length).toBe(3)
    calls[1]!.resolve(PRODUCED)
    await turn()
    expect(calls.length).toBe(3)
    calls[0]!.resolve(PRODUCED)
    await until(() => calls.length === 5)
    for (let spins = 0; spins < 20; spins++) await turn()
    expect(calls.length).toBe(5)
    for (const call of calls) call.resolve(PRODUCED)
    await until(() => calls.length === 6)
    calls[5]!.resolve(PRODUCED)
    for (let id = 1; id <= 6; id++) expect(await client.nextId()).toBe(id)
  })

  test('any other request is handled alone: after all before it, before all after it', async () => {
    const { calls, Produce } = manualProduce()
    const beats: Manual<typeof BEATEN>[] = []
    const Heartbeat = () => {
      const call = manual<typeof BEATEN>()
      beats.push(call)
      return call.promise
    }
    const rig = await rigOf({ Produce, Heartbeat })
    const client = await rig.connect()
    client.write(
      Buffer.concat([
        produceFrame(1),
        produceFrame(2),
        heartbeatFrame(3),
        heartbeatFrame(4),
        produceFrame(5),
      ]),
    )
    await until(() => calls.length === 2)
    await turn()
    expect(beats.length).toBe(0)
    calls[1]!.resolve(PRODUCED)
    await turn()
    expect(beats.length).toBe(0)
    calls[0]!.resolve(PRODUCED)
    await until(() => beats.length === 1)
    await turn()
    expect([calls.length, beats.length]).toEqual([2, 1])
    beats[0]!.resolve(BEATEN)
    await until(() => beats.length === 2)
    await turn()
    expect(calls.length).toBe(2)
    beats[1]!.resolve(BEATEN)
    await until(() => calls.length === 3)
    calls[2]!.resolve(PRODUCED)
    for (const id of [1, 2, 3, 4, 5]) expect(await client.nextId()).toBe(id)
  })

  test('B5: a request that waits on one connection does not hold up another', async () => {
    const waiting = manual<typeof BEATEN>()
    let first = true
    const rig = await rigOf({
      Heartbeat: () => {
        if (!first) return BEATEN
        first = false
        return waiting.promise
      },
    })
    const [slow, quick] = [await rig.connect(), await rig.connect()]
    slow.write(heartbeatFrame(1))
    await until(() => !first)
    quick.write(heartbeatFrame(2))
    expect(await quick.nextId()).toBe(2)
    waiting.resolve(BEATEN)
    expect(await slow.nextId()).toBe(1)
  })

  test('B2: frames split anywhere and many frames in one chunk are all answered', async () => {
    const seen: string[] = []
    const rig = await rigOf({
      Heartbeat: (request) => {
        seen.push(request.groupId)
        return BEATEN
      },
    })
    const client = await rig.connect()
    const frames = Buffer.concat([
      heartbeatFrame(1, 'one'),
      heartbeatFrame(2, 'two'),
      heartbeatFrame(3, 'three'),
    ])
    for (let split = 0; split <= frames.length; split++) {
      client.write(Buffer.from(frames.subarray(0, split)))
      await turn()
      await turn()
      client.write(Buffer.from(frames.subarray(split)))
      for (const id of [1, 2, 3]) expect(await client.nextId()).toBe(id)
      expect(seen.splice(0)).toEqual(['one', 'two', 'three'])
    }
    client.write(Buffer.concat(Array.from({ length: 500 }, (_, id) => heartbeatFrame(id))))
    for (let id = 0; id < 500; id++) expect(await client.nextId()).toBe(id)
  })
})

describe('requests without an answer', () => {
  test('B3: nothing is sent for acks=0, and what follows is answered with its own id', async () => {
    const rig = await rigOf({ Produce: () => NO_RESPONSE, Heartbeat: () => BEATEN })
    const client = await rig.connect()
    client.write(Buffer.concat([produceFrame(1), produceFrame(2), heartbeatFrame(3), produceFrame(4)]))
    expect(await client.nextId()).toBe(3)
    await until(() => rig.budget.usedBytes === 0)
    expect(client.frameCount).toBe(0)
  })

  test('B3: a handler closes the connection after the answers to what came before', async () => {
    const { calls, Produce } = manualProduce()
    const rig = await rigOf({ Produce })
    const client = await rig.connect()
    client.write(Buffer.concat([produceFrame(1), produceFrame(2), produceFrame(3), produceFrame(4)]))
    await until(() => calls.length === 4)
    calls[2]!.resolve(PRODUCED)
    calls[1]!.resolve(CLOSE_CONNECTION)
    calls[0]!.resolve(PRODUCED)
    await client.closed
    expect(client.frameCount).toBe(1)
    expect(await client.nextId()).toBe(1)
    expect(rig.budget.usedBytes).toBe(produceFrame(4).length)
    calls[3]!.resolve(PRODUCED)
    await until(() => rig.budget.usedBytes === 0)
  })

  test('requests that came before the client closed its side are handled', async () => {
    let produced = 0
    const rig = await rigOf({
      Produce: () => {
        produced++
        return NO_RESPONSE
      },
      Heartbeat: async () => {
        await turn()
        return BEATEN
      },
    })
    const client = await rig.connect()
    client.socket.end(
      Buffer.concat([
        produceFrame(1),
        heartbeatFrame(2),
        produceFrame(3),
        heartbeatFrame(4),
        produceFrame(5),
      ]),
    )
    await client.closed
    expect(produced).toBe(3)
    await until(() => rig.listener.connectionCount === 0 && rig.budget.usedBytes === 0)
  })

  test('a client that goes away while its request waits is told to whoever asked', async () => {
    const { calls, Produce } = manualProduce()
    let closedCalls = 0
    const rig = await rigOf({
      Produce: (_request, context) => {
        const unsubscribe = context.connection.onClose(() => closedCalls++)
        context.connection.onClose(() => closedCalls++)
        unsubscribe()
        return Produce()
      },
    })
    const client = await rig.connect()
    client.write(produceFrame(1))
    await until(() => calls.length === 1)
    client.socket.destroy()
    await until(() => rig.listener.connectionCount === 0)
    expect(closedCalls).toBe(1)
    expect(rig.budget.usedBytes).toBe(produceFrame(1).length)
    calls[0]!.resolve(PRODUCED)
    await until(() => rig.budget.usedBytes === 0)
  })
})

describe('limits', () => {
  test('an empty request budget stops the reading of a connection until bytes are given back', async () => {
    const { calls, Produce } = manualProduce()
    const records = Buffer.alloc(400_000, 1)
    const budget = new ByteBudget(1_000_000)
    const rig = await rigOf({ Produce }, { budget })
    const [first, second] = [await rig.connect(), await rig.connect()]
    first.write(Buffer.concat([produceFrame(1, records), produceFrame(2, records)]))
    await until(() => calls.length === 2)
    second.write(Buffer.concat([produceFrame(3, records), produceFrame(4, records)]))
    await until(() => budget.waitingCount === 1)
    expect(calls.length).toBe(2)
    calls[0]!.resolve(PRODUCED)
    await until(() => calls.length === 3)
    expect(await first.nextId()).toBe(1)
    calls[1]!.resolve(PRODUCED)
    await until(() => calls.length === 4)
    for (const call of calls) call.resolve(PRODUCED)
    expect(await second.nextId()).toBe(3)
    expect(await second.nextId()).toBe(4)
    expect(budget.usedBytes).toBe(0)
  })

  test('connections that are cut off while they wait for the budget leave the line', async () => {
    const { calls, Produce } = manualProduce()
    const records = Buffer.alloc(100_000, 1)
    const environment = new ManualEnvironment()
    const budget = new ByteBudget(150_000)
    const rig = await rigOf({ Produce }, { budget, environment })
    const [first, second, third] = [await rig.connect(), await rig.connect(), await rig.connect()]
    first.write(produceFrame(1, records))
    await until(() => calls.length === 1)
    second.write(produceFrame(2, records))
    third.write(produceFrame(3, records))
    await until(() => budget.waitingCount === 2)
    const closed = rig.listener.close(1000)
    await Promise.all([second.closed, third.closed])
    expect(budget.waitingCount).toBe(0)
    calls[0]!.resolve(PRODUCED)
    expect(await first.nextId()).toBe(1)
    await closed
    expect(budget.usedBytes).toBe(0)
  })

  test('a client that does not read its answers is read no further, and closed after 30 s', async () => {
    const environment = new ManualEnvironment()
    const body = Buffer.alloc(256 * 1024, 1)
    let handled = 0
    const rig = await rigOf(
      {
        SaslAuthenticate: () => {
          handled++
          return { errorCode: 0, errorMessage: null, authBytes: body, sessionLifetimeMs: 0 }
        },
      },
      { environment },
    )
    const client = await rig.connect()
    client.socket.pause()
    const request = saslFrame()
    client.write(Buffer.concat(Array.from({ length: 400 }, () => request)))
    await until(() => handled > 0)
    for (let sweep = 0; rig.listener.connectionCount > 0; sweep++) {
      expect(sweep).toBeLessThan(100)
      environment.advance(5000)
      await turn()
    }
    expect(handled).toBeLessThan(200)
    expect(rig.lines.some((line) => line.includes('does not read its answers'))).toBe(true)
    expect(rig.budget.usedBytes).toBe(0)
  })

  test('a client that reads slowly gets everything', async () => {
    const environment = new ManualEnvironment()
    const body = Buffer.alloc(1024 * 1024, 1)
    const rig = await rigOf(
      {
        SaslAuthenticate: () => ({ errorCode: 0, errorMessage: null, authBytes: body, sessionLifetimeMs: 0 }),
      },
      { environment },
    )
    const client = await rig.connect()
    const request = saslFrame()
    client.write(Buffer.concat(Array.from({ length: 30 }, () => request)))
    for (let index = 0; index < 30; index++) {
      client.socket.pause()
      for (let spins = 0; spins < 5; spins++) await turn()
      environment.advance(5000)
      client.socket.resume()
      expect((await client.next()).length).toBeGreaterThan(body.length)
    }
  })

  test('a client that stops in the middle of a request is closed after 30 s', async () => {
    const environment = new ManualEnvironment()
    const rig = await rigOf({ Produce: () => NO_RESPONSE }, { environment })
    const client = await rig.connect()
    client.write(produceFrame(1, Buffer.alloc(1000)).subarray(0, 500))
    await until(() => rig.budget.usedBytes > 0)
    environment.advance(5000)
    environment.advance(25_000)
    expect(rig.listener.connectionCount).toBe(1)
    environment.advance(10_000)
    await client.closed
    expect(rig.budget.usedBytes).toBe(0)
    expect(rig.lines.some((line) => line.includes('in the middle of a request'))).toBe(true)
  })

  test('B7: a connection without requests is closed after 10 minutes, one that waits for an answer is not', async () => {
    const environment = new ManualEnvironment()
    const { calls, Produce } = manualProduce()
    const rig = await rigOf({ Produce }, { environment, silentMsMax: 0 })
    const [idle, waiting] = [await rig.connect(), await rig.connect()]
    waiting.write(produceFrame(1))
    await until(() => calls.length === 1 && rig.listener.connectionCount === 2)
    environment.advance(9.5 * 60_000)
    expect(rig.listener.connectionCount).toBe(2)
    environment.advance(31_000)
    await idle.closed
    environment.advance(20 * 60_000)
    expect(rig.listener.connectionCount).toBe(1)
    calls[0]!.resolve(PRODUCED)
    expect(await waiting.nextId()).toBe(1)
  })

  test('B6: a muted connection gets its answer at once and is not read before the time is over', async () => {
    const environment = new ManualEnvironment()
    let handled = 0
    const rig = await rigOf(
      {
        Heartbeat: (_request, context) => {
          handled++
          context.muteAfterAnswer(300)
          context.muteAfterAnswer(100)
          return BEATEN
        },
      },
      { environment },
    )
    const client = await rig.connect()
    client.write(Buffer.concat([heartbeatFrame(1), heartbeatFrame(2)]))
    expect(await client.nextId()).toBe(1)
    environment.advance(299)
    await turn()
    expect(handled).toBe(1)
    environment.advance(1)
    expect(await client.nextId()).toBe(2)
  })

  test('B6: of the mutes of several pipelined requests the longest counts', async () => {
    const environment = new ManualEnvironment()
    const mutes = [100, 300, 200]
    let handled = 0
    const rig = await rigOf(
      {
        Produce: async (_request, context) => {
          context.muteAfterAnswer(mutes[handled++] ?? 0)
          await turn()
          return PRODUCED
        },
      },
      { environment },
    )
    const client = await rig.connect()
    client.write(Buffer.concat([1, 2, 3].map((id) => produceFrame(id))))
    for (const id of [1, 2, 3]) expect(await client.nextId()).toBe(id)
    client.write(produceFrame(4))
    for (let spins = 0; spins < 5; spins++) await turn()
    environment.advance(299)
    await turn()
    expect(handled).toBe(3)
    environment.advance(1)
    expect(await client.nextId()).toBe(4)
  })
})

function saslFrame(): Buffer {
  return frameOf('SaslAuthenticate', 1, { authBytes: Buffer.from('x') })
}
