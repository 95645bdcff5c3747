import type { EventCodec } from '../../base/machine.ts'
import { encodeEndTransactionMarker, readEndTransactionMarker } from '../../protocol/control-record.ts'
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
  return encodeEndTransactionMarker({
    committed: isCommit,
    coordinatorEpoch,
    producerId: producer.id,
    producerEpoch: producer.epoch,
    timestamp: wallMs,
  })
}

/** Reads one batch back. Records that the codec does not know are passed over. Throws on damage. */
export function visitBatch<Event>(
  batch: Buffer,
  codec: EventCodec<Event>,
  visitor: BatchVisitor<Event>,
): void {
  const producerId = batchProducerId(batch, 0)
  if (batchIsControl(batch, 0)) {
    const marker = readEndTransactionMarker(batch, 0)
    if (marker !== null) visitor.marker(producerId, marker.committed)
    return
  }
  const isTransactional = batchIsTransactional(batch, 0)
  for (const { key, value } of decodeRecords(batch)) {
    const event = codec.decode(key, value)
    if (event === null) continue
    if (isTransactional) visitor.eventInTransaction(event, producerId)
    else visitor.event(event)
  }
}
