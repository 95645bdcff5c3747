import { afterEach, describe, expect, it } from 'vitest'
import { advanceUntilSettled } from '../../test/support/advance.ts'
import type { FakeHandlers } from '../../test/support/fake-broker.ts'
import { FakeCluster } from '../../test/support/fake-cluster.ts'
import { ManualEnvironment } from '../base/environment.ts'
import { ERROR_CODES } from '../protocol/error-codes.ts'
import {
  defaultFindCoordinatorResponse,
  defaultHeartbeatResponse,
  defaultJoinGroupResponse,
  defaultLeaveGroupResponse,
  defaultSyncGroupResponse,
} from '../protocol/generated/groups.ts'
import { defaultOffsetCommitResponse, defaultOffsetFetchResponse } from '../protocol/generated/offsets.ts'
import {
  defaultFetchResponse,
  defaultFetchResponseResponse,
  defaultFetchResponseResponsePartition,
  defaultListOffsetsResponse,
  defaultListOffsetsResponseTopicPartition,
} from '../protocol/generated/produce-fetch.ts'
import { encodeBatch } from '../protocol/records.ts'
import { Cluster } from './cluster.ts'
import { GroupConsumer, type GroupConsumerOptions } from './group-consumer.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step()
})

/** A coordinator of one group with one member, and a topic of `records` records in each partition. */
class FakeGroup {
  readonly committed = new Map<number, number>()
  readonly memberIds: string[] = []
  generation = 0
  heartbeatError = 0
  records = 3
  commits = 0

  handlers(): FakeHandlers {
    return {
      FindCoordinator: ({ coordinatorKeys }) => ({
        ...defaultFindCoordinatorResponse(),
        coordinators: coordinatorKeys.map((key) => ({
          key,
          nodeId: 1,
          host: '',
          port: 1,
          errorCode: 0,
          errorMessage: null,
        })),
      }),
      JoinGroup: ({ memberId, protocols }) => {
        this.memberIds.push(memberId)
        if (memberId === '')
          return {
            ...defaultJoinGroupResponse(),
            errorCode: ERROR_CODES.MEMBER_ID_REQUIRED,
            memberId: 'm1',
            protocolName: '',
          }
        this.heartbeatError = 0
        this.generation++
        const { name: protocolName, metadata } = protocols[0]!
        const members = [{ memberId, groupInstanceId: null, metadata }]
        return {
          ...defaultJoinGroupResponse(),
          memberId,
          leader: memberId,
          generationId: this.generation,
          protocolName,
          members,
        }
      },
      SyncGroup: ({ assignments }) => ({
        ...defaultSyncGroupResponse(),
        assignment: assignments[0]!.assignment,
      }),
      Heartbeat: () => ({ ...defaultHeartbeatResponse(), errorCode: this.heartbeatError }),
      LeaveGroup: () => defaultLeaveGroupResponse(),
      OffsetFetch: ({ groups }) => ({
        ...defaultOffsetFetchResponse(),
        groups: groups.map(({ groupId, topics }) => ({
          groupId,
          errorCode: 0,
          topics: topics!.map(({ name, topicId, partitionIndexes }) => ({
            name,
            topicId,
            partitions: partitionIndexes.map((partitionIndex) => ({
              partitionIndex,
              committedOffset: this.committed.get(partitionIndex) ?? -1,
              committedLeaderEpoch: -1,
              metadata: '',
              errorCode: 0,
            })),
          })),
        })),
      }),
      OffsetCommit: ({ topics, generationIdOrMemberEpoch }) => ({
        ...defaultOffsetCommitResponse(),
        topics: topics.map(({ name, topicId, partitions }) => ({
          name,
          topicId,
          partitions: partitions.map(({ partitionIndex, committedOffset }) => {
            this.commits++
            const errorCode =
              generationIdOrMemberEpoch === this.generation ? 0 : ERROR_CODES.ILLEGAL_GENERATION
            if (errorCode === 0) this.committed.set(partitionIndex, committedOffset)
            return { partitionIndex, errorCode }
          }),
        })),
      }),
      ListOffsets: ({ topics }) => ({
        ...defaultListOffsetsResponse(),
        topics: topics.map(({ name, partitions }) => ({
          name,
          partitions: partitions.map(({ partitionIndex }) => ({
            ...defaultListOffsetsResponseTopicPartition(),
            partitionIndex,
            offset: 0,
          })),
        })),
      }),
      Fetch: async ({ topics }) => {
        await new Promise((resolve) => setImmediate(resolve))
        return {
          ...defaultFetchResponse(),
          responses: topics.map(({ topic, topicId, partitions }) => ({
            ...defaultFetchResponseResponse(),
            topic,
            topicId,
            partitions: partitions.map(({ partition, fetchOffset }) => ({
              ...defaultFetchResponseResponsePartition(),
              partitionIndex: partition,
              records: this.#records(fetchOffset),
            })),
          })),
        }
      },
    }
  }

