import { assert } from '../base/assert.ts'
import { unsignedVarintSize, zigzag32 } from '../base/bytes.ts'
import { compress, LOOP_LIMITS } from './compression.ts'
import {
  BATCH_HEADER_BYTES,
  batchAttributesOf,
  batchBaseOffset,
  batchHasLogAppendTime,
  batchMaxTimestamp,
  batchNextOffset,
  batchRecordCount,
  type Compression,
  NO_PRODUCER_EPOCH,
  NO_PRODUCER_ID,
  NO_SEQUENCE,
  NO_TIMESTAMP,
  writeBatchHeader,
} from './record-batch.ts'
import { RecordCursor, type RecordFault } from './record-cursor.ts'

export { DecompressionError } from './compression-error.ts'
export { RecordCursor, type RecordFault } from './record-cursor.ts'

/** Records that are not what the header of their batch says, or not records at all. */
export class MalformedRecordsError extends Error {
  override readonly name = 'MalformedRecordsError'
  readonly fault: RecordFault

  constructor(fault: RecordFault) {
    super(`malformed records: ${fault}`)
    this.fault = fault
  }
}

export interface RecordHeader {
  readonly key: string
  readonly value: Buffer | null
}

/** One record. null is not the empty buffer (D14). */
export interface DecodedRecord {
  readonly offset: number
  /** ms since 1970, or −1. */
  readonly timestamp: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly RecordHeader[]
}

const NO_HEADERS: readonly RecordHeader[] = []

/**
 * The records of the batch at `position`, whose shape has been checked. Keys and values are slices of the batch, or of
 * the block that it was decompressed to. Throws MalformedRecordsError, and DecompressionError where the codec refuses.
 */
export function decodeRecords(batch: Buffer, position = 0): DecodedRecord[] {
  const cursor = new RecordCursor(batch, position)
  const records: DecodedRecord[] = []
  while (cursor.next()) {
    records.push({
      offset: cursor.offset,
      timestamp: cursor.timestamp,
      key: sliceOf(cursor.bytes, cursor.keyPosition, cursor.keyLength),
      value: sliceOf(cursor.bytes, cursor.valuePosition, cursor.valueLength),
      headers: cursor.headerCount === 0 ? NO_HEADERS : decodeHeaders(cursor),
    })
  }
  if (cursor.decompressionError !== null) throw cursor.decompressionError
  if (cursor.fault !== null) throw new MalformedRecordsError(cursor.fault)
  return records
}

function decodeHeaders(cursor: RecordCursor): RecordHeader[] {
  const headers: RecordHeader[] = []
  while (cursor.nextHeader()) {
    const { headerKeyPosition: start, headerKeyLength: length } = cursor
    headers.push({
      key: cursor.bytes.toString('utf8', start, start + length),
      value: sliceOf(cursor.bytes, cursor.headerValuePosition, cursor.headerValueLength),
    })
  }
  return headers
}

function sliceOf(bytes: Buffer, position: number, length: number): Buffer | null {
  return length < 0 ? null : bytes.subarray(position, position + length)
}

/** What is wrong with the records of a batch, or null. Reads them all (and decompresses them if need be). */
export function checkRecords(batch: Buffer, position = 0): RecordFault | null {
  const cursor = new RecordCursor(batch, position)
  while (cursor.next());
  return cursor.fault
}

/** Where a point in time lies in a log. */
export interface TimedOffset {
  readonly offset: number
  readonly timestamp: number
}

/**
 * The first record of the batch that is not before `timestamp` nor before `offsetMin` (E13); null when there is none,
 * or when the records can't be read. Of a batch that is too large for one turn of the loop it is the batch's first
 * offset: early, but never late.
 */
