import type { OutgoingRecord, RecordHeader } from '../src/client/record.ts'
import { CliError } from './exit-code.ts'

const MEMBERS = new Set(['key', 'value', 'headers', 'partition', 'timestamp', 'topic', 'offset'])

/**
 * A record out of a line as `consume --json` prints it: `key`, `value` (a text, null, or `{"base64": …}`), `headers`,
 * `partition`, `timestamp`; `topic` and `offset` are passed over. Only `value` must be there. Throws CliError with the
 * number of the line.
 */
export function recordOfJson(line: Buffer, number: number): OutgoingRecord {
  const fail = (what: string): never => {
    throw new CliError(`line ${number} ${what}`)
  }
  let parsed: unknown
  try {
    parsed = JSON.parse(line.toString('utf8'))
  } catch {
    fail('is not JSON')
  }
  if (!isObject(parsed)) return fail('is not a JSON object')
  const unknown = Object.keys(parsed).find((name) => !MEMBERS.has(name))
  if (unknown !== undefined) fail(`has an unknown member '${unknown}'`)
  if (!('value' in parsed)) fail(`has no 'value' (null is one)`)
  const bytes = (value: unknown, name: string): Buffer | null =>
    bytesOf(value) ??
    (value === null || value === undefined
      ? null
      : fail(`has a '${name}' that is neither text, null nor {"base64":"…"}`))
  const whole = (value: unknown, name: string): number =>
    Number.isSafeInteger(value) && Number(value) >= 0
      ? Number(value)
      : fail(`has a '${name}' that is no whole number`)
  const { key, value, headers, partition, timestamp } = parsed
  return {
    key: bytes(key, 'key'),
    value: bytes(value, 'value'),
    headers: headersOf(headers, fail, bytes),
    ...(partition === undefined ? {} : { partition: whole(partition, 'partition') }),
    ...(timestamp === undefined ? {} : { timestampMs: whole(timestamp, 'timestamp') }),
  }
}

function headersOf(
  headers: unknown,
  fail: (what: string) => never,
  bytes: (value: unknown, name: string) => Buffer | null,
): RecordHeader[] {
  if (headers === undefined || headers === null) return []
  if (isObject(headers))
    return Object.entries(headers).map(([key, value]) => ({ key, value: bytes(value, `headers.${key}`) }))
  if (!Array.isArray(headers)) return fail(`has 'headers' that are neither an object nor an array`)
  return headers.map((header: unknown) => {
    if (!isObject(header) || typeof header['key'] !== 'string') return fail(`has a header without a 'key'`)
    return { key: header['key'], value: bytes(header['value'], `headers.${header['key']}`) }
  })
}

function bytesOf(value: unknown): Buffer | null {
  if (typeof value === 'string') return Buffer.from(value)
  if (!isObject(value) || typeof value['base64'] !== 'string') return null
  return Buffer.from(value['base64'], 'base64')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
