import { parseBootstrap } from '../src/client/address.ts'
import {
  ClientError,
  ConnectionError,
  KafkaError,
  RefusedError,
  TimeoutError,
} from '../src/client/client-error.ts'
import { Cluster } from '../src/client/cluster.ts'
import { Obstacles } from '../src/client/obstacles.ts'
import { CliError, EXIT_FAILED, EXIT_NOT_FOUND, EXIT_UNREACHABLE, EXIT_USAGE } from './exit-code.ts'
import type { Io } from './io.ts'
import { NOT_FOUND, withNearNames } from './near-names.ts'
import { tellObstacles } from './waiting.ts'

export const BOOTSTRAP_DEFAULT = '127.0.0.1:9092'
const KAFKA_PORT = 9092

/** What a command of the client kind works with. */
export interface Session {
  readonly io: Io
  readonly json: boolean
  readonly cluster: Cluster
}

/** Options that every command of the client kind has. */
export interface SessionOptions {
  readonly bootstrap?: string
  readonly json?: boolean
}

/** Connects, runs `action`, disconnects. Resolves to the exit code; failures are told on stderr. */
export async function withSession(
  io: Io,
  options: SessionOptions,
  action: (session: Session) => Promise<number>,
): Promise<number> {
  const json = options.json === true
  return reporting(io, json, async () => {
    const obstacles = new Obstacles(io.environment)
    const untold = tellObstacles(io, json, obstacles)
    try {
      const cluster = await openCluster(io, options.bootstrap, obstacles)
      try {
        return await action({ io, json, cluster })
      } catch (error) {
        throw await withNearNames(cluster, error)
      } finally {
        cluster.close()
      }
    } finally {
      untold()
    }
  })
}

/** Runs `action`; an error that has a message for the user is told in one line and becomes an exit code. */
export async function reporting(io: Io, json: boolean, action: () => Promise<number>): Promise<number> {
  // Nothing else may hold the process while a pause between two tries runs: timers of the environment do not.
  const hold = setInterval(() => {}, 60_000)
  try {
    return await action()
  } catch (error) {
    return report(io, json, error)
  } finally {
    clearInterval(hold)
  }
}

/** Tells one failure and gives its exit code. Anything that is not meant for the user is thrown on. */
export function report(io: Io, json: boolean, error: unknown): number {
  if (!(error instanceof CliError || error instanceof ClientError)) throw error
  const exitCode = exitCodeOf(error)
  const code = error instanceof KafkaError ? error.name : undefined
  if (json) io.note(JSON.stringify({ error: error.message, code, exitCode }))
  else io.note(`${io.colourNote ? '\x1b[31merror:\x1b[39m' : 'error:'} ${error.message}`)
  return exitCode
}

function exitCodeOf(error: CliError | ClientError): number {
  if (error instanceof CliError) return error.exitCode
  if (error instanceof KafkaError && NOT_FOUND.has(error.name)) return EXIT_NOT_FOUND
  if (error instanceof ConnectionError || error instanceof TimeoutError) return EXIT_UNREACHABLE
  if (error instanceof RefusedError) return EXIT_USAGE
  return EXIT_FAILED
}

/** Connects to the cluster that is named, or to the usual one. Throws CliError, ClientError. */
export async function openCluster(
  io: Io,
  bootstrapOption: string | undefined,
  obstacles = new Obstacles(io.environment),
): Promise<Cluster> {
  const text = bootstrapOption ?? io.variables['MILLRACE_BOOTSTRAP'] ?? BOOTSTRAP_DEFAULT
  const bootstrap = parseBootstrap(text, KAFKA_PORT)
  if (bootstrap === null)
    throw new CliError(
      `'${text}' is not a bootstrap address: give HOST:PORT, or several with commas`,
      EXIT_USAGE,
    )
  try {
    return await Cluster.open({ bootstrap, environment: io.environment, clientId: 'millrace-cli', obstacles })
  } catch (error) {
    if (!(error instanceof ConnectionError || error instanceof TimeoutError)) throw error
    throw new CliError(
      `cannot reach a broker: ${error.message} (start one with 'millrace start', or name another with --bootstrap HOST:PORT)`,
      EXIT_UNREACHABLE,
    )
  }
}
