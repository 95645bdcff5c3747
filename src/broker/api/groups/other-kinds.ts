import { ZERO_UUID } from '../../../base/uuid.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import {
  type DescribeShareGroupOffsetsRequestGroup,
  type DescribeShareGroupOffsetsResponseGroup,
  defaultConsumerGroupDescribeResponseGroup,
  defaultConsumerGroupHeartbeatResponse,
  defaultShareAcknowledgeResponse,
  defaultShareFetchResponse,
  defaultShareGroupDescribeResponseGroup,
  defaultShareGroupHeartbeatResponse,
  defaultStreamsGroupDescribeResponseGroup,
  defaultStreamsGroupHeartbeatResponse,
} from '../../../protocol/generated/index.ts'
import type { HandlersFor } from '../../net/handler.ts'
import { quoted } from '../quoted.ts'

/** The APIs that ask about groups of other kinds than the classic one, would change their offsets, or run them. */
export type OtherKindsApi =
  | 'ConsumerGroupDescribe'
  | 'ShareGroupDescribe'
  | 'StreamsGroupDescribe'
  | 'DescribeShareGroupOffsets'
  | 'AlterShareGroupOffsets'
  | 'DeleteShareGroupOffsets'
  | 'ConsumerGroupHeartbeat'
  | 'ShareGroupHeartbeat'
  | 'ShareFetch'
  | 'ShareAcknowledge'
  | 'StreamsGroupHeartbeat'

type Kind = 'consumer' | 'share' | 'streams'

/**
 * What would make or run a group of a kind: Kafka 4.3 answers the same where the feature is off (group.version,
 * share.version, streams.version of 0). Clients know it: they say so, or go on by the classic protocol. Where the API is
 * not advertised at all, some wait for ever.
 */
const UNSUPPORTED: { readonly [K in Kind]: { readonly errorCode: number; readonly errorMessage: string } } = {
  consumer: unsupported('Groups of the newer protocol (KIP-848) are not served: use group.protocol=classic'),
  share: unsupported('Share groups are not served'),
  streams: unsupported('Streams groups are not served: use group.protocol=classic'),
}

/**
 * All groups are classic ones. Of groups of another kind Kafka 4.3 answers the same; a client that asks about consumer
 * groups then asks by the classic API.
 */
export const otherKindsHandlers: HandlersFor<OtherKindsApi> = {
  ConsumerGroupDescribe: ({ groupIds }) => ({
    throttleTimeMs: 0,
    groups: groupIds.map((groupId) => ({
      ...defaultConsumerGroupDescribeResponseGroup(),
      ...notThere('consumer', groupId),
      groupId,
    })),
  }),
  ShareGroupDescribe: ({ groupIds }) => ({
    throttleTimeMs: 0,
    groups: groupIds.map((groupId) => ({
      ...defaultShareGroupDescribeResponseGroup(),
      ...notThere('share', groupId),
      groupId,
    })),
  }),
  StreamsGroupDescribe: ({ groupIds }) => ({
    throttleTimeMs: 0,
    groups: groupIds.map((groupId) => ({
      ...defaultStreamsGroupDescribeResponseGroup(),
      ...notThere('streams', groupId),
      groupId,
    })),
  }),
  DescribeShareGroupOffsets: ({ groups }) => ({ throttleTimeMs: 0, groups: groups.map(noOffsets) }),
  AlterShareGroupOffsets: ({ groupId }) => ({
    throttleTimeMs: 0,
    ...notThere('share', groupId),
    responses: [],
  }),
  DeleteShareGroupOffsets: ({ groupId }) => ({
    throttleTimeMs: 0,
    ...notThere('share', groupId),
    responses: [],
  }),
  ConsumerGroupHeartbeat: () => ({ ...defaultConsumerGroupHeartbeatResponse(), ...UNSUPPORTED.consumer }),
  ShareGroupHeartbeat: () => ({ ...defaultShareGroupHeartbeatResponse(), ...UNSUPPORTED.share }),
  ShareFetch: () => ({ ...defaultShareFetchResponse(), ...UNSUPPORTED.share }),
  ShareAcknowledge: () => ({ ...defaultShareAcknowledgeResponse(), ...UNSUPPORTED.share }),
  StreamsGroupHeartbeat: () => ({ ...defaultStreamsGroupHeartbeatResponse(), ...UNSUPPORTED.streams }),
}

function unsupported(errorMessage: string): { errorCode: number; errorMessage: string } {
  return { errorCode: ERROR_CODES.UNSUPPORTED_VERSION, errorMessage }
}

function notThere(kind: Kind, groupId: string): { errorCode: number; errorMessage: string } {
  return groupId === ''
    ? { errorCode: ERROR_CODES.INVALID_GROUP_ID, errorMessage: 'The name of a group must not be empty' }
    : {
        errorCode: ERROR_CODES.GROUP_ID_NOT_FOUND,
        errorMessage: `There is no ${kind} group ${quoted(groupId)}`,
      }
}

/** To have no offsets is no error, for a group that is not there either, as with OffsetFetch. */
function noOffsets({
  groupId,
  topics,
}: DescribeShareGroupOffsetsRequestGroup): DescribeShareGroupOffsetsResponseGroup {
  if (groupId === '') return { groupId, topics: [], ...notThere('share', groupId) }
  return {
    groupId,
    topics: (topics ?? []).map(({ topicName, partitions }) => ({
      topicName,
      topicId: ZERO_UUID,
      partitions: partitions.map((partitionIndex) => ({
        partitionIndex,
        startOffset: -1,
        leaderEpoch: 0,
        lag: -1,
        errorCode: ERROR_CODES.NONE,
        errorMessage: null,
      })),
    })),
    errorCode: ERROR_CODES.NONE,
    errorMessage: null,
  }
}
