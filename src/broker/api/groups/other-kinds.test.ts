import { expect, it } from 'vitest'
import { ZERO_UUID } from '../../../base/uuid.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import {
  defaultConsumerGroupHeartbeatRequest,
  defaultShareAcknowledgeRequest,
  defaultShareFetchRequest,
  defaultShareGroupHeartbeatRequest,
  defaultStreamsGroupHeartbeatRequest,
} from '../../../protocol/generated/index.ts'
import { throughCodecs, versionsOf } from '../test-kit.ts'
import { otherKindsHandlers } from './other-kinds.ts'

const { NONE, GROUP_ID_NOT_FOUND, INVALID_GROUP_ID, UNSUPPORTED_VERSION } = ERROR_CODES

it('groups of other kinds are not found, each as often as it is asked about', async () => {
  const request = { groupIds: ['a', '', 'a'], includeAuthorizedOperations: true }
  for (const name of ['ConsumerGroupDescribe', 'ShareGroupDescribe', 'StreamsGroupDescribe'] as const)
    for (const version of versionsOf(name)) {
      const answer = await throughCodecs(otherKindsHandlers[name], name, version, request)
      const groups: readonly { readonly groupId: string; readonly errorCode: number }[] = answer.groups
      expect(groups.map(({ groupId, errorCode }) => [groupId, errorCode])).toEqual([
        ['a', GROUP_ID_NOT_FOUND],
        ['', INVALID_GROUP_ID],
        ['a', GROUP_ID_NOT_FOUND],
      ])
    }
})

it('a share group that is not there has no offsets, which is no error', async () => {
  const name = 'DescribeShareGroupOffsets'
  const topics = [{ topicName: 't', partitions: [0, 7] }]
  const request = {
    groups: [
      { groupId: 'a', topics },
      { groupId: 'b', topics: null },
      { groupId: '', topics },
    ],
  }
  for (const version of versionsOf(name)) {
    const { groups } = await throughCodecs(otherKindsHandlers[name], name, version, request)
    const nothing = { startOffset: -1, leaderEpoch: 0, lag: -1, errorCode: NONE, errorMessage: null }
    const partitions = [0, 7].map((partitionIndex) => ({ partitionIndex, ...nothing }))
    expect(groups).toMatchObject([
      { groupId: 'a', errorCode: NONE, topics: [{ topicName: 't', topicId: ZERO_UUID, partitions }] },
      { groupId: 'b', errorCode: NONE, topics: [] },
      { groupId: '', errorCode: INVALID_GROUP_ID, topics: [] },
    ])
  }
})

it('offsets of a share group that is not there are neither set nor deleted', async () => {
  for (const [groupId, errorCode] of [
    ['a', GROUP_ID_NOT_FOUND],
    ['', INVALID_GROUP_ID],
  ] as const) {
    const alter = {
      groupId,
      topics: [{ topicName: 't', partitions: [{ partitionIndex: 0, startOffset: 0 }] }],
    }
    const altered = otherKindsHandlers.AlterShareGroupOffsets
    const expected = { errorCode, responses: [] }
    expect(await throughCodecs(altered, 'AlterShareGroupOffsets', 0, alter)).toMatchObject(expected)
    const deletion = { groupId, topics: [{ topicName: 't' }] }
    const deleted = otherKindsHandlers.DeleteShareGroupOffsets
    expect(await throughCodecs(deleted, 'DeleteShareGroupOffsets', 0, deletion)).toMatchObject(expected)
  }
})

it('what would make or run such groups is not supported, and says what is', async () => {
  const handlers = otherKindsHandlers
  const ids = { groupId: 'g', memberId: 'm' }
  for (const version of versionsOf('ConsumerGroupHeartbeat')) {
    const request = { ...defaultConsumerGroupHeartbeatRequest(), ...ids }
    const name = 'ConsumerGroupHeartbeat'
    const { errorCode, errorMessage, memberId } = await throughCodecs(handlers[name], name, version, request)
    expect([errorCode, memberId]).toEqual([UNSUPPORTED_VERSION, null])
    expect(errorMessage).toContain('group.protocol=classic')
  }
  const share = { ...defaultShareGroupHeartbeatRequest(), ...ids }
  const streams = { ...defaultStreamsGroupHeartbeatRequest(), ...ids }
  const fetch = { ...defaultShareFetchRequest(), ...ids }
  const acknowledge = { ...defaultShareAcknowledgeRequest(), ...ids }
  const answers = [
    await throughCodecs(handlers.ShareGroupHeartbeat, 'ShareGroupHeartbeat', 1, share),
    await throughCodecs(handlers.StreamsGroupHeartbeat, 'StreamsGroupHeartbeat', 0, streams),
    await throughCodecs(handlers.ShareFetch, 'ShareFetch', 1, fetch),
    await throughCodecs(handlers.ShareFetch, 'ShareFetch', 2, fetch),
    await throughCodecs(handlers.ShareAcknowledge, 'ShareAcknowledge', 1, acknowledge),
    await throughCodecs(handlers.ShareAcknowledge, 'ShareAcknowledge', 2, acknowledge),
  ]
  for (const { errorCode } of answers) expect(errorCode).toBe(UNSUPPORTED_VERSION)
})
