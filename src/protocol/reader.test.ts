import { describe, expect, test } from 'vitest'
import { MalformedError, Reader } from './reader.ts'

function reader(...bytes: number[]): Reader {
  return new Reader(Buffer.from(bytes))
}

const ONES = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]

describe('Reader', () => {
  test('integers are big-endian and signed', () => {
    expect(reader(0x80).int8()).toBe(-128)
    expect(reader(0xff, 0xfe).int16()).toBe(-2)
    expect(reader(0xff, 0xfe).uint16()).toBe(65534)
    expect(reader(0x80, 0, 0, 0).int32()).toBe(-(2 ** 31))
    expect(reader(0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff).int64()).toBe(Number.MAX_SAFE_INTEGER)
    expect(reader(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe).int64()).toBe(-2)
    expect(reader(0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff).int64()).toBe(2 ** 63)
  })

  test('varints have at most 5 bytes and 32 bits', () => {
    expect(reader(0x7f).unsignedVarint()).toBe(127)
    expect(reader(0x80, 0x01).unsignedVarint()).toBe(128)
    expect(reader(0xff, 0xff, 0xff, 0xff, 0x0f).unsignedVarint()).toBe(2 ** 32 - 1)
    expect(() => reader(0xff, 0xff, 0xff, 0xff, 0x1f).unsignedVarint()).toThrow(MalformedError)
    expect(() => reader(0x80, 0x80, 0x80, 0x80, 0x80, 0x00).unsignedVarint()).toThrow(MalformedError)
    expect(() => reader(0x80).unsignedVarint()).toThrow(MalformedError)
    expect(reader(0x03).varint()).toBe(-2)
    expect(reader(0xff, 0xff, 0xff, 0xff, 0x0f).varint()).toBe(-(2 ** 31))
  })

  test('varlongs have at most 10 bytes', () => {
    expect(reader(0x04).varlong()).toBe(2)
    expect(reader(0x03).varlong()).toBe(-2)
    expect(reader(0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f).varlong()).toBe(Number.MAX_SAFE_INTEGER)
    expect(reader(...ONES, 0x01).varlong()).toBe(-(2 ** 63))
    expect(() => reader(...ONES, 0xff, 0x01).varlong()).toThrow(MalformedError)
  })

  test('A7: a compact length is one more than the length, and 0 is null', () => {
    expect(reader(0).nullableString(true)).toBeNull()
    expect(reader(1).nullableString(true)).toBe('')
    expect(reader(3, 0x68, 0x69).string(true)).toBe('hi')
    expect(reader(0).nullableBytes(true)).toBeNull()
    expect(reader(0).nullableArrayCount(true, 1)).toBe(-1)
    expect(reader(1).arrayCount(true, 1)).toBe(0)
  })

  test('plain lengths are signed and -1 is null', () => {
    expect(reader(0xff, 0xff).nullableString(false)).toBeNull()
    expect(reader(0, 2, 0x68, 0x69).string(false)).toBe('hi')
    expect(reader(0xff, 0xff, 0xff, 0xff).nullableBytes(false)).toBeNull()
    expect(() => reader(0xff, 0xfe).nullableString(false)).toThrow(MalformedError)
    expect(() => reader(0xff, 0xff, 0xff, 0xfe).nullableBytes(false)).toThrow(MalformedError)
    expect(() => reader(0xff, 0xff, 0xff, 0xfe).nullableArrayCount(false, 1)).toThrow(MalformedError)
  })

  test('null is refused where it may not be', () => {
    expect(() => reader(0).string(true)).toThrow(MalformedError)
    expect(() => reader(0).bytes(true)).toThrow(MalformedError)
    expect(() => reader(0).arrayCount(true, 1)).toThrow(MalformedError)
  })

  test('nothing is read past the end it was given, even where the buffer goes on', () => {
    const buffer = Buffer.from([0, 1, 2, 3, 4, 5, 6, 7, 8])
    expect(() => new Reader(buffer, 0, 3).int32()).toThrow(MalformedError)
    expect(() => new Reader(buffer, 6).int32()).toThrow(MalformedError)
    expect(() => new Reader(buffer, 0, 4).string(false)).not.toThrow()
    expect(() => new Reader(buffer, 1, 4).string(false)).toThrow(MalformedError)
  })

  test('a count is checked against the bytes left before anything is made', () => {
    expect(reader(0, 0, 0, 2, 1, 2, 3, 4).arrayCount(false, 2)).toBe(2)
    expect(() => reader(0, 0, 0, 2, 1, 2, 3).arrayCount(false, 2)).toThrow(MalformedError)
    expect(() => reader(0x7f, 0xff, 0xff, 0xff).arrayCount(false, 1)).toThrow(MalformedError)
    expect(() => reader(0xff, 0xff, 0xff, 0xff, 0x0f).arrayCount(true, 1)).toThrow(MalformedError)
  })

  test('a string of more than 32767 bytes is refused in both forms', () => {
    const long = Buffer.concat([Buffer.from([0x81, 0x80, 0x02]), Buffer.alloc(32768)])
    expect(() => new Reader(long).string(true)).toThrow(MalformedError)
    expect(() => reader(0x80, 0x00).string(false)).toThrow(MalformedError)
  })

  test('bytes are slices of what was given', () => {
    const buffer = Buffer.from([3, 9, 8])
    const slice = new Reader(buffer).bytes(true)
    expect(slice).toEqual(Buffer.from([9, 8]))
    buffer[1] = 1
    expect(slice[0]).toBe(1)
  })

  test('A7: unknown tagged fields are passed over, over 128 of them are refused', () => {
    const tags = reader(2, 5, 1, 0xaa, 0x80, 0x01, 2, 0xbb, 0xcc, 0x2a)
    tags.skipTags()
    expect(tags.int8()).toBe(0x2a)
    const section = (count: number) =>
      Buffer.concat([Buffer.from([count | 0x80, count >> 7]), Buffer.alloc(count * 2)])
    expect(() => new Reader(section(128)).skipTags()).not.toThrow()
    expect(() => new Reader(section(129)).skipTags()).toThrow(MalformedError)
    expect(() => reader(1, 0, 2, 0xaa).skipTags()).toThrow(MalformedError)
  })
})
