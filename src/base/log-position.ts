/**
 * Where a replicated log ends, or a prefix of it: the term and minor of the last mark in it and the offset behind its
 * last record. One position names exactly one prefix, and the order of positions is Raft's "more up to date".
 */
export interface LogPosition {
  readonly term: number
  readonly minor: number
  /** Exclusive end. */
  readonly offset: number
}

/** Negative, zero or positive as `a` is before, at or after `b`: lexicographic by term, minor, offset. */
export function comparePositions(a: LogPosition, b: LogPosition): number {
  return a.term - b.term || a.minor - b.minor || a.offset - b.offset
}
