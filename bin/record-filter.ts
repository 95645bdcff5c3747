import type { ConsumedRecord } from '../src/client/record.ts'
import { CliError, EXIT_USAGE } from './exit-code.ts'

/** Whether bytes are what somebody looks for; null never is. */
type BytesFilter = (bytes: Buffer | null) => boolean

/** What `consume` lets through. */
export interface RecordFilterOptions {
  readonly key?: string
  readonly value?: string
  readonly header?: readonly (readonly [string, string])[]
}

/**
 * Lets a record through whose key, value and headers hold a text, or match a regular expression in slashes
 * (`/^a.*b$/i`). null where nothing is asked for.
 */
export function recordFilter(options: RecordFilterOptions): ((record: ConsumedRecord) => boolean) | null {
  const key = options.key === undefined ? null : bytesFilter(options.key, '--key')
  const value = options.value === undefined ? null : bytesFilter(options.value, '--value')
  const headers = (options.header ?? []).map(([name, text]) => [name, bytesFilter(text, '--header')] as const)
  if (key === null && value === null && headers.length === 0) return null
  return (record) =>
    (key === null || key(record.key)) &&
    (value === null || value(record.value)) &&
    headers.every(([name, filter]) =>
      record.headers.some((header) => header.key === name && filter(header.value)),
    )
}

function bytesFilter(text: string, option: string): BytesFilter {
  const [, pattern, flags] = /^\/(.+)\/([imsu]*)$/s.exec(text) ?? []
  if (pattern === undefined) {
    const wanted = Buffer.from(text)
    return (bytes) => bytes?.includes(wanted) === true
  }
  try {
    const expression = new RegExp(pattern, flags)
    return (bytes) => bytes !== null && expression.test(bytes.toString('utf8'))
  } catch (error) {
    throw new CliError(`${option}: ${error instanceof Error ? error.message : String(error)}`, EXIT_USAGE)
  }
}
