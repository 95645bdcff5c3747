import { describe, expect, it } from 'vitest'
import { uuidFromString, ZERO_UUID } from '../../../base/uuid.ts'
import type { IncomingResponseOf, OutgoingRequestOf } from '../../../protocol/api.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import { MemoryMachineLog } from '../../coordinator/memory-machine-log.ts'
import { AdminRig, CLUSTER_ID, settle } from './test-kit.ts'
import { AUTO_CREATED_MAX, AUTO_CREATION_WAIT_MS } from './topic-auto-creation.ts'

type MetadataRequest = OutgoingRequestOf<'Metadata'>

const UNKNOWN_ID = uuidFromString('AAAAAAAAAAAAAAAAAAAAEQ')!
const NOT_ASKED = -2147483648

function about(
  topics: readonly (string | null)[] | null,
  rest: Partial<MetadataRequest> = {},
): MetadataRequest {
  return {
    topics: topics?.map((name) => ({ name, topicId: ZERO_UUID })) ?? null,
    allowAutoTopicCreation: true,
    includeClusterAuthorizedOperations: false,
    includeTopicAuthorizedOperations: false,
    ...rest,
  }
}

const byId = (topicId: typeof UNKNOWN_ID, name: string | null = null) =>
  about([], { topics: [{ name, topicId }] })

describe('Metadata', () => {
  it('C1: takes an empty list for all topics at version 0 and for none after; null is all', async () => {
    const rig = await AdminRig.start()
    await rig.create('a')
    await rig.create('b')
    const count = async (version: number, topics: string[] | null) =>
      (await rig.ask('Metadata', version, about(topics))).topics.length
    expect(await count(0, [])).toBe(2)
    for (let version = 1; version <= 13; version++) {
      expect(await count(version, [])).toBe(0)
      expect(await count(version, null)).toBe(2)
    }
  })

  it('C3, C4: always names this broker, at the address that was dialled, as the controller', async () => {
    const rig = await AdminRig.start({ 'broker.rack': 'r1' })
    const response = await rig.ask('Metadata', 12, about([]))
    expect(response.brokers).toEqual([{ nodeId: 1, host: '127.0.0.1', port: 9092, rack: 'r1' }])
    expect(response.controllerId).toBe(1)
    expect(response.clusterId).toBe(CLUSTER_ID)
  })

  it('C5: tells authorized operations only when asked', async () => {
    const rig = await AdminRig.start()
    await rig.create('a')
    const without = await rig.ask('Metadata', 10, about(['a']))
    expect(without.clusterAuthorizedOperations).toBe(NOT_ASKED)
    expect(without.topics[0]!.topicAuthorizedOperations).toBe(NOT_ASKED)
    const flags = { includeClusterAuthorizedOperations: true, includeTopicAuthorizedOperations: true }
    const withThem = await rig.ask('Metadata', 10, about(['a'], flags))
    expect(withThem.clusterAuthorizedOperations).toBe(8096)
    expect(withThem.topics[0]!.topicAuthorizedOperations).toBe(3576)
  })

  it('C6: tells the epoch in which the partition is led, and its last one while nobody leads', async () => {
    const rig = await AdminRig.start()
    await rig.create('a')
    rig.partitions.epoch = 17
    const partitionOf = async () => (await rig.ask('Metadata', 12, about(['a']))).topics[0]!.partitions[0]!
    expect(await partitionOf()).toMatchObject({
      errorCode: 0,
      leaderId: 1,
      leaderEpoch: 17,
      replicaNodes: [1],
      isrNodes: [1],
      offlineReplicas: [],
    })
    rig.partitions.isBroken = true
    expect(await partitionOf()).toMatchObject({ errorCode: ERROR_CODES.LEADER_NOT_AVAILABLE, leaderId: -1 })
  })

  it('C7: finds a topic by its id, and says 100 for an id that it does not know', async () => {
    const rig = await AdminRig.start()
    const id = await rig.create('a')
    const known = await rig.ask('Metadata', 12, byId(id))
    expect(known.topics).toMatchObject([{ name: 'a', topicId: id, errorCode: 0 }])
    const both = await rig.ask('Metadata', 12, byId(id, 'other'))
    expect(both.topics).toMatchObject([{ name: 'a', topicId: id, errorCode: 0 }])
    const unknown = await rig.ask('Metadata', 12, byId(UNKNOWN_ID))
    expect(unknown.topics).toMatchObject([
      { name: null, topicId: UNKNOWN_ID, errorCode: ERROR_CODES.UNKNOWN_TOPIC_ID, partitions: [] },
    ])
  })

  it('C8: refuses ids and missing names at versions 10 and 11', async () => {
    const rig = await AdminRig.start()
    const id = await rig.create('a')
    for (const version of [10, 11])
      for (const request of [byId(id), byId(id, 'a'), about([null])]) {
        const { topics } = await rig.ask('Metadata', version, request)
        expect(topics.map(({ errorCode }) => errorCode)).toEqual([ERROR_CODES.INVALID_REQUEST])
      }
    const neither = await rig.ask('Metadata', 12, about([null]))
    expect(neither.topics[0]!.errorCode).toBe(ERROR_CODES.INVALID_REQUEST)
  })

  it('C9: has no leader where the leader has no address on this listener', async () => {
    const rig = await AdminRig.start()
    const incarnation = uuidFromString('WDaQ5WweSme_JX9wox9y8g')!
    const endpoints = [{ listener: 'ELSEWHERE', host: 'h', port: 1 }]
    await rig.metadata.submit({ kind: 'register-broker', brokerId: 2, incarnation, rack: null, endpoints })
    const { topics } = await rig.ask('CreateTopics', 7, {
      topics: [
        {
          name: 'a',
          numPartitions: -1,
          replicationFactor: -1,
          assignments: [{ partitionIndex: 0, brokerIds: [2, 1] }],
          configs: [],
        },
      ],
      timeoutMs: 1000,
      validateOnly: false,
    })
    expect(topics[0]!.errorCode).toBe(0)
    const at = async (version: number) =>
      (await rig.ask('Metadata', version, about(['a']))).topics[0]!.partitions[0]!
    expect(await at(5)).toMatchObject({ errorCode: ERROR_CODES.LEADER_NOT_AVAILABLE, leaderId: -1 })
    expect(await at(6)).toMatchObject({ errorCode: ERROR_CODES.LISTENER_NOT_FOUND, leaderId: -1 })
  })

  it('E18: shows a topic once, however often it was asked for', async () => {
    const rig = await AdminRig.start()
    await rig.create('a')
    expect((await rig.ask('Metadata', 12, about(['a', 'a', 'a']))).topics).toHaveLength(1)
  })

  it('can be read at every version', async () => {
    const rig = await AdminRig.start()
    await rig.create('a', 3)
    for (let version = 0; version <= 13; version++) {
      const { topics } = await rig.ask('Metadata', version, about(['a', 'bad name']))
      expect(topics.map(({ errorCode }) => errorCode)).toEqual([0, ERROR_CODES.INVALID_TOPIC_EXCEPTION])
      expect(topics[0]!.partitions).toHaveLength(3)
    }
  })
})

