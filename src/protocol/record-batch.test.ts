import { describe, expect, it } from 'vitest'
import { writeInt16, writeInt32, writeInt64 } from '../base/bytes.ts'
import { readFixtures } from './fixtures/fixture.ts'
import {
  addToSequence,
  BATCH_HEADER_BYTES,
  batchAttributes,
  batchBaseOffset,
  batchBaseSequence,
  batchBaseTimestamp,
  batchBytes,
  batchCompression,
  batchCrc,
  batchHasDeleteHorizon,
  batchHasLogAppendTime,
  batchIsControl,
  batchIsTransactional,
  batchLastOffset,
  batchLastSequence,
  batchLeaderEpoch,
  batchMagic,
  batchMaxTimestamp,
  batchNextOffset,
  batchProducerEpoch,
  batchProducerId,
  batchRecordCount,
  checkBatchCrc,
  checkBatchShape,
  checkProducedBatch,
  onlyOneBatch,
  sealBatch,
  stampBatch,
  stampCreateTime,
  stampLogAppendTime,
} from './record-batch.ts'
import { type BatchInput, encodeBatch } from './records.ts'

const RECORDS = [
  { timestamp: 1000, key: Buffer.from('k'), value: Buffer.from('one') },
  { timestamp: 3000, key: null, value: Buffer.from('two') },
  { timestamp: 2000, key: null, value: null },
]

function batchOf(input: Partial<BatchInput> = {}): Buffer {
  return encodeBatch({ records: RECORDS, ...input })
}

/** A produced batch with bytes changed and, unless told otherwise, sealed again. */
function changed(change: (batch: Buffer) => void, sealed = true): Buffer {
  const batch = batchOf()
  change(batch)
  if (sealed) sealBatch(batch, 0)
  return batch
}

function produced(batch: Buffer): string | null {
  return checkProducedBatch(batch, 0, batch.length)
}

describe('accessors', () => {
  it('read every field, wherever the batch lies', () => {
    const batch = batchOf({
      baseOffset: 2 ** 40 + 7,
      leaderEpoch: 12,
      producerId: 2 ** 45 + 1,
      producerEpoch: 77,
      baseSequence: 2 ** 31 - 2,
      isTransactional: true,
      compression: 'gzip',
    })
    const buffer = Buffer.concat([Buffer.alloc(5, 0xff), batch, Buffer.alloc(5, 0xff)])
    const read = {
      baseOffset: batchBaseOffset(buffer, 5),
      bytes: batchBytes(buffer, 5),
      leaderEpoch: batchLeaderEpoch(buffer, 5),
      magic: batchMagic(buffer, 5),
      lastOffset: batchLastOffset(buffer, 5),
      nextOffset: batchNextOffset(buffer, 5),
      baseTimestamp: batchBaseTimestamp(buffer, 5),
      maxTimestamp: batchMaxTimestamp(buffer, 5),
      producerId: batchProducerId(buffer, 5),
      producerEpoch: batchProducerEpoch(buffer, 5),
      baseSequence: batchBaseSequence(buffer, 5),
      count: batchRecordCount(buffer, 5),
      compression: batchCompression(buffer, 5),
      isTransactional: batchIsTransactional(buffer, 5),
      isControl: batchIsControl(buffer, 5),
      hasLogAppendTime: batchHasLogAppendTime(buffer, 5),
      hasDeleteHorizon: batchHasDeleteHorizon(buffer, 5),
    }
    expect(read).toEqual({
      baseOffset: 2 ** 40 + 7,
      bytes: batch.length,
      leaderEpoch: 12,
      magic: 2,
      lastOffset: 2 ** 40 + 9,
      nextOffset: 2 ** 40 + 10,
      baseTimestamp: 1000,
      maxTimestamp: 3000,
      producerId: 2 ** 45 + 1,
      producerEpoch: 77,
      baseSequence: 2 ** 31 - 2,
      count: 3,
      compression: 'gzip',
      isTransactional: true,
      isControl: false,
      hasLogAppendTime: false,
      hasDeleteHorizon: false,
    })
  })

  it('G2: sequences wrap from 2^31-1 to 0, also inside a batch', () => {
    expect(
      batchLastSequence(batchOf({ producerId: 1, producerEpoch: 0, baseSequence: 2 ** 31 - 2 }), 0),
    ).toBe(0)
    expect(
      batchLastSequence(batchOf({ producerId: 1, producerEpoch: 0, baseSequence: 2 ** 31 - 3 }), 0),
    ).toBe(2 ** 31 - 1)
    expect(batchLastSequence(batchOf(), 0)).toBe(-1)
    expect(addToSequence(2 ** 31 - 1, 1)).toBe(0)
  })

  it('name a codec that does not exist by its code', () => {
    expect(
      batchCompression(
        changed((batch) => writeInt16(batch, 21, 6)),
        0,
      ),
    ).toBe(6)
  })
})

