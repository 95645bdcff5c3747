import type { Environment } from '../../../base/environment.ts'
import { Turn } from '../../../base/turn.ts'
import type { ResponseOf } from '../../../protocol/api.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import type { Handler } from '../../net/handler.ts'
import type { TopicConfig } from '../../options.ts'
import { NO_EPOCH, type Partition } from '../../partition/partition.ts'
import type { PartitionRegistry } from '../../partition/registry.ts'
import { within } from '../deadline.ts'
import { waitMs, whenCommitted } from './committed-end.ts'

type AnsweredPartition = ResponseOf<'DeleteRecords'>['topics'][number]['partitions'][number]

/** Stands for everything that is there. */
const HIGH_WATERMARK = -1
const NO_WATERMARK = -1

/**
 * Moves log starts up (H1): what lies before is gone for readers when it is answered, and its segments go after that.
 * Every partition that was asked about is named (C14); one that was asked about twice gets its last offset. What was
 * appended before the question counts: it is waited for, and REQUEST_TIMED_OUT where that takes too long.
 */
export function deleteRecordsHandler(
  registry: PartitionRegistry,
  environment: Environment,
): Handler<'DeleteRecords'> {
  return async (request) => {
    const wanted = new Map<string, Map<number, number>>()
    for (const { name, partitions } of request.topics) {
      const offsets = wanted.get(name) ?? new Map<number, number>()
      for (const { partitionIndex, offset } of partitions) offsets.set(partitionIndex, offset)
      if (offsets.size > 0) wanted.set(name, offsets)
    }
    const timeoutMs = waitMs(request.timeoutMs)
    const work: Promise<void>[] = []
    const turn = new Turn(environment)
    const topics: ResponseOf<'DeleteRecords'>['topics'] = []
    for (const [name, offsets] of wanted) {
      const partitions = [...offsets.keys()].map((index) => refused(index, ERROR_CODES.REQUEST_TIMED_OUT))
      topics.push({ name, partitions })
      for (const [position, [index, offset]] of [...offsets].entries()) {
        const deletion = deleteBefore(registry, name, index, offset, timeoutMs)
        work.push(
          deletion.then((answered) => {
            partitions[position] = answered
          }),
        )
        if (turn.isOver) await turn.next()
      }
    }
    await within(environment, timeoutMs, Promise.all(work), null)
    return { throttleTimeMs: 0, topics }
  }
}

async function deleteBefore(
  registry: PartitionRegistry,
  topic: string,
  partitionIndex: number,
  asked: number,
  timeoutMs: number,
): Promise<AnsweredPartition> {
  const partition = registry.get(topic, partitionIndex)
  if (registry.isInternal(topic)) return refused(partitionIndex, ERROR_CODES.INVALID_TOPIC_EXCEPTION)
  if (partition === undefined) return refused(partitionIndex, ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION)
  const refusal = refusalOf(partition, asked)
  if (refusal !== 0) return refused(partitionIndex, refusal)
  if (asked === HIGH_WATERMARK || asked > partition.highWatermark) {
    const unknown = await whenCommitted([partition], timeoutMs)
    const errorCode = unknown.get(partition) ?? refusalOf(partition, asked)
    if (errorCode !== 0) return refused(partitionIndex, errorCode)
    // What a full disk has no room for lies behind it: nobody can read that, and it may yet be written.
    if (asked > partition.highWatermark) return refused(partitionIndex, ERROR_CODES.OFFSET_OUT_OF_RANGE)
  }
  try {
    await partition.deleteBefore(asked === HIGH_WATERMARK ? partition.highWatermark : asked)
  } catch {
    return refused(partitionIndex, ERROR_CODES.KAFKA_STORAGE_ERROR)
  }
  return { partitionIndex, lowWatermark: partition.logStartOffset, errorCode: 0 }
}

function refused(partitionIndex: number, errorCode: number): AnsweredPartition {
  return { partitionIndex, lowWatermark: NO_WATERMARK, errorCode }
}

function refusalOf(partition: Partition, offset: number): number {
  const notLeader = partition.checkLeader(NO_EPOCH)
  if (notLeader !== 0) return notLeader
  if (keepsEveryKey(partition.config)) return ERROR_CODES.POLICY_VIOLATION
  if (offset < HIGH_WATERMARK || offset > partition.log.endOffset) return ERROR_CODES.OFFSET_OUT_OF_RANGE
  return partition.log.refusal() === 'failed' ? ERROR_CODES.KAFKA_STORAGE_ERROR : 0
}

/** Compacted and nothing else. A topic with no policy at all keeps what it is not told to delete. */
function keepsEveryKey({ cleanupPolicy, deletes }: TopicConfig): boolean {
  return cleanupPolicy.includes('compact') && !deletes
}
