import type { Environment } from '../../../base/environment.ts'
import { type Uuid, ZERO_UUID } from '../../../base/uuid.ts'
import type { RequestOf } from '../../../protocol/api.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'

/** One partition that a consumer reads, as its last request says, and what it was told last. */
export interface FetchTarget {
  /** Empty where the request names topics by id. */
  readonly topic: string
  readonly topicId: Uuid
  readonly index: number
  fetchOffset: number
  currentLeaderEpoch: number
  lastFetchedEpoch: number
  maxBytes: number
  /** Of the answer before; -1 where there was none, so that the first answer names the partition. */
  toldHighWatermark: number
  toldLogStart: number
}

/** A consumer's partitions kept between its fetches (KIP-227), in the order in which they are served. */
export interface FetchSession {
  readonly id: number
  epoch: number
  readonly usesTopicIds: boolean
  readonly targets: Map<string, FetchTarget>
  lastUsedMs: number
}

/** What a request asks for, its session applied. */
export type FetchPlan =
  | { readonly errorCode: number }
  | {
      readonly errorCode: 0
      readonly targets: Map<string, FetchTarget>
      /** null: a full answer outside any session. */
      readonly session: FetchSession | null
      /** Whether partitions without news are left out of the answer. */
      readonly incremental: boolean
    }

type FetchRequest = RequestOf<'Fetch'>

const FINAL_EPOCH = -1
const INITIAL_EPOCH = 0
const EPOCH_MAX = 0x7fffffff
const SESSION_PARTITIONS_MAX = 100_000

/**
 * The sessions of a broker: at most `slotsMax`; a new one takes the place of the one that was idle longest, if that is
 * at least `evictionMs`. Without a slot the answer has session id 0, which every client takes as "no session" (E8).
 */
export class FetchSessions {
  readonly #sessions = new Map<number, FetchSession>()
  readonly #environment: Environment
  readonly #slotsMax: number
  readonly #evictionMs: number

  constructor(environment: Environment, slotsMax = 1000, evictionMs = 120_000) {
    this.#environment = environment
    this.#slotsMax = slotsMax
    this.#evictionMs = evictionMs
  }

  get count(): number {
    return this.#sessions.size
  }

  /** Applies the request to its session, or opens or closes one. */
  plan(request: FetchRequest, apiVersion: number): FetchPlan {
    const usesTopicIds = apiVersion >= 13
    if (request.sessionEpoch === FINAL_EPOCH || request.sessionEpoch === INITIAL_EPOCH) {
      if (request.sessionId !== 0) this.#sessions.delete(request.sessionId)
      const targets = new Map<string, FetchTarget>()
      merge(targets, request)
      const wanted = request.sessionEpoch === INITIAL_EPOCH && targets.size <= SESSION_PARTITIONS_MAX
      const session = wanted ? this.#open(targets, usesTopicIds) : null
      return { errorCode: 0, targets, session, incremental: false }
    }
    const session = this.#sessions.get(request.sessionId)
    if (session === undefined) return { errorCode: ERROR_CODES.FETCH_SESSION_ID_NOT_FOUND }
    if (session.usesTopicIds !== usesTopicIds) return { errorCode: ERROR_CODES.FETCH_SESSION_TOPIC_ID_ERROR }
    if (session.epoch !== request.sessionEpoch) return { errorCode: ERROR_CODES.INVALID_FETCH_SESSION_EPOCH }
    session.epoch = session.epoch === EPOCH_MAX ? 1 : session.epoch + 1
    session.lastUsedMs = this.#environment.monotonicMs()
    for (const topic of request.forgottenTopicsData)
      for (const index of topic.partitions)
        session.targets.delete(targetKey(topic.topic, topic.topicId, index))
    merge(session.targets, request)
    if (session.targets.size > 0)
      return { errorCode: 0, targets: session.targets, session, incremental: true }
    this.#sessions.delete(session.id)
    return { errorCode: 0, targets: session.targets, session: null, incremental: false }
  }

  /** Puts partitions that were served behind those that were not, so that a busy one starves nobody. */
  static served(session: FetchSession, target: FetchTarget): void {
    const key = targetKey(target.topic, target.topicId, target.index)
    if (session.targets.get(key) !== target) return
    session.targets.delete(key)
    session.targets.set(key, target)
  }

  #open(targets: Map<string, FetchTarget>, usesTopicIds: boolean): FetchSession | null {
    const nowMs = this.#environment.monotonicMs()
    if (!this.#makeRoom(nowMs)) return null
    let id = 0
    while (id === 0 || this.#sessions.has(id))
      id = 1 + Math.floor(this.#environment.random() * (EPOCH_MAX - 1))
    const session = { id, epoch: 1, usesTopicIds, targets, lastUsedMs: nowMs }
    this.#sessions.set(id, session)
    return session
  }

  #makeRoom(nowMs: number): boolean {
    if (this.#sessions.size < this.#slotsMax) return true
    let oldest: FetchSession | null = null
    for (const session of this.#sessions.values())
      if (oldest === null || session.lastUsedMs < oldest.lastUsedMs) oldest = session
    if (oldest === null || nowMs - oldest.lastUsedMs < this.#evictionMs) return false
    return this.#sessions.delete(oldest.id)
  }
}

function targetKey(topic: string, topicId: Uuid, index: number): string {
  return `${topicId === ZERO_UUID ? topic : topicId}:${index}`
}

function merge(targets: Map<string, FetchTarget>, request: FetchRequest): void {
  for (const topic of request.topics) {
    for (const asked of topic.partitions) {
      const key = targetKey(topic.topic, topic.topicId, asked.partition)
      const known = targets.get(key)
      if (known !== undefined) {
        known.fetchOffset = asked.fetchOffset
        known.currentLeaderEpoch = asked.currentLeaderEpoch
        known.lastFetchedEpoch = asked.lastFetchedEpoch
        known.maxBytes = asked.partitionMaxBytes
        continue
      }
      targets.set(key, {
        topic: topic.topic,
        topicId: topic.topicId,
        index: asked.partition,
        fetchOffset: asked.fetchOffset,
        currentLeaderEpoch: asked.currentLeaderEpoch,
        lastFetchedEpoch: asked.lastFetchedEpoch,
        maxBytes: asked.partitionMaxBytes,
        toldHighWatermark: -1,
        toldLogStart: -1,
      })
    }
  }
}
