import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemEnvironment } from '../../src/base/environment.ts'
import { silentLogger } from '../../src/base/logger.ts'
import { Broker } from '../../src/broker/broker.ts'
import { BrokerOptions } from '../../src/broker/options.ts'
import { MemoryFileSystem } from '../../src/storage/memory-file-system.ts'
import { FakeIo } from '../../test/support/fake-io.ts'
import { run } from '../program.ts'

let broker: Broker
let bootstrap: string

beforeAll(async () => {
  const options = BrokerOptions.from({
    'log.dirs': '/data',
    listeners: 'PLAINTEXT://127.0.0.1:0',
    'num.partitions': '2',
    'group.initial.rebalance.delay.ms': '0',
  })
  broker = await Broker.start({
    options,
    environment: systemEnvironment,
    logger: silentLogger,
    fileSystem: new MemoryFileSystem(),
  })
  bootstrap = `127.0.0.1:${broker.listeners[0]!.port}`
})
afterAll(() => broker.close())

async function say(words: string, input: (string | Buffer)[] = [], columns: number | null = null) {
  const io = new FakeIo(systemEnvironment)
  io.inputChunks = input
  io.columns = columns
  const exitCode = await run([...words.split(' '), '--bootstrap', bootstrap], io)
  return { exitCode, out: io.outText, notes: io.notes, lines: io.outText.split('\n').slice(0, -1) }
}

const json = ({ lines }: { lines: string[] }): unknown[] => lines.map((line) => JSON.parse(line))

describe('topic', () => {
  it('creates, lists, describes and deletes', async () => {
    expect(await say('topic create life --partitions 3 --config retention.ms=60000')).toMatchObject({
      exitCode: 0,
      notes: ['created topic life: 3 partitions, 1 replica of each'],
    })
    expect((await say('topic list')).lines).toContain('life            3         1')
    const described = await say('topic describe life')
    expect(described.lines[1]).toBe('configuration: retention.ms=60000')
    expect(described.lines).toHaveLength(6)
    expect(json(await say('topic describe life --json'))).toMatchObject([
      {
        topic: 'life',
        internal: false,
        configs: { 'retention.ms': '60000' },
        partitions: [{ partition: 0, leader: 1, start: 0, end: 0 }, {}, {}],
      },
    ])
    expect(await say('topic delete life')).toMatchObject({ exitCode: 0, notes: ['deleted topic life'] })
    expect(await say('topic describe life')).toMatchObject({ exitCode: 3 })
  })

  it('says what is wrong, and with what code', async () => {
    await say('topic create twice')
    expect(await say('topic create twice')).toMatchObject({
      exitCode: 1,
      notes: [expect.stringContaining('choose another name')],
    })
    expect(await say('topic create a/b')).toMatchObject({
      exitCode: 1,
      notes: [expect.stringContaining('INVALID_TOPIC_EXCEPTION')],
    })
    expect(await say('topic create many --replication-factor 3')).toMatchObject({
      exitCode: 1,
      notes: [expect.stringContaining('at most as many as there are brokers')],
    })
    expect(await say('topic delete nosuch twice')).toMatchObject({
      exitCode: 3,
      notes: [expect.stringContaining('nosuch'), 'deleted topic twice'],
    })
  })
})

