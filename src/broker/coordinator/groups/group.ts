import { assert } from '../../../base/assert.ts'
import { ByteAccount } from '../../../base/byte-account.ts'
import type { ErrorName } from '../../../protocol/error-codes.ts'
import { type GroupMemory, groupBytes, memberBytes, recordBytes, subscriptionBytes } from './group-memory.ts'
import type { GroupProtocol, GroupRecord, GroupState } from './group-types.ts'
import { CALM, type Churn, type JoinPhase } from './join-phase.ts'
import { type Member, memberOfRecord, memberRecord, protocolMetadata } from './member.ts'
import { GroupOffsets } from './offsets.ts'
import { PendingMembers } from './pending-members.ts'
import { CONSUMER_PROTOCOL_TYPE, subscribedTopics } from './subscription.ts'

/** Topics that are read of all members together: some milliseconds. */
const SUBSCRIPTION_ELEMENTS_MAX = 100_000

/**
 * One group. `record` and `offsets` are durable: they change only when an event is applied. All else is the working
 * copy of the coordinator that leads now: a generation lives here from the end of its join phase, and in `record`
 * once its leader has handed in the assignment. A new coordinator starts from `record`. All that it keeps is counted in
 * the memory that it is made with, until `forget()`.
 */
export class Group {
  readonly id: string
  readonly offsets: GroupOffsets
  /** Members and ids given out. Bounded for this group, and with all others. */
  readonly kept: ByteAccount

  state: Exclude<GroupState, 'Dead'> = 'Empty'
  generation = 0
  /** null: no member ever joined. */
  protocolType: string | null = null
  protocol: string | null = null
  leader: string | null = null
  /** In the order in which they came. */
  readonly members = new Map<string, Member>()
  /** Member ids by instance id. */
  readonly staticMembers = new Map<string, string>()
  readonly pendingMembers: PendingMembers
  joinPhase: JoinPhase | null = null
  churn: Churn = CALM
  /** Wall clock, ms. */
  stateTimestampMs = -1
  /** When the alarm for sessions is set to; Infinity: it is not. Monotonic, ms. */
  sessionAlarmMs = Number.POSITIVE_INFINITY
  /** null: not known, because the group is not of consumers, a member's metadata could not be read, or it is too much. */
  #subscribedTopics: ReadonlySet<string> | null = null
  readonly #supportCount = new Map<string, number>()
  #joinedCount = 0
  #record: GroupRecord | null = null
  /** The group itself, and its record. */
  readonly #own: ByteAccount

  constructor(id: string, memory: GroupMemory) {
    this.id = id
    this.kept = memory.membersOfGroup()
    this.pendingMembers = new PendingMembers(this.kept)
    this.offsets = new GroupOffsets(memory.offsetsOfGroup())
    this.#own = new ByteAccount(Number.POSITIVE_INFINITY, memory.all)
    this.#own.add(groupBytes(id))
  }

  get record(): GroupRecord | null {
    return this.#record
  }

  set record(record: GroupRecord | null) {
    this.#own.add(recordBytes(record) - recordBytes(this.#record))
    this.#record = record
  }

  /** It is gone: what it kept is given back. */
  forget(): void {
    this.kept.clear()
    this.offsets.kept.clear()
    this.#own.clear()
  }

  /** Starts the working copy from the log; every member has its session timeout from now. */
  load(monotonicMs: number): void {
    const record = this.record
    if (record === null) return
    this.state = record.members.length === 0 ? 'Empty' : 'Stable'
    this.generation = record.generation
    this.protocolType = record.protocolType === '' ? null : record.protocolType
    this.protocol = record.protocol
    this.leader = record.leader
    this.stateTimestampMs = record.stateTimestampMs
    for (const member of record.members)
      this.#insert(memberOfRecord(member, record.protocol, monotonicMs + member.sessionTimeoutMs))
    this.refreshSubscription()
  }

  /** Nothing of it is left: it may be forgotten. */
  get isGone(): boolean {
    return (
      this.record === null &&
      this.offsets.isEmpty &&
      this.members.size === 0 &&
      this.pendingMembers.size === 0
    )
  }

  /** Every member and everybody who was given an id has a JoinGroup parked here. */
  get everybodyJoined(): boolean {
    return this.#joinedCount === this.members.size && this.pendingMembers.size === 0
  }

  get joinedCount(): number {
    return this.#joinedCount
  }

  get isOfConsumers(): boolean {
    return this.protocolType === CONSUMER_PROTOCOL_TYPE
  }

  /** The largest of its members. */
  get rebalanceTimeoutMs(): number {
    let largestMs = 0
    for (const member of this.members.values()) largestMs = Math.max(largestMs, member.rebalanceTimeoutMs)
    return largestMs
  }

  /** Whether its live consumers read `topic`; a group of consumers that is not understood reads everything. */
  isSubscribedTo(topic: string): boolean {
    return this.#subscribedTopics === null ? this.isOfConsumers : this.#subscribedTopics.has(topic)
  }

  /** What its live consumers read; null: it is not known. */
  get subscribedTopics(): ReadonlySet<string> | null {
    return this.#subscribedTopics
  }

