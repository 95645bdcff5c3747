import { readInt16, readInt32, readInt64, writeInt16, writeInt32, writeInt64 } from '../base/bytes.ts'
import { crc32c } from './crc32c.ts'

/**
 * A record batch of format 2 (KIP-98) where it lies: functions over (buffer, position of its first byte). The bytes
 * are borrowed, nothing is allocated, and no function reads beyond the 61-byte header unless it says so. Accessors
 * trust that the header is there: check the shape first.
 *
 *   0 baseOffset int64 · 8 length int32 (of what follows it) · 12 leaderEpoch int32 · 16 magic int8 · 17 crc uint32
 *   (of everything behind it) · 21 attributes int16 · 23 lastOffsetDelta int32 · 27 baseTimestamp int64 ·
 *   35 maxTimestamp int64 · 43 producerId int64 · 51 producerEpoch int16 · 53 baseSequence int32 · 57 count int32 ·
 *   61 the records, compressed as one block if at all
 */

export const BATCH_HEADER_BYTES = 61
/** Bytes that the length field does not count: base offset and the field itself. */
export const LOG_OVERHEAD_BYTES = 12
export const BATCH_MAGIC = 2
/** Batch bytes up to and with the magic byte: as much as is needed to tell formats apart. */
export const BATCH_MAGIC_END = 17

const LENGTH_POSITION = 8
const LEADER_EPOCH_POSITION = 12
const MAGIC_POSITION = 16
const CRC_POSITION = 17
const ATTRIBUTES_POSITION = 21
const LAST_OFFSET_DELTA_POSITION = 23
const BASE_TIMESTAMP_POSITION = 27
const MAX_TIMESTAMP_POSITION = 35
const PRODUCER_ID_POSITION = 43
const PRODUCER_EPOCH_POSITION = 51
const BASE_SEQUENCE_POSITION = 53
const RECORD_COUNT_POSITION = 57

/** Attribute bits of the codec. */
export const COMPRESSION_MASK = 0x07
const LOG_APPEND_TIME_BIT = 0x08
const TRANSACTIONAL_BIT = 0x10
const CONTROL_BIT = 0x20
/** Attribute bit: the base timestamp is the time from which the batch's tombstones may go (KIP-534). */
export const DELETE_HORIZON_BIT = 0x40

export const NO_PRODUCER_ID = -1
export const NO_PRODUCER_EPOCH = -1
export const NO_SEQUENCE = -1
export const NO_TIMESTAMP = -1

/** Codecs in the order of their code in the attributes. */
export const COMPRESSIONS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const
export type Compression = (typeof COMPRESSIONS)[number]

/** Code of a codec in the attributes. */
export function compressionCode(compression: Compression): number {
  return COMPRESSIONS.indexOf(compression)
}

/** Offset that the batch's deltas count from. After compaction its first record may have a later one. */
export function batchBaseOffset(buffer: Buffer, position: number): number {
  return readInt64(buffer, position)
}

/** Bytes of the whole batch by its length field; nonsense (down to −2^31 + 12) unless the shape was checked. */
export function batchBytes(buffer: Buffer, position: number): number {
  return readInt32(buffer, position + LENGTH_POSITION) + LOG_OVERHEAD_BYTES
}

export function batchLeaderEpoch(buffer: Buffer, position: number): number {
  return readInt32(buffer, position + LEADER_EPOCH_POSITION)
}

export function batchMagic(buffer: Buffer, position: number): number {
  return (buffer[position + MAGIC_POSITION]! << 24) >> 24
}

/** The stored CRC-32C, unsigned. */
export function batchCrc(buffer: Buffer, position: number): number {
  return readInt32(buffer, position + CRC_POSITION) >>> 0
}

export function batchAttributes(buffer: Buffer, position: number): number {
  return readInt16(buffer, position + ATTRIBUTES_POSITION)
}

export function batchLastOffsetDelta(buffer: Buffer, position: number): number {
  return readInt32(buffer, position + LAST_OFFSET_DELTA_POSITION)
}

