import { describe, expect, it } from 'vitest'
import { uuidFromString, ZERO_UUID } from '../../../base/uuid.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import { MemoryMachineLog } from '../../coordinator/memory-machine-log.ts'
import { AdminRig, creation, settle } from './test-kit.ts'

const UNKNOWN_ID = uuidFromString('AAAAAAAAAAAAAAAAAAAAEQ')!

async function codes(rig: AdminRig, ...topics: Parameters<typeof creation>[0]): Promise<number[]> {
  const { topics: results } = await rig.ask('CreateTopics', 7, creation(topics))
  return topics.map(({ name }) => results.find((result) => result.name === name)!.errorCode)
}

describe('CreateTopics', () => {
  it('answers at every version, and from 5 on with partitions, replicas and all configs (C10)', async () => {
    const rig = await AdminRig.start()
    for (let version = 2; version <= 7; version++) {
      const { topics } = await rig.ask('CreateTopics', version, creation([{ name: `v${version}` }]))
      expect(topics).toHaveLength(1)
      const [topic] = topics
      expect(topic).toMatchObject({ name: `v${version}`, errorCode: 0, errorMessage: null })
      expect(topic!.numPartitions).toBe(version >= 5 ? 1 : -1)
      expect(topic!.replicationFactor).toBe(version >= 5 ? 1 : -1)
      expect(topic!.topicId === ZERO_UUID).toBe(version < 7)
      if (version >= 5) expect(topic!.configs!.length).toBeGreaterThan(30)
    }
  })

  it("C10: takes -1 partitions and replicas for the broker's defaults, and tells the overrides as such", async () => {
    const rig = await AdminRig.start({ 'num.partitions': '4' })
    const wanted = {
      name: 'a',
      numPartitions: -1,
      replicationFactor: -1,
      configs: [{ name: 'retention.ms', value: '5' }],
    }
    const { topics } = await rig.ask('CreateTopics', 7, creation([wanted]))
    expect(topics[0]).toMatchObject({ numPartitions: 4, replicationFactor: 1 })
    const configOf = (name: string) => topics[0]!.configs!.find((config) => config.name === name)
    expect(configOf('retention.ms')).toMatchObject({ value: '5', configSource: 1, readOnly: false })
    expect(configOf('segment.bytes')).toMatchObject({ value: '1073741824', configSource: 5 })
    expect(rig.metadata.image.topics.get('a')!.id).toBe(topics[0]!.topicId)
  })

  it('C10: creates none of the topics that a request names twice', async () => {
    const rig = await AdminRig.start()
    const request = creation([{ name: 'a' }, { name: 'b' }, { name: 'a' }])
    const { topics } = await rig.ask('CreateTopics', 7, request)
    expect(topics.map(({ name, errorCode }) => [name, errorCode]).sort()).toEqual([
      ['a', ERROR_CODES.INVALID_REQUEST],
      ['b', ERROR_CODES.NONE],
    ])
    expect([...rig.metadata.image.topics.keys()]).toEqual(['b'])
  })

  it('C10: says with validate_only what would come of it and changes nothing', async () => {
    const rig = await AdminRig.start()
    const request = creation([{ name: 'a', numPartitions: 3 }, { name: 'bad name' }], { validateOnly: true })
    const { topics } = await rig.ask('CreateTopics', 7, request)
    expect(topics.map(({ errorCode }) => errorCode)).toEqual([0, ERROR_CODES.INVALID_TOPIC_EXCEPTION])
    expect(topics[0]).toMatchObject({ numPartitions: 3 })
    expect(rig.changes.filter(({ kind }) => kind === 'topic-created')).toEqual([])
    expect(rig.partitions.asked).toEqual([])
  })

  it('refuses what cannot be with the code that names it', async () => {
    const rig = await AdminRig.start()
    await rig.create('there')
    await rig.create('dot.ted')
    const none = { numPartitions: -1, replicationFactor: -1 }
    const assigned = (...brokers: number[][]) => ({
      ...none,
      assignments: brokers.map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
    })
    const config = (name: string, value: string | null) => ({ configs: [{ name, value }] })
    expect(
      await codes(
        rig,
        { name: 'there' },
        { name: '..' },
        { name: 'dot_ted' },
        { name: 'x'.repeat(250) },
        { name: 'p0', numPartitions: 0 },
        { name: 'p-2', numPartitions: -2 },
        { name: 'r0', replicationFactor: 0 },
        { name: 'r2', replicationFactor: 2 },
        { name: 'both', ...assigned([1]), numPartitions: 1 },
        { name: 'stranger', ...assigned([9]) },
        { name: 'repeated', ...assigned([1, 1]) },
        { name: 'empty', ...assigned([]) },
        { name: 'gap', ...none, assignments: [{ partitionIndex: 1, brokerIds: [1] }] },
        { name: 'twice', ...none, assignments: Array(2).fill({ partitionIndex: 0, brokerIds: [1] }) },
        { name: 'unknown-config', ...config('nonsense', '1') },
        { name: 'wrong-config', ...config('retention.ms', 'abc') },
        { name: 'null-config', ...config('retention.ms', null) },
        { name: 'tiered', ...config('remote.storage.enable', 'true') },
        { name: '__consumer_offsets' },
        { name: '__cluster_metadata' },
        { name: 'fine', ...assigned([1], [1]) },
      ),
    ).toEqual([
      ERROR_CODES.TOPIC_ALREADY_EXISTS,
      ERROR_CODES.INVALID_TOPIC_EXCEPTION,
      ERROR_CODES.INVALID_TOPIC_EXCEPTION,
      ERROR_CODES.INVALID_TOPIC_EXCEPTION,
      ERROR_CODES.INVALID_PARTITIONS,
      ERROR_CODES.INVALID_PARTITIONS,
      ERROR_CODES.INVALID_REPLICATION_FACTOR,
      ERROR_CODES.INVALID_REPLICATION_FACTOR,
      ERROR_CODES.INVALID_REQUEST,
      ERROR_CODES.INVALID_REPLICA_ASSIGNMENT,
      ERROR_CODES.INVALID_REPLICA_ASSIGNMENT,
      ERROR_CODES.INVALID_REPLICA_ASSIGNMENT,
      ERROR_CODES.INVALID_REPLICA_ASSIGNMENT,
      ERROR_CODES.INVALID_REPLICA_ASSIGNMENT,
      ERROR_CODES.INVALID_CONFIG,
      ERROR_CODES.INVALID_CONFIG,
      ERROR_CODES.INVALID_CONFIG,
      ERROR_CODES.INVALID_CONFIG,
      ERROR_CODES.INVALID_REQUEST,
      ERROR_CODES.INVALID_REQUEST,
      ERROR_CODES.NONE,
    ])
  })

  it('answers errors with empty configs, never null, which the Java client cannot read', async () => {
    const rig = await AdminRig.start()
    const { topics } = await rig.ask('CreateTopics', 7, creation([{ name: '' }]))
    expect(topics[0]).toMatchObject({ configs: [], numPartitions: -1, topicId: ZERO_UUID })
  })

  it('bounds what one request creates', async () => {
    const rig = await AdminRig.start({ 'max.broker.partitions': '100000' })
    expect(await codes(rig, { name: 'a', numPartitions: 10_001 })).toEqual([ERROR_CODES.POLICY_VIOLATION])
    expect(await codes(rig, { name: 'a', numPartitions: 10_000 })).toEqual([ERROR_CODES.POLICY_VIOLATION])
    expect(await codes(rig, { name: 'a', numPartitions: 9_999 })).toEqual([ERROR_CODES.NONE])
  })

  it('answers once the creation is durable and the partitions are led', async () => {
    const rig = await AdminRig.start()
    rig.partitions.hold()
    rig.log.isAutoCommitting = false
    let isAnswered = false
    const asking = rig.ask('CreateTopics', 7, creation([{ name: 'a' }])).then((response) => {
      isAnswered = true
      return response
    })
    await settle()
    expect(rig.partitions.asked).toEqual([])
    rig.log.commitTo()
    await settle()
    expect(rig.partitions.asked).toHaveLength(1)
    expect(isAnswered).toBe(false)
    rig.partitions.release()
    expect((await asking).topics[0]!.errorCode).toBe(ERROR_CODES.NONE)
  })

  it('times out when the partitions do not come up, and does nothing when no time is given', async () => {
    const rig = await AdminRig.start()
    rig.partitions.hold()
    const asking = rig.ask('CreateTopics', 7, creation([{ name: 'a' }], { timeoutMs: 500 }))
    await settle()
    rig.environment.advance(500)
    expect((await asking).topics[0]!.errorCode).toBe(ERROR_CODES.REQUEST_TIMED_OUT)
    const { topics } = await rig.ask('CreateTopics', 7, creation([{ name: 'b' }], { timeoutMs: 0 }))
    expect(topics[0]).toMatchObject({ errorCode: ERROR_CODES.REQUEST_TIMED_OUT })
    expect(rig.metadata.image.topics.has('b')).toBe(false)
  })

  it('times out when the creation does not become durable', async () => {
    const rig = await AdminRig.start()
    rig.log.isAutoCommitting = false
    const asking = rig.ask('CreateTopics', 7, creation([{ name: 'a' }], { timeoutMs: 500 }))
    await settle()
    rig.environment.advance(500)
    expect((await asking).topics[0]!.errorCode).toBe(ERROR_CODES.REQUEST_TIMED_OUT)
    rig.log.commitTo()
    await settle()
    expect(rig.metadata.image.topics.has('a')).toBe(true)
  })

  it('says so when the disk keeps partitions from opening or the metadata from changing', async () => {
    const rig = await AdminRig.start()
    rig.partitions.isBroken = true
    expect(await codes(rig, { name: 'a' })).toEqual([ERROR_CODES.KAFKA_STORAGE_ERROR])
    rig.log.refuse('unavailable')
    expect(await codes(rig, { name: 'b' })).toEqual([ERROR_CODES.REQUEST_TIMED_OUT])
  })
})

