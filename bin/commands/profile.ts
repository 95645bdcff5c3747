import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Command, InvalidArgumentError } from 'commander'
import { type Address, formatAddress } from '../../src/client/address.ts'
import { CliError, EXIT_OK, EXIT_UNREACHABLE, EXIT_USAGE } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { parseHttp } from '../parse.ts'
import type { Wiring } from '../wiring.ts'

export const HTTP_DEFAULT = '127.0.0.1:9644'

/** What `profile` takes: its path at the broker, what the file is called, and what it is. */
const PROFILES = {
  cpu: { extension: 'cpuprofile', takesTime: true, what: 'where the CPU time goes' },
  heap: { extension: 'heapprofile', takesTime: true, what: 'who allocates memory' },
  'heap-snapshot': { extension: 'heapsnapshot', takesTime: false, what: 'all that is in memory' },
} as const
export type ProfileName = keyof typeof PROFILES

export interface ProfileOptions {
  readonly http?: Address
  readonly seconds?: number
  readonly output?: string
}

/** `profile`: has a running broker profile itself, and writes what it answers to a file. */
export async function profile(
  io: Io,
  json: boolean,
  name: ProfileName,
  options: ProfileOptions,
): Promise<number> {
  const { extension, takesTime } = PROFILES[name]
  const address = dialled(options.http ?? httpOf(io.variables['MILLRACE_HTTP'] ?? HTTP_DEFAULT))
  const seconds = options.seconds ?? 10
  const output = options.output ?? `millrace.${extension}`
  const query = takesTime ? `?seconds=${seconds}` : ''
  io.status(takesTime ? `profiling for ${seconds} s` : 'taking a snapshot')
  try {
    const response = await ask(`http://${formatAddress(address)}/debug/profile/${name}${query}`, address)
    await save(response, output)
  } finally {
    io.status('')
  }
  await io.out(json ? `${JSON.stringify({ profile: name, file: output })}\n` : `${output}\n`)
  return EXIT_OK
}

async function ask(url: string, address: Address): Promise<Response> {
  let response: Response
  try {
    response = await fetch(url)
  } catch {
    throw new CliError(
      `no broker serves HTTP at ${formatAddress(address)} (start one with 'millrace start --http HOST:PORT', or name another with --http HOST:PORT)`,
      EXIT_UNREACHABLE,
    )
  }
  if (response.status === 200 && response.body !== null) return response
  throw new CliError(`${formatAddress(address)} refuses: ${await problemOf(response)}`)
}

async function problemOf(response: Response): Promise<string> {
  const problem: unknown = await response.json().catch(() => null)
  if (typeof problem !== 'object' || problem === null) return `HTTP status ${response.status}`
  const { title, detail } = problem as { readonly title?: unknown; readonly detail?: unknown }
  return `${String(title)}: ${String(detail)}`
}

/** Half a profile is none. */
async function save(response: Response, output: string): Promise<void> {
  try {
    await pipeline(Readable.from(response.body!), createWriteStream(output))
  } catch (error) {
    await rm(output, { force: true })
    throw new CliError(`cannot write ${output}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Where to ask: `:PORT` is this machine. */
function dialled(address: Address): Address {
  return address.host === '' ? { ...address, host: '127.0.0.1' } : address
}

function httpOf(text: string): Address {
  try {
    return parseHttp(text)
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error
    throw new CliError(`MILLRACE_HTTP is '${text}': ${error.message}`, EXIT_USAGE)
  }
}

function parseSeconds(text: string): number {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0
  if (seconds <= 0 || seconds > 300) throw new InvalidArgumentError('it must be above 0 and up to 300.')
  return seconds
}

/** The `profile` group of commands. */
export function profileCommands(program: Command, wiring: Wiring): void {
  const group = program.command('profile').description('look into a running broker, over its HTTP listener')
  for (const [name, { takesTime, what }] of Object.entries(PROFILES)) {
    const command = group
      .command(name)
      .description(`write down ${what}, in the format of Chrome’s DevTools`)
      .option(
        '--http <host:port>',
        `where the broker serves HTTP (default: $MILLRACE_HTTP, or ${HTTP_DEFAULT})`,
        parseHttp,
      )
      .option('--output <file>', `the file (default: millrace.${PROFILES[name as ProfileName].extension})`)
    if (takesTime)
      command.option('--seconds <seconds>', 'how long to watch, up to 300 (default: 10)', parseSeconds)
    command.action((options: ProfileOptions) =>
      wiring.local(command, (io, json) => profile(io, json, name as ProfileName, options)),
    )
    wiring.example(
      command,
      takesTime
        ? `millrace profile ${name} --seconds 30`
        : `millrace profile ${name} --output now.heapsnapshot`,
    )
  }
}
