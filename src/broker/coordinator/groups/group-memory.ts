import { ByteAccount } from '../../../base/byte-account.ts'
import type { ErrorName } from '../../../protocol/error-codes.ts'
import type { CommittedOffset, GroupRecord } from './group-types.ts'
import type { Member } from './member.ts'

/** Committed offsets outlive their clients by days: they never take the last quarter, so that groups can still meet. */
const OFFSETS_SHARE = 3 / 4
/** What one group may have of everything: in members, and in committed offsets. */
const GROUP_MEMBERS_SHARE = 1 / 16
const GROUP_OFFSETS_SHARE = 1 / 8

/** What things weigh beside their strings and buffers, rounded up from measured heaps. A character counts as two bytes. */
const GROUP_BYTES = 4096
const MEMBER_BYTES = 1024
const PROTOCOL_BYTES = 256
const RECORD_MEMBER_BYTES = 512
const PENDING_BYTES = 256
const OFFSET_BYTES = 512
/** What is kept of an offset of a transaction beside that, by its partition. */
export const UNDECIDED_BYTES = 256
const TOPIC_BYTES = 512
const SUBSCRIBED_BYTES = 80
const CHARACTER_BYTES = 2

/**
 * What the groups of a broker keep in memory beyond the requests that brought it: members and what they say, ids given
 * out, committed offsets. Bounded for all of them together, and for one group by accounts that are parts of these.
 */
export class GroupMemory {
  readonly all: ByteAccount
  /** A part of `all`. */
  readonly offsets: ByteAccount
  readonly #bytesMax: number

  private constructor(bytesMax: number, all: ByteAccount, offsets: ByteAccount) {
    this.#bytesMax = bytesMax
    this.all = all
    this.offsets = offsets
  }

  /** For all groups of a broker. */
  static of(bytesMax: number): GroupMemory {
    const all = new ByteAccount(bytesMax)
    return new GroupMemory(bytesMax, all, new ByteAccount(bytesMax * OFFSETS_SHARE, all))
  }

  /** What one machine keeps of it, `all` without the offsets: given back as one by `clear()`. */
  part(): GroupMemory {
    const all = new ByteAccount(Number.POSITIVE_INFINITY, this.all)
    const offsets = new ByteAccount(Number.POSITIVE_INFINITY, this.offsets)
    return new GroupMemory(this.#bytesMax, all, offsets)
  }

  /** Of the members of one group. */
  membersOfGroup(): ByteAccount {
    return new ByteAccount(this.#bytesMax * GROUP_MEMBERS_SHARE, this.all)
  }

  /** Of the offsets that one group commits. */
  offsetsOfGroup(): ByteAccount {
    return new ByteAccount(this.#bytesMax * GROUP_OFFSETS_SHARE, this.offsets)
  }

  clear(): void {
    this.all.clear()
    this.offsets.clear()
  }
}

/**
 * Why `account` may not grow by `bytes`; NONE: it may. Its own bound is the client's affair and is named by `own`, which
 * clients take for good; where all groups together have no room the client is to come again.
 */
export function refusedGrowth(account: ByteAccount, bytes: number, own: ErrorName): ErrorName {
  if (!account.hasRoom(bytes)) return own
  return account.fits(bytes) ? 'NONE' : 'COORDINATOR_NOT_AVAILABLE'
}

/** A group with nothing in it. */
export function groupBytes(groupId: string): number {
  return GROUP_BYTES + textBytes(groupId)
}

/** A member, with what it says and what it was assigned. */
export function memberBytes(
  member: Pick<Member, 'id' | 'instanceId' | 'clientId' | 'clientHost' | 'protocols' | 'assignment'>,
): number {
  let bytes = MEMBER_BYTES + textBytes(member.id) + textBytes(member.instanceId)
  bytes += textBytes(member.clientId) + textBytes(member.clientHost) + member.assignment.length
  for (const { name, metadata } of member.protocols)
    bytes += PROTOCOL_BYTES + textBytes(name) + metadata.length
  return bytes
}

/** What the log's copy of a group keeps, as if it shared no bytes with the members. */
export function recordBytes(record: GroupRecord | null): number {
  let bytes = 0
  for (const member of record?.members ?? []) {
    const { memberId, instanceId, clientId, clientHost, subscription, assignment } = member
    bytes += RECORD_MEMBER_BYTES + textBytes(memberId) + textBytes(instanceId) + textBytes(clientId)
    bytes += textBytes(clientHost) + subscription.length + assignment.length
  }
  return bytes
}

/** An id that was given out. */
export function pendingBytes(memberId: string): number {
  return PENDING_BYTES + textBytes(memberId)
}

export function offsetBytes(committed: Pick<CommittedOffset, 'metadata'>): number {
  return OFFSET_BYTES + textBytes(committed.metadata)
}

/** A topic in which something is committed. */
export function topicBytes(topic: string): number {
  return TOPIC_BYTES + textBytes(topic)
}

/** What is remembered of what its members read. */
export function subscriptionBytes(topics: ReadonlySet<string> | null): number {
  let bytes = 0
  for (const topic of topics ?? []) bytes += SUBSCRIBED_BYTES + textBytes(topic)
  return bytes
}

function textBytes(text: string | null): number {
  return text === null ? 0 : text.length * CHARACTER_BYTES
}
