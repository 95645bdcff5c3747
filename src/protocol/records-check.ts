import {
  type BlockCodec,
  type DecompressionError,
  type DecompressionLimits,
  isDecompressionError,
  type UnpackScratch,
  unpackProduced,
} from './compression.ts'
import {
  BATCH_HEADER_BYTES,
  batchBaseTimestamp,
  batchBytes,
  batchCompression,
  batchRecordCount,
  NO_TIMESTAMP,
} from './record-batch.ts'
import type { RecordFault } from './record-cursor.ts'

/** What a topic asks of the records that it takes. Timestamps in ms, both inclusive; −1 (none) is always within them. */
export interface RecordDemands {
  readonly needsKey: boolean
  readonly timestampMin: number
  readonly timestampMax: number
}

/** What is asked of records for which only the format counts. */
export const NO_DEMANDS: RecordDemands = {
  needsKey: false,
  timestampMin: Number.NEGATIVE_INFINITY,
  timestampMax: Number.POSITIVE_INFINITY,
}

/** A record that can be read and is not what the topic asks for. */
export interface RefusedRecord {
  readonly index: number
  readonly reason: 'no-key' | 'timestamp'
  readonly timestamp: number
}

/** What all records of a batch come to. Plain data: it passes between threads. */
export interface RecordsVerdict {
  /** Why they can't be read, all of them or to the end of the batch. */
  readonly fault: RecordFault | null
  /** The record that has the fault; −1 where it is not one record's. */
  readonly faultIndex: number
  /** In their order, at most REFUSED_RECORDS_MAX. Those behind a fault are not looked at. */
  readonly refused: readonly RefusedRecord[]
  /** The latest timestamp, ms; −1 where none is above that. What the header says is not looked at. */
  readonly maxTimestamp: number
  /** Bytes of the records, unpacked; 0 where there is a fault. */
  readonly bytes: number
  /** Of the fault bad-compression: what kind, and in words. */
  readonly unpacking: Pick<DecompressionError, 'kind' | 'message'> | null
}

/** Records that a verdict names; whoever has sent more learns of the others when these are mended. */
export const REFUSED_RECORDS_MAX = 1000

const NOTHING_REFUSED: readonly RefusedRecord[] = []
/** Length, attributes, two deltas, key, value and header count, a byte each. */
const RECORD_BYTES_MIN = 7
/** Two lengths. */
const HEADER_BYTES_MIN = 2
/** In place of a position, and above all of them: a field leads beyond its limit, or is longer than its type. */
const TRUNCATED = 0x7ffffffe
const BAD_VARINT = 0x7fffffff
const BAD_HEADERS = 0x7ffffffd

/**
 * Reads every record of the batch, whose shape has been checked, where it lies: as many as the header counts, with offset
 * deltas from 0 on, nothing behind the last one (Kafka's LogValidator; it lets records of uncompressed batches have any
 * delta, at which readers stop). What is compressed is unpacked first, within `limits`, into `scratch` where its codec
 * can. Never throws on what the bytes are. Costs no allocation a record.
 */
export function judgeRecords(
  batch: Buffer,
  demands: RecordDemands,
  limits: DecompressionLimits,
  scratch: UnpackScratch,
): RecordsVerdict {
  const codec = batchCompression(batch, 0)
  if (codec === 'none') return walkRecords(batch, batch, BATCH_HEADER_BYTES, batchBytes(batch, 0), demands)
  if (typeof codec === 'number') return unreadable('bad-compression', -1, NO_TIMESTAMP, NOTHING_REFUSED)
  const plain = unpackedRecords(batch, codec, limits, scratch)
  return Buffer.isBuffer(plain) ? walkRecords(batch, plain, 0, plain.length, demands) : plain
}

/** The records of a compressed batch as one block, which may be `scratch`'s; or what keeps them from being unpacked. */
export function unpackedRecords(
  batch: Buffer,
  codec: BlockCodec,
  limits: DecompressionLimits,
  scratch: UnpackScratch,
): Buffer | RecordsVerdict {
  try {
    return unpackProduced(codec, batch.subarray(BATCH_HEADER_BYTES, batchBytes(batch, 0)), limits, scratch)
  } catch (error) {
    if (!isDecompressionError(error)) throw error
    const { kind, message } = error
    const verdict = unreadable('bad-compression', -1, NO_TIMESTAMP, NOTHING_REFUSED)
    return { ...verdict, unpacking: { kind, message } }
  }
}

