import { expect, test } from 'vitest'
import { subscription } from './machine-bench.ts'
import { subscribedTopics } from './subscription.ts'

test('topics of a subscription are read, of a version that is not known yet too', () => {
  const metadata = subscription('a', 'b')
  expect(subscribedTopics(metadata)).toEqual(['a', 'b'])
  const newer = Buffer.concat([metadata, Buffer.from('00000000ffff0102', 'hex')])
  newer.writeInt16BE(9, 0)
  expect(subscribedTopics(newer)).toEqual(['a', 'b'])
})

test('bytes that are no subscription are told apart, at every length', () => {
  const metadata = subscription('a', 'b')
  for (let length = 0; length < metadata.length; length++)
    expect(subscribedTopics(metadata.subarray(0, length))).toBeNull()
  expect(subscribedTopics(Buffer.from('ffff', 'hex'))).toBeNull()
})
