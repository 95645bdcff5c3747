import { readInt16, readInt32, readInt64, writeInt16, writeInt32, writeInt64 } from '../base/bytes.ts'
import type { Turn } from '../base/turn.ts'
import { crc32c } from '../protocol/crc32c.ts'
import type { FormatFault } from './format-error.ts'

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

/** What stands before the entries. */
export const PRODUCER_HEADER_BYTES = 10
export const PRODUCER_ENTRY_BYTES = 46

/** Bytes that are looked through, and entries that are read, before others may have their turn. */
const CRC_SLICE_BYTES = 1048576
const SLICE_ENTRIES = 1024

/** A producer with one of its batches. −1 is "none", also where offsets are meant. */
export interface ProducerSnapshotEntry {
  readonly producerId: number
  readonly producerEpoch: number
  readonly lastSequence: number
  readonly lastOffset: number
  /** Last offset less the first of the last batch. */
  readonly offsetDelta: number
  readonly timestampMs: number
  readonly coordinatorEpoch: number
  readonly transactionFirstOffset: number
}

/** Writes one entry at `at`, its fields in their order; returns where it ends. */
export function writeProducerEntry(
  target: Buffer,
  at: number,
  producerId: number,
  producerEpoch: number,
  lastSequence: number,
  lastOffset: number,
  offsetDelta: number,
  timestampMs: number,
  coordinatorEpoch: number,
  transactionFirstOffset: number,
): number {
  writeInt64(target, at, producerId)
  writeInt16(target, at + 8, producerEpoch)
  writeInt32(target, at + 10, lastSequence)
  writeInt64(target, at + 14, lastOffset)
  writeInt32(target, at + 22, offsetDelta)
  writeInt64(target, at + 26, timestampMs)
  writeInt32(target, at + 34, coordinatorEpoch)
  writeInt64(target, at + 38, transactionFirstOffset)
  return at + PRODUCER_ENTRY_BYTES
}

/** The header of a file of `count` entries, whose CRC is still to be made: begin with `producerSnapshotCrc` of this. */
export function producerSnapshotHeader(count: number): Buffer {
  const header = Buffer.alloc(PRODUCER_HEADER_BYTES)
  writeInt16(header, 0, VERSION)
  writeInt32(header, CRC_START, count)
  return header
}

/** CRC of the header's count, from which the CRC goes on over the entries. */
export function producerSnapshotCrc(header: Buffer): number {
  return crc32c(header, CRC_START, PRODUCER_HEADER_BYTES)
}

export function setProducerSnapshotCrc(header: Buffer, crc: number): void {
  writeInt32(header, CRC_POSITION, crc)
}

/**
 * What the file says, or what is wrong with it: it must be whole, of version 1, and vouched for by its CRC. One that was
 * taken when the log ended at `endOffset` knows of nothing from there on. In one go: for tools.
 */
export function readProducerSnapshot(
  bytes: Buffer,
  endOffset = Number.POSITIVE_INFINITY,
): ProducerSnapshotEntry[] | { readonly fault: FormatFault } {
  const entries: ProducerSnapshotEntry[] = []
  const steps = readInSteps(bytes, endOffset, (entry) => entries.push(entry))
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value === null ? entries : { fault: step.value }
  }
}

/**
 * The same in turns of the event loop: resolves to what is wrong, or null. Entries come to `visit` one by one, also those
 * before one that is wrong. The bytes must not change until then.
 */
export async function visitProducerSnapshot(
  bytes: Buffer,
  endOffset: number,
  turn: Turn,
  visit: (entry: ProducerSnapshotEntry) => void,
): Promise<FormatFault | null> {
  const steps = readInSteps(bytes, endOffset, visit)
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    if (turn.isOver) await turn.next()
  }
}

function* readInSteps(
  bytes: Buffer,
  endOffset: number,
  visit: (entry: ProducerSnapshotEntry) => void,
): Generator<undefined, FormatFault | null> {
  if (bytes.length < PRODUCER_HEADER_BYTES) return 'truncated'
  if (readInt16(bytes, 0) !== VERSION) return 'bad-version'
  let crc = 0
  for (let at = CRC_START; at < bytes.length; at += CRC_SLICE_BYTES) {
    crc = crc32c(bytes, at, Math.min(bytes.length, at + CRC_SLICE_BYTES), crc)
    yield
  }
  if (readInt32(bytes, CRC_POSITION) >>> 0 !== crc) return 'bad-crc'
  const count = readInt32(bytes, CRC_START)
  if (bytes.length - PRODUCER_HEADER_BYTES !== count * PRODUCER_ENTRY_BYTES) return 'bad-count'
  for (let index = 0; index < count; index++) {
    const entry = readEntry(bytes, PRODUCER_HEADER_BYTES + index * PRODUCER_ENTRY_BYTES)
    if (entry.producerId < 0 || entry.offsetDelta < 0) return 'bad-entry'
    if (entry.lastOffset >= endOffset || entry.transactionFirstOffset >= endOffset) return 'bad-entry'
    visit(entry)
    if (index % SLICE_ENTRIES === SLICE_ENTRIES - 1) yield
  }
  return null
}

function readEntry(bytes: Buffer, at: number): ProducerSnapshotEntry {
  return {
    producerId: readInt64(bytes, at),
    producerEpoch: readInt16(bytes, at + 8),
    lastSequence: readInt32(bytes, at + 10),
    lastOffset: readInt64(bytes, at + 14),
    offsetDelta: readInt32(bytes, at + 22),
    timestampMs: readInt64(bytes, at + 26),
    coordinatorEpoch: readInt32(bytes, at + 34),
    transactionFirstOffset: readInt64(bytes, at + 38),
  }
}
