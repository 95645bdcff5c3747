import type { Environment } from '../base/environment.ts'

const SEED = 0x9747b28c
const MULTIPLIER = 0x5bd1e995

/**
 * MurmurHash2 over 32-bit little-endian words with the seed of Kafka's Java producer, as a signed int32: a key lands
 * on the same partition whichever client wrote it.
 */
export function murmur2(data: Uint8Array): number {
  const bytes = data.length
  let hash = SEED ^ bytes
  let position = 0
  for (; position + 4 <= bytes; position += 4) {
    let word =
      data[position]! | (data[position + 1]! << 8) | (data[position + 2]! << 16) | (data[position + 3]! << 24)
    word = Math.imul(word, MULTIPLIER)
    word = Math.imul(word ^ (word >>> 24), MULTIPLIER)
    hash = Math.imul(hash, MULTIPLIER) ^ word
  }
  const rest = bytes - position
  if (rest >= 3) hash ^= data[position + 2]! << 16
  if (rest >= 2) hash ^= data[position + 1]! << 8
  if (rest >= 1) hash = Math.imul(hash ^ data[position]!, MULTIPLIER)
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER)
  return (hash ^ (hash >>> 15)) | 0
}

/** The partition of a keyed record among `partitionCount`, as Kafka's default partitioner chooses it. */
export function partitionOfKey(key: Uint8Array, partitionCount: number): number {
  return (murmur2(key) & 0x7fffffff) % partitionCount
}

/**
 * Chooses partitions for records without a key: one partition of a topic until its batch is closed, then another at
 * random, so that few records still make full batches (KIP-480).
 */
export class StickyPartitioner {
  readonly #environment: Environment
  readonly #current = new Map<string, number>()

  constructor(environment: Environment) {
    this.#environment = environment
  }

  /** `available` are the partitions that have a leader, never empty. */
  partition(topic: string, available: readonly number[]): number {
    const current = this.#current.get(topic)
    if (current !== undefined && available.includes(current)) return current
    return this.#choose(topic, available, current)
  }

  /** A batch of `partition` was closed: records without a key go elsewhere from now on. */
  batchClosed(topic: string, partition: number): void {
    if (this.#current.get(topic) === partition) this.#current.set(topic, -1 - partition)
  }

  #choose(topic: string, available: readonly number[], previous: number | undefined): number {
    const last = previous !== undefined && previous < 0 ? -1 - previous : -1
    const others = available.length > 1 ? available.filter((partition) => partition !== last) : available
    const chosen = others[Math.floor(this.#environment.random() * others.length)]!
    this.#current.set(topic, chosen)
    return chosen
  }
}
