import { describe, expect, it } from 'vitest'
import { type OptionDefinition, OptionsError, parseOption, treatment } from '../base/options.ts'
import {
  BrokerOptions,
  brokerOptions,
  clientMetricsOptions,
  groupOptions,
  parseProperties,
  parseSetting,
  propertiesOf,
  topicConfigOf,
  topicOptions,
} from './options.ts'

function faultsOf(settings: Record<string, string>): readonly string[] {
  try {
    BrokerOptions.from(settings)
    return []
  } catch (error) {
    if (error instanceof OptionsError) return error.faults
    throw error
  }
}

describe('options that topics fall back on', () => {
  it('are refused where no topic could have the value', () => {
    for (const [name, text] of [
      ['log.roll.ms', '0'],
      ['log.roll.jitter.ms', '-3'],
      ['log.flush.interval.ms', '-1'],
      ['log.retention.ms', '0'],
      ['log.retention.minutes', '-7'],
      ['log.retention.hours', '0'],
    ] as const)
      expect(() => BrokerOptions.from({ [name]: text }), name).toThrow(name)
    for (const name of ['log.retention.ms', 'log.retention.minutes', 'log.retention.hours'])
      expect(topicConfigOf(new Map(), BrokerOptions.from({ [name]: '-1' })).retentionMs).toBe(-1)
  })
})

describe('the declarations', () => {
  it('have defaults that pass their own checks', () => {
    for (const table of [brokerOptions, topicOptions, groupOptions, clientMetricsOptions])
      for (const [name, definition] of Object.entries<OptionDefinition>(table))
        if (definition.default !== null)
          expect(parseOption(name, definition, definition.default), name).toHaveProperty('value')
  })

  it('say of every option what it is for and why it has no effect when it has none', () => {
    for (const table of [brokerOptions, topicOptions, groupOptions, clientMetricsOptions])
      for (const [name, definition] of Object.entries<OptionDefinition>(table)) {
        expect(definition.doc, name).toMatch(/^[A-Za-z].*[.*]$/)
        if (treatment(definition) === 'accepted') expect(definition.accepted, name).not.toBe('')
      }
  })

  it('H5: have the defaults that clients print', () => {
    const defaults = BrokerOptions.from({})
    expect(defaults.get('num.partitions')).toBe(1)
    expect(defaults.get('min.insync.replicas')).toBe(1)
    expect(defaults.get('auto.create.topics.enable')).toBe(true)
    expect(defaults.get('socket.request.max.bytes')).toBe(104857600)
    expect(defaults.get('fetch.max.bytes')).toBe(57671680)
    expect(defaults.get('group.initial.rebalance.delay.ms')).toBe(3000)
    expect(defaults.get('group.min.session.timeout.ms')).toBe(6000)
    expect(defaults.get('offsets.retention.minutes')).toBe(10080)
    expect(defaults.get('max.incremental.fetch.session.cache.slots')).toBe(1000)
    expect(defaults.get('connections.max.idle.ms')).toBe(600000)
    const topic = topicConfigOf(new Map(), defaults)
    expect(topic).toMatchObject({
      segmentBytesMax: 1073741824,
      retentionMs: 604800000,
      retentionBytes: -1,
      messageBytesMax: 1048588,
      messageTimestampAfterMaxMs: 3600000,
      minInsyncReplicas: 1,
      deleteRetentionMs: 86400000,
      cleanupPolicy: ['delete'],
      deletes: true,
      durability: 'fsync',
    })
    expect(topicOptions['segment.bytes'].min).toBe(1048576)
  })
})

