import { addToSequence } from '../protocol/record-batch.ts'
import { type PendingRecord, ProducerBatch, type ProducerIdentity } from './producer-batch.ts'

/**
 * What waits for one partition, in order. One batch is under way at a time, so that a retry overtakes nothing; what
 * comes meanwhile gathers in the next.
 */
export class ProducerLane {
  readonly topic: string
  readonly partition: number
  readonly #batches: ProducerBatch[] = []
  /** The first batch is under way, or waits for its next try. */
  busy = false
  #identity: ProducerIdentity | null = null
  #nextSequence = 0

  constructor(topic: string, partition: number) {
    this.topic = topic
    this.partition = partition
  }

  get first(): ProducerBatch | undefined {
    return this.#batches[0]
  }

  /** Adds to the open batch, or opens one. Returns whether it opened one, and whether another batch was closed for it. */
  add(pending: PendingRecord, nowMs: number, batchBytesMax: number): { opened: boolean; closed: boolean } {
    let open = this.#batches.at(-1)
    let closed = false
    if (open !== undefined && !open.closed && open.bytes + pending.bytes > batchBytesMax) {
      open.closed = true
      closed = true
    }
    const opened = open === undefined || open.closed
    if (open === undefined || opened) {
      open = new ProducerBatch(nowMs)
      this.#batches.push(open)
    }
    open.add(pending)
    if (open.bytes >= batchBytesMax) {
      open.closed = true
      closed = true
    }
    return { opened, closed }
  }

  /** Whether there is a batch to send: a full one, or one whose time to gather is over. */
  isDue(nowMs: number, lingerMs: number): boolean {
    const first = this.first
    return !this.busy && first !== undefined && (first.closed || nowMs - first.createdMs >= lingerMs)
  }

  /** Nothing gathers any more: what there is may go. */
  closeAll(): void {
    for (const batch of this.#batches) batch.closed = true
  }

  /** Takes the first batch as under way, and gives it its place in the sequence at its first time. */
  begin(identity: ProducerIdentity | null): ProducerBatch {
    const batch = this.#batches[0]!
    this.busy = true
    batch.closed = true
    batch.tries++
    if (identity !== null && batch.sequence === null) {
      if (this.#identity !== identity) this.#nextSequence = 0
      this.#identity = identity
      batch.sequence = { ...identity, baseSequence: this.#nextSequence }
      this.#nextSequence = addToSequence(this.#nextSequence, batch.records.length)
    }
    return batch
  }

  /** The batch that was under way is settled. */
  finish(): ProducerBatch {
    this.busy = false
    return this.#batches.shift()!
  }

  /** Puts two halves in the place of the batch that was under way; nothing of it was stored. */
  splitFirst(): void {
    const batch = this.finish()
    if (batch.sequence !== null) this.#nextSequence = batch.sequence.baseSequence
    this.#batches.unshift(...batch.split())
  }
}
