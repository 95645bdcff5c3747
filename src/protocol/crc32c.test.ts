import { describe, expect, it } from 'vitest'
import { crc32c, crc32cIsNative, crc32cPortable } from './crc32c.ts'

/** RFC 3720, appendix B.4. */
const VECTORS: readonly (readonly [string, Buffer, number])[] = [
  ['zeros', Buffer.alloc(32), 0x8a9136aa],
  ['ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
  ['incrementing', Buffer.from(Array.from({ length: 32 }, (_, index) => index)), 0x46dd794e],
  ['decrementing', Buffer.from(Array.from({ length: 32 }, (_, index) => 31 - index)), 0x113fdb5c],
]

describe('crc32c', () => {
  it.each(VECTORS)('has the value of the RFC for %s', (_name, bytes, expected) => {
    expect(crc32c(bytes, 0, bytes.length)).toBe(expected)
    expect(crc32cPortable(bytes, 0, bytes.length)).toBe(expected)
  })

  it('is native where the addon is installed', () => {
    expect(crc32cIsNative).toBe(true)
  })

  it('is the same by the addon and without it, at every length around the threshold', () => {
    const bytes = Buffer.from(Array.from({ length: 2000 }, (_, index) => (index * 31) ^ (index >> 3)))
    for (let length = 0; length < 600; length++)
      expect(crc32c(bytes, 3, 3 + length)).toBe(crc32cPortable(bytes, 3, 3 + length))
  })

  it.each([10, 300, 1000])('goes on from a seed (%i bytes first)', (first) => {
    const bytes = Buffer.from(Array.from({ length: 1400 }, (_, index) => index * 7))
    const whole = crc32c(bytes, 0, 1400)
    expect(crc32c(bytes, first, 1400, crc32c(bytes, 0, first))).toBe(whole)
    expect(crc32cPortable(bytes, first, 1400, crc32cPortable(bytes, 0, first))).toBe(whole)
  })
})
