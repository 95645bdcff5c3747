import { defaultDeleteRecordsRequest } from '../protocol/generated/produce-fetch.ts'
import {
  defaultCreatePartitionsRequest,
  defaultCreatePartitionsRequestTopic,
} from '../protocol/generated/topics.ts'
import { BadAnswerError, throwOnError } from './client-error.ts'
import type { Cluster } from './cluster.ts'
import { groupByTopic, type TopicPartition } from './position.ts'
import { onceOnly } from './topic-admin.ts'

const TIMEOUT_MS = 30_000

/** Adds partitions until a topic has `count`. Throws KafkaError: INVALID_PARTITIONS where it has as many or more. */
export async function addPartitions(
  cluster: Cluster,
  name: string,
  count: number,
  options: { validateOnly?: boolean } = {},
): Promise<void> {
  const answer = await onceOnly(
    cluster,
    () =>
      cluster.controller('CreatePartitions', {
        ...defaultCreatePartitionsRequest(),
        topics: [{ ...defaultCreatePartitionsRequestTopic(), name, count, assignments: null }],
        timeoutMs: TIMEOUT_MS,
        validateOnly: options.validateOnly === true,
      }),
    (response) => response.results.map((topic) => topic.errorCode),
  )
  const result = answer.results.find((topic) => topic.name === name)
  if (result === undefined) throw new BadAnswerError(`the broker's answer does not mention topic ${name}`)
  throwOnError(result.errorCode, `add partitions to topic ${name}`, result.errorMessage, {
    kind: 'topic',
    name,
  })
  cluster.forgetTopic(name)
}

/** Where a partition's log is to begin, and where it then does. */
export interface LogStart extends TopicPartition {
  readonly offset: number
}

/**
 * Deletes the records before an offset of each partition, for good. Resolves to where the logs then begin. Throws
 * KafkaError: OFFSET_OUT_OF_RANGE for an offset behind the end, POLICY_VIOLATION for a topic that is compacted only.
 */
export async function deleteRecords(cluster: Cluster, wanted: readonly LogStart[]): Promise<LogStart[]> {
  const topics = new Set(wanted.map(({ topic }) => topic))
  return cluster.retrying({ topics }, async () => {
    const byNode = new Map<number, LogStart[]>()
    for (const entry of wanted) {
      const { nodeId } = await cluster.leader(entry.topic, entry.partition)
      byNode.set(nodeId, [...(byNode.get(nodeId) ?? []), entry])
    }
    const answers = [...byNode].map(([nodeId, entries]) => deleteOn(cluster, nodeId, entries))
    return (await Promise.all(answers)).flat()
  })
}

async function deleteOn(cluster: Cluster, nodeId: number, entries: readonly LogStart[]): Promise<LogStart[]> {
  const answer = await cluster.onNode(nodeId, 'DeleteRecords', {
    ...defaultDeleteRecordsRequest(),
    timeoutMs: TIMEOUT_MS,
    topics: [...groupByTopic(entries)].map(([name, list]) => ({
      name,
      partitions: list.map(({ partition, offset }) => ({ partitionIndex: partition, offset })),
    })),
  })
  return answer.topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, errorCode, lowWatermark }) => {
      throwOnError(errorCode, `delete records of ${name} [${partitionIndex}]`)
      return { topic: name, partition: partitionIndex, offset: lowWatermark }
    }),
  )
}
