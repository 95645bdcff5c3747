/**
 * Deciding, kept apart from doing. A machine is a state that lives in one log: a command is decided on the current
 * state, the facts it makes are appended and applied, the answers leave when what they saw is committed. No clock,
 * random source, file or socket inside: time and chance come in with the command.
 */

/** Time and chance as they are handed to a decision. */
export interface Now {
  /** Wall clock, ms since 1970: for timestamps that are kept. */
  readonly wallMs: number
  /** Monotonic clock, ms: for deadlines in soft state. */
  readonly monotonicMs: number
  /** A fresh unpredictable id, printed as 22 characters of base64url. */
  uniqueId(): string
  /** Uniform in [0, 1): jitter. */
  random(): number
}

/** Asks for `command` after `delayMs`; a later change of the same key replaces it. `null` takes the timer back. */
export type TimerChange<Command> =
  | { readonly key: string; readonly delayMs: number; readonly command: Command }
  | { readonly key: string; readonly delayMs: null }

/** The answer to the command that came with `ticket`, now or earlier. */
export interface TicketReply<Reply> {
  readonly ticket: number
  readonly reply: Reply
}

/** What a command comes to. A command whose ticket is not answered stays parked until a later decision answers it. */
export interface Decision<Command, Event, Reply> {
  /** Durable facts, appended in order as one batch and applied before anything else is decided. */
  readonly events: readonly Event[]
  readonly replies: readonly TicketReply<Reply>[]
  readonly timers: readonly TimerChange<Command>[]
}

/**
 * `decide` may change soft state (waiting members, deadlines) but never what events carry; `apply` changes exactly
 * that and is the same at first and on replay. Commands from timers carry the ticket -1 and are not answered.
 */
export interface Machine<Command, Event, Reply> {
  decide(command: Command, ticket: number, now: Now): Decision<Command, Event, Reply>
  apply(event: Event): void
  /** Called once after the replay, before the first command: timers of what was loaded. */
  resume(now: Now): Decision<Command, Event, Reply>
}

/** How a machine's events lie in its log: one record an event. `timestampMs` of the record is the wall clock. */
export interface EventCodec<Event> {
  encode(event: Event): { readonly key: Buffer | null; readonly value: Buffer | null }
  /** null: a record that this version does not know; it is skipped. Throws on damage. */
  decode(key: Buffer | null, value: Buffer | null): Event | null
}

/** Why the runtime did not take a command, or dropped it: nothing it asked for has happened, or it may have. */
export type Refusal = 'loading' | 'not-leader' | 'unavailable' | 'overloaded'

export const NO_DECISION: Decision<never, never, never> = { events: [], replies: [], timers: [] }
