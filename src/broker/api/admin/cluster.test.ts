import { describe, expect, it } from 'vitest'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import { PARTITIONS_NAMED_MAX, RESOURCES_NAMED_MAX } from './request-limits.ts'
import { AdminRig } from './test-kit.ts'

const { UNKNOWN_TOPIC_OR_PARTITION, ELECTION_NOT_NEEDED, INVALID_UPDATE_VERSION } = ERROR_CODES

describe('ListConfigResources', () => {
  it('names everything that has configs, by kind', async () => {
    const rig = await AdminRig.start()
    await rig.create('a')
    await rig.ask('IncrementalAlterConfigs', 1, {
      resources: [
        {
          resourceType: 32,
          resourceName: 'g',
          configs: [{ name: 'share.isolation.level', configOperation: 0, value: 'read_committed' }],
        },
      ],
      validateOnly: false,
    })
    const list = async (...resourceTypes: number[]) => {
      const answer = await rig.ask('ListConfigResources', 1, { resourceTypes })
      expect(answer.errorCode).toBe(0)
      return answer.configResources.map(({ resourceName, resourceType }) => `${resourceType} ${resourceName}`)
    }
    expect((await list()).sort()).toEqual(['2 a', '32 g', '4 1', '8 1'])
    expect(await list(2)).toEqual(['2 a'])
    expect((await list(4, 32)).sort()).toEqual(['32 g', '4 1'])
    expect(await list(16)).toEqual([])
  })

  it('refuses kinds that there are none of, and lists client metrics only at version 0', async () => {
    const rig = await AdminRig.start()
    for (const resourceTypes of [[99], [2, 1]])
      expect(await rig.ask('ListConfigResources', 1, { resourceTypes })).toMatchObject({
        errorCode: ERROR_CODES.UNSUPPORTED_VERSION,
        configResources: [],
      })
    const { errorCode, configResources } = await rig.ask('ListConfigResources', 0, { resourceTypes: [] })
    expect([errorCode, configResources]).toEqual([0, []])
  })
})

describe('DescribeLogDirs', () => {
  it('C13: tells the size of what is here, once each, and leaves out what is not', async () => {
    const rig = await AdminRig.start()
    await rig.create('a', 2)
    rig.logDirectory.sizes.set('a-0', 10).set('a-1', 20)
    const partition = (partitionIndex: number, partitionSize: number) => ({
      partitionIndex,
      partitionSize,
      offsetLag: 0,
      isFutureKey: false,
    })
    for (let version = 1; version <= 5; version++) {
      const { errorCode, results } = await rig.ask('DescribeLogDirs', version, {
        topics: [
          { topic: 'a', partitions: [0, 0, 7] },
          { topic: 'a', partitions: [1] },
          { topic: 'nope', partitions: [0] },
        ],
      })
      const hasSpace = version >= 4
      expect(errorCode).toBe(0)
      expect(results).toEqual([
        {
          errorCode: 0,
          logDir: '/data',
          topics: [{ name: 'a', partitions: [partition(0, 10), partition(1, 20)] }],
          totalBytes: hasSpace ? 1000 : -1,
          usableBytes: hasSpace ? 600 : -1,
          isCordoned: false,
        },
      ])
    }
  })

  it('C13: tells of everything when nothing is named, and of a directory that has failed', async () => {
    const rig = await AdminRig.start()
    await rig.create('a', 2)
    rig.logDirectory.sizes.set('a-0', 10).set('a-1', 20)
    const { results } = await rig.ask('DescribeLogDirs', 4, { topics: null })
    expect(results[0]!.topics.map(({ name, partitions }) => [name, partitions.length])).toEqual([['a', 2]])
    expect((await rig.ask('DescribeLogDirs', 4, { topics: [] })).results[0]!.topics).toEqual([])
    rig.logDirectory.isBroken = true
    expect((await rig.ask('DescribeLogDirs', 4, { topics: [] })).results[0]).toMatchObject({
      errorCode: ERROR_CODES.KAFKA_STORAGE_ERROR,
      totalBytes: -1,
    })
  })
})

