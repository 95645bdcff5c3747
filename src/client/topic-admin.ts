import { uuidToString } from '../base/uuid.ts'
import { ERROR_CODES } from '../protocol/error-codes.ts'
import {
  defaultDescribeConfigsRequest,
  defaultDescribeConfigsRequestResource,
} from '../protocol/generated/configs.ts'
import {
  defaultCreateTopicsRequest,
  defaultCreateTopicsRequestTopic,
  defaultDeleteTopicsRequest,
  defaultDeleteTopicsRequestTopic,
} from '../protocol/generated/topics.ts'
import { BadAnswerError, ClientError, ConnectionError, KafkaError, throwOnError } from './client-error.ts'
import type { Cluster } from './cluster.ts'
import { type TopicMetadata, topicMetadataOf } from './metadata-cache.ts'
import { resolveOffsets } from './offsets.ts'
import { partitionKey } from './position.ts'

/** What a topic is to be. What is left out is the broker's default. */
export interface TopicSpecification {
  readonly name: string
  readonly partitions?: number
  readonly replicationFactor?: number
  readonly configs?: Readonly<Record<string, string>>
}

/** What a topic became; -1 where an old broker does not say. */
export interface CreatedTopic {
  readonly name: string
  readonly partitions: number
  readonly replicationFactor: number
}

/** One partition and the offsets it has: from `start` to before `end`; null while it has no leader. */
export interface PartitionDescription {
  readonly partition: number
  readonly leaderId: number
  readonly leaderEpoch: number
  readonly replicas: readonly number[]
  readonly inSync: readonly number[]
  readonly start: number | null
  readonly end: number | null
}

/** A topic, its partitions and what of its configuration is its own. */
export interface TopicDescription {
  readonly name: string
  readonly id: string
  readonly internal: boolean
  readonly partitions: readonly PartitionDescription[]
  readonly configs: Readonly<Record<string, string | null>>
}

const TIMEOUT_MS = 30_000
const RESOURCE_TOPIC = 2
const SOURCE_TOPIC = 1

/**
 * Creates one topic; with `validateOnly` the broker only says whether it would. Throws KafkaError:
 * TOPIC_ALREADY_EXISTS, INVALID_REPLICATION_FACTOR and so on.
 */
export async function createTopic(
  cluster: Cluster,
  specification: TopicSpecification,
  options: { validateOnly?: boolean } = {},
): Promise<CreatedTopic> {
  const { name, partitions, replicationFactor, configs } = specification
  const answer = await onceOnly(
    cluster,
    () =>
      cluster.controller('CreateTopics', {
        ...defaultCreateTopicsRequest(),
        timeoutMs: TIMEOUT_MS,
        validateOnly: options.validateOnly === true,
        topics: [
          {
            ...defaultCreateTopicsRequestTopic(),
            name,
            numPartitions: partitions ?? -1,
            replicationFactor: replicationFactor ?? -1,
            configs: Object.entries(configs ?? {}).map(([key, value]) => ({ name: key, value })),
          },
        ],
      }),
    (response) => response.topics.map((topic) => topic.errorCode),
  )
  const created = answer.topics.find((topic) => topic.name === name)
  if (created === undefined) throw new BadAnswerError(`the broker's answer does not mention topic ${name}`)
  throwOnError(created.errorCode, `create topic ${name}`, created.errorMessage)
  cluster.forgetTopic(name)
  return { name, partitions: created.numPartitions, replicationFactor: created.replicationFactor }
}

/** Deletes one topic and all that is in it. Throws KafkaError: UNKNOWN_TOPIC_OR_PARTITION. */
export async function deleteTopic(cluster: Cluster, name: string): Promise<void> {
  const answer = await onceOnly(
    cluster,
    () =>
      cluster.controller('DeleteTopics', {
        ...defaultDeleteTopicsRequest(),
        topics: [{ ...defaultDeleteTopicsRequestTopic(), name }],
        topicNames: [name],
        timeoutMs: TIMEOUT_MS,
      }),
    (response) => response.responses.map((topic) => topic.errorCode),
  )
  const deleted = answer.responses.find((topic) => topic.name === name)
  if (deleted === undefined) throw new BadAnswerError(`the broker's answer does not mention topic ${name}`)
  throwOnError(deleted.errorCode, `delete topic ${name}`, deleted.errorMessage, { kind: 'topic', name })
  cluster.forgetTopic(name)
}

