import { batchIsTransactional, batchProducerEpoch, batchProducerId } from '../../protocol/record-batch.ts'
import type { ProducerStates } from '../../storage/producer-state.ts'

/** Leave for one producer epoch to begin a transaction in one partition. Void when it is taken back. */
export interface Admission {
  readonly producerId: number
  readonly producerEpoch: number
  /** Asked for on behalf of a client whose transactions begin with sequence 0 (KIP-890). */
  readonly startsAtZero: boolean
}

/**
 * Who may begin a transaction in a partition although the coordinator was asked a moment ago: whatever ends the
 * producer's transaction here in between takes the leave back, so that no record is left open behind the marker that
 * was to close it (KIP-890). Taken before the coordinator is asked, used with the append.
 */
export class Admissions {
  readonly #byProducer = new Map<number, Set<Admission>>()

  get count(): number {
    return this.#byProducer.size
  }

  begin(producerId: number, producerEpoch: number, startsAtZero: boolean): Admission {
    const admission = { producerId, producerEpoch, startsAtZero }
    const others = this.#byProducer.get(producerId)
    if (others === undefined) this.#byProducer.set(producerId, new Set([admission]))
    else others.add(admission)
    return admission
  }

  isValid(admission: Admission): boolean {
    return this.#byProducer.get(admission.producerId)?.has(admission) ?? false
  }

  /** It has served, or is not needed. */
  end(admission: Admission): void {
    const others = this.#byProducer.get(admission.producerId)
    if (others === undefined) return
    others.delete(admission)
    if (others.size === 0) this.#byProducer.delete(admission.producerId)
  }

  /** A marker of the producer has been written. */
  revoke(producerId: number): void {
    this.#byProducer.delete(producerId)
  }
}

/** Whether the batch may be appended as far as transactions go: it is in none, in an open one, or may begin one. */
export function isAdmitted(
  batch: Buffer,
  admission: Admission | null,
  admissions: Admissions,
  producers: ProducerStates,
): boolean {
  if (!batchIsTransactional(batch, 0)) return true
  const producerId = batchProducerId(batch, 0)
  const epoch = batchProducerEpoch(batch, 0)
  if (producers.isInTransaction(producerId, epoch)) return true
  if (admission === null || !admissions.isValid(admission)) return false
  return admission.producerId === producerId && admission.producerEpoch === epoch
}