describe('DeleteTopics', () => {
  const byName = (...names: string[]) => ({ topics: [], topicNames: names, timeoutMs: 1000 })
  const byReference = (...topics: { name: string | null; topicId: typeof UNKNOWN_ID }[]) => ({
    topics,
    topicNames: [],
    timeoutMs: 1000,
  })

  it('deletes by name at every version and by id from 6', async () => {
    const rig = await AdminRig.start()
    for (let version = 1; version <= 5; version++) {
      await rig.create(`t${version}`)
      const { responses } = await rig.ask('DeleteTopics', version, byName(`t${version}`))
      expect(responses).toMatchObject([{ name: `t${version}`, errorCode: 0 }])
    }
    const id = await rig.create('a')
    const { responses } = await rig.ask('DeleteTopics', 6, byReference({ name: null, topicId: id }))
    expect(responses).toEqual([{ name: 'a', topicId: id, errorCode: 0, errorMessage: null }])
    expect(rig.metadata.image.topics.size).toBe(0)
  })

  it('C15: tells whoever watches before it answers, and the topic is unknown from then on', async () => {
    const rig = await AdminRig.start()
    const id = await rig.create('a')
    const order: string[] = []
    rig.metadata.subscribe((change) => order.push(change.kind))
    await rig.ask('DeleteTopics', 5, byName('a')).then(() => order.push('answered'))
    expect(order).toEqual(['topic-deleted', 'answered'])
    const { responses } = await rig.ask('DeleteTopics', 5, byName('a'))
    expect(responses[0]!.errorCode).toBe(ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION)
    const again = await rig.ask('DeleteTopics', 6, byReference({ name: null, topicId: id }))
    expect(again.responses[0]).toMatchObject({ name: null, errorCode: ERROR_CODES.UNKNOWN_TOPIC_ID })
  })

  it('refuses references that are empty, double or mean one topic twice', async () => {
    const rig = await AdminRig.start()
    const id = await rig.create('a')
    const invalid = async (...topics: Parameters<typeof byReference>) => {
      const { responses } = await rig.ask('DeleteTopics', 6, byReference(...topics))
      expect(responses.map(({ errorCode }) => errorCode)).toEqual([ERROR_CODES.INVALID_REQUEST])
    }
    await invalid({ name: 'a', topicId: id })
    await invalid({ name: null, topicId: ZERO_UUID })
    await invalid({ name: 'a', topicId: ZERO_UUID }, { name: 'a', topicId: ZERO_UUID })
    await invalid({ name: null, topicId: id }, { name: null, topicId: id })
    await invalid({ name: 'a', topicId: ZERO_UUID }, { name: null, topicId: id })
    expect(rig.metadata.image.topics.has('a')).toBe(true)
  })

  it('answers for a great many topics at once', async () => {
    const rig = await AdminRig.start()
    await rig.create('a')
    const names = Array.from({ length: 200_000 }, (_, index) => `t${index}`)
    const { responses } = await rig.ask('DeleteTopics', 5, { ...byName(), topicNames: ['a', ...names] })
    expect(responses).toHaveLength(200_001)
    expect(rig.metadata.image.topics.size).toBe(0)
  })

  it('obeys delete.topic.enable, the timeout, and leaves internal topics alone', async () => {
    const shut = await AdminRig.start({ 'delete.topic.enable': 'false' })
    await shut.create('a')
    expect((await shut.ask('DeleteTopics', 2, byName('a'))).responses[0]!.errorCode).toBe(
      ERROR_CODES.INVALID_REQUEST,
    )
    expect((await shut.ask('DeleteTopics', 3, byName('a'))).responses[0]!.errorCode).toBe(
      ERROR_CODES.TOPIC_DELETION_DISABLED,
    )
    const rig = await AdminRig.start()
    await rig.create('a')
    await rig.metadata.ensureInternalTopic('__consumer_offsets')
    const late = await rig.ask('DeleteTopics', 5, { ...byName('a'), timeoutMs: 0 })
    expect(late.responses[0]!.errorCode).toBe(ERROR_CODES.REQUEST_TIMED_OUT)
    const internal = await rig.ask('DeleteTopics', 5, byName('__consumer_offsets'))
    expect(internal.responses[0]!.errorCode).toBe(ERROR_CODES.INVALID_REQUEST)
    expect(rig.metadata.image.topics.size).toBe(2)
  })
})

