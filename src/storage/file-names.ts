/** Names of a log's files: Kafka's, so that its tools find their way. */

export const DELETED_SUFFIX = '.deleted'
export const SNAPSHOT_SUFFIX = '.snapshot'
/** Of a log file that compaction has not finished. */
export const CLEANED_SUFFIX = '.cleaned'
/** Of one that is to take the place of others. */
export const SWAP_SUFFIX = '.swap'

/** An offset as file names carry it: 20 digits. */
export function offsetName(offset: number): string {
  return String(offset).padStart(20, '0')
}

/** The offset that a file of one kind is named for, or null where the name is none of that kind. */
export function offsetOfName(name: string, suffix: string): number | null {
  if (!name.endsWith(suffix)) return null
  const digits = name.slice(0, name.length - suffix.length)
  return /^\d{20}$/.test(digits) ? Number(digits) : null
}

/** Directory of a partition. */
export function partitionName(topic: string, partition: number): string {
  return `${topic}-${partition}`
}

/** Topic and index out of a directory's name; null where it is no partition's, or one that is being deleted. */
export function parsePartitionName(name: string): { topic: string; partition: number } | null {
  const match = /^([a-zA-Z0-9._-]{1,249})-(\d{1,10})$/.exec(name)
  if (match === null || name.endsWith('-delete')) return null
  return { topic: match[1]!, partition: Number(match[2]) }
}

/** Name under which a partition's directory waits for its removal. */
export function deletedPartitionName(topic: string, partition: number, unique: string): string {
  const tail = `-${partition}.${unique}-delete`
  return `${topic.slice(0, 255 - tail.length)}${tail}`
}

/** Whether a directory with this name is what deletion left of the partition. */
export function isDeletedName(name: string, topic: string, partition: number): boolean {
  const match = /\.([0-9a-f]{32})-delete$/.exec(name)
  return match !== null && name === deletedPartitionName(topic, partition, match[1]!)
}

/** Directory that holds `path`. */
export function parentOf(path: string): string {
  const cut = path.replace(/\/+$/, '').lastIndexOf('/')
  return cut < 0 ? '.' : path.slice(0, Math.max(1, cut))
}