/**
 * The verdict on the records that lie in `bytes[start, end)`, by the header of `batch`. One straight loop: numbers of one
 * and two bytes, which nearly all are, are read in place. Before each field there is room for the shortest form of all
 * that must follow, so that the first two bytes of a number are always there.
 */
export function walkRecords(
  batch: Buffer,
  bytes: Buffer,
  start: number,
  end: number,
  { needsKey, timestampMin, timestampMax }: RecordDemands,
): RecordsVerdict {
  const count = batchRecordCount(batch, 0)
  const baseTimestamp = batchBaseTimestamp(batch, 0)
  let refused = NOTHING_REFUSED
  let maxTimestamp = NO_TIMESTAMP
  let at = start
  for (let index = 0; index < count; index++) {
    if (end - at < RECORD_BYTES_MIN) return unreadable('truncated', index, maxTimestamp, refused)
    let byte = bytes[at]!
    let next = bytes[at + 1]!
    const length = unzigzag(byte < 0x80 ? byte : next < 0x80 ? two(byte, next) : long(bytes, at, end))
    at = byte < 0x80 ? at + 1 : next < 0x80 ? at + 2 : longEnd
    const recordEnd = at + length
    if (length < RECORD_BYTES_MIN - 1 || recordEnd > end)
      return unreadable(at === BAD_VARINT ? 'bad-varint' : 'bad-length', index, maxTimestamp, refused)

    at++
    byte = bytes[at]!
    next = bytes[at + 1]!
    const delta =
      byte < 0x80 ? unzigzag(byte) : next < 0x80 ? unzigzag(two(byte, next)) : varlong(bytes, at, recordEnd)
    at = byte < 0x80 ? at + 1 : next < 0x80 ? at + 2 : longEnd
    if (at > recordEnd - 4) return unreadable(faultAt(at, recordEnd), index, maxTimestamp, refused)

    byte = bytes[at]!
    next = bytes[at + 1]!
    const offsetDelta = byte < 0x80 ? byte : next < 0x80 ? two(byte, next) : long(bytes, at, recordEnd)
    at = byte < 0x80 ? at + 1 : next < 0x80 ? at + 2 : longEnd
    if (at > recordEnd - 3) return unreadable(faultAt(at, recordEnd), index, maxTimestamp, refused)
    if (offsetDelta !== index * 2) return unreadable('bad-offset', index, maxTimestamp, refused)

    byte = bytes[at]!
    next = bytes[at + 1]!
    const key = byte < 0x80 ? byte : next < 0x80 ? two(byte, next) : long(bytes, at, recordEnd)
    at = byte < 0x80 ? at + 1 : next < 0x80 ? at + 2 : longEnd
    if ((key & 1) === 0) at += key >>> 1
    if (at > recordEnd - 2) return unreadable(faultAt(at, recordEnd), index, maxTimestamp, refused)

    byte = bytes[at]!
    next = bytes[at + 1]!
    const value = byte < 0x80 ? byte : next < 0x80 ? two(byte, next) : long(bytes, at, recordEnd)
    at = byte < 0x80 ? at + 1 : next < 0x80 ? at + 2 : longEnd
    if ((value & 1) === 0) at += value >>> 1
    if (at >= recordEnd) return unreadable(faultAt(at, recordEnd), index, maxTimestamp, refused)

    at = bytes[at] === 0 ? at + 1 : headersEnd(bytes, at, recordEnd)
    if (at !== recordEnd) return unreadable(faultAt(at, recordEnd), index, maxTimestamp, refused)
    const timestamp = baseTimestamp + delta
    if (timestamp > maxTimestamp) maxTimestamp = timestamp
    if ((needsKey && (key & 1) === 1) || timestamp > timestampMax || timestamp < timestampMin)
      refused = noted(refused, index, needsKey && (key & 1) === 1 ? 'no-key' : 'timestamp', timestamp)
  }
  if (at !== end) return unreadable('trailing-bytes', -1, maxTimestamp, refused)
  return { fault: null, faultIndex: -1, refused, maxTimestamp, bytes: end - start, unpacking: null }
}

