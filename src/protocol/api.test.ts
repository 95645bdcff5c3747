import { describe, expect, test } from 'vitest'
import {
  API_NAMES,
  API_TABLE,
  apiOfKey,
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  readRequestHeader,
  requestHeaderVersion,
  responseHeaderVersion,
  servedApis,
} from './api.ts'
import {
  defaultApiVersionsRequest,
  defaultApiVersionsResponse,
  defaultFetchResponse,
  defaultFetchResponseResponse,
  defaultFetchResponseResponsePartition,
  defaultHeartbeatResponse,
  defaultMetadataRequest,
  defaultMetadataResponse,
} from './generated/index.ts'
import { MalformedError, Reader } from './reader.ts'
import type { WrittenFrame } from './writer.ts'
import { UnwritableError } from './writer.ts'

/** The frame without its size, which must be right. */
function body(frame: WrittenFrame): Buffer {
  const bytes = Buffer.concat(frame.pieces as Buffer[])
  expect(bytes.readInt32BE(0)).toBe(bytes.length - 4)
  return bytes.subarray(4)
}

describe('the API table', () => {
  test('holds the broker listener of Kafka 4.3, each key once', () => {
    expect(API_NAMES).toHaveLength(77)
    for (const name of API_NAMES) expect(apiOfKey(API_TABLE[name].key)).toBe(API_TABLE[name])
    expect(apiOfKey(4)).toBeUndefined()
    expect(apiOfKey(-1)).toBeUndefined()
  })

  test('request headers are version 2 exactly where the body is flexible', () => {
    expect(requestHeaderVersion(API_TABLE.Fetch, 11)).toBe(1)
    expect(requestHeaderVersion(API_TABLE.Fetch, 12)).toBe(2)
    expect(requestHeaderVersion(API_TABLE.SaslHandshake, 1)).toBe(1)
    expect(requestHeaderVersion(API_TABLE.ApiVersions, 3)).toBe(2)
  })

  test('A1: the response header of ApiVersions is version 0 in all versions', () => {
    expect(responseHeaderVersion(API_TABLE.ApiVersions, 4)).toBe(0)
    expect(responseHeaderVersion(API_TABLE.Metadata, 9)).toBe(1)
    expect(responseHeaderVersion(API_TABLE.Metadata, 8)).toBe(0)
    const answer = body(encodeResponse(API_TABLE.ApiVersions, 3, 77, defaultApiVersionsResponse()))
    expect(answer.toString('hex')).toBe('0000004d' + '0000' + '01' + '00000000' + '00')
    expect(decodeResponse(API_TABLE.ApiVersions, 3, 77, answer)).toEqual(defaultApiVersionsResponse())
  })

  test('A4: Produce is advertised from 0 and parsed from 3', () => {
    const served = servedApis(['ApiVersions', 'Produce', 'Metadata'])
    expect(served.advertised).toEqual([
      { apiKey: 0, minVersion: 0, maxVersion: 13 },
      { apiKey: 3, minVersion: 0, maxVersion: 13 },
      { apiKey: 18, minVersion: 0, maxVersion: 4 },
    ])
    expect(served.find(0, 2)).toBeUndefined()
    expect(served.find(0, 3)).toBe(API_TABLE.Produce)
    expect(served.find(0, 14)).toBeUndefined()
  })

  test('A8, A13: what is not served is neither found nor advertised', () => {
    const served = servedApis(['ApiVersions'])
    expect(served.find(API_TABLE.Fetch.key, 12)).toBeUndefined()
    expect(served.has(API_TABLE.Fetch.key)).toBe(false)
    expect(served.find(18, 0)).toBe(API_TABLE.ApiVersions)
    expect(served.find(-5, 0)).toBeUndefined()
  })
})

