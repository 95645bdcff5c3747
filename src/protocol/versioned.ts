import { readInt16 } from '../base/bytes.ts'
import { MalformedError, Reader } from './reader.ts'
import { Writer } from './writer.ts'

type Write<Value> = (writer: Writer, version: number, value: Value) => void
type Read<Value> = (reader: Reader, version: number) => Value

/**
 * A value behind its int16 version: what the coordinators' records and the consumer protocol hold. The bytes share
 * a slab with other small ones: they are to be copied on or let go, not kept.
 */
export function encodeVersioned<Value>(write: Write<Value>, version: number, value: Value): Buffer {
  return encodePrefixed(write, version, version, value)
}

/** A coordinator record's key behind the int16 type of the record. Keys have version 0 only. */
export function encodeRecordKey<Value>(write: Write<Value>, type: number, value: Value): Buffer {
  return encodePrefixed(write, type, 0, value)
}

/** The int16 in front: the version of a value, the type of a record's key. @throws MalformedError */
export function prefixOf(bytes: Buffer): number {
  if (bytes.length < 2) throw new MalformedError(`${bytes.length} bytes where an int16 must be`)
  return readInt16(bytes, 0)
}

/**
 * Reads what encodeVersioned wrote, in any version up to `versionMax`.
 * @throws MalformedError
 */
export function decodeVersioned<Value>(read: Read<Value>, versionMax: number, bytes: Buffer): Value {
  const version = prefixOf(bytes)
  if (version < 0 || version > versionMax)
    throw new MalformedError(`version ${version} of at most ${versionMax}`)
  return read(new Reader(bytes, 2), version)
}

/** Reads what encodeRecordKey wrote, whose type the caller has looked at. @throws MalformedError */
export function decodeRecordKey<Value>(read: Read<Value>, bytes: Buffer): Value {
  return read(new Reader(bytes, 2), 0)
}

function encodePrefixed<Value>(write: Write<Value>, prefix: number, version: number, value: Value): Buffer {
  const writer = new Writer(true)
  writer.int16(prefix)
  write(writer, version, value)
  return writer.finish().pieces[0] as Buffer
}
