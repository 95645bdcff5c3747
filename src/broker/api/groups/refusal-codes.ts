import type { Refusal } from '../../../base/machine.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'

/** What a client hears when the coordinator did not decide, or its answer was lost. All are retriable. */
const CODE_OF: { readonly [Reason in Refusal]: number } = {
  loading: ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS,
  'not-leader': ERROR_CODES.NOT_COORDINATOR,
  unavailable: ERROR_CODES.COORDINATOR_NOT_AVAILABLE,
  overloaded: ERROR_CODES.COORDINATOR_NOT_AVAILABLE,
}

export function refusalCode(refusal: Refusal): number {
  return CODE_OF[refusal]
}
