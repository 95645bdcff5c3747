/** A named value beside a record's own. Names may repeat. */
export interface RecordHeader {
  readonly key: string
  readonly value: Buffer | null
}

/** A record to be written. Its bytes are borrowed until its batch is settled. */
export interface OutgoingRecord {
  readonly key?: Buffer | null
  readonly value: Buffer | null
  readonly headers?: readonly RecordHeader[]
  /** Chosen from the key, or so that batches fill, when it is not given. */
  readonly partition?: number
  /** ms since 1970; now when it is not given. */
  readonly timestampMs?: number
}

/** Where a record came to lie. `offset` is -1 where the broker did not say (acks 0, or a duplicate). */
export interface Receipt {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  /** The broker's time when the topic keeps that, else the record's own. */
  readonly timestampMs: number
}

/** A record that was read. Its bytes are slices of the batch that it came in and stay valid. */
export interface ConsumedRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly timestampMs: number
  readonly leaderEpoch: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly RecordHeader[]
}
