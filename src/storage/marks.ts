import { assert } from '../base/assert.ts'
import type { LogPosition } from '../base/log-position.ts'

/**
 * A zero-width entry of the log: from `startOffset` on batches are of `term`, and `voters` decide. Minor 0 is the
 * start of a term, k > 0 the k-th change of the voters in it. A mark is an entry like a batch: it is durable before it
 * is acknowledged, and it is cut off by position, not by offset.
 */
export interface Mark {
  readonly term: number
  readonly minor: number
  readonly startOffset: number
  readonly voters: readonly number[]
  /** The set that must also agree while a change is under way. */
  readonly oldVoters: readonly number[] | null
}

/** Negative, zero or positive as `a` was made before, is, or was made after `b`. */
export function compareMarks(a: Mark, term: number, minor: number): number {
  return a.term - term || a.minor - minor
}

/**
 * The marks of one log, oldest first; never empty. Term and minor strictly increase, start offsets never decrease.
 * Marks that share an offset are all kept: an empty term is part of the log's identity (the election compares it).
 */
export class Marks {
  #marks: Mark[]

  constructor(marks: readonly Mark[]) {
    assert(marks.length > 0, 'a log has at least its first mark')
    this.#marks = []
    for (const mark of marks) this.append(mark)
  }

  get count(): number {
    return this.#marks.length
  }

  at(index: number): Mark {
    return this.#marks[index]!
  }

  first(): Mark {
    return this.#marks[0]!
  }

  last(): Mark {
    return this.#marks[this.#marks.length - 1]!
  }

  list(): readonly Mark[] {
    return this.#marks
  }

  append(mark: Mark): void {
    const last = this.#marks.at(-1)
    if (last !== undefined) {
      assert(compareMarks(mark, last.term, last.minor) > 0, 'marks are made in order')
      assert(mark.startOffset >= last.startOffset, 'a mark stands at the end of the log')
    }
    this.#marks.push(mark)
  }

  /** Puts a mark in the place of the last one, behind which there is no batch. */
  replaceLast(mark: Mark): void {
    const last = this.#marks.pop()
    assert(last !== undefined && last.startOffset === mark.startOffset, 'a mark with batches stays')
    assert(compareMarks(mark, last.term, last.minor) > 0, 'marks are made in order')
    this.append(mark)
  }

  /** Index of the mark (term, minor), or −1. */
  find(term: number, minor: number): number {
    let low = 0
    let high = this.#marks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareMarks(this.#marks[middle]!, term, minor) < 0) low = middle + 1
      else high = middle
    }
    const found = this.#marks[low]
    return found !== undefined && compareMarks(found, term, minor) === 0 ? low : -1
  }

  /** Index of the last mark that is not after (term, minor), or −1 where all are. */
  floor(term: number, minor: number): number {
    let index = this.#marks.length - 1
    while (index >= 0 && compareMarks(this.#marks[index]!, term, minor) > 0) index--
    return index
  }

  /** Where the batches of a mark end: at the next mark, or at the end of the log. */
  spanEnd(index: number, endOffset: number): number {
    return this.#marks[index + 1]?.startOffset ?? endOffset
  }

  /** Index of the mark that a batch at `offset` belongs to; the first one for what lies before them all. */
  indexAt(offset: number): number {
    let low = 0
    let high = this.#marks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#marks[middle]!.startOffset <= offset) low = middle + 1
      else high = middle
    }
    return Math.max(0, low - 1)
  }

  /** Leader epoch that a batch at `offset` must carry. */
  termAt(offset: number): number {
    return this.#marks[this.indexAt(offset)]!.term
  }

  /** Whether a log with these marks that ends at `endOffset` has the prefix that `position` names. */
  contains(position: LogPosition, endOffset: number): boolean {
    const index = this.find(position.term, position.minor)
    if (index < 0) return false
    return (
      position.offset >= this.#marks[index]!.startOffset && position.offset <= this.spanEnd(index, endOffset)
    )
  }

  /** The position of the whole log. */
  position(endOffset: number): LogPosition {
    const { term, minor } = this.last()
    return { term, minor, offset: endOffset }
  }

  /** Drops the marks after `position`, which the log contains. Marks at the same offset but before it stay. */
  truncateTo(position: LogPosition): void {
    const index = this.find(position.term, position.minor)
    assert(index >= 0, 'a log is cut at a position that it contains')
    assert(this.#marks[index]!.startOffset <= position.offset, 'a position lies behind its mark')
    this.#marks.length = index + 1
  }

  /** Forgets every mark; the log goes on from `mark` alone. */
  restart(mark: Mark): void {
    this.#marks = [mark]
  }

  /** Drops the marks that start beyond the end of the log: of the ones at the end, none (they are entries). */
  dropBeyond(endOffset: number): number {
    let count = this.#marks.length
    while (count > 1 && this.#marks[count - 1]!.startOffset > endOffset) count--
    const dropped = this.#marks.length - count
    this.#marks.length = count
    return dropped
  }

  /** Drops the marks whose batches all lie below `startOffset`, and keeps the one that covers it. */
  trimBelow(startOffset: number): void {
    const keepFrom = this.#firstCovering(startOffset)
    if (keepFrom > 0) this.#marks.splice(0, keepFrom)
  }

  #firstCovering(startOffset: number): number {
    let index = 0
    while (index + 1 < this.#marks.length && this.#marks[index + 1]!.startOffset < startOffset) index++
    return index
  }

  /**
   * Kafka's answer to "where does `epoch` end here" (E15): the largest epoch not above it, and the start of the next
   * larger one or, of the last epoch, the end of the log. An epoch below all of them ends, as itself, where the first
   * starts; −1 and −1 for one above all.
   */
  endOffsetForEpoch(epoch: number, endOffset: number): { epoch: number; endOffset: number } {
    const marks = this.#marks
    if (epoch < 0 || epoch > this.last().term) return { epoch: -1, endOffset: -1 }
    let index = marks.length - 1
    while (index >= 0 && marks[index]!.term > epoch) index--
    if (index < 0) return { epoch, endOffset: marks[0]!.startOffset }
    return { epoch: marks[index]!.term, endOffset: marks[index + 1]?.startOffset ?? endOffset }
  }

  /** The terms as Kafka's leader-epoch-checkpoint has them: one line a term that has, or may yet have, batches. */
  epochs(): { epoch: number; startOffset: number }[] {
    const epochs: { epoch: number; startOffset: number }[] = []
    for (const { term, startOffset } of this.#marks) {
      while (epochs.length > 0 && epochs.at(-1)!.startOffset === startOffset) epochs.pop()
      if (epochs.at(-1)?.epoch !== term) epochs.push({ epoch: term, startOffset })
    }
    return epochs
  }
}
