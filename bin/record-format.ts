import { type Encoding, formatParts } from './format-parts.ts'

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

type Part = Buffer | Token

const TOKENS: Readonly<Record<string, Token>> = {
  t: (record) => record.topic,
  p: (record) => String(record.partition),
  o: (record) => String(record.offset),
  k: (record) => record.key,
  v: (record) => record.value,
  s: (record) => record.value,
  K: (record) => String(record.key?.length ?? -1),
  S: (record) => String(record.value?.length ?? -1),
  T: (record) => String(record.timestampMs),
  d: (record) => timeText(record.timestampMs),
  h: (record) => record.headers.map(({ key, value }) => `${key}=${value ?? 'NULL'}`).join(','),
}

/**
 * Compiles a format as kcat's: %t topic, %p partition, %o offset, %k key, %v (or %s) value, %h headers as
 * `name=value,…`, %T timestamp in ms, %d the same as a time, %i how many were printed with this one, %K and %S the
 * bytes of key and value (-1: null), %% a percent sign; %k{hex} and %v{base64} write bytes as text; and the escapes
 * \n \r \t \0 \\ \xHH. A null key or value prints nothing.
 */
export function compileFormat(format: string): (record: PrintedRecord) => Buffer {
  let printed = 0
  const parts = formatParts(format, `${Object.keys(TOKENS).join('')}i`).map((part): Part => {
    if (Buffer.isBuffer(part)) return part
    return part.token === 'i' ? () => String(printed) : encoded(TOKENS[part.token]!, part.encoding)
  })
  return (record) => {
    printed++
    const pieces = parts.map((part) => (typeof part === 'function' ? part(record) : part))
    return Buffer.concat(
      pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : (piece ?? EMPTY))),
    )
  }
}

type Token = (record: PrintedRecord) => string | Buffer | null

function encoded(token: Token, encoding: Encoding | null): Token {
  if (encoding === null) return token
  return (record) => {
    const bytes = token(record)
    return Buffer.isBuffer(bytes) ? bytes.toString(encoding) : bytes
  }
}

/** Records may carry any number as their timestamp. */
function timeText(timestampMs: number): string {
  const time = new Date(timestampMs)
  return Number.isNaN(time.getTime()) ? String(timestampMs) : time.toISOString()
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
