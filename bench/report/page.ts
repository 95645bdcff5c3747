import type { Curve, SuiteResult } from './result.ts'
import { markdownTable, sectionCells } from './table.ts'
import { countVerdicts, verdictsOf } from './verdict.ts'

/** Where a chart goes, beside the page. */
export function chartFile(curve: Curve): string {
  return `bench-${curve.name}.svg`
}

/** The benchmark page: what it was taken on, and every suite with its tables, charts and explanations. */
export function benchmarkPage(
  results: readonly SuiteResult[],
  explanations: ReadonlyMap<string, string>,
): string {
  const { all, met, unknown } = countVerdicts(results)
  const missing = unknown === 0 ? '' : `, ${unknown} not measured`
  const lines = [
    '# Benchmarks',
    '',
    'Written by the commands below; nothing here is edited by hand. Figures are medians of all runs, the smallest and the',
    'largest in parentheses. The contenders take turns, so that whatever changes on the machine meanwhile meets both.',
    'Millrace answers acks=all when the records are on disk (fsync); Kafka, as it comes, when they are in the page cache.',
    'MB are 10^6 bytes of record values; memory is the resident set, in MiB.',
    '',
    `Of ${all} bars, ${met} are met${missing}.`,
    '',
    ...factLines(results),
    '',
  ]
  for (const result of results) lines.push(...suiteLines(result, explanations.get(result.suite)))
  return lines.join('\n').trimEnd().concat('\n')
}

/** The fact that is each suite's own: the version that was measured. */
const MEASURED = 'Millrace'

function factLines(results: readonly SuiteResult[]): string[] {
  const last = results.at(-1)
  if (last === undefined) return []
  const lines = last.facts.flatMap(([name, value]) => (name === MEASURED ? [] : [`- ${name}: ${value}`]))
  for (const { title, command, date, runs, seconds, facts } of results) {
    const measured = facts.find(([name]) => name === MEASURED)?.[1] ?? 'unknown'
    lines.push(
      `- ${title}: \`${command}\`, ${date}, ${runs === 1 ? '1 run' : `${runs} runs`}, ${Math.ceil(seconds / 60)} min, ${measured}`,
    )
  }
  return lines
}

function suiteLines(result: SuiteResult, explanation: string | undefined): string[] {
  const lines = [`## ${result.title}`, '']
  for (const section of result.sections) {
    if (result.sections.length > 1) lines.push(`### ${section.title}`, '')
    lines.push(...markdownTable(sectionCells(section)), '')
    for (const note of section.notes) lines.push(...wrapped(note), '')
  }
  for (const curve of result.curves) lines.push(`![${curve.title}](${chartFile(curve)})`, '')
  const isMissed = result.sections.some(({ rows }) =>
    rows.some((row) => verdictsOf(row).some(({ met }) => met === false)),
  )
  if (isMissed && explanation !== undefined) lines.push('### Where the time goes', '', explanation, '')
  return lines
}

const COLUMNS = 120

/** A paragraph in lines of at most so many columns, where its words allow that. */
export function wrapped(text: string): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line === undefined || line.length + 1 + word.length > COLUMNS) lines.push(word)
    else lines[lines.length - 1] = `${line} ${word}`
  }
  return lines
}

/** The parts of a Markdown text by their second-level headings. */
export function partsByHeading(text: string): Map<string, string> {
  const parts = new Map<string, string>()
  for (const part of text.split(/^## /m).slice(1)) {
    const end = part.indexOf('\n')
    const body = part.slice(end + 1).trim()
    if (body !== '') parts.set(part.slice(0, end).trim(), body)
  }
  return parts
}
