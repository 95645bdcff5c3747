import { assert } from '../../base/assert.ts'
import type { Uuid } from '../../base/uuid.ts'
import type { DynamicBrokerConfigs } from '../options/explained-option.ts'
import type { Assignment, ConfigChange, ConfigResource, Endpoint, MetadataEvent } from './metadata-event.ts'
import { collisionKey } from './topic-name.ts'

/** A partition as the metadata knows it. Never changed: a change is a new object. */
export interface PartitionImage {
  readonly index: number
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
  readonly leader: number
  /** As of the partition's creation; its current epoch is the partition's own to say. */
  readonly leaderEpoch: number
}

/** A topic as the metadata knows it. Never changed: a change is a new object. */
export interface TopicImage {
  readonly name: string
  readonly id: Uuid
  readonly partitions: readonly PartitionImage[]
  /** Overrides, checked. */
  readonly configs: ReadonlyMap<string, string>
  readonly internal: boolean
}

/** A broker that has registered. Its epoch grows with every registration in the cluster. */
export interface BrokerImage {
  readonly id: number
  readonly incarnation: Uuid
  readonly epoch: number
  readonly rack: string | null
  readonly endpoints: readonly Endpoint[]
}

/** What became different; the image already shows it. */
export type MetadataChange =
  | { readonly kind: 'topic-created'; readonly topic: TopicImage }
  | { readonly kind: 'topic-deleted'; readonly topic: TopicImage }
  | { readonly kind: 'partitions-added'; readonly topic: TopicImage; readonly from: number }
  | { readonly kind: 'topic-configs-changed'; readonly topic: TopicImage }
  /** '' is every broker. */
  | { readonly kind: 'broker-configs-changed'; readonly broker: string }
  | { readonly kind: 'group-configs-changed'; readonly group: string }
  | { readonly kind: 'client-metrics-changed'; readonly subscription: string }
  | { readonly kind: 'broker-registered'; readonly broker: BrokerImage }
  | { readonly kind: 'producer-ids-allocated' }

/** The read side: what is committed, to be looked at synchronously. */
export interface MetadataImage {
  readonly clusterId: string
  readonly nodeId: number
  readonly topics: ReadonlyMap<string, TopicImage>
  readonly topicsById: ReadonlyMap<Uuid, TopicImage>
  readonly brokers: ReadonlyMap<number, BrokerImage>
  readonly partitionCount: number
  /** Dynamic configs of a broker's number; of '' those of every broker. */
  brokerConfigs(broker: string): ReadonlyMap<string, string>
  /** The layers of dynamic configs that apply to this node. */
  readonly dynamicConfigs: DynamicBrokerConfigs
  groupConfigs(group: string): ReadonlyMap<string, string>
  /** Characters of the configs of all resources, and of the names of those but topics that have some. */
  readonly configsLength: number
  /** The groups that have configs, with what they have. */
  readonly configuredGroups: ReadonlyMap<string, ReadonlyMap<string, string>>
  /** The subscriptions to the metrics of clients, with what they have. */
  readonly clientMetrics: ReadonlyMap<string, ReadonlyMap<string, string>>
}

const NO_CONFIGS: ReadonlyMap<string, string> = new Map()

/** Metadata as a fold of events: the machine keeps one that is ahead, the node one that holds what is committed. */
export class MetadataState implements MetadataImage {
  readonly clusterId: string
  readonly nodeId: number
  readonly topics = new Map<string, TopicImage>()
  readonly topicsById = new Map<Uuid, TopicImage>()
  readonly brokers = new Map<number, BrokerImage>()
  /** The first producer id that nobody was given. */
  nextProducerId = 0
  partitionCount = 0
  configsLength = 0
  readonly #configsOfBrokers = new Map<string, ReadonlyMap<string, string>>()
  readonly #configsOfGroups = new Map<string, ReadonlyMap<string, string>>()
  readonly clientMetrics = new Map<string, ReadonlyMap<string, string>>()
  readonly #namesByCollisionKey = new Map<string, Set<string>>()
  #brokerEpochLast = -1

