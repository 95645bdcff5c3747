import type { StartPosition } from '../src/client/position.ts'
import { CliError, EXIT_USAGE } from './exit-code.ts'

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** Parses `90s`, `15m`, `1h30m`, `2d` to milliseconds; null when it is no duration. */
export function parseDuration(text: string): number | null {
  if (!/^(?:\d+(?:ms|[smhdw]))+$/.test(text)) return null
  let totalMs = 0
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[smhdw])/g))
    totalMs += Number(count) * UNIT_MS[unit!]!
  return totalMs
}

/** A duration for a reader: `350ms`, `12.3s`, `4m05s`, `3h20m`, `2d4h`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1_000) return `${Math.round(durationMs)}ms`
  if (durationMs < 60_000) return `${(durationMs / 1_000).toFixed(1)}s`
  const minutes = Math.floor(durationMs / 60_000)
  if (minutes < 60) return `${minutes}m${String(Math.floor((durationMs % 60_000) / 1_000)).padStart(2, '0')}s`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours}h${String(minutes % 60).padStart(2, '0')}m`
  return `${Math.floor(hours / 24)}d${hours % 24}h`
}

/**
 * Parses a position: `beginning`, `end`, an offset, `+5` from the beginning, `-5` from the end, `@MILLISECONDS` (or
 * @SECONDS, up to ten digits), an ISO 8601 time, or a duration that counts back from `nowMs`.
 */
export function parseStart(given: string, nowMs: number, option = '--from'): StartPosition {
  // Of a time and a duration as rpk has them (@2026-01-31, @-1h) only digits need the @.
  const text = /^@\D|^@\d+\D/.test(given) ? given.slice(1).replace(/^-/, '') : given
  if (text === 'beginning' || text === 'earliest' || text === 'start') return { kind: 'earliest' }
  if (text === 'end' || text === 'latest') return { kind: 'latest' }
  if (/^\d{1,16}$/.test(text)) return { kind: 'offset', offset: Number(text) }
  if (/^\+\d{1,15}$/.test(text)) return { kind: 'earliest', shift: Number(text) }
  if (/^-\d{1,15}$/.test(text)) return { kind: 'latest', shift: Number(text) }
  if (/^@\d{1,15}$/.test(text)) return { kind: 'timestamp', timestampMs: millisecondsOf(text.slice(1)) }
  const durationMs = parseDuration(text)
  if (durationMs !== null) return { kind: 'timestamp', timestampMs: Math.max(0, nowMs - durationMs) }
  if (/^\d{4}-\d{2}-\d{2}/.test(text)) {
    const timestampMs = Date.parse(text)
    if (!Number.isNaN(timestampMs)) return { kind: 'timestamp', timestampMs }
  }
  throw new CliError(
    `${option} takes beginning, end, an offset, -5 (so many before the end), a duration back from now (1h), a time (2026-01-31T12:00:00Z) or @MILLISECONDS: not '${given}'`,
    EXIT_USAGE,
  )
}

/** Ten digits of milliseconds are a day in 1970: who writes them means seconds. */
function millisecondsOf(digits: string): number {
  return digits.length <= 10 ? Number(digits) * 1_000 : Number(digits)
}

/**
 * Splits what kcat's and rpk's users write for a part of a log: `10-20`, `10:20`, `:20`, `10:end`, `@2h:1h`, which is
 * from the first and before the second. null: it is one position.
 */
export function splitRange(text: string): readonly [from: string, until: string] | null {
  const offsets = /^(\d+)[:-](\d+|end)$/.exec(text) ?? /^():(\d+|end)$/.exec(text)
  const times = /^(@.+):(@.+)$/.exec(text) ?? /^(@[^:]+):(.+)$/.exec(text)
  if (offsets !== null) return [offsets[1] === '' ? 'beginning' : offsets[1]!, offsets[2]!]
  if (times === null || Number.isFinite(Date.parse(text.slice(1)))) return null
  const [, from, until] = times
  return [from!, until === 'end' || until!.startsWith('@') ? until! : `@${until}`]
}
