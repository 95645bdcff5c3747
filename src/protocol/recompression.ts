import { compress, type DecompressionLimits, type UnpackScratch } from './compression.ts'
import { BATCH_HEADER_BYTES, batchBytes, batchCompression, type Compression } from './record-batch.ts'
import { withBody } from './records-body.ts'
import {
  areTaken,
  judgeRecords,
  type RecordDemands,
  type RecordsVerdict,
  unpackedRecords,
  walkRecords,
} from './records-check.ts'

/** A batch that was to get another codec. */
export interface Recompressed {
  readonly verdict: RecordsVerdict
  /** Bytes of its own; null where something speaks against the records. */
  readonly batch: Buffer | null
}

/**
 * Judges the records of a batch, whose shape has been checked, and compresses them with another codec: everything else in
 * its header stays as it was. zstd needs `loadCompression()`.
 */
export function recompressed(
  batch: Buffer,
  codec: Compression,
  level: number | undefined,
  demands: RecordDemands,
  limits: DecompressionLimits,
  scratch: UnpackScratch,
): Recompressed {
  const from = batchCompression(batch, 0)
  if (typeof from === 'number') return { verdict: judgeRecords(batch, demands, limits, scratch), batch: null }
  const plain =
    from === 'none'
      ? batch.subarray(BATCH_HEADER_BYTES, batchBytes(batch, 0))
      : unpackedRecords(batch, from, limits, scratch)
  if (!Buffer.isBuffer(plain)) return { verdict: plain, batch: null }
  const verdict = walkRecords(batch, plain, 0, plain.length, demands)
  if (!areTaken(verdict)) return { verdict, batch: null }
  const body = codec === 'none' ? plain : compress(codec, plain, level)
  return { verdict, batch: withBody(batch, 0, body, codec) }
}