describe('ElectLeaders', () => {
  const elect = (rig: AdminRig, version: number, electionType: number, topics: [string, number[]][] | null) =>
    rig.ask('ElectLeaders', version, {
      electionType,
      topicPartitions: topics?.map(([topic, partitions]) => ({ topic, partitions })) ?? null,
      timeoutMs: 1000,
    })

  it('C14: answers every partition that was named', async () => {
    const rig = await AdminRig.start()
    await rig.create('a', 2)
    for (const version of [0, 1, 2])
      for (const type of version === 0 ? [0] : [0, 1]) {
        const answer = await elect(rig, version, type, [
          ['a', [0, 1, 7]],
          ['nope', [0]],
        ])
        expect(answer.errorCode).toBe(0)
        expect(
          answer.replicaElectionResults.map(({ topic, partitionResult }) => [
            topic,
            partitionResult.map(({ partitionId, errorCode }) => [partitionId, errorCode]),
          ]),
        ).toEqual([
          [
            'a',
            [
              [0, ELECTION_NOT_NEEDED],
              [1, ELECTION_NOT_NEEDED],
              [7, UNKNOWN_TOPIC_OR_PARTITION],
            ],
          ],
          ['nope', [[0, UNKNOWN_TOPIC_OR_PARTITION]]],
        ])
      }
  })

  it('of all partitions tells of those that have no leader', async () => {
    const rig = await AdminRig.start()
    await rig.create('a')
    const codes = async (type: number) =>
      (await elect(rig, 2, type, null)).replicaElectionResults.map(({ topic, partitionResult }) => [
        topic,
        ...partitionResult.map(({ errorCode }) => errorCode),
      ])
    expect(await codes(0)).toEqual([['a']])
    rig.partitions.isBroken = true
    expect(await codes(0)).toEqual([['a', ERROR_CODES.PREFERRED_LEADER_NOT_AVAILABLE]])
    expect(await codes(1)).toEqual([['a', ERROR_CODES.ELIGIBLE_LEADERS_NOT_AVAILABLE]])
  })

  it('knows two kinds of election', async () => {
    const rig = await AdminRig.start()
    await rig.create('a')
    const answer = await elect(rig, 2, 2, [['a', [0]]])
    expect(answer.errorCode).toBe(ERROR_CODES.INVALID_REQUEST)
    expect(answer.replicaElectionResults[0]!.partitionResult[0]!.errorCode).toBe(ERROR_CODES.INVALID_REQUEST)
  })
})

describe('a request that names more than there can be', () => {
  const many = Array.from({ length: PARTITIONS_NAMED_MAX }, () => 0)

  it('is refused as a whole, in few bytes', async () => {
    const rig = await AdminRig.start()
    const election = await rig.ask('ElectLeaders', 2, {
      electionType: 0,
      topicPartitions: [{ topic: 'a', partitions: many }],
      timeoutMs: 1000,
    })
    expect(election).toMatchObject({ errorCode: ERROR_CODES.POLICY_VIOLATION, replicaElectionResults: [] })
    const reassignment = await rig.ask('AlterPartitionReassignments', 1, {
      timeoutMs: 1000,
      allowReplicationFactorChange: true,
      topics: [{ name: 'a', partitions: many.map((partitionIndex) => ({ partitionIndex, replicas: null })) }],
    })
    expect(reassignment).toMatchObject({ errorCode: ERROR_CODES.POLICY_VIOLATION, responses: [] })
    const quorum = await rig.ask('DescribeQuorum', 2, {
      topics: [{ topicName: 'a', partitions: many.map((partitionIndex) => ({ partitionIndex })) }],
    })
    expect(quorum).toMatchObject({ errorCode: ERROR_CODES.POLICY_VIOLATION, topics: [] })
    const features = await rig.ask('UpdateFeatures', 1, {
      timeoutMs: 1000,
      featureUpdates: many.slice(0, RESOURCES_NAMED_MAX + 1).map(() => ({
        feature: 'a',
        maxVersionLevel: 1,
        upgradeType: 1,
        allowDowngrade: false,
      })),
      validateOnly: true,
    })
    expect(features).toMatchObject({ errorCode: ERROR_CODES.POLICY_VIOLATION, results: [] })
  })
})

describe('partition reassignments', () => {
  it('C14: leave a partition where it is, and refuse whatever else there is to ask', async () => {
    const rig = await AdminRig.start()
    await rig.create('a', 2)
    const wanted: [name: string, index: number, replicas: number[] | null, errorCode: number][] = [
      ['a', 0, [1], 0],
      ['a', 1, null, ERROR_CODES.NO_REASSIGNMENT_IN_PROGRESS],
      ['a', 0, [2], ERROR_CODES.INVALID_REPLICA_ASSIGNMENT],
      ['a', 0, [1, 2], ERROR_CODES.INVALID_REPLICA_ASSIGNMENT],
      ['a', 0, [1, 1], ERROR_CODES.INVALID_REPLICA_ASSIGNMENT],
      ['a', 0, [-1], ERROR_CODES.INVALID_REPLICA_ASSIGNMENT],
      ['a', 0, [], ERROR_CODES.INVALID_REPLICA_ASSIGNMENT],
      ['a', 9, [1], UNKNOWN_TOPIC_OR_PARTITION],
      ['a', 8, null, UNKNOWN_TOPIC_OR_PARTITION],
      ['nope', 0, [1], UNKNOWN_TOPIC_OR_PARTITION],
    ]
    for (const version of [0, 1]) {
      const answer = await rig.ask('AlterPartitionReassignments', version, {
        timeoutMs: 1000,
        allowReplicationFactorChange: true,
        topics: wanted.map(([name, partitionIndex, replicas]) => ({
          name,
          partitions: [{ partitionIndex, replicas }],
        })),
      })
      expect(answer.errorCode).toBe(0)
      expect(
        answer.responses.map(({ name, partitions: [partition] }) => [name, partition!.errorCode]),
      ).toEqual(wanted.map(([name, , , errorCode]) => [name, errorCode]))
    }
  })

  it('are never under way', async () => {
    const rig = await AdminRig.start()
    await rig.create('a')
    for (const topics of [null, [], [{ name: 'a', partitionIndexes: [0] }]])
      expect(await rig.ask('ListPartitionReassignments', 0, { timeoutMs: 1000, topics })).toMatchObject({
        errorCode: 0,
        topics: [],
      })
  })
})

