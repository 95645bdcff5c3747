import type { Environment } from '../base/environment.ts'
import type { ApiName, IncomingResponseOf, OutgoingRequestOf } from '../protocol/api.ts'
import { defaultFindCoordinatorRequest } from '../protocol/generated/groups.ts'
import {
  defaultMetadataRequest,
  defaultMetadataRequestTopic,
  type MetadataResponse,
} from '../protocol/generated/metadata.ts'
import type { Address } from './address.ts'
import { BrokerPool, type Lane } from './broker-pool.ts'
import { BadAnswerError, ClientError, ConnectionError, TimeoutError, throwOnError } from './client-error.ts'
import type { Connection, RequestOptions } from './connection.ts'
import { type Leader, MetadataCache, type TopicMetadata, topicMetadataOf } from './metadata-cache.ts'
import { openNegotiated } from './negotiate.ts'
import { Obstacles } from './obstacles.ts'
import { RETRY_POLICY, type RetryPolicy, withRetries } from './retry.ts'

/** How to reach a cluster. */
export interface ClusterOptions {
  /** Tried in order; one that answers is enough. */
  readonly bootstrap: readonly Address[]
  readonly environment: Environment
  /** What the brokers' logs and quotas know this client by. */
  readonly clientId?: string
  readonly connectTimeoutMs?: number
  readonly requestTimeoutMs?: number
  readonly retry?: RetryPolicy
  /** Takes note of what the client waits for; by default its own. */
  readonly obstacles?: Obstacles
}

/** Whether the error shows that where things are has changed. */
const MOVED = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'UNKNOWN_TOPIC_ID',
  'INCONSISTENT_TOPIC_ID',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_OR_FOLLOWER',
  'REPLICA_NOT_AVAILABLE',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'KAFKA_STORAGE_ERROR',
])
const COORDINATOR_MOVED = new Set(['NOT_COORDINATOR', 'COORDINATOR_NOT_AVAILABLE'])

const COORDINATOR_OF_GROUP = 0
const COORDINATOR_OF_TRANSACTION = 1
/** Keeps transactional ids apart from groups of the same name. */
const TRANSACTION_KEY_PREFIX = '\u0000'

/**
 * A Kafka cluster as clients see it: requests go to the broker that they are for, connections are opened when needed,
 * and what has moved is looked up again. Everything else of this folder is built on it. Close it when done.
 */
export class Cluster {
  readonly environment: Environment
  /** What this client waits for. */
  readonly obstacles: Obstacles
  readonly #pool: BrokerPool
  readonly #topics: MetadataCache
  readonly #retry: RetryPolicy
  readonly #coordinators = new Map<string, Promise<number>>()
  #controllerId = -1
  #clusterId: string | null = null
  #closed = false

