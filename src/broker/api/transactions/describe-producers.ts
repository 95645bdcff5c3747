import { ERROR_CODES, errorMessage } from '../../../protocol/error-codes.ts'
import {
  type DescribeProducersResponseTopicPartition,
  defaultDescribeProducersResponseTopicPartition,
} from '../../../protocol/generated/index.ts'
import type { Handler } from '../../net/handler.ts'
import { NO_EPOCH } from '../../partition/partition.ts'
import type { TransactionApiPorts } from './ports.ts'

/** Who has written to partitions, and which transactions are open there (KIP-664). */
export function describeProducersHandler({ partitions }: TransactionApiPorts): Handler<'DescribeProducers'> {
  return (request) => ({
    throttleTimeMs: 0,
    topics: request.topics.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((index) => describe(partitions, name, index)),
    })),
  })
}

function describe(
  partitions: TransactionApiPorts['partitions'],
  topic: string,
  partitionIndex: number,
): DescribeProducersResponseTopicPartition {
  const described = { ...defaultDescribeProducersResponseTopicPartition(), partitionIndex }
  const partition = partitions.get(topic, partitionIndex)
  const errorCode = partition?.checkLeader(NO_EPOCH) ?? ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION
  if (partition === undefined || errorCode !== 0)
    return { ...described, errorCode, errorMessage: errorMessage(errorCode) }
  const activeProducers = [...partition.producers.snapshot()].map((producer) => ({
    producerId: producer.producerId,
    producerEpoch: producer.producerEpoch,
    lastSequence: producer.lastSequence,
    lastTimestamp: producer.timestampMs,
    coordinatorEpoch: producer.coordinatorEpoch,
    currentTxnStartOffset: producer.transactionFirstOffset,
  }))
  return { ...described, activeProducers }
}
