import { assert } from '../../base/assert.ts'
import type { Now } from '../../base/machine.ts'
import { uuidFromString } from '../../base/uuid.ts'
import { ERROR_CODES } from '../../protocol/error-codes.ts'
import type { BrokerOptions } from '../options.ts'
import { isFault, orderedAssignment, replicasFault, spreadReplicas } from './assignment.ts'
import { topicConfigsFault } from './config-rules.ts'
import { isInternalTopic, isReservedTopic } from './internal-topics.ts'
import {
  BROKER_DEFAULT,
  type PartitionsAddition,
  type TopicCreation,
  type TopicReference,
} from './metadata-command.ts'
import type { Assignment, MetadataEvent } from './metadata-event.ts'
import type { MetadataState, TopicImage } from './metadata-image.ts'
import { topicNameFault } from './topic-name.ts'

/** Why an item of a command is refused. */
export interface Refused {
  readonly errorCode: number
  readonly message: string | null
}

/** Times that an id is drawn again before chance itself is taken for broken. */
const ID_DRAWS_MAX = 10

export type TopicCreated = MetadataEvent & { readonly kind: 'topic-created' }

const refused = (errorCode: number, message: string | null): Refused => ({ errorCode, message })

/** The event that creates a topic, or why it is not created. `spare`: partitions that may still be made. */
export function planTopic(
  creation: TopicCreation,
  state: MetadataState,
  options: BrokerOptions,
  internal: boolean,
  spare: number,
  now: Now,
): TopicCreated | Refused {
  const { name } = creation
  const fault = topicNameFault(name)
  if (fault !== null) return refused(ERROR_CODES.INVALID_TOPIC_EXCEPTION, fault)
  if (state.topics.has(name))
    return refused(ERROR_CODES.TOPIC_ALREADY_EXISTS, `Topic '${name}' already exists`)
  if (!internal && isReservedTopic(name))
    return refused(ERROR_CODES.INVALID_REQUEST, `Topic ${name} is internal: only the broker creates it`)
  const colliding = state.collidingTopic(name)
  if (colliding !== null)
    return refused(
      ERROR_CODES.INVALID_TOPIC_EXCEPTION,
      `Topic '${name}' collides with the existing topic ${colliding}`,
    )
  const assignment = plannedAssignment(creation, state, options, spare, now)
  if ('errorCode' in assignment) return assignment
  const configs = new Map<string, string>()
  for (const [option, value] of creation.configs) {
    if (value === null)
      return refused(ERROR_CODES.INVALID_CONFIG, `The configuration ${option} of a new topic has no value`)
    configs.set(option, value.trim())
  }
  const wrong = topicConfigsFault(configs, options, state.dynamicConfigs)
  if (wrong !== null) return refused(ERROR_CODES.INVALID_CONFIG, wrong)
  return {
    kind: 'topic-created',
    name,
    id: freshTopicId(state, now),
    internal: isInternalTopic(name),
    assignment: assignment.value,
    configs: [...configs],
  }
}

function plannedAssignment(
  creation: TopicCreation,
  state: MetadataState,
  options: BrokerOptions,
  spare: number,
  now: Now,
): { readonly value: Assignment } | Refused {
  const brokers = [...state.brokers.keys()]
  if (creation.assignment !== null) {
    if (creation.partitionCount !== BROKER_DEFAULT)
      return refused(
        ERROR_CODES.INVALID_REQUEST,
        'With a manual assignment the number of partitions must be -1',
      )
    if (creation.replicationFactor !== BROKER_DEFAULT)
      return refused(
        ERROR_CODES.INVALID_REQUEST,
        'With a manual assignment the replication factor must be -1',
      )
    if (creation.assignment.length > spare) return tooManyPartitions(options)
    const ordered = orderedAssignment(creation.assignment, new Set(brokers))
    return isFault(ordered) ? ordered : { value: ordered }
  }
  const count =
    creation.partitionCount === BROKER_DEFAULT ? options.get('num.partitions') : creation.partitionCount
  if (count < 1)
    return refused(
      ERROR_CODES.INVALID_PARTITIONS,
      'The number of partitions must be positive, or -1 for the default',
    )
  const factor =
    creation.replicationFactor === BROKER_DEFAULT
      ? options.get('default.replication.factor')
      : creation.replicationFactor
  if (factor < 1)
    return refused(
      ERROR_CODES.INVALID_REPLICATION_FACTOR,
      'The replication factor must be positive, or -1 for the default',
    )
  if (count > spare) return tooManyPartitions(options)
  const spread = spreadReplicas(count, factor, brokers, now.random())
  return isFault(spread) ? spread : { value: spread }
}

