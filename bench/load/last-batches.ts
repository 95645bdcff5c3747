import { batchNextOffset } from '../../src/protocol/record-batch.ts'
import { FETCH_VERSION, fetchRequest } from './fetch-load.ts'
import { answerOf, type WireConnection } from './wire-connection.ts'

const PARTITION_BYTES = 1024 * 1024

/** Fetches the last batch of every partition, whose ends are given. Returns how many partitions gave theirs. */
export async function readLastBatches(
  connection: WireConnection,
  topic: string,
  ends: readonly number[],
): Promise<number> {
  const reads = ends.map((end, partition) => readOne(connection, topic, partition, end))
  return (await Promise.all(reads)).filter((isRead) => isRead).length
}

function readOne(
  connection: WireConnection,
  topic: string,
  partition: number,
  end: number,
): Promise<boolean> {
  if (!(end > 0)) return Promise.resolve(false)
  const request = fetchRequest(topic, { partition, offset: end - 1 }, PARTITION_BYTES)
  return new Promise((resolve) => {
    connection.send(
      request,
      (frame) => {
        const { records, errorCode } = answerOf('Fetch', FETCH_VERSION, frame).responses[0]!.partitions[0]!
        const batches = records as Buffer | null
        resolve(
          errorCode === 0 && batches !== null && batches.length > 0 && batchNextOffset(batches, 0) === end,
        )
      },
      () => resolve(false),
    )
  })
}
