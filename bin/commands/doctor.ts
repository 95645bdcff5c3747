import { type Command, InvalidArgumentError } from 'commander'
import { OptionsError } from '../../src/base/options.ts'
import { BrokerOptions } from '../../src/broker/options.ts'
import { type Address, parseAddress } from '../../src/client/address.ts'
import type { FileSystem } from '../../src/storage/file-system.ts'
import {
  checkAddons,
  checkDataDirectory,
  checkMemory,
  checkNode,
  checkOpenFiles,
  checkPort,
  type Diagnosis,
  type Verdict,
} from '../doctor-checks.ts'
import { CliError, EXIT_FAILED, EXIT_OK, EXIT_USAGE } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { collectPair } from '../parse.ts'
import type { Wiring } from '../wiring.ts'
import { type StartOptions, settingsOf } from './start.ts'

/** What `doctor` is to look at: as `start` would be told. */
export type DoctorOptions = Omit<StartOptions, 'logLevel' | 'logFormat' | 'advertise'>

const WORDS: Readonly<Record<Verdict, string>> = { ok: 'ok', advice: 'advice', bites: 'BITES' }
const COLOURS: Readonly<Record<Verdict, number>> = { ok: 32, advice: 33, bites: 31 }

/** `doctor`: what of this machine would bite a broker. Exit code 1 when something would. */
export async function doctor(
  io: Io,
  json: boolean,
  options: DoctorOptions,
  fileSystem: FileSystem,
): Promise<number> {
  const { dataDirectory, listeners, httpListener } = optionsOf(options)
  const found: Diagnosis[] = [checkNode(), ...checkAddons(), checkOpenFiles(), checkMemory()]
  for (const { host, port } of listeners) found.push(await checkPort({ host, port }, '--listen'))
  if (httpListener !== null) found.push(await checkPort(httpListener, '--http'))
  found.push(...(await checkDataDirectory(dataDirectory, fileSystem, io.environment)))
  const bites = found.filter(({ verdict }) => verdict === 'bites').length
  if (json) for (const diagnosis of found) await io.out(`${JSON.stringify(diagnosis)}\n`)
  else await io.out(found.map((diagnosis) => lineOf(io, diagnosis)).join(''))
  if (!json)
    io.note(bites === 0 ? 'nothing would bite' : `${bites} ${bites === 1 ? 'thing' : 'things'} would bite`)
  return bites === 0 ? EXIT_OK : EXIT_FAILED
}

const CHECK_COLUMNS = 20

function lineOf(io: Io, { check, verdict, what }: Diagnosis): string {
  const word = WORDS[verdict].padEnd(6)
  const shown = io.colourOut ? `\x1b[${COLOURS[verdict]}m${word}\x1b[39m` : word
  return `${shown}  ${check.padEnd(CHECK_COLUMNS)}  ${what}\n`
}

function optionsOf(options: DoctorOptions): BrokerOptions {
  try {
    return BrokerOptions.from(settingsOf({ ...options, logLevel: 'info' }))
  } catch (error) {
    if (error instanceof OptionsError) throw new CliError(error.message, EXIT_USAGE)
    throw error
  }
}

function parseListen(text: string): Address {
  const address = parseAddress(text)
  if (address === null) throw new InvalidArgumentError('it must be HOST:PORT, for instance 0.0.0.0:9092.')
  return address
}

/** The `doctor` command. */
export function doctorCommand(program: Command, wiring: Wiring): void {
  const command = program
    .command('doctor')
    .description('look at this machine as a broker would: ports, limits, disk, clock, data directory')
    .option('--data <directory>', 'the data directory that start would be given')
    .option('--listen <host:port>', 'the address that start would be given', parseListen)
    .option('--http <host:port>', 'the address for HTTP that start would be given', parseListen)
    .option('--config <file>', 'settings as in Kafka’s server.properties')
    .option('--set <name=value>', 'one setting, over the file and the other options; repeatable', collectPair)
    .action((options: DoctorOptions) =>
      wiring.local(command, async (io, json) => {
        const { nodeFileSystem } = await import('../../src/storage/node-file-system.ts')
        return doctor(io, json, options, nodeFileSystem)
      }),
    )
  wiring.example(command, 'millrace doctor --data /var/lib/millrace --listen 0.0.0.0:9092')
}