/** Offset of the last record (inclusive); compaction keeps it even where that record is gone. */
export function batchLastOffset(buffer: Buffer, position: number): number {
  return readInt64(buffer, position) + readInt32(buffer, position + LAST_OFFSET_DELTA_POSITION)
}

/** First offset behind the batch. */
export function batchNextOffset(buffer: Buffer, position: number): number {
  return batchLastOffset(buffer, position) + 1
}

/** Timestamp that the deltas count from, ms, or −1; under a delete horizon it is that horizon (KIP-534). */
export function batchBaseTimestamp(buffer: Buffer, position: number): number {
  return readInt64(buffer, position + BASE_TIMESTAMP_POSITION)
}

/** Largest timestamp in the batch, ms, or −1; with log append time it is every record's. */
export function batchMaxTimestamp(buffer: Buffer, position: number): number {
  return readInt64(buffer, position + MAX_TIMESTAMP_POSITION)
}

/** −1 where the producer is not idempotent. */
export function batchProducerId(buffer: Buffer, position: number): number {
  return readInt64(buffer, position + PRODUCER_ID_POSITION)
}

export function batchProducerEpoch(buffer: Buffer, position: number): number {
  return readInt16(buffer, position + PRODUCER_EPOCH_POSITION)
}

/** Sequence of the first record, or −1. */
export function batchBaseSequence(buffer: Buffer, position: number): number {
  return readInt32(buffer, position + BASE_SEQUENCE_POSITION)
}

/** Sequence of the last record, wrapped from 2^31−1 to 0 (G2), or −1. */
export function batchLastSequence(buffer: Buffer, position: number): number {
  const base = readInt32(buffer, position + BASE_SEQUENCE_POSITION)
  if (base < 0) return NO_SEQUENCE
  return addToSequence(base, readInt32(buffer, position + LAST_OFFSET_DELTA_POSITION))
}

/** `sequence + count` in the ring [0, 2^31); both are at least 0. */
export function addToSequence(sequence: number, count: number): number {
  return (sequence + count) & 0x7fffffff
}

export function batchRecordCount(buffer: Buffer, position: number): number {
  return readInt32(buffer, position + RECORD_COUNT_POSITION)
}

/** Codec of the records, or the code (5..7) where it is none that exists. */
export function batchCompression(buffer: Buffer, position: number): Compression | number {
  const code = buffer[position + ATTRIBUTES_POSITION + 1]! & COMPRESSION_MASK
  return COMPRESSIONS[code] ?? code
}

export function batchIsCompressed(buffer: Buffer, position: number): boolean {
  return (buffer[position + ATTRIBUTES_POSITION + 1]! & COMPRESSION_MASK) !== 0
}

export function batchIsTransactional(buffer: Buffer, position: number): boolean {
  return (buffer[position + ATTRIBUTES_POSITION + 1]! & TRANSACTIONAL_BIT) !== 0
}

export function batchIsControl(buffer: Buffer, position: number): boolean {
  return (buffer[position + ATTRIBUTES_POSITION + 1]! & CONTROL_BIT) !== 0
}

/** Whether the timestamps are the broker's (message.timestamp.type=LogAppendTime). */
export function batchHasLogAppendTime(buffer: Buffer, position: number): boolean {
  return (buffer[position + ATTRIBUTES_POSITION + 1]! & LOG_APPEND_TIME_BIT) !== 0
}

/** Whether the base timestamp is the time from which the batch's tombstones may go (compaction). */
export function batchHasDeleteHorizon(buffer: Buffer, position: number): boolean {
  return (buffer[position + ATTRIBUTES_POSITION + 1]! & DELETE_HORIZON_BIT) !== 0
}

/** Attribute bits out of their parts. */
export function batchAttributesOf(parts: {
  compression: Compression
  hasLogAppendTime: boolean
  isTransactional: boolean
  isControl: boolean
}): number {
  return (
    compressionCode(parts.compression) |
    (parts.hasLogAppendTime ? LOG_APPEND_TIME_BIT : 0) |
    (parts.isTransactional ? TRANSACTIONAL_BIT : 0) |
    (parts.isControl ? CONTROL_BIT : 0)
  )
}

