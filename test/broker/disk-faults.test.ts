import { afterEach, describe, expect, it } from 'vitest'
import { ManualEnvironment } from '../../src/base/environment.ts'
import { keptLog } from '../../src/base/test-kit.ts'
import { ERROR_CODES } from '../../src/protocol/error-codes.ts'
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
