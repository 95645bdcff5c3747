import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import type { Handler } from '../../net/handler.ts'
import type { TransactionApiPorts } from './ports.ts'

/** From a coordinator elsewhere, or from somebody who ends by hand what no coordinator knows of (KIP-664). */
export function writeTxnMarkersHandler({ targets }: TransactionApiPorts): Handler<'WriteTxnMarkers'> {
  return async (request) => {
    const markers = await Promise.all(
      request.markers.map(async ({ producerId, producerEpoch, coordinatorEpoch, ...asked }) => {
        const marker = {
          producerId,
          producerEpoch,
          coordinatorEpoch,
          isCommit: asked.transactionResult,
          transactionVersion: asked.transactionVersion,
        }
        const topics = await Promise.all(
          asked.topics.map(async ({ name, partitionIndexes }) => {
            const partitions = partitionIndexes.map(async (partitionIndex) => {
              const error = await targets.write(name, partitionIndex, marker)
              return { partitionIndex, errorCode: ERROR_CODES[error] }
            })
            return { name, partitions: await Promise.all(partitions) }
          }),
        )
        return { producerId, topics }
      }),
    )
    return { markers }
  }
}
