import type { ErrorName } from '../../../protocol/error-codes.ts'

/**
 * What the transaction machine is asked, what it writes down, what it answers and what it asks for (KIP-98, KIP-360,
 * KIP-890). Nothing here knows a wire version.
 */

/** In the order of their codes in the log. PrepareEpochFence and Dead are never written down. */
export const TRANSACTION_STATES = [
  'Empty',
  'Ongoing',
  'PrepareCommit',
  'PrepareAbort',
  'CompleteCommit',
  'CompleteAbort',
  'Dead',
  'PrepareEpochFence',
] as const

/** As DescribeTransactions prints them. */
export type TransactionState = (typeof TRANSACTION_STATES)[number]

export interface TopicPartitions {
  readonly topic: string
  readonly partitions: readonly number[]
}

/** Of a producer: -1 and -1 where there is none. */
export interface ProducerEpoch {
  readonly producerId: number
  readonly producerEpoch: number
}

/** A transactional id as the log keeps it. */
export interface TransactionRecord extends ProducerEpoch {
  /** The producer id before the last change: another one only where that replaced an id whose epochs were used up. */
  readonly previousProducerId: number
  /** What takes the place of the producer id when the transaction is complete; -1: it stays. */
  readonly nextProducerId: number
  readonly timeoutMs: number
  readonly state: TransactionState
  /** What the open transaction has written to, or may write to. */
  readonly partitions: readonly TopicPartitions[]
  /** Wall clock, ms. */
  readonly updatedMs: number
  /** Wall clock, ms, of the start of the last transaction; -1: there was none since the producer was initialized. */
  readonly startedMs: number
  /** transaction.version that the client speaks: with 2 every transaction ends with an epoch of its own. */
  readonly clientVersion: number
}

/** null: the id is forgotten. */
export interface TransactionEvent {
  readonly transactionalId: string
  readonly record: TransactionRecord | null
}

/** The markers of a decided transaction are to be written, then 'markers-written' is to be submitted. */
export interface CompletionEffect extends ProducerEpoch {
  readonly transactionalId: string
  readonly isCommit: boolean
  readonly partitions: readonly TopicPartitions[]
  readonly clientVersion: number
}

/** InitProducerId with a transactional id. */
export interface InitCommand {
  readonly kind: 'init'
  readonly transactionalId: string
  readonly timeoutMs: number
  /** What the producer had until now, where it goes on after an error (KIP-360). */
  readonly expected: ProducerEpoch | null
  /** A producer id that nobody has; null where the caller hopes that none is needed. */
  readonly freshProducerId: number | null
}

/** AddPartitionsToTxn, AddOffsetsToTxn, or a first write of version 2. */
export interface AddPartitionsCommand extends ProducerEpoch {
  readonly kind: 'add-partitions'
  readonly transactionalId: string
  readonly partitions: readonly TopicPartitions[]
  readonly clientVersion: number
}

/** Whether partitions are part of the producer's transaction. */
export interface VerifyPartitionsCommand extends ProducerEpoch {
  readonly kind: 'verify-partitions'
  readonly transactionalId: string
  readonly partitions: readonly TopicPartitions[]
}

/** EndTxn. */
/** Commits or aborts what the transaction has written. */
export interface EndCommand extends ProducerEpoch {
  readonly kind: 'end'
  readonly transactionalId: string
  readonly isCommit: boolean
  readonly clientVersion: number
  readonly freshProducerId: number | null
}

/** From whoever carries out a CompletionEffect. */
export interface MarkersWrittenCommand extends ProducerEpoch {
  readonly kind: 'markers-written'
  readonly transactionalId: string
}

export interface DescribeCommand {
  readonly kind: 'describe'
  readonly transactionalId: string
}

export interface ListCommand {
  readonly kind: 'list'
  /** Empty: all. */
  readonly states: ReadonlySet<TransactionState>
  /** Empty: all. */
  readonly producerIds: ReadonlySet<number>
  /** Only transactions that began longer ago; negative: all. */
  readonly durationMs: number
}

/** The machine's own alarms. */
export type TransactionTimerCommand =
  | { readonly kind: 'timeouts-due' }
  | { readonly kind: 'expirations-due' }
  | { readonly kind: 'wait-over'; readonly transactionalId: string; readonly ticket: number }

/** Everything that the machine can be asked. */
/** What the transaction machine is asked, by clients and by its timers. */
export type TransactionCommand =
  | InitCommand
  | AddPartitionsCommand
  | VerifyPartitionsCommand
  | EndCommand
  | MarkersWrittenCommand
  | DescribeCommand
  | ListCommand
  | TransactionTimerCommand

export interface InitReply extends ProducerEpoch {
  readonly kind: 'init'
  readonly error: ErrorName
}

export interface EndReply extends ProducerEpoch {
  readonly kind: 'end'
  readonly error: ErrorName
}

/** The command is to be submitted again with a fresh producer id. */
export interface NeedsProducerIdReply {
  readonly kind: 'needs-producer-id'
}

export interface AddPartitionsReply {
  readonly kind: 'add-partitions'
  readonly error: ErrorName
}

export interface VerifyPartitionsReply {
  readonly kind: 'verify-partitions'
  /** For all of them, when not NONE. */
  readonly error: ErrorName
  /** Those that are no part of the transaction. */
  readonly missing: readonly TopicPartitions[]
}

export interface DescribeReply {
  readonly kind: 'describe'
  readonly error: ErrorName
  readonly record: TransactionRecord | null
}

export interface ListedTransaction {
  readonly transactionalId: string
  readonly producerId: number
  readonly state: TransactionState
}

export interface ListReply {
  readonly kind: 'list'
  readonly transactions: readonly ListedTransaction[]
}

export interface MarkersWrittenReply {
  readonly kind: 'markers-written'
}

/** Everything that the machine can answer. */
/** What it answers, one kind a kind of command. */
export type TransactionReply =
  | InitReply
  | EndReply
  | NeedsProducerIdReply
  | AddPartitionsReply
  | VerifyPartitionsReply
  | DescribeReply
  | ListReply
  | MarkersWrittenReply

/** The commands that concern one id, and what each is answered with. */
export interface TransactionRequests {
  readonly init: { readonly command: InitCommand; readonly reply: InitReply | NeedsProducerIdReply }
  readonly end: { readonly command: EndCommand; readonly reply: EndReply | NeedsProducerIdReply }
  readonly 'add-partitions': { readonly command: AddPartitionsCommand; readonly reply: AddPartitionsReply }
  readonly 'verify-partitions': {
    readonly command: VerifyPartitionsCommand
    readonly reply: VerifyPartitionsReply
  }
  readonly 'markers-written': {
    readonly command: MarkersWrittenCommand
    readonly reply: MarkersWrittenReply
  }
  readonly describe: { readonly command: DescribeCommand; readonly reply: DescribeReply }
}
