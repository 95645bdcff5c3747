import {
  API_TABLE,
  type Api,
  type ApiName,
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  type IncomingResponseOf,
  type OutgoingRequestOf,
  type ResponseOf,
  readRequestHeader,
} from '../../protocol/api.ts'
import { Reader } from '../../protocol/reader.ts'
import type { WrittenFrame } from '../../protocol/writer.ts'
import type { Handler, RequestContext } from '../net/handler.ts'

/** Asks a handler as a client of this version does: what goes in and what comes out are bytes in between. */
export async function throughCodecs<Name extends ApiName>(
  handler: Handler<Name>,
  name: Name,
  apiVersion: number,
  request: OutgoingRequestOf<Name>,
  connection: Partial<RequestContext['connection']> = {},
  clientId: string | null = 'test',
  mayWait: () => boolean = () => true,
): Promise<IncomingResponseOf<Name>> {
  const api = API_TABLE[name] as unknown as Api<Name>
  const sent = frameOf(encodeRequest(api, apiVersion, 1, clientId, request))
  const header = readRequestHeader(new Reader(sent))
  const received = decodeRequest(api, apiVersion, sent, header.bodyStart)
  const context: RequestContext = {
    apiVersion,
    clientId: header.clientId,
    connection: connection as RequestContext['connection'],
    muteAfterAnswer() {},
    waits: mayWait,
    keepFrame() {},
  }
  const answer = (await handler(received, context)) as ResponseOf<Name>
  return decodeResponse(api, apiVersion, 1, frameOf(encodeResponse(api, apiVersion, 1, answer)))
}

/** The versions at which the API is served. */
export function versionsOf(name: ApiName): number[] {
  const { versionMin, versionMax } = API_TABLE[name]
  return Array.from({ length: versionMax - versionMin + 1 }, (_, index) => versionMin + index)
}

/** The frame without its size. */
function frameOf(frame: WrittenFrame): Buffer {
  const whole = Buffer.concat(frame.pieces.filter((piece) => Buffer.isBuffer(piece)))
  return whole.subarray(4)
}
