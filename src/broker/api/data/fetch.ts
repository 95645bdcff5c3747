import { type ByteSource, EMPTY_SOURCE, releaseSource } from '../../../base/byte-source.ts'
import type { Environment } from '../../../base/environment.ts'
import type { Mutable } from '../../../base/mutable.ts'
import { Turn } from '../../../base/turn.ts'
import { ZERO_UUID } from '../../../base/uuid.ts'
import type { RequestOf, ResponseOf } from '../../../protocol/api.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import { CLOSE_CONNECTION, type Handler, type RequestContext } from '../../net/handler.ts'
import { type Isolation, NO_EPOCH, type Partition, type PartitionRead } from '../../partition/partition.ts'
import type { PartitionRegistry } from '../../partition/registry.ts'
import { FetchWatch } from '../../partition/waiters.ts'
import { type FetchPlan, type FetchSession, FetchSessions, type FetchTarget } from './fetch-sessions.ts'

type FetchRequest = RequestOf<'Fetch'>
type FetchResponse = ResponseOf<'Fetch'>
type TopicResponse = FetchResponse['responses'][number]
type PartitionResponse = Mutable<TopicResponse['partitions'][number]>
type Plan = Extract<FetchPlan, { errorCode: 0 }>

export interface FetchOptions {
  readonly registry: PartitionRegistry
  readonly sessions: FetchSessions
  readonly environment: Environment
  /** `fetch.max.bytes` of the broker: no answer holds more, but for one batch that is larger by itself. */
  readonly responseBytesMax: number
}

const READ_COMMITTED = 1
/** What a parked fetch keeps: by itself, and for each partition that it looks at again when it wakes. */
const PARKED_BYTES = 1024
const PARKED_TARGET_BYTES = 512
/** How long at most a client is made to wait before it asks again, where its fetch could not wait. */
const THROTTLE_MS_MAX = 500
/** From so many partitions on a fetch takes more than one turn of the event loop where it needs to. */
const LARGE_PARTITIONS_MIN = 500
const LOOK_AT_CLOCK_EVERY = 64
const CURRENT_LEADER_SINCE = 12
const NO_DIVERGENCE = { epoch: -1, endOffset: -1 }
const NO_SNAPSHOT = { endOffset: -1, epoch: -1 }
const NO_LEADER = { leaderId: -1, leaderEpoch: -1 }

/** Reads for consumers, now or when there is enough (E1-E11, KIP-227). Followers have their own port: none is served here. */
export function fetchHandler(options: FetchOptions): Handler<'Fetch'> {
  return (request, context) => {
    const turn = isLarge(request) ? new Turn(options.environment) : null
    const plan = options.sessions.plan(request, context.apiVersion)
    if (plan.errorCode !== 0)
      return { throttleTimeMs: 0, errorCode: plan.errorCode, sessionId: 0, responses: [], nodeEndpoints: [] }
    return new PendingFetch(options, request, context, plan as Plan, turn).run()
  }
}

function isLarge(request: FetchRequest): boolean {
  let count = 0
  for (const { partitions } of request.topics) count += partitions.length
  return count > LARGE_PARTITIONS_MIN
}

/** What one pass over the partitions found. */
interface Reading {
  readonly target: FetchTarget
  readonly partition: Partition | undefined
  readonly response: PartitionResponse
  /** Behind the last record of the answer. */
  endOffset: number
}

class PendingFetch {
  readonly #options: FetchOptions
  /** Of the request: it is not kept itself. */
  readonly #minBytes: number
  readonly #maxBytes: number
  readonly #context: RequestContext
  readonly #plan: Plan
  readonly #isolation: Isolation
  readonly #isFollower: boolean
  readonly #deadlineMs: number
  /** null: there are few partitions, which take no time to speak of. */
  readonly #turn: Turn | null

  constructor(
    options: FetchOptions,
    request: FetchRequest,
    context: RequestContext,
    plan: Plan,
    turn: Turn | null,
  ) {
    this.#options = options
    this.#turn = turn ?? (plan.targets.size > LARGE_PARTITIONS_MIN ? new Turn(options.environment) : null)
    this.#minBytes = request.minBytes
    this.#maxBytes = Math.min(request.maxBytes, options.responseBytesMax)
    this.#context = context
    this.#plan = plan
    this.#isolation = request.isolationLevel === READ_COMMITTED ? 'committed' : 'uncommitted'
    this.#isFollower = request.replicaId >= 0 || request.replicaState.replicaId >= 0
    this.#deadlineMs = options.environment.monotonicMs() + request.maxWaitMs
  }