describe('auto-creation', () => {
  it('C2: brings a named topic about and answers with it ready', async () => {
    const rig = await AdminRig.start({ 'num.partitions': '3' })
    const { topics } = await rig.ask('Metadata', 4, about(['new']))
    expect(topics[0]).toMatchObject({ name: 'new', errorCode: 0 })
    expect(topics[0]!.partitions.map(({ leaderId }) => leaderId)).toEqual([1, 1, 1])
  })

  it('C2: happens only where the client and the broker allow it, and only for names that are some', async () => {
    const rig = await AdminRig.start()
    const refused = await rig.ask('Metadata', 4, about(['a'], { allowAutoTopicCreation: false }))
    expect(refused.topics[0]!.errorCode).toBe(ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION)
    const names = ['', '.', 'a b', '__cluster_metadata']
    const bad = await rig.ask('Metadata', 12, about(names))
    expect(bad.topics.map(({ errorCode }) => errorCode)).toEqual([
      ERROR_CODES.INVALID_TOPIC_EXCEPTION,
      ERROR_CODES.INVALID_TOPIC_EXCEPTION,
      ERROR_CODES.INVALID_TOPIC_EXCEPTION,
      ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION,
    ])
    expect(rig.metadata.image.topics.size).toBe(0)
    const shut = await AdminRig.start({ 'auto.create.topics.enable': 'false' })
    const closed = await shut.ask('Metadata', 4, about(['a']))
    expect(closed.topics[0]!.errorCode).toBe(ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION)
    expect(shut.metadata.image.topics.size).toBe(0)
  })

  it('C2: never happens for a client that names no topics', async () => {
    const rig = await AdminRig.start()
    await rig.ask('Metadata', 12, about(null))
    await rig.ask('Metadata', 12, byId(UNKNOWN_ID))
    expect(rig.metadata.image.topics.size).toBe(0)
  })

  it('is shared by requests that ask at once', async () => {
    const rig = await AdminRig.start()
    rig.partitions.hold()
    const asking = Array.from({ length: 10 }, () => rig.ask('Metadata', 12, about(['a'])))
    await settle()
    expect(rig.metadata.image.topics.has('a')).toBe(true)
    asking.push(rig.ask('Metadata', 12, about(['a'])))
    await settle()
    rig.partitions.release()
    const answers = await Promise.all(asking)
    for (const { topics } of answers) expect(topics[0]!.partitions[0]).toMatchObject({ leaderId: 1 })
    const ids = answers.map(({ topics }) => topics[0]!.topicId)
    expect(new Set(ids)).toEqual(new Set([rig.metadata.image.topics.get('a')!.id]))
    expect(rig.changes.filter(({ kind }) => kind === 'topic-created')).toHaveLength(1)
  })

  it('answers LEADER_NOT_AVAILABLE for its partitions when they take too long', async () => {
    const rig = await AdminRig.start()
    rig.partitions.hold()
    const asking = rig.ask('Metadata', 12, about(['a']))
    await settle()
    rig.environment.advance(AUTO_CREATION_WAIT_MS)
    const { topics } = await asking
    expect(topics[0]!.partitions[0]).toMatchObject({
      errorCode: ERROR_CODES.LEADER_NOT_AVAILABLE,
      leaderId: -1,
    })
    rig.partitions.release()
    const later = await rig.ask('Metadata', 12, about(['a']))
    expect(later.topics[0]!.partitions[0]).toMatchObject({ errorCode: 0, leaderId: 1 })
  })

  it('answers UNKNOWN_TOPIC_OR_PARTITION when the topic cannot be created', async () => {
    const rig = await AdminRig.start()
    await rig.create('a.b')
    const collides = await rig.ask('Metadata', 12, about(['a_b']))
    expect(collides.topics[0]!.errorCode).toBe(ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION)
    rig.log.refuse('unavailable')
    const refused = await rig.ask('Metadata', 12, about(['c']))
    expect(refused.topics[0]!.errorCode).toBe(ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION)
    rig.log.refuse(null)
    const again = await rig.ask('Metadata', 12, about(['c']))
    expect(again.topics[0]!.errorCode).toBe(0)
  })

  it('stays bounded when ten thousand topics are asked for', async () => {
    const rig = await AdminRig.start()
    const names = Array.from({ length: 10_000 }, (_, index) => `t${index}`)
    const { topics } = await rig.ask('Metadata', 12, about(names))
    expect(topics).toHaveLength(10_000)
    expect(rig.metadata.image.topics.size).toBe(AUTO_CREATED_MAX)
    expect(topics.filter(({ errorCode }) => errorCode === 0)).toHaveLength(AUTO_CREATED_MAX)
  })

  it('makes the topics of its coordinators with their own shape, marks them internal, and makes no other internal topic', async () => {
    const rig = await AdminRig.start()
    const names = ['__consumer_offsets', '__transaction_state', '__share_group_state']
    const before = about(names, { allowAutoTopicCreation: false })
    const missing = await rig.ask('Metadata', 12, before)
    expect(missing.topics.map(({ isInternal }) => isInternal)).toEqual([true, true, true])
    const { topics } = await rig.ask('Metadata', 12, about(names))
    for (const topic of topics.slice(0, 2)) {
      expect(topic).toMatchObject({ errorCode: 0, isInternal: true })
      expect(topic.partitions).toHaveLength(50)
    }
    expect(topics[2]).toMatchObject({ errorCode: ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION })
  })
})

