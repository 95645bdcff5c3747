import { describe, expect, it } from 'vitest'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import { groupOptions } from '../../options.ts'
import { CONFIG_RESOURCE, ENTRIES_MAX } from './describe-configs.ts'
import { AdminRig } from './test-kit.ts'

interface Question {
  readonly keys?: readonly string[]
  readonly synonyms?: boolean
  readonly documentation?: boolean
  readonly version?: number
}

async function describeOne(rig: AdminRig, type: number, name: string, question: Question = {}) {
  const { results } = await rig.ask('DescribeConfigs', question.version ?? 4, {
    resources: [
      {
        resourceType: type,
        resourceName: name,
        configurationKeys: question.keys === undefined ? null : [...question.keys],
      },
    ],
    includeSynonyms: question.synonyms ?? false,
    includeDocumentation: question.documentation ?? false,
  })
  return results[0]!
}

async function entryOf(rig: AdminRig, type: number, name: string, option: string) {
  const { configs } = await describeOne(rig, type, name, { keys: [option], synonyms: true })
  expect(configs.map((config) => config.name)).toEqual([option])
  return configs[0]!
}

const { topic, broker, logger, group } = CONFIG_RESOURCE

describe('DescribeConfigs of a topic', () => {
  it('C11: tells every config with its value and where that comes from', async () => {
    const rig = await AdminRig.start({ 'log.segment.bytes': '2000000', 'log.retention.hours': '2' })
    await rig.create('a', 1, { 'retention.ms': '100', 'cleanup.policy': 'compact,delete' })
    await rig.metadata.submit({
      kind: 'alter-configs',
      alterations: [
        {
          resource: 'broker',
          name: '',
          replace: false,
          changes: [{ name: 'log.index.interval.bytes', operation: 'set', value: '8192' }],
        },
      ],
      validateOnly: false,
    })
    const { errorCode, errorMessage, configs } = await describeOne(rig, topic, 'a')
    expect([errorCode, errorMessage]).toEqual([0, ''])
    expect(configs.length).toBeGreaterThan(30)
    expect(configs.every(({ synonyms }) => synonyms.length === 0)).toBe(true)
    const sources = Object.fromEntries(configs.map(({ name, configSource }) => [name, configSource]))
    expect(sources).toMatchObject({
      'retention.ms': 1,
      'cleanup.policy': 1,
      'index.interval.bytes': 3,
      'segment.bytes': 4,
      'segment.ms': 5,
      durability: 5,
    })
    expect(await entryOf(rig, topic, 'a', 'retention.ms')).toMatchObject({
      value: '100',
      readOnly: false,
      isSensitive: false,
      configType: 5,
    })
  })

  it('C11: tells synonyms when asked, the strongest first', async () => {
    const rig = await AdminRig.start({ 'log.cleanup.policy': 'compact', 'log.roll.hours': '3' })
    await rig.create('a', 1, { 'cleanup.policy': 'delete' })
    expect((await entryOf(rig, topic, 'a', 'cleanup.policy')).synonyms).toEqual([
      { name: 'cleanup.policy', value: 'delete', source: 1 },
      { name: 'log.cleanup.policy', value: 'compact', source: 4 },
      { name: 'log.cleanup.policy', value: 'delete', source: 5 },
    ])
    expect(await entryOf(rig, topic, 'a', 'segment.ms')).toMatchObject({
      value: '10800000',
      configSource: 4,
      synonyms: [{ name: 'log.roll.hours', value: '3', source: 4 }],
    })
    expect(await entryOf(rig, topic, 'a', 'flush.ms')).toMatchObject({
      value: '9223372036854775807',
      configSource: 5,
      synonyms: [],
    })
    expect((await entryOf(rig, topic, 'a', 'remote.storage.enable')).synonyms).toEqual([])
  })

  it('C11: a broker tells its number by its older name too, and the addresses that it was told to tell', async () => {
    const number = (name: string, value: string, source: number) => ({ name, value, source })
    for (const settings of [{}, { 'node.id': '1' }, { 'broker.id': '-1' }])
      expect(await entryOf(await AdminRig.start(settings), broker, '1', 'broker.id')).toMatchObject({
        value: '1',
        readOnly: true,
        configSource: 4,
        synonyms: [number('broker.id', '1', 4), number('broker.id', '-1', 5)],
      })
    const rig = await AdminRig.start({ 'node.id': '7', 'advertised.listeners': 'PLAINTEXT://b.example:9092' })
    expect(await entryOf(rig, broker, '7', 'broker.id')).toMatchObject({ value: '7', configSource: 4 })
    expect(await entryOf(rig, broker, '7', 'node.id')).toMatchObject({
      value: '7',
      configSource: 4,
      synonyms: [number('node.id', '7', 4), number('node.id', '1', 5)],
    })
    expect(await entryOf(rig, broker, '7', 'advertised.listeners')).toMatchObject({
      value: 'PLAINTEXT://b.example:9092',
      configSource: 4,
      readOnly: true,
      configType: 7,
    })
    const silent = await AdminRig.start()
    expect(await entryOf(silent, broker, '1', 'advertised.listeners')).toMatchObject({ value: null })
  })

  it('tells types from version 3 and documentation when it is asked for', async () => {
    const rig = await AdminRig.start()
    await rig.create('a')
    for (let version = 1; version <= 4; version++) {
      const { configs } = await describeOne(rig, topic, 'a', { version, keys: ['min.cleanable.dirty.ratio'] })
      expect(configs[0]!.configType).toBe(version >= 3 ? 6 : 0)
      expect(configs[0]!.documentation).toBe(version >= 3 ? null : '')
    }
    const { configs } = await describeOne(rig, topic, 'a', { documentation: true })
    expect(configs.every(({ documentation }) => documentation !== null && documentation !== '')).toBe(true)
  })

  it('keeps to the keys that were asked for; none is all', async () => {
    const rig = await AdminRig.start()
    await rig.create('a')
    const some = await describeOne(rig, topic, 'a', { keys: ['retention.ms', 'nonsense', 'retention.ms'] })
    expect(some.configs.map(({ name }) => name)).toEqual(['retention.ms'])
    expect((await describeOne(rig, topic, 'a', { keys: [] })).configs.length).toBeGreaterThan(30)
  })

  it('says when there is no such topic or no such name', async () => {
    const rig = await AdminRig.start()
    expect(await describeOne(rig, topic, 'nope')).toMatchObject({
      errorCode: ERROR_CODES.UNKNOWN_TOPIC_OR_PARTITION,
      errorMessage: '',
      configs: [],
    })
    expect((await describeOne(rig, topic, '')).errorCode).toBe(ERROR_CODES.INVALID_TOPIC_EXCEPTION)
  })
})

