import { API_TABLE } from '../protocol/api.ts'
import { ERROR_CODES } from '../protocol/error-codes.ts'
import type { ApiVersionsResponse } from '../protocol/generated/connection.ts'
import { Reader } from '../protocol/reader.ts'
import { BadAnswerError, ConnectionError, throwOnError } from './client-error.ts'
import { Connection, type SocketOptions, type VersionRange } from './connection.ts'

const SOFTWARE = { clientSoftwareName: 'millrace', clientSoftwareVersion: '0.1.0' }
const CORRELATION_ID_BYTES = 4

/**
 * Connects and asks for the versions that the broker has, from our newest ApiVersions down: a broker that does not
 * know it says which it does (in version 0, KIP-511); one that hangs up instead is asked again in version 0.
 */
export async function openNegotiated(options: SocketOptions): Promise<Connection> {
  const connection = await Connection.open(options)
  try {
    await negotiate(connection, API_TABLE.ApiVersions.versionMax)
    return connection
  } catch (error) {
    connection.close()
    if (!(error instanceof ConnectionError)) throw error
    const second = await Connection.open(options)
    await negotiate(second, 0).catch((failure: unknown) => {
      second.close()
      throw failure
    })
    return second
  }
}

async function negotiate(connection: Connection, version: number): Promise<void> {
  const answer = await ask(connection, version)
  if (answer.errorCode === ERROR_CODES.UNSUPPORTED_VERSION && version > 0) {
    const known = rangesOf(answer).get(API_TABLE.ApiVersions.key)
    return negotiate(connection, Math.min(version - 1, known?.max ?? 0))
  }
  throwOnError(answer.errorCode, 'agree on protocol versions with the broker')
  const versions = rangesOf(answer)
  if (versions.size === 0) throw new BadAnswerError('the broker says that it has no API at all')
  connection.setVersions(versions)
}

function ask(connection: Connection, version: number): Promise<ApiVersionsResponse> {
  const api = API_TABLE.ApiVersions
  return connection.requestRaw('ApiVersions', version, SOFTWARE, (frame) => {
    const reader = new Reader(frame, CORRELATION_ID_BYTES)
    const refused = reader.int16() === ERROR_CODES.UNSUPPORTED_VERSION
    return api.readResponse(new Reader(frame, CORRELATION_ID_BYTES), refused ? 0 : version)
  })
}

function rangesOf(answer: ApiVersionsResponse): Map<number, VersionRange> {
  return new Map(
    answer.apiKeys.map(({ apiKey, minVersion, maxVersion }) => [
      apiKey,
      { min: minVersion, max: maxVersion },
    ]),
  )
}
