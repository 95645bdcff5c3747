import { ERROR_CODES } from '../protocol/error-codes.ts'
import {
  defaultDescribeProducersRequest,
  defaultDescribeTransactionsRequest,
  defaultInitProducerIdRequest,
  defaultListTransactionsRequest,
  defaultWriteTxnMarkersRequest,
} from '../protocol/generated/transactions.ts'
import { BadAnswerError, KafkaError, RefusedError, throwOnError } from './client-error.ts'
import type { Cluster } from './cluster.ts'
import type { TopicPartition } from './position.ts'
import { findTopic } from './topic-admin.ts'

/** A transactional id in a list, and the broker that keeps it. */
export interface TransactionListing {
  readonly transactionalId: string
  readonly producerId: number
  readonly state: string
  readonly coordinatorId: number
}

/** A transactional id in full. `startMs` is null while no transaction is open. */
export interface TransactionDescription extends TransactionListing {
  readonly producerEpoch: number
  readonly timeoutMs: number
  readonly startMs: number | null
  readonly partitions: readonly TopicPartition[]
}

const FENCING_TIMEOUT_MS = 60_000
const VERSION_WITH_DURATION = 1

/** Transactional ids of every broker, by name; those in one of `states` and open for longer where that is asked. */
export async function listTransactions(
  cluster: Cluster,
  filter: { states?: readonly string[]; openLongerThanMs?: number } = {},
): Promise<TransactionListing[]> {
  const answers = await Promise.all(
    cluster.nodeIds.map((coordinatorId) =>
      cluster.retrying({}, async () => {
        const connection = await cluster.connection(coordinatorId, 'main')
        if (
          filter.openLongerThanMs !== undefined &&
          connection.versionOf('ListTransactions') < VERSION_WITH_DURATION
        )
          throw new RefusedError(`broker ${coordinatorId} cannot list by duration: it is too old`)
        const answer = await connection.request('ListTransactions', {
          ...defaultListTransactionsRequest(),
          stateFilters: [...(filter.states ?? [])],
          durationFilter: filter.openLongerThanMs ?? -1,
        })
        throwOnError(answer.errorCode, 'list the transactions')
        const [unknown] = answer.unknownStateFilters
        if (unknown !== undefined)
          throw new RefusedError(`broker ${coordinatorId} knows no state '${unknown}' of a transaction`)
        return answer.transactionStates.map(({ transactionalId, producerId, transactionState }) => ({
          transactionalId,
          producerId,
          state: transactionState,
          coordinatorId,
        }))
      }),
    ),
  )
  return answers.flat().sort((a, b) => (a.transactionalId < b.transactionalId ? -1 : 1))
}

/** One transactional id. Throws KafkaError: TRANSACTIONAL_ID_NOT_FOUND. */
export async function describeTransaction(
  cluster: Cluster,
  transactionalId: string,
): Promise<TransactionDescription> {
  return cluster.retrying({ transactionalId }, async () => {
    const coordinatorId = await cluster.transactionCoordinator(transactionalId)
    const answer = await cluster.onNode(coordinatorId, 'DescribeTransactions', {
      ...defaultDescribeTransactionsRequest(),
      transactionalIds: [transactionalId],
    })
    const found = answer.transactionStates.find((entry) => entry.transactionalId === transactionalId)
    if (found === undefined)
      throw new BadAnswerError(`the broker's answer does not mention ${transactionalId}`)
    throwOnError(found.errorCode, `describe transaction ${transactionalId}`, null, {
      kind: 'transaction',
      name: transactionalId,
    })
    return {
      transactionalId,
      coordinatorId,
      producerId: found.producerId,
      producerEpoch: found.producerEpoch,
      state: found.transactionState,
      timeoutMs: found.transactionTimeoutMs,
      startMs: found.transactionStartTimeMs < 0 ? null : found.transactionStartTimeMs,
      partitions: found.topics.flatMap(({ topic, partitions }) =>
        partitions.map((partition) => ({ topic, partition })),
      ),
    }
  })
}

