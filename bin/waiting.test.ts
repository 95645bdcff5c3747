import { afterEach, describe, expect, it } from 'vitest'
import { ManualEnvironment } from '../src/base/environment.ts'
import { Obstacles } from '../src/client/obstacles.ts'
import { ERROR_CODES } from '../src/protocol/error-codes.ts'
import { defaultProduceResponse } from '../src/protocol/generated/produce-fetch.ts'
import { advanceUntilSettled } from '../test/support/advance.ts'
import type { FakeHandlers } from '../test/support/fake-broker.ts'
import { FakeCluster } from '../test/support/fake-cluster.ts'
import { FakeIo } from '../test/support/fake-io.ts'
import { run } from './program.ts'
import { tellObstacles } from './waiting.ts'

describe('what is waited for', () => {
  function told(json = false) {
    const environment = new ManualEnvironment()
    const io = new FakeIo(environment)
    const obstacles = new Obstacles(environment)
    const end = tellObstacles(io, json, obstacles)
    return { environment, io, obstacles, end }
  }

  it('is told within two seconds, once, and that it is over', () => {
    const { environment, io, obstacles } = told()
    const who = {}
    obstacles.meet(who, 'a')
    environment.advance(1_000)
    obstacles.meet(who, 'b')
    expect(io.notes).toEqual([])
    environment.advance(1_000)
    environment.advance(60_000)
    expect(io.notes).toEqual(['waiting: b'])
    obstacles.clear(who)
    environment.advance(1_000)
    expect(io.notes).toEqual(['waiting: b', 'going on'])
  })

  it('is not told when it is over sooner, or when the command is', () => {
    const { environment, io, obstacles, end } = told()
    const who = {}
    obstacles.meet(who, 'a')
    environment.advance(1_000)
    obstacles.clear(who)
    environment.advance(5_000)
    obstacles.meet(who, 'b')
    end()
    environment.advance(5_000)
    expect(io.notes).toEqual([])
  })

  it('is JSON where that is asked for', () => {
    const { environment, io, obstacles } = told(true)
    obstacles.meet(io, 'a')
    environment.advance(2_000)
    obstacles.clear(io)
    environment.advance(1_000)
    expect(io.notes).toEqual(['{"waiting":"a"}', '{"waiting":null}'])
  })
})

describe('a command that waits', () => {
  let fake: FakeCluster | null = null
  afterEach(() => fake?.close())

  /** The first thing that it says, when, and its exit code. */
  async function firstNote(words: string, input: string[] = []) {
    const environment = new ManualEnvironment()
    const io = new FakeIo(environment)
    io.inputChunks = input
    const { note } = io
    let firstMs = Number.NaN
    io.note = (line) => {
      if (Number.isNaN(firstMs)) firstMs = environment.monotonicMs()
      note.call(io, line)
    }
    const { host, port } = fake!.bootstrap[0]!
    const running = run([...words.split(' '), '--bootstrap', `${host}:${port}`], io)
    const startMs = environment.monotonicMs()
    const exitCode = await advanceUntilSettled(environment, running)
    return { first: io.notes[0]!, afterMs: firstMs - startMs, exitCode }
  }

  async function advertising(port: number, handlers: FakeHandlers = {}): Promise<void> {
    fake = await FakeCluster.listen(1, { t: [1] }, handlers)
    const broker = fake.broker(1)
    const { Metadata } = broker.handlers
    if (port > 0)
      broker.handlers.Metadata = async (request, call) => {
        const answer = await Metadata!(request, call)
        if (typeof answer !== 'object' || answer === null || !('brokers' in answer)) return answer
        return { ...answer, brokers: answer.brokers.map((each) => ({ ...each, port })) }
      }
  }

  it.each([
    ['consume t', []],
    ['consume t -e', []],
    ['records delete t --before end', []],
    ['produce t', ['x\n']],
  ])(
    'for an advertised address where nobody listens, %s: says so and what to look at',
    async (words, input) => {
      await advertising(1)
      const { first, afterMs, exitCode } = await firstNote(words, input)
      expect(first).toMatch(
        /^waiting: .*:1: connection refused: nothing listens there \(broker 1 has clients told that it is there: see advertised.listeners\)$/,
      )
      expect(afterMs).toBeLessThanOrEqual(2_000)
      expect(exitCode).toBe(4)
    },
  )

  it('for a disk says what is wrong with it', async () => {
    await advertising(0, {
      Produce: ({ topicData }) => ({
        ...defaultProduceResponse(),
        responses: topicData.map(({ name, topicId, partitionData }) => ({
          name,
          topicId,
          partitionResponses: partitionData.map(({ index }) => ({
            index,
            errorCode: ERROR_CODES.KAFKA_STORAGE_ERROR,
            errorMessage: 'the disk is full',
            baseOffset: -1,
            logAppendTimeMs: -1,
            logStartOffset: -1,
            recordErrors: [],
            currentLeader: { leaderId: -1, leaderEpoch: -1 },
          })),
        })),
      }),
    })
    const { first, afterMs, exitCode } = await firstNote('produce t', ['x\n'])
    expect(first).toMatch(
      /^waiting: cannot write to t \[0\]: the disk is full: look at the room on it, and at the broker’s log \(KAFKA_STORAGE_ERROR\)$/,
    )
    expect(afterMs).toBeLessThanOrEqual(2_000)
    expect(exitCode).toBe(1)
  })

  it('for answers, its input being over, ends at a signal and says what came of it', async () => {
    await advertising(0, { Produce: () => new Promise(() => {}) })
    const environment = new ManualEnvironment()
    const io = new FakeIo(environment)
    io.inputChunks = ['x\ny\n']
    const { host, port } = fake!.bootstrap[0]!
    const running = run(['produce', 't', '--bootstrap', `${host}:${port}`], io)
    while (io.notes.length === 0) {
      await new Promise((resolve) => setImmediate(resolve))
      environment.advance(5)
    }
    io.interrupt()
    expect(await advanceUntilSettled(environment, running)).toBe(1)
    expect(io.notes.slice(1)).toEqual([
      '0 records to t',
      'error: ended before 2 records were acknowledged: they may be stored or not',
    ])
    expect(environment.monotonicMs()).toBeLessThan(10_000)
  })

  it('for a broker that does not answer says which, and what it was asked', async () => {
    await advertising(0, { Produce: () => new Promise(() => {}) })
    const { first, afterMs } = await firstNote('produce t', ['x\n'])
    expect(first).toMatch(/^waiting: .* has not answered Produce yet: look at the broker's log$/)
    expect(afterMs).toBeLessThanOrEqual(2_000)
  })
})