  /** A member with these protocols could join: they are all of the group's type and one is known to everybody. */
  supports(protocolType: string, protocols: readonly GroupProtocol[]): boolean {
    if (this.state === 'Empty') return protocolType !== '' && protocols.length > 0
    return (
      this.protocolType === protocolType &&
      protocols.some(({ name }) => this.#supportCount.get(name) === this.members.size)
    )
  }

  /** Why a request of this member is refused; NONE: it is not. */
  checkMember(memberId: string, instanceId: string | null): ErrorName {
    if (instanceId !== null) {
      const current = this.staticMembers.get(instanceId)
      if (current === undefined) return 'UNKNOWN_MEMBER_ID'
      if (current !== memberId) return 'FENCED_INSTANCE_ID'
    }
    return this.members.has(memberId) ? 'NONE' : 'UNKNOWN_MEMBER_ID'
  }

  /** Adds a member that has joined. The first one gives the group its type and leads it. */
  add(member: Member, protocolType: string): void {
    if (this.members.size === 0) this.protocolType = protocolType
    this.pendingMembers.delete(member.id)
    this.leader ??= member.id
    this.#insert(member)
  }

  /** Takes a member out; a leader is followed by the oldest member. The caller has answered what it had parked. */
  remove(member: Member): void {
    assert(member.joinTicket === null && member.syncTicket === null, 'a member leaves nothing parked')
    this.members.delete(member.id)
    this.kept.add(-memberBytes(member))
    if (member.instanceId !== null) this.staticMembers.delete(member.instanceId)
    this.#countProtocols(member.protocols, -1)
    if (this.leader === member.id) this.leader = this.members.keys().next().value ?? null
  }

  /** Puts `next` in the place of a static member, which led if that one did. */
  replace(previous: Member, next: Member): void {
    const led = this.leader === previous.id
    this.remove(previous)
    this.#insert(next)
    if (led) this.leader = next.id
  }

  setProtocols(member: Member, protocols: readonly GroupProtocol[]): void {
    this.#countProtocols(member.protocols, -1)
    this.kept.add(-memberBytes(member))
    member.protocols = distinct(protocols)
    this.kept.add(memberBytes(member))
    this.#countProtocols(member.protocols, 1)
  }

  assign(member: Member, assignment: Buffer): void {
    this.kept.add(assignment.length - member.assignment.length)
    member.assignment = assignment
  }

  parkJoin(member: Member, ticket: number): void {
    assert(member.joinTicket === null, 'one JoinGroup of a member is parked')
    member.joinTicket = ticket
    member.isDeserted = false
    this.#joinedCount++
  }

  /** The ticket of the parked JoinGroup, which is no longer parked. */
  takeJoin(member: Member): number | null {
    const ticket = member.joinTicket
    if (ticket !== null) this.#joinedCount--
    member.joinTicket = null
    return ticket
  }

  /**
   * The protocol that most members put first among those that everybody knows; between equals the one that the
   * oldest members prefer. Somebody must be there.
   */
  vote(): string {
    const votes = new Map<string, number>()
    for (const member of this.members.values()) {
      const choice = member.protocols.find(({ name }) => this.#supportCount.get(name) === this.members.size)
      assert(choice !== undefined, 'members share a protocol')
      votes.set(choice.name, (votes.get(choice.name) ?? 0) + 1)
    }
    let winner: string | null = null
    for (const [name, count] of votes) if (winner === null || count > votes.get(winner)!) winner = name
    assert(winner !== null, 'only a group with members votes')
    return winner
  }

  /** Reads again what the members subscribe to under the chosen protocol. */
  refreshSubscription(): void {
    this.#own.add(-subscriptionBytes(this.#subscribedTopics))
    const topics = this.isOfConsumers ? this.#readSubscription() : null
    const bytes = subscriptionBytes(topics)
    this.#subscribedTopics = this.#own.fits(bytes) ? topics : null
    if (this.#subscribedTopics !== null) this.#own.add(bytes)
  }

  /** About the bytes of `toRecord()` in the log: what clients have a say in. */
  get recordBytes(): number {
    let bytes = 0
    for (const member of this.members.values()) {
      const { id, clientId, assignment } = member
      bytes +=
        id.length + clientId.length + assignment.length + protocolMetadata(member, this.protocol).length
    }
    return bytes
  }

  /** Whether there is room in memory for the group as the log is to keep it. */
  get fitsRecord(): boolean {
    return this.#own.fits(recordBytes(this.toRecord()) - recordBytes(this.#record))
  }

  /** The group as the log is to keep it. */
  toRecord(): GroupRecord {
    return {
      protocolType: this.protocolType ?? '',
      generation: this.generation,
      protocol: this.protocol,
      leader: this.leader,
      stateTimestampMs: this.stateTimestampMs,
      members: [...this.members.values()].map((member) => memberRecord(member, this.protocol)),
    }
  }

  #readSubscription(): ReadonlySet<string> | null {
    const topics = new Set<string>()
    if (this.members.size === 0) return topics
    if (this.protocol === null) return null
    let elementsLeft = SUBSCRIPTION_ELEMENTS_MAX
    for (const member of this.members.values()) {
      const subscribed = subscribedTopics(protocolMetadata(member, this.protocol))
      if (subscribed === null) return null
      elementsLeft -= subscribed.length
      if (elementsLeft < 0) return null
      for (const topic of subscribed) topics.add(topic)
    }
    return topics
  }

  #insert(member: Member): void {
    assert(!this.members.has(member.id), 'a member is added once')
    this.members.set(member.id, member)
    this.kept.add(memberBytes(member))
    if (member.instanceId !== null) this.staticMembers.set(member.instanceId, member.id)
    this.#countProtocols(member.protocols, 1)
  }

  #countProtocols(protocols: readonly GroupProtocol[], step: 1 | -1): void {
    for (const { name } of protocols) {
      const count = (this.#supportCount.get(name) ?? 0) + step
      if (count === 0) this.#supportCount.delete(name)
      else this.#supportCount.set(name, count)
    }
  }
}

/** The first of each name: what a client repeats counts once. */
export function distinct(protocols: readonly GroupProtocol[]): readonly GroupProtocol[] {
  const names = new Set<string>()
  return protocols.filter(({ name }) => !names.has(name) && names.add(name))
}
