import { loadCompression } from '../protocol/compression.ts'
import { ERROR_CODES } from '../protocol/error-codes.ts'
import { BadAnswerError, ClientError, KafkaError, throwOnError } from './client-error.ts'
import type { Cluster } from './cluster.ts'
import {
  type FetchEntry,
  type FetchLimits,
  type FetchOutcome,
  fetchOutcomes,
  fetchRequest,
  fetchVersionMax,
} from './fetch-request.ts'
import { decodeFetched, usesZstd } from './fetched-records.ts'
import { type IsolationLevel, resolveOffsets } from './offsets.ts'
import { partitionKey, type TopicPartition } from './position.ts'
import type { ConsumedRecord } from './record.ts'
import { backoff, RETRY_POLICY } from './retry.ts'

/** How a consumer reads. */
export interface ConsumerOptions {
  /** How long a broker may wait for `minBytes`. */
  readonly maxWaitMs?: number
  readonly minBytes?: number
  readonly maxBytes?: number
  readonly partitionBytesMax?: number
  /** 1, read committed: nothing of transactions that were given up or are still open. */
  readonly isolationLevel?: IsolationLevel
  /** Where to go on when an offset is not in the log (any more); `fail` makes poll throw OFFSET_OUT_OF_RANGE. */
  readonly whenOutOfRange?: 'earliest' | 'latest' | 'fail'
  /** How long a partition may fail with retriable errors before poll throws the last of them. */
  readonly patienceMs?: number
}

const DEFAULTS = {
  maxWaitMs: 500,
  minBytes: 1,
  maxBytes: 16 * 1024 * 1024,
  partitionBytesMax: 1024 * 1024,
  isolationLevel: 1,
  whenOutOfRange: 'earliest',
  patienceMs: 60_000,
} as const satisfies Required<ConsumerOptions>

/** How long the answer to a fetch may take beyond what the broker was allowed to wait. */
const ANSWER_GRACE_MS = 30_000

interface Reading extends TopicPartition {
  offset: number
  /** Asked for, or paused after a failure: not to be asked for. */
  busy: boolean
  /** A fetch that was answered and not yet given out, and by whom. */
  fetched: FetchOutcome | null
  nodeId: number
  failures: number
  failingSinceMs: number
}

/**
 * Reads the partitions that it is told to, from the offsets that it is told. One fetch a broker is under way while the
 * caller works on what came before; a partition is asked for again when its records have been given out.
 */
export class Consumer {
  readonly #cluster: Cluster
  readonly #options: Required<ConsumerOptions>
  readonly #readings = new Map<string, Reading>()
  readonly #busyNodes = new Set<number>()
  #failure: Error | null = null
  #wake: (() => void) | null = null
  #closed = false

  constructor(cluster: Cluster, options: ConsumerOptions = {}) {
    this.#cluster = cluster
    this.#options = { ...DEFAULTS, ...options }
  }

