import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import type { HandlersFor } from '../../net/handler.ts'

/** The APIs by which a client says who it is. */
export type SaslApi = 'SaslHandshake' | 'SaslAuthenticate'

const errorCode = ERROR_CODES.ILLEGAL_SASL_STATE

/** A client that wants to authenticate is told that there is nothing to authenticate with here; it may go on without. */
export const saslHandlers: HandlersFor<SaslApi> = {
  SaslHandshake: () => ({ errorCode, mechanisms: [] }),
  SaslAuthenticate: () => ({
    errorCode,
    errorMessage: 'This listener has no authentication',
    authBytes: Buffer.alloc(0),
    sessionLifetimeMs: 0,
  }),
}
