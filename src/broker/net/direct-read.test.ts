import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { type DirectReader, readDirectly } from './direct-read.ts'
import { turn, until } from './test-kit.ts'

let server: Server
let client: Socket

afterEach(async () => {
  client.destroy()
  await new Promise((resolve) => server.close(resolve))
})

/** A client's connection as a server gets it that leaves it paused. */
async function accept(options: { pauseOnConnect: boolean } = { pauseOnConnect: true }): Promise<Socket> {
  server = createServer({ allowHalfOpen: true, ...options })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const accepted = once(server, 'connection')
  client = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
  client.on('error', () => {})
  await once(client, 'connect')
  return (await accepted)[0] as Socket
}

/** Reads into one piece of memory after the other; `bytes` of each. */
class PieceReader implements DirectReader {
  readonly pieces: Buffer[] = []
  readonly read: Buffer[] = []
  readonly #bytes: number
  onFilled: () => void = () => {}

  constructor(bytes: number) {
    this.#bytes = bytes
  }

  target(): Buffer {
    this.pieces.push(Buffer.alloc(this.#bytes))
    return this.pieces.at(-1)!
  }

  filled(count: number): void {
    this.read.push(this.pieces.at(-1)!.subarray(0, count))
    this.onFilled()
  }

  get text(): string {
    return Buffer.concat(this.read).toString()
  }
}

describe('a socket that reads directly', () => {
  test('reads into what it is handed, and asks again after each read', async () => {
    const reader = new PieceReader(3)
    const socket = readDirectly(await accept(), reader)!
    socket.on('data', () => expect.fail('bytes came another way'))
    client.write('abcdefgh')
    await turn()
    expect(reader.read).toEqual([])
    socket.resume()
    await until(() => reader.text === 'abcdefgh')
    expect(reader.pieces.length).toBe(reader.read.length + 1)
    expect(reader.read.every(({ length }) => length <= 3)).toBe(true)
    expect(socket.bytesRead).toBe(8)
    socket.destroy()
  })

  test('reads nothing while paused, also when it is paused within a read', async () => {
    const reader = new PieceReader(4)
    const socket = readDirectly(await accept(), reader)!
    reader.onFilled = () => socket.pause()
    socket.resume()
    client.write('abcdefghijkl')
    await until(() => reader.text === 'abcd')
    for (let turns = 0; turns < 10; turns++) await turn()
    expect(reader.text).toBe('abcd')
    socket.resume()
    await until(() => reader.text.length > 4)
    expect(reader.text).toBe('abcdefgh')
    socket.destroy()
  })

  test('tells the end, may still write behind it, and is closed by both sides', async () => {
    const reader = new PieceReader(1024)
    const socket = readDirectly(await accept(), reader)!
    const ended = once(socket, 'end')
    socket.resume()
    client.end('last')
    await ended
    expect(reader.text).toBe('last')
    const closed = Promise.all([once(socket, 'close'), once(client, 'close')])
    const answered = once(client, 'data')
    socket.end('answer')
    expect(String((await answered)[0])).toBe('answer')
    await closed
  })

  test('may be destroyed within a read; nothing comes any more', async () => {
    const reader = new PieceReader(4)
    const socket = readDirectly(await accept(), reader)!
    reader.onFilled = () => socket.destroy()
    socket.resume()
    client.write('abcdefghijkl')
    await once(socket, 'close')
    expect(reader.text).toBe('abcd')
  })

  test('a client that resets the connection is an error and a close', async () => {
    const reader = new PieceReader(1024)
    const socket = readDirectly(await accept(), reader)!
    const events: string[] = []
    socket.on('error', (error: NodeJS.ErrnoException) => events.push(error.code!))
    socket.on('close', () => events.push('close'))
    socket.resume()
    client.write('x')
    await until(() => reader.text === 'x')
    client.resetAndDestroy()
    await until(() => events.includes('close'))
    expect(events).toEqual(['ECONNRESET', 'close'])
  })

  test('takes the place of the accepted one: the server counts it, and closes when it is closed', async () => {
    const accepted = await accept()
    const { remotePort, localPort } = accepted
    const socket = readDirectly(accepted, new PieceReader(16))!
    expect([socket.remotePort, socket.localPort]).toEqual([remotePort, localPort])
    expect(accepted.destroyed).toBe(true)
    await once(accepted, 'close')
    expect(await connections()).toBe(1)
    let isClosed = false
    const closed = new Promise<void>((resolve) =>
      server.close(() => {
        isClosed = true
        resolve()
      }),
    )
    await turn()
    expect(isClosed).toBe(false)
    socket.destroy()
    await closed
    server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
})

describe('sockets that are not as known stay as they are', () => {
  test.each([
    ['a closed socket', (socket: Socket) => void socket.destroy()],
    ['no handle', (socket: Socket) => void Object.assign(socket, { _handle: null })],
    [
      'a handle without buffers',
      (socket: Socket) => void Object.assign(handleOf(socket), { useUserBuffer: 1 }),
    ],
    ['no server', (socket: Socket) => void Object.assign(socket, { _server: null })],
    ['encryption', (socket: Socket) => void Object.assign(socket, { encrypted: true })],
  ])('%s', async (_name, change) => {
    const accepted = await accept()
    const handle = handleOf(accepted)
    const server = Reflect.get(accepted, '_server')
    change(accepted)
    const reader = new PieceReader(16)
    expect(readDirectly(accepted, reader)).toBe(null)
    expect(reader.pieces).toEqual([])
    Object.assign(accepted, accepted.destroyed ? {} : { _handle: handle, _server: server })
    accepted.destroy()
  })

  test('a server that does not pause', async () => {
    const accepted = await accept({ pauseOnConnect: false })
    expect(readDirectly(accepted, new PieceReader(16))).toBe(null)
    const data = once(accepted, 'data')
    client.write('as ever')
    expect(String((await data)[0])).toBe('as ever')
    accepted.destroy()
  })
})

function handleOf(socket: Socket): object {
  return Reflect.get(socket, '_handle') as object
}

function connections(): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
  )
}
