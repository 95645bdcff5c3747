import { describe, expect, test } from 'vitest'
import { ZERO_UUID } from '../../../base/uuid.ts'
import { API_TABLE } from '../../../protocol/api.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import {
  defaultDescribeGroupsRequest,
  defaultFindCoordinatorRequest,
  defaultHeartbeatRequest,
  defaultJoinGroupRequest,
  defaultLeaveGroupRequest,
  defaultListGroupsRequest,
  defaultOffsetCommitRequest,
  defaultOffsetFetchRequest,
  defaultSyncGroupRequest,
} from '../../../protocol/generated/index.ts'
import { subscription } from '../../coordinator/groups/machine-bench.ts'
import { MemoryMachineLog } from '../../coordinator/memory-machine-log.ts'
import type { GroupApiName } from './handlers.ts'
import { TOPIC_ID, WireBench } from './wire-bench.ts'

const {
  NONE,
  COORDINATOR_LOAD_IN_PROGRESS,
  COORDINATOR_NOT_AVAILABLE,
  NOT_COORDINATOR,
  GROUP_ID_NOT_FOUND,
  ILLEGAL_GENERATION,
  INCONSISTENT_GROUP_PROTOCOL,
  INVALID_REQUEST,
  MEMBER_ID_REQUIRED,
  UNKNOWN_MEMBER_ID,
  UNKNOWN_TOPIC_ID,
  UNKNOWN_TOPIC_OR_PARTITION,
} = ERROR_CODES
const OTHER_ID = 'A'.repeat(16) as typeof TOPIC_ID

function versions(name: GroupApiName): number[] {
  const { versionMin, versionMax } = API_TABLE[name]
  return Array.from({ length: versionMax - versionMin + 1 }, (_, index) => versionMin + index)
}

async function led(): Promise<WireBench> {
  const bench = new WireBench()
  await bench.lead()
  return bench
}

const joinRequest = (memberId = '') => ({
  ...defaultJoinGroupRequest(),
  groupId: 'g',
  sessionTimeoutMs: 10_000,
  memberId,
  protocolType: 'consumer',
  protocols: [{ name: 'range', metadata: subscription('t') }],
})

/** Joins in whatever way the version needs, and syncs. */
async function member(bench: WireBench, version = 9): Promise<string> {
  const rebalanceTimeoutMs = version >= 1 ? 30_000 : -1
  const first = await bench.call('JoinGroup', version, { ...joinRequest(), rebalanceTimeoutMs })
  if (version >= 4) expect(first.errorCode).toBe(MEMBER_ID_REQUIRED)
  const joined =
    version >= 4
      ? await bench.call('JoinGroup', version, { ...joinRequest(first.memberId), rebalanceTimeoutMs })
      : first
  expect(joined).toMatchObject({ errorCode: NONE, protocolName: 'range', leader: joined.memberId })
  const assignments = [{ memberId: joined.memberId, assignment: Buffer.from('all') }]
  const synced = await bench.call('SyncGroup', 3, {
    ...defaultSyncGroupRequest(),
    groupId: 'g',
    generationId: joined.generationId,
    memberId: joined.memberId,
    assignments,
  })
  expect(synced.assignment.toString()).toBe('all')
  return joined.memberId
}

const commitRequest = (version: number, change: object = {}) => ({
  ...defaultOffsetCommitRequest(),
  groupId: 'g',
  topics: [
    {
      name: version >= 10 ? '' : 't',
      topicId: version >= 10 ? TOPIC_ID : ZERO_UUID,
      partitions: [
        {
          partitionIndex: 0,
          committedOffset: 5,
          committedLeaderEpoch: version >= 6 ? 3 : -1,
          committedMetadata: 'm',
        },
        { partitionIndex: 2, committedOffset: 6, committedLeaderEpoch: -1, committedMetadata: null },
      ],
    },
  ],
  ...change,
})

