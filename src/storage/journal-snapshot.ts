import { readInt32, readInt64, writeInt32, writeInt64 } from '../base/bytes.ts'
import type { Turn } from '../base/turn.ts'
import type { Uuid } from '../base/uuid.ts'
import { crc32c } from '../protocol/crc32c.ts'
import {
  type JournalGroup,
  type MarkFields,
  markFields,
  markOf,
  packr,
  positionOf,
} from './journal-record.ts'
import { Marks } from './marks.ts'

/**
 * All groups as one file: `MRS1` · LSN int64 · length uint32 · CRC-32C uint32 (of LSN and body) · next group uint32 ·
 * body (msgpack array).
 */
const SNAPSHOT_MAGIC = 'MRS1'
const SNAPSHOT_HEADER_BYTES = 24
/** A msgpack array whose length follows as uint32. */
const ARRAY_32 = 0xdd
const ARRAY_32_BYTES = 5
/** Groups that are encoded between two looks at the clock: a fraction of a millisecond. */
const SLICE_GROUPS = 128

/**
 * A snapshot of all groups as they are when it is begun, encoded in turns of the event loop. Whoever is about to change a group
 * says so before, and it is encoded as it is: so what is changed meanwhile is not in it.
 */
export class GroupsSnapshot {
  readonly #groups: ReadonlyMap<number, JournalGroup>
  readonly #lsn: number
  readonly #nextRef: number
  readonly #parts: Buffer[] = []
  /** Those that were encoded before it was their turn. */
  readonly #before = new Set<number>()
  #count = 0
  #isDone = false

  /** `lsn`: of the last record that the groups know of. Groups from `nextRef` on are yet to come. */
  constructor(groups: ReadonlyMap<number, JournalGroup>, lsn: number, nextRef: number) {
    this.#groups = groups
    this.#lsn = lsn
    this.#nextRef = nextRef
  }

  /** The group is about to be changed, made or deleted. */
  changing(ref: number): void {
    if (this.#isDone || this.#before.has(ref)) return
    this.#before.add(ref)
    const group = this.#groups.get(ref)
    if (group !== undefined) this.#add([group])
  }

  /** Encodes what is left, in turns, and resolves to the whole file. Once. */
  async encode(turn: Turn): Promise<Buffer> {
    let slice: JournalGroup[] = []
    for (const group of this.#groups.values()) {
      if (group.ref >= this.#nextRef || this.#before.has(group.ref)) continue
      this.#before.add(group.ref)
      slice.push(group)
      if (slice.length < SLICE_GROUPS) continue
      this.#add(slice)
      slice = []
      if (turn.isOver) await turn.next()
    }
    this.#add(slice)
    this.#isDone = true
    return this.#joined()
  }

  #add(groups: readonly JournalGroup[]): void {
    if (groups.length === 0) return
    this.#count += groups.length
    const packed = packr.pack(groups.map(rowOf))
    this.#parts.push(Buffer.from(packed.subarray(arrayHeadBytes(packed))))
  }

  #joined(): Buffer {
    const bodyBytes = this.#parts.reduce((sum, part) => sum + part.length, ARRAY_32_BYTES)
    const bytes = Buffer.allocUnsafe(SNAPSHOT_HEADER_BYTES + bodyBytes)
    bytes.write(SNAPSHOT_MAGIC, 0, 'latin1')
    writeInt64(bytes, 4, this.#lsn)
    writeInt32(bytes, 12, bodyBytes)
    writeInt32(bytes, 20, this.#nextRef)
    bytes[SNAPSHOT_HEADER_BYTES] = ARRAY_32
    writeInt32(bytes, SNAPSHOT_HEADER_BYTES + 1, this.#count)
    let at = SNAPSHOT_HEADER_BYTES + ARRAY_32_BYTES
    for (const part of this.#parts) at += part.copy(bytes, at)
    writeInt32(bytes, 16, snapshotCrc(bytes))
    return bytes
  }
}

/** Bytes of an array's head in msgpack. */
function arrayHeadBytes(packed: Buffer): number {
  const first = packed[0]!
  if (first < 0xa0) return 1
  return first === ARRAY_32 ? ARRAY_32_BYTES : 3
}

function rowOf(group: JournalGroup): unknown[] {
  return [
    group.ref,
    Buffer.from(group.topicId, 'latin1'),
    group.topic,
    group.partition,
    Buffer.from(group.replicaId, 'latin1'),
    group.term,
    group.votedFor,
    group.marks.list().map(markFields),
    group.startOffset,
    group.isResetting,
    group.claim === null ? null : [group.claim.term, group.claim.minor, group.claim.offset],
    group.damagedFrom,
  ]
}

function snapshotCrc(bytes: Buffer): number {
  return crc32c(bytes, 20, bytes.length, crc32c(bytes, 4, 12))
}

export interface JournalSnapshot {
  readonly lsn: number
  readonly nextRef: number
  readonly groups: Map<number, JournalGroup>
}

/** null where the bytes are no whole snapshot. */
export function decodeSnapshot(bytes: Buffer): JournalSnapshot | null {
  if (bytes.length < SNAPSHOT_HEADER_BYTES || bytes.toString('latin1', 0, 4) !== SNAPSHOT_MAGIC) return null
  if (readInt32(bytes, 12) !== bytes.length - SNAPSHOT_HEADER_BYTES) return null
  if (readInt32(bytes, 16) >>> 0 !== snapshotCrc(bytes)) return null
  const groups = new Map<number, JournalGroup>()
  for (const row of packr.unpack(bytes.subarray(SNAPSHOT_HEADER_BYTES)) as unknown[][]) {
    const claim = row[10] as [number, number, number] | null
    groups.set(row[0] as number, {
      ref: row[0] as number,
      topicId: (row[1] as Buffer).toString('latin1') as Uuid,
      topic: row[2] as string,
      partition: row[3] as number,
      replicaId: (row[4] as Buffer).toString('latin1') as Uuid,
      term: row[5] as number,
      votedFor: row[6] as number | null,
      marks: new Marks((row[7] as MarkFields[]).map(markOf)),
      startOffset: row[8] as number,
      isResetting: row[9] as boolean,
      claim: claim === null ? null : positionOf(claim),
      damagedFrom: (row[11] as number | null | undefined) ?? null,
    })
  }
  return { lsn: readInt64(bytes, 4), nextRef: readInt32(bytes, 20) >>> 0, groups }
}