/**
 * What is wrong with the frame of a batch, wherever it was found.
 * truncated: the bytes end before the batch does. bad-length: shorter than its own header. bad-magic: not format 2.
 * bad-offset: a negative offset. bad-count: a record count that the offsets leave no room for.
 * bad-compression: a codec that does not exist.
 */
export type BatchFault =
  | 'truncated'
  | 'bad-length'
  | 'bad-magic'
  | 'bad-offset'
  | 'bad-count'
  | 'bad-compression'

/**
 * Checks the header of a stored or fetched batch in `buffer[position, end)`, so that the accessors and whoever cuts it
 * by its length may trust them. Batches that compaction thinned or emptied are in shape. Does not look at the CRC.
 */
export function checkBatchShape(buffer: Buffer, position: number, end: number): BatchFault | null {
  const bytesLeft = end - position
  if (bytesLeft < BATCH_MAGIC_END) return 'truncated'
  const bytes = batchBytes(buffer, position)
  if (batchMagic(buffer, position) !== BATCH_MAGIC) return 'bad-magic'
  if (bytes < BATCH_HEADER_BYTES) return 'bad-length'
  if (bytes > bytesLeft) return 'truncated'
  if (buffer[position]! >= 0x80) return 'bad-offset'
  const lastOffsetDelta = batchLastOffsetDelta(buffer, position)
  const count = batchRecordCount(buffer, position)
  if (lastOffsetDelta < 0 || count < 0 || count - 1 > lastOffsetDelta) return 'bad-count'
  if ((batchAttributes(buffer, position) & COMPRESSION_MASK) >= COMPRESSIONS.length) return 'bad-compression'
  return null
}

/** Whether the stored CRC is that of the bytes. The shape has been checked; reads the whole batch. */
export function checkBatchCrc(buffer: Buffer, position: number): boolean {
  const end = position + batchBytes(buffer, position)
  return batchCrc(buffer, position) === crc32c(buffer, position + ATTRIBUTES_POSITION, end)
}

/** Writes the CRC of the bytes as they now are. */
export function sealBatch(buffer: Buffer, position: number): void {
  const end = position + batchBytes(buffer, position)
  writeInt32(buffer, position + CRC_POSITION, crc32c(buffer, position + ATTRIBUTES_POSITION, end))
}

/** Sets what the leader decides; both fields lie outside the CRC (D2). */
export function stampBatch(buffer: Buffer, position: number, baseOffset: number, leaderEpoch: number): void {
  writeInt64(buffer, position, baseOffset)
  writeInt32(buffer, position + LEADER_EPOCH_POSITION, leaderEpoch)
}

/** Makes the broker's time every record's (D8): attribute bit, max timestamp, and the CRC over them. */
export function stampLogAppendTime(buffer: Buffer, position: number, timestampMs: number): void {
  const attributes = batchAttributes(buffer, position) | LOG_APPEND_TIME_BIT
  writeInt16(buffer, position + ATTRIBUTES_POSITION, attributes)
  writeInt64(buffer, position + MAX_TIMESTAMP_POSITION, timestampMs)
  sealBatch(buffer, position)
}

/**
 * Makes the header of a produced batch tell of its records' own times (D8): the latest is `maxTimestamp`, whatever the
 * producer has written there, and a claim that they are the broker's is undone. The CRC is made anew where that changes
 * anything. Beyond 2^53 a maximum that is as close as a number can tell is left alone.
 */
export function stampCreateTime(buffer: Buffer, position: number, maxTimestamp: number): void {
  const claimed = batchMaxTimestamp(buffer, position)
  const isRight =
    claimed === maxTimestamp ||
    (maxTimestamp > Number.MAX_SAFE_INTEGER && Math.abs(claimed - maxTimestamp) <= maxTimestamp * INEXACT)
  if (isRight && !batchHasLogAppendTime(buffer, position)) return
  writeInt16(buffer, position + ATTRIBUTES_POSITION, batchAttributes(buffer, position) & ~LOG_APPEND_TIME_BIT)
  if (!isRight) writeInt64(buffer, position + MAX_TIMESTAMP_POSITION, maxTimestamp)
  sealBatch(buffer, position)
}

/** What a sum beyond 2^53 may be off by. */
const INEXACT = 2 ** -51

