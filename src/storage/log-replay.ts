import { batchBaseOffset } from '../protocol/record-batch.ts'
import type { walkBatches } from './batch-walk.ts'
import { type LogReader, segmentIndexOf } from './log-reader.ts'
import type { Segment } from './segment.ts'
import { StorageError } from './storage-error.ts'

export interface ReplaySource {
  readonly segments: readonly Segment[]
  readonly reader: LogReader
  writtenBytes(segment: Segment): number
}

/** A batch, whole, at `position`; the bytes are borrowed during the call. */
export type ReplayVisitor = (buffer: Buffer, position: number) => void

/**
 * Shows the batches from the one that holds `offset` up to `limit`, in order, and as much of them as `walk` reads; others
 * run after every chunk read.
 */
export async function replayBatches(
  source: ReplaySource,
  offset: number,
  limit: number,
  visit: ReplayVisitor,
  walk: typeof walkBatches,
): Promise<void> {
  const { segments } = source
  let next = offset
  while (next < limit) {
    const segment = segments[segmentIndexOf(segments, next)]!
    try {
      await replaySegment(source, segment, next, limit, visit, walk)
    } catch (error) {
      // Deleted or compacted before it could be opened.
      if (!isMissing(error) || segments.includes(segment)) throw error
      next = Math.max(next, segments[0]!.baseOffset)
      continue
    }
    const index = segments.indexOf(segment)
    if (index === segments.length - 1) return
    // Compacted or deleted meanwhile, but it was seen to its end: on with what follows.
    next = index < 0 ? Math.max(segment.endOffset, segments[0]!.baseOffset) : segments[index + 1]!.baseOffset
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof StorageError && error.fault === 'missing'
}

async function replaySegment(
  source: ReplaySource,
  segment: Segment,
  offset: number,
  limit: number,
  visit: ReplayVisitor,
  walk: typeof walkBatches,
): Promise<void> {
  const shared = await segment.file.hold()
  try {
    const start = await source.reader.batchPosition(segment, offset)
    const each = (buffer: Buffer, position: number): boolean => {
      if (batchBaseOffset(buffer, position) >= limit) return false
      visit(buffer, position)
      return true
    }
    await walk(shared.file, segment.logPath, start, source.writtenBytes(segment), each)
  } finally {
    shared.release()
  }
}
