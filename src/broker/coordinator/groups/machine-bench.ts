import { assert } from '../../../base/assert.ts'
import type { Now } from '../../../base/machine.ts'
import { ZERO_UUID } from '../../../base/uuid.ts'
import {
  defaultConsumerProtocolSubscription,
  writeConsumerProtocolSubscription,
} from '../../../protocol/generated/consumer-protocol.ts'
import { encodeVersioned } from '../../../protocol/versioned.ts'
import { GROUP_CONFIG_DEFAULTS, type GroupConfig } from './group-config.ts'
import { GroupMachine } from './group-machine.ts'
import { GroupMemory } from './group-memory.ts'
import type {
  CommitCommand,
  GroupCommand,
  GroupEvent,
  GroupReply,
  GroupRequests,
  JoinCommand,
  JoinReply,
  OffsetToCommit,
} from './group-types.ts'

/** A group machine in tests: decides, applies, keeps replies by ticket and rings alarms when time is moved. */
export class MachineBench {
  readonly machine: GroupMachine
  readonly memory: GroupMemory
  readonly events: { readonly event: GroupEvent; readonly producerId: number | null }[] = []
  readonly replies = new Map<number, GroupReply>()
  readonly #alarms = new Map<string, { readonly dueMs: number; readonly command: GroupCommand }>()
  #monotonicMs = 0
  #tickets = 0
  #ids: number

  /** `idsGiven`: of the lives before this one, which are not given again. */
  constructor(config: Partial<GroupConfig> = {}, log: MachineBench['events'] = [], idsGiven = 0) {
    this.#ids = idsGiven
    const wholeConfig = { ...GROUP_CONFIG_DEFAULTS, ...config }
    this.memory = GroupMemory.of(wholeConfig.memoryBytesMax)
    this.machine = new GroupMachine(wholeConfig, this.memory)
    for (const { event, producerId } of log) {
      this.events.push({ event, producerId })
      if (producerId === null) this.machine.apply(event)
      else this.machine.applyInTransaction(event, producerId)
    }
    this.resume()
  }

  get idsGiven(): number {
    return this.#ids
  }

  /** As a new leader does when the log is replayed. */
  resume(): void {
    this.#carryOut(this.machine.resume(this.now()))
  }

  now(): Now {
    return {
      wallMs: WALL_START_MS + this.#monotonicMs,
      monotonicMs: this.#monotonicMs,
      uniqueId: () => `id${++this.#ids}`,
      random: () => 0.5,
    }
  }

  /** Decides and returns the ticket. */
  send(command: GroupCommand): number {
    const ticket = this.#tickets++
    this.#carryOut(this.machine.decide(command, ticket, this.now()))
    return ticket
  }

  /** Decides what nobody is answered for. */
  tell(command: GroupCommand): void {
    this.#carryOut(this.machine.decide(command, -1, this.now()))
  }

  /** Decides a command that is answered at once. */
  ask<Kind extends keyof GroupRequests>(
    command: GroupRequests[Kind]['command'],
  ): GroupRequests[Kind]['reply'] {
    return this.answered<Kind>(this.send(command))
  }

  answered<Kind extends keyof GroupRequests>(ticket: number): GroupRequests[Kind]['reply'] {
    const reply = this.replies.get(ticket)
    if (reply === undefined) throw new Error('not answered')
    return reply as GroupRequests[Kind]['reply']
  }

