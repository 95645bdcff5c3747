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

/** Kafka 4.3's, whose exceptions are RetriableExceptions: clients come again by themselves, whatever they asked. */
const RETRIABLE: readonly ErrorName[] = [
  'CORRUPT_MESSAGE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_OR_FOLLOWER',
  'REQUEST_TIMED_OUT',
  'REPLICA_NOT_AVAILABLE',
  'NETWORK_EXCEPTION',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'NOT_CONTROLLER',
  'CONCURRENT_TRANSACTIONS',
  'KAFKA_STORAGE_ERROR',
  'FETCH_SESSION_ID_NOT_FOUND',
  'INVALID_FETCH_SESSION_EPOCH',
  'LISTENER_NOT_FOUND',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'OFFSET_NOT_AVAILABLE',
  'PREFERRED_LEADER_NOT_AVAILABLE',
  'ELIGIBLE_LEADERS_NOT_AVAILABLE',
  'ELECTION_NOT_NEEDED',
  'UNSTABLE_OFFSET_COMMIT',
  'THROTTLING_QUOTA_EXCEEDED',
  'UNKNOWN_TOPIC_ID',
  'INCONSISTENT_TOPIC_ID',
  'FETCH_SESSION_TOPIC_ID_ERROR',
  'SHARE_SESSION_NOT_FOUND',
  'INVALID_SHARE_SESSION_EPOCH',
  'SHARE_SESSION_LIMIT_REACHED',
]

test('the codes that clients retry are those of Kafka, and no others', () => {
  const retriable = Object.entries(ERROR_CODES).flatMap(([name, code]) => (isRetriable(code) ? [name] : []))
  expect(retriable).toEqual(RETRIABLE)
})

test('clients retry what passes by itself', () => {
  expect(isRetriable(ERROR_CODES.NOT_LEADER_OR_FOLLOWER)).toBe(true)
  expect(isRetriable(ERROR_CODES.COORDINATOR_LOAD_IN_PROGRESS)).toBe(true)
  expect(isRetriable(ERROR_CODES.OFFSET_OUT_OF_RANGE)).toBe(false)
  expect(isRetriable(ERROR_CODES.NONE)).toBe(false)
})