describe('stamps', () => {
  it('D2: base offset and leader epoch lie outside the CRC', () => {
    const batch = batchOf()
    const crc = batchCrc(batch, 0)
    stampBatch(batch, 0, 2 ** 33 + 5, 9)
    expect([batchBaseOffset(batch, 0), batchLeaderEpoch(batch, 0)]).toEqual([2 ** 33 + 5, 9])
    expect(batchCrc(batch, 0)).toBe(crc)
    expect(checkBatchCrc(batch, 0)).toBe(true)
  })

  it('D2, D8: log append time sets the bit, the max timestamp and the CRC', () => {
    const batch = batchOf()
    const crc = batchCrc(batch, 0)
    stampLogAppendTime(batch, 0, 1_700_000_000_123)
    expect(batchHasLogAppendTime(batch, 0)).toBe(true)
    expect(batchMaxTimestamp(batch, 0)).toBe(1_700_000_000_123)
    expect(batchBaseTimestamp(batch, 0)).toBe(1000)
    expect(batchCrc(batch, 0)).not.toBe(crc)
    expect(checkBatchCrc(batch, 0)).toBe(true)
  })

  it('takes back the bit that a producer set, and leaves other batches alone', () => {
    const plain = batchOf()
    const claimed = batchOf({ timestampType: 'LogAppendTime' })
    stampCreateTime(claimed, 0, batchMaxTimestamp(plain, 0))
    expect(claimed.equals(plain)).toBe(true)
    const sealed = Buffer.from(plain)
    sealed[17]! ^= 1
    const before = Buffer.from(sealed)
    stampCreateTime(sealed, 0, batchMaxTimestamp(plain, 0))
    expect(sealed.equals(before)).toBe(true)
  })

  it.each([-1, 0, 5, 1_700_000_000_777, 2 ** 53])(
    'makes %d the max timestamp, under a CRC that holds',
    (max) => {
      const batch = batchOf()
      stampCreateTime(batch, 0, max)
      expect(batchMaxTimestamp(batch, 0)).toBe(max)
      expect(checkBatchCrc(batch, 0)).toBe(true)
    },
  )

  it('leaves a max timestamp alone that is right as far as a number can tell', () => {
    const batch = batchOf()
    const nanoseconds = Buffer.from('1796a8b1e5d2c301', 'hex')
    nanoseconds.copy(batch, 35)
    sealBatch(batch, 0)
    stampCreateTime(batch, 0, batchMaxTimestamp(batch, 0) + 256)
    expect(batch.subarray(35, 43).equals(nanoseconds)).toBe(true)
    stampCreateTime(batch, 0, batchMaxTimestamp(batch, 0) + 1_000_000)
    expect(batch.subarray(35, 43).equals(nanoseconds)).toBe(false)
  })
})

describe('checkBatchShape', () => {
  it('passes batches of real producers, and those that compaction thinned or emptied', () => {
    for (const batch of readFixtures('batches').values()) {
      expect(checkBatchShape(batch, 0, batch.length)).toBe(null)
      expect(checkBatchCrc(batch, 0)).toBe(true)
    }
    const thinned = changed((batch) => writeInt32(batch, 23, 90))
    expect(checkBatchShape(thinned, 0, thinned.length)).toBe(null)
    const emptied = changed((batch) => writeInt32(batch, 57, 0))
    expect(checkBatchShape(emptied, 0, emptied.length)).toBe(null)
  })

  it.each<[string, (batch: Buffer) => void]>([
    ['bad-magic', (batch) => batch.writeInt8(1, 16)],
    ['bad-length', (batch) => writeInt32(batch, 8, 48)],
    ['bad-length', (batch) => writeInt32(batch, 8, -1)],
    ['bad-length', (batch) => writeInt32(batch, 8, -(2 ** 31))],
    ['truncated', (batch) => writeInt32(batch, 8, 2 ** 31 - 1)],
    ['bad-offset', (batch) => writeInt64(batch, 0, -1)],
    ['bad-count', (batch) => writeInt32(batch, 57, 4)],
    ['bad-count', (batch) => writeInt32(batch, 57, -1)],
    ['bad-count', (batch) => writeInt32(batch, 23, -1)],
    ['bad-compression', (batch) => writeInt16(batch, 21, 5)],
  ])('says %s', (fault, change) => {
    const batch = batchOf()
    change(batch)
    expect(checkBatchShape(batch, 0, batch.length)).toBe(fault)
  })

  it('says that every truncation is one', () => {
    const batch = batchOf()
    for (let end = 0; end < batch.length; end++) expect(checkBatchShape(batch, 0, end)).toBe('truncated')
  })
})

