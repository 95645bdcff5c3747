import { ZERO_UUID } from '../../../src/base/uuid.ts'
import { throwOnError } from '../../../src/client/client-error.ts'
import type { Cluster } from '../../../src/client/cluster.ts'
import {
  defaultProduceRequest,
  defaultProduceRequestTopicData,
} from '../../../src/protocol/generated/produce-fetch.ts'
import {
  defaultEndTxnRequest,
  defaultInitProducerIdRequest,
  defaultTxnOffsetCommitRequest,
  defaultTxnOffsetCommitRequestTopic,
  defaultTxnOffsetCommitRequestTopicPartition,
} from '../../../src/protocol/generated/transactions.ts'
import { encodeBatch } from '../../../src/protocol/records.ts'

/** The last version that names topics; transactions of version 2 begin with it. */
const PRODUCE_VERSION = 12

/**
 * A producer that makes transactions of version 2 (KIP-890): partitions join by being written to, and each end brings a
 * new epoch. One call at a time. What a broker that comes back can still answer is asked again.
 */
export class TransactionalWriter {
  readonly #cluster: Cluster
  readonly #transactionalId: string
  #producer = { producerId: -1, producerEpoch: -1 }
  /** By topic and partition; begins anew with each transaction. */
  readonly #sequences = new Map<string, number>()

  private constructor(cluster: Cluster, transactionalId: string) {
    this.#cluster = cluster
    this.#transactionalId = transactionalId
  }

  /** Takes over the transactional id. What a predecessor had open is over when this resolves. */
  static async open(
    cluster: Cluster,
    transactionalId: string,
    timeoutMs: number,
  ): Promise<TransactionalWriter> {
    const writer = new TransactionalWriter(cluster, transactionalId)
    const { producerId, producerEpoch } = await writer.#asked('start', async (coordinator) => {
      const request = { ...defaultInitProducerIdRequest(), transactionalId, transactionTimeoutMs: timeoutMs }
      return await cluster.onNode(coordinator, 'InitProducerId', request)
    })
    writer.#producer = { producerId, producerEpoch }
    return writer
  }

  /** Writes the values as one batch. */
  async write(topic: string, partition: number, values: readonly string[]): Promise<void> {
    const cluster = this.#cluster
    const key = `${topic} ${partition}`
    const baseSequence = this.#sequences.get(key) ?? 0
    const records = encodeBatch({
      records: values.map((value) => ({ key: null, value: Buffer.from(value) })),
      isTransactional: true,
      baseSequence,
      ...this.#producer,
    })
    const topicData = {
      ...defaultProduceRequestTopicData(),
      name: topic,
      topicId: ZERO_UUID,
      partitionData: [{ index: partition, records }],
    }
    const request = {
      ...defaultProduceRequest(),
      transactionalId: this.#transactionalId,
      acks: -1,
      timeoutMs: 30_000,
      topicData: [topicData],
    }
    await cluster.retrying({ topics: [topic] }, async () => {
      const { nodeId } = await cluster.leader(topic, partition)
      const answer = await cluster.onNode(nodeId, 'Produce', request, { versionMax: PRODUCE_VERSION })
      throwOnError(answer.responses[0]!.partitionResponses[0]!.errorCode, `write to ${key}`)
    })
    this.#sequences.set(key, baseSequence + values.length)
  }

  /** Makes offsets of a group part of the transaction, as one who is no member of it. */
  async sendOffsets(groupId: string, topic: string, offsets: ReadonlyMap<number, number>): Promise<void> {
    const cluster = this.#cluster
    const partitions = [...offsets].map(([partitionIndex, committedOffset]) => ({
      ...defaultTxnOffsetCommitRequestTopicPartition(),
      partitionIndex,
      committedOffset,
    }))
    const request = {
      ...defaultTxnOffsetCommitRequest(),
      ...this.#producer,
      transactionalId: this.#transactionalId,
      groupId,
      topics: [{ ...defaultTxnOffsetCommitRequestTopic(), name: topic, partitions }],
    }
    await cluster.retrying({ groupId }, async () => {
      const answer = await cluster.onNode(await cluster.coordinator(groupId), 'TxnOffsetCommit', request)
      for (const { partitions: answered } of answer.topics)
        for (const { errorCode } of answered) throwOnError(errorCode, 'send offsets')
    })
  }

  async end(committed: boolean): Promise<void> {
    const transactionalId = this.#transactionalId
    const request = { ...defaultEndTxnRequest(), ...this.#producer, transactionalId, committed }
    const { producerId, producerEpoch } = await this.#asked('end', async (coordinator) => {
      return await this.#cluster.onNode(coordinator, 'EndTxn', request)
    })
    this.#producer = { producerId, producerEpoch }
    this.#sequences.clear()
  }

  #asked<Answer extends { readonly errorCode: number }>(
    verb: string,
    ask: (coordinator: number) => Promise<Answer>,
  ): Promise<Answer> {
    const transactionalId = this.#transactionalId
    return this.#cluster.retrying({ transactionalId }, async () => {
      const answer = await ask(await this.#cluster.transactionCoordinator(transactionalId))
      throwOnError(answer.errorCode, `${verb} a transaction`)
      return answer
    })
  }
}