describe('topics, several at once', () => {
  it('are created alike, and left alone where they are there already', async () => {
    expect((await say('topic create many-a many-b -p 2 -c retention.ms=1000 --dry-run')).notes).toEqual([
      'would create topic many-a: 2 partitions, 1 replica of each',
      'would create topic many-b: 2 partitions, 1 replica of each',
    ])
    expect(await say('topic create many-a -p 2')).toMatchObject({ exitCode: 0 })
    expect(json(await say('topic create many-a many-b -p 3 --if-not-exists --json'))).toEqual([
      { topic: 'many-a', partitions: 2, replicationFactor: 1, created: false },
      { topic: 'many-b', partitions: 3, replicationFactor: 1, created: true },
    ])
    expect(await say('topic create many-a many-c')).toMatchObject({
      exitCode: 1,
      notes: [
        expect.stringContaining('TOPIC_ALREADY_EXISTS'),
        expect.stringContaining('created topic many-c'),
      ],
    })
    expect((await say('topic add-partitions many-a many-b -n 1')).notes).toEqual([
      expect.stringContaining('grew topic many-a from 2 to 3 partitions'),
      expect.stringContaining('grew topic many-b from 3 to 4 partitions'),
    ])
    expect(await say('topic add-partitions many-a --to 9 -n 1')).toMatchObject({ exitCode: 2 })
  })

  it('are named by an expression, and deleted by one only on demand', async () => {
    await say('topic create by-name-1 by-name-2 other')
    expect(json(await say('topic list by-name-.* -r --json'))).toMatchObject([
      { topic: 'by-name-1' },
      { topic: 'by-name-2' },
    ])
    expect(json(await say('topic describe by-name-1|other --regex --json'))).toMatchObject([
      { topic: 'by-name-1' },
      { topic: 'other' },
    ])
    expect(await say('topic list nosuch other')).toMatchObject({
      exitCode: 3,
      lines: [expect.any(String), expect.stringContaining('other')],
    })
    expect(await say('topic delete by-name-.* -r')).toMatchObject({
      exitCode: 0,
      lines: ['by-name-1', 'by-name-2'],
      notes: ['nothing was deleted: --execute deletes 2 topics, for good'],
    })
    expect((await say('topic delete by-name-.* -r --execute')).notes).toEqual([
      'deleted topic by-name-1',
      'deleted topic by-name-2',
    ])
    expect(await say('topic list by-name-.* -r')).toMatchObject({ exitCode: 3 })
  })

  it('gain and lose elements of a list', async () => {
    await say('topic create listed')
    expect((await say('topic alter listed --append cleanup.policy=compact')).notes).toEqual([
      'changed topic listed: compact put to cleanup.policy',
    ])
    expect((await say('config get topic listed')).lines[1]).toMatch(/^cleanup.policy +delete,compact +topic$/)
    await say('topic alter-config listed --subtract cleanup.policy=delete')
    expect((await say('config get topic listed')).lines[1]).toMatch(/^cleanup.policy +compact +topic$/)
    expect(await say('topic alter listed --append a=1 --unset a')).toMatchObject({ exitCode: 2 })
  })
})

describe('produce and consume', () => {
  it('carry lines, keys, headers and nulls', async () => {
    const lines = ['a:1\n', 'b:2\nc:', '3\n', 'd:\n']
    const produced = await say(
      'produce carried --key-separator : --header source=test --header n=1 --empty-as-null --partition 1 --json',
      lines,
    )
    expect(json(produced)).toMatchObject(
      [0, 1, 2, 3].map((offset) => ({ topic: 'carried', partition: 1, offset })),
    )
    const consumed = await say('consume carried --exit-at-end --format %p/%o:%k=%v(%S)[%h]\\n')
    expect(consumed.lines).toEqual([
      '1/0:a=1(1)[source=test,n=1]',
      '1/1:b=2(1)[source=test,n=1]',
      '1/2:c=3(1)[source=test,n=1]',
      '1/3:d=(-1)[source=test,n=1]',
    ])
    expect(json(await say('consume carried --exit-at-end --json --from 3 --partition 1'))).toMatchObject([
      {
        key: 'd',
        value: null,
        headers: [
          { key: 'source', value: 'test' },
          { key: 'n', value: '1' },
        ],
      },
    ])
  })

  it('sum up what was written, in every codec', async () => {
    await say('topic create codecs')
    for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd'])
      expect(await say(`produce codecs --partition 0 --compression ${codec}`, ['x\ny\n'])).toMatchObject({
        exitCode: 0,
        notes: ['2 records to codecs', expect.stringMatching(/^ {2}partition 0: 2 \(offsets \d to \d\)$/)],
      })
    expect((await say('consume codecs --exit-at-end')).lines).toHaveLength(10)
  })

  it('read a file, and say when it is not there', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'millrace-produce-')), 'lines.txt')
    writeFileSync(file, 'one\ntwo')
    expect(await say(`produce filed --file ${file}`)).toMatchObject({ exitCode: 0 })
    expect((await say('consume filed --exit-at-end')).lines.sort()).toEqual(['one', 'two'])
    expect(await say('produce filed --file /nonexistent')).toMatchObject({
      exitCode: 1,
      notes: ['0 records to filed', 'error: there is no file /nonexistent'],
    })
  })

  it('stop at the first line that is no record, and tell what was written', async () => {
    await say('topic create keyed')
    expect(await say('produce keyed --key-separator =', ['a=1\nb\nc=3\n'])).toMatchObject({
      exitCode: 1,
      notes: ['1 record to keyed', expect.any(String), "error: line 2 has no '=' to end its key"],
    })
  })

  it('begin and end where they are told', async () => {
    await say('produce range --partition 0', ['0\n1\n2\n3\n4\n'])
    expect((await say('consume range --partition 0 --from 2 --count 2')).lines).toEqual(['2', '3'])
    expect((await say('consume range --exit-at-end --from 1h')).lines).toHaveLength(5)
    expect((await say('consume range --partition 0 --from 1 --until 3')).lines).toEqual(['1', '2'])
    expect((await say('consume range --until 1h')).lines).toEqual([])
    expect(await say('consume range --until 3 --exit-at-end')).toMatchObject({ exitCode: 2 })
    expect((await say('consume range --exit-at-end --from end')).lines).toEqual([])
    expect(await say('consume range --partition 0 --from 99')).toMatchObject({
      exitCode: 1,
      notes: [expect.stringContaining('OFFSET_OUT_OF_RANGE')],
    })
    expect(await say('consume nosuch')).toMatchObject({ exitCode: 3 })
    expect(await say('consume range --partition 9')).toMatchObject({ exitCode: 2 })
    expect(await say('consume range --from nonsense')).toMatchObject({ exitCode: 2 })
  })

  it('keep bytes that are no text', async () => {
    await say('produce bytes --partition 0', [Buffer.from([0xff, 0xfe, 0x0a])])
    const [record] = json(await say('consume bytes --exit-at-end --json --base64')) as { value: unknown }[]
    expect(record!.value).toEqual({ base64: '//4=' })
  })
})

