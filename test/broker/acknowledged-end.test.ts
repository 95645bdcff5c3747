import { afterEach, describe, expect, it } from 'vitest'
import { ManualEnvironment } from '../../src/base/environment.ts'
import { ERROR_CODES } from '../../src/protocol/error-codes.ts'
import { MemoryFileSystem } from '../../src/storage/memory-file-system.ts'
import { batchOf, fetchOne, produce } from '../support/data-requests.ts'
import { MemoryBroker } from '../support/memory-broker.ts'
import type { WireClient } from '../support/wire-client.ts'

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

/**
 * A broker whose disk takes what it is given and does not sync what ends like this until it is let go: a batch that is
 * produced with acks=1 is acknowledged, and not committed.
 */
async function slowToSync(suffix = '.log') {
  const environment = new ManualEnvironment({ wallMs: 1_700_000_000_000 })
  const fileSystem = new MemoryFileSystem()
  let letGo = (): void => {}
  let held: Promise<void> | null = null
  fileSystem.delay = async ({ kind, path }) => {
    if (held !== null && kind === 'sync' && path.endsWith(suffix)) await held
  }
  const broker = await MemoryBroker.start({}, fileSystem, environment)
  const [writer, reader, other] = [await broker.connect(), await broker.connect(), await broker.connect()]
  await broker.createTopic(writer, 't')
  await produce(writer, 't', batchOf(['committed'], { records: [record(1_000)] }))
  held = new Promise((resolve) => {
    letGo = () => {
      held = null
      resolve()
    }
  })
  stops.push(async () => {
    letGo()
    await broker.stop()
  })
  const acknowledged = await produce(writer, 't', batchOf([], { records: [record(2_000)] }), { acks: 1 })
  expect([acknowledged.errorCode, acknowledged.baseOffset]).toEqual([0, 1])
  return { environment, reader, other, letGo: () => letGo() }
}

function record(timestamp: number) {
  return { timestamp, key: Buffer.from('k'), value: Buffer.from('v') }
}

async function offsetAt(client: WireClient, timestamp: number, version = 9, isolationLevel = 0) {
  const { topics } = await client.call('ListOffsets', version, {
    replicaId: -1,
    isolationLevel,
    timeoutMs: 0,
    topics: [{ name: 't', partitions: [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp }] }],
  })
  const { errorCode, offset } = topics[0]!.partitions[0]!
  return errorCode === 0 ? offset : `error ${errorCode}`
}

async function deleteBefore(client: WireClient, offset: number) {
  const partitions = [{ partitionIndex: 0, offset }]
  const { topics } = await client.call('DeleteRecords', 2, {
    topics: [{ name: 't', partitions }],
    timeoutMs: 2_000,
  })
  const { errorCode, lowWatermark } = topics[0]!.partitions[0]!
  return errorCode === 0 ? lowWatermark : `error ${errorCode}`
}

/** Whether the answer comes although nothing is synced; the client asks something else in between. */
async function isAnswered(answer: Promise<unknown>, client: WireClient): Promise<boolean> {
  let isThere = false
  void answer.then(() => {
    isThere = true
  })
  await client.call('ApiVersions', 0, { clientSoftwareName: '', clientSoftwareVersion: '' })
  return isThere
}

const LATEST = -1
const EARLIEST = -2
const MAX_TIMESTAMP = -3

