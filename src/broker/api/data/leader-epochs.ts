import type { ResponseOf } from '../../../protocol/api.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import type { Handler } from '../../net/handler.ts'
import type { PartitionRegistry } from '../../partition/registry.ts'

type Answered = ResponseOf<'OffsetForLeaderEpoch'>['topics'][number]['partitions'][number]

/** Where an epoch ends, so that a client finds out whether what it has read was cut off (E15, KIP-320). */
export function offsetForLeaderEpochHandler(registry: PartitionRegistry): Handler<'OffsetForLeaderEpoch'> {
  return (request) => ({
    throttleTimeMs: 0,
    topics: request.topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map((asked): Answered => {
        const partition = registry.get(topic, asked.partition)
        const errorCode =
          partition === undefined
            ? ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION
            : partition.checkLeader(asked.currentLeaderEpoch)
        if (partition === undefined || errorCode !== 0)
          return { errorCode, partition: asked.partition, leaderEpoch: -1, endOffset: -1 }
        const { epoch, endOffset } = partition.log.endOffsetForEpoch(asked.leaderEpoch)
        return { errorCode: 0, partition: asked.partition, leaderEpoch: epoch, endOffset }
      }),
    })),
  })
}
