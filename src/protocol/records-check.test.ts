import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { writeInt32 } from '../base/bytes.ts'
import { compress, DECOMPRESSION_LIMITS, loadCompression, UnpackScratch } from './compression.ts'
import { readFixtures } from './fixtures/fixture.ts'
import {
  BATCH_HEADER_BYTES,
  COMPRESSIONS,
  type Compression,
  compressionCode,
  sealBatch,
} from './record-batch.ts'
import { RecordCursor } from './record-cursor.ts'
import { decodeRecords, encodeBatch, type RecordFault } from './records.ts'
import { judgeRecords, NO_DEMANDS, type RecordDemands, type RecordsVerdict } from './records-check.ts'

const scratch = new UnpackScratch(1 << 20)
const TIME = 1_700_000_000_000

function judged(batch: Buffer, demands: RecordDemands = NO_DEMANDS): RecordsVerdict {
  return judgeRecords(batch, demands, DECOMPRESSION_LIMITS, scratch)
}

/** A batch that says `count` of the records in `body`, packed as `block` does. */
function batchWith(
  body: Buffer,
  {
    count = 1,
    codec = 'none' as Compression,
    block = null as Buffer | null,
    code = compressionCode(codec),
  } = {},
): Buffer {
  const header = encodeBatch({ records: [{ timestamp: TIME, key: null, value: null }] })
  const packed = block ?? (codec === 'none' ? body : compress(codec, body))
  const batch = Buffer.concat([header.subarray(0, BATCH_HEADER_BYTES), packed])
  writeInt32(batch, 8, batch.length - 12)
  batch[22] = code
  writeInt32(batch, 23, count - 1)
  writeInt32(batch, 57, count)
  sealBatch(batch, 0)
  return batch
}

interface Parts {
  size?: number[]
  attributes?: number
  timestamp?: number[]
  offset?: number[]
  key?: number[]
  value?: number[]
  headers?: number[]
  behind?: number[]
}

/** A length as it is written, below 2^13. */
function lengthOf(bytes: number): number[] {
  return bytes < 0x40 ? [bytes * 2] : [((bytes * 2) & 0x7f) | 0x80, bytes >> 6]
}

/** The bytes of a record, key "k" and value "v", in which parts are as said. Numbers are zig-zagged: 2 is one. */
function record(parts: Parts = {}): Buffer {
  const body = [
    parts.attributes ?? 0,
    ...(parts.timestamp ?? [0]),
    ...(parts.offset ?? [0]),
    ...(parts.key ?? [2, 0x6b]),
    ...(parts.value ?? [2, 0x76]),
    ...(parts.headers ?? [0]),
    ...(parts.behind ?? []),
  ]
  return Buffer.from([...(parts.size ?? lengthOf(body.length)), ...body])
}

const second = (parts: Parts = {}): Buffer => record({ offset: [2], ...parts })
const pair = Buffer.concat([record(), second()])
const padded = (bytes: number, last = 0): number[] => [...new Array<number>(bytes - 1).fill(0x80), last]

beforeAll(loadCompression)