  /** Tickets that are parked. */
  get unanswered(): readonly number[] {
    return Array.from({ length: this.#tickets }, (_, ticket) => ticket).filter((ticket) =>
      this.isParked(ticket),
    )
  }

  isParked(ticket: number): boolean {
    return !this.replies.has(ticket)
  }

  /** Moves time on and rings what falls due, each alarm at its own time. */
  advance(byMs: number): void {
    const endMs = this.#monotonicMs + byMs
    for (;;) {
      const due = [...this.#alarms].filter(([, { dueMs }]) => dueMs <= endMs)
      due.sort(([, a], [, b]) => a.dueMs - b.dueMs)
      const first = due[0]
      if (first === undefined) break
      const [key, { dueMs, command }] = first
      this.#alarms.delete(key)
      this.#monotonicMs = Math.max(this.#monotonicMs, dueMs)
      this.#carryOut(this.machine.decide(command, -1, this.now()))
    }
    this.#monotonicMs = endMs
  }

  get alarmKeys(): readonly string[] {
    return [...this.#alarms.keys()]
  }

  #carryOut(decision: ReturnType<GroupMachine['decide']>): void {
    const producerId = decision.producer?.id ?? null
    for (const event of decision.events) {
      this.events.push({ event, producerId })
      if (producerId === null) this.machine.apply(event)
      else this.machine.applyInTransaction(event, producerId)
    }
    for (const { ticket, reply } of decision.replies) {
      if (this.replies.has(ticket)) throw new Error('answered twice')
      this.replies.set(ticket, reply)
    }
    for (const change of decision.timers) {
      this.#alarms.delete(change.key)
      if (change.delayMs !== null)
        this.#alarms.set(change.key, { dueMs: this.#monotonicMs + change.delayMs, command: change.command })
    }
  }
}

/** Wall clock at which every bench begins. */
export const WALL_START_MS = 1_700_000_000_000

/** Subscription metadata of a consumer. */
export function subscription(...topics: readonly string[]): Buffer {
  const value = { ...defaultConsumerProtocolSubscription(), topics: [...topics] }
  return Buffer.from(encodeVersioned(writeConsumerProtocolSubscription, 1, value))
}

/** A JoinGroup of an old client that needs no id first, with one protocol. */
export function joinOf(change: Partial<JoinCommand> = {}): JoinCommand {
  return {
    kind: 'join',
    groupId: 'g',
    memberId: '',
    instanceId: null,
    clientId: 'c',
    clientHost: '/10.0.0.1',
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 60_000,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: subscription('t') }],
    memberIdRequired: false,
    canSkipAssignment: false,
    ...change,
  }
}

/** A position to commit in a partition of t. */
export function offsetOf(
  partition: number,
  offset: number,
  change: Partial<OffsetToCommit> = {},
): OffsetToCommit {
  return { topic: 't', topicId: ZERO_UUID, partition, offset, leaderEpoch: -1, metadata: '', ...change }
}

/** A commit from outside any generation. */
export function commitOf(change: Partial<CommitCommand> = {}): CommitCommand {
  return {
    kind: 'commit',
    groupId: 'g',
    generation: -1,
    memberId: '',
    instanceId: null,
    retentionMs: -1,
    offsets: [offsetOf(0, 5)],
    ...change,
  }
}

/** A SyncGroup; from the leader with assignments. */
export function sync(memberId: string, generation: number, assignments: Record<string, string> = {}) {
  return {
    kind: 'sync' as const,
    groupId: 'g',
    generation,
    memberId,
    instanceId: null as string | null,
    protocolType: null as string | null,
    protocol: null as string | null,
    assignments: Object.entries(assignments).map(([id, text]) => ({
      memberId: id,
      assignment: Buffer.from(text),
    })),
  }
}

/** A heartbeat. */
export function heartbeat(memberId: string, generation: number, instanceId: string | null = null) {
  return { kind: 'heartbeat' as const, groupId: 'g', generation, memberId, instanceId }
}

/** A LeaveGroup. */
export function leave(...members: { memberId: string; instanceId?: string }[]) {
  const list = members.map(({ memberId, instanceId }) => ({ memberId, instanceId: instanceId ?? null }))
  return { kind: 'leave' as const, groupId: 'g', members: list }
}

/** An OffsetFetch of everything. */
export function fetch(requireStable = false) {
  return { kind: 'fetch-offsets' as const, groupId: 'g', topics: null, requireStable }
}

/** One stable member. */
export function stable(bench: MachineBench, change: Partial<JoinCommand> = {}): JoinReply {
  const joined = bench.ask<'join'>(joinOf(change))
  assert(joined.error === 'NONE', 'the member joins')
  bench.ask<'sync'>(sync(joined.memberId, joined.generation, { [joined.memberId]: 'all' }))
  return joined
}

/** Two stable members, the first of which leads. */
export function stablePair(bench: MachineBench, change: Partial<JoinCommand> = {}): [JoinReply, JoinReply] {
  const first = stable(bench, change)
  bench.advance(5_000)
  const parked = bench.send(joinOf(change))
  const a = bench.ask<'join'>(joinOf({ ...change, memberId: first.memberId }))
  const b = bench.answered<'join'>(parked)
  bench.ask<'sync'>(sync(a.memberId, a.generation, { [a.memberId]: 'a', [b.memberId]: 'b' }))
  bench.ask<'sync'>(sync(b.memberId, b.generation))
  return [a, b]
}

/** State of group g. */
export function stateOf(bench: MachineBench): string {
  return bench.machine.groups.get('g')?.state ?? 'Dead'
}
