import {
  defaultListOffsetsRequest,
  defaultListOffsetsRequestTopicPartition,
  type ListOffsetsResponse,
} from '../protocol/generated/produce-fetch.ts'
import { BadAnswerError, throwOnError } from './client-error.ts'
import type { Cluster } from './cluster.ts'
import { groupByTopic, partitionKey, type StartPosition, type TopicPartition } from './position.ts'

const LATEST = -1
const EARLIEST = -2
const ANSWER_TIMEOUT_MS = 30_000

/** Whether records of transactions that are not committed count: 0 yes, 1 no. */
export type IsolationLevel = 0 | 1

/** A question about one partition. */
export interface OffsetQuestion extends TopicPartition {
  readonly start: StartPosition
}

/**
 * The offset at which each question's reading begins, by partitionKey. A timestamp after the last record comes to the
 * end. Asks the leaders, all at once, and follows them when they move. Throws ClientError.
 */
export async function resolveOffsets(
  cluster: Cluster,
  questions: readonly OffsetQuestion[],
  isolationLevel: IsolationLevel = 0,
): Promise<Map<string, number>> {
  const shifted = questions.filter(({ start }) => shiftOf(start) !== 0)
  const offsets = await resolveShifted(cluster, shifted, isolationLevel)
  const asked: TimedQuestion[] = []
  for (const { topic, partition, start } of questions) {
    if (shiftOf(start) !== 0) continue
    if (start.kind === 'offset') offsets.set(partitionKey(topic, partition), start.offset)
    else asked.push({ topic, partition, timestamp: timestampOf(start) })
  }
  await askLeaders(cluster, asked, isolationLevel, offsets)
  const beyond = asked.filter(({ topic, partition }) => offsets.get(partitionKey(topic, partition)) === -1)
  for (const { topic, partition } of beyond) offsets.delete(partitionKey(topic, partition))
  if (beyond.length > 0)
    await askLeaders(
      cluster,
      beyond.map((question) => ({ ...question, timestamp: LATEST })),
      isolationLevel,
      offsets,
    )
  return offsets
}

function shiftOf(start: StartPosition): number {
  return start.kind === 'earliest' || start.kind === 'latest' ? (start.shift ?? 0) : 0
}

async function resolveShifted(
  cluster: Cluster,
  questions: readonly OffsetQuestion[],
  isolationLevel: IsolationLevel,
): Promise<Map<string, number>> {
  const offsets = new Map<string, number>()
  if (questions.length === 0) return offsets
  const edges = (kind: 'earliest' | 'latest'): Promise<Map<string, number>> =>
    resolveOffsets(
      cluster,
      questions.map(({ topic, partition }) => ({ topic, partition, start: { kind } })),
      isolationLevel,
    )
  const [starts, ends] = await Promise.all([edges('earliest'), edges('latest')])
  for (const { topic, partition, start } of questions) {
    const key = partitionKey(topic, partition)
    const from = starts.get(key)!
    const end = ends.get(key)!
    const base = start.kind === 'earliest' ? from : end
    offsets.set(key, Math.min(end, Math.max(from, base + shiftOf(start))))
  }
  return offsets
}

interface TimedQuestion extends TopicPartition {
  readonly timestamp: number
}

function timestampOf(start: Exclude<StartPosition, { kind: 'offset' }>): number {
  if (start.kind === 'timestamp') return start.timestampMs
  return start.kind === 'earliest' ? EARLIEST : LATEST
}

async function askLeaders(
  cluster: Cluster,
  questions: readonly TimedQuestion[],
  isolationLevel: IsolationLevel,
  offsets: Map<string, number>,
): Promise<void> {
  let open = questions
  const topics = new Set(questions.map(({ topic }) => topic))
  await cluster.retrying({ topics }, async () => {
    const byNode = new Map<number, TimedQuestion[]>()
    for (const question of open) {
      const { nodeId } = await cluster.leader(question.topic, question.partition)
      const list = byNode.get(nodeId)
      if (list === undefined) byNode.set(nodeId, [question])
      else list.push(question)
    }
    const asking = [...byNode].map(async ([nodeId, list]) =>
      takeOffsets(await ask(cluster, nodeId, list, isolationLevel), offsets),
    )
    const failed = (await Promise.allSettled(asking)).find((result) => result.status === 'rejected')
    open = open.filter(({ topic, partition }) => !offsets.has(partitionKey(topic, partition)))
    if (failed !== undefined) throw failed.reason
    if (open.length > 0)
      throw new BadAnswerError(`the broker's answer leaves out ${open[0]!.topic} [${open[0]!.partition}]`)
  })
}

function ask(
  cluster: Cluster,
  nodeId: number,
  questions: readonly TimedQuestion[],
  isolationLevel: IsolationLevel,
): Promise<ListOffsetsResponse> {
  return cluster.onNode(nodeId, 'ListOffsets', {
    ...defaultListOffsetsRequest(),
    replicaId: -1,
    isolationLevel,
    timeoutMs: ANSWER_TIMEOUT_MS,
    topics: [...groupByTopic(questions)].map(([name, list]) => ({
      name,
      partitions: list.map(({ partition, timestamp }) => ({
        ...defaultListOffsetsRequestTopicPartition(),
        partitionIndex: partition,
        timestamp,
      })),
    })),
  })
}

function takeOffsets(answer: ListOffsetsResponse, offsets: Map<string, number>): void {
  for (const { name, partitions } of answer.topics)
    for (const { partitionIndex, errorCode, offset } of partitions)
      if (errorCode === 0) offsets.set(partitionKey(name, partitionIndex), offset)
  for (const { name, partitions } of answer.topics)
    for (const { partitionIndex, errorCode } of partitions)
      throwOnError(errorCode, `look up an offset of ${name} [${partitionIndex}]`)
}
