import type { Environment } from '../../base/environment.ts'
import type { Logger } from '../../base/logger.ts'
import type { Refusal } from '../../base/machine.ts'
import { type Uuid, uuidFromRandom, uuidToString } from '../../base/uuid.ts'
import { ERROR_CODES } from '../../protocol/error-codes.ts'
import { type BrokerOptions, type TopicConfig, topicConfigOf } from '../options.ts'
import { internalTopicShape } from './internal-topics.ts'
import type {
  CommandOf,
  FoundTopic,
  MetadataCommand,
  MetadataReply,
  OutcomeOf,
  TopicCreation,
} from './metadata-command.ts'
import type { Endpoint, MetadataEvent } from './metadata-event.ts'
import { type MetadataChange, type MetadataImage, MetadataState, type TopicImage } from './metadata-image.ts'
import type { MetadataMachine } from './metadata-machine.ts'

/** What runs the machine on its log: a MachineRuntime. */
export interface MetadataRuntime {
  start(): Promise<void>
  /** See MachineRuntime. */
  followCommitted(listener: (events: readonly MetadataEvent[]) => void): void
  submit(command: MetadataCommand): Promise<MetadataReply | { readonly refused: Refusal }>
}

/** The command was not taken, or its outcome is not known. */
export interface CommandRefused {
  readonly refused: Refusal
}

/** The producer ids from `first` to before `first + count`. */
export interface ProducerIdBlock {
  readonly first: number
  readonly count: number
}

/** Events that one command may take: a batch of them is bounded by what a log takes at once. */
const TOPICS_PER_COMMAND = 500

/**
 * The cluster's metadata as one broker has it: the committed image, those who want to know when it changes, and the way
 * to change it. The image follows what is committed, whether or not somebody still waits for the answer; an answer comes
 * after its events are durable, the image shows them and everybody was told.
 */
export class MetadataNode {
  readonly #image: MetadataState
  readonly #machine: MetadataMachine
  readonly #runtime: MetadataRuntime
  readonly #options: BrokerOptions
  readonly #environment: Environment
  readonly #logger: Logger
  readonly #subscribers = new Set<(change: MetadataChange) => void>()
  #brokerEpoch = -1

  constructor(options: {
    readonly machine: MetadataMachine
    readonly runtime: MetadataRuntime
    readonly options: BrokerOptions
    readonly environment: Environment
    readonly logger: Logger
  }) {
    this.#machine = options.machine
    this.#runtime = options.runtime
    this.#options = options.options
    this.#environment = options.environment
    this.#logger = options.logger
    this.#image = new MetadataState(options.machine.state.clusterId, options.machine.state.nodeId)
  }

  get image(): MetadataImage {
    return this.#image
  }

  /** Of this run of the broker; -1 before `start` is done. */
  get brokerEpoch(): number {
    return this.#brokerEpoch
  }

