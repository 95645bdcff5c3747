import { Turn } from '../../../base/turn.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import type { WriteTxnMarkersRequestMarker } from '../../../protocol/generated/index.ts'
import type { Handler } from '../../net/handler.ts'
import { namedOnce } from '../in-turns.ts'
import type { TransactionApiPorts } from './ports.ts'

/**
 * From a coordinator elsewhere, or from somebody who ends by hand what no coordinator knows of (KIP-664). A partition that
 * is named twice for one marker gets it once; Kafka 4.3 never answers that.
 */
export function writeTxnMarkersHandler(ports: TransactionApiPorts): Handler<'WriteTxnMarkers'> {
  return async (request) => {
    const turn = new Turn(ports.environment)
    const writes: Promise<void>[] = []
    const markers = []
    for (const asked of request.markers) {
      const topics = await write(ports, asked, writes, turn)
      markers.push({ producerId: asked.producerId, topics })
    }
    await Promise.all(writes)
    return { markers }
  }
}

/** Begins to write a marker, a few partitions in a turn; what becomes of each is in the result when `writes` are over. */
async function write(
  { targets }: TransactionApiPorts,
  asked: WriteTxnMarkersRequestMarker,
  writes: Promise<void>[],
  turn: Turn,
) {
  const { producerId, producerEpoch, coordinatorEpoch, transactionVersion } = asked
  const isCommit = asked.transactionResult
  const marker = { producerId, producerEpoch, coordinatorEpoch, isCommit, transactionVersion }
  const named = await namedOnce(
    turn,
    asked.topics,
    ({ name }) => name,
    ({ partitionIndexes }) => partitionIndexes,
  )
  const topics = []
  for (const [name, indexes] of named) {
    const partitions: { partitionIndex: number; errorCode: number }[] = []
    topics.push({ name, partitions })
    for (const partitionIndex of indexes) {
      const answered = { partitionIndex, errorCode: 0 }
      partitions.push(answered)
      const written = targets.write(name, partitionIndex, marker).then((error) => {
        answered.errorCode = ERROR_CODES[error]
      })
      writes.push(written)
      if (turn.isOver) await turn.next()
    }
  }
  return topics
}
