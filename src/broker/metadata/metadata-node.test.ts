import { describe, expect, it } from 'vitest'
import fc from '../../../test/support/property.ts'
import { ManualEnvironment } from '../../base/environment.ts'
import { silentLogger } from '../../base/logger.ts'
import { type Uuid, uuidFromString, ZERO_UUID } from '../../base/uuid.ts'
import { ERROR_CODES } from '../../protocol/error-codes.ts'
import { MemoryMachineLog } from '../coordinator/memory-machine-log.ts'
import { MachineRuntime } from '../coordinator/runtime.ts'
import { BrokerOptions } from '../options.ts'
import { CONFIGS_TOTAL_LENGTH_MAX } from './config-rules.ts'
import { OFFSETS_TOPIC } from './internal-topics.ts'
import type { ConfigAlteration, TopicCreation } from './metadata-command.ts'
import { metadataEventCodec } from './metadata-event.ts'
import { lengthOf, type MetadataImage } from './metadata-image.ts'
import { CONFIGURED_GROUPS_MAX, MetadataMachine } from './metadata-machine.ts'
import { MetadataNode } from './metadata-node.ts'

const CLUSTER_ID = 'Kb5cQ0VTT0Km2PXJXdf0-A'

function nodeOn(log: MemoryMachineLog, settings: Record<string, string> = {}, seed = 1): MetadataNode {
  const options = BrokerOptions.from(settings)
  const environment = new ManualEnvironment({ seed })
  const machine = new MetadataMachine(CLUSTER_ID, options)
  const logger = silentLogger
  const codec = metadataEventCodec
  const runtime = new MachineRuntime({ machine, codec, log, environment, logger, batchBytesMax: 1024 * 1024 })
  return new MetadataNode({ machine, runtime, options, environment, logger })
}

async function startedOn(log: MemoryMachineLog, settings?: Record<string, string>, seed?: number) {
  const node = nodeOn(log, settings, seed)
  await node.start()
  return node
}

const topic = (name: string, rest: Partial<TopicCreation> = {}): TopicCreation => ({
  name,
  partitionCount: 1,
  replicationFactor: 1,
  assignment: null,
  configs: [],
  ...rest,
})

async function create(node: MetadataNode, ...topics: TopicCreation[]) {
  const outcome = await node.createTopics(topics, false)
  if ('refused' in outcome) throw new Error(outcome.refused)
  return outcome.topics
}

async function alter(
  node: MetadataNode,
  alteration: Partial<ConfigAlteration>,
  ...changes: ConfigAlteration['changes']
) {
  const outcome = await node.submit({
    kind: 'alter-configs',
    alterations: [{ resource: 'topic', name: 'a', replace: false, ...alteration, changes }],
    validateOnly: false,
  })
  if ('refused' in outcome) throw new Error(outcome.refused)
  return outcome.alterations[0]!
}

const drop = (name: string) => ({ name, operation: 'delete' as const, value: null })
const set = (name: string, value: string | null) => ({ name, operation: 'set' as const, value })

function contents(image: MetadataImage) {
  return {
    topics: [...image.topics.values()].map((one) => ({ ...one, configs: [...one.configs] })),
    byId: [...image.topicsById.keys()],
    partitions: image.partitionCount,
    cluster: [...image.brokerConfigs('')],
    group: [...image.groupConfigs('g')],
  }
}

