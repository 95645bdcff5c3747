// From ../messages/configs.ts. Written by scripts/generate-codecs.ts: change the source and run `npm run generate`.

import type * as schema from '../messages/configs.ts'
import type { Reader } from '../reader.ts'
import type { Infer } from '../schema.ts'
import { unwritable } from '../writer.ts'
import type { Writer } from '../writer.ts'

// ── AlterConfigsRequest (33) 0-2 ──

export interface AlterConfigsRequest extends Infer<typeof schema.AlterConfigsRequest> {}
export type AlterConfigsRequestResource = AlterConfigsRequest['resources'][number]
export type AlterConfigsRequestResourceConfig = AlterConfigsRequestResource['configs'][number]

export function defaultAlterConfigsRequest(): AlterConfigsRequest {
  return {
    resources: [],
    validateOnly: false,
  }
}

export function readAlterConfigsRequest(reader: Reader, version: number): AlterConfigsRequest {
  const flexible = version >= 2
  const resourcesCount = reader.arrayCount(flexible, 4)
  const resources: AlterConfigsRequestResource[] = []
  for (let index = 0; index < resourcesCount; index++) resources.push(readAlterConfigsRequestResource(reader, version))
  const validateOnly = reader.bool()
  if (flexible) reader.skipTags()
  return { resources, validateOnly }
}