test('where no more requests may wait, members are told to come again', async () => {
  const bench = await led()
  bench.mayWait = false
  const join = { ...joinRequest(), rebalanceTimeoutMs: 30_000 }
  expect((await bench.call('JoinGroup', 9, join)).errorCode).toBe(COORDINATOR_NOT_AVAILABLE)
  const sync = { ...defaultSyncGroupRequest(), groupId: 'g' }
  expect((await bench.call('SyncGroup', 4, sync)).errorCode).toBe(COORDINATOR_NOT_AVAILABLE)
})

describe('F12: FindCoordinator', () => {
  test.each(versions('FindCoordinator'))(
    'F12: version %d finds a cold coordinator at once',
    async (version) => {
      const bench = new WireBench()
      const request =
        version >= 4
          ? { ...defaultFindCoordinatorRequest(), coordinatorKeys: ['g', ''] }
          : { ...defaultFindCoordinatorRequest(), key: 'g' }
      const response = await bench.call('FindCoordinator', version, request)
      const where = { errorCode: NONE, nodeId: 1, host: 'broker', port: 9092 }
      if (version < 4) expect(response).toMatchObject(where)
      else
        expect(response.coordinators).toEqual([
          { key: 'g', ...where, errorMessage: '' },
          { key: '', ...where, errorMessage: '' },
        ])
    },
  )

  test('F12: a topic that takes longer than a second to make is not available yet', async () => {
    const bench = new WireBench()
    let done: (isThere: boolean) => void = () => {}
    bench.ensureTopic = () => new Promise((resolve) => (done = resolve))
    const found = bench.call('FindCoordinator', 3, { ...defaultFindCoordinatorRequest(), key: 'g' })
    bench.environment.advance(1_000)
    expect(await found).toMatchObject({
      errorCode: COORDINATOR_NOT_AVAILABLE,
      nodeId: -1,
      host: '',
      port: -1,
    })
    done(true)
  })

  test('F12: a partition without a leader is not available', async () => {
    const bench = await led()
    bench.hasLeader = false
    const request = { ...defaultFindCoordinatorRequest(), coordinatorKeys: ['g'] }
    expect((await bench.call('FindCoordinator', 4, request)).coordinators).toMatchObject([
      { key: 'g', errorCode: COORDINATOR_NOT_AVAILABLE, nodeId: -1, port: -1 },
    ])
  })

  test.each([1, 2, 7])('F12: keys of type %d have no coordinator here', async (keyType) => {
    const request = { ...defaultFindCoordinatorRequest(), coordinatorKeys: ['g'], keyType }
    const { coordinators } = await new WireBench().call('FindCoordinator', 6, request)
    expect(coordinators).toMatchObject([{ errorCode: INVALID_REQUEST, nodeId: -1 }])
  })
})

