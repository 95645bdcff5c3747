import { afterEach, describe, expect, it } from 'vitest'
import { advanceUntilSettled, untilTrue } from '../../test/support/advance.ts'
import { type FakeHandlers, HANG_UP } from '../../test/support/fake-broker.ts'
import { FakeCluster, type Leaders, topicId } from '../../test/support/fake-cluster.ts'
import { ManualEnvironment } from '../base/environment.ts'
import { ERROR_CODES } from '../protocol/error-codes.ts'
import {
  defaultFetchResponse,
  defaultFetchResponseResponse,
  defaultFetchResponseResponsePartition,
  defaultListOffsetsResponse,
  defaultListOffsetsResponseTopicPartition,
} from '../protocol/generated/produce-fetch.ts'
import { encodeBatch } from '../protocol/records.ts'
import { Cluster } from './cluster.ts'
import { Consumer, type ConsumerOptions } from './consumer.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step()
})

/** Logs by `partition`, one record a batch; a fetch beyond the end is held until `more` is called. */
class Logs {
  readonly values = new Map<number, string[]>()
  start = 0
  error: (partition: number, nodeId: number) => number = () => 0
  #waiting: (() => void)[] = []

  more(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }

  handlers(nodeId: number): FakeHandlers {
    return {
      Fetch: async (request) => {
        const wanted = request.topics.flatMap(({ partitions }) => partitions)
        const hasNews = (): boolean =>
          wanted.some(
            ({ partition, fetchOffset }) =>
              this.#read(partition, fetchOffset, nodeId).errorCode !== 0 ||
              fetchOffset < this.#end(partition),
          )
        if (!hasNews()) await new Promise<void>((resolve) => this.#waiting.push(resolve))
        const partitions = wanted.map(({ partition, fetchOffset }) =>
          this.#read(partition, fetchOffset, nodeId),
        )
        const { topic, topicId: id } = request.topics[0]!
        return {
          ...defaultFetchResponse(),
          responses: [{ ...defaultFetchResponseResponse(), topic, topicId: id, partitions }],
        }
      },
      ListOffsets: ({ topics }) => ({
        ...defaultListOffsetsResponse(),
        topics: topics.map(({ name, partitions }) => ({
          name,
          partitions: partitions.map(({ partitionIndex, timestamp }) => ({
            ...defaultListOffsetsResponseTopicPartition(),
            partitionIndex,
            offset: timestamp === -2 ? this.start : this.#end(partitionIndex),
          })),
        })),
      }),
    }
  }

  #end(partition: number): number {
    return this.values.get(partition)?.length ?? 0
  }

  #read(partition: number, offset: number, nodeId: number) {
    const empty = {
      ...defaultFetchResponseResponsePartition(),
      partitionIndex: partition,
      records: Buffer.alloc(0),
    }
    const outside = offset < this.start || offset > this.#end(partition)
    const errorCode = outside ? ERROR_CODES.OFFSET_OUT_OF_RANGE : this.error(partition, nodeId)
    if (errorCode !== 0) return { ...empty, errorCode }
    const batches = (this.values.get(partition) ?? [])
      .slice(offset)
      .map((value, index) =>
        encodeBatch({ baseOffset: offset + index, records: [{ key: null, value: Buffer.from(value) }] }),
      )
    return { ...empty, records: Buffer.concat(batches) }
  }
}

async function setUp(leaders: Leaders, options: ConsumerOptions = {}, brokers = 1) {
  const environment = new ManualEnvironment()
  const fake = await FakeCluster.listen(brokers, leaders)
  cleanUp.push(() => fake.close())
  const logs = new Logs()
  for (const [index, broker] of fake.brokers.entries())
    Object.assign(broker.handlers, logs.handlers(index + 1))
  const cluster = await Cluster.open({ bootstrap: fake.bootstrap, environment })
  cleanUp.push(() => cluster.close())
  const consumer = new Consumer(cluster, options)
  cleanUp.push(() => consumer.close())
  const poll = async (): Promise<string[]> =>
    (await advanceUntilSettled(environment, consumer.poll(60_000))).map(
      ({ partition, offset, value }) => `${partition}/${offset} ${value}`,
    )
  return { environment, fake, logs, cluster, consumer, poll }
}

const at = (partition: number, offset: number) => ({ topic: 't', partition, offset })

