import { join } from 'node:path'
import { prepareKafka, startKafka } from '../../bench/peers/kafka.ts'
import { killWhileStarting, startBroker } from '../support/broker-process.ts'
import type { CrashServer } from './harness.ts'

/** Small, so that some kills fall into the change from one segment to the next. */
const SETTINGS = { 'log.segment.bytes': '1048576' }

type Settings = Readonly<Record<string, string>>

/** Our broker, on one data directory. */
export function ownServer(directory: string, more: Settings = {}): CrashServer {
  let port = 0
  const settings = { ...SETTINGS, ...more }
  const options = () => ({ dataDirectory: join(directory, 'data'), port, settings })
  return {
    async start() {
      const broker = await startBroker(options())
      port = broker.port
      return broker
    },
    killWhileStarting: async (afterMs) => await killWhileStarting(options(), afterMs),
  }
}

/** A real Kafka: what the harness is tried on. Throws where it cannot be had. */
export async function kafkaServer(directory: string, settings: Settings = {}): Promise<CrashServer> {
  const missing = await prepareKafka()
  if (missing !== null) throw new Error(missing)
  let port: number | undefined
  return {
    async start() {
      const peer = await startKafka({
        dataDirectory: directory,
        settings,
        ...(port !== undefined && { port }),
      })
      port = peer.port
      return peer
    },
    async killWhileStarting() {},
  }
}
