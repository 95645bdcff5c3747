// From ../messages/quotas.ts. Written by scripts/generate-codecs.ts: change the source and run `npm run generate`.

import type * as schema from '../messages/quotas.ts'
import type { Reader } from '../reader.ts'
import type { Infer } from '../schema.ts'
import type { Writer } from '../writer.ts'

// ── AlterClientQuotasRequest (49) 0-1 ──

export interface AlterClientQuotasRequest extends Infer<typeof schema.AlterClientQuotasRequest> {}
export type AlterClientQuotasRequestEntry = AlterClientQuotasRequest['entries'][number]
export type AlterClientQuotasRequestEntryEntity = AlterClientQuotasRequestEntry['entity'][number]
export type AlterClientQuotasRequestEntryOp = AlterClientQuotasRequestEntry['ops'][number]

export function defaultAlterClientQuotasRequest(): AlterClientQuotasRequest {
  return {
    entries: [],
    validateOnly: false,
  }
}

export function readAlterClientQuotasRequest(reader: Reader, version: number): AlterClientQuotasRequest {
  const flexible = version >= 1
  const entriesCount = reader.arrayCount(flexible, 3)
  const entries: AlterClientQuotasRequestEntry[] = []
  for (let index = 0; index < entriesCount; index++) entries.push(readAlterClientQuotasRequestEntry(reader, version))
  const validateOnly = reader.bool()
  if (flexible) reader.skipTags()
  return { entries, validateOnly }
}

