import type { AnyField, Fields, Message } from '../../src/protocol/schema.ts'
import type { Values } from './messages.ts'
import { covers, fieldsAt, isNullable } from './messages.ts'

/*
 * A second way from a value to bytes: it walks the schema instead of running generated code, shares no code with the
 * Writer, and can put tagged fields that nobody knows into every section.
 */

interface Target {
  readonly message: Message
  readonly version: number
  readonly flexible: boolean
  readonly unknownTags: boolean
}

const UNKNOWN_TAG = Buffer.from([0xe8, 0x07, 3, 0xde, 0xad, 0x01])

export function interpret(message: Message, version: number, value: Values, unknownTags = false): Buffer {
  const flexible = covers(message.flexible, version)
  return writeFields({ message, version, flexible, unknownTags }, message.fields, value)
}

export function defaultOf(field: AnyField, version: number): unknown {
  if (field.default !== undefined) return field.default
  switch (field.type) {
    case 'array':
      return []
    case 'struct':
      return Object.fromEntries(
        Object.entries(field.fields!).map(([name, inner]) => [name, defaultOf(inner, version)]),
      )
    case 'bool':
      return false
    case 'string':
      return ''
    case 'uuid':
      return '\0'.repeat(16)
    case 'bytes':
      return Buffer.alloc(0)
    case 'records':
      return field.nullable === undefined ? Buffer.alloc(0) : null
    default:
      return 0
  }
}

function writeFields(target: Target, fields: Fields, value: Values): Buffer {
  const present = fieldsAt(fields, target.version)
  const parts = present
    .filter(([, field]) => field.tag === undefined)
    .map(([name, field]) => writeValue(target, field, value[name]))
  if (target.flexible) parts.push(writeTags(target, present, value))
  return Buffer.concat(parts)
}

function writeTags(target: Target, present: readonly [string, AnyField][], value: Values): Buffer {
  const tagged = present
    .filter(([, field]) => field.tag !== undefined)
    .filter(([name, field]) => !same(value[name], defaultOf(field, target.version)))
    .sort(([, left], [, right]) => left.tag! - right.tag!)
    .map(([name, field]) => {
      const content = writeValue(target, field, value[name])
      return Buffer.concat([varint(field.tag!), varint(content.length), content])
    })
  if (target.unknownTags) tagged.push(UNKNOWN_TAG)
  return Buffer.concat([varint(tagged.length), ...tagged])
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right)
}

function writeValue(target: Target, field: AnyField, value: unknown): Buffer {
  const nullable = isNullable(field, target.version)
  if (value === null && !nullable) throw new Error('null in a field that is not nullable')
  const compact = target.flexible && field.compact !== false
  switch (field.type) {
    case 'struct': {
      if (!nullable) return writeFields(target, field.fields!, value as Values)
      if (value === null) return Buffer.from([field.tag === undefined ? 0xff : 0])
      return Buffer.concat([Buffer.from([1]), writeFields(target, field.fields!, value as Values)])
    }
    case 'array': {
      if (value === null) return length(compact, -1, 4)
      const items = value as unknown[]
      const element = field.element!
      const parts = items.map((item) => {
        return element.fields
          ? writeFields(target, element.fields, item as Values)
          : writeValue(target, element, item)
      })
      return Buffer.concat([length(compact, items.length, 4), ...parts])
    }
    case 'string':
    case 'bytes':
    case 'records': {
      const lengthBytes = field.type === 'string' ? 2 : 4
      if (value === null) return length(compact, -1, lengthBytes)
      const bytes = Buffer.from(value as string)
      return Buffer.concat([length(compact, bytes.length, lengthBytes), bytes])
    }
    default:
      return writeScalar(field, value)
  }
}

function writeScalar(field: AnyField, value: unknown): Buffer {
  const bytes = Buffer.alloc(8)
  switch (field.type) {
    case 'bool':
      return Buffer.from([value ? 1 : 0])
    case 'int8':
      bytes.writeInt8(value as number)
      return bytes.subarray(0, 1)
    case 'int16':
      bytes.writeInt16BE(value as number)
      return bytes.subarray(0, 2)
    case 'uint16':
      bytes.writeUInt16BE(value as number)
      return bytes.subarray(0, 2)
    case 'int32':
      bytes.writeInt32BE(value as number)
      return bytes.subarray(0, 4)
    case 'int64':
      bytes.writeBigInt64BE(
        BigInt(Math.min(value as number, 2 ** 63 - 1024)) + (value === 2 ** 63 ? 1023n : 0n),
      )
      return bytes
    case 'float64':
      bytes.writeDoubleBE(value as number)
      return bytes
    case 'uuid':
      return Buffer.from(value as string, 'latin1')
    default:
      throw new Error(field.type)
  }
}

function length(compact: boolean, value: number, bytes: 2 | 4): Buffer {
  if (compact) return varint(value + 1)
  const plain = Buffer.alloc(bytes)
  plain.writeIntBE(value, 0, bytes)
  return plain
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return Buffer.from([...bytes, rest])
}
