import { crc32c } from '../../src/protocol/crc32c.ts'
import {
  PRODUCER_ENTRY_BYTES,
  PRODUCER_HEADER_BYTES,
  type ProducerSnapshotEntry,
  producerSnapshotCrc,
  producerSnapshotHeader,
  setProducerSnapshotCrc,
  writeProducerEntry,
} from '../../src/storage/producer-snapshot.ts'

/** The file of a snapshot with these entries, in this order. */
export function producerSnapshotOf(entries: readonly ProducerSnapshotEntry[]): Buffer {
  const header = producerSnapshotHeader(entries.length)
  const body = Buffer.alloc(entries.length * PRODUCER_ENTRY_BYTES)
  let at = 0
  for (const entry of entries)
    at = writeProducerEntry(
      body,
      at,
      entry.producerId,
      entry.producerEpoch,
      entry.lastSequence,
      entry.lastOffset,
      entry.offsetDelta,
      entry.timestampMs,
      entry.coordinatorEpoch,
      entry.transactionFirstOffset,
    )
  setProducerSnapshotCrc(header, crc32c(body, 0, at, producerSnapshotCrc(header)))
  return Buffer.concat([header, body], PRODUCER_HEADER_BYTES + at)
}
