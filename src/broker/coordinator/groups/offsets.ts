import type { ByteAccount } from '../../../base/byte-account.ts'
import { offsetBytes, topicBytes, UNDECIDED_BYTES } from './group-memory.ts'
import type { CommittedOffset } from './group-types.ts'

/** A committed offset and where it stands in the order of its log. */
export interface StoredOffset extends CommittedOffset {
  readonly sequence: number
}

type ByPartition = Map<string, Map<number, StoredOffset>>

/**
 * What one group has committed, and what transactions have committed in it whose end is not known yet. A transaction
 * that ends with a commit wins over a plain commit only where it was written later.
 */
export class GroupOffsets {
  readonly #committed: ByPartition = new Map()
  readonly #undecided = new Map<number, ByPartition>()
  /** The producers of these by topic and partition: there may be as many of them as there are partitions asked about. */
  readonly #producersAt = new Map<string, Map<number, Set<number>>>()
  /** Counts what is kept here. */
  readonly kept: ByteAccount

  constructor(kept: ByteAccount) {
    this.kept = kept
  }

  get isEmpty(): boolean {
    return this.#committed.size === 0 && this.#undecided.size === 0
  }

  get(topic: string, partition: number): StoredOffset | undefined {
    return this.#committed.get(topic)?.get(partition)
  }

  /** By topic, then partition, each in the order of its first commit. */
  get committed(): ReadonlyMap<string, ReadonlyMap<number, StoredOffset>> {
    return this.#committed
  }

  put(topic: string, partition: number, stored: StoredOffset): void {
    putInto(this.#committed, topic, partition, stored, this.kept)
  }

  /** Forgets what was committed and what transactions have written there. */
  delete(topic: string, partition: number): void {
    deleteFrom(this.#committed, topic, partition, this.kept)
    for (const producerId of [...(this.#producersAt.get(topic)?.get(partition) ?? [])]) {
      const offsets = this.#undecided.get(producerId)!
      deleteFrom(offsets, topic, partition, this.kept)
      if (offsets.size === 0) this.#undecided.delete(producerId)
      this.#forgetProducer(producerId, topic, partition)
    }
  }

  #forgetProducer(producerId: number, topic: string, partition: number): void {
    const partitions = this.#producersAt.get(topic)!
    const producers = partitions.get(partition)!
    if (producers.delete(producerId)) this.kept.add(-UNDECIDED_BYTES)
    if (producers.size === 0) partitions.delete(partition)
    if (partitions.size === 0) this.#producersAt.delete(topic)
  }

  putUndecided(producerId: number, topic: string, partition: number, stored: StoredOffset): void {
    let offsets = this.#undecided.get(producerId)
    if (offsets === undefined) {
      offsets = new Map()
      this.#undecided.set(producerId, offsets)
    }
    putInto(offsets, topic, partition, stored, this.kept)
    let partitions = this.#producersAt.get(topic)
    if (partitions === undefined) {
      partitions = new Map()
      this.#producersAt.set(topic, partitions)
    }
    const producers = partitions.get(partition) ?? new Set()
    partitions.set(partition, producers)
    if (!producers.has(producerId)) this.kept.add(UNDECIDED_BYTES)
    producers.add(producerId)
  }

  /** By how much a commit of this would make what is kept grow; a commit in a transaction replaces nothing yet. */
  growthBy(topic: string, partition: number, metadata: string, isInTransaction: boolean): number {
    const partitions = isInTransaction ? undefined : this.#committed.get(topic)
    const present = partitions?.get(partition)
    const bytes = offsetBytes({ metadata }) + (isInTransaction ? UNDECIDED_BYTES : 0)
    if (present !== undefined) return bytes - offsetBytes(present)
    return partitions === undefined ? bytes + topicBytes(topic) : bytes
  }

  /** Ends the transaction of a producer: its offsets count from now, or never. */
  decide(producerId: number, isCommit: boolean): void {
    const offsets = this.#undecided.get(producerId)
    this.#undecided.delete(producerId)
    if (offsets === undefined) return
    for (const [topic, partitions] of offsets) {
      this.kept.add(-topicBytes(topic))
      for (const [partition, stored] of partitions) {
        this.kept.add(-offsetBytes(stored))
        this.#forgetProducer(producerId, topic, partition)
        if (!isCommit) continue
        const present = this.get(topic, partition)
        if (present === undefined || present.sequence < stored.sequence) this.put(topic, partition, stored)
      }
    }
  }

  /** A transaction has written there that has not ended. */
  isUndecided(topic: string, partition: number): boolean {
    return this.#producersAt.get(topic)?.has(partition) ?? false
  }

  /** Every partition that anything is known of, once. */
  *partitions(): Generator<{ readonly topic: string; readonly partition: number }> {
    for (const topic of this.#committed.keys()) yield* this.partitionsOf(topic)
    for (const topic of this.#producersAt.keys())
      if (!this.#committed.has(topic)) yield* this.partitionsOf(topic)
  }

  /** Those of one topic. */
  *partitionsOf(topic: string): Generator<{ readonly topic: string; readonly partition: number }> {
    const committed = this.#committed.get(topic)
    for (const partition of committed?.keys() ?? []) yield { topic, partition }
    for (const partition of this.#producersAt.get(topic)?.keys() ?? [])
      if (!committed?.has(partition)) yield { topic, partition }
  }
}

function putInto(
  offsets: ByPartition,
  topic: string,
  partition: number,
  stored: StoredOffset,
  kept: ByteAccount,
): void {
  let partitions = offsets.get(topic)
  if (partitions === undefined) {
    partitions = new Map()
    offsets.set(topic, partitions)
    kept.add(topicBytes(topic))
  }
  const present = partitions.get(partition)
  kept.add(offsetBytes(stored) - (present === undefined ? 0 : offsetBytes(present)))
  partitions.set(partition, stored)
}

function deleteFrom(offsets: ByPartition, topic: string, partition: number, kept: ByteAccount): void {
  const partitions = offsets.get(topic)
  const present = partitions?.get(partition)
  if (partitions === undefined || present === undefined) return
  kept.add(-offsetBytes(present))
  partitions.delete(partition)
  if (partitions.size > 0) return
  kept.add(-topicBytes(topic))
  offsets.delete(topic)
}
