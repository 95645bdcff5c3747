import { assert } from '../../base/assert.ts'
import type { Environment, Timer } from '../../base/environment.ts'
import type { Logger } from '../../base/logger.ts'
import type { Uuid } from '../../base/uuid.ts'
import { RaftGroup } from '../../raft/group.ts'
import type { DataDirectory } from '../../storage/data-directory.ts'
import type { Log, LogHooks } from '../../storage/log.ts'
import type { LogConfig } from '../../storage/log-config.ts'
import type { ProducerStates } from '../../storage/producer-state.ts'
import { isLack, type StorageError } from '../../storage/storage-error.ts'
import type { TopicConfig } from '../options.ts'
import { Partition } from './partition.ts'
import { producerHooks } from './producer-hooks.ts'

export interface CurrentLeader {
  readonly leaderId: number
  readonly leaderEpoch: number
}

export const NO_LEADER: CurrentLeader = { leaderId: -1, leaderEpoch: -1 }

/** What the registry must know of a topic to open its partitions. */
export interface TopicToOpen {
  readonly name: string
  readonly id: Uuid
  readonly partitionCount: number
  readonly internal: boolean
  readonly config: TopicConfig
}

interface OpenTopic {
  readonly name: string
  readonly id: Uuid
  readonly internal: boolean
  readonly partitions: (Partition | undefined)[]
  deleted: boolean
}

interface Opened {
  readonly topic: OpenTopic
  readonly partition: Partition
}

const WAITERS_CHECK_MS = 100
/** Partitions that are opened or deleted together: what comes of it is done in one turn of the event loop. */
const OPENED_AT_ONCE = 250

/** The part of a topic's configuration that its log needs. */
export function logConfigOf(config: TopicConfig): LogConfig {
  return {
    segmentBytesMax: config.segmentBytesMax,
    // A segment that takes appends is not compacted.
    segmentMs: config.cleanupPolicy.includes('compact')
      ? Math.min(config.segmentMs, config.maxCompactionLagMs)
      : config.segmentMs,
    segmentJitterMs: config.segmentJitterMs,
    indexIntervalBytes: config.indexIntervalBytes,
    segmentIndexBytesMax: config.segmentIndexBytesMax,
    retentionMs: config.retentionMs,
    retentionBytes: config.retentionBytes,
    fileDeleteDelayMs: config.fileDeleteDelayMs,
    preallocates: config.preallocates,
    deletes: config.cleanupPolicy.includes('delete'),
    durability: config.durability,
  }
}

/**
 * The partitions that this broker holds. It opens, leads, closes and deletes them as the metadata says; the data plane
 * asks it for nothing but `get`.
 */
export class PartitionRegistry {
  readonly nodeId: number
  readonly #environment: Environment
  readonly #logger: Logger
  readonly #topics = new Map<string, OpenTopic>()
  readonly #topicsById = new Map<Uuid, OpenTopic>()
  /** Forgotten by the data plane, their files not yet deleted. */
  readonly #forgotten = new Map<Uuid, OpenTopic>()
  readonly #producers = new Map<string, ProducerStates>()
  /** Names of topics with a codec of their own, or that are compacted: their batches are unpacked. */
  readonly #unpacked = new Set<string>()
  /** Those that somebody waits for, and some that nobody does any more. */
  readonly #awaited = new Set<Partition>()
  /** Logs of the broker itself, which no client reaches by name. */
  readonly #private: Partition[] = []
  #directory: DataDirectory | null = null
  #draining = false
  #waitersTimer: Timer | null = null

  constructor(options: { nodeId: number; environment: Environment; logger: Logger }) {
    this.nodeId = options.nodeId
    this.#environment = options.environment
    this.#logger = options.logger
  }

  /** The hooks that the data directory wants for each log it opens; the registry keeps the state behind them. */
  hooksOf(topic: string, index: number): LogHooks {
    const { producers, hooks } = producerHooks()
    this.#producers.set(logKey(topic, index), producers)
    return hooks
  }

  /** Takes the opened directory. Called once, before anything else. */
  attach(directory: DataDirectory): void {
    this.#directory = directory
    this.#watchWaiters()
  }

  get(topic: string, index: number): Partition | undefined {
    return this.#topics.get(topic)?.partitions[index]
  }

  getById(topicId: Uuid, index: number): Partition | undefined {
    return this.#topicsById.get(topicId)?.partitions[index]
  }

  /** Whether all of a topic's partitions are. */
  isOpen(topicId: Uuid, partitionCount: number): boolean {
    const partitions = this.#topicsById.get(topicId)?.partitions ?? []
    for (let index = 0; index < partitionCount; index++) if (partitions[index] === undefined) return false
    return true
  }

