import { afterEach, describe, expect, it } from 'vitest'
import { ManualEnvironment } from '../../src/base/environment.ts'
import { keptLog } from '../../src/base/test-kit.ts'
import { ERROR_CODES } from '../../src/protocol/error-codes.ts'
import { batchBytes } from '../../src/protocol/record-batch.ts'
import { decodeRecords } from '../../src/protocol/records.ts'
import { MemoryFileSystem } from '../../src/storage/memory-file-system.ts'
import { batchOf, fetchOne, produce } from '../support/data-requests.ts'
import { MemoryBroker } from '../support/memory-broker.ts'

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop().catch(() => {})
})

async function start() {
  const environment = new ManualEnvironment({ wallMs: Date.now() })
  const fileSystem = new MemoryFileSystem()
  const { logger, lines } = keptLog('info')
  const broker = await MemoryBroker.start({}, fileSystem, environment, logger)
  stops.push(() => broker.stop())
  const client = await broker.connect()
  await broker.createTopic(client, 't')
  return { environment, fileSystem, broker, client, lines }
}

/** Lets sockets and the clock go on together until `condition` holds. */
async function until(environment: ManualEnvironment, condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => setImmediate(resolve))
    environment.advance(20)
  }
}

async function settled<T>(environment: ManualEnvironment, promise: Promise<T>): Promise<T> {
  let done = false
  void promise.finally(() => {
    done = true
  })
  await until(environment, () => done)
  return promise
}