  constructor(clusterId: string, nodeId: number) {
    this.clusterId = clusterId
    this.nodeId = nodeId
  }

  brokerConfigs(broker: string): ReadonlyMap<string, string> {
    return this.#configsOfBrokers.get(broker) ?? NO_CONFIGS
  }

  get dynamicConfigs(): DynamicBrokerConfigs {
    return { broker: this.brokerConfigs(String(this.nodeId)), cluster: this.brokerConfigs('') }
  }

  groupConfigs(group: string): ReadonlyMap<string, string> {
    return this.#configsOfGroups.get(group) ?? NO_CONFIGS
  }

  get configuredGroups(): ReadonlyMap<string, ReadonlyMap<string, string>> {
    return this.#configsOfGroups
  }

  get nextBrokerEpoch(): number {
    return this.#brokerEpochLast + 1
  }

  /** A topic whose name differs from this one only in '.' and '_', or null. */
  collidingTopic(name: string): string | null {
    for (const other of this.#namesByCollisionKey.get(collisionKey(name)) ?? [])
      if (other !== name) return other
    return null
  }

  apply(event: MetadataEvent): MetadataChange {
    switch (event.kind) {
      case 'topic-created':
        return { kind: 'topic-created', topic: this.#create(event) }
      case 'topic-deleted':
        return { kind: 'topic-deleted', topic: this.#delete(event.id) }
      case 'partitions-added':
        return {
          kind: 'partitions-added',
          topic: this.#grow(event.id, event.from, event.assignment),
          from: event.from,
        }
      case 'configs-changed':
        return this.#reconfigure(event.resource, event.name, event.changes)
      case 'producer-ids-allocated':
        assert(event.end >= this.nextProducerId, 'producer ids only grow')
        this.nextProducerId = event.end
        return { kind: 'producer-ids-allocated' }
      case 'broker-registered': {
        const { brokerId: id, incarnation, epoch, rack, endpoints } = event
        const broker: BrokerImage = { id, incarnation, epoch, rack, endpoints }
        this.brokers.set(id, broker)
        this.#brokerEpochLast = Math.max(this.#brokerEpochLast, epoch)
        return { kind: 'broker-registered', broker }
      }
    }
  }

  /** Becomes equal to `other`; nobody is told. */
  copyFrom(other: MetadataState): void {
    for (const [mine, theirs] of [
      [this.topics, other.topics],
      [this.topicsById, other.topicsById],
      [this.brokers, other.brokers],
      [this.#configsOfBrokers, other.#configsOfBrokers],
      [this.#configsOfGroups, other.#configsOfGroups],
      [this.clientMetrics, other.clientMetrics],
    ] as [Map<unknown, unknown>, Map<unknown, unknown>][]) {
      mine.clear()
      for (const [key, value] of theirs) mine.set(key, value)
    }
    this.#namesByCollisionKey.clear()
    for (const name of this.topics.keys()) this.#remember(name)
    this.nextProducerId = other.nextProducerId
    this.partitionCount = other.partitionCount
    this.configsLength = other.configsLength
    this.#brokerEpochLast = other.#brokerEpochLast
  }

  #create(event: MetadataEvent & { kind: 'topic-created' }): TopicImage {
    assert(!this.topics.has(event.name) && !this.topicsById.has(event.id), `topic ${event.name} is new`)
    const topic = topicImageOf(event)
    this.#put(topic)
    this.#remember(topic.name)
    this.partitionCount += topic.partitions.length
    this.configsLength += lengthOf(topic.configs)
    return topic
  }

  #delete(id: Uuid): TopicImage {
    const topic = this.#existing(id)
    this.topics.delete(topic.name)
    this.topicsById.delete(id)
    this.partitionCount -= topic.partitions.length
    this.configsLength -= lengthOf(topic.configs)
    const key = collisionKey(topic.name)
    const names = this.#namesByCollisionKey.get(key)
    names?.delete(topic.name)
    if (names?.size === 0) this.#namesByCollisionKey.delete(key)
    return topic
  }

  #grow(id: Uuid, from: number, assignment: Assignment): TopicImage {
    const topic = this.#existing(id)
    assert(topic.partitions.length === from, `topic ${topic.name} grows at its end`)
    const grown = { ...topic, partitions: [...topic.partitions, ...partitionImages(assignment, from)] }
    this.#put(grown)
    this.partitionCount += assignment.length
    return grown
  }

  #reconfigure(resource: ConfigResource, name: string, changes: readonly ConfigChange[]): MetadataChange {
    if (resource === 'topic') {
      const topic = this.topics.get(name)
      assert(topic !== undefined, `topic ${name} exists`)
      const changed = { ...topic, configs: changedConfigs(topic.configs, changes) }
      this.configsLength += lengthOf(changed.configs) - lengthOf(topic.configs)
      this.#put(changed)
      return { kind: 'topic-configs-changed', topic: changed }
    }
    switch (resource) {
      case 'broker':
        this.#changeNamed(this.#configsOfBrokers, name, changes)
        return { kind: 'broker-configs-changed', broker: name }
      case 'group':
        this.#changeNamed(this.#configsOfGroups, name, changes)
        return { kind: 'group-configs-changed', group: name }
      case 'client-metrics':
        this.#changeNamed(this.clientMetrics, name, changes)
        return { kind: 'client-metrics-changed', subscription: name }
    }
  }

  #changeNamed(
    all: Map<string, ReadonlyMap<string, string>>,
    name: string,
    changes: readonly ConfigChange[],
  ): void {
    const present = all.get(name) ?? NO_CONFIGS
    const configs = changedConfigs(present, changes)
    this.configsLength += namedLengthOf(name, configs) - namedLengthOf(name, present)
    if (configs.size === 0) all.delete(name)
    else all.set(name, configs)
  }

