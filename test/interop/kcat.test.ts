import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BrokerProcess, startBroker } from '../support/broker-process.ts'
import { Child, run, runJson } from '../support/child.ts'
import { findKcat } from '../support/clients.ts'
import { patternBytes, uniqueName } from '../support/names.ts'

const kcat = findKcat()

interface KcatMessage {
  readonly offset: number
  readonly tstype: string
  readonly ts: number
  readonly key: string | null
  readonly payload: string | null
  readonly headers?: readonly string[]
}

describe.skipIf(kcat.missing)(kcat.title, { concurrent: true }, () => {
  let broker: BrokerProcess
  beforeAll(async () => {
    broker = await startBroker({ settings: { 'num.partitions': '4' } })
  })
  afterAll(async () => {
    await broker.stop()
  })

  const program = (): string => kcat.command ?? 'kcat'
  const produce = async (topic: string, input: string, ...args: string[]): Promise<void> => {
    await run(program(), ['-P', '-b', broker.bootstrap, '-t', topic, '-p', '0', ...args], { input })
  }
  const consume = async (topic: string, ...args: string[]): Promise<KcatMessage[]> =>
    await runJson(program(), [
      '-C',
      '-b',
      broker.bootstrap,
      '-t',
      topic,
      '-e',
      '-q',
      '-J',
      '-p',
      '0',
      ...args,
    ])

  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('produces and consumes with %s', async (codec) => {
    const topic = uniqueName('kcat')
    const lines = Array.from({ length: 200 }, (_, index) => `key${index}:value ${index} ${'x'.repeat(index)}`)
    await produce(topic, lines.join('\n'), '-K', ':', '-z', codec, '-H', 'codec=it', '-H', 'empty=')
    const messages = await consume(topic, '-X', 'check.crcs=true')
    expect(messages.map(({ key, payload }) => `${key}:${payload}`)).toEqual(lines)
    expect(messages.map(({ offset }) => offset)).toEqual(lines.map((_, index) => index))
    expect(messages[0]).toMatchObject({ tstype: 'create', headers: ['codec', 'it', 'empty', ''] })
  })

  it('writes null keys and tombstones', async () => {
    const topic = uniqueName('kcat')
    await produce(topic, 'a:\n:b\nc:d\n', '-K', ':', '-Z')
    const messages = await consume(topic)
    expect(messages.map(({ key, payload }) => [key, payload])).toEqual([
      ['a', null],
      [null, 'b'],
      ['c', 'd'],
    ])
  })

  it('moves messages of nearly 1 MiB unharmed', async () => {
    const topic = uniqueName('kcat')
    const file = join(tmpdir(), uniqueName('kcat'))
    const value = patternBytes(1_000_000 - 500)
    await writeFile(file, value)
    await run(program(), ['-P', '-b', broker.bootstrap, '-t', topic, '-p', '0', file, file])
    await rm(file)
    const messages = await consume(topic)
    expect(messages.length).toBe(2)
    for (const { payload } of messages) expect(payload === value.toString()).toBe(true)
  })

  it('produces idempotently', async () => {
    const topic = uniqueName('kcat')
    const lines = Array.from({ length: 1000 }, (_, index) => String(index))
    await produce(topic, lines.join('\n'), '-X', 'enable.idempotence=true', '-X', 'batch.num.messages=10')
    expect((await consume(topic)).map(({ payload }) => payload)).toEqual(lines)
  })

  it('asks for offsets by time, and starts from one', async () => {
    const topic = uniqueName('kcat')
    await produce(topic, 'early\n')
    const [early] = await consume(topic)
    // The second record must bear a later millisecond than the first.
    while (Date.now() <= early!.ts) await new Promise((resolve) => setImmediate(resolve))
    await produce(topic, 'late\n')
    const [late] = await consume(topic, '-o', '1')
    const at = `${topic}:0:${early!.ts + 1}`
    const query = await run(program(), ['-Q', '-b', broker.bootstrap, '-t', at])
    expect(query.stdout).toContain(`${topic} [0] offset 1`)
    const from = await consume(topic, '-o', `s@${late!.ts}`)
    expect(from.map(({ payload }) => payload)).toEqual(['late'])
    expect((await consume(topic, '-o', '-1')).map(({ offset }) => offset)).toEqual([1])
  })

  it('lists what is there', async () => {
    const topic = uniqueName('kcat')
    await produce(topic, 'x\n')
    const [listing] = await runJson<{ topics: { topic: string; partitions: { partition: number }[] }[] }>(
      program(),
      ['-L', '-J', '-b', broker.bootstrap, '-t', topic],
    )
    expect(listing!.topics[0]!.topic).toBe(topic)
    expect(listing!.topics[0]!.partitions.length).toBeGreaterThan(0)
  })

  it('shares partitions when a second member joins, and takes them back when it leaves', async () => {
    const topic = uniqueName('kcat')
    const group = uniqueName('group')
    await produce(topic, 'x\n')
    const settings = ['-X', 'heartbeat.interval.ms=100', '-X', 'session.timeout.ms=6000']
    const start = (): Child =>
      new Child(program(), ['-u', '-b', broker.bootstrap, ...settings, '-o', 'beginning', '-G', group, topic])
    const first = start()
    const assigned = (times: number): RegExp => new RegExp(`(?:assigned: .*\\n[\\s\\S]*?){${times}}`)
    await first.waitFor('stderr', assigned(1))
    const all = assignments(first).at(-1)!
    await first.waitFor('stdout', /^x$/m)
    const second = start()
    await Promise.all([second.waitFor('stderr', assigned(1)), first.waitFor('stderr', assigned(2))])
    const halves = [...assignments(first).at(-1)!, ...assignments(second).at(-1)!]
    expect(halves.sort()).toEqual(all)
    await second.kill()
    await first.waitFor('stderr', assigned(3))
    expect(assignments(first).at(-1)).toEqual(all)
    await first.kill()
  })
})

/** The partitions of every assignment that a group member of kcat has told of, in order. */
function assignments(member: Child): string[][] {
  return [...member.stderr.matchAll(/assigned: (.*)\n/g)].map(([, list]) => list!.split(', ').sort())
}
