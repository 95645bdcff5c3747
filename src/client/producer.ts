import { ByteBudget } from '../base/byte-budget.ts'
import type { Timer } from '../base/environment.ts'
import { isDecompressionError, loadCompression } from '../protocol/compression.ts'
import { ERROR_CODES } from '../protocol/error-codes.ts'
import { defaultInitProducerIdRequest } from '../protocol/generated/transactions.ts'
import type { Compression } from '../protocol/record-batch.ts'
import { encodeBatch } from '../protocol/records.ts'
import { BadAnswerError, ClientError, KafkaError, RefusedError, throwOnError } from './client-error.ts'
import type { Cluster } from './cluster.ts'
import type { TopicMetadata } from './metadata-cache.ts'
import { noSuchPartition } from './partition-range.ts'
import { partitionOfKey, StickyPartitioner } from './partitioner.ts'
import { partitionKey } from './position.ts'
import {
  type ProduceEntry,
  type ProduceOutcome,
  produceOutcomes,
  produceRequest,
  produceVersionMax,
} from './produce-request.ts'
import { estimateBytes, type ProducerBatch, type ProducerIdentity } from './producer-batch.ts'
import { ProducerLane } from './producer-lane.ts'
import type { OutgoingRecord, Receipt } from './record.ts'
import { backoff, RETRY_POLICY } from './retry.ts'

/** How a producer writes. */
export interface ProducerOptions {
  /** -1: when all in-sync replicas have it. 1: when the leader has. 0: no answer at all, offsets stay unknown. */
  readonly acks?: -1 | 0 | 1
  readonly compression?: Compression
  /** How long a batch that is not full waits for more records. */
  readonly lingerMs?: number
  /** Bytes of records (before compression) at which a batch goes. A larger record makes a batch of its own. */
  readonly batchBytesMax?: number
  /** Bytes of records that may be on their way; `send` waits beyond. */
  readonly bufferBytesMax?: number
  /** From `send` to giving up. */
  readonly deliveryTimeoutMs?: number
  /** How long a broker may wait for its replicas. */
  readonly requestTimeoutMs?: number
  /** The broker drops what a retry sends twice. Needs acks -1. */
  readonly idempotent?: boolean
}

const DEFAULTS = {
  acks: -1,
  compression: 'none',
  lingerMs: 5,
  batchBytesMax: 512 * 1024,
  bufferBytesMax: 64 * 1024 * 1024,
  deliveryTimeoutMs: 120_000,
  requestTimeoutMs: 30_000,
  idempotent: false,
} as const satisfies Required<ProducerOptions>

/** How long the answer to a request may take beyond what the broker was given. */
const ANSWER_GRACE_MS = 5_000

/**
 * Writes records: gathers them into a batch for each partition, sends the batches to the partitions' leaders, and
 * repeats what failed and may succeed. Records of one partition are stored in the order of `send`. Without
 * `idempotent`, a retry after a lost answer can store a batch twice.
 */
export class Producer {
  readonly #cluster: Cluster
  readonly #options: Required<ProducerOptions>
  readonly #lanes = new Map<string, ProducerLane>()
  readonly #topics = new Map<string, Promise<TopicMetadata>>()
  readonly #lookingUp = new Set<string>()
  readonly #sticky: StickyPartitioner
  readonly #budget: ByteBudget
  readonly #unsettled = new Set<Promise<unknown>>()
  #identity: Promise<ProducerIdentity> | null = null
  #wake: Timer | null = null
  #closed = false

