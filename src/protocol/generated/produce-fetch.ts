// From ../messages/produce-fetch.ts. Written by scripts/generate-codecs.ts: change the source and run `npm run generate`.

import type { Uuid } from '../../base/uuid.ts'
import { ZERO_UUID } from '../../base/uuid.ts'
import type * as schema from '../messages/produce-fetch.ts'
import type { Reader } from '../reader.ts'
import type { Infer, RecordsSource } from '../schema.ts'
import { unwritable } from '../writer.ts'
import type { Writer } from '../writer.ts'

// ── DeleteRecordsRequest (21) 0-2 ──

export interface DeleteRecordsRequest extends Infer<typeof schema.DeleteRecordsRequest> {}
export type DeleteRecordsRequestTopic = DeleteRecordsRequest['topics'][number]
export type DeleteRecordsRequestTopicPartition = DeleteRecordsRequestTopic['partitions'][number]

export function defaultDeleteRecordsRequest(): DeleteRecordsRequest {
  return {
    topics: [],
    timeoutMs: 0,
  }
}

export function readDeleteRecordsRequest(reader: Reader, version: number): DeleteRecordsRequest {
  const flexible = version >= 2
  const topicsCount = reader.arrayCount(flexible, 3)
  const topics: DeleteRecordsRequestTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readDeleteRecordsRequestTopic(reader, version))
  const timeoutMs = reader.int32()
  if (flexible) reader.skipTags()
  return { topics, timeoutMs }
}

export function writeDeleteRecordsRequest(writer: Writer, version: number, value: DeleteRecordsRequest): void {
  const flexible = version >= 2
  writer.arrayCount(value.topics.length, flexible)
  for (const element of value.topics) writeDeleteRecordsRequestTopic(writer, version, element)
  writer.int32(value.timeoutMs)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDeleteRecordsRequestTopic(): DeleteRecordsRequestTopic {
  return {
    name: '',
    partitions: [],
  }
}

function readDeleteRecordsRequestTopic(reader: Reader, version: number): DeleteRecordsRequestTopic {
  const flexible = version >= 2
  const name = reader.string(flexible)
  const partitionsCount = reader.arrayCount(flexible, 12)
  const partitions: DeleteRecordsRequestTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readDeleteRecordsRequestTopicPartition(reader, version))
  if (flexible) reader.skipTags()
  return { name, partitions }
}

