import { assert } from '../../base/assert.ts'
import { readInt16 } from '../../base/bytes.ts'
import type { EventCodec } from '../../base/machine.ts'
import { batchIsControl, batchIsTransactional, batchProducerId } from '../../protocol/record-batch.ts'
import { decodeRecords, encodeBatch, type RecordInput } from '../../protocol/records.ts'

/** Whose transaction a batch belongs to. */
export interface ProducerIdentity {
  readonly id: number
  readonly epoch: number
}

/** What a batch of a machine's log means. */
export interface BatchVisitor<Event> {
  event(event: Event): void
  /** An event that counts only once its producer's transaction ends with a commit. */
  eventInTransaction(event: Event, producerId: number): void
  marker(producerId: number, isCommit: boolean): void
}

const RECORD_OVERHEAD_BYTES = 32
const BATCH_OVERHEAD_BYTES = 128
const MARKER_KEY_VERSION = 0
const MARKER_ABORT = 0
const MARKER_COMMIT = 1

/**
 * Events as batches, in order, one record an event: one batch, or several where it would pass `batchBytesMax`. A
 * single event above that has a batch of its own.
 */
export function eventBatches<Event>(
  events: readonly Event[],
  codec: EventCodec<Event>,
  wallMs: number,
  batchBytesMax: number,
  producer: ProducerIdentity | null,
): Buffer[] {
  const batches: Buffer[] = []
  let records: RecordInput[] = []
  let bytes = BATCH_OVERHEAD_BYTES
  const seal = () => {
    if (records.length > 0) batches.push(sealBatch(records, producer))
    records = []
    bytes = BATCH_OVERHEAD_BYTES
  }
  for (const event of events) {
    const { key, value } = codec.encode(event)
    const recordBytes = RECORD_OVERHEAD_BYTES + (key?.length ?? 0) + (value?.length ?? 0)
    if (bytes + recordBytes > batchBytesMax) seal()
    records.push({ timestamp: wallMs, key, value })
    bytes += recordBytes
  }
  seal()
  return batches
}

function sealBatch(records: readonly RecordInput[], producer: ProducerIdentity | null): Buffer {
  if (producer === null) return encodeBatch({ records })
  return encodeBatch({
    records,
    producerId: producer.id,
    producerEpoch: producer.epoch,
    isTransactional: true,
  })
}

/** The control batch that ends a transaction in one partition (E12). */
export function markerBatch(
  producer: ProducerIdentity,
  coordinatorEpoch: number,
  isCommit: boolean,
  wallMs: number,
): Buffer {
  const key = Buffer.alloc(4)
  key.writeInt16BE(MARKER_KEY_VERSION, 0)
  key.writeInt16BE(isCommit ? MARKER_COMMIT : MARKER_ABORT, 2)
  const value = Buffer.alloc(6)
  value.writeInt32BE(coordinatorEpoch, 2)
  return encodeBatch({
    records: [{ timestamp: wallMs, key, value }],
    producerId: producer.id,
    producerEpoch: producer.epoch,
    isTransactional: true,
    isControl: true,
  })
}

/** Reads one batch back. Records that the codec does not know are passed over. Throws on damage. */
export function visitBatch<Event>(
  batch: Buffer,
  codec: EventCodec<Event>,
  visitor: BatchVisitor<Event>,
): void {
  const producerId = batchProducerId(batch, 0)
  const isTransactional = batchIsTransactional(batch, 0)
  const isControl = batchIsControl(batch, 0)
  for (const { key, value } of decodeRecords(batch)) {
    if (isControl) {
      assert(key !== null && key.length >= 4, 'a control record says what it is')
      const type = readInt16(key, 2)
      if (type === MARKER_ABORT || type === MARKER_COMMIT) visitor.marker(producerId, type === MARKER_COMMIT)
      continue
    }
    const event = codec.decode(key, value)
    if (event === null) continue
    if (isTransactional) visitor.eventInTransaction(event, producerId)
    else visitor.event(event)
  }
}
