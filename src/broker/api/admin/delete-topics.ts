import { Turn } from '../../../base/turn.ts'
import { type Uuid, ZERO_UUID } from '../../../base/uuid.ts'
import type { RequestOf } from '../../../protocol/api.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import {
  type DeleteTopicsResponseResponse,
  defaultDeleteTopicsResponse,
} from '../../../protocol/generated/index.ts'
import type { TopicReference } from '../../metadata/metadata-command.ts'
import type { Handler } from '../../net/handler.ts'
import { within } from '../deadline.ts'
import type { AdminPorts } from './ports.ts'
import { refusalCode, TIMED_OUT } from './refusal-codes.ts'

interface NamedTopic {
  readonly name: string | null
  readonly topicId: Uuid
}

const IDS_FROM = 6
const DISABLED_CODE_FROM = 3
/** Topics that are deleted together; between two such parts, and while one waits for the disk, others are served. */
const TOPICS_AT_ONCE = 100

/**
 * Deletes topics by name or id. When the answer leaves, the deletion is durable and whoever watches the metadata has
 * been told, so that parked fetches of the topics are awake (C15).
 */
export function deleteTopicsHandler(ports: AdminPorts): Handler<'DeleteTopics'> {
  return async (request, context) => {
    const { apiVersion } = context
    const response = defaultDeleteTopicsResponse()
    const topics = topicsOf(request, apiVersion)
    const all = wholeRefusal(ports, request.timeoutMs, apiVersion)
    if (all !== null) {
      for (const topic of topics) response.responses.push(result(topic, all.errorCode, all.message))
      return response
    }
    const { refusals, deletable } = await sortedOut(ports, topics)
    for (const refusal of refusals) response.responses.push(refusal)
    const deadlineMs = ports.environment.monotonicMs() + request.timeoutMs
    const turn = new Turn(ports.environment)
    for (let from = 0; from < deletable.length; from += TOPICS_AT_ONCE) {
      if (from > 0 && turn.isOver) await turn.next()
      const part = deletable.slice(from, from + TOPICS_AT_ONCE)
      for (const deleted of await deletePart(ports, part, deadlineMs)) response.responses.push(deleted)
    }
    return response
  }
}

async function deletePart(
  ports: AdminPorts,
  topics: readonly NamedTopic[],
  deadlineMs: number,
): Promise<readonly DeleteTopicsResponseResponse[]> {
  const { environment, metadata } = ports
  const leftMs = Math.max(1, deadlineMs - environment.monotonicMs())
  const deletion = metadata.submit({ kind: 'delete-topics', topics: topics.map(referenceTo) })
  const outcome = await within(environment, leftMs, deletion, TIMED_OUT)
  if ('refused' in outcome) {
    const errorCode = refusalCode(outcome.refused)
    return topics.map((topic) => result(topic, errorCode, null))
  }
  return outcome.topics.map(({ errorCode, message, topic }, position) => {
    const named = topic === null ? topics[position]! : { name: topic.name, topicId: topic.id }
    return result(named, errorCode, message)
  })
}

function topicsOf(request: RequestOf<'DeleteTopics'>, apiVersion: number): readonly NamedTopic[] {
  if (apiVersion >= IDS_FROM) return request.topics
  return request.topicNames.map((name) => ({ name, topicId: ZERO_UUID }))
}

function wholeRefusal(
  { options }: AdminPorts,
  timeoutMs: number,
  apiVersion: number,
): { readonly errorCode: number; readonly message: string | null } | null {
  if (!options.get('delete.topic.enable'))
    return {
      errorCode:
        apiVersion < DISABLED_CODE_FROM ? ERROR_CODES.INVALID_REQUEST : ERROR_CODES.TOPIC_DELETION_DISABLED,
      message: 'Topics cannot be deleted: delete.topic.enable is false',
    }
  return timeoutMs <= 0 ? { errorCode: ERROR_CODES.REQUEST_TIMED_OUT, message: null } : null
}

/** Parts what can be tried from what is malformed or means one topic twice; of the latter nothing is deleted. */
async function sortedOut(
  { metadata, environment }: AdminPorts,
  topics: readonly NamedTopic[],
): Promise<{ readonly refusals: DeleteTopicsResponseResponse[]; readonly deletable: NamedTopic[] }> {
  const turn = new Turn(environment)
  const refusals: DeleteTopicsResponseResponse[] = []
  const groups = new Map<string, NamedTopic[]>()
  for (const topic of topics) {
    const { name, topicId } = topic
    if (name !== null && topicId !== ZERO_UUID)
      refusals.push(
        result(topic, ERROR_CODES.INVALID_REQUEST, 'A topic is given by its name or its id, not both'),
      )
    else if (name === null && topicId === ZERO_UUID)
      refusals.push(result(topic, ERROR_CODES.INVALID_REQUEST, 'A topic is given neither by name nor by id'))
    else {
      const id = name === null ? topicId : metadata.image.topics.get(name)?.id
      const key = id === undefined ? `name ${name}` : `id ${id}`
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [topic])
      else group.push(topic)
    }
    if (turn.isOver) await turn.next()
  }
  const deletable: NamedTopic[] = []
  for (const group of groups.values()) {
    if (group.length === 1) deletable.push(group[0]!)
    else refusals.push(result(group[0]!, ERROR_CODES.INVALID_REQUEST, 'The topic is given more than once'))
    if (turn.isOver) await turn.next()
  }
  return { refusals, deletable }
}

function referenceTo({ name, topicId }: NamedTopic): TopicReference {
  return name === null ? { id: topicId } : { name }
}

function result(
  { name, topicId }: NamedTopic,
  errorCode: number,
  errorMessage: string | null,
): DeleteTopicsResponseResponse {
  return { name, topicId, errorCode, errorMessage }
}
