import { expect, test } from 'vitest'
import fc from '../../../../test/support/property.ts'
import type { Group } from './group.ts'
import { groupCodec } from './group-codec.ts'
import {
  groupBytes,
  memberBytes,
  offsetBytes,
  recordBytes,
  subscriptionBytes,
  topicBytes,
} from './group-memory.ts'
import type { GroupCommand, JoinReply } from './group-types.ts'
import { commitOf, joinOf, MachineBench, offsetOf, subscription } from './machine-bench.ts'

/** What one random client does next; ids and generations are what it last heard. */
type Step =
  | { readonly kind: 'join'; readonly client: number; readonly style: number }
  | { readonly kind: 'sync' | 'heartbeat' | 'leave' | 'commit' | 'stale'; readonly client: number }
  | { readonly kind: 'remove'; readonly client: number }
  | { readonly kind: 'transaction'; readonly client: number }
  | { readonly kind: 'end'; readonly client: number; readonly isCommit: boolean }
  | { readonly kind: 'advance'; readonly byMs: number }
  | { readonly kind: 'delete' | 'restart' | 'desert' }

const CLIENTS = 6

const client = fc.nat(CLIENTS - 1)
const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('join' as const), client, style: fc.nat(5) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom('sync' as const, 'sync' as const, 'heartbeat' as const, 'commit' as const),
      client,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('leave' as const, 'remove' as const, 'stale' as const),
      client,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('transaction' as const), client }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('end' as const), client, isCommit: fc.boolean() }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('advance' as const),
      byMs: fc.constantFrom(1, 60, 250, 1_000, 3_000, 7_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('delete' as const, 'restart' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('desert' as const) }) },
)

const PROTOCOLS = [['range'], ['range', 'sticky'], ['sticky', 'range']]

class Model {
  readonly #config: { readonly initialRebalanceDelayMs: number | null; readonly membersMax: number }
  bench: MachineBench
  readonly #known = Array.from({ length: CLIENTS }, () => ({ memberId: '', generation: -1 }))
  readonly #joins = new Map<number, number>()
  /** Member ids as the joins and syncs named them, by ticket. */
  readonly #asked = new Map<number, string>()
  /** Tickets that a crash took with it. */
  readonly #lost = new Set<number>()
  /** Protocol and leader by generation, since the last crash or deletion. */
  readonly #generations = new Map<number, string>()
  readonly #markers: { readonly at: number; readonly producerId: number; readonly isCommit: boolean }[] = []

  constructor(config: { initialRebalanceDelayMs: number | null; membersMax: number }) {
    this.#config = config
    this.bench = new MachineBench(config)
  }

  run(step: Step): void {
    switch (step.kind) {
      case 'advance':
        this.bench.advance(step.byMs)
        break
      case 'restart':
        this.#restart()
        break
      case 'delete':
        this.bench.send({ kind: 'delete-groups', groupIds: ['g'] })
        if (!this.bench.machine.groups.has('g')) this.#generations.clear()
        break
      case 'desert':
        for (const [ticket, memberId] of this.#asked)
          if (this.bench.isParked(ticket))
            this.bench.tell({ kind: 'deserted', groupId: 'g', memberId, ticket })
        break
      case 'end':
        this.bench.machine.endTransaction(step.client, step.isCommit)
        this.#markers.push({ at: this.bench.events.length, producerId: step.client, isCommit: step.isCommit })
        break
      default:
        this.#send(step)
    }
    this.#learn()
  }

  #send(step: Exclude<Step, { kind: 'advance' | 'restart' | 'delete' | 'desert' | 'end' }>): void {
    const command = this.#command(step)
    const ticket = this.bench.send(command)
    if (command.kind === 'join' || command.kind === 'sync') this.#asked.set(ticket, command.memberId)
    if (step.kind === 'join') this.#joins.set(ticket, step.client)
  }

