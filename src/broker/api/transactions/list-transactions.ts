import { Turn } from '../../../base/turn.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import {
  defaultListTransactionsResponse,
  type ListTransactionsResponseTransactionState,
} from '../../../protocol/generated/index.ts'
import {
  TRANSACTION_STATES,
  type TransactionState,
} from '../../coordinator/transactions/transaction-types.ts'
import type { Handler } from '../../net/handler.ts'
import { refusalCode } from '../groups/refusal-codes.ts'
import { matcherOf } from './id-pattern.ts'
import type { TransactionApiPorts } from './ports.ts'

/** The transactions of this broker that pass the filters. */
export function listTransactionsHandler({
  transactions,
  environment,
}: TransactionApiPorts): Handler<'ListTransactions'> {
  return async (request) => {
    const turn = new Turn(environment)
    const response = defaultListTransactionsResponse()
    const stateFilters = [...new Set(request.stateFilters)]
    const states = stateFilters.filter(isState)
    const unknownStateFilters = stateFilters.filter((name) => !isState(name))
    if (states.length === 0 && unknownStateFilters.length > 0) return { ...response, unknownStateFilters }
    const pattern = request.transactionalIdPattern ?? ''
    const matches = pattern === '' ? () => true : matcherOf(pattern)
    if (matches === null) return { ...response, errorCode: ERROR_CODES.INVALID_REGULAR_EXPRESSION }
    const listed = await transactions.list({
      states: new Set(states),
      producerIds: new Set(request.producerIdFilters),
      durationMs: request.durationFilter,
    })
    if ('refused' in listed) return { ...response, errorCode: refusalCode(listed.refused) }
    const transactionStates: ListTransactionsResponseTransactionState[] = []
    for (const { transactionalId, producerId, state } of listed) {
      if (matches(transactionalId))
        transactionStates.push({ transactionalId, producerId, transactionState: state })
      if (turn.isOver) await turn.next()
    }
    return { ...response, unknownStateFilters, transactionStates }
  }
}

function isState(name: string): name is TransactionState {
  return (TRANSACTION_STATES as readonly string[]).includes(name)
}
