import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { advanceUntilSettled, untilTrue } from '../../test/support/advance.ts'
import { FakeBroker, type FakeHandlers, HANG_UP, NO_ANSWER } from '../../test/support/fake-broker.ts'
import { ManualEnvironment } from '../base/environment.ts'
import { defaultHeartbeatRequest, defaultHeartbeatResponse } from '../protocol/generated/groups.ts'
import { defaultMetadataRequest, defaultMetadataResponse } from '../protocol/generated/metadata.ts'
import { BadAnswerError, ConnectionError, TimeoutError, UnsupportedError } from './client-error.ts'
import { type Connection, Connection as PlainConnection } from './connection.ts'
import { openNegotiated } from './negotiate.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step()
})

const environment = new ManualEnvironment()

async function brokerWith(handlers: FakeHandlers): Promise<FakeBroker> {
  const broker = await FakeBroker.listen(handlers)
  cleanUp.push(() => broker.close())
  return broker
}

function options(address: { host: string; port: number }) {
  return { address, clientId: 'test', environment, connectTimeoutMs: 1_000, requestTimeoutMs: 500 }
}

async function connectTo(broker: FakeBroker): Promise<Connection> {
  const connection = await openNegotiated(options(broker.address))
  cleanUp.push(() => connection.close())
  return connection
}

const metadata = (clusterId: string) => ({ ...defaultMetadataResponse(), clusterId })

describe('version negotiation', () => {
  it('uses the highest version that both sides have', async () => {
    const broker = await brokerWith({ Metadata: () => metadata('c') })
    broker.versions = { Metadata: [0, 7] }
    const connection = await connectTo(broker)
    await connection.request('Metadata', { ...defaultMetadataRequest(), topics: [] })
    expect(broker.received.map(({ api, version }) => [api, version])).toEqual([
      ['ApiVersions', 4],
      ['Metadata', 7],
    ])
    expect(connection.versionOf('Metadata', 5)).toBe(5)
  })

  it('says which versions there are when none is common', async () => {
    const broker = await brokerWith({ Metadata: () => metadata('c') })
    broker.versions = { Metadata: [90, 95] }
    const connection = await connectTo(broker)
    expect(() => connection.versionOf('Metadata')).toThrow(
      new UnsupportedError('the broker has Metadata 90 to 95; this client has 0 to 13'),
    )
    expect(() => connection.versionOf('Fetch')).toThrow('the broker does not have Fetch')
    expect(connection.supports('Metadata')).toBe(false)
  })

  it('A2: reads the version 0 body of a broker that does not know ours, and asks again in one it knows', async () => {
    const broker = await brokerWith({ Metadata: () => metadata('c') })
    broker.handlers.ApiVersions = (_, { version, correlationId }) =>
      version > 2
        ? { raw: Buffer.from([...int32(correlationId), 0, 35, ...int32(1), 0, 18, 0, 0, 0, 2]) }
        : broker.apiVersions()
    const connection = await connectTo(broker)
    expect(broker.received.map(({ version, connection: index }) => [version, index])).toEqual([
      [4, 0],
      [2, 0],
    ])
    expect(connection.supports('Metadata')).toBe(true)
  })

  it('asks in version 0 on a new connection when the broker hangs up on ours', async () => {
    const broker = await brokerWith({ Metadata: () => metadata('c') })
    broker.handlers.ApiVersions = (_, { version }) => (version > 0 ? HANG_UP : broker.apiVersions())
    await connectTo(broker)
    expect(broker.received.map(({ version, connection }) => [version, connection])).toEqual([
      [4, 0],
      [0, 1],
    ])
  })

  it('refuses a peer that does not speak the protocol', async () => {
    const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    cleanUp.push(() => server.close())
    const { port } = server.address() as { port: number }
    await expect(openNegotiated(options({ host: '127.0.0.1', port }))).rejects.toThrow(
      `127.0.0.1:${port} sent a frame of 1213486160 bytes`,
    )
  })
})