  #records(offset: number): Buffer {
    if (offset >= this.records) return Buffer.alloc(0)
    const values = Array.from({ length: this.records - offset }, (_, index) => ({
      key: null,
      value: Buffer.from(`${offset + index}`),
    }))
    return encodeBatch({ baseOffset: offset, records: values })
  }
}

async function setUp(options: Partial<GroupConsumerOptions> = {}) {
  const environment = new ManualEnvironment()
  const group = new FakeGroup()
  const fake = await FakeCluster.listen(1, { t: [1, 1] }, group.handlers())
  cleanUp.push(() => fake.close())
  const cluster = await Cluster.open({ bootstrap: fake.bootstrap, environment })
  cleanUp.push(() => cluster.close())
  const assigned: string[] = []
  const consumer = new GroupConsumer(cluster, {
    groupId: 'g',
    topics: ['t'],
    start: { kind: 'earliest' },
    onAssigned: (partitions) => assigned.push(partitions.map(({ partition }) => partition).join(' ')),
    ...options,
  })
  const settle = <T>(promise: Promise<T>): Promise<T> => advanceUntilSettled(environment, promise)
  const poll = async (): Promise<string[]> =>
    (await settle(consumer.poll(1_000))).map(({ partition, offset }) => `${partition}/${offset}`)
  return { environment, group, consumer, assigned, settle, poll, broker: fake.broker(1) }
}

describe('a group consumer', () => {
  it('F1: joins with the member id that it is given, leads, and reads from the start what was never committed', async () => {
    const { group, assigned, poll } = await setUp()
    const read = [await poll(), await poll()].flat().sort()
    expect(group.memberIds).toEqual(['', 'm1'])
    expect(assigned).toEqual(['0 1'])
    expect(read).toEqual(['0/0', '0/1', '0/2', '1/0', '1/1', '1/2'])
  })

  it('goes on where the group left off', async () => {
    const { group, poll } = await setUp()
    group.committed.set(0, 2).set(1, 3)
    expect(await poll()).toEqual(['0/2'])
  })

  it('commits what the last poll gave out when poll is called again, not before', async () => {
    const { group, poll, environment } = await setUp({ commitIntervalMs: 100 })
    await poll()
    environment.advance(200)
    expect(group.commits).toBe(0)
    await poll()
    expect([...group.committed.values()].sort()).toEqual([0, 3])
  })

  it('F5: commits and joins again when a heartbeat says that the group is rebalancing', async () => {
    const { group, poll, assigned, environment } = await setUp({ commitIntervalMs: 1e9 })
    await poll()
    await poll()
    group.heartbeatError = ERROR_CODES.REBALANCE_IN_PROGRESS
    environment.advance(3_000)
    while (group.generation < 2) await poll()
    expect(assigned).toEqual(['0 1', '0 1'])
    expect([...group.committed.values()]).toEqual([3, 3])
    expect(group.memberIds.at(-1)).toBe('m1')
  })

  it('joins as a new member when the group has dropped it', async () => {
    const { group, poll, environment } = await setUp()
    await poll()
    group.heartbeatError = ERROR_CODES.UNKNOWN_MEMBER_ID
    environment.advance(3_000)
    while (group.generation < 2) await poll()
    expect(group.memberIds).toEqual(['', 'm1', '', 'm1'])
  })

  it('joins as a new member when the coordinator no longer knows it', async () => {
    const { group, poll, environment, broker } = await setUp()
    await poll()
    const join = broker.handlers.JoinGroup!
    broker.handlers.JoinGroup = (request, call) => {
      if (group.generation > 1 || request.memberId === '') return join(request, call)
      group.generation = 10
      group.memberIds.push(request.memberId)
      return { ...defaultJoinGroupResponse(), errorCode: ERROR_CODES.UNKNOWN_MEMBER_ID, protocolName: '' }
    }
    group.heartbeatError = ERROR_CODES.REBALANCE_IN_PROGRESS
    environment.advance(3_000)
    while (group.generation < 11) await poll()
    expect(group.memberIds).toEqual(['', 'm1', 'm1', '', 'm1'])
  })

  it('commits and leaves when it is closed, as far as the caller got', async () => {
    const { group, poll, consumer, settle, broker } = await setUp()
    const first = await poll()
    const partition = Number(first[0]!.slice(0, 1))
    await settle(consumer.close([{ topic: 't', partition, offset: 1 }]))
    expect(group.committed.get(partition)).toBe(1)
    expect(broker.requestsOf('LeaveGroup')).toMatchObject([{ groupId: 'g', members: [{ memberId: 'm1' }] }])
  })

  it('commits nothing by itself when it is told not to', async () => {
    const { group, poll, consumer, settle } = await setUp({ commitIntervalMs: null })
    await poll()
    await poll()
    await settle(consumer.close())
    expect(group.commits).toBe(0)
  })

  it('commits when it is asked, all that was given out', async () => {
    const { group, poll, consumer, settle } = await setUp({ commitIntervalMs: null })
    await poll()
    await poll()
    await settle(consumer.commit())
    expect([...group.committed]).toEqual([
      [0, 3],
      [1, 3],
    ])
  })
})
