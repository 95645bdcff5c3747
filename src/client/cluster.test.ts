import { afterEach, describe, expect, it } from 'vitest'
import { advanceUntilSettled } from '../../test/support/advance.ts'
import type { FakeHandlers } from '../../test/support/fake-broker.ts'
import { HANG_UP, NO_ANSWER } from '../../test/support/fake-broker.ts'
import { FakeCluster, type Leaders } from '../../test/support/fake-cluster.ts'
import { ManualEnvironment } from '../base/environment.ts'
import { ERROR_CODES } from '../protocol/error-codes.ts'
import {
  defaultFindCoordinatorResponse,
  defaultHeartbeatRequest,
  defaultHeartbeatResponse,
  defaultJoinGroupRequest,
} from '../protocol/generated/groups.ts'
import {
  defaultListOffsetsResponse,
  defaultListOffsetsResponseTopicPartition,
} from '../protocol/generated/produce-fetch.ts'
import { ConnectionError, KafkaError } from './client-error.ts'
import { Cluster } from './cluster.ts'
import { resolveOffsets } from './offsets.ts'
import { partitionKey } from './position.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step()
})

async function open(count: number, leaders: Leaders, handlers: FakeHandlers = {}) {
  const environment = new ManualEnvironment()
  const fake = await FakeCluster.listen(count, leaders, handlers)
  cleanUp.push(() => fake.close())
  const cluster = await Cluster.open({ bootstrap: fake.bootstrap, environment, requestTimeoutMs: 5_000 })
  cleanUp.push(() => cluster.close())
  const settle = <T>(promise: Promise<T>): Promise<T> => advanceUntilSettled(environment, promise)
  return { environment, fake, cluster, settle }
}

describe('a cluster', () => {
  it('is reached through the first bootstrap address that answers', async () => {
    const fake = await FakeCluster.listen(1, {})
    cleanUp.push(() => fake.close())
    const bootstrap = [{ host: '127.0.0.1', port: 1 }, ...fake.bootstrap]
    const cluster = await Cluster.open({ bootstrap, environment: new ManualEnvironment() })
    cleanUp.push(() => cluster.close())
    expect(cluster.clusterId).toBe('fake')
  })

  it('cannot be opened when no address answers', async () => {
    const opening = Cluster.open({
      bootstrap: [{ host: '127.0.0.1', port: 1 }],
      environment: new ManualEnvironment(),
    })
    await expect(opening).rejects.toBeInstanceOf(ConnectionError)
  })

  it('C1: asks for no topic at first', async () => {
    const { fake } = await open(1, { t: [1] })
    expect(fake.broker(1).requestsOf('Metadata')[0]).toMatchObject({
      topics: [],
      allowAutoTopicCreation: false,
    })
  })

  it('asks once for a topic that many want at a time, and again when it proved wrong', async () => {
    const { fake, cluster } = await open(2, { t: [2, 1] })
    const leaders = await Promise.all([0, 1, 0, 1].map((partition) => cluster.leader('t', partition)))
    expect(leaders.map(({ nodeId }) => nodeId)).toEqual([2, 1, 2, 1])
    fake.leaders = { t: [1, 1] }
    expect((await cluster.leader('t', 0)).nodeId).toBe(2)
    cluster.forgetTopic('t')
    expect((await cluster.leader('t', 0)).nodeId).toBe(1)
    const asked = fake.brokers
      .flatMap((broker) => broker.requestsOf('Metadata'))
      .filter(({ topics }) => topics?.length === 1)
    expect(asked).toHaveLength(2)
  })

  it('has an error for topics, partitions and leaders that are not there', async () => {
    const { cluster } = await open(1, { t: [1, -1] })
    await expect(cluster.leader('t', 1)).rejects.toMatchObject({ name: 'LEADER_NOT_AVAILABLE' })
    await expect(cluster.leader('t', 2)).rejects.toMatchObject({ name: 'UNKNOWN_TOPIC_OR_PARTITION' })
    await expect(cluster.leader('nosuch', 0)).rejects.toMatchObject({ name: 'UNKNOWN_TOPIC_OR_PARTITION' })
  })

  it('tries again after a retriable error, knowing better', async () => {
    const { fake, cluster, settle } = await open(2, { t: [1] })
    const asked: number[] = []
    const result = await settle(
      cluster.retrying({ topics: ['t'] }, async () => {
        const { nodeId } = await cluster.leader('t', 0)
        asked.push(nodeId)
        fake.leaders = { t: [2] }
        if (nodeId === 1) throw new KafkaError(ERROR_CODES.NOT_LEADER_OR_FOLLOWER, 'write')
        return 'done'
      }),
    )
    expect(result).toBe('done')
    expect(asked).toEqual([1, 2])
  })

  it('opens connections anew after they broke', async () => {
    const { fake, cluster, settle } = await open(1, {}, { Heartbeat: () => defaultHeartbeatResponse() })
    const beat = (): Promise<unknown> =>
      cluster.retrying({}, () => cluster.onNode(1, 'Heartbeat', defaultHeartbeatRequest()))
    await settle(beat())
    fake.broker(1).dropConnections()
    await settle(beat())
    expect(
      new Set(
        fake
          .broker(1)
          .received.filter(({ api }) => api === 'Heartbeat')
          .map(({ connection }) => connection),
      ).size,
    ).toBe(2)
  })

  it('sends nothing parked ahead of other requests: lanes are connections of their own', async () => {
    const { fake, cluster } = await open(
      1,
      {},
      { Heartbeat: () => defaultHeartbeatResponse(), JoinGroup: () => NO_ANSWER },
    )
    cluster
      .onNode(1, 'JoinGroup', { ...defaultJoinGroupRequest(), protocolType: 'consumer' }, { lane: 'group:g' })
      .catch(() => {})
    await cluster.onNode(1, 'Heartbeat', defaultHeartbeatRequest())
    expect(fake.broker(1).requestsOf('Heartbeat')).toHaveLength(1)
  })

  it('finds coordinators in the batched and in the single form, and forgets them when told', async () => {
    const { fake, cluster, settle } = await open(2, {}, {})
    for (const broker of fake.brokers)
      broker.handlers.FindCoordinator = ({ coordinatorKeys }) => {
        const found = { nodeId: 2, host: '127.0.0.1', port: 1, errorCode: 0, errorMessage: null }
        const coordinators = coordinatorKeys.map((key) => ({ key, ...found }))
        return {
          ...defaultFindCoordinatorResponse(),
          ...(coordinators.length > 0 ? { coordinators } : found),
        }
      }
    expect(await settle(cluster.coordinator('a'))).toBe(2)
    for (const broker of fake.brokers) broker.versions = { FindCoordinator: [0, 2] }
    for (const broker of fake.brokers) broker.dropConnections()
    expect(await settle(cluster.retrying({}, () => cluster.coordinator('b')))).toBe(2)
    expect(
      fake.brokers
        .flatMap((broker) => broker.requestsOf('FindCoordinator'))
        .map(({ key, coordinatorKeys }) => [key, coordinatorKeys]),
    ).toEqual([
      ['', ['a']],
      ['b', []],
    ])
  })
})

