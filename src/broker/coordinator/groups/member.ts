import type { GroupProtocol, MemberRecord } from './group-types.ts'

/** A member of a group while its coordinator leads: what the log keeps of it, and what it is waiting for. */
export interface Member {
  readonly id: string
  readonly instanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  sessionTimeoutMs: number
  rebalanceTimeoutMs: number
  /** Best first. */
  protocols: readonly GroupProtocol[]
  /** Of the last generation that was completed; empty before. */
  assignment: Buffer
  /** Has not yet been in any generation. */
  isNew: boolean
  /** Of its parked JoinGroup. */
  joinTicket: number | null
  /** Of its parked SyncGroup. */
  syncTicket: number | null
  /** It is in the current generation and has not asked for its assignment. */
  owesSync: boolean
  /** Only its parked JoinGroup would tell it its id. */
  isNameless: boolean
  /** The connection is gone on which it waits for an answer. */
  isDeserted: boolean
  /** When it counts as gone unless it is waiting for an answer. Monotonic, ms. */
  deadlineMs: number
}

/** Metadata under `protocol`; empty where the member does not have it. */
export function protocolMetadata(member: Member, protocol: string | null): Buffer {
  return member.protocols.find(({ name }) => name === protocol)?.metadata ?? NO_BYTES
}

/** The same protocols in the same order with the same bytes. */
export function sameProtocols(a: readonly GroupProtocol[], b: readonly GroupProtocol[]): boolean {
  if (a.length !== b.length) return false
  return a.every((one, index) => one.name === b[index]!.name && one.metadata.equals(b[index]!.metadata))
}

/**
 * When the member counts as gone: never while it waits for an answer, but for newcomers, whose wait is limited, and for
 * those that nobody would hear it for.
 */
export function effectiveDeadlineMs(member: Member): number {
  if (member.isNew || member.isDeserted) return member.deadlineMs
  return member.joinTicket !== null || member.syncTicket !== null
    ? Number.POSITIVE_INFINITY
    : member.deadlineMs
}

/** The member as the log keeps it. */
export function memberRecord(member: Member, protocol: string | null): MemberRecord {
  return {
    memberId: member.id,
    instanceId: member.instanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    rebalanceTimeoutMs: member.rebalanceTimeoutMs,
    sessionTimeoutMs: member.sessionTimeoutMs,
    subscription: protocolMetadata(member, protocol),
    assignment: member.assignment,
  }
}

/** The member as a new leader finds it in the log: it knows one protocol, the one that was chosen. */
export function memberOfRecord(record: MemberRecord, protocol: string | null, deadlineMs: number): Member {
  return {
    id: record.memberId,
    instanceId: record.instanceId,
    clientId: record.clientId,
    clientHost: record.clientHost,
    sessionTimeoutMs: record.sessionTimeoutMs,
    rebalanceTimeoutMs: record.rebalanceTimeoutMs,
    protocols: protocol === null ? [] : [{ name: protocol, metadata: record.subscription }],
    assignment: record.assignment,
    isNew: false,
    joinTicket: null,
    syncTicket: null,
    owesSync: false,
    isNameless: false,
    isDeserted: false,
    deadlineMs,
  }
}

export const NO_BYTES: Buffer = Buffer.alloc(0)