describe.each(COMPRESSIONS)('records that a producer sends (%s)', (codec) => {
  // As Kafka 4.3 takes them.
  it.each<[string, Buffer, number]>([
    ['the least record', record({ key: [1], value: [1] }), 1],
    ['two records', pair, 2],
    ['attributes that mean nothing', record({ attributes: 0xff }), 1],
    ['an offset delta in five bytes', record({ offset: padded(5) }), 1],
    ['bits of an offset delta beyond 32', record({ offset: padded(5, 0x70) }), 1],
    ['a timestamp delta in ten bytes', record({ timestamp: padded(10) }), 1],
    ['any negative length as null', record({ key: [3], value: [9] }), 1],
    ['a header without a value', record({ headers: [2, 2, 0x68, 3] }), 1],
    ['a header with an empty name', record({ headers: [2, 0, 2, 0x78] }), 1],
  ])('takes %s', (_, body, count) => {
    const batch = batchWith(body, { count, codec })
    expect(judged(batch)).toMatchObject({ fault: null, refused: [], bytes: body.length })
    expect(decodeRecords(batch).length).toBe(count)
  })

  // As Kafka 4.3 refuses them, except: it takes an offset delta that is not the record's place from a plain batch, and a
  // wrong size from a compressed one.
  it.each<[RecordFault, string, Buffer, number, number]>([
    ['bad-varint', 'an offset delta in six bytes', record({ offset: padded(6) }), 1, 0],
    ['bad-varint', 'a timestamp delta in eleven bytes', record({ timestamp: padded(11) }), 1, 0],
    ['bad-varint', 'a size in six bytes', record({ size: padded(6) }), 1, 0],
    ['bad-length', 'a size that is too small', record({ size: [6] }), 1, 0],
    ['bad-length', 'a byte behind the headers', record({ behind: [0x7a] }), 1, 0],
    ['bad-length', 'a size beyond the batch', record({ size: [0xd0, 0x0f] }), 1, 0],
    ['bad-length', 'a negative size', record({ size: [1] }), 1, 0],
    ['bad-headers', 'a negative count of headers', record({ headers: [1] }), 1, 0],
    ['bad-headers', 'more headers than bytes', record({ headers: [0xc8, 0x01] }), 1, 0],
    ['bad-headers', 'a header without a name', record({ headers: [2, 1, 1] }), 1, 0],
    ['truncated', 'a name beyond the record', record({ headers: [2, 8, 0x68] }), 1, 0],
    ['truncated', 'a header’s value beyond the record', record({ headers: [2, 2, 0x68, 8] }), 1, 0],
    ['truncated', 'a key beyond the record', record({ key: [100, 0x6b] }), 1, 0],
    ['truncated', 'a key of 2^31 bytes', record({ key: [0xfe, 0xff, 0xff, 0xff, 0x0f, 0x6b] }), 1, 0],
    ['truncated', 'a value beyond the record', record({ value: [100, 0x76] }), 1, 0],
    ['truncated', 'a record that ends in its timestamp', record({ size: [12], timestamp: padded(8) }), 1, 0],
    ['bad-offset', 'an offset delta of 1 first', record({ offset: [2] }), 1, 0],
    ['bad-offset', 'a negative offset delta', record({ offset: [1] }), 1, 0],
    ['bad-offset', 'the same offset twice', Buffer.concat([record(), record()]), 2, 1],
    ['bad-offset', 'offsets in another order', Buffer.concat([second(), record()]), 2, 0],
    ['bad-offset', 'a gap in the offsets', Buffer.concat([record(), second({ offset: [10] })]), 2, 1],
    [
      'trailing-bytes',
      'something behind the last record',
      Buffer.concat([record(), Buffer.from('zz')]),
      1,
      -1,
    ],
    ['trailing-bytes', 'a record more than it counts', pair, 1, -1],
    ['truncated', 'a record less than it counts', pair, 3, 2],
    ['truncated', 'a count of 2^31-1', pair, 2 ** 31 - 1, 2],
    ['truncated', 'no record at all', Buffer.alloc(0), 1, 0],
  ])('says %s of %s', (fault, _, body, count, faultIndex) => {
    const batch = batchWith(body, { count, codec })
    expect(judged(batch)).toMatchObject({ fault, faultIndex, unpacking: null })
  })

  it('counts the latest of all timestamps, whatever the header says', () => {
    const times = [TIME, TIME + 700, TIME + 200, TIME - 2 ** 40]
    const batch = encodeBatch({
      compression: codec,
      records: times.map((timestamp) => ({ timestamp, key: null, value: null })),
    })
    writeInt32(batch, 35, 0x7fffffff)
    expect(judged(batch).maxTimestamp).toBe(TIME + 700)
    const without = encodeBatch({
      compression: codec,
      records: [{ timestamp: -5000, key: null, value: null }],
    })
    expect(judged(without).maxTimestamp).toBe(-1)
  })

  it('names the records without a key, and those of another time; none at all is always in time', () => {
    const key = Buffer.from('k')
    const records = [
      { timestamp: TIME, key, value: null },
      { timestamp: TIME, key: null, value: null },
      { timestamp: TIME + 1001, key, value: null },
      { timestamp: TIME - 1001, key, value: null },
      { timestamp: -1, key, value: null },
      { timestamp: TIME - 1000, key: Buffer.alloc(0), value: null },
      { timestamp: TIME + 1000, key, value: null },
      { timestamp: -2, key: null, value: null },
    ]
    const demands = { needsKey: true, timestampMin: TIME - 1000, timestampMax: TIME + 1000 }
    const { refused } = judged(encodeBatch({ compression: codec, records }), demands)
    expect(refused.map(({ index, reason }) => [index, reason])).toEqual([
      [1, 'no-key'],
      [2, 'timestamp'],
      [3, 'timestamp'],
      [7, 'no-key'],
    ])
    expect(judged(encodeBatch({ compression: codec, records }))).toMatchObject({ fault: null, refused: [] })
  })

  it('finds every truncation, and reads nothing but the batch', () => {
    const records = [0, 1, 2].map((index) => ({
      timestamp: TIME + index * 1000,
      key: Buffer.alloc(index * 70),
      value: Buffer.alloc(100),
      headers: [{ key: 'name', value: null }],
    }))
    const body = encodeBatch({ records }).subarray(BATCH_HEADER_BYTES)
    for (let end = 0; end < body.length; end++) {
      const batch = batchWith(body.subarray(0, end), { count: 3, codec })
      const around = Buffer.concat([batch, body.subarray(end), body])
      expect(judged(around.subarray(0, batch.length)).fault).not.toBe(null)
    }
    expect(judged(batchWith(body, { count: 3, codec })).fault).toBe(null)
  })
})

