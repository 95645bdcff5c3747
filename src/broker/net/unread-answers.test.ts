import { afterEach, expect, it } from 'vitest'
import type { Rig } from './test-kit.ts'
import { BEATEN, frameOf, heartbeatFrame, startRig, until } from './test-kit.ts'
import { UnreadAnswers } from './unread-answers.ts'

let rig: Rig | null = null

afterEach(async () => {
  await rig?.listener.close(0)
  rig = null
})

/** One that owes so much. */
class Owing {
  unreadBytes = 0
  isGivenUp = false
  readonly #unread: UnreadAnswers

  constructor(unread: UnreadAnswers) {
    this.#unread = unread
    unread.enter(this)
  }

  owe(bytes: number): void {
    this.unreadBytes += bytes
    this.#unread.add(bytes)
  }

  giveUp(): void {
    this.isGivenUp = true
    this.owe(-this.unreadBytes)
  }
}

it('beyond the bound those that owe most are given up, as many as it takes', () => {
  const unread = new UnreadAnswers(100)
  const [small, large, larger] = [new Owing(unread), new Owing(unread), new Owing(unread)]
  small.owe(10)
  large.owe(40)
  larger.owe(50)
  expect(unread.usedBytes).toBe(100)
  small.owe(55)
  expect([small, large, larger].map(({ isGivenUp }) => isGivenUp)).toEqual([true, false, false])
  large.owe(20)
  expect([large, larger].map(({ isGivenUp }) => isGivenUp)).toEqual([true, false])
  expect(unread.usedBytes).toBe(50)
})

it('an answer that is larger than all that may be kept closes whom it is for, and nobody else', () => {
  const unread = new UnreadAnswers(100)
  const [other, asking] = [new Owing(unread), new Owing(unread)]
  other.owe(10)
  asking.owe(101)
  expect([other.isGivenUp, asking.isGivenUp, unread.usedBytes]).toEqual([false, true, 10])
})

it('who has left is not given up', () => {
  const unread = new UnreadAnswers(100)
  const [gone, other] = [new Owing(unread), new Owing(unread)]
  gone.owe(90)
  unread.leave(gone)
  other.owe(20)
  expect([gone.isGivenUp, other.isGivenUp]).toEqual([false, true])
})

const LARGE_BYTES = 8_000_000
const large = { errorCode: 0, mechanisms: Array.from({ length: 250 }, () => 'x'.repeat(LARGE_BYTES / 250)) }

it('clients that do not read their answers are closed when these take too much; who reads is served', async () => {
  const unread = new UnreadAnswers(3 * LARGE_BYTES)
  rig = await startRig({ SaslHandshake: () => large, Heartbeat: () => BEATEN }, { unread })
  const { listener, lines, connect } = rig
  const neighbour = await connect()
  const idle = []
  for (let count = 0; count < 4; count++) {
    const client = await connect()
    client.socket.pause()
    client.write(frameOf('SaslHandshake', 1, { mechanism: 'PLAIN' }))
    idle.push(client)
  }
  await until(() => listener.connectionCount < 5)
  expect(lines.at(-1)).toContain('unread answers have used up their memory')
  neighbour.write(heartbeatFrame(7))
  expect(await neighbour.nextId()).toBe(7)
  for (const client of idle) client.socket.destroy()
  await until(() => listener.connectionCount === 1)
  expect(unread.usedBytes).toBe(0)
})

it('what has been read is no longer counted', async () => {
  const unread = new UnreadAnswers(3 * LARGE_BYTES)
  rig = await startRig({ SaslHandshake: () => large }, { unread })
  const client = await rig.connect()
  for (let id = 1; id <= 6; id++) {
    client.write(frameOf('SaslHandshake', id, { mechanism: 'PLAIN' }, 1))
    expect(await client.nextId()).toBe(id)
  }
  await until(() => unread.usedBytes === 0)
})
