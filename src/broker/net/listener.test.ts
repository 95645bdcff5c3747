import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { DescriptorBudget } from '../../base/descriptor-budget.ts'
import { ManualEnvironment } from '../../base/environment.ts'
import { AcceptRate } from './accept-rate.ts'
import { ConnectionFacts, plainHost } from './connection-facts.ts'
import type { ConnectionInfo } from './handler.ts'
import { loadKernelCalls } from './kernel-calls.ts'
import { RegionSender } from './sendfile.ts'
import { strayProtocol } from './stray-protocol.ts'
import type { Rig, RigOptions } from './test-kit.ts'
import { BEATEN, heartbeatFrame, manual, startRig, turn, until } from './test-kit.ts'

const rigs: Rig[] = []

async function rigOf(options: RigOptions = {}, Heartbeat = () => BEATEN): Promise<Rig> {
  const rig = await startRig({ Heartbeat }, options)
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

describe('A9: bytes that are no frames', () => {
  test.each([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: kafka\r\n\r\n'), 'HTTP on the Kafka port'],
    ['HTTP with a body', Buffer.from('POST /topics HTTP/1.1\r\n\r\n{}'), 'HTTP on the Kafka port'],
    ['TLS', Buffer.from('16030100f1010000ed0303', 'hex'), 'TLS on the Kafka port'],
    ['SSH', Buffer.from('SSH-2.0-OpenSSH_9.6\r\n'), 'SSH on the Kafka port'],
    ['a negative size', Buffer.from('ffffffff00', 'hex'), 'invalid request size'],
    ['a size above the limit', Buffer.from('06400001', 'hex'), 'invalid request size'],
    ['a size above the whole request budget', Buffer.from('03fffffd', 'hex'), 'invalid request size'],
  ])('%s is closed with a line that names it', async (_name, bytes, line) => {
    const rig = await rigOf()
    const client = await rig.connect()
    client.write(bytes)
    await client.closed
    expect(rig.lines.at(-1)).toContain(line)
    expect(rig.listener.connectionCount).toBe(0)
    expect(rig.budget.usedBytes).toBe(0)
  })

  test('sizes that a request may have are never taken for another protocol', () => {
    for (const size of [0, 1, 100, 65_536, 100 * 1024 * 1024]) expect(strayProtocol(size)).toBe(null)
    expect(strayProtocol(1213486160)).toBe('HTTP')
  })

  test('strangers cause a bounded number of log lines', async () => {
    const environment = new ManualEnvironment()
    const rig = await rigOf({ environment })
    const strike = async () => {
      const client = await rig.connect()
      client.write(Buffer.from('GET / HTTP/1.0\r\n\r\n'))
      await client.closed
    }
    for (let count = 0; count < 50; count++) await strike()
    expect(rig.lines.length).toBe(20)
    environment.advance(10_000)
    await strike()
    expect(rig.lines.length).toBe(21)
    expect(rig.lines.at(-1)).toContain('suppressed=30')
    await strike()
    expect(rig.lines.at(-1)).not.toContain('suppressed')
  })
})

describe('limits', () => {
  test('max.connections: one too many is refused, and there is room again when one goes', async () => {
    const rig = await rigOf({ connectionsMax: 2 })
    const [first] = [await rig.connect(), await rig.connect()]
    await until(() => rig.listener.connectionCount === 2)
    await (await rig.connect()).closed
    expect(rig.listener.refusedCount).toBe(1)
    expect(rig.lines.at(-1)).toContain('max.connections reached')
    first!.socket.destroy()
    await until(() => rig.listener.connectionCount === 1)
    const next = await rig.connect()
    next.write(heartbeatFrame(5))
    expect(await next.nextId()).toBe(5)
  })

  test('open files: connections never take those of others; it is said once, and when there is room again', async () => {
    const descriptors = new DescriptorBudget(8, { log: 4, connection: 1, other: 1 })
    const rig = await rigOf({ descriptors })
    const clients = [await rig.connect(), await rig.connect(), await rig.connect()]
    await until(() => rig.listener.connectionCount === 3)
    for (let count = 0; count < 3; count++) await (await rig.connect()).closed
    expect(rig.listener.traffic.refused.get('open files used up')).toBe(3)
    expect(rig.lines.filter((line) => line.includes('open files used up'))).toHaveLength(1)
    expect([descriptors.room('log'), descriptors.room('other')]).toEqual([4, 1])
    clients[0]!.socket.destroy()
    await until(() => rig.listener.connectionCount === 2)
    expect(rig.lines.at(-1)).toMatch(/there are open files again.*"refused":3|there are open files again.*3/)
    const next = await rig.connect()
    next.write(heartbeatFrame(5))
    expect(await next.nextId()).toBe(5)
    await rig.listener.close(0)
    expect(descriptors.used('connection')).toBe(0)
  })

  test('open files: those of clients that wait for their turn are given back when the listener closes', async () => {
    const environment = new ManualEnvironment()
    const descriptors = new DescriptorBudget(8, { log: 4, connection: 1, other: 1 })
    const acceptRate = new AcceptRate(environment, () => 1)
    const rig = await rigOf({ environment, acceptRate, descriptors })
    await Promise.all([rig.connect(), rig.connect()])
    await until(() => acceptRate.waitingCount === 1)
    expect(descriptors.used('connection')).toBe(2)
    const closed = rig.listener.close(0)
    environment.advance(0)
    await closed
    expect(descriptors.used('connection')).toBe(0)
  })

  test('max.connections.per.ip counts each address by itself', async () => {
    const rig = await rigOf({ connectionsPerHostMax: 1, host: '127.0.0.1' })
    const first = await rig.connect()
    await until(() => rig.listener.connectionCount === 1)
    await (await rig.connect()).closed
    expect(rig.lines.at(-1)).toContain('max.connections.per.ip reached')
    const elsewhere = connect({ port: rig.listener.port, host: '127.0.0.1', localAddress: '127.0.0.2' })
    await once(elsewhere, 'connect')
    await until(() => rig.listener.connectionCount === 2)
    elsewhere.destroy()
    first.socket.destroy()
    await until(() => rig.listener.connectionCount === 0)
    const again = await rig.connect()
    again.write(heartbeatFrame(6))
    expect(await again.nextId()).toBe(6)
  })
})

describe('clients that come', () => {
  test('who says nothing after it has connected is closed with a line, and counted; who has spoken stays', async () => {
    const environment = new ManualEnvironment()
    const rig = await rigOf({ environment, silentMsMax: 5000 })
    const [silent, spoken] = [await rig.connect(), await rig.connect()]
    await until(() => rig.listener.connectionCount === 2)
    spoken.write(heartbeatFrame(1))
    await spoken.next()
    environment.advance(4999)
    await turn()
    expect(rig.listener.connectionCount).toBe(2)
    environment.advance(2001)
    await silent.closed
    expect(rig.lines.at(-1)).toContain('client says nothing')
    expect(rig.listener.silentCount).toBe(1)
    spoken.write(heartbeatFrame(2))
    expect(await spoken.nextId()).toBe(2)
  })

  test('max.connection.creation.rate: who comes too fast waits for its turn, and what it sent is answered then', async () => {
    const environment = new ManualEnvironment()
    const rig = await rigOf({ environment, acceptRate: new AcceptRate(environment, () => 2) })
    const clients = [await rig.connect(), await rig.connect(), await rig.connect(), await rig.connect()]
    for (const client of clients) client.write(heartbeatFrame(7))
    await until(() => rig.listener.connectionCount === 2)
    await Promise.all([clients[0]!.next(), clients[1]!.next()])
    await turn()
    expect(clients[2]!.frameCount).toBe(0)
    environment.advance(500)
    expect(await clients[2]!.nextId()).toBe(7)
    expect(clients[3]!.frameCount).toBe(0)
    environment.advance(500)
    expect(await clients[3]!.nextId()).toBe(7)
  })

  test('who waits for its turn counts towards max.connections, and goes when the listener closes', async () => {
    const environment = new ManualEnvironment()
    const acceptRate = new AcceptRate(environment, () => 1)
    const rig = await rigOf({ environment, acceptRate, connectionsMax: 2 })
    const [, waiting] = [await rig.connect(), await rig.connect()]
    await until(() => acceptRate.waitingCount === 1)
    await (await rig.connect()).closed
    expect(rig.lines.at(-1)).toContain('max.connections reached')
    const closed = rig.listener.close(0)
    environment.advance(0)
    await Promise.all([closed, waiting.closed])
    expect(acceptRate.waitingCount).toBe(0)
  })

  test('max.connections.per.ip.overrides: the limit of an address is its own', async () => {
    const rig = await rigOf({ connectionsPerHostMax: (host) => (host === '127.0.0.2' ? 0 : 5) })
    await rig.connect()
    const elsewhere = connect({ port: rig.listener.port, host: '127.0.0.1', localAddress: '127.0.0.2' })
    await once(elsewhere.resume(), 'close')
    expect(rig.lines.at(-1)).toContain('max.connections.per.ip reached')
    expect(rig.listener.connectionCount).toBe(1)
  })
})

describe('closing', () => {
  test('answers under way still leave, idle clients go at once, no new request is handled', async () => {
    const answer = manual<typeof BEATEN>()
    let handled = 0
    const rig = await startRig({
      Heartbeat: () => {
        handled++
        return answer.promise
      },
    })
    const [busy, idle] = [await rig.connect(), await rig.connect()]
    busy.write(Buffer.concat([heartbeatFrame(1), heartbeatFrame(2)]))
    await until(() => handled === 1 && rig.listener.connectionCount === 2)
    let done = false
    const closed = rig.listener.close(1000).then(() => {
      done = true
    })
    await idle.closed
    await turn()
    expect(done).toBe(false)
    answer.resolve(BEATEN)
    expect(await busy.nextId()).toBe(1)
    await closed
    await busy.closed
    expect(handled).toBe(1)
    expect(rig.budget.usedBytes).toBe(0)
    const late = connect({ port: rig.listener.port, host: '127.0.0.1' })
    await once(late, 'error')
  })

  test('the deadline cuts off whoever is not answered by then', async () => {
    const environment = new ManualEnvironment()
    const answer = manual<typeof BEATEN>()
    let handled = 0
    const rig = await startRig(
      {
        Heartbeat: () => {
          handled++
          return answer.promise
        },
      },
      { environment },
    )
    const client = await rig.connect()
    client.write(heartbeatFrame(1))
    await until(() => handled === 1)
    const closed = rig.listener.close(1000)
    environment.advance(999)
    await turn()
    expect(rig.listener.connectionCount).toBe(1)
    environment.advance(1)
    await closed
    await client.closed
    expect(client.frameCount).toBe(0)
    answer.resolve(BEATEN)
    await until(() => rig.budget.usedBytes === 0)
    expect(environment.pendingTimers).toBe(0)
  })

  test('a second close with an earlier deadline ends the first one too', async () => {
    const environment = new ManualEnvironment()
    const answer = manual<typeof BEATEN>()
    let handled = 0
    const rig = await startRig(
      {
        Heartbeat: () => {
          handled++
          return answer.promise
        },
      },
      { environment },
    )
    const client = await rig.connect()
    client.write(heartbeatFrame(1))
    await until(() => handled === 1)
    const closed = [rig.listener.close(30_000), rig.listener.close(10)]
    environment.advance(10)
    await Promise.all(closed)
    await client.closed
  })

  test('a port that is taken is reported by listen', async () => {
    const rig = await rigOf()
    await expect(startRig({ Heartbeat: () => BEATEN }, { port: rig.listener.port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    })
  })
})

test('handlers see who asks', async () => {
  let seen: ConnectionInfo | null = null
  const rig = await startRig(
    {
      Heartbeat: (_request, context) => {
        seen = context.connection
        expect([context.apiVersion, context.clientId]).toEqual([4, 'kit'])
        return BEATEN
      },
    },
    { name: 'INTERNAL' },
  )
  rigs.push(rig)
  const client = await rig.connect()
  client.write(heartbeatFrame(1))
  await client.next()
  expect(seen).toMatchObject({
    clientHost: '127.0.0.1',
    clientPort: client.socket.localPort,
    localHost: '127.0.0.1',
    localPort: rig.listener.port,
    listenerName: 'INTERNAL',
    clientSoftwareName: 'unknown',
    closed: false,
  })
})

test('IPv4 clients of a dual-stack socket show their own address', () => {
  expect(plainHost('::ffff:10.0.0.7')).toBe('10.0.0.7')
  expect(plainHost('fe80::1')).toBe('fe80::1')
  expect(plainHost(undefined)).toBe('')
})

test('whoever asks to hear of the end of a connection that has ended hears it in the next tick', async () => {
  const rig = await rigOf()
  const client = await rig.connect()
  const facts = new ConnectionFacts(client.socket, 'PLAINTEXT')
  facts.close(() => {})
  let calls = 0
  facts.onClose(() => calls++)
  facts.onClose(() => calls++)()
  expect(calls).toBe(0)
  await turn()
  expect(calls).toBe(1)
})

test('a thousand idle connections cost little memory', async () => {
  const rig = await rigOf()
  const before = process.memoryUsage()
  const clients = []
  for (let count = 0; count < 1000; count++) clients.push(await rig.connect())
  await until(() => rig.listener.connectionCount === 1000)
  const after = process.memoryUsage()
  const usedBytes = after.heapUsed + after.external - before.heapUsed - before.external
  // Both ends are in this process: below 20 KiB each.
  expect(usedBytes / 2000).toBeLessThan(20 * 1024)
  for (const client of clients) client.socket.destroy()
  await until(() => rig.listener.connectionCount === 0)
})

test('the output that the kernel holds of a connection is bounded as the listener is told', async () => {
  const asked: number[] = []
  const setSendBuffer = (_socketFd: number, byteLength: number): boolean => asked.push(byteLength) > 0
  const sender = new RegionSender({ ...loadKernelCalls()!, setSendBuffer })
  const rig = await rigOf({ sender, sendBufferBytes: 65_536 })
  await rig.connect()
  await until(() => rig.listener.connectionCount === 1)
  expect(asked).toEqual([65_536])
})