describe('what was acknowledged with acks=1 and is not yet committed', () => {
  for (const [what, timestamp, expected] of [
    ['the latest offset', LATEST, 2],
    ['the latest timestamp', MAX_TIMESTAMP, 1],
    ['a time that only it reaches', 1_500, 1],
    ['a time that nothing reaches', 3_000, -1],
  ] as const)
    it(`E14: ${what} is told when it is committed`, async () => {
      const { environment, reader, other, letGo } = await slowToSync()
      const answers = [offsetAt(reader, timestamp), offsetAt(reader, timestamp, 11, 1)]
      for (const answer of answers) expect(await isAnswered(answer, other)).toBe(false)
      environment.advance(900)
      letGo()
      expect(await Promise.all(answers)).toEqual([expected, expected])
    })

  it('E14: what does not depend on the end is told at once', async () => {
    const { reader } = await slowToSync()
    expect(await offsetAt(reader, EARLIEST)).toBe(0)
  })

  it('E14: a disk that takes too long is REQUEST_TIMED_OUT', async () => {
    const { environment, reader } = await slowToSync()
    const answers = [offsetAt(reader, LATEST), offsetAt(reader, LATEST, 11)]
    const error = `error ${ERROR_CODES.REQUEST_TIMED_OUT}`
    expect(await timedOut(environment, Promise.all(answers))).toEqual([error, error])
  })

  it('H1: is deleted when it is committed, by offset or all of it', async () => {
    const { reader, other, letGo } = await slowToSync()
    const [named, all] = [deleteBefore(reader, 2), deleteBefore(reader, -1)]
    for (const answer of [named, all]) expect(await isAnswered(answer, other)).toBe(false)
    letGo()
    expect(await Promise.all([named, all])).toEqual([2, 2])
  })

  it('H1: is not deleted in time by a disk that does not answer', async () => {
    const { environment, reader } = await slowToSync()
    const error = `error ${ERROR_CODES.REQUEST_TIMED_OUT}`
    expect(await timedOut(environment, deleteBefore(reader, 2))).toBe(error)
    expect(await deleteBefore(reader, 3)).toBe(`error ${ERROR_CODES.OFFSET_OUT_OF_RANGE}`)
  })

  it('H1: a start that is not written down in time is REQUEST_TIMED_OUT too', async () => {
    const { environment, reader } = await slowToSync('')
    const error = `error ${ERROR_CODES.REQUEST_TIMED_OUT}`
    expect(await timedOut(environment, deleteBefore(reader, 1))).toBe(error)
  })

  it('E7: who reads on behind it finds nothing for a moment, and is not out of range', async () => {
    const { reader } = await slowToSync()
    for (const fetchOffset of [1, 2]) {
      const { errorCode, highWatermark, records } = await fetchOne(reader, 't', { fetchOffset })
      expect([errorCode, highWatermark, records!.length]).toEqual([0, 1, 0])
    }
    expect((await fetchOne(reader, 't', { fetchOffset: 3 })).errorCode).toBe(ERROR_CODES.OFFSET_OUT_OF_RANGE)
  })
})

describe('what a full disk has no room for', () => {
  /** One record is committed, the next one found no room: its producer was told so, and it stays queued. */
  async function full() {
    const environment = new ManualEnvironment({ wallMs: 1_700_000_000_000 })
    const fileSystem = new MemoryFileSystem()
    const broker = await MemoryBroker.start({}, fileSystem, environment)
    stops.push(() => timedOut(environment, broker.stop()))
    const client = await broker.connect()
    await broker.createTopic(client, 't')
    await produce(client, 't', batchOf([], { records: [record(1_000)] }))
    fileSystem.capacityBytes = fileSystem.usedBytes() + 10
    const value = Buffer.alloc(5_000)
    const queued = await produce(client, 't', batchOf([], { records: [{ ...record(2_000), value }] }))
    expect(queued.errorCode).toBe(ERROR_CODES.KAFKA_STORAGE_ERROR)
    return { environment, client }
  }

  for (const [what, timestamp, expected] of [
    ['the latest offset', LATEST, 1],
    ['the latest timestamp', MAX_TIMESTAMP, -1],
    ['a time that only it reaches', 1_500, -1],
  ] as const)
    it(`E14: is not waited for by who asks for ${what}`, async () => {
      const { environment, client } = await full()
      expect(await timedOut(environment, offsetAt(client, timestamp))).toBe(expected)
    })

  it('H1: is not waited for by who deletes records, to get room', async () => {
    const { environment, client } = await full()
    expect(await timedOut(environment, deleteBefore(client, -1))).toBe(1)
  })

  it('H1: cannot be deleted, since nobody can read it', async () => {
    const { environment, client } = await full()
    expect(await timedOut(environment, deleteBefore(client, 2))).toBe(
      `error ${ERROR_CODES.OFFSET_OUT_OF_RANGE}`,
    )
  })
})

/** The answer, while the clock goes on. */
async function timedOut<T>(environment: ManualEnvironment, answer: Promise<T>): Promise<T> {
  let isThere = false
  void answer.finally(() => {
    isThere = true
  })
  while (!isThere) {
    await new Promise((resolve) => setImmediate(resolve))
    environment.advance(20)
  }
  return answer
}