describe('produce and consume, further', () => {
  it('write JSON as consume prints it', async () => {
    const line =
      '{"topic":"x","partition":1,"offset":7,"timestamp":1790000000000,"key":"k","value":{"base64":"//4="},"headers":[{"key":"h","value":null}]}'
    const produced = await say('produce roundtrip --from-json', [
      `${line}\n{"value":null,"headers":{"a":"b"}}\n`,
    ])
    expect(produced.exitCode).toBe(0)
    const records = json(await say('consume roundtrip --exit-at-end --json'))
    expect(records).toContainEqual({ ...JSON.parse(line), topic: 'roundtrip', offset: 0 })
    expect(records).toContainEqual(
      expect.objectContaining({ value: null, headers: [{ key: 'a', value: 'b' }] }),
    )
    expect(await say('produce roundtrip --from-json', ['{"value":1}\n'])).toMatchObject({
      exitCode: 1,
      notes: ['0 records to roundtrip', expect.stringContaining("line 1 has a 'value' that is neither text")],
    })
    expect(await say('produce roundtrip --from-json --key k')).toMatchObject({ exitCode: 2 })
  })

  it('pick records by key, value and header', async () => {
    await say('produce picked --partition 0 --key-separator = --header who=me', ['a=one\nb=two\na=three\n'])
    await say('produce picked --partition 0 --key c', ['four\n'])
    expect((await say('consume picked --exit-at-end --key a')).lines).toEqual(['one', 'three'])
    expect((await say('consume picked --exit-at-end --value /^T/i')).lines).toEqual(['two', 'three'])
    expect((await say('consume picked --exit-at-end --header who=me --value o')).lines).toEqual([
      'one',
      'two',
    ])
    expect((await say('consume picked --partition 0 --count 1 --key c')).lines).toEqual(['four'])
    expect(await say('consume picked --value /(/')).toMatchObject({ exitCode: 2 })
  })
})

describe('a part of a log', () => {
  it('is named as kcat and rpk name it', async () => {
    await say('topic create parts -p 2')
    await say('produce parts -p 0', ['0\n1\n2\n3\n4\n'])
    await say('produce parts -p 1', ['a\n'])
    expect((await say('consume parts -p 0 -o 1-3')).lines).toEqual(['1', '2'])
    expect((await say('consume parts -p 0 -o -2 -e')).lines).toEqual(['3', '4'])
    expect((await say('consume parts -p 0 -o +3 -n 1')).lines).toEqual(['3'])
    expect((await say('consume parts -p 0,1 -o :1')).lines.sort()).toEqual(['0', 'a'])
    expect((await say('consume parts -o 3:end')).lines).toEqual(['3', '4'])
    expect((await say('consume parts -o @1h:end')).lines).toHaveLength(6)
    // Partition 1 has nothing there, and never will in time.
    expect((await say('consume parts -o 4-9')).lines).toEqual(['4'])
    expect((await say('consume parts -o 40-90')).lines).toEqual([])
    expect(await say('consume parts -o 3-3')).toMatchObject({ exitCode: 2 })
    expect(await say('consume parts -o 1-3 -e')).toMatchObject({ exitCode: 2 })
    expect((await say('consume par.s -r -e')).lines).toHaveLength(6)
    expect((await say('consume parts -p 0 -o 4 -e -f %i:%v{hex}\\n')).lines).toEqual(['1:34'])
  })
})