  async run(): Promise<FetchResponse | typeof CLOSE_CONNECTION> {
    for (;;) {
      const readings: Reading[] = []
      const bytes = await this.#read(readings)
      if (this.#context.connection.closed) {
        release(readings)
        return CLOSE_CONNECTION
      }
      const waitMs = this.#deadlineMs - this.#options.environment.monotonicMs()
      const isEnough = bytes >= this.#minBytes || readings.length === 0 || hasNews(readings)
      const isOver = isEnough || waitMs <= 0 || this.#options.registry.isDraining
      if (isOver || !this.#mayWait()) {
        if (this.#turn?.isOver === true) await this.#turn.next()
        return this.#answer(readings, isOver ? 0 : this.#throttle(waitMs))
      }
      release(readings)
      if (!this.#hasMoved(readings)) await this.#park(readings, this.#minBytes - bytes, waitMs)
    }
  }

  /** One pass over the partitions in order; resolves to the bytes of records found. */
  async #read(readings: Reading[]): Promise<number> {
    let budget = this.#maxBytes
    let bytes = 0
    let count = 0
    for (const target of this.#plan.targets.values()) {
      if (count++ % LOOK_AT_CLOCK_EVERY === 0 && this.#turn?.isOver === true) await this.#turn.next()
      const reading = this.#begin(target)
      readings.push(reading)
      const { partition, response } = reading
      if (partition === undefined || response.errorCode !== 0 || this.#diverges(partition, target, response))
        continue
      const bytesMax = Math.min(target.maxBytes, budget)
      const pending = partition.read(target.fetchOffset, bytesMax, this.#isolation, bytes === 0)
      const read = pending instanceof Promise ? await pending : pending
      fill(response, read)
      reading.endOffset = read.endOffset
      const found = read.source.byteLength
      bytes += found
      budget = Math.max(0, budget - found)
    }
    return bytes
  }

  #begin(target: FetchTarget): Reading {
    const { registry } = this.#options
    const byId = target.topicId !== ZERO_UUID
    const partition = byId
      ? registry.getById(target.topicId, target.index)
      : registry.get(target.topic, target.index)
    const response: PartitionResponse = {
      partitionIndex: target.index,
      errorCode: 0,
      highWatermark: -1,
      lastStableOffset: -1,
      logStartOffset: -1,
      divergingEpoch: NO_DIVERGENCE,
      currentLeader: NO_LEADER,
      snapshotId: NO_SNAPSHOT,
      abortedTransactions: this.#isolation === 'committed' ? [] : null,
      preferredReadReplica: -1,
      records: EMPTY_SOURCE,
    }
    if (partition === undefined) {
      const unknownId = byId && registry.topicName(target.topicId) === undefined
      response.errorCode = unknownId ? ERROR_CODES.UNKNOWN_TOPIC_ID : ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION
      return { target, partition, response, endOffset: target.fetchOffset }
    }
    response.errorCode = this.#isFollower
      ? ERROR_CODES.NOT_LEADER_OR_FOLLOWER
      : partition.checkLeader(target.currentLeaderEpoch)
    if (
      response.errorCode === ERROR_CODES.NOT_LEADER_OR_FOLLOWER &&
      this.#context.apiVersion >= CURRENT_LEADER_SINCE
    )
      response.currentLeader = registry.currentLeader(partition)
    return { target, partition, response, endOffset: target.fetchOffset }
  }

  /** E10: what the client read last is no longer part of the log: it is told where the two part. */
  #diverges(partition: Partition, target: FetchTarget, response: PartitionResponse): boolean {
    if (target.lastFetchedEpoch < 0) return false
    const { epoch, endOffset } = partition.log.endOffsetForEpoch(target.lastFetchedEpoch)
    if (epoch === target.lastFetchedEpoch && endOffset >= target.fetchOffset) return false
    if (epoch < 0) {
      response.errorCode = ERROR_CODES.OFFSET_OUT_OF_RANGE
      return true
    }
    response.divergingEpoch = { epoch, endOffset }
    response.highWatermark = partition.highWatermark
    response.lastStableOffset = partition.lastStableOffset
    response.logStartOffset = partition.logStartOffset
    return true
  }

  #mayWait(): boolean {
    return this.#context.waits(PARKED_BYTES + this.#plan.targets.size * PARKED_TARGET_BYTES)
  }

  /** A client whose fetch could not wait is not to ask again at once (KIP-219). */
  #throttle(waitMs: number): number {
    const throttleMs = Math.ceil(Math.min(waitMs, THROTTLE_MS_MAX))
    this.#context.muteAfterAnswer(throttleMs)
    return throttleMs
  }

