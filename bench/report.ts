import { MEASURES, type MeasureName, type Sample } from './macro/measures.ts'
import { median } from './statistics.ts'

/** Every run of one contender. */
export interface Series {
  readonly name: string
  readonly samples: readonly Sample[]
}

/** What the figures were taken on, one fact a line. */
export type Facts = readonly (readonly [name: string, value: string])[]

/** A row for each measure: the medians with their spread, and what each is of the last contender's. */
export function reportRows(series: readonly Series[]): string[][] {
  const reference = series.at(-1)
  if (reference === undefined) return []
  const compared = series.slice(0, -1)
  const head = [
    '',
    'unit',
    ...series.map(({ name }) => name),
    ...compared.map(({ name }) => `${name} / ${reference.name}`),
  ]
  const rows = (Object.keys(MEASURES) as MeasureName[]).map((name) => {
    const { unit, better } = MEASURES[name]
    const figures = series.map(({ samples }) => valuesOf(samples, name))
    const ratios = figures.slice(0, -1).map((values) => {
      const ratio = median(values) / median(figures.at(-1)!)
      if (!Number.isFinite(ratio)) return '-'
      const good = better === 'more' ? ratio >= 1 : ratio <= 1
      return `${ratio.toFixed(2)}${good ? '' : ' (worse)'}`
    })
    return [name, unit, ...figures.map(showFigures), ...ratios]
  })
  return [head, ...rows]
}

function valuesOf(samples: readonly Sample[], name: MeasureName): number[] {
  return samples.flatMap((sample) => (sample[name] === undefined ? [] : [sample[name]]))
}

function showFigures(values: readonly number[]): string {
  if (values.length === 0) return '-'
  if (values.length === 1) return show(values[0]!)
  return `${show(median(values))} (${show(Math.min(...values))}-${show(Math.max(...values))})`
}

function show(value: number): string {
  if (value >= 100) return value.toFixed(0)
  return value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

/** The rows as text in columns. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** The rows of a Markdown table, padded as the formatter would: names and units to the left, figures to the right. */
function markdownRows(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(4, ...rows.map((row) => row[column]!.length)))
  const line = (row: readonly string[]): string => {
    const cells = row.map((cell, column) =>
      column < 2 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
    )
    return `| ${cells.join(' | ')} |`
  }
  const rule = widths.map((width, column) => (column < 2 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  const [head, ...body] = rows
  return [line(head!), line(rule), ...body.map(line)]
}

/** The rows as a Markdown page, with what they were taken on and how. */
export function markdownPage(
  rows: readonly (readonly string[])[],
  facts: Facts,
  notes: readonly string[],
): string {
  const [head, ...body] = markdownRows(rows)
  return [
    '# Benchmarks',
    '',
    'Written by the command below; nothing here is edited by hand. Figures are medians of all runs, the smallest and the',
    'largest in parentheses. The contenders take turns, so that whatever changes on the machine meanwhile meets both.',
    '',
    ...facts.map(([name, value]) => `- ${name}: ${value}`),
    '',
    head!,
    ...body,
    '',
    ...notes.flatMap((note) => [note, '']),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n')
}
