import { describe, expect, it } from 'vitest'
import { ManualEnvironment } from '../../base/environment.ts'
import { silentLogger } from '../../base/logger.ts'
import type { Refusal } from '../../base/machine.ts'
import { ZERO_UUID } from '../../base/uuid.ts'
import type { ApiName, IncomingResponseOf, OutgoingRequestOf } from '../../protocol/api.ts'
import { ERROR_CODES, type ErrorName, errorName, isRetriable } from '../../protocol/error-codes.ts'
import * as message from '../../protocol/generated/index.ts'
import { encodeBatch } from '../../protocol/records.ts'
import type { ProducerStates } from '../../storage/producer-state.ts'
import { GroupCoordinator } from '../coordinator/group-coordinator.ts'
import { GROUP_CONFIG_DEFAULTS } from '../coordinator/groups/group-config.ts'
import { TransactionCoordinator } from '../coordinator/transaction-coordinator.ts'
import { TRANSACTION_CONFIG_DEFAULTS } from '../coordinator/transactions/transaction-config.ts'
import type { MetadataNode } from '../metadata/metadata-node.ts'
import type { Handler } from '../net/handler.ts'
import { Admissions } from '../partition/admissions.ts'
import { BatchThreads } from '../partition/batch-threads.ts'
import type { Partition } from '../partition/partition.ts'
import type { PartitionRegistry } from '../partition/registry.ts'
import { ProducerIdBlocks } from '../producer-id-blocks.ts'
import { TransactionPartitions } from '../transaction-partitions.ts'
import { refusalCode as adminCode } from './admin/refusal-codes.ts'
import { AdminRig } from './admin/test-kit.ts'
import { produceHandler } from './data/produce.ts'
import { initProducerIdHandler } from './data/producer-ids.ts'
import { groupHandlers } from './groups/handlers.ts'
import { throughCodecs } from './test-kit.ts'
import { transactionHandlers } from './transactions/handlers.ts'

/**
 * What clients hear of every API when a coordinator, or the metadata, cannot decide now. All of it passes by itself, so
 * all of it has to be an error that clients come again for: one that is final ends a producer or a consumer for good.
 */
const REFUSALS: readonly Refusal[] = ['loading', 'not-leader', 'unavailable', 'overloaded']
type Codes = readonly [
  loading: ErrorName,
  notLeader: ErrorName,
  unavailable: ErrorName,
  overloaded: ErrorName,
]
const OF_COORDINATORS: Codes = [
  'COORDINATOR_LOAD_IN_PROGRESS',
  'NOT_COORDINATOR',
  'COORDINATOR_NOT_AVAILABLE',
  'COORDINATOR_NOT_AVAILABLE',
]
const OF_METADATA: Codes = ['NOT_CONTROLLER', 'NOT_CONTROLLER', 'REQUEST_TIMED_OUT', 'REQUEST_TIMED_OUT']
const all = (name: ErrorName): Codes => [name, name, name, name]

const NEVER = 1_000_000
const topic = { ensure: () => Promise.resolve(true), partitionCount: () => 1 }
const environment = new ManualEnvironment()
const common = { topic, environment, logger: silentLogger, batchBytesMax: NEVER }

/** The handlers over coordinators that refuse all that they are asked. */
function refusing(refused: Refusal) {
  const refusal = () => Promise.resolve({ refused })
  const groups = new GroupCoordinator({ ...common, config: GROUP_CONFIG_DEFAULTS })
  const each = (ids: readonly string[]) => Promise.resolve(new Map(ids.map((id) => [id, { refused }])))
  Object.assign(groups, { submit: refusal, listGroups: refusal, describeGroups: each, deleteGroups: each })
  Object.assign(groups, { endTransaction: refusal })
  const metadata = { allocateProducerIds: refusal } as unknown as MetadataNode
  const partition = {
    topic: 't',
    index: 0,
    admissions: new Admissions(),
    producers: { isInTransaction: () => false } as unknown as ProducerStates,
    config: { compressionType: 'producer', cleanupPolicy: ['delete'] },
    checkLeader: () => 0,
    checkMarker: () => 0,
  } as unknown as Partition
  const registry = {
    get: () => partition,
    topicName: () => 't',
    isInternal: () => false,
  } as unknown as PartitionRegistry
  const transactions = new TransactionCoordinator({
    ...common,
    targets: new TransactionPartitions(registry, groups),
    config: TRANSACTION_CONFIG_DEFAULTS,
    verifies: () => true,
    nextProducerId: () => Promise.resolve(null),
  })
  Object.assign(transactions, { submit: refusal, list: refusal })
  const topics = { idOf: () => ZERO_UUID, nameOf: () => 't', partitionCountOf: () => 1 }
  const locator = { ensureTopic: () => Promise.resolve(true), partitionFor: () => 0, leaderOf: () => null }
  return {
    ...groupHandlers({
      environment,
      coordinator: groups,
      topics,
      groupLocator: locator,
      transactionLocator: locator,
    }),
    ...transactionHandlers({
      environment,
      transactions,
      groups,
      targets: new TransactionPartitions(registry, groups),
      topics,
      partitions: registry,
    }),
    InitProducerId: initProducerIdHandler(new ProducerIdBlocks(metadata), transactions),
    Produce: produceHandler(registry, transactions, new BatchThreads(), environment),
  }
}

