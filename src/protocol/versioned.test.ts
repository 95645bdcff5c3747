import { expect, test } from 'vitest'
import {
  defaultOffsetCommitValue,
  OFFSET_COMMIT_KEY_TYPE,
  readOffsetCommitKey,
  readOffsetCommitValue,
  writeOffsetCommitKey,
  writeOffsetCommitValue,
} from './generated/index.ts'
import { MalformedError } from './reader.ts'
import { decodeRecordKey, decodeVersioned, encodeRecordKey, encodeVersioned, prefixOf } from './versioned.ts'

test('a value stands behind its version', () => {
  const value = { ...defaultOffsetCommitValue(), offset: 12, metadata: 'm', commitTimestamp: 99 }
  for (const version of [2, 3, 4]) {
    const bytes = encodeVersioned(writeOffsetCommitValue, version, value)
    expect(prefixOf(bytes)).toBe(version)
    expect(decodeVersioned(readOffsetCommitValue, 4, bytes)).toEqual(value)
  }
})

test("a record's key stands behind its type", () => {
  const key = { group: 'g', topic: 't', partition: 3 }
  const bytes = encodeRecordKey(writeOffsetCommitKey, OFFSET_COMMIT_KEY_TYPE, key)
  expect(bytes.toString('hex')).toBe('0001' + '000167' + '000174' + '00000003')
  expect(prefixOf(bytes)).toBe(OFFSET_COMMIT_KEY_TYPE)
  expect(decodeRecordKey(readOffsetCommitKey, bytes)).toEqual(key)
})

test('a version that nobody knows, and bytes without one, are refused', () => {
  expect(() => decodeVersioned(readOffsetCommitValue, 4, Buffer.from([0, 5, 0]))).toThrow(MalformedError)
  expect(() => decodeVersioned(readOffsetCommitValue, 4, Buffer.from([0xff, 0xff]))).toThrow(MalformedError)
  expect(() => decodeVersioned(readOffsetCommitValue, 4, Buffer.from([0]))).toThrow(MalformedError)
})
