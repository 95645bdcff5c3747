import {
  BATCH_HEADER_BYTES,
  BATCH_MAGIC,
  batchBaseOffset,
  batchBytes,
  batchLeaderEpoch,
  batchMagic,
  batchNextOffset,
  checkBatchCrc,
  checkBatchShape,
} from '../protocol/record-batch.ts'
import { type OpenFile, writeFully } from './file-system.ts'
import type { ScanFault } from './recovery-table.ts'
import { isUnreadable } from './storage-error.ts'

const CHUNK_BYTES = 1048576
const BLOCK_BYTES = 4096
/** How far an offset may be ahead of what is expected and still be taken for one of this log. */
const OFFSET_LEAP_MAX = 2 ** 40

export interface ScanRules {
  /** Offset that the first batch must have, or at least have where gaps are legal. */
  readonly expectedOffset: number
  readonly allowsGaps: boolean
  epochFits(baseOffset: number, epoch: number): boolean
  /** A batch that is whole. */
  accept(buffer: Buffer, position: number): void
  /** Whether good bytes are written again: what was read may never have reached the disk. */
  readonly rewrites: boolean
  /** Position from which on no further batch is looked at; the end of the file if not said. */
  readonly stopsAt?: number
}

/**
 * Checks batch after batch of `[start, fileBytes)`: frame, CRC (which covers neither offset nor epoch, so these too).
 * Resolves to where it had to stop, and why; null at the end of the file.
 */
export async function scanSegment(
  file: OpenFile,
  start: number,
  fileBytes: number,
  rules: ScanRules,
): Promise<{ position: number; fault: ScanFault | null }> {
  let chunk = Buffer.allocUnsafe(Math.max(1, Math.min(CHUNK_BYTES, fileBytes - start)))
  let at = start
  let expected = rules.expectedOffset
  const stopsAt = rules.stopsAt ?? fileBytes
  while (at < stopsAt) {
    const count = await readUnlessBroken(file, chunk.subarray(0, Math.min(chunk.length, fileBytes - at)), at)
    if (count < 0) return { position: at, fault: 'unreadable' }
    let inChunk = 0
    let fault: ScanFault | null = null
    let needed = BATCH_HEADER_BYTES
    while (fault === null && at + inChunk < stopsAt) {
      needed = neededBytes(chunk, inChunk, count)
      fault = at + inChunk + needed > fileBytes ? shortFault(chunk, inChunk, count) : null
      if (fault !== null || inChunk + needed > count) break
      fault = batchFault(chunk, inChunk, expected, rules)
      if (fault !== null) break
      rules.accept(chunk, inChunk)
      expected = batchNextOffset(chunk, inChunk)
      inChunk += needed
    }
    if (rules.rewrites && inChunk > 0) await writeFully(file, [chunk.subarray(0, inChunk)], at)
    at += inChunk
    if (fault !== null) return { position: at, fault }
    if (inChunk === 0 && at < fileBytes) {
      if (needed <= chunk.length) return { position: at, fault: 'truncated' }
      chunk = Buffer.allocUnsafe(needed)
    }
  }
  return { position: at, fault: null }
}

/** The bytes that were read; −1 where the disk gives an error instead. */
async function readUnlessBroken(file: OpenFile, target: Buffer, position: number): Promise<number> {
  try {
    return await file.read(target, position)
  } catch (error) {
    if (isUnreadable(error)) return -1
    throw error
  }
}

/** Bytes that must be in memory to judge the batch: its header, or all of it if its header makes sense. */
function neededBytes(chunk: Buffer, at: number, count: number): number {
  if (at + BATCH_HEADER_BYTES > count) return BATCH_HEADER_BYTES
  const bytes = batchBytes(chunk, at)
  return batchMagic(chunk, at) === BATCH_MAGIC && bytes >= BATCH_HEADER_BYTES ? bytes : BATCH_HEADER_BYTES
}

function shortFault(chunk: Buffer, at: number, count: number): ScanFault {
  return isZero(chunk, at, Math.min(count, at + BATCH_HEADER_BYTES)) ? 'zeros' : 'truncated'
}