/** One API at one version: what is asked, where the answer has its error, and which it is by refusal. */
interface Row {
  readonly title: string
  readonly codes: Codes
  ask(refused: Refusal): Promise<number>
}

function row<Name extends keyof ReturnType<typeof refusing> & ApiName>(
  name: Name,
  version: number,
  codes: Codes,
  request: OutgoingRequestOf<Name>,
  codeOf: (answer: IncomingResponseOf<Name>) => number,
): Row {
  return {
    title: `${name} ${version}`,
    codes,
    ask: async (refused) => {
      const handler = refusing(refused)[name] as unknown as Handler<Name>
      const connection = { clientHost: '10.0.0.1' }
      return codeOf(await throughCodecs(handler, name, version, request, connection))
    },
  }
}

const group = { groupId: 'g' }
const producer = { producerId: 1, producerEpoch: 0 }
const transaction = { transactionalId: 'x', ...producer }
const t0 = [{ name: 't', partitions: [0] }]
const commits = [
  {
    name: 't',
    topicId: ZERO_UUID,
    partitions: [{ partitionIndex: 0, committedOffset: 1, committedLeaderEpoch: -1, committedMetadata: '' }],
  },
]
const batch = encodeBatch({
  records: [{ timestamp: 1, key: null, value: Buffer.from('v') }],
  baseSequence: 0,
  isTransactional: true,
  ...producer,
})
const first = <T>(items: readonly T[]): T => items[0]!

const GROUP_ROWS: readonly Row[] = [
  row(
    'JoinGroup',
    9,
    OF_COORDINATORS,
    { ...message.defaultJoinGroupRequest(), ...group },
    (a) => a.errorCode,
  ),
  row(
    'SyncGroup',
    3,
    OF_COORDINATORS,
    { ...message.defaultSyncGroupRequest(), ...group },
    (a) => a.errorCode,
  ),
  // A member of a group that is being loaded may still be in its generation.
  row(
    'Heartbeat',
    4,
    ['NONE', ...OF_COORDINATORS.slice(1)] as unknown as Codes,
    { ...message.defaultHeartbeatRequest(), ...group },
    (a) => a.errorCode,
  ),
  row(
    'LeaveGroup',
    5,
    OF_COORDINATORS,
    { ...message.defaultLeaveGroupRequest(), ...group },
    (a) => a.errorCode,
  ),
  row(
    'OffsetCommit',
    9,
    OF_COORDINATORS,
    { ...message.defaultOffsetCommitRequest(), ...group, topics: commits },
    (a) => first(first(a.topics).partitions).errorCode,
  ),
  row(
    'OffsetFetch',
    7,
    OF_COORDINATORS,
    { ...message.defaultOffsetFetchRequest(), ...group },
    (a) => a.errorCode,
  ),
  row('OffsetDelete', 0, OF_COORDINATORS, { ...group, topics: [] }, (a) => a.errorCode),
  row(
    'DescribeGroups',
    6,
    OF_COORDINATORS,
    { ...message.defaultDescribeGroupsRequest(), groups: ['g'] },
    (a) => first(a.groups).errorCode,
  ),
  row('DeleteGroups', 2, OF_COORDINATORS, { groupsNames: ['g'] }, (a) => first(a.results).errorCode),
  row('ListGroups', 5, OF_COORDINATORS, message.defaultListGroupsRequest(), (a) => a.errorCode),
  // Asked of any broker: the leader of the coordinator's partition is not known.
  row(
    'FindCoordinator',
    6,
    all('COORDINATOR_NOT_AVAILABLE'),
    { ...message.defaultFindCoordinatorRequest(), coordinatorKeys: ['g'] },
    (a) => first(a.coordinators).errorCode,
  ),
]

