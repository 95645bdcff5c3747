import type { CoordinatorTopic } from './coordinator/coordinator-topic.ts'
import type { MachineLog } from './coordinator/machine-log.ts'
import type { MetadataNode } from './metadata/metadata-node.ts'
import { MachinePartition } from './partition/machine-partition.ts'
import type { PartitionRegistry } from './partition/registry.ts'
import type { TopicFollower } from './partition/topic-follower.ts'

/** A coordinator, as far as it is told what it leads. */
export interface PartitionCoordinator {
  lead(partition: number, log: MachineLog, leaderEpoch: number): Promise<void>
}

/** Brings a coordinator and the partitions of its internal topic together: the topic is made at first use. */
export class CoordinatorPartitions implements CoordinatorTopic {
  readonly #topic: string
  readonly #metadata: MetadataNode
  readonly #registry: PartitionRegistry
  readonly #follower: TopicFollower
  readonly #led = new Set<number>()
  #coordinator: PartitionCoordinator | null = null
  #ensuring: Promise<boolean> | null = null

  constructor(options: {
    topic: string
    metadata: MetadataNode
    registry: PartitionRegistry
    follower: TopicFollower
  }) {
    this.#topic = options.topic
    this.#metadata = options.metadata
    this.#registry = options.registry
    this.#follower = options.follower
  }

  /** Loads what is there. Resolves when all of it is served. */
  async serve(coordinator: PartitionCoordinator): Promise<void> {
    this.#coordinator = coordinator
    await this.#lead()
  }

  ensure(): Promise<boolean> {
    this.#ensuring ??= this.#ensure().finally(() => {
      this.#ensuring = null
    })
    return this.#ensuring
  }

  partitionCount(): number | null {
    return this.#metadata.image.topics.get(this.#topic)?.partitions.length ?? null
  }

  async #ensure(): Promise<boolean> {
    const topic = await this.#metadata.ensureInternalTopic(this.#topic)
    if (topic === null || !(await this.#follower.ready(topic.id))) return false
    void this.#lead()
    return true
  }

  /** Every partition that has no coordinator yet gets one; called for each before the first is waited for. */
  async #lead(): Promise<void> {
    const loads: Promise<void>[] = []
    for (let index = 0; index < (this.partitionCount() ?? 0); index++) {
      const partition = this.#registry.get(this.#topic, index)
      if (partition === undefined || this.#led.has(index)) continue
      this.#led.add(index)
      loads.push(this.#coordinator!.lead(index, new MachinePartition(partition), partition.leaderEpoch))
    }
    await Promise.all(loads)
  }
}