/**
 * Fences the producer of a transactional id, which aborts what it has open: it asks for a new epoch, as another
 * producer of that id would (KIP-664, fenceProducers). The id must be known, or it is made.
 */
export async function fenceProducer(cluster: Cluster, transactionalId: string): Promise<void> {
  await cluster.retrying({ transactionalId }, async () => {
    const answer = await cluster.onNode(
      await cluster.transactionCoordinator(transactionalId),
      'InitProducerId',
      { ...defaultInitProducerIdRequest(), transactionalId, transactionTimeoutMs: FENCING_TIMEOUT_MS },
    )
    throwOnError(answer.errorCode, `fence the producer of transaction ${transactionalId}`)
  })
}

/** A producer that a partition remembers. `transactionStart` is null while it has no transaction open there. */
export interface PartitionProducer {
  readonly producerId: number
  readonly producerEpoch: number
  readonly coordinatorEpoch: number
  readonly lastSequence: number
  readonly lastTimestampMs: number
  readonly transactionStart: number | null
}

/** The producers of one partition, as its leader knows them. Throws KafkaError. */
export async function describeProducers(
  cluster: Cluster,
  { topic, partition }: TopicPartition,
): Promise<PartitionProducer[]> {
  // A topic that is not there is not worth waiting for.
  await findTopic(cluster, topic)
  return cluster.retrying({ topics: [topic] }, async () => {
    const { nodeId } = await cluster.leader(topic, partition)
    const answer = await cluster.onNode(nodeId, 'DescribeProducers', {
      ...defaultDescribeProducersRequest(),
      topics: [{ name: topic, partitionIndexes: [partition] }],
    })
    const found = answer.topics.find(({ name }) => name === topic)?.partitions[0]
    if (found === undefined)
      throw new BadAnswerError(`the broker's answer leaves out ${topic} [${partition}]`)
    throwOnError(found.errorCode, `list the producers of ${topic} [${partition}]`, found.errorMessage)
    return found.activeProducers.map((producer) => ({
      producerId: producer.producerId,
      producerEpoch: producer.producerEpoch,
      coordinatorEpoch: producer.coordinatorEpoch,
      lastSequence: producer.lastSequence,
      lastTimestampMs: producer.lastTimestamp,
      transactionStart: producer.currentTxnStartOffset < 0 ? null : producer.currentTxnStartOffset,
    }))
  })
}

/**
 * Writes the end of a transaction that nobody ends any more into one partition: an abort marker of the producer whose
 * transaction began at `startOffset` there. Throws KafkaError, and RefusedError where none began at that offset.
 */
export async function abortHanging(
  cluster: Cluster,
  place: TopicPartition & { readonly startOffset: number },
): Promise<PartitionProducer> {
  const { topic, partition, startOffset } = place
  const producers = await describeProducers(cluster, place)
  const producer = producers.find(({ transactionStart }) => transactionStart === startOffset)
  if (producer === undefined)
    throw new RefusedError(`no open transaction begins at offset ${startOffset} of ${topic} [${partition}]`)
  const { nodeId } = await cluster.leader(topic, partition)
  const { producerId, producerEpoch, coordinatorEpoch } = producer
  const answer = await cluster.onNode(nodeId, 'WriteTxnMarkers', {
    ...defaultWriteTxnMarkersRequest(),
    markers: [
      {
        producerId,
        producerEpoch,
        transactionResult: false,
        topics: [{ name: topic, partitionIndexes: [partition] }],
        coordinatorEpoch: Math.max(0, coordinatorEpoch),
        transactionVersion: 0,
      },
    ],
  })
  const result = answer.markers[0]?.topics[0]?.partitions[0]
  if (result === undefined) throw new BadAnswerError(`the broker's answer leaves out ${topic} [${partition}]`)
  if (result.errorCode === ERROR_CODES.NONE) return producer
  throw new KafkaError(
    result.errorCode,
    `abort the transaction at offset ${startOffset} of ${topic} [${partition}]`,
  )
}
