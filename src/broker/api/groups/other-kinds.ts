import { ZERO_UUID } from '../../../base/uuid.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import {
  type DescribeShareGroupOffsetsRequestGroup,
  type DescribeShareGroupOffsetsResponseGroup,
  defaultConsumerGroupDescribeResponseGroup,
  defaultShareGroupDescribeResponseGroup,
  defaultStreamsGroupDescribeResponseGroup,
} from '../../../protocol/generated/index.ts'
import type { HandlersFor } from '../../net/handler.ts'
import { quoted } from '../quoted.ts'

/** The APIs that ask about groups of other kinds than the classic one, or would change their offsets. */
export type OtherKindsApi =
  | 'ConsumerGroupDescribe'
  | 'ShareGroupDescribe'
  | 'StreamsGroupDescribe'
  | 'DescribeShareGroupOffsets'
  | 'AlterShareGroupOffsets'
  | 'DeleteShareGroupOffsets'

type Kind = 'consumer' | 'share' | 'streams'

/**
 * All groups are classic ones. Kafka 4.3 answers the same of groups of another kind; a client that asks about consumer
 * groups then asks by the classic API. What would make or run such groups is not advertised: clients go by that.
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
