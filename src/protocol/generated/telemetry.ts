// From ../messages/telemetry.ts. Written by scripts/generate-codecs.ts: change the source and run `npm run generate`.

import { ZERO_UUID } from '../../base/uuid.ts'
import type * as schema from '../messages/telemetry.ts'
import { EMPTY_BYTES } from '../reader.ts'
import type { Reader } from '../reader.ts'
import type { Infer } from '../schema.ts'
import type { Writer } from '../writer.ts'

// ── GetTelemetrySubscriptionsRequest (71) 0 ──

export interface GetTelemetrySubscriptionsRequest extends Infer<typeof schema.GetTelemetrySubscriptionsRequest> {}

export function defaultGetTelemetrySubscriptionsRequest(): GetTelemetrySubscriptionsRequest {
  return {
    clientInstanceId: ZERO_UUID,
  }
}

export function readGetTelemetrySubscriptionsRequest(reader: Reader, _version: number): GetTelemetrySubscriptionsRequest {
  const clientInstanceId = reader.uuid()
  reader.skipTags()
  return { clientInstanceId }
}

export function writeGetTelemetrySubscriptionsRequest(writer: Writer, _version: number, value: GetTelemetrySubscriptionsRequest): void {
  writer.uuid(value.clientInstanceId)
  writer.unsignedVarint(0)
}

// ── GetTelemetrySubscriptionsResponse (71) 0 ──

export interface GetTelemetrySubscriptionsResponse extends Infer<typeof schema.GetTelemetrySubscriptionsResponse> {}

export function defaultGetTelemetrySubscriptionsResponse(): GetTelemetrySubscriptionsResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
    clientInstanceId: ZERO_UUID,
    subscriptionId: 0,
    acceptedCompressionTypes: [],
    pushIntervalMs: 0,
    telemetryMaxBytes: 0,
    deltaTemporality: false,
    requestedMetrics: [],
  }
}

export function readGetTelemetrySubscriptionsResponse(reader: Reader, _version: number): GetTelemetrySubscriptionsResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const clientInstanceId = reader.uuid()
  const subscriptionId = reader.int32()
  const acceptedCompressionTypesCount = reader.arrayCount(true, 1)
  const acceptedCompressionTypes = reader.int8Array(acceptedCompressionTypesCount)
  const pushIntervalMs = reader.int32()
  const telemetryMaxBytes = reader.int32()
  const deltaTemporality = reader.bool()
  const requestedMetricsCount = reader.arrayCount(true, 1)
  const requestedMetrics = reader.stringArray(requestedMetricsCount, true)
  reader.skipTags()
  return {
    throttleTimeMs,
    errorCode,
    clientInstanceId,
    subscriptionId,
    acceptedCompressionTypes,
    pushIntervalMs,
    telemetryMaxBytes,
    deltaTemporality,
    requestedMetrics,
  }
}

export function writeGetTelemetrySubscriptionsResponse(writer: Writer, _version: number, value: GetTelemetrySubscriptionsResponse): void {
  writer.int32(value.throttleTimeMs)
  writer.errorCode(value.errorCode)
  writer.uuid(value.clientInstanceId)
  writer.int32(value.subscriptionId)
  writer.arrayCount(value.acceptedCompressionTypes.length, true)
  writer.int8Array(value.acceptedCompressionTypes)
  writer.int32(value.pushIntervalMs)
  writer.int32(value.telemetryMaxBytes)
  writer.bool(value.deltaTemporality)
  writer.arrayCount(value.requestedMetrics.length, true)
  writer.stringArray(value.requestedMetrics, true)
  writer.unsignedVarint(0)
}

// ── PushTelemetryRequest (72) 0 ──

export interface PushTelemetryRequest extends Infer<typeof schema.PushTelemetryRequest> {}

export function defaultPushTelemetryRequest(): PushTelemetryRequest {
  return {
    clientInstanceId: ZERO_UUID,
    subscriptionId: 0,
    terminating: false,
    compressionType: 0,
    metrics: EMPTY_BYTES,
  }
}

export function readPushTelemetryRequest(reader: Reader, _version: number): PushTelemetryRequest {
  const clientInstanceId = reader.uuid()
  const subscriptionId = reader.int32()
  const terminating = reader.bool()
  const compressionType = reader.int8()
  const metrics = reader.bytes(true)
  reader.skipTags()
  return { clientInstanceId, subscriptionId, terminating, compressionType, metrics }
}

export function writePushTelemetryRequest(writer: Writer, _version: number, value: PushTelemetryRequest): void {
  writer.uuid(value.clientInstanceId)
  writer.int32(value.subscriptionId)
  writer.bool(value.terminating)
  writer.int8(value.compressionType)
  writer.bytes(value.metrics, true)
  writer.unsignedVarint(0)
}

// ── PushTelemetryResponse (72) 0 ──

export interface PushTelemetryResponse extends Infer<typeof schema.PushTelemetryResponse> {}

export function defaultPushTelemetryResponse(): PushTelemetryResponse {
  return {
    throttleTimeMs: 0,
    errorCode: 0,
  }
}

export function readPushTelemetryResponse(reader: Reader, _version: number): PushTelemetryResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  reader.skipTags()
  return { throttleTimeMs, errorCode }
}

export function writePushTelemetryResponse(writer: Writer, _version: number, value: PushTelemetryResponse): void {
  writer.int32(value.throttleTimeMs)
  writer.errorCode(value.errorCode)
  writer.unsignedVarint(0)
}
