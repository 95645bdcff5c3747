/** SCRAM credentials (KIP-554) and delegation tokens (KIP-48, KIP-373). */

import { array, bytes, int8, int16, int32, int64, message, string } from '../schema.ts'

export const DescribeUserScramCredentialsRequest = message({
  kind: 'request',
  name: 'DescribeUserScramCredentials',
  key: 50,
  versions: '0',
  flexible: '0+',
  fields: {
    users: array({ nullable: true }).of({
      name: string(),
    }),
  },
})

export const DescribeUserScramCredentialsResponse = message({
  kind: 'response',
  name: 'DescribeUserScramCredentials',
  key: 50,
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32(),
    errorCode: int16(),
    errorMessage: string({ nullable: true }),
    results: array().of({
      user: string(),
      errorCode: int16(),
      errorMessage: string({ nullable: true }),
      credentialInfos: array().of({
        mechanism: int8(),
        iterations: int32(),
      }),
    }),
  },
})

export const AlterUserScramCredentialsRequest = message({
  kind: 'request',
  name: 'AlterUserScramCredentials',
  key: 51,
  versions: '0',
  flexible: '0+',
  fields: {
    deletions: array().of({
      name: string(),
      mechanism: int8(),
    }),
    upsertions: array().of({
      name: string(),
      mechanism: int8(),
      iterations: int32(),
      salt: bytes(),
      saltedPassword: bytes(),
    }),
  },
})

export const AlterUserScramCredentialsResponse = message({
  kind: 'response',
  name: 'AlterUserScramCredentials',
  key: 51,
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32(),
    results: array().of({
      user: string(),
      errorCode: int16(),
      errorMessage: string({ nullable: true }),
    }),
  },
})

export const CreateDelegationTokenRequest = message({
  kind: 'request',
  name: 'CreateDelegationToken',
  key: 38,
  versions: '1-3',
  flexible: '2+',
  fields: {
    ownerPrincipalType: string({ versions: '3+', nullable: true }),
    ownerPrincipalName: string({ versions: '3+', nullable: true }),
    renewers: array().of({
      principalType: string(),
      principalName: string(),
    }),
    maxLifetimeMs: int64(),
  },
})

export const CreateDelegationTokenResponse = message({
  kind: 'response',
  name: 'CreateDelegationToken',
  key: 38,
  versions: '1-3',
  flexible: '2+',
  fields: {
    errorCode: int16(),
    principalType: string(),
    principalName: string(),
    tokenRequesterPrincipalType: string({ versions: '3+' }),
    tokenRequesterPrincipalName: string({ versions: '3+' }),
    issueTimestampMs: int64(),
    expiryTimestampMs: int64(),
    maxTimestampMs: int64(),
    tokenId: string(),
    hmac: bytes(),
    throttleTimeMs: int32(),
  },
})

export const RenewDelegationTokenRequest = message({
  kind: 'request',
  name: 'RenewDelegationToken',
  key: 39,
  versions: '1-2',
  flexible: '2+',
  fields: {
    hmac: bytes(),
    renewPeriodMs: int64(),
  },
})

export const RenewDelegationTokenResponse = message({
  kind: 'response',
  name: 'RenewDelegationToken',
  key: 39,
  versions: '1-2',
  flexible: '2+',
  fields: {
    errorCode: int16(),
    expiryTimestampMs: int64(),
    throttleTimeMs: int32(),
  },
})

export const ExpireDelegationTokenRequest = message({
  kind: 'request',
  name: 'ExpireDelegationToken',
  key: 40,
  versions: '1-2',
  flexible: '2+',
  fields: {
    hmac: bytes(),
    expiryTimePeriodMs: int64(),
  },
})

export const ExpireDelegationTokenResponse = message({
  kind: 'response',
  name: 'ExpireDelegationToken',
  key: 40,
  versions: '1-2',
  flexible: '2+',
  fields: {
    errorCode: int16(),
    expiryTimestampMs: int64(),
    throttleTimeMs: int32(),
  },
})

export const DescribeDelegationTokenRequest = message({
  kind: 'request',
  name: 'DescribeDelegationToken',
  key: 41,
  versions: '1-3',
  flexible: '2+',
  fields: {
    owners: array({ nullable: true }).of({
      principalType: string(),
      principalName: string(),
    }),
  },
})

export const DescribeDelegationTokenResponse = message({
  kind: 'response',
  name: 'DescribeDelegationToken',
  key: 41,
  versions: '1-3',
  flexible: '2+',
  fields: {
    errorCode: int16(),
    tokens: array().of({
      principalType: string(),
      principalName: string(),
      tokenRequesterPrincipalType: string({ versions: '3+' }),
      tokenRequesterPrincipalName: string({ versions: '3+' }),
      issueTimestamp: int64(),
      expiryTimestamp: int64(),
      maxTimestamp: int64(),
      tokenId: string(),
      hmac: bytes(),
      renewers: array().of({
        principalType: string(),
        principalName: string(),
      }),
    }),
    throttleTimeMs: int32(),
  },
})
