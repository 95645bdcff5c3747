import { crc32c } from '../protocol/crc32c.ts'
import { type OpenFile, writeFully } from './file-system.ts'
import type { TakenSnapshot } from './log-context.ts'
import { PRODUCER_BATCHES_KEPT, type ProducerSlab, SLAB_PRODUCERS } from './producer-slab.ts'
import {
  PRODUCER_ENTRY_BYTES,
  PRODUCER_HEADER_BYTES,
  producerSnapshotCrc,
  producerSnapshotHeader,
  setProducerSnapshotCrc,
} from './producer-snapshot.ts'

/** The most that a slab takes, and what is encoded at once: some 5,000 entries, a fraction of a millisecond. */
const SLAB_BYTES_MAX = SLAB_PRODUCERS * PRODUCER_BATCHES_KEPT * PRODUCER_ENTRY_BYTES
const CHUNK_BYTES = 4 * SLAB_BYTES_MAX

/**
 * What was known of a partition's producers at one moment: it holds the slabs as they were then, and whoever changes one
 * changes a copy. A producer is written once for each of its batches that a repetition is recognized among, oldest first.
 * Kafka keeps the last only, so that after a crash it refuses the repetition of one before; it reads this too, since the
 * last entry of a producer counts there.
 */
export class TakenProducers implements TakenSnapshot {
  #slabs: readonly ProducerSlab[]

  /** Holds the slabs until it is released. */
  constructor(slabs: readonly ProducerSlab[]) {
    this.#slabs = slabs
    for (const slab of slabs) slab.holders++
  }

  async writeTo(file: OpenFile): Promise<void> {
    const slabs = this.#slabs
    const count = slabs.reduce((sum, slab) => sum + slab.entryCount, 0)
    const header = producerSnapshotHeader(count)
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, count * PRODUCER_ENTRY_BYTES))
    let crc = producerSnapshotCrc(header)
    let length = 0
    let position = PRODUCER_HEADER_BYTES
    for (let index = 0; index < slabs.length; index++) {
      length = slabs[index]!.encode(chunk, length)
      const nextBytes = (slabs[index + 1]?.entryCount ?? 0) * PRODUCER_ENTRY_BYTES
      const isLast = index === slabs.length - 1
      if (!isLast && length + nextBytes <= chunk.length) continue
      crc = crc32c(chunk, 0, length, crc)
      if (isLast) break
      await writeFully(file, [chunk.subarray(0, length)], position)
      position += length
      length = 0
    }
    setProducerSnapshotCrc(header, crc)
    const last = chunk.subarray(0, length)
    if (position === PRODUCER_HEADER_BYTES) return writeFully(file, [header, last], 0)
    await writeFully(file, [last], position)
    await writeFully(file, [header], 0)
  }

  release(): void {
    for (const slab of this.#slabs) slab.holders--
    this.#slabs = []
  }
}
