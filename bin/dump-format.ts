import {
  batchBaseOffset,
  batchBaseSequence,
  batchBaseTimestamp,
  batchBytes,
  batchCompression,
  batchCrc,
  batchHasLogAppendTime,
  batchIsControl,
  batchIsTransactional,
  batchLastOffset,
  batchLastSequence,
  batchLeaderEpoch,
  batchMaxTimestamp,
  batchProducerEpoch,
  batchProducerId,
  batchRecordCount,
} from '../src/protocol/record-batch.ts'
import type { DecodedRecord } from '../src/protocol/records.ts'
import type { DumpedBatch } from '../src/storage/inspection/batch-dump.ts'
import { jsonBytes } from './record-format.ts'
import { printable } from './table.ts'

/** The header of a batch by the names of docs/cli.md. */
export function batchFields({ buffer, position, filePosition, isValid }: DumpedBatch): BatchFields {
  return {
    position: filePosition,
    bytes: batchBytes(buffer, position),
    baseOffset: batchBaseOffset(buffer, position),
    lastOffset: batchLastOffset(buffer, position),
    records: batchRecordCount(buffer, position),
    leaderEpoch: batchLeaderEpoch(buffer, position),
    producerId: batchProducerId(buffer, position),
    producerEpoch: batchProducerEpoch(buffer, position),
    baseSequence: batchBaseSequence(buffer, position),
    lastSequence: batchLastSequence(buffer, position),
    compression: batchCompression(buffer, position),
    transactional: batchIsTransactional(buffer, position),
    control: batchIsControl(buffer, position),
    logAppendTime: batchHasLogAppendTime(buffer, position),
    baseTimestamp: batchBaseTimestamp(buffer, position),
    maxTimestamp: batchMaxTimestamp(buffer, position),
    crc: batchCrc(buffer, position),
    valid: isValid,
  }
}

/** What `log dump` says of a batch. */
export interface BatchFields {
  readonly position: number
  readonly bytes: number
  readonly baseOffset: number
  readonly lastOffset: number
  readonly records: number
  readonly leaderEpoch: number
  readonly producerId: number
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly lastSequence: number
  readonly compression: string | number
  readonly transactional: boolean
  readonly control: boolean
  readonly logAppendTime: boolean
  readonly baseTimestamp: number
  readonly maxTimestamp: number
  readonly crc: number
  readonly valid: boolean
}

/** One line of a batch. What it does not have (a producer, compression) is left out. */
export function batchLine(batch: BatchFields): string {
  const parts = [
    `offsets ${batch.baseOffset}-${batch.lastOffset}`,
    `position ${batch.position}`,
    `bytes ${batch.bytes}`,
    `records ${batch.records}`,
    `epoch ${batch.leaderEpoch}`,
    `time ${timeText(batch.maxTimestamp)}${batch.logAppendTime ? ' (append)' : ''}`,
  ]
  if (batch.producerId >= 0)
    parts.push(
      `producer ${batch.producerId} epoch ${batch.producerEpoch} sequence ${batch.baseSequence}-${batch.lastSequence}`,
    )
  if (batch.compression !== 'none') parts.push(String(batch.compression))
  if (batch.transactional) parts.push('transactional')
  if (batch.control) parts.push('control')
  parts.push(`crc ${batch.crc.toString(16).padStart(8, '0')}${batch.valid ? '' : ' BROKEN'}`)
  return parts.join('  ')
}

/** One line of a record. */
export function recordLine({ offset, timestamp, key, value, headers }: DecodedRecord): string {
  const parts = [
    `offset ${offset}`,
    `time ${timeText(timestamp)}`,
    `key ${bytesText(key)}`,
    `value ${bytesText(value)}`,
  ]
  if (headers.length > 0)
    parts.push(
      `headers ${headers.map((header) => `${printable(header.key)}=${bytesText(header.value)}`).join(',')}`,
    )
  return `    ${parts.join('  ')}`
}

/** One object of a record. */
export function recordFields({ offset, timestamp, key, value, headers }: DecodedRecord): object {
  return {
    offset,
    timestamp,
    key: jsonBytes(key, false),
    value: jsonBytes(value, false),
    headers: headers.map((header) => ({ key: header.key, value: jsonBytes(header.value, false) })),
  }
}

/** Of the two halves of a marker (E12) the key says which it is. */
export function markerText({ key }: DecodedRecord): string {
  const type = key !== null && key.length >= 4 ? key.readInt16BE(2) : -1
  return type === 0 ? 'abort' : type === 1 ? 'commit' : `control type ${type}`
}

function bytesText(bytes: Buffer | null): string {
  if (bytes === null) return 'null'
  const text = jsonBytes(bytes, false)
  return typeof text === 'string' ? printable(text) : `base64:${bytes.toString('base64')}`
}

function timeText(timestampMs: number): string {
  return timestampMs < 0 || timestampMs > 8.64e15 ? String(timestampMs) : new Date(timestampMs).toISOString()
}
