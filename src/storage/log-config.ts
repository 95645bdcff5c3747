/** What of a topic's configuration its log goes by. Names and meaning are Kafka's; −1 is "no limit". */
export interface LogConfig {
  /** A batch that would make the segment larger starts a new one. */
  readonly segmentBytesMax: number
  /** A batch whose timestamp is this much later than the segment's first starts a new one. */
  readonly segmentMs: number
  /** Up to this much is taken off `segmentMs`, by chance per segment, so that logs don't all roll at once. */
  readonly segmentJitterMs: number
  readonly indexIntervalBytes: number
  readonly segmentIndexBytesMax: number
  readonly retentionMs: number
  readonly retentionBytes: number
  /** How long a deleted segment's files stay under the name `.deleted`. */
  readonly fileDeleteDelayMs: number
  /** Whether the file of a new segment gets its largest length at once; it is cut to its end when nothing more comes. */
  readonly preallocates: boolean
  /** Whether cleanup.policy has `delete`: without it only the log start moves segments out. */
  readonly deletes: boolean
  /** fsync: durable means on stable storage. cached: written is enough, and the fsync follows in the background. */
  readonly durability: 'fsync' | 'cached'
}

export const DEFAULT_LOG_CONFIG: LogConfig = {
  segmentBytesMax: 1073741824,
  segmentMs: 604800000,
  segmentJitterMs: 0,
  indexIntervalBytes: 4096,
  segmentIndexBytesMax: 10485760,
  retentionMs: 604800000,
  retentionBytes: -1,
  fileDeleteDelayMs: 60000,
  preallocates: false,
  deletes: true,
  durability: 'fsync',
}
