// From ../messages/acls.ts. Written by scripts/generate-codecs.ts: change the source and run `npm run generate`.

import type * as schema from '../messages/acls.ts'
import type { Reader } from '../reader.ts'
import type { Infer } from '../schema.ts'
import type { Writer } from '../writer.ts'

// ── CreateAclsRequest (30) 1-3 ──

export interface CreateAclsRequest extends Infer<typeof schema.CreateAclsRequest> {}
export type CreateAclsRequestCreation = CreateAclsRequest['creations'][number]

export function defaultCreateAclsRequest(): CreateAclsRequest {
  return {
    creations: [],
  }
}

export function readCreateAclsRequest(reader: Reader, version: number): CreateAclsRequest {
  const flexible = version >= 2
  const creationsCount = reader.arrayCount(flexible, 8)
  const creations: CreateAclsRequestCreation[] = []
  for (let index = 0; index < creationsCount; index++) creations.push(readCreateAclsRequestCreation(reader, version))
  if (flexible) reader.skipTags()
  return { creations }
}

export function writeCreateAclsRequest(writer: Writer, version: number, value: CreateAclsRequest): void {
  const flexible = version >= 2
  writer.arrayCount(value.creations.length, flexible)
  for (const element of value.creations) writeCreateAclsRequestCreation(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultCreateAclsRequestCreation(): CreateAclsRequestCreation {
  return {
    resourceType: 0,
    resourceName: '',
    resourcePatternType: 3,
    principal: '',
    host: '',
    operation: 0,
    permissionType: 0,
  }
}

function readCreateAclsRequestCreation(reader: Reader, version: number): CreateAclsRequestCreation {
  const flexible = version >= 2
  const resourceType = reader.int8()
  const resourceName = reader.string(flexible)
  const resourcePatternType = reader.int8()
  const principal = reader.string(flexible)
  const host = reader.string(flexible)
  const operation = reader.int8()
  const permissionType = reader.int8()
  if (flexible) reader.skipTags()
  return {
    resourceType,
    resourceName,
    resourcePatternType,
    principal,
    host,
    operation,
    permissionType,
  }
}

function writeCreateAclsRequestCreation(writer: Writer, version: number, value: CreateAclsRequestCreation): void {
  const flexible = version >= 2
  writer.int8(value.resourceType)
  writer.string(value.resourceName, flexible)
  writer.int8(value.resourcePatternType)
  writer.string(value.principal, flexible)
  writer.string(value.host, flexible)
  writer.int8(value.operation)
  writer.int8(value.permissionType)
  if (flexible) writer.unsignedVarint(0)
}

// ── CreateAclsResponse (30) 1-3 ──

export interface CreateAclsResponse extends Infer<typeof schema.CreateAclsResponse> {}
export type CreateAclsResponseResult = CreateAclsResponse['results'][number]

export function defaultCreateAclsResponse(): CreateAclsResponse {
  return {
    throttleTimeMs: 0,
    results: [],
  }
}

export function readCreateAclsResponse(reader: Reader, version: number): CreateAclsResponse {
  const flexible = version >= 2
  const throttleTimeMs = reader.int32()
  const resultsCount = reader.arrayCount(flexible, 4)
  const results: CreateAclsResponseResult[] = []
  for (let index = 0; index < resultsCount; index++) results.push(readCreateAclsResponseResult(reader, version))
  if (flexible) reader.skipTags()
  return { throttleTimeMs, results }
}

export function writeCreateAclsResponse(writer: Writer, version: number, value: CreateAclsResponse): void {
  const flexible = version >= 2
  writer.int32(value.throttleTimeMs)
  writer.arrayCount(value.results.length, flexible)
  for (const element of value.results) writeCreateAclsResponseResult(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultCreateAclsResponseResult(): CreateAclsResponseResult {
  return {
    errorCode: 0,
    errorMessage: '',
  }
}

function readCreateAclsResponseResult(reader: Reader, version: number): CreateAclsResponseResult {
  const flexible = version >= 2
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(flexible)
  if (flexible) reader.skipTags()
  return { errorCode, errorMessage }
}

function writeCreateAclsResponseResult(writer: Writer, version: number, value: CreateAclsResponseResult): void {
  const flexible = version >= 2
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── DeleteAclsRequest (31) 1-3 ──

export interface DeleteAclsRequest extends Infer<typeof schema.DeleteAclsRequest> {}
export type DeleteAclsRequestFilter = DeleteAclsRequest['filters'][number]

export function defaultDeleteAclsRequest(): DeleteAclsRequest {
  return {
    filters: [],
  }
}

export function readDeleteAclsRequest(reader: Reader, version: number): DeleteAclsRequest {
  const flexible = version >= 2
  const filtersCount = reader.arrayCount(flexible, 8)
  const filters: DeleteAclsRequestFilter[] = []
  for (let index = 0; index < filtersCount; index++) filters.push(readDeleteAclsRequestFilter(reader, version))
  if (flexible) reader.skipTags()
  return { filters }
}

export function writeDeleteAclsRequest(writer: Writer, version: number, value: DeleteAclsRequest): void {
  const flexible = version >= 2
  writer.arrayCount(value.filters.length, flexible)
  for (const element of value.filters) writeDeleteAclsRequestFilter(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDeleteAclsRequestFilter(): DeleteAclsRequestFilter {
  return {
    resourceTypeFilter: 0,
    resourceNameFilter: '',
    patternTypeFilter: 3,
    principalFilter: '',
    hostFilter: '',
    operation: 0,
    permissionType: 0,
  }
}

function readDeleteAclsRequestFilter(reader: Reader, version: number): DeleteAclsRequestFilter {
  const flexible = version >= 2
  const resourceTypeFilter = reader.int8()
  const resourceNameFilter = reader.nullableString(flexible)
  const patternTypeFilter = reader.int8()
  const principalFilter = reader.nullableString(flexible)
  const hostFilter = reader.nullableString(flexible)
  const operation = reader.int8()
  const permissionType = reader.int8()
  if (flexible) reader.skipTags()
  return {
    resourceTypeFilter,
    resourceNameFilter,
    patternTypeFilter,
    principalFilter,
    hostFilter,
    operation,
    permissionType,
  }
}

function writeDeleteAclsRequestFilter(writer: Writer, version: number, value: DeleteAclsRequestFilter): void {
  const flexible = version >= 2
  writer.int8(value.resourceTypeFilter)
  writer.string(value.resourceNameFilter, flexible)
  writer.int8(value.patternTypeFilter)
  writer.string(value.principalFilter, flexible)
  writer.string(value.hostFilter, flexible)
  writer.int8(value.operation)
  writer.int8(value.permissionType)
  if (flexible) writer.unsignedVarint(0)
}

// ── DeleteAclsResponse (31) 1-3 ──

export interface DeleteAclsResponse extends Infer<typeof schema.DeleteAclsResponse> {}
export type DeleteAclsResponseFilterResult = DeleteAclsResponse['filterResults'][number]
export type DeleteAclsResponseFilterResultMatchingAcl = DeleteAclsResponseFilterResult['matchingAcls'][number]

export function defaultDeleteAclsResponse(): DeleteAclsResponse {
  return {
    throttleTimeMs: 0,
    filterResults: [],
  }
}

export function readDeleteAclsResponse(reader: Reader, version: number): DeleteAclsResponse {
  const flexible = version >= 2
  const throttleTimeMs = reader.int32()
  const filterResultsCount = reader.arrayCount(flexible, 5)
  const filterResults: DeleteAclsResponseFilterResult[] = []
  for (let index = 0; index < filterResultsCount; index++) filterResults.push(readDeleteAclsResponseFilterResult(reader, version))
  if (flexible) reader.skipTags()
  return { throttleTimeMs, filterResults }
}

export function writeDeleteAclsResponse(writer: Writer, version: number, value: DeleteAclsResponse): void {
  const flexible = version >= 2
  writer.int32(value.throttleTimeMs)
  writer.arrayCount(value.filterResults.length, flexible)
  for (const element of value.filterResults) writeDeleteAclsResponseFilterResult(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDeleteAclsResponseFilterResult(): DeleteAclsResponseFilterResult {
  return {
    errorCode: 0,
    errorMessage: '',
    matchingAcls: [],
  }
}

function readDeleteAclsResponseFilterResult(reader: Reader, version: number): DeleteAclsResponseFilterResult {
  const flexible = version >= 2
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(flexible)
  const matchingAclsCount = reader.arrayCount(flexible, 11)
  const matchingAcls: DeleteAclsResponseFilterResultMatchingAcl[] = []
  for (let index = 0; index < matchingAclsCount; index++) matchingAcls.push(readDeleteAclsResponseFilterResultMatchingAcl(reader, version))
  if (flexible) reader.skipTags()
  return { errorCode, errorMessage, matchingAcls }
}

function writeDeleteAclsResponseFilterResult(writer: Writer, version: number, value: DeleteAclsResponseFilterResult): void {
  const flexible = version >= 2
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, flexible)
  writer.arrayCount(value.matchingAcls.length, flexible)
  for (const element of value.matchingAcls) writeDeleteAclsResponseFilterResultMatchingAcl(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDeleteAclsResponseFilterResultMatchingAcl(): DeleteAclsResponseFilterResultMatchingAcl {
  return {
    errorCode: 0,
    errorMessage: '',
    resourceType: 0,
    resourceName: '',
    patternType: 3,
    principal: '',
    host: '',
    operation: 0,
    permissionType: 0,
  }
}

function readDeleteAclsResponseFilterResultMatchingAcl(reader: Reader, version: number): DeleteAclsResponseFilterResultMatchingAcl {
  const flexible = version >= 2
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(flexible)
  const resourceType = reader.int8()
  const resourceName = reader.string(flexible)
  const patternType = reader.int8()
  const principal = reader.string(flexible)
  const host = reader.string(flexible)
  const operation = reader.int8()
  const permissionType = reader.int8()
  if (flexible) reader.skipTags()
  return {
    errorCode,
    errorMessage,
    resourceType,
    resourceName,
    patternType,
    principal,
    host,
    operation,
    permissionType,
  }
}

function writeDeleteAclsResponseFilterResultMatchingAcl(writer: Writer, version: number, value: DeleteAclsResponseFilterResultMatchingAcl): void {
  const flexible = version >= 2
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, flexible)
  writer.int8(value.resourceType)
  writer.string(value.resourceName, flexible)
  writer.int8(value.patternType)
  writer.string(value.principal, flexible)
  writer.string(value.host, flexible)
  writer.int8(value.operation)
  writer.int8(value.permissionType)
  if (flexible) writer.unsignedVarint(0)
}

// ── DescribeAclsRequest (29) 1-3 ──

export interface DescribeAclsRequest extends Infer<typeof schema.DescribeAclsRequest> {}

export function defaultDescribeAclsRequest(): DescribeAclsRequest {
  return {
    resourceTypeFilter: 0,
    resourceNameFilter: '',
    patternTypeFilter: 3,
    principalFilter: '',
    hostFilter: '',
    operation: 0,
    permissionType: 0,
  }
}

export function readDescribeAclsRequest(reader: Reader, version: number): DescribeAclsRequest {
  const flexible = version >= 2
  const resourceTypeFilter = reader.int8()
  const resourceNameFilter = reader.nullableString(flexible)
  const patternTypeFilter = reader.int8()
  const principalFilter = reader.nullableString(flexible)
  const hostFilter = reader.nullableString(flexible)
  const operation = reader.int8()
  const permissionType = reader.int8()
  if (flexible) reader.skipTags()
  return {
    resourceTypeFilter,
    resourceNameFilter,
    patternTypeFilter,
    principalFilter,
    hostFilter,
    operation,
    permissionType,
  }
}

export function writeDescribeAclsRequest(writer: Writer, version: number, value: DescribeAclsRequest): void {
  const flexible = version >= 2
  writer.int8(value.resourceTypeFilter)
  writer.string(value.resourceNameFilter, flexible)
  writer.int8(value.patternTypeFilter)
  writer.string(value.principalFilter, flexible)
  writer.string(value.hostFilter, flexible)
  writer.int8(value.operation)
  writer.int8(value.permissionType)
  if (flexible) writer.unsignedVarint(0)
}

// ── DescribeAclsResponse (29) 1-3 ──

export interface DescribeAclsResponse extends Infer<typeof schema.DescribeAclsResponse> {}
export type DescribeAclsResponseResource = DescribeAclsResponse['resources'][number]
export type DescribeAclsResponseResourceAcl = DescribeAclsResponseResource['acls'][number]

export function defaultDescribeAclsResponse(): DescribeAclsResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    errorMessage: '',
    resources: [],
  }
}

export function readDescribeAclsResponse(reader: Reader, version: number): DescribeAclsResponse {
  const flexible = version >= 2
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(flexible)
  const resourcesCount = reader.arrayCount(flexible, 5)
  const resources: DescribeAclsResponseResource[] = []
  for (let index = 0; index < resourcesCount; index++) resources.push(readDescribeAclsResponseResource(reader, version))
  if (flexible) reader.skipTags()
  return { throttleTimeMs, errorCode, errorMessage, resources }
}

export function writeDescribeAclsResponse(writer: Writer, version: number, value: DescribeAclsResponse): void {
  const flexible = version >= 2
  writer.int32(value.throttleTimeMs)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, flexible)
  writer.arrayCount(value.resources.length, flexible)
  for (const element of value.resources) writeDescribeAclsResponseResource(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDescribeAclsResponseResource(): DescribeAclsResponseResource {
  return {
    resourceType: 0,
    resourceName: '',
    patternType: 3,
    acls: [],
  }
}

function readDescribeAclsResponseResource(reader: Reader, version: number): DescribeAclsResponseResource {
  const flexible = version >= 2
  const resourceType = reader.int8()
  const resourceName = reader.string(flexible)
  const patternType = reader.int8()
  const aclsCount = reader.arrayCount(flexible, 5)
  const acls: DescribeAclsResponseResourceAcl[] = []
  for (let index = 0; index < aclsCount; index++) acls.push(readDescribeAclsResponseResourceAcl(reader, version))
  if (flexible) reader.skipTags()
  return { resourceType, resourceName, patternType, acls }
}

function writeDescribeAclsResponseResource(writer: Writer, version: number, value: DescribeAclsResponseResource): void {
  const flexible = version >= 2
  writer.int8(value.resourceType)
  writer.string(value.resourceName, flexible)
  writer.int8(value.patternType)
  writer.arrayCount(value.acls.length, flexible)
  for (const element of value.acls) writeDescribeAclsResponseResourceAcl(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDescribeAclsResponseResourceAcl(): DescribeAclsResponseResourceAcl {
  return {
    principal: '',
    host: '',
    operation: 0,
    permissionType: 0,
  }
}

function readDescribeAclsResponseResourceAcl(reader: Reader, version: number): DescribeAclsResponseResourceAcl {
  const flexible = version >= 2
  const principal = reader.string(flexible)
  const host = reader.string(flexible)
  const operation = reader.int8()
  const permissionType = reader.int8()
  if (flexible) reader.skipTags()
  return { principal, host, operation, permissionType }
}

function writeDescribeAclsResponseResourceAcl(writer: Writer, version: number, value: DescribeAclsResponseResourceAcl): void {
  const flexible = version >= 2
  writer.string(value.principal, flexible)
  writer.string(value.host, flexible)
  writer.int8(value.operation)
  writer.int8(value.permissionType)
  if (flexible) writer.unsignedVarint(0)
}