describe('membership', () => {
  test.each(versions('JoinGroup'))('a group forms with JoinGroup %d', async (version) => {
    await member(await led(), version)
  })

  test('JoinGroup 0 has the session timeout for rebalance timeout', async () => {
    const bench = await led()
    await member(bench, 0)
    const log = bench.logs.get(bench.coordinator.partitionFor('g')!)!
    const record = log.batches.at(-1)!.toString('hex')
    expect(record).toContain('0000271000002710')
  })

  test('a client without an id and from 10.0.0.1 is described as such', async () => {
    const bench = await led()
    const request = { ...joinRequest(), rebalanceTimeoutMs: 1_000 }
    await bench.call('JoinGroup', 3, request, null)
    const { groups } = await bench.call('DescribeGroups', 6, {
      groups: ['g'],
      includeAuthorizedOperations: false,
    })
    expect(groups[0]!.members[0]).toMatchObject({ clientId: '', clientHost: '/10.0.0.1' })
  })

  test.each(versions('SyncGroup'))(
    'SyncGroup %d gives the assignment of a stable member',
    async (version) => {
      const bench = await led()
      const memberId = await member(bench)
      const said = version >= 5 ? { protocolType: 'consumer', protocolName: 'range' } : {}
      const request = { ...defaultSyncGroupRequest(), groupId: 'g', generationId: 1, memberId, ...said }
      const response = await bench.call('SyncGroup', version, request)
      expect(response).toMatchObject({ errorCode: NONE, ...said })
      expect(response.assignment.toString()).toBe('all')
    },
  )

  test('SyncGroup 5 has to name type and protocol', async () => {
    const bench = await led()
    const memberId = await member(bench)
    const request = { ...defaultSyncGroupRequest(), groupId: 'g', generationId: 1, memberId }
    expect((await bench.call('SyncGroup', 5, request)).errorCode).toBe(INCONSISTENT_GROUP_PROTOCOL)
  })

  test.each(versions('Heartbeat'))('Heartbeat %d', async (version) => {
    const bench = await led()
    const memberId = await member(bench)
    const request = { ...defaultHeartbeatRequest(), groupId: 'g', generationId: 1, memberId }
    expect((await bench.call('Heartbeat', version, request)).errorCode).toBe(NONE)
    expect((await bench.call('Heartbeat', version, { ...request, generationId: 2 })).errorCode).toBe(
      ILLEGAL_GENERATION,
    )
  })

  test.each(versions('LeaveGroup'))('LeaveGroup %d', async (version) => {
    const bench = await led()
    const memberId = await member(bench)
    const identity = (id: string) => ({ memberId: id, groupInstanceId: null, reason: null })
    const request = (id: string) =>
      version >= 3
        ? { ...defaultLeaveGroupRequest(), groupId: 'g', members: [identity(id)] }
        : { ...defaultLeaveGroupRequest(), groupId: 'g', memberId: id }
    const stranger = await bench.call('LeaveGroup', version, request('x'))
    if (version >= 3)
      expect(stranger).toMatchObject({ errorCode: NONE, members: [{ errorCode: UNKNOWN_MEMBER_ID }] })
    else expect(stranger.errorCode).toBe(UNKNOWN_MEMBER_ID)
    expect((await bench.call('LeaveGroup', version, request(memberId))).errorCode).toBe(NONE)
  })
})

