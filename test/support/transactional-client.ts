import { ZERO_UUID } from '../../src/base/uuid.ts'
import { type ErrorName, errorName } from '../../src/protocol/error-codes.ts'
import { encodeBatch } from '../../src/protocol/records.ts'
import { fetchOne } from './data-requests.ts'
import type { WireClient } from './wire-client.ts'

/** What a request may say instead of what the client has. */
export interface Said {
  readonly version?: number
  readonly transactionalId?: string | null
  readonly producerId?: number
  readonly producerEpoch?: number
}

export type Partitions = Readonly<Record<string, readonly number[]>>

interface Producer {
  readonly producerId: number
  readonly producerEpoch: number
}

/** A transactional producer that says exactly what a test wants. It remembers what it was given by `init` and `end`. */
export class TransactionalClient {
  readonly wire: WireClient
  readonly transactionalId: string
  producerId = -1
  producerEpoch = -1

  constructor(wire: WireClient, transactionalId: string) {
    this.wire = wire
    this.transactionalId = transactionalId
  }

  get producer(): Producer {
    return { producerId: this.producerId, producerEpoch: this.producerEpoch }
  }

  #said(said: Said): Producer & { transactionalId: string } {
    const { transactionalId, producerId, producerEpoch } = said
    return {
      transactionalId: transactionalId ?? this.transactionalId,
      producerId: producerId ?? this.producerId,
      producerEpoch: producerEpoch ?? this.producerEpoch,
    }
  }

  /** Asks for the coordinators, which makes their topics. */
  async findCoordinators(groupId: string): Promise<void> {
    for (const [keyType, key] of [groupId, this.transactionalId].entries())
      await this.wire.call('FindCoordinator', 4, { key: '', keyType, coordinatorKeys: [key] })
  }

  async init(
    expected: Producer = { producerId: -1, producerEpoch: -1 },
    options: { version?: number; timeoutMs?: number } = {},
  ): Promise<Producer & { error: ErrorName }> {
    const { version = 5, timeoutMs = 60_000 } = options
    const { transactionalId } = this
    const request = { transactionalId, transactionTimeoutMs: timeoutMs, ...expected }
    const answer = await this.wire.call('InitProducerId', version, request)
    const { errorCode, producerId, producerEpoch } = answer
    if (errorCode === 0) Object.assign(this, { producerId, producerEpoch })
    return { error: errorName(errorCode), producerId, producerEpoch }
  }

  /** The error of each partition, in the order of the request. */
  async addPartitions(
    partitions: Partitions,
    said: Said & { verifyOnly?: boolean } = {},
  ): Promise<ErrorName[]> {
    const { version = 3, verifyOnly = false } = said
    const { transactionalId, producerId, producerEpoch } = this.#said(said)
    const topics = Object.entries(partitions).map(([name, indexes]) => ({ name, partitions: [...indexes] }))
    const isBatch = version >= 4
    const transaction = { transactionalId, producerId, producerEpoch, verifyOnly, topics }
    const answer = await this.wire.call('AddPartitionsToTxn', version, {
      transactions: isBatch ? [transaction] : [],
      v3AndBelowTransactionalId: isBatch ? '' : transactionalId,
      v3AndBelowProducerId: isBatch ? 0 : producerId,
      v3AndBelowProducerEpoch: isBatch ? 0 : producerEpoch,
      v3AndBelowTopics: isBatch ? [] : topics,
    })
    const results = isBatch ? answer.resultsByTransaction[0]!.topicResults : answer.resultsByTopicV3AndBelow
    return results.flatMap(({ resultsByPartition }) =>
      resultsByPartition.map(({ partitionErrorCode }) => errorName(partitionErrorCode)),
    )
  }

  async addOffsets(groupId: string, said: Said = {}): Promise<ErrorName> {
    const { version = 3 } = said
    const answer = await this.wire.call('AddOffsetsToTxn', version, { ...this.#said(said), groupId })
    return errorName(answer.errorCode)
  }

  /** One record, at partition 0 unless told otherwise. */
  async write(
    topic: string,
    sequence: number,
    said: Said & { value?: string; index?: number; isTransactional?: boolean } = {},
  ): Promise<{ error: ErrorName; baseOffset: number }> {
    const { version = 9, value = 'v', index = 0, isTransactional = true } = said
    const { producerId, producerEpoch, transactionalId } = this.#said(said)
    const records = encodeBatch({
      records: [{ timestamp: Date.now(), key: null, value: Buffer.from(value) }],
      producerId,
      producerEpoch,
      baseSequence: sequence,
      isTransactional,
    })
    const answer = await this.wire.call('Produce', version, {
      transactionalId: said.transactionalId === null ? null : transactionalId,
      acks: -1,
      timeoutMs: 30_000,
      topicData: [{ name: topic, topicId: ZERO_UUID, partitionData: [{ index, records }] }],
    })
    const { errorCode, baseOffset } = answer.responses[0]!.partitionResponses[0]!
    return { error: errorName(errorCode), baseOffset }
  }

  /** Of partition 0. */
  async commitOffset(
    groupId: string,
    topic: string,
    offset: number,
    said: Said & { generation?: number; memberId?: string } = {},
  ): Promise<ErrorName> {
    const { version = 3, generation = -1, memberId = '' } = said
    const partition = { partitionIndex: 0, committedLeaderEpoch: -1, committedMetadata: '' }
    const answer = await this.wire.call('TxnOffsetCommit', version, {
      ...this.#said(said),
      groupId,
      generationId: generation,
      memberId,
      groupInstanceId: null,
      topics: [{ name: topic, partitions: [{ ...partition, committedOffset: offset }] }],
    })
    return errorName(answer.topics[0]!.partitions[0]!.errorCode)
  }

  async end(committed: boolean, said: Said = {}): Promise<Producer & { error: ErrorName }> {
    const { version = 4 } = said
    const answer = await this.wire.call('EndTxn', version, { ...this.#said(said), committed })
    const { errorCode, producerId, producerEpoch } = answer
    if (errorCode === 0 && version >= 5) Object.assign(this, { producerId, producerEpoch })
    return { error: errorName(errorCode), producerId, producerEpoch }
  }

  async state(): Promise<string> {
    const request = { transactionalIds: [this.transactionalId] }
    const { transactionStates } = await this.wire.call('DescribeTransactions', 0, request)
    const { errorCode, transactionState } = transactionStates[0]!
    return errorCode === 0 ? transactionState : errorName(errorCode)
  }

  /** Resolves when the coordinator has written every marker. */
  async settled(): Promise<void> {
    while ((await this.state()).startsWith('Prepare'));
  }

  /** Offset of partition 0, or the error. */
  async committedOffset(groupId: string, topic: string, requireStable = true): Promise<number | ErrorName> {
    const answer = await this.wire.call('OffsetFetch', 7, {
      groupId,
      topics: [{ name: topic, partitionIndexes: [0] }],
      groups: [],
      requireStable,
    })
    const { errorCode, committedOffset } = answer.topics[0]!.partitions[0]!
    return errorCode === 0 ? committedOffset : errorName(errorCode)
  }

  /** What a consumer of committed records finds in partition 0, from the start. */
  fetchCommitted(topic: string, maxWaitMs = 0): ReturnType<typeof fetchOne> {
    return fetchOne(this.wire, topic, { fetchOffset: 0 }, { isolationLevel: 1, maxWaitMs })
  }
}
