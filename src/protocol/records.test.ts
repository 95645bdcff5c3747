import { beforeAll, describe, expect, it } from 'vitest'
import { writeInt32, writeInt64 } from '../base/bytes.ts'
import { DecompressionError, loadCompression } from './compression.ts'
import { encodeEndTransactionMarker, readEndTransactionMarker } from './control-record.ts'
import { readFixtures } from './fixtures/fixture.ts'
import {
  BATCH_HEADER_BYTES,
  batchBaseSequence,
  batchIsControl,
  batchIsTransactional,
  batchProducerEpoch,
  batchProducerId,
  COMPRESSIONS,
  checkProducedBatch,
  sealBatch,
  stampBatch,
  stampLogAppendTime,
} from './record-batch.ts'
import {
  checkRecords,
  decodeRecords,
  encodeBatch,
  firstRecordAtOrAfter,
  MalformedRecordsError,
  maxTimestampRecord,
  RecordCursor,
  type RecordFault,
} from './records.ts'

const HEADERS = [
  { key: 'name', value: Buffer.from('first') },
  { key: 'empty', value: Buffer.alloc(0) },
  { key: 'name', value: Buffer.from('second') },
  { key: 'nothing', value: null },
  { key: 'ключ', value: Buffer.from([0, 255]) },
]

const RECORDS = [
  { timestamp: 1_700_000_000_000, key: Buffer.from('k'), value: Buffer.from('v'), headers: HEADERS },
  { timestamp: 1_700_000_000_005, key: null, value: Buffer.alloc(0), headers: [] },
  { timestamp: 1_699_999_999_000, key: Buffer.alloc(0), value: null, headers: [] },
  { timestamp: 1_700_000_000_005, key: null, value: Buffer.alloc(5_000, 'x'), headers: [] },
]

/** A sealed batch of `count` records whose body is `body`. */
function rawBatch(body: readonly number[], count = 1): Buffer {
  const whole = encodeBatch({ records: [{ timestamp: 5, key: null, value: null }] })
  const batch = Buffer.concat([whole.subarray(0, BATCH_HEADER_BYTES), Buffer.from(body)])
  writeInt32(batch, 8, batch.length - 12)
  writeInt32(batch, 23, count - 1)
  writeInt32(batch, 57, count)
  sealBatch(batch, 0)
  return batch
}

beforeAll(loadCompression)

describe('encodeBatch and decodeRecords', () => {
  it.each(COMPRESSIONS)('D14: null, empty, repeated and non-ASCII survive a trip (%s)', (compression) => {
    const batch = encodeBatch({ compression, records: RECORDS })
    expect(checkProducedBatch(batch, 0, batch.length)).toBe(null)
    stampBatch(batch, 0, 1000, 3)
    const buffer = Buffer.concat([Buffer.alloc(7), batch, Buffer.alloc(7)])
    expect(decodeRecords(buffer, 7)).toEqual(
      RECORDS.map((record, index) => ({ ...record, offset: 1000 + index })),
    )
  })

  it('keeps timestamps as far apart as JavaScript can count them, and none at all', () => {
    const timestamps = [0, 2 ** 52, 1, 2 ** 31, 2 ** 28, 2 ** 27, 2 ** 35, -1]
    const batch = encodeBatch({
      records: timestamps.map((timestamp) => ({ timestamp, key: null, value: null })),
    })
    expect(decodeRecords(batch).map((record) => record.timestamp)).toEqual(timestamps)
    expect(decodeRecords(encodeBatch({ records: [{ key: null, value: null }] }))[0]!.timestamp).toBe(-1)
  })

  it('gives every record the broker’s time in a batch with log append time (D8)', () => {
    const batch = encodeBatch({ records: RECORDS })
    stampLogAppendTime(batch, 0, 42)
    expect(new Set(decodeRecords(batch).map((record) => record.timestamp))).toEqual(new Set([42]))
  })

  it.each([...readFixtures('batches')])('reads what %s wrote', (name, batch) => {
    const long = Buffer.from('ab'.repeat(35_000))
    const key = (text: string): Buffer => Buffer.from(text)
    const records = decodeRecords(batch)
    expect(records.pop()!.value!.equals(long)).toBe(true)
    expect(records.map(({ offset, key, value }) => ({ offset, key, value }))).toEqual([
      { offset: 0, key: key('first'), value: Buffer.from('the quick brown fox') },
      { offset: 1, key: null, value: Buffer.from('no key') },
      { offset: 2, key: key('gone'), value: null },
      { offset: 3, key: key('blank'), value: name.startsWith('kcat') ? null : Buffer.alloc(0) },
    ])
    const headers = records[3]!.headers.map((header) => `${header.key}=${header.value}`).sort()
    const nothing = name.startsWith('java') || name.startsWith('kcat') ? ['nothing=null'] : []
    expect(headers).toEqual(['empty=', 'name=first', 'name=second', ...nothing])
    expect(records[0]!.timestamp).toBeGreaterThan(1_700_000_000_000)
  })

  it('throws what is wrong by its name', () => {
    expect(() => decodeRecords(rawBatch([2, 0]))).toThrow(MalformedRecordsError)
    const damaged = encodeBatch({ compression: 'gzip', records: RECORDS })
    damaged[80]! ^= 0xff
    expect(() => decodeRecords(damaged)).toThrow(DecompressionError)
    expect(checkRecords(damaged)).toBe('bad-compression')
  })
})

