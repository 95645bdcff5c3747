import {
  batchBaseOffset,
  batchBytes,
  batchCompression,
  batchIsControl,
  batchIsTransactional,
  batchLastOffset,
  batchLeaderEpoch,
  batchNextOffset,
  batchProducerId,
  checkBatchCrc,
  checkBatchShape,
} from '../protocol/record-batch.ts'
import { DecompressionError, decodeRecords, MalformedRecordsError } from '../protocol/records.ts'
import { BadAnswerError } from './client-error.ts'
import type { TopicPartition } from './position.ts'
import type { ConsumedRecord } from './record.ts'

/** A transaction that was given up: what its producer wrote from `firstOffset` to its marker does not count. */
export interface AbortedTransaction {
  readonly producerId: number
  readonly firstOffset: number
}

/** What a fetch gave for one partition. */
export interface FetchedBytes extends TopicPartition {
  /** Whole batches, the last perhaps cut off; the first may begin before the offset that was asked for. */
  readonly bytes: Buffer
  /** null: also what transactions wrote that were given up, or are still open, is wanted. */
  readonly aborted: readonly AbortedTransaction[] | null
}

/** The records of a fetch, and the offset to go on with, which is beyond markers and gaps too. */
export interface DecodedFetch {
  readonly records: ConsumedRecord[]
  readonly nextOffset: number
}

const ABORT_MARKER = 0

/**
 * Reads fetched batches from `offset` on: checks each (CRC too), leaves out control batches and, with `aborted`, what
 * was given up. Throws BadAnswerError, naming the partition and the offset of the damaged batch. Batches of zstd need
 * `loadCompression()` to have resolved once: see usesZstd.
 */
export function decodeFetched(fetched: FetchedBytes, offset: number): DecodedFetch {
  const { bytes, topic, partition } = fetched
  const filter = new AbortedFilter(fetched.aborted)
  const records: ConsumedRecord[] = []
  let nextOffset = offset
  for (let position = 0; position < bytes.length; position += batchBytes(bytes, position)) {
    const fault = checkBatchShape(bytes, position, bytes.length)
    if (fault === 'truncated') break
    const at = `${topic} [${partition}] at offset ${nextOffset}`
    if (fault !== null) throw new BadAnswerError(`a batch of ${at} is damaged (${fault})`)
    if (!checkBatchCrc(bytes, position)) throw new BadAnswerError(`a batch of ${at} is damaged (wrong CRC)`)
    const wanted = filter.wants(bytes, position)
    if (batchNextOffset(bytes, position) <= offset) continue
    nextOffset = batchNextOffset(bytes, position)
    if (wanted) takeRecords(records, fetched, position, offset, at)
  }
  return { records, nextOffset }
}

/** Whether decoding these bytes needs the zstd codec. */
export function usesZstd(bytes: Buffer): boolean {
  for (let position = 0; position < bytes.length; position += batchBytes(bytes, position)) {
    if (checkBatchShape(bytes, position, bytes.length) !== null) return false
    if (batchCompression(bytes, position) === 'zstd') return true
  }
  return false
}

function takeRecords(
  records: ConsumedRecord[],
  fetched: FetchedBytes,
  position: number,
  offset: number,
  at: string,
): void {
  const { bytes, topic, partition } = fetched
  const leaderEpoch = batchLeaderEpoch(bytes, position)
  try {
    for (const record of decodeRecords(bytes, position)) {
      if (record.offset < offset) continue
      const { key, value, headers, timestamp } = record
      records.push({
        topic,
        partition,
        offset: record.offset,
        timestampMs: timestamp,
        leaderEpoch,
        key,
        value,
        headers,
      })
    }
  } catch (error) {
    if (!(error instanceof MalformedRecordsError || error instanceof DecompressionError)) throw error
    throw new BadAnswerError(`a batch of ${at} cannot be read: ${error.message}`)
  }
}

/** Follows the transactions of a fetch, batch by batch. */
class AbortedFilter {
  readonly #waiting: AbortedTransaction[] | null
  readonly #producerIds = new Set<number>()

  constructor(aborted: readonly AbortedTransaction[] | null) {
    this.#waiting = aborted === null ? null : [...aborted].sort((a, b) => a.firstOffset - b.firstOffset)
  }

  wants(bytes: Buffer, position: number): boolean {
    this.#open(batchLastOffset(bytes, position))
    const producerId = batchProducerId(bytes, position)
    if (batchIsControl(bytes, position)) {
      if (this.#producerIds.has(producerId) && markerType(bytes, position) === ABORT_MARKER)
        this.#producerIds.delete(producerId)
      return false
    }
    return !(batchIsTransactional(bytes, position) && this.#producerIds.has(producerId))
  }

  #open(lastOffset: number): void {
    while (this.#waiting?.[0] !== undefined && this.#waiting[0].firstOffset <= lastOffset)
      this.#producerIds.add(this.#waiting.shift()!.producerId)
  }
}

/** The type in the key of a control record, -1 when there is none (E12). */
function markerType(bytes: Buffer, position: number): number {
  try {
    const key = decodeRecords(bytes, position)[0]?.key
    return key !== null && key !== undefined && key.length >= 4 ? key.readInt16BE(2) : -1
  } catch (error) {
    if (!(error instanceof MalformedRecordsError)) throw error
    throw new BadAnswerError(`a control batch at offset ${batchBaseOffset(bytes, position)} cannot be read`)
  }
}
