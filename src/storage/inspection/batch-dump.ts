import {
  BATCH_HEADER_BYTES,
  BATCH_MAGIC,
  batchBytes,
  batchMagic,
  checkBatchCrc,
  checkBatchShape,
} from '../../protocol/record-batch.ts'
import type { OpenFile } from '../file-system.ts'

const CHUNK_BYTES = 1048576

/** A batch of a file: whole in `buffer` at `position`, borrowed until the next is asked for. */
export interface DumpedBatch {
  readonly buffer: Buffer
  readonly position: number
  readonly filePosition: number
  /** Whether the CRC fits. */
  readonly isValid: boolean
}

/** Why a file could not be read on, and from where. */
export interface DumpFault {
  readonly filePosition: number
  readonly what: string
}

/** Goes through the batches of a file as they are, valid or not, and ends with what can't be read on, or null. */
export async function* batchesOf(file: OpenFile): AsyncGenerator<DumpedBatch, DumpFault | null> {
  const fileBytes = await file.byteLength()
  let chunk = Buffer.allocUnsafe(Math.max(1, Math.min(CHUNK_BYTES, fileBytes)))
  let at = 0
  while (at < fileBytes) {
    const count = await file.read(chunk.subarray(0, Math.min(chunk.length, fileBytes - at)), at)
    let inChunk = 0
    let needed = BATCH_HEADER_BYTES
    while (inChunk + BATCH_HEADER_BYTES <= count) {
      needed = batchBytes(chunk, inChunk)
      if (batchMagic(chunk, inChunk) !== BATCH_MAGIC || needed < BATCH_HEADER_BYTES)
        return { filePosition: at + inChunk, what: 'no record batch begins here' }
      if (at + inChunk + needed > fileBytes)
        return { filePosition: at + inChunk, what: 'the file ends in this batch' }
      if (inChunk + needed > count) break
      const isShaped = checkBatchShape(chunk, inChunk, count) === null
      if (!isShaped) return { filePosition: at + inChunk, what: 'the header of the batch makes no sense' }
      yield {
        buffer: chunk,
        position: inChunk,
        filePosition: at + inChunk,
        isValid: checkBatchCrc(chunk, inChunk),
      }
      inChunk += needed
      needed = BATCH_HEADER_BYTES
    }
    at += inChunk
    if (at >= fileBytes || inChunk > 0) continue
    if (needed <= count) return { filePosition: at, what: 'the file ends in a batch' }
    if (fileBytes - at < BATCH_HEADER_BYTES) return { filePosition: at, what: 'the file ends in a batch' }
    chunk = Buffer.allocUnsafe(needed)
  }
  return null
}