describe('a batch with hostile numbers anywhere', () => {
  const body = encodeBatch({
    records: [0, 1, 2].map((index) => ({
      timestamp: TIME + index * 100,
      key: Buffer.alloc(index, 'k'),
      value: Buffer.alloc(70, 'v'),
      headers: [{ key: 'n', value: Buffer.from('w') }],
    })),
  }).subarray(BATCH_HEADER_BYTES)
  const numbers = [
    [0x01],
    [0x7f],
    [0xff, 0x7f],
    [0xfe, 0xff, 0xff, 0xff, 0x0f],
    [0xff, 0xff, 0xff, 0xff, 0x0f],
    [0x80, 0x80, 0x80, 0x80, 0x10],
    [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
    [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
    new Array<number>(12).fill(0xff),
    new Array<number>(12).fill(0x80),
  ]

  /** What a reader finds: how many records, and whether it reads to the end. */
  function read(batch: Buffer): { readonly count: number; readonly isWhole: boolean } {
    const cursor = new RecordCursor(batch)
    let count = 0
    while (cursor.next()) {
      count++
      while (cursor.nextHeader()) expect(cursor.headerKeyLength).toBeGreaterThanOrEqual(0)
      expect(cursor.recordEnd).toBeLessThanOrEqual(cursor.bytes.length)
    }
    return { count, isWhole: cursor.fault === null }
  }

  it.each(['over what is there', 'in front of what is there'])(
    'is taken only where readers read it: %s',
    (how) => {
      let taken = 0
      for (let at = 0; at < body.length; at++)
        for (const number of numbers) {
          const rest = body.subarray(how.startsWith('over') ? Math.min(body.length, at + number.length) : at)
          const batch = batchWith(Buffer.concat([body.subarray(0, at), Buffer.from(number), rest]), {
            count: 3,
          })
          const verdict = judged(batch)
          if (verdict.fault !== null) continue
          taken++
          expect([at, number, read(batch)]).toEqual([at, number, { count: 3, isWhole: true }])
        }
      // Those that are put over the bytes of keys and values.
      if (how.startsWith('over')) expect(taken).toBeGreaterThan(100)
    },
  )

  it.each([-1, -(2 ** 31), 0, 1, 4, 2 ** 31 - 1])(
    'that counts %d records is not taken, and not waited for',
    (count) => {
      const batch = batchWith(body, { count: 3 })
      writeInt32(batch, 57, count)
      sealBatch(batch, 0)
      expect(judged(batch).fault).not.toBe(null)
    },
  )
})

describe.each(COMPRESSIONS.slice(1))('a block that comes to very much (%s)', (codec) => {
  it('is too large by name where it is beyond the limits, and is never unpacked beyond them', () => {
    const block = compress(codec as Exclude<Compression, 'none'>, Buffer.alloc(4_000_000))
    const limits = { bytesMax: 1_000_000, ratioMax: 1, bytesFree: 1_000_000 }
    const batch = batchWith(Buffer.alloc(0), { codec, block })
    const own = new UnpackScratch(64 * 1024)
    const before = process.memoryUsage()
    for (let count = 0; count < 20; count++)
      expect(judgeRecords(batch, NO_DEMANDS, limits, own).unpacking).toMatchObject({ kind: 'too-large' })
    const { rss } = process.memoryUsage()
    expect(rss - before.rss).toBeLessThan(64 * 1024 * 1024)
  })
})

describe('varlongs', () => {
  it.each([
    [[0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], 2 ** 63],
    [[...padded(9, 0x80), 0x7f], 2 ** 62],
    [[0x80, 0x80, 0x80, 0x80, 0x10], 2 ** 31],
  ])('%j is a number of 64 bits', (timestamp, delta) => {
    expect(judged(batchWith(record({ timestamp }))).maxTimestamp).toBe(TIME + delta)
  })
})

describe('what real producers wrote', () => {
  it.each([...readFixtures('batches')])('is taken: %s', (_, batch) => {
    const verdict = judged(batch)
    expect(verdict).toMatchObject({ fault: null, refused: [] })
    expect(verdict.maxTimestamp).toBe(Number(batch.readBigInt64BE(35)))
  })
})

describe('blocks that are none', () => {
  const body = Buffer.concat([record({ value: [...lengthOf(5000), ...new Array<number>(5000).fill(7)] })])
  const refused = (codec: Compression, block: Buffer): RecordsVerdict =>
    judged(batchWith(body, { codec, block }))

  it.each(COMPRESSIONS.slice(1))('%s: not compressed, cut short, empty', (codec) => {
    const block = compress(codec as 'gzip', body)
    for (const bad of [body, block.subarray(0, -5), Buffer.alloc(0)])
      expect(refused(codec, bad)).toMatchObject({ fault: 'bad-compression', unpacking: { kind: 'corrupt' } })
    expect(refused(codec, block).fault).toBe(null)
  })

  it.each([5, 6, 7])('a codec that does not exist: %d', (code) => {
    expect(judged(batchWith(body, { code }))).toMatchObject({ fault: 'bad-compression', unpacking: null })
  })

  it('gzip of two members, and with something behind it, is taken as Kafka takes it', () => {
    const members = Buffer.concat([gzipSync(body.subarray(0, 200)), gzipSync(body.subarray(200))])
    expect(refused('gzip', members).fault).toBe(null)
    expect(refused('gzip', Buffer.concat([gzipSync(body), Buffer.alloc(9)])).fault).toBe(null)
  })

  it('lz4 that Kafka’s clients do not read is refused: a second frame, a skippable one, linked blocks', () => {
    const frame = compress('lz4', body)
    const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 0])
    const frames = [compress('lz4', body.subarray(0, 200)), compress('lz4', body.subarray(200))]
    const linked = readFixtures('frames').get('lz4-linked')
    for (const block of [Buffer.concat(frames), Buffer.concat([skippable, frame]), linked!])
      expect(refused('lz4', block)).toMatchObject({
        fault: 'bad-compression',
        unpacking: { kind: 'corrupt' },
      })
  })

  it('what comes to more than the limits is too large, and its codec is not asked for more', () => {
    const block = gzipSync(Buffer.alloc(1_000_000))
    const limits = { bytesMax: 999_999, ratioMax: 1100, bytesFree: 999_999 }
    const batch = batchWith(body, { codec: 'gzip', block })
    expect(judgeRecords(batch, NO_DEMANDS, limits, scratch).unpacking?.kind).toBe('too-large')
  })
})