describe('DescribeConfigs of a broker', () => {
  it('C11: has what clients look for, and tells static from default and read-only from dynamic', async () => {
    const rig = await AdminRig.start({ 'num.partitions': '4' })
    const { configs } = await describeOne(rig, broker, '1')
    expect(configs.length).toBeGreaterThanOrEqual(340)
    expect(await entryOf(rig, broker, '1', 'num.partitions')).toMatchObject({
      value: '4',
      readOnly: true,
      configSource: 4,
      configType: 3,
      synonyms: [
        { name: 'num.partitions', value: '4', source: 4 },
        { name: 'num.partitions', value: '1', source: 5 },
      ],
    })
    for (const name of ['default.replication.factor', 'auto.create.topics.enable'])
      expect((await entryOf(rig, broker, '1', name)).value).not.toBeNull()
    expect(await entryOf(rig, broker, '1', 'message.max.bytes')).toMatchObject({ readOnly: false })
    expect(await entryOf(rig, broker, '1', 'log.retention.ms')).toMatchObject({
      value: null,
      configSource: 5,
      synonyms: [],
    })
  })

  it('C11: never tells the value of a password', async () => {
    const rig = await AdminRig.start({ 'ssl.keystore.password': 'hunter2' })
    expect(await entryOf(rig, broker, '1', 'ssl.keystore.password')).toMatchObject({
      value: null,
      isSensitive: true,
      configType: 9,
      synonyms: [{ name: 'ssl.keystore.password', value: null, source: 4 }],
    })
  })

  it('C11: tells dynamic values of this broker and of every broker apart', async () => {
    const rig = await AdminRig.start()
    expect((await describeOne(rig, broker, '')).configs).toEqual([])
    for (const [name, value] of [
      ['', '111'],
      ['1', '222'],
    ] as const)
      await rig.metadata.submit({
        kind: 'alter-configs',
        alterations: [
          {
            resource: 'broker',
            name,
            replace: false,
            changes: [{ name: 'message.max.bytes', operation: 'set', value }],
          },
        ],
        validateOnly: false,
      })
    expect(await entryOf(rig, broker, '1', 'message.max.bytes')).toMatchObject({
      value: '222',
      configSource: 2,
      synonyms: [{ source: 2 }, { source: 3, value: '111' }, { source: 5, value: '1048588' }],
    })
    expect(await entryOf(rig, broker, '', 'message.max.bytes')).toMatchObject({
      value: '111',
      configSource: 3,
    })
  })

  it('refuses to speak for another broker', async () => {
    const rig = await AdminRig.start()
    for (const type of [broker, logger])
      for (const name of ['2', 'x', '-1'])
        expect((await describeOne(rig, type, name)).errorCode).toBe(ERROR_CODES.INVALID_REQUEST)
    expect((await describeOne(rig, logger, '')).errorCode).toBe(ERROR_CODES.INVALID_REQUEST)
  })
})