function tooManyPartitions(options: BrokerOptions): Refused {
  return refused(
    ERROR_CODES.POLICY_VIOLATION,
    `There would be more partitions than max.broker.partitions allows, ${options.get('max.broker.partitions')}`,
  )
}

function freshTopicId(state: MetadataState, now: Now): TopicCreated['id'] {
  for (let draw = 0; draw < ID_DRAWS_MAX; draw++) {
    const id = uuidFromString(now.uniqueId())
    assert(id !== null, 'a unique id is 16 bytes')
    if (!state.topicsById.has(id)) return id
  }
  throw new Error(`${ID_DRAWS_MAX} ids in a row were taken`)
}

/** The topic that a reference means and that clients may delete, or why not. */
export function planDeletion(reference: TopicReference, state: MetadataState): TopicImage | Refused {
  const topic = 'id' in reference ? state.topicsById.get(reference.id) : state.topics.get(reference.name)
  if (topic === undefined)
    return 'id' in reference
      ? refused(ERROR_CODES.UNKNOWN_TOPIC_ID, 'There is no topic with this id')
      : refused(ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION, 'There is no topic with this name')
  if (topic.internal)
    return refused(ERROR_CODES.INVALID_REQUEST, `Topic ${topic.name} is internal and cannot be deleted`)
  return topic
}

/** The event that gives a topic more partitions, or why it does not get them. */
export function planPartitions(
  addition: PartitionsAddition,
  state: MetadataState,
  options: BrokerOptions,
  spare: number,
  now: Now,
): (MetadataEvent & { kind: 'partitions-added' }) | Refused {
  const topic = state.topics.get(addition.name)
  if (topic === undefined) return refused(ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION, null)
  if (topic.internal)
    return refused(ERROR_CODES.INVALID_REQUEST, `Topic ${topic.name} is internal and cannot grow`)
  const from = topic.partitions.length
  if (addition.count === from)
    return refused(ERROR_CODES.INVALID_PARTITIONS, `The topic already has ${from} partition(s)`)
  if (addition.count < from)
    return refused(
      ERROR_CODES.INVALID_PARTITIONS,
      `The topic ${topic.name} has ${from} partition(s), ${addition.count} would not be more`,
    )
  const missing = addition.count - from
  if (missing > spare) return tooManyPartitions(options)
  const factor = topic.partitions[0]!.replicas.length
  if (addition.assignment === null) {
    const spread = spreadReplicas(missing, factor, [...state.brokers.keys()], now.random())
    return isFault(spread) ? spread : { kind: 'partitions-added', id: topic.id, from, assignment: spread }
  }
  if (addition.assignment.length !== missing)
    return refused(
      ERROR_CODES.INVALID_REPLICA_ASSIGNMENT,
      `There are ${missing} partition(s) to add and ${addition.assignment.length} assignment(s)`,
    )
  const brokers = new Set(state.brokers.keys())
  for (const replicas of addition.assignment) {
    const fault = replicasFault(replicas, factor, brokers)
    if (fault !== null) return fault
  }
  return { kind: 'partitions-added', id: topic.id, from, assignment: addition.assignment }
}
