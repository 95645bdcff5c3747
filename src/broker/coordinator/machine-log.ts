import type { Refusal } from '../../base/machine.ts'

/**
 * The log of a machine, as its runtime sees one partition that is led here. One object for one leadership: when that
 * is lost `refusal()` says 'not-leader' for good, and a later leadership comes with another object.
 */
export interface MachineLog {
  /** Offset that the next record gets. */
  readonly endOffset: number
  /** Everything below is committed: no failure of a minority takes it back. */
  readonly highWatermark: number
  /** Why nothing may be appended now; null: it may. */
  refusal(): Refusal | null
  /**
   * Appends one unstamped batch, whose bytes are the log's from then on, and returns the end offset behind it.
   * Throws where the disk refuses: what was appended may or may not be there.
   */
  append(batch: Buffer): number
  /** Registers the one callback for: the high watermark moved, or `refusal()` changed. */
  onCommit(callback: () => void): void
  /** Hands over every batch below `endOffset` in order, committed or not. Batches are borrowed during the call. */
  replay(each: (batch: Buffer) => void): Promise<void>
}
