import { COMPRESSIONS, sealBatch } from '../../src/protocol/record-batch.ts'
import { encodeBatch } from '../../src/protocol/records.ts'
import type { Chance } from './chance.ts'
import { mutated } from './mutation.ts'

/** A batch as a client might send it: whole. */
export function randomBatch(chance: Chance, now = 1_700_000_000_000): Buffer {
  const idempotent = chance.is(0.2)
  return encodeBatch({
    compression: chance.pick(COMPRESSIONS),
    isTransactional: chance.is(0.05),
    ...(idempotent
      ? { producerId: chance.below(4), producerEpoch: chance.below(2), baseSequence: chance.below(3) }
      : {}),
    records: Array.from({ length: 1 + chance.length(30) }, () => ({
      timestamp: now + chance.below(1000),
      key: chance.is(0.2) ? null : chance.bytes(chance.length(20)),
      value: chance.is(0.1) ? null : Buffer.alloc(chance.length(300), chance.below(256)),
      headers: chance.is(0.2) ? [{ key: 'header', value: chance.is(0.3) ? null : chance.bytes(5) }] : [],
    })),
  })
}

/** A batch that is whole, changed, or changed with a checksum that vouches for it. */
export function hostileBatch(chance: Chance): Buffer {
  const batch = randomBatch(chance)
  if (chance.is(0.3)) return batch
  const changed = mutated(chance, batch)
  if (changed.length >= 61 && chance.is(0.6)) {
    if (chance.is(0.7)) changed.writeInt32BE(changed.length - 12, 8)
    sealWithin(changed)
  }
  return changed
}

function sealWithin(batch: Buffer): void {
  const byteLength = batch.readInt32BE(8) + 12
  if (byteLength >= 61 && byteLength <= batch.length) sealBatch(batch, 0)
}
