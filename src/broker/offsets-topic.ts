import type { GroupCoordinator, OffsetsTopic } from './coordinator/group-coordinator.ts'
import { OFFSETS_TOPIC } from './metadata/internal-topics.ts'
import type { MetadataNode } from './metadata/metadata-node.ts'
import { MachinePartition } from './partition/machine-partition.ts'
import type { PartitionRegistry } from './partition/registry.ts'
import type { TopicFollower } from './partition/topic-follower.ts'

/** Brings the group coordinator and the partitions of __consumer_offsets together: the topic is made at first use. */
export class GroupOffsetsTopic implements OffsetsTopic {
  readonly #metadata: MetadataNode
  readonly #registry: PartitionRegistry
  readonly #follower: TopicFollower
  readonly #led = new Set<number>()
  #coordinator: GroupCoordinator | null = null
  #ensuring: Promise<boolean> | null = null

  constructor(options: { metadata: MetadataNode; registry: PartitionRegistry; follower: TopicFollower }) {
    this.#metadata = options.metadata
    this.#registry = options.registry
    this.#follower = options.follower
  }

  /** Loads the groups of what is there. Resolves when all of it is served. */
  async serve(coordinator: GroupCoordinator): Promise<void> {
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
    return this.#metadata.image.topics.get(OFFSETS_TOPIC)?.partitions.length ?? null
  }

  async #ensure(): Promise<boolean> {
    const topic = await this.#metadata.ensureInternalTopic(OFFSETS_TOPIC)
    if (topic === null || !(await this.#follower.ready(topic.id))) return false
    void this.#lead()
    return true
  }

  /** Every partition that has no coordinator yet gets one; called for each before the first is waited for. */
  async #lead(): Promise<void> {
    const loads: Promise<void>[] = []
    for (let index = 0; index < (this.partitionCount() ?? 0); index++) {
      const partition = this.#registry.get(OFFSETS_TOPIC, index)
      if (partition === undefined || this.#led.has(index)) continue
      this.#led.add(index)
      loads.push(this.#coordinator!.lead(index, new MachinePartition(partition)))
    }
    await Promise.all(loads)
  }
}
