import { median } from '../statistics.ts'
import type { Bar, Row, SuiteResult } from './result.ts'

/** How a row stands to one of its bars; null where the figure is not there. */
export interface Verdict {
  readonly bar: Bar
  readonly met: boolean | null
}

/** The median of ours to the reference's; NaN where one is missing. */
export function ratioOf({ ours, theirs }: Row): number {
  return median(ours) / median(theirs ?? [])
}

/** Each bar of a row, by the medians. */
export function verdictsOf(row: Row): Verdict[] {
  return (row.bars ?? []).map((bar) => {
    const figure = bar.of === 'ratio' ? ratioOf(row) : median(row.ours)
    if (!Number.isFinite(figure)) return { bar, met: null }
    const { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = bar
    return { bar, met: figure >= atLeast && figure <= atMost }
  })
}

/** How many bars there are, how many are met, and how many could not be measured. */
export function countVerdicts(results: readonly SuiteResult[]): {
  all: number
  met: number
  unknown: number
} {
  const verdicts = results.flatMap(({ sections }) =>
    sections.flatMap(({ rows }) => rows.flatMap((row) => verdictsOf(row))),
  )
  return {
    all: verdicts.length,
    met: verdicts.filter(({ met }) => met === true).length,
    unknown: verdicts.filter(({ met }) => met === null).length,
  }
}
