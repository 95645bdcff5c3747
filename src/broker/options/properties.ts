import { OptionsError } from '../../base/options.ts'

/** Largest properties file, characters. */
export const PROPERTIES_TEXT_MAX = 1024 * 1024

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' }

/** One setting of a properties file. */
export interface Property {
  readonly name: string
  readonly value: string
  /** On which line of the file it begins, from 1. */
  readonly line: number
}

/**
 * Parses the syntax of java.util.Properties, which is that of Kafka's server.properties: `name=value`, `name:value` or
 * `name value` lines, comments from # or !, a trailing backslash that joins the next line, \n \t \r \f and \uXXXX. In the
 * order of the file; of several values of a name the last counts. Throws OptionsError on what has no meaning.
 */
export function propertiesOf(text: string): Property[] {
  if (text.length > PROPERTIES_TEXT_MAX)
    throw new OptionsError([`the properties have more than ${PROPERTIES_TEXT_MAX} characters`])
  return [...logicalLines(text)].map(({ text: line, number }) => {
    const nameEnd = nameEndOf(line)
    const separator = /^[ \t\f]*[=:]?[ \t\f]*/.exec(line.slice(nameEnd))![0]
    return {
      name: withoutEscapes(line.slice(0, nameEnd), number),
      value: withoutEscapes(line.slice(nameEnd + separator.length), number),
      line: number,
    }
  })
}

/** As `propertiesOf`, by name. Throws OptionsError. */
export function parseProperties(text: string): Map<string, string> {
  return new Map(propertiesOf(text).map(({ name, value }) => [name, value]))
}

/** Splits `name=value` at the first `=`. Throws OptionsError when there is none. */
export function parseSetting(setting: string): readonly [name: string, value: string] {
  const equals = setting.indexOf('=')
  if (equals <= 0) throw new OptionsError([`${setting} is not of the form name=value`])
  return [setting.slice(0, equals).trim(), setting.slice(equals + 1).trim()]
}

interface LogicalLine {
  readonly text: string
  /** Of the first line of those that were joined. */
  readonly number: number
}

function* logicalLines(text: string): Generator<LogicalLine> {
  let joined: LogicalLine | null = null
  for (const [index, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const line = raw.replace(/^[ \t\f]+/, '')
    if (joined === null && (line === '' || line[0] === '#' || line[0] === '!')) continue
    const number: number = joined?.number ?? index + 1
    const whole: string = (joined?.text ?? '') + line
    if (/(^|[^\\])(\\\\)*\\$/.test(line)) joined = { text: whole.slice(0, -1), number }
    else {
      joined = null
      if (whole !== '') yield { text: whole, number }
    }
  }
  if (joined !== null && joined.text !== '') yield joined
}

function nameEndOf(line: string): number {
  for (let position = 0; position < line.length; position++) {
    const character = line[position]!
    if (character === '\\') position++
    else if (character === '=' || character === ':' || /[ \t\f]/.test(character)) return position
  }
  return line.length
}

function withoutEscapes(text: string, line: number): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|.?)/g, (whole, code: string) => {
    if (code.length === 5) return String.fromCharCode(Number.parseInt(code.slice(1), 16))
    if (code === 'u')
      throw new OptionsError([`line ${line}: ${whole} must be followed by four hexadecimal digits`])
    return ESCAPES[code] ?? code
  })
}
