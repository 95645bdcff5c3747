import { type Uuid, ZERO_UUID } from '../base/uuid.ts'
import {
  defaultProduceRequest,
  defaultProduceRequestTopicData,
  type ProduceRequest,
  type ProduceResponse,
} from '../protocol/generated/produce-fetch.ts'
import { groupByTopic, partitionKey } from './position.ts'

/** One encoded batch for one partition. */
export interface ProduceEntry {
  readonly topic: string
  readonly topicId: Uuid
  readonly partition: number
  readonly batch: Buffer
}

/** What a broker said to one batch. */
export interface ProduceOutcome {
  readonly errorCode: number
  readonly errorMessage: string | null
  /** Of the first record; -1 with an error. */
  readonly baseOffset: number
  /** -1 unless the topic keeps the broker's time. */
  readonly appendTimeMs: number
}

/** The last version that names topics; later ones need topic ids, which an old broker does not give out. */
export const PRODUCE_VERSION_BY_NAME = 12

/** The highest version that can be used for these entries. */
export function produceVersionMax(entries: readonly ProduceEntry[]): number {
  return entries.some(({ topicId }) => topicId === ZERO_UUID)
    ? PRODUCE_VERSION_BY_NAME
    : Number.POSITIVE_INFINITY
}

/** A request that holds the entries, at most one for each partition. */
export function produceRequest(
  entries: readonly ProduceEntry[],
  options: { acks: number; timeoutMs: number },
): ProduceRequest {
  const topicData = [...groupByTopic(entries)].map(([name, list]) => ({
    ...defaultProduceRequestTopicData(),
    name,
    topicId: list[0]!.topicId,
    partitionData: list.map(({ partition, batch }) => ({ index: partition, records: batch })),
  }))
  return { ...defaultProduceRequest(), acks: options.acks, timeoutMs: options.timeoutMs, topicData }
}

/** The outcomes by partitionKey; entries that the broker left out are not in it. */
export function produceOutcomes(
  entries: readonly ProduceEntry[],
  answer: ProduceResponse,
): Map<string, ProduceOutcome> {
  const names = new Map(entries.map(({ topic, topicId }) => [topicId, topic]))
  const outcomes = new Map<string, ProduceOutcome>()
  for (const { name, topicId, partitionResponses } of answer.responses) {
    const topic = name !== '' ? name : names.get(topicId)
    if (topic === undefined) continue
    for (const {
      index,
      errorCode,
      errorMessage,
      recordErrors,
      baseOffset,
      logAppendTimeMs,
    } of partitionResponses)
      outcomes.set(partitionKey(topic, index), {
        errorCode,
        errorMessage: errorMessage ?? recordErrors[0]?.batchIndexErrorMessage ?? null,
        baseOffset,
        appendTimeMs: logAppendTimeMs,
      })
  }
  return outcomes
}
