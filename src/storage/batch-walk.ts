import { codecLoading } from '../protocol/compression.ts'
import {
  BATCH_HEADER_BYTES,
  BATCH_MAGIC,
  batchBytes,
  batchCompression,
  batchLastOffsetDelta,
  batchMagic,
} from '../protocol/record-batch.ts'
import type { OpenFile } from './file-system.ts'
import { StorageError } from './storage-error.ts'

/** Bytes that headers are looked up in at once. */
const HEADER_CHUNK_BYTES = 65536
/** Bytes that whole batches are read in at once, which is what one turn of the event loop has to deal with. */
const WALK_CHUNK_BYTES = 262144

/** `buffer` at `position` holds a batch (or its header), which lies at `filePosition`. Return false to stop. */
export type BatchVisitor = (buffer: Buffer, position: number, filePosition: number) => boolean

/**
 * Goes through the headers of the batches in `[start, end)`, which are known to be whole, and skips their bodies.
 * Only BATCH_HEADER_BYTES of each may be looked at. Resolves to the position of the batch it stopped at, or `end`.
 */
export async function walkHeaders(
  file: OpenFile,
  path: string,
  start: number,
  end: number,
  visit: BatchVisitor,
  chunkBytes: number = HEADER_CHUNK_BYTES,
): Promise<number> {
  if (start >= end) return end
  const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, end - start))
  let at = start
  while (at < end) {
    const count = await file.read(chunk.subarray(0, Math.min(chunk.length, end - at)), at)
    let inChunk = 0
    while (at < end && inChunk + BATCH_HEADER_BYTES <= count) {
      const bytes = checkedBatchBytes(chunk, inChunk, at, end, path)
      if (!visit(chunk, inChunk, at)) return at
      at += bytes
      inChunk += bytes
    }
    if (inChunk === 0) throw endsInBatch(path, at)
  }
  return end
}

/** As walkHeaders, with every batch whole in memory and its codec loaded; one larger than a chunk is read by itself. */
export async function walkBatches(
  file: OpenFile,
  path: string,
  start: number,
  end: number,
  visit: BatchVisitor,
): Promise<number> {
  let chunk = Buffer.allocUnsafe(Math.max(0, Math.min(WALK_CHUNK_BYTES, end - start)))
  let at = start
  while (at < end) {
    if (end - at < BATCH_HEADER_BYTES) throw endsInBatch(path, at)
    const count = await file.read(chunk.subarray(0, Math.min(chunk.length, end - at)), at)
    let inChunk = 0
    let needed = BATCH_HEADER_BYTES
    while (at < end && inChunk + BATCH_HEADER_BYTES <= count) {
      const bytes = checkedBatchBytes(chunk, inChunk, at, end, path)
      needed = bytes
      if (inChunk + bytes > count) break
      const loading = codecLoading(batchCompression(chunk, inChunk))
      if (loading !== null) await loading
      if (!visit(chunk, inChunk, at)) return at
      at += bytes
      inChunk += bytes
    }
    if (inChunk > 0) continue
    if (count < Math.min(chunk.length, end - at) || needed <= count) throw endsInBatch(path, at)
    chunk = Buffer.allocUnsafe(needed)
  }
  return end
}

function endsInBatch(path: string, at: number): StorageError {
  return new StorageError('corrupt', path, 'the file ends in a batch', { position: at })
}

function checkedBatchBytes(chunk: Buffer, inChunk: number, at: number, end: number, path: string): number {
  const bytes = batchBytes(chunk, inChunk)
  if (
    batchMagic(chunk, inChunk) !== BATCH_MAGIC ||
    bytes < BATCH_HEADER_BYTES ||
    at + bytes > end ||
    batchLastOffsetDelta(chunk, inChunk) < 0
  ) {
    throw new StorageError('corrupt', path, 'no record batch where one was', { position: at })
  }
  return bytes
}