  constructor(cluster: Cluster, options: ProducerOptions = {}) {
    this.#cluster = cluster
    this.#options = { ...DEFAULTS, ...options }
    if (this.#options.idempotent && this.#options.acks !== -1)
      throw new RefusedError('an idempotent producer needs acks=all: only then does a broker say what it has')
    this.#sticky = new StickyPartitioner(cluster.environment)
    this.#budget = new ByteBudget(this.#options.bufferBytesMax)
  }

  /** Resolves when the record is stored as `acks` asks. Throws ClientError when it is not, or is not known to be. */
  send(topic: string, record: OutgoingRecord): Promise<Receipt> {
    if (this.#closed) return Promise.reject(new RefusedError('the producer is closed'))
    const sent = this.#send(topic, record)
    this.#unsettled.add(sent)
    const settled = (): void => void this.#unsettled.delete(sent)
    sent.then(settled, settled)
    return sent
  }

  /** Sends what gathers without waiting for more; resolves when all that was sent before is settled, well or not. */
  async flush(): Promise<void> {
    const unsettled = [...this.#unsettled]
    await Promise.allSettled(this.#topics.values())
    for (const lane of this.#lanes.values()) lane.closeAll()
    this.#dispatch()
    await Promise.allSettled(unsettled)
  }

  /** Flushes; nothing can be sent afterwards. */
  async close(): Promise<void> {
    this.#closed = true
    await this.flush()
    this.#wake?.cancel()
  }

  async #send(topic: string, record: OutgoingRecord): Promise<Receipt> {
    const bytes = estimateBytes(record)
    const metadata = await this.#prepare(topic)
    await this.#takeBudget(bytes)
    try {
      return await this.#enqueue(metadata, record, bytes)
    } finally {
      this.#budget.release(bytes)
    }
  }

  #enqueue(metadata: TopicMetadata, record: OutgoingRecord, bytes: number): Promise<Receipt> {
    const topic = metadata.name
    const partition = this.#choosePartition(metadata, record)
    const lane = this.#lane(topic, partition)
    const { environment } = this.#cluster
    return new Promise((resolve, reject) => {
      const pending = {
        record,
        bytes,
        timestampMs: record.timestampMs ?? environment.wallMs(),
        resolve: (offset: number, timestampMs: number) => resolve({ topic, partition, offset, timestampMs }),
        reject,
      }
      const { opened, closed } = lane.add(pending, environment.monotonicMs(), this.#options.batchBytesMax)
      if (closed) this.#sticky.batchClosed(topic, partition)
      if (closed) this.#dispatch()
      else if (opened) this.#wakeAfter(this.#options.lingerMs)
    })
  }

  /** All records of a topic wait for the same look-up, so that they stay in order. */
  #prepare(topic: string): Promise<TopicMetadata> {
    let preparing = this.#topics.get(topic)
    if (preparing === undefined) {
      preparing = this.#cluster.retrying({ topics: [topic] }, () => this.#cluster.topic(topic))
      this.#topics.set(topic, preparing)
      this.#lookingUp.add(topic)
      preparing.catch(() => this.#topics.delete(topic)).finally(() => this.#lookingUp.delete(topic))
    }
    return preparing
  }

  #choosePartition(metadata: TopicMetadata, record: OutgoingRecord): number {
    const { partitions, name } = metadata
    if (record.partition !== undefined) {
      if (partitions[record.partition] !== undefined) return record.partition
      throw new RefusedError(noSuchPartition(name, partitions.length, record.partition))
    }
    if (record.key !== undefined && record.key !== null) return partitionOfKey(record.key, partitions.length)
    const available = partitions.filter(({ leaderId }) => leaderId >= 0)
    return this.#sticky.partition(
      name,
      (available.length > 0 ? available : partitions).map(({ index }) => index),
    )
  }

  #lane(topic: string, partition: number): ProducerLane {
    const key = partitionKey(topic, partition)
    const known = this.#lanes.get(key)
    if (known !== undefined) return known
    const lane = new ProducerLane(topic, partition)
    this.#lanes.set(key, lane)
    return lane
  }

  #takeBudget(bytes: number): Promise<void> | undefined {
    let granted = (): void => {}
    const waiting = new Promise<void>((resolve) => {
      granted = resolve
    })
    return this.#budget.take(bytes, () => granted()) ? undefined : waiting
  }

