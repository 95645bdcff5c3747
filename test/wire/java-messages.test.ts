import { describe, expect, test } from 'vitest'
import { MalformedError, Reader } from '../../src/protocol/reader.ts'
import type { AnyField, Fields } from '../../src/protocol/schema.ts'
import type { Codec, Values } from './messages.ts'
import { CODEC_OF, CODECS, encode, fieldsAt, fixtureLines, isNullable } from './messages.ts'

/*
 * Every message at every version as Kafka's own generated classes write it. A `full` one holds in every field a value
 * made of the field's name (below); in a `sparse` one everything that may be null is, arrays have one element, and
 * the rest keeps its default.
 */

interface Golden {
  readonly codec: Codec
  readonly version: number
  readonly full: boolean
  readonly bytes: Buffer
}

const GOLDEN: readonly Golden[] = fixtureLines('java-messages.txt').map(
  ([name, version, filling, base64]) => ({
    codec: CODEC_OF.get(name!)!,
    version: Number(version),
    full: filling === 'full',
    bytes: Buffer.from(base64 ?? '', 'base64'),
  }),
)

/** FNV-1a, 31 bits. */
function hash(name: string): number {
  let value = 0x811c9dc5
  for (const byte of Buffer.from(name)) value = Math.imul(value ^ byte, 16777619)
  return value & 0x7fffffff
}

function scalar(field: AnyField, name: string, index: number): unknown {
  const number = hash(name)
  const text = index === 0 ? name : `${name}${index}`
  switch (field.type) {
    case 'bool':
      return field.default !== true
    case 'int8':
      return (number % 100) + 1 + index
    case 'int16':
      return (number % 30000) + 1 + index
    case 'uint16':
      return ((number % 2000000000) + 1 + index) & 0xffff
    case 'int32':
      return (number % 2000000000) + 1 + index
    case 'int64':
      return number * 1000003 + index
    case 'float64':
      return number / 8 + index
    case 'string':
      return text
    case 'uuid': {
      const bytes = Buffer.alloc(16)
      bytes.writeBigInt64BE(BigInt(hash(text)) * 1000003n, 0)
      bytes.writeBigInt64BE(BigInt(hash(text)) + 1n, 8)
      return bytes.latin1Slice(0, 16)
    }
    default:
      return Buffer.from(name)
  }
}

function expectFields(fields: Fields, version: number, full: boolean, index: number, actual: Values): void {
  for (const [name, field] of fieldsAt(fields, version)) {
    const value = actual[name]
    if (!full && isNullable(field, version)) {
      expect(value, name).toBeNull()
    } else if (field.type === 'array') {
      const element = field.element!
      expect(value, name).toHaveLength(full ? 2 : 1)
      for (const [position, item] of (value as unknown[]).entries()) {
        if (element.fields) expectFields(element.fields, version, full, position, item as Values)
        else expect(item, name).toEqual(scalar(element, name, position))
      }
    } else if (field.type === 'struct') {
      expectFields(field.fields!, version, full, index, value as Values)
    } else if (full) {
      expect(value, name).toEqual(scalar(field, name, index))
    }
  }
}

function readable(golden: Golden, bytes: Buffer): boolean {
  try {
    golden.codec.read(new Reader(bytes), golden.version)
    return true
  } catch (error) {
    if (error instanceof MalformedError) return false
    throw error
  }
}

describe("messages as Kafka's classes write them", () => {
  test('every message is there at every version', () => {
    const present = new Set(GOLDEN.map((golden) => `${golden.codec.name} ${golden.version}`))
    for (const codec of CODECS)
      for (const version of codec.versions) expect(present).toContain(`${codec.name} ${version}`)
  })

  test.each(CODECS)('$name: what is read is what was written, to the last byte', (codec) => {
    for (const golden of GOLDEN) {
      if (golden.codec !== codec) continue
      const reader = new Reader(golden.bytes)
      const value = codec.read(reader, golden.version)
      expect(reader.bytesLeft, `left of version ${golden.version}`).toBe(0)
      expectFields(codec.message.fields, golden.version, golden.full, 0, value)
      expect(encode(codec, golden.version, value).toString('hex')).toBe(golden.bytes.toString('hex'))
    }
  })

  test('a message cut anywhere is refused', () => {
    for (const golden of GOLDEN) {
      for (let length = 0; length < golden.bytes.length; length++) {
        if (readable(golden, golden.bytes.subarray(0, length))) {
          expect.unreachable(`${golden.codec.name} ${golden.version} was read from ${length} bytes`)
        }
      }
    }
  })

  test('a message with any bit flipped is read or refused', () => {
    for (const golden of GOLDEN) {
      const bytes = Buffer.from(golden.bytes)
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        bytes[bit >> 3]! ^= 1 << (bit & 7)
        readable(golden, bytes)
        bytes[bit >> 3]! ^= 1 << (bit & 7)
      }
    }
  })
})
