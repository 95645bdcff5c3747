import { describe, expect, it } from 'vitest'
import { batchOf } from '../../../test/support/data-requests.ts'
import { openTestLog, settled } from '../../../test/support/storage.ts'
import { ManualEnvironment } from '../../base/environment.ts'
import { silentLogger } from '../../base/logger.ts'
import { ERROR_CODES, isRetriable } from '../../protocol/error-codes.ts'
import { RaftGroup } from '../../raft/group.ts'
import type { MemoryFileSystem } from '../../storage/memory-file-system.ts'
import { ProducerStates } from '../../storage/producer-state.ts'
import { listOffsetsHandler } from '../api/data/list-offsets.ts'
import type { RequestContext } from '../net/handler.ts'
import { BrokerOptions, topicConfigOf } from '../options.ts'
import { AppendRefusedError, MachinePartition } from './machine-partition.ts'
import { Partition } from './partition.ts'
import type { PartitionRegistry } from './registry.ts'

async function electedPartition(): Promise<{ partition: Partition; fileSystem: MemoryFileSystem }> {
  const { log, fileSystem } = await openTestLog()
  const group = new RaftGroup({
    self: 1,
    hardState: log.hardState,
    voters: { current: [1, 2, 3], old: null },
  })
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
    logger: silentLogger,
    awaited: new Set(),
  })
  return { partition, fileSystem }
}

describe('a leader whose own term is not yet committed', () => {
  it('E14: answers 78 for the latest offset, to older clients 5, and takes batches', async () => {
    const { partition } = await electedPartition()
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
    for (const [apiVersion, code] of [
      [9, ERROR_CODES.OFFSET_NOT_AVAILABLE],
      [4, ERROR_CODES.LEADER_NOT_AVAILABLE],
    ] as const) {
      const context = { apiVersion } as RequestContext
      const answer = await listOffsetsHandler(registry, new ManualEnvironment())(request, context)
      if (typeof answer === 'symbol') throw new Error('no answer')
      expect(answer.topics[0]!.partitions[0]!.errorCode).toBe(code)
      expect(isRetriable(code)).toBe(true)
    }
  })
})

describe('a machine that begins anew', () => {
  it('sees what the one before has appended, also what is not written yet', async () => {
    const { partition, fileSystem } = await electedPartition()
    partition.log.startTerm(partition.leaderEpoch, 1, [1, 2, 3])
    const log = new MachinePartition(partition)
    let write: () => void = () => {}
    fileSystem.delay = ({ kind }) =>
      kind === 'write'
        ? new Promise((resolve) => {
            write = resolve
          })
        : Promise.resolve()
    log.append(batchOf(['queued']))
    let seen = 0
    const replayed = log.replay(() => seen++)
    await settled()
    fileSystem.delay = () => Promise.resolve()
    write()
    await replayed
    expect(seen).toBe(1)
  })
})

describe('a partition whose broker is about to stop', () => {
  it('tells its machine that it takes nothing, before anything is decided', async () => {
    const { partition } = await electedPartition()
    const log = new MachinePartition(partition)
    expect(log.refusal()).toBeNull()
    partition.drain()
    expect(log.refusal()).toBe('unavailable')
    expect(() => log.append(batchOf(['late']))).toThrow(AppendRefusedError)
    const appended = partition.append(batchOf(['late']), 'written')
    expect(appended.errorCode).toBe(ERROR_CODES.NOT_LEADER_OR_FOLLOWER)
    expect(isRetriable(appended.errorCode)).toBe(true)
  })
})
