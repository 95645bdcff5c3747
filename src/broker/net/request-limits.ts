import { API_TABLE, type ApiName } from '../../protocol/api.ts'

const KIB = 1024
const MIB = 1024 * KIB

/**
 * Elements of arrays that one request may hold, at all depths together. A decoded element costs some hundred bytes
 * where the wire may need but one: without this, the frame limit would not bound what a frame becomes in memory.
 */
export const REQUEST_ELEMENTS_MAX = 100_000
/** The same where each is work, or some hundred bytes to be answered: reading and writing that hold the event loop. */
const WORKING_ELEMENTS_MAX = 20_000

/** What a decoded element is charged to the request budget. */
export const ELEMENT_BYTES = 128

/** Requests with fewer elements are charged for their frame alone. */
export const FREE_ELEMENTS = 256

/** What any request may have that carries no records. */
const ORDINARY_BYTES_MAX = 16 * MIB

/** Those that are small, whatever they ask for; strings of 32 KiB in each of their fields still fit. */
const SMALL: readonly ApiName[] = ['Heartbeat', 'EndTxn', 'InitProducerId', 'ListGroups']
const SMALL_BYTES_MAX = 256 * KIB

const WORKING: readonly ApiName[] = [
  'Produce',
  'Fetch',
  'ListOffsets',
  'OffsetCommit',
  'OffsetFetch',
  'OffsetForLeaderEpoch',
  'DeleteRecords',
  'AddPartitionsToTxn',
  'TxnOffsetCommit',
  'OffsetDelete',
  'AlterReplicaLogDirs',
  'DescribeShareGroupOffsets',
  'DescribeProducers',
  'WriteTxnMarkers',
  'DescribeTransactions',
  'FindCoordinator',
  'DescribeGroups',
  'DeleteGroups',
  'ConsumerGroupDescribe',
  'ShareGroupDescribe',
  'StreamsGroupDescribe',
  'CreateTopics',
  'CreatePartitions',
  'DeleteTopics',
  'DescribeTopicPartitions',
  'DescribeQuorum',
  'Metadata',
  'CreateAcls',
  'DeleteAcls',
  'AlterClientQuotas',
  'AlterUserScramCredentials',
  'DescribeUserScramCredentials',
]
const workingKeys = new Set(WORKING.map((name) => API_TABLE[name].key))

const byKey: number[] = []
for (const name of SMALL) byKey[API_TABLE[name].key] = SMALL_BYTES_MAX
byKey[API_TABLE.ApiVersions.key] = 4 * KIB
byKey[API_TABLE.SaslHandshake.key] = 64 * KIB
byKey[API_TABLE.SaslAuthenticate.key] = 512 * KIB
byKey[API_TABLE.Produce.key] = Number.POSITIVE_INFINITY

/** Frames up to this need no look at their API before they are let in. */
export const UNCHECKED_BYTES_MAX = 4 * KIB

/** Bytes that a request frame of this API may have, beside the limit for all of them. */
export function requestBytesMax(apiKey: number): number {
  return byKey[apiKey] ?? ORDINARY_BYTES_MAX
}

/** Elements that the arrays of a request of this API may have, all together. */
export function requestElementsMax(apiKey: number): number {
  return workingKeys.has(apiKey) ? WORKING_ELEMENTS_MAX : REQUEST_ELEMENTS_MAX
}