/** Fields of a header that is to be written. */
export interface BatchHeader {
  readonly baseOffset: number
  readonly leaderEpoch: number
  readonly attributes: number
  readonly lastOffsetDelta: number
  readonly baseTimestamp: number
  readonly maxTimestamp: number
  readonly producerId: number
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly recordCount: number
}

/** Writes the header of the batch `buffer[position, end)`, whose records already stand there, and seals it. */
export function writeBatchHeader(buffer: Buffer, position: number, end: number, header: BatchHeader): void {
  writeInt64(buffer, position, header.baseOffset)
  writeInt32(buffer, position + LENGTH_POSITION, end - position - LOG_OVERHEAD_BYTES)
  writeInt32(buffer, position + LEADER_EPOCH_POSITION, header.leaderEpoch)
  buffer[position + MAGIC_POSITION] = BATCH_MAGIC
  writeInt16(buffer, position + ATTRIBUTES_POSITION, header.attributes)
  writeInt32(buffer, position + LAST_OFFSET_DELTA_POSITION, header.lastOffsetDelta)
  writeInt64(buffer, position + BASE_TIMESTAMP_POSITION, header.baseTimestamp)
  writeInt64(buffer, position + MAX_TIMESTAMP_POSITION, header.maxTimestamp)
  writeInt64(buffer, position + PRODUCER_ID_POSITION, header.producerId)
  writeInt16(buffer, position + PRODUCER_EPOCH_POSITION, header.producerEpoch)
  writeInt32(buffer, position + BASE_SEQUENCE_POSITION, header.baseSequence)
  writeInt32(buffer, position + RECORD_COUNT_POSITION, header.recordCount)
  sealBatch(buffer, position)
}

/**
 * Why a produced batch is refused. corrupt: damaged on the way, the client may send it again (CORRUPT_MESSAGE 2).
 * invalid-record: not what a client may produce (INVALID_RECORD 87). unsupported-compression: no such codec
 * (UNSUPPORTED_COMPRESSION_TYPE 76).
 */
export type ProducedBatchFault = 'corrupt' | 'invalid-record' | 'unsupported-compression'

/** Whether `buffer[position, end)` is one batch by its length field, neither less nor more (D1). */
export function onlyOneBatch(buffer: Buffer, position: number, end: number): boolean {
  return end - position >= BATCH_HEADER_BYTES && batchBytes(buffer, position) === end - position
}

/**
 * Checks what a client wants to have appended, `buffer[position, end)`, in Kafka's order: frame, CRC, contents of the
 * header (D1, D3, D4). Whatever the bytes are, it returns. Does not look into the records. Attribute bits that
 * have no meaning yet are let through, as they are by Kafka.
 */
export function checkProducedBatch(buffer: Buffer, position: number, end: number): ProducedBatchFault | null {
  const bytesLeft = end - position
  if (bytesLeft < BATCH_MAGIC_END) return 'invalid-record'
  const magic = batchMagic(buffer, position)
  if (magic !== BATCH_MAGIC) return magic === 0 || magic === 1 ? 'invalid-record' : 'corrupt'
  const bytes = batchBytes(buffer, position)
  if (bytes < BATCH_HEADER_BYTES) return 'corrupt'
  if (bytes !== bytesLeft) return 'invalid-record'
  if (!checkBatchCrc(buffer, position)) return 'corrupt'
  return checkProducedHeader(buffer, position)
}

function checkProducedHeader(buffer: Buffer, position: number): ProducedBatchFault | null {
  const count = batchRecordCount(buffer, position)
  if (count < 1 || batchLastOffsetDelta(buffer, position) !== count - 1) return 'invalid-record'
  if (batchBaseOffset(buffer, position) !== 0) return 'invalid-record'
  const attributes = batchAttributes(buffer, position)
  if ((attributes & CONTROL_BIT) !== 0) return 'invalid-record'
  if (batchProducerId(buffer, position) >= 0 && batchBaseSequence(buffer, position) < 0)
    return 'invalid-record'
  if ((attributes & COMPRESSION_MASK) >= COMPRESSIONS.length) return 'unsupported-compression'
  return null
}
