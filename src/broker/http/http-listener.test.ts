import { once } from 'node:events'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { AssertionError } from '../../base/assert.ts'
import { DescriptorBudget } from '../../base/descriptor-budget.ts'
import { systemEnvironment } from '../../base/environment.ts'
import { keptLog } from '../../base/test-kit.ts'
import { HttpListener, type HttpListenerOptions } from './http-listener.ts'
import { type HttpRoute, HttpRoutes, jsonAnswer } from './http-routes.ts'
import { HttpProblem } from './problem.ts'

const opened: HttpListener[] = []
afterEach(async () => {
  for (const listener of opened.splice(0)) await listener.close(0)
})

const { logger, lines } = keptLog('debug')

const ROUTES: readonly HttpRoute[] = [
  {
    method: 'POST',
    path: '/echo/:name',
    audience: 'anyone',
    handle: ({ body, parameters, query, clientHost }) =>
      jsonAnswer(200, { body: body ?? null, parameters, query, clientHost }),
  },
  { method: 'GET', path: '/private', audience: 'machine', handle: () => jsonAnswer(200, { ok: true }) },
  {
    method: 'GET',
    path: '/refused',
    audience: 'anyone',
    handle: () => {
      throw new HttpProblem('not-ready', 'come back later')
    },
  },
  {
    method: 'GET',
    path: '/broken',
    audience: 'anyone',
    handle: () => Promise.reject(new TypeError('the disk is on fire')),
  },
  {
    method: 'GET',
    path: '/stream',
    audience: 'anyone',
    handle: () => ({ status: 200, contentType: 'text/plain', body: Readable.from(['a', 'b']) }),
  },
]

async function open(more: Partial<HttpListenerOptions> = {}, routes = ROUTES): Promise<string> {
  const all = new HttpRoutes()
  all.add(...routes)
  const listener = await HttpListener.open({
    host: '127.0.0.1',
    port: 0,
    routes: all,
    environment: systemEnvironment,
    logger,
    connectionsMax: 10,
    bodyBytesMax: 1000,
    headerTimeoutMs: 10_000,
    ...more,
  })
  opened.push(listener)
  return `http://127.0.0.1:${listener.port}`
}

/** What comes back for these bytes until the other side closes. */
async function exchange(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => {})
  socket.write(bytes)
  return await text(socket)
}

async function problemOf(response: Response) {
  expect(response.headers.get('content-type')).toContain('application/problem+json')
  return (await response.json()) as Record<string, unknown>
}

it('takes the descriptors of others, never those of clients, and closes whom there is none for', async () => {
  const descriptors = new DescriptorBudget(4, { log: 1, connection: 2, other: 1 })
  const url = await open({ descriptors })
  const port = Number(new URL(url).port)
  const first = connect(port, '127.0.0.1')
  await once(first, 'connect')
  while (descriptors.used('other') === 0) await new Promise((resolve) => setImmediate(resolve))
  const second = connect(port, '127.0.0.1').resume()
  await once(second, 'close')
  expect(descriptors.room('connection')).toBe(2)
  first.destroy()
  while (descriptors.used('other') === 1) await new Promise((resolve) => setImmediate(resolve))
  expect((await fetch(`${url}/private`)).status).toBe(200)
})

