/** Metrics that clients push (KIP-714). */

import { array, bool, bytes, int8, int16, int32, message, string, uuid } from '../schema.ts'

export const GetTelemetrySubscriptionsRequest = message({
  kind: 'request',
  name: 'GetTelemetrySubscriptions',
  key: 71,
  versions: '0',
  flexible: '0+',
  fields: {
    clientInstanceId: uuid(),
  },
})

export const GetTelemetrySubscriptionsResponse = message({
  kind: 'response',
  name: 'GetTelemetrySubscriptions',
  key: 71,
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    clientInstanceId: uuid(),
    subscriptionId: int32(),
    acceptedCompressionTypes: array().of(int8()),
    pushIntervalMs: int32(),
    telemetryMaxBytes: int32(),
    deltaTemporality: bool(),
    requestedMetrics: array().of(string()),
  },
})

export const PushTelemetryRequest = message({
  kind: 'request',
  name: 'PushTelemetry',
  key: 72,
  versions: '0',
  flexible: '0+',
  fields: {
    clientInstanceId: uuid(),
    subscriptionId: int32(),
    terminating: bool(),
    compressionType: int8(),
    metrics: bytes(),
  },
})

export const PushTelemetryResponse = message({
  kind: 'response',
  name: 'PushTelemetry',
  key: 72,
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
  },
})