describe('DescribeConfigs of groups, loggers and the rest', () => {
  it('tells the configs of any group, its own before the defaults of the broker', async () => {
    const rig = await AdminRig.start()
    const name = 'consumer.session.timeout.ms'
    expect(await entryOf(rig, group, 'g', name)).toMatchObject({
      value: '45000',
      configSource: 5,
      synonyms: [{ name: `group.${name}`, value: '45000', source: 5 }],
    })
    expect((await entryOf(rig, group, 'g', 'share.auto.offset.reset')).synonyms).toEqual([
      { name: 'share.auto.offset.reset', value: 'latest', source: 5 },
    ])
    await rig.metadata.submit({
      kind: 'alter-configs',
      alterations: [
        {
          resource: 'group',
          name: 'g',
          replace: false,
          changes: [{ name, operation: 'set', value: '50000' }],
        },
      ],
      validateOnly: false,
    })
    expect(await entryOf(rig, group, 'g', name)).toMatchObject({
      value: '50000',
      configSource: 8,
      synonyms: [
        { name, value: '50000', source: 8 },
        { name: `group.${name}`, source: 5 },
      ],
    })
    expect((await describeOne(rig, group, '')).errorCode).toBe(ERROR_CODES.INVALID_REQUEST)
  })

  it('tells the levels of the loggers', async () => {
    const rig = await AdminRig.start()
    expect((await describeOne(rig, logger, '1', { synonyms: true })).configs).toMatchObject([
      { name: 'root', value: 'INFO', configSource: 6, synonyms: [] },
    ])
  })

  it('bounds an answer, and refuses what is beyond by name', async () => {
    const rig = await AdminRig.start()
    const count = Math.ceil(ENTRIES_MAX / Object.keys(groupOptions).length) + 2
    const resources = Array.from({ length: count }, (_, index) => ({
      resourceType: CONFIG_RESOURCE.group,
      resourceName: `g${index}`,
      configurationKeys: null,
    }))
    const { results } = await rig.ask('DescribeConfigs', 4, {
      resources,
      includeSynonyms: false,
      includeDocumentation: false,
    })
    expect(results).toHaveLength(count)
    expect(results.reduce((sum, { configs }) => sum + configs.length, 0)).toBeLessThan(ENTRIES_MAX + 1000)
    expect(results[0]!.errorCode).toBe(0)
    expect(results[count - 1]!.errorCode).toBe(ERROR_CODES.POLICY_VIOLATION)
  })

  it('answers each resource once, with all that is asked about it, also those of kinds that have no configs', async () => {
    const rig = await AdminRig.start()
    await rig.create('a')
    const { results } = await rig.ask('DescribeConfigs', 4, {
      resources: ([0, 2, 3, 2] as const).map((resourceType, index) => ({
        resourceType,
        resourceName: 'a',
        configurationKeys: [index === 3 ? 'cleanup.policy' : 'retention.ms'],
      })),
      includeSynonyms: false,
      includeDocumentation: false,
    })
    expect(results.map(({ errorCode, configs }) => [errorCode, configs.length])).toEqual([
      [ERROR_CODES.INVALID_REQUEST, 0],
      [0, 2],
      [ERROR_CODES.INVALID_REQUEST, 0],
    ])
  })
})
