import type { TopicPartition } from './position.ts'

/** A member as its group's leader sees it. */
export interface Subscriber {
  readonly memberId: string
  readonly instanceId: string | null
  readonly topics: readonly string[]
}

/**
 * Kafka's range assignment: of every topic each subscriber gets a run of neighbouring partitions, the first ones one
 * more when it does not divide. Members stand in order of their instance id or member id (those with an instance id
 * first), so that every leader comes to the same answer.
 */
export function assignRange(
  subscribers: readonly Subscriber[],
  partitionCounts: ReadonlyMap<string, number>,
): Map<string, TopicPartition[]> {
  const ordered = [...subscribers].sort(compareSubscribers)
  const assignments = new Map<string, TopicPartition[]>(ordered.map(({ memberId }) => [memberId, []]))
  for (const [topic, count] of partitionCounts) {
    const takers = ordered.filter(({ topics }) => topics.includes(topic))
    if (takers.length === 0) continue
    const share = Math.floor(count / takers.length)
    const extra = count % takers.length
    let partition = 0
    for (const [index, { memberId }] of takers.entries()) {
      const end = partition + share + (index < extra ? 1 : 0)
      for (; partition < end; partition++) assignments.get(memberId)!.push({ topic, partition })
    }
  }
  return assignments
}

function compareSubscribers(a: Subscriber, b: Subscriber): number {
  if (a.instanceId !== null && b.instanceId !== null) return compareText(a.instanceId, b.instanceId)
  if (a.instanceId !== null) return -1
  if (b.instanceId !== null) return 1
  return compareText(a.memberId, b.memberId)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
