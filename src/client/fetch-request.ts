import { type Uuid, ZERO_UUID } from '../base/uuid.ts'
import type { IncomingResponseOf, OutgoingRequestOf } from '../protocol/api.ts'
import {
  defaultFetchRequest,
  defaultFetchRequestTopic,
  defaultFetchRequestTopicPartition,
} from '../protocol/generated/produce-fetch.ts'
import type { FetchedBytes } from './fetched-records.ts'
import type { IsolationLevel } from './offsets.ts'
import { groupByTopic, partitionKey, type TopicPartition } from './position.ts'

/** What to read of one partition. */
export interface FetchEntry extends TopicPartition {
  readonly topicId: Uuid
  readonly offset: number
}

/** How much to read, and how long the broker may wait for it. */
export interface FetchLimits {
  readonly maxWaitMs: number
  readonly minBytes: number
  readonly maxBytes: number
  readonly partitionBytesMax: number
  readonly isolationLevel: IsolationLevel
}

/** What a broker said of one partition. */
export interface FetchOutcome extends FetchedBytes {
  readonly errorCode: number
  readonly highWatermark: number
}

/** The last version that names topics; later ones need topic ids, which an old broker does not give out. */
export const FETCH_VERSION_BY_NAME = 12

const NO_BYTES = Buffer.alloc(0)

/** The highest version that can be used for these entries. */
export function fetchVersionMax(entries: readonly FetchEntry[]): number {
  return entries.some(({ topicId }) => topicId === ZERO_UUID)
    ? FETCH_VERSION_BY_NAME
    : Number.POSITIVE_INFINITY
}

/** A request without a session (KIP-227): every request names all that it wants. */
export function fetchRequest(
  entries: readonly FetchEntry[],
  limits: FetchLimits,
): OutgoingRequestOf<'Fetch'> {
  return {
    ...defaultFetchRequest(),
    maxWaitMs: limits.maxWaitMs,
    minBytes: limits.minBytes,
    maxBytes: limits.maxBytes,
    isolationLevel: limits.isolationLevel,
    topics: [...groupByTopic(entries)].map(([topic, list]) => ({
      ...defaultFetchRequestTopic(),
      topic,
      topicId: list[0]!.topicId,
      partitions: list.map(({ partition, offset }) => ({
        ...defaultFetchRequestTopicPartition(),
        partition,
        fetchOffset: offset,
        partitionMaxBytes: limits.partitionBytesMax,
      })),
    })),
  }
}

/** The outcomes by partitionKey; what the broker left out is not in it. */
export function fetchOutcomes(
  entries: readonly FetchEntry[],
  answer: IncomingResponseOf<'Fetch'>,
  isolationLevel: IsolationLevel,
): Map<string, FetchOutcome> {
  const names = new Map(entries.map(({ topic, topicId }) => [topicId, topic]))
  const outcomes = new Map<string, FetchOutcome>()
  for (const response of answer.responses) {
    const topic = response.topic !== '' ? response.topic : names.get(response.topicId)
    if (topic === undefined) continue
    for (const {
      partitionIndex,
      errorCode,
      highWatermark,
      abortedTransactions,
      records,
    } of response.partitions)
      outcomes.set(partitionKey(topic, partitionIndex), {
        topic,
        partition: partitionIndex,
        errorCode,
        highWatermark,
        bytes: records ?? NO_BYTES,
        aborted: isolationLevel === 1 ? (abortedTransactions ?? []) : null,
      })
  }
  return outcomes
}
