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
 * Parses what `--from` takes: `beginning`, `end`, an offset, `@MILLISECONDS`, an ISO 8601 time, or a duration that
 * counts back from `nowMs`.
 */
export function parseStart(text: string, nowMs: number, option = '--from'): StartPosition {
  if (text === 'beginning' || text === 'earliest') return { kind: 'earliest' }
  if (text === 'end' || text === 'latest') return { kind: 'latest' }
  if (/^\d{1,16}$/.test(text)) return { kind: 'offset', offset: Number(text) }
  if (/^@\d{1,15}$/.test(text)) return { kind: 'timestamp', timestampMs: Number(text.slice(1)) }
  const durationMs = parseDuration(text)
  if (durationMs !== null) return { kind: 'timestamp', timestampMs: Math.max(0, nowMs - durationMs) }
  if (/^\d{4}-\d{2}-\d{2}/.test(text)) {
    const timestampMs = Date.parse(text)
    if (!Number.isNaN(timestampMs)) return { kind: 'timestamp', timestampMs }
  }
  throw new CliError(
    `${option} takes beginning, end, an offset, a duration back from now (1h), a time (2026-01-31T12:00:00Z) or @MILLISECONDS: not '${text}'`,
    EXIT_USAGE,
  )
}