describe('a full disk', () => {
  it('D13: refuses writes with 56, says so once, keeps serving reads, and heals when there is room again', async () => {
    const { environment, fileSystem, client, lines } = await start()
    await produce(client, 't', batchOf(['before']))
    fileSystem.capacityBytes = fileSystem.usedBytes() + 10
    // What meets the full disk stays queued for when there is room. Nobody is promised it, or waits for it.
    const met = await Promise.all(
      [0, 1, 2].map((index) => produce(client, 't', batchOf([`met ${index}`.padEnd(5000, 'x')]))),
    )
    for (const { errorCode, errorMessage } of met)
      expect([errorCode, errorMessage]).toEqual([
        ERROR_CODES.KAFKA_STORAGE_ERROR,
        'the disk is full: the batch may yet be written',
      ])
    expect((await produce(client, 't', batchOf(['refused']))).errorCode).toBe(ERROR_CODES.KAFKA_STORAGE_ERROR)
    const { records } = await fetchOne(client, 't', { fetchOffset: 0 })
    expect(decodeRecords(records!)[0]!.value!.toString()).toBe('before')
    fileSystem.capacityBytes = Number.POSITIVE_INFINITY
    const after = async () => {
      for (;;) {
        const answer = await produce(client, 't', batchOf(['after']))
        if (answer.errorCode !== ERROR_CODES.KAFKA_STORAGE_ERROR) return answer
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    expect((await settled(environment, after())).errorCode).toBe(0)
    expect(lines.filter((line) => line.includes('the disk is full'))).toHaveLength(1)
    expect(lines.filter((line) => line.includes('has room again'))).toHaveLength(1)
  })

  it('has a repetition of what was queued find its original, and stores nothing twice', async () => {
    const { environment, fileSystem, client } = await start()
    await produce(client, 't', batchOf(['before']))
    fileSystem.capacityBytes = fileSystem.usedBytes() + 10
    const batch = () =>
      batchOf(['queued'.padEnd(5000, 'x')], { producerId: 7, producerEpoch: 0, baseSequence: 0 })
    expect((await produce(client, 't', batch())).errorCode).toBe(ERROR_CODES.KAFKA_STORAGE_ERROR)
    expect((await produce(client, 't', batch())).errorCode).toBe(ERROR_CODES.KAFKA_STORAGE_ERROR)
    fileSystem.capacityBytes = Number.POSITIVE_INFINITY
    const stored = async () => {
      for (;;) {
        const answer = await produce(client, 't', batch())
        if (answer.errorCode !== ERROR_CODES.KAFKA_STORAGE_ERROR) return answer
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    expect(await settled(environment, stored())).toMatchObject({ errorCode: 0, baseOffset: 1 })
    const { highWatermark } = await fetchOne(client, 't', { fetchOffset: 0 })
    expect(highWatermark).toBe(2)
  })
})

describe('a disk that hangs', () => {
  it('has what is queued for it waited for, as long as its producer wants, and acknowledged when it answers', async () => {
    const { environment, fileSystem, client } = await start()
    await produce(client, 't', batchOf(['before']))
    let letGo = (): void => {}
    const held = new Promise<void>((resolve) => {
      letGo = resolve
    })
    fileSystem.delay = async ({ kind, path }) => {
      if (path.endsWith('.log') && kind !== 'read') await held
    }
    const sentMs = environment.monotonicMs()
    const queued = produce(client, 't', batchOf(['queued']))
    await until(environment, () => environment.monotonicMs() - sentMs > 15_000)
    letGo()
    expect(await settled(environment, queued)).toMatchObject({ errorCode: 0, baseOffset: 1 })
  })
})

describe('a full disk, and a stop in good order', () => {
  const ofProducer = (value: string, baseSequence: number): Buffer =>
    batchOf([value], { producerId: 7777, producerEpoch: 0, baseSequence })

  it('G1: a batch that found no room is not taken for a repetition after the next start', async () => {
    const { environment, fileSystem, broker, client } = await start()
    await produce(client, 't', ofProducer('first', 0))
    fileSystem.capacityBytes = fileSystem.usedBytes() + 3000
    const lost = 'lost'.padEnd(5000, 'x')
    const met = await settled(environment, produce(client, 't', ofProducer(lost, 1)))
    expect(met.errorCode).not.toBe(0)
    await settled(environment, broker.stop())
    fileSystem.capacityBytes = Number.POSITIVE_INFINITY
    await settled(environment, broker.restart())
    const again = await broker.connect()
    await produce(again, 't', batchOf(['of somebody else']))
    const retried = await settled(environment, produce(again, 't', ofProducer(lost, 1)))
    expect([retried.errorCode, retried.baseOffset]).toEqual([0, 2])
    const { records } = await fetchOne(again, 't', { fetchOffset: 2 })
    expect(decodeRecords(records!)[0]!.value!.toString()).toBe(lost)
  })

  it('does not say that there is room again', async () => {
    const { environment, fileSystem, broker, client, lines } = await start()
    fileSystem.capacityBytes = fileSystem.usedBytes() + 10
    expect((await produce(client, 't', batchOf(['x'.repeat(5000)]))).errorCode).not.toBe(0)
    await settled(environment, broker.stop())
    expect(lines.filter((line) => line.includes('the disk is full'))).toHaveLength(1)
    expect(lines.filter((line) => line.includes('has room again'))).toEqual([])
  })

  it('ends, and so does the next start, which finds everything that was acknowledged', async () => {
    const { environment, fileSystem, broker, client } = await start()
    for (let index = 0; index < 20; index++) await produce(client, 't', batchOf([`v${index}`]))
    fileSystem.capacityBytes = fileSystem.usedBytes()
    await settled(environment, broker.stop())
    for (let start = 0; start < 3; start++) {
      await settled(environment, broker.restart())
      const again = await broker.connect()
      const fetched = await fetchOne(again, 't', { fetchOffset: 0 })
      expect([start, fetched.errorCode, fetched.highWatermark]).toEqual([start, 0, 20])
      await settled(environment, broker.stop())
    }
  })
})

describe('a full disk, and retention', () => {
  it('gets room by what has expired, also where a whole log has', async () => {
    const environment = new ManualEnvironment({ wallMs: Date.now() })
    const fileSystem = new MemoryFileSystem()
    const settings = { 'log.segment.bytes': '1048576', 'log.retention.check.interval.ms': '10000' }
    const broker = await MemoryBroker.start(settings, fileSystem, environment)
    stops.push(() => broker.stop())
    const client = await broker.connect()
    const configs = { 'retention.ms': '3600000', 'file.delete.delay.ms': '1000' }
    const record = { timestamp: environment.wallMs(), key: null, value: Buffer.alloc(400_000, 1) }
    for (const [topic, count] of [['whole', 3] as const, ['other', 20] as const]) {
      await broker.createTopic(client, topic, configs)
      for (let index = 0; index < count; index++)
        await produce(client, topic, batchOf([], { records: [record] }))
    }
    fileSystem.capacityBytes = fileSystem.usedBytes()
    environment.advance(2 * 3600_000)
    const before = fileSystem.usedBytes()
    await until(environment, () => fileSystem.usedBytes() < before / 4)
  })
})

describe('a full disk, and topics', () => {
  const created = (broker: MemoryBroker, name: string): Promise<string> =>
    broker.connect().then((client) =>
      broker.createTopic(client, name).then(
        () => 'created',
        (error) => String(error),
      ),
    )

  for (const what of ['no room', 'a disk that hangs'] as const)
    it(`a creation that took longer than its answer waits is there when it is done: ${what}`, async () => {
      const { environment, fileSystem, broker } = await start()
      const held: (() => void)[] = []
      if (what === 'no room') fileSystem.capacityBytes = fileSystem.usedBytes() + 10
      else
        fileSystem.delay = ({ kind, path }) =>
          kind === 'sync' && path.includes('__millrace_metadata')
            ? new Promise((resolve) => held.push(resolve))
            : Promise.resolve()
      expect(await settled(environment, created(broker, 'slow'))).not.toBe('created')
      fileSystem.capacityBytes = Number.POSITIVE_INFINITY
      fileSystem.delay = () => Promise.resolve()
      for (const go of held) go()
      const client = await broker.connect()
      const written = async () => {
        for (;;) {
          const answer = await produce(client, 'slow', batchOf(['x']))
          if (answer.errorCode === 0) return answer
          await new Promise((resolve) => setImmediate(resolve))
        }
      }
      expect((await settled(environment, written())).baseOffset).toBe(0)
      expect(await settled(environment, created(broker, 'after'))).toBe('created')
    })

  it('a topic whose files find no room is opened when there is some, at a start too, and that is said once', async () => {
    const { environment, fileSystem, broker, lines } = await start()
    const refuse = (): void => {
      fileSystem.onOperation = ({ kind, path }) =>
        kind === 'write' && path.includes('/new-') ? 'no-space' : null
    }
    refuse()
    await settled(environment, created(broker, 'new'))
    expect(lines.filter((line) => line.includes('cannot be opened'))).toHaveLength(1)
    await settled(environment, broker.restart())
    const client = await broker.connect()
    expect((await produce(client, 't', batchOf(['its neighbour']))).errorCode).toBe(0)
    expect((await produce(client, 'new', batchOf(['x']))).errorCode).not.toBe(0)
    fileSystem.onOperation = null
    await until(environment, () => lines.some((line) => line.includes('there is room for the topic')))
    expect((await settled(environment, produce(client, 'new', batchOf(['x'])))).errorCode).toBe(0)
  })
})

describe('a file that the disk does not give', () => {
  for (const kind of ['open', 'read'] as const)
    for (const fault of ['io', 'no-descriptors'] as const)
      it(`costs those who ask for it their answer, and nobody else: ${kind}, ${fault}`, async () => {
        const fileSystem = new MemoryFileSystem()
        const { logger, lines } = keptLog('error')
        const settings = { 'log.segment.bytes': '1048576', 'log.scrub.interval.ms': '-1' }
        const broker = await MemoryBroker.start(settings, fileSystem, undefined, logger)
        stops.push(() => broker.stop())
        let client = await broker.connect()
        for (const topic of ['t', 'u']) await broker.createTopic(client, topic)
        for (let index = 0; index < 40; index++) await produce(client, 't', batchOf(['v'.repeat(100_000)]))
        await broker.restart()
        client = await broker.connect()
        fileSystem.onOperation = (operation) =>
          operation.kind === kind && operation.path.endsWith('t-0/00000000000000000000.log') ? fault : null
        // What was promised before it had been read costs the connection, but not a second time.
        let lost = 0
        const fetched = () =>
          fetchOne(client, 't', { fetchOffset: 0 }).catch(async () => {
            lost++
            client = await broker.connect()
            return fetchOne(client, 't', { fetchOffset: 0 })
          })
        for (let round = 0; round < 3; round++) {
          expect((await fetched()).errorCode).toBe(ERROR_CODES.KAFKA_STORAGE_ERROR)
          const listed = await client.call('ListOffsets', 7, {
            replicaId: -1,
            isolationLevel: 0,
            timeoutMs: 0,
            topics: [
              { name: 't', partitions: [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp: 1000 }] },
            ],
          })
          expect(listed.topics[0]!.partitions[0]!.errorCode).toBe(ERROR_CODES.KAFKA_STORAGE_ERROR)
          expect((await produce(client, 'u', batchOf(['goes on']))).errorCode).toBe(0)
        }
        expect(lines.filter((line) => line.includes('a log cannot be read'))).toHaveLength(1)
        expect(lost).toBeLessThan(2)
        fileSystem.onOperation = null
        expect((await fetchOne(client, 't', { fetchOffset: 0 })).errorCode).toBe(0)
      })
})

describe('one changed bit in the header of a batch', () => {
  for (const bit of [0, 8, 16, 23] as const)
    it(`costs its readers their answer, at every start: byte ${bit}`, async () => {
      const fileSystem = new MemoryFileSystem()
      const broker = await MemoryBroker.start({ 'log.segment.bytes': '1048576' }, fileSystem)
      stops.push(() => broker.stop())
      let client = await broker.connect()
      for (const topic of ['t', 'u']) await broker.createTopic(client, topic)
      for (let index = 0; index < 40; index++) await produce(client, 't', batchOf(['v'.repeat(100_000)]))
      await broker.stop()
      const path = '/data/t-0/00000000000000000000.log'
      const bytes = fileSystem.peek(path)
      let at = 0
      for (let index = 0; index < 4; index++) at += batchBytes(bytes, at)
      fileSystem.poke(path, at + bit, Buffer.from([bytes[at + bit]! ^ 0x40]))
      for (let start = 0; start < 2; start++) {
        await broker.restart()
        client = await broker.connect()
        const before = await fetchOne(client, 't', { fetchOffset: 0, partitionMaxBytes: 2_000_000 })
        expect(before.errorCode).toBe(0)
        expect(before.records!.subarray(0, at).equals(bytes.subarray(0, at))).toBe(true)
        const { errorCode } = await fetchOne(client, 't', { fetchOffset: 4, partitionMaxBytes: 1 })
        expect(errorCode).toBe(ERROR_CODES.CORRUPT_MESSAGE)
        expect((await fetchOne(client, 't', { fetchOffset: 0, partitionMaxBytes: 1 })).errorCode).toBe(0)
        expect((await produce(client, 'u', batchOf(['goes on']))).errorCode).toBe(0)
        await broker.stop()
      }
      await broker.restart()
    })
})

describe('a disk that fails to sync', () => {
  it('acknowledges nothing more, and says once that the broker is of no more use', async () => {
    const { environment, fileSystem, broker, client } = await start()
    await produce(client, 't', batchOf(['kept']))
    const failures: Error[] = []
    broker.broker.onFailure((error) => failures.push(error))
    let syncs = 0
    fileSystem.onOperation = ({ kind }) => {
      if (kind !== 'sync') return null
      syncs++
      return 'io'
    }
    const lost = await settled(environment, produce(client, 't', batchOf(['lost'])))
    expect(lost.errorCode).toBe(ERROR_CODES.KAFKA_STORAGE_ERROR)
    const next = await produce(client, 't', batchOf(['later']))
    expect([ERROR_CODES.KAFKA_STORAGE_ERROR, ERROR_CODES.NOT_LEADER_OR_FOLLOWER]).toContain(next.errorCode)
    expect(failures.length).toBe(1)
    expect(syncs).toBe(1)
  })
})
