import type { TicketReply, TimerChange } from '../../../base/machine.ts'
import type { ProducerIdentity } from '../event-batches.ts'
import type { HostedDecision } from '../runtime.ts'
import type { GroupCommand, GroupEvent, GroupReply } from './group-types.ts'

/** A decision of the group machine while it is being made. */
export class Outcome {
  readonly events: GroupEvent[] = []
  /** Set: the events belong to this producer's transaction. */
  producer: ProducerIdentity | null = null
  readonly #replies: TicketReply<GroupReply>[] = []
  readonly #timers: TimerChange<GroupCommand>[] = []

  write(event: GroupEvent): void {
    this.events.push(event)
  }

  answer(ticket: number, reply: GroupReply): void {
    this.#replies.push({ ticket, reply })
  }

  setTimer(key: string, delayMs: number, command: GroupCommand): void {
    this.#timers.push({ key, delayMs: Math.max(0, delayMs), command })
  }

  clearTimer(key: string): void {
    this.#timers.push({ key, delayMs: null })
  }

  toDecision(): HostedDecision<GroupCommand, GroupEvent, GroupReply> {
    const decision = { events: this.events, replies: this.#replies, timers: this.#timers }
    return this.producer === null ? decision : { ...decision, producer: this.producer }
  }
}