describe('DescribeCluster', () => {
  const request = {
    includeClusterAuthorizedOperations: false,
    endpointType: 1,
    includeFencedBrokers: false,
  }

  it('tells who makes up the cluster at every version (C3, C5)', async () => {
    const rig = await AdminRig.start()
    for (let version = 0; version <= 2; version++)
      expect(await rig.ask('DescribeCluster', version, request)).toMatchObject({
        errorCode: 0,
        errorMessage: null,
        clusterId: CLUSTER_ID,
        controllerId: 1,
        brokers: [{ brokerId: 1, host: '127.0.0.1', port: 9092, rack: null, isFenced: false }],
        clusterAuthorizedOperations: NOT_ASKED,
      })
    const asked = { ...request, includeClusterAuthorizedOperations: true }
    expect((await rig.ask('DescribeCluster', 1, asked)).clusterAuthorizedOperations).toBe(8096)
  })

  it('refuses endpoint types that this is not', async () => {
    const rig = await AdminRig.start()
    const code = async (endpointType: number) =>
      (await rig.ask('DescribeCluster', 1, { ...request, endpointType })).errorCode
    expect(await code(2)).toBe(ERROR_CODES.MISMATCHED_ENDPOINT_TYPE)
    expect(await code(3)).toBe(ERROR_CODES.UNSUPPORTED_ENDPOINT_TYPE)
  })
})

