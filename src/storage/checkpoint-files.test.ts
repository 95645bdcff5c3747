import { describe, expect, it } from 'vitest'
import { uuidFromString } from '../base/uuid.ts'
import {
  formatLeaderEpochCheckpoint,
  formatMetaProperties,
  formatOffsetCheckpoint,
  formatPartitionMetadata,
  parseLeaderEpochCheckpoint,
  parseMetaProperties,
  parseOffsetCheckpoint,
  parsePartitionMetadata,
} from './checkpoint-files.ts'
import { FormatError, type FormatFault } from './format-error.ts'

function faultOf(action: () => unknown): FormatFault | null {
  try {
    action()
    return null
  } catch (error) {
    if (error instanceof FormatError) return error.fault
    throw error
  }
}

describe('offset checkpoints', () => {
  const text = '0\n3\n__share_group_state 16 2\nlogs.web_1-x 0 9007199254740991\nlogs 12 0\n'
  const entries = [
    { topic: '__share_group_state', partition: 16, offset: 2 },
    { topic: 'logs.web_1-x', partition: 0, offset: Number.MAX_SAFE_INTEGER },
    { topic: 'logs', partition: 12, offset: 0 },
  ]

  it('are written and read as Kafka does', () => {
    expect(parseOffsetCheckpoint(text)).toEqual(entries)
    expect(formatOffsetCheckpoint(entries)).toBe(text)
    expect(formatOffsetCheckpoint([])).toBe('0\n0\n')
    expect(parseOffsetCheckpoint('0\n0\n')).toEqual([])
  })

  it('may have carriage returns, blank lines and no last line feed', () => {
    expect(parseOffsetCheckpoint('0\r\n1\r\n\r\nlogs  12\t0')).toEqual([entries[2]])
  })

  it.each<[FormatFault, string]>([
    ['truncated', ''],
    ['truncated', '0\n'],
    ['bad-version', '1\n0\n'],
    ['bad-count', '0\n2\nlogs 0 1\n'],
    ['bad-count', '0\n0\nlogs 0 1\n'],
    ['bad-line', 'zero\n0\n'],
    ['bad-line', '0\n-1\n'],
    ['bad-line', '0\n1\nlogs 0\n'],
    ['bad-line', '0\n1\nlogs 0 1 2\n'],
    ['bad-line', '0\n1\nlogs zero 1\n'],
    ['bad-line', '0\n1\nlogs 0 -1\n'],
    ['bad-line', '0\n1\nlogs 0 9007199254740993\n'],
  ])('say %s of %j', (fault, damaged) => {
    expect(faultOf(() => parseOffsetCheckpoint(damaged))).toBe(fault)
  })
})

describe('leader-epoch-checkpoint', () => {
  it('is written and read as Kafka does', () => {
    const epochs = [
      { epoch: 0, startOffset: 0 },
      { epoch: 3, startOffset: 17 },
      { epoch: 4, startOffset: 17 },
    ]
    expect(formatLeaderEpochCheckpoint(epochs)).toBe('0\n3\n0 0\n3 17\n4 17\n')
    expect(parseLeaderEpochCheckpoint('0\n3\n0 0\n3 17\n4 17\n')).toEqual(epochs)
  })

  it.each<[FormatFault, string]>([
    ['bad-entry', '0\n2\n1 0\n1 5\n'],
    ['bad-entry', '0\n2\n1 5\n2 4\n'],
    ['bad-line', '0\n1\n1\n'],
    ['bad-line', '0\n1\n1 2 3\n'],
  ])('says %s of %j', (fault, damaged) => {
    expect(faultOf(() => parseLeaderEpochCheckpoint(damaged))).toBe(fault)
  })
})

describe('partition.metadata', () => {
  it('is written and read as Kafka does', () => {
    const text = 'version: 0\ntopic_id: AAAAAAAAAAAAAAAAAAAAAQ'
    const topicId = uuidFromString('AAAAAAAAAAAAAAAAAAAAAQ')!
    expect(formatPartitionMetadata(topicId)).toBe(text)
    expect(parsePartitionMetadata(text)).toBe(topicId)
    expect(parsePartitionMetadata(`${text}\r\n`)).toBe(topicId)
  })

  it.each<[FormatFault, string]>([
    ['truncated', ''],
    ['bad-version', 'version: 1\ntopic_id: AAAAAAAAAAAAAAAAAAAAAQ'],
    ['bad-entry', 'version: 0'],
    ['bad-entry', 'version: 0\ntopic_id: short'],
  ])('says %s of %j', (fault, damaged) => {
    expect(faultOf(() => parsePartitionMetadata(damaged))).toBe(fault)
  })
})

describe('meta.properties', () => {
  const properties = { clusterId: 'xnZCet-gQ86ONFR_Nhx8nQ', nodeId: 1, directoryId: '3P1rdUUltl-gmxPpif0GBg' }

  it('is written and read as Kafka does', () => {
    const text =
      '#\n#Tue Nov 24 05:58:11 UTC 2026\ncluster.id=xnZCet-gQ86ONFR_Nhx8nQ\n' +
      'directory.id=3P1rdUUltl-gmxPpif0GBg\nnode.id=1\nversion=1\n'
    expect(formatMetaProperties(properties, Date.UTC(2026, 10, 24, 5, 58, 11))).toBe(text)
    expect(parseMetaProperties(text)).toEqual(properties)
  })

  it('may have no directory id, other separators, unknown keys and escapes', () => {
    expect(
      parseMetaProperties('! note\nversion : 1\r\ncluster.id = a\\:b\\=c\nnode.id 7\nother=x\n'),
    ).toEqual({
      clusterId: 'a:b=c',
      nodeId: 7,
      directoryId: null,
    })
    const odd = { clusterId: 'a:b=c#d\\e', nodeId: 7, directoryId: null }
    expect(parseMetaProperties(formatMetaProperties(odd, 0))).toEqual(odd)
  })

  it.each<[FormatFault, string]>([
    ['truncated', 'node.id=1\n'],
    ['bad-version', 'version=0\ncluster.id=a\nnode.id=1\n'],
    ['bad-entry', 'version=1\nnode.id=1\n'],
    ['bad-line', 'version=1\ncluster.id=a\n'],
    ['bad-line', 'version=1\ncluster.id=a\nnode.id=-1\n'],
    ['bad-line', 'version=1\n=a\n'],
  ])('says %s of %j', (fault, damaged) => {
    expect(faultOf(() => parseMetaProperties(damaged))).toBe(fault)
  })
})
