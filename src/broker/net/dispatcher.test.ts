import { afterEach, describe, expect, expectTypeOf, test } from 'vitest'
import { assert } from '../../base/assert.ts'
import { ManualEnvironment } from '../../base/environment.ts'
import { silentLogger } from '../../base/logger.ts'
import { API_TABLE } from '../../protocol/api.ts'
import { defaultApiVersionsResponse } from '../../protocol/generated/connection.ts'
import { MalformedError, Reader } from '../../protocol/reader.ts'
import { createDispatcher } from './dispatcher.ts'
import { Exchange } from './exchange.ts'
import { FrameMemory } from './frame-memory.ts'
import { ConnectionFault, type Handler, type HandlersFor, NO_RESPONSE } from './handler.ts'
import type { Rig } from './test-kit.ts'
import { BEATEN, frameOf, heartbeatFrame, produceFrame, startRig, turn, until } from './test-kit.ts'

let rig: Rig

afterEach(async () => {
  await rig.listener.close(0)
})

const quietHandlers = { Heartbeat: () => BEATEN, ApiVersions: () => defaultApiVersionsResponse() }

/** Sends bytes on a new connection and waits until it is closed; what was answered meanwhile. */
async function refused(bytes: Buffer): Promise<{ answers: number; line: string }> {
  const client = await rig.connect()
  client.write(bytes)
  await client.closed
  return { answers: client.frameCount, line: rig.lines.at(-1) ?? '' }
}

function rawFrame(hex: string): Buffer {
  const body = Buffer.from(hex, 'hex')
  const size = Buffer.alloc(4)
  size.writeInt32BE(body.length)
  return Buffer.concat([size, body])
}

describe('ApiVersions', () => {
  test('A2: an unknown version is answered with body version 0, error 35 and the range of key 18', async () => {
    rig = await startRig(quietHandlers)
    const client = await rig.connect()
    for (const version of ['0005', '0063', 'ffff']) {
      client.write(rawFrame(`0012${version}00000007ffff00`))
      expect((await client.next()).toString('hex')).toBe('00000007002300000001001200000004')
    }
    client.write(heartbeatFrame(8))
    expect(await client.nextId()).toBe(8)
  })

  test('A1: the response header has no tag byte in flexible versions either', async () => {
    rig = await startRig(quietHandlers)
    const client = await rig.connect()
    client.write(frameOf('ApiVersions', 9, { clientSoftwareName: 'kit', clientSoftwareVersion: '1' }))
    const frame = await client.next()
    expect(frame.readInt32BE(0)).toBe(9)
    const response = API_TABLE.ApiVersions.readResponse(
      new Reader(frame, 4),
      API_TABLE.ApiVersions.versionMax,
    )
    expect(response).toEqual(defaultApiVersionsResponse())
  })
})

describe('what cannot be answered closes the connection', () => {
  test('A8: an API that is not served, a version that is not, a key that does not exist', async () => {
    rig = await startRig(quietHandlers)
    for (const hex of ['000300010000000affff00000000', '000c00630000000affff00', '270f00000000000affff']) {
      const { answers, line } = await refused(rawFrame(hex))
      expect(answers).toBe(0)
      expect(line).toContain('unsupported request')
    }
  })

  test('A7: a header or a body that ends early, and a header that is not one', async () => {
    rig = await startRig(quietHandlers)
    for (const hex of ['', '00', '001200630000000a', '00120063000000 07ffffffffffffff'.replace(' ', '')])
      expect((await refused(rawFrame(hex))).line).toContain('malformed request header')
    const whole = heartbeatFrame(1).subarray(4)
    for (let length = 14; length < whole.length; length++) {
      const { answers, line } = await refused(rawFrame(whole.subarray(0, length).toString('hex')))
      expect(answers).toBe(0)
      expect(line === '' || line.includes('malformed request') || line.includes('suppressed')).toBe(true)
    }
  })

  test('A7: tagged fields that nobody knows are skipped in header and body', async () => {
    rig = await startRig(quietHandlers)
    const client = await rig.connect()
    // Heartbeat 4, two unknown tags in the header, one in the body.
    client.write(
      rawFrame('000c00040000000b0000020102aabb0200' + '0267' + '00000001' + '026d' + '00' + '010503010203'),
    )
    expect(await client.nextId()).toBe(11)
  })

  test('bytes after the end of a body are not minded', async () => {
    rig = await startRig(quietHandlers)
    const client = await rig.connect()
    client.write(rawFrame(`${heartbeatFrame(12).subarray(4).toString('hex')}010203`))
    expect(await client.nextId()).toBe(12)
  })

  test('a handler that names a fault of the world loses its connection and nothing else', async () => {
    const faults = [new ConnectionFault('disk is gone'), new MalformedError('nested bytes')]
    rig = await startRig({
      Heartbeat: (request) => {
        if (request.groupId === 'sync') throw faults[0]!
        return request.groupId === 'async' ? Promise.reject(faults[1]) : BEATEN
      },
    })
    const other = await rig.connect()
    expect((await refused(heartbeatFrame(1, 'sync'))).line).toContain('disk is gone')
    expect((await refused(heartbeatFrame(1, 'async'))).line).toContain('nested bytes')
    other.write(heartbeatFrame(2, 'fine'))
    expect(await other.nextId()).toBe(2)
    expect(rig.budget.usedBytes).toBe(0)
  })

  test('an answer that its version cannot carry closes the connection', async () => {
    rig = await startRig({
      SaslHandshake: () => ({ errorCode: 0, mechanisms: ['x'.repeat(40_000)] }),
    })
    expect((await refused(frameOf('SaslHandshake', 1, { mechanism: 'PLAIN' }))).line).toContain(
      'request failed',
    )
  })
})

