import { expect, test } from 'vitest'
import { ManualEnvironment } from '../../../base/environment.ts'
import { ZERO_UUID } from '../../../base/uuid.ts'
import type { RequestOf } from '../../../protocol/api.ts'
import { type Answer, CLOSE_CONNECTION, NO_RESPONSE } from '../../net/handler.ts'
import { handOnSliced, isManyPartitions, SLICE_PARTITIONS_MAX } from './sliced-produce.ts'

type ProduceRequest = RequestOf<'Produce'>

function requestOf(...counts: readonly number[]): ProduceRequest {
  const topicData = counts.map((count, topic) => ({
    name: `topic-${topic}`,
    topicId: ZERO_UUID,
    partitionData: Array.from({ length: count }, (_, index) => ({ index, records: null })),
  }))
  return { transactionalId: null, acks: -1, timeoutMs: 1000, topicData }
}

/** Answers each partition with its offset: how many partitions came before it. */
function countingHandler() {
  const sizes: number[] = []
  let offset = 0
  const handOn = (request: ProduceRequest): Answer<'Produce'> => {
    const partitions = request.topicData.flatMap(({ partitionData }) => partitionData)
    sizes.push(partitions.length)
    const responses = request.topicData.map(({ name, topicId, partitionData }) => ({
      name,
      topicId,
      partitionResponses: partitionData.map(({ index }) => ({
        index,
        errorCode: 0,
        baseOffset: offset++,
        logAppendTimeMs: -1,
        logStartOffset: 0,
        recordErrors: [],
        errorMessage: null,
        currentLeader: { leaderId: -1, leaderEpoch: -1 },
      })),
    }))
    return { responses, throttleTimeMs: 0, nodeEndpoints: [] }
  }
  return { sizes, handOn }
}

test('a request of many partitions is handed on in parts and in order, and answered as one', async () => {
  const { sizes, handOn } = countingHandler()
  const request = requestOf(SLICE_PARTITIONS_MAX + 100, 0, SLICE_PARTITIONS_MAX + 7)
  expect(isManyPartitions(request)).toBe(true)
  const answer = await (await handOnSliced(new ManualEnvironment(), request, handOn)).answer
  expect(sizes).toEqual([SLICE_PARTITIONS_MAX, SLICE_PARTITIONS_MAX, 107])
  if (typeof answer === 'symbol') throw new Error('no answer')
  expect(answer.responses.map(({ name }) => name)).toEqual(['topic-0', 'topic-1', 'topic-2'])
  const counts = answer.responses.map(({ partitionResponses }) => partitionResponses.length)
  expect(counts).toEqual([SLICE_PARTITIONS_MAX + 100, 0, SLICE_PARTITIONS_MAX + 7])
  const offsets = answer.responses.flatMap((topic) => topic.partitionResponses.map((one) => one.baseOffset))
  expect(offsets).toEqual(offsets.map((_, index) => index))
})

test('without an answer to its parts there is none to the whole; a part that closes the connection does so', async () => {
  const answers: Answer<'Produce'>[] = [NO_RESPONSE, NO_RESPONSE, NO_RESPONSE, CLOSE_CONNECTION]
  const handOn = () => answers.shift()!
  const ask = async () =>
    (await handOnSliced(new ManualEnvironment(), requestOf(SLICE_PARTITIONS_MAX * 2), handOn)).answer
  expect(await ask()).toBe(NO_RESPONSE)
  expect(await ask()).toBe(CLOSE_CONNECTION)
})

test('an ordinary request is not taken apart', () => {
  expect(isManyPartitions(requestOf(SLICE_PARTITIONS_MAX - 1, 1))).toBe(false)
})
