import { createHash } from 'node:crypto'
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BytePart, ByteSource, FileRegion } from '../../base/byte-source.ts'
import type { IncomingResponseOf, ResponseOf } from '../../protocol/api.ts'
import { API_TABLE, decodeResponse } from '../../protocol/api.ts'
import {
  defaultFetchRequest,
  defaultFetchResponse,
  defaultFetchResponseResponse,
  defaultFetchResponseResponsePartition,
} from '../../protocol/generated/produce-fetch.ts'
import { type KernelCalls, loadKernelCalls, NUDGE_BYTES } from './kernel-calls.ts'
import { RegionSender, RegionTruncated } from './sendfile.ts'
import {
  connectRaw,
  frameOf,
  manual,
  type RawClient,
  type Rig,
  startRig,
  TestRegion,
  turn,
  until,
} from './test-kit.ts'

const MIB = 1024 * 1024
const FILE_BYTES = 100 * MIB
const kernel = loadKernelCalls()

let directory: string
let path: string
let smallPath: string

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'regions-'))
  path = join(directory, 'large')
  smallPath = join(directory, 'small')
  writeNumbers(path, FILE_BYTES)
  writeNumbers(smallPath, MIB)
})

afterAll(() => rmSync(directory, { recursive: true }))

/** Bytes that differ everywhere: a lost, doubled or misplaced one changes the hash. */
function writeNumbers(file: string, byteLength: number): void {
  const fd = openSync(file, 'w')
  const block = new Uint32Array(MIB / 4)
  for (let position = 0; position < byteLength; position += MIB) {
    for (let index = 0; index < block.length; index++) block[index] = (position / 4 + index) * 2654435761
    writeSync(fd, block)
  }
  closeSync(fd)
}

/** A server-side socket, and its client. */
async function socketPair(): Promise<{ socket: Socket; client: Socket; close(): void }> {
  const server = createServer({ noDelay: true })
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const raw = await connectRaw(typeof address === 'object' && address !== null ? address.port : 0)
  raw.socket.removeAllListeners('data')
  const socket = await accepted
  socket.on('error', () => {})
  return {
    socket,
    client: raw.socket,
    close() {
      socket.destroy()
      raw.socket.destroy()
      server.close()
    },
  }
}

function hashOf(client: Socket, byteLength: number): Promise<string> {
  const hash = createHash('sha1')
  let bytes = 0
  return new Promise((resolve) => {
    client.on('data', (chunk: Buffer) => {
      hash.update(chunk)
      bytes += chunk.length
      if (bytes === byteLength) resolve(hash.digest('hex'))
    })
  })
}

function send(sender: RegionSender, socket: Socket, region: FileRegion): Promise<Error | null> {
  return new Promise((resolve) => {
    sender.send(socket, region, (error) => {
      region.release()
      resolve(error)
    })
  })
}

function openDescriptors(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0
}

function sourceOf(parts: readonly BytePart[]): ByteSource {
  return { byteLength: parts.reduce((sum, part) => sum + part.byteLength, 0), parts }
}

/** The real calls, except for what a test changes. */
function callsWith(changes: Partial<KernelCalls>): KernelCalls {
  return { ...kernel!, ...changes }
}

