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
    putInto(this.#committed, topic, partition, stored)
  }

  /** Forgets what was committed and what transactions have written there. */
  delete(topic: string, partition: number): void {
    deleteFrom(this.#committed, topic, partition)
    for (const [producerId, offsets] of this.#undecided) {
      deleteFrom(offsets, topic, partition)
      if (offsets.size === 0) this.#undecided.delete(producerId)
    }
  }

  putUndecided(producerId: number, topic: string, partition: number, stored: StoredOffset): void {
    let offsets = this.#undecided.get(producerId)
    if (offsets === undefined) {
      offsets = new Map()
      this.#undecided.set(producerId, offsets)
    }
    putInto(offsets, topic, partition, stored)
  }

  /** Ends the transaction of a producer: its offsets count from now, or never. */
  decide(producerId: number, isCommit: boolean): void {
    const offsets = this.#undecided.get(producerId)
    this.#undecided.delete(producerId)
    if (offsets === undefined || !isCommit) return
    for (const [topic, partitions] of offsets) {
      for (const [partition, stored] of partitions) {
        const present = this.get(topic, partition)
        if (present === undefined || present.sequence < stored.sequence) this.put(topic, partition, stored)
      }
    }
  }

  /** A transaction has written there that has not ended. */
  isUndecided(topic: string, partition: number): boolean {
    for (const offsets of this.#undecided.values()) if (offsets.get(topic)?.has(partition)) return true
    return false
  }

  /** Every partition that anything is known of, once. */
  *partitions(): Generator<{ readonly topic: string; readonly partition: number }> {
    for (const [topic, partitions] of this.#committed)
      for (const partition of partitions.keys()) yield { topic, partition }
    const seen = new Set<string>()
    for (const offsets of this.#undecided.values()) {
      for (const [topic, partitions] of offsets) {
        for (const partition of partitions.keys()) {
          const key = `${partition}:${topic}`
          if (this.get(topic, partition) !== undefined || seen.has(key)) continue
          seen.add(key)
          yield { topic, partition }
        }
      }
    }
  }
}

function putInto(offsets: ByPartition, topic: string, partition: number, stored: StoredOffset): void {
  const partitions = offsets.get(topic)
  if (partitions === undefined) offsets.set(topic, new Map([[partition, stored]]))
  else partitions.set(partition, stored)
}

function deleteFrom(offsets: ByPartition, topic: string, partition: number): void {
  const partitions = offsets.get(topic)
  if (partitions === undefined) return
  partitions.delete(partition)
  if (partitions.size === 0) offsets.delete(topic)
}
