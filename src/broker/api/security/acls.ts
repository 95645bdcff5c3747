import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import type { HandlersFor } from '../../net/handler.ts'

/** The APIs of access rules. */
export type AclApi = 'DescribeAcls' | 'CreateAcls' | 'DeleteAcls'

/** What Kafka 4.3 says of every rule where no authorizer is configured, whatever the rule. */
const DISABLED = {
  errorCode: ERROR_CODES.SECURITY_DISABLED,
  errorMessage: 'There is no authorizer on this broker',
}

/** There is no authorizer: nothing is listed, kept or dropped, and tools that look at rules among other things go on. */
export const aclHandlers: HandlersFor<AclApi> = {
  DescribeAcls: () => ({ throttleTimeMs: 0, ...DISABLED, resources: [] }),
  CreateAcls: ({ creations }) => ({ throttleTimeMs: 0, results: creations.map(() => DISABLED) }),
  DeleteAcls: ({ filters }) => ({
    throttleTimeMs: 0,
    filterResults: filters.map(() => ({ ...DISABLED, matchingAcls: [] })),
  }),
}
