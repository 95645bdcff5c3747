// From ../messages/credentials.ts. Written by scripts/generate-codecs.ts: change the source and run `npm run generate`.

import type * as schema from '../messages/credentials.ts'
import { EMPTY_BYTES } from '../reader.ts'
import type { Reader } from '../reader.ts'
import type { Infer } from '../schema.ts'
import { unwritable } from '../writer.ts'
import type { Writer } from '../writer.ts'

// ── AlterUserScramCredentialsRequest (51) 0 ──

export interface AlterUserScramCredentialsRequest extends Infer<typeof schema.AlterUserScramCredentialsRequest> {}
export type AlterUserScramCredentialsRequestDeletion = AlterUserScramCredentialsRequest['deletions'][number]
export type AlterUserScramCredentialsRequestUpsertion = AlterUserScramCredentialsRequest['upsertions'][number]

export function defaultAlterUserScramCredentialsRequest(): AlterUserScramCredentialsRequest {
  return {
    deletions: [],
    upsertions: [],
  }
}

export function readAlterUserScramCredentialsRequest(reader: Reader, version: number): AlterUserScramCredentialsRequest {
  const deletionsCount = reader.arrayCount(true, 3)
  const deletions: AlterUserScramCredentialsRequestDeletion[] = []
  for (let index = 0; index < deletionsCount; index++) deletions.push(readAlterUserScramCredentialsRequestDeletion(reader, version))
  const upsertionsCount = reader.arrayCount(true, 9)
  const upsertions: AlterUserScramCredentialsRequestUpsertion[] = []
  for (let index = 0; index < upsertionsCount; index++) upsertions.push(readAlterUserScramCredentialsRequestUpsertion(reader, version))
  reader.skipTags()
  return { deletions, upsertions }
}

