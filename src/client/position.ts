/** One partition of one topic. */
export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

/**
 * Where reading begins. A timestamp means the first record at or after it, the end when there is none; `shift` so many
 * offsets on from the beginning or the end (back where it is negative), but not out of the log.
 */
export type StartPosition =
  | { readonly kind: 'earliest'; readonly shift?: number }
  | { readonly kind: 'latest'; readonly shift?: number }
  | { readonly kind: 'offset'; readonly offset: number }
  | { readonly kind: 'timestamp'; readonly timestampMs: number }

/** A key for maps over partitions. */
export function partitionKey(topic: string, partition: number): string {
  return `${topic}\u0000${partition}`
}

/** Collects values by topic, in the order in which topics first come: the shape of most requests. */
export function groupByTopic<T extends TopicPartition>(entries: Iterable<T>): Map<string, T[]> {
  const topics = new Map<string, T[]>()
  for (const entry of entries) {
    const list = topics.get(entry.topic)
    if (list === undefined) topics.set(entry.topic, [entry])
    else list.push(entry)
  }
  return topics
}
