import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { type LogLevel, lineLogger } from '../../src/base/logger.ts'
import { OptionsError } from '../../src/base/options.ts'
import { BrokerOptions, parseProperties } from '../../src/broker/options.ts'
import { type Address, formatAddress, parseAddress } from '../../src/client/address.ts'
import { CliError, EXIT_FAILED, EXIT_OK, EXIT_USAGE } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { collectPair } from '../parse.ts'
import { BOOTSTRAP_DEFAULT } from '../session.ts'
import type { RunningBroker, StartBroker } from '../start-broker.ts'
import { startFault } from '../start-fault.ts'
import { VERSION } from '../version.ts'
import type { Wiring } from '../wiring.ts'

/** What `start` was told; what is left out is the file's, else the default. */
export interface StartOptions {
  readonly data?: string
  readonly listen?: Address
  readonly advertise?: Address
  readonly config?: string
  readonly set?: Readonly<Record<string, string>>
  readonly logLevel: LogLevel
}

const DATA_DEFAULT = './millrace-data'
const LISTENER = 'PLAINTEXT'

/** `start`: runs a broker until a signal ends it. */
export async function start(
  io: Io,
  json: boolean,
  options: StartOptions,
  startBroker: StartBroker,
): Promise<number> {
  const brokerOptions = brokerOptionsOf(settingsOf(options))
  const logger = lineLogger(options.logLevel, (line) => io.note(line.trimEnd()), io.environment.wallMs)
  let broker: RunningBroker
  try {
    broker = await startBroker(brokerOptions, io.environment, logger)
  } catch (error) {
    throw startFault(error, brokerOptions)
  }
  const stopped = untilStopped(io, broker)
  await io.out(json ? `${JSON.stringify(readyLine(broker))}\n` : screen(io, broker))
  const reason = await stopped
  if (reason instanceof Error) {
    await broker.close().catch(() => {})
    throw startFault(reason, brokerOptions)
  }
  if (!json) io.note('stopping (a second signal ends the process at once)')
  await broker.close()
  return EXIT_OK
}

/** The settings by name: the file's, then the command line's. Throws CliError. */
export function settingsOf(options: StartOptions): Map<string, string> {
  const settings = options.config === undefined ? new Map<string, string>() : readSettings(options.config)
  const has = (...names: string[]): boolean => names.some((name) => settings.has(name))
  if (options.data !== undefined || !has('log.dirs', 'log.dir'))
    settings.set('log.dirs', resolve(options.data ?? DATA_DEFAULT))
  if (options.listen !== undefined || !has('listeners'))
    settings.set(
      'listeners',
      `${LISTENER}://${options.listen ? formatAddress(options.listen) : BOOTSTRAP_DEFAULT}`,
    )
  if (options.advertise !== undefined)
    settings.set('advertised.listeners', `${LISTENER}://${formatAddress(options.advertise)}`)
  for (const [name, value] of Object.entries(options.set ?? {})) settings.set(name, value)
  return settings
}

function readSettings(path: string): Map<string, string> {
  try {
    return parseProperties(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error instanceof OptionsError) throw new CliError(`${path}: ${error.message}`, EXIT_USAGE)
    const { code, message } = error as NodeJS.ErrnoException
    throw new CliError(
      code === 'ENOENT' ? `there is no file ${path}` : `cannot read ${path}: ${message}`,
      EXIT_USAGE,
    )
  }
}

function brokerOptionsOf(settings: ReadonlyMap<string, string>): BrokerOptions {
  try {
    return BrokerOptions.from(settings)
  } catch (error) {
    if (error instanceof OptionsError) throw new CliError(error.message, EXIT_USAGE)
    throw error
  }
}

/** Resolves when the user asks to stop, or to the error that makes the broker useless. A second signal does not wait. */
function untilStopped(io: Io, broker: RunningBroker): Promise<Error | null> {
  return new Promise((resolve) => {
    let asked = false
    io.onInterrupt(() => {
      if (asked) io.exitAtOnce(EXIT_FAILED)
      asked = true
      resolve(null)
    })
    broker.onFailure(resolve)
  })
}

function readyLine({ listeners, nodeId, clusterId, dataDirectory }: RunningBroker): object {
  const [first] = listeners
  return {
    ready: true,
    host: first?.host,
    port: first?.port,
    listeners,
    nodeId,
    clusterId,
    dataDirectory,
    version: VERSION,
  }
}

function screen(io: Io, broker: RunningBroker): string {
  const bold = (text: string): string => (io.colourOut ? `\x1b[1m${text}\x1b[22m` : text)
  const address = formatAddress(clientAddress(broker))
  const option = address === BOOTSTRAP_DEFAULT ? '' : ` --bootstrap ${address}`
  return `${bold(`Millrace ${VERSION} is ready`)}

  listens at  ${broker.listeners.map((listener) => formatAddress(listener)).join(', ')} (Kafka protocol, without TLS)
  data        ${broker.dataDirectory}
  broker      node ${broker.nodeId} of cluster ${broker.clusterId}

Use it from another terminal:
  echo hello | millrace produce greetings${option}
  millrace consume greetings${option}
or with any Kafka client:
  kcat -b ${address} -L
  new Kafka({ brokers: ['${address}'] })  ${io.colourOut ? '\x1b[2m' : ''}// kafkajs${io.colourOut ? '\x1b[22m' : ''}

Ctrl-C or SIGTERM stops it.
`
}

/** An address that a client on this machine can use: a wildcard cannot be dialled. */
function clientAddress({ listeners }: RunningBroker): Address {
  const first = listeners[0] ?? { host: '127.0.0.1', port: 9092 }
  return {
    host: first.host === '0.0.0.0' || first.host === '::' ? '127.0.0.1' : first.host,
    port: first.port,
  }
}

function parseListen(text: string): Address {
  const address = parseAddress(text)
  if (address === null) throw new InvalidArgumentError('it must be HOST:PORT, for instance 0.0.0.0:9092.')
  return address
}

const LOG_LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

function parseLogLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text)
  if (level === undefined) throw new InvalidArgumentError(`it must be ${LOG_LEVELS.join(', ')}.`)
  return level
}

/** The `start` command. */
export function startCommand(program: Command, wiring: Wiring): void {
  const command = program
    .command('start')
    .description('run a broker in this process')
    .option('--data <directory>', `where everything is kept (default: ${DATA_DEFAULT})`)
    .option(
      '--listen <host:port>',
      `where clients connect; port 0 takes a free one (default: ${BOOTSTRAP_DEFAULT})`,
      parseListen,
    )
    .option('--advertise <host:port>', 'the address that clients are told, if it is another one', parseListen)
    .option('--config <file>', 'settings as in Kafka’s server.properties')
    .option('--set <name=value>', 'one setting, over the file and the other options; repeatable', collectPair)
    .option('--log-level <level>', 'what is told on stderr: debug, info, warn, error', parseLogLevel, 'info')
    .action((options: StartOptions) =>
      wiring.local(command, async (io, json) => {
        const { startBroker } = await import('../start-broker.ts')
        return start(io, json, options, startBroker)
      }),
    )
  wiring.example(
    command,
    'millrace start --data /var/lib/millrace --listen 0.0.0.0:9092 --advertise broker.example:9092',
    'millrace start --set auto.create.topics.enable=false --set num.partitions=4',
  )
}
