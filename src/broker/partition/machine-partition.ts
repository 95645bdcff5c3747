import type { Refusal } from '../../base/machine.ts'
import { batchBytes } from '../../protocol/record-batch.ts'
import type { MachineLog } from '../coordinator/machine-log.ts'
import { NO_EPOCH, type Partition } from './partition.ts'

/** Thrown by an append that was refused although it had been allowed a moment before. */
export class AppendRefusedError extends Error {
  override readonly name = 'AppendRefusedError'
}

/** A partition of an internal topic as the log of a machine, for as long as this leadership lasts. */
export class MachinePartition implements MachineLog {
  readonly #partition: Partition
  readonly #leaderEpoch: number

  constructor(partition: Partition) {
    this.#partition = partition
    this.#leaderEpoch = partition.leaderEpoch
  }

  get endOffset(): number {
    return this.#partition.log.endOffset
  }

  get highWatermark(): number {
    return this.#partition.highWatermark
  }

  refusal(): Refusal | null {
    const partition = this.#partition
    if (partition.leaderEpoch !== this.#leaderEpoch || partition.checkLeader(NO_EPOCH) !== 0)
      return 'not-leader'
    return partition.isDraining || partition.log.refusal() !== null ? 'unavailable' : null
  }

  append(batch: Buffer): number {
    const appended = this.#partition.appendOwn(batch)
    if ('endOffset' in appended) return appended.endOffset
    throw new AppendRefusedError(`${this.#partition.topic}-${this.#partition.index}: ${appended.message}`)
  }

  onCommit(callback: () => void): void {
    this.#partition.onCommit(callback)
  }

  async replay(each: (batch: Buffer) => void): Promise<void> {
    const { log } = this.#partition
    // What a machine before has appended may still be queued, and will be in the log: on a full disk, when there is room.
    await log.flushAll()
    await log.forEachBatchFrom(log.startOffset, (buffer, position) => {
      each(buffer.subarray(position, position + batchBytes(buffer, position)))
    })
  }
}
