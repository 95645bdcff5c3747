import { describe, expect, test } from 'vitest'
import type { Uuid } from '../base/uuid.ts'
import { Reader } from './reader.ts'
import type { RecordsSource } from './schema.ts'
import { UnwritableError, Writer } from './writer.ts'

function hex(write: (writer: Writer) => void): string {
  const writer = new Writer()
  write(writer)
  return Buffer.concat(writer.finish().pieces as Buffer[]).toString('hex')
}

describe('Writer', () => {
  test('integers are big-endian, and int64 saturates at its bounds', () => {
    expect(hex((writer) => writer.int16(-2))).toBe('fffe')
    expect(hex((writer) => writer.uint16(65534))).toBe('fffe')
    expect(hex((writer) => writer.int32(-2))).toBe('fffffffe')
    expect(hex((writer) => writer.int64(-2))).toBe('fffffffffffffffe')
    expect(hex((writer) => writer.int64(2 ** 63))).toBe('7fffffffffffffff')
    expect(hex((writer) => writer.int64(-(2 ** 70)))).toBe('8000000000000000')
    expect(hex((writer) => writer.float64(1.5))).toBe('3ff8000000000000')
    expect(hex((writer) => writer.uuid('0123456789abcdef' as Uuid))).toBe('30313233343536373839616263646566')
  })

  test.each([0, 1, 127, 128, 16383, 16384, 2 ** 21, 2 ** 28, 2 ** 32 - 1])(
    'varint %d is read back',
    (value) => {
      const bytes = Buffer.from(
        hex((writer) => writer.unsignedVarint(value)),
        'hex',
      )
      const reader = new Reader(bytes)
      expect(reader.unsignedVarint()).toBe(value)
      expect(reader.bytesLeft).toBe(0)
    },
  )

  test.each([
    '',
    'a',
    'é',
    'naïve',
    'x'.repeat(64),
    'x'.repeat(65),
    'ü'.repeat(70),
    '😀',
    'x'.repeat(32767),
    `${'a'.repeat(30)}ß`,
  ])('a string is read back in both forms (%#)', (text) => {
    for (const flexible of [true, false]) {
      const writer = new Writer()
      writer.string(text, flexible)
      writer.int8(42)
      const reader = new Reader(Buffer.concat(writer.finish().pieces as Buffer[]))
      expect(reader.string(flexible)).toBe(text)
      expect(reader.int8()).toBe(42)
    }
  })

  test('a string of more than 32767 bytes cannot be written', () => {
    expect(() => new Writer().string('x'.repeat(32768), true)).toThrow(UnwritableError)
    expect(() => new Writer().string('ü'.repeat(16384), false)).toThrow(UnwritableError)
  })

  test('null lengths', () => {
    expect(hex((writer) => writer.string(null, false))).toBe('ffff')
    expect(hex((writer) => writer.string(null, true))).toBe('00')
    expect(hex((writer) => writer.records(null, false))).toBe('ffffffff')
    expect(hex((writer) => writer.records(null, true))).toBe('00')
    expect(hex((writer) => writer.arrayCount(-1, false))).toBe('ffffffff')
    expect(hex((writer) => writer.arrayCount(-1, true))).toBe('00')
  })

  test('E6: empty records have length 0, not null', () => {
    expect(hex((writer) => writer.records(Buffer.alloc(0), false))).toBe('00000000')
    expect(hex((writer) => writer.records(Buffer.alloc(0), true))).toBe('01')
    expect(hex((writer) => writer.records({ byteLength: 0 }, true))).toBe('01')
  })

  test('a source of records is a piece by itself, in its place, and counted', () => {
    const source: RecordsSource = { byteLength: 1000 }
    const writer = new Writer()
    writer.beginFrame()
    writer.records(source, false)
    writer.int8(7)
    const frame = writer.finishFrame()
    expect(frame.byteLength).toBe(4 + 4 + 1000 + 1)
    expect(frame.pieces).toEqual([Buffer.from('000003ed000003e8', 'hex'), source, Buffer.from([7])])
    expect(frame.pieces[1]).toBe(source)
  })

  test('a large Buffer is borrowed, a small one copied', () => {
    const large = Buffer.alloc(8 * 1024)
    const small = Buffer.from([1, 2, 3])
    const writer = new Writer()
    writer.bytes(large, true)
    writer.bytes(small, true)
    const { pieces } = writer.finish()
    small[0] = 9
    expect(pieces).toHaveLength(3)
    expect(pieces[1]).toBe(large)
    expect(pieces[2]).toEqual(Buffer.from([4, 1, 2, 3]))
  })

  test('in a contiguous writer and in a tagged field everything is one piece', () => {
    const large = Buffer.alloc(100_000, 5)
    const contiguous = new Writer(true)
    contiguous.bytes(large, false)
    expect(contiguous.finish().pieces).toHaveLength(1)
    const tagged = new Writer()
    const mark = tagged.beginTag(3)
    tagged.bytes(large, true)
    tagged.endTag(mark)
    const { pieces } = tagged.finish()
    expect(pieces).toHaveLength(1)
    const reader = new Reader(pieces[0] as Buffer)
    expect(reader.unsignedVarint()).toBe(3)
    const end = reader.tagEnd()
    expect(reader.bytes(true).equals(large)).toBe(true)
    reader.leaveTag(end)
    expect(reader.bytesLeft).toBe(0)
  })

  test('nested tagged fields of any length carry their length in front', () => {
    for (const length of [0, 1, 126, 127, 128, 16380, 16390]) {
      const text = 'y'.repeat(length)
      const writer = new Writer()
      const outer = writer.beginTag(1)
      const inner = writer.beginTag(2)
      writer.string(text, true)
      writer.endTag(inner)
      writer.endTag(outer)
      const reader = new Reader(writer.finish().pieces[0] as Buffer)
      expect(reader.unsignedVarint()).toBe(1)
      const outerEnd = reader.tagEnd()
      expect(reader.unsignedVarint()).toBe(2)
      const innerEnd = reader.tagEnd()
      expect(reader.string(true)).toBe(text)
      reader.leaveTag(innerEnd)
      reader.leaveTag(outerEnd)
      expect(reader.bytesLeft).toBe(0)
    }
  })

  test('small frames share a slab and never overlap, also when writers are interleaved', () => {
    const frames: Buffer[] = []
    for (let round = 0; round < 2000; round++) {
      const outer = new Writer()
      outer.int32(round)
      const inner = new Writer()
      inner.string(`inner ${round}`, false)
      frames.push(inner.finish().pieces[0] as Buffer)
      outer.string('x'.repeat(round % 100), false)
      frames.push(outer.finish().pieces[0] as Buffer)
    }
    for (let round = 0; round < 2000; round++) {
      expect(new Reader(frames[round * 2]!).string(false)).toBe(`inner ${round}`)
      const reader = new Reader(frames[round * 2 + 1]!)
      expect(reader.int32()).toBe(round)
      expect(reader.string(false)).toHaveLength(round % 100)
    }
    expect(new Set(frames.map((frame) => frame.buffer)).size).toBeLessThan(50)
  })

  test('a frame that outgrows its slab is whole', () => {
    const writer = new Writer()
    writer.beginFrame()
    for (let index = 0; index < 100_000; index++) writer.int32(index)
    const frame = writer.finishFrame()
    const reader = new Reader(frame.pieces[0] as Buffer)
    expect(reader.int32()).toBe(400_000)
    for (let index = 0; index < 100_000; index++)
      if (reader.int32() !== index) expect.unreachable(`at ${index}`)
  })
})
