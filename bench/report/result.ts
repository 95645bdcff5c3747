/** What a figure has to reach. A ratio is ours to the reference's. */
export interface Bar {
  readonly of: 'ratio' | 'value'
  readonly atLeast?: number
  readonly atMost?: number
}

/** One measure: a value for each run. */
export interface Row {
  readonly what: string
  readonly unit: string
  readonly ours: readonly number[]
  /** The reference's; left out where there is none to compare with. */
  readonly theirs?: readonly number[]
  readonly bars?: readonly Bar[]
}

/** Rows that are compared with the same reference. */
export interface Section {
  readonly title: string
  /** Named in the head of its column; null where nothing is compared. */
  readonly reference: string | null
  readonly rows: readonly Row[]
  /** How it was measured, and what the figures do not say by themselves. */
  readonly notes: readonly string[]
}

/** One line of a chart: a cost for each size. */
export interface CurveSeries {
  readonly name: string
  readonly points: readonly { readonly x: number; readonly y: number }[]
}

/** A cost over a size, for a chart with a logarithmic x axis. */
export interface Curve {
  /** Of the file: `docs/bench-NAME.svg`. */
  readonly name: string
  readonly title: string
  readonly xTitle: string
  readonly yTitle: string
  /** How sizes are shown: as counts, or as bytes. */
  readonly xUnit: 'count' | 'bytes'
  readonly series: readonly CurveSeries[]
}

/** All that one suite found out; kept as JSON. */
export interface SuiteResult {
  readonly suite: string
  readonly title: string
  readonly command: string
  readonly date: string
  readonly runs: number
  /** Less than 1: a trial, whose figures mean nothing. */
  readonly scale: number
  readonly seconds: number
  readonly facts: Facts
  readonly sections: readonly Section[]
  readonly curves: readonly Curve[]
}

/** What the figures were taken on, one fact a line. */
export type Facts = readonly (readonly [name: string, value: string])[]