describe('the image', () => {
  it('shows a topic only once its creation is committed, and tells of it before the answer', async () => {
    const log = new MemoryMachineLog()
    const node = await startedOn(log)
    const order: string[] = []
    node.subscribe((change) => order.push(change.kind))
    log.isAutoCommitting = false
    const creating = create(node, topic('a')).then(() => order.push('answered'))
    await Promise.resolve()
    expect(node.image.topics.has('a')).toBe(false)
    log.commitTo()
    await creating
    expect(node.image.topics.has('a')).toBe(true)
    expect(order).toEqual(['topic-created', 'answered'])
  })

  it('is the same after a restart', async () => {
    const log = new MemoryMachineLog()
    const node = await startedOn(log)
    await create(
      node,
      topic('a', { partitionCount: 3, configs: [['retention.ms', ' 5 ']] }),
      topic('b'),
      topic('c'),
    )
    await node.submit({ kind: 'delete-topics', topics: [{ name: 'b' }] })
    await node.submit({
      kind: 'create-partitions',
      topics: [{ name: 'c', count: 4, assignment: null }],
      validateOnly: false,
    })
    await alter(node, { name: 'a' }, set('segment.ms', '1000'))
    await alter(node, { resource: 'broker', name: '' }, set('log.retention.ms', '7'))
    await alter(node, { resource: 'group', name: 'g' }, set('consumer.session.timeout.ms', '50000'))
    const again = await startedOn(new MemoryMachineLog({ batches: log.batches }), {}, 2)
    expect(contents(again.image)).toEqual(contents(node.image))
    expect(again.topicConfig(again.image.topics.get('a')!)).toMatchObject({ retentionMs: 5, segmentMs: 1000 })
    expect(again.topicConfig(again.image.topics.get('c')!)).toMatchObject({ retentionMs: 7 })
  })

  it('stays unchanged when the log refuses', async () => {
    const log = new MemoryMachineLog()
    const node = await startedOn(log)
    log.refuse('unavailable')
    expect(await node.createTopics([topic('a')], false)).toEqual({ refused: 'unavailable' })
    expect(await node.allocateProducerIds()).toEqual({ refused: 'unavailable' })
    expect(node.image.topics.size).toBe(0)
  })
})

describe('brokers', () => {
  it('get a greater epoch and another incarnation at every start', async () => {
    const log = new MemoryMachineLog()
    const first = await startedOn(log, {}, 1)
    const second = await startedOn(new MemoryMachineLog({ batches: log.batches }), {}, 2)
    expect(second.brokerEpoch).toBeGreaterThan(first.brokerEpoch)
    expect(second.image.brokers.get(1)!.incarnation).not.toBe(first.image.brokers.get(1)!.incarnation)
  })
})

describe('producer ids', () => {
  it('come in blocks of 1000 that never come again, also after a restart', async () => {
    const log = new MemoryMachineLog()
    const node = await startedOn(log)
    expect(await node.allocateProducerIds()).toEqual({ first: 0, count: 1000 })
    expect(await node.allocateProducerIds()).toEqual({ first: 1000, count: 1000 })
    const again = await startedOn(new MemoryMachineLog({ batches: log.batches }))
    expect(await again.allocateProducerIds()).toEqual({ first: 2000, count: 1000 })
  })

  it('go to one asker each when many ask at once', async () => {
    const node = await startedOn(new MemoryMachineLog())
    const blocks = await Promise.all(Array.from({ length: 20 }, () => node.allocateProducerIds()))
    expect(new Set(blocks.map((block) => ('first' in block ? block.first : -1))).size).toBe(20)
  })
})