describe('what is written', () => {
  it('has the form that it is said to have', async () => {
    const produced = await say('produce formed --format %p:%h:%k=%v -k none -H all=1', [
      '1:a=b:k=v\n0:::==x\n',
    ])
    expect(produced.notes[1]).toBe('2 records to formed')
    expect((await say('consume formed -e -f %p|%k|%v|%h\\n')).lines.sort()).toEqual([
      '0|:|=x|all=1',
      '1|k|v|all=1,a=b',
    ])
    expect(await say('produce formed --format %k -K :')).toMatchObject({ exitCode: 2 })
  })

  it('is a file as it is, when that is asked for', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'millrace-whole-')), 'lines.txt')
    writeFileSync(file, 'one\ntwo\n')
    await say(`produce whole -p 0 --whole --file ${file} --file ${file}`)
    await say('produce whole -p 0 --whole', ['a\n', 'b'])
    expect(json(await say('consume whole -p 0 -e --json'))).toMatchObject([
      { value: 'one\ntwo\n' },
      { value: 'one\ntwo\n' },
      { value: 'a\nb' },
    ])
  })
})

describe('group reset-offsets and delete', () => {
  it('show first, change with --execute, and keep within the log', async () => {
    await say('produce reset --partition 0', ['0\n1\n2\n3\n4\n'])
    await say('consume reset --group r --exit-at-end')
    const planned = await say('group reset-offsets r --to beginning')
    expect(planned.lines[1]).toBe('reset          0          5    0    5    5')
    expect(planned.notes).toEqual(['nothing was changed: --execute does it'])
    expect(
      json(await say('group reset-offsets r --shift-by -2 --topic reset --partition 0 --execute --json')),
    ).toEqual([
      { group: 'r', topic: 'reset', partition: 0, before: 5, after: 3, end: 5, lag: 2, executed: true },
    ])
    expect((await say('consume reset --group r --exit-at-end')).lines).toEqual(['3', '4'])
    await say('group reset-offsets r --to 99 --execute')
    expect(json(await say('group describe r --json'))).toMatchObject([{ progress: [{ committed: 5 }, {}] }])
    expect(await say('group reset-offsets r')).toMatchObject({ exitCode: 2 })
    expect(await say('group reset-offsets r --to end --partition 0')).toMatchObject({ exitCode: 2 })
    expect(await say('group reset-offsets nosuch --to end')).toMatchObject({ exitCode: 3 })
    expect(await say('group delete-offsets r --topic reset --partition 0')).toMatchObject({
      exitCode: 0,
      notes: ['deleted the offset 5 of group r in reset [0]'],
    })
    expect(await say('group delete-offsets r --topic reset --partition 0')).toMatchObject({ exitCode: 3 })
    expect(await say('group delete r nosuch')).toMatchObject({ exitCode: 3 })
    expect(await say('group describe r')).toMatchObject({ exitCode: 3 })
  })
})

describe('a group', () => {
  it('goes on where another one is, or where a file says', async () => {
    await say('produce seek -p 0', ['0\n1\n2\n3\n4\n'])
    await say('consume seek --group first -n 3')
    expect(json(await say('group seek second --to-group first -t seek:0 --execute --json'))).toMatchObject([
      { group: 'second', partition: 0, before: null, after: 3, executed: true },
    ])
    const commits = await say('group describe second --commits')
    expect(commits.out).toBe('seek 0 3\n')
    const file = join(mkdtempSync(join(tmpdir(), 'millrace-offsets-')), 'offsets')
    writeFileSync(file, 'seek 0 1\nseek 1 0\n')
    expect(json(await say(`group seek second --to-file ${file} -t seek:0 --json`))).toMatchObject([
      { before: 3, after: 1, executed: false },
    ])
    expect(await say(`group seek second --to-file ${file} -t other`)).toMatchObject({ exitCode: 3 })
    expect(await say('group seek second --to-file /nonexistent')).toMatchObject({ exitCode: 1 })
    expect(await say('group seek second --to-group nosuch')).toMatchObject({ exitCode: 3 })
    expect(await say('group seek second --to end --to-group first')).toMatchObject({ exitCode: 2 })
    expect(await say('group seek second --to end -t seek:7')).toMatchObject({ exitCode: 2 })
    expect(await say('group delete-offsets second -t seek:0')).toMatchObject({ exitCode: 0 })
  })

  it('is told of in one line, with others that an expression names', async () => {
    await say('produce summed -p 0', ['0\n1\n'])
    await say('consume summed --group sum-1 -n 1')
    await say('consume summed --group sum-2 -e')
    expect((await say('group describe sum-.* -r --summary')).lines).toEqual([
      'GROUP  STATE  TYPE     MEMBERS  TOPICS  LAG',
      'sum-1  Empty  classic        0       1    1',
      'sum-2  Empty  classic        0       1    0',
    ])
    expect((await say('group describe sum-1 --by-topic')).lines[1]).toBe('sum-1  summed           2    1')
    expect((await say('group describe --json')).lines.length).toBeGreaterThan(1)
    expect(json(await say('group list --state empty --json'))).toContainEqual(
      expect.objectContaining({ group: 'sum-1' }),
    )
    expect((await say('group list --state Stable')).notes).toEqual(['no groups'])
    expect(await say('group describe sum-1 --summary --commits')).toMatchObject({ exitCode: 2 })
    expect(await say('group describe sum-.* -r --commits')).toMatchObject({ exitCode: 2 })
  })
})

