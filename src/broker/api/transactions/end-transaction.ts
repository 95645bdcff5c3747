import { defaultEndTxnResponse } from '../../../protocol/generated/index.ts'
import type { Handler } from '../../net/handler.ts'
import { refusalCode } from '../groups/refusal-codes.ts'
import { transactionErrorCode } from './error-codes.ts'
import type { TransactionApiPorts } from './ports.ts'

/** From here on the answer brings the epoch of the next transaction (KIP-890, G8). */
const NEW_EPOCH_SINCE = 5

/** Answers when the decision is committed; the markers follow. */
export function endTxnHandler({ transactions }: TransactionApiPorts): Handler<'EndTxn'> {
  return async (request, { apiVersion }) => {
    const response = defaultEndTxnResponse()
    const reply = await transactions.end({
      kind: 'end',
      transactionalId: request.transactionalId,
      producerId: request.producerId,
      producerEpoch: request.producerEpoch,
      isCommit: request.committed,
      clientVersion: apiVersion >= NEW_EPOCH_SINCE ? 2 : 0,
    })
    if ('refused' in reply) return { ...response, errorCode: refusalCode(reply.refused) }
    const { producerId, producerEpoch } = reply
    return {
      ...response,
      errorCode: transactionErrorCode(reply.error, apiVersion),
      producerId,
      producerEpoch,
    }
  }
}