describe.runIf(kernel !== null)('sendfile', () => {
  test('a large region leaves whole, by sendfile and not through a buffer', async () => {
    const offset = 12_345
    const byteLength = FILE_BYTES - 54_321
    const expected = createHash('sha1')
      .update(readFileSync(path).subarray(offset, offset + byteLength))
      .digest('hex')
    const pair = await socketPair()
    let timesFull = 0
    const calls = callsWith({
      isCached: () => true,
      sendNow(socketFd, fileFd, position, asked) {
        const sentBytes = kernel!.sendNow(socketFd, fileFd, position, asked)
        if (sentBytes < asked) timesFull++
        return sentBytes
      },
    })
    const sender = new RegionSender(calls)
    const received = hashOf(pair.client, byteLength)
    expect(await send(sender, pair.socket, new TestRegion(path, offset, byteLength))).toBe(null)
    expect(await received).toBe(expected)
    expect(sender.sendfileBytes + sender.copiedBytes).toBe(byteLength)
    expect(sender.sendfileBytes).toBeGreaterThan(sender.copiedBytes)
    expect(sender.copiedBytes).toBeLessThanOrEqual(NUDGE_BYTES * timesFull)
    pair.close()
  })

  test('what is not in the page cache leaves from a pool thread, whole', async () => {
    const expected = createHash('sha1').update(readFileSync(path)).digest('hex')
    const pair = await socketPair()
    const sender = new RegionSender(callsWith({ isCached: () => false }))
    const received = hashOf(pair.client, FILE_BYTES)
    const before = openDescriptors()
    const region = new TestRegion(path, 0, FILE_BYTES)
    expect(await send(sender, pair.socket, region)).toBe(null)
    expect(await received).toBe(expected)
    expect(sender.sendfileBytes).toBeGreaterThan(FILE_BYTES * 0.95)
    expect(openDescriptors()).toBeLessThanOrEqual(before)
    pair.close()
  })

  test('a file that sendfile refuses is read and written instead', async () => {
    const expected = createHash('sha1').update(readFileSync(smallPath)).digest('hex')
    const pair = await socketPair()
    let tries = 0
    const sendNow = () => {
      tries++
      return -1
    }
    const sender = new RegionSender(callsWith({ isCached: () => true, sendNow }))
    const received = hashOf(pair.client, MIB)
    expect(await send(sender, pair.socket, new TestRegion(smallPath, 0, MIB))).toBe(null)
    expect(await received).toBe(expected)
    expect(sender.copiedBytes).toBe(MIB)
    expect(tries).toBe(3)
    pair.close()
  })

  test('where no descriptor is left for a call on a pool thread, the region is read and written instead', async () => {
    const expected = createHash('sha1').update(readFileSync(smallPath)).digest('hex')
    const pair = await socketPair()
    const sender = new RegionSender(callsWith({ isCached: () => false, duplicate: () => -1 }))
    const received = hashOf(pair.client, MIB)
    expect(await send(sender, pair.socket, new TestRegion(smallPath, 0, MIB))).toBe(null)
    expect(await received).toBe(expected)
    expect([sender.sendfileBytes, sender.copiedBytes]).toEqual([0, MIB])
    pair.close()
  })

  test('a socket that is destroyed during a call keeps its descriptor until the call is over', async () => {
    const pair = await socketPair()
    const held: (() => void)[] = []
    let sentOn = -1
    const sender = new RegionSender(
      callsWith({
        isCached: () => false,
        send: (socketFd, _fileFd, _position, _bytes, done) => {
          sentOn = socketFd
          held.push(() => done(-1))
        },
      }),
    )
    const region = new TestRegion(smallPath, 0, MIB)
    const before = openDescriptors()
    const sent = send(sender, pair.socket, region)
    await until(() => held.length === 1)
    expect(sentOn).not.toBe((pair.socket as unknown as { _handle: { fd: number } })._handle.fd)
    pair.socket.destroy()
    await turn()
    expect(readdirSync('/proc/self/fd')).toContain(String(sentOn))
    expect(region.released).toBe(0)
    held[0]!()
    expect(await sent).toBeInstanceOf(Error)
    expect(region.released).toBe(1)
    expect(readdirSync('/proc/self/fd')).not.toContain(String(sentOn))
    expect(openDescriptors()).toBeLessThan(before)
    pair.close()
  })

  test('at most two calls wait for the disk at once', async () => {
    const pairs = await Promise.all([socketPair(), socketPair(), socketPair(), socketPair()])
    const held: (() => void)[] = []
    const sender = new RegionSender(
      callsWith({
        isCached: () => false,
        send: (_socketFd, _fileFd, _position, bytes, done) => held.push(() => done(bytes)),
      }),
    )
    const sent = pairs.map((pair) => send(sender, pair.socket, new TestRegion(smallPath, 0, MIB)))
    await turn()
    expect(held.length).toBe(2)
    pairs[2]!.socket.destroy()
    held[0]!()
    expect(held.length).toBe(3)
    for (const done of held.slice(1)) done()
    const results = await Promise.all(sent)
    expect(results.map((result) => result === null)).toEqual([true, true, false, true])
    for (const pair of pairs) pair.close()
  })
})