describe('offsets', () => {
  test.each(versions('OffsetCommit'))('OffsetCommit %d, partition by partition', async (version) => {
    const { topics } = await (await led()).call('OffsetCommit', version, commitRequest(version))
    expect(topics[0]!.partitions).toEqual([
      { partitionIndex: 0, errorCode: NONE },
      { partitionIndex: 2, errorCode: UNKNOWN_TOPIC_OR_PARTITION },
    ])
    if (version >= 10) expect(topics[0]!.topicId).toBe(TOPIC_ID)
    else expect(topics[0]!.name).toBe('t')
  })

  test.each([
    [8, ILLEGAL_GENERATION],
    [9, GROUP_ID_NOT_FOUND],
  ])('OffsetCommit %d of a generation of a group that is not there', async (version, errorCode) => {
    const request = commitRequest(version, { generationIdOrMemberEpoch: 1, memberId: 'x' })
    const { topics } = await (await led()).call('OffsetCommit', version, request)
    expect(topics[0]!.partitions[0]!.errorCode).toBe(errorCode)
  })

  test('OffsetCommit of topics that are not there, by name and by id', async () => {
    const bench = await led()
    const partitions = commitRequest(9).topics[0]!.partitions
    const byName = { ...commitRequest(9), topics: [{ name: 'no', topicId: ZERO_UUID, partitions }] }
    const named = (await bench.call('OffsetCommit', 9, byName)).topics[0]!.partitions
    expect(named.map(({ errorCode }) => errorCode)).toEqual([
      UNKNOWN_TOPIC_OR_PARTITION,
      UNKNOWN_TOPIC_OR_PARTITION,
    ])
    const byId = { ...commitRequest(10), topics: [{ name: '', topicId: OTHER_ID, partitions }] }
    const identified = (await bench.call('OffsetCommit', 10, byId)).topics[0]!.partitions
    expect(identified.map(({ errorCode }) => errorCode)).toEqual([UNKNOWN_TOPIC_ID, UNKNOWN_TOPIC_ID])
    expect([...bench.logs.values()].flatMap(({ batches }) => batches)).toEqual([])
  })

  test.each(versions('OffsetFetch'))(
    'F9: OffsetFetch %d of what is there and what is not',
    async (version) => {
      const bench = await led()
      await bench.call('OffsetCommit', 9, commitRequest(9))
      const byId = version >= 10
      const topic = { name: byId ? '' : 't', topicId: byId ? TOPIC_ID : ZERO_UUID, partitionIndexes: [0, 1] }
      const identity = { memberId: null, memberEpoch: -1 }
      const request =
        version >= 8
          ? {
              ...defaultOffsetFetchRequest(),
              groups: [
                { groupId: 'g', ...identity, topics: [topic] },
                { groupId: 'no', ...identity, topics: [topic] },
              ],
            }
          : {
              ...defaultOffsetFetchRequest(),
              groupId: 'g',
              topics: [{ name: 't', partitionIndexes: [0, 1] }],
            }
      const response = await bench.call('OffsetFetch', version, request)
      const topics = version >= 8 ? response.groups[0]!.topics : response.topics
      const committedLeaderEpoch = version >= 5 ? 3 : -1
      const nothing = { committedOffset: -1, committedLeaderEpoch: -1, metadata: '', errorCode: NONE }
      expect(topics[0]!.partitions).toEqual([
        { partitionIndex: 0, committedOffset: 5, committedLeaderEpoch, metadata: 'm', errorCode: NONE },
        { partitionIndex: 1, ...nothing },
      ])
      if (version >= 8) expect(response.groups[1]!.topics[0]!.partitions).toMatchObject([nothing, nothing])
    },
  )

  test.each([2, 7, 8, 10])('F9: OffsetFetch %d of everything', async (version) => {
    const bench = await led()
    await bench.call('OffsetCommit', 9, commitRequest(9))
    const group = { groupId: 'g', memberId: null, memberEpoch: -1, topics: null }
    const request =
      version >= 8
        ? { ...defaultOffsetFetchRequest(), groups: [group] }
        : { ...defaultOffsetFetchRequest(), groupId: 'g', topics: null }
    const response = await bench.call('OffsetFetch', version, request)
    const topics = version >= 8 ? response.groups[0]!.topics : response.topics
    expect(topics.flatMap(({ partitions }) => partitions.map((one) => one.committedOffset))).toEqual([5])
  })

  test('OffsetFetch 10 of an id that nobody has', async () => {
    const topic = { name: '', topicId: OTHER_ID, partitionIndexes: [0] }
    const group = { groupId: 'g', memberId: null, memberEpoch: -1, topics: [topic] }
    const request = { ...defaultOffsetFetchRequest(), groups: [group] }
    const { groups } = await (await led()).call('OffsetFetch', 10, request)
    expect(groups[0]!.topics[0]!.partitions[0]).toMatchObject({
      committedOffset: -1,
      errorCode: UNKNOWN_TOPIC_ID,
    })
  })

  test('OffsetDelete answers for every partition that was named', async () => {
    const bench = await led()
    await bench.call('OffsetCommit', 9, commitRequest(9))
    const partitions = [{ partitionIndex: 9 }, { partitionIndex: 0 }]
    const topics = [
      { name: 't', partitions },
      { name: 'no', partitions },
    ]
    expect((await bench.call('OffsetDelete', 0, { groupId: 'g', topics })).topics).toEqual([
      {
        name: 't',
        partitions: [
          { partitionIndex: 9, errorCode: UNKNOWN_TOPIC_OR_PARTITION },
          { partitionIndex: 0, errorCode: NONE },
        ],
      },
      {
        name: 'no',
        partitions: [
          { partitionIndex: 9, errorCode: UNKNOWN_TOPIC_OR_PARTITION },
          { partitionIndex: 0, errorCode: UNKNOWN_TOPIC_OR_PARTITION },
        ],
      },
    ])
    expect((await bench.call('OffsetDelete', 0, { groupId: 'no', topics })).errorCode).toBe(
      GROUP_ID_NOT_FOUND,
    )
  })
})

