import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ZERO_UUID } from '../../src/base/uuid.ts'
import {
  API_TABLE,
  type Api,
  type ApiName,
  encodeRequest,
  type OutgoingRequestOf,
} from '../../src/protocol/api.ts'
import { crowdedBroker, indexes, servedBy } from '../support/crowded-broker.ts'
import { batchOf } from '../support/data-requests.ts'
import type { MemoryBroker } from '../support/memory-broker.ts'
import type { WireClient } from '../support/wire-client.ts'

/** How often each element of each array is said. */
const TIMES = 4
/** Bytes of an answer for one more byte of a request: a number of four bytes may be answered by a code and a sentence. */
const RATIO_MAX = 32

type Questions = { readonly [Name in ApiName]?: readonly [version: number, request: OutgoingRequestOf<Name>] }

const wide = { name: 'wide', topicId: ZERO_UUID }
const filter = { includeAuthorizedOperations: false }
const transaction = { transactionalId: 'long', producerId: 1, producerEpoch: 0 }
/** As long as a name may be in a request. */
const LONG_NAME = 'n'.repeat(5000)

/** A question to each API that has an array, about what has the longest answers. */
const QUESTIONS: Questions = {
  Produce: [
    12,
    {
      transactionalId: null,
      acks: 1,
      timeoutMs: 1000,
      topicData: [{ ...wide, partitionData: [{ index: 1, records: batchOf(['v']) }] }],
    },
  ],
  Fetch: [
    12,
    {
      clusterId: null,
      replicaId: -1,
      replicaState: { replicaId: -1, replicaEpoch: -1 },
      maxWaitMs: 0,
      minBytes: 0,
      maxBytes: 1e6,
      isolationLevel: 0,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [
        {
          topic: 'wide',
          topicId: ZERO_UUID,
          partitions: [
            {
              partition: 0,
              currentLeaderEpoch: -1,
              fetchOffset: 0,
              lastFetchedEpoch: -1,
              logStartOffset: -1,
              partitionMaxBytes: 1e6,
              replicaDirectoryId: ZERO_UUID,
              highWatermark: 0,
            },
          ],
        },
      ],
      forgottenTopicsData: [],
      rackId: '',
    },
  ],
  ListOffsets: [
    9,
    {
      replicaId: -1,
      isolationLevel: 0,
      timeoutMs: 0,
      topics: [{ name: 'wide', partitions: [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp: -1 }] }],
    },
  ],
  Metadata: [
    12,
    {
      topics: [{ topicId: ZERO_UUID, name: 'wide' }],
      allowAutoTopicCreation: false,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    },
  ],
  OffsetFetch: [
    9,
    {
      groupId: '',
      topics: [],
      requireStable: false,
      groups: [
        { groupId: 'big', memberId: null, memberEpoch: -1, topics: null },
        {
          groupId: 'big',
          memberId: null,
          memberEpoch: -1,
          topics: [{ ...wide, partitionIndexes: indexes() }],
        },
      ],
    },
  ],
  FindCoordinator: [6, { key: '', keyType: 0, coordinatorKeys: ['big'] }],
  DescribeGroups: [6, { groups: ['big'], ...filter }],
  ListGroups: [5, { statesFilter: ['Empty'], typesFilter: ['classic'] }],
  DeleteGroups: [2, { groupsNames: ['nobody'] }],
  OffsetDelete: [0, { groupId: 'big', topics: [{ name: 'wide', partitions: [{ partitionIndex: 0 }] }] }],
  OffsetForLeaderEpoch: [
    4,
    {
      replicaId: -1,
      topics: [{ topic: 'wide', partitions: [{ partition: 0, currentLeaderEpoch: -1, leaderEpoch: 0 }] }],
    },
  ],
  DeleteRecords: [
    2,
    { timeoutMs: 1000, topics: [{ name: 'wide', partitions: [{ partitionIndex: 2, offset: 0 }] }] },
  ],
  CreateTopics: [
    7,
    {
      topics: [{ name: 'new', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }],
      timeoutMs: 1000,
      validateOnly: true,
    },
  ],
  DeleteTopics: [6, { topics: [{ name: LONG_NAME, topicId: ZERO_UUID }], topicNames: [], timeoutMs: 1000 }],
  CreatePartitions: [
    3,
    { topics: [{ name: LONG_NAME, count: 2, assignments: null }], timeoutMs: 1000, validateOnly: true },
  ],
  AddPartitionsToTxn: [
    5,
    {
      transactions: [{ ...transaction, verifyOnly: true, topics: [{ name: 'wide', partitions: indexes() }] }],
      v3AndBelowTransactionalId: '',
      v3AndBelowProducerId: 0,
      v3AndBelowProducerEpoch: 0,
      v3AndBelowTopics: [],
    },
  ],
  TxnOffsetCommit: [
    3,
    {
      ...transaction,
      groupId: 'big',
      generationId: -1,
      memberId: '',
      groupInstanceId: null,
      topics: [
        {
          name: 'wide',
          partitions: [
            { partitionIndex: 0, committedOffset: 0, committedLeaderEpoch: -1, committedMetadata: '' },
          ],
        },
      ],
    },
  ],
  OffsetCommit: [
    9,
    {
      groupId: 'small',
      generationIdOrMemberEpoch: -1,
      memberId: '',
      groupInstanceId: null,
      retentionTimeMs: -1,
      topics: [
        {
          ...wide,
          partitions: [
            { partitionIndex: 0, committedOffset: 0, committedLeaderEpoch: -1, committedMetadata: '' },
          ],
        },
      ],
    },
  ],
  WriteTxnMarkers: [
    2,
    {
      markers: [
        {
          producerId: 77,
          producerEpoch: 0,
          transactionResult: false,
          coordinatorEpoch: 0,
          transactionVersion: 0,
          topics: [{ name: 'wide', partitionIndexes: [3] }],
        },
      ],
    },
  ],
  CreateAcls: [
    3,
    {
      creations: [
        {
          resourceType: 2,
          resourceName: 'a',
          resourcePatternType: 3,
          principal: 'User:a',
          host: '*',
          operation: 2,
          permissionType: 3,
        },
      ],
    },
  ],
  DeleteAcls: [
    3,
    {
      filters: [
        {
          resourceTypeFilter: 2,
          resourceNameFilter: 'a',
          patternTypeFilter: 3,
          principalFilter: null,
          hostFilter: null,
          operation: 2,
          permissionType: 3,
        },
      ],
    },
  ],
  DescribeConfigs: [
    4,
    {
      resources: [
        { resourceType: 2, resourceName: 'wide', configurationKeys: null },
        { resourceType: 4, resourceName: '0', configurationKeys: null },
        { resourceType: 4, resourceName: '1', configurationKeys: null },
      ],
      includeSynonyms: true,
      includeDocumentation: true,
    },
  ],
  AlterConfigs: [
    2,
    {
      resources: [
        { resourceType: 2, resourceName: LONG_NAME, configs: [{ name: LONG_NAME, value: LONG_NAME }] },
      ],
      validateOnly: true,
    },
  ],
  IncrementalAlterConfigs: [
    1,
    {
      resources: [
        {
          resourceType: 8,
          resourceName: '0',
          configs: [{ name: LONG_NAME, value: '', configOperation: 0 }],
        },
      ],
      validateOnly: true,
    },
  ],
  AlterReplicaLogDirs: [2, { dirs: [{ path: '/nowhere', topics: [{ name: 'wide', partitions: [0] }] }] }],
  DescribeLogDirs: [4, { topics: [{ topic: 'wide', partitions: indexes() }] }],
  ElectLeaders: [
    2,
    {
      electionType: 0,
      timeoutMs: 1000,
      topicPartitions: [
        { topic: LONG_NAME, partitions: indexes() },
        { topic: 'wide', partitions: indexes() },
      ],
    },
  ],
  AlterPartitionReassignments: [
    1,
    {
      timeoutMs: 1000,
      allowReplicationFactorChange: true,
      topics: [
        {
          name: LONG_NAME,
          partitions: indexes().map((partitionIndex) => ({ partitionIndex, replicas: [1] })),
        },
      ],
    },
  ],
  DescribeQuorum: [
    2,
    {
      topics: [{ topicName: LONG_NAME, partitions: indexes().map((partitionIndex) => ({ partitionIndex })) }],
    },
  ],
  DescribeClientQuotas: [
    1,
    { components: [{ entityType: LONG_NAME, matchType: 2, match: null }], strict: false },
  ],
  AlterClientQuotas: [
    1,
    {
      entries: [
        {
          entity: [{ entityType: 'user', entityName: 'a' }],
          ops: [{ key: LONG_NAME, value: 1, remove: false }],
        },
      ],
      validateOnly: true,
    },
  ],
  DescribeUserScramCredentials: [0, { users: [{ name: LONG_NAME }] }],
  AlterUserScramCredentials: [0, { deletions: [{ name: LONG_NAME, mechanism: 1 }], upsertions: [] }],
  UpdateFeatures: [
    2,
    {
      timeoutMs: 1000,
      featureUpdates: [{ feature: LONG_NAME, maxVersionLevel: 1, allowDowngrade: false, upgradeType: 1 }],
      validateOnly: true,
    },
  ],
  DescribeProducers: [0, { topics: [{ name: 'wide', partitionIndexes: [0] }] }],
  DescribeTransactions: [0, { transactionalIds: ['long'] }],
  ListTransactions: [
    2,
    {
      stateFilters: ['Ongoing', LONG_NAME],
      producerIdFilters: [1],
      durationFilter: -1,
      transactionalIdPattern: null,
    },
  ],
  ConsumerGroupDescribe: [1, { groupIds: [LONG_NAME], ...filter }],
  ShareGroupDescribe: [1, { groupIds: [LONG_NAME], ...filter }],
  StreamsGroupDescribe: [0, { groupIds: [LONG_NAME], ...filter }],
  ListConfigResources: [1, { resourceTypes: [2] }],
  DescribeTopicPartitions: [
    0,
    { topics: [{ name: 'wide' }, { name: LONG_NAME }], responsePartitionLimit: 2000, cursor: null },
  ],
  DescribeShareGroupOffsets: [
    1,
    { groups: [{ groupId: 'big', topics: [{ topicName: 'wide', partitions: [0] }] }] },
  ],
  ListPartitionReassignments: [0, { timeoutMs: 1000, topics: [{ name: 'wide', partitionIndexes: [0] }] }],
}

