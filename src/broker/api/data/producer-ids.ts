import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import type { TransactionCoordinator } from '../../coordinator/transaction-coordinator.ts'
import type { Handler } from '../../net/handler.ts'
import { refusalCode } from '../groups/refusal-codes.ts'

/** Hands out producer ids that were never given before, also not by an earlier life of this broker. */
export interface ProducerIds {
  /** The next id, or the error code for why there is none now. */
  next(): Promise<{ readonly producerId: number } | { readonly errorCode: number }>
}

const REFUSED = { throttleTimeMs: 0, producerId: -1, producerEpoch: -1 }

/** From here on a fenced producer is told so by that name (KIP-588). */
const FENCED_SINCE = 4

/**
 * A producer id for an idempotent producer (KIP-98), always a new one at epoch 0; with a transactional id the
 * coordinator's, whose epoch fences whoever had it before (G7).
 */
export function initProducerIdHandler(
  ids: ProducerIds,
  transactions: TransactionCoordinator,
): Handler<'InitProducerId'> {
  return async (request, { apiVersion }) => {
    const { transactionalId, producerId, producerEpoch } = request
    if (transactionalId === '' || producerId < 0 !== producerEpoch < 0)
      return { ...REFUSED, errorCode: ERROR_CODES.INVALID_REQUEST }
    if (transactionalId === null) {
      const allocated = await ids.next()
      if ('errorCode' in allocated) return { ...REFUSED, errorCode: allocated.errorCode }
      return { throttleTimeMs: 0, errorCode: 0, producerId: allocated.producerId, producerEpoch: 0 }
    }
    const reply = await transactions.init({
      kind: 'init',
      transactionalId,
      timeoutMs: request.transactionTimeoutMs,
      expected: producerId < 0 ? null : { producerId, producerEpoch },
    })
    if ('refused' in reply) return { ...REFUSED, errorCode: refusalCode(reply.refused) }
    const { error } = reply
    const errorCode =
      error === 'PRODUCER_FENCED' && apiVersion < FENCED_SINCE
        ? ERROR_CODES.INVALID_PRODUCER_EPOCH
        : ERROR_CODES[error]
    return {
      throttleTimeMs: 0,
      errorCode,
      producerId: reply.producerId,
      producerEpoch: reply.producerEpoch,
    }
  }
}