describe('CreatePartitions', () => {
  const grow = async (
    rig: AdminRig,
    topics: readonly { name: string; count: number; assignments?: { brokerIds: number[] }[] }[],
    rest: { timeoutMs?: number; validateOnly?: boolean; version?: number } = {},
  ) => {
    const { version = 3, ...options } = rest
    const { results } = await rig.ask('CreatePartitions', version, {
      topics: topics.map((topic) => ({ assignments: null, ...topic })),
      timeoutMs: 1000,
      validateOnly: false,
      ...options,
    })
    return results.map(({ name, errorCode }) => [name, errorCode])
  }

  it('adds partitions at every version and waits until they are led', async () => {
    const rig = await AdminRig.start()
    await rig.create('a')
    for (let version = 0; version <= 3; version++)
      expect(await grow(rig, [{ name: 'a', count: version + 2 }], { version })).toEqual([['a', 0]])
    expect(rig.metadata.image.topics.get('a')!.partitions.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4])
    expect(rig.changes.filter(({ kind }) => kind === 'partitions-added')).toHaveLength(4)
    expect(rig.partitions.asked).toHaveLength(5)
  })

  it('C14: names every topic of the request in its answer', async () => {
    const rig = await AdminRig.start()
    await rig.create('a', 3)
    await rig.create('b')
    const results = await grow(rig, [
      { name: 'a', count: 3 },
      { name: 'b', count: 2 },
      { name: 'c', count: 2 },
      { name: 'd', count: 2 },
      { name: 'd', count: 3 },
    ])
    expect(results.sort()).toEqual([
      ['a', ERROR_CODES.INVALID_PARTITIONS],
      ['b', ERROR_CODES.NONE],
      ['c', ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION],
      ['d', ERROR_CODES.INVALID_REQUEST],
    ])
    expect(await grow(rig, [{ name: 'a', count: 9 }], { timeoutMs: 0 })).toEqual([
      ['a', ERROR_CODES.REQUEST_TIMED_OUT],
    ])
    rig.log.refuse('unavailable')
    expect(await grow(rig, [{ name: 'a', count: 9 }])).toEqual([['a', ERROR_CODES.REQUEST_TIMED_OUT]])
  })

  it('takes assignments only when there is one for each new partition', async () => {
    const rig = await AdminRig.start()
    await rig.create('a')
    const to3 = (...assignments: number[][]) =>
      grow(rig, [{ name: 'a', count: 3, assignments: assignments.map((brokerIds) => ({ brokerIds })) }], {
        validateOnly: true,
      })
    expect(await to3([1])).toEqual([['a', ERROR_CODES.INVALID_REPLICA_ASSIGNMENT]])
    expect(await to3([1], [2])).toEqual([['a', ERROR_CODES.INVALID_REPLICA_ASSIGNMENT]])
    expect(await to3([1], [])).toEqual([['a', ERROR_CODES.INVALID_REPLICA_ASSIGNMENT]])
    expect(await to3([1], [1])).toEqual([['a', ERROR_CODES.NONE]])
    expect(rig.metadata.image.topics.get('a')!.partitions).toHaveLength(1)
  })

  it('refuses fewer partitions, more than the broker may have, and internal topics', async () => {
    const rig = await AdminRig.start({ 'max.broker.partitions': '60' })
    await rig.create('a', 2)
    await rig.metadata.ensureInternalTopic('__consumer_offsets')
    expect(await grow(rig, [{ name: 'a', count: 1 }])).toEqual([['a', ERROR_CODES.INVALID_PARTITIONS]])
    expect(await grow(rig, [{ name: 'a', count: -1 }])).toEqual([['a', ERROR_CODES.INVALID_PARTITIONS]])
    expect(await grow(rig, [{ name: 'a', count: 11 }])).toEqual([['a', ERROR_CODES.POLICY_VIOLATION]])
    expect(await grow(rig, [{ name: 'a', count: 20_000 }])).toEqual([['a', ERROR_CODES.POLICY_VIOLATION]])
    expect(await grow(rig, [{ name: '__consumer_offsets', count: 51 }])).toEqual([
      ['__consumer_offsets', ERROR_CODES.INVALID_REQUEST],
    ])
  })
})

describe('a restart', () => {
  it('finds the topics that were answered for, under their ids', async () => {
    const rig = await AdminRig.start()
    const id = await rig.create('a', 2, { 'retention.ms': '5' })
    const again = await AdminRig.start({}, new MemoryMachineLog({ batches: rig.log.batches }))
    expect(again.metadata.image.topicsById.get(id)).toMatchObject({ name: 'a' })
    expect(again.metadata.image.topics.get('a')!.partitions).toHaveLength(2)
  })
})
