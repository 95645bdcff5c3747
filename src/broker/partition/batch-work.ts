import type { DecompressionLimits, UnpackScratch } from '../../protocol/compression.ts'
import { type Recompressed, recompressed } from '../../protocol/recompression.ts'
import type { Compression } from '../../protocol/record-batch.ts'
import { judgeRecords, type RecordDemands, type RecordsVerdict } from '../../protocol/records-check.ts'

/** What is to be done with a batch: its records are judged, and where that is asked for, it gets another codec. */
export interface BatchWork {
  /** null: it stays as it is. */
  readonly codec: Compression | null
  readonly level: number | undefined
  readonly demands: RecordDemands
  readonly limits: DecompressionLimits
}

/** What a thread is asked; the bytes are its own. */
export interface BatchTask extends BatchWork {
  readonly id: number
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** What it answers: bytes where there is another batch. */
export interface BatchResult {
  readonly id: number
  readonly verdict: RecordsVerdict
  readonly bytes: Uint8Array<ArrayBuffer> | null
}

/** Does the work in the calling thread. The codecs are loaded. */
export function workOn(batch: Buffer, work: BatchWork, scratch: UnpackScratch): Recompressed {
  const { codec, level, demands, limits } = work
  if (codec === null) return { verdict: judgeRecords(batch, demands, limits, scratch), batch: null }
  return recompressed(batch, codec, level, demands, limits, scratch)
}