describe('what nobody foresaw', () => {
  test.each(['sync', 'async'])(
    'costs the one connection, whether a handler throws or rejects (%s), with a stack in the log',
    async (how) => {
      rig = await startRig({
        Heartbeat: (request) => {
          if (request.groupId === 'sync')
            return (undefined as unknown as { answer(): typeof BEATEN }).answer()
          return request.groupId === 'async' ? Promise.reject(new RangeError('out of range')) : BEATEN
        },
      })
      const neighbour = await rig.connect()
      const { answers, line } = await refused(heartbeatFrame(1, how))
      expect(answers).toBe(0)
      expect(line).toContain('request failed by a fault of the broker')
      expect(line).toContain('dispatcher.test.ts')
      neighbour.write(heartbeatFrame(2, 'fine'))
      expect(await neighbour.nextId()).toBe(2)
      expect(rig.budget.usedBytes).toBe(0)
      expect(rig.counters[0]!.faults).toBe(1)
    },
  )

  test('is no different where it is thrown that is not an error', async () => {
    rig = await startRig({ Heartbeat: () => Promise.reject('a word') })
    expect((await refused(heartbeatFrame(1))).line).toContain('a word')
  })

  test('memory for a frame that is not to be had costs the connection that asked for it', async () => {
    const memory = new FrameMemory()
    const take = memory.take.bind(memory)
    memory.take = (bytesMin, bytesBest) => {
      if (bytesMin > 1_000_000) throw new RangeError('Array buffer allocation failed')
      return take(bytesMin, bytesBest)
    }
    rig = await startRig({ ...quietHandlers, Produce: () => NO_RESPONSE }, { memory })
    const neighbour = await rig.connect()
    const { line } = await refused(produceFrame(1, Buffer.alloc(2_000_000)))
    expect(line).toContain('Array buffer allocation failed')
    neighbour.write(heartbeatFrame(2))
    expect(await neighbour.nextId()).toBe(2)
    expect(rig.budget.usedBytes).toBe(0)
  })

  test('a callback at the end of a connection that throws keeps the others from nothing', async () => {
    let isHeard = false
    rig = await startRig({
      Heartbeat: (_request, { connection }) => {
        connection.onClose(() => {
          throw new TypeError('no such thing')
        })
        connection.onClose(() => {
          isHeard = true
        })
        return BEATEN
      },
    })
    const client = await rig.connect()
    client.write(heartbeatFrame(1))
    await client.next()
    client.socket.destroy()
    await until(() => isHeard && rig.listener.connectionCount === 0)
    expect(rig.lines.at(-1)).toContain('no such thing')
  })
})

test('a broken assertion in a handler is left to the process', async () => {
  rig = await startRig(quietHandlers)
  const dispatcher = createDispatcher({
    handlers: {
      Heartbeat: () => {
        assert(false, 'broken')
      },
    },
    environment: new ManualEnvironment(),
    logger: silentLogger,
  })
  const owner = { info: null as never, settled() {}, charged() {}, waits: () => true, finished() {} }
  const exchange = new Exchange(owner, 0, null)
  expect(() => dispatcher.dispatch(exchange, heartbeatFrame(1).subarray(4))).toThrow('broken')
  expect(exchange.outcome).toBe('pending')
})

test('requests are counted by API, with their errors and how long they took', async () => {
  const environment = new ManualEnvironment()
  rig = await startRig(
    {
      Heartbeat: async (request) => {
        if (request.groupId === 'fault') throw new ConnectionFault('fault')
        environment.advance(12)
        await turn()
        return request.groupId === 'unknown' ? { ...BEATEN, errorCode: 25 } : BEATEN
      },
    },
    { environment, isTimed: true },
  )
  const client = await rig.connect()
  client.write(Buffer.concat([heartbeatFrame(1), heartbeatFrame(2, 'unknown'), heartbeatFrame(3, 'fault')]))
  await client.closed
  const [counters] = rig.counters
  expect(counters).toMatchObject({ name: 'Heartbeat', requests: 3, answers: 2, faults: 1 })
  expect([...counters!.errors]).toEqual([[25, 1]])
  expect(counters!.durations).toMatchObject({ count: 2, sum: 24 })
})

test('a handler table without one of its handlers, or with a wrong answer, does not compile', async () => {
  rig = await startRig(quietHandlers)
  expectTypeOf<{ Heartbeat: Handler<'Heartbeat'> }>().toExtend<HandlersFor<'Heartbeat'>>()
  expectTypeOf<{ Heartbeat: Handler<'Heartbeat'> }>().not.toExtend<HandlersFor<'Heartbeat' | 'Produce'>>()
  expectTypeOf<{ Heartbeat: () => { errorCode: string } }>().not.toExtend<HandlersFor<'Heartbeat'>>()
})
