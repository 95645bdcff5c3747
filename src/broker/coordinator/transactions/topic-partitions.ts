import type { TopicPartitions } from './transaction-types.ts'

/** Partitions that are looked up one by one: what is asked of it may be as long as what is in it. */
export class PartitionSet {
  readonly #topics = new Map<string, Set<number>>()

  constructor(topics: readonly TopicPartitions[] = []) {
    for (const { topic, partitions } of topics) for (const partition of partitions) this.add(topic, partition)
  }

  has(topic: string, partition: number): boolean {
    return this.#topics.get(topic)?.has(partition) ?? false
  }

  add(topic: string, partition: number): void {
    const partitions = this.#topics.get(topic)
    if (partitions === undefined) this.#topics.set(topic, new Set([partition]))
    else partitions.add(partition)
  }

  /** By topic, in the order of their coming. */
  list(): readonly TopicPartitions[] {
    return Array.from(this.#topics, ([topic, partitions]) => ({ topic, partitions: [...partitions] }))
  }
}

/** `known` and what is new of `added`, each partition once, in the order of their coming; `known` itself if nothing is. */
export function addPartitions(
  known: readonly TopicPartitions[],
  added: readonly TopicPartitions[],
): readonly TopicPartitions[] {
  const all = new PartitionSet(known)
  let isChanged = false
  for (const { topic, partitions } of added)
    for (const partition of partitions) {
      if (all.has(topic, partition)) continue
      all.add(topic, partition)
      isChanged = true
    }
  return isChanged ? all.list() : known
}

/** What of `asked` is not in `known`. */
export function missingPartitions(
  known: readonly TopicPartitions[],
  asked: readonly TopicPartitions[],
): readonly TopicPartitions[] {
  const present = new PartitionSet(known)
  const missing: TopicPartitions[] = []
  for (const { topic, partitions } of asked) {
    const absent = partitions.filter((partition) => !present.has(topic, partition))
    if (absent.length > 0) missing.push({ topic, partitions: absent })
  }
  return missing
}
