import { describe, expect, it } from 'vitest'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import { CONFIG_RESOURCE } from './describe-configs.ts'
import { CHANGES_MAX, RESOURCES_NAMED_MAX } from './request-limits.ts'
import { AdminRig } from './test-kit.ts'

const { topic, broker, logger, group } = CONFIG_RESOURCE
const SET = 0
const DELETE = 1
const APPEND = 2
const SUBTRACT = 3

type Change = readonly [name: string, operation: number, value: string | null]

function asked(resourceType: number, resourceName: string, ...changes: readonly Change[]) {
  const configs = changes.map(([name, configOperation, value]) => ({ name, configOperation, value }))
  return { resourceType, resourceName, configs }
}

async function increment(
  rig: AdminRig,
  resources: readonly ReturnType<typeof asked>[],
  { version = 1, validateOnly = false } = {},
): Promise<number[]> {
  const { responses } = await rig.ask('IncrementalAlterConfigs', version, {
    resources: [...resources],
    validateOnly,
  })
  expect(responses.map(({ resourceType, resourceName }) => [resourceType, resourceName])).toEqual(
    resources.map(({ resourceType, resourceName }) => [resourceType, resourceName]),
  )
  return responses.map(({ errorCode }) => errorCode)
}

async function replace(
  rig: AdminRig,
  resourceType: number,
  resourceName: string,
  configs: readonly (readonly [name: string, value: string | null])[],
  { version = 2, validateOnly = false } = {},
): Promise<number> {
  const { responses } = await rig.ask('AlterConfigs', version, {
    resources: [{ resourceType, resourceName, configs: configs.map(([name, value]) => ({ name, value })) }],
    validateOnly,
  })
  return responses[0]!.errorCode
}

function topicConfigs(rig: AdminRig): Record<string, string> {
  return Object.fromEntries(rig.metadata.image.topics.get('a')!.configs)
}