function writeDeleteRecordsRequestTopic(writer: Writer, version: number, value: DeleteRecordsRequestTopic): void {
  const flexible = version >= 2
  writer.string(value.name, flexible)
  writer.arrayCount(value.partitions.length, flexible)
  for (const element of value.partitions) writeDeleteRecordsRequestTopicPartition(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDeleteRecordsRequestTopicPartition(): DeleteRecordsRequestTopicPartition {
  return {
    partitionIndex: 0,
    offset: 0,
  }
}

function readDeleteRecordsRequestTopicPartition(reader: Reader, version: number): DeleteRecordsRequestTopicPartition {
  const flexible = version >= 2
  const partitionIndex = reader.int32()
  const offset = reader.int64()
  if (flexible) reader.skipTags()
  return { partitionIndex, offset }
}

function writeDeleteRecordsRequestTopicPartition(writer: Writer, version: number, value: DeleteRecordsRequestTopicPartition): void {
  const flexible = version >= 2
  writer.int32(value.partitionIndex)
  writer.int64(value.offset)
  if (flexible) writer.unsignedVarint(0)
}

// ── DeleteRecordsResponse (21) 0-2 ──

export interface DeleteRecordsResponse extends Infer<typeof schema.DeleteRecordsResponse> {}
export type DeleteRecordsResponseTopic = DeleteRecordsResponse['topics'][number]
export type DeleteRecordsResponseTopicPartition = DeleteRecordsResponseTopic['partitions'][number]

export function defaultDeleteRecordsResponse(): DeleteRecordsResponse {
  return {
    throttleTimeMs: 0,
    topics: [],
  }
}

export function readDeleteRecordsResponse(reader: Reader, version: number): DeleteRecordsResponse {
  const flexible = version >= 2
  const throttleTimeMs = reader.int32()
  const topicsCount = reader.arrayCount(flexible, 3)
  const topics: DeleteRecordsResponseTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readDeleteRecordsResponseTopic(reader, version))
  if (flexible) reader.skipTags()
  return { throttleTimeMs, topics }
}

export function writeDeleteRecordsResponse(writer: Writer, version: number, value: DeleteRecordsResponse): void {
  const flexible = version >= 2
  writer.int32(value.throttleTimeMs)
  writer.arrayCount(value.topics.length, flexible)
  for (const element of value.topics) writeDeleteRecordsResponseTopic(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDeleteRecordsResponseTopic(): DeleteRecordsResponseTopic {
  return {
    name: '',
    partitions: [],
  }
}

function readDeleteRecordsResponseTopic(reader: Reader, version: number): DeleteRecordsResponseTopic {
  const flexible = version >= 2
  const name = reader.string(flexible)
  const partitionsCount = reader.arrayCount(flexible, 14)
  const partitions: DeleteRecordsResponseTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readDeleteRecordsResponseTopicPartition(reader, version))
  if (flexible) reader.skipTags()
  return { name, partitions }
}

function writeDeleteRecordsResponseTopic(writer: Writer, version: number, value: DeleteRecordsResponseTopic): void {
  const flexible = version >= 2
  writer.string(value.name, flexible)
  writer.arrayCount(value.partitions.length, flexible)
  for (const element of value.partitions) writeDeleteRecordsResponseTopicPartition(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultDeleteRecordsResponseTopicPartition(): DeleteRecordsResponseTopicPartition {
  return {
    partitionIndex: 0,
    lowWatermark: 0,
    errorCode: 0,
  }
}

function readDeleteRecordsResponseTopicPartition(reader: Reader, version: number): DeleteRecordsResponseTopicPartition {
  const flexible = version >= 2
  const partitionIndex = reader.int32()
  const lowWatermark = reader.int64()
  const errorCode = reader.int16()
  if (flexible) reader.skipTags()
  return { partitionIndex, lowWatermark, errorCode }
}

function writeDeleteRecordsResponseTopicPartition(writer: Writer, version: number, value: DeleteRecordsResponseTopicPartition): void {
  const flexible = version >= 2
  writer.int32(value.partitionIndex)
  writer.int64(value.lowWatermark)
  writer.errorCode(value.errorCode)
  if (flexible) writer.unsignedVarint(0)
}

// ── FetchRequest (1) 4-18 ──

export interface FetchRequest extends Infer<typeof schema.FetchRequest> {}
export type FetchRequestReplicaState = FetchRequest['replicaState']
export type FetchRequestTopic = FetchRequest['topics'][number]
export type FetchRequestTopicPartition = FetchRequestTopic['partitions'][number]
export type FetchRequestForgottenTopicsData = FetchRequest['forgottenTopicsData'][number]

export function defaultFetchRequest(): FetchRequest {
  return {
    clusterId: null,
    replicaId: -1,
    replicaState: defaultFetchRequestReplicaState(),
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: 2147483647,
    isolationLevel: 0,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [],
    forgottenTopicsData: [],
    rackId: '',
  }
}

export function readFetchRequest(reader: Reader, version: number): FetchRequest {
  const flexible = version >= 12
  let clusterId: string | null = null
  let replicaState: FetchRequestReplicaState = defaultFetchRequestReplicaState()
  const replicaId = version <= 14 ? reader.int32() : -1
  const maxWaitMs = reader.int32()
  const minBytes = reader.int32()
  const maxBytes = reader.int32()
  const isolationLevel = reader.int8()
  const sessionId = version >= 7 ? reader.int32() : 0
  const sessionEpoch = version >= 7 ? reader.int32() : -1
  const topicsCount = reader.arrayCount(flexible, 3)
  const topics: FetchRequestTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readFetchRequestTopic(reader, version))
  const forgottenTopicsDataCount = version >= 7 ? reader.arrayCount(flexible, 3) : 0
  const forgottenTopicsData: FetchRequestForgottenTopicsData[] = []
  for (let index = 0; index < forgottenTopicsDataCount; index++) forgottenTopicsData.push(readFetchRequestForgottenTopicsData(reader, version))
  const rackId = version >= 11 ? reader.string(flexible) : ''
  if (flexible) {
    for (let count = reader.tagCount(); count > 0; count--) {
      const tag = reader.unsignedVarint()
      const end = reader.tagEnd()
      switch (tag) {
        case 0: {
          clusterId = reader.nullableString(true)
          break
        }
        case 1: {
          if (version >= 15) {
            replicaState = readFetchRequestReplicaState(reader, version)
          } else reader.position = end
          break
        }
        default:
          reader.position = end
      }
      reader.leaveTag(end)
    }
  }
  return {
    clusterId,
    replicaId,
    replicaState,
    maxWaitMs,
    minBytes,
    maxBytes,
    isolationLevel,
    sessionId,
    sessionEpoch,
    topics,
    forgottenTopicsData,
    rackId,
  }
}

export function writeFetchRequest(writer: Writer, version: number, value: FetchRequest): void {
  const flexible = version >= 12
  if (version <= 14) writer.int32(value.replicaId)
  else if (value.replicaId !== -1) throw unwritable('FetchRequest', 'replicaId', version)
  writer.int32(value.maxWaitMs)
  writer.int32(value.minBytes)
  writer.int32(value.maxBytes)
  writer.int8(value.isolationLevel)
  if (version >= 7) writer.int32(value.sessionId)
  if (version >= 7) writer.int32(value.sessionEpoch)
  writer.arrayCount(value.topics.length, flexible)
  for (const element of value.topics) writeFetchRequestTopic(writer, version, element)
  if (version >= 7) {
    writer.arrayCount(value.forgottenTopicsData.length, flexible)
    for (const element of value.forgottenTopicsData) writeFetchRequestForgottenTopicsData(writer, version, element)
  } else if (value.forgottenTopicsData.length !== 0) throw unwritable('FetchRequest', 'forgottenTopicsData', version)
  if (version >= 11) writer.string(value.rackId, flexible)
  if (!(version >= 15) && !isDefaultFetchRequestReplicaState(value.replicaState)) throw unwritable('FetchRequest', 'replicaState', version)
  if (flexible) {
    let tags = 0
    if (value.clusterId !== null) tags++
    if (version >= 15 && !isDefaultFetchRequestReplicaState(value.replicaState)) tags++
    writer.unsignedVarint(tags)
    if (value.clusterId !== null) {
      const mark = writer.beginTag(0)
      writer.string(value.clusterId, true)
      writer.endTag(mark)
    }
    if (version >= 15 && !isDefaultFetchRequestReplicaState(value.replicaState)) {
      const mark = writer.beginTag(1)
      writeFetchRequestReplicaState(writer, version, value.replicaState)
      writer.endTag(mark)
    }
  }
}

export function defaultFetchRequestReplicaState(): FetchRequestReplicaState {
  return {
    replicaId: -1,
    replicaEpoch: -1,
  }
}

function readFetchRequestReplicaState(reader: Reader, _version: number): FetchRequestReplicaState {
  const replicaId = reader.int32()
  const replicaEpoch = reader.int64()
  reader.skipTags()
  return { replicaId, replicaEpoch }
}

function writeFetchRequestReplicaState(writer: Writer, _version: number, value: FetchRequestReplicaState): void {
  writer.int32(value.replicaId)
  writer.int64(value.replicaEpoch)
  writer.unsignedVarint(0)
}

export function defaultFetchRequestTopic(): FetchRequestTopic {
  return {
    topic: '',
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readFetchRequestTopic(reader: Reader, version: number): FetchRequestTopic {
  const flexible = version >= 12
  const topic = version <= 12 ? reader.string(flexible) : ''
  const topicId = version >= 13 ? reader.uuid() : ZERO_UUID
  const partitionsCount = reader.arrayCount(flexible, 16)
  const partitions: FetchRequestTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readFetchRequestTopicPartition(reader, version))
  if (flexible) reader.skipTags()
  return { topic, topicId, partitions }
}

function writeFetchRequestTopic(writer: Writer, version: number, value: FetchRequestTopic): void {
  const flexible = version >= 12
  if (version <= 12) writer.string(value.topic, flexible)
  if (version >= 13) writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, flexible)
  for (const element of value.partitions) writeFetchRequestTopicPartition(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultFetchRequestTopicPartition(): FetchRequestTopicPartition {
  return {
    partition: 0,
    currentLeaderEpoch: -1,
    fetchOffset: 0,
    lastFetchedEpoch: -1,
    logStartOffset: -1,
    partitionMaxBytes: 0,
    replicaDirectoryId: ZERO_UUID,
    highWatermark: 9223372036854776000,
  }
}

function readFetchRequestTopicPartition(reader: Reader, version: number): FetchRequestTopicPartition {
  const flexible = version >= 12
  let replicaDirectoryId: Uuid = ZERO_UUID
  let highWatermark: number = 9223372036854776000
  const partition = reader.int32()
  const currentLeaderEpoch = version >= 9 ? reader.int32() : -1
  const fetchOffset = reader.int64()
  const lastFetchedEpoch = version >= 12 ? reader.int32() : -1
  const logStartOffset = version >= 5 ? reader.int64() : -1
  const partitionMaxBytes = reader.int32()
  if (flexible) {
    for (let count = reader.tagCount(); count > 0; count--) {
      const tag = reader.unsignedVarint()
      const end = reader.tagEnd()
      switch (tag) {
        case 0: {
          if (version >= 17) {
            replicaDirectoryId = reader.uuid()
          } else reader.position = end
          break
        }
        case 1: {
          if (version >= 18) {
            highWatermark = reader.int64()
          } else reader.position = end
          break
        }
        default:
          reader.position = end
      }
      reader.leaveTag(end)
    }
  }
  return {
    partition,
    currentLeaderEpoch,
    fetchOffset,
    lastFetchedEpoch,
    logStartOffset,
    partitionMaxBytes,
    replicaDirectoryId,
    highWatermark,
  }
}

function writeFetchRequestTopicPartition(writer: Writer, version: number, value: FetchRequestTopicPartition): void {
  const flexible = version >= 12
  writer.int32(value.partition)
  if (version >= 9) writer.int32(value.currentLeaderEpoch)
  writer.int64(value.fetchOffset)
  if (version >= 12) writer.int32(value.lastFetchedEpoch)
  else if (value.lastFetchedEpoch !== -1) throw unwritable('FetchRequest', 'lastFetchedEpoch', version)
  if (version >= 5) writer.int64(value.logStartOffset)
  writer.int32(value.partitionMaxBytes)
  if (flexible) {
    let tags = 0
    if (version >= 17 && value.replicaDirectoryId !== ZERO_UUID) tags++
    if (version >= 18 && value.highWatermark !== 9223372036854776000) tags++
    writer.unsignedVarint(tags)
    if (version >= 17 && value.replicaDirectoryId !== ZERO_UUID) {
      writer.tag(0, 16)
      writer.uuid(value.replicaDirectoryId)
    }
    if (version >= 18 && value.highWatermark !== 9223372036854776000) {
      writer.tag(1, 8)
      writer.int64(value.highWatermark)
    }
  }
}

export function defaultFetchRequestForgottenTopicsData(): FetchRequestForgottenTopicsData {
  return {
    topic: '',
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readFetchRequestForgottenTopicsData(reader: Reader, version: number): FetchRequestForgottenTopicsData {
  const flexible = version >= 12
  const topic = version <= 12 ? reader.string(flexible) : ''
  const topicId = version >= 13 ? reader.uuid() : ZERO_UUID
  const partitionsCount = reader.arrayCount(flexible, 4)
  const partitions = reader.int32Array(partitionsCount)
  if (flexible) reader.skipTags()
  return { topic, topicId, partitions }
}

function writeFetchRequestForgottenTopicsData(writer: Writer, version: number, value: FetchRequestForgottenTopicsData): void {
  const flexible = version >= 12
  if (version <= 12) writer.string(value.topic, flexible)
  if (version >= 13) writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, flexible)
  writer.int32Array(value.partitions)
  if (flexible) writer.unsignedVarint(0)
}

function isDefaultFetchRequestReplicaState(value: FetchRequestReplicaState): boolean {
  return value.replicaId === -1 && value.replicaEpoch === -1
}

// ── FetchResponse (1) 4-18 ──

export interface FetchResponse<Records extends RecordsSource = RecordsSource> extends Infer<typeof schema.FetchResponse, Records> {}
export type FetchResponseResponse<Records extends RecordsSource = RecordsSource> = FetchResponse<Records>['responses'][number]
export type FetchResponseResponsePartition<Records extends RecordsSource = RecordsSource> = FetchResponseResponse<Records>['partitions'][number]
export type FetchResponseResponsePartitionDivergingEpoch = FetchResponseResponsePartition['divergingEpoch']
export type FetchResponseResponsePartitionCurrentLeader = FetchResponseResponsePartition['currentLeader']
export type FetchResponseResponsePartitionSnapshotId = FetchResponseResponsePartition['snapshotId']
export type FetchResponseResponsePartitionAbortedTransaction = NonNullable<FetchResponseResponsePartition['abortedTransactions']>[number]
export type FetchResponseNodeEndpoint = FetchResponse['nodeEndpoints'][number]

export function defaultFetchResponse(): FetchResponse<Buffer> {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    sessionId: 0,
    responses: [],
    nodeEndpoints: [],
  }
}

export function readFetchResponse(reader: Reader, version: number): FetchResponse<Buffer> {
  const flexible = version >= 12
  let nodeEndpoints: FetchResponseNodeEndpoint[] = []
  const throttleTimeMs = reader.int32()
  const errorCode = version >= 7 ? reader.int16() : 0
  const sessionId = version >= 7 ? reader.int32() : 0
  const responsesCount = reader.arrayCount(flexible, 3)
  const responses: FetchResponseResponse<Buffer>[] = []
  for (let index = 0; index < responsesCount; index++) responses.push(readFetchResponseResponse(reader, version))
  if (flexible) {
    for (let count = reader.tagCount(); count > 0; count--) {
      const tag = reader.unsignedVarint()
      const end = reader.tagEnd()
      switch (tag) {
        case 0: {
          if (version >= 16) {
            const nodeEndpointsCount = reader.arrayCount(true, 11)
            nodeEndpoints = []
            for (let index = 0; index < nodeEndpointsCount; index++) nodeEndpoints.push(readFetchResponseNodeEndpoint(reader, version))
          } else reader.position = end
          break
        }
        default:
          reader.position = end
      }
      reader.leaveTag(end)
    }
  }
  return { throttleTimeMs, errorCode, sessionId, responses, nodeEndpoints }
}

export function writeFetchResponse(writer: Writer, version: number, value: FetchResponse<RecordsSource>): void {
  const flexible = version >= 12
  writer.int32(value.throttleTimeMs)
  if (version >= 7) writer.errorCode(value.errorCode)
  if (version >= 7) writer.int32(value.sessionId)
  else if (value.sessionId !== 0) throw unwritable('FetchResponse', 'sessionId', version)
  writer.arrayCount(value.responses.length, flexible)
  for (const element of value.responses) writeFetchResponseResponse(writer, version, element)
  if (!(version >= 16) && value.nodeEndpoints.length !== 0) throw unwritable('FetchResponse', 'nodeEndpoints', version)
  if (flexible) {
    let tags = 0
    if (version >= 16 && value.nodeEndpoints.length !== 0) tags++
    writer.unsignedVarint(tags)
    if (version >= 16 && value.nodeEndpoints.length !== 0) {
      const mark = writer.beginTag(0)
      writer.arrayCount(value.nodeEndpoints.length, true)
      for (const element of value.nodeEndpoints) writeFetchResponseNodeEndpoint(writer, version, element)
      writer.endTag(mark)
    }
  }
}

export function defaultFetchResponseResponse(): FetchResponseResponse<Buffer> {
  return {
    topic: '',
    topicId: ZERO_UUID,
    partitions: [],
  }
}

function readFetchResponseResponse(reader: Reader, version: number): FetchResponseResponse<Buffer> {
  const flexible = version >= 12
  const topic = version <= 12 ? reader.string(flexible) : ''
  const topicId = version >= 13 ? reader.uuid() : ZERO_UUID
  const partitionsCount = reader.arrayCount(flexible, 30)
  const partitions: FetchResponseResponsePartition<Buffer>[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readFetchResponseResponsePartition(reader, version))
  if (flexible) reader.skipTags()
  return { topic, topicId, partitions }
}

function writeFetchResponseResponse(writer: Writer, version: number, value: FetchResponseResponse<RecordsSource>): void {
  const flexible = version >= 12
  if (version <= 12) writer.string(value.topic, flexible)
  if (version >= 13) writer.uuid(value.topicId)
  writer.arrayCount(value.partitions.length, flexible)
  for (const element of value.partitions) writeFetchResponseResponsePartition(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultFetchResponseResponsePartition(): FetchResponseResponsePartition<Buffer> {
  return {
    partitionIndex: 0,
    errorCode: 0,
    highWatermark: 0,
    lastStableOffset: -1,
    logStartOffset: -1,
    divergingEpoch: defaultFetchResponseResponsePartitionDivergingEpoch(),
    currentLeader: defaultFetchResponseResponsePartitionCurrentLeader(),
    snapshotId: defaultFetchResponseResponsePartitionSnapshotId(),
    abortedTransactions: [],
    preferredReadReplica: -1,
    records: null,
  }
}

function readFetchResponseResponsePartition(reader: Reader, version: number): FetchResponseResponsePartition<Buffer> {
  const flexible = version >= 12
  let divergingEpoch: FetchResponseResponsePartitionDivergingEpoch = defaultFetchResponseResponsePartitionDivergingEpoch()
  let currentLeader: FetchResponseResponsePartitionCurrentLeader = defaultFetchResponseResponsePartitionCurrentLeader()
  let snapshotId: FetchResponseResponsePartitionSnapshotId = defaultFetchResponseResponsePartitionSnapshotId()
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const highWatermark = reader.int64()
  const lastStableOffset = reader.int64()
  const logStartOffset = version >= 5 ? reader.int64() : -1
  const abortedTransactionsCount = reader.nullableArrayCount(flexible, 16)
  const abortedTransactions: FetchResponseResponsePartitionAbortedTransaction[] | null = abortedTransactionsCount < 0 ? null : []
  for (let index = 0; index < abortedTransactionsCount; index++) abortedTransactions!.push(readFetchResponseResponsePartitionAbortedTransaction(reader, version))
  const preferredReadReplica = version >= 11 ? reader.int32() : -1
  const records = reader.nullableBytes(flexible)
  if (flexible) {
    for (let count = reader.tagCount(); count > 0; count--) {
      const tag = reader.unsignedVarint()
      const end = reader.tagEnd()
      switch (tag) {
        case 0: {
          divergingEpoch = readFetchResponseResponsePartitionDivergingEpoch(reader, version)
          break
        }
        case 1: {
          currentLeader = readFetchResponseResponsePartitionCurrentLeader(reader, version)
          break
        }
        case 2: {
          snapshotId = readFetchResponseResponsePartitionSnapshotId(reader, version)
          break
        }
        default:
          reader.position = end
      }
      reader.leaveTag(end)
    }
  }
  return {
    partitionIndex,
    errorCode,
    highWatermark,
    lastStableOffset,
    logStartOffset,
    divergingEpoch,
    currentLeader,
    snapshotId,
    abortedTransactions,
    preferredReadReplica,
    records,
  }
}

function writeFetchResponseResponsePartition(writer: Writer, version: number, value: FetchResponseResponsePartition<RecordsSource>): void {
  const flexible = version >= 12
  writer.int32(value.partitionIndex)
  writer.errorCode(value.errorCode)
  writer.int64(value.highWatermark)
  writer.int64(value.lastStableOffset)
  if (version >= 5) writer.int64(value.logStartOffset)
  writer.arrayCount(value.abortedTransactions === null ? -1 : value.abortedTransactions.length, flexible)
  if (value.abortedTransactions !== null) for (const element of value.abortedTransactions) writeFetchResponseResponsePartitionAbortedTransaction(writer, version, element)
  if (version >= 11) writer.int32(value.preferredReadReplica)
  else if (value.preferredReadReplica !== -1) throw unwritable('FetchResponse', 'preferredReadReplica', version)
  writer.records(value.records, flexible)
  if (!(version >= 12) && !isDefaultFetchResponseResponsePartitionDivergingEpoch(value.divergingEpoch)) throw unwritable('FetchResponse', 'divergingEpoch', version)
  if (!(version >= 12) && !isDefaultFetchResponseResponsePartitionCurrentLeader(value.currentLeader)) throw unwritable('FetchResponse', 'currentLeader', version)
  if (!(version >= 12) && !isDefaultFetchResponseResponsePartitionSnapshotId(value.snapshotId)) throw unwritable('FetchResponse', 'snapshotId', version)
  if (flexible) {
    let tags = 0
    if (!isDefaultFetchResponseResponsePartitionDivergingEpoch(value.divergingEpoch)) tags++
    if (!isDefaultFetchResponseResponsePartitionCurrentLeader(value.currentLeader)) tags++
    if (!isDefaultFetchResponseResponsePartitionSnapshotId(value.snapshotId)) tags++
    writer.unsignedVarint(tags)
    if (!isDefaultFetchResponseResponsePartitionDivergingEpoch(value.divergingEpoch)) {
      const mark = writer.beginTag(0)
      writeFetchResponseResponsePartitionDivergingEpoch(writer, version, value.divergingEpoch)
      writer.endTag(mark)
    }
    if (!isDefaultFetchResponseResponsePartitionCurrentLeader(value.currentLeader)) {
      const mark = writer.beginTag(1)
      writeFetchResponseResponsePartitionCurrentLeader(writer, version, value.currentLeader)
      writer.endTag(mark)
    }
    if (!isDefaultFetchResponseResponsePartitionSnapshotId(value.snapshotId)) {
      const mark = writer.beginTag(2)
      writeFetchResponseResponsePartitionSnapshotId(writer, version, value.snapshotId)
      writer.endTag(mark)
    }
  }
}

export function defaultFetchResponseResponsePartitionDivergingEpoch(): FetchResponseResponsePartitionDivergingEpoch {
  return {
    epoch: -1,
    endOffset: -1,
  }
}

function readFetchResponseResponsePartitionDivergingEpoch(reader: Reader, _version: number): FetchResponseResponsePartitionDivergingEpoch {
  const epoch = reader.int32()
  const endOffset = reader.int64()
  reader.skipTags()
  return { epoch, endOffset }
}

function writeFetchResponseResponsePartitionDivergingEpoch(writer: Writer, _version: number, value: FetchResponseResponsePartitionDivergingEpoch): void {
  writer.int32(value.epoch)
  writer.int64(value.endOffset)
  writer.unsignedVarint(0)
}

export function defaultFetchResponseResponsePartitionCurrentLeader(): FetchResponseResponsePartitionCurrentLeader {
  return {
    leaderId: -1,
    leaderEpoch: -1,
  }
}

function readFetchResponseResponsePartitionCurrentLeader(reader: Reader, _version: number): FetchResponseResponsePartitionCurrentLeader {
  const leaderId = reader.int32()
  const leaderEpoch = reader.int32()
  reader.skipTags()
  return { leaderId, leaderEpoch }
}

function writeFetchResponseResponsePartitionCurrentLeader(writer: Writer, _version: number, value: FetchResponseResponsePartitionCurrentLeader): void {
  writer.int32(value.leaderId)
  writer.int32(value.leaderEpoch)
  writer.unsignedVarint(0)
}

export function defaultFetchResponseResponsePartitionSnapshotId(): FetchResponseResponsePartitionSnapshotId {
  return {
    endOffset: -1,
    epoch: -1,
  }
}

function readFetchResponseResponsePartitionSnapshotId(reader: Reader, _version: number): FetchResponseResponsePartitionSnapshotId {
  const endOffset = reader.int64()
  const epoch = reader.int32()
  reader.skipTags()
  return { endOffset, epoch }
}

function writeFetchResponseResponsePartitionSnapshotId(writer: Writer, _version: number, value: FetchResponseResponsePartitionSnapshotId): void {
  writer.int64(value.endOffset)
  writer.int32(value.epoch)
  writer.unsignedVarint(0)
}

export function defaultFetchResponseResponsePartitionAbortedTransaction(): FetchResponseResponsePartitionAbortedTransaction {
  return {
    producerId: 0,
    firstOffset: 0,
  }
}

function readFetchResponseResponsePartitionAbortedTransaction(reader: Reader, version: number): FetchResponseResponsePartitionAbortedTransaction {
  const flexible = version >= 12
  const producerId = reader.int64()
  const firstOffset = reader.int64()
  if (flexible) reader.skipTags()
  return { producerId, firstOffset }
}

function writeFetchResponseResponsePartitionAbortedTransaction(writer: Writer, version: number, value: FetchResponseResponsePartitionAbortedTransaction): void {
  const flexible = version >= 12
  writer.int64(value.producerId)
  writer.int64(value.firstOffset)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultFetchResponseNodeEndpoint(): FetchResponseNodeEndpoint {
  return {
    nodeId: 0,
    host: '',
    port: 0,
    rack: null,
  }
}

function readFetchResponseNodeEndpoint(reader: Reader, _version: number): FetchResponseNodeEndpoint {
  const nodeId = reader.int32()
  const host = reader.string(true)
  const port = reader.int32()
  const rack = reader.nullableString(true)
  reader.skipTags()
  return { nodeId, host, port, rack }
}

function writeFetchResponseNodeEndpoint(writer: Writer, _version: number, value: FetchResponseNodeEndpoint): void {
  writer.int32(value.nodeId)
  writer.string(value.host, true)
  writer.int32(value.port)
  writer.string(value.rack, true)
  writer.unsignedVarint(0)
}

function isDefaultFetchResponseResponsePartitionDivergingEpoch(value: FetchResponseResponsePartitionDivergingEpoch): boolean {
  return value.epoch === -1 && value.endOffset === -1
}

function isDefaultFetchResponseResponsePartitionCurrentLeader(value: FetchResponseResponsePartitionCurrentLeader): boolean {
  return value.leaderId === -1 && value.leaderEpoch === -1
}

function isDefaultFetchResponseResponsePartitionSnapshotId(value: FetchResponseResponsePartitionSnapshotId): boolean {
  return value.endOffset === -1 && value.epoch === -1
}

// ── ListOffsetsRequest (2) 1-11 ──

export interface ListOffsetsRequest extends Infer<typeof schema.ListOffsetsRequest> {}
export type ListOffsetsRequestTopic = ListOffsetsRequest['topics'][number]
export type ListOffsetsRequestTopicPartition = ListOffsetsRequestTopic['partitions'][number]

export function defaultListOffsetsRequest(): ListOffsetsRequest {
  return {
    replicaId: 0,
    isolationLevel: 0,
    topics: [],
    timeoutMs: 0,
  }
}

export function readListOffsetsRequest(reader: Reader, version: number): ListOffsetsRequest {
  const flexible = version >= 6
  const replicaId = reader.int32()
  const isolationLevel = version >= 2 ? reader.int8() : 0
  const topicsCount = reader.arrayCount(flexible, 3)
  const topics: ListOffsetsRequestTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readListOffsetsRequestTopic(reader, version))
  const timeoutMs = version >= 10 ? reader.int32() : 0
  if (flexible) reader.skipTags()
  return { replicaId, isolationLevel, topics, timeoutMs }
}

export function writeListOffsetsRequest(writer: Writer, version: number, value: ListOffsetsRequest): void {
  const flexible = version >= 6
  writer.int32(value.replicaId)
  if (version >= 2) writer.int8(value.isolationLevel)
  else if (value.isolationLevel !== 0) throw unwritable('ListOffsetsRequest', 'isolationLevel', version)
  writer.arrayCount(value.topics.length, flexible)
  for (const element of value.topics) writeListOffsetsRequestTopic(writer, version, element)
  if (version >= 10) writer.int32(value.timeoutMs)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultListOffsetsRequestTopic(): ListOffsetsRequestTopic {
  return {
    name: '',
    partitions: [],
  }
}

function readListOffsetsRequestTopic(reader: Reader, version: number): ListOffsetsRequestTopic {
  const flexible = version >= 6
  const name = reader.string(flexible)
  const partitionsCount = reader.arrayCount(flexible, 12)
  const partitions: ListOffsetsRequestTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readListOffsetsRequestTopicPartition(reader, version))
  if (flexible) reader.skipTags()
  return { name, partitions }
}

function writeListOffsetsRequestTopic(writer: Writer, version: number, value: ListOffsetsRequestTopic): void {
  const flexible = version >= 6
  writer.string(value.name, flexible)
  writer.arrayCount(value.partitions.length, flexible)
  for (const element of value.partitions) writeListOffsetsRequestTopicPartition(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultListOffsetsRequestTopicPartition(): ListOffsetsRequestTopicPartition {
  return {
    partitionIndex: 0,
    currentLeaderEpoch: -1,
    timestamp: 0,
  }
}

function readListOffsetsRequestTopicPartition(reader: Reader, version: number): ListOffsetsRequestTopicPartition {
  const flexible = version >= 6
  const partitionIndex = reader.int32()
  const currentLeaderEpoch = version >= 4 ? reader.int32() : -1
  const timestamp = reader.int64()
  if (flexible) reader.skipTags()
  return { partitionIndex, currentLeaderEpoch, timestamp }
}

function writeListOffsetsRequestTopicPartition(writer: Writer, version: number, value: ListOffsetsRequestTopicPartition): void {
  const flexible = version >= 6
  writer.int32(value.partitionIndex)
  if (version >= 4) writer.int32(value.currentLeaderEpoch)
  writer.int64(value.timestamp)
  if (flexible) writer.unsignedVarint(0)
}

// ── ListOffsetsResponse (2) 1-11 ──

export interface ListOffsetsResponse extends Infer<typeof schema.ListOffsetsResponse> {}
export type ListOffsetsResponseTopic = ListOffsetsResponse['topics'][number]
export type ListOffsetsResponseTopicPartition = ListOffsetsResponseTopic['partitions'][number]

export function defaultListOffsetsResponse(): ListOffsetsResponse {
  return {
    throttleTimeMs: 0,
    topics: [],
  }
}

export function readListOffsetsResponse(reader: Reader, version: number): ListOffsetsResponse {
  const flexible = version >= 6
  const throttleTimeMs = version >= 2 ? reader.int32() : 0
  const topicsCount = reader.arrayCount(flexible, 3)
  const topics: ListOffsetsResponseTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readListOffsetsResponseTopic(reader, version))
  if (flexible) reader.skipTags()
  return { throttleTimeMs, topics }
}

export function writeListOffsetsResponse(writer: Writer, version: number, value: ListOffsetsResponse): void {
  const flexible = version >= 6
  if (version >= 2) writer.int32(value.throttleTimeMs)
  writer.arrayCount(value.topics.length, flexible)
  for (const element of value.topics) writeListOffsetsResponseTopic(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultListOffsetsResponseTopic(): ListOffsetsResponseTopic {
  return {
    name: '',
    partitions: [],
  }
}

function readListOffsetsResponseTopic(reader: Reader, version: number): ListOffsetsResponseTopic {
  const flexible = version >= 6
  const name = reader.string(flexible)
  const partitionsCount = reader.arrayCount(flexible, 22)
  const partitions: ListOffsetsResponseTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readListOffsetsResponseTopicPartition(reader, version))
  if (flexible) reader.skipTags()
  return { name, partitions }
}

function writeListOffsetsResponseTopic(writer: Writer, version: number, value: ListOffsetsResponseTopic): void {
  const flexible = version >= 6
  writer.string(value.name, flexible)
  writer.arrayCount(value.partitions.length, flexible)
  for (const element of value.partitions) writeListOffsetsResponseTopicPartition(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultListOffsetsResponseTopicPartition(): ListOffsetsResponseTopicPartition {
  return {
    partitionIndex: 0,
    errorCode: 0,
    timestamp: -1,
    offset: -1,
    leaderEpoch: -1,
  }
}

function readListOffsetsResponseTopicPartition(reader: Reader, version: number): ListOffsetsResponseTopicPartition {
  const flexible = version >= 6
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const timestamp = reader.int64()
  const offset = reader.int64()
  const leaderEpoch = version >= 4 ? reader.int32() : -1
  if (flexible) reader.skipTags()
  return { partitionIndex, errorCode, timestamp, offset, leaderEpoch }
}

function writeListOffsetsResponseTopicPartition(writer: Writer, version: number, value: ListOffsetsResponseTopicPartition): void {
  const flexible = version >= 6
  writer.int32(value.partitionIndex)
  writer.errorCode(value.errorCode)
  writer.int64(value.timestamp)
  writer.int64(value.offset)
  if (version >= 4) writer.int32(value.leaderEpoch)
  else if (value.leaderEpoch !== -1) throw unwritable('ListOffsetsResponse', 'leaderEpoch', version)
  if (flexible) writer.unsignedVarint(0)
}

// ── OffsetForLeaderEpochRequest (23) 2-4 ──

export interface OffsetForLeaderEpochRequest extends Infer<typeof schema.OffsetForLeaderEpochRequest> {}
export type OffsetForLeaderEpochRequestTopic = OffsetForLeaderEpochRequest['topics'][number]
export type OffsetForLeaderEpochRequestTopicPartition = OffsetForLeaderEpochRequestTopic['partitions'][number]

export function defaultOffsetForLeaderEpochRequest(): OffsetForLeaderEpochRequest {
  return {
    replicaId: -2,
    topics: [],
  }
}

export function readOffsetForLeaderEpochRequest(reader: Reader, version: number): OffsetForLeaderEpochRequest {
  const flexible = version >= 4
  const replicaId = version >= 3 ? reader.int32() : -2
  const topicsCount = reader.arrayCount(flexible, 3)
  const topics: OffsetForLeaderEpochRequestTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readOffsetForLeaderEpochRequestTopic(reader, version))
  if (flexible) reader.skipTags()
  return { replicaId, topics }
}

export function writeOffsetForLeaderEpochRequest(writer: Writer, version: number, value: OffsetForLeaderEpochRequest): void {
  const flexible = version >= 4
  if (version >= 3) writer.int32(value.replicaId)
  writer.arrayCount(value.topics.length, flexible)
  for (const element of value.topics) writeOffsetForLeaderEpochRequestTopic(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultOffsetForLeaderEpochRequestTopic(): OffsetForLeaderEpochRequestTopic {
  return {
    topic: '',
    partitions: [],
  }
}

function readOffsetForLeaderEpochRequestTopic(reader: Reader, version: number): OffsetForLeaderEpochRequestTopic {
  const flexible = version >= 4
  const topic = reader.string(flexible)
  const partitionsCount = reader.arrayCount(flexible, 12)
  const partitions: OffsetForLeaderEpochRequestTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readOffsetForLeaderEpochRequestTopicPartition(reader, version))
  if (flexible) reader.skipTags()
  return { topic, partitions }
}

function writeOffsetForLeaderEpochRequestTopic(writer: Writer, version: number, value: OffsetForLeaderEpochRequestTopic): void {
  const flexible = version >= 4
  writer.string(value.topic, flexible)
  writer.arrayCount(value.partitions.length, flexible)
  for (const element of value.partitions) writeOffsetForLeaderEpochRequestTopicPartition(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultOffsetForLeaderEpochRequestTopicPartition(): OffsetForLeaderEpochRequestTopicPartition {
  return {
    partition: 0,
    currentLeaderEpoch: -1,
    leaderEpoch: 0,
  }
}

function readOffsetForLeaderEpochRequestTopicPartition(reader: Reader, version: number): OffsetForLeaderEpochRequestTopicPartition {
  const flexible = version >= 4
  const partition = reader.int32()
  const currentLeaderEpoch = reader.int32()
  const leaderEpoch = reader.int32()
  if (flexible) reader.skipTags()
  return { partition, currentLeaderEpoch, leaderEpoch }
}

function writeOffsetForLeaderEpochRequestTopicPartition(writer: Writer, version: number, value: OffsetForLeaderEpochRequestTopicPartition): void {
  const flexible = version >= 4
  writer.int32(value.partition)
  writer.int32(value.currentLeaderEpoch)
  writer.int32(value.leaderEpoch)
  if (flexible) writer.unsignedVarint(0)
}

// ── OffsetForLeaderEpochResponse (23) 2-4 ──

export interface OffsetForLeaderEpochResponse extends Infer<typeof schema.OffsetForLeaderEpochResponse> {}
export type OffsetForLeaderEpochResponseTopic = OffsetForLeaderEpochResponse['topics'][number]
export type OffsetForLeaderEpochResponseTopicPartition = OffsetForLeaderEpochResponseTopic['partitions'][number]

export function defaultOffsetForLeaderEpochResponse(): OffsetForLeaderEpochResponse {
  return {
    throttleTimeMs: 0,
    topics: [],
  }
}

export function readOffsetForLeaderEpochResponse(reader: Reader, version: number): OffsetForLeaderEpochResponse {
  const flexible = version >= 4
  const throttleTimeMs = reader.int32()
  const topicsCount = reader.arrayCount(flexible, 3)
  const topics: OffsetForLeaderEpochResponseTopic[] = []
  for (let index = 0; index < topicsCount; index++) topics.push(readOffsetForLeaderEpochResponseTopic(reader, version))
  if (flexible) reader.skipTags()
  return { throttleTimeMs, topics }
}

export function writeOffsetForLeaderEpochResponse(writer: Writer, version: number, value: OffsetForLeaderEpochResponse): void {
  const flexible = version >= 4
  writer.int32(value.throttleTimeMs)
  writer.arrayCount(value.topics.length, flexible)
  for (const element of value.topics) writeOffsetForLeaderEpochResponseTopic(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultOffsetForLeaderEpochResponseTopic(): OffsetForLeaderEpochResponseTopic {
  return {
    topic: '',
    partitions: [],
  }
}

function readOffsetForLeaderEpochResponseTopic(reader: Reader, version: number): OffsetForLeaderEpochResponseTopic {
  const flexible = version >= 4
  const topic = reader.string(flexible)
  const partitionsCount = reader.arrayCount(flexible, 18)
  const partitions: OffsetForLeaderEpochResponseTopicPartition[] = []
  for (let index = 0; index < partitionsCount; index++) partitions.push(readOffsetForLeaderEpochResponseTopicPartition(reader, version))
  if (flexible) reader.skipTags()
  return { topic, partitions }
}

function writeOffsetForLeaderEpochResponseTopic(writer: Writer, version: number, value: OffsetForLeaderEpochResponseTopic): void {
  const flexible = version >= 4
  writer.string(value.topic, flexible)
  writer.arrayCount(value.partitions.length, flexible)
  for (const element of value.partitions) writeOffsetForLeaderEpochResponseTopicPartition(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultOffsetForLeaderEpochResponseTopicPartition(): OffsetForLeaderEpochResponseTopicPartition {
  return {
    errorCode: 0,
    partition: 0,
    leaderEpoch: -1,
    endOffset: -1,
  }
}

function readOffsetForLeaderEpochResponseTopicPartition(reader: Reader, version: number): OffsetForLeaderEpochResponseTopicPartition {
  const flexible = version >= 4
  const errorCode = reader.int16()
  const partition = reader.int32()
  const leaderEpoch = reader.int32()
  const endOffset = reader.int64()
  if (flexible) reader.skipTags()
  return { errorCode, partition, leaderEpoch, endOffset }
}

function writeOffsetForLeaderEpochResponseTopicPartition(writer: Writer, version: number, value: OffsetForLeaderEpochResponseTopicPartition): void {
  const flexible = version >= 4
  writer.errorCode(value.errorCode)
  writer.int32(value.partition)
  writer.int32(value.leaderEpoch)
  writer.int64(value.endOffset)
  if (flexible) writer.unsignedVarint(0)
}

// ── ProduceRequest (0) 3-13 ──

export interface ProduceRequest<Records extends RecordsSource = Buffer> extends Infer<typeof schema.ProduceRequest, Records> {}
export type ProduceRequestTopicData<Records extends RecordsSource = Buffer> = ProduceRequest<Records>['topicData'][number]
export type ProduceRequestTopicDataPartitionData<Records extends RecordsSource = Buffer> = ProduceRequestTopicData<Records>['partitionData'][number]

export function defaultProduceRequest(): ProduceRequest<Buffer> {
  return {
    transactionalId: null,
    acks: 0,
    timeoutMs: 0,
    topicData: [],
  }
}

export function readProduceRequest(reader: Reader, version: number): ProduceRequest<Buffer> {
  const flexible = version >= 9
  const transactionalId = reader.nullableString(flexible)
  const acks = reader.int16()
  const timeoutMs = reader.int32()
  const topicDataCount = reader.arrayCount(flexible, 3)
  const topicData: ProduceRequestTopicData<Buffer>[] = []
  for (let index = 0; index < topicDataCount; index++) topicData.push(readProduceRequestTopicData(reader, version))
  if (flexible) reader.skipTags()
  return { transactionalId, acks, timeoutMs, topicData }
}

export function writeProduceRequest(writer: Writer, version: number, value: ProduceRequest<RecordsSource>): void {
  const flexible = version >= 9
  writer.string(value.transactionalId, flexible)
  writer.int16(value.acks)
  writer.int32(value.timeoutMs)
  writer.arrayCount(value.topicData.length, flexible)
  for (const element of value.topicData) writeProduceRequestTopicData(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultProduceRequestTopicData(): ProduceRequestTopicData<Buffer> {
  return {
    name: '',
    topicId: ZERO_UUID,
    partitionData: [],
  }
}

function readProduceRequestTopicData(reader: Reader, version: number): ProduceRequestTopicData<Buffer> {
  const flexible = version >= 9
  const name = version <= 12 ? reader.string(flexible) : ''
  const topicId = version >= 13 ? reader.uuid() : ZERO_UUID
  const partitionDataCount = reader.arrayCount(flexible, 6)
  const partitionData: ProduceRequestTopicDataPartitionData<Buffer>[] = []
  for (let index = 0; index < partitionDataCount; index++) partitionData.push(readProduceRequestTopicDataPartitionData(reader, version))
  if (flexible) reader.skipTags()
  return { name, topicId, partitionData }
}

function writeProduceRequestTopicData(writer: Writer, version: number, value: ProduceRequestTopicData<RecordsSource>): void {
  const flexible = version >= 9
  if (version <= 12) writer.string(value.name, flexible)
  if (version >= 13) writer.uuid(value.topicId)
  writer.arrayCount(value.partitionData.length, flexible)
  for (const element of value.partitionData) writeProduceRequestTopicDataPartitionData(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultProduceRequestTopicDataPartitionData(): ProduceRequestTopicDataPartitionData<Buffer> {
  return {
    index: 0,
    records: null,
  }
}

function readProduceRequestTopicDataPartitionData(reader: Reader, version: number): ProduceRequestTopicDataPartitionData<Buffer> {
  const flexible = version >= 9
  const indexField = reader.int32()
  const records = reader.nullableBytes(flexible)
  if (flexible) reader.skipTags()
  return { index: indexField, records }
}

function writeProduceRequestTopicDataPartitionData(writer: Writer, version: number, value: ProduceRequestTopicDataPartitionData<RecordsSource>): void {
  const flexible = version >= 9
  writer.int32(value.index)
  writer.records(value.records, flexible)
  if (flexible) writer.unsignedVarint(0)
}

// ── ProduceResponse (0) 3-13 ──

export interface ProduceResponse extends Infer<typeof schema.ProduceResponse> {}
export type ProduceResponseResponse = ProduceResponse['responses'][number]
export type ProduceResponseResponsePartitionResponse = ProduceResponseResponse['partitionResponses'][number]
export type ProduceResponseResponsePartitionResponseRecordError = ProduceResponseResponsePartitionResponse['recordErrors'][number]
export type ProduceResponseResponsePartitionResponseCurrentLeader = ProduceResponseResponsePartitionResponse['currentLeader']
export type ProduceResponseNodeEndpoint = ProduceResponse['nodeEndpoints'][number]

export function defaultProduceResponse(): ProduceResponse {
  return {
    responses: [],
    throttleTimeMs: 0,
    nodeEndpoints: [],
  }
}

export function readProduceResponse(reader: Reader, version: number): ProduceResponse {
  const flexible = version >= 9
  let nodeEndpoints: ProduceResponseNodeEndpoint[] = []
  const responsesCount = reader.arrayCount(flexible, 3)
  const responses: ProduceResponseResponse[] = []
  for (let index = 0; index < responsesCount; index++) responses.push(readProduceResponseResponse(reader, version))
  const throttleTimeMs = reader.int32()
  if (flexible) {
    for (let count = reader.tagCount(); count > 0; count--) {
      const tag = reader.unsignedVarint()
      const end = reader.tagEnd()
      switch (tag) {
        case 0: {
          if (version >= 10) {
            const nodeEndpointsCount = reader.arrayCount(true, 11)
            nodeEndpoints = []
            for (let index = 0; index < nodeEndpointsCount; index++) nodeEndpoints.push(readProduceResponseNodeEndpoint(reader, version))
          } else reader.position = end
          break
        }
        default:
          reader.position = end
      }
      reader.leaveTag(end)
    }
  }
  return { responses, throttleTimeMs, nodeEndpoints }
}

export function writeProduceResponse(writer: Writer, version: number, value: ProduceResponse): void {
  const flexible = version >= 9
  writer.arrayCount(value.responses.length, flexible)
  for (const element of value.responses) writeProduceResponseResponse(writer, version, element)
  writer.int32(value.throttleTimeMs)
  if (!(version >= 10) && value.nodeEndpoints.length !== 0) throw unwritable('ProduceResponse', 'nodeEndpoints', version)
  if (flexible) {
    let tags = 0
    if (version >= 10 && value.nodeEndpoints.length !== 0) tags++
    writer.unsignedVarint(tags)
    if (version >= 10 && value.nodeEndpoints.length !== 0) {
      const mark = writer.beginTag(0)
      writer.arrayCount(value.nodeEndpoints.length, true)
      for (const element of value.nodeEndpoints) writeProduceResponseNodeEndpoint(writer, version, element)
      writer.endTag(mark)
    }
  }
}

export function defaultProduceResponseResponse(): ProduceResponseResponse {
  return {
    name: '',
    topicId: ZERO_UUID,
    partitionResponses: [],
  }
}

function readProduceResponseResponse(reader: Reader, version: number): ProduceResponseResponse {
  const flexible = version >= 9
  const name = version <= 12 ? reader.string(flexible) : ''
  const topicId = version >= 13 ? reader.uuid() : ZERO_UUID
  const partitionResponsesCount = reader.arrayCount(flexible, 22)
  const partitionResponses: ProduceResponseResponsePartitionResponse[] = []
  for (let index = 0; index < partitionResponsesCount; index++) partitionResponses.push(readProduceResponseResponsePartitionResponse(reader, version))
  if (flexible) reader.skipTags()
  return { name, topicId, partitionResponses }
}

function writeProduceResponseResponse(writer: Writer, version: number, value: ProduceResponseResponse): void {
  const flexible = version >= 9
  if (version <= 12) writer.string(value.name, flexible)
  if (version >= 13) writer.uuid(value.topicId)
  writer.arrayCount(value.partitionResponses.length, flexible)
  for (const element of value.partitionResponses) writeProduceResponseResponsePartitionResponse(writer, version, element)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultProduceResponseResponsePartitionResponse(): ProduceResponseResponsePartitionResponse {
  return {
    index: 0,
    errorCode: 0,
    baseOffset: 0,
    logAppendTimeMs: -1,
    logStartOffset: -1,
    recordErrors: [],
    errorMessage: null,
    currentLeader: defaultProduceResponseResponsePartitionResponseCurrentLeader(),
  }
}

function readProduceResponseResponsePartitionResponse(reader: Reader, version: number): ProduceResponseResponsePartitionResponse {
  const flexible = version >= 9
  let currentLeader: ProduceResponseResponsePartitionResponseCurrentLeader = defaultProduceResponseResponsePartitionResponseCurrentLeader()
  const indexField = reader.int32()
  const errorCode = reader.int16()
  const baseOffset = reader.int64()
  const logAppendTimeMs = reader.int64()
  const logStartOffset = version >= 5 ? reader.int64() : -1
  const recordErrorsCount = version >= 8 ? reader.arrayCount(flexible, 6) : 0
  const recordErrors: ProduceResponseResponsePartitionResponseRecordError[] = []
  for (let index = 0; index < recordErrorsCount; index++) recordErrors.push(readProduceResponseResponsePartitionResponseRecordError(reader, version))
  const errorMessage = version >= 8 ? reader.nullableString(flexible) : null
  if (flexible) {
    for (let count = reader.tagCount(); count > 0; count--) {
      const tag = reader.unsignedVarint()
      const end = reader.tagEnd()
      switch (tag) {
        case 0: {
          if (version >= 10) {
            currentLeader = readProduceResponseResponsePartitionResponseCurrentLeader(reader, version)
          } else reader.position = end
          break
        }
        default:
          reader.position = end
      }
      reader.leaveTag(end)
    }
  }
  return {
    index: indexField,
    errorCode,
    baseOffset,
    logAppendTimeMs,
    logStartOffset,
    recordErrors,
    errorMessage,
    currentLeader,
  }
}

function writeProduceResponseResponsePartitionResponse(writer: Writer, version: number, value: ProduceResponseResponsePartitionResponse): void {
  const flexible = version >= 9
  writer.int32(value.index)
  writer.errorCode(value.errorCode)
  writer.int64(value.baseOffset)
  writer.int64(value.logAppendTimeMs)
  if (version >= 5) writer.int64(value.logStartOffset)
  if (version >= 8) {
    writer.arrayCount(value.recordErrors.length, flexible)
    for (const element of value.recordErrors) writeProduceResponseResponsePartitionResponseRecordError(writer, version, element)
  }
  if (version >= 8) writer.string(value.errorMessage, flexible)
  if (!(version >= 10) && !isDefaultProduceResponseResponsePartitionResponseCurrentLeader(value.currentLeader)) throw unwritable('ProduceResponse', 'currentLeader', version)
  if (flexible) {
    let tags = 0
    if (version >= 10 && !isDefaultProduceResponseResponsePartitionResponseCurrentLeader(value.currentLeader)) tags++
    writer.unsignedVarint(tags)
    if (version >= 10 && !isDefaultProduceResponseResponsePartitionResponseCurrentLeader(value.currentLeader)) {
      const mark = writer.beginTag(0)
      writeProduceResponseResponsePartitionResponseCurrentLeader(writer, version, value.currentLeader)
      writer.endTag(mark)
    }
  }
}

export function defaultProduceResponseResponsePartitionResponseRecordError(): ProduceResponseResponsePartitionResponseRecordError {
  return {
    batchIndex: 0,
    batchIndexErrorMessage: null,
  }
}

function readProduceResponseResponsePartitionResponseRecordError(reader: Reader, version: number): ProduceResponseResponsePartitionResponseRecordError {
  const flexible = version >= 9
  const batchIndex = reader.int32()
  const batchIndexErrorMessage = reader.nullableString(flexible)
  if (flexible) reader.skipTags()
  return { batchIndex, batchIndexErrorMessage }
}

function writeProduceResponseResponsePartitionResponseRecordError(writer: Writer, version: number, value: ProduceResponseResponsePartitionResponseRecordError): void {
  const flexible = version >= 9
  writer.int32(value.batchIndex)
  writer.string(value.batchIndexErrorMessage, flexible)
  if (flexible) writer.unsignedVarint(0)
}

export function defaultProduceResponseResponsePartitionResponseCurrentLeader(): ProduceResponseResponsePartitionResponseCurrentLeader {
  return {
    leaderId: -1,
    leaderEpoch: -1,
  }
}

function readProduceResponseResponsePartitionResponseCurrentLeader(reader: Reader, _version: number): ProduceResponseResponsePartitionResponseCurrentLeader {
  const leaderId = reader.int32()
  const leaderEpoch = reader.int32()
  reader.skipTags()
  return { leaderId, leaderEpoch }
}

function writeProduceResponseResponsePartitionResponseCurrentLeader(writer: Writer, _version: number, value: ProduceResponseResponsePartitionResponseCurrentLeader): void {
  writer.int32(value.leaderId)
  writer.int32(value.leaderEpoch)
  writer.unsignedVarint(0)
}

export function defaultProduceResponseNodeEndpoint(): ProduceResponseNodeEndpoint {
  return {
    nodeId: 0,
    host: '',
    port: 0,
    rack: null,
  }
}

function readProduceResponseNodeEndpoint(reader: Reader, _version: number): ProduceResponseNodeEndpoint {
  const nodeId = reader.int32()
  const host = reader.string(true)
  const port = reader.int32()
  const rack = reader.nullableString(true)
  reader.skipTags()
  return { nodeId, host, port, rack }
}

function writeProduceResponseNodeEndpoint(writer: Writer, _version: number, value: ProduceResponseNodeEndpoint): void {
  writer.int32(value.nodeId)
  writer.string(value.host, true)
  writer.int32(value.port)
  writer.string(value.rack, true)
  writer.unsignedVarint(0)
}

function isDefaultProduceResponseResponsePartitionResponseCurrentLeader(value: ProduceResponseResponsePartitionResponseCurrentLeader): boolean {
  return value.leaderId === -1 && value.leaderEpoch === -1
}
