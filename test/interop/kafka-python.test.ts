import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BrokerProcess, startBroker } from '../support/broker-process.ts'
import { Child, runJson } from '../support/child.ts'
import { clientProgram, findPythonWith } from '../support/clients.ts'
import { uniqueName } from '../support/names.ts'

const python = findPythonWith('kafka', 'python3-kafka')

interface PythonRecord {
  readonly offset: number
  readonly key: string | null
  readonly value: string | null
  readonly headers: readonly (readonly [string, string])[]
}

describe.skipIf(python.missing)(python.title, () => {
  let broker: BrokerProcess
  beforeAll(async () => {
    broker = await startBroker({ settings: { 'num.partitions': '4' } })
  })
  afterAll(async () => {
    await broker.stop()
  })

  const program = (): string => python.command ?? 'python3'

  it('produces and consumes with every codec that it has', async () => {
    const topic = uniqueName('kafka-python')
    const records = await runJson<PythonRecord>(program(), [
      clientProgram('kafka-python-records.py'),
      broker.bootstrap,
      topic,
    ])
    expect(records.length).toBeGreaterThanOrEqual(2 * 52)
    expect(records.map(({ offset }) => offset)).toEqual(records.map((_, index) => index))
    for (let first = 0; first < records.length; first += 52) {
      const codec = records[first]!.value!
      for (let index = 0; index < 50; index++) {
        expect(records[first + index]).toMatchObject({
          key: String(index),
          value: codec.repeat(index + 1),
          headers: [
            ['codec', codec],
            ['n', ''],
          ],
        })
      }
      expect(records[first + 50]).toMatchObject({ key: null, value: 'no key', headers: [] })
      expect(records[first + 51]).toMatchObject({ key: 'tombstone', value: null })
    }
  })

  it('administers topics and groups, seeks by time, commits with metadata, moves 1 MiB', async () => {
    const topic = uniqueName('kafka-python')
    const args = [clientProgram('kafka-python-admin.py'), broker.bootstrap, topic, uniqueName('group')]
    const [facts] = await runJson<Record<string, unknown>>(program(), args)
    expect(facts).toEqual({
      'created twice': 'refused',
      'large offset': 0,
      partitions: [0, 1, 2],
      'by time': [7, 1_600_000_007_000],
      beginning: 0,
      end: 10,
      sought: '7',
      committed: 8,
      large: true,
      listed: [8, 'half way'],
      lag: 2,
      groups: true,
      'group state': 'Empty',
      'group deleted': 'NoError',
      'topic left': false,
    })
  })

  it('shares partitions when a second member joins, and takes them back when it leaves', async () => {
    const topic = uniqueName('kafka-python')
    await runJson(program(), [clientProgram('kafka-python-records.py'), broker.bootstrap, topic])
    const args = [clientProgram('kafka-python-member.py'), broker.bootstrap, topic, uniqueName('group')]
    const first = new Child(program(), args)
    const all = await first.waitFor('stdout', /"assigned": (\[0, 1, 2, 3\])/)
    expect(all[1]).toBe('[0, 1, 2, 3]')
    await first.waitFor('stdout', /"value": "no key"/)
    const second = new Child(program(), args)
    const half = /"assigned": \[(\d), (\d)\]/
    const halves = await Promise.all([first.waitFor('stdout', half), second.waitFor('stdout', half)])
    expect(halves.flatMap(([, a, b]) => [Number(a), Number(b)]).sort()).toEqual([0, 1, 2, 3])
    second.process.stdin!.end()
    expect((await second.exited).code).toBe(0)
    await first.waitFor('stdout', /"assigned": \[\d, \d\][\s\S]*"assigned": \[0, 1, 2, 3\]/)
    first.process.stdin!.end()
    expect((await first.exited).code).toBe(0)
  })
})
