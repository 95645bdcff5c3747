import {
  DECOMPRESSION_LIMITS,
  type DecompressionFault,
  type DecompressionLimits,
  LOOP_LIMITS,
  UnpackScratch,
} from '../../protocol/compression.ts'
import { ERROR_CODES } from '../../protocol/error-codes.ts'
import { batchBytes, batchRecordCount } from '../../protocol/record-batch.ts'
import {
  judgeRecords,
  type RecordDemands,
  type RecordsVerdict,
  type RefusedRecord,
} from '../../protocol/records-check.ts'
import type { TopicConfig } from '../options.ts'

/** Why one record of a batch keeps the whole batch out. */
export interface RecordError {
  readonly batchIndex: number
  readonly message: string
}

/** Why a topic doesn't take a batch. */
export interface BatchRefusal {
  readonly errorCode: number
  readonly message: string
  readonly recordErrors: readonly RecordError[]
}

const NO_RECORD_ERRORS: readonly RecordError[] = []
/** What the event loop keeps to unpack into: as much as it unpacks in one turn, of the fastest codec. */
const LOOP_SCRATCH_BYTES = 2 * 1024 * 1024

const loopScratch = new UnpackScratch(LOOP_SCRATCH_BYTES)
/** Of batches that were judged before they are appended, and by what the topic asked for then. */
const verdicts = new WeakMap<Buffer, { readonly verdict: RecordsVerdict; readonly config: TopicConfig }>()
/** Of batches that would take too much room with another codec. */
const outsized = new WeakMap<Buffer, BatchRefusal>()

/** What the topic asks of every record (D7, D8): with log append time their own timestamps mean nothing. */
export function recordDemands(config: TopicConfig, nowMs: number): RecordDemands {
  const hasOwnTime = config.messageTimestampType !== 'LogAppendTime'
  return {
    needsKey: config.cleanupPolicy.includes('compact'),
    timestampMin: hasOwnTime
      ? nowMs - distance(config.messageTimestampBeforeMaxMs)
      : Number.NEGATIVE_INFINITY,
    timestampMax: hasOwnTime ? nowMs + distance(config.messageTimestampAfterMaxMs) : Number.POSITIVE_INFINITY,
  }
}

/** As options are integers, the largest stands for no limit. */
function distance(ms: number): number {
  return ms >= Number.MAX_SAFE_INTEGER ? Number.POSITIVE_INFINITY : ms
}

/**
 * What a batch may unpack to: at least what it may have without compression. Compaction reads a batch in one turn of the
 * event loop, so that a compacted topic takes less.
 */
export function unpackLimits({ cleanupPolicy, messageBytesMax }: TopicConfig): DecompressionLimits {
  if (!cleanupPolicy.includes('compact'))
    return { ...DECOMPRESSION_LIMITS, bytesMax: Math.max(DECOMPRESSION_LIMITS.bytesMax, messageBytesMax) }
  const bytesMax = Math.max(LOOP_LIMITS.bytesMax, 4 * messageBytesMax)
  return { ...LOOP_LIMITS, bytesMax, bytesFree: bytesMax }
}

/** Why a batch is not looked into: it is larger than the topic takes, or has more records than a compacted one takes. */
export function sizeRefusal(batch: Buffer, config: TopicConfig): BatchRefusal | null {
  const known = outsized.get(batch)
  if (known !== undefined) return known
  const bytes = batchBytes(batch, 0)
  if (bytes > config.messageBytesMax)
    return tooLarge(`the batch has ${bytes} bytes, max.message.bytes is ${config.messageBytesMax}`)
  const isCompacted = config.cleanupPolicy.includes('compact')
  return isCompacted && batchRecordCount(batch, 0) > LOOP_LIMITS.recordsMax ? tooLargeUnpacked(config) : null
}

/**
 * The verdict on the records of a batch, whose frame has been checked: the one that is known, or one that is made now, also
 * where the topic has come to ask for something else meanwhile.
 */
