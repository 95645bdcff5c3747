import { type Command, Option } from 'commander'
import type { LogFields, Logger, LogLevel } from '../../src/base/logger.ts'
import type { BrokerOptions } from '../../src/broker/options.ts'
import { formatAddress } from '../../src/client/address.ts'
import { brokerLog, LOG_FORMATS, LOG_LEVELS, type LogFormat } from '../broker-log.ts'
import { CliError, EXIT_FAILED, EXIT_OK } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { collectPair, parseAdvertised, parseHttp, parseListen } from '../parse.ts'
import { BOOTSTRAP_DEFAULT } from '../session.ts'
import type { RunningBroker, StartBroker } from '../start-broker.ts'
import { startFault } from '../start-fault.ts'
import { startScreen } from '../start-screen.ts'
import { brokerOptionsOf, DATA_DEFAULT, type SettingsOptions, settingsOf } from '../start-settings.ts'
import { VERSION } from '../version.ts'
import type { Wiring } from '../wiring.ts'

/** What `start` was told; what is left out is the file's, else the default. */
export interface StartOptions extends SettingsOptions {
  readonly logLevel: LogLevel
  /** Left out: pretty on a terminal, else JSON. */
  readonly logFormat?: LogFormat
}

const NOTED_MS_MAX = 1000

/** `start`: runs a broker until a signal ends it. */
export async function start(
  io: Io,
  json: boolean,
  options: StartOptions,
  startBroker: StartBroker,
): Promise<number> {
  const settings = settingsOf(options)
  const brokerOptions = brokerOptionsOf(settings)
  const isTerminal = io.statusColumns !== null
  const format = options.logFormat ?? (isTerminal ? 'pretty' : 'json')
  const logger = brokerLog({
    level: options.logLevel,
    format,
    hasColour: io.colourNote,
    wallMs: () => io.environment.wallMs(),
    write: (line) => io.noteText(line),
  })
  for (const { place, what } of settings.ignored) logger.warn(`${what}: it is left out`, { setting: place })
  io.outliveReaders()
  io.onFault((error) => {
    const { message, stack } = error instanceof Error ? error : new Error(String(error))
    logger.error('the broker ends: it has met a fault of its own', { reason: message, stack })
    io.exitAtOnce(EXIT_FAILED)
  })
  try {
    await run(io, json, brokerOptions, logger, startBroker)
    return EXIT_OK
  } catch (error) {
    // Whoever reads a log of objects finds the end in it too.
    if (!(error instanceof CliError) || json || format === 'pretty') throw error
    logger.error('the broker ends', { reason: error.message })
    return error.exitCode
  } finally {
    await io.noted(NOTED_MS_MAX)
  }
}

async function run(
  io: Io,
  json: boolean,
  options: BrokerOptions,
  logger: Logger,
  startBroker: StartBroker,
): Promise<void> {
  let broker: RunningBroker
  try {
    broker = await startBroker(options, io.environment, logger)
  } catch (error) {
    throw startFault(error, options)
  }
  const stopped = untilStopped(io, broker)
  const isShown = !json && io.columns !== null
  if (json) await io.out(`${JSON.stringify(readyLine(broker))}\n`)
  else if (isShown) await io.out(startScreen(io, broker, options))
  if (!json && !(isShown && io.statusColumns !== null)) logger.info('ready', readyFields(broker))
  const reason = await stopped
  if (reason instanceof Error) {
    await broker.close().catch(() => {})
    throw startFault(reason, options)
  }
  if (isShown) io.note('stopping (a second signal ends the process at once)')
  else logger.info('stopping')
  await broker.close()
  if (!isShown) logger.info('stopped')
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

function readyLine({ listeners, http, nodeId, clusterId, dataDirectory }: RunningBroker): object {
  const [first] = listeners
  return {
    ready: true,
    host: first?.host,
    port: first?.port,
    listeners,
    http,
    nodeId,
    clusterId,
    dataDirectory,
    version: VERSION,
  }
}

function readyFields({ listeners, http, nodeId, clusterId, dataDirectory }: RunningBroker): LogFields {
  return {
    listeners: listeners.map(formatAddress).join(','),
    http: http === null ? undefined : formatAddress(http),
    nodeId,
    clusterId,
    dataDirectory,
    version: VERSION,
  }
}

/** The `start` command. */
export function startCommand(program: Command, wiring: Wiring): void {
  const command = program
    .command('start')
    .description('run a broker in this process')
    .option('--data <directory>', `where everything is kept (default: ${DATA_DEFAULT})`)
    .option(
      '--listen <host:port>',
      `where clients connect; port 0 takes a free one, :PORT every interface (default: ${BOOTSTRAP_DEFAULT})`,
      parseListen,
    )
    .option(
      '--advertise <host:port>',
      'the address that clients are told, if it is another one',
      parseAdvertised,
    )
    .option('--config <file>', 'settings as in Kafka’s server.properties')
    .option('--set <name=value>', 'one setting, over the file and the other options; repeatable', collectPair)
    .option(
      '--http <host:port>',
      'serve health, metrics and profiles there over HTTP (default: not at all)',
      parseHttp,
    )
    .addOption(
      new Option('--log-level <level>', 'what is told on stderr').choices(LOG_LEVELS).default('info'),
    )
    .addOption(
      new Option(
        '--log-format <format>',
        'how it is told (default: pretty on a terminal, else json)',
      ).choices(LOG_FORMATS),
    )
    .action((options: StartOptions) =>
      wiring.local(command, async (io, json) => {
        const { startBroker } = await import('../start-broker.ts')
        return start(io, json, options, startBroker)
      }),
    )
  wiring.example(
    command,
    'millrace start --data /var/lib/millrace --listen 0.0.0.0:9092 --advertise broker.example:9092',
    'millrace start --http 127.0.0.1:9644',
    'millrace start --set auto.create.topics.enable=false --set num.partitions=4',
  )
}
