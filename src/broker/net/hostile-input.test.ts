import { afterAll, beforeAll, expect, test } from 'vitest'
import fc from '../../../test/support/property.ts'
import { defaultApiVersionsResponse } from '../../protocol/generated/connection.ts'
import { defaultFetchRequest, defaultFetchResponse } from '../../protocol/generated/produce-fetch.ts'
import { NO_RESPONSE } from './handler.ts'
import type { RawClient, Rig } from './test-kit.ts'
import { BEATEN, frameOf, heartbeatFrame, produceFrame, startRig, until } from './test-kit.ts'

let rig: Rig
let neighbour: RawClient

beforeAll(async () => {
  rig = await startRig({
    ApiVersions: () => defaultApiVersionsResponse(),
    Fetch: () => defaultFetchResponse(),
    Heartbeat: () => BEATEN,
    Produce: () => NO_RESPONSE,
  })
  neighbour = await rig.connect()
})

afterAll(async () => {
  await rig.listener.close(0)
})

const valid = Buffer.concat([
  frameOf('ApiVersions', 1, { clientSoftwareName: 'kit', clientSoftwareVersion: '1' }),
  produceFrame(2),
  heartbeatFrame(3),
  frameOf('Fetch', 4, defaultFetchRequest()),
])

/** Valid frames with some bytes changed, cut off somewhere. */
const mutated = fc
  .tuple(
    fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { maxLength: 6 }),
    fc.integer({ min: 0, max: valid.length }),
  )
  .map(([changes, end]) => {
    const bytes = Buffer.from(valid)
    for (const [position, value] of changes) bytes[position] = value
    return bytes.subarray(0, end)
  })

async function survives(bytes: Buffer): Promise<void> {
  const client = await rig.connect()
  client.socket.end(bytes)
  await client.closed
  neighbour.write(heartbeatFrame(77))
  expect(await neighbour.nextId()).toBe(77)
  await until(() => rig.listener.connectionCount === 1)
  expect(rig.budget.usedBytes).toBe(0)
}

test('changed, cut and repeated requests end at most their own connection and leave no lease behind', async () => {
  await fc.assert(fc.asyncProperty(mutated, survives), { numRuns: 300 })
})

test('random bytes end at most their own connection', async () => {
  const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array))
  await fc.assert(fc.asyncProperty(bytes, survives), { numRuns: 200 })
})
