import { once } from 'node:events'
import { closeSync, openSync, read } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { ByteBudget } from '../../base/byte-budget.ts'
import type { FileRegion } from '../../base/byte-source.ts'
import { type Environment, ManualEnvironment } from '../../base/environment.ts'
import { keptLog } from '../../base/test-kit.ts'
import type { ApiName, OutgoingRequestOf } from '../../protocol/api.ts'
import { API_TABLE, encodeRequest } from '../../protocol/api.ts'
import { defaultProduceResponse, type ProduceRequest } from '../../protocol/generated/produce-fetch.ts'
import { type ApiCounters, createDispatcher } from './dispatcher.ts'
import type { HandlersFor } from './handler.ts'
import { loadKernelCalls } from './kernel-calls.ts'
import { Listener, type ListenerOptions } from './listener.ts'
import { RegionSender } from './sendfile.ts'

/** For the tests of this folder: a listener on a free port, clients that speak raw frames, regions of real files. */
export interface Rig {
  readonly listener: Listener
  readonly environment: Environment
  readonly budget: ByteBudget
  readonly sender: RegionSender
  readonly counters: readonly ApiCounters[]
  /** What was logged, one line each. */
  readonly lines: string[]
  connect(): Promise<RawClient>
}

export type RigOptions = Partial<Omit<ListenerOptions, 'dispatcher'>> & {
  readonly isTimed?: boolean
}

const BUDGET_BYTES = 64 * 1024 * 1024

/** How the rigs read their sockets where a test does not say it: so that all tests can run both ways. */
export const rigDefaults = { readsDirectly: true }

export async function startRig<Served extends ApiName>(
  handlers: HandlersFor<Served>,
  options: RigOptions = {},
): Promise<Rig> {
  const { logger, lines } = keptLog('debug')
  const environment = options.environment ?? new ManualEnvironment()
  const budget = options.budget ?? new ByteBudget(BUDGET_BYTES)
  const sender = options.sender ?? new RegionSender(loadKernelCalls())
  const dispatcher = createDispatcher({ handlers, environment, logger, isTimed: options.isTimed })
  const listener = new Listener({
    name: 'PLAINTEXT',
    host: '127.0.0.1',
    port: 0,
    logger,
    readsDirectly: rigDefaults.readsDirectly,
    ...options,
    budget,
    sender,
    environment,
    dispatcher,
  })
  await listener.listen()
  const { counters } = dispatcher
  return { listener, environment, budget, sender, counters, lines, connect: () => connectRaw(listener.port) }
}

/** A client that knows frames and nothing else. */
export class RawClient {
  readonly socket: Socket
  /** Resolves when the connection is gone. */
  readonly closed: Promise<unknown>
  readonly #frames: Buffer[] = []
  readonly #waiting: ((frame: Buffer) => void)[] = []
  #chunks: Buffer[] = []
  #bytes = 0

  constructor(socket: Socket) {
    this.socket = socket
    this.closed = new Promise((resolve) => socket.on('close', resolve))
    socket.on('error', () => {})
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
  }

  write(bytes: Buffer): void {
    this.socket.write(bytes)
  }

  /** Frames that have come and that nobody has asked for. */
  get frameCount(): number {
    return this.#frames.length
  }

  /** The next frame, without its size. */
  next(): Promise<Buffer> {
    const frame = this.#frames.shift()
    if (frame !== undefined) return Promise.resolve(frame)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** The correlation id of the next frame. */
  async nextId(): Promise<number> {
    return (await this.next()).readInt32BE(0)
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    while (this.#bytes >= 4) {
      if (this.#chunks[0]!.length < 4) this.#chunks = [Buffer.concat(this.#chunks)]
      const size = this.#chunks[0]!.readInt32BE(0)
      if (this.#bytes < 4 + size) return
      const all = Buffer.concat(this.#chunks)
      this.#chunks = [all.subarray(4 + size)]
      this.#bytes -= 4 + size
      const frame = all.subarray(4, 4 + size)
      const waiting = this.#waiting.shift()
      if (waiting === undefined) this.#frames.push(frame)
      else waiting(frame)
    }
  }
}

export async function connectRaw(port: number): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  return new RawClient(socket)
}

/** A request frame in the newest version, or in `version`. */
export function frameOf<Name extends ApiName>(
  name: Name,
  correlationId: number,
  request: OutgoingRequestOf<Name>,
  version: number = API_TABLE[name].versionMax,
): Buffer {
  const frame = encodeRequest<Name>(API_TABLE[name], version, correlationId, 'kit', request)
  return Buffer.concat(frame.pieces as Buffer[])
}

export function produceFrame(correlationId: number, records: Buffer = Buffer.from('records')): Buffer {
  const request: ProduceRequest = {
    transactionalId: null,
    acks: -1,
    timeoutMs: 1000,
    topicData: [{ name: 'topic', topicId: '\0'.repeat(16) as never, partitionData: [{ index: 0, records }] }],
  }
  return frameOf('Produce', correlationId, request, 9)
}

export const PRODUCED = defaultProduceResponse()

export function heartbeatFrame(correlationId: number, groupId = 'group'): Buffer {
  return frameOf('Heartbeat', correlationId, {
    groupId,
    generationId: 1,
    memberId: 'member',
    groupInstanceId: null,
  })
}

export const BEATEN = { throttleTimeMs: 0, errorCode: 0 }

/** A region of a file of its own descriptor; counts its releases. */
export class TestRegion implements FileRegion {
  readonly fd: number
  readonly position: number
  readonly byteLength: number
  released = 0

  constructor(path: string, position: number, byteLength: number) {
    this.fd = openSync(path, 'r')
    this.position = position
    this.byteLength = byteLength
  }

  read(target: Buffer, offsetBytes: number): Promise<number> {
    const length = Math.min(target.length, this.byteLength - offsetBytes)
    return new Promise((resolve, reject) => {
      read(this.fd, target, 0, length, this.position + offsetBytes, (error, count) => {
        if (error === null) resolve(count)
        else reject(error)
      })
    })
  }

  release(): void {
    this.released++
    if (this.released === 1) closeSync(this.fd)
  }
}

/** Lets the loop turn until `condition` holds. The test's own time limit ends it if it never does. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn()
}

/** One turn of the loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** A promise and the way to settle it. */
export interface Manual<Value> {
  readonly promise: Promise<Value>
  resolve(value: Value): void
  reject(error: Error): void
}

export function manual<Value>(): Manual<Value> {
  let resolve: (value: Value) => void = () => {}
  let reject: (error: Error) => void = () => {}
  const promise = new Promise<Value>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve: (value) => resolve(value), reject: (error) => reject(error) }
}