describe('IncrementalAlterConfigs', () => {
  it('C12: sets, drops, appends to and subtracts from single configs of a topic, at every version', async () => {
    for (const version of [0, 1]) {
      const rig = await AdminRig.start()
      await rig.create('a', 1, { 'segment.ms': '5' })
      const step = (...changes: Change[]) => increment(rig, [asked(topic, 'a', ...changes)], { version })
      expect(await step(['retention.ms', SET, ' 1000 '], ['cleanup.policy', APPEND, 'compact'])).toEqual([0])
      expect(topicConfigs(rig)).toEqual({
        'segment.ms': '5',
        'retention.ms': '1000',
        'cleanup.policy': 'delete,compact',
      })
      expect(await step(['cleanup.policy', SUBTRACT, 'delete'], ['segment.ms', DELETE, null])).toEqual([0])
      expect(topicConfigs(rig)).toEqual({ 'retention.ms': '1000', 'cleanup.policy': 'compact' })
    }
  })

  it('C12: takes away what is not there without complaint, whatever its name', async () => {
    const rig = await AdminRig.start()
    await rig.create('a')
    const before = rig.changes.length
    expect(
      await increment(rig, [
        asked(topic, 'a', ['retention.ms', DELETE, null], ['nonsense', DELETE, '']),
        asked(broker, '1', ['num.partitions', DELETE, null]),
        asked(group, 'g', ['nonsense', DELETE, null]),
      ]),
    ).toEqual([0, 0, 0])
    expect(rig.changes).toHaveLength(before)
  })

  it('validates without changing anything', async () => {
    const rig = await AdminRig.start()
    await rig.create('a')
    const good = asked(topic, 'a', ['retention.ms', SET, '1'])
    const bad = asked(broker, '1', ['message.max.bytes', SET, 'x'])
    expect(await increment(rig, [good, bad], { validateOnly: true })).toEqual([
      0,
      ERROR_CODES.INVALID_REQUEST,
    ])
    expect(topicConfigs(rig)).toEqual({})
  })

  it('C12: refuses topics and their configs by the code of what is wrong, and then changes nothing of them', async () => {
    const rig = await AdminRig.start()
    await rig.create('a')
    const refusals: [ReturnType<typeof asked>, number][] = [
      [asked(topic, 'a', ['nonsense', SET, '1']), ERROR_CODES.INVALID_CONFIG],
      [asked(topic, 'a', ['retention.ms', SET, '1'], ['nonsense', SET, '1']), ERROR_CODES.INVALID_CONFIG],
      [asked(topic, 'a', ['retention.ms', SET, 'x']), ERROR_CODES.INVALID_CONFIG],
      [asked(topic, 'a', ['segment.bytes', SET, '1']), ERROR_CODES.INVALID_CONFIG],
      [asked(topic, 'a', ['retention.ms', APPEND, '1']), ERROR_CODES.INVALID_CONFIG],
      [asked(topic, 'a', ['retention.ms', SUBTRACT, '1']), ERROR_CODES.INVALID_CONFIG],
      [asked(topic, 'a', ['cleanup.policy', APPEND, 'burn']), ERROR_CODES.INVALID_CONFIG],
      [asked(topic, 'a', ['remote.storage.enable', SET, 'true']), ERROR_CODES.INVALID_CONFIG],
      [
        asked(topic, 'a', ['min.compaction.lag.ms', SET, '9'], ['max.compaction.lag.ms', SET, '8']),
        ERROR_CODES.INVALID_CONFIG,
      ],
      [asked(topic, 'a', ['retention.ms', SET, null]), ERROR_CODES.INVALID_REQUEST],
      [asked(topic, 'a', ['cleanup.policy', APPEND, null]), ERROR_CODES.INVALID_REQUEST],
      [
        asked(topic, 'a', ['retention.ms', SET, '1'], ['retention.ms', DELETE, '1']),
        ERROR_CODES.INVALID_REQUEST,
      ],
      [asked(topic, 'a', ['retention.ms', 7, '1']), ERROR_CODES.INVALID_REQUEST],
      [asked(topic, 'nope', ['retention.ms', SET, '1']), ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION],
      [asked(topic, 'a b', ['retention.ms', SET, '1']), ERROR_CODES.INVALID_TOPIC_EXCEPTION],
      [asked(topic, '', ['retention.ms', SET, '1']), ERROR_CODES.INVALID_REQUEST],
      [asked(0, 'a', ['retention.ms', SET, '1']), ERROR_CODES.INVALID_REQUEST],
      [asked(64, 'a', ['metrics', SET, '*']), ERROR_CODES.INVALID_REQUEST],
    ]
    for (const [resource, code] of refusals) expect(await increment(rig, [resource])).toEqual([code])
    expect(topicConfigs(rig)).toEqual({})
  })

  it('answers each resource for itself, and touches none that is named twice', async () => {
    const rig = await AdminRig.start()
    await rig.create('a')
    expect(
      await increment(rig, [
        asked(group, 'g', ['consumer.session.timeout.ms', SET, '46000']),
        asked(topic, 'nope', ['retention.ms', SET, '1']),
        asked(topic, 'a', ['retention.ms', SET, '1']),
        asked(topic, 'a', ['retention.bytes', SET, '1']),
      ]),
    ).toEqual([
      0,
      ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION,
      ERROR_CODES.INVALID_REQUEST,
      ERROR_CODES.INVALID_REQUEST,
    ])
    expect(topicConfigs(rig)).toEqual({})
    expect([...rig.metadata.image.groupConfigs('g')]).toEqual([['consumer.session.timeout.ms', '46000']])
    expect(await increment(rig, [])).toEqual([])
    expect(await increment(rig, [asked(topic, 'a')])).toEqual([0])
  })

  it('takes many resources at once', async () => {
    const rig = await AdminRig.start()
    const many = Array.from({ length: 1200 }, (_, index) =>
      asked(group, `g${index}`, ['share.isolation.level', SET, 'read_committed']),
    )
    expect(new Set(await increment(rig, many))).toEqual(new Set([0]))
    expect(rig.metadata.image.configuredGroups.size).toBe(1200)
  })

  it('bounds the resources of a request, and the changes of each', async () => {
    const rig = await AdminRig.start()
    const many = Array.from({ length: RESOURCES_NAMED_MAX + 1 }, (_, index) => asked(group, `g${index}`))
    expect(new Set(await increment(rig, many))).toEqual(new Set([ERROR_CODES.POLICY_VIOLATION]))
    const changes = Array.from({ length: CHANGES_MAX + 1 }, (_, index): Change => [`n${index}`, DELETE, null])
    expect(await increment(rig, [asked(group, 'g', ...changes)])).toEqual([ERROR_CODES.INVALID_REQUEST])
    expect(await increment(rig, [asked(group, 'g', ...changes.slice(1))])).toEqual([0])
  })

  it('says that the metadata cannot be changed now', async () => {
    const rig = await AdminRig.start()
    rig.log.refuse('not-leader')
    expect(
      await increment(rig, [asked(group, 'g', ['share.isolation.level', SET, 'read_committed'])]),
    ).toEqual([ERROR_CODES.NOT_CONTROLLER])
  })
})

