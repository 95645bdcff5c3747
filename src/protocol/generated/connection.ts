// From ../messages/connection.ts. Written by scripts/generate-codecs.ts: change the source and run `npm run generate`.

import type * as schema from '../messages/connection.ts'
import { EMPTY_BYTES } from '../reader.ts'
import type { Reader } from '../reader.ts'
import type { Infer } from '../schema.ts'
import type { Writer } from '../writer.ts'

// ── ApiVersionsRequest (18) 0-4 ──

export interface ApiVersionsRequest extends Infer<typeof schema.ApiVersionsRequest> {}

export function defaultApiVersionsRequest(): ApiVersionsRequest {
  return {
    clientSoftwareName: '',
    clientSoftwareVersion: '',
  }
}

export function readApiVersionsRequest(reader: Reader, version: number): ApiVersionsRequest {
  const flexible = version >= 3
  const clientSoftwareName = version >= 3 ? reader.string(flexible) : ''
  const clientSoftwareVersion = version >= 3 ? reader.string(flexible) : ''
  if (flexible) reader.skipTags()
  return { clientSoftwareName, clientSoftwareVersion }
}

export function writeApiVersionsRequest(writer: Writer, version: number, value: ApiVersionsRequest): void {
  const flexible = version >= 3
  if (version >= 3) writer.string(value.clientSoftwareName, flexible)
  if (version >= 3) writer.string(value.clientSoftwareVersion, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── ApiVersionsResponse (18) 0-4 ──

export interface ApiVersionsResponse extends Infer<typeof schema.ApiVersionsResponse> {}
export type ApiVersionsResponseApiKey = ApiVersionsResponse['apiKeys'][number]
export type ApiVersionsResponseSupportedFeature = ApiVersionsResponse['supportedFeatures'][number]
export type ApiVersionsResponseFinalizedFeature = ApiVersionsResponse['finalizedFeatures'][number]

export function defaultApiVersionsResponse(): ApiVersionsResponse {
  return {
    errorCode: 0,
    apiKeys: [],
    throttleTimeMs: 0,
    supportedFeatures: [],
    finalizedFeaturesEpoch: -1,
    finalizedFeatures: [],
    zkMigrationReady: false,
  }
}

export function readApiVersionsResponse(reader: Reader, version: number): ApiVersionsResponse {
  const flexible = version >= 3
  let supportedFeatures: ApiVersionsResponseSupportedFeature[] = []
  let finalizedFeaturesEpoch: number = -1
  let finalizedFeatures: ApiVersionsResponseFinalizedFeature[] = []
  let zkMigrationReady: boolean = false
  const errorCode = reader.int16()
  const apiKeysCount = reader.arrayCount(flexible, 6)
  const apiKeys: ApiVersionsResponseApiKey[] = []
  for (let index = 0; index < apiKeysCount; index++) apiKeys.push(readApiVersionsResponseApiKey(reader, version))
  const throttleTimeMs = version >= 1 ? reader.int32() : 0
  if (flexible) {
    for (let count = reader.tagCount(); count > 0; count--) {
      const tag = reader.unsignedVarint()
      const end = reader.tagEnd()
      switch (tag) {
        case 0: {
          const supportedFeaturesCount = reader.arrayCount(true, 6)
          supportedFeatures = []
          for (let index = 0; index < supportedFeaturesCount; index++) supportedFeatures.push(readApiVersionsResponseSupportedFeature(reader, version))
          break
        }
        case 1: {
          finalizedFeaturesEpoch = reader.int64()
          break
        }
        case 2: {
          const finalizedFeaturesCount = reader.arrayCount(true, 6)
          finalizedFeatures = []
          for (let index = 0; index < finalizedFeaturesCount; index++) finalizedFeatures.push(readApiVersionsResponseFinalizedFeature(reader, version))
          break
        }
        case 3: {
          zkMigrationReady = reader.bool()
          break
        }
        default:
          reader.position = end
      }
      reader.leaveTag(end)
    }
  }
  return {
    errorCode,
    apiKeys,
    throttleTimeMs,
    supportedFeatures,
    finalizedFeaturesEpoch,
    finalizedFeatures,
    zkMigrationReady,
  }
}

export function writeApiVersionsResponse(writer: Writer, version: number, value: ApiVersionsResponse): void {
  const flexible = version >= 3
  writer.errorCode(value.errorCode)
  writer.arrayCount(value.apiKeys.length, flexible)
  for (const element of value.apiKeys) writeApiVersionsResponseApiKey(writer, version, element)
  if (version >= 1) writer.int32(value.throttleTimeMs)
  if (flexible) {
    let tags = 0
    if (value.supportedFeatures.length !== 0) tags++
    if (value.finalizedFeaturesEpoch !== -1) tags++
    if (value.finalizedFeatures.length !== 0) tags++
    if (value.zkMigrationReady !== false) tags++
    writer.unsignedVarint(tags)
    if (value.supportedFeatures.length !== 0) {
      const mark = writer.beginTag(0)
      writer.arrayCount(value.supportedFeatures.length, true)
      for (const element of value.supportedFeatures) writeApiVersionsResponseSupportedFeature(writer, version, element)
      writer.endTag(mark)
    }
    if (value.finalizedFeaturesEpoch !== -1) {
      writer.tag(1, 8)
      writer.int64(value.finalizedFeaturesEpoch)
    }
    if (value.finalizedFeatures.length !== 0) {
      const mark = writer.beginTag(2)
      writer.arrayCount(value.finalizedFeatures.length, true)
      for (const element of value.finalizedFeatures) writeApiVersionsResponseFinalizedFeature(writer, version, element)
      writer.endTag(mark)
    }
    if (value.zkMigrationReady !== false) {
      writer.tag(3, 1)
      writer.bool(value.zkMigrationReady)
    }
  }
}

export function defaultApiVersionsResponseApiKey(): ApiVersionsResponseApiKey {
  return {
    apiKey: 0,
    minVersion: 0,
    maxVersion: 0,
  }
}

function readApiVersionsResponseApiKey(reader: Reader, version: number): ApiVersionsResponseApiKey {
  const flexible = version >= 3
  const apiKey = reader.int16()
  const minVersion = reader.int16()
  const maxVersion = reader.int16()
  if (flexible) reader.skipTags()
  return { apiKey, minVersion, maxVersion }
}

function writeApiVersionsResponseApiKey(writer: Writer, version: number, value: ApiVersionsResponseApiKey): void {
  const flexible = version >= 3
  writer.int16(value.apiKey)
  writer.int16(value.minVersion)
  writer.int16(value.maxVersion)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultApiVersionsResponseSupportedFeature(): ApiVersionsResponseSupportedFeature {
  return {
    name: '',
    minVersion: 0,
    maxVersion: 0,
  }
}

function readApiVersionsResponseSupportedFeature(reader: Reader, _version: number): ApiVersionsResponseSupportedFeature {
  const name = reader.string(true)
  const minVersion = reader.int16()
  const maxVersion = reader.int16()
  reader.skipTags()
  return { name, minVersion, maxVersion }
}

function writeApiVersionsResponseSupportedFeature(writer: Writer, _version: number, value: ApiVersionsResponseSupportedFeature): void {
  writer.string(value.name, true)
  writer.int16(value.minVersion)
  writer.int16(value.maxVersion)
  writer.unsignedVarint(0)
}

export function defaultApiVersionsResponseFinalizedFeature(): ApiVersionsResponseFinalizedFeature {
  return {
    name: '',
    maxVersionLevel: 0,
    minVersionLevel: 0,
  }
}

function readApiVersionsResponseFinalizedFeature(reader: Reader, _version: number): ApiVersionsResponseFinalizedFeature {
  const name = reader.string(true)
  const maxVersionLevel = reader.int16()
  const minVersionLevel = reader.int16()
  reader.skipTags()
  return { name, maxVersionLevel, minVersionLevel }
}

function writeApiVersionsResponseFinalizedFeature(writer: Writer, _version: number, value: ApiVersionsResponseFinalizedFeature): void {
  writer.string(value.name, true)
  writer.int16(value.maxVersionLevel)
  writer.int16(value.minVersionLevel)
  writer.unsignedVarint(0)
}

// ── RequestHeader 1-2 ──

export interface RequestHeader extends Infer<typeof schema.RequestHeader> {}

export function defaultRequestHeader(): RequestHeader {
  return {
    requestApiKey: 0,
    requestApiVersion: 0,
    correlationId: 0,
    clientId: '',
  }
}

export function readRequestHeader(reader: Reader, version: number): RequestHeader {
  const flexible = version >= 2
  const requestApiKey = reader.int16()
  const requestApiVersion = reader.int16()
  const correlationId = reader.int32()
  const clientId = reader.nullableString(false)
  if (flexible) reader.skipTags()
  return { requestApiKey, requestApiVersion, correlationId, clientId }
}

export function writeRequestHeader(writer: Writer, version: number, value: RequestHeader): void {
  const flexible = version >= 2
  writer.int16(value.requestApiKey)
  writer.int16(value.requestApiVersion)
  writer.int32(value.correlationId)
  writer.string(value.clientId, false)
  if (flexible) writer.unsignedVarint(0)
}

// ── ResponseHeader 0-1 ──

export interface ResponseHeader extends Infer<typeof schema.ResponseHeader> {}

export function defaultResponseHeader(): ResponseHeader {
  return {
    correlationId: 0,
  }
}

export function readResponseHeader(reader: Reader, version: number): ResponseHeader {
  const flexible = version >= 1
  const correlationId = reader.int32()
  if (flexible) reader.skipTags()
  return { correlationId }
}

export function writeResponseHeader(writer: Writer, version: number, value: ResponseHeader): void {
  const flexible = version >= 1
  writer.int32(value.correlationId)
  if (flexible) writer.unsignedVarint(0)
}

// ── SaslAuthenticateRequest (36) 0-2 ──

export interface SaslAuthenticateRequest extends Infer<typeof schema.SaslAuthenticateRequest> {}

export function defaultSaslAuthenticateRequest(): SaslAuthenticateRequest {
  return {
    authBytes: EMPTY_BYTES,
  }
}

export function readSaslAuthenticateRequest(reader: Reader, version: number): SaslAuthenticateRequest {
  const flexible = version >= 2
  const authBytes = reader.bytes(flexible)
  if (flexible) reader.skipTags()
  return { authBytes }
}

export function writeSaslAuthenticateRequest(writer: Writer, version: number, value: SaslAuthenticateRequest): void {
  const flexible = version >= 2
  writer.bytes(value.authBytes, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── SaslAuthenticateResponse (36) 0-2 ──

export interface SaslAuthenticateResponse extends Infer<typeof schema.SaslAuthenticateResponse> {}

export function defaultSaslAuthenticateResponse(): SaslAuthenticateResponse {
  return {
    errorCode: 0,
    errorMessage: '',
    authBytes: EMPTY_BYTES,
    sessionLifetimeMs: 0,
  }
}

export function readSaslAuthenticateResponse(reader: Reader, version: number): SaslAuthenticateResponse {
  const flexible = version >= 2
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(flexible)
  const authBytes = reader.bytes(flexible)
  const sessionLifetimeMs = version >= 1 ? reader.int64() : 0
  if (flexible) reader.skipTags()
  return { errorCode, errorMessage, authBytes, sessionLifetimeMs }
}

export function writeSaslAuthenticateResponse(writer: Writer, version: number, value: SaslAuthenticateResponse): void {
  const flexible = version >= 2
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, flexible)
  writer.bytes(value.authBytes, flexible)
  if (version >= 1) writer.int64(value.sessionLifetimeMs)
  if (flexible) writer.unsignedVarint(0)
}

// ── SaslHandshakeRequest (17) 0-1 ──

export interface SaslHandshakeRequest extends Infer<typeof schema.SaslHandshakeRequest> {}

export function defaultSaslHandshakeRequest(): SaslHandshakeRequest {
  return {
    mechanism: '',
  }
}

export function readSaslHandshakeRequest(reader: Reader, _version: number): SaslHandshakeRequest {
  const mechanism = reader.string(false)
  return { mechanism }
}

export function writeSaslHandshakeRequest(writer: Writer, _version: number, value: SaslHandshakeRequest): void {
  writer.string(value.mechanism, false)
}

// ── SaslHandshakeResponse (17) 0-1 ──

export interface SaslHandshakeResponse extends Infer<typeof schema.SaslHandshakeResponse> {}

export function defaultSaslHandshakeResponse(): SaslHandshakeResponse {
  return {
    errorCode: 0,
    mechanisms: [],
  }
}

export function readSaslHandshakeResponse(reader: Reader, _version: number): SaslHandshakeResponse {
  const errorCode = reader.int16()
  const mechanismsCount = reader.arrayCount(false, 2)
  const mechanisms = reader.stringArray(mechanismsCount, false)
  return { errorCode, mechanisms }
}

export function writeSaslHandshakeResponse(writer: Writer, _version: number, value: SaslHandshakeResponse): void {
  writer.errorCode(value.errorCode)
  writer.arrayCount(value.mechanisms.length, false)
  writer.stringArray(value.mechanisms, false)
}