export function writeAlterClientQuotasRequest(writer: Writer, version: number, value: AlterClientQuotasRequest): void {
  const flexible = version >= 1
  writer.arrayCount(value.entries.length, flexible)
  for (const element of value.entries) writeAlterClientQuotasRequestEntry(writer, version, element)
  writer.bool(value.validateOnly)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultAlterClientQuotasRequestEntry(): AlterClientQuotasRequestEntry {
  return {
    entity: [],
    ops: [],
  }
}

function readAlterClientQuotasRequestEntry(reader: Reader, version: number): AlterClientQuotasRequestEntry {
  const flexible = version >= 1
  const entityCount = reader.arrayCount(flexible, 3)
  const entity: AlterClientQuotasRequestEntryEntity[] = []
  for (let index = 0; index < entityCount; index++) entity.push(readAlterClientQuotasRequestEntryEntity(reader, version))
  const opsCount = reader.arrayCount(flexible, 11)
  const ops: AlterClientQuotasRequestEntryOp[] = []
  for (let index = 0; index < opsCount; index++) ops.push(readAlterClientQuotasRequestEntryOp(reader, version))
  if (flexible) reader.skipTags()
  return { entity, ops }
}

function writeAlterClientQuotasRequestEntry(writer: Writer, version: number, value: AlterClientQuotasRequestEntry): void {
  const flexible = version >= 1
  writer.arrayCount(value.entity.length, flexible)
  for (const element of value.entity) writeAlterClientQuotasRequestEntryEntity(writer, version, element)
  writer.arrayCount(value.ops.length, flexible)
  for (const element of value.ops) writeAlterClientQuotasRequestEntryOp(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultAlterClientQuotasRequestEntryEntity(): AlterClientQuotasRequestEntryEntity {
  return {
    entityType: '',
    entityName: '',
  }
}

function readAlterClientQuotasRequestEntryEntity(reader: Reader, version: number): AlterClientQuotasRequestEntryEntity {
  const flexible = version >= 1
  const entityType = reader.string(flexible)
  const entityName = reader.nullableString(flexible)
  if (flexible) reader.skipTags()
  return { entityType, entityName }
}

function writeAlterClientQuotasRequestEntryEntity(writer: Writer, version: number, value: AlterClientQuotasRequestEntryEntity): void {
  const flexible = version >= 1
  writer.string(value.entityType, flexible)
  writer.string(value.entityName, flexible)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultAlterClientQuotasRequestEntryOp(): AlterClientQuotasRequestEntryOp {
  return {
    key: '',
    value: 0,
    remove: false,
  }
}

function readAlterClientQuotasRequestEntryOp(reader: Reader, version: number): AlterClientQuotasRequestEntryOp {
  const flexible = version >= 1
  const key = reader.string(flexible)
  const value = reader.float64()
  const remove = reader.bool()
  if (flexible) reader.skipTags()
  return { key, value, remove }
}

function writeAlterClientQuotasRequestEntryOp(writer: Writer, version: number, value: AlterClientQuotasRequestEntryOp): void {
  const flexible = version >= 1
  writer.string(value.key, flexible)
  writer.float64(value.value)
  writer.bool(value.remove)
  if (flexible) writer.unsignedVarint(0)
}

// ── AlterClientQuotasResponse (49) 0-1 ──

export interface AlterClientQuotasResponse extends Infer<typeof schema.AlterClientQuotasResponse> {}
export type AlterClientQuotasResponseEntry = AlterClientQuotasResponse['entries'][number]
export type AlterClientQuotasResponseEntryEntity = AlterClientQuotasResponseEntry['entity'][number]

export function defaultAlterClientQuotasResponse(): AlterClientQuotasResponse {
  return {
    throttleTimeMs: 0,
    entries: [],
  }
}

export function readAlterClientQuotasResponse(reader: Reader, version: number): AlterClientQuotasResponse {
  const flexible = version >= 1
  const throttleTimeMs = reader.int32()
  const entriesCount = reader.arrayCount(flexible, 5)
  const entries: AlterClientQuotasResponseEntry[] = []
  for (let index = 0; index < entriesCount; index++) entries.push(readAlterClientQuotasResponseEntry(reader, version))
  if (flexible) reader.skipTags()
  return { throttleTimeMs, entries }
}

export function writeAlterClientQuotasResponse(writer: Writer, version: number, value: AlterClientQuotasResponse): void {
  const flexible = version >= 1
  writer.int32(value.throttleTimeMs)
  writer.arrayCount(value.entries.length, flexible)
  for (const element of value.entries) writeAlterClientQuotasResponseEntry(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultAlterClientQuotasResponseEntry(): AlterClientQuotasResponseEntry {
  return {
    errorCode: 0,
    errorMessage: '',
    entity: [],
  }
}

function readAlterClientQuotasResponseEntry(reader: Reader, version: number): AlterClientQuotasResponseEntry {
  const flexible = version >= 1
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(flexible)
  const entityCount = reader.arrayCount(flexible, 3)
  const entity: AlterClientQuotasResponseEntryEntity[] = []
  for (let index = 0; index < entityCount; index++) entity.push(readAlterClientQuotasResponseEntryEntity(reader, version))
  if (flexible) reader.skipTags()
  return { errorCode, errorMessage, entity }
}

function writeAlterClientQuotasResponseEntry(writer: Writer, version: number, value: AlterClientQuotasResponseEntry): void {
  const flexible = version >= 1
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, flexible)
  writer.arrayCount(value.entity.length, flexible)
  for (const element of value.entity) writeAlterClientQuotasResponseEntryEntity(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultAlterClientQuotasResponseEntryEntity(): AlterClientQuotasResponseEntryEntity {
  return {
    entityType: '',
    entityName: '',
  }
}

function readAlterClientQuotasResponseEntryEntity(reader: Reader, version: number): AlterClientQuotasResponseEntryEntity {
  const flexible = version >= 1
  const entityType = reader.string(flexible)
  const entityName = reader.nullableString(flexible)
  if (flexible) reader.skipTags()
  return { entityType, entityName }
}

function writeAlterClientQuotasResponseEntryEntity(writer: Writer, version: number, value: AlterClientQuotasResponseEntryEntity): void {
  const flexible = version >= 1
  writer.string(value.entityType, flexible)
  writer.string(value.entityName, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── DescribeClientQuotasRequest (48) 0-1 ──

export interface DescribeClientQuotasRequest extends Infer<typeof schema.DescribeClientQuotasRequest> {}
export type DescribeClientQuotasRequestComponent = DescribeClientQuotasRequest['components'][number]

export function defaultDescribeClientQuotasRequest(): DescribeClientQuotasRequest {
  return {
    components: [],
    strict: false,
  }
}

export function readDescribeClientQuotasRequest(reader: Reader, version: number): DescribeClientQuotasRequest {
  const flexible = version >= 1
  const componentsCount = reader.arrayCount(flexible, 4)
  const components: DescribeClientQuotasRequestComponent[] = []
  for (let index = 0; index < componentsCount; index++) components.push(readDescribeClientQuotasRequestComponent(reader, version))
  const strict = reader.bool()
  if (flexible) reader.skipTags()
  return { components, strict }
}

export function writeDescribeClientQuotasRequest(writer: Writer, version: number, value: DescribeClientQuotasRequest): void {
  const flexible = version >= 1
  writer.arrayCount(value.components.length, flexible)
  for (const element of value.components) writeDescribeClientQuotasRequestComponent(writer, version, element)
  writer.bool(value.strict)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDescribeClientQuotasRequestComponent(): DescribeClientQuotasRequestComponent {
  return {
    entityType: '',
    matchType: 0,
    match: '',
  }
}

function readDescribeClientQuotasRequestComponent(reader: Reader, version: number): DescribeClientQuotasRequestComponent {
  const flexible = version >= 1
  const entityType = reader.string(flexible)
  const matchType = reader.int8()
  const match = reader.nullableString(flexible)
  if (flexible) reader.skipTags()
  return { entityType, matchType, match }
}

function writeDescribeClientQuotasRequestComponent(writer: Writer, version: number, value: DescribeClientQuotasRequestComponent): void {
  const flexible = version >= 1
  writer.string(value.entityType, flexible)
  writer.int8(value.matchType)
  writer.string(value.match, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── DescribeClientQuotasResponse (48) 0-1 ──

export interface DescribeClientQuotasResponse extends Infer<typeof schema.DescribeClientQuotasResponse> {}
export type DescribeClientQuotasResponseEntry = NonNullable<DescribeClientQuotasResponse['entries']>[number]
export type DescribeClientQuotasResponseEntryEntity = DescribeClientQuotasResponseEntry['entity'][number]
export type DescribeClientQuotasResponseEntryValue = DescribeClientQuotasResponseEntry['values'][number]

export function defaultDescribeClientQuotasResponse(): DescribeClientQuotasResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    errorMessage: '',
    entries: [],
  }
}

export function readDescribeClientQuotasResponse(reader: Reader, version: number): DescribeClientQuotasResponse {
  const flexible = version >= 1
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(flexible)
  const entriesCount = reader.nullableArrayCount(flexible, 3)
  const entries: DescribeClientQuotasResponseEntry[] | null = entriesCount < 0 ? null : []
  for (let index = 0; index < entriesCount; index++) entries!.push(readDescribeClientQuotasResponseEntry(reader, version))
  if (flexible) reader.skipTags()
  return { throttleTimeMs, errorCode, errorMessage, entries }
}

export function writeDescribeClientQuotasResponse(writer: Writer, version: number, value: DescribeClientQuotasResponse): void {
  const flexible = version >= 1
  writer.int32(value.throttleTimeMs)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, flexible)
  writer.arrayCount(value.entries === null ? -1 : value.entries.length, flexible)
  if (value.entries !== null) for (const element of value.entries) writeDescribeClientQuotasResponseEntry(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDescribeClientQuotasResponseEntry(): DescribeClientQuotasResponseEntry {
  return {
    entity: [],
    values: [],
  }
}

function readDescribeClientQuotasResponseEntry(reader: Reader, version: number): DescribeClientQuotasResponseEntry {
  const flexible = version >= 1
  const entityCount = reader.arrayCount(flexible, 3)
  const entity: DescribeClientQuotasResponseEntryEntity[] = []
  for (let index = 0; index < entityCount; index++) entity.push(readDescribeClientQuotasResponseEntryEntity(reader, version))
  const valuesCount = reader.arrayCount(flexible, 10)
  const values: DescribeClientQuotasResponseEntryValue[] = []
  for (let index = 0; index < valuesCount; index++) values.push(readDescribeClientQuotasResponseEntryValue(reader, version))
  if (flexible) reader.skipTags()
  return { entity, values }
}

function writeDescribeClientQuotasResponseEntry(writer: Writer, version: number, value: DescribeClientQuotasResponseEntry): void {
  const flexible = version >= 1
  writer.arrayCount(value.entity.length, flexible)
  for (const element of value.entity) writeDescribeClientQuotasResponseEntryEntity(writer, version, element)
  writer.arrayCount(value.values.length, flexible)
  for (const element of value.values) writeDescribeClientQuotasResponseEntryValue(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDescribeClientQuotasResponseEntryEntity(): DescribeClientQuotasResponseEntryEntity {
  return {
    entityType: '',
    entityName: '',
  }
}

function readDescribeClientQuotasResponseEntryEntity(reader: Reader, version: number): DescribeClientQuotasResponseEntryEntity {
  const flexible = version >= 1
  const entityType = reader.string(flexible)
  const entityName = reader.nullableString(flexible)
  if (flexible) reader.skipTags()
  return { entityType, entityName }
}

function writeDescribeClientQuotasResponseEntryEntity(writer: Writer, version: number, value: DescribeClientQuotasResponseEntryEntity): void {
  const flexible = version >= 1
  writer.string(value.entityType, flexible)
  writer.string(value.entityName, flexible)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDescribeClientQuotasResponseEntryValue(): DescribeClientQuotasResponseEntryValue {
  return {
    key: '',
    value: 0,
  }
}

function readDescribeClientQuotasResponseEntryValue(reader: Reader, version: number): DescribeClientQuotasResponseEntryValue {
  const flexible = version >= 1
  const key = reader.string(flexible)
  const value = reader.float64()
  if (flexible) reader.skipTags()
  return { key, value }
}

function writeDescribeClientQuotasResponseEntryValue(writer: Writer, version: number, value: DescribeClientQuotasResponseEntryValue): void {
  const flexible = version >= 1
  writer.string(value.key, flexible)
  writer.float64(value.value)
  if (flexible) writer.unsignedVarint(0)
}
