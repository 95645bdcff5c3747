import { readInt16, readInt32, readInt64, writeInt16, writeInt32, writeInt64 } from '../base/bytes.ts'
import { crc32c } from '../protocol/crc32c.ts'
import type { FormatFault } from './format-error.ts'
import type { ProducerSnapshotEntry } from './producer-state.ts'

/**
 * The file `<offset>.snapshot`: Kafka's, version 1. What was known of a partition's producers when the log ended at
 * that offset.
 *
 *   0 version int16 · 2 CRC-32C uint32 of everything behind it · 6 count int32 · entries of 46 bytes:
 *   producerId int64 · producerEpoch int16 · lastSequence int32 · lastOffset int64 · offsetDelta int32 ·
 *   timestamp int64 · coordinatorEpoch int32 · transactionFirstOffset int64
 */

const VERSION = 1
const CRC_POSITION = 2
const CRC_START = 6
const HEADER_BYTES = 10
const ENTRY_BYTES = 46

/** The file's bytes. */
export function writeProducerSnapshot(entries: Iterable<ProducerSnapshotEntry>): Buffer {
  const list = Array.isArray(entries) ? (entries as readonly ProducerSnapshotEntry[]) : [...entries]
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + list.length * ENTRY_BYTES)
  writeInt16(bytes, 0, VERSION)
  writeInt32(bytes, CRC_START, list.length)
  let at = HEADER_BYTES
  for (const entry of list) {
    writeInt64(bytes, at, entry.producerId)
    writeInt16(bytes, at + 8, entry.producerEpoch)
    writeInt32(bytes, at + 10, entry.lastSequence)
    writeInt64(bytes, at + 14, entry.lastOffset)
    writeInt32(bytes, at + 22, entry.offsetDelta)
    writeInt64(bytes, at + 26, entry.timestampMs)
    writeInt32(bytes, at + 34, entry.coordinatorEpoch)
    writeInt64(bytes, at + 38, entry.transactionFirstOffset)
    at += ENTRY_BYTES
  }
  writeInt32(bytes, CRC_POSITION, crc32c(bytes, CRC_START, bytes.length))
  return bytes
}

/** What the file says, or what is wrong with it: it must be whole, of version 1, and vouched for by its CRC. */
export function readProducerSnapshot(
  bytes: Buffer,
): ProducerSnapshotEntry[] | { readonly fault: FormatFault } {
  if (bytes.length < HEADER_BYTES) return { fault: 'truncated' }
  if (readInt16(bytes, 0) !== VERSION) return { fault: 'bad-version' }
  if (readInt32(bytes, CRC_POSITION) >>> 0 !== crc32c(bytes, CRC_START, bytes.length))
    return { fault: 'bad-crc' }
  if (bytes.length - HEADER_BYTES !== readInt32(bytes, CRC_START) * ENTRY_BYTES) return { fault: 'bad-count' }
  const entries: ProducerSnapshotEntry[] = []
  for (let at = HEADER_BYTES; at < bytes.length; at += ENTRY_BYTES) {
    const entry = {
      producerId: readInt64(bytes, at),
      producerEpoch: readInt16(bytes, at + 8),
      lastSequence: readInt32(bytes, at + 10),
      lastOffset: readInt64(bytes, at + 14),
      offsetDelta: readInt32(bytes, at + 22),
      timestampMs: readInt64(bytes, at + 26),
      coordinatorEpoch: readInt32(bytes, at + 34),
      transactionFirstOffset: readInt64(bytes, at + 38),
    }
    if (entry.producerId < 0 || entry.offsetDelta < 0) return { fault: 'bad-entry' }
    entries.push(entry)
  }
  return entries
}