describe('frames', () => {
  test('A6: the client id has an int16 length in header version 2 too', () => {
    const frame = body(
      encodeRequest(API_TABLE.Metadata, 12, 5, 'me', { ...defaultMetadataRequest(), topics: null }),
    )
    expect(frame.toString('hex')).toBe(
      '0003' + '000c' + '00000005' + '0002' + '6d65' + '00' + '00' + '01' + '00' + '00',
    )
    const reader = new Reader(frame)
    const header = readRequestHeader(reader)
    expect(header).toEqual({ apiKey: 3, apiVersion: 12, correlationId: 5, clientId: 'me', bodyStart: 13 })
    expect(decodeRequest(API_TABLE.Metadata, 12, frame, header.bodyStart)).toEqual(
      API_TABLE.Metadata.readRequest(reader, 12),
    )
  })

  test('the client id may be null, and a header of version 1 has no tags', () => {
    const frame = body(encodeRequest(API_TABLE.ApiVersions, 0, 1, null, defaultApiVersionsRequest()))
    expect(frame.toString('hex')).toBe('0012' + '0000' + '00000001' + 'ffff')
    expect(readRequestHeader(new Reader(frame)).clientId).toBeNull()
  })

  test('A7: unknown tags in a request header are skipped', () => {
    const frame = Buffer.from(
      '0012' + '0003' + '00000001' + 'ffff' + '0107' + '02aabb' + '0261' + '0262' + '00',
      'hex',
    )
    const reader = new Reader(frame)
    const header = readRequestHeader(reader)
    expect(API_TABLE.ApiVersions.readRequest(reader, header.apiVersion)).toEqual({
      ...defaultApiVersionsRequest(),
      clientSoftwareName: 'a',
      clientSoftwareVersion: 'b',
    })
  })

  test('A8: the header of an unknown key can be read', () => {
    const header = readRequestHeader(
      new Reader(Buffer.from('03e7' + '0001' + '00000009' + '0001' + '78', 'hex')),
    )
    expect(header).toMatchObject({ apiKey: 999, apiVersion: 1, correlationId: 9, clientId: 'x' })
  })

  test('a response to another request is refused', () => {
    const frame = body(encodeResponse(API_TABLE.Heartbeat, 0, 8, defaultHeartbeatResponse()))
    expect(() => decodeResponse(API_TABLE.Heartbeat, 0, 9, frame)).toThrow(MalformedError)
  })

  test('a fetch response carries sources of records without looking at them', () => {
    const source = { byteLength: 5000 }
    const partition = { ...defaultFetchResponseResponsePartition(), partitionIndex: 2, records: source }
    const response = {
      ...defaultFetchResponse(),
      responses: [{ ...defaultFetchResponseResponse(), topic: 't', partitions: [partition] }],
    }
    const frame = encodeResponse(API_TABLE.Fetch, 11, 1, response)
    expect(frame.pieces).toHaveLength(2)
    expect(frame.pieces[1]).toBe(source)
    expect((frame.pieces[0] as Buffer).readInt32BE(0)).toBe(frame.byteLength - 4)
  })

  test('a value that the version cannot carry is refused, unless it may be ignored', () => {
    const request = { ...defaultMetadataRequest(), topics: [], allowAutoTopicCreation: false }
    expect(() => encodeRequest(API_TABLE.Metadata, 3, 1, null, request)).toThrow(UnwritableError)
    expect(() => encodeRequest(API_TABLE.Metadata, 0, 1, null, { ...request, topics: null })).toThrow(
      UnwritableError,
    )
    const response = { ...defaultMetadataResponse(), clusterId: 'ignorable' }
    expect(() => encodeResponse(API_TABLE.Metadata, 0, 1, response)).not.toThrow()
  })

  test('what an old version does not carry is read as its declared default', () => {
    const frame = Buffer.from('0003' + '0000' + '00000001' + 'ffff' + '00000000', 'hex')
    expect(decodeRequest(API_TABLE.Metadata, 0, frame, 10)).toEqual({
      topics: [],
      allowAutoTopicCreation: true,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    })
  })
})
