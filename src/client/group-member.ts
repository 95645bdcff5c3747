import type { ApiName, IncomingResponseOf, OutgoingRequestOf } from '../protocol/api.ts'
import { ERROR_CODES } from '../protocol/error-codes.ts'
import {
  defaultHeartbeatRequest,
  defaultJoinGroupRequest,
  defaultLeaveGroupRequest,
  defaultLeaveGroupRequestMember,
  defaultSyncGroupRequest,
  type JoinGroupResponse,
} from '../protocol/generated/groups.ts'
import { isKafkaError, KafkaError, throwOnError } from './client-error.ts'
import type { Cluster } from './cluster.ts'
import type { Committer } from './committed-offsets.ts'
import {
  CONSUMER_PROTOCOL,
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
  RANGE_ASSIGNOR,
} from './consumer-protocol.ts'
import { topicMetadataOf } from './metadata-cache.ts'
import type { TopicPartition } from './position.ts'
import { assignRange } from './range-assignor.ts'

/** How a member takes part. */
export interface GroupMemberOptions {
  readonly groupId: string
  readonly topics: readonly string[]
  /** Without a heartbeat for so long the group goes on without this member. */
  readonly sessionTimeoutMs?: number
  /** How long members may take to come back when the group is rebalanced. */
  readonly rebalanceTimeoutMs?: number
  /** A lasting name: a member that returns under it gets its partitions back without a rebalance (KIP-345). */
  readonly instanceId?: string
}

/** What a heartbeat says: all is well; join again; this member is out, join as a new one. */
export type Standing = 'stable' | 'rebalancing' | 'dropped'

const ANSWER_GRACE_MS = 5_000
const REJOIN_ERRORS = [
  'REBALANCE_IN_PROGRESS',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'MEMBER_ID_REQUIRED',
]

/**
 * One member of a group in the classic protocol, with the range assignor: joins, leads when it is told to, says that
 * it lives, leaves. It holds no timer and no partition: see group-consumer.ts.
 */
export class GroupMember {
  readonly groupId: string
  readonly #cluster: Cluster
  readonly #topics: readonly string[]
  readonly #sessionTimeoutMs: number
  readonly #rebalanceTimeoutMs: number
  readonly #instanceId: string | null
  #memberId = ''
  #generation = -1

  constructor(cluster: Cluster, options: GroupMemberOptions) {
    this.groupId = options.groupId
    this.#cluster = cluster
    this.#topics = options.topics
    this.#sessionTimeoutMs = options.sessionTimeoutMs ?? 30_000
    this.#rebalanceTimeoutMs = options.rebalanceTimeoutMs ?? 60_000
    this.#instanceId = options.instanceId ?? null
  }

  /** As what this member commits; the generation is -1 while it is in none. */
  get committer(): Committer {
    return { memberId: this.#memberId, generation: this.#generation, instanceId: this.#instanceId }
  }

  /** Joins and learns its partitions; goes on through rebalances that begin meanwhile. Throws ClientError. */
  async join(): Promise<TopicPartition[]> {
    for (;;) {
      try {
        return await this.#cluster.retrying({ groupId: this.groupId }, async () =>
          this.#sync(await this.#join()),
        )
      } catch (error) {
        if (!isKafkaError(error, ...REJOIN_ERRORS)) throw error
        if (error.name === 'UNKNOWN_MEMBER_ID') this.#memberId = ''
      }
    }
  }

