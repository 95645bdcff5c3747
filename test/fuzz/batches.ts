import { compress, isDecompressionError } from '../../src/protocol/compression.ts'
import { BATCH_HEADER_BYTES, COMPRESSIONS, sealBatch } from '../../src/protocol/record-batch.ts'
import {
  type DecodedRecord,
  decodeRecords,
  encodeBatch,
  MalformedRecordsError,
} from '../../src/protocol/records.ts'
import { withBody } from '../../src/protocol/records-body.ts'
import type { Chance } from './chance.ts'
import { mutated } from './mutation.ts'

/** A batch as a client might send it: whole. */
export function randomBatch(
  chance: Chance,
  now = 1_700_000_000_000,
  compression = chance.pick(COMPRESSIONS),
): Buffer {
  const idempotent = chance.is(0.2)
  return encodeBatch({
    compression,
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
  if (chance.is(0.3)) return withChangedRecords(chance)
  const changed = mutated(chance, batch)
  if (changed.length >= 61 && chance.is(0.6)) {
    if (chance.is(0.7)) changed.writeInt32BE(changed.length - 12, 8)
    sealWithin(changed)
  }
  return changed
}

/** A batch whose records were changed before they were packed: its block is whole, and so is its frame. */
function withChangedRecords(chance: Chance): Buffer {
  const plain = randomBatch(chance, undefined, 'none')
  const records = mutated(chance, plain.subarray(BATCH_HEADER_BYTES))
  const codec = chance.pick(COMPRESSIONS)
  return withBody(plain, 0, codec === 'none' ? records : compress(codec, records), codec)
}

function sealWithin(batch: Buffer): void {
  const byteLength = batch.readInt32BE(8) + 12
  if (byteLength >= 61 && byteLength <= batch.length) sealBatch(batch, 0)
}

/** The records of a batch, by the decoder of readers; null where they can't be read. */
export function recordsOf(batch: Buffer): readonly DecodedRecord[] | null {
  try {
    return decodeRecords(batch)
  } catch (error) {
    if (error instanceof MalformedRecordsError || isDecompressionError(error)) return null
    throw error
  }
}
