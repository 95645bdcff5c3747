import { AssertionError } from '../../base/assert.ts'
import type { Environment, Timer } from '../../base/environment.ts'
import type { Logger } from '../../base/logger.ts'
import { Turn } from '../../base/turn.ts'
import type { Uuid } from '../../base/uuid.ts'
import { isLack } from '../../storage/storage-error.ts'
import type { MetadataChange, TopicImage } from '../metadata/metadata-image.ts'
import type { MetadataNode } from '../metadata/metadata-node.ts'
import type { PartitionRegistry, TopicToOpen } from './registry.ts'

const RETRY_MS = 1000

/**
 * Makes the partitions of this broker what the metadata says: opened, led, configured, deleted. The work on one name is
 * done in the order of the changes, so that a topic which is deleted and created again is first gone, then new.
 */
export class TopicFollower {
  readonly #registry: PartitionRegistry
  readonly #metadata: MetadataNode
  readonly #logger: Logger
  readonly #work = new Map<string, Promise<boolean>>()
  readonly #opening = new Map<Uuid, Promise<boolean>>()
  readonly #environment: Environment
  #retry: Timer | null = null
  /** Topics that wait for room. */
  readonly #waiting = new Set<string>()
  #isClosed = false

  constructor(options: {
    registry: PartitionRegistry
    metadata: MetadataNode
    environment: Environment
    logger: Logger
  }) {
    this.#registry = options.registry
    this.#metadata = options.metadata
    this.#environment = options.environment
    this.#logger = options.logger
  }

  /**
   * Opens everything that is there, but for what the disk has no room for, and follows what changes. First of all what is
   * left of deleted topics goes: others may have their names by now.
   * @throws StorageError when the first opening fails otherwise
   */
  async start(): Promise<void> {
    const topics = [...this.#metadata.image.topics.values()]
    await this.#registry.deleteLeft(this.#metadata.takeDeletedTopics())
    try {
      await this.#registry.open(topics.map((topic) => this.#toOpen(topic)))
    } catch (error) {
      if (!isLack(error)) throw error
      const names = topics.filter((topic) => !this.#isOpen(topic)).map(({ name }) => name)
      for (const name of names) this.#waiting.add(name)
      this.#logger.error('topics cannot be opened', { topics: names.join(', '), reason: error.message })
      this.#openLater()
    }
    this.#metadata.subscribe((change) => this.#changed(change))
  }

  close(): void {
    this.#isClosed = true
    this.#retry?.cancel()
    this.#retry = null
  }

  /** Looks from time to time whether there is room for the files of what is still closed. */
  #openLater(): void {
    this.#retry ??= this.#environment.setTimer(RETRY_MS, () => {
      this.#retry = null
      for (const topic of this.#metadata.image.topics.values()) if (!this.#isOpen(topic)) this.#open(topic)
    })
  }

  #isOpen(topic: TopicImage): boolean {
    return this.#registry.isOpen(topic.id, topic.partitions.length)
  }

  /** Resolves true when every partition of the topic is led here, false when that can't be. Never rejects. */
  ready(topicId: Uuid): Promise<boolean> {
    return this.#opening.get(topicId) ?? Promise.resolve(this.#metadata.image.topicsById.has(topicId))
  }

  /** The epoch in which this broker leads the partition; null when it does not, or not yet. */
  leaderEpochOf(topicId: Uuid, index: number): number | null {
    return this.#registry.getById(topicId, index)?.leaderEpoch ?? null
  }

  /** Records of the log here are broken or missing. */
  isDamaged(topicId: Uuid, index: number): boolean {
    const partition = this.#registry.getById(topicId, index)
    return partition !== undefined && partition.log.damage !== null
  }

  #changed(change: MetadataChange): void {
    switch (change.kind) {
      case 'topic-created':
      case 'partitions-added':
        this.#open(change.topic)
        return
      case 'topic-deleted':
        this.#registry.forget(change.topic.id)
        void this.#enqueue(change.topic.name, () => this.#registry.delete(change.topic.id))
        return
      case 'topic-configs-changed':
        this.#configure(change.topic)
        return
      case 'broker-configs-changed':
        void this.#configureAll()
        return
      default:
        return
    }
  }

  /** In turns: each topic gets what is in force when it is its turn. */
  async #configureAll(): Promise<void> {
    const turn = new Turn(this.#environment)
    for (const name of [...this.#metadata.image.topics.keys()]) {
      const topic = this.#metadata.image.topics.get(name)
      if (topic !== undefined) this.#configure(topic)
      if (turn.isOver) await turn.next()
    }
  }

  #configure(topic: TopicImage): void {
    this.#registry.configure(topic.name, this.#metadata.topicConfig(topic))
  }

  #open(topic: TopicImage): void {
    const opened = this.#enqueue(topic.name, async () => {
      // Deleted meanwhile: its deletion found nothing, so nothing may be made.
      const current = this.#metadata.image.topicsById.get(topic.id)
      if (current !== undefined) await this.#registry.open([this.#toOpen(current)])
    })
    const settled = opened.then((isOpen) => isOpen && this.#metadata.image.topicsById.has(topic.id))
    this.#opening.set(topic.id, settled)
    void settled.then(() => {
      if (this.#opening.get(topic.id) === settled) this.#opening.delete(topic.id)
    })
  }

  /** Resolves to whether the work was done. */
  #enqueue(name: string, work: () => Promise<void>): Promise<boolean> {
    const settled = (this.#work.get(name) ?? Promise.resolve(true)).then(work).then(
      () => {
        if (this.#waiting.delete(name)) this.#logger.info('there is room for the topic now', { topic: name })
        return true
      },
      (error: unknown) => {
        if (error instanceof AssertionError) throw error
        const isSaid = this.#waiting.has(name) || this.#isClosed
        if (isLack(error)) {
          this.#waiting.add(name)
          if (!this.#isClosed) this.#openLater()
        }
        if (!isSaid)
          this.#logger.error('a topic cannot be opened or deleted', { topic: name, reason: String(error) })
        return false
      },
    )
    this.#work.set(name, settled)
    void settled.then(() => {
      if (this.#work.get(name) === settled) this.#work.delete(name)
    })
    return settled
  }

  #toOpen(topic: TopicImage): TopicToOpen {
    return {
      name: topic.name,
      id: topic.id,
      partitionCount: topic.partitions.length,
      internal: topic.internal,
      config: this.#metadata.topicConfig(topic),
    }
  }
}
