import type { Environment } from '../../../base/environment.ts'
import { Turn } from '../../../base/turn.ts'
import type { RequestOf, ResponseOf } from '../../../protocol/api.ts'
import { type Answer, CLOSE_CONNECTION, NO_RESPONSE } from '../../net/handler.ts'

type ProduceRequest = RequestOf<'Produce'>
type ProduceAnswer = Answer<'Produce'> | Promise<Answer<'Produce'>>
type TopicResponse = ResponseOf<'Produce'>['responses'][number]

/** Partitions that are appended to in one turn of the event loop. */
export const SLICE_PARTITIONS_MAX = 500

/** Whether the request names more partitions than one turn should take. */
export function isManyPartitions(request: ProduceRequest): boolean {
  let count = 0
  for (const { partitionData } of request.topicData) count += partitionData.length
  return count > SLICE_PARTITIONS_MAX
}

/**
 * Hands a request on in parts, between which others are served. Resolves when the last part has been handed on, to the
 * answer to the whole.
 */
export async function handOnSliced(
  environment: Environment,
  request: ProduceRequest,
  handOn: (request: ProduceRequest) => ProduceAnswer,
): Promise<{ readonly answer: Promise<Answer<'Produce'>> }> {
  const turn = new Turn(environment)
  const answers: ProduceAnswer[] = []
  for (const topicData of slicesOf(request)) {
    answers.push(handOn({ ...request, topicData }))
    if (turn.isOver) await turn.next()
  }
  return { answer: Promise.all(answers).then(merged) }
}

function slicesOf(request: ProduceRequest): ProduceRequest['topicData'][] {
  const slices: ProduceRequest['topicData'][] = []
  let slice: ProduceRequest['topicData'] = []
  let count = 0
  for (const topic of request.topicData)
    for (let from = 0; from < Math.max(1, topic.partitionData.length); ) {
      const partitionData = topic.partitionData.slice(from, from + SLICE_PARTITIONS_MAX - count)
      slice.push({ ...topic, partitionData })
      from += Math.max(1, partitionData.length)
      count += partitionData.length
      if (count < SLICE_PARTITIONS_MAX) continue
      slices.push(slice)
      slice = []
      count = 0
    }
  if (slice.length > 0) slices.push(slice)
  return slices
}

/** What is not to be answered, or closes the connection, does so for all parts; a topic is answered for once. */
function merged(answers: readonly Answer<'Produce'>[]): Answer<'Produce'> {
  const topics = new Map<string, TopicResponse>()
  for (const answer of answers) {
    if (answer === CLOSE_CONNECTION) return answer
    if (answer === NO_RESPONSE) continue
    for (const topic of answer.responses) {
      const key = `${topic.name}:${topic.topicId}`
      const known = topics.get(key)
      if (known === undefined) topics.set(key, topic)
      else known.partitionResponses.push(...topic.partitionResponses)
    }
  }
  if (answers.includes(NO_RESPONSE)) return NO_RESPONSE
  return { responses: [...topics.values()], throttleTimeMs: 0, nodeEndpoints: [] }
}