describe('RecordCursor', () => {
  // length, attributes, timestamp delta, offset delta, key, value, header count
  it.each<[RecordFault, readonly number[], number]>([
    ['bad-length', [2, 0], 1],
    ['bad-length', [0x80, 0x80, 0x04, 0, 0, 0, 1, 1, 0], 1],
    ['bad-length', [1, 0, 0, 0, 1, 1, 0], 1],
    ['bad-length', [14, 0, 0, 0, 1, 1, 0, 0], 1],
    ['truncated', [12, 0, 0, 0, 20, 1, 0], 1],
    ['truncated', [12, 0, 0, 0, 1, 2, 0x61], 1],
    ['truncated', [12, 0, 0x80, 0x80, 0x80, 0x80, 0x80], 1],
    ['truncated', [], 1],
    ['bad-varint', [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0, 0, 0, 0, 0, 0], 1],
    ['bad-headers', [12, 0, 0, 0, 1, 1, 1], 1],
    ['bad-headers', [12, 0, 0, 0, 1, 1, 8], 1],
    ['bad-headers', [16, 0, 0, 0, 1, 1, 2, 1, 1], 1],
    ['bad-offset', [12, 0, 0, 2, 1, 1, 0], 1],
    ['bad-offset', [12, 0, 0, 1, 1, 1, 0], 1],
    ['bad-offset', [12, 0, 0, 0, 1, 1, 0, 12, 0, 0, 0, 1, 1, 0], 2],
    ['trailing-bytes', [12, 0, 0, 0, 1, 1, 0, 9], 1],
  ])('says %s of %j', (fault, body, count) => {
    expect(checkRecords(rawBatch(body, count))).toBe(fault)
  })

  it('passes the least record, and any negative length as null', () => {
    expect(checkRecords(rawBatch([12, 0, 0, 0, 1, 1, 0]))).toBe(null)
    const cursor = new RecordCursor(rawBatch([12, 0, 0, 0, 3, 5, 0]))
    expect([cursor.next(), cursor.keyLength, cursor.valueLength, cursor.next(), cursor.fault]).toEqual([
      true,
      -1,
      -1,
      false,
      null,
    ])
  })

  it('returns for every truncation and every flipped bit of the records', () => {
    const batch = encodeBatch({ records: RECORDS.slice(0, 3) })
    for (let bit = BATCH_HEADER_BYTES * 8; bit < batch.length * 8; bit++) {
      const flipped = Buffer.from(batch)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      const cursor = new RecordCursor(flipped)
      while (cursor.next()) while (cursor.nextHeader());
    }
    for (let end = BATCH_HEADER_BYTES; end < batch.length; end++) {
      const cut = Buffer.from(batch.subarray(0, end))
      writeInt32(cut, 8, end - 12)
      expect(checkRecords(cut)).not.toBe(null)
    }
  })

  it('can be reset to another batch', () => {
    const cursor = new RecordCursor(rawBatch([2, 0]))
    expect(cursor.next()).toBe(false)
    cursor.reset(encodeBatch({ baseOffset: 7, records: RECORDS }))
    expect(cursor.next()).toBe(true)
    const names: string[] = []
    while (cursor.nextHeader())
      names.push(
        cursor.bytes.toString(
          'utf8',
          cursor.headerKeyPosition,
          cursor.headerKeyPosition + cursor.headerKeyLength,
        ),
      )
    expect(names).toEqual(HEADERS.map((header) => header.key))
    expect([cursor.next(), cursor.offset, cursor.nextHeader()]).toEqual([true, 8, false])
    expect(cursor.bytes.subarray(cursor.recordPosition, cursor.recordEnd).length).toBe(7)
  })
})

