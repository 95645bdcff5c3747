import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'
import { ZERO_UUID } from '../../src/base/uuid.ts'
import { encodeBatch } from '../../src/protocol/records.ts'
import { openConnection } from '../load/many-connections.ts'
import { produceLoad } from '../load/produce-load.ts'
import { pullLoad } from '../load/pull-load.ts'
import { type Request, requestOf } from '../load/wire-connection.ts'
import { limitOnNode, prepareLimit, startLimit } from './limit.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-limit-'))
const prepared = await prepareLimit(folder)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const orders = { ready: async () => {}, stopped: new Promise<void>(() => {}) }
const load = { recordBytes: 1024, batchRecords: 10, batches: 200 }

it.runIf('program' in prepared)('the limit program keeps what it answers, and gives it back', async () => {
  const file = join(folder, 'kept')
  const limit = await startLimit((prepared as { program: string }).program, file)
  try {
    const produced = await produceLoad(
      { mode: 'produce', port: limit.port, topic: 't', partitions: 1, connections: 1, inFlight: 32, ...load },
      orders,
    )
    expect(produced.bytes).toBe(1024 * 10 * 200)
    const { size } = statSync(file)
    expect(size).toBeGreaterThan(produced.bytes)
    expect(size).toBeLessThan(produced.bytes * 1.05)
    const pull = { mode: 'pull', port: limit.port, inFlight: 4, answerBytes: 1024 * 1024 } as const
    const { bytes } = await pullLoad({ ...pull, bytes: 10e6 }, orders)
    expect(bytes).toBeGreaterThanOrEqual(10e6)
  } finally {
    await limit.stop()
  }
})

it.runIf('program' in prepared)(
  'the limit program ends at a batch that is not what its checksum says',
  async () => {
    const limit = await startLimit((prepared as { program: string }).program, join(folder, 'spoiled'))
    try {
      const connection = await openConnection(limit.port)
      const lost = new Promise<void>((resolve) => connection.onClose(resolve))
      connection.send(spoiled(), () => {})
      await lost
      expect(statSync(join(folder, 'spoiled')).size).toBe(0)
    } finally {
      await limit.stop()
    }
  },
)

it('the same in JavaScript keeps what it answers, and ends at a spoiled batch', async () => {
  const file = join(folder, 'on-node')
  const limit = await startLimit(limitOnNode, file)
  try {
    const produced = await produceLoad(
      { mode: 'produce', port: limit.port, topic: 't', partitions: 1, connections: 1, inFlight: 32, ...load },
      orders,
    )
    const { size } = statSync(file)
    expect(size).toBeGreaterThan(produced.bytes)
    expect(size).toBeLessThan(produced.bytes * 1.05)
    const connection = await openConnection(limit.port)
    const lost = new Promise<void>((resolve) => connection.onClose(resolve))
    connection.send(spoiled(), () => {})
    await lost
    expect(statSync(file).size).toBe(size)
  } finally {
    await limit.stop()
  }
})

it('without a compiler there is no limit program, and it is said why', async () => {
  vi.stubEnv('PATH', '/nonexistent')
  expect(await prepareLimit(join(folder, 'none'))).toEqual({
    missing: 'gcc is not installed (apt-get install gcc)',
  })
  vi.unstubAllEnvs()
})

/** A request whose last byte has been changed on the way: it is in the records. */
function spoiled(): Request {
  const batch = Buffer.from(
    encodeBatch({ records: [{ timestamp: 0, key: null, value: Buffer.alloc(100, 1) }] }),
  )
  batch[batch.length - 2]! ^= 1
  return requestOf('Produce', 9, {
    transactionalId: null,
    acks: -1,
    timeoutMs: 0,
    topicData: [{ name: 't', topicId: ZERO_UUID, partitionData: [{ index: 0, records: batch }] }],
  })
}
