import type { RequestOf } from '../../../protocol/api.ts'
import { ERROR_CODES, type ErrorName } from '../../../protocol/error-codes.ts'
import {
  BATCH_HEADER_BYTES,
  batchIsTransactional,
  batchProducerEpoch,
  batchProducerId,
} from '../../../protocol/record-batch.ts'
import { PartitionSet } from '../../coordinator/transactions/topic-partitions.ts'
import { isCoordinatorAway, type TransactionGate } from '../../coordinator/transactions/transaction-gate.ts'
import type { TopicPartitions } from '../../coordinator/transactions/transaction-types.ts'
import type { Answer } from '../../net/handler.ts'
import type { Admission } from '../../partition/admissions.ts'
import type { Partition } from '../../partition/partition.ts'
import type { PartitionRegistry } from '../../partition/registry.ts'

type ProduceRequest = RequestOf<'Produce'>

/** What of a request's partitions the coordinator was asked about: the leave that it gave, or why not. */
export type Admitted = ReadonlyMap<Partition, Admission | ProduceRefusal>

export interface ProduceRefusal {
  readonly errorCode: number
  readonly message: string | null
}

/** From here on clients know that a transaction must be aborted (TRANSACTION_ABORTABLE). */
const ABORTABLE_SINCE = 11
/** From here on the broker makes a partition part of the transaction when it is written to (KIP-890). */
const IMPLICIT_ADD_SINCE = 12

const NOTHING_ASKED: Admitted = new Map()

interface Writer {
  readonly producerId: number
  readonly producerEpoch: number
  /** Where it has no transaction open yet. */
  readonly partitions: readonly Partition[]
}

/**
 * The requests of transactional producers (G11). Before a producer's first batch to a partition in a transaction the
 * coordinator is asked whether that is part of it; while it is, later requests of the producer wait their turn, so that
 * its batches keep their order (G6). Requests that need no answer of the coordinator are not held up.
 */
export class TransactionalProduce {
  readonly #registry: PartitionRegistry
  readonly #gate: TransactionGate
  /** By producer id: resolves when the last of its requests that wait has been appended. */
  readonly #turns = new Map<number, Promise<unknown>>()

  constructor(registry: PartitionRegistry, gate: TransactionGate) {
    this.#registry = registry
    this.#gate = gate
  }

  /** Calls `append` once, as soon as the request may be appended, and answers what it returns. */
  run(
    request: ProduceRequest,
    apiVersion: number,
    append: (admitted: Admitted) => Answer<'Produce'> | Promise<Answer<'Produce'>>,
  ): Answer<'Produce'> | Promise<Answer<'Produce'>> {
    const writer = this.#writerOf(request, apiVersion)
    if (writer === null) return append(NOTHING_ASKED)
    const before = this.#turns.get(writer.producerId)
    if (before === undefined && writer.partitions.length === 0) return append(NOTHING_ASKED)
    const turn = this.#takeTurn(before, request, apiVersion, append)
    // Whatever became of a request, the next one has its turn.
    const over = turn.then(
      () => {},
      () => {},
    )
    this.#turns.set(writer.producerId, over)
    void over.then(() => {
      if (this.#turns.get(writer.producerId) === over) this.#turns.delete(writer.producerId)
    })
    return turn.then(({ answer }) => answer)
  }

  /** Resolves when the request is appended, not when it is answered. */
  async #takeTurn(
    before: Promise<unknown> | undefined,
    request: ProduceRequest,
    apiVersion: number,
    append: (admitted: Admitted) => Answer<'Produce'> | Promise<Answer<'Produce'>>,
  ): Promise<{ readonly answer: Answer<'Produce'> | Promise<Answer<'Produce'>> }> {
    if (before !== undefined) await before
    const writer = this.#writerOf(request, apiVersion)
    if (writer === null || writer.partitions.length === 0) return { answer: append(NOTHING_ASKED) }
    const adds = apiVersion >= IMPLICIT_ADD_SINCE
    const { producerId, producerEpoch, partitions } = writer
    const admissions = partitions.map(
      (partition) => [partition, partition.admissions.begin(producerId, producerEpoch, adds)] as const,
    )
    try {
      const { error, missing } = await this.#gate.admit({
        transactionalId: request.transactionalId!,
        producerId,
        producerEpoch,
        partitions: byTopic(partitions),
        adds,
      })
      const absent = new PartitionSet(missing)
      const admitted = new Map<Partition, Admission | ProduceRefusal>()
      for (const [partition, admission] of admissions) {
        const isMissing = absent.has(partition.topic, partition.index)
        const refusal = refusalOf(isMissing ? 'TRANSACTION_ABORTABLE' : error, apiVersion)
        admitted.set(partition, refusal ?? admission)
      }
      return { answer: append(admitted) }
    } finally {
      for (const [partition, admission] of admissions) partition.admissions.end(admission)
    }
  }

  /** Who writes by the request, and where it would begin; null: there is no transactional batch in it. */
  #writerOf(request: ProduceRequest, apiVersion: number): Writer | null {
    let producerId = -1
    let producerEpoch = -1
    const partitions = new Set<Partition>()
    for (const { name, topicId, partitionData } of request.topicData) {
      const topic = apiVersion >= 13 ? this.#registry.topicName(topicId) : name
      for (const { index, records } of partitionData) {
        const batch = records as Buffer | null
        if (batch === null || batch.length < BATCH_HEADER_BYTES || !batchIsTransactional(batch, 0)) continue
        producerId = batchProducerId(batch, 0)
        producerEpoch = batchProducerEpoch(batch, 0)
        const partition = topic === undefined ? undefined : this.#registry.get(topic, index)
        if (partition === undefined || partition.checkLeader(-1) !== 0) continue
        if (!partition.producers.isInTransaction(producerId, producerEpoch)) partitions.add(partition)
      }
    }
    return producerId < 0 ? null : { producerId, producerEpoch, partitions: [...partitions] }
  }
}

/** What a producer hears of what the coordinator says; null: it may write. As Kafka's, by what clients understand. */
function refusalOf(error: ErrorName, apiVersion: number): ProduceRefusal | null {
  if (error === 'NONE') return null
  if (error === 'TRANSACTION_ABORTABLE' && apiVersion < ABORTABLE_SINCE)
    return {
      errorCode: ERROR_CODES.INVALID_TXN_STATE,
      message: 'the partition was not added to the transaction',
    }
  if (error === 'PRODUCER_FENCED') return { errorCode: ERROR_CODES.INVALID_PRODUCER_EPOCH, message: null }
  const passes =
    isCoordinatorAway(error) || (error === 'CONCURRENT_TRANSACTIONS' && apiVersion < IMPLICIT_ADD_SINCE)
  if (passes)
    return {
      errorCode: ERROR_CODES.NOT_ENOUGH_REPLICAS,
      message: `the coordinator of the transaction does not say whether the partition is part of it: ${error}`,
    }
  return { errorCode: ERROR_CODES[error], message: null }
}

function byTopic(partitions: readonly Partition[]): readonly TopicPartitions[] {
  const topics = new Map<string, number[]>()
  for (const { topic, index } of partitions) {
    const indexes = topics.get(topic)
    if (indexes === undefined) topics.set(topic, [index])
    else indexes.push(index)
  }
  return [...topics].map(([topic, indexes]) => ({ topic, partitions: indexes }))
}
