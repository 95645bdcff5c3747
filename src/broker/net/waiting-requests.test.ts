import { afterEach, expect, test } from 'vitest'
import { ByteAccount } from '../../base/byte-account.ts'
import { ByteBudget } from '../../base/byte-budget.ts'
import type { ResponseOf } from '../../protocol/api.ts'
import type { RequestContext } from './handler.ts'
import type { Manual, Rig } from './test-kit.ts'
import { BEATEN, heartbeatFrame, manual, startRig, until } from './test-kit.ts'

const FRAME = heartbeatFrame(1, 'g'.repeat(20_000))

interface Waiter {
  readonly context: RequestContext
  readonly didWait: boolean
  readonly call: Manual<ResponseOf<'Heartbeat'>>
}

let rig: Rig
const waiters: Waiter[] = []

/** A server whose requests wait until the test answers them. */
async function startWaiting(waiting: ByteAccount, keptBytes: number): Promise<void> {
  waiters.length = 0
  rig = await startRig(
    {
      Heartbeat: (_request, context) => {
        const call = manual<ResponseOf<'Heartbeat'>>()
        waiters.push({ context, didWait: context.waits(keptBytes), call })
        return call.promise
      },
    },
    { waiting, budget: new ByteBudget(1_000_000_000) },
  )
}

afterEach(async () => {
  for (const { call } of waiters) call.resolve(BEATEN)
  await rig.listener.close(0)
})

test('a request that waits for others gives its request memory back, and is charged for what it keeps', async () => {
  const waiting = new ByteAccount(100_000)
  await startWaiting(waiting, 70_000)
  const client = await rig.connect()
  client.write(FRAME)
  await until(() => waiters.length === 1)
  expect(waiters[0]!.didWait).toBe(true)
  expect([rig.budget.usedBytes, waiting.usedBytes]).toEqual([0, 70_000])
  waiters[0]!.call.resolve(BEATEN)
  expect(await client.nextId()).toBe(1)
  await until(() => waiting.usedBytes === 0)
  expect(rig.budget.usedBytes).toBe(0)
})

test('what it says when it waits again counts in place of what it said before', async () => {
  const waiting = new ByteAccount(100_000)
  await startWaiting(waiting, 70_000)
  const client = await rig.connect()
  client.write(FRAME)
  await until(() => waiters.length === 1)
  expect(waiters[0]!.context.waits(30_000)).toBe(true)
  expect(waiting.usedBytes).toBe(30_000)
})

test('a connection that closes gives back at once what its waiting request keeps, answered or not', async () => {
  const waiting = new ByteAccount(100_000)
  await startWaiting(waiting, 70_000)
  const client = await rig.connect()
  client.write(FRAME)
  await until(() => waiters.length === 1)
  client.socket.destroy()
  await until(() => rig.listener.connectionCount === 0)
  expect([rig.budget.usedBytes, waiting.usedBytes]).toEqual([0, 0])
  expect(waiters[0]!.context.waits(70_000)).toBe(true)
  expect(waiting.usedBytes).toBe(0)
  waiters[0]!.call.resolve(BEATEN)
  await waiters[0]!.call.promise
  expect([rig.budget.usedBytes, waiting.usedBytes]).toEqual([0, 0])
})

test('where those that wait have no room a large one is told so and keeps its request memory', async () => {
  const waiting = new ByteAccount(100_000)
  await startWaiting(waiting, 70_000)
  const clients = [await rig.connect(), await rig.connect()]
  for (const client of clients) {
    client.write(FRAME)
    await until(() => waiters.length === clients.indexOf(client) + 1)
  }
  expect(waiters.map(({ didWait }) => didWait)).toEqual([true, false])
  expect([rig.budget.usedBytes, waiting.usedBytes]).toEqual([FRAME.length, 70_000])
})

test('who keeps little may wait in any case', async () => {
  const waiting = new ByteAccount(0)
  await startWaiting(waiting, 1024)
  const client = await rig.connect()
  client.write(FRAME)
  await until(() => waiters.length === 1)
  expect(waiters[0]!.didWait).toBe(true)
  expect([rig.budget.usedBytes, waiting.usedBytes]).toEqual([0, 1024])
})
