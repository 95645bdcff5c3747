import { describe, expect, test } from 'vitest'
import { MalformedError, Reader } from '../../src/protocol/reader.ts'
import type { AnyField, Fields } from '../../src/protocol/schema.ts'
import { UnwritableError } from '../../src/protocol/writer.ts'
import { defaultOf, interpret } from './interpreter.ts'
import type { Values } from './messages.ts'
import { CODECS, covers, encode, isNullable } from './messages.ts'

/** Repeatable chance (mulberry32). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const TEXTS = ['', 'a', 'topic-1', 'ünï', '😀', 'x'.repeat(63), 'y'.repeat(130), 'ß'.repeat(70)]

function integer(chance: () => number, bits: number): number {
  const half = 2 ** (bits - 1)
  const edges = [0, -1, 1, half - 1, -half]
  return chance() < 0.5 ? edges[Math.floor(chance() * 5)]! : Math.floor(chance() * half * 2) - half
}

/** A value that a version can carry: what it does not have is at its default. */
function randomFields(fields: Fields, version: number, chance: () => number, depth: number): Values {
  const entries = Object.entries(fields).map(([name, field]) => {
    const value = covers(field.versions, version)
      ? randomValue(field, version, chance, depth)
      : defaultOf(field, version)
    return [name, value]
  })
  return Object.fromEntries(entries)
}

function randomValue(field: AnyField, version: number, chance: () => number, depth: number): unknown {
  if (isNullable(field, version) && chance() < 0.3) return null
  switch (field.type) {
    case 'struct':
      return randomFields(field.fields!, version, chance, depth + 1)
    case 'array': {
      const element = field.element!
      const count = Math.floor(chance() * (depth > 1 ? 3 : 4))
      return Array.from({ length: count }, () => {
        if (element.fields) return randomFields(element.fields, version, chance, depth + 1)
        return randomValue(element, version, chance, depth)
      })
    }
    case 'bool':
      return chance() < 0.5
    case 'int8':
      return integer(chance, 8)
    case 'int16':
      return integer(chance, 16)
    case 'uint16':
      return Math.floor(chance() * 65536)
    case 'int32':
      return integer(chance, 32)
    case 'int64':
      return integer(chance, 53)
    case 'float64':
      return chance() * 1e9
    case 'uuid':
      return Buffer.from(Uint8Array.from({ length: 16 }, () => chance() * 256)).toString('latin1')
    case 'string':
      return TEXTS[Math.floor(chance() * TEXTS.length)]
    default:
      return Buffer.alloc(Math.floor(chance() * 40), 1)
  }
}

const ROUNDS = 12

describe.each(CODECS)('$name', (codec) => {
  const { message } = codec
  const values = codec.versions.flatMap((version) => {
    const chance = random(version * 7919 + codec.name.length)
    return Array.from({ length: ROUNDS }, () => ({
      version,
      value: randomFields(message.fields, version, chance, 0),
    }))
  })

  test('random values are written as the schema says, and read back', () => {
    for (const { version, value } of values) {
      const bytes = encode(codec, version, value)
      expect(bytes.equals(interpret(message, version, value)), `bytes of version ${version}`).toBe(true)
      const reader = new Reader(bytes)
      expect(codec.read(reader, version)).toEqual(value)
      expect(reader.bytesLeft).toBe(0)
    }
  })

  test('A7: unknown tagged fields in every section are skipped', () => {
    for (const { version, value } of values) {
      if (!covers(message.flexible, version)) continue
      const reader = new Reader(interpret(message, version, value, true))
      expect(codec.read(reader, version)).toEqual(value)
      expect(reader.bytesLeft).toBe(0)
    }
  })

  test('a value in a field that the version does not have is dropped when ignorable, else refused', () => {
    const last = codec.versions.at(-1)!
    for (const version of codec.versions) {
      for (const [name, field] of Object.entries(message.fields)) {
        if (covers(field.versions, version) || field.type === 'struct') continue
        const value = defaultOf({ type: 'struct', fields: message.fields }, version) as Values
        for (const [other, otherField] of Object.entries(message.fields)) {
          const must = covers(otherField.versions, version) && !isNullable(otherField, version)
          if (must && value[other] === null)
            value[other] = defaultOf({ type: otherField.type } as AnyField, version)
        }
        const chance = random(last)
        const there = { ...field, nullable: undefined } as unknown as AnyField
        let different = randomValue(there, version, chance, 9)
        while (JSON.stringify(different) === JSON.stringify(value[name]))
          different = randomValue(there, version, chance, 0)
        const write = () => encode(codec, version, { ...value, [name]: different })
        if (field.ignorable) expect(write().equals(encode(codec, version, value)), name).toBe(true)
        else expect(write, `${name} in ${version}`).toThrow(UnwritableError)
      }
    }
  })

  test('damaged bytes are read or refused as malformed', () => {
    const chance = random(99)
    for (const { version, value } of values) {
      const bytes = encode(codec, version, value)
      for (let count = 0; count < 25 && bytes.length > 0; count++) {
        const damaged = Buffer.from(bytes.subarray(0, Math.ceil(chance() * bytes.length)))
        for (let changes = 0; changes < 3; changes++)
          damaged[Math.floor(chance() * damaged.length)] = chance() * 256
        try {
          codec.read(new Reader(damaged), version)
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedError)
        }
      }
    }
  })
})
