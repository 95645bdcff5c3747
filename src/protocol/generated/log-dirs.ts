// From ../messages/log-dirs.ts. Written by scripts/generate-codecs.ts: change the source and run `npm run generate`.

import type * as schema from '../messages/log-dirs.ts'
import type { Reader } from '../reader.ts'
import type { Infer } from '../schema.ts'
import type { Writer } from '../writer.ts'

// ── AlterReplicaLogDirsRequest (34) 1-2 ──

export interface AlterReplicaLogDirsRequest extends Infer<typeof schema.AlterReplicaLogDirsRequest> {}
export type AlterReplicaLogDirsRequestDir = AlterReplicaLogDirsRequest['dirs'][number]
export type AlterReplicaLogDirsRequestDirTopic = AlterReplicaLogDirsRequestDir['topics'][number]

export function defaultAlterReplicaLogDirsRequest(): AlterReplicaLogDirsRequest {
  return {
    dirs: [],
  }
}

export function readAlterReplicaLogDirsRequest(reader: Reader, version: number): AlterReplicaLogDirsRequest {
  const flexible = version >= 2
  const dirsCount = reader.arrayCount(flexible, 3)
  const dirs: AlterReplicaLogDirsRequestDir[] = []
  for (let index = 0; index < dirsCount; index++) dirs.push(readAlterReplicaLogDirsRequestDir(reader, version))
  if (flexible) reader.skipTags()
  return { dirs }
}

