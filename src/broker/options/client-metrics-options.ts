import { int, list, splitList } from '../../base/options.ts'
import { TELEMETRY } from './reasons.ts'

/** What a subscription to the metrics of clients can be given (KIP-714). */
export const clientMetricsOptions = {
  'interval.ms': int('300000', 'How often clients push their metrics, ms.', {
    min: 100,
    max: 3_600_000,
    dynamic: true,
    accepted: TELEMETRY,
  }),
  metrics: list('', 'Prefixes of the names of the metrics that clients push; * for all of them.', {
    dynamic: true,
    accepted: TELEMETRY,
  }),
  match: list(
    '',
    'Which clients push: patterns by client_id, client_software_name and the like; empty: all.',
    {
      check: clientPatterns,
      dynamic: true,
      accepted: TELEMETRY,
    },
  ),
}

const MATCHED: ReadonlySet<string> = new Set([
  'client_instance_id',
  'client_id',
  'client_software_name',
  'client_software_version',
  'client_source_address',
  'client_source_port',
])

function clientPatterns(text: string): string | null {
  const wrong = splitList(text).find((element) => !isClientPattern(element))
  return wrong === undefined
    ? null
    : `Value must be a list of names and patterns, name=pattern; one is ${wrong}`
}

function isClientPattern(element: string): boolean {
  const equals = element.indexOf('=')
  const pattern = element.slice(equals + 1)
  if (!MATCHED.has(element.slice(0, Math.max(equals, 0))) || pattern === '') return false
  try {
    new RegExp(pattern)
    return true
  } catch {
    return false
  }
}