  /** Reads these partitions from now on, and no others. What was fetched of others, or before, is dropped. */
  assign(partitions: readonly (TopicPartition & { offset: number })[]): void {
    this.#forgetAll()
    this.#failure = null
    for (const { topic, partition, offset } of partitions)
      this.#readings.set(partitionKey(topic, partition), {
        topic,
        partition,
        offset,
        busy: false,
        fetched: null,
        nodeId: -1,
        failures: 0,
        failingSinceMs: 0,
      })
  }

  /** No longer reads a partition. */
  drop(topic: string, partition: number): void {
    const key = partitionKey(topic, partition)
    const reading = this.#readings.get(key)
    if (reading !== undefined) this.#cluster.obstacles.clear(reading)
    this.#readings.delete(key)
  }

  /** The next offset of every partition that is read: behind what poll has given out, and behind markers and gaps. */
  positions(): (TopicPartition & { offset: number })[] {
    return [...this.#readings.values()].map(({ topic, partition, offset }) => ({ topic, partition, offset }))
  }

  /**
   * The next records, all of one partition and in order; none when `timeoutMs` passed, or when a partition moved on
   * over records that are not given out (markers, transactions that were given up). Throws ClientError: what cannot be
   * read, or could not for longer than `patienceMs`.
   */
  async poll(timeoutMs: number): Promise<ConsumedRecord[]> {
    const { environment } = this.#cluster
    const deadlineMs = environment.monotonicMs() + timeoutMs
    while (!this.#closed) {
      if (this.#failure !== null) throw this.#takeFailure()
      const ready = this.#nextReady()
      if (ready !== undefined) return this.#giveOut(ready)
      this.#fetchIdle()
      const leftMs = deadlineMs - environment.monotonicMs()
      if (leftMs <= 0) return []
      await this.#sleep(leftMs)
    }
    return []
  }

  /** Reads nothing any more. The cluster stays open. */
  close(): void {
    this.#closed = true
    this.#forgetAll()
    this.#wake?.()
  }

  #forgetAll(): void {
    for (const reading of this.#readings.values()) this.#cluster.obstacles.clear(reading)
    this.#readings.clear()
  }

  #takeFailure(): Error {
    const failure = this.#failure!
    this.#failure = null
    return failure
  }

  #nextReady(): Reading | undefined {
    for (const [key, reading] of this.#readings) {
      if (reading.fetched === null) continue
      // To the back of the line: no partition starves the others.
      this.#readings.delete(key)
      this.#readings.set(key, reading)
      return reading
    }
    return undefined
  }

  async #giveOut(reading: Reading): Promise<ConsumedRecord[]> {
    const fetched = reading.fetched!
    if (usesZstd(fetched.bytes)) await loadCompression()
    const { records, nextOffset } = decodeFetched(fetched, reading.offset)
    if (nextOffset === reading.offset && fetched.bytes.length > 0)
      throw new BadAnswerError(`the broker sent no whole batch of ${reading.topic} [${reading.partition}]`)
    reading.fetched = null
    reading.offset = nextOffset
    this.#fetchIdle()
    return records
  }

  #sleep(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#cluster.environment.setTimer(timeoutMs, () => this.#wake?.())
      this.#wake = () => {
        this.#wake = null
        timer.cancel()
        resolve()
      }
    })
  }

  /**
   * Asks for every partition that has nothing under way, at brokers of which nothing is under way or left to give out:
   * else a fetch of quiet partitions would be parked, and the busy ones would wait for it.
   */
  #fetchIdle(): void {
    const idle = [...this.#readings.values()].filter((reading) => !reading.busy && reading.fetched === null)
    if (idle.length === 0 || this.#closed) return
    for (const reading of idle) reading.busy = true
    void this.#fetch(idle)
  }

  async #fetch(readings: readonly Reading[]): Promise<void> {
    const byNode = new Map<number, Reading[]>()
    for (const reading of readings) {
      try {
        const { nodeId } = await this.#cluster.leader(reading.topic, reading.partition)
        if (this.#busyNodes.has(nodeId) || this.#hasFetchedFrom(nodeId)) reading.busy = false
        else byNode.set(nodeId, [...(byNode.get(nodeId) ?? []), reading])
      } catch (error) {
        this.#failed(reading, error)
      }
    }
    await Promise.all([...byNode].map(([nodeId, list]) => this.#fetchFrom(nodeId, list)))
  }

  #hasFetchedFrom(nodeId: number): boolean {
    for (const reading of this.#readings.values())
      if (reading.fetched !== null && reading.nodeId === nodeId) return true
    return false
  }

  async #fetchFrom(nodeId: number, readings: readonly Reading[]): Promise<void> {
    this.#busyNodes.add(nodeId)
    try {
      const outcomes = await this.#ask(nodeId, readings)
      for (const reading of readings)
        this.#take(reading, nodeId, outcomes.get(partitionKey(reading.topic, reading.partition)))
    } catch (error) {
      for (const reading of readings) this.#failed(reading, error)
    } finally {
      this.#busyNodes.delete(nodeId)
      this.#wake?.()
    }
  }

  async #ask(nodeId: number, readings: readonly Reading[]): Promise<Map<string, FetchOutcome>> {
    const entries: FetchEntry[] = []
    for (const { topic, partition, offset } of readings)
      entries.push({ topic, partition, offset, topicId: (await this.#cluster.topic(topic)).id })
    const limits: FetchLimits = this.#options
    const answer = await this.#cluster.onNode(nodeId, 'Fetch', fetchRequest(entries, limits), {
      lane: 'fetch',
      timeoutMs: limits.maxWaitMs + ANSWER_GRACE_MS,
      versionMax: fetchVersionMax(entries),
    })
    throwOnError(answer.errorCode, 'fetch')
    return fetchOutcomes(entries, answer, limits.isolationLevel)
  }

  #take(reading: Reading, nodeId: number, outcome: FetchOutcome | undefined): void {
    const { topic, partition } = reading
    if (outcome === undefined) {
      this.#failed(reading, new BadAnswerError(`the broker's answer leaves out ${topic} [${partition}]`))
    } else if (
      outcome.errorCode === ERROR_CODES.OFFSET_OUT_OF_RANGE &&
      this.#options.whenOutOfRange !== 'fail'
    ) {
      void this.#reset(reading, this.#options.whenOutOfRange)
    } else if (outcome.errorCode !== 0) {
      this.#failed(
        reading,
        new KafkaError(outcome.errorCode, `read ${topic} [${partition}] at offset ${reading.offset}`),
      )
    } else {
      reading.busy = false
      reading.failures = 0
      this.#cluster.obstacles.clear(reading)
      reading.nodeId = nodeId
      if (outcome.bytes.length > 0) reading.fetched = outcome
    }
  }

  async #reset(reading: Reading, kind: 'earliest' | 'latest'): Promise<void> {
    const { topic, partition } = reading
    try {
      const offsets = await resolveOffsets(
        this.#cluster,
        [{ topic, partition, start: { kind } }],
        this.#options.isolationLevel,
      )
      reading.offset = offsets.get(partitionKey(topic, partition))!
      reading.busy = false
      this.#wake?.()
    } catch (error) {
      this.#failed(reading, error)
    }
  }

  /** Pauses the partition, or gives up. */
  #failed(reading: Reading, error: unknown): void {
    if (this.#readings.get(partitionKey(reading.topic, reading.partition)) !== reading) return
    const { environment } = this.#cluster
    const nowMs = environment.monotonicMs()
    if (reading.failures === 0) reading.failingSinceMs = nowMs
    reading.failures++
    const patient = nowMs - reading.failingSinceMs < this.#options.patienceMs
    if (error instanceof ClientError && error.retriable && patient) {
      this.#cluster.obstacles.meet(reading, error.message)
      this.#cluster.forgetTopic(reading.topic)
      environment.setTimer(backoff(RETRY_POLICY, reading.failures, environment.random()), () => {
        reading.busy = false
        this.#wake?.()
      })
      return
    }
    this.#cluster.obstacles.clear(reading)
    reading.busy = false
    this.#failure = error instanceof Error ? error : new Error(String(error))
    this.#wake?.()
  }
}
