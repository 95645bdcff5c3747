import type { AnyField, Fields, Versions } from '../../src/protocol/schema.ts'
import type { Chance } from './chance.ts'

export type Values = { [name: string]: unknown }

/** What strings, ids and records are made of: things that exist, so that requests get beyond the first check. */
export interface Dictionary {
  readonly texts: readonly string[]
  readonly ids: readonly string[]
  /** Bytes of a records field. */
  records(chance: Chance): Buffer
}

const DEPTH_MAX = 4

/** A value for a message, by its schema; fields that `version` does not have are at their default. */
export function randomFields(
  chance: Chance,
  fields: Fields,
  version: number,
  dictionary: Dictionary,
  depth = 0,
): Values {
  const values: Values = {}
  for (const [name, field] of Object.entries(fields))
    values[name] = covers(field.versions, version)
      ? randomValue(chance, field, version, dictionary, depth)
      : defaultOf(field)
  return values
}

function randomValue(
  chance: Chance,
  field: AnyField,
  version: number,
  dictionary: Dictionary,
  depth: number,
): unknown {
  if (field.nullable !== undefined && covers(field.nullable, version) && chance.is(0.2)) return null
  if (field.default !== undefined && chance.is(0.3)) return field.default
  switch (field.type) {
    case 'struct':
      return randomFields(chance, field.fields!, version, dictionary, depth + 1)
    case 'array':
      return Array.from({ length: depth >= DEPTH_MAX ? 0 : arrayLength(chance, depth) }, () =>
        field.element!.fields === undefined
          ? randomValue(chance, field.element!, version, dictionary, depth + 1)
          : randomFields(chance, field.element!.fields, version, dictionary, depth + 1),
      )
    case 'records':
      return dictionary.records(chance)
    case 'bytes':
      return chance.bytes(chance.length(60))
    case 'string':
      return chance.is(0.85)
        ? chance.pick(dictionary.texts)
        : chance.bytes(chance.length(80)).toString('latin1')
    case 'uuid':
      return chance.is(0.8) ? chance.pick(dictionary.ids) : chance.bytes(16).toString('latin1')
    case 'bool':
      return chance.is(0.5)
    case 'float64':
      return chance.next() * 1e9
    default:
      return integer(chance, BITS[field.type])
  }
}

const BITS = { int8: 8, int16: 16, uint16: 16, int32: 32, int64: 53 } as const

function arrayLength(chance: Chance, depth: number): number {
  return chance.is(0.02) ? chance.below(depth === 0 ? 200 : 20) : chance.below(4)
}

function integer(chance: Chance, bits: number): number {
  const half = 2 ** (bits - 1)
  if (chance.is(0.6)) return chance.pick([0, 0, 1, 1, 2, 3, -1, -2, 5, 10])
  if (chance.is(0.5)) return chance.pick([half - 1, -half, 1000, 100])
  return Math.floor(chance.next() * half * 2) - half
}

export function covers(versions: Versions | true | 'none' | undefined, version: number): boolean {
  if (versions === undefined || versions === true) return true
  if (versions === 'none') return false
  const [first, last] = versions.replace('+', '').split('-').map(Number)
  return version >= first! && (versions.endsWith('+') || version <= (last ?? first!))
}

function defaultOf(field: AnyField): unknown {
  if (field.default !== undefined) return field.default
  switch (field.type) {
    case 'array':
      return []
    case 'struct':
      return Object.fromEntries(
        Object.entries(field.fields!).map(([name, inner]) => [name, defaultOf(inner)]),
      )
    case 'bool':
      return false
    case 'string':
      return ''
    case 'uuid':
      return '\0'.repeat(16)
    case 'bytes':
    case 'records':
      return Buffer.alloc(0)
    default:
      return 0
  }
}
