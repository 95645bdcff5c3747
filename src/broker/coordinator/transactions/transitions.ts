import type { Now } from '../../../base/machine.ts'
import type { ErrorName } from '../../../protocol/error-codes.ts'
import { addPartitions, missingPartitions } from './topic-partitions.ts'
import type {
  AddPartitionsCommand,
  EndCommand,
  InitCommand,
  ProducerEpoch,
  TransactionRecord,
  VerifyPartitionsReply,
} from './transaction-types.ts'

/** The last epoch that a client is given. The one above it only ever stands in markers. */
export const EPOCH_MAX = 32_766

/** Every transaction of such a client ends with an epoch of its own (KIP-890). */
const EPOCH_PER_TRANSACTION_VERSION = 2

/** The request changes nothing. */
interface Answer {
  readonly kind: 'answer'
  readonly error: ErrorName
}

/** The record takes the place of what was, and the request has succeeded. */
interface Write {
  readonly kind: 'write'
  readonly record: TransactionRecord
}

/** As a write, but the request is looked at again when the transaction is aborted. */
interface AbortFirst {
  readonly kind: 'abort-first'
  readonly record: TransactionRecord
}

/** The markers of the transaction before are to be written first. */
interface Wait {
  readonly kind: 'wait'
}

interface NeedsProducerId {
  readonly kind: 'needs-producer-id'
}

const NEEDS_PRODUCER_ID: NeedsProducerId = { kind: 'needs-producer-id' }
const WAIT: Wait = { kind: 'wait' }

function answer(error: ErrorName): Answer {
  return { kind: 'answer', error }
}

/** What the last change of the epoch was, where the client may ask for it again not knowing that it happened. */
export interface EpochChange {
  readonly from: number
  readonly to: number
}

/**
 * InitProducerId (G7). A producer that names what it has goes on with the next epoch, or hears that it is fenced; one
 * that does not takes over. An open transaction is aborted first. Epochs that are used up bring a new producer id.
 */
export function initProducer(
  record: TransactionRecord | undefined,
  lastChange: EpochChange | null,
  command: InitCommand,
  now: Now,
): Answer | Write | AbortFirst | Wait | NeedsProducerId {
  if (record === undefined) return withNewProducerId(null, command, now)
  const { expected } = command
  if (isDecided(record)) return WAIT
  if (expected !== null && !mayGoOn(record, expected)) return answer('PRODUCER_FENCED')
  if (record.state === 'Ongoing') return { kind: 'abort-first', record: fenced(record, now) }
  const isRetry =
    expected !== null && lastChange?.to === record.producerEpoch && lastChange.from === expected.producerEpoch
  if (isRetry && record.producerEpoch <= EPOCH_MAX)
    return initialized(record, { previousProducerId: record.previousProducerId }, command, now)
  if (expected !== null && expected.producerEpoch !== record.producerEpoch && !isRetry)
    return answer('PRODUCER_FENCED')
  if (record.producerEpoch >= EPOCH_MAX) return withNewProducerId(record, command, now)
  return initialized(record, { producerEpoch: record.producerEpoch + 1 }, command, now)
}

/** A producer id that was replaced because its epochs were used up is recognized by the last of them. */
function mayGoOn(record: TransactionRecord, expected: ProducerEpoch): boolean {
  if (expected.producerId === record.producerId) return true
  return expected.producerId === record.previousProducerId && expected.producerEpoch >= EPOCH_MAX
}

function withNewProducerId(
  record: TransactionRecord | null,
  command: InitCommand,
  now: Now,
): Write | NeedsProducerId {
  const { freshProducerId } = command
  if (freshProducerId === null) return NEEDS_PRODUCER_ID
  const previousProducerId = record?.producerId ?? freshProducerId
  return {
    kind: 'write',
    record: {
      producerId: freshProducerId,
      producerEpoch: 0,
      previousProducerId,
      nextProducerId: -1,
      timeoutMs: command.timeoutMs,
      state: 'Empty',
      partitions: [],
      updatedMs: now.wallMs,
      startedMs: -1,
      clientVersion: record?.clientVersion ?? 0,
    },
  }
}

function initialized(
  record: TransactionRecord,
  change: Partial<TransactionRecord>,
  command: InitCommand,
  now: Now,
): Write {
  return {
    kind: 'write',
    record: {
      ...record,
      previousProducerId: record.producerId,
      timeoutMs: command.timeoutMs,
      state: 'Empty',
      partitions: [],
      updatedMs: now.wallMs,
      startedMs: -1,
      ...change,
    },
  }
}

/** The open transaction aborted by somebody else than its producer, whose epoch is no longer right. */
export function fenced(record: TransactionRecord, now: Now): TransactionRecord {
  return {
    ...record,
    previousProducerId: record.producerId,
    producerEpoch: record.producerEpoch + 1,
    state: 'PrepareAbort',
    updatedMs: now.wallMs,
    clientVersion: EPOCH_PER_TRANSACTION_VERSION,
  }
}

/** AddPartitionsToTxn, AddOffsetsToTxn, and what writes of version 2 add by themselves. */
export function addToTransaction(
  record: TransactionRecord | undefined,
  command: AddPartitionsCommand,
  now: Now,
): Answer | Write | Wait {
  if (record !== undefined && isDecided(record)) return WAIT
  const error = producerError(record, command)
  if (error !== 'NONE') return answer(error)
  const { state, partitions } = record!
  const all = addPartitions(state === 'Ongoing' ? partitions : [], command.partitions)
  if (state === 'Ongoing' && all === partitions) return answer('NONE')
  return {
    kind: 'write',
    record: {
      ...record!,
      previousProducerId: record!.producerId,
      state: 'Ongoing',
      partitions: all,
      updatedMs: now.wallMs,
      startedMs: state === 'Ongoing' ? record!.startedMs : now.wallMs,
      clientVersion: command.clientVersion,
    },
  }
}

