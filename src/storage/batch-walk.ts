import { codecLoading } from '../protocol/compression.ts'
import {
  BATCH_HEADER_BYTES,
  BATCH_MAGIC,
  batchBytes,
  batchCompression,
  batchIsControl,
  batchLastOffsetDelta,
  batchMagic,
} from '../protocol/record-batch.ts'
import type { OpenFile } from './file-system.ts'
import { StorageError } from './storage-error.ts'

/** Bytes that headers are looked up in at once. */
const HEADER_CHUNK_BYTES = 65536
/** Bytes that whole batches are read in at once, which is what one turn of the event loop has to deal with. */
const WALK_CHUNK_BYTES = 262144
/** From this size on it is less work to ask for each header than to read what lies between them. */
const LARGE_BATCH_BYTES = 32768
/** What is read for the header of a large batch. */
const OUTLINE_CHUNK_BYTES = 4096
/** Chunks that wait for the next walk: at a start there are thousands, some at a time. */
const spareChunks: Buffer[] = []
const SPARE_CHUNKS_MAX = 16

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
  return await walk(file, path, start, end, visit, true)
}

/**
 * As walkBatches, but only control batches are whole: of the others the header alone may be looked at. Where batches are
 * large what lies between their headers is not read.
 */
export async function walkOutlines(
  file: OpenFile,
  path: string,
  start: number,
  end: number,
  visit: BatchVisitor,
): Promise<number> {
  return await walk(file, path, start, end, visit, false)
}

async function walk(
  file: OpenFile,
  path: string,
  start: number,
  end: number,
  visit: BatchVisitor,
  isWhole: boolean,
): Promise<number> {
  const ordinary = spareChunks.pop() ?? Buffer.allocUnsafeSlow(WALK_CHUNK_BYTES)
  let chunk = ordinary
  let askedBytes = chunk.length
  let at = start
  try {
    while (at < end) {
      if (end - at < BATCH_HEADER_BYTES) throw endsInBatch(path, at)
      const asked = Math.min(askedBytes, end - at)
      const count = await file.read(chunk.subarray(0, asked), at)
      let inChunk = 0
      let bytes = BATCH_HEADER_BYTES
      while (at < end && inChunk + BATCH_HEADER_BYTES <= count) {
        bytes = checkedBatchBytes(chunk, inChunk, at, end, path)
        const isNeeded = isWhole || batchIsControl(chunk, inChunk)
        if (isNeeded && inChunk + bytes > count) break
        const loading = isWhole ? codecLoading(batchCompression(chunk, inChunk)) : null
        if (loading !== null) await loading
        if (!visit(chunk, inChunk, at)) return at
        at += bytes
        inChunk += bytes
      }
      if (inChunk > 0) {
        askedBytes = !isWhole && bytes >= LARGE_BATCH_BYTES ? OUTLINE_CHUNK_BYTES : chunk.length
        continue
      }
      if (count < asked || bytes <= count) throw endsInBatch(path, at)
      if (bytes > chunk.length) chunk = Buffer.allocUnsafe(bytes)
      askedBytes = bytes
    }
    return end
  } finally {
    if (spareChunks.length < SPARE_CHUNKS_MAX) spareChunks.push(ordinary)
  }
}

/** The bytes from `start` to before `end`, which whole batches are known to be. Throws StorageError `corrupt` where they are not all there. */
export async function readExactly(file: OpenFile, path: string, start: number, end: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(end - start)
  if ((await file.read(bytes, start)) < bytes.length) throw endsInBatch(path, start)
  return bytes
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
