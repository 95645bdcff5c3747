import { describe, expect, it } from 'vitest'
import type { IncomingResponseOf, OutgoingRequestOf } from '../../../protocol/api.ts'
import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import type { Handler } from '../../net/handler.ts'
import { throughCodecs, versionsOf } from '../test-kit.ts'
import { type SecurityApi, securityHandlers } from './handlers.ts'

const {
  NONE,
  DELEGATION_TOKEN_REQUEST_NOT_ALLOWED,
  DUPLICATE_RESOURCE,
  ILLEGAL_SASL_STATE,
  RESOURCE_NOT_FOUND,
  SECURITY_DISABLED,
  UNACCEPTABLE_CREDENTIAL,
  UNSUPPORTED_SASL_MECHANISM,
} = ERROR_CODES

function ask<Name extends SecurityApi>(
  name: Name,
  version: number,
  request: OutgoingRequestOf<Name>,
): Promise<IncomingResponseOf<Name>> {
  return throughCodecs(securityHandlers[name] as Handler<Name>, name, version, request)
}

/** Asks at every version, and expects this of each answer. */
async function expectAtAll<Name extends SecurityApi>(
  name: Name,
  request: OutgoingRequestOf<Name>,
  expected: object,
): Promise<void> {
  for (const version of versionsOf(name))
    expect(await ask(name, version, request), `${name} ${version}`).toMatchObject(expected)
}

const filter = {
  resourceTypeFilter: 1,
  resourceNameFilter: null,
  patternTypeFilter: 3,
  principalFilter: null,
  hostFilter: null,
  operation: 1,
  permissionType: 1,
}

describe('a broker without an authorizer', () => {
  it('says so of every rule, as Kafka does', async () => {
    const { resourceTypeFilter, ...rest } = filter
    await expectAtAll('DescribeAcls', filter, { errorCode: SECURITY_DISABLED, resources: [] })
    const rule = { ...rest, resourceType: 2, resourceName: 't', principal: 'User:a', host: '*' }
    const creation = { ...rule, resourcePatternType: 3, operation: 3, permissionType: 3 }
    const disabled = { errorCode: SECURITY_DISABLED }
    await expectAtAll('CreateAcls', { creations: [creation, creation] }, { results: [disabled, disabled] })
    await expectAtAll('CreateAcls', { creations: [] }, { results: [] })
    const answered = { ...disabled, matchingAcls: [] }
    await expectAtAll('DeleteAcls', { filters: [filter] }, { filterResults: [answered] })
  })
})

describe('a listener without authentication', () => {
  it('is in the wrong state for it, and offers no mechanism', async () => {
    await expectAtAll(
      'SaslHandshake',
      { mechanism: 'PLAIN' },
      { errorCode: ILLEGAL_SASL_STATE, mechanisms: [] },
    )
    await expectAtAll(
      'SaslAuthenticate',
      { authBytes: Buffer.from('a') },
      { errorCode: ILLEGAL_SASL_STATE, authBytes: Buffer.alloc(0) },
    )
  })

  it('gives no delegation tokens and takes none', async () => {
    const errorCode = DELEGATION_TOKEN_REQUEST_NOT_ALLOWED
    const owner = { ownerPrincipalType: '', ownerPrincipalName: '' }
    await expectAtAll(
      'CreateDelegationToken',
      { ...owner, renewers: [], maxLifetimeMs: -1 },
      { errorCode, principalType: 'User', principalName: 'ANONYMOUS', expiryTimestampMs: -1, tokenId: '' },
    )
    const hmac = Buffer.from('x')
    await expectAtAll(
      'RenewDelegationToken',
      { hmac, renewPeriodMs: 1 },
      { errorCode, expiryTimestampMs: -1 },
    )
    await expectAtAll(
      'ExpireDelegationToken',
      { hmac, expiryTimePeriodMs: 1 },
      { errorCode, expiryTimestampMs: -1 },
    )
    for (const owners of [null, []])
      await expectAtAll('DescribeDelegationToken', { owners }, { errorCode, tokens: [] })
  })
})

describe('users with passwords', () => {
  it('are none: who asks for all gets none, who asks for one hears that there is none', async () => {
    for (const users of [null, []])
      expect(await ask('DescribeUserScramCredentials', 0, { users })).toMatchObject({
        errorCode: NONE,
        results: [],
      })
    const users = ['a', 'b', 'b', ''].map((name) => ({ name }))
    const { errorCode, results } = await ask('DescribeUserScramCredentials', 0, { users })
    expect(errorCode).toBe(NONE)
    expect(results.map((result) => [result.user, result.errorCode])).toEqual([
      ['a', RESOURCE_NOT_FOUND],
      ['b', DUPLICATE_RESOURCE],
      ['', RESOURCE_NOT_FOUND],
    ])
  })

  it('are refused for what is wrong with them, once each, and else because there is no authentication', async () => {
    const upsertion = (name: string, change: object = {}) => ({
      name,
      mechanism: 1,
      iterations: 4096,
      salt: Buffer.from('s'),
      saltedPassword: Buffer.from('p'),
      ...change,
    })
    const { results } = await ask('AlterUserScramCredentials', 0, {
      deletions: [
        { name: 'gone', mechanism: 1 },
        { name: 'odd', mechanism: 9 },
        { name: '', mechanism: 1 },
        { name: 'gone', mechanism: 2 },
      ],
      upsertions: [
        upsertion('fine'),
        upsertion('sha-512', { mechanism: 2, iterations: 16_384 }),
        upsertion('sha-1', { mechanism: 0 }),
        upsertion('few', { iterations: 4095 }),
        upsertion('many', { iterations: 16_385 }),
        upsertion('gone'),
      ],
    })
    expect(results.map(({ user, errorCode }) => [user, errorCode])).toEqual([
      ['gone', RESOURCE_NOT_FOUND],
      ['odd', UNSUPPORTED_SASL_MECHANISM],
      ['', UNACCEPTABLE_CREDENTIAL],
      ['fine', UNSUPPORTED_SASL_MECHANISM],
      ['sha-512', UNSUPPORTED_SASL_MECHANISM],
      ['sha-1', UNSUPPORTED_SASL_MECHANISM],
      ['few', UNACCEPTABLE_CREDENTIAL],
      ['many', UNACCEPTABLE_CREDENTIAL],
    ])
  })

  it('a name of any length fits into the answer', async () => {
    const users = [{ name: 'n'.repeat(32_767) }]
    const { results } = await ask('DescribeUserScramCredentials', 0, { users })
    expect(results[0]!.errorMessage!.length).toBeLessThan(300)
  })
})
