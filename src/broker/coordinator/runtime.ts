import { AssertionError, assert } from '../../base/assert.ts'
import type { Environment, Timer } from '../../base/environment.ts'
import { faultFields, type Logger } from '../../base/logger.ts'
import type { Decision, EventCodec, Machine, Now, Refusal, TimerChange } from '../../base/machine.ts'
import { uuidFromRandom, uuidToString } from '../../base/uuid.ts'
import {
  type BatchVisitor,
  eventBatches,
  markerBatch,
  type ProducerIdentity,
  visitBatch,
} from './event-batches.ts'
import type { MachineLog } from './machine-log.ts'

/** What a hosted machine may decide beside events, replies and timers. */
export interface HostedDecision<Command, Event, Reply, Effect = never>
  extends Decision<Command, Event, Reply> {
  /** Set: the events belong to this producer's transaction, and count when its marker commits it. */
  readonly producer?: ProducerIdentity
  /**
   * Work outside the machine that the new state asks for. Like a reply it leaves when that state is committed; unlike
   * one it may be lost with the leadership, so that `resume` asks again for what is not known to be done.
   */
  readonly effects?: readonly Effect[]
}

/** Who asked for what the machine may park. */
export interface Caller<Command> {
  /** Calls back once when it is gone, also where it is already, but later. Returns the way to unsubscribe. */
  onClose(callback: () => void): () => void
  /** What is decided when it is gone and the command is still parked, which is to be answered nevertheless. */
  gone(ticket: number): Command
}

/** A machine as the runtime hosts it. The last two are for logs in which transactions write. */
export interface HostedMachine<Command, Event, Reply, Effect = never> extends Machine<Command, Event, Reply> {
  decide(command: Command, ticket: number, now: Now): HostedDecision<Command, Event, Reply, Effect>
  resume(now: Now): HostedDecision<Command, Event, Reply, Effect>
  applyInTransaction?(event: Event, producerId: number): void
  endTransaction?(producerId: number, isCommit: boolean): void
}

/** Nothing was decided, or the answer was lost with the leadership: what was asked may or may not have happened. */
export interface Refused {
  readonly refused: Refusal
}

/** What a runtime is made of. */
export interface MachineRuntimeOptions<Command, Event, Reply, Effect = never> {
  readonly machine: HostedMachine<Command, Event, Reply, Effect>
  readonly codec: EventCodec<Event>
  readonly log: MachineLog
  readonly environment: Environment
  readonly logger: Logger
  /** Events of one decision are split over batches of at most this; a crash may then keep the first ones only. */
  readonly batchBytesMax: number
  /** Unanswered commands, parked by the machine or held for commit. More are refused as 'overloaded'. */
  readonly unansweredMax?: number
  /** A reply that was not committed by then is dropped as 'unavailable': whether it happened is not known. */
  readonly commitTimeoutMs?: number
  /** Does, or has done, what the machine asks for; called synchronously, in the order of the decisions. */
  readonly onEffect?: (effect: Effect) => void
  /** Called once, when the instance is dropped for another reason than `close()`. */
  readonly onDropped?: (refusal: Refusal) => void
}

type Answer<Reply> = (answer: Reply | Refused) => void

interface Held<Reply> {
  readonly endOffset: number
  /** Monotonic, ms. */
  readonly sinceMs: number
  readonly answer: Answer<Reply>
  readonly reply: Reply
}

const UNANSWERED_MAX = 100_000
const COMMIT_TIMEOUT_MS = 5_000
const TIMER_RETRY_MS = 100
const TIMER_TICKET = -1
/** Held replies that were let go are cut off the array from here on. */
const HELD_TRIM_MIN = 1_024

/**
 * Hosts one machine on one led partition: replays its log, then decides commands one after the other. A command is
 * decided, its events appended and applied before anything else is looked at. Every reply, of a read too, leaves only
 * when the high watermark covers the end offset that the state had when it was made: what a client hears cannot be
 * taken back by another leader. Where the leadership is lost the instance is dropped with all that was not answered.
 */
