import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import type { Handler } from '../../net/handler.ts'

/** Hands out producer ids that were never given before, also not by an earlier life of this broker. */
export interface ProducerIds {
  /** The next id, or the error code for why there is none now. */
  next(): Promise<{ readonly producerId: number } | { readonly errorCode: number }>
}

const REFUSED = { throttleTimeMs: 0, producerId: -1, producerEpoch: -1 }

/** A producer id for an idempotent producer (KIP-98): always a new one, at epoch 0. */
export function initProducerIdHandler(ids: ProducerIds): Handler<'InitProducerId'> {
  return async (request) => {
    if (request.transactionalId === '') return { ...REFUSED, errorCode: ERROR_CODES.INVALID_REQUEST }
    if (request.transactionalId !== null)
      return { ...REFUSED, errorCode: ERROR_CODES.COORDINATOR_NOT_AVAILABLE }
    const allocated = await ids.next()
    if ('errorCode' in allocated) return { ...REFUSED, errorCode: allocated.errorCode }
    return { throttleTimeMs: 0, errorCode: 0, producerId: allocated.producerId, producerEpoch: 0 }
  }
}
