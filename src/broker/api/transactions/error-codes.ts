import { ERROR_CODES, type ErrorName } from '../../../protocol/error-codes.ts'

/** From here on the older APIs of transactions tell a fenced producer so by that name (KIP-588). */
const FENCED_SINCE = 2

/** The code of an error as a client of AddPartitionsToTxn, AddOffsetsToTxn or EndTxn at this version knows it (G4). */
export function transactionErrorCode(error: ErrorName, apiVersion: number): number {
  if (error === 'PRODUCER_FENCED' && apiVersion < FENCED_SINCE) return ERROR_CODES.INVALID_PRODUCER_EPOCH
  return ERROR_CODES[error]
}
