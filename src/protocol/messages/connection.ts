/**
 * How a connection starts: the headers of every message, ApiVersions (KIP-35, KIP-511, KIP-584) and SASL
 * (KIP-43, KIP-152).
 */

import { array, bool, bytes, int16, int32, int64, message, string } from '../schema.ts'

export const RequestHeader = message({
  kind: 'header',
  name: 'RequestHeader',
  versions: '1-2',
  flexible: '2+',
  fields: {
    requestApiKey: int16(),
    requestApiVersion: int16(),
    correlationId: int32(),
    clientId: string({ nullable: true, compact: false }),
  },
})

export const ResponseHeader = message({
  kind: 'header',
  name: 'ResponseHeader',
  versions: '0-1',
  flexible: '1+',
  fields: {
    correlationId: int32(),
  },
})

export const ApiVersionsRequest = message({
  kind: 'request',
  name: 'ApiVersions',
  key: 18,
  versions: '0-4',
  flexible: '3+',
  fields: {
    clientSoftwareName: string({ versions: '3+', ignorable: true }),
    clientSoftwareVersion: string({ versions: '3+', ignorable: true }),
  },
})

export const ApiVersionsResponse = message({
  kind: 'response',
  name: 'ApiVersions',
  key: 18,
  versions: '0-4',
  flexible: '3+',
  fields: {
    errorCode: int16(),
    apiKeys: array().of({
      apiKey: int16(),
      minVersion: int16(),
      maxVersion: int16(),
    }),
    throttleTimeMs: int32({ versions: '1+', ignorable: true }),
    supportedFeatures: array({ versions: '3+', tag: 0, ignorable: true }).of({
      name: string(),
      minVersion: int16(),
      maxVersion: int16(),
    }),
    finalizedFeaturesEpoch: int64({ versions: '3+', tag: 1, default: -1, ignorable: true }),
    finalizedFeatures: array({ versions: '3+', tag: 2, ignorable: true }).of({
      name: string(),
      maxVersionLevel: int16(),
      minVersionLevel: int16(),
    }),
    zkMigrationReady: bool({ versions: '3+', tag: 3, ignorable: true }),
  },
})

export const SaslHandshakeRequest = message({
  kind: 'request',
  name: 'SaslHandshake',
  key: 17,
  versions: '0-1',
  flexible: 'none',
  fields: {
    mechanism: string(),
  },
})

export const SaslHandshakeResponse = message({
  kind: 'response',
  name: 'SaslHandshake',
  key: 17,
  versions: '0-1',
  flexible: 'none',
  fields: {
    errorCode: int16(),
    mechanisms: array().of(string()),
  },
})

export const SaslAuthenticateRequest = message({
  kind: 'request',
  name: 'SaslAuthenticate',
  key: 36,
  versions: '0-2',
  flexible: '2+',
  fields: {
    authBytes: bytes(),
  },
})

export const SaslAuthenticateResponse = message({
  kind: 'response',
  name: 'SaslAuthenticate',
  key: 36,
  versions: '0-2',
  flexible: '2+',
  fields: {
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
    authBytes: bytes(),
    sessionLifetimeMs: int64({ versions: '1+', ignorable: true }),
  },
})