  /** Whether more became readable while the pass read from the disk: then waiting for it would wait too long. */
  #hasMoved(readings: readonly Reading[]): boolean {
    for (const { partition, response } of readings) {
      if (partition === undefined) continue
      if (partition.highWatermark !== response.highWatermark || partition.checkLeader(NO_EPOCH) !== 0)
        return true
    }
    return false
  }

  async #park(readings: readonly Reading[], neededBytes: number, waitMs: number): Promise<void> {
    const { environment } = this.#options
    let unsubscribe = (): void => {}
    await new Promise<void>((resolve) => {
      const watch = new FetchWatch(neededBytes, resolve)
      for (const { partition } of readings)
        if (partition !== undefined) watch.watch(partition.watchers(this.#isolation))
      watch.start(environment, waitMs)
      unsubscribe = this.#context.connection.onClose(() => watch.wake())
    })
    unsubscribe()
  }

  #answer(readings: readonly Reading[], throttleTimeMs: number): FetchResponse {
    const { session, incremental } = this.#plan
    const responses: TopicResponse[] = []
    const topics = new Map<string, TopicResponse>()
    for (const { target, partition, response, endOffset } of readings) {
      const byteLength = response.records?.byteLength ?? 0
      if (byteLength > 0) partition!.traffic.fetched(byteLength, target.fetchOffset, endOffset)
      if (session !== null && !isToldOf(session, target, response) && incremental) continue
      const key = target.topicId === ZERO_UUID ? target.topic : target.topicId
      let topic = topics.get(key)
      if (topic === undefined) {
        topic = { topic: target.topic, topicId: target.topicId, partitions: [] }
        topics.set(key, topic)
        responses.push(topic)
      }
      topic.partitions.push(response)
    }
    return { throttleTimeMs, errorCode: 0, sessionId: session?.id ?? 0, responses, nodeEndpoints: [] }
  }
}

/** Whether a partition belongs into an incremental answer; remembers what this answer says of it. */
function isToldOf(session: FetchSession, target: FetchTarget, response: PartitionResponse): boolean {
  const hasRecords = (response.records?.byteLength ?? 0) > 0
  const isNews =
    hasRecords ||
    response.errorCode !== 0 ||
    response.divergingEpoch !== NO_DIVERGENCE ||
    target.toldHighWatermark !== response.highWatermark ||
    target.toldLogStart !== response.logStartOffset
  if (hasRecords) FetchSessions.served(session, target)
  target.toldHighWatermark = response.errorCode === 0 ? response.highWatermark : -1
  target.toldLogStart = response.logStartOffset
  return isNews
}

function fill(response: PartitionResponse, read: PartitionRead): void {
  response.errorCode = read.errorCode
  response.highWatermark = read.highWatermark
  response.lastStableOffset = read.lastStableOffset
  response.logStartOffset = read.logStartOffset
  response.records = read.source
  if (read.abortedTransactions !== null)
    response.abortedTransactions = read.abortedTransactions.map(({ producerId, firstOffset }) => ({
      producerId,
      firstOffset,
    }))
}

/** E1: an error or a divergence is never made to wait. */
function hasNews(readings: readonly Reading[]): boolean {
  for (const { response } of readings)
    if (response.errorCode !== 0 || response.divergingEpoch !== NO_DIVERGENCE) return true
  return false
}

/** A parked fetch holds no files. */
function release(readings: readonly Reading[]): void {
  for (const { response } of readings) {
    releaseSource(response.records as ByteSource)
    response.records = EMPTY_SOURCE
  }
}