describe('the portable path', () => {
  test('sends the same bytes', async () => {
    const expected = createHash('sha1').update(readFileSync(path)).digest('hex')
    const pair = await socketPair()
    const sender = new RegionSender(null)
    const received = hashOf(pair.client, FILE_BYTES)
    expect(await send(sender, pair.socket, new TestRegion(path, 0, FILE_BYTES))).toBe(null)
    expect(await received).toBe(expected)
    expect([sender.sendfileBytes, sender.copiedBytes]).toEqual([0, FILE_BYTES])
    pair.close()
  })

  test('serves regions that are in no file', async () => {
    const bytes = Buffer.from('0123456789')
    const region: FileRegion = {
      fd: -1,
      position: 0,
      byteLength: 10,
      read: (target, offset) => Promise.resolve(bytes.copy(target, 0, offset, Math.min(10, offset + 3))),
      release() {},
    }
    const pair = await socketPair()
    const sender = new RegionSender(kernel)
    const received = hashOf(pair.client, 10)
    expect(await send(sender, pair.socket, region)).toBe(null)
    expect(await received).toBe(createHash('sha1').update(bytes).digest('hex'))
    expect(sender.copiedBytes).toBe(10)
    pair.close()
  })

  test.each([['with', kernel] as const, ['without', null] as const])(
    'a file that ends before its region is an error (%s sendfile)',
    async (_name, calls) => {
      const cut = join(directory, 'cut')
      writeNumbers(cut, MIB)
      truncateSync(cut, 1000)
      const pair = await socketPair()
      const result = await send(new RegionSender(calls), pair.socket, new TestRegion(cut, 0, MIB))
      expect(result).toBeInstanceOf(RegionTruncated)
      pair.close()
    },
  )
})