/** Whether nothing speaks against the records. */
export function areTaken(verdict: RecordsVerdict): boolean {
  return verdict.fault === null && verdict.refused.length === 0
}

function unreadable(
  fault: RecordFault,
  faultIndex: number,
  maxTimestamp: number,
  refused: readonly RefusedRecord[],
): RecordsVerdict {
  return { fault, faultIndex, refused, maxTimestamp, bytes: 0, unpacking: null }
}

/** Why the fields of a record do not end at `recordEnd`; `at` is where they led. */
function faultAt(at: number, recordEnd: number): RecordFault {
  if (at === BAD_VARINT) return 'bad-varint'
  if (at === BAD_HEADERS) return 'bad-headers'
  return at > recordEnd ? 'truncated' : 'bad-length'
}

function noted(
  refused: readonly RefusedRecord[],
  index: number,
  reason: RefusedRecord['reason'],
  timestamp: number,
): readonly RefusedRecord[] {
  if (reason === 'timestamp' && timestamp === NO_TIMESTAMP) return refused
  if (refused.length >= REFUSED_RECORDS_MAX) return refused
  const list = refused.length === 0 ? [] : (refused as RefusedRecord[])
  list.push({ index, reason, timestamp })
  return list
}

function unzigzag(value: number): number {
  return (value >>> 1) ^ -(value & 1)
}

function two(byte: number, next: number): number {
  return (byte & 0x7f) | (next << 7)
}

/** Where the number ends that `long` or `varlong` has read last: TRUNCATED or BAD_VARINT where it is none. */
let longEnd = 0

/** A varint as it is written, before its zig-zag is undone. Never 0 where it fails, so that it is no offset delta. */
function long(bytes: Buffer, position: number, limit: number): number {
  let value = 0
  let at = position
  for (let shift = 0; shift < 35; shift += 7) {
    if (at >= limit) {
      longEnd = TRUNCATED
      return 1
    }
    const byte = bytes[at++]!
    value |= (byte & 0x7f) << shift
    if (byte >= 0x80) continue
    longEnd = at
    return value
  }
  longEnd = BAD_VARINT
  return 1
}

/** A zig-zag varlong of at most 64 bits: exact within ±2^53. */
function varlong(bytes: Buffer, position: number, limit: number): number {
  let low = 0
  let high = 0
  let scale = 1
  let at = position
  for (let shift = 0; shift < 70; shift += 7) {
    if (at >= limit) {
      longEnd = TRUNCATED
      return 0
    }
    const byte = bytes[at++]!
    if (shift < 28) low |= (byte & 0x7f) << shift
    else {
      high += (byte & (shift < 63 ? 0x7f : 1)) * scale
      scale *= 0x80
    }
    if (byte >= 0x80) continue
    longEnd = at
    if (high === 0) return unzigzag(low)
    const half = high * 2 ** 27 + (low >>> 1)
    return (low & 1) === 0 ? half : -half - 1
  }
  longEnd = BAD_VARINT
  return 0
}

/** Where the headers end whose count is at `position`, in front of `limit`; TRUNCATED, BAD_VARINT or BAD_HEADERS. */
function headersEnd(bytes: Buffer, position: number, limit: number): number {
  const count = unzigzag(long(bytes, position, limit))
  if (longEnd > limit) return longEnd
  if (count < 0 || count * HEADER_BYTES_MIN > limit - longEnd) return BAD_HEADERS
  let at = longEnd
  for (let index = 0; index < count; index++) {
    const name = unzigzag(long(bytes, at, limit))
    if (longEnd > limit) return longEnd
    if (name < 0) return BAD_HEADERS
    if (name > limit - longEnd) return TRUNCATED
    at = longEnd + name
    const value = unzigzag(long(bytes, at, limit))
    if (longEnd > limit) return longEnd
    if (value > limit - longEnd) return TRUNCATED
    at = longEnd + Math.max(0, value)
  }
  return at
}
