import { unreachable } from '../../../base/assert.ts'
import { ByteAccount } from '../../../base/byte-account.ts'
import type { Now, TicketReply, TimerChange } from '../../../base/machine.ts'
import type { ErrorName } from '../../../protocol/error-codes.ts'
import type { HostedDecision, HostedMachine } from '../runtime.ts'
import type { TransactionConfig } from './transaction-config.ts'
import { transactionBytes } from './transaction-memory.ts'
import type {
  AddPartitionsCommand,
  CompletionEffect,
  DescribeReply,
  EndCommand,
  InitCommand,
  InitReply,
  ListCommand,
  ListReply,
  MarkersWrittenCommand,
  ProducerEpoch,
  TransactionCommand,
  TransactionEvent,
  TransactionRecord,
  TransactionReply,
} from './transaction-types.ts'
import {
  addToTransaction,
  completed,
  EPOCH_MAX,
  type EpochChange,
  endTransaction,
  fenced,
  initProducer,
  isDecided,
  producerAfter,
  verifyInTransaction,
} from './transitions.ts'

type Decided = HostedDecision<TransactionCommand, TransactionEvent, TransactionReply, CompletionEffect>
/** Requests that wait for the markers of the transaction before them. */
type WaitingCommand = InitCommand | AddPartitionsCommand

interface Waiter {
  readonly ticket: number
  readonly command: WaitingCommand
}

/** A decision while it is being made. */
class Outcome {
  /** What the events make of the ids: the state that a later part of the decision sees. */
  readonly records = new Map<string, TransactionRecord>()
  readonly events: TransactionEvent[] = []
  readonly replies: TicketReply<TransactionReply>[] = []
  readonly timers: TimerChange<TransactionCommand>[] = []
  readonly effects: CompletionEffect[] = []
}

const TIMEOUTS_TIMER = 'timeouts'
const EXPIRATIONS_TIMER = 'expirations'
/**
 * Transactions that are aborted, and ids that are forgotten, by one decision. A broker has one machine for each of the fifty
 * partitions of the transaction log, and their alarms may all ring in one turn of the event loop.
 */
const ENDED_AT_ONCE = 25
/** Until the next of them: what these bring about is done meanwhile. */
const MORE_MS = 20

/**
 * The transactional ids of one partition of __transaction_state, as the coordinator of Kafka 4.3 answers (KIP-98,
 * KIP-360, KIP-890). A transaction is decided when its Prepare record is committed; the markers are then written by
 * others, who are asked for it by an effect, at first and after every restart, until they say that it is done. Where it
 * knowingly differs: a request that comes while markers are written waits a moment before it is sent away with
 * CONCURRENT_TRANSACTIONS.
 */
