import { Turn } from '../../../base/turn.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import {
  type CreatePartitionsRequestTopic,
  type CreatePartitionsResponseResult,
  defaultCreatePartitionsResponse,
} from '../../../protocol/generated/index.ts'
import type { Handler } from '../../net/handler.ts'
import { within } from '../deadline.ts'
import { PARTITIONS_PER_REQUEST_MAX } from './create-topics.ts'
import type { AdminPorts } from './ports.ts'
import { refusalCode, TIMED_OUT } from './refusal-codes.ts'
import { readiness, repeated } from './topic-results.ts'

/** Topics that get partitions together; between two such parts others are served. */
const TOPICS_AT_ONCE = 100

/** Gives topics more partitions; every topic of the request is named in the answer (C14). */
export function createPartitionsHandler(ports: AdminPorts): Handler<'CreatePartitions'> {
  return async (request) => {
    const { timeoutMs, validateOnly } = request
    const response = defaultCreatePartitionsResponse()
    const twice = repeated(request.topics.map(({ name }) => name))
    for (const name of twice)
      response.results.push(
        result(name, ERROR_CODES.INVALID_REQUEST, 'The topic name is given more than once'),
      )
    const topics = request.topics.filter(({ name }) => !twice.has(name))
    const refuseAll = (errorCode: number, message: string | null): void => {
      for (const { name } of topics) response.results.push(result(name, errorCode, message))
    }
    const wanted = topics.reduce((sum, { name, count }) => {
      const present = ports.metadata.image.topics.get(name)?.partitions.length ?? count
      return sum + Math.max(0, count - present)
    }, 0)
    if (timeoutMs <= 0) refuseAll(ERROR_CODES.REQUEST_TIMED_OUT, null)
    else if (wanted > PARTITIONS_PER_REQUEST_MAX)
      refuseAll(
        ERROR_CODES.POLICY_VIOLATION,
        `One request may not create more than ${PARTITIONS_PER_REQUEST_MAX} partitions`,
      )
    else {
      const deadlineMs = ports.environment.monotonicMs() + timeoutMs
      const turn = new Turn(ports.environment)
      for (let from = 0; from < topics.length; from += TOPICS_AT_ONCE) {
        if (from > 0 && turn.isOver) await turn.next()
        const part = topics.slice(from, from + TOPICS_AT_ONCE)
        response.results.push(...(await createPart(ports, part, validateOnly, deadlineMs)))
      }
    }
    return response
  }
}

async function createPart(
  ports: AdminPorts,
  topics: readonly CreatePartitionsRequestTopic[],
  validateOnly: boolean,
  deadlineMs: number,
): Promise<readonly CreatePartitionsResponseResult[]> {
  const leftMs = (): number => Math.max(1, deadlineMs - ports.environment.monotonicMs())
  const addition = ports.metadata.submit({
    kind: 'create-partitions',
    topics: topics.map(({ name, count, assignments }) => ({
      name,
      count,
      assignment: assignments?.map(({ brokerIds }) => brokerIds) ?? null,
    })),
    validateOnly,
  })
  const outcome = await within(ports.environment, leftMs(), addition, TIMED_OUT)
  if ('refused' in outcome) {
    const errorCode = refusalCode(outcome.refused)
    return topics.map(({ name }) => result(name, errorCode, null))
  }
  const results = outcome.topics.map(async ({ errorCode, message, topic }, position) => {
    const late = topic === null || validateOnly ? errorCode : await readiness(ports, topic, leftMs())
    return result(topics[position]!.name, late, message)
  })
  return await Promise.all(results)
}

function result(
  name: string,
  errorCode: number,
  errorMessage: string | null,
): CreatePartitionsResponseResult {
  return { name, errorCode, errorMessage }
}