describe('topics', () => {
  it('C7: get a new id when they are created again', async () => {
    const node = await startedOn(new MemoryMachineLog())
    const [first] = await create(node, topic('a'))
    await node.submit({ kind: 'delete-topics', topics: [{ id: first!.topic!.id }] })
    const [second] = await create(node, topic('a'))
    expect(second!.topic!.id).not.toBe(first!.topic!.id)
    expect(node.image.topicsById.has(first!.topic!.id)).toBe(false)
  })

  it('may use a name again once the one that it collided with is gone', async () => {
    const node = await startedOn(new MemoryMachineLog())
    await create(node, topic('a.b'))
    expect((await create(node, topic('a_b')))[0]!.errorCode).toBe(ERROR_CODES.INVALID_TOPIC_EXCEPTION)
    await node.submit({ kind: 'delete-topics', topics: [{ name: 'a.b' }] })
    expect((await create(node, topic('a_b')))[0]!.errorCode).toBe(ERROR_CODES.NONE)
  })

  it('are refused beyond max.broker.partitions, counted over the whole command', async () => {
    const node = await startedOn(new MemoryMachineLog(), { 'max.broker.partitions': '5' })
    const outcomes = await create(
      node,
      topic('a', { partitionCount: 3 }),
      topic('b', { partitionCount: 3 }),
      topic('c'),
    )
    expect(outcomes.map(({ errorCode }) => errorCode)).toEqual([
      ERROR_CODES.NONE,
      ERROR_CODES.POLICY_VIOLATION,
      ERROR_CODES.NONE,
    ])
  })

  it('keep the assignment that was asked for', async () => {
    const node = await startedOn(new MemoryMachineLog())
    const assignment = [
      { index: 1, replicas: [1] },
      { index: 0, replicas: [1] },
    ]
    const [made] = await create(node, topic('a', { partitionCount: -1, replicationFactor: -1, assignment }))
    expect(made!.topic!.partitions).toEqual([
      { index: 0, replicas: [1], isr: [1], leader: 1, leaderEpoch: 0 },
      { index: 1, replicas: [1], isr: [1], leader: 1, leaderEpoch: 0 },
    ])
  })

  it('are created by the hundreds in commands of bounded size', async () => {
    const node = await startedOn(new MemoryMachineLog())
    const outcomes = await create(node, ...Array.from({ length: 1200 }, (_, index) => topic(`t${index}`)))
    expect(outcomes.every(({ errorCode }) => errorCode === ERROR_CODES.NONE)).toBe(true)
    expect(node.image.topics.size).toBe(1200)
  })
})

describe('internal topics', () => {
  it('are made once, by the broker, with the shape that their owner needs', async () => {
    const node = await startedOn(new MemoryMachineLog(), { 'offsets.topic.num.partitions': '3' })
    const [one, other] = await Promise.all([
      node.ensureInternalTopic(OFFSETS_TOPIC),
      node.ensureInternalTopic(OFFSETS_TOPIC),
    ])
    expect(one!.id).toBe(other!.id)
    expect(one).toMatchObject({ internal: true, name: OFFSETS_TOPIC })
    expect(one!.partitions.map(({ replicas }) => replicas)).toEqual([[1], [1], [1]])
    expect(node.topicConfig(one!)).toMatchObject({ cleanupPolicy: ['compact'], segmentBytesMax: 104857600 })
    expect(await node.ensureInternalTopic('ordinary')).toBeNull()
  })
})

describe('adopted topics', () => {
  const id = uuidFromString('WDaQ5WweSme_JX9wox9y8g')!
  const other = uuidFromString('oH176UQURRyAzQosf6Vl1g')!

  it('keep their id, and are known the next time', async () => {
    const node = await startedOn(new MemoryMachineLog())
    expect(await node.adoptTopics([{ name: 'a', id, partitionCount: 2 }])).toEqual(['adopted'])
    expect(await node.adoptTopics([{ name: 'a', id, partitionCount: 2 }])).toEqual(['known'])
    expect(node.image.topicsById.get(id)!.partitions).toHaveLength(2)
  })

  it('give way to a topic that has their name or their id', async () => {
    const node = await startedOn(new MemoryMachineLog())
    const found = [
      { name: 'a', id, partitionCount: 1 },
      { name: 'a', id: other, partitionCount: 1 },
      { name: 'b', id, partitionCount: 1 },
    ]
    expect(await node.adoptTopics(found)).toEqual(['adopted', 'conflict', 'conflict'])
    expect(await node.adoptTopics(found)).toEqual(['known', 'conflict', 'conflict'])
  })
})

