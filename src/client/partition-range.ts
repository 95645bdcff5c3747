/** What is said of a partition that a topic does not have. */
export function noSuchPartition(topic: string, count: number, asked: number): string {
  const those = count === 1 ? 'partition 0 only' : `partitions 0 to ${count - 1}`
  return `topic ${topic} has ${those}, not ${asked}`
}