  #command(step: Exclude<Step, { kind: 'advance' | 'restart' | 'delete' | 'desert' | 'end' }>): GroupCommand {
    const { memberId, generation } = this.#known[step.client]!
    const instanceId = step.client === 0 ? 'static' : null
    const member = { groupId: 'g', memberId, generation, instanceId }
    switch (step.kind) {
      case 'join':
        return joinOf({
          memberId: step.style === 5 ? '' : memberId,
          instanceId,
          memberIdRequired: step.style % 2 === 0,
          canSkipAssignment: step.style > 2,
          sessionTimeoutMs: 6_000,
          rebalanceTimeoutMs: 4_000,
          protocols: PROTOCOLS[step.style % PROTOCOLS.length]!.map((name) => ({
            name,
            metadata: subscription('t'),
          })),
        })
      case 'sync': {
        const members = [...(this.bench.machine.groups.get('g')?.members.keys() ?? [])]
        const assignments = members.map((id) => ({
          memberId: id,
          assignment: Buffer.from(`${generation} ${id}`),
        }))
        return { kind: 'sync', ...member, protocolType: null, protocol: null, assignments }
      }
      case 'heartbeat':
        return { kind: 'heartbeat', ...member }
      case 'stale':
        return { kind: 'heartbeat', ...member, generation: generation - 1 }
      case 'leave':
        return { kind: 'leave', groupId: 'g', members: [{ memberId, instanceId }] }
      case 'remove':
        return { kind: 'leave', groupId: 'g', members: [{ memberId: '', instanceId: 'static' }] }
      case 'commit':
        return commitOf({ ...member, offsets: [offsetOf(step.client, generation + 1)] })
      case 'transaction':
        return {
          kind: 'transactional-commit',
          ...member,
          producerId: step.client,
          producerEpoch: 0,
          offsets: [offsetOf(step.client % 2, 1_000 + step.client)],
        }
    }
  }

  /** A new coordinator, from the log alone; markers lie in it where they were written. */
  #replayed(): MachineBench {
    const fresh = new MachineBench(this.#config, [], this.bench.idsGiven)
    const markers = [...this.#markers]
    const mark = (at: number) => {
      while (markers[0] !== undefined && markers[0].at <= at) {
        const { producerId, isCommit } = markers.shift()!
        fresh.machine.endTransaction(producerId, isCommit)
      }
    }
    this.bench.events.forEach(({ event, producerId }, index) => {
      mark(index)
      const { key, value } = groupCodec.encode(event)
      const decoded = groupCodec.decode(key, value)!
      fresh.events.push({ event, producerId })
      if (producerId === null) fresh.machine.apply(decoded)
      else fresh.machine.applyInTransaction(decoded, producerId)
    })
    mark(this.bench.events.length)
    return fresh
  }

  #restart(): void {
    const fresh = this.#replayed()
    fresh.resume()
    for (const ticket of this.#joins.keys()) this.#lost.add(ticket)
    this.#joins.clear()
    this.#asked.clear()
    this.#generations.clear()
    this.bench = fresh
  }

  #learn(): void {
    for (const [ticket, who] of this.#joins) {
      const reply = this.bench.replies.get(ticket) as JoinReply | undefined
      if (reply === undefined) continue
      this.#joins.delete(ticket)
      this.#heard(who, reply)
    }
  }

  #heard(who: number, reply: JoinReply): void {
    if (reply.error === 'UNKNOWN_MEMBER_ID' || reply.error === 'FENCED_INSTANCE_ID') {
      this.#known[who] = { memberId: '', generation: -1 }
    } else if (reply.memberId !== '') {
      this.#known[who] = { memberId: reply.memberId, generation: reply.generation }
    }
    if (reply.error !== 'NONE') return
    const begun = this.#generations.get(reply.generation)
    if (begun === undefined) this.#generations.set(reply.generation, reply.protocol!)
    else expect(reply.protocol).toBe(begun)
    if (reply.members.length > 0)
      expect(reply.members.map(({ memberId }) => memberId)).toContain(reply.memberId)
  }

  check(): void {
    const group = this.bench.machine.groups.get('g')
    if (group !== undefined) checkGroup(group, this.bench.alarmKeys)
    checkMemory(this.bench)
  }

  /** Whatever was asked is answered once everybody has been silent long enough, and the group is empty. */
  finish(): void {
    this.bench.advance(400_000)
    this.#learn()
    expect([...this.#joins.keys()].filter((ticket) => !this.#lost.has(ticket))).toEqual([])
    expect(this.bench.unanswered).toEqual([])
    const group = this.bench.machine.groups.get('g')
    if (group !== undefined) expect(group.state).toBe('Empty')
    expect(this.#replayed().machine.durableState()).toEqual(this.bench.machine.durableState())
  }
}

function checkGroup(group: Group, alarms: readonly string[]): void {
  const members = [...group.members.values()]
  expect(group.joinedCount).toBe(members.filter(({ joinTicket }) => joinTicket !== null).length)
  for (const [instanceId, memberId] of group.staticMembers)
    expect(group.members.get(memberId)?.instanceId).toBe(instanceId)
  if (members.length > 0) expect(group.members.has(group.leader ?? '')).toBe(true)
  if (group.state === 'Empty') expect(members).toEqual([])
  const isInGeneration = group.state === 'CompletingRebalance' || group.state === 'Stable'
  if (isInGeneration) {
    expect(members.length).toBeGreaterThan(0)
    for (const member of members) {
      expect(member.protocols.map(({ name }) => name)).toContain(group.protocol)
      expect(member.joinTicket).toBeNull()
    }
  }
  if (group.state !== 'CompletingRebalance')
    expect(members.filter(({ syncTicket }) => syncTicket !== null)).toEqual([])
  if (group.state === 'Stable')
    expect(group.record).toEqual({ ...group.toRecord(), stateTimestampMs: group.record!.stateTimestampMs })
  if (group.state === 'PreparingRebalance') expect(alarms).toContain('join/g')
  if (members.some(({ owesSync }) => owesSync) && isInGeneration) expect(alarms).toContain('sync/g')
  const isWatched = members.some(
    ({ joinTicket, syncTicket, isDeserted }) => isDeserted || (joinTicket === null && syncTicket === null),
  )
  if (isWatched || group.pendingMembers.size > 0) expect(alarms).toContain('sessions/g')
}

/** Nothing is counted twice or for ever, whatever came and went. */
function checkMemory({ memory, machine }: MachineBench): void {
  let allBytes = 0
  let offsetsBytes = 0
  for (const group of machine.groups.values()) {
    let keptBytes = 0
    for (const member of group.members.values()) keptBytes += memberBytes(member)
    if (group.pendingMembers.size === 0) expect(group.kept.usedBytes).toBe(keptBytes)
    else expect(group.kept.usedBytes).toBeGreaterThan(keptBytes)
    allBytes += group.kept.usedBytes + groupBytes(group.id) + recordBytes(group.record)
    allBytes += subscriptionBytes(group.subscribedTopics)
    offsetsBytes += group.offsets.kept.usedBytes
    if (group.offsets.isEmpty) expect(group.offsets.kept.usedBytes).toBe(0)
    for (const [topic, offsets] of group.offsets.committed) {
      let leastBytes = topicBytes(topic)
      for (const stored of offsets.values()) leastBytes += offsetBytes(stored)
      expect(group.offsets.kept.usedBytes).toBeGreaterThanOrEqual(leastBytes)
    }
  }
  expect([memory.all.usedBytes, memory.offsets.usedBytes]).toEqual([allBytes + offsetsBytes, offsetsBytes])
}

test('random members keep the invariants of a group, every request is answered, a replay gives the same', () => {
  fc.assert(
    fc.property(
      fc.record({
        initialRebalanceDelayMs: fc.constantFrom(null, null, 0, 3_000),
        membersMax: fc.constantFrom(3, 100),
      }),
      fc.array(stepArbitrary, { minLength: 1, maxLength: 80 }),
      (config, steps) => {
        const model = new Model(config)
        for (const step of steps) {
          model.run(step)
          model.check()
        }
        model.finish()
      },
    ),
    { numRuns: 400 },
  )
})