describe('administration', () => {
  test.each(versions('DescribeGroups'))('C16: DescribeGroups %d', async (version) => {
    const bench = await led()
    await member(bench)
    const request = {
      ...defaultDescribeGroupsRequest(),
      groups: ['g', 'no'],
      includeAuthorizedOperations: version >= 3,
    }
    const { groups } = await bench.call('DescribeGroups', version, request)
    expect(groups[0]).toMatchObject({
      errorCode: NONE,
      groupState: 'Stable',
      protocolType: 'consumer',
      protocolData: 'range',
      authorizedOperations: version >= 3 ? 3400 : -2147483648,
    })
    expect(groups[1]).toMatchObject(
      version >= 6
        ? { errorCode: GROUP_ID_NOT_FOUND, errorMessage: 'Group no not found.', groupState: 'Dead' }
        : { errorCode: NONE, errorMessage: null, groupState: 'Dead' },
    )
  })

  test.each(versions('ListGroups'))('ListGroups %d lists every partition', async (version) => {
    const bench = await led()
    await member(bench)
    for (const groupId of ['a', 'b', 'c']) await bench.call('OffsetCommit', 9, commitRequest(9, { groupId }))
    const { groups } = await bench.call('ListGroups', version, defaultListGroupsRequest())
    expect(groups.map(({ groupId }) => groupId).sort()).toEqual(['a', 'b', 'c', 'g'])
    expect(groups.find(({ groupId }) => groupId === 'g')).toEqual({
      groupId: 'g',
      protocolType: 'consumer',
      groupState: version >= 4 ? 'Stable' : '',
      groupType: version >= 5 ? 'classic' : '',
    })
  })

  test.each<[string[], string[], string[]]>([
    [['stable'], [], ['g']],
    [['Empty'], ['CLASSIC'], ['a']],
    [['nonsense'], [], []],
    [[], ['consumer'], []],
    [[], ['nonsense'], []],
  ])('ListGroups of states %j and types %j', async (statesFilter, typesFilter, listed) => {
    const bench = await led()
    await member(bench)
    await bench.call('OffsetCommit', 9, commitRequest(9, { groupId: 'a' }))
    const { groups } = await bench.call('ListGroups', 5, { statesFilter, typesFilter })
    expect(groups.map(({ groupId }) => groupId)).toEqual(listed)
  })

  test.each(versions('DeleteGroups'))('DeleteGroups %d answers each name once', async (version) => {
    const bench = await led()
    await member(bench)
    await bench.call('OffsetCommit', 9, commitRequest(9, { groupId: 'a' }))
    const { results } = await bench.call('DeleteGroups', version, { groupsNames: ['no', 'g', 'a', 'no'] })
    expect(results).toEqual([
      { groupId: 'no', errorCode: GROUP_ID_NOT_FOUND },
      { groupId: 'g', errorCode: ERROR_CODES.NON_EMPTY_GROUP },
      { groupId: 'a', errorCode: NONE },
    ])
  })
})

test('the longest names that a frame can carry are answered', async () => {
  const bench = await led()
  const long = 'g'.repeat(32_767)
  const request = { ...joinRequest(), groupId: long, rebalanceTimeoutMs: 1_000 }
  expect((await bench.call('JoinGroup', 9, request, long)).errorCode).toBe(MEMBER_ID_REQUIRED)
  const describe = { ...defaultDescribeGroupsRequest(), groups: [`h${long.slice(1)}`] }
  expect((await bench.call('DescribeGroups', 6, describe)).groups[0]!.errorCode).toBe(GROUP_ID_NOT_FOUND)
})

