import { readConsumerProtocolSubscription } from '../../../protocol/generated/consumer-protocol.ts'
import { MalformedError, Reader } from '../../../protocol/reader.ts'
import { prefixOf } from '../../../protocol/versioned.ts'

/** Protocol type of groups of consumers: the only one whose metadata the coordinator understands. */
export const CONSUMER_PROTOCOL_TYPE = 'consumer'

const SUBSCRIPTION_VERSION_MAX = 3
/** Topics, and owned partitions, that are read of one member: twice as many as a broker has by default. */
const ELEMENTS_MAX = 20_000

/**
 * Topics of a consumer's subscription metadata; null where the bytes are not one, or name more than anybody reads. Versions above the newest known
 * one are read as that one: new fields are appended (KIP-429).
 */
export function subscribedTopics(metadata: Buffer): readonly string[] | null {
  try {
    const version = Math.min(prefixOf(metadata), SUBSCRIPTION_VERSION_MAX)
    if (version < 0) return null
    const reader = new Reader(metadata, 2)
    reader.elementsLeft = ELEMENTS_MAX
    return readConsumerProtocolSubscription(reader, version).topics
  } catch (error) {
    if (error instanceof MalformedError) return null
    throw error
  }
}
