import { compress, decompress, isDecompressionError } from './compression.ts'
import {
  BATCH_HEADER_BYTES,
  batchAttributes,
  batchBaseOffset,
  batchBaseSequence,
  batchBaseTimestamp,
  batchBytes,
  batchCompression,
  batchLastOffsetDelta,
  batchLeaderEpoch,
  batchMaxTimestamp,
  batchProducerEpoch,
  batchProducerId,
  batchRecordCount,
  COMPRESSION_MASK,
  type Compression,
  compressionCode,
  writeBatchHeader,
} from './record-batch.ts'
import { checkRecords } from './records.ts'

/**
 * The batch, whose shape has been checked, with its records compressed by another codec: bytes of its own, everything
 * else in its header as it was. null where the records can't be read. zstd needs `loadCompression()`.
 */
export function recompressed(batch: Buffer, codec: Compression): Buffer | null {
  const plain = plainRecords(batch)
  if (plain === null) return null
  const body = codec === 'none' ? plain : compress(codec, plain)
  const result = withBody(batch, body, codec)
  return checkRecords(result) === null ? result : null
}

function plainRecords(batch: Buffer): Buffer | null {
  const body = batch.subarray(BATCH_HEADER_BYTES, batchBytes(batch, 0))
  const codec = batchCompression(batch, 0)
  if (codec === 'none') return body
  if (typeof codec === 'number') return null
  try {
    return decompress(codec, body)
  } catch (error) {
    if (isDecompressionError(error)) return null
    throw error
  }
}

function withBody(batch: Buffer, body: Buffer, codec: Compression): Buffer {
  const result = Buffer.allocUnsafeSlow(BATCH_HEADER_BYTES + body.length)
  body.copy(result, BATCH_HEADER_BYTES)
  writeBatchHeader(result, 0, result.length, {
    baseOffset: batchBaseOffset(batch, 0),
    leaderEpoch: batchLeaderEpoch(batch, 0),
    attributes: (batchAttributes(batch, 0) & ~COMPRESSION_MASK) | compressionCode(codec),
    lastOffsetDelta: batchLastOffsetDelta(batch, 0),
    baseTimestamp: batchBaseTimestamp(batch, 0),
    maxTimestamp: batchMaxTimestamp(batch, 0),
    producerId: batchProducerId(batch, 0),
    producerEpoch: batchProducerEpoch(batch, 0),
    baseSequence: batchBaseSequence(batch, 0),
    recordCount: batchRecordCount(batch, 0),
  })
  return result
}
