import { describe, expect, it } from 'vitest'
import { loadCompression } from '../protocol/compression.ts'
import { batchBytes } from '../protocol/record-batch.ts'
import { encodeBatch } from '../protocol/records.ts'
import { decodeFetched, usesZstd } from './fetched-records.ts'

const fetched = (bytes: Buffer, aborted: { producerId: number; firstOffset: number }[] | null = null) => ({
  topic: 't',
  partition: 0,
  bytes,
  aborted,
})

function batch(baseOffset: number, values: string[], more: object = {}): Buffer {
  const records = values.map((value) => ({ key: null, value: Buffer.from(value), timestamp: 5 }))
  return encodeBatch({ baseOffset, records, ...more })
}

function marker(baseOffset: number, producerId: number, type: 0 | 1): Buffer {
  const records = [{ key: Buffer.from([0, 0, 0, type]), value: Buffer.alloc(6), timestamp: 5 }]
  return encodeBatch({
    baseOffset,
    records,
    producerId,
    producerEpoch: 0,
    isTransactional: true,
    isControl: true,
  })
}

const transactional = (producerId: number) => ({
  producerId,
  producerEpoch: 0,
  baseSequence: 0,
  isTransactional: true,
})
const valuesOf = ({ records }: ReturnType<typeof decodeFetched>): string[] =>
  records.map(({ value }) => `${value}`)

describe('fetched batches', () => {
  it('E5: give only the records from the wanted offset on when the first batch begins before it', () => {
    const decoded = decodeFetched(fetched(Buffer.concat([batch(10, ['a', 'b', 'c']), batch(13, ['d'])])), 12)
    expect(valuesOf(decoded)).toEqual(['c', 'd'])
    expect(decoded.records.map(({ offset }) => offset)).toEqual([12, 13])
    expect(decoded.nextOffset).toBe(14)
  })

  it('E4: may end with a batch that is cut off', () => {
    const whole = batch(0, ['a'])
    for (const cut of [1, 20, 61, batchBytes(whole, 0) - 1]) {
      const decoded = decodeFetched(fetched(Buffer.concat([whole, batch(1, ['b']).subarray(0, cut)])), 0)
      expect(valuesOf(decoded)).toEqual(['a'])
      expect(decoded.nextOffset).toBe(1)
    }
  })

  it('D2: are refused when their CRC is wrong', () => {
    const bytes = batch(0, ['a'])
    bytes[bytes.length - 1]! ^= 1
    expect(() => decodeFetched(fetched(bytes), 0)).toThrow(
      'a batch of t [0] at offset 0 is damaged (wrong CRC)',
    )
  })

  it('E12: move on over markers, which are no records', () => {
    const bytes = Buffer.concat([batch(0, ['a'], transactional(7)), marker(1, 7, 1), marker(2, 8, 0)])
    const decoded = decodeFetched(fetched(bytes), 0)
    expect(valuesOf(decoded)).toEqual(['a'])
    expect(decoded.nextOffset).toBe(3)
  })

  it('E11: leave out what a transaction wrote that was given up, and nothing else', () => {
    const bytes = Buffer.concat([
      batch(0, ['committed'], transactional(8)),
      batch(1, ['given up'], transactional(7)),
      batch(2, ['plain']),
      marker(3, 7, 0),
      batch(4, ['next of the same producer'], transactional(7)),
      batch(5, ['given up too'], transactional(8)),
      marker(6, 7, 1),
      marker(7, 8, 0),
    ])
    const aborted = [
      { producerId: 8, firstOffset: 5 },
      { producerId: 7, firstOffset: 1 },
    ]
    expect(valuesOf(decodeFetched(fetched(bytes, aborted), 0))).toEqual([
      'committed',
      'plain',
      'next of the same producer',
    ])
    expect(valuesOf(decodeFetched(fetched(bytes, null), 0))).toHaveLength(5)
  })

  it('E11: know a transaction that was given up also when reading begins in its middle', () => {
    const bytes = Buffer.concat([batch(5, ['given up'], transactional(7)), marker(6, 7, 0), batch(7, ['a'])])
    expect(valuesOf(decodeFetched(fetched(bytes, [{ producerId: 7, firstOffset: 2 }]), 5))).toEqual(['a'])
  })

  it('are read in every codec', async () => {
    await loadCompression()
    for (const compression of ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const) {
      const bytes = batch(0, ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'], { compression })
      expect(usesZstd(bytes)).toBe(compression === 'zstd')
      expect(valuesOf(decodeFetched(fetched(bytes), 0))[0]).toHaveLength(40)
    }
  })
})
