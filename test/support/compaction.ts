import { encodeEndTransactionMarker } from '../../src/protocol/control-record.ts'
import {
  batchBytes,
  batchIsControl,
  batchIsTransactional,
  batchProducerId,
  batchRecordCount,
  type Compression,
  stampBatch,
} from '../../src/protocol/record-batch.ts'
import { decodeRecords, encodeBatch } from '../../src/protocol/records.ts'
import type { Log } from '../../src/storage/log.ts'
import type { CompactionResult, CompactionRun } from '../../src/storage/log-compaction.ts'
import type { ProducerStates } from '../../src/storage/producer-state.ts'
import { readAll } from './storage.ts'

export interface KeyedRecord {
  readonly key: string | null
  readonly value: string | null
  readonly timestamp?: number
}

/** A producer's place: epoch 0, transactional where said. */
export interface Writer {
  readonly producerId: number
  sequence: number
  readonly isTransactional: boolean
}

const NOBODY: Writer = { producerId: -1, sequence: -1, isTransactional: false }

function place(log: Log, producers: ProducerStates, batch: Buffer): Buffer {
  stampBatch(batch, 0, log.endOffset, log.marks.last().term)
  log.append(batch)
  const completed = producers.append(batch, 0)
  if (completed?.isAborted) log.addAborted(completed)
  return batch
}

/** Appends one batch of records. */
export function appendKeyed(
  log: Log,
  producers: ProducerStates,
  records: readonly KeyedRecord[],
  options: { writer?: Writer; compression?: Compression } = {},
): Buffer {
  const writer = options.writer ?? NOBODY
  const batch = encodeBatch({
    ...(writer.producerId < 0
      ? {}
      : {
          producerId: writer.producerId,
          producerEpoch: 0,
          baseSequence: writer.sequence,
          isTransactional: writer.isTransactional,
        }),
    compression: options.compression ?? 'none',
    records: records.map(({ key, value, timestamp }) => ({
      timestamp: timestamp ?? 1_700_000_000_000,
      key: key === null ? null : Buffer.from(key),
      value: value === null ? null : Buffer.from(value),
    })),
  })
  if (writer.producerId >= 0) writer.sequence += records.length
  return place(log, producers, batch)
}

/** Ends the transaction of a writer. */
export function appendMarker(
  log: Log,
  producers: ProducerStates,
  writer: Writer,
  committed: boolean,
): Buffer {
  return place(
    log,
    producers,
    encodeEndTransactionMarker({
      producerId: writer.producerId,
      producerEpoch: 0,
      coordinatorEpoch: 0,
      committed,
      timestamp: 1_700_000_000_000,
    }),
  )
}

export interface SeenRecord {
  readonly offset: number
  readonly key: string | null
  readonly value: string | null
  readonly timestamp: number
}

/** What a reader of committed records sees of the log, as the clients work it out. */
export async function readCommitted(log: Log, maxBytes = 1 << 30): Promise<SeenRecord[]> {
  const bytes = await readAll(log, maxBytes)
  const aborted = [...log.abortedBetween(log.startOffset, log.endOffset)]
  const within = new Set<number>()
  const seen: SeenRecord[] = []
  for (let at = 0; at < bytes.length; at += batchBytes(bytes, at)) {
    const records = decodeRecords(bytes, at)
    const last = records.at(-1)?.offset ?? -1
    while (aborted.length > 0 && aborted[0]!.firstOffset <= last) within.add(aborted.shift()!.producerId)
    const producerId = batchProducerId(bytes, at)
    if (batchIsControl(bytes, at)) {
      if (batchRecordCount(bytes, at) > 0) within.delete(producerId)
      continue
    }
    if (batchIsTransactional(bytes, at) && within.has(producerId)) continue
    for (const { offset, key, value, timestamp } of records)
      seen.push({ offset, key: key?.toString() ?? null, value: value?.toString() ?? null, timestamp })
  }
  return seen
}

/** Compacts all there is; null where there is nothing. */
export async function compact(
  log: Log,
  producers: ProducerStates,
  options: Partial<CompactionRun> & { nowMs?: number } = {},
): Promise<CompactionResult | null> {
  const nowMs = options.nowMs ?? 1_700_000_000_000
  const limitOffset = producers.firstOpenOffset(log.highWatermark) ?? log.highWatermark
  const found = await log.compaction.candidate({ limitOffset, nowMs, lagMsMin: 0, lagMsMax: Infinity })
  if (found === null) return null
  return log.compaction.run({
    endOffset: found.endOffset,
    nowMs,
    deleteRetentionMs: 1000,
    keyBytesMax: 1 << 20,
    bytesPerSecondMax: Infinity,
    isLastOfProducer: (buffer, position) => producers.isLastOfProducer(buffer, position),
    isStopped: () => false,
    cleanedEndMoved: () => Promise.resolve(),
    ...options,
  })
}