function batchFault(chunk: Buffer, at: number, expected: number, rules: ScanRules): ScanFault | null {
  if (isZero(chunk, at, at + BATCH_HEADER_BYTES)) return 'zeros'
  if (checkBatchShape(chunk, at, chunk.length) !== null) return 'bad-shape'
  if (!checkBatchCrc(chunk, at)) return 'bad-crc'
  const base = batchBaseOffset(chunk, at)
  if (base !== expected && !(rules.allowsGaps && base > expected)) return 'bad-offset'
  if (!rules.epochFits(base, batchLeaderEpoch(chunk, at))) return 'bad-epoch'
  return null
}

function isZero(buffer: Buffer, start: number, end: number): boolean {
  for (let index = start; index < end; index++) if (buffer[index] !== 0) return false
  return true
}

/** Whether a file holds nothing but zeros from a place on: room that was made and not written to. */
export async function isRoomFrom(file: OpenFile, from: number, fileBytes: number): Promise<boolean> {
  const chunk = Buffer.allocUnsafe(Math.max(1, Math.min(CHUNK_BYTES, fileBytes - from)))
  const zeros = Buffer.alloc(chunk.length)
  for (let at = from; at < fileBytes; ) {
    const count = await file.read(chunk.subarray(0, Math.min(chunk.length, fileBytes - at)), at)
    if (count === 0) return true
    if (chunk.compare(zeros, 0, count, 0, count) !== 0) return false
    at += count
  }
  return true
}

/**
 * Looks behind a broken place for batches that are whole: at every byte, since lengths can't be trusted there.
 * Resolves to the offset behind the last one, where the first one begins, and whether a whole block of zeros lies before
 * it. `isFirstEnough` stops there.
 */
export async function searchBeyond(
  file: OpenFile,
  from: number,
  fileBytes: number,
  offsetMin: number,
  isFirstEnough = false,
): Promise<{
  validBeyond: number | null
  firstPosition: number | null
  firstOffset: number | null
  hasZeroBlock: boolean
}> {
  let validBeyond: number | null = null
  let firstPosition: number | null = null
  let firstOffset: number | null = null
  let hasZeroBlock = false
  const chunk = Buffer.allocUnsafe(Math.max(1, Math.min(CHUNK_BYTES, fileBytes - from)))
  let at = from
  while (at + BATCH_HEADER_BYTES <= fileBytes) {
    const count = await readUnlessBroken(file, chunk.subarray(0, Math.min(chunk.length, fileBytes - at)), at)
    if (count < 0) {
      at += BLOCK_BYTES - (at % BLOCK_BYTES)
      continue
    }
    if (count < BATCH_HEADER_BYTES) break
    let inChunk = 0
    let next = at + count - BATCH_HEADER_BYTES + 1
    for (; inChunk + BATCH_HEADER_BYTES <= count; inChunk++) {
      const position = at + inChunk
      if (validBeyond === null && position % BLOCK_BYTES === 0 && inChunk + BLOCK_BYTES <= count) {
        hasZeroBlock ||= isZero(chunk, inChunk, inChunk + BLOCK_BYTES)
      }
      if (!maybeBatch(chunk, inChunk, offsetMin, fileBytes - position)) continue
      const batch = await readCandidate(file, position, batchBytes(chunk, inChunk))
      if (batch === null || !checkBatchCrc(batch, 0)) continue
      validBeyond = Math.max(validBeyond ?? 0, batchNextOffset(batch, 0))
      firstPosition ??= position
      firstOffset ??= batchBaseOffset(batch, 0)
      if (isFirstEnough) return { validBeyond, firstPosition, firstOffset, hasZeroBlock }
      next = position + batch.length
      break
    }
    at = next
  }
  return { validBeyond, firstPosition, firstOffset, hasZeroBlock }
}

function maybeBatch(chunk: Buffer, at: number, offsetMin: number, bytesLeft: number): boolean {
  if (chunk[at + 16] !== BATCH_MAGIC) return false
  const bytes = batchBytes(chunk, at)
  if (bytes < BATCH_HEADER_BYTES || bytes > bytesLeft) return false
  const base = batchBaseOffset(chunk, at)
  return base >= offsetMin && base <= offsetMin + OFFSET_LEAP_MAX
}

async function readCandidate(file: OpenFile, position: number, byteLength: number): Promise<Buffer | null> {
  const batch = Buffer.allocUnsafe(byteLength)
  const count = await readUnlessBroken(file, batch, position)
  return count === byteLength && checkBatchShape(batch, 0, byteLength) === null ? batch : null
}
