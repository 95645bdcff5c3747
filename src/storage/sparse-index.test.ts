import { describe, expect, it } from 'vitest'
import fc from '../../test/support/property.ts'
import { OffsetIndex, TimeIndex } from './sparse-index.ts'

function offsetIndex(...entries: [last: number, position: number, base: number][]): OffsetIndex {
  const index = new OffsetIndex()
  for (const entry of entries) index.append(...entry)
  return index
}

describe('OffsetIndex', () => {
  it('has the bytes of Kafka', () => {
    const index = offsetIndex([9, 4100, 5], [300, 70_000, 299])
    expect(index.encode(0).toString('hex')).toBe('00000009000010040000012c00011170')
    expect(index.encode(1).toString('hex')).toBe('0000012c00011170')
  })

  it('comes back from its bytes, without what only memory knew', () => {
    const index = OffsetIndex.decode(offsetIndex([9, 4100, 5], [300, 70_000, 299]).encode(0), 80_000)!
    expect([index.count, index.persistedCount]).toEqual([2, 2])
    expect([index.lastAt(1), index.positionAt(1), index.baseAt(1)]).toEqual([300, 70_000, -1])
    index.learnBase(1, 299)
    expect(index.positionOfBatchWith(299)).toBe(70_000)
  })

  it('takes zeros at the end for room, and nothing else that is out of order', () => {
    const bytes = offsetIndex([9, 4100, 5]).encode(0)
    expect(OffsetIndex.decode(Buffer.concat([bytes, Buffer.alloc(80)]), 9000)!.count).toBe(1)
    expect(OffsetIndex.decode(Buffer.concat([bytes, bytes]), 9000)).toBeNull()
    expect(OffsetIndex.decode(Buffer.concat([bytes, Buffer.alloc(3)]), 9000)).toBeNull()
    expect(OffsetIndex.decode(bytes, 4100)).toBeNull()
    expect(OffsetIndex.decode(Buffer.alloc(0), 0)!.count).toBe(0)
  })

  it('finds what a naive search finds', () => {
    const steps = fc.array(
      fc.record({
        gap: fc.nat(3),
        width: fc.integer({ min: 1, max: 5 }),
        bytes: fc.integer({ min: 1, max: 50 }),
      }),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(steps, fc.nat(300), (list, wanted) => {
        const entries: { base: number; last: number; position: number }[] = []
        let offset = 0
        let position = 0
        for (const { gap, width, bytes } of list) {
          const base = offset + gap
          entries.push({ base, last: base + width - 1, position })
          offset = base + width
          position += bytes
        }
        const index = offsetIndex(
          ...entries.map(({ last, position: at, base }) => [last, at, base] as [number, number, number]),
        )
        expect(index.floorByOffset(wanted)).toBe(entries.findLastIndex(({ last }) => last <= wanted))
        expect(index.floorByPosition(wanted)).toBe(entries.findLastIndex(({ position: at }) => at <= wanted))
        const holder = entries.find(({ base, last }) => base <= wanted && wanted <= last)
        expect(index.positionOfBatchWith(wanted)).toBe(holder?.position ?? -1)
        const starter = entries.find(({ base }) => base === wanted)
        expect(index.positionOfBatchFrom(wanted)).toBe(starter?.position ?? -1)
        index.truncateToPosition(wanted)
        expect(index.count).toBe(entries.filter(({ position: at }) => at < wanted).length)
      }),
    )
  })
})

describe('TimeIndex', () => {
  it('has the bytes of Kafka, and only ever larger timestamps', () => {
    const index = new TimeIndex()
    expect(index.append(-1, 0)).toBe(false)
    expect(index.append(1_700_000_000_000, 7)).toBe(true)
    expect(index.append(1_700_000_000_000, 9)).toBe(false)
    expect(index.append(1_700_000_000_001, 11)).toBe(true)
    expect(index.encode(0).toString('hex')).toBe('0000018bcfe56800000000070000018bcfe568010000000b')
    const again = TimeIndex.decode(index.encode(0))!
    expect([again.count, again.timestampAt(1), again.offsetAt(1)]).toEqual([2, 1_700_000_000_001, 11])
    expect([
      again.floorByTimestamp(0),
      again.floorByTimestamp(1_700_000_000_000),
      again.floorByTimestamp(2e12),
    ]).toEqual([-1, 0, 1])
    again.truncateToOffset(11)
    expect([again.count, again.persistedCount]).toEqual([1, 1])
  })

  it('refuses what is out of order', () => {
    const index = new TimeIndex()
    index.append(5, 5)
    index.append(6, 6)
    const bytes = index.encode(0)
    const swapped = Buffer.concat([bytes.subarray(12), bytes.subarray(0, 12)])
    expect(TimeIndex.decode(swapped)).toBeNull()
    expect(TimeIndex.decode(bytes.subarray(1))).toBeNull()
    expect(TimeIndex.decode(Buffer.concat([bytes, Buffer.alloc(24)]))!.count).toBe(2)
  })
})
