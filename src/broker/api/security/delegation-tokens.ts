import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import { defaultCreateDelegationTokenResponse } from '../../../protocol/generated/index.ts'
import type { HandlersFor } from '../../net/handler.ts'

/** The APIs of delegation tokens. */
export type DelegationTokenApi =
  | 'CreateDelegationToken'
  | 'RenewDelegationToken'
  | 'ExpireDelegationToken'
  | 'DescribeDelegationToken'

/** Kafka 4.3 gives no tokens to, and takes none from, a client that has not said who it is (KIP-48). */
const errorCode = ERROR_CODES.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED
const REFUSED = { errorCode, throttleTimeMs: 0 }
const NEVER = -1
const USER = 'User'
/** Whoever comes in on a listener without authentication. */
const ANONYMOUS = 'ANONYMOUS'

/** Every listener is one without authentication: all of them refuse. */
export const delegationTokenHandlers: HandlersFor<DelegationTokenApi> = {
  CreateDelegationToken: (_, { apiVersion }) => ({
    ...defaultCreateDelegationTokenResponse(),
    ...REFUSED,
    principalType: USER,
    principalName: ANONYMOUS,
    tokenRequesterPrincipalType: apiVersion >= REQUESTER_SINCE ? USER : '',
    tokenRequesterPrincipalName: apiVersion >= REQUESTER_SINCE ? ANONYMOUS : '',
    issueTimestampMs: NEVER,
    expiryTimestampMs: NEVER,
    maxTimestampMs: NEVER,
  }),
  RenewDelegationToken: () => ({ ...REFUSED, expiryTimestampMs: NEVER }),
  ExpireDelegationToken: () => ({ ...REFUSED, expiryTimestampMs: NEVER }),
  DescribeDelegationToken: () => ({ ...REFUSED, tokens: [] }),
}

/** From here on a token may be asked for on behalf of somebody else (KIP-373). */
const REQUESTER_SINCE = 3