describe('answers with regions', () => {
  const apiVersion = 11

  function fetchAnswer(parts: readonly BytePart[]): ResponseOf<'Fetch'> {
    const partition = defaultFetchResponseResponsePartition()
    const partitions = [
      { ...partition, records: sourceOf(parts) },
      { ...partition, records: Buffer.from('in between') },
      { ...partition, records: sourceOf([]) },
    ]
    return {
      ...defaultFetchResponse(),
      responses: [{ ...defaultFetchResponseResponse(), topic: 'topic', partitions }],
    }
  }

  function fetchRig(parts: () => BytePart[], sender: RegionSender): Promise<Rig> {
    return startRig({ Fetch: () => fetchAnswer(parts()) }, { sender })
  }

  function fetchFrame(correlationId: number): Buffer {
    return frameOf('Fetch', correlationId, { ...defaultFetchRequest(), maxBytes: 1 }, apiVersion)
  }

  async function nextFetch(client: RawClient, correlationId: number): Promise<IncomingResponseOf<'Fetch'>> {
    return decodeResponse(API_TABLE.Fetch, apiVersion, correlationId, await client.next())
  }

  test.each([['with', kernel] as const, ['without', null] as const])(
    'memory and regions leave in their order, answer after answer (%s sendfile)',
    async (_name, calls) => {
      const file = readFileSync(smallPath)
      const regions: TestRegion[] = []
      const regionOf = (position: number, byteLength: number) => {
        const region = new TestRegion(smallPath, position, byteLength)
        regions.push(region)
        return region
      }
      const rig = await fetchRig(
        () => [
          file.subarray(0, 100),
          regionOf(100, 300_000),
          regionOf(300_100, 1),
          file.subarray(300_101, 400_000),
          regionOf(400_000, MIB - 400_000),
        ],
        new RegionSender(calls),
      )
      const client = await rig.connect()
      client.write(Buffer.concat([1, 2, 3, 4, 5].map(fetchFrame)))
      for (const id of [1, 2, 3, 4, 5]) {
        const partitions = (await nextFetch(client, id)).responses[0]!.partitions
        expect(partitions[0]!.records!.equals(file)).toBe(true)
        expect(partitions[1]!.records!.toString()).toBe('in between')
        expect(partitions[2]!.records!.length).toBe(0)
      }
      await until(() => rig.budget.usedBytes === 0)
      expect(regions.map((region) => region.released)).toEqual(Array(15).fill(1))
      if (calls === null) expect(rig.sender.sendfileBytes).toBe(0)
      else expect(rig.sender.sendfileBytes).toBeGreaterThan(rig.sender.copiedBytes)
      await rig.listener.close(0)
    },
  )

  test.each([['with', kernel] as const, ['without', null] as const])(
    'a client that goes away in the middle leaves no descriptor behind (%s sendfile)',
    async (_name, calls) => {
      const regions: TestRegion[] = []
      const rig = await fetchRig(() => {
        const region = new TestRegion(path, 0, FILE_BYTES)
        regions.push(region)
        return [region, Buffer.from('tail'), regions[0]!]
      }, new RegionSender(calls))
      const before = openDescriptors()
      for (let round = 0; round < 10; round++) {
        regions.length = 0
        const client = await rig.connect()
        client.write(fetchFrame(round))
        await new Promise((resolve) => client.socket.once('readable', resolve).once('data', resolve))
        client.socket.destroy()
        await until(() => rig.listener.connectionCount === 0 && rig.budget.usedBytes === 0)
        expect(regions.map((region) => region.released)).toEqual([2])
      }
      expect(openDescriptors()).toBeLessThanOrEqual(before)
      await rig.listener.close(0)
    },
  )

  test('a region waits until the kernel has taken all that is before it', async () => {
    const large = Buffer.alloc(12 * MIB, 7)
    const regions: TestRegion[] = []
    const rig = await fetchRig(() => {
      regions.push(new TestRegion(smallPath, 0, MIB))
      return [large, regions.at(-1)!]
    }, new RegionSender(kernel))
    const client = await rig.connect()
    client.write(Buffer.concat([fetchFrame(1), fetchFrame(2)]))
    for (const id of [1, 2]) {
      const records = (await nextFetch(client, id)).responses[0]!.partitions[0]!.records!
      expect(records.subarray(0, large.length).equals(large)).toBe(true)
      expect(records.subarray(large.length).equals(readFileSync(smallPath))).toBe(true)
    }
    await rig.listener.close(0)
  })

  test.runIf(kernel !== null)(
    'a region that is being sent when its client goes is released once, afterwards',
    async () => {
      const held: (() => void)[] = []
      const calls = callsWith({
        isCached: () => false,
        send: (_socketFd, _fileFd, _position, _bytes, done) => held.push(() => done(-1)),
      })
      const regions: TestRegion[] = []
      const rig = await fetchRig(() => {
        regions.push(new TestRegion(smallPath, 0, 100), new TestRegion(smallPath, 100, 100))
        return regions
      }, new RegionSender(calls))
      const client = await rig.connect()
      client.write(fetchFrame(1))
      await until(() => held.length === 1)
      client.socket.destroy()
      await until(() => rig.listener.connectionCount === 0)
      expect(regions.map((region) => region.released)).toEqual([0, 1])
      expect(rig.budget.usedBytes).toBeGreaterThan(0)
      held[0]!()
      expect(regions.map((region) => region.released)).toEqual([1, 1])
      expect(rig.budget.usedBytes).toBe(0)
      await rig.listener.close(0)
    },
  )

  test('regions of an answer that comes after its client has gone are released', async () => {
    const answer = manual<ResponseOf<'Fetch'>>()
    let handled = false
    const rig = await startRig({
      Fetch: () => {
        handled = true
        return answer.promise
      },
    })
    const client = await rig.connect()
    client.write(fetchFrame(1))
    await until(() => handled)
    client.socket.destroy()
    await until(() => rig.listener.connectionCount === 0)
    const region = new TestRegion(smallPath, 0, 100)
    answer.resolve(fetchAnswer([region]))
    await until(() => rig.budget.usedBytes === 0)
    expect(region.released).toBe(1)
    await rig.listener.close(0)
  })

  test('a file that cannot be read to its promised end ends the connection', async () => {
    const cut = join(directory, 'cut-answer')
    writeNumbers(cut, MIB)
    truncateSync(cut, 1000)
    let region: TestRegion | null = null
    const rig = await fetchRig(() => {
      region = new TestRegion(cut, 0, MIB)
      return [region]
    }, new RegionSender(kernel))
    const client = await rig.connect()
    client.write(fetchFrame(1))
    await client.closed
    expect(client.frameCount).toBe(0)
    expect(rig.lines.at(-1)).toContain('the file ends before the region')
    expect(region!.released).toBe(1)
    await rig.listener.close(0)
  })
})
