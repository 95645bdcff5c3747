import type { Partition } from '../../partition/partition.ts'

/** Partitions whose end did not become known, and why not, as an error code. */
export type UnknownEnds = ReadonlyMap<Partition, number>

/** Nobody is served by a wait that is shorter: Kafka answers at once, so that clients may name no time at all. */
const WAIT_MS_MIN = 1_000
/** As for Produce. */
const WAIT_MS_MAX = 300_000
const NONE: UnknownEnds = new Map()

/** How long a request waits that names this time. */
export function waitMs(timeoutMs: number): number {
  return Math.min(WAIT_MS_MAX, Math.max(WAIT_MS_MIN, timeoutMs))
}

/**
 * Resolves when all that had been appended to these partitions is committed, so that what is read then is not behind
 * what somebody was told before (acks=1 is acknowledged when it is written, and readers see what is committed). What a
 * full disk has no room for is not waited for: its producers were told so, and only room lets it be written.
 * REQUEST_TIMED_OUT, KAFKA_STORAGE_ERROR, NOT_LEADER_OR_FOLLOWER, UNKNOWN_TOPIC_OR_PARTITION: it is not going to be.
 */
export async function whenCommitted(
  partitions: Iterable<Partition>,
  timeoutMs: number,
): Promise<UnknownEnds> {
  const behind = [...partitions].filter((partition) => partition.highWatermark < promisedEnd(partition))
  if (behind.length === 0) return NONE
  const unknown = new Map<Partition, number>()
  await new Promise<void>((resolve) => {
    let open = behind.length
    for (const partition of behind)
      partition.whenReached('committed', promisedEnd(partition), timeoutMs, {
        reached(errorCode) {
          if (errorCode !== 0) unknown.set(partition, errorCode)
          open--
          if (open === 0) resolve()
        },
      })
  })
  return unknown
}

function promisedEnd({ log }: Partition): number {
  const refusal = log.refusal()
  return refusal === 'full' || refusal === 'no-descriptors' ? log.writtenEndOffset : log.endOffset
}
