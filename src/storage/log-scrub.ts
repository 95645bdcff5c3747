import { batchNextOffset } from '../protocol/record-batch.ts'
import { scanSegment, searchBeyond } from './log-scan.ts'
import type { LogSegments } from './log-segments.ts'
import type { ScanFault } from './recovery-table.ts'
import type { Segment } from './segment.ts'
import type { SharedFile } from './shared-file.ts'
import { StorageError } from './storage-error.ts'

/** Bytes that are checked in one turn of the event loop. */
const SLICE_BYTES = 1048576

/** Records that can't be read any more: of the offsets from `baseOffset` to before `endOffset`. */
export interface Corruption {
  readonly baseOffset: number
  readonly endOffset: number
  readonly path: string
  readonly position: number
  readonly fault: ScanFault
}

/** What of a segment has been checked so far. */
export interface ScrubCursor {
  readonly segment: Segment
  position: number
  /** Offset that the batch there has at least. */
  expectedOffset: number
}

/**
 * Reads segments that get no more batches again, batch by batch, for what the disk has changed since. Nothing is
 * repaired, since there is no other copy, and nothing is cut: what can't be read any more is remembered, so that readers
 * are told and do not get it. It is found again after a start.
 */
export class LogScrub {
  /** By offset. Empty for nearly every log, nearly always. */
  readonly corruptions: Corruption[] = []
  readonly #segments: LogSegments
  readonly #busySegment: () => Segment

  constructor(segments: LogSegments, busySegment: () => Segment) {
    this.#segments = segments
    this.#busySegment = busySegment
  }

  /** Segments that get no more batches, as they are now. */
  sealed(): readonly Segment[] {
    const { list } = this.#segments
    return list.slice(0, Math.max(0, list.indexOf(this.#busySegment())))
  }

  begin(segment: Segment): ScrubCursor {
    return { segment, position: 0, expectedOffset: segment.baseOffset }
  }

  /**
   * Checks the next megabyte or so. Resolves to the bytes that were read, 0 when the segment is through or gone; what is
   * found is added to `corruptions`, and passed to `found`.
   */
  async step(cursor: ScrubCursor, found: (corruption: Corruption) => void): Promise<number> {
    const { segment, position } = cursor
    if (!this.#segments.list.includes(segment) || position >= segment.byteLength) return 0
    let shared: SharedFile
    try {
      shared = await segment.file.hold()
    } catch (error) {
      if (error instanceof StorageError && error.fault === 'missing') return 0
      throw error
    }
    try {
      const end = Math.min(segment.byteLength, position + SLICE_BYTES)
      const scan = await scanSegment(shared.file, position, segment.byteLength, {
        expectedOffset: cursor.expectedOffset,
        allowsGaps: true,
        // The CRC covers no offset: one that leads out of the segment is no batch of it.
        epochFits: (baseOffset) => baseOffset < segment.endOffset,
        rewrites: false,
        stopsAt: end,
        accept: (buffer, at) => {
          cursor.expectedOffset = batchNextOffset(buffer, at)
        },
      })
      cursor.position = scan.position
      if (scan.fault !== null) await this.#broken(cursor, scan.fault, shared.file, found)
      return Math.max(1, cursor.position - position)
    } finally {
      shared.release()
      this.#segments.sealed(segment)
    }
  }

  /** Goes on behind what is broken: at the next batch that is whole. */
  async #broken(
    cursor: ScrubCursor,
    fault: ScanFault,
    file: Parameters<typeof searchBeyond>[0],
    found: (corruption: Corruption) => void,
  ): Promise<void> {
    const { segment, position, expectedOffset } = cursor
    const next = await searchBeyond(file, position + 1, segment.byteLength, expectedOffset, true)
    cursor.position = next.firstPosition ?? segment.byteLength
    cursor.expectedOffset = next.firstOffset ?? segment.endOffset
    const corruption: Corruption = {
      baseOffset: expectedOffset,
      endOffset: Math.min(segment.endOffset, next.firstOffset ?? segment.endOffset),
      path: segment.logPath,
      position,
      fault,
    }
    const isGone = !this.#segments.list.includes(segment)
    if (isGone || this.corruptions.some(({ baseOffset }) => baseOffset === corruption.baseOffset)) return
    this.corruptions.push(corruption)
    this.corruptions.sort((a, b) => a.baseOffset - b.baseOffset)
    found(corruption)
  }

  /** Forgets what is below the start of the log, and what compaction or a cut has replaced from `endOffset` on. */
  forget(startOffset: number, endOffset: number): void {
    const kept = this.corruptions.filter((one) => one.endOffset > startOffset && one.baseOffset < endOffset)
    this.corruptions.splice(0, this.corruptions.length, ...kept)
  }

  /** Where a read from `offset` must end so that it has nothing broken in it: `offset` itself when that is broken. */
  readEnd(offset: number): number {
    for (const { baseOffset, endOffset } of this.corruptions)
      if (endOffset > offset) return Math.max(offset, baseOffset)
    return Number.POSITIVE_INFINITY
  }
}
