import { Turn } from '../../../base/turn.ts'
import { type Uuid, ZERO_UUID } from '../../../base/uuid.ts'
import type { RequestOf, ResponseOf } from '../../../protocol/api.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import {
  defaultMetadataResponse,
  defaultMetadataResponseTopic,
  type MetadataResponseTopic,
  type MetadataResponseTopicPartition,
} from '../../../protocol/generated/index.ts'
import { isInternalTopic } from '../../metadata/internal-topics.ts'
import type { TopicImage } from '../../metadata/metadata-image.ts'
import { topicNameFault } from '../../metadata/topic-name.ts'
import type { ConnectionInfo, Handler, RequestContext } from '../../net/handler.ts'
import { mapInTurns } from '../in-turns.ts'
import { CLUSTER_OPERATIONS, NOT_ASKED, TOPIC_OPERATIONS } from './authorized-operations.ts'
import { leadershipOf, offlineReplicasOf, type ReachableBroker, reachableBrokers } from './cluster-view.ts'
import type { AdminPorts } from './ports.ts'
import { TopicAutoCreation } from './topic-auto-creation.ts'

type MetadataRequest = RequestOf<'Metadata'>
type MetadataResponse = ResponseOf<'Metadata'>

/** Versions in which something changes that the codec does not know of. */
const NULL_MEANS_ALL_FROM = 1
const IDS_ALLOWED_FROM = 12
const LISTENER_NOT_FOUND_FROM = 6

/** Topics, who leads their partitions, and how the brokers are reached. */
export function metadataHandler(ports: AdminPorts): Handler<'Metadata'> {
  const creation = new TopicAutoCreation(ports)
  return (request, context) => {
    const fault = requestFault(request, context)
    if (fault !== null) return fault
    const missing = request.allowAutoTopicCreation
      ? wantedNames(request).filter((name) => creation.concerns(name))
      : []
    if (missing.length === 0) return answer(ports, request, context)
    const { connection, apiVersion } = context
    return creation.create(missing).then(() => answer(ports, request, { connection, apiVersion }))
  }
}

/** Ids and missing names are for versions that know them (C8); everything asked for is named in the answer. */
function requestFault(request: MetadataRequest, context: RequestContext): MetadataResponse | null {
  const topics = request.topics ?? []
  const early = context.apiVersion < IDS_ALLOWED_FROM
  const wrong = early
    ? topics.some(({ name, topicId }) => name === null || topicId !== ZERO_UUID)
    : topics.some(({ name, topicId }) => name === null && topicId === ZERO_UUID)
  if (!wrong) return null
  return {
    ...defaultMetadataResponse(),
    topics: topics.map(({ name, topicId }) => ({
      ...defaultMetadataResponseTopic(),
      errorCode: ERROR_CODES.INVALID_REQUEST,
      name: name ?? '',
      topicId,
    })),
  }
}

function wantedNames({ topics }: MetadataRequest): string[] {
  const names = new Set<string>()
  for (const { name, topicId } of topics ?? []) if (name !== null && topicId === ZERO_UUID) names.add(name)
  return [...names]
}

async function answer(
  ports: AdminPorts,
  request: MetadataRequest,
  context: { readonly connection: ConnectionInfo; readonly apiVersion: number },
): Promise<MetadataResponse> {
  const turn = new Turn(ports.environment)
  const { image } = ports.metadata
  const brokers = reachableBrokers(ports, context.connection)
  const view = new TopicView(ports, brokers, context.apiVersion, request.includeTopicAuthorizedOperations)
  const all =
    request.topics === null || (context.apiVersion < NULL_MEANS_ALL_FROM && request.topics.length === 0)
  return {
    ...defaultMetadataResponse(),
    brokers,
    clusterId: image.clusterId,
    controllerId: image.nodeId,
    topics: all
      ? await mapInTurns(turn, [...image.topics.values()], (topic) => view.known(topic))
      : await asked(request, view, turn),
    clusterAuthorizedOperations: request.includeClusterAuthorizedOperations ? CLUSTER_OPERATIONS : NOT_ASKED,
  }
}

/** One entry for each topic asked for, however often it was (E18). */
async function asked(
  request: MetadataRequest,
  view: TopicView,
  turn: Turn,
): Promise<MetadataResponseTopic[]> {
  const entries = new Map<string, MetadataResponseTopic>()
  for (const { name, topicId } of request.topics ?? []) {
    const key = topicId === ZERO_UUID ? `name ${name}` : `id ${topicId}`
    if (entries.has(key)) continue
    entries.set(key, topicId === ZERO_UUID ? view.named(name!) : view.identified(topicId))
    if (turn.isOver) await turn.next()
  }
  return [...entries.values()]
}

/** Topics as one answer shows them. */
class TopicView {
  readonly #ports: AdminPorts
  readonly #reachable: ReadonlySet<number>
  readonly #operations: number
  readonly #unreachableCode: number

  constructor(
    ports: AdminPorts,
    brokers: readonly ReachableBroker[],
    apiVersion: number,
    withOperations: boolean,
  ) {
    this.#ports = ports
    this.#reachable = new Set(brokers.map(({ nodeId }) => nodeId))
    this.#operations = withOperations ? TOPIC_OPERATIONS : NOT_ASKED
    this.#unreachableCode =
      apiVersion < LISTENER_NOT_FOUND_FROM ? ERROR_CODES.LEADER_NOT_AVAILABLE : ERROR_CODES.LISTENER_NOT_FOUND
  }

  named(name: string): MetadataResponseTopic {
    const topic = this.#ports.metadata.image.topics.get(name)
    if (topic !== undefined) return this.known(topic)
    const errorCode =
      topicNameFault(name) === null
        ? ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION
        : ERROR_CODES.INVALID_TOPIC_EXCEPTION
    return { ...defaultMetadataResponseTopic(), errorCode, name, isInternal: isInternalTopic(name) }
  }

  identified(topicId: Uuid): MetadataResponseTopic {
    const topic = this.#ports.metadata.image.topicsById.get(topicId)
    if (topic !== undefined) return this.known(topic)
    return {
      ...defaultMetadataResponseTopic(),
      errorCode: ERROR_CODES.UNKNOWN_TOPIC_ID,
      name: null,
      topicId,
    }
  }

  known(topic: TopicImage): MetadataResponseTopic {
    return {
      errorCode: ERROR_CODES.NONE,
      name: topic.name,
      topicId: topic.id,
      isInternal: topic.internal,
      partitions: topic.partitions.map((partition) => this.#partition(topic, partition)),
      topicAuthorizedOperations: this.#operations,
    }
  }

  #partition(topic: TopicImage, partition: TopicImage['partitions'][number]): MetadataResponseTopicPartition {
    const { leaderId, leaderEpoch, led } = leadershipOf(this.#ports, topic, partition)
    const reachable = led && this.#reachable.has(leaderId)
    return {
      errorCode: reachable
        ? ERROR_CODES.NONE
        : led
          ? this.#unreachableCode
          : ERROR_CODES.LEADER_NOT_AVAILABLE,
      partitionIndex: partition.index,
      leaderId: reachable ? leaderId : -1,
      leaderEpoch,
      replicaNodes: [...partition.replicas],
      isrNodes: [...partition.isr],
      offlineReplicas: offlineReplicasOf(this.#ports, topic, partition),
    }
  }
}