describe('DescribeTopicPartitions', () => {
  async function rigWithTopics(settings: Record<string, string> = {}): Promise<AdminRig> {
    const rig = await AdminRig.start(settings, new MemoryMachineLog())
    await rig.create('b', 3)
    await rig.create('a', 5)
    await rig.create('c', 2)
    return rig
  }

  async function pages(rig: AdminRig, names: string[], limit: number): Promise<string[]> {
    const seen: string[] = []
    let cursor: { topicName: string; partitionIndex: number } | null = null
    for (let page = 0; page < 50; page++) {
      const topics = names.map((name) => ({ name }))
      const request = { topics, responsePartitionLimit: limit, cursor }
      const response: IncomingResponseOf<'DescribeTopicPartitions'> = await rig.ask(
        'DescribeTopicPartitions',
        0,
        request,
      )
      for (const topic of response.topics)
        for (const partition of topic.partitions) seen.push(`${topic.name}${partition.partitionIndex}`)
      cursor = response.nextCursor
      if (cursor === null) return seen
    }
    throw new Error('the pages do not end')
  }

  const all = ['a0', 'a1', 'a2', 'a3', 'a4', 'b0', 'b1', 'b2', 'c0', 'c1']

  it('shows each partition once, in order, however small the pages are', async () => {
    const rig = await rigWithTopics()
    for (const limit of [-1, 0, 1, 2, 3, 4, 5, 9, 10, 11, 2000])
      for (const names of [[], ['c', 'b', 'a', 'b']]) expect(await pages(rig, names, limit)).toEqual(all)
  })

  it('holds a page to max.request.partition.size.limit', async () => {
    const rig = await rigWithTopics({ 'max.request.partition.size.limit': '4' })
    const response = await rig.ask('DescribeTopicPartitions', 0, {
      topics: [],
      responsePartitionLimit: 2000,
      cursor: null,
    })
    expect(response.topics.flatMap(({ partitions }) => partitions)).toHaveLength(4)
    expect(response.nextCursor).toEqual({ topicName: 'a', partitionIndex: 4 })
  })

  it('has no null where the Java client expects a list, and the epoch of the leader (C6)', async () => {
    const rig = await rigWithTopics()
    const response = await rig.ask('DescribeTopicPartitions', 0, {
      topics: [{ name: 'c' }, { name: 'nope' }, { name: 'bad name' }],
      responsePartitionLimit: 2000,
      cursor: null,
    })
    expect(response.topics.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['bad name', ERROR_CODES.INVALID_TOPIC_EXCEPTION],
      ['c', ERROR_CODES.NONE],
      ['nope', ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION],
    ])
    expect(response.topics[1]!.partitions[0]).toEqual({
      errorCode: 0,
      partitionIndex: 0,
      leaderId: 1,
      leaderEpoch: 5,
      replicaNodes: [1],
      isrNodes: [1],
      eligibleLeaderReplicas: [],
      lastKnownElr: [],
      offlineReplicas: [],
    })
    expect(response.topics[1]!.topicAuthorizedOperations).toBe(3576)
  })

  it('refuses a cursor that points outside what is asked for', async () => {
    const rig = await rigWithTopics()
    const ask = (topicName: string, partitionIndex: number) =>
      rig.ask('DescribeTopicPartitions', 0, {
        topics: [{ name: 'a' }, { name: 'c' }],
        responsePartitionLimit: 2000,
        cursor: { topicName, partitionIndex },
      })
    for (const [name, index] of [
      ['a', -1],
      ['b', 0],
    ] as const) {
      const { topics } = await ask(name, index)
      expect(topics.map(({ errorCode }) => errorCode)).toEqual([
        ERROR_CODES.INVALID_REQUEST,
        ERROR_CODES.INVALID_REQUEST,
      ])
    }
    const beyond = await ask('a', 99)
    expect(beyond.topics.map(({ partitions }) => partitions.length)).toEqual([0, 2])
  })
})