export class TransactionMachine
  implements HostedMachine<TransactionCommand, TransactionEvent, TransactionReply, CompletionEffect>
{
  readonly #config: TransactionConfig
  readonly #records = new Map<string, TransactionRecord>()
  readonly #ongoing = new Set<string>()
  /** The last change of an id's epoch, while it is the epoch: soft but where the log tells it. */
  readonly #epochChanges = new Map<string, EpochChange>()
  readonly #waiters = new Map<string, Waiter[]>()
  readonly #kept: ByteAccount

  /** `memory`: of all machines of a broker. */
  constructor(config: TransactionConfig, memory = new ByteAccount(config.memoryBytesMax)) {
    this.#config = config
    this.#kept = new ByteAccount(Number.POSITIVE_INFINITY, memory)
  }

  /** It is of no more use: what it kept is given back. */
  close(): void {
    this.#kept.clear()
  }

  decide(command: TransactionCommand, ticket: number, now: Now): Decided {
    const out = new Outcome()
    const reply = this.#decide(command, ticket, now, out)
    if (reply !== null) out.replies.push({ ticket, reply })
    return out
  }

  apply({ transactionalId, record }: TransactionEvent): void {
    this.#kept.add(
      transactionBytes(transactionalId, record ?? undefined) -
        transactionBytes(transactionalId, this.#records.get(transactionalId)),
    )
    if (record === null) {
      this.#records.delete(transactionalId)
      this.#ongoing.delete(transactionalId)
      this.#epochChanges.delete(transactionalId)
      return
    }
    this.#noteEpochOf(transactionalId, this.#records.get(transactionalId), record)
    this.#records.set(transactionalId, record)
    if (record.state === 'Ongoing') this.#ongoing.add(transactionalId)
    else this.#ongoing.delete(transactionalId)
  }

  resume(): Decided {
    const out = new Outcome()
    for (const [transactionalId, record] of this.#records)
      if (isDecided(record)) out.effects.push(completionOf(transactionalId, record))
    this.#setTimeoutsTimer(out)
    this.#setExpirationsTimer(out)
    return out
  }

  /** The ids as the log has them: equal after a replay of the same log. */
  get records(): ReadonlyMap<string, TransactionRecord> {
    return this.#records
  }

  /** The answer to the command itself; null: it waits, or was an alarm. */
  #decide(command: TransactionCommand, ticket: number, now: Now, out: Outcome): TransactionReply | null {
    switch (command.kind) {
      case 'init':
        return this.#init(command, ticket, now, out)
      case 'add-partitions':
        return this.#addPartitions(command, ticket, now, out)
      case 'end':
        return this.#end(command, now, out)
      case 'verify-partitions':
        return verifyInTransaction(this.#recordOf(command.transactionalId, out), command)
      case 'markers-written':
        this.#complete(command, now, out)
        return { kind: 'markers-written' }
      case 'describe':
        return this.#describe(command.transactionalId)
      case 'list':
        return this.#list(command, now)
      case 'timeouts-due':
        this.#abortTimedOut(now, out)
        return null
      case 'expirations-due':
        this.#forgetExpired(now, out)
        return null
      case 'wait-over':
        this.#endWait(command.transactionalId, command.ticket, out)
        return null
      default:
        return unreachable(command)
    }
  }

  #init(command: InitCommand, ticket: number, now: Now, out: Outcome): TransactionReply | null {
    const { transactionalId, expected, timeoutMs } = command
    if (transactionalId === '') return initReply('INVALID_REQUEST')
    if (timeoutMs <= 0 || timeoutMs > this.#config.timeoutMsMax)
      return initReply('INVALID_TRANSACTION_TIMEOUT')
    const record = this.#recordOf(transactionalId, out)
    const lastChange = this.#epochChanges.get(transactionalId) ?? null
    const transition = initProducer(record, lastChange, command, now)
    switch (transition.kind) {
      case 'answer':
        return initReply(transition.error)
      case 'needs-producer-id':
        return { kind: 'needs-producer-id' }
      case 'wait':
        return this.#wait(command, ticket, out)
      case 'abort-first':
        this.#write(transactionalId, transition.record, out)
        return this.#wait(command, ticket, out)
      case 'write':
        if (!this.#fits(transactionalId, transition.record)) return initReply('COORDINATOR_NOT_AVAILABLE')
        this.#noteEpoch(transactionalId, expected?.producerEpoch ?? null, transition.record)
        this.#write(transactionalId, transition.record, out)
        return initReply('NONE', transition.record)
    }
  }

  /** A producer that goes on may ask again for the epoch it was given; one that takes over leaves no trace of the last. */
  #noteEpoch(transactionalId: string, from: number | null, after: TransactionRecord): void {
    if (from === null) this.#epochChanges.delete(transactionalId)
    else this.#epochChanges.set(transactionalId, { from, to: after.producerEpoch })
  }

  /** The end of a transaction may bring a new epoch, its completion a new producer id. */
  #noteEpochOf(
    transactionalId: string,
    before: TransactionRecord | undefined,
    after: TransactionRecord,
  ): void {
    if (before === undefined || after.producerEpoch === before.producerEpoch) return
    if (isDecided(after)) this.#noteEpoch(transactionalId, before.producerEpoch, after)
    else if (isDecided(before)) this.#noteEpoch(transactionalId, EPOCH_MAX, after)
  }

  #addPartitions(
    command: AddPartitionsCommand,
    ticket: number,
    now: Now,
    out: Outcome,
  ): TransactionReply | null {
    const { kind, transactionalId } = command
    if (transactionalId === '') return { kind, error: 'INVALID_REQUEST' }
    const transition = addToTransaction(this.#recordOf(transactionalId, out), command, now)
    if (transition.kind === 'wait') return this.#wait(command, ticket, out)
    if (transition.kind === 'answer') return { kind, error: transition.error }
    if (!this.#fits(transactionalId, transition.record)) return { kind, error: 'COORDINATOR_NOT_AVAILABLE' }
    this.#write(transactionalId, transition.record, out)
    return { kind, error: 'NONE' }
  }

  #end(command: EndCommand, now: Now, out: Outcome): TransactionReply {
    const { kind, transactionalId } = command
    if (transactionalId === '') return { kind, error: 'INVALID_REQUEST', ...NO_PRODUCER }
    const record = this.#records.get(transactionalId)
    const transition = endTransaction(record, command, now)
    if (transition.kind === 'needs-producer-id') return transition
    if (transition.kind === 'answer') {
      const { error } = transition
      return { kind, error, ...(error === 'NONE' ? producerAfter(record!) : NO_PRODUCER) }
    }
    this.#write(transactionalId, transition.record, out)
    return { kind, error: 'NONE', ...producerAfter(transition.record) }
  }

  /** Once only: a second 'markers-written' for the same decision finds another state. */
  #complete(command: MarkersWrittenCommand, now: Now, out: Outcome): void {
    const { transactionalId, producerId, producerEpoch } = command
    const record = this.#records.get(transactionalId)
    if (record === undefined || !isDecided(record)) return
    if (record.producerId !== producerId || record.producerEpoch !== producerEpoch) return
    this.#write(transactionalId, completed(record, now), out)
    this.#goOn(transactionalId, now, out)
  }

  /** Whether there is room for what the id would keep. What does not grow has room: transactions can always end. */
  #fits(transactionalId: string, record: TransactionRecord): boolean {
    const present = this.#records.get(transactionalId)
    const growthBytes = transactionBytes(transactionalId, record) - transactionBytes(transactionalId, present)
    return this.#kept.fits(growthBytes)
  }

  #recordOf(transactionalId: string, out: Outcome): TransactionRecord | undefined {
    return out.records.get(transactionalId) ?? this.#records.get(transactionalId)
  }

  #write(transactionalId: string, record: TransactionRecord, out: Outcome): void {
    this.#noteEpochOf(transactionalId, this.#recordOf(transactionalId, out), record)
    out.records.set(transactionalId, record)
    out.events.push({ transactionalId, record })
    if (isDecided(record)) out.effects.push(completionOf(transactionalId, record))
  }

  #describe(transactionalId: string): DescribeReply {
    if (transactionalId === '') return { kind: 'describe', error: 'INVALID_REQUEST', record: null }
    const record = this.#records.get(transactionalId)
    if (record === undefined) return { kind: 'describe', error: 'TRANSACTIONAL_ID_NOT_FOUND', record: null }
    return { kind: 'describe', error: 'NONE', record }
  }

  #list({ states, producerIds, durationMs }: ListCommand, now: Now): ListReply {
    const transactions: ListReply['transactions'][number][] = []
    for (const [transactionalId, { state, producerId, startedMs }] of this.#records) {
      if (states.size > 0 && !states.has(state)) continue
      if (producerIds.size > 0 && !producerIds.has(producerId)) continue
      if (durationMs >= 0 && now.wallMs - startedMs <= durationMs) continue
      transactions.push({ transactionalId, producerId, state })
    }
    return { kind: 'list', transactions }
  }

  #abortTimedOut(now: Now, out: Outcome): void {
    let count = 0
    for (const transactionalId of this.#ongoing) {
      const record = this.#records.get(transactionalId)!
      if (record.startedMs + record.timeoutMs >= now.wallMs) continue
      if (count++ === ENDED_AT_ONCE) break
      this.#write(transactionalId, fenced(record, now), out)
    }
    this.#setTimeoutsTimer(out, count > ENDED_AT_ONCE)
  }

  #forgetExpired(now: Now, out: Outcome): void {
    let count = 0
    for (const [transactionalId, record] of this.#records) {
      if (record.state === 'Ongoing' || isDecided(record)) continue
      if (record.updatedMs + this.#config.idExpirationMs > now.wallMs) continue
      if (count++ === ENDED_AT_ONCE) break
      out.events.push({ transactionalId, record: null })
    }
    this.#setExpirationsTimer(out, count > ENDED_AT_ONCE)
  }

  #wait(command: WaitingCommand, ticket: number, out: Outcome): null {
    const { transactionalId } = command
    const waiters = this.#waiters.get(transactionalId)
    if (waiters === undefined) this.#waiters.set(transactionalId, [{ ticket, command }])
    else waiters.push({ ticket, command })
    out.timers.push({
      key: waitTimer(ticket),
      delayMs: this.#config.completionWaitMs,
      command: { kind: 'wait-over', transactionalId, ticket },
    })
    return null
  }

  /** Those who waited for the transaction to be complete are looked at again, in the order of their coming. */
  #goOn(transactionalId: string, now: Now, out: Outcome): void {
    const waiters = this.#waiters.get(transactionalId) ?? []
    this.#waiters.delete(transactionalId)
    for (const { command, ticket } of waiters) {
      out.timers.push({ key: waitTimer(ticket), delayMs: null })
      const reply = this.#decide(command, ticket, now, out)
      if (reply !== null) out.replies.push({ ticket, reply })
    }
  }

  #endWait(transactionalId: string, ticket: number, out: Outcome): void {
    const waiters = this.#waiters.get(transactionalId) ?? []
    const waiter = waiters.find((one) => one.ticket === ticket)
    if (waiter === undefined) return
    const others = waiters.filter((one) => one !== waiter)
    if (others.length === 0) this.#waiters.delete(transactionalId)
    else this.#waiters.set(transactionalId, others)
    const error = 'CONCURRENT_TRANSACTIONS'
    const { kind } = waiter.command
    out.replies.push({ ticket, reply: kind === 'init' ? initReply(error) : { kind, error } })
  }

  /** `hasMore`: more are due already. */
  #setTimeoutsTimer(out: Outcome, hasMore = false): void {
    const command: TransactionCommand = { kind: 'timeouts-due' }
    const delayMs = hasMore ? MORE_MS : this.#config.timeoutCheckMs
    out.timers.push({ key: TIMEOUTS_TIMER, delayMs, command })
  }

  #setExpirationsTimer(out: Outcome, hasMore = false): void {
    const command: TransactionCommand = { kind: 'expirations-due' }
    const delayMs = hasMore ? MORE_MS : this.#config.expirationCheckMs
    out.timers.push({ key: EXPIRATIONS_TIMER, delayMs, command })
  }
}

const NO_PRODUCER: ProducerEpoch = { producerId: -1, producerEpoch: -1 }

function initReply(error: ErrorName, { producerId, producerEpoch }: ProducerEpoch = NO_PRODUCER): InitReply {
  return { kind: 'init', error, producerId, producerEpoch }
}

function waitTimer(ticket: number): string {
  return `wait ${ticket}`
}

function completionOf(transactionalId: string, record: TransactionRecord): CompletionEffect {
  const { producerId, producerEpoch, state, partitions, clientVersion } = record
  const isCommit = state === 'PrepareCommit'
  return { transactionalId, producerId, producerEpoch, isCommit, partitions, clientVersion }
}
