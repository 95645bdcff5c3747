import { join } from 'node:path'
import { startBroker } from '../../test/support/broker-process.ts'
import type { Contender } from './peer.ts'

/** This broker, as it is built in dist/. */
export function millrace(name = 'millrace', settings: Readonly<Record<string, string>> = {}): Contender {
  return {
    name,
    start: async ({ dataDirectory, port }) =>
      await startBroker({
        dataDirectory: join(dataDirectory, 'data'),
        settings,
        ...(port !== undefined && { port }),
      }),
  }
}
