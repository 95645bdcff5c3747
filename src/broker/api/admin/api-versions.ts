import { ERROR_CODES } from '../../../protocol/error-codes.ts'
import { defaultApiVersionsResponse } from '../../../protocol/generated/index.ts'
import type { Handler } from '../../net/handler.ts'
import { featuresOf } from './features.ts'
import type { AdminPorts } from './ports.ts'

const SOFTWARE = /^[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?$/
const SOFTWARE_LENGTH_MAX = 1000

/** From here on a client says what it is (KIP-511). */
const SOFTWARE_VERSION_MIN = 3

/**
 * Advertises exactly what is served (A13), and the features that all of it makes up.
 * Versions of this API that are not known never come here (A2).
 */
export function apiVersionsHandler({ advertised }: Pick<AdminPorts, 'advertised'>): Handler<'ApiVersions'> {
  return (request, context) => {
    const response = defaultApiVersionsResponse()
    if (context.apiVersion >= SOFTWARE_VERSION_MIN) {
      const { clientSoftwareName: name, clientSoftwareVersion: version } = request
      if (!isSoftware(name) || !isSoftware(version))
        return { ...response, errorCode: ERROR_CODES.INVALID_REQUEST }
      context.connection.clientSoftwareName = name
      context.connection.clientSoftwareVersion = version
    }
    const served = advertised()
    return {
      ...response,
      ...featuresOf(served, context.apiVersion),
      apiKeys: served.map((api) => ({ ...api })),
    }
  }
}

function isSoftware(text: string): boolean {
  return text.length <= SOFTWARE_LENGTH_MAX && SOFTWARE.test(text)
}