export class MachineRuntime<Command, Event, Reply, Effect = never> {
  readonly #machine: HostedMachine<Command, Event, Reply, Effect>
  readonly #codec: EventCodec<Event>
  readonly #log: MachineLog
  readonly #environment: Environment
  readonly #logger: Logger
  readonly #batchBytesMax: number
  readonly #unansweredMax: number
  readonly #commitTimeoutMs: number
  readonly #onEffect: (effect: Effect) => void
  readonly #onDropped: (refusal: Refusal) => void
  /** null: it serves. */
  #refusal: Refusal | null = 'loading'
  #isClosed = false
  #stateEndOffset = 0
  #nextTicket = 0
  readonly #parked = new Map<number, Answer<Reply>>()
  /** In order of their end offsets; those before `#heldStart` are gone. */
  #held: Held<Reply>[] = []
  #heldStart = 0
  /** In order of the end offsets of the states that asked for them. */
  #effects: { readonly endOffset: number; readonly effect: Effect }[] = []
  /** Events that are in the log and not committed yet; in order. */
  #uncommitted: { readonly endOffset: number; readonly events: readonly Event[] }[] = []
  #onCommitted: ((events: readonly Event[]) => void) | null = null
  /** Rings when the oldest held reply has waited too long; null while none is held. */
  #commitTimer: Timer | null = null
  readonly #timers = new Map<string, Timer>()
  readonly #visitor: BatchVisitor<Event>

