import { afterEach, describe, expect, test } from 'vitest'
import { ByteBudget } from '../../base/byte-budget.ts'
import { ManualEnvironment } from '../../base/environment.ts'
import type { ApiName, ResponseOf } from '../../protocol/api.ts'
import { FrameMemory } from './frame-memory.ts'
import {
  CLOSE_CONNECTION,
  ConnectionFault,
  type HandlersFor,
  NO_RESPONSE,
  type RequestContext,
} from './handler.ts'
import type { Rig, RigOptions } from './test-kit.ts'
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
  }
})

describe('frames of any size', () => {
  /** Which of the bytes are those of this client. */
  const recordsOf = (client: number, bytes: number): Buffer => {
    const records = Buffer.alloc(bytes)
    for (let index = 0; index < bytes; index++) records[index] = index * (2 * client + 3) + client
    return records
  }

  test('come whole, in order and unmixed from clients that write at the same time in pieces of any size', async () => {
    const sizes = [10, 3000, 32_000, 33_000, 65_535, 65_536, 70_000, 200_000, 1_048_576, 1_400_000, 2_500_000]
    const seen: Buffer[][] = [[], [], []]
    const memory = new FrameMemory({ recycling: true, poisonByte: 0xee })
    const rig = await rigOf(
      {
        Produce: async (request) => {
          const records = request.topicData[0]!.partitionData[0]!.records as Buffer
          await turn()
          seen[records.readUInt8(0)]!.push(Buffer.from(records))
          return PRODUCED
        },
      },
      { memory },
    )
    const random = new ManualEnvironment({ seed: 5 })
    const orders = [0, 1, 2].map(() => [...sizes, ...sizes].sort(() => random.random() - 0.5))
    const run = async (order: readonly number[], index: number): Promise<void> => {
      const client = await rig.connect()
      const stream = Buffer.concat(order.map((bytes, id) => produceFrame(id, recordsOf(index, bytes))))
      for (let at = 0; at < stream.length; ) {
        const count =
          1 + Math.floor(random.random() * [10, 5000, 100_000, 1_000_000][Math.floor(random.random() * 4)]!)
        client.write(stream.subarray(at, at + count))
        at += count
        if (random.random() < 0.5) await turn()
      }
      for (const id of order.keys()) expect(await client.nextId()).toBe(id)
    }
    await Promise.all(orders.map(run))
    for (const [index, order] of orders.entries()) {
      expect(seen[index]!.map(({ length }) => length)).toEqual(order)
      expect(seen[index]!.every((records, at) => records.equals(recordsOf(index, order[at]!)))).toBe(true)
    }
    expect(rig.budget.usedBytes).toBe(0)
  })

  test('that wait for the budget, a turn or the end of a mute in the middle of a read are not lost', async () => {
    const seen: number[] = []
    const environment = new ManualEnvironment()
    const rig = await rigOf(
      {
        Produce: async (request, context) => {
          const records = request.topicData[0]!.partitionData[0]!.records as Buffer
          expect(records.equals(recordsOf(1, records.length))).toBe(true)
          seen.push(records.length)
          if (seen.length === 3) context.muteAfterAnswer(100)
          await turn()
          return PRODUCED
        },
        Heartbeat: async () => {
          await turn()
          return BEATEN
        },
      },
      { environment, budget: new ByteBudget(150_000) },
    )
    const client = await rig.connect()
    const sizes = [100, 100_000, 100_000, 120_000, 50, 90_000]
    const frames = sizes.map((bytes, id) => [
      produceFrame(2 * id, recordsOf(1, bytes)),
      heartbeatFrame(2 * id + 1),
    ])
    client.write(Buffer.concat(frames.flat()))
    for (let id = 0; id < 2 * sizes.length; id++) {
      const next = client.nextId()
      if (id > 4) {
        for (let spins = 0; spins < 3; spins++) await turn()
        environment.advance(100)
      }
      expect(await next).toBe(id)
    }
    expect(seen).toEqual(sizes)
  })
})

describe('the memory of frames', () => {
  const records = Buffer.alloc(100_000, 1)
  const frameBytes = 128 * 1024

  async function memoryAfter(
    Produce: (
      context: RequestContext,
    ) => typeof NO_RESPONSE | typeof CLOSE_CONNECTION | Promise<ResponseOf<'Produce'>>,
    meanwhile: (rig: Rig, memory: FrameMemory) => Promise<void> = async () => {},
  ): Promise<number> {
    const memory = new FrameMemory({ recycling: true })
    let handled = 0
    const handler = (_request: unknown, context: RequestContext) => {
      handled++
      return Produce(context)
    }
    const rig = await rigOf({ Produce: handler }, { memory })
    const client = await rig.connect()
    client.write(produceFrame(1, records))
    await until(() => handled === 1)
    await meanwhile(rig, memory)
    await until(() => rig.budget.usedBytes === 0)
    return memory.idleBytes
  }

  test('that of a Produce request is free when the answer has left, not before', async () => {
    const answer = manual<ResponseOf<'Produce'>>()
    const idleBytes = await memoryAfter(
      () => answer.promise,
      async (_rig, memory) => {
        await turn()
        expect(memory.idleBytes).toBe(0)
        answer.resolve(PRODUCED)
      },
    )
    expect(idleBytes).toBe(frameBytes)
  })

  test('it is free too when there is no answer, or the connection closes instead', async () => {
    expect(await memoryAfter(() => NO_RESPONSE)).toBe(frameBytes)
    expect(await memoryAfter(() => CLOSE_CONNECTION)).toBe(frameBytes)
  })

  test('it is not free while the handler runs on behind the end of the connection', async () => {
    const answer = manual<ResponseOf<'Produce'>>()
    const idleBytes = await memoryAfter(
      () => answer.promise,
      async (rig, memory) => {
        const closed = rig.listener.close(0)
        ;(rig.environment as ManualEnvironment).advance(0)
        await closed
        expect(memory.idleBytes).toBe(0)
        answer.resolve(PRODUCED)
      },
    )
    expect(idleBytes).toBe(frameBytes)
  })

  test('it is never used again where the handler keeps it or fails', async () => {
    const keeping = async (context: RequestContext) => {
      context.keepFrame()
      return PRODUCED
    }
    const failing = async () => {
      throw new ConnectionFault('the world')
    }
    expect(await memoryAfter(keeping)).toBe(0)
    expect(await memoryAfter(failing)).toBe(0)
  })

  test('that of any other request is its handler\u2019s for good', async () => {
    const memory = new FrameMemory({ recycling: true })
    const kept: Buffer[] = []
    const rig = await rigOf(
      {
        SaslAuthenticate: ({ authBytes }) => {
          kept.push(authBytes)
          return { errorCode: 0, errorMessage: null, authBytes: Buffer.alloc(0), sessionLifetimeMs: 0 }
        },
      },
      { memory },
    )
    const client = await rig.connect()
    for (const fill of [1, 2, 3]) {
      client.write(frameOf('SaslAuthenticate', fill, { authBytes: Buffer.alloc(100_000, fill) }))
      expect(await client.nextId()).toBe(fill)
    }
    expect(memory.idleBytes).toBe(0)
    expect(kept.map((bytes) => bytes.every((byte) => byte === bytes[0]))).toEqual([true, true, true])
  })
})
