import { expect, test } from 'vitest'
import {
  defaultConsumerProtocolSubscription,
  writeConsumerProtocolSubscription,
} from '../../../protocol/generated/consumer-protocol.ts'
import { encodeVersioned } from '../../../protocol/versioned.ts'
import { subscribedTopics } from './subscription.ts'

/** At version 0. */
function subscription(...topics: readonly string[]): Buffer {
  const value = { ...defaultConsumerProtocolSubscription(), topics: [...topics] }
  return Buffer.from(encodeVersioned(writeConsumerProtocolSubscription, 0, value))
}

test('topics of a subscription are read whichever version the bytes claim, as far as they are needed', () => {
  const metadata = subscription('a', 'b')
  const appended = ['', '00000000', '00000007', '00000000ffff', '00000000ffffffff0001', 'ff0102']
  for (const version of [0, 1, 2, 3, 9, 32_767, -1, -7])
    for (const more of appended) {
      const bytes = Buffer.concat([metadata, Buffer.from(more, 'hex')])
      bytes.writeInt16BE(version, 0)
      expect(subscribedTopics(bytes)).toEqual(['a', 'b'])
    }
})

test('a subscription without topics has none', () => {
  expect(subscribedTopics(Buffer.from('00010000000000000000', 'hex'))).toEqual([])
})

test('bytes that are no subscription are told apart, at every length', () => {
  const metadata = subscription('a', 'b')
  for (let length = 0; length < metadata.length; length++)
    expect(subscribedTopics(metadata.subarray(0, length))).toBeNull()
  expect(subscribedTopics(Buffer.from('ffff', 'hex'))).toBeNull()
})