describe('a route', () => {
  it('is given parameters, query and JSON', async () => {
    const url = await open()
    const response = await fetch(`${url}/echo/it?a=1&a=2`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"x":1}',
    })
    expect(await response.json()).toEqual({
      body: { x: 1 },
      parameters: { name: 'it' },
      query: { a: '2' },
      clientHost: '127.0.0.1',
    })
  })

  it('may answer by a stream', async () => {
    const response = await fetch(`${await open()}/stream`)
    expect(await response.text()).toBe('ab')
  })

  it('refuses by a problem with a name', async () => {
    const response = await fetch(`${await open()}/refused`)
    expect(response.status).toBe(503)
    expect(await problemOf(response)).toEqual({
      type: 'urn:millrace:problem:not-ready',
      title: 'The broker is not ready',
      status: 503,
      detail: 'come back later',
    })
  })

  it('that fails is told in the log with where, and to the client without', async () => {
    const response = await fetch(`${await open()}/broken`)
    expect(await problemOf(response)).toMatchObject({ status: 500, detail: 'the log says more' })
    const line = lines.find((text) => text.includes('an HTTP request failed'))
    expect(line).toContain('the disk is on fire')
    expect(line).toContain('http-listener.test')
  })

  it('that meets a fault of ours ends the process', async () => {
    const route: HttpRoute = {
      method: 'GET',
      path: '/',
      audience: 'anyone',
      handle: () => {
        throw new AssertionError('impossible')
      },
    }
    const url = await open({}, [route])
    const others = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    const ended = once(process, 'uncaughtException')
    try {
      await fetch(url)
      const [error] = await ended
      expect(error).toMatchObject({ message: 'impossible' })
    } finally {
      for (const listener of others) process.on('uncaughtException', listener)
    }
  })

  it('of this machine is not served to a page that has a name for it', async () => {
    const url = await open()
    const get = (host: string) =>
      exchange(url, `GET /private HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`)
    expect(await get('localhost:1')).toMatch(/^HTTP\/1.1 200 /)
    expect(await get('127.0.0.1')).toMatch(/^HTTP\/1.1 200 /)
    expect(await get('evil.example')).toMatch(/^HTTP\/1.1 403 /)
    expect(await get('evil.example')).toContain('urn:millrace:problem:only-for-this-machine')
  })
})

describe('what is not served', () => {
  it('is answered by a problem: paths, methods, media types, bodies', async () => {
    const url = await open()
    const post = (body: string, type: string) =>
      fetch(`${url}/echo/it`, { method: 'POST', body, headers: { 'content-type': type } })
    expect(await problemOf(await fetch(`${url}/nowhere`))).toMatchObject({
      type: 'urn:millrace:problem:not-found',
      detail: '/nowhere',
    })
    const wrongMethod = await fetch(`${url}/private`, { method: 'DELETE' })
    expect(wrongMethod.headers.get('allow')).toBe('GET')
    expect(await problemOf(wrongMethod)).toMatchObject({ status: 405 })
    expect(await problemOf(await post('{', 'application/json'))).toMatchObject({ status: 400 })
    expect(await problemOf(await post('<a/>', 'text/xml'))).toMatchObject({ status: 415 })
    const large = JSON.stringify({ x: 'y'.repeat(2000) })
    expect(await problemOf(await post(large, 'application/json'))).toMatchObject({ status: 413 })
    expect(await problemOf(await fetch(`${url}/%`))).toMatchObject({ status: 400 })
  })

  it.each([
    ['garbage', '\x16\x03\x01 this is no HTTP\r\n\r\n', 400],
    ['a head that is too large', `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
  ])('is closed: %s', async (_what, bytes, status) => {
    const answer = await exchange(await open(), bytes)
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(answer).toContain('"type":"urn:millrace:problem:bad-request"')
  })

  it('is closed: a head that does not end', async () => {
    const url = await open({ headerTimeoutMs: 100 })
    expect(await exchange(url, 'GET / HTTP/1.1\r\nx: ')).toMatch(/^HTTP\/1.1 408 /)
  })

  it('is closed: a connection above the bound', async () => {
    const url = await open({ connectionsMax: 1 })
    const first = connect(Number(new URL(url).port), '127.0.0.1')
    await once(first, 'connect')
    first.write('GET /private HTTP/1.1\r\nhost: localhost\r\n\r\n')
    await once(first, 'data')
    expect(await exchange(url, '')).toBe('')
    first.destroy()
  })
})

describe('a listener that closes', () => {
  it('ends what is idle at once, and what is not answered when its time is up', async () => {
    let asked: () => void = () => {}
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve
    })
    const never: HttpRoute = {
      method: 'GET',
      path: '/never',
      audience: 'anyone',
      handle: ({ aborted }) => {
        asked()
        return new Promise((resolve) => aborted.addEventListener('abort', () => resolve(jsonAnswer(200, {}))))
      },
    }
    const url = await open({}, [never])
    const answer = fetch(`${url}/never`).catch((error: unknown) => error)
    await isAsked
    await opened.pop()!.close(50)
    expect(await answer).toBeInstanceOf(Error)
  })
})