describe('BrokerOptions', () => {
  it('names everything that is wrong, and the names that come near an unknown one', () => {
    const faults = faultsOf({
      'num.partitons': '3',
      'log.retention.ms': 'x',
      'socket.request.max.bytes': '0',
    })
    expect(faults).toHaveLength(3)
    expect(faults[0]).toContain('did you mean num.partitions')
    expect(faults.join()).toContain('Invalid value x for configuration log.retention.ms')
    expect(faults.join()).toContain('socket.request.max.bytes: Value must be at least 1')
  })

  it('takes the listeners of a Kafka configuration and leaves out those of the controller', () => {
    const options = BrokerOptions.from({
      'process.roles': 'broker,controller',
      'node.id': '7',
      listeners: 'PLAINTEXT://localhost:9092,CONTROLLER://:9093',
      'advertised.listeners': 'PLAINTEXT://kafka.example:19092,CONTROLLER://kafka.example:9093',
      'controller.listener.names': 'CONTROLLER',
      'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL',
    })
    expect(options.nodeId).toBe(7)
    expect(options.listeners).toEqual([{ name: 'PLAINTEXT', host: 'localhost', port: 9092 }])
    expect(options.advertisedAddress('PLAINTEXT', { localHost: '10.0.0.1', localPort: 9092 })).toEqual({
      host: 'kafka.example',
      port: 19092,
    })
  })

  it('advertises the bound host, and the dialled one for a listener on every interface', () => {
    const dialled = { localHost: '10.1.2.3', localPort: 40000 }
    const bound = BrokerOptions.from({ listeners: 'PLAINTEXT://localhost:0' })
    expect(bound.advertisedAddress('PLAINTEXT', dialled)).toEqual({ host: 'localhost', port: 40000 })
    for (const listeners of ['PLAINTEXT://:9092', 'PLAINTEXT://0.0.0.0:9092', 'PLAINTEXT://[::]:9092'])
      expect(BrokerOptions.from({ listeners }).advertisedAddress('PLAINTEXT', dialled)).toEqual({
        host: '10.1.2.3',
        port: 40000,
      })
    const ipv6 = BrokerOptions.from({ listeners: 'PLAINTEXT://[::1]:9092' })
    expect(ipv6.advertisedAddress('PLAINTEXT', dialled)).toEqual({ host: '::1', port: 40000 })
  })

  it('refuses listeners that would not be what they say', () => {
    expect(faultsOf({ listeners: 'SSL://:9093' })).toEqual([
      'listeners: SSL is SSL, only PLAINTEXT is served',
    ])
    expect(faultsOf({ listeners: 'OTHER://:9093' })).toHaveLength(1)
    expect(faultsOf({ listeners: 'PLAINTEXT://:99999' })).not.toEqual([])
    expect(faultsOf({ listeners: 'PLAINTEXT://:1,PLAINTEXT://:2' })).toHaveLength(1)
    expect(faultsOf({ 'advertised.listeners': 'PLAINTEXT://0.0.0.0:9092' })).toHaveLength(1)
    expect(faultsOf({ 'advertised.listeners': 'EXTERNAL://h:9092' })).toHaveLength(1)
    expect(faultsOf({ 'authorizer.class.name': 'org.example.Authorizer' })).toHaveLength(1)
  })

  it('takes broker.id for node.id and refuses two that differ', () => {
    expect(BrokerOptions.from({}).nodeId).toBe(1)
    expect(BrokerOptions.from({ 'broker.id': '4' }).nodeId).toBe(4)
    expect(BrokerOptions.from({ 'node.id': '5' }).setText('broker.id')).toBe('5')
    expect(BrokerOptions.from({ 'broker.id': '-1' }).setText('broker.id')).toBe('1')
    expect(BrokerOptions.from({}).setText('broker.id')).toBe('1')
    expect(BrokerOptions.from({ 'broker.id': '4' }).setText('node.id')).toBe('4')
    expect(BrokerOptions.from({}).setText('node.id')).toBeNull()
    expect(faultsOf({ 'node.id': '5', 'broker.id': '4' })).toHaveLength(1)
  })

  it('serves one data directory', () => {
    expect(BrokerOptions.from({ 'log.dirs': '/a' }).dataDirectory).toBe('/a')
    expect(BrokerOptions.from({ 'log.dir': '/b' }).dataDirectory).toBe('/b')
    expect(faultsOf({ 'log.dirs': '/a,/b' })).toHaveLength(1)
  })

  it('bounds the memory of requests also where Kafka would not', () => {
    expect(BrokerOptions.from({}).requestMemoryBytes).toBe(268435456)
    const bounds = { 'queued.max.request.bytes': '2000', 'socket.request.max.bytes': '1000' }
    expect(BrokerOptions.from(bounds).requestMemoryBytes).toBe(2000)
    expect(BrokerOptions.from({ ...bounds, 'socket.request.max.bytes': '3000' }).requestMemoryBytes).toBe(
      3000,
    )
  })
})

describe('topic configs', () => {
  it('come from the override, else from the broker (dynamic before static), else from the default', () => {
    const options = BrokerOptions.from({ 'log.segment.bytes': '2000000', 'log.retention.hours': '2' })
    expect(topicConfigOf(new Map(), options)).toMatchObject({
      segmentBytesMax: 2000000,
      retentionMs: 7200000,
    })
    const dynamic = {
      broker: new Map([['log.segment.bytes', '3000000']]),
      cluster: new Map([
        ['log.segment.bytes', '4000000'],
        ['log.retention.ms', '5'],
      ]),
    }
    expect(topicConfigOf(new Map(), options, dynamic)).toMatchObject({
      segmentBytesMax: 3000000,
      retentionMs: 5,
    })
    const overrides = new Map([
      ['segment.bytes', '5000000'],
      ['cleanup.policy', ''],
    ])
    expect(topicConfigOf(overrides, options, dynamic)).toMatchObject({
      segmentBytesMax: 5000000,
      cleanupPolicy: [],
      deletes: false,
    })
  })

  it('take minutes before hours and keep -1 for ever', () => {
    const minutes = BrokerOptions.from({ 'log.retention.minutes': '3', 'log.retention.hours': '1' })
    expect(topicConfigOf(new Map(), minutes).retentionMs).toBe(180000)
    const never = BrokerOptions.from({ 'log.retention.hours': '-1' })
    expect(topicConfigOf(new Map(), never).retentionMs).toBe(-1)
  })
})

describe('properties', () => {
  it('have the syntax of java.util.Properties', () => {
    const text = [
      '# comment',
      '  ! comment',
      '',
      'a=1',
      'b : two words ',
      'c three',
      'd=x,\\',
      '   y',
      'e\\ f=\\u00fc\\t|\\\\',
      'g=',
      'h',
      'a=2\r',
      'last=ends\\\\',
    ].join('\n')
    expect([...parseProperties(text)]).toEqual([
      ['a', '2'],
      ['b', 'two words '],
      ['c', 'three'],
      ['d', 'x,y'],
      ['e f', 'ü\t|\\'],
      ['g', ''],
      ['h', ''],
      ['last', 'ends\\'],
    ])
  })

  it('know the line on which they begin', () => {
    expect(propertiesOf('# one\n\na=1,\\\n  2\nb=3').map(({ name, line }) => [name, line])).toEqual([
      ['a', 3],
      ['b', 5],
    ])
  })

  it('are refused when an escape has no meaning or the file is too large', () => {
    expect(() => parseProperties('a=1\nb=\\u12')).toThrow('line 2: ')
    expect(() => parseProperties('#'.repeat(1024 * 1024 + 1))).toThrow(OptionsError)
  })

  it('can be given one by one', () => {
    expect(parseSetting('sasl.jaas.config=a=b')).toEqual(['sasl.jaas.config', 'a=b'])
    expect(() => parseSetting('num.partitions')).toThrow('not of the form name=value')
  })
})