describe('IncrementalAlterConfigs of brokers', () => {
  it('changes what one broker and what every broker has', async () => {
    const rig = await AdminRig.start()
    expect(
      await increment(rig, [
        asked(broker, '', ['message.max.bytes', SET, '5000']),
        asked(broker, '1', ['message.max.bytes', SET, '6000'], ['log.cleanup.policy', APPEND, 'compact']),
      ]),
    ).toEqual([0, 0])
    await rig.create('a')
    const config = rig.metadata.topicConfig(rig.metadata.image.topics.get('a')!)
    expect(config.messageBytesMax).toBe(6000)
    expect(config.cleanupPolicy).toEqual(['delete', 'compact'])
  })

  it('refuses what is only read at the start, secrets, foreign classes, and wrong values, alone and together', async () => {
    const rig = await AdminRig.start()
    const refused: [string, string, string][] = [
      ['1', 'num.partitions', '3'],
      ['', 'num.partitions', '3'],
      ['1', 'node.id', '1'],
      ['1', 'listeners', 'PLAINTEXT://:1'],
      ['1', 'ssl.keystore.password', 'x'],
      ['', 'ssl.protocol', 'TLSv1.3'],
      ['1', 'metric.reporters', 'a.B'],
      ['1', 'log.cleaner.threads', 'x'],
      ['1', 'log.cleaner.threads', '-2'],
      ['1', 'log.retention.ms', '0'],
      ['1', 'log.roll.ms', '0'],
      ['', 'log.roll.jitter.ms', '-1'],
      ['1', 'max.connections.per.ip.overrides', 'zzz'],
      ['', 'log.cleaner.min.compaction.lag.ms', '9223372036854775807'],
      ['2', 'log.cleaner.threads', '2'],
      ['01', 'log.cleaner.threads', '2'],
      ['x', 'log.cleaner.threads', '2'],
    ]
    await increment(rig, [asked(broker, '', ['log.cleaner.max.compaction.lag.ms', SET, '1000'])])
    for (const [name, option, value] of refused) {
      const codes = await increment(rig, [asked(broker, name, [option, SET, value])])
      expect([option, ...codes]).toEqual([option, ERROR_CODES.INVALID_REQUEST])
    }
    expect(await increment(rig, [asked(broker, '1', ['bogus', SET, '1'])])).toEqual([
      ERROR_CODES.INVALID_CONFIG,
    ])
  })

  it('has nothing to change in loggers', async () => {
    const rig = await AdminRig.start()
    const one = async (name: string, ...change: Change) =>
      (await increment(rig, [asked(logger, name, change)]))[0]
    expect(await one('1', 'kafka.server', SET, 'WARN')).toBe(ERROR_CODES.INVALID_CONFIG)
    expect(await one('1', 'root', SET, 'WARN')).toBe(ERROR_CODES.INVALID_REQUEST)
    expect(await one('1', 'root', APPEND, 'WARN')).toBe(ERROR_CODES.INVALID_REQUEST)
    expect(await one('2', 'root', SET, 'WARN')).toBe(ERROR_CODES.INVALID_REQUEST)
    expect(await one('', 'root', SET, 'WARN')).toBe(ERROR_CODES.INVALID_REQUEST)
  })
})

