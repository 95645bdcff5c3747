import type { WrittenValue } from '../history.ts'
import { type Violation, Violations } from '../violations.ts'
import type { CopiedRecord, FinalState, PipelineOutcome, SourceRange } from './copy.ts'

/** What can be wrong. */
export type CopyRule =
  /** A record of the source is not in the target, or there more than once. */
  | 'not-copied'
  | 'copied-twice'
  /** A record of the target is none of the source, or cannot be read. */
  | 'invented'
  | 'damaged'
  /** Copies of one source partition lie in another order than their originals. */
  | 'out-of-order'
  /** A reader of committed records was given something else than what is there at the end. */
  | 'seen-other'
  /** Two acknowledged transactions took the same record. */
  | 'committed-twice'
  /** The group's offset is not the end of the source. */
  | 'group-off'
  /** At rest, a transaction is open or holds readers back. */
  | 'open'
  | 'held-back'

type Report = (rule: CopyRule, detail: string) => void

/**
 * Checks that each record of the source was copied once, in order, and that offsets say so. Sound when the copiers had
 * the time to come to the end, and for copies whose partition in the target follows from their place in the source.
 */
export function checkCopies(state: FinalState): Violation<CopyRule>[] {
  const violations = new Violations<CopyRule>()
  const { report } = violations
  for (const pipeline of state.pipelines) {
    checkTarget(state.source, pipeline, report)
    checkSeen(pipeline, report)
    checkRanges(pipeline, report)
    for (const [partition, records] of state.source) {
      const offset = pipeline.committed.get(partition) ?? 0
      if (offset === records.length) continue
      report('group-off', `${pipeline.name}: ${offset} of ${records.length} in source partition ${partition}`)
    }
  }
  for (const id of state.open) report('open', id)
  for (const { topic, partition, lastStableOffset, highWatermark } of state.heldBack)
    report('held-back', `${topic} ${partition}: stable up to ${lastStableOffset} of ${highWatermark}`)
  return violations.list()
}

function checkTarget(source: FinalState['source'], pipeline: PipelineOutcome, report: Report): void {
  const { name } = pipeline
  const copies = new Map(
    [...source].map(([partition, records]) => [partition, new Uint32Array(records.length)]),
  )
  for (const [partition, records] of pipeline.target) {
    const last = new Map<number, number>()
    for (const { offset, copy } of records) {
      const place = `${name} ${partition}, offset ${offset}`
      if (copy === null) {
        report('damaged', place)
        continue
      }
      const original = source.get(copy.partition)?.[copy.offset]?.written
      const from = `source ${copy.partition}, offset ${copy.offset}`
      if (original === undefined || !isSame(original, copy.written)) {
        report('invented', `${place}: not what is in ${from}`)
        continue
      }
      const count = ++copies.get(copy.partition)![copy.offset]!
      if (count > 1) report('copied-twice', `${place}: ${from}, for the ${count}. time`)
      const before = last.get(copy.partition) ?? -1
      if (copy.offset < before) report('out-of-order', `${place}: ${from} after ${before}`)
      last.set(copy.partition, copy.offset)
    }
  }
  for (const [partition, counts] of copies)
    counts.forEach((count, offset) => {
      if (count === 0) report('not-copied', `${name}: source ${partition}, offset ${offset}`)
    })
}

function isSame(one: WrittenValue | null, other: WrittenValue): boolean {
  if (one === null) return false
  return (
    one.producer === other.producer && one.partition === other.partition && one.sequence === other.sequence
  )
}

function checkSeen({ name, target, seen }: PipelineOutcome, report: Report): void {
  if (seen === null) return
  for (const [partition, records] of target) {
    const given = seen.get(partition) ?? []
    for (let index = 0; index < Math.max(records.length, given.length); index++) {
      const [one, other] = [describe(given[index]), describe(records[index])]
      if (one === other) continue
      report('seen-other', `${name} ${partition}: the reader was given ${one}, there is ${other}`)
      break
    }
  }
}

function describe(record: CopiedRecord | undefined): string {
  if (record === undefined) return 'nothing'
  const { offset, copy } = record
  return `offset ${offset}: ${copy === null ? 'something' : `source ${copy.partition}, ${copy.offset}`}`
}

function checkRanges({ name, commits }: PipelineOutcome, report: Report): void {
  const byPartition = new Map<number, SourceRange[]>()
  for (const range of commits) {
    const known = byPartition.get(range.partition)
    if (known === undefined) byPartition.set(range.partition, [range])
    else known.push(range)
  }
  for (const [partition, ranges] of byPartition) {
    let end = 0
    for (const range of ranges.sort((a, b) => a.first - b.first)) {
      if (range.first < end)
        report('committed-twice', `${name}: source ${partition}, from ${range.first}, was taken up to ${end}`)
      end = Math.max(end, range.end)
    }
  }
}
