import { comparePositions, type LogPosition } from '../base/log-position.ts'

/** What is wrong at the first place of a log file that can't be read on. */
export type ScanFault =
  | 'truncated'
  | 'zeros'
  | 'bad-shape'
  | 'bad-crc'
  | 'bad-offset'
  | 'bad-epoch'
  /** The disk gives an error instead of bytes. */
  | 'unreadable'

/** What the scan of a log's files found, from the last place known to be durable to the end. */
export interface ScanFindings {
  /** Position of the prefix that is whole. */
  readonly end: LogPosition
  /** null: the files end where the prefix does. */
  readonly fault: ScanFault | null
  /** Offset behind the last valid batch found beyond the fault, in this or a later file; null where there is none. */
  readonly validBeyond: number | null
  /** Whether between the fault and what is valid beyond it a whole block of the file is zero. */
  readonly hasZeroBlock: boolean
  /** What this replica has said that it holds. */
  readonly claim: LogPosition | null
  /** Whether the process said goodbye after its last write. */
  readonly wasClosed: boolean
}

/**
 * whole: nothing to do. cut: what lies behind the prefix was never acknowledged, it goes. damaged: something that may
 * have been acknowledged is gone; `claim` is what must be asked back before this log may count for less.
 */
export type Verdict =
  | { readonly kind: 'whole' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'damaged'; readonly claim: LogPosition; readonly reason: string }

/**
 * A torn write against a damaged log. Torn: behind everything claimed, with nothing readable behind it, or with a block
 * of zeros before what is: an append-only file gets zeros where a page that was never synced did not reach the disk,
 * while damage leaves other bytes. Everything else is damage, also what the disk does not give: never to be cut away in
 * silence.
 */
export function judgeScan(found: ScanFindings): Verdict {
  const { end, fault, claim, validBeyond } = found
  if (claim !== null && comparePositions(end, claim) < 0) {
    return {
      kind: 'damaged',
      claim: furthest(claim, validBeyond),
      reason: 'acknowledged records are missing',
    }
  }
  if (fault === null) return { kind: 'whole' }
  if (fault === 'unreadable')
    return { kind: 'damaged', claim: furthest(end, validBeyond), reason: 'the disk does not give the bytes' }
  if (found.wasClosed) {
    return {
      kind: 'damaged',
      claim: furthest(end, validBeyond),
      reason: 'the log was closed whole and is not whole now',
    }
  }
  if (validBeyond === null || found.hasZeroBlock) return { kind: 'cut' }
  return {
    kind: 'damaged',
    claim: furthest(end, validBeyond),
    reason: 'whole records lie behind broken ones',
  }
}

function furthest(position: LogPosition, validBeyond: number | null): LogPosition {
  if (validBeyond === null || validBeyond <= position.offset) return position
  return { ...position, offset: validBeyond }
}
