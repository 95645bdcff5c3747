import { parser } from '@prometheus-io/lezer-promql'
import type { MetricFamily } from '../../src/broker/metrics/metric-family.ts'

/** What Prometheus adds to every series it scrapes. */
const TARGET_LABELS = ['job', 'instance']
/** Series that Prometheus makes itself. */
const OWN_SERIES: ReadonlyMap<string, Series> = new Map([['up', { labels: TARGET_LABELS, isCounter: false }]])
const COUNTING = new Set(['rate', 'increase', 'irate', 'resets'])
const SUFFIXES = ['bucket', 'sum', 'count']

interface Series {
  readonly labels: readonly string[]
  readonly isCounter: boolean
}

/** The series that these families show, by name. */
export function seriesOf(families: readonly MetricFamily[]): ReadonlyMap<string, Series> {
  const all = new Map(OWN_SERIES)
  for (const { name, type, labels } of families) {
    const known = [...labels, ...TARGET_LABELS]
    if (type !== 'histogram') all.set(name, { labels: known, isCounter: type === 'counter' })
    else
      for (const suffix of SUFFIXES)
        all.set(`${name}_${suffix}`, {
          labels: suffix === 'bucket' ? [...known, 'le'] : known,
          isCounter: true,
        })
  }
  return all
}

/** `label` of `series` is compared with `value` for equality. */
export interface Comparison {
  readonly series: string
  readonly label: string
  readonly value: string
}

/** What a query asks for, and what is wrong with that. */
export interface QueryReport {
  readonly faults: readonly string[]
  readonly series: readonly string[]
  readonly comparisons: readonly Comparison[]
}

type Node = ReturnType<typeof parser.parse>['topNode']

/** Reads a query and compares the names in it with the series that there are. */
export function readQuery(text: string, known: ReadonlyMap<string, Series>): QueryReport {
  const faults: string[] = []
  const series: string[] = []
  const comparisons: Comparison[] = []
  const grouped: string[] = []
  const textOf = ({ from, to }: Node): string => text.slice(from, to)
  parser.parse(text).iterate({
    enter({ node, type }) {
      if (type.isError) faults.push(`no PromQL at ${node.from}: ${text.slice(node.from, node.from + 20)}`)
      else if (type.name === 'GroupingLabels') grouped.push(...node.getChildren('LabelName').map(textOf))
      else if (type.name === 'VectorSelector') {
        const name = textOf(node.getChild('Identifier')!)
        series.push(name)
        const found = known.get(name)
        if (found === undefined) faults.push(`there is no series ${name}`)
        else if (found.isCounter && !isCounted(node, textOf))
          faults.push(`${name} is a counter, not counted over a time`)
        const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []
        for (const matcher of matchers) {
          const label = textOf(matcher.getChild('LabelName')!)
          if (found !== undefined && !found.labels.includes(label))
            faults.push(`${name} has no label ${label}`)
          const operator = textOf(matcher.getChild('MatchOp')!)
          const value = textOf(matcher.getChild('StringLiteral')!).slice(1, -1)
          if (operator === '=' || operator === '!=') comparisons.push({ series: name, label, value })
        }
      }
    },
  })
  const labels = new Set(series.flatMap((name) => known.get(name)?.labels ?? []))
  for (const label of grouped) if (!labels.has(label)) faults.push(`nothing here has the label ${label}`)
  return { faults, series, comparisons }
}

/** Under a function that takes the counter's steps back to 0 into account. */
function isCounted(selector: Node, textOf: (node: Node) => string): boolean {
  if (selector.parent?.name !== 'MatrixSelector') return false
  for (let node: Node | null = selector; node !== null; node = node.parent) {
    if (node.name !== 'FunctionCall') continue
    return COUNTING.has(textOf(node.getChild('FunctionIdentifier')!))
  }
  return false
}
