import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import type {
  AlterUserScramCredentialsRequestDeletion,
  AlterUserScramCredentialsRequestUpsertion,
} from '../../../protocol/generated/index.ts'
import type { HandlersFor } from '../../net/handler.ts'
import { quoted } from '../quoted.ts'

/** The APIs of users with SCRAM passwords (KIP-554). */
export type ScramUserApi = 'DescribeUserScramCredentials' | 'AlterUserScramCredentials'

interface Fault {
  readonly errorCode: number
  readonly errorMessage: string
}

/** Kafka's numbers of SCRAM-SHA-256 and SCRAM-SHA-512. */
const MECHANISMS: ReadonlySet<number> = new Set([1, 2])
/** How often Kafka 4.3 lets a password be hashed. */
const ITERATIONS_MIN = 4_096
const ITERATIONS_MAX = 16_384

/**
 * There is no authentication, and there are no users: who asks for all gets none, who asks for one hears that there is
 * no such user. A password is refused for what is wrong with it, or else because nobody could ever use it here.
 */
export const scramUserHandlers: HandlersFor<ScramUserApi> = {
  DescribeUserScramCredentials: ({ users }) => {
    const counts = new Map<string, number>()
    for (const { name } of users ?? []) counts.set(name, (counts.get(name) ?? 0) + 1)
    const results = [...counts].map(([user, count]) => ({
      user,
      ...(count > 1 ? askedTwice(user) : noSuchUser(user)),
      credentialInfos: [],
    }))
    return { throttleTimeMs: 0, errorCode: ERROR_CODES.NONE, errorMessage: '', results }
  },
  AlterUserScramCredentials: ({ deletions, upsertions }) => {
    const faults = new Map<string, Fault>()
    for (const deletion of deletions)
      if (!faults.has(deletion.name)) faults.set(deletion.name, deletionFault(deletion))
    for (const upsertion of upsertions)
      if (!faults.has(upsertion.name)) faults.set(upsertion.name, upsertionFault(upsertion))
    return { throttleTimeMs: 0, results: [...faults].map(([user, fault]) => ({ user, ...fault })) }
  },
}

function askedTwice(user: string): Fault {
  return {
    errorCode: ERROR_CODES.DUPLICATE_RESOURCE,
    errorMessage: `The user ${quoted(user)} is asked about twice`,
  }
}

function noSuchUser(user: string): Fault {
  return { errorCode: ERROR_CODES.RESOURCE_NOT_FOUND, errorMessage: `There is no user ${quoted(user)}` }
}

function deletionFault(deletion: AlterUserScramCredentialsRequestDeletion): Fault {
  return nameFault(deletion) ?? noSuchUser(deletion.name)
}

function upsertionFault(upsertion: AlterUserScramCredentialsRequestUpsertion): Fault {
  const { iterations } = upsertion
  const fault = nameFault(upsertion)
  if (fault !== null) return fault
  if (iterations < ITERATIONS_MIN) return unacceptable(`Fewer than ${ITERATIONS_MIN} iterations`)
  if (iterations > ITERATIONS_MAX) return unacceptable(`More than ${ITERATIONS_MAX} iterations`)
  return unsupported('This broker has no authentication, and keeps no passwords')
}

function nameFault({ name, mechanism }: AlterUserScramCredentialsRequestDeletion): Fault | null {
  if (name === '') return unacceptable('The name of a user must not be empty')
  return MECHANISMS.has(mechanism) ? null : unsupported(`There is no SCRAM mechanism ${mechanism}`)
}

function unacceptable(errorMessage: string): Fault {
  return { errorCode: ERROR_CODES.UNACCEPTABLE_CREDENTIAL, errorMessage }
}

function unsupported(errorMessage: string): Fault {
  return { errorCode: ERROR_CODES.UNSUPPORTED_SASL_MECHANISM, errorMessage }
}