describe('a coordinator that is not ready', () => {
  /** One answer of every API for a group whose partition is in that condition. */
  async function codes(bench: WireBench): Promise<number[]> {
    const identity = { memberId: null, memberEpoch: -1, topics: null }
    const topics = [{ name: 't', partitions: [{ partitionIndex: 0 }] }]
    return [
      (await bench.call('JoinGroup', 3, joinRequest())).errorCode,
      (await bench.call('JoinGroup', 9, joinRequest())).errorCode,
      (await bench.call('SyncGroup', 3, { ...defaultSyncGroupRequest(), groupId: 'g' })).errorCode,
      (await bench.call('LeaveGroup', 1, { ...defaultLeaveGroupRequest(), groupId: 'g' })).errorCode,
      (await bench.call('OffsetCommit', 9, commitRequest(9))).topics[0]!.partitions[0]!.errorCode,
      (await bench.call('OffsetFetch', 2, { ...defaultOffsetFetchRequest(), groupId: 'g' })).errorCode,
      (
        await bench.call('OffsetFetch', 1, {
          ...defaultOffsetFetchRequest(),
          groupId: 'g',
          topics: [{ name: 't', partitionIndexes: [0] }],
        })
      ).topics[0]!.partitions[0]!.errorCode,
      (
        await bench.call('OffsetFetch', 9, {
          ...defaultOffsetFetchRequest(),
          groups: [{ groupId: 'g', ...identity }],
        })
      ).groups[0]!.errorCode,
      (await bench.call('OffsetDelete', 0, { groupId: 'g', topics })).errorCode,
      (await bench.call('DescribeGroups', 6, { ...defaultDescribeGroupsRequest(), groups: ['g'] })).groups[0]!
        .errorCode,
      (await bench.call('DeleteGroups', 2, { groupsNames: ['g'] })).results[0]!.errorCode,
    ]
  }

  test('before the topic is there nobody coordinates', async () => {
    const bench = new WireBench()
    expect(new Set(await codes(bench))).toEqual(new Set([NOT_COORDINATOR]))
    expect((await bench.call('ListGroups', 5, defaultListGroupsRequest())).errorCode).toBe(NONE)
  })

  test('while the groups are loaded it says so, and a heartbeat is well', async () => {
    const bench = await led()
    const log = new MemoryMachineLog()
    log.replay = () => new Promise(() => {})
    void bench.coordinator.lead(bench.coordinator.partitionFor('g')!, log)
    expect(new Set(await codes(bench))).toEqual(new Set([COORDINATOR_LOAD_IN_PROGRESS]))
    const heartbeat = { ...defaultHeartbeatRequest(), groupId: 'g', memberId: 'x' }
    expect((await bench.call('Heartbeat', 4, heartbeat)).errorCode).toBe(NONE)
    const list = await bench.call('ListGroups', 5, defaultListGroupsRequest())
    expect(list.errorCode).toBe(COORDINATOR_LOAD_IN_PROGRESS)
  })

  test('without a quorum it is not available, and serves again with it', async () => {
    const bench = await led()
    const log = bench.logs.get(bench.coordinator.partitionFor('g')!)!
    log.refuse('unavailable')
    expect(new Set(await codes(bench))).toEqual(new Set([COORDINATOR_NOT_AVAILABLE]))
    log.refuse(null)
    await member(bench)
  })

  test('after a lost leadership it sends clients elsewhere', async () => {
    const bench = await led()
    bench.coordinator.resign(bench.coordinator.partitionFor('g')!)
    expect(new Set(await codes(bench))).toEqual(new Set([NOT_COORDINATOR]))
    const heartbeat = { ...defaultHeartbeatRequest(), groupId: 'g', memberId: 'x' }
    expect((await bench.call('Heartbeat', 4, heartbeat)).errorCode).toBe(NOT_COORDINATOR)
  })
})
