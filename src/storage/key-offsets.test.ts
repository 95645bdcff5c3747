import { describe, expect, it } from 'vitest'
import { laneTwin } from '../../test/support/lane-twin.ts'
import fc from '../../test/support/property.ts'
import { KeyOffsets } from './key-offsets.ts'

const OPTIONS = { baseOffset: 1000, recordsMax: 10_000, bytesMax: 1 << 20, secret: Buffer.alloc(16, 5) }

describe('KeyOffsets', () => {
  it('knows the last offset of every key, and of no other', () => {
    const keys = fc.array(fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.nat(100_000)), { maxLength: 300 })
    fc.assert(
      fc.property(keys, fc.uint8Array({ maxLength: 40 }), (puts, other) => {
        const table = new KeyOffsets(OPTIONS)
        const model = new Map<string, number>()
        for (const [key, offset] of puts) {
          // Where the key lies must not count.
          const bytes = Buffer.concat([Buffer.from('..'), key, Buffer.from('...')])
          expect(table.put(bytes, 2, key.length, 1000 + offset)).toBe(true)
          model.set(Buffer.from(key).toString('hex'), 1000 + offset)
        }
        expect(table.count).toBe(model.size)
        for (const [hex, offset] of model) {
          const key = Buffer.from(hex, 'hex')
          expect(table.offsetOf(key, 0, key.length)).toBe(offset)
        }
        const wanted = model.get(Buffer.from(other).toString('hex')) ?? -1
        expect(table.offsetOf(Buffer.from(other), 0, other.length)).toBe(wanted)
      }),
    )
  })

  it('takes no more keys than there is room for, but goes on with those it has', () => {
    const table = new KeyOffsets({ ...OPTIONS, bytesMax: 100 * 20 })
    const put = (key: number, offset: number) => table.put(Buffer.from(`key ${key}`), 0, 6, offset)
    let key = 10
    while (put(key, 1000 + key)) key++
    expect(table.count).toBe(table.countMax)
    expect(put(10, 5000)).toBe(true)
    expect(table.offsetOf(Buffer.from('key 10'), 0, 6)).toBe(5000)
    expect(table.offsetOf(Buffer.from(`key ${key}`), 0, 6)).toBe(-1)
    expect(table.byteLength).toBeLessThanOrEqual(2000)
  })

  it('takes no more memory than its records need', () => {
    expect(new KeyOffsets({ ...OPTIONS, recordsMax: 100, bytesMax: 1 << 30 }).byteLength).toBeLessThan(4000)
  })

  it('tells keys apart that were made to collide in a hash of lanes, under any secret', () => {
    for (let round = 0; round < 100; round++) {
      const victim = Buffer.from(`customer-${String(round).padStart(8, '0')}-account-number-000017`)
      const evil = laneTwin(victim)
      expect(evil).not.toEqual(victim)
      const table = new KeyOffsets({ ...OPTIONS, secret: Buffer.alloc(16, round) })
      table.put(victim, 0, victim.length, 1005)
      expect(table.offsetOf(evil, 0, evil.length)).toBe(-1)
    }
  })
})