export function writeAlterConfigsRequest(writer: Writer, version: number, value: AlterConfigsRequest): void {
  const flexible = version >= 2
  writer.arrayCount(value.resources.length, flexible)
  for (const element of value.resources) writeAlterConfigsRequestResource(writer, version, element)
  writer.bool(value.validateOnly)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultAlterConfigsRequestResource(): AlterConfigsRequestResource {
  return {
    resourceType: 0,
    resourceName: '',
    configs: [],
  }
}

function readAlterConfigsRequestResource(reader: Reader, version: number): AlterConfigsRequestResource {
  const flexible = version >= 2
  const resourceType = reader.int8()
  const resourceName = reader.string(flexible)
  const configsCount = reader.arrayCount(flexible, 3)
  const configs: AlterConfigsRequestResourceConfig[] = []
  for (let index = 0; index < configsCount; index++) configs.push(readAlterConfigsRequestResourceConfig(reader, version))
  if (flexible) reader.skipTags()
  return { resourceType, resourceName, configs }
}

function writeAlterConfigsRequestResource(writer: Writer, version: number, value: AlterConfigsRequestResource): void {
  const flexible = version >= 2
  writer.int8(value.resourceType)
  writer.string(value.resourceName, flexible)
  writer.arrayCount(value.configs.length, flexible)
  for (const element of value.configs) writeAlterConfigsRequestResourceConfig(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultAlterConfigsRequestResourceConfig(): AlterConfigsRequestResourceConfig {
  return {
    name: '',
    value: '',
  }
}

function readAlterConfigsRequestResourceConfig(reader: Reader, version: number): AlterConfigsRequestResourceConfig {
  const flexible = version >= 2
  const name = reader.string(flexible)
  const value = reader.nullableString(flexible)
  if (flexible) reader.skipTags()
  return { name, value }
}

function writeAlterConfigsRequestResourceConfig(writer: Writer, version: number, value: AlterConfigsRequestResourceConfig): void {
  const flexible = version >= 2
  writer.string(value.name, flexible)
  writer.string(value.value, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── AlterConfigsResponse (33) 0-2 ──

export interface AlterConfigsResponse extends Infer<typeof schema.AlterConfigsResponse> {}
export type AlterConfigsResponseResponse = AlterConfigsResponse['responses'][number]

export function defaultAlterConfigsResponse(): AlterConfigsResponse {
  return {
    throttleTimeMs: 0,
    responses: [],
  }
}

export function readAlterConfigsResponse(reader: Reader, version: number): AlterConfigsResponse {
  const flexible = version >= 2
  const throttleTimeMs = reader.int32()
  const responsesCount = reader.arrayCount(flexible, 6)
  const responses: AlterConfigsResponseResponse[] = []
  for (let index = 0; index < responsesCount; index++) responses.push(readAlterConfigsResponseResponse(reader, version))
  if (flexible) reader.skipTags()
  return { throttleTimeMs, responses }
}

export function writeAlterConfigsResponse(writer: Writer, version: number, value: AlterConfigsResponse): void {
  const flexible = version >= 2
  writer.int32(value.throttleTimeMs)
  writer.arrayCount(value.responses.length, flexible)
  for (const element of value.responses) writeAlterConfigsResponseResponse(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultAlterConfigsResponseResponse(): AlterConfigsResponseResponse {
  return {
    errorCode: 0,
    errorMessage: '',
    resourceType: 0,
    resourceName: '',
  }
}

function readAlterConfigsResponseResponse(reader: Reader, version: number): AlterConfigsResponseResponse {
  const flexible = version >= 2
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(flexible)
  const resourceType = reader.int8()
  const resourceName = reader.string(flexible)
  if (flexible) reader.skipTags()
  return { errorCode, errorMessage, resourceType, resourceName }
}

function writeAlterConfigsResponseResponse(writer: Writer, version: number, value: AlterConfigsResponseResponse): void {
  const flexible = version >= 2
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, flexible)
  writer.int8(value.resourceType)
  writer.string(value.resourceName, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── DescribeConfigsRequest (32) 1-4 ──

export interface DescribeConfigsRequest extends Infer<typeof schema.DescribeConfigsRequest> {}
export type DescribeConfigsRequestResource = DescribeConfigsRequest['resources'][number]

export function defaultDescribeConfigsRequest(): DescribeConfigsRequest {
  return {
    resources: [],
    includeSynonyms: false,
    includeDocumentation: false,
  }
}

export function readDescribeConfigsRequest(reader: Reader, version: number): DescribeConfigsRequest {
  const flexible = version >= 4
  const resourcesCount = reader.arrayCount(flexible, 4)
  const resources: DescribeConfigsRequestResource[] = []
  for (let index = 0; index < resourcesCount; index++) resources.push(readDescribeConfigsRequestResource(reader, version))
  const includeSynonyms = reader.bool()
  const includeDocumentation = version >= 3 ? reader.bool() : false
  if (flexible) reader.skipTags()
  return { resources, includeSynonyms, includeDocumentation }
}

export function writeDescribeConfigsRequest(writer: Writer, version: number, value: DescribeConfigsRequest): void {
  const flexible = version >= 4
  writer.arrayCount(value.resources.length, flexible)
  for (const element of value.resources) writeDescribeConfigsRequestResource(writer, version, element)
  writer.bool(value.includeSynonyms)
  if (version >= 3) writer.bool(value.includeDocumentation)
  else if (value.includeDocumentation !== false) throw unwritable('DescribeConfigsRequest', 'includeDocumentation', version)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDescribeConfigsRequestResource(): DescribeConfigsRequestResource {
  return {
    resourceType: 0,
    resourceName: '',
    configurationKeys: [],
  }
}

function readDescribeConfigsRequestResource(reader: Reader, version: number): DescribeConfigsRequestResource {
  const flexible = version >= 4
  const resourceType = reader.int8()
  const resourceName = reader.string(flexible)
  const configurationKeysCount = reader.nullableArrayCount(flexible, 1)
  const configurationKeys = configurationKeysCount < 0 ? null : reader.stringArray(configurationKeysCount, flexible)
  if (flexible) reader.skipTags()
  return { resourceType, resourceName, configurationKeys }
}

function writeDescribeConfigsRequestResource(writer: Writer, version: number, value: DescribeConfigsRequestResource): void {
  const flexible = version >= 4
  writer.int8(value.resourceType)
  writer.string(value.resourceName, flexible)
  writer.arrayCount(value.configurationKeys === null ? -1 : value.configurationKeys.length, flexible)
  if (value.configurationKeys !== null) writer.stringArray(value.configurationKeys, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── DescribeConfigsResponse (32) 1-4 ──

export interface DescribeConfigsResponse extends Infer<typeof schema.DescribeConfigsResponse> {}
export type DescribeConfigsResponseResult = DescribeConfigsResponse['results'][number]
export type DescribeConfigsResponseResultConfig = DescribeConfigsResponseResult['configs'][number]
export type DescribeConfigsResponseResultConfigSynonym = DescribeConfigsResponseResultConfig['synonyms'][number]

export function defaultDescribeConfigsResponse(): DescribeConfigsResponse {
  return {
    throttleTimeMs: 0,
    results: [],
  }
}

export function readDescribeConfigsResponse(reader: Reader, version: number): DescribeConfigsResponse {
  const flexible = version >= 4
  const throttleTimeMs = reader.int32()
  const resultsCount = reader.arrayCount(flexible, 7)
  const results: DescribeConfigsResponseResult[] = []
  for (let index = 0; index < resultsCount; index++) results.push(readDescribeConfigsResponseResult(reader, version))
  if (flexible) reader.skipTags()
  return { throttleTimeMs, results }
}

export function writeDescribeConfigsResponse(writer: Writer, version: number, value: DescribeConfigsResponse): void {
  const flexible = version >= 4
  writer.int32(value.throttleTimeMs)
  writer.arrayCount(value.results.length, flexible)
  for (const element of value.results) writeDescribeConfigsResponseResult(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDescribeConfigsResponseResult(): DescribeConfigsResponseResult {
  return {
    errorCode: 0,
    errorMessage: '',
    resourceType: 0,
    resourceName: '',
    configs: [],
  }
}

function readDescribeConfigsResponseResult(reader: Reader, version: number): DescribeConfigsResponseResult {
  const flexible = version >= 4
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(flexible)
  const resourceType = reader.int8()
  const resourceName = reader.string(flexible)
  const configsCount = reader.arrayCount(flexible, 9)
  const configs: DescribeConfigsResponseResultConfig[] = []
  for (let index = 0; index < configsCount; index++) configs.push(readDescribeConfigsResponseResultConfig(reader, version))
  if (flexible) reader.skipTags()
  return { errorCode, errorMessage, resourceType, resourceName, configs }
}

function writeDescribeConfigsResponseResult(writer: Writer, version: number, value: DescribeConfigsResponseResult): void {
  const flexible = version >= 4
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, flexible)
  writer.int8(value.resourceType)
  writer.string(value.resourceName, flexible)
  writer.arrayCount(value.configs.length, flexible)
  for (const element of value.configs) writeDescribeConfigsResponseResultConfig(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDescribeConfigsResponseResultConfig(): DescribeConfigsResponseResultConfig {
  return {
    name: '',
    value: '',
    readOnly: false,
    configSource: -1,
    isSensitive: false,
    synonyms: [],
    configType: 0,
    documentation: '',
  }
}

function readDescribeConfigsResponseResultConfig(reader: Reader, version: number): DescribeConfigsResponseResultConfig {
  const flexible = version >= 4
  const name = reader.string(flexible)
  const value = reader.nullableString(flexible)
  const readOnly = reader.bool()
  const configSource = reader.int8()
  const isSensitive = reader.bool()
  const synonymsCount = reader.arrayCount(flexible, 4)
  const synonyms: DescribeConfigsResponseResultConfigSynonym[] = []
  for (let index = 0; index < synonymsCount; index++) synonyms.push(readDescribeConfigsResponseResultConfigSynonym(reader, version))
  const configType = version >= 3 ? reader.int8() : 0
  const documentation = version >= 3 ? reader.nullableString(flexible) : ''
  if (flexible) reader.skipTags()
  return { name, value, readOnly, configSource, isSensitive, synonyms, configType, documentation }
}

function writeDescribeConfigsResponseResultConfig(writer: Writer, version: number, value: DescribeConfigsResponseResultConfig): void {
  const flexible = version >= 4
  writer.string(value.name, flexible)
  writer.string(value.value, flexible)
  writer.bool(value.readOnly)
  writer.int8(value.configSource)
  writer.bool(value.isSensitive)
  writer.arrayCount(value.synonyms.length, flexible)
  for (const element of value.synonyms) writeDescribeConfigsResponseResultConfigSynonym(writer, version, element)
  if (version >= 3) writer.int8(value.configType)
  if (version >= 3) writer.string(value.documentation, flexible)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDescribeConfigsResponseResultConfigSynonym(): DescribeConfigsResponseResultConfigSynonym {
  return {
    name: '',
    value: '',
    source: 0,
  }
}

function readDescribeConfigsResponseResultConfigSynonym(reader: Reader, version: number): DescribeConfigsResponseResultConfigSynonym {
  const flexible = version >= 4
  const name = reader.string(flexible)
  const value = reader.nullableString(flexible)
  const source = reader.int8()
  if (flexible) reader.skipTags()
  return { name, value, source }
}

function writeDescribeConfigsResponseResultConfigSynonym(writer: Writer, version: number, value: DescribeConfigsResponseResultConfigSynonym): void {
  const flexible = version >= 4
  writer.string(value.name, flexible)
  writer.string(value.value, flexible)
  writer.int8(value.source)
  if (flexible) writer.unsignedVarint(0)
}

// ── IncrementalAlterConfigsRequest (44) 0-1 ──

export interface IncrementalAlterConfigsRequest extends Infer<typeof schema.IncrementalAlterConfigsRequest> {}
export type IncrementalAlterConfigsRequestResource = IncrementalAlterConfigsRequest['resources'][number]
export type IncrementalAlterConfigsRequestResourceConfig = IncrementalAlterConfigsRequestResource['configs'][number]

export function defaultIncrementalAlterConfigsRequest(): IncrementalAlterConfigsRequest {
  return {
    resources: [],
    validateOnly: false,
  }
}

export function readIncrementalAlterConfigsRequest(reader: Reader, version: number): IncrementalAlterConfigsRequest {
  const flexible = version >= 1
  const resourcesCount = reader.arrayCount(flexible, 4)
  const resources: IncrementalAlterConfigsRequestResource[] = []
  for (let index = 0; index < resourcesCount; index++) resources.push(readIncrementalAlterConfigsRequestResource(reader, version))
  const validateOnly = reader.bool()
  if (flexible) reader.skipTags()
  return { resources, validateOnly }
}

export function writeIncrementalAlterConfigsRequest(writer: Writer, version: number, value: IncrementalAlterConfigsRequest): void {
  const flexible = version >= 1
  writer.arrayCount(value.resources.length, flexible)
  for (const element of value.resources) writeIncrementalAlterConfigsRequestResource(writer, version, element)
  writer.bool(value.validateOnly)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultIncrementalAlterConfigsRequestResource(): IncrementalAlterConfigsRequestResource {
  return {
    resourceType: 0,
    resourceName: '',
    configs: [],
  }
}

function readIncrementalAlterConfigsRequestResource(reader: Reader, version: number): IncrementalAlterConfigsRequestResource {
  const flexible = version >= 1
  const resourceType = reader.int8()
  const resourceName = reader.string(flexible)
  const configsCount = reader.arrayCount(flexible, 4)
  const configs: IncrementalAlterConfigsRequestResourceConfig[] = []
  for (let index = 0; index < configsCount; index++) configs.push(readIncrementalAlterConfigsRequestResourceConfig(reader, version))
  if (flexible) reader.skipTags()
  return { resourceType, resourceName, configs }
}

function writeIncrementalAlterConfigsRequestResource(writer: Writer, version: number, value: IncrementalAlterConfigsRequestResource): void {
  const flexible = version >= 1
  writer.int8(value.resourceType)
  writer.string(value.resourceName, flexible)
  writer.arrayCount(value.configs.length, flexible)
  for (const element of value.configs) writeIncrementalAlterConfigsRequestResourceConfig(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultIncrementalAlterConfigsRequestResourceConfig(): IncrementalAlterConfigsRequestResourceConfig {
  return {
    name: '',
    configOperation: 0,
    value: '',
  }
}

function readIncrementalAlterConfigsRequestResourceConfig(reader: Reader, version: number): IncrementalAlterConfigsRequestResourceConfig {
  const flexible = version >= 1
  const name = reader.string(flexible)
  const configOperation = reader.int8()
  const value = reader.nullableString(flexible)
  if (flexible) reader.skipTags()
  return { name, configOperation, value }
}

function writeIncrementalAlterConfigsRequestResourceConfig(writer: Writer, version: number, value: IncrementalAlterConfigsRequestResourceConfig): void {
  const flexible = version >= 1
  writer.string(value.name, flexible)
  writer.int8(value.configOperation)
  writer.string(value.value, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── IncrementalAlterConfigsResponse (44) 0-1 ──

export interface IncrementalAlterConfigsResponse extends Infer<typeof schema.IncrementalAlterConfigsResponse> {}
export type IncrementalAlterConfigsResponseResponse = IncrementalAlterConfigsResponse['responses'][number]

export function defaultIncrementalAlterConfigsResponse(): IncrementalAlterConfigsResponse {
  return {
    throttleTimeMs: 0,
    responses: [],
  }
}

export function readIncrementalAlterConfigsResponse(reader: Reader, version: number): IncrementalAlterConfigsResponse {
  const flexible = version >= 1
  const throttleTimeMs = reader.int32()
  const responsesCount = reader.arrayCount(flexible, 6)
  const responses: IncrementalAlterConfigsResponseResponse[] = []
  for (let index = 0; index < responsesCount; index++) responses.push(readIncrementalAlterConfigsResponseResponse(reader, version))
  if (flexible) reader.skipTags()
  return { throttleTimeMs, responses }
}

export function writeIncrementalAlterConfigsResponse(writer: Writer, version: number, value: IncrementalAlterConfigsResponse): void {
  const flexible = version >= 1
  writer.int32(value.throttleTimeMs)
  writer.arrayCount(value.responses.length, flexible)
  for (const element of value.responses) writeIncrementalAlterConfigsResponseResponse(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultIncrementalAlterConfigsResponseResponse(): IncrementalAlterConfigsResponseResponse {
  return {
    errorCode: 0,
    errorMessage: '',
    resourceType: 0,
    resourceName: '',
  }
}

function readIncrementalAlterConfigsResponseResponse(reader: Reader, version: number): IncrementalAlterConfigsResponseResponse {
  const flexible = version >= 1
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(flexible)
  const resourceType = reader.int8()
  const resourceName = reader.string(flexible)
  if (flexible) reader.skipTags()
  return { errorCode, errorMessage, resourceType, resourceName }
}

function writeIncrementalAlterConfigsResponseResponse(writer: Writer, version: number, value: IncrementalAlterConfigsResponseResponse): void {
  const flexible = version >= 1
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, flexible)
  writer.int8(value.resourceType)
  writer.string(value.resourceName, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── ListConfigResourcesRequest (74) 0-1 ──

export interface ListConfigResourcesRequest extends Infer<typeof schema.ListConfigResourcesRequest> {}

export function defaultListConfigResourcesRequest(): ListConfigResourcesRequest {
  return {
    resourceTypes: [],
  }
}

export function readListConfigResourcesRequest(reader: Reader, version: number): ListConfigResourcesRequest {
  const resourceTypesCount = version >= 1 ? reader.arrayCount(true, 1) : 0
  const resourceTypes = reader.int8Array(resourceTypesCount)
  reader.skipTags()
  return { resourceTypes }
}

export function writeListConfigResourcesRequest(writer: Writer, version: number, value: ListConfigResourcesRequest): void {
  if (version >= 1) {
    writer.arrayCount(value.resourceTypes.length, true)
    writer.int8Array(value.resourceTypes)
  } else if (value.resourceTypes.length !== 0) throw unwritable('ListConfigResourcesRequest', 'resourceTypes', version)
  writer.unsignedVarint(0)
}

// ── ListConfigResourcesResponse (74) 0-1 ──

export interface ListConfigResourcesResponse extends Infer<typeof schema.ListConfigResourcesResponse> {}
export type ListConfigResourcesResponseConfigResource = ListConfigResourcesResponse['configResources'][number]

export function defaultListConfigResourcesResponse(): ListConfigResourcesResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    configResources: [],
  }
}

export function readListConfigResourcesResponse(reader: Reader, version: number): ListConfigResourcesResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const configResourcesCount = reader.arrayCount(true, 2)
  const configResources: ListConfigResourcesResponseConfigResource[] = []
  for (let index = 0; index < configResourcesCount; index++) configResources.push(readListConfigResourcesResponseConfigResource(reader, version))
  reader.skipTags()
  return { throttleTimeMs, errorCode, configResources }
}

export function writeListConfigResourcesResponse(writer: Writer, version: number, value: ListConfigResourcesResponse): void {
  writer.int32(value.throttleTimeMs)
  writer.errorCode(value.errorCode)
  writer.arrayCount(value.configResources.length, true)
  for (const element of value.configResources) writeListConfigResourcesResponseConfigResource(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultListConfigResourcesResponseConfigResource(): ListConfigResourcesResponseConfigResource {
  return {
    resourceName: '',
    resourceType: 16,
  }
}

function readListConfigResourcesResponseConfigResource(reader: Reader, version: number): ListConfigResourcesResponseConfigResource {
  const resourceName = reader.string(true)
  const resourceType = version >= 1 ? reader.int8() : 16
  reader.skipTags()
  return { resourceName, resourceType }
}

function writeListConfigResourcesResponseConfigResource(writer: Writer, version: number, value: ListConfigResourcesResponseConfigResource): void {
  writer.string(value.resourceName, true)
  if (version >= 1) writer.int8(value.resourceType)
  writer.unsignedVarint(0)
}