/** Every topic that this user may see, by name. */
export async function listTopics(cluster: Cluster): Promise<TopicMetadata[]> {
  const topics = await cluster.retrying({}, () => cluster.describeTopics(null))
  return topics
    .filter((topic) => topic.errorCode === 0)
    .map(topicMetadataOf)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** One topic as it is now. Throws KafkaError, UNKNOWN_TOPIC_OR_PARTITION at once. */
export async function findTopic(cluster: Cluster, name: string): Promise<TopicMetadata> {
  const [topic] = await cluster.describeTopics([name])
  if (topic === undefined) throw new BadAnswerError(`the broker's answer does not mention topic ${name}`)
  return topicMetadataOf(topic)
}

/** One topic in full. Throws KafkaError. */
export async function describeTopic(cluster: Cluster, name: string): Promise<TopicDescription> {
  const metadata = await findTopic(cluster, name)
  const led = metadata.partitions.filter(({ leaderId }) => leaderId >= 0)
  const ask = (kind: 'earliest' | 'latest'): Promise<Map<string, number>> =>
    resolveOffsets(
      cluster,
      led.map(({ index }) => ({ topic: name, partition: index, start: { kind } })),
    )
  const [starts, ends, configs] = await Promise.all([
    ask('earliest'),
    ask('latest'),
    topicOverrides(cluster, name),
  ])
  const partitions = metadata.partitions.map(({ index, leaderId, leaderEpoch, replicas, inSync }) => ({
    partition: index,
    leaderId,
    leaderEpoch,
    replicas,
    inSync,
    start: starts.get(partitionKey(name, index)) ?? null,
    end: ends.get(partitionKey(name, index)) ?? null,
  }))
  return { name, id: uuidToString(metadata.id), internal: metadata.internal, partitions, configs }
}

/** The configuration entries that a topic has of its own, not from its broker. */
export async function topicOverrides(cluster: Cluster, name: string): Promise<Record<string, string | null>> {
  const answer = await cluster.any('DescribeConfigs', {
    ...defaultDescribeConfigsRequest(),
    resources: [
      {
        ...defaultDescribeConfigsRequestResource(),
        resourceType: RESOURCE_TOPIC,
        resourceName: name,
        configurationKeys: null,
      },
    ],
  })
  const [result] = answer.results
  throwOnError(result?.errorCode ?? 0, `read the configuration of topic ${name}`, result?.errorMessage)
  const own = result?.configs.filter(({ configSource }) => configSource === SOURCE_TOPIC) ?? []
  return Object.fromEntries(own.map((entry) => [entry.name, entry.value]))
}

/**
 * Sends what must not be done twice: again only when it cannot have been done, or when the broker says that it was
 * not the one to ask.
 */
export async function onceOnly<Answer>(
  cluster: Cluster,
  ask: () => Promise<Answer>,
  errorsOf: (answer: Answer) => readonly number[],
): Promise<Answer> {
  return cluster.retrying({}, async () => {
    try {
      const answer = await ask()
      if (errorsOf(answer).includes(ERROR_CODES.NOT_CONTROLLER))
        throw new KafkaError(ERROR_CODES.NOT_CONTROLLER, 'reach the controller')
      return answer
    } catch (error) {
      const unsent = error instanceof ConnectionError && !error.sent
      const refused = error instanceof KafkaError
      if (error instanceof ClientError && error.retriable && !unsent && !refused)
        throw new UncertainError(error)
      throw error
    }
  })
}

/** The request left, and no answer came: it may or may not have been done. */
export class UncertainError extends ClientError {
  override readonly name = 'UncertainError'
  readonly retriable = false

  constructor(cause: ClientError) {
    super(`${cause.message}: it may or may not have been done; look before trying again`, { cause })
  }
}

/**
 * Asks for a topic in a way that lets the broker create it on demand, if it is set to. Throws KafkaError while the
 * topic is not there (yet): UNKNOWN_TOPIC_OR_PARTITION, LEADER_NOT_AVAILABLE.
 */
export async function requestTopic(cluster: Cluster, name: string): Promise<TopicMetadata> {
  const [topic] = await cluster.describeTopics([name], { createOnDemand: true })
  if (topic === undefined) throw new BadAnswerError(`the broker's answer does not mention topic ${name}`)
  const metadata = topicMetadataOf(topic)
  if (metadata.partitions.some(({ leaderId }) => leaderId < 0))
    throw new KafkaError(ERROR_CODES.LEADER_NOT_AVAILABLE, `find topic ${name}`)
  return metadata
}