export function writeAlterReplicaLogDirsRequest(writer: Writer, version: number, value: AlterReplicaLogDirsRequest): void {
  const flexible = version >= 2
  writer.arrayCount(value.dirs.length, flexible)
  for (const element of value.dirs) writeAlterReplicaLogDirsRequestDir(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultAlterReplicaLogDirsRequestDir(): AlterReplicaLogDirsRequestDir {
  return {
    path: '',
    topics: [],
  }
}

function readAlterReplicaLogDirsRequestDir(reader: Reader, version: number): AlterReplicaLogDirsRequestDir {
  const flexible = version >= 2
  const path = reader.string(flexible)
  const topicsCount = reader.arrayCount(flexible, 3)
  const topics: AlterReplicaLogDirsRequestDirTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readAlterReplicaLogDirsRequestDirTopic(reader, version))
  if (flexible) reader.skipTags()
  return { path, topics }
}

function writeAlterReplicaLogDirsRequestDir(writer: Writer, version: number, value: AlterReplicaLogDirsRequestDir): void {
  const flexible = version >= 2
  writer.string(value.path, flexible)
  writer.arrayCount(value.topics.length, flexible)
  for (const element of value.topics) writeAlterReplicaLogDirsRequestDirTopic(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultAlterReplicaLogDirsRequestDirTopic(): AlterReplicaLogDirsRequestDirTopic {
  return {
    name: '',
    partitions: [],
  }
}

function readAlterReplicaLogDirsRequestDirTopic(reader: Reader, version: number): AlterReplicaLogDirsRequestDirTopic {
  const flexible = version >= 2
  const name = reader.string(flexible)
  const partitionsCount = reader.arrayCount(flexible, 4)
  const partitions = reader.int32Array(partitionsCount)
  if (flexible) reader.skipTags()
  return { name, partitions }
}

function writeAlterReplicaLogDirsRequestDirTopic(writer: Writer, version: number, value: AlterReplicaLogDirsRequestDirTopic): void {
  const flexible = version >= 2
  writer.string(value.name, flexible)
  writer.arrayCount(value.partitions.length, flexible)
  writer.int32Array(value.partitions)
  if (flexible) writer.unsignedVarint(0)
}

// ── AlterReplicaLogDirsResponse (34) 1-2 ──

export interface AlterReplicaLogDirsResponse extends Infer<typeof schema.AlterReplicaLogDirsResponse> {}
export type AlterReplicaLogDirsResponseResult = AlterReplicaLogDirsResponse['results'][number]
export type AlterReplicaLogDirsResponseResultPartition = AlterReplicaLogDirsResponseResult['partitions'][number]

export function defaultAlterReplicaLogDirsResponse(): AlterReplicaLogDirsResponse {
  return {
    throttleTimeMs: 0,
    results: [],
  }
}

export function readAlterReplicaLogDirsResponse(reader: Reader, version: number): AlterReplicaLogDirsResponse {
  const flexible = version >= 2
  const throttleTimeMs = reader.int32()
  const resultsCount = reader.arrayCount(flexible, 3)
  const results: AlterReplicaLogDirsResponseResult[] = []
  for (let index = 0; index < resultsCount; index++) results.push(readAlterReplicaLogDirsResponseResult(reader, version))
  if (flexible) reader.skipTags()
  return { throttleTimeMs, results }
}

export function writeAlterReplicaLogDirsResponse(writer: Writer, version: number, value: AlterReplicaLogDirsResponse): void {
  const flexible = version >= 2
  writer.int32(value.throttleTimeMs)
  writer.arrayCount(value.results.length, flexible)
  for (const element of value.results) writeAlterReplicaLogDirsResponseResult(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultAlterReplicaLogDirsResponseResult(): AlterReplicaLogDirsResponseResult {
  return {
    topicName: '',
    partitions: [],
  }
}

function readAlterReplicaLogDirsResponseResult(reader: Reader, version: number): AlterReplicaLogDirsResponseResult {
  const flexible = version >= 2
  const topicName = reader.string(flexible)
  const partitionsCount = reader.arrayCount(flexible, 6)
  const partitions: AlterReplicaLogDirsResponseResultPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readAlterReplicaLogDirsResponseResultPartition(reader, version))
  if (flexible) reader.skipTags()
  return { topicName, partitions }
}

function writeAlterReplicaLogDirsResponseResult(writer: Writer, version: number, value: AlterReplicaLogDirsResponseResult): void {
  const flexible = version >= 2
  writer.string(value.topicName, flexible)
  writer.arrayCount(value.partitions.length, flexible)
  for (const element of value.partitions) writeAlterReplicaLogDirsResponseResultPartition(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultAlterReplicaLogDirsResponseResultPartition(): AlterReplicaLogDirsResponseResultPartition {
  return {
    partitionIndex: 0,
    errorCode: 0,
  }
}

function readAlterReplicaLogDirsResponseResultPartition(reader: Reader, version: number): AlterReplicaLogDirsResponseResultPartition {
  const flexible = version >= 2
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  if (flexible) reader.skipTags()
  return { partitionIndex, errorCode }
}

function writeAlterReplicaLogDirsResponseResultPartition(writer: Writer, version: number, value: AlterReplicaLogDirsResponseResultPartition): void {
  const flexible = version >= 2
  writer.int32(value.partitionIndex)
  writer.errorCode(value.errorCode)
  if (flexible) writer.unsignedVarint(0)
}

// ── DescribeLogDirsRequest (35) 1-5 ──

export interface DescribeLogDirsRequest extends Infer<typeof schema.DescribeLogDirsRequest> {}
export type DescribeLogDirsRequestTopic = NonNullable<DescribeLogDirsRequest['topics']>[number]

export function defaultDescribeLogDirsRequest(): DescribeLogDirsRequest {
  return {
    topics: [],
  }
}

export function readDescribeLogDirsRequest(reader: Reader, version: number): DescribeLogDirsRequest {
  const flexible = version >= 2
  const topicsCount = reader.nullableArrayCount(flexible, 3)
  const topics: DescribeLogDirsRequestTopic[] | null = topicsCount < 0 ? null : []
  for (let index = 0; index < topicsCount; index++) topics!.push(readDescribeLogDirsRequestTopic(reader, version))
  if (flexible) reader.skipTags()
  return { topics }
}

export function writeDescribeLogDirsRequest(writer: Writer, version: number, value: DescribeLogDirsRequest): void {
  const flexible = version >= 2
  writer.arrayCount(value.topics === null ? -1 : value.topics.length, flexible)
  if (value.topics !== null) for (const element of value.topics) writeDescribeLogDirsRequestTopic(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDescribeLogDirsRequestTopic(): DescribeLogDirsRequestTopic {
  return {
    topic: '',
    partitions: [],
  }
}

function readDescribeLogDirsRequestTopic(reader: Reader, version: number): DescribeLogDirsRequestTopic {
  const flexible = version >= 2
  const topic = reader.string(flexible)
  const partitionsCount = reader.arrayCount(flexible, 4)
  const partitions = reader.int32Array(partitionsCount)
  if (flexible) reader.skipTags()
  return { topic, partitions }
}

function writeDescribeLogDirsRequestTopic(writer: Writer, version: number, value: DescribeLogDirsRequestTopic): void {
  const flexible = version >= 2
  writer.string(value.topic, flexible)
  writer.arrayCount(value.partitions.length, flexible)
  writer.int32Array(value.partitions)
  if (flexible) writer.unsignedVarint(0)
}

// ── DescribeLogDirsResponse (35) 1-5 ──

export interface DescribeLogDirsResponse extends Infer<typeof schema.DescribeLogDirsResponse> {}
export type DescribeLogDirsResponseResult = DescribeLogDirsResponse['results'][number]
export type DescribeLogDirsResponseResultTopic = DescribeLogDirsResponseResult['topics'][number]
export type DescribeLogDirsResponseResultTopicPartition = DescribeLogDirsResponseResultTopic['partitions'][number]

export function defaultDescribeLogDirsResponse(): DescribeLogDirsResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    results: [],
  }
}

export function readDescribeLogDirsResponse(reader: Reader, version: number): DescribeLogDirsResponse {
  const flexible = version >= 2
  const throttleTimeMs = reader.int32()
  const errorCode = version >= 3 ? reader.int16() : 0
  const resultsCount = reader.arrayCount(flexible, 5)
  const results: DescribeLogDirsResponseResult[] = []
  for (let index = 0; index < resultsCount; index++) results.push(readDescribeLogDirsResponseResult(reader, version))
  if (flexible) reader.skipTags()
  return { throttleTimeMs, errorCode, results }
}

export function writeDescribeLogDirsResponse(writer: Writer, version: number, value: DescribeLogDirsResponse): void {
  const flexible = version >= 2
  writer.int32(value.throttleTimeMs)
  if (version >= 3) writer.errorCode(value.errorCode)
  writer.arrayCount(value.results.length, flexible)
  for (const element of value.results) writeDescribeLogDirsResponseResult(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDescribeLogDirsResponseResult(): DescribeLogDirsResponseResult {
  return {
    errorCode: 0,
    logDir: '',
    topics: [],
    totalBytes: -1,
    usableBytes: -1,
    isCordoned: false,
  }
}

function readDescribeLogDirsResponseResult(reader: Reader, version: number): DescribeLogDirsResponseResult {
  const flexible = version >= 2
  const errorCode = reader.int16()
  const logDir = reader.string(flexible)
  const topicsCount = reader.arrayCount(flexible, 3)
  const topics: DescribeLogDirsResponseResultTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readDescribeLogDirsResponseResultTopic(reader, version))
  const totalBytes = version >= 4 ? reader.int64() : -1
  const usableBytes = version >= 4 ? reader.int64() : -1
  const isCordoned = version >= 5 ? reader.bool() : false
  if (flexible) reader.skipTags()
  return { errorCode, logDir, topics, totalBytes, usableBytes, isCordoned }
}

function writeDescribeLogDirsResponseResult(writer: Writer, version: number, value: DescribeLogDirsResponseResult): void {
  const flexible = version >= 2
  writer.errorCode(value.errorCode)
  writer.string(value.logDir, flexible)
  writer.arrayCount(value.topics.length, flexible)
  for (const element of value.topics) writeDescribeLogDirsResponseResultTopic(writer, version, element)
  if (version >= 4) writer.int64(value.totalBytes)
  if (version >= 4) writer.int64(value.usableBytes)
  if (version >= 5) writer.bool(value.isCordoned)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDescribeLogDirsResponseResultTopic(): DescribeLogDirsResponseResultTopic {
  return {
    name: '',
    partitions: [],
  }
}

function readDescribeLogDirsResponseResultTopic(reader: Reader, version: number): DescribeLogDirsResponseResultTopic {
  const flexible = version >= 2
  const name = reader.string(flexible)
  const partitionsCount = reader.arrayCount(flexible, 21)
  const partitions: DescribeLogDirsResponseResultTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readDescribeLogDirsResponseResultTopicPartition(reader, version))
  if (flexible) reader.skipTags()
  return { name, partitions }
}

function writeDescribeLogDirsResponseResultTopic(writer: Writer, version: number, value: DescribeLogDirsResponseResultTopic): void {
  const flexible = version >= 2
  writer.string(value.name, flexible)
  writer.arrayCount(value.partitions.length, flexible)
  for (const element of value.partitions) writeDescribeLogDirsResponseResultTopicPartition(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDescribeLogDirsResponseResultTopicPartition(): DescribeLogDirsResponseResultTopicPartition {
  return {
    partitionIndex: 0,
    partitionSize: 0,
    offsetLag: 0,
    isFutureKey: false,
  }
}

function readDescribeLogDirsResponseResultTopicPartition(reader: Reader, version: number): DescribeLogDirsResponseResultTopicPartition {
  const flexible = version >= 2
  const partitionIndex = reader.int32()
  const partitionSize = reader.int64()
  const offsetLag = reader.int64()
  const isFutureKey = reader.bool()
  if (flexible) reader.skipTags()
  return { partitionIndex, partitionSize, offsetLag, isFutureKey }
}

function writeDescribeLogDirsResponseResultTopicPartition(writer: Writer, version: number, value: DescribeLogDirsResponseResultTopicPartition): void {
  const flexible = version >= 2
  writer.int32(value.partitionIndex)
  writer.int64(value.partitionSize)
  writer.int64(value.offsetLag)
  writer.bool(value.isFutureKey)
  if (flexible) writer.unsignedVarint(0)
}
