import type { LogPosition } from '../base/log-position.ts'
import type { Journal } from './journal.ts'
import type { JournalGroup } from './journal-record.ts'

/** What a log has told the journal that it holds, and has yet to tell it. */
export class LogClaim {
  readonly #journal: Journal
  readonly #group: JournalGroup
  readonly #position: () => LogPosition
  #end: number

  /** `position` is what the log holds durably when the journal asks. */
  constructor(journal: Journal, group: JournalGroup, durableEnd: number, position: () => LogPosition) {
    this.#journal = journal
    this.#group = group
    this.#end = durableEnd
    this.#position = position
  }

  /** The log is whole: what it holds may be claimed. */
  register(): void {
    this.#journal.registerClaim(this.#group.ref, this.#position)
  }

  /** The log is durable up to `durableEnd`, or was cut to it. */
  moved(durableEnd: number): void {
    const gained = durableEnd - this.#end
    if (gained === 0) return
    this.#end = durableEnd
    this.#journal.claimMoved(this.#group.ref, Math.max(0, gained))
  }

  /** Nothing more comes. What is claimed already, if in the name of another term, is not said again. */
  complete(durableEnd: number): void {
    const claimed = this.#group.claim?.offset ?? this.#group.startOffset
    if (durableEnd !== claimed) this.#journal.claimMoved(this.#group.ref, 0)
  }
}