export function writeAlterUserScramCredentialsRequest(writer: Writer, version: number, value: AlterUserScramCredentialsRequest): void {
  writer.arrayCount(value.deletions.length, true)
  for (const element of value.deletions) writeAlterUserScramCredentialsRequestDeletion(writer, version, element)
  writer.arrayCount(value.upsertions.length, true)
  for (const element of value.upsertions) writeAlterUserScramCredentialsRequestUpsertion(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultAlterUserScramCredentialsRequestDeletion(): AlterUserScramCredentialsRequestDeletion {
  return {
    name: '',
    mechanism: 0,
  }
}

function readAlterUserScramCredentialsRequestDeletion(reader: Reader, _version: number): AlterUserScramCredentialsRequestDeletion {
  const name = reader.string(true)
  const mechanism = reader.int8()
  reader.skipTags()
  return { name, mechanism }
}

function writeAlterUserScramCredentialsRequestDeletion(writer: Writer, _version: number, value: AlterUserScramCredentialsRequestDeletion): void {
  writer.string(value.name, true)
  writer.int8(value.mechanism)
  writer.unsignedVarint(0)
}

export function defaultAlterUserScramCredentialsRequestUpsertion(): AlterUserScramCredentialsRequestUpsertion {
  return {
    name: '',
    mechanism: 0,
    iterations: 0,
    salt: EMPTY_BYTES,
    saltedPassword: EMPTY_BYTES,
  }
}

function readAlterUserScramCredentialsRequestUpsertion(reader: Reader, _version: number): AlterUserScramCredentialsRequestUpsertion {
  const name = reader.string(true)
  const mechanism = reader.int8()
  const iterations = reader.int32()
  const salt = reader.bytes(true)
  const saltedPassword = reader.bytes(true)
  reader.skipTags()
  return { name, mechanism, iterations, salt, saltedPassword }
}

function writeAlterUserScramCredentialsRequestUpsertion(writer: Writer, _version: number, value: AlterUserScramCredentialsRequestUpsertion): void {
  writer.string(value.name, true)
  writer.int8(value.mechanism)
  writer.int32(value.iterations)
  writer.bytes(value.salt, true)
  writer.bytes(value.saltedPassword, true)
  writer.unsignedVarint(0)
}

// ── AlterUserScramCredentialsResponse (51) 0 ──

export interface AlterUserScramCredentialsResponse extends Infer<typeof schema.AlterUserScramCredentialsResponse> {}
export type AlterUserScramCredentialsResponseResult = AlterUserScramCredentialsResponse['results'][number]

export function defaultAlterUserScramCredentialsResponse(): AlterUserScramCredentialsResponse {
  return {
    throttleTimeMs: 0,
    results: [],
  }
}

export function readAlterUserScramCredentialsResponse(reader: Reader, version: number): AlterUserScramCredentialsResponse {
  const throttleTimeMs = reader.int32()
  const resultsCount = reader.arrayCount(true, 5)
  const results: AlterUserScramCredentialsResponseResult[] = []
  for (let index = 0; index < resultsCount; index++) results.push(readAlterUserScramCredentialsResponseResult(reader, version))
  reader.skipTags()
  return { throttleTimeMs, results }
}

export function writeAlterUserScramCredentialsResponse(writer: Writer, version: number, value: AlterUserScramCredentialsResponse): void {
  writer.int32(value.throttleTimeMs)
  writer.arrayCount(value.results.length, true)
  for (const element of value.results) writeAlterUserScramCredentialsResponseResult(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultAlterUserScramCredentialsResponseResult(): AlterUserScramCredentialsResponseResult {
  return {
    user: '',
    errorCode: 0,
    errorMessage: '',
  }
}

function readAlterUserScramCredentialsResponseResult(reader: Reader, _version: number): AlterUserScramCredentialsResponseResult {
  const user = reader.string(true)
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  reader.skipTags()
  return { user, errorCode, errorMessage }
}

function writeAlterUserScramCredentialsResponseResult(writer: Writer, _version: number, value: AlterUserScramCredentialsResponseResult): void {
  writer.string(value.user, true)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.unsignedVarint(0)
}

// ── CreateDelegationTokenRequest (38) 1-3 ──

export interface CreateDelegationTokenRequest extends Infer<typeof schema.CreateDelegationTokenRequest> {}
export type CreateDelegationTokenRequestRenewer = CreateDelegationTokenRequest['renewers'][number]

export function defaultCreateDelegationTokenRequest(): CreateDelegationTokenRequest {
  return {
    ownerPrincipalType: '',
    ownerPrincipalName: '',
    renewers: [],
    maxLifetimeMs: 0,
  }
}

export function readCreateDelegationTokenRequest(reader: Reader, version: number): CreateDelegationTokenRequest {
  const flexible = version >= 2
  const ownerPrincipalType = version >= 3 ? reader.nullableString(flexible) : ''
  const ownerPrincipalName = version >= 3 ? reader.nullableString(flexible) : ''
  const renewersCount = reader.arrayCount(flexible, 3)
  const renewers: CreateDelegationTokenRequestRenewer[] = []
  for (let index = 0; index < renewersCount; index++) renewers.push(readCreateDelegationTokenRequestRenewer(reader, version))
  const maxLifetimeMs = reader.int64()
  if (flexible) reader.skipTags()
  return { ownerPrincipalType, ownerPrincipalName, renewers, maxLifetimeMs }
}

export function writeCreateDelegationTokenRequest(writer: Writer, version: number, value: CreateDelegationTokenRequest): void {
  const flexible = version >= 2
  if (version >= 3) writer.string(value.ownerPrincipalType, flexible)
  else if (value.ownerPrincipalType !== '') throw unwritable('CreateDelegationTokenRequest', 'ownerPrincipalType', version)
  if (version >= 3) writer.string(value.ownerPrincipalName, flexible)
  else if (value.ownerPrincipalName !== '') throw unwritable('CreateDelegationTokenRequest', 'ownerPrincipalName', version)
  writer.arrayCount(value.renewers.length, flexible)
  for (const element of value.renewers) writeCreateDelegationTokenRequestRenewer(writer, version, element)
  writer.int64(value.maxLifetimeMs)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultCreateDelegationTokenRequestRenewer(): CreateDelegationTokenRequestRenewer {
  return {
    principalType: '',
    principalName: '',
  }
}

function readCreateDelegationTokenRequestRenewer(reader: Reader, version: number): CreateDelegationTokenRequestRenewer {
  const flexible = version >= 2
  const principalType = reader.string(flexible)
  const principalName = reader.string(flexible)
  if (flexible) reader.skipTags()
  return { principalType, principalName }
}

function writeCreateDelegationTokenRequestRenewer(writer: Writer, version: number, value: CreateDelegationTokenRequestRenewer): void {
  const flexible = version >= 2
  writer.string(value.principalType, flexible)
  writer.string(value.principalName, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── CreateDelegationTokenResponse (38) 1-3 ──

export interface CreateDelegationTokenResponse extends Infer<typeof schema.CreateDelegationTokenResponse> {}

export function defaultCreateDelegationTokenResponse(): CreateDelegationTokenResponse {
  return {
    errorCode: 0,
    principalType: '',
    principalName: '',
    tokenRequesterPrincipalType: '',
    tokenRequesterPrincipalName: '',
    issueTimestampMs: 0,
    expiryTimestampMs: 0,
    maxTimestampMs: 0,
    tokenId: '',
    hmac: EMPTY_BYTES,
    throttleTimeMs: 0,
  }
}

export function readCreateDelegationTokenResponse(reader: Reader, version: number): CreateDelegationTokenResponse {
  const flexible = version >= 2
  const errorCode = reader.int16()
  const principalType = reader.string(flexible)
  const principalName = reader.string(flexible)
  const tokenRequesterPrincipalType = version >= 3 ? reader.string(flexible) : ''
  const tokenRequesterPrincipalName = version >= 3 ? reader.string(flexible) : ''
  const issueTimestampMs = reader.int64()
  const expiryTimestampMs = reader.int64()
  const maxTimestampMs = reader.int64()
  const tokenId = reader.string(flexible)
  const hmac = reader.bytes(flexible)
  const throttleTimeMs = reader.int32()
  if (flexible) reader.skipTags()
  return {
    errorCode,
    principalType,
    principalName,
    tokenRequesterPrincipalType,
    tokenRequesterPrincipalName,
    issueTimestampMs,
    expiryTimestampMs,
    maxTimestampMs,
    tokenId,
    hmac,
    throttleTimeMs,
  }
}

export function writeCreateDelegationTokenResponse(writer: Writer, version: number, value: CreateDelegationTokenResponse): void {
  const flexible = version >= 2
  writer.errorCode(value.errorCode)
  writer.string(value.principalType, flexible)
  writer.string(value.principalName, flexible)
  if (version >= 3) writer.string(value.tokenRequesterPrincipalType, flexible)
  else if (value.tokenRequesterPrincipalType !== '') throw unwritable('CreateDelegationTokenResponse', 'tokenRequesterPrincipalType', version)
  if (version >= 3) writer.string(value.tokenRequesterPrincipalName, flexible)
  else if (value.tokenRequesterPrincipalName !== '') throw unwritable('CreateDelegationTokenResponse', 'tokenRequesterPrincipalName', version)
  writer.int64(value.issueTimestampMs)
  writer.int64(value.expiryTimestampMs)
  writer.int64(value.maxTimestampMs)
  writer.string(value.tokenId, flexible)
  writer.bytes(value.hmac, flexible)
  writer.int32(value.throttleTimeMs)
  if (flexible) writer.unsignedVarint(0)
}

// ── DescribeDelegationTokenRequest (41) 1-3 ──

export interface DescribeDelegationTokenRequest extends Infer<typeof schema.DescribeDelegationTokenRequest> {}
export type DescribeDelegationTokenRequestOwner = NonNullable<DescribeDelegationTokenRequest['owners']>[number]

export function defaultDescribeDelegationTokenRequest(): DescribeDelegationTokenRequest {
  return {
    owners: [],
  }
}

export function readDescribeDelegationTokenRequest(reader: Reader, version: number): DescribeDelegationTokenRequest {
  const flexible = version >= 2
  const ownersCount = reader.nullableArrayCount(flexible, 3)
  const owners: DescribeDelegationTokenRequestOwner[] | null = ownersCount < 0 ? null : []
  for (let index = 0; index < ownersCount; index++) owners!.push(readDescribeDelegationTokenRequestOwner(reader, version))
  if (flexible) reader.skipTags()
  return { owners }
}

export function writeDescribeDelegationTokenRequest(writer: Writer, version: number, value: DescribeDelegationTokenRequest): void {
  const flexible = version >= 2
  writer.arrayCount(value.owners === null ? -1 : value.owners.length, flexible)
  if (value.owners !== null) for (const element of value.owners) writeDescribeDelegationTokenRequestOwner(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDescribeDelegationTokenRequestOwner(): DescribeDelegationTokenRequestOwner {
  return {
    principalType: '',
    principalName: '',
  }
}

function readDescribeDelegationTokenRequestOwner(reader: Reader, version: number): DescribeDelegationTokenRequestOwner {
  const flexible = version >= 2
  const principalType = reader.string(flexible)
  const principalName = reader.string(flexible)
  if (flexible) reader.skipTags()
  return { principalType, principalName }
}

function writeDescribeDelegationTokenRequestOwner(writer: Writer, version: number, value: DescribeDelegationTokenRequestOwner): void {
  const flexible = version >= 2
  writer.string(value.principalType, flexible)
  writer.string(value.principalName, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── DescribeDelegationTokenResponse (41) 1-3 ──

export interface DescribeDelegationTokenResponse extends Infer<typeof schema.DescribeDelegationTokenResponse> {}
export type DescribeDelegationTokenResponseToken = DescribeDelegationTokenResponse['tokens'][number]
export type DescribeDelegationTokenResponseTokenRenewer = DescribeDelegationTokenResponseToken['renewers'][number]

export function defaultDescribeDelegationTokenResponse(): DescribeDelegationTokenResponse {
  return {
    errorCode: 0,
    tokens: [],
    throttleTimeMs: 0,
  }
}

export function readDescribeDelegationTokenResponse(reader: Reader, version: number): DescribeDelegationTokenResponse {
  const flexible = version >= 2
  const errorCode = reader.int16()
  const tokensCount = reader.arrayCount(flexible, 30)
  const tokens: DescribeDelegationTokenResponseToken[] = []
  for (let index = 0; index < tokensCount; index++) tokens.push(readDescribeDelegationTokenResponseToken(reader, version))
  const throttleTimeMs = reader.int32()
  if (flexible) reader.skipTags()
  return { errorCode, tokens, throttleTimeMs }
}

export function writeDescribeDelegationTokenResponse(writer: Writer, version: number, value: DescribeDelegationTokenResponse): void {
  const flexible = version >= 2
  writer.errorCode(value.errorCode)
  writer.arrayCount(value.tokens.length, flexible)
  for (const element of value.tokens) writeDescribeDelegationTokenResponseToken(writer, version, element)
  writer.int32(value.throttleTimeMs)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDescribeDelegationTokenResponseToken(): DescribeDelegationTokenResponseToken {
  return {
    principalType: '',
    principalName: '',
    tokenRequesterPrincipalType: '',
    tokenRequesterPrincipalName: '',
    issueTimestamp: 0,
    expiryTimestamp: 0,
    maxTimestamp: 0,
    tokenId: '',
    hmac: EMPTY_BYTES,
    renewers: [],
  }
}

function readDescribeDelegationTokenResponseToken(reader: Reader, version: number): DescribeDelegationTokenResponseToken {
  const flexible = version >= 2
  const principalType = reader.string(flexible)
  const principalName = reader.string(flexible)
  const tokenRequesterPrincipalType = version >= 3 ? reader.string(flexible) : ''
  const tokenRequesterPrincipalName = version >= 3 ? reader.string(flexible) : ''
  const issueTimestamp = reader.int64()
  const expiryTimestamp = reader.int64()
  const maxTimestamp = reader.int64()
  const tokenId = reader.string(flexible)
  const hmac = reader.bytes(flexible)
  const renewersCount = reader.arrayCount(flexible, 3)
  const renewers: DescribeDelegationTokenResponseTokenRenewer[] = []
  for (let index = 0; index < renewersCount; index++) renewers.push(readDescribeDelegationTokenResponseTokenRenewer(reader, version))
  if (flexible) reader.skipTags()
  return {
    principalType,
    principalName,
    tokenRequesterPrincipalType,
    tokenRequesterPrincipalName,
    issueTimestamp,
    expiryTimestamp,
    maxTimestamp,
    tokenId,
    hmac,
    renewers,
  }
}

function writeDescribeDelegationTokenResponseToken(writer: Writer, version: number, value: DescribeDelegationTokenResponseToken): void {
  const flexible = version >= 2
  writer.string(value.principalType, flexible)
  writer.string(value.principalName, flexible)
  if (version >= 3) writer.string(value.tokenRequesterPrincipalType, flexible)
  else if (value.tokenRequesterPrincipalType !== '') throw unwritable('DescribeDelegationTokenResponse', 'tokenRequesterPrincipalType', version)
  if (version >= 3) writer.string(value.tokenRequesterPrincipalName, flexible)
  else if (value.tokenRequesterPrincipalName !== '') throw unwritable('DescribeDelegationTokenResponse', 'tokenRequesterPrincipalName', version)
  writer.int64(value.issueTimestamp)
  writer.int64(value.expiryTimestamp)
  writer.int64(value.maxTimestamp)
  writer.string(value.tokenId, flexible)
  writer.bytes(value.hmac, flexible)
  writer.arrayCount(value.renewers.length, flexible)
  for (const element of value.renewers) writeDescribeDelegationTokenResponseTokenRenewer(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDescribeDelegationTokenResponseTokenRenewer(): DescribeDelegationTokenResponseTokenRenewer {
  return {
    principalType: '',
    principalName: '',
  }
}

function readDescribeDelegationTokenResponseTokenRenewer(reader: Reader, version: number): DescribeDelegationTokenResponseTokenRenewer {
  const flexible = version >= 2
  const principalType = reader.string(flexible)
  const principalName = reader.string(flexible)
  if (flexible) reader.skipTags()
  return { principalType, principalName }
}

function writeDescribeDelegationTokenResponseTokenRenewer(writer: Writer, version: number, value: DescribeDelegationTokenResponseTokenRenewer): void {
  const flexible = version >= 2
  writer.string(value.principalType, flexible)
  writer.string(value.principalName, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── DescribeUserScramCredentialsRequest (50) 0 ──

export interface DescribeUserScramCredentialsRequest extends Infer<typeof schema.DescribeUserScramCredentialsRequest> {}
export type DescribeUserScramCredentialsRequestUser = NonNullable<DescribeUserScramCredentialsRequest['users']>[number]

export function defaultDescribeUserScramCredentialsRequest(): DescribeUserScramCredentialsRequest {
  return {
    users: [],
  }
}

export function readDescribeUserScramCredentialsRequest(reader: Reader, version: number): DescribeUserScramCredentialsRequest {
  const usersCount = reader.nullableArrayCount(true, 2)
  const users: DescribeUserScramCredentialsRequestUser[] | null = usersCount < 0 ? null : []
  for (let index = 0; index < usersCount; index++) users!.push(readDescribeUserScramCredentialsRequestUser(reader, version))
  reader.skipTags()
  return { users }
}

export function writeDescribeUserScramCredentialsRequest(writer: Writer, version: number, value: DescribeUserScramCredentialsRequest): void {
  writer.arrayCount(value.users === null ? -1 : value.users.length, true)
  if (value.users !== null) for (const element of value.users) writeDescribeUserScramCredentialsRequestUser(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultDescribeUserScramCredentialsRequestUser(): DescribeUserScramCredentialsRequestUser {
  return {
    name: '',
  }
}

function readDescribeUserScramCredentialsRequestUser(reader: Reader, _version: number): DescribeUserScramCredentialsRequestUser {
  const name = reader.string(true)
  reader.skipTags()
  return { name }
}

function writeDescribeUserScramCredentialsRequestUser(writer: Writer, _version: number, value: DescribeUserScramCredentialsRequestUser): void {
  writer.string(value.name, true)
  writer.unsignedVarint(0)
}

// ── DescribeUserScramCredentialsResponse (50) 0 ──

export interface DescribeUserScramCredentialsResponse extends Infer<typeof schema.DescribeUserScramCredentialsResponse> {}
export type DescribeUserScramCredentialsResponseResult = DescribeUserScramCredentialsResponse['results'][number]
export type DescribeUserScramCredentialsResponseResultCredentialInfo = DescribeUserScramCredentialsResponseResult['credentialInfos'][number]

export function defaultDescribeUserScramCredentialsResponse(): DescribeUserScramCredentialsResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    errorMessage: '',
    results: [],
  }
}

export function readDescribeUserScramCredentialsResponse(reader: Reader, version: number): DescribeUserScramCredentialsResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  const resultsCount = reader.arrayCount(true, 6)
  const results: DescribeUserScramCredentialsResponseResult[] = []
  for (let index = 0; index < resultsCount; index++) results.push(readDescribeUserScramCredentialsResponseResult(reader, version))
  reader.skipTags()
  return { throttleTimeMs, errorCode, errorMessage, results }
}

export function writeDescribeUserScramCredentialsResponse(writer: Writer, version: number, value: DescribeUserScramCredentialsResponse): void {
  writer.int32(value.throttleTimeMs)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.arrayCount(value.results.length, true)
  for (const element of value.results) writeDescribeUserScramCredentialsResponseResult(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultDescribeUserScramCredentialsResponseResult(): DescribeUserScramCredentialsResponseResult {
  return {
    user: '',
    errorCode: 0,
    errorMessage: '',
    credentialInfos: [],
  }
}

function readDescribeUserScramCredentialsResponseResult(reader: Reader, version: number): DescribeUserScramCredentialsResponseResult {
  const user = reader.string(true)
  const errorCode = reader.int16()
  const errorMessage = reader.nullableString(true)
  const credentialInfosCount = reader.arrayCount(true, 6)
  const credentialInfos: DescribeUserScramCredentialsResponseResultCredentialInfo[] = []
  for (let index = 0; index < credentialInfosCount; index++) credentialInfos.push(readDescribeUserScramCredentialsResponseResultCredentialInfo(reader, version))
  reader.skipTags()
  return { user, errorCode, errorMessage, credentialInfos }
}

function writeDescribeUserScramCredentialsResponseResult(writer: Writer, version: number, value: DescribeUserScramCredentialsResponseResult): void {
  writer.string(value.user, true)
  writer.errorCode(value.errorCode)
  writer.string(value.errorMessage, true)
  writer.arrayCount(value.credentialInfos.length, true)
  for (const element of value.credentialInfos) writeDescribeUserScramCredentialsResponseResultCredentialInfo(writer, version, element)
  writer.unsignedVarint(0)
}

export function defaultDescribeUserScramCredentialsResponseResultCredentialInfo(): DescribeUserScramCredentialsResponseResultCredentialInfo {
  return {
    mechanism: 0,
    iterations: 0,
  }
}

function readDescribeUserScramCredentialsResponseResultCredentialInfo(reader: Reader, _version: number): DescribeUserScramCredentialsResponseResultCredentialInfo {
  const mechanism = reader.int8()
  const iterations = reader.int32()
  reader.skipTags()
  return { mechanism, iterations }
}

function writeDescribeUserScramCredentialsResponseResultCredentialInfo(writer: Writer, _version: number, value: DescribeUserScramCredentialsResponseResultCredentialInfo): void {
  writer.int8(value.mechanism)
  writer.int32(value.iterations)
  writer.unsignedVarint(0)
}

// ── ExpireDelegationTokenRequest (40) 1-2 ──

export interface ExpireDelegationTokenRequest extends Infer<typeof schema.ExpireDelegationTokenRequest> {}

export function defaultExpireDelegationTokenRequest(): ExpireDelegationTokenRequest {
  return {
    hmac: EMPTY_BYTES,
    expiryTimePeriodMs: 0,
  }
}

export function readExpireDelegationTokenRequest(reader: Reader, version: number): ExpireDelegationTokenRequest {
  const flexible = version >= 2
  const hmac = reader.bytes(flexible)
  const expiryTimePeriodMs = reader.int64()
  if (flexible) reader.skipTags()
  return { hmac, expiryTimePeriodMs }
}

export function writeExpireDelegationTokenRequest(writer: Writer, version: number, value: ExpireDelegationTokenRequest): void {
  const flexible = version >= 2
  writer.bytes(value.hmac, flexible)
  writer.int64(value.expiryTimePeriodMs)
  if (flexible) writer.unsignedVarint(0)
}

// ── ExpireDelegationTokenResponse (40) 1-2 ──

export interface ExpireDelegationTokenResponse extends Infer<typeof schema.ExpireDelegationTokenResponse> {}

export function defaultExpireDelegationTokenResponse(): ExpireDelegationTokenResponse {
  return {
    errorCode: 0,
    expiryTimestampMs: 0,
    throttleTimeMs: 0,
  }
}

export function readExpireDelegationTokenResponse(reader: Reader, version: number): ExpireDelegationTokenResponse {
  const flexible = version >= 2
  const errorCode = reader.int16()
  const expiryTimestampMs = reader.int64()
  const throttleTimeMs = reader.int32()
  if (flexible) reader.skipTags()
  return { errorCode, expiryTimestampMs, throttleTimeMs }
}

export function writeExpireDelegationTokenResponse(writer: Writer, version: number, value: ExpireDelegationTokenResponse): void {
  const flexible = version >= 2
  writer.errorCode(value.errorCode)
  writer.int64(value.expiryTimestampMs)
  writer.int32(value.throttleTimeMs)
  if (flexible) writer.unsignedVarint(0)
}

// ── RenewDelegationTokenRequest (39) 1-2 ──

export interface RenewDelegationTokenRequest extends Infer<typeof schema.RenewDelegationTokenRequest> {}

export function defaultRenewDelegationTokenRequest(): RenewDelegationTokenRequest {
  return {
    hmac: EMPTY_BYTES,
    renewPeriodMs: 0,
  }
}

export function readRenewDelegationTokenRequest(reader: Reader, version: number): RenewDelegationTokenRequest {
  const flexible = version >= 2
  const hmac = reader.bytes(flexible)
  const renewPeriodMs = reader.int64()
  if (flexible) reader.skipTags()
  return { hmac, renewPeriodMs }
}

export function writeRenewDelegationTokenRequest(writer: Writer, version: number, value: RenewDelegationTokenRequest): void {
  const flexible = version >= 2
  writer.bytes(value.hmac, flexible)
  writer.int64(value.renewPeriodMs)
  if (flexible) writer.unsignedVarint(0)
}

// ── RenewDelegationTokenResponse (39) 1-2 ──

export interface RenewDelegationTokenResponse extends Infer<typeof schema.RenewDelegationTokenResponse> {}

export function defaultRenewDelegationTokenResponse(): RenewDelegationTokenResponse {
  return {
    errorCode: 0,
    expiryTimestampMs: 0,
    throttleTimeMs: 0,
  }
}

export function readRenewDelegationTokenResponse(reader: Reader, version: number): RenewDelegationTokenResponse {
  const flexible = version >= 2
  const errorCode = reader.int16()
  const expiryTimestampMs = reader.int64()
  const throttleTimeMs = reader.int32()
  if (flexible) reader.skipTags()
  return { errorCode, expiryTimestampMs, throttleTimeMs }
}

export function writeRenewDelegationTokenResponse(writer: Writer, version: number, value: RenewDelegationTokenResponse): void {
  const flexible = version >= 2
  writer.errorCode(value.errorCode)
  writer.int64(value.expiryTimestampMs)
  writer.int32(value.throttleTimeMs)
  if (flexible) writer.unsignedVarint(0)
}