describe('DescribeQuorum', () => {
  const describeQuorum = (rig: AdminRig, version: number, ...partitions: [string, number][]) =>
    rig.ask('DescribeQuorum', version, {
      topics: partitions.map(([topicName, partitionIndex]) => ({
        topicName,
        partitions: [{ partitionIndex }],
      })),
    })

  it('tells who keeps the metadata and how far the log is', async () => {
    const rig = await AdminRig.start()
    rig.environment.advance(7000)
    const nowMs = rig.environment.wallMs()
    for (const version of [0, 1, 2]) {
      const { errorCode, topics, nodes } = await describeQuorum(rig, version, ['__cluster_metadata', 0])
      expect(errorCode).toBe(0)
      const [partition] = topics[0]!.partitions
      expect(partition).toMatchObject({ errorCode: 0, leaderId: 1, leaderEpoch: 3, highWatermark: 40 })
      expect(partition!.observers).toEqual([])
      expect(partition!.currentVoters).toMatchObject([
        { replicaId: 1, logEndOffset: 41, lastCaughtUpTimestamp: version === 0 ? -1 : nowMs },
      ])
      expect(nodes).toEqual(
        version < 2 ? [] : [{ nodeId: 1, listeners: [{ name: 'PLAINTEXT', host: '127.0.0.1', port: 9092 }] }],
      )
    }
  })

  it('knows that one partition alone', async () => {
    const rig = await AdminRig.start()
    for (const asked of [
      [['__cluster_metadata', 1]],
      [['a', 0]],
      [
        ['__cluster_metadata', 0],
        ['a', 0],
      ],
    ] as [string, number][][]) {
      const { errorCode, topics, nodes } = await describeQuorum(rig, 2, ...asked)
      expect([errorCode, nodes]).toEqual([0, []])
      expect(topics.map(({ partitions }) => partitions[0]!.errorCode)).toEqual(
        asked.map(() => UNKNOWN_TOPIC_OR_PARTITION),
      )
    }
    expect((await describeQuorum(rig, 2)).topics).toEqual([])
  })
})

describe('UpdateFeatures', () => {
  const update = async (rig: AdminRig, version: number, ...updates: [string, number, number][]) =>
    rig.ask('UpdateFeatures', version, {
      timeoutMs: 1000,
      featureUpdates: updates.map(([feature, maxVersionLevel, upgradeType]) => ({
        feature,
        maxVersionLevel,
        upgradeType: version === 0 ? 1 : upgradeType,
        allowDowngrade: version === 0 && upgradeType !== 1,
      })),
      validateOnly: version > 0,
    })

  async function started(): Promise<AdminRig> {
    const rig = await AdminRig.start()
    rig.served = ['AddPartitionsToTxn', 'EndTxn', 'Produce', 'TxnOffsetCommit']
    return rig
  }

  it('is done where the feature is at that level', async () => {
    const rig = await started()
    for (const version of [0, 1, 2]) {
      const answer = await update(rig, version, ['transaction.version', 2, 1])
      expect(answer.errorCode).toBe(0)
      expect(answer.results.map(({ feature, errorCode }) => [feature, errorCode])).toEqual(
        version < 2 ? [['transaction.version', 0]] : [],
      )
      expect((await update(rig, version)).errorCode).toBe(0)
    }
  })

  it('is refused in all else, and then as a whole', async () => {
    const rig = await started()
    const refused: [string, number, number][] = [
      ['transaction.version', 9, 1],
      ['transaction.version', 1, 1],
      ['transaction.version', 1, 2],
      ['transaction.version', 0, 3],
      ['transaction.version', -1, 1],
      ['bogus', 1, 1],
      ['', 1, 1],
    ]
    for (const version of [0, 1, 2])
      for (const one of refused) {
        const answer = await update(rig, version, ['transaction.version', 2, 1], one)
        expect([answer.errorCode, answer.results]).toEqual([INVALID_UPDATE_VERSION, []])
      }
    for (const kind of [0, 4])
      expect((await update(rig, 1, ['transaction.version', 2, kind])).errorCode).toBe(INVALID_UPDATE_VERSION)
  })
})
