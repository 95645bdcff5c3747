/** What the group machine can be told. Times in ms. */
export interface GroupConfig {
  readonly sessionTimeoutMsMin: number
  readonly sessionTimeoutMsMax: number
  /**
   * How long the first rebalance of an empty group waits for more members, extended by each that comes, up to the
   * rebalance timeout (KIP-134). null: the adaptive rule of join-phase.ts.
   */
  readonly initialRebalanceDelayMs: number | null
  readonly membersMax: number
  /** Ids handed out and not yet come back with, a group. */
  readonly pendingMembersMax: number
  /** How long a new member's JoinGroup may stay parked before it counts as gone. */
  readonly newMemberJoinTimeoutMs: number
  /** In characters as Java counts them (UTF-16 units), as Kafka checks it. */
  readonly offsetMetadataLengthMax: number
  /** Of everything that members say and are assigned, as the log keeps it in one record. */
  readonly groupRecordBytesMax: number
  /** What all groups may keep in memory, their committed offsets with them. */
  readonly memoryBytesMax: number
  readonly offsetsRetentionMs: number
  readonly offsetsRetentionCheckMs: number
}

export const GROUP_CONFIG_DEFAULTS: GroupConfig = {
  sessionTimeoutMsMin: 6_000,
  sessionTimeoutMsMax: 1_800_000,
  initialRebalanceDelayMs: null,
  membersMax: 2 ** 31 - 1,
  pendingMembersMax: 10_000,
  newMemberJoinTimeoutMs: 300_000,
  offsetMetadataLengthMax: 4096,
  groupRecordBytesMax: 16 * 1024 * 1024,
  memoryBytesMax: 512 * 1024 * 1024,
  offsetsRetentionMs: 7 * 24 * 3_600_000,
  offsetsRetentionCheckMs: 600_000,
}
