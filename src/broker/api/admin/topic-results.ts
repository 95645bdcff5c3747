import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import type { TopicImage } from '../../metadata/metadata-image.ts'
import { within } from '../deadline.ts'
import type { AdminPorts } from './ports.ts'

/** The names that occur more than once. */
export function repeated<Key>(keys: Iterable<Key>): Set<Key> {
  const seen = new Set<Key>()
  const twice = new Set<Key>()
  for (const key of keys) {
    if (seen.has(key)) twice.add(key)
    seen.add(key)
  }
  return twice
}

/** The error of a topic that was made but whose partitions do not come up, NONE when they do. */
export async function readiness(
  { partitions, environment }: AdminPorts,
  topic: TopicImage,
  timeoutMs: number,
): Promise<number> {
  const ready = await within(environment, timeoutMs, partitions.ready(topic.id), null)
  if (ready === null) return ERROR_CODES.REQUEST_TIMED_OUT
  return ready ? ERROR_CODES.NONE : ERROR_CODES.KAFKA_STORAGE_ERROR
}
