import type { FinalRecord, WrittenValue } from '../history.ts'
import { parseValue } from '../history.ts'

/** Where a record stands in the source topic. */
export interface SourcePlace {
  readonly partition: number
  readonly offset: number
}

/** A record of a target topic, as a reader of committed records finds it; null where its value is none of a copier. */
export interface CopiedRecord {
  /** In the target. */
  readonly offset: number
  readonly copy: (SourcePlace & { readonly written: WrittenValue }) | null
}

/** What one acknowledged transaction took of a partition of the source; `end` is exclusive. */
export interface SourceRange {
  readonly partition: number
  readonly first: number
  readonly end: number
}

/** A partition whose last stable offset is held back by a transaction that is open. */
export interface HeldBack {
  readonly topic: string
  readonly partition: number
  readonly lastStableOffset: number
  readonly highWatermark: number
}

/** What one pipeline, the copiers of one client, came to. Maps are by partition of the target, or of the source. */
export interface PipelineOutcome {
  readonly name: string
  /** Read at the end. */
  readonly target: ReadonlyMap<number, readonly CopiedRecord[]>
  /** What a reader was given while the kills went on, in its order; null without such a reader. */
  readonly seen: ReadonlyMap<number, readonly CopiedRecord[]> | null
  /** Of transactions whose commit was acknowledged. */
  readonly commits: readonly SourceRange[]
  /** The group's offsets at the end, by partition of the source. */
  readonly committed: ReadonlyMap<number, number>
}

/** Everything at the end, when the copiers have nothing left to do. */
export interface FinalState {
  readonly source: ReadonlyMap<number, readonly FinalRecord[]>
  readonly pipelines: readonly PipelineOutcome[]
  readonly heldBack: readonly HeldBack[]
  /** Transactional ids that still have a transaction. */
  readonly open: readonly string[]
}

/** The value of a copy: where its original stands, and the original. */
export function writeCopy({ partition, offset }: SourcePlace, value: string): string {
  return `${partition}/${offset}/${value}`
}

/** Reads a copy's value back; null when it is not what `writeCopy` makes. */
export function parseCopy(text: string): CopiedRecord['copy'] {
  const match = /^(\d+)\/(\d+)\/(.*)$/.exec(text)
  if (match === null) return null
  const written = parseValue(match[3]!)
  return written === null ? null : { partition: Number(match[1]), offset: Number(match[2]), written }
}

/** The target's partition for a record: those of one source partition go to all of them. */
export function targetPartition({ offset }: SourcePlace, partitions: number): number {
  return offset % partitions
}
