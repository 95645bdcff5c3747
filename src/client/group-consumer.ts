import type { Timer } from '../base/environment.ts'
import { ClientError, isKafkaError } from './client-error.ts'
import type { Cluster } from './cluster.ts'
import { commitOffsets, fetchCommitted } from './committed-offsets.ts'
import { Consumer, type ConsumerOptions } from './consumer.ts'
import { GroupMember, type GroupMemberOptions, type Standing } from './group-member.ts'
import { resolveOffsets } from './offsets.ts'
import { partitionKey, type StartPosition, type TopicPartition } from './position.ts'
import type { ConsumedRecord } from './record.ts'

/** How a group reads. */
export interface GroupConsumerOptions extends GroupMemberOptions {
  /** Where a partition is begun that the group has never committed. */
  readonly start: StartPosition
  /** Commits by itself so often, and on rebalance and close; null: only `commit` does. */
  readonly commitIntervalMs?: number | null
  readonly heartbeatIntervalMs?: number
  readonly reading?: ConsumerOptions
  /** Called after each join with the partitions that this member now reads. */
  readonly onAssigned?: (partitions: readonly TopicPartition[]) => void
}

const POLL_SLICE_MS = 200

/**
 * Reads topics as one of a group: whatever partitions the group gives it, from where the group left off. Records count
 * as done when poll is called again, so that after a crash those of the last poll come again (at least once).
 */
export class GroupConsumer {
  readonly #cluster: Cluster
  readonly #options: GroupConsumerOptions
  readonly #member: GroupMember
  readonly #consumer: Consumer
  readonly #commitIntervalMs: number | null
  #standing: Standing | 'new' = 'new'
  #heartbeat: Timer | null = null
  #done = new Map<string, TopicPartition & { offset: number }>()
  #lastCommitMs = 0
  #closed = false

  constructor(cluster: Cluster, options: GroupConsumerOptions) {
    this.#cluster = cluster
    this.#options = options
    this.#member = new GroupMember(cluster, options)
    this.#consumer = new Consumer(cluster, options.reading)
    this.#commitIntervalMs = options.commitIntervalMs === undefined ? 5_000 : options.commitIntervalMs
  }

  /** As Consumer.poll; joins and rejoins the group as needed, which may take longer than `timeoutMs`. */
  async poll(timeoutMs: number): Promise<ConsumedRecord[]> {
    const { environment } = this.#cluster
    const deadlineMs = environment.monotonicMs() + timeoutMs
    while (!this.#closed) {
      if (this.#standing !== 'stable') await this.#join()
      this.#noteDone()
      await this.#commitWhenDue()
      const leftMs = deadlineMs - environment.monotonicMs()
      const records = await this.#consumer.poll(Math.max(0, Math.min(leftMs, POLL_SLICE_MS)))
      if (records.length > 0 || environment.monotonicMs() >= deadlineMs) return records
    }
    return []
  }

  /** The next offset of every partition that this member reads, beyond what poll has given out. */
  positions(): (TopicPartition & { offset: number })[] {
    return this.#consumer.positions()
  }

  /** Commits all that poll has given out. Throws ClientError; after a rebalance that took a partition away, KafkaError. */
  async commit(): Promise<void> {
    this.#noteDone()
    await this.#commit()
  }

  /**
   * Commits, leaves the group and reads nothing any more. `done` corrects, for the partitions it names, how far the
   * caller really got with what the last poll gave out. The cluster stays open. Throws ClientError when the commit
   * failed.
   */
  async close(done: readonly (TopicPartition & { offset: number })[] = []): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#heartbeat?.cancel()
    this.#noteDone()
    for (const position of done)
      if (this.#done.has(partitionKey(position.topic, position.partition)))
        this.#done.set(partitionKey(position.topic, position.partition), position)
    this.#consumer.close()
    try {
      if (this.#commitIntervalMs !== null && this.#standing === 'stable') await this.#commit()
    } finally {
      await this.#member.leave().catch(ignoreClientError)
    }
  }

  async #join(): Promise<void> {
    this.#heartbeat?.cancel()
    this.#heartbeat = null
    if (this.#standing === 'rebalancing' && this.#commitIntervalMs !== null) {
      this.#noteDone()
      await this.#commit().catch(ignoreClientError)
    }
    this.#done.clear()
    const partitions = await this.#member.join()
    const offsets = await this.#startingOffsets(partitions)
    this.#consumer.assign(offsets)
    this.#standing = 'stable'
    this.#lastCommitMs = this.#cluster.environment.monotonicMs()
    this.#beatLater()
    this.#options.onAssigned?.(partitions)
  }

  async #startingOffsets(
    partitions: readonly TopicPartition[],
  ): Promise<(TopicPartition & { offset: number })[]> {
    if (partitions.length === 0) return []
    const committed = await fetchCommitted(this.#cluster, this.#options.groupId, partitions)
    const known = new Map(
      committed.map(({ topic, partition, offset }) => [partitionKey(topic, partition), offset]),
    )
    const unknown = partitions.filter(({ topic, partition }) => !known.has(partitionKey(topic, partition)))
    const isolation = this.#options.reading?.isolationLevel ?? 1
    const start = this.#options.start
    const found = await resolveOffsets(
      this.#cluster,
      unknown.map((entry) => ({ ...entry, start })),
      isolation,
    )
    return partitions.map(({ topic, partition }) => {
      const key = partitionKey(topic, partition)
      return { topic, partition, offset: known.get(key) ?? found.get(key)! }
    })
  }

  #noteDone(): void {
    for (const position of this.#consumer.positions())
      this.#done.set(partitionKey(position.topic, position.partition), position)
  }

  async #commitWhenDue(): Promise<void> {
    if (this.#commitIntervalMs === null) return
    const nowMs = this.#cluster.environment.monotonicMs()
    if (nowMs - this.#lastCommitMs < this.#commitIntervalMs) return
    this.#lastCommitMs = nowMs
    try {
      await this.#commit()
    } catch (error) {
      if (!isKafkaError(error, 'REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID'))
        throw error
    }
  }

  #commit(): Promise<void> {
    return commitOffsets(
      this.#cluster,
      this.#options.groupId,
      [...this.#done.values()],
      this.#member.committer,
    )
  }

  #beatLater(): void {
    const intervalMs = this.#options.heartbeatIntervalMs ?? 3_000
    this.#heartbeat = this.#cluster.environment.setTimer(intervalMs, () => void this.#beat())
  }

  /** Goes on until the group needs this member to join again; a coordinator that cannot be reached is asked again. */
  async #beat(): Promise<void> {
    const beat = this.#heartbeat
    let standing: Standing = 'stable'
    try {
      standing = await this.#member.heartbeat()
    } catch (error) {
      if (!(error instanceof ClientError)) throw error
      this.#cluster.forgetCoordinator(this.#options.groupId)
    }
    if (this.#closed || this.#heartbeat !== beat) return
    this.#standing = standing
    if (standing === 'stable') this.#beatLater()
  }
}

function ignoreClientError(error: unknown): void {
  if (!(error instanceof ClientError)) throw error
}