export function firstRecordAtOrAfter(
  batch: Buffer,
  position: number,
  timestamp: number,
  offsetMin = 0,
): TimedOffset | null {
  const cursor = new RecordCursor(batch, position, LOOP_LIMITS)
  if (isTooLargeForLoop(cursor, batch, position))
    return { offset: Math.max(offsetMin, batchBaseOffset(batch, position)), timestamp }
  while (cursor.next())
    if (cursor.timestamp >= timestamp && cursor.offset >= offsetMin)
      return { offset: cursor.offset, timestamp: cursor.timestamp }
  return null
}

/**
 * The first of the batch's records with the latest timestamp (E13); null when it holds none that can be read. Of a batch
 * that is too large for one turn of the loop it is the last.
 */
export function maxTimestampRecord(batch: Buffer, position: number): TimedOffset | null {
  const cursor = new RecordCursor(batch, position, LOOP_LIMITS)
  if (isTooLargeForLoop(cursor, batch, position))
    return { offset: batchNextOffset(batch, position) - 1, timestamp: batchMaxTimestamp(batch, position) }
  let offset = -1
  let timestamp = NO_TIMESTAMP
  while (cursor.next()) {
    if (offset >= 0 && cursor.timestamp <= timestamp) continue
    offset = cursor.offset
    timestamp = cursor.timestamp
    if (batchHasLogAppendTime(batch, position)) break
  }
  return offset < 0 ? null : { offset, timestamp }
}

function isTooLargeForLoop(cursor: RecordCursor, batch: Buffer, position: number): boolean {
  if (cursor.decompressionError?.kind === 'too-large') return true
  return batchRecordCount(batch, position) > LOOP_LIMITS.recordsMax
}

/** A record to be written; its bytes are copied. */
export interface RecordInput {
  /** ms since 1970; −1 (none) when it is not given. */
  readonly timestamp?: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers?: readonly RecordHeader[]
}

/** A batch to be built; what is left out is none, 0 or -1 as the format has it. */
export interface BatchInput {
  readonly baseOffset?: number
  readonly leaderEpoch?: number
  readonly producerId?: number
  readonly producerEpoch?: number
  readonly baseSequence?: number
  readonly isTransactional?: boolean
  readonly isControl?: boolean
  readonly timestampType?: 'CreateTime' | 'LogAppendTime'
  readonly compression?: Compression
  /** At least one. */
  readonly records: readonly RecordInput[]
}

/**
 * One sealed batch of the records, in order. Base offset 0 and leader epoch −1 unless given, as a producer sends it.
 * zstd needs `loadCompression()` to have resolved once.
 */
export function encodeBatch(input: BatchInput): Buffer {
  const { records } = input
  assert(records.length > 0, 'a batch holds a record')
  const compression = input.compression ?? 'none'
  const baseTimestamp = records[0]!.timestamp ?? NO_TIMESTAMP
  let maxTimestamp = baseTimestamp
  let bodyBytes = 0
  const sizes: number[] = []
  for (let index = 0; index < records.length; index++) {
    const record = records[index]!
    const timestamp = record.timestamp ?? NO_TIMESTAMP
    if (timestamp > maxTimestamp) maxTimestamp = timestamp
    const bytes = recordBytes(record, index, timestamp - baseTimestamp)
    bodyBytes += unsignedVarintSize(zigzag32(bytes)) + bytes
    sizes.push(bytes)
  }
  const batch = Buffer.allocUnsafe(BATCH_HEADER_BYTES + bodyBytes)
  let at = BATCH_HEADER_BYTES
  for (let index = 0; index < records.length; index++) {
    const record = records[index]!
    at = writeVarint(batch, at, sizes[index]!)
    at = writeRecord(batch, at, record, index, (record.timestamp ?? NO_TIMESTAMP) - baseTimestamp)
  }
  assert(at === batch.length, 'records are as long as they were measured')
  const sealed = compression === 'none' ? batch : compressedBatch(compression, batch)
  writeBatchHeader(sealed, 0, sealed.length, {
    baseOffset: input.baseOffset ?? 0,
    leaderEpoch: input.leaderEpoch ?? -1,
    attributes: batchAttributesOf({
      compression,
      hasLogAppendTime: input.timestampType === 'LogAppendTime',
      isTransactional: input.isTransactional ?? false,
      isControl: input.isControl ?? false,
    }),
    lastOffsetDelta: records.length - 1,
    baseTimestamp,
    maxTimestamp,
    producerId: input.producerId ?? NO_PRODUCER_ID,
    producerEpoch: input.producerEpoch ?? NO_PRODUCER_EPOCH,
    baseSequence: input.baseSequence ?? NO_SEQUENCE,
    recordCount: records.length,
  })
  return sealed
}

