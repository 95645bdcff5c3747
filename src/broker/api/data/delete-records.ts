import type { ResponseOf } from '../../../protocol/api.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import type { Handler } from '../../net/handler.ts'
import { NO_EPOCH, type Partition } from '../../partition/partition.ts'
import type { PartitionRegistry } from '../../partition/registry.ts'

type AnsweredPartition = ResponseOf<'DeleteRecords'>['topics'][number]['partitions'][number]

/** Stands for everything that is committed. */
const HIGH_WATERMARK = -1
const NO_WATERMARK = -1

/**
 * Moves log starts up (H1): what lies before is gone for readers when it is answered, and its segments go after that.
 * Every partition that was asked about is named (C14); one that was asked about twice gets its last offset.
 */
export function deleteRecordsHandler(registry: PartitionRegistry): Handler<'DeleteRecords'> {
  return async (request) => {
    const wanted = new Map<string, Map<number, number>>()
    for (const { name, partitions } of request.topics) {
      const offsets = wanted.get(name) ?? new Map<number, number>()
      for (const { partitionIndex, offset } of partitions) offsets.set(partitionIndex, offset)
      if (offsets.size > 0) wanted.set(name, offsets)
    }
    const topics = [...wanted].map(async ([name, offsets]) => ({
      name,
      partitions: await Promise.all(
        [...offsets].map(([index, offset]) => deleteBefore(registry, name, index, offset)),
      ),
    }))
    return { throttleTimeMs: 0, topics: await Promise.all(topics) }
  }
}

async function deleteBefore(
  registry: PartitionRegistry,
  topic: string,
  partitionIndex: number,
  asked: number,
): Promise<AnsweredPartition> {
  const partition = registry.get(topic, partitionIndex)
  const errorCode = refusalOf(registry, topic, partition, asked)
  if (errorCode !== 0 || partition === undefined)
    return { partitionIndex, lowWatermark: NO_WATERMARK, errorCode }
  try {
    await partition.deleteBefore(asked === HIGH_WATERMARK ? partition.highWatermark : asked)
  } catch {
    return { partitionIndex, lowWatermark: NO_WATERMARK, errorCode: ERROR_CODES.KAFKA_STORAGE_ERROR }
  }
  return { partitionIndex, lowWatermark: partition.logStartOffset, errorCode: 0 }
}

function refusalOf(
  registry: PartitionRegistry,
  topic: string,
  partition: Partition | undefined,
  offset: number,
): number {
  if (registry.isInternal(topic)) return ERROR_CODES.INVALID_TOPIC_EXCEPTION
  if (partition === undefined) return ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION
  const notLeader = partition.checkLeader(NO_EPOCH)
  if (notLeader !== 0) return notLeader
  if (!partition.config.deletes) return ERROR_CODES.POLICY_VIOLATION
  if (offset < HIGH_WATERMARK || offset > partition.highWatermark) return ERROR_CODES.OFFSET_OUT_OF_RANGE
  return partition.log.refusal() === 'failed' ? ERROR_CODES.KAFKA_STORAGE_ERROR : 0
}
