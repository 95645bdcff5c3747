import assert from 'node:assert/strict'
import { ManualEnvironment } from '../../../src/base/environment.ts'
import { type DiskOperation, MemoryFileSystem } from '../../../src/storage/memory-file-system.ts'
import { batchOf, fetchOne, produce } from '../../support/data-requests.ts'
import { MemoryBroker } from '../../support/memory-broker.ts'
import { type Trial, variation } from './trial.ts'

/** Lets sockets and the clock go on together until `promise` is settled. */
async function settled<T>(environment: ManualEnvironment, promise: Promise<T>): Promise<T> {
  let isDone = false
  const mark = (): void => {
    isDone = true
  }
  promise.then(mark, mark)
  for (let turn = 0; !isDone; turn++) {
    assert(turn < 20_000, 'never settled')
    await new Promise((resolve) => setImmediate(resolve))
    environment.advance(20)
  }
  return promise
}

/** Runs `work`; what reaches the process, which it would have ended, is thrown. */
async function contained(work: () => Promise<void>): Promise<void> {
  const reached: unknown[] = []
  const note = (error: unknown): void => {
    reached.push(error)
  }
  process.on('unhandledRejection', note)
  process.on('uncaughtException', note)
  try {
    await work()
    await new Promise((resolve) => setImmediate(resolve))
  } finally {
    process.off('unhandledRejection', note)
    process.off('uncaughtException', note)
  }
  if (reached.length > 0) throw new Error('the process would have ended', { cause: reached[0] })
}

/** The disk misbehaves under a broker that clients talk to: nothing of it reaches the process, and it goes on afterwards. */
export const brokerFaults: Trial = {
  name: 'a broker whose disk misbehaves',
  async run() {
    let count = 0
    for (const kind of ['read', 'open'] as const)
      for (const fault of ['io', 'no-descriptors'] as const) {
        await variation(`${kind}: ${fault}`, () => contained(() => failedReads(kind, fault)))
        count++
      }
    for (const byte of [8, 16, 23]) {
      await variation(`byte ${byte} of a header`, () => contained(() => changedHeader(byte)))
      count++
    }
    await variation('half of a log is gone', () => contained(halfGone))
    await variation('metadata that takes 8 s', () => contained(slowMetadata))
    await variation('no room for the files of a topic', () => contained(noRoomForTopic))
    return count + 3
  },
}

async function filled(fileSystem: MemoryFileSystem, environment: ManualEnvironment): Promise<MemoryBroker> {
  const settings = { 'log.segment.bytes': '1048576', 'log.scrub.interval.ms': '-1' }
  const broker = await MemoryBroker.start(settings, fileSystem, environment)
  const client = await broker.connect()
  for (const topic of ['t', 'u']) await settled(environment, broker.createTopic(client, topic))
  for (let index = 0; index < 20; index++) await produce(client, 't', batchOf(['v'.repeat(100_000)]))
  return broker
}

async function failedReads(kind: DiskOperation['kind'], fault: 'io' | 'no-descriptors'): Promise<void> {
  const environment = new ManualEnvironment({ wallMs: Date.now() })
  const fileSystem = new MemoryFileSystem()
  const broker = await filled(fileSystem, environment)
  await settled(environment, broker.restart())
  fileSystem.onOperation = (operation) =>
    operation.kind === kind && /t-0\/\d+\.log$/.test(operation.path) ? fault : null
  for (let round = 0; round < 3; round++) {
    const client = await broker.connect()
    await settled(environment, fetchOne(client, 't', { fetchOffset: 0 })).catch(() => {})
    const other = await broker.connect()
    assert.equal((await settled(environment, produce(other, 'u', batchOf(['x'])))).errorCode, 0)
  }
  fileSystem.onOperation = null
  const client = await broker.connect()
  assert.equal((await settled(environment, fetchOne(client, 't', { fetchOffset: 0 }))).errorCode, 0)
  await settled(environment, broker.stop())
}

