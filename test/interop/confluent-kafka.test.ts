import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BrokerProcess, startBroker } from '../support/broker-process.ts'
import { Child, runJson } from '../support/child.ts'
import { clientProgram, findPythonWith } from '../support/clients.ts'
import { uniqueName } from '../support/names.ts'
import { createTopic } from '../support/topics.ts'

const python = findPythonWith('confluent_kafka', 'python3-confluent-kafka')

interface PythonRecord {
  readonly offset: number
  readonly key: string | null
  readonly value: string | number | null
  readonly headers: readonly (readonly [string, string | null])[]
}

/** What confluent-member.py tells. */
interface Told {
  readonly assigned?: readonly number[]
  readonly revoked?: readonly number[]
  readonly held?: readonly number[]
}

describe.skipIf(python.missing)(python.title, () => {
  let broker: BrokerProcess
  beforeAll(async () => {
    broker = await startBroker()
  })
  afterAll(async () => {
    await broker.stop()
  })

  const program = (): string => python.command ?? 'python3'

  it('produces and consumes with every codec, plain and idempotent, up to 1 MiB', async () => {
    const args = [clientProgram('confluent-records.py'), broker.bootstrap, uniqueName('confluent')]
    const records = await runJson<PythonRecord>(program(), args)
    expect(records.map(({ offset }) => offset)).toEqual(records.map((_, index) => index))
    expect(records.length).toBe(10 * 53)
    for (let first = 0; first < records.length; first += 53) {
      const codec = records[first]!.value as string
      const headers = [
        ['codec', codec],
        ['null', null],
        ['empty', ''],
        ['codec', 'again'],
      ]
      for (let index = 0; index < 50; index++) {
        const expected = { key: String(index), value: codec.repeat(index + 1), headers }
        expect(records[first + index]).toMatchObject(expected)
      }
      expect(records[first + 50]).toMatchObject({ key: null, value: 'no key', headers: [] })
      expect(records[first + 51]).toMatchObject({ key: 'tombstone', value: null })
      expect(records[first + 52]).toMatchObject({ key: 'large', value: 1024 * 1024 - 200 })
    }
  })

  it('administers topics, seeks by time, commits and tells the lag', async () => {
    const topic = uniqueName('confluent')
    const args = [clientProgram('confluent-admin.py'), broker.bootstrap, topic, uniqueName('group')]
    const [facts] = await runJson<Record<string, unknown>>(program(), args)
    expect(facts).toEqual({
      'created twice': 'TOPIC_ALREADY_EXISTS',
      retention: '123456789',
      partitions: [0, 1, 2],
      'by time': 7,
      watermarks: [0, 10],
      sought: [7, '7', [1, 1_600_000_007_000]],
      committed: 8,
      lag: 2,
      groups: true,
      'topic left': false,
    })
  })

  const member = (topic: string, group: string, strategy: string, ...more: string[]): Child =>
    new Child(program(), [
      clientProgram('confluent-member.py'),
      broker.bootstrap,
      topic,
      group,
      strategy,
      ...more,
    ])

  const leave = async (child: Child): Promise<void> => {
    child.process.stdin!.end()
    expect((await child.exited).code).toBe(0)
  }

  it('rebalances cooperatively: only what moves is revoked', async () => {
    const topic = uniqueName('confluent')
    await createTopic(broker.bootstrap, topic, 4)
    const group = uniqueName('group')
    const first = member(topic, group, 'cooperative-sticky')
    await first.waitFor('stdout', /"held": \[0, 1, 2, 3\]/)
    const second = member(topic, group, 'cooperative-sticky')
    await second.waitFor('stdout', /"held": \[\d, \d\]/)
    const moved = told(first).find(({ revoked }) => revoked !== undefined)!
    expect(moved.revoked!.length).toBe(2)
    expect([...moved.held!, ...heldBy(second)].sort()).toEqual([0, 1, 2, 3])
    await leave(second)
    await first.waitFor('stdout', /"revoked"[\s\S]*"held": \[0, 1, 2, 3\]/)
    const regained = told(first).filter(({ assigned }) => assigned !== undefined && assigned.length > 0)
    expect(regained.at(-1)!.assigned).toEqual(moved.revoked)
    expect(told(first).filter(({ revoked }) => revoked !== undefined).length).toBe(1)
    await leave(first)
  })

  it('lets a static member come back to its partitions without a rebalance', async () => {
    const topic = uniqueName('confluent')
    await createTopic(broker.bootstrap, topic, 4)
    const group = uniqueName('group')
    const first = member(topic, group, 'range', 'one')
    await first.waitFor('stdout', /"held": \[0, 1, 2, 3\]/)
    const second = member(topic, group, 'range', 'two')
    await second.waitFor('stdout', /"held": \[\d, \d\]/)
    await first.waitFor('stdout', /"revoked"[\s\S]*"held": \[\d, \d\]/)
    const before = [heldBy(first), heldBy(second)]
    const eventsBefore = told(first).length
    await second.kill('SIGKILL')
    const again = member(topic, group, 'range', 'two')
    await again.waitFor('stdout', /"held": \[\d, \d\]/)
    expect([heldBy(first), heldBy(again)]).toEqual(before)
    expect(told(first).length).toBe(eventsBefore)
    await Promise.all([leave(again), leave(first)])
  })
})

function told(member: Child): Told[] {
  return member.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Told)
}

function heldBy(member: Child): readonly number[] {
  return told(member).findLast(({ held }) => held !== undefined)!.held!
}
