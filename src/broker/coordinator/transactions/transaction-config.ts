export interface TransactionConfig {
  /** transaction.max.timeout.ms */
  readonly timeoutMsMax: number
  /** transaction.abort.timed.out.transaction.cleanup.interval.ms */
  readonly timeoutCheckMs: number
  /** transactional.id.expiration.ms */
  readonly idExpirationMs: number
  /** transaction.remove.expired.transaction.cleanup.interval.ms */
  readonly expirationCheckMs: number
  /** How long a request waits for the markers of the transaction before it; then CONCURRENT_TRANSACTIONS. */
  readonly completionWaitMs: number
  /** What all transactional ids may keep in memory, with the partitions of their transactions. */
  readonly memoryBytesMax: number
}

export const TRANSACTION_CONFIG_DEFAULTS: TransactionConfig = {
  timeoutMsMax: 15 * 60_000,
  timeoutCheckMs: 10_000,
  idExpirationMs: 7 * 24 * 3_600_000,
  expirationCheckMs: 3_600_000,
  completionWaitMs: 100,
  memoryBytesMax: 128 * 1024 * 1024,
}