  #put(topic: TopicImage): void {
    this.topics.set(topic.name, topic)
    this.topicsById.set(topic.id, topic)
  }

  #remember(name: string): void {
    const key = collisionKey(name)
    const names = this.#namesByCollisionKey.get(key)
    if (names === undefined) this.#namesByCollisionKey.set(key, new Set([name]))
    else names.add(name)
  }

  #existing(id: Uuid): TopicImage {
    const topic = this.topicsById.get(id)
    assert(topic !== undefined, 'the topic of an event exists')
    return topic
  }
}

/** The topic that an event makes. */
export function topicImageOf(event: MetadataEvent & { kind: 'topic-created' }): TopicImage {
  const { name, id, internal } = event
  return {
    name,
    id,
    internal,
    partitions: partitionImages(event.assignment, 0),
    configs: new Map(event.configs),
  }
}

/** Characters of the names and values. */
export function lengthOf(configs: ReadonlyMap<string, string>): number {
  let length = 0
  for (const [name, value] of configs) length += name.length + value.length
  return length
}

/** The same with the name of their resource, where that is known by its configs alone. */
function namedLengthOf(resource: string, configs: ReadonlyMap<string, string>): number {
  return configs.size === 0 ? 0 : resource.length + lengthOf(configs)
}

/** Configs after changes were made to them. */
export function changedConfigs(
  configs: ReadonlyMap<string, string>,
  changes: readonly ConfigChange[],
): ReadonlyMap<string, string> {
  const changed = new Map(configs)
  for (const [name, value] of changes) {
    if (value === null) changed.delete(name)
    else changed.set(name, value)
  }
  return changed
}

function partitionImages(assignment: Assignment, from: number): PartitionImage[] {
  return assignment.map((replicas, position) => ({
    index: from + position,
    replicas,
    isr: replicas,
    leader: replicas[0]!,
    leaderEpoch: 0,
  }))
}
