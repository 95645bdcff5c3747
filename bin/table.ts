/** One column: its heading, and what its values are. */
export interface Column {
  readonly title: string
  /** Numbers: set to the right, never cut. */
  readonly numeric?: boolean
  /** Names that tell the rows apart: cut only when cutting the others is not enough. */
  readonly name?: boolean
}

const GAP = '  '
const WIDTH_MIN = 8

/**
 * Sets rows under headings. With `columns` known, the widest text columns are cut (with '…') until a line fits;
 * without, nothing is. Ends with a newline.
 */
export function renderTable(
  heading: readonly Column[],
  rows: readonly (readonly (string | number)[])[],
  options: { columns: number | null; colour: boolean },
): string {
  const cells = rows.map((row) => row.map((value) => printable(String(value))))
  const widths = heading.map((column, index) =>
    Math.max(column.title.length, ...cells.map((row) => row[index]?.length ?? 0)),
  )
  if (options.columns !== null) shrink(widths, heading, options.columns)
  const line = (values: readonly string[]): string =>
    values
      .map((value, index) => pad(value, widths[index]!, heading[index]?.numeric === true))
      .join(GAP)
      .trimEnd()
  const title = line(heading.map((column) => column.title))
  const head = options.colour ? `\x1b[1m${title}\x1b[22m` : title
  return `${[head, ...cells.map(line)].join('\n')}\n`
}

function shrink(widths: number[], heading: readonly Column[], columns: number): void {
  const total = (): number => widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1))
  for (const isName of [false, true]) {
    const cut = widths.flatMap((_, index) => {
      const { numeric, name } = heading[index]!
      return numeric !== true && (name === true) === isName ? [index] : []
    })
    while (total() > columns) {
      const widest = cut
        .filter((index) => widths[index]! > WIDTH_MIN)
        .reduce((best, index) => (best < 0 || widths[index]! > widths[best]! ? index : best), -1)
      if (widest < 0) break
      widths[widest]!--
    }
  }
}

function pad(value: string, width: number, numeric: boolean): string {
  if (value.length > width) return `${value.slice(0, width - 1)}…`
  return numeric ? value.padStart(width) : value.padEnd(width)
}

/** Control characters in names and values must not reach a terminal. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
}