/** The batch with its body compressed; the header is still to be written. */
function compressedBatch(compression: Exclude<Compression, 'none'>, plain: Buffer): Buffer {
  const body = compress(compression, plain.subarray(BATCH_HEADER_BYTES))
  const batch = Buffer.allocUnsafe(BATCH_HEADER_BYTES + body.length)
  batch.set(body, BATCH_HEADER_BYTES)
  return batch
}

/** Bytes of a record behind its length field. */
function recordBytes(record: RecordInput, offsetDelta: number, timestampDelta: number): number {
  let bytes =
    1 +
    varlongBytes(timestampDelta) +
    unsignedVarintSize(zigzag32(offsetDelta)) +
    fieldBytes(record.key) +
    fieldBytes(record.value)
  const headers = record.headers ?? NO_HEADERS
  bytes += unsignedVarintSize(zigzag32(headers.length))
  for (const header of headers) {
    const keyBytes = Buffer.byteLength(header.key)
    bytes += unsignedVarintSize(zigzag32(keyBytes)) + keyBytes + fieldBytes(header.value)
  }
  return bytes
}

function fieldBytes(field: Buffer | null): number {
  return field === null ? 1 : unsignedVarintSize(zigzag32(field.length)) + field.length
}

/** Writes a record behind its length field; returns where it ends. */
function writeRecord(
  target: Buffer,
  position: number,
  record: RecordInput,
  offsetDelta: number,
  timestampDelta: number,
): number {
  let at = position
  target[at++] = 0
  at = writeVarlong(target, at, timestampDelta)
  at = writeVarint(target, at, offsetDelta)
  at = writeField(target, at, record.key)
  at = writeField(target, at, record.value)
  const headers = record.headers ?? NO_HEADERS
  at = writeVarint(target, at, headers.length)
  for (const header of headers) {
    at = writeVarint(target, at, Buffer.byteLength(header.key))
    at += target.write(header.key, at, 'utf8')
    at = writeField(target, at, header.value)
  }
  return at
}

function writeField(target: Buffer, position: number, field: Buffer | null): number {
  if (field === null) return writeVarint(target, position, -1)
  const at = writeVarint(target, position, field.length)
  target.set(field, at)
  return at + field.length
}

/** Writes a zig-zag varint; returns where it ends. */
export function writeVarint(target: Buffer, position: number, value: number): number {
  let rest = zigzag32(value)
  let at = position
  while (rest >= 0x80) {
    target[at++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  target[at++] = rest
  return at
}

/** Zig-zags an integer within ±2^52, as far as two timestamps can be apart and stay exact. */
function zigzag53(value: number): number {
  return value >= 0 ? value * 2 : -value * 2 - 1
}

/** Bytes of the zig-zag varlong of an integer within ±2^52. */
export function varlongBytes(value: number): number {
  let bytes = 1
  for (let rest = zigzag53(value); rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes++
  return bytes
}

/** Writes a zig-zag varlong, of an integer within ±2^52; returns where it ends. */
export function writeVarlong(target: Buffer, position: number, value: number): number {
  let rest = zigzag53(value)
  let at = position
  while (rest >= 0x80) {
    target[at++] = (rest % 0x80) | 0x80
    rest = Math.floor(rest / 0x80)
  }
  target[at++] = rest
  return at
}