describe('configs', () => {
  it('C12: are set, taken away (also when absent), appended to and subtracted from', async () => {
    const node = await startedOn(new MemoryMachineLog())
    await create(node, topic('a'))
    const configs = () => Object.fromEntries(node.image.topics.get('a')!.configs)
    await alter(node, {}, set('retention.ms', '5'), {
      name: 'cleanup.policy',
      operation: 'append',
      value: 'compact',
    })
    expect(configs()).toEqual({ 'retention.ms': '5', 'cleanup.policy': 'delete,compact' })
    await alter(node, {}, { name: 'cleanup.policy', operation: 'subtract', value: 'delete' })
    expect(configs()['cleanup.policy']).toBe('compact')
    const revisions: string[] = []
    node.subscribe((change) => revisions.push(change.kind))
    const absent = await alter(node, {}, { name: 'segment.ms', operation: 'delete', value: null })
    expect(absent.errorCode).toBe(ERROR_CODES.NONE)
    expect(revisions).toEqual([])
    await alter(node, { replace: true }, set('segment.ms', '9'))
    expect(configs()).toEqual({ 'segment.ms': '9' })
  })

  it('C12: are refused when unknown, wrong, not a list, or not to be changed while the broker runs', async () => {
    const node = await startedOn(new MemoryMachineLog())
    await create(node, topic('a'))
    const codes = [
      await alter(node, {}, set('nonsense', '1')),
      await alter(node, {}, set('retention.ms', 'x')),
      await alter(node, {}, { name: 'retention.ms', operation: 'append', value: '1' }),
      await alter(node, {}, set('min.compaction.lag.ms', '9'), set('max.compaction.lag.ms', '8')),
    ]
    expect(codes.map(({ errorCode }) => errorCode)).toEqual(codes.map(() => ERROR_CODES.INVALID_CONFIG))
    const valueless = await alter(node, {}, set('retention.ms', null))
    expect(valueless.errorCode).toBe(ERROR_CODES.INVALID_REQUEST)
    const fixed = await alter(node, { resource: 'broker', name: '1' }, set('num.partitions', '3'))
    expect(fixed.errorCode).toBe(ERROR_CODES.INVALID_REQUEST)
    const twice = await alter(node, {}, set('retention.ms', '1'), set('retention.ms', '2'))
    expect(twice.errorCode).toBe(ERROR_CODES.INVALID_REQUEST)
    const unknown = await alter(node, { name: 'nope' }, set('retention.ms', '1'))
    expect(unknown.errorCode).toBe(ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION)
    const broker = await alter(node, { resource: 'broker', name: '9' }, set('log.retention.ms', '1'))
    expect(broker.errorCode).toBe(ERROR_CODES.INVALID_REQUEST)
    expect(node.image.topics.get('a')!.configs.size).toBe(0)
  })

  it('are bounded in length of all together, and in the number of groups that have any', async () => {
    const node = await startedOn(new MemoryMachineLog())
    const value = 'x'.repeat(60_000)
    const names = ['ssl.keystore.location', 'ssl.keystore.type', 'ssl.truststore.location', 'ssl.protocol']
    const changes = names.map((name) => set(name, value))
    const fits = await alter(node, { resource: 'broker', name: '1' }, ...changes)
    expect(fits.errorCode).toBe(ERROR_CODES.NONE)
    const above = await alter(node, { resource: 'broker', name: '1' }, set('ssl.truststore.type', value))
    expect(above.errorCode).toBe(ERROR_CODES.INVALID_REQUEST)
    const groups = Array.from({ length: CONFIGURED_GROUPS_MAX }, (_, at) => ({
      resource: 'group' as const,
      name: `g${at}`,
      replace: false,
      changes: [set('share.isolation.level', 'read_committed')],
    }))
    await node.submit({ kind: 'alter-configs', alterations: groups, validateOnly: false })
    const one = await alter(node, { resource: 'group', name: 'more' }, set('share.isolation.level', 'x'))
    expect(one.errorCode).toBe(ERROR_CODES.POLICY_VIOLATION)
    const known = await alter(
      node,
      { resource: 'group', name: 'g5' },
      set('share.isolation.level', 'read_uncommitted'),
    )
    expect(known.errorCode).toBe(ERROR_CODES.NONE)
  })
})

