import { Turn } from '../../../base/turn.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import {
  type DescribeTransactionsResponseTransactionState,
  defaultDescribeTransactionsResponseTransactionState,
} from '../../../protocol/generated/index.ts'
import type { Handler } from '../../net/handler.ts'
import { refusalCode } from '../groups/refusal-codes.ts'
import { mapInTurns } from '../in-turns.ts'
import type { TransactionApiPorts } from './ports.ts'

/**
 * What the coordinator knows of each transaction that is asked about. Each once: Kafka 4.3 tells all its partitions again
 * for each time that it is named.
 */
export function describeTransactionsHandler(ports: TransactionApiPorts): Handler<'DescribeTransactions'> {
  return async ({ transactionalIds }) => {
    const turn = new Turn(ports.environment)
    const described = await mapInTurns(turn, new Set(transactionalIds), (id) => describe(ports, id))
    return { throttleTimeMs: 0, transactionStates: await Promise.all(described) }
  }
}

async function describe(
  { transactions }: TransactionApiPorts,
  transactionalId: string,
): Promise<DescribeTransactionsResponseTransactionState> {
  const state = { ...defaultDescribeTransactionsResponseTransactionState(), transactionalId }
  if (transactionalId === '') return { ...state, errorCode: ERROR_CODES.INVALID_REQUEST }
  const reply = await transactions.submit<'describe'>({ kind: 'describe', transactionalId })
  if ('refused' in reply) return { ...state, errorCode: refusalCode(reply.refused) }
  const { record } = reply
  if (record === null) return { ...state, errorCode: ERROR_CODES[reply.error] }
  return {
    errorCode: ERROR_CODES.NONE,
    transactionalId,
    transactionState: record.state,
    transactionTimeoutMs: record.timeoutMs,
    transactionStartTimeMs: record.startedMs,
    producerId: record.producerId,
    producerEpoch: record.producerEpoch,
    topics: record.partitions.map(({ topic, partitions }) => ({ topic, partitions: [...partitions] })),
  }
}
