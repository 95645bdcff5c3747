import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemEnvironment } from '../../src/base/environment.ts'
import { silentLogger } from '../../src/base/logger.ts'
import { Broker } from '../../src/broker/broker.ts'
import { BrokerOptions } from '../../src/broker/options.ts'
import { MemoryFileSystem } from '../../src/storage/memory-file-system.ts'
import { FakeIo } from '../../test/support/fake-io.ts'
import { run } from '../program.ts'

let creating: Broker
let strict: Broker

async function startBroker(more: Record<string, string> = {}): Promise<Broker> {
  const options = BrokerOptions.from({ 'log.dirs': '/data', listeners: 'PLAINTEXT://127.0.0.1:0', ...more })
  return Broker.start({
    options,
    environment: systemEnvironment,
    logger: silentLogger,
    fileSystem: new MemoryFileSystem(),
  })
}

beforeAll(async () => {
  creating = await startBroker()
  strict = await startBroker({ 'auto.create.topics.enable': 'false' })
  for (const broker of [creating, strict]) await say('topic create orders payments', { broker })
  await say('produce orders', { input: ['x\n'] })
  await say('consume orders --group readers -e')
})
afterAll(() => Promise.all([creating.close(), strict.close()]))

async function say(words: string, { input = [] as string[], broker = creating, isTyped = false } = {}) {
  const io = new FakeIo(systemEnvironment)
  io.inputIsTyped = isTyped
  io.inputChunks = input
  const bootstrap = `PLAINTEXT://127.0.0.1:${broker.listeners[0]!.port}`
  const exitCode = await run([...words.split(' '), '--bootstrap', bootstrap], io)
  return { exitCode, out: io.outText, notes: io.notes }
}

const topicNames = async (): Promise<string> => (await say('topic list --json')).out

describe('a mistyped name', () => {
  it.each([
    'topic describe ordrs',
    'topic list ordrs',
    'topic delete ordrs',
    'topic alter ordrs --set retention.ms=1',
    'topic add-partitions ordrs --num 1',
    'consume ordrs',
    'records delete ordrs --before end',
    'config get topic ordrs',
    'config set topic ordrs retention.ms=1',
    'transaction producers ordrs',
    'group reset-offsets readers --topic ordrs --to end',
  ])('of a topic, %s: names the topic that comes near', async (words) => {
    const { exitCode, out, notes } = await say(words)
    expect(exitCode).toBe(3)
    expect([out, notes.length]).toEqual(['', 1])
    expect(notes[0]).toMatch(
      /^error: cannot .*ordrs.*: there is no such topic.*: did you mean orders\? \(UNKNOWN_TOPIC_OR_PARTITION\)$/,
    )
  })

  it('of a topic whose logs are asked for, names the topic that comes near', async () => {
    expect(await say('cluster logdirs --topic ordrs')).toMatchObject({
      exitCode: 3,
      notes: ['error: no broker has logs of topic ordrs: did you mean orders?'],
    })
  })

  it.each(['group describe raeders', 'group delete raeders', 'group reset-offsets raeders --to end'])(
    'of a group, %s: names the group that comes near',
    async (words) => {
      const { exitCode, notes } = await say(words)
      expect(exitCode).toBe(3)
      expect(notes.join()).toMatch(/there is no such group: did you mean readers\? \(GROUP_ID_NOT_FOUND\)$/)
    },
  )

  it('that comes near none is told how to go on', async () => {
    expect((await say('consume something-else')).notes).toEqual([
      'error: cannot find topic something-else: there is no such topic or partition: check the name, or create the topic (UNKNOWN_TOPIC_OR_PARTITION)',
    ])
  })

  it('of a topic to write to is told when it has created one', async () => {
    expect(await say('produce paymenst', { input: ['x\n'] })).toMatchObject({
      exitCode: 0,
      notes: [
        'topic paymenst was not there, and was created: 1 partition (did you mean payments?)',
        '1 record to paymenst',
        expect.stringContaining('partition 0'),
      ],
    })
    expect((await say('produce paymenst', { input: ['x\n'] })).notes[0]).toBe('1 record to paymenst')
    expect((await say('produce brand-new --json', { input: ['x\n'] })).notes).toEqual([
      '{"topic":"brand-new","partitions":1,"created":true}',
    ])
  })

  it('of a topic to write to is refused by a broker that creates none', async () => {
    const { exitCode, notes } = await say('produce paymenst', { input: ['x\n'], broker: strict })
    expect(exitCode).toBe(3)
    expect(notes.slice(-2)).toEqual([
      '0 records to paymenst',
      'error: there is no topic paymenst, and the broker does not create topics on demand: did you mean payments?',
    ])
  })
})

describe('what is not there', () => {
  it.each(['config get broker 7', 'config set broker 7 log.retention.ms=1000', 'cluster logdirs --broker 7'])(
    'a broker, %s: is told at once, with those that there are',
    async (words) => {
      expect(await say(words)).toMatchObject({
        exitCode: 3,
        notes: ['error: there is no broker 7: the cluster has 1'],
      })
    },
  )

  it('a topic to measure with is not made by a mistyped name', async () => {
    const before = await topicNames()
    const { exitCode, notes } = await say('bench --topic ordrs --records 1')
    expect([exitCode, notes.length]).toEqual([3, 1])
    expect(notes[0]).toContain('did you mean orders?')
    expect(await topicNames()).toBe(before)
  })

  it.each(['produce orders -p 5', 'consume orders -p 5', 'records delete orders -p 5 --before end'])(
    'a partition, %s: is told with those that there are',
    async (words) => {
      const { exitCode, notes } = await say(words, { input: ['x\n'] })
      expect([exitCode, notes.at(-1)]).toEqual([2, 'error: topic orders has partition 0 only, not 5'])
    },
  )

  it('a state of groups is told with those that there are', async () => {
    const { exitCode, notes } = await say('group list --state Stabel')
    expect([exitCode, notes.length]).toEqual([2, 1])
    expect(notes[0]).toMatch(/^error: no group has a state 'Stabel': .*Stable/)
    expect((await say('group list --state stable')).exitCode).toBe(0)
  })
})

describe('options that do not go together', () => {
  it('are told by the names that they have on the command line', async () => {
    expect((await say('produce orders --idempotent --acks 1', { input: ['x\n'] })).notes).toEqual([
      'error: an idempotent producer needs acks=all: only then does a broker say what it has',
    ])
  })
})

describe('an input without a record', () => {
  it.each(['--from-json', '--key-separator :'])('creates no topic: %s', async (how) => {
    const before = await topicNames()
    expect((await say(`produce unreadable ${how}`, { input: ['x\n'] })).exitCode).toBe(1)
    expect(await topicNames()).toBe(before)
  })
})

describe('an empty input', () => {
  it('creates nothing, and is told', async () => {
    const before = await topicNames()
    expect(await say('produce from-nothing')).toMatchObject({
      exitCode: 0,
      notes: ['no record came, nothing was written: there is still no topic from-nothing'],
    })
    expect((await say('produce orders')).notes).toEqual(['no record came, nothing was written'])
    expect((await say('produce ordrs', { isTyped: true })).notes).toEqual([
      'there is no topic ordrs yet (did you mean orders?)',
      'type one record a line; Ctrl-D ends',
      'no record came, nothing was written: there is still no topic ordrs',
    ])
    expect(await topicNames()).toBe(before)
  })
})
