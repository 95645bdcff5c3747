import type { Refusal } from '../../base/machine.ts'
import { batchNextOffset, batchRecordCount, stampBatch } from '../../protocol/record-batch.ts'
import type { MachineLog } from './machine-log.ts'

/** A log in memory whose commits come when they are told to: for tests and simulation. */
export class MemoryMachineLog implements MachineLog {
  readonly batches: Buffer[] = []
  highWatermark = 0
  endOffset = 0
  /** Commits every append at once. */
  isAutoCommitting: boolean
  /** The next append throws it. */
  appendError: Error | null = null
  #refusal: Refusal | null = null
  #callback: () => void = () => {}

  constructor(options: { batches?: readonly Buffer[]; isAutoCommitting?: boolean } = {}) {
    this.isAutoCommitting = options.isAutoCommitting ?? true
    for (const batch of options.batches ?? []) this.batches.push(batch)
    const last = this.batches.at(-1)
    this.endOffset = last === undefined ? 0 : batchNextOffset(last, 0)
    if (this.isAutoCommitting) this.highWatermark = this.endOffset
  }

  refusal(): Refusal | null {
    return this.#refusal
  }

  append(batch: Buffer): number {
    if (this.appendError !== null) throw this.appendError
    stampBatch(batch, 0, this.endOffset, 0)
    this.batches.push(batch)
    this.endOffset += batchRecordCount(batch, 0)
    if (this.isAutoCommitting) this.highWatermark = this.endOffset
    return this.endOffset
  }

  onCommit(callback: () => void): void {
    this.#callback = callback
  }

  async replay(each: (batch: Buffer) => void): Promise<void> {
    for (const batch of this.batches) each(batch)
  }

  /** Moves the high watermark up to `offset`. */
  commitTo(offset: number = this.endOffset): void {
    this.highWatermark = offset
    this.#callback()
  }

  /** Refuses from now on, or no longer. */
  refuse(refusal: Refusal | null): void {
    this.#refusal = refusal
    this.#callback()
  }
}
