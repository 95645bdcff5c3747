import { ByteAccount } from '../../../base/byte-account.ts'
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
  /** What it keeps, as counted in the account of all sessions. */
  keptBytes: number
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
/** Of all sessions: some 200,000 partitions. */
const KEPT_BYTES_MAX = 64 * 1024 * 1024
/** What a session and one partition of it weigh, beside the names. */
const SESSION_BYTES = 512
const TARGET_BYTES = 320

/**
 * The sessions of a broker: at most `slotsMax`; a new one takes the place of the one that was idle longest, if that is
 * at least `evictionMs`. Without a slot the answer has session id 0, which every client takes as "no session" (E8). What
 * they keep is bounded too: beyond that none is opened, and one that grows is ended, with the error on which clients
 * begin anew.
 */
export class FetchSessions {
  readonly #sessions = new Map<number, FetchSession>()
  readonly #environment: Environment
  readonly #slotsMax: number
  readonly #evictionMs: number
  readonly #kept: ByteAccount

  constructor(
    environment: Environment,
    slotsMax = 1000,
    evictionMs = 120_000,
    keptBytesMax = KEPT_BYTES_MAX,
  ) {
    this.#environment = environment
    this.#kept = new ByteAccount(keptBytesMax)
    this.#slotsMax = slotsMax
    this.#evictionMs = evictionMs
  }

  get count(): number {
    return this.#sessions.size
  }

  get keptBytes(): number {
    return this.#kept.usedBytes
  }

  /** Applies the request to its session, or opens or closes one. */
  plan(request: FetchRequest, apiVersion: number): FetchPlan {
    const usesTopicIds = apiVersion >= 13
    if (request.sessionEpoch === FINAL_EPOCH || request.sessionEpoch === INITIAL_EPOCH) {
      this.#close(this.#sessions.get(request.sessionId))
      const targets = new Map<string, FetchTarget>()
      const keptBytes = SESSION_BYTES + merge(targets, request)
      const wanted = request.sessionEpoch === INITIAL_EPOCH && targets.size <= SESSION_PARTITIONS_MAX
      const session = wanted ? this.#open(targets, usesTopicIds, keptBytes) : null
      return { errorCode: 0, targets, session, incremental: false }
    }
    const session = this.#sessions.get(request.sessionId)
    if (session === undefined) return { errorCode: ERROR_CODES.FETCH_SESSION_ID_NOT_FOUND }
    if (session.usesTopicIds !== usesTopicIds) return { errorCode: ERROR_CODES.FETCH_SESSION_TOPIC_ID_ERROR }
    if (session.epoch !== request.sessionEpoch) return { errorCode: ERROR_CODES.INVALID_FETCH_SESSION_EPOCH }
    session.epoch = session.epoch === EPOCH_MAX ? 1 : session.epoch + 1
    session.lastUsedMs = this.#environment.monotonicMs()
    const forgottenBytes = forget(session.targets, request)
    const growthBytes = merge(session.targets, request) - forgottenBytes
    if (!this.#kept.fits(growthBytes)) {
      this.#close(session)
      return { errorCode: ERROR_CODES.FETCH_SESSION_ID_NOT_FOUND }
    }
    session.keptBytes += growthBytes
    this.#kept.add(growthBytes)
    if (session.targets.size > 0)
      return { errorCode: 0, targets: session.targets, session, incremental: true }
    this.#close(session)
    return { errorCode: 0, targets: session.targets, session: null, incremental: false }
  }

  /** Puts partitions that were served behind those that were not, so that a busy one starves nobody. */
  static served(session: FetchSession, target: FetchTarget): void {
    const key = targetKey(target.topic, target.topicId, target.index)
    if (session.targets.get(key) !== target) return
    session.targets.delete(key)
    session.targets.set(key, target)
  }

  #open(targets: Map<string, FetchTarget>, usesTopicIds: boolean, keptBytes: number): FetchSession | null {
    const nowMs = this.#environment.monotonicMs()
    if (!this.#makeRoom(keptBytes, nowMs)) return null
    let id = 0
    while (id === 0 || this.#sessions.has(id))
      id = 1 + Math.floor(this.#environment.random() * (EPOCH_MAX - 1))
    const session = { id, epoch: 1, usesTopicIds, targets, lastUsedMs: nowMs, keptBytes }
    this.#sessions.set(id, session)
    this.#kept.add(keptBytes)
    return session
  }

  #close(session: FetchSession | undefined): void {
    if (session !== undefined && this.#sessions.delete(session.id)) this.#kept.add(-session.keptBytes)
  }

  #makeRoom(keptBytes: number, nowMs: number): boolean {
    if (this.#hasRoom(keptBytes)) return true
    for (const session of this.#longestIdleFirst()) {
      if (nowMs - session.lastUsedMs < this.#evictionMs) return false
      this.#close(session)
      if (this.#hasRoom(keptBytes)) return true
    }
    return false
  }

  #hasRoom(keptBytes: number): boolean {
    return this.#sessions.size < this.#slotsMax && this.#kept.fits(keptBytes)
  }

  #longestIdleFirst(): FetchSession[] {
    return [...this.#sessions.values()].sort((a, b) => a.lastUsedMs - b.lastUsedMs)
  }
}

function targetKey(topic: string, topicId: Uuid, index: number): string {
  return `${topicId === ZERO_UUID ? topic : topicId}:${index}`
}

/** Returns the bytes that are kept no longer. */
function forget(targets: Map<string, FetchTarget>, request: FetchRequest): number {
  let bytes = 0
  for (const { topic, topicId, partitions } of request.forgottenTopicsData)
    for (const index of partitions)
      if (targets.delete(targetKey(topic, topicId, index))) bytes += targetBytes(topic)
  return bytes
}

function targetBytes(topic: string): number {
  return TARGET_BYTES + 2 * topic.length
}

/** Returns the bytes that are kept in addition. */
function merge(targets: Map<string, FetchTarget>, request: FetchRequest): number {
  let bytes = 0
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
      bytes += targetBytes(topic.topic)
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
  return bytes
}
