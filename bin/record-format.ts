import { CliError, EXIT_USAGE } from './exit-code.ts'

/** What a format can name of a record. */
export interface PrintedRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly timestampMs: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly { readonly key: string; readonly value: Buffer | null }[]
}

type Part = Buffer | ((record: PrintedRecord) => string | Buffer | null)

const TOKENS: Readonly<Record<string, (record: PrintedRecord) => string | Buffer | null>> = {
  t: (record) => record.topic,
  p: (record) => String(record.partition),
  o: (record) => String(record.offset),
  k: (record) => record.key,
  v: (record) => record.value,
  s: (record) => record.value,
  K: (record) => String(record.key?.length ?? -1),
  S: (record) => String(record.value?.length ?? -1),
  T: (record) => String(record.timestampMs),
  h: (record) => record.headers.map(({ key, value }) => `${key}=${value ?? 'NULL'}`).join(','),
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0', '\\': '\\' }

/**
 * Compiles a format as kcat's: %t topic, %p partition, %o offset, %k key, %v (or %s) value, %h headers as
 * `name=value,…`, %T timestamp in ms, %K and %S the bytes of key and value (-1: null), %% a percent sign; and the
 * escapes \n \r \t \0 \\ \xHH. A null key or value prints nothing.
 */
export function compileFormat(format: string): (record: PrintedRecord) => Buffer {
  const parts: Part[] = []
  let literal = ''
  const closeLiteral = (): void => {
    if (literal !== '') parts.push(Buffer.from(literal))
    literal = ''
  }
  for (let index = 0; index < format.length; index++) {
    const character = format[index]!
    const next = format[index + 1] ?? ''
    if (character === '%' && next === '%') {
      literal += '%'
      index++
    } else if (character === '%') {
      const token = Object.hasOwn(TOKENS, next) ? TOKENS[next] : undefined
      if (token === undefined)
        throw new CliError(
          `unknown token '%${next}' in --format: use %t %p %o %k %v %h %T %K %S %%`,
          EXIT_USAGE,
        )
      closeLiteral()
      parts.push(token)
      index++
    } else if (character === '\\' && next === 'x' && /^[0-9a-f]{2}/i.test(format.slice(index + 2))) {
      closeLiteral()
      parts.push(Buffer.from(format.slice(index + 2, index + 4), 'hex'))
      index += 3
    } else if (character === '\\' && Object.hasOwn(ESCAPES, next)) {
      literal += ESCAPES[next]!
      index++
    } else {
      literal += character
    }
  }
  closeLiteral()
  return (record) => {
    const pieces = parts.map((part) => (typeof part === 'function' ? part(record) : part))
    return Buffer.concat(
      pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : (piece ?? EMPTY))),
    )
  }
}

const EMPTY = Buffer.alloc(0)
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Bytes for JSON: the text itself, or `{ "base64": … }` when they are not UTF-8, or always with `base64`. */
export function jsonBytes(bytes: Buffer | null, base64: boolean): string | null | { base64: string } {
  if (bytes === null) return null
  if (base64) return { base64: bytes.toString('base64') }
  try {
    return UTF8.decode(bytes)
  } catch {
    return { base64: bytes.toString('base64') }
  }
}

/** One record as one JSON object. */
export function jsonRecord(record: PrintedRecord, base64: boolean): object {
  return {
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    timestamp: record.timestampMs,
    key: jsonBytes(record.key, base64),
    value: jsonBytes(record.value, base64),
    headers: record.headers.map(({ key, value }) => ({ key, value: jsonBytes(value, base64) })),
  }
}
