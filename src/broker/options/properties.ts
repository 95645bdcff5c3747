import { OptionsError } from '../../base/options.ts'

/** Largest properties file, characters. */
export const PROPERTIES_TEXT_MAX = 1024 * 1024

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' }

/**
 * Parses the syntax of java.util.Properties, which is that of Kafka's server.properties: `name=value`, `name:value` or
 * `name value` lines, comments from # or !, a trailing backslash that joins the next line, \n \t \r \f and \uXXXX.
 * The last of several values of a name counts. Throws OptionsError on what has no meaning.
 */
export function parseProperties(text: string): Map<string, string> {
  if (text.length > PROPERTIES_TEXT_MAX)
    throw new OptionsError([`the properties have more than ${PROPERTIES_TEXT_MAX} characters`])
  const settings = new Map<string, string>()
  for (const line of logicalLines(text)) {
    const nameEnd = nameEndOf(line)
    const separator = /^[ \t\f]*[=:]?[ \t\f]*/.exec(line.slice(nameEnd))![0]
    settings.set(
      withoutEscapes(line.slice(0, nameEnd)),
      withoutEscapes(line.slice(nameEnd + separator.length)),
    )
  }
  return settings
}

/** Splits `name=value` at the first `=`. Throws OptionsError when there is none. */
export function parseSetting(setting: string): readonly [name: string, value: string] {
  const equals = setting.indexOf('=')
  if (equals <= 0) throw new OptionsError([`${setting} is not of the form name=value`])
  return [setting.slice(0, equals).trim(), setting.slice(equals + 1).trim()]
}

function* logicalLines(text: string): Generator<string> {
  let joined: string | null = null
  for (const raw of text.split(/\r\n|\n|\r/)) {
    const line = raw.replace(/^[ \t\f]+/, '')
    if (joined === null && (line === '' || line[0] === '#' || line[0] === '!')) continue
    const whole: string = (joined ?? '') + line
    if (/(^|[^\\])(\\\\)*\\$/.test(line)) joined = whole.slice(0, -1)
    else {
      joined = null
      if (whole !== '') yield whole
    }
  }
  if (joined !== null && joined !== '') yield joined
}

function nameEndOf(line: string): number {
  for (let position = 0; position < line.length; position++) {
    const character = line[position]!
    if (character === '\\') position++
    else if (character === '=' || character === ':' || /[ \t\f]/.test(character)) return position
  }
  return line.length
}

function withoutEscapes(text: string): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|.?)/g, (whole, code: string) => {
    if (code.length === 5) return String.fromCharCode(Number.parseInt(code.slice(1), 16))
    if (code === 'u') throw new OptionsError([`${whole} must be followed by four hexadecimal digits`])
    return ESCAPES[code] ?? code
  })
}
