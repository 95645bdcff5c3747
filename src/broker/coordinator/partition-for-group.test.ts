import { expect, test } from 'vitest'
import { javaStringHash, partitionForGroup } from './partition-for-group.ts'

test.each([
  ['co14197-a', 12],
  ['co14197-simple', 17],
  ['cp15148-st', 10],
])('%s lies in partition %d of 50, where Kafka 4.3.1 put it', (groupId, partition) => {
  expect(partitionForGroup(groupId, 50)).toBe(partition)
})

test('hashes wrap at 32 bits as in Java, and the one that has no absolute value counts as 0', () => {
  expect(javaStringHash('')).toBe(0)
  expect(javaStringHash('hello')).toBe(99162322)
  expect(javaStringHash('polygenelubricants')).toBe(-(2 ** 31))
  expect(partitionForGroup('polygenelubricants', 50)).toBe(0)
})
