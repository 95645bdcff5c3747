import {
  APART_BYTES_MIN,
  type DecompressionError,
  type DecompressionLimits,
  gunzipApart,
  isDecompressionError,
} from './compression.ts'
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

/** The batch with another body, which `codec` has made of the same records: bytes of its own. */
export function withBody(batch: Buffer, position: number, body: Buffer, codec: Compression): Buffer {
  const result = Buffer.allocUnsafeSlow(BATCH_HEADER_BYTES + body.length)
  body.copy(result, BATCH_HEADER_BYTES)
  writeBatchHeader(result, 0, result.length, {
    baseOffset: batchBaseOffset(batch, position),
    leaderEpoch: batchLeaderEpoch(batch, position),
    attributes: (batchAttributes(batch, position) & ~COMPRESSION_MASK) | compressionCode(codec),
    lastOffsetDelta: batchLastOffsetDelta(batch, position),
    baseTimestamp: batchBaseTimestamp(batch, position),
    maxTimestamp: batchMaxTimestamp(batch, position),
    producerId: batchProducerId(batch, position),
    producerEpoch: batchProducerEpoch(batch, position),
    baseSequence: batchBaseSequence(batch, position),
    recordCount: batchRecordCount(batch, position),
  })
  return result
}

/** Whether unpacking the batch would hold the event loop: gzip, which is ten times slower than the other codecs. */
export function isUnpackedApart(batch: Buffer, position = 0): boolean {
  return batchCompression(batch, position) === 'gzip' && batchBytes(batch, position) >= APART_BYTES_MIN
}

/**
 * The batch, of which `isUnpackedApart` holds, without compression: bytes of its own, made by another thread. `batch` is
 * borrowed until it resolves. Or why it can't be unpacked within the limits.
 */
export async function unpackedApart(
  batch: Buffer,
  position: number,
  limits: DecompressionLimits,
): Promise<Buffer | DecompressionError> {
  const block = batch.subarray(position + BATCH_HEADER_BYTES, position + batchBytes(batch, position))
  try {
    return withBody(batch, position, await gunzipApart(block, limits), 'none')
  } catch (error) {
    if (isDecompressionError(error)) return error
    throw error
  }
}
