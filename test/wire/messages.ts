import { readFileSync } from 'node:fs'
import * as generated from '../../src/protocol/generated/index.ts'
import { FAMILIES } from '../../src/protocol/messages/families.ts'
import type { Reader } from '../../src/protocol/reader.ts'
import type { AnyField, Fields, Message, Versions } from '../../src/protocol/schema.ts'
import { Writer } from '../../src/protocol/writer.ts'

/** A message with its codecs, untyped: the tests go over all of them alike. */
export interface Codec {
  readonly name: string
  readonly message: Message
  readonly versions: readonly number[]
  readonly read: (reader: Reader, version: number) => Values
  readonly write: (writer: Writer, version: number, value: Values) => void
}

export type Values = { [name: string]: unknown }

export interface Range {
  readonly first: number
  readonly last: number
}

export function parseRange(versions: Versions): Range {
  if (versions.endsWith('+')) return { first: Number.parseInt(versions, 10), last: Number.POSITIVE_INFINITY }
  const [first, last] = versions.split('-').map(Number)
  return { first: first!, last: last ?? first! }
}

export function covers(versions: Versions | 'none' | true | undefined, version: number): boolean {
  if (versions === 'none') return false
  if (versions === undefined || versions === true) return true
  const { first, last } = parseRange(versions)
  return version >= first && version <= last
}

export function isNullable(field: AnyField, version: number): boolean {
  return field.nullable !== undefined && covers(field.nullable, version)
}

export const CODECS: readonly Codec[] = Object.values(FAMILIES).flatMap((family) => {
  return Object.entries(family as Record<string, Message>).map(([name, message]) => {
    const { first, last } = parseRange(message.versions)
    const functions = generated as unknown as Record<string, never>
    return {
      name,
      message,
      versions: Array.from({ length: last - first + 1 }, (_, index) => first + index),
      read: functions[`read${name}`]!,
      write: functions[`write${name}`]!,
    }
  })
})

export const CODEC_OF: ReadonlyMap<string, Codec> = new Map(CODECS.map((codec) => [codec.name, codec]))

/** The bytes of a body, in one piece. */
export function encode(codec: Codec, version: number, value: Values): Buffer {
  const writer = new Writer(true)
  codec.write(writer, version, value)
  return Buffer.from((writer.finish().pieces[0] as Buffer | undefined) ?? Buffer.alloc(0))
}

/** Calls back for every field of a version, in the order of the schema. */
export function fieldsAt(fields: Fields, version: number): readonly [string, AnyField][] {
  return Object.entries(fields).filter(([, field]) => covers(field.versions, version))
}

/** The lines of a fixture, split at blanks; lines that begin with # are comments. */
export function fixtureLines(name: string): string[][] {
  const text = readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(' '))
}
