import { assert } from '../../base/assert.ts'
import type { Decision, Machine, Now } from '../../base/machine.ts'
import { NO_DECISION } from '../../base/machine.ts'
import type { Uuid } from '../../base/uuid.ts'
import { ERROR_CODES } from '../../protocol/error-codes.ts'
import type { BrokerOptions } from '../options.ts'
import { CONFIGS_TOTAL_LENGTH_MAX, configsRefusal, plannedChanges } from './config-rules.ts'
import { isInternalTopic } from './internal-topics.ts'
import type {
  CommandOf,
  ConfigAlteration,
  FoundTopic,
  ItemOutcome,
  MetadataCommand,
  MetadataOutcome,
  MetadataReply,
  TopicOutcome,
} from './metadata-command.ts'
import type { MetadataEvent } from './metadata-event.ts'
import { changedConfigs, lengthOf, MetadataState, topicImageOf } from './metadata-image.ts'
import { topicNameFault } from './topic-name.ts'
import { planDeletion, planPartitions, planTopic, type Refused } from './topic-plans.ts'

/** Producer ids come in blocks of this many; what is left of a block after a crash is never used. */
export const PRODUCER_ID_BLOCK = 1000

/** Groups that may have configs of their own: they are kept whether or not the group exists. */
export const CONFIGURED_GROUPS_MAX = 10_000

/** Subscriptions to the metrics of clients. */
export const CLIENT_METRICS_MAX = 1_000

const BROKER_NUMBER = /^(0|[1-9]\d{0,9})$/

type MetadataDecision = Decision<MetadataCommand, MetadataEvent, MetadataReply>

/** The outcome of a command and the events that it takes. */
interface Verdict {
  readonly outcome: MetadataOutcome
  readonly events: readonly MetadataEvent[]
}

/**
 * Decides what becomes of topics, configs, producer ids and brokers. Its state is ahead of what is committed: those who
 * read follow the replies (MetadataNode). Items of one command are judged on the state before it, as they would be if
 * they had come alone, and only the number of partitions is counted across them.
 */
export class MetadataMachine implements Machine<MetadataCommand, MetadataEvent, MetadataReply> {
  readonly state: MetadataState
  readonly #options: BrokerOptions
  /** Topics that were there once, as long as somebody may ask. */
  #deleted: Set<Uuid> | null = new Set()

  constructor(clusterId: string, options: BrokerOptions) {
    this.state = new MetadataState(clusterId, options.nodeId)
    this.#options = options
  }

  decide(command: MetadataCommand, ticket: number, now: Now): MetadataDecision {
    const { outcome, events } = this.#judge(command, now)
    const reply: MetadataReply = { outcome }
    return { events, replies: [{ ticket, reply }], timers: [] }
  }

  apply(event: MetadataEvent): void {
    this.state.apply(event)
    if (event.kind === 'topic-deleted') this.#deleted?.add(event.id)
    else if (event.kind === 'topic-created') this.#deleted?.delete(event.id)
  }

  /** Whether there was such a topic, and is none any more. To be asked before `takeDeleted`. */
  wasDeleted(topicId: Uuid): boolean {
    return this.#deleted?.has(topicId) ?? false
  }

  /** Every topic that was deleted, in this run and those before. To be asked once: from then on they are not remembered. */
  takeDeleted(): ReadonlySet<Uuid> {
    const deleted = this.#deleted ?? new Set()
    this.#deleted = null
    return deleted
  }

  resume(): MetadataDecision {
    return NO_DECISION
  }

