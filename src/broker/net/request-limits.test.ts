import { afterEach, expect, test } from 'vitest'
import { ByteBudget } from '../../base/byte-budget.ts'
import { ManualEnvironment } from '../../base/environment.ts'
import { API_NAMES, API_TABLE } from '../../protocol/api.ts'
import { defaultMetadataResponse } from '../../protocol/generated/index.ts'
import { defaultMetadataRequestTopic } from '../../protocol/generated/metadata.ts'
import { ELEMENT_BYTES, REQUEST_ELEMENTS_MAX, requestBytesMax } from './request-limits.ts'
import type { Rig } from './test-kit.ts'
import {
  BEATEN,
  frameOf,
  heartbeatFrame,
  manual,
  PRODUCED,
  produceFrame,
  startRig,
  turn,
  until,
} from './test-kit.ts'

let rig: Rig

afterEach(async () => {
  await rig.listener.close(0)
})

test('every API has a limit of its own, and only Produce none beside that of all frames', async () => {
  rig = await startRig({ Heartbeat: () => BEATEN })
  const unlimited = API_NAMES.filter(
    (name) => requestBytesMax(API_TABLE[name].key) === Number.POSITIVE_INFINITY,
  )
  expect(unlimited).toEqual(['Produce'])
  expect(requestBytesMax(API_TABLE.ApiVersions.key)).toBe(4096)
  expect(requestBytesMax(32_000)).toBe(16 * 1024 * 1024)
})

function metadataFrame(topics: number): Buffer {
  const named = Array.from({ length: topics }, () => ({ ...defaultMetadataRequestTopic(), name: '' }))
  return frameOf(
    'Metadata',
    5,
    {
      topics: named,
      allowAutoTopicCreation: false,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    },
    8,
  )
}

test('what a request becomes in memory is charged until it is answered', async () => {
  const answer = manual<ReturnType<typeof defaultMetadataResponse>>()
  rig = await startRig({ Metadata: () => answer.promise })
  const client = await rig.connect()
  const frame = metadataFrame(10_000)
  client.write(frame)
  await until(() => rig.counters[0]!.requests === 1)
  expect(rig.budget.usedBytes).toBe(frame.length + 10_000 * ELEMENT_BYTES)
  answer.resolve(defaultMetadataResponse())
  await client.next()
  await until(() => rig.budget.usedBytes === 0)
})

test('a request of too many elements closes its connection before they are made', async () => {
  let handled = 0
  rig = await startRig({
    Metadata: () => {
      handled++
      return defaultMetadataResponse()
    },
  })
  const client = await rig.connect()
  client.write(metadataFrame(REQUEST_ELEMENTS_MAX + 1))
  await client.closed
  expect(handled).toBe(0)
  expect(rig.lines.at(-1)).toContain('more elements than a request may have')
  await until(() => rig.budget.usedBytes === 0)
})

test('a frame that announces much and stands still is cut off after 5 s when others wait for its lease', async () => {
  const environment = new ManualEnvironment()
  const budget = new ByteBudget(1_000_000)
  rig = await startRig({ Produce: () => PRODUCED, Heartbeat: () => BEATEN }, { environment, budget })
  const holder = await rig.connect()
  holder.write(produceFrame(1, Buffer.alloc(900_000)).subarray(0, 100))
  await until(() => budget.usedBytes > 800_000)
  const other = await rig.connect()
  other.write(produceFrame(2, Buffer.alloc(500_000)))
  await until(() => budget.waitingCount === 1)
  const third = await rig.connect()
  // Small ones wait for nobody.
  third.write(heartbeatFrame(3, ''))
  expect(await third.nextId()).toBe(3)
  environment.advance(5000)
  environment.advance(5000)
  await holder.closed
  expect(await other.nextId()).toBe(2)
  expect(rig.lines.some((line) => line.includes('stopped in the middle of a request'))).toBe(true)
})

test('the same alone has its 30 s', async () => {
  const environment = new ManualEnvironment()
  rig = await startRig({ Produce: () => PRODUCED }, { environment })
  const holder = await rig.connect()
  holder.write(produceFrame(1, Buffer.alloc(900_000)).subarray(0, 100))
  await until(() => rig.budget.usedBytes > 800_000)
  environment.advance(25_000)
  expect(rig.listener.connectionCount).toBe(1)
  environment.advance(15_000)
  await holder.closed
})

test('a request that comes a byte at a time is cut off, although it never stands still', async () => {
  const environment = new ManualEnvironment()
  rig = await startRig({ Produce: () => PRODUCED }, { environment })
  const trickler = await rig.connect()
  let isClosed = false
  trickler.closed.then(() => {
    isClosed = true
  })
  const frame = produceFrame(1, Buffer.alloc(100_000))
  trickler.write(frame.subarray(0, 100))
  for (let round = 0; round < 30 && !isClosed; round++) {
    trickler.write(frame.subarray(100 + round, 101 + round))
    for (let turns = 0; turns < 20; turns++) await turn()
    environment.advance(5000)
  }
  await trickler.closed
  expect(rig.lines.at(-1)).toContain('client sends a request too slowly')
  expect(rig.budget.usedBytes).toBe(0)
})