  #wakeAfter(delayMs: number): void {
    if (this.#wake !== null) return
    this.#wake = this.#cluster.environment.setTimer(delayMs, () => {
      this.#wake = null
      this.#dispatch()
    })
  }

  /** Sends every lane's first batch that is due. */
  #dispatch(): void {
    const nowMs = this.#cluster.environment.monotonicMs()
    const due: ProducerLane[] = []
    let waitMs = Number.POSITIVE_INFINITY
    for (const lane of this.#lanes.values()) {
      if (lane.isDue(nowMs, this.#options.lingerMs)) {
        lane.busy = true
        due.push(lane)
      } else if (!lane.busy && lane.first !== undefined) {
        waitMs = Math.min(waitMs, lane.first.createdMs + this.#options.lingerMs - nowMs)
      }
    }
    if (waitMs < Number.POSITIVE_INFINITY) this.#wakeAfter(Math.max(0, waitMs))
    if (due.length > 0) void this.#sendLanes(due)
  }

  /** The lanes are busy; each is settled or set to be tried again, whatever happens. */
  async #sendLanes(lanes: readonly ProducerLane[]): Promise<void> {
    let identity: ProducerIdentity | null = null
    try {
      if (this.#options.idempotent) identity = await this.#takeIdentity()
    } catch (error) {
      for (const lane of lanes) this.#settleFailure(lane, lane.begin(null), asError(error))
      return
    }
    const byNode = new Map<number, ProducerLane[]>()
    for (const lane of lanes) {
      const batch = lane.begin(identity)
      this.#sticky.batchClosed(lane.topic, lane.partition)
      try {
        const { nodeId } = await this.#cluster.leader(lane.topic, lane.partition)
        byNode.set(nodeId, [...(byNode.get(nodeId) ?? []), lane])
      } catch (error) {
        this.#settleFailure(lane, batch, asError(error))
      }
    }
    await Promise.all([...byNode].map(([nodeId, list]) => this.#sendToNode(nodeId, list)))
  }

  async #sendToNode(nodeId: number, lanes: readonly ProducerLane[]): Promise<void> {
    const { acks, requestTimeoutMs } = this.#options
    try {
      const entries = await Promise.all(lanes.map((lane) => this.#encode(lane)))
      const connection = await this.#cluster.connection(nodeId, 'produce')
      const body = produceRequest(entries, { acks, timeoutMs: requestTimeoutMs })
      const versionMax = produceVersionMax(entries)
      if (acks === 0) {
        await connection.sendOnly('Produce', body, { versionMax })
        for (const lane of lanes)
          this.#settle(lane, { errorCode: 0, errorMessage: null, baseOffset: -1, appendTimeMs: -1 })
        return
      }
      const answer = await connection.request('Produce', body, {
        versionMax,
        timeoutMs: requestTimeoutMs + ANSWER_GRACE_MS,
      })
      const outcomes = produceOutcomes(entries, answer)
      for (const lane of lanes) this.#settle(lane, outcomes.get(partitionKey(lane.topic, lane.partition)))
    } catch (error) {
      for (const lane of lanes) if (lane.busy) this.#settleFailure(lane, lane.first!, asError(error))
    }
  }

  async #encode(lane: ProducerLane): Promise<ProduceEntry> {
    const { id } = await this.#cluster.topic(lane.topic)
    if (this.#options.compression === 'zstd') await loadCompression()
    const { records, sequence } = lane.first!
    const batch = encodeBatch({
      records: records.map(({ record, timestampMs }) => ({
        key: record.key ?? null,
        value: record.value,
        headers: record.headers ?? [],
        timestamp: timestampMs,
      })),
      compression: this.#options.compression,
      ...sequence,
    })
    return { topic: lane.topic, topicId: id, partition: lane.partition, batch }
  }

  #settle(lane: ProducerLane, outcome: ProduceOutcome | undefined): void {
    const batch = lane.first!
    const where = `write to ${lane.topic} [${lane.partition}]`
    if (outcome === undefined) {
      this.#settleFailure(
        lane,
        batch,
        new BadAnswerError(`the broker's answer leaves out ${lane.topic} [${lane.partition}]`),
      )
      return
    }
    const { errorCode, errorMessage, baseOffset, appendTimeMs } = outcome
    if (errorCode === ERROR_CODES.MESSAGE_TOO_LARGE && batch.records.length > 1) {
      lane.splitFirst()
      this.#dispatch()
    } else if (errorCode === 0 || errorCode === ERROR_CODES.DUPLICATE_SEQUENCE_NUMBER) {
      this.#cluster.obstacles.clear(lane)
      lane.finish().succeed(errorCode === 0 ? baseOffset : -1, appendTimeMs)
      this.#dispatch()
    } else {
      this.#settleFailure(lane, batch, new KafkaError(errorCode, where, { brokerMessage: errorMessage }))
    }
  }

  /** Tries the batch again after a pause, or gives it up. */
  #settleFailure(lane: ProducerLane, batch: ProducerBatch, error: Error): void {
    const { environment } = this.#cluster
    const policy = { ...RETRY_POLICY, timeoutMs: this.#options.deliveryTimeoutMs }
    const pauseMs = backoff(policy, batch.tries - 1, environment.random())
    const ageMs = environment.monotonicMs() - batch.createdMs
    const retriable = error instanceof ClientError && error.retriable
    if (retriable && ageMs + pauseMs < policy.timeoutMs) {
      this.#cluster.forgetTopic(lane.topic)
      this.#cluster.obstacles.meet(lane, error.message)
      // Not while records wait for it: a second look-up could let later ones pass them.
      if (!this.#lookingUp.has(lane.topic)) this.#topics.delete(lane.topic)
      environment.setTimer(pauseMs, () => {
        lane.busy = false
        this.#dispatch()
      })
      return
    }
    // Whatever was wrong, the sequence now has a hole where this batch was or was not: what follows starts a new one.
    if (batch.sequence !== null) this.#identity = null
    this.#cluster.obstacles.clear(lane)
    lane.finish().fail(error)
    this.#dispatch()
  }

  #takeIdentity(): Promise<ProducerIdentity> {
    if (this.#identity === null) {
      const taking = this.#cluster.retrying({}, async () => {
        const answer = await this.#cluster.any('InitProducerId', {
          ...defaultInitProducerIdRequest(),
          transactionalId: null,
          transactionTimeoutMs: this.#options.requestTimeoutMs,
        })
        throwOnError(answer.errorCode, 'get a producer id')
        return { producerId: answer.producerId, producerEpoch: answer.producerEpoch }
      })
      this.#identity = taking
      taking.catch(() => {
        if (this.#identity === taking) this.#identity = null
      })
    }
    return this.#identity
  }
}

function asError(error: unknown): Error {
  if (isDecompressionError(error))
    return new RefusedError(`cannot compress: ${error.message}`, { cause: error })
  return error instanceof Error ? error : new Error(String(error))
}
