import { readConsumerProtocolSubscription } from '../../../protocol/generated/consumer-protocol.ts'
import { MalformedError, Reader } from '../../../protocol/reader.ts'
import { prefixOf } from '../../../protocol/versioned.ts'

/** Protocol type of groups of consumers: the only one whose metadata the coordinator understands. */
export const CONSUMER_PROTOCOL_TYPE = 'consumer'

/** The version that brought the topics. Later ones only append fields (KIP-429, KIP-792, KIP-881). */
const TOPICS_VERSION = 0
/** Topics that are read of one member: twice as many as a broker has partitions by default. */
const ELEMENTS_MAX = 20_000

/**
 * Topics of a consumer's subscription metadata; null where the bytes are not one, or name more than anybody reads. They
 * are read at the version that brought what is needed here, whichever the bytes claim: there are clients that claim a
 * later one and leave out what it appends. Kafka 4.3 does the same, with versions below 0 too.
 */
export function subscribedTopics(metadata: Buffer): readonly string[] | null {
  try {
    prefixOf(metadata)
    const reader = new Reader(metadata, 2)
    reader.elementsLeft = ELEMENTS_MAX
    return readConsumerProtocolSubscription(reader, TOPICS_VERSION).topics
  } catch (error) {
    if (error instanceof MalformedError) return null
    throw error
  }
}