  constructor(options: MachineRuntimeOptions<Command, Event, Reply, Effect>) {
    this.#machine = options.machine
    this.#codec = options.codec
    this.#log = options.log
    this.#environment = options.environment
    this.#logger = options.logger
    this.#batchBytesMax = options.batchBytesMax
    this.#unansweredMax = options.unansweredMax ?? UNANSWERED_MAX
    this.#commitTimeoutMs = options.commitTimeoutMs ?? COMMIT_TIMEOUT_MS
    this.#onEffect = options.onEffect ?? (() => {})
    this.#onDropped = options.onDropped ?? (() => {})
    const machine = this.#machine
    this.#visitor = {
      event: (event) => machine.apply(event),
      eventInTransaction: (event, producerId) => machine.applyInTransaction?.(event, producerId),
      marker: (producerId, isCommit) => machine.endTransaction?.(producerId, isCommit),
    }
  }

  /**
   * Has `listener` called, synchronously, with the events of each decision once they are committed, in the order of the log
   * and before the reply that goes with them; also where nobody waits for that any more. Not with what was replayed.
   */
  followCommitted(listener: (events: readonly Event[]) => void): void {
    this.#onCommitted = listener
  }

  /** Why commands are refused; null: they are decided. */
  get refusal(): Refusal | null {
    return this.#refusal ?? this.#log.refusal()
  }

  /** Commands that wait for the machine, or for commit. */
  get unanswered(): number {
    return this.#parked.size + this.#held.length - this.#heldStart
  }

  /** Replays the log, then serves. Rejects where the log can't be read: the instance is then dropped. */
  async start(): Promise<void> {
    const startedMs = this.#environment.monotonicMs()
    try {
      await this.#log.replay((batch) => {
        if (!this.#isClosed) visitBatch(batch, this.#codec, this.#visitor)
      })
    } catch (error) {
      this.#drop('unavailable')
      throw error
    }
    if (this.#isClosed) return
    this.#stateEndOffset = this.#log.endOffset
    this.#log.onCommit(() => this.#committed())
    this.#refusal = null
    this.#logger.debug('machine loaded', {
      endOffset: this.#stateEndOffset,
      ms: Math.round(this.#environment.monotonicMs() - startedMs),
    })
    this.#carryOut(this.#machine.resume(this.#now()))
  }

  /** Decides now; resolves when the answer is there and may be told. A command that is parked is not kept here. */
  submit(command: Command, caller: Caller<Command> | null = null): Promise<Reply | Refused> {
    const refusal = this.#refusalNow()
    if (refusal !== null) return Promise.resolve({ refused: refusal })
    if (this.unanswered >= this.#unansweredMax) return Promise.resolve({ refused: 'overloaded' })
    return new Promise((resolve) => {
      const ticket = this.#nextTicket++
      this.#parked.set(ticket, resolve)
      this.#decide(command, ticket)
      if (caller !== null && this.#parked.has(ticket)) this.#follow(caller, ticket, resolve)
    })
  }

  #follow(caller: Caller<Command>, ticket: number, answer: Answer<Reply>): void {
    const unfollow = caller.onClose(() => {
      if (!this.#parked.has(ticket) || this.#refusalNow() !== null) return
      this.#decide(caller.gone(ticket), TIMER_TICKET)
    })
    this.#parked.set(ticket, (reply) => {
      unfollow()
      answer(reply)
    })
  }

  /** Ends a producer's transaction in this log: appends the marker and lets the machine know. null: it is committed. */
  endTransaction(
    producer: ProducerIdentity,
    coordinatorEpoch: number,
    isCommit: boolean,
  ): Promise<Refused | null> {
    const refusal = this.#refusalNow()
    if (refusal !== null) return Promise.resolve({ refused: refusal })
    return new Promise((resolve) => {
      const batch = markerBatch(producer, coordinatorEpoch, isCommit, this.#environment.wallMs())
      if (!this.#append([batch])) return resolve({ refused: 'unavailable' })
      this.#machine.endTransaction?.(producer.id, isCommit)
      const answer = (answered: unknown) => resolve(answered === null ? null : (answered as Refused))
      this.#hold(answer as Answer<Reply>, null as Reply)
    })
  }

  /** Drops the instance: what was not answered is refused, timers are off. */
  close(refusal: Refusal = 'not-leader'): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#refusal = refusal
    for (const timer of this.#timers.values()) timer.cancel()
    this.#timers.clear()
    this.#commitTimer?.cancel()
    const held = this.#held.slice(this.#heldStart)
    const parked = [...this.#parked.values()]
    this.#held = []
    this.#heldStart = 0
    this.#parked.clear()
    this.#effects = []
    this.#uncommitted = []
    for (const { answer } of held) answer({ refused: refusal })
    for (const answer of parked) answer({ refused: refusal })
  }

  #drop(refusal: Refusal): void {
    if (this.#isClosed) return
    this.close(refusal)
    this.#onDropped(refusal)
  }

  /** Looks whether the log takes something now; a lost leadership ends the instance. */
  #refusalNow(): Refusal | null {
    if (this.#refusal !== null) return this.#refusal
    const refusal = this.#log.refusal()
    if (refusal === 'not-leader') this.#drop(refusal)
    return refusal
  }

  /**
   * What nobody foresaw, and a client's command may have caused, has perhaps left the machine half changed: the instance
   * is dropped, so that all begins anew from the log. A broken assertion is left to the process.
   */
  #decide(command: Command, ticket: number): void {
    try {
      this.#carryOut(this.#machine.decide(command, ticket, this.#now()))
    } catch (error) {
      if (error instanceof AssertionError) throw error
      this.#logger.error('machine dropped: a fault of the broker', faultFields(error))
      this.#drop('unavailable')
    }
  }

  #carryOut(decision: HostedDecision<Command, Event, Reply, Effect>): void {
    const { events, producer } = decision
    if (events.length > 0) {
      const wallMs = this.#environment.wallMs()
      const batches = eventBatches(events, this.#codec, wallMs, this.#batchBytesMax, producer ?? null)
      if (!this.#append(batches)) return
      for (const event of events) {
        if (producer === undefined) this.#machine.apply(event)
        else this.#machine.applyInTransaction?.(event, producer.id)
      }
      if (this.#onCommitted !== null) this.#uncommitted.push({ endOffset: this.#stateEndOffset, events })
      this.#feed()
    }
    for (const { ticket, reply } of decision.replies) {
      const answer = this.#parked.get(ticket)
      assert(answer !== undefined, 'a ticket is answered once')
      this.#parked.delete(ticket)
      this.#hold(answer, reply)
    }
    for (const change of decision.timers) this.#setTimer(change)
    if (decision.effects === undefined || decision.effects.length === 0) return
    for (const effect of decision.effects) this.#effects.push({ endOffset: this.#stateEndOffset, effect })
    this.#handOutEffects()
  }

  #feed(): void {
    const { highWatermark } = this.#log
    while (this.#uncommitted.length > 0 && this.#uncommitted[0]!.endOffset <= highWatermark)
      this.#onCommitted?.(this.#uncommitted.shift()!.events)
  }

  #handOutEffects(): void {
    const { highWatermark } = this.#log
    while (this.#effects.length > 0 && this.#effects[0]!.endOffset <= highWatermark)
      this.#onEffect(this.#effects.shift()!.effect)
  }

  /** False where the disk refused: the state has run ahead of the log and the instance is gone. */
  #append(batches: readonly Buffer[]): boolean {
    try {
      for (const batch of batches) this.#stateEndOffset = this.#log.append(batch)
      return true
    } catch (error) {
      if (error instanceof AssertionError) throw error
      this.#logger.error('machine dropped: its log refused an append', { error: String(error) })
      this.#drop('unavailable')
      return false
    }
  }

  #hold(answer: Answer<Reply>, reply: Reply): void {
    const isFirst = this.#heldStart === this.#held.length
    if (isFirst && this.#stateEndOffset <= this.#log.highWatermark) answer(reply)
    else {
      const sinceMs = this.#environment.monotonicMs()
      this.#held.push({ endOffset: this.#stateEndOffset, sinceMs, answer, reply })
      this.#watchCommits()
    }
  }

  #watchCommits(): void {
    const oldest = this.#held[this.#heldStart]
    if (this.#commitTimer !== null || oldest === undefined) return
    const delayMs = oldest.sinceMs + this.#commitTimeoutMs - this.#environment.monotonicMs()
    this.#commitTimer = this.#environment.setTimer(delayMs, () => {
      this.#commitTimer = null
      this.#letGo(
        (held) => held.sinceMs + this.#commitTimeoutMs <= this.#environment.monotonicMs(),
        'unavailable',
      )
      this.#watchCommits()
    })
  }

  /** Lets go of held replies, oldest first, as long as `isDue`: as they are, or refused. */
  #letGo(isDue: (held: Held<Reply>) => boolean, refused: Refusal | null): void {
    while (this.#heldStart < this.#held.length && isDue(this.#held[this.#heldStart]!)) {
      const { answer, reply } = this.#held[this.#heldStart++]!
      answer(refused === null ? reply : { refused })
    }
    if (this.#heldStart === this.#held.length || this.#heldStart >= HELD_TRIM_MIN) {
      this.#held = this.#held.slice(this.#heldStart)
      this.#heldStart = 0
    }
  }

  #committed(): void {
    if (this.#isClosed) return
    const { highWatermark } = this.#log
    this.#feed()
    this.#letGo((held) => held.endOffset <= highWatermark, null)
    this.#handOutEffects()
    if (this.#log.refusal() === 'not-leader') this.#drop('not-leader')
  }

  #setTimer(change: TimerChange<Command>): void {
    this.#timers.get(change.key)?.cancel()
    this.#timers.delete(change.key)
    if (change.delayMs === null) return
    const { key, delayMs, command } = change
    this.#timers.set(
      key,
      this.#environment.setTimer(delayMs, () => this.#fire(key, command)),
    )
  }

  #fire(key: string, command: Command): void {
    this.#timers.delete(key)
    if (this.#refusalNow() === null) this.#decide(command, TIMER_TICKET)
    else if (!this.#isClosed) this.#setTimer({ key, delayMs: TIMER_RETRY_MS, command })
  }

  #now(): Now {
    const environment = this.#environment
    return {
      wallMs: environment.wallMs(),
      monotonicMs: environment.monotonicMs(),
      uniqueId: () => uuidToString(uuidFromRandom(environment.randomBytes(16))),
      random: () => environment.random(),
    }
  }
}