  topicName(topicId: Uuid): string | undefined {
    return this.#topicsById.get(topicId)?.name
  }

  isInternal(topic: string): boolean {
    return this.#topics.get(topic)?.internal ?? false
  }

  currentLeader(partition: Partition): CurrentLeader {
    return { leaderId: this.nodeId, leaderEpoch: partition.leaderEpoch }
  }

  /** The broker is about to stop: nothing is taken any more and nobody is made to wait. */
  get isDraining(): boolean {
    return this.#draining
  }

  /** Whether there is a topic whose batches are unpacked, to be checked or to get another codec. */
  get hasUnpackedTopics(): boolean {
    return this.#unpacked.size > 0
  }

  *partitions(): Iterable<Partition> {
    yield* this.#private
    for (const topic of this.#topics.values())
      for (const partition of topic.partitions) if (partition !== undefined) yield partition
  }

  /**
   * Opens what is missing of the topics, makes this broker lead it, and resolves when every partition may be read and
   * written. Many topics at once share their syncs. Where the disk has no room for one of them the others are opened all
   * the same, and what is missing is tried again by the next call.
   * @throws StorageError the first
   */
  async open(topics: readonly TopicToOpen[]): Promise<void> {
    let opening: Promise<Opened>[] = []
    let failure: StorageError | null = null
    for (const topic of topics) {
      const open = this.#topicOf(topic)
      this.#noteCodec(topic.name, topic.config)
      for (let index = 0; index < topic.partitionCount; index++) {
        if (open.partitions[index] !== undefined) continue
        opening.push(this.#openPartition(open, index, topic.config))
        if (opening.length < OPENED_AT_ONCE) continue
        failure = (await this.#leadOpened(opening)) ?? failure
        opening = []
      }
    }
    failure = (await this.#leadOpened(opening)) ?? failure
    if (failure !== null) throw failure
  }

  /** Leads what could be opened; resolves to why something could not. @throws what is not a lack of room */
  async #leadOpened(opening: readonly Promise<Opened>[]): Promise<StorageError | null> {
    const opened: Opened[] = []
    let failure: StorageError | null = null
    for (const result of await Promise.allSettled(opening)) {
      if (result.status === 'fulfilled') opened.push(result.value)
      else if (isLack(result.reason)) failure ??= result.reason
      else throw result.reason
    }
    await this.#lead(opened)
    return failure
  }

  /** Opens and leads a log of the broker itself: it has one partition and is found by no name. @throws StorageError */
  async openPrivate(topic: TopicToOpen): Promise<Partition> {
    const open = newTopic(topic)
    const opened = await this.#openPartition(open, 0, topic.config)
    this.#private.push(opened.partition)
    await this.#lead([opened])
    return opened.partition
  }

  /** The log of the broker itself that was opened under this name. */
  ownPartition(name: string): Partition | undefined {
    return this.#private.find(({ topic }) => topic === name)
  }

  /** Applies a topic's configuration to its partitions and their logs, from the next append on. */
  configure(topic: string, config: TopicConfig): void {
    this.#noteCodec(topic, config)
    for (const partition of this.#topics.get(topic)?.partitions ?? []) {
      if (partition === undefined) continue
      partition.config = config
      partition.log.config = logConfigOf(config)
    }
  }

  /** No request finds the topic from now on, and whoever waits on it is told (C15). `delete` comes later. */
  forget(topicId: Uuid): void {
    const topic = this.#topicsById.get(topicId)
    if (topic === undefined) return
    topic.deleted = true
    this.#topicsById.delete(topicId)
    if (this.#topics.get(topic.name) === topic) this.#topics.delete(topic.name)
    this.#unpacked.delete(topic.name)
    this.#forgotten.set(topicId, topic)
    for (const partition of topic.partitions) partition?.markDeleted()
  }

  /**
   * Deletes what is left of topics that were deleted by the process before, which did not come to it. Resolves when their
   * names are free. @throws StorageError
   */
  async deleteLeft(topicIds: ReadonlySet<Uuid>): Promise<void> {
    const left = [...this.#directory!.logs.values()].filter(({ topicId }) => topicIds.has(topicId))
    for (let from = 0; from < left.length; from += OPENED_AT_ONCE) {
      const some = left.slice(from, from + OPENED_AT_ONCE)
      for (const { topic, partition, topicId } of some) {
        this.#logger.info('the topic of a log was deleted: the log goes', { topic, partition })
        assert(!this.#topicsById.has(topicId), 'what is open is not left')
        this.#producers.delete(logKey(topic, partition))
      }
      await Promise.all(some.map((log) => this.#directory!.deletePartition(log)))
    }
  }

  /** Deletes the files of a forgotten topic. Resolves when its name is free again. @throws StorageError */
  async delete(topicId: Uuid): Promise<void> {
    const topic = this.#forgotten.get(topicId)
    if (topic === undefined) return
    this.#forgotten.delete(topicId)
    const logs = topic.partitions.flatMap((partition) => partition?.log ?? [])
    for (let from = 0; from < logs.length; from += OPENED_AT_ONCE) {
      const together = logs.slice(from, from + OPENED_AT_ONCE)
      for (const log of together) this.#producers.delete(logKey(log.topic, log.partition))
      await Promise.all(together.map((log) => this.#directory!.deletePartition(log)))
    }
  }

  /** Takes no more batches and wakes every parked fetch; what was appended is still committed and acknowledged. */
  drain(): void {
    this.#draining = true
    for (const partition of this.partitions()) partition.drain()
  }

  /** Stops watching the clock. The logs are closed by their directory. */
  close(): void {
    this.#waitersTimer?.cancel()
    for (const partition of this.partitions()) partition.resign()
  }

  #noteCodec(topic: string, { compressionType, cleanupPolicy }: TopicConfig): void {
    const isUnpacked = compressionType !== 'producer' || cleanupPolicy.includes('compact')
    if (isUnpacked && !this.isInternal(topic)) this.#unpacked.add(topic)
    else this.#unpacked.delete(topic)
  }

  #topicOf(topic: TopicToOpen): OpenTopic {
    let open = this.#topicsById.get(topic.id)
    if (open === undefined) {
      open = newTopic(topic)
      this.#topicsById.set(topic.id, open)
      this.#topics.set(topic.name, open)
    }
    return open
  }

  async #openPartition(topic: OpenTopic, index: number, config: TopicConfig): Promise<Opened> {
    const directory = this.#directory!
    const logConfig = logConfigOf(config)
    const existing = directory.logs.get(logKey(topic.name, index))
    const log =
      existing !== undefined && existing.topicId === topic.id
        ? existing
        : await directory.createPartition({
            topic: topic.name,
            topicId: topic.id,
            partition: index,
            voters: [this.nodeId],
            config: logConfig,
          })
    log.config = logConfig
    const partition = new Partition({
      topic: topic.name,
      topicId: topic.id,
      index,
      log,
      group: this.#groupOf(log),
      producers: this.#producers.get(logKey(topic.name, index))!,
      config,
      environment: this.#environment,
      logger: this.#logger,
      awaited: this.#awaited,
    })
    return { topic, partition }
  }

  /** An adopted log names no voters: this broker is its only replica. */
  #groupOf(log: Log): RaftGroup {
    const mark = log.marks.last()
    const voters =
      mark.voters.length > 0
        ? { current: mark.voters, old: mark.oldVoters }
        : { current: [this.nodeId], old: null }
    return new RaftGroup({ self: this.nodeId, hardState: log.hardState, voters })
  }

  /** Campaigns for all at once: one sync for the votes, one for the marks that begin the terms. */
  async #lead(opened: readonly Opened[]): Promise<void> {
    if (opened.length === 0) return
    const journal = this.#directory!.journal
    // Whoever has lost records must not decide what the log is: a damaged one is not led, and gets no mark.
    const whole = opened.filter(({ partition }) => partition.log.damage === null)
    const campaigns = whole.map(({ partition }) => {
      const hardState = partition.group.campaign()
      return { partition, hardState, lsn: partition.log.setHardState(hardState) }
    })
    await journal.durable(campaigns.at(-1)?.lsn ?? 0)
    let lsn = 0
    for (const { partition, hardState } of campaigns) {
      if (!partition.group.votePersisted(hardState)) continue
      const { current, old } = partition.group.voters
      lsn = partition.log.appendMark({
        term: hardState.term,
        minor: 0,
        startOffset: partition.log.endOffset,
        voters: current,
        oldVoters: old,
      })
    }
    await journal.durable(lsn)
    for (const { topic, partition } of opened) {
      topic.partitions[partition.index] = partition
      partition.begin()
      if (topic.deleted) partition.markDeleted()
    }
    this.#logger.debug('leading partitions', { count: whole.length })
  }

  #watchWaiters(): void {
    this.#waitersTimer = this.#environment.setTimer(WAITERS_CHECK_MS, () => {
      const nowMs = this.#environment.monotonicMs()
      for (const partition of this.#awaited)
        if (!partition.expireWaiters(nowMs)) this.#awaited.delete(partition)
      this.#watchWaiters()
    })
  }
}

function newTopic({ name, id, internal }: TopicToOpen): OpenTopic {
  return { name, id, internal, partitions: [], deleted: false }
}

function logKey(topic: string, index: number): string {
  return `${topic}-${index}`
}