/** APIs whose answer has no array that follows one of the request. */
const ONE_ANSWER =
  /Heartbeat|^Sasl|DelegationToken$|RaftVoter$|^(Join|Sync|Leave)Group$|^(ApiVersions|InitProducerId|AddOffsetsToTxn|EndTxn|DescribeAcls|DescribeCluster|UnregisterBroker|ShareFetch|ShareAcknowledge|AlterShareGroupOffsets|DeleteShareGroupOffsets)$/

/** The same value, in which every element of every array is there so many times. */
function repeated(value: unknown, times: number): unknown {
  if (Array.isArray(value))
    return Array.from({ length: times }, () => value.map((one) => repeated(one, times))).flat()
  if (value === null || typeof value !== 'object' || Buffer.isBuffer(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, repeated(inner, times)]))
}

describe('an answer', () => {
  let broker: MemoryBroker
  let client: WireClient

  beforeAll(async () => {
    const crowded = await crowdedBroker()
    broker = crowded.broker
    client = crowded.client
  })
  afterAll(() => broker.stop())

  for (const name of Object.keys(QUESTIONS) as (keyof typeof QUESTIONS)[])
    it(`grows by what a request repeats and no more: ${name}`, async () => {
      const [version, request] = QUESTIONS[name] as readonly [number, OutgoingRequestOf<typeof name>]
      const sizesOf = async (asked: OutgoingRequestOf<typeof name>): Promise<readonly [number, number]> => {
        const { byteLength } = encodeRequest(API_TABLE[name] as Api, version, 0, null, asked as never)
        return [byteLength, (await client.send(name, version, asked).frame).length]
      }
      const [asked, answered] = await sizesOf(request)
      const [askedMore, answeredMore] = await sizesOf(repeated(request, TIMES) as typeof request)
      expect(answeredMore - answered).toBeLessThanOrEqual(RATIO_MAX * (askedMore - asked))
    })

  it('is known of every API that is served', () => {
    const unknown = servedBy(broker).filter((name) => !(name in QUESTIONS) && !ONE_ANSWER.test(name))
    expect(unknown).toEqual([])
  })
})
