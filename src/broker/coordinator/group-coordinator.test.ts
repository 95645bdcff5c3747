import { expect, test } from 'vitest'
import { ManualEnvironment } from '../../base/environment.ts'
import { silentLogger } from '../../base/logger.ts'
import { StorageError } from '../../storage/storage-error.ts'
import { GroupCoordinator } from './group-coordinator.ts'
import { GROUP_CONFIG_DEFAULTS } from './groups/group-config.ts'
import { commitOf, joinOf, offsetOf } from './groups/machine-bench.ts'
import { MemoryMachineLog } from './memory-machine-log.ts'

function coordinated(partitionCount = 3) {
  const environment = new ManualEnvironment()
  const coordinator = new GroupCoordinator({
    topic: { ensure: () => Promise.resolve(true), partitionCount: () => partitionCount },
    config: GROUP_CONFIG_DEFAULTS,
    environment,
    logger: silentLogger,
    batchBytesMax: 1_000_000,
  })
  return { environment, coordinator }
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

test('a group goes to its own partition, and the groups of all partitions are listed', async () => {
  const { coordinator } = coordinated()
  const logs = [0, 1, 2].map(() => new MemoryMachineLog())
  await Promise.all(logs.map((log, partition) => coordinator.lead(partition, log)))
  const groupIds = ['a', 'b', 'c', 'd', 'e', 'f']
  for (const groupId of groupIds) await coordinator.submit<'commit'>(commitOf({ groupId }))
  expect(logs.map(({ batches }) => batches.length)).toEqual([2, 2, 2])
  const listed = await coordinator.listGroups()
  expect('groups' in listed && listed.groups.map(({ groupId }) => groupId).sort()).toEqual(groupIds)
  const described = await coordinator.describeGroups([...groupIds, 'a'])
  expect([...described.keys()]).toEqual(groupIds)
})

test('a partition that can not be loaded is not available, and the others are', async () => {
  const { coordinator } = coordinated()
  const broken = new MemoryMachineLog()
  broken.replay = () => Promise.reject(new Error('bad sector'))
  await coordinator.lead(coordinator.partitionFor('a')!, broken)
  await coordinator.lead(coordinator.partitionFor('b')!, new MemoryMachineLog())
  expect(await coordinator.submit<'commit'>(commitOf({ groupId: 'a' }))).toEqual({ refused: 'unavailable' })
  expect(await coordinator.submit<'commit'>(commitOf({ groupId: 'b' }))).toMatchObject({ errors: ['NONE'] })
})

test('a partition that could not be loaded for a lack of descriptors is, when there are some again', async () => {
  const { coordinator, environment } = coordinated(1)
  const log = new MemoryMachineLog()
  const replay = log.replay.bind(log)
  log.replay = () => Promise.reject(new StorageError('no-descriptors', 'p', 'too many files are open'))
  await coordinator.lead(0, log)
  expect(await coordinator.submit<'commit'>(commitOf())).toEqual({ refused: 'unavailable' })
  environment.advance(1_000)
  await turn()
  log.replay = replay
  environment.advance(1_000)
  await turn()
  expect(await coordinator.submit<'commit'>(commitOf())).toMatchObject({ errors: ['NONE'] })
  coordinator.close()
})

test('a deleted topic takes its offsets with it also where the partition was not ready to hear of it', async () => {
  const { coordinator, environment } = coordinated(1)
  const log = new MemoryMachineLog()
  await coordinator.lead(0, log)
  await coordinator.submit<'commit'>(commitOf({ offsets: [offsetOf(0, 1), offsetOf(0, 2, { topic: 'u' })] }))
  log.refuse('unavailable')
  coordinator.topicsDeleted(['t'])
  await turn()
  log.refuse(null)
  environment.advance(1_000)
  await turn()
  const fetched = await coordinator.submit<'fetch-offsets'>({
    kind: 'fetch-offsets',
    groupId: 'g',
    topics: null,
    requireStable: true,
  })
  expect('topics' in fetched && fetched.topics.map(({ topic }) => topic)).toEqual(['u'])
})

test('a leadership that comes back finds what was committed, and closing refuses what is parked', async () => {
  const { coordinator, environment } = coordinated(1)
  const log = new MemoryMachineLog()
  await coordinator.lead(0, log)
  await coordinator.submit<'commit'>(commitOf())
  coordinator.resign(0)
  expect(await coordinator.submit<'commit'>(commitOf())).toEqual({ refused: 'not-leader' })
  await coordinator.lead(0, new MemoryMachineLog({ batches: log.batches }))
  const fetched = await coordinator.submit<'fetch-offsets'>({
    kind: 'fetch-offsets',
    groupId: 'g',
    topics: null,
    requireStable: true,
  })
  expect(fetched).toMatchObject({ topics: [{ topic: 't', partitions: [{ offset: 5 }] }] })
  await coordinator.submit<'join'>(joinOf())
  const parked = coordinator.submit<'join'>(joinOf())
  coordinator.close()
  expect(await parked).toEqual({ refused: 'not-leader' })
  expect(environment.pendingTimers).toBe(0)
})

test('a producer ends its transaction in the offsets topic, durably', async () => {
  const { coordinator } = coordinated(1)
  const log = new MemoryMachineLog()
  await coordinator.lead(0, log)
  const producer = { id: 7, epoch: 2 }
  await coordinator.submit<'transactional-commit'>({
    kind: 'transactional-commit',
    groupId: 'g',
    producerId: producer.id,
    producerEpoch: producer.epoch,
    generation: -1,
    memberId: '',
    instanceId: null,
    offsets: [offsetOf(0, 9)],
  })
  const fetch = { kind: 'fetch-offsets', groupId: 'g', topics: null, requireStable: true } as const
  expect(await coordinator.submit<'fetch-offsets'>(fetch)).toMatchObject({
    topics: [{ partitions: [{ error: 'UNSTABLE_OFFSET_COMMIT' }] }],
  })
  expect(await coordinator.endTransaction(0, producer, 1, true)).toBeNull()
  await coordinator.lead(0, new MemoryMachineLog({ batches: log.batches }))
  expect(await coordinator.submit<'fetch-offsets'>(fetch)).toMatchObject({
    topics: [{ partitions: [{ offset: 9, error: 'NONE' }] }],
  })
})

test('groups whose machine met a fault of the broker are loaded again from their log, and keep no memory twice', async () => {
  const { coordinator, environment } = coordinated(1)
  await coordinator.lead(0, new MemoryMachineLog())
  await coordinator.submit<'commit'>(commitOf({ groupId: 'a' }))
  const keptBytes = coordinator.memory.all.usedBytes
  const poison = { ...joinOf({ groupId: 'b' }), protocols: null as never }
  expect(await coordinator.submit<'join'>(poison)).toEqual({ refused: 'unavailable' })
  expect(coordinator.memory.all.usedBytes).toBe(0)
  environment.advance(1_000)
  await turn()
  expect(coordinator.memory.all.usedBytes).toBe(keptBytes)
  const again = await coordinator.submit<'commit'>(commitOf({ groupId: 'a', offsets: [offsetOf(0, 6)] }))
  expect(again).toMatchObject({ errors: ['NONE'] })
})

test('members are given up when their connection is gone, and what they kept with them', async () => {
  const { coordinator } = coordinated(1)
  await coordinator.lead(0, new MemoryMachineLog())
  await coordinator.submit<'join'>(joinOf())
  const keptBytes = coordinator.memory.all.usedBytes
  let leave = () => {}
  const onClose = (callback: () => void) => {
    leave = callback
    return () => {}
  }
  const parked = coordinator.submit<'join'>(joinOf(), { onClose })
  expect(coordinator.memory.all.usedBytes).toBeGreaterThan(keptBytes)
  leave()
  expect(await parked).toMatchObject({ error: 'UNKNOWN_MEMBER_ID' })
  expect(coordinator.memory.all.usedBytes).toBe(keptBytes)
})
