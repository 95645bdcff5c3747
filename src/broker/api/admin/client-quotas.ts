import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import type {
  AlterClientQuotasRequestEntry,
  AlterClientQuotasRequestEntryOp,
  DescribeClientQuotasRequestComponent,
} from '../../../protocol/generated/index.ts'
import type { HandlersFor } from '../../net/handler.ts'
import { quoted } from '../quoted.ts'

/** The APIs of client quotas (KIP-546). */
export type ClientQuotaApi = 'DescribeClientQuotas' | 'AlterClientQuotas'

interface Fault {
  readonly errorCode: number
  readonly errorMessage: string
}

/** What each kind of client can be given. An address is a kind by itself, the others go together. */
const OF_PRINCIPALS: ReadonlySet<string> = new Set([
  'producer_byte_rate',
  'consumer_byte_rate',
  'request_percentage',
  'controller_mutation_rate',
])
const QUOTAS_OF: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['user', OF_PRINCIPALS],
  ['client-id', OF_PRINCIPALS],
  ['ip', new Set(['connection_creation_rate'])],
])

const MATCH_EXACT = 0
const MATCH_ANY = 2

/**
 * Quotas are not enforced, so none is kept. A question is looked at as Kafka 4.3 does and finds nothing; what would take
 * away a quota succeeds, as it does where there is none; what would give one is refused by a named error.
 */
export const clientQuotaHandlers: HandlersFor<ClientQuotaApi> = {
  DescribeClientQuotas: ({ components }) => {
    const fault = filterFault(components)
    if (fault !== null) return { throttleTimeMs: 0, ...fault, entries: null }
    return { throttleTimeMs: 0, errorCode: ERROR_CODES.NONE, errorMessage: '', entries: [] }
  },
  AlterClientQuotas: ({ entries }) => ({
    throttleTimeMs: 0,
    entries: entries.map((entry) => ({
      ...(entryFault(entry) ?? { errorCode: ERROR_CODES.NONE, errorMessage: null }),
      entity: entry.entity,
    })),
  }),
}

function filterFault(components: readonly DescribeClientQuotasRequestComponent[]): Fault | null {
  const kinds = new Set<string>()
  for (const { entityType, matchType, match } of components) {
    if (entityType === '') return invalid('The kind of client must not be empty')
    if (!QUOTAS_OF.has(entityType)) return unsupported(`There is no kind of client ${quoted(entityType)}`)
    if (kinds.has(entityType)) return invalid(`The kind ${entityType} is given more than once`)
    kinds.add(entityType)
    if (matchType < MATCH_EXACT || matchType > MATCH_ANY) return invalid(`There is no match ${matchType}`)
    if ((matchType === MATCH_EXACT) !== (match !== null))
      return invalid('A name is given where one is looked for, and nowhere else')
  }
  return combinationFault(kinds)
}

function entryFault({ entity, ops }: AlterClientQuotasRequestEntry): Fault | null {
  if (entity.length === 0) return invalid('The client must not be empty')
  const kinds = new Set(entity.map(({ entityType }) => entityType))
  for (const kind of kinds)
    if (!QUOTAS_OF.has(kind)) return invalid(`There is no kind of client ${quoted(kind)}`)
  const fault = combinationFault(kinds)
  if (fault !== null) return fault
  const quotas = QUOTAS_OF.get(entity[0]!.entityType)!
  for (const op of ops) {
    const refusal = op.remove ? null : quotaFault(op, quotas)
    if (refusal !== null) return refusal
  }
  return null
}

function quotaFault({ key, value }: AlterClientQuotasRequestEntryOp, quotas: ReadonlySet<string>): Fault {
  if (!quotas.has(key)) return invalid(`There is no quota ${quoted(key)} for this kind of client`)
  if (!(value > 0)) return invalid(`The quota ${key} must be more than 0`)
  return unsupported('This broker enforces no quotas, and keeps none')
}

function combinationFault(kinds: ReadonlySet<string>): Fault | null {
  return kinds.has('ip') && kinds.size > 1 ? invalid('An address goes with no other kind of client') : null
}

function invalid(errorMessage: string): Fault {
  return { errorCode: ERROR_CODES.INVALID_REQUEST, errorMessage }
}

function unsupported(errorMessage: string): Fault {
  return { errorCode: ERROR_CODES.UNSUPPORTED_VERSION, errorMessage }
}