const TRANSACTION_ROWS: readonly Row[] = [
  row(
    'InitProducerId',
    5,
    OF_COORDINATORS,
    { transactionalId: 'x', transactionTimeoutMs: 1000, producerId: -1, producerEpoch: -1 },
    (a) => a.errorCode,
  ),
  // Ids come from the metadata; clients know this code of the API.
  row(
    'InitProducerId',
    4,
    all('COORDINATOR_LOAD_IN_PROGRESS'),
    { transactionalId: null, transactionTimeoutMs: 1000, producerId: -1, producerEpoch: -1 },
    (a) => a.errorCode,
  ),
  ...[0, 3].map((version) =>
    row(
      'AddPartitionsToTxn',
      version,
      OF_COORDINATORS,
      {
        ...message.defaultAddPartitionsToTxnRequest(),
        v3AndBelowTransactionalId: 'x',
        v3AndBelowProducerId: 1,
        v3AndBelowProducerEpoch: 0,
        v3AndBelowTopics: t0,
      },
      (a) => first(first(a.resultsByTopicV3AndBelow).resultsByPartition).partitionErrorCode,
    ),
  ),
  ...[true, false].map((verifyOnly) =>
    row(
      'AddPartitionsToTxn',
      5,
      OF_COORDINATORS,
      {
        ...message.defaultAddPartitionsToTxnRequest(),
        transactions: [{ ...transaction, verifyOnly, topics: t0 }],
      },
      (a) => first(first(first(a.resultsByTransaction).topicResults).resultsByPartition).partitionErrorCode,
    ),
  ),
  row('AddOffsetsToTxn', 4, OF_COORDINATORS, { ...transaction, ...group }, (a) => a.errorCode),
  ...[0, 5].map((version) =>
    row('EndTxn', version, OF_COORDINATORS, { ...transaction, committed: true }, (a) => a.errorCode),
  ),
  ...[3, 5].map((version) =>
    row(
      'TxnOffsetCommit',
      version,
      OF_COORDINATORS,
      {
        ...message.defaultTxnOffsetCommitRequest(),
        ...transaction,
        ...group,
        topics: commits.map(({ name, partitions }) => ({ name, partitions })),
      },
      (a) => first(first(a.topics).partitions).errorCode,
    ),
  ),
  row(
    'WriteTxnMarkers',
    2,
    all('COORDINATOR_NOT_AVAILABLE'),
    {
      markers: [
        {
          ...producer,
          transactionResult: true,
          coordinatorEpoch: 0,
          transactionVersion: 0,
          topics: [{ name: '__consumer_offsets', partitionIndexes: [0] }],
        },
      ],
    },
    (a) => first(first(first(a.markers).topics).partitions).errorCode,
  ),
  row(
    'DescribeTransactions',
    0,
    OF_COORDINATORS,
    { transactionalIds: ['x'] },
    (a) => first(a.transactionStates).errorCode,
  ),
  row('ListTransactions', 2, OF_COORDINATORS, message.defaultListTransactionsRequest(), (a) => a.errorCode),
  // A producer knows no coordinator's errors of Produce; it repeats the batch for this one.
  ...[9, 11, 12].map((version) =>
    row(
      'Produce',
      version,
      all('NOT_ENOUGH_REPLICAS'),
      {
        transactionalId: 'x',
        acks: -1,
        timeoutMs: 1000,
        topicData: [{ name: 't', topicId: ZERO_UUID, partitionData: [{ index: 0, records: batch }] }],
      },
      (a) => first(first(a.responses).partitionResponses).errorCode,
    ),
  ),
]

async function expectRow({ title, codes, ask }: Row): Promise<void> {
  for (const [index, refused] of REFUSALS.entries()) {
    const code = await ask(refused)
    expect([title, refused, errorName(code)]).toEqual([title, refused, codes[index]])
    expect(code === ERROR_CODES.NONE || isRetriable(code), `${title}: ${refused}`).toBe(true)
  }
}

describe('what passes by itself is answered so that clients come again', () => {
  for (const one of [...GROUP_ROWS, ...TRANSACTION_ROWS])
    it(`${one.title}, whatever the coordinator cannot do now`, () => expectRow(one))

  it('the metadata cannot be changed now', async () => {
    const asked: [string, (rig: AdminRig) => Promise<number>][] = [
      [
        'CreateTopics',
        async (rig) => {
          const wanted = { name: 'b', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }
          const request = { topics: [wanted], timeoutMs: 1000, validateOnly: false }
          return first((await rig.ask('CreateTopics', 7, request)).topics).errorCode
        },
      ],
      [
        'DeleteTopics',
        async (rig) => {
          const request = { topics: [], topicNames: ['a'], timeoutMs: 1000 }
          return first((await rig.ask('DeleteTopics', 5, request)).responses).errorCode
        },
      ],
      [
        'CreatePartitions',
        async (rig) => {
          const topics = [{ name: 'a', count: 2, assignments: null }]
          const request = { topics, timeoutMs: 1000, validateOnly: false }
          return first((await rig.ask('CreatePartitions', 3, request)).results).errorCode
        },
      ],
      [
        'AlterConfigs',
        async (rig) => {
          const resources = [{ resourceType: 2, resourceName: 'a', configs: [] }]
          return first((await rig.ask('AlterConfigs', 2, { resources, validateOnly: false })).responses)
            .errorCode
        },
      ],
      [
        'IncrementalAlterConfigs',
        async (rig) => {
          const resources = [{ resourceType: 2, resourceName: 'a', configs: [] }]
          const answer = await rig.ask('IncrementalAlterConfigs', 1, { resources, validateOnly: false })
          return first(answer.responses).errorCode
        },
      ],
    ]
    for (const [index, refused] of REFUSALS.entries())
      for (const [title, ask] of asked) {
        const rig = await AdminRig.start()
        await rig.create('a')
        Object.assign(rig.metadata, { submit: () => Promise.resolve({ refused }) })
        const code = await ask(rig)
        expect([title, refused, errorName(code)]).toEqual([title, refused, OF_METADATA[index]])
        expect(isRetriable(code)).toBe(true)
        expect(adminCode(refused)).toBe(code)
      }
  })
})