describe('requests', () => {
  it('B1: are sent without waiting for earlier answers, and get theirs in order', async () => {
    let release = (): void => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    let count = 0
    const broker = await brokerWith({
      Metadata: async () => {
        const clusterId = `${count++}`
        if (clusterId === '0') await held
        return metadata(clusterId)
      },
    })
    const connection = await connectTo(broker)
    const answers = [1, 2, 3].map(() => connection.request('Metadata', defaultMetadataRequest()))
    await untilTrue(() => broker.requestsOf('Metadata').length === 1)
    expect(connection.pendingCount).toBe(3)
    release()
    expect((await Promise.all(answers)).map(({ clusterId }) => clusterId)).toEqual(['0', '1', '2'])
  })

  it('fail together when an answer is late: what follows it would be late too', async () => {
    const broker = await brokerWith({
      Metadata: () => NO_ANSWER,
      Heartbeat: () => defaultHeartbeatResponse(),
    })
    const connection = await connectTo(broker)
    const late = connection.request('Metadata', defaultMetadataRequest(), { timeoutMs: 100 })
    const next = connection.request('Heartbeat', defaultHeartbeatRequest())
    const both = Promise.allSettled([late, next])
    environment.advance(99)
    expect(connection.closedBy).toBeNull()
    environment.advance(1)
    for (const result of await both)
      expect(result).toMatchObject({
        status: 'rejected',
        reason: {
          name: 'TimeoutError',
          message: expect.stringMatching(/: no answer to Metadata within 100 ms$/),
        },
      })
    await expect(connection.request('Heartbeat', defaultHeartbeatRequest())).rejects.toMatchObject({
      sent: false,
    })
  })

  it('fail when the broker hangs up, as perhaps done', async () => {
    const broker = await brokerWith({ Metadata: () => HANG_UP })
    const connection = await connectTo(broker)
    let closed = 0
    connection.onClose(() => closed++)
    const error = await connection
      .request('Metadata', defaultMetadataRequest())
      .catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error).toMatchObject({ sent: true, retriable: true })
    expect(closed).toBe(1)
  })

  it('fail when the answer is for another request', async () => {
    const broker = await brokerWith({ Metadata: () => ({ raw: Buffer.from([0, 0, 0, 99, 0]) }) })
    const connection = await connectTo(broker)
    await expect(connection.request('Metadata', defaultMetadataRequest())).rejects.toThrow(
      new BadAnswerError("the broker's answer to Metadata is malformed: it answers request 99, not 2"),
    )
    expect(connection.closedBy).toBeInstanceOf(BadAnswerError)
  })

  it('fail when the answer is cut short', async () => {
    const broker = await brokerWith({
      Metadata: (_, { correlationId }) => ({ raw: Buffer.from(int32(correlationId)) }),
    })
    const connection = await connectTo(broker)
    await expect(connection.request('Metadata', defaultMetadataRequest())).rejects.toBeInstanceOf(
      BadAnswerError,
    )
  })

  it('that no version can carry are refused before they leave', async () => {
    const broker = await brokerWith({ Metadata: () => metadata('c') })
    broker.versions = { Metadata: [0, 0] }
    const connection = await connectTo(broker)
    await expect(
      connection.request('Metadata', { ...defaultMetadataRequest(), topics: null }),
    ).rejects.toBeInstanceOf(UnsupportedError)
    expect(connection.closedBy).toBeNull()
  })
})

describe('connecting', () => {
  it('says that nothing listens', async () => {
    const broker = await FakeBroker.listen()
    const { address } = broker
    await broker.close()
    await expect(openNegotiated(options(address))).rejects.toThrow(
      `127.0.0.1:${address.port}: connection refused: nothing listens there`,
    )
  })

  it('gives up when the broker takes the connection and says nothing', async () => {
    const broker = await brokerWith({ ApiVersions: () => NO_ANSWER })
    const opening = openNegotiated(options(broker.address))
    await expect(advanceUntilSettled(environment, opening)).rejects.toBeInstanceOf(TimeoutError)
  })

  it('sends what has no answer, and goes on with what has', async () => {
    const broker = await brokerWith({ Metadata: () => metadata('c'), Heartbeat: () => NO_ANSWER })
    const connection = await PlainConnection.open(options(broker.address))
    cleanUp.push(() => connection.close())
    connection.setVersions(
      new Map([
        [12, { min: 0, max: 4 }],
        [3, { min: 0, max: 13 }],
      ]),
    )
    await connection.sendOnly('Heartbeat', defaultHeartbeatRequest())
    expect(await connection.request('Metadata', defaultMetadataRequest())).toMatchObject({ clusterId: 'c' })
    expect(broker.received.map(({ api }) => api)).toEqual(['Heartbeat', 'Metadata'])
  })
})

function int32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]
}