export function verdictOn(batch: Buffer, config: TopicConfig, nowMs: number): RecordsVerdict {
  const known = verdicts.get(batch)
  return known?.config === config ? known.verdict : judgeNow(batch, config, nowMs, unpackLimits(config))
}

/** Judges the records in this turn of the event loop. */
export function judgeNow(
  batch: Buffer,
  config: TopicConfig,
  nowMs: number,
  limits: DecompressionLimits,
): RecordsVerdict {
  return judgeRecords(batch, recordDemands(config, nowMs), limits, loopScratch)
}

/** Makes `verdictOn` know about a batch, whose frame has been checked, for a topic of this config. Its bytes are not to be changed between the two. */
export function knowVerdict(batch: Buffer, verdict: RecordsVerdict, config: TopicConfig): void {
  verdicts.set(batch, { verdict, config })
}

/** Makes `sizeRefusal` know that a batch, of which there is a verdict, came to too many bytes when it got another codec. */
export function knowOutsized(batch: Buffer, bytes: number, bytesMax: number): void {
  const refusal = tooLarge(
    `with the codec of its topic the batch has ${bytes} bytes, where there is room for ${bytesMax}`,
  )
  outsized.set(batch, refusal)
}

/** Whether there is a verdict on the batch, and so nothing wrong with its frame. */
export function isJudged(batch: Buffer): boolean {
  return verdicts.has(batch)
}

/** Why a topic doesn't take records with this verdict; null: it does. Kafka's codes, with a reason. */
export function recordsRefusal(verdict: RecordsVerdict, config: TopicConfig): BatchRefusal | null {
  const { fault, faultIndex, refused, unpacking } = verdict
  if (fault === null && refused.length === 0) return null
  if (unpacking !== null) {
    if (unpacking.kind === 'too-large') return tooLargeUnpacked(config)
    return {
      errorCode: UNPACKING_CODES[unpacking.kind],
      message: `the records can't be unpacked: ${unpacking.message}`,
      recordErrors: NO_RECORD_ERRORS,
    }
  }
  const recordErrors = refused.map(recordError)
  if (fault !== null) {
    const message = `the records can't be read: ${fault}`
    if (faultIndex >= 0) recordErrors.push({ batchIndex: faultIndex, message })
    return { errorCode: ERROR_CODES.INVALID_RECORD, message, recordErrors }
  }
  if (refused.some(({ reason }) => reason === 'timestamp')) {
    const { messageTimestampBeforeMaxMs: before, messageTimestampAfterMaxMs: after } = config
    const message = `a timestamp is out of range: it may be at most ${before} ms old and ${after} ms ahead`
    return { errorCode: ERROR_CODES.INVALID_TIMESTAMP, message, recordErrors }
  }
  const message = 'a compacted topic takes no record without a key'
  return { errorCode: ERROR_CODES.INVALID_RECORD, message, recordErrors }
}

const UNPACKING_CODES: { readonly [Kind in Exclude<DecompressionFault, 'too-large'>]: number } = {
  corrupt: ERROR_CODES.INVALID_RECORD,
  unavailable: ERROR_CODES.UNSUPPORTED_COMPRESSION_TYPE,
}

function recordError({ index, reason, timestamp }: RefusedRecord): RecordError {
  const message = reason === 'no-key' ? 'the record has no key' : `timestamp ${timestamp} is out of range`
  return { batchIndex: index, message }
}

/** At which Java's producer sends the records again in halves. */
function tooLargeUnpacked(config: TopicConfig): BatchRefusal {
  const { bytesMax } = unpackLimits(config)
  return tooLarge(
    config.cleanupPolicy.includes('compact')
      ? `a batch for a compacted topic has at most ${LOOP_LIMITS.recordsMax} records and ${bytesMax} bytes of them`
      : `the records come to more than ${bytesMax} bytes, or to more than ${DECOMPRESSION_LIMITS.ratioMax} times their batch`,
  )
}

function tooLarge(message: string): BatchRefusal {
  return { errorCode: ERROR_CODES.MESSAGE_TOO_LARGE, message, recordErrors: NO_RECORD_ERRORS }
}
