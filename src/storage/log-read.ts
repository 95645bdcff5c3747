import { type ByteSource, EMPTY_SOURCE } from '../base/byte-source.ts'
import { SegmentRegion, type SharedFile } from './shared-file.ts'

/** A stretch of whole batches, or that there is none at such an offset. */
export type LogRead =
  | {
      /** The reader owns its regions. */
      readonly source: ByteSource
      /** Behind the last batch; what was asked for when it is empty. */
      readonly endOffset: number
    }
  | { readonly outOfRange: true }

export const OUT_OF_RANGE: LogRead = { outOfRange: true }

export function emptyRead(offset: number): LogRead {
  return { source: EMPTY_SOURCE, endOffset: offset }
}

export function bytesRead(bytes: Buffer, endOffset: number): LogRead {
  return { source: { byteLength: bytes.length, parts: [bytes] }, endOffset }
}

/** A stretch of a segment's file, which the reader then holds. */
export function regionRead(shared: SharedFile, start: number, end: number, endOffset: number): LogRead {
  const byteLength = end - start
  return { source: { byteLength, parts: [new SegmentRegion(shared, start, byteLength)] }, endOffset }
}
