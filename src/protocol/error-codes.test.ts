import { expect, test } from 'vitest'
import type { ErrorName } from './error-codes.ts'
import { ERROR_CODES, errorMessage, errorName, isRetriable } from './error-codes.ts'

test('every code has one name, and all have a message but NONE', () => {
  const codes = Object.values(ERROR_CODES)
  expect(new Set(codes).size).toBe(codes.length)
  for (const [name, code] of Object.entries(ERROR_CODES)) {
    expect(errorName(code)).toBe(name as ErrorName)
    expect(errorMessage(code) === '').toBe(code === 0)
  }
})

test('codes run from -1 to 136 without a hole', () => {
  expect(Object.values(ERROR_CODES)).toEqual(Array.from({ length: 138 }, (_, index) => index - 1))
})

test('a code that nobody knows is an unknown server error', () => {
  expect(errorName(9999)).toBe('UNKNOWN_SERVER_ERROR')
  expect(isRetriable(9999)).toBe(false)
})

test('clients retry what passes by itself', () => {
  expect(isRetriable(ERROR_CODES.NOT_LEADER_OR_FOLLOWER)).toBe(true)
  expect(isRetriable(ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS)).toBe(true)
  expect(isRetriable(ERROR_CODES.OFFSET_OUT_OF_RANGE)).toBe(false)
  expect(isRetriable(ERROR_CODES.NONE)).toBe(false)
})
