/** Java's String.hashCode: over UTF-16 units, wrapping at 32 bits. */
export function javaStringHash(text: string): number {
  let hash = 0
  for (let index = 0; index < text.length; index++) hash = (Math.imul(31, hash) + text.charCodeAt(index)) | 0
  return hash
}

/** Partition of a coordinator's topic that answers for `key`: a group id, or a transactional id. As Kafka spreads them. */
export function partitionForGroup(key: string, partitionCount: number): number {
  const hash = javaStringHash(key)
  return (hash === -(2 ** 31) ? 0 : Math.abs(hash)) % partitionCount
}
