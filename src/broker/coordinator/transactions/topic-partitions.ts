import type { TopicPartitions } from './transaction-types.ts'

/** `known` and what is new of `added`, each partition once, in the order of their coming; `known` itself if nothing is. */
export function addPartitions(
  known: readonly TopicPartitions[],
  added: readonly TopicPartitions[],
): readonly TopicPartitions[] {
  const missing = missingPartitions(known, added)
  if (missing.length === 0) return known
  const byTopic = new Map<string, number[]>()
  for (const { topic, partitions } of [...known, ...missing]) {
    const present = byTopic.get(topic)
    if (present === undefined) byTopic.set(topic, [...new Set(partitions)])
    else for (const partition of partitions) if (!present.includes(partition)) present.push(partition)
  }
  return [...byTopic].map(([topic, partitions]) => ({ topic, partitions }))
}

/** What of `asked` is not in `known`. */
export function missingPartitions(
  known: readonly TopicPartitions[],
  asked: readonly TopicPartitions[],
): readonly TopicPartitions[] {
  const missing: TopicPartitions[] = []
  for (const { topic, partitions } of asked) {
    const present = known.find((one) => one.topic === topic)?.partitions ?? []
    const absent = partitions.filter((partition) => !present.includes(partition))
    if (absent.length > 0) missing.push({ topic, partitions: absent })
  }
  return missing
}
