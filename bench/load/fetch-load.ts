import { ZERO_UUID } from '../../src/base/uuid.ts'
import {
  defaultFetchRequest,
  defaultFetchRequestTopicPartition,
} from '../../src/protocol/generated/produce-fetch.ts'
import { batchBytes, batchNextOffset, batchRecordCount } from '../../src/protocol/record-batch.ts'
import { openAll } from './many-connections.ts'
import { answerOf, type Request, requestOf, type WireConnection } from './wire-connection.ts'
import type { FetchOutcome, FetchTask, Orders } from './wire-tasks.ts'

export const FETCH_VERSION = 12
const HEADER_BYTES = 61
const LATEST = -1

/** One fetch after the other of the partitions that are its own, each from where the last ended. */
interface Lane {
  readonly places: { readonly partition: number; readonly end: number; offset: number }[]
  turn: number
}

/**
 * Reads as fast as it goes, each fetch on the next connection; a partition that has been read to its end is read from
 * its start again.
 */
export async function fetchLoad(task: FetchTask, orders: Orders): Promise<FetchOutcome> {
  const connections = await openAll(task.port, task.connections)
  const ends = await endOffsets(connections[0]!, task)
  const lanes = Array.from({ length: task.inFlight }, (_, index) => laneOf(task, ends, index))
  await orders.ready()
  const startMs = performance.now()
  const totals = { records: 0, bytes: 0, fetches: 0 }
  await new Promise<void>((resolve, reject) => {
    for (const connection of connections)
      connection.onClose(() => reject(new Error('the broker closed a connection')))
    let sent = 0
    const next = (lane: Lane): void => {
      const place = lane.places[lane.turn++ % lane.places.length]!
      const request = fetchRequest(task.topic, place, task.partitionBytes)
      connections[sent++ % connections.length]!.send(request, (frame) => {
        const partition = answerOf('Fetch', FETCH_VERSION, frame).responses[0]!.partitions[0]!
        if (partition.errorCode !== 0) reject(new Error(`error ${partition.errorCode} on fetch`))
        const reached = readBatches(partition.records as Buffer | null, place.offset, totals)
        place.offset = reached >= place.end ? 0 : reached
        totals.fetches++
        if (totals.bytes >= task.bytes) resolve()
        else next(lane)
      })
    }
    for (const lane of lanes) next(lane)
  })
  return { ...totals, seconds: (performance.now() - startMs) / 1000 }
}

function laneOf(task: FetchTask, ends: readonly number[], index: number): Lane {
  const partitions = Array.from({ length: task.partitions }, (_, partition) => partition)
  const own =
    task.partitions >= task.inFlight
      ? partitions.filter((partition) => partition % task.inFlight === index)
      : [index % task.partitions]
  const from = task.from[index % task.from.length]!
  const placeOf = (partition: number): Lane['places'][number] => {
    const end = ends[partition]!
    return { partition, end, offset: Math.floor(end * from) }
  }
  return { places: own.map(placeOf), turn: 0 }
}

/** Walks whole batches from `offset` on, and returns where they end; beyond everything where there are none. */
function readBatches(
  records: Buffer | null,
  offset: number,
  totals: { records: number; bytes: number },
): number {
  if (records === null || records.length < HEADER_BYTES) return Number.POSITIVE_INFINITY
  let next = offset
  let at = 0
  while (at + HEADER_BYTES <= records.length) {
    const bytes = batchBytes(records, at)
    if (at + bytes > records.length) break
    totals.records += batchRecordCount(records, at)
    next = batchNextOffset(records, at)
    at += bytes
  }
  totals.bytes += at
  return at === 0 ? Number.POSITIVE_INFINITY : next
}

/** Asks for one partition's batches, at once or not at all. */
export function fetchRequest(
  topic: string,
  place: { readonly partition: number; readonly offset: number },
  partitionBytes: number,
): Request {
  const partition = {
    ...defaultFetchRequestTopicPartition(),
    partition: place.partition,
    fetchOffset: place.offset,
    partitionMaxBytes: partitionBytes,
  }
  return requestOf('Fetch', FETCH_VERSION, {
    ...defaultFetchRequest(),
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: partitionBytes,
    topics: [{ topic, topicId: ZERO_UUID, partitions: [partition] }],
  })
}

/** The end of each partition of a topic, in the order of their indexes. */
export async function endOffsets(
  connection: WireConnection,
  { topic, partitions }: { readonly topic: string; readonly partitions: number },
): Promise<number[]> {
  const answer = await connection.call('ListOffsets', 5, {
    replicaId: -1,
    isolationLevel: 0,
    timeoutMs: 0,
    topics: [
      {
        name: topic,
        partitions: Array.from({ length: partitions }, (_, partitionIndex) => ({
          partitionIndex,
          currentLeaderEpoch: -1,
          timestamp: LATEST,
        })),
      },
    ],
  })
  const ends = new Array<number>(partitions).fill(Number.NaN)
  for (const { partitionIndex, errorCode, offset } of answer.topics[0]!.partitions) {
    if (errorCode === 0) ends[partitionIndex] = offset
  }
  return ends
}
