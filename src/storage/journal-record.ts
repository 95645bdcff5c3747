import { Packr } from 'msgpackr'
import { assert } from '../base/assert.ts'
import { readInt32, readInt64, writeInt32, writeInt64 } from '../base/bytes.ts'
import { comparePositions, type LogPosition } from '../base/log-position.ts'
import type { Uuid } from '../base/uuid.ts'
import { crc32c } from '../protocol/crc32c.ts'
import { type Mark, Marks } from './marks.ts'

/**
 * What the journal says of one replicated log. Changed by records alone, the same way when they are made and when they
 * are read again.
 */
export interface JournalGroup {
  /** Short name of the group within its journal; never used twice. */
  readonly ref: number
  readonly topicId: Uuid
  readonly topic: string
  readonly partition: number
  /** This copy of the log: another one, even at the same place, has another id. */
  readonly replicaId: Uuid
  term: number
  votedFor: number | null
  readonly marks: Marks
  startOffset: number
  /** Whether files of before a reset may still be there: nothing in them counts. */
  isResetting: boolean
  /** What this replica has said, or may have said, that it holds durably. null: nothing. */
  claim: LogPosition | null
  /** Offset from which on a start has found records broken or missing; null: of no damage is known. */
  damagedFrom: number | null
}

/** One thing that the journal is told, of the group `ref`. */
export type JournalRecord =
  | {
      readonly type: 'create'
      readonly ref: number
      readonly topicId: Uuid
      readonly topic: string
      readonly partition: number
      readonly replicaId: Uuid
      readonly term: number
      readonly startOffset: number
      readonly marks: readonly Mark[]
    }
  | {
      readonly type: 'hard-state'
      readonly ref: number
      readonly term: number
      readonly votedFor: number | null
    }
  /**
   * A mark at the end of the log. It lowers no claim: what was said to be held still is. `dropsEmpty`: the mark before it
   * has no batch and is of a group of one, which has committed it, so that nobody will ever compare it: it goes.
   */
  | { readonly type: 'mark'; readonly ref: number; readonly mark: Mark; readonly dropsEmpty: boolean }
  /** Cuts to `keep`, which conflicts with what lay behind, and appends, as one: a crash sees both or neither. */
  | {
      readonly type: 'marks'
      readonly ref: number
      readonly keep: LogPosition
      readonly append: readonly Mark[]
    }
  /** Everything before is dropped; the log starts, empty, at `startOffset` under `mark`. log-start says it is done. */
  | { readonly type: 'reset'; readonly ref: number; readonly mark: Mark; readonly startOffset: number }
  | { readonly type: 'log-start'; readonly ref: number; readonly startOffset: number }
  | { readonly type: 'claim'; readonly ref: number; readonly position: LogPosition }
  /** Records from an offset on are broken or missing, which `claim` says are owed; or (null) they have been brought back. */
  | {
      readonly type: 'damage'
      readonly ref: number
      readonly from: number | null
      readonly claim: LogPosition
    }
  | { readonly type: 'delete'; readonly ref: number }
  /** The process ended in order: nothing was written after this. */
  | { readonly type: 'clean'; readonly ref: 0 }

/**
 * A frame: length uint32 (of what follows the CRC) · CRC-32C uint32 (of the same) · LSN int64 · how far the LSN is
 * behind which all was synced when this frame was written, uint32 · group uint32 · type uint8 · body (msgpack array).
 */
export const FRAME_HEADER_BYTES = 25
const LENGTH_BYTES = 8
const FRAME_BYTES_MAX = 1048576

const TYPES = [
  'create',
  'hard-state',
  'marks',
  'reset',
  'log-start',
  'claim',
  'delete',
  'clean',
  'mark',
  'damage',
] as const

/** Of all bodies, in the journal and in its snapshots. */
export const packr = new Packr({ useRecords: false, structuredClone: false })

export type MarkFields = [number, number, number, readonly number[], readonly number[] | null]

export function markFields(mark: Mark): MarkFields {
  return [mark.term, mark.minor, mark.startOffset, mark.voters, mark.oldVoters]
}

export function markOf([term, minor, startOffset, voters, oldVoters]: MarkFields): Mark {
  return { term, minor, startOffset, voters, oldVoters }
}

export function positionOf([term, minor, offset]: [number, number, number]): LogPosition {
  return { term, minor, offset }
}

function bodyOf(record: JournalRecord): unknown[] {
  switch (record.type) {
    case 'create': {
      const { topicId, topic, partition, replicaId, term, startOffset, marks } = record
      const ids = [Buffer.from(topicId, 'latin1'), Buffer.from(replicaId, 'latin1')]
      return [...ids, topic, partition, term, startOffset, marks.map(markFields)]
    }
    case 'hard-state':
      return [record.term, record.votedFor]
    case 'mark':
      return [markFields(record.mark), record.dropsEmpty]
    case 'marks':
      return [record.keep.term, record.keep.minor, record.keep.offset, record.append.map(markFields)]
    case 'reset':
      return [markFields(record.mark), record.startOffset]
    case 'damage':
      return [record.from, record.claim.term, record.claim.minor, record.claim.offset]
    case 'log-start':
      return [record.startOffset]
    case 'claim':
      return [record.position.term, record.position.minor, record.position.offset]
    case 'delete':
    case 'clean':
      return []
  }
}

