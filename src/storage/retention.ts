/** What retention looks at of a segment. */
export interface RetainedSegment {
  readonly byteLength: number
  /** Largest timestamp of its records or, where they have none, of the file. */
  readonly timestampMs: number
  /** Behind its last record. */
  readonly endOffset: number
}

/**
 * How many of the oldest segments may go: Kafka's rules. A segment goes when its newest record is older than
 * retention.ms, or when without it the rest still has retention.bytes; never past the high watermark, and the first
 * one that stays ends it. The last segment may be among them if it holds anything: the log then rolls first.
 */
export function countExpiredSegments(
  segments: readonly RetainedSegment[],
  limits: { nowMs: number; retentionMs: number; retentionBytes: number; highWatermark: number },
): number {
  let surplusBytes = -1
  if (limits.retentionBytes >= 0) {
    surplusBytes = segments.reduce((sum, segment) => sum + segment.byteLength, 0) - limits.retentionBytes
  }
  let count = 0
  for (const segment of segments) {
    if (segment.byteLength === 0 || segment.endOffset > limits.highWatermark) break
    const isTooOld = limits.retentionMs >= 0 && limits.nowMs - segment.timestampMs > limits.retentionMs
    const isSurplus = surplusBytes >= segment.byteLength
    if (!isTooOld && !isSurplus) break
    surplusBytes -= segment.byteLength
    count++
  }
  return count
}
