import { median } from '../statistics.ts'
import type { Bar, Row, Section } from './result.ts'
import { ratioOf, verdictsOf } from './verdict.ts'

/** Name and unit. */
const TEXT_COLUMNS = 2

/** A section's head and rows as text: medians with the smallest and the largest, ratio, bar, and whether it is met. */
export function sectionCells({ reference, rows }: Section): string[][] {
  const hasBars = rows.some(({ bars }) => bars !== undefined)
  const head = ['', 'unit', 'Millrace']
  if (reference !== null) head.push(reference, 'ratio')
  if (hasBars) head.push('bar', 'met')
  return [head, ...rows.map((row) => rowCells(row, reference !== null, hasBars))]
}

function rowCells(row: Row, isCompared: boolean, hasBars: boolean): string[] {
  const cells = [row.what, row.unit, showFigures(row.ours)]
  if (isCompared) {
    const ratio = ratioOf(row)
    cells.push(showFigures(row.theirs ?? []), Number.isFinite(ratio) ? show(ratio) : '-')
  }
  if (hasBars) {
    const verdicts = verdictsOf(row)
    cells.push(
      verdicts.map(({ bar }) => showBar(bar, row.unit)).join('; '),
      verdicts.map(({ met }) => (met === null ? 'not measured' : met ? 'met' : 'NOT MET')).join('; '),
    )
  }
  return cells
}

function showBar({ of, atLeast, atMost }: Bar, unit: string): string {
  const subject = of === 'ratio' ? 'ratio ' : ''
  const limit = atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`
  return `${subject}${limit}${of === 'ratio' || unit === '' ? '' : ` ${unit}`}`
}

function showFigures(values: readonly number[]): string {
  if (values.length === 0) return '-'
  if (values.length === 1) return show(values[0]!)
  return `${show(median(values))} (${show(Math.min(...values))} to ${show(Math.max(...values))})`
}

function show(value: number): string {
  const size = Math.abs(value)
  if (size >= 100 || value === 0) return value.toFixed(0)
  if (size >= 10) return value.toFixed(1)
  return value.toFixed(size >= 0.1 ? 2 : 3)
}

/** Rows as text in columns: names and units to the left, figures to the right. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths = columnWidths(rows, 0)
  return rows.map((row) => padded(row, widths).join('  ').trimEnd()).join('\n')
}

/** Rows as the lines of a Markdown table. */
export function markdownTable(rows: readonly (readonly string[])[]): string[] {
  const widths = columnWidths(rows, 4)
  const line = (row: readonly string[]): string => `| ${padded(row, widths).join(' | ')} |`
  const rule = widths.map((width, column) =>
    column < TEXT_COLUMNS ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  )
  const [head, ...body] = rows
  return [line(head!), `| ${rule.join(' | ')} |`, ...body.map(line)]
}

function columnWidths(rows: readonly (readonly string[])[], least: number): number[] {
  return rows[0]!.map((_, column) => Math.max(least, ...rows.map((row) => row[column]!.length)))
}

function padded(row: readonly string[], widths: readonly number[]): string[] {
  return row.map((cell, column) =>
    column < TEXT_COLUMNS ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
  )
}
