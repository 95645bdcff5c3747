import type { HandlersFor } from '../../net/handler.ts'
import { type AclApi, aclHandlers } from './acls.ts'
import { type DelegationTokenApi, delegationTokenHandlers } from './delegation-tokens.ts'
import { type SaslApi, saslHandlers } from './sasl.ts'
import { type ScramUserApi, scramUserHandlers } from './scram-users.ts'

/** The APIs of this folder. */
export type SecurityApi = AclApi | DelegationTokenApi | SaslApi | ScramUserApi

/**
 * Who may do what, and who says so. None of it is there: each answers what a Kafka 4.3 answers that has neither
 * authorizer nor authentication, so that a tool that asks for everything goes on.
 */
export const securityHandlers: HandlersFor<SecurityApi> = {
  ...aclHandlers,
  ...delegationTokenHandlers,
  ...saslHandlers,
  ...scramUserHandlers,
}
