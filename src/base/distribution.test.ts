import { expect, test } from 'vitest'
import { Distribution, DURATION_BOUNDS_MS } from './distribution.ts'

test('a value counts in the first class whose bound it does not exceed', () => {
  const distribution = new Distribution([1, 10])
  for (const value of [0, 1, 1.5, 10, 11, 1000]) distribution.record(value)
  expect([...distribution.counts]).toEqual([2, 2, 2])
  expect(distribution.count).toBe(6)
  expect(distribution.sum).toBe(1023.5)
})

test('the bounds for times grow', () => {
  expect(DURATION_BOUNDS_MS.toSorted((one, other) => one - other)).toEqual(DURATION_BOUNDS_MS)
})
