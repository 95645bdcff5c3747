import { afterEach, expect, it } from 'vitest'
import { systemEnvironment } from '../../src/base/environment.ts'
import { ERROR_CODES } from '../../src/protocol/error-codes.ts'
import { MemoryFileSystem } from '../../src/storage/memory-file-system.ts'
import { batchOf, produce } from '../../test/support/data-requests.ts'
import { FakeIo } from '../../test/support/fake-io.ts'
import { MemoryBroker } from '../../test/support/memory-broker.ts'
import { run } from '../program.ts'

let broker: MemoryBroker
afterEach(() => broker.stop().catch(() => {}))

async function health(...words: string[]) {
  const io = new FakeIo(systemEnvironment)
  const exitCode = await run(['cluster', 'health', ...words, '--bootstrap', `127.0.0.1:${broker.port}`], io)
  return { exitCode, lines: io.outText.split('\n').slice(0, -1) }
}

async function startOn(fileSystem: MemoryFileSystem) {
  broker = await MemoryBroker.start({}, fileSystem)
  const client = await broker.connect()
  await broker.createTopic(client, 't')
  return client
}

it('a broker whose disk is full is not healthy, until there is room again', async () => {
  const fileSystem = new MemoryFileSystem()
  const client = await startOn(fileSystem)
  expect((await health()).exitCode).toBe(0)
  fileSystem.capacityBytes = fileSystem.usedBytes() + 10
  expect((await produce(client, 't', batchOf(['x'.repeat(5000)]))).errorCode).toBe(
    ERROR_CODES.KAFKA_STORAGE_ERROR,
  )
  const { exitCode, lines } = await health()
  expect(exitCode).toBe(1)
  expect(lines[0]).toMatch(/^unhealthy: brokers 1/)
  expect(lines[1]).toMatch(/^broker 1 has no room left in .*: it refuses writes until some is free$/)
  expect(JSON.parse((await health('--json')).lines[0]!)).toMatchObject({
    healthy: false,
    disks: [{ brokerId: 1, fault: 'full' }],
  })
  fileSystem.capacityBytes = Number.POSITIVE_INFINITY
  expect((await health('--wait', '30s')).exitCode).toBe(0)
})

it('a broker whose disk has failed is not healthy', async () => {
  const fileSystem = new MemoryFileSystem()
  const client = await startOn(fileSystem)
  fileSystem.onOperation = ({ kind }) => (kind === 'sync' ? 'io' : null)
  await produce(client, 't', batchOf(['x']))
  const { exitCode, lines } = await health()
  expect(exitCode).toBe(1)
  expect(lines.join()).toMatch(/broker 1 cannot use .*: look at its disk and at its log/)
})

it('a broker with a damaged log is not healthy, and the partition is named', async () => {
  const fileSystem = new MemoryFileSystem()
  const client = await startOn(fileSystem)
  await broker.createTopic(client, 'whole')
  for (const value of ['first', 'second']) await produce(client, 't', batchOf([value]))
  await broker.stop()
  const path = '/data/t-0/00000000000000000000.log'
  fileSystem.poke(path, 0, Buffer.alloc(fileSystem.peek(path).length))
  await broker.restart()
  const { exitCode, lines } = await health()
  expect([exitCode, lines]).toEqual([
    1,
    [
      expect.stringMatching(/^unhealthy: brokers 1/),
      expect.stringMatching(/^damaged or on a lost disk.*: t \[0\]$/),
    ],
  ])
  expect(JSON.parse((await health('--json')).lines[0]!)).toMatchObject({
    healthy: false,
    offline: [{ topic: 't', partition: 0 }],
  })
})
