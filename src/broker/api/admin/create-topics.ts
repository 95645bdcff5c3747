import { Turn } from '../../../base/turn.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import {
  type CreateTopicsRequestTopic,
  type CreateTopicsResponseTopic,
  defaultCreateTopicsResponse,
  defaultCreateTopicsResponseTopic,
} from '../../../protocol/generated/index.ts'
import { BROKER_DEFAULT, type TopicCreation } from '../../metadata/metadata-command.ts'
import type { TopicImage } from '../../metadata/metadata-image.ts'
import type { Handler } from '../../net/handler.ts'
import { within } from '../deadline.ts'
import { TopicConfigEntries } from './config-entries.ts'
import type { AdminPorts } from './ports.ts'
import { refusalCode, TIMED_OUT } from './refusal-codes.ts'
import { readiness, repeated } from './topic-results.ts'

/** Partitions that one request may create, and topics, partitions and configs together. As Kafka's controller has it. */
export const PARTITIONS_PER_REQUEST_MAX = 10_000
const FACTS_PER_REQUEST_MAX = 10_000
/** Topics of an answer that tells their configurations; of those beyond it says that it does not, by the code for that. */
const TOLD_TOPICS_MAX = 1000
/** Topics that are created together; between two such parts, and while one waits for the disk, others are served. */
const TOPICS_AT_ONCE = 100

/**
 * Creates topics, or says what would come of it. A topic is answered for once its creation is durable and its partitions
 * are led, so that what the client sends next finds them.
 */
export function createTopicsHandler(ports: AdminPorts): Handler<'CreateTopics'> {
  return async (request) => {
    const { timeoutMs, validateOnly } = request
    const response = defaultCreateTopicsResponse()
    const twice = repeated(request.topics.map(({ name }) => name))
    for (const name of twice)
      response.topics.push(
        refused(name, ERROR_CODES.INVALID_REQUEST, 'The topic name is given more than once'),
      )
    const topics = request.topics.filter(({ name }) => !twice.has(name))
    const excess =
      timeoutMs <= 0 ? { errorCode: ERROR_CODES.REQUEST_TIMED_OUT, message: null } : excessOf(ports, topics)
    if (excess !== null) {
      for (const { name } of topics) response.topics.push(refused(name, excess.errorCode, excess.message))
      return response
    }
    const deadlineMs = ports.environment.monotonicMs() + timeoutMs
    const turn = new Turn(ports.environment)
    for (let from = 0; from < topics.length; from += TOPICS_AT_ONCE) {
      if (from > 0 && turn.isOver) await turn.next()
      const part = topics.slice(from, from + TOPICS_AT_ONCE)
      response.topics.push(...(await createPart(ports, part, validateOnly, deadlineMs)))
      if (from + TOPICS_AT_ONCE > TOLD_TOPICS_MAX) withoutConfigs(response.topics)
    }
    return response
  }
}

/** Of topics that are beyond what one answer tells the configurations of. */
function withoutConfigs(topics: CreateTopicsResponseTopic[]): void {
  for (let index = topics.length - 1; index >= TOLD_TOPICS_MAX; index--) {
    const topic = topics[index]!
    if (topic.configs === null) return
    const isMade = topic.errorCode === ERROR_CODES.NONE
    const topicConfigErrorCode = isMade ? ERROR_CODES.POLICY_VIOLATION : ERROR_CODES.NONE
    topics[index] = { ...topic, configs: null, topicConfigErrorCode }
  }
}

async function createPart(
  ports: AdminPorts,
  topics: readonly CreateTopicsRequestTopic[],
  validateOnly: boolean,
  deadlineMs: number,
): Promise<readonly CreateTopicsResponseTopic[]> {
  const leftMs = (): number => Math.max(1, deadlineMs - ports.environment.monotonicMs())
  const creation = ports.metadata.createTopics(topics.map(creationOf), validateOnly)
  const outcome = await within(ports.environment, leftMs(), creation, TIMED_OUT)
  if ('refused' in outcome) return topics.map(({ name }) => refused(name, refusalCode(outcome.refused), null))
  const entries = new TopicConfigEntries(ports.options, ports.metadata.image.dynamicConfigs)
  const results = outcome.topics.map(async ({ errorCode, message, topic }, position) => {
    const { name } = topics[position]!
    if (topic === null) return refused(name, errorCode, message)
    const late = validateOnly ? ERROR_CODES.NONE : await readiness(ports, topic, leftMs())
    return late === ERROR_CODES.NONE ? created(topic, entries) : refused(name, late, null)
  })
  return await Promise.all(results)
}

/** Why the request as a whole asks for too much, or null. */
function excessOf(
  { options }: AdminPorts,
  topics: readonly CreateTopicsRequestTopic[],
): { readonly errorCode: number; readonly message: string } | null {
  let partitions = 0
  let configs = 0
  for (const topic of topics) {
    if (topic.assignments.length > 0) partitions += topic.assignments.length
    else if (topic.numPartitions === BROKER_DEFAULT) partitions += options.get('num.partitions')
    else partitions += Math.max(0, topic.numPartitions)
    configs += topic.configs.length
  }
  const errorCode = ERROR_CODES.POLICY_VIOLATION
  if (partitions > PARTITIONS_PER_REQUEST_MAX)
    return {
      errorCode,
      message: `One request may not create more than ${PARTITIONS_PER_REQUEST_MAX} partitions`,
    }
  if (topics.length + partitions + configs > FACTS_PER_REQUEST_MAX)
    return {
      errorCode,
      message: `Topics, partitions and configurations of one request may not be more than ${FACTS_PER_REQUEST_MAX}`,
    }
  return null
}

function creationOf(topic: CreateTopicsRequestTopic): TopicCreation {
  return {
    name: topic.name,
    partitionCount: topic.numPartitions,
    replicationFactor: topic.replicationFactor,
    assignment:
      topic.assignments.length === 0
        ? null
        : topic.assignments.map(({ partitionIndex, brokerIds }) => ({
            index: partitionIndex,
            replicas: brokerIds,
          })),
    configs: topic.configs.map(({ name, value }) => [name, value] as const),
  }
}

function refused(name: string, errorCode: number, errorMessage: string | null): CreateTopicsResponseTopic {
  return { ...defaultCreateTopicsResponseTopic(), name, errorCode, errorMessage, configs: [] }
}

function created(topic: TopicImage, entries: TopicConfigEntries): CreateTopicsResponseTopic {
  return {
    ...defaultCreateTopicsResponseTopic(),
    name: topic.name,
    topicId: topic.id,
    errorMessage: null,
    numPartitions: topic.partitions.length,
    replicationFactor: topic.partitions[0]!.replicas.length,
    configs: entries.of(topic.configs).map(({ name, value, readOnly, source, sensitive }) => ({
      name,
      value,
      readOnly,
      configSource: source,
      isSensitive: sensitive,
    })),
  }
}
