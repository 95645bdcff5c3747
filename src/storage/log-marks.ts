import type { LogPosition } from '../base/log-position.ts'
import type { Journal } from './journal.ts'
import type { JournalGroup } from './journal-record.ts'
import type { Mark } from './marks.ts'

/** The marks of one log on their way to the disk: which of them may already be counted on. */
export class LogMarks {
  readonly #journal: Journal
  readonly #group: JournalGroup
  readonly #onDurable: () => void
  /** LSNs of the last marks, as far as they are not durable. */
  #pendingLsns: number[] = []
  /** LSN of the last move of the log's start. */
  #startLsn = 0
  /** What the disk still has in the place of a mark that is not durable yet. */
  #superseded: Mark | null = null

  /** `onDurable` is called, synchronously, when more marks are. */
  constructor(journal: Journal, group: JournalGroup, onDurable: () => void) {
    this.#journal = journal
    this.#group = group
    this.#onDurable = onDurable
  }

  /** Puts a mark at the end of the log; returns the LSN behind which it is durable. */
  append(mark: Mark): number {
    const last = this.#group.marks.last()
    const dropsEmpty = this.#pendingLsns.length === 0 && isSupersededBy(last, mark)
    if (dropsEmpty) this.#superseded = last
    return this.#watch(this.#journal.append({ type: 'mark', ref: this.#group.ref, mark, dropsEmpty }), 1)
  }

  /** Drops the marks behind `keep` and appends others there, as one; returns the LSN behind which that is durable. */
  cut(keep: LogPosition, append: readonly Mark[]): number {
    const { marks, ref } = this.#group
    const dropped = marks.count - 1 - marks.find(keep.term, keep.minor)
    const lsn = this.#journal.append({ type: 'marks', ref, keep, append })
    this.#pendingLsns.length = Math.max(0, this.#pendingLsns.length - dropped)
    if (dropped > 0) this.#superseded = null
    return this.#watch(lsn, append.length)
  }

  /** Drops them all; `mark` is the only one. Returns the LSN behind which that is durable. */
  reset(mark: Mark, startOffset: number): number {
    const lsn = this.#journal.append({ type: 'reset', ref: this.#group.ref, mark, startOffset })
    this.#pendingLsns = []
    this.#superseded = null
    return this.#watch(lsn, 1)
  }

  /** Moves the start of the log up to `offset`, if it lies before. Resolves when no crash takes it back below that. */
  moveStart(offset: number): Promise<void> {
    const { ref, startOffset } = this.#group
    if (offset > startOffset)
      this.#startLsn = this.#journal.append({ type: 'log-start', ref, startOffset: offset })
    return this.#journal.durable(this.#startLsn)
  }

  #watch(lsn: number, count: number): number {
    for (let index = 0; index < count; index++) this.#pendingLsns.push(lsn)
    this.#journal.whenDurable(lsn, () => {
      const before = this.#pendingLsns.length
      this.#pendingLsns = this.#pendingLsns.filter((pending) => pending > lsn)
      if (this.#pendingLsns.length === before) return
      this.#superseded = null
      this.#onDurable()
    })
    return lsn
  }

  /** The prefix of a log, whose batches are durable up to `durableEnd`, that is durable with its marks. */
  durablePosition(durableEnd: number, endOffset: number): LogPosition {
    const { marks } = this.#group
    const superseded = this.#superseded
    if (superseded !== null && superseded.startOffset <= durableEnd)
      return { term: superseded.term, minor: superseded.minor, offset: superseded.startOffset }
    let index = marks.count - 1 - this.#pendingLsns.length
    while (index > 0 && marks.at(index).startOffset > durableEnd) index--
    const { term, minor } = marks.at(Math.max(0, index))
    return { term, minor, offset: Math.min(durableEnd, marks.spanEnd(Math.max(0, index), endOffset)) }
  }
}

/** Whether `mark` comes right behind a durable mark of the same lone voter: in a group of one that is committed. */
function isSupersededBy(last: Mark, mark: Mark): boolean {
  const isLone = (one: Mark): boolean => one.voters.length === 1 && one.oldVoters === null
  return (
    last.startOffset === mark.startOffset && isLone(last) && isLone(mark) && last.voters[0] === mark.voters[0]
  )
}