describe('times', () => {
  it.each(COMPRESSIONS)('E13: finds the first record at or after a time (%s)', (compression) => {
    const batch = encodeBatch({ baseOffset: 10, compression, records: RECORDS })
    expect(firstRecordAtOrAfter(batch, 0, 0)).toEqual({ offset: 10, timestamp: 1_700_000_000_000 })
    expect(firstRecordAtOrAfter(batch, 0, 1_700_000_000_001)).toEqual({
      offset: 11,
      timestamp: 1_700_000_000_005,
    })
    expect(firstRecordAtOrAfter(batch, 0, 0, 12)).toEqual({ offset: 12, timestamp: 1_699_999_999_000 })
    expect(firstRecordAtOrAfter(batch, 0, 1_700_000_000_006)).toBe(null)
    expect(firstRecordAtOrAfter(rawBatch([2, 0]), 0, 0)).toBe(null)
  })

  it('E13: finds the first record with the latest time', () => {
    const batch = encodeBatch({ baseOffset: 10, records: RECORDS })
    expect(maxTimestampRecord(batch, 0)).toEqual({ offset: 11, timestamp: 1_700_000_000_005 })
    stampLogAppendTime(batch, 0, 99)
    expect(maxTimestampRecord(batch, 0)).toEqual({ offset: 10, timestamp: 99 })
    expect(maxTimestampRecord(rawBatch([2, 0]), 0)).toBe(null)
  })
})

describe('markers', () => {
  it.each([true, false])('E12: ends a transaction as Kafka does (committed: %s)', (committed) => {
    const marker = encodeEndTransactionMarker({
      committed,
      coordinatorEpoch: 5,
      producerId: 9,
      producerEpoch: 2,
      timestamp: 7,
    })
    expect(batchIsControl(marker, 0) && batchIsTransactional(marker, 0)).toBe(true)
    expect([batchProducerId(marker, 0), batchProducerEpoch(marker, 0), batchBaseSequence(marker, 0)]).toEqual(
      [9, 2, -1],
    )
    const [record, ...others] = decodeRecords(marker)
    expect(others).toEqual([])
    expect(record!.key!.toString('hex')).toBe(committed ? '00000001' : '00000000')
    expect(record!.value!.toString('hex')).toBe('000000000005')
    expect(readEndTransactionMarker(marker, 0)).toEqual({ committed, coordinatorEpoch: 5 })
  })

  it('is nothing else', () => {
    const data = { timestamp: 1, key: Buffer.from([0, 0, 0, 1]), value: Buffer.alloc(6) }
    const read = (batch: Buffer): unknown => readEndTransactionMarker(batch, 0)
    expect(read(encodeBatch({ isTransactional: true, records: [data] }))).toBe(null)
    expect(read(encodeBatch({ isControl: true, records: [data] }))).toBe(null)
    const both = { isControl: true, isTransactional: true }
    expect(read(encodeBatch({ ...both, records: [{ ...data, key: Buffer.from([0, 0, 0, 2]) }] }))).toBe(null)
    expect(read(encodeBatch({ ...both, records: [{ ...data, value: null }] }))).toBe(null)
    const damaged = encodeBatch({ ...both, records: [data] })
    writeInt64(damaged, 61, -1)
    expect(read(damaged)).toBe(null)
  })
})
