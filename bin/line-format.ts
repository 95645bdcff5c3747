import type { OutgoingRecord, RecordHeader } from '../src/client/record.ts'
import { CliError, EXIT_USAGE } from './exit-code.ts'
import { type Encoding, type FormatPart, formatParts } from './format-parts.ts'

const TOKENS = 'kvpTh'

interface Field {
  readonly token: string
  readonly encoding: Encoding | null
  /** What ends it; null: the end of the line. */
  readonly end: Buffer | null
}

/**
 * Compiles how a line is a record: %k key, %v value, %p partition, %T timestamp in ms, %h headers as `name=value,…`, each
 * up to the text that follows it, the last one to the end of the line; %k{hex} and %v{base64} are bytes written as
 * text. Throws CliError where the format cannot be read, the function where a line does not fit.
 */
export function compileLineFormat(format: string): (line: Buffer, number: number) => OutgoingRecord {
  const parts = formatParts(format.replace(/\\n$/, ''), TOKENS)
  const start = Buffer.isBuffer(parts[0]) ? parts[0] : Buffer.alloc(0)
  const fields = fieldsOf(parts)
  return (line, number) => {
    const fail = (what: string): never => {
      throw new CliError(`line ${number} ${what}`)
    }
    if (!line.subarray(0, start.length).equals(start)) fail(`does not begin with '${start}'`)
    let record: OutgoingRecord = { key: null, value: null, headers: [] }
    let position = start.length
    for (const { token, encoding, end } of fields) {
      const next = end === null ? line.length : line.indexOf(end, position)
      if (next < 0) return fail(`has no '${end}' behind its %${token}`)
      const bytes = line.subarray(position, next)
      record = { ...record, ...memberOf(token, decoded(bytes, encoding), fail) }
      position = next + (end?.length ?? 0)
    }
    if (position < line.length) fail('is longer than --format says')
    return record
  }
}

function fieldsOf(parts: readonly FormatPart[]): Field[] {
  const fields: Field[] = []
  for (const [index, part] of parts.entries()) {
    if (Buffer.isBuffer(part)) continue
    const next = parts[index + 1]
    if (next !== undefined && !Buffer.isBuffer(next))
      throw new CliError(
        `--format: something must stand between %${part.token} and %${next.token}`,
        EXIT_USAGE,
      )
    if (fields.some(({ token }) => token === part.token))
      throw new CliError(`--format names %${part.token} twice`, EXIT_USAGE)
    fields.push({ ...part, end: next ?? null })
  }
  if (fields.length === 0) throw new CliError(`--format names nothing: use %k %v %p %T %h`, EXIT_USAGE)
  return fields
}

function decoded(bytes: Buffer, encoding: Encoding | null): Buffer {
  return encoding === null ? bytes : Buffer.from(bytes.toString('latin1'), encoding)
}

function memberOf(token: string, bytes: Buffer, fail: (what: string) => never): Partial<OutgoingRecord> {
  if (token === 'k') return { key: bytes }
  if (token === 'v') return { value: bytes }
  const text = bytes.toString('utf8')
  if (token === 'h') return { headers: headersOf(text, fail) }
  if (!/^\d{1,15}$/.test(text)) return fail(`has '${text}' for its %${token}, which is no whole number`)
  return token === 'p' ? { partition: Number(text) } : { timestampMs: Number(text) }
}

function headersOf(text: string, fail: (what: string) => never): RecordHeader[] {
  if (text === '') return []
  return text.split(',').map((pair) => {
    const equals = pair.indexOf('=')
    if (equals <= 0) return fail(`has '${pair}' for a header, which is not name=value`)
    return { key: pair.slice(0, equals), value: Buffer.from(pair.slice(equals + 1)) }
  })
}
