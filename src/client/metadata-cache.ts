import type { Uuid } from '../base/uuid.ts'
import { ERROR_CODES } from '../protocol/error-codes.ts'
import type { MetadataResponseTopic } from '../protocol/generated/metadata.ts'
import { KafkaError, throwOnError } from './client-error.ts'

/** One partition as the brokers describe it. `leaderId` is -1 while there is no leader. */
export interface PartitionMetadata {
  readonly index: number
  readonly leaderId: number
  readonly leaderEpoch: number
  readonly replicas: readonly number[]
  readonly inSync: readonly number[]
}

/** One topic as the brokers describe it. `id` is all zeros where the broker has no topic ids. */
export interface TopicMetadata {
  readonly name: string
  readonly id: Uuid
  readonly internal: boolean
  /** By index, without gaps. */
  readonly partitions: readonly PartitionMetadata[]
}

/** The leader of a partition. */
export interface Leader {
  readonly nodeId: number
  readonly epoch: number
}

/** What is known of topics, until somebody says that it is wrong. One load of a topic runs at a time. */
export class MetadataCache {
  readonly #load: (topic: string) => Promise<TopicMetadata>
  readonly #topics = new Map<string, Promise<TopicMetadata>>()

  /** `load` asks the brokers; it may throw ClientError, which is not remembered. */
  constructor(load: (topic: string) => Promise<TopicMetadata>) {
    this.#load = load
  }

  topic(name: string): Promise<TopicMetadata> {
    const known = this.#topics.get(name)
    if (known !== undefined) return known
    const loading = this.#load(name)
    this.#topics.set(name, loading)
    loading.catch(() => {
      if (this.#topics.get(name) === loading) this.#topics.delete(name)
    })
    return loading
  }

  /** Throws UNKNOWN_TOPIC_OR_PARTITION, and LEADER_NOT_AVAILABLE while there is none. */
  async leader(topic: string, partition: number): Promise<Leader> {
    const metadata = await this.topic(topic)
    const found = metadata.partitions[partition]
    const attempted = `find the leader of ${topic} [${partition}]`
    if (found === undefined) throw new KafkaError(ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION, attempted)
    if (found.leaderId < 0) {
      this.forget(topic)
      throw new KafkaError(ERROR_CODES.LEADER_NOT_AVAILABLE, attempted)
    }
    return { nodeId: found.leaderId, epoch: found.leaderEpoch }
  }

  /** What is known of the topic is stale: the next question goes to the brokers. */
  forget(topic: string): void {
    this.#topics.delete(topic)
  }
}

/** The error of a topic in a metadata answer, or its metadata. */
export function topicMetadataOf(topic: MetadataResponseTopic): TopicMetadata {
  const name = topic.name ?? ''
  throwOnError(topic.errorCode, `find topic ${name}`, null, { kind: 'topic', name })
  const partitions = [...topic.partitions]
    .sort((a, b) => a.partitionIndex - b.partitionIndex)
    .map((partition) => ({
      index: partition.partitionIndex,
      leaderId: partition.leaderId,
      leaderEpoch: partition.leaderEpoch,
      replicas: partition.replicaNodes,
      inSync: partition.isrNodes,
    }))
  return { name, id: topic.topicId, internal: topic.isInternal, partitions }
}
