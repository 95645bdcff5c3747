import type { Refusal } from '../../../base/machine.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'

/**
 * What a client hears when the metadata cannot be changed now: NOT_CONTROLLER sends it to look for another broker and
 * try again, REQUEST_TIMED_OUT says that the outcome is not known. Both are retriable.
 */
const CODE_OF: { readonly [Reason in Refusal]: number } = {
  loading: ERROR_CODES.NOT_CONTROLLER,
  'not-leader': ERROR_CODES.NOT_CONTROLLER,
  unavailable: ERROR_CODES.REQUEST_TIMED_OUT,
  overloaded: ERROR_CODES.REQUEST_TIMED_OUT,
}

/** What stands for the outcome of a command that is still under way when the client's time is over. */
export const TIMED_OUT = { refused: 'unavailable' } as const

/** The error code of a refusal. */
export function refusalCode(refusal: Refusal): number {
  return CODE_OF[refusal]
}