/** The frame of a record. `unsyncedCount` is the number of LSNs, this one included, that were not yet synced. */
export function encodeFrame(record: JournalRecord, lsn: number, unsyncedCount: number): Buffer {
  const body = packr.pack(bodyOf(record))
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + body.length)
  assert(frame.length <= FRAME_BYTES_MAX, 'a journal record is small')
  writeInt32(frame, 0, frame.length - LENGTH_BYTES)
  writeInt64(frame, 8, lsn)
  writeInt32(frame, 16, unsyncedCount)
  writeInt32(frame, 20, record.ref)
  frame[24] = TYPES.indexOf(record.type)
  body.copy(frame, FRAME_HEADER_BYTES)
  writeInt32(frame, 4, crc32c(frame, LENGTH_BYTES, frame.length))
  return frame
}

export interface JournalFrame {
  readonly lsn: number
  /** Everything up to and with this LSN was synced when the frame was written. */
  readonly syncedLsn: number
  readonly byteLength: number
  readonly record: JournalRecord
}

/** The frame at `position`, or null where there is no whole one. */
export function decodeFrame(bytes: Buffer, position: number): JournalFrame | null {
  if (position + FRAME_HEADER_BYTES > bytes.length) return null
  const byteLength = readInt32(bytes, position) + LENGTH_BYTES
  if (byteLength < FRAME_HEADER_BYTES || byteLength > FRAME_BYTES_MAX) return null
  const end = position + byteLength
  if (end > bytes.length || bytes[position + 24]! >= TYPES.length) return null
  if (crc32c(bytes, position + LENGTH_BYTES, end) !== readInt32(bytes, position + 4) >>> 0) return null
  const lsn = readInt64(bytes, position + 8)
  const syncedLsn = lsn - (readInt32(bytes, position + 16) >>> 0)
  const ref = readInt32(bytes, position + 20) >>> 0
  const body = packr.unpack(bytes.subarray(position + FRAME_HEADER_BYTES, end)) as unknown[]
  return { lsn, syncedLsn, byteLength, record: recordOf(TYPES[bytes[position + 24]!]!, ref, body) }
}

/** The CRC has vouched for the body: it is what bodyOf made. */
function recordOf(type: JournalRecord['type'], ref: number, body: unknown[]): JournalRecord {
  const numbers = body as number[]
  switch (type) {
    case 'create':
      return {
        type,
        ref,
        topicId: (body[0] as Buffer).toString('latin1') as Uuid,
        replicaId: (body[1] as Buffer).toString('latin1') as Uuid,
        topic: body[2] as string,
        partition: numbers[3]!,
        term: numbers[4]!,
        startOffset: numbers[5]!,
        marks: (body[6] as MarkFields[]).map(markOf),
      }
    case 'hard-state':
      return { type, ref, term: numbers[0]!, votedFor: body[1] as number | null }
    case 'mark':
      return { type, ref, mark: markOf(body[0] as MarkFields), dropsEmpty: body[1] as boolean }
    case 'marks': {
      const keep = positionOf([numbers[0]!, numbers[1]!, numbers[2]!])
      return { type, ref, keep, append: (body[3] as MarkFields[]).map(markOf) }
    }
    case 'reset':
      return { type, ref, mark: markOf(body[0] as MarkFields), startOffset: numbers[1]! }
    case 'damage': {
      const claim = positionOf([numbers[1]!, numbers[2]!, numbers[3]!])
      return { type, ref, from: body[0] as number | null, claim }
    }
    case 'log-start':
      return { type, ref, startOffset: numbers[0]! }
    case 'claim':
      return { type, ref, position: positionOf([numbers[0]!, numbers[1]!, numbers[2]!]) }
    case 'delete':
      return { type, ref }
    case 'clean':
      return { type, ref: 0 }
  }
}

/** Brings the groups to what they are with `record`. Records of a group that is gone say nothing. */
export function applyRecord(groups: Map<number, JournalGroup>, record: JournalRecord): void {
  if (record.type === 'create') {
    const { ref, topicId, topic, partition, replicaId, term, startOffset } = record
    const marks = new Marks(record.marks)
    const group = {
      ref,
      topicId,
      topic,
      partition,
      replicaId,
      term,
      votedFor: null,
      marks,
      startOffset,
      isResetting: false,
      claim: null,
      damagedFrom: null,
    }
    groups.set(ref, group)
    return
  }
  const group = groups.get(record.ref)
  if (group !== undefined) applyToGroup(groups, group, record)
}

function applyToGroup(groups: Map<number, JournalGroup>, group: JournalGroup, record: JournalRecord): void {
  switch (record.type) {
    case 'hard-state':
      group.term = record.term
      group.votedFor = record.votedFor
      return
    case 'mark':
      if (record.dropsEmpty) group.marks.replaceLast(record.mark)
      else group.marks.append(record.mark)
      return
    case 'marks':
      group.marks.truncateTo(record.keep)
      for (const mark of record.append) group.marks.append(mark)
      // What is cut off was never committed: it may be forgotten.
      if (group.claim !== null && comparePositions(record.keep, group.claim) < 0) group.claim = record.keep
      if (group.damagedFrom !== null && record.keep.offset <= group.damagedFrom) group.damagedFrom = null
      return
    case 'reset':
      group.marks.restart(record.mark)
      group.startOffset = record.startOffset
      group.isResetting = true
      group.damagedFrom = null
      group.claim = { term: record.mark.term, minor: record.mark.minor, offset: record.startOffset }
      return
    case 'log-start':
      group.startOffset = record.startOffset
      group.isResetting = false
      group.marks.trimBelow(record.startOffset)
      return
    case 'claim':
      claim(group, record.position)
      return
    case 'damage':
      group.damagedFrom = record.from
      claim(group, record.claim)
      return
    case 'delete':
      groups.delete(group.ref)
      return
  }
}

/** A log that ends before what was claimed still owes it: a claim goes down by a cut or a reset alone. */
function claim(group: JournalGroup, position: LogPosition): void {
  if (group.claim === null || comparePositions(position, group.claim) > 0) group.claim = position
}