describe('the configs of all resources', () => {
  const longValue = Array.from({ length: 4_500 }, (_, index) => `${index}:1000000`).join(',')
  const longConfig = set('leader.replication.throttled.replicas', longValue)
  const created = (name: string) => topic(name, { configs: [[longConfig.name, longValue]] })
  const fullCount = Math.floor(CONFIGS_TOTAL_LENGTH_MAX / (longConfig.name.length + longValue.length))

  it('are bounded together: more are refused, and taken again when others are gone', async () => {
    const node = await startedOn(new MemoryMachineLog())
    for (let count = 0; count < fullCount; count++)
      await create(node, created(`t${count}`), topic(`u${count}`))
    expect(node.image.configsLength).toBeLessThanOrEqual(CONFIGS_TOTAL_LENGTH_MAX)
    const [refused] = await create(node, created('one-more'))
    expect(refused!.errorCode).toBe(ERROR_CODES.POLICY_VIOLATION)
    expect((await alter(node, { name: 'u0' }, longConfig)).errorCode).toBe(ERROR_CODES.POLICY_VIOLATION)
    expect((await alter(node, { name: 't0' }, longConfig)).errorCode).toBe(ERROR_CODES.NONE)
    expect((await alter(node, { name: 't0' }, drop(longConfig.name))).errorCode).toBe(ERROR_CODES.NONE)
    expect((await alter(node, { name: 'u0' }, longConfig)).errorCode).toBe(ERROR_CODES.NONE)
  })

  it('count with the name of a group, which is known by them alone, and no longer when they are gone', async () => {
    const node = await startedOn(new MemoryMachineLog())
    const group = { resource: 'group', name: 'g'.repeat(1_000) } as const
    await alter(node, group, set('share.isolation.level', 'read_committed'))
    expect(node.image.configsLength).toBe(1_000 + 'share.isolation.level'.length + 'read_committed'.length)
    await alter(node, group, drop('share.isolation.level'))
    expect(node.image.configsLength).toBe(0)
  })
})

describe('any history', () => {
  const names = fc.constantFrom('a', 'a.b', 'a_b', 'c', 'bad name', '__consumer_offsets')
  const step = fc.oneof(
    fc.record({ do: fc.constant('create' as const), name: names, count: fc.integer({ min: -1, max: 4 }) }),
    fc.record({ do: fc.constant('delete' as const), name: names }),
    fc.record({ do: fc.constant('grow' as const), name: names, count: fc.integer({ min: 0, max: 8 }) }),
    fc.record({ do: fc.constant('configure' as const), name: names, ms: fc.integer({ min: -2, max: 9 }) }),
    fc.record({ do: fc.constant('ids' as const) }),
  )

  type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

  async function take(node: MetadataNode, one: Step): Promise<unknown> {
    switch (one.do) {
      case 'create':
        return create(node, topic(one.name, { partitionCount: one.count }))
      case 'delete':
        return node.submit({ kind: 'delete-topics', topics: [{ name: one.name }, { id: ZERO_UUID as Uuid }] })
      case 'grow': {
        const topics = [{ name: one.name, count: one.count, assignment: null }]
        return node.submit({ kind: 'create-partitions', topics, validateOnly: false })
      }
      case 'configure':
        return alter(node, { name: one.name }, set('retention.ms', String(one.ms)))
      case 'ids':
        return node.allocateProducerIds()
    }
  }

  it('is one image, live or replayed, and its parts agree', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const log = new MemoryMachineLog()
        const node = await startedOn(log)
        await Promise.all(steps.map((one) => take(node, one)))
        const { topics, topicsById, partitionCount } = node.image
        expect(new Set(topicsById.values())).toEqual(new Set(topics.values()))
        const partitions = [...topics.values()].flatMap((one) => one.partitions)
        expect(partitions).toHaveLength(partitionCount)
        expect(topics.has('a.b') && topics.has('a_b')).toBe(false)
        const lengths = [...topics.values()].map(({ configs }) => lengthOf(configs))
        expect(node.image.configsLength).toBe(lengths.reduce((sum, length) => sum + length, 0))
        const again = await startedOn(new MemoryMachineLog({ batches: log.batches }))
        expect(contents(again.image)).toEqual(contents(node.image))
      }),
      { numRuns: 100 },
    )
  })
})