describe('checkProducedBatch', () => {
  it('passes batches of real producers', () => {
    for (const batch of readFixtures('batches').values()) {
      const asProduced = Buffer.from(batch)
      stampBatch(asProduced, 0, 0, -1)
      expect(produced(asProduced)).toBe(null)
    }
  })

  it.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['a cut header', batchOf().subarray(0, 30)],
    ['a cut batch', batchOf().subarray(0, -1)],
    ['a batch and a byte', Buffer.concat([batchOf(), Buffer.alloc(1)])],
    ['two batches', Buffer.concat([batchOf(), batchOf()])],
    ['magic 0', changed((batch) => batch.writeInt8(0, 16))],
    ['magic 1', changed((batch) => batch.writeInt8(1, 16))],
  ])('D1: %s is not one batch of format 2', (_name, bytes) => {
    expect(produced(bytes)).toBe('invalid-record')
  })

  it.each<[string, Buffer]>([
    ['a flipped bit', changed((batch) => batch.writeUInt8(batch[80]! ^ 1, 80), false)],
    ['a wrong CRC together with a wrong count', changed((batch) => writeInt32(batch, 57, 9), false)],
    ['magic 3', changed((batch) => batch.writeInt8(3, 16))],
    ['a length below the header', changed((batch) => writeInt32(batch, 8, 48), false)],
    ['a negative length', changed((batch) => writeInt32(batch, 8, -100), false)],
  ])('D3: %s is damage', (_name, bytes) => {
    expect(produced(bytes)).toBe('corrupt')
  })

  it.each<[string, (batch: Buffer) => void]>([
    ['no record', (batch) => writeInt32(batch, 57, 0)],
    ['a negative count', (batch) => writeInt32(batch, 57, -3)],
    ['a count that the last offset delta contradicts', (batch) => writeInt32(batch, 23, 7)],
    ['a negative last offset delta', (batch) => writeInt32(batch, 23, -1)],
    ['a base offset', (batch) => writeInt64(batch, 0, 1)],
    ['the control bit', (batch) => writeInt16(batch, 21, 0x20)],
    ['a producer id without a sequence', (batch) => writeInt64(batch, 43, 5)],
  ])('D4: %s is refused', (_name, change) => {
    expect(produced(changed(change))).toBe('invalid-record')
  })

  it('refuses codecs that do not exist, and lets attribute bits through that mean nothing yet', () => {
    expect(produced(changed((batch) => writeInt16(batch, 21, 7)))).toBe('unsupported-compression')
    const later = changed((batch) => writeInt16(batch, 21, 0x4080))
    expect(produced(later)).toBe(null)
    expect(batchAttributes(later, 0)).toBe(0x4080)
  })

  it('returns for every truncation, every flipped bit and every length', () => {
    const batch = batchOf()
    for (let end = 0; end < batch.length; end++)
      expect(checkProducedBatch(batch, 0, end)).toBe('invalid-record')
    for (let bit = 0; bit < batch.length * 8; bit++) {
      const flipped = Buffer.from(batch)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      const isOutsideCrc = bit >> 3 >= 12 && bit >> 3 < 16
      expect(produced(flipped) === null).toBe(isOutsideCrc)
    }
  })

  it('knows one batch by its length', () => {
    const batch = batchOf()
    expect(onlyOneBatch(batch, 0, batch.length)).toBe(true)
    expect(onlyOneBatch(Buffer.concat([batch, batch]), batch.length, 2 * batch.length)).toBe(true)
    expect(onlyOneBatch(Buffer.concat([batch, batch]), 0, 2 * batch.length)).toBe(false)
    expect(onlyOneBatch(batch, 0, BATCH_HEADER_BYTES - 1)).toBe(false)
  })
})