async function changedHeader(byte: number): Promise<void> {
  const environment = new ManualEnvironment({ wallMs: Date.now() })
  const fileSystem = new MemoryFileSystem()
  const broker = await filled(fileSystem, environment)
  await settled(environment, broker.stop())
  const path = '/data/t-0/00000000000000000000.log'
  const bytes = fileSystem.peek(path)
  let at = 0
  for (let index = 0; index < 4; index++) at += 12 + bytes.readInt32BE(at + 8)
  fileSystem.poke(path, at + byte, Buffer.from([bytes[at + byte]! ^ 0x40]))
  for (const snapshot of await fileSystem.list('/data/t-0'))
    if (snapshot.endsWith('.snapshot')) await fileSystem.unlink(`/data/t-0/${snapshot}`)
  for (let start = 0; start < 2; start++) {
    await settled(environment, broker.restart())
    const client = await broker.connect()
    const asked = { fetchOffset: 4, partitionMaxBytes: 1 }
    const { errorCode } = await settled(environment, fetchOne(client, 't', asked))
    assert.notEqual(errorCode, 0, 'a broken batch is passed over')
    assert.equal((await settled(environment, produce(client, 'u', batchOf(['x'])))).errorCode, 0)
    await settled(environment, broker.stop())
  }
}

async function halfGone(): Promise<void> {
  const environment = new ManualEnvironment({ wallMs: Date.now() })
  let fileSystem = new MemoryFileSystem()
  let broker = await filled(fileSystem, environment)
  for (let index = 0; index < 10; index++)
    await produce(await broker.connect(), 'u', batchOf(['acknowledged']))
  for (let turn = 0; turn < 50; turn++) {
    await new Promise((resolve) => setImmediate(resolve))
    environment.advance(100)
  }
  fileSystem = fileSystem.kill()
  const path = '/data/u-0/00000000000000000000.log'
  const bytes = fileSystem.peek(path)
  fileSystem.poke(path, bytes.length / 2, Buffer.alloc(bytes.length / 2))
  for (let start = 0; start < 3; start++) {
    broker = await settled(environment, MemoryBroker.start({}, fileSystem, environment))
    const answer = await settled(
      environment,
      produce(await broker.connect(), 'u', batchOf(['of a new offset'])),
    )
    assert.notEqual(answer.errorCode, 0, `offset ${answer.baseOffset} is given to somebody else`)
    fileSystem = fileSystem.kill()
  }
}

async function slowMetadata(): Promise<void> {
  const environment = new ManualEnvironment({ wallMs: Date.now() })
  const fileSystem = new MemoryFileSystem()
  const broker = await filled(fileSystem, environment)
  const held: (() => void)[] = []
  fileSystem.delay = ({ kind, path }) =>
    kind === 'sync' && path.includes('__millrace_metadata')
      ? new Promise((resolve) => held.push(resolve))
      : Promise.resolve()
  await settled(environment, broker.createTopic(await broker.connect(), 'slow')).catch(() => {})
  environment.advance(3000)
  fileSystem.delay = () => Promise.resolve()
  for (const go of held) go()
  await settled(environment, broker.createTopic(await broker.connect(), 'after'))
  await writable(environment, broker, 'slow')
  await settled(environment, broker.stop())
}

async function noRoomForTopic(): Promise<void> {
  const environment = new ManualEnvironment({ wallMs: Date.now() })
  const fileSystem = new MemoryFileSystem()
  const broker = await filled(fileSystem, environment)
  fileSystem.onOperation = ({ kind, path }) =>
    kind === 'write' && path.includes('/new-') ? 'no-space' : null
  await settled(environment, broker.createTopic(await broker.connect(), 'new')).catch(() => {})
  fileSystem.onOperation = null
  await writable(environment, broker, 'new')
  await settled(environment, broker.stop())
}

/** The topic takes a batch, within some minutes of its clock. */
async function writable(environment: ManualEnvironment, broker: MemoryBroker, topic: string): Promise<void> {
  const client = await broker.connect()
  for (let attempt = 0; attempt < 50; attempt++) {
    const { errorCode } = await settled(environment, produce(client, topic, batchOf(['x'])))
    if (errorCode === 0) return
    environment.advance(2000)
  }
  assert.fail(`${topic} is never opened`)
}
