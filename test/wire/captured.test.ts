import { describe, expect, test } from 'vitest'
import type { Api, ApiName } from '../../src/protocol/api.ts'
import {
  API_NAMES,
  API_TABLE,
  apiOfKey,
  encodeRequest,
  encodeResponse,
  readRequestHeader,
  readResponseHeader,
  servedApis,
} from '../../src/protocol/api.ts'
import { FrameSplitter } from '../../src/protocol/frame-splitter.ts'
import { MalformedError, Reader } from '../../src/protocol/reader.ts'
import type { WrittenFrame } from '../../src/protocol/writer.ts'
import { fixtureLines } from './messages.ts'

/* What real clients sent and what Kafka answered, byte for byte. */

interface Captured {
  readonly title: string
  readonly api: Api
  readonly version: number
  readonly direction: 'request' | 'response'
  readonly frame: Buffer
}

const CAPTURED: readonly Captured[] = fixtureLines('captured.txt').map(
  ([client, direction, name, version, base64]) => ({
    title: `${name} ${version} ${direction} (${client})`,
    api: API_TABLE[name as ApiName] as Api,
    version: Number(version),
    direction: direction as 'request' | 'response',
    frame: Buffer.from(base64!, 'base64'),
  }),
)

/** Reads a frame to its last byte and writes it again. */
function rewritten({ api, version, direction, frame }: Captured): WrittenFrame {
  const reader = new Reader(frame)
  let again: WrittenFrame
  if (direction === 'request') {
    const { correlationId, clientId } = readRequestHeader(reader)
    again = encodeRequest(api, version, correlationId, clientId, api.readRequest(reader, version) as never)
  } else {
    const correlationId = readResponseHeader(reader, api, version)
    again = encodeResponse(api, version, correlationId, api.readResponse(reader, version) as never)
  }
  expect(reader.bytesLeft).toBe(0)
  return again
}

/** Reads as a broker or a client would; false when it is refused. Any other error is thrown. */
function readable({ api, version, direction }: Captured, frame: Buffer): boolean {
  try {
    const reader = new Reader(frame)
    if (direction === 'request') {
      const header = readRequestHeader(reader)
      const named = apiOfKey(header.apiKey)
      if (!named || header.apiVersion < named.versionMin || header.apiVersion > named.versionMax) return false
      named.readRequest(reader, header.apiVersion)
    } else {
      readResponseHeader(reader, api, version)
      api.readResponse(reader, version)
    }
    return true
  } catch (error) {
    if (error instanceof MalformedError) return false
    throw error
  }
}

function sized(frame: Buffer): Buffer {
  const size = Buffer.alloc(4)
  size.writeInt32BE(frame.length)
  return Buffer.concat([size, frame])
}

describe('frames of real clients and of Kafka', () => {
  test.each(CAPTURED)('$title is read and written again to the byte', (captured) => {
    const again = Buffer.concat(rewritten(captured).pieces as Buffer[])
    expect(again.toString('hex')).toBe(sized(captured.frame).toString('hex'))
  })

  test('what the header says is what was captured', () => {
    for (const { api, version, direction, frame } of CAPTURED) {
      if (direction === 'request')
        expect(readRequestHeader(new Reader(frame))).toMatchObject({ apiKey: api.key, apiVersion: version })
    }
  })

  test('a frame cut anywhere is refused', () => {
    for (const captured of CAPTURED) {
      for (let length = 0; length < captured.frame.length; length++) {
        if (readable(captured, captured.frame.subarray(0, length))) {
          expect.unreachable(`${captured.title} was read from ${length} bytes`)
        }
      }
    }
  })

  test('a frame with any bit flipped is read or refused', () => {
    for (const captured of CAPTURED) {
      const frame = Buffer.from(captured.frame)
      for (let bit = 0; bit < frame.length * 8; bit++) {
        frame[bit >> 3]! ^= 1 << (bit & 7)
        readable(captured, frame)
        frame[bit >> 3]! ^= 1 << (bit & 7)
      }
    }
  })

  test('B2: the stream of all frames, in chunks of any size, comes apart again', () => {
    const stream = Buffer.concat(CAPTURED.map(({ frame }) => sized(frame)))
    for (const chunkBytes of [1, 2, 3, 7, 64, 1000, stream.length]) {
      const splitter = new FrameSplitter()
      let count = 0
      for (let position = 0; position < stream.length; position += chunkBytes) {
        splitter.push(stream.subarray(position, position + chunkBytes))
        for (let step = splitter.next(); step.kind !== 'more'; step = splitter.next()) {
          if (step.kind === 'need-lease') splitter.grant()
          else if (step.kind === 'frame') expect(step.frame.equals(CAPTURED[count++]!.frame)).toBe(true)
          else expect.unreachable(step.kind)
        }
      }
      expect(count).toBe(CAPTURED.length)
    }
  })

  test('A4: all that can be served has the ranges that Kafka advertises', () => {
    const answer = CAPTURED.find(({ title }) => title.startsWith('ApiVersions 4 response'))!
    const reader = new Reader(answer.frame)
    readResponseHeader(reader, answer.api, 4)
    const kafka = API_TABLE.ApiVersions.readResponse(reader, 4).apiKeys
    const withTelemetryOff = API_NAMES.filter((name) => !/Telemetry/.test(name))
    expect(servedApis(withTelemetryOff).advertised).toEqual(
      [...kafka].sort((left, right) => left.apiKey - right.apiKey),
    )
  })
})
