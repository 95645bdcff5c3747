import { assert } from '../base/assert.ts'
import { APIS } from './generated/apis.ts'
import { MalformedError, Reader } from './reader.ts'
import type { WrittenFrame } from './writer.ts'
import { Writer } from './writer.ts'

/** Every API of the broker listener in Kafka 4.3, by its name. */
export type ApiName = keyof typeof APIS

/** A request as the broker reads it: bytes and records are slices of the frame. */
export type RequestOf<Name extends ApiName> = ReturnType<(typeof APIS)[Name]['readRequest']>

/** A response as the broker writes it: records may be any RecordsSource. */
export type ResponseOf<Name extends ApiName> = Parameters<(typeof APIS)[Name]['writeResponse']>[2]

/** A request as a client writes it. */
export type OutgoingRequestOf<Name extends ApiName> = Parameters<(typeof APIS)[Name]['writeRequest']>[2]

/** A response as a client reads it: records are slices of the frame. */
export type IncomingResponseOf<Name extends ApiName> = ReturnType<(typeof APIS)[Name]['readResponse']>

/** One row of the API table. `flexibleFrom` is the first version with tagged fields, Infinity when there is none. */
export interface Api<Name extends ApiName = ApiName> {
  readonly name: Name
  readonly key: number
  readonly versionMin: number
  readonly versionMax: number
  readonly flexibleFrom: number
  readonly readRequest: (reader: Reader, version: number) => RequestOf<Name>
  readonly writeRequest: (writer: Writer, version: number, request: OutgoingRequestOf<Name>) => void
  readonly readResponse: (reader: Reader, version: number) => IncomingResponseOf<Name>
  readonly writeResponse: (writer: Writer, version: number, response: ResponseOf<Name>) => void
}

/** The table: API_TABLE.Fetch.key is 1. */
export const API_TABLE: { readonly [Name in ApiName]: Api<Name> } = APIS

/** In the order of the keys. */
export const API_NAMES = Object.keys(APIS) as readonly ApiName[]

const byKey: (Api | undefined)[] = []
for (const name of API_NAMES) byKey[APIS[name].key] = APIS[name] as Api

/** The API of a key, served or not; undefined for a key that is not on the broker listener. */
export function apiOfKey(key: number): Api | undefined {
  return byKey[key]
}

/** What a broker says of one API in ApiVersions. */
export interface AdvertisedApi {
  readonly apiKey: number
  readonly minVersion: number
  readonly maxVersion: number
}

/**
 * Produce is advertised from version 0 and served from 3: old librdkafka takes the range for a sign of what
 * compression the broker has (KAFKA-18659).
 */
const PRODUCE_ADVERTISED_MIN = 0

/** The APIs that one broker serves, and nothing else. */
export class ServedApis {
  /** Ordered by key. */
  readonly advertised: readonly AdvertisedApi[]
  readonly #byKey: (Api | undefined)[] = []

  constructor(names: readonly ApiName[]) {
    for (const name of names) this.#byKey[APIS[name].key] = APIS[name] as Api
    this.advertised = this.#byKey
      .filter((api) => api !== undefined)
      .map((api) => ({
        apiKey: api.key,
        minVersion: api.name === 'Produce' ? PRODUCE_ADVERTISED_MIN : api.versionMin,
        maxVersion: api.versionMax,
      }))
  }

  /** The API when this broker can parse that version of it; undefined means that the connection is closed (A8). */
  find(key: number, version: number): Api | undefined {
    const api = this.#byKey[key]
    return api !== undefined && version >= api.versionMin && version <= api.versionMax ? api : undefined
  }

  has(key: number): boolean {
    return this.#byKey[key] !== undefined
  }
}

/** `servedApis(['ApiVersions', 'Metadata'])`; keys that are not named are refused and not advertised. */
export function servedApis(names: readonly ApiName[]): ServedApis {
  return new ServedApis(names)
}