describe('a consumer', () => {
  it('reads a partition from the given offset on, and waits at its end for more', async () => {
    const { logs, consumer, poll, fake } = await setUp({ t: [1] })
    logs.values.set(0, ['a', 'b', 'c'])
    consumer.assign([at(0, 1)])
    expect(await poll()).toEqual(['0/1 b', '0/2 c'])
    expect(consumer.positions()).toEqual([at(0, 3)])
    await untilTrue(() => fake.broker(1).requestsOf('Fetch').length === 2)
    logs.values.get(0)!.push('d')
    logs.more()
    expect(await poll()).toEqual(['0/3 d'])
  })

  it('E8: fetches without a session, by topic id', async () => {
    const { logs, consumer, poll, fake } = await setUp({ t: [1] })
    logs.values.set(0, ['a'])
    consumer.assign([at(0, 0)])
    await poll()
    expect(fake.broker(1).requestsOf('Fetch')[0]).toMatchObject({
      sessionId: 0,
      sessionEpoch: -1,
      topics: [{ topicId: topicId('t'), partitions: [{ partition: 0, fetchOffset: 0 }] }],
    })
  })

  it('takes partitions of several brokers in turn', async () => {
    const { logs, consumer, poll } = await setUp({ t: [1, 2, 1] }, {}, 2)
    for (const partition of [0, 1, 2]) logs.values.set(partition, ['a'])
    consumer.assign([at(0, 0), at(1, 0), at(2, 0)])
    const polls = [await poll(), await poll(), await poll()].flat().sort()
    expect(polls).toEqual(['0/0 a', '1/0 a', '2/0 a'])
  })

  it('never parks a busy partition behind a quiet one: it asks again when all of a broker is given out', async () => {
    const { logs, consumer, poll, fake } = await setUp({ t: [1, 1, 1] })
    logs.values.set(0, ['a'])
    logs.values.set(1, ['a'])
    consumer.assign([at(0, 0), at(1, 0), at(2, 0)])
    expect([await poll(), await poll()].flat().sort()).toEqual(['0/0 a', '1/0 a'])
    await untilTrue(() => fake.broker(1).requestsOf('Fetch').length === 2)
    const second = fake
      .broker(1)
      .requestsOf('Fetch')[1]!
      .topics.flatMap(({ partitions }) => partitions)
    expect(second.map(({ partition, fetchOffset }) => [partition, fetchOffset]).sort()).toEqual([
      [0, 1],
      [1, 1],
      [2, 0],
    ])
  })

  it('gives nothing when the time is over', async () => {
    const { consumer, environment } = await setUp({ t: [1] })
    consumer.assign([at(0, 0)])
    expect(await advanceUntilSettled(environment, consumer.poll(100))).toEqual([])
  })

  it('drops what it was reading when it is told to read something else', async () => {
    const { logs, consumer, poll } = await setUp({ t: [1, 2] }, {}, 2)
    logs.values.set(0, ['a'])
    logs.values.set(1, ['b'])
    consumer.assign([at(0, 0)])
    const first = poll()
    consumer.assign([at(1, 0)])
    expect(await first).toEqual(['1/0 b'])
    expect(consumer.positions()).toEqual([at(1, 1)])
  })
})

describe('when a fetch fails', () => {
  it('of what is no longer read, nobody is told', async () => {
    const { logs, consumer, poll, fake } = await setUp({ t: [1, 2] }, {}, 2)
    logs.values.set(1, ['b'])
    logs.error = (partition) => (partition === 0 ? ERROR_CODES.TOPIC_AUTHORIZATION_FAILED : 0)
    let release = (): void => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const answer = fake.broker(1).handlers.Fetch!
    fake.broker(1).handlers.Fetch = async (request, call) => {
      await held
      return answer(request, call)
    }
    consumer.assign([at(0, 0)])
    const first = poll()
    await untilTrue(() => fake.broker(1).requestsOf('Fetch').length === 1)
    consumer.assign([at(1, 0)])
    release()
    expect(await first).toEqual(['1/0 b'])
    logs.values.get(1)!.push('c')
    logs.more()
    expect(await poll()).toEqual(['1/1 c'])
  })

  it('E7: reading goes on from the beginning where the offset is not in the log', async () => {
    const { logs, consumer, poll } = await setUp({ t: [1] })
    logs.values.set(0, ['gone', 'b'])
    logs.start = 1
    consumer.assign([at(0, 0)])
    expect(await poll()).toEqual(['0/1 b'])
  })

  it('E7: or ends, when that is asked for', async () => {
    const { logs, consumer, poll } = await setUp({ t: [1] }, { whenOutOfRange: 'fail' })
    logs.values.set(0, ['a'])
    consumer.assign([at(0, 9)])
    await expect(poll()).rejects.toMatchObject({
      name: 'OFFSET_OUT_OF_RANGE',
      message: expect.stringContaining('cannot read t [0] at offset 9'),
    })
  })

  it('reading goes on at the new leader', async () => {
    const { logs, consumer, poll, fake } = await setUp({ t: [1] }, {}, 2)
    logs.values.set(0, ['a'])
    logs.error = (_, nodeId) => {
      fake.leaders = { t: [2] }
      return nodeId === 1 ? ERROR_CODES.NOT_LEADER_OR_FOLLOWER : 0
    }
    consumer.assign([at(0, 0)])
    expect(await poll()).toEqual(['0/0 a'])
    expect(fake.broker(2).requestsOf('Fetch').length).toBeGreaterThan(0)
  })

  it('with an error that no retry mends, poll throws it', async () => {
    const { logs, consumer, poll } = await setUp({ t: [1] })
    logs.error = () => ERROR_CODES.TOPIC_AUTHORIZATION_FAILED
    consumer.assign([at(0, 0)])
    await expect(poll()).rejects.toMatchObject({ name: 'TOPIC_AUTHORIZATION_FAILED' })
  })

  it('what is tried again is told, until it can be read', async () => {
    const { logs, consumer, environment, fake, cluster, poll } = await setUp({ t: [1] })
    const told = (): string => cluster.obstacles.oldest?.text ?? ''
    logs.values.set(0, ['a'])
    const { Fetch } = fake.broker(1).handlers
    fake.broker(1).handlers.Fetch = () => HANG_UP
    consumer.assign([at(0, 0)])
    expect(told()).toBe('')
    expect(await advanceUntilSettled(environment, consumer.poll(1_000))).toEqual([])
    expect(told()).toContain('the broker closed the connection')
    fake.broker(1).handlers.Fetch = Fetch!
    expect(await poll()).toEqual(['0/0 a'])
    expect(told()).not.toContain('closed')
  })

  it('for longer than it has patience, poll throws the last error', async () => {
    const { consumer, environment, fake } = await setUp({ t: [1] }, { patienceMs: 5_000 })
    consumer.assign([at(0, 0)])
    fake.broker(1).handlers.Fetch = () => HANG_UP
    await expect(advanceUntilSettled(environment, consumer.poll(60_000))).rejects.toMatchObject({
      name: 'ConnectionError',
    })
    expect(environment.monotonicMs()).toBeGreaterThanOrEqual(5_000)
  })
})