  #judge(command: MetadataCommand, now: Now): Verdict {
    switch (command.kind) {
      case 'create-topics':
        return this.#createTopics(command, now)
      case 'delete-topics':
        return this.#deleteTopics(command)
      case 'create-partitions':
        return this.#createPartitions(command, now)
      case 'alter-configs':
        return this.#alterConfigs(command)
      case 'allocate-producer-ids':
        return this.#allocateProducerIds(command)
      case 'register-broker':
        return this.#registerBroker(command)
      case 'adopt-topics':
        return this.#adoptTopics(command)
    }
  }

  get #sparePartitions(): number {
    return this.#options.get('max.broker.partitions') - this.state.partitionCount
  }

  get #spareConfigsLength(): number {
    return Math.max(0, CONFIGS_TOTAL_LENGTH_MAX - this.state.configsLength)
  }

  #createTopics(command: CommandOf<'create-topics'>, now: Now): Verdict {
    const events: MetadataEvent[] = []
    const names = new Set<string>()
    let spare = this.#sparePartitions
    let spareLength = this.#spareConfigsLength
    const topics = command.topics.map((creation): TopicOutcome => {
      const event = names.has(creation.name)
        ? duplicate('name')
        : planTopic(creation, this.state, this.#options, command.internal, spare, now)
      names.add(creation.name)
      if ('errorCode' in event) return { ...event, topic: null }
      const topic = topicImageOf(event)
      const configsLength = lengthOf(topic.configs)
      if (configsLength > spareLength) return { ...TOO_MANY_CONFIGS, topic: null }
      spareLength -= configsLength
      spare -= event.assignment.length
      events.push(event)
      return { errorCode: ERROR_CODES.NONE, message: null, topic }
    })
    return { outcome: { kind: 'create-topics', topics }, events: command.validateOnly ? [] : events }
  }

  #deleteTopics(command: CommandOf<'delete-topics'>): Verdict {
    const events: MetadataEvent[] = []
    const gone = new Set<string>()
    const topics = command.topics.map((reference): TopicOutcome => {
      const topic = planDeletion(reference, this.state)
      if ('errorCode' in topic) return { ...topic, topic: null }
      if (gone.has(topic.id)) return { ...duplicate('name or id'), topic: null }
      gone.add(topic.id)
      events.push({ kind: 'topic-deleted', id: topic.id })
      return { errorCode: ERROR_CODES.NONE, message: null, topic }
    })
    return { outcome: { kind: 'delete-topics', topics }, events }
  }

  #createPartitions(command: CommandOf<'create-partitions'>, now: Now): Verdict {
    const events: MetadataEvent[] = []
    const names = new Set<string>()
    let spare = this.#sparePartitions
    const topics = command.topics.map((addition): TopicOutcome => {
      const event = names.has(addition.name)
        ? duplicate('name')
        : planPartitions(addition, this.state, this.#options, spare, now)
      names.add(addition.name)
      if ('errorCode' in event) return { ...event, topic: null }
      spare -= event.assignment.length
      events.push(event)
      return { errorCode: ERROR_CODES.NONE, message: null, topic: this.state.topics.get(addition.name)! }
    })
    return { outcome: { kind: 'create-partitions', topics }, events: command.validateOnly ? [] : events }
  }

  #alterConfigs(command: CommandOf<'alter-configs'>): Verdict {
    const events: MetadataEvent[] = []
    const named = new Set<string>()
    let spareLength = this.#spareConfigsLength
    const alterations = command.alterations.map((alteration): ItemOutcome => {
      const key = `${alteration.resource}:${alteration.name}`
      if (named.has(key))
        return { errorCode: ERROR_CODES.INVALID_REQUEST, message: 'The resource is named more than once' }
      named.add(key)
      const planned = this.#planAlteration(alteration)
      if (planned === null) return { errorCode: ERROR_CODES.NONE, message: null }
      if ('errorCode' in planned) return planned
      const { event, growth } = planned
      if (growth > 0 && growth > spareLength) return TOO_MANY_CONFIGS
      spareLength -= Math.max(0, growth)
      events.push(event)
      return { errorCode: ERROR_CODES.NONE, message: null }
    })
    return { outcome: { kind: 'alter-configs', alterations }, events: command.validateOnly ? [] : events }
  }

  /** The event of an alteration, and how many more characters of configs there are then; null when nothing changes. */
  #planAlteration(
    alteration: ConfigAlteration,
  ): { readonly event: MetadataEvent; readonly growth: number } | Refused | null {
    const { resource, name } = alteration
    const present = this.#configsOf(alteration)
    if ('errorCode' in present) return present
    const plan = plannedChanges(alteration, present.configs)
    if ('errorCode' in plan) return plan
    const result = changedConfigs(present.configs, plan.changes)
    const refusal = configsRefusal(alteration, result, this.state, this.#options)
    if (refusal !== null) return refusal
    if (plan.changes.length === 0) return null
    const event: MetadataEvent = { kind: 'configs-changed', resource, name, changes: plan.changes }
    const nameLength = present.configs.size === 0 && resource === 'group' ? name.length : 0
    return { event, growth: nameLength + lengthOf(result) - lengthOf(present.configs) }
  }

  #configsOf(alteration: ConfigAlteration): { readonly configs: ReadonlyMap<string, string> } | Refused {
    const { resource, name } = alteration
    const refused = (errorCode: number, message: string): Refused => ({ errorCode, message })
    switch (resource) {
      case 'group':
        return configsAt(this.state.configuredGroups, name, 'group', CONFIGURED_GROUPS_MAX)
      case 'client-metrics':
        return configsAt(this.state.clientMetrics, name, 'subscription', CLIENT_METRICS_MAX)
      case 'broker':
        return name === '' || (BROKER_NUMBER.test(name) && this.state.brokers.has(Number(name)))
          ? { configs: this.state.brokerConfigs(name) }
          : refused(ERROR_CODES.INVALID_REQUEST, `There is no broker ${name}`)
      case 'topic': {
        if (name === '') return refused(ERROR_CODES.INVALID_REQUEST, 'The name of a topic must not be empty')
        const topic = this.state.topics.get(name)
        if (topic !== undefined) return { configs: topic.configs }
        const fault = topicNameFault(name)
        return fault === null
          ? refused(ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION, `There is no topic ${name}`)
          : refused(ERROR_CODES.INVALID_TOPIC_EXCEPTION, fault)
      }
    }
  }

  #allocateProducerIds(command: CommandOf<'allocate-producer-ids'>): Verdict {
    const first = this.state.nextProducerId
    const end = first + PRODUCER_ID_BLOCK
    assert(Number.isSafeInteger(end), 'producer ids do not run out')
    return {
      outcome: { kind: 'allocate-producer-ids', block: { first, count: PRODUCER_ID_BLOCK } },
      events: [{ kind: 'producer-ids-allocated', brokerId: command.brokerId, end }],
    }
  }

  #registerBroker(command: CommandOf<'register-broker'>): Verdict {
    const { brokerId, incarnation, rack, endpoints } = command
    const known = this.state.brokers.get(brokerId)
    if (known?.incarnation === incarnation)
      return { outcome: { kind: 'register-broker', epoch: known.epoch }, events: [] }
    const epoch = this.state.nextBrokerEpoch
    return {
      outcome: { kind: 'register-broker', epoch },
      events: [{ kind: 'broker-registered', brokerId, incarnation, epoch, rack, endpoints }],
    }
  }

  #adoptTopics(command: CommandOf<'adopt-topics'>): Verdict {
    const events: MetadataEvent[] = []
    const names = new Set<string>()
    const ids = new Set<string>()
    const topics = command.topics.map((found): 'known' | 'adopted' | 'conflict' => {
      const standing = this.#standingOf(found)
      if (standing !== 'new') return standing
      if (names.has(found.name) || ids.has(found.id)) return 'conflict'
      names.add(found.name)
      ids.add(found.id)
      events.push({
        kind: 'topic-created',
        name: found.name,
        id: found.id,
        internal: isInternalTopic(found.name),
        assignment: Array.from({ length: found.partitionCount }, () => [command.brokerId]),
        configs: [],
      })
      return 'adopted'
    })
    return { outcome: { kind: 'adopt-topics', topics }, events }
  }

  #standingOf(found: FoundTopic): 'known' | 'conflict' | 'new' {
    const named = this.state.topics.get(found.name)
    const identified = this.state.topicsById.get(found.id)
    if (named === undefined && identified === undefined) return 'new'
    return named?.id === found.id ? 'known' : 'conflict'
  }
}

/** What clients hear who bring more configs than all resources may have. */
const TOO_MANY_CONFIGS: Refused = {
  errorCode: ERROR_CODES.POLICY_VIOLATION,
  message: `All resources together have configurations of ${CONFIGS_TOTAL_LENGTH_MAX} characters already`,
}

/** What one of those has that are there for their configs' sake, and no more than so many. */
function configsAt(
  all: ReadonlyMap<string, ReadonlyMap<string, string>>,
  name: string,
  what: string,
  countMax: number,
): { readonly configs: ReadonlyMap<string, string> } | Refused {
  if (name === '')
    return { errorCode: ERROR_CODES.INVALID_REQUEST, message: `The name of a ${what} must not be empty` }
  const configs = all.get(name)
  if (configs === undefined && all.size >= countMax)
    return {
      errorCode: ERROR_CODES.POLICY_VIOLATION,
      message: `${countMax} ${what}s have configurations already`,
    }
  return { configs: configs ?? new Map() }
}

function duplicate(what: string): Refused {
  return { errorCode: ERROR_CODES.INVALID_REQUEST, message: `The topic ${what} is given more than once` }
}