  /** Says that this member lives. Throws ClientError when nobody could be told. */
  async heartbeat(): Promise<Standing> {
    const answer = await this.#ask('Heartbeat', {
      ...defaultHeartbeatRequest(),
      groupId: this.groupId,
      generationId: this.#generation,
      memberId: this.#memberId,
      groupInstanceId: this.#instanceId,
    })
    switch (answer.errorCode) {
      case ERROR_CODES.NONE:
        return 'stable'
      case ERROR_CODES.REBALANCE_IN_PROGRESS:
        return 'rebalancing'
      case ERROR_CODES.ILLEGAL_GENERATION:
        this.#generation = -1
        return 'dropped'
      case ERROR_CODES.UNKNOWN_MEMBER_ID:
        this.#memberId = ''
        this.#generation = -1
        return 'dropped'
      case ERROR_CODES.NOT_COORDINATOR:
      case ERROR_CODES.COORDINATOR_NOT_AVAILABLE:
        this.#cluster.forgetCoordinator(this.groupId)
    }
    throw new KafkaError(answer.errorCode, `stay in group ${this.groupId}`)
  }

  /** Gives up its partitions at once. A member with an instance id stays known, so that it can come back. */
  async leave(): Promise<void> {
    if (this.#memberId === '' || this.#instanceId !== null) return
    const member = {
      ...defaultLeaveGroupRequestMember(),
      memberId: this.#memberId,
      reason: 'the consumer was closed',
    }
    const connection = await this.#cluster.connection(
      await this.#cluster.coordinator(this.groupId),
      this.#lane,
    )
    const many = connection.versionOf('LeaveGroup') >= 3
    const answer = await connection.request('LeaveGroup', {
      ...defaultLeaveGroupRequest(),
      groupId: this.groupId,
      memberId: many ? '' : this.#memberId,
      members: many ? [member] : [],
    })
    this.#memberId = ''
    this.#generation = -1
    throwOnError(answer.errorCode, `leave group ${this.groupId}`)
  }

  get #lane(): `group:${string}` {
    return `group:${this.groupId}`
  }

  async #join(): Promise<JoinGroupResponse> {
    const body = {
      ...defaultJoinGroupRequest(),
      groupId: this.groupId,
      sessionTimeoutMs: this.#sessionTimeoutMs,
      rebalanceTimeoutMs: this.#rebalanceTimeoutMs,
      memberId: this.#memberId,
      groupInstanceId: this.#instanceId,
      protocolType: CONSUMER_PROTOCOL,
      protocols: [{ name: RANGE_ASSIGNOR, metadata: encodeSubscription(this.#topics) }],
    }
    const timeoutMs = this.#rebalanceTimeoutMs + ANSWER_GRACE_MS
    const answer = await this.#ask('JoinGroup', body, timeoutMs)
    if (answer.errorCode === ERROR_CODES.MEMBER_ID_REQUIRED) this.#memberId = answer.memberId
    throwOnError(answer.errorCode, `join group ${this.groupId}`)
    this.#memberId = answer.memberId
    this.#generation = answer.generationId
    return answer
  }

  async #sync(joined: JoinGroupResponse): Promise<TopicPartition[]> {
    const leads = joined.leader === joined.memberId && !joined.skipAssignment
    const answer = await this.#ask(
      'SyncGroup',
      {
        ...defaultSyncGroupRequest(),
        groupId: this.groupId,
        generationId: joined.generationId,
        memberId: joined.memberId,
        groupInstanceId: this.#instanceId,
        protocolType: CONSUMER_PROTOCOL,
        protocolName: joined.protocolName,
        assignments: leads ? await this.#assign(joined) : [],
      },
      this.#rebalanceTimeoutMs + ANSWER_GRACE_MS,
    )
    throwOnError(answer.errorCode, `learn the assignment of group ${this.groupId}`)
    return decodeAssignment(answer.assignment)
  }

  async #assign(joined: JoinGroupResponse): Promise<{ memberId: string; assignment: Buffer }[]> {
    const subscribers = joined.members.map(({ memberId, groupInstanceId, metadata }) => ({
      memberId,
      instanceId: groupInstanceId,
      topics: decodeSubscription(metadata),
    }))
    const names = new Set(subscribers.flatMap(({ topics }) => topics))
    const counts = new Map<string, number>()
    for (const topic of await this.#cluster.describeTopics([...names].sort()))
      if (topic.errorCode === 0) counts.set(topicMetadataOf(topic).name, topic.partitions.length)
    return [...assignRange(subscribers, counts)].map(([memberId, partitions]) => ({
      memberId,
      assignment: encodeAssignment(partitions),
    }))
  }

  async #ask<Name extends ApiName>(
    api: Name,
    body: OutgoingRequestOf<Name>,
    timeoutMs?: number,
  ): Promise<IncomingResponseOf<Name>> {
    const options = { lane: this.#lane, ...(timeoutMs === undefined ? {} : { timeoutMs }) }
    return this.#cluster.onNode(await this.#cluster.coordinator(this.groupId), api, body, options)
  }
}
