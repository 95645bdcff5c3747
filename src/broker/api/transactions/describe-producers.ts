import { Turn } from '../../../base/turn.ts'
import { ERROR_CODES, errorMessage } from '../../../protocol/error-codes.ts'
import {
  type DescribeProducersResponseTopic,
  type DescribeProducersResponseTopicPartition,
  defaultDescribeProducersResponseTopicPartition,
} from '../../../protocol/generated/index.ts'
import type { Handler } from '../../net/handler.ts'
import { NO_EPOCH, type Partition } from '../../partition/partition.ts'
import { namedOnce } from '../in-turns.ts'
import type { TransactionApiPorts } from './ports.ts'

/** Producers in one answer: as many as one partition may have. What is asked about beyond is refused. */
export const PRODUCERS_MAX = 100_000

const LOOK_AT_CLOCK_EVERY = 64
const TOO_MANY = `One answer holds about ${PRODUCERS_MAX} producers: ask about fewer partitions at a time`

type Described = DescribeProducersResponseTopicPartition

/**
 * Who has written to partitions, and which transactions are open there (KIP-664). Each partition once, however often it is
 * named: Kafka 4.3 repeats all its producers each time, and no client can tell what for.
 */
export function describeProducersHandler(ports: TransactionApiPorts): Handler<'DescribeProducers'> {
  return async (request) => {
    const turn = new Turn(ports.environment)
    const named = await namedOnce(
      turn,
      request.topics,
      ({ name }) => name,
      ({ partitionIndexes }) => partitionIndexes,
    )
    const topics: DescribeProducersResponseTopic[] = []
    let room = PRODUCERS_MAX
    for (const [name, indexes] of named) {
      const partitions: Described[] = []
      for (const index of indexes) {
        const described = room > 0 ? await describe(ports, name, index, turn) : refused(index, TOO_MANY)
        room -= described.activeProducers.length
        partitions.push(described)
        if (turn.isOver) await turn.next()
      }
      topics.push({ name, partitions })
    }
    // The answer is written in one go.
    if (room < PRODUCERS_MAX) await turn.next()
    return { throttleTimeMs: 0, topics }
  }
}

async function describe(
  { partitions }: TransactionApiPorts,
  topic: string,
  partitionIndex: number,
  turn: Turn,
): Promise<Described> {
  const described = { ...defaultDescribeProducersResponseTopicPartition(), partitionIndex }
  const partition = partitions.get(topic, partitionIndex)
  const errorCode = partition?.checkLeader(NO_EPOCH) ?? ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION
  if (partition === undefined || errorCode !== 0)
    return { ...described, errorCode, errorMessage: errorMessage(errorCode) }
  return { ...described, activeProducers: await producersOf(partition, turn) }
}

/** Those who write meanwhile are told of as they are when it is their turn. */
async function producersOf(partition: Partition, turn: Turn): Promise<Described['activeProducers']> {
  const producers: Described['activeProducers'] = []
  for (const producer of partition.producers.snapshot()) {
    producers.push({
      producerId: producer.producerId,
      producerEpoch: producer.producerEpoch,
      lastSequence: producer.lastSequence,
      lastTimestamp: producer.timestampMs,
      coordinatorEpoch: producer.coordinatorEpoch,
      currentTxnStartOffset: producer.transactionFirstOffset,
    })
    if (producers.length % LOOK_AT_CLOCK_EVERY === 0 && turn.isOver) await turn.next()
  }
  return producers
}

function refused(partitionIndex: number, message: string): Described {
  const errorCode = ERROR_CODES.POLICY_VIOLATION
  return {
    ...defaultDescribeProducersResponseTopicPartition(),
    partitionIndex,
    errorCode,
    errorMessage: message,
  }
}
