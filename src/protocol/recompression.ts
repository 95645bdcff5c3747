import { compress, decompress, isDecompressionError } from './compression.ts'
import { BATCH_HEADER_BYTES, batchBytes, batchCompression, type Compression } from './record-batch.ts'
import { checkRecords } from './records.ts'
import { withBody } from './records-body.ts'

/**
 * The batch, whose shape has been checked, with its records compressed by another codec: bytes of its own, everything
 * else in its header as it was. null where the records can't be read. zstd needs `loadCompression()`.
 */
export function recompressed(batch: Buffer, codec: Compression, level?: number): Buffer | null {
  const plain = plainRecords(batch)
  if (plain === null) return null
  const body = codec === 'none' ? plain : compress(codec, plain, level)
  const result = withBody(batch, 0, body, codec)
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