  private constructor(options: ClusterOptions) {
    this.environment = options.environment
    this.#retry = options.retry ?? RETRY_POLICY
    this.obstacles = options.obstacles ?? new Obstacles(options.environment)
    this.#pool = new BrokerPool(options.bootstrap, (address) =>
      openConnection(options, address, this.obstacles),
    )
    this.#topics = new MetadataCache((topic) => this.#loadTopic(topic))
  }

  /** Connects to a bootstrap address and learns the brokers. Tries each address once: ClientError when none answers. */
  static async open(options: ClusterOptions): Promise<Cluster> {
    const cluster = new Cluster(options)
    try {
      const connection = await cluster.#pool.bootstrapConnection()
      await cluster.#askMetadata(connection, [])
      return cluster
    } catch (error) {
      cluster.close()
      throw error
    }
  }

  /** As the brokers call it; null where they do not. */
  get clusterId(): string | null {
    return this.#clusterId
  }

  get nodeIds(): readonly number[] {
    return this.#pool.nodeIds
  }

  /** Asks whichever broker can be reached. */
  async any<Name extends ApiName>(
    api: Name,
    body: OutgoingRequestOf<Name>,
  ): Promise<IncomingResponseOf<Name>> {
    return (await this.#pool.anyConnection()).request(api, body)
  }

  /** Asks one broker. */
  async onNode<Name extends ApiName>(
    nodeId: number,
    api: Name,
    body: OutgoingRequestOf<Name>,
    options: RequestOptions & { lane?: Lane } = {},
  ): Promise<IncomingResponseOf<Name>> {
    return (await this.#pool.connection(nodeId, options.lane)).request(api, body, options)
  }

  /** Asks the controller, or any broker while none is known (brokers forward). */
  async controller<Name extends ApiName>(
    api: Name,
    body: OutgoingRequestOf<Name>,
  ): Promise<IncomingResponseOf<Name>> {
    if (!this.nodeIds.includes(this.#controllerId)) return this.any(api, body)
    return this.onNode(this.#controllerId, api, body)
  }

  /** A connection to one broker, for what `onNode` cannot do. */
  connection(nodeId: number, lane: Lane): Promise<Connection> {
    return this.#pool.connection(nodeId, lane)
  }

  /** What is known of a topic, asking when nothing is. Throws KafkaError. */
  topic(name: string): Promise<TopicMetadata> {
    return this.#topics.topic(name)
  }

  /** Where a partition is led. Throws KafkaError. */
  leader(topic: string, partition: number): Promise<Leader> {
    return this.#topics.leader(topic, partition)
  }

  /** What is known of the topic proved wrong. */
  forgetTopic(topic: string): void {
    this.#topics.forget(topic)
  }

  /** Every topic, or those named, as the brokers describe them now; errors are in the entries. `createOnDemand`: a
   * broker that is set to do so creates what is named and not there. */
  async describeTopics(
    names: readonly string[] | null,
    options: { createOnDemand?: boolean } = {},
  ): Promise<MetadataResponse['topics']> {
    return (await this.#askMetadata(await this.#pool.anyConnection(), names, options.createOnDemand)).topics
  }

  /** The broker that a group's members talk to. Throws KafkaError. */
  coordinator(groupId: string): Promise<number> {
    const known = this.#coordinators.get(groupId)
    if (known !== undefined) return known
    const finding = this.#findCoordinator(groupId, COORDINATOR_OF_GROUP)
    this.#coordinators.set(groupId, finding)
    finding.catch(() => this.#coordinators.delete(groupId))
    return finding
  }

  /** The broker that keeps the state of a transactional id. Throws KafkaError. */
  transactionCoordinator(transactionalId: string): Promise<number> {
    const key = `${TRANSACTION_KEY_PREFIX}${transactionalId}`
    const known = this.#coordinators.get(key)
    if (known !== undefined) return known
    const finding = this.#findCoordinator(transactionalId, COORDINATOR_OF_TRANSACTION)
    this.#coordinators.set(key, finding)
    finding.catch(() => this.#coordinators.delete(key))
    return finding
  }

  /** The coordinator that was known for the group is not it (any more). */
  forgetCoordinator(groupId: string): void {
    this.#coordinators.delete(groupId)
  }

  /**
   * Calls `attempt` until it does not throw a retriable error or the retry time is over. Between two tries it forgets
   * what the error proves wrong about `subject`.
   */
  retrying<T>(
    subject: { topics?: Iterable<string>; groupId?: string; transactionalId?: string },
    attempt: () => Promise<T>,
    policy: RetryPolicy = this.#retry,
  ): Promise<T> {
    const caller = {}
    const attemptAndLearn = async (): Promise<T> => {
      try {
        return await attempt()
      } catch (error) {
        if (error instanceof ClientError) {
          this.#learn(error, subject)
          if (error.retriable) this.obstacles.meet(caller, error.message)
        }
        throw error
      }
    }
    return withRetries(this.environment, policy, attemptAndLearn, () => this.#closed).finally(() =>
      this.obstacles.clear(caller),
    )
  }

  /** Closes every connection; what is under way fails with ConnectionError. */
  close(): void {
    this.#closed = true
    this.#pool.close()
  }

  #learn(
    error: ClientError,
    subject: { topics?: Iterable<string>; groupId?: string; transactionalId?: string },
  ): void {
    const unreachable = error instanceof ConnectionError || error instanceof TimeoutError
    if (unreachable || MOVED.has(error.name))
      for (const topic of subject.topics ?? []) this.forgetTopic(topic)
    if (subject.groupId !== undefined && (unreachable || COORDINATOR_MOVED.has(error.name)))
      this.forgetCoordinator(subject.groupId)
    if (subject.transactionalId !== undefined && (unreachable || COORDINATOR_MOVED.has(error.name)))
      this.#coordinators.delete(`${TRANSACTION_KEY_PREFIX}${subject.transactionalId}`)
    if (unreachable || error.name === 'NOT_CONTROLLER') this.#controllerId = -1
  }

  async #loadTopic(name: string): Promise<TopicMetadata> {
    const answer = await this.#askMetadata(await this.#pool.anyConnection(), [name])
    const topic = answer.topics.find((entry) => entry.name === name)
    if (topic === undefined) throw new BadAnswerError(`the broker's metadata does not mention topic ${name}`)
    return topicMetadataOf(topic)
  }

  async #askMetadata(
    connection: Connection,
    names: readonly string[] | null,
    allowAutoTopicCreation = false,
  ): Promise<MetadataResponse> {
    const answer = await connection.request('Metadata', {
      ...defaultMetadataRequest(),
      topics: names === null ? null : names.map((name) => ({ ...defaultMetadataRequestTopic(), name })),
      allowAutoTopicCreation,
    })
    throwOnError(answer.errorCode, 'ask for metadata')
    if (answer.brokers.length > 0) {
      this.#pool.update(answer.brokers)
      this.#controllerId = answer.controllerId
      this.#clusterId = answer.clusterId
    }
    return answer
  }

  async #findCoordinator(key: string, keyType: number): Promise<number> {
    const connection = await this.#pool.anyConnection()
    const batched = connection.versionOf('FindCoordinator') >= 4
    const answer = await connection.request('FindCoordinator', {
      ...defaultFindCoordinatorRequest(),
      key: batched ? '' : key,
      keyType,
      coordinatorKeys: batched ? [key] : [],
    })
    const subject = `${keyType === COORDINATOR_OF_GROUP ? 'group' : 'transaction'} ${key}`
    const found = batched ? answer.coordinators.find((entry) => entry.key === key) : answer
    if (found === undefined) throw new BadAnswerError(`the broker's answer does not mention ${subject}`)
    throwOnError(found.errorCode, `find the coordinator of ${subject}`, found.errorMessage)
    if (!this.nodeIds.includes(found.nodeId)) await this.#askMetadata(connection, [])
    return found.nodeId
  }
}

function openConnection(
  options: ClusterOptions,
  address: Address,
  obstacles: Obstacles,
): Promise<Connection> {
  return openNegotiated({
    obstacles,
    address,
    clientId: options.clientId ?? 'millrace',
    environment: options.environment,
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
    requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
  })
}