describe('IncrementalAlterConfigs of groups', () => {
  it('keeps within the bounds that the broker sets', async () => {
    const rig = await AdminRig.start({ 'group.share.max.delivery.count.limit': '7' })
    const code = async (name: string, value: string) =>
      (await increment(rig, [asked(group, 'g', [name, SET, value])]))[0]
    expect(await code('consumer.session.timeout.ms', '1')).toBe(ERROR_CODES.INVALID_CONFIG)
    expect(await code('consumer.heartbeat.interval.ms', '15001')).toBe(ERROR_CODES.INVALID_CONFIG)
    expect(await code('share.delivery.count.limit', '7')).toBe(0)
    expect(await code('share.delivery.count.limit', '8')).toBe(ERROR_CODES.INVALID_CONFIG)
    expect(await code('streams.num.standby.replicas', '3')).toBe(ERROR_CODES.INVALID_CONFIG)
    expect(await code('bogus', '3')).toBe(ERROR_CODES.INVALID_CONFIG)
    expect(await increment(rig, [asked(group, '', ['share.isolation.level', SET, 'x'])])).toEqual([
      ERROR_CODES.INVALID_REQUEST,
    ])
  })
})

describe('AlterConfigs', () => {
  it('C12: replaces the whole set, at every version', async () => {
    for (const version of [0, 1, 2]) {
      const rig = await AdminRig.start()
      await rig.create('a', 1, { 'retention.ms': '1', 'segment.ms': '5' })
      expect(await replace(rig, topic, 'a', [['retention.bytes', '7']], { version })).toBe(0)
      expect(topicConfigs(rig)).toEqual({ 'retention.bytes': '7' })
      expect(await replace(rig, topic, 'a', [], { version, validateOnly: true })).toBe(0)
      expect(topicConfigs(rig)).toEqual({ 'retention.bytes': '7' })
      expect(await replace(rig, topic, 'a', [], { version })).toBe(0)
      expect(topicConfigs(rig)).toEqual({})
    }
  })

  it('replaces those of brokers and groups', async () => {
    const rig = await AdminRig.start()
    const { image } = rig.metadata
    await replace(rig, broker, '1', [['message.max.bytes', '5000']])
    await replace(rig, broker, '1', [['log.segment.bytes', '2000000']])
    expect([...image.brokerConfigs('1')]).toEqual([['log.segment.bytes', '2000000']])
    await replace(rig, group, 'g', [['share.isolation.level', 'read_committed']])
    await replace(rig, group, 'g', [])
    expect(image.configuredGroups.has('g')).toBe(false)
  })

  it('refuses what it does not know, and loggers altogether', async () => {
    const rig = await AdminRig.start()
    await rig.create('a')
    expect(await replace(rig, topic, 'a', [['bogus', '1']])).toBe(ERROR_CODES.INVALID_CONFIG)
    expect(await replace(rig, topic, 'a', [['retention.ms', null]])).toBe(ERROR_CODES.INVALID_REQUEST)
    expect(
      await replace(rig, topic, 'a', [
        ['retention.ms', '1'],
        ['retention.ms', '2'],
      ]),
    ).toBe(ERROR_CODES.INVALID_REQUEST)
    expect(await replace(rig, topic, 'nope', [])).toBe(ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION)
    expect(await replace(rig, broker, '1', [['num.partitions', '1']])).toBe(ERROR_CODES.INVALID_REQUEST)
    expect(await replace(rig, logger, '1', [['root', 'INFO']])).toBe(ERROR_CODES.INVALID_REQUEST)
    expect(await replace(rig, 3, '1', [])).toBe(ERROR_CODES.INVALID_REQUEST)
  })
})