/** Whether a producer may write to partitions by the transaction that it has open. */
export function verifyInTransaction(
  record: TransactionRecord | undefined,
  command: ProducerEpoch & { readonly partitions: TransactionRecord['partitions'] },
): VerifyPartitionsReply {
  let error = producerError(record, command)
  if (error === 'NONE' && isDecided(record!)) error = 'CONCURRENT_TRANSACTIONS'
  const missing = error === 'NONE' ? missingPartitions(record!.partitions, command.partitions) : []
  return { kind: 'verify-partitions', error, missing }
}

function producerError(record: TransactionRecord | undefined, producer: ProducerEpoch): ErrorName {
  if (record === undefined || record.producerId !== producer.producerId) return 'INVALID_PRODUCER_ID_MAPPING'
  return record.producerEpoch === producer.producerEpoch ? 'NONE' : 'PRODUCER_FENCED'
}

/** EndTxn: of clients whose epoch stays (version 0), or that get a new one with the answer (version 2, G8). */
export function endTransaction(
  record: TransactionRecord | undefined,
  command: EndCommand,
  now: Now,
): Answer | Write | NeedsProducerId {
  return command.clientVersion >= EPOCH_PER_TRANSACTION_VERSION
    ? endWithNewEpoch(record, command, now)
    : endWithSameEpoch(record, command, now)
}

function endWithSameEpoch(
  record: TransactionRecord | undefined,
  command: EndCommand,
  now: Now,
): Answer | Write {
  const error = producerError(record, command)
  if (error !== 'NONE') return answer(error)
  if (isDecided(record!)) return answer('CONCURRENT_TRANSACTIONS')
  const { state } = record!
  if (state === 'Ongoing') return decided(record!, command, record!.producerEpoch, now)
  if (state === (command.isCommit ? 'CompleteCommit' : 'CompleteAbort')) return answer('NONE')
  return answer('INVALID_TXN_STATE')
}

/**
 * The epoch tells a repeated request from one for the next transaction: it is the one before. An abort that finds
 * nothing to abort is a transaction too, since the client can't know whether the broker has added anything.
 */
function endWithNewEpoch(
  record: TransactionRecord | undefined,
  command: EndCommand,
  now: Now,
): Answer | Write | NeedsProducerId {
  if (record === undefined) return answer('INVALID_PRODUCER_ID_MAPPING')
  if (isDecided(record)) return answer('CONCURRENT_TRANSACTIONS')
  const { state, producerId, producerEpoch } = record
  const isOverflowRetry =
    command.producerId === record.previousProducerId &&
    command.producerId !== producerId &&
    command.producerEpoch === EPOCH_MAX &&
    producerEpoch === 0
  if (command.producerId !== producerId && !isOverflowRetry) return answer('INVALID_PRODUCER_ID_MAPPING')
  const isRetry = isOverflowRetry || producerEpoch === command.producerEpoch + 1
  const isComplete = state === 'CompleteCommit' || state === 'CompleteAbort'
  if (isComplete && isRetry)
    return answer(
      state === (command.isCommit ? 'CompleteCommit' : 'CompleteAbort') ? 'NONE' : 'INVALID_TXN_STATE',
    )
  if (producerEpoch !== command.producerEpoch) return answer('PRODUCER_FENCED')
  if (state !== 'Ongoing' && command.isCommit) return answer('INVALID_TXN_STATE')
  if (producerEpoch >= EPOCH_MAX && command.freshProducerId === null) return NEEDS_PRODUCER_ID
  const started = state === 'Ongoing' ? record : { ...record, partitions: [], startedMs: now.wallMs }
  return decided(started, command, producerEpoch + 1, now)
}

function decided(record: TransactionRecord, command: EndCommand, producerEpoch: number, now: Now): Write {
  return {
    kind: 'write',
    record: {
      ...record,
      previousProducerId: record.producerId,
      nextProducerId: producerEpoch > EPOCH_MAX ? command.freshProducerId! : -1,
      producerEpoch,
      state: command.isCommit ? 'PrepareCommit' : 'PrepareAbort',
      updatedMs: now.wallMs,
      clientVersion: command.clientVersion,
    },
  }
}

/** Every marker is written: what the id goes on with. */
export function completed(record: TransactionRecord, now: Now): TransactionRecord {
  return {
    ...record,
    ...producerAfter(record),
    previousProducerId: record.producerId,
    nextProducerId: -1,
    state: record.state === 'PrepareCommit' ? 'CompleteCommit' : 'CompleteAbort',
    partitions: [],
    updatedMs: now.wallMs,
  }
}

/** What the producer goes on with once the transaction is complete. */
export function producerAfter(record: TransactionRecord): ProducerEpoch {
  if (record.nextProducerId !== -1) return { producerId: record.nextProducerId, producerEpoch: 0 }
  return { producerId: record.producerId, producerEpoch: record.producerEpoch }
}

/**
 * Between the decision and the last marker. What the producer goes on with (`producerAfter`) counts when that is over:
 * until then nobody who asks to change something is told that the id or epoch is wrong, which would be final, but that
 * it is too early (CONCURRENT_TRANSACTIONS). As in Kafka 4.3, EndTxn of clients whose epoch stays looks at that first.
 */
export function isDecided(record: TransactionRecord): boolean {
  return record.state === 'PrepareCommit' || record.state === 'PrepareAbort'
}