describe('cluster health and logdirs', () => {
  it('tell that all is well, and how much there is', async () => {
    const { exitCode, lines } = await say('cluster health')
    expect([exitCode, lines]).toEqual([
      0,
      [expect.stringMatching(/^healthy: brokers 1, topics \d+, partitions \d+$/)],
    ])
    expect(json(await say('cluster health --wait 1m --json'))).toMatchObject([
      { healthy: true, unreachable: [], leaderless: [] },
    ])
    expect(await say('cluster health --wait soon')).toMatchObject({ exitCode: 2 })
    await say('topic create sized -p 2')
    await say('produce sized -p 1', ['x\n'])
    const bytes = expect.any(Number)
    const place = { broker: 1, directory: '/data', topic: 'sized' }
    expect(json(await say('cluster logdirs -t sized --json'))).toEqual([{ ...place, partitions: 2, bytes }])
    expect(json(await say('cluster logdirs -t sized --by partition --json'))).toEqual([
      { ...place, partition: 1, bytes },
      { ...place, partition: 0, bytes: 0 },
    ])
    const all = await say('cluster logdirs')
    expect(all.lines[0]).toMatch(/^broker 1 {2}\/data: \d+ partitions, /)
    expect(all.lines[2]).toMatch(/^TOPIC +PARTITIONS +SIZE$/)
    expect((await say('cluster logdirs --by directory')).lines[2]).toMatch(
      /^BROKER +DIRECTORY +PARTITIONS +SIZE$/,
    )
    expect(await say('cluster logdirs -t nosuch')).toMatchObject({ exitCode: 3 })
    expect(await say('cluster logdirs --broker 7')).toMatchObject({ exitCode: 3 })
  })
})

describe('cluster describe and bench', () => {
  it('tell what there is, and how quick', async () => {
    const described = await say('cluster describe')
    expect(described.lines[0]).toBe(`cluster ${broker.clusterId}`)
    expect(described.lines.at(-1)).toMatch(/^ {5}1 {2}127\.0\.0\.1 {2}\d+ {2}- {5}controller$/)
    const [produced, consumed] = json(await say('bench --records 500 --record-bytes 100 --json'))
    expect(produced).toMatchObject({
      what: 'produce',
      records: 500,
      bytes: 50_000,
      latencyMs: { p50: expect.any(Number) },
    })
    expect(consumed).toMatchObject({ what: 'consume', records: 500, bytes: 50_000 })
    expect((await say('topic list')).out).not.toContain('millrace-bench')
    await say('topic create benched')
    expect((await say('bench --records 10 --topic benched')).notes).toEqual([
      'the records are in topic benched',
    ])
  })
})

describe('groups', () => {
  it('go on where they left off, and tell how far they are', async () => {
    await say('produce shared --partition 0', ['0\n1\n2\n3\n4\n'])
    const first = await say('consume shared --group g --count 2')
    expect(first).toMatchObject({
      exitCode: 0,
      lines: ['0', '1'],
      notes: ['group g: reading shared [0], shared [1]'],
    })
    expect(json(await say('group describe g --json'))).toMatchObject([
      {
        group: 'g',
        state: 'Empty',
        type: 'classic',
        progress: [
          { topic: 'shared', partition: 0, committed: 2, end: 5, lag: 3, memberId: null },
          { topic: 'shared', partition: 1, committed: 0, end: 0, lag: 0 },
        ],
      },
    ])
    expect((await say('consume shared --group g --exit-at-end')).lines).toEqual(['2', '3', '4'])
    expect((await say('group list')).lines.map((line) => line.replace(/ +/g, ' '))).toContain(
      'g Empty classic consumer',
    )
    expect((await say('group describe g')).lines[0]).toBe('g  Empty, classic, members 0, lag 0')
    expect(await say('group describe nosuch g')).toMatchObject({ exitCode: 3 })
    expect(await say('consume shared --group g --partition 0')).toMatchObject({ exitCode: 2 })
  })
})
