import type { OutgoingRecord } from './record.ts'

/** Which producer a batch is from, for brokers that drop duplicates (KIP-98). */
export interface ProducerIdentity {
  readonly producerId: number
  readonly producerEpoch: number
}

/** A record on its way, and who waits for it. */
export interface PendingRecord {
  readonly record: OutgoingRecord
  readonly timestampMs: number
  readonly bytes: number
  readonly resolve: (offset: number, timestampMs: number) => void
  readonly reject: (error: Error) => void
}

/** The number that a batch got of its partition's sequence; it keeps it however often it is sent. */
export interface BatchSequence extends ProducerIdentity {
  readonly baseSequence: number
}

const RECORD_OVERHEAD_BYTES = 24

/** Upper estimate of what a record takes in a batch, before compression. */
export function estimateBytes(record: OutgoingRecord): number {
  let bytes = RECORD_OVERHEAD_BYTES + (record.key?.length ?? 0) + (record.value?.length ?? 0)
  for (const header of record.headers ?? [])
    bytes += 10 + Buffer.byteLength(header.key) + (header.value?.length ?? 0)
  return bytes
}

/** Records of one partition that travel and are stored together, and settle together. */
export class ProducerBatch {
  readonly records: PendingRecord[] = []
  readonly createdMs: number
  bytes = 0
  /** No record is added any more. */
  closed = false
  /** Times it was sent. */
  tries = 0
  sequence: BatchSequence | null = null

  constructor(createdMs: number) {
    this.createdMs = createdMs
  }

  add(pending: PendingRecord): void {
    this.records.push(pending)
    this.bytes += pending.bytes
  }

  /** Every record is stored, the first at `baseOffset` (-1: not known). `appendTimeMs` is -1 unless the topic keeps it. */
  succeed(baseOffset: number, appendTimeMs: number): void {
    for (const [index, pending] of this.records.entries())
      pending.resolve(
        baseOffset < 0 ? -1 : baseOffset + index,
        appendTimeMs >= 0 ? appendTimeMs : pending.timestampMs,
      )
  }

  /** No record is known to be stored. */
  fail(error: Error): void {
    for (const pending of this.records) pending.reject(error)
  }

  /** The two halves of a batch that was too large; the batch itself is done with. */
  split(): [ProducerBatch, ProducerBatch] {
    const halves: [ProducerBatch, ProducerBatch] = [
      new ProducerBatch(this.createdMs),
      new ProducerBatch(this.createdMs),
    ]
    const middle = this.records.length >> 1
    for (const [index, pending] of this.records.entries()) halves[index < middle ? 0 : 1].add(pending)
    for (const half of halves) half.closed = true
    return halves
  }
}
