import { readConsumerProtocolSubscription } from '../../../protocol/generated/consumer-protocol.ts'
import { MalformedError, Reader } from '../../../protocol/reader.ts'
import { prefixOf } from '../../../protocol/versioned.ts'

/** Protocol type of groups of consumers: the only one whose metadata the coordinator understands. */
export const CONSUMER_PROTOCOL_TYPE = 'consumer'

const SUBSCRIPTION_VERSION_MAX = 3

/**
 * Topics of a consumer's subscription metadata; null where the bytes are not one. Versions above the newest known
 * one are read as that one: new fields are appended (KIP-429).
 */
export function subscribedTopics(metadata: Buffer): readonly string[] | null {
  try {
    const version = Math.min(prefixOf(metadata), SUBSCRIPTION_VERSION_MAX)
    if (version < 0) return null
    return readConsumerProtocolSubscription(new Reader(metadata, 2), version).topics
  } catch (error) {
    if (error instanceof MalformedError) return null
    throw error
  }
}
