import type { Command } from 'commander'
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
import { EXIT_FAILED, EXIT_OK } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { collectPair, parseHttp, parseListen } from '../parse.ts'
import { brokerOptionsOf, type SettingsOptions, settingsOf } from '../start-settings.ts'
import type { Wiring } from '../wiring.ts'

/** What `doctor` is to look at: as `start` would be told. */
export type DoctorOptions = Omit<SettingsOptions, 'advertise'>

const WORDS: Readonly<Record<Verdict, string>> = { ok: 'ok', advice: 'advice', bites: 'BITES' }
const COLOURS: Readonly<Record<Verdict, number>> = { ok: 32, advice: 33, bites: 31 }

/** `doctor`: what of this machine would bite a broker. Exit code 1 when something would. */
export async function doctor(
  io: Io,
  json: boolean,
  options: DoctorOptions,
  fileSystem: FileSystem,
): Promise<number> {
  const settings = settingsOf(options)
  const { dataDirectory, listeners, httpListener } = brokerOptionsOf(settings)
  const ignored = settings.ignored.map(
    ({ place, what }): Diagnosis => ({
      check: place,
      verdict: 'advice',
      what: `${what}: start leaves it out`,
    }),
  )
  const found: Diagnosis[] = [...ignored, checkNode(), ...checkAddons(), checkOpenFiles(), checkMemory()]
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

/** The `doctor` command. */
export function doctorCommand(program: Command, wiring: Wiring): void {
  const command = program
    .command('doctor')
    .description('look at this machine as a broker would: ports, limits, disk, clock, data directory')
    .option('--data <directory>', 'the data directory that start would be given')
    .option('--listen <host:port>', 'the address that start would be given', parseListen)
    .option('--http <host:port>', 'the address for HTTP that start would be given', parseHttp)
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