  /**
   * Loads the metadata and registers this broker under a new incarnation. Afterwards the image holds everything that was
   * there; subscribers are told of what comes later. Where the disk has no room for the registration, the one of the run
   * before counts until there is. Rejects when the log cannot be read or written.
   */
  async start(endpoints: readonly Endpoint[] = []): Promise<void> {
    await this.#runtime.start()
    this.#image.copyFrom(this.#machine.state)
    this.#runtime.followCommitted((events) => this.#follow(events))
    const incarnation = uuidFromRandom(this.#environment.randomBytes(16))
    const outcome = await this.submit({
      kind: 'register-broker',
      brokerId: this.#options.nodeId,
      incarnation,
      rack: this.#options.get('broker.rack'),
      endpoints,
    })
    const known = this.#image.brokers.get(this.#options.nodeId)
    if (known === undefined) {
      const why = 'refused' in outcome ? outcome.refused : 'no registration'
      throw new Error(`the metadata log refused the broker: ${why}`)
    }
    if ('refused' in outcome)
      this.#logger.warn('the broker is not registered anew: the metadata log takes nothing now', {
        reason: outcome.refused,
      })
    this.#brokerEpoch = known.epoch
    this.#logger.debug('registered', {
      node: this.#options.nodeId,
      epoch: known.epoch,
      incarnation: uuidToString(incarnation),
      topics: this.#image.topics.size,
      partitions: this.#image.partitionCount,
    })
  }

  /** See MetadataMachine. */
  wasDeleted(topicId: Uuid): boolean {
    return this.#machine.wasDeleted(topicId)
  }

  /** See MetadataMachine. */
  takeDeletedTopics(): ReadonlySet<Uuid> {
    return this.#machine.takeDeleted()
  }

  /** Calls back, synchronously, for every change that the image has just made. Returns the way to unsubscribe. */
  subscribe(subscriber: (change: MetadataChange) => void): () => void {
    this.#subscribers.add(subscriber)
    return () => this.#subscribers.delete(subscriber)
  }

  /** Has a command decided. Never rejects for what a client asked; `refused` says that the metadata cannot be changed now. */
  async submit<Kind extends MetadataCommand['kind']>(
    command: CommandOf<Kind>,
  ): Promise<OutcomeOf<Kind> | CommandRefused> {
    const reply = await this.#runtime.submit(command)
    if ('refused' in reply) return reply
    return reply.outcome as OutcomeOf<Kind>
  }

  /** Creates topics, a bounded number at a time; the outcomes are in the order of `topics`. */
  async createTopics(
    topics: readonly TopicCreation[],
    validateOnly: boolean,
  ): Promise<OutcomeOf<'create-topics'> | CommandRefused> {
    const outcomes: OutcomeOf<'create-topics'>['topics'][number][] = []
    for (let from = 0; from < topics.length; from += TOPICS_PER_COMMAND) {
      const outcome = await this.submit({
        kind: 'create-topics',
        topics: topics.slice(from, from + TOPICS_PER_COMMAND),
        validateOnly,
        internal: false,
      })
      if ('refused' in outcome) return outcome
      outcomes.push(...outcome.topics)
    }
    return { kind: 'create-topics', topics: outcomes }
  }

  /** The internal topic of this name, created now if it is not there. null: not one that is served, or it cannot be created now. */
  async ensureInternalTopic(name: string): Promise<TopicImage | null> {
    const present = this.#image.topics.get(name)
    if (present !== undefined) return present
    const shape = internalTopicShape(name, this.#options, this.#image.brokers.size)
    if (shape === null) return null
    const creation: TopicCreation = { ...shape, assignment: null, configs: [...shape.configs] }
    const outcome = await this.submit({
      kind: 'create-topics',
      topics: [creation],
      validateOnly: false,
      internal: true,
    })
    if ('refused' in outcome) return null
    const [created] = outcome.topics
    if (created!.topic !== null) return created!.topic
    if (created!.errorCode !== ERROR_CODES.TOPIC_ALREADY_EXISTS)
      this.#logger.error('an internal topic cannot be created', { topic: name, reason: created!.message })
    return this.#image.topics.get(name) ?? null
  }

  /** A block of producer ids that nobody else was or will be given. */
  async allocateProducerIds(): Promise<ProducerIdBlock | CommandRefused> {
    const outcome = await this.submit({ kind: 'allocate-producer-ids', brokerId: this.#options.nodeId })
    return 'refused' in outcome ? outcome : outcome.block
  }

  /** Takes over topics that are on disk and unknown to the metadata; outcomes are in the order of `topics`. */
  async adoptTopics(
    topics: readonly FoundTopic[],
  ): Promise<OutcomeOf<'adopt-topics'>['topics'] | CommandRefused> {
    const outcome = await this.submit({ kind: 'adopt-topics', brokerId: this.#options.nodeId, topics })
    return 'refused' in outcome ? outcome : outcome.topics
  }

  /** The configs that a topic of the image has now. */
  topicConfig(topic: TopicImage): TopicConfig {
    return topicConfigOf(topic.configs, this.#options, this.#image.dynamicConfigs)
  }

  #follow(events: readonly MetadataEvent[]): void {
    for (const event of events) {
      const change = this.#image.apply(event)
      if (change.kind === 'broker-registered' && change.broker.id === this.#options.nodeId)
        this.#brokerEpoch = change.broker.epoch
      for (const subscriber of this.#subscribers) subscriber(change)
    }
  }
}
