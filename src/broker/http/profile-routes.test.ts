import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { ManualEnvironment } from '../../base/environment.ts'
import type { HttpAnswer, HttpRequest } from './http-routes.ts'
import { profileRoutes } from './profile-routes.ts'
import { Profiler } from './profiler.ts'

function rig() {
  const environment = new ManualEnvironment()
  const routes = profileRoutes(new Profiler(environment), false)
  const ask = async (name: string, more: Partial<HttpRequest> = {}): Promise<HttpAnswer> => {
    const route = routes.find(({ path }) => path === `/debug/profile/${name}`)!
    return await route.handle({
      clientHost: '127.0.0.1',
      parameters: {},
      query: {},
      body: undefined,
      aborted: new AbortController().signal,
      ...more,
    })
  }
  /** Moves the clock on once the profile has begun to wait for it. */
  const pass = async (ms: number): Promise<void> => {
    while (environment.pendingTimers === 0) await new Promise((resolve) => setImmediate(resolve))
    environment.advance(ms)
  }
  return { routes, ask, pass }
}

test('a CPU profile is what DevTools opens, and takes as long as it is asked for', async () => {
  const { ask, pass } = rig()
  const asking = ask('cpu', { query: { seconds: '2.5' } })
  await pass(2500)
  const answer = await asking
  expect(answer.status).toBe(200)
  const profile = JSON.parse(String(answer.body)) as { nodes: unknown[]; startTime: number; endTime: number }
  expect(profile.nodes.length).toBeGreaterThan(0)
  expect(profile.endTime).toBeGreaterThan(profile.startTime)
  expect(answer.headers).toEqual({ 'content-disposition': 'attachment; filename="millrace.cpuprofile"' })
})

test('a heap profile tells who allocates', async () => {
  const { ask, pass } = rig()
  const asking = ask('heap')
  await pass(10_000)
  expect(JSON.parse(String((await asking).body))).toHaveProperty('head')
})

test('one profile is taken at a time', async () => {
  const { ask, pass } = rig()
  const first = ask('cpu')
  expect((await ask('cpu')).status).toBe(409)
  expect((await ask('heap-snapshot')).status).toBe(409)
  await pass(10_000)
  expect((await first).status).toBe(200)
  const second = ask('cpu')
  await pass(10_000)
  expect((await second).status).toBe(200)
})

test('a client that goes away ends its profile', async () => {
  const { ask, pass } = rig()
  const gone = new AbortController()
  const asking = ask('cpu', { aborted: gone.signal })
  await pass(0)
  gone.abort()
  expect((await asking).status).toBe(200)
})

test.each(['0', '-1', '301', 'x', '1e3', ''])('seconds=%s is refused', async (seconds) => {
  expect((await rig().ask('cpu', { query: { seconds } })).status).toBe(400)
})

test('a heap snapshot is a stream', async () => {
  const answer = await rig().ask('heap-snapshot')
  const start = await text(answer.body as Readable)
  expect(start.startsWith('{"snapshot":')).toBe(true)
})

test('profiles are for this machine unless everybody may have them', () => {
  const profiler = new Profiler(new ManualEnvironment())
  expect(profileRoutes(profiler, false).map(({ audience }) => audience)).toEqual(Array(3).fill('machine'))
  expect(profileRoutes(profiler, true).map(({ audience }) => audience)).toEqual(Array(3).fill('anyone'))
})
