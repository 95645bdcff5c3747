import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import { defaultOffsetDeleteResponse } from '../../../protocol/generated/index.ts'
import type { Handler } from '../../net/handler.ts'
import type { GroupApiPorts } from './ports.ts'
import { refusalCode } from './refusal-codes.ts'

/** Answers for every partition that is named, in the order of the request. */
export function offsetDeleteHandler({
  coordinator,
  topics,
}: Pick<GroupApiPorts, 'coordinator' | 'topics'>): Handler<'OffsetDelete'> {
  return async (request) => {
    const response = defaultOffsetDeleteResponse()
    const isThere = (topic: string, partition: number) =>
      partition >= 0 && partition < topics.partitionCountOf(topic)
    const reply = await coordinator.submit<'delete-offsets'>({
      kind: 'delete-offsets',
      groupId: request.groupId,
      topics: request.topics.map(({ name, partitions }) => ({
        topic: name,
        partitions: partitions.map((one) => one.partitionIndex).filter((index) => isThere(name, index)),
      })),
    })
    if ('refused' in reply) return { ...response, errorCode: refusalCode(reply.refused) }
    if (reply.error !== 'NONE') return { ...response, errorCode: ERROR_CODES[reply.error] }
    const answered = request.topics.map(({ name, partitions }, index) => {
      const codes = new Map(
        reply.topics[index]!.partitions.map(({ partition, error }) => [partition, ERROR_CODES[error]]),
      )
      return {
        name,
        partitions: partitions.map(({ partitionIndex }) => ({
          partitionIndex,
          errorCode: codes.get(partitionIndex) ?? ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION,
        })),
      }
    })
    return { ...response, topics: answered }
  }
}
