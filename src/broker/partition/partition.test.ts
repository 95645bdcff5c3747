import { describe, expect, it } from 'vitest'
import { openTestLog } from '../../../test/support/storage.ts'
import { ManualEnvironment } from '../../base/environment.ts'
import { ERROR_CODES } from '../../protocol/error-codes.ts'
import { RaftGroup } from '../../raft/group.ts'
import { ProducerStates } from '../../storage/producer-state.ts'
import { listOffsetsHandler } from '../api/data/list-offsets.ts'
import type { RequestContext } from '../net/handler.ts'
import { BrokerOptions, topicConfigOf } from '../options.ts'
import { Partition } from './partition.ts'
import type { PartitionRegistry } from './registry.ts'

describe('a leader whose own term is not yet committed', () => {
  it('E14: answers 78 for the latest offset, and takes batches', async () => {
    const { log } = await openTestLog()
    const voters = { current: [1, 2, 3], old: null }
    const group = new RaftGroup({ self: 1, hardState: log.hardState, voters })
    const state = group.campaign()
    group.votePersisted(state)
    group.voteReceived(2, state.term)
    const partition = new Partition({
      topic: 't',
      topicId: log.topicId,
      index: 0,
      log,
      group,
      producers: new ProducerStates(),
      config: topicConfigOf(new Map(), BrokerOptions.from({})),
      environment: new ManualEnvironment(),
    })
    expect(partition.isSettled).toBe(false)
    expect(partition.checkLeader(-1)).toBe(0)
    const registry = { get: () => partition } as unknown as PartitionRegistry
    const asked = { partitionIndex: 0, currentLeaderEpoch: -1, timestamp: -1 }
    const request = {
      replicaId: -1,
      isolationLevel: 0,
      timeoutMs: 0,
      topics: [{ name: 't', partitions: [asked] }],
    }
    const context = { apiVersion: 9 } as RequestContext
    const answer = await listOffsetsHandler(registry)(request, context)
    if (typeof answer === 'symbol') throw new Error('no answer')
    expect(answer.topics[0]!.partitions[0]!.errorCode).toBe(ERROR_CODES.OFFSET_NOT_AVAILABLE)
  })
})
