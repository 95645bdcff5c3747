import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ZERO_UUID } from '../../src/base/uuid.ts'
import type { ApiName, OutgoingRequestOf } from '../../src/protocol/api.ts'
import { API_NAMES, API_TABLE } from '../../src/protocol/api.ts'
import { CROWD, crowdedBroker, HurriedClock, indexes, names, servedBy } from '../support/crowded-broker.ts'
import type { MemoryBroker } from '../support/memory-broker.ts'
import type { WireClient } from '../support/wire-client.ts'

type Questions = { readonly [Name in ApiName]?: OutgoingRequestOf<Name> }

const wide = { name: 'wide', topicId: ZERO_UUID }
const filter = { includeAuthorizedOperations: false }

/** Questions for everything that is there, or for as many things. Those that take something away come last. */
const ALL: Questions = {
  Metadata: {
    topics: null,
    allowAutoTopicCreation: false,
    includeClusterAuthorizedOperations: false,
    includeTopicAuthorizedOperations: false,
  },
  DescribeTopicPartitions: { topics: [], responsePartitionLimit: 2000, cursor: null },
  DescribeLogDirs: { topics: null },
  ElectLeaders: { electionType: 0, topicPartitions: null, timeoutMs: 1000 },
  AlterPartitionReassignments: {
    timeoutMs: 1000,
    allowReplicationFactorChange: true,
    topics: [
      { name: 'wide', partitions: indexes().map((partitionIndex) => ({ partitionIndex, replicas: null })) },
    ],
  },
  DescribeQuorum: {
    topics: [{ topicName: 'wide', partitions: indexes().map((partitionIndex) => ({ partitionIndex })) }],
  },
  DescribeConfigs: {
    resources: names('t').map((resourceName) => ({ resourceType: 2, resourceName, configurationKeys: null })),
    includeSynonyms: false,
    includeDocumentation: false,
  },
  AlterReplicaLogDirs: {
    dirs: names('d').map((path) => ({ path, topics: [{ name: 'wide', partitions: [0] }] })),
  },
  FindCoordinator: { key: '', keyType: 0, coordinatorKeys: names('g') },
  ListGroups: { statesFilter: [], typesFilter: [] },
  DescribeGroups: { groups: names('g'), ...filter },
  OffsetFetch: {
    groupId: '',
    topics: [],
    requireStable: false,
    groups: names('g').map((groupId) => ({ groupId, memberId: null, memberEpoch: -1, topics: null })),
  },
  ListTransactions: {
    stateFilters: [],
    producerIdFilters: [],
    durationFilter: -1,
    transactionalIdPattern: null,
  },
  DescribeTransactions: { transactionalIds: names('x') },
  DescribeProducers: { topics: [{ name: 'wide', partitionIndexes: indexes() }] },
  AddPartitionsToTxn: {
    transactions: names('x').map((transactionalId) => ({
      transactionalId,
      producerId: 1,
      producerEpoch: 0,
      verifyOnly: true,
      topics: [{ name: 'wide', partitions: [0] }],
    })),
    v3AndBelowTransactionalId: '',
    v3AndBelowProducerId: 0,
    v3AndBelowProducerEpoch: 0,
    v3AndBelowTopics: [],
  },
  ListOffsets: {
    replicaId: -1,
    isolationLevel: 0,
    timeoutMs: 1000,
    topics: [
      {
        ...wide,
        partitions: indexes().map((partitionIndex) => ({
          partitionIndex,
          currentLeaderEpoch: -1,
          timestamp: -1,
        })),
      },
    ],
  },
  DeleteRecords: {
    timeoutMs: 10_000,
    topics: [
      { name: 'wide', partitions: indexes().map((partitionIndex) => ({ partitionIndex, offset: 0 })) },
    ],
  },
  WriteTxnMarkers: {
    markers: [
      {
        producerId: 77,
        producerEpoch: 0,
        transactionResult: false,
        coordinatorEpoch: 0,
        transactionVersion: 0,
        topics: [{ name: 'wide', partitionIndexes: indexes() }],
      },
    ],
  },
  DeleteGroups: { groupsNames: names('g') },
}

/** Why an API is not among them. */
const OTHERWISE = {
  small: 'asks about one thing',
  bounded: 'is bounded to what one turn has time for by the elements that a request may have',
  parts: 'is done in parts, each of them a command that waits for the disk',
  elsewhere: 'has a test of its own where it is served',
} as const
const EXEMPT: { readonly [Name in ApiName]?: keyof typeof OTHERWISE } = {
  Produce: 'elsewhere',
  Fetch: 'elsewhere',
  OffsetCommit: 'bounded',
  TxnOffsetCommit: 'bounded',
  OffsetDelete: 'bounded',
  OffsetForLeaderEpoch: 'bounded',
  DescribeShareGroupOffsets: 'bounded',
  ConsumerGroupDescribe: 'bounded',
  ShareGroupDescribe: 'bounded',
  StreamsGroupDescribe: 'bounded',
  CreateAcls: 'bounded',
  DeleteAcls: 'bounded',
  AlterClientQuotas: 'bounded',
  AlterUserScramCredentials: 'bounded',
  DescribeUserScramCredentials: 'bounded',
  ListConfigResources: 'bounded',
  DescribeClientQuotas: 'bounded',
  UpdateFeatures: 'bounded',
  CreateTopics: 'parts',
  DeleteTopics: 'parts',
  CreatePartitions: 'parts',
  AlterConfigs: 'parts',
  IncrementalAlterConfigs: 'parts',
  ...Object.fromEntries(
    API_NAMES.filter((name) =>
      /Heartbeat|^Sasl|DelegationToken$|RaftVoter$|^(Join|Sync|Leave)Group$|^(ApiVersions|InitProducerId|AddOffsetsToTxn|EndTxn|DescribeAcls|ListPartitionReassignments|DescribeCluster|UnregisterBroker|ShareFetch|ShareAcknowledge|AlterShareGroupOffsets|DeleteShareGroupOffsets)$/.test(
        name,
      ),
    ).map((name) => [name, 'small']),
  ),
}

describe('a question for everything', () => {
  const clock = new HurriedClock()
  let broker: MemoryBroker
  let client: WireClient

  beforeAll(async () => {
    const crowded = await crowdedBroker(clock)
    broker = crowded.broker
    client = crowded.client
    clock.isHurried = true
  })
  afterAll(() => broker.stop())

  for (const name of Object.keys(ALL) as (keyof typeof ALL)[])
    it(`is answered in turns of the event loop: ${name}`, async () => {
      const { versionMax } = API_TABLE[name]
      const version = name === 'OffsetFetch' ? 9 : versionMax
      clock.turns = 0
      await client.call(name, version, ALL[name] as OutgoingRequestOf<typeof name>)
      // Groups are described and deleted some at a time.
      expect(clock.turns).toBeGreaterThanOrEqual(CROWD - 1)
    })

  it('and so is a change of the defaults of every topic told to them', async () => {
    clock.turns = 0
    const configs = [{ name: 'log.retention.ms', configOperation: 0, value: '86400000' }]
    const resources = [{ resourceType: 4, resourceName: '', configs }]
    await client.call('IncrementalAlterConfigs', 1, { validateOnly: false, resources })
    await vi.waitFor(() => expect(clock.turns).toBeGreaterThanOrEqual(CROWD))
  })

  it('is known of every API that is served', () => {
    const unknown = servedBy(broker).filter((name) => !(name in ALL) && !(name in EXEMPT))
    expect(unknown).toEqual([])
  })
})