/** 1, or 2 (with tagged fields) where the version of the API is flexible. */
export function requestHeaderVersion(api: Api, version: number): 1 | 2 {
  return version >= api.flexibleFrom ? 2 : 1
}

/** 0, or 1 (with tagged fields) where the version is flexible; of ApiVersions always 0, so that any client reads it. */
export function responseHeaderVersion(api: Api, version: number): 0 | 1 {
  return version >= api.flexibleFrom && api.name !== 'ApiVersions' ? 1 : 0
}

/** What stands before the body of a request. */
export interface RequestHeader {
  readonly apiKey: number
  readonly apiVersion: number
  readonly correlationId: number
  readonly clientId: string | null
  /** Where the body begins in the frame; meaningless when the API or the version is not known. */
  readonly bodyStart: number
}

/**
 * Reads the header of a request frame (without the size) and leaves the reader at the body. The client id keeps its
 * int16 length in version 2 as well. The header of an unknown key is read as version 1.
 * @throws MalformedError
 */
export function readRequestHeader(reader: Reader): RequestHeader {
  const apiKey = reader.int16()
  const apiVersion = reader.int16()
  const correlationId = reader.int32()
  const clientId = reader.nullableString(false)
  const api = byKey[apiKey]
  if (api !== undefined && apiVersion >= api.flexibleFrom) reader.skipTags()
  return { apiKey, apiVersion, correlationId, clientId, bodyStart: reader.position }
}

/** Reads a response's correlation id and header tags, and leaves the reader at the body. @throws MalformedError */
export function readResponseHeader(reader: Reader, api: Api, version: number): number {
  const correlationId = reader.int32()
  if (responseHeaderVersion(api, version) === 1) reader.skipTags()
  return correlationId
}

/**
 * A whole request frame, size first.
 * @throws UnwritableError where the version cannot carry a field that has a value
 */
export function encodeRequest<Name extends ApiName>(
  api: Api<Name>,
  version: number,
  correlationId: number,
  clientId: string | null,
  request: OutgoingRequestOf<Name>,
): WrittenFrame {
  assert(version >= api.versionMin && version <= api.versionMax, `${api.name} has no version ${version}`)
  const writer = new Writer()
  writer.beginFrame()
  writer.int16(api.key)
  writer.int16(version)
  writer.int32(correlationId)
  writer.string(clientId, false)
  if (version >= api.flexibleFrom) writer.unsignedVarint(0)
  api.writeRequest(writer, version, request)
  return writer.finishFrame()
}

/**
 * A whole response frame, size first. Records that are not small Buffers are pieces of their own, borrowed until sent.
 * @throws UnwritableError where the version cannot carry a field that has a value
 */
export function encodeResponse<Name extends ApiName>(
  api: Api<Name>,
  version: number,
  correlationId: number,
  response: ResponseOf<Name>,
): WrittenFrame {
  assert(version >= api.versionMin && version <= api.versionMax, `${api.name} has no version ${version}`)
  const writer = new Writer()
  writer.beginFrame()
  writer.int32(correlationId)
  if (version >= api.flexibleFrom && api.name !== 'ApiVersions') writer.unsignedVarint(0)
  api.writeResponse(writer, version, response)
  return writer.finishFrame()
}

/** Reads a request's body. @throws MalformedError */
export function decodeRequest<Name extends ApiName>(
  api: Api<Name>,
  version: number,
  frame: Buffer,
  bodyStart: number,
): RequestOf<Name> {
  return api.readRequest(new Reader(frame, bodyStart), version)
}

/** Reads a whole response frame (without the size) to a request with that correlation id. @throws MalformedError */
export function decodeResponse<Name extends ApiName>(
  api: Api<Name>,
  version: number,
  correlationId: number,
  frame: Buffer,
): IncomingResponseOf<Name> {
  const reader = new Reader(frame)
  const answered = readResponseHeader(reader, api as Api, version)
  if (answered !== correlationId) {
    throw new MalformedError(`response to request ${answered} where ${correlationId} was due`)
  }
  return api.readResponse(reader, version)
}
