/** Partitions that one request may name: ten times what a broker may hold as it comes. */
export const PARTITIONS_NAMED_MAX = 100_000

/** Resources whose configs one request may alter, features that it may update. */
export const RESOURCES_NAMED_MAX = 5000

/** Configs of one resource that one request may alter. */
export const CHANGES_MAX = 1000

/** Why a request that names these partitions is not looked at, or null. */
export function tooManyPartitions(
  topics: readonly { readonly partitions: readonly unknown[] }[],
): string | null {
  const count = topics.reduce((sum, { partitions }) => sum + partitions.length, topics.length)
  return count > PARTITIONS_NAMED_MAX
    ? `One request names at most ${PARTITIONS_NAMED_MAX} topics and partitions`
    : null
}
