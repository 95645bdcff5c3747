import { describe, expect, test } from 'vitest'
import {
  readInt16,
  readInt32,
  readInt64,
  unsignedVarintSize,
  unzigzag32,
  writeInt16,
  writeInt32,
  writeInt64,
  zigzag32,
} from './bytes.ts'

describe('big-endian integers', () => {
  const safe = Number.MAX_SAFE_INTEGER

  test.each([0, 1, -1, 2 ** 31, -(2 ** 31), 2 ** 32, -(2 ** 32) - 1, safe, -safe])(
    'int64 %d survives a trip',
    (value) => {
      const buffer = Buffer.alloc(10)
      writeInt64(buffer, 1, value)
      expect(buffer.readBigInt64BE(1)).toBe(BigInt(value))
      expect(readInt64(buffer, 1)).toBe(value)
    },
  )

  test('int64 saturates at its bounds, and the bounds survive a trip', () => {
    const buffer = Buffer.alloc(8)
    for (const bound of [2n ** 63n - 1n, -(2n ** 63n)]) {
      buffer.writeBigInt64BE(bound)
      const value = readInt64(buffer, 0)
      buffer.fill(0)
      writeInt64(buffer, 0, value)
      expect(buffer.readBigInt64BE(0)).toBe(bound)
    }
    writeInt64(buffer, 0, Number.POSITIVE_INFINITY)
    expect(buffer.readBigInt64BE(0)).toBe(2n ** 63n - 1n)
  })

  test('int32 and int16 are signed, and written from either sign', () => {
    const buffer = Buffer.alloc(6)
    writeInt32(buffer, 0, 0xfffffffe)
    writeInt16(buffer, 4, 0xfffd)
    expect(readInt32(buffer, 0)).toBe(-2)
    expect(readInt16(buffer, 4)).toBe(-3)
  })
})

test('zig-zag puts small magnitudes first and is undone', () => {
  expect([0, -1, 1, -2, 2].map(zigzag32)).toEqual([0, 1, 2, 3, 4])
  for (const value of [0, -1, 1, 12345, -12345, 2 ** 31 - 1, -(2 ** 31)]) {
    expect(unzigzag32(zigzag32(value))).toBe(value)
  }
})

test.each([
  [0, 1],
  [127, 1],
  [128, 2],
  [16383, 2],
  [16384, 3],
  [2 ** 21, 4],
  [2 ** 28, 5],
  [2 ** 32 - 1, 5],
])('the varint of %d takes %d bytes', (value, size) => {
  expect(unsignedVarintSize(value)).toBe(size)
})