describe('offsets', () => {
  const END = 50
  const answer = (nodeId: number, leaders: Leaders): FakeHandlers => ({
    ListOffsets: ({ topics }) => ({
      ...defaultListOffsetsResponse(),
      topics: topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, timestamp }) => ({
          ...defaultListOffsetsResponseTopicPartition(),
          partitionIndex,
          errorCode: leaders[name]![partitionIndex] === nodeId ? 0 : ERROR_CODES.NOT_LEADER_OR_FOLLOWER,
          offset:
            timestamp === -2 ? 10 : timestamp === -1 ? END : timestamp > 1_000 ? -1 : 20 + partitionIndex,
        })),
      })),
    }),
  })

  it('come from the leaders, also when those have moved meanwhile', async () => {
    const { fake, cluster, settle } = await open(2, { t: [1, 2, 1] })
    for (const nodeId of [1, 2]) Object.assign(fake.broker(nodeId).handlers, answer(nodeId, fake.leaders))
    await cluster.topic('t')
    fake.leaders['t']![2] = 2
    const offsets = await settle(
      resolveOffsets(cluster, [
        { topic: 't', partition: 0, start: { kind: 'earliest' } },
        { topic: 't', partition: 1, start: { kind: 'timestamp', timestampMs: 7 } },
        { topic: 't', partition: 2, start: { kind: 'latest' } },
        { topic: 't', partition: 9, start: { kind: 'offset', offset: 3 } },
      ]),
    )
    expect([0, 1, 2, 9].map((partition) => offsets.get(partitionKey('t', partition)))).toEqual([
      10,
      21,
      END,
      3,
    ])
  })

  it('E13: after the last record are the end', async () => {
    const { fake, cluster, settle } = await open(1, { t: [1] })
    Object.assign(fake.broker(1).handlers, answer(1, fake.leaders))
    const start = { kind: 'timestamp', timestampMs: 5_000 } as const
    const offsets = await settle(resolveOffsets(cluster, [{ topic: 't', partition: 0, start }]))
    expect(offsets.get(partitionKey('t', 0))).toBe(END)
  })

  it('fail with the broker’s last word when the time for retries is over', async () => {
    const { fake, cluster, settle } = await open(1, { t: [1] })
    Object.assign(fake.broker(1).handlers, answer(2, fake.leaders))
    const asking = resolveOffsets(cluster, [{ topic: 't', partition: 0, start: { kind: 'latest' } }])
    await expect(settle(asking)).rejects.toMatchObject({ name: 'NOT_LEADER_OR_FOLLOWER' })
  })

  it('fail when the broker hangs up for good', async () => {
    const { cluster, settle } = await open(1, { t: [1] }, { ListOffsets: () => HANG_UP })
    const asking = resolveOffsets(cluster, [{ topic: 't', partition: 0, start: { kind: 'latest' } }])
    await expect(settle(asking)).rejects.toBeInstanceOf(ConnectionError)
  })
})
