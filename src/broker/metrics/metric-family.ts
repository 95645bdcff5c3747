import type { Distribution } from '../../base/distribution.ts'

export type Labels = Readonly<Record<string, string | number>>

/** One line of a scrape. `suffix`: what a histogram's lines add to its name. */
export interface Sample {
  readonly labels: Labels
  readonly value: number
  readonly suffix?: 'bucket' | 'sum' | 'count'
}

/** One metric with all its series. Nothing is kept for it: it is read where it is counted, when somebody scrapes. */
export interface MetricFamily {
  /** Of Prometheus' form: base units, `_total` behind counters. */
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly labels: readonly string[]
  /** One sentence; docs/metrics.md says the same. */
  readonly help: string
  /** Synchronous: all families of a scrape show the same moment. */
  read(): Iterable<Sample>
}

/** Families that are read together. */
export interface MetricSource {
  readonly families: readonly MetricFamily[]
  /** Before every scrape: what has to be waited for, or is worked out once for several families. */
  prepare?(): void | Promise<void>
}

const NO_LABELS: Labels = {}
const MS_OF_SECOND = 1000

/** A family of one series. */
export function single(
  type: 'counter' | 'gauge',
  name: string,
  help: string,
  value: () => number,
): MetricFamily {
  return { name, type, labels: [], help, read: () => [{ labels: NO_LABELS, value: value() }] }
}

/** The lines of one histogram: classes add up from the lowest on. `scale`: what its values are divided by. */
export function* distributionSamples(labels: Labels, values: Distribution, scale: number): Iterable<Sample> {
  let count = 0
  for (const [index, bound] of values.bounds.entries()) {
    count += values.counts[index]!
    yield { labels: { ...labels, le: bound / scale }, value: count, suffix: 'bucket' }
  }
  count += values.counts[values.bounds.length]!
  yield { labels: { ...labels, le: '+Inf' }, value: count, suffix: 'bucket' }
  yield { labels, value: values.sum / scale, suffix: 'sum' }
  yield { labels, value: count, suffix: 'count' }
}

/** The same of times that are kept in ms and shown in seconds. */
export function durationSamples(labels: Labels, values: Distribution): Iterable<Sample> {
  return distributionSamples(labels, values, MS_OF_SECOND)
}

/** How often each of the values is there. */
export function countBy<Value extends string>(values: Iterable<Value>): Map<Value, number> {
  const counts = new Map<Value, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}
